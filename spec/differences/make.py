"""Makes spec/differences/open.md, sealed.md and blind.md: functions taken as black boxes, the truth to 30 digits.

The truth is mpmath's derivative at 160 digits, held against the one at 240. Each formula is read by secant and run in plain
doubles; here it is read by a few replacements and run by mpmath. A number in a formula is the decimal it is written as, and the point
is the double nearest to what is written; a truth that would be another with numbers rounded to doubles is refused. Special points
say what is true by hand, and each kind is checked by evaluation at 400 digits, on both sides at distances of 1e-60 and 1e-120.

A case is put aside if the first byte of the SHA-256 of its title is a multiple of 3. There are two generations, each written before
the engine met it: what was put aside of the first is sealed.md, looked at once, after which the engine was changed; of the second,
blind.md, written before that engine's next change, to be looked at after it.

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


LARGEST = mpf(2) ** 1024
NAMES = {name: getattr(mp, name) for name in "sin cos tan exp sqrt asin acos atan sinh cosh tanh asinh acosh atanh floor ceil sign erf".split()}
NAMES.update(ln=mp.log, pi=None, abs=abs, max=max, min=min, round=half_even, piecewise=piecewise, cbrt=lambda x: mp.sign(x) * mp.cbrt(abs(x)),
             log10=mp.log10, heaviside=lambda x: (mp.sign(x) + 1) / 2, mpf=mpf)


def function(formula, variables, number=r"mpf('\1')"):
    text = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[-+]?\d+)?)", number, formula)
    code = compile(text.replace("^", "**"), formula, "eval")
    return lambda *at: eval(code, {}, {**NAMES, "pi": mp.pi, **dict(zip(variables, at))})


def derivative(formula, variables, at, orders):
    def taken(digits, f):
        mp.dps = digits
        return mp.diff(f, tuple(mpf(a) for a in at), tuple(orders)) if len(at) > 1 else mp.diff(f, mpf(at[0]), orders[0])

    truth, again = taken(160, function(formula, variables)), taken(240, function(formula, variables))
    if abs(again) < mpf(10) ** -220:
        return mpf(0)
    assert abs(truth - again) <= abs(again) * mpf(10) ** -30, (formula, at, truth, again)
    in_doubles = taken(160, function(formula, variables, r"mpf(\1)"))
    assert abs(in_doubles - again) <= abs(again) * mpf(10) ** -15, (formula, at, mp.nstr(in_doubles / again - 1, 3))
    return again


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


def checked(kind, formula, at, fields):
    """Whether the point is what it is said to be, by evaluation near it."""
    f = function(formula, ["x"])
    x, near, nearer = mpf(float(at)), mpf(NEAR), mpf(NEAR) ** 2

    def value(x):
        """The value, or none where the formula has no real one."""
        try:
            return real(f(x))
        except (ValueError, ZeroDivisionError):
            return None

    def slope(step):
        return None if value(x + step) is None else (value(x + step) - f(x)) / step

    def close(number, key, tolerance):
        return abs(number - mpf(fields[key])) < mpf(10) ** -tolerance

    if kind == "corner":
        return close(slope(-near), "left", 25) and close(slope(near), "right", 25) and mpf(fields["left"]) != mpf(fields["right"])
    if kind == "one-sided":
        side, sign = ("left", -1) if "left" in fields else ("right", 1)
        return close(slope(sign * near), side, 25) and value(x - sign * near) is None
    if kind == "jump":
        return abs(f(x + near) - f(x - near) - mpf(fields["height"])) < mpf(10) ** -40
    if kind == "removable":
        return value(x) is None and all(close(f(x + step), "limit", 25) for step in (-near, near))
    if kind == "pole":
        sides = [(abs(f(x + sign * near)), abs(f(x + sign * nearer))) for sign in (-1, 1) if value(x + sign * near) is not None]
        return sides and all(far > 60 and close_by > 1.9 * far for far, close_by in sides)
    if kind == "infinite":
        sides = [(abs(slope(sign * near)), abs(slope(sign * nearer))) for sign in (-1, 1) if slope(sign * near) is not None]
        return sides and all(far > 1e9 and close_by > 1e9 * far for far, close_by in sides) and abs(f(x)) < 100
    if kind == "undefined":
        return all(value(x * scale) is None for scale in (mpf("0.999"), 1, mpf("1.001")))
    if kind == "overflow":
        return all(abs(f(x * scale)) > LARGEST for scale in (mpf("0.999"), 1, mpf("1.001")))
    if kind == "noise":
        return abs(mp.diff(f, x) * x) < 2 * abs(f(x)) * mpf(fields["noise"])
    if kind == "scale":
        wide = max(1, abs(x)) / 10
        coarse, fine = (f(x + wide) - f(x - wide)) / (2 * wide), mp.diff(f, x)
        return abs(coarse - mpf(fields["coarse"])) < 0.015 * abs(coarse) and close(fine, "fine", 20) and abs(fine / coarse - 1) > 0.3
    return False


def special(kind, formula, at, **fields):
    mp.dps = 400
    assert checked(kind, formula, at, fields), (kind, formula, at)
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


# The second generation: what people of several fields differentiate.
FIRST_GENERATION = len(CASES)

smooth("easy", [
    ("erf(x)", [0.5]), ("1/(1+exp(-x))", [-1.5, 0.5]), ("ln(1+exp(x))", [0.75]), ("x*exp(-x^2/2)", [0.4]), ("x^3/(exp(x)-1)", [2.8]),
    ("4*(1/x^12-1/x^6)", [1.2]), ("(1-exp(-2*(x-1)))^2", [1.5]), ("8.8/(3*x-1)-3/x^2", [1.6]), ("2.5*x/(0.8+x)", [0.6]), ("x^3/(1+x^3)", [0.9]),
    ("100*(1+x/12)^(-120)", [0.05]), ("0.5*(1+erf(x/sqrt(2)))", [0.35]), ("x-0.3*sin(x)", [2.2]), ("exp(-0.5*x)*cos(3*x)", [0.9]), ("ln(cosh(x))", [1.3]),
    ("x^x", [1.75]), ("1/sqrt(1-x^2)", [0.6]), ("x^4/4-x^2", [0.5]), ("-x*ln(x)-(1-x)*ln(1-x)", [0.3]), ("exp(-1/x)", [0.9]), ("asinh(x)", [1.5]),
    ("2^x", [1.5]), ("log10(x)", [7]), ("(x+3)/(x^2+2*x+5)", [1]), ("3*x^2-7*x+2", [-0.4]), ("cbrt(x)", [3]),
])
smooth("scaled", [
    ("8.314*ln(x/1e5)", ["2.5e6"]), ("1e13*exp(-12000/x)", [300]), ("3.986e14/x^2", ["6.371e6"]), ("exp(-x/1e-6)", ["2e-6"]), ("sqrt(1-(x/2.998e8)^2)", ["1.5e8"]),
    ("x^2/(1e-16+x^2)", ["1e-8"]), ("ln(1+x/1e-8)", ["3e-8"]), ("x^1.5", ["1e15"]), ("1/sqrt(x)", ["1e-8"]), ("x*ln(x)", ["1e-8", "1e15"]), ("5.67e-8*x^4", [5800]),
    ("tanh(x/1e14)", ["1e14"]), ("exp(-(x/1e-7)^2)", ["5e-8"]), ("10^(8.07131-1730.63/(233.426+x))", [80]), ("x^4/1e50", ["1e15"]), ("asinh(x)", ["1e15"]),
    ("cos(x*1e7)", ["2e-8"]), ("0.622*x/(101325-x)", [2339]), ("exp(-x)", [200]), ("cbrt(x)", ["1e12"]),
])
smooth("oscillatory", [
    ("sin(300*x)/x", [0.5]), ("cos(x)^2", [500]), ("sin(x^3)", [4]), ("cos(25*x)+0.2*x^2", [1.3]), ("sin(5e4*x)", [0.2]), ("exp(-x)*sin(60*x)", [2]),
    ("sin(x)*sin(50*x)", [0.7]), ("cos(30*ln(x))", [0.05]), ("sin(880*pi*x)", [0.001]), ("cos(1e4*x)", [3]), ("tanh(5*sin(10*x))", [0.3]), ("sin(x)", ["1e4"]),
])
smooth("cancelling", [
    ("(sin(x)-x)/x^3", [0.1]), ("(exp(x)-exp(-x))/(2*x)", [0.01]), ("sqrt(x^2+1)-x", [1000]), ("ln(1+x)-x", [0.01]), ("1-cos(x)", [0.001]), ("atan(x+1)-atan(x)", [100]),
    ("x^5-10*x^4+40*x^3-80*x^2+80*x-32", [2.125]), ("cosh(x)-sinh(x)", [4]), ("x/(1-sqrt(1-x))", [0.001]), ("sinh(x)-x", [0.02]), ("(x^3-1)/(x-1)", [1.0625]), ("ln(x+1)-ln(x)", [300]),
    ("1/(1-x)-1-x", [0.005]), ("sqrt(x+4)-2", [0.001]), ("acos(cos(x))-sin(x)", [0.25]),
])
smooth("edge", [
    ("ln(x)", ["1e-5"]), ("sqrt(4-x)", [3.999]), ("acos(x)", [0.9999]), ("x*ln(x)", [0.0001]), ("(1-x)^1.5", [0.9999]), ("sqrt(x*(1-x))", [0.001]), ("atanh(x)", [-0.99999]),
    ("sqrt(sin(x))", [0.0001]), ("acosh(x)", [1.000001]), ("sqrt(ln(x))", [1.001]), ("-x*ln(x)-(1-x)*ln(1-x)", [0.9999]), ("asin(2*x)", [0.4999]), ("x^0.1", ["1e-6"]),
])
smooth("near corner", [
    ("abs(x-2)", [1.999]), ("x*abs(x)", [0.001]), ("max(x-100, 0)", [100.01]), ("max(0,x)-0.1*max(0,-x)", [-0.001]), ("abs(cos(x))", [1.57]),
    ("sqrt((x-1)^2)+x^3", [1.001]), ("min(x^2, 2-x)", [1.0005]), ("piecewise(abs(x)<1, x^2/2, abs(x)-0.5)", [1.001]), ("abs(ln(x))", [1.00001]),
    ("abs(x-0.5)+abs(x+0.5)", [0.499]), ("max(sin(x),cos(x))", [0.785]), ("abs(x^3-8)", [1.9999]),
])
smooth("near jump", [
    ("ceil(x)+sin(x)", [1.001]), ("heaviside(x-2)*x^2", [2.0001]), ("sign(x-1)*x", [0.9999]), ("piecewise(x<5, 0.1*x, 0.2*x)", [5.001]), ("x^2-round(x)", [1.499]),
    ("atan(1/x)", [0.001]), ("floor(x/3)*x", [5.999]), ("piecewise(x<0, exp(x), 2+x^2)", [-0.00001]),
    ("1/(1+exp(1/x))", [0.05]), ("exp(-x)+ceil(3*x)", [0.667]), ("x*round(x/10)", [14.99]),
])
smooth("near pole", [
    ("1/(x-2)^2", [2.01]), ("1/tan(x)", [0.001]), ("x/(x^2-9)", [3.001]), ("1/(x*(x-1))", [0.9999]), ("tan(x)", [4.71]), ("exp(x)/(x-5)^2", [4.99]), ("1/cos(x)", [1.5]),
    ("1/sqrt(x)", [0.0001]), ("1/(exp(x)-1)", ["1e-4"]), ("1/(x^2-3)", [1.732]), ("1/ln(x)", [0.999]),
])
smooth("constant", [("7+0*x", ["1e-8"]), ("sin(x)^2+cos(x)^2", [0.7]), ("floor(x)", [2.5]), ("heaviside(x)", [3]), ("0*x-1e15", ["1e15"]), ("exp(1)+0*x", [-40]), ("(x+1)-x", [0.3])])
smooth("offset", [
    ("1e10+sin(x)", [2.5]), ("1e10+x", [3]), ("1e9+x^3", [1.5]), ("1e6+exp(-x)", [1]), ("1e4+tanh(x)", [0.4]), ("101325+ln(x)", [2]), ("sqrt(x)-1e7", [4]), ("1e3+x*sin(x)", [2]),
    ("1e10+exp(x)", [1]), ("1e8-x^2", [5]), ("1e6+ln(x)", [3]), ("1e5-1/x", [2]), ("273.15+20*exp(-x/4)", [6]),
])
smooth("turning", [("x^2-4*x+1", [2]), ("cosh(x)", [0]), ("(x-3)^4", [3]), ("x*exp(-x)", [1]), ("x^3-3*x", [-1]), ("1/(1+x^2)", [0]), ("x-sin(x)", [0]), ("sqrt(1+x^2)", [0])])
for noise, entries in {
    "1e-9": [("cos(x)", [0.8]), ("exp(-x^2/2)", [0.9]), ("x^4", [1.3]), ("1/(1+exp(-x))", [0.5]), ("ln(1+exp(x))", [1]), ("sqrt(1+x^2)", [2]), ("100*exp(-x/3)", [4]), ("x^2.5", [1.7]),
             ("atan(x)", [0.6]), ("(1-exp(-x))^2", [1.1]), ("2.5*x/(0.8+x)", [0.6]), ("1/x", [250])],
    "1e-6": [("cos(x)", [2]), ("x^3", [1.5])], "1e-7": [("x*exp(x)", [1.2])], "1e-10": [("sinh(x)", [0.8])], "1e-4": [("x^2+x", [2])],
    "1e-12": [("tanh(x)", [0.3]), ("ln(x)", [4]), ("exp(-x)", [1]), ("sin(5*x)", [0.7])], "1e-14": [("exp(x)", [0.25])], "1e-3": [("sqrt(x)", [4])],
}.items():
    smooth("noisy", entries, noise=noise)
for noise, entries in {
    "1e-12": [("sin(x)", [1], "x,x"), ("exp(x)", [0.5], "x,x"), ("ln(x)", [2], "x,x,x")], "1e-9": [("cos(x)", [0.5], "x,x"), ("1/(1+x^2)", [0.25], "x,x"), ("exp(-x)", [1], "x,x,x")],
    "1e-6": [("x^3", [2], "x,x")],
}.items():
    smooth("noisy, higher order", entries, noise=noise)
OPTION = "x*(1+erf((ln(x/100)+0.02+y^2/2)/(y*sqrt(2))))/2-100*exp(-0.02)*(1+erf((ln(x/100)+0.02-y^2/2)/(y*sqrt(2))))/2"
smooth("several", [
    ("(x^2+y-11)^2+(x+y^2-7)^2", ["x=1,y=2"], "x", "x,y", "y,y"), ("x*exp(-x^2-y^2)", ["x=0.5,y=0.25"], "y", "x,y", "x,x,y"), ("x^0.3*y^0.7", ["x=2,y=5"], "x", "x,y"),
    ("8.314*x/y", ["x=300,y=0.025"], "x", "y", "x,y"), ("ln(exp(x)+exp(y))", ["x=1,y=1.5"], "x,y", "x,x", "x,x,y,y"), ("x*y/(x+y)", ["x=3,y=6"], "x", "x,y"),
    ("sqrt(x^2+y^2+z^2)", ["x=1,y=2,z=2"], "z", "x,z", "x,y,z"), ("sin(x)*cos(y)*exp(z)", ["x=0.4,y=0.9,z=0.2"], "x,y,z", "x,x,z,z"), (OPTION, ["x=105,y=0.25"], "x", "y", "x,x", "x,y"),
    ("x^2/1e-16+sin(y/1e8)", ["x=1e-8,y=1e8"], "x", "y"), ("atan(y/x)", ["x=1,y=2"], "y", "x,y"), ("x^2*y^3*z^4", ["x=1.5,y=0.5,z=2"], "x,y,z", "z,z", "x,x,y,z"),
    ("(1-x)^2+100*(y-x^2)^2+(1-y)^2+100*(z-y^2)^2", ["x=0.5,y=1.25,z=2"], "y", "x,y", "y,y"), ("1/sqrt((x-y)^2+1)", ["x=2,y=0.5"], "x", "x,y,y"),
])
ORDERS = [
    ("sin(2*x)", [0.4]), ("exp(-x)", [1.5]), ("x*ln(x)", [3]), ("1/(1+exp(-x))", [0.75]), ("x^3/(exp(x)-1)", [2]), ("atan(x)", [0.5]), ("1/x", [1.5]), ("sqrt(1+x^2)", [0.5]),
    ("exp(-0.5*x)*cos(2*x)", [1]), ("erf(x)", [0.25]), ("ln(1+exp(x))", [0.5]), ("x^2.5", [2]), ("sinh(x)", [0.75]), ("tan(x)", [0.25]), ("x^6-3*x^4+x", [1.25]), ("1/(2+sin(x))", [1]),
    ("ln(cosh(x))", [0.5]), ("exp(sin(x))", [1]), ("4*(1/x^12-1/x^6)", [1.5]), ("x/(1+x^2)", [0.25]), ("cos(10*x)", [0.3]), ("x^x", [1.5]), ("sin(x)/x", [1.5]), ("2^x", [3]),
    ("ln(1+x/1e-6)", ["1e-6"]), ("sin(x/1e8)", ["1e8"]), ("sqrt(x)", [0.01]), ("ln(x)", ["1e10"]),
]
for order in (2, 3, 4):
    smooth(f"order {order}", [(formula, points, ",".join("x" * order)) for formula, points in ORDERS])

special("corner", "max(x-100, 0)", 100, left=0, right=1)
special("corner", "max(0,x)-0.25*max(0,-x)", 0, left="0.25", right=1)
special("corner", "abs(x-0.5)+x^2", "0.5", left=0, right=2)
special("corner", "piecewise(abs(x)<1, x^2, 3*abs(x)-2)", -1, left=-3, right=-2)
special("corner", "abs(ln(x))", 1, left=-1, right=1)
special("corner", "min(2*x, x+3)", 3, left=2, right=1)
special("corner", "abs(x)*cos(x)+x", 0, left=0, right=2)
special("corner", "exp(x)+abs(x-4)", 4, left=mp.nstr(mp.exp(4) - 1, 30), right=mp.nstr(mp.exp(4) + 1, 30))
special("corner", "max(sin(x), -x)", 0, left=-1, right=1)
special("jump", "ceil(x)", 1, height=1)
special("jump", "heaviside(x-2)*x^2", 2, height=4)
special("jump", "piecewise(x<5, 0.1*x, 0.2*x)", 5, height="0.5")
special("jump", "x^2*sign(x-1)", 1, height=2)
special("jump", "round(x)+cos(x)", "2.5", height=1)
special("jump", "floor(2*x)/2", "1.5", height="0.5")
special("jump", "exp(x)*floor(x)", 1, height=mp.nstr(mp.e, 50))
special("jump", "-5*ceil(x/10)", 20, height=-5)
special("pole", "1/(x^2-4)", 2)
special("pole", "1/abs(x)", 0)
special("pole", "1/sin(x)", 0)
special("pole", "exp(x)/x", 0)
special("pole", "(x+1)/(x^2-9)", -3)
special("pole", "1/sqrt(x)", 0)
special("pole", "ln(x-4)", 4)
special("pole", "atanh(x)", 1)
special("pole", "1/ln(x)", 1)
special("infinite", "sqrt(x-3)", 3)
special("infinite", "cbrt(x+1)", -1)
special("infinite", "acos(x)", -1)
special("infinite", "sign(x)*sqrt(abs(x))", 0)
special("infinite", "acosh(x)", 1)
special("infinite", "sqrt(4-x^2)", 2)
special("infinite", "x^0.25", 0)
special("infinite", "cbrt(sin(x))", 0)
special("one-sided", "sqrt(x)^5", 0, right=0)
special("one-sided", "(x-1)^1.5+2*x", 1, right=2)
special("one-sided", "3*x-(4-x)^1.5", 4, left=3)
special("one-sided", "sin(x)+x*sqrt(x)", 0, right=1)
special("one-sided", "(2-x)^2.5+x^2", 2, left=4)
special("one-sided", "acosh(x)^2", 1, right=2)
special("one-sided", "acos(x)^2", 1, left=-2)
special("undefined", "ln(x-5)", 2)
special("undefined", "acosh(x)", "0.5")
special("undefined", "atanh(x)", 2)
special("undefined", "sqrt(sin(x))", 4)
special("undefined", "sqrt(x-10)", 3)
special("undefined", "sqrt(x^2-9)", 1)
special("undefined", "x^1.5", -2)
special("undefined", "ln(ln(x))", "0.5")
special("undefined", "sqrt(ln(x))", "0.5")
special("undefined", "sqrt(4-x^2)", 3)
special("overflow", "cosh(x)", 800)
special("overflow", "exp(exp(x))", 7)
special("overflow", "x^60", "1e6")
special("overflow", "exp(-x)", -900)
special("overflow", "sinh(x^2)", 30)
special("overflow", "10^x", 400)
special("overflow", "1e200*x^2", "1e60")
special("removable", "(1-cos(x))/x", 0, limit=0)
special("removable", "ln(1+x)/x", 0, limit=1)
special("removable", "(x^3-8)/(x-2)", 2, limit=12)
special("removable", "tan(x)/x", 0, limit=1)
special("removable", "(sqrt(x)-2)/(x-4)", 4, limit="0.25")
special("removable", "x/(exp(x)-1)", 0, limit=1)
special("removable", "sin(x-1)/(x-1)", 1, limit=1)
special("removable", "x/sin(x)", 0, limit=1)
special("removable", "sinh(x)/x", 0, limit=1)
special("removable", "(x-5)/(x^2-25)", 5, limit="0.1")
special("removable", "(1-x)/(1-x^2)", 1, limit="0.5")
special("removable", "(sqrt(1+x)-1)/x", 0, limit="0.5")
special("removable", "sin(x)^2/x", 0, limit=0)
special("removable", "ln(x)/(x-1)", 1, limit=1)
special("noise", "2+1e-8*x", 5, noise="1e-4")
special("noise", "cos(x)", 1, noise="1.2")
special("noise", "100+1e-5*sin(x)", 1, noise="1e-3")
special("noise", "1e8+x", 3, noise="1e-4")
special("noise", "0*x-4", 2, noise="1e-2")
special("noise", "3+1e-4*ln(x)", 20, noise="1e-2")
special("noise", "1e-6*x-50", 4, noise="1e-3")
special("scale", "3*x+1e-7*sin(1e8*x)", 0, coarse=3, fine=13)
special("scale", "sin(x)+1e-6*cos(1e6*x)", 1, coarse=mp.nstr(mp.cos(1), 25), fine=mp.nstr(mp.cos(1) - mp.sin(mpf(10) ** 6), 25))
special("scale", "x^3+1e-6*sin(1e7*x)", 2, coarse=12, fine=mp.nstr(12 + 10 * mp.cos(mpf(2) * 10**7), 25))
special("scale", "floor(1e4*x^2)/1e4", "1.2345", coarse="2.469", fine=0)
special("scale", "round(1e6*ln(x))/1e6", 3, coarse=mp.nstr(mpf(1) / 3, 25), fine=0)
special("scale", "atan(x)+1e-5*sin(1e5*x+1)", "0.5", coarse="0.8", fine=mp.nstr(mpf("0.8") + mp.cos(mpf(50001)), 25))
special("scale", "floor(1e5*x)/1e5", "0.123456", coarse=1, fine=0)


def part(number, name):
    """The file of a case."""
    if hashlib.sha256(name.encode()).digest()[0] % 3 != 0:
        return "open"
    return "sealed" if number < FIRST_GENERATION else "blind"


folder = pathlib.Path(__file__).parent
assert len({name for name, _ in CASES}) == len(CASES), "titles are used twice"
for file in ("open", "sealed", "blind"):
    chosen = [case for number, case in enumerate(CASES) if part(number, case[0]) == file]
    lines = [HEAD.format(part=file)]
    for name, fields in chosen:
        lines.append(f"## {name}")
        lines += [f"    {key}: {value}" for key, value in fields.items()]
        lines.append("")
    (folder / f"{file}.md").write_text("\n".join(lines))
    print(file, len(chosen))
