//! Identities of angles that shorten a whole formula: double angles, and the secant.

use super::{Graph, Multiple, NodeId, NodeKind, Power};
use crate::elementary::Operation;
use crate::number::Rational;

/// A sum to which an identity applies becomes this.
type Identity = (
    &'static str,
    fn(&mut Graph, &[Multiple], &Rational) -> Option<NodeId>,
);

const IDENTITIES: [Identity; 4] = [
    (
        "2 sin(x) cos(x) -> sin(2 x), and of sinh and cosh",
        double_sine,
    ),
    ("cos(x)^2 - sin(x)^2 -> cos(2 x)", double_cosine),
    ("tan(x)^2 + 1 -> sec(x)^2", secant),
    ("1 - tanh(x)^2 -> sech(x)^2", hyperbolic_secant),
];

impl Graph {
    /// The node by an identity of angles, where that is smaller.
    pub(super) fn by_angles(&mut self, id: NodeId) -> Option<(NodeId, &'static str)> {
        const MOST_PARTS: usize = 64;
        let NodeKind::Sum(terms, constant) = self.kind(id).clone() else {
            return None;
        };
        let present = self.cost(id, MOST_PARTS)?;
        IDENTITIES.into_iter().find_map(|(name, apply)| {
            let node = apply(self, &terms, &constant)?;
            let is_smaller = self.cost(node, MOST_PARTS)? < present;
            is_smaller.then_some((node, name))
        })
    }

    /// The function and its argument, if the node is this power of one.
    fn function_to(&self, (base, exponent): &Power, power: i64) -> Option<(Operation, NodeId)> {
        match self.kind(*base) {
            NodeKind::Apply(operation, arguments) if *exponent == Rational::from(power) => {
                Some((*operation, *arguments.first()?))
            }
            _ => None,
        }
    }

    /// The argument of the function of which the node is the square.
    fn squared(&self, node: NodeId, operation: Operation) -> Option<NodeId> {
        match self.kind(node) {
            NodeKind::Product(factors) => match factors.as_slice() {
                [factor] => self
                    .function_to(factor, 2)
                    .filter(|found| found.0 == operation)
                    .map(|found| found.1),
                _ => None,
            },
            _ => None,
        }
    }

    fn twice(&mut self, operation: Operation, angle: NodeId) -> NodeId {
        let double = self.scaled(angle, Rational::from(2));
        self.apply(operation, &[double])
    }
}

fn double_sine(graph: &mut Graph, terms: &[Multiple], constant: &Rational) -> Option<NodeId> {
    let ([(product, by)], true) = (terms, constant.is_zero()) else {
        return None;
    };
    let NodeKind::Product(factors) = graph.kind(*product).clone() else {
        return None;
    };
    let place = |wanted: (Operation, NodeId)| {
        factors
            .iter()
            .position(|factor| graph.function_to(factor, 1) == Some(wanted))
    };
    let found = factors.iter().enumerate().find_map(|(at, factor)| {
        let (sine, angle) = graph.function_to(factor, 1)?;
        let cosine = match sine {
            Operation::Sin => Operation::Cos,
            Operation::Sinh => Operation::Cosh,
            _ => return None,
        };
        Some((sine, angle, at, place((cosine, angle))?))
    });
    let (sine, angle, at, other) = found?;
    let double = graph.twice(sine, angle);
    let rest = factors
        .into_iter()
        .enumerate()
        .filter(|(place, _)| *place != at && *place != other);
    let product: Vec<Power> = rest
        .map(|(_, factor)| factor)
        .chain([(double, Rational::ONE)])
        .collect();
    let product = graph.product(product);
    Some(graph.scaled(product, (by.clone() / Rational::from(2))?))
}

fn double_cosine(graph: &mut Graph, terms: &[Multiple], constant: &Rational) -> Option<NodeId> {
    let ([first, second], true) = (terms, constant.is_zero()) else {
        return None;
    };
    [(first, second), (second, first)]
        .into_iter()
        .find_map(|(cosine, sine)| {
            let angle = graph.squared(cosine.0, Operation::Cos)?;
            let is_pair =
                graph.squared(sine.0, Operation::Sin) == Some(angle) && sine.1 == -cosine.1.clone();
            is_pair.then(|| {
                let double = graph.twice(Operation::Cos, angle);
                graph.scaled(double, cosine.1.clone())
            })
        })
}

fn secant(graph: &mut Graph, terms: &[Multiple], constant: &Rational) -> Option<NodeId> {
    by_square(
        graph,
        terms,
        constant,
        (Operation::Tan, Operation::Sec),
        &Rational::ONE,
    )
}

fn hyperbolic_secant(graph: &mut Graph, terms: &[Multiple], constant: &Rational) -> Option<NodeId> {
    by_square(
        graph,
        terms,
        constant,
        (Operation::Tanh, Operation::Sech),
        &-Rational::ONE,
    )
}

/// `c (1 ± f(x)^2)` as `c g(x)^2`.
fn by_square(
    graph: &mut Graph,
    terms: &[Multiple],
    constant: &Rational,
    (from, to): (Operation, Operation),
    sign: &Rational,
) -> Option<NodeId> {
    let [(square, by)] = terms else {
        return None;
    };
    let angle = graph.squared(*square, from)?;
    if constant.is_zero() || *by != constant.clone() * sign.clone() {
        return None;
    }
    let function = graph.apply(to, &[angle]);
    let power = graph.power(function, &Rational::from(2));
    Some(graph.scaled(power, constant.clone()))
}
