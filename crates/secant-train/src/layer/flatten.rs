//! The same features in one row.

use secant::Error;

use super::{Along, Layer, Map, Memo, Met, SecondOrder, Visited, counted};
use crate::columns::Columns;
use crate::number::Number;

/// Shape `[channels, height, width]` to `[features]`; the numbers stay as they stand.
///
/// ```
/// use secant_train::layer::{Flatten, Layer};
/// assert_eq!(Flatten.output(&[3, 8, 8])?, [192]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flatten;

impl Layer for Flatten {
    fn kind(&self) -> &'static str {
        "flatten"
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        Ok(vec![counted(input)?])
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
        _met: &mut [Met],
    ) {
        output_shift.clone_from(shift);
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
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
