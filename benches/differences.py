"""The automatic difference beside numdifftools and scipy.differentiate, over the first derivatives and the special points of
spec/differences in one run. A peer that is not installed is left out.

Run: cargo build --release -p secant --example differences && python3 benches/differences.py
"""

import json
import math
import pathlib
import re
import struct
import subprocess
import sys
import time
import warnings

import numpy as np

ROOT = pathlib.Path(__file__).parent.parent
MASK = (1 << 64) - 1
warnings.filterwarnings("ignore")


def scatter(x):
    """The noise of the cases: splitmix64 of the bits of the point."""
    state = (0x9E3779B97F4A7C15 ^ struct.unpack("<Q", struct.pack("<d", x))[0]) + 0x9E3779B97F4A7C15 & MASK
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & MASK
    state = (state ^ state >> 27) * 0x94D049BB133111EB & MASK
    return ((state ^ state >> 31) >> 11) / (1 << 52) - 1


def piecewise(*parts):
    return next((value for condition, value in zip(parts[0::2], parts[1::2]) if condition), parts[-1])


NAMES = {name: getattr(np, name) for name in "sin cos tan exp sqrt sinh cosh tanh floor ceil sign cbrt".split()}
NAMES.update(ln=np.log, asin=np.arcsin, acos=np.arccos, atan=np.arctan, asinh=np.arcsinh, acosh=np.arccosh, atanh=np.arctanh, log10=np.log10, erf=np.vectorize(math.erf), pi=np.pi,
             abs=abs, max=max, min=min, round=np.round, heaviside=lambda x: np.heaviside(x, 0.5), piecewise=piecewise)


def cases():
    for part in ("open", "sealed", "blind"):
        text = (ROOT / f"spec/differences/{part}.md").read_text()
        for section in text.split("\n## ")[1:]:
            title, *lines = section.splitlines()
            fields = dict(line.strip().split(": ", 1) for line in lines if line.startswith("    "))
            if fields["wrt"] == "x" and "," not in fields["at"]:
                yield title, fields


def black_box(fields):
    """The formula as a function of one double, counting its evaluations."""
    code = compile(fields["formula"].replace("^", "**"), title, "eval")
    noise, count = float(fields.get("noise", 0)), [0]

    def value(x):
        count[0] += 1
        with np.errstate(all="ignore"):
            value = float(eval(code, {}, {**NAMES, "x": np.float64(x)}))
        return value * (1 + noise * scatter(float(x))) if noise else value

    return np.vectorize(value, otypes=[float]), count


def numdifftools_central(f, x):
    import numdifftools
    result = numdifftools.Derivative(f, full_output=True)(x)
    value, error = (result.estimate, result.error_estimate) if hasattr(result, "estimate") else (result[0], result[1].error_estimate)
    return float(value), float(error)


def scipy_differentiate(f, x):
    from scipy.differentiate import derivative
    result = derivative(f, x)
    return (float(result.df), float(result.error)) if result.success else (math.nan, math.nan)


def forward(f, x):
    values = f(np.array([x, x + 1e-4]))
    return (values[1] - values[0]) / ((x + 1e-4) - x), math.inf


PEERS = {"numdifftools central": numdifftools_central, "scipy.differentiate": scipy_differentiate, "forward, delta 1e-4": forward}


def installed(peer):
    try:
        peer(np.sin, 1.0)
        return True
    except ImportError:
        return False


def ask(peer, fields):
    f, count = black_box(fields)
    f(0.5)  # np.vectorize is warm
    count[0] = 0
    start = time.perf_counter()
    try:
        value, bound = peer(f, float(fields["at"].split("=")[1]))
    except Exception:  # a peer that fails gives no answer
        value, bound = math.nan, math.nan
    return {"value": value, "bound": bound, "evaluations": count[0], "microseconds": (time.perf_counter() - start) * 1e6}


def median(numbers):
    numbers = sorted(numbers)
    return numbers[len(numbers) // 2] if numbers else math.nan


def row(name, answers):
    first, special = [], []
    for title, fields in CASES:
        (first if fields["kind"] == "smooth" else special).append((fields, answers[title]))
    given = [(float(fields["value"]), answer) for fields, answer in first if answer["value"] is not None and math.isfinite(answer["value"])]
    error = [abs(answer["value"] - truth) / (abs(truth) or 1) for truth, answer in given]
    covered = [abs(answer["value"] - truth) <= answer["bound"] + 1.2e-16 * abs(truth) for truth, answer in given]
    silent = sum(not fine and off > 1e-6 for fine, off in zip(covered, error)) if any(answer["bound"] < math.inf for _, answer in given) else sum(off > 1e-6 for off in error)
    numbers = sum(answer["value"] is not None and math.isfinite(answer["value"]) for _, answer in special)
    part = lambda count: f"{100 * count / len(first):.0f} %"
    bars = "none" if name.startswith("forward") else f"{100 * sum(covered) / len(given):.0f} %"
    print(f"| {name} | {part(sum(off <= 1e-6 for off in error))} | {part(sum(off <= 1e-10 for off in error))} | {bars} | {silent} "
          f"| {median([answer['evaluations'] for _, answer in first])} | {median([answer['microseconds'] for _, answer in first]):.1f} | {numbers} |")


CASES = list(cases())
title = "case"
program = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "target/release/examples/differences"
ours = {answer["title"]: answer for answer in map(json.loads, subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())}
special = sum(fields["kind"] != "smooth" for _, fields in CASES)
print(f"{len(CASES) - special} first derivatives, {special} special points\n")
print("| method | right to 1e-6 | right to 1e-10 | bar covers | silently wrong | evaluations | microseconds | numbers at special points |")
print("|---|---|---|---|---|---|---|---|")
row("**secant**", ours)
for name, peer in PEERS.items():
    if installed(peer):
        row(name, {title: ask(peer, fields) for title, fields in CASES})
