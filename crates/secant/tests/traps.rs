//! Formulas made to fool: a wrong number, or a number where there is none, must not come out.

#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use secant::{
    BlackBox, ErrorBound, Estimate, Formula, Recorded, Report, Verdict, derivative, method, report,
};

/// The report of a formula; `x,y` are the inputs, in turn as in `wrt`.
fn at(formula: &str, place: &[(&str, f64)], wrt: &[&str]) -> Report {
    let formula = Formula::parse(formula).unwrap();
    let mut point = vec![f64::NAN; formula.variables().len()];
    for (name, value) in place {
        point[formula.variable(name).unwrap()] = *value;
    }
    let wrt: Vec<usize> = wrt
        .iter()
        .map(|name| formula.variable(name).unwrap())
        .collect();
    report(
        &Recorded::from(&formula),
        &point,
        &wrt,
        &method::all(method::Difference::default()),
    )
    .unwrap()
}

fn kind(formula: &str, x: f64, order: usize) -> (&'static str, Option<f64>) {
    let report = at(formula, &[("x", x)], &vec!["x"; order]);
    (report.point.kind.name(), report.value)
}

fn value(formula: &str, x: f64) -> f64 {
    let formula = Formula::parse(formula).unwrap();
    Recorded::from(&formula).value_at(0, &[x])
}

#[test]
fn powers_of_zero_are_zero() {
    assert_eq!(value("x + 0*x + 0^2", 3.0), 3.0);
    assert_eq!(value("sum(i, 0, 3, i^2) x", 1.0), 14.0);
    assert_eq!(value("(x-x)^2 + x", 3.0), 3.0);
    assert!(value("1/(x-x)^2", 1.0).is_nan());
}

#[test]
fn a_higher_derivative_needs_the_lower_ones() {
    for formula in [
        "max(x, 0)",
        "piecewise(x<0, 0, x)",
        "min(x, 2x)",
        "|x|",
        "relu(x)",
    ] {
        assert_eq!(kind(formula, 0.0, 2), ("corner", None), "{formula}");
        assert_eq!(kind(formula, 0.0, 3), ("corner", None), "{formula}");
    }
    assert_eq!(kind("x|x|", 0.0, 1), ("smooth", Some(0.0)));
    assert_eq!(kind("x|x|", 0.0, 2), ("corner", None));
    assert_eq!(kind("x|x|", 0.0, 3), ("corner", None));
    assert_eq!(kind("|x|^3", 0.0, 2), ("smooth", Some(0.0)));
    assert_eq!(kind("|x|^3", 0.0, 3), ("corner", None));
}

#[test]
fn a_jump_hidden_by_rounding_is_a_jump() {
    for (formula, x) in [
        ("floor(sqrt(x))", 4.0),
        ("floor(x)", 4503599627370496.0),
        ("sign(sin(x) - sin(2))", 2.0),
        ("if ln(x) < ln(2) then 0 else 5", 2.0),
        ("if 3x < 0.9 then x else x+1", 0.3),
        ("mod(x, 0.1)", 0.3),
        ("floor(log2(x))", 8.0),
        ("floor(10x)", 0.3),
    ] {
        assert_eq!(kind(formula, x, 1), ("jump", None), "{formula}");
    }
    assert_eq!(kind("floor(floor(x))", 1e17, 1).1, None);
}

#[test]
fn a_kink_met_by_rounding_alone_is_said_to_be() {
    for formula in [
        "max(-1, 0.7x + max(x, 1e-8))",
        "|x - 1e-8|",
        "if x < 1e-8 then 0 else x - 1e-8",
    ] {
        let report = at(formula, &[("x", 1e-8)], &["x"]);
        assert!(report.point.within_rounding, "{formula}: {report:?}");
    }
    let open = at(
        "piecewise(max(x, x) >= x + 0.7, hypot(x, x), log2(x))",
        &[("x", 4503599627370496.0)],
        &["x"],
    );
    assert_eq!(open.value, None);
}

#[test]
fn a_break_smaller_than_the_rounding_leaves_no_proven_bound() {
    for formula in [
        "x + 1e-17*abs(x)",
        "1e16 x + |x|",
        "x^2 + 1e9 + sign(x)*1e-8",
        "|x|^3 + (exp(1)*exp(-1) - 1 + 1e-17)*x",
    ] {
        let report = at(formula, &[("x", 0.0)], &["x"]);
        assert!(
            report.value.is_none() || report.point.within_rounding,
            "{formula}: {report:?}"
        );
        assert!(
            report
                .estimates
                .iter()
                .all(|estimate| estimate.bound == ErrorBound::Unknown),
            "{formula}"
        );
    }
}

#[test]
fn mixed_derivatives_at_kinks_are_not_made_up() {
    let origin = [("x", 0.0), ("y", 0.0)];
    let peano = "if x==0 and y==0 then 0 else x*y*(x^2-y^2)/(x^2+y^2)";
    for (formula, place) in [
        (peano, origin),
        ("if x==0 and y==0 then 0 else x*y/(x^2+y^2)", origin),
        ("|x| y", [("x", 0.0), ("y", 1.0)]),
        ("relu(x) y", [("x", 0.0), ("y", 2.0)]),
        ("|x| |y|", origin),
        ("|x*y|", origin),
        ("sign(x) y", [("x", 0.0), ("y", 1.0)]),
        ("atan2(y, x)", [("x", -1.0), ("y", 0.0)]),
        ("max(x, y)", [("x", 1.0), ("y", 1.0)]),
        ("hypot(x, y)", origin),
    ] {
        for wrt in [["x", "y"], ["y", "x"]] {
            let report = at(formula, &place, &wrt);
            assert_eq!(report.value, None, "{formula} by {wrt:?}");
        }
    }
    let smooth = at("y*min(x, x)", &[("x", 2.0), ("y", 3.0)], &["x", "y"]);
    assert_eq!((smooth.value, smooth.verdict), (Some(1.0), Verdict::Agree));
}

#[test]
fn what_is_undefined_stays_undefined() {
    assert_eq!(kind("ln(x)^0", -1.0, 1), ("undefined", None));
    assert_eq!(kind("(1/x)^0", 0.0, 1).1, None);
    assert_eq!(kind("min(x, x/0)", 7.0, 1), ("undefined", None));
    assert_eq!(kind("acos(coth(abs(ceil(x))^x))", -0.5, 1).1, None);
    assert_eq!(kind("tanh(x/0*x)", 0.1, 1), ("undefined", None));
    assert_eq!(kind("x + 1/sin(pi)", 1.0, 1).1, None);
    assert!(value("softplus(ln(x))", 0.0).is_nan());
}

#[test]
fn samples_never_make_a_derivative() {
    for formula in [
        "if x==0 then 0 else x*sin(ln(|x|))",
        "if x==0 then 0 else x*sin(1/x)",
        "if x==0 then 0 else |x|*(2+sin(1/x))",
        "if x==0 then 0 else x/ln(|x|)",
    ] {
        assert_eq!(kind(formula, 0.0, 1).1, None, "{formula}");
    }
    assert_eq!(kind("max(x, x)^(2/5)", 0.0, 1), ("infinite", None));
    assert_eq!(kind("(x-1)^(1/5)", 1.0, 1), ("infinite", None));
    assert_eq!(kind("(x-1)^(7/5)", 1.0, 1), ("smooth", Some(0.0)));
    assert_eq!(kind("x + 0^x", 1.0, 1), ("smooth", Some(1.0)));
}

#[test]
fn roots_under_functions_are_found_at_once() {
    for formula in [
        "sigmoid(sqrt(x))",
        "silu(sqrt(x))",
        "tanh(x^(1/4))",
        "1/sigmoid(cbrt(x))",
        "sech(cbrt(x))",
    ] {
        let report = at(formula, &[("x", 0.0)], &["x"]);
        assert_eq!(report.value, None, "{formula}");
    }
}

#[test]
fn what_is_not_reached_does_not_overflow() {
    assert_eq!(
        kind("if x==2 then exp(x) else min(x, 7)", 1e15, 1),
        ("smooth", Some(0.0))
    );
    assert_eq!(value("1/(1+exp(-x))", -800.0), 0.0);
    assert_eq!(kind("(x^3)^(5/2)", 0.0, 1), ("one-sided", None));
}

#[test]
fn long_and_repeated_formulas_stay_quick() {
    let sines: Vec<String> = (1..4000).map(|i| format!("sin({i}x)")).collect();
    assert!(Formula::parse(&sines.join("+")).is_ok());
    let mut doubling = "f0(x) = x + x".to_owned();
    for i in 1..40 {
        doubling += &format!("; f{i}(x) = f{0}(f{0}(x))", i - 1);
    }
    assert!(Formula::parse(&doubling).is_err() || value(&doubling, 1.0) > 0.0);
    assert!(Formula::parse("sum(i, 1, 1000000000, x^i)").is_err());
    assert!(Formula::parse("sum(i, 1, 1000, sum(j, 1, 1000, sin(i*j*x)))").is_err());
}

/// Differences of values that have lost their digits never stand before a proven derivative, however small they make their bound.
#[test]
fn a_proven_derivative_goes_before_an_estimate() {
    let mut methods = method::all(method::Difference::default());
    methods.push(Box::new(method::Automatic::default()));
    for (formula, x, truth) in [
        ("1 - cos(x)", 1e-8, 1e-8),
        ("ln(1 + x)", 1e-17, 1.0),
        ("sin(x)", 1e22, 0.5232147853951389),
        ("sin(1/x)", 1e-10, -8.731196226768561e19),
        ("1 - exp(-x)", 1e-17, 1.0),
        ("sqrt(1 + x) - 1", 1e-18, 0.5),
        ("x^2", 1e-200, 2e-200),
        ("ln(1 + exp(x))", -40.0, 4.248354255291589e-18),
        ("(1 - cos(x))/x", 1e-9, 0.5),
    ] {
        let function = Recorded::from(&Formula::parse(formula).unwrap());
        let report = report(&function, &[x], &[0], &methods).unwrap();
        let (value, bound) = (report.value.unwrap(), report.bound);
        assert!(bound.is_proven(), "{formula}: {bound:?}");
        let off = (value - truth).abs() - bound.absolute(value).unwrap();
        assert!(off <= 1e-15 * truth.abs(), "{formula}: {value} {bound:?}");
    }
}

#[test]
fn a_number_on_the_way_that_doubles_do_not_hold_is_told() {
    let mut methods = method::all(method::Difference::default());
    methods.push(Box::new(method::Automatic::default()));
    for (formula, x) in [
        ("1/ln(cosh(x))", 1000.0),
        ("atan(ln(sinh(x)))", 1000.0),
        ("erf(ln(cosh(x))/1000)", 1000.0),
        ("1/x^2", 1e-200),
        ("sqrt(x^2 + 1)", 1e200),
        ("ln(exp(x))", 800.0),
    ] {
        let function = Recorded::from(&Formula::parse(formula).unwrap());
        let report = report(&function, &[x], &[0], &methods).unwrap();
        let found = (report.point.kind.name(), report.value);
        assert_eq!(found, ("overflow", None), "{formula}");
    }
    assert_eq!(kind("1/x^2", 0.0, 1), ("undefined", None));
}

#[test]
fn a_jump_too_small_for_doubles_is_never_proven_smooth() {
    for (formula, x) in [
        ("erf(ceil(x))", 6.0),
        ("sigmoid(floor(x))", 40.0),
        ("atan(floor(x)^3)", 1e6),
        ("1e17 + floor(x)", 100.0),
        ("1 + 1e-17*sign(x)", 0.0),
    ] {
        let report = at(formula, &[("x", x)], &["x"]);
        assert!(!report.bound.is_proven(), "{formula}: {:?}", report.bound);
    }
}

/// What is the same function on both sides is proven so, though its numbers are rounded.
#[test]
fn sides_of_one_function_are_proven_to_meet() {
    for (formula, x, truth) in [
        ("sin(1)*|x|*|x| + cos(2)", 0.0, 0.0),
        ("cos(|x|)*exp(x + 1)", 0.0, 1f64.exp()),
        ("sin(|x|)*|x| + ln(3)", 0.0, 0.0),
        ("(exp(2x) - 1)/exp(1) + x|x|", 0.0, 2.0 / 1f64.exp()),
        ("(if x < 0 then x else x) + 0*|x| + ln(x + 2)", 0.0, 1.5),
        ("|x|^3 + 1/3", 0.0, 0.0),
    ] {
        let report = at(formula, &[("x", x)], &["x"]);
        assert!(report.bound.is_proven(), "{formula}: {report:?}");
        let value = report.value.unwrap();
        assert!((value - truth).abs() <= 1e-15, "{formula}: {value}");
    }
}

/// What cancels in `f - slope x` leaves digits that mean nothing; they are not shown.
#[test]
fn the_height_of_a_tangent_has_no_digits_but_certain_ones() {
    for (formula, x, intercept) in [
        ("x^3 - 100x", 1e-5, -2e-15),
        ("x^3", 0.1, -0.002),
        ("sin(x)", 0.0, 0.0),
        ("2x^2", 3.0, -18.0),
        ("exp(x)", 1.0, 0.0),
    ] {
        let function = Recorded::from(&Formula::parse(formula).unwrap());
        let line = secant::tangent(&function, &[x], 0, 1e-4).unwrap();
        assert_eq!(line.intercept, Some(intercept), "{formula} at {x}");
    }
}

/// erf(6.5) is 1 as a double, and erf is below 1 everywhere.
#[test]
fn a_bound_that_is_never_reached_makes_no_edge_and_no_pole() {
    for (formula, x) in [
        ("acosh(erf(x))", 6.5),
        ("sqrt(erf(x) - 1)", 6.5),
        ("1/(1 - tanh(x))", 25.0),
        ("ln(1 - tanh(x))", 25.0),
        ("floor(erf(x))", 7.0),
        ("acos(cos(x))", 1e-9),
        ("acosh(cosh(x))", 1e-9),
        ("asin(sigmoid(x))", 50.0),
        ("log1p(expm1(x))", -40.0),
        ("sqrt(1 + expm1(x))", -40.0),
        ("1/(1 - sech(x))", 1e-9),
        ("ln(1 - spherical_bessel(x, 0))", 1e-9),
        ("ln(-silu(x))", -800.0),
        // What is rounded to 0 may be a number on either side of it.
        ("ln(x - sin(x))", 1e-9),
        ("ln(hypot(x, 1) - x)", 1e9),
        ("1/(1 - 2^x)", 1e-17),
    ] {
        let report = at(formula, &[("x", x)], &["x"]);
        assert_eq!(
            (report.point.kind.name(), report.value),
            ("overflow", None),
            "{formula}"
        );
        assert!(
            report.point.describe().contains("never reaches"),
            "{formula}"
        );
    }
    // Here the bound is reached, or has no part in the kink.
    for (formula, x) in [
        ("acosh(cosh(x))", 0.0),
        ("acos(cos(pi x))", 1.0),
        ("|x| erf(7)", 0.0),
        ("|x - 7| + erf(x)", 7.0),
    ] {
        assert_eq!(kind(formula, x, 1).0, "corner", "{formula}");
    }
}

#[test]
fn sums_of_long_terms_are_refused_before_they_take_minutes() {
    // 1000 terms without the index, 200,000 times.
    let inner: Vec<String> = (1..=1000).map(|k| format!("sin({k}x)")).collect();
    let formula = Formula::parse(&format!("sum(i, 1, 200000, {})", inner.join("+")));
    let error = formula.unwrap_err();
    assert_eq!(error.kind(), secant::ErrorKind::TooLarge, "{error}");
    let long: Vec<String> = (0..20_000).map(|k| format!("x{k}")).collect();
    assert_eq!(
        Formula::parse(&long.join("*")).unwrap().variables().len(),
        20_000
    );
}

#[test]
fn high_powers_of_sums_are_not_multiplied_out() {
    // Multiplied out, these are powers of a thousand terms, whose coefficients have thousands of figures.
    let powers: Vec<String> = (1..=20).map(|k| format!("(x + {k})^999")).collect();
    let text = powers.join(" + ");
    let mut formula = Formula::parse(&text).unwrap();
    let root = formula.root();
    let simplified = formula.graph_mut().simplify(&[root]).roots[0];
    assert_eq!(formula.graph().text(simplified), formula.graph().text(root));
}

#[test]
fn curves_along_an_input_that_is_not_there_are_empty() {
    let f = Recorded::from(&Formula::parse("x^2").unwrap());
    assert!(
        secant::Curve::sample(&f, &[1.0], 1, (-1.0, 1.0))
            .pieces
            .is_empty()
    );
    assert!(
        secant::Curve::sample(&f, &[], 0, (-1.0, 1.0))
            .pieces
            .is_empty()
    );
}

#[test]
fn a_wave_that_passes_each_place_at_the_same_height_is_no_line() {
    // 256 waves over 256 cells: 0 at both ends of each and in its middle.
    let f = Recorded::from(&Formula::parse("sin(256 pi x)").unwrap());
    let curve = secant::Curve::sample(&f, &[1.0], 0, (0.0, 2.0));
    let heights = curve.pieces.iter().flatten().map(|point| point[1]);
    let (low, high) = heights.fold((0.0_f64, 0.0_f64), |(low, high), y| {
        (low.min(y), high.max(y))
    });
    assert!(low < -0.98 && high > 0.98, "{low} {high}");
    let (bottom, top) = curve.view(&[]);
    assert!(bottom < -0.9 && top > 0.9, "{bottom} {top}");
    // What needs no more places gets no more.
    let line = Recorded::from(&Formula::parse("2x - 1").unwrap());
    let curve = secant::Curve::sample(&line, &[1.0], 0, (0.0, 2.0));
    assert_eq!(curve.pieces.iter().flatten().count(), 257);
}

#[test]
fn a_product_that_rounds_is_never_called_exact() {
    // 0.1 * 7 / 7 is 0.1 again, yet 0.1 * 7 is rounded by 2.8e-17.
    let tenth = Estimate {
        value: 0.1,
        bound: ErrorBound::Rounding(0.0),
        method: "forward",
        evaluations: 1,
        notes: Vec::new(),
    };
    let bound = |factor: f64| tenth.scaled(factor).bound.absolute(0.1 * factor).unwrap();
    assert!(bound(7.0) >= 2.8e-17, "{}", bound(7.0));
    assert_eq!(bound(-4.0), 0.0);
    assert!(bound(0.1 * f64::MIN_POSITIVE) > 0.0);
}

#[test]
fn a_black_box_runs_as_often_as_is_told() {
    let runs = AtomicUsize::new(0);
    let counted = BlackBox::new(2, |x: &[f64]| {
        runs.fetch_add(1, Ordering::Relaxed);
        x[0] * x[0] * x[1]
    });
    for wrt in [vec![0], vec![0, 1]] {
        runs.store(0, Ordering::Relaxed);
        let found = derivative(&method::Difference::default(), &counted, &[1.0, 2.0], &wrt);
        assert_eq!(
            found.unwrap().evaluations,
            runs.load(Ordering::Relaxed),
            "{wrt:?}"
        );
    }
}

#[test]
fn a_condition_that_is_a_number_jumps_where_that_is_zero() {
    for formula in [
        "if not x then 5 else x",
        "not x",
        "x or 0",
        "x and 1",
        "if x or 0 then 1 else 2",
    ] {
        assert_eq!(kind(formula, 0.0, 1), ("jump", None), "{formula}");
        assert_eq!(kind(formula, 0.5, 1).0, "smooth", "{formula}");
    }
    // 0 wherever it is looked at, and ln(1 + e) x beside a point that stands out at its own height.
    assert_eq!(kind("x*(not x)", 0.0, 1).1, Some(0.0));
    let softplus = kind("softplus(x or x)*x", 0.0, 1).1.unwrap();
    assert!((softplus - 1.0f64.exp().ln_1p()).abs() < 1e-14);
}

#[test]
fn what_stands_still_is_multiplied_with_nothing() {
    assert_eq!(kind("|x| + acos(1)", 0.0, 1), ("corner", None));
    assert_eq!(kind("sqrt(x) + acos(-1)", 0.0, 1).0, "infinite");
    for (formula, x) in [
        ("acosh(ceil(x))", 0.5),
        ("asin(sign(x))", 0.5),
        ("acosh(heaviside(x))", 2.0),
    ] {
        assert_eq!(kind(formula, x, 1).1, Some(0.0), "{formula}");
    }
}

#[test]
fn samples_tell_nothing_of_what_has_underflowed_or_lost_its_digits() {
    let sides = |formula: &str, x: f64| {
        let point = at(formula, &[("x", x)], &["x"]).point;
        (point.right_limit, point.right)
    };
    assert_eq!(sides("ln(|x|)/ln(x^2)", 0.0).0, Some(0.5));
    assert!((sides("ln(x)/ln(x^3)", 0.0).0.unwrap() - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!(sides("sign(x^pi)", 0.0).0, Some(1.0));
    for formula in ["sign(exp(-1/x^2))", "|x|^0.001*ln(|x|)"] {
        assert_eq!(sides(formula, 0.0).0, None, "{formula}");
    }
    // The slope is -0.577, which the difference of two poles does not show.
    assert_eq!(sides("lgamma(x)+ln(|x|)", 0.0).1, None);
}

#[test]
fn samples_do_not_fall_into_step_with_what_they_look_at() {
    let sides = |formula: &str, x: f64| {
        let point = at(formula, &[("x", x)], &["x"]).point;
        (point.right_limit, point.right)
    };
    for (formula, x) in [
        ("mod(1/x,1)", 0.0),
        ("mod(1/(x-1),1)", 1.0),
        ("cos(2pi*log10(|x|))", 0.0),
    ] {
        assert_eq!(sides(formula, x).0, None, "{formula}");
    }
    // The slope of a step's neighbourhood is not that of the secants, which is 1 for the first two and none for the others.
    for formula in [
        "x^2*floor(1/x)",
        "1/floor(1/x)",
        "x*floor(1/x)",
        "x*sin(2pi*log10(|x|))",
    ] {
        assert_eq!(sides(formula, 0.0).1, None, "{formula}");
    }
}

#[test]
fn what_underflows_makes_no_edge_and_no_jump() {
    for (formula, x) in [
        ("sqrt(x^2)", 1e-200),
        ("sqrt(x^2+x^4)", 1e-200),
        ("sign(x^2)", 1e-200),
        ("|x^2|", 1e-200),
        ("min(x^2, x^3)", 1e-200),
        ("if x^2 > 0 then x else 5", 1e-200),
    ] {
        assert_eq!(kind(formula, x, 1), ("overflow", None), "{formula}");
    }
    // What underflows beside a corner takes nothing from it.
    assert_eq!(kind("|x| + exp(-1000)", 0.0, 1), ("corner", None));
    assert_eq!(kind("|x| + x^2", 0.0, 1), ("corner", None));
    assert_eq!(kind("sqrt(x^2)", 0.0, 1), ("corner", None));
}

#[test]
fn what_is_not_taken_may_be_beyond_doubles() {
    // cosh(1000) overflows, and so does its slope; neither is the lesser of the two.
    let found = at("min(cosh(x), x*x)", &[("x", 1000.0)], &["x"]);
    assert_eq!(found.value, Some(2000.0));
    let values = found.estimates.iter().map(|estimate| estimate.value);
    assert!(values.into_iter().all(f64::is_finite), "{found:?}");
}

/// However narrow a peak is, it belongs to the picture, and so does a finite end; a pole and a steep end do not.
#[test]
fn a_peak_is_no_pole() {
    let view = |text: &str, range: (f64, f64)| {
        let f = Recorded::from(&Formula::parse(text).unwrap());
        secant::Curve::sample(&f, &[range.0], 0, range).view(&[])
    };
    let (low, high) = view("exp(-1e6*(x - 0.3)^2)", (-0.25, 1.25));
    assert!(low.abs() < 1e-9 && (high - 1.0).abs() < 5e-3, "{high}");
    let (low, _) = view("sqrt(x^2 - 4)", (-4.5, 4.5));
    assert!(low < 1e-3, "{low}");
    let (_, high) = view("asin(x)", (-2.0, 2.0));
    assert!((high - std::f64::consts::FRAC_PI_2).abs() < 1e-2, "{high}");
    for (text, most) in [("1/x^2", 1e4), ("tan(x)", 1e3), ("exp(x^2)", 1e27)] {
        let (_, high) = view(text, (-8.0, 8.0));
        assert!(high < most, "{text}: {high}");
    }
}
