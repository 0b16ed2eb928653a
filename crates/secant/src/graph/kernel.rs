//! A sum of the graph seen as a [`Polynomial`]: which kernels it is made of, and back again as nodes.

use std::collections::HashMap;

use super::polynomial::{Monomial, Polynomial, WHOLE};
use super::{Condition, Graph, Multiple, NodeId, NodeKind, Power, Sign};
use crate::elementary::Operation;
use crate::number::Rational;

/// More kernels are not looked at together.
const MOST_KERNELS: usize = 24;
/// Sums within sums are seen through so deep; what stands deeper is a kernel as it is.
const DEEPEST: usize = 3;
/// Higher powers of sums are not multiplied out to see whether they equal another sum.
const MOST_FACTORS: i64 = 4;

/// What a polynomial does not take apart.
#[derive(Clone, Debug)]
pub(super) struct Kernel {
    pub(super) node: NodeId,
    pub(super) kind: Kind,
    /// Some term that was seen has no value where the kernel is 0.
    excludes_zero: bool,
    /// Some term that was seen has no value where the kernel is negative.
    excludes_negative: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Input,
    Atom,
    /// `exp(argument)`; its powers are `exp` of multiples.
    Exponential(NodeId),
    /// `base^exponent` where the exponent varies; whole numbers in it are powers of the base.
    Power(NodeId, NodeId),
    /// A sum that stands under a power, with its terms.
    Sum(Polynomial),
}

/// The kernels that were met, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Kernels {
    list: Vec<Kernel>,
    places: HashMap<NodeId, usize>,
    /// Exponentials by the argument over its leading coefficient.
    exponentials: HashMap<NodeId, (usize, Rational)>,
    /// What had to be assumed to see the nodes so.
    pub(super) conditions: Vec<Condition>,
}

impl Kernels {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn kind(&self, kernel: usize) -> &Kind {
        &self.list[kernel].kind
    }

    pub(super) fn node(&self, kernel: usize) -> NodeId {
        self.list[kernel].node
    }

    pub(super) fn numbers(&self) -> std::ops::Range<usize> {
        0..self.list.len()
    }

    /// The terms of the kernel, where it is a sum.
    pub(super) fn terms(&self, kernel: usize) -> Option<&Polynomial> {
        match self.kind(kernel) {
            Kind::Sum(terms) => Some(terms),
            _ => None,
        }
    }

    fn add(&mut self, node: NodeId, kind: Kind) -> Option<usize> {
        if self.list.len() >= MOST_KERNELS {
            return None;
        }
        self.list.push(Kernel {
            node,
            kind,
            excludes_zero: false,
            excludes_negative: false,
        });
        Some(self.list.len() - 1)
    }

    /// A sum by its terms, any other node as one term.
    pub(super) fn see_terms(&mut self, graph: &mut Graph, id: NodeId) -> Option<Polynomial> {
        match graph.kind(id).clone() {
            NodeKind::Sum(terms, constant) => self.see(graph, &terms, &constant, 0),
            NodeKind::Number(number) => self.see(graph, &[], &number, 0),
            _ => self.see(graph, &[(id, Rational::ONE)], &Rational::ZERO, 0),
        }
    }

    /// A sum by its terms; a product with one sum above the bar by the terms that it has multiplied into that.
    pub(super) fn see_node(&mut self, graph: &mut Graph, id: NodeId) -> Option<Polynomial> {
        match graph.kind(id).clone() {
            NodeKind::Sum(terms, constant) => self.see(graph, &terms, &constant, 0),
            NodeKind::Product(factors) => {
                let opens = |(base, exponent): &&Power| {
                    exponent.is_one() && matches!(graph.kind(*base), NodeKind::Sum(..))
                };
                let mut sums = factors.iter().filter(opens);
                let (sum, None) = (sums.next()?.0, sums.next()) else {
                    return None;
                };
                let others = factors.into_iter().filter(|(base, _)| *base != sum);
                let (mut monomial, mut sign) = (Monomial::default(), Rational::ONE);
                for (base, exponent) in others {
                    self.take(
                        graph,
                        base,
                        in_sixtieths(&exponent)?,
                        &mut monomial,
                        &mut sign,
                        0,
                    )?;
                }
                let inner = self.see_node(graph, sum)?;
                let mut seen = Polynomial::default();
                seen.add_multiple(&inner, &monomial, &sign);
                Some(seen)
            }
            _ => None,
        }
    }

    /// The terms of a sum; `None` where there are too many kernels or an exponent is none that is counted.
    pub(super) fn see(
        &mut self,
        graph: &mut Graph,
        terms: &[Multiple],
        constant: &Rational,
        depth: usize,
    ) -> Option<Polynomial> {
        let mut polynomial = Polynomial::default();
        polynomial.add(Monomial::default(), constant.clone());
        for (term, coefficient) in terms {
            let mut monomial = Monomial::default();
            let mut sign = Rational::ONE;
            match graph.kind(*term).clone() {
                NodeKind::Product(factors) => {
                    for (base, exponent) in factors {
                        self.take(
                            graph,
                            base,
                            in_sixtieths(&exponent)?,
                            &mut monomial,
                            &mut sign,
                            depth,
                        )?;
                    }
                }
                _ => self.take(graph, *term, WHOLE, &mut monomial, &mut sign, depth)?,
            }
            polynomial.add(monomial, coefficient.clone() * sign);
        }
        Some(polynomial)
    }

    /// Puts a power of a node into a monomial.
    fn take(
        &mut self,
        graph: &mut Graph,
        base: NodeId,
        exponent: i32,
        monomial: &mut Monomial,
        sign: &mut Rational,
        depth: usize,
    ) -> Option<()> {
        let (kernel, exponent) = match graph.kind(base).clone() {
            NodeKind::Apply(Operation::Exp, arguments) => {
                self.exponential(graph, base, *arguments.first()?, exponent)?
            }
            NodeKind::Apply(Operation::Pow, arguments) => {
                let (kernel, root, shift) =
                    self.power(graph, base, *arguments.first()?, *arguments.get(1)?)?;
                if shift != 0 {
                    self.conditions.push(Condition::NonZero(root));
                    let root = self.number(graph, root, depth)?;
                    monomial.raise(root, shift * exponent);
                }
                (kernel, exponent)
            }
            NodeKind::Sum(..) if exponent % WHOLE == 0 && !self.places.contains_key(&base) => {
                let opposite = graph.scaled(base, -Rational::ONE);
                match self.places.get(&opposite) {
                    Some(kernel) => {
                        if exponent % (2 * WHOLE) != 0 {
                            *sign = -sign.clone();
                        }
                        (*kernel, exponent)
                    }
                    None => (self.number(graph, base, depth)?, exponent),
                }
            }
            _ => (self.number(graph, base, depth)?, exponent),
        };
        let met = &mut self.list[kernel];
        met.excludes_zero |= exponent < 0;
        met.excludes_negative |= is_even_root(exponent);
        monomial.raise(kernel, exponent);
        Some(())
    }

    /// The number of the kernel that is this node itself.
    fn number(&mut self, graph: &mut Graph, node: NodeId, depth: usize) -> Option<usize> {
        if let Some(kernel) = self.places.get(&node) {
            return Some(*kernel);
        }
        let kind = match graph.kind(node).clone() {
            NodeKind::Input(_) => Kind::Input,
            NodeKind::Sum(terms, constant) if depth < DEEPEST && graph.is_short(terms.len()) => {
                Kind::Sum(self.see(graph, &terms, &constant, depth + 1)?)
            }
            NodeKind::Product(factors) if depth < DEEPEST => {
                match self.multiplied_out(graph, &factors, depth + 1) {
                    Some(terms) => Kind::Sum(terms),
                    None => Kind::Atom,
                }
            }
            _ => Kind::Atom,
        };
        // (1 - x)(1 + x) under a root is 1 - x^2 under another; the product is the one that keeps its digits.
        if let Kind::Sum(terms) = &kind
            && let Some(equal) = self
                .numbers()
                .find(|kernel| self.terms(*kernel) == Some(terms))
        {
            if matches!(graph.kind(node), NodeKind::Product(_)) {
                self.list[equal].node = node;
            }
            self.places.insert(node, equal);
            return Some(equal);
        }
        let kernel = self.add(node, kind)?;
        self.places.insert(node, kernel);
        Some(kernel)
    }

    /// A product of sums under a root by its terms.
    fn multiplied_out(
        &mut self,
        graph: &mut Graph,
        factors: &[Power],
        depth: usize,
    ) -> Option<Polynomial> {
        let mut product = Polynomial::one();
        for (base, exponent) in factors {
            let NodeKind::Sum(terms, constant) = graph.kind(*base).clone() else {
                return None;
            };
            let sum = self.see(graph, &terms, &constant, depth)?;
            let whole = exponent
                .to_i64()
                .filter(|exponent| (1..=MOST_FACTORS).contains(exponent))?;
            product = product.times(&sum.power(i32::try_from(whole).ok()?)?)?;
        }
        Some(product)
    }

    /// `exp(c t)` as a power of the first exponential of a multiple of `t`.
    fn exponential(
        &mut self,
        graph: &mut Graph,
        node: NodeId,
        argument: NodeId,
        exponent: i32,
    ) -> Option<(usize, i32)> {
        let lead = match graph.kind(argument) {
            NodeKind::Sum(terms, _) => terms.first()?.1.clone(),
            _ => Rational::ONE,
        };
        let unit = graph.scaled(argument, lead.recip()?);
        if let Some((kernel, first)) = self.exponentials.get(&unit) {
            let ratio = (lead.clone() / first.clone())?;
            if let Some(exponent) =
                in_sixtieths(&(ratio * Rational::new(i64::from(exponent), i64::from(WHOLE))?))
            {
                return Some((*kernel, exponent));
            }
        }
        let kernel = self.add(node, Kind::Exponential(argument))?;
        self.exponentials.entry(unit).or_insert((kernel, lead));
        Some((kernel, exponent))
    }

    /// `b^(e + n)` as `b^e' b^k`, where `b^e'` is the first of these that was met.
    fn power(
        &mut self,
        graph: &mut Graph,
        node: NodeId,
        base: NodeId,
        exponent: NodeId,
    ) -> Option<(usize, NodeId, i32)> {
        if let Some(kernel) = self.places.get(&node) {
            return Some((*kernel, base, 0));
        }
        for kernel in self.numbers() {
            if let Kind::Power(other, first) = self.kind(kernel).clone()
                && other == base
            {
                let apart = graph.sum(
                    [(exponent, Rational::ONE), (first, -Rational::ONE)],
                    Rational::ZERO,
                );
                let shift = graph.as_number(apart).and_then(Rational::to_i64);
                if let Some(shift) = shift
                    .and_then(|shift| i32::try_from(shift).ok())
                    .filter(|shift| shift.abs() < WHOLE)
                {
                    return Some((kernel, base, shift));
                }
            }
        }
        let kernel = self.add(node, Kind::Power(base, exponent))?;
        self.places.insert(node, kernel);
        Some((kernel, base, 0))
    }

    /// The kernels that a product or sum of these still has, those within its sums included.
    fn left(&self, monomials: &[&Monomial]) -> Vec<bool> {
        let mut left = vec![false; self.len()];
        let mut pending: Vec<usize> = monomials
            .iter()
            .flat_map(|monomial| monomial.powers().map(|power| power.0))
            .collect();
        while let Some(kernel) = pending.pop() {
            if !std::mem::replace(&mut left[kernel], true)
                && let Some(terms) = self.terms(kernel)
            {
                pending.extend(
                    terms
                        .terms()
                        .flat_map(|(monomial, _)| monomial.powers().map(|power| power.0)),
                );
            }
        }
        left
    }

    /// What must hold for a form that has these factors and terms to equal what was seen.
    pub(super) fn lost(
        &self,
        graph: &Graph,
        common: &Monomial,
        inner: &Polynomial,
    ) -> Vec<Condition> {
        let mut monomials: Vec<&Monomial> = inner.terms().map(|(monomial, _)| monomial).collect();
        monomials.push(common);
        let left = self.left(&monomials);
        let mut conditions = self.conditions.clone();
        for (number, kernel) in self.list.iter().enumerate() {
            let keeps = |test: &dyn Fn(i32) -> bool| {
                monomials
                    .iter()
                    .any(|monomial| test(monomial.exponent(number)))
            };
            let keeps_all = matches!(kernel.kind, Kind::Exponential(_))
                || graph.sign(kernel.node) == Sign::Positive;
            if kernel.excludes_zero && !keeps_all && !keeps(&|exponent| exponent < 0) {
                conditions.push(Condition::NonZero(kernel.node));
            }
            if kernel.excludes_negative && !keeps_all && !keeps(&is_even_root) {
                conditions.push(Condition::NonNegative(kernel.node));
            }
            if !left[number] && !graph.is_total(kernel.node) && kernel.terms_are_none() {
                conditions.push(Condition::Defined(kernel.node));
            }
        }
        conditions
    }

    /// A product of powers as a node.
    pub(super) fn monomial(&self, graph: &mut Graph, monomial: &Monomial) -> NodeId {
        let mut exponents: Vec<Multiple> = Vec::new();
        let mut factors: Vec<Power> = Vec::new();
        let mut monomial = monomial.clone();
        let powers: Vec<(usize, i32)> = monomial.powers().collect();
        for (kernel, exponent) in powers {
            if let (Kind::Power(base, to), WHOLE) = (self.kind(kernel), exponent)
                && self.conditions.contains(&Condition::NonZero(*base))
                && let Some(place) = self.places.get(base)
                && monomial.exponent(*place) != 0
                && monomial.exponent(*place) % WHOLE == 0
            {
                let by = Rational::from(i64::from(monomial.exponent(*place) / WHOLE));
                monomial.raise(*place, -monomial.exponent(*place));
                monomial.raise(kernel, -exponent);
                let to = graph.sum([(*to, Rational::ONE)], by);
                factors.push((graph.apply(Operation::Pow, &[*base, to]), Rational::ONE));
            }
        }
        for (kernel, exponent) in monomial.powers() {
            let Some(exponent) = Rational::new(i64::from(exponent), i64::from(WHOLE)) else {
                continue;
            };
            match self.kind(kernel) {
                Kind::Exponential(argument) => exponents.push((*argument, exponent)),
                _ => factors.push((self.node(kernel), exponent)),
            }
        }
        if !exponents.is_empty() {
            let exponent = graph.sum(exponents, Rational::ZERO);
            factors.push((graph.apply(Operation::Exp, &[exponent]), Rational::ONE));
        }
        graph.product(factors)
    }

    /// The sum of all terms as a node.
    pub(super) fn flat(&self, graph: &mut Graph, polynomial: &Polynomial) -> NodeId {
        let terms: Vec<Multiple> = polynomial
            .terms()
            .map(|(monomial, coefficient)| (self.monomial(graph, monomial), coefficient.clone()))
            .collect();
        graph.sum(terms, Rational::ZERO)
    }
}

impl Kernel {
    fn terms_are_none(&self) -> bool {
        !matches!(self.kind, Kind::Sum(_))
    }
}

fn is_even_root(exponent: i32) -> bool {
    // The denominator of exponent/60 in lowest terms is even where 60 has more factors 2 than the exponent.
    exponent % 4 != 0
}

fn in_sixtieths(exponent: &Rational) -> Option<i32> {
    let sixtieths = exponent.clone() * Rational::from(i64::from(WHOLE));
    i32::try_from(sixtieths.to_i64()?)
        .ok()
        .filter(|exponent| exponent.abs() < WHOLE * 1000)
}
