//! LaTeX as it stands in a paper, into the tokens of the plain grammar: `\frac{a}{b}` becomes a quotient in
//! brackets, `\left|x\right|` a call of abs, letters side by side become factors. Nothing is read twice and
//! nothing is guessed: the parser reads these tokens as it reads plain text, and each keeps its place in the
//! text as given, so that errors and doubts point there.
//!
//! A text is LaTeX if it holds a backslash or `_{` outside of comments, or stands between dollars.

mod commands;
mod cursor;
mod delimiters;
mod environments;
mod names;

use std::borrow::Cow;
use std::collections::HashMap;

use self::commands::Meaning;
pub(super) use self::commands::{CASES, INDEXED_ROOT, SERIES};
use super::Ambiguity;
use super::characters::{greek_name, is_plain_letter};
use super::lexer::{Kind, Lexer};
use crate::error::{Error, ErrorKind, Span};

/// Longer LaTeX is refused: its tokens are kept, unlike those of plain text.
const MOST_PIECES: usize = 1 << 22;

/// A token of the plain grammar, and where in the LaTeX it comes from.
#[derive(Clone, Debug)]
pub(super) struct Piece<'t> {
    pub(super) kind: Kind,
    pub(super) text: Cow<'t, str>,
    pub(super) span: Span,
    pub(super) gap: bool,
}

/// A LaTeX formula in the tokens of the plain grammar.
#[derive(Debug)]
pub(super) struct Rewritten<'t> {
    pub(super) pieces: Vec<Piece<'t>>,
    pub(super) ambiguities: Vec<Ambiguity>,
}

/// Whether a text is LaTeX.
pub(super) fn is_latex(text: &str) -> bool {
    text.trim_start().starts_with('$')
        || text.lines().any(|line| {
            let line = line.split('#').next().unwrap_or("");
            line.contains('\\') || line.contains("_{")
        })
}

/// Rewrites LaTeX into tokens.
pub(super) fn rewrite(text: &str) -> Result<Rewritten<'_>, Error> {
    let mut reader = Reader::new(text);
    while reader.skip_blanks() {
        if reader.pieces.len() > MOST_PIECES {
            return Err(Error::new(ErrorKind::TooLarge, "the formula is too long")
                .at(reader.here())
                .hint("write it in plain text, or in several formulas"));
        }
        reader.step()?;
        reader.end_singles()?;
    }
    reader.finish()
}

/// What the next `}`, `]` or `\end` ends.
#[derive(Clone, Debug)]
enum Role {
    /// Braces that are written for themselves.
    Braces,
    /// The exponent of the name at this place of the pieces.
    Exponent(Option<usize>),
    Above,
    Below,
    /// The order in `\sqrt[3]{x}`.
    Order,
    /// What stands below a root, with an order or without.
    Radicand(bool),
    /// The bounds of a sum; below, whether the name that counts is read.
    Lower {
        is_counted: bool,
    },
    Upper,
    /// Words within which dollars open a formula again.
    Text,
    Environment(environments::Environment),
}

#[derive(Clone, Debug)]
struct Frame {
    role: Role,
    /// Where it begins, and what it is called in messages.
    span: Span,
    /// Without braces it ends after one thing: how many pieces there were before that.
    single: Option<usize>,
}

struct Reader<'t> {
    rest: &'t str,
    /// Characters read so far.
    at: usize,
    pieces: Vec<Piece<'t>>,
    frames: Vec<Frame>,
    gap: bool,
    /// Letters up to here were looked at as a word.
    word_end: usize,
    /// The name whose exponent has just ended, which may take an index yet.
    raised: Option<usize>,
    /// How each name is set: another letter in bold is another name to its author.
    styles: HashMap<String, &'t str>,
    ambiguities: Vec<Ambiguity>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text,
            at: 0,
            pieces: Vec::new(),
            frames: Vec::new(),
            gap: false,
            word_end: 0,
            raised: None,
            styles: HashMap::new(),
            ambiguities: Vec::new(),
        }
    }

    /// Reads one thing: a character, a number, a command.
    fn step(&mut self) -> Result<(), Error> {
        let raised = self.raised.take();
        let Some(first) = self.peek() else {
            return Ok(());
        };
        match first {
            '\\' => self.command(),
            '{' => {
                let span = self.take();
                // A blank before it, for the parser: braces are not seen, and call nothing.
                let is_argument = self.is_function_last();
                self.gap |= !is_argument;
                self.push(Kind::Open('{'), "{", span);
                self.open(Role::Braces, span);
                Ok(())
            }
            '}' => self.close_brace(),
            ']' if matches!(self.role(), Some(Role::Order)) => self.end_order(),
            // The first sign after the index; others are comparisons.
            '=' if matches!(self.role(), Some(Role::Lower { is_counted: false })) => {
                let span = self.take();
                if let Some(frame) = self.frames.last_mut() {
                    frame.role = Role::Lower { is_counted: true };
                }
                self.push(Kind::Comma, "=", span);
                Ok(())
            }
            '^' => self.exponent(),
            '_' => self.index(raised),
            '&' => self.ampersand(),
            '$' => {
                self.take();
                Ok(())
            }
            '[' => {
                self.gap = true;
                self.plain()
            }
            '.' if self.is_full_stop() => {
                self.take();
                Ok(())
            }
            _ if first.is_ascii_digit() || first == '.' => self.number(),
            _ if is_plain_letter(first) || greek_name(first).is_some() => self.letter(first),
            _ => self.plain(),
        }
    }

    /// A character that means in LaTeX what it means in plain text.
    fn plain(&mut self) -> Result<(), Error> {
        let mut lexer = Lexer::plain(self.rest, self.at);
        let token = lexer.next()?;
        self.skip(token.span.end - self.at);
        self.push(token.kind, token.text, token.span);
        Ok(())
    }

    /// Figures and a point; where one sign is expected, one figure.
    fn number(&mut self) -> Result<(), Error> {
        if self.is_single() {
            let figure = &self.rest[..1];
            let span = self.take();
            self.push(Kind::Number, figure, span);
            return Ok(());
        }
        let before = self.rest;
        let mut lexer = Lexer::plain(self.rest, self.at);
        let token = lexer.next()?;
        let text = token.text;
        self.skip(text.chars().count());
        let span = token.span;
        if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
            let sign = if exponent.starts_with(['+', '-']) {
                ""
            } else {
                "*"
            };
            let exponent = exponent.replacen('+', " + ", 1).replacen('-', " - ", 1);
            self.tell(
                span,
                text.to_owned(),
                format!("{mantissa}*e{sign}{exponent}"),
            );
        }
        if text.contains('_') {
            return Err(index_error(span));
        }
        self.push(Kind::Number, &before[..text.len()], span);
        Ok(())
    }

    /// After `^`: braces, or one sign.
    fn exponent(&mut self) -> Result<(), Error> {
        let span = self.take();
        let base = self.pieces.len().checked_sub(1);
        let base = base.filter(|last| self.pieces[*last].kind == Kind::Name);
        self.push(Kind::Power, "^", span);
        self.skip_blanks();
        if self.rest.starts_with("\\circ") || self.rest.starts_with("{\\circ") {
            return Err(syntax("degrees are not read".to_owned(), span)
                .hint("angles are in radians: write \\frac{\\pi}{180} times the degrees"));
        }
        match self.peek() {
            // TeX would raise the sign alone, which nobody means.
            Some('-' | '−') => Ok(()),
            Some('(' | '[') => Err(
                syntax("the exponent stands without braces".to_owned(), span)
                    .hint("write it as in x^{n + 1}; TeX raises the bracket alone"),
            ),
            _ => self.argument(Role::Exponent(base), span, "^"),
        }
    }

    /// What belongs to a command or sign: braces, or one thing without them.
    fn argument(&mut self, role: Role, from: Span, name: &str) -> Result<(), Error> {
        self.skip_blanks();
        let start = if matches!(role, Role::Above) {
            from.start
        } else {
            self.at
        };
        if self.rest.starts_with('{') {
            let span = self.take();
            let span = Span::new(start, span.end);
            self.push(Kind::Open('{'), "{", span);
            self.open(role, span);
            return Ok(());
        }
        let is_missing = match self.peek() {
            None | Some('}' | ']' | ')' | '&' | '^' | '_' | '$' | ',' | ';') => true,
            Some('\\') => ["\\\\", "\\end", "\\right", "\\]", "\\)"]
                .iter()
                .any(|end| self.rest.starts_with(end)),
            Some(_) => false,
        };
        if is_missing {
            let message = format!("something is missing after `{name}`");
            let usage = match name {
                "^" => "x^{2}",
                _ if name.contains("sqrt") => "\\sqrt{x}",
                _ => "\\frac{a}{b}",
            };
            return Err(syntax(message, from).hint(format!("write {usage}")));
        }
        let span = Span::new(start, self.at);
        self.push(Kind::Open('{'), "{", span);
        self.frames.push(Frame {
            role,
            span: from,
            single: Some(self.pieces.len()),
        });
        Ok(())
    }

    /// Ends what takes one thing and has it.
    fn end_singles(&mut self) -> Result<(), Error> {
        while let Some(frame) = self.frames.last() {
            if frame
                .single
                .is_none_or(|before| self.pieces.len() <= before)
            {
                break;
            }
            let is_figure = self
                .pieces
                .last()
                .is_some_and(|last| last.kind == Kind::Number);
            let frames = self.frames.len();
            let end = Span::new(self.at, self.at);
            let from = frame.span;
            self.end(end)?;
            let goes_on = self.frames.len() < frames
                && is_figure
                && self.peek().is_some_and(|next| next.is_ascii_digit());
            if goes_on {
                return Err(syntax("more than one figure without braces".to_owned(), Span::new(from.start, self.at + 1))
                    .hint("TeX takes the first figure alone: write braces, as in x^{12} and \\frac{12}{5}, or \\cdot for a product"));
            }
        }
        Ok(())
    }

    fn close_brace(&mut self) -> Result<(), Error> {
        let span = self.take();
        match self.role() {
            None | Some(Role::Order | Role::Environment(_)) => {
                self.push(Kind::Close('}'), "}", span);
                Ok(())
            }
            Some(_) => self.end(span),
        }
    }

    /// Ends the innermost part; a fraction goes on with what is below.
    fn end(&mut self, span: Span) -> Result<(), Error> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if matches!(frame.role, Role::Text) {
            return Ok(());
        }
        if matches!(frame.role, Role::Lower { .. }) {
            self.skip_blanks();
            if !self.rest.starts_with('^') {
                return Err(self.bounds_error(frame.span));
            }
            self.take();
            self.push(Kind::Comma, "^", span);
            return self.argument(Role::Upper, frame.span, "^");
        }
        self.push(Kind::Close('}'), "}", span);
        match frame.role {
            Role::Exponent(base) => self.raised = base,
            Role::Above => {
                self.push(Kind::Over, "/", span);
                return self.argument(Role::Below, frame.span, "\\frac");
            }
            Role::Below | Role::Radicand(false) => self.push(Kind::Ungroup, "}", span),
            Role::Radicand(true) => {
                self.push(Kind::Close('}'), "}", span);
                self.push(Kind::Ungroup, "}", span);
            }
            Role::Upper => self.push(Kind::Close('}'), "}", span),
            Role::Braces | Role::Order | Role::Lower { .. } | Role::Text | Role::Environment(_) => {
            }
        }
        Ok(())
    }

    /// The `]` of `\sqrt[3]{x}`.
    fn end_order(&mut self) -> Result<(), Error> {
        let span = self.take();
        let from = self.frames.pop().map_or(span, |frame| frame.span);
        self.push(Kind::Comma, "]", span);
        self.argument(Role::Radicand(true), from, "\\sqrt[]")
    }

    fn command(&mut self) -> Result<(), Error> {
        let start = self.at;
        let name = commands::name(self.rest);
        self.skip(name.chars().count() + 1);
        let span = Span::new(start, self.at);
        let meaning = commands::meaning(name).ok_or_else(|| commands::unknown(name, span))?;
        match meaning {
            Meaning::Blank => self.gap = true,
            Meaning::Dropped => {
                self.skip_group();
            }
            Meaning::Sign(kind, text) => self.push(kind, text, span),
            Meaning::Name(text) => return self.push_name(text, span, name),
            Meaning::Fraction => {
                if self.is_derivative() {
                    return Err(syntax("a derivative stands within the formula".to_owned(), span)
                        .hint("leave it out: give the function alone, and its derivative is the answer"));
                }
                self.push(Kind::Group, "\\frac", span);
                return self.argument(Role::Above, span, "\\frac");
            }
            Meaning::Root => return self.root(span),
            Meaning::Series => return self.series(span),
            Meaning::Left => return self.left(span),
            Meaning::Right => return self.right(span),
            Meaning::Size(side) => return self.size(side, span),
            Meaning::Open(function, sign) => self.open_call(function, sign, span),
            Meaning::Close(sign) => self.close_call(sign, span),
            Meaning::Styled => return self.styled(name, span),
            Meaning::Accent(mark) => return self.accent(mark, span),
            Meaning::Words => return self.words(name, span),
            Meaning::Operator => return self.operator_name(span),
            Meaning::Delta(letter) => self.delta(letter, span),
            Meaning::Begin => return self.begin(span),
            Meaning::End => return self.end_environment(span),
            Meaning::NewLine => return self.new_line(span),
            Meaning::Refused(message, hint) => {
                return Err(
                    Error::new(ErrorKind::Unsupported, format!("`\\{name}`: {message}"))
                        .at(span)
                        .hint(hint),
                );
            }
        }
        Ok(())
    }

    fn root(&mut self, span: Span) -> Result<(), Error> {
        self.push(Kind::Group, "\\sqrt", span);
        self.skip_blanks();
        if self.rest.starts_with('[') {
            let bracket = self.take();
            self.push(Kind::Name, INDEXED_ROOT, span);
            self.push(Kind::Open('{'), "[", bracket);
            self.open(Role::Order, span);
            return Ok(());
        }
        self.push(Kind::Name, "sqrt", span);
        self.argument(Role::Radicand(false), span, "\\sqrt")
    }

    /// `\sum` with its index and bounds; the term after them ends where a sum of its own would begin.
    fn series(&mut self, span: Span) -> Result<(), Error> {
        self.push(Kind::Name, SERIES, span);
        self.skip_blanks();
        if self.rest.starts_with("\\limits") {
            self.skip("\\limits".len());
            self.skip_blanks();
        }
        if !self.rest.starts_with('_') {
            return Err(self.bounds_error(span));
        }
        self.take();
        self.skip_blanks();
        if !self.rest.starts_with('{') {
            return Err(self.bounds_error(span));
        }
        let brace = self.take();
        self.push(Kind::Open('{'), "{", brace);
        self.open(Role::Lower { is_counted: false }, span);
        Ok(())
    }

    fn bounds_error(&self, span: Span) -> Error {
        syntax("a sum without both of its bounds".to_owned(), span)
            .hint("write \\sum_{i = 1}^{10} x^{i}")
    }

    fn finish(mut self) -> Result<Rewritten<'t>, Error> {
        while self.pieces.last().is_some_and(|last| last.text == ",") {
            self.pieces.pop();
        }
        if let Some(Frame {
            role: Role::Environment(open),
            span,
            ..
        }) = self.frames.last()
        {
            return Err(open.unclosed(*span));
        }
        let end = Span::new(self.at, self.at);
        self.push(Kind::End, "", end);
        Ok(Rewritten {
            pieces: self.pieces,
            ambiguities: self.ambiguities,
        })
    }

    fn push(&mut self, kind: Kind, text: impl Into<Cow<'t, str>>, span: Span) {
        self.pieces.push(Piece {
            kind,
            text: text.into(),
            span,
            gap: std::mem::take(&mut self.gap),
        });
    }

    fn open(&mut self, role: Role, span: Span) {
        self.frames.push(Frame {
            role,
            span,
            single: None,
        });
    }

    fn role(&self) -> Option<&Role> {
        self.frames.last().map(|frame| &frame.role)
    }

    /// Whether one thing without braces is expected here.
    fn is_single(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.single.is_some())
    }

    fn tell(&mut self, span: Span, taken: String, other: String) {
        if self.ambiguities.len() < super::parser::MOST_AMBIGUITIES {
            self.ambiguities.push(Ambiguity { span, taken, other });
        }
    }

    /// A point that ends the sentence in which the formula stands.
    fn is_full_stop(&self) -> bool {
        let rest = self.rest[1..].trim_start();
        rest.is_empty()
            || rest.starts_with('$')
            || ["\\]", "\\)", "\\\\", "\\end"]
                .iter()
                .any(|end| rest.starts_with(end))
    }

    /// Whether `d/dx` stands in the fraction at hand.
    fn is_derivative(&self) -> bool {
        let plain: String = self
            .rest
            .chars()
            .take(80)
            .collect::<String>()
            .replace("\\mathrm{d}", "d")
            .replace("\\mathrm d", "d")
            .replace("{\\rm d}", "d")
            .replace("\\partial", "d")
            .replace(char::is_whitespace, "");
        let Some((above, below)) = plain
            .strip_prefix('{')
            .and_then(|rest| rest.split_once("}{"))
        else {
            return false;
        };
        let is_short = above == "d"
            || above.starts_with("d^")
            || (above.starts_with('d') && above.trim_start_matches('\\').chars().count() == 2);
        let mut below = below.chars();
        is_short
            && below.next() == Some('d')
            && below
                .next()
                .is_some_and(|next| next.is_alphabetic() || next == '\\')
    }
}

fn syntax(message: String, span: Span) -> Error {
    Error::new(ErrorKind::Syntax, message).at(span)
}

fn index_error(span: Span) -> Error {
    syntax("this index belongs to no name".to_owned(), span)
        .hint("an index stands after a letter, as in x_{12}")
}
