//! [`Condition`]: what must hold for a rewrite to change nothing. It is told, never assumed.

use super::{Graph, NodeId, NodeKind, Simplified};
use crate::elementary::Operation;

/// What must hold for a simplified formula to equal the written one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// The node is not 0.
    NonZero(NodeId),
    /// The node is not negative.
    NonNegative(NodeId),
    /// The node is above 0.
    Positive(NodeId),
    /// The node has a real value.
    Defined(NodeId),
}

impl Condition {
    /// The condition as mathematics: `x ≠ 0`.
    #[must_use]
    pub fn describe(self, graph: &Graph) -> String {
        let text = |id| graph.text(id);
        match self {
            Self::NonZero(id) => format!("{} ≠ 0", text(id)),
            Self::NonNegative(id) => format!("{} ≥ 0", text(id)),
            Self::Positive(id) => format!("{} > 0", text(id)),
            Self::Defined(id) => format!("{} is defined", text(id)),
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
        let derivative = inputs
            .iter()
            .fold(root, |node, input| self.derivative(node, *input));
        let mut derived = self.simplify(&[derivative]);
        let kept = self.demands(&derived.roots);
        for condition in self.demands(&[root]) {
            let implied = kept.contains(&condition)
                || derived.conditions.contains(&condition)
                || condition.weaker_than(&kept);
            if !implied && !self.always_holds(condition) {
                derived.conditions.push(condition);
            }
        }
        derived
    }

    /// What these nodes demand of their parts to have a value: logarithms and powers alone, since the derivative of any other
    /// function demands what the function does.
    fn demands(&self, roots: &[NodeId]) -> Vec<Condition> {
        let mut demands = Vec::new();
        for id in self.reachable(roots) {
            match self.kind(id) {
                NodeKind::Apply(Operation::Ln | Operation::Log2 | Operation::Log10, arguments) => {
                    demands.extend(
                        arguments
                            .first()
                            .map(|argument| Condition::Positive(*argument)),
                    );
                }
                NodeKind::Product(factors) => {
                    for (base, exponent) in factors {
                        demands.extend(
                            match (exponent.has_odd_denominator(), exponent.is_negative()) {
                                (true, false) => None,
                                (true, true) => Some(Condition::NonZero(*base)),
                                (false, false) => Some(Condition::NonNegative(*base)),
                                (false, true) => Some(Condition::Positive(*base)),
                            },
                        );
                    }
                }
                _ => {}
            }
        }
        demands
    }
}

impl Condition {
    /// Whether one of these says more.
    fn weaker_than(self, others: &[Self]) -> bool {
        match self {
            Self::NonZero(id) | Self::NonNegative(id) => others.contains(&Self::Positive(id)),
            Self::Positive(_) | Self::Defined(_) => false,
        }
    }
}
