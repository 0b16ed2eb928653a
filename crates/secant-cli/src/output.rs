//! [`Answer`]: what a verb found, and how it leaves the program: text to standard output, warnings to standard error,
//! files whole or not at all.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use secant_data::Draft;

use crate::args::{Format, Style};
use crate::failure::{Failure, WARNED, renderer};
use crate::reading::Warning;
use crate::screen;

/// What a verb found.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// What goes to standard output.
    pub(crate) text: String,
    /// What goes to standard error where the answer is text; JSON holds it itself.
    pub(crate) warnings: Vec<Warning>,
    /// Whether `--strict` has something to promote that the text itself says.
    pub(crate) doubtful: bool,
    /// Whether what was held up does not hold, which is told by the exit status in any case.
    pub(crate) refuted: bool,
}

/// Writes the answer, and gives the exit status.
pub(crate) fn tell(answer: &Answer, style: Style) -> Result<ExitCode, Failure> {
    if style.format == Format::Text {
        let renderer = renderer(screen::colours_errors(style.color));
        let warnings: String = answer
            .warnings
            .iter()
            .map(|warning| warning.text(&renderer))
            .collect();
        // Where standard error is closed nobody is left to be warned.
        let _ = io::stderr().write_all(warnings.as_bytes());
    }
    match io::stdout()
        .write_all(answer.text.as_bytes())
        .and_then(|()| io::stdout().flush())
    {
        // A reader such as `head` that has seen enough is no fault.
        Err(reason) if reason.kind() != ErrorKind::BrokenPipe => {
            return Err(Failure::new(
                "output",
                format!("the answer cannot be written: {reason}"),
            ));
        }
        _ => {}
    }
    let warned = answer.doubtful || !answer.warnings.is_empty();
    Ok(if answer.refuted || (style.strict && warned) {
        ExitCode::from(WARNED)
    } else {
        ExitCode::SUCCESS
    })
}

/// The formats that something is written in, by the endings of names.
#[derive(Debug)]
pub(crate) struct Formats {
    /// What is written, with its article.
    pub(crate) what: &'static str,
    pub(crate) endings: &'static [&'static str],
}

impl Formats {
    /// Of tables with one row for each row that was read.
    pub(crate) const TABLE: Self = Self {
        what: "a table",
        endings: &["csv", "parquet"],
    };

    /// The ending of a name, where it tells one of the formats; a device, whose name has none, takes the first.
    pub(crate) fn of(&self, path: &Path) -> Result<&'static str, Failure> {
        let own = path.extension();
        if own.is_none() && is_device(path) {
            return Ok(self.endings[0]);
        }
        let is_own = |ending: &&&str| own.is_some_and(|own| own.eq_ignore_ascii_case(ending));
        self.endings
            .iter()
            .find(is_own)
            .copied()
            .ok_or_else(|| self.unknown(path))
    }

    fn unknown(&self, path: &Path) -> Failure {
        let message = format!(
            "the ending of '{}' names no format of {}",
            path.display(),
            self.what
        );
        let dotted: Vec<String> = self
            .endings
            .iter()
            .map(|ending| format!(".{ending}"))
            .collect();
        let listed = match dotted.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
            _ => dotted.concat(),
        };
        Failure::new("setting", message).hint(format!("end the name in {listed}"))
    }
}

/// Whether something other than a file or a folder has this name.
fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir())
}

/// Writes all files: each beside its place first, and all are put there when all are whole. Where one cannot be put there then, those before it stay.
pub(crate) fn write(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    let mut drafts = Vec::new();
    for (path, bytes) in files {
        let failed = |reason: io::Error| Failure::file(path, &reason);
        let mut draft = Draft::new(path).map_err(failed)?;
        draft.write_all(bytes).map_err(failed)?;
        drafts.push(draft);
    }
    for ((path, _), draft) in files.iter().zip(drafts) {
        draft
            .publish()
            .map_err(|reason| Failure::file(path, &reason))?;
    }
    Ok(())
}
