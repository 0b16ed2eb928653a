//! Descent against closed forms.
#![allow(clippy::unwrap_used)]

use secant::{Curvature, Descent, DescentPath, Formula, Recorded, Rest, Stop};

fn function(text: &str) -> Recorded {
    Recorded::from(&Formula::parse(text).unwrap())
}

fn path(text: &str, from: &[f64], descent: Descent) -> DescentPath {
    descent.run(&function(text), from).unwrap()
}

fn rate(rate: f64) -> Descent {
    Descent::new(rate).unwrap()
}

#[test]
fn a_parabola_is_descended_by_its_closed_form() {
    // f'' = 4: x_k = (1 - 4 rate)^k x_0, here 0.6^k 3. Each step rounds at most three times.
    let path = path("2x^2", &[3.0], rate(0.1));
    assert_eq!(path.stop, Stop::Converged);
    for (k, place) in path.places.iter().enumerate() {
        let exact = 3.0 * 0.6f64.powi(k as i32);
        let rounding = exact * 4.0 * f64::EPSILON * (k + 1) as f64;
        assert!((place.at[0] - exact).abs() <= rounding, "{k}");
    }
    // The first k with 4 x_k <= 1e-8.
    let steps = ((1e-8f64 / 12.0).ln() / 0.6f64.ln()).ceil() as usize;
    assert_eq!(path.places.len(), steps + 1);
}

#[test]
fn the_heavy_ball_follows_the_roots_of_its_recurrence() {
    // x_{k+1} = (1 + m - r c) x_k - m x_{k-1} with m = 1/2, r c = 1/8 has the roots (11 ± √(−7))/16 times …:
    // z² - 1.375 z + 0.5 = 0, of modulus √0.5 and angle acos(0.6875 / √0.5).
    let descent = rate(0.125).momentum(0.5).unwrap().steps(60).unwrap();
    let path = path("x^2/2", &[1.0], descent);
    let modulus = 0.5f64.sqrt();
    let angle = (0.6875 / modulus).acos();
    // x_0 = 1, x_1 = 1 - 0.125: the sine's weight follows.
    let weight = (0.875 - 0.6875) / (modulus * angle.sin());
    for (k, place) in path.places.iter().enumerate() {
        let turn = angle * k as f64;
        let exact = modulus.powi(k as i32) * (turn.cos() + weight * turn.sin());
        assert!((place.at[0] - exact).abs() < 1e-13, "{k}");
    }
    assert!((descent.factor(1.0) - modulus).abs() < 1e-15);
}

#[test]
fn the_limit_of_the_rate_parts_convergence_from_divergence() {
    for momentum in [0.0, 0.5, 0.9] {
        let limit = rate(1.0).momentum(momentum).unwrap().limit(10.0).unwrap();
        assert!((limit - 2.0 * (1.0 + momentum) / 10.0).abs() < 1e-15);
        let with = |share: f64| {
            let descent = rate(share * limit).momentum(momentum).unwrap();
            path("5x^2", &[1.0], descent.steps(20_000).unwrap())
        };
        assert_eq!(with(0.99).stop, Stop::Converged, "{momentum}");
        assert_eq!(with(1.01).stop, Stop::Diverged, "{momentum}");
    }
}

#[test]
fn a_rate_too_great_grows_by_its_factor() {
    let path = path("5x^2", &[1.0], rate(0.22));
    assert_eq!(path.stop, Stop::Exhausted);
    assert!((path.growth().unwrap() - 1.2).abs() < 1e-12);
    assert!((path.places[30].at[0] / 1.2f64.powi(30) - 1.0).abs() < 1e-13);
}

#[test]
fn rosenbrock_and_himmelblau_are_led_to_their_minima() {
    let descent = rate(1e-3).momentum(0.9).unwrap().steps(100_000).unwrap();
    let valley = path("(1-x)^2 + 100(y-x^2)^2", &[-1.2, 1.0], descent);
    assert_eq!(valley.stop, Stop::Converged);
    let end = &valley.places.last().unwrap().at;
    // The gradient is at most 1e-8, the least curvature at (1, 1) is 0.399: so near is the minimum.
    assert!((end[0] - 1.0).hypot(end[1] - 1.0) < 1e-8 / 0.39);
    let path = path("(x^2+y-11)^2 + (x+y^2-7)^2", &[1.0, 1.0], rate(0.01));
    let end = &path.places.last().unwrap().at;
    assert_eq!(path.stop, Stop::Converged);
    assert!((end[0] - 3.0).hypot(end[1] - 2.0) < 1e-8);
}

#[test]
fn each_reason_to_stop_is_named() {
    let kink = path("|x|", &[1.0], rate(0.5));
    assert!(matches!(&kink.stop, Stop::Kink { input: 0, point } if point.kind.name() == "corner"));
    assert_eq!(kink.places.len(), 3);
    assert!(kink.places[2].gradient.is_empty());
    assert_eq!(path("|x|", &[0.25], rate(0.5)).stop, Stop::Cycles);
    // From 1 the slope of ln is 1: a step of 1.5 ends at -0.5.
    assert_eq!(path("ln(x)", &[1.0], rate(1.5)).stop, Stop::Undefined);
    assert_eq!(path("x^4", &[3.0], rate(0.1)).stop, Stop::Diverged);
    assert_eq!(path("x^4", &[1.0], rate(0.01)).stop, Stop::Exhausted);
    assert_eq!(path("x", &[1.0], rate(1e-20)).stop, Stop::Stalled);
    // The partial derivatives exist, the gradient does not.
    let cone = path("sqrt(|x*y|)", &[0.0, 0.0], rate(0.1));
    assert!(matches!(cone.stop, Stop::Kink { .. }));
}

#[test]
fn the_curvature_of_a_quadratic_is_its_spectrum() {
    // Eigenvalues of [[2, 1, 0], [1, 2, 1], [0, 1, 2]] are 2 and 2 ± √2.
    let chain = function("x^2 + x*y + y^2 + y*z + z^2");
    let curvature = Curvature::at(&chain, &[0.3, -1.0, 2.0]).unwrap();
    assert!((curvature.greatest - (2.0 + 2f64.sqrt())).abs() < 1e-14);
    assert!((curvature.least - (2.0 - 2f64.sqrt())).abs() < 1e-14);
    assert!(curvature.constant);
    let quartic = Curvature::at(&function("x^4"), &[3.0]).unwrap();
    assert_eq!((quartic.greatest, quartic.constant), (108.0, false));
    assert_eq!(Curvature::at(&function("|x|"), &[0.0]), None);
    assert!(!Curvature::at(&function("x|x|"), &[1.0]).unwrap().constant);
}

#[test]
fn settings_outside_their_range_are_refused() {
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(Descent::new(bad).is_err());
    }
    assert!(rate(0.1).momentum(1.0).is_err());
    assert!(rate(0.1).tolerance(-1.0).is_err());
    assert!(rate(0.1).run(&function("x"), &[]).is_err());
}

#[test]
fn a_step_of_newton_tells_a_minimum_from_a_tail() {
    let left = |text: &str, at: &[f64]| Curvature::at(&function(text), at).unwrap().remaining;
    assert!(left("x^2 + x*y + 3y^2", &[1e-9, 2e-9]).unwrap() < 1e-12);
    assert!(left("cosh(x - 1)", &[1.0 + 1e-9]).unwrap() < 1e-6);
    assert!((left("exp(-x)", &[20.0]).unwrap() - (-1f64).exp()).abs() < 1e-12);
    assert!((left("1/x", &[20000.0]).unwrap() - 4.0 / 9.0).abs() < 1e-9);
    assert!(left("x^3 + 1e-9x", &[1e-5]).unwrap() > 0.9);
    // It bends downward one way, and nothing is left where there is no slope.
    assert_eq!(left("x^2 - y^2", &[1.0, 1.0]), None);
    assert_eq!(left("x^2 + y^2", &[0.0, 0.0]), Some(0.0));
}

/// One direction that falls for ever hides behind another that is steep.
#[test]
fn a_minimum_is_told_where_newtons_step_leaves_nothing_along_any_direction() {
    let at = |formula: &str, at: &[f64]| Curvature::at(&function(formula), at).unwrap();
    for (formula, place) in [
        ("x^2 + y^3", [1e-9, 1e-6]),
        ("x^2 + exp(-y)", [1e-9, 20.0]),
        ("(x + y)^2 + exp(x - y)", [-10.0, 10.0]),
    ] {
        assert_eq!(at(formula, &place).rest(), Rest::Doubtful, "{formula}");
    }
    let bowl = at("x^2 + y^2 + x^2*y^2 + exp(x)", &[-0.35173371, 1e-9]);
    assert_eq!(bowl.rest(), Rest::Minimum);
    // Quadratics without an end, and what only looks like one.
    // However much steeper another direction is, what bends upward does not fall for ever.
    for steep in ["1e9", "1e12", "1e15", "1e300"] {
        let bowl = at(&format!("x^2 + {steep}*y^2"), &[1.0, 0.0]);
        assert_eq!((bowl.falls, bowl.rest()), (false, Rest::Minimum), "{steep}");
    }
    let turned = at("(x + y)^2 + 1e10*(x - y)^2", &[1.0, 0.5]);
    assert_eq!((turned.falls, turned.rest()), (false, Rest::Minimum));
    assert!(at("x^2 + y", &[1.0, 0.0]).falls && at("(x - y)^2 + x + y", &[1.0, 0.0]).falls);
    assert!(!at("(x - y)^2 + x - y", &[1.0, 0.0]).falls && !at("x^2 + y^2", &[1.0, 1.0]).falls);
    assert!(!at("sqrt(x)^4", &[3.0]).constant && !at("x^3/x", &[3.0]).constant);
}
