//! Any function of the table applied to a one-sided series, by its own rule: the derivative of f(u(τ)) is
//! the sum of partials times u'(τ), and its integral is the series sought (Moore 1966, chapter 11).

use super::{Elementary, Scalar};
use crate::number::{Interval, Series};

impl Scalar for Series {
    fn constant(value: f64) -> Self {
        Self::constant(Interval::point(value))
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        if let Some(told) = E::one_sided(arguments) {
            return told;
        }
        if let Some(unknown) = arguments.iter().find(|argument| !argument.is_known()) {
            return unknown.clone();
        }
        by_rule::<E>(arguments).unwrap_or_else(Self::undecided)
    }

    fn truth(&self) -> Option<bool> {
        self.fixed_value().map(|value| value != 0.0)
    }
}

/// Integrates the chain rule as often as more coefficients come out of it. A rule that does not read its own
/// value is done after one pass.
fn by_rule<E: Elementary>(arguments: &[Series]) -> Option<Series> {
    let start: Option<Vec<Interval>> = arguments
        .iter()
        .map(|argument| {
            argument
                .leading()
                .map_or(Some(Interval::point(0.0)), |(power, _)| {
                    if power < 0 { None } else { argument.taylor(0) }
                })
        })
        .collect();
    let value = E::enclose(&start?);
    if value.is_empty() {
        return Some(Series::undefined());
    }
    if !value.is_bounded() {
        return None;
    }
    let mut series = Series::beginning(value);
    loop {
        let known = series.known();
        let integrand = arguments
            .iter()
            .zip(E::partials(arguments, &series))
            .filter_map(|(argument, partial)| partial.map(|partial| partial * argument.slope()))
            .reduce(|sum, term| sum + term)
            .unwrap_or_else(|| Series::constant(Interval::point(0.0)));
        let next = integrand.integral(value);
        if !next.is_known() || next.known() <= known {
            return if next.is_undefined() {
                Some(next)
            } else if next.is_known() && known > 1 {
                Some(series)
            } else {
                None
            };
        }
        series = next;
    }
}
