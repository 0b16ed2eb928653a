//! Simplification: the graph built anew, arguments first, with the domain-changing gatherings allowed and the
//! named rewrites tried at each node. Every condition that was needed is in the answer.

use super::{Condition, Graph, NodeId, NodeKind, REWRITES};

/// A simplified node, and what must hold for it to equal the one it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simplified {
    /// The simplified nodes, in the order of the roots.
    pub roots: Vec<NodeId>,
    /// What must hold; outside, the written formula has no value or another one.
    pub conditions: Vec<Condition>,
}

/// No node is rewritten more often than this, whatever rules are added.
const MOST_REWRITES: usize = 16;

impl Graph {
    /// Simpler nodes of equal value wherever the conditions hold.
    ///
    /// ```
    /// use secant::Formula;
    /// let mut formula = Formula::parse("x^2/x")?;
    /// let root = formula.root();
    /// let simplified = formula.graph_mut().simplify(&[root]);
    /// assert_eq!(formula.graph().text(simplified.roots[0]), "x");
    /// assert_eq!(simplified.conditions[0].describe(formula.graph()), "x ≠ 0");
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn simplify(&mut self, roots: &[NodeId]) -> Simplified {
        self.conditions = Some(Vec::new());
        let mut simpler: Vec<NodeId> = Vec::new();
        simpler.resize_with(self.len(), || NodeId(0));
        for id in self.reachable(roots) {
            let rebuilt = self.rebuild(id, &simpler);
            simpler[id.index()] = self.rewrite(rebuilt);
        }
        let conditions = self.conditions.take().unwrap_or_default();
        let roots = roots.iter().map(|root| simpler[root.index()]).collect();
        let conditions = conditions
            .into_iter()
            .filter(|condition| !self.always_holds(*condition))
            .collect();
        Simplified { roots, conditions }
    }

    /// The same node over simpler arguments.
    fn rebuild(&mut self, id: NodeId, simpler: &[NodeId]) -> NodeId {
        match self.kind(id).clone() {
            NodeKind::Number(_) | NodeKind::Constant(_) | NodeKind::Input(_) => id,
            NodeKind::Sum(terms, constant) => {
                let terms: Vec<_> = terms
                    .into_iter()
                    .map(|(term, by)| (simpler[term.index()], by))
                    .collect();
                self.sum(terms, constant)
            }
            NodeKind::Product(factors) => {
                let factors: Vec<_> = factors
                    .into_iter()
                    .map(|(base, to)| (simpler[base.index()], to))
                    .collect();
                self.product(factors)
            }
            NodeKind::Apply(operation, arguments) => {
                let arguments: Vec<NodeId> = arguments
                    .iter()
                    .map(|argument| simpler[argument.index()])
                    .collect();
                self.apply(operation, &arguments)
            }
        }
    }

    /// The first rewrite that fits, again and again.
    fn rewrite(&mut self, id: NodeId) -> NodeId {
        let mut current = id;
        for _ in 0..MOST_REWRITES {
            let next = REWRITES.iter().find_map(|rewrite| {
                let (next, condition) = (rewrite.apply)(self, current)?;
                let sound =
                    next != current && condition.is_none_or(|condition| self.note(condition));
                sound.then_some(next)
            });
            match next {
                Some(next) => current = next,
                None => break,
            }
        }
        current
    }

    pub(super) fn always_holds(&self, condition: Condition) -> bool {
        match condition {
            Condition::NonZero(id) | Condition::Positive(id) => {
                self.sign(id) == super::Sign::Positive
            }
            Condition::NonNegative(id) => self.sign(id) >= super::Sign::NonNegative,
            Condition::NotWhole(_) => false,
            Condition::Defined(id) => self.is_total(id),
        }
    }
}
