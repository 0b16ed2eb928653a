//! The same features in one row.

use secant::Error;

use super::linear::Linear;
use super::{Layer, counted};
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

impl Linear for Flatten {
    fn forth<T: Number>(&self, input: &Columns<T>, output: &mut Columns<T>) {
        output.clone_from(input);
    }

    fn back<T: Number>(
        &self,
        _features: usize,
        adjoint: &Columns<T>,
        input_adjoint: &mut Columns<T>,
    ) {
        input_adjoint.clone_from(adjoint);
    }
}
