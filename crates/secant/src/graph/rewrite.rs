//! The named rewrites: one entry each, with the condition it needs. Gathering of like terms and powers is not
//! here; it is the form of the graph itself.

use super::{Condition, Graph, NodeId, NodeKind, Sign, within};
use crate::elementary::Operation;
use crate::number::{Constant, Rational};

/// A rewrite: what it is called, and what it makes of a node where it fits.
pub struct Rewrite {
    /// The rewrite as mathematics, with its condition.
    pub name: &'static str,
    /// The new node, and what must hold for it; `None` where the rewrite does not fit.
    pub(super) apply: fn(&mut Graph, NodeId) -> Rewritten,
}

/// All rewrites, in the order in which they are tried.
pub const REWRITES: &[Rewrite] = &[
    Rewrite {
        name: "exp(ln x) -> x if x > 0",
        apply: exp_of_ln,
    },
    Rewrite {
        name: "ln(exp x) -> x",
        apply: ln_of_exp,
    },
    Rewrite {
        name: "functions at whole numbers, e and pi",
        apply: known_value,
    },
    Rewrite {
        name: "(x^2)^(1/2) -> |x|",
        apply: root_of_square,
    },
    Rewrite {
        name: "|x| -> x where x is never negative",
        apply: abs_of_nonnegative,
    },
    Rewrite {
        name: "|-x| -> |x|",
        apply: abs_of_negative,
    },
    Rewrite {
        name: "f(-x) -> -f(x) for odd f, f(x) for even f",
        apply: symmetry,
    },
    Rewrite {
        name: "exp(x) exp(y) -> exp(x + y)",
        apply: product_of_exp,
    },
    Rewrite {
        name: "exp(x)^n -> exp(n x)",
        apply: power_of_exp,
    },
    Rewrite {
        name: "sin(x)^2 + cos(x)^2 -> 1",
        apply: pythagoras,
    },
    Rewrite {
        name: "x sign(x) -> |x|",
        apply: product_with_sign,
    },
    Rewrite {
        name: "max(x, 0)^n (x > 0) -> max(x, 0)^n for n > 0",
        apply: rectified_product,
    },
    Rewrite {
        name: "max(a, m) < n -> a < n where m < n",
        apply: within::plain_comparison,
    },
    Rewrite {
        name: "max(a, b) -> a in a branch where a > b",
        apply: within::arms_with_what_holds,
    },
    Rewrite {
        name: "c x^n out of a sum under a power",
        apply: content_of_power,
    },
];

/// The new node and what must hold for it.
pub(super) type Rewritten = Option<(NodeId, Option<Condition>)>;

pub(super) fn free(id: NodeId) -> Rewritten {
    Some((id, None))
}

/// The argument of the node, if it is this function of one argument.
fn argument_of(graph: &Graph, id: NodeId, operation: Operation) -> Option<NodeId> {
    match graph.kind(id) {
        NodeKind::Apply(found, arguments) if *found == operation => arguments.first().copied(),
        _ => None,
    }
}

fn exp_of_ln(graph: &mut Graph, id: NodeId) -> Rewritten {
    let inner = argument_of(
        graph,
        argument_of(graph, id, Operation::Exp)?,
        Operation::Ln,
    )?;
    Some((inner, Some(Condition::Positive(inner))))
}

fn ln_of_exp(graph: &mut Graph, id: NodeId) -> Rewritten {
    let inside = argument_of(graph, id, Operation::Ln)?;
    free(argument_of(graph, inside, Operation::Exp)?)
}

fn known_value(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Apply(operation, arguments) = graph.kind(id) else {
        return None;
    };
    let [argument] = arguments.as_slice() else {
        return None;
    };
    let value = match (graph.kind(*argument), operation) {
        (NodeKind::Number(zero), odd) if zero.is_zero() && is_odd(*odd) => 0,
        (
            NodeKind::Number(zero),
            Operation::Exp | Operation::Cos | Operation::Cosh | Operation::Erfc | Operation::J0,
        ) if zero.is_zero() => 1,
        (NodeKind::Number(whole), Operation::Gamma) => {
            // From 1 to 171: below are poles, beyond no double is left.
            let last = whole.to_i64().filter(|whole| (1..=171).contains(whole))?;
            let factors = (1..last).map(Rational::from);
            let factorial = factors.fold(Rational::ONE, |product, factor| product * factor);
            return free(graph.number(factorial));
        }
        (NodeKind::Number(one), Operation::Ln) if one.is_one() => 0,
        (NodeKind::Number(one), Operation::Exp) if one.is_one() => {
            return free(graph.constant(Constant::E));
        }
        (NodeKind::Constant(Constant::E), Operation::Ln) => 1,
        (NodeKind::Constant(Constant::Pi), Operation::Sin) => 0,
        (NodeKind::Constant(Constant::Pi), Operation::Cos) => -1,
        _ => return None,
    };
    free(graph.number(value))
}

fn root_of_square(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Product(factors) = graph.kind(id).clone() else {
        return None;
    };
    let two = Rational::from(2);
    let square = |graph: &Graph, base: NodeId| match graph.kind(base) {
        NodeKind::Product(inner) if inner.len() == 1 && inner[0].1 == two => Some(inner[0].0),
        _ => None,
    };
    let place = factors.iter().position(|(base, exponent)| {
        !exponent.has_odd_denominator() && square(graph, *base).is_some()
    })?;
    let inner = square(graph, factors[place].0)?;
    let distance = graph.apply(Operation::Abs, &[inner]);
    let mut factors = factors;
    factors[place] = (distance, factors[place].1.clone() * two.clone());
    free(graph.product(factors))
}

fn abs_of_nonnegative(graph: &mut Graph, id: NodeId) -> Rewritten {
    let inner = argument_of(graph, id, Operation::Abs)?;
    if graph.sign(inner) >= Sign::NonNegative {
        free(inner)
    } else {
        None
    }
}

/// The node without its sign, if it is a negative multiple.
fn without_sign(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    match graph.kind(id) {
        NodeKind::Sum(terms, constant)
            if (constant.is_negative() || constant.is_zero())
                && terms.iter().all(|(_, by)| by.is_negative()) =>
        {
            Some(graph.scaled(id, -Rational::ONE))
        }
        _ => None,
    }
}

fn abs_of_negative(graph: &mut Graph, id: NodeId) -> Rewritten {
    let inner = argument_of(graph, id, Operation::Abs)?;
    let positive = without_sign(graph, inner)?;
    free(graph.apply(Operation::Abs, &[positive]))
}

/// Whether f(-x) is -f(x), and so 0 at 0.
fn is_odd(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::Sin
            | O::Tan
            | O::Sinh
            | O::Tanh
            | O::Asin
            | O::Atan
            | O::Asinh
            | O::Atanh
            | O::Erf
            | O::J1
    )
}

fn symmetry(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Apply(operation, arguments) = graph.kind(id) else {
        return None;
    };
    let operation = *operation;
    let odd = is_odd(operation);
    if !odd && !matches!(operation, Operation::Cos | Operation::Cosh | Operation::J0) {
        return None;
    }
    let argument = *arguments.first()?;
    let positive = without_sign(graph, argument)?;
    let mirrored = graph.apply(operation, &[positive]);
    free(if odd {
        graph.scaled(mirrored, -Rational::ONE)
    } else {
        mirrored
    })
}

fn product_of_exp(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Product(factors) = graph.kind(id).clone() else {
        return None;
    };
    let (exponentials, others): (Vec<_>, Vec<_>) = factors
        .into_iter()
        .partition(|(base, _)| argument_of(graph, *base, Operation::Exp).is_some());
    if exponentials.len() < 2 {
        return None;
    }
    let exponents: Vec<_> = exponentials
        .into_iter()
        .filter_map(|(base, by)| {
            argument_of(graph, base, Operation::Exp).map(|exponent| (exponent, by))
        })
        .collect();
    let exponent = graph.sum(exponents, Rational::ZERO);
    let joined = graph.apply(Operation::Exp, &[exponent]);
    free(graph.product(others.into_iter().chain([(joined, Rational::ONE)])))
}

fn power_of_exp(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Product(factors) = graph.kind(id).clone() else {
        return None;
    };
    let place = factors.iter().position(|(base, by)| {
        !by.is_one() && *by != -Rational::ONE && argument_of(graph, *base, Operation::Exp).is_some()
    })?;
    let (base, by) = factors[place].clone();
    let exponent = argument_of(graph, base, Operation::Exp)?;
    let exponent = graph.scaled(exponent, by);
    let joined = graph.apply(Operation::Exp, &[exponent]);
    let mut factors = factors;
    factors[place] = (joined, Rational::ONE);
    free(graph.product(factors))
}

fn pythagoras(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Sum(terms, constant) = graph.kind(id).clone() else {
        return None;
    };
    let squared = |graph: &Graph, id: NodeId, operation: Operation| match graph.kind(id) {
        NodeKind::Product(factors) if factors.len() == 1 && factors[0].1 == Rational::from(2) => {
            argument_of(graph, factors[0].0, operation)
        }
        _ => None,
    };
    for (sine, coefficient) in &terms {
        let Some(angle) = squared(graph, *sine, Operation::Sin) else {
            continue;
        };
        let partner = terms.iter().find(|(cosine, by)| {
            by == coefficient && squared(graph, *cosine, Operation::Cos) == Some(angle)
        });
        if let Some((cosine, _)) = partner {
            let rest = terms
                .iter()
                .filter(|(term, _)| term != sine && term != cosine)
                .cloned()
                .collect::<Vec<_>>();
            let total = constant.clone() + coefficient.clone();
            return free(graph.sum(rest, total));
        }
    }
    None
}

fn product_with_sign(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Product(factors) = graph.kind(id).clone() else {
        return None;
    };
    for (place, (sign, exponent)) in factors.iter().enumerate() {
        let Some(inner) = argument_of(graph, *sign, Operation::Sign).filter(|_| exponent.is_one())
        else {
            continue;
        };
        let Some(partner) = factors
            .iter()
            .position(|(base, by)| *base == inner && by.is_one())
        else {
            continue;
        };
        let distance = graph.apply(Operation::Abs, &[inner]);
        let rest = factors
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place && *other != partner);
        let rest: Vec<_> = rest
            .map(|(_, factor)| factor.clone())
            .chain([(distance, Rational::ONE)])
            .collect();
        return free(graph.product(rest));
    }
    None
}

/// What is 0 on one side of 0 needs no switch that makes it 0 there, nor where that switch turns.
fn rectified_product(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Product(factors) = graph.kind(id).clone() else {
        return None;
    };
    let is_rectified = |side| {
        let mut others = factors
            .iter()
            .filter(|(_, exponent)| !exponent.is_negative());
        others.any(|(base, _)| rectified(graph, *base) == Some(side))
    };
    let place = factors.iter().position(|(base, exponent)| {
        exponent.is_one() && switch(graph, *base).is_some_and(is_rectified)
    })?;
    let mut rest = factors.clone();
    rest.remove(place);
    free(graph.product(rest))
}

/// Of what the node is the part above 0, or, with `false`, the part below.
fn rectified(graph: &Graph, id: NodeId) -> Option<(NodeId, bool)> {
    if let Some(inner) = argument_of(graph, id, Operation::Relu) {
        return Some((inner, true));
    }
    let (operation, inner, _) = beside_zero(graph, id)?;
    match operation {
        Operation::Max => Some((inner, true)),
        Operation::Min => Some((inner, false)),
        _ => None,
    }
}

/// On which side of 0 of what the node is 1, and 0 on the other.
fn switch(graph: &Graph, id: NodeId) -> Option<(NodeId, bool)> {
    if let Some(inner) = argument_of(graph, id, Operation::Heaviside) {
        return Some((inner, true));
    }
    let (operation, inner, is_first) = beside_zero(graph, id)?;
    match operation {
        Operation::Greater | Operation::GreaterEqual => Some((inner, is_first)),
        Operation::Less | Operation::LessEqual => Some((inner, !is_first)),
        _ => None,
    }
}

/// The function of two arguments that the node is, where one of them is 0; the other, and whether it is the first.
fn beside_zero(graph: &Graph, id: NodeId) -> Option<(Operation, NodeId, bool)> {
    let NodeKind::Apply(operation, arguments) = graph.kind(id) else {
        return None;
    };
    let [first, second] = *arguments.as_slice() else {
        return None;
    };
    let is_zero = |id: NodeId| graph.as_number(id).is_some_and(Rational::is_zero);
    if is_zero(second) {
        Some((*operation, first, true))
    } else {
        is_zero(first).then_some((*operation, second, false))
    }
}

/// `(2 x + 4)^-1` has the content 2: `(x + 2)^-1 / 2`. Only for whole exponents, where it is always sound.
fn content_of_power(graph: &mut Graph, id: NodeId) -> Rewritten {
    let NodeKind::Product(factors) = graph.kind(id).clone() else {
        return None;
    };
    let content = |graph: &Graph, base: NodeId| match graph.kind(base) {
        NodeKind::Sum(terms, constant) if terms.len() > 1 || !constant.is_zero() => {
            let first = terms.first()?.1.clone();
            let numbers = terms
                .iter()
                .map(|term| term.1.clone())
                .chain([constant.clone()]);
            let whole = numbers
                .clone()
                .all(|number| (number / first.abs()).is_some_and(|ratio| ratio.is_integer()));
            (whole && !first.abs().is_one()).then(|| first.abs())
        }
        _ => None,
    };
    let place = factors.iter().position(|(base, exponent)| {
        exponent.is_integer() && !exponent.is_one() && content(graph, *base).is_some()
    })?;
    let (base, exponent) = factors[place].clone();
    let scale = content(graph, base)?;
    let inner = graph.scaled(base, scale.recip()?);
    let outside = scale.pow(exponent.to_i64()?)?;
    let mut factors = factors;
    factors[place] = (inner, exponent);
    let product = graph.product(factors);
    free(graph.scaled(product, outside))
}
