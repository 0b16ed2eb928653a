"""Draws black boxes at random, as many as asked for, with truth to 25 digits, in the form of the case documents: a trial for the engine on cases
that nobody chose. What it draws is not kept; the seed draws it again.

Run: python3 spec/differences/stress.py --cases 3000 --seed 1 -o stress.md
     STRESS=$PWD/stress.md cargo test -p secant --test differences drawn -- --ignored --nocapture
(made with Python 3.11, mpmath 1.3.0)
"""

import argparse
import random
import re

from mpmath import mp, mpf

DIGITS = 90


def piecewise(condition, then, otherwise):
    return then if condition else otherwise


NAMES = {name: getattr(mp, name) for name in "sin cos tan exp sqrt asin acos atan sinh cosh tanh asinh acosh atanh floor sign".split()}
NAMES.update(ln=mp.log, abs=abs, max=max, min=min, piecewise=piecewise, mpf=mpf, cbrt=lambda x: mp.sign(x) * mp.cbrt(abs(x)))


def function(formula, variables):
    text = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e[-+]?\d+)?)", r"mpf('\1')", formula)
    code = compile(text.replace("^", "**"), formula, "eval")
    return lambda *at: eval(code, {}, {**NAMES, **dict(zip(variables, at))})


def derivative(formula, at, orders):
    """The derivative, or None where it is complex, beyond doubles, or not the same with more digits."""
    f, numbers = function(formula, "xyz"[: len(at)]), []
    try:
        for digits in (DIGITS, 2 * DIGITS):
            mp.dps = digits
            point = tuple(map(mpf, at))
            numbers.append(mp.diff(f, point, orders) if len(at) > 1 else mp.diff(f, point[0], orders[0]))
            value = f(*point)
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        return None
    first, again = numbers
    if isinstance(again, mp.mpc) or isinstance(value, mp.mpc) or not mp.isfinite(again) or not mp.isfinite(value) or abs(value) > 1e150:
        return None
    if abs(first - again) > abs(again) * mpf(10) ** -20 + mpf(10) ** -30 or not 1e-200 < abs(again) < 1e200:
        return mpf(0) if abs(again) < mpf(10) ** -30 else None
    return again


class Draw:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def dyadic(self, low, high, parts=64):
        """A number with few binary digits, so that the formula means the same in doubles."""
        return self.random.randint(round(low * parts), round(high * parts)) / parts or 1 / parts

    def of(self, *choices):
        return self.random.choice(choices)

    def point(self, low=-1, high=1):
        x = 10 ** self.random.uniform(low, high)
        return float(f"{x:.{self.random.randint(2, 9)}g}")

    def signed(self, low=-1, high=1):
        return self.point(low, high) * self.of(1, 1, -1)

    def power(self, low, high):
        return f"1e{self.random.randint(low, high)}"

    def smooth(self, depth=None, u="x"):
        """A smooth function, defined everywhere."""
        depth = self.random.randint(1, 3) if depth is None else depth
        if depth == 0:
            return u
        a = lambda: self.smooth(depth - 1, u)
        b = lambda: self.smooth(self.random.randint(0, depth - 1), u)
        c = lambda: f"{self.dyadic(0.25, 3)}"
        return self.of(
            lambda: f"sin({c()}*{a()})", lambda: f"cos({a()}+{c()})", lambda: f"exp(-({a()})^2/{c()})", lambda: f"tanh({a()})", lambda: f"atan({c()}*{a()})",
            lambda: f"ln({c()}+({a()})^2)", lambda: f"sqrt({c()}+({a()})^2)", lambda: f"1/({c()}+({a()})^2)", lambda: f"exp(sin({a()}))", lambda: f"asinh({a()})",
            lambda: f"({a()}+{c()}*{b()})", lambda: f"{a()}*{b()}", lambda: f"({a()}-{c()})^{self.of(2, 3, 4)}", lambda: f"({b()})/({c()}+({a()})^2)",
        )()


def number(x):
    return f"{x:.17g}"


def cases(draw):
    """One case of every family in turn, for ever: category, formula, point, wrt, further fields."""
    d = draw
    while True:
        k, c, s = d.dyadic(0.25, 4), d.dyadic(0.5, 3), d.signed()
        yield "easy", d.smooth(2), s, "x", {}
        yield "easy", d.of(f"x^{d.random.randint(2, 6)}", "exp(x)", "ln(x)", f"exp(-x/{k})", "sinh(x)", f"x^{d.random.randint(1, 7)}*exp(-x)", "x*ln(x)", f"1/(x+{k})", "sqrt(x)", "cbrt(x)", f"{k}^x"), d.point(), "x", {}
        big = d.random.randint(-9, 12)
        yield "scaled", d.smooth(2, f"(x/1e{big})"), d.point(big - 0.7, big + 0.7), "x", {}
        yield "scaled", d.of("ln(x)", "sqrt(x)", "x^3+x", "1/x", "x^0.75", f"exp(-x/1e{big})", f"x/(1e{big}+x)", f"sqrt(x^2+1e{2 * big})", f"atan(x/1e{big})"), d.point(big - 1, big + 1), "x", {}
        yield "scaled", f"{d.power(-30, 30)}*({d.smooth(2)})", s, "x", {}
        yield "oscillatory", f"{d.of('sin', 'cos')}({d.random.randint(15, 3000)}*x){d.of('', '*exp(-x)', '+x', '*x', '/(1+x^2)')}", d.point(-0.5, 0.5), "x", {}
        yield "oscillatory", d.of(f"sin({k}*x^2)", "sin(exp(x/4))", f"x+0.01*sin({d.random.randint(20, 300)}*x)", f"tan({d.random.randint(2, 30)}*x)", f"exp(sin({d.random.randint(5, 60)}*x))", f"cos({k}/x)"), d.of(d.point(-0.5, 0.9), d.point(0.5, 1.3)), "x", {}
        tiny = d.point(-6, -1)
        yield "cancelling", d.of("(1-cos(x))/x^2", "(exp(x)-1)/x", "(sqrt(1+x)-1)/x", "x-sin(x)", "tan(x)-x", "exp(x)-1-x", "ln(1+x)/x", "(1+x)^3-1", "cosh(x)-1", "sinh(x)-sin(x)"), tiny, "x", {}
        large = d.point(1, 6)
        yield "cancelling", d.of("sqrt(x+1)-sqrt(x)", "ln(x+1)-ln(x)", "1/x-1/(x+1)", "sqrt(x^2+1)-x", "atan(x+1)-atan(x)"), large, "x", {}
        near = d.point(-6, -1.5)
        yield "edge", d.of("sqrt(x)", "ln(x)", "x^0.3", "x*sqrt(x)", "1/sqrt(x)", "x^1.5*ln(x)"), near, "x", {}
        one = 1 - near
        yield "edge", d.of("asin(x)", "sqrt(1-x^2)", "atanh(x)", "ln(1-x)", "(1-x)^0.75"), one, "x", {}
        yield "edge", d.of(f"sqrt(x-{c})", f"ln(x-{c})", f"acosh(x/{c})", f"(x-{c})^1.25*exp(x)"), c + near, "x", {}
        side = near * d.of(1, -1)
        yield "near corner", d.of(f"abs(x-{c})", f"exp(-abs(x-{c}))", f"max(x, {c})*sin(x)", f"abs(x-{c})*(x-{c})", f"abs(x-{c})^1.5", f"sqrt((x-{c})^2)+cos(x)", f"abs(x^2-{c}^2)"), c + side, "x", {}
        yield "near jump", d.of(f"sign(x-{c})*exp(x)", f"piecewise(x<{c}, x, x^2+1)", f"floor(x-{c})+x^2", f"floor(x-{c})*x"), c + side, "x", {}
        yield "near pole", d.of(f"1/(x-{c})", f"1/(x-{c})^2", f"exp(x)/(x-{c})", f"ln(abs(x-{c}))", f"1/sin(x-{c})", f"1/tan(x-{c})"), c + side, "x", {}
        yield "constant", f"{d.signed(-3, 9)}+0*x", s, "x", {}
        yield "offset", f"{d.power(2, 10)}+{d.of('sin(x)', 'exp(-x)', 'x^2', 'ln(x)', 'atan(x)', 'sqrt(x)', '1/x')}", d.point(), "x", {}
        yield "turning", d.of(f"(x-{c})^2", f"cos(x-{c})", f"exp(-(x-{c})^2)", f"(x-{c})^4+{k}", f"cosh(x-{c})", f"(x-{c})^3"), c, "x", {}
        for noise in (d.of("1e-12", "1e-10"), "1e-9", "1e-9", d.of("1e-7", "1e-6", "1e-5")):
            yield "noisy", d.of(d.smooth(1), d.smooth(2), "exp(x)", "ln(x)", "sqrt(x)", "x^2+1", "x^3-x", "exp(-x)*cos(x)", "x/(1+x)", "cosh(x)", f"sin({d.random.randint(2, 10)}*x)+3", "exp(x/100)"), d.point(-0.7, 1), "x", {"noise": noise}
        y = d.point()
        two = d.of("sin(x*y)", "exp(x)*cos(y)", "x/y", "x^2*y+sin(y)", "sqrt(x^2+y^2)", f"ln({k}+x*y)", "atan(y/x)", "x*exp(-y^2)+y", f"(x-{c})^2*y+{k}*x*y^3", "100*(y-x^2)^2+(1-x)^2")
        yield "several", two, (d.point(), y), d.of("x", "y", "x,y", "x,x", "y,y", "x,y", "x,x,y", "x,y,y", "x,x,y,y"), {}
        far = d.random.randint(2, 9)
        yield "several", f"{d.of('sin', 'exp', 'atan')}(x*1e{far})*(1+y/1e{far})", (d.point(-far - 1, -far), d.point(far - 1, far)), d.of("x", "y", "x,y"), {}
        for order in (2, 3, 4):
            entry = d.of(d.smooth(1), d.smooth(2), "exp(x)", "ln(x)", "sqrt(x)", "x*exp(-x)", f"x^{d.random.randint(3, 7)}", "exp(-x^2/2)", f"cos({d.random.randint(1, 6)}*x)", "1/(1+x^2)", "tanh(x)", f"1/(x+{k})", "x*ln(x)")
            yield f"order {order}", entry, d.point(-0.7, 0.7), ",".join("x" * order), {}
            yield f"order {order}", d.of("ln(x)", "sqrt(x)", f"exp(x/1e{big})", f"sin(x/1e{big})", f"1/(1+x/1e{big})"), d.point(big - 0.5, big + 0.5), ",".join("x" * order), {}


def specials(draw):
    """Points without a derivative, one of every family in turn: kind, formula, point, what is true."""
    d = draw
    while True:
        c, k, g = d.dyadic(-4, 4), d.dyadic(0.25, 3), d.of("", "+sin(x)", "+x^2", "+exp(x/4)", "+3")
        slope = {"": 0, "+sin(x)": mp.cos(c), "+x^2": mpf(2) * c, "+exp(x/4)": mp.exp(mpf(c) / 4) / 4, "+3": 0}[g]
        at = f"(x-{c})" if c >= 0 else f"(x+{-c})"
        sides = lambda left, right: {"left": mp.nstr(left + slope, 20), "right": mp.nstr(right + slope, 20)}
        yield "corner", f"{k}*abs{at}{g}", c, sides(-k, k)
        yield "corner", f"{k}*max({at}, 0){g}", c, sides(0, k)
        yield "corner", f"exp(-{k}*abs{at}){g}", c, sides(k, -k)
        yield "corner", f"abs(sin({k}*{at})){g}", c, sides(-k, k)
        h = d.dyadic(0.01, 3, 1024)
        yield "jump", f"{h}*sign{at}{g}", c, {"height": 2 * h}
        yield "jump", f"piecewise(x<{c}, x, x+{h}){g}", c, {"height": h}
        yield "jump", f"{h}*floor{at}{g}", c, {"height": h}
        yield "pole", d.of(f"1/{at}{g}", f"{k}/{at}^2{g}", f"{k}/{at}^3{g}", f"ln(abs{at}){g}", f"1/tan{at}{g}"), c, {}
        yield "infinite", d.of(f"cbrt{at}{g}", f"sqrt(abs{at}){g}", f"sqrt{at}{g}", f"cbrt({at}^2){g}", f"{at}^0.25{g}", f"sqrt({c}-x){g}".replace("--", "+")), c, {}
        yield "one-sided", d.of(f"{at}*sqrt{at}{g}", f"sqrt{at}^3{g}", f"{at}^1.75{g}"), c, {"right": mp.nstr(mpf(slope), 20)}
        yield "undefined", d.of(f"ln({c - k}-x){g}".replace("--", "+"), f"sqrt({at}-{k}){g}", f"asin({at}+{1 + k}){g}", f"sqrt(-{k}-x^2)"), c, {}
        yield "overflow", d.of("exp(x^2)", "exp(exp(x))", "x^200"), d.of(1e3, 4096.0, 2e5), {}
        yield "removable", d.of(f"sin({k}*{at})/{at}", f"(exp({k}*{at})-1)/{at}", f"({at}*{k}+{at}^2)/{at}", f"tan({k}*{at})/{at}"), c, {"limit": mp.nstr(mpf(k), 20)}
        yield "noise", f"{d.dyadic(1, 5)}+0*x", d.signed(), {"noise": d.of("1e-2", "1e-3", "1e-4", "1e-5")}
        yield "noise", f"sin(x)+{d.dyadic(1, 2)}", d.point(-0.5, 0.5), {"noise": d.of("0.5", "0.3")}
        w = d.random.randint(5, 8)
        x = d.dyadic(0, 2)
        if abs(mp.cos(mpf(10) ** w * x)) > 0.1:
            yield "scale", f"{k}*x+1e-{w}*sin(1e{w}*x)", x, {"coarse": k, "fine": mp.nstr(k + mp.cos(mpf(10) ** w * x), 20)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", required=True)
    asked = parser.parse_args()
    draw, seen = Draw(asked.seed), set()
    lines = ["# Differences: cases drawn at random", ""]

    def write(category, formula, place, wrt, fields):
        title = f"{category}: {formula} at {place} by {wrt} noise {fields.get('noise', 0)}"
        if title in seen:
            return
        seen.add(title)
        lines.append(f"## {title}")
        lines.extend(f"    {key}: {value}" for key, value in dict(category=category, formula=formula, at=place, wrt=wrt, **fields).items())
        lines.append("")

    family = cases(draw)
    while len(seen) < asked.cases * 4 // 5:
        category, formula, at, wrt, fields = next(family)
        at = at if isinstance(at, tuple) else (at,)
        orders = tuple(wrt.split(",").count(name) for name in "xyz"[: len(at)])
        truth = derivative(formula, at, orders)
        if truth is not None:
            place = ",".join(f"{name}={number(x)}" for name, x in zip("xyz", at))
            write(category, formula, place, wrt, dict(kind="smooth", value=mp.nstr(truth, 25), **fields))
    mp.dps = 40
    family = specials(draw)
    while len(seen) < asked.cases:
        kind, formula, at, fields = next(family)
        write(kind, formula, f"x={number(at)}", "x", dict(kind=kind, **fields))
    with open(asked.output, "w") as file:
        file.write("\n".join(lines))


main()
