//! A rate for each parameter, by the sum of its squared gradients.

use super::{Step, Update};
use crate::number::Real;

/// `s = s + g²`, `w - rate g / (√s + epsilon)` (Duchi, Hazan and Singer 2011).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaGrad {
    /// Keeps the first steps finite.
    pub epsilon: f64,
    /// Weight decay, added to the gradient.
    pub decay: f64,
}

impl Default for AdaGrad {
    fn default() -> Self {
        Self {
            epsilon: 1e-10,
            decay: 0.0,
        }
    }
}

impl Update for AdaGrad {
    const MEMORY: usize = 1;

    fn update<T: Real>(&self, step: Step<'_, T>) {
        let [rate, decay, epsilon] = [step.rate, self.decay, self.epsilon].map(T::of);
        let [squares] = step.memory else { return };
        for ((w, g), s) in step.parameters.iter_mut().zip(step.gradient).zip(squares) {
            let g = *g + decay * *w;
            *s += g * g;
            *w -= rate * g / (s.sqrt() + epsilon);
        }
    }
}
