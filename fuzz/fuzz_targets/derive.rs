//! A formula, as text or built part by part, is read, derived, simplified, evaluated and written, and no two ways
//! contradict each other. What is held against what stands in `xtask/src/fuzz.rs`.
//!
//! `cargo +nightly fuzz run derive -- -max_total_time=600`
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::fuzz::Case;

fuzz_target!(|bytes: &[u8]| {
    if let Err(finding) = Case::new(bytes).check() {
        panic!("{finding:#?}");
    }
});
