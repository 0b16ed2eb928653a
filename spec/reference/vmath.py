"""Truth for the kernels of secant-vmath, from mpmath.

    python3 spec/reference/vmath.py > crates/secant-vmath/tests/truth.tsv      # arguments and values, for the tests
    python3 spec/reference/vmath.py FILE                                       # true errors of a file of misrounded results

A line of truth: function, arguments, value as the nearest double and what that lacks, all but the name in the hexadecimal
digits of the double. FILE is what `secant-vmath-ulp --misrounded FILE` writes.
"""

import random
import struct
import sys

import mpmath
from mpmath import mp, mpf

mp.prec = 200
INF = float("inf")

FUNCTIONS = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "exp2": lambda x: mpmath.power(2, x), "log": mpmath.log, "log1p": mpmath.log1p,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2), "log10": lambda x: mpmath.log(x) / mpmath.log(10), "pow": mpmath.power,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), "hypot": mpmath.hypot, "sin": mpmath.sin, "cos": mpmath.cos,
    "tan": mpmath.tan, "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan, "atan2": mpmath.atan2,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh, "sech": mpmath.sech, "asinh": mpmath.asinh, "acosh": mpmath.acosh,
    "atanh": mpmath.atanh, "erf": mpmath.erf, "erfc": mpmath.erfc, "gelu": lambda x: x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
}
RANGES = {
    "log": (0, 4), "log2": (0, 4), "log10": (0, 4), "log1p": (-1, 4), "acosh": (1, 4), "asin": (-1, 1), "acos": (-1, 1),
    "atanh": (-1, 1), "sin": (-100, 100), "cos": (-100, 100), "tan": (-100, 100), "tanh": (-20, 20), "erf": (-6, 6),
    "erfc": (-6, 27.5), "gelu": (-39, 9),
    "exp2": (-1080, 1030), "exp": (-750, 712), "expm1": (-40, 712), "sinh": (-712, 712), "cosh": (-712, 712), "sech": (-750, 750),
    "sigmoid": (-750, 40), "silu": (-755, 40), "softplus": (-750, 40),
}
# Of these every huge argument is hard; of others the size decides.
PERIODIC = {"sin", "cos", "tan"}


def bits(x):
    return struct.pack(">d", x).hex()


def double(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def exact(name, arguments):
    """The value at finite arguments, or None where it is out of every range (or not real)."""
    x = [mpf(argument) for argument in arguments]
    big = abs(arguments[0])
    if name in {"exp", "expm1", "sinh", "cosh", "sech", "softplus", "sigmoid", "silu", "exp2"} and big > 1100:
        return None
    if name in {"tanh", "erf", "erfc", "gelu"} and big > 40:
        return None
    if name == "pow" and abs(x[1] * mpmath.log(x[0])) > 760:
        return None
    # Differences of nearly equal numbers (1 - tanh, ln(1 + x)) need more digits than the result.
    with mp.workprec(200 + (1100 if big < 1e-10 or big > 1e10 else 200)):
        value = FUNCTIONS[name](*x)
    return value if isinstance(value, mpf) and mpmath.isfinite(value) else None


def unit(value):
    """The last place of the doubles around the value."""
    size = abs(value)
    exponent = max(int(mpmath.floor(mpmath.log(size, 2))), -1022) if size else -1022
    return mpf(2) ** (exponent - 52)


def arguments(name, count):
    source = random.Random(f"secant-vmath {name}")
    low, high = RANGES.get(name, (-10, 10))
    for _ in range(count):
        uniform = source.uniform(low, high)
        size = 2.0 ** source.uniform(-40, 40) * source.choice([1, -1])
        pattern = double(f"{source.getrandbits(64):016x}")
        x = source.choice([uniform, uniform, size, pattern])
        if name in {"asin", "acos", "atanh"} and abs(x) > 1:
            x = 1 / x
        if name in {"log", "log2", "log10", "pow"}:
            x = abs(x)
        if name == "acosh" and x < 1:
            x = 1 + abs(x)
        if name in {"pow", "atan2", "hypot"}:
            y = source.choice([source.uniform(-10, 10), 2.0 ** source.uniform(-20, 20)])
            if name == "pow" and x > 0 and source.random() < 0.5 and x != 1:
                y = source.uniform(-700, 700) / float(mpmath.log(x))
            yield x, y
        else:
            yield (x,)


def write_truth():
    print("# function, arguments, nearest double, what it lacks: written by spec/reference/vmath.py")
    for name in FUNCTIONS:
        extra = []
        if name in PERIODIC:
            extra = [(6381956970095103.0 * 2.0**797,), (5269904125684097.0 * 2.0**500,), (1e22,), (1e300,)]
            extra += [(float(k * mp.pi / 2),) for k in (1, 2, 3, 4, 5, 11, 22, 355, 710, 1000, 52174, 103993, 10**9)]
        for x in extra + list(arguments(name, 400)):
            if any(a != a or abs(a) == INF or a == 0 for a in x) or (name == "log1p" and x[0] <= -1):
                continue
            value = exact(name, x)
            if value is None:
                continue
            nearest = float(value)
            if abs(nearest) == INF:
                continue
            print("\t".join([name, *map(bits, x), bits(nearest), bits(float(value - mpf(nearest)))]))


def measure(path):
    worst = {}
    with open(path) as file:
        for line in file:
            name, *numbers = line.split()
            x, y, ours = map(double, numbers)
            x = (x, y) if name in {"pow", "atan2", "hypot"} else (x,)
            if abs(ours) == INF or any(abs(a) == INF for a in x):
                continue
            if name == "pow" and x[0] < 0:
                x, ours = (-x[0], x[1]), abs(ours)
            value = exact(name, x)
            if value is None or value == 0:
                continue
            error = float(abs(mpf(ours) - value) / unit(value))
            count, most, at = worst.get(name, (0, 0.0, None))
            worst[name] = (count + 1, *max((most, at), (error, x), key=lambda pair: pair[0]))
    print("| kernel | misrounded results measured | largest error, ulp | at |\n|---|---|---|---|")
    for name, (count, most, at) in worst.items():
        print(f"| {name} | {count} | {most:.3f} | {', '.join(map(repr, at))} |")


if len(sys.argv) > 1:
    measure(sys.argv[1])
else:
    write_truth()
