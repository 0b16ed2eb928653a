//! How far losses move when a parameter moves, naively and by shifts of neurons, against 50 digits.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::ops::ControlFlow;

use common::{ACTIVATIONS, Reference, close, network};
use secant_train::impact::{Structured, naive, structured};
use secant_train::{Loss, Objective};

const LOSSES: [&str; 3] = ["cross-entropy", "squared", "huber"];

fn loss(name: &str) -> Loss {
    match name {
        "cross-entropy" => Loss::CrossEntropy,
        "squared" => Loss::Squared,
        _ => Loss::Huber { delta: 0.5 },
    }
}

fn go_on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The rows by both ways, and what the second tells beside.
fn both(
    objective: &mut Objective<'_, f64>,
    parameters: &[f64],
    samples: usize,
    delta: f64,
) -> (Vec<f64>, Vec<f64>, Structured) {
    let mut by_hand = vec![0.0; parameters.len() * samples];
    naive(objective, parameters, delta, &mut by_hand, &mut go_on).unwrap();
    let mut by_shifts = vec![0.0; parameters.len() * samples];
    let told = structured(objective, parameters, delta, &mut by_shifts, &mut go_on).unwrap();
    (by_hand, by_shifts, told)
}

fn pairs(numbers: &[f64]) -> Vec<(usize, usize)> {
    numbers
        .chunks_exact(2)
        .map(|pair| (pair[0] as usize, pair[1] as usize))
        .collect()
}

#[test]
fn changes_are_those_of_fifty_digits() {
    for (reach, delta, naive_error) in [("near", 1e-4, 1e-11), ("far", 0.03125, 1e-13)] {
        for activation in ACTIVATIONS {
            let (given, truth) = (
                Reference::read(activation),
                Reference::read(&format!("{activation}.changes")),
            );
            let (network, samples, parameters) = (
                network(activation),
                given.samples(),
                given.get("parameters"),
            );
            for name in LOSSES {
                let (loss, targets) = (loss(name), given.targets(name));
                let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
                let (by_hand, by_shifts, told) =
                    both(&mut objective, parameters, samples.samples(), delta);
                let what = format!("{activation}, {name}, {reach}");
                let truth = |name: &str| truth.get(&format!("{reach}.{name}"));
                // A far shift through gelu is the difference of two values, which are not close then.
                let most = if reach == "far" {
                    4.0 * f64::EPSILON / delta
                } else {
                    4e-15
                };
                close(&by_shifts, truth(name), most, &what);
                // Two losses of size L are subtracted, so the naive way is off in proportion to L.
                for ((sample, loss), size) in objective
                    .losses(parameters)
                    .unwrap()
                    .iter()
                    .enumerate()
                    .zip([parameters.len(); 6])
                {
                    let row = sample * size..(sample + 1) * size;
                    let most = naive_error * loss.max(1.0);
                    close(
                        &by_hand[row.clone()],
                        &truth(name)[row.clone()],
                        most,
                        &what,
                    );
                    close(&by_shifts[row.clone()], &by_hand[row], most, &what);
                }
                assert_eq!(told.crossings, pairs(truth("crossed")), "{what}");
                let nearer = by_shifts.iter().zip(&by_hand).zip(truth(name));
                let nearer = nearer
                    .filter(|((shift, hand), truth)| {
                        (*shift - *truth).abs() <= (*hand - *truth).abs()
                    })
                    .count();
                println!(
                    "{what}: nearer in {:.1} % of entries, {} carried alone",
                    100.0 * nearer as f64 / by_hand.len() as f64,
                    told.alone
                );
                assert!(
                    reach == "far" || nearer * 100 >= 95 * by_hand.len(),
                    "{what}: {nearer}"
                );
            }
        }
    }
}
