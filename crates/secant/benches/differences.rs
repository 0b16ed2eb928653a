//! What the automatic difference costs beside the function itself: a derivative, and the same evaluations without it.
//! `cargo bench -p secant --bench differences`.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::{Bencher, black_box};
use secant::{Differences, Mode};

/// Counts what is allocated too: a prepared difference allocates nothing.
#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

/// So cheap that nearly all the time is the engine's; it has a curve, so that nothing ends early.
fn cheap(x: f64) -> f64 {
    1.0 / (1.0 + x * x)
}

fn usual(x: f64) -> f64 {
    x.sin() * (-x * x / 2.0).exp()
}

type Plain = fn(f64) -> f64;

const FUNCTIONS: [(&str, Plain); 2] = [("1/(1+x^2)", cheap), ("sin(x)exp(-x^2/2)", usual)];

fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

fn function(name: &str) -> Plain {
    FUNCTIONS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap()
        .1
}

#[divan::bench(args = names())]
fn derivative(bencher: Bencher, name: &str) {
    let (f, mut prepared) = (function(name), Differences::new().prepare(1));
    bencher.bench_local(|| prepared.derivative(f, black_box(1.25)));
}

#[divan::bench(args = names())]
fn cheap_derivative(bencher: Bencher, name: &str) {
    let (f, mut prepared) = (
        function(name),
        Differences::new().mode(Mode::Cheap).prepare(1),
    );
    bencher.bench_local(|| prepared.derivative(f, black_box(1.25)));
}

/// The function alone, as often as the derivative runs it.
#[divan::bench(args = names())]
fn evaluations_alone(bencher: Bencher, name: &str) {
    let f = function(name);
    let count = Differences::new().derivative(f, 1.25).unwrap().evaluations;
    bencher.bench_local(|| {
        (0..count)
            .map(|place| f(black_box(1.25 + place as f64 * 1e-3)))
            .sum::<f64>()
    });
}

#[divan::bench]
fn gradient_of_ten(bencher: Bencher) {
    let at: Vec<f64> = (1..=10).map(f64::from).collect();
    let mut prepared = Differences::new().prepare(10);
    let mut gradient = Vec::with_capacity(10);
    bencher.bench_local(|| {
        let batch = |points: &[f64], values: &mut [f64]| {
            for (point, value) in points.chunks_exact(10).zip(values) {
                *value = point.iter().map(|x| x * x * x).sum();
            }
        };
        prepared.gradient_into(batch, black_box(&at), &mut gradient)
    });
}
