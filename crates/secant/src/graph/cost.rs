//! What a formula costs, in the operations of the program it becomes: the measure by which forms are chosen.

use std::collections::{HashMap, HashSet};

use super::{Graph, Multiple, NodeId, NodeKind, Power};
use crate::number::Rational;

/// Operations first; of two forms with as many, the one with fewer divisions is the smaller, and then the one that is shorter to
/// write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub(super) operations: usize,
    pub(super) divisions: usize,
    /// Numbers and names as they are written, shared parts again and again.
    pub(super) letters: usize,
}

impl Graph {
    /// The cost of a node with each shared part counted once; `None` where it has more parts than this.
    pub(super) fn cost(&self, root: NodeId, most: usize) -> Option<Cost> {
        let mut bill = Bill::default();
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            if !bill.nodes.insert(id) {
                continue;
            }
            if bill.nodes.len() > most {
                return None;
            }
            match self.kind(id) {
                NodeKind::Number(_) | NodeKind::Constant(_) | NodeKind::Input(_) => {}
                NodeKind::Sum(terms, constant) => {
                    bill.sum(terms, constant);
                    pending.extend(terms.iter().map(|term| term.0));
                }
                NodeKind::Product(factors) => {
                    bill.product(factors);
                    pending.extend(factors.iter().map(|factor| factor.0));
                }
                NodeKind::Apply(_, arguments) => {
                    bill.total.operations += 1;
                    pending.extend(arguments);
                }
            }
        }
        let mut nodes: Vec<NodeId> = bill.nodes.into_iter().collect();
        nodes.sort_unstable();
        let mut letters: HashMap<NodeId, usize> = HashMap::with_capacity(nodes.len());
        for id in nodes {
            let inner = |id: &NodeId| letters.get(id).copied().unwrap_or(1);
            let count = match self.kind(id) {
                NodeKind::Number(_) | NodeKind::Constant(_) | NodeKind::Input(_) => 1,
                NodeKind::Sum(pairs, constant) => {
                    let written = |by: &Rational| usize::from(!by.abs().is_one());
                    let terms = pairs
                        .iter()
                        .map(|(term, by)| inner(term).saturating_add(written(by)));
                    terms.fold(usize::from(!constant.is_zero()), usize::saturating_add)
                }
                NodeKind::Product(pairs) => {
                    let written =
                        |by: &Rational| usize::from(by.is_integer() && !by.abs().is_one());
                    let factors = pairs
                        .iter()
                        .map(|(base, by)| inner(base).saturating_add(written(by)));
                    factors.fold(0, usize::saturating_add)
                }
                NodeKind::Apply(_, arguments) => {
                    arguments.iter().map(inner).fold(0, usize::saturating_add)
                }
            };
            letters.insert(id, count);
        }
        bill.total.letters = letters.get(&root).copied().unwrap_or(0);
        Some(bill.total)
    }
}

#[derive(Default)]
struct Bill<'graph> {
    total: Cost,
    nodes: HashSet<NodeId>,
    powers: HashSet<(NodeId, &'graph Rational)>,
}

impl<'graph> Bill<'graph> {
    fn sum(&mut self, terms: &[Multiple], constant: &Rational) {
        let all_negative = constant.is_negative() || constant.is_zero();
        let all_negative = all_negative && terms.iter().all(|(_, by)| by.is_negative());
        let joints = terms.len() - 1 + usize::from(!constant.is_zero()) + usize::from(all_negative);
        self.total.operations += joints;
        for (_, coefficient) in terms {
            if coefficient.is_integer() {
                self.total.operations += usize::from(!coefficient.abs().is_one());
            } else {
                self.total.operations += 1 + usize::from(!coefficient.numerator().abs().is_one());
                self.total.divisions += 1;
            }
        }
    }

    fn product(&mut self, factors: &'graph [Power]) {
        let below = factors
            .iter()
            .filter(|factor| factor.1.is_negative())
            .count();
        self.total.operations += factors.len() - 1 + usize::from(below == factors.len());
        self.total.divisions += usize::from(below > 0);
        for (base, exponent) in factors {
            if self.powers.insert((*base, exponent)) {
                let root = usize::from(!exponent.is_integer());
                self.total.operations += root
                    + match exponent.abs().numerator().to_i64() {
                        Some(1) => 0,
                        Some(3 | 4) => 2,
                        _ => 1,
                    };
            }
        }
    }
}
