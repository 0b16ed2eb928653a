//! [`Rows`]: rows that come in pieces, cut into leaves of one length and merged by one tree, whatever the pieces were.

use std::ops::Range;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::Tree;
use crate::error::{Error, ErrorKind};

/// Rows of a leaf: the unit in which threads share the work and results are merged.
pub const LEAF: usize = 256;
/// Leaves that each thread may have waiting to be merged: memory stays bounded, whatever the number of rows.
const WAITING_LEAVES: usize = 32;

/// What is made of a leaf: columns, and which of their rows.
type LeafOf<'a, T> = dyn Fn(&[&[f64]], Range<usize>) -> T + Sync + 'a;

/// Rows on their way into a result. Where one piece of them ends and the next begins makes no difference, nor does the number
/// of threads, not even to the last bit.
///
/// ```
/// use secant::combine::Rows;
/// let mut sum = Rows::new(1, |x: &[&[f64]], rows| x[0][rows].iter().sum::<f64>(), |a, b| a + b);
/// sum.push(&[&[1.0, 2.0]])?;
/// sum.push(&[&[3.0]])?;
/// assert_eq!(sum.finish(), Some(6.0));
/// # Ok::<(), secant::Error>(())
/// ```
pub struct Rows<'a, T> {
    leaf: Box<LeafOf<'a, T>>,
    tree: Tree<T, fn(T, T) -> T>,
    /// Rows that do not fill a leaf yet, by column.
    waiting: Vec<Vec<f64>>,
}

impl<'a, T: Send> Rows<'a, T> {
    /// No rows yet, of so many columns: what is made of a leaf, and how two neighbours are merged.
    pub fn new(
        columns: usize,
        leaf: impl Fn(&[&[f64]], Range<usize>) -> T + Sync + 'a,
        merge: fn(T, T) -> T,
    ) -> Self {
        Self {
            leaf: Box::new(leaf),
            tree: Tree::new(merge),
            waiting: vec![Vec::new(); columns],
        }
    }

    /// Adds rows, given as columns.
    ///
    /// # Errors
    /// Where the number of columns does not fit or their lengths differ.
    pub fn push(&mut self, columns: &[&[f64]]) -> Result<(), Error> {
        let rows = row_count(self.waiting.len(), columns)?;
        let mut start = 0;
        if self.waiting_rows() > 0 {
            start = rows.min(LEAF - self.waiting_rows());
            self.wait(columns, 0..start);
            if self.waiting_rows() == LEAF {
                self.push_waiting();
            }
        }
        let end = rows - (rows - start) % LEAF;
        self.push_leaves(columns, start..end);
        self.wait(columns, end..rows);
        Ok(())
    }

    /// Adds the last rows and tells what all have given. Where no row waits yet, the threads share the last leaf too, though it is not full.
    ///
    /// ```
    /// use secant::combine::Rows;
    /// let sum = Rows::new(1, |x: &[&[f64]], rows| x[0][rows].iter().sum::<f64>(), |a, b| a + b);
    /// assert_eq!(sum.finish_with(&[&[1.0, 2.0]])?, Some(3.0));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn finish_with(mut self, columns: &[&[f64]]) -> Result<Option<T>, Error> {
        let rows = row_count(self.waiting.len(), columns)?;
        if self.waiting_rows() == 0 {
            self.push_leaves(columns, 0..rows);
        } else {
            self.push(columns)?;
        }
        Ok(self.finish())
    }

    /// What all rows have given; `None` where there was none.
    #[must_use]
    pub fn finish(mut self) -> Option<T> {
        if self.waiting_rows() > 0 {
            self.push_waiting();
        }
        self.tree.finish()
    }

    fn waiting_rows(&self) -> usize {
        self.waiting.first().map_or(0, Vec::len)
    }

    fn wait(&mut self, columns: &[&[f64]], rows: Range<usize>) {
        for (waiting, column) in self.waiting.iter_mut().zip(columns) {
            waiting.extend_from_slice(&column[rows.clone()]);
        }
    }

    fn push_waiting(&mut self) {
        let columns: Vec<&[f64]> = self.waiting.iter().map(Vec::as_slice).collect();
        let leaf = (self.leaf)(&columns, 0..self.waiting_rows());
        self.tree.push(leaf);
        self.waiting.iter_mut().for_each(Vec::clear);
    }

    /// Leaves, shared among the threads. Only the last may not be full.
    fn push_leaves(&mut self, columns: &[&[f64]], rows: Range<usize>) {
        let leaves = rows.len().div_ceil(LEAF);
        let batch = WAITING_LEAVES * rayon::current_num_threads();
        let leaf = &self.leaf;
        let mut done = 0;
        while done < leaves {
            let end = leaves.min(done + batch);
            let mut made = Vec::with_capacity(end - done);
            (done..end)
                .into_par_iter()
                .map(|place| {
                    let start = rows.start + place * LEAF;
                    leaf(columns, start..rows.end.min(start + LEAF))
                })
                .collect_into_vec(&mut made);
            for leaf in made {
                self.tree.push(leaf);
            }
            done = end;
        }
    }
}

/// How many rows there are, where there are so many columns and all are of one length.
pub(crate) fn row_count(wanted: usize, columns: &[&[f64]]) -> Result<usize, Error> {
    if columns.len() != wanted {
        let message = format!("there are {wanted} columns, not {}", columns.len());
        return Err(Error::new(ErrorKind::Shape, message));
    }
    let rows = columns.first().map_or(0, |column| column.len());
    match columns.iter().position(|column| column.len() != rows) {
        None => Ok(rows),
        Some(place) => {
            let given = columns[place].len();
            let message = format!("column {place} has {given} rows, column 0 has {rows}");
            Err(Error::new(ErrorKind::Shape, message))
        }
    }
}
