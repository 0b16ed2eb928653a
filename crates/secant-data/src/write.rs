//! Files that appear whole or not at all: [`Draft`] writes beside the place and is put there when it is done; [`TableWriter`] fills one with
//! rows, in the format that its name tells, and [`CsvWriter`] one of text.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::parquet::ParquetWriter;

/// A file written under another name beside its place. Unless published, it leaves nothing behind. A device or a pipe is written to as it is.
///
/// ```
/// use secant_data::Draft;
/// use std::io::Write;
/// # let path = std::env::temp_dir().join(format!("secant-draft-{}", std::process::id()));
/// let mut draft = Draft::new(&path)?;
/// draft.write_all(b"whole")?;
/// assert!(!path.exists());
/// draft.publish()?;
/// assert_eq!(std::fs::read(&path)?, b"whole");
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Draft {
    /// The file beside the place; none where the place is a device or a pipe, which is written to as it is.
    draft: Option<PathBuf>,
    place: PathBuf,
    writer: BufWriter<File>,
}

impl Draft {
    /// Begins a file for this place.
    ///
    /// # Errors
    /// Where the place is a folder, or neither its folder nor, of a device or a pipe, it itself can be written to.
    pub fn new(path: &Path) -> io::Result<Self> {
        // A link stays a link: what it names is replaced.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = place
            .file_name()
            .ok_or_else(|| io::Error::new(ErrorKind::IsADirectory, "it names no file"))?;
        if place.is_dir() {
            return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
        }
        // To put a file there would take the device away from everybody.
        let is_special = fs::metadata(&place).is_ok_and(|about| !about.is_file());
        if is_special {
            let file = OpenOptions::new().write(true).open(&place)?;
            return Ok(Self {
                draft: None,
                place,
                writer: BufWriter::new(file),
            });
        }
        let (file, draft) = beside(&place, name)?;
        let writer = BufWriter::with_capacity(1 << 16, file);
        Ok(Self {
            draft: Some(draft),
            place,
            writer,
        })
    }

    /// Puts the file at its place, whole and with the permissions of the one it replaces.
    ///
    /// # Errors
    /// Where the rest cannot be written.
    pub fn publish(mut self) -> io::Result<()> {
        self.writer.flush()?;
        if let Some(draft) = &self.draft {
            self.writer.get_ref().sync_all()?;
            if let Ok(replaced) = fs::metadata(&self.place) {
                fs::set_permissions(draft, replaced.permissions())?;
            }
            fs::rename(draft, &self.place)?;
            self.draft = None;
        }
        Ok(())
    }
}

/// A new file beside a place. What a process of the same number left when it was killed is stepped over.
fn beside(place: &Path, name: &std::ffi::OsStr) -> io::Result<(File, PathBuf)> {
    const MOST_LEFT: usize = 1000;
    let mut count = 0;
    loop {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(match count {
            0 => format!(".{}.part", std::process::id()),
            count => format!(".{}-{count}.part", std::process::id()),
        });
        let draft = place.with_file_name(hidden);
        let file = OpenOptions::new().write(true).create_new(true).open(&draft);
        match file {
            Err(reason) if reason.kind() == ErrorKind::AlreadyExists && count < MOST_LEFT => {
                count += 1;
            }
            file => return Ok((file?, draft)),
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(draft) = &self.draft {
            let _ = fs::remove_file(draft);
        }
    }
}

/// One cell of a row that is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry<'a> {
    /// A number, as the shortest text that reads back as the same.
    Number(f64),
    /// A word.
    Text(&'a str),
    /// No value.
    Empty,
}

/// Rows of text, parted by commas, into a [`Draft`].
///
/// ```
/// use secant_data::{CsvWriter, Entry};
/// # let path = std::env::temp_dir().join(format!("secant-writer-{}.csv", std::process::id()));
/// let mut table = CsvWriter::create(&path, &["x", "note"])?;
/// table.row(&[Entry::Number(0.1), Entry::Text("a, b")])?;
/// table.finish()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "x,note\n0.1,\"a, b\"\n");
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct CsvWriter {
    draft: Draft,
    columns: usize,
}

impl CsvWriter {
    /// Begins a table with these columns.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn create(path: &Path, names: &[&str]) -> io::Result<Self> {
        let mut table = Self {
            draft: Draft::new(path)?,
            columns: names.len(),
        };
        let names: Vec<Entry<'_>> = names.iter().map(|name| Entry::Text(name)).collect();
        table.row(&names)?;
        Ok(table)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Where the file cannot be written, or the cells are not as many as the columns.
    pub fn row(&mut self, cells: &[Entry<'_>]) -> io::Result<()> {
        as_many(cells, self.columns)?;
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.draft.write_all(b",")?;
            }
            match cell {
                Entry::Number(number) => self.number(*number)?,
                Entry::Text(text) => self.text(text)?,
                Entry::Empty => {}
            }
        }
        self.draft.write_all(b"\n")
    }

    /// The fewest digits that are read back as this number; long runs of zeros are written as a power of ten.
    fn number(&mut self, number: f64) -> io::Result<()> {
        let size = number.abs();
        if !size.is_finite() {
            return write!(self.draft, "{number}");
        }
        if size != 0.0 && !(1e-4..1e16).contains(&size) {
            return write!(self.draft, "{number:e}");
        }
        let mut digits = zmij::Buffer::new();
        let written = digits.format_finite(number);
        let written = written.strip_suffix(".0").unwrap_or(written);
        self.draft.write_all(written.as_bytes())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        if text.contains([',', '"', '\n', '\r']) {
            write!(self.draft, "\"{}\"", text.replace('"', "\"\""))
        } else {
            self.draft.write_all(text.as_bytes())
        }
    }

    /// Puts the table at its place.
    ///
    /// # Errors
    /// Where the rest cannot be written.
    pub fn finish(self) -> io::Result<()> {
        self.draft.publish()
    }
}

/// That a row has a cell for each column.
pub(crate) fn as_many(cells: &[Entry<'_>], columns: usize) -> io::Result<()> {
    if cells.len() == columns {
        return Ok(());
    }
    let message = format!("a row of {} cells for {columns} columns", cells.len());
    Err(io::Error::new(ErrorKind::InvalidInput, message))
}

/// What a column of a table that is written holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers.
    Number,
    /// Whole numbers.
    Whole,
    /// Words.
    Text,
}

/// A table that is written row by row: Parquet where the name ends in `.parquet` and the crate is built with the feature `parquet`, else CSV.
///
/// ```
/// use secant_data::{Entry, Kind, TableWriter};
/// # let path = std::env::temp_dir().join(format!("secant-table-{}.csv", std::process::id()));
/// let mut table = TableWriter::create(&path, &[("row", Kind::Whole), ("x", Kind::Number)])?;
/// table.row(&[Entry::Number(1.0), Entry::Number(0.25)])?;
/// table.finish()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "row,x\n1,0.25\n");
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct TableWriter(Format);

enum Format {
    Text(CsvWriter),
    Parquet(Box<ParquetWriter>),
}

impl TableWriter {
    /// Begins a table with these columns.
    ///
    /// # Errors
    /// Where the file cannot be written, or not in the format of its name.
    pub fn create(path: &Path, columns: &[(&str, Kind)]) -> io::Result<Self> {
        if crate::is_parquet(path) {
            let table = ParquetWriter::create(path, columns)?;
            return Ok(Self(Format::Parquet(Box::new(table))));
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        Ok(Self(Format::Text(CsvWriter::create(path, &names)?)))
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Where the file cannot be written, or the cells are not those of the columns: not as many, or in Parquet of another kind.
    pub fn row(&mut self, cells: &[Entry<'_>]) -> io::Result<()> {
        match &mut self.0 {
            Format::Text(table) => table.row(cells),
            Format::Parquet(table) => table.row(cells),
        }
    }

    /// Puts the table at its place.
    ///
    /// # Errors
    /// Where the rest cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Format::Text(table) => table.finish(),
            Format::Parquet(table) => table.finish(),
        }
    }
}
