//! Sparse Jacobians and Hessians: which entries can be nonzero ([`Pattern`]), which columns may share one seed
//! ([`Colouring`]), and the matrices found with as many products as there are colours. What is prepared depends on the
//! pattern alone and serves any number of points; any [`Method`] supplies the products.

mod colouring;
mod csr;
mod pattern;

pub use colouring::Colouring;
pub use csr::Csr;
pub use pattern::Pattern;

use std::collections::BTreeMap;

use crate::difference::{Differences, Found, Moved, each_point};
use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::{Function, Recorded};
use crate::method::Method;
use crate::number::power_of_two_near;

/// One entry of a sparse matrix: row, column, estimate.
pub type Entry = (usize, usize, Estimate);

/// One entry of a sparse matrix found by differences: row, column, what was found.
pub type FoundEntry = (usize, usize, Found);

/// A Jacobian prepared for its pattern: one product with a seed for each colour of its columns.
///
/// ```
/// use secant::{Recorded, method::Forward, sparse::{Pattern, SparseJacobian}};
/// // Each output moves with an input and the one before it.
/// let names = ["a", "b", "c", "d"];
/// let f = Recorded::trace(&names, |v| (1..4).map(|i| v[i - 1].clone() * v[i].clone()).collect())?;
/// let prepared = SparseJacobian::new(Pattern::jacobian(&f));
/// assert_eq!(prepared.seeds(), 2);
/// let entries = prepared.evaluate(&Forward, &f, &[1.0, 2.0, 3.0, 4.0])?;
/// let values: Vec<_> = entries.iter().map(|(row, column, entry)| (*row, *column, entry.value)).collect();
/// assert_eq!(values, [(0, 0, 2.0), (0, 1, 1.0), (1, 1, 3.0), (1, 2, 2.0), (2, 2, 4.0), (2, 3, 3.0)]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseJacobian {
    pattern: Pattern,
    colouring: Colouring,
}

impl SparseJacobian {
    /// Colours the pattern.
    #[must_use]
    pub fn new(pattern: Pattern) -> Self {
        let colouring = Colouring::of_columns(&pattern);
        Self { pattern, colouring }
    }

    /// How many products with seeds a Jacobian takes.
    #[must_use]
    pub fn seeds(&self) -> usize {
        self.colouring.count()
    }

    /// The pattern it was made for.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The entries of a function that can only be run, row by row, by differences with nothing to tune. The point is run once and each
    /// colour's inputs move together, each by its own step; all outputs share what any of them needs.
    ///
    /// ```
    /// use secant::sparse::{Pattern, SparseJacobian};
    /// use secant::{Differences, Mode};
    /// // Heat along a rod: each part exchanges it with its neighbours.
    /// let mut runs = 0;
    /// let mut flow = |heat: &[f64], change: &mut [f64]| {
    ///     runs += 1;
    ///     for i in 0..heat.len() {
    ///         let (left, right) = (heat[i.saturating_sub(1)], heat[(i + 1).min(heat.len() - 1)]);
    ///         change[i] = left - 2.0 * heat[i] + right + heat[i].sin();
    ///     }
    /// };
    /// let neighbours = (0..1000usize).map(|i| (i.saturating_sub(1)..=(i + 1).min(999)).collect()).collect();
    /// let prepared = SparseJacobian::new(Pattern::new(1000, neighbours)?);
    /// let entries = prepared.differences(&Differences::new().mode(Mode::Forward), &mut flow, &[0.5; 1000])?;
    /// let (row, column, entry) = &entries[3];
    /// assert_eq!((*row, *column), (1, 1));
    /// assert!((entry.value().unwrap() - (0.5f64.cos() - 2.0)).abs() < 1e-7);
    /// assert_eq!(runs, 4);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the point does not fit the pattern, and as [`Differences::derivative`].
    pub fn differences(
        &self,
        wanted: &Differences,
        function: impl FnMut(&[f64], &mut [f64]),
        at: &[f64],
    ) -> Result<Vec<FoundEntry>, Error> {
        let batch = each_point(function, at.len(), self.pattern.rows());
        self.differences_batch(wanted, batch, at)
    }

    /// The same of a function that takes many points in one call: rows of inputs in, rows of outputs out.
    ///
    /// ```
    /// use secant::sparse::{Pattern, SparseJacobian};
    /// use secant::{Differences, Mode};
    /// let mut calls = 0;
    /// let squares = |points: &[f64], values: &mut [f64]| {
    ///     calls += 1;
    ///     points.iter().zip(values).for_each(|(x, value)| *value = x * x);
    /// };
    /// let diagonal = SparseJacobian::new(Pattern::new(3, vec![vec![0], vec![1], vec![2]])?);
    /// let cheap = Differences::new().mode(Mode::Cheap);
    /// let entries = diagonal.differences_batch(&cheap, squares, &[1.0, 2.0, 3.0])?;
    /// assert!((entries[2].2.value().unwrap() - 6.0).abs() < 1e-9);
    /// // The point itself, then the three steps of the one colour.
    /// assert_eq!(calls, 2);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`differences`](Self::differences).
    pub fn differences_batch(
        &self,
        wanted: &Differences,
        mut batch: impl FnMut(&[f64], &mut [f64]),
        at: &[f64],
    ) -> Result<Vec<FoundEntry>, Error> {
        if at.len() != self.pattern.columns() {
            return Err(unfit_point(&self.pattern, at));
        }
        let entries = self.pattern.places();
        found(
            &self.colouring,
            entries,
            wanted,
            &mut batch,
            &self.pattern,
            at,
        )
    }

    /// The entries at a point, row by row. An entry outside the pattern is taken to be 0.
    ///
    /// # Errors
    /// Where the shapes differ, and where the method cannot serve the function.
    pub fn evaluate(
        &self,
        method: &dyn Method,
        function: &dyn Function,
        at: &[f64],
    ) -> Result<Vec<Entry>, Error> {
        check_shape(&self.pattern, function, at)?;
        let products = Products::new(&self.colouring, method, function, at)?;
        Ok(self
            .pattern
            .places()
            .map(|(row, column)| {
                (
                    row,
                    column,
                    products.entry(row, column, self.colouring.colour(column)),
                )
            })
            .collect())
    }
}

/// A Hessian prepared for its pattern: one product of the gradient's Jacobian with a seed for each colour.
///
/// ```
/// use secant::{Formula, Recorded, method::Forward, sparse::SparseHessian};
/// let f = Recorded::from(&Formula::parse("x^2*y + z^2")?);
/// let prepared = SparseHessian::of(&f)?;
/// let entries = prepared.evaluate(&Forward, &[3.0, 5.0, 1.0])?;
/// let values: Vec<_> = entries.iter().map(|(row, column, entry)| (*row, *column, entry.value)).collect();
/// assert_eq!(values, [(0, 0, 10.0), (0, 1, 6.0), (1, 0, 6.0), (2, 2, 2.0)]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseHessian<G> {
    pattern: Pattern,
    colouring: Colouring,
    gradient: G,
    /// For each entry, row by row, whether no other column of its row has its colour: then the row's product is the entry.
    stands_alone: Vec<Vec<bool>>,
}

impl SparseHessian<Recorded> {
    /// Prepares the Hessian of the first output of a recorded function; the pattern is that of its gradient's formulas.
    ///
    /// # Errors
    /// Where the function has no output.
    pub fn of(function: &Recorded) -> Result<Self, Error> {
        let gradient = function.gradient(0)?;
        Self::new(Pattern::jacobian(&gradient).symmetric()?, gradient)
    }
}

impl<G: Function> SparseHessian<G> {
    /// Prepares a Hessian from the function's gradient, which may be a closure, and a symmetric pattern.
    ///
    /// # Errors
    /// Where the pattern is not symmetric, or does not fit the gradient.
    pub fn new(pattern: Pattern, gradient: G) -> Result<Self, Error> {
        let colouring = Colouring::star(&pattern)?;
        if gradient.outputs() != pattern.rows() || gradient.inputs() != pattern.columns() {
            return Err(unfit(&pattern, &gradient));
        }
        Ok(Self {
            stands_alone: standing_alone(&pattern, &colouring),
            pattern,
            colouring,
            gradient,
        })
    }

    /// How many products with seeds a Hessian takes.
    #[must_use]
    pub fn seeds(&self) -> usize {
        self.colouring.count()
    }

    /// The pattern it was made for.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The entries at a point, row by row, both of a mirrored pair.
    ///
    /// # Errors
    /// Where the shapes differ, and where the method cannot serve the gradient.
    pub fn evaluate(&self, method: &dyn Method, at: &[f64]) -> Result<Vec<Entry>, Error> {
        check_shape(&self.pattern, &self.gradient, at)?;
        let products = Products::new(&self.colouring, method, &self.gradient, at)?;
        let entry = |(row, column): (usize, usize)| {
            let (from, of) = self.readable(row, column);
            let entry = products.entry(from, of, self.colouring.colour(of));
            (row, column, entry)
        };
        Ok(self.pattern.places().map(entry).collect())
    }

    /// The entries at a point, row by row, both of a mirrored pair, by differences of the gradient with nothing to tune.
    ///
    /// ```
    /// use secant::sparse::{Pattern, SparseHessian};
    /// use secant::{Differences, Function};
    /// /// The gradient of the sum of sin(x_0 x_j).
    /// struct Hub;
    /// impl Function for Hub {
    ///     fn inputs(&self) -> usize { 50 }
    ///     fn outputs(&self) -> usize { 50 }
    ///     fn eval(&self, x: &[f64]) -> Vec<f64> {
    ///         let first = x[1..].iter().map(|spoke| spoke * (x[0] * spoke).cos()).sum();
    ///         std::iter::once(first).chain(x[1..].iter().map(|spoke| x[0] * (x[0] * spoke).cos())).collect()
    ///     }
    /// }
    /// let arrow = (0..50usize).map(|i| if i == 0 { (0..50).collect() } else { vec![0, i] }).collect();
    /// let prepared = SparseHessian::new(Pattern::new(50, arrow)?, Hub)?;
    /// let entries = prepared.differences(&Differences::new(), &[0.5; 50])?;
    /// assert_eq!((prepared.seeds(), entries.len()), (2, 148));
    /// let truth = 0.25f64.cos() - 0.25 * 0.25f64.sin();
    /// assert!((entries[1].2.value().unwrap() - truth).abs() < 1e-12);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the point does not fit the pattern, and as [`Differences::derivative`].
    pub fn differences(&self, wanted: &Differences, at: &[f64]) -> Result<Vec<FoundEntry>, Error> {
        check_shape(&self.pattern, &self.gradient, at)?;
        let gradient = |x: &[f64], values: &mut [f64]| {
            for (value, found) in values.iter_mut().zip(self.gradient.eval(x)) {
                *value = found;
            }
        };
        let mut batch = each_point(gradient, at.len(), self.pattern.rows());
        let readable = |(row, column)| self.readable(row, column);
        let read = self.pattern.places().map(readable);
        let found = found(&self.colouring, read, wanted, &mut batch, &self.pattern, at)?;
        let known: BTreeMap<(usize, usize), Found> = found
            .into_iter()
            .map(|(row, column, found)| ((row, column), found))
            .collect();
        let entry = |(row, column)| {
            let found = known.get(&self.readable(row, column))?.clone();
            // A mirrored pair is read once, and counted at its first place.
            let is_first = self.readable(row, column) == (row, column);
            let evaluations = if is_first { found.evaluations } else { 0 };
            Some((row, column, found.costing(evaluations)))
        };
        Ok(self.pattern.places().filter_map(entry).collect())
    }

    /// Which of an entry and its mirror image is read off a product: the one whose column's colour its row holds once.
    fn readable(&self, row: usize, column: usize) -> (usize, usize) {
        let place = self.pattern.row(row).binary_search(&column);
        if place.is_ok_and(|place| self.stands_alone[row][place]) {
            (row, column)
        } else {
            (column, row)
        }
    }
}

/// For each entry whether its row holds its column's colour once.
fn standing_alone(pattern: &Pattern, colouring: &Colouring) -> Vec<Vec<bool>> {
    let mut counts = vec![0usize; colouring.count()];
    let row = |row: usize| {
        let colours = || {
            pattern
                .row(row)
                .iter()
                .map(|column| colouring.colour(*column))
        };
        colours().for_each(|colour| counts[colour] += 1);
        let alone = colours().map(|colour| counts[colour] == 1).collect();
        colours().for_each(|colour| counts[colour] = 0);
        alone
    };
    (0..pattern.rows()).map(row).collect()
}

/// The products with all seeds. Each input moves by a power of two near its own size, so that inputs decades apart share
/// a seed without harm, and dividing by it is exact.
struct Products {
    by_colour: Vec<Vec<Estimate>>,
    scales: Vec<f64>,
}

impl Products {
    fn new(
        colouring: &Colouring,
        method: &dyn Method,
        function: &dyn Function,
        at: &[f64],
    ) -> Result<Self, Error> {
        let scales: Vec<f64> = at.iter().map(|x| power_of_two_near(*x)).collect();
        let product = |colour| method.along(function, at, &[colouring.seed(colour, &scales)]);
        let by_colour = (0..colouring.count())
            .map(product)
            .collect::<Result<_, _>>()?;
        Ok(Self { by_colour, scales })
    }

    /// What the product of a colour says of one entry of that colour.
    fn entry(&self, row: usize, column: usize, colour: usize) -> Estimate {
        self.by_colour[colour][row].scaled(1.0 / self.scales[column])
    }
}

/// The places asked for, found by differences, colour by colour; each place once, row by row.
fn found(
    colouring: &Colouring,
    places: impl Iterator<Item = (usize, usize)>,
    wanted: &Differences,
    batch: &mut dyn FnMut(&[f64], &mut [f64]),
    pattern: &Pattern,
    at: &[f64],
) -> Result<Vec<FoundEntry>, Error> {
    let mut inputs = vec![Vec::new(); colouring.count()];
    for column in 0..pattern.columns() {
        inputs[colouring.colour(column)].push(column);
    }
    let mut entries = vec![Vec::new(); colouring.count()];
    for (row, column) in places {
        entries[colouring.colour(column)].push((row, column));
    }
    for entries in &mut entries {
        entries.sort_unstable();
        entries.dedup();
    }
    let mut found = Vec::new();
    let moved = Moved::Together {
        inputs: &inputs,
        entries: &entries,
    };
    let mut each = |row, column, entry| found.push((row, column, entry));
    wanted.entries(batch, pattern.rows(), at, moved, &mut each)?;
    found.sort_by_key(|(row, column, _)| (*row, *column));
    Ok(found)
}

fn unfit_point(pattern: &Pattern, at: &[f64]) -> Error {
    let (columns, entries) = (pattern.columns(), at.len());
    Error::new(
        ErrorKind::Shape,
        format!("the pattern has {columns} columns, the point {entries} entries"),
    )
}

fn check_shape(pattern: &Pattern, function: &dyn Function, at: &[f64]) -> Result<(), Error> {
    if function.outputs() != pattern.rows()
        || function.inputs() != pattern.columns()
        || at.len() != pattern.columns()
    {
        return Err(unfit(pattern, function));
    }
    Ok(())
}

fn unfit(pattern: &Pattern, function: &dyn Function) -> Error {
    Error::new(
        ErrorKind::Shape,
        format!(
            "the pattern is {} x {}, the function has {} outputs and {} inputs, a point needs one entry for each input",
            pattern.rows(),
            pattern.columns(),
            function.outputs(),
            function.inputs()
        ),
    )
}
