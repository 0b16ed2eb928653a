//! What series beside a point leave out is never taken for nothing: no jump, corner or slope is found in a sum that was
//! cut short, and none in a coefficient that may be 0.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::{Formula, Point, PointKind, Recorded, classify};

/// What is found at x = 0 for the derivative of this order.
fn at_zero(formula: &str, order: usize) -> Point {
    let function = Recorded::from(&Formula::parse(formula).unwrap());
    classify(&function, 0, &[0.0], &[1.0], order).unwrap()
}

#[test]
fn the_cardinal_sine_has_more_than_two_terms() {
    let fourth = at_zero("sinc(x) + abs(x)^5", 4).derivative.unwrap();
    assert!(fourth.contains(0.2) && fourth.width() < 1e-12, "{fourth:?}");
    let sixth = at_zero("spherical_bessel(abs(x), 2)", 6)
        .derivative
        .unwrap();
    // x²/15 - x⁴/210 + x⁶/7560
    let truth = 720.0 / 7560.0;
    assert!(sixth.contains(truth) && sixth.width() < 1e-12, "{sixth:?}");
}

#[test]
fn a_cardinal_sine_that_was_cut_is_not_exact() {
    // sinc(x^30) - 1 + x^60/6 is x^120/120 and more.
    let point = at_zero("sign(sinc(x^30) - 1 + x^60/6)", 1);
    assert!(!point.is_smooth(), "{point:?}");
}

#[test]
fn an_integral_that_was_cut_is_not_exact() {
    for formula in ["floor(j0(x^6))", "sign(j0(x^6) - 1)", "floor(j0(x^7))"] {
        let point = at_zero(formula, 1);
        assert!(!point.is_smooth(), "{formula}: {point:?}");
    }
    let jump = at_zero("floor(j0(x^2))", 1);
    assert_eq!(jump.kind, PointKind::Jump, "{jump:?}");
    assert!(!jump.sampled);
}

#[test]
fn a_taylor_polynomial_is_not_the_function() {
    let point = at_zero("sign(j1(x^4) - x^4/2)", 1);
    assert!(!point.is_smooth(), "{point:?}");
    let eighth = at_zero("abs(bessel_j(2, x))", 8);
    let is_right = |found: secant::Interval| found.contains(-0.21875);
    assert!(eighth.derivative.is_none_or(is_right), "{eighth:?}");
    let sixth = at_zero("abs(bessel_j(2, x))", 6).derivative.unwrap();
    assert!(sixth.contains(720.0 / 3072.0), "{sixth:?}");
}

#[test]
fn a_root_whose_factor_may_be_0_makes_no_cusp() {
    let point = at_zero(
        "1 + sin(1)^2*sqrt(abs(x)) + cos(1)^2*sqrt(abs(x)) - sqrt(abs(x))",
        1,
    );
    assert!(point.undecided, "{point:?}");
    assert_ne!(point.kind, PointKind::Infinite);
}

#[test]
fn powers_beyond_all_counting_are_no_poles() {
    let point = at_zero("abs(x)*x^30000000*sin(x)^30000000", 1);
    assert!(
        point.left_limit == Some(0.0) && point.right_limit == Some(0.0),
        "{point:?}"
    );
}

#[test]
fn a_gap_between_two_powers_takes_no_memory() {
    let point = at_zero("abs(x) + x^30000000", 1);
    assert_eq!(point.kind, PointKind::Corner, "{point:?}");
    assert_eq!((point.left, point.right), (Some(-1.0), Some(1.0)));
    let pole = at_zero("abs(x) + 1/x^30000000", 1);
    assert!(!pole.is_smooth(), "{pole:?}");
}

#[test]
fn what_does_not_fit_the_function_is_no_point() {
    let function = Recorded::from(&Formula::parse("|x|").unwrap());
    assert!(classify(&function, 1, &[0.0], &[1.0], 1).is_err());
    assert!(classify(&function, 0, &[], &[1.0], 1).is_err());
    assert!(classify(&function, 0, &[0.0], &[1.0, 0.0], 1).is_err());
    assert!(classify(&function, 0, &[0.0], &[1.0], 51).is_err());
    let nothing = Recorded::trace(&["x"], |_| Vec::new()).unwrap();
    assert!(classify(&nothing, 0, &[0.0], &[1.0], 1).is_err());
    assert!(secant::taylor_polynomial(&nothing, &[0.0], 0, 3).is_err());
    assert!(secant::taylor_polynomial(&function, &[1.0], 0, 51).is_err());
    assert!(secant::taylor_polynomial(&function, &[1.0], 1, 3).is_err());
}

#[test]
fn order_0_asks_for_continuity() {
    assert!(at_zero("|x|", 0).is_smooth());
    assert_eq!(at_zero("sign(x)", 0).kind, PointKind::Jump);
}
