//! How much each input moves the output.

pub mod elementary;
mod error;
mod expr;
mod number;
mod text;
mod vocabulary;

pub use elementary::{Functions, Operation};
pub use error::{Error, ErrorKind, Span};
pub use expr::{Constant, Expr, ExprId, ExprKind};
pub use number::{Closeness, Decoration, Interval, Rational, Series, ulp};
pub use text::{Ambiguity, Definition, Notation, Parsed, canonical_name, parse, print};
pub use vocabulary::{Dual, Elementary, Partials, Scalar, binary, flat, unary};
