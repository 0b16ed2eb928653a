//! No import of the library runs back up the floors of `ARCHITECTURE.md`.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::{floors, imports, upward};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Rust files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut pending = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(place) = pending.pop() {
        if place.is_dir() {
            pending.extend(
                fs::read_dir(&place)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if place.extension().is_some_and(|ending| ending == "rs") {
            found.push(place);
        }
    }
    found
}

/// What each floor of the library imports. Tests beside the code may look from the root.
fn sources() -> BTreeMap<String, Vec<String>> {
    let source = root().join("crates/secant/src");
    let mut sources: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let floor = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if floor == "lib" || inside.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        sources.entry(floor).or_default().extend(imports(code));
    }
    sources
}

#[test]
fn no_import_runs_back_up() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let floors = floors(&architecture);
    let sources = sources();
    assert!(floors.len() >= 15 && sources.len() >= 15, "{floors:?}");
    assert_eq!(upward(&floors, &sources), Vec::<String>::new());
}

#[test]
fn every_floor_of_the_list_exists() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let sources = sources();
    let missing: Vec<String> = floors(&architecture)
        .into_iter()
        .filter(|floor| !sources.contains_key(floor))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_planted_import_is_caught() {
    let floors = vec!["number".to_owned(), "graph".to_owned()];
    let planted = imports("use crate::graph::Graph; // crate::ignored");
    let sources = BTreeMap::from([("number".to_owned(), planted)]);
    assert_eq!(
        upward(&floors, &sources),
        ["number imports graph, which stands above it"]
    );
}
