//! Numbers of the reference, known to half a unit of their 50th digit, compared exactly otherwise.

use secant::{Interval, Rational, ulp};

#[derive(Clone, Debug)]
pub(crate) enum Truth {
    Undefined,
    Infinite(f64),
    Number(Rational),
    /// Too large for any double, with its sign.
    Beyond(f64),
    /// Not 0, but below half the least double, with its sign.
    Vanishing(f64),
}

impl Truth {
    pub(crate) fn read(text: &str) -> Self {
        match text {
            "undefined" => return Self::Undefined,
            "inf" => return Self::Infinite(f64::INFINITY),
            "-inf" => return Self::Infinite(f64::NEG_INFINITY),
            _ => {}
        }
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1.0, digits),
            None => (1.0, text),
        };
        let exponent = digits.split_once('e').map_or("0", |(_, exponent)| exponent);
        if exponent.trim_start_matches('-').len() > 4 {
            let is_small = exponent.starts_with('-');
            return if is_small {
                Self::Vanishing(sign)
            } else {
                Self::Beyond(sign)
            };
        }
        let magnitude = Rational::from_decimal(digits).unwrap();
        let nearest = magnitude.to_f64();
        if nearest.is_infinite() {
            Self::Beyond(sign)
        } else if nearest == 0.0 && !magnitude.is_zero() {
            Self::Vanishing(sign)
        } else {
            Self::Number(if sign < 0.0 { -magnitude } else { magnitude })
        }
    }

    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// How many units in the last place, of the computed or the true number, whichever has the smaller ones, a
    /// computed number is off.
    pub(crate) fn error_in_ulps(&self, computed: f64) -> f64 {
        let off = |is_right: bool| if is_right { 0.0 } else { f64::INFINITY };
        match self {
            Self::Undefined => off(!computed.is_finite()),
            Self::Infinite(infinity) => off(computed == *infinity),
            Self::Beyond(sign) => {
                off(computed == f64::INFINITY * sign || computed == f64::MAX * sign)
            }
            Self::Vanishing(_) => computed.abs() / f64::from_bits(1),
            Self::Number(truth) => match Rational::from_f64(computed) {
                None => match truth.to_f64().abs() {
                    nearest if computed.is_infinite() => (f64::MAX - nearest) / ulp(nearest) + 1.0,
                    _ => f64::INFINITY,
                },
                Some(exact) => {
                    let error = (exact - truth.clone()).abs() - written_off(truth);
                    let error = error.max(Rational::ZERO);
                    let unit = Rational::from_f64(ulp(computed).min(ulp(truth.to_f64()))).unwrap();
                    (error / unit).unwrap().to_f64()
                }
            },
        }
    }

    /// Whether the interval holds the number itself, not merely its nearest double.
    pub(crate) fn is_in(&self, range: Interval) -> bool {
        let (lo, hi) = (range.lo(), range.hi());
        match self {
            Self::Undefined => false,
            Self::Infinite(infinity) => range.contains(*infinity),
            Self::Beyond(sign) => range.contains(f64::INFINITY * sign),
            Self::Vanishing(sign) => {
                let least = f64::from_bits(1).copysign(*sign);
                (lo <= least.min(0.0)) && (least.max(0.0) <= hi)
            }
            Self::Number(truth) => {
                let (least, most) = (
                    truth.clone() - written_off(truth),
                    truth.clone() + written_off(truth),
                );
                let is_above = Rational::from_f64(lo).map_or(lo < 0.0, |lo| lo <= most);
                let is_below = Rational::from_f64(hi).map_or(hi > 0.0, |hi| least <= hi);
                is_above && is_below
            }
        }
    }
}

/// At most so much was rounded off when the 50 digits were written.
fn written_off(truth: &Rational) -> Rational {
    truth.abs() * Rational::from_decimal("5e-50").unwrap()
}

#[test]
fn units_are_counted_exactly() {
    let third = Truth::read("0.33333333333333333333333333333333333333333333333333");
    let error = third.error_in_ulps(1.0 / 3.0);
    assert!((error - 1.0 / 3.0).abs() < 1e-10, "{error}");
    assert!(third.error_in_ulps((1.0_f64 / 3.0).next_up()) > 0.6);
    assert!(third.is_in(Interval::new(1.0 / 3.0, (1.0_f64 / 3.0).next_up())));
    assert!(!third.is_in(Interval::point(1.0 / 3.0)));
    assert_eq!(Truth::read("inf").error_in_ulps(f64::MAX), f64::INFINITY);
    assert_eq!(third.error_in_ulps(f64::NAN), f64::INFINITY);
}
