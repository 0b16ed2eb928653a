//! [`Descent`]: a place on the way down, how far it is from a minimum, and what is to be said of it.

use crate::outcome::Verdict;
use crate::pass::{Measure, Sums};
use crate::step::slope;

/// The relative offset at which the descent rests (Bates and Watts 1981): the tangential part of the residuals is so small beside the
/// orthogonal one that the parameters are this far from the minimum, in units of their own uncertainty.
const RESTS: f64 = 1e-9;
/// Where rounding ends the descent earlier, it counts as converged up to here; Bates and Watts ask for 0.001.
const CONVERGED: f64 = 1e-4;
/// Below this the columns of the Jacobian depend on each other.
const SINGULAR: f64 = 1e-13;

/// A place on the way down.
#[derive(Clone)]
pub(crate) struct Descent {
    pub(crate) parameters: Vec<f64>,
    pub(crate) sums: Sums,
    pub(crate) measure: Measure,
    /// Parameters at a bound that keeps them from going lower.
    pub(crate) held: Vec<usize>,
    pub(crate) verdict: Verdict,
    pub(crate) offset: f64,
    pub(crate) independence: f64,
    /// The squares of what each parameter makes of the formula: itself times its derivative, over all rows.
    pub(crate) parts: f64,
    /// The rate of the rule it follows, where it follows one.
    pub(crate) rate: Option<f64>,
}

impl Descent {
    /// Finds what is held by bounds, and how far the place is from a minimum.
    pub(crate) fn look(&mut self, free: &[usize], bounds: &[(f64, f64)]) {
        let is_held = |place: &usize| {
            let (parameter, uphill) = (free[*place], slope(&self.sums.triangle, *place));
            let (low, high) = bounds[parameter];
            let value = self.parameters[parameter];
            // What is level there is not held: whether it is a minimum or a maximum, the bound does not tell.
            low == high || value <= low && uphill > 0.0 || value >= high && uphill < 0.0
        };
        let (held, moving): (Vec<usize>, Vec<usize>) = (0..free.len()).partition(is_held);
        let part = |place: usize| self.sums.triangle.norm(place) * self.parameters[free[place]];
        self.parts = (0..free.len()).map(|place| part(place).powi(2)).sum();
        self.held = held.iter().map(|place| free[*place]).collect();
        let mut columns = moving;
        self.independence = self.sums.triangle.select(&columns).independence();
        columns.push(free.len());
        let triangle = self.sums.triangle.select(&columns);
        let count = columns.len() - 1;
        let tangential = (0..count).fold(0.0, |norm: f64, row| norm.hypot(triangle.at(row, count)));
        let orthogonal = triangle.at(count, count).abs();
        let freedom = self.freedom(count);
        self.offset = match (tangential, count) {
            (0.0, _) | (_, 0) => 0.0,
            _ => (tangential / (count as f64).sqrt()) / (orthogonal / freedom.max(1.0).sqrt()),
        };
    }

    /// Rows less parameters.
    pub(crate) fn freedom(&self, parameters: usize) -> f64 {
        (self.sums.rows - self.sums.weightless) as f64 - parameters as f64
    }

    /// The rounding of the measured values, and of what parameters and formula make of theirs, in units of the residuals: finer than this nothing can be
    /// told of them.
    pub(crate) fn grain(&self) -> f64 {
        f64::EPSILON * (self.size() / self.sums.squares).sqrt()
    }

    /// The squares of all that is rounded: of the measured values, and of each parameter's part in what the formula gives.
    fn size(&self) -> f64 {
        let [weight, mean, square] = self.sums.measured;
        square + weight * mean * mean + self.parts
    }

    /// What rounding leaves of the residual of one row that fits exactly.
    pub(crate) fn rounding_of_a_row(&self) -> f64 {
        let rows = (self.sums.rows - self.sums.weightless) as f64;
        4.0 * f64::EPSILON * (self.size() / rows.max(1.0)).sqrt()
    }

    /// Whether the residuals are nothing but rounding: all together, and each beside what is rounded in its row, or in the usual one. All together may be
    /// those of one row that weighs very much.
    pub(crate) fn is_exact(&self) -> bool {
        is_rounding(self.sums.squares, self.grain()) && self.sums.sizes.explain_all()
    }

    pub(crate) fn is_at_rest(&self) -> bool {
        self.offset <= RESTS || self.is_exact()
    }

    /// What is to be said of a place from which the descent goes no further.
    pub(crate) fn judge(&mut self, has_ended: bool) {
        self.verdict = if self.independence < SINGULAR {
            Verdict::Singular
        } else if self.is_exact() || self.offset <= self.reachable() {
            Verdict::Converged
        } else if has_ended {
            Verdict::Stalled
        } else {
            Verdict::Exhausted
        };
    }

    /// The offset up to which rounding lets a descent come. That of one row that weighs very much tells nothing of the others.
    fn reachable(&self) -> f64 {
        if is_rounding(self.sums.squares, self.grain()) {
            CONVERGED
        } else {
            CONVERGED.max(4.0 * self.grain())
        }
    }

    pub(crate) fn is_better_than(&self, other: &Self) -> bool {
        let rank = |descent: &Self| !descent.verdict.is_converged();
        (rank(self), self.sums.cost) < (rank(other), other.sums.cost)
    }
}

/// Whether residuals of these squares are nothing but rounding, which is `grain` in units of them.
pub(crate) fn is_rounding(squares: f64, grain: f64) -> bool {
    squares == 0.0 || grain >= 0.25
}
