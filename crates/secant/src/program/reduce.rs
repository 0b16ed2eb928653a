//! The same program with less to do: numbers are computed beforehand, whole powers become products of squares, division by a
//! number a product, and functions that have no vector kernel become ones that have. Sums and products keep the order and the
//! rounding of the program as it was written, so that plain arithmetic gives the same bits.

use rustc_hash::FxHashMap;

use super::{Program, Slot, Step};
use crate::elementary::Operation;
use crate::number::Interval;

/// Whole powers up to this one become products; each product adds half a unit in the last place at most.
const MOST_SQUARED: f64 = 16.0;

impl Program {
    /// The same steps in fewer or cheaper ones. What no output needs is left out.
    pub(crate) fn reduced(&self) -> Self {
        let mut reduction = Reduction::new(self);
        let needed = self.needed();
        let mut places: Vec<Slot> = vec![0; self.steps.len()];
        for (slot, step) in self
            .steps
            .iter()
            .enumerate()
            .filter(|(slot, _)| needed[*slot])
        {
            places[slot] = match *step {
                Step::Input(index) => reduction.input(index),
                Step::Constant(value, range) => reduction.constant(value, range),
                Step::Apply(operation, arguments) => {
                    let arguments = arguments.map(|argument| places[argument]);
                    reduction.apply(operation, &arguments[..operation.arity()])
                }
            };
        }
        reduction.program.outputs = self.outputs.iter().map(|output| places[*output]).collect();
        let needed = reduction.program.needed();
        reduction.program.without(&needed)
    }

    /// The same with one division for all that divide by the same: its reciprocal, and products, each of which is rounded once more. A
    /// divisor below 2^-1024, whose reciprocal is infinite, counts as 0.
    pub(crate) fn with_shared_reciprocals(&self) -> Self {
        let mut divided = vec![0_usize; self.steps.len()];
        for step in &self.steps {
            if let Step::Apply(Operation::Div, [_, below, _]) = step {
                divided[*below] += 1;
            }
        }
        let mut sharing = Reduction::new(self);
        let mut places: Vec<Slot> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            places.push(match *step {
                Step::Input(index) => sharing.input(index),
                Step::Constant(value, range) => sharing.constant(value, range),
                Step::Apply(Operation::Div, [above, below, _]) if divided[below] > 1 => {
                    sharing.shared_quotient(places[above], places[below])
                }
                Step::Apply(operation, arguments) => {
                    let arguments = arguments.map(|x| places.get(x).copied().unwrap_or(0));
                    sharing.plain(operation, &arguments[..operation.arity()])
                }
            });
        }
        sharing.program.outputs = self.outputs.iter().map(|output| places[*output]).collect();
        sharing.program
    }

    /// Which steps an output reads, itself or through others.
    fn needed(&self) -> Vec<bool> {
        let mut needed = vec![false; self.steps.len()];
        for output in &self.outputs {
            needed[*output] = true;
        }
        for (slot, step) in self.steps.iter().enumerate().rev() {
            if needed[slot] {
                for argument in step.arguments() {
                    needed[*argument] = true;
                }
            }
        }
        needed
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

struct Reduction {
    program: Program,
    known: FxHashMap<Key, Slot>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Input(usize),
    Constant(u64),
    Apply(Operation, [Slot; 3]),
}

impl Reduction {
    /// No steps yet of those of a program.
    fn new(of: &Program) -> Self {
        Self {
            program: Program {
                inputs: of.inputs,
                steps: Vec::with_capacity(of.steps.len()),
                varies: Vec::with_capacity(of.steps.len()),
                outputs: Vec::new(),
            },
            known: FxHashMap::default(),
        }
    }

    fn step(&mut self, key: Key, step: Step, varies: bool) -> Slot {
        let program = &mut self.program;
        *self.known.entry(key).or_insert_with(|| {
            program.steps.push(step);
            program.varies.push(varies);
            program.steps.len() - 1
        })
    }

    fn input(&mut self, index: usize) -> Slot {
        self.step(Key::Input(index), Step::Input(index), true)
    }

    fn constant(&mut self, value: f64, range: Interval) -> Slot {
        self.step(
            Key::Constant(value.to_bits()),
            Step::Constant(value, range),
            false,
        )
    }

    fn number(&mut self, value: f64) -> Slot {
        self.constant(value, Interval::point(value))
    }

    fn value(&self, slot: Slot) -> Option<f64> {
        match self.program.steps[slot] {
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
        let mut slots = [0; 3];
        slots[..arguments.len()].copy_from_slice(arguments);
        self.step(
            Key::Apply(operation, slots),
            Step::Apply(operation, slots),
            true,
        )
    }

    /// A function of numbers is a number.
    fn folded(&mut self, operation: Operation, arguments: &[Slot]) -> Option<Slot> {
        let mut values = [0.0; 3];
        let mut ranges = [Interval::EMPTY; 3];
        for (place, argument) in arguments.iter().enumerate() {
            let Step::Constant(value, range) = self.program.steps[*argument] else {
                return None;
            };
            (values[place], ranges[place]) = (value, range);
        }
        let count = arguments.len();
        Some(self.constant(
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

    /// Division by a number is a product with its reciprocal, where that is an ordinary number too; where it is not exact
    /// this costs one rounding more.
    fn quotient(&mut self, above: Slot, below: Slot) -> Slot {
        let reciprocal = self
            .value(below)
            .filter(|below| below.is_normal())
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
