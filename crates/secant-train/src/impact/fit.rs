//! A polynomial of degree 5 through six values, which tells whether it holds between them.

use crate::number::Number;

/// Where the values are known, on a scale from -1 to 1.
pub(super) const NODES: [f64; 6] = [-1.0, -2.0 / 3.0, -1.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0, 1.0];

/// A polynomial in v, by its coefficients from the constant on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit<T>([T; 6]);

impl<T: Number> Fit<T> {
    /// 0 everywhere.
    pub(super) const NOTHING: Self = Self([T::ZERO; 6]);

    /// The polynomial that takes these values at the nodes; `None` where what the next term would add might be seen among the digits. Terms
    /// fall by much the same factor from one to the next, so with the last one c of values of size q the next is about `q (c/q)^(6/5)`, and
    /// between the nodes a twentieth of that is felt: that may be 8 units in the last place.
    pub(super) fn through(values: [T; 6]) -> Option<Self> {
        let half = T::of(0.5);
        let [a, b, c, d, e, f] = values;
        let even = parabola([half * (f + a), half * (e + b), half * (d + c)]);
        let odd = parabola([half * (f - a), T::of(0.75) * (e - b), T::of(1.5) * (d - c)]);
        let size = values.iter().fold(T::ZERO, |size, value| {
            if value.abs() > size {
                value.abs()
            } else {
                size
            }
        });
        let fit = Self([even[0], odd[0], even[1], odd[1], even[2], odd[2]]);
        let last = if odd[2].abs() > even[2].abs() {
            odd[2].abs()
        } else {
            even[2].abs()
        };
        (last <= T::of(T::LAST_TERM) * size).then_some(fit)
    }

    /// Its value.
    #[inline]
    pub(super) fn value(&self, v: T) -> T {
        let [a, b, c, d, e, f] = self.0;
        ((((f * v + e) * v + d) * v + c) * v + b) * v + a
    }
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

    #[test]
    fn a_quintic_is_its_own_fit_and_a_kink_is_none() {
        let quintic = |v: f64| 3.0 - v + 2.0 * v.powi(2) + 1e-13 * v.powi(5);
        let fit = Fit::through(NODES.map(quintic)).map(|fit| fit.value(0.4) - quintic(0.4));
        assert!(fit.is_some_and(|error| error.abs() < 4e-15));
        assert_eq!(Fit::through(NODES.map(f64::abs)), None);
        assert_eq!(Fit::through([f64::NAN; 6]), None);
    }
}
