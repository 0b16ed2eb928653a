//! What may stand where a value is expected: numbers, names, signs, brackets, functions. Each step reads
//! a token or two, leaves what it learnt on the stacks, and says what is expected next.

use super::characters::{canonical, raised};
use super::latex::{CASES, INDEXED_ROOT, SERIES};
use super::lexer::{Kind, Lexer, Token};
use super::parser::{Parser, State};
use super::pending::{Form, Head, Level, Operand, Pending, Room, Target};
use super::words;
use crate::elementary::Operation;
use crate::error::{Error, ErrorKind, Span};
use crate::expr::{ExprId, ExprKind};

impl Parser<'_> {
    pub(super) fn operand(&mut self) -> Result<State, Error> {
        let token = self.token;
        match token.kind {
            Kind::Line | Kind::Plus => {}
            Kind::Number => {
                let value = self.value(token.text, token.span)?;
                self.give(ExprKind::Number(value), token.span, Form::Literal)?;
                self.advance()?;
                return Ok(State::Operator);
            }
            Kind::Name => return self.name(token),
            Kind::Minus => self.prefix(Operation::Neg, Level::Sign)?,
            Kind::Not => self.prefix(self.required("not")?, Level::Not)?,
            Kind::Radical(order) => return self.radical(order),
            Kind::Open(sign) => {
                let factor = self.factor.take();
                self.open(Room::Bracket(factor), sign)?;
            }
            Kind::Group => self.open(Room::Bracket(None), '{')?,
            Kind::Bar => {
                let doubt = self.doubtful_bars.take();
                self.open(Room::Bars(doubt), '|')?;
            }
            Kind::TwoBars => {
                self.split_bars();
                self.open(Room::Bars(None), '|')?;
                self.token.span = Span::new(token.span.start + 1, token.span.end);
                return Ok(State::Operand);
            }
            Kind::Close(_) | Kind::Ungroup => return self.close_without_operand(),
            _ => return Err(self.missing_operand()),
        }
        self.advance()?;
        Ok(State::Operand)
    }

    /// Makes the two bars at hand the first of them; the caller moves on to the second.
    pub(super) fn split_bars(&mut self) {
        self.token.kind = Kind::Bar;
        self.token.text = "|";
    }

    pub(super) fn open(&mut self, room: Room, sign: char) -> Result<(), Error> {
        let span = self.token.span;
        let span = Span::new(span.start, span.start + 1);
        let base = self.operands.len();
        self.wait(
            Pending::Open {
                room,
                sign,
                span,
                base,
            },
            span,
        )
    }

    fn prefix(&mut self, operation: Operation, level: Level) -> Result<(), Error> {
        let span = self.token.span;
        self.wait(
            Pending::Prefix {
                operation,
                level,
                start: span.start,
            },
            span,
        )
    }

    fn radical(&mut self, order: u8) -> Result<State, Error> {
        let Token { span, text, .. } = self.token;
        self.advance()?;
        // Braces can only be those of LaTeX, where the brackets hold the order.
        if text.contains('[') && self.token.kind != Kind::Open('{') {
            self.tell(span, |_| {
                (format!("root(…, {order})"), format!("sqrt({order})*…"))
            });
        }
        if let Kind::Open(sign) = self.token.kind {
            let head = Head {
                target: Target::Radical(order),
                span,
                power: None,
            };
            self.open(Room::Arguments(head), sign)?;
            self.advance()?;
        } else {
            let start = span.start;
            self.wait(Pending::Radical { order, start }, span)?;
        }
        Ok(State::Operand)
    }

    /// A word where a value is expected.
    fn name(&mut self, token: Token<'_>) -> Result<State, Error> {
        let span = token.span;
        match token.text {
            "not" => {
                self.prefix(self.required("not")?, Level::Not)?;
                self.advance()?;
                return Ok(State::Operand);
            }
            "if" => {
                let base = self.operands.len();
                self.wait(
                    Pending::Open {
                        room: Room::If,
                        sign: 'i',
                        span,
                        base,
                    },
                    span,
                )?;
                self.advance()?;
                return Ok(State::Operand);
            }
            word if words::KEPT.contains(&word) => return Err(self.missing_operand()),
            _ => {}
        }
        let name = canonical(token.text);
        self.advance()?;
        // The small letter γ is no gamma function, whatever follows.
        let is_letter = words::is_lettered(&name)
            && (self.token.kind != Kind::Open('(') || self.token.gap || token.text == "γ");
        if (!is_letter || self.names.defined.contains_key(&*name))
            && let Some(target) = self.function(&name, span)?
        {
            return self.head(Head {
                target,
                span,
                power: None,
            });
        }
        self.variable(&name, span)?;
        Ok(State::Operator)
    }

    /// The function that a name calls here, if it calls one.
    fn function(&mut self, name: &str, span: Span) -> Result<Option<Target>, Error> {
        if self.names.is_bound(name) {
            return Ok(None);
        }
        if let Some(parameters) = self.names.defined.get(name) {
            let takes_arguments = !parameters.is_empty();
            return Ok(takes_arguments.then(|| Target::Defined(self.names.share(name))));
        }
        Ok(match name {
            "log" => Some(Target::Logarithm),
            "piecewise" => Some(Target::Piecewise),
            CASES => Some(Target::Cases),
            INDEXED_ROOT => Some(Target::IndexedRoot),
            SERIES => Some(Target::Series(self.names.share(""))),
            "sum" => Some(Target::Sum(self.names.share(""))),
            _ => match words::operation(name) {
                Some(operation) => Some(Target::Table(operation)),
                None => self.logarithm_to(name, span)?,
            },
        })
    }

    /// `log_2` and `log_b`: the base stands below.
    fn logarithm_to(&mut self, name: &str, span: Span) -> Result<Option<Target>, Error> {
        let Some(base) = name.strip_prefix("log_") else {
            return Ok(None);
        };
        if let Some(operation) = words::operation(&["log", base].concat()) {
            return Ok(Some(Target::Table(operation)));
        }
        let place = Span::new(span.start + 4, span.end);
        if base.bytes().all(|byte| byte.is_ascii_digit()) {
            let value = self.value(base, place)?;
            let id = self.node(ExprKind::Number(value), place)?;
            return Ok(Some(Target::LogarithmTo(id)));
        }
        if !is_one_name(base) {
            let symbol = base.trim_start_matches(|c: char| c.is_ascii_digit());
            let figures = &base[..base.len() - symbol.len()];
            let hint = match figures {
                "" => "write log(base, x)".to_owned(),
                _ => format!("did you mean log_{figures}({symbol})?"),
            };
            let message = format!("{name} is no function");
            return Err(Error::new(ErrorKind::UnknownName, message)
                .at(span)
                .hint(hint));
        }
        self.variable(base, place)?;
        let base = self.take_operand()?;
        Ok(Some(Target::LogarithmTo(base.id)))
    }

    /// After a function's name: a power, as in `sin^2 x`, then the argument.
    fn head(&mut self, mut head: Head) -> Result<State, Error> {
        match self.token.kind {
            Kind::Raised => {
                self.raised_exponent()?;
                head.power = Some(self.take_operand()?.id);
                self.advance()?;
            }
            Kind::Power => {
                self.advance()?;
                if let Kind::Open(sign) = self.token.kind {
                    self.open(Room::Exponent(head), sign)?;
                    self.advance()?;
                    return Ok(State::Operand);
                }
                head.power = Some(self.short_exponent()?.id);
            }
            _ => {}
        }
        self.argument(head)
    }

    /// The exponent after `sin^`: a number or a symbol, perhaps with a minus.
    fn short_exponent(&mut self) -> Result<Operand, Error> {
        let start = self.token.span.start;
        let is_negative = self.token.kind == Kind::Minus;
        if is_negative {
            self.advance()?;
        }
        let token = self.token;
        match token.kind {
            Kind::Number => {
                let value = self.value(token.text, token.span)?;
                self.give(ExprKind::Number(value), token.span, Form::Literal)?;
            }
            Kind::Name if !self.is_function(token) => {
                self.variable(&canonical(token.text), token.span)?;
            }
            _ => return Err(self.missing_operand()),
        }
        self.advance()?;
        let exponent = self.take_operand()?;
        if !is_negative {
            return Ok(exponent);
        }
        let span = Span::new(start, exponent.span.end);
        let id = self.node(ExprKind::Apply(Operation::Neg, vec![exponent.id]), span)?;
        Ok(Operand {
            id,
            span,
            ..exponent
        })
    }

    /// After a function's name and power: its argument, in brackets or without.
    pub(super) fn argument(&mut self, mut head: Head) -> Result<State, Error> {
        self.read_inverse(&mut head);
        let token = self.token;
        if let Kind::Open(sign) = token.kind {
            self.open(Room::Arguments(head.clone()), sign)?;
            self.advance()?;
            if let Target::Sum(_) | Target::Series(_) = head.target {
                self.sum_index(&head)?;
            }
            return Ok(State::Operand);
        }
        let starts_argument = match token.kind {
            Kind::Number | Kind::Radical(_) | Kind::Bar | Kind::TwoBars | Kind::Group => true,
            Kind::Name => !words::KEPT.contains(&token.text),
            // `sin -x` has an argument; `sin - x` looks like a difference that lacks its beginning.
            Kind::Minus => {
                !(token.gap
                    && self
                        .ahead()
                        .is_none_or(|next| next.gap || next.kind == Kind::End))
            }
            _ => false,
        };
        let takes_one = match &head.target {
            Target::Table(operation) => operation.arity() == 1,
            Target::Logarithm | Target::LogarithmTo(_) => true,
            _ => false,
        };
        if !starts_argument || !takes_one {
            return Err(self.lacks_argument(&head));
        }
        let span = head.span;
        self.wait(Pending::Function(Box::new(head)), span)?;
        Ok(State::Operand)
    }

    fn lacks_argument(&self, head: &Head) -> Error {
        let usage = self.usage(&head.target);
        let name = head.target.name();
        Error::new(
            ErrorKind::Arity,
            format!("{name} stands without its arguments"),
        )
        .at(head.span)
        .hint(format!("write {usage}"))
    }

    /// `sin^-1` is the inverse function, not 1/sin; which one was read is told.
    fn read_inverse(&mut self, head: &mut Head) {
        let (Some(power), Target::Table(operation)) = (head.power, &head.target) else {
            return;
        };
        let is_minus_one = match self.expr.kind(power) {
            ExprKind::Apply(Operation::Neg, magnitude) => {
                matches!(self.expr.kind(magnitude[0]), ExprKind::Number(one) if one.is_one())
            }
            _ => false,
        };
        let name = operation.name();
        if let Some(inverse) = words::operation(&["a", name].concat()).filter(|_| is_minus_one) {
            let span = Span::new(head.span.start, self.token.span.start.max(head.span.end));
            self.tell(span, |_| {
                (format!("{}(…)", inverse.name()), format!("1/{name}(…)"))
            });
            head.target = Target::Table(inverse);
            head.power = None;
            self.has_unused = true;
        }
    }

    /// The name that counts in `sum(i, ...)`.
    fn sum_index(&mut self, head: &Head) -> Result<(), Error> {
        let token = self.token;
        let is_index =
            token.kind == Kind::Name && self.ahead().is_some_and(|next| next.kind == Kind::Comma);
        if !is_index {
            return Err(
                Error::new(ErrorKind::Syntax, "a sum begins with the name that counts")
                    .at(if token.span.end > token.span.start {
                        token.span
                    } else {
                        head.span
                    })
                    .hint("write sum(i, 1, 10, x^i)"),
            );
        }
        let name = self.names.share(&canonical(token.text));
        self.check_new(&name, token.span)?;
        self.advance()?;
        self.advance()?;
        if let Some(Pending::Open {
            room: Room::Arguments(head),
            ..
        }) = self.pending.last_mut()
        {
            head.target = match head.target {
                Target::Series(_) => Target::Series(name),
                _ => Target::Sum(name),
            };
        }
        Ok(())
    }

    /// A name that calls no function: a constant, a defined value, a variable.
    pub(super) fn variable(&mut self, name: &str, span: Span) -> Result<(), Error> {
        if words::KEPT.contains(&name) || self.calls(name) {
            return Err(Error::new(
                ErrorKind::Syntax,
                format!("{name} stands where a number or a variable is expected"),
            )
            .at(span)
            .hint("write a number or a variable there"));
        }
        if !self.names.is_bound(name) {
            if let Some(constant) = words::constant(name) {
                return self.give(ExprKind::Constant(constant), span, Form::Coefficient);
            }
            if self.names.defined.contains_key(name) {
                let name = self.names.share(name);
                return self.give(ExprKind::Call(name, Vec::new()), span, Form::Other);
            }
            self.check_free(name, span)?;
        }
        let name = self.names.share(name);
        self.give(ExprKind::Name(name), span, Form::Name)
    }

    /// A name that nothing defines may be a variable, or a function misspelled.
    fn check_free(&mut self, name: &str, span: Span) -> Result<(), Error> {
        if self.names.current.as_deref() == Some(name) {
            return Err(
                Error::new(ErrorKind::Syntax, format!("{name} is defined by itself"))
                    .at(span)
                    .hint("give one of the two another name; for a comparison write =="),
            );
        }
        if self.is_derivative_by(name) {
            return Err(
                Error::new(ErrorKind::Syntax, "a derivative stands within the formula")
                    .at(span)
                    .hint(
                        "leave it out: give the function alone, and its derivative is the answer",
                    ),
            );
        }
        let unknown = |what: String| Error::new(ErrorKind::UnknownName, what).at(span);
        let is_call = matches!(self.token.kind, Kind::Open(_));
        if let Some(spelling) = words::by_others(name).filter(|_| is_call) {
            return Err(unknown(format!("{name} is not a known function"))
                .hint(format!("write {spelling}")));
        }
        if let Some((function, argument)) = words::stuck(name) {
            // Before a bracket, a letter too many is likelier than an argument stuck to the name: `sinn(x)`.
            let similar = self.nearest_function(name).filter(|_| is_call);
            let meant = similar.unwrap_or_else(|| format!("{function}({argument})"));
            return Err(unknown(format!("{name} is no name that is known here"))
                .hint(format!("did you mean {meant}?")));
        }
        if is_call && !words::is_symbol(name) {
            return Err(unknown(format!("{name} is not a known function"))
                .hint(self.similar_function(name)));
        }
        if self.names.free.contains_key(name) && self.names.counting.is_empty() {
            return Ok(());
        }
        let mut indices = name.split('_').skip(1);
        if let Some(index) = indices.find(|index| {
            self.names
                .counting
                .iter()
                .any(|counting| &**counting == *index)
        }) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("{name} would be one name for every {index}"),
            )
            .at(span)
            .hint("a sum counts numbers, not names: write its terms one by one"));
        }
        if self.names.free.contains_key(name) {
            return Ok(());
        }
        let shared = self.names.share(name);
        self.names.free.insert(shared, span);
        if let Some(factors) = words::as_factors(name) {
            self.tell(span, |_| (name.to_owned(), factors));
        }
        Ok(())
    }

    /// Whether `d/dx` or `d(x^2)/dx` stands here: a quotient of something with the factor d by this name. Who has inputs of these names declares them, as
    /// in `f(d, dx) = d/dx`.
    fn is_derivative_by(&self, name: &str) -> bool {
        let is_divided = matches!(
            self.pending.last(),
            Some(Pending::Infix {
                operation: Operation::Div,
                ..
            })
        );
        let by = name.strip_prefix('d').filter(|by| !by.is_empty());
        let (Some(above), true) = (self.operands.last(), by.is_some_and(words::is_symbol)) else {
            return false;
        };
        let is_d =
            |id: ExprId| matches!(self.expr.kind(id), ExprKind::Name(name) if &**name == "d");
        let mut factors = above.id;
        while let ExprKind::Apply(Operation::Mul, parts) = self.expr.kind(factors) {
            if is_d(parts[1]) {
                return is_divided;
            }
            factors = parts[0];
        }
        is_divided && is_d(factors)
    }

    fn similar_function(&self, name: &str) -> String {
        match self.nearest_function(name) {
            Some(similar) => format!("did you mean {similar}?"),
            None => format!("for a product write {name}*(…); for a function define it first"),
        }
    }

    /// The function, defined or of the table, that is spelled most like this.
    fn nearest_function(&self, name: &str) -> Option<String> {
        let mut defined: Vec<&str> = self
            .names
            .defined
            .iter()
            .filter(|(_, parameters)| !parameters.is_empty())
            .map(|(name, _)| &**name)
            .collect();
        defined.sort_unstable();
        words::nearest(name, defined.into_iter().chain(words::function_names())).map(str::to_owned)
    }

    /// Whether the name calls a function, so that it ends an argument without brackets.
    pub(super) fn is_function(&self, token: Token<'_>) -> bool {
        self.calls(&canonical(token.text))
    }

    fn calls(&self, name: &str) -> bool {
        if self.names.is_bound(name) {
            return false;
        }
        match self.names.defined.get(name) {
            Some(parameters) => !parameters.is_empty(),
            None => {
                words::operation(name).is_some() && !words::is_lettered(name)
                    || words::SPECIAL.contains(&name)
                    || name.starts_with("log_")
                    || name == SERIES
            }
        }
    }

    /// The exponent that the raised figures at hand spell: a sign, figures, a letter.
    pub(super) fn raised_exponent(&mut self) -> Result<(), Error> {
        let token = self.token;
        let plain: String = token.text.chars().filter_map(raised).collect();
        let unsigned = plain.trim_start_matches(['-', '+']);
        let letter = unsigned.trim_start_matches(|c: char| c.is_ascii_digit());
        let figures = &unsigned[..unsigned.len() - letter.len()];
        let signs = plain.len() - unsigned.len();
        if signs > 1
            || letter.chars().count() > 1
            || letter.starts_with(['-', '+'])
            || unsigned.is_empty()
        {
            return Err(Error::new(
                ErrorKind::Syntax,
                format!("`{}` is not an exponent", token.text),
            )
            .at(token.span)
            .hint("write one sign, figures and one letter at most, or ^( )"));
        }
        if !figures.is_empty() {
            let value = self.value(figures, token.span)?;
            self.give(ExprKind::Number(value), token.span, Form::Literal)?;
        }
        if !letter.is_empty() {
            self.variable(letter, token.span)?;
        }
        if !letter.is_empty() && !figures.is_empty() {
            self.combine(Operation::Mul, token.span)?;
        }
        if plain.starts_with('-') {
            let magnitude = self.take_operand()?.id;
            let kind = ExprKind::Apply(Operation::Neg, vec![magnitude]);
            self.give(kind, token.span, Form::Other)?;
        }
        Ok(())
    }

    /// The two last operands under a function of two.
    fn combine(&mut self, operation: Operation, span: Span) -> Result<(), Error> {
        let right = self.take_operand()?.id;
        let left = self.take_operand()?.id;
        self.give(
            ExprKind::Apply(operation, vec![left, right]),
            span,
            Form::Other,
        )
    }
}

/// Whether a text that was part of a name is a name by itself.
fn is_one_name(text: &str) -> bool {
    let first = Lexer::new(text).next();
    first.is_ok_and(|token| token.kind == Kind::Name && token.text == text)
}
