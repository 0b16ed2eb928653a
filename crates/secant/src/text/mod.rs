//! Formulas as people type them, read and written.

mod call;
mod characters;
mod doubt;
mod lexer;
mod operand;
mod operator;
mod parser;
mod pending;
mod print;
mod statement;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use crate::error::{Error, Span};
use crate::expr::Expr;

pub use print::print;

/// A text that was read: its definitions, the last of which is the formula, and the places that could have
/// been read in another way.
///
/// ```
/// let parsed = secant::parse("a = 3; a x^2").unwrap();
/// assert_eq!(parsed.definitions.len(), 2);
/// assert!(parsed.ambiguities.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// All definitions in their order, at least one; the last is the formula.
    pub definitions: Vec<Definition>,
    /// What could have been read in another way.
    pub ambiguities: Vec<Ambiguity>,
}

/// `name(parameters) = body`; the last definition of a text may lack its name.
///
/// ```
/// let parsed = secant::parse("f(t) = t^2").unwrap();
/// assert_eq!(parsed.definitions[0].name.as_deref(), Some("f"));
/// assert_eq!(parsed.definitions[0].parameters, ["t".into()]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What is defined.
    pub name: Option<Arc<str>>,
    /// The names that stand for arguments within the body.
    pub parameters: Vec<Arc<str>>,
    /// The formula.
    pub body: Expr,
    /// Where it stands in the text.
    pub span: Span,
}

/// A place that people read in two ways, and which one was taken.
///
/// ```
/// let parsed = secant::parse("1/2x").unwrap();
/// assert_eq!(parsed.ambiguities[0].taken, "(1/2)*x");
/// assert_eq!(parsed.ambiguities[0].other, "1/(2*x)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// Where it stands in the text.
    pub span: Span,
    /// The reading that was taken.
    pub taken: String,
    /// The reading that was not.
    pub other: String,
}

/// A way to write a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `2*x^2`: plain characters, which [`parse`] reads again without a doubt.
    Text,
    /// `2x²`: with the signs of mathematics, for people and terminals.
    Unicode,
    /// `2x^{2}`: for typesetting.
    Latex,
}

/// Reads a text.
///
/// # Errors
/// The text is no formula; the error tells the place and what to write instead.
///
/// ```
/// use secant::{Notation, parse, print};
/// let parsed = parse("3(x+1)(x-2)").unwrap();
/// assert_eq!(print(&parsed.definitions[0].body, Notation::Text), "3*(x + 1)*(x - 2)");
/// let error = parse("sinx").unwrap_err();
/// assert_eq!(error.repair(), Some("did you mean sin(x)?"));
/// ```
pub fn parse(text: &str) -> Result<Parsed, Error> {
    parser::Parser::new(text)?.read()
}

/// The one spelling of a name: `α` is `alpha`, `x₁` is `x_1`. Values are given under it.
///
/// ```
/// assert_eq!(secant::canonical_name("α₁"), "alpha_1");
/// ```
#[must_use]
pub fn canonical_name(name: &str) -> String {
    characters::canonical(name)
}
