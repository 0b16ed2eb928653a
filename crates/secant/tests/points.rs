//! The points of `spec/points.md` that have no derivative, or only look so: each is named rightly, with the
//! one-sided values that exist.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{document, sections};
use secant::{Formula, Function, Recorded, gradient, method, report};

/// Whether a number of ours is the expected one: `none` is none, infinities are themselves. What samples had to
/// decide is right to six digits, all else to the last ones.
fn matches(ours: Option<f64>, expected: &str, sampled: bool) -> bool {
    let Some(ours) = ours else {
        return expected == "none";
    };
    let Ok(expected) = expected.parse::<f64>() else {
        return false;
    };
    let tolerance = if sampled { 1e-6 } else { 1e-13 };
    ours == expected || (ours - expected).abs() <= tolerance * expected.abs().max(1.0)
}

#[test]
fn every_point_is_named_rightly() {
    let sections = sections(&document("spec/points.md"));
    assert!(sections.len() >= 70, "{} points", sections.len());
    let mut faults = Vec::new();
    for section in &sections {
        let (formula, function) = match section.function() {
            Ok(function) => function,
            Err(error) => {
                faults.push(format!("{}: {error}", section.title));
                continue;
            }
        };
        let mut at = vec![f64::NAN; function.inputs()];
        for place in section.field("at").unwrap().split(',') {
            let (name, value) = place.split_once('=').unwrap();
            at[formula.variable(name.trim()).unwrap()] = value.trim().parse().unwrap();
        }
        let wrt = section
            .field("wrt")
            .map_or(0, |name| formula.variable(name).unwrap());
        let report = report(
            &function,
            &at,
            &[wrt],
            &method::all(method::Difference::default()),
        )
        .unwrap();
        let point = &report.point;
        if Some(point.kind.name()) != section.field("kind") {
            faults.push(format!(
                "{}: called {}: {point:?}",
                section.title,
                point.kind.name()
            ));
            continue;
        }
        if report.value.is_some() != point.is_smooth() {
            faults.push(format!(
                "{}: value {:?} at a {} point",
                section.title,
                report.value,
                point.kind.name()
            ));
        }
        let ours = [
            ("value", report.value),
            ("left", point.left),
            ("right", point.right),
            ("limit", point.left_limit.or(point.right_limit)),
            ("left-limit", point.left_limit),
            ("right-limit", point.right_limit),
        ];
        for (field, ours) in ours {
            if let Some(expected) = section.field(field)
                && !matches(ours, expected, point.sampled)
            {
                faults.push(format!(
                    "{}: {field} is {ours:?}, not {expected}",
                    section.title
                ));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn what_does_not_fit_the_function_is_no_answer() {
    let f = Recorded::from(&Formula::parse("x^2").unwrap());
    let methods = method::all(Default::default());
    assert!(report(&f, &[], &[0], &methods).is_err());
    assert!(report(&f, &[1.0, 2.0], &[0], &methods).is_err());
    assert!(report(&f, &[1.0], &[1], &methods).is_err());
    let nothing = Recorded::trace(&["x"], |_| Vec::new()).unwrap();
    assert!(report(&nothing, &[1.0], &[0], &methods).is_err());
    assert!(gradient(&method::Reverse, &nothing, &[1.0]).is_err());
}

#[test]
fn of_a_higher_order_it_is_told_which_derivatives_the_sides_have() {
    for (text, order, left, right, of_order) in [
        // The second derivative of sin(x)/x tends to -1/3.
        (
            "sin(x)/x",
            2,
            Some(-0.333_333_333_333_333_3),
            Some(-0.333_333_333_333_333_3),
            2,
        ),
        ("abs(x)", 2, Some(-1.0), Some(1.0), 1),
        ("x*abs(x)", 2, Some(-2.0), Some(2.0), 2),
        ("x*abs(x)", 3, Some(-2.0), Some(2.0), 2),
        (
            "abs(x)^(3/2)",
            2,
            Some(f64::INFINITY),
            Some(f64::INFINITY),
            2,
        ),
        ("floor(x) + x^2", 2, None, Some(2.0), 2),
    ] {
        let function = Recorded::from(&Formula::parse(text).unwrap());
        let point = secant::classify(&function, 0, &[0.0], &[1.0], order).unwrap();
        let close = |ours: Option<f64>, truth: Option<f64>| match (ours, truth) {
            (Some(ours), Some(truth)) => ours == truth || (ours - truth).abs() < 1e-15,
            (ours, truth) => ours == truth,
        };
        assert!(
            close(point.left, left) && close(point.right, right) && point.order == of_order,
            "{text}: {point:?}"
        );
        let words = point.describe();
        let has_slopes = words.contains("slope");
        assert!(!has_slopes || of_order == 1, "{text}: {words}");
    }
}
