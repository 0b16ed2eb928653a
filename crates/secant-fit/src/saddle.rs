//! Where the gradient is 0 the cost may still fall: at a saddle, or at a maximum. The linear model does not see it, the second derivatives do.

use secant_data::Source;

use crate::curvature::{Curvature, Place};
use crate::descent::Descent;
use crate::error::Error;
use crate::fit::Fit;
use crate::loss::Loss;
use crate::method::Method;
use crate::outcome::{Root, Verdict};
use crate::pass::sums;
use crate::triangle::{Triangle, dot};

/// How often a descent that has come to a saddle goes on from beside it.
const MOST: usize = 5;
/// How far beside it is looked, in standard deviations of the residuals.
const LENGTHS: [f64; 7] = [1.0, 0.3, 0.1, 0.03, 0.01, 3.0, 10.0];
/// A curvature is below 0 where it is so by more than this; that of the linear model is 1.
const BENT: f64 = 1e-6;
/// Of more parameters the second derivatives are not asked: they are as many as the square.
const MOST_PARAMETERS: usize = 64;

impl Fit<'_> {
    /// The descent, gone on where it ended at a saddle or a maximum; where it cannot be, that is its verdict.
    pub(crate) fn past_saddles(
        &mut self,
        source: &mut dyn Source,
        descent: Descent,
    ) -> Result<Descent, Error> {
        if self.free().len() > MOST_PARAMETERS {
            return Ok(descent);
        }
        let curvature = Curvature::new(self.model);
        if self.loss == Loss::Squares && curvature.is_zero() {
            return Ok(descent);
        }
        let mut at = descent;
        for _ in 0..MOST {
            if !at.verdict.is_converged() || at.is_exact() {
                return Ok(at);
            }
            let Some(shift) = self.way_down(source, &at, &curvature)? else {
                return Ok(at);
            };
            let saddle = Descent {
                verdict: Verdict::Saddle,
                ..at.clone()
            };
            if self.method != Method::LevenbergMarquardt {
                return Ok(saddle);
            }
            let Some(beside) = self.beside(source, &at, &shift)? else {
                return Ok(saddle);
            };
            at = self.go_on(source, &beside, at.measure)?;
        }
        Ok(at)
    }

    /// Along which shift of all parameters the cost falls to either side, by one standard deviation of the residuals; `None` at a minimum.
    fn way_down(
        &self,
        source: &mut dyn Source,
        at: &Descent,
        curvature: &Curvature,
    ) -> Result<Option<Vec<f64>>, Error> {
        let free = self.free();
        let moves = |place: &usize| !at.held.contains(&free[*place]);
        let moving: Vec<usize> = (0..free.len()).filter(moves).collect();
        let root = Root {
            triangle: self.plain(source, at)?.select(&moving),
            moving: moving.iter().map(|place| free[*place]).collect(),
            variance: None,
        };
        let place = Place {
            model: self.model,
            loss: at.measure.loss,
            scale: at.measure.scale,
            weights: self.weights,
            parameters: &at.parameters,
            root: &root,
        };
        let Some(hessian) = curvature.hessian(&place, source)? else {
            return Ok(None);
        };
        let shift = downwards(&hessian, moving.len()).and_then(|way| root.triangle.back(&way));
        let deviation = (at.sums.squares / at.freedom(moving.len()).max(1.0)).sqrt();
        Ok(shift.map(|shift| {
            let mut all = vec![0.0; at.parameters.len()];
            for (parameter, shift) in root.moving.iter().zip(shift) {
                all[*parameter] = deviation * shift;
            }
            all
        }))
    }

    /// The triangle of residuals that count by their squares; that of a robust loss has its weights in it.
    fn plain(&self, source: &mut dyn Source, at: &Descent) -> Result<Triangle, Error> {
        if at.measure.loss == Loss::Squares {
            return Ok(at.sums.triangle.clone());
        }
        let (squares, free) = (at.measure.of_squares(), self.free());
        let parameters = &at.parameters;
        Ok(sums(self.model, squares, parameters, &free, source, &mut |_| {})?.triangle)
    }

    /// A place along the shift, on one side or the other, where the cost is lower.
    fn beside(
        &mut self,
        source: &mut dyn Source,
        at: &Descent,
        shift: &[f64],
    ) -> Result<Option<Vec<f64>>, Error> {
        for length in LENGTHS.into_iter().flat_map(|length| [length, -length]) {
            let moved = at.parameters.iter().zip(shift).zip(&self.bounds);
            let moved: Vec<f64> = moved
                .map(|((value, shift), (low, high))| (value + length * shift).clamp(*low, *high))
                .collect();
            let there = self.sums(source, &moved, at.measure, at.sums.cost)?;
            if there.is_whole() && there.cost < at.sums.cost {
                return Ok(Some(moved));
            }
        }
        Ok(None)
    }
}

/// A direction of length 1 in which a symmetric matrix, given by its lower triangle, bends downwards; `None` where it is positive, or nearly so. Found where
/// Cholesky's factors end: with L of the rows before and l of the one at fault, `(-L'^-1 l, 1)`.
fn downwards(lower: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(n);
    for i in 0..n {
        let mut row = vec![0.0; i];
        for j in 0..i {
            row[j] = (lower[i * n + j] - dot(&row[..j], &factor[j][..j])) / factor[j][j];
        }
        let left = lower[i * n + i] - dot(&row, &row);
        if left < -BENT {
            let mut way = vec![0.0; n];
            way[i] = 1.0;
            for j in (0..i).rev() {
                let below: f64 = (j + 1..i).map(|k| factor[k][j] * way[k]).sum();
                way[j] = (-row[j] - below) / factor[j][j];
            }
            let length = way
                .iter()
                .fold(0.0, |length: f64, part| length.hypot(*part));
            return Some(way.into_iter().map(|part| part / length).collect());
        }
        if left.is_nan() || left <= BENT {
            return None;
        }
        row.push(left.sqrt());
        factor.push(row);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_down_of_a_matrix_is_one() {
        // Lower triangles in rows of two or three.
        assert_eq!(downwards(&[2.0, 0.0, 1.0, 2.0], 2), None);
        assert_eq!(downwards(&[1.0, 0.0, 0.0, f64::NAN], 2), None);
        let saddle = [1.0, 0.0, 0.0, 2.0, 5.0, 0.0, 3.0, 1.0, 1.0];
        let way = downwards(&saddle, 3).unwrap_or_default();
        let bend: f64 = (0..3)
            .flat_map(|i| (0..3).map(move |j| (i, j)))
            .map(|(i, j)| way[i] * way[j] * saddle[i.max(j) * 3 + i.min(j)])
            .sum();
        assert!(bend < -0.1, "{bend}");
        assert!((dot(&way, &way) - 1.0).abs() < 1e-15);
    }
}
