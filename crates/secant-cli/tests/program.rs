//! Derivatives of programs; most of them are secant itself, which computes the value of a formula.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn secant() -> Command {
    Command::new(env!("CARGO_BIN_EXE_secant"))
}

/// The command that computes a formula of these inputs.
fn command(formula: &str, inputs: &[&str]) -> String {
    let secant = env!("CARGO_BIN_EXE_secant").replace('\\', "/");
    let places: Vec<String> = inputs
        .iter()
        .map(|input| format!("{input}={{{input}}}"))
        .collect();
    let places = places.join(",");
    format!(
        "'{secant}' slope '{formula}' --at {places} --allow-extra --method forward --format json"
    )
}

/// The slope of a formula of x that only a program knows.
fn slope(formula: &str, options: &[&str]) -> Output {
    secant()
        .args(["slope", "--command", &command(formula, &["x"])])
        .args(["--read-json", "f"])
        .args(options)
        .output()
        .unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    let told = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}"))
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A file of this name that does not exist.
fn file(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

#[test]
fn a_decimal_comma_is_refused_with_what_to_do() {
    let slope = |options: &[&str]| {
        let mut command = secant();
        command.args(["slope", "--at", "x=1", "--command", "printf '%s,5' {x}"]);
        command.args(options).output().unwrap()
    };
    let refused = slope(&[]);
    assert_eq!(refused.status.code(), Some(2));
    let told = text(&refused);
    assert!(
        told.contains("printed '1,5', which can be read in more than one way"),
        "{told}"
    );
    assert!(told.contains("--read"), "{told}");
    let read = json(&slope(&["--read", "^(.*),", "--format", "json"]));
    assert!(
        (read["value"].as_f64().unwrap() - 1.0).abs() < 1e-9,
        "{read}"
    );
}

#[test]
fn the_slope_of_a_program_is_within_its_bound() {
    for (formula, at, truth) in [
        ("x^3", -2.0, 12.0),
        ("exp(x)", 0.0, 1.0),
        // 3 cos 3 - sin 3, by mpmath
        ("sin(3x)/x", 1.0, -3.111_097_497_861_204),
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
        assert!((value - truth).abs() <= bound, "{formula}: {found}");
        assert!(bound < 1e-9 * truth.abs(), "{formula}: {found}");
        assert!(found["runs"].as_u64().unwrap() <= 17, "{formula}: {found}");
    }
}

#[test]
fn gradient_and_hessian_share_their_runs() {
    let asked = |options: &[&str]| {
        let output = secant()
            .args(["slope", "--command", &command("x^2*y", &["x", "y"])])
            .args(["--read-json", "f", "--at", "x=3,y=5", "--jobs", "2"])
            .args(["--format", "json"])
            .args(options)
            .output()
            .unwrap();
        json(&output)
    };
    let near =
        |value: &serde_json::Value, truth: f64| (value.as_f64().unwrap() - truth).abs() < 1e-9;
    let gradient = asked(&[]);
    assert!(near(&gradient["value"][0], 30.0) && near(&gradient["value"][1], 9.0));
    assert_eq!(gradient["runs"], 25, "the point itself is run once");
    let hessian = asked(&["--order", "2"]);
    for (row, column, truth) in [(0, 0, 10.0), (0, 1, 6.0), (1, 0, 6.0), (1, 1, 0.0)] {
        assert!(near(&hessian["value"][row][column], truth), "{hessian}");
    }
    let points =
        |row: usize, column: usize| hessian["finding"][row][column]["points"].as_u64().unwrap();
    let alone = points(0, 0) + points(0, 1) + points(1, 1);
    assert!(hessian["runs"].as_u64().unwrap() < alone);
    let cheap = asked(&["--mode", "cheap"]);
    assert_eq!((&cheap["runs"], &cheap["most"]), (&7.into(), &7.into()));
}

#[test]
fn a_point_without_a_slope_is_named_and_has_no_number() {
    for (formula, at, name) in [
        ("|x|", "x=0", "corner"),
        ("ln(x)", "x=1e-300", "failed"),
        ("pi sign(x-2)", "x=2", "jump"),
        ("cbrt(x)", "x=0", "infinite"),
    ] {
        let found = json(&slope(formula, &["--at", at, "--format", "json"]));
        assert_eq!(found["value"], serde_json::Value::Null, "{found}");
        assert_eq!(found["finding"]["name"], name, "{found}");
    }
    let corner = json(&slope("|x|", &["--at", "x=0", "--format", "json"]));
    let point = &corner["finding"]["point"];
    assert_eq!((&point["left"], &point["right"]), (&(-1).into(), &1.into()));
}

#[test]
fn the_ends_of_a_domain_are_not_left() {
    let found = json(&slope(
        "1 + x^1.5",
        &["--at", "x=0", "--domain", "x=0..4", "--format", "json"],
    ));
    assert_eq!(found["failed"], serde_json::json!([]), "{found}");
    // The slopes fall with the root of the step, which is no polynomial.
    let (value, bound) = (&found["value"], &found["bound"]["absolute"]);
    assert!(
        value.as_f64().unwrap().abs() <= bound.as_f64().unwrap(),
        "{found}"
    );
    let slope = slope(
        "exp(x)",
        &["--at", "x=0", "--domain", "x=0..4", "--format", "json"],
    );
    let found = json(&slope);
    assert_eq!(found["finding"]["notes"][0], "one-sided");
    let off = (found["value"].as_f64().unwrap() - 1.0).abs();
    assert!(off <= found["bound"]["absolute"].as_f64().unwrap());
}

#[cfg(unix)]
#[test]
fn few_printed_digits_are_noise_not_a_slope_of_0() {
    let asked = |format: &str, function: &str, at: &str| {
        let program = format!("awk 'BEGIN {{x = {{x}}; printf \"{format}\", {function}}}'");
        let output = secant()
            .args(["slope", "--command", &program, "--at", at])
            .args(["--jobs", "2", "--format", "json"])
            .output()
            .unwrap();
        json(&output)
    };
    for format in ["%.4f", "%.6f", "%.5g", "%.6g", "%.9g", "%.3e"] {
        for (function, at, truth) in [
            ("sin(x)", 1f64, 1f64.cos()),
            ("exp(x)", 2.0, 2f64.exp()),
            ("100 + x*x", 3.0, 6.0),
        ] {
            let found = asked(format, function, &format!("x={at}"));
            let (value, bound) = match found["finding"]["noisy"].as_array() {
                Some(noisy) => (noisy[0].as_f64(), noisy[1].as_f64()),
                None => (found["value"].as_f64(), found["bound"]["absolute"].as_f64()),
            };
            let off = (value.unwrap() - truth).abs();
            assert!(off <= bound.unwrap(), "{function} {format}: {found}");
        }
    }
    let six = asked("%.6g", "sin(x)", "x=1");
    assert_eq!(six["digits"], 6);
    assert!(six["bound"]["absolute"].as_f64().unwrap() < 1e-4, "{six}");
    let all = asked("%.17g", "sin(x)", "x=1");
    assert_eq!(all["digits"], serde_json::Value::Null);
    assert!(all["bound"]["absolute"].as_f64().unwrap() < 1e-10, "{all}");
    let corner = asked("%.6f", "x < 2 ? x : 2", "x=2");
    assert_eq!(corner["finding"]["name"], "corner", "{corner}");
    let flat = asked("%.2f", "5.25", "x=1");
    assert_eq!(flat["value"], serde_json::Value::Null, "{flat}");
}

#[test]
fn a_journal_serves_the_same_study_again() {
    let journal = file("slope.jsonl");
    let options = ["--at", "x=2", "--journal", journal.to_str().unwrap()];
    let first = slope("x^2", &options);
    let lines = fs::read_to_string(&journal).unwrap();
    assert!(text(&first).contains(&format!("{} runs", lines.lines().count())));
    let again = slope("x^2", &options);
    assert_eq!(fs::read_to_string(&journal).unwrap(), lines);
    let table = |output: &Output| text(output).lines().take(4).collect::<Vec<_>>().join("\n");
    assert_eq!(table(&again), table(&first));
    assert!(text(&again).contains("0 runs") && text(&again).contains("more stood in the journal"));
}

#[test]
fn failures_are_told_with_what_the_program_said() {
    let output = slope("ln(", &["--at", "x=2"]);
    let told = text(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told.contains("every run failed") && told.contains("nothing stands after"),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn a_program_that_fails_at_random_loses_nothing_but_its_runs() {
    // Every third run fails: first without another try, then with two.
    let count = file("random");
    let program = format!(
        "sh -c 'echo . >> {0}; test $(( $(wc -l < {0}) % 3 )) = 0 && {{ echo \"no convergence\" >&2; exit 3; }}; echo $0' {{x}}",
        count.display()
    );
    let asked = |options: &[&str]| {
        secant()
            .args(["slope", "--command", &program, "--at", "x=2"])
            .args(options)
            .output()
            .unwrap()
    };
    let told = text(&asked(&[]));
    assert!(
        told.contains("cannot be told") && told.contains("exit status: 3"),
        "{told}"
    );
    assert!(told.contains("no convergence"), "{told}");
    assert!(!told.contains("df/dx  "), "no number beside it: {told}");
    assert_eq!(asked(&["--strict"]).status.code(), Some(1));
    let found = json(&asked(&["--retries", "2", "--format", "json"]));
    assert_eq!(found["failed"], serde_json::json!([]));
    assert!(
        (found["value"].as_f64().unwrap() - 1.0).abs() < 1e-9,
        "{found}"
    );
}

#[cfg(unix)]
#[test]
fn a_parameter_file_lies_where_the_program_works() {
    let template = file("given.txt");
    fs::write(&template, "x = {x}\n").unwrap();
    let asked = |options: &[&str]| {
        let output = secant()
            .args(["slope", "--template", template.to_str().unwrap()])
            .args(["--at", "x=2", "--jobs", "2", "--format", "json"])
            .args(options)
            .output()
            .unwrap();
        json(&output)
    };
    // Each run writes a file of its own there, which must be the only one.
    let program = "sh -c 'test $(ls | wc -l) = 1 && cat input.dat && touch scratch'";
    let found = asked(&["--command", program, "--parameter-file", "input.dat"]);
    assert_eq!(
        (&found["value"], &found["failed"]),
        (&1.into(), &serde_json::json!([]))
    );
    let found = asked(&["--command", "cat {file}"]);
    assert_eq!(found["value"], 1);
}

#[test]
fn inputs_must_be_named_and_seen() {
    let run = |at: &str| {
        let output = secant()
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

/// The lines of a file, as far as they are written.
#[cfg(unix)]
fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn a_study_that_is_killed_goes_on_without_a_repeated_run() {
    let (journal, log) = (file("killed.jsonl"), file("killed.log"));
    let program = format!(
        "sh -c 'echo $0 >> {}; sleep 0.05; echo $0' {{x}}",
        log.display()
    );
    let asked = || {
        let mut command = secant();
        command.args(["slope", "--command", &program, "--at", "x=2", "--jobs", "2"]);
        command.args(["--journal", journal.to_str().unwrap(), "--format", "json"]);
        command
    };
    let mut first = asked().stdout(std::process::Stdio::null()).spawn().unwrap();
    while lines(&journal).len() < 4 {
        assert!(first.try_wait().unwrap().is_none(), "it is still at work");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let kept = lines(&journal).len();
    let found = json(&asked().output().unwrap());
    assert_eq!(found["value"], 1);
    assert_eq!(found["from_journal"], kept);
    // What stood in the journal was not run again; two that were under way when it was killed were begun again.
    let (begun, needed) = (lines(&log).len(), lines(&journal).len());
    assert!(begun <= needed + 2, "{begun} begun, {needed} needed");
    let points = lines(&journal);
    let points: std::collections::BTreeSet<&str> = points
        .iter()
        .map(|line| line.split("\"bits\":").nth(1).unwrap())
        .collect();
    assert_eq!(points.len(), needed, "each stands there once");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_runs_and_says_how_to_go_on() {
    let (journal, log) = (file("interrupted.jsonl"), file("interrupted.log"));
    let program = format!("sh -c 'echo $$ >> {}; sleep 30' {{x}}", log.display());
    let study = secant()
        .args(["slope", "--command", &program, "--at", "x=2"])
        .args(["--journal", journal.to_str().unwrap()])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while lines(&log).is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let kill = |arguments: &[&str]| Command::new("kill").args(arguments).output().unwrap();
    kill(&["-INT", &study.id().to_string()]);
    let output = study.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output).contains("goes on from there"),
        "{}",
        text(&output)
    );
    let run = lines(&log).remove(0);
    assert!(
        !kill(&["-0", &run]).status.success(),
        "the run is over, too"
    );
}

#[test]
fn a_wrong_component_is_named_and_ends_with_status_1() {
    let check = |gradient: &str, options: &[&str]| {
        secant()
            .args(["check", "x^2*y + sin(z)", "--gradient", gradient])
            .args(["--at", "x=3,y=5,z=1"])
            .args(options)
            .output()
            .unwrap()
    };
    let right = check("2x*y, x^2, cos(z)", &[]);
    assert_eq!(right.status.code(), Some(0), "{}", text(&right));
    assert!(text(&right).contains("holds in all 3 components"));
    let wrong = check("2x*y, x^2, 1.03cos(z)", &["--format", "json"]);
    assert_eq!(wrong.status.code(), Some(1));
    let told = json(&wrong);
    assert_eq!(told["passes"], false);
    let components = told["components"].as_array().unwrap();
    assert_eq!(
        (components.len(), &components[0]["input"]),
        (1, &"z".into())
    );
    assert_eq!(components[0]["doubt"], "gradient");
    let off = components[0]["relative_error"].as_f64().unwrap();
    assert!((off - 0.03 / 1.03).abs() < 1e-6);
    for (gradient, hint) in [
        (
            "2x*y, x^2",
            "the point has 3 inputs, the gradient 2 formulas",
        ),
        ("2x*y, x^2, cos(w)", "'w' is no input"),
        ("2x*y, x^2, 1/0", "entry 2 of the gradient is"),
        ("2x*y, x^2, cos(", "bracket"),
    ] {
        let refused = check(gradient, &[]);
        assert_eq!(refused.status.code(), Some(2), "{gradient}");
        assert!(text(&refused).contains(hint), "{}", text(&refused));
    }
}

#[test]
fn where_nothing_can_be_found_the_finding_is_doubted() {
    let output = secant()
        .args([
            "check",
            "|x| + y^2",
            "--gradient",
            "1, 2y",
            "--at",
            "x=0,y=5",
        ])
        .args(["--format", "json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let components = &json(&output)["components"];
    assert_eq!(components.as_array().unwrap().len(), 1);
    assert_eq!(
        (&components[0]["doubt"], &components[0]["finding"]),
        (&"finding".into(), &"corner".into())
    );
}

#[test]
fn a_gradient_comes_from_a_file_or_a_program_too() {
    let path = file("gradient.csv");
    let check = |arguments: &[&str]| {
        secant()
            .args(["check", "--command", &command("x^2*y", &["x", "y"])])
            .args(["--read-json", "f", "--at", "x=3,y=5", "--jobs", "2"])
            .args(arguments)
            .output()
            .unwrap()
    };
    for (written, status) in [("x,y\n30,9\n", 0), ("y 9\nx 30.9\n", 1), ("30", 2)] {
        fs::write(&path, written).unwrap();
        let output = check(&["--gradient-file", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(status), "{}", text(&output));
    }
    // The gradient that secant prints, in its own document.
    let own = command("x^2*y", &["x", "y"]);
    let output = check(&["--gradient-command", &own]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let silent = check(&["--gradient-file", "no such file"]);
    assert!(text(&silent).contains("cannot be read"));
}

#[test]
fn what_belongs_to_a_program_or_a_table_is_refused_beside_a_formula_alone() {
    for (option, value) in [
        ("--domain", "x=0..1"),
        ("--timeout", "3"),
        ("--jobs", "2"),
        ("--template", "input.txt"),
        ("--journal", "runs.txt"),
        ("--columns", "x"),
        ("--header", "always"),
    ] {
        let asked = ["slope", "x^2", "--at", "x=2", option, value];
        let output = secant().args(asked).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{option}");
        assert!(text(&output).contains(option), "{}", text(&output));
    }
}
