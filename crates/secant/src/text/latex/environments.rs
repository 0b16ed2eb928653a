//! What stands between `\begin` and `\end`: cases, old-fashioned ones in an array, and the wrappers of
//! displayed formulas.

use super::{Frame, Kind, Reader, Role, commands, syntax};
use crate::error::{Error, ErrorKind, Span};

/// Words that stand before a condition.
const BEFORE_CONDITION: &[&str] = &["if", "for", "when", "where", "whenever"];
/// Words that stand for all other cases.
const OTHERWISE: &[&str] = &[
    "otherwise",
    "else",
    "elsewhere",
    "if otherwise",
    "in all other cases",
    "other cases",
];
/// What the heights of lines are measured in.
const UNITS: &[&str] = &[
    "pt", "em", "ex", "mm", "cm", "in", "pc", "bp", "dd", "cc", "sp", "mu", "px",
];
/// A height is written in so many characters at most.
const LONGEST_HEIGHT: usize = 40;
/// Environments that only place a formula on the page.
const WRAPPERS: &[&str] = &[
    "equation",
    "equation*",
    "align",
    "align*",
    "aligned",
    "split",
    "gather",
    "gather*",
    "displaymath",
    "math",
    "multline",
    "multline*",
];

/// An open environment.
#[derive(Clone, Debug)]
pub(super) struct Environment {
    name: String,
    is_cases: bool,
    /// Whether the row at hand has its `&`.
    has_condition: bool,
    /// Whether a row for all other cases was read, after which none may come.
    is_complete: bool,
}

impl Environment {
    pub(super) fn unclosed(&self, span: Span) -> Error {
        let name = &self.name;
        syntax(format!("`\\begin{{{name}}}` is never closed"), span)
            .hint(format!("write \\end{{{name}}} at the end"))
    }
}

impl Reader<'_> {
    /// The environment that is open innermost.
    fn environment(&mut self) -> Option<&mut Environment> {
        match self.frames.last_mut() {
            Some(Frame {
                role: Role::Environment(open),
                ..
            }) => Some(open),
            _ => None,
        }
    }

    /// The name within braces after `\begin` and `\end`.
    fn environment_name(&mut self, span: Span) -> Result<String, Error> {
        self.skip_blanks();
        let end = self.rest.find('}').filter(|_| self.rest.starts_with('{'));
        let Some(end) = end else {
            return Err(syntax("no environment is named here".to_owned(), span)
                .hint("write \\begin{cases} and \\end{cases}"));
        };
        let name = self.rest[1..end].trim().to_owned();
        self.skip(self.rest[..=end].chars().count());
        Ok(name)
    }

    pub(super) fn begin(&mut self, span: Span) -> Result<(), Error> {
        let name = self.environment_name(span)?;
        let span = Span::new(span.start, self.at);
        let is_array = name == "array"
            && self
                .pieces
                .last()
                .is_none_or(|last| last.kind != Kind::Open('('));
        let is_cases =
            matches!(name.as_str(), "cases" | "dcases" | "cases*" | "rcases") || is_array;
        if !is_cases && !WRAPPERS.contains(&name.as_str()) {
            let what = if name.ends_with("matrix") {
                "matrices are not read"
            } else {
                "this environment is not read"
            };
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("`\\begin{{{name}}}`: {what}"),
            )
            .at(span)
            .hint("formulas here are of numbers; of environments write \\begin{cases}"));
        }
        if is_array {
            self.skip_blanks();
            self.skip_group();
        }
        if is_cases {
            self.push(Kind::Group, "\\begin", span);
            self.push(Kind::Name, commands::CASES, span);
            self.push(Kind::Open('{'), "\\begin", span);
        }
        let environment = Environment {
            name,
            is_cases,
            has_condition: false,
            is_complete: false,
        };
        self.open(Role::Environment(environment), span);
        Ok(())
    }

    pub(super) fn end_environment(&mut self, span: Span) -> Result<(), Error> {
        let name = self.environment_name(span)?;
        let span = Span::new(span.start, self.at);
        let Some(open) = self.environment().cloned() else {
            return Err(syntax(format!("`\\end{{{name}}}` closes nothing"), span)
                .hint("close braces and brackets before it, and begin with \\begin{cases}"));
        };
        if open.name != name {
            return Err(syntax(
                format!(
                    "`\\end{{{name}}}` does not close `\\begin{{{}}}`",
                    open.name
                ),
                span,
            )
            .hint(format!("write \\end{{{}}}", open.name)));
        }
        self.frames.pop();
        if open.is_cases {
            self.drop_comma();
            self.push(Kind::Close('}'), "\\end", span);
            self.push(Kind::Ungroup, "\\end", span);
        }
        Ok(())
    }

    /// `&` parts value and condition; in a wrapper it only aligns.
    pub(super) fn ampersand(&mut self) -> Result<(), Error> {
        let span = self.take();
        self.drop_comma();
        let Some(open) = self.environment() else {
            return Err(syntax("`&` stands outside of its environment".to_owned(), span)
                .hint("write \\begin{cases} value & condition \\\\ value & \\text{otherwise} \\end{cases}"));
        };
        if !open.is_cases {
            return Ok(());
        }
        if open.has_condition {
            return Err(syntax("a row with two `&`".to_owned(), span)
                .hint("write value & condition in each row"));
        }
        open.has_condition = true;
        self.push(Kind::Comma, "&", span);
        Ok(())
    }

    /// `\\` parts the rows of cases, and definitions elsewhere.
    pub(super) fn new_line(&mut self, span: Span) -> Result<(), Error> {
        self.drop_comma();
        if let Some(length) = height_of_line(self.rest) {
            self.skip(length);
        }
        self.skip_blanks();
        let is_last = self.rest.starts_with("\\end") || self.rest.is_empty();
        match self.environment() {
            Some(open) if open.is_cases => {
                if is_last {
                    return Ok(());
                }
                if !open.has_condition {
                    return Err(syntax("a row without its condition".to_owned(), span)
                        .hint("write value & condition in each row"));
                }
                if open.is_complete {
                    return Err(
                        syntax("a row after that for all other cases".to_owned(), span)
                            .hint("move the row with \\text{otherwise} to the end"),
                    );
                }
                open.has_condition = false;
                self.push(Kind::Comma, "\\\\", span);
            }
            _ if is_last => {}
            _ => self.push(Kind::Line, "\\\\", span),
        }
        Ok(())
    }

    /// Whether a word stands before a condition or for all other cases here, and so needs no token.
    pub(super) fn condition_word(&mut self, word: &str) -> bool {
        let is_in_condition = self
            .environment()
            .is_some_and(|open| open.is_cases && open.has_condition);
        if !is_in_condition {
            return false;
        }
        let is_first = self
            .pieces
            .last()
            .is_some_and(|last| last.kind == Kind::Comma && last.text == "&");
        if is_first && OTHERWISE.contains(&word) {
            self.pieces.pop();
            if let Some(open) = self.environment() {
                open.is_complete = true;
            }
            return true;
        }
        is_first && BEFORE_CONDITION.contains(&word)
    }

    /// A comma before `&` or at the end of a row is punctuation.
    fn drop_comma(&mut self) {
        if self
            .pieces
            .last()
            .is_some_and(|last| last.kind == Kind::Comma && last.text == ",")
        {
            self.pieces.pop();
        }
    }

    /// Whether cases set as an array stand here, behind their brace.
    pub(super) fn array_follows(&mut self) -> bool {
        self.skip_blanks();
        self.rest.starts_with("\\begin{array}")
    }
}

/// How long the height of a line is that the text begins with, `[4pt]` behind `\\`; any other bracket belongs to the formula.
fn height_of_line(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let end = inner.bytes().take(LONGEST_HEIGHT).position(|c| c == b']')?;
    let height = &inner[..end];
    let unsigned = height.trim().trim_start_matches(['-', '+']);
    let unit = unsigned.trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
    let is_length = match unit.trim_start().strip_prefix('\\') {
        Some(command) => !command.is_empty() && command.bytes().all(|c| c.is_ascii_alphabetic()),
        None => unit.len() < unsigned.len() && UNITS.contains(&unit.trim_start()),
    };
    is_length.then(|| height.chars().count() + "[]".len())
}
