//! [`Objective`]: the mean loss of a network over samples, with its gradient, in all and for each sample.

use secant::{Error, ErrorKind};

use secant_vmath::InPlace;

use crate::columns::Columns;
use crate::loss::{Loss, Targets};
use crate::network::{Network, Pass};
use crate::number::Number;
use crate::random::Random;

/// A network, a loss, and samples with their targets: a function of the parameters.
///
/// ```
/// use secant_train::{Columns, Loss, Network, Objective, Targets};
/// let network = Network::dense(&[2, 8, 3], "tanh")?;
/// let samples = Columns::from_rows(&[0.1, 0.9, -0.4, 0.2], 2)?;
/// let targets = Targets::Labels(vec![0, 2]);
/// let mut objective = Objective::new(&network, &Loss::CrossEntropy, &samples, &targets)?;
///
/// let parameters: Vec<f64> = network.initial(1);
/// let mut gradient = vec![0.0; parameters.len()];
/// let loss = objective.gradient(&parameters, &mut gradient)?;
/// assert_eq!(loss, objective.loss(&parameters)?);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Objective<'a, T> {
    pub(crate) network: &'a Network,
    pub(crate) loss: &'a Loss,
    pub(crate) samples: &'a Columns<T>,
    pub(crate) targets: &'a Targets<T>,
    pub(crate) pass: Pass<T>,
    pub(crate) wanted: Targets<T>,
    losses: Vec<T>,
}

impl<'a, T: Number> Objective<'a, T> {
    /// Of these samples.
    ///
    /// # Errors
    /// Where features, outputs and targets do not fit together, or there are no samples.
    pub fn new(
        network: &'a Network,
        loss: &'a Loss,
        samples: &'a Columns<T>,
        targets: &'a Targets<T>,
    ) -> Result<Self, Error> {
        if samples.features() != network.features() {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "the network takes {} features, the samples have {}",
                    network.features(),
                    samples.features()
                ),
            ));
        }
        if samples.samples() == 0 {
            return Err(Error::new(
                ErrorKind::Shape,
                "there are no samples, and no mean over them",
            ));
        }
        loss.check(targets, samples.samples(), network.outputs_count())?;
        Ok(Self {
            network,
            loss,
            samples,
            targets,
            pass: Pass::new(network),
            wanted: Targets::Labels(Vec::new()),
            losses: Vec::new(),
        })
    }

    /// The same in training: what layers leave to chance, as dropout does, is drawn from here on. Losses and gradients differ from call to
    /// call then.
    #[must_use]
    pub fn in_training(mut self, chance: Random) -> Self {
        self.seed(chance);
        self
    }

    /// Draws anew, for a step of training, what layers leave to chance. A network that leaves nothing takes nothing from the source.
    pub(crate) fn draw_from(&mut self, source: &mut Random) {
        if self.network.is_random() {
            self.seed(Random::new(source.bits()));
        }
    }

    /// Gives each layer a source of its own.
    fn seed(&mut self, mut chance: Random) {
        for memo in &mut self.pass.memos {
            memo.chance = Some(Random::new(chance.bits()));
        }
    }

    /// The mean loss.
    ///
    /// # Errors
    /// Where the parameters are not as many as the network has.
    pub fn loss(&mut self, parameters: &[T]) -> Result<T, Error> {
        let mut total = T::ZERO;
        self.each_forward(parameters, |_, _, losses| {
            total += losses.iter().copied().sum();
        })?;
        Ok(total / T::of(self.samples.samples() as f64))
    }

    /// The loss of each sample.
    ///
    /// # Errors
    /// As of [`loss`](Self::loss).
    pub fn losses(&mut self, parameters: &[T]) -> Result<Vec<T>, Error> {
        let mut all = Vec::with_capacity(self.samples.samples());
        self.each_forward(parameters, |_, _, losses| all.extend_from_slice(losses))?;
        Ok(all)
    }

    /// The mean loss and the share of samples whose class is the one that the [loss sees](Loss::class), at the same parameters, from one run of the
    /// samples; no share where targets are no classes.
    ///
    /// ```
    /// use secant_train::{Loss, Network, Objective, data};
    /// let network = Network::dense(&[2, 8, 3], "tanh")?;
    /// let spiral = data::spiral::<f64>(20, 3, 0);
    /// let mut objective = Objective::new(&network, &Loss::CrossEntropy, &spiral.samples, &spiral.targets)?;
    /// let parameters = network.initial(1);
    /// let (loss, accuracy) = objective.loss_and_accuracy(&parameters)?;
    /// assert_eq!(loss, objective.loss(&parameters)?);
    /// assert!((0.0..=1.0).contains(&accuracy.unwrap()));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`loss`](Self::loss).
    pub fn loss_and_accuracy(&mut self, parameters: &[T]) -> Result<(T, Option<f64>), Error> {
        let are_classes = self.targets.are_classes();
        let (mut total, mut right) = (T::ZERO, 0);
        let loss = self.loss;
        self.each_forward(parameters, |outputs, targets, losses| {
            total += losses.iter().copied().sum();
            if are_classes {
                right += loss.seen_right(outputs, targets);
            }
        })?;
        let samples = self.samples.samples() as f64;
        let accuracy = are_classes.then(|| right as f64 / samples);
        Ok((total / T::of(samples), accuracy))
    }

    /// Gives outputs, targets and losses of block after block.
    fn each_forward(
        &mut self,
        parameters: &[T],
        mut told: impl FnMut(&Columns<T>, &Targets<T>, &[T]),
    ) -> Result<(), Error> {
        self.network.check(parameters, self.samples)?;
        let criterion = self.loss.criterion();
        for block in self.network.blocks::<T>(self.samples.samples()) {
            self.samples
                .copy_block(block.start, block.len(), self.pass.input());
            self.targets.copy_block(block.clone(), &mut self.wanted);
            let outputs = self.network.forward(parameters, &mut self.pass, false);
            self.losses.resize(block.len(), T::ZERO);
            criterion.values(outputs, &self.wanted, &mut self.losses);
            told(outputs, &self.wanted, &self.losses);
        }
        Ok(())
    }

    /// The mean loss, and its gradient over `gradient`.
    ///
    /// # Errors
    /// Where parameters or gradient are not as many as the network has.
    pub fn gradient(&mut self, parameters: &[T], gradient: &mut [T]) -> Result<T, Error> {
        self.network.check(parameters, self.samples)?;
        self.network.check_gradient(gradient)?;
        gradient.fill(T::ZERO);
        let share = T::ONE / T::of(self.samples.samples() as f64);
        let mut total = T::ZERO;
        for block in self.network.blocks::<T>(self.samples.samples()) {
            total += self.forward_block(parameters, block);
            secant_vmath::mul(InPlace, share, self.pass.carried.values_mut());
            self.network.pullback(
                parameters,
                &mut self.pass,
                Some(gradient),
                false,
                |_, _, _| {},
            );
        }
        Ok(total * share)
    }

    /// Runs a block of samples forward, leaves the adjoints of their losses in the pass, and gives the sum of the losses.
    pub(crate) fn forward_block(&mut self, parameters: &[T], block: std::ops::Range<usize>) -> T {
        self.samples
            .copy_block(block.start, block.len(), self.pass.input());
        self.targets.copy_block(block.clone(), &mut self.wanted);
        self.network.forward(parameters, &mut self.pass, true);
        self.losses.resize(block.len(), T::ZERO);
        let Pass {
            values, carried, ..
        } = &mut self.pass;
        if let Some(outputs) = values.last() {
            self.loss
                .criterion()
                .adjoint(outputs, &self.wanted, &mut self.losses, carried);
        }
        self.losses.iter().copied().sum()
    }
}
