//! Sparse Jacobians and Hessians: which entries can be nonzero ([`Pattern`]), which columns may share one seed
//! ([`Colouring`]), and the matrices found with as many products as there are colours. What is prepared depends on the
//! pattern alone and serves any number of points; any [`Method`] supplies the products.

mod colouring;
mod csr;
mod pattern;

pub use colouring::Colouring;
pub use csr::Csr;
pub use pattern::Pattern;

use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::{Function, Recorded};
use crate::method::Method;
use crate::number::power_of_two_near;

/// One entry of a sparse matrix: row, column, estimate.
pub type Entry = (usize, usize, Estimate);

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
        let entries = (0..self.pattern.rows()).flat_map(|row| {
            let columns = self.pattern.row(row).iter();
            columns.map(move |column| (row, *column))
        });
        Ok(entries
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
        let entry = |row: usize, column: usize| {
            let (from, of) = if self.stands_alone(row, column) {
                (row, column)
            } else {
                (column, row)
            };
            products.entry(from, of, self.colouring.colour(of))
        };
        let entries = (0..self.pattern.rows()).flat_map(|row| {
            self.pattern
                .row(row)
                .iter()
                .map(move |column| (row, *column))
        });
        Ok(entries
            .map(|(row, column)| (row, column, entry(row, column)))
            .collect())
    }

    /// Whether no other column of the row has this column's colour: then the row's product is the entry.
    fn stands_alone(&self, row: usize, column: usize) -> bool {
        let colour = self.colouring.colour(column);
        let mut alike = self
            .pattern
            .row(row)
            .iter()
            .filter(|other| self.colouring.colour(**other) == colour);
        alike.nth(1).is_none()
    }
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
