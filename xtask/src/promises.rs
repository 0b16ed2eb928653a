//! What `ARCHITECTURE.md` says that a crate never does, and what holds it: paths of the standard library that its code does not name, and crates that
//! it does not stand on.

/// What holds a promise.
enum Holds {
    /// The code names no path that begins so.
    Paths(&'static [&'static str]),
    /// The crate depends on none of these.
    Crates(&'static [&'static str]),
    /// The manifest has this line.
    Line(&'static str),
}

/// The crates that know functions, their graphs and derivatives.
const MATHEMATICS: Holds = Holds::Crates(&["secant", "secant-train", "secant-fit", "secant-model"]);
/// The crates that arithmetic over many numbers is made with: who stands on none of them leaves that to the libraries above.
const ARITHMETIC: Holds = Holds::Crates(&[
    "secant-vmath",
    "secant-machine",
    "secant-product",
    "libm",
    "gemm",
]);
const FILES: Holds = Holds::Paths(&["std::fs"]);

const PROMISES: [(&str, Holds); 13] = [
    // The macros that print are denied by lints.
    (
        "prints",
        Holds::Paths(&["std::io::stdout", "std::io::stderr"]),
    ),
    ("reads files", FILES),
    ("opens files", FILES),
    (
        "knows a terminal",
        Holds::Paths(&["std::io::IsTerminal", "std::io::stdin", "std::env"]),
    ),
    ("knows a clock", Holds::Paths(&["std::time"])),
    ("knows the command line", Holds::Paths(&["std::env"])),
    ("knows functions", MATHEMATICS),
    ("knows graphs", MATHEMATICS),
    ("knows formulas", MATHEMATICS),
    ("knows derivatives", MATHEMATICS),
    ("knows what they mean", MATHEMATICS),
    ("ships", Holds::Line("publish = false")),
    ("computes an answer", ARITHMETIC),
];

/// Each crate of the table with each thing that it never does; a verb counts for all that follows it.
///
/// ```
/// let table = "| crate | holds | never |\n|---|---|---|\n| `sums` | sums | prints, knows a terminal or a clock |\n";
/// let promised = xtask::promises::promises(table);
/// assert_eq!(promised[2], ("sums".to_owned(), "knows a clock".to_owned()));
/// ```
#[must_use]
pub fn promises(architecture: &str) -> Vec<(String, String)> {
    let rows = architecture
        .lines()
        .skip_while(|line| !line.starts_with("| crate | holds | never |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let mut promises = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, name, _, never, _] = cells.as_slice() else {
            continue;
        };
        let mut verb = "";
        for part in never.replace(" or ", ", ").split(", ") {
            let first = part.split(' ').next().unwrap_or_default();
            let is_verb =
                first.len() > 1 && PROMISES.iter().any(|(told, _)| told.starts_with(first));
            let told = if is_verb {
                verb = first;
                part.to_owned()
            } else {
                format!("{verb} {part}")
            };
            promises.push((name.trim_matches('`').to_owned(), told));
        }
    }
    promises
}

/// What of a crate breaks a promise, given its manifest and the paths that its code names.
///
/// # Errors
/// Where nothing is known to hold the promise.
pub fn broken(promise: &str, manifest: &str, paths: &[String]) -> Result<Vec<String>, String> {
    let (_, holds) = PROMISES
        .iter()
        .find(|(told, _)| *told == promise)
        .ok_or_else(|| format!("nothing holds '{promise}'; write in promises.rs what does"))?;
    let begins = |path: &str, with: &str| {
        path.strip_prefix(with)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    Ok(match holds {
        Holds::Paths(never) => {
            let is_named = |path: &&String| never.iter().any(|never| begins(path, never));
            paths.iter().filter(is_named).cloned().collect()
        }
        Holds::Crates(never) => {
            let mut dependencies = dependencies(manifest);
            dependencies.retain(|name| never.contains(&name.as_str()));
            dependencies
        }
        Holds::Line(line) => {
            let has_line = manifest.lines().any(|found| found == *line);
            let missing = (!has_line).then(|| format!("no line '{line}'"));
            missing.into_iter().collect()
        }
    })
}

/// The crates that a manifest depends on, but for its tests.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut is_listed = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            is_listed = section == "dependencies" || section.ends_with(".dependencies");
        } else if is_listed && let Some((name, _)) = line.split_once('=') {
            found.push(name.trim().trim_end_matches(".workspace").to_owned());
        }
    }
    found
}
