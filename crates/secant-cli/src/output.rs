//! [`Answer`]: what a verb found, and how it leaves the program: text to standard output, warnings to standard error,
//! files whole or not at all.

use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
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
