//! [`Answer`]: what a verb found, and how it leaves the program: text to standard output, warnings to standard error,
//! files whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    Ok(if style.strict && warned {
        ExitCode::from(WARNED)
    } else {
        ExitCode::SUCCESS
    })
}

/// Writes all files, or none: each is written beside its place first, and put there when all are whole.
pub(crate) fn write(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    let mut drafts = Vec::new();
    for (path, bytes) in files {
        drafts.push(Draft::new(path, bytes).map_err(|reason| Failure::file(path, &reason))?);
    }
    for ((path, _), draft) in files.iter().zip(drafts) {
        draft
            .publish()
            .map_err(|reason| Failure::file(path, &reason))?;
    }
    Ok(())
}

/// A file written whole under another name. Unless published, it leaves nothing behind.
struct Draft {
    draft: PathBuf,
    place: PathBuf,
}

impl Draft {
    fn new(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        // A link stays a link: what it names is replaced.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = place
            .file_name()
            .ok_or_else(|| io::Error::new(ErrorKind::IsADirectory, "it names no file"))?;
        if place.is_dir() {
            return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let draft = place.with_file_name(hidden);
        // What another process of the same number left behind when it was killed is no draft of ours.
        let _ = fs::remove_file(&draft);
        let mut file: File = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&draft)?;
        let draft = Self { draft, place };
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Ok(replaced) = fs::metadata(&draft.place) {
            fs::set_permissions(&draft.draft, replaced.permissions())?;
        }
        Ok(draft)
    }

    fn publish(mut self) -> io::Result<()> {
        fs::rename(&self.draft, &self.place)?;
        self.draft = PathBuf::new();
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.draft.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.draft);
        }
    }
}
