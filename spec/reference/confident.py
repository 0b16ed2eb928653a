"""Cross-entropies of samples that are nearly certain, to 50 digits and more. Writes spec/networks/confident.txt: for each case its outputs, targets and a direction, then loss, gradient by the
outputs, and the second derivatives times the direction.

    pip install mpmath
    python3 spec/reference/confident.py
"""

import pathlib

from mpmath import mp, mpf

# What is nearly 1 is subtracted from 1 here: of 1 - 1e-304 are digits left.
mp.dps = 700
DIRECTION = [0.5, -0.25, 1.0, 0.75]
OUTPUTS = [
    [40.0, 0.0, -2.0, 3.5],
    [0.0, 100.0, 3.0, -700.0],
    [-50.0, -50.0, 0.0, -20.0],
    [1.0, 2.0, 36.0, 36.0],
    [0.25, 0.5, -0.125, 0.0],
    [1e-9, 0.0, -30.0, -30.0],
    [300.0, 0.0, -300.0, 1.5],
]
SHARES = [[1.0, 0.0, 0.0, 0.0], [0.0, 0.875, 0.125, 0.0], [0.25, 0.25, 0.25, 0.25], [1.0, 1e-20, 0.0, 0.0]]
LOGITS = [40.0, -40.0, 700.0, -700.0, 0.5, -0.5, 1e-9, 20.0, -20.0]


def classes(y, shares, direction):
    y, shares, v = [[mpf(number) for number in numbers] for numbers in (y, shares, direction)]
    terms = [mp.exp(number) for number in y]
    p = [term / mp.fsum(terms) for term in terms]
    weight = mp.fsum(shares)
    loss = weight * mp.log(mp.fsum(terms)) - mp.fdot(shares, y)
    mean = mp.fdot(p, v)
    return loss, [weight * p - share for p, share in zip(p, shares)], [weight * p * (v - mean) for p, v in zip(p, v)]


def binary(y, share):
    y, share = mpf(y), mpf(share)
    p = 1 / (1 + mp.exp(-y))
    return mp.log(1 + mp.exp(y)) - share * y, [p - share], [p * (1 - p)]


def main():
    with open(pathlib.Path(__file__).resolve().parent.parent / "networks/confident.txt", "w") as file:

        def row(name, *lists):
            file.write("; ".join([name] + [" ".join(repr(float(number)) for number in numbers) for numbers in lists]) + "\n")

        for y in OUTPUTS:
            for label in range(4):
                shares = [float(k == label) for k in range(4)]
                loss, gradient, turned = classes(y, shares, DIRECTION)
                row(f"label {label}", y, DIRECTION, [loss], gradient, turned)
            for shares in SHARES:
                loss, gradient, turned = classes(y, shares, DIRECTION)
                row("shares " + " ".join(map(repr, shares)), y, DIRECTION, [loss], gradient, turned)
        for y in LOGITS:
            for share in (0.0, 1.0):
                loss, gradient, turned = binary(y, share)
                row(f"binary {share}", [y], [1.0], [loss], gradient, turned)


main()
