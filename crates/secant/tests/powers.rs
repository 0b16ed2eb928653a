//! Powers by fractions: what they are beside 0, whatever their denominators, and how many digits they have elsewhere.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::{
    BlockRunner, Formula, Interval, PointKind, PointRunner, Rational, Recorded, classify, ulp,
};

fn recorded(text: &str) -> Recorded {
    Recorded::from(&Formula::parse(text).unwrap())
}

const UP: Option<f64> = Some(f64::INFINITY);
const DOWN: Option<f64> = Some(f64::NEG_INFINITY);

/// A formula, the order of the derivative, what kind of point 0 is for it, and the derivatives from the left and from the right.
type Row = (&'static str, usize, PointKind, Option<f64>, Option<f64>);

/// Told by hand: c t^p has the derivative c p t^(p-1), which is 0 at 0 for p > 1 and grows without bound for p < 1. To the left of 0 there is
/// a power where the denominator is odd; it has the sign of x where the numerator is odd too.
const AT_ZERO: &[Row] = &[
    ("x^(1/7)", 1, PointKind::Infinite, UP, UP),
    ("x^(8/7)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("x^(9/7)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("x^(9/7)", 2, PointKind::Infinite, DOWN, UP),
    ("x^(15/7)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("x^(15/7)", 2, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("x^(15/7)", 3, PointKind::Infinite, UP, UP),
    ("x^(5/7)", 1, PointKind::Infinite, UP, UP),
    ("x^(12/7)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("x^(12/7)", 2, PointKind::Infinite, UP, UP),
    ("x^(19/7)", 2, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("x^(2/9)", 1, PointKind::Infinite, DOWN, UP),
    ("x^1.44", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("x^1.3579", 1, PointKind::OneSided, None, Some(0.0)),
    ("x^1.3579", 2, PointKind::Infinite, None, UP),
    ("x^0.3", 1, PointKind::Infinite, None, UP),
    // Powers of 0: 1 at the exponent 0 alone, 0 above it, and nothing below.
    ("0^(x^2)", 1, PointKind::Jump, None, None),
    ("0^(x^2) + x", 1, PointKind::Jump, None, None),
    ("0^x*x", 1, PointKind::OneSided, None, Some(0.0)),
    ("0^(x^2 + 1)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("relu(x)^relu(-x)", 1, PointKind::Jump, None, Some(0.0)),
    ("floor(x)^abs(x)", 1, PointKind::Jump, None, None),
    ("x^0.20000000298", 1, PointKind::Infinite, None, UP),
    ("x^(123457/123456)", 1, PointKind::OneSided, None, Some(0.0)),
    ("-x^(1000/999)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    // 1/2 + 1/3 + 1/7 is 41/42, with 1/6 more it is above 1, and with 1/42 it is 1.
    ("sqrt(x)*cbrt(x)*x^(1/7)", 1, PointKind::Infinite, None, UP),
    (
        "sqrt(x)*cbrt(x)*x^(1/7)*x^(1/6)",
        1,
        PointKind::OneSided,
        None,
        Some(0.0),
    ),
    (
        "3*sqrt(sin(x))*cbrt(tan(x))*x^(1/7)*sinh(x)^(1/42)",
        1,
        PointKind::OneSided,
        None,
        Some(3.0),
    ),
    ("(x^2)^(1/7)", 1, PointKind::Infinite, DOWN, UP),
    ("(x^2)^(4/7)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("(sin(x))^(8/7)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("(sin(x))^(8/7)", 2, PointKind::Infinite, UP, UP),
    (
        "(sin(x))^0.3*(tan(x))^0.7",
        1,
        PointKind::OneSided,
        None,
        Some(1.0),
    ),
    (
        "(sin(x))^(3579/10000)*(tan(x))^(6421/10000)",
        1,
        PointKind::OneSided,
        None,
        Some(1.0),
    ),
    (
        "(sin(x))^(12/25)*(tan(x))^(13/25)",
        1,
        PointKind::Smooth,
        Some(1.0),
        Some(1.0),
    ),
    ("(sin(x))^(12/25)*x^(1/3)", 1, PointKind::Infinite, UP, UP),
    ("|x|^(9/7)", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("|x|^(5/7)", 1, PointKind::Infinite, DOWN, UP),
    (
        "|x|^(13/7)/x^(6/7)",
        1,
        PointKind::Removable,
        Some(-1.0),
        Some(1.0),
    ),
    ("sqrt(sqrt(sqrt(x)))", 1, PointKind::Infinite, None, UP),
    (
        "((x^(1/7))^(1/5))^(36/1)",
        1,
        PointKind::Smooth,
        Some(0.0),
        Some(0.0),
    ),
    ("cbrt(x + x^(8/7))", 1, PointKind::Infinite, UP, UP),
    // |x| times the root of 1 + |x|^(2/7).
    (
        "sqrt(x^2 + x^(16/7))",
        1,
        PointKind::Corner,
        Some(-1.0),
        Some(1.0),
    ),
    (
        "(sin(x)^7 + x^8)^(1/7)",
        1,
        PointKind::Smooth,
        Some(1.0),
        Some(1.0),
    ),
    ("x^(1/7) + x^(2/9)", 1, PointKind::Infinite, UP, UP),
    (
        "x + x^(8/7) + x^1.44 + x^1.3579",
        1,
        PointKind::OneSided,
        None,
        Some(1.0),
    ),
    (
        "|x| + x^(9/7) + x^(12/11)",
        1,
        PointKind::Corner,
        Some(-1.0),
        Some(1.0),
    ),
    (
        "3x + x^(8/7) - x^(10/9) + x^(102/101)",
        1,
        PointKind::Smooth,
        Some(3.0),
        Some(3.0),
    ),
    ("exp(x^(8/7))", 1, PointKind::Smooth, Some(0.0), Some(0.0)),
    ("exp(x^(1/7))", 1, PointKind::Infinite, UP, UP),
    (
        "ln(1 + 2x + x^(9/7))",
        1,
        PointKind::Smooth,
        Some(2.0),
        Some(2.0),
    ),
    ("asin(1 - x^(2/7))", 1, PointKind::Infinite, UP, DOWN),
    (
        "acos(1 - x^(16/7))",
        1,
        PointKind::Smooth,
        Some(0.0),
        Some(0.0),
    ),
    ("atan2(x^(8/7), x)", 1, PointKind::Jump, None, None),
    ("1/x^(1/7)", 1, PointKind::Undefined, None, None),
];

#[test]
fn powers_beside_zero_are_told_for_every_denominator() {
    let mut faults = Vec::new();
    for (text, order, kind, left, right) in AT_ZERO {
        let point = classify(&recorded(text), 0, &[0.0], &[1.0], *order).unwrap();
        let is_told = *kind == PointKind::Jump || (point.left, point.right) == (*left, *right);
        if point.kind != *kind || !is_told || point.undecided || point.sampled {
            faults.push(format!("{text}, order {order}: {point:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_denominator_beyond_all_counting_is_left_to_samples() {
    let point = classify(&recorded("x^1.23456789012345"), 0, &[0.0], &[1.0], 1).unwrap();
    assert!(point.sampled && !point.is_smooth(), "{point:?}");
}

/// x, x^(p/q) as a formula, numerator and denominator, and the truth.
fn truths() -> impl Iterator<Item = (f64, String, [f64; 2], Rational)> {
    let lines = include_str!("powers.tsv").lines().skip(1);
    lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [x, p, q, power] = cells.try_into().unwrap();
        let (sign, digits) = match power.strip_prefix('-') {
            Some(digits) => (-Rational::ONE, digits),
            None => (Rational::ONE, power),
        };
        let truth = sign * Rational::from_decimal(digits).unwrap();
        let numbers = [p, q].map(|number| number.parse().unwrap());
        (x.parse().unwrap(), format!("x^({p}/{q})"), numbers, truth)
    })
}

/// Whether a range holds a number that is known to 45 digits.
fn holds(range: Interval, truth: &Rational) -> bool {
    let written_off = truth.abs() * Rational::from_decimal("1e-44").unwrap();
    let [lo, hi] = [range.lo(), range.hi()].map(|end| Rational::from_f64(end).unwrap());
    lo <= truth.clone() + written_off.clone() && truth.clone() - written_off <= hi
}

#[test]
fn bounds_of_powers_hold_and_leave_nearly_all_digits() {
    let mut faults = Vec::new();
    for (x, text, [p, q], truth) in truths() {
        let function = recorded(&text);
        let value = function.value_at(0, &[x]);
        let range = function.program().run(&[Interval::point(x)])[0];
        // A root is rounded p times; elsewhere the rounding of the exponent counts as the logarithm says.
        let left = (p % q).min(4.0).max((p % q) / q * x.abs().ln().abs()) + p.div_euclid(q);
        let most = (10.0 + 5.0 * left) * ulp(value);
        if !holds(range, &truth) || !range.contains(value) || range.width() > most {
            faults.push(format!(
                "{text} at {x:e}: {value:e} in {range:?}, truth {truth}"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn slopes_of_powers_hold_their_bounds() {
    let mut faults = Vec::new();
    for (x, text, [p, q], truth) in truths() {
        let truth = truth * Rational::from_f64(p).unwrap();
        let truth = (truth / Rational::from_f64(q).unwrap()).unwrap();
        let truth = (truth / Rational::from_f64(x).unwrap()).unwrap();
        let beyond = truth.to_f64().abs();
        if !(1e-290..1e290).contains(&beyond) {
            continue;
        }
        let both = recorded(&text).with_gradient(0).unwrap();
        let range = both.program().run(&[Interval::point(x)])[1];
        if !holds(range, &truth) || range.width() > 1e-12 * beyond {
            faults.push(format!("{text} at {x:e}: {range:?}, truth {beyond:e}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn runners_know_the_same_powers() {
    for (x, text, ..) in truths() {
        let both = recorded(&text).with_gradient(0).unwrap();
        let range: Vec<Interval> = both.program().run(&[Interval::point(x)]);
        let single = PointRunner::new(both.program()).run(&[x]).to_vec();
        let mut rows = [vec![f64::NAN; 5], vec![f64::NAN; 5]];
        let [values, slopes] = &mut rows;
        BlockRunner::new(both.program(), &[])
            .run(&[&[x; 5]], &mut [values, slopes])
            .unwrap();
        for (place, range) in range.into_iter().enumerate() {
            let wide = Interval::outward(range.lo(), range.hi(), 8.0);
            for computed in [single[place], rows[place][4]] {
                assert!(
                    wide.contains(computed),
                    "{text} at {x:e}: {computed:e}, {range:?}"
                );
            }
        }
    }
}

#[test]
fn powers_of_powers_come_out_as_they_are() {
    let value = |text: &str, x: f64| recorded(text).value_at(0, &[x]);
    for (text, x, power) in [
        ("x^0.3", 1024.0, 8.0),
        ("x^0.4", 1024.0, 16.0),
        ("x^(3/2)", 9.0, 27.0),
        ("x^2.5", 4.0, 32.0),
        ("x^(5/3)", -8.0, -32.0),
        ("x^(7/3)", -8.0, -128.0),
        ("x^(8/3)", -8.0, 256.0),
        ("x^(13/10)", 1024.0, 8192.0),
        ("x^(11/13)", -1.0, -1.0),
        ("x^(12/13)", -1.0, 1.0),
        ("x^(11/13)", 0.0, 0.0),
        ("x^1.3579", 0.0, 0.0),
    ] {
        assert_eq!(value(text, x), power, "{text} at {x}");
    }
    assert!(value("x^1.3579", -2.0).is_nan());
    assert!(value("x^(11/13)", f64::INFINITY).is_infinite());
}
