"""The formulas of benches/speed at a million points, beside NumPy, numexpr and JAX, as far as they are installed.

cd benches/speed && python3 ../block.py   (a scratch environment: pip install numpy numexpr jax)

Prints a table of nanoseconds a point of one run, on one core. `cargo bench --bench block` runs before the peers and after them, and the lesser figure
counts; `--peers` leaves it out. JAX gives the slopes too, by its own reverse sweep. NumPy computes each formula as a person writes it, with an array for
each step, and 2x^2 once more into one array that is there already.
"""

import os
import re
import subprocess
import sys
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

POINTS = 1 << 20
ROUNDS = 9

PARABOLA = "2*x**2"
WAVE = "sin(x)*exp(-x**2/2)/(1 + x**2)"
MANY = (
    "exp(-(x**2 + y**2)/2)*tanh(x*y - z) + log(1 + x**2 + u**2)*(u**2 + 1)**v"
    " - 3*x*y*z/(1 + z**2 + v**2) + tanh(u*v - x/2)*exp(-z**2)*(y - u)**3"
    " + (x**2 + y**2 + z**2 + 1)**2.5*log(2 + y**2 + z**4)"
    " - exp(u/4 - v**2/3)/(1 + exp(-y)) + log(1 + (x - 2*y + z/3)**2)*tanh(x + y/2 - v) + x*u*v"
)
# As the bench names them: the formula, and the formula with its slopes.
FORMULAS = [
    ("2x^2", "2x^2 and slope", PARABOLA, "x"),
    ("wave", "wave and slope", WAVE, "x"),
    ("74 operations", "74 operations and gradient", MANY, "xyzuv"),
]
COLUMNS = ["secant", "native", "numpy", "numpy, in place", "numexpr", "jax"]


def columns(names):
    rows = np.arange(POINTS)
    return [np.modf(rows * (k + 1) * 0.6180339887498949)[0] * 2.0 - 0.9 for k in range(len(names))]


def nanoseconds(work):
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1e9 / POINTS


def by_numpy(text, names, data):
    code = compile(text, "formula", "eval")
    scope = {name: getattr(np, name) for name in ("sin", "exp", "log", "tanh")} | dict(zip(names, data))
    return nanoseconds(lambda: eval(code, scope))


def by_numexpr(text, names, data):
    import numexpr

    numexpr.set_num_threads(1)
    scope = dict(zip(names, data))
    return nanoseconds(lambda: numexpr.evaluate(text, local_dict=scope))


def by_jax(text, names, data, with_slopes):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    scope = {name: getattr(jnp, name) for name in ("sin", "exp", "log", "tanh")}
    one = eval(f"lambda {', '.join(names)}: {text}", scope)
    if with_slopes:
        both = jax.value_and_grad(one, argnums=tuple(range(len(names))))
        work = jax.jit(jax.vmap(both))
    else:
        work = jax.jit(one)
    arrays = [jnp.asarray(column) for column in data]
    return nanoseconds(lambda: jax.block_until_ready(work(*arrays)))


def in_place(data):
    x, out = data[0], np.empty(POINTS)

    def work():
        np.multiply(x, x, out=out)
        np.multiply(out, 2.0, out=out)

    return nanoseconds(work)


def by_secant(table):
    """The bench, its lines into the table."""
    run = subprocess.run(["cargo", "bench", "-q", "--bench", "block"], check=True, capture_output=True, text=True)
    for line in run.stdout.splitlines():
        found = re.fullmatch(r"(.+?) +([0-9.]+) +([0-9.]+) +[0-9.]+", line)
        if found:
            row = table.setdefault(found[1], {})
            for column, figure in (("secant", found[2]), ("native", found[3])):
                row[column] = min(float(figure), row.get(column, float("inf")))


def told(table, name, column, measure):
    try:
        table.setdefault(name, {})[column] = measure()
    except ImportError:
        print(f"{column} is not installed", file=sys.stderr)


def main():
    ours = "--peers" not in sys.argv
    table = {}
    if ours:
        by_secant(table)
    for name, with_slopes, text, names in FORMULAS:
        data = columns(names)
        told(table, name, "numpy", lambda: by_numpy(text, names, data))
        if text == PARABOLA:
            told(table, name, "numpy, in place", lambda: in_place(data))
        told(table, name, "numexpr", lambda: by_numexpr(text, names, data))
        told(table, name, "jax", lambda: by_jax(text, names, data, False))
        told(table, with_slopes, "jax", lambda: by_jax(text, names, data, True))
    if ours:
        by_secant(table)
    print(f"| nanoseconds a point | {' | '.join(COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, row in table.items():
        figures = (f"{row[column]:.3f}" if column in row else "" for column in COLUMNS)
        print(f"| {name} | {' | '.join(figures)} |")
    parabola = table["2x^2"]
    if ours:
        print(f"\n2x^2: {parabola['secant'] / parabola['numpy']:.2f} times numpy, {parabola['secant'] / parabola['numpy, in place']:.2f} times numpy in place")


main()
