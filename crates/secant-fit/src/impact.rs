//! How each row moves each parameter: at a minimum the parameters are functions of what was measured, and these have derivatives.

use secant_data::Source;

use crate::curvature::{Curvature, Line, Place};
use crate::error::Error;
use crate::loss::Loss;
use crate::model::{Model, select};
use crate::outcome::Outcome;
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
    /// (implicit function theorem). The scale of a robust loss stays as it is.
    pub by_measured: Vec<f64>,
}

/// What each row does to a fit that ended at a minimum.
pub struct Impact<'a> {
    outcome: &'a Outcome,
    curvature: Curvature,
    place: Place<'a>,
    weight_column: Option<String>,
}

impl<'a> Impact<'a> {
    /// Of a fit with this loss and these weights.
    pub(crate) fn new(
        model: &'a Model,
        outcome: &'a Outcome,
        loss: Loss,
        (weights, weight_column): (Weights, Option<String>),
    ) -> Self {
        Self {
            outcome,
            curvature: Curvature::new(model),
            place: Place {
                model,
                loss,
                scale: outcome.scale.unwrap_or(1.0),
                weights,
                parameters: &outcome.parameters,
                root: &outcome.root,
            },
            weight_column,
        }
    }

    /// Visits all rows in their order.
    ///
    /// # Errors
    /// Where the outcome is that of another model, columns are missing, the data cannot be read, or the fit has not ended at a strict minimum, so that the rows determine no parameters.
    pub fn each(
        &self,
        source: &mut dyn Source,
        mut visit: impl FnMut(RowImpact),
    ) -> Result<(), Error> {
        let (fitted, parameters) = (&self.outcome.parameters, self.place.model.parameters());
        if fitted.len() != parameters.len() {
            let message = "the outcome is that of another model";
            return Err(Error::Setting(message.to_owned()));
        }
        if !self.outcome.verdict.is_converged() {
            return Err(Error::NoMinimum);
        }
        select(source, self.place.model, self.weight_column.as_deref())?;
        let hessian = self.curvature.hessian(&self.place, source)?;
        let inverse = hessian
            .and_then(|hessian| invert(&hessian, self.outcome.root.moving.len()))
            .ok_or(Error::NoMinimum)?;
        groups(
            source,
            &mut |_| {},
            |columns, rows| self.rows(columns, rows, &inverse),
            |rows| rows.into_iter().for_each(&mut visit),
        )
    }

    fn rows(&self, columns: &[&[f64]], rows: &[u64], inverse: &[Vec<f64>]) -> Vec<RowImpact> {
        let root = &self.outcome.root;
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
                .filter(|variance| self.place.loss == Loss::Squares && *variance > 0.0);
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
        self.place
            .lines(columns)
            .into_iter()
            .zip(rows)
            .map(of_line)
            .collect()
    }
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
