"""How far the loss of each sample moves when one parameter moves by delta, over delta, to 50 digits, for the networks of
spec/networks/*.txt. Writes spec/networks/*.changes.txt: for each delta and loss, one row of all parameters for each sample, and the samples and
parameters for which a relu was crossed.

    pip install mpmath
    python3 spec/reference/changes.py
"""

import pathlib

from mpmath import mp, mpf

mp.dps = 50
SIZES = [3, 4, 4, 3]
DELTAS = {"near": mpf(1e-4), "far": mpf(0.03125)}
HUBER = mpf(0.5)
ACTIVATIONS = {
    "relu": lambda x: max(x, mpf(0)),
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
}


def run(parameters, x, activation):
    """The outputs, and whether each sum before an activation is above 0."""
    place, above = 0, []
    for layer, (inputs, units) in enumerate(zip(SIZES, SIZES[1:])):
        if layer > 0:
            above += [v > 0 for v in x]
            x = [activation(v) for v in x]
        biases = place + inputs * units
        x = [
            mp.fdot(parameters[place + unit * inputs : place + (unit + 1) * inputs], x) + parameters[biases + unit]
            for unit in range(units)
        ]
        place = biases + units
    return x, above


def cross_entropy(y, label, _):
    return mp.log(sum(mp.exp(v) for v in y)) - y[label]


def squared(y, _, target):
    return sum((v - t) ** 2 for v, t in zip(y, target)) / len(y)


def huber(y, _, target):
    def of(size):
        return size**2 / 2 if size <= HUBER else HUBER * (size - HUBER / 2)

    return sum(of(abs(v - t)) for v, t in zip(y, target)) / len(y)


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "networks"
    for name, activation in ACTIVATIONS.items():
        given = {}
        for line in open(folder / f"{name}.txt"):
            word, *numbers = line.split()
            given[word] = [mpf(float(number)) for number in numbers]
        with open(folder / f"{name}.changes.txt", "w") as file:
            for reach, delta in DELTAS.items():
                write(file, reach, delta, name, activation, given)


def write(file, reach, delta, name, activation, given):
    parameters = given["parameters"]
    samples = len(given["inputs"]) // SIZES[0]
    crossed, runs = [], {}
    for sample in range(samples):
        x = given["inputs"][sample * SIZES[0] : (sample + 1) * SIZES[0]]
        reference = run(parameters, x, activation)
        for place in range(len(parameters)):
            moved = list(parameters)
            moved[place] += delta
            outputs, above = run(moved, x, activation)
            runs[sample, place] = (reference[0], outputs)
            if name == "relu" and above != reference[1]:
                crossed += [sample, place]
    for loss in (cross_entropy, squared, huber):
        rows = []
        for (sample, _), outputs in runs.items():
            label = int(given["labels"][sample])
            target = given["targets"][sample * SIZES[-1] : (sample + 1) * SIZES[-1]]
            before, after = (loss(y, label, target) for y in outputs)
            rows.append((after - before) / delta)
        title = loss.__name__.replace("_", "-")
        file.write(f"{reach}.{title} " + " ".join(repr(float(row)) for row in rows) + "\n")
    file.write(f"{reach}.crossed" + "".join(f" {number}" for number in crossed) + "\n")


main()
