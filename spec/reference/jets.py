"""Makes spec/orders.md: high derivatives to 50 digits, for the test of the method 'taylor'.

    pip install mpmath && python spec/reference/jets.py

Each formula is translated by hand to mpmath, and its n-th derivative is the contour integral
n!/(2 pi r^n) * integral of f(a + r e^(it)) e^(-int) dt, by the trapezoidal rule, which converges geometrically for an
analytic function. Two radii and two numbers of nodes must agree to 60 digits. Where a closed form is known (tangent
and Bernoulli numbers, falling factorials), it is asserted beside.
"""

import pathlib

from mpmath import mp, mpf

DIGITS = 50
ORDERS = (1, 2, 5, 10, 20, 50)

HEAD = """# High orders

Derivatives of order 1 to 50, to 50 significant digits, at exactly the f64 shown, made outside of secant by
`spec/reference/jets.py`: Cauchy's integral around the point, by mpmath, on two circles that must agree. Up to the order `useful` the
bound must be small beside the number; beyond it doubles cannot say much: x/(e^x - 1) has no pole at 0 only because two
numbers cancel, which they do no longer when the last digit of e changes. A test reads this file.
"""

F = []

def case(title, text, function, point, radius, highest=50, useful=50):
    F.append((title, text, function, point, radius, highest, useful))

case("sine", "sin(x)", mp.sin, 0.75, 1)
case("exponential", "exp(x)", mp.exp, -1.5, 1)
case("witch of Agnesi", "1/(1+x^2)", lambda x: 1/(1 + x**2), 0.5, "0.4")
case("witch of Agnesi, far out", "1/(1+x^2)", lambda x: 1/(1 + x**2), 2.0, "0.8")
case("Runge", "1/(1+25x^2)", lambda x: 1/(1 + 25*x**2), 0.3, "0.12")
case("tangent at 0", "tan(x)", mp.tan, 0.0, "0.6")
case("tangent", "tan(x)", mp.tan, 1.0, "0.25")
case("Bernoulli's quotient", "x/(exp(x)-1)", lambda x: x/mp.expm1(x), 1.0, 1, useful=5)
case("Bose's factor", "1/(exp(x)-1)", lambda x: 1/mp.expm1(x), 3.0, 2)
case("Airy-like product", "exp(-x)*sin(x^2)", lambda x: mp.exp(-x)*mp.sin(x**2), 0.5, "0.7")
case("square root", "sqrt(x)", mp.sqrt, 2.0, "0.8")
case("logarithm", "ln(1+x)", lambda x: mp.log(1 + x), 0.5, "0.6")
case("power", "x^2.5", lambda x: x**mpf("2.5"), 3.0, 1)
case("power with a moving exponent", "x^x", lambda x: x**x, 1.5, "0.6")
case("bell", "exp(-x^2/2)", lambda x: mp.exp(-x**2/2), 1.0, 1)
case("arc tangent", "atan(x)", mp.atan, 0.5, "0.4")
case("arc sine", "asin(x)", mp.asin, 0.25, "0.3")
case("logistic", "sigmoid(x)", lambda x: 1/(1 + mp.exp(-x)), 0.5, 1)
case("hyperbolic tangent of a square", "tanh(x^2)", lambda x: mp.tanh(x**2), 0.5, "0.4")
case("sine over a parabola", "sin(x)/(1+x^2)", lambda x: mp.sin(x)/(1 + x**2), 2.0, "0.8")
case("root of a cosine", "sqrt(2+cos(3x))", lambda x: mp.sqrt(2 + mp.cos(3*x)), 0.25, "0.3")
case("cube root of a polynomial", "cbrt(x^3+2x+5)", lambda x: mp.cbrt(x**3 + 2*x + 5), 1.0, "0.8")
case("cardinal sine", "sinc(x)", lambda x: mp.sin(x)/x, 1.5, 1, 20)  # its rule knows orders to 30
case("polynomial", "x^7 - 3x^2 + 1", lambda x: x**7 - 3*x**2 + 1, -1.25, 1)
case("choice", "if x > 1 then ln(x) else x^2", mp.log, 2.0, "0.8")


def derivatives(function, point, radius):
    with mp.workdps(140):
        point, radius = mpf(point), mpf(radius)
        found = []
        for share, nodes in ((mpf(1), 1600), (mpf("0.83"), 1440)):
            turns = [mp.expjpi(mpf(2*k + 1)/nodes) for k in range(nodes)]
            r = radius*share
            values = [function(point + r*turn) for turn in turns]
            each = []
            for order in ORDERS:
                total = mp.fsum(mp.re(value*turn**-order) for value, turn in zip(values, turns))
                each.append(total/nodes*mp.factorial(order)/r**order)
            found.append(each)
        scale = [abs(a) + mpf(10)**-60 for a in found[0]]
        for a, b, size in zip(*found, scale):
            assert abs(a - b) <= mpf(10)**-58*max(size, 1), (mp.nstr(a, 20), mp.nstr(b, 20))
        return [mpf(0) if abs(a) < mpf(10)**-60 else +a for a in found[0]]

def written(number):
    if number == 0:
        return "0"
    text = mp.nstr(number, DIGITS, min_fixed=-5, max_fixed=17)
    return text.replace("e+", "e").replace(".0e", "e").removesuffix(".0")

def main():
    sections = []
    for title, text, function, point, radius, highest, useful in F:
        each = derivatives(function, point, radius)
        rows = "\n".join(f"| {order} | {written(value)} |" for order, value in zip(ORDERS, each) if order <= highest)
        place = repr(point).removesuffix(".0")
        sections.append(f"## {title}\n    formula: {text}\n    at: {place}\n    useful: {useful}\n"
                        f"| order | derivative |\n|---|---|\n{rows}")
    with mp.workdps(80):
        # Tangent numbers: the 2n-1-th derivative of tan at 0 is 4^n (4^n - 1) |B_2n| / (2n).
        index = [title for title, *_ in F].index("tangent at 0")
        five = derivatives(*F[index][2:5])[2]
        assert abs(five - mpf(4)**3*(mpf(4)**3 - 1)*abs(mp.bernoulli(6))/6) < mpf(10)**-50
        # The falling factorial of 5/2.
        index = [title for title, *_ in F].index("power")
        fifty = derivatives(*F[index][2:5])[5]
        closed = mp.ff(mpf("2.5"), 50)*mpf(3)**(mpf("2.5") - 50)
        assert abs(fifty - closed) < abs(closed)*mpf(10)**-55
    path = pathlib.Path(__file__).parents[1] / "orders.md"
    path.write_text("\n\n".join([HEAD.strip(), *sections]) + "\n")
    print(f"{len(F)} formulas with {len(ORDERS)} orders each")

if __name__ == "__main__":
    main()
