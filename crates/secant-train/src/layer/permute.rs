//! The sides of a sample in another order, as channels from the last place to the first.

use secant::{Error, ErrorKind};

use super::linear::Linear;
use super::window::by;
use super::{Layer, counted, misfit};
use crate::columns::Columns;
use crate::number::Number;

/// Shape `[height, width, channels]` to `[channels, height, width]`, or any other order of the sides; each number goes with its indices.
///
/// It has no parameters and is linear: what is carried back goes the inverse way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permute {
    shape: Vec<usize>,
    order: Vec<usize>,
    /// For each side of the output its size, and how far apart neighbours along it stand in the input. Places are computed from these when they are
    /// needed: a list of them would be as long as a sample.
    strides: Vec<(usize, usize)>,
}

impl Permute {
    /// Of samples of this shape; place n of the output is side `order[n]` of the input, as in numpy's `transpose`.
    ///
    /// # Errors
    /// Where `order` is not every side of the shape once, or a sample is too large to be numbered.
    ///
    /// ```
    /// use secant_train::layer::{Layer, Permute};
    /// use secant_train::{Columns, Network};
    /// let channels_first = Permute::new(&[1, 3, 2], &[2, 0, 1])?;
    /// assert_eq!(channels_first.output(&[1, 3, 2])?, [2, 1, 3]);
    /// let network = Network::new(&[1, 3, 2]).then(channels_first)?;
    /// let pixels = Columns::from_rows(&[1.0, -1.0, 2.0, -2.0, 3.0, -3.0], 6)?; // two channels of each of three pixels
    /// assert_eq!(network.outputs(&[], &pixels)?.to_rows(), [1.0, 2.0, 3.0, -1.0, -2.0, -3.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn new(shape: &[usize], order: &[usize]) -> Result<Self, Error> {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..shape.len()) {
            let message = format!("{order:?} is no order of the sides of {shape:?}");
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let mut strides = Vec::with_capacity(order.len());
        for side in order {
            // Counted each by itself: of a shape with a side of 0 the whole is 0, however long the others are.
            strides.push((shape[*side], counted(&shape[side + 1..])?));
        }
        counted(shape)?;
        Ok(Self {
            shape: shape.to_vec(),
            order: order.to_vec(),
            strides,
        })
    }

    /// Which side of the input each side of the output is.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The feature of the input that a feature of the output is.
    fn from(&self, feature: usize) -> usize {
        let mut rest = feature;
        let mut from = 0;
        for (size, stride) in self.strides.iter().rev() {
            from += rest % size * stride;
            rest /= size;
        }
        from
    }
}

impl Layer for Permute {
    fn kind(&self) -> &'static str {
        "permute"
    }

    fn describe(&self) -> String {
        format!("permute {} by {:?}", by(&self.shape), self.order)
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        if input != self.shape {
            let wanted = format!("samples of shape {:?}", self.shape);
            return Err(misfit(self, &wanted, input));
        }
        Ok(self.order.iter().map(|side| input[*side]).collect())
    }
}

impl Linear for Permute {
    /// Each column of the output from its place.
    fn forth<T: Number>(&self, input: &Columns<T>, output: &mut Columns<T>) {
        output.reshape(input.samples(), input.features());
        for feature in 0..input.features() {
            let column = input.column(self.from(feature));
            output.column_mut(feature).copy_from_slice(column);
        }
    }

    /// Each column of the output to its place.
    fn back<T: Number>(
        &self,
        features: usize,
        adjoint: &Columns<T>,
        input_adjoint: &mut Columns<T>,
    ) {
        input_adjoint.reshape(adjoint.samples(), features);
        for feature in 0..features {
            let column = adjoint.column(feature);
            input_adjoint
                .column_mut(self.from(feature))
                .copy_from_slice(column);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_go_with_their_numbers_and_come_back() -> Result<(), Error> {
        let layer = Permute::new(&[2, 3, 4], &[1, 2, 0])?;
        let numbers: Vec<f64> = (0..24).map(f64::from).collect();
        let input = Columns::from_rows(&numbers, 24)?;
        let (mut output, mut again) = (Columns::default(), Columns::default());
        layer.forth(&input, &mut output);
        // Number (i, j, k) of the input stands at i * 12 + j * 4 + k, and in the output at (j, k, i).
        let wanted = (0..3).flat_map(|j| {
            (0..4).flat_map(move |k| (0..2).map(move |i| f64::from(i * 12 + j * 4 + k)))
        });
        assert!(output.to_rows().into_iter().eq(wanted));
        layer.back(24, &output, &mut again);
        assert_eq!(again, input);
        assert_eq!(layer.describe(), "permute 2x3x4 by [1, 2, 0]");
        Ok(())
    }

    #[test]
    fn what_is_no_order_is_refused() {
        for order in [&[0, 1][..], &[0, 1, 1], &[0, 1, 3], &[0, 1, 2, 2]] {
            let refused = Permute::new(&[2, 3, 4], order).err();
            let message = refused.map(|error| error.to_string()).unwrap_or_default();
            assert!(message.contains("no order of the sides"), "{message}");
        }
    }
}
