//! The ways down along the gradient: where they arrive it is the minimum that Levenberg and Marquardt's steps find, with the same standard
//! errors, and where they do not arrive they say so.
#![allow(clippy::unwrap_used)]

use secant::{Formula, Recorded};
use secant_data::Columns;
use secant_fit::{Fit, Loss, Method, Model, Verdict, Weights};

fn model(formula: &str, parameters: &[&str]) -> Model {
    let formula = Recorded::from(&Formula::parse(formula).unwrap());
    Model::new(&formula, "y", parameters).unwrap()
}

/// A decay with errors that look like chance, one row far out, and a weight for each row.
fn decay() -> Columns {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) / 4.0).collect();
    let far = |i: usize| if i == 12 { 0.8 } else { 0.0 };
    let y = x
        .iter()
        .enumerate()
        .map(|(i, x)| 3.0 * (-0.7 * x).exp() + 0.5 + 0.05 * ((i * i) as f64 * 1.3).sin() + far(i))
        .collect();
    let w = (0..30).map(|i| f64::from(i % 3)).collect();
    Columns::new(&["x", "y", "w"], vec![x, y, w]).unwrap()
}

fn close(found: &[f64], truth: &[f64], relative: f64) {
    assert_eq!(found.len(), truth.len());
    for (found, truth) in found.iter().zip(truth) {
        assert!(
            (found / truth - 1.0).abs() <= relative,
            "{found} is not {truth}"
        );
    }
}

#[test]
fn all_ways_down_lead_to_the_same_minimum_of_every_loss() {
    let curve = model("a*exp(-b*x) + c", &["a", "b", "c"]);
    let mut data = decay();
    for loss in [
        Loss::Squares,
        Loss::Huber,
        Loss::SoftL1,
        Loss::Cauchy,
        Loss::Tukey,
    ] {
        let fit = |method: Method| {
            Fit::new(&curve)
                .loss(loss, Some(0.3))
                .method(method)
                .weights(Weights::Given, "w")
                .most_passes(100_000)
        };
        let start = [2.5, 1.0, 0.3];
        let best = fit(Method::default()).run(&mut data, &start).unwrap();
        assert!(best.verdict.is_converged() && best.rate.is_none());
        for name in ["gradient-descent", "adam"] {
            let method = Method::named(name, None).unwrap();
            let found = fit(method).run(&mut data, &start).unwrap();
            assert!(
                found.verdict.is_converged(),
                "{name} {loss:?} {:?}",
                found.verdict
            );
            assert!(found.passes > best.passes && found.rate.unwrap() > 0.0);
            close(&found.parameters, &best.parameters, 1e-6);
            close(&found.errors.unwrap(), best.errors.as_ref().unwrap(), 1e-5);
        }
    }
}

#[test]
fn what_has_not_arrived_says_so_and_has_no_errors() {
    let curve = model("a*exp(-b*x) + c", &["a", "b", "c"]);
    let run = |name: &str, rate: f64, passes: usize| {
        Fit::new(&curve)
            .method(Method::named(name, Some(rate)).unwrap())
            .most_passes(passes)
            .run(&mut decay(), &[1.0, 1.0, 0.0])
            .unwrap()
    };
    for name in ["gradient-descent", "adam"] {
        let found = run(name, 1e-3, 20);
        assert_eq!(
            (found.verdict, found.passes, found.rate),
            (Verdict::Exhausted, 20, Some(1e-3))
        );
        assert!(found.errors.is_none() && found.offset > 1e-4);
    }
    // The lowest place on the way is told, and it is not below the minimum.
    let wild = run("gradient-descent", 1e3, 1000);
    assert_eq!((wild.verdict, wild.errors), (Verdict::Diverged, None));
    assert!(wild.parameters.iter().all(|value| value.is_finite()));
}

#[test]
fn the_rate_is_of_the_gradient_of_the_mean_cost() {
    // One step for the mean of (a - y)² from 0: a = rate * 2 * mean of y.
    let constant = model("a + 0*x", &["a"]);
    let mut data = Columns::new(&["x", "y"], vec![vec![0.0; 4], vec![1.0, 2.0, 3.0, 6.0]]).unwrap();
    let found = Fit::new(&constant)
        .method(Method::named("gradient-descent", Some(0.1)).unwrap())
        .most_passes(2)
        .run(&mut data, &[0.0])
        .unwrap();
    assert!((found.parameters[0] - 0.1 * 2.0 * 3.0).abs() < 1e-15);
}

#[test]
fn bounds_and_held_parameters_are_kept() {
    let curve = model("a*exp(-b*x) + c", &["a", "b", "c"]);
    let fit = |method: Method| {
        Fit::new(&curve)
            .method(method)
            .bounds(2, 0.0, 0.4)
            .fixed(0)
            .most_passes(20_000)
            .run(&mut decay(), &[3.0, 1.0, 0.2])
            .unwrap()
    };
    let best = fit(Method::default());
    let found = fit(Method::named("gradient-descent", None).unwrap());
    assert!(found.verdict.is_converged());
    assert_eq!((found.parameters[0], found.parameters[2]), (3.0, 0.4));
    assert_eq!(found.at_bounds, best.at_bounds);
    close(&found.parameters, &best.parameters, 1e-6);
}

#[test]
fn a_rate_that_is_none_is_refused() {
    let line = model("a*x", &["a"]);
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let method = Method::named("adam", Some(rate)).unwrap();
        let refused = Fit::new(&line)
            .method(method)
            .run(&mut decay(), &[1.0])
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("a rate is a number above 0, not {rate}")
        );
    }
}
