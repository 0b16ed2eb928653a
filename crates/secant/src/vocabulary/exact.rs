//! [`Exact`]: a rational number that is never rounded, or nothing where a value is not known to be rational.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Coefficient, Elementary, Scalar};
use crate::number::{Interval, Rational, Series};

/// A rational number, as long as every step on the way to it was exact.
///
/// ```
/// use secant::{Exact, Functions, Jet, Scalar};
/// let x = Jet::moving(Exact::constant(0.0), Exact::constant(1.0));
/// let sine = x.sin().coefficients(3);
/// assert_eq!(sine[3].rational().unwrap().to_string(), "-1/6");
/// assert_eq!(Exact::constant(1.0).sin().rational(), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Exact(Option<Rational>);

impl Exact {
    /// The number, where it is known.
    #[must_use]
    pub fn rational(&self) -> Option<&Rational> {
        self.0.as_ref()
    }

    fn joined(
        self,
        other: Self,
        join: impl FnOnce(Rational, Rational) -> Option<Rational>,
    ) -> Self {
        Self(
            self.0
                .zip(other.0)
                .and_then(|(a, b)| join(a, b))
                .filter(|number| number.bits() <= Self::MOST_BITS),
        )
    }

    /// Longer numbers are given up.
    const MOST_BITS: usize = 1 << 14;

    /// The double that this number is.
    fn double(&self) -> Option<f64> {
        let number = self.0.as_ref()?;
        let double = number.to_f64();
        (Rational::from_f64(double).as_ref() == Some(number)).then_some(double)
    }
}

impl From<Rational> for Exact {
    fn from(number: Rational) -> Self {
        Self(Some(number))
    }
}

impl Scalar for Exact {
    fn constant(value: f64) -> Self {
        Self(Rational::from_f64(value))
    }

    fn enclosed(value: f64, range: Interval) -> Self {
        if range.is_point() {
            Self::constant(value)
        } else {
            Self(None)
        }
    }

    /// A range of one number proves that number: the value of sin at 0, or of a root by its one-sided rule.
    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        E::arithmetic(arguments)
            .unwrap_or_else(|| Self(proven(arguments, E::enclose, E::one_sided)))
    }

    fn truth(&self) -> Option<bool> {
        self.0.as_ref().map(|number| !number.is_zero())
    }
}

/// The number that a function's range or its one-sided rule proves.
fn proven(
    arguments: &[Exact],
    enclose: fn(&[Interval]) -> Interval,
    one_sided: fn(&[Series]) -> Option<Series>,
) -> Option<Rational> {
    let doubles: Option<Vec<f64>> = arguments.iter().map(Exact::double).collect();
    let value = doubles.map(|doubles| enclose(&Interval::points(&doubles)));
    if let Some(value) = value.filter(|value| value.is_point()) {
        return Rational::from_f64(value.lo());
    }
    let numbers = arguments.iter().map(Exact::rational);
    let series: Vec<Series> = numbers
        .map(|number| number.map(Series::rational))
        .collect::<Option<_>>()?;
    let told = one_sided(&series).filter(|told| !told.rests_on_rounding())?;
    told.fixed_number()
}

impl Coefficient for Exact {
    fn digest(&self) -> u64 {
        self.0.as_ref().map_or(0, |number| number.to_f64().digest())
    }
}

impl Add for Exact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.joined(other, |a, b| Some(a + b))
    }
}

impl Sub for Exact {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.joined(other, |a, b| Some(a - b))
    }
}

impl Mul for Exact {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.joined(other, |a, b| Some(a * b))
    }
}

impl Div for Exact {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.joined(other, |a, b| a / b)
    }
}

impl Neg for Exact {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.map(|number| -number))
    }
}
