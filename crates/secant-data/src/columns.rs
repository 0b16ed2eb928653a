//! [`Columns`]: a table held in memory.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::source::{self, Chunk, Progress, Source};

/// The rows of a chunk where nothing else is asked.
pub(crate) const ROWS: usize = 65_536;

/// A table held in memory.
#[derive(Clone, Debug)]
pub struct Columns {
    path: PathBuf,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    rows: Vec<u64>,
    skipped: u64,
    selected: Vec<usize>,
    next: usize,
    chunk: usize,
}

impl Columns {
    /// Columns with their names.
    ///
    /// # Errors
    /// Where the columns are not of one length, or not as many as the names.
    pub fn new(names: &[&str], columns: Vec<Vec<f64>>) -> Result<Self, Error> {
        let rows = columns.first().map_or(0, Vec::len);
        if names.len() != columns.len() || columns.iter().any(|column| column.len() != rows) {
            let message = "columns in memory must be as many as their names, and of one length";
            return Err(Error::new(ErrorKind::Ragged, message));
        }
        Ok(Self {
            path: PathBuf::from("memory"),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            selected: (0..columns.len()).collect(),
            columns,
            rows: (1..=rows as u64).collect(),
            skipped: 0,
            next: 0,
            chunk: ROWS,
        })
    }

    /// The same table, given in chunks of at most so many rows.
    #[must_use]
    pub fn chunks_of(mut self, rows: usize) -> Self {
        self.chunk = rows.max(1);
        self
    }
}

impl Source for Columns {
    fn path(&self) -> &Path {
        &self.path
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn select(&mut self, columns: &[usize]) -> Result<(), Error> {
        source::within(columns, self)?;
        self.selected = columns.to_vec();
        self.rewind()
    }

    fn rewind(&mut self) -> Result<(), Error> {
        self.next = 0;
        Ok(())
    }

    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        let end = self.rows.len().min(self.next.saturating_add(self.chunk));
        let part = self.next..end;
        chunk.columns.resize_with(self.selected.len(), Vec::new);
        for (column, place) in chunk.columns.iter_mut().zip(&self.selected) {
            column.clear();
            column.extend_from_slice(&self.columns[*place][part.clone()]);
        }
        chunk.rows.clear();
        chunk.rows.extend_from_slice(&self.rows[part.clone()]);
        self.next = end;
        Ok(!part.is_empty())
    }

    fn progress(&self) -> Progress {
        let bytes = |rows: usize| (rows * self.selected.len() * size_of::<f64>()) as u64;
        Progress {
            read: bytes(self.next),
            total: Some(bytes(self.rows.len())),
            rows: self.next as u64,
            skipped: self.skipped,
        }
    }
}

/// The selected columns in memory where they take at most so many bytes, else the source as it is.
///
/// # Errors
/// Where the source cannot be read.
pub fn kept(
    mut source: Box<dyn Source>,
    columns: &[usize],
    bytes: usize,
) -> Result<Box<dyn Source>, Error> {
    source.select(columns)?;
    let most = bytes / (size_of::<f64>() * (columns.len() + 1));
    let (mut all, mut chunk) = (Chunk::default(), Chunk::default());
    all.columns.resize_with(columns.len(), Vec::new);
    while source.next_chunk(&mut chunk)? {
        if all.len() + chunk.len() > most {
            source.rewind()?;
            return Ok(source);
        }
        for (all, more) in all.columns.iter_mut().zip(&chunk.columns) {
            all.extend_from_slice(more);
        }
        all.rows.extend_from_slice(&chunk.rows);
    }
    Ok(Box::new(Columns {
        path: source.path().to_owned(),
        names: columns
            .iter()
            .map(|column| source.names()[*column].clone())
            .collect(),
        selected: (0..columns.len()).collect(),
        columns: all.columns,
        rows: all.rows,
        skipped: source.progress().skipped,
        next: 0,
        chunk: ROWS,
    }))
}
