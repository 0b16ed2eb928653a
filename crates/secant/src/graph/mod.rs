//! [`Graph`]: formulas with every equal part shared (hash-consing) and in one form: sums of multiples,
//! products of powers, functions of the table. Building it changes no value and no domain; what does is left to
//! [`simplify`](Graph::simplify), which says so. It takes an [`Expr`](crate::Expr) or traced arithmetic and
//! gives derivatives as further nodes of itself.

mod angle;
mod branch;
mod build;
mod condition;
mod cost;
mod demand;
mod derivative;
mod digits;
mod doubt;
mod expression;
mod form;
mod kernel;
mod node;
mod order;
mod polynomial;
mod rewrite;
mod rule;
mod shared;
mod simplify;
mod within;

use std::collections::HashSet;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

pub use branch::Branch;
use branch::Place;
pub use condition::{Condition, Requirement};
pub use node::Node;
pub use rewrite::{REWRITES, Rewrite};
pub(crate) use rule::Applied;
pub use rule::Rule;
pub use shared::Shared;
pub use simplify::Simplified;

use crate::elementary::Operation;
use crate::number::{Constant, Rational};

/// A handle to one node of a [`Graph`]; arguments always have smaller handles than what uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// Its place, counted from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A factor of a product: a node and the exact exponent it is raised to.
pub type Power = (NodeId, Rational);
/// A term of a sum: a node and the exact number it is multiplied with.
pub type Multiple = (NodeId, Rational);

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// An exact number.
    Number(Rational),
    /// A named exact number.
    Constant(Constant),
    /// An input, counted from 0.
    Input(usize),
    /// `constant + sum of coefficient * term`.
    Sum(Vec<Multiple>, Rational),
    /// The product of powers; a single one with an exponent is a power.
    Product(Vec<Power>),
    /// A function of the table, where it is none of the above.
    Apply(Operation, Vec<NodeId>),
}

impl NodeKind {
    /// The nodes that it is made of, in order.
    fn each_argument(&self, mut visit: impl FnMut(NodeId)) {
        match self {
            Self::Number(_) | Self::Constant(_) | Self::Input(_) => {}
            Self::Sum(pairs, _) | Self::Product(pairs) => {
                pairs.iter().for_each(|pair| visit(pair.0));
            }
            Self::Apply(_, arguments) => arguments.iter().for_each(|argument| visit(*argument)),
        }
    }
}

/// What is known of the sign of a node, wherever it is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Unknown,
    NonNegative,
    Positive,
}

/// What is known of a node without computing it.
#[derive(Clone, Copy, Debug)]
struct Facts {
    /// Defined for all inputs.
    total: bool,
    sign: Sign,
}

/// What a simplification has done so far.
#[derive(Clone, Debug, Default)]
struct Account {
    /// What the rewrites rest on and where, in the order in which they were made.
    conditions: Vec<(Condition, Place)>,
    noted: HashSet<(Condition, Place)>,
    /// Where the node stands that is worked on.
    place: Place,
    /// The names of the rewrites.
    rewrites: Vec<&'static str>,
}

/// Formulas over shared inputs.
///
/// ```
/// use secant::{Graph, Operation};
/// let mut graph = Graph::new(["x"]);
/// let x = graph.input(0);
/// let square = graph.apply(Operation::Mul, &[x, x]);
/// let again = graph.power(x, &2.into());
/// assert_eq!(square, again);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Graph {
    names: Vec<Arc<str>>,
    nodes: Vec<NodeKind>,
    facts: Vec<Facts>,
    /// The last node of each hash.
    index: FxHashMap<u64, NodeId>,
    /// For each node, the one before it with the same hash.
    alike: Vec<Option<NodeId>>,
    /// While simplifying: what was done so far.
    account: Option<Account>,
}

impl Graph {
    /// An empty graph over inputs with these names.
    pub fn new<T: Into<Arc<str>>>(names: impl IntoIterator<Item = T>) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// The names of the inputs, in order.
    #[must_use]
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Gives the inputs these names.
    pub(crate) fn rename(&mut self, names: Vec<Arc<str>>) {
        self.names = names;
    }

    /// One more input behind the others.
    pub(crate) fn add_input(&mut self, name: &str) -> NodeId {
        self.names.push(name.into());
        self.input(self.names.len() - 1)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What the node is.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> &NodeKind {
        &self.nodes[id.index()]
    }

    /// The exact number that the node is, if it is one.
    #[must_use]
    pub fn as_number(&self, id: NodeId) -> Option<&Rational> {
        match self.kind(id) {
            NodeKind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The place of the input that the node is, if it is one.
    #[must_use]
    pub fn as_input(&self, id: NodeId) -> Option<usize> {
        match self.kind(id) {
            NodeKind::Input(input) => Some(*input),
            _ => None,
        }
    }

    /// The nodes that this one is made of.
    #[must_use]
    pub fn arguments(&self, id: NodeId) -> Vec<NodeId> {
        let mut arguments = Vec::new();
        self.kind(id)
            .each_argument(|argument| arguments.push(argument));
        arguments
    }

    /// All nodes that the roots are made of, arguments first.
    #[must_use]
    pub fn reachable(&self, roots: &[NodeId]) -> Vec<NodeId> {
        let mut seen = vec![false; self.len()];
        for root in roots {
            seen[root.index()] = true;
        }
        for index in (0..self.len()).rev() {
            if seen[index] {
                self.nodes[index].each_argument(|argument| seen[argument.index()] = true);
            }
        }
        (0..self.len())
            .filter(|index| seen[*index])
            .map(|index| NodeId(index as u32))
            .collect()
    }

    /// Whether each node moves with one of the inputs, by node.
    pub(crate) fn varying(&self, inputs: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut varies = Vec::with_capacity(self.len());
        self.extend_varying(&mut varies, inputs);
        varies
    }

    /// The same for the nodes that came since.
    fn extend_varying(&self, varies: &mut Vec<bool>, inputs: impl Fn(usize) -> bool) {
        for kind in &self.nodes[varies.len()..] {
            let moves = match kind {
                NodeKind::Number(_) | NodeKind::Constant(_) => false,
                NodeKind::Input(input) => inputs(*input),
                NodeKind::Sum(pairs, _) | NodeKind::Product(pairs) => {
                    pairs.iter().any(|pair| varies[pair.0.index()])
                }
                NodeKind::Apply(_, arguments) => {
                    arguments.iter().any(|argument| varies[argument.index()])
                }
            };
            varies.push(moves);
        }
    }

    /// Whether the node is known to be defined for all inputs.
    pub(crate) fn is_total(&self, id: NodeId) -> bool {
        self.facts[id.index()].total
    }

    fn sign(&self, id: NodeId) -> Sign {
        self.facts[id.index()].sign
    }

    /// The one node of this kind.
    fn intern(&mut self, kind: NodeKind) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let last = self.index.entry(FxBuildHasher.hash_one(&kind));
        let before = match &last {
            Entry::Occupied(last) => Some(*last.get()),
            Entry::Vacant(_) => None,
        };
        let mut same = before;
        while let Some(known) = same {
            if self.nodes[known.index()] == kind {
                return known;
            }
            same = self.alike[known.index()];
        }
        last.insert_entry(id);
        self.alike.push(before);
        self.facts.push(self.facts_of(&kind));
        self.nodes.push(kind);
        id
    }

    fn facts_of(&self, kind: &NodeKind) -> Facts {
        match kind {
            NodeKind::Number(number) => Facts {
                total: true,
                sign: sign_of(number),
            },
            NodeKind::Constant(_) => Facts {
                total: true,
                sign: Sign::Positive,
            },
            NodeKind::Input(_) => Facts {
                total: true,
                sign: Sign::Unknown,
            },
            NodeKind::Sum(terms, constant) => Facts {
                total: terms.iter().all(|(term, _)| self.is_total(*term)),
                sign: self.sign_of_sum(terms, constant),
            },
            NodeKind::Product(factors) => Facts {
                total: factors.iter().all(|(base, exponent)| {
                    self.is_total(*base)
                        && (self.sign(*base) == Sign::Positive || keeps_all(exponent))
                }),
                sign: factors
                    .iter()
                    .map(|(base, exponent)| self.sign_of_power(*base, exponent))
                    .min()
                    .unwrap_or(Sign::Positive),
            },
            NodeKind::Apply(operation, arguments) => Facts {
                total: operation.domain().is_empty()
                    && arguments.iter().all(|argument| self.is_total(*argument)),
                sign: match operation {
                    Operation::Exp => Sign::Positive,
                    Operation::Abs => Sign::NonNegative,
                    _ => Sign::Unknown,
                },
            },
        }
    }

    fn sign_of_sum(&self, terms: &[Multiple], constant: &Rational) -> Sign {
        let weakest = terms
            .iter()
            .map(|(term, coefficient)| {
                if coefficient.is_negative() {
                    Sign::Unknown
                } else {
                    self.sign(*term)
                }
            })
            .min()
            .unwrap_or(Sign::NonNegative);
        match (weakest, sign_of(constant)) {
            (Sign::Unknown, _) => Sign::Unknown,
            (_, Sign::Positive) => Sign::Positive,
            (weakest, Sign::NonNegative) => weakest,
            (_, Sign::Unknown) => Sign::Unknown,
        }
    }

    fn sign_of_power(&self, base: NodeId, exponent: &Rational) -> Sign {
        match self.sign(base) {
            Sign::Positive => Sign::Positive,
            _ if !exponent.has_odd_denominator() || exponent.has_even_numerator() => {
                Sign::NonNegative
            }
            other => other,
        }
    }
}

fn sign_of(number: &Rational) -> Sign {
    if number.is_negative() {
        Sign::Unknown
    } else if number.is_zero() {
        Sign::NonNegative
    } else {
        Sign::Positive
    }
}

/// Whether a power with this exponent is defined for every base.
fn keeps_all(exponent: &Rational) -> bool {
    !exponent.is_negative() && exponent.has_odd_denominator()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::Formula;

    /// The derivative of a formula by x, and what must hold for it, in words.
    pub(super) fn derivative_by_x(text: &str) -> (String, String) {
        let mut formula = Formula::parse(text).unwrap();
        let (root, x) = (formula.root(), formula.variable("x").unwrap());
        let derived = formula.graph_mut().derive(root, &[x]);
        let graph = formula.graph();
        let conditions = derived.conditions.iter();
        let conditions: Vec<String> = conditions.map(|one| one.describe(graph)).collect();
        (graph.text(derived.roots[0]), conditions.join(" and "))
    }
}
