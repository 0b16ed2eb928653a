//! Text and Unicode: one spelling, with the signs of mathematics where they are wanted.

use super::number::{Figures, figures};
use super::shared::{applied, cases, unfolded};
use super::{Place, Spelled};
use crate::elementary::Operation;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::number::Constant;
use crate::number::Rational;
use crate::text::Notation;
use crate::text::characters::{greek_letter, lower, raise};
use crate::text::pending::Level;

pub(super) fn spell(expr: &Expr, id: ExprId, notation: Notation) -> Spelled {
    let unicode = notation == Notation::Unicode;
    match expr.kind(id) {
        ExprKind::Number(value) => number(value, unicode),
        ExprKind::Constant(Constant::Pi) => Spelled::atom(if unicode { "π" } else { "pi" }),
        ExprKind::Constant(Constant::E) => Spelled::atom("e"),
        ExprKind::Name(spelled) => Spelled::atom(name(spelled, unicode)),
        ExprKind::Call(function, arguments) if arguments.is_empty() => {
            Spelled::atom(name(function, unicode))
        }
        ExprKind::Call(function, arguments) => call(name(function, unicode), arguments),
        ExprKind::Sum {
            index,
            from,
            to,
            body,
        } => Spelled::atom(format!("sum({}, ", name(index, unicode)))
            .list(&[*from, *to, *body])
            .word(")"),
        ExprKind::Apply(operation, arguments) if arguments.len() == operation.arity() => {
            apply(expr, *operation, arguments, unicode)
        }
        ExprKind::Apply(operation, arguments) => call(operation.name().to_owned(), arguments),
    }
}

fn call(name: String, arguments: &[ExprId]) -> Spelled {
    Spelled::atom(name).word("(").list(arguments).word(")")
}

fn number(value: &Rational, unicode: bool) -> Spelled {
    let minus = if unicode { "−" } else { "-" };
    let (text, level) = match figures(&value.abs()) {
        Figures::Plain(text) => (text, Level::Atom),
        Figures::Scientific(mantissa, exponent) => (format!("{mantissa}e{exponent}"), Level::Atom),
        Figures::Quotient(above, below) => (format!("{above}/{below}"), Level::Product),
    };
    if value.is_negative() {
        Spelled::new(level.min(Level::Sign))
            .word(minus)
            .word(text)
            .signed()
    } else {
        Spelled::new(level).word(text)
    }
}

/// A name with its Greek letter and its lowered figures, where it has them.
fn name(name: &str, unicode: bool) -> String {
    if !unicode {
        return name.to_owned();
    }
    let (base, index) = name.split_once('_').unwrap_or((name, ""));
    let letters = base.trim_end_matches(|c: char| c.is_ascii_digit());
    let figures = &base[letters.len()..];
    let base = match greek_letter(letters) {
        Some(letter) => format!("{letter}{figures}"),
        None => base.to_owned(),
    };
    let lowered: Option<String> = index.chars().map(lower).collect();
    match lowered {
        _ if index.is_empty() => base,
        Some(lowered) => base + &lowered,
        None => format!("{base}_{index}"),
    }
}

fn apply(expr: &Expr, operation: Operation, arguments: &[ExprId], unicode: bool) -> Spelled {
    let first = arguments[0];
    let sign = |text: &'static str, mathematical: &'static str| {
        if unicode { mathematical } else { text }
    };
    let infix = |level: Level, sign: &'static str, left: Level, right: Level| {
        Spelled::new(level)
            .node(Place::new(first, left))
            .word(sign)
            .node(Place::new(arguments[1], right).unsigned())
    };
    let compare = |sign: &'static str| infix(Level::Compare, sign, Level::Sum, Level::Sum);
    match operation {
        Operation::Add => infix(Level::Sum, " + ", Level::Sum, Level::Product),
        Operation::Sub => infix(Level::Sum, sign(" - ", " − "), Level::Sum, Level::Product),
        Operation::Mul if unicode && is_coefficient(expr, first, arguments[1]) => {
            infix(Level::Product, "", Level::Product, Level::Function)
        }
        Operation::Mul => infix(
            Level::Product,
            sign("*", "·"),
            Level::Product,
            Level::Function,
        ),
        Operation::Div => infix(Level::Product, "/", Level::Product, Level::Function),
        Operation::Neg => Spelled::new(Level::Sign)
            .word(sign("-", "−"))
            .node(Place::new(first, Level::Radical).unsigned())
            .signed(),
        Operation::Pow => power(expr, first, arguments[1], unicode),
        Operation::Less => compare(" < "),
        Operation::LessEqual => compare(sign(" <= ", " ≤ ")),
        Operation::Greater => compare(" > "),
        Operation::GreaterEqual => compare(sign(" >= ", " ≥ ")),
        Operation::Equal => compare(sign(" == ", " = ")),
        Operation::NotEqual => compare(sign(" != ", " ≠ ")),
        Operation::And => infix(Level::And, sign(" and ", " ∧ "), Level::And, Level::Not),
        Operation::Or => infix(Level::Or, sign(" or ", " ∨ "), Level::Or, Level::And),
        Operation::Not => Spelled::new(Level::Not)
            .word(sign("not ", "¬"))
            .node(Place::new(first, Level::Not)),
        Operation::Factorial => Spelled::new(Level::Postfix)
            .node(Place::new(first, Level::Atom))
            .word("!"),
        Operation::Abs if unicode => Spelled::atom("|").inside(first).word("|"),
        Operation::Sqrt if unicode => radical("√", expr, first),
        Operation::Cbrt if unicode => radical("∛", expr, first),
        Operation::Choose => piecewise(expr, arguments),
        _ if operation.is_folded() => call(
            operation.name().to_owned(),
            &unfolded(expr, operation, arguments),
        ),
        _ => call(operation.name().to_owned(), arguments),
    }
}

/// Whether the factors can stand side by side, as in `2x²`. A name that begins with e would be taken for
/// an exponent.
fn is_coefficient(expr: &Expr, left: ExprId, right: ExprId) -> bool {
    let base = match applied(expr, right) {
        Some((Operation::Pow, &[base, _])) => base,
        _ => right,
    };
    let is_letter = match expr.kind(base) {
        ExprKind::Name(name) => !name.starts_with(['e', 'E']),
        ExprKind::Constant(constant) => *constant == Constant::Pi,
        _ => false,
    };
    matches!(expr.kind(left), ExprKind::Number(value) if !value.is_negative())
        && matches!(number_level(expr, left), Level::Atom)
        && is_letter
}

fn number_level(expr: &Expr, id: ExprId) -> Level {
    match expr.kind(id) {
        ExprKind::Number(value) => number(value, true).level,
        _ => Level::Otherwise,
    }
}

fn power(expr: &Expr, base: ExprId, exponent: ExprId, unicode: bool) -> Spelled {
    let spelled = Spelled::new(Level::Power).node(Place::new(base, Level::Postfix));
    match raised(expr, exponent).filter(|_| unicode) {
        Some(raised) => spelled.word(raised),
        None => spelled.word("^").node(Place::new(exponent, Level::Sign)),
    }
}

/// A short exponent in raised figures.
fn raised(expr: &Expr, exponent: ExprId) -> Option<String> {
    let plain = match expr.kind(exponent) {
        ExprKind::Number(value) if value.is_integer() => value.to_string(),
        ExprKind::Name(name) if matches!(&**name, "n" | "i") => name.to_string(),
        ExprKind::Apply(Operation::Neg, parts) => match expr.kind(*parts.first()?) {
            ExprKind::Number(value) if value.is_integer() && !value.is_negative() => {
                format!("-{value}")
            }
            _ => return None,
        },
        _ => return None,
    };
    if plain.len() > 6 {
        return None;
    }
    plain.chars().map(raise).collect()
}

/// The radical sign takes one symbol, or brackets.
fn radical(sign: &'static str, expr: &Expr, radicand: ExprId) -> Spelled {
    let spelled = Spelled::new(Level::Radical).word(sign);
    match expr.kind(radicand) {
        ExprKind::Name(_) | ExprKind::Constant(_) => {
            spelled.node(Place::new(radicand, Level::Atom))
        }
        ExprKind::Number(value) if value.is_integer() && !value.is_negative() => {
            spelled.node(Place::new(radicand, Level::Atom))
        }
        _ => spelled.word("(").inside(radicand).word(")"),
    }
}

fn piecewise(expr: &Expr, arguments: &[ExprId]) -> Spelled {
    let (pairs, otherwise) = cases(expr, arguments);
    let mut ids: Vec<ExprId> = pairs
        .into_iter()
        .flat_map(|(condition, value)| [condition, value])
        .collect();
    ids.push(otherwise);
    call("piecewise".to_owned(), &ids)
}
