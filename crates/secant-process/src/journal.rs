//! What was run before, one JSON document a line: written as soon as a run is over, so that a study that was broken off
//! goes on where it was. A run is known by its program and the exact bits of its point. Failed runs are not kept: they
//! are tried again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    known: HashMap<Vec<u64>, f64>,
    program: String,
    /// Why nothing can be written any more. What would follow a line that was broken off would be lost with it.
    fault: Option<String>,
}

impl Journal {
    /// Opens a journal, or begins one. A device is none: it may have no end.
    pub(crate) fn open(path: &Path, program: String) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "no ordinary file",
            ));
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        if !is_journal(&text) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it holds something else than runs, to which none are added",
            ));
        }
        if !text.is_empty() && !text.ends_with('\n') {
            // The last line was broken off while it was written.
            file.seek(SeekFrom::End(0))?;
            file.write_all(b"\n")?;
        }
        let known = text
            .lines()
            .filter_map(|line| entry(line, &program))
            .collect();
        Ok(Self {
            file,
            known,
            program,
            fault: None,
        })
    }

    pub(crate) fn value(&self, at: &[f64]) -> Option<f64> {
        self.known.get(&bits(at)).copied()
    }

    /// Why values are not kept any more.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Writes a value down before anything else happens.
    pub(crate) fn keep(&mut self, at: &[f64], value: f64) {
        self.known.insert(bits(at), value);
        let hex = |value: f64| format!("{:016x}", value.to_bits());
        let line = json!({
            "program": self.program,
            "at": at,
            "bits": at.iter().copied().map(hex).collect::<Vec<_>>(),
            "value": value,
            "value_bits": hex(value),
        });
        if self.fault.is_some() {
            return;
        }
        let written = self.file.write_all(format!("{line}\n").as_bytes());
        if let Err(reason) = written.and_then(|()| self.file.flush()) {
            self.fault = Some(reason.to_string());
        }
    }
}

pub(crate) fn bits(at: &[f64]) -> Vec<u64> {
    at.iter().map(|value| value.to_bits()).collect()
}

/// Whether a file may be a journal: its first line is a run, or all that there is of one that was broken off.
fn is_journal(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let is_run = serde_json::from_str(first).is_ok_and(|line: Value| line["bits"].is_array());
    text.is_empty() || is_run || (text == first && first.starts_with('{'))
}

/// A line that is whole and of this program.
fn entry(line: &str, program: &str) -> Option<(Vec<u64>, f64)> {
    let line: Value = serde_json::from_str(line).ok()?;
    if line["program"] != program {
        return None;
    }
    let number = |value: &Value| u64::from_str_radix(value.as_str()?, 16).ok();
    let at: Option<Vec<u64>> = line["bits"].as_array()?.iter().map(number).collect();
    Some((at?, f64::from_bits(number(&line["value_bits"])?)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_device_is_no_journal() {
        let refused = Journal::open(Path::new("/dev/zero"), "p".to_owned());
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn a_file_of_something_else_is_left_as_it_is() {
        let path = std::env::temp_dir().join(format!("secant-foreign-{}", std::process::id()));
        for (text, is_taken) in [
            ("", true),
            ("{\"at\":[1.0", true),
            ("x,y\n1,2\n", false),
            ("{}\n", false),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(
                Journal::open(&path, "p".to_owned()).is_ok(),
                is_taken,
                "{text}"
            );
            assert!(std::fs::read_to_string(&path).unwrap().starts_with(text));
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_journal_that_cannot_be_written_says_so_once_and_knows_its_values() {
        let path = std::env::temp_dir().join(format!("secant-journal-{}", std::process::id()));
        let mut journal = Journal::open(&path, "p".to_owned()).unwrap();
        journal.keep(&[1.0], 2.0);
        assert_eq!(journal.fault(), None);
        journal.file = File::open(&path).unwrap();
        journal.keep(&[3.0], 4.0);
        journal.keep(&[5.0], 6.0);
        assert!(journal.fault().is_some());
        assert_eq!(
            (journal.value(&[3.0]), journal.value(&[5.0])),
            (Some(4.0), Some(6.0))
        );
        let again = Journal::open(&path, "p".to_owned()).unwrap();
        assert_eq!(
            (again.value(&[1.0]), again.value(&[3.0])),
            (Some(2.0), None)
        );
        std::fs::remove_file(&path).unwrap();
    }
}
