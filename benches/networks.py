"""The work of `cargo bench -p secant-train` in numpy, and in JAX where it is installed, on one core.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 python3 benches/networks.py
"""

import time

import numpy as np


def told(what, seconds):
    print(f"{what:58} {seconds * 1e3:9.3f} ms")


def least(runs, work):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def spiral():
    """The training of Neural Networks from Scratch, chapter 10, written out in numpy."""
    random = np.random.default_rng(0)
    points, labels = [], []
    for arm in range(3):
        r = np.linspace(0, 1, 100)
        t = np.linspace(arm * 4, (arm + 1) * 4, 100) + random.normal(size=100) * 0.2
        points.append(np.c_[r * np.sin(t * 2.5), r * np.cos(t * 2.5)])
        labels += [arm] * 100
    x, labels = np.concatenate(points), np.array(labels)
    for dtype in (np.float32, np.float64):
        start = time.perf_counter()
        accuracy = train(x.astype(dtype), labels, dtype, np.random.default_rng(1))
        told(f"numpy {np.dtype(dtype).name}: spiral, 10,001 epochs (accuracy {accuracy:.3f})", time.perf_counter() - start)


def train(x, labels, dtype, random):
    weights = [(0.01 * random.normal(size=shape)).astype(dtype) for shape in ((2, 64), (64, 3))]
    at = [weights[0], np.zeros((1, 64), dtype), weights[1], np.zeros((1, 3), dtype)]
    means, squares = [np.zeros_like(w) for w in at], [np.zeros_like(w) for w in at]
    rows = np.arange(len(x))
    for epoch in range(10_001):
        sums = x @ at[0] + at[1]
        hidden = np.maximum(sums, 0)
        outputs = hidden @ at[2] + at[3]
        shares = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        adjoint = shares.copy()
        adjoint[rows, labels] -= 1
        adjoint /= len(x)
        back = adjoint @ at[2].T
        back[sums <= 0] = 0
        slopes = [x.T @ back, back.sum(axis=0, keepdims=True), hidden.T @ adjoint, adjoint.sum(axis=0, keepdims=True)]
        rate = dtype(0.05 / (1 + 5e-7 * epoch))
        for w, g, m, v in zip(at, slopes, means, squares):
            m *= dtype(0.9)
            m += dtype(0.1) * g
            v *= dtype(0.999)
            v += dtype(0.001) * g**2
            w -= rate * (m / dtype(1 - 0.9 ** (epoch + 1))) / (np.sqrt(v / dtype(1 - 0.999 ** (epoch + 1))) + dtype(1e-7))
    return (outputs.argmax(axis=1) == labels).mean()


def mlp():
    random = np.random.default_rng(1)
    sizes = [784, 128, 128, 10]
    weights = [random.normal(size=pair).astype(np.float32) * 0.05 for pair in zip(sizes, sizes[1:])]
    biases = [np.zeros(size, np.float32) for size in sizes[1:]]
    x = random.normal(size=(128, 784)).astype(np.float32)
    labels = random.integers(0, 10, 128)

    def both():
        values = [x]
        for layer, (w, b) in enumerate(zip(weights, biases)):
            y = values[-1] @ w + b
            values.append(np.maximum(y, 0) if layer < 2 else y)
        shares = np.exp(values[-1] - values[-1].max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        shares[np.arange(128), labels] -= 1
        adjoint, slopes = shares / 128, []
        for layer in (2, 1, 0):
            slopes.append((values[layer].T @ adjoint, adjoint.sum(axis=0)))
            if layer:
                adjoint = (adjoint @ weights[layer].T) * (values[layer] > 0)
        return slopes

    told("numpy: 784-128-128-10, batch 128, loss and gradient", least(300, both))
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        return

    def loss(weights, biases):
        y = x
        for layer, (w, b) in enumerate(zip(weights, biases)):
            y = y @ w + b
            y = jax.nn.relu(y) if layer < 2 else y
        return jnp.mean(jax.scipy.special.logsumexp(y, axis=1) - y[jnp.arange(128), labels])

    slope = jax.jit(jax.value_and_grad(loss, argnums=(0, 1)))
    jax.block_until_ready(slope(weights, biases))
    told("JAX: the same", least(300, lambda: jax.block_until_ready(slope(weights, biases))))


def digits():
    """Every parameter moved for every sample, naively, with matrix products; a hundredth of it is timed."""
    random = np.random.default_rng(1)
    x = random.integers(0, 17, (1797, 64)) / 16
    labels = random.integers(0, 10, 1797)
    at = [random.normal(size=shape) * 0.2 for shape in ((64, 64), (64,), (64, 10), (10,))]
    rows = np.arange(1797)

    def losses():
        y = np.maximum(x @ at[0] + at[1], 0) @ at[2] + at[3]
        top = y.max(axis=1)
        return np.log(np.exp(y - top[:, None]).sum(axis=1)) + top - y[rows, labels]

    told("numpy: naive, 64-64-10, 4,810 parameters x 1797 samples", least(48, losses) * 4810)


spiral()
mlp()
digits()
