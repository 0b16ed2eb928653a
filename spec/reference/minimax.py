"""Writes crates/secant-vmath/src/elementary/coefficients.rs: polynomials and constants of the vector kernels.

    python3 spec/reference/minimax.py > crates/secant-vmath/src/elementary/coefficients.rs

Each polynomial is fitted in 60 digits by weighted least squares at Chebyshev nodes, a few per cent above the minimax error. Its
coefficients are rounded to doubles from the lowest degree up, the rest being fitted again after each rounding (Brisebarre,
Muller and Tisserand 2006 do this by lattices; one at a time is enough here, since the low degrees dominate). The largest
weighted error of the rounded polynomial stands in the line above it, as a power of two: it is the error relative to the function.
"""

from mpmath import asin, atan, cbrt, cos, erf, erfc, exp, factorial, floor, ldexp, log, lu_solve, matrix, mp, mpf, pi, sqrt, tan, tanh

mp.dps = 60


def nodes(a, b, count):
    return [(a + b) / 2 + (b - a) / 2 * cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]


def fit(g, weight, at, degree):
    """Coefficients c with weight * (g - sum c z^k) small in the mean over the nodes."""
    rows = [[weight[i] * z**k for k in range(degree + 1)] for i, z in enumerate(at)]
    normal = matrix(degree + 1, degree + 1)
    right = matrix(degree + 1, 1)
    for j in range(degree + 1):
        for k in range(j, degree + 1):
            normal[j, k] = normal[k, j] = sum(row[j] * row[k] for row in rows)
        right[j] = sum(rows[i][j] * weight[i] * g[i] for i in range(len(at)))
    return list(lu_solve(normal, right))


def polynomial(name, says, g, weight, a, b, degree):
    at = nodes(mpf(a), mpf(b), 6 * (degree + 2))
    values, weights = [g(z) for z in at], [weight(z) for z in at]
    rest, share, rounded = list(values), list(weights), []
    for left in range(degree, -1, -1):
        lowest = mpf(float(fit(rest, share, at, left)[0]))
        rounded.append(lowest)
        rest = [(r - lowest) / z for r, z in zip(rest, at)]
        share = [s * z for s, z in zip(share, at)]
    check = nodes(mpf(a), mpf(b), 1001)
    worst = max(abs(weight(z) * (g(z) - sum(c * z**k for k, c in enumerate(rounded)))) for z in check)
    print(f"/// {says} Largest error 2^{float(log(worst, 2)):.1f}.")
    array(name, rounded)


def array(name, numbers):
    print(f"pub(super) const {name}: [f64; {len(numbers)}] = [")
    for number in numbers:
        print(f"    {float(number)!r},")
    print("];\n")


def parts(name, says, number, *bits):
    """The number as a sum of doubles, each but the last with so many bits."""
    result, rest = [], +number
    for count in bits:
        scale = count - 1 - int(floor(log(abs(rest), 2)))
        part = floor(ldexp(rest, scale)) / mpf(2) ** scale
        result.append(part)
        rest -= part
    print(f"/// {says}")
    array(name, result + [mpf(float(rest))])


def series(term):
    """A sum of terms until they vanish: what a quotient would lose to cancellation near 0."""
    total, k = mpf(0), 0
    while True:
        summand = term(k)
        total += summand
        if abs(summand) < mpf(10) ** -70:
            return total
        k += 1


print("//! Polynomials and constants, written by `spec/reference/minimax.py`: change them there.\n")
print("#![allow(clippy::excessive_precision, clippy::approx_constant)]\n")

HALF_LN2 = log(2) / 2 * mpf("1.0001")
polynomial("EXP", "(eʳ - 1 - r)/r² for |r| ≤ ln 2 / 2.", lambda r: series(lambda k: r**k / factorial(k + 2)),
           lambda r: abs(r), -HALF_LN2, HALF_LN2, 10)

FARTHER = (HALF_LN2 + mpf(3) / 64) ** 2
polynomial("SINH", "(sinh r - r)/r³ of z = r², for |r| ≤ ln 2 / 2 + 3/64.", lambda z: series(lambda k: z**k / factorial(2 * k + 3)),
           lambda z: z, 0, FARTHER, 4)
polynomial("COSH", "(cosh r - 1 - r²/2)/r⁴ of z = r², as above.", lambda z: series(lambda k: z**k / factorial(2 * k + 4)),
           lambda z: z**2, 0, FARTHER, 4)
polynomial("TANH", "(tanh r - r)/r³ of z = r², for |r| ≤ ln 2 / 4 + 1/128.", lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z,
           0, (HALF_LN2 / 2 + mpf(1) / 128) ** 2, 5)

S2 = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2
atanh_tail = lambda first: lambda z: series(lambda k: 2 * z**k / (2 * (k + first) + 1))
polynomial("LOG", "(2 atanh(s) - 2 s)/s³ of z = s², where 1 + f = (1 + s)/(1 - s) lies between √½ and √2.", atanh_tail(1),
           lambda z: z / 2, 0, S2, 6)
polynomial("LOG_TAIL", "(2 atanh(s) - 2 s - ⅔ s³)/s⁵ of z = s², as above.", atanh_tail(2), lambda z: z**2 / 2, 0, S2, 7)
polynomial("ATANH", "(2 atanh(s) - 2 s)/s³ of z = s², for 0 ≤ s ≤ ⅓.", atanh_tail(1), lambda z: z / 2, 0, mpf(1) / 9, 9)

Z = (pi / 4 * mpf("1.0001")) ** 2
polynomial("SIN", "(sin r - r)/r³ of z = r², for |r| ≤ π/4.", lambda z: series(lambda k: (-z)**k / factorial(2 * k + 3)) * -1,
           lambda z: z, 0, Z, 5)
polynomial("COS", "(cos r - 1 + r²/2)/r⁴ of z = r², for |r| ≤ π/4.", lambda z: series(lambda k: (-z)**k / factorial(2 * k + 4)),
           lambda z: z**2, 0, Z, 5)
polynomial("ATAN", "(atan t - t)/t³ of z = t², for |t| ≤ tan π/8.", lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z, 0,
           tan(pi / 8) ** 2 * mpf("1.0001"), 11)
polynomial("ASIN", "(asin x - x)/x³ of z = x², for |x| ≤ ½.", lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z, 0,
           mpf(1) / 4, 12)
polynomial("ERF", "erf(x)/x - 1 of z = x², for |x| ≤ 1.", lambda z: erf(sqrt(z)) / sqrt(z) - 1, lambda z: 1, 0, 1, 13)
polynomial("ERF_FAR", "exp(x²) erfc(x) of u = 1/(x + 2), for x from 1 to 6.", lambda u: exp((1 / u - 2) ** 2) * erfc(1 / u - 2),
           lambda u: exp(-((1 / u - 2) ** 2)), mpf(1) / 8, mpf(1) / 3, 12)


def tail(name, says, ratio, most, centre, shift):
    """A ratio of tail to density, which falls as 1/x, made level by x + shift. Centre and shift are such that the first coefficient is
    nearly a double, for the others cannot make up for what it lacks in the middle."""
    level = lambda w: (centre * (1 + w) / (1 - w) + shift) * ratio(centre * (1 + w) / (1 - w))
    polynomial(name, f"{says} (x + {float(shift)}) of w = (x - {float(centre)})/(x + {float(centre)}), for x from 0 to {most}.", level,
               lambda w: 1 / level(w), -1, (mpf(most) - centre) / (mpf(most) + centre), 23)


tail("ERFC", "exp(x²) erfc(x)", lambda x: exp(x**2) * erfc(x), "27.3", mpf(157) / 32, mpf(27) / 32)
tail("NORMAL", "exp(x²/2) Φ(-x), where Φ is the normal distribution,", lambda x: exp(x**2 / 2) * erfc(x / sqrt(2)) / 2, "38.7", mpf(45) / 8,
     mpf(9) / 8)
polynomial("CBRT", "1/∛r of r - 1, for r within 11 % of 1.", lambda r: 1 / cbrt(1 + r), lambda r: cbrt(1 + r), -0.11, 0.11, 4)

parts("LN_2", "ln 2: the first part times an exponent is exact.", log(2), 42)
parts("LOG10_2", "The logarithm of 2 to base 10, as above.", log(2, 10), 42)
parts("LN_2_TWOFOLD", "ln 2 in two doubles.", log(2), 53)
parts("LOG2_E", "1/ln 2 in two doubles.", 1 / log(2), 53)
parts("LOG10_E", "1/ln 10 in two doubles.", 1 / log(10), 53)
parts("TWO_THIRDS", "2/3 in two doubles.", mpf(2) / 3, 53)
parts("PI", "π in two doubles.", pi, 53)
parts("HALF_PI", "π/2 in two doubles.", pi / 2, 53)
parts("HALF_PI_PARTS", "π/2: the first part times a number up to 2¹⁷ is exact (Cody and Waite 1980).", pi / 2, 36)

mp.dps = 420
whole = int(floor(2 / pi * mpf(2) ** 1280))
print("/// 2/π, its first 1280 bits after the point, the highest first (Payne and Hanek 1983).")
print("pub(super) const TWO_OVER_PI: [u64; 20] = [")
for word in range(20):
    print(f"    {(whole >> (64 * (19 - word))) & (2**64 - 1):#018x},")
print("];")
