//! [`Parquet`]: a file read a part of a row group at a time; of the columns that are not selected nothing is read.

use std::fs::File;
use std::path::{Path, PathBuf};

use ::parquet::basic::Compression;
use ::parquet::file::reader::{FileReader, SerializedFileReader};

use super::column::{Column, Kind};
use super::{guarded, told};
use crate::error::{Error, ErrorKind};
use crate::source::{self, Chunk, Missing, Options, Progress, Source};
use crate::stream;

/// A table of columns in row groups.
struct Parquet {
    path: PathBuf,
    file: SerializedFileReader<File>,
    bytes: u64,
    names: Vec<String>,
    missing: Missing,
    most_rows: usize,
    selected: Vec<usize>,
    /// All rows of the file.
    rows: u64,
    /// The row group that comes next.
    group: usize,
    /// The selected columns of the one under way, and its rows that are still to come.
    columns: Vec<Column>,
    left: u64,
    /// Rows read since the beginning.
    next: u64,
    progress: Progress,
}

/// Opens a file and reads what stands at its end: names, kinds and row groups.
pub(crate) fn open_parquet(path: &Path, options: &Options) -> Result<Box<dyn Source>, Error> {
    let (file, bytes) = stream::file(path)?;
    let file = guarded(|| SerializedFileReader::new(file)).map_err(|error| {
        Error::new(
            ErrorKind::Format,
            format!("the file is no whole Parquet file: {}", told(&error)),
        )
        .within(path)
        .hint("was it copied whole?")
    })?;
    let about = file.metadata();
    let own = about
        .file_metadata()
        .schema_descr()
        .columns()
        .iter()
        .map(|column| column.path().string());
    let names = source::named(own.collect(), options, path)?;
    let rows = about.row_groups().iter().try_fold(0u64, |sum, group| {
        let rows = u64::try_from(group.num_rows()).ok()?;
        sum.checked_add(rows)
    });
    let rows = rows.ok_or_else(|| {
        Error::new(ErrorKind::Format, "the numbers of rows are damaged").within(path)
    })?;
    Ok(Box::new(Parquet {
        path: path.to_owned(),
        bytes,
        missing: options.missing,
        most_rows: options.chunk.max(1),
        selected: (0..names.len()).collect(),
        names,
        file,
        rows,
        group: 0,
        columns: Vec::new(),
        left: 0,
        next: 0,
        progress: Progress::default(),
    }))
}

impl Parquet {
    /// What the numbers of a column are.
    fn kind(&self, column: usize) -> Result<Kind, Error> {
        let schema = self.file.metadata().file_metadata().schema_descr();
        Kind::of(&schema.column(column)).map_err(|held| {
            Error::new(
                ErrorKind::Unsupported,
                format!("the column holds {held}, no numbers"),
            )
            .within(&self.path)
            .column(column, &self.names[column])
            .hint("numbers of any width and booleans are read")
        })
    }

    /// Something wrong with the row group under way, or with a column of it.
    fn damaged(&self, message: &str, column: Option<usize>) -> Error {
        let error = Error::new(
            ErrorKind::Format,
            format!("row group {} cannot be read: {message}", self.group),
        )
        .within(&self.path)
        .row(self.next + 1);
        match column {
            Some(column) => error.column(column, &self.names[column]),
            None => error,
        }
    }

    /// Opens the selected columns of the next row group.
    fn open_group(&mut self) -> Result<(), Error> {
        let place = self.group;
        self.group += 1;
        let kinds = self
            .selected
            .iter()
            .map(|column| self.kind(*column))
            .collect::<Result<Vec<Kind>, Error>>()?;
        let group = self.file.metadata().row_group(place);
        self.left = u64::try_from(group.num_rows()).unwrap_or(0);
        let reader = guarded(|| self.file.get_row_group(place))
            .map_err(|error| self.damaged(&told(&error), None))?;
        let mut columns = Vec::new();
        for (column, kind) in self.selected.iter().zip(kinds) {
            let about = group.column(*column);
            if let Some(unread) = unread(about.compression()) {
                return Err(self
                    .damaged(&format!("it is packed by {unread}"), Some(*column))
                    .hint(format!(
                        "write the file with another compression, such as snappy or gzip{}",
                        if unread == "zstd" {
                            ", or build with --features parquet-zstd"
                        } else {
                            ""
                        }
                    )));
            }
            let present = about.column_descr().max_def_level();
            let opened = guarded(|| reader.get_column_reader(*column));
            let reader = opened.map_err(|error| self.damaged(&told(&error), Some(*column)))?;
            columns.push(Column {
                reader,
                kind,
                present,
            });
        }
        self.columns = columns;
        Ok(())
    }

    /// Reads so many rows of the row group under way.
    fn read(&mut self, chunk: &mut Chunk) -> Result<(), Error> {
        for place in 0..self.columns.len() {
            let (column, numbers) = (&mut self.columns[place], &mut chunk.columns[place]);
            let read = guarded(|| column.read(numbers));
            let column = self.selected[place];
            match read {
                Ok(Some(row)) if self.missing == Missing::Refuse => {
                    return Err(source::missing("null")
                        .within(&self.path)
                        .row(chunk.rows[row])
                        .column(column, &self.names[column]));
                }
                Ok(_) => {}
                Err(error) => return Err(self.damaged(&told(&error), Some(column))),
            }
        }
        Ok(())
    }
}

/// The name of a way of packing that this build does not unpack.
fn unread(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::ZSTD(_) if !cfg!(feature = "parquet-zstd") => Some("zstd"),
        Compression::BROTLI(_) => Some("brotli"),
        Compression::LZO => Some("lzo"),
        _ => None,
    }
}

impl Source for Parquet {
    fn path(&self) -> &Path {
        &self.path
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn select(&mut self, columns: &[usize]) -> Result<(), Error> {
        source::within(columns, self)?;
        for column in columns {
            self.kind(*column)?;
        }
        self.selected = columns.to_vec();
        self.rewind()
    }

    fn rewind(&mut self) -> Result<(), Error> {
        (self.group, self.left, self.next) = (0, 0, 0);
        self.columns.clear();
        self.progress = Progress::default();
        Ok(())
    }

    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        chunk.reset(0, 0, 0);
        while chunk.is_empty() {
            while self.left == 0 {
                if self.group == self.file.num_row_groups() {
                    return Ok(false);
                }
                self.open_group()?;
            }
            let rows = self.left.min(self.most_rows as u64);
            chunk.reset(self.selected.len(), rows as usize, self.next + 1);
            self.read(chunk)?;
            self.left -= rows;
            self.next += rows;
            let (path, names, selected) = (&self.path, &self.names, &self.selected);
            self.progress.skipped += source::admit(chunk, self.missing, |error, column| {
                let column = selected[column];
                error.within(path).column(column, &names[column])
            })?;
            self.progress.rows += chunk.len() as u64;
        }
        Ok(true)
    }

    fn progress(&self) -> Progress {
        let part = self.next as f64 / self.rows.max(1) as f64;
        Progress {
            read: (self.bytes as f64 * part) as u64,
            total: Some(self.bytes),
            ..self.progress
        }
    }
}
