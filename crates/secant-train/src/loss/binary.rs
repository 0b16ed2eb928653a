//! The cross-entropy of two classes, from the logarithm of their odds.

use super::Residual;
use crate::layer::Met;
use crate::number::Number;
use secant_vmath::InPlace;

/// `t softplus(-y) + (1 - t) softplus(y)`, which is `softplus(y) - t y`: minus the logarithm of the probability of what was, where that of the first
/// class is the sigmoid of y. Where y is far on the right side, the second form would have no digits left.
pub(super) struct BinaryCrossEntropy;

/// Shifts above this may bring a share of 1 to 0, and are taken another way.
const LONG: f64 = 0.25;

/// `exp(-|x|)`, which nothing overflows.
fn below_one<T: Number>(x: T) -> T {
    let mut small = [-x.abs()];
    secant_vmath::exp(InPlace, &mut small);
    small[0]
}

fn sigmoid<T: Number>(x: T) -> T {
    let small = below_one(x);
    let above = if x < T::ZERO { small } else { T::ONE };
    above / (T::ONE + small)
}

/// `ln(1 + exp(-|x|))`, by which softplus is above `max(x, 0)`.
fn tail<T: Number>(x: T) -> T {
    let mut small = [below_one(x)];
    secant_vmath::log1p(InPlace, &mut small);
    small[0]
}

fn softplus<T: Number>(x: T) -> T {
    if x > T::ZERO { x + tail(x) } else { tail(x) }
}

/// `softplus(x + d) - softplus(x)`: `ln(1 + s(x) (e^d - 1))`; of a long shift how far `max(x, 0)` moves, and what is above it.
fn softplus_moved<T: Number>(x: T, shift: T) -> T {
    if shift.abs() > T::of(LONG) {
        let end = x + shift;
        let straight = match (x > T::ZERO, end > T::ZERO) {
            (true, true) => shift,
            (true, false) => -x,
            (false, true) => end,
            (false, false) => T::ZERO,
        };
        return straight + (tail(end) - tail(x));
    }
    let mut grown = [shift];
    secant_vmath::expm1(InPlace, &mut grown);
    grown[0] *= sigmoid(x);
    secant_vmath::log1p(InPlace, &mut grown);
    grown[0]
}

/// `t first + (1 - t) second`; what counts nothing is not asked for, it might not be finite.
fn by_share<T: Number>(target: T, first: impl Fn() -> T, second: impl Fn() -> T) -> T {
    if target == T::ZERO {
        second()
    } else if target == T::ONE {
        first()
    } else {
        target * first() + (T::ONE - target) * second()
    }
}

impl<T: Number> Residual<T> for BinaryCrossEntropy {
    fn value(&self, output: T, target: T) -> T {
        by_share(target, || softplus(-output), || softplus(output))
    }

    fn slope(&self, output: T, target: T) -> T {
        by_share(target, || -sigmoid(-output), || sigmoid(output))
    }

    /// `s(y) s(-y)`, which loses no digits where one of them is near 1.
    fn curvature(&self, output: T, _target: T) -> T {
        sigmoid(output) * sigmoid(-output)
    }

    fn difference(&self, output: T, target: T, shift: T, _met: &mut Met) -> T {
        by_share(
            target,
            || softplus_moved(-output, -shift),
            || softplus_moved(output, shift),
        )
    }
}
