//! A function of one number, applied to every feature.

use secant::{Error, Operation};
use secant_vmath::InPlace;

use super::{Along, Layer, Map, Memo, Met, SecondOrder, Visited};
use crate::columns::Columns;
use crate::elementwise::{self, Elementwise};
use crate::number::Number;

/// An activation: a function of secant's table, or a formula of `x`.
///
/// ```
/// use secant_train::layer::{Activation, Layer};
/// assert_eq!(Activation::named("tanh")?.describe(), "tanh");
/// assert_eq!(Activation::formula("max(x, 0.01 x)")?.describe(), "max(x, 0.01*x)");
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Activation {
    function: Elementwise,
}

impl Activation {
    /// The function of the table with this name or alias, in capitals or not.
    ///
    /// # Errors
    /// Where there is none, or it takes more than one number.
    pub fn named(name: &str) -> Result<Self, Error> {
        Ok(Self {
            function: Elementwise::named(name)?,
        })
    }

    /// A formula of `x`.
    ///
    /// # Errors
    /// Where the text is no formula, or one of something else than `x`.
    pub fn formula(text: &str) -> Result<Self, Error> {
        Ok(Self {
            function: Elementwise::formula(text)?,
        })
    }

    /// A name of the table, or else a formula of `x`.
    ///
    /// ```
    /// use secant_train::layer::{Activation, Layer};
    /// assert_eq!(Activation::parse("GELU")?.describe(), "gelu");
    /// let error = Activation::parse("elu").unwrap_err();
    /// assert_eq!(error.message(), "no activation is called 'elu'");
    /// assert_eq!(error.repair(), Some("as a formula it is 'if x > 0 then x else expm1(x)'"));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the text is neither.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match elementwise::operation(text.trim()) {
            Some(_) => Self::named(text.trim()),
            None => Self::formula(text),
        }
    }

    /// The function of the table that it is; `None` for a formula.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.function.operation()
    }

    /// Whether its slope is told by its value, so that nothing has to be noted: relu's is 1 where that is not 0.
    fn is_relu(&self) -> bool {
        self.operation() == Some(Operation::Relu)
    }

    /// Numbers times the slopes at what went in.
    fn times_slope<T: Number>(&self, at: Visited<'_, T>, from: &Columns<T>, into: &mut Columns<T>) {
        into.reshape(from.samples(), from.features());
        let (from, into) = (from.values(), into.values_mut());
        if self.is_relu() {
            secant_vmath::select(at.output.values(), from, T::ZERO, into);
        } else {
            secant_vmath::mul(from, at.memo.notes.values(), into);
        }
    }
}

impl Layer for Activation {
    fn kind(&self) -> &'static str {
        "activation"
    }

    fn describe(&self) -> String {
        self.function.text().to_owned()
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        Ok(input.to_vec())
    }

    fn as_elementwise(&self) -> Option<&Elementwise> {
        Some(&self.function)
    }
}

impl<T: Number> Map<T> for Activation {
    fn forward(
        &self,
        _parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    ) {
        output.reshape(input.samples(), input.features());
        if memo.wanted && !self.is_relu() {
            memo.notes.reshape(input.samples(), input.features());
            self.function.value_and_slope(
                input.values(),
                output.values_mut(),
                memo.notes.values_mut(),
            );
        } else {
            self.function.value(input.values(), output.values_mut());
        }
    }

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
        self.times_slope(at, adjoint, input_adjoint);
    }

    fn difference(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        met: &mut [Met],
    ) {
        output_shift.reshape(shift.samples(), shift.features());
        for feature in 0..shift.features() {
            self.function.difference(
                at.input.column(feature),
                at.output.column(feature),
                shift.column(feature),
                output_shift.column_mut(feature),
                met,
            );
        }
    }

    fn kinks(&self, at: Visited<'_, T>) -> usize {
        self.function.kinks(at.input.values())
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }
}

impl<T: Number> SecondOrder<T> for Activation {
    fn tangent(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        self.times_slope(at, along.input, output_tangent);
    }

    /// `f″(x) ẋ g`.
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
        let mut turn = vec![T::ZERO; at.input.values().len()];
        self.function.curvature(at.input.values(), &mut turn);
        secant_vmath::mul(InPlace, along.input.values(), &mut turn);
        secant_vmath::mul_add(&turn, adjoint.values(), InPlace, input_adjoint.values_mut());
    }
}
