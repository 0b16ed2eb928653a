//! The level of a process, alone in one: other tests would see the one that is chosen here.

#![allow(missing_docs, clippy::panic)]

use secant_vmath::{Level, with_level};

#[test]
fn a_level_is_left_where_the_work_panics() {
    let best = Level::available().pop();
    let ended = std::panic::catch_unwind(|| with_level(Level::Plain, || panic!("as it may")));
    assert!(ended.is_err());
    assert_eq!(Some(Level::current()), best);
}
