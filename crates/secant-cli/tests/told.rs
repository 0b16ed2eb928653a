//! What is said beside numbers and within pictures is true of them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

fn told(arguments: &[&str]) -> String {
    let secant = Command::new(env!("CARGO_BIN_EXE_secant"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(secant.status.success());
    String::from_utf8(secant.stdout).unwrap()
}

#[test]
fn rounding_grows_as_delta_falls_where_the_values_stay() {
    let line = told(&["step", "3x+2", "--at", "1"]);
    assert!(line.contains("ten times the rounding"), "{line}");
    let power = told(&["step", "x^3", "--at", "0"]);
    assert!(!power.contains("ten times the rounding"), "{power}");
    // Every delta is far too large for such a point: no digits decide.
    let small = told(&["step", "ln(x)", "--at", "1e-20"]);
    assert!(!small.contains("the digits of f decide"), "{small}");
}

#[test]
fn a_point_that_was_rounded_off_a_corner_is_told() {
    let rounded = "the point is rounded, and within that rounding lies a corner";
    let line = told(&["tangents", "|sin(x)|", "--at", "0..2pi:pi/2"]);
    for place in ["3.141592653589793", "6.283185307179586"] {
        assert!(
            line.contains(&format!("at x = {place} {rounded}")),
            "{line}"
        );
    }
    assert_eq!(line.matches(rounded).count(), 2, "{line}");
    for verb in ["step", "taylor", "slope"] {
        assert!(
            told(&[verb, "|sin(x)|", "--at", "pi"]).contains(rounded),
            "{verb}"
        );
        assert!(
            !told(&[verb, "|sin(x)|", "--at", "3"]).contains(rounded),
            "{verb}"
        );
    }
}

#[test]
fn a_small_slope_beside_great_ones_keeps_its_digits() {
    let terminal = ["--terminal", "always", "--color", "never", "--width", "100"];
    let power = told(&[&["tangents", "x^9", "--at", "1,100"], &terminal[..]].concat());
    assert!(power.contains("f'(1) = 9"), "{power}");
    // The cosine of the double beside pi/2 is what rounding left of 0.
    let top = told(&[&["tangents", "sin(x)", "--at", "0,pi/2"], &terminal[..]].concat());
    assert!(top.contains("≈ 0"), "{top}");
}

#[test]
fn a_histogram_counts_what_has_no_place_on_its_axis() {
    // Where a feature is always 0, its weights move nothing.
    let table = Path::new(env!("CARGO_TARGET_TMPDIR")).join("still.csv");
    fs::write(&table, "x,z,y\n1,0,2\n-2,0,3\n3,0,1\n").unwrap();
    let network = ["impact", "--layers", "2,4,1", "--activation", "tanh"];
    let asked = [table.to_str().unwrap(), "--picture", "histogram"];
    let terminal = ["--terminal", "always", "--color", "never", "--width", "120"];
    let drawn = told(&[&network[..], &asked, &terminal].concat());
    assert!(drawn.contains("; 4 of 17 do not move it"), "{drawn}");
}

#[test]
fn a_path_along_an_axis_comes_nearer_at_a_rate_that_diverges_beside_it() {
    let at = |start: &str| {
        let told = told(&[
            "descend", "x^2+8y^2", "--from", start, "--rate", "0.15", "--steps", "20",
        ]);
        told.lines().last().unwrap().to_owned()
    };
    let along = at("x=1,y=0");
    assert!(
        along.contains("by 0.7 so far on this path, but beside it by 1.4"),
        "{along}"
    );
    assert!(at("x=1,y=1").starts_with("diverges: each step multiplies the distance by 1.4"));
}

#[test]
fn a_derivative_that_is_cut_off_says_so() {
    let nested = format!("{}x{}", "sin(".repeat(40), ")".repeat(40));
    let cut = told(&["derive", &nested, "--order", "3"]);
    assert!(
        cut.contains("cut off after a million characters: --shared"),
        "{}",
        cut.len()
    );
    let json = told(&["derive", &nested, "--order", "3", "--format", "json"]);
    assert!(json.contains("\"cut\":true"));
    assert!(!told(&["derive", "sin(x)", "--format", "json"]).contains("\"cut\""));
}

#[test]
fn what_a_step_may_do_is_told_as_far_as_it_holds() {
    // Beyond half a unit the step meets the jump.
    let beside = told(&["step", "floor(x)", "--at", "0.5"]);
    assert!(
        beside.contains("no truncation to expect up to delta 0.316"),
        "{beside}"
    );
    assert!(!beside.contains("a large delta does no harm"), "{beside}");
    // Where both parts meet at no delta that was tried, rounding is told all the same.
    let far = told(&["step", "x^2", "--at", "1e9"]);
    assert!(
        far.contains("rounding has already taken over: a larger delta, such as 1,"),
        "{far}"
    );
    let constant = told(&["step", "f(x) = 5", "--at", "2"]);
    assert!(!constant.contains("e-323"), "{constant}");
}

#[test]
fn a_path_that_goes_on_is_not_said_to_grow() {
    let path = told(&["descend", "ln(x) + 1/x", "--from", "5"]);
    assert!(
        path.contains("not there yet") && !path.contains("grew"),
        "{path}"
    );
    let bowl = told(&[
        "descend",
        "x^2 + 1e9*y^2",
        "--from",
        "x=1,y=0",
        "--rate",
        "1e-10",
    ]);
    assert!(!bowl.contains("no minimum"), "{bowl}");
}

#[test]
fn a_picture_that_is_not_drawn_is_missed() {
    let file = std::env::temp_dir().join(format!("secant-missed-{}.png", std::process::id()));
    for verb in ["step", "taylor"] {
        let without = told(&[verb, "|x|", "--at", "0", "-o", file.to_str().unwrap()]);
        assert!(without.contains("no picture is written"), "{without}");
        assert!(!file.exists(), "{verb}");
    }
}
