//! Where a run stands is kept whatever ends it: a run that is killed goes on to the bit, a disk that is full loses nothing, and what is no checkpoint of the run is refused.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use secant_model::weights::Tensors;
use secant_train::Random;

use super::{folder, json, named, run, secant, text};

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
