//! The gradient of each sample, by backpropagation: all of them, in pieces, or only what they come to.

use std::ops::Range;

use secant::Error;

use crate::columns::Columns;
use crate::network::Pass;
use crate::number::Number;
use crate::objective::Objective;

/// What the gradients of all samples come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments<T> {
    /// The mean loss.
    pub loss: T,
    /// The Euclidean length of each sample's gradient.
    pub norms: Vec<T>,
    /// The mean of the gradients, which is the gradient of the mean loss.
    pub mean: Vec<T>,
    /// The mean square of each component over samples, where asked for.
    pub square: Option<Vec<T>>,
}

impl<T: Number> Moments<T> {
    /// The variance over samples of each component, about their own mean (the divisor is the number of samples). Formed by
    /// subtraction, so that one far smaller than the square of the mean has few digits.
    #[must_use]
    pub fn variance(&self) -> Option<Vec<T>> {
        let square = self.square.as_ref()?;
        let of = |(square, mean): (&T, &T)| {
            let variance = *square - *mean * *mean;
            if variance < T::ZERO {
                T::ZERO
            } else {
                variance
            }
        };
        Some(square.iter().zip(&self.mean).map(of).collect())
    }

    /// The variance of all components together: the mean square of the lengths less the square of the mean's length.
    #[must_use]
    pub fn total_variance(&self) -> T {
        let square = |values: &[T]| values.iter().map(|value| *value * *value).sum::<T>();
        let spread = square(&self.norms) / T::of(self.norms.len() as f64) - square(&self.mean);
        if spread < T::ZERO { T::ZERO } else { spread }
    }
}

impl<T: Number> Objective<'_, T> {
    /// The gradient of each sample's loss, written over `rows`: one row of all parameters for each sample.
    ///
    /// # Errors
    /// Where parameters or rows are not as many as they must be.
    pub fn gradients(&mut self, parameters: &[T], rows: &mut [T]) -> Result<(), Error> {
        self.check_rows(parameters, rows)?;
        let size = parameters.len();
        self.each_block(parameters, |gradients, block| {
            let rows = &mut rows[block.start * size..block.end * size];
            gradients.write(0..block.len(), rows);
        });
        Ok(())
    }

    /// The same in pieces of at most so many samples, which are told with their rows and need no more memory than one piece.
    ///
    /// # Errors
    /// Where the parameters are not as many as the network has.
    pub fn stream_gradients(
        &mut self,
        parameters: &[T],
        most: usize,
        mut told: impl FnMut(Range<usize>, &[T]),
    ) -> Result<(), Error> {
        self.network.check(parameters, self.samples)?;
        let mut rows = Vec::new();
        self.each_block(parameters, |gradients, block| {
            for first in (0..block.len()).step_by(most.max(1)) {
                let piece = first..block.len().min(first + most.max(1));
                rows.resize(piece.len() * parameters.len(), T::ZERO);
                gradients.write(piece.clone(), &mut rows);
                told(block.start + piece.start..block.start + piece.end, &rows);
            }
        });
        Ok(())
    }

    /// Lengths, mean and, where asked for, mean squares of the gradients of all samples. Those of dense layers are never formed one by one.
    ///
    /// # Errors
    /// Where the parameters are not as many as the network has.
    pub fn moments(&mut self, parameters: &[T], squares_wanted: bool) -> Result<Moments<T>, Error> {
        self.network.check(parameters, self.samples)?;
        let share = T::ONE / T::of(self.samples.samples() as f64);
        let mut mean = vec![T::ZERO; parameters.len()];
        let mut square = squares_wanted.then(|| vec![T::ZERO; parameters.len()]);
        let mut norms = vec![T::ZERO; self.samples.samples()];
        let mut loss = T::ZERO;
        for block in self.network.blocks::<T>(self.samples.samples()) {
            loss += self.forward_block(parameters, block.clone());
            let (network, lengths) = (self.network, &mut norms[block]);
            network.pullback(
                parameters,
                &mut self.pass,
                Some(&mut mean),
                false,
                |place, at, adjoint| {
                    let range = network.range(place);
                    let squares = square.as_mut().map(|square| &mut square[range.clone()]);
                    T::map(network.layer(place)).square_each(
                        &parameters[range.clone()],
                        at,
                        adjoint,
                        lengths,
                        squares,
                    );
                },
            );
        }
        for values in [Some(&mut mean), square.as_mut()].into_iter().flatten() {
            for value in values {
                *value *= share;
            }
        }
        for norm in &mut norms {
            *norm = norm.sqrt();
        }
        Ok(Moments {
            loss: loss * share,
            norms,
            mean,
            square,
        })
    }

    /// Runs block after block forward and back, and gives each with the adjoints of all layers.
    fn each_block(
        &mut self,
        parameters: &[T],
        mut given: impl FnMut(&Gradients<'_, T>, Range<usize>),
    ) {
        let mut adjoints = vec![Columns::zeros(0, 0); self.network.layers().len()];
        for block in self.network.blocks::<T>(self.samples.samples()) {
            self.forward_block(parameters, block.clone());
            self.network.pullback(
                parameters,
                &mut self.pass,
                None,
                false,
                |place, _, adjoint| {
                    adjoints[place].clone_from(adjoint);
                },
            );
            given(
                &Gradients {
                    objective: self,
                    parameters,
                    pass: &self.pass,
                    adjoints: &adjoints,
                },
                block,
            );
        }
    }
}

/// A block of samples that was run forward and back.
struct Gradients<'a, T> {
    objective: &'a Objective<'a, T>,
    parameters: &'a [T],
    pass: &'a Pass<T>,
    adjoints: &'a [Columns<T>],
}

impl<T: Number> Gradients<'_, T> {
    /// The gradients of some of its samples, one row for each.
    fn write(&self, samples: Range<usize>, rows: &mut [T]) {
        let network = self.objective.network;
        for place in (0..network.layers().len()).filter(|place| !network.range(*place).is_empty()) {
            let at = self.pass.visited(place);
            network.pullback_each(
                place,
                self.parameters,
                at,
                &self.adjoints[place],
                samples.clone(),
                rows,
            );
        }
    }
}
