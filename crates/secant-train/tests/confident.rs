//! Cross-entropies of samples that are nearly certain keep their digits: loss, gradient and second derivatives against 50 digits (`spec/reference/confident.py`).

#![allow(missing_docs, clippy::panic, clippy::unwrap_used)]

use secant_train::layer::Dense;
use secant_train::{Columns, Loss, Network, Objective, Targets};

fn numbers(list: &str) -> Vec<f64> {
    let words = list.split_whitespace();
    words.map(|word| word.parse().unwrap()).collect()
}

/// Loss and targets of a case by its name.
fn asked(name: &str) -> (Loss, Targets<f64>) {
    let (kind, given) = name.split_once(' ').unwrap();
    let given = numbers(given);
    match kind {
        "label" => (Loss::CrossEntropy, Targets::Labels(vec![given[0] as usize])),
        "shares" => (Loss::CrossEntropy, one_row(&given)),
        _ => (Loss::BinaryCrossEntropy, one_row(&given)),
    }
}

fn one_row(row: &[f64]) -> Targets<f64> {
    Targets::Values(Columns::from_rows(row, row.len()).unwrap())
}

/// A term of exp(y) is as wrong as its argument is rounded.
fn near(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() <= 1e-13 * expected.abs(),
        "{what}: {found:e}, not {expected:e}"
    );
}

#[test]
fn a_sample_that_is_nearly_certain_keeps_the_digits_of_its_gradient() {
    for line in include_str!("../../../spec/networks/confident.txt").lines() {
        let (name, lists) = line.split_once("; ").unwrap();
        let lists: Vec<Vec<f64>> = lists.split("; ").map(numbers).collect();
        let [outputs, direction, losses, gradient, turned] = lists.as_slice() else {
            panic!("{line}");
        };
        // A layer without input: its biases are the outputs.
        let size = outputs.len();
        let network = Network::new(&[1]).then(Dense::new(1, size)).unwrap();
        let sample = Columns::from_rows(&[0.0], 1).unwrap();
        let (loss, targets) = asked(name);
        let mut objective = Objective::new(&network, &loss, &sample, &targets).unwrap();
        let with_biases = |biases: &[f64]| [&vec![0.0; size], biases].concat();
        let parameters = with_biases(outputs);
        let mut found = vec![0.0; 2 * size];
        let value = objective.gradient(&parameters, &mut found).unwrap();
        near(value, losses[0], line);
        near(objective.loss(&parameters).unwrap(), losses[0], line);
        for (found, expected) in found[size..].iter().zip(gradient) {
            near(*found, *expected, line);
        }
        let mut product = vec![0.0; 2 * size];
        objective
            .hessian_vector(&parameters, &with_biases(direction), &mut product)
            .unwrap();
        for (found, expected) in product[size..].iter().zip(turned) {
            near(*found, *expected, line);
        }
    }
}
