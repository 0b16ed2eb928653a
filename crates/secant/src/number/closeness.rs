//! The one comparison of floating-point numbers in this house. NaN is compared, never skipped.

/// The distance from `|x|` to the next larger double: one unit in the last place.
///
/// ```
/// assert_eq!(secant::ulp(1.0), f64::EPSILON);
/// ```
#[must_use]
pub fn ulp(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude >= f64::MAX {
        return f64::MAX - f64::MAX.next_down();
    }
    magnitude.next_up() - magnitude
}

/// The power of two at or below `|x|`, 1 for 0, and kept between 2^-400 and 2^400 so that dividing by it is exact.
pub(crate) fn power_of_two_near(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let exponent = (x.abs().to_bits() >> 52).clamp(1023 - 400, 1023 + 400);
    f64::from_bits(exponent << 52)
}

/// How far two numbers may stand apart and still be called the same.
///
/// ```
/// use secant::Closeness;
/// assert!(Closeness::within(1e-12).holds(1.0, 1.0 + 1e-13));
/// assert!(!Closeness::within(1e-12).holds(f64::NAN, 1.0));
/// assert!(Closeness::within(0.0).holds(f64::NAN, f64::NAN));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    absolute: f64,
}

impl Closeness {
    /// Numbers at most `absolute` apart; usually the sum of their two error bounds.
    #[must_use]
    pub fn within(absolute: f64) -> Self {
        Self { absolute }
    }

    /// Whether `a` and `b` are that close. Equal infinities are, and NaN is close to NaN alone.
    #[must_use]
    pub fn holds(self, a: f64, b: f64) -> bool {
        if a.is_nan() || b.is_nan() {
            return a.is_nan() && b.is_nan();
        }
        a == b || (a - b).abs() <= self.absolute
    }
}
