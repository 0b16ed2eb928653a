//! [`Log`]: every epoch as a line of CSV or JSON. A run that is resumed goes on below the line where it stands; lines behind that are taken out.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::running::Told;
use crate::failure::Failure;
use crate::json;
use crate::output::{self, Formats};
use crate::text;

pub(super) const FORMATS: Formats = Formats {
    what: "a log",
    endings: &["csv", "jsonl"],
};
const HEADING: &str = "epoch,loss,accuracy,validation,validation_accuracy,rate,gradient\n";

/// A log being written.
pub(super) struct Log {
    path: PathBuf,
    is_json: bool,
    writer: BufWriter<File>,
}

impl Log {
    /// At the end of the lines up to this epoch.
    pub(super) fn open(path: &Path, epoch: u64) -> Result<Self, Failure> {
        let is_json = FORMATS.of(path)? == "jsonl";
        let heading = if is_json { "" } else { HEADING };
        // What a device gives may have no end, and what another run left is not wanted.
        let is_file = fs::metadata(path).is_ok_and(|about| about.is_file());
        let before = if epoch > 0 && is_file {
            fs::read_to_string(path).map_err(|reason| Failure::unread(path, &reason))?
        } else {
            String::new()
        };
        let kept = before
            .lines()
            .filter(|line| told(line, is_json).is_some_and(|told| told <= epoch));
        let text: String = std::iter::once(heading.to_owned())
            .chain(kept.map(|line| format!("{line}\n")))
            .collect();
        output::write(&[(path.to_owned(), text.into_bytes())])?;
        let file = OpenOptions::new()
            .append(true)
            .open(path)
            .map_err(|reason| Failure::file(path, &reason))?;
        Ok(Self {
            path: path.to_owned(),
            is_json,
            writer: BufWriter::new(file),
        })
    }

    /// Adds an epoch.
    pub(super) fn row(&mut self, row: &Told) -> Result<(), Failure> {
        let line = if self.is_json {
            json::document(row)
        } else {
            let cell = |value: Option<f64>| value.map_or_else(String::new, text::number);
            let validation = row.validation.map(|number| number.0);
            let cells = [
                row.epoch.to_string(),
                text::number(row.loss.0),
                cell(row.accuracy),
                cell(validation),
                cell(row.validation_accuracy),
                text::number(row.rate.0),
                text::number(row.gradient.0),
            ];
            format!("{}\n", cells.join(","))
        };
        self.writer
            .write_all(line.as_bytes())
            .map_err(|reason| Failure::file(&self.path, &reason))
    }

    /// Writes what waits to be written.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.writer
            .flush()
            .map_err(|reason| Failure::file(&self.path, &reason))
    }
}

/// The epoch that a whole line tells.
fn told(line: &str, is_json: bool) -> Option<u64> {
    if is_json {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        return value.get("epoch")?.as_u64();
    }
    let cells = HEADING.split(',').count();
    let mut parts = line.split(',');
    let epoch = parts.next()?.parse().ok()?;
    (parts.count() + 1 == cells).then_some(epoch)
}
