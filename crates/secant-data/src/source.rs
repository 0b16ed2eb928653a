//! [`Source`]: columns of numbers, a [`Chunk`] of rows at a time, as often as they are asked for. Memory is bounded by the chunk.

use std::path::Path;

use crate::columns::ROWS;
use crate::error::{Error, ErrorKind};

/// What becomes of a cell without a value: an empty one, `NA`, `NaN` or `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It is an error, told with its place.
    #[default]
    Refuse,
    /// The row is left out, and counted.
    Skip,
    /// It is given as NaN.
    Keep,
}

/// Whether the first line of a text names the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// It does where a cell of it is no number.
    #[default]
    Auto,
    /// It does.
    Present,
    /// It does not; columns without names are called `column1`, `column2`, …
    Absent,
}

/// How files are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether the first line of a text names the columns.
    pub header: Header,
    /// Names in place of those of the file.
    pub names: Option<Vec<String>>,
    /// What parts the cells of a text; found out where it is not given.
    pub delimiter: Option<u8>,
    /// What becomes of cells without a value.
    pub missing: Missing,
    /// The most rows of a chunk.
    pub chunk: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            header: Header::Auto,
            names: None,
            delimiter: None,
            missing: Missing::Refuse,
            chunk: ROWS,
        }
    }
}

/// Rows of the selected columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chunk {
    /// The numbers, column by column, in the order of the selection; all are finite, but for missing ones that are kept.
    pub columns: Vec<Vec<f64>>,
    /// Which row of the file each is, counted from 1.
    pub rows: Vec<u64>,
}

impl Chunk {
    /// How many rows it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// So many columns of so many zeros, of rows that count on from this one.
    pub(crate) fn reset(&mut self, columns: usize, rows: usize, first: u64) {
        self.columns.resize_with(columns, Vec::new);
        for column in &mut self.columns {
            column.clear();
            column.resize(rows, 0.0);
        }
        self.rows.clear();
        self.rows.extend((0..rows as u64).map(|row| first + row));
    }

    /// Leaves out the rows in which a value is missing, and gives their number.
    pub(crate) fn skip_missing(&mut self) -> u64 {
        let whole: Vec<bool> = (0..self.len())
            .map(|row| self.columns.iter().all(|column| !column[row].is_nan()))
            .collect();
        let skipped = whole.iter().filter(|whole| !**whole).count();
        if skipped > 0 {
            for column in &mut self.columns {
                keep(column, &whole);
            }
            keep(&mut self.rows, &whole);
        }
        skipped as u64
    }
}

fn keep<T>(values: &mut Vec<T>, wanted: &[bool]) {
    let mut wanted = wanted.iter();
    values.retain(|_| wanted.next().copied().unwrap_or(false));
}

/// How much of a source has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read since the beginning.
    pub read: u64,
    /// All bytes, where they are known.
    pub total: Option<u64>,
    /// Rows given since the beginning.
    pub rows: u64,
    /// Rows left out since the beginning, for a value that is missing.
    pub skipped: u64,
}

/// Columns of numbers, a chunk at a time.
///
/// ```
/// use secant_data::{Chunk, Columns, Source};
/// let mut table = Columns::new(&["x", "y"], vec![vec![1.0, 2.0], vec![3.0, 4.0]])?;
/// table.select(&[1])?;
/// let mut chunk = Chunk::default();
/// while table.next_chunk(&mut chunk)? {
///     assert_eq!(chunk.columns, [[3.0, 4.0]]);
/// }
/// # Ok::<(), secant_data::Error>(())
/// ```
pub trait Source {
    /// What it is called in messages.
    fn path(&self) -> &Path;

    /// The names of all columns.
    fn names(&self) -> &[String];

    /// From now on chunks hold these columns, by their places, and only their cells are read. Begins anew.
    ///
    /// # Errors
    /// Where there is no such column, or the file cannot be opened again.
    fn select(&mut self, columns: &[usize]) -> Result<(), Error>;

    /// Begins anew.
    ///
    /// # Errors
    /// Where the file cannot be opened again.
    fn rewind(&mut self) -> Result<(), Error>;

    /// The next rows; false where there are none left, and the chunk is empty.
    ///
    /// # Errors
    /// Where the file cannot be read, or a cell is no number, with its place.
    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, Error>;

    /// How much has been read.
    fn progress(&self) -> Progress;

    /// Goes through one column of names and gives each name, row by row; what is told of a name gets its place. False, with nothing given, where the first
    /// cell is no name, or the format has none. Begins anew before and after; a cell without a value is an error, whatever was asked of such ones.
    ///
    /// # Errors
    /// Where the file cannot be read, a cell is a number among names or has no value, or a name is refused.
    fn names_in(
        &mut self,
        _column: usize,
        _take: &mut dyn FnMut(&str) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        Ok(false)
    }
}

/// Where the column of this name stands.
///
/// # Errors
/// Where there is none, with the nearest name as a hint, or two.
pub fn find(source: &dyn Source, name: &str) -> Result<usize, Error> {
    let names = source.names();
    let mut places = (0..names.len()).filter(|place| names[*place] == name);
    let refuse =
        |message: String| Error::new(ErrorKind::UnknownColumn, message).within(source.path());
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (Some(_), Some(second)) => {
            Err(refuse(format!("the name '{name}' stands over two columns"))
                .column(second, name)
                .hint("give the columns other names"))
        }
        (None, _) => {
            Err(refuse(format!("there is no column '{name}'")).hint(suggestion(names, name)))
        }
    }
}

/// The name that takes the fewest letters to be the wanted one, if it is like it at all.
///
/// ```
/// let names = ["0.weight".to_owned(), "0.bias".to_owned()];
/// assert_eq!(secant_data::nearest(&names, "0.wieght"), Some("0.weight"));
/// assert_eq!(secant_data::nearest(&names, "momentum"), None);
/// ```
#[must_use]
pub fn nearest<'n>(names: &'n [String], wanted: &str) -> Option<&'n str> {
    names
        .iter()
        .map(|name| (edits(&name.to_lowercase(), &wanted.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= wanted.chars().count() / 3)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name.as_str())
}

/// The nearest name, or all of them.
fn suggestion(names: &[String], wanted: &str) -> String {
    const SHOWN: usize = 12;
    match nearest(names, wanted) {
        Some(name) => format!("did you mean '{name}'?"),
        None => {
            let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
            let more = if names.len() > SHOWN { ", …" } else { "" };
            format!("its columns are {}{more}", shown.join(", "))
        }
    }
}

/// Letters to change, add or leave out to make one text of the other (Levenshtein 1966).
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (place, other) in to.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[place + 1];
            row[place + 1] = change.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

/// That all of these places are columns.
pub(crate) fn within(columns: &[usize], source: &dyn Source) -> Result<(), Error> {
    match columns
        .iter()
        .find(|column| **column >= source.names().len())
    {
        None => Ok(()),
        Some(column) => Err(Error::new(
            ErrorKind::UnknownColumn,
            format!("there is no column {}", column + 1),
        )
        .within(source.path())),
    }
}

/// A cell without a value, where none is allowed.
pub(crate) fn missing(shown: &str) -> Error {
    Error::new(ErrorKind::Missing, format!("{shown} is no value"))
        .hint("fill the cell, or leave such rows out")
}

/// Holds the numbers of a binary file to what texts are held to: missing ones as asked, and none infinite.
pub(crate) fn admit(
    chunk: &mut Chunk,
    missing: Missing,
    place: impl Fn(Error, usize) -> Error,
) -> Result<u64, Error> {
    for (column, values) in chunk.columns.iter().enumerate() {
        let Some(row) = values.iter().position(|value| match missing {
            Missing::Refuse => !value.is_finite(),
            Missing::Skip | Missing::Keep => value.is_infinite(),
        }) else {
            continue;
        };
        let error = if values[row].is_nan() {
            self::missing("NaN")
        } else {
            Error::new(
                ErrorKind::Overflow,
                format!("{} is no finite number", values[row]),
            )
        };
        return Err(place(error.row(chunk.rows[row]), column));
    }
    Ok(if missing == Missing::Skip {
        chunk.skip_missing()
    } else {
        0
    })
}

/// The names that were asked for, or those of the file.
pub(crate) fn named(
    own: Vec<String>,
    options: &Options,
    path: &Path,
) -> Result<Vec<String>, Error> {
    match &options.names {
        None => Ok(own),
        Some(names) if names.len() == own.len() => Ok(names.clone()),
        Some(names) => {
            let message = format!("{} names are given for {} columns", names.len(), own.len());
            Err(Error::new(ErrorKind::Setting, message).within(path))
        }
    }
}
