"""Secant beside SymEngine and SymPy, in one run: the formulas of spec/formulas.md and spec/formulas/, a tenth derivative, and
a gradient in 50 variables. A tool that is not installed is left out.

Run: python3 benches/symbolic.py        (pip install symengine sympy)

Each tool reads the formulas as text with its own reader, and differentiates by the same inputs in turn. The text is secant's
canonical one with the names of functions and powers as Python writes them; what a tool has no word for (sigmoid, hypot) is
spelled out by its definition. Names get a trailing underscore, since S and I are no variables there. Translating is not timed.
"""

import ast
import importlib.util
import math
import pathlib
import re
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).parents[1]
RUNS = 3
TENTH = "sin(x_)*exp(x_**2)/(1 + x_**2)"
CONSTANTS = {"pi": "pi", "e": "E"}
NAMES = {"ln": "log", "abs": "Abs", "max": "Max", "min": "Min", "ceil": "ceiling"}
DEFINITIONS = {
    "sigmoid": "1/(1 + exp(-({0})))",
    "silu": "({0})/(1 + exp(-({0})))",
    "softplus": "log(1 + exp({0}))",
    "relu": "Max(0, {0})",
    "sinc": "sin({0})/({0})",
    "cbrt": "({0})**(1/3)",
    "root": "({0})**(1/({1}))",
    "hypot": "sqrt(({0})**2 + ({1})**2)",
    "exp2": "2**({0})",
    "expm1": "(exp({0}) - 1)",
    "log1p": "log(1 + ({0}))",
    "log2": "log({0})/log(2)",
    "log10": "log({0})/log(10)",
    "mod": "(({0}) - ({1})*floor(({0})/({1})))",
    "round": "floor(({0}) + 1/2)",
    "heaviside": "Piecewise((0, {0} < 0), (1, True))",
}


class Python(ast.NodeTransformer):
    """A formula of secant, already read as Python, in the words of SymPy."""

    def visit_Name(self, node):
        return ast.Name(CONSTANTS.get(node.id, node.id + "_"))

    def visit_BoolOp(self, node):
        assert isinstance(node.op, ast.And)
        return ast.Call(ast.Name("And"), [self.visit(value) for value in node.values], [])

    def visit_Call(self, node):
        arguments = [self.visit(argument) for argument in node.args]
        name = node.func.id
        if name == "piecewise":
            conditions, values = arguments[0::2][: len(arguments) // 2], arguments[1::2]
            pairs = [*zip(values, conditions), (arguments[-1], ast.Constant(True))]
            return ast.Call(ast.Name("Piecewise"), [ast.Tuple(list(pair)) for pair in pairs], [])
        if name in DEFINITIONS:
            return ast.parse(DEFINITIONS[name].format(*map(ast.unparse, arguments)), mode="eval").body
        return ast.Call(ast.Name(NAMES.get(name, name)), arguments, [])


def translated(text):
    text = re.sub(r"(\d+)!", lambda found: str(math.factorial(int(found[1]))), text)
    return ast.unparse(Python().visit(ast.parse(text.replace("^", "**"), mode="eval")))


def without_keywords(line):
    """lambda is a word of Python; the name of the variable matters to no tool."""
    return re.sub(r"\blambda\b", "lamda", line)


def ours():
    """The times, counts and formulas that secant's own bench writes."""
    command = ["cargo", "bench", "--quiet", "-p", "secant", "--bench", "symbolic", "--", "--table"]
    written = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in without_keywords(written).splitlines()]
    times = {row[1]: float(row[2]) for row in rows if row[0] == "time"}
    counts = {row[1]: int(row[2]) for row in rows if row[0] == "count"}
    cases = [(translated(row[1]), [[name + "_" for name in wrt.split(",")] for wrt in row[2].split(";")])
             for row in rows if row[0] == "formula"]
    return times, counts, cases


class Tool:
    """A peer: how it reads a text and differentiates by a name."""

    def __init__(self, name, module, read, forget=lambda: None):
        """With `forget`, a tool that keeps what it has computed is made to forget it."""
        self.name, self.module, self.read, self.forget = name, module, read, forget

    def derivative(self, expression, wrt):
        for symbol in wrt:
            expression = expression.diff(symbol)
        return expression

    def all(self, cases):
        """Seconds to read all, seconds to read and differentiate all, and how many could not be done."""
        self.forget()
        reading = whole = 0.0
        failed = 0
        for text, wrts in cases:
            symbols = [[self.module.Symbol(name) for name in wrt] for wrt in wrts]
            start = time.perf_counter()
            try:
                expression = self.read(text)
                reading += time.perf_counter() - start
                for wrt in symbols:
                    self.derivative(expression, wrt)
            except Exception:
                failed += 1
            whole += time.perf_counter() - start
        return reading, whole, failed

    def tenth(self):
        self.forget()
        x = self.module.Symbol("x_")
        start = time.perf_counter()
        derived = self.derivative(self.read(TENTH), [x] * 10)
        return time.perf_counter() - start, self.operations(derived)

    def operations(self, expression):
        return int(self.module.count_ops(expression))

    def gradient(self):
        """The log-sum-exp of ten quadratics of crates/secant/benches/workloads.rs."""
        number = self.module.Rational
        x = [self.module.Symbol(f"x{i}") for i in range(50)]
        weight = lambda i, k: number(-((5*i + k) % 7 + 1), 16)
        centre = lambda i, k: number((7*i + 3*k) % 11, 8)
        quadratic = lambda k: sum(weight(i, k)*(x[i] - centre(i, k))**2 for i in range(50))
        value = self.module.log(sum(self.module.exp(quadratic(k)) for k in range(10)))
        start = time.perf_counter()
        for symbol in x:
            value.diff(symbol)
        return time.perf_counter() - start


def sympy_tool():
    import sympy
    from sympy.core.cache import clear_cache
    def read(text):
        return sympy.sympify(text, locals={name: sympy.Symbol(name) for name in re.findall(r"\w+_\b", text)})
    return Tool("SymPy", sympy, read, clear_cache)


def symengine_tool():
    import symengine
    return Tool("SymEngine", symengine, symengine.sympify)


def main():
    times, counts, cases = ours()
    installed = lambda module: importlib.util.find_spec(module) is not None
    tools = [make() for module, make in [("symengine", symengine_tool), ("sympy", sympy_tool)] if installed(module)]
    derivatives = sum(len(wrts) for _, wrts in cases)
    print(f"{len(cases)} formulas, {derivatives} derivatives; seconds, and times secant's\n")
    heads = ["", "secant", *(tool.name for tool in tools)]
    rows = [["read all"], ["read and differentiate all"], ["... and simplify all"], ["tenth derivative"], ["its operations"],
            ["gradient in 50 variables"], ["formulas not done"]]
    own = [times["parse"], times["parse and differentiate"], times["parse, differentiate and simplify"],
           times["tenth derivative"], None, times["gradient in 50 variables"], None]
    for row, seconds in zip(rows, own):
        row.append("" if seconds is None else f"{seconds:.4f}")
    rows[4][1], rows[6][1] = str(counts["tenth derivative"]), "0"
    for tool in tools:
        runs = [tool.all(cases) for _ in range(RUNS)]
        reading, whole = (statistics.median(run[place] for run in runs) for place in (0, 1))
        tenths = [tool.tenth() for _ in range(RUNS)]
        tenth, operations = statistics.median(seconds for seconds, _ in tenths), tenths[0][1]
        beside = lambda seconds, own: f"{seconds:.4f} ({seconds/own:.{0 if seconds > 9*own else 2}f}x)"
        rows[0].append(beside(reading, own[0]))
        rows[1].append(beside(whole, own[1]))
        rows[2].append("-")
        rows[3].append(beside(tenth, own[3]))
        rows[4].append(str(operations))
        rows[5].append(beside(tool.gradient(), own[5]))
        rows[6].append(str(runs[0][2]))
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    for row in [heads, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


if __name__ == "__main__":
    main()
