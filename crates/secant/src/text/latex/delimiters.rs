//! Brackets of a stated size: `\left`, `\right`, `\big`, and functions that are written as brackets.

use super::{Kind, Reader, commands, syntax};
use crate::error::{Error, Span};

impl<'t> Reader<'t> {
    /// `\left` and the bracket after it.
    pub(super) fn left(&mut self, span: Span) -> Result<(), Error> {
        let (sign, end) = self.delimiter(span)?;
        let span = Span::new(span.start, end);
        match sign {
            "(" => self.push(Kind::Open('('), "(", span),
            "[" => {
                self.gap = true;
                self.push(Kind::Open('['), "[", span);
            }
            "\\{" | "\\lbrace" if self.array_follows() => {}
            "\\{" | "\\lbrace" => self.push(Kind::Open('{'), "{", span),
            "|" | "\\vert" | "\\lvert" => self.open_call("abs", '|', span),
            "\\lfloor" | "⌊" => self.open_call("floor", '⌊', span),
            "\\lceil" | "⌈" => self.open_call("ceil", '⌈', span),
            "\\|" | "\\Vert" | "\\lVert" | "‖" => return Err(commands::norm(span)),
            _ => {
                return Err(syntax(format!("`\\left{sign}` opens no formula"), span)
                    .hint("write \\left( and \\right)"));
            }
        }
        Ok(())
    }

    pub(super) fn right(&mut self, span: Span) -> Result<(), Error> {
        let (sign, end) = self.delimiter(span)?;
        let span = Span::new(span.start, end);
        match sign {
            ")" => self.push(Kind::Close(')'), ")", span),
            "]" => self.push(Kind::Close(']'), "]", span),
            "\\}" | "\\rbrace" => self.push(Kind::Close('}'), "}", span),
            "|" | "\\vert" | "\\rvert" => self.close_call('|', span),
            "\\rfloor" | "⌋" => self.close_call('⌋', span),
            "\\rceil" | "⌉" => self.close_call('⌉', span),
            // The end of `\left\{ \begin{array}`, which has closed itself.
            "." if self
                .pieces
                .last()
                .is_some_and(|last| last.kind == Kind::Ungroup) => {}
            "\\|" | "\\Vert" | "\\rVert" | "‖" => return Err(commands::norm(span)),
            _ => {
                return Err(syntax(format!("`\\right{sign}` closes nothing"), span)
                    .hint("write \\left( and \\right)"));
            }
        }
        Ok(())
    }

    /// `\big`, `\bigl`, `\bigr`: the bracket after them is what it would be without, but bars have a side.
    pub(super) fn size(&mut self, side: char, span: Span) -> Result<(), Error> {
        match side {
            'l' => self.left(span),
            'r' => self.right(span),
            _ => Ok(()),
        }
    }

    /// The bracket after `\left` or `\right`, and where it ends.
    pub(super) fn delimiter(&mut self, span: Span) -> Result<(&'t str, usize), Error> {
        self.skip_blanks();
        let rest = self.rest;
        let length = match self.peek() {
            None => {
                return Err(
                    syntax("no bracket stands after this command".to_owned(), span)
                        .hint("write \\left( and \\right)"),
                );
            }
            Some('\\') => commands::name(rest).len() + 1,
            Some(first) => first.len_utf8(),
        };
        let sign = &rest[..length];
        self.skip(sign.chars().count());
        Ok((sign, self.at))
    }

    /// A function that is written as brackets.
    pub(super) fn open_call(&mut self, function: &'static str, sign: char, span: Span) {
        self.push(Kind::Group, sign_text(sign), span);
        self.push(Kind::Name, function, span);
        self.push(Kind::Open(sign), sign_text(sign), span);
    }

    pub(super) fn close_call(&mut self, sign: char, span: Span) {
        self.push(Kind::Close(sign), sign_text(sign), span);
        self.push(Kind::Ungroup, sign_text(sign), span);
    }
}

fn sign_text(sign: char) -> &'static str {
    match sign {
        '⌊' => "⌊",
        '⌋' => "⌋",
        '⌈' => "⌈",
        '⌉' => "⌉",
        _ => "|",
    }
}
