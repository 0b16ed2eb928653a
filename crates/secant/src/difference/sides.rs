//! What the function does on either side of a point, from three steps 2⁸ apart: how the change from the point falls with the step
//! tells a slope (by 2⁸ each) from a jump (not at all) and from a vertical tangent (by a power in between).

use super::ladder::DEVIATIONS;

/// The changes f(x ± h) - f(x) at three steps, from the longest; NaN where there is no value.
pub(super) struct Changes {
    pub(super) steps: [f64; 3],
    pub(super) changes: [f64; 3],
    /// The standard deviation of each change.
    pub(super) noise: f64,
}

/// What one side does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Behaviour {
    /// There is nothing on this side.
    Absent,
    /// A slope away from the point, within an error.
    Slope { slope: f64, error: f64 },
    /// The limit differs from the value by this much.
    Jump(f64),
    /// The slope grows without bound, towards this sign of infinity.
    Steep(f64),
    /// Noise, or a structure finer than the steps.
    Unclear,
}

impl Changes {
    pub(super) fn behaviour(&self) -> Behaviour {
        /// By this part a limit may still move between the steps.
        const SETTLED: f64 = 1e-3;
        let [far, near, nearest] = self.changes;
        if near.is_nan() && nearest.is_nan() {
            return Behaviour::Absent;
        }
        if near.is_nan() || nearest.is_nan() {
            return Behaviour::Unclear;
        }
        let doubt = 2.0 * DEVIATIONS * self.noise;
        let [far_step, near_step, nearest_step] = self.steps;
        if nearest.abs() <= doubt || near.abs() <= doubt {
            return if nearest.abs() <= doubt {
                let slope = near / near_step;
                // A slope may still bend with the root of the step, as beside x sqrt(x): of two slopes whose errors fall by the
                // root r of the ratio, the nearer one is off by 1/(r - 1) of their distance, at most 2/r of it for r from 2 on.
                let root = (far_step / near_step).sqrt();
                let bends = (far / far_step - slope).abs() * 2.0 / root;
                self.slope(
                    slope,
                    doubt / near_step + if bends.is_finite() { bends } else { 0.0 },
                )
            } else {
                Behaviour::Unclear
            };
        }
        let ratio = near_step / nearest_step;
        let fall = near / nearest;
        if (fall - 1.0).abs() < SETTLED && (far / near - 1.0).abs() < 0.25 {
            return Behaviour::Jump(nearest);
        }
        if fall > 0.9 * ratio {
            let slopes = [0, 1, 2].map(|level| self.changes[level] / self.steps[level]);
            let slope = limit(slopes, doubt / near_step);
            let moved = (slope - slopes[1]).abs() + 2.0 * (slopes[2] - slopes[1]).abs();
            return self.slope(slope, doubt / near_step + moved);
        }
        let before = far / near;
        let between = fall > 1.05 && fall < 0.9 * ratio;
        if between && (before / fall - 1.0).abs() < 0.05 + doubt / nearest.abs() {
            return Behaviour::Steep(nearest.signum());
        }
        Behaviour::Unclear
    }

    fn slope(&self, slope: f64, error: f64) -> Behaviour {
        Behaviour::Slope { slope, error }
    }
}

/// Where a sequence goes whose error falls by a steady factor (Aitken 1926); the middle one where rounding hides that.
fn limit([first, second, third]: [f64; 3], doubt: f64) -> f64 {
    let (before, after) = (second - first, third - second);
    let steady = after.abs() > 1e3 * doubt && after / before > 0.0 && after / before < 0.5;
    if steady {
        third + after * after / (before - after)
    } else {
        second
    }
}
