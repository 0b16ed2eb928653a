//! How many pieces of code there may be. Alone in its process, since it takes all of them.

#![allow(missing_docs)]

use secant_machine::{Code, Operand, Step, Work};

#[test]
fn there_are_never_more_than_some_thousand_and_those_let_go_make_room() {
    let steps = [Step {
        work: Work::Neg(Operand::Column(0)),
        column: Some(0),
    }];
    if Code::new(&steps, 1, |_| true).is_none() {
        return;
    }
    let many: Vec<Option<Code>> = (0..5000).map(|_| Code::new(&steps, 1, |_| true)).collect();
    assert!(many.last().is_some_and(Option::is_none));
    drop(many);
    assert!(Code::new(&steps, 1, |_| true).is_some());
}
