//! Derivations rule by rule: each step holds numerically, against differences that know no rule; each derivative that a step
//! leaves open is found by a later one; the last step is the derivative itself.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::HashMap;

use secant::{
    Derivation, Formula, Graph, Interval, NodeId, Notation, Operation, Program, Recorded, Rule,
};

const FORMULAS: &[&str] = &[
    "5",
    "x",
    "pi*x",
    "3x",
    "-x",
    "2x^2",
    "x^3 + x",
    "x^2 - 5",
    "x^2 - 3x + 7",
    "5 - x",
    "-x - x^2",
    "x^2*sin(x)",
    "x*ln(x)*exp(x)",
    "(x^2+1)*(x-3)",
    "x^2*(x+1)^3*sin(x)",
    "sin(x)/x",
    "x^2/(1+x)",
    "(x*sin(x))/(x+2)",
    "sin(x)^2/x",
    "(x+1)/(x*exp(x))",
    "1/x",
    "1/(x^2+1)",
    "3/(x*sin(x))",
    "sqrt(x)",
    "sqrt(x^2+1)",
    "x^2/sqrt(x+4)",
    "cbrt(x)*x",
    "(2x+1)^5",
    "((x^2+1)^3+x)^2",
    "sin(cos(x^2))",
    "exp(-x^2/2)",
    "ln(ln(x+3))",
    "2^x",
    "3^(x^2)",
    "x^pi",
    "x^y",
    "x^x",
    "(x^2+1)^sin(x)",
    "y*x^2",
    "y*x*sin(x)",
    "x/y",
    "sin(x*y)/y",
    "hypot(x, y)*x",
    "max(x^2, x)",
    "|x|*x",
    "if x < 1 then x^2 else 1/x",
    "if y < 1 then 5 else sin(x)",
    "x*(if x < 1 then 2x else 3x^2)",
    "floor(x)*x",
    "sum(i, 1, 6, x^i/i)",
    "a = x^2; a*sin(a)",
    "tanh(x)*sigmoid(x)/(1+x^2)",
];

const POINTS: [f64; 6] = [0.3, 0.62, 1.7, 2.4, -0.45, -1.3];
const Y: f64 = 3.0;

/// A node as a function of its inputs.
fn value(graph: &Graph, node: NodeId, at: &[f64]) -> f64 {
    let recorded = Recorded::new(graph.clone(), vec![node]);
    recorded.value_at(0, at)
}

/// The derivative by differences alone, extrapolated to no step at all (Ridders 1982), with the error it looks to have; from the
/// widest neighbourhood without kink or jump.
fn slope(program: &Program, at: &[f64], input: usize) -> (f64, f64) {
    const SHRINK: f64 = 2.0;
    let is_smooth = |width: &f64| {
        let mut cell = Interval::points(at);
        cell[input] = Interval::new(at[input] - width, at[input] + width);
        program.rough_steps(&cell).is_empty()
    };
    let Some(widest) = [0.05, 0.01, 0.002].into_iter().find(is_smooth) else {
        return (f64::NAN, f64::INFINITY);
    };
    let difference = |h: f64| {
        let beside = |h: f64| {
            let mut at = at.to_vec();
            at[input] += h;
            program.run(&at)[0]
        };
        (beside(h) - beside(-h)) / (2.0 * h)
    };
    let mut row = vec![difference(widest)];
    let (mut best, mut error) = (row[0], f64::INFINITY);
    for level in 1..9 {
        let mut next = vec![difference(widest / SHRINK.powi(level))];
        for (order, before) in row.iter().enumerate() {
            let by = SHRINK.powi(2 * (order as i32 + 1));
            let better = (by * next[order] - before) / (by - 1.0);
            let off = (better - next[order]).abs().max((better - before).abs());
            if off <= error {
                (best, error) = (better, off);
            }
            next.push(better);
        }
        row = next;
    }
    (best, error)
}

/// Whether the differences have found a derivative at all.
fn is_sure((slope, error): (f64, f64)) -> bool {
    error <= 1e-7 * (1.0 + slope.abs())
}

/// Both sides of every step at the points where differences find the derivatives; how often each step was held.
fn hold(name: &str, derivation: &Derivation) -> usize {
    let graph = derivation.graph();
    let mut programs: HashMap<NodeId, Program> = HashMap::new();
    let mut held = 0;
    for step in derivation.steps() {
        let parts = step.pending.iter().map(|(_, part)| *part);
        for node in parts.chain([step.of]) {
            programs
                .entry(node)
                .or_insert_with(|| Program::new(graph, &[node]));
        }
        for x in POINTS {
            let mut at = vec![0.0; graph.names().len()];
            (at[0], at[1]) = (x, Y);
            if !value(graph, step.of, &at).is_finite() {
                continue;
            }
            let left = slope(&programs[&step.of], &at, step.wrt);
            let mut sure = is_sure(left);
            for (letter, part) in &step.pending {
                let found = slope(&programs[part], &at, step.wrt);
                sure &= is_sure(found);
                at[*letter] = found.0;
            }
            let right = value(graph, step.after, &at);
            if sure {
                let off = (left.0 - right).abs();
                assert!(
                    off <= 1e-5 * (1.0 + left.0.abs() + right.abs()),
                    "{name}: {} = {} at {x}: {} against {right}",
                    graph.text(step.of),
                    graph.text(step.after),
                    left.0,
                );
                held += 1;
            }
        }
    }
    held
}

/// Each derivative left open is found later, and the derivative is what the formula has without any steps.
fn is_whole(name: &str, graph: &Graph, root: NodeId, wrt: &[usize], derivation: &Derivation) {
    let steps = derivation.steps();
    for (place, step) in steps.iter().enumerate() {
        for (_, part) in &step.pending {
            let found = steps[..]
                .iter()
                .any(|other| other.of == *part && other.wrt == step.wrt);
            assert!(found, "{name}: step {place} leaves something open");
        }
    }
    let mut plain = graph.clone();
    let derived = plain.derive(root, wrt);
    let found = derivation.simplified();
    assert_eq!(
        derivation.graph().text(found.roots[0]),
        plain.text(derived.roots[0]),
        "{name}"
    );
    let conditions = |graph: &Graph, simplified: &secant::Simplified| -> Vec<String> {
        let conditions = simplified.conditions.iter();
        conditions
            .map(|condition| condition.describe(graph))
            .collect()
    };
    assert_eq!(
        conditions(derivation.graph(), found),
        conditions(&plain, &derived),
        "{name}"
    );
    let written = derivation.written(Notation::Text);
    assert_eq!(
        written.last().unwrap().after,
        plain.text(derived.roots[0]),
        "{name}"
    );
}

/// The values of the steps put into each other, from the last to the first.
fn composed(derivation: &Derivation, x: f64) -> f64 {
    let graph = derivation.graph();
    let mut values: HashMap<(usize, NodeId), f64> = HashMap::new();
    let mut open: Vec<usize> = (0..derivation.steps().len()).collect();
    while !open.is_empty() {
        let before = open.len();
        open.retain(|place| {
            let step = &derivation.steps()[*place];
            let mut at = vec![0.0; graph.names().len()];
            (at[0], at[1]) = (x, Y);
            for (letter, part) in &step.pending {
                match values.get(&(step.wrt, *part)) {
                    Some(value) => at[*letter] = *value,
                    None => return true,
                }
            }
            let value = Program::new(graph, &[step.after]).run(&at)[0];
            values.insert((step.wrt, step.of), value);
            false
        });
        assert!(open.len() < before, "the steps go round");
    }
    values[&(derivation.steps()[0].wrt, derivation.steps()[0].of)]
}

fn formula(text: &str) -> Formula {
    Formula::parse(&if text.contains(';') {
        text.replace("; ", "; f(x, y) = ")
    } else {
        format!("f(x, y) = {text}")
    })
    .unwrap()
}

#[test]
fn each_step_of_a_formula_holds() {
    for text in FORMULAS {
        let formula = formula(text);
        let (graph, root) = (formula.graph(), formula.root());
        let derivation = Derivation::new(graph, root, &[0]);
        let held = hold(text, &derivation);
        assert!(held >= derivation.steps().len(), "{text}: {held} held");
        is_whole(text, graph, root, &[0], &derivation);
    }
}

#[test]
fn the_steps_put_into_each_other_are_the_derivative() {
    let mut compared = 0;
    for text in FORMULAS {
        let formula = formula(text);
        let derivation = Derivation::new(formula.graph(), formula.root(), &[0]);
        for x in POINTS {
            let mut at = vec![0.0; derivation.graph().names().len()];
            (at[0], at[1]) = (x, Y);
            let whole = Program::new(derivation.graph(), &[derivation.raw()]).run(&at)[0];
            let parts = composed(&derivation, x);
            if whole.is_finite() {
                let off = (whole - parts).abs();
                assert!(
                    off <= 1e-12 * (1.0 + whole.abs()),
                    "{text} at {x}: {parts} against {whole}"
                );
                compared += 1;
            }
        }
    }
    assert!(
        compared >= 4 * FORMULAS.len(),
        "only {compared} were compared"
    );
}

#[test]
fn each_function_of_the_table_has_steps_that_hold() {
    for operation in Operation::ALL {
        let mut held = 0;
        for shape in 0..4 {
            let mut graph = Graph::new(["x", "y"]);
            let (x, y) = (graph.input(0), graph.input(1));
            let [a, b, small] = [
                "f(x, y) = x^2/2 + 1/10",
                "f(x, y) = x/3 + 1/2",
                "f(x, y) = x < 1",
            ]
            .map(|text| graft(&mut graph, text));
            let arguments = match (operation.arity(), shape) {
                (1, 0) => vec![x],
                (1, 1) => vec![a],
                (2, 0) => vec![x, y],
                (2, 1) => vec![a, y],
                (2, 2) => vec![y, x],
                (2, 3) => vec![a, b],
                (3, 0) => vec![small, a, b],
                (3, 1) => vec![x, y, a],
                _ => continue,
            };
            let root = graph.apply(*operation, &arguments);
            let name = graph.text(root);
            let derivation = Derivation::new(&graph, root, &[0]);
            held += hold(&name, &derivation);
            is_whole(&name, &graph, root, &[0], &derivation);
        }
        // Of whole numbers alone, a factorial has no derivative to hold it against.
        assert!(
            held > 0 || *operation == Operation::Factorial,
            "{}",
            operation.name()
        );
    }
}

/// A formula's node in another graph over the same inputs.
fn graft(graph: &mut Graph, text: &str) -> NodeId {
    use secant::NodeKind;
    let formula = Formula::parse(text).unwrap();
    let other = formula.graph();
    let mut places: HashMap<NodeId, NodeId> = HashMap::new();
    for id in other.reachable(&[formula.root()]) {
        let to = |places: &HashMap<NodeId, NodeId>, id: &NodeId| places[id];
        let node = match other.kind(id).clone() {
            NodeKind::Number(number) => graph.number(number),
            NodeKind::Constant(constant) => graph.constant(constant),
            NodeKind::Input(input) => graph.input(input),
            NodeKind::Sum(terms, constant) => {
                let terms: Vec<_> = terms
                    .iter()
                    .map(|(t, c)| (to(&places, t), c.clone()))
                    .collect();
                graph.sum(terms, constant)
            }
            NodeKind::Product(factors) => {
                let factors: Vec<_> = factors
                    .iter()
                    .map(|(b, e)| (to(&places, b), e.clone()))
                    .collect();
                graph.product(factors)
            }
            NodeKind::Apply(operation, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|a| to(&places, a)).collect();
                graph.apply(operation, &arguments)
            }
        };
        places.insert(id, node);
    }
    places[&formula.root()]
}

#[test]
fn second_derivatives_have_steps_for_each_turn() {
    for text in ["x^3*sin(x)", "x^2*y + y^3*x", "x^x"] {
        let formula = formula(text);
        let (graph, root) = (formula.graph(), formula.root());
        for wrt in [[0, 0], [0, 1]] {
            let derivation = Derivation::new(graph, root, &wrt);
            assert!(hold(text, &derivation) > 0);
            is_whole(text, graph, root, &wrt, &derivation);
        }
    }
}

#[test]
fn a_planted_fault_is_seen() {
    let formula = formula("x^2*sin(x)");
    let derivation = Derivation::new(formula.graph(), formula.root(), &[0]);
    let step = &derivation.steps()[0];
    let mut at = vec![0.0; derivation.graph().names().len()];
    at[0] = 0.3;
    // With 0 for the derivatives of the factors the product rule must fail.
    let right = value(derivation.graph(), step.after, &at);
    let left = slope(&Program::new(derivation.graph(), &[step.of]), &at, 0);
    assert!(is_sure(left) && (left.0 - right).abs() > 0.1);
}

/// The rules of the steps, by name, with their statements.
fn rules(text: &str) -> Vec<(String, String)> {
    let formula = Formula::parse(text).unwrap();
    let derivation = Derivation::new(formula.graph(), formula.root(), &[0]);
    let written = derivation.written(Notation::Text);
    written
        .into_iter()
        .map(|step| (step.rule, step.statement))
        .collect()
}

#[test]
fn each_rule_has_its_name_and_statement() {
    let expected = [
        ("f(x) = 5", "constant", "c' = 0"),
        ("x", "x", "x' = 1"),
        ("3x", "constant multiple", "(c*u)' = c*u'"),
        ("x + 1", "sum", "(u + v)' = u' + v'"),
        ("x - 1", "difference", "(u - v)' = u' - v'"),
        ("x*sin(x)", "product", "(u*v)' = v*u' + u*v'"),
        ("x^4", "power", "(x^n)' = n*x^(n - 1)"),
        ("(x+1)^4", "chain, power", "(u^n)' = n*u^(n - 1)*u'"),
        ("sin(x)", "sin", "(sin(x))' = cos(x)"),
        ("sin(2x)", "chain, sin", "(sin(u))' = cos(u)*u'"),
        ("2^x", "exponential", "(c^x)' = c^x*ln(c)"),
    ];
    for (text, rule, statement) in expected {
        assert_eq!(
            rules(text)[0],
            (rule.to_owned(), statement.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn a_shared_part_is_derived_once() {
    let formula = Formula::parse("sin(x^2)*cos(x^2)").unwrap();
    let derivation = Derivation::new(formula.graph(), formula.root(), &[0]);
    let powers = derivation
        .steps()
        .iter()
        .filter(|step| step.rule == Rule::Power);
    assert_eq!(powers.count(), 1);
}

#[test]
fn deep_formulas_need_no_stack() {
    let mut graph = Graph::new(["x"]);
    let mut root = graph.input(0);
    for _ in 0..500 {
        root = graph.apply(Operation::Sin, &[root]);
    }
    let derivation = Derivation::new(&graph, root, &[0]);
    assert_eq!(derivation.steps().len(), 500);
}
