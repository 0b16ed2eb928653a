//! [`Number`]: what a network computes with, `f32` or `f64`, and its functions over slices.

use secant::Real;
use secant_product::Factor;

use crate::layer::{Layer, Map};

/// A number that networks compute with: `f32` or `f64`.
pub trait Number: Real + Factor {
    /// The map of a layer over numbers of this kind.
    fn map(layer: &dyn Layer) -> &dyn Map<Self>;

    /// e to the power of each.
    fn exp(x: &mut [Self]);

    /// e to the power of each, less 1.
    fn expm1(x: &mut [Self]);

    /// The natural logarithm of each.
    fn ln(x: &mut [Self]);

    /// The natural logarithm of each and 1.
    fn log1p(x: &mut [Self]);
}

/// Puts a function of one number in place of each.
fn each<T: Copy>(x: &mut [T], function: impl Fn(T) -> T) {
    for x in x {
        *x = function(*x);
    }
}

impl Number for f64 {
    fn map(layer: &dyn Layer) -> &dyn Map<Self> {
        layer
    }

    fn exp(x: &mut [Self]) {
        each(x, libm::exp);
    }

    fn expm1(x: &mut [Self]) {
        each(x, libm::expm1);
    }

    fn ln(x: &mut [Self]) {
        each(x, libm::log);
    }

    fn log1p(x: &mut [Self]) {
        each(x, libm::log1p);
    }
}

impl Number for f32 {
    fn map(layer: &dyn Layer) -> &dyn Map<Self> {
        layer
    }

    fn exp(x: &mut [Self]) {
        each(x, libm::expf);
    }

    fn expm1(x: &mut [Self]) {
        each(x, libm::expm1f);
    }

    fn ln(x: &mut [Self]) {
        each(x, libm::logf);
    }

    fn log1p(x: &mut [Self]) {
        each(x, libm::log1pf);
    }
}
