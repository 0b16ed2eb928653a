//! [`Number`]: what a network computes with, `f32` or `f64`, and its functions over slices.

use secant::Real;
use secant_product::Factor;
use secant_vmath::InPlace;

use crate::layer::{Layer, Map};

/// A number that networks compute with: `f32` or `f64`.
pub trait Number: Real + Factor {
    /// How large the last term of a polynomial of degree 5 may be beside its values, for the next to be lost among the digits:
    /// (160 ε)^(5/6).
    #[doc(hidden)]
    const LAST_TERM: f64;

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

impl Number for f64 {
    const LAST_TERM: f64 = 6.2e-12;

    fn map(layer: &dyn Layer) -> &dyn Map<Self> {
        layer
    }

    fn exp(x: &mut [Self]) {
        secant_vmath::exp(InPlace, x);
    }

    fn expm1(x: &mut [Self]) {
        secant_vmath::expm1(InPlace, x);
    }

    fn ln(x: &mut [Self]) {
        secant_vmath::log(InPlace, x);
    }

    fn log1p(x: &mut [Self]) {
        secant_vmath::log1p(InPlace, x);
    }
}

impl Number for f32 {
    const LAST_TERM: f64 = 1.2e-4;

    fn map(layer: &dyn Layer) -> &dyn Map<Self> {
        layer
    }

    fn exp(x: &mut [Self]) {
        secant_vmath::exp(InPlace, x);
    }

    fn expm1(x: &mut [Self]) {
        secant_vmath::expm1(InPlace, x);
    }

    fn ln(x: &mut [Self]) {
        secant_vmath::log(InPlace, x);
    }

    fn log1p(x: &mut [Self]) {
        secant_vmath::log1p(InPlace, x);
    }
}
