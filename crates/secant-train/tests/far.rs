//! Long ways, on which a loss may turn many times between the few places where shifts of neurons look at it first: there every parameter is moved by itself.

#![allow(missing_docs, clippy::unwrap_used)]

use std::ops::ControlFlow;

use secant_train::impact::{features, naive, structured};
use secant_train::layer::{Activation, Dense, LayerNorm, Softmax};
use secant_train::{Columns, Loss, Network, Objective, Random, Targets};

/// By shifts of neurons as by hand, to the rounding of what is subtracted by hand.
fn agree(network: &Network, loss: &Loss, rows: (&[f64], &[f64]), parameters: &[f64], delta: f64) {
    let columns = |rows: &[f64], width: usize| Columns::from_rows(rows, width).unwrap();
    let samples = columns(rows.0, network.features());
    let targets = Targets::Values(columns(rows.1, network.outputs_count()));
    let mut objective = Objective::new(network, loss, &samples, &targets).unwrap();
    let mut by_hand = vec![0.0; samples.samples() * parameters.len()];
    let mut by_shifts = by_hand.clone();
    let mut go_on = |_, _| ControlFlow::Continue(());
    naive(&mut objective, parameters, delta, &mut by_hand, &mut go_on).unwrap();
    structured(
        &mut objective,
        parameters,
        delta,
        &mut by_shifts,
        &mut go_on,
    )
    .unwrap();
    let losses = objective.losses(parameters).unwrap();
    let of_samples = by_hand
        .chunks(parameters.len())
        .zip(by_shifts.chunks(parameters.len()));
    for ((by_hand, by_shifts), loss) in of_samples.zip(losses) {
        for (place, (hand, shift)) in by_hand.iter().zip(by_shifts).enumerate() {
            let size = loss.abs().max((loss + hand * delta).abs()).max(1.0);
            assert!(
                (hand - shift).abs() * delta.abs() <= 1e-10 * size,
                "{network:?}, {loss:?}, parameter {place}, delta {delta}: {hand} by hand, {shift} by shifts"
            );
        }
    }
}

#[test]
fn an_activation_that_turns_as_often_as_it_is_looked_at() {
    // sin(s)^2 is 0 at all of 3π, π, -π, -3π, and so its slope at 0: a line would go through all of it.
    let network = Network::dense(&[2, 1, 1], "x + sin(x)^2").unwrap();
    let three = 3.0 * std::f64::consts::PI;
    for bias in [0.3, 0.0] {
        let parameters = [0.01, 0.02, bias, 1.0, 0.0];
        let rows: (&[f64], &[f64]) = (&[10.0 * three, 20.0], &[0.0]);
        agree(&network, &Loss::Squared, rows, &parameters, 0.1);
    }
}

#[test]
fn a_loss_that_turns_as_often_as_it_is_looked_at() {
    let network = Network::dense(&[2, 1], "relu").unwrap();
    let three = 3.0 * std::f64::consts::PI;
    let loss = Loss::parse("y + sin(y - t)^2").unwrap();
    agree(
        &network,
        &loss,
        (&[10.0 * three, 20.0], &[0.5]),
        &[0.01, 0.02, 0.1],
        0.1,
    );
}

#[test]
fn a_bump_between_two_looks() {
    // tanh(x - 450) - tanh(x - 460) is 2 between the two, and nothing at the third, at minus a third, at 1 and at -1 of 900.
    let network = Network::dense(&[2, 1, 2, 1], "tanh").unwrap();
    let far = Network::new(&[2])
        .then(Dense::new(2, 1))
        .and_then(|network| network.then(Dense::new(1, 2)))
        .and_then(|network| network.then(Activation::named("tanh")?))
        .and_then(|network| network.then(Dense::new(2, 1)))
        .unwrap();
    assert_eq!(network.parameters(), far.parameters());
    let parameters = [0.0, 0.0, 0.0, 1.0, 1.0, -450.0, -460.0, 1.0, -1.0, 3.0];
    agree(
        &far,
        &Loss::Squared,
        (&[900.0, 455.0], &[0.0]),
        &parameters,
        1.0,
    );
    // So is the share of a class that is largest on a part of the way alone.
    let shares = Network::new(&[2])
        .then(Dense::new(2, 1))
        .and_then(|network| network.then(Dense::new(1, 3)))
        .and_then(|network| network.then(Softmax))
        .and_then(|network| network.then(Dense::new(3, 1)))
        .unwrap();
    let parameters = [
        0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, -450.0, -910.0, 0.0, 1.0, 0.0, 0.0,
    ];
    agree(
        &shares,
        &Loss::Squared,
        (&[900.0, 455.0], &[0.0]),
        &parameters,
        1.0,
    );
}

#[test]
fn networks_of_all_kinds_at_deltas_of_all_sizes() {
    let activations = [
        "relu",
        "tanh",
        "sigmoid",
        "gelu",
        "x + sin(x)^2",
        "max(x, 0.01 x)",
        "exp(-x^2)",
        "x",
    ];
    let losses = ["squared", "huber", "cross-entropy", "log(1 + (y - t)^2)"];
    let mut random = Random::new(7);
    for round in 0..160_u64 {
        let activation = activations[random.below(8) as usize];
        let network = Network::dense(&[3, 4, 3, 2], activation).unwrap();
        let loss = Loss::parse(losses[random.below(4) as usize]).unwrap();
        let spread = 10_f64.powf(3.0 * random.uniform());
        let inputs: Vec<f64> = (0..15).map(|_| spread * random.normal()).collect();
        let targets: Vec<f64> = (0..5)
            .flat_map(|_| {
                let share = random.uniform();
                [share, 1.0 - share]
            })
            .collect();
        let parameters: Vec<f64> = network.initial(round);
        let delta = 10_f64.powf(-3.0 + 4.0 * random.uniform());
        agree(&network, &loss, (&inputs, &targets), &parameters, delta);
    }
}

#[test]
fn what_falls_from_large_to_small_is_found_again() {
    // exp(40) falls to exp(0.001): of the sum of both no digit is left, and the norm scales what is left up again. 80 digits: 0.00922852267688.
    let norm = Network::new(&[2])
        .then(Activation::named("exp").unwrap())
        .and_then(|network| network.then(LayerNorm::new(2)))
        .and_then(|network| network.then(Dense::new(2, 1).without_bias()))
        .unwrap();
    let parameters = [1.0, 1.0, 0.0, 0.0, 0.7, 0.2];
    for w in [10.0, 20.0, 40.0, 60.0] {
        let samples = Columns::from_rows(&[w, 0.0], 2).unwrap();
        let targets = Targets::Values(Columns::from_rows(&[0.3], 1).unwrap());
        let mut objective = Objective::new(&norm, &Loss::Squared, &samples, &targets).unwrap();
        let delta = -(w - 1e-3);
        let mut found = 0.0;
        let told = |_: usize, moved: &Columns<f64>| found = moved.at(0, 0) * delta;
        let mut go_on = |_, _| ControlFlow::Continue(());
        features(&mut objective, &parameters, delta, told, &mut go_on).unwrap();
        assert!((found - 0.009_228_522_677).abs() < 1e-11, "{w}: {found}");
    }
    // The loss goes from 0 to ln(1 + 1/e).
    let logits = Network::new(&[1])
        .then(Dense::new(1, 1).without_bias())
        .and_then(|network| network.then(Activation::named("exp").unwrap()))
        .and_then(|network| network.then(Dense::new(1, 2).without_bias()))
        .unwrap();
    let samples = Columns::from_rows(&[0.5], 1).unwrap();
    let targets = Targets::Labels(vec![0]);
    let mut objective = Objective::new(&logits, &Loss::CrossEntropy, &samples, &targets).unwrap();
    let mut rows = [0.0; 3];
    let mut go_on = |_, _| ControlFlow::Continue(());
    structured(
        &mut objective,
        &[80.0, 1.0, 0.0],
        -80.0,
        &mut rows,
        &mut go_on,
    )
    .unwrap();
    assert!(
        (rows[0] * -80.0 - (-1.0_f64).exp().ln_1p()).abs() < 1e-14,
        "{rows:?}"
    );
}
