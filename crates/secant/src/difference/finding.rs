//! [`Found`]: what differences found at a point.

use std::borrow::Cow;

use super::engine::Outcome;
use crate::estimate::{ErrorBound, Estimate, Note};
use crate::point::{Point, PointKind};

/// A derivative, or why there is none.
///
/// ```
/// use secant::{Differences, Finding};
/// // A ripple on a slope: both are told.
/// let rippled = Differences::new().derivative(|x: f64| x + 1e-6 * (1e6 * x).sin(), 0.0)?;
/// let Finding::DependsOnScale { coarse, fine } = rippled.finding else { unreachable!() };
/// assert!((coarse.0 - 1.0).abs() < 0.02 && (fine.0 - 2.0).abs() < 0.02);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// The derivative with its bound: truncation of the step, and noise of the function.
    Derivative(Estimate),
    /// The point has no derivative, or only on one side; what exists beside it is told.
    NoDerivative(Point),
    /// The noise of the function leaves less than a digit.
    TooNoisy {
        /// The best number there is.
        value: f64,
        /// How far off it may be.
        bound: f64,
    },
    /// At long steps the slope settles at one number, at short ones at another: a ripple or a staircase on a slope.
    DependsOnScale {
        /// The slope at long steps, and how long they are.
        coarse: (f64, f64),
        /// The slope at short steps, and how long they are.
        fine: (f64, f64),
    },
}

impl Finding {
    /// What it is in one or two words: `derivative`, `noise`, `scale`, `pole`, or a kind of point.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Derivative(_) => "derivative",
            Self::TooNoisy { .. } => "noise",
            Self::DependsOnScale { .. } => "scale",
            Self::NoDerivative(point) if point.undecided => "undecided",
            Self::NoDerivative(point) => {
                let infinite = |limit: Option<f64>| limit.is_some_and(f64::is_infinite);
                let grows = infinite(point.left_limit) || infinite(point.right_limit);
                if point.kind == PointKind::Undefined && grows {
                    "pole"
                } else {
                    point.kind.name()
                }
            }
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn describe(&self) -> Cow<'static, str> {
        match self {
            Self::Derivative(_) => "the derivative exists".into(),
            Self::NoDerivative(point) => point.describe(),
            Self::TooNoisy { .. } => "the function is too noisy for a derivative".into(),
            Self::DependsOnScale { .. } => {
                "the slope depends on the scale: long steps and short ones disagree".into()
            }
        }
    }
}

/// What was found, and at what cost.
///
/// ```
/// let found = secant::Differences::new().derivative(f64::tanh, 0.5)?;
/// let truth = 1.0 - 0.5f64.tanh().powi(2);
/// assert!((found.value().unwrap() - truth).abs() <= found.bound().unwrap());
/// assert_eq!((found.evaluations, found.noise), (13, 0.0));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The derivative, or why there is none.
    pub finding: Finding,
    /// How often the function was run for it. What several derivatives share is counted once, at the first.
    pub evaluations: usize,
    /// The standard deviation of the noise of one value beyond rounding, where it was met; else 0.
    pub noise: f64,
}

impl Found {
    /// The derivative, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match &self.finding {
            Finding::Derivative(estimate) => Some(estimate.value),
            _ => None,
        }
    }

    /// How far the derivative may be off.
    #[must_use]
    pub fn bound(&self) -> Option<f64> {
        match &self.finding {
            Finding::Derivative(estimate) => estimate.bound.absolute(estimate.value),
            _ => None,
        }
    }

    pub(super) fn new(outcome: Outcome, evaluations: usize, noise: f64) -> Self {
        let finding = match outcome {
            Outcome::Value {
                value,
                truncation,
                noise,
                ..
            } if !(value + truncation + noise).is_finite() => {
                Finding::NoDerivative(Point::plain(PointKind::Overflow))
            }
            Outcome::Value {
                value,
                truncation,
                noise,
                one_sided,
            } => {
                let bound = ErrorBound::Estimated {
                    truncation,
                    rounding: noise,
                };
                let notes = if one_sided {
                    vec![Note::OneSided]
                } else {
                    Vec::new()
                };
                Finding::Derivative(Estimate {
                    value,
                    bound,
                    method: super::METHOD,
                    evaluations,
                    notes,
                })
            }
            Outcome::Unbounded(value) => Finding::Derivative(Estimate {
                value,
                bound: ErrorBound::Unknown,
                method: super::METHOD,
                evaluations,
                notes: vec![Note::OneStep],
            }),
            Outcome::Point(point) => Finding::NoDerivative(point),
            Outcome::TooNoisy { value, bound } => Finding::TooNoisy { value, bound },
            Outcome::Scales { coarse, fine } => Finding::DependsOnScale { coarse, fine },
        };
        Self {
            finding,
            evaluations,
            noise,
        }
    }

    /// The same with what it cost.
    pub(crate) fn costing(self, evaluations: usize) -> Self {
        Self {
            evaluations,
            ..self
        }
    }

    /// The same slope by an input that moves `seed` times as fast as the variable it was found by; a seed below 0 exchanges the sides.
    pub(super) fn by_input(self, seed: f64) -> Self {
        let slope = |slope: f64| slope / seed;
        let length = |(value, step): (f64, f64)| (slope(value), step * seed.abs());
        let finding = match self.finding {
            Finding::Derivative(estimate) => Finding::Derivative(estimate.scaled(seed.recip())),
            Finding::NoDerivative(point) => {
                let sides = (point.left.map(slope), point.right.map(slope));
                let limits = (point.left_limit, point.right_limit);
                let exchanged = |(left, right)| {
                    if seed < 0.0 {
                        (right, left)
                    } else {
                        (left, right)
                    }
                };
                let ((left, right), (left_limit, right_limit)) =
                    (exchanged(sides), exchanged(limits));
                Finding::NoDerivative(Point {
                    left,
                    right,
                    left_limit,
                    right_limit,
                    ..point
                })
            }
            Finding::TooNoisy { value, bound } => Finding::TooNoisy {
                value: slope(value),
                bound: slope(bound).abs(),
            },
            Finding::DependsOnScale { coarse, fine } => Finding::DependsOnScale {
                coarse: length(coarse),
                fine: length(fine),
            },
        };
        Self { finding, ..self }
    }
}
