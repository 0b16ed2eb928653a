//! The automatic difference over the cases of `spec/differences`, one line of JSON for each: value, bound, finding,
//! evaluations, time. `benches/differences.py` sets it beside its peers.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::print_stdout)]

#[path = "../crates/secant/tests/differences/cases.rs"]
mod cases;
#[path = "../crates/secant/tests/common/mod.rs"]
mod common;

use std::time::Instant;

fn main() {
    for part in ["open", "sealed", "blind"] {
        for case in cases::cases(part) {
            let start = Instant::now();
            let found = case.found();
            let microseconds = start.elapsed().as_secs_f64() * 1e6;
            let number = |number: Option<f64>| {
                number.map_or("null".to_owned(), |number| format!("{number:e}"))
            };
            println!(
                r#"{{"part":"{part}","title":"{}","finding":"{}","value":{},"bound":{},"evaluations":{},"microseconds":{microseconds}}}"#,
                case.title(),
                found.finding.name(),
                number(found.value()),
                number(found.bound()),
                found.evaluations
            );
        }
    }
}
