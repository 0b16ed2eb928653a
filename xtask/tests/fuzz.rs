//! A first stretch of the random formulas; `cargo run --release -p xtask -- fuzz` goes on from there.

#![allow(missing_docs)]

use xtask::fuzz::{Case, Outcome, Random};

#[test]
fn random_formulas_do_not_contradict_themselves() {
    let mut random = Random(1);
    let mut held = 0;
    for _ in 0..1000 {
        let outcome = Case::new(&random.bytes()).check();
        assert!(outcome.is_ok(), "{outcome:#?}");
        if let Ok(Outcome::Held(count)) = outcome {
            held += count;
        }
    }
    assert!(
        held > 1500,
        "only {held} derivatives had a value to compare"
    );
}

#[test]
fn a_text_that_is_no_formula_is_refused() {
    let case = Case {
        text: "2x +".to_owned(),
        at: [0.0; 2],
    };
    assert_eq!(case.check(), Ok(Outcome::Refused));
}

#[test]
fn a_formula_is_held_as_itself_and_by_two_derivatives_at_four_points() {
    let case = Case {
        text: "x*sin(y)".to_owned(),
        at: [1.0, 2.0],
    };
    assert_eq!(case.check(), Ok(Outcome::Held(12)));
}
