//! Any text gives a reading or an error in its place; what was read is written, and reads back the same.
//!
//! `cargo +nightly fuzz run parse -- -max_total_time=600`
#![no_main]

use libfuzzer_sys::fuzz_target;
use secant::{Notation, Parsed, parse, print};

fn spelled(parsed: &Parsed) -> String {
    let definitions = parsed.definitions.iter().map(|definition| {
        let body = print(&definition.body, Notation::Text);
        match &definition.name {
            None => body,
            Some(name) if definition.parameters.is_empty() => format!("{name} := {body}"),
            Some(name) => format!("{name}({}) := {body}", definition.parameters.join(", ")),
        }
    });
    definitions.collect::<Vec<_>>().join("\n")
}

fuzz_target!(|text: &str| {
    let length = text.chars().count();
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = error.span().expect("an error of reading has its place");
            assert!(span.start <= span.end && span.end <= length);
            assert!(error.repair().is_some());
            return;
        }
    };
    for ambiguity in &parsed.ambiguities {
        assert!(ambiguity.span.start < ambiguity.span.end && ambiguity.span.end <= length);
    }
    for definition in &parsed.definitions {
        assert!(!print(&definition.body, Notation::Unicode).is_empty());
        assert!(!print(&definition.body, Notation::Latex).is_empty());
    }
    let plain = spelled(&parsed);
    if plain.contains('…') {
        return;
    }
    let again = parse(&plain).expect("what was written is read");
    assert_eq!(spelled(&again), plain);
});
