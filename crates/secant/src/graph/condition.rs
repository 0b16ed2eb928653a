//! [`Condition`]: what must hold for a rewrite to change nothing. It is told, never assumed.

use std::collections::{HashMap, HashSet};

use super::branch::{Branch, Place, Places};
use super::{Graph, NodeId, NodeKind, Power, Simplified, order};
use crate::elementary::Operation;
use crate::error::Error;
use crate::number::Rational;

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
    /// The node that it is about.
    pub(super) fn node(self) -> NodeId {
        match self {
            Self::NonZero(id)
            | Self::NonNegative(id)
            | Self::Positive(id)
            | Self::NotWhole(id)
            | Self::Defined(id) => id,
        }
    }

    /// The same of another node.
    pub(super) fn of(self, id: NodeId) -> Self {
        match self {
            Self::NonZero(_) => Self::NonZero(id),
            Self::NonNegative(_) => Self::NonNegative(id),
            Self::Positive(_) => Self::Positive(id),
            Self::NotWhole(_) => Self::NotWhole(id),
            Self::Defined(_) => Self::Defined(id),
        }
    }

    /// The condition as mathematics: `x ≠ 0`.
    #[must_use]
    pub fn describe(self, graph: &Graph) -> String {
        match self {
            Self::NonZero(id) => compared(graph, id, ["≠", "≠"]),
            Self::NonNegative(id) => compared(graph, id, ["≥", "≤"]),
            Self::Positive(id) => compared(graph, id, [">", "<"]),
            Self::NotWhole(id) => format!("{} not a whole number", graph.text(id)),
            Self::Defined(id) => format!("{} is defined", graph.text(id)),
        }
    }
}

/// A condition, and the branches in which alone it is needed, the outermost first; everywhere where there are none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    /// What must hold.
    pub condition: Condition,
    /// Where all of these branches are taken.
    pub within: Vec<Branch>,
}

impl Requirement {
    /// The requirement as mathematics: `x ≠ 0`, or `(x > 0 where y < 1)`.
    ///
    /// ```
    /// use secant::Formula;
    /// let mut formula = Formula::parse("if y < 1 then ln(x) else x")?;
    /// let root = formula.root();
    /// let x = formula.variable("x")?;
    /// let derived = formula.graph_mut().derive(root, &[x]);
    /// assert_eq!(derived.conditions[0].describe(formula.graph()), "(x > 0 where y < 1)");
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn describe(&self, graph: &Graph) -> String {
        let condition = self.condition.describe(graph);
        if self.within.is_empty() {
            return condition;
        }
        let branches: Vec<String> = self
            .within
            .iter()
            .map(|branch| taken(graph, *branch))
            .collect();
        format!("({condition} where {})", branches.join(" and "))
    }
}

/// Where a branch is taken: the condition itself, or its opposite.
fn taken(graph: &Graph, Branch { condition, holds }: Branch) -> String {
    if holds {
        return graph.text(condition);
    }
    let NodeKind::Apply(operation, arguments) = graph.kind(condition) else {
        return format!("not ({})", graph.text(condition));
    };
    let sign = match operation {
        Operation::Less => "≥",
        Operation::LessEqual => ">",
        Operation::Greater => "≤",
        Operation::GreaterEqual => "<",
        Operation::Equal => "≠",
        Operation::NotEqual => "=",
        Operation::Not => return graph.text(arguments[0]),
        _ => return format!("not ({})", graph.text(condition)),
    };
    format!(
        "{} {sign} {}",
        graph.text(arguments[0]),
        graph.text(arguments[1])
    )
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
    /// with them, and a root, a Bessel function or a polygamma function whose order does.
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
        self.reachable(&[root]).into_iter().find(|id| {
            let NodeKind::Apply(operation, arguments) = self.kind(*id) else {
                return false;
            };
            let whole = match operation {
                Operation::Factorial | Operation::BesselJ | Operation::Polygamma => 0,
                Operation::Root | Operation::SphericalBessel => 1,
                _ => return false,
            };
            varies[arguments[whole].index()]
        })
    }

    /// That a derivative by these inputs in turn can be written with the functions there are.
    ///
    /// # Errors
    /// Where a function of whole order, as a Bessel function, would be needed beyond the largest one.
    pub fn can_derive(&self, root: NodeId, inputs: &[usize]) -> Result<(), Error> {
        self.beyond_orders(root, inputs).map_or(Ok(()), Err)
    }

    /// A derivative of a node, simplified, with everything that must hold for it.
    fn finish(
        &mut self,
        root: NodeId,
        inputs: &[usize],
        derivative: NodeId,
        lost: Vec<Condition>,
    ) -> Simplified {
        let mut places = Places::default();
        let (roots, account) = self.simplified(&[derivative], &mut places);
        let varies = self.varying(|input| inputs.contains(&input));
        let moves = |id: NodeId| varies[id.index()];
        let mut kept = self.demands(&roots, |_| false, &mut places);
        kept.retain(|(_, place)| places.is_exact(*place));
        let kept = Needed::new(kept);
        let mut lost: Vec<_> = lost
            .into_iter()
            .map(|condition| (condition, Place::EVERYWHERE))
            .collect();
        // What moves in steps alone stands still wherever it has a slope.
        let reachable = self.reachable(&[root]);
        let flowing = self.flowing(&reachable, moves);
        lost.extend(self.demands(&[root], |id| flowing.contains(&id), &mut places));
        lost.extend(self.constants_without_value(root, &mut places));
        lost.retain(|(condition, place)| !kept.has(*condition, *place, &places));
        lost.extend(self.kinks(root, moves, &mut places));
        lost.retain(|(condition, _)| !self.always_holds(*condition));
        let all = [account.conditions, lost].concat().into_iter();
        let needed = all.map(|(condition, place)| (self.plainly(condition), place));
        let needed =
            needed.filter(|(condition, place)| !kept.says_more(*condition, *place, &places));
        let conditions = self.required(needed.collect(), &places);
        Simplified {
            roots,
            conditions,
            rewrites: account.rewrites,
        }
    }

    /// The same, where it says no more than that what is divided by is not 0.
    fn plainly(&self, condition: Condition) -> Condition {
        let Condition::Defined(id) = condition else {
            return condition;
        };
        match self.kind(id) {
            NodeKind::Product(factors) => match factors.as_slice() {
                [(base, to)] if to.is_integer() && to.is_negative() && self.is_total(*base) => {
                    Condition::NonZero(*base)
                }
                _ => condition,
            },
            _ => condition,
        }
    }

    /// Each condition once, the weaker ones left out, with the branches in which it is needed: those that it does not follow from.
    pub(super) fn required(
        &mut self,
        needed: Vec<(Condition, Place)>,
        places: &Places,
    ) -> Vec<Requirement> {
        let mut requirements: Vec<Requirement> = Vec::new();
        for (condition, place) in joined(needed, places) {
            let branches: Vec<Branch> = places
                .branches(place)
                .map(|branch| self.plain_branch(branch))
                .collect();
            let condition = branches.iter().rev().fold(condition, |condition, branch| {
                condition.of(self.within(condition.node(), *branch))
            });
            let facts: Vec<Vec<Condition>> =
                branches.iter().map(|branch| self.facts(*branch)).collect();
            if self.always_holds(condition) || self.follows_from(condition, &facts.concat()) {
                continue;
            }
            let within = branches.iter().zip(&facts);
            let within = within.filter(|(_, facts)| !self.is_taken_at_zero(condition, facts));
            let within = within.map(|(branch, _)| *branch).rev().collect();
            let requirement = Requirement { condition, within };
            if !requirements.contains(&requirement) {
                requirements.push(requirement);
            }
        }
        requirements
    }
}

/// A node against 0, in this relation or, seen from the other side, in its mirror image. `2 x - 1 > 0` reads best as `x > 1/2`, `a - b > 0` as
/// `a > b`, and what the arcsine asks for, `(1 - x) (1 + x) > 0`, as `-1 < x < 1`.
fn compared(graph: &Graph, id: NodeId, [relation, mirrored]: [&str; 2]) -> String {
    // A comparison of a comparison would be read as a chain.
    let text = |id| match graph.kind(id) {
        NodeKind::Apply(operation, _) if operation.is_truth() => format!("({})", graph.text(id)),
        _ => graph.text(id),
    };
    match graph.kind(id) {
        NodeKind::Sum(terms, constant) => match terms.as_slice() {
            [(x, by)] => {
                let relation = if by.is_negative() { mirrored } else { relation };
                if let Some(bound) = -constant.clone() / by.clone() {
                    return format!("{} {relation} {bound}", text(*x));
                }
            }
            [(a, one), (b, other)]
                if constant.is_zero() && one.is_one() && *other == -Rational::ONE =>
            {
                return format!("{} {relation} {}", text(*a), text(*b));
            }
            _ => {}
        },
        NodeKind::Product(factors) if relation != mirrored => {
            if let Some(x) = inside_unit(graph, factors) {
                return format!("-1 {mirrored} {} {mirrored} 1", text(x));
            }
        }
        _ => {}
    }
    format!("{} {relation} 0", text(id))
}

/// The x of `(1 - x) (1 + x)`.
fn inside_unit(graph: &Graph, factors: &[Power]) -> Option<NodeId> {
    let distance = |(base, to): &Power| match graph.kind(*base) {
        NodeKind::Sum(terms, constant) if to.is_one() && constant.is_one() => {
            match terms.as_slice() {
                [(x, by)] if by.abs().is_one() => Some((*x, by.is_negative())),
                _ => None,
            }
        }
        _ => None,
    };
    match factors {
        [a, b] => {
            let ((x, below), (y, above)) = (distance(a)?, distance(b)?);
            (x == y && below != above).then_some(x)
        }
        _ => None,
    }
}

/// Conditions, and where they are needed.
struct Needed(HashMap<Condition, Vec<Place>>);

impl Needed {
    fn new(needed: Vec<(Condition, Place)>) -> Self {
        let mut all: HashMap<Condition, Vec<Place>> = HashMap::new();
        for (condition, place) in needed {
            let known = all.entry(condition).or_default();
            if !known.contains(&place) {
                known.push(place);
            }
        }
        Self(all)
    }

    /// Whether a condition is needed at a place or around it.
    fn has(&self, condition: Condition, place: Place, places: &Places) -> bool {
        let known = self.0.get(&condition);
        known.is_some_and(|known| known.iter().any(|outer| places.is_within(place, *outer)))
    }

    /// Whether it is needed around a place, and not only there.
    fn has_around(&self, condition: Condition, place: Place, places: &Places) -> bool {
        let Some(known) = self.0.get(&condition) else {
            return false;
        };
        known
            .iter()
            .any(|outer| *outer != place && places.is_within(place, *outer))
    }

    /// Whether one of these says more.
    fn says_more(&self, condition: Condition, place: Place, places: &Places) -> bool {
        match condition {
            Condition::NonZero(id) | Condition::NonNegative(id) => {
                self.has(Condition::Positive(id), place, places)
            }
            Condition::Positive(_) | Condition::NotWhole(_) | Condition::Defined(_) => false,
        }
    }
}

/// Each condition once, the weaker ones left out; not 0 and not negative is positive, and what both branches need is needed around them.
fn joined(needed: Vec<(Condition, Place)>, places: &Places) -> Vec<(Condition, Place)> {
    let all = Needed::new(needed.clone());
    let together = |(condition, place): (Condition, Place)| {
        let has = |condition| all.has(condition, place, places);
        let condition = match condition {
            Condition::NonZero(id) if has(Condition::NonNegative(id)) => Condition::Positive(id),
            Condition::NonNegative(id) if has(Condition::NonZero(id)) => Condition::Positive(id),
            other => other,
        };
        let mut place = place;
        let is_in_both = |(beside, _): &(Place, Place)| all.has(condition, *beside, places);
        while let Some((_, around)) = places.beside(place).filter(is_in_both) {
            place = around;
        }
        (condition, place)
    };
    let together: Vec<_> = needed.into_iter().map(together).collect();
    let all = Needed::new(together.clone());
    let mut told: HashSet<(Condition, Place)> = HashSet::new();
    let is_told = |(condition, place): &(Condition, Place)| {
        !all.says_more(*condition, *place, places)
            && !all.has_around(*condition, *place, places)
            && told.insert((*condition, *place))
    };
    together.into_iter().filter(is_told).collect()
}
