//! Update rules: a gradient in, parameters moved. Each rule works on slices, knows neither network nor formula, and stands in a
//! file of its own; its memory (momenta, mean squares) is plain slices too, so that a run can be stored and
//! resumed to the bit. [`Lbfgs`] alone looks for its step along the loss, so it is given the function ([`Optimiser::search`]). Rates come from a [`Schedule`]; [`clip_norm`] shortens a gradient before it is used.
//!
//! ```
//! use secant::optimiser::{Optimiser, Rule};
//! // Downhill on x² + 8 y², from (3, 1).
//! let mut at = [3.0, 1.0];
//! let mut optimiser = Optimiser::new(Rule::adam(), at.len());
//! for _ in 0..500 {
//!     let gradient = [2.0 * at[0], 16.0 * at[1]];
//!     optimiser.step(0.1, &mut at, &gradient)?;
//! }
//! assert!(at.iter().all(|x: &f64| x.abs() < 1e-3));
//! # Ok::<(), secant::Error>(())
//! ```

mod adagrad;
mod adam;
mod clip;
mod descent;
mod lbfgs;
mod rmsprop;
mod schedule;
mod search;

pub use adagrad::AdaGrad;
pub use adam::{Adam, AdamW};
pub use clip::clip_norm;
pub use descent::{Momentum, Nesterov, Sgd};
pub use lbfgs::{Evaluate, Lbfgs, Searched};
pub use rmsprop::RmsProp;
pub use schedule::Schedule;

use crate::error::{Error, ErrorKind};
use crate::number::Real;

/// How one kind of optimiser moves parameters.
trait Update {
    /// How many slices as long as the parameters it remembers.
    const MEMORY: usize;

    /// Moves the parameters by one step.
    fn update<T: Real>(&self, step: Step<'_, T>);
}

/// One step of an update rule.
struct Step<'a, T> {
    /// Counted from 1.
    number: u64,
    rate: f64,
    parameters: &'a mut [T],
    gradient: &'a [T],
    memory: &'a mut [Vec<T>],
}

/// Which rule, with its settings. Defaults are those of PyTorch.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// Against the gradient.
    Sgd(Sgd),
    /// Against a decaying sum of gradients.
    Momentum(Momentum),
    /// The same, looking ahead by one step.
    Nesterov(Nesterov),
    /// Each parameter at a rate by the sum of its squared gradients.
    AdaGrad(AdaGrad),
    /// Each parameter at a rate by the decaying mean of its squared gradients.
    RmsProp(RmsProp),
    /// Decaying means of gradient and square.
    Adam(Adam),
    /// The same, with weight decay apart from the gradient.
    AdamW(AdamW),
    /// Newton's direction from the last gradients, and a search along it.
    Lbfgs(Lbfgs),
}

impl Rule {
    /// The names of all rules, as the command reads them.
    pub const NAMES: [&'static str; 8] = [
        "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "l-bfgs",
    ];

    /// Adam with its defaults.
    #[must_use]
    pub fn adam() -> Self {
        Self::Adam(Adam::default())
    }

    /// The rule of this name, with its defaults.
    ///
    /// ```
    /// use secant::optimiser::Rule;
    /// for name in Rule::NAMES {
    ///     assert_eq!(Rule::named(name).unwrap().name(), name);
    /// }
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sgd" => Self::Sgd(Sgd::default()),
            "momentum" => Self::Momentum(Momentum::default()),
            "nesterov" => Self::Nesterov(Nesterov::default()),
            "adagrad" => Self::AdaGrad(AdaGrad::default()),
            "rmsprop" => Self::RmsProp(RmsProp::default()),
            "adam" => Self::Adam(Adam::default()),
            "adamw" => Self::AdamW(AdamW::default()),
            "l-bfgs" => Self::Lbfgs(Lbfgs::default()),
            _ => return None,
        })
    }

    /// The same rule, which keeps this part of each step for the next.
    ///
    /// ```
    /// use secant::optimiser::Rule;
    /// assert!(Rule::named("nesterov").unwrap().with_momentum(0.95).is_ok());
    /// assert!(Rule::adam().with_momentum(0.95).is_err());
    /// ```
    ///
    /// # Errors
    /// Where the rule keeps nothing of a step, and where the part is not from 0 to below 1.
    pub fn with_momentum(mut self, kept: f64) -> Result<Self, Error> {
        let refuse = |message: String| Err(Error::new(ErrorKind::Setting, message));
        if !(0.0..1.0).contains(&kept) {
            return refuse("a momentum is from 0 to below 1".to_owned());
        }
        match &mut self {
            Self::Momentum(rule) => rule.momentum = kept,
            Self::Nesterov(rule) => rule.momentum = kept,
            other => return refuse(format!("{} takes no momentum", other.name())),
        }
        Ok(self)
    }

    /// The same rule, by which parameters shrink: by an L2 term of the gradient, or apart from it (`adamw`).
    ///
    /// ```
    /// use secant::optimiser::Rule;
    /// assert!(Rule::adam().with_decay(1e-4).is_ok());
    /// assert!(Rule::named("l-bfgs").unwrap().with_decay(1e-4).is_err());
    /// ```
    ///
    /// # Errors
    /// Where the rule knows no decay, and where it is below 0 or not finite.
    pub fn with_decay(mut self, decay: f64) -> Result<Self, Error> {
        let refuse = |message: &str| Error::new(ErrorKind::Setting, message);
        if !decay.is_finite() || decay < 0.0 {
            return Err(refuse("a weight decay is 0 or above"));
        }
        match &mut self {
            Self::Sgd(rule) => rule.decay = decay,
            Self::Momentum(rule) => rule.decay = decay,
            Self::Nesterov(rule) => rule.decay = decay,
            Self::AdaGrad(rule) => rule.decay = decay,
            Self::RmsProp(rule) => rule.decay = decay,
            Self::Adam(rule) => rule.decay = decay,
            Self::AdamW(rule) => rule.decay = decay,
            Self::Lbfgs(_) => {
                return Err(refuse("l-bfgs takes no weight decay")
                    .hint("it holds losses against each other, and the loss knows no decay"));
            }
        }
        Ok(self)
    }

    /// The name of the rule.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sgd(_) => "sgd",
            Self::Momentum(_) => "momentum",
            Self::Nesterov(_) => "nesterov",
            Self::AdaGrad(_) => "adagrad",
            Self::RmsProp(_) => "rmsprop",
            Self::Adam(_) => "adam",
            Self::AdamW(_) => "adamw",
            Self::Lbfgs(_) => "l-bfgs",
        }
    }

    /// Whether it looks for its steps along the loss: [`Optimiser::search`] then takes the place of [`Optimiser::step`].
    #[must_use]
    pub fn searches(self) -> bool {
        matches!(self, Self::Lbfgs(_))
    }

    /// How many slices as long as the parameters it remembers.
    #[must_use]
    pub fn memory(self) -> usize {
        fn of<U: Update>(_: &U) -> usize {
            U::MEMORY
        }
        match self {
            Self::Sgd(rule) => of(&rule),
            Self::Momentum(rule) => of(&rule),
            Self::Nesterov(rule) => of(&rule),
            Self::AdaGrad(rule) => of(&rule),
            Self::RmsProp(rule) => of(&rule),
            Self::Adam(rule) => of(&rule),
            Self::AdamW(rule) => of(&rule),
            Self::Lbfgs(rule) => 2 * rule.pairs,
        }
    }

    fn update<T: Real>(self, step: Step<'_, T>) -> Result<(), Error> {
        match self {
            Self::Sgd(rule) => rule.update(step),
            Self::Momentum(rule) => rule.update(step),
            Self::Nesterov(rule) => rule.update(step),
            Self::AdaGrad(rule) => rule.update(step),
            Self::RmsProp(rule) => rule.update(step),
            Self::Adam(rule) => rule.update(step),
            Self::AdamW(rule) => rule.update(step),
            Self::Lbfgs(_) => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "l-bfgs looks for its step along the loss, and is given its gradient alone",
                ));
            }
        }
        Ok(())
    }
}

/// A rule with what it remembers of the steps before.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimiser<T> {
    rule: Rule,
    parameters: usize,
    memory: Vec<Vec<T>>,
    steps: u64,
}

impl<T: Real> Optimiser<T> {
    /// At its start, for so many parameters.
    #[must_use]
    pub fn new(rule: Rule, parameters: usize) -> Self {
        let memory = vec![vec![T::of(0.0); parameters]; rule.memory()];
        Self {
            rule,
            parameters,
            memory,
            steps: 0,
        }
    }

    /// As it stood after `steps` steps, with the memory it had then.
    ///
    /// # Errors
    /// Where the memory is not that of this rule.
    pub fn resumed(
        rule: Rule,
        parameters: usize,
        steps: u64,
        memory: Vec<Vec<T>>,
    ) -> Result<Self, Error> {
        let fits =
            memory.len() == rule.memory() && memory.iter().all(|slice| slice.len() == parameters);
        if !fits {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "{} remembers {} numbers for each of {parameters} parameters, {} are given in all",
                    rule.name(),
                    rule.memory(),
                    memory.iter().map(Vec::len).sum::<usize>()
                ),
            ));
        }
        Ok(Self {
            rule,
            parameters,
            memory,
            steps,
        })
    }

    /// The rule and its settings.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// How many steps were taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// What it remembers: slices as long as the parameters.
    #[must_use]
    pub fn memory(&self) -> &[Vec<T>] {
        &self.memory
    }

    /// Moves the parameters by one step at this rate.
    ///
    /// # Errors
    /// Where parameters or gradient are not as many as it was made for, and where the rule [searches](Rule::searches).
    pub fn step(&mut self, rate: f64, parameters: &mut [T], gradient: &[T]) -> Result<(), Error> {
        self.check(parameters, gradient)?;
        self.rule.update(Step {
            number: self.steps + 1,
            rate,
            parameters,
            gradient,
            memory: &mut self.memory,
        })?;
        self.steps += 1;
        Ok(())
    }

    /// Moves the parameters, whose loss and gradient are given, by one step of a rule that [searches](Rule::searches). `evaluate` gives the loss
    /// at other parameters and writes the gradient; that at the new ones is left in `gradient`. The first trial is `rate` times the step of the
    /// rule, for which 1 is right. A loss that is not finite is too far.
    ///
    /// ```
    /// use secant::optimiser::{Optimiser, Rule};
    /// // Downhill on x² + 8 y², from (3, 1).
    /// let mut bowl = |at: &[f64], gradient: &mut [f64]| {
    ///     gradient.copy_from_slice(&[2.0 * at[0], 16.0 * at[1]]);
    ///     Ok(at[0] * at[0] + 8.0 * at[1] * at[1])
    /// };
    /// let (mut at, mut gradient) = ([3.0, 1.0], [0.0; 2]);
    /// let mut loss = bowl(&at, &mut gradient)?;
    /// let mut optimiser = Optimiser::new(Rule::named("l-bfgs").unwrap(), 2);
    /// for _ in 0..10 {
    ///     loss = optimiser.search(1.0, &mut at, loss, &mut gradient, &mut bowl)?.loss;
    /// }
    /// assert!(loss < 1e-12);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where parameters or gradient are not as many as it was made for, the rule does not search, or the function cannot be evaluated.
    pub fn search(
        &mut self,
        rate: f64,
        parameters: &mut [T],
        loss: T,
        gradient: &mut [T],
        evaluate: &mut Evaluate<'_, T>,
    ) -> Result<Searched, Error> {
        self.check(parameters, gradient)?;
        if !self.rule.searches() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("{} does not look for its step", self.rule.name()),
            ));
        }
        let loss = loss.to_f64();
        let memory = &mut self.memory;
        let searched = Lbfgs::step(rate, memory, parameters, loss, gradient, evaluate)?;
        self.steps += 1;
        Ok(searched)
    }

    /// Whether parameters and gradient are as many as it was made for.
    fn check(&self, parameters: &[T], gradient: &[T]) -> Result<(), Error> {
        if (parameters.len(), gradient.len()) == (self.parameters, self.parameters) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Shape,
            format!(
                "the optimiser serves {} parameters; {} and a gradient of {} are given",
                self.parameters,
                parameters.len(),
                gradient.len()
            ),
        ))
    }
}
