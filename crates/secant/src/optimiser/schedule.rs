//! How the rate of learning changes from step to step.

use crate::error::{Error, ErrorKind};

/// A rate for each step, counted from 0.
///
/// ```
/// use secant::optimiser::Schedule;
/// // The decay of Neural Networks from Scratch (Kinsley and Kukieła 2020), chapter 10.
/// let schedule = Schedule::InverseTime { decay: 5e-7 };
/// assert_eq!(schedule.rate(0.02, 0), 0.02);
/// assert_eq!(schedule.rate(0.02, 2_000_000), 0.01);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Schedule {
    /// Always the same.
    #[default]
    Constant,
    /// `rate / (1 + decay t)`.
    InverseTime {
        /// How fast it falls.
        decay: f64,
    },
    /// `rate factorᵗ`.
    Exponential {
        /// What each step multiplies.
        factor: f64,
    },
    /// `rate factor^(t div every)`: a stair.
    Stairs {
        /// So many steps on one stair; 0 counts as 1.
        every: u64,
        /// What each stair multiplies.
        factor: f64,
    },
    /// From the rate to `least` along half a cosine within so many steps (Loshchilov and Hutter 2017, equation 5), then `least`.
    Cosine {
        /// How many steps it takes.
        steps: u64,
        /// The rate at its end.
        least: f64,
    },
    /// Rises in even steps to the rate within so many steps, then stays.
    WarmUp {
        /// How many steps it takes.
        steps: u64,
    },
}

impl Schedule {
    /// Whether every rate it gives is one that a step can be taken with: below 0 it would lead uphill, and a negative decay is divided by 0 on its way there.
    ///
    /// ```
    /// use secant::optimiser::Schedule;
    /// assert!(Schedule::InverseTime { decay: 5e-7 }.check().is_ok());
    /// let error = Schedule::InverseTime { decay: -0.01 }.check().unwrap_err();
    /// assert_eq!(error.message(), "the decay of a schedule is -0.01");
    /// ```
    ///
    /// # Errors
    /// Where a decay, a factor or a least rate is below 0 or not finite.
    pub fn check(self) -> Result<(), Error> {
        let (name, value) = match self {
            Self::InverseTime { decay } => ("decay", decay),
            Self::Exponential { factor } | Self::Stairs { factor, .. } => ("factor", factor),
            Self::Cosine { least, .. } => ("least rate", least),
            Self::Constant | Self::WarmUp { .. } => return Ok(()),
        };
        if value.is_finite() && value >= 0.0 {
            return Ok(());
        }
        let message = format!("the {name} of a schedule is {value}");
        Err(Error::new(ErrorKind::Setting, message).hint("it must be 0 or above, and finite"))
    }

    /// The rate of step `t`, where `rate` is the one it is made from.
    #[must_use]
    pub fn rate(self, rate: f64, t: u64) -> f64 {
        let time = t as f64;
        match self {
            Self::Constant => rate,
            Self::InverseTime { decay } => rate / (1.0 + decay * time),
            Self::Exponential { factor } => rate * libm::pow(factor, time),
            Self::Stairs { every, factor } => rate * libm::pow(factor, (t / every.max(1)) as f64),
            Self::Cosine { steps, least } if t < steps => {
                let turn = libm::cos(std::f64::consts::PI * time / steps as f64);
                least + (rate - least) * (1.0 + turn) / 2.0
            }
            Self::Cosine { least, .. } => least,
            Self::WarmUp { steps } if t < steps => rate * (time + 1.0) / steps as f64,
            Self::WarmUp { .. } => rate,
        }
    }
}
