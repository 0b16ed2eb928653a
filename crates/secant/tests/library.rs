//! What a program may do with the library that no formula of the command does: several outputs, directions of any numbers, nodes that are kept.

#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::RefCell;

use secant::combine::{Chain, Partial};
use secant::method::{self, Enclosure, Forward, Method, Reverse, Symbolic, range};
use secant::optimiser::clip_norm;
use secant::{
    Complex, Decoration, ErrorBound, ErrorKind, Estimate, Formula, Function, Functions, Interval,
    Node, Objective, Recorded, Strictness, check_gradient, derivative, gradient, hessian, jvp,
    report, rough_cells, rough_places, tangent, taylor_polynomial,
};

fn recorded(text: &str) -> Recorded {
    Recorded::from(&Formula::parse(text).unwrap())
}

fn values(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|estimate| estimate.value).collect()
}

#[test]
fn a_jump_that_is_multiplied_by_0_leaves_no_proof() {
    // f = x, but for the rule, which reads the value of the condition at 0 itself.
    for text in ["x*(x != 0)", "x*(x == 0)", "2*x*exp2(2*x + (x != 0))"] {
        let found = derivative(&Symbolic, &recorded(text), &[0.0], &[0]).unwrap();
        assert_eq!(found.bound, ErrorBound::Unknown, "{text}: {found:?}");
    }
    // Elsewhere, and along an input that the condition does not read, the rule holds.
    let found = derivative(&Symbolic, &recorded("x*(x != 0)"), &[2.0], &[0]).unwrap();
    assert_eq!((found.value, found.bound.is_proven()), (1.0, true));
    let found = derivative(
        &Symbolic,
        &recorded("f(x, y) = y*(x != 0)"),
        &[0.0, 3.0],
        &[1],
    );
    assert!(found.unwrap().bound.is_proven());
    let right = recorded("x*(x == 0) + 2*x");
    let found = check_gradient(&right, &[3.0], &[0.0], &Symbolic, Strictness::default());
    assert!(found.is_err() || !found.unwrap().passes());
}

#[test]
fn a_direction_that_is_no_number_leads_nowhere() {
    let f = recorded("x^2*y");
    for bad in [f64::NAN, f64::INFINITY] {
        for method in method::all(method::Difference::default()) {
            let refused = jvp(method.as_ref(), &f, &[1.0, 2.0], &[bad, 1.0]);
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::Setting);
        }
        let nowhere = [vec![bad, 0.0], vec![bad, 0.0], vec![1.0, 0.0]];
        let at = Interval::points(&[1.0, 2.0]);
        for directions in [&nowhere[..1], &nowhere] {
            let range = range(&f, &at, directions)[0];
            assert_eq!(range.decoration(), Decoration::Trivial, "{range:?}");
            assert!(range.contains(1e300));
        }
        assert!(f.derivative_along(&[bad, 1.0]).eval(&[1.0, 2.0])[0].is_nan());
    }
}

/// At a tie neither side is left out: a sweep back proved a slope of 0 by the second one, of sums that have a slope.
#[test]
fn a_tie_proves_nothing_of_either_side() {
    for text in [
        "f(x, a) = max(x, a) + min(x, a)",
        "f(x, a) = max(x, a)*min(x, a)",
        "f(x, a) = max(x, a)",
        "f(x, a) = min(a, x)^2",
    ] {
        let function = recorded(text);
        for entry in gradient(&Reverse, &function, &[2.0, 2.0]).unwrap() {
            assert_eq!(entry.bound, ErrorBound::Unknown, "{text}: {entry:?}");
        }
        assert!(function.vjp(&[2.0, 2.0], &[1.0]).unwrap()[1].is_nan());
        let apart = gradient(&Reverse, &function, &[2.0, 3.0]).unwrap();
        assert!(apart.iter().all(|entry| entry.bound.is_proven()), "{text}");
    }
    let sum = recorded("f(x, a) = max(x, a) + min(x, a)");
    let given = [1.0, 1.0];
    let check = check_gradient(&sum, &[2.0, 2.0], &given, &Reverse, Strictness::default()).unwrap();
    assert_eq!(check.wrong().count(), 0);
}

#[test]
fn directions_and_weights_of_another_length_are_carried_nowhere() {
    let f = recorded("x^2*y");
    let chain = Chain::new(vec![Box::new(recorded("x^2*y")), Box::new(recorded("x^3"))]).unwrap();
    for f in [&f as &dyn Function, &chain] {
        assert!(f.jvp(&[1.0, 2.0], &[1.0]).is_none() && f.jvp(&[1.0, 2.0], &[1.0; 3]).is_none());
        assert!(f.vjp(&[1.0, 2.0], &[]).is_none() && f.vjp(&[1.0, 2.0], &[1.0; 2]).is_none());
    }
    assert!(f.derivative_along(&[1.0]).eval(&[1.0, 2.0])[0].is_nan());
}

#[test]
fn an_output_that_weighs_nothing_and_an_input_that_is_not_asked_for_take_no_derivative_away() {
    let f = Recorded::trace(&["x"], |v| {
        vec![v[0].clone() * v[0].clone() * v[0].clone(), v[0].ln()]
    });
    let f = f.unwrap();
    for at in [-1.0, 0.0] {
        let slope = 3.0 * at * at;
        assert_eq!(values(&gradient(&Reverse, &f, &[at]).unwrap()), [slope]);
        assert_eq!(derivative(&Reverse, &f, &[at], &[0]).unwrap().value, slope);
        assert_eq!(hessian(&Reverse, &f, &[at]).unwrap()[0][0].value, 6.0 * at);
    }
    let power = recorded("f(x, n) = x^n");
    let found = gradient(&Reverse, &power, &[-2.0, 3.0]).unwrap();
    assert_eq!((found[0].value, found[0].bound.is_proven()), (12.0, true));
    assert!(found[1].value.is_nan());
    assert_eq!(
        derivative(&Reverse, &power, &[-2.0, 3.0], &[0])
            .unwrap()
            .value,
        12.0
    );
    let forward = gradient(&Forward, &power, &[-2.0, 3.0]).unwrap();
    assert_eq!(forward[0].value, 12.0);
}

#[test]
fn a_range_of_slopes_tells_where_the_function_has_no_value() {
    for (text, low, high) in [
        ("max(2, acosh(x))", 0.25, 1.75),
        ("max(ln(1+2x), -x)", -1.0, -0.25),
        ("relu(-1-sqrt(x))", -1.0, 1.0),
        ("sign(2+sqrt(x))", -1.0, 1.0),
        ("floor(0.5+0.1*sqrt(x))", -1.0, 1.0),
    ] {
        let found = range(&recorded(text), &[Interval::new(low, high)], &[vec![1.0]])[0];
        assert_eq!(found.decoration(), Decoration::Trivial, "{text}: {found:?}");
    }
    let found = range(
        &recorded("max(2, acosh(x))"),
        &[Interval::new(1.25, 1.75)],
        &[vec![1.0]],
    )[0];
    assert!(found.decoration() > Decoration::Trivial && found.contains(0.0));
    let slope = &Enclosure
        .along(&recorded("relu(x)"), &[2.0], &[vec![1.0]])
        .unwrap()[0];
    assert!(slope.bound.is_proven());
}

#[test]
fn a_node_that_is_kept_is_of_no_use_in_another_recording() {
    let kept: RefCell<Option<Node>> = RefCell::new(None);
    let keep = |v: &[Node]| {
        *kept.borrow_mut() = Some(v[0].clone());
        vec![v[0].clone()]
    };
    Recorded::trace(&["x"], keep).unwrap();
    let kept = kept.into_inner().unwrap();
    type Use = fn(&Node, &Node) -> Node;
    let uses: [Use; 4] = [
        |own, kept| own.clone() * kept.clone(),
        |_, kept| kept.sin(),
        |own, kept| own.clone() + (kept.clone() + kept.clone()).exp(),
        |_, kept| kept.clone(),
    ];
    for used in uses {
        let found = Recorded::trace(&["x"], |v| vec![used(&v[0], &kept)]);
        assert!(found.unwrap_err().message().contains("another recording"));
    }
}

#[test]
fn what_is_not_there_is_not_0() {
    let none = taylor_polynomial(&recorded("|x|"), &[0.0], 0, 3).unwrap();
    assert!(none.terms.is_empty() && none.value(1.0, 3).is_nan() && none.text("x", 3).is_empty());
    let column_alone = Objective::mean(&recorded("x^2"), &[0]).unwrap();
    let found = column_alone.gradient_moments(&[], &[&[1.0, 3.0]]).unwrap();
    assert_eq!((found.rows, found.mean.len()), (2, 0));
    let mut far = [3e200, 4e200];
    let norm = clip_norm(&mut far, 1.0);
    assert!(
        (norm / 5e200 - 1.0).abs() < 1e-15 && (far[0] - 0.6).abs() < 1e-12,
        "{norm} {far:?}"
    );
}

#[test]
fn what_is_0_within_its_rounding_proves_nothing_beside_it() {
    // ln(1 + x²) is 0 within its rounding at 2⁻³⁰, and not 0.
    let near = 2f64.powi(-30);
    for text in [
        "1e18*x*ln(1 + x^2) + (x - 1/2^30)^(5/3)",
        "(2x + (x - 1/2^30)^(5/3))*lgamma(1 + x^2)",
    ] {
        let function = recorded(text);
        let found = report(&function, &[near], &[0], &[]).unwrap();
        assert_eq!(found.bound, ErrorBound::Unknown, "{text}");
        assert!(found.point.within_rounding, "{text}");
        let polynomial = taylor_polynomial(&function, &[near], 0, 1).unwrap();
        assert!(polynomial.terms.is_empty(), "{text}");
    }
}

#[test]
fn mixed_derivatives_ask_whether_there_is_a_function_beside_the_point_along_each_input() {
    for text in [
        "f(x, y) = max(sqrt(-x^2)*y, 1)",
        "f(x, y) = if y < y^x then x*y else 0",
        "f(x, y) = min(sqrt(-x^2)*y, -x*y - 1)",
    ] {
        for wrt in [[0, 1], [1, 0]] {
            let found = report(&recorded(text), &[0.0, -0.5], &wrt, &method::exact()).unwrap();
            assert_eq!(
                (found.value, found.point.is_smooth()),
                (None, false),
                "{text}"
            );
        }
    }
}

#[test]
fn a_number_that_is_rounded_to_a_pole_is_none() {
    // x - 7 is -7 as a double, and the function -1.98e16.
    for text in ["gamma(x - 7)", "1/digamma(x - 7)"] {
        let found = report(&recorded(text), &[1e-20], &[0], &[]).unwrap();
        assert!(
            found.point.within_rounding && !found.point.is_decided(),
            "{text}"
        );
    }
    let pole = report(&recorded("gamma(x)"), &[-7.0], &[0], &[]).unwrap();
    assert!(pole.point.is_decided() && !pole.point.within_rounding);
}

#[test]
fn what_digits_that_cancelled_leave_open_is_not_shared_out() {
    for (text, at, delta) in [("(exp(x) - 1)/x", 1e-5, 1e-4), ("ln(1 + x)/x", 1e-4, 0.01)] {
        let found = tangent(&recorded(text), &[at], 0, delta).unwrap();
        assert_eq!(found.secant.error, None, "{text}");
    }
    for (text, at) in [
        ("sin(x)", std::f64::consts::PI),
        ("3x + 2", 1.0),
        ("x^3", 0.0),
    ] {
        let found = tangent(&recorded(text), &[at], 0, 1e-4).unwrap();
        assert!(found.secant.error.is_some(), "{text}");
    }
}

/// Functions nested in functions have derivatives whose formulas grow fivefold with each order. Those methods refuse that write them; the others answer.
#[test]
fn derivatives_that_grow_beyond_all_measure_are_refused() {
    let nested =
        |depth: usize| recorded(&format!("{}x{}", "sin(".repeat(depth), ")".repeat(depth)));
    let deep = nested(40);
    let along = vec![vec![1.0]; 6];
    let methods: [&dyn Method; 4] = [&Symbolic, &Forward, &Reverse, &Enclosure];
    for method in methods {
        let refused = method.along(&deep, &[0.7], &along).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported, "{}", method.name());
        assert!(refused.message().contains("too many to be differentiated"));
        // Of few functions all orders are there.
        assert!(method.along(&nested(2), &[0.7], &along).is_ok());
    }
    let found = report(&deep, &[0.7], &[0; 6], &method::exact()).unwrap();
    let names: Vec<_> = found
        .estimates
        .iter()
        .map(|estimate| estimate.method)
        .collect();
    assert!(
        names.contains(&"taylor") && !names.contains(&"forward"),
        "{names:?}"
    );
}

#[test]
fn numbers_at_the_ends_of_doubles_are_served() {
    let norm = clip_norm(&mut [3e-170, 4e-170], 1.0);
    assert!((norm / 5e-170 - 1.0).abs() < 1e-15);
    assert_eq!(clip_norm(&mut [0.0, 0.0], 1.0), 0.0);
    let mut turned = [1.0, 0.0];
    clip_norm(&mut turned, -1.0);
    assert_eq!(turned, [0.0, 0.0]);
    let far = recorded("|x - 1.5e308|");
    let places = rough_places(&far, &[0.0], 0, (1.2e308, 1.7e308)).unwrap();
    assert_eq!(places.places[0].exact.as_ref().unwrap().0, 1.5e308);
    let quotient = recorded("x/y");
    let whole = (-1.0, 1.0);
    assert!(rough_cells(&quotient, whole, whole, 1 << 32).is_err());
    // Beyond the reach of its series nothing of a complex logarithm is known.
    assert!(Complex::new(1.0, 3.0).ln().re.is_nan());
}

#[test]
fn what_is_strict_is_a_number() {
    let f = recorded("x^2");
    for (tolerance, visible) in [
        (f64::NAN, 1e-3),
        (-1.0, 1e-3),
        (1e-7, 0.0),
        (1e-7, f64::NAN),
    ] {
        let strictness = Strictness { tolerance, visible };
        let refused = check_gradient(&f, &[2.0], &[1.0], &Reverse, strictness);
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Setting);
    }
}

#[test]
fn sums_of_another_objective_are_refused() {
    let objective = Objective::sum(&recorded("f(x, a) = (x - a)^2"), &[0]).unwrap();
    let strange = Partial {
        rows: 2,
        sums: vec![1.0; 9],
    };
    let refused = objective.evaluation(&[1.0], Some(strange));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Shape);
}
