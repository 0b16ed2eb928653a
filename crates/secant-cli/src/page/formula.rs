//! The formula as the page runs it: value, gradient, and the higher derivatives that tell truncation from rounding.

use secant::Recorded;
use secant::code::{Language, Routine};

use crate::failure::Failure;
use crate::reading::Reading;

/// A page that computes nothing.
pub(super) const NONE: &str = "const formula = null;\n";
/// Taylor's series is followed so far.
const HIGHEST: u32 = 5;
/// Derivatives longer than this are left out.
const MOST_OPERATIONS: usize = 400;

/// A constant `formula` with its functions. Where a variable moves, its derivatives from the second on stand in `higher`,
/// as many as can be written.
pub(super) fn code(reading: &Reading, moving: Option<usize>) -> Result<String, Failure> {
    let refused = |error| Failure::within(&error, &reading.source, 0);
    let function = &reading.function;
    let all: Vec<usize> = (0..reading.formula.variables().len()).collect();
    let mut routines = vec![Routine::new(&reading.formula, &all)];
    let mut higher = Vec::new();
    if let (Some(moving), Some(language)) = (moving, Language::named("javascript")) {
        for (name, routine) in higher_derivatives(function, moving, all.len()) {
            if language.source(std::slice::from_ref(&routine)).is_err() {
                break;
            }
            routines.push(routine);
            higher.push(name);
        }
    }
    let language = Language::named("javascript");
    let source = language.map_or(Ok(String::new()), |language| language.source(&routines));
    let source = source.map_err(refused)?;
    // A script that stands in a page has no exports.
    let source = source.replace("\nexport function ", "\nfunction ");
    Ok(format!(
        "const formula = (() => {{\n{source}return {{ value, value_and_gradient, higher: [{}] }};\n}})();\n",
        higher.join(", ")
    ))
}

fn higher_derivatives(function: &Recorded, moving: usize, inputs: usize) -> Vec<(String, Routine)> {
    let mut direction = vec![0.0; inputs];
    direction[moving] = 1.0;
    let mut found = Vec::new();
    let mut derivative = function.derivative_along(&direction);
    for order in 2..=HIGHEST {
        derivative = derivative.derivative_along(&direction);
        if derivative.program().operations() > MOST_OPERATIONS {
            break;
        }
        let name = format!("derivative_{order}");
        if let Some(routine) = Routine::recorded(&derivative, 0, &[]) {
            found.push((name.clone(), routine.named(&name)));
        }
    }
    found
}
