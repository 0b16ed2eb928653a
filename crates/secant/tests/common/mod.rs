//! What the test files share: reading the spec documents, and exact comparison with their digits.

#![allow(dead_code, unreachable_pub)]

use std::path::PathBuf;

use secant::{Error, Formula, Rational, Recorded};

/// The text of a file of the repository.
pub fn document(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The sections of `spec/formulas.md` and of every document in `spec/formulas/`.
pub fn formulas() -> Vec<Section> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../spec/formulas");
    let entries = std::fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    let beside = names
        .iter()
        .map(|name| format!("spec/formulas/{}", name.display()));
    std::iter::once("spec/formulas.md".to_owned())
        .chain(beside)
        .flat_map(|path| sections(&document(&path)))
        .collect()
}

/// One section of a spec document: its title, its `key: value` lines, its table rows.
#[derive(Debug, Default)]
pub struct Section {
    pub title: String,
    pub fields: Vec<(String, String)>,
    pub rows: Vec<Vec<String>>,
}

impl Section {
    /// The value of a field.
    pub fn field(&self, key: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// The derivatives that the section asks for, each as inputs in turn.
    pub fn wrts(&self, formula: &Formula) -> Vec<Vec<usize>> {
        let turn = |names: &str| {
            names
                .split(',')
                .map(|name| formula.variable(name.trim()).unwrap())
                .collect()
        };
        self.field("wrt").unwrap().split(';').map(turn).collect()
    }

    /// The point of a row whose first cells are the values of these names.
    pub fn point(&self, formula: &Formula, names: &[String], row: &[String]) -> Vec<f64> {
        let mut at = vec![f64::NAN; formula.variables().len()];
        for (name, value) in names.iter().zip(row) {
            at[formula.variable(name).unwrap()] = value.parse().unwrap();
        }
        at
    }

    /// The formula of the section, recorded.
    pub fn function(&self) -> Result<(Formula, Recorded), Error> {
        let formula = Formula::parse(self.field("formula").unwrap_or_default())?;
        let recorded = Recorded::from(&formula);
        Ok((formula, recorded))
    }
}

/// The sections of a spec document: `## title`, indented `key: value`, and a table.
pub fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section {
                title: title.to_owned(),
                ..Section::default()
            });
        } else if let Some(section) = sections.last_mut() {
            if let Some((key, value)) = line
                .strip_prefix("    ")
                .and_then(|field| field.split_once(": "))
            {
                section.fields.push((key.to_owned(), value.to_owned()));
            } else if let Some(row) = line.strip_prefix("| ") {
                section.rows.push(
                    row.trim_end_matches(" |")
                        .split(" | ")
                        .map(|cell| cell.trim().to_owned())
                        .collect(),
                );
            }
        }
    }
    sections
}

/// The exact number that a decimal text stands for.
pub fn exact(text: &str) -> Rational {
    match text.strip_prefix('-') {
        Some(positive) => -Rational::from_decimal(positive).unwrap(),
        None => Rational::from_decimal(text).unwrap(),
    }
}

/// The distance of a double from a number given to 50 digits, less what the digits after those may hide.
pub fn error(value: f64, truth: &Rational) -> f64 {
    let hidden = truth.abs() * exact("1e-49");
    match Rational::from_f64(value) {
        Some(value) => ((value - truth.clone()).abs() - hidden).to_f64().max(0.0),
        None => f64::INFINITY,
    }
}
