//! The one public error: what went wrong, where in the formula, and what to write instead.
//! It never prints itself anywhere; showing it with the formula beneath is the command's work.

use std::fmt;
use std::ops::Range;

/// A place in a formula, in characters (not bytes): from `start` up to, not including, `end`.
///
/// ```
/// use secant::Span;
/// assert_eq!(Span::new(2, 5).of("1 + sin x"), "+ s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

impl Span {
    /// From `start` up to `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The characters of `text` at this place.
    #[must_use]
    pub fn of(self, text: &str) -> String {
        text.chars()
            .skip(self.start)
            .take(self.end.saturating_sub(self.start))
            .collect()
    }

    /// The bytes of `text` at this place.
    #[must_use]
    pub fn bytes(self, text: &str) -> Range<usize> {
        let offset = |characters: usize| {
            text.char_indices()
                .nth(characters)
                .map_or(text.len(), |(offset, _)| offset)
        };
        offset(self.start)..offset(self.end)
    }
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not a formula.
    Syntax,
    /// A name that stands for nothing.
    UnknownName,
    /// A function with too few or too many arguments.
    Arity,
    /// The formula, or a number in it, is larger than can be worked with.
    TooLarge,
    /// A variable of the formula has no value.
    MissingValue,
    /// A value is given for a name that the formula lacks.
    UnknownVariable,
    /// Numbers of inputs, directions or outputs that do not fit together.
    Shape,
    /// A method that cannot serve this function.
    Unsupported,
    /// A setting outside its range, such as a step of 0.
    Setting,
}

impl ErrorKind {
    /// The kind in machine-readable form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::UnknownName => "unknown-name",
            Self::Arity => "arity",
            Self::TooLarge => "too-large",
            Self::MissingValue => "missing-value",
            Self::UnknownVariable => "unknown-variable",
            Self::Shape => "shape",
            Self::Unsupported => "unsupported",
            Self::Setting => "setting",
        }
    }
}

/// Something that cannot be answered as it was asked.
///
/// ```
/// let error = secant::Formula::parse("2 + * x").unwrap_err();
/// assert_eq!(error.kind().name(), "syntax");
/// assert_eq!(error.span().map(|span| span.start), Some(4));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    kind: ErrorKind,
    message: String,
    span: Option<Span>,
    hint: Option<String>,
}

impl Error {
    /// An error with its message: lower case, no full stop.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            span: None,
            hint: None,
        }))
    }

    /// The same error, at this place of the formula.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.0.span = Some(span);
        self
    }

    /// The same error, with what to write or try instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong, with the offending value.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the formula.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// What to write or try instead.
    #[must_use]
    pub fn repair(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.message)?;
        if let Some(span) = self.0.span {
            write!(out, " (characters {} to {})", span.start, span.end)?;
        }
        match &self.0.hint {
            Some(hint) => write!(out, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
