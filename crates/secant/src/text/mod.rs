//! Formulas as people type them: text into [`Expr`], and back into plain text, Unicode and LaTeX. Nothing is
//! evaluated or simplified here. What can be read in two ways is read in the one documented below, and the
//! other is told as an [`Ambiguity`]; what cannot be read is an [`Error`] with its place and a repair.
//!
//! # A tour
//!
//! **Signs.** `+ - * / ^`, also `**`, `×`, `·`, `÷`, `−`. Powers bind most tightly and from the right
//! (`2^3^2` is `2^(3^2)`), then the minus before a value (`-x^2` is `-(x^2)`), then products and quotients
//! from the left, then sums. `x²`, `x⁻¹`, `xⁿ` are powers; `√x`, `∛x` and `x!` are what they look like. A
//! radical sign takes one factor with its powers, or a bracket: `√2x` is `√2·x`.
//!
//! **Products need no sign.** `2x`, `3(x+1)(x-2)` and `x y` are products, read from the left like those with
//! a sign: `1/2x` is `(1/2)*x`, and `e^2x` is `e^2*x`. Two numbers side by side are an error.
//!
//! ```
//! use secant::{Notation, parse, print};
//! let read = |text: &str| print(&parse(text).unwrap().definitions[0].body, Notation::Text);
//! assert_eq!(read("2x² - x/3"), "2*x^2 - x/3");
//! assert_eq!(read("1/2x"), "1/2*x");
//! assert_eq!(read("sin 2x cos x"), "sin(2*x)*cos(x)");
//! assert_eq!(read("2πr"), "2*pi*r");
//! ```
//!
//! **Names.** `xy` is one name, `x y` a product. A Greek letter is a name of its own (`2πr` has three
//! factors); only Δ and δ take letters along (`Δt`). `α` is the same as `alpha`, and `x₁` the same as `x_1`.
//! `pi`, `π` and `e` are the constants, exact; `E`, `i` and `τ` are plain names. A name with a bracket is a
//! product if it is one symbol, `x(x+1)`, and an error if it is a word that names no function.
//!
//! **Functions.** `sin(x)` takes its bracket and nothing more, so `sin(x)^2` is a square. Without a bracket
//! the argument is made of factors side by side with their powers, and ends before `+ - * /` and before
//! the next function: `sin 2x^2/3` is `sin(2*x^2)/3`. `sin^2 x` is `sin(x)^2`; `sin^-1 x` is `asin(x)`. `log`
//! is the natural logarithm, `log_b x` and `log(b, x)` have the base b. `min` and `max` take any number of
//! arguments. `|x|` is `abs(x)`.
//!
//! **Conditions.** Comparisons `< <= > >= == !=` chain: `0 < x < 1`. They join by `and`, `or`, `not` (`&&`,
//! `||`, `∧`, `∨`, `¬`). `if c then a else b` reaches as far to the right as it can; `piecewise(c, a, d, b,
//! otherwise)` has pairs of condition and value, then the last value, which cannot be left out.
//!
//! **Sums.** `sum(i, 1, 10, x^i)` counts i from 1 to 10.
//!
//! **Definitions.** `name = formula` and `f(x, y) = formula` stand on lines of their own or have `;` between
//! them, and those after them may use them. The last one is the formula, and it alone may lack a name. A
//! line goes on where a bracket is open or a sign waits for its right side. `#` begins a comment.
//!
//! **LaTeX** is read as it stands in a paper, with dollars or without: `\frac{1}{2} x^{2}`, `\left|x\right|`,
//! `\sin^2 x`, `\begin{cases}`. What holds a backslash is LaTeX, and there letters side by side are factors,
//! an index belongs to its letter (`x_{12}`), and an exponent without braces is one sign. What [`print`]
//! writes as LaTeX reads back as the same formula, except that a name `x1` comes back as `x_1`, that an
//! equality standing alone is a definition.
//!
//! ```
//! use secant::{Notation, parse, print};
//! let read = |text: &str| print(&parse(text).unwrap().definitions[0].body, Notation::Text);
//! assert_eq!(read(r"\frac{1}{2} m v^2"), "1/2*m*v^2");
//! assert_eq!(read(r"$\frac{x^2}{2\sigma^2}$"), "x^2/(2*sigma^2)");
//! assert_eq!(parse(r"\int x dx").unwrap_err().message(), r"`\int`: integrals are not read");
//! ```
//!
//! **Numbers** are exact: `0.1` is a tenth. `1.5e-3` and `1_000` are numbers; `2e` is twice e.

mod call;
mod characters;
mod doubt;
mod latex;
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
///
/// ```
/// use secant::{Notation, parse, print};
/// let parsed = parse("sqrt(alpha)/2").unwrap();
/// let body = &parsed.definitions[0].body;
/// assert_eq!(print(body, Notation::Unicode), "√α/2");
/// assert_eq!(print(body, Notation::Latex), r"\frac{\sqrt{\alpha}}{2}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `2*x^2`: plain characters, which [`parse`] reads again without a doubt.
    Text,
    /// `2x²`: with the signs of mathematics, for people and terminals.
    Unicode,
    /// `2x^{2}`: for typesetting.
    Latex,
    /// `<mn>2</mn>…`: what stands within a `math` element of a page.
    Mathml,
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
    if latex::is_latex(text) {
        let rewritten = latex::rewrite(text)?;
        let lexer = lexer::Lexer::of(&rewritten.pieces);
        return parser::Parser::new(lexer, rewritten.ambiguities)?.read();
    }
    parser::Parser::new(lexer::Lexer::new(text), Vec::new())?.read()
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
