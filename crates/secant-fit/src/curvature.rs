//! How the cost bends at a place: its second derivatives by the parameters, in the coordinates in which those of the linear model are 1.

use secant::{BlockRunner, Program, Recorded, Step};
use secant_data::Source;

use crate::error::Error;
use crate::loss::Loss;
use crate::model::{Model, run};
use crate::outcome::Root;
use crate::pass::{Weights, groups};

/// Where it is looked at, and what the residuals count there.
pub(crate) struct Place<'a> {
    pub(crate) model: &'a Model,
    pub(crate) loss: Loss,
    pub(crate) scale: f64,
    pub(crate) weights: Weights,
    pub(crate) parameters: &'a [f64],
    pub(crate) root: &'a Root,
}

impl Place<'_> {
    /// What each row of a group contributes: its weight's root, residual, psi and psi', and its row of Q in Jacobian = Q R.
    pub(crate) fn lines(&self, columns: &[&[f64]]) -> Vec<Line> {
        let (own, weights) = columns.split_at(self.model.columns().len());
        let found = self.model.runner().run(self.parameters, own);
        let rows = found.value.len();
        let scale = self.scale;
        let moving = &self.root.moving;
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
        self.root.triangle.forward(&row).unwrap_or_else(none)
    }
}

/// The second derivatives of a formula by its parameters.
pub(crate) struct Curvature {
    runner: BlockRunner,
    is_zero: bool,
}

impl Curvature {
    /// That of the formula of a model.
    pub(crate) fn new(model: &Model) -> Self {
        let program = curvature(model.formula(), model.places());
        let mut outputs = program.output_slots().iter();
        let is_zero = |slot: &usize| matches!(program.steps()[*slot], Step::Constant(0.0, _));
        Self {
            is_zero: outputs.all(is_zero),
            runner: BlockRunner::new(&program, model.places()),
        }
    }

    /// Whether the formula is linear in its parameters.
    pub(crate) fn is_zero(&self) -> bool {
        self.is_zero
    }

    /// The second derivatives of half the cost, as a lower triangle in rows of as many numbers as there are parameters that move; none where the
    /// Jacobian does not tell these apart.
    pub(crate) fn hessian(
        &self,
        place: &Place<'_>,
        source: &mut dyn Source,
    ) -> Result<Option<Vec<f64>>, Error> {
        let mut totals = Totals::new(place.root.moving.len());
        groups(
            source,
            &mut |_| {},
            |columns, _| self.totals(place, columns),
            |more| totals.add(&more),
        )?;
        Ok(Self::within(place.root, &totals))
    }

    /// The lower triangle of R'^-1 H R^-1, with the second derivatives H of half the cost and the triangle R of the linear model: 1 on its
    /// diagonal but for what the curvature of formula and loss adds. H itself holds R'R, and has lost half the digits.
    fn within(root: &Root, totals: &Totals) -> Option<Vec<f64>> {
        let n = root.moving.len();
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

    fn totals(&self, place: &Place<'_>, columns: &[&[f64]]) -> Totals {
        let mut runner = self.runner.clone();
        let own = &columns[..place.model.columns().len()];
        let bends = run(&mut runner, place.model.reads(), place.parameters, own);
        let moving = &place.root.moving;
        let (n, count) = (moving.len(), place.parameters.len());
        let lines = place.lines(columns);
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
}

/// What a row contributes.
pub(crate) struct Line {
    pub(crate) measured: f64,
    pub(crate) fitted: f64,
    pub(crate) root: f64,
    pub(crate) residual: f64,
    pub(crate) psi: f64,
    pub(crate) psi_slope: f64,
    /// R'^-1 times its row of the Jacobian.
    pub(crate) across: Vec<f64>,
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
