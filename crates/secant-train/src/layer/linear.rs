//! Layers without parameters that are linear: one way forth, for numbers, shifts and tangents alike, and one way back, the same everywhere.

use super::{Along, Layer, Map, Memo, Met, SecondOrder, Visited};
use crate::columns::Columns;
use crate::number::Number;

/// What makes a linear layer.
pub(super) trait Linear: Layer {
    /// The output.
    fn forth<T: Number>(&self, input: &Columns<T>, output: &mut Columns<T>);

    /// Weights on the output, carried back to so many features of the input.
    fn back<T: Number>(
        &self,
        features: usize,
        adjoint: &Columns<T>,
        input_adjoint: &mut Columns<T>,
    );
}

impl<T: Number, L: Linear> Map<T> for L {
    fn forward(
        &self,
        _parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        _memo: &mut Memo<T>,
    ) {
        self.forth(input, output);
    }

    fn pullback(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        _gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        if let Some(input_adjoint) = input_adjoint {
            self.back(at.input.features(), adjoint, input_adjoint);
        }
    }

    fn difference(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        self.forth(shift, output_shift);
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }
}

impl<T: Number, L: Linear> SecondOrder<T> for L {
    fn tangent(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        self.forth(along.input, output_tangent);
    }
}
