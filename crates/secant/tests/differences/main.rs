//! The automatic difference held against the cases of `spec/differences`: black boxes, with truth from outside. The open cases were
//! there to learn from; the sealed ones were looked at once.

#![allow(missing_docs, clippy::panic, clippy::unwrap_used, clippy::print_stdout)]

#[path = "../common/mod.rs"]
mod common;

mod allocation;
mod beside;
mod builder;
mod cases;
mod far;
mod printed;
mod rates;
mod several;

/// That a derivative is found, within its bound, and the bound.
fn right(name: &str, found: &secant::Found, truth: f64) -> f64 {
    let Some(value) = found.value() else {
        panic!("{name}: {:?}", found.finding);
    };
    let bound = found.bound().unwrap();
    let off = (value - truth).abs();
    assert!(off <= bound, "{name}: {value} ± {bound}, true {truth}");
    bound
}
