//! What `ARCHITECTURE.md` says that a crate never does, it does not do.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::paths::paths;
use xtask::promises::{broken, promises};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The paths that the code of a crate names, but for its tests.
fn named(folder: &Path) -> Vec<String> {
    let mut pending = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(place) = pending.pop() {
        if place.is_dir() {
            if place.file_name().is_none_or(|name| name != "tests") {
                let inside = fs::read_dir(&place).unwrap();
                pending.extend(inside.map(|entry| entry.unwrap().path()));
            }
        } else if place.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&place).unwrap();
            let told = |error: String| panic!("{}: {error}", place.display());
            found.extend(paths(&text, &[]).unwrap_or_else(told));
        }
    }
    found
}

#[test]
fn what_a_crate_never_does_it_does_not_do() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let promises = promises(&architecture);
    assert!(promises.len() >= 18, "{promises:?}");
    let mut faults = Vec::new();
    let mut read: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, promise) in promises {
        let folder = match name.as_str() {
            "xtask" => root().join("xtask"),
            name => root().join("crates").join(name),
        };
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let paths = read
            .entry(name.clone())
            .or_insert_with(|| named(&folder.join("src")));
        let found = broken(&promise, &manifest, paths).unwrap();
        faults.extend(
            found
                .into_iter()
                .map(|what| format!("{name} {promise}: {what}")),
        );
        if promise == "prints" {
            let is_linted = manifest.contains("[lints]\nworkspace = true");
            assert!(is_linted, "{name} does not take the lints of the workspace");
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_crate_stands_in_the_table() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let promises = promises(&architecture);
    for folder in fs::read_dir(root().join("crates")).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(promises.iter().any(|(told, _)| *told == name), "{name}");
    }
}

#[test]
fn a_broken_promise_is_caught() {
    let code =
        "use std::{fs::File, time}; fn f() { let _ = time::Instant::now(); std::io::stderr(); }";
    let named = paths(code, &[]).unwrap();
    let caught = |promise: &str| broken(promise, "", &named).unwrap();
    assert_eq!(caught("reads files"), ["std::fs::File"]);
    assert_eq!(
        caught("knows a clock"),
        ["std::time", "std::time::Instant::now"]
    );
    assert_eq!(caught("prints"), ["std::io::stderr"]);
    let manifest =
        "[dependencies]\nsecant.workspace = true\n[dev-dependencies]\nsecant-fit = \"1\"\n";
    assert_eq!(
        broken("knows functions", manifest, &[]).unwrap(),
        ["secant"]
    );
    let manifest_with_arithmetic = format!("[dependencies]\nlibm = \"0.2\"\n{manifest}");
    assert_eq!(
        broken("computes an answer", &manifest_with_arithmetic, &[]).unwrap(),
        ["libm"]
    );
    assert_eq!(broken("ships", manifest, &[]).unwrap().len(), 1);
    assert!(broken("sleeps", "", &[]).is_err());
}
