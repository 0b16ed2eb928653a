//! Series beside a point: they agree with the values there, and with the rules where there is no kink.

use secant::{Operation, Series};

use crate::subject::{Subject, points};

/// Where something may happen, and where nothing does; none is so near an extreme that the slope turns within the step.
const PLACES: [f64; 12] = [
    0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.5, 3.0, 1.5, 0.3, -0.7, 7.1,
];
/// How far beside the point a series is held against the values.
const STEP: f64 = 1.0 / 64.0;
/// The argument leaves the place with these powers of t: from 6 on the next power is beyond what a series keeps.
const POWERS: [u8; 3] = [1, 4, 6];

/// The arguments of an entry at a place, its first one moving; the others are fixed.
fn companions(operation: Operation) -> Vec<Vec<f64>> {
    match operation {
        Operation::Choose => vec![vec![2.0, 3.0], vec![0.0, -1.0]],
        Operation::Root => vec![vec![1.0], vec![2.0], vec![3.0], vec![-2.0], vec![5.0]],
        Operation::Pow => vec![vec![2.0], vec![-1.0], vec![0.5], vec![3.0], vec![-2.5]],
        Operation::SphericalBessel | Operation::Polygamma | Operation::BesselJ => {
            vec![vec![0.0], vec![1.0], vec![2.0], vec![4.0]]
        }
        _ if operation.arity() == 2 => vec![vec![1.0], vec![0.0], vec![-0.5], vec![2.0]],
        _ => vec![vec![]],
    }
}

/// Whether the order comes first, and what moves after it.
fn is_ordered_first(operation: Operation) -> bool {
    matches!(operation, Operation::Polygamma | Operation::BesselJ)
}

/// What moves and what does not, in the order that the entry takes them in.
fn arranged<T>(operation: Operation, moving: T, others: impl Iterator<Item = T>) -> Vec<T> {
    let mut arguments: Vec<T> = [moving].into_iter().chain(others).collect();
    if is_ordered_first(operation) {
        arguments.swap(0, 1);
    }
    arguments
}

/// What is wrong with the series of an entry on one side of a place, which its argument leaves as a power of t.
fn complaint(
    operation: Operation,
    place: f64,
    side: f64,
    power: u8,
    others: &[f64],
) -> Option<String> {
    let fixed = others.iter().map(|other| Series::approaching(*other, 0.0));
    let distance = Series::approaching(0.0, 1.0).power(&i64::from(power).into());
    let moving = Series::approaching(place, 0.0) + Series::approaching(side, 0.0) * distance;
    let series = operation.apply(&arranged(operation, moving, fixed));
    let beside = |t: f64| {
        let moved = place + side * t.powi(power.into());
        operation.value(&arranged(operation, moved, others.iter().copied()))
    };
    if series.is_undefined() {
        return beside(STEP).is_finite().then(|| "called undefined".into());
    }
    if !series.is_known() {
        return None;
    }
    if series.is_smooth_to(5) {
        return untrue(&series, beside, STEP.powf(1.0 / f64::from(power)));
    }
    if power > 1 {
        return None;
    }
    let (power, coefficient) = series.leading()?;
    let tiny = 2f64.powi(-30);
    let told = coefficient.middle() * tiny.powf(power.to_f64());
    let is_close = (told - beside(tiny)).abs() <= 1e-3 * told.abs();
    (!is_close).then(|| format!("it begins as {told}, the function as {}", beside(tiny)))
}

/// Whether a smooth series is not that of the function: with half the step, what it leaves out falls by more than the
/// power of the last order that it tells; a series that tells all orders leaves out nothing.
fn untrue(series: &Series, beside: impl Fn(f64) -> f64, step: f64) -> Option<String> {
    const HIGHEST: i32 = 40;
    let orders = (0..=HIGHEST).take_while(|order| series.is_smooth_to(*order));
    let last = orders.count() as i32 - 1;
    let left_out = |t: f64| {
        let coefficient = |order| {
            series
                .taylor(order)
                .map_or(f64::NAN, |found| found.middle())
        };
        let told = (0..=last)
            .rev()
            .fold(0.0, |sum, order| sum * t + coefficient(order));
        ((beside(t) - told).abs(), 1e-12 * (1.0 + told.abs()))
    };
    let ((far, _), (near, rounding)) = (left_out(step), left_out(step / 2.0));
    let expected = if last == HIGHEST {
        0.0
    } else {
        far / 2f64.powf(f64::from(last) + 0.5)
    };
    let is_true = near <= expected + rounding && (last < HIGHEST || far <= rounding);
    (!is_true)
        .then(|| format!("to order {last} it leaves out {far:e}, with half the step {near:e}"))
}

#[test]
fn series_beside_a_point_agree_with_the_values_there() {
    let mut all = Vec::new();
    for operation in Operation::ALL {
        for others in companions(*operation) {
            let sides = PLACES
                .iter()
                .flat_map(|place| [(*place, 1.0), (*place, -1.0)]);
            let ways = sides.flat_map(|(place, side)| POWERS.map(|power| (place, side, power)));
            for (place, side, power) in ways {
                if let Some(complaint) = complaint(*operation, place, side, power, &others) {
                    let name = operation.name();
                    all.push(format!(
                        "{name} at {place}, {others:?}, side {side}, t^{power}: {complaint}"
                    ));
                }
            }
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn kinks_jumps_and_poles_are_told_from_both_sides() {
    let places: &[(Operation, f64, &[f64])] = &[
        (Operation::Abs, 0.0, &[]),
        (Operation::Sign, 0.0, &[]),
        (Operation::Heaviside, 0.0, &[]),
        (Operation::Floor, 2.0, &[]),
        (Operation::Ceil, -3.0, &[]),
        (Operation::Round, 2.5, &[]),
        (Operation::Mod, 6.0, &[2.0]),
        (Operation::Mod, -4.5, &[-1.5]),
        (Operation::Min, 2.0, &[2.0]),
        (Operation::Max, 2.0, &[2.0]),
        (Operation::Relu, 0.0, &[]),
        (Operation::Less, 1.0, &[1.0]),
        (Operation::LessEqual, 1.0, &[1.0]),
        (Operation::Greater, 1.0, &[1.0]),
        (Operation::GreaterEqual, 1.0, &[1.0]),
        (Operation::Equal, 1.0, &[1.0]),
        (Operation::NotEqual, 1.0, &[1.0]),
        (Operation::And, 0.0, &[1.0]),
        (Operation::Or, 0.0, &[0.0]),
        (Operation::Not, 0.0, &[]),
        (Operation::Choose, 0.0, &[2.0, 3.0]),
        (Operation::Atan2, 0.0, &[-1.0]),
        (Operation::Atan2, 0.0, &[0.0]),
        (Operation::Acot, 0.0, &[]),
        (Operation::Hypot, 0.0, &[0.0]),
        (Operation::Sinc, 0.0, &[]),
        (Operation::SphericalBessel, 0.0, &[1.0]),
        (Operation::Cbrt, 0.0, &[]),
        (Operation::Root, 0.0, &[3.0]),
        (Operation::Cot, 0.0, &[]),
        (Operation::Csc, 0.0, &[]),
        (Operation::Coth, 0.0, &[]),
        (Operation::Csch, 0.0, &[]),
        (Operation::Gamma, 0.0, &[]),
        (Operation::Gamma, -3.0, &[]),
        (Operation::Digamma, 0.0, &[]),
        (Operation::Digamma, -2.0, &[]),
        (Operation::Polygamma, -1.0, &[1.0]),
        (Operation::Polygamma, 0.0, &[2.0]),
        (Operation::BesselJ, 0.0, &[1.0]),
    ];
    for (operation, place, others) in places {
        for side in [1.0, -1.0] {
            let fixed = others.iter().map(|other| Series::approaching(*other, 0.0));
            let arguments = arranged(*operation, Series::approaching(*place, side), fixed);
            let series = operation.apply(&arguments);
            assert!(
                series.is_known(),
                "{} at {place} from {side}",
                operation.name()
            );
            assert!(
                !series.rests_on_rounding(),
                "{} at {place}",
                operation.name()
            );
            let wrong = complaint(*operation, *place, side, 1, others);
            assert_eq!(wrong, None, "{} at {place} from {side}", operation.name());
        }
    }
}

#[test]
fn edges_of_domains_are_undefined_beyond_and_undecided_within() {
    let edges = [
        (Operation::Ln, 0.0, -1.0),
        (Operation::Log2, 0.0, -1.0),
        (Operation::Log10, 0.0, -1.0),
        (Operation::Log1p, -1.0, -1.0),
        (Operation::Atanh, 1.0, 1.0),
        (Operation::Atanh, -1.0, -1.0),
    ];
    for (operation, edge, outward) in edges {
        let beyond = operation.apply(&[Series::approaching(edge, outward)]);
        let within = operation.apply(&[Series::approaching(edge, -outward)]);
        assert!(beyond.is_undefined(), "{}", operation.name());
        assert!(
            !within.is_undefined() && !within.is_known(),
            "{}",
            operation.name()
        );
    }
    for (operation, edge) in [
        (Operation::Asin, 1.0),
        (Operation::Acos, 1.0),
        (Operation::Acosh, 1.0),
        (Operation::Sqrt, 0.0),
    ] {
        let inward = if operation == Operation::Asin || operation == Operation::Acos {
            -1.0
        } else {
            1.0
        };
        assert!(
            operation
                .apply(&[Series::approaching(edge, -inward)])
                .is_undefined()
        );
        let within = operation.apply(&[Series::approaching(edge, inward)]);
        assert_eq!(
            within.first_fault(1).map(|(power, _)| power),
            Some(0.5),
            "{}",
            operation.name()
        );
    }
}

#[test]
fn series_agree_with_the_rules_where_all_is_smooth() {
    for operation in Operation::ALL {
        for sample in operation.samples() {
            if !operation.is_smooth(&points(sample)) {
                continue;
            }
            let place = usize::from(is_ordered_first(*operation));
            let arguments: Vec<Series> = (0..sample.len())
                .map(|at| Series::approaching(sample[at], f64::from(u8::from(at == place))))
                .collect();
            let series = operation.apply(&arguments);
            let here = points(sample);
            let slope = (Subject::of(*operation).slope_ranges)(&here)[place];
            let bend = (Subject::of(*operation).bend_ranges)(&here)[2 * place];
            let name = operation.name();
            // Where numbers are extreme the coefficients exceed the doubles, and those of a Bessel function beside
            // 0 cancel; the series says so.
            let is_extreme = |x: f64| x != 0.0 && !(1e-50..1e50).contains(&x.abs());
            let numbers = sample.iter().copied().chain([operation.value(sample)]);
            let is_bessel = *operation == Operation::SphericalBessel && sample[0].abs() < 0.1;
            if (numbers.into_iter().any(is_extreme) || is_bessel) && !series.is_known() {
                continue;
            }
            if !(slope.is_bounded() && bend.is_bounded())
                || operation.value(sample) == 0.0 && sample[place] != 0.0
            {
                continue;
            }
            let first = series.taylor(1).unwrap_or(secant::Interval::EMPTY);
            assert!(
                !first.intersection(slope).is_empty(),
                "{name}{sample:?}: {first:?} {slope:?}"
            );
            if let Some(second) = series.taylor(2) {
                let twice = second + second;
                assert!(
                    !twice.intersection(bend).is_empty(),
                    "{name}{sample:?}: {twice:?} {bend:?}"
                );
            }
        }
    }
}
