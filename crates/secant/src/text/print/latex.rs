//! LaTeX as textbooks set it: fractions, raised exponents, functions without brackets where one symbol
//! follows them.

use super::number::{Figures, figures};
use super::shared::{
    applied, base_and_index, cases, first_factor, is_number, is_word, last_factor, makes_one_word,
    numerator, raised_function, unfolded,
};
use super::{Place, Spelled};
use crate::elementary::Operation;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::number::Constant;
use crate::number::Rational;
use crate::text::characters::greek_letter;
use crate::text::pending::Level;
use crate::text::words::{is_lettered, is_symbol};

pub(super) fn spell(expr: &Expr, place: Place) -> Spelled {
    match expr.kind(place.id) {
        ExprKind::Number(value) => number(value),
        ExprKind::Constant(Constant::Pi) => Spelled::atom("\\pi"),
        ExprKind::Constant(Constant::E) => Spelled::atom("e"),
        ExprKind::Name(spelled) => Spelled::atom(name(spelled)),
        ExprKind::Call(function, arguments) if arguments.is_empty() => {
            Spelled::atom(name(function))
        }
        ExprKind::Call(function, arguments) => call(name(function), arguments),
        ExprKind::Sum {
            index,
            from,
            to,
            body,
        } => Spelled::new(Level::Sum)
            .word(format!("\\sum_{{{} = ", name(index)))
            .inside(*from)
            .word("}^{")
            .inside(*to)
            .word("} ")
            .node(Place::new(*body, Level::Product)),
        ExprKind::Apply(operation, arguments) if arguments.len() == operation.arity() => {
            apply(expr, *operation, arguments, place)
        }
        ExprKind::Apply(operation, arguments) => call(operation.latex().to_owned(), arguments),
    }
}

fn call(name: String, arguments: &[ExprId]) -> Spelled {
    Spelled::atom(name)
        .word("\\left(")
        .list(arguments)
        .word("\\right)")
}

fn number(value: &Rational) -> Spelled {
    let (text, level) = match figures(&value.abs()) {
        Figures::Plain(text) => (text, Level::Atom),
        Figures::Scientific(mantissa, exponent) => (
            format!("{mantissa} \\cdot 10^{{{exponent}}}"),
            Level::Product,
        ),
        Figures::Quotient(above, below) => (format!("\\frac{{{above}}}{{{below}}}"), Level::Power),
    };
    if value.is_negative() {
        Spelled::new(level.min(Level::Sign))
            .word("-")
            .word(text)
            .signed()
    } else {
        Spelled::new(level).word(text)
    }
}

/// A name with its index below: `k_B` as `k_{B}`, `alpha` as `\alpha`, `rate` upright.
fn name(name: &str) -> String {
    let (base, index) = base_and_index(name);
    if index.is_empty() {
        word(base)
    } else {
        format!("{}_{{{}}}", word(base), word(index))
    }
}

/// Letters in italics one by one, in upright type together.
fn word(letters: &str) -> String {
    let first = letters.chars().next();
    if let Some(letter) = greek_letter(letters) {
        return match letter {
            'ο' => "o".to_owned(),
            _ => format!("\\{letters}"),
        };
    }
    match first {
        Some(delta @ ('Δ' | 'δ')) => {
            let command = if delta == 'Δ' {
                "\\Delta "
            } else {
                "\\delta "
            };
            letters.replacen(delta, command, 1)
        }
        _ if letters.chars().count() <= 1 || letters.bytes().all(|b| b.is_ascii_digit()) => {
            letters.to_owned()
        }
        _ => format!("\\mathrm{{{}}}", letters.replace('_', "\\_")),
    }
}

fn apply(expr: &Expr, operation: Operation, arguments: &[ExprId], place: Place) -> Spelled {
    let first = arguments[0];
    let infix = |level: Level, sign: &'static str, left: Level, right: Level| {
        Spelled::new(level)
            .node(Place::new(first, left))
            .word(sign)
            .node(Place::new(arguments[1], right).unsigned())
    };
    let compare = |sign: &'static str| infix(Level::Compare, sign, Level::Sum, Level::Sum);
    let between =
        |open: &'static str, close: &'static str| Spelled::atom(open).inside(first).word(close);
    match operation {
        Operation::Add => infix(Level::Sum, " + ", Level::Sum, Level::Product),
        Operation::Sub => infix(Level::Sum, " - ", Level::Sum, Level::Product),
        Operation::Mul => product(expr, first, arguments[1], place),
        Operation::Div => fraction(expr, first, arguments[1]),
        Operation::Neg => Spelled::new(Level::Sign)
            .word("-")
            .node(
                Place::new(first, Level::Radical)
                    .unsigned()
                    .followed(place.is_followed),
            )
            .signed(),
        Operation::Pow => power(expr, first, arguments[1], place),
        Operation::Exp => Spelled::new(Level::Power)
            .word("e^{")
            .inside(first)
            .word("}"),
        Operation::Sqrt => between("\\sqrt{", "}"),
        Operation::Cbrt => between("\\sqrt[3]{", "}"),
        Operation::Root => Spelled::atom("\\sqrt[")
            .inside(arguments[1])
            .word("]{")
            .inside(first)
            .word("}"),
        Operation::Abs => between("\\left|", "\\right|"),
        Operation::Floor => between("\\left\\lfloor ", "\\right\\rfloor "),
        Operation::Ceil => between("\\left\\lceil ", "\\right\\rceil "),
        Operation::Factorial => Spelled::new(Level::Postfix)
            .node(Place::new(first, Level::Atom))
            .word("!"),
        Operation::Less => compare(" < "),
        Operation::LessEqual => compare(" \\le "),
        Operation::Greater => compare(" > "),
        Operation::GreaterEqual => compare(" \\ge "),
        Operation::Equal => compare(" = "),
        Operation::NotEqual => compare(" \\ne "),
        Operation::And => infix(Level::And, " \\land ", Level::And, Level::Not),
        Operation::Or => infix(Level::Or, " \\lor ", Level::Or, Level::And),
        Operation::Not => Spelled::new(Level::Not)
            .word("\\lnot ")
            .node(Place::new(first, Level::Not)),
        Operation::Choose => choice(expr, arguments),
        _ if operation.is_folded() => call(
            operation.latex().to_owned(),
            &unfolded(expr, operation, arguments),
        ),
        _ if arguments.len() == 1 => function(expr, operation, None, first, place),
        _ => call(operation.latex().to_owned(), arguments),
    }
}

/// A fraction; the sign of what stands above belongs in front of the bar.
fn fraction(expr: &Expr, above: ExprId, below: ExprId) -> Spelled {
    let over = |spelled: Spelled, above: ExprId| {
        spelled
            .word("\\frac{")
            .inside(above)
            .word("}{")
            .inside(below)
            .word("}")
    };
    match numerator(expr, above) {
        (true, positive) => over(Spelled::new(Level::Sign).word("-"), positive).signed(),
        (false, above) => over(Spelled::new(Level::Power), above),
    }
}

/// Conditions and values one below the other.
fn choice(expr: &Expr, arguments: &[ExprId]) -> Spelled {
    let (pairs, otherwise) = cases(expr, arguments);
    let mut spelled = Spelled::new(Level::Otherwise).word("\\begin{cases} ");
    for (condition, value) in pairs {
        spelled = spelled
            .inside(value)
            .word(" & \\text{if } ")
            .inside(condition)
            .word(" \\\\ ");
    }
    spelled
        .inside(otherwise)
        .word(" & \\text{otherwise} \\end{cases}")
}

/// A function of one argument, which needs no brackets where it is short and nothing follows it.
fn function(
    expr: &Expr,
    operation: Operation,
    power: Option<ExprId>,
    argument: ExprId,
    place: Place,
) -> Spelled {
    let mut spelled = Spelled::new(Level::Power).word(operation.latex());
    if let Some(power) = power {
        spelled = spelled.word("^{").inside(power).word("}");
    }
    if is_named(operation) && is_short(expr, argument) && !place.is_followed {
        spelled.word(" ").node(Place::new(argument, Level::Product))
    } else {
        spelled.word("\\left(").inside(argument).word("\\right)")
    }
}

/// A symbol, or a number before one.
fn is_short(expr: &Expr, id: ExprId) -> bool {
    let is_symbol = |id: ExprId| matches!(expr.kind(id), ExprKind::Name(_) | ExprKind::Constant(_));
    let is_figure = |id: ExprId| match expr.kind(id) {
        ExprKind::Number(value) => {
            value.is_integer()
                && !value.is_negative()
                && matches!(figures(value), Figures::Plain(_))
        }
        _ => false,
    };
    match applied(expr, id) {
        Some((Operation::Mul, &[first, second])) => is_figure(first) && is_symbol(second),
        _ => is_symbol(id) || is_figure(id),
    }
}

fn power(expr: &Expr, base: ExprId, exponent: ExprId, place: Place) -> Spelled {
    if let Some((operation, argument)) = raised_function(expr, base, exponent)
        && is_named(operation)
    {
        return function(expr, operation, Some(exponent), argument, place);
    }
    Spelled::new(Level::Power)
        .node(Place::new(base, Level::Postfix))
        .word("^{")
        .inside(exponent)
        .word("}")
}

/// Whether the function is set as a word before its argument. One that is a letter, such as Γ, needs its brackets.
fn is_named(operation: Operation) -> bool {
    is_word(operation) && !is_lettered(operation.name())
}

/// Factors side by side, with a dot where figures would run together.
fn product(expr: &Expr, left: ExprId, right: ExprId, place: Place) -> Spelled {
    let next = first_factor(expr, right);
    let meets_function = matches!(expr.kind(next),
        ExprKind::Apply(operation, parts) if parts.len() == 1 && is_named(*operation));
    let sign = match expr.kind(next) {
        ExprKind::Number(_) => " \\cdot ",
        _ if runs_together(expr, last_factor(expr, left), right) => " \\cdot ",
        _ if makes_one_word(expr, left, right) => " \\cdot ",
        ExprKind::Apply(Operation::Mod, _) => " \\cdot ",
        ExprKind::Apply(Operation::Add | Operation::Sub, _) => " ",
        ExprKind::Apply(Operation::Div, _) if is_number(expr, left) => " \\cdot ",
        _ if is_number(expr, left) && !meets_function => "",
        _ => " ",
    };
    Spelled::new(Level::Product)
        .node(Place::new(left, Level::Product).followed(!meets_function))
        .word(sign)
        .node(
            Place::new(right, Level::Function)
                .unsigned()
                .followed(place.is_followed),
        )
}

/// Whether two factors side by side would read as something else: a word before a bracket as a call, Δ
/// before a letter as one name.
fn runs_together(expr: &Expr, left: ExprId, right: ExprId) -> bool {
    let (ExprKind::Name(left) | ExprKind::Call(left, _)) = expr.kind(left) else {
        return false;
    };
    let is_letter = |id: ExprId| match expr.kind(id) {
        ExprKind::Name(name) => greek_letter(name).is_none(),
        ExprKind::Constant(constant) => *constant == Constant::E,
        ExprKind::Call(..) => true,
        ExprKind::Apply(operation, _) => *operation == Operation::Exp,
        _ => false,
    };
    if matches!(&**left, "Delta" | "delta") {
        return is_letter(first_factor(expr, right));
    }
    !is_symbol(left) && matches!(expr.kind(right), ExprKind::Apply(..) | ExprKind::Number(_))
}
