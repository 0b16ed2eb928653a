//! The high derivatives of `spec/orders.md`: the bound of Taylor mode holds the 50-digit truth, and is small.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{document, error, exact, sections};
use secant::method::{self, Difference, HIGHEST_ORDER, Method, Taylor};
use secant::{
    ErrorBound, ErrorKind, Estimate, Formula, PointKind, Rational, Recorded, Verdict, derivative,
    nth_derivative, report, taylor_polynomial,
};

fn recorded(text: &str) -> Recorded {
    Recorded::from(&Formula::parse(text).unwrap())
}

/// What the estimate claims, held against the truth.
fn fault(estimate: &Estimate, truth: &Rational, should_be_small: bool) -> Option<String> {
    /// A proven bound wider than this part of the number is no use.
    const USEFUL: f64 = 1e-6;
    let off = error(estimate.value, truth);
    let ErrorBound::Enclosed(_) = estimate.bound else {
        return Some(format!("the bound is {:?}", estimate.bound));
    };
    let bound = estimate.bound.absolute(estimate.value)?;
    let size = truth.to_f64().abs();
    if off > bound {
        Some(format!("off by {off:e}, bound {bound:e}"))
    } else if should_be_small && size > 0.0 && bound > USEFUL * size {
        Some(format!("the bound {bound:e} says little of {size:e}"))
    } else {
        None
    }
}

#[test]
fn every_bound_holds_the_truth_and_is_useful() {
    let sections = sections(&document("spec/orders.md"));
    assert!(sections.len() >= 20);
    let mut faults = Vec::new();
    for section in &sections {
        let (_, function) = section.function().unwrap();
        let at: f64 = section.field("at").unwrap().parse().unwrap();
        let useful: usize = section.field("useful").unwrap().parse().unwrap();
        for row in &section.rows[1..] {
            let order: usize = row[0].parse().unwrap();
            let truth = exact(&row[1]);
            let estimate = nth_derivative(&Taylor, &function, &[at], &[1.0], order).unwrap();
            if let Some(fault) = fault(&estimate, &truth, order <= useful) {
                faults.push(format!("{} at {at}, order {order}: {fault}", section.title));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_methods_agree_up_to_the_orders_they_serve() {
    for text in ["sin(x)*exp(x^2)/(1+x^2)", "ln(2+x)^3", "x^x"] {
        let function = recorded(text);
        let methods = method::all(Difference::default());
        for order in 1..=8 {
            let report = report(&function, &[0.75], &vec![0; order], &methods).unwrap();
            assert_eq!(report.verdict, Verdict::Agree, "{text}, order {order}");
        }
        let report = report(&function, &[0.75], &[0; HIGHEST_ORDER], &methods).unwrap();
        assert_eq!(report.estimates.len(), 1, "{text}");
    }
}

#[test]
fn mixed_derivatives_join_several_jets() {
    let function = recorded("exp(x*y)*sin(x + 2y) + x^3*y^2");
    for wrt in [vec![0, 1], vec![0, 0, 1], vec![0, 1, 1, 1, 0], vec![1; 5]] {
        let at = [0.5, -0.25];
        let taylor = derivative(&Taylor, &function, &at, &wrt).unwrap();
        let symbolic = derivative(&method::Symbolic, &function, &at, &wrt).unwrap();
        let bound = |estimate: &Estimate| estimate.bound.absolute(estimate.value).unwrap();
        let apart = (taylor.value - symbolic.value).abs();
        assert!(apart <= bound(&taylor) + bound(&symbolic), "{wrt:?}");
        assert!(bound(&taylor) < 1e-9 * symbolic.value.abs(), "{wrt:?}");
    }
}

#[test]
fn an_order_beyond_a_method_is_refused_with_a_word() {
    let function = recorded("sin(x)");
    for method in method::all(Difference::default()) {
        let highest = method.highest_order();
        let refused = derivative(method.as_ref(), &function, &[1.0], &vec![0; highest + 1]);
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

#[test]
fn points_without_the_derivative_of_an_order_have_no_number() {
    let cases = [
        ("|x|", 0.0, 1, PointKind::Corner),
        ("x|x|", 0.0, 2, PointKind::Corner),
        ("x^3*sign(x)", 0.0, 3, PointKind::Corner),
        ("sqrt(x)", 0.0, 1, PointKind::OneSided),
        ("x^(7/2)", 0.0, 4, PointKind::Infinite),
        ("|x|^3.5", 0.0, 4, PointKind::Infinite),
        ("floor(x)", 2.0, 1, PointKind::Jump),
        ("1/x", 0.0, 10, PointKind::Undefined),
        ("x/(exp(x)-1)", 0.0, 3, PointKind::Removable),
        ("|x|", 0.0, 20, PointKind::Corner),
    ];
    for (text, at, order, kind) in cases {
        let methods = method::all(Difference::default());
        let report = report(&recorded(text), &[at], &vec![0; order], &methods).unwrap();
        assert_eq!(report.value, None, "{text} at {at}, order {order}");
        assert!(report.estimates.is_empty(), "{text} at {at}, order {order}");
        if text != "sqrt(x)" {
            assert_eq!(report.point.kind, kind, "{text} at {at}, order {order}");
        }
        let taylor = derivative(&Taylor, &recorded(text), &[at], &vec![0; order]).unwrap();
        assert_eq!(
            taylor.bound,
            ErrorBound::Unknown,
            "{text}: nothing is proven there"
        );
    }
}

#[test]
fn a_branch_that_is_not_taken_leaks_nothing() {
    let function = recorded("if x < 1 then x^3 else 1/(x-1)/0");
    let third = derivative(&Taylor, &function, &[0.5], &[0, 0, 0]).unwrap();
    assert_eq!(third.value, 6.0);
    assert!(matches!(third.bound, ErrorBound::Enclosed(_)));
}

#[test]
fn a_closure_is_refused() {
    let closure = secant::BlackBox::new(1, |x: &[f64]| x[0]);
    let refused = Taylor.along(&closure, &[1.0], &[vec![1.0]]);
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unsupported);
}

/// What is written as a decimal is rounded, and what that leaves out is part of the remainder: sums of integers beyond doubles tell it.
#[test]
fn the_remainder_holds_for_the_polynomial_as_it_is_written() {
    for (formula, at, order, x, truth) in [
        // (1 - 10^10)^3
        (
            "(x-1e10)^3",
            1.0,
            3,
            1.0,
            -999_999_999_700_000_000_029_999_999_999_i128,
        ),
        (
            "(x-1e10)^3",
            1.0,
            2,
            1.0,
            -999_999_999_700_000_000_029_999_999_999_i128,
        ),
    ] {
        let f = Recorded::from(&Formula::parse(formula).unwrap());
        let polynomial = taylor_polynomial(&f, &[at], 0, order).unwrap();
        let remainder = polynomial.remainder(&f, (x, x)).unwrap();
        let written = polynomial.terms[0].coefficient.value as i128;
        let left_out = (truth - written) as f64;
        assert_ne!(left_out, 0.0);
        assert!(
            remainder.contains(left_out),
            "{formula}: {left_out} {remainder:?}"
        );
    }
    for (formula, at, from, to) in [
        ("e^30*x", 0.0, -1.0, 1.0),
        ("exp(x)", 30.0, 29.9999, 30.0001),
    ] {
        let f = Recorded::from(&Formula::parse(formula).unwrap());
        let polynomial = taylor_polynomial(&f, &[at], 0, 1).unwrap();
        let remainder = polynomial.remainder(&f, (from, to)).unwrap();
        // A coefficient of about 10^13 is rounded by up to a thousandth.
        assert!(remainder.magnitude() > 1e-4, "{formula}: {remainder:?}");
    }
}

#[test]
fn the_sum_of_two_directions_is_not_rounded() {
    let square = recorded("x^2");
    for (first, second, truth) in [(1.0, 0.1, 0.2), (2f64.powi(53), 1.0, 2f64.powi(54))] {
        let directions = [vec![first], vec![second]];
        let found = &Taylor.along(&square, &[0.0], &directions).unwrap()[0];
        let range = match found.bound {
            ErrorBound::Enclosed(range) => range,
            _ => secant::Interval::EMPTY,
        };
        assert!(range.contains(truth), "{first}, {second}: {range:?}");
        assert!((found.value - truth).abs() <= range.width(), "{found:?}");
        // The large direction hides the small one in the sum, which the range tells.
        assert!(first != 1.0 || range.width() <= 1e-9 * truth, "{range:?}");
    }
}
