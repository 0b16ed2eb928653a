//! Places that people read in two ways. Each is read in the one way that the grammar documents, and the
//! other is told beside it, both spelled out with brackets.

use super::lexer::{Kind, Token};
use super::parser::Parser;
use super::pending::{Form, Head, Level, Operand, Pending};
use super::print;
use crate::elementary::Operation;
use crate::error::Span;
use crate::expr::{ExprId, ExprKind};

/// What was finished just before an operator, and could have reached further.
#[derive(Clone, Copy, Debug)]
pub(super) enum Finished {
    Quotient(ExprId, ExprId),
    Power(ExprId, ExprId),
    Radical(ExprId),
    /// A function, with its argument without brackets.
    Function(ExprId),
    Other,
}

/// Why the value after an operator may belong elsewhere.
#[derive(Clone, Debug)]
pub(super) enum Doubt {
    /// `a/b c`
    Quotient(ExprId, ExprId),
    /// `a^bc`
    Exponent(ExprId, ExprId),
    /// `√a b`
    Radical(ExprId),
    /// `√a^b`
    RadicalPower,
    /// `f a/b`, `f a*b`
    Argument(Head, ExprId),
    /// `f a b`
    Inside,
    /// `a 2`
    Figure(ExprId),
    /// `2\frac{1}{2}`, which might be a mixed number.
    Mixed,
    /// `50% x`, where the sign, which ends here, stands with the number before it.
    Percent(usize),
}

impl Parser<'_> {
    /// A part of the formula for a message, in brackets where it binds more loosely than `level`.
    pub(super) fn show(&self, id: ExprId, level: Level) -> String {
        print::excerpt_at(&self.expr, id, level)
    }

    /// What is doubtful where the token at hand stands beside `left` without a sign between them.
    pub(super) fn doubt_beside(
        &self,
        left: Operand,
        finished: Finished,
        next: Token<'_>,
    ) -> Option<Doubt> {
        let is_function = next.kind == Kind::Name && self.is_function(next);
        let is_stuck = !next.gap && !is_function;
        if left.form == Form::Literal && next.kind == Kind::Group && next.text == "\\frac" {
            return Some(Doubt::Mixed);
        }
        match finished {
            Finished::Quotient(above, below) => return Some(Doubt::Quotient(above, below)),
            Finished::Power(base, exponent)
                if is_stuck && matches!(next.kind, Kind::Number | Kind::Name) =>
            {
                return Some(Doubt::Exponent(base, exponent));
            }
            Finished::Radical(radicand) if is_stuck => return Some(Doubt::Radical(radicand)),
            _ => {}
        }
        (next.kind == Kind::Number && left.form != Form::Literal).then_some(Doubt::Figure(left.id))
    }

    /// Whether a doubt stands, now that the right side is known: only a proper fraction makes a mixed number, and only a gap behind it a percent sign.
    pub(super) fn is_doubtful(&self, doubt: &Doubt, right: Operand) -> bool {
        match doubt {
            Doubt::Mixed => {}
            Doubt::Percent(end) => return right.span.start > *end,
            _ => return true,
        }
        let ExprKind::Apply(Operation::Div, parts) = self.expr.kind(right.id) else {
            return false;
        };
        parts.iter().all(
            |part| matches!(self.expr.kind(*part), ExprKind::Number(value) if value.is_integer()),
        )
    }

    /// Tells a doubt, now that both sides of the operator are known.
    pub(super) fn tell_doubt(
        &mut self,
        doubt: &Doubt,
        operation: Operation,
        left: Operand,
        right: Operand,
    ) {
        let span = left.span.to(right.span);
        self.tell(span, |parser| {
            parser.spell_doubt(doubt, operation, left, right)
        });
    }

    /// Both readings of a doubtful place.
    fn spell_doubt(
        &self,
        doubt: &Doubt,
        operation: Operation,
        left: Operand,
        right: Operand,
    ) -> (String, String) {
        use Level::{Argument, Atom, Postfix, Power, Product, Sign};
        let factor = self.show(right.id, Sign);
        let inside = self.show(right.id, Argument);
        match doubt {
            Doubt::Quotient(above, below) => {
                let (above, below) = (self.show(*above, Product), self.show(*below, Sign));
                (
                    format!("({above}/{below})*{factor}"),
                    format!("{above}/({below}*{factor})"),
                )
            }
            Doubt::Exponent(base, exponent) => {
                let (base, exponent) = (self.show(*base, Postfix), self.show(*exponent, Power));
                (
                    format!("{base}^{exponent}*{factor}"),
                    format!("{base}^({exponent}*{factor})"),
                )
            }
            Doubt::Radical(radicand) => {
                let whole = self.show(*radicand, Level::Otherwise);
                let part = self.show(*radicand, Sign);
                (
                    format!("sqrt({whole})*{factor}"),
                    format!("sqrt({part}*{factor})"),
                )
            }
            Doubt::RadicalPower => {
                let base = self.show(left.id, Postfix);
                let exponent = self.show(right.id, Power);
                (
                    format!("sqrt({base}^{exponent})"),
                    format!("sqrt({base})^{exponent}"),
                )
            }
            Doubt::Argument(head, argument) => {
                let name = self.head_name(head);
                let whole = self.show(*argument, Level::Otherwise);
                let part = self.show(*argument, Product);
                let sign = if operation == Operation::Div {
                    '/'
                } else {
                    '*'
                };
                (
                    format!("{name}({whole}){sign}{factor}"),
                    format!("{name}({part}{sign}{factor})"),
                )
            }
            Doubt::Inside => {
                let name = match self.pending.last() {
                    Some(Pending::Function(head)) => self.head_name(head),
                    _ => String::new(),
                };
                let whole = self.show(left.id, Level::Otherwise);
                let part = self.show(left.id, Product);
                (
                    format!("{name}({part}*{inside})"),
                    format!("{name}({whole})*{factor}"),
                )
            }
            Doubt::Mixed => {
                let whole = self.show(left.id, Product);
                (
                    format!("{whole}*{factor}"),
                    format!("{whole} + {}", self.show(right.id, Product)),
                )
            }
            Doubt::Percent(_) => {
                let [whole, part] = [left.id, right.id].map(|id| self.show(id, Level::Otherwise));
                (
                    format!("mod({whole}, {part})"),
                    format!("{whole}/100*{factor}"),
                )
            }
            Doubt::Figure(beside) => {
                let (factor_before, base) = (self.show(*beside, Product), self.show(*beside, Atom));
                (
                    format!("{factor_before}*{factor}"),
                    format!("{base}^{factor}"),
                )
            }
        }
    }

    /// A function with its power, as it stands before a bracket.
    fn head_name(&self, head: &Head) -> String {
        match head.power {
            Some(power) => format!("{}^{}", head.target.name(), self.show(power, Level::Atom)),
            None => head.target.name(),
        }
    }

    /// `x(x + 1)` is a product as long as no function x is defined.
    pub(super) fn tell_product(&mut self, factor: Operand, inside: ExprId, span: Span) {
        self.tell(span, |parser| {
            let name = parser.show(factor.id, Level::Atom);
            let taken = parser.show(inside, Level::Sign);
            let other = parser.show(inside, Level::Otherwise);
            (format!("{name}*{taken}"), format!("{name}({other})"))
        });
    }

    /// `|a|b|c|` may pair its bars from without.
    pub(super) fn tell_bars(&mut self, product: ExprId, last: ExprId, span: Span) {
        let ExprKind::Apply(Operation::Mul, factors) = self.expr.kind(product) else {
            return;
        };
        let (first, middle) = (factors[0], factors[1]);
        let ExprKind::Apply(Operation::Abs, inside) = self.expr.kind(first) else {
            return;
        };
        let inside = inside[0];
        self.tell(span, |parser| {
            let first = parser.show(inside, Level::Otherwise);
            let middle = parser.show(middle, Level::Sign);
            let last = parser.show(last, Level::Otherwise);
            (
                format!("|{first}|*{middle}*|{last}|"),
                format!("|{first}*|{middle}|*{last}|"),
            )
        });
    }

    /// A single `=` that defines nothing.
    pub(super) fn tell_equation(&mut self, left: Operand, right: Operand) {
        self.tell(left.span.to(right.span), |parser| {
            let above = parser.show(left.id, Level::Sum);
            let below = parser.show(right.id, Level::Sum);
            let difference = parser.show(right.id, Level::Product);
            (
                format!("{above} == {below}"),
                format!("{above} - {difference}"),
            )
        });
    }
}
