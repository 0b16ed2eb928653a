"""The formulas of benches/speed at a million points, beside NumPy, numexpr and JAX, as far as they are installed.

cd benches/speed && python3 ../block.py   (a scratch environment: pip install numpy numexpr jax)

Prints nanoseconds a point of one run. JAX gives the slopes too, by its own reverse sweep. First come the lines of `cargo bench --bench block`.
"""

import os
import subprocess
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
FORMULAS = [("2x^2", PARABOLA, "x"), ("wave", WAVE, "x"), ("74 operations", MANY, "xyzuv")]


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


def told(name, peer, measure):
    try:
        print(f"{name:27} {peer:8} {measure():8.3f}", flush=True)
    except ImportError:
        print(f"{name:27} {peer:8} is not installed")


def main():
    subprocess.run(["cargo", "bench", "-q", "--bench", "block"], check=True)
    print()
    for name, text, names in FORMULAS:
        data = columns(names)
        told(name, "numpy", lambda: by_numpy(text, names, data))
        told(name, "numexpr", lambda: by_numexpr(text, names, data))
        told(name, "jax", lambda: by_jax(text, names, data, False))
        told(f"{name} and slopes", "jax", lambda: by_jax(text, names, data, True))


main()
