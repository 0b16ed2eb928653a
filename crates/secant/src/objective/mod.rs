//! [`Objective`]: the mean, or the sum, over rows of a loss with parameters, with all that is asked of it: value, gradient,
//! Hessian times vector, Gauss-Newton matrix, gradients row by row with their norms, mean and variance. It takes rows as
//! columns of numbers, in pieces of any length, and neither reads files nor schedules threads of its own.
//!
//! A sum over many rows needs one number where a row stands on a kink. The convention here, which nothing but an objective keeps, is that of
//! PyTorch and JAX: the slope of relu at 0 is 0, that of |x| at 0 is 0, and a tie of max or min shares equally. How often
//! that was so is told by [`Objective::kinks`].

mod kinks;
mod rows;

use std::sync::OnceLock;

pub use rows::GradientMoments;

use self::rows::RowRunner;
use crate::combine::{Partial, RowSum, RowSumAt, Rows, row_count, weighted};
use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::graph::{Graph, NodeId};
use crate::number::Rational;

/// A loss over rows. Its inputs are parameters, the same for all rows, or columns, one number for each row.
///
/// All numbers are the same to the bit for any number of threads, and for any way in which the rows are cut into pieces.
///
/// ```
/// use secant::{Formula, Objective, Recorded};
/// let loss = Recorded::from(&Formula::parse("f(x, y, a, b) = (y - a*x - b)^2")?);
/// let objective = Objective::mean(&loss, &[0, 1])?;
/// let found = objective.gradient(&[2.0, 0.0], &[&[1.0, 2.0], &[3.0, 3.0]])?;
/// assert_eq!((found.rows, found.loss), (2, 1.0));
/// assert_eq!(found.gradient, [1.0, 0.0]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Objective {
    /// The loss of a row as it was given, and with the convention at kinks.
    written: Recorded,
    loss: Recorded,
    /// The loss is half the sum of their squares, where it was given so.
    residuals: Option<Recorded>,
    parameters: Vec<usize>,
    columns: Vec<usize>,
    is_mean: bool,
    value: RowSum,
    // What follows is made when it is first asked for.
    gradient: OnceLock<RowSum>,
    hessian_vector: OnceLock<RowSum>,
    gauss_newton: OnceLock<RowSum>,
    kinks: OnceLock<RowRunner>,
    by_row: OnceLock<RowRunner>,
}

/// The loss over all rows, and how it moves with each parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Over how many rows.
    pub rows: u64,
    /// The mean, or the sum.
    pub loss: f64,
    /// Its slope by each parameter.
    pub gradient: Vec<f64>,
}

impl Objective {
    /// The mean over rows of a loss, the first output of a function. The inputs in `columns` differ from row to row, in the order in
    /// which columns will be given; all others are parameters.
    ///
    /// # Errors
    /// Where the function has no output, and where there are no columns or one of them is no input or stands there twice.
    pub fn mean(loss: &Recorded, columns: &[usize]) -> Result<Self, Error> {
        Self::new(loss, None, columns, true)
    }

    /// The sum over rows of a loss.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a) = a*x^2")?);
    /// assert_eq!(Objective::sum(&loss, &[0])?.value(&[10.0], &[&[1.0, 2.0]])?, 50.0);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`mean`](Self::mean).
    pub fn sum(loss: &Recorded, columns: &[usize]) -> Result<Self, Error> {
        Self::new(loss, None, columns, false)
    }

    /// Half the sum over rows of the squares of residuals, which are all outputs of a function.
    ///
    /// # Errors
    /// As [`mean`](Self::mean).
    pub fn of_squares(residuals: &Recorded, columns: &[usize]) -> Result<Self, Error> {
        let mut graph = residuals.graph().clone();
        let half = Rational::ONE / Rational::from(2);
        let terms: Vec<(NodeId, Rational)> = residuals
            .roots()
            .iter()
            .map(|root| (graph.power(*root, &Rational::from(2)), Rational::ONE))
            .collect();
        let sum = graph.sum(terms, Rational::ZERO);
        let loss = graph.scaled(sum, half.unwrap_or(Rational::ONE));
        let loss = Recorded::new(graph, vec![loss]);
        Self::new(&loss, Some(residuals), columns, false)
    }

    fn new(
        loss: &Recorded,
        residuals: Option<&Recorded>,
        columns: &[usize],
        is_mean: bool,
    ) -> Result<Self, Error> {
        let Some(first) = loss.roots().first().copied() else {
            return Err(Error::new(ErrorKind::Shape, "the loss has no output"));
        };
        let written = Recorded::new(loss.graph().clone(), vec![first]);
        let loss = kinks::with_convention(&written);
        let inputs = 0..Function::inputs(&loss);
        Ok(Self {
            value: RowSum::new(&written, columns)?,
            parameters: inputs.filter(|input| !columns.contains(input)).collect(),
            residuals: residuals.map(kinks::with_convention),
            columns: columns.to_vec(),
            loss,
            written,
            is_mean,
            gradient: OnceLock::new(),
            hessian_vector: OnceLock::new(),
            gauss_newton: OnceLock::new(),
            kinks: OnceLock::new(),
            by_row: OnceLock::new(),
        })
    }

    /// How many parameters it takes.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.parameters.len()
    }

    /// The loss over these rows.
    ///
    /// # Errors
    /// Where the numbers of parameters, columns or rows do not fit, and of a mean where there are no rows.
    pub fn value(&self, parameters: &[f64], columns: &[&[f64]]) -> Result<f64, Error> {
        let sums = self.value.evaluate(parameters, columns)?;
        let rows = row_count(self.columns.len(), columns)?;
        Ok(self.scaled(sums, rows as u64)?[0])
    }

    /// The loss over these rows and its gradient.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn gradient(&self, parameters: &[f64], columns: &[&[f64]]) -> Result<Evaluation, Error> {
        let at = self.gradient_sum()?.at(parameters)?;
        let partial = at.rows().finish_with(columns)?;
        self.outcome(&at, partial)
    }

    /// The same over rows that come in chunks, which may exceed memory together. Where a chunk ends makes no difference to any bit.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a) = (x - a)^2")?);
    /// let objective = Objective::mean(&loss, &[0])?;
    /// let chunks = [vec![vec![1.0, 2.0]], vec![vec![6.0]]].map(Ok);
    /// assert_eq!(objective.gradient_of_chunks(&[3.0], chunks)?.gradient, [0.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`value`](Self::value), and where a chunk is an error.
    pub fn gradient_of_chunks(
        &self,
        parameters: &[f64],
        chunks: impl IntoIterator<Item = Result<Vec<Vec<f64>>, Error>>,
    ) -> Result<Evaluation, Error> {
        let at = self.gradient_sum()?.at(parameters)?;
        let mut rows = at.rows();
        for chunk in chunks {
            let chunk = chunk?;
            let columns: Vec<&[f64]> = chunk.iter().map(Vec::as_slice).collect();
            rows.push(&columns)?;
        }
        let partial = rows.finish();
        self.outcome(&at, partial)
    }

    /// What one part of the rows adds, `None` where it has none: the interface for several machines. Parts
    /// [merge](Partial::merge) in order, by a [`Tree`](crate::combine::Tree) or a reduction of the machines' own, and
    /// [`evaluation`](Self::evaluation) tells the outcome.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a) = (x - a)^2")?);
    /// let objective = Objective::sum(&loss, &[0])?;
    /// let first = objective.partial(&[3.0], &[&[1.0, 2.0]])?.unwrap();
    /// let second = objective.partial(&[3.0], &[&[6.0]])?.unwrap();
    /// let whole = objective.evaluation(&[3.0], Some(first.merge(second)))?;
    /// assert_eq!((whole.rows, whole.loss), (3, 14.0));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the numbers of parameters, columns or rows do not fit.
    pub fn partial(
        &self,
        parameters: &[f64],
        columns: &[&[f64]],
    ) -> Result<Option<Partial>, Error> {
        let at = self.gradient_sum()?.at(parameters)?;
        at.rows().finish_with(columns)
    }

    /// The outcome of merged parts.
    ///
    /// # Errors
    /// Where the number of parameters or of the sums does not fit, and of a mean where there are no rows.
    pub fn evaluation(
        &self,
        parameters: &[f64],
        partial: Option<Partial>,
    ) -> Result<Evaluation, Error> {
        let at = self.gradient_sum()?.at(parameters)?;
        if partial.as_ref().is_some_and(|partial| !at.is_mine(partial)) {
            let message = "these are not the sums of this objective";
            return Err(Error::new(ErrorKind::Shape, message));
        }
        self.outcome(&at, partial)
    }

    fn outcome(&self, at: &RowSumAt, partial: Option<Partial>) -> Result<Evaluation, Error> {
        let rows = partial.as_ref().map_or(0, |partial| partial.rows);
        let sums = at.finish(partial);
        let mut numbers = self.scaled(sums, rows)?.into_iter();
        Ok(Evaluation {
            rows,
            loss: numbers.next().unwrap_or(f64::NAN),
            gradient: numbers.collect(),
        })
    }

    /// The Hessian of the loss times a vector.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a, b) = x*a^2*b")?);
    /// let objective = Objective::sum(&loss, &[0])?;
    /// assert_eq!(objective.hessian_vector(&[3.0, 5.0], &[1.0, 0.0], &[&[1.0, 1.0]])?, [20.0, 12.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`value`](Self::value), and where the vector has not an entry for each parameter.
    pub fn hessian_vector(
        &self,
        parameters: &[f64],
        vector: &[f64],
        columns: &[&[f64]],
    ) -> Result<Vec<f64>, Error> {
        let product = self.made(&self.hessian_vector, || {
            let mut graph = self.loss.graph().clone();
            let vector: Vec<NodeId> = self
                .parameters
                .iter()
                .map(|_| graph.add_input("vector"))
                .collect();
            let gradient = graph.gradient(self.loss.roots()[0], &self.parameters);
            let along = weighted(&mut graph, &vector, &gradient);
            let product = graph.gradient(along, &self.parameters);
            RowSum::of(&graph, &product, &self.columns)
        })?;
        if vector.len() != self.parameters() {
            let message = format!(
                "the vector has {} entries, there are {} parameters",
                vector.len(),
                self.parameters()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let rows = row_count(self.columns.len(), columns)?;
        let sums = product.evaluate(&[parameters, vector].concat(), columns)?;
        self.scaled(sums, rows as u64)
    }

    /// The Gauss-Newton matrix of a sum of squares, the sum over rows and residuals of the outer products of their gradients (Gauss 1809):
    /// the Hessian without the bending of the residuals. Row by row, symmetric.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let residual = Recorded::from(&Formula::parse("f(x, y, a, b) = y - a*x - b")?);
    /// let objective = Objective::of_squares(&residual, &[0, 1])?;
    /// let matrix = objective.gauss_newton(&[0.0, 0.0], &[&[1.0, 2.0], &[0.0, 0.0]])?;
    /// assert_eq!(matrix, [vec![5.0, 3.0], vec![3.0, 2.0]]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`value`](Self::value), and where the loss was not given by residuals.
    pub fn gauss_newton(
        &self,
        parameters: &[f64],
        columns: &[&[f64]],
    ) -> Result<Vec<Vec<f64>>, Error> {
        let Some(residuals) = &self.residuals else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "a Gauss-Newton matrix needs residuals",
            )
            .hint("make the objective with Objective::of_squares"));
        };
        let count = self.parameters();
        let sum = self.made(&self.gauss_newton, || {
            let mut graph = residuals.graph().clone();
            let jacobian: Vec<Vec<NodeId>> = residuals
                .roots()
                .iter()
                .map(|root| graph.gradient(*root, &self.parameters))
                .collect();
            let mut entries = Vec::with_capacity(count * (count + 1) / 2);
            for row in 0..count {
                for column in row..count {
                    let pairs = jacobian.iter().map(|slopes| (slopes[row], slopes[column]));
                    let (left, right): (Vec<NodeId>, Vec<NodeId>) = pairs.unzip();
                    entries.push(weighted(&mut graph, &left, &right));
                }
            }
            RowSum::of(&graph, &entries, &self.columns)
        })?;
        let rows = row_count(self.columns.len(), columns)?;
        let sums = self.scaled(sum.evaluate(parameters, columns)?, rows as u64)?;
        // The sums are the rows from the diagonal on; what stands before it is known from the rows above.
        let mut sums = sums.into_iter();
        let mut matrix: Vec<Vec<f64>> = Vec::with_capacity(count);
        for row in 0..count {
            let before = matrix.iter().map(|above| above[row]).collect();
            let after: Vec<f64> = sums.by_ref().take(count - row).collect();
            matrix.push([before, after].concat());
        }
        Ok(matrix)
    }

    /// How many kinks the rows stand exactly on: arguments of abs and relu that are 0, ties of min and max. Where an argument is no
    /// number there is none.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a) = relu(x - a)")?);
    /// let objective = Objective::sum(&loss, &[0])?;
    /// let x: &[f64] = &[1.0, 2.0, 3.0];
    /// assert_eq!(objective.gradient(&[2.0], &[x])?.gradient, [-1.0]);
    /// assert_eq!(objective.kinks(&[2.0], &[x])?, 1);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn kinks(&self, parameters: &[f64], columns: &[&[f64]]) -> Result<u64, Error> {
        let runner = self.kinks.get_or_init(|| {
            let mut graph = self.written.graph().clone();
            let hits = kinks::indicators(&mut graph, self.written.roots());
            RowRunner::new(&Recorded::new(graph, hits), &self.parameters)
        });
        let at = runner.at(self, parameters)?;
        let leaf = |columns: &[&[f64]], rows| {
            at.run(columns, rows, |hits| {
                let hits = hits.iter().flatten().filter(|hit| **hit == 1.0);
                hits.count() as u64
            })
        };
        let rows = Rows::new(self.columns.len(), leaf, |a: Result<u64, Error>, b| {
            Ok(a? + b?)
        });
        rows.finish_with(columns)?.unwrap_or(Ok(0))
    }

    fn gradient_sum(&self) -> Result<&RowSum, Error> {
        self.made(&self.gradient, || {
            let (graph, outputs) = self.value_and_gradient();
            RowSum::of(&graph, &outputs, &self.columns)
        })
    }

    /// The loss of a row, then its slope by each parameter.
    fn value_and_gradient(&self) -> (Graph, Vec<NodeId>) {
        let mut graph = self.loss.graph().clone();
        let root = self.loss.roots()[0];
        let gradient = graph.gradient(root, &self.parameters);
        (graph, [vec![root], gradient].concat())
    }

    /// What is made once.
    fn made<'a>(
        &self,
        place: &'a OnceLock<RowSum>,
        make: impl FnOnce() -> Result<RowSum, Error>,
    ) -> Result<&'a RowSum, Error> {
        match place.get() {
            Some(made) => Ok(made),
            None => {
                let made = make()?;
                Ok(place.get_or_init(|| made))
            }
        }
    }

    /// Sums, or means where that is what is asked for.
    fn scaled(&self, mut sums: Vec<f64>, rows: u64) -> Result<Vec<f64>, Error> {
        if self.is_mean {
            if rows == 0 {
                return Err(Error::new(
                    ErrorKind::Shape,
                    "there are no rows to take the mean of",
                ));
            }
            for sum in &mut sums {
                *sum /= rows as f64;
            }
        }
        Ok(sums)
    }
}
