//! Letters: each is a name of its own in LaTeX, perhaps with an index, a mark or another type. Words in
//! upright type are one name.

use super::{Frame, Kind, Reader, Role, commands, index_error, syntax};
use crate::error::{Error, ErrorKind, Span};
use crate::text::characters::{greek_letter, is_blank, is_combining, is_plain_letter};
use crate::text::words;

/// Letters side by side from this many on may have been meant as one name.
const WORD: usize = 4;

impl<'t> Reader<'t> {
    /// A letter, which is a factor by itself.
    pub(super) fn letter(&mut self, first: char) -> Result<(), Error> {
        if !self.is_single() && self.at >= self.word_end && is_plain_letter(first) && self.word()? {
            return Ok(());
        }
        let rest = self.rest;
        let start = self.at;
        self.skip(1);
        self.skip_while(is_combining);
        let text = &rest[..rest.len() - self.rest.len()];
        self.push_name(text, Span::new(start, self.at), "")
    }

    /// Looks at letters side by side: whether they were meant as a word. True if it was one and is read.
    fn word(&mut self) -> Result<bool, Error> {
        let length = self
            .rest
            .chars()
            .take_while(|c| c.is_ascii_alphabetic())
            .count();
        let word = &self.rest[..length];
        let span = Span::new(self.at, self.at + length);
        self.word_end = span.end;
        if length < 2 {
            return Ok(false);
        }
        if self.condition_word(word) {
            self.skip(length);
            return Ok(true);
        }
        let is_meant = |word: &str| {
            let is_function = words::operation(word).is_some() || words::SPECIAL.contains(&word);
            let is_letter = greek_letter(word).is_some();
            (is_function && !matches!(word, "lb" | "lg" | "tg"))
                || is_letter
                || words::KEPT.contains(&word)
        };
        let meant = (0..length - 1)
            .map(|from| &word[from..])
            .find(|end| is_meant(end));
        let stuck = words::stuck(word);
        if let Some(word) = meant.or(stuck.map(|(function, _)| function)) {
            let message = format!("{word} stands without a backslash, where letters are factors");
            let hint = match words::KEPT.contains(&word) {
                true => format!("write \\text{{{word}}}"),
                false => format!("write \\{word}, or part the letters of a product"),
            };
            return Err(syntax(message, span).hint(hint));
        }
        if length >= WORD {
            let factors: Vec<String> = word.chars().map(String::from).collect();
            self.tell(span, factors.join("*"), format!("\\mathrm{{{word}}}"));
        }
        Ok(false)
    }

    /// A name as it is set; the command for it is its style.
    pub(super) fn push_name(
        &mut self,
        name: &'t str,
        span: Span,
        style: &'t str,
    ) -> Result<(), Error> {
        self.check_style(name, style, span)?;
        self.push(Kind::Name, name, span);
        Ok(())
    }

    /// `_` and the index after it, which joins the name before it.
    pub(super) fn index(&mut self, raised: Option<usize>) -> Result<(), Error> {
        let span = self.take();
        let last = raised.or_else(|| self.pieces.len().checked_sub(1));
        let place = last.filter(|place| self.pieces[*place].kind == Kind::Name);
        let Some(place) = place else {
            return Err(index_error(span));
        };
        self.skip_blanks();
        let index = match self.peek() {
            Some('{') => self.collect_group()?,
            Some('\\') => self.collect_command()?,
            Some(sign) if is_plain_letter(sign) || sign.is_ascii_digit() => {
                self.take();
                if sign.is_ascii_digit() && self.peek().is_some_and(|next| next.is_ascii_digit()) {
                    let span = Span::new(span.start, self.at + 1);
                    return Err(syntax(
                        "an index of several figures stands without braces".to_owned(),
                        span,
                    )
                    .hint(
                        "TeX takes the first figure alone: write x_{12}, or \\cdot for a product",
                    ));
                }
                sign.to_string()
            }
            _ => String::new(),
        };
        let span = Span::new(span.start, self.at);
        let name = self.pieces[place].text.clone();
        if name.contains('_') || index.is_empty() {
            let message = match index.is_empty() {
                true => "an index is made of letters and figures",
                false => "a name with two indices",
            };
            return Err(syntax(message.to_owned(), span)
                .hint("write one index of letters and figures, as in x_{12} and x_{i,j}"));
        }
        let is_function = words::operation(&name).is_some() && name != "log";
        if is_function || name.starts_with('\\') {
            return Err(syntax(format!("{name} takes no index"), span)
                .hint("write its arguments in brackets, as in \\max\\left(a, b\\right)"));
        }
        let piece = &mut self.pieces[place];
        piece.text = format!("{name}_{index}").into();
        if raised.is_none() {
            piece.span = piece.span.to(span);
        }
        self.gap = false;
        Ok(())
    }

    /// Letters and figures within braces, blanks and inner braces left out; empty if there is anything else.
    fn collect_group(&mut self) -> Result<String, Error> {
        let mut collected = String::new();
        let mut depth = 0_usize;
        let start = self.take();
        depth += 1;
        while depth > 0 {
            let Some(next) = self.peek() else {
                return Err(
                    syntax("`{` is never closed".to_owned(), start).hint("write `}` at the end")
                );
            };
            match next {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' | '_' => collected.push('_'),
                '\\' => {
                    let sign = self.collect_sign()?;
                    collected.push_str(&sign);
                    continue;
                }
                _ if is_blank(next) => {}
                _ if is_plain_letter(next)
                    || next.is_ascii_digit()
                    || is_combining(next)
                    || crate::text::characters::greek_name(next).is_some() =>
                {
                    collected.push(next);
                }
                _ => {
                    let span = Span::new(self.at, self.at + 1);
                    return Err(
                        syntax(format!("`{next}` stands within a name or an index"), span).hint(
                            "names and indices are made of letters and figures, as in x_{12}",
                        ),
                    );
                }
            }
            self.take();
        }
        Ok(collected)
    }

    /// A command within a name: a Greek letter, an underscore, a change of type, a blank.
    fn collect_sign(&mut self) -> Result<String, Error> {
        let name = commands::name(self.rest);
        let span = Span::new(self.at, self.at + name.chars().count() + 1);
        let sign = match name {
            "_" => "_",
            "text" | "textrm" | "textit" | "textup" | "mbox" | "mathrm" | "mathit" | "mathsf"
            | "rm" | "it" | "operatorname" | "," | ";" | "!" | ":" | " " => "",
            _ => commands::spelled(name).ok_or_else(|| {
                syntax(format!("`\\{name}` stands within a name or an index"), span)
                    .hint("names and indices are made of letters and figures, as in x_{12}")
            })?,
        };
        self.skip(span.end - span.start);
        Ok(sign.to_owned())
    }

    /// A command as an index, with its group: `x_\alpha`, `x_\mathrm{max}`.
    fn collect_command(&mut self) -> Result<String, Error> {
        let sign = self.collect_sign()?;
        if sign.is_empty() && self.rest.starts_with('{') {
            return self.collect_group();
        }
        Ok(sign)
    }

    /// The letters that a command for letters applies to.
    fn letters(&mut self, command: &str, span: Span) -> Result<String, Error> {
        self.skip_blanks();
        let letters = match self.peek() {
            Some('{') => self.collect_group()?,
            Some('\\') => self.collect_sign()?,
            Some(letter) if is_plain_letter(letter) => {
                self.take();
                letter.to_string()
            }
            _ => String::new(),
        };
        if !letters.starts_with(|c: char| c.is_alphabetic()) {
            return Err(
                syntax(format!("`\\{command}` holds no name"), span).hint(format!(
                    "write a letter or a word within it, as in \\{command}{{x}}"
                )),
            );
        }
        Ok(letters)
    }

    /// A letter in another type is the letter, as long as the two do not stand in one formula.
    pub(super) fn styled(&mut self, command: &'t str, span: Span) -> Result<(), Error> {
        let letters = self.letters(command, span)?;
        let span = Span::new(span.start, self.at);
        self.check_style(&letters, command, span)?;
        self.push(Kind::Name, letters, span);
        Ok(())
    }

    /// Refuses a name that stands in two types, which its author would not take for one.
    fn check_style(&mut self, name: &str, style: &'t str, span: Span) -> Result<(), Error> {
        let before = *self.styles.entry(name.to_owned()).or_insert(style);
        if before == style {
            return Ok(());
        }
        Err(syntax(
            format!("{name} stands in two types, which would be one name"),
            span,
        )
        .hint("give one of them another letter, or an index"))
    }

    pub(super) fn accent(&mut self, mark: char, span: Span) -> Result<(), Error> {
        let mut letters = self.letters("bar", span)?;
        let first = letters.chars().next().map_or(0, char::len_utf8);
        letters.insert(first, mark);
        self.push(Kind::Name, letters, Span::new(span.start, self.at));
        Ok(())
    }

    /// `\text` and `\mathrm`: a name, words of a condition, or words that the plain grammar has.
    pub(super) fn words(&mut self, command: &'t str, span: Span) -> Result<(), Error> {
        self.skip_blanks();
        let rest = self.rest;
        let inside = rest.strip_prefix('{').unwrap_or("");
        let end = inside.find(['}', '$']).unwrap_or(inside.len());
        let content = inside[..end].trim().trim_end_matches(['.', ',']);
        let is_keyword = words::KEPT.contains(&content);
        let is_condition = self.condition_word(content);
        if is_condition || is_keyword {
            let length = inside[..end].chars().count() + 1;
            self.skip(length);
            if is_keyword && !is_condition {
                self.gap = true;
                self.push(Kind::Name, content, Span::new(span.start, self.at));
                self.gap = true;
            }
            if self.peek() == Some('$') {
                self.frames.push(Frame {
                    role: Role::Text,
                    span,
                    single: None,
                });
            }
            self.take();
            return Ok(());
        }
        let is_single = !rest.starts_with('{');
        let content = if is_single {
            String::new()
        } else {
            content.split_whitespace().collect::<Vec<_>>().join("_")
        };
        let letters = self.letters(command, span)?;
        let name = if content.contains('_') && !content.contains('\\') {
            content
        } else {
            letters
        };
        let span = Span::new(span.start, self.at);
        if name.chars().count() == 1 && name != "e" {
            self.check_style(&name, "upright", span)?;
        }
        self.push(Kind::Name, name, span);
        Ok(())
    }

    /// `\operatorname{erf}`: a function of the table, or one that the text defines.
    pub(super) fn operator_name(&mut self, span: Span) -> Result<(), Error> {
        let name = self.letters("operatorname", span)?;
        let span = Span::new(span.start, self.at);
        if let Some(known) = commands::operator(&name) {
            self.push(Kind::Name, known, span);
            return Ok(());
        }
        self.skip_blanks();
        let is_call = self.rest.starts_with(['(', '[', '{']) || self.rest.starts_with("\\left(");
        if !is_call {
            let error = Error::new(
                ErrorKind::UnknownName,
                format!("{name} is not a known function"),
            )
            .at(span);
            return Err(match words::nearest(&name, words::function_names()) {
                Some(near) => error.hint(format!("did you mean {near}?")),
                None => error.hint(format!(
                    "for a name write \\mathrm{{{name}}}; for a function define it first"
                )),
            });
        }
        self.push(Kind::Name, name, span);
        Ok(())
    }

    /// `\Delta t` is one name, as `Δt` is in plain text.
    pub(super) fn delta(&mut self, delta: &'static str, span: Span) {
        self.skip_blanks();
        match self.peek() {
            Some(letter) if is_plain_letter(letter) && !self.is_single() => {
                self.take();
                self.push(
                    Kind::Name,
                    format!("{delta}{letter}"),
                    Span::new(span.start, self.at),
                );
            }
            _ => self.push(Kind::Name, delta, span),
        }
    }

    /// Whether a function or its power stands last, so that braces hold its argument.
    pub(super) fn is_function_last(&self) -> bool {
        self.pieces.last().is_some_and(|last| {
            last.kind == Kind::Name
                && (words::operation(&last.text).is_some() || last.text.starts_with("log"))
        })
    }
}
