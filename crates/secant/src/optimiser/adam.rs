//! Decaying means of the gradient and of its square, both corrected for their start at 0.

use super::{Step, Update};
use crate::number::Real;

/// `m = β₁ m + (1 - β₁) g`, `v = β₂ v + (1 - β₂) g²`, `w - rate m̂ / (√v̂ + epsilon)` with `m̂ = m / (1 - β₁ᵗ)` and v̂ likewise (Kingma and
/// Ba 2015, algorithm 1). Weight decay is an L2 term of the gradient, as in PyTorch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// β₁: how much of the mean gradient is kept.
    pub mean: f64,
    /// β₂: how much of the mean square is kept.
    pub square: f64,
    /// Keeps the quotient finite.
    pub epsilon: f64,
    /// Weight decay, added to the gradient.
    pub decay: f64,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            mean: 0.9,
            square: 0.999,
            epsilon: 1e-8,
            decay: 0.0,
        }
    }
}

impl Update for Adam {
    const MEMORY: usize = 2;

    fn update<T: Real>(&self, step: Step<'_, T>) {
        let decay = T::of(self.decay);
        self.moved(step, |w| (w, decay * w));
    }
}

impl Adam {
    /// The step of Adam; `decayed` gives, from a weight, the weight to start from and what is added to its gradient.
    fn moved<T: Real>(&self, step: Step<'_, T>, decayed: impl Fn(T) -> (T, T)) {
        let power = |base: f64| 1.0 - libm::pow(base, step.number as f64);
        let rate = T::of(step.rate / power(self.mean));
        let root = T::of(power(self.square).sqrt());
        let epsilon = T::of(self.epsilon);
        let (mean_kept, mean_fresh) = (T::of(self.mean), T::of(1.0 - self.mean));
        let (square_kept, square_fresh) = (T::of(self.square), T::of(1.0 - self.square));
        let [means, squares] = step.memory else {
            return;
        };
        let moments = means.iter_mut().zip(squares);
        for ((w, g), (m, v)) in step.parameters.iter_mut().zip(step.gradient).zip(moments) {
            let (start, added) = decayed(*w);
            let g = *g + added;
            *m = mean_kept * *m + mean_fresh * g;
            *v = square_kept * *v + square_fresh * g * g;
            *w = start - rate * *m / (v.sqrt() / root + epsilon);
        }
    }
}

/// Adam on weights that first shrink by `rate · decay`, so that the decay passes through no mean (Loshchilov and Hutter 2019,
/// algorithm 2, with the rate in front of the decay as in PyTorch).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// Everything but the decay; its own decay is 0.
    pub adam: Adam,
    /// Weight decay, apart from the gradient.
    pub decay: f64,
}

impl Default for AdamW {
    fn default() -> Self {
        Self {
            adam: Adam::default(),
            decay: 0.01,
        }
    }
}

impl Update for AdamW {
    const MEMORY: usize = 2;

    fn update<T: Real>(&self, step: Step<'_, T>) {
        let kept = T::of(1.0 - step.rate * self.decay);
        let zero = T::of(0.0);
        self.adam.moved(step, |w| (w * kept, zero));
    }
}
