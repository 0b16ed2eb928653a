//! Why a model cannot be read or written: the kind, the node or tensor, and what to do about it.

use std::fmt;

/// What kind of thing is wrong with a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes are not of the format, or end too early.
    Format,
    /// The graph contradicts itself: a value nobody makes, a shape that does not fit.
    Graph,
    /// An operator, or a form of one, that is not read here.
    Unsupported,
    /// More than is read, or more than the file can hold.
    TooLarge,
    /// Tensors that are not those of the network.
    Mismatch,
    /// A file beside the model that cannot be read.
    File,
}

impl ErrorKind {
    /// The kind in machine-readable form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Graph => "graph",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too-large",
            Self::Mismatch => "mismatch",
            Self::File => "file",
        }
    }
}

/// A model that cannot be read or written.
///
/// ```
/// let error = secant_model::onnx::read(b"no model", &secant_model::onnx::Options::default()).unwrap_err();
/// assert_eq!(error.kind().name(), "format");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    kind: ErrorKind,
    message: String,
    place: Option<String>,
    hint: Option<String>,
}

impl Error {
    /// An error with its message: lower case, no full stop.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            place: None,
            hint: None,
        }))
    }

    /// The same error, at this node or tensor, unless it already has its place.
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.0.place.get_or_insert_with(|| place.into());
        self
    }

    /// The same error, with what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What kind of thing is wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The node or tensor where it is wrong, as `node 'fc1' (Gemm)`.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// What to do about it.
    #[must_use]
    pub fn repair(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(out, "{place}: ")?;
        }
        out.write_str(&self.0.message)?;
        match &self.0.hint {
            Some(hint) => write!(out, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
