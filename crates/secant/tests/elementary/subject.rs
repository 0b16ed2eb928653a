//! One entry of the table as a bundle of closures, so that a fault can be planted in any of them.

use secant::{Dual, Interval, Operation, Scalar};

type Of<N, A> = Box<dyn Fn(&[N]) -> A>;

/// What the checks ask of an entry. Slopes are listed by argument; bends, the second derivatives, by pairs of
/// arguments as in the reference: 11, 12, 22.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) ulps: f64,
    pub(crate) value: Of<f64, f64>,
    pub(crate) range: Of<Interval, Interval>,
    pub(crate) slopes: Of<f64, Vec<f64>>,
    pub(crate) slope_ranges: Of<Interval, Vec<Interval>>,
    pub(crate) bends: Of<f64, Vec<f64>>,
    pub(crate) bend_ranges: Of<Interval, Vec<Interval>>,
    pub(crate) is_smooth: Of<Interval, bool>,
}

impl Subject {
    pub(crate) fn of(operation: Operation) -> Self {
        Self {
            name: operation.name(),
            ulps: operation.ulps(),
            value: Box::new(move |x| operation.value(x)),
            range: Box::new(move |x| operation.enclose(x)),
            slopes: Box::new(move |x| slopes(operation, x)),
            slope_ranges: Box::new(move |x| slopes(operation, x)),
            bends: Box::new(move |x| bends(operation, x)),
            bend_ranges: Box::new(move |x| bends(operation, x)),
            is_smooth: Box::new(move |x| operation.is_smooth(x)),
        }
    }
}

/// The partial derivatives by the rule; 0 for an argument that moves nothing.
fn slopes<S: Scalar>(operation: Operation, x: &[S]) -> Vec<S> {
    let y = operation.apply(x);
    let partials = operation.partials(x, &y).into_iter().take(x.len());
    partials
        .map(|partial| partial.unwrap_or_else(|| S::constant(0.0)))
        .collect()
}

/// The derivatives of the rule itself.
fn bends<S: Scalar>(operation: Operation, x: &[S]) -> Vec<S> {
    let mut found = Vec::new();
    for (first, second) in (0..x.len()).flat_map(|i| (i..x.len()).map(move |j| (i, j))) {
        let moving: Vec<Dual<S>> = x
            .iter()
            .enumerate()
            .map(|(place, number)| match place == second {
                true => Dual::variable(number.clone()),
                false => Dual::fixed(number.clone()),
            })
            .collect();
        found.push(slopes(operation, &moving)[first].tangent());
    }
    found
}

pub(crate) fn points(x: &[f64]) -> Vec<Interval> {
    x.iter().copied().map(Interval::point).collect()
}
