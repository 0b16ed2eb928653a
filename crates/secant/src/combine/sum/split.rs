//! A sum over rows taken apart: what depends on the parameters alone stands before it or after it, and only what is left is
//! summed. Summation is linear, so a factor without columns is applied once, to the sum: that holds for a
//! gradient as well, whose adjoints are summed first and then carried back through what depends on the parameters alone.

use std::collections::BTreeMap;

use crate::elementary::Operation;
use crate::graph::{Graph, NodeId, NodeKind, Power};
use crate::number::Rational;

/// What is summed over the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Summand {
    /// A node.
    Node(NodeId),
    /// The product of two.
    Product(NodeId, NodeId),
}

/// A sum taken apart.
pub(super) struct Split {
    /// The graph of the rows and of what comes after. Behind the inputs of the function it has the number of rows and then one
    /// input for each summand.
    pub(super) graph: Graph,
    pub(super) summands: Vec<Summand>,
    /// The sums of the outputs, over the parameters and those further inputs.
    pub(super) sums: Vec<NodeId>,
}

/// How the sum of a node follows from others.
enum Parts {
    /// It is the same for all rows.
    Uniform,
    /// Factors that are the same for all rows, and the others.
    Scaled(Vec<Power>, Vec<Power>),
    /// Terms whose sums are taken one by one.
    Terms(Vec<(NodeId, Rational)>, Rational),
    /// It is summed itself.
    Whole,
}

impl Split {
    pub(super) fn new(graph: &Graph, roots: &[NodeId], is_column: &[bool]) -> Self {
        let mut graph = graph.clone();
        let varies = graph.varying(|input| is_column.get(input) == Some(&true));
        let rows = graph.add_input("number of rows");
        let mut splitting = Splitting {
            varies,
            rows,
            summands: BTreeMap::new(),
            order: Vec::new(),
            sums: vec![None; graph.len()],
        };
        // Which sums are wanted is known from the roots down, the sums themselves from the leaves up.
        let reachable = graph.reachable(roots);
        let mut parts: BTreeMap<NodeId, Parts> = BTreeMap::new();
        let mut wanted = vec![false; graph.len()];
        for root in roots {
            wanted[root.index()] = true;
        }
        for id in reachable.iter().rev() {
            if !wanted[id.index()] {
                continue;
            }
            let taken = splitting.parts(&graph, *id);
            match &taken {
                Parts::Terms(terms, _) => {
                    for (term, _) in terms {
                        wanted[term.index()] = true;
                    }
                }
                Parts::Scaled(_, others) => {
                    if let Some(single) = single(others) {
                        wanted[single.index()] = true;
                    }
                }
                Parts::Uniform | Parts::Whole => {}
            }
            parts.insert(*id, taken);
        }
        for (id, parts) in parts {
            let sum = splitting.sum(&mut graph, id, parts);
            splitting.sums[id.index()] = Some(sum);
        }
        let sums = roots.iter().map(|root| splitting.known(*root)).collect();
        Self {
            graph,
            summands: splitting.order,
            sums,
        }
    }
}

struct Splitting {
    varies: Vec<bool>,
    /// The input that is the number of rows.
    rows: NodeId,
    summands: BTreeMap<Summand, NodeId>,
    order: Vec<Summand>,
    sums: Vec<Option<NodeId>>,
}

impl Splitting {
    fn varies(&self, id: NodeId) -> bool {
        self.varies.get(id.index()) == Some(&true)
    }

    fn known(&self, id: NodeId) -> NodeId {
        self.sums[id.index()].unwrap_or(id)
    }

    fn parts(&self, graph: &Graph, id: NodeId) -> Parts {
        if !self.varies(id) {
            return Parts::Uniform;
        }
        match graph.kind(id) {
            NodeKind::Sum(terms, constant) if self.loses_nothing(graph, terms) => {
                Parts::Terms(terms.clone(), constant.clone())
            }
            NodeKind::Product(_) | NodeKind::Apply(Operation::Mul, _) => {
                let (others, uniform): (Vec<Power>, Vec<Power>) = self
                    .factors(graph, id)
                    .into_iter()
                    .partition(|(base, _)| self.varies(*base));
                // A product kept as one step is one for what else reads it, so that it is there anyway.
                let is_kept = matches!(graph.kind(id), NodeKind::Apply(..));
                if uniform.iter().any(|(base, _)| is_zero(graph, *base)) {
                    return Parts::Whole;
                }
                if uniform.is_empty() && (is_kept || single(&others).is_some()) {
                    return Parts::Whole;
                }
                Parts::Scaled(uniform, others)
            }
            _ => Parts::Whole,
        }
    }

    /// Whether a sum may be taken term by term. Where all terms that vary were rounded themselves, what they may lose by it is
    /// of the size of that rounding. A difference of data (`x - mean`) is exact where both are close, so it stays whole. So does what is multiplied by 0, which would
    /// lose where it has no value.
    fn loses_nothing(&self, graph: &Graph, terms: &[(NodeId, Rational)]) -> bool {
        let is_rounded = |id: NodeId| match graph.kind(id) {
            NodeKind::Product(_) => true,
            NodeKind::Apply(operation, _) => operation.ulps() > 0.0,
            _ => false,
        };
        let is_dropped = |(_, by): &(NodeId, Rational)| by.is_zero();
        let is_sure = |(term, _): &(NodeId, Rational)| !self.varies(*term) || is_rounded(*term);
        !terms.iter().any(is_dropped) && (terms.len() == 1 || terms.iter().all(is_sure))
    }

    /// The factors of a product; one among them that is a product is opened where it holds what is the same for all rows.
    fn factors(&self, graph: &Graph, id: NodeId) -> Vec<Power> {
        let mut factors = Vec::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            let inner: Vec<Power> = match graph.kind(id) {
                NodeKind::Product(factors) => factors.clone(),
                NodeKind::Apply(Operation::Mul, pair) => {
                    pair.iter().map(|factor| (*factor, Rational::ONE)).collect()
                }
                _ => Vec::new(),
            };
            for (base, exponent) in inner {
                if exponent.is_one() && self.varies(base) && self.holds_uniform(graph, base) {
                    pending.push(base);
                } else {
                    factors.push((base, exponent));
                }
            }
        }
        factors
    }

    fn holds_uniform(&self, graph: &Graph, id: NodeId) -> bool {
        matches!(
            graph.kind(id),
            NodeKind::Product(_) | NodeKind::Apply(Operation::Mul, _)
        ) && graph
            .arguments(id)
            .iter()
            .any(|argument| !self.varies(*argument))
    }

    fn sum(&mut self, graph: &mut Graph, id: NodeId, parts: Parts) -> NodeId {
        let one = || Rational::ONE;
        match parts {
            Parts::Uniform => graph.product([(id, one()), (self.rows, one())]),
            Parts::Whole => self.summand(graph, Summand::Node(id)),
            Parts::Terms(terms, constant) => {
                let mut sums: Vec<(NodeId, Rational)> = terms
                    .into_iter()
                    .map(|(term, by)| (self.known(term), by))
                    .collect();
                sums.push((self.rows, constant));
                graph.sum(sums, Rational::ZERO)
            }
            Parts::Scaled(uniform, others) => {
                let sum = match (single(&others), others.as_slice()) {
                    (Some(single), _) => self.known(single),
                    (None, [(base, two)]) if *two == Rational::from(2) => {
                        self.summand(graph, Summand::Product(*base, *base))
                    }
                    (None, [(a, first), (b, second)]) if first.is_one() && second.is_one() => {
                        self.summand(graph, Summand::Product(*a, *b))
                    }
                    _ => {
                        let product = graph.product(others);
                        self.summand(graph, Summand::Node(product))
                    }
                };
                graph.product(uniform.into_iter().chain([(sum, one())]))
            }
        }
    }

    /// The input that stands for this sum.
    fn summand(&mut self, graph: &mut Graph, summand: Summand) -> NodeId {
        if let Some(input) = self.summands.get(&summand) {
            return *input;
        }
        let input = graph.add_input("sum");
        self.summands.insert(summand, input);
        self.order.push(summand);
        input
    }
}

fn is_zero(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.kind(id), NodeKind::Number(number) if number.is_zero())
}

/// The one node that the factors are, where they are one.
fn single(factors: &[Power]) -> Option<NodeId> {
    match factors {
        [(base, exponent)] if exponent.is_one() => Some(*base),
        _ => None,
    }
}
