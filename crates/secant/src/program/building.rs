//! [`Building`]: steps on their way into a program. A step that is asked for twice is there once.

use rustc_hash::FxHashMap;

use super::{Program, Slot, Step};
use crate::elementary::Operation;
use crate::number::{Interval, Rational};

/// What has been built of a program.
pub(super) struct Building {
    inputs: usize,
    steps: Vec<Step>,
    varies: Vec<bool>,
    known: FxHashMap<Key, Slot>,
}

/// What makes two steps the same.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Input(usize),
    Constant([u64; 3]),
    Apply(Operation, [Slot; 3]),
}

impl Building {
    /// Nothing yet of a program of so many inputs.
    pub(super) fn new(inputs: usize) -> Self {
        Self {
            inputs,
            steps: Vec::new(),
            varies: Vec::new(),
            known: FxHashMap::default(),
        }
    }

    /// The program with these outputs.
    pub(super) fn finished(self, outputs: Vec<Slot>) -> Program {
        Program {
            inputs: self.inputs,
            steps: self.steps,
            varies: self.varies,
            outputs,
        }
    }

    pub(super) fn step(&self, slot: Slot) -> Step {
        self.steps[slot]
    }

    /// An input; one that the program does not have is given by nobody, and no number.
    pub(super) fn input(&mut self, index: usize) -> Slot {
        if index < self.inputs {
            self.built(Key::Input(index), Step::Input(index), true)
        } else {
            self.constant(f64::NAN, Interval::point(f64::NAN))
        }
    }

    pub(super) fn constant(&mut self, value: f64, range: Interval) -> Slot {
        let key = Key::Constant([value, range.lo(), range.hi()].map(f64::to_bits));
        self.built(key, Step::Constant(value, range), false)
    }

    pub(super) fn number(&mut self, number: &Rational) -> Slot {
        self.constant(number.to_f64(), number.enclose())
    }

    pub(super) fn double(&mut self, number: f64) -> Slot {
        self.constant(number, Interval::point(number))
    }

    pub(super) fn apply(&mut self, operation: Operation, arguments: &[Slot]) -> Slot {
        let mut slots = [0; 3];
        slots[..arguments.len()].copy_from_slice(arguments);
        let varies = arguments.iter().any(|argument| self.varies[*argument]);
        self.built(
            Key::Apply(operation, slots),
            Step::Apply(operation, slots),
            varies,
        )
    }

    fn built(&mut self, key: Key, step: Step, varies: bool) -> Slot {
        *self.known.entry(key).or_insert_with(|| {
            self.steps.push(step);
            self.varies.push(varies);
            self.steps.len() - 1
        })
    }
}
