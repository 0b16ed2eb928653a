//! Tables as the options say they are read, and what the data crates found wrong with them.

use std::path::Path;

use indicatif::ProgressBar;
use secant::{ExprKind, Formula};
use secant_data::{ErrorKind, Header, Options, Progress, Source};

use crate::args::{Format, Missing, Style, Table, When};
use crate::failure::Failure;
use crate::progress;
use crate::screen;

/// Opens a table.
pub(crate) fn open(path: &Path, asked: &Table) -> Result<Box<dyn Source>, Failure> {
    let names = asked.columns.as_deref();
    let options = Options {
        header: match asked.header {
            When::Auto => Header::Auto,
            When::Always => Header::Present,
            When::Never => Header::Absent,
        },
        names: names.map(|names| {
            names
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect()
        }),
        delimiter: asked.delimiter.as_deref().map(delimiter).transpose()?,
        missing: match asked.missing {
            Missing::Refuse => secant_data::Missing::Refuse,
            Missing::Skip => secant_data::Missing::Skip,
        },
        ..Options::default()
    };
    secant_data::open(path, &options).map_err(|error| failed(&error))
}

/// That no column is called as a constant that the formula reads: nobody could tell which of the two was meant.
pub(crate) fn without_constants(source: &dyn Source, formula: &Formula) -> Result<(), Failure> {
    let body = formula.body();
    let constant = |name: &String| {
        let is_read = |id| matches!(body.kind(id), ExprKind::Constant(constant) if constant.name() == secant::canonical_name(name));
        (0..body.len()).any(is_read)
    };
    let Some(name) = source.names().iter().find(|name| constant(name)) else {
        return Ok(());
    };
    let message = format!("the formula reads the number {name}, and a column is called so too");
    let hint = match name.as_str() {
        "e" => "write exp(…) for powers of e; or call the column otherwise with --columns",
        _ => "call the column otherwise with --columns",
    };
    Err(Failure::new("setting", message).hint(hint))
}

fn delimiter(text: &str) -> Result<u8, Failure> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [sign] if !sign.is_ascii_alphanumeric() && !b"\"\n\r.+-".contains(sign) => Ok(*sign),
        _ => Err(
            Failure::new("setting", format!("'{text}' cannot part cells"))
                .hint("give one sign, such as --delimiter ';', or --delimiter tab"),
        ),
    }
}

/// What is wrong with a file.
pub(crate) fn told(error: &secant_data::Error) -> Failure {
    let message = match error.at() {
        Some(place) => format!("{place}: {}", error.message()),
        None => error.message().to_owned(),
    };
    let failure = Failure::new(error.kind().name(), message);
    match error.repair() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// What is wrong with a file, where rows without a value may be left out.
pub(crate) fn failed(error: &secant_data::Error) -> Failure {
    match error.kind() {
        ErrorKind::Missing => {
            told(error).hint("leave such rows out with --missing skip, or fill the cell")
        }
        _ => told(error),
    }
}

/// A bar on standard error while a table is gone through, where somebody is there to see it.
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(crate) fn new(style: Style) -> Self {
        let seen = style.format == Format::Text && screen::errors_are_seen();
        Self(seen.then(|| progress::bar(0, "{msg} {bar:30} {percent} %, {eta} left in this pass")))
    }

    /// Tells how far this pass is.
    pub(crate) fn tell(&self, message: impl FnOnce() -> String, progress: Progress) {
        let Some(bar) = &self.0 else { return };
        if progress.read < bar.position() {
            bar.reset();
        }
        bar.set_length(progress.total.unwrap_or(progress.read));
        bar.set_message(message());
        bar.set_position(progress.read);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
