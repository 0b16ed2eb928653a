//! The factorial: a function of whole numbers, with no slope anywhere.

use crate::elementary::twofold::Twofold;
use crate::number::{Decoration, Interval, Series};
use crate::vocabulary::{Elementary, Partials, Scalar, flat};

/// The product 1 * 2 * ... * x of whole numbers x from 0 to 170; beyond, it exceeds every double. It is not
/// defined between whole numbers, so it has no derivative.
///
/// ```
/// use secant::Operation;
/// assert_eq!(Operation::Factorial.value(&[5.0]), 120.0);
/// assert!(Operation::Factorial.value(&[2.5]).is_nan());
/// ```
pub struct Factorial;

/// The largest argument whose factorial is a double.
const LAST: f64 = 170.0;
/// The largest argument whose factorial is exact.
const LAST_EXACT: f64 = 22.0;

impl Elementary for Factorial {
    const NAME: &'static str = "factorial";
    const LATEX: &'static str = "!";
    const DOMAIN: &'static str = "a whole number from 0 to 170";
    const SUMMARY: &'static str =
        "the product of the whole numbers up to x; no derivative anywhere";
    const ULPS: f64 = 0.5;
    const SAMPLES: &'static [&'static [f64]] = &[&[0.0], &[5.0], &[23.0], &[170.0]];

    fn value(x: &[f64]) -> f64 {
        if x[0].fract() != 0.0 || !(0.0..=LAST).contains(&x[0]) {
            return f64::NAN;
        }
        let factors = (2..=170_u8)
            .map(f64::from)
            .take_while(|factor| *factor <= x[0]);
        factors.fold(Twofold::from(1.0), Twofold::times).head()
    }

    fn enclose(x: &[Interval]) -> Interval {
        let (first, last) = (x[0].lo().max(0.0).ceil(), x[0].hi().min(LAST).floor());
        let product = |n: f64| {
            if n <= LAST_EXACT {
                Interval::point(Self::value(&[n]))
            } else {
                Interval::around(Self::value(&[n]), Self::ULPS)
            }
        };
        if x[0].is_empty() || first > last {
            Interval::EMPTY
        } else if x[0].is_point() {
            product(first).decorated(Decoration::Defined)
        } else {
            product(first)
                .union(product(last))
                .decorated(Decoration::Trivial)
        }
    }

    fn partials<S: Scalar>(_x: &[S], _y: &S) -> Partials<S> {
        flat()
    }

    fn is_smooth(_x: &[Interval]) -> bool {
        false
    }

    /// Beside a whole number there is no value.
    fn one_sided(x: &[Series]) -> Option<Series> {
        let value = x[0]
            .fixed_value()
            .map(|x| Self::enclose(&[Interval::point(x)]));
        let constant = value
            .filter(|value| !value.is_empty())
            .map(Series::constant);
        Some(constant.unwrap_or_else(Series::undefined))
    }
}
