//! Why there is no fit.

use std::fmt;

/// Why there is no fit at all. A fit that did not converge is no error: it says so itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The data cannot be read.
    Data(secant_data::Error),
    /// The data can be read and not used.
    Row {
        /// What is wrong.
        message: String,
        /// In which row of the data, counted from 1.
        row: u64,
        /// What to do about it.
        hint: &'static str,
    },
    /// Fewer rows than parameters, or none.
    TooFew {
        /// Rows that weigh something.
        rows: u64,
        /// Parameters to be found.
        parameters: usize,
    },
    /// The fit is at no strict minimum, so the rows determine no parameters.
    NoMinimum,
    /// Something was asked that cannot be.
    Setting(String),
}

impl Error {
    /// The kind in machine-readable form.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Data(error) => error.kind().name(),
            Self::Row { .. } => "row",
            Self::TooFew { .. } => "too-few-rows",
            Self::NoMinimum => "no-minimum",
            Self::Setting(_) => "setting",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn repair(&self) -> Option<&str> {
        match self {
            Self::Data(error) => error.repair(),
            Self::Row { hint, .. } => Some(hint),
            Self::TooFew { .. } => Some("hold some parameters at a value, or bring more data"),
            Self::NoMinimum | Self::Setting(_) => None,
        }
    }
}

impl From<secant_data::Error> for Error {
    fn from(error: secant_data::Error) -> Self {
        Self::Data(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(error) => match error.at() {
                Some(place) => write!(out, "{place}: {}", error.message()),
                None => out.write_str(error.message()),
            },
            Self::Row { message, row, .. } => write!(out, "row {row}: {message}"),
            Self::TooFew { rows, parameters } => {
                let rows_end = if *rows == 1 { "" } else { "s" };
                let parameters_end = if *parameters == 1 { "" } else { "s" };
                write!(
                    out,
                    "{rows} row{rows_end} cannot tell {parameters} parameter{parameters_end}"
                )
            }
            Self::NoMinimum => out
                .write_str("the fit is at no strict minimum, so the rows determine no parameters"),
            Self::Setting(message) => out.write_str(message),
        }
    }
}

impl std::error::Error for Error {}
