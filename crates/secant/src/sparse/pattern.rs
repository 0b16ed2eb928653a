//! [`Pattern`]: which entries of a Jacobian or Hessian may differ from 0, by rows. It comes from the formulas, from
//! the user, or from probing a function that can only be run.

use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::graph::{Graph, NodeId};

/// Where entries may be nonzero: for each row its columns, in rising order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    columns: usize,
    rows: Vec<Vec<usize>>,
}

impl Pattern {
    /// A pattern as given: for each row its columns, in any order.
    ///
    /// ```
    /// use secant::sparse::Pattern;
    /// let arrow = Pattern::new(3, vec![vec![2, 0, 1], vec![0, 1], vec![0, 2]])?;
    /// assert_eq!(arrow.row(0), [0, 1, 2]);
    /// assert_eq!(arrow.entries(), 7);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a row names a column that does not exist.
    pub fn new(columns: usize, mut rows: Vec<Vec<usize>>) -> Result<Self, Error> {
        for (row, entries) in rows.iter_mut().enumerate() {
            entries.sort_unstable();
            entries.dedup();
            if let Some(column) = entries.last().filter(|column| **column >= columns) {
                return Err(Error::new(
                    ErrorKind::Shape,
                    format!("row {row} names column {column}, there are {columns}"),
                )
                .hint("columns are counted from 0"));
            }
        }
        Ok(Self { columns, rows })
    }

    /// The pattern of the Jacobian of a recorded function: an output's row holds the inputs that its formula names.
    ///
    /// ```
    /// use secant::{Functions, Recorded, sparse::Pattern};
    /// let f = Recorded::trace(&["x", "y"], |v| vec![v[0].sin(), v[0].clone() * v[1].clone()])?;
    /// let pattern = Pattern::jacobian(&f);
    /// assert_eq!((pattern.row(0), pattern.row(1)), (&[0][..], &[0, 1][..]));
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn jacobian(function: &Recorded) -> Self {
        Self {
            columns: function.inputs(),
            rows: named_inputs(function.graph(), function.roots()),
        }
    }

    /// The pattern found by running the function: it is run with one input moved at a time, around `samples` places (2 or more are wise), and
    /// an output that moves (or loses its value) depends on that input. What moves nowhere among the samples is taken to be
    /// zero; that is not proven. Costs `samples * (inputs + 1)` evaluations.
    ///
    /// ```
    /// use secant::{Functions, Recorded, sparse::Pattern};
    /// let f = Recorded::trace(&["x", "y"], |v| vec![v[0].sin(), v[0].clone() * v[1].clone()])?;
    /// assert_eq!(Pattern::probe(&f, &[0.5, 0.0], 2)?, Pattern::jacobian(&f));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the point does not fit the function, and where there are no samples.
    pub fn probe(function: &dyn Function, at: &[f64], samples: usize) -> Result<Self, Error> {
        if samples == 0 {
            return Err(Error::new(
                ErrorKind::Setting,
                "a pattern is to be found from 0 samples",
            )
            .hint("2 or more are wise"));
        }
        if at.len() != function.inputs() {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "the point has {} entries, the function {} inputs",
                    at.len(),
                    function.inputs()
                ),
            ));
        }
        let mut rows = vec![Vec::new(); function.outputs()];
        let largest = at.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
        for sample in 0..samples {
            // By turns each input moves in its own size, and in the largest one: a small step may be lost beside large inputs, a
            // large one may leave the domain.
            let moved = |turn: usize, input: usize| {
                let own = if at[input] == 0.0 {
                    1.0
                } else {
                    at[input].abs()
                };
                let size = if sample % 2 == 0 { own } else { largest };
                at[input] + 0.1 * size * spread(2 * sample + turn, input)
            };
            let mut place: Vec<f64> = (0..at.len()).map(|input| moved(0, input)).collect();
            let still = function.eval(&place);
            for input in 0..at.len() {
                place[input] = moved(1, input);
                let changed = function.eval(&place);
                place[input] = moved(0, input);
                for (row, (still, changed)) in rows.iter_mut().zip(still.iter().zip(&changed)) {
                    if still.to_bits() != changed.to_bits() {
                        row.push(input);
                    }
                }
            }
        }
        Self::new(at.len(), rows)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The columns of one row, in rising order.
    ///
    /// # Panics
    /// Where there is no such row, as the index of a slice.
    #[must_use]
    pub fn row(&self, row: usize) -> &[usize] {
        &self.rows[row]
    }

    /// The places of its entries, row by row.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(row, columns)| columns.iter().map(move |column| (row, *column)))
    }

    /// How many entries may be nonzero.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// Rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut rows = vec![Vec::new(); self.columns];
        for (row, entries) in self.rows.iter().enumerate() {
            for column in entries {
                rows[*column].push(row);
            }
        }
        Self {
            columns: self.rows.len(),
            rows,
        }
    }

    /// The pattern with the mirror image of each entry, as a Hessian's: formulas of f_xy and f_yx may name different inputs.
    ///
    /// # Errors
    /// Where it is not square.
    pub fn symmetric(&self) -> Result<Self, Error> {
        if self.rows() != self.columns {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "a pattern of {} x {} has no mirror image",
                    self.rows(),
                    self.columns
                ),
            ));
        }
        let both = self.rows.iter().zip(self.transposed().rows);
        Self::new(
            self.columns,
            both.map(|(row, mirrored)| [row.clone(), mirrored].concat())
                .collect(),
        )
    }

    /// Whether it is square and its own mirror image, as a Hessian's is.
    #[must_use]
    pub fn is_symmetric(&self) -> bool {
        *self == self.transposed()
    }
}

/// For each root the inputs that its formula names.
fn named_inputs(graph: &Graph, roots: &[NodeId]) -> Vec<Vec<usize>> {
    let inputs_of = |root: &NodeId| {
        let mut seen = std::collections::BTreeSet::new();
        let mut inputs = Vec::new();
        let mut waiting = vec![*root];
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match graph.as_input(node) {
                Some(input) => inputs.push(input),
                None => waiting.extend(graph.arguments(node)),
            }
        }
        inputs.sort_unstable();
        inputs
    };
    roots.iter().map(inputs_of).collect()
}

/// A number between -1/2 and 1/2, another one for each sample and input: the fractional parts of multiples of the golden
/// ratio spread evenly (Weyl 1916).
fn spread(sample: usize, input: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    ((sample * 7919 + input + 1) as f64 * GOLDEN).fract() - 0.5
}
