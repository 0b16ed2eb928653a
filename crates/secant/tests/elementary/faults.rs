//! The suite is tested: each planted fault must cause a complaint.

use secant::{Interval, Operation, ulp};

use crate::ranges;
use crate::reference::{self, rows};
use crate::subject::Subject;

/// How many rows of the reference complain about an entry.
fn complaining_rows(subject: &Subject) -> usize {
    let complains = |row: &&reference::Row| {
        row.name == subject.name && !reference::complaints(subject, row).is_empty()
    };
    rows().iter().filter(complains).count()
}

const SAMPLED: [Operation; 6] = [
    Operation::Exp,
    Operation::Tanh,
    Operation::Asin,
    Operation::Hypot,
    Operation::Sinc,
    Operation::Ln,
];

#[test]
fn a_sound_entry_causes_no_complaint() {
    for operation in SAMPLED {
        assert_eq!(complaining_rows(&Subject::of(operation)), 0);
    }
}

#[test]
fn a_value_off_by_ten_units_is_caught() {
    for operation in SAMPLED {
        let value = move |x: &[f64]| {
            let right = operation.value(x);
            right + 10.0 * ulp(right)
        };
        let subject = Subject {
            value: Box::new(value),
            ..Subject::of(operation)
        };
        assert!(complaining_rows(&subject) > 5, "{}", operation.name());
    }
}

#[test]
fn a_rule_off_by_a_thousandth_is_caught_in_every_reading() {
    for operation in SAMPLED {
        let right = Subject::of(operation).slopes;
        let slopes = move |x: &[f64]| right(x).iter().map(|slope| slope * 1.001).collect();
        let subject = Subject {
            slopes: Box::new(slopes),
            ..Subject::of(operation)
        };
        assert!(complaining_rows(&subject) > 5, "{}", operation.name());

        let right = Subject::of(operation).slope_ranges;
        let thousandth = Interval::point(1.001);
        let slope_ranges =
            move |x: &[Interval]| right(x).iter().map(|slope| *slope * thousandth).collect();
        let subject = Subject {
            slope_ranges: Box::new(slope_ranges),
            ..Subject::of(operation)
        };
        assert!(complaining_rows(&subject) > 5, "{}", operation.name());

        let right = Subject::of(operation).bends;
        let bends = move |x: &[f64]| right(x).iter().map(|bend| bend * 1.001).collect();
        let subject = Subject {
            bends: Box::new(bends),
            ..Subject::of(operation)
        };
        assert!(complaining_rows(&subject) > 5, "{}", operation.name());
    }
}

#[test]
fn an_enclosure_too_narrow_by_four_units_is_caught() {
    for operation in SAMPLED {
        let range = move |x: &[Interval]| {
            let right = operation.enclose(x);
            Interval::new(right.lo() + 4.0 * ulp(right.lo()), right.hi())
        };
        let subject = Subject {
            range: Box::new(range),
            ..Subject::of(operation)
        };
        assert!(complaining_rows(&subject) > 5, "{}", operation.name());
    }
}

#[test]
fn an_enclosure_too_wide_for_a_point_is_caught() {
    for operation in SAMPLED {
        let range = move |x: &[Interval]| {
            let right = operation.enclose(x);
            Interval::new(right.lo() - 20.0 * ulp(right.lo()), right.hi())
        };
        let subject = Subject {
            range: Box::new(range),
            ..Subject::of(operation)
        };
        assert!(complaining_rows(&subject) > 5, "{}", operation.name());
    }
}

#[test]
fn a_range_that_misses_a_crest_is_caught() {
    let ends = |x: &[Interval]| {
        let end = |at: f64| Operation::Sin.enclose(&[Interval::point(at)]);
        end(x[0].lo()).union(end(x[0].hi()))
    };
    let subject = Subject {
        range: Box::new(ends),
        ..Subject::of(Operation::Sin)
    };
    assert!(!ranges::random_complaints(&subject, 1, 2000).is_empty());
}

#[test]
fn a_jump_called_continuous_is_caught() {
    for operation in [
        Operation::Floor,
        Operation::Sign,
        Operation::Acot,
        Operation::Mod,
        Operation::Less,
    ] {
        let continuous = move |x: &[Interval]| {
            let right = operation.enclose(x);
            Interval::new(right.lo(), right.hi())
        };
        let subject = Subject {
            range: Box::new(continuous),
            ..Subject::of(operation)
        };
        let all = ranges::random_complaints(&subject, operation.arity(), 6000);
        assert!(
            all.iter().any(|complaint| complaint.contains("jumps")),
            "{}",
            operation.name()
        );
    }
}

#[test]
fn a_kink_called_smooth_is_caught() {
    let subject = Subject {
        is_smooth: Box::new(|_| true),
        ..Subject::of(Operation::Sqrt)
    };
    assert!(complaining_rows(&subject) > 0);
}
