//! [`Plan`]: a program arranged for blocks of rows. Steps that read uniform inputs alone stand apart, to be run once; arithmetic
//! whose result is read once joins the step that reads it; slots are given out anew when nothing reads them any more.

use secant_vmath::Link;

use super::{Program, Slot, Step};
use crate::elementary::Operation;

/// Where a step finds an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    /// A value that is the same for all rows, by its place among these.
    Uniform(u32),
    /// A column of the input.
    Column(u32),
    /// A slot of the block.
    Slot(u32),
    /// A value that nothing reads any more.
    Nowhere,
}

/// Where a step leaves its result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    Slot(u32),
    /// A column of the output, where nothing else reads the result.
    Output(u32),
}

/// What is done to all rows of a block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Instruction {
    pub(super) target: Target,
    pub(super) work: Work<Source>,
}

/// The work of an instruction, over operands of the kind `X`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Work<X> {
    /// Arithmetic in one pass.
    Chain(X, Vec<Link<X>>),
    Apply(Operation, [X; 3]),
    Copy(X),
}

/// A value that is the same for all rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Uniform {
    Number(f64),
    Input(u32),
    Apply(Operation, [u32; 3]),
}

/// A program arranged for blocks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    /// For each input, whether it is uniform.
    pub(super) uniform_inputs: Vec<bool>,
    pub(super) uniforms: Vec<Uniform>,
    pub(super) instructions: Vec<Instruction>,
    pub(super) outputs: usize,
    pub(super) slots: usize,
}

/// A chain has at most so many links.
pub(super) const MOST_LINKS: usize = 16;

impl Plan {
    /// The program, with these inputs uniform.
    pub(super) fn new(program: &Program, uniform: &[usize]) -> Self {
        let program = program.reduced();
        let uniform_inputs: Vec<bool> = (0..program.inputs)
            .map(|input| uniform.contains(&input))
            .collect();
        let mut joining = Joining {
            places: Vec::with_capacity(program.steps.len()),
            uniforms: Vec::new(),
            items: Vec::new(),
            has_one_reader: one_reader(&program),
        };
        for (slot, step) in program.steps.iter().enumerate() {
            let place = joining.place(slot, step, &uniform_inputs);
            joining.places.push(place);
        }
        let Joining {
            places,
            uniforms,
            items,
            ..
        } = joining;
        let (instructions, slots) = allocated(&program.outputs, &places, items);
        Self {
            uniform_inputs,
            uniforms,
            instructions,
            outputs: program.outputs.len(),
            slots,
        }
    }
}

/// Which steps are read by one other step, and are no output.
pub(super) fn one_reader(program: &Program) -> Vec<bool> {
    let mut reader: Vec<Option<Slot>> = vec![None; program.steps.len()];
    let mut is_one = vec![true; program.steps.len()];
    for (slot, step) in program.steps.iter().enumerate() {
        for argument in step.arguments() {
            let before = reader[*argument].replace(slot);
            is_one[*argument] &= before.is_none_or(|before| before == slot);
        }
    }
    for output in &program.outputs {
        is_one[*output] = false;
    }
    is_one
}

/// Where the value of a step comes from.
#[derive(Debug)]
enum Place {
    Uniform(u32),
    Column(u32),
    /// Arithmetic that waits for the one step that reads it.
    Waiting(Chain),
    /// An item that has been written down.
    Done,
}

/// Arithmetic in one pass, over steps.
#[derive(Debug)]
struct Chain {
    first: Slot,
    links: Vec<Link<Slot>>,
    /// Whether it holds a second value on its way.
    holds: bool,
}

impl Chain {
    fn new(first: Slot) -> Self {
        Self {
            first,
            links: Vec::new(),
            holds: false,
        }
    }

    fn then(mut self, link: Link<Slot>) -> Self {
        self.links.push(link);
        self
    }

    /// This, held while the other is computed, and then joined with it.
    fn held(mut self, other: Self, join: Link<Slot>) -> Self {
        self.links.push(Link::Hold(other.first));
        self.links.extend(other.links);
        self.links.push(join);
        self.holds = true;
        self
    }

    /// The factors, where it is a product of two.
    fn product(&self) -> Option<(Slot, Slot)> {
        match self.links.as_slice() {
            [Link::Mul(other)] => Some((self.first, *other)),
            [Link::Square] => Some((self.first, self.first)),
            _ => None,
        }
    }
}

/// What is to be done for a step, in order.
struct Item {
    slot: Slot,
    work: Work<Slot>,
}

/// Joins arithmetic into chains.
struct Joining {
    places: Vec<Place>,
    uniforms: Vec<Uniform>,
    items: Vec<Item>,
    has_one_reader: Vec<bool>,
}

impl Joining {
    fn place(&mut self, slot: Slot, step: &Step, uniform_inputs: &[bool]) -> Place {
        match *step {
            Step::Constant(value, _) => self.uniform(Uniform::Number(value)),
            Step::Input(input) if uniform_inputs.get(input) == Some(&true) => {
                self.uniform(Uniform::Input(input as u32))
            }
            Step::Input(input) => Place::Column(input as u32),
            Step::Apply(operation, arguments) => {
                if let Some(places) = self.uniform_arguments(step) {
                    return self.uniform(Uniform::Apply(operation, places));
                }
                match self.chain(operation, step.arguments()) {
                    Some(chain) if self.has_one_reader[slot] => Place::Waiting(chain),
                    Some(chain) => self.write(slot, Work::Chain(chain.first, chain.links)),
                    None => {
                        for argument in step.arguments() {
                            self.settle(*argument);
                        }
                        self.write(slot, Work::Apply(operation, arguments))
                    }
                }
            }
        }
    }

    fn uniform(&mut self, uniform: Uniform) -> Place {
        self.uniforms.push(uniform);
        Place::Uniform(self.uniforms.len() as u32 - 1)
    }

    /// Where the arguments are, if all are uniform.
    fn uniform_arguments(&self, step: &Step) -> Option<[u32; 3]> {
        let mut places = [0; 3];
        for (place, argument) in places.iter_mut().zip(step.arguments()) {
            let Place::Uniform(at) = self.places[*argument] else {
                return None;
            };
            *place = at;
        }
        Some(places)
    }

    fn write(&mut self, slot: Slot, work: Work<Slot>) -> Place {
        self.items.push(Item { slot, work });
        Place::Done
    }

    /// Writes down what waits.
    fn settle(&mut self, slot: Slot) {
        if let Some(chain) = self.taken(slot) {
            self.write(slot, Work::Chain(chain.first, chain.links));
        }
    }

    /// The arithmetic that waits here, to be joined with more.
    fn taken(&mut self, slot: Slot) -> Option<Chain> {
        match std::mem::replace(&mut self.places[slot], Place::Done) {
            Place::Waiting(chain) => Some(chain),
            other => {
                self.places[slot] = other;
                None
            }
        }
    }

    /// The step as arithmetic joined with what waits for it; `None` where it is not arithmetic.
    fn chain(&mut self, operation: Operation, arguments: &[Slot]) -> Option<Chain> {
        let unary = match (operation, arguments) {
            (Operation::Neg, _) => Link::Neg,
            (Operation::Abs, _) => Link::Abs,
            (Operation::Sqrt, _) => Link::Sqrt,
            (Operation::Mul, [a, b]) if a == b => Link::Square,
            (_, [a, b]) => {
                let joins = Joins::of(operation)?;
                return Some(self.binary(operation, &joins, *a, *b));
            }
            _ => return None,
        };
        let argument = *arguments.first()?;
        let (begun, _) = self.fitting(argument, argument);
        Some(begun.unwrap_or_else(|| Chain::new(argument)).then(unary))
    }

    fn binary(&mut self, operation: Operation, joins: &Joins, a: Slot, b: Slot) -> Chain {
        if a == b {
            self.settle(a);
        }
        let (left, right) = match self.fitting(a, b) {
            (None, None) => return Chain::new(a).then((joins.after)(b)),
            (Some(left), None) => return left.then((joins.after)(b)),
            (None, Some(right)) => return right.then((joins.before)(a)),
            (Some(left), Some(right)) => (left, right),
        };
        match (operation, left.product(), right.product()) {
            (Operation::Add, _, Some((x, y))) => left.then(Link::AddProduct(x, y)),
            (Operation::Sub, _, Some((x, y))) => left.then(Link::SubProduct(x, y)),
            (Operation::Add, Some((x, y)), _) => right.then(Link::AddProduct(x, y)),
            (Operation::Sub, Some((x, y)), _) => right.then(Link::SubFromProduct(x, y)),
            _ if right.holds => right.held(left, joins.held_after),
            _ => left.held(right, joins.held_before),
        }
    }

    /// What waits at the two places, as far as it fits into one chain and needs to hold one value at a time; the rest is
    /// written down.
    fn fitting(&mut self, a: Slot, b: Slot) -> (Option<Chain>, Option<Chain>) {
        let (left, right) = (self.taken(a), self.taken(b));
        let length = |chain: &Option<Chain>| chain.as_ref().map_or(0, |chain| chain.links.len());
        let holds = |chain: &Option<Chain>| chain.as_ref().is_some_and(|chain| chain.holds);
        let fits = length(&left) + length(&right) + 2 <= MOST_LINKS;
        if fits && !(holds(&left) && holds(&right)) {
            return (left, right);
        }
        let (keep, write) = if length(&left) < length(&right) {
            ((left, None), (b, right))
        } else {
            ((None, right), (a, left))
        };
        if let (slot, Some(chain)) = write {
            self.write(slot, Work::Chain(chain.first, chain.links));
        }
        keep
    }
}

/// How a step of two arguments joins a chain.
struct Joins {
    /// The chain, then an argument.
    after: fn(Slot) -> Link<Slot>,
    /// An argument, then the chain.
    before: fn(Slot) -> Link<Slot>,
    /// What is held, then the chain.
    held_before: Link<Slot>,
    /// The chain, then what is held.
    held_after: Link<Slot>,
}

impl Joins {
    fn of(operation: Operation) -> Option<Self> {
        type Join = fn(Slot) -> Link<Slot>;
        let (after, before, held_before, held_after): (Join, Join, _, _) = match operation {
            Operation::Add => (Link::Add, Link::Add, Link::AddHeld, Link::AddHeld),
            Operation::Sub => (Link::Sub, Link::SubFrom, Link::HeldSub, Link::SubHeld),
            Operation::Mul => (Link::Mul, Link::Mul, Link::MulHeld, Link::MulHeld),
            Operation::Div => (Link::Div, Link::DivInto, Link::HeldDiv, Link::DivHeld),
            _ => return None,
        };
        Some(Self {
            after,
            before,
            held_before,
            held_after,
        })
    }
}

impl<X: Copy> Work<X> {
    /// The same with other operands.
    fn map<Y>(&self, mut operand: impl FnMut(X) -> Y) -> Work<Y> {
        match self {
            Self::Chain(first, links) => Work::Chain(
                operand(*first),
                links.iter().map(|link| link.map(&mut operand)).collect(),
            ),
            Self::Apply(operation, arguments) => Work::Apply(*operation, arguments.map(operand)),
            Self::Copy(x) => Work::Copy(operand(*x)),
        }
    }

    /// All operands.
    pub(super) fn each(&self, mut visit: impl FnMut(X)) {
        match self {
            Self::Chain(first, links) => {
                visit(*first);
                for link in links {
                    link.map(&mut visit);
                }
            }
            Self::Apply(operation, arguments) => {
                arguments
                    .iter()
                    .take(operation.arity())
                    .for_each(|x| visit(*x));
            }
            Self::Copy(x) => visit(*x),
        }
    }
}

/// Gives out slots: one that nothing reads any more is taken again. A result that nothing but one output reads goes there; the other
/// outputs are copied at the end.
fn allocated(outputs: &[Slot], places: &[Place], items: Vec<Item>) -> (Vec<Instruction>, usize) {
    const AFTER_ALL: usize = usize::MAX;
    let mut last_read: Vec<Option<usize>> = vec![None; places.len()];
    for (at, item) in items.iter().enumerate() {
        item.work.each(|slot| last_read[slot] = Some(at));
    }
    let mut direct: Vec<Option<u32>> = vec![None; places.len()];
    let mut copied: Vec<(u32, Slot)> = Vec::new();
    for (output, slot) in outputs.iter().enumerate() {
        let is_done = matches!(places[*slot], Place::Done);
        if is_done && last_read[*slot].is_none() && direct[*slot].is_none() {
            direct[*slot] = Some(output as u32);
        } else {
            copied.push((output as u32, *slot));
        }
    }
    for (_, slot) in &copied {
        last_read[*slot] = Some(AFTER_ALL);
    }
    let mut slots = Slots {
        sources: Vec::with_capacity(places.len()),
        free: Vec::new(),
        count: 0,
    };
    slots.sources.extend(places.iter().map(|place| match place {
        Place::Uniform(place) => Source::Uniform(*place),
        Place::Column(input) => Source::Column(*input),
        Place::Waiting(_) | Place::Done => Source::Nowhere,
    }));
    let mut instructions = Vec::with_capacity(items.len() + copied.len());
    for (at, Item { slot, work }) in items.into_iter().enumerate() {
        let target = match direct[slot] {
            Some(output) if last_read[slot].is_none() => Target::Output(output),
            _ => Target::Slot(slots.taken(slot)),
        };
        if let (Some(output), Target::Slot(_)) = (direct[slot], target) {
            copied.push((output, slot));
        }
        instructions.push(Instruction {
            target,
            work: work.map(|slot| slots.sources[slot]),
        });
        work.each(|read| {
            if last_read[read] == Some(at) {
                slots.release(read);
            }
        });
    }
    for (output, slot) in copied {
        let work = Work::Copy(slots.sources[slot]);
        instructions.push(Instruction {
            target: Target::Output(output),
            work,
        });
    }
    (instructions, slots.count as usize)
}

struct Slots {
    sources: Vec<Source>,
    free: Vec<u32>,
    count: u32,
}

impl Slots {
    /// A slot that nothing reads. It is none of the arguments, since those are released afterwards.
    fn taken(&mut self, step: Slot) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.sources[step] = Source::Slot(slot);
        slot
    }

    fn release(&mut self, step: Slot) {
        if let Source::Slot(slot) = self.sources[step] {
            self.sources[step] = Source::Nowhere;
            self.free.push(slot);
        }
    }
}
