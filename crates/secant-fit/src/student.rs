//! Student's distribution: how wide an interval must be to hold a parameter with a given confidence.

use secant::Operation;

/// The t with P(-t < T < t) = level, for so many degrees of freedom.
pub(crate) fn quantile(level: f64, freedom: f64) -> f64 {
    let outside = 1.0 - level;
    // P(|T| > t) falls from 1 to 0; t is searched in its logarithm, halving a range that holds it.
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if two_sided(f64::exp(middle), freedom) > outside {
            low = middle;
        } else {
            high = middle;
        }
        if high - low < 1e-15 {
            break;
        }
    }
    f64::exp(0.5 * (low + high))
}

/// From so many degrees of freedom on, the fraction would lose digits to what x lacks to 1.
const MANY: f64 = 1e6;

/// P(|T| > t) = I_x(f/2, 1/2) with x = f/(f + t²) (DLMF 8.17.1; Abramowitz and Stegun 26.5.27).
pub(crate) fn two_sided(t: f64, freedom: f64) -> f64 {
    if freedom > MANY {
        return nearly_normal(t, freedom);
    }
    let (square, half) = (t * t, 0.5 * freedom);
    let whole = freedom + square;
    let (x, rest) = (freedom / whole, square / whole);
    // The fraction comes to an end below this place, that of the complement above it (DLMF, section 8.17(v)).
    if x < (half + 1.0) / (half + 2.5) {
        incomplete_beta([x, rest], half, 0.5)
    } else {
        1.0 - incomplete_beta([rest, x], 0.5, half)
    }
}

/// The same as the normal distribution and the first two terms in which it differs (Fisher 1925; Abramowitz and Stegun 26.7.8).
fn nearly_normal(t: f64, freedom: f64) -> f64 {
    let normal = Operation::Erfc.value(&[t / std::f64::consts::SQRT_2]);
    let square = t * t;
    let density = (-0.5 * square).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let first = t * (square + 1.0) / (4.0 * freedom);
    let polynomial = ((3.0 * square - 7.0) * square - 5.0) * square - 3.0;
    let second = t * polynomial / (96.0 * freedom * freedom);
    match density {
        0.0 => normal,
        density => normal + 2.0 * density * (first + second),
    }
}

/// I_x(a, b) by the continued fraction DLMF 8.17.22, evaluated from the front (Lentz 1976); with x what it lacks to 1.
fn incomplete_beta([x, rest]: [f64; 2], a: f64, b: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    const TINY: f64 = 1e-300;
    // Of the two the smaller tells the logarithm of the greater.
    let ln = |x: f64, rest: f64| if x < rest { x.ln() } else { (-rest).ln_1p() };
    let front = (a * ln(x, rest) + b * ln(rest, x) - ln_beta(a, b)).exp() / a;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / guard(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / guard(1.0 + term * d);
            c = guard(1.0 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * fraction
}

/// ln B(a, b) where one of them is 1/2.
fn ln_beta(a: f64, b: f64) -> f64 {
    let a = a.max(b);
    let ln_root_pi = 0.5 * std::f64::consts::PI.ln();
    // ln Γ(a + 1/2) - ln Γ(a) from Stirling's series (DLMF 5.11.13), where the difference of the two would lose its digits.
    let ratio = if a > 50.0 {
        0.5 * a.ln() - 1.0 / (8.0 * a) + 1.0 / (192.0 * a.powi(3))
    } else {
        Operation::LnGamma.value(&[a + 0.5]) - Operation::LnGamma.value(&[a])
    };
    ln_root_pi - ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_scipy() {
        // scipy.stats.t.ppf(0.5 + level/2, freedom), SciPy 1.16.
        for (level, freedom, truth) in QUANTILES {
            let t = quantile(level, freedom);
            assert!(
                (t / truth - 1.0).abs() < 1e-10,
                "{level} {freedom}: {t} {truth}"
            );
        }
    }

    const QUANTILES: [(f64, f64, f64); 23] = [
        (0.95, 1.0, 12.706204736174694),
        (0.95, 2.0, 4.302652729749462),
        (0.95, 12.0, 2.1788128296672284),
        (0.99, 5.0, 4.032142983555228),
        (0.5, 3.0, 0.7648923284043444),
        (0.6827, 7.0, 1.0767385673224845),
        (0.95, 101.0, 1.983731002955606),
        (0.999, 1000.0, 3.300282648423944),
        (0.95, 100000000.0, 1.9599640082627663),
        // Near 1, and where the fraction changes sides: mpmath 1.3 at 40 digits.
        (0.999999999, 3.0, 1_301.637_179_562_648),
        (0.999999999, 100.0, 6.745_962_981_421_433),
        (0.99999999, 398.0, 5.854_809_224_630_4),
        (0.999999999, 5000.0, 6.121_136_617_122_373),
        (0.9999999999, 1000.0, 6.536_820_817_131_027),
        (0.9999999999, 100000.0, 6.467_643_448_831_085),
        (0.9999999999, 2000000.0, 6.466_985_690_423_793),
        (0.99999999, 2000000.0, 5.730_753_109_353_351),
        (0.95, 5000.0, 1.9604385517065075),
        (0.95, 2000000.0, 1.9599651706763746),
        (0.5, 100000.0, 0.674_492_203_553_292_2),
        (0.5, 1.0, 1.0),
        // The normal one, by bisection of Python's math.erfc at 1 - level as doubles have it.
        (0.95, f64::INFINITY, 1.959963984540054),
        (0.999999999, f64::INFINITY, 6.109410209383449),
    ];
}
