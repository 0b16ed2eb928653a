//! The one number at a kink that a sum over many rows needs, and where that was so.

use crate::elementary::Operation;
use crate::function::Recorded;
use crate::graph::{Graph, NodeId, NodeKind};
use crate::number::Rational;

/// The same functions, written so that their rules give the slope 0 for relu at 0, and half to each side where max or min tie.
/// The rule of abs gives 0 by itself. Values stay what they are.
pub(super) fn with_convention(function: &Recorded) -> Recorded {
    let (graph, roots) = (function.graph(), function.roots());
    let is_felt = felt(graph, roots);
    let mut chosen = graph.clone();
    let mut replaced = vec![chosen.number(0); graph.len()];
    for id in graph.reachable(roots) {
        let rebuilt = chosen.rebuild(id, &replaced);
        replaced[id.index()] = match chosen.kind(rebuilt).clone() {
            NodeKind::Apply(Operation::Relu, x) if is_felt[id.index()] => {
                let zero = chosen.number(0);
                let positive = chosen.apply(Operation::Greater, &[x[0], zero]);
                chosen.apply(Operation::Choose, &[positive, x[0], zero])
            }
            NodeKind::Apply(Operation::Min | Operation::Max, sides) if is_felt[id.index()] => {
                let tie = chosen.apply(Operation::Equal, &sides);
                let shared = half_of_each(&mut chosen, &sides);
                chosen.apply(Operation::Choose, &[tie, shared, rebuilt])
            }
            _ => rebuilt,
        };
    }
    let roots = roots.iter().map(|root| replaced[root.index()]).collect();
    Recorded::new(chosen, roots)
}

fn half_of_each(graph: &mut Graph, sides: &[NodeId]) -> NodeId {
    let half = Rational::from(2).recip().unwrap_or(Rational::ONE);
    let halves = sides.iter().map(|side| (*side, half.clone()));
    graph.sum(halves, Rational::ZERO)
}

/// For each step with a kink that is felt a node that is 1 on it and 0 beside it.
pub(super) fn indicators(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let is_felt = felt(graph, roots);
    let zero = graph.number(0);
    let mut found = Vec::new();
    for id in graph.reachable(roots) {
        let sides = match graph.kind(id).clone() {
            NodeKind::Apply(Operation::Abs | Operation::Relu, x) => [x[0], zero],
            NodeKind::Apply(Operation::Min | Operation::Max, sides) => [sides[0], sides[1]],
            _ => continue,
        };
        if is_felt[id.index()] {
            found.push(graph.apply(Operation::Equal, &sides));
        }
    }
    found
}

/// Which nodes a slope of the roots passes through: not those that are only counted, compared or rounded to whole numbers.
fn felt(graph: &Graph, roots: &[NodeId]) -> Vec<bool> {
    let mut is_felt = vec![false; graph.len()];
    for root in roots {
        is_felt[root.index()] = true;
    }
    for id in graph.reachable(roots).into_iter().rev() {
        if !is_felt[id.index()] {
            continue;
        }
        let arguments = graph.arguments(id);
        let passed = match graph.kind(id) {
            NodeKind::Apply(
                Operation::Floor | Operation::Ceil | Operation::Round | Operation::Sign,
                _,
            ) => &[],
            NodeKind::Apply(operation, _) if operation.is_truth() => &[],
            NodeKind::Apply(Operation::Choose, _) => &arguments[1..],
            _ => &arguments[..],
        };
        for argument in passed {
            is_felt[argument.index()] = true;
        }
    }
    is_felt
}
