"""How often SciPy's L-BFGS looks at a loss before it is near its minimum, for convex losses of one dense layer.

Writes spec/networks/convex.txt, each line a name and its numbers: for each problem the shape (samples, inputs, outputs), the inputs, the
targets, the first parameters (weights by rows, then biases), the least loss, and for each of some distances how many evaluations of loss and
gradient SciPy needs until the loss is above the least by no more than that part of what it was above it at the start.

    pip install numpy scipy
    python3 spec/reference/lbfgs.py
"""

import pathlib

import numpy as np
from scipy.optimize import minimize

PAIRS = 10
DISTANCES = [1e-3, 1e-6, 1e-9]


def cross_entropy(y, labels):
    greatest = y.max(axis=1, keepdims=True)
    shares = np.exp(y - greatest)
    sums = shares.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    losses = (greatest + np.log(sums))[:, 0] - y[rows, labels.astype(int)]
    slopes = shares / sums
    slopes[rows, labels.astype(int)] -= 1
    return losses.mean(), slopes / len(y)


def squared(y, targets):
    residuals = y - targets.reshape(y.shape)
    return np.mean(residuals**2), 2 * residuals / residuals.size


def binary(y, targets):
    targets = targets.reshape(y.shape)
    return np.mean(np.logaddexp(0, y) - targets * y), (1 / (1 + np.exp(-y)) - targets) / y.size


def huber(y, targets):
    residuals = y - targets.reshape(y.shape)
    size = np.abs(residuals)
    losses = np.where(size <= 1, size**2 / 2, size - 0.5)
    return losses.mean(), np.clip(residuals, -1, 1) / size.size


def problems():
    random = np.random.default_rng(3)
    x = random.normal(size=(80, 6))
    clean = x @ random.normal(size=(6, 4))
    yield "cross-entropy", cross_entropy, x, 4, np.argmax(clean + random.gumbel(size=clean.shape) * 2, axis=1)
    scaled = random.normal(size=(60, 12)) * np.geomspace(0.03, 3, 12)
    yield "squared", squared, scaled, 2, scaled @ random.normal(size=(12, 2)) + random.normal(size=(60, 2))
    y = x @ random.normal(size=(6, 1))
    yield "binary-cross-entropy", binary, x, 1, (y + 2 * random.logistic(size=y.shape) > 0) * 1.0
    yield "huber", huber, scaled, 1, scaled @ random.normal(size=(12, 1)) + random.standard_cauchy(size=(60, 1))


def write(file, name, numbers):
    file.write(name + " " + " ".join(repr(float(number)) for number in np.ravel(numbers)) + "\n")


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "networks"
    with open(folder / "convex.txt", "w") as file:
        for name, loss, x, outputs, targets in problems():
            samples, inputs = x.shape
            start = np.random.default_rng(7).normal(size=(inputs + 1) * outputs)
            seen = []

            def value_and_gradient(parameters):
                weights, biases = np.split(parameters, [inputs * outputs])
                value, slopes = loss(x @ weights.reshape(outputs, inputs).T + biases, targets)
                seen.append(value)
                return value, np.concatenate([(slopes.T @ x).ravel(), slopes.sum(axis=0)])

            exact = {"ftol": 0.0, "gtol": 1e-13, "maxiter": 10_000, "maxfun": 10_000}
            minimize(value_and_gradient, start, jac=True, method="L-BFGS-B", options={"maxcor": 50, **exact})
            least = min(seen)
            seen.clear()
            minimize(value_and_gradient, start, jac=True, method="L-BFGS-B", options={"maxcor": PAIRS, **exact})
            near = [least + part * (seen[0] - least) for part in DISTANCES]
            counts = [next(place + 1 for place, value in enumerate(seen) if value <= bound) for bound in near]
            write(file, f"{name}.shape", [samples, inputs, outputs])
            write(file, f"{name}.inputs", x)
            write(file, f"{name}.targets", targets)
            write(file, f"{name}.start", start)
            write(file, f"{name}.least", [least])
            write(file, f"{name}.evaluations", counts)
            print(name, "from", seen[0] if seen else None, "to", least, "evaluations", counts)


main()
