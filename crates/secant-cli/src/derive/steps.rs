//! A derivation as it is read: numbered rules, each with what it was applied to and what it made of it; as text and as
//! entries of the JSON document.

use secant::{Derivation, Notation, WrittenStep};
use serde::Serialize;

/// How a derivation is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Telling {
    pub(crate) notation: Notation,
    /// Whether what a rule is applied to stands out.
    pub(crate) colours: bool,
}

impl Telling {
    /// All rules in turn; the last step leads to the answer, which is for the caller to write.
    pub(crate) fn steps(self, derivation: &Derivation) -> String {
        let mut text = String::new();
        let steps = derivation.written(self.notation);
        let last = steps.len() - 1;
        for (place, step) in steps.iter().enumerate() {
            let number = place + 1;
            if place == last {
                let how = if step.statement.is_empty() { "" } else { ": " };
                text += &format!("{number}. {}{how}{}\n", step.rule, step.statement);
                if step.before != step.after {
                    text += &format!("   {}\n", step.before);
                }
            } else {
                let (statement, before) = (&step.statement, self.before(step));
                text += &format!(
                    "{number}. {}: {statement}\n   {before} = {}\n",
                    step.rule, step.after
                );
            }
        }
        text
    }

    /// The next rule alone, and what to apply it to.
    pub(crate) fn hint(self, derivation: &Derivation) -> String {
        derivation
            .written(self.notation)
            .first()
            .map(|step| {
                format!(
                    "{}: {}\n   {}\n",
                    step.rule,
                    step.statement,
                    self.before(step)
                )
            })
            .unwrap_or_default()
    }

    /// What is to be differentiated, with that part in bold letters.
    fn before(self, step: &WrittenStep) -> String {
        const BOLD: &str = "\x1b[1m";
        const PLAIN: &str = "\x1b[0m";
        match step.before.rsplit_once(&step.of) {
            Some((open, close)) if self.colours => {
                format!("{open}{BOLD}{}{PLAIN}{close}", step.of)
            }
            _ => step.before.clone(),
        }
    }
}

/// A step of the document.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    rule: String,
    statement: String,
    of: String,
    before: String,
    after: String,
}

/// A step that is not taken yet.
#[derive(Debug, Serialize)]
pub(crate) struct Hint {
    rule: String,
    statement: String,
    of: String,
    before: String,
}

/// The steps of the document.
pub(crate) fn told(derivation: &Derivation, notation: Notation) -> Vec<Told> {
    let told = |step: WrittenStep| Told {
        rule: step.rule,
        statement: step.statement,
        of: step.of,
        before: step.before,
        after: step.after,
    };
    derivation.written(notation).into_iter().map(told).collect()
}

/// The first step of the document.
pub(crate) fn hint(derivation: &Derivation, notation: Notation) -> Option<Hint> {
    let hint = |step: WrittenStep| Hint {
        rule: step.rule,
        statement: step.statement,
        of: step.of,
        before: step.before,
    };
    derivation.written(notation).into_iter().next().map(hint)
}
