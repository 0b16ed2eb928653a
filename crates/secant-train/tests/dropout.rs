//! Dropout: drawn in training, and nothing in evaluation.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::optimiser::{Lbfgs, Rule, Schedule};
use secant_train::layer::{Dense, Dropout};
use secant_train::training::{Settings, State, Training};
use secant_train::{Columns, Loss, Network, Objective, Random, Targets, data};

#[test]
fn dropout_leaves_out_and_scales_in_training_alone() {
    let network = Network::new(&[1])
        .then(Dropout::new(0.25).unwrap())
        .unwrap();
    let samples = Columns::from_rows(&[1.0; 1000], 1).unwrap();
    let targets = Targets::Values(Columns::zeros(1000, 1));
    let mut evaluated = Objective::new(&network, &Loss::Absolute, &samples, &targets).unwrap();
    assert_eq!(evaluated.losses(&[]).unwrap(), [1.0; 1000]);
    let mut trained = evaluated.in_training(Random::new(3));
    let losses: Vec<f64> = trained.losses(&[]).unwrap();
    let left_out = losses.iter().filter(|loss| **loss == 0.0).count();
    assert!(
        losses
            .iter()
            .all(|loss| *loss == 0.0 || *loss == 1.0 / 0.75)
    );
    assert!((200..300).contains(&left_out), "{left_out}");
}

#[test]
fn training_draws_what_dropout_leaves_out_and_resumes_to_the_bit() {
    let network = |probability: f64| {
        Network::new(&[2])
            .then(Dense::new(2, 16))
            .unwrap()
            .then(Dropout::new(probability).unwrap())
            .unwrap()
            .then(Dense::new(16, 3))
            .unwrap()
    };
    let spiral = data::spiral::<f64>(20, 3, 0);
    let settings = |rule: Rule, batch: Option<usize>| Settings {
        rule,
        rate: 0.05,
        schedule: Schedule::Constant,
        batch,
        clip: None,
    };
    let (samples, targets) = (&spiral.samples, &spiral.targets);
    for batch in [None, Some(16)] {
        let run = |network: &Network, state: State<f64>, epochs: usize| {
            let settings = settings(Rule::adam(), batch);
            let mut training = Training::new(
                network,
                &Loss::CrossEntropy,
                samples,
                targets,
                settings,
                state,
            )
            .unwrap();
            for _ in 0..epochs {
                training.epoch().unwrap();
            }
            training.into_state()
        };
        let (dropped, whole) = (network(0.5), network(0.0));
        let start = || State::new(dropped.initial(1), Rule::adam(), 7);
        let six = run(&dropped, start(), 6);
        assert_eq!(run(&dropped, run(&dropped, start(), 2), 4), six);
        assert_ne!(run(&whole, start(), 6).parameters, six.parameters);
        if batch.is_none() {
            assert_eq!(run(&whole, start(), 6).random, start().random);
            assert_ne!(six.random, start().random);
        }
    }
    let (dropped, rule) = (network(0.5), Rule::Lbfgs(Lbfgs::default()));
    let state = State::new(dropped.initial(1), rule, 7);
    let refused = Training::new(
        &dropped,
        &Loss::CrossEntropy,
        samples,
        targets,
        settings(rule, None),
        state,
    );
    let message = refused.map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("dropout"), "{message}");
}
