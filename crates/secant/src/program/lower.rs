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
            let slot = match graph.kind(id) {
                NodeKind::Apply(Operation::Mod, arguments) => {
                    lowering.rest(arguments[0], arguments[1], graph.as_number(arguments[1]))
                }
                kind => lowering.node(kind),
            };
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

    /// What is left of whole multiples of a fraction p/q that no double holds is that of q times as much after those of p, by q.
    fn rest(&mut self, dividend: NodeId, divisor: NodeId, fraction: Option<&Rational>) -> Slot {
        let dividend = self.place(dividend);
        let Some((above, below)) = fraction.and_then(parted) else {
            let divisor = self.place(divisor);
            return self.apply(Operation::Mod, &[dividend, divisor]);
        };
        let many = self.times(dividend, &below);
        let [above, below] = [above, below].map(|number| self.number(&number));
        let rest = self.apply(Operation::Mod, &[many, above]);
        self.apply(Operation::Div, &[rest, below])
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
        let Some((above, below)) = parted(coefficient) else {
            return self.times(term, coefficient);
        };
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

    /// A positive power. The whole part of a fraction is multiplied out, so that no large power amplifies the rounding of a root.
    fn power(&mut self, base: Slot, exponent: &Rational) -> Slot {
        let is_small = matches!(exponent.numerator().to_i64(), Some(1..=MOST_FACTORS));
        let whole = exponent.floor();
        if exponent.is_integer() {
            self.whole_power(base, exponent)
        } else if is_small || whole.is_zero() {
            self.root_power(base, exponent)
        } else {
            let rest = self.root_power(base, &(exponent.clone() - whole.clone()));
            let power = self.whole_power(base, &whole);
            self.apply(Operation::Mul, &[power, rest])
        }
    }

    /// x^(p/q) is the p-th power of the q-th root as long as p is small: then what is a fraction comes out as one. Of a larger p
    /// the root has too few digits, and it is a power by the quotient of p and q, which is exact where it is read exactly.
    fn root_power(&mut self, base: Slot, exponent: &Rational) -> Slot {
        let (above, below) = (exponent.numerator(), exponent.denominator());
        let is_small = above <= Rational::from(MOST_FACTORS) && is_held(&below);
        if !is_small {
            return self.real_power(base, exponent);
        }
        let root = match below.to_i64() {
            Some(2) => self.apply(Operation::Sqrt, &[base]),
            Some(3) => self.apply(Operation::Cbrt, &[base]),
            _ => {
                let order = self.number(&below);
                self.apply(Operation::Root, &[base, order])
            }
        };
        self.whole_power(root, &above)
    }

    /// A power by a fraction; where its denominator is odd, that of the magnitude with the sign that the numerator leaves.
    fn real_power(&mut self, base: Slot, exponent: &Rational) -> Slot {
        let power = |lowering: &mut Self, base| {
            let exponent = lowering.fraction(exponent);
            lowering.apply(Operation::Pow, &[base, exponent])
        };
        if !exponent.has_odd_denominator() {
            return power(self, base);
        }
        let magnitude = self.apply(Operation::Abs, &[base]);
        let power = power(self, magnitude);
        if exponent.has_even_numerator() {
            return power;
        }
        let sign = self.apply(Operation::Sign, &[base]);
        self.apply(Operation::Mul, &[sign, power])
    }

    /// A number that no double holds is the quotient of two that doubles hold, if there are such.
    fn fraction(&mut self, number: &Rational) -> Slot {
        let Some((above, below)) = parted(number) else {
            return self.number(number);
        };
        let (above, below) = (self.number(&above), self.number(&below));
        self.apply(Operation::Div, &[above, below])
    }

    /// A whole power.
    fn whole_power(&mut self, base: Slot, exponent: &Rational) -> Slot {
        match exponent.to_i64() {
            Some(1) => base,
            Some(whole @ 2..=MOST_FACTORS) => self.repeated(base, whole),
            _ => {
                let whole = self.number(exponent);
                self.apply(Operation::Pow, &[base, whole])
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

/// Numerator and denominator of a number that no double holds, where doubles hold these.
fn parted(number: &Rational) -> Option<(Rational, Rational)> {
    let (above, below) = (number.numerator(), number.denominator());
    let are_held = is_held(&above) && is_held(&below);
    (!is_held(number) && are_held).then_some((above, below))
}

/// Whether a double is this number.
fn is_held(number: &Rational) -> bool {
    Rational::from_f64(number.to_f64()).as_ref() == Some(number)
}
