//! MathML as browsers set it by themselves: the elements of MathML Core, each with as many children as it asks for.
//! Where brackets stand is decided as for LaTeX; what a word means (a number, a name, a sign) is told by its element.

use super::number::{Figures, figures};
use super::shared::{
    applied, base_and_index, cases, first_factor, is_number, makes_one_word, numerator,
    raised_function, unfolded,
};
use super::{Place, Spelled};
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
    let (base, index) = base_and_index(name);
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
    match operation {
        Operation::Add => infix(Level::Sum, "<mo>+</mo>", Level::Sum, Level::Product),
        Operation::Sub => infix(Level::Sum, MINUS, Level::Sum, Level::Product),
        Operation::Mul => product(expr, first, arguments[1]),
        Operation::Div => fraction(expr, first, arguments[1]),
        Operation::Neg => Spelled::new(Level::Sign)
            .word(MINUS)
            .node(Place::new(first, Level::Radical).unsigned())
            .signed(),
        Operation::Pow => power(expr, first, arguments[1]),
        Operation::Exp => Spelled::new(Level::Power)
            .word("<msup><mi>e</mi><mrow>")
            .inside(first)
            .word("</mrow></msup>"),
        Operation::Sqrt => between("<msqrt>", "</msqrt>"),
        Operation::Cbrt => between("<mroot><mrow>", "</mrow><mn>3</mn></mroot>"),
        Operation::Root => between("<mroot><mrow>", "</mrow><mrow>")
            .inside(arguments[1])
            .word("</mrow></mroot>"),
        Operation::Abs => between("<mrow><mo>|</mo>", "<mo>|</mo></mrow>"),
        Operation::Floor => between("<mrow><mo>⌊</mo>", "<mo>⌋</mo></mrow>"),
        Operation::Ceil => between("<mrow><mo>⌈</mo>", "<mo>⌉</mo></mrow>"),
        Operation::Factorial => Spelled::new(Level::Postfix)
            .node(Place::new(first, Level::Atom))
            .word("<mo>!</mo>"),
        Operation::Less => compare("<mo>&lt;</mo>"),
        Operation::LessEqual => compare("<mo>≤</mo>"),
        Operation::Greater => compare("<mo>&gt;</mo>"),
        Operation::GreaterEqual => compare("<mo>≥</mo>"),
        Operation::Equal => compare("<mo>=</mo>"),
        Operation::NotEqual => compare("<mo>≠</mo>"),
        Operation::And => infix(Level::And, "<mo>∧</mo>", Level::And, Level::Not),
        Operation::Or => infix(Level::Or, "<mo>∨</mo>", Level::Or, Level::And),
        Operation::Not => Spelled::new(Level::Not)
            .word("<mo>¬</mo>")
            .node(Place::new(first, Level::Not)),
        Operation::Choose => choice(expr, arguments),
        _ if operation.is_folded() => call(
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
    match numerator(expr, above) {
        (true, positive) => over(Spelled::new(Level::Sign).word(MINUS), positive).signed(),
        (false, above) => over(Spelled::new(Level::Power), above),
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
    if let Some((operation, argument)) = raised_function(expr, base, exponent) {
        return function(operation, Some(exponent), argument);
    }
    Spelled::new(Level::Power)
        .word("<msup><mrow>")
        .node(Place::new(base, Level::Postfix))
        .word("</mrow><mrow>")
        .inside(exponent)
        .word("</mrow></msup>")
}

/// Factors side by side, with a dot where figures or words would run together.
fn product(expr: &Expr, left: ExprId, right: ExprId) -> Spelled {
    let begins_with_figure = is_number(expr, first_factor(expr, right));
    let meets_fraction =
        matches!(applied(expr, right), Some((Operation::Div, _))) && is_number(expr, left);
    let sign = if begins_with_figure || meets_fraction || makes_one_word(expr, left, right) {
        "<mo>·</mo>"
    } else {
        TIMES
    };
    Spelled::new(Level::Product)
        .node(Place::new(left, Level::Product))
        .word(sign)
        .node(Place::new(right, Level::Function).unsigned())
}
