//! Exact rationals of any size: the constants of a formula, never rounded before they must be.
//! A thin coat over `dashu`, so that no other module names that crate.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

use dashu_base::{Abs, BitTest, Gcd, Signed, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::Interval;

/// Powers whose exact value would need more bits than this stay unevaluated.
const MOST_BITS: usize = 1 << 14;

/// An exact fraction in lowest terms.
///
/// ```
/// use secant::Rational;
/// let tenth = Rational::from_decimal("0.1").unwrap();
/// assert_eq!(tenth.to_string(), "1/10");
/// assert_eq!((tenth.clone() + tenth).to_string(), "1/5");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rational(RBig);

impl Rational {
    /// The number 0.
    pub const ZERO: Self = Self(RBig::ZERO);
    /// The number 1.
    pub const ONE: Self = Self(RBig::ONE);

    /// The fraction `numerator / denominator`; `None` where the denominator is 0.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let sign = IBig::from(denominator.signum());
        Some(Self(RBig::from_parts(
            IBig::from(numerator) * sign,
            UBig::from(denominator.unsigned_abs()),
        )))
    }

    /// Reads `12`, `0.25`, `.5`, `1.5e-3`; `None` for other text and for exponents beyond 20,000.
    #[must_use]
    pub fn from_decimal(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let digits: String = [whole, fraction].concat();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let shift = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let magnitude = usize::try_from(shift.unsigned_abs()).ok()?;
        if exponent.unsigned_abs() > 20_000 {
            return None;
        }
        let digits = IBig::from(UBig::from_str_radix(&digits, 10).ok()?);
        let power = UBig::from(10u8).pow(magnitude);
        Some(Self(if shift < 0 {
            RBig::from_parts(digits, power)
        } else {
            RBig::from(digits * IBig::from(power))
        }))
    }

    /// The exact value of a finite double; `None` for infinities and NaN.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        RBig::try_from(value).ok().map(Self)
    }

    /// The nearest double (ties to even); beyond the range of doubles an infinity.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().value()
    }

    /// The smallest interval of doubles that is known to hold this number.
    #[must_use]
    pub fn enclose(&self) -> Interval {
        let nearest = self.to_f64();
        if nearest.is_infinite() {
            let top = f64::MAX.copysign(nearest);
            return Interval::hull(top, nearest);
        }
        match Self::from_f64(nearest) {
            Some(exact) => match exact.cmp(self) {
                Ordering::Equal => Interval::point(nearest),
                Ordering::Less => Interval::new(nearest, nearest.next_up()),
                Ordering::Greater => Interval::new(nearest.next_down(), nearest),
            },
            None => Interval::WHOLE,
        }
    }

    /// Whether this number is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether this number is 1.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.0.is_one()
    }

    /// Whether the denominator is 1.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.0.is_int()
    }

    /// Whether this number is below 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// This number as a small integer, where it is one.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        i64::try_from(self.0.numerator().clone()).ok()
    }

    /// The denominator, where it is small.
    #[must_use]
    pub fn small_denominator(&self) -> Option<i64> {
        i64::try_from(self.0.denominator().clone()).ok()
    }

    /// The numerator, as a number of its own.
    #[must_use]
    pub fn numerator(&self) -> Self {
        Self(RBig::from(self.0.numerator().clone()))
    }

    /// The denominator, as a number of its own.
    #[must_use]
    pub fn denominator(&self) -> Self {
        Self(RBig::from(self.0.denominator().clone()))
    }

    /// Whether the denominator is odd, so that a power with this exponent is real for a negative base.
    #[must_use]
    pub fn has_odd_denominator(&self) -> bool {
        self.0.denominator().bit(0)
    }

    /// Whether the numerator is even.
    #[must_use]
    pub fn has_even_numerator(&self) -> bool {
        !self.0.numerator().unsigned_abs().bit(0)
    }

    /// Distance from 0.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self(self.0.clone().abs())
    }

    /// The largest number that both are whole multiples of; 0 stands back.
    #[must_use]
    pub fn gcd(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return if self.is_zero() {
                other.abs()
            } else {
                self.abs()
            };
        }
        let above = self.0.numerator().gcd(other.0.numerator());
        let (a, b) = (self.0.denominator(), other.0.denominator());
        let below = a * (b / a.gcd(b));
        Self(RBig::from_parts(IBig::from(above), below))
    }

    /// The largest integer that is not above this number.
    #[must_use]
    pub fn floor(&self) -> Self {
        Self(RBig::from(self.0.floor()))
    }

    /// `1 / self`; `None` at 0.
    #[must_use]
    pub fn recip(&self) -> Option<Self> {
        (!self.is_zero()).then(|| Self(RBig::ONE / self.0.clone()))
    }

    /// An integer power; `None` for a negative power of 0 and where the result would be unreasonably long.
    #[must_use]
    pub fn pow(&self, exponent: i64) -> Option<Self> {
        let magnitude = isize::try_from(exponent.unsigned_abs()).ok()?;
        if self.is_zero() {
            return (exponent >= 0).then_some(if exponent == 0 { Self::ONE } else { Self::ZERO });
        }
        let magnitude = if self.abs().is_one() {
            magnitude % 2
        } else {
            magnitude
        };
        if self.bits().checked_mul(magnitude.unsigned_abs())? > MOST_BITS {
            return None;
        }
        let power = Self(self.0.pow(magnitude));
        if exponent < 0 {
            power.recip()
        } else {
            Some(power)
        }
    }

    /// The exact root of this order, where it is rational; negative numbers have roots of odd order.
    #[must_use]
    pub fn root(&self, order: u32) -> Option<Self> {
        if order == 0 || (self.is_negative() && order.is_multiple_of(2)) || self.bits() > MOST_BITS
        {
            return None;
        }
        let numerator = exact_root(&self.0.numerator().unsigned_abs(), order)?;
        let denominator = exact_root(self.0.denominator(), order)?;
        let magnitude = Self(RBig::from_parts(IBig::from(numerator), denominator));
        Some(if self.is_negative() {
            -magnitude
        } else {
            magnitude
        })
    }

    /// Bits of numerator and denominator together: how long this number is.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.numerator().bit_len() + self.0.denominator().bit_len()
    }
}

fn exact_root(number: &UBig, order: u32) -> Option<UBig> {
    let order = usize::try_from(order).ok()?;
    let root = number.nth_root(order);
    (root.pow(order) == *number).then_some(root)
}

impl From<i64> for Rational {
    fn from(value: i64) -> Self {
        Self(RBig::from(value))
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl Add for Rational {
    type Output = Self;
    /// Coefficients are mostly 0 and 1: these are not put on one denominator and reduced.
    fn add(self, other: Self) -> Self {
        match (self.is_zero(), other.is_zero()) {
            (true, _) => other,
            (_, true) => self,
            _ => Self(self.0 + other.0),
        }
    }
}

impl Sub for Rational {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul for Rational {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        match (self.is_one(), other.is_one()) {
            (true, _) => other,
            (_, true) => self,
            _ => Self(self.0 * other.0),
        }
    }
}

impl Div for Rational {
    type Output = Option<Self>;
    /// `None` where `other` is 0.
    fn div(self, other: Self) -> Option<Self> {
        (!other.is_zero()).then(|| Self(self.0 / other.0))
    }
}

impl Neg for Rational {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
