//! Checks of the house itself. The order of the floors stands in `ARCHITECTURE.md`; here is what reads it there and
//! holds the imports of the library against it. The command is a test: `cargo test -p xtask`. [`fuzz`] holds random formulas against
//! themselves.

pub mod crowd;
pub mod fuzz;
pub mod models;

use std::collections::BTreeMap;

/// The floors of a crate, lowest first, as listed in the fenced block after the heading `## Floors`.
#[must_use]
pub fn floors(architecture: &str) -> Vec<String> {
    let listed = architecture
        .split("## Floors")
        .nth(1)
        .and_then(|rest| rest.split("```").nth(1))
        .unwrap_or_default();
    let name = |line: &str| {
        line.split_whitespace()
            .next()
            .map(|name| name.trim_end_matches('/').to_owned())
    };
    listed.lines().skip(1).filter_map(name).collect()
}

/// The floors that a source text imports with `crate::floor`, in code that is not a comment.
#[must_use]
pub fn imports(source: &str) -> Vec<String> {
    let code = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let mut found: Vec<String> = code.flat_map(imports_of_line).collect();
    found.sort();
    found.dedup();
    found
}

fn imports_of_line(line: &str) -> Vec<String> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let after = line
        .match_indices("crate::")
        .filter(|(place, _)| !line[..*place].ends_with('$'));
    after
        .map(|(place, found)| {
            line[place + found.len()..]
                .chars()
                .take_while(|character| is_word(*character))
                .collect()
        })
        .collect()
}

/// Each import that runs back up: a floor that names a higher one, or one that is not listed.
#[must_use]
pub fn upward(floors: &[String], sources: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let height = |name: &str| floors.iter().position(|floor| floor == name);
    let mut faults = Vec::new();
    for (floor, imported) in sources {
        let Some(own) = height(floor) else {
            faults.push(format!("{floor} is not among the floors"));
            continue;
        };
        for name in imported
            .iter()
            .filter(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
        {
            match height(name) {
                Some(other) if other <= own => {}
                Some(_) => faults.push(format!("{floor} imports {name}, which stands above it")),
                None => faults.push(format!(
                    "{floor} imports {name}, which is not among the floors"
                )),
            }
        }
        for name in imported
            .iter()
            .filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
        {
            faults.push(format!(
                "{floor} imports {name} through the root of the crate: name its floor"
            ));
        }
    }
    faults
}
