"""Writes spec/networks/shifts.txt: how far tanh and the sigmoid move from x to x + d, from 400 digits, for numbers in double and in single precision.

    pip install mpmath
    python3 spec/reference/shifts.py
"""

import pathlib
import struct

from mpmath import exp, mp, mpf

# e^-800 beside 1 has to be told.
mp.dps = 400

PLACES = [0, 1e-300, 1e-9, 0.3, 1, 5, 9, 15, 17.3, 19, 20, 30, 36, 37.7, 40, 100.1, 350, 400]
SHIFTS = [1e-300, 1e-12, 1e-4, 0.01, 0.3, 1, 5, 9.9, 15.1, 20, 25, 30, 36, 40, 99.9, 300, 800]


def sigmoid(x):
    return 1 / (1 + exp(-x))


def tanh(x):
    return 2 * sigmoid(2 * x) - 1


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def line(name, numbers):
    return " ".join([name, *(repr(float(number)) for number in numbers)]) + "\n"


root = pathlib.Path(__file__).resolve().parent.parent
with open(root / "networks/shifts.txt", "w") as file:
    for kind, near in (("double", float), ("single", single)):
        places = sorted({near(place) for place in PLACES})
        shifts = sorted({near(shift * sign) for shift in SHIFTS for sign in (-1, 1)} - {0.0})
        file.write(line(f"{kind}.places", places) + line(f"{kind}.shifts", shifts))
        for function in (tanh, sigmoid):
            moved = (function(mpf(x) + mpf(d)) - function(mpf(x)) for x in places for d in shifts)
            file.write(line(f"{kind}.{function.__name__}", moved))
