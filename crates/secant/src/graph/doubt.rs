//! By how much rounding may move a node, to first order, as a graph of its own: what the steps before may be off times how much each moves the
//! next, and what the step itself rounds off (Wilkinson 1963; as a program beside the program, Linnainmaa 1976). It proves nothing; it finds the few
//! of many points at which a proof is worth its time.

use super::rule::which_move;
use super::{Graph, NodeId, NodeKind};
use crate::elementary::Operation;
use crate::number::Rational;

/// By how much a node may be off; `None` where it is exact.
type Doubt = Option<NodeId>;

impl Graph {
    /// For each root by how much it may be off, the inputs being exact. NaN where no first order tells it, as beside 0/0.
    pub(crate) fn doubts(&mut self, roots: &[NodeId]) -> Vec<NodeId> {
        let mut doubts: Vec<Doubt> = vec![None; self.len()];
        for node in self.reachable(roots) {
            doubts[node.index()] = self.doubt(node, &doubts);
        }
        let zero = self.number(0);
        let each = roots.iter().map(|root| doubts[root.index()]);
        each.map(|doubt| doubt.unwrap_or(zero)).collect()
    }

    fn doubt(&mut self, node: NodeId, doubts: &[Doubt]) -> Doubt {
        match self.kind(node).clone() {
            NodeKind::Input(_) => None,
            NodeKind::Number(number) => {
                let is_exact = Rational::from_f64(number.to_f64()) == Some(number);
                (!is_exact).then(|| self.rounding(node, 1.0))
            }
            NodeKind::Constant(_) => Some(self.rounding(node, 1.0)),
            NodeKind::Sum(terms, constant) => {
                let mut off = Vec::with_capacity(2 * terms.len());
                let places = terms.len() as f64 + 1.0;
                for (term, coefficient) in terms {
                    let by = coefficient.abs();
                    off.extend(doubts[term.index()].map(|doubt| (doubt, by.clone())));
                    off.push((self.rounding(term, places), by));
                }
                let constant = self.number(constant);
                off.push((self.rounding(constant, places), Rational::ONE));
                Some(self.sum(off, Rational::ZERO))
            }
            NodeKind::Product(powers) => {
                let mut relative = Vec::new();
                let mut steps = 1.0;
                for (base, exponent) in powers {
                    steps += 1.0 + exponent.to_f64().abs();
                    if let Some(doubt) = doubts[base.index()] {
                        let size = self.apply(Operation::Abs, &[base]);
                        let share = self.quotient(doubt, size);
                        relative.push((share, exponent.abs()));
                    }
                }
                Some(self.off(node, relative, steps))
            }
            NodeKind::Apply(Operation::Choose, arguments) => {
                let zero = self.number(0);
                let arm = |place: usize| doubts[arguments[place].index()].unwrap_or(zero);
                let arms = [arguments[0], arm(1), arm(2)];
                Some(self.apply(Operation::Choose, &arms))
            }
            NodeKind::Apply(operation, arguments) => {
                Some(self.doubt_of_function(node, operation, &arguments, doubts))
            }
        }
    }

    fn doubt_of_function(
        &mut self,
        node: NodeId,
        operation: Operation,
        arguments: &[NodeId],
        doubts: &[Doubt],
    ) -> NodeId {
        const ROUNDED: f64 = 4.0;
        let moving = which_move(arguments, |argument| doubts[argument.index()].is_some());
        let mut off = Vec::new();
        let mut relative = Vec::new();
        for term in self.terms_of_function(operation, arguments, node, moving) {
            let Some(doubt) = doubts[term.part.index()] else {
                continue;
            };
            let slope = self.apply(Operation::Abs, &[term.factor]);
            off.push((self.pair(slope, doubt), Rational::ONE));
            // Where the slope is 0, as at the top of a wave, the second order decides: so much of the value as the argument is off, squared.
            let (one, size) = (self.number(1), self.apply(Operation::Abs, &[term.part]));
            let size = self.apply(Operation::Min, &[one, size]);
            let share = self.quotient(doubt, size);
            relative.push((self.power(share, &Rational::from(2)), Rational::ONE));
        }
        off.push((self.off(node, relative, ROUNDED), Rational::ONE));
        self.sum(off, Rational::ZERO)
    }

    /// The size of a node times a sum of shares, and so many roundings of it.
    fn off(&mut self, node: NodeId, shares: Vec<(NodeId, Rational)>, roundings: f64) -> NodeId {
        let size = self.apply(Operation::Abs, &[node]);
        let share = self.sum(shares, unit(roundings));
        self.pair(size, share)
    }

    /// So many roundings of a node.
    fn rounding(&mut self, node: NodeId, roundings: f64) -> NodeId {
        self.off(node, Vec::new(), roundings)
    }

    fn quotient(&mut self, above: NodeId, below: NodeId) -> NodeId {
        self.product([(above, Rational::ONE), (below, -Rational::ONE)])
    }
}

/// So many half units in the last place, relative.
fn unit(roundings: f64) -> Rational {
    Rational::from_f64(roundings * f64::EPSILON / 2.0).unwrap_or(Rational::ONE)
}
