//! Why a file cannot be read or written: the kind, the file with line and column, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file cannot be opened, read or written.
    File,
    /// The file is not of the format its name says.
    Format,
    /// The file holds no rows.
    Empty,
    /// A row has more or fewer cells than the others.
    Ragged,
    /// A cell that is no number.
    Cell,
    /// A cell without a value.
    Missing,
    /// A number that is infinite, or larger than any double.
    Overflow,
    /// A column that the file lacks, or has twice.
    UnknownColumn,
    /// A part of the format that is not read here.
    Unsupported,
    /// A setting outside its range.
    Setting,
}

impl ErrorKind {
    /// The kind in machine-readable form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Format => "format",
            Self::Empty => "empty",
            Self::Ragged => "ragged",
            Self::Cell => "cell",
            Self::Missing => "missing-value",
            Self::Overflow => "overflow",
            Self::UnknownColumn => "unknown-column",
            Self::Unsupported => "unsupported",
            Self::Setting => "setting",
        }
    }
}

/// A place in a file; lines, rows and columns are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line of a text.
    pub line: Option<u64>,
    /// The row of data, where the file has no lines.
    pub row: Option<u64>,
    /// The column with its name.
    pub column: Option<(usize, String)>,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(out, ", line {line}")?;
        }
        if let Some(row) = self.row {
            write!(out, ", row {row}")?;
        }
        match &self.column {
            Some((number, name)) => write!(out, ", column {number} ({name})"),
            None => Ok(()),
        }
    }
}

/// A file that cannot be read or written as it was asked.
///
/// ```
/// use secant_data::{Options, open};
/// let error = open("no such.csv".as_ref(), &Options::default()).err().unwrap();
/// assert_eq!(error.kind().name(), "file");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    kind: ErrorKind,
    message: String,
    place: Option<Place>,
    hint: Option<String>,
}

impl Error {
    /// An error with its message: lower case, no full stop.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            place: None,
            hint: None,
        }))
    }

    /// A file that the system would not open, read or write.
    pub(crate) fn file(path: &Path, verb: &str, reason: &std::io::Error) -> Self {
        let message = format!("'{}' cannot be {verb}: {reason}", path.display());
        Self::new(ErrorKind::File, message)
    }

    /// The same error, in this file.
    #[must_use]
    pub fn within(mut self, file: &Path) -> Self {
        self.place().file = file.to_owned();
        self
    }

    /// The same error, in this line of a text.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.place().line = Some(line);
        self
    }

    /// The same error, in this row.
    #[must_use]
    pub fn row(mut self, row: u64) -> Self {
        self.place().row = Some(row);
        self
    }

    /// The same error, in the array of this name.
    #[must_use]
    pub(crate) fn in_array(mut self, name: &str) -> Self {
        self.0.message = format!("the array '{name}': {}", self.0.message);
        self
    }

    /// The same error, in this column, counted from 0.
    #[must_use]
    pub fn column(mut self, column: usize, name: &str) -> Self {
        self.place().column = Some((column + 1, name.to_owned()));
        self
    }

    /// The same error, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    fn place(&mut self) -> &mut Place {
        self.0.place.get_or_insert(Place {
            file: PathBuf::new(),
            line: None,
            row: None,
            column: None,
        })
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

    /// Where in which file.
    #[must_use]
    pub fn at(&self) -> Option<&Place> {
        self.0.place.as_ref()
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
