//! One pass over the data: at some parameters, the triangle of Jacobian and residuals, what they cost, and where the formula has no value.
//! Rows are taken in groups that count from the first row, and the groups are merged by a fixed tree: the result is the
//! same to the bit for any number of threads and any size of the chunks.

use rayon::prelude::*;
use secant::combine::Tree;
use secant_data::{Chunk, Source};

use crate::error::Error;
use crate::loss::Loss;
use crate::model::{LEAF, Model, ModelRunner};
use crate::triangle::{Triangle, dot};

/// Rows of a group: what one thread computes in turn.
const GROUP: usize = 32 * LEAF;

/// What residuals count, and by which column they are weighed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    pub(crate) loss: Loss,
    /// The residual beyond which the loss bends.
    pub(crate) scale: f64,
    pub(crate) weights: Weights,
}

impl Measure {
    /// The same with residuals that count by their squares.
    pub(crate) fn of_squares(self) -> Self {
        Self {
            loss: Loss::Squares,
            ..self
        }
    }
}

/// How rows are weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// All alike.
    #[default]
    Equal,
    /// By a column behind those of the model: its squared residual counts that much.
    Given,
    /// By a column behind those of the model that holds standard deviations: the squared residual counts 1/sigma².
    Deviations,
}

impl Weights {
    /// The square root of a row's weight; none where it is not a weight.
    pub(crate) fn root(self, column: Option<f64>) -> Option<f64> {
        match (self, column) {
            (Self::Equal, _) => Some(1.0),
            (Self::Given, Some(weight)) => (weight >= 0.0).then(|| weight.sqrt()),
            (Self::Deviations, Some(deviation)) => (deviation > 0.0).then(|| 1.0 / deviation),
            (_, None) => None,
        }
    }
}

/// What some rows add up to.
#[derive(Clone, Debug)]
pub(crate) struct Sums {
    /// Jacobian by each free parameter, then the residual, both weighed.
    pub(crate) triangle: Triangle,
    /// What the residuals cost: the sum of scale² rho((r/scale)²).
    pub(crate) cost: f64,
    /// The sum of squares of the residuals, whatever the loss.
    pub(crate) squares: f64,
    pub(crate) rows: u64,
    /// Rows that weigh nothing.
    pub(crate) weightless: u64,
    /// Rows that have a weight, and a residual so large that the loss is level there.
    pub(crate) ignored: u64,
    /// The first row at which formula or measurement is not finite, or the weight is none.
    pub(crate) fault: Option<(u64, Fault)>,
    /// The largest of the measured values, weighed.
    pub(crate) largest: f64,
    /// Of the measured values: sum of weights, weighed mean, sum of weighed squares about it.
    pub(crate) measured: [f64; 3],
    /// What is rounded in each row, beside its residual.
    pub(crate) sizes: Sizes,
    /// Sums of psi² and psi' (Huber 1981), and of psi'², over the rows that have a weight.
    pub(crate) influence: [f64; 3],
}

/// What is rounded in rows that have a weight: of each the measured value and every parameter's part of the formula, as they are before they are weighed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    rows: u64,
    logarithms: f64,
    /// The largest residual that the rounding of its own row does not explain.
    unexplained: f64,
}

impl Sizes {
    /// Roundings that a formula may make of a row.
    const ROUNDINGS: f64 = 32.0 * f64::EPSILON;

    fn take(&mut self, size: f64, residual: f64) {
        if size > 0.0 {
            self.rows += 1;
            self.logarithms += size.ln();
        }
        if residual.abs() > Self::ROUNDINGS * size {
            self.unexplained = self.unexplained.max(residual.abs());
        }
    }

    fn merge(&mut self, later: &Self) {
        self.rows += later.rows;
        self.logarithms += later.logarithms;
        self.unexplained = self.unexplained.max(later.unexplained);
    }

    /// Whether every residual may be the rounding of its row, or of the usual one: a row of small numbers may be a difference of larger ones.
    pub(crate) fn explain_all(&self) -> bool {
        let usual = (self.logarithms / self.rows.max(1) as f64).exp();
        self.unexplained <= Self::ROUNDINGS * usual
    }
}

/// Why a row cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Formula,
    Derivative,
    Measured,
    Weight,
}

impl Sums {
    fn new(columns: usize) -> Self {
        Self {
            triangle: Triangle::new(columns),
            cost: 0.0,
            squares: 0.0,
            rows: 0,
            weightless: 0,
            ignored: 0,
            fault: None,
            largest: 0.0,
            measured: [0.0; 3],
            sizes: Sizes::default(),
            influence: [0.0; 3],
        }
    }

    /// Rows that stand behind all that are here.
    fn merge(&mut self, later: &Self) {
        self.triangle.merge(&later.triangle);
        self.cost += later.cost;
        self.squares += later.squares;
        self.rows += later.rows;
        self.weightless += later.weightless;
        self.ignored += later.ignored;
        self.fault = self.fault.or(later.fault);
        self.largest = self.largest.max(later.largest);
        // Chan, Golub and LeVeque (1979).
        let [a, b] = [self.measured, later.measured];
        let weight = a[0] + b[0];
        if b[0] > 0.0 {
            let apart = b[1] - a[1];
            let square = a[2] + b[2] + apart * apart * (a[0] * b[0] / weight);
            self.measured = [weight, a[1] + apart * (b[0] / weight), square];
        }
        self.sizes.merge(&later.sizes);
        for (sum, more) in self.influence.iter_mut().zip(later.influence) {
            *sum += more;
        }
    }

    /// Whether the formula has a value and derivatives in all rows.
    pub(crate) fn is_whole(&self) -> bool {
        self.fault.is_none() && self.cost.is_finite()
    }
}

/// Goes through the source and hands out the rows in groups of one size, but for the last; the groups of a chunk are
/// mapped side by side and then taken in order.
pub(crate) fn groups<T: Send>(
    source: &mut dyn Source,
    progress: &mut dyn FnMut(secant_data::Progress),
    map: impl Fn(&[&[f64]], &[u64]) -> T + Sync,
    mut take: impl FnMut(T),
) -> Result<(), Error> {
    source.rewind()?;
    let (mut chunk, mut waiting) = (Chunk::default(), Chunk::default());
    loop {
        let more = source.next_chunk(&mut chunk)?;
        waiting
            .columns
            .resize_with(chunk.columns.len().max(waiting.columns.len()), Vec::new);
        for (waiting, new) in waiting.columns.iter_mut().zip(&chunk.columns) {
            waiting.extend_from_slice(new);
        }
        waiting.rows.extend_from_slice(&chunk.rows);
        let whole = if more {
            waiting.len() / GROUP * GROUP
        } else {
            waiting.len()
        };
        let starts: Vec<usize> = (0..whole).step_by(GROUP).collect();
        let mapped: Vec<T> = starts
            .into_par_iter()
            .map(|start| {
                let part = start..whole.min(start + GROUP);
                let columns: Vec<&[f64]> = waiting
                    .columns
                    .iter()
                    .map(|column| &column[part.clone()])
                    .collect();
                map(&columns, &waiting.rows[part])
            })
            .collect();
        mapped.into_iter().for_each(&mut take);
        for column in &mut waiting.columns {
            column.drain(..whole);
        }
        waiting.rows.drain(..whole);
        progress(source.progress());
        if !more {
            return Ok(());
        }
    }
}

/// All sums at these parameters.
pub(crate) fn sums(
    model: &Model,
    measure: Measure,
    parameters: &[f64],
    free: &[usize],
    source: &mut dyn Source,
    progress: &mut dyn FnMut(secant_data::Progress),
) -> Result<Sums, Error> {
    let mut tree = Tree::new(|mut earlier: Sums, later: Sums| {
        earlier.merge(&later);
        earlier
    });
    let of =
        |columns: &[&[f64]], rows: &[u64]| group(model, measure, parameters, free, columns, rows);
    groups(source, progress, of, |sums| tree.push(sums))?;
    Ok(tree.finish().unwrap_or_else(|| Sums::new(free.len() + 1)))
}

/// The sums of one group, leaf by leaf.
fn group(
    model: &Model,
    measure: Measure,
    parameters: &[f64],
    free: &[usize],
    columns: &[&[f64]],
    rows: &[u64],
) -> Sums {
    let mut all = Sums::new(free.len() + 1);
    let mut runner = model.runner();
    for start in (0..rows.len()).step_by(LEAF) {
        let part = start..rows.len().min(start + LEAF);
        let columns: Vec<&[f64]> = columns.iter().map(|column| &column[part.clone()]).collect();
        let leaf = leaf(
            &mut runner,
            measure,
            parameters,
            free,
            &columns,
            &rows[part],
            &mut all.triangle,
        );
        // The triangle has taken the rows in already.
        all.merge(&leaf);
    }
    all
}

/// The sums of a few rows; their triangle goes straight into the one given.
fn leaf(
    runner: &mut ModelRunner<'_>,
    measure: Measure,
    parameters: &[f64],
    free: &[usize],
    columns: &[&[f64]],
    rows: &[u64],
    triangle: &mut Triangle,
) -> Sums {
    let count = rows.len();
    let (own, weights) = columns.split_at(runner.columns());
    let evaluated = runner.run(parameters, own);
    let mut sums = Sums::new(0);
    sums.rows = count as u64;
    let mut block = vec![0.0; (free.len() + 1) * count];
    for (place, parameter) in free.iter().enumerate() {
        let from = parameter * count;
        block[place * count..(place + 1) * count]
            .copy_from_slice(&evaluated.gradient[from..from + count]);
    }
    let scale = measure.scale;
    let mut weighs = vec![0.0; count];
    for row in 0..count {
        let (value, measured) = (evaluated.value[row], evaluated.measured[row]);
        let root = measure
            .weights
            .root(weights.first().map(|column| column[row]));
        let slopes_are_finite = (0..free.len()).all(|place| block[place * count + row].is_finite());
        let fault = match root {
            None => Some(Fault::Weight),
            Some(_) if !measured.is_finite() => Some(Fault::Measured),
            Some(_) if !value.is_finite() => Some(Fault::Formula),
            Some(_) if !slopes_are_finite => Some(Fault::Derivative),
            Some(_) => None,
        };
        if let Some(fault) = fault {
            sums.fault = sums.fault.or(Some((rows[row], fault)));
            return sums;
        }
        let root = root.unwrap_or_default();
        sums.largest = sums.largest.max((root * measured).abs());
        let residual = root * (value - measured);
        let z = (residual / scale) * (residual / scale);
        let [rho, slope, bend] = measure.loss.at(z);
        sums.cost += scale * scale * rho;
        sums.squares += residual * residual;
        if root > 0.0 {
            let parts = free
                .iter()
                .enumerate()
                .map(|(place, parameter)| parameters[*parameter] * block[place * count + row]);
            let size = parts.fold(measured.abs(), f64::hypot);
            sums.sizes.take(size, value - measured);
        }
        sums.weightless += u64::from(root == 0.0);
        sums.ignored += u64::from(slope == 0.0);
        if root > 0.0 {
            let psi = [slope * residual, slope + 2.0 * z * bend];
            let more = [psi[0] * psi[0], psi[1], psi[1] * psi[1]];
            for (sum, more) in sums.influence.iter_mut().zip(more) {
                *sum += more;
            }
        }
        weighs[row] = root * root;
        // Iteratively weighed least squares (Holland and Welsch 1977): the gradient of the cost is that of these rows.
        let factor = root * slope.sqrt();
        for place in 0..free.len() {
            block[place * count + row] *= factor;
        }
        block[free.len() * count + row] = slope.sqrt() * residual;
    }
    triangle.absorb(&mut block, count);
    sums.measured = moments(&evaluated.measured, &weighs);
    sums
}

/// Sum of weights, weighed mean, and weighed squares about it.
fn moments(values: &[f64], weights: &[f64]) -> [f64; 3] {
    let total: f64 = weights.iter().sum();
    if total == 0.0 {
        return [0.0; 3];
    }
    let mean = dot(values, weights) / total;
    let squares: Vec<f64> = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .collect();
    [total, mean, dot(&squares, weights)]
}
