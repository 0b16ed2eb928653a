//! The bundle adjustment of ADBench: residuals and Jacobian by compressed rows, beside a Jacobian written plainly by hand.
//! `cargo bench -p secant --bench bundle`.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

mod adbench;

use adbench::bundle::{Bundle, ENTRIES, by_hand, per_observation};
use adbench::{largest_error, own_times, threads, wall_times};
use divan::{Bencher, black_box};
use secant::Recorded;
use secant::combine::Gather;

/// Cameras, points and observations of ADBench's first and fifth problem.
const SIZES: [(usize, usize, usize); 2] = [(49, 7_776, 31_843), (257, 65_132, 225_911)];

struct Case {
    bundle: Bundle,
    gather: Gather,
    residuals: Vec<f64>,
    entries: Vec<f64>,
}

impl Case {
    fn new((cameras, points, observations): (usize, usize, usize)) -> Self {
        let bundle = Bundle::new(cameras, points, observations);
        let names: Vec<String> = (0..17).map(|place| format!("v{place}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let function = Recorded::trace(&names, per_observation).unwrap();
        Self {
            gather: Gather::new(&function, bundle.parameters.len(), bundle.picks()).unwrap(),
            residuals: vec![0.0; 3 * observations],
            entries: vec![0.0; ENTRIES * observations],
            bundle,
        }
    }

    fn jacobian(&mut self) {
        let parameters = black_box(&self.bundle.parameters);
        self.gather
            .jacobian_into(parameters, &mut self.residuals, &mut self.entries)
            .unwrap();
    }

    fn by_hand(&mut self) {
        by_hand(
            black_box(&self.bundle),
            &mut self.residuals,
            &mut self.entries,
        );
    }
}

fn main() {
    println!("milliseconds, residuals and Jacobian; 'hand' is written plainly");
    println!("cameras points observations    hand  secant  secant/hand  largest error  2 threads");
    for size in SIZES {
        ratios(size);
    }
    divan::main();
}

fn ratios(size: (usize, usize, usize)) {
    let (one, two) = (threads(1), threads(2));
    let [mut ours, mut other, mut shared] = [0; 3].map(|_| Case::new(size));
    one.install(|| ours.jacobian());
    other.by_hand();
    let error = largest_error(&ours.entries, &other.entries)
        .max(largest_error(&ours.residuals, &other.residuals));
    assert!(error <= 1e-10, "{error:e}");
    let works: [&mut (dyn FnMut() + Send); 2] = [&mut || other.by_hand(), &mut || ours.jacobian()];
    let [hand, secant] = one.install(|| own_times(10, works.map(|work| work as &mut dyn FnMut())));
    let [threads] = wall_times(20, [&mut || two.install(|| shared.jacobian())]);
    println!(
        "{:7} {:6} {:12} {hand:7.2} {secant:7.2} {:12.2} {error:14.1e} {threads:10.2}",
        size.0,
        size.1,
        size.2,
        secant / hand
    );
}

#[divan::bench]
fn jacobian(bencher: Bencher) {
    let mut case = Case::new(SIZES[0]);
    let one = threads(1);
    bencher.bench_local(|| one.install(|| case.jacobian()));
}

#[divan::bench]
fn jacobian_by_hand(bencher: Bencher) {
    let mut case = Case::new(SIZES[0]);
    bencher.bench_local(|| case.by_hand());
}
