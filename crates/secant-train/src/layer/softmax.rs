//! Shares of all features: the probabilities of classes.

use secant::Error;
use secant_vmath::InPlace;

use super::{Along, Layer, Map, Memo, Met, SecondOrder, Visited};
use crate::columns::Columns;
use crate::difference;
use crate::loss::{softmax, times_jacobian, weighted_sum};
use crate::number::Number;

/// `exp(x_i) / Σ exp(x)` over all features of a sample. The loss `cross-entropy` takes what stands before it.
///
/// ```
/// use secant_train::{Columns, Network, layer::Softmax};
/// let network = Network::new(&[2]).then(Softmax)?;
/// let samples = Columns::from_rows(&[1000.0, 1000.0], 2)?;
/// assert_eq!(network.outputs(&[], &samples)?.to_rows(), [0.5, 0.5]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softmax;

impl Layer for Softmax {
    fn kind(&self) -> &'static str {
        "softmax"
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        Ok(input.to_vec())
    }
}

impl<T: Number> Map<T> for Softmax {
    fn forward(
        &self,
        _parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        _memo: &mut Memo<T>,
    ) {
        let mut sums = vec![T::ZERO; input.samples()];
        softmax(input, output, &mut sums);
    }

    /// `y_i (g_i - Σ g y)`.
    fn pullback(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        _gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        if let Some(input_adjoint) = input_adjoint {
            times_jacobian(at.output, adjoint, input_adjoint);
        }
    }

    /// With q_i = e^(d_i) - 1 and S = Σ y q, `y_i (q_i - S) / (1 + S)`; of long shifts, the shares subtracted.
    fn difference(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        met: &mut [Met],
    ) {
        for feature in 0..shift.features() {
            difference::mark_long(shift.column(feature), met);
        }
        output_shift.reshape(shift.samples(), shift.features());
        secant_vmath::expm1(shift.values(), output_shift.values_mut());
        let mut sum = vec![T::ZERO; shift.samples()];
        for feature in 0..shift.features() {
            secant_vmath::mul_add(
                output_shift.column(feature),
                at.output.column(feature),
                InPlace,
                &mut sum,
            );
        }
        let mut whole = vec![T::ZERO; shift.samples()];
        secant_vmath::add(&sum, T::ONE, &mut whole);
        for feature in 0..shift.features() {
            let into = output_shift.column_mut(feature);
            secant_vmath::sub(InPlace, &sum, into);
            secant_vmath::mul(InPlace, at.output.column(feature), into);
            secant_vmath::div(InPlace, &whole, into);
        }
        long(at, shift, output_shift);
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }
}

/// Shifts above this may bring a share of 1 to 0, where 1 + S has no digits left, or to where the exponential ends.
const LONG: f64 = 0.25;

/// Writes over the samples with a long shift how far their shares move: those at both ends subtracted, but for the largest, which moves by minus the sum of
/// what the others do and so keeps its digits where it is nearly 1.
fn long<T: Number>(at: Visited<'_, T>, shift: &Columns<T>, output_shift: &mut Columns<T>) {
    let (features, samples) = (shift.features(), shift.samples());
    let is_long = |sample: &usize| {
        (0..features).any(|feature| shift.at(*sample, feature).abs() > T::of(LONG))
    };
    let moved: Vec<usize> = (0..samples).filter(is_long).collect();
    if moved.is_empty() {
        return;
    }
    let (mut ends, shift) = (at.input.gather(&moved), shift.gather(&moved));
    secant_vmath::add(InPlace, shift.values(), ends.values_mut());
    let (mut shares, mut rests) = (Columns::zeros(0, 0), vec![T::ZERO; moved.len()]);
    softmax(&ends, &mut shares, &mut rests);
    for (place, sample) in moved.into_iter().enumerate() {
        let (mut largest, mut others) = (0, T::ZERO);
        for feature in 0..features {
            let share = at.output.at(sample, feature);
            if share > at.output.at(sample, largest) {
                largest = feature;
            }
            output_shift.column_mut(feature)[sample] = shares.at(place, feature) - share;
        }
        for feature in (0..features).filter(|feature| *feature != largest) {
            others += output_shift.at(sample, feature);
        }
        output_shift.column_mut(largest)[sample] = -others;
    }
}

impl<T: Number> SecondOrder<T> for Softmax {
    fn tangent(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        times_jacobian(at.output, along.input, output_tangent);
    }

    /// `ẏ_i (g_i - Σ g y) - y_i Σ g ẏ`.
    fn turned(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        adjoint: &Columns<T>,
        _gradient: &mut [T],
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        let Some(input_adjoint) = input_adjoint else {
            return;
        };
        let mut tangent = Columns::zeros(0, 0);
        times_jacobian(at.output, along.input, &mut tangent);
        let mean = weighted_sum(at.output, adjoint);
        let mean_tangent = weighted_sum(&tangent, adjoint);
        for feature in 0..adjoint.features() {
            let outputs = at
                .output
                .column(feature)
                .iter()
                .zip(tangent.column(feature));
            let means = mean.iter().zip(&mean_tangent);
            let columns = outputs.zip(adjoint.column(feature)).zip(means);
            let into = input_adjoint.column_mut(feature).iter_mut();
            for (into, (((y, tangent), adjoint), (mean, mean_tangent))) in into.zip(columns) {
                *into += *tangent * (*adjoint - *mean) - *y * *mean_tangent;
            }
        }
    }
}
