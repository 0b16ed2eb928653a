//! Definitions: `name = formula`, `name(parameter, ...) = formula`, and the formula without a name that
//! may stand last.

use std::sync::Arc;

use super::Definition;
use super::characters::canonical;
use super::lexer::{Kind, Token};
use super::parser::Parser;
use super::print;
use super::words;
use crate::error::{Error, ErrorKind, Span};
use crate::expr::Expr;

/// The left side of a definition.
struct Heading<'t> {
    name: Token<'t>,
    parameters: Vec<Token<'t>>,
}

impl<'t> Parser<'t> {
    pub(super) fn statement(&mut self, is_new_line: bool) -> Result<(), Error> {
        self.before = None;
        let first = self.token;
        if let Some(idle) = self.definitions.last().filter(|last| last.name.is_none()) {
            return Err(Error::new(
                ErrorKind::Syntax,
                "a formula without a name stands before the last one",
            )
            .at(idle.span)
            .hint("give it a name to use it by, as in a = x + 1, or remove it"));
        }
        let heading = self.heading()?;
        let (name, parameters) = match &heading {
            Some(heading) => {
                let (name, parameters) = self.check_heading(heading)?;
                (Some(name), parameters)
            }
            None => (None, Vec::new()),
        };
        for parameter in &parameters {
            self.names.bind(parameter);
        }
        self.names.current.clone_from(&name);
        let body = self.expression()?;
        self.names.current = None;
        for parameter in &parameters {
            self.names.unbind(parameter);
        }
        let end = self.before.map_or(first.span.end, |last| last.span.end);
        let is_signed = matches!(first.kind, Kind::Plus | Kind::Minus);
        if name.is_none() && is_new_line && is_signed {
            self.doubt_new_line(&body, first);
        }
        if let Some(name) = &name {
            self.names.defined.insert(name.clone(), parameters.clone());
        }
        self.definitions.push(Definition {
            name,
            parameters,
            body,
            span: Span::new(first.span.start, end),
        });
        Ok(())
    }

    /// A line that begins with a sign may have been meant to go on with the one above.
    fn doubt_new_line(&mut self, body: &Expr, sign: Token<'_>) {
        let Some(above) = self.definitions.last() else {
            return;
        };
        let above = print::excerpt(&above.body, above.body.root());
        let taken = print::excerpt(body, body.root());
        let other = match (sign.kind, taken.strip_prefix('-')) {
            (Kind::Minus, Some(rest)) => format!("{above} - {rest}"),
            _ => format!("{above} + {taken}"),
        };
        self.tell(sign.span, |_| (taken, other));
    }

    /// Reads `name =` or `name(parameter, ...) =`, where one of them stands here.
    fn heading(&mut self) -> Result<Option<Heading<'t>>, Error> {
        let mut lexer = self.lexer.clone();
        let name = self.token;
        let mut parameters = Vec::new();
        if name.kind != Kind::Name {
            return Ok(None);
        }
        let mut next = || {
            lexer.next().map_or(Kind::End, |token| {
                if token.kind == Kind::Name {
                    parameters.push(token);
                }
                token.kind
            })
        };
        let mut kind = next();
        if matches!(kind, Kind::Open(_)) {
            loop {
                if next() != Kind::Name {
                    return Ok(None);
                }
                match next() {
                    // A semicolon parts parameters from variables, as in f(x; a, b).
                    Kind::Comma | Kind::Semicolon => {}
                    Kind::Close(_) => break,
                    _ => return Ok(None),
                }
            }
            kind = next();
        }
        if !matches!(kind, Kind::Equal | Kind::Define) {
            return Ok(None);
        }
        self.lexer = lexer;
        self.advance()?;
        self.before = None;
        Ok(Some(Heading { name, parameters }))
    }

    /// Names in a heading must be new.
    fn check_heading(&mut self, heading: &Heading<'t>) -> Result<(Arc<str>, Vec<Arc<str>>), Error> {
        let name = self.names.share(&canonical(heading.name.text));
        self.check_new(&name, heading.name.span)?;
        let syntax = |message: String| Error::new(ErrorKind::Syntax, message);
        if self.names.defined.contains_key(&name) {
            return Err(syntax(format!("{name} is defined twice"))
                .at(heading.name.span)
                .hint("give one of the two another name"));
        }
        if let Some(use_before) = self.names.free.get(&name) {
            return Err(syntax(format!("{name} is used before its definition"))
                .at(*use_before)
                .hint(format!("move the definition of {name} above its first use")));
        }
        let mut parameters: Vec<Arc<str>> = Vec::new();
        for token in &heading.parameters {
            let parameter = self.names.share(&canonical(token.text));
            self.check_new(&parameter, token.span)?;
            if self.names.is_bound(&parameter) || parameter == name {
                return Err(
                    syntax(format!("{parameter} stands twice in this definition"))
                        .at(token.span)
                        .hint("give each parameter a name of its own"),
                );
            }
            self.names.bind(&parameter);
            parameters.push(parameter);
        }
        for parameter in &parameters {
            self.names.unbind(parameter);
        }
        Ok((name, parameters))
    }

    /// Refuses names that mean something already.
    pub(super) fn check_new(&self, name: &str, span: Span) -> Result<(), Error> {
        let meaning = if words::KEPT.contains(&name) {
            "a word of the language"
        } else if words::constant(name).is_some() {
            "a constant"
        } else if (words::operation(name).is_some() && !words::is_lettered(name))
            || words::SPECIAL.contains(&name)
        {
            "a function"
        } else {
            return Ok(());
        };
        Err(
            Error::new(ErrorKind::Syntax, format!("{name} is {meaning} already"))
                .at(span)
                .hint("choose another name; for a comparison write =="),
        )
    }
}
