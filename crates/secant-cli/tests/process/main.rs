//! What the command does as a process: files whole or not at all, streams that close early, one document of JSON, no panic whatever is typed.
#![allow(clippy::unwrap_used, clippy::panic)]

mod pictures;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn secant() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secant"));
    command.env_remove("NO_COLOR");
    command
}

fn run(arguments: &[&str]) -> Output {
    secant().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{error}: {}", text(bytes)))
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_cannot_be_written_changes_nothing() {
    let folder = folder("kept");
    let (kept, missing) = (
        folder.join("kept.svg"),
        folder.join("missing").join("b.svg"),
    );
    fs::write(&kept, "precious").unwrap();
    let output = run(&[
        "tangents",
        "x^2",
        "--at",
        "1",
        "-o",
        kept.to_str().unwrap(),
        "-o",
        missing.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("b.svg' cannot be written"));
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_to_string(&kept).unwrap(), "precious");
    assert_eq!(names(&folder), ["kept.svg"]);
}

#[test]
fn a_formula_that_is_none_leaves_an_existing_picture_alone() {
    let folder = folder("untouched");
    let kept = folder.join("kept.svg");
    fs::write(&kept, "precious").unwrap();
    let output = run(&["tangents", "2 +", "--at", "1", "-o", kept.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&kept).unwrap(), "precious");
}

#[test]
fn a_folder_is_no_file() {
    let folder = folder("folder");
    fs::create_dir(folder.join("picture.svg")).unwrap();
    let output = run(&[
        "tangents",
        "x^2",
        "--at",
        "1",
        "-o",
        folder.join("picture.svg").to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(&folder), ["picture.svg"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = folder("link");
    fs::write(folder.join("real.svg"), "old").unwrap();
    std::os::unix::fs::symlink(folder.join("real.svg"), folder.join("link.svg")).unwrap();
    assert!(
        run(&[
            "tangents",
            "x^2",
            "--at",
            "1",
            "-o",
            folder.join("link.svg").to_str().unwrap()
        ])
        .status
        .success()
    );
    assert!(
        fs::symlink_metadata(folder.join("link.svg"))
            .unwrap()
            .is_symlink()
    );
    assert!(
        fs::read_to_string(folder.join("real.svg"))
            .unwrap()
            .starts_with("<svg")
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    // Far more than a pipe holds, so that writing goes on after the reader has gone.
    let mut child = secant()
        .args(["tangents", "x^2", "--at", "0..9000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut first).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_is_lost_is_told() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = secant()
        .args(["slope", "x^2", "--at", "1"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("the answer cannot be written"));
}

#[test]
fn json_is_one_document_and_standard_error_is_silent() {
    for arguments in [
        &["slope", "1/2x", "--at", "1"][..],
        &["slope", "x^2*y", "--at", "x=1,y=2", "--order", "2"],
        &["derive", "x^2/x"],
        &["tangents", "1/2|x|", "--at=-1..1"],
        &["descend", "1/2x", "--from", "1", "--steps", "3"],
    ] {
        let output = run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(json(&output.stdout)["schema"], 1, "{arguments:?}");
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
        assert_eq!(text(&output.stdout).lines().count(), 1);
    }
}

#[test]
fn a_fault_in_json_is_one_document_on_standard_error() {
    for arguments in [
        &["slope", "2 + * x", "--at", "1"][..],
        &["slope", "x"],
        &["slope", "x", "--at", "y=1"],
        &["derive", "x", "--nonsense"],
        &["tangents", "x", "--at", "1", "-o", "x.bmp"],
    ] {
        let output = run(&[arguments, &["--format", "json"]].concat());
        let error = &json(&output.stderr)["error"];
        assert!(
            error["kind"].is_string() && error["message"].is_string(),
            "{error}"
        );
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
    }
    let output = run(&["slope", "2 + * x", "--at", "1", "--format", "json"]);
    let error = &json(&output.stderr)["error"];
    assert_eq!(
        (&error["start"], &error["end"]),
        (&serde_json::json!(4), &serde_json::json!(5))
    );
}

#[test]
fn a_point_outside_of_a_domain_is_told_by_name() {
    let slope = ["slope", "--command", "echo {x} {y}", "--at", "y=1,x=2"];
    let output = run(&[&slope[..], &["--domain", "x=3..5"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("error: y = 1, x = 2 lies outside of --domain x=3..5\n"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_descent_that_cannot_start_says_so() {
    for (formula, from, verdict) in [
        (
            "x^2",
            "1e300",
            "cannot start: at x = 1e300 f or its gradient is beyond the range of doubles",
        ),
        ("ln(x)", "x=-1", "cannot start: f has no value at x = -1"),
    ] {
        let output = run(&["descend", formula, "--from", from]);
        assert!(
            text(&output.stdout).contains(verdict),
            "{}",
            text(&output.stdout)
        );
    }
}

#[test]
fn numbers_that_json_lacks_are_texts() {
    let answer = json(&run(&["slope", "1/x", "--at", "0", "--format", "json"]).stdout);
    assert_eq!(answer["value"], serde_json::Value::Null);
    assert_eq!(
        (
            &answer["point"]["left_limit"],
            &answer["point"]["right_limit"]
        ),
        (&"-inf".into(), &"inf".into())
    );
}

#[test]
fn numbers_in_points_are_the_nearest_doubles() {
    let answer = json(&run(&["tangents", "x", "--at", "0..1:0.1", "--format", "json"]).stdout);
    let points: Vec<f64> = answer["tangents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tangent| tangent["at"]["x"].as_f64().unwrap())
        .collect();
    assert_eq!(
        points,
        [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    );
    let third = json(&run(&["slope", "x", "--at", "1/3", "--format", "json"]).stdout);
    assert_eq!(third["at"]["x"].as_f64(), Some(1.0 / 3.0));
}

#[test]
fn colours_follow_the_option_then_no_color() {
    let coloured = |arguments: &[&str], no_color: &str| {
        let output = secant()
            .args(["slope", "2 +", "--at", "1"])
            .args(arguments)
            .env("NO_COLOR", no_color)
            .output()
            .unwrap();
        text(&output.stderr).contains('\u{1b}')
    };
    assert!(!coloured(&[], ""), "no terminal, no colours");
    assert!(
        coloured(&["--color", "always"], "1"),
        "what is asked for rules"
    );
    assert!(!coloured(&["--color", "never"], ""));
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let output = run(&["slope", "x + \u{1b}[31mred\u{7}", "--at", "1\u{1b}[2J"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        !text(&output.stderr).contains('\u{1b}'),
        "{:?}",
        text(&output.stderr)
    );
}

#[test]
fn no_input_makes_it_panic() {
    let (deep, long) = ("(".repeat(20_000), "x+".repeat(50_000) + "x");
    let formulas = [
        "",
        " ",
        "-",
        "--",
        "x^",
        "|",
        "||",
        ")(",
        "1e999999999",
        "x=",
        "=x",
        "f(x)=",
        "\u{0}",
        "∫",
        "x\ny",
        "0/0",
        "a;b;c",
        "sum(i,1,10,x",
        &deep,
        &long,
    ];
    let points = [
        "",
        ",",
        "=",
        "x=",
        "..",
        "1..",
        "..1",
        "1..2:",
        "1..2:0",
        "0..1:1e-300",
        "1:2",
        "x=1,x=2",
        "=1",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "x",
        "((",
        "0...4",
        "1..2..3",
        &deep,
    ];
    let check = |arguments: &[&str]| {
        // A null character cannot even be passed to a process.
        if arguments.iter().any(|argument| argument.contains('\u{0}')) {
            return;
        }
        let output = run(arguments);
        let shown: Vec<String> = arguments
            .iter()
            .map(|argument| argument.chars().take(40).collect())
            .collect();
        assert!(
            matches!(output.status.code(), Some(0 | 2)),
            "{shown:?}: {:?}",
            output.status
        );
        assert!(!text(&output.stderr).contains("panicked"), "{shown:?}");
        assert_eq!(
            output.status.code() == Some(2),
            output.stdout.is_empty(),
            "{shown:?}"
        );
    };
    for formula in formulas {
        check(&["slope", formula, "--at", "x=1"]);
        check(&["derive", formula]);
    }
    for at in points {
        check(&["tangents", "x^2", "--at", at]);
        check(&["slope", "x^2", "--at", at, "--format", "json"]);
        check(&["tangents", "x^2", "--at", "1", "--range", at]);
        check(&["tangents", "x^2", "--at", "1", "--delta", at]);
        check(&["tangents", "x^2", "--at", "1", "--size", at]);
        check(&["slope", "x^2", "--at", "1", "--wrt", at]);
        check(&["descend", "x^2", "--from", at, "--terminal", "always"]);
        check(&["descend", "x^2", "--from", "1", "--rate", at]);
    }
}

#[test]
fn a_formula_may_begin_with_a_minus() {
    for arguments in [
        &["slope", "-x^2", "--at", "-1"][..],
        &["slope", "--at=-1", "-x^2"],
        &["derive", "-sin(x)"],
        &["slope", "--at", "-1", "--", "-x^2"],
    ] {
        assert!(run(arguments).status.success(), "{arguments:?}");
    }
}

#[test]
fn completions_and_manual_know_every_verb() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]).stdout;
        assert!(
            ["tangents", "slope", "derive", "step", "descend", "check"]
                .iter()
                .all(|verb| text(&script).contains(verb)),
            "{shell}"
        );
    }
    let folder = folder("manual");
    assert!(
        run(&["man", "--dir", folder.to_str().unwrap()])
            .status
            .success()
    );
    assert_eq!(
        names(&folder),
        [
            "secant-check-network.1",
            "secant-check.1",
            "secant-derive.1",
            "secant-descend.1",
            "secant-fit.1",
            "secant-impact.1",
            "secant-landscape.1",
            "secant-slope.1",
            "secant-step.1",
            "secant-tangents.1",
            "secant-taylor.1",
            "secant-train.1",
            "secant.1"
        ]
    );
    assert!(text(&run(&["man"]).stdout).starts_with(".ie"));
}
