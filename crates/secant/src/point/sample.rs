//! Limits from samples, where no series is known: x ln x at 0, exp(-1/x²), sin(1/x). The points come closer
//! by a fixed factor; a sequence is believed only where it settles, or clearly runs away.

use super::side::Side;
use crate::function::Recorded;
use crate::number::Interval;

/// Numbers that are the same to so many digits count as one where sequences are held against each other.
const CLOSE: f64 = 1e-3;

/// What is smaller is nothing to a sequence.
const NEGLIGIBLE: f64 = 1e-30;

/// Where a sequence goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tendency {
    /// It settles at a number, to within the second one.
    Settles(f64, f64),
    /// It runs away, to the infinity of this sign.
    RunsAway(f64),
    /// Neither can be told.
    Unclear,
}

/// The distances at which the function is looked at: down to the last digits of x, or, at 0, to numbers whose fourth powers are numbers still. They
/// shrink by powers of e: at powers of ten or two, 1/x would be a whole number each time, and a ripple of ln x seen in one phase.
fn distances(at: &[f64], direction: &[f64]) -> Vec<f64> {
    let shrunk = |step: f64| libm::exp(-step);
    let moved = at.iter().zip(direction).filter(|(_, speed)| **speed != 0.0);
    let size = moved
        .map(|(x, speed)| (x / speed).abs())
        .fold(0.0, f64::max);
    if size == 0.0 {
        return (1..=24).map(|step| shrunk(6.0 * f64::from(step))).collect();
    }
    // As far as x goes when it is moved, with its rounding.
    let beside = |step: i32| (size + size * shrunk(0.7 * f64::from(step))) - size;
    (6..=44).map(beside).collect()
}

fn beside(at: &[f64], direction: &[f64], distance: f64) -> Vec<f64> {
    at.iter()
        .zip(direction)
        .map(|(x, speed)| x + distance * speed)
        .collect()
}

/// The side as samples show it: its limit and its first slope, never more.
pub(super) fn side(
    function: &Recorded,
    output: usize,
    at: &[f64],
    direction: &[f64],
    sign: f64,
) -> Side {
    let distances = distances(at, direction);
    let values = samples(function, output, at, direction, sign, &distances);
    let side = Side {
        outside: values.last().is_none_or(|(value, _)| value.is_nan()),
        limit: None,
        slopes: vec![None],
        sampled: true,
        within_rounding: false,
    };
    if side.outside {
        return side;
    }
    let limit = match tendency(&values) {
        Tendency::Settles(limit, error) => Interval::outward(limit - error, limit + error, 0.0),
        Tendency::RunsAway(sign) => {
            let limit = Some(Interval::point(f64::INFINITY.copysign(sign)));
            return Side { limit, ..side };
        }
        Tendency::Unclear => return side,
    };
    let derivative = function.derivative_along(direction);
    let slopes = samples(&derivative, output, at, direction, sign, &distances);
    let secants = quotients(&values, limit, sign, &distances);
    let slope = match (tendency(&slopes), tendency(&secants)) {
        // The limit of a derivative is the slope only where the secants do not tell another.
        (Tendency::Settles(a, error), Tendency::Settles(b, other))
            if (a - b).abs() > error + other + CLOSE * a.abs().max(b.abs()) =>
        {
            Tendency::Unclear
        }
        (settled @ Tendency::Settles(..), _) => settled,
        // The derivative may run away though the function keeps between two lines.
        (Tendency::RunsAway(a), _) if go_along(&secants, &slopes) => Tendency::RunsAway(a),
        (Tendency::RunsAway(_), _) => Tendency::Unclear,
        (Tendency::Unclear, quotients) => quotients,
    };
    let slope = match slope {
        Tendency::Settles(slope, error) => {
            Some(Interval::outward(slope - error, slope + error, 0.0))
        }
        Tendency::RunsAway(sign) => Some(Interval::point(f64::INFINITY.copysign(sign))),
        Tendency::Unclear => None,
    };
    Side {
        limit: Some(limit),
        slopes: vec![slope],
        ..side
    }
}

/// What a function gives at those distances, and how far each number may be off.
fn samples(
    function: &Recorded,
    output: usize,
    at: &[f64],
    direction: &[f64],
    sign: f64,
    distances: &[f64],
) -> Vec<(f64, f64)> {
    let sample = |distance: &f64| {
        let point = beside(at, direction, sign * distance);
        let (value, range) = function.value_and_range(output, &point);
        (value, range.width())
    };
    distances.iter().map(sample).collect()
}

/// The slopes of the secants to the limit.
fn quotients(
    values: &[(f64, f64)],
    limit: Interval,
    sign: f64,
    distances: &[f64],
) -> Vec<(f64, f64)> {
    let slope = |((value, width), distance): (&(f64, f64), &f64)| {
        let rise = (value - limit.middle()) / (sign * distance);
        (rise, (width + limit.width()) / distance)
    };
    values.iter().zip(distances).map(slope).collect()
}

/// The numbers of a sequence up to the first that has underflowed on the way, or lost its digits.
fn with_digits(samples: &[(f64, f64)]) -> Vec<f64> {
    let mut largest: f64 = 0.0;
    let has_digits = |(value, width): &&(f64, f64)| {
        largest = largest.max(value.abs());
        value.is_finite() && (*width <= CLOSE * largest || *width <= NEGLIGIBLE)
    };
    let told = samples.iter().take_while(has_digits);
    told.map(|(value, _)| *value).collect()
}

/// Whether secants are as steep as slopes, up to the half, for as long as they have digits.
fn go_along(secants: &[(f64, f64)], slopes: &[(f64, f64)]) -> bool {
    let secants = with_digits(secants);
    let pairs = || secants.iter().zip(slopes);
    pairs().count() > 1 && pairs().all(|(secant, (slope, _))| secant / slope > 0.5)
}

/// Where a sequence goes, judged by its last seven steps: it settles where they shrink (Aitken's limit), and runs
/// away where they all point the same way and do not shrink.
fn tendency(samples: &[(f64, f64)]) -> Tendency {
    let told = with_digits(samples);
    let Some(last) = told.last_chunk::<8>() else {
        return Tendency::Unclear;
    };
    let steps: Vec<f64> = last.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (value, size) = (last[7], last[4].abs().max(last[7].abs()));
    let [first, second, third] = [steps[4], steps[5], steps[6]];
    const SETTLED: f64 = 1e-9;
    if [first, second, third]
        .iter()
        .all(|step| step.abs() <= SETTLED * size || step.abs() < NEGLIGIBLE)
    {
        let error = third.abs() + second.abs() + 4.0 * crate::number::ulp(value);
        return Tendency::Settles(value, error);
    }
    if steps
        .windows(2)
        .all(|pair| pair[1].abs() <= 0.75 * pair[0].abs())
    {
        let ratio = third / second;
        let limit = value + third * ratio / (1.0 - ratio);
        return Tendency::Settles(limit, third.abs());
    }
    let same_way = steps.iter().all(|step| step * value > 0.0);
    let not_shrinking = steps
        .windows(2)
        .all(|pair| pair[1].abs() >= 0.99 * pair[0].abs());
    if same_way && not_shrinking {
        return Tendency::RunsAway(value.signum());
    }
    Tendency::Unclear
}
