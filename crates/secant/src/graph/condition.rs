//! [`Condition`]: what must hold for a rewrite to change nothing. It is told, never assumed.

use std::collections::{HashMap, HashSet};

use super::{Graph, NodeId, NodeKind, Simplified, order};
use crate::elementary::Operation;
use crate::number::{Interval, Rational};

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
        let text = |id| graph.text(id);
        match self {
            Self::NonZero(id) => unequal(graph, id),
            Self::NonNegative(id) => format!("{} ≥ 0", text(id)),
            Self::Positive(id) => format!("{} > 0", text(id)),
            Self::NotWhole(id) => format!("{} not a whole number", text(id)),
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
        let kept: HashSet<Condition> = self.demands(&derived.roots).into_iter().collect();
        lost.extend(self.demands(&[root]));
        lost.extend(self.domains(root));
        lost.extend(self.constants_without_value(root));
        lost.retain(|condition| !kept.contains(condition));
        lost.extend(self.kinks(root, inputs));
        lost.retain(|condition| !self.always_holds(*condition));
        let conditions = [derived.conditions, lost].concat().into_iter();
        derived.conditions = joined(
            conditions
                .filter(|condition| !condition.weaker_than(&kept))
                .collect(),
        );
        derived
    }

    /// Where a function of the formula has no derivative, though the formula of the derivative has a value there.
    fn kinks(&mut self, root: NodeId, inputs: &[usize]) -> Vec<Condition> {
        let varies = self.varying(|input| inputs.contains(&input));
        let varying = |id: &NodeId| varies[id.index()];
        let mut kinks = Vec::new();
        for id in self.reachable(&[root]).into_iter().filter(varying) {
            if let NodeKind::Apply(operation, arguments) = self.kind(id).clone() {
                kinks.extend(self.kink(operation, &arguments));
            }
        }
        kinks
    }

    /// What must hold for a function with kinks to have a derivative.
    fn kink(&mut self, operation: Operation, arguments: &[NodeId]) -> Option<Condition> {
        let one = Rational::ONE;
        match (operation, arguments) {
            (
                Operation::Abs
                | Operation::Sign
                | Operation::Heaviside
                | Operation::Relu
                | Operation::Acot,
                [x],
            ) => Some(Condition::NonZero(*x)),
            (Operation::Floor | Operation::Ceil, [x]) => Some(Condition::NotWhole(*x)),
            (Operation::Round, [x]) => {
                let half = Rational::new(1, 2)?;
                Some(Condition::NotWhole(self.sum([(*x, one)], half)))
            }
            // What is held against itself changes nowhere.
            (_, [a, b]) if a == b => None,
            (Operation::Mod, [a, b]) => {
                Some(Condition::NotWhole(self.apply(Operation::Div, &[*a, *b])))
            }
            (Operation::Min | Operation::Max, [a, b]) => {
                Some(Condition::NonZero(self.apply(Operation::Sub, &[*a, *b])))
            }
            (comparison, [a, b]) if comparison.is_comparison() => {
                Some(Condition::NonZero(self.apply(Operation::Sub, &[*a, *b])))
            }
            _ => None,
        }
    }

    /// Where functions have a value, whose derivatives have one at other places too.
    fn domains(&mut self, root: NodeId) -> Vec<Condition> {
        let one = Rational::ONE;
        let mut domains = Vec::new();
        for id in self.reachable(&[root]) {
            let NodeKind::Apply(operation, arguments) = self.kind(id) else {
                continue;
            };
            let (operation, x) = (*operation, arguments[0]);
            let mut above = |by: &Rational, least: &Rational| {
                let distance = self.sum([(x, by.clone())], -least.clone());
                domains.push(Condition::Positive(distance));
            };
            match operation {
                Operation::Log1p => above(&one, &-one.clone()),
                Operation::Acosh => above(&one, &one),
                Operation::Atanh => {
                    above(&one, &-one.clone());
                    above(&-one.clone(), &-one.clone());
                }
                _ => {}
            }
        }
        domains
    }

    /// Functions of numbers that have no value, as the gamma function of -3: the formula has none anywhere, and its derivative may not show it.
    fn constants_without_value(&self, root: NodeId) -> Vec<Condition> {
        let mut ranges: HashMap<NodeId, Interval> = HashMap::new();
        let mut without = Vec::new();
        for id in self.reachable(&[root]) {
            let range = match self.kind(id) {
                NodeKind::Number(number) => Some(number.enclose()),
                NodeKind::Constant(constant) => Some(constant.enclose()),
                NodeKind::Apply(operation, arguments) => {
                    let known = arguments
                        .iter()
                        .map(|argument| ranges.get(argument).copied());
                    known
                        .collect::<Option<Vec<_>>>()
                        .map(|x| operation.enclose(&x))
                }
                NodeKind::Input(_) | NodeKind::Sum(..) | NodeKind::Product(_) => None,
            };
            match range {
                // What is made of it has none either, and need not be told.
                Some(range) if range.is_empty() => without.push(Condition::Defined(id)),
                Some(range) => {
                    ranges.insert(id, range);
                }
                None => {}
            }
        }
        // A logarithm of such a number tells more by what it demands of it.
        let tells_itself = |id: NodeId| !self.demands(&[id]).is_empty();
        without
            .retain(|condition| !matches!(condition, Condition::Defined(id) if tells_itself(*id)));
        without
    }

    /// What these nodes demand of their parts to have a value: logarithms and powers alone, since the derivatives of most other
    /// functions demand what the function does.
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

/// `a - b` that is not 0 reads best as `a ≠ b`.
fn unequal(graph: &Graph, id: NodeId) -> String {
    let minus = -Rational::ONE;
    if let NodeKind::Sum(terms, constant) = graph.kind(id) {
        match terms.as_slice() {
            [(x, by)] if by.is_one() => {
                return format!("{} ≠ {}", graph.text(*x), -constant.clone());
            }
            [(x, by)] if *by == minus => return format!("{} ≠ {constant}", graph.text(*x)),
            [(a, one), (b, other)] if constant.is_zero() && one.is_one() && *other == minus => {
                return format!("{} ≠ {}", graph.text(*a), graph.text(*b));
            }
            _ => {}
        }
    }
    format!("{} ≠ 0", graph.text(id))
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
