//! No import of the library runs back up the floors of `ARCHITECTURE.md`.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

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
        let module = module(inside);
        let module: Vec<&str> = module.iter().map(String::as_str).collect();
        let imported = imports(&fs::read_to_string(&file).unwrap(), &module);
        let imported = imported.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        sources.entry(floor).or_default().extend(imported);
    }
    sources
}

/// The module that a file below `src` holds.
fn module(inside: &Path) -> Vec<String> {
    let name = |part: Component<'_>| {
        part.as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned()
    };
    let parts = inside.components().map(name);
    parts.filter(|part| part != "mod").collect()
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
fn a_planted_import_is_caught_however_it_is_written() {
    let floors = ["number", "text", "graph"].map(str::to_owned);
    let caught = |text: &str| {
        let sources = BTreeMap::from([(
            "text".to_owned(),
            imports(text, &["text", "parse"]).unwrap(),
        )]);
        upward(&floors, &sources)
    };
    let upward = ["text imports graph, which stands above it"];
    for planted in [
        "use crate::graph::Graph; // crate::ignored",
        "use crate::{graph::Graph, number};",
        "use {crate::number, crate::{text, graph as g}};",
        "use super::super::graph;",
        "mod inner { use super::super::super::{number, graph::{self, Graph}}; }",
        "fn f() { let address = \"http://x\"; crate::graph::g() }",
        "fn f(x: u8) -> bool { matches!(x, crate::graph::SIGN) }",
    ] {
        assert_eq!(caught(planted), upward, "{planted}");
    }
    for planted in [
        "use crate::*;",
        "use super::super::*;",
        "use crate::{Formula};",
    ] {
        assert_eq!(caught(planted).len(), 1, "{planted}");
    }
    for allowed in [
        "use super::lexer::Token; use self::tests; use crate::number::{Real, Dual};",
        "/// As `crate::graph::Graph`.\nconst NAME: &str = \"crate::graph::Graph\";",
        "#[cfg(test)] mod tests { use crate::graph::Graph; } use crate::number::Real;",
        "macro_rules! m { () => { $crate::graph::Graph } }",
    ] {
        assert_eq!(caught(allowed), Vec::<String>::new(), "{allowed}");
    }
}
