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

/// From so many degrees of freedom on, the distribution is the normal one: the two differ by t²/(4f) of what lies outside, about.
const NORMAL: f64 = 1e13;

/// P(|T| > t) = I_x(f/2, 1/2) with x = f/(f + t²) (DLMF 8.17.1; Abramowitz and Stegun 26.5.27).
pub(crate) fn two_sided(t: f64, freedom: f64) -> f64 {
    if freedom >= NORMAL {
        return Operation::Erfc.value(&[t / std::f64::consts::SQRT_2]);
    }
    let x = freedom / (freedom + t * t);
    let (a, b) = (0.5 * freedom, 0.5);
    // The fraction is sensitive to what x lacks to 1; it is asked with the smaller of the two as long as enough of the complement is left.
    if t * t > 40.0 {
        incomplete_beta(x, a, b)
    } else {
        1.0 - incomplete_beta(t * t / (freedom + t * t), b, a)
    }
}

/// I_x(a, b) by the continued fraction DLMF 8.17.22, evaluated from the front (Lentz 1976).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    const TINY: f64 = 1e-300;
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp() / a;
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

    const QUANTILES: [(f64, f64, f64); 11] = [
        (0.95, 1.0, 12.706204736174694),
        (0.95, 2.0, 4.302652729749462),
        (0.95, 12.0, 2.1788128296672284),
        (0.99, 5.0, 4.032142983555228),
        (0.5, 3.0, 0.7648923284043444),
        (0.6827, 7.0, 1.0767385673224845),
        (0.95, 101.0, 1.983731002955606),
        (0.999, 1000.0, 3.300282648423944),
        (0.95, 100000000.0, 1.9599640082627663),
        // The normal one, by bisection of Python's math.erfc at 1 - level as doubles have it.
        (0.95, f64::INFINITY, 1.959963984540054),
        (0.999999999, f64::INFINITY, 6.109410209383449),
    ];
}
