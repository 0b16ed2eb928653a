//! Functions that benches and cost tests share.

use secant::{Functions, Scalar};

/// Inputs of [`log_sum_exp`].
pub(crate) const INPUTS: usize = 50;

/// Their names.
pub(crate) fn names() -> Vec<String> {
    (0..INPUTS).map(|i| format!("x{i}")).collect()
}

/// ln of the sum of ten exponentials, each of a quadratic in all inputs: the benchmark of the field's tools.
pub(crate) fn log_sum_exp<S: Scalar>(inputs: &[S]) -> S {
    let quadratic = |k: usize| {
        let term = |(i, x): (usize, &S)| {
            let off = x.clone() - S::constant(centre(i, k));
            S::constant(weight(i, k)) * off.clone() * off
        };
        inputs
            .iter()
            .enumerate()
            .map(term)
            .reduce(|sum, term| sum + term)
    };
    let exponentials = (0..10)
        .filter_map(quadratic)
        .map(|quadratic| quadratic.exp());
    exponentials
        .reduce(|sum, term| sum + term)
        .map_or_else(|| S::constant(f64::NAN), |sum| sum.ln())
}

/// The centre of input i in term k.
pub(crate) fn centre(i: usize, k: usize) -> f64 {
    ((7 * i + 3 * k) % 11) as f64 / 8.0
}

/// The weight of input i in term k.
pub(crate) fn weight(i: usize, k: usize) -> f64 {
    -(((5 * i + k) % 7) as f64 + 1.0) / 16.0
}
