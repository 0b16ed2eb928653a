//! Any bytes are refused as an ONNX file with a reason, or are a network that computes, within memory that the file accounts for.
//!
//! `cargo +nightly fuzz run onnx spec/onnx -- -max_total_time=600`
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(what) = xtask::models::held(bytes) {
        panic!("{what}");
    }
});
