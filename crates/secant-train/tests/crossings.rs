//! Entries of a network of relus that differ from backpropagation are those that are reported to cross a kink, by the thousand.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use secant_train::impact::structured;
use secant_train::{Loss, Network, Objective, data};

const SIZES: [usize; 4] = [2, 32, 16, 3];
const DELTA: f64 = 1e-2;

/// Sample and parameter of entries that cross a kink.
type Crossings = BTreeSet<(usize, usize)>;

/// For one sample, which neurons that a relu follows get more than 0, written out by hand.
fn above(parameters: &[f64], sample: &[f64]) -> Vec<bool> {
    let (mut values, mut rest) = (sample.to_vec(), parameters);
    let mut above = Vec::new();
    for pair in SIZES[..3].windows(2) {
        let (weights, others) = rest.split_at(pair[0] * pair[1]);
        let (biases, others) = others.split_at(pair[1]);
        rest = others;
        let sums = weights
            .chunks_exact(pair[0])
            .zip(biases)
            .map(|(weights, bias)| {
                bias + weights.iter().zip(&values).map(|(w, x)| w * x).sum::<f64>()
            });
        let sums: Vec<f64> = sums.collect();
        above.extend(sums.iter().map(|sum| *sum > 0.0));
        values = sums.iter().map(|sum| sum.max(0.0)).collect();
    }
    above
}

/// What crosses, found by moving each parameter and looking at every neuron.
fn looked_for(parameters: &[f64], samples: &[Vec<f64>], delta: f64) -> Crossings {
    let before: Vec<Vec<bool>> = samples
        .iter()
        .map(|features| above(parameters, features))
        .collect();
    let mut crossings = Crossings::new();
    let mut moved = parameters.to_vec();
    for (place, parameter) in parameters.iter().enumerate() {
        moved[place] = parameter + delta;
        for (sample, (features, before)) in samples.iter().zip(&before).enumerate() {
            if *before != above(&moved, features) {
                crossings.insert((sample, place));
            }
        }
        moved[place] = *parameter;
    }
    crossings
}

#[test]
fn what_differs_from_backpropagation_crosses_a_kink_and_is_told() {
    let network = Network::dense(&SIZES, "relu").unwrap();
    let parameters: Vec<f64> = network.initial(3);
    let spiral = data::spiral::<f64>(100, 3, 0);
    let count = spiral.samples.samples();
    let features = |sample| {
        (0..2)
            .map(|feature| spiral.samples.column(feature)[sample])
            .collect()
    };
    let samples: Vec<Vec<f64>> = (0..count).map(features).collect();
    let mut objective = Objective::new(
        &network,
        &Loss::CrossEntropy,
        &spiral.samples,
        &spiral.targets,
    )
    .unwrap();
    let rows = || vec![0.0; count * parameters.len()];
    let mut gradients = rows();
    objective.gradients(&parameters, &mut gradients).unwrap();
    let mut by_shifts = |delta: f64| {
        let mut rows = rows();
        let mut go_on = |_: usize, _: usize| ControlFlow::Continue(());
        let told = structured(&mut objective, &parameters, delta, &mut rows, &mut go_on).unwrap();
        let told: Crossings = told.crossings.into_iter().collect();
        assert_eq!(
            told,
            looked_for(&parameters, &samples, delta),
            "delta {delta}"
        );
        (rows, told)
    };
    let ((ahead, mut crossings), (behind, others)) = (by_shifts(DELTA), by_shifts(-DELTA));
    crossings.extend(others);
    assert!(crossings.len() > 1000, "{} crossings", crossings.len());
    // Without a kink the mean of both sides is off by the square of delta alone.
    let differs = |entry: &usize| {
        let mean = 0.5 * (ahead[*entry] + behind[*entry]);
        (mean - gradients[*entry]).abs() > 1e-4
    };
    let differing: Crossings = (0..gradients.len())
        .filter(differs)
        .map(|entry| (entry / parameters.len(), entry % parameters.len()))
        .collect();
    assert!(differing.is_subset(&crossings));
    assert!(
        differing.len() * 2 > crossings.len(),
        "{} of {}",
        differing.len(),
        crossings.len()
    );
}
