//! Against the gradient, plainly or with momentum.

use super::{Step, Update};
use crate::number::Real;

/// `w - rate (g + decay w)` (Robbins and Monro 1951, with weight decay as an L2 term of the gradient).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sgd {
    /// Weight decay.
    pub decay: f64,
}

impl Update for Sgd {
    const MEMORY: usize = 0;

    fn update<T: Real>(&self, step: Step<'_, T>) {
        let (rate, decay) = (T::of(step.rate), T::of(self.decay));
        for (w, g) in step.parameters.iter_mut().zip(step.gradient) {
            *w -= rate * (*g + decay * *w);
        }
    }
}

/// `b = momentum b + g`, `w - rate b` (Polyak 1964, in the form of Sutskever et al. 2013 with the rate outside, as in PyTorch). The
/// first step has b = g.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    /// How much of the sum of earlier gradients is kept.
    pub momentum: f64,
    /// Weight decay, added to the gradient.
    pub decay: f64,
}

impl Default for Momentum {
    fn default() -> Self {
        Self {
            momentum: 0.9,
            decay: 0.0,
        }
    }
}

impl Update for Momentum {
    const MEMORY: usize = 1;

    fn update<T: Real>(&self, step: Step<'_, T>) {
        let [rate, decay, kept] = [step.rate, self.decay, self.momentum].map(T::of);
        let [sum] = step.memory else { return };
        for ((w, g), b) in step.parameters.iter_mut().zip(step.gradient).zip(sum) {
            *b = kept * *b + (*g + decay * *w);
            *w -= rate * *b;
        }
    }
}

/// `b = momentum b + g`, `w - rate (g + momentum b)` (Nesterov 1983, in the form of Sutskever et al. 2013, as in PyTorch).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nesterov {
    /// How much of the sum of earlier gradients is kept.
    pub momentum: f64,
    /// Weight decay, added to the gradient.
    pub decay: f64,
}

impl Default for Nesterov {
    fn default() -> Self {
        Self {
            momentum: 0.9,
            decay: 0.0,
        }
    }
}

impl Update for Nesterov {
    const MEMORY: usize = 1;

    fn update<T: Real>(&self, step: Step<'_, T>) {
        let [rate, decay, kept] = [step.rate, self.decay, self.momentum].map(T::of);
        let [sum] = step.memory else { return };
        for ((w, g), b) in step.parameters.iter_mut().zip(step.gradient).zip(sum) {
            let g = *g + decay * *w;
            *b = kept * *b + g;
            *w -= rate * (g + kept * *b);
        }
    }
}
