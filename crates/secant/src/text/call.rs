//! Closing what was opened: brackets, bars, arguments. Here calls become nodes, and short forms become
//! what they stand for: `max(a, b, c)`, `piecewise(...)`, `log(b, x)`.

use std::sync::Arc;

use super::lexer::{Kind, Token};
use super::parser::{Parser, State, closing};
use super::pending::{Form, Head, Level, Operand, Pending, Room, Target};
use crate::elementary::Operation;
use crate::error::{Error, ErrorKind, Span};
use crate::expr::{ExprId, ExprKind};
use crate::number::Rational;

impl Parser<'_> {
    /// A closing bracket after a value.
    pub(super) fn close(&mut self, sign: char) -> Result<State, Error> {
        self.settle_all()?;
        let end = self.token.span;
        self.check_match(sign)?;
        let Some(Pending::Open {
            room, span, base, ..
        }) = self.pending.pop()
        else {
            return Err(self.missing_operand());
        };
        self.opens.pop();
        match room {
            Room::Arguments(head) => {
                let arguments = self.operands.split_off(base.min(self.operands.len()));
                if let (Target::Sum(index), true) = (&head.target, arguments.len() >= 3) {
                    self.names.stop_counting(index);
                }
                if let (Target::Series(index), [from, to]) = (&head.target, &*arguments) {
                    return self.term(index.clone(), from.id, to.id, head.span);
                }
                let whole = head.span.to(end);
                let id = self.call(&head, &arguments, whole)?;
                self.push(id, whole);
            }
            Room::Exponent(mut head) => {
                head.power = Some(self.take_operand()?.id);
                self.advance()?;
                return self.argument(head);
            }
            Room::Bracket(factor) => {
                let inside = self.take_operand()?;
                if let Some(factor) = factor {
                    self.tell_product(factor, inside.id, factor.span.to(end));
                }
                self.operands.push(Operand {
                    id: inside.id,
                    span: span.to(end),
                    form: Form::Bracketed,
                });
            }
            Room::Bars(_) | Room::If | Room::Then => {}
        }
        self.advance()?;
        Ok(State::Operator)
    }

    /// After the bounds of a sum its term follows, up to the next sign between terms.
    fn term(
        &mut self,
        index: Arc<str>,
        from: ExprId,
        to: ExprId,
        head: Span,
    ) -> Result<State, Error> {
        self.names.count(&index);
        let start = head.start;
        let series = Pending::Series {
            index,
            from,
            to,
            start,
        };
        self.wait(series, head)?;
        self.advance()?;
        Ok(State::Operand)
    }

    /// Whether the closing bracket at hand fits what is open.
    fn check_match(&self, sign: char) -> Result<(), Error> {
        let Some(open) = self.opens.last().copied() else {
            return Err(
                Error::new(ErrorKind::Syntax, format!("`{sign}` closes nothing"))
                    .at(self.token.span)
                    .hint(format!("remove `{sign}`, or open a bracket before it")),
            );
        };
        match &self.pending[open] {
            Pending::Open {
                room: Room::If | Room::Then | Room::Bars(_),
                ..
            } => Err(self.unclosed(open)),
            Pending::Open {
                sign: opened, span, ..
            } if !closing(*opened).starts_with(sign) => Err(Error::new(
                ErrorKind::Syntax,
                format!(
                    "`{sign}` does not close the `{opened}` at character {}",
                    span.start
                ),
            )
            .at(self.token.span)
            .hint(format!("write `{}`", closing(*opened)))),
            _ => Ok(()),
        }
    }

    /// A closing bracket where a value is expected: empty brackets, or a value that is missing.
    pub(super) fn close_without_operand(&mut self) -> Result<State, Error> {
        let Some(Pending::Open {
            room: Room::Arguments(head),
            base,
            ..
        }) = self.pending.last()
        else {
            return Err(match self.opens.last() {
                None if self.before.is_none() => self.check_match(')').err(),
                _ => None,
            }
            .unwrap_or_else(|| self.missing_operand()));
        };
        if self.operands.len() > *base {
            return Err(self.missing_operand());
        }
        let span = head.span.to(self.token.span);
        Err(self.arity_error(&head.target, 0, span))
    }

    /// A comma parts arguments, and nothing else.
    pub(super) fn comma(&mut self) -> Result<State, Error> {
        self.settle_all()?;
        let token = self.token;
        let Some(Pending::Open {
            room: Room::Arguments(head),
            base,
            ..
        }) = self.pending.last()
        else {
            return Err(self.stray_comma(token));
        };
        if let (Target::Sum(index), 2) = (&head.target, self.operands.len() - base) {
            let index = index.clone();
            self.names.count(&index);
        }
        if let Some(number) = self.with_point() {
            self.decimal_comma = Some((token.span.start, number));
        }
        self.advance()?;
        Ok(State::Operand)
    }

    /// The figures around the comma at hand, were it a point.
    fn with_point(&self) -> Option<String> {
        let (whole, fraction) = (self.before?, self.ahead()?);
        let is_tight = !fraction.gap && !self.token.gap;
        (whole.kind == Kind::Number && fraction.kind == Kind::Number && is_tight)
            .then(|| format!("{}.{}", whole.text, fraction.text))
    }

    fn stray_comma(&self, token: Token<'_>) -> Error {
        if let Some(Pending::Open {
            room: Room::Bracket(Some(factor)),
            ..
        }) = self.pending.last()
        {
            let name = self.show(factor.id, Level::Atom);
            return Error::new(
                ErrorKind::UnknownName,
                format!("{name} is not a known function"),
            )
            .at(factor.span)
            .hint(format!("define it first, as in {name}(x, y) = x*y"));
        }
        let error = Error::new(
            ErrorKind::Syntax,
            "a comma outside the arguments of a function",
        )
        .at(token.span);
        match self.with_point() {
            Some(number) => error.hint(format!("write a decimal fraction with a point: {number}")),
            None => error.hint("for several formulas write ; between them"),
        }
    }

    pub(super) fn is_in_bars(&self) -> bool {
        let innermost = self.opens.last().and_then(|open| self.pending.get(*open));
        matches!(
            innermost,
            Some(Pending::Open {
                room: Room::Bars(_),
                ..
            })
        )
    }

    pub(super) fn close_bars(&mut self) -> Result<State, Error> {
        let end = self.token.span.start + 1;
        self.end_bars(end)?;
        self.advance()?;
        Ok(State::Operator)
    }

    /// Of two bars the first closes, and the second is looked at anew.
    pub(super) fn close_first_bar(&mut self) -> Result<State, Error> {
        let span = self.token.span;
        self.split_bars();
        self.end_bars(span.start + 1)?;
        self.token.span = Span::new(span.start + 1, span.end);
        self.token.gap = false;
        Ok(State::Operator)
    }

    fn end_bars(&mut self, end: usize) -> Result<(), Error> {
        self.settle_all()?;
        let Some(Pending::Open {
            room: Room::Bars(product),
            span,
            ..
        }) = self.pending.pop()
        else {
            return Err(self.missing_operand());
        };
        self.opens.pop();
        let inside = self.take_operand()?;
        let whole = Span::new(span.start, end);
        if let Some(product) = product {
            self.tell_bars(product, inside.id, self.expr.span(product).to(whole));
        }
        let kind = ExprKind::Apply(Operation::Abs, vec![inside.id]);
        self.give(kind, whole, Form::Bars)
    }

    /// The node of a call, with the power that stands between name and argument.
    pub(super) fn call(
        &mut self,
        head: &Head,
        arguments: &[Operand],
        span: Span,
    ) -> Result<ExprId, Error> {
        let ids: Vec<ExprId> = arguments.iter().map(|argument| argument.id).collect();
        let id = self.apply(&head.target, &ids, span)?;
        match head.power {
            Some(power) => self.node(ExprKind::Apply(Operation::Pow, vec![id, power]), span),
            None => Ok(id),
        }
    }

    fn apply(&mut self, target: &Target, ids: &[ExprId], span: Span) -> Result<ExprId, Error> {
        let given = ids.len();
        match (target, ids) {
            (Target::Table(operation), _) if operation.is_folded() && given >= 2 => {
                self.fold(*operation, ids, span)
            }
            (Target::Table(operation), _) if operation.arity() == given => {
                self.node(ExprKind::Apply(*operation, ids.to_vec()), span)
            }
            (Target::Logarithm, [x]) => {
                self.tell(span, |parser| {
                    let shown = parser.show(*x, Level::Otherwise);
                    (format!("ln({shown})"), format!("log10({shown})"))
                });
                self.node(ExprKind::Apply(Operation::Ln, vec![*x]), span)
            }
            (Target::Logarithm, [base, x]) => {
                self.tell(span, |parser| {
                    let base = parser.show(*base, Level::Otherwise);
                    let x = parser.show(*x, Level::Otherwise);
                    (format!("ln({x})/ln({base})"), format!("ln({base})/ln({x})"))
                });
                self.logarithm(*base, *x, span)
            }
            (Target::LogarithmTo(base), [x]) => self.logarithm(*base, *x, span),
            (Target::Radical(order), [x]) => self.root(*order, *x, span),
            (Target::IndexedRoot, [order, x]) => self.indexed_root(*order, *x, span),
            (Target::Cases, _) if given >= 3 => self.cases_by_value(ids, span),
            (Target::Piecewise, _) if given >= 3 && given % 2 == 1 => self.cases(ids, span),
            (Target::Sum(index), [from, to, body]) => {
                let kind = ExprKind::Sum {
                    index: index.clone(),
                    from: *from,
                    to: *to,
                    body: *body,
                };
                self.node(kind, span)
            }
            (Target::Defined(name), _) if self.parameters(name) == given => {
                self.node(ExprKind::Call(name.clone(), ids.to_vec()), span)
            }
            _ => Err(self.arity_error(target, given, span)),
        }
    }

    fn parameters(&self, name: &str) -> usize {
        self.names.defined.get(name).map_or(0, Vec::len)
    }

    fn fold(&mut self, operation: Operation, ids: &[ExprId], span: Span) -> Result<ExprId, Error> {
        let mut folded = ids[0];
        for id in &ids[1..] {
            folded = self.node(ExprKind::Apply(operation, vec![folded, *id]), span)?;
        }
        Ok(folded)
    }

    /// The logarithm of x to any base.
    fn logarithm(&mut self, base: ExprId, x: ExprId, span: Span) -> Result<ExprId, Error> {
        let above = self.node(ExprKind::Apply(Operation::Ln, vec![x]), span)?;
        let below = self.node(ExprKind::Apply(Operation::Ln, vec![base]), span)?;
        self.node(ExprKind::Apply(Operation::Div, vec![above, below]), span)
    }

    /// Condition and value by turns, then what holds otherwise.
    fn cases(&mut self, ids: &[ExprId], span: Span) -> Result<ExprId, Error> {
        let (pairs, otherwise) = ids.split_at(ids.len() - 1);
        let mut chosen = otherwise[0];
        for pair in pairs.chunks(2).rev() {
            let arguments = vec![pair[0], pair[1], chosen];
            chosen = self.node(ExprKind::Apply(Operation::Choose, arguments), span)?;
        }
        Ok(chosen)
    }

    /// Value and condition by turns. A last value without a condition holds otherwise; a last condition
    /// must be the opposite of the one before it, or nothing would be known of all other cases.
    fn cases_by_value(&mut self, ids: &[ExprId], span: Span) -> Result<ExprId, Error> {
        let (rows, otherwise) = match ids {
            [value, condition, otherwise, opposite] => {
                if !self.are_opposite(*condition, *opposite) {
                    return Err(self.incomplete_cases(*opposite));
                }
                self.has_unused = true;
                (vec![*condition, *value], *otherwise)
            }
            [rows @ .., otherwise] if rows.len() % 2 == 0 => {
                let pairs = rows.chunks(2).flat_map(|row| [row[1], row[0]]);
                (pairs.collect(), *otherwise)
            }
            [.., last] => return Err(self.incomplete_cases(*last)),
            [] => return Err(self.arity_error(&Target::Cases, 0, span)),
        };
        let arguments: Vec<ExprId> = rows.into_iter().chain([otherwise]).collect();
        self.cases(&arguments, span)
    }

    fn incomplete_cases(&self, condition: ExprId) -> Error {
        Error::new(
            ErrorKind::Syntax,
            "it is not said what holds in all other cases",
        )
        .at(self.expr.span(condition))
        .hint("if this is the last case that can be, write \\text{otherwise} for its condition")
    }

    /// Whether exactly one of two comparisons holds at any point: `x < 0` and `x >= 0`.
    fn are_opposite(&self, one: ExprId, other: ExprId) -> bool {
        let (ExprKind::Apply(first, left), ExprKind::Apply(second, right)) =
            (self.expr.kind(one), self.expr.kind(other))
        else {
            return false;
        };
        let negated = match first.name() {
            "less" => "greater_equal",
            "less_equal" => "greater",
            "greater" => "less_equal",
            "greater_equal" => "less",
            "equal" => "not_equal",
            "not_equal" => "equal",
            _ => return false,
        };
        let shown = |ids: &[ExprId]| -> Vec<String> {
            let sides = ids.iter().map(|id| self.show(*id, Level::Otherwise));
            sides.collect()
        };
        let (left, right) = (shown(left), shown(right));
        // A side too long to be spelled out is not compared.
        let is_whole = left.iter().all(|side| !side.ends_with('…'));
        let turned: Vec<String> = right.iter().rev().cloned().collect();
        let is_turned = |name: &str| match name {
            "less" => "greater",
            "less_equal" => "greater_equal",
            "greater" => "less",
            "greater_equal" => "less_equal",
            _ => "",
        } == second.name();
        is_whole
            && (left == right && second.name() == negated || left == turned && is_turned(negated))
    }

    /// A root whose order was read before what is below it.
    fn indexed_root(&mut self, order: ExprId, x: ExprId, span: Span) -> Result<ExprId, Error> {
        let is = |figure: i64| matches!(self.expr.kind(order), ExprKind::Number(value) if *value == Rational::from(figure));
        let short = if is(2) {
            2
        } else if is(3) {
            3
        } else {
            return self.node(ExprKind::Apply(Operation::Root, vec![x, order]), span);
        };
        self.has_unused = true;
        self.root(short, x, span)
    }

    /// The root that a radical sign draws.
    pub(super) fn root(&mut self, order: u8, x: ExprId, span: Span) -> Result<ExprId, Error> {
        let kind = match order {
            2 => ExprKind::Apply(Operation::Sqrt, vec![x]),
            3 => ExprKind::Apply(self.required("cbrt")?, vec![x]),
            _ => {
                let order = ExprKind::Number(Rational::from(i64::from(order)));
                let order = self.node(order, span)?;
                ExprKind::Apply(Operation::Root, vec![x, order])
            }
        };
        self.node(kind, span)
    }

    fn arity_error(&self, target: &Target, given: usize, span: Span) -> Error {
        let name = target.name();
        let wanted = match target {
            Target::Table(operation) if operation.is_folded() => "two or more arguments".to_owned(),
            Target::Table(operation) => counted(operation.arity()),
            Target::Logarithm => "one or two arguments".to_owned(),
            Target::LogarithmTo(_) | Target::Radical(_) => counted(1),
            Target::IndexedRoot => "an order and what is below it".to_owned(),
            Target::Cases => "two rows or more".to_owned(),
            Target::Piecewise => "conditions with their values, and one last value".to_owned(),
            Target::Sum(_) | Target::Series(_) => "a name and three arguments".to_owned(),
            Target::Defined(name) => counted(self.parameters(name)),
        };
        let given = match target {
            Target::Sum(_) | Target::Series(_) => given + 1,
            _ => given,
        };
        let message = format!("{name} takes {wanted}, {given} given");
        let error = Error::new(ErrorKind::Arity, message).at(span);
        match &self.decimal_comma {
            Some((comma, number)) if span.start < *comma && *comma < span.end => {
                error.hint(format!("write a decimal fraction with a point: {number}"))
            }
            _ => error.hint(format!("write {}", self.usage(target))),
        }
    }

    /// How the function is written.
    pub(super) fn usage(&self, target: &Target) -> String {
        match target {
            Target::Table(operation) => {
                let given = ["x", "a, b", "a, b, c"];
                let given = given[operation.arity().clamp(1, 3) - 1];
                if self.lexer.is_latex() {
                    return format!("{}\\left({given}\\right)", operation.latex());
                }
                format!("{}({given})", operation.name())
            }
            Target::Logarithm | Target::LogarithmTo(_) if self.lexer.is_latex() => {
                "\\ln x or \\log_{2} x".to_owned()
            }
            Target::Logarithm => "log(x) or log(base, x)".to_owned(),
            Target::LogarithmTo(_) => "log_2(x)".to_owned(),
            Target::Radical(_) => "sqrt(x)".to_owned(),
            Target::IndexedRoot => "\\sqrt[3]{x}".to_owned(),
            Target::Cases => {
                "\\begin{cases} value & condition \\\\ value & \\text{otherwise} \\end{cases}"
                    .to_owned()
            }
            Target::Piecewise => "piecewise(condition, value, otherwise)".to_owned(),
            Target::Sum(_) => "sum(i, 1, 10, x^i)".to_owned(),
            Target::Series(_) => "\\sum_{i = 1}^{10} x^{i}".to_owned(),
            Target::Defined(name) => {
                let parameters = self.names.defined.get(name);
                let parameters = parameters.map(|all| all.join(", ")).unwrap_or_default();
                format!("{name}({parameters})")
            }
        }
    }
}

fn counted(arguments: usize) -> String {
    match arguments {
        1 => "1 argument".to_owned(),
        _ => format!("{arguments} arguments"),
    }
}
