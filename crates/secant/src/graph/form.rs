//! The smallest of several forms of a sum: as it stands, with common factors and denominators taken out, multiplied out, divided,
//! collected by functions and nested by Horner, as a power of a sum. Each is a [`Polynomial`] over the kernels of the sum; the one
//! with the fewest operations wins, and the sum stays as it is where none has fewer. It looks at one sum; the walk over a
//! formula is [`Graph::simplify`]'s.

use super::cost::Cost;
use super::digits::keeps_digits;
use super::kernel::{Kernels, Kind};
use super::polynomial::{Monomial, Polynomial, WHOLE};
use super::{Account, Condition, Graph, NodeId, NodeKind, Sign};
use crate::elementary::Operation;
use crate::number::Rational;

/// Sums of more terms stay as they are.
const MOST_TERMS: usize = 400;
/// Sums of which more parts than these and some for each term hang are not weighed.
const MOST_PARTS: usize = 256;
/// A polynomial with so many powers of one kernel is nested by Horner; a shorter one reads better as a sum.
const HORNER: usize = 5;
/// A polynomial in the inputs is what a reader expects: another form must save so many operations.
const POLYNOMIAL_STAYS: usize = 2;

pub(super) const COMMON: &str = "common factors taken out";
pub(super) const FRACTION: &str = "one fraction";
pub(super) const EXPANDED: &str = "multiplied out, like terms gathered";
pub(super) const DIVIDED: &str = "common divisor of numerator and denominator cancelled";
pub(super) const POWER: &str = "a^2 + 2 a b + b^2 -> (a + b)^2, and higher powers";
pub(super) const COLLECTED: &str = "collected, long polynomials by Horner";
pub(super) const CIRCLE: &str = "sin(x)^2 + cos(x)^2 -> 1";
pub(super) const HYPERBOLA: &str = "cosh(x)^2 - sinh(x)^2 -> 1";

/// A sum as a product of powers and a number times what is left of it.
#[derive(Clone)]
struct Shape {
    common: Monomial,
    content: Rational,
    inner: Polynomial,
    names: Vec<&'static str>,
}

/// A form as a node.
struct Form {
    node: NodeId,
    cost: Cost,
    conditions: Vec<Condition>,
    names: Vec<&'static str>,
}

impl Graph {
    /// The smallest form of a sum or of a product with a sum in it, where that is smaller than the node itself: the new node, its
    /// conditions and what was done.
    pub(super) fn smaller_form(
        &mut self,
        id: NodeId,
    ) -> Option<(NodeId, Vec<Condition>, Vec<&'static str>)> {
        // What building a form that is not taken would rest on is nothing to tell.
        let account = self.account.replace(Account::default());
        let best = self.smallest(id);
        self.account = account;
        best.map(|best| (best.node, best.conditions, best.names))
    }

    fn smallest(&mut self, id: NodeId) -> Option<Form> {
        let count = match self.kind(id) {
            NodeKind::Sum(terms, constant) => terms.len() + usize::from(!constant.is_zero()),
            NodeKind::Product(factors) => factors.len(),
            _ => return None,
        };
        if !(2..=MOST_TERMS).contains(&count) {
            return None;
        }
        let mut kernels = Kernels::default();
        let seen = kernels.see_node(self, id).filter(|seen| seen.len() > 1)?;
        let most = MOST_PARTS + 4 * count;
        let mut present = self.cost(id, most)?;
        let is_polynomial = kernels
            .numbers()
            .all(|kernel| matches!(kernels.kind(kernel), Kind::Input))
            && seen
                .terms()
                .all(|(monomial, _)| monomial.powers().all(|power| power.1 > 0));
        if is_polynomial {
            present = Cost {
                operations: (present.operations + 1).checked_sub(POLYNOMIAL_STAYS)?,
                ..Cost::default()
            };
        }
        let mut best: Option<Form> = None;
        for shape in self.shapes(&kernels, &seen) {
            self.account = Some(Account::default());
            let written = self.written_shapes(&kernels, &shape, is_polynomial);
            let noted = self.account.take().unwrap_or_default().conditions;
            let noted: Vec<Condition> = noted.into_iter().map(|needed| needed.0).collect();
            for (node, name) in written {
                let Some(cost) = self.cost(node, most) else {
                    continue;
                };
                if node == id || cost >= best.as_ref().map_or(present, |best| best.cost) {
                    continue;
                }
                let mut names = shape.names.clone();
                names.extend(name);
                let lost = kernels.lost(self, &shape.common, &shape.inner);
                let conditions = [noted.clone(), lost].concat();
                best = Some(Form {
                    node,
                    cost,
                    conditions,
                    names,
                });
            }
        }
        best
    }

    /// What the sum may be made into, the least change first.
    fn shapes(&self, kernels: &Kernels, seen: &Polynomial) -> Vec<Shape> {
        let shape = Shape {
            common: Monomial::default(),
            content: Rational::ONE,
            inner: seen.clone(),
            names: Vec::new(),
        };
        let gathered = shape.clone().gathered(kernels);
        let mut shapes = vec![shape, gathered.clone()];
        let Some((expanded, opened)) = expanded(kernels, &gathered.inner) else {
            return shapes;
        };
        let loses = |graph: &Self, shape: &Shape| {
            let is_one_sign = |kernel: usize| graph.sign(kernels.node(kernel)) >= Sign::NonNegative;
            let after = (
                &shape.inner,
                &shape.common.over(&gathered.common),
                &shape.content,
            );
            shape.inner.len() > 1
                && opened.iter().any(|kernel| !is_one_sign(*kernel))
                && !keeps_digits(
                    graph,
                    kernels,
                    (&gathered.inner, &gathered.content),
                    after,
                    &opened,
                )
        };
        let identities = self.identities(kernels, &expanded);
        for (inner, name) in std::iter::once((expanded, None)).chain(identities) {
            let mut shape = Shape {
                inner,
                ..gathered.clone()
            };
            if shape.inner != gathered.inner {
                shape.name(name.unwrap_or(EXPANDED));
            }
            let shape = shape.gathered(kernels);
            shapes.extend(shape.clone().divided(kernels));
            shapes.push(shape);
        }
        let (kept, made) = shapes.split_at(2);
        let made = made.iter().filter(|shape| !loses(self, shape));
        kept.iter().chain(made).cloned().collect()
    }

    /// The same with the squares of a sine and its cosine, or of their hyperbolic kin, in place of each other.
    fn identities(
        &self,
        kernels: &Kernels,
        inner: &Polynomial,
    ) -> Vec<(Polynomial, Option<&'static str>)> {
        let function = |kernel: usize| match self.kind(kernels.node(kernel)) {
            NodeKind::Apply(operation, arguments) => Some((*operation, *arguments.first()?)),
            _ => None,
        };
        let mut found = Vec::new();
        for sine in kernels.numbers() {
            let Some((operation, angle)) = function(sine) else {
                continue;
            };
            let (partner, sign, name) = match operation {
                Operation::Sin => (Operation::Cos, -Rational::ONE, CIRCLE),
                Operation::Sinh => (Operation::Cosh, Rational::ONE, HYPERBOLA),
                _ => continue,
            };
            let cosine = kernels
                .numbers()
                .find(|kernel| function(*kernel) == Some((partner, angle)));
            let Some(cosine) = cosine else {
                continue;
            };
            // cos^2 = 1 - sin^2 and cosh^2 = 1 + sinh^2; sin^2 = 1 - cos^2 and sinh^2 = cosh^2 - 1.
            let mut of_cosine = Polynomial::one();
            of_cosine.add(Monomial::of(sine, 2 * WHOLE), sign.clone());
            let mut of_sine = Polynomial::default();
            of_sine.add(Monomial::default(), -sign.clone());
            of_sine.add(Monomial::of(cosine, 2 * WHOLE), sign);
            for (kernel, square) in [(cosine, of_cosine), (sine, of_sine)] {
                let replaced = inner.with_square(kernel, &square);
                found.extend(
                    replaced
                        .filter(|other| other.len() < inner.len())
                        .map(|other| (other, Some(name))),
                );
            }
        }
        found
    }

    /// The nodes of a shape.
    fn written_shapes(
        &mut self,
        kernels: &Kernels,
        shape: &Shape,
        is_polynomial: bool,
    ) -> Vec<(NodeId, Option<&'static str>)> {
        let common = kernels.monomial(self, &shape.common);
        let mut written = Vec::new();
        let mut write = |graph: &mut Self, inner: NodeId, name| {
            let product = graph.product([(common, Rational::ONE), (inner, Rational::ONE)]);
            written.push((graph.scaled(product, shape.content.clone()), name));
        };
        let flat = kernels.flat(self, &shape.inner);
        write(self, flat, None);
        if let Some((base, order)) = shape.inner.as_power() {
            let base = kernels.flat(self, &base);
            let power = self.power(base, &Rational::from(i64::from(order)));
            write(self, power, Some(POWER));
        }
        if shape.inner.len() > 2 && (!is_polynomial || shape.inner.len() >= HORNER) {
            let order = collecting_order(kernels, &shape.inner);
            let nested = self.nested(kernels, &shape.inner, &order);
            if nested != flat {
                write(self, nested, Some(COLLECTED));
            }
        }
        written
    }

    /// The polynomial by powers of one kernel after the other; it goes as deep as there are kernels.
    fn nested(&mut self, kernels: &Kernels, polynomial: &Polynomial, order: &[usize]) -> NodeId {
        let (Some((kernel, rest)), true) = (order.split_first(), polynomial.len() > 1) else {
            return kernels.flat(self, polynomial);
        };
        let common = polynomial.common(kernels);
        let sign = if polynomial.terms().all(|(_, by)| by.is_negative()) {
            -Rational::ONE
        } else {
            Rational::ONE
        };
        if common != Monomial::default() || sign.is_negative() {
            let factor = kernels.monomial(self, &common);
            let inner = self.nested(kernels, &polynomial.divided(&common, &sign), order);
            let product = self.product([(factor, Rational::ONE), (inner, Rational::ONE)]);
            return self.scaled(product, sign);
        }
        let groups: Vec<(i32, NodeId)> = polynomial
            .by_powers_of(*kernel)
            .into_iter()
            .map(|(exponent, group)| (exponent, self.nested(kernels, &group, rest)))
            .collect();
        let times_power = |graph: &mut Self, coefficient: NodeId, exponent: i32| {
            let power = kernels.monomial(graph, &Monomial::of(*kernel, exponent));
            graph.product([(coefficient, Rational::ONE), (power, Rational::ONE)])
        };
        if groups.len() < HORNER {
            let terms: Vec<(NodeId, Rational)> = groups
                .into_iter()
                .map(|(exponent, group)| (times_power(self, group, exponent), Rational::ONE))
                .collect();
            return self.sum(terms, Rational::ZERO);
        }
        let lower = groups.iter().skip(1).map(|group| group.0).chain([0]);
        let lower: Vec<i32> = lower.collect();
        let mut nested = self.number(0);
        for ((exponent, group), next) in groups.into_iter().zip(lower) {
            let sum = self.sum(
                [(nested, Rational::ONE), (group, Rational::ONE)],
                Rational::ZERO,
            );
            nested = times_power(self, sum, exponent - next);
        }
        nested
    }
}

/// Sums are seen through so deep at most.
const MOST_ROUNDS: usize = 4;

/// All sums in whole powers multiplied out, and which ones they are.
fn expanded(kernels: &Kernels, inner: &Polynomial) -> Option<(Polynomial, Vec<usize>)> {
    let mut current = inner.clone();
    let mut opened: Vec<usize> = Vec::new();
    // Each round opens what the last one brought to light.
    for _ in 0..MOST_ROUNDS {
        let before = opened.len();
        let mut next = Polynomial::default();
        for (monomial, coefficient) in current.terms() {
            let mut rest = monomial.clone();
            let mut product = Polynomial::one();
            for (kernel, exponent) in monomial.powers() {
                let Some(terms) = kernels.terms(kernel).filter(|_| exponent >= WHOLE) else {
                    continue;
                };
                if !opened.contains(&kernel) {
                    opened.push(kernel);
                }
                let whole = exponent / WHOLE;
                rest.raise(kernel, -whole * WHOLE);
                product = product.times(&terms.power(whole)?)?;
            }
            next.add_multiple(&product, &rest, coefficient);
        }
        current = next;
        if opened.len() == before {
            break;
        }
    }
    Some((current, opened))
}

/// Functions before inputs, what most terms have first.
fn collecting_order(kernels: &Kernels, polynomial: &Polynomial) -> Vec<usize> {
    let mut order: Vec<usize> = kernels.numbers().collect();
    let uses = |kernel: usize| {
        polynomial
            .terms()
            .filter(|(monomial, _)| monomial.exponent(kernel) != 0)
            .count()
    };
    order.retain(|kernel| uses(*kernel) > 0);
    order.sort_by_cached_key(|kernel| {
        let is_input = matches!(kernels.kind(*kernel), Kind::Input);
        (is_input, std::cmp::Reverse(uses(*kernel)), *kernel)
    });
    order
}

impl Polynomial {
    /// What all terms have in common. Of an exponential with exponents of both signs that is nothing: one half would overflow
    /// where the whole does not.
    fn common(&self, kernels: &Kernels) -> Monomial {
        let mut common = Monomial::default();
        for kernel in kernels.numbers() {
            let exponents = || self.terms().map(|(monomial, _)| monomial.exponent(kernel));
            let (least, most) = (
                exponents().min().unwrap_or(0),
                exponents().max().unwrap_or(0),
            );
            let shared = match kernels.kind(kernel) {
                Kind::Exponential(_) if most < 0 => most,
                Kind::Exponential(_) => least.max(0),
                _ => least,
            };
            common.raise(kernel, shared);
        }
        common
    }
}

impl Shape {
    /// With what all terms have in common in front.
    fn gathered(mut self, kernels: &Kernels) -> Self {
        let common = self.inner.common(kernels);
        let content = self.inner.content();
        if common != Monomial::default() || !content.is_one() {
            let is_fraction = common.powers().any(|power| power.1 < 0);
            self.name(if is_fraction { FRACTION } else { COMMON });
            self.inner = self.inner.divided(&common, &content);
            self.common = self.common.times(&common);
            self.content = self.content * content;
        }
        self
    }

    /// With the sums below the bar that divide what is above cancelled, as often as they do.
    fn divided(mut self, kernels: &Kernels) -> Option<Self> {
        let mut divides = false;
        for kernel in kernels.numbers() {
            while self.common.exponent(kernel) <= -WHOLE
                && let Some(divisor) = kernels.terms(kernel)
                && let Some(quotient) = self.inner.exactly_over(divisor)
            {
                self.inner = quotient;
                self.common.raise(kernel, WHOLE);
                divides = true;
            }
        }
        if divides {
            self.name(DIVIDED);
            self = self.gathered(kernels);
        }
        divides.then_some(self)
    }

    fn name(&mut self, name: &'static str) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }
}
