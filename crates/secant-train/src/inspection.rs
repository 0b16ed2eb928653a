//! [`Inspection`]: what one run of the samples shows that their derivatives do not tell: numbers exactly at a kink, and the first that is not finite.

use secant::Error;

use crate::number::Number;
use crate::objective::Objective;

/// What a run of the samples showed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inspection {
    /// Over all samples, the numbers exactly at a kink of the activation that they go into: its derivative there is the one agreed on, relu'(0) = 0.
    pub kinks: usize,
    /// Over all samples, the outputs exactly at a kink of the loss.
    pub loss_kinks: usize,
    /// The largest loss of a sample, by size.
    pub largest_loss: f64,
    /// The first sample whose loss is not finite.
    pub not_finite: Option<NotFinite>,
}

/// Where numbers are no longer finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFinite {
    /// The sample, counted from 0.
    pub sample: usize,
    /// The first layer with an output for it that is not finite; `None` where the loss is not finite though all outputs are.
    pub layer: Option<usize>,
}

impl<T: Number> Objective<'_, T> {
    /// Runs the samples once and looks at all numbers on their way.
    ///
    /// ```
    /// use secant_train::{Columns, Loss, Network, Objective, Targets};
    /// let network = Network::dense(&[1, 1, 1], "relu")?;
    /// let samples = Columns::from_rows(&[0.0, 2.0], 1)?;
    /// let targets = Targets::Values(Columns::from_rows(&[0.0, 1.0], 1)?);
    /// let mut objective = Objective::new(&network, &Loss::Absolute, &samples, &targets)?;
    /// let found = objective.inspect(&[1.0, 0.0, 1.0, 0.0])?;
    /// // The first sample puts 0 into relu, and its output is its target.
    /// assert_eq!((found.kinks, found.loss_kinks, found.largest_loss), (1, 1, 1.0));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the parameters are not as many as the network has.
    pub fn inspect(&mut self, parameters: &[T]) -> Result<Inspection, Error> {
        self.network.check(parameters, self.samples)?;
        let criterion = self.loss.criterion();
        let mut found = Inspection::default();
        let mut losses = Vec::new();
        for block in self.network.blocks::<T>(self.samples.samples()) {
            let input = self.pass.input();
            self.samples.copy_block(block.start, block.len(), input);
            self.targets.copy_block(block.clone(), &mut self.wanted);
            let outputs = self.network.forward(parameters, &mut self.pass, false);
            losses.resize(block.len(), T::ZERO);
            criterion.values(outputs, &self.wanted, &mut losses);
            found.loss_kinks += criterion.kinks(outputs, &self.wanted);
            found.kinks += self.network.kinks(&self.pass);
            for (sample, loss) in losses.iter().enumerate() {
                let loss = loss.to_f64();
                found.largest_loss = found.largest_loss.max(loss.abs());
                if !loss.is_finite() && found.not_finite.is_none() {
                    found.not_finite = Some(NotFinite {
                        sample: block.start + sample,
                        layer: self.first_not_finite(sample),
                    });
                }
            }
        }
        Ok(found)
    }

    /// The first layer with an output that is not finite for a sample of the block in the pass.
    fn first_not_finite(&self, sample: usize) -> Option<usize> {
        self.pass.values[1..].iter().position(|values| {
            (0..values.features()).any(|feature| !values.at(sample, feature).to_f64().is_finite())
        })
    }
}
