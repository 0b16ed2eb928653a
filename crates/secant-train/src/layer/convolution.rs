//! Convolution over a length or over height and width: the same weights at every place.

use std::ops::Range;

use secant::Error;
use secant_vmath::{InPlace, dot, sum};

use super::window::Windows;
use super::{Along, Layer, Map, Memo, Rows, SecondOrder, Visited, misfit};
use crate::columns::Columns;
use crate::number::Number;

/// Each output channel is, at each place, a weighted sum over a window of all input channels, and a bias. Weights are
/// `[outputs, inputs, height, width]`, or `[outputs, inputs, length]`, and are not turned round, as in PyTorch. Samples are
/// `[channels, height, width]`, or `[channels, length]`, whose sides the layer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convolution {
    inputs: usize,
    outputs: usize,
    sides: [usize; 2],
    windows: Windows,
}

/// One product of a convolution: which output feature, which input feature, and which weight.
struct Tap {
    output: usize,
    input: usize,
    weight: usize,
}

impl Convolution {
    /// From samples of this shape to so many channels, by a kernel of one or two sides.
    ///
    /// # Errors
    /// Where sample and kernel do not have the same number of sides, or one of these is 0.
    ///
    /// ```
    /// use secant_train::layer::{Convolution, Layer};
    /// let layer = Convolution::new(&[1, 8, 8], 4, &[3, 3])?.padding(1);
    /// assert_eq!(layer.output(&[1, 8, 8])?, [4, 8, 8]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn new(shape: &[usize], outputs: usize, kernel: &[usize]) -> Result<Self, Error> {
        let windows = Windows::new(kernel)?;
        let Some((inputs, sides)) = windows.sides(shape) else {
            return Err(Error::new(
                secant::ErrorKind::Shape,
                format!("a kernel of shape {kernel:?} does not fit samples of shape {shape:?}"),
            ));
        };
        Ok(Self {
            inputs,
            outputs,
            sides,
            windows,
        })
    }

    /// With so many steps from window to window.
    ///
    /// # Errors
    /// Where that is 0.
    pub fn stride(self, stride: usize) -> Result<Self, Error> {
        Ok(Self {
            windows: self.windows.stride(stride)?,
            ..self
        })
    }

    /// With so many zeros around each sample.
    #[must_use]
    pub fn padding(self, padding: usize) -> Self {
        Self {
            windows: self.windows.padding(padding),
            ..self
        }
    }

    /// How many weights one output channel has.
    fn kernel(&self) -> usize {
        self.inputs * self.windows.size[0] * self.windows.size[1]
    }

    /// How many places an output channel has.
    fn places(&self) -> [usize; 2] {
        self.windows.count(self.sides).unwrap_or([0, 0])
    }

    /// How many features the output has.
    fn features(&self) -> usize {
        let [height, width] = self.places();
        self.outputs * height * width
    }

    /// All products, output by output.
    fn taps(&self) -> impl Iterator<Item = Tap> + '_ {
        let [height, width] = self.places();
        let area = self.sides[0] * self.sides[1];
        let taps = self.windows.size[0] * self.windows.size[1];
        (0..self.features()).flat_map(move |output| {
            let (channel, place) = (output / (height * width), output % (height * width));
            let window = [place / width, place % width];
            (0..self.inputs).flat_map(move |from| {
                self.windows
                    .seen(self.sides, window)
                    .map(move |(tap, place)| Tap {
                        output,
                        input: from * area + place,
                        weight: (channel * self.inputs + from) * taps + tap,
                    })
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
        let [height, width] = self.places();
        channel * height * width..(channel + 1) * height * width
    }
}

impl Layer for Convolution {
    fn kind(&self) -> &'static str {
        "convolution"
    }

    fn describe(&self) -> String {
        let [height, width] = self.windows.size;
        format!(
            "convolution {height}x{width}, {} to {} channels",
            self.inputs, self.outputs
        )
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        let wanted = self.windows.shape(self.inputs, self.sides);
        match self.windows.count(self.sides) {
            Some(places) if input == wanted => Ok(self.windows.shape(self.outputs, places)),
            _ => Err(misfit(
                self,
                &format!("shape {wanted:?}, larger than its kernel"),
                input,
            )),
        }
    }

    fn parameters(&self) -> Vec<(&'static str, Vec<usize>)> {
        let mut weight = vec![self.outputs];
        weight.extend(self.windows.shape(self.inputs, self.windows.size));
        vec![("weight", weight), ("bias", vec![self.outputs])]
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
        _crossed: &mut [bool],
    ) {
        output_shift.reshape(shift.samples(), self.features());
        output_shift.fill(T::ZERO);
        self.add_products(parameters, shift, output_shift);
    }

    fn moved(&self, at: Visited<'_, T>, parameter: usize, step: T, output_shift: &mut Columns<T>) {
        output_shift.reshape(at.output.samples(), at.output.features());
        output_shift.fill(T::ZERO);
        match parameter.checked_sub(self.outputs * self.kernel()) {
            Some(bias) => {
                for feature in self.channel(bias) {
                    output_shift.column_mut(feature).fill(step);
                }
            }
            None => {
                for tap in self.taps().filter(|tap| tap.weight == parameter) {
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
            .stride(2)?
            .padding(1);
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
}
