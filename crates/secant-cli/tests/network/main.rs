//! What `train`, `impact` and `check` do as processes: a run that is killed goes on to the bit, a disk that is full loses nothing, and three ways to an impact agree.
#![allow(clippy::unwrap_used, clippy::panic)]

mod check;
mod doubts;
mod pictures;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use secant_model::onnx::{self, Options};
use secant_model::weights::Tensors;
use secant_train::{Network, Random};

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

#[test]
fn a_run_killed_twenty_times_ends_with_the_same_weights_to_the_bit() {
    let folder = folder("killed");
    let (checkpoint, log) = (named(&folder, "run.safetensors"), named(&folder, "run.csv"));
    let (whole, resumed) = (
        named(&folder, "whole.safetensors"),
        named(&folder, "resumed.safetensors"),
    );
    let settings = [
        "train",
        "--layers",
        "2,8,3",
        "spiral",
        "--epochs",
        "4000",
        "--batch",
        "64",
        "--rate",
        "0.02",
        "--validation",
        "0.1",
        "--schedule",
        "inverse:1e-4",
    ];
    let output = run(&[&settings[..], &["--save", &whole]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let more = [
        "--checkpoint",
        &checkpoint,
        "--every",
        "0.005",
        "--resume",
        "--log",
        &log,
        "--save",
        &resumed,
    ];
    let again = [&settings[..], &more[..]].concat();
    let mut random = Random::new(11);
    let mut kills = 0;
    while kills < 20 {
        let mut child = secant().args(&again).stdout(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(20 + random.below(120)));
        match child.try_wait().unwrap() {
            None => {
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
            }
            // It was too fast: from the beginning.
            Some(_) => fs::remove_file(&checkpoint).unwrap(),
        }
    }
    let output = run(&again);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(fs::read(&whole).unwrap(), fs::read(&resumed).unwrap());
    // Every epoch stands in the log once, in order.
    let log = fs::read_to_string(&log).unwrap();
    let epochs: Vec<u64> = log
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(epochs, (1..=4000).collect::<Vec<_>>());
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
fn a_feature_called_sample_stands_beside_no_other_column_of_that_name() {
    let folder = folder("sample");
    let table = named(&folder, "s.csv");
    fs::write(&table, "sample,y,t\n0.1,0.2,0\n0.3,0.1,1\n").unwrap();
    for (file, status) in [("each.csv", 2), ("each.npy", 0)] {
        let each = named(&folder, file);
        let impact = ["impact", "--layers", "2,3,2", &table, "--wrt", "inputs"];
        let output = run(&[&impact[..], &["--each", &each]].concat());
        assert_eq!(output.status.code(), Some(status), "{file}");
        assert_eq!(Path::new(&each).exists(), status == 0, "{file}");
    }
}

#[test]
fn a_full_disk_is_told_and_the_last_checkpoint_survives() {
    let folder = folder("full");
    let checkpoint = named(&folder, "run.safetensors");
    let begun = [
        "train",
        "--layers",
        "2,16,3",
        "spiral",
        "--checkpoint",
        &checkpoint,
        "--resume",
    ];
    assert!(
        run(&[&begun[..], &["--epochs", "5"]].concat())
            .status
            .success()
    );
    let before = fs::read(&checkpoint).unwrap();
    // Files may grow to 1,024 bytes, as on a disk that is full.
    let limited = r#"trap "" XFSZ; ulimit -f 2; exec "$0" "$@""#;
    let output = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_secant")])
        .args(begun)
        .args(["--epochs", "50"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.contains("run.safetensors") && told.contains("cannot be written"),
        "{told}"
    );
    assert_eq!(fs::read(&checkpoint).unwrap(), before);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_checkpoint_of_another_run_and_a_broken_one_are_refused() {
    let folder = folder("other");
    let checkpoint = named(&folder, "run.safetensors");
    let begun = [
        "train",
        "--layers",
        "2,4,3",
        "spiral",
        "--epochs",
        "3",
        "--checkpoint",
        &checkpoint,
        "--resume",
    ];
    assert!(run(&begun).status.success());
    let output = run(&[&begun[..], &["--rate", "0.5"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("there rate 0.01, here rate 0.5"),
        "{}",
        text(&output.stderr)
    );
    let bytes = fs::read(&checkpoint).unwrap();
    fs::write(&checkpoint, &bytes[..bytes.len() / 2]).unwrap();
    let output = run(&begun);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("cut off"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_file_that_is_no_checkpoint_is_refused_and_stays() {
    let folder = folder("foreign");
    let weights = named(&folder, "weights.safetensors");
    let layers = ["train", "--layers", "2,4,3", "spiral", "--epochs", "2"];
    assert!(
        run(&[&layers[..], &["--save", &weights]].concat())
            .status
            .success()
    );
    let noise = named(&folder, "noise.safetensors");
    fs::write(&noise, b"not a checkpoint").unwrap();
    for (file, word) in [
        (&weights, "is no checkpoint of a training"),
        (&noise, "noise.safetensors"),
    ] {
        let before = fs::read(file).unwrap();
        let output = run(&[&layers[..], &["--checkpoint", file, "--resume"]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(word),
            "{}",
            text(&output.stderr)
        );
        assert_eq!(fs::read(file).unwrap(), before);
    }
}

#[test]
fn a_checkpoint_that_cannot_be_kept_is_told() {
    // A device is not replaced by a file, a folder is no file, and a folder that is not there takes none.
    let folder = folder("kept");
    let nowhere = named(&folder, "nowhere/run.safetensors");
    for place in ["/dev/full", folder.to_str().unwrap(), &nowhere] {
        let output = run(&[
            "train",
            "--layers",
            "2,4,3",
            "spiral",
            "--epochs",
            "2",
            "--checkpoint",
            place,
        ]);
        assert_eq!(output.status.code(), Some(2), "{place}");
        let told = text(&output.stderr);
        assert!(told.contains(place), "{told}");
    }
    let device = fs::metadata("/dev/full").unwrap();
    assert!(!device.is_file() && !device.is_dir());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_run_that_is_interrupted_keeps_where_it_stands() {
    let folder = folder("interrupted");
    let checkpoint = named(&folder, "run.safetensors");
    let (whole, resumed) = (
        named(&folder, "whole.safetensors"),
        named(&folder, "resumed.safetensors"),
    );
    let begun = ["train", "--layers", "2,8,3", "spiral", "--batch", "64"];
    let kept = ["--checkpoint", &checkpoint, "--resume"];
    let child = secant()
        .args(begun)
        .args(["--epochs", "100000000"])
        .args(kept)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    sleep(Duration::from_millis(400));
    let process = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &process])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    let epoch = told.split_once("interrupted after epoch ").unwrap().1;
    let epoch: u64 = epoch.split_once(';').unwrap().0.parse().unwrap();
    assert!(checkpoint_exists(&checkpoint));

    let end = (epoch + 50).to_string();
    let resume = [&begun[..], &["--epochs", &end, "--save", &resumed], &kept].concat();
    assert!(run(&resume).status.success());
    assert!(
        run(&[&begun[..], &["--epochs", &end, "--save", &whole]].concat())
            .status
            .success()
    );
    assert_eq!(fs::read(whole).unwrap(), fs::read(resumed).unwrap());
}

fn checkpoint_exists(path: &str) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0)
}

#[test]
fn the_last_good_weights_survive_a_run_that_diverges() {
    let folder = folder("diverges");
    let checkpoint = named(&folder, "run.safetensors");
    let diverging = [
        "train",
        "--layers",
        "2,8,3",
        "--activation",
        "x^2",
        "spiral",
        "--optimiser",
        "sgd",
        "--rate",
        "1e6",
        "--checkpoint",
        &checkpoint,
        "--resume",
        "--every",
        "0",
    ];
    assert!(
        run(&[&diverging[..], &["--epochs", "1"]].concat())
            .status
            .success()
    );
    let before = fs::read(&checkpoint).unwrap();
    let output = run(&[&diverging[..], &["--epochs", "100"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.contains("diverged at step") && told.contains("holds the last good weights"),
        "{told}"
    );
    assert!(told.contains("a smaller --rate"), "{told}");
    // Whatever epoch it holds, it is whole.
    let after = Tensors::read(&fs::read(&checkpoint).unwrap()).unwrap();
    let good = after.named("parameters").unwrap();
    assert!(good.values.iter().all(|value| value.is_finite()));
    assert_eq!(
        after.about.get("run"),
        Tensors::read(&before).unwrap().about.get("run")
    );
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
fn l_bfgs_resumes_to_the_bit_and_comes_to_rest() {
    let folder = folder("l-bfgs");
    let checkpoint = named(&folder, "run.safetensors");
    let (whole, resumed) = (
        named(&folder, "whole.safetensors"),
        named(&folder, "resumed.safetensors"),
    );
    // One layer: a convex loss, which comes to rest.
    for layers in ["2,8,3", "2,3"] {
        let begun = [
            "train",
            "--layers",
            layers,
            "spiral",
            "--optimiser",
            "l-bfgs",
            "--epochs",
        ];
        let all = run(&[&begun[..], &["300", "--save", &whole, "--format", "json"]].concat());
        assert!(all.status.success(), "{}", text(&all.stderr));
        let kept = ["--checkpoint", &checkpoint, "--resume", "--save", &resumed];
        for epochs in ["1", "7", "12", "13", "40", "300", "300"] {
            let output = run(&[&begun[..], &[epochs], &kept].concat());
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
        assert_eq!(
            fs::read(&whole).unwrap(),
            fs::read(&resumed).unwrap(),
            "{layers}"
        );
        fs::remove_file(&checkpoint).unwrap();
        let all = json(&all);
        assert!(all["end"] == "at rest" || layers == "2,8,3", "{all}");
    }
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
fn three_ways_to_an_impact_agree() {
    let folder = folder("ways");
    let rows = |way: &str, delta: &str| {
        let file = named(&folder, &format!("{way}.npy"));
        let output = run(&[
            "impact",
            "--layers",
            "2,6,3",
            "--activation",
            "tanh",
            "spiral",
            "--way",
            way,
            "--delta",
            delta,
            "--each",
            &file,
        ]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let bytes = fs::read(file).unwrap();
        let head = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        let (numbers, rest) = bytes[head..].as_chunks::<8>();
        assert!(rest.is_empty() && head.is_multiple_of(64));
        numbers
            .iter()
            .map(|bytes| f64::from_le_bytes(*bytes))
            .collect::<Vec<f64>>()
    };
    let distance = |a: &[f64], b: &[f64]| {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max)
    };
    let (structured, naive) = (rows("structured", "0.0001"), rows("naive", "0.0001"));
    assert_eq!(structured.len(), 300 * (2 * 6 + 6 + 6 * 3 + 3));
    assert!(distance(&structured, &naive) < 1e-11);
    // A shorter step leaves little of what a forward difference leaves out; carried differences lose no digits by it.
    assert!(distance(&rows("structured", "1e-9"), &rows("backprop", "1")) < 1e-8);
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
