//! What a function takes: a slice, a number, or what already stands in the output.

use crate::Real;

/// An argument of a function over slices.
///
/// ```
/// use secant_vmath::{InPlace, Operand, sub};
///
/// let mut out = [1.0, 2.0];
/// sub(10.0, InPlace, &mut out);
/// assert_eq!(out, [9.0, 8.0]);
/// sub(Operand::Slice(&[1.0, 1.0]), Operand::Scalar(3.0), &mut out);
/// assert_eq!(out, [-2.0, -2.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand<'a, R> {
    /// One number for each element of the output.
    Slice(&'a [R]),
    /// One number for all elements.
    Scalar(R),
    /// What stands in the output before the call.
    InPlace,
}

/// Stands for [`Operand::InPlace`] without naming the kind of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InPlace;

impl<R: Real> From<R> for Operand<'_, R> {
    fn from(number: R) -> Self {
        Self::Scalar(number)
    }
}

impl<'a, R: Real> From<&'a [R]> for Operand<'a, R> {
    fn from(slice: &'a [R]) -> Self {
        Self::Slice(slice)
    }
}

impl<'a, R: Real> From<&'a Vec<R>> for Operand<'a, R> {
    fn from(numbers: &'a Vec<R>) -> Self {
        Self::Slice(numbers)
    }
}

impl<'a, R: Real, const N: usize> From<&'a [R; N]> for Operand<'a, R> {
    fn from(array: &'a [R; N]) -> Self {
        Self::Slice(array)
    }
}

impl<R: Real> From<InPlace> for Operand<'_, R> {
    fn from(_: InPlace) -> Self {
        Self::InPlace
    }
}
