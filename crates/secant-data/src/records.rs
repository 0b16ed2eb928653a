//! [`Records`]: rows of numbers of fixed size, on one track or on several that stand beside each other. NPY, NPZ and IDX files are such.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::element::Element;
use crate::error::{Error, ErrorKind};
use crate::held::Held;
use crate::source::{self, Chunk, Missing, Options, Progress, Source};
use crate::stream::Stream;

/// The most bytes of a chunk, over all streams.
const BLOCK: usize = 8 << 20;

/// A table with more columns is a damaged one.
const MOST_COLUMNS: usize = 1 << 20;

/// That a row of so many numbers can be read.
pub(crate) fn allowed(across: usize) -> Result<(), Error> {
    if across <= MOST_COLUMNS {
        return Ok(());
    }
    let message = format!("a row of {across} numbers is too long, {MOST_COLUMNS} are read");
    Err(Error::new(ErrorKind::Unsupported, message))
}

/// Whether the bytes of these sides can be counted, and those of any of the sides alone, as a row's where there are no rows.
pub(crate) fn countable(size: usize, sides: &[usize]) -> bool {
    let bytes = |bytes: usize, side: &usize| bytes.checked_mul((*side).max(1));
    sides.iter().try_fold(size, bytes).is_some()
}

/// Where a column stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// On which track.
    pub(crate) track: usize,
    /// How many bytes behind the beginning of the row.
    pub(crate) offset: usize,
    pub(crate) element: Element,
}

/// Where rows stand one behind another, with the length of each in bytes.
pub(crate) struct Track {
    pub(crate) bytes: Bytes,
    pub(crate) stride: usize,
}

/// The bytes of a track.
pub(crate) enum Bytes {
    /// All that a stream holds.
    Rows(Stream),
    /// A column of an array whose columns stand one behind another, which begins at this byte of it.
    Column(Arc<Held>, u64),
}

/// Rows of fixed size.
pub(crate) struct Records {
    path: PathBuf,
    tracks: Vec<Track>,
    names: Vec<String>,
    fields: Vec<Field>,
    rows: u64,
    missing: Missing,
    most_rows: usize,
    selected: Vec<usize>,
    /// The tracks that a selected column stands on.
    wanted: Vec<usize>,
    progress: Progress,
    next: u64,
    buffers: Vec<Vec<u8>>,
}

impl Records {
    pub(crate) fn new(
        path: &Path,
        tracks: Vec<Track>,
        columns: Vec<(String, Field)>,
        rows: u64,
        options: &Options,
    ) -> Result<Self, Error> {
        let (names, fields): (Vec<String>, Vec<Field>) = columns.into_iter().unzip();
        let names = source::named(names, options, path)?;
        let stride: usize = tracks.iter().map(|track| track.stride).sum();
        Ok(Self {
            path: path.to_owned(),
            buffers: vec![Vec::new(); tracks.len()],
            selected: (0..names.len()).collect(),
            wanted: (0..tracks.len()).collect(),
            tracks,
            names,
            fields,
            rows,
            missing: options.missing,
            most_rows: options.chunk.clamp(1, (BLOCK / stride.max(1)).max(1)),
            progress: Progress::default(),
            next: 0,
        })
    }

    /// Reads the same number of rows of each track that is wanted.
    fn read(&mut self, rows: usize) -> Result<(), Error> {
        for place in &self.wanted {
            let (track, buffer) = (&mut self.tracks[*place], &mut self.buffers[*place]);
            buffer.resize(rows * track.stride, 0);
            match &mut track.bytes {
                Bytes::Rows(stream) => stream.fill_all(buffer)?,
                Bytes::Column(held, start) => {
                    held.read(*start + self.next * track.stride as u64, buffer)?;
                }
            }
        }
        Ok(())
    }

    /// The streams that are read.
    fn streams(&mut self) -> impl Iterator<Item = &mut Stream> {
        let wanted = &self.wanted;
        let tracks = self.tracks.iter_mut().enumerate();
        tracks.filter_map(|(place, track)| match &mut track.bytes {
            Bytes::Rows(stream) if wanted.binary_search(&place).is_ok() => Some(stream),
            _ => None,
        })
    }
}

impl Source for Records {
    fn path(&self) -> &Path {
        &self.path
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn select(&mut self, columns: &[usize]) -> Result<(), Error> {
        source::within(columns, self)?;
        self.selected = columns.to_vec();
        self.wanted = columns
            .iter()
            .map(|column| self.fields[*column].track)
            .collect();
        self.wanted.sort_unstable();
        self.wanted.dedup();
        self.rewind()
    }

    fn rewind(&mut self) -> Result<(), Error> {
        for stream in self.streams() {
            stream.rewind()?;
        }
        (self.next, self.progress) = (0, Progress::default());
        Ok(())
    }

    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        chunk.reset(0, 0, 0);
        while chunk.is_empty() {
            let rows = (self.rows - self.next).min(self.most_rows as u64) as usize;
            if rows == 0 {
                for stream in self.streams() {
                    stream.check_sum()?;
                }
                return Ok(false);
            }
            self.read(rows)?;
            chunk.reset(self.selected.len(), rows, self.next + 1);
            for (column, place) in chunk.columns.iter_mut().zip(&self.selected) {
                let field = self.fields[*place];
                let stride = self.tracks[field.track].stride;
                let bytes = self.buffers[field.track].chunks_exact(stride);
                for (number, row) in column.iter_mut().zip(bytes) {
                    *number = field.element.read(&row[field.offset..]);
                }
            }
            self.next += rows as u64;
            let (path, names, selected) = (&self.path, &self.names, &self.selected);
            let skipped = source::admit(chunk, self.missing, |error, column| {
                let column = selected[column];
                error.within(path).column(column, &names[column])
            })?;
            self.progress.skipped += skipped;
            self.progress.rows += chunk.len() as u64;
        }
        Ok(true)
    }

    fn progress(&self) -> Progress {
        let stride: usize = self.tracks.iter().map(|track| track.stride).sum();
        Progress {
            read: self.next * stride as u64,
            total: Some(self.rows * stride as u64),
            ..self.progress
        }
    }
}
