//! What a half-read formula waits for: open brackets, operators whose right side is not there yet, and
//! how tightly each binds. Plain records; the reading itself stands in `operand.rs` and `operator.rs`.

use std::sync::Arc;

use super::doubt::Doubt;
use crate::elementary::Operation;
use crate::error::Span;
use crate::expr::ExprId;

/// How tightly a part of a formula holds together, loosest first. Reader and printer share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Otherwise,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    /// A function before an argument without brackets.
    Function,
    /// Factors side by side within such an argument.
    Argument,
    Sign,
    Radical,
    Power,
    Postfix,
    Atom,
}

/// How an operand was written, as far as it decides which doubts are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Figures.
    Literal,
    /// A constant, or figures and constants side by side: nobody takes them for a whole argument.
    Coefficient,
    /// A variable.
    Name,
    Bracketed,
    /// Between bars, or factors side by side that begin so.
    Bars,
    BarsProduct,
    Other,
}

/// A value that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    pub(super) id: ExprId,
    pub(super) span: Span,
    pub(super) form: Form,
}

/// What a call calls.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Table(Operation),
    /// `log`: natural with one argument, to the base of the first with two.
    Logarithm,
    /// `log_b`: to the base that is written below.
    LogarithmTo(ExprId),
    Radical(u8),
    /// A root with its order before it, as LaTeX has them.
    IndexedRoot,
    Piecewise,
    /// Values and conditions by turns, as LaTeX has them.
    Cases,
    /// `sum` with the name that counts.
    Sum(Arc<str>),
    /// The same with its term after the bounds, as LaTeX has it.
    Series(Arc<str>),
    Defined(Arc<str>),
}

impl Target {
    /// As it is written before its bracket.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Table(operation) => operation.name().to_owned(),
            Self::Logarithm => "log".to_owned(),
            Self::LogarithmTo(_) => "log_".to_owned(),
            Self::Radical(2) => "sqrt".to_owned(),
            Self::Radical(3) => "cbrt".to_owned(),
            Self::Radical(_) | Self::IndexedRoot => "root".to_owned(),
            Self::Cases => "cases".to_owned(),
            Self::Piecewise => "piecewise".to_owned(),
            Self::Sum(_) | Self::Series(_) => "sum".to_owned(),
            Self::Defined(name) => name.to_string(),
        }
    }
}

/// A function before its argument: what it is, and the power between the two, as in `sin^2 x`.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) target: Target,
    pub(super) span: Span,
    pub(super) power: Option<ExprId>,
}

/// What an open bracket opens.
#[derive(Clone, Debug)]
pub(super) enum Room {
    /// A part of a formula; after a name directly before it, that name's place and node.
    Bracket(Option<Operand>),
    /// Between bars; with the factors before it, where the bars could be paired otherwise.
    Bars(Option<ExprId>),
    Arguments(Head),
    /// The exponent in `sin^(n) x`.
    Exponent(Head),
    If,
    Then,
}

/// Something that waits for what comes after it.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    Open {
        room: Room,
        sign: char,
        span: Span,
        /// How many operands there were before it.
        base: usize,
    },
    Infix {
        operation: Operation,
        level: Level,
        /// Whether no sign is written.
        implied: bool,
        doubt: Option<Box<Doubt>>,
    },
    /// A comparison, with those before it in a chain.
    Compare {
        operation: Operation,
        chain: Option<ExprId>,
        /// Whether it is a single `=` that is no definition.
        equation: bool,
    },
    Prefix {
        operation: Operation,
        level: Level,
        start: usize,
    },
    Radical {
        order: u8,
        start: usize,
    },
    Function(Box<Head>),
    /// The term of a sum, whose bounds are read.
    Series {
        index: Arc<str>,
        from: ExprId,
        to: ExprId,
        start: usize,
    },
    /// The part after `else`; condition and value are operands already.
    Otherwise {
        start: usize,
    },
}

impl Pending {
    /// How tightly it holds what is on its left; `None` for an open bracket, which nothing reaches across.
    pub(super) fn level(&self) -> Option<Level> {
        match self {
            Self::Open { .. } => None,
            Self::Infix { level, .. } | Self::Prefix { level, .. } => Some(*level),
            Self::Compare { .. } => Some(Level::Compare),
            Self::Radical { .. } => Some(Level::Radical),
            Self::Function(_) => Some(Level::Function),
            Self::Series { .. } => Some(Level::Sum),
            Self::Otherwise { .. } => Some(Level::Otherwise),
        }
    }
}
