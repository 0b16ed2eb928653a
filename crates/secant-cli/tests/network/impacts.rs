//! Impacts as a user asks for them: of weights in three ways, of features by a delta, and in files.

use std::fs;
use std::path::Path;

use super::{folder, json, named, run, text};

#[test]
fn a_feature_is_moved_by_the_delta_that_is_asked_for() {
    let folder = folder("features");
    let table = |x: f64| {
        let table = named(&folder, &format!("{x}.csv"));
        fs::write(&table, format!("x,y,t\n{x},2,1\n")).unwrap();
        table
    };
    let told = |data: &str, more: &[&str]| {
        let impact = [
            "impact",
            "--layers",
            "2,5,1",
            "--activation",
            "tanh",
            data,
            "--loss",
            "squared",
        ];
        let output = run(&[&impact[..], &["--wrt", "inputs", "--format", "json"], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        json(&output)
    };
    let (at, each) = (table(0.5), named(&folder, "each.csv"));
    let found = told(&at, &["--delta", "0.25", "--each", &each]);
    let loss = |found: &serde_json::Value| found["loss"].as_f64().unwrap();
    let change = loss(&told(&table(0.75), &[])) - loss(&found);
    let impacts = found["impacts"].as_array().unwrap();
    let x = impacts.iter().find(|one| one["name"] == "x").unwrap();
    let found_change = x["change"].as_f64().unwrap();
    assert!(
        (found_change - change).abs() < 1e-14,
        "{found_change}, {change}"
    );
    // The derivative is another matter, and the file holds the quotient of change and delta, as of weights.
    let derivative = x["derivative"].as_f64().unwrap();
    assert!((derivative - change / 0.25).abs() > 1e-3);
    let each = fs::read_to_string(each).unwrap();
    let cells: Vec<&str> = each.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(cells[1].parse::<f64>().unwrap(), found_change / 0.25);
    let of_backprop = told(&at, &["--way", "backprop"]);
    assert_eq!(of_backprop["delta"], serde_json::Value::Null);
    for (more, word) in [
        (["--delta", "0"], "a delta of 0 moves nothing"),
        (["--way", "naive"], "features are moved by --way structured"),
    ] {
        let output = run(&[
            &["impact", "--layers", "2,5,1", &at, "--wrt", "inputs"][..],
            &more,
        ]
        .concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(word),
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
fn rows_in_a_file_of_tensors_tell_their_columns() {
    let each = named(&folder("tensors"), "each.safetensors");
    let line = ["impact", "--layers", "2,2,3", "spiral", "--each", &each];
    assert!(run(&line).status.success());
    let bytes = fs::read(&each).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let head: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    assert_eq!(head["impact"]["shape"], serde_json::json!([300, 15]));
    assert_eq!(bytes.len(), 8 + length + 300 * 15 * 8);
    let columns = head["__metadata__"]["columns"].as_str().unwrap();
    let columns: Vec<String> = serde_json::from_str(columns).unwrap();
    assert_eq!(columns.len(), 15);
    assert_eq!(
        (columns[0].as_str(), columns[14].as_str()),
        ("0.weight[0, 0]", "2.bias[2]")
    );
}
