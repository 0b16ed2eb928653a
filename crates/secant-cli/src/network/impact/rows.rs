//! [`Rows`]: the impacts of all parameters on each sample, written row by row as they come, so that no more than one piece of them is kept.

use std::io::Write;
use std::path::{Path, PathBuf};

use secant_data::{Draft, Entry, Kind, TableWriter};

use crate::failure::Failure;
use crate::network::ends_in;
use crate::text;

/// The head of the column that holds the number of the sample.
const NUMBER: &str = "sample";

/// A file of numbers, one row for each sample.
pub(super) struct Rows {
    path: PathBuf,
    form: Form,
}

/// What becomes of a row.
enum Form {
    Text(Draft),
    /// Eight bytes for each number, behind a head.
    Binary(Draft),
    Table(TableWriter),
}

impl Rows {
    /// A file for so many rows of these columns, its format by its ending.
    pub(super) fn create(
        path: &Path,
        rows: usize,
        columns: &[String],
        name: &str,
    ) -> Result<Self, Failure> {
        let has_heads = ends_in(path, "csv") || ends_in(path, "parquet");
        if has_heads && columns.iter().any(|column| column == NUMBER) {
            let message = format!(
                "two columns of '{}' would be called '{NUMBER}'",
                path.display()
            );
            return Err(Failure::new("setting", message)
                .hint("give the feature another name, or end the file in .npy or .safetensors"));
        }
        let failed = |reason: std::io::Error| Failure::file(path, &reason);
        let draft = |heading: Vec<u8>| {
            let mut draft = Draft::new(path)?;
            draft.write_all(&heading)?;
            Ok(draft)
        };
        let form = if ends_in(path, "csv") {
            let quoted: Vec<String> = columns
                .iter()
                .map(|column| format!("\"{column}\""))
                .collect();
            draft(format!("{NUMBER},{}\n", quoted.join(",")).into_bytes()).map(Form::Text)
        } else if ends_in(path, "npy") {
            draft(npy(rows, columns.len())).map(Form::Binary)
        } else if ends_in(path, "safetensors") {
            draft(safetensors(rows, columns.len(), name)).map(Form::Binary)
        } else if ends_in(path, "parquet") {
            let mut heads = vec![(NUMBER, Kind::Whole)];
            heads.extend(columns.iter().map(|column| (column.as_str(), Kind::Number)));
            TableWriter::create(path, &heads).map(Form::Table)
        } else {
            return Err(Failure::new(
                "setting",
                format!("the ending of '{}' names no format of rows", path.display()),
            )
            .hint("end the name in .csv, .npy, .parquet or .safetensors"));
        };
        Ok(Self {
            path: path.to_owned(),
            form: form.map_err(failed)?,
        })
    }

    /// Adds the row of one sample.
    pub(super) fn row(&mut self, sample: usize, values: &[f64]) -> Result<(), Failure> {
        let written = match &mut self.form {
            Form::Text(draft) => {
                let cells: Vec<String> = values.iter().map(|value| text::number(*value)).collect();
                writeln!(draft, "{sample},{}", cells.join(","))
            }
            Form::Binary(draft) => {
                let bytes: Vec<u8> = values
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect();
                draft.write_all(&bytes)
            }
            Form::Table(table) => {
                let mut cells = vec![Entry::Number(sample as f64)];
                cells.extend(values.iter().copied().map(Entry::Number));
                table.row(&cells)
            }
        };
        written.map_err(|reason| Failure::file(&self.path, &reason))
    }

    /// Puts the file at its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let finished = match self.form {
            Form::Text(draft) | Form::Binary(draft) => draft.publish(),
            Form::Table(table) => table.finish(),
        };
        finished.map_err(|reason| Failure::file(&self.path, &reason))
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
