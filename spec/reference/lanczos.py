"""What is left of the certified standard errors of NIST's Lanczos1 once its data are doubles: the fit in 50 digits, of the data as they are
printed and of the doubles nearest to them. Needs mpmath.

    python3 spec/reference/lanczos.py

prints at least 10.5 digits for the data as printed, and 3.36 for the doubles: their rounding is as large as 1/300 of the residuals.
"""

import pathlib
import re

from mpmath import exp, log10, lu_solve, matrix, mp, mpf, sqrt

mp.dps = 50
LINES = (pathlib.Path(__file__).parent.parent / "nist" / "Lanczos1.dat").read_text().splitlines()
# Both starts, then parameter and standard error.
CERTIFIED = [[mpf(word) for word in line.split("=")[1].split()] for line in LINES if re.match(r"\s*b\d\s*=", line)]
ROWS = [line.split() for line in LINES[60:84]]


def fit(number):
    """Standard errors after Gauss and Newton's steps from the certified parameters, the data read by `number`."""
    y, x = [number(row[0]) for row in ROWS], [number(row[1]) for row in ROWS]
    b = [row[2] for row in CERTIFIED]
    for _ in range(10):
        jacobian, residuals = matrix(len(x), 6), matrix(len(x), 1)
        for row, at in enumerate(x):
            value = 0
            for term in range(0, 6, 2):
                falls = exp(-b[term + 1] * at)
                value += b[term] * falls
                jacobian[row, term], jacobian[row, term + 1] = falls, -b[term] * at * falls
            residuals[row] = y[row] - value
        squares = jacobian.T * jacobian
        b = [value + step for value, step in zip(b, lu_solve(squares, jacobian.T * residuals))]
    variance = sum(residual**2 for residual in residuals) / (len(x) - 6)
    inverse = squares**-1
    return [sqrt(variance * inverse[place, place]) for place in range(6)]


for name, number in (("as printed", mpf), ("as doubles", lambda word: mpf(float(word)))):
    digits = min(-log10(abs(error / row[3] - 1)) for error, row in zip(fit(number), CERTIFIED))
    print(f"{name}: {float(digits):.2f} digits in every standard error")
