//! Times two pieces of code in turn, so that what else the machine does falls on both.

use std::time::Instant;

/// Seconds of the fastest round of each, and the median of the ratios within a round.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub first: f64,
    pub second: f64,
    pub ratio: f64,
}

/// Runs both in turn.
pub fn in_turn(rounds: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> Pair {
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        times.push((seconds(&mut first), seconds(&mut second)));
    }
    let mut ratios: Vec<f64> = times.iter().map(|(first, second)| first / second).collect();
    ratios.sort_by(f64::total_cmp);
    Pair {
        first: times.iter().map(|time| time.0).fold(f64::INFINITY, f64::min),
        second: times.iter().map(|time| time.1).fold(f64::INFINITY, f64::min),
        ratio: ratios[rounds / 2],
    }
}

fn seconds(work: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}
