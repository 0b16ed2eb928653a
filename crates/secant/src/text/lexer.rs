//! Text into tokens, one at a time, each with its place in characters. It is cheap to clone, which is how
//! the parser looks ahead; it keeps no list, so that no length of text costs memory here. Tokens that were
//! rewritten out of LaTeX it hands on as they are.

use super::characters::{greek_name, is_blank, is_combining, is_plain_letter, lowered, raised};
use super::latex::Piece;
use crate::error::{Error, ErrorKind, Span};

/// The order of a root in brackets is looked for so far behind its sign.
const LONGEST_ORDER: usize = 40;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Name,
    /// A run of raised figures.
    Raised,
    Plus,
    Minus,
    Times,
    Over,
    Remainder,
    Power,
    Bang,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// A single `=`: a comparison within a formula, or the sign of a definition.
    Equal,
    /// `==`
    Same,
    NotEqual,
    /// `:=`
    Define,
    And,
    /// `∨`; two bars are told apart from it by the parser.
    Or,
    Not,
    Bar,
    TwoBars,
    /// `√`, `∛`, `∜` with its order.
    Radical(u8),
    Open(char),
    Close(char),
    /// Brackets that LaTeX does not show, as around a fraction.
    Group,
    Ungroup,
    Comma,
    Semicolon,
    Line,
    End,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// Whether a blank stands before it.
    pub(super) gap: bool,
}

/// Reads tokens from a text.
#[derive(Clone)]
pub(super) struct Lexer<'t> {
    rest: &'t str,
    /// Characters read so far.
    at: usize,
    /// Tokens that are known already.
    pieces: &'t [Piece<'t>],
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self::plain(text, 0)
    }

    /// The rest of a text, behind this many characters.
    pub(super) fn plain(rest: &'t str, at: usize) -> Self {
        Self {
            rest,
            at,
            pieces: &[],
        }
    }

    /// Tokens out of LaTeX, the last of which is the end.
    pub(super) fn of(pieces: &'t [Piece<'t>]) -> Self {
        Self {
            rest: "",
            at: 0,
            pieces,
        }
    }

    /// Whether the text is LaTeX.
    pub(super) fn is_latex(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// The next token; at the end of the text an [`Kind::End`], as often as asked.
    pub(super) fn next(&mut self) -> Result<Token<'t>, Error> {
        if let Some((piece, later)) = self.pieces.split_first() {
            if !later.is_empty() {
                self.pieces = later;
            }
            return Ok(Token {
                kind: piece.kind,
                text: &piece.text,
                span: piece.span,
                gap: piece.gap,
            });
        }
        let gap = self.skip_blanks();
        let (rest, start) = (self.rest, self.at);
        let kind = match self.peek() {
            None => Kind::End,
            Some(first) => self.kind(first)?,
        };
        Ok(Token {
            kind,
            text: &rest[..rest.len() - self.rest.len()],
            span: Span::new(start, self.at),
            gap,
        })
    }

    fn kind(&mut self, first: char) -> Result<Kind, Error> {
        if first.is_ascii_digit() || (first == '.' && self.second_is(|c| c.is_ascii_digit())) {
            return self.number();
        }
        if is_plain_letter(first) || greek_name(first).is_some() {
            self.name(first);
            return Ok(Kind::Name);
        }
        if raised(first).is_some() {
            self.take_while(|c| raised(c).is_some());
            return Ok(Kind::Raised);
        }
        let (kind, length) = self.symbol(first)?;
        for _ in 0..length {
            self.take();
        }
        Ok(kind)
    }

    fn symbol(&self, first: char) -> Result<(Kind, usize), Error> {
        let pair = |second: char, long: Kind, short: Kind| {
            if self.second_is(|c| c == second) {
                (long, 2)
            } else {
                (short, 1)
            }
        };
        Ok(match first {
            '+' => (Kind::Plus, 1),
            '-' | '−' | '–' | '﹣' | '‒' => (Kind::Minus, 1),
            '*' => pair('*', Kind::Power, Kind::Times),
            '×' | '·' | '⋅' | '∗' | '•' | '✕' | '∙' => (Kind::Times, 1),
            '/' | '÷' | '∕' | '⁄' => (Kind::Over, 1),
            '%' => (Kind::Remainder, 1),
            '^' => (Kind::Power, 1),
            '!' => pair('=', Kind::NotEqual, Kind::Bang),
            '<' => pair('=', Kind::LessEqual, Kind::Less),
            '>' => pair('=', Kind::GreaterEqual, Kind::Greater),
            '≤' | '⩽' => (Kind::LessEqual, 1),
            '≥' | '⩾' => (Kind::GreaterEqual, 1),
            '=' if self.second_is(|c| c == '<' || c == '>') => return Err(self.turned()),
            '=' => pair('=', Kind::Same, Kind::Equal),
            '≠' => (Kind::NotEqual, 1),
            ':' if self.second_is(|c| c == '=') => (Kind::Define, 2),
            '&' if self.second_is(|c| c == '&') => (Kind::And, 2),
            '∧' => (Kind::And, 1),
            '∨' => (Kind::Or, 1),
            '¬' => (Kind::Not, 1),
            '|' => pair('|', Kind::TwoBars, Kind::Bar),
            '√' => self.radical()?,
            '∛' => (Kind::Radical(3), 1),
            '∜' => (Kind::Radical(4), 1),
            '(' | '[' | '{' => (Kind::Open(first), 1),
            ')' | ']' | '}' => (Kind::Close(first), 1),
            ',' => (Kind::Comma, 1),
            ';' => (Kind::Semicolon, 1),
            '\n' => (Kind::Line, 1),
            _ => return Err(self.unknown(first)),
        })
    }

    /// The sign of a root; `√[3]{x}` has its order in brackets, as `\\sqrt[3]{x}` has. Brackets behind which nothing stands hold what is below the sign.
    fn radical(&self) -> Result<(Kind, usize), Error> {
        let plain = Ok((Kind::Radical(2), 1));
        let inner = self.rest.strip_prefix("√[").unwrap_or_default();
        let mut looked_at = inner.char_indices().take(LONGEST_ORDER);
        let Some((end, _)) = looked_at.find(|(_, c)| *c == ']') else {
            return plain;
        };
        let (order, below) = (&inner[..end], &inner[end + 1..]);
        let below = below.trim_start_matches(is_blank).chars().next();
        let length = order.chars().count() + 3;
        match order.trim().parse::<u8>() {
            Ok(order) if order >= 2 && below.is_some_and(begins_value) => {
                Ok((Kind::Radical(order), length))
            }
            _ if below == Some('{') => Err(Error::new(
                ErrorKind::Syntax,
                format!("`√[{order}]` is no root of an order from 2 to 255"),
            )
            .at(Span::new(self.at, self.at + length))
            .hint("write root(x, n)")),
            _ => plain,
        }
    }

    /// Digits, which single underscores may part, a point, an exponent. An `e` that no digits follow is
    /// left alone: `2e` is twice e.
    fn number(&mut self) -> Result<Kind, Error> {
        let start = self.at;
        let is_zero = self.peek() == Some('0');
        self.digits();
        let base = self
            .base_follows()
            .filter(|_| is_zero && self.at == start + 1);
        if let Some((base, hint)) = base {
            self.take_while(|c| c.is_ascii_alphanumeric());
            let message = format!("{base} number, which is not read");
            return Err(Error::new(ErrorKind::Syntax, message)
                .at(Span::new(start, self.at))
                .hint(hint));
        }
        if self.peek() == Some('.') {
            self.take();
            self.digits();
            if self.peek() == Some('.') {
                self.take();
                self.take_while(|c| c.is_ascii_digit() || c == '.');
                return Err(Error::new(ErrorKind::Syntax, "a number with two points")
                    .at(Span::new(start, self.at))
                    .hint("write one point at most, as in 1.5"));
            }
        }
        if self.exponent_follows() {
            self.take();
            self.take();
            self.digits();
        }
        Ok(Kind::Number)
    }

    fn digits(&mut self) {
        while let Some(next) = self.peek() {
            let parted = next == '_' && self.second_is(|c| c.is_ascii_digit());
            if !next.is_ascii_digit() && !parted {
                break;
            }
            self.take();
        }
    }

    /// Of which base a number is that has a letter and a figure of that base behind its zero, and how to write it.
    fn base_follows(&self) -> Option<(&'static str, &'static str)> {
        let (base, radix) = match self.peek()? {
            'x' | 'X' => (("a hexadecimal", "write it in decimals: 16, not 0x10"), 16),
            'o' | 'O' => (("an octal", "write it in decimals: 8, not 0o10"), 8),
            'b' | 'B' => (("a binary", "write it in decimals: 2, not 0b10"), 2),
            _ => return None,
        };
        self.second_is(|c| c.is_digit(radix)).then_some(base)
    }

    fn exponent_follows(&self) -> bool {
        let mut ahead = self.rest.chars();
        matches!(ahead.next(), Some('e' | 'E'))
            && match ahead.next() {
                Some('+' | '-') => ahead.next().is_some_and(|c| c.is_ascii_digit()),
                next => next.is_some_and(|c| c.is_ascii_digit()),
            }
    }

    /// Letters and digits, then an index after `_` or in lowered figures. A Greek letter is a name of its
    /// own (`2πr` has three factors), only Δ and δ take the letter after them along.
    fn name(&mut self, first: char) {
        self.take();
        let greek = greek_name(first).is_some();
        let takes_letters = !greek || matches!(first, 'Δ' | 'δ');
        while let Some(next) = self.peek() {
            if lowered(next).is_some() {
                self.take_while(|c| lowered(c).is_some());
                return;
            }
            if next == '_' {
                if !self.second_is(is_index) {
                    return;
                }
                self.take();
                self.take_while(|c| is_index(c) || c == '_');
                return;
            }
            let joins = is_combining(next)
                || (next.is_ascii_digit() && first != 'π')
                || (takes_letters && is_plain_letter(next));
            if !joins {
                return;
            }
            self.take();
        }
    }

    /// `=<` and `=>`.
    fn turned(&self) -> Error {
        let (found, meant) = if self.second_is(|c| c == '<') {
            ("=<", "<=")
        } else {
            ("=>", ">=")
        };
        Error::new(ErrorKind::Syntax, format!("`{found}` is no comparison"))
            .at(Span::new(self.at, self.at + 2))
            .hint(format!("did you mean `{meant}`?"))
    }

    fn unknown(&self, character: char) -> Error {
        let hint = match character {
            '∞' => "infinity is no number; write a large one",
            '∑' => "write sum(i, 1, 10, i^2)",
            '∫' => "integrals are not read",
            '&' => "write `and` or `&&`",
            ':' => "for a quotient write `/`, for a definition `=`",
            '.' => "for a number write digits around the point, for a product `*`",
            '_' => "an index follows its name directly, as in x_1",
            '\'' | '’' | '′' => "give the function another name, such as g(x)",
            '"' | '“' | '”' | '„' => "names stand without quotation marks",
            '½' => "write (1/2)",
            '—' => "for minus write `-`",
            _ => "remove it, or write what it means with letters, digits and + - * / ^",
        };
        let end = self.at + 1;
        let shown = if character.is_control() {
            character.escape_unicode().to_string()
        } else {
            character.to_string()
        };
        Error::new(
            ErrorKind::Syntax,
            format!("`{shown}` is not part of a formula"),
        )
        .at(Span::new(self.at, end))
        .hint(hint)
    }

    /// Skips blanks and comments, not line ends, and tells whether there were any.
    fn skip_blanks(&mut self) -> bool {
        let before = self.at;
        loop {
            match self.peek() {
                Some('#') => self.take_while(|c| c != '\n'),
                Some(c) if c != '\n' && is_blank(c) => self.take(),
                _ => return self.at > before,
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn second_is(&self, wanted: impl Fn(char) -> bool) -> bool {
        self.rest.chars().nth(1).is_some_and(wanted)
    }

    fn take(&mut self) {
        let mut rest = self.rest.chars();
        if rest.next().is_some() {
            self.at += 1;
        }
        self.rest = rest.as_str();
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.take();
        }
    }
}

/// Whether a value begins with the character.
fn begins_value(character: char) -> bool {
    character.is_ascii_digit()
        || is_plain_letter(character)
        || greek_name(character).is_some()
        || "{([√∛∜".contains(character)
}

/// Whether an index after `_` may hold the character.
fn is_index(character: char) -> bool {
    character.is_ascii_digit() || is_plain_letter(character) || greek_name(character).is_some()
}
