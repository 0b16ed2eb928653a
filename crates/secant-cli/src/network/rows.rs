//! [`Rows`]: the impacts of all parameters on each sample, written row by row as they come, so that no more than one piece of them is kept.

use std::io::Write;
use std::path::{Path, PathBuf};

use secant_data::Draft;

use super::ends_in;
use crate::failure::Failure;
use crate::text;

/// A file of numbers, one row for each sample.
pub(super) struct Rows {
    path: PathBuf,
    draft: Draft,
    is_text: bool,
}

impl Rows {
    /// A file for so many rows of these columns, its format by its ending.
    pub(super) fn create(
        path: &Path,
        rows: usize,
        columns: &[String],
        name: &str,
    ) -> Result<Self, Failure> {
        let (heading, is_text) = if ends_in(path, "csv") {
            let quoted: Vec<String> = columns
                .iter()
                .map(|column| format!("\"{column}\""))
                .collect();
            (format!("sample,{}\n", quoted.join(",")).into_bytes(), true)
        } else if ends_in(path, "npy") {
            (npy(rows, columns.len()), false)
        } else if ends_in(path, "safetensors") {
            (safetensors(rows, columns.len(), name), false)
        } else {
            return Err(Failure::new(
                "setting",
                format!("the ending of '{}' names no format of rows", path.display()),
            )
            .hint("end the name in .csv, .npy or .safetensors"));
        };
        let failed = |reason: std::io::Error| Failure::file(path, &reason);
        let mut draft = Draft::new(path).map_err(failed)?;
        draft.write_all(&heading).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            draft,
            is_text,
        })
    }

    /// Adds the row of one sample.
    pub(super) fn row(&mut self, sample: usize, values: &[f64]) -> Result<(), Failure> {
        let bytes = if self.is_text {
            let cells: Vec<String> = values.iter().map(|value| text::number(*value)).collect();
            format!("{sample},{}\n", cells.join(",")).into_bytes()
        } else {
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect()
        };
        self.draft
            .write_all(&bytes)
            .map_err(|reason| Failure::file(&self.path, &reason))
    }

    /// Puts the file at its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let path = self.path;
        self.draft
            .publish()
            .map_err(|reason| Failure::file(&path, &reason))
    }
}

/// The head of an NPY file of doubles (version 1.0, as NumPy writes it): its length is a multiple of 64.
fn npy(rows: usize, columns: usize) -> Vec<u8> {
    const FIXED: usize = 10;
    let mut dictionary =
        format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    while !(FIXED + dictionary.len() + 1).is_multiple_of(64) {
        dictionary.push(' ');
    }
    dictionary.push('\n');
    let mut head = b"\x93NUMPY\x01\x00".to_vec();
    head.extend((dictionary.len() as u16).to_le_bytes());
    head.extend(dictionary.into_bytes());
    head
}

/// The head of a safetensors file of one tensor of doubles: eight bytes of length, then JSON.
fn safetensors(rows: usize, columns: usize, name: &str) -> Vec<u8> {
    let end = rows as u64 * columns as u64 * 8;
    let mut json = format!(
        r#"{{"{name}":{{"dtype":"F64","shape":[{rows},{columns}],"data_offsets":[0,{end}]}}}}"#
    );
    while !json.len().is_multiple_of(8) {
        json.push(' ');
    }
    let mut head = (json.len() as u64).to_le_bytes().to_vec();
    head.extend(json.into_bytes());
    head
}
