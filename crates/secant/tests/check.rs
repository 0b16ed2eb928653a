//! The gradient check: right gradients pass, planted faults are named, and where a finding is in doubt that is said.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::method::Difference;
use secant::{BlackBox, Strictness, check_gradient};

/// Sum of sin(x_j) * (1 + j mod 7): its gradient is known.
fn waves(x: &[f64]) -> f64 {
    x.iter().enumerate().map(|(j, x)| x.sin() * weight(j)).sum()
}

fn weight(j: usize) -> f64 {
    1.0 + (j % 7) as f64
}

fn wave_gradient(x: &[f64]) -> Vec<f64> {
    x.iter()
        .enumerate()
        .map(|(j, x)| x.cos() * weight(j))
        .collect()
}

fn place(count: usize) -> Vec<f64> {
    (0..count).map(|j| 0.5 + 0.001 * j as f64).collect()
}

#[test]
fn a_right_gradient_passes_at_the_cost_of_a_few_directions() {
    let at = place(400);
    let f = BlackBox::new(400, waves);
    let check = check_gradient(
        &f,
        &wave_gradient(&at),
        &at,
        &Difference::default(),
        Strictness::default(),
    )
    .unwrap();
    assert!(check.passes(), "{:?}", check.components);
    assert!(check.directions <= 3 + 40, "{}", check.directions);
    assert!(check.unseen <= 1e-3);
}

#[test]
fn several_planted_faults_are_named_with_their_size() {
    let at = place(400);
    let f = BlackBox::new(400, waves);
    let mut gradient = wave_gradient(&at);
    gradient[17] *= 1.03;
    gradient[18] = -gradient[18];
    gradient[399] = 0.0;
    let check = check_gradient(
        &f,
        &gradient,
        &at,
        &Difference::default(),
        Strictness::default(),
    )
    .unwrap();
    let wrong: Vec<usize> = check.wrong().map(|component| component.input).collect();
    assert_eq!(wrong, [17, 18, 399]);
    assert_eq!(check.components.len(), 3);
    assert!((check.components[0].relative_error() - 0.03 / 1.03).abs() < 1e-4);
    assert_eq!(check.components[1].given, gradient[18]);
    assert!(check.directions < 150, "{}", check.directions);
}

#[test]
fn a_component_too_small_for_a_common_direction_is_asked_alone() {
    let f = BlackBox::new(2, |x: &[f64]| 1e9 * x[0].sin() + x[1].sin());
    let at = [1.0, 1.0];
    let right = [1e9 * 1f64.cos(), 1f64.cos()];
    let check = |gradient: &[f64]| {
        check_gradient(
            &f,
            gradient,
            &at,
            &Difference::default(),
            Strictness::default(),
        )
        .unwrap()
    };
    assert!(check(&right).wrong().next().is_none());
    let wrong = check(&[right[0], 2.0 * right[1]]);
    assert!(!wrong.passes());
    assert_eq!(wrong.components[0].input, 1);
}

#[test]
fn shapes_and_entries_that_are_no_numbers_are_refused() {
    let f = BlackBox::new(2, waves);
    let refused = |gradient: &[f64], at: &[f64]| {
        check_gradient(
            &f,
            gradient,
            at,
            &Difference::default(),
            Strictness::default(),
        )
        .unwrap_err()
        .to_string()
    };
    assert!(refused(&[1.0], &[0.0, 0.0]).contains("the gradient 1"));
    assert!(refused(&[1.0, f64::NAN], &[0.0, 0.0]).contains("entry 1 of the gradient is NaN"));
}
