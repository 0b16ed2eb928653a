//! Samples that are shifted and scaled: by those that are learned from alone, and told; and a saved network that takes them as they were.

use std::fs;

use super::{folder, json, named, run, table, told};

/// A table whose last feature runs from 0 to 19, and lies this far out.
fn rows(offset: f64) -> String {
    let rows = (0..20).map(|row| format!("{},{}", offset + f64::from(row), row % 7));
    format!("c,y\n{}\n", rows.collect::<Vec<_>>().join("\n"))
}

#[test]
fn samples_kept_apart_have_no_part_in_the_scale() {
    let folder = folder("scale-apart");
    let saved = named(&folder, "net.safetensors");
    // Without an epoch the first weights are those drawn, and the saved ones differ by the scale alone: by the same share for the same scale.
    let mut weights = Vec::new();
    for share in [&[][..], &["--validation", "0.5"]] {
        let table = table(&folder, &rows(0.0));
        let line = [
            "train",
            "--layers",
            "1,1,1",
            &table,
            "--epochs",
            "0",
            "--standardise",
        ];
        let output = run(&[&line[..], share, &["--save", &saved]].concat());
        assert!(output.status.success());
        weights.push(fs::read(&saved).unwrap());
    }
    assert_ne!(weights[0], weights[1]);
}

#[test]
fn what_was_done_to_the_features_is_told() {
    let folder = folder("scale-told");
    let table = table(&folder, &rows(0.0));
    for verb in ["impact", "check", "landscape"] {
        let line = [
            verb,
            "--layers",
            "1,2,1",
            "--activation",
            "tanh",
            &table,
            "--standardise",
        ];
        let (answer, ..) = told(&line);
        let words = "20 samples of 1 feature, each shifted and scaled to mean 0 and deviation 1\n";
        assert!(answer.contains(words), "{answer}");
        let answer = json(&run(&[&line[..], &["--format", "json"]].concat()));
        assert_eq!(answer["standardised"], true, "{verb}");
        let answer = json(&run(&[&line[..6], &["--format", "json"]].concat()));
        assert!(answer["standardised"].is_null(), "{verb}");
    }
}

#[test]
fn a_saved_network_that_lost_its_digits_is_told() {
    let folder = folder("scale-lost");
    let saved = named(&folder, "net.onnx");
    for (offset, lost) in [(0.0, false), (1e15, true)] {
        let table = table(&folder, &rows(offset));
        let line = [
            "train",
            "--layers",
            "1,4,1",
            &table,
            "--epochs",
            "50",
            "--standardise",
        ];
        let line = [
            &line[..],
            &["--activation", "tanh", "--save", &saved, "--strict"],
        ]
        .concat();
        let (answer, status, _) = told(&line);
        assert_eq!(
            answer.contains("warning: the saved network"),
            lost,
            "{answer}"
        );
        assert_eq!(status, Some(i32::from(lost)), "{answer}");
        let answer = json(&run(&[&line[..], &["--format", "json"]].concat()));
        assert_eq!(answer["warnings"].is_array(), lost, "{answer}");
    }
}

#[test]
fn a_network_that_was_standardised_is_not_standardised_again() {
    let folder = folder("scale-twice");
    let table = table(&folder, &rows(5.0));
    for ending in ["onnx", "safetensors"] {
        let saved = named(&folder, &format!("net.{ending}"));
        let line = ["train", "--layers", "1,2,1", "--activation", "tanh", &table];
        let more = ["--epochs", "5", "--standardise", "--save", &saved];
        assert!(run(&[&line[..], &more].concat()).status.success());
        let layers: &[&str] = match ending {
            "onnx" => &[],
            _ => &["--layers", "1,2,1", "--activation", "tanh"],
        };
        let line = [&["impact", &saved, &table][..], layers].concat();
        assert!(run(&line).status.success());
        let (_, status, error) = told(&[&line[..], &["--standardise"]].concat());
        assert_eq!(status, Some(2));
        assert!(
            error.contains("was standardised when it was trained"),
            "{error}"
        );
        // Trained further, it still is.
        let line = [&["train", &saved, &table][..], layers].concat();
        let again = named(&folder, &format!("again.{ending}"));
        let more = ["--epochs", "1", "--save", &again];
        assert!(run(&[&line[..], &more].concat()).status.success());
        let line = [&["check", &again, &table, "--standardise"][..], layers].concat();
        assert_eq!(run(&line).status.code(), Some(2));
    }
}

#[test]
fn features_are_found_by_their_names() {
    let folder = folder("features-by-name");
    let file = |name: &str, rows: &str| {
        let path = named(&folder, name);
        fs::write(&path, rows).unwrap();
        path
    };
    let given = file("given.csv", "a,b,y\n1,20,3\n2,10,1\n3,40,2\n");
    let turned = file("turned.csv", "b,a,y\n20,1,3\n10,2,1\n40,3,2\n");
    let saved = named(&folder, "net.onnx");
    let line = [
        "train", "--layers", "2,2,1", &given, "--epochs", "3", "--save", &saved,
    ];
    assert!(run(&line).status.success());
    let loss =
        |table: &str| json(&run(&["impact", &saved, table, "--format", "json"]))["loss"].clone();
    assert_eq!(loss(&given), loss(&turned));
}
