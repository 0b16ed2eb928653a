//! A polynomial through a few values, which tells whether it holds between them.

use crate::number::Number;

/// Where the values are known first, on a scale from -1 to 1: enough for what bends as little as a loss does on a short way.
pub(super) const FIRST: [f64; 4] = [-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0];
/// Where they are asked for besides, if those do not serve.
pub(super) const MORE: [f64; 2] = [-2.0 / 3.0, 2.0 / 3.0];

/// A polynomial in v, by its coefficients from the constant on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit<T>([T; 6]);

impl<T: Number> Fit<T> {
    /// 0 everywhere.
    pub(super) const NOTHING: Self = Self([T::ZERO; 6]);

    /// The cubic that takes these values at the first nodes; `None` where it does not hold between them.
    pub(super) fn cubic(first: [T; 4]) -> Option<Self> {
        let half = T::of(0.5);
        let [a, c, d, f] = first;
        let even = line([half * (f + a), half * (d + c)]);
        let odd = line([half * (f - a), T::of(1.5) * (d - c)]);
        let fit = Self([even[0], odd[0], even[1], odd[1], T::ZERO, T::ZERO]);
        fit.holds(&first, T::LAST_OF_CUBIC)
    }

    /// The polynomial of degree 5 that takes these values at all nodes; `None` where it does not hold between them.
    pub(super) fn quintic(first: [T; 4], more: [T; 2]) -> Option<Self> {
        let half = T::of(0.5);
        let ([a, c, d, f], [b, e]) = (first, more);
        let even = parabola([half * (f + a), half * (e + b), half * (d + c)]);
        let odd = parabola([half * (f - a), T::of(0.75) * (e - b), T::of(1.5) * (d - c)]);
        let fit = Self([even[0], odd[0], even[1], odd[1], even[2], odd[2]]);
        fit.holds(&[a, b, c, d, e, f], T::LAST_OF_QUINTIC)
    }

    /// `None` where what the next term would add might be seen among the digits. Terms fall by much the same factor from one to the
    /// next, so with the k-th c, and values of size q, the n-th is about `q (c/q)^(n/k)`. Between four nodes a fifth of the fourth is felt,
    /// between six a twentieth of the sixth: that may be 8 units in the last place. A value that is NaN makes every term NaN, and no term
    /// of that kind is small.
    fn holds(self, values: &[T], last: [f64; 2]) -> Option<Self> {
        let size = values.iter().fold(T::ZERO, |size, value| {
            if value.abs() > size {
                value.abs()
            } else {
                size
            }
        });
        let terms = self.0[values.len() - 2..].iter().zip(last);
        let mut are_small = size.to_f64().is_finite();
        for (term, last) in terms {
            are_small &= term.abs() <= T::of(last) * size;
        }
        are_small.then_some(self)
    }

    /// Its value.
    #[inline]
    pub(super) fn value(&self, v: T) -> T {
        let [a, b, c, d, e, f] = self.0;
        ((((f * v + e) * v + d) * v + c) * v + b) * v + a
    }
}

/// The line in w that takes these values at 1 and 1/9.
fn line<T: Number>([at_one, at_nine]: [T; 2]) -> [T; 2] {
    let slope = (at_one - at_nine) * T::of(9.0 / 8.0);
    [at_nine - slope * T::of(1.0 / 9.0), slope]
}

/// The parabola in w that takes these values at 1, 4/9 and 1/9, by divided differences (Newton 1711).
fn parabola<T: Number>([at_one, at_four, at_nine]: [T; 3]) -> [T; 3] {
    let upper = (at_one - at_four) * T::of(9.0 / 5.0);
    let lower = (at_four - at_nine) * T::of(3.0);
    let second = (upper - lower) * T::of(9.0 / 8.0);
    let first = lower - second * T::of(5.0 / 9.0);
    [
        at_nine - first * T::of(1.0 / 9.0) - second * T::of(1.0 / 81.0),
        first,
        second,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quintic(f: impl Fn(f64) -> f64) -> Option<Fit<f64>> {
        Fit::quintic(FIRST.map(&f), MORE.map(&f))
    }

    #[test]
    fn a_polynomial_is_its_own_fit_and_a_kink_is_none() {
        let bent = |v: f64| 3.0 - v + 2.0 * v.powi(2) + 1e-13 * v.powi(5);
        let fit = quintic(bent).map(|fit| fit.value(0.4) - bent(0.4));
        assert!(fit.is_some_and(|error| error.abs() < 4e-15));
        assert_eq!(Fit::cubic(FIRST.map(bent)), None);
        let nearly_straight = |v: f64| 3.0 - 1e-4 * v + 1e-11 * v.powi(2) + 1e-13 * v.powi(3);
        let fit = Fit::cubic(FIRST.map(nearly_straight));
        let fit = fit.map(|fit| fit.value(0.4) - nearly_straight(0.4));
        assert!(fit.is_some_and(|error| error.abs() < 1e-15));
        assert_eq!(quintic(f64::abs), None);
        assert_eq!(Fit::cubic(FIRST.map(f64::abs)), None);
        assert_eq!(quintic(|_| f64::NAN), None);
        assert_eq!(Fit::cubic([0.0, f64::NAN, 0.0, 0.0]), None);
    }
}
