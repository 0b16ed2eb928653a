//! Workloads of ADBench, and stopwatches for ratios: all that is compared is run in turns, so that what else the machine
//! does falls on all alike, and the best of all rounds counts.

#![allow(dead_code, unreachable_pub)]

pub mod bundle;
pub mod mixture;
pub mod random;

use std::time::Instant;

/// The time that each piece of work takes on this thread, in milliseconds: so many repetitions together, in turns, the least of
/// all rounds. Time in which the machine did something else is left out where the system tells it.
pub fn own_times<const N: usize>(repetitions: usize, mut works: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..5 {
        for (least, work) in least.iter_mut().zip(&mut works) {
            let start = own_clock();
            for _ in 0..repetitions {
                work();
            }
            *least = least.min((own_clock() - start) / repetitions as f64);
        }
    }
    least
}

/// Milliseconds that this thread has run, to the microsecond; what the scheduler keeps is counted in its ticks, which are longer than some of the work.
#[cfg(unix)]
fn own_clock() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

#[cfg(not(unix))]
fn own_clock() -> f64 {
    wall_clock()
}

fn wall_clock() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}

/// The least time of each piece of work by the clock on the wall, in milliseconds.
pub fn wall_times<const N: usize>(rounds: usize, mut works: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    for _ in 0..rounds {
        for (least, work) in least.iter_mut().zip(&mut works) {
            let start = wall_clock();
            work();
            *least = least.min(wall_clock() - start);
        }
    }
    least
}

/// The largest error, relative where the truth is above 1.
pub fn largest_error(found: &[f64], truth: &[f64]) -> f64 {
    let pairs = found.iter().zip(truth);
    let errors = pairs.map(|(found, truth)| (found - truth).abs() / truth.abs().max(1.0));
    errors.fold(0.0, f64::max)
}

/// A pool of so many threads.
pub fn threads(count: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .build()
        .unwrap()
}
