//! [`Tangent`]: one point of a curve with its tangent line, and beside it the slope through two points as a learner
//! computes it, with its error taken apart. It reads a recorded function; it draws nothing.

use crate::error::Error;
use crate::function::Recorded;
use crate::method;
use crate::number::{Interval, Series};
use crate::report::{Report, report};

/// A point, its tangent, and a slope through two points.
#[derive(Clone, Debug, PartialEq)]
pub struct Tangent {
    /// Where, along the input that moves.
    pub x: f64,
    /// The value there; NaN where there is none.
    pub f: f64,
    /// The derivative by all exact methods, and what kind of point it is.
    pub report: Report,
    /// Where the tangent meets x = 0: `f - slope * x`, to as many digits as the bounds of both leave certain; `None` where there is no tangent.
    pub intercept: Option<f64>,
    /// The slope through the point and the one a step ahead.
    pub secant: Secant,
    /// The slope through the point and the one a step behind: at a corner another one, however short the step.
    pub behind: Secant,
}

/// The line through two points of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Secant {
    /// The first point, `(x1, y1)`.
    pub first: [f64; 2],
    /// The second point, `(x2, y2)`, with x2 = x1 + delta, behind it x1 - delta.
    pub second: [f64; 2],
    /// `(y2 - y1) / (x2 - x1)`, as floating point gives it.
    pub slope: f64,
    /// What the finite step and the finite digits did; `None` where f has no derivative at the first point, a kink lies within the step, or digits that
    /// cancelled leave open what the step did.
    pub error: Option<SecantError>,
}

/// The error of a slope through two points, in its two parts. Their sum is the slope less the derivative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecantError {
    /// From the finite step: f'' h/2 + f''' h²/6 + …
    pub truncation: f64,
    /// From the finite digits: what remains, of the slope and of the derivative that it is held against.
    pub rounding: f64,
}

/// The tangent with respect to one input, and the slopes through the point and the ones a step `delta` ahead and behind.
///
/// ```
/// use secant::{Formula, Recorded, tangent};
/// let f = Recorded::from(&Formula::parse("2x^2")?);
/// let line = tangent(&f, &[1.0], 0, 0.0001)?;
/// assert_eq!((line.report.value, line.intercept), (Some(4.0), Some(-2.0)));
/// assert_eq!(line.secant.slope, 4.0001999999987845);
/// let error = line.secant.error.unwrap();
/// assert!((error.truncation - 2e-4).abs() < 1e-15 && error.rounding.abs() < 1e-10);
///
/// // At a sharp corner the secants ahead and behind never meet.
/// let corner = tangent(&Recorded::from(&Formula::parse("|x|")?), &[0.0], 0, 0.0001)?;
/// assert_eq!((corner.report.value, corner.behind.slope, corner.secant.slope), (None, -1.0, 1.0));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the input does not exist, the point has the wrong number of entries, or delta is not a finite number above 0.
pub fn tangent(
    function: &Recorded,
    at: &[f64],
    input: usize,
    delta: f64,
) -> Result<Tangent, Error> {
    method::Difference::new(delta, method::Scheme::Forward)?;
    let exact = method::exact();
    let report = report(function, at, &[input], &exact)?;
    let x = at[input];
    let f = function.value_at(0, at);
    let [secant, behind] =
        [delta, -delta].map(|step| secant(function, at, input, step, report.value));
    let intercept = report.value.map(|slope| {
        let height = function.evaluate(0, at);
        let off = [height.bound.absolute(f), report.bound.absolute(slope)];
        let off = off.map(|off| off.unwrap_or(0.0));
        certain((-slope).mul_add(x, f), off[0] + x.abs() * off[1])
    });
    Ok(Tangent {
        x,
        f,
        report,
        intercept,
        secant,
        behind,
    })
}

/// The number with the fewest digits that is no further off.
fn certain(value: f64, off: f64) -> f64 {
    if value.abs() <= off {
        return 0.0;
    }
    (0..17)
        .filter_map(|places| format!("{value:.places$e}").parse().ok())
        .find(|shorter: &f64| (shorter - value).abs() <= off)
        .unwrap_or(value)
}

fn secant(function: &Recorded, at: &[f64], input: usize, delta: f64, exact: Option<f64>) -> Secant {
    let mut neighbour = at.to_vec();
    neighbour[input] += delta;
    let first = [at[input], function.value_at(0, at)];
    let second = [neighbour[input], function.value_at(0, &neighbour)];
    let step = second[0] - first[0];
    let slope = (second[1] - first[1]) / step;
    let reach: Vec<Interval> = at
        .iter()
        .zip(&neighbour)
        .map(|(a, b)| Interval::hull(*a, *b))
        .collect();
    let smooth = function.program().rough_steps(&reach).is_empty();
    let error = exact.filter(|_| smooth).and_then(|exact| {
        let truncation = truncation(function, at, input, step)?;
        Some(SecantError {
            truncation,
            rounding: slope - exact - truncation,
        })
    });
    Secant {
        first,
        second,
        slope,
        error: error.filter(|_| slope.is_finite()),
    }
}

/// The function as a series in the step along one input, at a point.
pub(crate) fn along(function: &Recorded, at: &[f64], input: usize) -> Option<Series> {
    let along = |(index, x): (usize, &f64)| {
        if index == input {
            Series::approaching(*x, 1.0)
        } else {
            Series::approaching(*x, 0.0)
        }
    };
    let inputs: Vec<Series> = at.iter().enumerate().map(along).collect();
    function.program().run(&inputs).into_iter().next()
}

/// Taylor's series for (f(x+h) - f(x))/h - f'(x): c2 h + c3 h² + …, as far as it is known; `None` where
/// its terms do not fall, so that the step is too long for it, and where digits that cancelled leave it open beyond the rounding of the slope.
fn truncation(function: &Recorded, at: &[f64], input: usize, step: f64) -> Option<f64> {
    /// So much of the whole may be open.
    const KNOWN: f64 = 1e-3;
    let series = along(function, at, input)?;
    let terms: Vec<Interval> = (2..=5)
        .map_while(|order| Some(series.taylor(order)? * Interval::point(step.powi(order - 1))))
        .collect();
    let middle = |term: &Interval| {
        if term.contains(0.0) {
            0.0
        } else {
            term.middle()
        }
    };
    let last = terms.last().map(|term| middle(term).abs())?;
    let sum: f64 = terms.iter().rev().map(middle).sum();
    let open: f64 = terms.iter().map(|term| term.width()).sum();
    let slope = series.taylor(1)?.magnitude();
    let is_known = open <= KNOWN * sum.abs() + f64::EPSILON * slope;
    let falls = terms.len() == 4 && last <= KNOWN * sum.abs() || last == 0.0;
    (falls && is_known).then_some(sum)
}
