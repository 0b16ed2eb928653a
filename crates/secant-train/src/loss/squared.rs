//! The squared residual.

use super::Residual;
use crate::layer::Met;
use crate::number::Number;

/// `(y - t)²`.
pub(super) struct Squared;

impl<T: Number> Residual<T> for Squared {
    fn value(&self, output: T, target: T) -> T {
        let residual = output - target;
        residual * residual
    }

    fn slope(&self, output: T, target: T) -> T {
        let residual = output - target;
        residual + residual
    }

    fn curvature(&self, _output: T, _target: T) -> T {
        T::of(2.0)
    }

    /// `(r + d)² - r² = d (2 r + d)`.
    fn difference(&self, output: T, target: T, shift: T, _met: &mut Met) -> T {
        let residual = output - target;
        shift * (residual + residual + shift)
    }
}
