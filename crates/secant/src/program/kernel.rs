//! Each function of the table over slices: by its vector kernel where `secant-vmath` has one, else one number at a time. Where a
//! kernel means something else than the table (`pow(0, -1)`, a comparison with NaN), the table is asked for those numbers.

use secant_vmath as vmath;
use secant_vmath::{Link, Operand};

use super::plan::{MOST_LINKS, Source, Work};
use crate::elementary::Operation;

/// Arguments of a step: as many are read as the operation takes.
pub(crate) type Arguments<'a> = [Operand<'a, f64>; 3];

/// The work of an instruction over all elements of `out`; operands are where `operand` says.
pub(super) fn perform<'a>(
    work: &Work<Source>,
    operand: impl Fn(Source) -> Operand<'a, f64>,
    out: &mut [f64],
) {
    match work {
        Work::Chain(first, links) => {
            let mut chained = [Link::Neg; MOST_LINKS];
            let count = links.len().min(MOST_LINKS);
            for (chained, link) in chained.iter_mut().zip(links) {
                *chained = link.map(&operand);
            }
            vmath::chain(operand(*first), &chained[..count], out);
        }
        Work::Apply(operation, arguments) => apply(*operation, arguments.map(operand), out),
        Work::Copy(x) => vmath::copy(operand(*x), out),
    }
}

/// The block at this place, where one is written and those below and above it are read.
pub(crate) fn beside<'a, B>((low, high): (&'a [B], &'a [B]), place: usize) -> &'a B {
    low.get(place)
        .unwrap_or_else(|| &high[place - low.len() - 1])
}

/// One step over all elements of `out`.
pub(crate) fn apply(operation: Operation, x: Arguments<'_>, out: &mut [f64]) {
    if !by_kernel(operation, x, out) {
        by_table(operation, x, out);
    }
}

/// The same where there is a vector kernel; else nothing, and `false`.
fn by_kernel(operation: Operation, x: Arguments<'_>, out: &mut [f64]) -> bool {
    let [a, b, c] = x;
    match operation {
        Operation::Add => vmath::add(a, b, out),
        Operation::Sub => vmath::sub(a, b, out),
        Operation::Mul => vmath::mul(a, b, out),
        Operation::Div => vmath::div(a, b, out),
        Operation::Neg => vmath::neg(a, out),
        Operation::Sqrt => vmath::sqrt(a, out),
        Operation::Cbrt => vmath::cbrt(a, out),
        Operation::Exp => vmath::exp(a, out),
        Operation::Exp2 => vmath::exp2(a, out),
        Operation::Expm1 => vmath::expm1(a, out),
        Operation::Ln => vmath::log(a, out),
        Operation::Log1p => vmath::log1p(a, out),
        Operation::Log2 => vmath::log2(a, out),
        Operation::Log10 => vmath::log10(a, out),
        Operation::Sin => vmath::sin(a, out),
        Operation::Cos => vmath::cos(a, out),
        Operation::Tan => vmath::tan(a, out),
        Operation::Asin => vmath::asin(a, out),
        Operation::Acos => vmath::acos(a, out),
        Operation::Atan => vmath::atan(a, out),
        Operation::Sinh => vmath::sinh(a, out),
        Operation::Cosh => vmath::cosh(a, out),
        Operation::Tanh => vmath::tanh(a, out),
        Operation::Sech => vmath::sech(a, out),
        Operation::Asinh => vmath::asinh(a, out),
        Operation::Acosh => vmath::acosh(a, out),
        Operation::Atanh => vmath::atanh(a, out),
        Operation::Erf => vmath::erf(a, out),
        Operation::Erfc => vmath::erfc(a, out),
        Operation::Gelu => vmath::gelu(a, out),
        Operation::Sigmoid => vmath::sigmoid(a, out),
        Operation::Silu => vmath::silu(a, out),
        Operation::Softplus => vmath::softplus(a, out),
        Operation::Abs => vmath::abs(a, out),
        Operation::Floor => vmath::floor(a, out),
        Operation::Ceil => vmath::ceil(a, out),
        Operation::Round => vmath::round(a, out),
        Operation::Sign => vmath::sign(a, out),
        Operation::Min => vmath::min(a, b, out),
        Operation::Max => vmath::max(a, b, out),
        Operation::Relu => vmath::max(a, 0.0, out),
        Operation::Heaviside => {
            vmath::less(0.0, a, out);
            let special = |x: f64| x == 0.0 || x.is_nan();
            mend_where(any(a, special), operation, x, out, |x| special(x[0]));
        }
        Operation::Pow => {
            vmath::pow(a, b, out);
            mend(operation, x, out, |x| x == 0.0 || x.is_nan());
        }
        Operation::Hypot => {
            vmath::hypot(a, b, out);
            mend(operation, x, out, f64::is_nan);
        }
        Operation::Atan2 => {
            vmath::atan2(a, b, out);
            mend(operation, x, out, |x| x == 0.0);
        }
        Operation::Less => ordered(operation, x, out, |out| vmath::less(a, b, out)),
        Operation::Greater => ordered(operation, x, out, |out| vmath::less(b, a, out)),
        Operation::LessEqual => ordered(operation, x, out, |out| vmath::less_or_equal(a, b, out)),
        Operation::GreaterEqual => {
            ordered(operation, x, out, |out| vmath::less_or_equal(b, a, out))
        }
        Operation::Equal => ordered(operation, x, out, |out| vmath::equal(a, b, out)),
        Operation::Choose => {
            vmath::select(a, b, c, out);
            mend_where(any(a, f64::is_nan), operation, x, out, |x| x[0].is_nan());
        }
        _ => return false,
    }
    true
}

/// A comparison, which is NaN where a side is.
fn ordered(operation: Operation, x: Arguments<'_>, out: &mut [f64], compare: impl Fn(&mut [f64])) {
    compare(out);
    mend(operation, x, out, f64::is_nan);
}

/// One number at a time.
fn by_table(operation: Operation, x: Arguments<'_>, out: &mut [f64]) {
    let arity = operation.arity();
    for (lane, out) in out.iter_mut().enumerate() {
        let arguments = x.map(|x| element(x, lane));
        *out = operation.value(&arguments[..arity]);
    }
}

/// Asks the table where an argument of a function of two is special.
fn mend(operation: Operation, x: Arguments<'_>, out: &mut [f64], special: fn(f64) -> bool) {
    let is_any = any(x[0], special) || any(x[1], special);
    mend_where(is_any, operation, x, out, |x| {
        special(x[0]) || special(x[1])
    });
}

fn mend_where(
    is_any: bool,
    operation: Operation,
    x: Arguments<'_>,
    out: &mut [f64],
    special: impl Fn([f64; 3]) -> bool,
) {
    if !is_any {
        return;
    }
    let arity = operation.arity();
    for (lane, out) in out.iter_mut().enumerate() {
        let arguments = x.map(|x| element(x, lane));
        if special(arguments) {
            *out = operation.value(&arguments[..arity]);
        }
    }
}

/// Whether it holds of an element; without a branch for each, so that the loop becomes vector instructions.
fn any(x: Operand<'_, f64>, special: impl Fn(f64) -> bool) -> bool {
    match x {
        Operand::Slice(x) => x.iter().fold(false, |any, x| any | special(*x)),
        Operand::Scalar(x) => special(x),
        Operand::InPlace => true,
    }
}

fn element(x: Operand<'_, f64>, lane: usize) -> f64 {
    match x {
        Operand::Slice(x) => x.get(lane).copied().unwrap_or(f64::NAN),
        Operand::Scalar(x) => x,
        Operand::InPlace => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Operand, by_kernel};
    use crate::elementary::Operation;
    use crate::{Formula, Recorded, Step};

    /// What neurons are made of, by name or as a formula.
    const ACTIVATIONS: [&str; 18] = [
        "relu(x)",
        "tanh(x)",
        "sigmoid(x)",
        "gelu(x)",
        "silu(x)",
        "softplus(x)",
        "erf(x)",
        "erfc(x)",
        "sin(x)",
        "atan(x)",
        "exp(-x^2)",
        "max(x, 0.01 x)",
        "min(max(x, 0), 6)",
        "x/(1 + abs(x))",
        "x tanh(softplus(x))",
        "if x > 0 then x else expm1(x)",
        "x min(max(x + 3, 0), 6)/6",
        "x/2 (1 + tanh(0.7978845608028654 (x + 0.044715 x^3)))",
    ];

    fn has_kernel(operation: Operation) -> bool {
        by_kernel(operation, [Operand::Scalar(1.0); 3], &mut [0.0])
    }

    #[test]
    fn values_and_slopes_of_activations_run_through_vector_kernels() {
        for text in ACTIVATIONS {
            let value = Recorded::from(&Formula::parse(text).unwrap());
            let both = value.with_gradient(0).unwrap();
            for step in both.program().steps() {
                if let Step::Apply(operation, _) = step {
                    assert!(has_kernel(*operation), "{} in {text}", operation.name());
                }
            }
        }
        assert!(!has_kernel(Operation::Digamma));
    }
}
