//! [`Condition`]: what must hold for a rewrite to change nothing. It is told, never assumed.

use std::collections::HashSet;

use super::{Graph, NodeId, NodeKind, Power, Simplified, order};
use crate::elementary::Operation;
use crate::number::Rational;

/// What must hold for a simplified formula to equal the written one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// The node is not 0.
    NonZero(NodeId),
    /// The node is not negative.
    NonNegative(NodeId),
    /// The node is above 0.
    Positive(NodeId),
    /// The node is not a whole number.
    NotWhole(NodeId),
    /// The node has a real value.
    Defined(NodeId),
}

impl Condition {
    /// The condition as mathematics: `x ≠ 0`.
    #[must_use]
    pub fn describe(self, graph: &Graph) -> String {
        match self {
            Self::NonZero(id) => compared(graph, id, ["≠", "≠"]),
            Self::NonNegative(id) => compared(graph, id, ["≥", "≤"]),
            Self::Positive(id) => compared(graph, id, [">", "<"]),
            Self::NotWhole(id) => format!("{} not a whole number", graph.text(id)),
            Self::Defined(id) => format!("{} is defined", graph.text(id)),
        }
    }
}

impl Graph {
    /// The derivative of a node with respect to inputs in turn, simplified, with everything that must hold for it: what
    /// the simplification needs, and where the node itself has no value though its derivative's formula has one.
    ///
    /// ```
    /// use secant::Formula;
    /// let mut formula = Formula::parse("ln(x)")?;
    /// let root = formula.root();
    /// let derived = formula.graph_mut().derive(root, &[0]);
    /// assert_eq!(formula.graph().text(derived.roots[0]), "1/x");
    /// assert_eq!(derived.conditions[0].describe(formula.graph()), "x > 0");
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn derive(&mut self, root: NodeId, inputs: &[usize]) -> Simplified {
        if inputs.len() >= order::FIRST
            && let Some((derivative, conditions)) = self.derivative_of_order(root, inputs)
        {
            return self.finish(root, inputs, derivative, conditions);
        }
        let derivative = inputs
            .iter()
            .fold(root, |node, input| self.derivative(node, *input));
        self.finish(root, inputs, derivative, Vec::new())
    }

    /// The first part of a node that has no derivative by these inputs anywhere, since it takes whole numbers alone: a factorial that moves
    /// with them, and a root whose order does.
    ///
    /// ```
    /// use secant::Formula;
    /// let formula = Formula::parse("2n!")?;
    /// let part = formula.graph().without_derivative(formula.root(), &[0]);
    /// assert_eq!(part.map(|part| formula.graph().text(part)).as_deref(), Some("n!"));
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn without_derivative(&self, root: NodeId, inputs: &[usize]) -> Option<NodeId> {
        let varies = self.varying(|input| inputs.contains(&input));
        self.reachable(&[root])
            .into_iter()
            .find(|id| match self.kind(*id) {
                NodeKind::Apply(Operation::Factorial, arguments) => varies[arguments[0].index()],
                NodeKind::Apply(Operation::Root, arguments) => varies[arguments[1].index()],
                _ => false,
            })
    }

    /// A derivative of a node, simplified, with everything that must hold for it.
    fn finish(
        &mut self,
        root: NodeId,
        inputs: &[usize],
        derivative: NodeId,
        mut lost: Vec<Condition>,
    ) -> Simplified {
        let mut derived = self.simplify(&[derivative]);
        let varies = self.varying(|input| inputs.contains(&input));
        let moves = |id: NodeId| varies[id.index()];
        let kept = self.demands(&derived.roots, |_| false);
        let kept: HashSet<Condition> = kept.into_iter().collect();
        lost.extend(self.demands(&[root], moves));
        lost.extend(self.constants_without_value(root));
        lost.retain(|condition| !kept.contains(condition));
        lost.extend(self.kinks(root, moves));
        lost.retain(|condition| !self.always_holds(*condition));
        let conditions = [derived.conditions, lost].concat().into_iter();
        derived.conditions = joined(
            conditions
                .filter(|condition| !condition.weaker_than(&kept))
                .collect(),
        );
        derived
    }
}

/// A node against 0, in this relation or, seen from the other side, in its mirror image. `2 x - 1 > 0` reads best as `x > 1/2`, `a - b > 0` as
/// `a > b`, and what the arcsine asks for, `(1 - x) (1 + x) > 0`, as `-1 < x < 1`.
fn compared(graph: &Graph, id: NodeId, [relation, mirrored]: [&str; 2]) -> String {
    let text = |id| graph.text(id);
    match graph.kind(id) {
        NodeKind::Sum(terms, constant) => match terms.as_slice() {
            [(x, by)] => {
                let relation = if by.is_negative() { mirrored } else { relation };
                if let Some(bound) = -constant.clone() / by.clone() {
                    return format!("{} {relation} {bound}", text(*x));
                }
            }
            [(a, one), (b, other)]
                if constant.is_zero() && one.is_one() && *other == -Rational::ONE =>
            {
                return format!("{} {relation} {}", text(*a), text(*b));
            }
            _ => {}
        },
        NodeKind::Product(factors) if relation != mirrored => {
            if let Some(x) = inside_unit(graph, factors) {
                return format!("-1 {mirrored} {} {mirrored} 1", text(x));
            }
        }
        _ => {}
    }
    format!("{} {relation} 0", text(id))
}

/// The x of `(1 - x) (1 + x)`.
fn inside_unit(graph: &Graph, factors: &[Power]) -> Option<NodeId> {
    let distance = |(base, to): &Power| match graph.kind(*base) {
        NodeKind::Sum(terms, constant) if to.is_one() && constant.is_one() => {
            match terms.as_slice() {
                [(x, by)] if by.abs().is_one() => Some((*x, by.is_negative())),
                _ => None,
            }
        }
        _ => None,
    };
    match factors {
        [a, b] => {
            let ((x, below), (y, above)) = (distance(a)?, distance(b)?);
            (x == y && below != above).then_some(x)
        }
        _ => None,
    }
}

/// Each condition once, the weaker ones left out; not 0 and not negative is positive.
fn joined(conditions: Vec<Condition>) -> Vec<Condition> {
    let all: HashSet<Condition> = conditions.iter().copied().collect();
    let holds = |condition: Condition| all.contains(&condition);
    let together = |condition: &Condition| match *condition {
        Condition::NonZero(id) if holds(Condition::NonNegative(id)) => Condition::Positive(id),
        Condition::NonNegative(id) if holds(Condition::NonZero(id)) => Condition::Positive(id),
        other => other,
    };
    let mut told: HashSet<Condition> = HashSet::new();
    conditions
        .iter()
        .map(together)
        .filter(|condition| !condition.weaker_than(&all) && told.insert(*condition))
        .collect()
}

impl Condition {
    /// Whether one of these says more.
    fn weaker_than(self, others: &HashSet<Self>) -> bool {
        match self {
            Self::NonZero(id) | Self::NonNegative(id) => others.contains(&Self::Positive(id)),
            Self::Positive(_) | Self::NotWhole(_) | Self::Defined(_) => false,
        }
    }
}
