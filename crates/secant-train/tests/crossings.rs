//! Entries of a network of relus that differ from backpropagation are those that are reported to cross a kink, by the thousand.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use secant_train::impact::{features, structured};
use secant_train::{Columns, Loss, Network, Objective, data};

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

#[test]
fn features_that_are_moved_change_the_loss_as_samples_beside_them() {
    let spiral = data::spiral::<f64>(20, 3, 0);
    let mut go_on = |_: usize, _: usize| ControlFlow::Continue(());
    for (activation, sizes) in [
        ("tanh", &[2, 8, 3][..]),
        ("relu", &SIZES),
        ("relu", &[2, 3]),
    ] {
        let network = Network::dense(sizes, activation).unwrap();
        let parameters = network.initial(5);
        for delta in [0.25, -0.5] {
            let mut objective = Objective::new(
                &network,
                &Loss::CrossEntropy,
                &spiral.samples,
                &spiral.targets,
            )
            .unwrap();
            let before = objective.losses(&parameters).unwrap();
            let mut found = Columns::zeros(0, 0);
            let told = |first: usize, columns: &Columns<f64>| {
                assert_eq!(first, 0);
                found = columns.clone();
            };
            let crossings = features(&mut objective, &parameters, delta, told, &mut go_on)
                .unwrap()
                .crossings;
            let mut crossed = BTreeSet::new();
            for feature in 0..2 {
                let mut moved = spiral.samples.clone();
                for x in moved.column_mut(feature) {
                    *x += delta;
                }
                let mut beside =
                    Objective::new(&network, &Loss::CrossEntropy, &moved, &spiral.targets).unwrap();
                for (sample, after) in beside.losses(&parameters).unwrap().iter().enumerate() {
                    let expected = (after - before[sample]) / delta;
                    let found = found.at(sample, feature);
                    assert!((found - expected).abs() < 1e-13, "{found}, {expected}");
                    let at =
                        |samples: &Columns<f64>| [samples.at(sample, 0), samples.at(sample, 1)];
                    if sizes == SIZES
                        && above(&parameters, &at(&spiral.samples))
                            != above(&parameters, &at(&moved))
                    {
                        crossed.insert((sample, feature));
                    }
                }
            }
            assert_eq!(crossings.into_iter().collect::<BTreeSet<_>>(), crossed);
            assert_eq!(crossed.is_empty(), sizes != SIZES);
        }
        // A way so short that two losses beside each other have no digits to tell it by.
        let mut objective = Objective::new(
            &network,
            &Loss::CrossEntropy,
            &spiral.samples,
            &spiral.targets,
        )
        .unwrap();
        let mut slopes = Columns::zeros(0, 0);
        objective
            .input_gradients(&parameters, |_, columns| slopes = columns.clone())
            .unwrap();
        let mut found = Columns::zeros(0, 0);
        let told = |_: usize, columns: &Columns<f64>| found = columns.clone();
        let crossings = features(&mut objective, &parameters, 1e-11, told, &mut go_on)
            .unwrap()
            .crossings;
        // The middle of the spiral lies on all kinks of a network without biases.
        assert!(crossings.iter().all(|(sample, _)| sample % 20 == 0));
        for sample in (0..60).filter(|sample| sample % 20 > 0) {
            for feature in 0..2 {
                let (found, slope) = (found.at(sample, feature), slopes.at(sample, feature));
                assert!((found - slope).abs() < 1e-10, "{found}, {slope}");
            }
        }
    }
}

#[test]
fn features_are_moved_by_something_and_can_be_stopped() {
    let network = Network::dense(&[2, 3, 3], "tanh").unwrap();
    let spiral = data::spiral::<f64>(5, 3, 0);
    let mut objective = Objective::new(
        &network,
        &Loss::CrossEntropy,
        &spiral.samples,
        &spiral.targets,
    )
    .unwrap();
    let parameters = network.initial(0);
    for odd in [0.0, f64::NAN, f64::INFINITY] {
        let refused = features(&mut objective, &parameters, odd, |_, _| {}, &mut |_, _| {
            ControlFlow::Continue(())
        });
        assert!(refused.unwrap_err().message().contains("moves nothing"));
    }
    let stopped = features(&mut objective, &parameters, 1.0, |_, _| {}, &mut |_, _| {
        ControlFlow::Break(())
    });
    assert!(stopped.unwrap_err().message().contains("stopped"));
}
