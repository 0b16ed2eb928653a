//! Checks of the house itself. The order of the floors stands in `ARCHITECTURE.md`; here is what reads it there and
//! holds the imports of the library against it; [`promises`] holds what it says that crates never do. The command is a test: `cargo test -p xtask`.
//! [`fuzz`] holds random formulas against themselves.

pub mod crowd;
pub mod fuzz;
pub mod models;
pub mod paths;
pub mod promises;

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

/// What a source text, which stands in this module, names right below the root of its crate: floors, or `*` for all that is there.
///
/// # Errors
/// Where the text is no Rust.
pub fn imports(source: &str, module: &[&str]) -> Result<Vec<String>, String> {
    let paths = paths::paths(source, module)?;
    let mut found: Vec<String> = paths
        .iter()
        .filter_map(|path| path.strip_prefix("crate::"))
        .filter_map(|path| path.split("::").next())
        .map(str::to_owned)
        .collect();
    found.dedup();
    Ok(found)
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
            .filter(|name| !name.starts_with(|first: char| first.is_ascii_lowercase()))
        {
            faults.push(format!(
                "{floor} imports {name} through the root of the crate: name its floor"
            ));
        }
    }
    faults
}
