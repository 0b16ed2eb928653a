//! [`Estimate`]: a number with how sure it is, how it was found and at what cost. No answer comes without one.

use std::fmt;

use crate::number::{Interval, ulp};

/// The highest order that derivatives are worked out to.
pub const HIGHEST_ORDER: usize = 50;

/// How far the true value may be from the given one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ErrorBound {
    /// Proven: the true value lies in this interval.
    Enclosed(Interval),
    /// An exact rule, evaluated in floating point: proven from outward rounding of the same steps.
    Rounding(f64),
    /// Of a difference, not proven as a whole: from the finite step, and from finite digits.
    Estimated {
        /// What the finite step does.
        truncation: f64,
        /// What the finite digits do.
        rounding: f64,
    },
    /// Nothing is known.
    Unknown,
}

impl ErrorBound {
    /// The largest distance of the true value from `value`, where one is known.
    ///
    /// ```
    /// use secant::ErrorBound;
    /// let bound = ErrorBound::Estimated { truncation: 1e-4, rounding: 1e-12 };
    /// assert_eq!(bound.absolute(4.0), Some(1e-4 + 1e-12));
    /// assert_eq!(ErrorBound::Unknown.absolute(4.0), None);
    /// ```
    #[must_use]
    pub fn absolute(self, value: f64) -> Option<f64> {
        let absolute = match self {
            Self::Enclosed(interval) => interval.distance(value),
            Self::Rounding(absolute) => absolute,
            Self::Estimated {
                truncation,
                rounding,
            } => truncation + rounding,
            Self::Unknown => return None,
        };
        absolute.is_finite().then_some(absolute)
    }

    /// Whether the truth cannot be further off, by outward rounding of every step.
    #[must_use]
    pub fn is_proven(self) -> bool {
        matches!(self, Self::Enclosed(_) | Self::Rounding(_))
    }

    /// The kind of the bound in one word.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Enclosed(_) => "enclosed",
            Self::Rounding(_) => "rounding",
            Self::Estimated { .. } => "estimated",
            Self::Unknown => "unknown",
        }
    }
}

/// What a user should know beside the number, and what to try.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// The step reaches over a point without a derivative.
    KinkWithinStep,
    /// The step is too short to move the point at all.
    StepLost,
    /// The function has no value at one of the points that the step needs.
    OutsideDomain,
    /// The number was found from its one-sided behaviour, since a rule does not hold here.
    OneSided,
    /// Numbers that rounding cannot tell apart were taken to be one: a point on a kink, or two sides that meet.
    WithinRounding,
    /// A proven bound could not be found.
    NoBound,
    /// Found from one step, which shows neither its error nor a corner or jump.
    OneStep,
    /// Differences of no steps settled on one number.
    Unsettled,
}

impl Note {
    /// The note in machine-readable form.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KinkWithinStep => "kink-within-step",
            Self::StepLost => "step-lost",
            Self::OutsideDomain => "outside-domain",
            Self::OneSided => "one-sided",
            Self::WithinRounding => "within-rounding",
            Self::NoBound => "no-bound",
            Self::OneStep => "one-step",
            Self::Unsettled => "unsettled",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::KinkWithinStep => "the step may reach over a kink: try a smaller delta",
            Self::StepLost => "the step is lost in the digits of the point: try a larger delta",
            Self::OutsideDomain => "the function has no value at a point of the step: try a smaller delta, or the other side",
            Self::OneSided => "found from the behaviour on both sides, since a rule of the formula does not hold at the point itself",
            Self::WithinRounding => "numbers that rounding cannot tell apart were taken to be one: a point on a kink, or two sides that meet",
            Self::NoBound => "no bound could be proven",
            Self::OneStep => "found from one step, which shows neither its error nor a corner or jump: try a mode with more evaluations",
            Self::Unsettled => "steps of different lengths settle on no one number: the values have too few digits, or look like no smooth function",
        })
    }
}

/// A number, and everything known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The number; NaN where the method has none.
    pub value: f64,
    /// How far the truth may be.
    pub bound: ErrorBound,
    /// The method that found it.
    pub method: &'static str,
    /// How often the function was evaluated.
    pub evaluations: usize,
    /// What else to know.
    pub notes: Vec<Note>,
}

impl Estimate {
    /// A number of one evaluation for which no bound could be proven.
    pub(crate) fn unbounded(method: &'static str, value: f64) -> Self {
        Self {
            value,
            bound: ErrorBound::Unknown,
            method,
            evaluations: 1,
            notes: vec![Note::NoBound],
        }
    }

    /// An exact rule evaluated in floating point, with the interval that the same steps gave.
    #[must_use]
    pub fn rounded(method: &'static str, value: f64, range: Interval) -> Self {
        let proven = range.decoration() > crate::number::Decoration::Trivial
            && range.contains(value)
            && range.is_bounded();
        let (bound, notes) = if proven {
            (ErrorBound::Rounding(range.distance(value)), Vec::new())
        } else {
            (ErrorBound::Unknown, vec![Note::NoBound])
        };
        Self {
            value,
            bound,
            method,
            evaluations: 1,
            notes,
        }
    }

    /// The estimate of a multiple: the derivative along a direction that is `factor` times as long.
    ///
    /// ```
    /// use secant::{ErrorBound, Estimate};
    /// let slope = Estimate {
    ///     value: 3.0,
    ///     bound: ErrorBound::Rounding(0.5),
    ///     method: "forward",
    ///     evaluations: 1,
    ///     notes: Vec::new(),
    /// };
    /// let twice = slope.scaled(-2.0);
    /// assert_eq!((twice.value, twice.bound), (-6.0, ErrorBound::Rounding(1.0)));
    /// ```
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        // A product that rounds moves the value by an ulp at most.
        let slip = |value: f64| {
            let is_exact = (Interval::point(value) * Interval::point(factor)).is_point();
            if is_exact { 0.0 } else { ulp(value * factor) }
        };
        let stretched = |part: f64| part * factor.abs() + slip(part);
        let value = self.value * factor;
        let bound = match self.bound {
            ErrorBound::Enclosed(range) => ErrorBound::Enclosed(range * Interval::point(factor)),
            ErrorBound::Rounding(absolute) => {
                ErrorBound::Rounding(stretched(absolute) + slip(self.value))
            }
            ErrorBound::Estimated {
                truncation,
                rounding,
            } => ErrorBound::Estimated {
                truncation: stretched(truncation),
                rounding: stretched(rounding) + slip(self.value),
            },
            ErrorBound::Unknown => ErrorBound::Unknown,
        };
        Self {
            value,
            bound,
            ..self.clone()
        }
    }
}
