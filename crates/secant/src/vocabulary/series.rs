//! Any function of the table applied to a one-sided series, by its own rule: the derivative of f(u(τ)) is
//! the sum of partials times u'(τ), and its integral is the series sought (Moore 1966, chapter 11).

use super::{Elementary, Scalar};
use crate::number::{Interval, Series};

impl Scalar for Series {
    fn constant(value: f64) -> Self {
        Self::constant(Interval::point(value))
    }

    fn enclosed(_value: f64, range: Interval) -> Self {
        Self::constant(range)
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

/// Integrates the chain rule as often as more coefficients come out of it. The partials are needed to fewer
/// powers than the value, so that rules which call each other (sin, cos) come to an end.
fn by_rule<E: Elementary>(arguments: &[Series]) -> Option<Series> {
    let starts: Option<Vec<Interval>> = arguments.iter().map(Series::start).collect();
    let starts = starts?;
    let value = E::enclose(&starts);
    if value.is_empty() {
        let around: Vec<Interval> = starts.iter().map(|start| start.neighbourhood()).collect();
        return E::enclose(&around).is_empty().then(Series::undefined);
    }
    if !value.is_bounded() {
        return None;
    }
    if arguments
        .iter()
        .all(|argument| argument.fixed_value().is_some())
    {
        return Some(Series::constant(value));
    }
    let end = arguments.iter().map(Series::known).min()?;
    let gain = arguments
        .iter()
        .filter_map(Series::first_move)
        .min()
        .unwrap_or(end);
    let inner: Vec<Series> = arguments
        .iter()
        .map(|argument| argument.limited((end - gain).max(1)))
        .collect();
    let mut series = Series::constant(value).limited(1);
    while series.known() < end {
        let known = series.known();
        let integrand = arguments
            .iter()
            .zip(E::partials(&inner, &series))
            .filter_map(|(argument, partial)| partial.map(|partial| partial * argument.slope()))
            .reduce(|sum, term| sum + term)
            .unwrap_or_else(|| Series::constant(Interval::point(0.0)));
        let next = integrand.integral(value);
        if !next.is_known() {
            return Some(next);
        }
        if next.known() <= known {
            break;
        }
        series = next.limited(end);
    }
    (series.known() > 1 || end == 1).then_some(series)
}

#[cfg(test)]
mod tests {
    use crate::{Functions, Series};

    fn taylor_middle(series: &Series, order: i32) -> f64 {
        series
            .taylor(order)
            .map_or(f64::NAN, |coefficient| coefficient.middle())
    }

    #[test]
    fn rules_that_name_each_other_are_solved_together() {
        let sine = Series::approaching(0.0, 1.0).sin();
        assert!(!sine.rests_on_rounding());
        assert_eq!(taylor_middle(&sine, 0), 0.0);
        assert_eq!(taylor_middle(&sine, 1), 1.0);
        assert!((taylor_middle(&sine, 3) + 1.0 / 6.0).abs() < 1e-16);
        assert!((taylor_middle(&sine, 5) - 1.0 / 120.0).abs() < 1e-16);
    }

    #[test]
    fn a_sine_of_a_root_has_the_powers_of_the_root() {
        let sine = Series::approaching(0.0, 1.0).sqrt().sin();
        let (power, coefficient) = sine
            .first_fault(1)
            .unwrap_or((f64::NAN, crate::Interval::EMPTY));
        assert_eq!((power, coefficient.middle()), (0.5, 1.0));
    }
}
