//! Derivatives of high order: jets beside the derivative as a formula. `cargo bench -p secant --bench orders`.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::{Bencher, black_box};
use secant::method::{Symbolic, Taylor};
use secant::{Formula, Recorded, derivative};

fn main() {
    divan::main();
}

fn function() -> Recorded {
    Recorded::from(&Formula::parse("sin(x)*exp(x^2)/(1+x^2)").unwrap())
}

/// Value and proven bound at a point.
#[divan::bench(args = [1, 5, 10, 20, 50])]
fn jets(bencher: Bencher, order: usize) {
    let (f, wrt) = (function(), vec![0; order]);
    bencher.bench_local(|| derivative(&Taylor, black_box(&f), &[0.75], &wrt).unwrap());
}

/// The same by differentiating the formula, as far as that serves.
#[divan::bench(args = [1, 5, 10])]
fn symbolic(bencher: Bencher, order: usize) {
    let (f, wrt) = (function(), vec![0; order]);
    bencher.bench_local(|| derivative(&Symbolic, black_box(&f), &[0.75], &wrt).unwrap());
}
