//! Gradients row by row: as they are, their norms, their mean and variance. They are computed a leaf at a time, so that memory
//! is bounded by parameters times the rows of a leaf.

use std::ops::Range;

use super::Objective;
use crate::combine::{LEAF, Room, Rows, row_count};
use crate::error::{Error, ErrorKind};
use crate::function::Recorded;
use crate::program::BlockRunner;

/// How the gradients of rows are spread.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientMoments {
    /// Over how many rows.
    pub rows: u64,
    /// The mean of the gradients of rows, by parameter.
    pub mean: Vec<f64>,
    /// The variance of each component among the rows, divided by rows - 1; NaN where there is one row only.
    pub variance: Vec<f64>,
}

impl Objective {
    /// The loss and the gradient of each row, a block of rows at a time: `visit` is told the first row of the block, the losses, and for
    /// each parameter the column of slopes.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a) = (x - a)^2")?);
    /// let objective = Objective::mean(&loss, &[0])?;
    /// let mut slopes = Vec::new();
    /// objective.each_row(&[3.0], &[&[1.0, 2.0, 6.0]], |_, _, gradient| slopes.extend_from_slice(gradient[0]))?;
    /// assert_eq!(slopes, [4.0, 2.0, -6.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the numbers of parameters, columns or rows do not fit.
    pub fn each_row(
        &self,
        parameters: &[f64],
        columns: &[&[f64]],
        mut visit: impl FnMut(usize, &[f64], &[&[f64]]),
    ) -> Result<(), Error> {
        let rows = row_count(self.columns.len(), columns)?;
        let by_row = self.by_row(parameters)?;
        let mut start = 0;
        while start < rows {
            let block = start..rows.min(start + LEAF);
            by_row.run(columns, block.clone(), |outputs| {
                let slices: Vec<&[f64]> = outputs.iter().map(Vec::as_slice).collect();
                if let [losses, gradient @ ..] = slices.as_slice() {
                    visit(start, losses, gradient);
                }
            })?;
            start = block.end;
        }
        Ok(())
    }

    /// The Euclidean norm of the gradient of each row.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a, b) = x*(3a + 4b)")?);
    /// let objective = Objective::mean(&loss, &[0])?;
    /// assert_eq!(objective.gradient_norms(&[1.0, 1.0], &[&[1.0, 2.0]])?, [5.0, 10.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`each_row`](Self::each_row).
    pub fn gradient_norms(
        &self,
        parameters: &[f64],
        columns: &[&[f64]],
    ) -> Result<Vec<f64>, Error> {
        let mut norms = Vec::new();
        self.each_row(parameters, columns, |first, losses, gradient| {
            norms.resize(first + losses.len(), 0.0);
            for column in gradient {
                for (sum, slope) in norms[first..].iter_mut().zip(*column) {
                    *sum += slope * slope;
                }
            }
        })?;
        for norm in &mut norms {
            *norm = norm.sqrt();
        }
        Ok(norms)
    }

    /// Mean and variance of the gradients of rows, in one pass over the data. Leaves are merged as Chan, Golub and LeVeque (1979) do it,
    /// so that no digits cancel, and by the tree of sums, so that no bit depends on the number of threads.
    ///
    /// ```
    /// use secant::{Formula, Objective, Recorded};
    /// let loss = Recorded::from(&Formula::parse("f(x, a) = a*x")?);
    /// let found = Objective::mean(&loss, &[0])?.gradient_moments(&[1.0], &[&[1.0, 2.0, 3.0]])?;
    /// assert_eq!((found.mean[0], found.variance[0]), (2.0, 1.0));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`each_row`](Self::each_row), and where there are no rows.
    pub fn gradient_moments(
        &self,
        parameters: &[f64],
        columns: &[&[f64]],
    ) -> Result<GradientMoments, Error> {
        let by_row = self.by_row(parameters)?;
        let leaf = |columns: &[&[f64]], rows: Range<usize>| by_row.run(columns, rows, Moments::of);
        let rows = Rows::new(self.columns.len(), leaf, |a: Result<Moments, Error>, b| {
            Ok(a?.merged(b?))
        });
        let Some(found) = rows.finish_with(columns)? else {
            return Err(Error::new(ErrorKind::Shape, "there are no rows"));
        };
        let found = found?;
        let below = found.rows - 1.0;
        Ok(GradientMoments {
            rows: found.rows as u64,
            mean: found.mean,
            variance: found.squares.iter().map(|square| square / below).collect(),
        })
    }

    fn by_row(&self, parameters: &[f64]) -> Result<RowsAt<'_>, Error> {
        let runner = self.by_row.get_or_init(|| {
            let (graph, outputs) = self.value_and_gradient();
            RowRunner::new(&Recorded::new(graph, outputs), &self.parameters)
        });
        runner.at(self, parameters)
    }
}

/// A function of parameters and columns, run over the rows of a leaf at a time.
#[derive(Clone, Debug)]
pub(super) struct RowRunner {
    runner: BlockRunner,
    /// Runners that have come to their machine code, and blocks that need not be cleared again.
    room: Room<Working>,
}

/// What a thread works in.
#[derive(Debug)]
struct Working {
    runner: BlockRunner,
    outputs: Vec<Vec<f64>>,
}

/// A [`RowRunner`] with given parameters.
pub(super) struct RowsAt<'a> {
    objective: &'a Objective,
    runner: &'a RowRunner,
    parameters: Vec<f64>,
}

impl RowRunner {
    pub(super) fn new(function: &Recorded, parameters: &[usize]) -> Self {
        Self {
            runner: BlockRunner::new(function.program(), parameters),
            room: Room::new(),
        }
    }

    pub(super) fn at<'a>(
        &'a self,
        objective: &'a Objective,
        parameters: &[f64],
    ) -> Result<RowsAt<'a>, Error> {
        let (wanted, given) = (objective.parameters(), parameters.len());
        if wanted != given {
            let message = format!("there are {wanted} parameters, not {given}");
            return Err(Error::new(ErrorKind::Shape, message));
        }
        Ok(RowsAt {
            objective,
            runner: self,
            parameters: parameters.to_vec(),
        })
    }
}

impl RowsAt<'_> {
    /// Shows the outputs at these rows.
    pub(super) fn run<R>(
        &self,
        columns: &[&[f64]],
        rows: Range<usize>,
        show: impl FnOnce(&[Vec<f64>]) -> R,
    ) -> Result<R, Error> {
        let RowRunner { runner, room } = self.runner;
        if runner.outputs() == 0 {
            return Ok(show(&[]));
        }
        let mut inputs: Vec<&[f64]> = vec![&[]; runner.inputs()];
        for (input, value) in self.objective.parameters.iter().zip(&self.parameters) {
            inputs[*input] = std::slice::from_ref(value);
        }
        for (input, column) in self.objective.columns.iter().zip(columns) {
            inputs[*input] = &column[rows.clone()];
        }
        let make = || Working {
            runner: runner.clone(),
            outputs: vec![Vec::new(); runner.outputs()],
        };
        room.with(make, |Working { runner, outputs }| {
            for output in outputs.iter_mut() {
                output.resize(rows.len(), 0.0);
            }
            let mut slices: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
            runner.run(&inputs, &mut slices)?;
            Ok(show(outputs))
        })
    }
}

/// Means, and sums of squared distances from them.
#[derive(Clone, Debug)]
struct Moments {
    rows: f64,
    mean: Vec<f64>,
    squares: Vec<f64>,
}

impl Moments {
    /// Of the columns behind that of the losses.
    fn of(outputs: &[Vec<f64>]) -> Self {
        let (losses, columns) = outputs
            .split_first()
            .unwrap_or((const { &Vec::new() }, &[]));
        let rows = losses.len() as f64;
        let mean: Vec<f64> = columns
            .iter()
            .map(|column| secant_vmath::sum(column) / rows)
            .collect();
        let square = |(column, mean): (&Vec<f64>, &f64)| {
            let squares = column.iter().map(|x| (x - mean) * (x - mean));
            secant_vmath::sum(&squares.collect::<Vec<_>>())
        };
        let squares = columns.iter().zip(&mean).map(square).collect();
        Self {
            rows,
            mean,
            squares,
        }
    }

    fn merged(mut self, other: Self) -> Self {
        let rows = self.rows + other.rows;
        let share = other.rows / rows;
        for place in 0..self.mean.len() {
            let apart = other.mean[place] - self.mean[place];
            self.mean[place] += apart * share;
            self.squares[place] += other.squares[place] + apart * apart * self.rows * share;
        }
        self.rows = rows;
        self
    }
}
