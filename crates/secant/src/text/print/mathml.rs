//! MathML as browsers set it by themselves: the elements of MathML Core, each with as many children as it asks for.
//! Where brackets stand is decided as for LaTeX; what a word means (a number, a name, a sign) is told by its element.

use super::number::{Figures, figures};
use super::plain::unfolded;
use super::{Place, Spelled, cases};
use crate::elementary::Operation;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::number::{Constant, Rational};
use crate::text::characters::greek_letter;
use crate::text::pending::Level;

/// The minus sign, which is longer than a hyphen.
const MINUS: &str = "<mo>−</mo>";
/// Factors side by side: nothing is seen, but a reader aloud says "times".
const TIMES: &str = "<mo>&#x2062;</mo>";
/// A function and its argument.
const OF: &str = "<mo>&#x2061;</mo>";

pub(super) fn spell(expr: &Expr, place: Place) -> Spelled {
    match expr.kind(place.id) {
        ExprKind::Number(value) => number(value),
        ExprKind::Constant(Constant::Pi) => Spelled::atom("<mi>π</mi>"),
        ExprKind::Constant(Constant::E) => Spelled::atom("<mi>e</mi>"),
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
            .word(format!(
                "<munderover><mo>∑</mo><mrow>{}<mo>=</mo>",
                name(index)
            ))
            .inside(*from)
            .word("</mrow><mrow>")
            .inside(*to)
            .word("</mrow></munderover>")
            .node(Place::new(*body, Level::Product)),
        ExprKind::Apply(operation, arguments) if arguments.len() == operation.arity() => {
            apply(expr, *operation, arguments)
        }
        ExprKind::Apply(operation, arguments) => call(upright(operation.name()), arguments),
    }
}

fn call(name: String, arguments: &[ExprId]) -> Spelled {
    let mut spelled = Spelled::atom(name).word(OF).word("<mrow><mo>(</mo>");
    for (position, id) in arguments.iter().enumerate() {
        if position > 0 {
            spelled = spelled.word("<mo>,</mo>");
        }
        spelled = spelled.inside(*id);
    }
    spelled.word("<mo>)</mo></mrow>")
}

fn number(value: &Rational) -> Spelled {
    let (text, level) = match figures(&value.abs()) {
        Figures::Plain(text) => (format!("<mn>{text}</mn>"), Level::Atom),
        Figures::Scientific(mantissa, exponent) => (
            format!(
                "<mn>{mantissa}</mn><mo>·</mo><msup><mn>10</mn><mn>{}</mn></msup>",
                exponent.to_string().replace('-', "−")
            ),
            Level::Product,
        ),
        Figures::Quotient(above, below) => (
            format!("<mfrac><mn>{above}</mn><mn>{below}</mn></mfrac>"),
            Level::Power,
        ),
    };
    if value.is_negative() {
        Spelled::new(level.min(Level::Sign))
            .word(MINUS)
            .word(text)
            .signed()
    } else {
        Spelled::new(level).word(text)
    }
}

/// A name with its index below. One letter is set in italics by the element itself.
fn name(name: &str) -> String {
    let (base, index) = name.split_once('_').unwrap_or((name, ""));
    let letters = base.trim_end_matches(|c: char| c.is_ascii_digit());
    let (base, index) = match (index, letters.len()) {
        ("", length) if length > 0 => (letters, &base[length..]),
        _ => (base, index),
    };
    if index.is_empty() {
        word(base)
    } else {
        format!("<msub>{}{}</msub>", word(base), word(index))
    }
}

fn word(letters: &str) -> String {
    let element = if letters.bytes().all(|byte| byte.is_ascii_digit()) {
        "mn"
    } else {
        "mi"
    };
    let letters = greek_letter(letters).map_or_else(|| letters.to_owned(), String::from);
    format!("<{element}>{}</{element}>", escaped(&letters))
}

/// A function's name, which is set upright even where it is one letter.
fn upright(name: &str) -> String {
    format!("<mi mathvariant=\"normal\">{}</mi>", escaped(name))
}

/// Text that means no element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn apply(expr: &Expr, operation: Operation, arguments: &[ExprId]) -> Spelled {
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
    match operation.name() {
        "add" => infix(Level::Sum, "<mo>+</mo>", Level::Sum, Level::Product),
        "sub" => infix(Level::Sum, MINUS, Level::Sum, Level::Product),
        "mul" => product(expr, first, arguments[1]),
        "div" => fraction(expr, first, arguments[1]),
        "neg" => Spelled::new(Level::Sign)
            .word(MINUS)
            .node(Place::new(first, Level::Radical).unsigned())
            .signed(),
        "pow" => power(expr, first, arguments[1]),
        "exp" => Spelled::new(Level::Power)
            .word("<msup><mi>e</mi><mrow>")
            .inside(first)
            .word("</mrow></msup>"),
        "sqrt" => between("<msqrt>", "</msqrt>"),
        "cbrt" => between("<mroot><mrow>", "</mrow><mn>3</mn></mroot>"),
        "root" => between("<mroot><mrow>", "</mrow><mrow>")
            .inside(arguments[1])
            .word("</mrow></mroot>"),
        "abs" => between("<mrow><mo>|</mo>", "<mo>|</mo></mrow>"),
        "floor" => between("<mrow><mo>⌊</mo>", "<mo>⌋</mo></mrow>"),
        "ceil" => between("<mrow><mo>⌈</mo>", "<mo>⌉</mo></mrow>"),
        "factorial" => Spelled::new(Level::Postfix)
            .node(Place::new(first, Level::Atom))
            .word("<mo>!</mo>"),
        "less" => compare("<mo>&lt;</mo>"),
        "less_equal" => compare("<mo>≤</mo>"),
        "greater" => compare("<mo>&gt;</mo>"),
        "greater_equal" => compare("<mo>≥</mo>"),
        "equal" => compare("<mo>=</mo>"),
        "not_equal" => compare("<mo>≠</mo>"),
        "and" => infix(Level::And, "<mo>∧</mo>", Level::And, Level::Not),
        "or" => infix(Level::Or, "<mo>∨</mo>", Level::Or, Level::And),
        "not" => Spelled::new(Level::Not)
            .word("<mo>¬</mo>")
            .node(Place::new(first, Level::Not)),
        "choose" => choice(expr, arguments),
        "min" | "max" => call(
            upright(operation.name()),
            &unfolded(expr, operation, arguments),
        ),
        _ if arguments.len() == 1 => function(operation, None, first),
        _ => call(upright(operation.name()), arguments),
    }
}

/// A fraction; the sign of what stands above belongs in front of the bar.
fn fraction(expr: &Expr, above: ExprId, below: ExprId) -> Spelled {
    let over = |spelled: Spelled, above: ExprId| {
        spelled
            .word("<mfrac><mrow>")
            .inside(above)
            .word("</mrow><mrow>")
            .inside(below)
            .word("</mrow></mfrac>")
    };
    match expr.kind(above) {
        ExprKind::Apply(Operation::Neg, positive) => {
            over(Spelled::new(Level::Sign).word(MINUS), positive[0]).signed()
        }
        _ => over(Spelled::new(Level::Power), above),
    }
}

/// Conditions and values one below the other.
fn choice(expr: &Expr, arguments: &[ExprId]) -> Spelled {
    let (pairs, otherwise) = cases(expr, arguments);
    let mut spelled =
        Spelled::new(Level::Otherwise).word("<mrow><mo>{</mo><mtable columnalign=\"left\">");
    for (condition, value) in pairs {
        spelled = spelled
            .word("<mtr><mtd>")
            .inside(value)
            .word("</mtd><mtd><mtext>if </mtext>")
            .inside(condition)
            .word("</mtd></mtr>");
    }
    spelled
        .word("<mtr><mtd>")
        .inside(otherwise)
        .word("</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable></mrow>")
}

/// A function of one argument, always with brackets: on a page, they are what a learner looks for.
fn function(operation: Operation, power: Option<ExprId>, argument: ExprId) -> Spelled {
    let name = upright(operation.name());
    let spelled = match power {
        Some(power) => Spelled::new(Level::Power)
            .word("<msup>")
            .word(name)
            .word("<mrow>")
            .inside(power)
            .word("</mrow></msup>"),
        None => Spelled::new(Level::Power).word(name),
    };
    spelled
        .word(OF)
        .word("<mrow><mo>(</mo>")
        .inside(argument)
        .word("<mo>)</mo></mrow>")
}

fn power(expr: &Expr, base: ExprId, exponent: ExprId) -> Spelled {
    let is_positive_integer = matches!(expr.kind(exponent),
        ExprKind::Number(value) if value.is_integer() && !value.is_negative());
    if let ExprKind::Apply(operation, parts) = expr.kind(base)
        && is_positive_integer
        && parts.len() == 1
        && operation.arity() == 1
        && is_named(*operation)
    {
        return function(*operation, Some(exponent), parts[0]);
    }
    Spelled::new(Level::Power)
        .word("<msup><mrow>")
        .node(Place::new(base, Level::Postfix))
        .word("</mrow><mrow>")
        .inside(exponent)
        .word("</mrow></msup>")
}

/// Whether the function is set as a word before its argument.
fn is_named(operation: Operation) -> bool {
    !matches!(
        operation.name(),
        "neg" | "not" | "exp" | "sqrt" | "cbrt" | "abs" | "floor" | "ceil" | "factorial"
    )
}

/// Factors side by side, with a dot where figures would run together.
fn product(expr: &Expr, left: ExprId, right: ExprId) -> Spelled {
    let begins_with_figure = matches!(expr.kind(first_factor(expr, right)), ExprKind::Number(_));
    let meets_fraction = matches!(expr.kind(right), ExprKind::Apply(Operation::Div, _))
        && matches!(expr.kind(left), ExprKind::Number(_));
    let sign = if begins_with_figure || meets_fraction {
        "<mo>·</mo>"
    } else {
        TIMES
    };
    Spelled::new(Level::Product)
        .node(Place::new(left, Level::Product))
        .word(sign)
        .node(Place::new(right, Level::Function).unsigned())
}

/// What a factor begins with.
fn first_factor(expr: &Expr, id: ExprId) -> ExprId {
    match expr.kind(id) {
        ExprKind::Apply(Operation::Pow, parts) if parts.len() == 2 => match expr.kind(parts[0]) {
            ExprKind::Apply(..) => id,
            _ => parts[0],
        },
        _ => id,
    }
}
