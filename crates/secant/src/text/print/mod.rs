//! Formulas into text. One loop walks the formula with a stack of its own, spells node by node in the
//! wanted notation, and stops at a length: a formula that shares its parts may be endless when spelled out.

mod latex;
mod mathml;
mod number;
mod plain;
mod shared;

use std::borrow::Cow;

use super::Notation;
use super::pending::Level;
use crate::expr::{Expr, ExprId};

/// Characters after which a formula is cut off.
const LONGEST: usize = 1 << 20;
/// The same within a message.
const LONGEST_EXCERPT: usize = 48;

/// Writes a formula; after a million characters it is cut off with `…`. One whose nodes do not stand behind their arguments is `…`
/// altogether.
///
/// Text is read again by [`parse`](super::parse) as the same formula, except that numbers below 0 and
/// fractions become the operations that they are written with.
///
/// ```
/// use secant::{Notation, parse, print};
/// let parsed = parse("sin(x)^2/x").unwrap();
/// let body = &parsed.definitions[0].body;
/// assert_eq!(print(body, Notation::Text), "sin(x)^2/x");
/// assert_eq!(print(body, Notation::Unicode), "sin(x)²/x");
/// assert_eq!(print(body, Notation::Latex), r"\frac{\sin^{2} x}{x}");
/// ```
#[must_use]
pub fn print(expr: &Expr, notation: Notation) -> String {
    match expr.root() {
        Some(_) if !expr.is_in_order() => cut(notation).to_owned(),
        Some(root) => write(expr, root, notation, Level::Otherwise, LONGEST),
        None => String::new(),
    }
}

/// A formula for a message.
pub(super) fn excerpt(expr: &Expr, root: Option<ExprId>) -> String {
    root.map(|root| excerpt_at(expr, root, Level::Otherwise))
        .unwrap_or_default()
}

/// A part of a formula for a message, in brackets where it binds more loosely than `level`.
pub(super) fn excerpt_at(expr: &Expr, id: ExprId, level: Level) -> String {
    write(expr, id, Notation::Text, level, LONGEST_EXCERPT)
}

/// What is still to be written.
enum Job {
    Word(Cow<'static, str>),
    Node(Place),
}

/// A node, and what its surroundings ask of it.
#[derive(Clone, Copy)]
struct Place {
    id: ExprId,
    /// What binds more loosely gets brackets.
    least: Level,
    /// Whether it may begin with a minus without brackets.
    may_be_signed: bool,
    /// Whether something follows that its last function could take for its argument.
    is_followed: bool,
}

impl Place {
    fn new(id: ExprId, least: Level) -> Self {
        Self {
            id,
            least,
            may_be_signed: true,
            is_followed: false,
        }
    }

    fn unsigned(self) -> Self {
        Self {
            may_be_signed: false,
            ..self
        }
    }

    fn followed(self, is_followed: bool) -> Self {
        Self {
            is_followed,
            ..self
        }
    }
}

/// A node's own text with its parts still to come.
struct Spelled {
    level: Level,
    /// Whether it begins with a minus of its own.
    is_signed: bool,
    jobs: Vec<Job>,
}

impl Spelled {
    fn new(level: Level) -> Self {
        Self {
            level,
            is_signed: false,
            jobs: Vec::new(),
        }
    }

    fn atom(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Level::Atom).word(text)
    }

    fn word(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.jobs.push(Job::Word(text.into()));
        self
    }

    fn node(mut self, place: Place) -> Self {
        self.jobs.push(Job::Node(place));
        self
    }

    /// Any formula, where brackets or commas hold it already.
    fn inside(self, id: ExprId) -> Self {
        self.node(Place::new(id, Level::Otherwise))
    }

    fn signed(mut self) -> Self {
        self.is_signed = true;
        self
    }

    /// Parts with commas between them.
    fn list(mut self, ids: &[ExprId]) -> Self {
        for (position, id) in ids.iter().enumerate() {
            if position > 0 {
                self = self.word(", ");
            }
            self = self.inside(*id);
        }
        self
    }
}

fn write(expr: &Expr, root: ExprId, notation: Notation, least: Level, longest: usize) -> String {
    let (open, close) = match notation {
        Notation::Latex => ("\\left(", "\\right)"),
        Notation::Mathml => ("<mrow><mo>(</mo>", "<mo>)</mo></mrow>"),
        _ => ("(", ")"),
    };
    let mut out = String::new();
    let mut length = 0;
    let mut jobs = vec![Job::Node(Place::new(root, least))];
    while let Some(job) = jobs.pop() {
        match job {
            Job::Word(word) => {
                length += word.chars().count();
                if length > longest {
                    if notation == Notation::Mathml {
                        // Cut anywhere, elements would stay open.
                        out.clear();
                    }
                    out.push_str(cut(notation));
                    break;
                }
                out.push_str(&word);
            }
            Job::Node(place) => {
                let spelled = match notation {
                    Notation::Latex => latex::spell(expr, place),
                    Notation::Mathml => mathml::spell(expr, place),
                    _ => plain::spell(expr, place.id, notation),
                };
                let in_brackets =
                    spelled.level < place.least || (spelled.is_signed && !place.may_be_signed);
                if in_brackets {
                    jobs.push(Job::Word(close.into()));
                }
                jobs.extend(spelled.jobs.into_iter().rev());
                if in_brackets {
                    jobs.push(Job::Word(open.into()));
                }
            }
        }
    }
    out
}

/// What stands where a formula is cut off.
fn cut(notation: Notation) -> &'static str {
    match notation {
        Notation::Mathml => "<mtext>…</mtext>",
        _ => "…",
    }
}
