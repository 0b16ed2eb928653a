//! Random formulas held against themselves: bytes become a formula and a point; it is read, differentiated, simplified,
//! evaluated, written and read again, and no two ways may contradict each other. The fuzz target `derive` and the command
//! `cargo run --release -p xtask -- fuzz` share what stands here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use secant::{
    Branch, Condition, Decoration, Error, ErrorKind, Formula, Graph, Interval, NodeId, Operation,
    Program, Recorded, Requirement, Verdict, method, report,
};

/// What came of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The text is no formula, and was refused with its place.
    Refused,
    /// The formula was held against itself, so often.
    Held(usize),
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The formula.
    pub text: String,
    /// Where it was evaluated.
    pub at: Vec<f64>,
    /// What is wrong with it.
    pub what: String,
}

/// A formula and where to evaluate it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The formula.
    pub text: String,
    /// One coordinate for each of its first variables; further ones are 1.
    pub at: [f64; 2],
}

/// Formulas of more parts than this are slow to differentiate twice, and tell nothing more.
const MOST_PARTS: usize = 16;
/// A derivative of more steps is not evaluated.
const MOST_NODES: usize = 20_000;
const LEAVES: &[&str] = &[
    "x", "y", "x", "y", "x", "0", "1", "2", "3", "-1", "1/2", "0.1", "pi", "e", "-2/3", "1e-3",
    "10",
];
const COORDINATES: &[f64] = &[
    0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -2.0,
    3.7,
    0.1,
    -0.3,
    1e-8,
    -1e-4,
    100.0,
    1e6,
    0.999,
    std::f64::consts::FRAC_PI_2,
];
/// Arithmetic and choices as they are typed; how many parts each takes is the count of its gaps.
const TEMPLATES: &[&str] = &[
    "(#) + (#)",
    "(#) - (#)",
    "(#)*(#)",
    "(#)/(#)",
    "(#)^(#)",
    "-(#)",
    "(#)^2",
    "(#)^3",
    "1/(#)",
    "(#)^(1/2)",
    "(#)^(1/3)",
    "|#|",
    "if # < # then # else #",
    "2(#)",
];

/// What simplification may undo; every gap takes the same part.
const TWINS: &[&str] = &[
    "sin(#)^2 + cos(#)^2",
    "exp(ln(#))",
    "ln(exp(#))",
    "(#)/(#)",
    "(#) - (#)",
    "sqrt(#)*sqrt(#)",
    "sqrt((#)^2)",
    "(#)*sign(#)",
    "exp(#)*exp(-(#))",
    "exp(#)^3",
    "(#)*(#)^(1/3)",
    "cos(-(#))",
    "sin(-(#))",
    "|-(#)|",
];

impl Case {
    /// Bytes as a case: the first decides between text as it stands and a formula built part by part; two more name the point.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let [kind, x, y, rest @ ..] = bytes else {
            return Self {
                text: String::from_utf8_lossy(bytes).into_owned(),
                at: [0.0; 2],
            };
        };
        let coordinate = |byte: u8| COORDINATES[usize::from(byte) % COORDINATES.len()];
        let text = if kind % 8 == 0 {
            String::from_utf8_lossy(rest).into_owned()
        } else {
            built(rest)
        };
        Self {
            text,
            at: [coordinate(*x), coordinate(*y)],
        }
    }

    /// Reads, derives, simplifies, evaluates and writes the formula.
    ///
    /// # Errors
    /// What contradicts itself, or panics.
    pub fn check(&self) -> Result<Outcome, Finding> {
        let caught = catch_unwind(AssertUnwindSafe(|| self.hold()));
        let found = caught.unwrap_or_else(|_| Err("it panics".to_owned()));
        found.map_err(|what| Finding {
            text: self.text.clone(),
            at: self.at.to_vec(),
            what,
        })
    }

    fn hold(&self) -> Result<Outcome, String> {
        let formula = match Formula::parse(&self.text) {
            Ok(formula) => formula,
            Err(error) => return refused(&error, &self.text).map(|()| Outcome::Refused),
        };
        reads_back(&formula)?;
        let count = formula.variables().len();
        let [x, y] = self.at;
        let beside = [[x, y], [y, x], [0.7, 1.3], [-1.3, 0.4]];
        let coordinate = |at: &[f64; 2], input: usize| at.get(input).copied().unwrap_or(1.0);
        let points = beside.map(|at| (0..count).map(|input| coordinate(&at, input)).collect());
        let mut held = 0;
        let mut wrts = vec![Vec::new()];
        if count > 0 {
            wrts.extend([vec![0], vec![0, count.min(2) - 1]]);
        }
        for wrt in wrts {
            held += simplified_agrees(&formula, &points, &wrt)?;
            if !wrt.is_empty() {
                methods_agree(&formula, &points[0], &wrt)?;
            }
        }
        Ok(Outcome::Held(held))
    }
}

/// A formula made of parts: a stack on which each byte puts a leaf or joins what lies on top.
fn built(bytes: &[u8]) -> String {
    let mut stack: Vec<String> = Vec::new();
    let (templates, functions) = (TEMPLATES.len(), functions());
    for byte in bytes.iter().take(MOST_PARTS) {
        let choice =
            usize::from(*byte) % (LEAVES.len() + TWINS.len() + templates + functions.len());
        let Some(choice) = choice.checked_sub(LEAVES.len()) else {
            stack.push(LEAVES[choice].to_owned());
            continue;
        };
        let Some(choice) = choice.checked_sub(TWINS.len()) else {
            let part = stack.pop().unwrap_or_else(|| "x".to_owned());
            stack.push(TWINS[choice].replace('#', &part));
            continue;
        };
        let template = if choice < templates {
            TEMPLATES[choice].to_owned()
        } else {
            functions[choice - templates].clone()
        };
        let gaps = template.matches('#').count();
        while stack.len() < gaps {
            stack.push("x".to_owned());
        }
        let parts = stack.split_off(stack.len() - gaps);
        let parts = parts.iter().map(String::as_str).chain([""]);
        let filled = template.split('#').zip(parts);
        stack.push(filled.flat_map(|(before, part)| [before, part]).collect());
    }
    stack.join(" + ")
}

/// The functions of the table that can be typed by name.
fn functions() -> &'static [String] {
    static FUNCTIONS: OnceLock<Vec<String>> = OnceLock::new();
    FUNCTIONS.get_or_init(|| {
        let call = |operation: &Operation| {
            format!(
                "{}({})",
                operation.name(),
                vec!["#"; operation.arity()].join(", ")
            )
        };
        let calls = Operation::ALL.iter().map(call);
        calls
            .filter(|call| Formula::parse(&call.replace('#', "x")).is_ok())
            .collect()
    })
}

/// An error of reading names a place within the text.
fn refused(error: &Error, text: &str) -> Result<(), String> {
    let length = text.chars().count();
    match error.span() {
        Some(span) if span.start <= span.end && span.end <= length => Ok(()),
        _ => Err(format!("the error names no place in the text: {error}")),
    }
}

/// What is told as the reading is read as itself.
fn reads_back(formula: &Formula) -> Result<(), String> {
    let reading = formula.reading();
    if reading.contains('…') {
        return Ok(());
    }
    match Formula::parse(reading) {
        Ok(again) if again.reading() == reading => Ok(()),
        Ok(again) => Err(format!("{reading} is read as {}", again.reading())),
        Err(error) => Err(format!("its reading {reading} is not read: {error}")),
    }
}

/// The derivative as the rules give it and the simplified one have a value in common, and so has the simplified one written
/// down and read again. At how many of the points there was a value to compare.
fn simplified_agrees(
    formula: &Formula,
    points: &[Vec<f64>],
    wrt: &[usize],
) -> Result<usize, String> {
    let mut graph = formula.graph().clone();
    let written = wrt
        .iter()
        .fold(formula.root(), |node, input| graph.derivative(node, *input));
    let derived = graph.derive(formula.root(), wrt);
    if graph.len() > MOST_NODES {
        return Ok(0);
    }
    let [simplified] = derived.roots[..] else {
        return Err("one derivative became several".to_owned());
    };
    let text = graph.text(simplified);
    let again = match Formula::parse(&text) {
        Ok(again) => Some(again),
        Err(error) if error.kind() == ErrorKind::TooLarge || text.contains('…') => None,
        Err(error) => return Err(format!("its derivative {text} is not read: {error}")),
    };
    let mut held = 0;
    for at in points {
        let before = value(&graph, written, at);
        let function = value(&graph, formula.root(), at);
        let known = |range: &Interval| range.decoration() > Decoration::Trivial;
        let left = |branch: &Branch| {
            let other = if branch.holds { 0.0 } else { 1.0 };
            let range = value(&graph, branch.condition, at);
            range.lo() == other && range.hi() == other
        };
        let holds = |wanted: &Requirement| {
            wanted.within.iter().any(left) || holds(&graph, wanted.condition, at)
        };
        if ![before, function].iter().all(known) || !derived.conditions.iter().all(holds) {
            continue;
        }
        held += 1;
        let after = value(&graph, simplified, at);
        if !meet(before, after) {
            let told = graph.text(written);
            return Err(format!(
                "by {wrt:?} at {at:?}: {told} is {before:?}, simplified to {text} it is {after:?}"
            ));
        }
        if let Some(again) = &again {
            let read = value_of(again, formula, at)
                .ok_or_else(|| format!("its derivative {text} has variables of its own"))?;
            if !meet(before, read) {
                return Err(format!(
                    "at {at:?} its derivative {text} is {after:?}, read again {read:?}"
                ));
            }
        }
    }
    Ok(held)
}

/// A derivative that was read from its text, where the formula it came from has these inputs.
fn value_of(derivative: &Formula, formula: &Formula, at: &[f64]) -> Option<Interval> {
    let there: Option<Vec<f64>> = derivative
        .variables()
        .iter()
        .map(|name| formula.variable(name).ok().map(|input| at[input]))
        .collect();
    there.map(|there| value(derivative.graph(), derivative.root(), &there))
}

fn value(graph: &Graph, node: NodeId, at: &[f64]) -> Interval {
    let ranges = Program::new(graph, &[node]).run(&Interval::points(at));
    ranges.first().copied().unwrap_or(Interval::EMPTY)
}

fn meet(a: Interval, b: Interval) -> bool {
    a.lo() <= b.hi() && b.lo() <= a.hi()
}

/// Whether a condition surely holds at a point.
fn holds(graph: &Graph, condition: Condition, at: &[f64]) -> bool {
    let range = |node| value(graph, node, at);
    match condition {
        Condition::NonZero(node) => !range(node).contains(0.0),
        Condition::NonNegative(node) => range(node).lo() >= 0.0,
        Condition::Positive(node) => range(node).lo() > 0.0,
        Condition::NotWhole(node) => {
            let range = range(node);
            range.lo().floor() == range.hi().floor() && range.lo().floor() < range.lo()
        }
        Condition::Defined(node) => range(node).decoration() > Decoration::Trivial,
    }
}

/// The methods do not contradict each other.
fn methods_agree(formula: &Formula, at: &[f64], wrt: &[usize]) -> Result<(), String> {
    let function = Recorded::from(formula);
    let methods = method::all(method::Difference::default());
    match report(&function, at, wrt, &methods) {
        Ok(report) if report.verdict == Verdict::Disagree => Err(format!(
            "by {wrt:?} the methods disagree: {:?}",
            report.estimates
        )),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("by {wrt:?}: {error}")),
    }
}

/// Random numbers that are the same everywhere (Steele, Lea and Flood 2014, SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The bytes of one case.
    pub fn bytes(&mut self) -> Vec<u8> {
        let length = 4 + self.next() % 24;
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

/// The shortest bytes, found by leaving out one after the other, that still give a finding.
#[must_use]
pub fn shortest(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut place = bytes.len();
    while place > 3 {
        place -= 1;
        let mut shorter = bytes.clone();
        shorter.remove(place);
        if Case::new(&shorter).check().is_err() {
            bytes = shorter;
            place = bytes.len();
        }
    }
    bytes
}
