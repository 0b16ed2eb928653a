//! The state of a reading, and what all its parts share: the token at hand, the nodes built so far, names
//! and their meanings. Depth of nesting lives in `pending`, never on the call stack.

use std::collections::HashMap;
use std::sync::Arc;

use super::lexer::{Kind, Lexer, Token};
use super::pending::{Form, Operand, Pending, Room};
use super::words;
use super::{Ambiguity, Definition, Parsed};
use crate::elementary::Operation;
use crate::error::{Error, ErrorKind, Span};
use crate::expr::{Expr, ExprId, ExprKind};
use crate::number::Rational;

/// Longer formulas are refused; this many nodes take some hundred megabytes.
const MOST_NODES: usize = 1 << 21;
/// Deeper nesting is refused.
const MOST_PENDING: usize = 1 << 20;
/// Numbers that together need more bits than this are refused: `1e20000` is six characters long only.
const MOST_NUMBER_BITS: usize = 1 << 25;
/// The bits of 10^20,000 and its denominator 1. What is within can be written with such an exponent again.
const MOST_BITS: usize = 66_440;
/// Digits of one number, as many as its exponent may add.
const MOST_DIGITS: usize = 20_000;
/// Doubts beyond these are not told.
pub(super) const MOST_AMBIGUITIES: usize = 64;

/// Whether a value or what joins values is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Operand,
    Operator,
    Done,
}

/// A reading under way.
pub(super) struct Parser<'t> {
    pub(super) lexer: Lexer<'t>,
    pub(super) token: Token<'t>,
    /// The token before, within the same statement.
    pub(super) before: Option<Token<'t>>,
    pub(super) names: Names,
    pub(super) definitions: Vec<Definition>,
    pub(super) ambiguities: Vec<Ambiguity>,
    pub(super) expr: Expr,
    pub(super) operands: Vec<Operand>,
    pub(super) pending: Vec<Pending>,
    /// Where in `pending` the open brackets stand.
    pub(super) opens: Vec<usize>,
    /// The name that a following bracket stands directly after.
    pub(super) factor: Option<Operand>,
    /// Bars that open where they might close, with the product before them.
    pub(super) doubtful_bars: Option<ExprId>,
    /// Figures with a comma between them, such as `1,5`, and where the comma stands.
    pub(super) decimal_comma: Option<(usize, String)>,
    /// Whether nodes were built that the formula does not use.
    pub(super) has_unused: bool,
    nodes_before: usize,
    number_bits: usize,
}

/// What names mean at this point of the text.
#[derive(Default)]
pub(super) struct Names {
    /// Each spelling once.
    shared: HashMap<String, Arc<str>>,
    /// Defined names with their parameters.
    pub(super) defined: HashMap<Arc<str>, Vec<Arc<str>>>,
    /// Parameters and indices, by how many scopes hold them.
    pub(super) bound: HashMap<Arc<str>, usize>,
    /// The indices of the sums that are being read, innermost last.
    pub(super) counting: Vec<Arc<str>>,
    /// Names that nothing defines.
    pub(super) free: HashMap<Arc<str>, Span>,
    /// The name whose definition is being read.
    pub(super) current: Option<Arc<str>>,
}

impl Names {
    /// One shared copy of the name.
    pub(super) fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(shared) = self.shared.get(name) {
            return shared.clone();
        }
        let shared: Arc<str> = Arc::from(name);
        self.shared.insert(name.to_owned(), shared.clone());
        shared
    }

    pub(super) fn bind(&mut self, name: &Arc<str>) {
        *self.bound.entry(name.clone()).or_insert(0) += 1;
    }

    pub(super) fn unbind(&mut self, name: &Arc<str>) {
        if let Some(scopes) = self.bound.get_mut(name) {
            *scopes = scopes.saturating_sub(1);
        }
    }

    /// Binds the index of a sum.
    pub(super) fn count(&mut self, index: &Arc<str>) {
        self.bind(index);
        self.counting.push(index.clone());
    }

    pub(super) fn stop_counting(&mut self, index: &Arc<str>) {
        self.unbind(index);
        self.counting.pop();
    }

    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.bound.get(name).is_some_and(|scopes| *scopes > 0)
    }
}

impl<'t> Parser<'t> {
    pub(super) fn new(mut lexer: Lexer<'t>, ambiguities: Vec<Ambiguity>) -> Result<Self, Error> {
        let token = lexer.next()?;
        Ok(Self {
            lexer,
            token,
            before: None,
            names: Names::default(),
            definitions: Vec::new(),
            ambiguities,
            expr: Expr::default(),
            operands: Vec::new(),
            pending: Vec::new(),
            opens: Vec::new(),
            factor: None,
            doubtful_bars: None,
            decimal_comma: None,
            has_unused: false,
            nodes_before: 0,
            number_bits: 0,
        })
    }

    /// All statements of the text.
    pub(super) fn read(mut self) -> Result<Parsed, Error> {
        loop {
            let mut is_new_line = true;
            while matches!(self.token.kind, Kind::Line | Kind::Semicolon) {
                is_new_line &= self.token.kind == Kind::Line;
                self.advance()?;
            }
            if self.token.kind == Kind::End {
                break;
            }
            self.statement(is_new_line)?;
        }
        if self.definitions.is_empty() {
            return Err(Error::new(ErrorKind::Syntax, "the formula is empty")
                .at(Span::new(0, 0))
                .hint("write one, such as 2x^2"));
        }
        Ok(Parsed {
            definitions: self.definitions,
            ambiguities: self.ambiguities,
        })
    }

    /// One formula up to what ends it.
    pub(super) fn expression(&mut self) -> Result<Expr, Error> {
        let mut state = State::Operand;
        while state != State::Done {
            state = match state {
                State::Operand => self.operand()?,
                _ => self.operator()?,
            };
        }
        self.settle_all()?;
        if let Some(open) = self.opens.last() {
            return Err(self.unclosed(*open));
        }
        self.operands.clear();
        self.nodes_before += self.expr.len();
        let expr = std::mem::take(&mut self.expr);
        Ok(if std::mem::take(&mut self.has_unused) {
            used_only(&expr)
        } else {
            expr
        })
    }

    pub(super) fn advance(&mut self) -> Result<(), Error> {
        let next = self.lexer.next()?;
        self.before = Some(std::mem::replace(&mut self.token, next));
        Ok(())
    }

    /// The token after the one at hand.
    pub(super) fn ahead(&self) -> Option<Token<'t>> {
        self.lexer.clone().next().ok()
    }

    pub(super) fn node(&mut self, kind: ExprKind, span: Span) -> Result<ExprId, Error> {
        if self.nodes_before + self.expr.len() >= MOST_NODES {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("the formula has more than {MOST_NODES} parts"),
            )
            .at(span)
            .hint("use sum(i, 1, n, term) for a long sum, or names for parts that repeat"));
        }
        Ok(self.expr.push(kind, span))
    }

    pub(super) fn wait(&mut self, pending: Pending, span: Span) -> Result<(), Error> {
        if self.pending.len() >= MOST_PENDING {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("the formula is nested more than {MOST_PENDING} deep"),
            )
            .at(span)
            .hint("give names to its parts, as in a = x + 1; a^2"));
        }
        if matches!(pending, Pending::Open { .. }) {
            self.opens.push(self.pending.len());
        }
        self.pending.push(pending);
        Ok(())
    }

    pub(super) fn give(&mut self, kind: ExprKind, span: Span, form: Form) -> Result<(), Error> {
        let id = self.node(kind, span)?;
        self.operands.push(Operand { id, span, form });
        Ok(())
    }

    /// The operand that was read last. The reading keeps one wherever this is asked for.
    pub(super) fn take_operand(&mut self) -> Result<Operand, Error> {
        self.operands.pop().ok_or_else(|| self.missing_operand())
    }

    /// The exact value of figures in the text.
    pub(super) fn value(&mut self, figures: &str, span: Span) -> Result<Rational, Error> {
        let too_large = || {
            Error::new(ErrorKind::TooLarge, "a number too long to work with")
                .at(span)
                .hint(format!(
                    "numbers have at most {MOST_DIGITS} digits and exponents up to {MOST_DIGITS}"
                ))
        };
        let small = figures.parse::<i64>().ok();
        if let Some(small) = small.filter(|_| figures.len() <= 18) {
            return Ok(Rational::from(small));
        }
        if figures.len() > MOST_DIGITS + 8 {
            return Err(too_large());
        }
        let plain: String = figures.chars().filter(|c| *c != '_').collect();
        let value = Rational::from_decimal(&plain).ok_or_else(too_large)?;
        self.number_bits += value.bits();
        if value.bits() > MOST_BITS || self.number_bits > MOST_NUMBER_BITS {
            return Err(too_large());
        }
        Ok(value)
    }

    /// Tells a place with its reading and the other one, which are spelled only as long as any are told.
    pub(super) fn tell(&mut self, span: Span, spell: impl FnOnce(&Self) -> (String, String)) {
        if self.ambiguities.len() < MOST_AMBIGUITIES {
            let (taken, other) = spell(self);
            self.ambiguities.push(Ambiguity { span, taken, other });
        }
    }

    /// The function of the table that a sign at hand stands for.
    pub(super) fn required(&self, name: &str) -> Result<Operation, Error> {
        words::operation(name).ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!("the table of functions lacks {name}"),
            )
            .at(self.token.span)
            .hint("write the formula without it")
        })
    }

    /// The token at hand stands where a value is expected.
    pub(super) fn missing_operand(&self) -> Error {
        let found = self.token;
        let name = |token: Token<'_>| match token.kind {
            Kind::End => "the end".to_owned(),
            Kind::Line => "the end of the line".to_owned(),
            _ => format!("`{}`", token.text),
        };
        let message = match self.before {
            Some(before) if matches!(found.kind, Kind::End | Kind::Line) => {
                format!("nothing stands after {}", name(before))
            }
            Some(before) => format!(
                "nothing stands between {} and {}",
                name(before),
                name(found)
            ),
            None => format!("nothing stands before {}", name(found)),
        };
        let hint = match (self.before, found.kind) {
            (Some(before), Kind::End | Kind::Line | Kind::Semicolon) => {
                format!("write a number, a name or a bracket after {}", name(before))
            }
            (Some(before), Kind::Close(_)) if matches!(before.kind, Kind::Open(_)) => {
                "write a formula between the brackets, or remove them".to_owned()
            }
            (Some(before), Kind::Close(_) | Kind::Comma) => {
                format!("write a number or a name there, or remove {}", name(before))
            }
            (Some(before), _) if !matches!(before.kind, Kind::Open(_) | Kind::Comma) => {
                "write a number or a name there, or remove one of the two".to_owned()
            }
            _ => format!("write a number or a name before {}", name(found)),
        };
        Error::new(ErrorKind::Syntax, message)
            .at(found.span)
            .hint(hint)
    }

    /// What was opened at this place of `pending` has no end.
    pub(super) fn unclosed(&self, open: usize) -> Error {
        let Some(Pending::Open {
            room, sign, span, ..
        }) = self.pending.get(open)
        else {
            return self.missing_operand();
        };
        let (message, missing) = match room {
            Room::If => ("`if` lacks its `then`".to_owned(), "then"),
            Room::Then => ("`if` lacks its `else`".to_owned(), "else"),
            _ => (format!("`{sign}` is never closed"), closing(*sign)),
        };
        let end = self.token.span.start;
        let hint = match room {
            Room::If | Room::Then => "write `if condition then value else value`".to_owned(),
            _ if self.token.kind == Kind::End => format!("write `{missing}` at the end"),
            _ => format!("write `{missing}` before character {end}"),
        };
        Error::new(ErrorKind::Syntax, message).at(*span).hint(hint)
    }
}

/// The sign that closes what this one opens.
pub(super) fn closing(sign: char) -> &'static str {
    match sign {
        '[' => "]",
        '{' => "}",
        '|' => "|",
        '⌊' => "⌋",
        '⌈' => "⌉",
        _ => ")",
    }
}

/// The same formula without the nodes that its root does not reach.
fn used_only(expr: &Expr) -> Expr {
    let mut is_used = vec![false; expr.len()];
    if let Some(last) = is_used.last_mut() {
        *last = true;
    }
    // Arguments stand before their users, so that one walk from the root backward meets users first.
    for id in (0..expr.len()).rev() {
        if is_used[id] {
            for argument in arguments(expr.kind(id)) {
                is_used[argument] = true;
            }
        }
    }
    let mut place = vec![0; expr.len()];
    let mut used = Expr::default();
    for id in 0..expr.len() {
        if is_used[id] {
            place[id] = used.push(moved(expr.kind(id), &place), expr.span(id));
        }
    }
    used
}

/// The nodes that a node stands on.
pub(super) fn arguments(kind: &ExprKind) -> Vec<ExprId> {
    match kind {
        ExprKind::Apply(_, arguments) | ExprKind::Call(_, arguments) => arguments.clone(),
        ExprKind::Sum { from, to, body, .. } => vec![*from, *to, *body],
        ExprKind::Number(_) | ExprKind::Constant(_) | ExprKind::Name(_) => Vec::new(),
    }
}

fn moved(kind: &ExprKind, place: &[ExprId]) -> ExprKind {
    let all = |arguments: &[ExprId]| arguments.iter().map(|id| place[*id]).collect();
    match kind {
        ExprKind::Apply(operation, arguments) => ExprKind::Apply(*operation, all(arguments)),
        ExprKind::Call(name, arguments) => ExprKind::Call(name.clone(), all(arguments)),
        ExprKind::Sum {
            index,
            from,
            to,
            body,
        } => ExprKind::Sum {
            index: index.clone(),
            from: place[*from],
            to: place[*to],
            body: place[*body],
        },
        leaf => leaf.clone(),
    }
}
