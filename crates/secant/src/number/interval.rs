//! Intervals of doubles with outward rounding: what they enclose is proven (Moore 1966), and a
//! decoration in the manner of IEEE 1788-2015, section 8, says whether the function was defined and
//! continuous over all of it. The functions themselves are enclosed by their entries in `elementary/`.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// What is known of a function over the whole of its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decoration {
    /// Nothing: it may be undefined somewhere.
    Trivial,
    /// Defined everywhere, perhaps with jumps.
    Defined,
    /// Defined and continuous everywhere.
    Continuous,
}

/// All real numbers from `lo` to `hi`; the bounds may be infinite. Empty where no number is left.
///
/// ```
/// use secant::{Functions, Interval};
/// let x = Interval::new(1.0, 2.0);
/// let y = x * x - x;
/// assert!(y.contains(0.5));
/// assert!(Interval::new(0.0, 4.0).sqrt().contains(2.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    lo: f64,
    hi: f64,
    decoration: Decoration,
}

impl Interval {
    /// Every real number, of a function of which nothing is known.
    pub const WHOLE: Self = Self {
        lo: f64::NEG_INFINITY,
        hi: f64::INFINITY,
        decoration: Decoration::Trivial,
    };
    /// No number at all.
    pub const EMPTY: Self = Self {
        lo: f64::NAN,
        hi: f64::NAN,
        decoration: Decoration::Trivial,
    };

    /// From `lo` to `hi`; empty unless `lo <= hi`.
    #[must_use]
    pub fn new(lo: f64, hi: f64) -> Self {
        if lo <= hi && lo < f64::INFINITY && hi > f64::NEG_INFINITY {
            Self {
                lo,
                hi,
                decoration: Decoration::Continuous,
            }
        } else {
            Self::EMPTY
        }
    }

    /// The one number `x`; an infinity stands for all numbers too large for a double, NaN for none.
    #[must_use]
    pub fn point(x: f64) -> Self {
        if x.is_infinite() {
            Self::hull(f64::MAX.copysign(x), x)
        } else {
            Self::new(x, x)
        }
    }

    /// The box that is the one point `x`.
    #[must_use]
    pub fn points(x: &[f64]) -> Vec<Self> {
        x.iter().copied().map(Self::point).collect()
    }

    /// The smallest interval that holds both numbers, in either order.
    #[must_use]
    pub fn hull(a: f64, b: f64) -> Self {
        if a.is_nan() || b.is_nan() {
            Self::EMPTY
        } else {
            Self::new(a.min(b), a.max(b))
        }
    }

    /// The numbers within `ulps` units in the last place of a computed value.
    #[must_use]
    pub fn around(value: f64, ulps: f64) -> Self {
        Self::outward(value, value, ulps)
    }

    /// From `lo` to `hi`, each moved outward by `ulps` units in its last place.
    #[must_use]
    pub fn outward(lo: f64, hi: f64, ulps: f64) -> Self {
        if lo.is_nan() || hi.is_nan() {
            return Self::EMPTY;
        }
        let lower = if lo == f64::INFINITY { f64::MAX } else { lo };
        let upper = if hi == f64::NEG_INFINITY {
            f64::MIN
        } else {
            hi
        };
        Self::new(
            (lower - ulps * super::ulp(lower)).next_down(),
            (upper + ulps * super::ulp(upper)).next_up(),
        )
    }

    /// The lower bound.
    #[must_use]
    pub fn lo(self) -> f64 {
        self.lo
    }

    /// The upper bound.
    #[must_use]
    pub fn hi(self) -> f64 {
        self.hi
    }

    /// What is known of the function that gave this interval.
    #[must_use]
    pub fn decoration(self) -> Decoration {
        self.decoration
    }

    /// The same numbers, of a function of which no more than this is known.
    #[must_use]
    pub fn decorated(self, decoration: Decoration) -> Self {
        Self {
            decoration: self.decoration.min(decoration),
            ..self
        }
    }

    /// Whether no number is inside.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.lo.is_nan()
    }

    /// Whether it is one finite number.
    #[must_use]
    pub fn is_point(self) -> bool {
        self.lo == self.hi
    }

    /// Whether both bounds are finite.
    #[must_use]
    pub fn is_bounded(self) -> bool {
        self.lo.is_finite() && self.hi.is_finite()
    }

    /// Whether `x` lies inside.
    #[must_use]
    pub fn contains(self, x: f64) -> bool {
        self.lo <= x && x <= self.hi
    }

    /// Whether an integer lies inside.
    #[must_use]
    pub fn contains_integer(self) -> bool {
        !self.is_empty() && self.lo.ceil() <= self.hi
    }

    /// `hi - lo`, rounded up.
    #[must_use]
    pub fn width(self) -> f64 {
        if self.is_point() {
            0.0
        } else {
            (self.hi - self.lo).next_up()
        }
    }

    /// A number near the middle; for an unbounded interval one that is inside.
    #[must_use]
    pub fn middle(self) -> f64 {
        if self.is_point() || self.is_empty() {
            return self.lo;
        }
        (0.5 * self.lo.max(f64::MIN) + 0.5 * self.hi.min(f64::MAX)).clamp(self.lo, self.hi)
    }

    /// The same numbers and the doubles next to them.
    #[must_use]
    pub fn neighbourhood(self) -> Self {
        if self.is_empty() {
            self
        } else {
            Self {
                lo: self.lo.next_down(),
                hi: self.hi.next_up(),
                ..self
            }
        }
    }

    /// The largest distance of a number inside from `value`, rounded up.
    #[must_use]
    pub fn distance(self, value: f64) -> f64 {
        if self.is_point() && self.lo == value {
            return 0.0;
        }
        (self.hi - value).max(value - self.lo).next_up()
    }

    /// The largest `|x|` inside.
    #[must_use]
    pub fn magnitude(self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    /// The smallest interval that holds both; the decoration is the weaker one.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other.decorated(Decoration::Trivial);
        }
        if other.is_empty() {
            return self.decorated(Decoration::Trivial);
        }
        Self::new(self.lo.min(other.lo), self.hi.max(other.hi))
            .decorated(self.decoration.min(other.decoration))
    }

    /// The numbers inside both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return Self::EMPTY;
        }
        Self::new(self.lo.max(other.lo), self.hi.min(other.hi))
            .decorated(self.decoration.min(other.decoration))
    }

    /// What is left of the argument inside a domain; where something is cut off, the function was not
    /// defined everywhere.
    #[must_use]
    pub fn within_domain(self, lo: f64, hi: f64) -> Self {
        let inside = self.lo >= lo && self.hi <= hi;
        let cut = self.intersection(Self::new(lo, hi));
        if inside {
            cut
        } else {
            cut.decorated(Decoration::Trivial)
        }
    }

    /// The range of an operation that is monotone in each argument, from the four pairs of ends.
    fn over_ends(self, other: Self, operation: impl Fn(f64, f64) -> Rounded) -> Self {
        if self.is_empty() || other.is_empty() {
            return Self::EMPTY;
        }
        let ends = [
            operation(self.lo, other.lo),
            operation(self.lo, other.hi),
            operation(self.hi, other.lo),
            operation(self.hi, other.hi),
        ];
        let least = ends
            .iter()
            .map(Rounded::below)
            .fold(f64::INFINITY, f64::min);
        let most = ends
            .iter()
            .map(Rounded::above)
            .fold(f64::NEG_INFINITY, f64::max);
        Self::new(least, most).decorated(self.decoration.min(other.decoration))
    }
}

/// A computed result and what rounding took from it. Only the sign of the rest is meant: above 0 where the
/// true result is greater, 0 where the computed one is exact, NaN where that cannot be told.
struct Rounded {
    result: f64,
    rest: f64,
}

impl Rounded {
    /// Where a residual can be lost to underflow, its sign is not trusted.
    const SAFE: f64 = 1e-290;

    fn exactly(result: f64) -> Self {
        Self { result, rest: 0.0 }
    }

    /// The rest of a sum is a double (Knuth 1969, section 4.2.2, theorem B).
    fn sum(a: f64, b: f64) -> Self {
        let result = a + b;
        let of_b = result - a;
        let rest = (a - (result - of_b)) + (b - of_b);
        if a.is_infinite() || b.is_infinite() {
            Self::exactly(result)
        } else {
            Self { result, rest }
        }
    }

    /// `0 * infinity` is 0, since the bounds are limits of finite numbers.
    fn product(a: f64, b: f64) -> Self {
        if a == 0.0 || b == 0.0 {
            return Self::exactly(0.0);
        }
        let result = a * b;
        if a.is_infinite() || b.is_infinite() {
            return Self::exactly(result);
        }
        let rest = a.mul_add(b, -result);
        Self::trusted(result, rest, result.abs() > Self::SAFE)
    }

    /// `a / infinity` is 0 for the same reason.
    fn quotient(a: f64, b: f64) -> Self {
        if a == 0.0 || b.is_infinite() {
            return Self::exactly(0.0);
        }
        let result = a / b;
        if a.is_infinite() {
            return Self::exactly(result);
        }
        let rest = (-result).mul_add(b, a) * b.signum();
        Self::trusted(result, rest, result.abs().min(a.abs()) > Self::SAFE)
    }

    fn trusted(result: f64, rest: f64, is_safe: bool) -> Self {
        let rest = if is_safe { rest } else { f64::NAN };
        Self { result, rest }
    }

    /// The greatest double that is surely not above the true result.
    fn below(&self) -> f64 {
        if self.result == f64::INFINITY && self.rest != 0.0 {
            f64::MAX
        } else if self.rest >= 0.0 {
            self.result
        } else {
            self.result.next_down()
        }
    }

    /// The least double that is surely not below the true result.
    fn above(&self) -> f64 {
        if self.result == f64::NEG_INFINITY && self.rest != 0.0 {
            f64::MIN
        } else if self.rest <= 0.0 {
            self.result
        } else {
            self.result.next_up()
        }
    }
}

impl Add for Interval {
    type Output = Self;
    /// All sums.
    fn add(self, other: Self) -> Self {
        Self::new(
            Rounded::sum(self.lo, other.lo).below(),
            Rounded::sum(self.hi, other.hi).above(),
        )
        .decorated(self.decoration.min(other.decoration))
    }
}

impl Sub for Interval {
    type Output = Self;
    /// All differences.
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Interval {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            lo: -self.hi,
            hi: -self.lo,
            ..self
        }
    }
}

impl Mul for Interval {
    type Output = Self;
    /// All products.
    fn mul(self, other: Self) -> Self {
        self.over_ends(other, Rounded::product)
    }
}

impl Div for Interval {
    type Output = Self;
    /// All quotients; dividing by an interval that holds 0 is not defined everywhere.
    fn div(self, other: Self) -> Self {
        if self.is_empty() || other.is_empty() || (other.lo == 0.0 && other.hi == 0.0) {
            return Self::EMPTY;
        }
        if other.lo > 0.0 || other.hi < 0.0 {
            return self.over_ends(other, Rounded::quotient);
        }
        let reciprocal = match (other.lo == 0.0, other.hi == 0.0) {
            (true, _) => Self::new((1.0 / other.hi).next_down(), f64::INFINITY),
            (_, true) => Self::new(f64::NEG_INFINITY, (1.0 / other.lo).next_up()),
            _ => Self::WHOLE,
        };
        (self * reciprocal).decorated(Decoration::Trivial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_of_zero_and_the_whole_line_is_zero() {
        let zero = Interval::point(0.0);
        assert_eq!((zero * Interval::WHOLE).hi(), 0.0);
    }

    #[test]
    fn division_by_an_interval_with_zero_is_not_defined_everywhere() {
        let quotient = Interval::point(1.0) / Interval::new(-1.0, 1.0);
        assert_eq!(quotient.decoration(), Decoration::Trivial);
        assert!(quotient.contains(1e300) && quotient.contains(-1e300));
        assert!((Interval::point(1.0) / Interval::point(0.0)).is_empty());
    }

    #[test]
    fn overflow_is_an_interval_beyond_the_largest_double() {
        let big = Interval::point(1e200) * Interval::point(1e200);
        assert_eq!((big.lo(), big.hi()), (f64::MAX, f64::INFINITY));
    }

    #[test]
    fn exact_results_stay_points() {
        let (a, b) = (Interval::point(1.5), Interval::point(-0.375));
        for exact in [a + b, a * b, a / b] {
            assert!(exact.is_point());
        }
    }

    #[test]
    fn tiny_products_are_widened_though_their_rest_underflows() {
        let product = Interval::point(1.1e-200) * Interval::point(1.3e-120);
        assert!(product.lo() < product.hi());
    }

    #[test]
    fn what_was_cut_off_stays_told() {
        let cut = Interval::new(-1.0, 4.0).within_domain(0.0, f64::INFINITY);
        assert_eq!(cut.decoration(), Decoration::Trivial);
    }

    #[test]
    fn inexact_results_are_widened() {
        let tenth = Interval::point(0.1);
        let sum = tenth + Interval::point(0.2);
        assert_eq!(sum.lo().next_up(), sum.hi());
    }
}
