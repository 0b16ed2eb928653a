//! Limits from samples, where no series is known: x ln x at 0, exp(-1/x²), sin(1/x). The points come closer
//! by a fixed factor; a sequence is believed only where it settles, or clearly runs away.

use super::side::Side;
use crate::function::Recorded;
use crate::number::Interval;

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

/// The distances at which the function is looked at: down to the last digits of x, or, at 0, to the smallest numbers.
fn distances(at: &[f64], direction: &[f64]) -> Vec<f64> {
    let moved = at.iter().zip(direction).filter(|(_, speed)| **speed != 0.0);
    let size = moved
        .map(|(x, speed)| (x / speed).abs())
        .fold(0.0, f64::max);
    if size == 0.0 {
        return (1..=24).map(|step| 10f64.powi(-12 * step)).collect();
    }
    (6..=44).map(|step| size * 2f64.powi(-step)).collect()
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
        outside: values.last().is_none_or(|value| value.is_nan()),
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
    let secants = quotients(&values, limit.middle(), sign, &distances);
    // Where the rise is lost in rounding, the secants tell nothing.
    let told = secants.last().is_some_and(|slope| *slope != 0.0);
    let slope = match (tendency(&slopes), tendency(&secants)) {
        (settled @ Tendency::Settles(..), _) => settled,
        // The derivative may run away though the function keeps between two lines.
        (Tendency::RunsAway(a), Tendency::RunsAway(b)) if a == b => Tendency::RunsAway(a),
        (Tendency::RunsAway(_), _) if told => Tendency::Unclear,
        (Tendency::RunsAway(a), _) => Tendency::RunsAway(a),
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

fn samples(
    function: &Recorded,
    output: usize,
    at: &[f64],
    direction: &[f64],
    sign: f64,
    distances: &[f64],
) -> Vec<f64> {
    let value = |distance: &f64| function.value_at(output, &beside(at, direction, sign * distance));
    distances.iter().map(value).collect()
}

/// The slopes of the secants to the limit.
fn quotients(values: &[f64], limit: f64, sign: f64, distances: &[f64]) -> Vec<f64> {
    values
        .iter()
        .zip(distances)
        .map(|(value, distance)| (value - limit) / (sign * distance))
        .collect()
}

/// Where a sequence goes, judged by its last seven steps: it settles where they shrink (Aitken's limit), and runs
/// away where they all point the same way and do not shrink.
fn tendency(values: &[f64]) -> Tendency {
    let finite: Vec<f64> = values
        .iter()
        .copied()
        .take_while(|value| value.is_finite())
        .collect();
    let Some(last) = finite.last_chunk::<8>() else {
        return Tendency::Unclear;
    };
    let steps: Vec<f64> = last.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (value, size) = (last[7], last[4].abs().max(last[7].abs()));
    let [first, second, third] = [steps[4], steps[5], steps[6]];
    const SETTLED: f64 = 1e-9;
    if [first, second, third]
        .iter()
        .all(|step| step.abs() <= SETTLED * size || step.abs() < 1e-30)
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
        .all(|pair| pair[1].abs() >= 0.9 * pair[0].abs());
    if same_way && not_shrinking {
        return Tendency::RunsAway(value.signum());
    }
    Tendency::Unclear
}
