//! Where in a formula a node counts: what stands in a branch alone counts only where the branch is taken, and so does what it needs.

use std::collections::HashMap;

use super::{Condition, Graph, NodeId, NodeKind};
use crate::elementary::Operation;
use crate::number::Rational;

/// A branch: where a condition holds, or where it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Branch {
    /// What decides.
    pub condition: NodeId,
    /// Whether this is the branch where it holds.
    pub holds: bool,
}

/// Branches within branches are told apart to this depth; what stands deeper counts as needed all over the place at it, which asks for more
/// and never for less. Else a choice of a thousand pieces would cost the square of their number.
const DEEPEST: usize = 32;

/// A branch within a branch and so on, as a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct Place(usize);

impl Place {
    /// Outside of all branches.
    pub(super) const EVERYWHERE: Self = Self(0);
}

/// All places met so far: each is a branch within an earlier one.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    branches: Vec<(Place, Branch)>,
    depths: Vec<usize>,
    index: HashMap<(Place, Branch), Place>,
}

impl Places {
    /// The place around this one, and its branch.
    fn parent(&self, place: Place) -> Option<(Place, Branch)> {
        self.branches.get(place.0.checked_sub(1)?).copied()
    }

    fn depth(&self, place: Place) -> usize {
        place.0.checked_sub(1).map_or(0, |index| self.depths[index])
    }

    /// Its branches, from the innermost.
    pub(super) fn branches(&self, place: Place) -> impl Iterator<Item = Branch> + '_ {
        let first = self.parent(place);
        std::iter::successors(first, |(around, _)| self.parent(*around)).map(|(_, branch)| branch)
    }

    /// Whether a place is known for what it is, and may not lie deeper.
    pub(super) fn is_exact(&self, place: Place) -> bool {
        self.depth(place) < DEEPEST
    }

    /// A branch within a place.
    pub(super) fn within(&mut self, place: Place, branch: Branch) -> Place {
        if !self.is_exact(place) {
            return place;
        }
        if let Some(known) = self.index.get(&(place, branch)) {
            return *known;
        }
        self.branches.push((place, branch));
        self.depths.push(self.depth(place) + 1);
        let inner = Place(self.branches.len());
        self.index.insert((place, branch), inner);
        inner
    }

    /// The innermost place around both.
    fn common(&self, mut a: Place, mut b: Place) -> Place {
        let around = |place| {
            self.parent(place)
                .map_or(Place::EVERYWHERE, |(around, _)| around)
        };
        while a != b {
            if self.depth(a) >= self.depth(b) {
                a = around(a);
            } else {
                b = around(b);
            }
        }
        a
    }

    /// Whether one place lies within the other, or is it.
    pub(super) fn is_within(&self, inner: Place, outer: Place) -> bool {
        self.common(inner, outer) == outer
    }

    /// The place around, where it consists of this place and another one.
    pub(super) fn beside(&self, place: Place) -> Option<(Place, Place)> {
        let (around, branch) = self.parent(place)?;
        let other = Branch {
            holds: !branch.holds,
            ..branch
        };
        Some((*self.index.get(&(around, other))?, around))
    }
}

impl Graph {
    /// Where each node counts that the roots are made of, by node.
    pub(super) fn places(&self, roots: &[NodeId], places: &mut Places) -> Vec<Place> {
        let mut placed: Vec<Option<Place>> = vec![None; self.len()];
        for root in roots {
            placed[root.index()] = Some(Place::EVERYWHERE);
        }
        for index in (0..self.len()).rev() {
            let Some(place) = placed[index] else {
                continue;
            };
            let mut reached = Vec::new();
            match &self.nodes[index] {
                NodeKind::Apply(Operation::Choose, arguments) => {
                    let condition = arguments[0];
                    reached.push((condition, place));
                    for (arm, holds) in [(arguments[1], true), (arguments[2], false)] {
                        let inner = places.within(place, Branch { condition, holds });
                        reached.push((arm, inner));
                    }
                }
                kind => kind.each_argument(|argument| reached.push((argument, place))),
            }
            for (argument, place) in reached {
                let placed = &mut placed[argument.index()];
                *placed = Some(placed.map_or(place, |known| places.common(known, place)));
            }
        }
        placed.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// What is known where a branch is taken.
    pub(super) fn facts(&mut self, branch: Branch) -> Vec<Condition> {
        use Operation as O;
        let mut facts = Vec::new();
        let mut pending = vec![branch];
        while let Some(Branch { condition, holds }) = pending.pop() {
            let NodeKind::Apply(operation, arguments) = self.kind(condition).clone() else {
                continue;
            };
            let (a, b) = match (operation, arguments.as_slice()) {
                (O::Not, [of]) => {
                    pending.push(Branch {
                        condition: *of,
                        holds: !holds,
                    });
                    continue;
                }
                (O::And, both) | (O::Or, both) => {
                    if holds == (operation == O::And) {
                        pending.extend(both.iter().map(|part| Branch {
                            condition: *part,
                            holds,
                        }));
                    }
                    continue;
                }
                (_, [a, b]) => (*a, *b),
                _ => continue,
            };
            let mut difference =
                |a, b| self.sum([(a, Rational::ONE), (b, -Rational::ONE)], Rational::ZERO);
            facts.extend(match (operation, holds) {
                (O::Less, true) | (O::GreaterEqual, false) => {
                    Some(Condition::Positive(difference(b, a)))
                }
                (O::Greater, true) | (O::LessEqual, false) => {
                    Some(Condition::Positive(difference(a, b)))
                }
                (O::LessEqual, true) | (O::Greater, false) => {
                    Some(Condition::NonNegative(difference(b, a)))
                }
                (O::GreaterEqual, true) | (O::Less, false) => {
                    Some(Condition::NonNegative(difference(a, b)))
                }
                (O::NotEqual, true) | (O::Equal, false) => {
                    Some(Condition::NonZero(difference(a, b)))
                }
                _ => None,
            });
        }
        facts
    }

    /// A node as a multiple, of size 1, of another and a number: `2 x - 1` as `x - 1/2`.
    fn line(&self, id: NodeId) -> (NodeId, Rational, Rational) {
        if let NodeKind::Sum(terms, constant) = self.kind(id)
            && let [(x, by)] = terms.as_slice()
            && let (Some(sign), Some(distance)) =
                (by.clone() / by.abs(), constant.clone() / by.abs())
        {
            return (*x, sign, distance);
        }
        (id, Rational::ONE, Rational::ZERO)
    }

    /// Whether a condition holds where this fact does.
    pub(super) fn follows(&self, condition: Condition, fact: Condition) -> bool {
        use Condition as C;
        let (
            C::Positive(known) | C::NonNegative(known) | C::NonZero(known),
            C::Positive(asked) | C::NonNegative(asked) | C::NonZero(asked),
        ) = (fact, condition)
        else {
            return condition == fact;
        };
        let ((x, sign, from), (y, other, to)) = (self.line(known), self.line(asked));
        if x != y {
            return false;
        }
        // Of a number that is not 0 both signs are looked at.
        let (to, is_turned) = if sign == other {
            (to, false)
        } else {
            (-to, true)
        };
        match (fact, condition) {
            (C::NonZero(_), C::NonZero(_)) => from == to,
            (C::NonZero(_), _) => false,
            (_, C::Positive(_) | C::NonNegative(_)) if is_turned => false,
            (C::NonNegative(_), C::Positive(_) | C::NonZero(_)) => to > from,
            _ => to >= from,
        }
    }

    /// Whether a branch is taken where a condition fails that excludes one number: then the condition is the same without the branch.
    pub(super) fn is_taken_at_zero(&self, condition: Condition, facts: &[Condition]) -> bool {
        let Condition::NonZero(id) = condition else {
            return false;
        };
        let (x, sign, distance) = self.line(id);
        // At -distance the signed x is 0.
        let at_zero = |known: NodeId| {
            let (y, other, from) = self.line(known);
            let moved = if sign == other {
                -distance.clone()
            } else {
                distance.clone()
            };
            (x == y).then(|| moved + from)
        };
        !facts.is_empty()
            && facts.iter().all(|fact| match *fact {
                Condition::Positive(known) => {
                    at_zero(known).is_some_and(|value| !value.is_negative() && !value.is_zero())
                }
                Condition::NonNegative(known) => {
                    at_zero(known).is_some_and(|value| !value.is_negative())
                }
                Condition::NonZero(known) => at_zero(known).is_some_and(|value| !value.is_zero()),
                _ => false,
            })
    }
}
