//! Levenberg and Marquardt's descent within a region of trust (Moré 1978): the steps that are tried from a place, and what each teaches of the
//! region.

use secant_data::Source;

use crate::descent::Descent;
use crate::error::Error;
use crate::fit::Fit;
use crate::step::{predicted, step};
use crate::triangle::Triangle;

/// A step is taken where the cost falls by at least this part of what was predicted (Moré 1978).
const WORTH_IT: f64 = 1e-4;
/// Once less than this part of the cost is to be won, rounding decides.
const ROUNDING: f64 = 1e-11;

/// A place as the steps from it see it: the parameters that can move from there, each with its scale.
struct Ground {
    moving: Vec<usize>,
    scales: Vec<f64>,
    /// Of the Jacobian by these parameters, then the residuals.
    triangle: Triangle,
}

/// A step within the region of trust.
struct Trial {
    /// Where it leads.
    parameters: Vec<f64>,
    /// By how much the cost falls in the linear model.
    expected: f64,
    /// How long it is, in the scales of the parameters.
    length: f64,
    /// Whether the region ends it.
    is_held: bool,
}

impl Trial {
    /// The radius of trust once the cost has fallen by this much, with the shrinking of Moré's program.
    fn radius(&self, radius: f64, won: f64) -> f64 {
        let ratio = won / self.expected;
        if ratio <= 0.25 || self.expected <= 0.0 {
            self.length.min(radius) * if won.is_finite() { 0.25 } else { 0.1 }
        } else if ratio >= 0.75 || !self.is_held {
            radius.max(2.0 * self.length)
        } else {
            radius
        }
    }
}

/// The length of a vector, each part measured by its scale.
fn norm(parts: impl Iterator<Item = f64>) -> f64 {
    parts.fold(0.0, f64::hypot)
}

impl Fit<'_> {
    /// The descent from a place, with a region of trust that begins at this radius.
    pub(crate) fn with_radius(
        &mut self,
        source: &mut dyn Source,
        begin: Descent,
        radius: f64,
        last: usize,
    ) -> Result<Descent, Error> {
        let free = self.free();
        let mut at = begin;
        let mut longest: Vec<f64> = vec![0.0; free.len()];
        let mut trust: Option<f64> = None;
        loop {
            // A column that has been long once keeps its scale (Moré 1978).
            for (place, longest) in longest.iter_mut().enumerate() {
                *longest = longest.max(at.sums.triangle.norm(place));
            }
            let scale = |place: usize| match longest[place] {
                longest if longest > 0.0 => longest,
                _ => 1.0,
            };
            let length =
                norm((0..free.len()).map(|place| scale(place) * at.parameters[free[place]]));
            at.look(&free, &self.bounds);
            if at.is_at_rest() {
                at.judge(true);
                return Ok(at);
            }
            let moving = (0..free.len()).filter(|place| !at.held.contains(&free[*place]));
            let places: Vec<usize> = moving.collect();
            let ground = Ground {
                scales: places.iter().map(|place| scale(*place)).collect(),
                triangle: at
                    .sums
                    .triangle
                    .select(&[&places[..], &[free.len()]].concat()),
                moving: places.iter().map(|place| free[*place]).collect(),
            };
            let first = if length > 0.0 {
                radius * length
            } else {
                radius
            };
            match self.next(source, &at, &ground, (&mut trust, first, length), last)? {
                Next::Place(next) => at = *next,
                Next::End { is_over } => {
                    at.judge(is_over);
                    return Ok(at);
                }
            }
        }
    }

    /// Tries steps from a place, shorter and shorter, until one is worth taking. The radius of trust begins with the first one where there is none
    /// yet; it ends where it is nothing beside the length of all parameters.
    fn next(
        &mut self,
        source: &mut dyn Source,
        at: &Descent,
        ground: &Ground,
        (trust, first, length): (&mut Option<f64>, f64, f64),
        last: usize,
    ) -> Result<Next, Error> {
        const END: Next = Next::End { is_over: true };
        loop {
            if self.passes >= last {
                return Ok(Next::End { is_over: false });
            }
            let Some(trial) = self.trial(at, ground, trust.unwrap_or(first)) else {
                return Ok(END);
            };
            let sums = self.sums(source, &trial.parameters, at.measure, at.sums.cost)?;
            let won = if sums.is_whole() {
                at.sums.cost - sums.cost
            } else {
                f64::NEG_INFINITY
            };
            let radius = trust.unwrap_or(first.min(trial.length));
            let radius = *trust.insert(trial.radius(radius, won));
            let is_rounding = |much: f64| much.abs() <= ROUNDING * at.sums.cost;
            let in_rounding = is_rounding(trial.expected) && is_rounding(won);
            let is_worth_it = won / trial.expected >= WORTH_IT && won > 0.0;
            let mut next = Descent {
                parameters: trial.parameters,
                sums,
                held: Vec::new(),
                ..at.clone()
            };
            if in_rounding {
                // Only the gradient can tell.
                next.look(&self.free(), &self.bounds);
                let is_nearer = next.offset < at.offset;
                return Ok(if is_nearer {
                    Next::Place(Box::new(next))
                } else {
                    END
                });
            }
            if is_worth_it {
                return Ok(Next::Place(Box::new(next)));
            }
            if radius <= f64::EPSILON * length {
                return Ok(END);
            }
        }
    }

    /// The step within a radius, cut at the bounds; none where there is none.
    fn trial(&self, at: &Descent, ground: &Ground, radius: f64) -> Option<Trial> {
        let (shift, damping) = step(&ground.triangle, &ground.scales, radius)?;
        let mut parameters = at.parameters.clone();
        let mut taken = Vec::with_capacity(shift.len());
        for (parameter, shift) in ground.moving.iter().zip(shift) {
            let (low, high) = self.bounds[*parameter];
            parameters[*parameter] = (parameters[*parameter] + shift).clamp(low, high);
            taken.push(parameters[*parameter] - at.parameters[*parameter]);
        }
        let scaled = taken.iter().zip(&ground.scales);
        (parameters != at.parameters).then(|| Trial {
            expected: predicted(&ground.triangle, &taken),
            length: norm(scaled.map(|(x, scale)| x * scale)),
            is_held: damping != 0.0,
            parameters,
        })
    }
}

/// Where a descent goes from a place.
enum Next {
    Place(Box<Descent>),
    /// Nowhere: no step lowers the cost, or the passes are used up.
    End {
        is_over: bool,
    },
}
