//! [`Batches`]: a program arranged for one point. Steps of one kind that do not wait for each other stand side by side, so that the
//! processor works at many of them at once and functions go through the vector kernels together.

use std::collections::BTreeMap;
use std::ops::Range;

use super::plan::one_reader;
use super::{Program, Slot, Step};
use crate::elementary::Operation;

/// What is done to each item of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `a + b`.
    Add,
    /// `a - b`.
    Sub,
    /// `a b`.
    Mul,
    /// `a + b c`.
    AddProduct,
    /// `a - b c`.
    SubProduct,
    /// `b c - a`.
    SubFromProduct,
    /// So many products of two added, so many subtracted.
    Sum(u16, u16),
    /// A function through its vector kernel; division too, which is slow one by one.
    Function(Operation),
}

/// Items of one kind: their arguments one after another, and where the first result goes; the others follow it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Batch {
    pub(super) kind: Kind,
    pub(super) start: u16,
    pub(super) items: u16,
    pub(super) reads: Range<usize>,
}

/// A program arranged for one point.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Batches {
    pub(super) inputs: usize,
    /// What stands in the places after the inputs from the beginning.
    pub(super) numbers: Vec<f64>,
    pub(super) batches: Vec<Batch>,
    pub(super) reads: Vec<u16>,
    pub(super) outputs: Vec<u16>,
}

/// A sum of so many terms is one item.
const MOST_TERMS: usize = 64;

impl Batches {
    /// The program in batches; `None` if it is longer than a place can be told in 16 bits.
    pub(super) fn new(program: &Program) -> Option<Self> {
        let program = program.reduced();
        if program.inputs + program.steps.len() + 2 > usize::from(u16::MAX) {
            return None;
        }
        let (items, numbers) = gathered(&program);
        Some(scheduled(&program, items, numbers))
    }
}

/// A step to be done, with the steps it reads.
struct Item {
    slot: Slot,
    kind: Kind,
    reads: Vec<Slot>,
}

/// A term of a sum: a step, or the product of two.
#[derive(Clone, Copy, Debug)]
struct Term(Slot, Option<Slot>);

/// What waits for the one step that reads it.
#[derive(Debug)]
enum Waiting {
    Nothing,
    Product(Slot, Slot),
    Sum { plus: Vec<Term>, minus: Vec<Term> },
}

struct Gathering {
    items: Vec<Item>,
    waiting: Vec<Waiting>,
    has_one_reader: Vec<bool>,
    /// Steps beyond those of the program: the numbers 1 and -1.
    one: Slot,
    minus_one: Slot,
}

/// Sums of products as items of their own; numbers apart.
fn gathered(program: &Program) -> (Vec<Item>, Vec<(Slot, f64)>) {
    let count = program.steps.len();
    let mut gathering = Gathering {
        items: Vec::with_capacity(count),
        waiting: Vec::with_capacity(count),
        has_one_reader: one_reader(program),
        one: count,
        minus_one: count + 1,
    };
    let mut numbers = vec![(count, 1.0), (count + 1, -1.0)];
    for (slot, step) in program.steps.iter().enumerate() {
        let waiting = match *step {
            Step::Input(_) => Waiting::Nothing,
            Step::Constant(value, _) => {
                numbers.push((slot, value));
                Waiting::Nothing
            }
            Step::Apply(operation, _) => gathering.apply(slot, operation, step.arguments()),
        };
        gathering.waiting.push(waiting);
    }
    (gathering.items, numbers)
}

impl Gathering {
    fn apply(&mut self, slot: Slot, operation: Operation, arguments: &[Slot]) -> Waiting {
        let waiting = match (operation, arguments) {
            (Operation::Mul, &[a, b]) => {
                self.settle(a);
                self.settle(b);
                Waiting::Product(a, b)
            }
            (Operation::Neg, &[a]) => {
                self.settle(a);
                Waiting::Product(a, self.minus_one)
            }
            (Operation::Add, &[a, b]) => {
                let (first, other) = if self.is_sum(a) || !self.is_sum(b) {
                    (a, b)
                } else {
                    (b, a)
                };
                let (mut plus, minus) = self.begun(first, true);
                plus.push(self.term(other));
                Waiting::Sum { plus, minus }
            }
            (Operation::Sub, &[a, b]) => {
                let (plus, mut minus) = self.begun(a, false);
                minus.push(self.term(b));
                Waiting::Sum { plus, minus }
            }
            _ => {
                for argument in arguments {
                    self.settle(*argument);
                }
                let kind = Kind::Function(operation);
                self.items.push(Item {
                    slot,
                    kind,
                    reads: arguments.to_vec(),
                });
                return Waiting::Nothing;
            }
        };
        if self.has_one_reader[slot] {
            return waiting;
        }
        self.write(slot, waiting);
        Waiting::Nothing
    }

    fn is_sum(&self, slot: Slot) -> bool {
        matches!(self.waiting[slot], Waiting::Sum { .. })
    }

    /// The terms of a sum that goes on here, or this step as the first term. What was subtracted comes last, so that nothing can
    /// be added after it.
    fn begun(&mut self, slot: Slot, adds: bool) -> (Vec<Term>, Vec<Term>) {
        match std::mem::replace(&mut self.waiting[slot], Waiting::Nothing) {
            Waiting::Sum { plus, minus }
                if plus.len() + minus.len() < MOST_TERMS && !(adds && !minus.is_empty()) =>
            {
                (plus, minus)
            }
            other => {
                self.waiting[slot] = other;
                (vec![self.term(slot)], Vec::new())
            }
        }
    }

    fn term(&mut self, slot: Slot) -> Term {
        if let Waiting::Product(a, b) = self.waiting[slot] {
            self.waiting[slot] = Waiting::Nothing;
            return Term(a, Some(b));
        }
        self.settle(slot);
        Term(slot, None)
    }

    /// Writes down what waits.
    fn settle(&mut self, slot: Slot) {
        let waiting = std::mem::replace(&mut self.waiting[slot], Waiting::Nothing);
        self.write(slot, waiting);
    }

    fn write(&mut self, slot: Slot, waiting: Waiting) {
        let (kind, reads) = match waiting {
            Waiting::Nothing => return,
            Waiting::Product(a, b) => (Kind::Mul, vec![a, b]),
            Waiting::Sum { plus, minus } => self.sum(&plus, &minus),
        };
        self.items.push(Item { slot, kind, reads });
    }

    fn sum(&self, plus: &[Term], minus: &[Term]) -> (Kind, Vec<Slot>) {
        match (plus, minus) {
            ([Term(a, None), Term(b, None)], []) => (Kind::Add, vec![*a, *b]),
            ([Term(a, None)], [Term(b, None)]) => (Kind::Sub, vec![*a, *b]),
            ([Term(a, None), Term(b, Some(c))] | [Term(b, Some(c)), Term(a, None)], []) => {
                (Kind::AddProduct, vec![*a, *b, *c])
            }
            ([Term(a, None)], [Term(b, Some(c))]) => (Kind::SubProduct, vec![*a, *b, *c]),
            ([Term(b, Some(c))], [Term(a, None)]) => (Kind::SubFromProduct, vec![*a, *b, *c]),
            _ => {
                let factors = |term: &Term| [term.0, term.1.unwrap_or(self.one)];
                let reads = plus.iter().chain(minus).flat_map(factors).collect();
                (Kind::Sum(plus.len() as u16, minus.len() as u16), reads)
            }
        }
    }
}

/// The items in an order in which few batches hold them all: of what is ready, the kind with the most items goes first, and arithmetic
/// before functions, so that as many of these as possible come together.
fn scheduled(program: &Program, items: Vec<Item>, numbers: Vec<(Slot, f64)>) -> Batches {
    let mut places: Vec<u16> = vec![0; program.steps.len() + 2];
    let mut batches = Batches {
        inputs: program.inputs,
        numbers: numbers.iter().map(|(_, value)| *value).collect(),
        batches: Vec::new(),
        reads: Vec::new(),
        outputs: Vec::new(),
    };
    for (place, (slot, _)) in (program.inputs..).zip(&numbers) {
        places[*slot] = place as u16;
    }
    for (slot, step) in program.steps.iter().enumerate() {
        if let Step::Input(index) = step {
            places[slot] = *index as u16;
        }
    }
    let mut made_by: Vec<Option<usize>> = vec![None; program.steps.len() + 2];
    for (at, item) in items.iter().enumerate() {
        made_by[item.slot] = Some(at);
    }
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    let mut missing: Vec<usize> = vec![0; items.len()];
    let mut ready: BTreeMap<Kind, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        for maker in item.reads.iter().filter_map(|read| made_by[*read]) {
            readers[maker].push(at);
            missing[at] += 1;
        }
        if missing[at] == 0 {
            ready.entry(item.kind).or_default().push(at);
        }
    }
    let mut next = (program.inputs + numbers.len()) as u16;
    let weight = |kind: &Kind, count: usize| (!matches!(kind, Kind::Function(_)), count);
    while let Some(kind) = ready
        .iter()
        .max_by_key(|(kind, items)| weight(kind, items.len()))
        .map(|(kind, _)| *kind)
    {
        let chosen = ready.remove(&kind).unwrap_or_default();
        let first_read = batches.reads.len();
        batches.batches.push(Batch {
            kind,
            start: next,
            items: chosen.len() as u16,
            reads: 0..0,
        });
        if let Kind::Function(operation) = kind {
            // One list for each argument, as the kernels take them.
            for argument in 0..operation.arity() {
                let reads = chosen.iter().map(|at| places[items[*at].reads[argument]]);
                batches.reads.extend(reads);
            }
        } else {
            for at in &chosen {
                let reads = items[*at].reads.iter().map(|read| places[*read]);
                batches.reads.extend(reads);
            }
        }
        if let Some(batch) = batches.batches.last_mut() {
            batch.reads = first_read..batches.reads.len();
        }
        for at in chosen {
            places[items[at].slot] = next;
            next += 1;
            for reader in &readers[at] {
                missing[*reader] -= 1;
                if missing[*reader] == 0 {
                    ready.entry(items[*reader].kind).or_default().push(*reader);
                }
            }
        }
    }
    batches.outputs = program
        .outputs
        .iter()
        .map(|output| places[*output])
        .collect();
    batches
}
