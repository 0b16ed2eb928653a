//! The rules of differentiation, one node at a time: [`Graph::rule`] finds which one serves a node and writes its right
//! side over the derivatives of the node's parts; `right_side` puts those in. With the parts' derivatives it gives the
//! derivative of the node, with letters for them a line of a derivation, so that the two cannot disagree. The rule of
//! a function is read from the table.

use super::{Graph, Multiple, NodeId, NodeKind, Power, Sign};
use crate::elementary::Operation;
use crate::number::{Interval, Rational};

/// A rule of differentiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// What does not move has the derivative 0.
    Constant,
    /// The input itself.
    Variable,
    /// A sum, term by term.
    Sum,
    /// A sum with a negative term.
    Difference,
    /// What does not move, times the rest.
    Multiple,
    /// Two or more factors that move.
    Product,
    /// A denominator that moves below a numerator that moves.
    Quotient,
    /// An exponent that does not move.
    Power,
    /// Base and exponent move.
    Logarithmic,
    /// Each branch of a choice for itself.
    Branches,
    /// A function of the table.
    Function(Operation),
}

/// A rule applied to a node.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    pub(crate) rule: Rule,
    pub(crate) of: NodeId,
    /// Of a function, which arguments move.
    pub(crate) moving: [bool; 3],
    right: RightSide,
}

#[derive(Clone, Debug)]
enum RightSide {
    Nothing,
    One,
    /// The sum of numbers times nodes times the derivatives of parts.
    Terms(Vec<Term>),
    /// A condition, and the part on either side.
    Branches([NodeId; 3]),
}

#[derive(Clone, Debug)]
pub(super) struct Term {
    coefficient: Rational,
    pub(super) factor: NodeId,
    pub(super) part: NodeId,
}

/// The names of derivatives still to be found begin here, with letters that no text has.
const FIRST_PENDING: char = '\u{F0000}';

impl Applied {
    /// The parts whose derivatives the right side holds.
    pub(crate) fn parts(&self) -> impl Iterator<Item = NodeId> + '_ {
        let (terms, branches): (&[Term], &[NodeId]) = match &self.right {
            RightSide::Nothing | RightSide::One => (&[], &[]),
            RightSide::Terms(terms) => (terms, &[]),
            RightSide::Branches([_, branches @ ..]) => (&[], branches),
        };
        terms
            .iter()
            .map(|term| term.part)
            .chain(branches.iter().copied())
    }
}

impl Graph {
    /// A further input that stands for a derivative still to be found; its name is one letter that no text has.
    pub(crate) fn add_pending(&mut self) -> NodeId {
        let count = self.names.iter().filter(|name| is_pending(name)).count();
        let letter = (FIRST_PENDING..).nth(count).unwrap_or(char::MAX);
        self.names.push(letter.to_string().into());
        self.input(self.names.len() - 1)
    }

    /// Whether the node stands for a derivative still to be found.
    pub(super) fn is_pending(&self, id: NodeId) -> bool {
        let name = match self.kind(id) {
            NodeKind::Input(input) => self.names.get(*input),
            _ => None,
        };
        name.is_some_and(|name| is_pending(name))
    }

    /// The rule that serves a node, with its right side. Terms of a sum that do not move are only part of it where `all` is
    /// asked for: they add nothing but a line for a reader.
    pub(crate) fn rule(&mut self, id: NodeId, varies: &[bool], all: bool) -> Applied {
        self.rule_within(id, varies, &[], all)
    }

    /// The same within a formula, whose nodes [beneath what may have no slope](Self::beneath_edges) are marked.
    pub(super) fn rule_within(
        &mut self,
        id: NodeId,
        varies: &[bool],
        beneath: &[bool],
        all: bool,
    ) -> Applied {
        let mut moving = [false; 3];
        let is_beneath = beneath.get(id.index()) == Some(&true);
        let (rule, right) = if !varies[id.index()] {
            (Rule::Constant, RightSide::Nothing)
        } else {
            match self.kind(id).clone() {
                NodeKind::Number(_) | NodeKind::Constant(_) => (Rule::Constant, RightSide::Nothing),
                NodeKind::Input(_) => (Rule::Variable, RightSide::One),
                NodeKind::Sum(terms, constant) => self.rule_of_sum(&terms, &constant, varies, all),
                NodeKind::Product(factors) => {
                    match self.switched(&factors).filter(|_| is_beneath) {
                        Some((condition, rest)) => {
                            let (rest, zero) = (self.product(rest), self.number(0));
                            (Rule::Product, RightSide::Branches([condition, rest, zero]))
                        }
                        None => self.rule_of_product(factors, varies),
                    }
                }
                NodeKind::Apply(Operation::Choose, arguments) => (
                    Rule::Branches,
                    RightSide::Branches([arguments[0], arguments[1], arguments[2]]),
                ),
                NodeKind::Apply(operation, arguments) => {
                    moving = which_move(&arguments, |argument| varies[argument.index()]);
                    let right = match self.taken(operation, &arguments, id, moving, is_beneath) {
                        Some((condition, place)) => {
                            let zero = self.number(0);
                            let other = arguments.get(1 - place).copied().unwrap_or(zero);
                            RightSide::Branches([condition, arguments[place], other])
                        }
                        None => RightSide::Terms(
                            self.terms_of_function(operation, &arguments, id, moving),
                        ),
                    };
                    (rule_of_function(operation, moving), right)
                }
            }
        };
        Applied {
            rule,
            of: id,
            moving,
            right,
        }
    }

    /// The right side, with these for the derivatives of the parts; `None` where nothing moves.
    pub(crate) fn right_side(
        &mut self,
        applied: &Applied,
        derivative: impl Fn(NodeId) -> Option<NodeId>,
    ) -> Option<NodeId> {
        match &applied.right {
            RightSide::Nothing => None,
            RightSide::One => Some(self.number(1)),
            RightSide::Branches([condition, then, otherwise]) => {
                let (then, otherwise) = (derivative(*then), derivative(*otherwise));
                let zero = self.number(0);
                let still = |arm: Option<NodeId>| arm.is_none_or(|arm| arm == zero);
                if still(then) && still(otherwise) {
                    return None;
                }
                let arms = [*condition, then.unwrap_or(zero), otherwise.unwrap_or(zero)];
                Some(self.apply(Operation::Choose, &arms))
            }
            RightSide::Terms(terms) => {
                let mut sum = Vec::new();
                for term in terms {
                    if let Some(derivative) = derivative(term.part) {
                        self.link(term, derivative, &mut sum);
                    }
                }
                (!sum.is_empty()).then(|| self.sum(sum, Rational::ZERO))
            }
        }
    }

    /// A link of the chain: the factor times the derivative of the part. A number before the derivative comes to the front,
    /// and the terms that the product rule gave for a product within a product stay terms.
    fn link(&mut self, term: &Term, derivative: NodeId, sum: &mut Vec<Multiple>) {
        let coefficient = || term.coefficient.clone();
        let NodeKind::Sum(terms, constant) = self.kind(derivative).clone() else {
            sum.push((self.chain(term.factor, derivative), coefficient()));
            return;
        };
        let is_multiple = terms.len() == 1 && constant.is_zero();
        let is_alone = self.as_number(term.factor).is_some_and(Rational::is_one);
        let opens = self.is_short(terms.len())
            && matches!(self.kind(term.part), NodeKind::Product(factors) if factors.len() > 1);
        if !is_multiple && (is_alone || !opens) {
            sum.push((self.chain(term.factor, derivative), coefficient()));
            return;
        }
        for (inner, by) in terms {
            sum.push((self.chain(term.factor, inner), by * coefficient()));
        }
        if !constant.is_zero() {
            sum.push((term.factor, constant * coefficient()));
        }
    }

    fn rule_of_sum(
        &mut self,
        terms: &[Multiple],
        constant: &Rational,
        varies: &[bool],
        all: bool,
    ) -> (Rule, RightSide) {
        let one = self.number(1);
        if let ([(part, coefficient)], true) = (terms, constant.is_zero()) {
            let term = Term {
                coefficient: coefficient.clone(),
                factor: one,
                part: *part,
            };
            return (Rule::Multiple, RightSide::Terms(vec![term]));
        }
        let mut parts: Vec<Multiple> = Vec::new();
        for (term, coefficient) in self.in_written_order(terms) {
            if all || varies[term.index()] {
                parts.push((*term, coefficient.clone()));
            }
        }
        if all && !constant.is_zero() {
            parts.push((one, constant.clone()));
        }
        let mut result = Vec::new();
        for (term, coefficient) in parts {
            let sign = if coefficient.is_negative() {
                -Rational::ONE
            } else {
                Rational::ONE
            };
            let part = self.scaled(term, coefficient.abs());
            result.push(Term {
                coefficient: sign,
                factor: one,
                part,
            });
        }
        let is_difference = result.iter().any(|term| term.coefficient.is_negative());
        let rule = if is_difference {
            Rule::Difference
        } else {
            Rule::Sum
        };
        (rule, RightSide::Terms(result))
    }

    fn rule_of_product(&mut self, factors: Vec<Power>, varies: &[bool]) -> (Rule, RightSide) {
        let (moving, still): (Vec<Power>, Vec<Power>) = factors
            .into_iter()
            .partition(|(base, _)| varies[base.index()]);
        let plain = |factor: NodeId, part: NodeId| Term {
            coefficient: Rational::ONE,
            factor,
            part,
        };
        if !still.is_empty() {
            let (factor, part) = (self.product(still), self.product(moving));
            return (Rule::Multiple, RightSide::Terms(vec![plain(factor, part)]));
        }
        if let [(base, exponent)] = moving.as_slice() {
            let term = Term {
                coefficient: exponent.clone(),
                factor: self.lowered(*base, exponent),
                part: *base,
            };
            return (Rule::Power, RightSide::Terms(vec![term]));
        }
        let (below, above): (Vec<Power>, Vec<Power>) = moving
            .iter()
            .cloned()
            .partition(|(_, exponent)| exponent.is_negative());
        if !below.is_empty() && !above.is_empty() {
            return (Rule::Quotient, self.quotient_rule(&above, &below));
        }
        let mut terms = Vec::new();
        for place in 0..moving.len() {
            let others = moving
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place);
            let others: Vec<Power> = others.map(|(_, power)| power.clone()).collect();
            let factor = self.product(others);
            let part = self.product([moving[place].clone()]);
            terms.push(plain(factor, part));
        }
        (Rule::Product, RightSide::Terms(terms))
    }

    /// `u'/v - u v'/v^2`, where `below` holds the powers of `1/v`.
    fn quotient_rule(&mut self, above: &[Power], below: &[Power]) -> RightSide {
        let times = |power: &Power, by: Rational| (power.0, power.1.clone() * by);
        let minus = || -Rational::ONE;
        let u = self.product(above.to_vec());
        let v = self.product(below.iter().map(|power| times(power, minus())));
        let to_u = self.product(below.to_vec());
        let squared = below.iter().map(|power| times(power, Rational::from(2)));
        let to_v = self.product(above.iter().cloned().chain(squared));
        RightSide::Terms(vec![
            Term {
                coefficient: Rational::ONE,
                factor: to_u,
                part: u,
            },
            Term {
                coefficient: minus(),
                factor: to_v,
                part: v,
            },
        ])
    }

    /// Where a function gives one of two numbers, and a partial derivative of 0 or 1 is not to be multiplied with: a condition, and the place of the argument
    /// that is given where it holds. Of two that move, the one not taken may have no value. Of one, what is made of it may have no slope while it stands
    /// still, as the square root of `max(x, 0)` has none below 0.
    pub(super) fn taken(
        &mut self,
        operation: Operation,
        arguments: &[NodeId],
        value: NodeId,
        moving: [bool; 3],
        is_beneath: bool,
    ) -> Option<(NodeId, usize)> {
        let is_one_of_two = matches!(operation, Operation::Min | Operation::Max);
        if is_one_of_two && moving[0] && moving[1] {
            return Some((self.partials(operation, arguments, value)[0]?, 0));
        }
        if !is_beneath || !is_one_of_two && operation != Operation::Relu {
            return None;
        }
        let zero = self.number(0);
        let place = usize::from(!moving[0]);
        let other = arguments.get(1 - place).copied().unwrap_or(zero);
        let comparison = if operation == Operation::Min {
            Operation::Less
        } else {
            Operation::Greater
        };
        Some((self.apply(comparison, &[arguments[place], other]), place))
    }

    /// A product with a truth that switches it on, as `(x > 0)*x`: the truth, and the rest, which has a value everywhere.
    pub(super) fn switched(&self, factors: &[Power]) -> Option<(NodeId, Vec<Power>)> {
        let is_truth = |(base, exponent): &Power| {
            exponent.is_one()
                && matches!(self.kind(*base), NodeKind::Apply(operation, _) if operation.is_truth())
        };
        let place = factors.iter().position(is_truth)?;
        let mut rest = factors.to_vec();
        let (condition, _) = rest.remove(place);
        let is_total = |(base, exponent): &Power| {
            self.is_total(*base) && exponent.is_integer() && !exponent.is_negative()
        };
        rest.iter().all(is_total).then_some((condition, rest))
    }

    /// Which nodes stand beneath a power or function that does not have a finite slope for all numbers.
    pub(super) fn beneath_edges(&self, roots: &[NodeId]) -> Vec<bool> {
        let mut beneath = vec![false; self.len()];
        for id in self.reachable(roots).into_iter().rev() {
            let is_beneath = beneath[id.index()];
            match self.kind(id) {
                NodeKind::Product(factors) => {
                    for (base, exponent) in factors {
                        let has_edge = self.sign(*base) != Sign::Positive
                            && (exponent.is_negative() || !exponent.is_integer());
                        beneath[base.index()] |= is_beneath || has_edge;
                    }
                }
                NodeKind::Apply(operation, arguments) => {
                    let has_edge = has_edge(*operation);
                    for argument in arguments {
                        beneath[argument.index()] |= is_beneath || has_edge;
                    }
                }
                kind => kind.each_argument(|argument| beneath[argument.index()] |= is_beneath),
            }
        }
        beneath
    }

    /// The chain rule, with the partials of the table.
    pub(super) fn terms_of_function(
        &mut self,
        operation: Operation,
        arguments: &[NodeId],
        value: NodeId,
        moving: [bool; 3],
    ) -> Vec<Term> {
        let partials = self.partials(operation, arguments, value);
        let moving = arguments.iter().zip(moving).zip(partials);
        moving
            .filter(|((_, moves), _)| *moves)
            .filter_map(|((argument, _), partial)| {
                Some(Term {
                    coefficient: Rational::ONE,
                    factor: partial?,
                    part: *argument,
                })
            })
            .collect()
    }
}

/// Which arguments of a function move.
pub(super) fn which_move(arguments: &[NodeId], moves: impl Fn(NodeId) -> bool) -> [bool; 3] {
    [0, 1, 2].map(|place| {
        arguments
            .get(place)
            .is_some_and(|argument| moves(*argument))
    })
}

/// Whether the slope of a function is infinite or missing at some number, other than at a corner or a jump.
fn has_edge(operation: Operation) -> bool {
    use Operation as O;
    let is_piecewise = operation.is_step()
        || matches!(
            operation,
            O::Abs | O::Relu | O::Min | O::Max | O::Mod | O::Choose
        );
    !is_piecewise && !operation.is_smooth(&[Interval::WHOLE; 3])
}

fn is_pending(name: &str) -> bool {
    name.starts_with(|first| first >= FIRST_PENDING)
}

/// Arithmetic that a graph keeps as a function goes by the name of its rule.
fn rule_of_function(operation: Operation, moving: [bool; 3]) -> Rule {
    match (operation, moving) {
        (Operation::Pow, [true, true, _]) => Rule::Logarithmic,
        (Operation::Pow, [true, false, _]) => Rule::Power,
        (Operation::Mul, [true, true, _]) => Rule::Product,
        (Operation::Mul, _) => Rule::Multiple,
        _ => Rule::Function(operation),
    }
}
