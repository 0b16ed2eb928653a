//! `secant derive`: the derivative as a formula, simplified, with the conditions under which it holds.

mod code;
pub(crate) mod steps;

use secant::Notation;
use secant::{Derivation, Formula, Graph, NodeId, NodeKind, Operation, Program, Simplified};
use serde::Serialize;

use crate::args::{self, Derive, Format};
use crate::asked::{Asked, label, latex_label};
use crate::failure::Failure;
use crate::json::{Read, Shaped, document};
use crate::output::{self, Answer};
use crate::page;
use crate::reading::Reading;
use crate::screen;
use steps::{Hint, Telling, Told};

/// One derivative.
pub(crate) struct Derived {
    pub(crate) wrt: Vec<usize>,
    graph: Graph,
    root: NodeId,
    pub(crate) conditions: Vec<String>,
    /// The inputs that stand for parts of it, and these.
    parts: Vec<(usize, NodeId)>,
    /// How it was found, where that is asked for.
    pub(crate) derivation: Option<Derivation>,
}

impl Derived {
    /// By these inputs in turn.
    pub(crate) fn new(formula: &Formula, wrt: &[usize]) -> Self {
        let mut graph = formula.graph().clone();
        let derived = graph.derive(formula.root(), wrt);
        Self::of(formula, wrt, graph, &derived)
    }

    /// The same, with the derivation that leads to it.
    pub(crate) fn by_rules(formula: &Formula, wrt: &[usize]) -> Self {
        let derivation = Derivation::new(formula.graph(), formula.root(), wrt);
        let graph = derivation.graph().clone();
        let derived = Self::of(formula, wrt, graph, derivation.simplified());
        Self {
            derivation: Some(derivation),
            ..derived
        }
    }

    fn of(formula: &Formula, wrt: &[usize], graph: Graph, derived: &Simplified) -> Self {
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
            parts: Vec::new(),
            derivation: None,
        }
    }

    /// The line that tells its conditions, where it has any.
    pub(crate) fn holds_for(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!("  for {}\n", self.conditions.join(" and "))
        }
    }

    /// The same with names for parts that occur more than once.
    fn shared(mut self) -> Self {
        let shared = self.graph.shared(self.root);
        self.graph = shared.graph;
        self.root = shared.root;
        self.parts = shared.parts;
        self
    }

    /// The parts by name.
    fn named_parts(&self) -> Vec<Part> {
        let part = |(input, part): &(usize, NodeId)| Part {
            name: self.graph.names()[*input].to_string(),
            text: self.graph.written(*part, Notation::Text),
            latex: self.graph.written(*part, Notation::Latex),
        };
        self.parts.iter().map(part).collect()
    }

    /// The operations of one run, those of the named parts included.
    fn operations(&self) -> usize {
        let parts = self.parts.iter().map(|(_, part)| *part);
        let roots: Vec<NodeId> = parts.chain([self.root]).collect();
        Program::new(&self.graph, &roots).operations()
    }

    /// Whether it is too long to be written out.
    fn is_cut(&self) -> bool {
        self.written(Notation::Text).ends_with('…')
    }

    /// The formula in a notation.
    pub(crate) fn written(&self, notation: Notation) -> String {
        self.graph.written(self.root, notation)
    }
}

/// A part that takes whole numbers alone must not move with these inputs.
pub(crate) fn must_have_derivative(formula: &Formula, inputs: &[usize]) -> Result<(), Failure> {
    let graph = formula.graph();
    for input in inputs {
        if let Some(part) = graph.without_derivative(formula.root(), &[*input]) {
            let hint = match graph.kind(part) {
                NodeKind::Apply(Operation::Factorial, _) => {
                    "gamma(x + 1) is x! at whole numbers and has a derivative"
                }
                NodeKind::Apply(Operation::BesselJ | Operation::Polygamma, _) => {
                    "the order is the first argument: bessel_j(2, x), polygamma(1, x)"
                }
                NodeKind::Apply(Operation::SphericalBessel, _) => {
                    "the order is the second argument: spherical_bessel(x, 2)"
                }
                _ => "--wrt names the inputs to derive by",
            };
            let (part, name) = (graph.text(part), &formula.variables()[*input]);
            let message = format!(
                "{part} has no derivative by {name}: it has values for whole numbers alone"
            );
            return Err(Failure::new("setting", message).hint(hint));
        }
    }
    Ok(())
}

pub(crate) fn run(asked: &Derive) -> Result<Answer, Failure> {
    if let Some(language) = &asked.code {
        return code::run(asked, language);
    }
    let reading = Reading::new(&asked.formula)?;
    let formula = &reading.formula;
    let wanted = Asked::read(asked.wrt.as_deref(), asked.order, formula)?;
    let all = wanted.each(formula.variables().len());
    must_have_derivative(formula, &all.concat())?;
    for wrt in &all {
        let can_derive = formula.graph().can_derive(formula.root(), wrt);
        can_derive.map_err(|error| Failure::within(&error, &reading.source, 0))?;
    }
    let derive = if asked.steps || asked.hint {
        Derived::by_rules
    } else {
        Derived::new
    };
    let each: Vec<Derived> = all
        .iter()
        .map(|wrt| derive(formula, wrt))
        .map(|derived| {
            if asked.shared {
                derived.shared()
            } else {
                derived
            }
        })
        .collect();
    if let Some(path) = &asked.output {
        let page = || page::steps(&reading, &each);
        output::write(&page::drafts(page::only(path)?, page)?)?;
    }
    let text = match asked.style.format {
        Format::Text => each
            .iter()
            .map(|derived| told(formula, derived, asked, each.len() > 1))
            .collect::<Vec<_>>()
            .join(if asked.steps { "\n" } else { "" }),
        Format::Json => json(formula, &wanted, &each, asked),
    };
    Ok(Answer {
        text,
        warnings: reading.warnings(),
        doubtful: each.iter().any(Derived::is_cut),
        ..Answer::default()
    })
}

/// The derivative, with the steps to it, or only the first of them.
fn told(formula: &Formula, derived: &Derived, asked: &Derive, named: bool) -> String {
    let line = || line(formula, derived, asked.notation, named);
    let telling = Telling {
        notation: asked.notation.of_library(),
        colours: screen::colours(asked.style.color),
    };
    match &derived.derivation {
        Some(derivation) if asked.hint => telling.hint(derivation),
        Some(derivation) => telling.steps(derivation) + &line(),
        None if asked.shared => parts(derived, asked.notation) + &line(),
        None => line(),
    }
}

/// The parts that have names, each on its line.
fn parts(derived: &Derived, notation: args::Notation) -> String {
    let written = |node| derived.graph.written(node, notation.of_library());
    let mut names = derived.graph.clone();
    let mut line = |(input, part): &(usize, NodeId)| {
        let name = names.input(*input);
        let name = names.written(name, notation.of_library());
        format!("{name} = {}\n", written(*part))
    };
    derived.parts.iter().map(&mut line).collect()
}

/// What is told of a derivative that is too long.
const CUT: &str =
    "  cut off after a million characters: --shared writes what occurs more than once only once\n";

/// The derivative on one line, named where there are several, and what it needs.
fn line(formula: &Formula, derived: &Derived, notation: args::Notation, named: bool) -> String {
    let written = derived.written(notation.of_library());
    let name = match notation {
        _ if !named => String::new(),
        args::Notation::Latex => format!("{} = ", latex_label(formula, &derived.wrt)),
        args::Notation::Mathml => {
            format!("<mtext>{}</mtext><mo>=</mo>", label(formula, &derived.wrt))
        }
        args::Notation::Text | args::Notation::Unicode => {
            format!("{} = ", label(formula, &derived.wrt))
        }
    };
    let cut = match derived.is_cut() {
        true if derived.parts.is_empty() => CUT,
        true => "  cut off after a million characters\n",
        false => "",
    };
    format!("{name}{written}\n{cut}{}", derived.holds_for())
}

fn json(formula: &Formula, wanted: &Asked, each: &[Derived], asked: &Derive) -> String {
    let notation = asked.notation.of_library();
    let inputs = formula.variables().len();
    let hinted = |derived: &Derived| {
        let derivation = derived.derivation.as_ref()?;
        steps::hint(derivation, notation)
    };
    if asked.hint {
        return document(&Hinted {
            read: Read::new(formula),
            operator: wanted.operator(),
            wrt: wanted.names(formula),
            hint: wanted.shaped(inputs, each, hinted),
        });
    }
    let derivative = wanted.shaped(inputs, each, |derived| Written {
        text: derived.written(Notation::Text),
        latex: derived.written(Notation::Latex),
        operations: derived.operations(),
        cut: derived.is_cut(),
        shared: asked.shared.then(|| derived.named_parts()),
        steps: derived
            .derivation
            .as_ref()
            .map(|derivation| steps::told(derivation, notation)),
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
    /// Whether text and LaTeX are cut off after a million characters.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    shared: Option<Vec<Part>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<Told>>,
}

/// A part that occurs more than once.
#[derive(Serialize)]
struct Part {
    name: String,
    text: String,
    latex: String,
}

/// The next rule, and no answer yet.
#[derive(Serialize)]
struct Hinted<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    operator: &'static str,
    wrt: Vec<String>,
    hint: Shaped<Option<Hint>>,
}
