//! [`Straight`]: a program at one point as machine code. Functions that do not wait for each other go through the vector kernels
//! together; the arithmetic between them is code in the order of the program, so that most values never leave the registers. The
//! bits are those of a [`Schedule`](super::schedule::Schedule).

use std::collections::BTreeMap;

use secant_machine::{Operand, PointCode, Step, Work};
use secant_vmath as vmath;

use super::{Program, Slot, Step as ProgramStep, kernel};
use crate::elementary::Operation;

/// With fewer steps of arithmetic for each level there is nothing to gain, and a page of code for each.
const WORTH_CODE: usize = 2;

/// A program as code. A value that outlives its level has a place of its own.
#[derive(Debug)]
pub(super) struct Straight {
    inputs: usize,
    /// What stands in places from the beginning.
    numbers: Vec<(u32, f64)>,
    levels: Vec<Level>,
    outputs: Vec<u32>,
    places: usize,
}

/// Arithmetic, and then functions of what is known after it.
#[derive(Debug)]
struct Level {
    arithmetic: Option<PointCode>,
    calls: Vec<Call>,
}

/// One function of several items, through its vector kernel.
#[derive(Debug)]
struct Call {
    operation: Operation,
    items: usize,
    /// What is copied to stand beside the other arguments: from where, and to where.
    copies: Vec<(u32, u32)>,
    /// Where each argument of the first item stands; those of the others stand behind it.
    arguments: [u32; 3],
    results: u32,
}

impl Straight {
    /// A program that is [reduced](Program::reduced); `None` where there is nothing to gain or the machine takes no code.
    pub(super) fn new(program: &Program) -> Option<Self> {
        let order = Order::new(program);
        order.is_worth_code().then(|| Self::written(&order))?
    }

    fn written(order: &Order) -> Option<Self> {
        let program = order.program;
        let mut placing = Placing::new(program);
        let functions = order.functions.iter();
        let calls: Vec<Vec<Call>> = functions
            .map(|slots| placing.calls(program, slots))
            .collect();
        placing.place_what_is_kept(order);
        let numbers = |(slot, step): (Slot, &ProgramStep)| match step {
            ProgramStep::Constant(value, _) => Some((placing.places[slot]?, *value)),
            _ => None,
        };
        let outputs = program.outputs.iter().map(|slot| placing.places[*slot]);
        let mut new = Self {
            inputs: program.inputs,
            numbers: program
                .steps
                .iter()
                .enumerate()
                .filter_map(numbers)
                .collect(),
            levels: Vec::new(),
            outputs: outputs.collect::<Option<_>>()?,
            places: placing.next as usize,
        };
        let room = new.places;
        for (slots, calls) in order.arithmetic.iter().zip(calls) {
            let steps = placing.steps(program, slots);
            let arithmetic = match steps.is_empty() {
                true => None,
                false => Some(PointCode::new(&steps, room, |_| true)?),
            };
            let wanted = arithmetic.as_ref().map_or(0, PointCode::places);
            new.places = new.places.max(wanted);
            new.levels.push(Level { arithmetic, calls });
        }
        Some(new)
    }

    /// Room to run in.
    pub(super) fn room(&self) -> Vec<f64> {
        let mut room = vec![0.0; self.places];
        for (place, number) in &self.numbers {
            room[*place as usize] = *number;
        }
        room
    }

    /// The outputs at a point. A missing input is NaN.
    pub(super) fn run(&self, x: &[f64], room: &mut [f64], outputs: &mut [f64]) {
        for (input, place) in room[..self.inputs].iter_mut().enumerate() {
            *place = x.get(input).copied().unwrap_or(f64::NAN);
        }
        for level in &self.levels {
            if let Some(arithmetic) = &level.arithmetic {
                arithmetic.run(room);
            }
            for call in &level.calls {
                call.run(room);
            }
        }
        for (output, place) in outputs.iter_mut().zip(&self.outputs) {
            *output = room[*place as usize];
        }
    }
}

impl Call {
    fn run(&self, room: &mut [f64]) {
        for (from, to) in &self.copies {
            room[*to as usize] = room[*from as usize];
        }
        let (known, results) = room.split_at_mut(self.results as usize);
        let mut arguments = [vmath::Operand::Scalar(0.0); 3];
        let firsts = self.arguments.iter().take(self.operation.arity());
        for (argument, first) in arguments.iter_mut().zip(firsts) {
            *argument = vmath::Operand::Slice(&known[*first as usize..][..self.items]);
        }
        kernel::apply(self.operation, arguments, &mut results[..self.items]);
    }
}

fn is_arithmetic(step: &ProgramStep) -> bool {
    work(step, |_| Operand::Step(0)).is_some()
}

/// A step that is arithmetic, with its operands.
fn work(step: &ProgramStep, operand: impl Fn(Slot) -> Operand) -> Option<Work> {
    let ProgramStep::Apply(operation, [a, b, _]) = step else {
        return None;
    };
    let (a, b) = (|| operand(*a), || operand(*b));
    Some(match operation {
        Operation::Add => Work::Add(a(), b()),
        Operation::Sub => Work::Sub(a(), b()),
        Operation::Mul => Work::Mul(a(), b()),
        Operation::Div => Work::Div(a(), b()),
        Operation::Neg => Work::Neg(a()),
        Operation::Abs => Work::Abs(a()),
        Operation::Sqrt => Work::Sqrt(a()),
        _ => return None,
    })
}

/// What is computed when.
struct Order<'a> {
    program: &'a Program,
    /// A function as soon as its arguments are known, arithmetic in the level that first needs it.
    level: Vec<usize>,
    /// The slots of each level.
    arithmetic: Vec<Vec<Slot>>,
    functions: Vec<Vec<Slot>>,
}

impl<'a> Order<'a> {
    fn new(program: &'a Program) -> Self {
        let count = program.steps.len();
        let is_arithmetic: Vec<bool> = program.steps.iter().map(is_arithmetic).collect();
        // The first level at which a slot may be read, and that at which it is computed.
        let (mut known, mut level) = (vec![0; count], vec![0; count]);
        for (slot, step) in program.steps.iter().enumerate() {
            let arguments = step.arguments().iter();
            level[slot] = arguments.map(|slot| known[*slot]).max().unwrap_or(0);
            let is_function = matches!(step, ProgramStep::Apply(..)) && !is_arithmetic[slot];
            known[slot] = level[slot] + usize::from(is_function);
        }
        let last = known.iter().copied().max().unwrap_or(0);
        let mut needed = vec![last; count];
        for (slot, step) in program.steps.iter().enumerate().rev() {
            if is_arithmetic[slot] {
                level[slot] = needed[slot];
            }
            for argument in step.arguments() {
                needed[*argument] = needed[*argument].min(level[slot]);
            }
        }
        let mut new = Self {
            program,
            level,
            arithmetic: vec![Vec::new(); last + 1],
            functions: vec![Vec::new(); last + 1],
        };
        for (slot, step) in program.steps.iter().enumerate() {
            let level = new.level[slot];
            match step {
                ProgramStep::Apply(..) if is_arithmetic[slot] => new.arithmetic[level].push(slot),
                ProgramStep::Apply(..) => new.functions[level].push(slot),
                ProgramStep::Input(_) | ProgramStep::Constant(..) => {}
            }
        }
        new
    }

    fn is_worth_code(&self) -> bool {
        let steps: usize = self.arithmetic.iter().map(Vec::len).sum();
        steps >= WORTH_CODE * self.arithmetic.len()
    }
}

/// Gives places to what must have one.
struct Placing {
    places: Vec<Option<u32>>,
    next: u32,
    /// Of arithmetic that has been written: which step of its level it is.
    steps: Vec<Option<u32>>,
}

impl Placing {
    /// Inputs have the first places, and numbers the next.
    fn new(program: &Program) -> Self {
        let count = program.steps.len();
        let mut new = Self {
            places: vec![None; count],
            next: program.inputs as u32,
            steps: vec![None; count],
        };
        for (slot, step) in program.steps.iter().enumerate() {
            new.places[slot] = match step {
                ProgramStep::Input(index) => Some(*index as u32),
                ProgramStep::Constant(..) => Some(new.taken(1)),
                ProgramStep::Apply(..) => None,
            };
        }
        new
    }

    fn taken(&mut self, count: usize) -> u32 {
        let first = self.next;
        self.next += count as u32;
        first
    }

    /// The functions of a level: those of one kind are one call, whose arguments and results stand side by side.
    fn calls(&mut self, program: &Program, slots: &[Slot]) -> Vec<Call> {
        let mut kinds: BTreeMap<Operation, Vec<Slot>> = BTreeMap::new();
        for slot in slots {
            if let ProgramStep::Apply(operation, _) = program.steps[*slot] {
                kinds.entry(operation).or_default().push(*slot);
            }
        }
        let kinds = kinds.into_iter();
        kinds
            .map(|(operation, slots)| self.call(program, operation, &slots))
            .collect()
    }

    fn call(&mut self, program: &Program, operation: Operation, slots: &[Slot]) -> Call {
        let mut copies = Vec::new();
        let mut firsts = [0; 3];
        for (argument, first) in firsts.iter_mut().enumerate().take(operation.arity()) {
            *first = self.taken(slots.len());
            for (slot, place) in slots.iter().zip(*first..) {
                let read = program.steps[*slot].arguments()[argument];
                match self.places[read] {
                    Some(from) => copies.push((from, place)),
                    None => self.places[read] = Some(place),
                }
            }
        }
        let results = self.taken(slots.len());
        for (slot, place) in slots.iter().zip(results..) {
            self.places[*slot] = Some(place);
        }
        Call {
            operation,
            items: slots.len(),
            copies,
            arguments: firsts,
            results,
        }
    }

    /// Gives a place to arithmetic that another level reads, and to outputs.
    fn place_what_is_kept(&mut self, order: &Order) {
        for (slot, step) in order.program.steps.iter().enumerate() {
            for read in step.arguments() {
                if order.level[*read] != order.level[slot] {
                    self.place(*read);
                }
            }
        }
        for output in &order.program.outputs {
            self.place(*output);
        }
    }

    fn place(&mut self, slot: Slot) {
        if self.places[slot].is_none() {
            self.places[slot] = Some(self.taken(1));
        }
    }

    /// The arithmetic of a level.
    fn steps(&mut self, program: &Program, slots: &[Slot]) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::with_capacity(slots.len());
        for slot in slots {
            // A value with a place is found there too: its step has written it.
            let operand = |read: Slot| match (self.places[read], self.steps[read]) {
                (Some(place), _) => Operand::Column(place),
                (None, Some(step)) => Operand::Step(step),
                // Nothing that is read is nowhere.
                (None, None) => Operand::Column(u32::MAX),
            };
            if let Some(work) = work(&program.steps[*slot], operand) {
                self.steps[*slot] = Some(steps.len() as u32);
                let column = self.places[*slot];
                steps.push(Step { work, column });
            }
        }
        steps
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Node, PointRunner, Recorded, Scalar};

    /// Numbers drawn by a linear congruence (Knuth 1997, 3.3.4, table 1, line 26).
    struct Draws(u64);

    impl Draws {
        fn below(&mut self, most: usize) -> usize {
            let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
            self.0 = next.wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % most
        }

        /// Arithmetic, and of any function of the table one step in three.
        fn program(&mut self, length: usize) -> Program {
            let arithmetic = [
                Operation::Add,
                Operation::Sub,
                Operation::Mul,
                Operation::Div,
            ];
            let f = Recorded::trace(&["x", "y", "z"], |x| {
                let mut nodes = x.to_vec();
                for _ in 0..length {
                    let operation = match self.below(3) {
                        0 => Operation::ALL[self.below(Operation::ALL.len())],
                        _ => arithmetic[self.below(4)],
                    };
                    let mut read = || match self.below(8) {
                        0 => Node::constant(0.5 + self.below(6) as f64),
                        _ => nodes[self.below(nodes.len())].clone(),
                    };
                    let arguments: Vec<Node> = (0..operation.arity()).map(|_| read()).collect();
                    nodes.push(operation.apply(&arguments));
                }
                nodes.split_off(nodes.len().saturating_sub(6))
            });
            f.unwrap().program().clone()
        }
    }

    #[test]
    fn programs_drawn_at_random_have_the_bits_of_batches() {
        let here = vmath::Level::available().contains(&vmath::Level::Avx2);
        let mut draws = Draws(1);
        for length in 0..300 {
            let program = draws.program(length);
            let straight = Straight::written(&Order::new(&program.reduced()));
            assert_eq!(straight.is_some(), here);
            let Some(straight) = straight else {
                continue;
            };
            let mut batched = PointRunner::new(&program);
            let mut room = straight.room();
            let mut outputs = vec![0.0; program.outputs()];
            for x in [
                [0.3, -1.2, 2.0],
                [1.0, 1.0, -0.0],
                [f64::NAN, 1e300, f64::INFINITY],
            ] {
                straight.run(&x, &mut room, &mut outputs);
                let expected = batched.run(&x);
                let same =
                    |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
                assert!(
                    outputs.iter().zip(expected).all(same),
                    "{outputs:?}, not {expected:?}"
                );
            }
        }
    }
}
