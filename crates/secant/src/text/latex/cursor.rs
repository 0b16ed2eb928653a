//! Where the reader of LaTeX stands in its text, and how it moves on.

use super::super::characters::is_blank;
use super::Reader;
use crate::error::Span;

impl Reader<'_> {
    /// Skips blanks and comments; tells whether anything is left.
    pub(super) fn skip_blanks(&mut self) -> bool {
        loop {
            match self.peek() {
                Some('%' | '#') => self.skip_while(|c| c != '\n'),
                Some('~') => {
                    self.take();
                }
                Some(c) if is_blank(c) => {
                    self.take();
                }
                next => return next.is_some(),
            }
            self.gap = true;
        }
    }

    /// Skips a group of braces with all that is in it.
    pub(super) fn skip_group(&mut self) {
        if !self.rest.starts_with('{') {
            return;
        }
        let mut depth = 0_usize;
        while let Some(next) = self.peek() {
            self.take();
            depth = match next {
                '{' => depth + 1,
                '}' => depth - 1,
                _ => depth,
            };
            if depth == 0 {
                return;
            }
        }
    }

    pub(super) fn here(&self) -> Span {
        Span::new(self.at, self.at)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes one character, and tells its place.
    pub(super) fn take(&mut self) -> Span {
        let start = self.at;
        self.skip(1);
        Span::new(start, self.at)
    }

    pub(super) fn skip(&mut self, characters: usize) {
        let mut rest = self.rest.chars();
        for _ in 0..characters {
            if rest.next().is_some() {
                self.at += 1;
            }
        }
        self.rest = rest.as_str();
    }

    pub(super) fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.skip(1);
        }
    }
}
