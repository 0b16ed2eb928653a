//! [`Failure`]: why there is no answer, told once: as text with the place underlined, or as one JSON document, both
//! on standard error, with exit status 2.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use secant::Span;
use serde::Serialize;

use crate::args::{Format, Refused, Style};
use crate::screen;

/// Answered: what was to be checked does not hold, or there is a warning that `--strict` promotes.
pub(crate) const WARNED: u8 = 1;
/// Not answered.
pub(crate) const REFUSED: u8 = 2;

/// A text of the command line that can be wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Which text it is: the formula, or an option by its name.
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            text: text.into(),
        }
    }

    /// The text as it is shown, with the option it belongs to, and how many characters stand before it.
    fn shown(&self) -> (String, usize) {
        if self.name.starts_with("--") {
            (format!("{} {}", self.name, self.text), self.name.len() + 1)
        } else {
            (self.text.clone(), 0)
        }
    }
}

/// What the library found wrong with something that is no text.
pub(crate) fn told(error: &secant::Error) -> Failure {
    let failure = Failure::new(error.kind().name(), error.message());
    match error.repair() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    kind: &'static str,
    message: String,
    place: Option<(Source, Span)>,
    hint: Option<String>,
}

impl Failure {
    /// A failure with its message: lower case, no full stop.
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            place: None,
            hint: None,
        }
    }

    /// The same failure, at this place of a text.
    pub(crate) fn at(mut self, source: &Source, span: Span) -> Self {
        self.place = Some((source.clone(), span));
        self
    }

    /// The same failure, with what to write or try instead.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What the library found wrong with a part of a text that begins at this character.
    pub(crate) fn within(error: &secant::Error, source: &Source, start: usize) -> Self {
        let mut failure = told(error);
        failure.place = error.span().map(|span| {
            (
                source.clone(),
                Span::new(span.start + start, span.end + start),
            )
        });
        failure
    }

    /// A file that cannot be written.
    pub(crate) fn file(path: &Path, reason: &std::io::Error) -> Self {
        Self::new(
            "file",
            format!("'{}' cannot be written: {reason}", path.display()),
        )
    }

    /// A file that cannot be read.
    pub(crate) fn unread(path: &Path, reason: &std::io::Error) -> Self {
        Self::new(
            "file",
            format!("'{}' cannot be read: {reason}", path.display()),
        )
    }

    /// Tells it on standard error.
    pub(crate) fn tell(&self, style: Style) -> ExitCode {
        let text = match style.format {
            Format::Text => self.text(&renderer(screen::colours_errors(style.color))),
            Format::Json => self.json(),
        };
        // Where standard error is closed nobody is left to be told.
        let _ = std::io::stderr().write_all(text.as_bytes());
        ExitCode::from(REFUSED)
    }

    fn text(&self, renderer: &Renderer) -> String {
        message(
            renderer,
            Level::ERROR,
            &self.message,
            self.place
                .as_ref()
                .map(|(source, span)| (source, *span, "")),
            self.hint.as_deref(),
        )
    }

    fn json(&self) -> String {
        let span = self.place.as_ref().map(|place| place.1);
        let error = Told {
            kind: self.kind,
            message: &self.message,
            source: self.place.as_ref().map(|place| place.0.name),
            start: span.map(|span| span.start),
            end: span.map(|span| span.end),
            hint: self.hint.as_deref(),
        };
        crate::json::document(&Document {
            schema: crate::json::SCHEMA,
            error,
        })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    error: Told<'a>,
}

#[derive(Serialize)]
struct Told<'a> {
    kind: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// Help and version are answers; other refusals are told in the format that was asked for.
pub(crate) fn usage(refused: &Refused) -> ExitCode {
    if refused.error.use_stderr() && refused.json {
        let rendered = refused.error.render().to_string();
        let first = rendered
            .split("\n\n")
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        let first = first.split_whitespace().collect::<Vec<_>>().join(" ");
        let style = Style {
            format: Format::Json,
            strict: false,
            color: crate::args::When::Auto,
        };
        return Failure::new("usage", first)
            .hint("see 'secant --help'")
            .tell(style);
    }
    // As above: where the stream is closed nobody is left to be told.
    let _ = refused.error.print();
    if refused.error.use_stderr() {
        ExitCode::from(REFUSED)
    } else {
        ExitCode::SUCCESS
    }
}

/// How messages are drawn.
pub(crate) fn renderer(colour: bool) -> Renderer {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.term_width(screen::columns_of_errors())
}

/// A message with the place underlined and a hint.
pub(crate) fn message(
    renderer: &Renderer,
    level: Level<'static>,
    title: &str,
    place: Option<(&Source, Span, &str)>,
    hint: Option<&str>,
) -> String {
    let title = level.primary_title(visible(title));
    let hint = hint.map(visible);
    let groups = match place {
        None => {
            let hint = hint.map(|hint| Group::with_title(hint_level().primary_title(hint)));
            [Some(Group::with_title(title)), hint]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        }
        Some((source, span, label)) => {
            let (text, before) = source.shown();
            let mut mark = AnnotationKind::Primary
                .span(Span::new(span.start + before, span.end + before).bytes(&text));
            if !label.is_empty() {
                mark = mark.label(visible(label));
            }
            let hint = hint.map(|hint| hint_level().message(hint));
            vec![
                title
                    .element(Snippet::source(text).line_numbering(false).annotation(mark))
                    .elements(hint),
            ]
        }
    };
    let rendered: Vec<String> = groups
        .into_iter()
        .map(|group| renderer.render(&[group]))
        .collect();
    format!("{}\n", rendered.join("\n"))
}

fn hint_level() -> Level<'static> {
    Level::HELP.with_name("hint")
}

/// A message may quote what was typed; control characters in it must not reach the terminal.
pub(crate) fn visible(text: &str) -> String {
    let shown = |c: char| {
        if c.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars().map(shown).collect()
}
