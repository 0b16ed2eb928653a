//! [`Rows`]: the impacts of all parameters on each sample, written row by row as they come, so that no more than one piece of them is kept.

use std::io::Write;
use std::path::{Path, PathBuf};

use secant_data::{Draft, Entry, Kind, TableWriter};

use crate::failure::Failure;
use crate::interrupt::Watch;
use crate::network::samples::Samples;
use crate::output::Formats;
use crate::text;

/// How impacts on each sample are written.
pub(super) const FORMATS: Formats = Formats {
    what: "rows",
    endings: &["csv", "npy", "parquet", "safetensors"],
};
/// The heads of the columns that hold the number of the sample and the name of its class.
const NUMBER: &str = "sample";
const CLASS: &str = "class";
/// What the tensor of all rows is called.
const TENSOR: &str = "impact";

/// A file of numbers, one row for each sample.
pub(super) struct Rows {
    path: PathBuf,
    form: Form,
    /// Whether the rows tell the name of a class.
    has_class: bool,
    watch: Watch,
}

/// What becomes of a row.
enum Form {
    Text(Draft),
    /// Eight bytes for each number, behind a head.
    Binary(Draft),
    Table(TableWriter),
}

impl Rows {
    /// A file for a row of so many columns for each sample, its format by its ending; formats with heads tell how each column is called, and the class of
    /// a sample, where it has a name.
    pub(super) fn create(
        path: &Path,
        samples: &Samples,
        columns: usize,
        name: &dyn Fn(usize) -> String,
    ) -> Result<Self, Failure> {
        let size = [samples.columns.samples(), columns];
        let ending = FORMATS.of(path)?;
        let has_heads = Formats::TABLE.endings.contains(&ending);
        let heads = if has_heads { 0..columns } else { 0..0 };
        let columns: Vec<String> = heads.map(name).collect();
        let has_class = has_heads && !samples.classes.is_empty();
        let own = if has_class {
            &[NUMBER, CLASS][..]
        } else {
            &[NUMBER]
        };
        let is_own = |column: &&String| own.contains(&column.as_str());
        if let Some(twice) = columns.iter().find(is_own) {
            let message = format!(
                "two columns of '{}' would be called '{twice}'",
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
        let form = match ending {
            "csv" => {
                let quoted: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
                let heading = format!("{},{}\n", own.join(","), quoted.join(","));
                draft(heading.into_bytes()).map(Form::Text)
            }
            "npy" => draft(npy(size)).map(Form::Binary),
            "safetensors" => {
                let names: Vec<String> = (0..size[1]).map(name).collect();
                draft(safetensors(size, &names)).map(Form::Binary)
            }
            _ => {
                let mut heads = vec![(NUMBER, Kind::Whole)];
                heads.extend(has_class.then_some((CLASS, Kind::Text)));
                heads.extend(columns.iter().map(|column| (column.as_str(), Kind::Number)));
                TableWriter::create(path, &heads).map(Form::Table)
            }
        };
        Ok(Self {
            path: path.to_owned(),
            form: form.map_err(failed)?,
            has_class,
            watch: Watch::new()?,
        })
    }

    /// Adds the row of one sample.
    pub(super) fn row(
        &mut self,
        sample: usize,
        class: Option<&str>,
        values: &[f64],
    ) -> Result<(), Failure> {
        self.watch.go_on()?;
        let class = class.filter(|_| self.has_class);
        let written = match &mut self.form {
            Form::Text(draft) => {
                let cells: Vec<String> = values.iter().map(|value| text::number(*value)).collect();
                let class = class.map_or_else(String::new, |class| format!("{},", quoted(class)));
                writeln!(draft, "{sample},{class}{}", cells.join(","))
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
                cells.extend(class.map(Entry::Text));
                cells.extend(values.iter().copied().map(Entry::Number));
                table.row(&cells)
            }
        };
        written.map_err(|reason| Failure::file(&self.path, &reason))
    }

    /// Whether rows are still wanted.
    pub(super) fn watch(&self) -> Watch {
        self.watch.clone()
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

/// A name as a cell of a CSV file.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The head of an NPY file of doubles (version 1.0, as NumPy writes it): its length is a multiple of 64.
fn npy([rows, columns]: [usize; 2]) -> Vec<u8> {
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

/// The head of a safetensors file of one tensor of doubles: eight bytes of length, then JSON, which tells what the columns are.
fn safetensors([rows, columns]: [usize; 2], names: &[String]) -> Vec<u8> {
    let end = rows as u64 * columns as u64 * 8;
    // What is told of a file is text by name.
    let names = serde_json::json!(names).to_string();
    let mut json = serde_json::json!({
        "__metadata__": { "columns": names },
        TENSOR: { "dtype": "F64", "shape": [rows, columns], "data_offsets": [0, end] },
    })
    .to_string();
    while !json.len().is_multiple_of(8) {
        json.push(' ');
    }
    let mut head = (json.len() as u64).to_le_bytes().to_vec();
    head.extend(json.into_bytes());
    head
}
