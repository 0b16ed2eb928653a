//! Each channel brought to mean 0 and variance 1 by statistics that stay as they were, then scaled and moved.

use std::ops::Range;

use secant::{Error, ErrorKind};
use secant_vmath::{InPlace, dot, sum};

use super::{Along, Layer, Map, Memo, Met, Rows, SecondOrder, Visited, misfit};
use crate::columns::Columns;
use crate::number::Number;

/// `y = weight (x - mean) / √(variance + epsilon) + bias`, channel by channel (Ioffe and Szegedy 2015), with an epsilon of 1e-5 as in PyTorch. Mean
/// and variance are the running ones that a training elsewhere left behind: they are settings here, and stay fixed in training too, so that
/// the loss of a sample depends on no other sample. Samples are `[channels]`, or channels with any sides.
///
/// ```
/// use secant_train::layer::{BatchNorm, Layer};
/// let layer = BatchNorm::new(&[0.5, -1.0], &[4.0, 0.25])?;
/// assert_eq!(layer.describe(), "batch norm of 2 channels, statistics fixed");
/// assert_eq!(layer.output(&[2, 3, 3])?, [2, 3, 3]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm {
    mean: Vec<f64>,
    variance: Vec<f64>,
    epsilon: f64,
}

impl BatchNorm {
    /// With a mean and a variance for each channel.
    ///
    /// # Errors
    /// Where there are none, not as many of the one as of the other, or they are not finite, or a variance is below 0.
    pub fn new(mean: &[f64], variance: &[f64]) -> Result<Self, Error> {
        Self {
            mean: mean.to_vec(),
            variance: variance.to_vec(),
            epsilon: 1e-5,
        }
        .checked()
    }

    /// With another epsilon.
    ///
    /// # Errors
    /// Where a variance with it is not above 0.
    pub fn with_epsilon(self, epsilon: f64) -> Result<Self, Error> {
        Self { epsilon, ..self }.checked()
    }

    fn checked(self) -> Result<Self, Error> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Setting, message));
        if self.mean.is_empty() || self.mean.len() != self.variance.len() {
            return wrong(format!(
                "{} means and {} variances are given for the channels",
                self.mean.len(),
                self.variance.len()
            ));
        }
        for (channel, (mean, variance)) in self.mean.iter().zip(&self.variance).enumerate() {
            let divisor = variance + self.epsilon;
            if !mean.is_finite() || *variance < 0.0 || !(divisor > 0.0 && divisor.is_finite()) {
                return wrong(format!(
                    "channel {channel} has mean {mean}, variance {variance} and epsilon {}",
                    self.epsilon
                ));
            }
        }
        Ok(self)
    }

    /// The mean of each channel.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The variance of each channel.
    #[must_use]
    pub fn variance(&self) -> &[f64] {
        &self.variance
    }

    /// What is added to each variance.
    #[must_use]
    pub fn epsilon(&self) -> f64 {
        self.epsilon
    }

    fn channels(&self) -> usize {
        self.mean.len()
    }

    /// What a channel is multiplied by before weight and bias.
    fn scale<T: Number>(&self, channel: usize) -> T {
        T::of(1.0 / (self.variance[channel] + self.epsilon).sqrt())
    }

    /// The channel of each feature, of so many.
    fn channels_of(&self, features: usize) -> impl Iterator<Item = usize> + use<> {
        let each = (features / self.channels()).max(1);
        (0..features).map(move |feature| feature / each)
    }
}

impl Layer for BatchNorm {
    fn kind(&self) -> &'static str {
        "batch norm"
    }

    fn describe(&self) -> String {
        format!(
            "batch norm of {} channels, statistics fixed",
            self.channels()
        )
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        if input.first() == Some(&self.channels()) {
            Ok(input.to_vec())
        } else {
            Err(misfit(
                self,
                &format!("{} channels", self.channels()),
                input,
            ))
        }
    }

    fn parameters(&self) -> Vec<(String, Vec<usize>)> {
        ["weight", "bias"]
            .map(|name| (name.to_owned(), vec![self.channels()]))
            .into()
    }

    fn start(&self, parameter: &str) -> f64 {
        if parameter == "weight" { 1.0 } else { 0.0 }
    }
}

impl<T: Number> Map<T> for BatchNorm {
    /// Notes the features without weight and bias.
    fn forward(
        &self,
        parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    ) {
        let (weights, biases) = parameters.split_at(self.channels());
        output.reshape(input.samples(), input.features());
        memo.notes.reshape(input.samples(), input.features());
        for (feature, channel) in self.channels_of(input.features()).enumerate() {
            let normal = memo.notes.column_mut(feature);
            secant_vmath::sub(input.column(feature), T::of(self.mean[channel]), normal);
            secant_vmath::mul(InPlace, self.scale::<T>(channel), normal);
            let into = output.column_mut(feature);
            secant_vmath::mul_add(&*normal, weights[channel], biases[channel], into);
        }
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
            let (weights, biases) = gradient.split_at_mut(self.channels());
            for (feature, channel) in self.channels_of(adjoint.features()).enumerate() {
                let adjoint = adjoint.column(feature);
                weights[channel] += dot(adjoint, at.memo.notes.column(feature));
                biases[channel] += sum(adjoint);
            }
        }
        if let Some(input_adjoint) = input_adjoint {
            self.scaled(parameters, adjoint, input_adjoint);
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
        self.scaled(parameters, shift, output_shift);
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
        let features = at.output.features();
        output_shift.reshape(at.output.samples(), features);
        output_shift.fill(T::ZERO);
        let wanted = parameter % self.channels();
        for (feature, channel) in self.channels_of(features).enumerate() {
            if channel != wanted {
                continue;
            }
            let into = output_shift.column_mut(feature);
            if parameter < self.channels() {
                secant_vmath::mul(at.memo.notes.column(feature), step, into);
            } else {
                into.fill(step);
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
            let (weights, biases) = row.split_at_mut(self.channels());
            for (feature, channel) in self.channels_of(adjoint.features()).enumerate() {
                let adjoint = adjoint.at(sample, feature);
                weights[channel] += adjoint * at.memo.notes.at(sample, feature);
                biases[channel] += adjoint;
            }
        }
    }
}

impl BatchNorm {
    /// Each feature times what its channel is multiplied by in all.
    fn scaled<T: Number>(&self, parameters: &[T], from: &Columns<T>, into: &mut Columns<T>) {
        into.reshape(from.samples(), from.features());
        for (feature, channel) in self.channels_of(from.features()).enumerate() {
            let factor = self.scale::<T>(channel) * parameters[channel];
            secant_vmath::mul(from.column(feature), factor, into.column_mut(feature));
        }
    }
}

impl<T: Number> SecondOrder<T> for BatchNorm {
    fn tangent(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        self.scaled(parameters, along.input, output_tangent);
        let (weights, biases) = along.parameters.split_at(self.channels());
        for (feature, channel) in self.channels_of(along.input.features()).enumerate() {
            let into = output_tangent.column_mut(feature);
            let normal = at.memo.notes.column(feature);
            secant_vmath::mul_add(normal, weights[channel], InPlace, into);
            secant_vmath::add(InPlace, biases[channel], into);
        }
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
        for (feature, channel) in self.channels_of(adjoint.features()).enumerate() {
            let (adjoint, scale) = (adjoint.column(feature), self.scale::<T>(channel));
            gradient[channel] += scale * dot(adjoint, along.input.column(feature));
            if let Some(into) = &mut input_adjoint {
                let factor = scale * along.parameters[channel];
                secant_vmath::mul_add(adjoint, factor, InPlace, into.column_mut(feature));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_channels_of_two_places_worked_by_hand() -> Result<(), Error> {
        let layer = BatchNorm::new(&[1.0, -1.0], &[4.0, 0.25])?.with_epsilon(0.0)?;
        let sample = Columns::from_rows(&[3.0, 5.0, 0.0, -1.0], 4)?;
        let (mut output, mut memo) = (Columns::default(), Memo::default());
        layer.forward(&[10.0, 3.0, 0.5, 7.0], &sample, &mut output, &mut memo);
        assert_eq!(output.to_rows(), [10.5, 20.5, 13.0, 7.0]);
        Ok(())
    }

    #[test]
    fn statistics_that_are_none_are_refused() {
        for (mean, variance) in [
            (vec![], vec![]),
            (vec![0.0], vec![1.0, 1.0]),
            (vec![f64::NAN], vec![1.0]),
            (vec![0.0], vec![-1.0]),
            (vec![0.0], vec![f64::INFINITY]),
        ] {
            assert!(BatchNorm::new(&mean, &variance).is_err());
        }
        let constant = BatchNorm::new(&[0.0], &[0.0]);
        assert!(constant.is_ok_and(|layer| layer.with_epsilon(0.0).is_err()));
    }
}
