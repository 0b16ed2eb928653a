"""Makes spec/reference/fits.rs: fits of the data in crates/secant-fit/tests/statistics.rs by other programs. Needs scipy and statsmodels."""

import pathlib

import numpy as np
import statsmodels.api as sm
from scipy.optimize import curve_fit, least_squares

i = np.arange(30)
x = i / 4
y = 3 * np.exp(-0.7 * x) + 0.5 + 0.05 * np.sin(i * i * 1.3) + np.where(i == 12, 0.8, 0)
sigma = 0.05 + 0.01 * (i % 5)


def curve(x, a, b, c):
    return a * np.exp(-b * x) + c


def slopes(x, a, b, c):
    return np.stack([np.exp(-b * x), -a * x * np.exp(-b * x), np.ones_like(x)], axis=1)


def rust(numbers):
    return "[" + ", ".join(repr(float(number)) for number in numbers) + "]"


lines = ["/// Name, parameters, standard errors (0 where the other program has none).", "const FITS: [(&str, [f64; 3], [f64; 3]); 6] = ["]
start = [1, 1, 0]
tight = dict(xtol=1e-15, ftol=1e-15, gtol=1e-15)
for name, options in [("plain", {}), ("weights", dict(sigma=sigma)), ("sigma", dict(sigma=sigma, absolute_sigma=True))]:
    found, covariance = curve_fit(curve, x, y, start, jac=slopes, **options, **tight)
    lines.append(f'    ("{name}", {rust(found)}, {rust(np.sqrt(np.diag(covariance)))}),')
for name, loss in [("huber", "huber"), ("soft-l1", "soft_l1"), ("cauchy", "cauchy")]:
    residual = lambda p: curve(x, *p) - y
    found = least_squares(residual, [3, 0.7, 0.5], lambda p: slopes(x, *p), loss=loss, f_scale=0.1, **tight).x
    lines.append(f'    ("{name}", {rust(found)}, {rust([0, 0, 0])}),')
lines += ["];", "", "/// Lines a + b x by M-estimation: loss, parameters, standard errors, scale."]
lines.append("const ROBUST_LINES: [(Loss, [f64; 2], [f64; 2], f64); 2] = [")
for name, norm in [("Huber", sm.robust.norms.HuberT(1.345)), ("Tukey", sm.robust.norms.TukeyBiweight(4.685))]:
    # The scale is the median of the sizes of the residuals, not of their distances from their own median.
    mad = sm.robust.scale.mad
    result = sm.RLM(y, sm.add_constant(x), M=norm).fit(scale_est="mad", maxiter=5000, tol=1e-13)
    lines.append(f"    (Loss::{name}, {rust(result.params)}, {rust(result.bse)}, {float(result.scale)!r}),")
lines += ["];", ""]
pathlib.Path(__file__).with_name("fits.rs").write_text("\n".join(lines))
