//! The cross-entropy of two classes, from the logarithm of their odds.

use super::Residual;
use crate::number::Number;
use secant_vmath::InPlace;

/// `softplus(y) - t y`: minus the logarithm of the probability of what was, where that of the first class is the sigmoid of y.
pub(super) struct BinaryCrossEntropy;

/// The sigmoid and softplus of one number.
fn sigmoid_and_softplus<T: Number>(x: T) -> (T, T) {
    let mut small = [-x.abs()];
    secant_vmath::exp(InPlace, &mut small);
    let sigmoid = if x < T::ZERO {
        small[0] / (T::ONE + small[0])
    } else {
        T::ONE / (T::ONE + small[0])
    };
    secant_vmath::log1p(InPlace, &mut small);
    (sigmoid, if x > T::ZERO { x + small[0] } else { small[0] })
}

impl<T: Number> Residual<T> for BinaryCrossEntropy {
    fn value(&self, output: T, target: T) -> T {
        sigmoid_and_softplus(output).1 - target * output
    }

    fn slope(&self, output: T, target: T) -> T {
        sigmoid_and_softplus(output).0 - target
    }

    /// `s(y) s(-y)`, which loses no digits where one of them is near 1.
    fn curvature(&self, output: T, _target: T) -> T {
        sigmoid_and_softplus(output).0 * sigmoid_and_softplus(-output).0
    }

    /// `softplus(y + d) - softplus(y) = ln(1 + s(y) (e^d - 1))`; from the other side, `d + ln(1 + s(-y) (e^-d - 1))`, where d is above 0.
    fn difference(&self, output: T, target: T, shift: T) -> (T, bool) {
        let mut grown = [-shift.abs()];
        secant_vmath::expm1(InPlace, &mut grown);
        let (share, whole) = if shift > T::ZERO {
            (sigmoid_and_softplus(-output).0, T::ONE - target)
        } else {
            (sigmoid_and_softplus(output).0, -target)
        };
        grown[0] *= share;
        secant_vmath::log1p(InPlace, &mut grown);
        (grown[0] + whole * shift, false)
    }
}
