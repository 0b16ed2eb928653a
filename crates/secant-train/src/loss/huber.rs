//! A parabola near 0, lines beyond: squared residuals that one bad sample cannot rule.

use super::Residual;
use crate::layer::Met;
use crate::number::Number;

/// `r²/2` where |r| is at most delta, `delta (|r| - delta/2)` beyond (Huber 1964). Its slope has no jump, so nothing is a kink of it.
pub(super) struct Huber<T> {
    pub(super) delta: T,
}

impl<T: Number> Residual<T> for Huber<T> {
    fn value(&self, output: T, target: T) -> T {
        let (residual, half) = (output - target, T::of(0.5));
        if residual.abs() <= self.delta {
            half * residual * residual
        } else {
            self.delta * (residual.abs() - half * self.delta)
        }
    }

    fn slope(&self, output: T, target: T) -> T {
        let residual = output - target;
        if residual.abs() <= self.delta {
            residual
        } else if residual > T::ZERO {
            self.delta
        } else {
            -self.delta
        }
    }

    /// Where parabola and line meet, that of the parabola.
    fn curvature(&self, output: T, target: T) -> T {
        if (output - target).abs() <= self.delta {
            T::ONE
        } else {
            T::ZERO
        }
    }

    /// Along the parabola `d (r + d/2)`, along a line `±delta d`; a shift from one to the other goes first to where they meet.
    fn difference(&self, output: T, target: T, shift: T, _met: &mut Met) -> T {
        let residual = output - target;
        let end = residual + shift;
        let within = |r: T| {
            if r > self.delta {
                self.delta
            } else if r < -self.delta {
                -self.delta
            } else {
                r
            }
        };
        let (from, to) = (within(residual), within(end));
        if from == residual && to == end {
            return shift * (residual + T::of(0.5) * shift);
        }
        if from == to {
            return to * shift;
        }
        let parabola = (to - from) * (to + from) * T::of(0.5);
        parabola + from * (from - residual) + to * (end - to)
    }
}
