//! Value and derivatives at many points: what is computed by blocks is what each point gives alone, and a point without a derivative has none.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::{Closeness, Formula, PointKind, Recorded, Slopes, method, report};

fn recorded(text: &str) -> Recorded {
    Recorded::from(&Formula::parse(text).unwrap())
}

#[test]
fn each_row_has_what_a_report_on_it_alone_says() {
    let f = recorded("f(x, y) = sqrt(x)*y + |x - 1|^3 + 1/y");
    let each = [vec![0], vec![1], vec![0, 1], vec![0, 0]];
    let x = [-1.0, 0.0, 0.25, 1.0, 2.0, 3.0];
    let y = [1.0, 2.0, 0.0, 4.0, 0.0, -5.0];
    let found = Slopes::new(&f, &each, &[]).unwrap().at(&[&x, &y]).unwrap();
    for (row, found) in found.iter().enumerate() {
        let at = [x[row], y[row]];
        for (wrt, derivative) in each.iter().zip(&found.derivatives) {
            let alone = report(&f, &at, wrt, &method::all(Default::default())).unwrap();
            assert_eq!(
                derivative.is_some(),
                alone.value.is_some(),
                "{at:?} {wrt:?}"
            );
            let off = derivative
                .zip(alone.value)
                .map_or(0.0, |(a, b)| (a - b).abs());
            assert!(off <= 1e-14, "{at:?} {wrt:?}: {off}");
        }
        let is_whole = found.derivatives.iter().all(Option::is_some);
        assert_eq!(is_whole, found.kind == PointKind::Smooth, "{at:?}");
        let value = f.value_at(0, &at);
        assert!(Closeness::within(1e-14).holds(found.value, value), "{at:?}");
    }
    assert!(found[3].undecided && !found[1].undecided);
    let kinds = found.iter().map(|found| found.kind);
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [
            PointKind::Undefined,
            PointKind::Infinite,
            PointKind::Undefined,
            // The mixed derivative across the cube's bend is not decided.
            PointKind::Undefined,
            PointKind::Undefined,
            PointKind::Smooth,
        ]
    );
}

#[test]
fn a_derivative_beyond_doubles_is_missing_and_says_so() {
    let f = recorded("exp(x)");
    let found = Slopes::new(&f, &[vec![0]], &[])
        .unwrap()
        .at(&[&[1.0, 800.0]])
        .unwrap();
    assert_eq!(found[0].derivatives, [Some(1f64.exp())]);
    assert_eq!(
        (found[1].derivatives.as_slice(), found[1].kind),
        (&[None][..], PointKind::Overflow)
    );
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let f = recorded("f(x, y) = x*y");
    assert!(Slopes::new(&f, &[vec![2]], &[]).is_err());
    assert!(Slopes::new(&f, &[vec![0]], &[5]).is_err());
    let mut slopes = Slopes::new(&f, &[vec![0]], &[]).unwrap();
    assert!(slopes.at(&[&[1.0]]).is_err());
    assert!(slopes.at(&[&[1.0], &[1.0, 2.0]]).is_err());
    let mut held = Slopes::new(&f, &[vec![0]], &[0, 1]).unwrap();
    assert_eq!(
        held.at(&[&[2.0], &[3.0]]).unwrap()[0].derivatives,
        [Some(3.0)]
    );
    assert!(held.at(&[&[2.0], &[]]).is_err());
}

#[test]
fn rows_of_which_digits_cancelled_say_so() {
    let f = recorded("(exp(x) - 1 - x)/x^2");
    let found = Slopes::new(&f, &[vec![0]], &[])
        .unwrap()
        .at(&[&[1.0, 1e-5, 1e-9]])
        .unwrap();
    let few: Vec<bool> = found.iter().map(|found| found.few_digits).collect();
    assert_eq!(few, [false, true, true]);
    // A slope that passes through 0 has as many digits as the value lets it have.
    let sine = recorded("sin(x)");
    let top = Slopes::new(&sine, &[vec![0]], &[])
        .unwrap()
        .at(&[&[std::f64::consts::FRAC_PI_2]])
        .unwrap();
    assert!(!top[0].few_digits);
}

#[test]
fn what_rounding_cannot_tell_apart_is_marked() {
    let steep = Recorded::from(&Formula::parse("1e16 x + |x|").unwrap());
    let mut slopes = Slopes::new(&steep, &[vec![0]], &[]).unwrap();
    let found = slopes.at(&[&[-1.5, 0.0]]).unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|at| (at.derivatives[0], at.within_rounding))
        .collect();
    assert_eq!(told, [(Some(1e16), false), (Some(1e16), true)]);
}

/// Where doubles are whole numbers all, the step below one is no double: it is not known to be another number, and must not pass for none.
#[test]
fn a_step_smaller_than_the_doubles_is_not_overlooked() {
    for (text, x) in [
        ("floor(x)", 1e16),
        ("ceil(x)", -1e17),
        ("ceil(4x)", 1e160),
        ("floor(x^2)", 1e9),
        ("x + floor(x/3)", 3e16),
    ] {
        let f = Recorded::from(&Formula::parse(text).unwrap());
        let mut slopes = Slopes::new(&f, &[vec![0]], &[]).unwrap();
        let found = &slopes.at(&[&[x]]).unwrap()[0];
        assert!(
            found.undecided && found.derivatives == [None],
            "{text} at {x}: {found:?}"
        );
    }
    let floor = Recorded::from(&Formula::parse("floor(x)").unwrap());
    let mut slopes = Slopes::new(&floor, &[vec![0]], &[]).unwrap();
    let found = slopes.at(&[&[2.5e15, 2f64.powi(53), 2.5]]).unwrap();
    let kinds: Vec<_> = found.iter().map(|at| at.kind.name()).collect();
    assert_eq!(kinds, ["jump", "jump", "smooth"]);
}

/// Many rows are searched for those where digits may have cancelled, a few are each looked at: what is told is the same.
#[test]
fn rows_are_told_the_same_alone_and_among_many() {
    let formulas = [
        "(exp(x) - 1 - x)/x^2",
        "cos(1e14 x)",
        "x*cos(1e20 pi)",
        "x - sin(x)",
        "sqrt(x^2 + 1) - x",
        "ln(1 + x) - x + x^2/2",
        "sin(x)^2 + cos(x)^2 - 1",
        "1/(x - 1/3) + gamma(x)",
        "(x - 0.1)^7*tan(x)",
        "max(x, x^2)*exp(-x)",
        "erf(x) - 1 + lgamma(1 + x)",
        "piecewise(x > 3, (x - 3)^2 - x^2, x)",
        "x^x - 1",
        "j0(1000x) + |x - 2|",
    ];
    // From 1e-9 to 1e9 and the negative ones, whole powers of ten among them.
    let sizes = (-90..=90).map(|tenth| 10f64.powf(f64::from(tenth) / 10.0));
    let whole = (0..=12).map(f64::from);
    let x: Vec<f64> = sizes.flat_map(|x| [x, -x]).chain(whole).collect();
    let mut few = 0;
    for formula in formulas {
        let f = recorded(formula);
        let mut slopes = Slopes::new(&f, &[vec![0], vec![0, 0]], &[]).unwrap();
        let together = slopes.at(&[&x]).unwrap();
        for (x, among) in x.iter().zip(together) {
            let alone = slopes.at(&[&[*x]]).unwrap().remove(0);
            assert_eq!(
                alone.few_digits, among.few_digits,
                "{formula} at {x}: {alone:?}"
            );
            assert_eq!(alone.kind, among.kind, "{formula} at {x}");
            few += usize::from(alone.few_digits);
        }
    }
    assert!(few > 500, "{few}");
}

/// A fraction that no double holds is the fraction nonetheless: 1/2 is five times 1/10, and nothing is left of it.
#[test]
fn what_is_left_of_whole_multiples_of_a_fraction_is_exact() {
    for (text, x, value) in [
        ("mod(x, 0.1)", 0.5, 0.0),
        ("mod(x, 1e-3)", 3.0, 0.0),
        ("mod(x, 1/3)", -1.0, 0.0),
        ("mod(x, 0.1)", 0.375, 0.075),
        ("mod(x, -0.1)", 0.375, -0.025),
    ] {
        let f = Recorded::from(&Formula::parse(text).unwrap());
        let mut slopes = Slopes::new(&f, &[vec![0]], &[]).unwrap();
        let found = &slopes.at(&[&[x]]).unwrap()[0];
        assert_eq!(found.value, value, "{text} at {x}");
        let kind = if value == 0.0 { "jump" } else { "smooth" };
        assert_eq!(found.kind.name(), kind, "{text} at {x}");
    }
}
