//! Derivatives of programs; the program is secant itself, which computes the value of a formula.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The slope of a formula that only a program knows.
fn slope(formula: &str, options: &[&str]) -> Output {
    let secant = env!("CARGO_BIN_EXE_secant").replace('\\', "/");
    let command = format!("'{secant}' slope '{formula}' --at x={{x}} --allow-extra --format json");
    Command::new(env!("CARGO_BIN_EXE_secant"))
        .args(["slope", "--command", &command, "--read-json", "f"])
        .args(options)
        .output()
        .unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    let told = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}"))
}

#[test]
fn the_slope_of_a_program_is_within_its_bound() {
    for (formula, at, truth) in [
        ("x^3", -2.0, 12.0),
        ("exp(x)", 0.0, 1.0),
        ("sin(3x)/x", 1.0, -3.1110974978),
    ] {
        let place = format!("x={at}");
        let found = json(&slope(
            formula,
            &["--at", &place, "--jobs", "2", "--format", "json"],
        ));
        let (value, bound) = (
            found["value"].as_f64().unwrap(),
            found["bound"]["absolute"].as_f64().unwrap(),
        );
        assert!((value - truth).abs() <= bound + 1e-9, "{formula}: {found}");
        assert!(bound < 1e-5, "{formula}: {found}");
    }
}

#[test]
fn no_number_is_given_at_a_corner() {
    let found = json(&slope("|x|", &["--at", "x=0", "--format", "json"]));
    assert_eq!(found["value"], serde_json::Value::Null);
    assert_eq!(
        (found["left"].as_f64(), found["right"].as_f64()),
        (Some(-1.0), Some(1.0))
    );
}

#[test]
fn a_journal_serves_the_same_study_again() {
    let journal = Path::new(env!("CARGO_TARGET_TMPDIR")).join("slope.jsonl");
    let _ = fs::remove_file(&journal);
    let options = ["--at", "x=2", "--journal", journal.to_str().unwrap()];
    let first = slope("x^2", &options);
    let lines = fs::read_to_string(&journal).unwrap();
    assert_eq!(
        lines.lines().count(),
        5,
        "the point, and two on either side"
    );
    assert_eq!(slope("x^2", &options).stdout, first.stdout);
    assert_eq!(fs::read_to_string(&journal).unwrap(), lines);
}

#[test]
fn failures_are_told_with_what_the_program_said() {
    let output = slope("ln(", &["--at", "x=2"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told.contains("every run failed") && told.contains("nothing stands after"),
        "{told}"
    );
}

#[test]
fn inputs_must_be_named_and_seen() {
    let run = |at: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_secant"))
            .args(["slope", "--command", "echo {x}", "--at", at])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run("2").contains("name them: --at x=2,y=3"));
    assert!(run("x=1,y=2").contains("the program never sees y"));
    assert!(run("y=2").contains("the inputs are y"));
}
