//! The slope through neighbouring points, with a given step: the first method of a learner's notes. Its error
//! is told in two parts, truncation (the step is finite) and rounding (the digits are).

use super::{Method, check_shapes, range};
use crate::error::{Error, ErrorKind};
use crate::estimate::{ErrorBound, Estimate, Note};
use crate::function::{Function, Recorded};
use crate::number::{Decoration, Interval, ulp};

/// Which neighbours the slope goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// The point and the one a step ahead, as in the notes; truncation f'' h / 2.
    Forward,
    /// The point and the one a step behind.
    Backward,
    /// A step behind and a step ahead; truncation f''' h² / 6.
    #[default]
    Central,
}

/// Differences with a given step.
///
/// ```
/// use secant::{BlackBox, method::{Difference, Method, Scheme}};
/// let f = BlackBox::new(1, |x: &[f64]| 2.0 * x[0] * x[0]);
/// let notes = Difference::new(0.0001, Scheme::Forward)?;
/// assert_eq!(notes.along(&f, &[1.0], &[vec![1.0]])?[0].value, 4.0001999999987845);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    delta: f64,
    scheme: Scheme,
}

impl Default for Difference {
    /// Central differences with the notes' delta of 0.0001.
    fn default() -> Self {
        Self {
            delta: 1e-4,
            scheme: Scheme::Central,
        }
    }
}

impl Difference {
    /// Differences with this step.
    ///
    /// # Errors
    /// Where `delta` is not a finite number above 0.
    pub fn new(delta: f64, scheme: Scheme) -> Result<Self, Error> {
        if delta.is_finite() && delta > 0.0 {
            return Ok(Self { delta, scheme });
        }
        Err(Error::new(
            ErrorKind::Setting,
            format!("delta is {delta}, it must be a finite number above 0"),
        )
        .hint("0.0001 is a fair choice"))
    }

    /// The step.
    #[must_use]
    pub fn delta(&self) -> f64 {
        self.delta
    }

    /// The two ends of the step, in steps.
    fn ends(self) -> (f64, f64) {
        match self.scheme {
            Scheme::Forward => (0.0, 1.0),
            Scheme::Backward => (-1.0, 0.0),
            Scheme::Central => (-1.0, 1.0),
        }
    }

    /// The slope with this step, output by output, from the values at all corners.
    fn slopes(
        self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
        delta: f64,
    ) -> Vec<Slope> {
        let (behind, ahead) = self.ends();
        let mut slopes = vec![Slope::default(); function.outputs()];
        let corners = 1usize << directions.len();
        for corner in 0..corners {
            let mut x = at.to_vec();
            let mut sign = 1.0;
            for (bit, direction) in directions.iter().enumerate() {
                let end = if corner >> bit & 1 == 1 {
                    ahead
                } else {
                    behind
                };
                sign *= if end == ahead { 1.0 } else { -1.0 };
                for (x, speed) in x.iter_mut().zip(direction) {
                    *x += end * delta * speed;
                }
            }
            let values = function.eval(&x);
            let doubts = doubts(function, &x, &values, directions.len() > 1);
            for ((slope, value), doubt) in slopes.iter_mut().zip(values).zip(doubts) {
                slope.numerator += sign * value;
                slope.doubt += doubt + ulp(value);
                slope.range = slope.range.map_or(Some((value, value)), |(low, high)| {
                    Some((value.min(low), value.max(high)))
                });
            }
        }
        let step: f64 = directions
            .iter()
            .map(|direction| true_step(at, direction, behind * delta, ahead * delta))
            .product();
        let far = at.iter().fold(0.0, |far: f64, x| far.max(x.abs()));
        for slope in &mut slopes {
            if function.recorded().is_none() && directions.len() > 1 {
                // The points themselves are rounded, and f moves with them at least as fast as it did between them.
                slope.doubt += corners as f64 * slope.spread() / delta * ulp(far);
            }
            slope.value = slope.numerator / step;
            slope.step = step;
        }
        slopes
    }

    /// The truncation error, proven: a difference is a mean of the derivative over the step, direction by direction, so
    /// Taylor's remainder holds for each. Central steps take h²/6 times two more derivatives, others h/2 times one more.
    fn proven_truncation(
        self,
        recorded: &Recorded,
        output: usize,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Option<f64> {
        let reach = self.reach(at, directions);
        let (more, factor) = match self.scheme {
            Scheme::Central => (2, self.delta * self.delta / 6.0),
            Scheme::Forward | Scheme::Backward => (1, self.delta / 2.0),
        };
        let part = |direction: &Vec<f64>| {
            let further: Vec<Vec<f64>> = directions
                .iter()
                .chain(std::iter::repeat_n(direction, more))
                .cloned()
                .collect();
            let next = range(recorded, &reach, &further)[output];
            (next.decoration() > Decoration::Trivial && next.is_bounded())
                .then(|| next.magnitude() * factor)
        };
        // Along one input again and again it is one part, so many times.
        let mut known: Vec<(&Vec<f64>, f64)> = Vec::new();
        let mut total = 0.0;
        for direction in directions {
            let same = known.iter().find(|(other, _)| *other == direction);
            let error = match same {
                Some((_, error)) => *error,
                None => part(direction)?,
            };
            known.push((direction, error));
            total += error;
        }
        Some(total)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Slope {
    numerator: f64,
    /// How far the numerator may be off.
    doubt: f64,
    /// The least and the greatest value.
    range: Option<(f64, f64)>,
    step: f64,
    value: f64,
}

impl Slope {
    fn spread(&self) -> f64 {
        self.range.map_or(0.0, |(low, high)| high - low)
    }

    /// Its error, where both parts of it are known.
    fn bound(&self, truncation: Option<f64>) -> ErrorBound {
        let rounding = self.doubt / self.step.abs() + 2.0 * ulp(self.value);
        match truncation {
            Some(truncation) if truncation.is_finite() && rounding.is_finite() => {
                ErrorBound::Estimated {
                    truncation,
                    rounding,
                }
            }
            _ => ErrorBound::Unknown,
        }
    }

    fn notes(&self, smooth: bool) -> Vec<Note> {
        let kink = (!smooth).then_some(Note::KinkWithinStep);
        let lost = if self.step == 0.0 {
            Some(Note::StepLost)
        } else {
            self.value.is_nan().then_some(Note::OutsideDomain)
        };
        kink.into_iter().chain(lost).collect()
    }
}

/// The step that was really made: x + delta is rounded, so the difference of the two points counts.
fn true_step(at: &[f64], direction: &[f64], behind: f64, ahead: f64) -> f64 {
    let moving: Vec<(f64, f64)> = at
        .iter()
        .copied()
        .zip(direction.iter().copied())
        .filter(|(_, speed)| *speed != 0.0)
        .collect();
    match moving.as_slice() {
        [(x, speed)] => ((x + ahead * speed) - (x + behind * speed)) / speed,
        _ => ahead - behind,
    }
}

impl Method for Difference {
    fn name(&self) -> &'static str {
        "difference"
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        const MOST_DIRECTIONS: usize = 10;
        if directions.len() > MOST_DIRECTIONS {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "differences of order {} would drown in rounding",
                    directions.len()
                ),
            )
            .hint("use the symbolic method"));
        }
        let slopes = self.slopes(function, at, directions, self.delta);
        let corners = 1usize << directions.len();
        // Of a formula the truncation is proven; of a black box twice the step tells it.
        let (doubled, evaluations) = match function.recorded() {
            Some(_) => (slopes.clone(), corners),
            None => {
                let doubled = self.slopes(function, at, directions, 2.0 * self.delta);
                (doubled, 2 * corners)
            }
        };
        let smooth = function
            .recorded()
            .is_none_or(|recorded| self.is_smooth_within(recorded, at, directions));
        let estimate = |(output, (slope, doubled)): (usize, (&Slope, Slope))| {
            let truncation = match function.recorded() {
                Some(recorded) if smooth => {
                    self.proven_truncation(recorded, output, at, directions)
                }
                Some(_) => None,
                None => Some(self.guessed_truncation(slope.value, doubled.value)),
            };
            Estimate {
                value: slope.value,
                bound: slope.bound(truncation),
                method: self.name(),
                evaluations,
                notes: slope.notes(smooth),
            }
        };
        let pairs = slopes.iter().zip(doubled).enumerate();
        Ok(pairs.map(estimate).collect())
    }
}

impl Difference {
    /// Of a black box, by Richardson's rule (1911): with twice the step the error of a central difference is four times as
    /// large, of a one-sided one twice. Twice what follows from that leaves room for the next term; it proves nothing.
    fn guessed_truncation(self, slope: f64, doubled: f64) -> f64 {
        let grows = if self.scheme == Scheme::Central {
            3.0
        } else {
            1.0
        };
        2.0 * (doubled - slope).abs() / grows
    }

    /// All points that the step reaches, and twice as far.
    fn reach(self, at: &[f64], directions: &[Vec<f64>]) -> Vec<Interval> {
        let (behind, ahead) = self.ends();
        let reach = |(input, x): (usize, &f64)| {
            let far: f64 = directions
                .iter()
                .map(|direction| 2.0 * self.delta * direction[input].abs())
                .sum();
            Interval::hull(x + behind * far, x + ahead * far)
        };
        at.iter().enumerate().map(reach).collect()
    }

    /// Whether no kink lies within that reach.
    fn is_smooth_within(self, recorded: &Recorded, at: &[f64], directions: &[Vec<f64>]) -> bool {
        recorded
            .program()
            .rough_steps(&self.reach(at, directions))
            .is_empty()
    }
}

/// How far each output may be off by its own rounding, and, where the abscissae are rounded too, by that: proven where
/// the formula is known, else taken as one unit in the last place.
fn doubts(function: &dyn Function, x: &[f64], values: &[f64], rounded: bool) -> Vec<f64> {
    match function.recorded() {
        Some(recorded) => {
            let near = |x: &f64| {
                if rounded {
                    Interval::point(*x).neighbourhood()
                } else {
                    Interval::point(*x)
                }
            };
            let boxed: Vec<Interval> = x.iter().map(near).collect();
            let ranges = recorded.program().run(&boxed);
            ranges
                .iter()
                .zip(values)
                .map(|(range, value)| range.distance(*value))
                .collect()
        }
        None => values.iter().copied().map(ulp).collect(),
    }
}
