//! The table as a whole: names, samples and words of every entry.

use std::collections::BTreeSet;

use secant::{Dual, Operation, Scalar};

use crate::subject::{Subject, points};

#[test]
fn names_and_aliases_are_unique() {
    let mut seen = BTreeSet::new();
    for operation in Operation::ALL {
        for name in operation.aliases().iter().chain([&operation.name()]) {
            assert!(seen.insert(*name), "{name} names two functions");
            assert_eq!(Operation::named(name), Some(*operation));
        }
    }
}

#[test]
fn every_entry_is_told_and_shown() {
    for operation in Operation::ALL {
        let name = operation.name();
        assert!(
            !operation.summary().is_empty() && !operation.latex().is_empty(),
            "{name}"
        );
        assert!(!operation.summary().ends_with('.'), "{name}");
        assert!(operation.samples().len() >= 2, "{name}");
        assert!(operation.ulps() <= 3.0, "{name}");
        for sample in operation.samples() {
            assert_eq!(sample.len(), operation.arity(), "{name}");
            assert!(operation.value(sample).is_finite(), "{name}{sample:?}");
        }
    }
}

#[test]
fn only_the_factorial_is_smooth_at_no_sample() {
    for operation in Operation::ALL {
        let is_smooth = |sample: &&&[f64]| operation.is_smooth(&points(sample));
        let smooth = operation.samples().iter().filter(is_smooth).count();
        assert_eq!(
            smooth == 0,
            *operation == Operation::Factorial,
            "{}",
            operation.name()
        );
    }
}

#[test]
fn what_is_not_a_number_gives_none() {
    for operation in Operation::ALL
        .iter()
        .filter(|operation| **operation != Operation::Choose)
    {
        for place in 0..operation.arity() {
            let mut arguments = vec![1.0; operation.arity()];
            arguments[place] = f64::NAN;
            assert!(
                operation.value(&arguments).is_nan(),
                "{}{arguments:?}",
                operation.name()
            );
            assert!(
                operation.enclose(&points(&arguments)).is_empty(),
                "{}{arguments:?}",
                operation.name()
            );
        }
    }
}

#[test]
fn a_dual_carries_the_partial() {
    for operation in Operation::ALL {
        for sample in operation.samples() {
            let slopes = (Subject::of(*operation).slopes)(sample);
            for (place, slope) in slopes.iter().enumerate() {
                let moving: Vec<Dual> = sample
                    .iter()
                    .enumerate()
                    .map(|(at, number)| {
                        if at == place {
                            Dual::variable(*number)
                        } else {
                            Dual::fixed(*number)
                        }
                    })
                    .collect();
                let tangent = operation.apply(&moving).tangent();
                let mut moves = [false; 3];
                moves[place] = true;
                let expected = operation.where_smooth(sample, moves, *slope);
                let is_same = tangent == expected || (tangent.is_nan() && expected.is_nan());
                assert!(
                    is_same,
                    "{}{sample:?}: {tangent} is not {expected}",
                    operation.name()
                );
            }
        }
    }
}

#[test]
fn slopes_of_points_are_narrow() {
    for operation in Operation::ALL {
        for sample in operation.samples() {
            let here = points(sample);
            if !operation.is_smooth(&here) {
                continue;
            }
            for range in (Subject::of(*operation).slope_ranges)(&here) {
                let is_narrow = range.width() <= 1e-13 * range.magnitude() || !range.is_bounded();
                let is_tiny = range.magnitude() < 1e-300;
                assert!(
                    is_narrow || is_tiny || range.is_empty(),
                    "{}{sample:?}: {range:?}",
                    operation.name()
                );
            }
        }
    }
}

#[test]
fn the_remainder_counts_whole_turns_exactly() {
    let slopes = (Subject::of(Operation::Mod).slopes)(&[5.5, 0.1]);
    assert_eq!(slopes, [1.0, -54.0]);
}

#[test]
fn the_branch_not_taken_leaks_nothing() {
    let lost = Dual::new(f64::NAN, f64::NAN);
    let taken = Operation::Choose.apply(&[Dual::constant(1.0), Dual::variable(2.0), lost.clone()]);
    assert_eq!((taken.primal(), taken.tangent()), (2.0, 1.0));
    let steep = Dual::new(-1.0, f64::NAN);
    assert_eq!(
        Operation::Relu
            .apply(std::slice::from_ref(&steep))
            .tangent(),
        0.0
    );
    assert_eq!(
        Operation::Max
            .apply(&[steep, Dual::variable(2.0)])
            .tangent(),
        1.0
    );
}

#[test]
fn factorials_are_rounded_once() {
    let mut product = secant::Rational::ONE;
    for n in 1..=170_i64 {
        product = product * secant::Rational::from(n);
        assert_eq!(
            Operation::Factorial.value(&[n as f64]),
            product.to_f64(),
            "{n}"
        );
    }
    for outside in [-1.0, 0.5, 171.0, f64::INFINITY] {
        assert!(Operation::Factorial.value(&[outside]).is_nan());
    }
}
