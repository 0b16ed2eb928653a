//! The same numbers in other sides.

use secant::Error;

use super::linear::Linear;
use super::window::by;
use super::{Flatten, Layer, counted, misfit};
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
impl Linear for Reshape {
    fn forth<T: Number>(&self, input: &Columns<T>, output: &mut Columns<T>) {
        Flatten.forth(input, output);
    }

    fn back<T: Number>(
        &self,
        features: usize,
        adjoint: &Columns<T>,
        input_adjoint: &mut Columns<T>,
    ) {
        Flatten.back(features, adjoint, input_adjoint);
    }
}
