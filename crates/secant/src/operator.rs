//! The operators, built once on what a method supplies: derivative, gradient, Jacobian and its products, Hessian and
//! its product with a vector, mixed derivatives, derivatives of any order. Rows are outputs, columns inputs.

use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::Function;
use crate::method::{HIGHEST_ORDER, Method};

/// The unit vector along one input.
pub(crate) fn unit(inputs: usize, input: usize) -> Result<Vec<f64>, Error> {
    let mut direction = vec![0.0; inputs];
    match direction.get_mut(input) {
        Some(entry) => *entry = 1.0,
        None => {
            return Err(Error::new(
                ErrorKind::Shape,
                format!("there is no input {input}, the function has {inputs}"),
            ));
        }
    }
    Ok(direction)
}

fn first(mut estimates: Vec<Estimate>) -> Result<Estimate, Error> {
    if estimates.is_empty() {
        return Err(without_output());
    }
    Ok(estimates.swap_remove(0))
}

pub(crate) fn without_output() -> Error {
    Error::new(ErrorKind::Shape, "the function has no output")
}

/// The derivative of the first output with respect to each of the named inputs in turn: `[0]` is f_x, `[0, 0]` is
/// f_xx, `[0, 1]` is f_xy.
///
/// ```
/// use secant::{Formula, Recorded, derivative, method::Symbolic};
/// let f = Recorded::from(&Formula::parse("x^2*y")?);
/// assert_eq!(derivative(&Symbolic, &f, &[3.0, 5.0], &[0, 1])?.value, 6.0);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the method cannot serve the function, and where an input does not exist.
pub fn derivative(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
    inputs: &[usize],
) -> Result<Estimate, Error> {
    check_order(method, function, inputs.len())?;
    let directions: Result<Vec<_>, _> = inputs
        .iter()
        .map(|input| unit(function.inputs(), *input))
        .collect();
    first(method.along(function, at, &directions?)?)
}

/// The derivative of this order of the first output along a direction; order 0 is not one.
///
/// ```
/// use secant::{Formula, Recorded, method::Taylor, nth_derivative};
/// let f = Recorded::from(&Formula::parse("1/(1 - x)")?);
/// let tenth = nth_derivative(&Taylor, &f, &[0.0], &[1.0], 10)?;
/// assert_eq!(tenth.value, 3_628_800.0); // 10!
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the method cannot serve the function or the order, and where the shapes do not fit.
pub fn nth_derivative(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
    direction: &[f64],
    order: usize,
) -> Result<Estimate, Error> {
    check_order(method, function, order)?;
    first(method.along(function, at, &vec![direction.to_vec(); order])?)
}

/// Whether the method goes so high.
fn check_order(method: &dyn Method, function: &dyn Function, order: usize) -> Result<(), Error> {
    let highest = method.highest_order();
    if order <= highest {
        return Ok(());
    }
    let message = format!(
        "the method '{}' serves orders up to {highest}, not {order}",
        method.name()
    );
    let error = Error::new(ErrorKind::Unsupported, message);
    // A series is that of formulas.
    let has_series = order <= HIGHEST_ORDER && function.recorded().is_some();
    Err(if has_series {
        error.hint("use the method 'taylor'")
    } else {
        error
    })
}

/// The gradient of the first output: one sweep where the method can, else one direction for each input.
///
/// ```
/// use secant::{Formula, Recorded, gradient, method::Reverse};
/// let f = Recorded::from(&Formula::parse("x*y")?);
/// assert_eq!(gradient(&Reverse, &f, &[3.0, 5.0])?[0].value, 5.0);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As [`derivative`], and where the function has no output.
pub fn gradient(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
) -> Result<Vec<Estimate>, Error> {
    let mut weights = vec![0.0; function.outputs()];
    let Some(weight) = weights.first_mut() else {
        return Err(without_output());
    };
    *weight = 1.0;
    match method.back(function, at, &weights) {
        Some(gradient) => gradient,
        None => (0..function.inputs())
            .map(|input| derivative(method, function, at, &[input]))
            .collect(),
    }
}

/// The Jacobian: one row for each output.
///
/// ```
/// use secant::{Functions, Recorded, jacobian, method::Forward};
/// let f = Recorded::trace(&["x", "y"], |v| vec![v[0].clone() * v[1].clone(), v[0].sin()])?;
/// let rows = jacobian(&Forward, &f, &[0.0, 5.0])?;
/// assert_eq!((rows[0][0].value, rows[1][0].value), (5.0, 1.0));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As [`derivative`].
pub fn jacobian(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
) -> Result<Vec<Vec<Estimate>>, Error> {
    let mut rows: Vec<Vec<Estimate>> = vec![Vec::new(); function.outputs()];
    for input in 0..function.inputs() {
        let column = method.along(function, at, &[unit(function.inputs(), input)?])?;
        for (row, entry) in rows.iter_mut().zip(column) {
            row.push(entry);
        }
    }
    Ok(rows)
}

/// The Jacobian times a tangent: how all outputs move along a direction.
///
/// ```
/// use secant::{Formula, Recorded, jvp, method::Forward};
/// let f = Recorded::from(&Formula::parse("x*y")?);
/// assert_eq!(jvp(&Forward, &f, &[3.0, 5.0], &[1.0, 2.0])?[0].value, 11.0);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As [`derivative`].
pub fn jvp(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
    tangent: &[f64],
) -> Result<Vec<Estimate>, Error> {
    method.along(function, at, &[tangent.to_vec()])
}

/// A cotangent times the Jacobian: how a weighted sum of the outputs moves with each input.
///
/// ```
/// use secant::{Formula, Recorded, method::Reverse, vjp};
/// let f = Recorded::from(&Formula::parse("x*y")?);
/// assert_eq!(vjp(&Reverse, &f, &[3.0, 5.0], &[2.0])?[1].value, 6.0);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the method has no sweep back, and as [`derivative`].
pub fn vjp(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
    cotangent: &[f64],
) -> Result<Vec<Estimate>, Error> {
    method.back(function, at, cotangent).unwrap_or_else(|| {
        Err(Error::new(
            ErrorKind::Unsupported,
            format!("the method '{}' has no sweep back", method.name()),
        )
        .hint("use the reverse method"))
    })
}

/// The Hessian of the first output: symmetric, each pair of inputs computed once.
///
/// ```
/// use secant::{Formula, Recorded, hessian, method::Forward};
/// let f = Recorded::from(&Formula::parse("x^2*y")?);
/// assert_eq!(hessian(&Forward, &f, &[3.0, 5.0])?[0][1].value, 6.0);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As [`derivative`].
pub fn hessian(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
) -> Result<Vec<Vec<Estimate>>, Error> {
    let mut rows: Vec<Vec<Estimate>> = Vec::new();
    for row in 0..function.inputs() {
        let mut entries: Vec<Estimate> = rows.iter().map(|above| above[row].clone()).collect();
        for column in row..function.inputs() {
            entries.push(derivative(method, function, at, &[row, column])?);
        }
        rows.push(entries);
    }
    Ok(rows)
}

/// The Hessian of the first output times a vector.
///
/// ```
/// use secant::{Formula, Recorded, hessian_vector, method::Reverse};
/// let f = Recorded::from(&Formula::parse("x^2*y")?);
/// assert_eq!(hessian_vector(&Reverse, &f, &[3.0, 5.0], &[1.0, 0.0])?[1].value, 6.0);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As [`derivative`].
pub fn hessian_vector(
    method: &dyn Method,
    function: &dyn Function,
    at: &[f64],
    vector: &[f64],
) -> Result<Vec<Estimate>, Error> {
    let product = |input| {
        first(method.along(
            function,
            at,
            &[vector.to_vec(), unit(function.inputs(), input)?],
        )?)
    };
    (0..function.inputs()).map(product).collect()
}
