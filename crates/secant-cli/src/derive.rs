//! `secant derive`: the derivative as a formula, simplified, with the conditions under which it holds.

use secant::Notation;
use secant::{Formula, Graph, NodeId, Program};
use serde::Serialize;

use crate::args::{self, Derive, Format};
use crate::asked::{Asked, label, latex_label};
use crate::code;
use crate::failure::Failure;
use crate::json::{Read, Shaped, document};
use crate::output::Answer;
use crate::reading::Reading;

/// One derivative.
pub(crate) struct Derived {
    pub(crate) wrt: Vec<usize>,
    graph: Graph,
    root: NodeId,
    conditions: Vec<String>,
}

impl Derived {
    /// By these inputs in turn.
    pub(crate) fn new(formula: &Formula, wrt: &[usize]) -> Self {
        let mut graph = formula.graph().clone();
        let derived = graph.derive(formula.root(), wrt);
        let root = derived.roots.first().copied().unwrap_or(formula.root());
        let conditions = derived
            .conditions
            .iter()
            .map(|condition| condition.describe(&graph))
            .collect();
        Self {
            wrt: wrt.to_vec(),
            graph,
            root,
            conditions,
        }
    }

    /// The formula in a notation.
    pub(crate) fn written(&self, notation: Notation) -> String {
        self.graph.written(self.root, notation)
    }
}

pub(crate) fn run(asked: &Derive) -> Result<Answer, Failure> {
    if let Some(language) = &asked.code {
        return code::run(asked, language);
    }
    let reading = Reading::new(&asked.formula)?;
    let wanted = Asked::read(asked.wrt.as_deref(), asked.order, &reading.formula)?;
    let each: Vec<Derived> = wanted
        .each(reading.formula.variables().len())
        .iter()
        .map(|wrt| Derived::new(&reading.formula, wrt))
        .collect();
    let text = match asked.style.format {
        Format::Text => each
            .iter()
            .map(|derived| line(&reading.formula, derived, asked.notation, each.len() > 1))
            .collect(),
        Format::Json => json(&reading.formula, &wanted, &each),
    };
    Ok(Answer {
        text,
        warnings: reading.warnings(),
        doubtful: false,
    })
}

/// The derivative on one line, named where there are several, and what it needs.
fn line(formula: &Formula, derived: &Derived, notation: args::Notation, named: bool) -> String {
    let written = match notation {
        args::Notation::Text => derived.written(Notation::Text),
        args::Notation::Unicode => derived.written(Notation::Unicode),
        args::Notation::Latex => derived.written(Notation::Latex),
    };
    let name = match notation {
        _ if !named => String::new(),
        args::Notation::Latex => format!("{} = ", latex_label(formula, &derived.wrt)),
        args::Notation::Text | args::Notation::Unicode => {
            format!("{} = ", label(formula, &derived.wrt))
        }
    };
    let conditions = if derived.conditions.is_empty() {
        String::new()
    } else {
        format!("  for {}\n", derived.conditions.join(" and "))
    };
    format!("{name}{written}\n{conditions}")
}

fn json(formula: &Formula, wanted: &Asked, each: &[Derived]) -> String {
    let derivative = wanted.shaped(formula.variables().len(), each, |derived| Written {
        text: derived.written(Notation::Text),
        latex: derived.written(Notation::Latex),
        operations: Program::new(&derived.graph, &[derived.root]).operations(),
    });
    let mut conditions: Vec<String> = Vec::new();
    for condition in each.iter().flat_map(|derived| &derived.conditions) {
        if !conditions.contains(condition) {
            conditions.push(condition.clone());
        }
    }
    document(&Document {
        read: Read::new(formula),
        operator: wanted.operator(),
        wrt: wanted.names(formula),
        derivative,
        conditions,
    })
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    operator: &'static str,
    wrt: Vec<String>,
    derivative: Shaped<Written>,
    conditions: Vec<String>,
}

#[derive(Serialize)]
struct Written {
    text: String,
    latex: String,
    operations: usize,
}
