"""Losses, gradients and trajectories of small networks, by JAX and Optax in double precision.

Writes spec/networks/*.txt, one file for each network, each line a name and its numbers:
inputs, targets, first parameters and a direction; then, for each loss, the loss of each sample, the gradient of the mean loss, the gradient
of each sample, the Hessian of the mean loss times the direction with the eigenvalues of the Hessian, and for each update rule the loss before every tenth of 200 steps and the parameters after them.

    pip install jax optax
    python3 spec/reference/networks.py
"""

import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_default_matmul_precision", "highest")

SIZES = [3, 4, 4, 3]
SAMPLES = 6
STEPS = 200
HUBER = 0.5
ACTIVATIONS = {
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "sigmoid": jax.nn.sigmoid,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
}
RULES = {
    "sgd": optax.sgd(0.1),
    "adam": optax.adam(0.01),
    "momentum": optax.sgd(0.02, momentum=0.9),
    "nesterov": optax.sgd(0.02, momentum=0.9, nesterov=True),
    "rmsprop": optax.rmsprop(0.005, decay=0.99, eps=1e-8, eps_in_sqrt=False),
    "adamw": optax.adamw(0.01, weight_decay=0.01),
}
# All rules are held against each other's reference on one network and loss; SGD and Adam on all.
EVERYWHERE = ["sgd", "adam"]


def outputs(parameters, x, activation):
    place = 0
    for layer, (inputs, units) in enumerate(zip(SIZES, SIZES[1:])):
        if layer > 0:
            x = activation(x)
        weights = parameters[place : place + inputs * units].reshape(units, inputs)
        place += inputs * units
        x = weights @ x + parameters[place : place + units]
        place += units
    return x


def losses():
    def cross_entropy(y, label, _):
        return jax.scipy.special.logsumexp(y) - y[label]

    def cross_entropy_of_shares(y, _, target):
        shares = jax.nn.softmax(target)
        return -jnp.sum(shares * jax.nn.log_softmax(y))

    def squared(y, _, target):
        return jnp.mean((y - target) ** 2)

    def huber(y, _, target):
        size = jnp.abs(y - target)
        return jnp.mean(jnp.where(size <= HUBER, size**2 / 2, HUBER * (size - HUBER / 2)))

    return {
        "cross-entropy": cross_entropy,
        "shares": cross_entropy_of_shares,
        "squared": squared,
        "huber": huber,
    }


def write(file, name, numbers):
    file.write(name + " " + " ".join(repr(float(number)) for number in np.ravel(numbers)) + "\n")


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "networks"
    folder.mkdir(exist_ok=True)
    for seed, (name, activation) in enumerate(ACTIVATIONS.items()):
        random = np.random.default_rng(seed)
        size = sum((inputs + 1) * units for inputs, units in zip(SIZES, SIZES[1:]))
        x = jnp.array(random.normal(size=(SAMPLES, SIZES[0])))
        start = jnp.array(random.normal(size=size) * 0.7)
        labels = jnp.array(random.integers(0, SIZES[-1], SAMPLES))
        targets = jnp.array(random.normal(size=(SAMPLES, SIZES[-1])))
        direction = jnp.array(random.normal(size=size))
        with open(folder / f"{name}.txt", "w") as file:
            write(file, "inputs", x)
            write(file, "parameters", start)
            write(file, "labels", labels)
            write(file, "targets", targets)
            write(file, "shares", jax.nn.softmax(targets, axis=1))
            write(file, "direction", direction)
            write(file, "outputs", jax.vmap(lambda x: outputs(start, x, activation))(x))
            for loss_name, loss in losses().items():

                def of_sample(parameters, x, label, target):
                    return loss(outputs(parameters, x, activation), label, target)

                each = jax.vmap(of_sample, in_axes=(None, 0, 0, 0))
                mean = jax.jit(lambda parameters: jnp.mean(each(parameters, x, labels, targets)))
                slope = jax.jit(jax.grad(mean))
                slopes = jax.vmap(jax.grad(of_sample), in_axes=(None, 0, 0, 0))
                write(file, f"{loss_name}.losses", each(start, x, labels, targets))
                write(file, f"{loss_name}.gradient", slope(start))
                write(file, f"{loss_name}.gradients", slopes(start, x, labels, targets))
                hessian = jax.jit(jax.hessian(mean))(start)
                write(file, f"{loss_name}.hessian-vector", hessian @ direction)
                write(file, f"{loss_name}.eigenvalues", np.linalg.eigvalsh(hessian))
                for rule_name, rule in RULES.items():
                    if rule_name not in EVERYWHERE and (name, loss_name) != ("tanh", "squared"):
                        continue
                    at, state, path = start, rule.init(start), []
                    for step in range(STEPS):
                        if step % 10 == 0:
                            path.append(mean(at))
                        update, state = rule.update(slope(at), state, at)
                        at = optax.apply_updates(at, update)
                    write(file, f"{loss_name}.{rule_name}.path", path)
                    write(file, f"{loss_name}.{rule_name}.end", at)


main()
