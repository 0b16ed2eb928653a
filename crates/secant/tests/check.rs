//! The gradient check: right gradients pass, planted faults are named, and where a finding is in doubt that is said.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::method::{Automatic, Difference};
use secant::{BlackBox, Doubt, GradientCheck, Strictness, check_gradient};

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

#[test]
fn at_a_corner_the_finding_is_doubted_not_the_gradient() {
    let f = BlackBox::new(2, |x: &[f64]| x[0].abs() + x[1] * x[1]);
    let check = check_gradient(
        &f,
        &[1.0, 4.0],
        &[0.0, 2.0],
        &Automatic::default(),
        Strictness::default(),
    )
    .unwrap();
    assert_eq!(check.components.len(), 1);
    let corner = &check.components[0];
    assert_eq!((corner.input, corner.doubt), (0, Doubt::Finding));
}

/// A number between -1 and 1 that depends on every bit of the point (FNV-1a, Fowler, Noll and Vo 1991), mixed once more (Steele, Lea and Flood 2014): the last
/// number alone would move it evenly.
fn noise(x: &[f64], seed: u64) -> f64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for x in x {
        hash = (hash ^ x.to_bits()).wrapping_mul(0x0000_0100_0000_01b3);
        hash ^= hash >> 29;
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    (hash >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// The waves with noise of 1e-9 relative to their height, one component of the gradient multiplied with `factor`.
fn noisy(seed: u64, factor: f64) -> (usize, GradientCheck) {
    const COUNT: usize = 1000;
    let at = place(COUNT);
    let f = BlackBox::new(COUNT, move |x: &[f64]| {
        waves(x) * (1.0 + 1e-9 * noise(x, seed))
    });
    let mut gradient = wave_gradient(&at);
    let planted = (seed as usize * 37) % COUNT;
    gradient[planted] *= factor;
    let method = Automatic::default();
    let check = check_gradient(&f, &gradient, &at, &method, Strictness::default()).unwrap();
    (planted, check)
}

#[test]
fn through_noise_one_component_of_a_thousand_wrong_by_three_percent_is_named() {
    for seed in 0..100 {
        let (planted, check) = noisy(seed, 1.03);
        let wrong: Vec<usize> = check.wrong().map(|component| component.input).collect();
        assert_eq!(wrong, [planted], "seed {seed}: {:?}", check.components);
    }
}

#[test]
fn through_noise_the_right_gradient_passes() {
    for seed in 0..100 {
        let (_, check) = noisy(seed, 1.0);
        assert!(check.passes(), "seed {seed}: {:?}", check.components);
    }
}

/// A component that is too small beside the others to be seen at all is not said to hold.
#[test]
fn what_could_not_be_seen_is_undecided() {
    let f = BlackBox::new(2, |x: &[f64]| 1e20 * x[0] + x[1]);
    let method = Automatic::default();
    let strict = Strictness::default();
    let check = check_gradient(&f, &[1e20, 5.0], &[1.0, 1.0], &method, strict).unwrap();
    let told: Vec<_> = check
        .components
        .iter()
        .map(|component| (component.input, component.doubt))
        .collect();
    assert_eq!(told, [(1, Doubt::Finding)]);
    assert!(check.unseen < 1e-3, "{}", check.unseen);
}

/// Nothing that is given where nothing can be seen is no right gradient.
#[test]
fn a_zero_is_right_only_where_something_could_be_seen() {
    let checked = |f: &dyn secant::Function, gradient: &[f64], at: &[f64]| {
        check_gradient(
            f,
            gradient,
            at,
            &Automatic::default(),
            Strictness::default(),
        )
        .unwrap()
    };
    // The slopes along x are 1/2, 1/6 and -8.3e-7; the digits that tell them are lost.
    type Lost = (fn(&[f64]) -> f64, f64);
    let lost: [Lost; 3] = [
        (|x| (x[0].exp() - 1.0) / x[0] + x[1], 1e-8),
        (|x| (x[0].exp() - 1.0 - x[0]) / (x[0] * x[0]) + x[1], 1e-6),
        (|x| (1.0 - x[0].cos()) / (x[0] * x[0]) + x[1], 1e-5),
    ];
    for (f, x) in lost {
        let check = checked(&BlackBox::new(2, f), &[0.0, 1.0], &[x, 2.0]);
        assert!(!check.passes() && check.wrong().count() == 0);
        assert_eq!(check.components[0].input, 0);
    }
    // Where an input plays no part, or the function is level, what is told is how much would have been seen.
    let absent = checked(&BlackBox::new(2, |x| x[0] * x[0]), &[6.0, 0.0], &[3.0, 5.0]);
    assert!(absent.passes() && absent.unseen_of_zeros.unwrap() < 1e-8);
    let level = checked(
        &BlackBox::new(2, |x| x[0] * x[0] + x[1].cos()),
        &[6.0, 0.0],
        &[3.0, 0.0],
    );
    assert!(level.passes() && level.unseen_of_zeros.unwrap() < 1e-8);
}
