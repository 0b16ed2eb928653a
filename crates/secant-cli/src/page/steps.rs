//! The section of the derivation: each step with its rule, the rule as mathematics, what it is applied to and what it
//! makes of it. All of it stands in the file; the script only hides what is not to be seen yet.

use secant::{Derivation, Formula, Notation, WrittenStep};
use serde_json::Value;

use super::{Section, conditions, escaped, filled, math};
use crate::derive::Derived;

pub(super) fn section(formula: &Formula, derived: &[Derived]) -> Section {
    let several = derived.len() > 1;
    let steps: String = derived
        .iter()
        .filter_map(|derived| Some((derived, derived.derivation.as_ref()?)))
        .map(|(derived, derivation)| {
            let label = crate::asked::label(formula, &derived.wrt);
            let named = if several {
                format!("{label}: ")
            } else {
                String::new()
            };
            all(derivation, &named, &conditions(derived))
        })
        .collect();
    Section {
        view: "steps",
        html: filled(include_str!("steps.html"), &[("steps", &steps)]),
        data: Value::Null,
    }
}

fn all(derivation: &Derivation, named: &str, conditions: &str) -> String {
    let written = derivation.written(Notation::Mathml);
    let last = written.len().saturating_sub(1);
    written
        .iter()
        .enumerate()
        .map(|(place, step)| one(step, named, if place == last { conditions } else { "" }))
        .collect()
}

fn one(step: &WrittenStep, named: &str, conditions: &str) -> String {
    let statement = if step.statement.is_empty() {
        String::new()
    } else {
        format!("<p class=\"statement lines\">{}</p>", math(&step.statement))
    };
    // What the rule is applied to stands out within what is to be differentiated.
    let of = format!("<mrow>{}</mrow>", step.of);
    let marked = format!("<mrow class=\"of\">{}</mrow>", step.of);
    let before = step.before.replacen(&of, &marked, 1);
    format!(
        "<li class=\"step\"><h3>{}{}</h3>{statement}<p class=\"lines\">{}<span class=\"after\">{}{conditions}</span></p></li>\n",
        escaped(named),
        escaped(&step.rule),
        math(&before),
        math(&format!("<mo>=</mo>{}", step.after)),
    )
}
