//! What the tests share: reference numbers from files, and closeness.

#![allow(
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use std::collections::HashMap;
use std::path::Path;

use secant_train::{Columns, Network, Targets};

pub(crate) const ACTIVATIONS: [&str; 4] = ["relu", "tanh", "sigmoid", "gelu"];

/// The named numbers of one file in `spec/networks`.
pub(crate) struct Reference(HashMap<String, Vec<f64>>);

impl Reference {
    pub(crate) fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../spec/networks")
            .join(format!("{name}.txt"));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines = text.lines().map(|line| {
            let mut words = line.split(' ');
            let name = words.next().unwrap().to_owned();
            (name, words.map(|word| word.parse().unwrap()).collect())
        });
        Self(lines.collect())
    }

    pub(crate) fn get(&self, name: &str) -> &[f64] {
        self.0.get(name).unwrap_or_else(|| panic!("no {name}"))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn samples(&self) -> Columns<f64> {
        Columns::from_rows(self.get("inputs"), 3).unwrap()
    }

    pub(crate) fn labels(&self) -> Targets<f64> {
        Targets::Labels(
            self.get("labels")
                .iter()
                .map(|label| *label as usize)
                .collect(),
        )
    }

    pub(crate) fn values(&self, name: &str) -> Targets<f64> {
        Targets::Values(Columns::from_rows(self.get(name), 3).unwrap())
    }

    /// The targets that a loss of the references takes.
    pub(crate) fn targets(&self, loss: &str) -> Targets<f64> {
        match loss {
            "cross-entropy" => self.labels(),
            "shares" => self.values("shares"),
            _ => self.values("targets"),
        }
    }
}

/// The network of the references: 3, 4, 4 and 3 units.
pub(crate) fn network(activation: &str) -> Network {
    Network::dense(&[3, 4, 4, 3], activation).unwrap()
}

/// Fails where two slices differ by more than `most`, relative to numbers above 1.
#[track_caller]
pub(crate) fn close(ours: &[f64], truth: &[f64], most: f64, what: &str) {
    assert_eq!(ours.len(), truth.len(), "{what}");
    for (place, (ours, truth)) in ours.iter().zip(truth).enumerate() {
        let error = (ours - truth).abs() / truth.abs().max(1.0);
        assert!(
            error <= most,
            "{what}, number {place}: {ours} for {truth}, off by {error:e}"
        );
    }
}
