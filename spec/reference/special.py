"""Makes spec/reference/special.tsv: the error, gamma and Bessel functions and the smooth maximum, in the form and with the
conventions of elementary.py: value, first and second partial derivatives to 50 digits at the very f64 arguments.

How the numbers are trusted
    1. Everything is computed with 120 and again with 180 digits; both must agree to 60.
    2. The first and second derivatives are written here by other formulas than the entries use where there are any (y''
       from the differential equation, not from neighbouring orders), and held against mpmath.diff to 30 digits.

Run: python3 spec/reference/special.py        (made with Python 3.11.7, mpmath 1.3.0; about two minutes)
"""

import pathlib

from mpmath import mp, mpf

DIGITS, WORKING, WORKING_AGAIN, DIFFERENCE = 50, 120, 180, 100
UP, DOWN = 1 + 2.0**-52, 1 - 2.0**-53

SMALL = [s * m for m in (1e-20, 1e-8, 1e-4, 0.01, 0.3, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0) for s in (1, -1)]
ERF = [0.0] + SMALL + [0.46875, 0.84375, 1.25, 4.0, -4.0, 5.5, 6.0]
ERFC = ERF + [8.0, 12.0, 20.0, 25.0, 26.0, -6.0]
GELU = ERF + [-0.7517915246935645, -0.7518, 8.0, -8.0, -12.0, 20.0, -20.0]
POLES = [0.0, -0.0, -1.0, -2.0, -3.0, -17.0, -1e15]
GAMMA = [x for x in SMALL if not (x < 0 and x == int(x))] + POLES + [
    4.0, 5.0, 10.0, 22.0, 23.0, 24.0, 40.0, 100.0, 0.999, UP, DOWN, 1.4616321449683622, 2.001, 1e-15, -1e-15, -0.999,
    -1.001, -3.7, -10.5, -20.3, -20.0000001, -50.25, 20.0, 19.99]
HUGE = [1e5, 1e10, 1e22]
# Doubles beside zeros above 0, where plain differences lose everything.
LGAMMA = GAMMA + HUGE + [170.0, 171.7, 1.005, 0.995, 2 + 2.0**-51, 2 - 2.0**-52, 1.011, 1.989]
DIGAMMA = GAMMA + HUGE + [1.461632144968362, 1.4616321449683625, 1.46163, 1.4617, 171.7]
BESSEL = [0.0] + SMALL + [
    2.404825557695773, 5.520078110286311, -8.653727912911013, 3.8317059702075125, 7.015586669815619, 33.77582021357357,
    32.189679910974405, 10.0, 25.0, 35.9, 36.0, 36.917098353664045, 50.0, 100.0, -100.5, 1e5, 1e10]


def bell(x):
    return 2 / mp.sqrt(mp.pi) * mp.exp(-x**2)

def share(x):
    return mp.erfc(-x / mp.sqrt(mpf(2))) / 2

def density(x):
    return mp.exp(-x**2 / 2) / mp.sqrt(2 * mp.pi)

def at_pole(x):
    return x <= 0 and mp.isint(x)

def ln_gamma(x):
    return mp.log(abs(mp.gamma(x))) if x < 100 else mp.loggamma(x)

def gamma_second(x):
    return mp.gamma(x) * (mp.digamma(x) ** 2 + mp.psi(1, x))

def bessel_first(n, x):
    """From the order above alone; x² y'' = (n² - x²) y - x y' gives the second."""
    return n * over(mp.besselj(n, x), x, mpf(n == 1) / 2) - mp.besselj(n + 1, x)

def bessel_second(n, x):
    if not x:
        return {0: -mpf(1) / 2, 2: mpf(1) / 4}.get(int(n), mpf(0))
    return ((n**2 - x**2) * mp.besselj(n, x) - x * bessel_first(n, x)) / x**2

def over(a, x, limit):
    return a / x if x else limit

NOTHING = lambda arity: ([None], [None] * arity, [None] * (arity * (arity + 1) // 2))

def unary(value, first, second, is_pole=lambda x: False):
    return lambda x: NOTHING(1) if is_pole(x) else ([value(x)], [first(x)], [second(x)])

def ordered(value, first, second, is_pole=lambda x: False):
    """Of a whole order and x; there is no slope along the order."""
    return lambda n, x: NOTHING(2) if is_pole(x) else ([value(n, x)], [None, first(n, x)], [None, None, second(n, x)])

def smooth_maximum(a, b):
    # The share of the first; softmax. Written from the value, not from the difference.
    value = mp.log(mp.exp(a) + mp.exp(b))
    first, second = mp.exp(a - value), mp.exp(b - value)
    return [value], [first, second], [first * second, -first * second, first * second]

PAIRS = [(0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (-3.0, 0.5), (3.0, 3.0), (1000.0, 1001.0), (-1000.0, -1001.0), (700.0, -10.0),
         (-0.5, -1.0), (-0.6931471805599453, -0.6931471805599453), (-0.1, -2.3), (-1e-8, -18.0), (1e10, 1e10), (-1.7, -1.6),
         (0.3, -40.0), (5.0, 4.999)]

TABLE = {
    "erf": ([(x,) for x in ERF], unary(mp.erf, bell, lambda x: -2 * x * bell(x))),
    "erfc": ([(x,) for x in ERFC], unary(mp.erfc, lambda x: -bell(x), lambda x: 2 * x * bell(x))),
    "gelu": ([(x,) for x in GELU], unary(lambda x: x * share(x), lambda x: share(x) + x * density(x),
                                         lambda x: (2 - x**2) * density(x))),
    "gamma": ([(x,) for x in GAMMA], unary(mp.gamma, lambda x: mp.gamma(x) * mp.digamma(x), gamma_second, at_pole)),
    "lgamma": ([(x,) for x in LGAMMA], unary(ln_gamma, mp.digamma, lambda x: mp.psi(1, x), at_pole)),
    "digamma": ([(x,) for x in DIGAMMA], unary(mp.digamma, lambda x: mp.psi(1, x), lambda x: mp.psi(2, x), at_pole)),
    "polygamma": ([(float(n), x) for n in (0, 1, 2, 3, 7) for x in GAMMA[::2] + POLES[:4] + HUGE[:2]],
                  ordered(lambda n, x: mp.psi(int(n), x), lambda n, x: mp.psi(int(n) + 1, x),
                          lambda n, x: mp.psi(int(n) + 2, x), at_pole)),
    "j0": ([(x,) for x in BESSEL], unary(lambda x: mp.besselj(0, x), lambda x: bessel_first(0, x),
                                         lambda x: bessel_second(0, x))),
    "j1": ([(x,) for x in BESSEL], unary(lambda x: mp.besselj(1, x), lambda x: bessel_first(1, x),
                                         lambda x: bessel_second(1, x))),
    "bessel_j": ([(float(n), x) for n in (0, 1, 2, 5, 12) for x in BESSEL[::2]],
                 ordered(mp.besselj, bessel_first, bessel_second)),
    "logsumexp": (PAIRS, smooth_maximum),
}


def agree(a, b, digits):
    if a is None or b is None:
        return a is b
    return a == b or abs(a - b) <= mpf(10) ** -digits * max(abs(a), abs(b))

def row_at(row, arguments, digits):
    with mp.workdps(digits):
        return [[None if number is None else +number for number in group] for group in row(*map(mpf, arguments))]

def held_against_differences(row, arguments, numbers):
    """Each derivative along one coordinate against differences of the value."""
    orders = {1: ([(1,)], [(2,)]), 2: ([(1, 0), (0, 1)], [(2, 0), None, (0, 2)])}[len(arguments)]
    held = 0
    with mp.workdps(DIFFERENCE):
        for order, derivative in zip(orders[0] + orders[1], numbers[1] + numbers[2]):
            if order is None or derivative is None:
                continue
            place = max(range(len(order)), key=lambda i: order[i])
            line = lambda t: row(*[t if i == place else mpf(a) for i, a in enumerate(arguments)])[0][0]
            difference = mp.diff(line, mpf(arguments[place]), order[place])
            tiny = mpf(10) ** -40 * max(1, abs(numbers[0][0]))
            assert agree(difference, derivative, 30) or abs(difference - derivative) < tiny, (arguments, order)
            held += 1
    return held

def decimal(argument):
    text = repr(argument).replace("e+", "e").replace("e-0", "e-")
    return text if text == "-0.0" else text.removesuffix(".0")

def written(number):
    if number is None:
        return "undefined"
    text = mp.nstr(number, DIGITS, min_fixed=-5, max_fixed=17).replace("e+", "e").replace(".0e", "e")
    return "0" if number == 0 else text.removesuffix(".0")

def main():
    lines, total = ["function\targuments\tvalue\tfirst\tsecond"], 0
    for name, (points, row) in TABLE.items():
        points = list({tuple(map(decimal, point)): point for point in points}.values())
        for point in points:
            once, numbers = row_at(row, point, WORKING), row_at(row, point, WORKING_AGAIN)
            with mp.workdps(WORKING):
                tiny = mpf(10) ** -100  # an exact zero may be left as rounding
                for one, two in zip(once, numbers):
                    for a, b in zip(one, two, strict=True):
                        assert agree(a, b, 60) or max(abs(a), abs(b)) < tiny, (name, point)
            total += held_against_differences(row, point, numbers)
            groups = [",".join(map(written, group)) for group in numbers]
            lines.append("\t".join([name, ",".join(map(decimal, point)), *groups]))
        print(f"{name}: {len(points)} points", flush=True)
    pathlib.Path(__file__).with_name("special.tsv").write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 1} rows; {total} derivatives held against differences")

if __name__ == "__main__":
    main()
