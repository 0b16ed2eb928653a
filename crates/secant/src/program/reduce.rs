//! The same program with less to do: numbers are computed beforehand, whole powers become products of squares, division by a
//! power of two a product, and functions that have no vector kernel become ones that have. Sums, products and quotients keep the
//! order and the rounding of the program as it was written, so that plain arithmetic gives the same bits.

use super::building::Building;
use super::{Program, Slot, Step};
use crate::elementary::Operation;
use crate::number::Interval;

/// Whole powers up to this one become products; each product adds half a unit in the last place at most.
const MOST_SQUARED: f64 = 16.0;

impl Program {
    /// The same steps in fewer or cheaper ones. What no output needs is left out.
    pub(crate) fn reduced(&self) -> Self {
        let mut reduction = Reduction(Building::new(self.inputs));
        let needed = self.needed();
        let mut places: Vec<Slot> = vec![0; self.steps.len()];
        for (slot, step) in self
            .steps
            .iter()
            .enumerate()
            .filter(|(slot, _)| needed[*slot])
        {
            places[slot] = match *step {
                Step::Input(index) => reduction.0.input(index),
                Step::Constant(value, range) => reduction.0.constant(value, range),
                Step::Apply(operation, arguments) => {
                    let arguments = arguments.map(|argument| places[argument]);
                    reduction.apply(operation, &arguments[..operation.arity()])
                }
            };
        }
        let outputs = self.outputs.iter().map(|output| places[*output]);
        let reduced = reduction.0.finished(outputs.collect());
        let needed = reduced.needed();
        reduced.without(&needed)
    }

    /// The same with one division for all that divide by the same: its reciprocal, and products, each of which is rounded once more. A
    /// divisor below 2^-1024, whose reciprocal is infinite, counts as 0. A quotient that decides over an edge, a corner or a jump stays
    /// one: behind an edge a last digit is the difference between a number and none.
    pub(crate) fn with_shared_reciprocals(&self) -> Self {
        let decides = self.deciding();
        let mut divided = vec![0_usize; self.steps.len()];
        for (slot, step) in self.steps.iter().enumerate() {
            match step {
                Step::Apply(Operation::Div, [_, below, _]) if !decides[slot] => {
                    divided[*below] += 1
                }
                _ => {}
            }
        }
        let mut sharing = Reduction(Building::new(self.inputs));
        let mut places: Vec<Slot> = Vec::with_capacity(self.steps.len());
        for (slot, step) in self.steps.iter().enumerate() {
            places.push(match *step {
                Step::Input(index) => sharing.0.input(index),
                Step::Constant(value, range) => sharing.0.constant(value, range),
                Step::Apply(Operation::Div, [above, below, _])
                    if divided[below] > 1 && !decides[slot] =>
                {
                    sharing.shared_quotient(places[above], places[below])
                }
                Step::Apply(operation, arguments) => {
                    let arguments = arguments.map(|x| places.get(x).copied().unwrap_or(0));
                    sharing.0.apply(operation, &arguments[..operation.arity()])
                }
            });
        }
        let outputs = self.outputs.iter().map(|output| places[*output]);
        sharing.0.finished(outputs.collect())
    }

    /// Which steps an output reads, itself or through others.
    fn needed(&self) -> Vec<bool> {
        let mut needed = vec![false; self.steps.len()];
        for output in &self.outputs {
            needed[*output] = true;
        }
        self.with_all_they_read(needed)
    }

    /// Which steps a function reads, itself or through others, that has an edge, a corner or a jump. A pole is none of these.
    fn deciding(&self) -> Vec<bool> {
        let mut deciding = vec![false; self.steps.len()];
        for rough in self.rough_steps(&vec![Interval::WHOLE; self.inputs]) {
            let step = &self.steps[rough];
            if !matches!(step, Step::Apply(Operation::Div, _)) {
                for argument in step.arguments() {
                    deciding[*argument] = true;
                }
            }
        }
        self.with_all_they_read(deciding)
    }

    /// These steps, and those that they read, themselves or through others.
    fn with_all_they_read(&self, mut steps: Vec<bool>) -> Vec<bool> {
        for (slot, step) in self.steps.iter().enumerate().rev() {
            if steps[slot] {
                for argument in step.arguments() {
                    steps[*argument] = true;
                }
            }
        }
        steps
    }

    /// The program of the needed steps alone.
    fn without(self, needed: &[bool]) -> Self {
        let mut places: Vec<Slot> = vec![0; self.steps.len()];
        let mut steps = Vec::with_capacity(self.steps.len());
        let mut varies = Vec::with_capacity(self.steps.len());
        for (slot, step) in self
            .steps
            .into_iter()
            .enumerate()
            .filter(|(slot, _)| needed[*slot])
        {
            places[slot] = steps.len();
            varies.push(self.varies[slot]);
            steps.push(match step {
                Step::Apply(operation, arguments) => {
                    Step::Apply(operation, arguments.map(|argument| places[argument]))
                }
                other => other,
            });
        }
        let outputs = self.outputs.iter().map(|output| places[*output]).collect();
        Self {
            inputs: self.inputs,
            steps,
            varies,
            outputs,
        }
    }
}

impl Step {
    /// The slots it reads.
    pub(crate) fn arguments(&self) -> &[Slot] {
        match self {
            Self::Apply(operation, arguments) => &arguments[..operation.arity()],
            Self::Input(_) | Self::Constant(..) => &[],
        }
    }
}

/// Steps in their cheapest form.
struct Reduction(Building);

impl Reduction {
    fn value(&self, slot: Slot) -> Option<f64> {
        match self.0.step(slot) {
            Step::Constant(value, _) => Some(value),
            _ => None,
        }
    }

    /// A step in its cheapest form.
    fn apply(&mut self, operation: Operation, arguments: &[Slot]) -> Slot {
        if let Some(folded) = self.folded(operation, arguments) {
            return folded;
        }
        match (operation, arguments) {
            (Operation::Pow, &[base, exponent]) => self.power(base, exponent),
            (Operation::Div, &[above, below]) => self.quotient(above, below),
            (Operation::Sec, &[x]) => {
                let (one, cosine) = (self.number(1.0), self.plain(Operation::Cos, &[x]));
                self.plain(Operation::Div, &[one, cosine])
            }
            (Operation::Sech, &[x]) => self.hyperbolic_secant(x),
            _ => self.plain(operation, arguments),
        }
    }

    fn plain(&mut self, operation: Operation, arguments: &[Slot]) -> Slot {
        self.0.apply(operation, arguments)
    }

    fn number(&mut self, value: f64) -> Slot {
        self.0.double(value)
    }

    /// A function of numbers is a number.
    fn folded(&mut self, operation: Operation, arguments: &[Slot]) -> Option<Slot> {
        let mut values = [0.0; 3];
        let mut ranges = [Interval::EMPTY; 3];
        for (place, argument) in arguments.iter().enumerate() {
            let Step::Constant(value, range) = self.0.step(*argument) else {
                return None;
            };
            (values[place], ranges[place]) = (value, range);
        }
        let count = arguments.len();
        Some(self.0.constant(
            operation.value(&values[..count]),
            operation.enclose(&ranges[..count]),
        ))
    }

    /// x^n by squares and products: x^13 is x x⁴ x⁸.
    fn power(&mut self, base: Slot, exponent: Slot) -> Slot {
        let whole = self
            .value(exponent)
            .filter(|n| n.fract() == 0.0 && (1.0..=MOST_SQUARED).contains(n));
        let Some(mut rest) = whole.map(|n| n as u32) else {
            return self.plain(Operation::Pow, &[base, exponent]);
        };
        let (mut square, mut product) = (base, None);
        loop {
            if rest % 2 == 1 {
                product = Some(product.map_or(square, |product| {
                    self.plain(Operation::Mul, &[product, square])
                }));
            }
            rest /= 2;
            match product {
                Some(product) if rest == 0 => return product,
                _ => square = self.plain(Operation::Mul, &[square, square]),
            }
        }
    }

    /// Division by a power of two is a product, to the same bits. By any other number it stays a division: 49 times the double next to
    /// 1/49 is less than 1, a whole step behind a jump.
    fn quotient(&mut self, above: Slot, below: Slot) -> Slot {
        let reciprocal = self
            .value(below)
            .filter(|below| is_power_of_two(*below))
            .map(f64::recip)
            .filter(|reciprocal| reciprocal.is_normal());
        match reciprocal {
            Some(reciprocal) => {
                let reciprocal = self.number(reciprocal);
                self.plain(Operation::Mul, &[reciprocal, above])
            }
            None => self.plain(Operation::Div, &[above, below]),
        }
    }

    /// A product with the reciprocal, which others share.
    fn shared_quotient(&mut self, above: Slot, below: Slot) -> Slot {
        let one = self.number(1.0);
        let reciprocal = self.plain(Operation::Div, &[one, below]);
        if above == one {
            return reciprocal;
        }
        self.plain(Operation::Mul, &[above, reciprocal])
    }

    /// 2e/(1 + e²) with e = exp(-|x|), which neither overflows nor cancels.
    fn hyperbolic_secant(&mut self, x: Slot) -> Slot {
        let (one, two) = (self.number(1.0), self.number(2.0));
        let magnitude = self.plain(Operation::Abs, &[x]);
        let negative = self.plain(Operation::Neg, &[magnitude]);
        let power = self.plain(Operation::Exp, &[negative]);
        let square = self.plain(Operation::Mul, &[power, power]);
        let below = self.plain(Operation::Add, &[square, one]);
        let above = self.plain(Operation::Mul, &[two, power]);
        self.plain(Operation::Div, &[above, below])
    }
}

/// Whether it is a power of two, of either sign, whose significand is 1.
fn is_power_of_two(x: f64) -> bool {
    const FRACTION: u64 = (1 << (f64::MANTISSA_DIGITS - 1)) - 1;
    x.is_normal() && x.to_bits() & FRACTION == 0
}
