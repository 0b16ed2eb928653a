//! A rate for each parameter, by the decaying mean of its squared gradients.

use super::{Step, Update};
use crate::number::Real;

/// `v = kept v + (1 - kept) g²`, `w - rate g / (√v + epsilon)` (Tieleman and Hinton 2012, lecture 6.5; epsilon outside the root as in
/// PyTorch).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// How much of the mean of earlier squares is kept.
    pub kept: f64,
    /// Keeps the quotient finite.
    pub epsilon: f64,
    /// Weight decay, added to the gradient.
    pub decay: f64,
}

impl Default for RmsProp {
    fn default() -> Self {
        Self {
            kept: 0.99,
            epsilon: 1e-8,
            decay: 0.0,
        }
    }
}

impl Update for RmsProp {
    const MEMORY: usize = 1;

    fn update<T: Real>(&self, step: Step<'_, T>) {
        let [rate, decay, epsilon] = [step.rate, self.decay, self.epsilon].map(T::of);
        let (kept, fresh) = (T::of(self.kept), T::of(1.0 - self.kept));
        let [squares] = step.memory else { return };
        for ((w, g), v) in step.parameters.iter_mut().zip(step.gradient).zip(squares) {
            let g = *g + decay * *w;
            *v = kept * *v + fresh * g * g;
            *w -= rate * g / (v.sqrt() + epsilon);
        }
    }
}
