//! From the place where a fit ended to what it tells: standard errors, intervals, the part explained.

use secant_data::Source;

use crate::descent::Descent;
use crate::error::Error;
use crate::fit::{Ends, Fit};
use crate::loss::Loss;
use crate::outcome::{Outcome, Root, Verdict};
use crate::pass::Weights;
use crate::student;
use crate::triangle::Triangle;

/// All that is told of the best descent.
pub(crate) fn outcome(
    fit: &mut Fit<'_>,
    source: &mut dyn Source,
    best: Descent,
    ends: &Ends,
) -> Result<Outcome, Error> {
    let free = fit.free();
    let moving: Vec<usize> = (0..free.len())
        .filter(|place| !best.held.contains(&free[*place]))
        .collect();
    let freedom = best.freedom(moving.len());
    let skipped = source.progress().skipped;
    // The triangle of plain squares: that of a robust loss has its weights in it.
    let squares = best.measure.of_squares();
    let plain = match best.measure.loss {
        Loss::Squares => best.sums.clone(),
        _ => fit.sums(source, &best.parameters, squares, best.sums.cost)?,
    };
    let count = fit.fixed.len();
    let variance = variance(&best, plain.cost, freedom, moving.len(), fit.weights);
    // Away from a minimum the numbers would mean nothing.
    let told = best.verdict == Verdict::Converged && freedom >= 0.0;
    let triangle = plain.triangle.select(&moving);
    let covariance = variance.filter(|_| told).and_then(|variance| {
        let small = inverse(&triangle)?;
        let mut covariance = vec![vec![0.0; count]; count];
        for (row, i) in moving.iter().enumerate() {
            for (column, j) in moving.iter().enumerate() {
                covariance[free[*i]][free[*j]] = variance * small[row][column];
            }
        }
        Some(covariance)
    });
    // With deviations that are known the estimate is normal: Student's distribution of endless freedom.
    let of_student = if fit.weights == Weights::Deviations {
        f64::INFINITY
    } else {
        freedom
    };
    let root = Root {
        triangle,
        moving: moving.iter().map(|place| free[*place]).collect(),
        variance: variance.filter(|_| covariance.is_some()),
    };
    // Those that do not move have none.
    let errors: Option<Vec<f64>> = (0..count)
        .map(|place| root.error_of(&unit(place, count)))
        .collect();
    let quantile =
        (errors.is_some() && of_student > 0.0).then(|| student::quantile(fit.level, of_student));
    let intervals = errors.as_ref().zip(quantile).map(|(errors, wide)| {
        let interval = |(value, error): (&f64, &f64)| (value - wide * error, value + wide * error);
        best.parameters.iter().zip(errors).map(interval).collect()
    });
    // A column that is the same everywhere but for rounding has nothing to explain.
    let [weight, mean, spread] = best.sums.measured;
    let rounding = (4.0 * f64::EPSILON * mean).powi(2) * weight;
    Ok(Outcome {
        errors,
        covariance,
        intervals,
        quantile,
        level: fit.level,
        rate: best.rate,
        verdict: best.verdict,
        offset: best.offset,
        independence: best.independence,
        grain: best.grain(),
        cost: best.sums.cost,
        squares: plain.cost,
        deviation: (freedom > 0.0).then(|| (plain.cost / freedom).sqrt()),
        r_squared: (spread > rounding).then(|| 1.0 - plain.cost / spread),
        scale: (best.measure.loss != Loss::Squares).then_some(best.measure.scale),
        rows: best.sums.rows,
        ignored: best.sums.ignored,
        skipped,
        freedom: freedom as i64,
        passes: fit.passes,
        same: ends.like(&best),
        lower: ends.below(&best),
        exact: best.is_exact(),
        fixed: (0..count).filter(|place| fit.fixed[*place]).collect(),
        at_bounds: best.held,
        root,
        parameters: best.parameters,
    })
}

/// The variance that the inverse of J'J is multiplied by. For robust losses Huber's (1981, equation 6.5 in section 7.6, with his correction K).
fn variance(
    best: &Descent,
    squares: f64,
    freedom: f64,
    parameters: usize,
    weights: Weights,
) -> Option<f64> {
    // Of what rounding alone leaves, nothing follows for the errors; deviations that are given stand by themselves.
    if best.is_exact() && weights != Weights::Deviations {
        return None;
    }
    if best.measure.loss == Loss::Squares {
        return match weights {
            Weights::Deviations => Some(1.0),
            _ => (freedom > 0.0).then(|| squares / freedom),
        };
    }
    let rows = freedom + parameters as f64;
    let [psi, slope, slope_squared] = best.sums.influence;
    let mean = slope / rows;
    let varies = slope_squared / rows - mean * mean;
    let correction = 1.0 + parameters as f64 / rows * varies / (mean * mean);
    (freedom > 0.0 && mean > 0.0).then(|| correction * correction * (psi / freedom) / (mean * mean))
}

/// The inverse of R'R.
pub(crate) fn inverse(triangle: &Triangle) -> Option<Vec<Vec<f64>>> {
    let n = triangle.columns();
    (0..n)
        .map(|place| triangle.back(&triangle.forward(&unit(place, n))?))
        .collect()
}

fn unit(place: usize, length: usize) -> Vec<f64> {
    let mut unit = vec![0.0; length];
    unit[place] = 1.0;
    unit
}
