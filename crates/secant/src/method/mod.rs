//! The methods: ways to the same derivative, one file each and one line in [`exact`]. A method takes a function, a
//! point and directions, and gives estimates; it never reads another method's answer.

mod automatic;
mod complex;
mod difference;
mod enclosure;
mod forward;
mod reverse;
mod symbolic;
mod taylor;

pub use automatic::Automatic;
pub use complex::ComplexStep;
pub use difference::{Difference, Scheme};
pub use enclosure::{Enclosure, range};
pub use forward::Forward;
pub use reverse::Reverse;
pub use symbolic::Symbolic;
pub use taylor::Taylor;
pub(crate) use taylor::{coefficients, factorial};

pub use crate::estimate::HIGHEST_ORDER;

use std::borrow::Cow;

use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::{Function, Recorded};

/// A way to derivatives.
pub trait Method {
    /// Its name, as in `--method`.
    fn name(&self) -> &'static str;

    /// The highest order that it serves: the work of most grows with a power of the order.
    fn highest_order(&self) -> usize {
        8
    }

    /// The derivative of each output at a point, along each of the directions in turn: one direction gives the
    /// first derivative, two a second one, and so on. Where the function has no derivative the answer is not to be
    /// trusted; [`report`](crate::report) asks [`classify`](crate::classify) first.
    ///
    /// # Errors
    /// Where the method cannot serve this function, and where the shapes do not fit.
    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error>;

    /// Weights on the outputs carried back to the inputs, by a method that can do so in one sweep.
    ///
    /// # Errors
    /// As [`along`](Self::along).
    fn back(
        &self,
        _function: &dyn Function,
        _at: &[f64],
        _weights: &[f64],
    ) -> Option<Result<Vec<Estimate>, Error>> {
        None
    }
}

/// All methods, with this difference among them.
///
/// ```
/// let names: Vec<_> = secant::method::all(secant::method::Difference::default()).iter().map(|m| m.name()).collect();
/// assert_eq!(names, ["symbolic", "forward", "reverse", "enclosure", "taylor", "difference"]);
/// ```
#[must_use]
pub fn all(difference: Difference) -> Vec<Box<dyn Method>> {
    let mut methods = exact();
    methods.push(Box::new(difference));
    methods
}

/// The methods that follow exact rules.
#[must_use]
pub fn exact() -> Vec<Box<dyn Method>> {
    vec![
        Box::new(Symbolic),
        Box::new(Forward),
        Box::new(Reverse),
        Box::new(Enclosure),
        Box::new(Taylor),
    ]
}

/// The formulas of a function, for a method that needs them.
fn formulas<'f>(method: &dyn Method, function: &'f dyn Function) -> Result<&'f Recorded, Error> {
    function.recorded().ok_or_else(|| {
        Error::new(
            ErrorKind::Unsupported,
            format!(
                "the method '{}' needs the formula of the function",
                method.name()
            ),
        )
        .hint("record the function with Recorded::trace, or use an automatic difference")
    })
}

/// The derivative of a function along some directions in turn, as a function.
///
/// # Errors
/// Where it grows beyond all measure, as that of functions nested in functions does with each order.
fn derived<'f>(
    function: &'f Recorded,
    directions: &[Vec<f64>],
) -> Result<Cow<'f, Recorded>, Error> {
    /// So many steps may be differentiated, and so many times as many as the function has.
    const MOST: usize = 1 << 13;
    const TIMES: usize = 8;
    let steps = |function: &Recorded| function.program().steps().len();
    let most = MOST.max(TIMES * steps(function));
    let mut derivative = Cow::Borrowed(function);
    for (order, direction) in directions.iter().enumerate() {
        let reached = steps(&derivative);
        if reached > most {
            let message = format!(
                "the derivative of order {order} has {reached} steps, too many to be differentiated once more"
            );
            return Err(Error::new(ErrorKind::Unsupported, message)
                .hint("the methods 'taylor' and 'automatic' write no formula of it"));
        }
        derivative = Cow::Owned(derivative.derivative_along(direction));
    }
    Ok(derivative)
}

/// The derivative along all directions but the last two, which tangents carry, as a function, and these.
fn but_two<'f, 'd>(
    function: &'f Recorded,
    directions: &'d [Vec<f64>],
) -> Result<(Cow<'f, Recorded>, &'d [Vec<f64>]), Error> {
    let (first, last) = directions.split_at(directions.len().saturating_sub(2));
    Ok((derived(function, first)?, last))
}

/// Whether an input moves along one of the directions, which have an entry for each.
fn moves(directions: &[Vec<f64>]) -> impl Fn(usize) -> bool + '_ {
    |input| directions.iter().any(|direction| direction[input] != 0.0)
}

/// Along anything else there is no derivative, and the products of 0 and infinity in it may vanish.
fn are_finite(directions: &[Vec<f64>]) -> bool {
    directions.iter().flatten().all(|speed| speed.is_finite())
}

/// Holds point and directions against the function.
pub(crate) fn check_shapes(
    function: &dyn Function,
    at: &[f64],
    directions: &[Vec<f64>],
) -> Result<(), Error> {
    let inputs = function.inputs();
    let wrong = |what: &str, given: usize| {
        Err(Error::new(
            ErrorKind::Shape,
            format!("{what} has {given} entries, the function has {inputs} inputs"),
        ))
    };
    if at.len() != inputs {
        return wrong("the point", at.len());
    }
    match directions
        .iter()
        .find(|direction| direction.len() != inputs)
    {
        Some(direction) => wrong("a direction", direction.len()),
        None if directions.is_empty() => Err(Error::new(ErrorKind::Shape, "no direction is given")),
        None if !are_finite(directions) => Err(Error::new(
            ErrorKind::Setting,
            "a direction has an entry that is no finite number",
        )),
        None => Ok(()),
    }
}
