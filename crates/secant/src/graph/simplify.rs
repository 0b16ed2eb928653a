//! Simplification: the graph built anew, arguments first, with the domain-changing gatherings allowed and the
//! named rewrites tried at each node. Every condition that was needed is in the answer.

use std::collections::HashMap;

use super::branch::{Place, Places};
use super::{Account, Condition, Graph, NodeId, NodeKind, REWRITES, Requirement};
use crate::elementary::Operation;
use crate::number::Decoration;

/// A simplified node, and what must hold for it to equal the one it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simplified {
    /// The simplified nodes, in the order of the roots.
    pub roots: Vec<NodeId>,
    /// What must hold; outside, the written formula has no value or another one.
    pub conditions: Vec<Requirement>,
    /// The rewrites that were made, by name, beside the gathering of like terms and powers.
    pub rewrites: Vec<&'static str>,
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
        let mut places = Places::default();
        let (simpler, account) = self.simplified(roots, &mut places);
        Simplified {
            roots: simpler,
            conditions: self.required(account.conditions, &places),
            rewrites: account.rewrites,
        }
    }

    /// The same, with the places that what was noted belongs to.
    pub(super) fn simplified(
        &mut self,
        roots: &[NodeId],
        places: &mut Places,
    ) -> (Vec<NodeId>, Account) {
        self.account = Some(Account::default());
        let plain = self.rebuilt(roots, places, |_, _, rewritten| rewritten);
        // The whole first, as it is: a part that was made short for itself may hide what it has in common with the rest.
        let wholes = self.wholes(&plain);
        let before = self.len();
        let mut tried = HashMap::new();
        let formed = self.rebuilt(&plain, places, |graph, id, rewritten| {
            if wholes[id.index()] {
                graph.reform(rewritten, &mut tried)
            } else {
                rewritten
            }
        });
        // What a form has made is as short as forms make it; sums that were there before may have to be looked at for themselves.
        let parts = self.outside_functions(&formed);
        let simpler = self.rebuilt(&formed, places, |graph, id, rewritten| {
            if parts[id.index()] && id.index() < before {
                graph.reform(rewritten, &mut tried)
            } else {
                rewritten
            }
        });
        let mut account = self.account.take().unwrap_or_default();
        account
            .conditions
            .retain(|(condition, _)| !self.always_holds(*condition));
        (simpler, account)
    }

    /// The roots built anew, arguments first, rewritten at each node and then finished by this.
    fn rebuilt(
        &mut self,
        roots: &[NodeId],
        places: &mut Places,
        mut finish: impl FnMut(&mut Self, NodeId, NodeId) -> NodeId,
    ) -> Vec<NodeId> {
        let mut simpler = vec![NodeId(0); self.len()];
        let placed = self.places(roots, places);
        for id in self.reachable(roots) {
            if let Some(account) = &mut self.account {
                account.place = placed[id.index()];
            }
            let rebuilt = self.rebuild(id, &simpler);
            let rewritten = self.rewrite(rebuilt);
            simpler[id.index()] = finish(self, id, rewritten);
        }
        roots.iter().map(|root| simpler[root.index()]).collect()
    }

    /// Which nodes stand in sums, products and branches alone. What stands inside a function keeps the form it was written in, so that
    /// a reader knows it again and equal parts stay equal.
    fn outside_functions(&self, roots: &[NodeId]) -> Vec<bool> {
        self.marked(roots, |kind| match kind {
            NodeKind::Sum(pairs, _) | NodeKind::Product(pairs) => {
                pairs.iter().map(|pair| pair.0).collect()
            }
            NodeKind::Apply(Operation::Choose, arguments) => arguments[1..].to_vec(),
            _ => Vec::new(),
        })
    }

    /// Those of them that are no part of a sum.
    fn wholes(&self, roots: &[NodeId]) -> Vec<bool> {
        self.marked(roots, |kind| match kind {
            NodeKind::Sum(terms, constant) if terms.len() == 1 && constant.is_zero() => {
                vec![terms[0].0]
            }
            NodeKind::Product(factors) => factors.iter().map(|factor| factor.0).collect(),
            NodeKind::Apply(Operation::Choose, arguments) => arguments[1..].to_vec(),
            _ => Vec::new(),
        })
    }

    /// What can be reached so.
    fn marked(&self, roots: &[NodeId], next: impl Fn(&NodeKind) -> Vec<NodeId>) -> Vec<bool> {
        let mut marked = vec![false; self.len()];
        for root in roots {
            marked[root.index()] = true;
        }
        for index in (0..self.len()).rev() {
            if marked[index] {
                for reached in next(self.kind(NodeId(index as u32))) {
                    marked[reached.index()] = true;
                }
            }
        }
        marked
    }

    /// The smallest form of a node, looked for once where it stands: what a form needs is noted for that place alone.
    fn reform(&mut self, id: NodeId, tried: &mut HashMap<(NodeId, Place), NodeId>) -> NodeId {
        let place = self
            .account
            .as_ref()
            .map_or(Place::EVERYWHERE, |account| account.place);
        if let Some(known) = tried.get(&(id, place)) {
            return *known;
        }
        let mut formed = id;
        if let Some((form, conditions, names)) = self.smaller_form(id) {
            for condition in conditions {
                self.note(condition);
            }
            for name in names {
                self.note_rewrite(name);
            }
            formed = self.rewrite(form);
        }
        if let Some((form, name)) = self.by_angles(formed) {
            self.note_rewrite(name);
            formed = form;
        }
        tried.insert((id, place), formed);
        formed
    }

    /// The same node over simpler arguments.
    pub(crate) fn rebuild(&mut self, id: NodeId, simpler: &[NodeId]) -> NodeId {
        self.rebuild_with(id, |argument| simpler[argument.index()])
    }

    /// The same node over other arguments.
    pub(super) fn rebuild_with(&mut self, id: NodeId, new: impl Fn(NodeId) -> NodeId) -> NodeId {
        match self.kind(id).clone() {
            NodeKind::Number(_) | NodeKind::Constant(_) | NodeKind::Input(_) => id,
            NodeKind::Sum(terms, constant) => {
                let terms: Vec<_> = terms
                    .into_iter()
                    .map(|(term, by)| (new(term), by))
                    .collect();
                self.sum(terms, constant)
            }
            NodeKind::Product(factors) => {
                let factors: Vec<_> = factors
                    .into_iter()
                    .map(|(base, to)| (new(base), to))
                    .collect();
                self.product(factors)
            }
            NodeKind::Apply(operation, arguments) => {
                let arguments: Vec<NodeId> =
                    arguments.iter().map(|argument| new(*argument)).collect();
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
                if sound {
                    self.note_rewrite(rewrite.name);
                }
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
        use super::Sign;
        let holds_in = |id, holds: fn(f64) -> bool| {
            let range = self.range_over_all(id);
            !range.is_empty() && holds(range.lo())
        };
        match condition {
            Condition::NonZero(id) | Condition::Positive(id) => {
                self.sign(id) == Sign::Positive || holds_in(id, |least| least > 0.0)
            }
            Condition::NonNegative(id) => {
                self.sign(id) >= Sign::NonNegative || holds_in(id, |least| least >= 0.0)
            }
            Condition::NotWhole(_) => false,
            Condition::Defined(id) => {
                self.is_total(id) || self.range_over_all(id).decoration() > Decoration::Trivial
            }
        }
    }
}
