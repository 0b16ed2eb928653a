//! [`Complex`]: a number with an imaginary part, so that a step can leave the real line. Arithmetic is that of complex
//! numbers; a function of the table is continued from the real line by its Taylor series, out of its one rule.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Elementary, Jet, Scalar};

/// Terms of the Taylor series by which a function leaves the real line.
const TERMS: usize = 32;

/// `re + im i`.
///
/// ```
/// use secant::{Complex, Functions};
/// let z = Complex::new(0.0, 1.0).exp();
/// assert!((z.re - 1f64.cos()).abs() < 1e-15 && (z.im - 1f64.sin()).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// The real part; NaN where the function's Taylor series does not reach so far from the real line.
    pub re: f64,
    /// The imaginary part; NaN where the real one is.
    pub im: f64,
}

impl Complex {
    /// The number with these parts.
    #[must_use]
    pub fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }
}

impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.re, -self.im)
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(
            self.re * other.re - self.im * other.im,
            self.re * other.im + self.im * other.re,
        )
    }
}

impl Div for Complex {
    type Output = Self;
    /// The parts are weighed by the larger one of the divisor's, so that no square overflows (Smith 1962).
    fn div(self, other: Self) -> Self {
        if other.re.abs() >= other.im.abs() {
            let ratio = other.im / other.re;
            let size = other.re + other.im * ratio;
            Self::new(
                (self.re + self.im * ratio) / size,
                (self.im - self.re * ratio) / size,
            )
        } else {
            let ratio = other.re / other.im;
            let size = other.re * ratio + other.im;
            Self::new(
                (self.re * ratio + self.im) / size,
                (self.im * ratio - self.re) / size,
            )
        }
    }
}

impl Scalar for Complex {
    fn constant(value: f64) -> Self {
        Self::new(value, 0.0)
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        E::arithmetic(arguments).unwrap_or_else(|| continued(arguments, E::value, Jet::apply::<E>))
    }

    fn truth(&self) -> Option<bool> {
        self.re.truth()
    }
}

/// A function off the real line: its Taylor series from the real parts, run for the imaginary ones.
fn continued(
    arguments: &[Complex],
    value: fn(&[f64]) -> f64,
    along: fn(&[Jet<f64>]) -> Jet<f64>,
) -> Complex {
    let starts: Vec<f64> = arguments.iter().map(|z| z.re).collect();
    let speeds: Vec<f64> = arguments.iter().map(|z| z.im).collect();
    if speeds.iter().all(|speed| *speed == 0.0) {
        return Complex::new(value(&starts), 0.0);
    }
    let jet = along(&Jet::leaving(&starts, &speeds));
    at_imaginary_unit(&jet.coefficients(TERMS))
}

/// A Taylor series at t = i. Where its last terms still count, it does not reach so far.
fn at_imaginary_unit(coefficients: &[f64]) -> Complex {
    let signed = |start: usize| {
        let terms = coefficients[start..].iter().step_by(2).enumerate();
        terms
            .map(|(place, term)| if place % 2 == 0 { *term } else { -term })
            .sum::<f64>()
    };
    let sum = Complex::new(signed(0), signed(1));
    let is_nothing = |(term, whole): (&f64, f64)| term.abs() <= f64::EPSILON / 4.0 * whole.abs();
    // The last coefficient is of even order.
    let mut last = coefficients.iter().rev().zip([sum.re, sum.im]);
    if last.all(is_nothing) {
        sum
    } else {
        Complex::new(f64::NAN, f64::NAN)
    }
}
