//! Exact rationals of any size: the constants of a formula, never rounded before they must be.
//! Coefficients and exponents are mostly 1, -1 and 2: fractions of two machine words are computed as such, longer ones by `dashu`,
//! which no other module names.

use std::borrow::Cow;
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rational(Size);

/// In lowest terms; long only where numerator or denominator is beyond `i64::MAX`, so that equal numbers look alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Size {
    /// The denominator is positive, and the numerator never `i64::MIN`, so that each has its negative.
    Short(i64, i64),
    Long(Box<RBig>),
}

use Size::{Long, Short};

impl Rational {
    /// The number 0.
    pub const ZERO: Self = Self(Short(0, 1));
    /// The number 1.
    pub const ONE: Self = Self(Short(1, 1));

    /// The fraction `numerator / denominator`; `None` where the denominator is 0.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let (above, below) = (i128::from(numerator), i128::from(denominator));
        Some(Self::reduced(above * below.signum(), below.abs()))
    }

    /// A fraction with a positive denominator; neither is so far from 0 as the least `i128`.
    fn reduced(above: i128, below: i128) -> Self {
        let common = if below == 1 {
            1
        } else {
            common_divisor(above.unsigned_abs(), below.unsigned_abs()).cast_signed()
        };
        let (above, below) = (above / common, below / common);
        match (short(above), short(below)) {
            (Some(above), Some(below)) => Self(Short(above, below)),
            _ => Self(Long(Box::new(RBig::from_parts(
                IBig::from(above),
                UBig::from(below.unsigned_abs()),
            )))),
        }
    }

    /// A number of any length, kept short where it can be.
    fn of_any_length(number: RBig) -> Self {
        let short = |part: &IBig| {
            let part = i64::try_from(part.clone()).ok();
            part.filter(|part| *part != i64::MIN)
        };
        let below = i64::try_from(number.denominator().clone()).ok();
        match (short(number.numerator()), below) {
            (Some(above), Some(below)) => Self(Short(above, below)),
            _ => Self(Long(Box::new(number))),
        }
    }

    /// The same for arithmetic on numbers of any length.
    fn long(&self) -> Cow<'_, RBig> {
        match &self.0 {
            Short(above, below) => Cow::Owned(RBig::from_parts(
                IBig::from(*above),
                UBig::from(below.unsigned_abs()),
            )),
            Long(number) => Cow::Borrowed(number),
        }
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
        Some(Self::of_any_length(if shift < 0 {
            RBig::from_parts(digits, power)
        } else {
            RBig::from(digits * IBig::from(power))
        }))
    }

    /// The exact value of a finite double; `None` for infinities and NaN.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        let (mantissa, exponent) = odd_mantissa(value);
        let short = match exponent {
            -62..=0 => Some(Short(mantissa, 1 << -exponent)),
            1..=9 => Some(Short(mantissa << exponent, 1)),
            _ => None,
        };
        match short {
            Some(short) => Some(Self(short)),
            None => RBig::try_from(value).ok().map(Self::of_any_length),
        }
    }

    /// The nearest double (ties to even); beyond the range of doubles an infinity.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
        match &self.0 {
            Short(above, 1) => *above as f64,
            // One rounding: that of the division.
            Short(above, below) if above.unsigned_abs().max(below.unsigned_abs()) <= EXACT => {
                *above as f64 / *below as f64
            }
            _ => self.long().to_f64().value(),
        }
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
        matches!(self.0, Short(0, _))
    }

    /// Whether this number is 1.
    #[must_use]
    pub fn is_one(&self) -> bool {
        matches!(self.0, Short(1, 1))
    }

    /// Whether the denominator is 1.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Short(_, below) => *below == 1,
            Long(number) => number.is_int(),
        }
    }

    /// Whether this number is below 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Short(above, _) => *above < 0,
            Long(number) => number.is_negative(),
        }
    }

    /// This number as a small integer, where it is one.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Short(above, 1) => Some(*above),
            Short(..) => None,
            Long(number) if number.is_int() => i64::try_from(number.numerator().clone()).ok(),
            Long(_) => None,
        }
    }

    /// The denominator, where it is small.
    #[must_use]
    pub fn small_denominator(&self) -> Option<i64> {
        match &self.0 {
            Short(_, below) => Some(*below),
            Long(number) => i64::try_from(number.denominator().clone()).ok(),
        }
    }

    /// The numerator, as a number of its own.
    #[must_use]
    pub fn numerator(&self) -> Self {
        match &self.0 {
            Short(above, _) => Self(Short(*above, 1)),
            Long(number) => Self::of_any_length(RBig::from(number.numerator().clone())),
        }
    }

    /// The denominator, as a number of its own.
    #[must_use]
    pub fn denominator(&self) -> Self {
        match &self.0 {
            Short(_, below) => Self(Short(*below, 1)),
            Long(number) => Self::of_any_length(RBig::from(number.denominator().clone())),
        }
    }

    /// Whether the denominator is odd, so that a power with this exponent is real for a negative base.
    #[must_use]
    pub fn has_odd_denominator(&self) -> bool {
        match &self.0 {
            Short(_, below) => below % 2 != 0,
            Long(number) => number.denominator().bit(0),
        }
    }

    /// Whether the numerator is even.
    #[must_use]
    pub fn has_even_numerator(&self) -> bool {
        match &self.0 {
            Short(above, _) => above % 2 == 0,
            Long(number) => !number.numerator().unsigned_abs().bit(0),
        }
    }

    /// Distance from 0.
    #[must_use]
    pub fn abs(&self) -> Self {
        match &self.0 {
            Short(above, below) => Self(Short(above.abs(), *below)),
            Long(number) => Self(Long(Box::new(number.as_ref().clone().abs()))),
        }
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
        let (this, other) = (self.long(), other.long());
        let above = this.numerator().gcd(other.numerator());
        let (a, b) = (this.denominator(), other.denominator());
        let below = a * (b / a.gcd(b));
        Self::of_any_length(RBig::from_parts(IBig::from(above), below))
    }

    /// The largest integer that is not above this number.
    #[must_use]
    pub fn floor(&self) -> Self {
        match &self.0 {
            Short(above, below) => Self(Short(above.div_euclid(*below), 1)),
            Long(number) => Self::of_any_length(RBig::from(number.floor())),
        }
    }

    /// `1 / self`; `None` at 0.
    #[must_use]
    pub fn recip(&self) -> Option<Self> {
        match &self.0 {
            Short(0, _) => None,
            Short(above, below) => Some(Self(Short(below * above.signum(), above.abs()))),
            Long(number) => Some(Self::of_any_length(RBig::ONE / number.as_ref())),
        }
    }

    /// An integer power; `None` for a negative power of 0 and where the result would be unreasonably long.
    #[must_use]
    pub fn pow(&self, exponent: i64) -> Option<Self> {
        let magnitude = isize::try_from(exponent.unsigned_abs()).ok()?;
        if self.is_zero() {
            return (exponent >= 0).then_some(if exponent == 0 { Self::ONE } else { Self::ZERO });
        }
        if exponent == 1 || self.is_one() {
            return Some(self.clone());
        }
        let magnitude = if self.abs().is_one() {
            magnitude % 2
        } else {
            magnitude
        };
        if self.bits().checked_mul(magnitude.unsigned_abs())? > MOST_BITS {
            return None;
        }
        let power = Self::of_any_length(self.long().pow(magnitude));
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
        let number = self.long();
        let numerator = exact_root(&number.numerator().unsigned_abs(), order)?;
        let denominator = exact_root(number.denominator(), order)?;
        let magnitude = Self::of_any_length(RBig::from_parts(IBig::from(numerator), denominator));
        Some(if self.is_negative() {
            -magnitude
        } else {
            magnitude
        })
    }

    /// Bits of numerator and denominator together: how long this number is.
    #[must_use]
    pub fn bits(&self) -> usize {
        let length = |part: &i64| (u64::BITS - part.unsigned_abs().leading_zeros()) as usize;
        match &self.0 {
            Short(above, below) => length(above) + length(below),
            Long(number) => number.numerator().bit_len() + number.denominator().bit_len(),
        }
    }
}

/// A part of a short fraction.
fn short(part: i128) -> Option<i64> {
    i64::try_from(part).ok().filter(|part| *part != i64::MIN)
}

/// The largest number that divides both (Euclid).
fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while let (Ok(low), Ok(high)) = (u64::try_from(a), u64::try_from(b))
        && high != 0
    {
        (a, b) = (u128::from(high), u128::from(low % high));
    }
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A finite double as an odd number times a power of two; 0 has the power 0. What is not finite has a power out of all range.
fn odd_mantissa(value: f64) -> (i64, i32) {
    const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
    if value == 0.0 {
        return (0, 0);
    }
    let bits = value.abs().to_bits();
    let biased = (bits >> FRACTION) as i32;
    let hidden = u64::from(biased != 0) << FRACTION;
    let mantissa = (bits & ((1 << FRACTION) - 1) | hidden).cast_signed();
    let zeros = mantissa.trailing_zeros();
    let exponent = biased.max(1) - 1075 + zeros.cast_signed();
    let sign = if value < 0.0 { -1 } else { 1 };
    (sign * (mantissa >> zeros), exponent)
}

fn exact_root(number: &UBig, order: u32) -> Option<UBig> {
    let order = usize::try_from(order).ok()?;
    let root = number.nth_root(order);
    (root.pow(order) == *number).then_some(root)
}

impl From<i64> for Rational {
    fn from(value: i64) -> Self {
        Self::reduced(i128::from(value), 1)
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Short(above, 1) => above.fmt(out),
            Short(above, below) => write!(out, "{above}/{below}"),
            Long(number) => number.fmt(out),
        }
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Short(a, 1), Short(b, 1)) => a.cmp(b),
            (Short(a, below_a), Short(b, below_b)) => (i128::from(*a) * i128::from(*below_b))
                .cmp(&(i128::from(*b) * i128::from(*below_a))),
            _ => self.long().cmp(&other.long()),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Add for Rational {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        match (&self.0, &other.0) {
            (Short(0, _), _) => other,
            (_, Short(0, _)) => self,
            (Short(a, below_a), Short(b, below_b)) => {
                let [a, below_a, b, below_b] = [*a, *below_a, *b, *below_b].map(i128::from);
                Self::reduced(a * below_b + b * below_a, below_a * below_b)
            }
            _ => Self::of_any_length(self.long().as_ref() + other.long().as_ref()),
        }
    }
}

impl Sub for Rational {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Rational {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        match (&self.0, &other.0) {
            (Short(1, 1), _) => other,
            (_, Short(1, 1)) => self,
            (Short(a, below_a), Short(b, below_b)) => {
                let [a, below_a, b, below_b] = [*a, *below_a, *b, *below_b].map(i128::from);
                Self::reduced(a * b, below_a * below_b)
            }
            _ => Self::of_any_length(self.long().as_ref() * other.long().as_ref()),
        }
    }
}

impl Div for Rational {
    type Output = Option<Self>;
    /// `None` where `other` is 0.
    fn div(self, other: Self) -> Option<Self> {
        other.recip().map(|reciprocal| self * reciprocal)
    }
}

impl Neg for Rational {
    type Output = Self;
    fn neg(self) -> Self {
        match self.0 {
            Short(above, below) => Self(Short(-above, below)),
            Long(number) => Self(Long(Box::new(-*number))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of which some are short, some long, and some just at the border.
    fn numbers() -> Vec<RBig> {
        let parts = [0, 1, -1, 2, 3, -6, 1 << 31, i64::MAX, -i64::MAX, i64::MIN];
        let mut numbers = Vec::new();
        for above in parts {
            for below in [1u64, 2, 3, 10, 1 << 62, i64::MAX as u64, 1 << 63, u64::MAX] {
                numbers.push(RBig::from_parts(IBig::from(above), UBig::from(below)));
            }
        }
        numbers
    }

    #[test]
    fn short_and_long_fractions_compute_alike() {
        let ours = Rational::of_any_length;
        for a in numbers() {
            let one = ours(a.clone());
            assert_eq!(one.to_string(), a.to_string());
            assert_eq!(one.to_f64(), a.to_f64().value());
            assert_eq!(one.floor(), ours(RBig::from(a.floor())));
            assert_eq!(-one.clone(), ours(-a.clone()));
            assert_eq!(one.abs(), ours(a.clone().abs()));
            assert_eq!(
                one.bits(),
                a.numerator().bit_len() + a.denominator().bit_len()
            );
            assert_eq!(one.recip(), (!a.is_zero()).then(|| ours(RBig::ONE / &a)));
            for b in numbers() {
                let other = ours(b.clone());
                assert_eq!(one.clone() + other.clone(), ours(&a + &b));
                assert_eq!(one.clone() - other.clone(), ours(&a - &b));
                assert_eq!(one.clone() * other.clone(), ours(&a * &b));
                assert_eq!(
                    one.clone() / other.clone(),
                    (!b.is_zero()).then(|| ours(&a / &b))
                );
                assert_eq!(one.cmp(&other), a.cmp(&b));
            }
        }
    }

    #[test]
    fn doubles_are_read_exactly() {
        for exponent in -1074..1024 {
            for mantissa in [1.0, 1.5, 1.25 + f64::EPSILON, -1.0, -2.0 + f64::EPSILON] {
                let value = mantissa * 2.0f64.powi(exponent);
                let exact = RBig::try_from(value).ok().map(Rational::of_any_length);
                assert_eq!(Rational::from_f64(value), exact, "{value:e}");
                assert_eq!(exact.map(|exact| exact.to_f64()), Some(value));
            }
        }
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Rational::from_f64(value), None);
        }
    }
}
