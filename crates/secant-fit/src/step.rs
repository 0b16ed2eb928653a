//! One step of Levenberg and Marquardt within a region of trust (Moré 1978): the shift of the parameters that lowers the
//! linear model most, no longer than the region allows in the scaled norm.

use crate::triangle::{Triangle, dot};

/// The shift with the triangle of Jacobian and residuals, the scale of each parameter and the radius; and the damping it took.
pub(crate) fn step(triangle: &Triangle, scales: &[f64], radius: f64) -> Option<(Vec<f64>, f64)> {
    let length = |shift: &[f64]| {
        shift
            .iter()
            .zip(scales)
            .fold(0.0, |norm: f64, (x, scale)| norm.hypot(x * scale))
    };
    // Within a tenth of the radius is near enough.
    const NEAR: f64 = 0.1;
    if let Some(shift) =
        damped(triangle, scales, 0.0).filter(|shift| length(shift) <= (1.0 + NEAR) * radius)
    {
        return Some((shift, 0.0));
    }
    let (mut low, mut high) = (0.0, steepest(triangle, scales) / radius);
    if !high.is_finite() || high == 0.0 {
        return None;
    }
    let mut damping = 1e-3 * high;
    const MOST: usize = 200;
    for _ in 0..MOST {
        let shift = damped(triangle, scales, damping);
        let Some(shift) = shift else {
            // Too little for a singular triangle.
            low = damping;
            damping = middle(low, high);
            continue;
        };
        let norm = length(&shift);
        if (norm - radius).abs() <= NEAR * radius || high <= low * (1.0 + 1e-12) {
            return Some((shift, damping));
        }
        if norm > radius {
            low = damping;
        } else {
            high = damping;
        }
        // 1/norm is nearly a straight line in the damping (Hebden 1973), so a step to where it reaches 1/radius is close; for one that leaves
        // the range that is known, its middle.
        let guess = damping + damping * (norm - radius) / radius;
        damping = if guess > low && guess < high {
            guess
        } else {
            middle(low, high)
        };
    }
    damped(triangle, scales, high).map(|shift| (shift, high))
}

/// The middle in the sense of powers.
fn middle(low: f64, high: f64) -> f64 {
    (low * high)
        .sqrt()
        .max(1e-3 * high)
        .min(0.5 * (low + high))
        .max(low)
}

/// The shift that solves J shift = -r in the sense of least squares, with rows `sqrt(damping) scale` for each parameter below.
fn damped(triangle: &Triangle, scales: &[f64], damping: f64) -> Option<Vec<f64>> {
    let n = scales.len();
    let shift = if damping == 0.0 {
        triangle.solve()?
    } else {
        let mut more = vec![0.0; (n + 1) * n];
        for (place, scale) in scales.iter().enumerate() {
            more[place * n + place] = damping.sqrt() * scale;
        }
        let mut triangle = triangle.clone();
        triangle.absorb(&mut more, n);
        triangle.solve()?
    };
    Some(shift.into_iter().map(|x| -x).collect())
}

/// The length of the gradient J'r in the norm dual to the scaled one.
fn steepest(triangle: &Triangle, scales: &[f64]) -> f64 {
    let n = scales.len();
    (0..n).fold(0.0, |norm: f64, column| {
        norm.hypot(slope(triangle, column) / scales[column])
    })
}

/// One component of J'r.
pub(crate) fn slope(triangle: &Triangle, column: usize) -> f64 {
    let last = triangle.columns() - 1;
    let part = |column: usize, rows: usize| -> Vec<f64> {
        (0..rows).map(|row| triangle.at(row, column)).collect()
    };
    dot(&part(column, column + 1), &part(last, column + 1))
}

/// By how much a shift lowers the sum of squares of the linear model: |r|² - |r + J shift|².
pub(crate) fn predicted(triangle: &Triangle, shift: &[f64]) -> f64 {
    let last = triangle.columns() - 1;
    (0..last)
        .map(|row| {
            let moved: f64 = (row..last)
                .map(|column| triangle.at(row, column) * shift[column])
                .sum();
            -moved * (2.0 * triangle.at(row, last) + moved)
        })
        .sum()
}
