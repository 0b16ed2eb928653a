//! What each feature of a sample does to its loss: the same sweep back, taken one step further, to the samples.

use secant::Error;

use crate::columns::Columns;
use crate::number::Number;
use crate::objective::Objective;

impl<T: Number> Objective<'_, T> {
    /// The gradient of each sample's loss by its features, block after block: told with the place of the first sample of the block.
    ///
    /// # Errors
    /// Where the parameters are not as many as the network has.
    ///
    /// ```
    /// use secant_train::{Columns, Loss, Network, Objective, Targets};
    /// // y = 3 x, and the loss is y²: its slope by x is 2 y 3.
    /// let network = Network::dense(&[1, 1], "relu")?;
    /// let samples = Columns::from_rows(&[2.0], 1)?;
    /// let targets = Targets::Values(Columns::from_rows(&[0.0], 1)?);
    /// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
    /// objective.input_gradients(&[3.0, 0.0], |_, slopes| assert_eq!(slopes.values(), [36.0]))?;
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn input_gradients(
        &mut self,
        parameters: &[T],
        mut told: impl FnMut(usize, &Columns<T>),
    ) -> Result<(), Error> {
        self.network.check(parameters, self.samples)?;
        for block in self.network.blocks::<T>(self.samples.samples()) {
            self.forward_block(parameters, block.clone());
            self.network
                .pullback(parameters, &mut self.pass, None, true, |_, _, _| {});
            told(block.start, &self.pass.carried);
        }
        Ok(())
    }
}
