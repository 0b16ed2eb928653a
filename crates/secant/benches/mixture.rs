//! The Gaussian mixture of ADBench: value and gradient beside a plain gradient written by hand, one thread beside two.
//! `cargo bench -p secant --bench mixture`.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

mod adbench;

use adbench::mixture::{Mixture, Shape, by_hand, per_point};
use adbench::{largest_error, own_times, threads, wall_times};
use divan::{Bencher, black_box};
use secant::{Evaluation, Objective, Recorded};

const SHAPES: [(usize, usize); 2] = [(10, 25), (64, 5)];

struct Case {
    mixture: Mixture,
    data: Vec<Vec<f64>>,
    objective: Objective,
}

impl Case {
    fn new((dimensions, components): (usize, usize), rows: usize) -> Self {
        let shape = Shape {
            dimensions,
            components,
            rows,
        };
        let count = shape.parameters() + dimensions;
        let names: Vec<String> = (0..count).map(|place| format!("v{place}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let loss = Recorded::trace(&names, |inputs| vec![per_point(shape, inputs)]).unwrap();
        let columns: Vec<usize> = (shape.parameters()..count).collect();
        let mixture = Mixture::new(shape);
        Self {
            data: mixture.columns(),
            objective: Objective::sum(&loss, &columns).unwrap(),
            mixture,
        }
    }

    fn columns(&self) -> Vec<&[f64]> {
        self.data.iter().map(Vec::as_slice).collect()
    }

    fn value(&self) -> f64 {
        self.objective
            .value(&self.mixture.parameters, &self.columns())
            .unwrap()
    }

    fn gradient(&self) -> Evaluation {
        self.objective
            .gradient(&self.mixture.parameters, &self.columns())
            .unwrap()
    }

    fn by_hand(&self) -> (f64, Vec<f64>) {
        let mut gradient = vec![0.0; self.mixture.shape.parameters()];
        (by_hand(&self.mixture, &mut gradient), gradient)
    }
}

fn main() {
    println!("milliseconds; 'hand' is value and gradient written plainly");
    println!(
        "  d   K      n   hand  value  value+gradient  hand/gradient  gradient/value  largest error  2 threads  1/2 threads"
    );
    for shape in SHAPES {
        for rows in [1_000, 10_000] {
            ratios(&Case::new(shape, rows));
        }
    }
    divan::main();
}

fn ratios(case: &Case) {
    let Shape {
        dimensions,
        components,
        rows,
    } = case.mixture.shape;
    let (one, two) = (threads(1), threads(2));
    let (value, gradient) = case.by_hand();
    let found = one.install(|| case.gradient());
    assert_eq!(found, two.install(|| case.gradient()), "equal to the bit");
    let error =
        largest_error(&found.gradient, &gradient).max(largest_error(&[found.loss], &[value]));
    assert!(error <= 1e-10, "{error:e}");
    let works: [&mut (dyn FnMut() + Send); 3] = [
        &mut || _ = black_box(case.by_hand()),
        &mut || _ = black_box(case.value()),
        &mut || _ = black_box(case.gradient()),
    ];
    let [hand, value, gradient] =
        one.install(|| own_times(40_000 / rows, works.map(|work| work as &mut dyn FnMut())));
    let [alone, shared] = wall_times(
        100_000 / rows,
        [
            &mut || _ = black_box(one.install(|| case.gradient())),
            &mut || _ = black_box(two.install(|| case.gradient())),
        ],
    );
    println!(
        "{dimensions:3} {components:3} {rows:6} {hand:6.2} {value:6.3} {gradient:15.3} {:14.2} {:15.2} {error:14.1e} {shared:10.3} {:12.2}",
        hand / gradient,
        gradient / value,
        alone / shared,
    );
}

#[divan::bench(args = SHAPES)]
fn value(bencher: Bencher, shape: (usize, usize)) {
    let case = Case::new(shape, 1_000);
    let one = threads(1);
    bencher.bench_local(|| one.install(|| case.value()));
}

#[divan::bench(args = SHAPES)]
fn value_and_gradient(bencher: Bencher, shape: (usize, usize)) {
    let case = Case::new(shape, 1_000);
    let one = threads(1);
    bencher.bench_local(|| one.install(|| case.gradient()));
}

#[divan::bench(args = SHAPES)]
fn value_and_gradient_by_hand(bencher: Bencher, shape: (usize, usize)) {
    let case = Case::new(shape, 1_000);
    bencher.bench_local(|| case.by_hand());
}
