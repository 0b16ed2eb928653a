//! What the verbs of networks do as processes.
#![allow(clippy::unwrap_used, clippy::panic)]

mod check;
mod checkpoints;
mod classes;
mod doubts;
mod impacts;
mod pictures;
mod standardised;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use secant_model::onnx::{self, Options};
use secant_train::Network;

fn secant() -> Command {
    Command::new(env!("CARGO_BIN_EXE_secant"))
}

fn run(arguments: &[&str]) -> Output {
    secant().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn named(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

/// Answer, exit status and what went to standard error.
fn told(line: &[&str]) -> (String, Option<i32>, String) {
    let output = run(line);
    let words = |bytes: &[u8]| text(bytes).to_owned();
    (
        words(&output.stdout),
        output.status.code(),
        words(&output.stderr),
    )
}

/// A table in a file.
fn table(folder: &Path, rows: &str) -> String {
    let table = named(folder, "table.csv");
    fs::write(&table, rows).unwrap();
    table
}

#[test]
fn what_is_told_of_an_epoch_is_true_of_the_weights_it_ends_with() {
    let folder = folder("ends");
    let (begun, ended) = (
        named(&folder, "begun.safetensors"),
        named(&folder, "ended.safetensors"),
    );
    let log = named(&folder, "log.csv");
    let layers = ["--layers", "2,16,3", "spiral"];
    let first = [
        &["train"],
        &layers[..],
        &["--epochs", "60", "--rate", "0.05"],
    ]
    .concat();
    assert!(
        run(&[&first[..], &["--save", &begun]].concat())
            .status
            .success()
    );
    let of = |file: &str| {
        let impact = ["impact", file, "spiral", "--layers", "2,16,3"];
        let output = run(&[&impact[..], &["--way", "backprop", "--format", "json"]].concat());
        json(&output)["loss"].as_f64().unwrap()
    };
    // The second as good as does not move, so that both are told of one network; the third moves far.
    let mut accuracies = Vec::new();
    for rate in ["1e-14", "0.3"] {
        let output = run(&[
            "train", &begun, "spiral", "--layers", "2,16,3", "--epochs", "1", "--rate", rate,
            "--log", &log, "--save", &ended, "--format", "json",
        ]);
        let told = &json(&output)["told"][0];
        let loss = told["loss"].as_f64().unwrap();
        assert!((loss - of(&ended)).abs() <= 1e-14 * loss, "{loss}");
        let row = fs::read_to_string(&log).unwrap();
        let cells: Vec<&str> = row.lines().nth(1).unwrap().split(',').collect();
        assert_eq!(cells[1].parse::<f64>().unwrap(), loss);
        accuracies.push((loss, told["accuracy"].as_f64().unwrap()));
    }
    assert!((accuracies[0].0 - of(&begun)).abs() < 1e-9);
    assert!(accuracies[1].0 > accuracies[0].0, "{accuracies:?}");
    assert!(accuracies[1].1 < accuracies[0].1, "{accuracies:?}");
}

#[test]
fn layers_too_large_and_settings_that_learn_nothing_are_refused() {
    let folder = folder("refused");
    let table = named(&folder, "a.csv");
    fs::write(&table, "x,y\n0,2\n1,4.1\n2,5.9\n3,8.2\n").unwrap();
    for verb in ["train", "impact", "check", "landscape"] {
        for sizes in ["2,99999999,3", "2,100000,100000,3"] {
            let output = run(&[verb, "--layers", sizes, "spiral"]);
            assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
            let layer = if sizes.len() > 12 { 2 } else { 0 };
            let expected = format!("error: layer {layer}, dense ");
            assert!(
                text(&output.stderr).starts_with(&expected),
                "{}",
                text(&output.stderr)
            );
        }
        if verb == "train" {
            let output = run(&["train", "--layers", "2,4,3", "spiral", "--rate", "-1"]);
            assert_eq!(output.status.code(), Some(2));
            assert!(text(&output.stderr).contains("would lead uphill"));
        }
        let loss = ["--layers", "1,8,1", &table, "--loss", "cross-entropy"];
        let output = run(&[&[verb], &loss[..]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains("hint: binary-cross-entropy takes one output"),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn samples_that_are_no_numbers_are_told_before_any_step() {
    let folder = folder("nan");
    let data = named(&folder, "data.csv");
    fs::write(&data, "x,y,class\n0.5,1,0\n0.25,nan,1\n").unwrap();
    let output = run(&["train", "--layers", "2,4,2", &data, "--epochs", "3"]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("line 3, column 2 (y)"), "{told}");
}

#[test]
fn l_bfgs_refuses_what_would_mislead_it() {
    for (setting, word) in [
        (["--batch", "32"], "takes no batches"),
        (["--clip", "1"], "gradients as they are"),
        (["--weight-decay", "0.1"], "no weight decay"),
        (["--momentum", "0.5"], "takes no momentum"),
    ] {
        let begun = [
            "train",
            "--layers",
            "2,3",
            "spiral",
            "--optimiser",
            "l-bfgs",
        ];
        let output = run(&[&begun[..], &setting].concat());
        assert_eq!(output.status.code(), Some(2));
        let told = text(&output.stderr);
        assert!(told.contains(word), "{told}");
    }
}

#[test]
fn the_landscape_bends_along_eigenvectors_as_their_curvatures_say() {
    // A step this short along an eigenvector leaves the parabola: the second difference of the loss is the curvature times the square of the way.
    let asked = [
        "landscape",
        "--layers",
        "2,6,3",
        "--activation",
        "tanh",
        "spiral",
        "--along",
        "hessian,hessian",
        "--points",
        "3",
        "--span",
        "0.0001",
        "--format",
        "json",
    ];
    let output = run(&asked);
    let found = json(&output);
    let again = run(&asked);
    assert_eq!(output.stdout, again.stdout);
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let loss = |place: usize| number(&found["losses"][place]);
    let network = Network::dense(&[2, 6, 3], "tanh").unwrap();
    let parameters: Vec<f64> = network.initial(0);
    let square: f64 = parameters.iter().map(|w| w * w).sum();
    for (nth, ends) in [(0, [3, 5]), (1, [1, 7])] {
        let bend = (loss(ends[0]) - 2.0 * loss(4) + loss(ends[1])) / (1e-8 * square);
        let told = &found["hessian"][nth];
        let curvature = number(&told["eigenvalue"]);
        assert!(
            (bend - curvature).abs() < 1e-5 * curvature.abs().max(1.0),
            "{bend}, {curvature}"
        );
        assert!(number(&told["residual"]) < 1e-7);
    }
}

#[test]
fn a_run_that_diverges_says_where() {
    let output = run(&[
        "train",
        "--layers",
        "2,8,3",
        "spiral",
        "--optimiser",
        "sgd",
        "--rate",
        "1e200",
        "--activation",
        "x^2",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.contains("diverged at step") && told.contains("of layer"),
        "{told}"
    );
}

#[test]
fn a_network_of_scikit_learn_is_asked_and_trained_on() {
    let folder = folder("digits");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/onnx/sklearn-digits-17.onnx");
    let (file, saved) = (file.to_str().unwrap(), named(&folder, "better.onnx"));
    let before = json(&run(&[
        "impact", file, "digits", "--way", "backprop", "--format", "json",
    ]));
    assert_eq!(before["criterion"], "cross-entropy");
    let output = run(&[
        "train", file, "digits", "--epochs", "3", "--rate", "0.001", "--save", &saved,
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let after = json(&run(&[
        "impact", &saved, "digits", "--way", "backprop", "--format", "json",
    ]));
    assert!(after["loss"].as_f64() < before["loss"].as_f64());
    let saved = onnx::read(&fs::read(saved).unwrap(), &Options::default()).unwrap();
    assert_eq!(saved.ending, onnx::Ending::Softmax);
}
