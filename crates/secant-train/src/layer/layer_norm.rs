//! Features of each sample brought to mean 0 and variance 1, then each scaled and moved.

use std::ops::Range;

use secant::{Error, ErrorKind};
use secant_vmath::{InPlace, dot, sum};

use super::{Along, Layer, Map, Memo, Met, Rows, SecondOrder, Visited, misfit, numbers};
use crate::columns::Columns;
use crate::number::Number;

/// `y_i = weight_i (x_i - mean) / √(variance + epsilon) + bias_i` over the features of a sample (Ba, Kiros and Hinton 2016), with an epsilon
/// of 1e-5 as in PyTorch.
///
/// ```
/// use secant_train::{Columns, Network, layer::LayerNorm};
/// let network = Network::new(&[2]).then(LayerNorm::new(2).with_epsilon(0.0)?)?;
/// let outputs = network.outputs(&[1.0, 1.0, 0.0, 0.5], &Columns::from_rows(&[3.0, 7.0], 2)?)?;
/// assert_eq!(outputs.to_rows(), [-1.0, 1.5]);
/// assert!(LayerNorm::new(2).with_epsilon(-1.0).is_err());
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNorm {
    features: usize,
    epsilon: f64,
}

impl LayerNorm {
    /// Of so many features.
    #[must_use]
    pub fn new(features: usize) -> Self {
        Self {
            features,
            epsilon: 1e-5,
        }
    }

    /// With another epsilon.
    ///
    /// # Errors
    /// Where it is not finite, or below 0.
    pub fn with_epsilon(self, epsilon: f64) -> Result<Self, Error> {
        if epsilon.is_finite() && epsilon >= 0.0 {
            return Ok(Self { epsilon, ..self });
        }
        let message = format!("a layer norm has an epsilon of 0 or above, not {epsilon}");
        Err(Error::new(ErrorKind::Setting, message))
    }

    /// What is added to the variance.
    #[must_use]
    pub fn epsilon(self) -> f64 {
        self.epsilon
    }
}

impl Layer for LayerNorm {
    fn kind(&self) -> &'static str {
        "layer norm"
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        if self.features > 0 && numbers(input) == Some(self.features) {
            Ok(input.to_vec())
        } else {
            Err(misfit(self, &format!("{} features", self.features), input))
        }
    }

    fn parameters(&self) -> Vec<(String, Vec<usize>)> {
        ["weight", "bias"]
            .map(|name| (name.to_owned(), vec![self.features]))
            .into()
    }

    fn start(&self, parameter: &str) -> f64 {
        if parameter == "weight" { 1.0 } else { 0.0 }
    }
}

/// The mean over features for each sample.
fn mean<T: Number>(columns: &Columns<T>) -> Vec<T> {
    let mut mean = vec![T::ZERO; columns.samples()];
    for feature in 0..columns.features() {
        secant_vmath::add(InPlace, columns.column(feature), &mut mean);
    }
    secant_vmath::div(InPlace, T::of(columns.features() as f64), &mut mean);
    mean
}

impl<T: Number> Map<T> for LayerNorm {
    /// Notes the features without scale and bias, and after them the reciprocal of the root.
    fn forward(
        &self,
        parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    ) {
        let (weights, biases) = parameters.split_at(self.features);
        let (samples, mean) = (input.samples(), mean(input));
        memo.notes.reshape(samples, self.features + 1);
        let mut variance = vec![T::ZERO; samples];
        for feature in 0..self.features {
            let centred = memo.notes.column_mut(feature);
            secant_vmath::sub(input.column(feature), &mean, centred);
            secant_vmath::mul_add(&*centred, &*centred, InPlace, &mut variance);
        }
        let (features, epsilon) = (T::of(self.features as f64), T::of(self.epsilon));
        for (scale, variance) in memo
            .notes
            .column_mut(self.features)
            .iter_mut()
            .zip(&variance)
        {
            *scale = T::ONE / secant::Real::sqrt(*variance / features + epsilon);
        }
        let scale = memo.notes.column(self.features).to_vec();
        output.reshape(samples, self.features);
        for feature in 0..self.features {
            let normal = memo.notes.column_mut(feature);
            secant_vmath::mul(InPlace, &scale, normal);
            secant_vmath::mul_add(
                &*normal,
                weights[feature],
                biases[feature],
                output.column_mut(feature),
            );
        }
    }

    /// With h = g weight: `scale (h - mean h - x̂ mean(h x̂))`.
    fn pullback(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        let notes = &at.memo.notes;
        if let Some(gradient) = gradient {
            let (weights, biases) = gradient.split_at_mut(self.features);
            for (feature, (weight, bias)) in weights.iter_mut().zip(biases).enumerate() {
                *weight += dot(adjoint.column(feature), notes.column(feature));
                *bias += sum(adjoint.column(feature));
            }
        }
        let Some(input_adjoint) = input_adjoint else {
            return;
        };
        input_adjoint.reshape(adjoint.samples(), self.features);
        let mut along = vec![T::ZERO; adjoint.samples()];
        for (feature, weight) in parameters[..self.features].iter().enumerate() {
            let into = input_adjoint.column_mut(feature);
            secant_vmath::mul(adjoint.column(feature), *weight, into);
            secant_vmath::mul_add(&*into, notes.column(feature), InPlace, &mut along);
        }
        secant_vmath::div(InPlace, T::of(self.features as f64), &mut along);
        let mean = mean(input_adjoint);
        for feature in 0..self.features {
            let columns = notes
                .column(feature)
                .iter()
                .zip(notes.column(self.features))
                .zip(mean.iter().zip(&along));
            for (into, ((normal, scale), (mean, along))) in
                input_adjoint.column_mut(feature).iter_mut().zip(columns)
            {
                *into = *scale * (*into - *mean - *normal * *along);
            }
        }
    }

    /// With c the centred features, e their change and s the scale: the variance changes by v = mean(e (2 c + e)), the scale by
    /// `-v s² s'² / (s + s')`, and the output by `weight (e s' + c (s' - s))`.
    fn difference(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        let (notes, mean) = (&at.memo.notes, mean(shift));
        let scales = notes.column(self.features);
        output_shift.reshape(shift.samples(), self.features);
        for (sample, scale) in scales.iter().enumerate() {
            let change = |feature: usize| shift.at(sample, feature) - mean[sample];
            let centred = |feature: usize| notes.at(sample, feature) / *scale;
            let spread: T = (0..self.features)
                .map(|feature| {
                    change(feature) * (centred(feature) + centred(feature) + change(feature))
                })
                .sum();
            let spread = spread / T::of(self.features as f64);
            let after = T::ONE / secant::Real::sqrt(T::ONE / (*scale * *scale) + spread);
            let product = *scale * after;
            let scale_change = -spread * product * product / (*scale + after);
            for (feature, weight) in parameters[..self.features].iter().enumerate() {
                let moved = *weight * (change(feature) * after + centred(feature) * scale_change);
                output_shift.column_mut(feature)[sample] = moved;
            }
        }
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
        output_shift.reshape(at.output.samples(), self.features);
        output_shift.fill(T::ZERO);
        match parameter.checked_sub(self.features) {
            Some(bias) => output_shift.column_mut(bias).fill(step),
            None => secant_vmath::mul(
                at.memo.notes.column(parameter),
                step,
                output_shift.column_mut(parameter),
            ),
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
            let (weights, biases) = rows.row(place).split_at_mut(self.features);
            for (feature, (weight, bias)) in weights.iter_mut().zip(biases).enumerate() {
                *bias = adjoint.at(sample, feature);
                *weight = *bias * at.memo.notes.at(sample, feature);
            }
        }
    }
}

impl LayerNorm {
    /// `scale (v - mean v - x̂ mean(v x̂))`, what the features without weight and bias move by when the input moves by v. The matrix is
    /// symmetric.
    fn normalised<T: Number>(&self, notes: &Columns<T>, vector: &Columns<T>) -> Columns<T> {
        let (mean, along) = (mean(vector), mean_product(notes, vector));
        let mut tangent = Columns::zeros(vector.samples(), self.features);
        for feature in 0..self.features {
            let means = mean.iter().zip(&along).zip(notes.column(self.features));
            let columns = vector.column(feature).iter().zip(notes.column(feature));
            let into = tangent.column_mut(feature).iter_mut();
            for (into, ((v, normal), ((mean, along), scale))) in into.zip(columns.zip(means)) {
                *into = *scale * (*v - *mean - *normal * *along);
            }
        }
        tangent
    }

    /// Each feature times its weight.
    fn weighted<T: Number>(&self, weights: &[T], columns: &Columns<T>) -> Columns<T> {
        let mut weighted = Columns::zeros(columns.samples(), self.features);
        for (feature, weight) in weights[..self.features].iter().enumerate() {
            let into = weighted.column_mut(feature);
            secant_vmath::mul(columns.column(feature), *weight, into);
        }
        weighted
    }
}

/// The mean over features of the products of two, for each sample; of the first there may be more columns.
fn mean_product<T: Number>(a: &Columns<T>, b: &Columns<T>) -> Vec<T> {
    let mut mean = vec![T::ZERO; b.samples()];
    for feature in 0..b.features() {
        secant_vmath::mul_add(a.column(feature), b.column(feature), InPlace, &mut mean);
    }
    secant_vmath::div(InPlace, T::of(b.features() as f64), &mut mean);
    mean
}

impl<T: Number> SecondOrder<T> for LayerNorm {
    /// `weight dx̂ + x̂ dweight + dbias`.
    fn tangent(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        let notes = &at.memo.notes;
        let normal = self.normalised(notes, along.input);
        let (weights, biases) = along.parameters.split_at(self.features);
        output_tangent.reshape(normal.samples(), self.features);
        for feature in 0..self.features {
            let into = output_tangent.column_mut(feature);
            secant_vmath::mul_add(
                notes.column(feature),
                weights[feature],
                biases[feature],
                into,
            );
            secant_vmath::mul_add(normal.column(feature), parameters[feature], InPlace, into);
        }
    }

    /// With h = g weight and a dot for each tangent: the pullback `P = scale (h - mean h - x̂ mean(h x̂))` turns by
    /// `scale˙/scale P + scale (ḣ - mean ḣ - x̂ mean(ḣ x̂)) - scale (x̂˙ mean(h x̂) + x̂ mean(h x̂˙))`, and scale˙/scale is `-scale mean(x̂ ẋ)`.
    fn turned(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        adjoint: &Columns<T>,
        gradient: &mut [T],
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        let notes = &at.memo.notes;
        let normal = self.normalised(notes, along.input);
        for (feature, weight) in gradient[..self.features].iter_mut().enumerate() {
            *weight += dot(adjoint.column(feature), normal.column(feature));
        }
        let Some(input_adjoint) = input_adjoint else {
            return;
        };
        let h = self.weighted(parameters, adjoint);
        let pulled = self.normalised(notes, &h);
        let moved = self.normalised(notes, &self.weighted(along.parameters, adjoint));
        let along_input = mean_product(notes, along.input);
        let (along_h, along_normal) = (mean_product(notes, &h), mean_product(&normal, &h));
        let scales = notes.column(self.features);
        for feature in 0..self.features {
            let into = input_adjoint.column_mut(feature);
            for (sample, into) in into.iter_mut().enumerate() {
                let turn = along_input[sample] * pulled.at(sample, feature)
                    + normal.at(sample, feature) * along_h[sample]
                    + notes.at(sample, feature) * along_normal[sample];
                *into += moved.at(sample, feature) - scales[sample] * turn;
            }
        }
    }
}
