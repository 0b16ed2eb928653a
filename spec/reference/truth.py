"""Values and derivatives of formulas to 50 significant digits, made outside of secant.

Each entry holds the formula as a user types it, the coordinates to differentiate by, an independent translation by hand
into SymPy, and five points. Decimals in a formula (0.1) are exact rationals here too; the coordinates of a point are the
f64 nearest to what is written. SymPy differentiates the translation; value and derivatives are computed with 200 and with
400 digits, which must agree to 60, and each derivative must agree to 30 digits with mpmath.diff of the value.

The scripts beside this one hold the formulas, one script to a subject; each writes one document below spec/.
Made with Python 3.11, mpmath 1.3.0 and SymPy 1.14.0.
"""

import inspect
import pathlib

from mpmath import mp, mpf
from sympy import (Float, Function, Integer, Piecewise, Rational, Symbol, acos, acosh, acot, asin, asinh, atan, atan2, atanh,
                   cos, cosh, cot, coth, csc, csch, diff, exp, lambdify, log, pi, sec, sech, sin, sinh, sqrt, tan, tanh)

DIGITS, WORKING, WORKING_AGAIN = 50, 200, 400


# ---------------------------------------------------------------- what a translation is written with

class Floor(Function):
    """The floor as a function whose slope is 0, as it is away from the integers."""
    def fdiff(self, argindex=1):
        return Integer(0)

def R(text):
    return Rational(text)

def choose(condition, then, otherwise):
    return Piecewise((then, condition), (otherwise, True))

def absolute(x):
    return choose(x < 0, -x, x)

def smaller(x, y):
    return choose(x < y, x, y)

def larger(x, y):
    return choose(x > y, x, y)

def cube_root(x):
    return choose(x < 0, -(-x) ** R("1/3"), x ** R("1/3"))

def logistic(x):
    return 1 / (1 + exp(-x))

E = exp(1)

FORMULAS = []

def F(title, text, wrt, translation, points):
    """One formula. Several derivatives are parted by ";", the coordinates of one by ","; "x^4" stands for four times x."""
    FORMULAS.append((title, text, wrt, translation, points))


# ---------------------------------------------------------------- computing, checking, writing

def agree(a, b, digits):
    return abs(a - b) <= mpf(10) ** -digits * max(abs(a), abs(b), mpf(10) ** (20 - WORKING // 2))

def compiled(expression, symbols):
    assert not expression.atoms(Float), f"a rounded number in {expression}"
    return lambdify(symbols, expression, modules=[{"Floor": mp.floor}, "mpmath"], cse=True)

def at(function, point, digits):
    with mp.workdps(digits):
        result = function(*map(mpf, point))
        return +mpf(result)  # a complex result raises here: the point would lie outside of the domain

def trusted(function, point):
    once, again = at(function, point, WORKING), at(function, point, WORKING_AGAIN)
    assert agree(once, again, 60), point
    return again

def difference(function, point, orders):
    """The same partial derivative by differences of the value, with a step far below every digit and digits enough for it."""
    with mp.workdps(WORKING):
        return mp.diff(function, tuple(map(mpf, point)), orders)

def decimal(coordinate):
    return repr(coordinate).replace("e+", "e").replace("e-0", "e-").removesuffix(".0")

def written(number):
    if number == 0:
        return "0"
    text = mp.nstr(number, DIGITS, min_fixed=-5, max_fixed=17)
    return text.replace("e+", "e").replace(".0e", "e").removesuffix(".0")

def coordinates(wrt):
    """The coordinates of one derivative in turn: "x^2,y" is x, x, y."""
    turn = []
    for part in wrt.split(","):
        name, _, times = part.strip().partition("^")
        turn += [name] * int(times or 1)
    return turn

def section(title, text, wrt, translation, points):
    names = list(inspect.signature(translation).parameters)
    assert "f" not in names, "the column of the value is called f"
    symbols = [Symbol(name, real=True) for name in names]
    turns = [coordinates(part) for part in wrt.split(";")]
    expression = Integer(0) + translation(*symbols)
    value = compiled(expression, symbols)
    slopes = [compiled(diff(expression, *[symbols[names.index(name)] for name in turn]), symbols) for turn in turns]
    yield f"## {title}\n    formula: {text}\n    wrt: {'; '.join(','.join(turn) for turn in turns)}"
    heads = ["derivative"] if len(turns) == 1 else [f"derivative {number}" for number in range(1, len(turns) + 1)]
    yield "| " + " | ".join([*names, "f", *heads]) + " |"
    yield "|---" * (len(names) + 1 + len(turns)) + "|"
    rows = [[float(coordinate) for coordinate in point.split()] for point in points.split(";")]
    assert len(rows) == 5 and all(len(row) == len(names) for row in rows), title
    for row in rows:
        cells = [trusted(value, row)]
        for turn, slope in zip(turns, slopes):
            cells.append(trusted(slope, row))
            orders = tuple(turn.count(name) for name in names)
            assert agree(difference(value, row, orders), cells[-1], 30), (title, turn, row)
        yield "| " + " | ".join([*map(decimal, row), *map(written, cells)]) + " |"

HOW = """to 50 significant digits, at exactly the f64 shown. They were made outside of secant by `spec/reference/{script}`: a
translation of each formula by hand into SymPy, its symbolic derivative evaluated by mpmath with 200 and 400 digits and
held against differences. A test reads this file.
"""

def write(document, title, subject, script):
    """Writes the formulas gathered so far."""
    assert len(FORMULAS) == len({entry[0] for entry in FORMULAS})
    sections = []
    for entry in FORMULAS:
        try:
            sections.append("\n".join(section(*entry)))
        except Exception as fault:
            raise AssertionError(f"{entry[0]}: {fault!r}") from fault
    head = f"# {title}\n\n{subject} Values and derivatives\n{HOW.format(script=script)}"
    path = pathlib.Path(__file__).parents[1] / document
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n\n".join([head.strip(), *sections]) + "\n")
    print(f"{len(sections)} formulas with {5 * len(sections)} points, every derivative held against differences")
