//! Numbers on the way that doubles do not hold: too large, too small, or nearer to a bound that they never reach than a double can tell.
//! What such a number shows of the point (a pole, an edge, a kink) is not there.

use crate::elementary::Operation;
use crate::function::Recorded;
use crate::number::Interval;
use crate::program::Step;

/// Whether some step is beyond the range of doubles though it has a real value; at a pole it has none.
pub(crate) fn overflows(function: &Recorded, at: &[f64], boxed: &[Interval]) -> bool {
    let program = function.program();
    let (values, ranges) = (program.slots(at), program.slots(boxed));
    let beyond = |range: &Interval| range.lo() > f64::MAX / 2.0 || range.hi() < f64::MIN / 2.0;
    program
        .steps()
        .iter()
        .enumerate()
        .any(|(slot, step)| match step {
            Step::Apply(operation, arguments) => {
                let read = arguments.map(|argument| ranges[argument]);
                values[slot].is_infinite()
                    && beyond(&ranges[slot])
                    && operation.is_smooth(&read[..operation.arity()])
            }
            Step::Input(_) | Step::Constant(..) => values[slot].is_infinite(),
        })
}

/// Whether some step is 0 only because doubles end there: what divides by it is not at a pole.
pub(super) fn underflows(function: &Recorded, at: &[f64], boxed: &[Interval]) -> bool {
    let program = function.program();
    let (values, ranges) = (program.slots(at), program.slots(boxed));
    let mut steps = program.steps().iter().enumerate();
    steps.any(|(slot, step)| values[slot] == 0.0 && is_nowhere_zero(step, &values, &ranges))
}

/// Whether a step has a number that is not 0, by what it reads, whatever doubles make of it.
fn is_nowhere_zero(step: &Step, values: &[f64], ranges: &[Interval]) -> bool {
    let is_not_zero = |slot: usize| values[slot] != 0.0 && !ranges[slot].contains(0.0);
    let Step::Apply(operation, [a, b, _]) = *step else {
        return false;
    };
    match operation {
        Operation::Mul => is_not_zero(a) && is_not_zero(b),
        Operation::Div | Operation::Pow => is_not_zero(a) && values[b].is_finite(),
        Operation::Exp | Operation::Exp2 => values[a].is_finite(),
        _ => false,
    }
}

/// Whether a step that is not smooth is so by a number that is rounded to what it never is: `acosh(erf(x))` has no value anywhere, though
/// erf(6.5) is 1 as a double, and `sqrt(x^2)` at 1e-200 is at no edge, though x² is 0 there.
pub(super) fn is_rough_by_rounding(
    function: &Recorded,
    output: usize,
    at: &[f64],
    boxed: &[Interval],
) -> bool {
    let program = function.program();
    let (values, ranges) = (program.slots(at), program.slots(boxed));
    let mut rounded = vec![false; program.steps().len()];
    let mut needed = rounded.clone();
    needed[program.output_slots()[output]] = true;
    for (slot, step) in program.steps().iter().enumerate().rev() {
        if let (true, Step::Apply(operation, arguments)) = (needed[slot], step) {
            arguments[..operation.arity()]
                .iter()
                .for_each(|argument| needed[*argument] = true);
        }
    }
    let rough = program.rough_steps(boxed);
    for (slot, step) in program.steps().iter().enumerate() {
        if let Step::Apply(operation, arguments) = step {
            let arguments = &arguments[..operation.arity()];
            rounded[slot] = arguments.iter().any(|argument| rounded[*argument]);
            if rounded[slot] && needed[slot] && rough.contains(&slot) {
                return true;
            }
            let is_tiny = values[slot].abs() < f64::MIN_POSITIVE && ranges[slot].contains(0.0);
            rounded[slot] |= is_never(*operation, values[slot], ranges[arguments[0]])
                || is_tiny && is_nowhere_zero(step, &values, &ranges);
        }
    }
    false
}

/// Whether a function comes near to this value over a range, and never has it.
fn is_never(operation: Operation, value: f64, argument: Interval) -> bool {
    use Operation as O;
    let is_bounded = argument.is_bounded();
    // Beside what is no double, as a multiple of pi, only 0 is a place where these have it.
    let is_elsewhere = argument.is_point() && argument.lo() != 0.0;
    match operation {
        O::Erf | O::Tanh | O::Coth => is_bounded && value.abs() == 1.0,
        O::Erfc => is_bounded && (value == 0.0 || value == 2.0),
        O::Sigmoid => is_bounded && (value == 0.0 || value == 1.0),
        O::Exp | O::Exp2 | O::Csch | O::Softplus => is_bounded && value == 0.0,
        O::Sech if value == 0.0 => is_bounded,
        O::Expm1 => is_bounded && value == -1.0,
        O::Silu => is_elsewhere && value == 0.0,
        O::Cosh | O::Sech | O::Sinc | O::J0 | O::SphericalBessel => is_elsewhere && value == 1.0,
        O::Sin | O::Cos => is_elsewhere && value.abs() == 1.0,
        _ => false,
    }
}
