"""Makes spec/points.md: points where a formula has no ordinary derivative, and traps where it has one after all.

Each entry says what is true at the point; the translation beside it is evaluated by mpmath at distances 1e-400, 1e-800
and 1e-1200 on both sides, the kind, the limits and the one-sided slopes are read off, and must be what the entry says.

Run: python3 spec/reference/points.py        (made with Python 3.11.7, mpmath 1.3.0)
"""

import pathlib

from mpmath import mp, mpf

mp.dps = 6000
NEAR, NEARER, NEAREST = mpf(10) ** -400, mpf(10) ** -800, mpf(10) ** -1200
LARGEST = mpf(1.7976931348623157e308)
HALF_PI = "1.5707963267948966192313216916397514420985846996876"
HEAD = """# Points without a derivative, and traps

At each point: the kind, the one-sided slopes (`none` where f does not exist on that side or is not continuous from it) and,
where they tell something, the one-sided limits of f. x^y for x < 0 exists where y is a fraction with an odd denominator, and x^0 is 1.
Made by `spec/reference/points.py`, which checks every line by evaluating f with 6000 digits. A test reads this file.

| kind | meaning |
|---|---|
| corner | both one-sided slopes exist and differ |
| jump | the one-sided limits of f differ from each other or from its value |
| infinite | the slope tends to infinity: vertical tangent or cusp |
| one-sided | the domain ends here, the slope from inside exists |
| undefined | f is not defined here and cannot be continued: pole, outside of the domain |
| overflow | f is defined but beyond the range of f64 |
| removable | f is not defined here, but its limits agree; the slopes are those of the continued function |
| smooth | the derivative exists, though it may not look so |
"""

POINTS = []

def P(kind, title, text, at, translation, **facts):
    POINTS.append((kind, title, text, at, translation, {name.replace("_", "-"): str(fact) for name, fact in facts.items()}))

def corner(*entry, left, right):
    P("corner", *entry, left=left, right=right)

def jump(*entry, left_limit, right_limit, left="none", right="none"):
    P("jump", *entry, left=left, right=right, left_limit=left_limit, right_limit=right_limit)

def infinite(*entry, left, right):
    P("infinite", *entry, left=left, right=right)

def one_sided(*entry, left="none", right="none"):
    P("one-sided", *entry, left=left, right=right)

def undefined(*entry):
    P("undefined", *entry)

def overflow(*entry):
    P("overflow", *entry)

def removable(*entry, limit, left, right):
    P("removable", *entry, left=left, right=right, limit=limit)

def smooth(*entry, value):
    P("smooth", *entry, value=value)


def power(x, y):
    return mp.power(x, y) if x >= 0 or mp.isint(y) else None

def cube_root(x):
    return mp.sign(x) * mp.cbrt(abs(x))

def round_half_even(x):
    low, rest = mp.floor(x), x - mp.floor(x)
    return low + 1 if rest > 0.5 or (rest == 0.5 and low % 2) else low

def step(x):
    return (mp.sign(x) + 1) / 2


corner("corner of |x|", "|x|", "0", lambda x: abs(x), left=-1, right=1)
corner("corner of a root of a square", "sqrt(x^2)", "0", lambda x: mp.sqrt(x**2), left=-1, right=1)
corner("corner of |sin|", "|sin(x)|", "0", lambda x: abs(mp.sin(x)), left=-1, right=1)
corner("corner of a parabola folded up", "|x^2-4|", "2", lambda x: abs(x**2 - 4), left=-4, right=4)
corner("two distances", "|x| + |x-1|", "1", lambda x: abs(x) + abs(x - 1), left=0, right=2)
corner("peak of a two-sided exponential", "exp(-|x|)", "0", lambda x: mp.exp(-abs(x)), left=1, right=-1)
corner("relu", "relu(x)", "0", lambda x: max(x, 0), left=0, right=1)
corner("line and parabola at one", "max(x, x^2)", "1", lambda x: max(x, x**2), left=1, right=2)
corner("line and parabola at zero", "max(x, x^2)", "0", lambda x: max(x, x**2), left=0, right=1)
corner("line and cube", "max(x, x^3)", "0", lambda x: max(x, x**3), left=0, right=1)
corner("largest of three", "max(x, -x, x^2)", "0", lambda x: max(x, -x, x**2), left=-1, right=1)
corner("smallest of three", "min(x, 2x, 3)", "0", lambda x: min(x, 2 * x, 3), left=2, right=1)
corner("arc cosine of cosine", "acos(cos(x))", "0", lambda x: mp.acos(mp.cos(x)), left=-1, right=1)
corner("pieces that meet at an angle", "piecewise(x<1, x^2, 3x-2)", "1", lambda x: x**2 if x < 1 else 3 * x - 2, left=2, right=3)
corner("step that a zero holds together", "floor(x)*(x-1)", "1", lambda x: mp.floor(x) * (x - 1), left=0, right=1)

jump("floor", "floor(x)", "2", mp.floor, left_limit=1, right_limit=2, right=0)
jump("ceiling", "ceil(x)", "2", mp.ceil, left_limit=2, right_limit=3, left=0)
jump("rounding a half down to even", "round(x)", "0.5", round_half_even, left_limit=0, right_limit=1, left=0)
jump("rounding a half up to even", "round(x)", "1.5", round_half_even, left_limit=1, right_limit=2, right=0)
jump("remainder", "mod(x, 1)", "1", lambda x: x - mp.floor(x), left_limit=1, right_limit=0, right=1)
jump("sign", "sign(x)", "0", mp.sign, left_limit=-1, right_limit=1)
jump("square of the sign", "sign(x)^2", "0", lambda x: mp.sign(x) ** 2, left_limit=1, right_limit=1)
jump("unit step", "heaviside(x)", "0", step, left_limit=0, right_limit=1)
jump("|x| over x", "|x|/x", "0", lambda x: abs(x) / x, left_limit=-1, right_limit=1)
jump("arc cotangent", "acot(x)", "0", lambda x: mp.atan(1 / x) if x else mp.pi / 2,
     left_limit="-" + HALF_PI, right_limit=HALF_PI, right=-1)
jump("arc tangent of the reciprocal", "atan(1/x)", "0", lambda x: mp.atan(1 / x), left_limit="-" + HALF_PI, right_limit=HALF_PI)
jump("switch by an exponential", "1/(1+exp(1/x))", "0", lambda x: 1 / (1 + mp.exp(1 / x)), left_limit=1, right_limit=0)
jump("pieces that do not meet", "piecewise(x<1, x, x+1)", "1", lambda x: x if x < 1 else x + 1,
     left_limit=1, right_limit=2, right=1)
jump("a single point moved away", "piecewise(x<0, x, x>0, x, 5)", "0", lambda x: x if x else mpf(5), left_limit=0, right_limit=0)
jump("floor touched from below", "floor(-x^2)", "0", lambda x: mp.floor(-x**2), left_limit=-1, right_limit=-1)

infinite("square root at the end of its domain", "sqrt(x)", "0", mp.sqrt, left="none", right="inf")
infinite("half circle", "sqrt(1-x^2)", "1", lambda x: mp.sqrt(1 - x**2), left="-inf", right="none")
infinite("arc sine", "asin(x)", "1", mp.asin, left="inf", right="none")
infinite("inverse hyperbolic cosine", "acosh(x)", "1", mp.acosh, left="none", right="inf")
infinite("cube root", "cbrt(x)", "0", cube_root, left="inf", right="inf")
infinite("cusp of a cube root of a square", "cbrt(x^2)", "0", lambda x: mp.cbrt(x**2), left="-inf", right="inf")
infinite("power of three quarters, defined on one side", "x^(3/4)", "0", lambda x: power(x, mpf(3) / 4), left="none", right="inf")
infinite("cusp of a power of two thirds", "x^(2/3)", "0", lambda x: mp.cbrt(x**2), left="-inf", right="inf")
infinite("cusp of a root of |x|", "sqrt(|x|)", "0", lambda x: mp.sqrt(abs(x)), left="-inf", right="inf")
infinite("x to the x at zero", "x^x", "0", lambda x: power(x, x), left="none", right="-inf")

one_sided("x times its root", "x*sqrt(x)", "0", lambda x: x * mp.sqrt(x), right=0)
one_sided("power of three halves", "x^1.5", "0", lambda x: power(x, mpf(1.5)), right=0)
one_sided("square of a root", "sqrt(x)^2", "0", lambda x: mp.sqrt(x) ** 2, right=1)
one_sided("square of an inverse hyperbolic cosine", "acosh(x)^2", "1", lambda x: mp.acosh(x) ** 2, right=2)
one_sided("line ending with a power", "(1-x)^1.5 + x", "1", lambda x: mp.sqrt(1 - x) ** 3 + x, left=1)

undefined("reciprocal", "1/x", "0", lambda x: 1 / x)
undefined("reciprocal of a square", "1/x^2", "0", lambda x: 1 / x**2)
undefined("reciprocal of a root", "x^(-1/2)", "0", lambda x: power(x, mpf(-0.5)))
undefined("logarithm at zero", "ln(x)", "0", mp.log)
undefined("logarithm of a negative", "ln(x)", "-1", mp.log)
undefined("root of a negative", "sqrt(x)", "-2", mp.sqrt)
undefined("x to the x of a negative", "x^x", "-1.5", lambda x: power(x, x))
undefined("x times logarithm", "x*ln(x)", "0", lambda x: x * mp.log(x) if x else None)
undefined("endless oscillation", "sin(1/x)", "0", lambda x: mp.sin(1 / x))
undefined("exponential of the reciprocal", "exp(1/x)", "0", lambda x: mp.exp(1 / x))
undefined("inverse hyperbolic tangent", "atanh(x)", "1", mp.atanh)

overflow("large exponential", "exp(x)", "1000", mp.exp)
overflow("large square", "x^2", "-1e200", lambda x: x**2)
overflow("reciprocal of the smallest number", "1/x", "5e-324", lambda x: 1 / x)

removable("sine over x", "sin(x)/x", "0", lambda x: mp.sin(x) / x, limit=1, left=0, right=0)
removable("x over x", "x/x", "0", lambda x: x / x, limit=1, left=0, right=0)
removable("common factor", "(x^2-1)/(x-1)", "1", lambda x: (x**2 - 1) / (x - 1), limit=2, left=1, right=1)
removable("one less cosine over a square", "(1-cos(x))/x^2", "0", lambda x: (1 - mp.cos(x)) / x**2, limit=0.5, left=0, right=0)
removable("compound growth", "(exp(x)-1)/x", "0", lambda x: mp.expm1(x) / x, limit=1, left=0.5, right=0.5)
removable("flat exponential", "exp(-1/x^2)", "0", lambda x: mp.exp(-1 / x**2), limit=0, left=0, right=0)
removable("damped oscillation without end", "x^2*sin(1/x)", "0", lambda x: x**2 * mp.sin(1 / x), limit=0, left=0, right=0)
removable("hole in a corner", "|x|*sin(x)/x", "0", lambda x: abs(x) * mp.sin(x) / x, limit=0, left=-1, right=1)
removable("hole in a switched line", "x/(1+exp(1/x))", "0", lambda x: x / (1 + mp.exp(1 / x)), limit=0, left=1, right=0)

smooth("x times |x|", "x*|x|", "0", lambda x: x * abs(x), value=0)
smooth("cube of |x|", "|x|^3", "0", lambda x: abs(x) ** 3, value=0)
smooth("square of a root of a square", "sqrt(x^2)^2", "0", lambda x: mp.sqrt(x**2) ** 2, value=0)
smooth("cube of a cube root", "cbrt(x)^3", "0", lambda x: cube_root(x) ** 3, value=1)
smooth("|x| close to its corner", "|x|", "-1e-300", abs, value=-1)
smooth("pieces that join smoothly", "piecewise(x<1, x^2, 2x-1)", "1", lambda x: x**2 if x < 1 else 2 * x - 1, value=2)
smooth("condition that joins smoothly", "if x > 0 then x^2 else -x^2", "0", lambda x: x**2 if x > 0 else -x**2, value=0)
smooth("parabola touched by a line", "max(x^2, 2x-1)", "1", lambda x: max(x**2, 2 * x - 1), value=2)
smooth("floor of a small square", "floor(x^2)", "0", lambda x: mp.floor(x**2), value=0)
smooth("rounding at an integer", "round(x)", "1", round_half_even, value=0)
smooth("tangent beside its pole", "tan(x)", "1.5707963267948966", mp.tan,
       value="2.6670937881135711910313079688349356699595138973481e32")
smooth("cardinal sine at its centre", "sinc(x)", "0", lambda x: mp.sin(x) / x if x else mpf(1), value=0)


# ---------------------------------------------------------------- reading the truth off the translation

def evaluated(translation, x):
    """f(x), or None where it is no finite real number."""
    try:
        y = translation(x)
    except ZeroDivisionError:
        return None
    return y if y is None or (not isinstance(y, mp.mpc) and mp.isfinite(y)) else None

def same(a, b):
    return abs(a - b) <= mpf(10) ** -30 * max(1, abs(a), abs(b))

def limit_from(translation, x, side):
    """The one-sided limit: None where f does not exist there, NaN where it tends to infinity or to nothing."""
    near, nearer = (evaluated(translation, x + side * h) for h in (NEAR, NEARER))
    if near is None or nearer is None:
        return None
    return nearer if same(near, nearer) else mp.nan

def slope_from(translation, x, side):
    """The one-sided slope of a function continuous from that side; infinite where it keeps growing."""
    far, middle, close = (evaluated(translation, x + side * h) for h in (NEAR, NEARER, NEAREST))
    near, nearer = (far - middle) / (side * (NEAR - NEARER)), (middle - close) / (side * (NEARER - NEAREST))
    if abs(near) > 50 and abs(nearer) > 1.5 * abs(near):
        return mp.sign(nearer) * mp.inf
    assert same(near, nearer), "no one-sided slope"
    return nearer

def truth(translation, x):
    """The kind of the point, the one-sided limits and the one-sided slopes (None where there is none)."""
    here = evaluated(translation, x)
    limits = [limit_from(translation, x, side) for side in (-1, 1)]
    exist = [limit is not None and mp.isfinite(limit) for limit in limits]
    if here is not None and abs(here) > LARGEST:
        return "overflow", limits, [None, None]
    if here is None and not all(exist):
        return "undefined", limits, [None, None]
    removable = here is None and same(*limits)
    value = limits[0] if removable else here
    continuous = [e and value is not None and same(limit, value) for e, limit in zip(exist, limits)]
    slopes = [slope_from(translation, x, side) if c else None for side, c in zip((-1, 1), continuous)]
    return "removable" if removable else ordinary_kind(limits, continuous, slopes), limits, slopes

def ordinary_kind(limits, continuous, slopes):
    if any(limit is not None and not c for limit, c in zip(limits, continuous)):
        return "jump"
    present = [slope for slope in slopes if slope is not None]
    if any(mp.isinf(slope) for slope in present):
        return "infinite"
    if len(present) == 1:
        return "one-sided"
    return "smooth" if same(*present) else "corner"

def says(fact, number):
    if fact == "none" or number is None:
        return fact == "none" and number is None
    if mp.isinf(number):
        return mpf(fact) == number
    return same(mpf(fact), number)

def check(kind, title, text, at, translation, facts):
    found, limits, slopes = truth(translation, mpf(float(at)))
    assert found == kind, (title, found, kind)
    sides = {"left": slopes[0], "right": slopes[1], "left-limit": limits[0], "right-limit": limits[1], "limit": limits[0],
             "value": slopes[0]}
    for name, fact in facts.items():
        assert says(fact, sides[name]), (title, name, fact, sides[name])

def main():
    sections = []
    for entry in POINTS:
        check(*entry)
        kind, title, text, at, _, facts = entry
        lines = [f"## {title}", f"    formula: {text}", f"    at: x={at}", f"    kind: {kind}"]
        sections.append("\n".join(lines + [f"    {name}: {fact}" for name, fact in facts.items()]))
    assert len({entry[1] for entry in POINTS}) == len(POINTS)
    path = pathlib.Path(__file__).parents[1] / "points.md"
    path.write_text("\n\n".join([HEAD.strip(), *sections]) + "\n")
    print(f"{len(sections)} points, every line checked")

if __name__ == "__main__":
    main()
