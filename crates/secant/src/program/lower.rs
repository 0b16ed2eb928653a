//! From graph to steps: sums become additions and subtractions, negative exponents a division, small powers
//! products, roots roots. Nothing is rounded that the graph holds exactly, except each number once.

use super::building::Building;
use super::{Program, Slot};
use crate::elementary::Operation;
use crate::graph::{Graph, Multiple, NodeId, NodeKind, Power};
use crate::number::Rational;

/// Whole powers up to this one are multiplied out.
const MOST_FACTORS: i64 = 4;

impl Program {
    /// The steps that compute these nodes.
    #[must_use]
    pub fn new(graph: &Graph, roots: &[NodeId]) -> Self {
        let mut lowering = Lowering {
            building: Building::new(graph.names().len()),
            places: vec![None; graph.len()],
        };
        for id in graph.reachable(roots) {
            let slot = lowering.node(graph.kind(id));
            lowering.places[id.index()] = Some(slot);
        }
        let outputs = roots.iter().map(|root| lowering.place(*root)).collect();
        lowering.building.finished(outputs)
    }
}

struct Lowering {
    building: Building,
    places: Vec<Option<Slot>>,
}

impl Lowering {
    fn place(&mut self, id: NodeId) -> Slot {
        self.places[id.index()].unwrap_or_else(|| self.number(&Rational::ZERO))
    }

    fn number(&mut self, number: &Rational) -> Slot {
        self.building.number(number)
    }

    fn apply(&mut self, operation: Operation, arguments: &[Slot]) -> Slot {
        self.building.apply(operation, arguments)
    }

    fn node(&mut self, kind: &NodeKind) -> Slot {
        match kind {
            NodeKind::Number(number) => self.number(number),
            NodeKind::Constant(constant) => self
                .building
                .constant(constant.to_f64(), constant.enclose()),
            NodeKind::Input(index) => self.building.input(*index),
            NodeKind::Sum(terms, constant) => self.sum(terms, constant),
            NodeKind::Product(factors) => self.quotient(factors),
            NodeKind::Apply(operation, arguments) => {
                let arguments: Vec<Slot> = arguments
                    .iter()
                    .map(|argument| self.place(*argument))
                    .collect();
                self.apply(*operation, &arguments)
            }
        }
    }

    /// Positive terms first, then the others subtracted.
    fn sum(&mut self, terms: &[Multiple], constant: &Rational) -> Slot {
        let (negative, positive): (Vec<&Multiple>, Vec<&Multiple>) =
            terms.iter().partition(|(_, by)| by.is_negative());
        let mut sum: Option<Slot> = None;
        for (term, coefficient) in positive {
            let slot = self.multiple(*term, coefficient);
            sum = Some(sum.map_or(slot, |sum| self.apply(Operation::Add, &[sum, slot])));
        }
        if !constant.is_zero() {
            let (operation, slot) = match sum {
                Some(_) if constant.is_negative() => (Operation::Sub, self.number(&constant.abs())),
                _ => (Operation::Add, self.number(constant)),
            };
            sum = Some(sum.map_or(slot, |sum| self.apply(operation, &[sum, slot])));
        }
        for (term, coefficient) in negative {
            let slot = self.multiple(*term, &coefficient.abs());
            sum = Some(match sum {
                Some(sum) => self.apply(Operation::Sub, &[sum, slot]),
                None => self.apply(Operation::Neg, &[slot]),
            });
        }
        sum.unwrap_or_else(|| self.number(constant))
    }

    /// A multiple by a fraction that no double holds is a product and a quotient of numbers that are.
    fn multiple(&mut self, term: NodeId, coefficient: &Rational) -> Slot {
        let term = self.place(term);
        let held = |number: &Rational| Rational::from_f64(number.to_f64()).as_ref() == Some(number);
        let (above, below) = (coefficient.numerator(), coefficient.denominator());
        if held(coefficient) || !held(&above) || !held(&below) {
            return self.times(term, coefficient);
        }
        let product = self.times(term, &above);
        let divisor = self.number(&below);
        self.apply(Operation::Div, &[product, divisor])
    }

    fn times(&mut self, slot: Slot, factor: &Rational) -> Slot {
        if factor.is_one() {
            return slot;
        }
        let factor = self.number(factor);
        self.apply(Operation::Mul, &[factor, slot])
    }

    fn quotient(&mut self, factors: &[Power]) -> Slot {
        let (below, above): (Vec<&Power>, Vec<&Power>) = factors
            .iter()
            .partition(|(_, exponent)| exponent.is_negative());
        let above = self.product(&above);
        match self.product(&below) {
            None => above.unwrap_or_else(|| self.number(&Rational::ONE)),
            Some(below) => {
                let above = above.unwrap_or_else(|| self.number(&Rational::ONE));
                self.apply(Operation::Div, &[above, below])
            }
        }
    }

    fn product(&mut self, factors: &[&Power]) -> Option<Slot> {
        let mut product: Option<Slot> = None;
        for (base, exponent) in factors {
            let base = self.place(*base);
            let power = self.power(base, &exponent.abs());
            product = Some(product.map_or(power, |product| {
                self.apply(Operation::Mul, &[product, power])
            }));
        }
        product
    }

    /// A positive power: x^(p/q) is the p-th power of the q-th root.
    fn power(&mut self, base: Slot, exponent: &Rational) -> Slot {
        let root = match exponent.denominator().to_i64() {
            Some(1) => base,
            Some(2) => self.apply(Operation::Sqrt, &[base]),
            Some(3) => self.apply(Operation::Cbrt, &[base]),
            _ => {
                let order = self.number(&exponent.denominator());
                self.apply(Operation::Root, &[base, order])
            }
        };
        match exponent.numerator().to_i64() {
            Some(1) => root,
            Some(whole @ 2..=MOST_FACTORS) => self.repeated(root, whole),
            _ => {
                let whole = self.number(&exponent.numerator());
                self.apply(Operation::Pow, &[root, whole])
            }
        }
    }

    fn repeated(&mut self, base: Slot, power: i64) -> Slot {
        let square = self.apply(Operation::Mul, &[base, base]);
        match power {
            2 => square,
            3 => self.apply(Operation::Mul, &[square, base]),
            _ => self.apply(Operation::Mul, &[square, square]),
        }
    }
}
