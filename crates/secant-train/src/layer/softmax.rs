//! Shares of all features: the probabilities of classes.

use std::ops::Range;

use secant::Error;
use secant_vmath::InPlace;

use super::{Layer, Map, Memo, Rows, Visited};
use crate::columns::Columns;
use crate::loss::softmax;
use crate::number::Number;

/// `exp(x_i) / Σ exp(x)` over all features of a sample. The loss `cross-entropy` takes what stands before it.
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
        let Some(input_adjoint) = input_adjoint else {
            return;
        };
        input_adjoint.reshape(adjoint.samples(), adjoint.features());
        let mut mean = vec![T::ZERO; adjoint.samples()];
        for feature in 0..adjoint.features() {
            secant_vmath::mul_add(
                adjoint.column(feature),
                at.output.column(feature),
                InPlace,
                &mut mean,
            );
        }
        for feature in 0..adjoint.features() {
            let into = input_adjoint.column_mut(feature);
            secant_vmath::sub(adjoint.column(feature), &mean, into);
            secant_vmath::mul(InPlace, at.output.column(feature), into);
        }
    }

    /// With q_i = e^(d_i) - 1 and S = Σ y q, `y_i (q_i - S) / (1 + S)`.
    fn difference(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _crossed: &mut [bool],
    ) {
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
    }

    fn pullback_each(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        _adjoint: &Columns<T>,
        _samples: Range<usize>,
        _rows: &mut Rows<'_, T>,
    ) {
    }
}
