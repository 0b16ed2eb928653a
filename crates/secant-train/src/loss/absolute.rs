//! The size of the residual.

use super::Residual;
use crate::layer::Met;
use crate::number::Number;

/// `|y - t|`.
pub(super) struct Absolute;

impl<T: Number> Residual<T> for Absolute {
    fn value(&self, output: T, target: T) -> T {
        (output - target).abs()
    }

    fn slope(&self, output: T, target: T) -> T {
        let residual = output - target;
        if residual > T::ZERO {
            T::ONE
        } else if residual < T::ZERO {
            -T::ONE
        } else {
            T::ZERO
        }
    }

    fn curvature(&self, _output: T, _target: T) -> T {
        T::ZERO
    }

    fn is_kink(&self, output: T, target: T) -> bool {
        output == target
    }

    /// On one side of the kink the shift itself, with the sign of the side.
    fn difference(&self, output: T, target: T, shift: T, met: &mut Met) -> T {
        let residual = output - target;
        let end = residual + shift;
        if residual > T::ZERO && end >= T::ZERO {
            shift
        } else if residual < T::ZERO && end <= T::ZERO {
            -shift
        } else {
            met.kink |= shift != T::ZERO;
            end.abs() - residual.abs()
        }
    }
}
