//! Convolution over a length or over height and width: the same weights at every place.

use std::ops::Range;

use secant::Error;
use secant_vmath::{InPlace, dot, sum};

use super::window::{Grid, Windows, by};
use super::{Along, Layer, Map, Memo, Met, Rows, SecondOrder, Visited, misfit};
use crate::columns::Columns;
use crate::number::Number;

/// Each output channel is, at each place, a weighted sum over a window of all input channels, and a bias. Weights are
/// `[outputs, inputs, height, width]`, or `[outputs, inputs, length]`, and are not turned round, as in PyTorch. Samples are
/// `[channels, height, width]`, or `[channels, length]`, whose sides the layer is told; beyond them all is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convolution {
    outputs: usize,
    grid: Grid,
    bias: bool,
}

/// One product of a convolution: which output feature, which input feature, and which weight.
#[derive(PartialEq, Eq)]
struct Tap {
    output: usize,
    input: usize,
    weight: usize,
}

impl Convolution {
    /// From samples of this shape to so many channels, by a kernel of one or two sides, moved a step at a time.
    ///
    /// # Errors
    /// Where sample and kernel do not have the same number of sides, one of these is 0, or the kernel is larger than the sample.
    ///
    /// ```
    /// use secant_train::layer::{Convolution, Layer};
    /// let layer = Convolution::new(&[1, 8, 8], 4, &[3, 3])?.padding(1)?;
    /// assert_eq!(layer.output(&[1, 8, 8])?, [4, 8, 8]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn new(shape: &[usize], outputs: usize, kernel: &[usize]) -> Result<Self, Error> {
        Self::over(shape, outputs, Windows::new(kernel)?)
    }

    /// The same by a kernel that is moved from window to window.
    ///
    /// # Errors
    /// As of [`new`](Self::new).
    pub fn over(shape: &[usize], outputs: usize, windows: Windows) -> Result<Self, Error> {
        let grid = Grid::new(shape, windows)?;
        let bias = true;
        Ok(Self {
            outputs,
            grid,
            bias,
        })
    }

    /// With so many steps from window to window.
    ///
    /// # Errors
    /// Where that is 0.
    pub fn stride(self, steps: usize) -> Result<Self, Error> {
        self.moved_over(|windows| {
            let even = vec![steps; windows.size().len()];
            windows.stride(&even)
        })
    }

    /// With so many zeros around each sample.
    ///
    /// # Errors
    /// Where they are more than can be counted.
    pub fn padding(self, zeros: usize) -> Result<Self, Error> {
        self.moved_over(|windows| {
            let even = vec![zeros; windows.size().len()];
            windows.padding(&even, &even)
        })
    }

    /// The same without biases.
    #[must_use]
    pub fn without_bias(self) -> Self {
        Self {
            bias: false,
            ..self
        }
    }

    /// The same with biases.
    #[must_use]
    pub fn with_bias(self) -> Self {
        Self { bias: true, ..self }
    }

    /// How many channels go in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.grid.channels
    }

    /// How many channels come out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Whether it has biases; they stand after the weights.
    #[must_use]
    pub fn has_bias(&self) -> bool {
        self.bias
    }

    /// Where its kernel is laid.
    #[must_use]
    pub fn windows(&self) -> &Windows {
        &self.grid.windows
    }

    /// The same by other windows over the same samples.
    fn moved_over(
        self,
        change: impl FnOnce(Windows) -> Result<Windows, Error>,
    ) -> Result<Self, Error> {
        let shape = self.grid.input();
        let grid = Grid::new(&shape, change(self.grid.windows)?)?;
        Ok(Self { grid, ..self })
    }

    /// How many weights one output channel has.
    fn kernel(&self) -> usize {
        self.grid.channels * self.grid.taps()
    }

    /// How many features the output has.
    fn features(&self) -> usize {
        self.outputs * self.grid.count()
    }

    /// All products, output by output.
    fn taps(&self) -> impl Iterator<Item = Tap> + '_ {
        let (count, area, taps) = (self.grid.count(), self.grid.area(), self.grid.taps());
        (0..self.features()).flat_map(move |output| {
            let (channel, window) = (output / count, output % count);
            (0..self.grid.channels).flat_map(move |from| {
                self.grid.seen(window).map(move |(tap, place)| Tap {
                    output,
                    input: from * area + place,
                    weight: (channel * self.grid.channels + from) * taps + tap,
                })
            })
        })
    }

    /// The products that one weight is in, window by window.
    fn taps_of(&self, weight: usize) -> impl Iterator<Item = Tap> + '_ {
        let (count, area, taps) = (self.grid.count(), self.grid.area(), self.grid.taps());
        let (row, own) = (weight / taps, weight % taps);
        let (channel, from) = (row / self.grid.channels, row % self.grid.channels);
        (0..count).filter_map(move |window| {
            let (_, place) = self.grid.seen(window).find(|(tap, _)| *tap == own)?;
            Some(Tap {
                output: channel * count + window,
                input: from * area + place,
                weight,
            })
        })
    }

    /// Adds to each output its products.
    fn add_products<T: Number>(&self, weights: &[T], input: &Columns<T>, output: &mut Columns<T>) {
        for tap in self.taps() {
            let into = output.column_mut(tap.output);
            secant_vmath::mul_add(input.column(tap.input), weights[tap.weight], InPlace, into);
        }
    }

    /// The output features of one channel.
    fn channel(&self, channel: usize) -> Range<usize> {
        let count = self.grid.count();
        channel * count..(channel + 1) * count
    }
}

impl Layer for Convolution {
    fn kind(&self) -> &'static str {
        "convolution"
    }

    fn describe(&self) -> String {
        format!(
            "convolution {}, {} to {} channels",
            by(self.windows().size()),
            self.inputs(),
            self.outputs
        )
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        let wanted = self.grid.input();
        if input == wanted {
            Ok(self.grid.output(self.outputs))
        } else {
            Err(misfit(self, &format!("shape {wanted:?}"), input))
        }
    }

    fn parameters(&self) -> Vec<(String, Vec<usize>)> {
        let mut weight = vec![self.outputs, self.inputs()];
        weight.extend(self.windows().size());
        let mut parameters = vec![("weight".to_owned(), weight)];
        if self.bias {
            parameters.push(("bias".to_owned(), vec![self.outputs]));
        }
        parameters
    }

    fn fan_in(&self, parameter: &str) -> usize {
        if parameter == "weight" {
            self.kernel()
        } else {
            0
        }
    }
}

impl<T: Number> Map<T> for Convolution {
    fn forward(
        &self,
        parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        _memo: &mut Memo<T>,
    ) {
        let (weights, biases) = parameters.split_at(self.outputs * self.kernel());
        output.reshape(input.samples(), self.features());
        if !self.bias {
            output.fill(T::ZERO);
        }
        for (channel, bias) in biases.iter().enumerate() {
            for feature in self.channel(channel) {
                output.column_mut(feature).fill(*bias);
            }
        }
        self.add_products(weights, input, output);
    }

    fn pullback(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        if let Some(gradient) = gradient {
            let (weights, biases) = gradient.split_at_mut(self.outputs * self.kernel());
            for tap in self.taps() {
                weights[tap.weight] += dot(at.input.column(tap.input), adjoint.column(tap.output));
            }
            for (channel, bias) in biases.iter_mut().enumerate() {
                for feature in self.channel(channel) {
                    *bias += sum(adjoint.column(feature));
                }
            }
        }
        if let Some(input_adjoint) = input_adjoint {
            input_adjoint.reshape(adjoint.samples(), at.input.features());
            input_adjoint.fill(T::ZERO);
            for tap in self.taps() {
                let into = input_adjoint.column_mut(tap.input);
                secant_vmath::mul_add(
                    adjoint.column(tap.output),
                    parameters[tap.weight],
                    InPlace,
                    into,
                );
            }
        }
    }

    fn difference(
        &self,
        parameters: &[T],
        _at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        output_shift.reshape(shift.samples(), self.features());
        output_shift.fill(T::ZERO);
        self.add_products(parameters, shift, output_shift);
    }

    fn moved(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        parameter: usize,
        step: T,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        output_shift.reshape(at.output.samples(), at.output.features());
        output_shift.fill(T::ZERO);
        match parameter.checked_sub(self.outputs * self.kernel()) {
            Some(bias) => {
                for feature in self.channel(bias) {
                    output_shift.column_mut(feature).fill(step);
                }
            }
            None => {
                for tap in self.taps_of(parameter) {
                    secant_vmath::mul(
                        at.input.column(tap.input),
                        step,
                        output_shift.column_mut(tap.output),
                    );
                }
            }
        }
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }

    fn pullback_each(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        samples: Range<usize>,
        rows: &mut Rows<'_, T>,
    ) {
        for (place, sample) in samples.enumerate() {
            let row = rows.row(place);
            row.fill(T::ZERO);
            let (weights, biases) = row.split_at_mut(self.outputs * self.kernel());
            for tap in self.taps() {
                weights[tap.weight] +=
                    at.input.at(sample, tap.input) * adjoint.at(sample, tap.output);
            }
            for (channel, bias) in biases.iter_mut().enumerate() {
                *bias = self
                    .channel(channel)
                    .map(|feature| adjoint.at(sample, feature))
                    .sum();
            }
        }
    }
}

impl<T: Number> SecondOrder<T> for Convolution {
    fn tangent(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        Map::forward(
            self,
            along.parameters,
            at.input,
            output_tangent,
            &mut Memo::default(),
        );
        self.add_products(parameters, along.input, output_tangent);
    }

    /// It is linear in its weights and in its input, so each turns by the other's tangent.
    fn turned(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        along: Along<'_, T>,
        adjoint: &Columns<T>,
        gradient: &mut [T],
        mut input_adjoint: Option<&mut Columns<T>>,
    ) {
        for tap in self.taps() {
            let adjoint = adjoint.column(tap.output);
            gradient[tap.weight] += dot(along.input.column(tap.input), adjoint);
            if let Some(into) = &mut input_adjoint {
                let into = into.column_mut(tap.input);
                secant_vmath::mul_add(adjoint, along.parameters[tap.weight], InPlace, into);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_worked_by_hand() -> Result<(), Error> {
        // The kernel (1 0, 0 -1) over 3 x 3, two steps apart, with a border of zeros.
        let layer = Convolution::new(&[1, 3, 3], 1, &[2, 2])?
            .padding(1)?
            .stride(2)?;
        assert_eq!(layer.output(&[1, 3, 3])?, [1, 2, 2]);
        let picture = Columns::from_rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], 9)?;
        let mut output = Columns::zeros(0, 0);
        layer.forward(
            &[1.0, 0.0, 0.0, -1.0, 0.5],
            &picture,
            &mut output,
            &mut Memo::default(),
        );
        assert_eq!(output.values(), [-0.5, -2.5, -6.5, 5.0 - 9.0 + 0.5]);
        Ok(())
    }

    #[test]
    fn the_products_of_a_weight_are_those_of_all_that_it_is_in() -> Result<(), Error> {
        for layer in [
            Convolution::new(&[2, 4, 5], 3, &[3, 2])?
                .padding(1)?
                .stride(2)?,
            Convolution::new(&[3, 7], 2, &[3])?.padding(2)?,
        ] {
            let all: Vec<Tap> = layer.taps().collect();
            for weight in 0..layer.outputs * layer.kernel() {
                let own: Vec<&Tap> = all.iter().filter(|tap| tap.weight == weight).collect();
                let found: Vec<Tap> = layer.taps_of(weight).collect();
                assert!(own.into_iter().eq(&found), "{weight}");
            }
        }
        Ok(())
    }
}
