//! The same features in one row.

use std::ops::Range;

use secant::Error;

use super::{Along, Layer, Map, Memo, Rows, SecondOrder, Visited};
use crate::columns::Columns;
use crate::number::Number;

/// Shape `[channels, height, width]` to `[features]`; the numbers stay as they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flatten;

impl Layer for Flatten {
    fn kind(&self) -> &'static str {
        "flatten"
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        Ok(vec![input.iter().product()])
    }
}

impl<T: Number> Map<T> for Flatten {
    fn forward(
        &self,
        _parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        _memo: &mut Memo<T>,
    ) {
        output.clone_from(input);
    }

    fn pullback(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        adjoint: &Columns<T>,
        _gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        if let Some(input_adjoint) = input_adjoint {
            input_adjoint.clone_from(adjoint);
        }
    }

    fn difference(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _crossed: &mut [bool],
    ) {
        output_shift.clone_from(shift);
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
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

impl<T: Number> SecondOrder<T> for Flatten {
    fn tangent(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        output_tangent.clone_from(along.input);
    }
}
