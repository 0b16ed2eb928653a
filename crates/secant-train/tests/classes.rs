//! Which class a network sees is told by its loss, once for accuracy and pictures alike.

#![allow(missing_docs, clippy::unwrap_used)]

use secant_train::layer::{Activation, Dense};
use secant_train::{Columns, Loss, Network, Objective, Targets};

/// The share of samples that a line `weight x + bias` sees right.
fn accuracy(loss: &str, ending: Option<&str>, line: [f64; 2], targets: &[f64]) -> f64 {
    let mut network = Network::new(&[1]).then(Dense::new(1, 1)).unwrap();
    if let Some(ending) = ending {
        network = network.then(Activation::named(ending).unwrap()).unwrap();
    }
    let samples = Columns::from_rows(&[-2.0, -1.0, 1.0, 2.0], 1).unwrap();
    let targets = Targets::Values(Columns::from_rows(targets, 1).unwrap());
    let loss = Loss::parse(loss).unwrap();
    let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
    objective.loss_and_accuracy(&line).unwrap().1.unwrap()
}

#[test]
fn one_output_is_of_the_class_whose_loss_is_less() {
    let targets = [0.0, 0.0, 1.0, 1.0];
    // From 0.02 to 0.98: fitted well as numbers, and all above 0.
    for loss in ["squared", "absolute", "huber", "(y - t)^2", "abs(y - t)"] {
        assert_eq!(accuracy(loss, None, [0.24, 0.5], &targets), 1.0, "{loss}");
        assert_eq!(accuracy(loss, None, [0.24, 1.5], &targets), 0.5, "{loss}");
    }
    for loss in [
        "binary-cross-entropy",
        "softplus(y) - t y",
        "max(0, 1 - (2t - 1) y)",
    ] {
        assert_eq!(accuracy(loss, None, [0.24, 0.0], &targets), 1.0, "{loss}");
        assert_eq!(accuracy(loss, None, [0.24, 0.5], &targets), 0.5, "{loss}");
    }
    // A sigmoid as the last layer gives shares, all of them above 0.
    for loss in ["squared", "-t ln(y) - (1 - t) ln(1 - y)"] {
        let found = accuracy(loss, Some("sigmoid"), [3.0, 0.0], &targets);
        assert_eq!(found, 1.0, "{loss}");
    }
}

#[test]
fn what_is_no_number_is_seen_as_no_class() {
    for loss in ["squared", "binary-cross-entropy"] {
        for class in [0.0, 1.0] {
            let found = accuracy(loss, None, [f64::NAN, 0.0], &[class; 4]);
            assert_eq!(found, 0.0, "{loss}");
        }
    }
    let outputs = Columns::from_rows(&[f64::NAN, f64::NAN, 1.0, f64::NAN, 2.0, 2.0], 2).unwrap();
    let seen = [0, 1, 2].map(|sample| Loss::CrossEntropy.class(&outputs, sample));
    assert_eq!(seen, [None, None, Some(0)]);
    assert!(Loss::CrossEntropy.lead(&outputs, 1, 0).is_nan());
}

#[test]
fn a_class_leads_where_it_is_seen() {
    let outputs = Columns::from_rows(&[0.25, 0.75], 1).unwrap();
    for (loss, seen) in [(Loss::Squared, [0, 1]), (Loss::BinaryCrossEntropy, [1, 1])] {
        for (sample, seen) in seen.into_iter().enumerate() {
            assert_eq!(loss.class(&outputs, sample), Some(seen));
            assert!(loss.lead(&outputs, sample, seen) > 0.0);
            assert!(loss.lead(&outputs, sample, 1 - seen) < 0.0);
        }
    }
}
