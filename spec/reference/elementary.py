"""Makes spec/reference/elementary.tsv: elementary functions with their first and second partial derivatives.

Each row gives a function, its arguments (f64 values, shortest decimals), and to 50 significant digits the value there,
the first partial derivatives d1[,d2], and the second ones d11[,d12,d22]. The truth belongs to exactly those f64 values.

Conventions
    -0.0 is the number 0, and every zero is written `0`.
    `undefined`: no such real number. A derivative is written only where it is the ordinary two-sided one along its
    coordinate; at a domain edge, kink or jump it is `undefined` (the slope of sqrt and of x^1.5 at 0, of |x| at 0).
    `inf`, `-inf`: only as a value, where IEEE 754 says so and the limit is that: ln 0, atanh 1.
    Beyond the range of f64 the true digits stand (exp 1000 = 1.97e434), with as long an exponent as it takes.

How the numbers are trusted
    1. Everything is computed with 1500 and again with 2300 digits; both must agree to 60.
    2. Every derivative formula is held against mpmath.diff of the value formula (differences with a step of 1e-1100)
       and must agree to 30 digits, except where the derivative is 1e-1000 times smaller than the value.
    3. Exact zeros are dangerous (a cancellation looks like one): the formulas below avoid cancellation of huge with tiny.

Run: python3 spec/reference/elementary.py        (made with Python 3.11.7, mpmath 1.3.0; about three minutes)
"""

import itertools
import pathlib

from mpmath import mp, mpf

DIGITS, WORKING, WORKING_AGAIN, DIFFERENCE = 50, 1500, 2300, 1100
UP, DOWN = 1 + 2.0**-52, 1 - 2.0**-53  # the neighbours of 1
MAX, MIN = 1.7976931348623157e308, 5e-324
INF = mpf("inf")

MAGNITUDES = [MIN, 1e-300, 1e-20, 1e-8, 1e-4, 0.01, 0.3, 0.5, DOWN, 1.0, UP, 1.5, 2.0, 2.5, 3.0, 10.0, 40.0, 745.0,
              1e10, 1e22, 1e300, MAX]
POSITIVE = MAGNITUDES
COMMON = [0.0, -0.0] + [sign * m for m in MAGNITUDES for sign in (1, -1)]
INSIDE_ONE = [0.0, -0.0] + [s * m for m in (MIN, 1e-300, 1e-20, 1e-8, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999999,
                                           1 - 2.0**-30, 1 - 2.0**-52, DOWN, 1.0, UP, 2.0) for s in (1, -1)]
CIRCLE = [3.141592653589793, -3.141592653589793, 3.1415926535897936, 6.283185307179586, 1.5707963267948966,
          -1.5707963267948966, 1.5707963267948968, 4.71238898038469, 0.7853981633974483, 2.356194490192345, 355.0, -355.0,
          1e5, 6381956970095103.0 * 2.0**797]
THRESHOLDS = [708.3, 709.78, 709.79, 710.4, 710.5, -708.3, -708.4, -709.78, -745.1, -745.2, -740.0]
FEW_OUTSIDE = [-MIN, -1e-20, -1.0, -1e300]


# ---------------------------------------------------------------- pieces the formulas share

def sigmoid(x):
    return 1 / (1 + mp.exp(-x)) if x >= 0 else mp.exp(x) / (1 + mp.exp(x))

def softplus(x):
    return x + mp.log1p(mp.exp(-x)) if x > 0 else mp.log1p(mp.exp(x))

def sinc(x):
    return mp.sin(x) / x if x else mpf(1)

def sinc_first(x):
    return (mp.cos(x) - sinc(x)) / x if x else mpf(0)

def sinc_second(x):
    return -sinc(x) - 2 * sinc_first(x) / x if x else -mpf(1) / 3

def real_cbrt(x):
    return mp.sign(x) * mp.cbrt(abs(x))

def round_half_even(x):
    low, rest = mp.floor(x), x - mp.floor(x)
    half = mpf(1) / 2
    return low + 1 if rest > half or (rest == half and mp.floor(low / 2) != low / 2) else low

def always(*_):
    return True

def nowhere(*_):
    return None

def zero(*_):
    return mpf(0)


# ---------------------------------------------------------------- one argument
# name: (points, where it is smooth, value, first, second, value on the edge of the smooth part)

def below_one(x):
    return (1 - x) * (1 + x)

def edges(table):
    """The value at isolated points where the function exists but has no ordinary derivative."""
    return lambda x: table[float(x)]() if float(x) in table else None

UNARY = {
    "neg": (COMMON[:30], always, lambda x: -x, lambda x: mpf(-1), zero, nowhere),
    "sqrt": (POSITIVE + [0.0, -0.0, 4.0, 1e-310, 100.0, 0.1, 7.0, 1e100] + FEW_OUTSIDE, lambda x: x > 0,
             mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), lambda x: -1 / (4 * x * mp.sqrt(x)), edges({0.0: lambda: mpf(0)})),
    "cbrt": (COMMON + [8.0, -27.0, 1e-310, 0.1], lambda x: x != 0, real_cbrt, lambda x: 1 / (3 * real_cbrt(x) ** 2),
             lambda x: -2 / (9 * real_cbrt(x) ** 5), edges({0.0: lambda: mpf(0)})),
    "exp": (COMMON + THRESHOLDS, always, mp.exp, mp.exp, mp.exp, nowhere),
    "expm1": (COMMON + THRESHOLDS + [36.7, -36.7, -37.5], always, mp.expm1, mp.exp, mp.exp, nowhere),
    "exp2": (COMMON + [1023.0, 1023.9999999999999, 1024.0, -1022.0, -1074.0, -1075.0, -1076.0, 0.1], always,
             lambda x: mp.power(2, x), lambda x: mp.power(2, x) * mp.ln2, lambda x: mp.power(2, x) * mp.ln2**2, nowhere),
    "ln": (POSITIVE + [0.0, -0.0, 0.9, 0.999, 1.001, 1.1, 2.718281828459045, 100.0, 1e-310] + FEW_OUTSIDE,
           lambda x: x > 0, mp.log, lambda x: 1 / x, lambda x: -1 / x**2, edges({0.0: lambda: -INF})),
    "log2": (POSITIVE + [0.0, -0.0, 0.9, 0.999, 1.001, 8.0, 0.125, 1e-310] + FEW_OUTSIDE, lambda x: x > 0,
             lambda x: mp.log(x) / mp.ln2, lambda x: 1 / (x * mp.ln2), lambda x: -1 / (x**2 * mp.ln2),
             edges({0.0: lambda: -INF})),
    "log10": (POSITIVE + [0.0, -0.0, 0.9, 0.999, 1.001, 1000.0, 0.001, 1e-310] + FEW_OUTSIDE, lambda x: x > 0,
              lambda x: mp.log(x) / mp.ln10, lambda x: 1 / (x * mp.ln10), lambda x: -1 / (x**2 * mp.ln10),
              edges({0.0: lambda: -INF})),
    "log1p": (POSITIVE + [0.0, -0.0, -MIN, -1e-300, -1e-20, -1e-8, -1e-4, -0.01, -0.3, -0.5, -0.9, -DOWN, -1.0, -UP, -2.0],
              lambda x: x > -1, mp.log1p, lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2, edges({-1.0: lambda: -INF})),
    "sin": (COMMON + CIRCLE, always, mp.sin, mp.cos, lambda x: -mp.sin(x), nowhere),
    "cos": (COMMON + CIRCLE, always, mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x), nowhere),
    "tan": (COMMON + CIRCLE, always, mp.tan, lambda x: mp.sec(x) ** 2, lambda x: 2 * mp.tan(x) * mp.sec(x) ** 2, nowhere),
    "cot": (COMMON + CIRCLE, lambda x: x != 0, mp.cot, lambda x: -mp.csc(x) ** 2,
            lambda x: 2 * mp.cot(x) * mp.csc(x) ** 2, nowhere),
    "sec": (COMMON + CIRCLE, always, mp.sec, lambda x: mp.sec(x) * mp.tan(x),
            lambda x: mp.sec(x) * (mp.tan(x) ** 2 + mp.sec(x) ** 2), nowhere),
    "csc": (COMMON + CIRCLE, lambda x: x != 0, mp.csc, lambda x: -mp.csc(x) * mp.cot(x),
            lambda x: mp.csc(x) * (mp.cot(x) ** 2 + mp.csc(x) ** 2), nowhere),
    "asin": (INSIDE_ONE, lambda x: abs(x) < 1, mp.asin, lambda x: 1 / mp.sqrt(below_one(x)),
             lambda x: x / mp.sqrt(below_one(x)) ** 3, edges({1.0: lambda: mp.pi / 2, -1.0: lambda: -mp.pi / 2})),
    "acos": (INSIDE_ONE, lambda x: abs(x) < 1, mp.acos, lambda x: -1 / mp.sqrt(below_one(x)),
             lambda x: -x / mp.sqrt(below_one(x)) ** 3, edges({1.0: lambda: mpf(0), -1.0: lambda: +mp.pi})),
    "atan": (COMMON, always, mp.atan, lambda x: 1 / (1 + x**2), lambda x: -2 * x / (1 + x**2) ** 2, nowhere),
    # acot(x) = atan(1/x): it jumps at 0 from -pi/2 to pi/2, and the value there is pi/2.
    "acot": (COMMON, lambda x: x != 0, lambda x: mp.atan(1 / x), lambda x: -1 / (1 + x**2),
             lambda x: 2 * x / (1 + x**2) ** 2, edges({0.0: lambda: mp.pi / 2})),
    "sinh": (COMMON + THRESHOLDS, always, mp.sinh, mp.cosh, mp.sinh, nowhere),
    "cosh": (COMMON + THRESHOLDS, always, mp.cosh, mp.sinh, mp.cosh, nowhere),
    "tanh": (COMMON + [19.0, -19.0, 20.0, 22.0, 400.0, 354.0, 372.0, 0.1], always, mp.tanh, lambda x: mp.sech(x) ** 2,
             lambda x: -2 * mp.tanh(x) * mp.sech(x) ** 2, nowhere),
    "coth": (COMMON + [19.0, -19.0, 20.0, 400.0, 0.1], lambda x: x != 0, mp.coth, lambda x: -mp.csch(x) ** 2,
             lambda x: 2 * mp.coth(x) * mp.csch(x) ** 2, nowhere),
    "sech": (COMMON + THRESHOLDS + [0.881373587019543, 19.0], always, mp.sech, lambda x: -mp.sech(x) * mp.tanh(x),
             lambda x: mp.sech(x) * (mp.tanh(x) ** 2 - mp.sech(x) ** 2), nowhere),
    "csch": (COMMON + THRESHOLDS, lambda x: x != 0, mp.csch, lambda x: -mp.csch(x) * mp.coth(x),
             lambda x: mp.csch(x) * (mp.coth(x) ** 2 + mp.csch(x) ** 2), nowhere),
    "asinh": (COMMON, always, mp.asinh, lambda x: 1 / mp.sqrt(1 + x**2), lambda x: -x / mp.sqrt(1 + x**2) ** 3, nowhere),
    "acosh": ([1.0, UP, 1 + 2.0**-51, 1 + 2.0**-40, 1 + 1e-10, 1 + 1e-8, 1.000001, 1.0001, 1.001, 1.01, 1.1, 1.25, 1.5, 1.75,
               2.0, 2.5, 3.0, 4.0, 5.0, 10.0, 40.0, 100.0, 745.0, 1e4, 1e7, 1e8, 1e10, 1e22, 1e100, 1e154, 1e155, 1e300, MAX,
               DOWN, 0.5, 0.0, -0.0, -1.0], lambda x: x > 1, mp.acosh, lambda x: 1 / mp.sqrt((x - 1) * (x + 1)),
              lambda x: -x / mp.sqrt((x - 1) * (x + 1)) ** 3, edges({1.0: lambda: mpf(0)})),
    "atanh": (INSIDE_ONE, lambda x: abs(x) < 1, mp.atanh, lambda x: 1 / below_one(x), lambda x: 2 * x / below_one(x) ** 2,
              edges({1.0: lambda: INF, -1.0: lambda: -INF})),
    "abs": (COMMON, lambda x: x != 0, abs, mp.sign, zero, edges({0.0: lambda: mpf(0)})),
    "sign": (COMMON, lambda x: x != 0, mp.sign, zero, zero, edges({0.0: lambda: mpf(0)})),
    "heaviside": (COMMON, lambda x: x != 0, lambda x: mpf(x > 0), zero, zero, edges({0.0: lambda: mpf(1) / 2})),
    "floor": (COMMON + [2 - 2.0**-52, -7.5, 0.1, 4503599627370495.5], lambda x: not mp.isint(x), mp.floor, zero, zero,
              mp.floor),
    "ceil": (COMMON + [2 - 2.0**-52, -7.5, 0.1, 4503599627370495.5], lambda x: not mp.isint(x), mp.ceil, zero, zero, mp.ceil),
    "round": (COMMON + [3.5, -3.5, 0.49999999999999994, 0.5000000000000001, 0.1, 1.4999999999999998, 4503599627370495.5],
              lambda x: not mp.isint(x - mpf(1) / 2), round_half_even, zero, zero, round_half_even),
    "relu": (COMMON, lambda x: x != 0, lambda x: max(x, mpf(0)), lambda x: mpf(x > 0), zero, edges({0.0: lambda: mpf(0)})),
    "sigmoid": (COMMON + THRESHOLDS + [36.7, 37.0, -36.7, 20.0], always, sigmoid, lambda x: sigmoid(x) * sigmoid(-x),
                lambda x: -sigmoid(x) * sigmoid(-x) * mp.tanh(x / 2), nowhere),
    "softplus": (COMMON + THRESHOLDS + [33.3, 36.7, 37.0, -36.7, -37.0], always, softplus, sigmoid,
                 lambda x: sigmoid(x) * sigmoid(-x), nowhere),
    "silu": (COMMON + THRESHOLDS + [36.7, -1.278464542761074, 2.399357280520311], always, lambda x: x * sigmoid(x),
             lambda x: sigmoid(x) * (1 + x * sigmoid(-x)),
             lambda x: sigmoid(x) * sigmoid(-x) * (2 - x * mp.tanh(x / 2)), nowhere),
    "sinc": (COMMON + CIRCLE + [1e-3, 1e-5, 1e-6, 0.05, 0.1, 0.2, 4.493409457909064], always, sinc, sinc_first, sinc_second,
             nowhere),
}


def unary_row(entry, x):
    _, smooth, value, first, second, edge = entry
    if smooth(x):
        return [value(x)], [first(x)], [second(x)]
    return [edge(x)], [None], [None]


# ---------------------------------------------------------------- two arguments
# name: (points, row), where row(a, b) gives ([value], [d1, d2], [d11, d12, d22]) with None for `undefined`.

NOTHING = ([None], [None] * 2, [None] * 3)

def add_row(a, b):
    return [a + b], [mpf(1), mpf(1)], [mpf(0)] * 3

def sub_row(a, b):
    return [a - b], [mpf(1), mpf(-1)], [mpf(0)] * 3

def mul_row(a, b):
    return [a * b], [b, a], [mpf(0), mpf(1), mpf(0)]

def div_row(a, b):
    return ([a / b], [1 / b, -a / b**2], [mpf(0), -1 / b**2, 2 * a / b**3]) if b else NOTHING

def atan2_row(y, x):
    if y == 0 and x == 0:
        return NOTHING
    if y == 0 and x < 0:  # on the branch cut: along x it is the constant pi, along y it jumps
        return [+mp.pi], [None, mpf(0)], [None, None, mpf(0)]
    square = x**2 + y**2
    twist = 2 * x * y / square**2
    return [mp.atan2(y, x)], [x / square, -y / square], [-twist, (y - x) * (y + x) / square**2, twist]

def hypot_row(x, y):
    if x == 0 and y == 0:
        return [mpf(0)], [None] * 2, [None] * 3
    r = mp.sqrt(x**2 + y**2)
    return [r], [x / r, y / r], [y**2 / r**3, -x * y / r**3, x**2 / r**3]

def extremum_row(take_first):
    def row(a, b):
        if a == b:
            return [a], [None] * 2, [None] * 3
        first = take_first(a, b)
        return [a if first else b], [mpf(first), mpf(not first)], [mpf(0)] * 3
    return row

def mod_row(a, b):
    if b == 0:
        return NOTHING
    turns = mp.floor(a / b)
    if a == 0:  # mod(0, b) is 0 for every b, but a step in a
        return [mpf(0)], [None, mpf(0)], [None, None, mpf(0)]
    if turns * b == a:
        return [mpf(0)], [None] * 2, [None] * 3
    return [a - b * turns], [mpf(1), -turns], [mpf(0)] * 3

def signed_power(x, y):
    """x^y for x < 0 and an integer y."""
    return (-1 if mp.floor(y / 2) * 2 != y else 1) * mp.power(-x, y)

def pow_row(x, y):
    if x > 0:
        p, slope, log = mp.power(x, y), mp.power(x, y - 1), mp.log(x)
        return [p], [y * slope, p * log], [y * (y - 1) * mp.power(x, y - 2), slope * (1 + y * log), p * log**2]
    if x < 0 and mp.isint(y):
        first = y * signed_power(x, y - 1) if y else mpf(0)
        second = y * (y - 1) * signed_power(x, y - 2) if y not in (0, 1) else mpf(0)
        return [signed_power(x, y)], [first, None], [second, None, None]
    if x == 0 and y > 0:  # 0^y is 0 for y > 0; along x both sides exist only for an integer y
        first, second = ({1: mpf(1)}.get(y, mpf(0)), {2: mpf(2)}.get(y, mpf(0))) if mp.isint(y) else (None, None)
        return [mpf(0)], [first, mpf(0)], [second, None, mpf(0)]
    if x == 0 and y == 0:  # x^0 is 1 for every x
        return [mpf(1)], [mpf(0), None], [mpf(0), None, None]
    return NOTHING

def root_row(x, n):
    if not mp.isint(n) or n == 0 or (x == 0 and n < 0) or (x < 0 and mp.floor(n / 2) * 2 == n):
        return NOTHING
    if x == 0:
        slope, bend = (mpf(1), mpf(0)) if n == 1 else (None, None)
        return [mpf(0)], [slope, None], [bend, None, None]
    r = mp.sign(x) * mp.power(abs(x), 1 / n)
    return [r], [r / (n * x), None], [r * (1 - n) / (n * x) ** 2, None, None]

def product(left, right):
    return list(itertools.product(left, right))

SIDES = [0.0, 1.0, -1.0, 0.5, -3.0, 1e-20, 1e300, -1e-300]
POWERS_OF = [0.0, MIN, 1e-300, 0.3, DOWN, 1.0, UP, 2.0, 10.0, 1e300]
EXPONENTS = [0.0, 1.0, 2.0, 0.5, -1.0, -2.5, 1e-20, 100.0, 1e22]
NEGATIVE_POWERS = product([-2.0, -0.3, -1e-300, -1.0], [0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, 101.0, 1e22])
SPECIAL_POWERS = [(1.0000001, 1e9), (0.9999999, 1e9), (2.0, 1023.5), (2.0, 1024.0), (2.0, -1074.5), (-0.0, 2.0), (-0.0, -1.0),
                  (0.0, 1.5), (0.0, 3.0), (2.718281828459045, 10.0), (UP, 1e16), (DOWN, 1e18), (-2.0, 1023.0),
                  (1e-300, 1e-300), (3.0, -0.0)]
NEAR_TIES = [(1.0, UP), (UP, 1.0), (1.0, DOWN), (0.0, -0.0), (MIN, 0.0), (-MIN, 0.0), (MAX, -MAX), (2.5, 2.5), (-3.5, 2.0)]

BINARY = {
    "add": (product(SIDES, [0.0, 1.0, -3.0, 1e22]), add_row),
    "sub": (product(SIDES, [0.0, 1.0, -3.0, 1e22]) + [(UP, 1.0)], sub_row),
    "mul": (product(SIDES, [0.0, 1.0, -3.0, 1e22]) + [(1e300, 1e300), (1e-300, 1e-300)], mul_row),
    "div": (product(SIDES, [0.0, 1.0, -3.0, 1e22, 1e-300]) + [(1.0, MIN), (1.0, -0.0)], div_row),
    "atan2": (product(SIDES, SIDES) + [(1.0, UP), (MIN, MIN), (-MIN, MAX), (MAX, MAX), (MIN, -1.0), (-MIN, -1.0), (-0.0, 2.0)],
              atan2_row),
    "hypot": (product(SIDES, SIDES) + [(3.0, 4.0), (MIN, MIN), (MAX, MAX), (1e-170, 1e-170), (1e200, 1e200), (1.0, 1e-9)],
              hypot_row),
    "min": (product(SIDES, [0.0, 1.0, -3.0, 1e22]) + NEAR_TIES, extremum_row(lambda a, b: a < b)),
    "max": (product(SIDES, [0.0, 1.0, -3.0, 1e22]) + NEAR_TIES, extremum_row(lambda a, b: a > b)),
    "mod": (product([0.0, -0.0, 5.5, -5.5, 7.0, -7.0, 0.3, 1e22, MIN, -MIN], [1.0, -1.0, 3.0, 0.1, 2.5, 0.0])
            + [(1e300, 3.0), (MAX, 1e-300), (5.0, 1e300), (-5.0, 1e300), (1.0, UP), (UP, 1.0), (6.0, -4.0)], mod_row),
    "pow": (product(POWERS_OF, EXPONENTS) + NEGATIVE_POWERS + SPECIAL_POWERS, pow_row),
    "root": (product([0.0, 1e-300, 0.3, UP, 8.0, -8.0, -0.3, 1e300, -1e300], [1.0, 2.0, 3.0, 4.0, 5.0, -2.0, -3.0])
             + [(MIN, 3.0), (-MIN, 3.0), (4.0, 0.0), (8.0, 2.5), (-8.0, 2.5), (1024.0, 10.0), (MAX, 101.0), (-0.0, 3.0)],
             root_row),
}


# ---------------------------------------------------------------- computing, checking, writing

def row_at(row, arguments, digits):
    with mp.workdps(digits):
        return [[None if number is None else +number for number in group] for group in row(*map(mpf, arguments))]

def agree(a, b, digits):
    if a is None or b is None or mp.isinf(a) or mp.isinf(b):
        return a == b if a is not None and b is not None else a is b
    return a == b or abs(a - b) <= mpf(10) ** -digits * max(abs(a), abs(b))

def trusted_row(row, arguments):
    once, again = row_at(row, arguments, WORKING), row_at(row, arguments, WORKING_AGAIN)
    with mp.workdps(WORKING):
        assert all(agree(a, b, 60) for one, two in zip(once, again) for a, b in zip(one, two, strict=True)), arguments
    return again

ORDERS = {1: ([(1,)], [(2,)]), 2: ([(1, 0), (0, 1)], [(2, 0), (1, 1), (0, 2)])}

def differences_agree(row, arguments, numbers):
    """Holds the written derivatives against differences of the value; returns (held, too small to hold)."""
    value, *derivatives = numbers
    held = skipped = 0
    with mp.workdps(DIFFERENCE):
        for orders, group in zip(ORDERS[len(arguments)], derivatives):
            for order, derivative in zip(orders, group):
                if derivative is None:
                    continue
                if derivative and abs(derivative) < mpf(10) ** -1000 * abs(value[0]):
                    skipped += 1
                    continue
                function = lambda *at: row(*at)[0][0]
                # An integer exponent or a zero must stay exact: only the coordinate of the derivative moves.
                moving = [i for i, n in enumerate(order) if n]
                if len(moving) == 1:
                    i = moving[0]
                    line = lambda t: function(*[t if j == i else mpf(a) for j, a in enumerate(arguments)])
                    difference = mp.diff(line, mpf(arguments[i]), order[i])
                else:
                    difference = mp.diff(function, tuple(map(mpf, arguments)), order)
                tiny = mpf(10) ** -900 * max(1, abs(value[0]))
                assert agree(difference, derivative, 30) or (derivative == 0 and abs(difference) < tiny), (arguments, order)
                held += 1
    return held, skipped

def decimal(argument):
    text = repr(argument).replace("e+", "e").replace("e-0", "e-")
    return text if text == "-0.0" else text.removesuffix(".0")

def written(number):
    if number is None:
        return "undefined"
    if mp.isinf(number):
        return "inf" if number > 0 else "-inf"
    text = mp.nstr(number, DIGITS, min_fixed=-5, max_fixed=17).replace("e+", "e").replace(".0e", "e")
    return "0" if number == 0 else text.removesuffix(".0")

def all_functions():
    for name, entry in UNARY.items():
        yield name, [(x,) for x in entry[0]], lambda x, entry=entry: unary_row(entry, x)
    for name, (points, row) in BINARY.items():
        yield name, points, row

def main():
    lines = ["function\targuments\tvalue\tfirst\tsecond"]
    total_held = total_skipped = 0
    for name, points, row in all_functions():
        points = list({tuple(map(decimal, point)): point for point in points}.values())
        for point in points:
            numbers = trusted_row(row, point)
            held, skipped = differences_agree(row, point, numbers)
            total_held, total_skipped = total_held + held, total_skipped + skipped
            groups = [",".join(map(written, group)) for group in numbers]
            lines.append("\t".join([name, ",".join(map(decimal, point)), *groups]))
        print(f"{name}: {len(points)} points", flush=True)
    path = pathlib.Path(__file__).with_name("elementary.tsv")
    path.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 1} rows; {total_held} derivatives held against differences, {total_skipped} too small for that")

if __name__ == "__main__":
    main()
