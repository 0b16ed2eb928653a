//! What holds in a branch, used there: where `x > 0`, `max(x, 0)` is `x`.

use std::collections::HashMap;

use super::rewrite::{Rewritten, free};
use super::{Branch, Condition, Graph, NodeId, NodeKind};
use crate::elementary::Operation;
use crate::number::Rational;

/// A branch of more nodes stays as it is: within a choice of many pieces each would be looked at for every piece around it.
const LARGEST: usize = 256;

/// A choice, each of whose arms is written with what holds there.
pub(super) fn arms_with_what_holds(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Apply(Operation::Choose, arguments) = graph.kind(id).clone() else {
        return None;
    };
    let &[condition, then, otherwise] = arguments.as_slice() else {
        return None;
    };
    let [then, otherwise] = [(then, true), (otherwise, false)]
        .map(|(arm, holds)| graph.within(arm, Branch { condition, holds }));
    free(graph.apply(Operation::Choose, &[condition, then, otherwise]))
}

/// `max(a, m) < n` is `a < n` where m < n, and so with the other signs and with min; `-a > 0` is `a < 0`.
pub(super) fn plain_comparison(graph: &mut Graph, id: NodeId) -> Rewritten {
    use Operation as O;
    let NodeKind::Apply(comparison, arguments) = graph.kind(id).clone() else {
        return None;
    };
    let &[a, b] = arguments.as_slice() else {
        return None;
    };
    if !comparison.is_comparison() {
        return None;
    }
    let bound = graph.as_number(b)?.clone();
    if let NodeKind::Sum(terms, constant) = graph.kind(a)
        && let ([(x, by)], true, true) = (terms.as_slice(), constant.is_zero(), bound.is_zero())
        && *by == -Rational::ONE
    {
        let mirrored = match comparison {
            O::Less => O::Greater,
            O::LessEqual => O::GreaterEqual,
            O::Greater => O::Less,
            O::GreaterEqual => O::LessEqual,
            same => same,
        };
        let x = *x;
        return free(graph.apply(mirrored, &[x, b]));
    }
    let inner = graph.unclipped(a, &bound);
    free(graph.apply(comparison, &[inner, b]))
}

impl Graph {
    /// The a of `max(a, m)`, where m is below the bound, or of `min(a, m)`, where it is above: on which side of the bound, or at it, is the same of both. Else the
    /// node itself.
    pub(super) fn unclipped(&self, node: NodeId, bound: &Rational) -> NodeId {
        let NodeKind::Apply(operation, arguments) = self.kind(node) else {
            return node;
        };
        let (least, a) = match (operation, arguments.as_slice()) {
            (Operation::Min | Operation::Max, &[a, b]) => {
                match (self.as_number(a), self.as_number(b)) {
                    (None, Some(number)) => (number.clone(), a),
                    (Some(number), None) => (number.clone(), b),
                    _ => return node,
                }
            }
            (Operation::Relu, &[a]) => (Rational::ZERO, a),
            _ => return node,
        };
        let is_beyond = match operation {
            Operation::Min => least > *bound,
            _ => least < *bound,
        };
        if is_beyond { a } else { node }
    }

    /// The same branch, by a plainer comparison.
    pub(super) fn plain_branch(&mut self, branch: Branch) -> Branch {
        let plain = plain_comparison(self, branch.condition);
        let condition = plain.map_or(branch.condition, |(plain, _)| plain);
        Branch {
            condition,
            ..branch
        }
    }

    /// Whether a condition holds where all these facts do; a product is positive where its factors are.
    pub(super) fn follows_from(&self, condition: Condition, facts: &[Condition]) -> bool {
        if facts.iter().any(|fact| self.follows(condition, *fact)) {
            return true;
        }
        let (Condition::Positive(id) | Condition::NonNegative(id) | Condition::NonZero(id)) =
            condition
        else {
            return false;
        };
        let NodeKind::Product(factors) = self.kind(id) else {
            return false;
        };
        let holds = |factor| {
            facts
                .iter()
                .any(|fact| self.follows(Condition::Positive(factor), *fact))
        };
        factors.iter().all(|(factor, _)| holds(*factor))
    }

    /// A node as it is where a branch is taken.
    pub(super) fn within(&mut self, node: NodeId, branch: Branch) -> NodeId {
        let nodes = self.reachable(&[node]);
        if nodes.len() > LARGEST {
            return node;
        }
        // What the arms need is told for the arms, by who looks at them next.
        let account = self.account.take();
        let facts = self.facts(branch);
        let mut known: HashMap<NodeId, NodeId> = HashMap::new();
        for id in nodes {
            let follows = if id == branch.condition {
                Some(self.number(i64::from(branch.holds)))
            } else {
                self.following(id, &facts)
            };
            // What is known may itself be made of what is.
            let rebuilt = follows.unwrap_or(id);
            let rebuilt = known.get(&rebuilt).copied().unwrap_or(rebuilt);
            let has_known = self
                .arguments(rebuilt)
                .iter()
                .any(|argument| known.contains_key(argument));
            let rebuilt = if has_known {
                self.rebuild_with(rebuilt, |argument| {
                    known.get(&argument).copied().unwrap_or(argument)
                })
            } else {
                rebuilt
            };
            if rebuilt != id {
                known.insert(id, rebuilt);
            }
        }
        self.account = account;
        known.get(&node).copied().unwrap_or(node)
    }

    /// What a function of several pieces is where these facts hold, if they tell.
    fn following(&mut self, id: NodeId, facts: &[Condition]) -> Option<NodeId> {
        use Operation as O;
        let NodeKind::Apply(operation, arguments) = self.kind(id).clone() else {
            return None;
        };
        let one = || Rational::ONE;
        let (a, b) = match (operation, arguments.as_slice()) {
            (O::Relu | O::Abs | O::Heaviside | O::Sign, [x]) => (*x, self.number(0)),
            (_, [a, b]) if operation.is_comparison() => (*a, *b),
            (O::Min | O::Max, [a, b]) if self.as_number(*a).is_some() => (*b, *a),
            (O::Min | O::Max, [a, b]) => (*a, *b),
            _ => return None,
        };
        let bound = self.as_number(b);
        let side = bound.map_or(a, |bound| self.unclipped(a, bound));
        let above = self.sum([(side, one()), (b, -one())], Rational::ZERO);
        let below = self.sum([(b, one()), (side, -one())], Rational::ZERO);
        let holds = |condition| facts.iter().any(|fact| self.follows(condition, *fact));
        let [is_above, is_below] = [above, below].map(|node| holds(Condition::Positive(node)));
        let [not_below, not_above] = [above, below].map(|node| holds(Condition::NonNegative(node)));
        let is_apart = is_above || is_below || holds(Condition::NonZero(above));
        let number = |truth: bool| Some(if truth { one() } else { Rational::ZERO });
        let truth = |yes: bool, no: bool| if yes || no { number(yes) } else { None };
        let number = match operation {
            O::Relu | O::Max if not_below => return Some(a),
            O::Relu | O::Max if not_above => return Some(b),
            O::Min if not_above => return Some(a),
            O::Min if not_below => return Some(b),
            O::Abs if not_below => return Some(a),
            O::Abs if not_above => return Some(self.scaled(a, -one())),
            O::Sign if is_below => Some(-one()),
            O::Heaviside | O::Sign => truth(is_above, is_below && operation == O::Heaviside),
            O::Greater => truth(is_above, not_above),
            O::GreaterEqual => truth(not_below, is_below),
            O::Less => truth(is_below, not_below),
            O::LessEqual => truth(not_above, is_above),
            O::Equal => truth(false, is_apart),
            O::NotEqual => truth(is_apart, false),
            _ => None,
        };
        number.map(|number| self.number(number))
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::tests::derivative_by_x;

    fn derived(text: &str) -> String {
        let (derivative, conditions) = derivative_by_x(text);
        format!("{derivative} for {conditions}")
    }

    #[test]
    fn what_stands_still_has_the_slope_0_though_what_is_made_of_it_has_none_there() {
        for (text, told) in [
            (
                "sqrt(relu(x))",
                "piecewise(x > 0, 1/sqrt(x), 0)/2 for x ≠ 0",
            ),
            (
                "sqrt(max(0, x))",
                "piecewise(x > 0, 1/sqrt(x), 0)/2 for x ≠ 0",
            ),
            (
                "sqrt((x > 0)*x)",
                "piecewise(x > 0, 1/sqrt(x), 0)/2 for x ≠ 0",
            ),
            (
                "acosh(max(x, 1))",
                "piecewise(x > 1, 1/(sqrt(x - 1)*sqrt(x + 1)), 0) for x ≠ 1",
            ),
            (
                "asin(min(max(x, -1), 1))",
                "piecewise(x < 1, piecewise(x > (-1), 1/sqrt((x + 1)*(1 - x)), 0), 0) for x ≠ -1 and x ≠ 1",
            ),
            (
                "sqrt(1 + relu(-x))",
                "piecewise(x < 0, -1/sqrt(1 - x), 0)/2 for x ≠ 0",
            ),
            (
                "hypot(relu(x), relu(y))",
                "piecewise(x > 0, x/hypot(x, relu(y)), 0) for x ≠ 0",
            ),
            (
                "x*ln(max(x, 1/8))",
                "ln(max(x, 1/8)) + piecewise(x > 1/8, 1, 0) for x ≠ 1/8",
            ),
            // Where the function has no value, that is told.
            (
                "sqrt(max(x, -1))",
                "piecewise(x > (-1), 1/sqrt(x), 0)/2 for max(x, -1) ≥ 0 and (x > 0 where x > (-1)) and x ≠ -1",
            ),
            ("relu(x)*ln(x)", "ln(x)*heaviside(x) + relu(x)/x for "),
            // Nothing is multiplied with what is not there, and the product stays.
            ("relu(x)^2", "2*relu(x) for x ≠ 0"),
            ("max(x, 3)*x", "x*(x >= 3) + max(x, 3) for x ≠ 3"),
        ] {
            assert_eq!(derived(text), told, "{text}");
        }
    }

    #[test]
    fn an_arm_is_written_with_what_holds_there() {
        for (text, told) in [
            (
                "if x > 1 then abs(x) + sign(x)*x else 0",
                "piecewise(x > 1, 2, 0) for x ≠ 1",
            ),
            (
                "if x < 1 then |x - 1| + sign(x - 1)*max(x, 1) else 0",
                "piecewise(x < 1, -1, 0) for x ≠ 1",
            ),
            (
                "if x > 0 then (if x > 0 then x^2 else x) else 0",
                "piecewise(x > 0, 2*x, 0) for x ≠ 0",
            ),
        ] {
            assert_eq!(derived(text), told, "{text}");
        }
    }
}
