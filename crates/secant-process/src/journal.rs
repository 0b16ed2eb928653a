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
}

impl Journal {
    /// Opens a journal, or begins one.
    pub(crate) fn open(path: &Path, program: String) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
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
        })
    }

    pub(crate) fn value(&self, at: &[f64]) -> Option<f64> {
        self.known.get(&bits(at)).copied()
    }

    /// Writes a value down before anything else happens.
    pub(crate) fn keep(&mut self, at: &[f64], value: f64) -> io::Result<()> {
        self.known.insert(bits(at), value);
        let hex = |value: f64| format!("{:016x}", value.to_bits());
        let line = json!({
            "program": self.program,
            "at": at,
            "bits": at.iter().copied().map(hex).collect::<Vec<_>>(),
            "value": value,
            "value_bits": hex(value),
        });
        self.file.write_all(format!("{line}\n").as_bytes())?;
        self.file.flush()
    }
}

pub(crate) fn bits(at: &[f64]) -> Vec<u64> {
    at.iter().map(|value| value.to_bits()).collect()
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
