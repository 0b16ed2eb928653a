"""Makes spec/differences/open.md and sealed.md: functions taken as black boxes, the truth to 30 digits.

The truth is mpmath's derivative at 160 digits, held against the one at 240. Each formula is read by secant and run in plain
doubles; here it is read by a few replacements and run by mpmath. A number in a formula is the decimal it is written as, and the point
is the double nearest to what is written. Special points say what is true by hand; corners, jumps and limits are checked by
evaluation on both sides at a distance of 1e-60.

A case is sealed if the first byte of the SHA-256 of its title is a multiple of 3: decided before the engine was written, and looked at
once, after the last change to it.

Run: python3 spec/differences/make.py        (made with Python 3.11, mpmath 1.3.0)
"""

import hashlib
import pathlib
import re

from mpmath import mp, mpf

HEAD = """# Differences: the {part} cases

Functions as black boxes, run in doubles. `wrt` is the order by each variable in turn, `noise` multiplies each value by
1 + noise u, where u in [-1, 1] comes from the bits of the point. Made by `spec/differences/make.py`; a test reads this file.
"""


def piecewise(*parts):
    for condition, value in zip(parts[0::2], parts[1::2]):
        if condition:
            return value
    return parts[-1]


def half_even(x):
    low = mp.floor(x)
    rest = x - low
    return low + 1 if rest > 0.5 or (rest == 0.5 and low % 2) else low


def real(x):
    if isinstance(x, mp.mpc):
        raise ValueError("complex")
    return x


NAMES = {name: getattr(mp, name) for name in "sin cos tan exp sqrt asin acos atan sinh cosh tanh asinh acosh atanh floor ceil sign erf".split()}
NAMES.update(ln=mp.log, pi=None, abs=abs, max=max, min=min, round=half_even, piecewise=piecewise, cbrt=lambda x: mp.sign(x) * mp.cbrt(abs(x)),
             log10=mp.log10, heaviside=lambda x: (mp.sign(x) + 1) / 2, mpf=mpf)


def function(formula, variables):
    text = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[-+]?\d+)?)", r"mpf('\1')", formula)
    code = compile(text.replace("^", "**"), formula, "eval")
    return lambda *at: eval(code, {}, {**NAMES, "pi": mp.pi, **dict(zip(variables, at))})


def derivative(formula, variables, at, orders):
    mp.dps = 160
    truth = mp.diff(function(formula, variables), tuple(mpf(a) for a in at), tuple(orders)) if len(at) > 1 \
        else mp.diff(function(formula, variables), mpf(at[0]), orders[0])
    mp.dps = 240
    again = mp.diff(function(formula, variables), tuple(mpf(a) for a in at), tuple(orders)) if len(at) > 1 \
        else mp.diff(function(formula, variables), mpf(at[0]), orders[0])
    assert abs(truth - again) <= abs(again) * mpf(10) ** -30 + mpf(10) ** -40, (formula, at, truth, again)
    return mpf(0) if abs(again) < mpf(10) ** -40 else again


CASES = []


def add(category, formula, at, wrt="x", **fields):
    name = f"{category}: {formula} at {at}" + ("" if wrt == "x" else f" by {wrt}")
    if "noise" in fields:
        name += f" noise {fields['noise']}"
    CASES.append((name, dict(category=category, formula=formula, at=at, wrt=wrt, **fields)))


def smooth(category, entries, **fields):
    """Entries: formula, then points; a point may be a number (x) or a text x=..,y=..; wrt as names in turn."""
    for formula, points, *wrt in entries:
        for point in points:
            for names in (wrt or ["x"]):
                place = point if isinstance(point, str) and "=" in point else f"x={point}"
                variables = [part.split("=")[0] for part in place.split(",")]
                at = [float(part.split("=")[1]) for part in place.split(",")]
                orders = [names.split(",").count(variable) for variable in variables]
                truth = derivative(formula, variables, at, orders)
                add(category, formula, place, names, kind="smooth", value=mp.nstr(truth, 30), **fields)


smooth("easy", [
    ("sin(x)", [1, 0.3]), ("exp(x)", [1, -2]), ("ln(x)", [2, 0.7]), ("x^3 - 2*x", [1.5]), ("1/(1+x^2)", [1, 0.25]), ("sqrt(x)", [2]),
    ("tanh(x)", [0.5]), ("x*exp(-x)", [2]), ("sin(x)*exp(x)", [1.25]), ("atan(x)", [0.8]), ("x^2/(1+x)", [3]), ("ln(1+x^2)", [1.7]),
    ("cos(x)^2", [0.6]), ("exp(-x^2/2)", [1]), ("sinh(x)", [1]), ("x^5", [1.1]), ("1/x", [2, -0.5]), ("sqrt(1+x^2)", [0.75]),
    ("asin(x)", [0.25]), ("2*x^2", [1, 3]), ("x^2.5", [2]), ("exp(sin(x))", [2]), ("x", [5]), ("tan(x)", [0.5]),
    ("ln(x)/x", [3]), ("cosh(x)-1", [0.9]), ("x*sin(x)", [4]), ("(x-1)/(x+1)", [2]),
])
smooth("scaled", [
    ("ln(x)", ["1e-8", "1e15"]), ("x^2", ["1e-8", "1e15"]), ("sqrt(x)", ["1e-8", "1e12"]), ("1/x", ["1e-8", "1e10"]), ("exp(x)", ["1e-8"]),
    ("sin(x)", ["1e-6", "1e5", "1e8"]), ("exp(x*1e6)", ["1e-6"]), ("exp(-x/1e9)", ["1e9"]), ("x^3 + x", ["1e-5", "1e6"]), ("cos(x/1e12)", ["1e12"]),
    ("1e-20*sin(x)", [1]), ("1e20*exp(-x)", [1]), ("atan(x*1e7)", ["1e-7"]), ("x/(1e-8+x)", ["1e-8"]), ("ln(1+x)", ["1e-8"]),
    ("1/(1+(x/1e10)^2)", ["1e10"]), ("sqrt(x^2+1e20)", ["1e10"]), ("exp(x)", [300]), ("x^0.75", ["1e15"]), ("cos(x)", ["1e-8"]), ("sin(x)", ["1e15"]),
    ("sinh(x/1e5)", ["1e5"]),
])
smooth("oscillatory", [
    ("sin(100*x)", [1]), ("cos(1000*x)", [2]), ("sin(1e6*x)", [1]), ("sin(x^2)", [10, 50]), ("exp(sin(50*x))", [0.5]), ("x*cos(200*x)", [3]),
    ("sin(1/x)", [0.015625, 0.005]), ("tan(30*x)", [0.3]), ("sin(exp(x))", [6]), ("cos(40*x)*exp(-x)", [1.25]), ("sin(x)", [1000]), ("sin(20*x)+x", [0.4]),
    ("x+0.01*sin(100*x)", [0.3]),
])
smooth("cancelling", [
    ("(1-cos(x))/x^2", ["1e-4", 0.01]), ("(exp(x)-1)/x", ["1e-5", "1e-3"]), ("(sqrt(1+x)-1)/x", ["1e-6"]), ("x-sin(x)", [0.01]), ("(x-1)^7", [1.125]),
    ("x^7-7*x^6+21*x^5-35*x^4+35*x^3-21*x^2+7*x-1", [1.125]), ("ln(x)-ln(x+1)", ["1e4"]), ("sqrt(x+1)-sqrt(x)", ["1e6"]), ("tan(x)-sin(x)", [0.01]),
    ("exp(x)-1-x", [0.001]), ("1/x-1/(x+1)", ["1e3"]), ("cosh(x)^2-sinh(x)^2+x", [5]), ("(1+x)^2-1", ["1e-3"]),
])
smooth("edge", [
    ("sqrt(x)", ["1e-3", "1e-6"]), ("sqrt(x-1)", [1.001, 1.000001]), ("ln(x)", [0.001]), ("ln(x-2)", [2.0001]), ("asin(x)", [0.999, 0.999999]), ("acos(x)", [-0.9999]),
    ("sqrt(1-x^2)", [0.9999]), ("acosh(x)", [1.0001]), ("atanh(x)", [0.9999]), ("x*sqrt(x)", [0.0001]), ("ln(1-x)", [0.99999]), ("x^0.3", [0.00001]),
])
smooth("near corner", [
    ("abs(x-1)", [1.01, 1.000001]), ("max(x, x^2)", [1.0001, 0.9999]), ("abs(sin(x))", [0.001]), ("exp(-abs(x))", [0.0001]), ("abs(x^2-4)", [2.00001]),
    ("max(x,0)*x+sin(x)", [0.001]), ("abs(x)^1.5", [0.001]), ("min(x, 3-x)*exp(x)", [1.4999]),
])
smooth("near jump", [
    ("floor(x)+x^2", [2.0001, 2.9999]), ("sign(x)*exp(x)", [0.001]), ("piecewise(x<1, x, x^2+1)", [1.00001]), ("x-floor(x)", [0.999]), ("heaviside(x)*sin(x+1)", ["1e-5"]),
    ("round(x)*x", [0.501]),
])
smooth("near pole", [
    ("1/(x-1)", [1.001, 1.00001]), ("tan(x)", [1.57, 1.5707]), ("1/x^2", [0.0001]), ("1/sin(x)", [3.14]), ("exp(1/x)", [0.05]), ("1/(x^2-2)", [1.41]),
])
smooth("constant", [("5+0*x", [1, "1e6"]), ("sin(2)+0*x", [0]), ("x-x+3", [2]), ("0*x", ["1e-3"]), ("1e10+0*x", [2])])
smooth("offset", [
    ("1e10+sin(x)", [1]), ("1e6+x^2", [2]), ("1e8+exp(x)", [0.5]), ("1e5+ln(x)", [3]), ("1e4+cos(10*x)", [1]), ("1e7+1/x", [2]), ("1e3+1e-3*sin(x)", [1]),
])
smooth("turning", [("cos(x)", [0]), ("x^2", [0]), ("x^4", [0]), ("exp(-x^2)", [0]), ("x^2-2*x", [1]), ("sin(x)", [0]), ("x^3", [0])])
for noise, entries in {
    "1e-9": [("sin(x)", [1, 2.5]), ("exp(x)", [1]), ("x^2+1", [1]), ("ln(x)", [3]), ("1/(1+x^2)", [0.5]), ("sqrt(x)", [2]), ("exp(-x)*cos(x)", [1]), ("x^3-x", [2]),
             ("sin(x)+2", [0.4]), ("tanh(x)", [0.7]), ("sin(10*x)+3", [1]), ("x/(1+x)", [4]), ("cosh(x)", [1]), ("ln(1+x^2)", [2]), ("exp(x/100)", [50])],
    "1e-6": [("sin(x)", [1]), ("exp(x)", [0.5]), ("x^2+1", [2]), ("ln(x)", [5])],
    "1e-12": [("cos(x)", [1]), ("exp(x)", [2]), ("sqrt(x)", [3]), ("x^3", [1])],
    "1e-3": [("exp(x)", [1]), ("x^2", [3])],
}.items():
    smooth("noisy", entries, noise=noise)
smooth("several", [
    ("x^2*y+sin(y)", ["x=1.5,y=2"], "x", "y"), ("exp(x*y)/(1+z^2)", ["x=0.5,y=1.25,z=2"], "x", "z"), ("100*(y-x^2)^2+(1-x)^2", ["x=-1.25,y=1"], "x", "y", "x,y"),
    ("sqrt(x^2+y^2)", ["x=3,y=4"], "x", "x,y"), ("x*y*z", ["x=1e-6,y=1e6,z=1"], "x", "y", "x,y"), ("ln(x)+y^2", ["x=1e-8,y=1e8"], "x", "y"),
    ("sin(x*y)", ["x=1,y=0.5"], "x,y", "x,x", "x,x,y", "x,x,y,y"), ("exp(x)*cos(y)", ["x=0.5,y=1"], "x,y", "y,y", "x,y,y"), ("x/y", ["x=2,y=5"], "x,y", "y,y"),
    ("x*1e12+y/1e6", ["x=1e-9,y=1e9"], "x", "y"),
])
ORDERS = [("sin(x)", [1]), ("exp(x)", [0.5]), ("ln(x)", [2]), ("1/(1+x^2)", [0.75]), ("x^5", [1.5]), ("exp(-x^2/2)", [1]), ("sqrt(x)", [2]), ("tanh(x)", [0.5]), ("x*exp(-x)", [1]), ("cos(3*x)", [1]),
          ("ln(x)", ["1e-6"]), ("exp(x/1e6)", ["1e6"])]
for order in (2, 3, 4):
    smooth(f"order {order}", [(formula, points, ",".join("x" * order)) for formula, points in ORDERS])

NEAR = "1e-60"


def special(kind, formula, at, **fields):
    mp.dps = 400
    f = function(formula, ["x"])
    x, near = mpf(float(at)), mpf(NEAR)
    if kind in ("corner", "one-sided") and float(at) == float(int(float(at))):
        for side, sign in (("left", -1), ("right", 1)):
            if side in fields and fields[side] != "none":
                slope = (f(x + sign * near) - f(x)) / (sign * near)
                assert abs(slope - mpf(fields[side])) < mpf(10) ** -25, (formula, side, slope)
    if kind == "jump":
        assert abs(f(x + near) - f(x - near) - mpf(fields["height"])) < mpf(10) ** -40, formula
    if kind == "removable":
        for sign in (-1, 1):
            assert abs(f(x + sign * near) - mpf(fields["limit"])) < mpf(10) ** -25, formula
    add(kind, formula, f"x={at}", kind=kind, **fields)


special("corner", "abs(x)", 0, left=-1, right=1)
special("corner", "abs(x-1)", 1, left=-1, right=1)
special("corner", "max(x, x^2)", 1, left=1, right=2)
special("corner", "abs(sin(x))", 0, left=-1, right=1)
special("corner", "exp(-abs(x))", 0, left=1, right=-1)
special("corner", "max(x, 0)+sin(x)", 0, left=1, right=2)
special("corner", "x^2+0.001*abs(x-3)", 3, left="5.999", right="6.001")
special("corner", "abs(x^2-4)", 2, left=-4, right=4)
special("corner", "1e6*abs(x-1000)", 1000, left=-1000000, right=1000000)
special("corner", "sqrt(x^2)", 0, left=-1, right=1)
special("corner", "piecewise(x<1, x^2, 3*x-2)", 1, left=2, right=3)
special("jump", "floor(x)", 2, height=1)
special("jump", "sign(x)", 0, height=2)
special("jump", "x^2+heaviside(x-1)", 1, height=1)
special("jump", "piecewise(x<2, x, x+0.5)", 2, height="0.5")
special("jump", "x-floor(x)", 5, height=-1)
special("jump", "ceil(x)*x", 3, height=3)
special("jump", "sin(x)+0.001*floor(x)", 4, height="0.001")
special("pole", "1/x", 0)
special("pole", "1/x^2", 0)
special("pole", "1/(x-2)", 2)
special("pole", "ln(x)", 0)
special("pole", "ln(abs(x-3))", 3)
special("pole", "1/(x-1)^3", 1)
special("infinite", "cbrt(x)", 0)
special("infinite", "sqrt(abs(x))", 0)
special("infinite", "sqrt(x)", 0)
special("infinite", "cbrt(x-2)", 2)
special("infinite", "asin(x)", 1)
special("infinite", "sqrt(1-x^2)", -1)
special("infinite", "cbrt(x^2)", 0)
special("infinite", "x+sqrt(abs(x-1))", 1)
special("one-sided", "x*sqrt(x)", 0, right=0)
special("one-sided", "sqrt(x)^3+x", 0, right=1)
special("one-sided", "(1-x)*sqrt(1-x)", 1, left=0)
special("one-sided", "x+sqrt(x-2)^5", 2, right=1)
special("undefined", "ln(x)", -1)
special("undefined", "sqrt(x)", -2)
special("undefined", "asin(x)", 3)
special("undefined", "sqrt(-1-x^2)", 1)
special("overflow", "exp(x)", 1000)
special("overflow", "exp(x^2)", 40)
special("overflow", "x^200", "1e6")
special("removable", "sin(x)/x", 0, limit=1)
special("removable", "(x^2-1)/(x-1)", 1, limit=2)
special("removable", "(exp(x)-1)/x", 0, limit=1)
special("removable", "(x-3)/(x^2-9)", 3, limit=mp.nstr(mpf(1) / 6, 30))
special("noise", "1+0*x", 1, noise="1e-3")
special("noise", "5+1e-9*x", 2, noise="1e-2")
special("noise", "sin(x)", 1, noise="0.5")
special("noise", "1+1e-6*x", 3, noise="1e-4")
special("scale", "x+1e-6*sin(1e6*x)", 0, coarse=1, fine=2)
special("scale", "x+1e-6*sin(1e6*x)", 1, coarse=1, fine=mp.nstr(1 + mp.cos(mpf(10) ** 6), 25))
special("scale", "exp(x)+1e-8*sin(1e8*x)", 0, coarse=1, fine=2)
special("scale", "round(1000*sin(x))/1000", 1, coarse=mp.nstr(mp.cos(1), 25), fine=0)
special("scale", "round(1e5*exp(x))/1e5", 1, coarse=mp.nstr(mp.e, 25), fine=0)
special("scale", "x^2+1e-5*cos(1e6*x)", 3, coarse=6, fine=mp.nstr(6 - 10 * mp.sin(mpf(3) * 10**6), 25))
special("scale", "2*x+1e-4*abs(sin(1e5*x+0.7))", 1, coarse=2, fine=mp.nstr(2 + 10 * mp.cos(mpf(10)**5 + mpf("0.7")) * mp.sign(mp.sin(mpf(10)**5 + mpf("0.7"))), 25))


def sealed(name):
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


folder = pathlib.Path(__file__).parent
assert len({name for name, _ in CASES}) == len(CASES), "titles are used twice"
for part in ("open", "sealed"):
    chosen = [case for case in CASES if sealed(case[0]) == (part == "sealed")]
    lines = [HEAD.format(part=part)]
    for name, fields in chosen:
        lines.append(f"## {name}")
        lines += [f"    {key}: {value}" for key, value in fields.items()]
        lines.append("")
    (folder / f"{part}.md").write_text("\n".join(lines))
    print(part, len(chosen))
