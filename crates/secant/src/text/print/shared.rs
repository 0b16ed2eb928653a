//! What the printers have in common: how the parts of a formula belong together, whatever they are spelled with.

use crate::elementary::Operation;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::text::words::is_symbol;

/// The arguments of a function of two that is applied again and again: `max(max(a, b), c)`.
pub(super) fn unfolded(expr: &Expr, operation: Operation, arguments: &[ExprId]) -> Vec<ExprId> {
    let mut reversed = vec![arguments[1]];
    let mut left = arguments[0];
    while let Some((inner, &[next, last])) = applied(expr, left)
        && inner == operation
    {
        reversed.push(last);
        left = next;
    }
    reversed.push(left);
    reversed.reverse();
    reversed
}

/// Conditions and values of nested choices, and what holds otherwise.
pub(super) fn cases(expr: &Expr, arguments: &[ExprId]) -> (Vec<(ExprId, ExprId)>, ExprId) {
    let mut pairs = vec![(arguments[0], arguments[1])];
    let mut otherwise = arguments[2];
    while let Some((Operation::Choose, &[condition, then, next])) = applied(expr, otherwise) {
        pairs.push((condition, then));
        otherwise = next;
    }
    (pairs, otherwise)
}

/// A function of the table and its arguments.
pub(super) fn applied(expr: &Expr, id: ExprId) -> Option<(Operation, &[ExprId])> {
    match expr.kind(id) {
        ExprKind::Apply(operation, arguments) => Some((*operation, arguments)),
        _ => None,
    }
}

/// Whether it is a number as it stands.
pub(super) fn is_number(expr: &Expr, id: ExprId) -> bool {
    matches!(expr.kind(id), ExprKind::Number(_))
}

/// A name and the index below it: `k_B` is k with B, `x1` x with 1.
pub(super) fn base_and_index(name: &str) -> (&str, &str) {
    let (base, index) = name.split_once('_').unwrap_or((name, ""));
    let letters = base.trim_end_matches(|c: char| c.is_ascii_digit());
    match (index, letters.len()) {
        ("", length) if length > 0 => (letters, &base[length..]),
        _ => (base, index),
    }
}

/// What stands above a fraction bar, and whether a minus stands in front of the bar.
pub(super) fn numerator(expr: &Expr, above: ExprId) -> (bool, ExprId) {
    match applied(expr, above) {
        Some((Operation::Neg, &[positive])) => (true, positive),
        _ => (false, above),
    }
}

/// Whether the function is set as a word before its argument, and not by signs of its own.
pub(super) fn is_word(operation: Operation) -> bool {
    !matches!(
        operation,
        Operation::Neg
            | Operation::Not
            | Operation::Exp
            | Operation::Sqrt
            | Operation::Cbrt
            | Operation::Abs
            | Operation::Floor
            | Operation::Ceil
            | Operation::Factorial
    )
}

/// The function of one argument whose power is set at its name, as in `sin^2 x`, and that argument.
pub(super) fn raised_function(
    expr: &Expr,
    base: ExprId,
    exponent: ExprId,
) -> Option<(Operation, ExprId)> {
    let is_whole = matches!(expr.kind(exponent),
        ExprKind::Number(value) if value.is_integer() && !value.is_negative());
    match applied(expr, base)? {
        (operation, &[argument]) if is_whole && operation.arity() == 1 && is_word(operation) => {
            Some((operation, argument))
        }
        _ => None,
    }
}

/// What a factor begins with.
pub(super) fn first_factor(expr: &Expr, id: ExprId) -> ExprId {
    match applied(expr, id) {
        Some((Operation::Pow, &[base, _])) if applied(expr, base).is_none() => base,
        _ => id,
    }
}

/// The factor that a product ends with.
pub(super) fn last_factor(expr: &Expr, mut id: ExprId) -> ExprId {
    while let Some((Operation::Mul, &[_, last])) = applied(expr, id) {
        id = last;
    }
    id
}

/// Whether two names would stand side by side, one of them a word: set without a sign between them they read as one.
pub(super) fn makes_one_word(expr: &Expr, left: ExprId, right: ExprId) -> bool {
    let sides = [last_factor(expr, left), first_factor(expr, right)];
    let [ExprKind::Name(left), ExprKind::Name(right)] = sides.map(|side| expr.kind(side)) else {
        return false;
    };
    !is_symbol(left) || !is_symbol(right)
}
