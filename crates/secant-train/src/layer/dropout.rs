//! Features left out at random in training; nothing in evaluation.

use secant::{Error, ErrorKind};

use super::{Along, Layer, Map, Memo, Met, SecondOrder, Visited};
use crate::columns::Columns;
use crate::number::Number;

/// In training each feature is 0 with this probability, else divided by the probability of staying (Srivastava et al. 2014, in the form that
/// leaves evaluation as it is).
///
/// ```
/// use secant_train::{Columns, Network, layer::Dropout};
/// let network = Network::new(&[2]).then(Dropout::new(0.5)?)?;
/// assert!(network.is_random());
/// let samples = Columns::from_rows(&[3.0, -4.0], 2)?;
/// assert_eq!(network.outputs(&[], &samples)?, samples);
/// assert!(Dropout::new(1.0).is_err());
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    probability: f64,
}

impl Dropout {
    /// With the probability of leaving a feature out.
    ///
    /// # Errors
    /// Where it is not from 0 up to, not including, 1.
    pub fn new(probability: f64) -> Result<Self, Error> {
        if (0.0..1.0).contains(&probability) {
            return Ok(Self { probability });
        }
        Err(Error::new(
            ErrorKind::Setting,
            format!("a feature cannot be left out with probability {probability}"),
        )
        .hint("it lies between 0 and 1"))
    }
}

impl Layer for Dropout {
    fn kind(&self) -> &'static str {
        "dropout"
    }

    fn describe(&self) -> String {
        format!("dropout {}", self.probability)
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        Ok(input.to_vec())
    }

    fn is_random(&self) -> bool {
        self.probability > 0.0
    }
}

/// Each number times what was noted of it, or as it is where no chance was at work.
fn masked<T: Number>(memo: &Memo<T>, from: &Columns<T>, into: &mut Columns<T>) {
    into.clone_from(from);
    if memo.chance.is_some() {
        secant_vmath::mul(from.values(), memo.notes.values(), into.values_mut());
    }
}

impl<T: Number> Map<T> for Dropout {
    fn forward(
        &self,
        _parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    ) {
        if let Some(chance) = &mut memo.chance {
            memo.notes.reshape(input.samples(), input.features());
            let kept = T::of(1.0 / (1.0 - self.probability));
            for note in memo.notes.values_mut() {
                *note = if chance.uniform() < self.probability {
                    T::ZERO
                } else {
                    kept
                };
            }
        }
        masked(memo, input, output);
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
            masked(at.memo, adjoint, input_adjoint);
        }
    }

    fn difference(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        masked(at.memo, shift, output_shift);
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }
}

impl<T: Number> SecondOrder<T> for Dropout {
    fn tangent(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        masked(at.memo, along.input, output_tangent);
    }
}
