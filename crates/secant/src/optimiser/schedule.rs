//! How the rate of learning changes from step to step.

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
