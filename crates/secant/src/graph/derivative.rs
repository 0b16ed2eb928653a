//! Derivatives as graphs: by rules, one input at a time, as a learner would write it; and reverse, all inputs at
//! once by one adjoint sweep (Speelpenning 1980). Both read the partials of the one table.

use super::rule::which_move;
use super::{Applied, Graph, NodeId, NodeKind, Power};
use crate::elementary::Operation;
use crate::number::Rational;

/// How a node moves; `None` where it does not.
type Tangent = Option<NodeId>;

/// What is still to be done for a derivative: find the rule of a node, or put the derivatives of its parts into the
/// rule's right side.
enum Task {
    Enter(NodeId),
    Leave(Applied),
}

impl Graph {
    /// The derivative of a node with respect to one input, by the rules, as a new node.
    ///
    /// ```
    /// use secant::{Formula, Graph};
    /// let mut formula = Formula::parse("x^3")?;
    /// let root = formula.root();
    /// let slope = formula.graph_mut().derivative(root, 0);
    /// assert_eq!(formula.graph().text(slope), "3*x^2");
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn derivative(&mut self, root: NodeId, input: usize) -> NodeId {
        self.derivative_by_rules(root, input, None)
    }

    /// The same, rule by rule from the whole inward; each rule that was applied is told, once for each node.
    pub(crate) fn derivative_by_rules(
        &mut self,
        root: NodeId,
        input: usize,
        told: Option<&mut Vec<Applied>>,
    ) -> NodeId {
        let one = self.number(1);
        let seed = |index| (index == input).then_some(one);
        let tangents = self.tangents_by_rules(&[root], seed, told);
        tangents
            .first()
            .copied()
            .flatten()
            .unwrap_or_else(|| self.number(0))
    }

    /// How the roots move when the inputs move as their seeds do.
    fn tangents_by_rules(
        &mut self,
        roots: &[NodeId],
        seed: impl Fn(usize) -> Tangent,
        mut told: Option<&mut Vec<Applied>>,
    ) -> Vec<Tangent> {
        let moves = |index| seed(index).is_some();
        let mut varies = self.varying(moves);
        let beneath = self.beneath_edges(roots);
        let mut tangents: Vec<Option<Tangent>> = Vec::new();
        let mut pending: Vec<Task> = roots.iter().rev().map(|root| Task::Enter(*root)).collect();
        while let Some(task) = pending.pop() {
            tangents.resize(self.len(), None);
            match task {
                Task::Enter(id) if tangents[id.index()].is_some() => {}
                Task::Enter(id) => {
                    let applied = self.rule_within(id, &varies, &beneath, told.is_some());
                    self.extend_varying(&mut varies, moves);
                    if let Some(told) = &mut told {
                        told.push(applied.clone());
                    }
                    let parts: Vec<Task> = applied.parts().map(Task::Enter).collect();
                    pending.push(Task::Leave(applied));
                    pending.extend(parts.into_iter().rev());
                }
                Task::Leave(applied) => {
                    let known = |part: NodeId| tangents[part.index()].flatten();
                    let tangent = match self.kind(applied.of) {
                        NodeKind::Input(input) => seed(*input),
                        _ => self.right_side(&applied, known),
                    };
                    tangents[applied.of.index()] = Some(tangent);
                }
            }
        }
        roots
            .iter()
            .map(|root| tangents[root.index()].flatten())
            .collect()
    }

    /// How nodes move when each input moves as its seed does: the seeds times the partial derivatives, by one sweep forward.
    ///
    /// ```
    /// use secant::Graph;
    /// let (mut graph, roots) = Graph::trace(&["x", "y", "dx", "dy"], |v| vec![v[0].clone() * v[1].clone()])?;
    /// let seeds = [graph.input(2), graph.input(3)];
    /// let moved = graph.pushforward(&roots, &seeds);
    /// assert_eq!(graph.text(moved[0]), "y*dx + x*dy");
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn pushforward(&mut self, roots: &[NodeId], seeds: &[NodeId]) -> Vec<NodeId> {
        let moved = self.tangents_by_rules(roots, |input| seeds.get(input).copied(), None);
        let zero = self.number(0);
        moved
            .into_iter()
            .map(|tangent| tangent.unwrap_or(zero))
            .collect()
    }

    /// The derivative along a direction: the entries of `direction`, one for each input, times the partial derivatives. It has no value where one of
    /// them is no finite number, or there are not as many.
    pub fn directional(&mut self, root: NodeId, direction: &[f64]) -> NodeId {
        if direction.len() != self.names.len() || direction.iter().any(|speed| !speed.is_finite()) {
            let minus = self.number(-1);
            return self.apply(Operation::Ln, &[minus]);
        }
        let moving: Vec<(usize, Rational)> = direction
            .iter()
            .enumerate()
            .filter_map(|(input, speed)| Rational::from_f64(*speed).map(|speed| (input, speed)))
            .filter(|(_, speed)| !speed.is_zero())
            .collect();
        let terms: Vec<(NodeId, Rational)> = moving
            .into_iter()
            .map(|(input, speed)| (self.derivative(root, input), speed))
            .collect();
        self.sum(terms, Rational::ZERO)
    }

    /// The gradient of a node with respect to each of the inputs, by one adjoint sweep.
    ///
    /// ```
    /// use secant::Formula;
    /// let mut formula = Formula::parse("x*y*z")?;
    /// let root = formula.root();
    /// let gradient = formula.graph_mut().gradient(root, &[0, 1, 2]);
    /// assert_eq!(formula.graph().text(gradient[2]), "x*y");
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn gradient(&mut self, root: NodeId, inputs: &[usize]) -> Vec<NodeId> {
        let varies = self.varying(|index| inputs.contains(&index));
        let beneath = self.beneath_edges(&[root]);
        let mut contributions: Vec<Vec<(NodeId, Rational)>> = vec![Vec::new(); self.len()];
        contributions[root.index()].push((self.number(1), Rational::ONE));
        let mut adjoints = vec![self.number(0); inputs.len()];
        for id in self
            .reachable(&[root])
            .into_iter()
            .rev()
            .filter(|id| varies[id.index()])
        {
            let terms = std::mem::take(&mut contributions[id.index()]);
            if terms.is_empty() {
                continue;
            }
            let mut adjoint = self.sum(terms, Rational::ZERO);
            if let NodeKind::Input(input) = self.kind(id) {
                for (place, wanted) in inputs.iter().enumerate() {
                    if wanted == input {
                        adjoints[place] = adjoint;
                    }
                }
            }
            let moving = self.arguments(id);
            if moving
                .iter()
                .filter(|argument| varies[argument.index()])
                .count()
                > 1
            {
                adjoint = self.kept_whole(adjoint);
            }
            for (argument, contribution, coefficient) in
                self.pullback(id, adjoint, &varies, beneath[id.index()])
            {
                contributions[argument.index()].push((contribution, coefficient));
            }
        }
        adjoints
    }

    /// An adjoint that goes to several arguments, as a node that their products share instead of taking it apart each for itself.
    fn kept_whole(&mut self, adjoint: NodeId) -> NodeId {
        let factors = match self.kind(adjoint) {
            NodeKind::Product(factors) => factors,
            NodeKind::Sum(terms, constant) if terms.len() == 1 && constant.is_zero() => {
                let (term, multiple) = terms[0].clone();
                let whole = self.kept_whole(term);
                return self.scaled(whole, multiple);
            }
            _ => return adjoint,
        };
        let is_below = |(_, exponent): &&Power| exponent.is_negative();
        let (below, above): (Vec<&Power>, Vec<&Power>) = factors.iter().partition(is_below);
        let (first, rest) = match (above.as_slice(), below.as_slice()) {
            ([], _) | ([_], []) => return adjoint,
            (above, []) => above.split_at(1),
            (above, below) => (above, below),
        };
        let [first, rest] =
            [first, rest].map(|part| part.iter().copied().cloned().collect::<Vec<_>>());
        let (first, rest) = (self.product(first), self.product(rest));
        self.pair(first, rest)
    }

    /// What an adjoint of a node adds to the adjoints of its arguments.
    fn pullback(
        &mut self,
        id: NodeId,
        adjoint: NodeId,
        varies: &[bool],
        is_beneath: bool,
    ) -> Vec<(NodeId, NodeId, Rational)> {
        let moves = |argument: NodeId| varies[argument.index()];
        match self.kind(id).clone() {
            NodeKind::Number(_) | NodeKind::Constant(_) | NodeKind::Input(_) => Vec::new(),
            NodeKind::Sum(terms, _) => terms
                .into_iter()
                .filter(|(term, _)| moves(*term))
                .map(|(term, coefficient)| (term, adjoint, coefficient))
                .collect(),
            NodeKind::Product(factors) => {
                let switched = self.switched(&factors).filter(|_| is_beneath);
                let (condition, factors) =
                    switched.map_or((None, factors), |(condition, rest)| (Some(condition), rest));
                let mut partials = self.product_partials(&factors);
                if let Some(condition) = condition {
                    let zero = self.number(0);
                    for (partial, _) in &mut partials {
                        *partial = self.apply(Operation::Choose, &[condition, *partial, zero]);
                    }
                }
                let mut result = Vec::new();
                for ((base, _), (partial, coefficient)) in factors.iter().zip(partials) {
                    if moves(*base) {
                        result.push((*base, self.chain(adjoint, partial), coefficient));
                    }
                }
                result
            }
            NodeKind::Apply(operation, arguments) => {
                let moving = which_move(&arguments, moves);
                let partials = match self.taken(operation, &arguments, id, moving, is_beneath) {
                    Some((condition, place)) => (0..arguments.len())
                        .map(|argument| {
                            let is_given = argument == place;
                            let arms = [is_given, !is_given].map(|one| self.number(i64::from(one)));
                            Some(self.apply(Operation::Choose, &[condition, arms[0], arms[1]]))
                        })
                        .collect(),
                    None => self.partials(operation, &arguments, id),
                };
                let mut result = Vec::new();
                for (argument, partial) in arguments.iter().zip(partials) {
                    if let (true, Some(partial)) = (moves(*argument), partial) {
                        result.push((*argument, self.chain(partial, adjoint), Rational::ONE));
                    }
                }
                result
            }
        }
    }

    /// The partial derivative of a product by the base of one factor: the others, times p b^(p-1).
    fn product_partial(&mut self, factors: &[Power], place: usize) -> (NodeId, Rational) {
        let (base, exponent) = &factors[place];
        let lowered = (self.lowered(*base, exponent), Rational::ONE);
        let others = factors
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, power)| power.clone());
        (self.product(others.chain([lowered])), exponent.clone())
    }

    /// The power whose exponent is less by one; of the base itself that is 1, wherever the base has a value.
    pub(super) fn lowered(&mut self, base: NodeId, exponent: &Rational) -> NodeId {
        if exponent.is_one() {
            return self.number(1);
        }
        self.power(base, &(exponent.clone() - Rational::ONE))
    }

    /// All of them. A product of many factors would cost the square of their number; running products from
    /// both ends share the work.
    fn product_partials(&mut self, factors: &[Power]) -> Vec<(NodeId, Rational)> {
        const MANY: usize = 4;
        if factors.len() <= MANY {
            return (0..factors.len())
                .map(|place| self.product_partial(factors, place))
                .collect();
        }
        let powers: Vec<NodeId> = factors
            .iter()
            .map(|(base, exponent)| self.power(*base, exponent))
            .collect();
        let one = self.number(1);
        let mut after = vec![one];
        for power in powers.iter().rev() {
            after.push(self.running(after[after.len() - 1], *power));
        }
        let mut before = one;
        let mut partials = Vec::with_capacity(factors.len());
        for (place, (base, exponent)) in factors.iter().enumerate() {
            let others = self.running(before, after[factors.len() - 1 - place]);
            let lowered = self.lowered(*base, exponent);
            partials.push((self.running(others, lowered), exponent.clone()));
            before = self.running(before, powers[place]);
        }
        partials
    }

    /// The product of two nodes as one step, so that what is built on it shares it.
    fn running(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let is_one = |graph: &Self, id| graph.as_number(id).is_some_and(Rational::is_one);
        if is_one(self, a) {
            b
        } else if is_one(self, b) {
            a
        } else {
            self.pair(a, b)
        }
    }

    /// The product of two links of the chain rule. What a condition switches off stays switched off as a whole,
    /// so that nothing is multiplied with a number that is not there.
    pub(super) fn chain(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let (mut guards, mut links) = (Vec::new(), [a, b]);
        let opened = |graph: &Self, links: [NodeId; 2]| {
            let is_one = |id: &NodeId| graph.as_number(*id).is_some_and(Rational::is_one);
            let place = match links.iter().position(is_one) {
                // Nothing is multiplied: the other may stay as it is.
                Some(_) => return None,
                None => links.iter().position(|link| graph.guard(*link).is_some()),
            };
            place.and_then(|place| Some((place, graph.guard(links[place])?)))
        };
        while let Some((place, (guard, inner))) = opened(self, links) {
            guards.push(guard);
            links[place] = inner;
        }
        let product = self.product(links.map(|link| (link, Rational::ONE)));
        self.guarded(guards, product)
    }

    /// A choice with nothing on one side, and what it has on the other.
    fn guard(&self, id: NodeId) -> Option<(Guard, NodeId)> {
        let NodeKind::Apply(Operation::Choose, arguments) = self.kind(id) else {
            return None;
        };
        let &[condition, then, otherwise] = arguments.as_slice() else {
            return None;
        };
        let nothing = |arm: NodeId| self.as_number(arm).is_some_and(Rational::is_zero);
        let holds = nothing(otherwise);
        let inner = if holds { then } else { otherwise };
        (holds || nothing(then)).then_some((Guard { condition, holds }, inner))
    }

    /// The node where all the guards let it through, and nothing elsewhere. Many guards become one truth, which what stands behind
    /// further guards shares: the gradient of a choice of n cases would have n^2 of them else.
    fn guarded(&mut self, mut guards: Vec<Guard>, mut node: NodeId) -> NodeId {
        let mut further = Vec::new();
        let mut inner = node;
        while let Some((guard, within)) = self.guard(inner)
            && guards.len() + further.len() <= MOST_GUARDS
        {
            further.push(guard);
            inner = within;
        }
        let is_truth = guards.len() + further.len() > MOST_GUARDS;
        if is_truth {
            while let Some((guard, within)) = self.guard(inner) {
                further.push(guard);
                inner = within;
            }
            guards.append(&mut further);
            node = self.number(1);
        }
        let nothing = self.number(0);
        for Guard { condition, holds } in guards.into_iter().rev() {
            let arms = if holds {
                [condition, node, nothing]
            } else {
                [condition, nothing, node]
            };
            node = self.apply(Operation::Choose, &arms);
        }
        if is_truth {
            node = self.apply(Operation::Choose, &[node, inner, nothing]);
        }
        node
    }
}

/// A condition that switches something off where it does not hold, or where it does.
struct Guard {
    condition: NodeId,
    holds: bool,
}

/// So many guards stand within each other at most.
const MOST_GUARDS: usize = 16;
