//! [`Number`]: what a network computes with, `f32` or `f64`.

use secant_product::Factor;

use crate::layer::{Layer, Map};

/// What runs over a slice in double precision and writes as many.
#[doc(hidden)]
pub type Doubles<'a> = dyn FnMut(&[f64], &mut [&mut [f64]]) + 'a;

/// A number that networks compute with: `f32` or `f64`. Its functions over slices are those of `secant-vmath`.
pub trait Number: secant::Real + Factor + secant_vmath::Real {
    /// How far 1 is from the next number above it.
    #[doc(hidden)]
    const EPSILON: f64;
    /// How large the last two terms of a cubic may be beside its values, for the next to be lost among the digits: (40 ε)^(2/4) and
    /// (40 ε)^(3/4).
    #[doc(hidden)]
    const LAST_OF_CUBIC: [f64; 2];
    /// The same of a polynomial of degree 5: (160 ε)^(4/6) and (160 ε)^(5/6).
    #[doc(hidden)]
    const LAST_OF_QUINTIC: [f64; 2];

    /// The map of a layer over numbers of this kind.
    fn map(layer: &dyn Layer) -> &dyn Map<Self>;

    /// A slice in double precision, by way of a buffer where it is in single.
    #[doc(hidden)]
    fn with_doubles(x: &[Self], outputs: &mut [&mut [Self]], run: &mut Doubles<'_>);
}

impl Number for f64 {
    const EPSILON: f64 = Self::EPSILON;
    const LAST_OF_CUBIC: [f64; 2] = [9.4e-8, 2.8e-11];
    const LAST_OF_QUINTIC: [f64; 2] = [1e-9, 6.1e-12];

    fn map(layer: &dyn Layer) -> &dyn Map<Self> {
        layer
    }

    fn with_doubles(x: &[Self], outputs: &mut [&mut [Self]], run: &mut Doubles<'_>) {
        run(x, outputs);
    }
}

impl Number for f32 {
    const EPSILON: f64 = Self::EPSILON as f64;
    const LAST_OF_CUBIC: [f64; 2] = [2.1e-3, 1e-4];
    const LAST_OF_QUINTIC: [f64; 2] = [7.1e-4, 1.1e-4];

    fn map(layer: &dyn Layer) -> &dyn Map<Self> {
        layer
    }

    fn with_doubles(x: &[Self], outputs: &mut [&mut [Self]], run: &mut Doubles<'_>) {
        let x: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        let mut doubles = vec![vec![0.0; x.len()]; outputs.len()];
        let mut views: Vec<&mut [f64]> = doubles.iter_mut().map(Vec::as_mut_slice).collect();
        run(&x, &mut views);
        for (output, doubles) in outputs.iter_mut().zip(&doubles) {
            for (single, double) in output.iter_mut().zip(doubles) {
                *single = *double as Self;
            }
        }
    }
}
