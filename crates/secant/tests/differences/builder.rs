//! What the builder promises besides numbers: domains are kept, no point is run twice, caps hold, settings are told.

use std::cell::RefCell;
use std::collections::BTreeSet;

use secant::{Differences, ErrorKind, Finding, Mode, pool};

type Plain = fn(f64) -> f64;

/// Runs a derivative and gives every point that was asked for.
fn asked(
    differences: &Differences,
    function: impl Fn(f64) -> f64,
    x: f64,
) -> (Option<f64>, Vec<f64>) {
    let points = RefCell::new(Vec::new());
    let found = differences.derivative(
        |x: f64| {
            points.borrow_mut().push(x);
            function(x)
        },
        x,
    );
    let found = found.unwrap();
    let points = points.into_inner();
    assert_eq!(found.evaluations, points.len());
    (found.value(), points)
}

#[test]
fn no_point_is_run_twice() {
    let functions: [fn(f64) -> f64; 6] = [
        f64::sin,
        |x| (1e6 * x).sin(),
        |x| (x - 1.0).abs(),
        f64::floor,
        |x| x + 1e-6 * (1e6 * x).sin(),
        |x| 1e10 + x.sin(),
    ];
    for (place, function) in functions.into_iter().enumerate() {
        for mode in [Mode::Forward, Mode::Cheap, Mode::Balanced, Mode::Thorough] {
            let (_, points) = asked(&Differences::new().mode(mode), function, 1.0);
            let distinct: BTreeSet<u64> = points.iter().map(|x| x.to_bits()).collect();
            assert_eq!(distinct.len(), points.len(), "function {place}, {mode:?}");
            let cap = match mode {
                Mode::Forward => 2,
                Mode::Cheap => 4,
                Mode::Balanced => 60,
                Mode::Thorough => 240,
            };
            assert!(
                points.len() <= cap,
                "function {place}, {mode:?}: {}",
                points.len()
            );
        }
    }
}

#[test]
fn the_given_domain_is_kept_and_its_edge_has_a_one_sided_slope() {
    for x in [0.0, 1e-9, 0.3, 0.7, 1.0] {
        let (value, points) = asked(&Differences::new().within(0.0, 1.0), f64::exp, x);
        assert!(
            points.iter().all(|point| (0.0..=1.0).contains(point)),
            "{points:?}"
        );
        assert!((value.unwrap() - x.exp()).abs() < 1e-8, "{x}: {value:?}");
    }
}

#[test]
fn a_function_that_ends_is_a_domain_that_ends() {
    let ends = |x: f64| if x > 1.000_001 { Err(()) } else { Ok(x.exp()) };
    let found = Differences::new().derivative(ends, 1.0).unwrap();
    assert!((found.value().unwrap() - 1f64.exp()).abs() <= found.bound().unwrap());
    let at_the_end = Differences::new()
        .derivative(|x: f64| (x <= 1.0).then(|| x.exp()), 1.0)
        .unwrap();
    let Finding::NoDerivative(point) = at_the_end.finding else {
        unreachable!("{at_the_end:?}")
    };
    assert_eq!((point.kind.name(), point.right), ("one-sided", None));
    assert!((point.left.unwrap() - 1f64.exp()).abs() < 1e-6);
}

#[test]
fn cheap_is_right_within_its_bound_and_silent_at_a_corner() {
    let cheap = Differences::new().mode(Mode::Cheap);
    for (function, slope, x) in [
        (f64::sin as fn(f64) -> f64, f64::cos as fn(f64) -> f64, 1.0),
        (f64::exp, f64::exp, -2.0),
        (f64::ln, f64::recip, 1e-8),
        (f64::sqrt, |x| 0.5 / x.sqrt(), 1e12),
    ] {
        let found = cheap.derivative(function, x).unwrap();
        let error = (found.value().unwrap() - slope(x)).abs();
        assert!(
            error <= found.bound().unwrap() && error <= 1e-7 * slope(x).abs(),
            "{x}: {found:?}"
        );
        assert_eq!(found.evaluations, 4);
    }
    assert_eq!(cheap.derivative(f64::abs, 0.0).unwrap().value(), None);
    assert_eq!(cheap.derivative(f64::floor, 2.0).unwrap().value(), None);
    let bend = cheap.clone().order(2).derivative(f64::exp, 1.0).unwrap();
    assert!((bend.value().unwrap() - 1f64.exp()).abs() <= bend.bound().unwrap());
}

#[test]
fn a_cusp_has_no_slope_whatever_is_added_to_it() {
    for place in 1..200 {
        let c = f64::from(place) * 0.173 - 17.0;
        for power in [0.4, 0.5, 2.0 / 3.0, 0.8] {
            let cusp = |x: f64| (x - c).abs().powf(power) + x * x;
            let found = Differences::new().derivative(cusp, c).unwrap();
            assert_eq!(found.value(), None, "{c}, {power}: {found:?}");
        }
    }
}

#[test]
fn a_higher_derivative_needs_the_lower_ones() {
    let bent: [(Plain, u32); 5] = [
        (|x| x * x.abs(), 2),
        (|x| x.exp() + x * x.abs(), 2),
        (|x| x * x.abs(), 4),
        (|x| x * x * x.abs() + x, 3),
        (|x| x * x * x * x.abs(), 4),
    ];
    for (place, (function, order)) in bent.into_iter().enumerate() {
        let found = Differences::new()
            .order(order)
            .derivative(function, 0.0)
            .unwrap();
        assert_eq!(
            found.finding.name(),
            "corner",
            "function {place}: {found:?}"
        );
        let below = Differences::new()
            .order(1)
            .derivative(function, 0.0)
            .unwrap();
        assert!(below.value().is_some(), "function {place}: {below:?}");
    }
    for order in 1..=4 {
        let corner = Differences::new()
            .order(order)
            .derivative(|x: f64| (x - 1.0).abs(), 1.0)
            .unwrap();
        assert_eq!(corner.finding.name(), "corner", "order {order}");
    }
}

#[test]
fn mixed_derivatives_see_corners_and_ways() {
    let differences = Differences::new();
    let folded = differences
        .mixed(|x: &[f64]| (x[0] + x[1]).abs(), &[0.0, 0.0], &[0, 1])
        .unwrap();
    assert_eq!(folded.value(), None);
    // Peano: both mixed derivatives exist at 0, and differ.
    let peano = |x: &[f64]| {
        let (x, y) = (x[0], x[1]);
        if x == 0.0 && y == 0.0 {
            0.0
        } else {
            x * y * (x * x - y * y) / (x * x + y * y)
        }
    };
    assert_eq!(
        differences
            .mixed(peano, &[0.0, 0.0], &[0, 1])
            .unwrap()
            .value(),
        None
    );
}

#[test]
fn gradient_jacobian_and_hessian_agree_with_the_rules() {
    let f = |x: &[f64]| (x[0] * x[1]).exp() + x[2].sin() * x[0];
    let at: [f64; 3] = [0.5, -1.25, 2.0];
    let e = (at[0] * at[1]).exp();
    let truth = [at[1] * e + at[2].sin(), at[0] * e, at[2].cos() * at[0]];
    let gradient = Differences::new().gradient(f, &at).unwrap();
    for (found, truth) in gradient.iter().zip(truth) {
        assert!((found.value().unwrap() - truth).abs() <= found.bound().unwrap() + 1e-16);
    }
    assert_eq!(
        gradient
            .iter()
            .map(|found| found.evaluations)
            .sum::<usize>(),
        3 * 12 + 1
    );
    let jacobian = Differences::new()
        .jacobian(|x, y| (y[0], y[1]) = (f(x), 2.0 * f(x)), 2, &at)
        .unwrap();
    for ((first, second), truth) in jacobian[0].iter().zip(&jacobian[1]).zip(truth) {
        assert!((first.value().unwrap() - truth).abs() <= first.bound().unwrap() + 1e-16);
        // The second output asks for no more than the first.
        assert_eq!(
            (second.value().unwrap(), second.evaluations),
            (2.0 * first.value().unwrap(), 0)
        );
    }
    let hessian = Differences::new().hessian(f, &at).unwrap();
    let mixed = (1.0 + at[0] * at[1]) * e;
    assert!((hessian[0][1].value().unwrap() - mixed).abs() <= hessian[0][1].bound().unwrap());
    assert_eq!(hessian[0][1].value(), hessian[1][0].value());
    assert!(
        (hessian[2][2].value().unwrap() + at[2].sin() * at[0]).abs()
            <= hessian[2][2].bound().unwrap()
    );
}

#[test]
fn a_pool_gives_what_one_evaluator_gives() {
    let f = |x: &[f64]| x[0].sin() * x[1];
    let one = Differences::new().gradient(f, &[1.0, 2.0]).unwrap();
    for evaluators in 1..5 {
        assert_eq!(
            Differences::new()
                .gradient_batch(pool(vec![f; evaluators]), &[1.0, 2.0])
                .unwrap(),
            one
        );
    }
}

#[test]
fn what_makes_no_sense_is_told() {
    let kind =
        |differences: Differences, x: f64| differences.derivative(f64::sin, x).unwrap_err().kind();
    assert_eq!(kind(Differences::new().order(0), 1.0), ErrorKind::Setting);
    assert_eq!(kind(Differences::new().order(5), 1.0), ErrorKind::Setting);
    assert_eq!(
        kind(Differences::new().within(0.0, 1.0), 2.0),
        ErrorKind::Setting
    );
    assert_eq!(
        kind(Differences::new().within(f64::NAN, 1.0), 0.5),
        ErrorKind::Setting
    );
    assert_eq!(
        kind(Differences::new().noise(-1.0), 1.0),
        ErrorKind::Setting
    );
    assert_eq!(kind(Differences::new(), f64::NAN), ErrorKind::Setting);
    let none = Differences::new().gradient(|_: &[f64]| 0.0, &[]);
    assert_eq!(none.unwrap_err().kind(), ErrorKind::Shape);
}

/// Which order a derivative has leaves gradients and Hessians what they are.
#[test]
fn the_order_is_that_of_a_derivative() {
    let f = |x: &[f64]| x[0].powi(3) * x[1];
    let wanted = Differences::new().order(2);
    let gradient = wanted.gradient(f, &[2.0, 3.0]).unwrap();
    assert!((gradient[0].value().unwrap() - 36.0).abs() < 1e-8);
    let rows = |x: &[f64], y: &mut [f64]| y[0] = f(x);
    let jacobian = wanted.jacobian(rows, 1, &[2.0, 3.0]).unwrap();
    assert!((jacobian[0][1].value().unwrap() - 8.0).abs() < 1e-8);
    let unused = Differences::new().order(9);
    let mixed = unused.mixed(f, &[2.0, 3.0], &[0, 1]).unwrap();
    assert!((mixed.value().unwrap() - 12.0).abs() < 1e-8);
}

#[test]
fn a_domain_for_each_input_is_one_for_each() {
    let f = |x: &[f64]| x[0] * x[1];
    let one = Differences::new().within_each(&[[0.0, 1.5]]);
    assert_eq!(
        one.gradient(f, &[1.0, 2.0]).unwrap_err().kind(),
        ErrorKind::Shape
    );
    let both = Differences::new().within_each(&[[0.0, 1.5], [0.0, 3.0]]);
    assert!(both.gradient(f, &[1.0, 2.0]).is_ok());
}

/// No bound is smaller because more noise is declared.
#[test]
fn declared_noise_stays_whatever_is_measured() {
    let functions: [fn(f64) -> f64; 4] = [
        |x| x * x,
        |x| 3.0 * x + 7.0,
        f64::recip,
        |x| 100.0 + x.exp() + 0.1 * (3.0 * x).sin(),
    ];
    for function in functions {
        let mut least = 0.0;
        for noise in [1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 10.0] {
            let found = Differences::new()
                .noise(noise)
                .derivative(function, 1.0)
                .unwrap();
            let bound = match &found.finding {
                Finding::Derivative(_) => found.bound().unwrap(),
                Finding::TooNoisy { bound, .. } => *bound,
                _ => f64::INFINITY,
            };
            assert!(bound >= least, "noise {noise}: ± {bound} after ± {least}");
            least = 0.5 * bound;
            assert!(
                found.noise >= noise * function(1.0).abs(),
                "{}",
                found.noise
            );
        }
    }
}

#[test]
fn extreme_points_and_functions_end_without_a_panic() {
    let functions: [fn(f64) -> f64; 8] = [
        f64::sin,
        f64::exp,
        |x| x,
        |_| f64::NAN,
        |_| f64::INFINITY,
        |_| f64::MAX,
        |x| x * f64::MAX,
        |x| 1.0 / x,
    ];
    let points = [
        0.0,
        -0.0,
        f64::MIN_POSITIVE,
        5e-324,
        1e-300,
        1e300,
        f64::MAX,
        -f64::MAX,
        1e15,
        f64::EPSILON,
    ];
    for function in functions {
        for x in points {
            for order in 1..=4 {
                for mode in [Mode::Balanced, Mode::Thorough] {
                    let found = Differences::new()
                        .order(order)
                        .mode(mode)
                        .derivative(function, x)
                        .unwrap();
                    assert!(
                        found.value().is_none_or(f64::is_finite),
                        "{x} {order}: {found:?}"
                    );
                    assert!(
                        found.value().is_none() || found.bound().is_some(),
                        "{x} {order}: {found:?}"
                    );
                }
            }
        }
    }
}

/// At a point far below 1, a function that adds 1 inside has no digits left: its rounding is no slope, and neither is its silence.
#[test]
fn what_rounding_leaves_near_zero_is_no_derivative() {
    let cases: [(Plain, f64, f64); 4] = [
        (|x| (1.0 + x).ln(), 1e-17, 1.0),
        (|x| x.exp() - 1.0 - x, 1e-9, 1e-9),
        (|x| (1.0 - x.cos()) / x, 1e-9, 0.5),
        (|x| 1.0 - x.cos(), 1e-8, 1e-8),
    ];
    for mode in [Mode::Balanced, Mode::Thorough] {
        for (place, (function, x, truth)) in cases.into_iter().enumerate() {
            let found = Differences::new().mode(mode).derivative(function, x);
            let coarse = match found.unwrap().finding {
                Finding::DependsOnScale { coarse, .. } => coarse,
                _ => (f64::NAN, 0.0),
            };
            // The rounding of 1 over the shortest step of that ladder.
            let off = (coarse.0 - truth).abs();
            assert!(
                off <= 16.0 * f64::EPSILON * 128.0,
                "case {place}: {coarse:?}"
            );
        }
    }
    let flat = Differences::new()
        .mode(Mode::Cheap)
        .derivative(cases[0].0, 1e-17);
    assert_eq!(flat.unwrap().bound(), None);
}

/// Functions whose own scale is that of a point far below 1 keep their derivative there.
#[test]
fn small_points_of_small_functions_keep_their_derivatives() {
    let cases: [(Plain, f64, f64); 5] = [
        (|x| (1e9 * x).tanh(), 1e-10, 1e9 / 0.1f64.cosh().powi(2)),
        (f64::ln, 1e-9, 1e9),
        (|x| x * x, 1e-9, 2e-9),
        (|_| 0.0, 1e-9, 0.0),
        (|x| (x - 2e-9).max(0.0), 1e-9, 0.0),
    ];
    for (place, (function, x, truth)) in cases.into_iter().enumerate() {
        let found = Differences::new().derivative(function, x).unwrap();
        let (value, bound) = (found.value().unwrap(), found.bound().unwrap());
        assert!(
            (value - truth).abs() <= bound,
            "case {place}: {value} ± {bound}"
        );
        assert!(
            bound <= 1e-10 * truth.abs(),
            "case {place}: {value} ± {bound}"
        );
    }
}

/// Squares of such values, or of steps at such points, are no doubles.
#[test]
fn numbers_far_from_1_keep_their_derivatives() {
    let cases: [(Plain, f64, f64); 9] = [
        (|x| 1e-310 * x, 1.0, 1e-310),
        (|x| 1e-320 * x * x, 2.0, 4e-320),
        (|x| 1e200 * x, 1.0, 1e200),
        (|x| 1e305 * x, 1.0, 1e305),
        (f64::ln, 1e160, 1e-160),
        (f64::sqrt, 1e300, 5e-151),
        (f64::cbrt, 1e300, 1e-200 / 3.0),
        (|x| 1.0 / x, 1e100, -1e-200),
        (|x| 1.0 / (1.0 + x * x), 1e100, -2e-300),
    ];
    for (place, (function, x, truth)) in cases.into_iter().enumerate() {
        let found = Differences::new().derivative(function, x).unwrap();
        let (value, bound) = (found.value().unwrap(), found.bound().unwrap());
        let off = (value - truth).abs();
        assert!(off <= bound, "case {place}: {value} ± {bound}");
        let digits = if truth.abs() < 1e-300 { 1e-2 } else { 1e-9 };
        assert!(
            bound <= digits * truth.abs(),
            "case {place}: {value} ± {bound}"
        );
    }
}

/// A slope that moves with the logarithm of the step, or with a small power of it, settles nowhere, though some windows look as if it did.
#[test]
fn a_slope_that_moves_on_as_steps_shrink_is_no_number() {
    fn with_log(x: f64) -> f64 {
        if x == 0.0 { 0.0 } else { x.abs().ln() }
    }
    let without: [(Plain, f64); 6] = [
        (|x| x * with_log(x), 0.0),
        (|x| (x - 1.0) * with_log(x - 1.0), 1.0),
        (|x| 1.0 + x * with_log(x), 0.0),
        (|x| x.abs().powf(1.05).copysign(x), 0.0),
        (|x| (x - 1.0).abs().powf(1.1).copysign(x - 1.0), 1.0),
        (|x| x * with_log(x).sin(), 0.0),
    ];
    for (place, (function, x)) in without.into_iter().enumerate() {
        let found = Differences::new().derivative(function, x).unwrap();
        assert_eq!(found.value(), None, "case {place}: {found:?}");
    }
    let falling: [Plain; 2] = [
        |x| x.abs().powf(1.5).copysign(x),
        |x| x.abs().powf(5.0 / 3.0).copysign(x),
    ];
    for (place, function) in falling.into_iter().enumerate() {
        let found = Differences::new().derivative(function, 0.0).unwrap();
        let (value, bound) = (found.value().unwrap(), found.bound().unwrap());
        assert!(
            value.abs() <= bound && bound < 1e-4,
            "case {place}: {value} ± {bound}"
        );
    }
}

/// Slopes of the shortest steps, which round x² alike, seemed to fall towards a limit that no longer step foretold.
#[test]
fn a_long_argument_rounded_inside_is_no_slope_that_moves_on() {
    let mut outside = 0;
    for place in 0..200 {
        let x = 300.0 + 3.501_7 * f64::from(place);
        let found = Differences::new().derivative(|x| (x * x).cos(), x).unwrap();
        // The square may be off by half a unit, and with it the truth by as much of the slope's slope.
        let square = x * x;
        let rounded = x.mul_add(x, -square);
        let truth = -2.0 * x * (square.sin() + rounded * square.cos());
        let (Some(value), Some(bound)) = (found.value(), found.bound()) else {
            continue;
        };
        outside += usize::from((value - truth).abs() > bound);
    }
    // Bars cover more than 99 of 100; three of four were too short.
    assert!(outside <= 2, "{outside} of 200");
}

/// Flat at short steps by rounding inside, or a staircase: the first ladder's third derivatives, 9 and 1, are not what is seen there.
#[test]
fn what_cancels_inside_gives_no_other_derivative() {
    let cases: [(Plain, f64); 2] = [
        (|x| 3.0 * x * (x.cosh() - 1.0), 9.0),
        (|x| x.tan().exp() - 1.0 - x.tan(), 1.0),
    ];
    for (place, (function, truth)) in cases.into_iter().enumerate() {
        let found = Differences::new().order(3).derivative(function, 0.0);
        let found = found.unwrap();
        let is_right = |(value, bound): (f64, f64)| (value - truth).abs() <= bound;
        let told = found.value().zip(found.bound());
        assert!(told.is_none_or(is_right), "case {place}: {found:?}");
    }
}

/// Steps below the smallest normal number lose their digits; a point as near to 0 as that is 0.
#[test]
fn at_the_end_of_doubles_a_point_is_zero() {
    for x in [1e-308, -3e-310, 5e-324] {
        let corner = Differences::new().derivative(f64::abs, x).unwrap();
        assert_eq!(
            (corner.finding.name(), corner.value()),
            ("corner", None),
            "{x}"
        );
        let flat = Differences::new().derivative(|x: f64| x * x, x).unwrap();
        assert!(flat.value().unwrap().abs() <= flat.bound().unwrap(), "{x}");
        let slope = Differences::new().derivative(f64::sin, x).unwrap();
        assert!(
            (slope.value().unwrap() - 1.0).abs() <= slope.bound().unwrap(),
            "{x}"
        );
    }
}

/// Squares of noise are no doubles either, and a bound of 0 is no bound.
#[test]
fn a_bound_beside_a_small_point_is_above_0() {
    for x in [1e-160, 3e-161, 1e-155, 1e-150] {
        let found = Differences::new()
            .derivative(|x: f64| (2.0 * x) * (2.0 * x), x)
            .unwrap();
        let (value, bound) = (found.value().unwrap(), found.bound().unwrap());
        let off = (value - 8.0 * x).abs();
        assert!(
            off <= bound && bound <= 0.1 * value,
            "at {x:e}: {value:e} ± {bound:e}"
        );
    }
}
