"""The scale of the soft L1 loss at which a fit keeps 95 % of its efficiency under normal errors. Needs scipy."""

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm


def efficiency(c, weight, slope):
    """(E psi')^2 / E psi^2 for psi(r) = r weight((r/c)^2), Huber (1981), section 4.5."""
    psi = lambda r: r * weight((r / c) ** 2)
    derivative = lambda r: weight((r / c) ** 2) + 2 * (r / c) ** 2 * slope((r / c) ** 2)
    mean = quad(lambda r: derivative(r) * norm.pdf(r), -12, 12, points=[-c, c])[0]
    square = quad(lambda r: psi(r) ** 2 * norm.pdf(r), -12, 12, points=[-c, c])[0]
    return mean**2 / square


LOSSES = {
    "soft L1": (lambda z: (1 + z) ** -0.5, lambda z: -0.5 * (1 + z) ** -1.5),
    "Huber": (lambda z: min(1.0, z**-0.5 if z > 0 else 1.0), lambda z: -0.5 * z**-1.5 if z > 1 else 0.0),
    "Cauchy": (lambda z: 1 / (1 + z), lambda z: -((1 + z) ** -2)),
    "Tukey": (lambda z: (1 - z) ** 2 if z < 1 else 0.0, lambda z: -2 * (1 - z) if z < 1 else 0.0),
}
for name, (weight, slope) in LOSSES.items():
    print(name, brentq(lambda c: efficiency(c, weight, slope) - 0.95, 0.3, 8))
