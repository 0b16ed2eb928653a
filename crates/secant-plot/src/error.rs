//! The one error of this crate: a picture that cannot be made.

/// Why a picture could not be made.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The picture would have no pixel, or more than can be drawn.
    Size {
        /// Pixels across, as asked for.
        width: f64,
        /// Pixels down, as asked for.
        height: f64,
    },
    /// The finished pixels could not be written as a file.
    Encode(String),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Size { width, height } => {
                write!(f, "a picture of {width} by {height} pixels cannot be drawn")
            }
            Error::Encode(reason) => write!(f, "the picture could not be encoded: {reason}"),
        }
    }
}

impl std::error::Error for Error {}
