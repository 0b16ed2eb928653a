//! A formula with the parts that occur more than once under names of their own, as a reader would abbreviate it.

use std::sync::Arc;

use super::{Graph, NodeId, NodeKind};

/// Formulas over common parts: each part is an input of its own, written once.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The graph; beside the inputs of the formula it has one for each part.
    pub graph: Graph,
    /// The inputs that stand for parts and what these are, each over the ones before it.
    pub parts: Vec<(usize, NodeId)>,
    /// The formula over the parts.
    pub root: NodeId,
}

impl Graph {
    /// The node with names `t1`, `t2`, … for what occurs in it more than once. A name that an input has already is passed over.
    ///
    /// ```
    /// use secant::Formula;
    /// let formula = Formula::parse("sqrt(x^2 + 1) + 1/sqrt(x^2 + 1) + ln(x^2 + 1)")?;
    /// let shared = formula.graph().shared(formula.root());
    /// assert_eq!(shared.graph.text(shared.parts[0].1), "x^2 + 1");
    /// assert_eq!(shared.graph.text(shared.root), "sqrt(t1) + ln(t1) + 1/sqrt(t1)");
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn shared(&self, root: NodeId) -> Shared {
        let mut graph = self.clone();
        let reachable = self.reachable(&[root]);
        let mut uses = vec![0_usize; self.len()];
        for argument in reachable.iter().flat_map(|id| self.arguments(*id)) {
            uses[argument.index()] += 1;
        }
        let mut replaced = vec![NodeId(0); self.len()];
        let mut parts = Vec::new();
        for id in reachable {
            let rebuilt = graph.rebuild(id, &replaced);
            let is_part = uses[id.index()] > 1
                && matches!(
                    self.kind(id),
                    NodeKind::Sum(..) | NodeKind::Product(_) | NodeKind::Apply(..)
                );
            replaced[id.index()] = if is_part {
                let input = graph.add_part(parts.len());
                parts.push((input, rebuilt));
                graph.input(input)
            } else {
                rebuilt
            };
        }
        Shared {
            root: replaced[root.index()],
            graph,
            parts,
        }
    }

    /// A further input for a part.
    fn add_part(&mut self, before: usize) -> usize {
        let is_free = |name: &String| self.names.iter().all(|other| other.as_ref() != name);
        let name = (before + 1..)
            .map(|number| format!("t{number}"))
            .find(is_free);
        let name: Arc<str> = name.unwrap_or_default().into();
        self.names.push(name);
        self.names.len() - 1
    }
}
