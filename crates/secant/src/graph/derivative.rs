//! Derivatives as graphs: forward, one input at a time, as a learner would write it; and reverse, all inputs at
//! once by one adjoint sweep (Speelpenning 1980). Both read the partials of the one table.

use super::{Graph, NodeId, NodeKind, Power};
use crate::elementary::Operation;
use crate::number::Rational;

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
        let varies = self.varying(|index| index == input);
        let mut tangents: Vec<Option<NodeId>> = vec![None; self.len()];
        for id in self.reachable(&[root]) {
            if varies[id.index()] {
                let tangent = self.tangent(id, &tangents);
                tangents[id.index()] = tangent;
            }
        }
        tangents[root.index()].unwrap_or_else(|| self.number(0))
    }

    /// The derivative along a direction: the entries of `direction` times the partial derivatives.
    pub fn directional(&mut self, root: NodeId, direction: &[f64]) -> NodeId {
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

    /// How a node moves, when its arguments move as told; `None` where it does not.
    fn tangent(&mut self, id: NodeId, tangents: &[Option<NodeId>]) -> Option<NodeId> {
        let moving = |argument: NodeId| tangents[argument.index()];
        let terms = match self.kind(id).clone() {
            NodeKind::Number(_) | NodeKind::Constant(_) => return None,
            NodeKind::Input(_) => return Some(self.number(1)),
            NodeKind::Sum(terms, _) => terms
                .into_iter()
                .filter_map(|(term, coefficient)| {
                    moving(term).map(|tangent| (tangent, coefficient))
                })
                .collect(),
            NodeKind::Product(factors) => {
                let mut terms = Vec::new();
                for (place, (base, _)) in factors.iter().enumerate() {
                    if let Some(tangent) = moving(*base) {
                        let (partial, coefficient) = self.product_partial(&factors, place);
                        terms.push((self.chain(partial, tangent), coefficient));
                    }
                }
                terms
            }
            NodeKind::Apply(Operation::Choose, arguments) => {
                let zero = self.number(0);
                let arm = |which: usize| moving(arguments[which]).unwrap_or(zero);
                let (then, otherwise) = (arm(1), arm(2));
                if then == zero && otherwise == zero {
                    return None;
                }
                return Some(self.apply(Operation::Choose, &[arguments[0], then, otherwise]));
            }
            NodeKind::Apply(operation, arguments) => {
                let mut terms = Vec::new();
                for (argument, partial) in arguments
                    .iter()
                    .zip(self.partials(operation, &arguments, id))
                {
                    if let (Some(tangent), Some(partial)) = (moving(*argument), partial) {
                        terms.push((self.chain(partial, tangent), Rational::ONE));
                    }
                }
                terms
            }
        };
        if terms.is_empty() {
            None
        } else {
            Some(self.sum(terms, Rational::ZERO))
        }
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
            let adjoint = self.sum(terms, Rational::ZERO);
            if let NodeKind::Input(input) = self.kind(id) {
                for (place, wanted) in inputs.iter().enumerate() {
                    if wanted == input {
                        adjoints[place] = adjoint;
                    }
                }
            }
            for (argument, contribution, coefficient) in self.pullback(id, adjoint, &varies) {
                contributions[argument.index()].push((contribution, coefficient));
            }
        }
        adjoints
    }

    /// What an adjoint of a node adds to the adjoints of its arguments.
    fn pullback(
        &mut self,
        id: NodeId,
        adjoint: NodeId,
        varies: &[bool],
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
                let partials = self.product_partials(&factors);
                let mut result = Vec::new();
                for ((base, _), (partial, coefficient)) in factors.iter().zip(partials) {
                    if moves(*base) {
                        result.push((*base, self.chain(adjoint, partial), coefficient));
                    }
                }
                result
            }
            NodeKind::Apply(operation, arguments) => {
                let mut result = Vec::new();
                for (argument, partial) in arguments
                    .iter()
                    .zip(self.partials(operation, &arguments, id))
                {
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
        let lowered = (*base, exponent.clone() - Rational::ONE);
        let others = factors
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, power)| power.clone());
        (self.product(others.chain([lowered])), exponent.clone())
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
            let lowered = self.power(*base, &(exponent.clone() - Rational::ONE));
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
    fn chain(&mut self, a: NodeId, b: NodeId) -> NodeId {
        for (guard, other) in [(a, b), (b, a)] {
            if let NodeKind::Apply(Operation::Choose, arguments) = self.kind(guard).clone() {
                let nothing =
                    |graph: &Self, arm: NodeId| graph.as_number(arm).is_some_and(Rational::is_zero);
                if nothing(self, arguments[2]) {
                    let then = self.chain(arguments[1], other);
                    return self.apply(Operation::Choose, &[arguments[0], then, arguments[2]]);
                }
                if nothing(self, arguments[1]) {
                    let otherwise = self.chain(arguments[2], other);
                    return self.apply(Operation::Choose, &[arguments[0], arguments[1], otherwise]);
                }
            }
        }
        self.product([(a, Rational::ONE), (b, Rational::ONE)])
    }
}
