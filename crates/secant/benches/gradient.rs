//! The gradient of a log-sum-exp of quadratics in 50 variables: cost in operations, and time beside the function itself
//! and beside a gradient written by hand. `cargo bench -p secant --bench gradient`.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

mod workloads;

use divan::{Bencher, black_box};
use secant::{Graph, Program};
use workloads::{INPUTS, centre, log_sum_exp, names, weight};

fn main() {
    let (value, both) = programs();
    let (value, both) = (value.operations(), both.operations());
    println!(
        "function {value} operations; with its gradient {both}, {:.2} times",
        both as f64 / value as f64
    );
    divan::main();
}

/// The function, and the function with its gradient.
fn programs() -> (Program, Program) {
    let names = names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut graph, roots) = Graph::trace(&names, |inputs| vec![log_sum_exp(inputs)]).unwrap();
    let value = Program::new(&graph, &roots);
    let gradient = graph.gradient(roots[0], &(0..INPUTS).collect::<Vec<_>>());
    (value, Program::new(&graph, &[roots, gradient].concat()))
}

fn point() -> Vec<f64> {
    (0..INPUTS).map(|i| (i as f64 * 0.37).sin()).collect()
}

#[divan::bench]
fn value(bencher: Bencher) {
    let ((program, _), x) = (programs(), point());
    bencher.bench_local(|| program.run(black_box(&x)));
}

#[divan::bench]
fn value_and_gradient_program(bencher: Bencher) {
    let ((_, program), x) = (programs(), point());
    bencher.bench_local(|| program.run(black_box(&x)));
}

#[divan::bench]
fn gradient_by_sweep(bencher: Bencher) {
    let ((program, _), x) = (programs(), point());
    bencher.bench_local(|| program.pullback(black_box(&x), &[1.0]));
}

#[divan::bench]
fn value_by_hand(bencher: Bencher) {
    let x = point();
    bencher.bench_local(|| log_sum_exp::<f64>(black_box(&x)));
}

#[divan::bench]
fn value_and_gradient_by_hand(bencher: Bencher) {
    let x = point();
    bencher.bench_local(|| by_hand(black_box(&x)));
}

/// What a person would write: the sum, then each weight over the sum times the slope of its quadratic.
fn by_hand(x: &[f64]) -> (f64, Vec<f64>) {
    let quadratic = |k| {
        x.iter()
            .enumerate()
            .map(|(i, x)| weight(i, k) * (x - centre(i, k)).powi(2))
            .sum::<f64>()
    };
    let exponentials: Vec<f64> = (0..10).map(|k| quadratic(k).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    let slope = |i: usize| {
        (0..10)
            .map(|k| exponentials[k] / sum * 2.0 * weight(i, k) * (x[i] - centre(i, k)))
            .sum()
    };
    (sum.ln(), (0..INPUTS).map(slope).collect())
}

/// From traced function to gradient program: what preparing costs.
#[divan::bench]
fn prepare() -> (Program, Program) {
    programs()
}
