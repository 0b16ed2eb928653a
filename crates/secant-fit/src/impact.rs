//! How each row moves each parameter: at a minimum the parameters are functions of what was measured, and these have derivatives.

use secant::{BlockRunner, Program, Recorded};
use secant_data::Source;

use crate::error::Error;
use crate::loss::Loss;
use crate::model::{Model, run};
use crate::outcome::{Outcome, Root, Verdict};
use crate::pass::{Weights, groups};
use crate::triangle::dot;

/// What one row does to the fit.
#[derive(Clone, Debug, PartialEq)]
pub struct RowImpact {
    /// Which row of the data it is, counted from 1.
    pub row: u64,
    /// What was measured.
    pub measured: f64,
    /// What the formula gives.
    pub fitted: f64,
    /// How much of the row's measured value the fitted one takes over, from 0 to 1 (Hoaglin and Welsch 1978): the diagonal of the hat
    /// matrix of the linear model at the minimum.
    pub leverage: f64,
    /// By how much the fit as a whole would move without this row, in units of its confidence region (Cook 1977), for the linear model at the
    /// minimum; none for robust losses and for rows that alone determine a parameter.
    pub cook: Option<f64>,
    /// The derivative of each parameter by the measured value of this row: exact, with the second derivatives of the formula
    /// (implicit function theorem).
    pub by_measured: Vec<f64>,
}

/// What each row does to a fit that ended at a minimum.
pub struct Impact<'a> {
    model: &'a Model,
    outcome: &'a Outcome,
    loss: Loss,
    weights: Weights,
    curvature: BlockRunner,
}

impl<'a> Impact<'a> {
    /// Of a fit with this loss and these weights.
    pub(crate) fn new(
        model: &'a Model,
        outcome: &'a Outcome,
        loss: Loss,
        weights: Weights,
    ) -> Self {
        let program = curvature(model.formula(), model.places());
        Self {
            model,
            outcome,
            loss,
            weights,
            curvature: BlockRunner::new(&program, model.places()),
        }
    }

    /// Visits all rows in their order.
    ///
    /// # Errors
    /// Where the data cannot be read, or the place is no strict minimum, so that the rows determine no parameters.
    pub fn each(
        &self,
        source: &mut dyn Source,
        mut visit: impl FnMut(RowImpact),
    ) -> Result<(), Error> {
        let no_minimum = || {
            Error::Setting(
                "the fit is at no strict minimum, so the rows determine no parameters".to_owned(),
            )
        };
        if self.outcome.verdict == Verdict::Singular {
            return Err(no_minimum());
        }
        let n = self.root().moving.len();
        let mut totals = Totals::new(n);
        groups(
            source,
            &mut |_| {},
            |columns, _| self.totals(columns),
            |more| totals.add(&more),
        )?;
        let inverse = self
            .hessian(&totals)
            .and_then(|hessian| invert(&hessian, n))
            .ok_or_else(no_minimum)?;
        groups(
            source,
            &mut |_| {},
            |columns, rows| self.rows(columns, rows, &inverse),
            |rows| rows.into_iter().for_each(&mut visit),
        )
    }

    fn root(&self) -> &Root {
        &self.outcome.root
    }

    /// The lower triangle of R'^-1 H R^-1, with the second derivatives H of half the cost and the triangle R of the linear model: 1 on its
    /// diagonal but for what the curvature of formula and loss adds. H itself holds R'R, and has lost half the digits.
    fn hessian(&self, totals: &Totals) -> Option<Vec<f64>> {
        let (root, n) = (self.root(), self.root().moving.len());
        let across: Option<Vec<Vec<f64>>> = (0..n)
            .map(|i| {
                let row: Vec<f64> = (0..n)
                    .map(|j| totals.bends[i.max(j) * n + i.min(j)])
                    .collect();
                root.triangle.forward(&row)
            })
            .collect();
        let across = across?;
        let mut hessian = totals.slopes.clone();
        for j in 0..n {
            let column: Vec<f64> = across.iter().map(|row| row[j]).collect();
            let column = root.triangle.forward(&column)?;
            for i in j..n {
                hessian[i * n + j] += column[i];
            }
        }
        (0..n).for_each(|i| hessian[i * n + i] += 1.0);
        Some(hessian)
    }

    /// What each row of a group contributes: its weight's root, residual, psi and psi', and its row of Q in Jacobian = Q R.
    fn lines(&self, columns: &[&[f64]]) -> Vec<Line> {
        let (own, weights) = columns.split_at(self.model.columns().len());
        let found = self.model.runner().run(&self.outcome.parameters, own);
        let rows = found.value.len();
        let scale = self.outcome.scale.unwrap_or(1.0);
        let moving = &self.root().moving;
        let line = |row: usize| {
            let root = self
                .weights
                .root(weights.first().map(|column| column[row]))
                .unwrap_or(0.0);
            let residual = root * (found.value[row] - found.measured[row]);
            let z = (residual / scale) * (residual / scale);
            let [_, slope, bend] = self.loss.at(z);
            Line {
                measured: found.measured[row],
                fitted: found.value[row],
                root,
                residual,
                psi: slope * residual,
                psi_slope: slope + 2.0 * z * bend,
                across: self.across(
                    moving
                        .iter()
                        .map(|parameter| root * found.gradient[parameter * rows + row]),
                ),
            }
        };
        (0..rows).map(line).collect()
    }

    /// The row of Q that belongs to a row of the Jacobian; no numbers where R does not determine it.
    fn across(&self, row: impl Iterator<Item = f64>) -> Vec<f64> {
        let row: Vec<f64> = row.collect();
        let none = || vec![f64::NAN; row.len()];
        self.root().triangle.forward(&row).unwrap_or_else(none)
    }

    fn totals(&self, columns: &[&[f64]]) -> Totals {
        let mut runner = self.curvature.clone();
        let own = &columns[..self.model.columns().len()];
        let bends = run(
            &mut runner,
            self.model.reads(),
            &self.outcome.parameters,
            own,
        );
        let moving = &self.root().moving;
        let (n, count) = (moving.len(), self.outcome.parameters.len());
        let lines = self.lines(columns);
        let mut totals = Totals::new(n);
        for (row, line) in lines.iter().enumerate() {
            for i in 0..n {
                for j in 0..=i {
                    let bend = bends[pair(moving[j], moving[i], count) * lines.len() + row];
                    totals.slopes[i * n + j] +=
                        (line.psi_slope - 1.0) * line.across[i] * line.across[j];
                    totals.bends[i * n + j] += line.root * line.psi * bend;
                }
            }
        }
        totals
    }

    fn rows(&self, columns: &[&[f64]], rows: &[u64], inverse: &[Vec<f64>]) -> Vec<RowImpact> {
        let root = self.root();
        // What rounding leaves of a leverage: the rows of Q are as sure as the columns of the Jacobian are independent.
        let grain = f64::EPSILON * root.moving.len() as f64 / self.outcome.independence;
        let of_line = |(line, row): (Line, &u64)| {
            let leverage = dot(&line.across, &line.across).min(1.0);
            let moved: Vec<f64> = inverse.iter().map(|row| dot(row, &line.across)).collect();
            let unknown = || vec![f64::NAN; root.moving.len()];
            let moved = root.triangle.back(&moved).unwrap_or_else(unknown);
            let mut by_measured = vec![0.0; self.outcome.parameters.len()];
            for (parameter, by) in root.moving.iter().zip(moved) {
                by_measured[*parameter] = line.root * line.psi_slope * by;
            }
            let variance = self
                .outcome
                .deviation
                .map(|deviation| deviation * deviation)
                .filter(|variance| self.loss == Loss::Squares && *variance > 0.0);
            let outside = 1.0 - leverage;
            let cook = variance.filter(|_| outside > grain).map(|variance| {
                line.residual * line.residual * leverage
                    / (root.moving.len() as f64 * variance * outside * outside)
            });
            RowImpact {
                row: *row,
                measured: line.measured,
                fitted: line.fitted,
                leverage,
                cook,
                by_measured,
            }
        };
        self.lines(columns)
            .into_iter()
            .zip(rows)
            .map(of_line)
            .collect()
    }
}

struct Line {
    measured: f64,
    fitted: f64,
    root: f64,
    residual: f64,
    psi: f64,
    psi_slope: f64,
    /// R'^-1 times its row of the Jacobian.
    across: Vec<f64>,
}

/// What the second derivatives of half the cost have beside R'R, as lower triangles.
struct Totals {
    /// What the loss bends, between the rows of Q.
    slopes: Vec<f64>,
    /// What the formula bends, between the parameters.
    bends: Vec<f64>,
}

impl Totals {
    fn new(n: usize) -> Self {
        Self {
            slopes: vec![0.0; n * n],
            bends: vec![0.0; n * n],
        }
    }

    fn add(&mut self, more: &Self) {
        for (sum, more) in self
            .slopes
            .iter_mut()
            .zip(&more.slopes)
            .chain(self.bends.iter_mut().zip(&more.bends))
        {
            *sum += more;
        }
    }
}

/// The second derivatives of a formula by each two of these inputs, the upper triangle row by row.
fn curvature(formula: &Recorded, by: &[usize]) -> Program {
    let mut graph = formula.graph().clone();
    let gradient = graph.gradient(formula.roots()[0], by);
    let mut all = Vec::new();
    for (row, slope) in gradient.iter().enumerate() {
        all.extend(graph.gradient(*slope, &by[row..]));
    }
    let simplified = graph.simplify(&all);
    Program::new(&graph, &simplified.roots)
}

/// Where the second derivative by two parameters, the lower first, stands among those of so many.
fn pair(low: usize, high: usize, count: usize) -> usize {
    let (low, high) = (low.min(high), low.max(high));
    low * count - low * (low + 1) / 2 + high
}

/// The inverse of a symmetric matrix given by its lower triangle, by Cholesky's factors of it scaled to a diagonal of 1; none
/// where it is not positive definite.
fn invert(lower: &[f64], n: usize) -> Option<Vec<Vec<f64>>> {
    let scale: Vec<f64> = (0..n).map(|i| lower[i * n + i].sqrt()).collect();
    if scale.iter().any(|scale| scale.is_nan() || *scale == 0.0) {
        return None;
    }
    let mut factor = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let left =
                lower[i * n + j] / (scale[i] * scale[j]) - dot(&factor[i][..j], &factor[j][..j]);
            if i == j {
                if left <= f64::EPSILON * n as f64 {
                    return None;
                }
                factor[i][i] = left.sqrt();
            } else {
                factor[i][j] = left / factor[j][j];
            }
        }
    }
    let column = |place: usize| {
        let mut x: Vec<f64> = (0..n)
            .map(|row| if row == place { 1.0 } else { 0.0 })
            .collect();
        for i in 0..n {
            x[i] = (x[i] - dot(&factor[i][..i], &x[..i])) / factor[i][i];
        }
        for i in (0..n).rev() {
            let below: f64 = (i + 1..n).map(|row| factor[row][i] * x[row]).sum();
            x[i] = (x[i] - below) / factor[i][i];
        }
        (0..n)
            .map(|row| x[row] / (scale[row] * scale[place]))
            .collect()
    };
    Some((0..n).map(column).collect())
}
