//! [`Derivation`]: the derivative of a formula rule by rule, from the whole inward, as a reader follows it. Each line is
//! the right side of the rule that computed the derivative, with `d/dx[...]` for what is still to be found; the last
//! line simplifies, to what [`Graph::derive`] gives. It finds no derivative by itself and evaluates nothing.

use crate::elementary::Operation;
use crate::graph::{Applied, Graph, NodeId, Rule, Simplified};
use crate::number::Rational;
use crate::text::Notation;

/// The derivation of one derivative.
///
/// ```
/// use secant::{Derivation, Formula, Notation};
/// let formula = Formula::parse("x^2*sin(x)")?;
/// let derivation = Derivation::new(formula.graph(), formula.root(), &[0]);
/// let steps = derivation.written(Notation::Text);
/// assert_eq!(steps[0].rule, "product");
/// assert_eq!(steps[0].after, "x^2*d/dx[sin(x)] + sin(x)*d/dx[x^2]");
/// assert_eq!(steps[3].rule, "simplify");
/// assert_eq!(steps[3].statement, "common factors taken out");
/// assert_eq!(steps[3].after, "x*(x*cos(x) + 2*sin(x))");
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Derivation {
    graph: Graph,
    inputs: usize,
    steps: Vec<RuleStep>,
    raw: NodeId,
    simplified: Simplified,
}

/// One rule applied to one part of the formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleStep {
    /// The rule.
    pub rule: Rule,
    /// Whether the chain rule goes along: the rule's argument is not the input itself.
    pub is_chained: bool,
    /// The input with respect to which it is differentiated.
    pub wrt: usize,
    /// What is differentiated.
    pub of: NodeId,
    /// Its derivative, over the derivatives of its parts.
    pub after: NodeId,
    /// Those derivatives: the input that stands for one in `after`, and the part it is the derivative of.
    pub pending: Vec<(usize, NodeId)>,
    /// Of a function, which arguments move.
    moving: [bool; 3],
}

/// A step as it is read. The last one is called `simplify`; its statement names the rewrites that were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenStep {
    /// The name of the rule.
    pub rule: String,
    /// The rule as mathematics: `(u*v)' = v*u' + u*v'`.
    pub statement: String,
    /// What the rule is applied to.
    pub of: String,
    /// Its derivative, still to be found.
    pub before: String,
    /// What the rule makes of it.
    pub after: String,
}

impl Derivation {
    /// The derivation of a node's derivative with respect to inputs in turn.
    #[must_use]
    pub fn new(graph: &Graph, root: NodeId, wrt: &[usize]) -> Self {
        let mut graph = graph.clone();
        let mut applied = Vec::new();
        let mut raw = root;
        for input in wrt {
            let mut told = Vec::new();
            raw = graph.derivative_by_rules(raw, *input, Some(&mut told));
            applied.push((*input, told));
        }
        let simplified = graph.derive(root, wrt);
        let inputs = graph.names().len();
        let mut letters = Vec::new();
        let mut steps = Vec::new();
        for (input, told) in applied {
            steps.extend(Turn::new(&mut graph, input, &mut letters).steps(&told));
        }
        Self {
            graph,
            inputs,
            steps,
            raw,
            simplified,
        }
    }

    /// The rules in the order in which they are applied.
    #[must_use]
    pub fn steps(&self) -> &[RuleStep] {
        &self.steps
    }

    /// The graph that holds the nodes. Beside the formula's inputs it has one for each derivative that a step leaves open.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The derivative as the rules make it.
    #[must_use]
    pub fn raw(&self) -> NodeId {
        self.raw
    }

    /// The derivative simplified, with its conditions: what [`Graph::derive`] gives.
    #[must_use]
    pub fn simplified(&self) -> &Simplified {
        &self.simplified
    }

    /// All steps in a notation; the last one simplifies.
    #[must_use]
    pub fn written(&self, notation: Notation) -> Vec<WrittenStep> {
        let steps = self.steps.iter();
        let mut written: Vec<WrittenStep> = steps.map(|step| self.write(step, notation)).collect();
        let raw = self.graph.written(self.raw, notation);
        let simplified = self.simplified.roots.first().copied().unwrap_or(self.raw);
        written.push(WrittenStep {
            rule: "simplify".to_owned(),
            statement: self.simplified.rewrites.join("; "),
            of: raw.clone(),
            before: raw,
            after: self.graph.written(simplified, notation),
        });
        written
    }

    fn write(&self, step: &RuleStep, notation: Notation) -> WrittenStep {
        let of = self.graph.written(step.of, notation);
        let pending = step
            .pending
            .iter()
            .map(|(letter, part)| {
                let part = self.graph.written(*part, notation);
                (*letter, self.differentiated(step.wrt, &part, notation))
            })
            .collect();
        WrittenStep {
            rule: name(step),
            statement: statement(step, notation),
            before: self.differentiated(step.wrt, &of, notation),
            of,
            after: fill(&self.graph, step.after, pending, notation),
        }
    }

    /// `d/dx[...]`, or `∂/∂x[...]` where there are several inputs.
    fn differentiated(&self, wrt: usize, of: &str, notation: Notation) -> String {
        let mut names = Graph::new(self.graph.names()[..self.inputs].iter().cloned());
        let input = names.input(wrt);
        let variable = names.written(input, notation);
        match (notation, self.inputs > 1) {
            (Notation::Latex, false) => {
                format!(r"\frac{{\mathrm{{d}}}}{{\mathrm{{d}}{variable}}}\left[{of}\right]")
            }
            (Notation::Latex, true) => {
                format!(r"\frac{{\partial}}{{\partial {variable}}}\left[{of}\right]")
            }
            (Notation::Mathml, several) => {
                let sign = if several { "∂" } else { "d" };
                format!(
                    "<mrow><mfrac><mi mathvariant=\"normal\">{sign}</mi><mrow><mi mathvariant=\"normal\">{sign}</mi>{variable}</mrow></mfrac><mo>[</mo><mrow>{of}</mrow><mo>]</mo></mrow>"
                )
            }
            (_, false) => format!("d/d{variable}[{of}]"),
            (_, true) => format!("∂/∂{variable}[{of}]"),
        }
    }
}

/// The derivation with respect to one input.
struct Turn<'graph> {
    graph: &'graph mut Graph,
    input: usize,
    variable: NodeId,
    /// The nodes that stand for derivatives still to be found, and which inputs they are; steps use them again.
    letters: &'graph mut Vec<(usize, NodeId)>,
}

impl<'graph> Turn<'graph> {
    fn new(
        graph: &'graph mut Graph,
        input: usize,
        letters: &'graph mut Vec<(usize, NodeId)>,
    ) -> Self {
        let variable = graph.input(input);
        Self {
            graph,
            input,
            variable,
            letters,
        }
    }

    /// The rules told, as steps. Many rules need the derivative of the input itself without a line for it; the first step that
    /// leaves it open is followed by its rule.
    fn steps(mut self, told: &[Applied]) -> Vec<RuleStep> {
        let is_variable = |applied: &&Applied| applied.rule == Rule::Variable;
        let mut variable = told.iter().find(is_variable);
        let mut steps: Vec<RuleStep> = Vec::new();
        for (place, applied) in told.iter().enumerate() {
            if place > 0 && is_variable(&applied) {
                continue;
            }
            let step = self.step(applied);
            let leaves_it_open = step.pending.iter().any(|(_, part)| *part == self.variable);
            steps.push(step);
            if let (true, Some(applied)) = (leaves_it_open, variable) {
                steps.push(self.step(applied));
                variable = None;
            }
        }
        steps
    }

    fn step(&mut self, applied: &Applied) -> RuleStep {
        // Of the input itself a power or a function needs no chain.
        let is_direct = matches!(
            applied.rule,
            Rule::Power | Rule::Logarithmic | Rule::Function(_)
        );
        let mut known: Vec<(NodeId, NodeId)> = Vec::new();
        let mut pending: Vec<(usize, NodeId)> = Vec::new();
        for part in applied.parts() {
            if is_direct && part == self.variable {
                known.push((part, self.graph.number(1)));
            } else if known.iter().all(|(other, _)| *other != part) {
                let (letter, node) = self.letter(pending.len());
                known.push((part, node));
                pending.push((letter, part));
            }
        }
        let derivative = |part: NodeId| {
            let found = known.iter().find(|(other, _)| *other == part);
            found.map(|(_, node)| *node)
        };
        let after = self.graph.right_side(applied, derivative);
        RuleStep {
            rule: applied.rule,
            is_chained: is_direct && !pending.is_empty(),
            wrt: self.input,
            of: applied.of,
            after: after.unwrap_or_else(|| self.graph.number(0)),
            pending,
            moving: applied.moving,
        }
    }

    fn letter(&mut self, place: usize) -> (usize, NodeId) {
        while self.letters.len() <= place {
            let node = self.graph.add_pending();
            self.letters.push((self.graph.names().len() - 1, node));
        }
        self.letters[place]
    }
}

/// What the rule of a step is called.
fn name(step: &RuleStep) -> String {
    let name = match step.rule {
        Rule::Constant => "constant",
        Rule::Variable => "x",
        Rule::Sum => "sum",
        Rule::Difference => "difference",
        Rule::Multiple => "constant multiple",
        Rule::Product => "product",
        Rule::Quotient => "quotient",
        Rule::Power => "power",
        Rule::Logarithmic => "logarithmic differentiation",
        Rule::Branches => "branch by branch",
        Rule::Function(Operation::Pow) => "exponential",
        Rule::Function(operation) => operation.name(),
    };
    if step.is_chained {
        format!("chain, {name}")
    } else {
        name.to_owned()
    }
}

/// The letters of statements: what moves, then what does not.
const LETTERS: [&str; 5] = ["u", "v", "w", "c", "n"];
const MOVING: usize = 3;
const FIXED: usize = 3;
const EXPONENT: usize = 4;

/// The rule as mathematics, by the rule itself: it is applied to letters.
fn statement(step: &RuleStep, notation: Notation) -> String {
    let mut letters = LETTERS;
    if !step.is_chained && matches!(step.rule, Rule::Variable | Rule::Power | Rule::Function(_)) {
        letters[0] = "x";
    }
    let mut graph = Graph::new(letters);
    let of = pattern(&mut graph, step);
    let varies = graph.varying(|input| input < MOVING);
    let applied = graph.rule(of, &varies, true);
    let (mut known, mut pending) = (Vec::new(), Vec::new());
    for part in applied.parts() {
        let derivative = if letters[0] == "x" {
            graph.number(1)
        } else {
            let node = graph.add_pending();
            let part = graph.written(part, notation);
            pending.push((graph.names().len() - 1, prime(part, notation)));
            node
        };
        known.push((part, derivative));
    }
    let derivative = |part: NodeId| {
        known
            .iter()
            .find(|(other, _)| *other == part)
            .map(|(_, node)| *node)
    };
    let after = graph.right_side(&applied, derivative);
    let after = after.unwrap_or_else(|| graph.number(0));
    let before = match (step.rule, notation) {
        (Rule::Constant | Rule::Variable, _) => prime(graph.written(of, notation), notation),
        (_, Notation::Mathml) => {
            let of = graph.written(of, notation);
            prime(format!("<mrow><mo>(</mo>{of}<mo>)</mo></mrow>"), notation)
        }
        (_, Notation::Latex) => format!(r"\left({}\right)'", graph.written(of, notation)),
        _ => format!("({})'", graph.written(of, notation)),
    };
    let equals = match notation {
        Notation::Mathml => "<mo>=</mo>",
        _ => " = ",
    };
    let mut statement = format!(
        "{before}{equals}{}",
        fill(&graph, after, pending.clone(), notation)
    );
    if let (Rule::Quotient, [(u, to_u), (v, to_v)]) = (step.rule, known.as_slice()) {
        let textbook = over_one_bar(&mut graph, [(*u, *to_u), (*v, *to_v)]);
        statement += &format!("{equals}{}", fill(&graph, textbook, pending, notation));
    }
    statement
}

/// The derivative of a part that has no other name.
fn prime(part: String, notation: Notation) -> String {
    match notation {
        Notation::Mathml => format!("<msup><mrow>{part}</mrow><mo>′</mo></msup>"),
        _ => format!("{part}'"),
    }
}

/// The least formula that the rule of a step serves.
fn pattern(graph: &mut Graph, step: &RuleStep) -> NodeId {
    // Factors stand in the order in which they come to be: the one that does not move first.
    let [c, u, v, w, n] = [FIXED, 0, 1, 2, EXPONENT].map(|input| graph.input(input));
    match step.rule {
        Rule::Constant => c,
        Rule::Variable => u,
        Rule::Sum => graph.apply(Operation::Add, &[u, v]),
        Rule::Difference => graph.apply(Operation::Sub, &[u, v]),
        Rule::Multiple => graph.apply(Operation::Mul, &[c, u]),
        Rule::Product => graph.apply(Operation::Mul, &[u, v]),
        Rule::Quotient => graph.apply(Operation::Div, &[u, v]),
        Rule::Power => graph.apply(Operation::Pow, &[u, n]),
        Rule::Logarithmic => graph.apply(Operation::Pow, &[u, v]),
        Rule::Branches => graph.apply(Operation::Choose, &[c, u, v]),
        Rule::Function(operation) => {
            let mut free = [u, v, w].into_iter();
            let letters = step.moving.iter().take(operation.arity());
            let arguments: Vec<NodeId> = letters
                .map(|moves| if *moves { free.next().unwrap_or(w) } else { c })
                .collect();
            graph.apply(operation, &arguments)
        }
    }
}

/// The quotient rule as textbooks have it: `(u' v - u v')/v^2`.
fn over_one_bar(graph: &mut Graph, [(u, to_u), (v, to_v)]: [(NodeId, NodeId); 2]) -> NodeId {
    let above =
        [(to_u, v, Rational::ONE), (to_v, u, -Rational::ONE)].map(|(derivative, by, sign)| {
            let product = graph.product([(derivative, Rational::ONE), (by, Rational::ONE)]);
            (product, sign)
        });
    let above = graph.sum(above, Rational::ZERO);
    graph.product([(above, Rational::ONE), (v, Rational::from(-2))])
}

/// The node with these texts for its letters.
fn fill(graph: &Graph, node: NodeId, pending: Vec<(usize, String)>, notation: Notation) -> String {
    let mut filled = String::new();
    if notation == Notation::Mathml {
        // There, a letter stands in an element of its own, which is what gives way.
        return pending.into_iter().fold(
            graph.written(node, notation),
            |written, (letter, text)| {
                let element = format!("<mi>{}</mi>", graph.names()[letter]);
                written.replace(&element, &text)
            },
        );
    }
    for character in graph.written(node, notation).chars() {
        let mut spelled = [0; 4];
        let letter: &str = character.encode_utf8(&mut spelled);
        let found = pending
            .iter()
            .find(|(input, _)| graph.names()[*input].as_ref() == letter);
        let Some((_, text)) = found else {
            filled.push(character);
            continue;
        };
        // `2d/dx[...]` would read as 2 d over dx.
        if notation == Notation::Unicode && filled.ends_with(|last: char| last.is_ascii_digit()) {
            filled.push('·');
        }
        filled.push_str(text);
    }
    filled
}
