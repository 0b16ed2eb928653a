//! The same numbers in other sides.

use secant::Error;

use super::window::by;
use super::{Along, Flatten, Layer, Map, Memo, Met, SecondOrder, Visited, counted, misfit};
use crate::columns::Columns;
use crate::number::Number;

/// Shape `[features]` to `[channels, height, width]`, or any other of as many numbers; they stay as they stand, as in [`Flatten`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reshape {
    shape: Vec<usize>,
}

impl Reshape {
    /// To samples of this shape.
    ///
    /// ```
    /// use secant_train::layer::{Layer, Reshape};
    /// assert_eq!(Reshape::new(&[3, 2, 2]).output(&[12])?, [3, 2, 2]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn new(shape: &[usize]) -> Self {
        Self {
            shape: shape.to_vec(),
        }
    }

    /// The shape of a sample after it.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }
}

impl Layer for Reshape {
    fn kind(&self) -> &'static str {
        "reshape"
    }

    fn describe(&self) -> String {
        format!("reshape to {}", by(&self.shape))
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        let features = counted(&self.shape)?;
        if counted(input)? != features {
            return Err(misfit(
                self,
                &format!("samples of {features} numbers"),
                input,
            ));
        }
        Ok(self.shape.clone())
    }
}

/// The numbers of a sample are one list whatever its sides are.
impl<T: Number> Map<T> for Reshape {
    fn forward(
        &self,
        parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    ) {
        Flatten.forward(parameters, input, output, memo);
    }

    fn pullback(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        Flatten.pullback(parameters, at, adjoint, gradient, input_adjoint);
    }

    fn difference(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        met: &mut [Met],
    ) {
        Flatten.difference(parameters, at, shift, output_shift, met);
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }
}

impl<T: Number> SecondOrder<T> for Reshape {
    fn tangent(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        Flatten.tangent(parameters, at, along, output_tangent);
    }
}
