//! The mean of each window of each channel.

use secant::Error;
use secant_vmath::InPlace;

use super::Layer;
use super::linear::Linear;
use super::window::{Grid, Windows, by};
use crate::columns::Columns;
use crate::number::Number;

/// At each place of a channel the mean of what a window sees. Samples are `[channels, height, width]`, or `[channels, length]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AveragePool {
    grid: Grid,
    counts_padding: bool,
}

impl AveragePool {
    /// Over samples of this shape. Padding counts as zeros, as PyTorch has it.
    ///
    /// # Errors
    /// Where windows and sample have other sides, no window fits, or one would see nothing but padding.
    ///
    /// ```
    /// use secant_train::layer::{AveragePool, Layer, Windows};
    /// let layer = AveragePool::new(&[4, 8], Windows::new(&[2])?.stride(&[2])?)?;
    /// assert_eq!(layer.output(&[4, 8])?, [4, 4]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn new(shape: &[usize], windows: Windows) -> Result<Self, Error> {
        Ok(Self {
            grid: Grid::new(shape, windows)?.seeing()?,
            counts_padding: true,
        })
    }

    /// Over samples of this shape, with one window for each channel.
    ///
    /// # Errors
    /// Where a sample does not have channels and one or two sides, none of them 0.
    pub fn global(shape: &[usize]) -> Result<Self, Error> {
        Self::new(shape, Windows::new(shape.get(1..).unwrap_or_default())?)
    }

    /// The same with the mean over what is there alone, as ONNX has it where `count_include_pad` is not set.
    #[must_use]
    pub fn without_padding(self) -> Self {
        Self {
            counts_padding: false,
            ..self
        }
    }

    /// The windows.
    #[must_use]
    pub fn windows(&self) -> &Windows {
        &self.grid.windows
    }

    /// Whether padding counts as zeros.
    #[must_use]
    pub fn counts_padding(&self) -> bool {
        self.counts_padding
    }

    /// By how many a sum over what is seen is divided.
    fn count<T: Number>(&self, seen: &[usize]) -> T {
        T::of(if self.counts_padding {
            self.grid.taps() as f64
        } else {
            seen.len() as f64
        })
    }
}

impl Layer for AveragePool {
    fn kind(&self) -> &'static str {
        "average pool"
    }

    fn describe(&self) -> String {
        format!("average pool {}", by(self.windows().size()))
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        self.grid.pooled_shape(self, input)
    }
}

impl Linear for AveragePool {
    fn forth<T: Number>(&self, input: &Columns<T>, output: &mut Columns<T>) {
        output.reshape(input.samples(), self.grid.channels * self.grid.count());
        output.fill(T::ZERO);
        for (feature, seen) in self.grid.pooled().enumerate() {
            let into = output.column_mut(feature);
            for from in &seen {
                secant_vmath::add(InPlace, input.column(*from), into);
            }
            secant_vmath::div(InPlace, self.count::<T>(&seen), into);
        }
    }

    fn back<T: Number>(
        &self,
        features: usize,
        adjoint: &Columns<T>,
        input_adjoint: &mut Columns<T>,
    ) {
        input_adjoint.reshape(adjoint.samples(), features);
        input_adjoint.fill(T::ZERO);
        let mut share = vec![T::ZERO; adjoint.samples()];
        for (feature, seen) in self.grid.pooled().enumerate() {
            secant_vmath::div(adjoint.column(feature), self.count::<T>(&seen), &mut share);
            for from in seen {
                secant_vmath::add(InPlace, &share, input_adjoint.column_mut(from));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_counts_or_does_not() -> Result<(), Error> {
        let windows = Windows::new(&[2, 2])?
            .stride(&[2, 2])?
            .padding(&[1, 1], &[0, 0])?;
        let counting = AveragePool::new(&[1, 3, 3], windows)?;
        let sample = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
        let picture = Columns::from_rows(&sample, 9)?;
        let averaged = |layer: &AveragePool| {
            let mut output = Columns::default();
            layer.forth(&picture, &mut output);
            output.to_rows()
        };
        assert_eq!(averaged(&counting), [0.25, 1.25, 2.75, 7.0]);
        assert_eq!(averaged(&counting.without_padding()), [1.0, 2.5, 5.5, 7.0]);
        assert_eq!(averaged(&AveragePool::global(&[1, 3, 3])?), [5.0]);
        Ok(())
    }
}
