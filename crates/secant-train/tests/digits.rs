//! Differences that keep their digits where two values would have few in common, or none: formulas as activations and losses, and shifts so long
//! that a probability goes from 1 to 0.

#![allow(missing_docs, clippy::unwrap_used)]

use std::ops::ControlFlow;

use secant_train::impact::structured;
use secant_train::layer::{Dense, Met};
use secant_train::{Columns, Elementwise, Loss, Network, Objective, Targets};

fn moved(text: &str, x: f64, shift: f64) -> (f64, bool) {
    let function = Elementwise::formula(text).unwrap();
    let (mut value, mut moved, mut met) = ([0.0], [f64::NAN], [Met::default()]);
    function.value(&[x], &mut value);
    function.difference(&[x], &value, &[shift], &mut moved, &mut met);
    (moved[0], met[0].kink)
}

fn near(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() <= 4e-15 * expected.abs(),
        "{what}: {found}, not {expected}"
    );
}

#[test]
fn a_formula_that_is_not_smooth_everywhere_keeps_its_digits_where_it_is() {
    for shift in [1e-12, -1e-12, 1e-5] {
        let x = 0.7_f64;
        let squares = shift * (x + x + shift);
        let roots = (1.0 + x * x + squares).sqrt() + (1.0 + x * x).sqrt();
        for (text, expected) in [
            ("abs(x)", shift),
            ("abs(x - 1)", -shift),
            ("max(x, 0.01 x)", shift),
            ("ln(1 + x^2)", (squares / (1.0 + x * x)).ln_1p()),
            ("sqrt(1 + x^2) + x", squares / roots + shift),
            ("x^2 + abs(x)", squares + shift),
        ] {
            let (found, crossed) = moved(text, x, shift);
            assert!(!crossed, "{text}");
            near(found, expected, text);
        }
    }
    // Beside a million the shift is lost in the sum of the two, and not in what is made of it.
    for text in ["max(x, 0)", "abs(x)", "relu(x) + 0 x"] {
        near(moved(text, 1e6, 1e-9).0, 1e-9, text);
    }
}

#[test]
fn a_kink_on_the_way_is_told_and_the_values_are_subtracted() {
    assert_eq!(moved("abs(x)", -0.25, 1.0), (0.5, true));
    assert_eq!(moved("max(x, 0)", 0.0, -1.0), (0.0, true));
    assert_eq!(moved("abs(x)", -0.25, 0.125), (-0.125, false));
}

#[test]
fn a_kink_beside_a_large_value_costs_no_digits() {
    for (text, x, shift, expected) in [
        ("1000 + abs(x)", 1e-13, -3e-13, 1e-13),
        ("1000 + abs(x)", 0.0, -3e-13, 3e-13),
        ("5 - 2 max(x, 0) - x", -1e-12, 2e-12, -4e-12),
        ("7 + x + abs(x)", 0.0, 1e-9, 2e-9),
    ] {
        let (found, crossed) = moved(text, x, shift);
        assert!(crossed, "{text}");
        near(found, expected, text);
    }
    // A jump is no matter of digits.
    assert_eq!(moved("8 + floor(x)/1024", -0.5, 1.0), (1.0 / 1024.0, true));
    let targets = Targets::Values(Columns::from_rows(&[0.0], 1).unwrap());
    let loss = Loss::parse("abs(y - t) + 1000").unwrap();
    near(change(&loss, &targets, 1, 1e-13, -3e-13), 1e-13, "loss");
}

#[test]
fn a_way_that_bends_much_keeps_its_digits_beside_a_large_value() {
    let shift = 1e-4_f64;
    near(moved("1 + x^4", 0.0, shift).0, shift.powi(4), "x^4");
    near(moved("5 + x^6", 0.0, -shift).0, shift.powi(6), "x^6");
    // Where the two values differ in their leading digits, they are subtracted.
    assert_eq!(moved("1 + x^4", 0.0, 2.0), (16.0, false));
}

/// How far the loss of the one sample, 1, moves when the first weight of a dense layer does, by shifts; the others and the biases are 0.
fn change(loss: &Loss, targets: &Targets<f64>, outputs: usize, weight: f64, delta: f64) -> f64 {
    let network = Network::new(&[1]).then(Dense::new(1, outputs)).unwrap();
    let samples = Columns::from_rows(&[1.0], 1).unwrap();
    let mut parameters = vec![0.0; network.parameters()];
    parameters[0] = weight;
    let mut objective = Objective::new(&network, loss, &samples, targets).unwrap();
    let mut rows = vec![0.0; parameters.len()];
    let mut go_on = |_, _| ControlFlow::Continue(());
    structured(&mut objective, &parameters, delta, &mut rows, &mut go_on).unwrap();
    rows[0] * delta
}

/// `ln(1 + exp(x))`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[test]
fn a_long_shift_moves_a_cross_entropy_as_far_as_it_does() {
    for (weight, delta) in [
        (50.0_f64, -60.0),
        (50.0, 1000.0),
        (-50.0, 60.0),
        (-800.0, 801.0),
        (0.5, -2000.0),
        (-45.0, 2.0),
        (3.0, 0.375),
    ] {
        let loss = Loss::CrossEntropy;
        let softplus_moved = if weight < -40.0 && weight + delta < -40.0 {
            (weight + delta).exp() - weight.exp()
        } else {
            softplus(weight + delta) - softplus(weight)
        };
        let what = format!("{weight}, {delta}");
        let second = change(&loss, &Targets::Labels(vec![1]), 2, weight, delta);
        near(second, softplus_moved, &what);
        // Of the class that is right: the same from the other side.
        let own = change(&loss, &Targets::Labels(vec![0]), 2, -weight, -delta);
        near(own, softplus_moved, &what);
        for (target, weight, delta) in [(0.0, weight, delta), (1.0, -weight, -delta)] {
            let targets = Targets::Values(Columns::from_rows(&[target], 1).unwrap());
            let binary = change(&Loss::BinaryCrossEntropy, &targets, 1, weight, delta);
            near(binary, softplus_moved, &what);
        }
    }
}

#[test]
fn a_sample_far_on_the_right_side_still_has_a_loss_and_moves_it() {
    let targets = Targets::Values(Columns::from_rows(&[1.0], 1).unwrap());
    let loss = Loss::BinaryCrossEntropy;
    let small = (-50.0_f64).exp();
    for delta in [1e-4_f64, -1e-4] {
        let found = change(&loss, &targets, 1, 50.0, delta);
        near(found, small * (-delta).exp_m1(), "binary");
    }
    let network = Network::new(&[1]).then(Dense::new(1, 1)).unwrap();
    let samples = Columns::from_rows(&[1.0], 1).unwrap();
    let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
    let mut gradient = [0.0; 2];
    near(
        objective.gradient(&[50.0, 0.0], &mut gradient).unwrap(),
        small,
        "loss",
    );
    near(gradient[0], -small, "derivative");
}

#[test]
fn a_loss_that_is_a_formula_keeps_its_digits() {
    let targets = Targets::Values(Columns::from_rows(&[0.25], 1).unwrap());
    for (delta, residual) in [(1e-12, 1.75_f64), (1e-9, 1.75)] {
        let loss = Loss::parse("(y - t)^2").unwrap();
        let found = change(&loss, &targets, 1, 2.0, delta);
        near(found, delta * (2.0 * residual + delta), "square");
        let loss = Loss::parse("abs(y - t) + 1000").unwrap();
        near(change(&loss, &targets, 1, 2.0, delta), delta, "abs");
    }
}

#[test]
fn a_long_shift_in_single_precision_is_right_too() {
    let network = Network::new(&[1]).then(Dense::new(1, 2)).unwrap();
    let samples = Columns::from_rows(&[1.0_f32], 1).unwrap();
    let targets = Targets::Labels(vec![1]);
    let loss = Loss::CrossEntropy;
    let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
    for (weight, delta) in [(50.0, -60.0), (-200.0, 201.0), (1.0, 300.0)] {
        let mut rows = [0.0_f32; 4];
        let mut go_on = |_, _| ControlFlow::Continue(());
        let parameters = [weight as f32, 0.0, 0.0, 0.0];
        let step = delta as f32;
        structured(&mut objective, &parameters, step, &mut rows, &mut go_on).unwrap();
        let (found, expected) = (
            f64::from(rows[0]) * delta,
            softplus(weight + delta) - softplus(weight),
        );
        assert!(
            (found - expected).abs() <= 1e-6 * expected.abs(),
            "{weight}, {delta}: {found}, not {expected}"
        );
    }
}
