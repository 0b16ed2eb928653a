//! [`Curvature`]: how a function bends at a point, and what that says of a descent that rests there.

use crate::estimate::Estimate;
use crate::function::{Function, Recorded};
use crate::graph::NodeKind;
use crate::method::{Forward, Reverse};
use crate::number::Interval;
use crate::operator::{gradient, hessian};

/// Of functions of more inputs than this the curvature is not looked for.
const MOST_INPUTS: usize = 30;

/// How a function bends at a point: the ends of the spectrum of its Hessian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curvature {
    /// The least eigenvalue. Of one input, the second derivative.
    pub least: f64,
    /// The greatest eigenvalue.
    pub greatest: f64,
    /// Whether all second derivatives are numbers, so that the function is a quadratic and bends so everywhere.
    pub constant: bool,
    /// How much of the slope is left after one step of Newton's, to where the minimum of a quadratic of this curvature would be, as a part of it here, along that
    /// principal direction where it is most: near 0 beside a minimum, and 1/e on the tail of exp(-x), which has none. `None` where the function does not bend
    /// upward all around, and where it has no gradient there.
    pub remaining: Option<f64>,
    /// Whether it has a slope along a principal direction in which it does not bend. A quadratic that has falls for ever, and no rate converges.
    pub falls: bool,
    /// An eigenvalue of this size or below may be 0.
    pub nothing: f64,
}

/// What a point is where the gradient is 0 or nearly so, as far as the second derivatives tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The function bends upward all around, and its slope is 0 where that says.
    Minimum,
    /// It bends downward in some direction: a descent only rests there, as on a ridge or a pass.
    NoMinimum,
    /// It may not bend at all in some direction, and second derivatives do not tell.
    Flat,
    /// It bends upward all around, but where its slope would be 0 by that, much of it is left: there may be no minimum, as on the tail of exp(-x).
    Doubtful,
}

/// Below this part of the greatest, an eigenvalue may be 0 at another point nearby, and a slope beside others may be.
const NOTHING: f64 = 1e-9;
/// Below this part of the greatest, an eigenvalue of exact second derivatives may be what rotations have left of 0.
const ROTATED: f64 = 64.0 * f64::EPSILON;
/// Beside a minimum, less than this part of the gradient is left after a step of Newton's; beside a place where the function goes on downward, as x³ does, 1/4.
const LEFT_AT_MINIMUM: f64 = 0.2;

impl Curvature {
    /// What a point of this curvature is where a descent rests.
    ///
    /// ```
    /// use secant::{Curvature, Formula, Recorded, Rest};
    /// let rest = |formula: &str, at: &[f64]| {
    ///     let f = Recorded::from(&Formula::parse(formula)?);
    ///     Ok::<_, secant::Error>(Curvature::at(&f, at).map(|curvature| curvature.rest()))
    /// };
    /// assert_eq!(rest("(x - 1)^2", &[1.0])?, Some(Rest::Minimum));
    /// assert_eq!(rest("x^2 - y^2", &[0.0, 0.0])?, Some(Rest::NoMinimum));
    /// assert_eq!(rest("x^4", &[0.0])?, Some(Rest::Flat));
    /// assert_eq!(rest("exp(-x)", &[20.0])?, Some(Rest::Doubtful));
    /// assert_eq!(rest("x^3", &[1e-3])?, Some(Rest::Doubtful));
    /// assert_eq!(rest("x^2 + exp(-y)", &[1e-7, 20.0])?, Some(Rest::Doubtful));
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn rest(&self) -> Rest {
        let nothing = self.nothing;
        if self.least < -nothing {
            Rest::NoMinimum
        } else if self.least <= nothing {
            Rest::Flat
        } else if self.remaining.is_none_or(|part| part > LEFT_AT_MINIMUM) {
            Rest::Doubtful
        } else {
            Rest::Minimum
        }
    }

    /// Of the first output at a point; `None` where a second derivative is not known there, and beyond 30 inputs.
    /// Eigenvalues are those of floating point, by Jacobi's rotations (1846); no bound of them is known.
    ///
    /// ```
    /// use secant::{Curvature, Formula, Recorded};
    /// let f = Recorded::from(&Formula::parse("x^2 + x*y + y^2")?);
    /// let curvature = Curvature::at(&f, &[3.0, 5.0]).unwrap();
    /// assert!((curvature.least - 1.0).abs() < 1e-14 && (curvature.greatest - 3.0).abs() < 1e-14);
    /// assert!(curvature.constant);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn at(function: &Recorded, at: &[f64]) -> Option<Self> {
        let known = at.len() == function.inputs() && (1..=MOST_INPUTS).contains(&at.len());
        if !known
            || !function
                .program()
                .rough_steps(&Interval::points(at))
                .is_empty()
        {
            return None;
        }
        let rows = hessian(&Forward, function, at).ok()?;
        let rows: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| row.iter().map(|entry| entry.value).collect())
            .collect();
        let (eigenvalues, directions) = principal(rows.clone());
        let ends = eigenvalues.iter().all(|value| value.is_finite());
        let least = eigenvalues.iter().copied().reduce(f64::min)?;
        let greatest = eigenvalues.iter().copied().reduce(f64::max)?;
        let here = Slopes::of(function, at);
        let constant = is_quadratic(function);
        let part = match constant {
            true if is_diagonal(&rows) => 0.0,
            true => ROTATED,
            false => NOTHING,
        };
        let nothing = part * least.abs().max(greatest.abs());
        let mut level = eigenvalues.iter().zip(&directions);
        ends.then(|| Self {
            least,
            greatest,
            constant,
            nothing,
            falls: level.any(|(bend, direction)| {
                bend.abs() <= nothing
                    && here.as_ref().is_some_and(|here| here.is_sloping(direction))
            }),
            remaining: here.and_then(|here| remaining(function, at, rows, &here, &directions)),
        })
    }
}

/// A gradient, and by how much each entry may be off.
struct Slopes {
    values: Vec<f64>,
    bounds: Vec<f64>,
}

impl Slopes {
    fn of(function: &Recorded, at: &[f64]) -> Option<Self> {
        let gradient = gradient(&Reverse, function, at).ok()?;
        let bound = |entry: &Estimate| entry.bound.absolute(entry.value).unwrap_or(f64::INFINITY);
        Some(Self {
            values: gradient.iter().map(|entry| entry.value).collect(),
            bounds: gradient.iter().map(bound).collect(),
        })
    }

    /// The slope along a direction, and by how much it may be off.
    fn along(&self, direction: &[f64]) -> [f64; 2] {
        let sum = |numbers: &[f64], weight: fn(f64) -> f64| -> f64 {
            let terms = numbers.iter().zip(direction);
            terms.map(|(number, part)| number * weight(*part)).sum()
        };
        [
            sum(&self.values, |part| part).abs(),
            sum(&self.bounds, f64::abs),
        ]
    }

    /// Whether there is a slope along a direction, beyond what rounding may make of it.
    fn is_sloping(&self, direction: &[f64]) -> bool {
        let size = self
            .values
            .iter()
            .fold(0.0, |size: f64, slope| size.hypot(*slope));
        let [slope, bound] = self.along(direction);
        slope > bound + NOTHING * size
    }
}

/// The part of the slope that Newton's step leaves along the principal direction where that is most, beyond what rounding may have left.
fn remaining(
    function: &Recorded,
    at: &[f64],
    hessian: Vec<Vec<f64>>,
    here: &Slopes,
    directions: &[Vec<f64>],
) -> Option<f64> {
    let step = newton(hessian, here.values.clone())?;
    let is_none = |(x, step): (&f64, &f64)| step.abs() <= 4.0 * f64::EPSILON * x.abs();
    if at.iter().zip(&step).all(is_none) {
        return Some(0.0);
    }
    let there: Vec<f64> = at.iter().zip(&step).map(|(x, step)| x - step).collect();
    let there = Slopes::of(function, &there)?;
    let part = |direction: &Vec<f64>| {
        let [left, bound] = there.along(direction);
        let [before, _] = here.along(direction);
        if left <= bound { 0.0 } else { left / before }
    };
    let part = directions.iter().map(part).fold(0.0, f64::max);
    (!part.is_nan()).then_some(part)
}

/// The step that takes a gradient to 0: elimination without exchange, which is stable where all pivots of a symmetric matrix are above 0, and `None` where one is not.
fn newton(mut rows: Vec<Vec<f64>>, mut step: Vec<f64>) -> Option<Vec<f64>> {
    for place in 0..step.len() {
        let (above, below) = rows.split_at_mut(place + 1);
        let pivot = above[place]
            .get(place)
            .copied()
            .filter(|pivot| *pivot > 0.0)?;
        for (next, row) in below.iter_mut().enumerate() {
            let share = row[place] / pivot;
            for (entry, known) in row.iter_mut().zip(&above[place]).skip(place) {
                *entry -= share * known;
            }
            step[place + 1 + next] -= share * step[place];
        }
    }
    for place in (0..step.len()).rev() {
        let known = (place + 1..step.len()).map(|next| rows[place][next] * step[next]);
        step[place] = (step[place] - known.sum::<f64>()) / rows[place][place];
    }
    Some(step)
}

/// Whether nothing has to be rotated, so that the eigenvalues are the entries themselves.
fn is_diagonal(rows: &[Vec<f64>]) -> bool {
    let mut entries = rows.iter().enumerate();
    entries.all(|(row, entries)| {
        let mut others = entries
            .iter()
            .enumerate()
            .filter(|(column, _)| *column != row);
        others.all(|(_, entry)| *entry == 0.0)
    })
}

/// Whether each second derivative, as a formula, is a number.
fn is_quadratic(function: &Recorded) -> bool {
    let Some(root) = function.roots().first() else {
        return false;
    };
    let inputs: Vec<usize> = (0..function.inputs()).collect();
    let mut graph = function.graph().clone();
    let first = graph.gradient(*root, &inputs);
    let mut second = Vec::new();
    for (row, slope) in first.into_iter().enumerate() {
        second.extend(graph.gradient(slope, &inputs[row..]));
    }
    let second = graph.simplify(&second).roots;
    let varies = graph.varying(|_| true);
    // A power that is not whole, or below 0, has a domain of its own.
    graph.is_total(*root) && is_polynomial(function) && second.iter().all(|id| !varies[id.index()])
}

/// Whether no function of the table is applied to what varies: those have kinks that second derivatives do not show.
fn is_polynomial(function: &Recorded) -> bool {
    let graph = function.graph();
    let varies = graph.varying(|_| true);
    let mut nodes = graph.reachable(function.roots()).into_iter();
    nodes.all(|id| !varies[id.index()] || !matches!(graph.kind(id), NodeKind::Apply(..)))
}

/// The eigenvalues of a symmetric matrix and its principal directions, by rotations that take its entries off the diagonal to 0 (Jacobi 1846; the
/// cyclic order and the formulas of Golub and Van Loan, Matrix Computations, 8.5).
fn principal(mut rows: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    const SWEEPS: usize = 30;
    let size = rows.len();
    let unit = |place: usize| (0..size).map(|k| f64::from(u8::from(k == place))).collect();
    let mut directions: Vec<Vec<f64>> = (0..size).map(unit).collect();
    for _ in 0..SWEEPS {
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut rows, &mut directions, p, q);
            }
        }
    }
    (
        (0..size).map(|place| rows[place][place]).collect(),
        directions,
    )
}

fn rotate(rows: &mut [Vec<f64>], directions: &mut [Vec<f64>], p: usize, q: usize) {
    if rows[p][q] == 0.0 {
        return;
    }
    let tau = (rows[q][q] - rows[p][p]) / (2.0 * rows[p][q]);
    let tangent = tau.signum() / (tau.abs() + tau.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for row in rows.iter_mut() {
        (row[p], row[q]) = (
            cosine * row[p] - sine * row[q],
            sine * row[p] + cosine * row[q],
        );
    }
    for rows in [rows, directions] {
        let (above, below) = rows.split_at_mut(q);
        for (first, second) in above[p].iter_mut().zip(&mut below[0]) {
            let (a, b) = (*first, *second);
            *first = cosine * a - sine * b;
            *second = sine * a + cosine * b;
        }
    }
}
