//! The formula as it was typed and as it was understood, with a [`Warning`] for each place that others read otherwise.

use annotate_snippets::{Level, Renderer};
use secant::Ambiguity;
use secant::{Formula, Recorded};

use crate::failure::{Failure, Source, message};

/// A formula, ready to be asked.
pub(crate) struct Reading {
    pub(crate) source: Source,
    pub(crate) formula: Formula,
    pub(crate) function: Recorded,
}

impl Reading {
    /// Reads what was typed.
    pub(crate) fn new(text: &str) -> Result<Self, Failure> {
        let source = Source::new("formula", text);
        let formula = Formula::parse(text).map_err(|error| Failure::within(&error, &source, 0))?;
        let function = Recorded::from(&formula);
        Ok(Self {
            source,
            formula,
            function,
        })
    }

    /// Where the formula could be read otherwise.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        self.formula
            .ambiguities()
            .iter()
            .map(|doubt| Warning::new(doubt, &self.source, 0))
            .collect()
    }
}

/// A name as the formula printer sets it; one that it cannot, as a table may have it, letter by letter.
pub(crate) fn latex_of(name: &str) -> String {
    let letter = |letter: char| match letter {
        '%' | '_' | '#' | '&' | '$' | '{' | '}' => format!("\\{letter}"),
        '\\' => r"\textbackslash{}".to_owned(),
        '^' => r"\textasciicircum{}".to_owned(),
        '~' => r"\textasciitilde{}".to_owned(),
        letter => letter.to_string(),
    };
    Formula::parse(name).map_or_else(
        |_| format!(r"\text{{{}}}", name.chars().map(letter).collect::<String>()),
        |name| secant::print(name.body(), secant::Notation::Latex),
    )
}

/// A place that others read otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Warning {
    doubt: Ambiguity,
    source: Source,
}

impl Warning {
    /// A doubt about a part of a text that begins at this character.
    pub(crate) fn new(doubt: &Ambiguity, source: &Source, start: usize) -> Self {
        let mut doubt = doubt.clone();
        doubt.span = secant::Span::new(doubt.span.start + start, doubt.span.end + start);
        Self {
            doubt,
            source: source.clone(),
        }
    }

    /// The warning with its place underlined.
    pub(crate) fn text(&self, renderer: &Renderer) -> String {
        let Ambiguity {
            span, taken, other, ..
        } = &self.doubt;
        let title = format!("'{}' can be read in two ways", span.of(&self.source.text));
        let label = format!("taken as {taken}");
        let hint = format!("write {taken} to be sure, or {other} for the other reading");
        message(
            renderer,
            Level::WARNING,
            &title,
            Some((&self.source, *span, &label)),
            Some(&hint),
        )
    }
}
