//! [`Items`]: a program as pieces of work that may stand side by side for one point. Each is one operation, but for long sums, which
//! are one item however many terms they have.

use super::plan::one_reader;
use super::{Program, Slot, Step};
use crate::elementary::Operation;

/// What is done to two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
}

/// What is done in an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Terms added one after another, then terms subtracted.
    Sum,
    /// A function through its vector kernel.
    Function(Operation),
    Arithmetic(Arithmetic),
}

/// An operation, with the slots it reads.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) slot: Slot,
    pub(super) kind: Kind,
    pub(super) reads: Vec<Slot>,
    /// How many terms of a sum are added; the others are subtracted.
    pub(super) added: usize,
}

/// All items of a program, what an item reads before it.
#[derive(Debug)]
pub(super) struct Items {
    pub(super) items: Vec<Item>,
    pub(super) numbers: Vec<(Slot, f64)>,
    /// Where the numbers stand that change no bit of a sum: -0 where it is added, and 0 where it is subtracted.
    pub(super) nothing_added: Slot,
    pub(super) nothing_subtracted: Slot,
    /// How many slots there are: those of the program, and more for the numbers above and the parts of short sums.
    pub(super) slots: usize,
}

/// A sum of fewer terms is so many additions: over many items at once they are faster.
const LEAST_TERMS: usize = 5;

impl Items {
    pub(super) fn new(program: &Program) -> Self {
        let count = program.steps.len();
        let [minus_one, nothing_added, nothing_subtracted] = [count, count + 1, count + 2];
        let mut gathering = Gathering {
            items: Vec::with_capacity(count),
            waiting: Vec::with_capacity(count),
            has_one_reader: one_reader(program),
            minus_one,
            slots: count + 3,
        };
        let mut numbers = vec![
            (minus_one, -1.0),
            (nothing_added, -0.0),
            (nothing_subtracted, 0.0),
        ];
        for (slot, step) in program.steps.iter().enumerate() {
            let waiting = match *step {
                Step::Input(_) => None,
                Step::Constant(value, _) => {
                    numbers.push((slot, value));
                    None
                }
                Step::Apply(operation, _) => gathering.apply(slot, operation, step.arguments()),
            };
            gathering.waiting.push(waiting);
        }
        Self {
            items: gathering.items,
            numbers,
            nothing_added,
            nothing_subtracted,
            slots: gathering.slots,
        }
    }
}

/// A sum that waits for the one step that reads it, and may go on there.
#[derive(Debug)]
struct Sum {
    plus: Vec<Slot>,
    minus: Vec<Slot>,
}

struct Gathering {
    items: Vec<Item>,
    waiting: Vec<Option<Sum>>,
    has_one_reader: Vec<bool>,
    minus_one: Slot,
    slots: usize,
}

impl Gathering {
    /// The step as an item, or as a sum that waits.
    fn apply(&mut self, slot: Slot, operation: Operation, arguments: &[Slot]) -> Option<Sum> {
        let sum = match (operation, arguments) {
            (Operation::Add, &[a, b]) => self.added(a, b),
            (Operation::Sub, &[a, b]) => self.subtracted(a, b),
            _ => {
                for argument in arguments {
                    self.settle(*argument);
                }
                let (kind, reads) = match (operation, arguments) {
                    (Operation::Mul, _) => (Kind::Arithmetic(Arithmetic::Mul), arguments.to_vec()),
                    (Operation::Div, _) => (Kind::Arithmetic(Arithmetic::Div), arguments.to_vec()),
                    (Operation::Neg, &[a]) => {
                        (Kind::Arithmetic(Arithmetic::Mul), vec![a, self.minus_one])
                    }
                    _ => (Kind::Function(operation), arguments.to_vec()),
                };
                self.push(slot, kind, reads, 0);
                return None;
            }
        };
        if self.has_one_reader[slot] {
            return Some(sum);
        }
        self.write(slot, sum);
        None
    }

    /// `a + b`, which goes on with the sum that waits at a, or at b.
    fn added(&mut self, a: Slot, b: Slot) -> Sum {
        let goes_on = |slot: Slot| {
            let waiting = self.waiting[slot].as_ref();
            waiting.is_some_and(|sum| sum.minus.is_empty())
        };
        let (first, other) = if goes_on(b) && !goes_on(a) {
            (b, a)
        } else {
            (a, b)
        };
        // A step may read the same twice.
        if a == b {
            self.settle(a);
        }
        let mut sum = self.begun(first, |sum| sum.minus.is_empty());
        self.settle(other);
        sum.plus.push(other);
        sum
    }

    /// `a - b`, which goes on with the sum that waits at a.
    fn subtracted(&mut self, a: Slot, b: Slot) -> Sum {
        if a == b {
            self.settle(a);
        }
        let mut sum = self.begun(a, |_| true);
        self.settle(b);
        sum.minus.push(b);
        sum
    }

    /// The sum that waits at a slot, if it can go on, else the slot as the first term.
    fn begun(&mut self, slot: Slot, goes_on: impl Fn(&Sum) -> bool) -> Sum {
        if self.waiting[slot].as_ref().is_some_and(goes_on)
            && let Some(sum) = self.waiting[slot].take()
        {
            return sum;
        }
        self.settle(slot);
        Sum {
            plus: vec![slot],
            minus: Vec::new(),
        }
    }

    /// Writes down what waits.
    fn settle(&mut self, slot: Slot) {
        if let Some(sum) = self.waiting[slot].take() {
            self.write(slot, sum);
        }
    }

    fn write(&mut self, slot: Slot, Sum { plus, minus }: Sum) {
        let added = plus.len();
        let terms = [plus, minus].concat();
        if terms.len() >= LEAST_TERMS {
            self.push(slot, Kind::Sum, terms, added);
            return;
        }
        let mut sum = terms[0];
        for (place, term) in terms.iter().enumerate().skip(1) {
            let operation = if place < added {
                Arithmetic::Add
            } else {
                Arithmetic::Sub
            };
            let mut next = slot;
            if place + 1 < terms.len() {
                next = self.slots;
                self.slots += 1;
            }
            self.push(next, Kind::Arithmetic(operation), vec![sum, *term], 0);
            sum = next;
        }
    }

    fn push(&mut self, slot: Slot, kind: Kind, reads: Vec<Slot>, added: usize) {
        self.items.push(Item {
            slot,
            kind,
            reads,
            added,
        });
    }
}
