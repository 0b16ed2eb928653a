//! [`Training`]: epochs of steps downhill. Where a run stands is a plain [`State`], so that it can be stored after any epoch and resumed to the
//! bit. It knows no file and no clock; who calls it decides how long it goes on.

use secant::optimiser::{Optimiser, Rule, Schedule, clip_norm};
use secant::{Error, ErrorKind};

use crate::columns::Columns;
use crate::impact::length;
use crate::loss::{Loss, Targets};
use crate::network::{Network, Pass};
use crate::number::Number;
use crate::objective::Objective;
use crate::random::Random;

/// How steps are taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The rule that moves the parameters.
    pub rule: Rule,
    /// The rate of learning; of a rule that searches, the first trial of each step, for which 1 is right.
    pub rate: f64,
    /// How the rate changes from step to step.
    pub schedule: Schedule,
    /// So many samples a step, drawn anew in each epoch; all of them at once where none is given.
    pub batch: Option<usize>,
    /// A gradient longer than this is shortened.
    pub clip: Option<f64>,
}

/// Where a run stands after an epoch: with settings and samples, all that the next ones depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct State<T> {
    /// The parameters.
    pub parameters: Vec<T>,
    /// What the optimiser remembers.
    pub optimiser: Optimiser<T>,
    /// The source of the order of samples, and of what layers leave to chance.
    pub random: Random,
    /// Epochs done.
    pub epoch: u64,
}

impl<T: Number> State<T> {
    /// At its start.
    #[must_use]
    pub fn new(parameters: Vec<T>, rule: Rule, seed: u64) -> Self {
        Self {
            optimiser: Optimiser::new(rule, parameters.len()),
            parameters,
            random: Random::new(seed),
            epoch: 0,
        }
    }
}

/// What an epoch came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch<T> {
    /// The mean loss of its samples, each before the step it was used for.
    pub loss: T,
    /// The length of the last gradient, before it was shortened.
    pub gradient: f64,
    /// The rate of the last step; 0 where a rule that searches found none that brings the loss down.
    pub rate: f64,
    /// How often a gradient was computed.
    pub evaluations: u64,
}

/// Why a run cannot go on: a number is no longer finite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The epoch, counted from 1.
    pub epoch: u64,
    /// The step, counted from 1 over all epochs.
    pub step: u64,
    /// What is not finite: `outputs`, `loss`, `gradient` or `parameters`.
    pub what: &'static str,
    /// The first layer where it is not, counted from 0.
    pub layer: Option<usize>,
}

/// How an epoch ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Numbers that do not fit together.
    Refused(Error),
    /// A number that is no longer finite. The state is that of the last whole step.
    Diverged(Divergence),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// A network being brought to its samples.
///
/// ```
/// use secant::optimiser::{Rule, Schedule};
/// use secant_train::training::{Settings, State, Training};
/// use secant_train::{Loss, Network, data};
///
/// let network = Network::dense(&[2, 16, 3], "relu")?;
/// let spiral = data::spiral::<f64>(20, 3, 0);
/// let settings = Settings { rule: Rule::adam(), rate: 0.05, schedule: Schedule::Constant, batch: None, clip: None };
/// let state = State::new(network.initial(1), settings.rule, 1);
/// let mut training = Training::new(&network, &Loss::CrossEntropy, &spiral.samples, &spiral.targets, settings, state)?;
/// let first = training.epoch().unwrap().loss;
/// for _ in 0..200 {
///     training.epoch().unwrap();
/// }
/// assert!(training.epoch().unwrap().loss < 0.5 * first);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Debug)]
pub struct Training<'a, T> {
    network: &'a Network,
    loss: &'a Loss,
    samples: &'a Columns<T>,
    targets: &'a Targets<T>,
    settings: Settings,
    state: State<T>,
    /// Of all samples at once, where they are not drawn.
    whole: Objective<'a, T>,
    gradient: Vec<T>,
    /// The parameters before a step, and what the optimiser remembered.
    before: (Vec<T>, Vec<Vec<T>>),
    /// The loss where the parameters stand, if the gradient is that of all samples there.
    known: Option<T>,
}

impl<'a, T: Number> Training<'a, T> {
    /// From where a run stands.
    ///
    /// # Errors
    /// Where network, samples, targets and state do not fit together, there is no sample, a setting is out of its range, or a rule that
    /// searches meets a layer that leaves something to chance.
    pub fn new(
        network: &'a Network,
        loss: &'a Loss,
        samples: &'a Columns<T>,
        targets: &'a Targets<T>,
        settings: Settings,
        state: State<T>,
    ) -> Result<Self, Error> {
        let refuse = |message: &str| Err(Error::new(ErrorKind::Setting, message));
        if samples.samples() == 0 {
            return refuse("there is no sample to learn from");
        }
        if !settings.rate.is_finite() || settings.rate < 0.0 {
            return refuse("a rate is finite and not below 0, which would lead uphill");
        }
        settings.schedule.check()?;
        if settings.batch == Some(0) {
            return refuse("a batch has at least one sample");
        }
        if settings
            .clip
            .is_some_and(|most| most.is_nan() || most <= 0.0)
        {
            return refuse("a gradient can be shortened to a length above 0 only");
        }
        if settings.rule.searches() && (settings.batch.is_some() || settings.clip.is_some()) {
            let name = settings.rule.name();
            let message = format!(
                "{name} holds losses of all samples against each other: it takes no batches, and gradients as they are"
            );
            return Err(Error::new(ErrorKind::Setting, message).hint("adam takes both"));
        }
        if settings.rule.searches() && network.is_random() {
            let message = format!(
                "{} holds losses against each other, and with dropout each would be that of another network",
                settings.rule.name()
            );
            return Err(
                Error::new(ErrorKind::Setting, message).hint("adam serves, or leave dropout out")
            );
        }
        network.check(&state.parameters, samples)?;
        let resumed = &state.optimiser;
        if resumed.rule() != settings.rule {
            return refuse("the optimiser of the state has another rule than the settings");
        }
        let parameters = network.parameters();
        if resumed.memory().iter().any(|part| part.len() != parameters) {
            return refuse("the optimiser of the state remembers another number of parameters");
        }
        Ok(Self {
            whole: Objective::new(network, loss, samples, targets)?,
            gradient: vec![T::ZERO; network.parameters()],
            before: (Vec::new(), vec![Vec::new(); state.optimiser.memory().len()]),
            known: None,
            network,
            loss,
            samples,
            targets,
            settings,
            state,
        })
    }

    /// Where the run stands.
    #[must_use]
    pub fn state(&self) -> &State<T> {
        &self.state
    }

    /// The state, which the run ends with.
    #[must_use]
    pub fn into_state(self) -> State<T> {
        self.state
    }

    /// Every sample once; of a rule that searches, one step with as many looks at all samples as it needs. An epoch in which it finds no step does not
    /// count: there the run is at rest.
    ///
    /// # Errors
    /// Where a number is no longer finite.
    pub fn epoch(&mut self) -> Result<Epoch<T>, Stop> {
        let done = match self.settings.batch {
            Some(batch) if batch < self.samples.samples() => self.drawn(batch)?,
            _ if self.settings.rule.searches() => self.searched()?,
            _ => {
                self.whole.draw_from(&mut self.state.random);
                let loss = self
                    .whole
                    .gradient(&self.state.parameters, &mut self.gradient)?;
                let (gradient, rate) = self.step(loss, None)?;
                Epoch {
                    loss,
                    gradient,
                    rate,
                    evaluations: 1,
                }
            }
        };
        self.state.epoch += u64::from(!self.is_at_rest(&done));
        Ok(done)
    }

    /// Whether an epoch found no step that brings the loss down, so that more of them change nothing.
    #[must_use]
    pub fn is_at_rest(&self, epoch: &Epoch<T>) -> bool {
        self.settings.rule.searches() && epoch.rate == 0.0
    }

    /// Where between the beginning of an epoch, 0, and its end, 1, its loss was computed: in the mean of its steps, each of which computes it before it moves.
    ///
    /// ```
    /// use secant::optimiser::{Adam, Rule, Schedule};
    /// use secant_train::training::{Settings, State, Training};
    /// use secant_train::{Columns, Loss, Network, Targets};
    /// let network = Network::dense(&[1, 1], "relu")?;
    /// let samples = Columns::from_rows(&[0.0, 1.0, 2.0, 3.0], 1)?;
    /// let targets = Targets::Values(samples.clone());
    /// let rule = Rule::Adam(Adam::default());
    /// let of = |batch| {
    ///     let settings = Settings { rule, rate: 0.1, schedule: Schedule::Constant, batch, clip: None };
    ///     let state = State::new(network.initial(1), rule, 1);
    ///     Training::new(&network, &Loss::Squared, &samples, &targets, settings, state)
    /// };
    /// assert_eq!(of(None)?.moment(), 0.0); // one step
    /// assert_eq!(of(Some(2))?.moment(), 0.25); // two: at 0 and at 0.5
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn moment(&self) -> f64 {
        let samples = self.samples.samples().max(1);
        let batch = self.settings.batch.unwrap_or(samples).max(1);
        let steps = samples.div_ceil(batch) as f64;
        (steps - 1.0) / (2.0 * steps)
    }

    /// Steps of so many samples, in a random order.
    fn drawn(&mut self, batch: usize) -> Result<Epoch<T>, Stop> {
        let order = self.state.random.order(self.samples.samples());
        let mut epoch = Epoch {
            loss: T::ZERO,
            gradient: 0.0,
            rate: 0.0,
            evaluations: 0,
        };
        for drawn in order.chunks(batch) {
            let (samples, targets) = (self.samples.gather(drawn), self.targets.gather(drawn));
            let mut objective = Objective::new(self.network, self.loss, &samples, &targets)?;
            objective.draw_from(&mut self.state.random);
            let loss = objective.gradient(&self.state.parameters, &mut self.gradient)?;
            drop(objective);
            epoch.evaluations += 1;
            epoch.loss += loss * T::of(drawn.len() as f64);
            (epoch.gradient, epoch.rate) = self.step(loss, Some(&samples))?;
        }
        epoch.loss /= T::of(self.samples.samples() as f64);
        Ok(epoch)
    }

    /// A step of a rule that looks for it along the loss. Loss and gradient at its end are those at the beginning of the next; a run that is resumed
    /// computes them again, to the same bits.
    fn searched(&mut self) -> Result<Epoch<T>, Stop> {
        let mut evaluations = 0;
        let loss = match self.known.take() {
            Some(loss) => loss,
            None => {
                evaluations += 1;
                self.whole
                    .gradient(&self.state.parameters, &mut self.gradient)?
            }
        };
        let gradient = length(&self.gradient);
        self.finite(loss, gradient, None)?;
        let whole = &mut self.whole;
        let mut evaluate = |at: &[T], gradient: &mut [T]| whole.gradient(at, gradient);
        let found = self.state.optimiser.search(
            self.settings
                .schedule
                .rate(self.settings.rate, self.state.optimiser.steps()),
            &mut self.state.parameters,
            loss,
            &mut self.gradient,
            &mut evaluate,
        )?;
        self.known = Some(T::of(found.loss));
        Ok(Epoch {
            loss,
            gradient,
            rate: found.rate,
            evaluations: evaluations + found.evaluations,
        })
    }

    /// One step along the gradient that was found, with its length and the rate.
    fn step(&mut self, loss: T, drawn: Option<&Columns<T>>) -> Result<(f64, f64), Stop> {
        let length = match self.settings.clip {
            Some(most) => clip_norm(&mut self.gradient, most),
            None => length(&self.gradient),
        };
        self.finite(loss, length, drawn)?;
        let rate = self
            .settings
            .schedule
            .rate(self.settings.rate, self.state.optimiser.steps());
        self.keep();
        let State {
            parameters,
            optimiser,
            ..
        } = &mut self.state;
        let steps = optimiser.steps();
        optimiser.step(rate, parameters, &self.gradient)?;
        if let Some(layer) = self.not_finite(&self.state.parameters) {
            self.take_back(steps)?;
            return Err(self.divergence("parameters", Some(layer)));
        }
        Ok((length, rate))
    }

    /// Copies what a step changes.
    fn keep(&mut self) {
        let (parameters, memory) = &mut self.before;
        parameters.clone_from(&self.state.parameters);
        for (kept, numbers) in memory.iter_mut().zip(self.state.optimiser.memory()) {
            kept.clone_from(numbers);
        }
    }

    /// Puts what was kept where it was, after so many steps.
    fn take_back(&mut self, steps: u64) -> Result<(), Error> {
        let (parameters, memory) = self.before.clone();
        let rule = self.state.optimiser.rule();
        self.state.optimiser = Optimiser::resumed(rule, parameters.len(), steps, memory)?;
        self.state.parameters = parameters;
        Ok(())
    }

    /// Whether a loss and the gradient that was found with it, of this length, are finite.
    fn finite(&self, loss: T, length: f64, drawn: Option<&Columns<T>>) -> Result<(), Stop> {
        if !loss.to_f64().is_finite() {
            return Err(self.diverged(drawn));
        }
        // The square of a finite number may overflow: only what is not finite itself is none.
        if !length.is_finite()
            && let Some(layer) = self.not_finite(&self.gradient)
        {
            return Err(self.divergence("gradient", Some(layer)));
        }
        Ok(())
    }

    /// The layer of the first number that is not finite.
    fn not_finite(&self, numbers: &[T]) -> Option<usize> {
        let place = numbers
            .iter()
            .position(|number| !number.to_f64().is_finite())?;
        self.network.tensor_of(place).map(|tensor| tensor.layer)
    }

    /// Where a loss that is not finite came from: the first layer with such an output, or the loss itself.
    fn diverged(&self, drawn: Option<&Columns<T>>) -> Stop {
        let samples = drawn.unwrap_or(self.samples);
        let mut pass = Pass::new(self.network);
        samples.copy_block(0, samples.samples(), pass.input());
        self.network
            .forward(&self.state.parameters, &mut pass, false);
        let wrong = |values: &Columns<T>| {
            values
                .values()
                .iter()
                .any(|value| !value.to_f64().is_finite())
        };
        match pass.values.iter().skip(1).position(wrong) {
            Some(layer) => self.divergence("outputs", Some(layer)),
            None => self.divergence("loss", None),
        }
    }

    fn divergence(&self, what: &'static str, layer: Option<usize>) -> Stop {
        Stop::Diverged(Divergence {
            epoch: self.state.epoch + 1,
            step: self.state.optimiser.steps() + 1,
            what,
            layer,
        })
    }
}
