//! What may stand after a value: signs, a closing bracket, a comma, or another value beside it. Operators
//! wait until something looser follows (shunting-yard: Dijkstra 1961, "Algol 60 translation").

use super::doubt::{Doubt, Finished};
use super::lexer::Kind;
use super::parser::{Parser, State};
use super::pending::{Form, Head, Level, Operand, Pending, Room};
use crate::elementary::Operation;
use crate::error::{Error, ErrorKind, Span};
use crate::expr::ExprKind;

impl Parser<'_> {
    pub(super) fn operator(&mut self) -> Result<State, Error> {
        let token = self.token;
        match token.kind {
            Kind::Line if !self.opens.is_empty() => {
                self.advance()?;
                Ok(State::Operator)
            }
            Kind::Line | Kind::Semicolon | Kind::End => Ok(State::Done),
            Kind::Plus => self.infix(Operation::Add, Level::Sum),
            Kind::Minus => self.infix(Operation::Sub, Level::Sum),
            Kind::Times => self.infix(Operation::Mul, Level::Product),
            Kind::Over => self.infix(Operation::Div, Level::Product),
            Kind::Remainder => self.infix(self.required("mod")?, Level::Product),
            Kind::Power => self.infix(Operation::Pow, Level::Power),
            Kind::And => self.infix(self.required("and")?, Level::And),
            Kind::Or => self.infix(self.required("or")?, Level::Or),
            Kind::Less => self.compare("less"),
            Kind::LessEqual => self.compare("less_equal"),
            Kind::Greater => self.compare("greater"),
            Kind::GreaterEqual => self.compare("greater_equal"),
            Kind::Equal | Kind::Same => self.compare("equal"),
            Kind::NotEqual => self.compare("not_equal"),
            Kind::Bang => self.factorial(),
            Kind::Raised => self.raise(),
            Kind::Name => self.word(),
            Kind::Bar if self.is_in_bars() => self.close_bars(),
            Kind::TwoBars if self.is_in_bars() => self.close_first_bar(),
            Kind::TwoBars => self.infix(self.required("or")?, Level::Or),
            Kind::Close(sign) => self.close(sign),
            Kind::Ungroup => self.close('}'),
            Kind::Comma => self.comma(),
            Kind::Number | Kind::Open(_) | Kind::Group | Kind::Bar | Kind::Radical(_) => {
                self.beside()
            }
            Kind::Not | Kind::Define => Err(self.missing_operator()),
        }
    }

    fn missing_operator(&self) -> Error {
        let (message, hint) = match self.token.kind {
            Kind::Define => (
                "a definition stands within a formula".to_owned(),
                "write name := formula on a line of its own".to_owned(),
            ),
            _ => (
                format!("no operator stands before `{}`", self.token.text),
                format!("write `and` or `*` before `{}`", self.token.text),
            ),
        };
        Error::new(ErrorKind::Syntax, message)
            .at(self.token.span)
            .hint(hint)
    }

    /// A word after a value: an operator, a part of `if`, or another factor.
    fn word(&mut self) -> Result<State, Error> {
        match self.token.text {
            "and" => self.infix(self.required("and")?, Level::And),
            "or" => self.infix(self.required("or")?, Level::Or),
            "mod" if !self.names.is_bound("mod") && !self.is_call_of_two() => {
                self.infix(self.required("mod")?, Level::Product)
            }
            "then" => self.then(),
            "else" => self.otherwise(),
            "if" | "not" => Err(self.missing_operator()),
            _ => self.beside(),
        }
    }

    /// Whether the word is called like a function, as in `2mod(x, 3)`: a bracket follows that holds a comma.
    fn is_call_of_two(&self) -> bool {
        /// An argument of more tokens is not looked through: brackets within brackets would each be read to the end.
        const FARTHEST: usize = 256;
        let mut ahead = self.lexer.clone();
        let mut depth = 0;
        for _ in 0..FARTHEST {
            match ahead.next().map(|token| token.kind) {
                Ok(Kind::Open(_)) => depth += 1,
                Ok(Kind::Close(_)) if depth > 1 => depth -= 1,
                Ok(Kind::Comma) if depth == 1 => return true,
                Ok(Kind::Comma | Kind::Close(_) | Kind::End) | Err(_) => return false,
                Ok(_) if depth == 0 => return false,
                Ok(_) => {}
            }
        }
        false
    }

    /// Finishes what holds its left side at least as tightly as `level`, and tells what was finished.
    fn settle(&mut self, level: Level) -> Result<Finished, Error> {
        let mut finished = Finished::Other;
        while self
            .pending
            .last()
            .and_then(Pending::level)
            .is_some_and(|waiting| waiting >= level)
        {
            finished = match (self.reduce()?, finished) {
                (Finished::Other, kept @ (Finished::Power(..) | Finished::Function(_))) => kept,
                (newer, _) => newer,
            };
        }
        Ok(finished)
    }

    /// Finishes everything back to the last open bracket.
    pub(super) fn settle_all(&mut self) -> Result<(), Error> {
        self.settle(Level::Otherwise).map(|_| ())
    }

    fn infix(&mut self, operation: Operation, level: Level) -> Result<State, Error> {
        let token = self.token;
        let doubt = if level == Level::Power {
            matches!(self.pending.last(), Some(Pending::Radical { order: 2, .. }))
                .then_some(Doubt::RadicalPower)
        } else {
            let head = self.doubtful_head(operation);
            let before = self.operands.last().map(|left| left.form);
            let is_stuck = token.kind == Kind::Remainder && !token.gap;
            match (self.settle(level)?, head) {
                _ if is_stuck && before == Some(Form::Literal) => {
                    Some(Doubt::Percent(token.span.end))
                }
                (Finished::Function(argument), Some(head)) => Some(Doubt::Argument(head, argument)),
                _ => None,
            }
        };
        self.wait(
            Pending::Infix {
                operation,
                level,
                implied: false,
                doubt: doubt.map(Box::new),
            },
            token.span,
        )?;
        self.advance()?;
        Ok(State::Operand)
    }

    /// The function whose argument without brackets the quotient or product at hand ends, where it might
    /// have been meant to go on: `sin x/2`, but neither `sin x * 2` nor `sin x/cos x`.
    fn doubtful_head(&self, operation: Operation) -> Option<Head> {
        let is_tight = match operation {
            Operation::Div => true,
            Operation::Mul => !self.token.gap,
            _ => false,
        };
        if !is_tight {
            return None;
        }
        let reached = self.pending.iter().rev().take_while(|pending| {
            pending
                .level()
                .is_some_and(|level| level >= Level::Function)
        });
        let head = reached
            .filter_map(|pending| match pending {
                Pending::Function(head) => Some(head),
                _ => None,
            })
            .last()?;
        let next = self.ahead()?;
        let meets_function = next.kind == Kind::Name && self.is_function(next);
        (!meets_function).then(|| (**head).clone())
    }

    /// A comparison; after another one it goes on with the value between them, as in `0 < x < 1`.
    fn compare(&mut self, name: &str) -> Result<State, Error> {
        let token = self.token;
        let operation = self.required(name)?;
        self.settle(Level::Sum)?;
        let mut chain = None;
        if let Some(Pending::Compare { .. }) = self.pending.last() {
            let right = self.operands.last().copied();
            self.settle(Level::Compare)?;
            chain = Some(self.take_operand()?.id);
            self.operands.extend(right);
        } else {
            self.settle(Level::Compare)?;
        }
        let equation = token.kind == Kind::Equal && self.opens.is_empty();
        self.wait(
            Pending::Compare {
                operation,
                chain,
                equation,
            },
            token.span,
        )?;
        self.advance()?;
        Ok(State::Operand)
    }

    /// A value directly after a value: a product without a sign.
    fn beside(&mut self) -> Result<State, Error> {
        let next = self.token;
        let Some(left) = self.operands.last().copied() else {
            return Err(self.missing_operand());
        };
        if left.form == Form::Literal && next.kind == Kind::Number {
            return Err(Error::new(ErrorKind::Syntax, "two numbers side by side")
                .at(left.span.to(next.span))
                .hint("write * between them for a product, a point for a decimal fraction"));
        }
        // Behind an exponent in brackets nobody takes a figure for another one.
        let is_exponent = matches!(
            self.pending.last(),
            Some(Pending::Infix {
                operation: Operation::Pow,
                ..
            })
        );
        let mut finished = self.settle(Level::Argument)?;
        let is_function = next.kind == Kind::Name && self.is_function(next);
        let is_inside = !is_function && matches!(self.pending.last(), Some(Pending::Function(_)));
        if !is_inside {
            finished = match (self.settle(Level::Product)?, finished) {
                (Finished::Other, before) => before,
                (newer, _) => newer,
            };
        }
        let Some(before) = self.operands.last().copied() else {
            return Err(self.missing_operand());
        };
        let mut doubt = self
            .doubt_beside(left, finished, next)
            .filter(|doubt| !(is_exponent && matches!(doubt, Doubt::Figure(_))));
        if is_inside && doubt.is_none() && !matches!(before.form, Form::Literal | Form::Coefficient)
        {
            doubt = Some(Doubt::Inside);
        }
        self.factor = match next.kind {
            Kind::Open(_) if left.form == Form::Name && !next.gap => Some(left),
            _ => None,
        };
        self.doubtful_bars =
            (next.kind == Kind::Bar && before.form == Form::BarsProduct).then_some(before.id);
        let level = if is_inside {
            Level::Argument
        } else {
            Level::Product
        };
        self.wait(
            Pending::Infix {
                operation: Operation::Mul,
                level,
                implied: true,
                doubt: doubt.map(Box::new),
            },
            next.span,
        )?;
        Ok(State::Operand)
    }

    fn factorial(&mut self) -> Result<State, Error> {
        let operand = self.take_operand()?;
        let span = operand.span.to(self.token.span);
        let kind = ExprKind::Apply(self.required("factorial")?, vec![operand.id]);
        self.give(kind, span, Form::Other)?;
        self.advance()?;
        Ok(State::Operator)
    }

    /// Raised figures after a value.
    fn raise(&mut self) -> Result<State, Error> {
        let base = self.take_operand()?;
        let span = base.span.to(self.token.span);
        self.raised_exponent()?;
        let exponent = self.take_operand()?;
        if let Some(Pending::Radical { order: 2, .. }) = self.pending.last() {
            self.tell_doubt(&Doubt::RadicalPower, Operation::Pow, base, exponent);
        }
        let kind = ExprKind::Apply(Operation::Pow, vec![base.id, exponent.id]);
        self.give(kind, span, Form::Other)?;
        self.advance()?;
        Ok(State::Operator)
    }

    /// `then` ends a condition.
    fn then(&mut self) -> Result<State, Error> {
        self.settle_all()?;
        let span = self.leave(&Room::If, "if", "then")?;
        let base = self.operands.len();
        self.wait(
            Pending::Open {
                room: Room::Then,
                sign: 'i',
                span,
                base,
            },
            span,
        )?;
        self.advance()?;
        Ok(State::Operand)
    }

    /// `else` ends the value before it; what follows reaches as far as it can.
    fn otherwise(&mut self) -> Result<State, Error> {
        self.settle_all()?;
        let span = self.leave(&Room::Then, "if … then", "else")?;
        self.wait(Pending::Otherwise { start: span.start }, span)?;
        self.advance()?;
        Ok(State::Operand)
    }

    /// Leaves the innermost open part, which must be this one.
    fn leave(&mut self, room: &Room, begun: &str, word: &str) -> Result<Span, Error> {
        match self.pending.last() {
            Some(Pending::Open {
                room: innermost,
                span,
                ..
            }) if std::mem::discriminant(innermost) == std::mem::discriminant(room) => {
                let span = *span;
                self.pending.pop();
                self.opens.pop();
                Ok(span)
            }
            Some(Pending::Open {
                room: Room::Bracket(_) | Room::Bars(_) | Room::Arguments(_) | Room::Exponent(_),
                ..
            }) => Err(self.unclosed(self.pending.len() - 1)),
            _ => Err(
                Error::new(ErrorKind::Syntax, format!("`{word}` without `{begun}`"))
                    .at(self.token.span)
                    .hint("write `if condition then value else value`"),
            ),
        }
    }

    /// Builds what waits last, its sides being known.
    fn reduce(&mut self) -> Result<Finished, Error> {
        let Some(waiting) = self.pending.pop() else {
            return Ok(Finished::Other);
        };
        let right = self.take_operand()?;
        match waiting {
            Pending::Open { .. } => {
                self.operands.push(right);
                self.pending.push(waiting);
            }
            Pending::Infix {
                operation,
                implied,
                doubt,
                ..
            } => return self.reduce_infix(operation, implied, doubt, right),
            Pending::Compare {
                operation,
                chain,
                equation,
            } => {
                let left = self.take_operand()?;
                if equation && chain.is_none() {
                    self.tell_equation(left, right);
                }
                let span = left.span.to(right.span);
                let comparison = ExprKind::Apply(operation, vec![left.id, right.id]);
                self.give(comparison, span, Form::Other)?;
                if let Some(chain) = chain {
                    let last = self.take_operand()?.id;
                    let both = ExprKind::Apply(self.required("and")?, vec![chain, last]);
                    self.give(both, span, Form::Other)?;
                }
            }
            Pending::Prefix {
                operation, start, ..
            } => {
                let span = Span::new(start, right.span.end);
                self.give(
                    ExprKind::Apply(operation, vec![right.id]),
                    span,
                    Form::Other,
                )?;
            }
            Pending::Radical { order, start } => {
                let span = Span::new(start, right.span.end);
                let id = self.root(order, right.id, span)?;
                self.push(id, span);
                if order == 2 {
                    return Ok(Finished::Radical(right.id));
                }
            }
            Pending::Function(head) => {
                let span = Span::new(head.span.start, right.span.end);
                let id = self.call(&head, &[right], span)?;
                self.push(id, span);
                return Ok(Finished::Function(right.id));
            }
            Pending::Series {
                index,
                from,
                to,
                start,
            } => {
                self.names.stop_counting(&index);
                let span = Span::new(start, right.span.end);
                let body = right.id;
                let kind = ExprKind::Sum {
                    index,
                    from,
                    to,
                    body,
                };
                self.give(kind, span, Form::Other)?;
            }
            Pending::Otherwise { start } => {
                let then = self.take_operand()?;
                let condition = self.take_operand()?;
                let span = Span::new(start, right.span.end);
                let arguments = vec![condition.id, then.id, right.id];
                let kind = ExprKind::Apply(Operation::Choose, arguments);
                self.give(kind, span, Form::Other)?;
            }
        }
        Ok(Finished::Other)
    }

    fn reduce_infix(
        &mut self,
        operation: Operation,
        implied: bool,
        doubt: Option<Box<Doubt>>,
        right: Operand,
    ) -> Result<Finished, Error> {
        let left = self.take_operand()?;
        if let Some(doubt) = doubt.filter(|doubt| self.is_doubtful(doubt, right)) {
            self.tell_doubt(&doubt, operation, left, right);
        }
        let form = match (implied, left.form, right.form) {
            (true, Form::Bars | Form::BarsProduct, _) => Form::BarsProduct,
            (true, Form::Literal | Form::Coefficient, Form::Coefficient) => Form::Coefficient,
            _ => Form::Other,
        };
        let kind = ExprKind::Apply(operation, vec![left.id, right.id]);
        self.give(kind, left.span.to(right.span), form)?;
        Ok(match operation {
            Operation::Div => Finished::Quotient(left.id, right.id),
            Operation::Pow if right.form != Form::Bracketed => Finished::Power(left.id, right.id),
            _ => Finished::Other,
        })
    }

    pub(super) fn push(&mut self, id: usize, span: Span) {
        self.operands.push(Operand {
            id,
            span,
            form: Form::Other,
        });
    }
}
