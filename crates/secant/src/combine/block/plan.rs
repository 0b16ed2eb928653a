//! A program of rows arranged for blocks: what is the same for all rows apart, additions fused, inner products gathered in
//! squares of four by four, and slots given out anew when nothing reads them any more.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::compile::Part;
use super::fuse::{Coefficient, FusedSum, Fusion};
use crate::elementary::Operation;
use crate::number::Interval;
use crate::program::{Program, Slot, Step};

/// What a square of inner products does not want.
pub(super) const NONE: u32 = u32::MAX;
/// A square pays where it holds at least so many wanted products: it takes the time of as many alone.
const WORTH_A_SQUARE: usize = 6;

/// Where an instruction finds an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    /// A value that is the same for all rows.
    Uniform(u32),
    /// A slot of the block.
    Slot(u32),
}

/// What is done to all rows of a block. A constant of `NONE` continues what the target holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Instruction {
    Apply {
        operation: Operation,
        arguments: [Source; 3],
        target: u32,
    },
    Linear {
        terms: Range<u32>,
        constant: u32,
        target: u32,
    },
    Products {
        pairs: Range<u32>,
        negative: bool,
        constant: u32,
        target: u32,
    },
    Total {
        slot: u32,
        sum: u32,
    },
    Dot {
        slots: [u32; 2],
        sum: u32,
    },
    Dots {
        left: [u32; 4],
        right: [u32; 4],
        sums: [[u32; 4]; 4],
    },
}

impl Instruction {
    pub(super) fn is_linear(&self) -> bool {
        matches!(self, Self::Linear { .. })
    }
}

/// A program of rows, arranged.
#[derive(Clone, Debug, Default)]
pub(in crate::combine) struct Plan {
    /// The steps to what is the same for all rows.
    pub(super) uniforms: Vec<Step>,
    pub(super) instructions: Vec<Instruction>,
    /// The slots of the terms of all linear combinations, and the places of their coefficients among the uniforms.
    pub(super) terms: Vec<u32>,
    pub(super) coefficients: Vec<u32>,
    pub(super) pairs: Vec<[u32; 2]>,
    /// The columns that are read, by input in rising order, with their slots.
    pub(in crate::combine) loads: Vec<(u32, u32)>,
    /// A slot that holds ones: a sum is an inner product with it, where it stands in a square beside others.
    pub(super) ones: Option<u32>,
    /// The slots of values that are kept by row.
    pub(in crate::combine) kept: Vec<u32>,
    pub(super) slots: u32,
    /// The instructions with machine code in place of arithmetic, where the machine takes it.
    pub(super) compiled: Vec<Part>,
    /// How many slots these want.
    pub(super) room: usize,
    /// The place of -0 among the uniforms.
    pub(super) nothing: u32,
    /// How many sums over the rows there are.
    pub(in crate::combine) sums: u32,
}

/// What is wanted of the rows, by slots of the program.
#[derive(Clone, Copy, Debug)]
pub(in crate::combine) enum Wanted {
    /// The sum of a value over all rows.
    Sum(Slot),
    /// The sum of the product of two.
    Product(Slot, Slot),
    /// A value by row.
    Kept(Slot),
}

impl Plan {
    /// The program, whose inputs marked as columns differ from row to row. Sums are counted in the order in which they are wanted.
    pub(in crate::combine) fn new(
        program: &Program,
        is_column: &[bool],
        wanted: &[Wanted],
    ) -> Self {
        let is_uniform = uniform_steps(program, is_column);
        let fusion = Fusion::new(program, &is_uniform);
        let mut arranging = Arranging {
            plan: Self::default(),
            places: FxHashMap::default(),
            coefficients: FxHashMap::default(),
            one: NONE,
            ones: None,
            jobs: Vec::new(),
        };
        arranging.uniforms(program, &is_uniform);
        arranging.jobs(program, &is_uniform, &fusion);
        let kept = arranging.reductions(program.steps().len(), wanted);
        arranging.finished(program, is_column, &kept)
    }
}

/// Which steps depend on no column.
fn uniform_steps(program: &Program, is_column: &[bool]) -> Vec<bool> {
    let mut uniform: Vec<bool> = Vec::with_capacity(program.steps().len());
    for step in program.steps() {
        uniform.push(match step {
            Step::Input(input) => is_column.get(*input) != Some(&true),
            Step::Constant(..) => true,
            Step::Apply(..) => step.arguments().iter().all(|argument| uniform[*argument]),
        });
    }
    uniform
}

/// An instruction over values that have no slots yet.
enum Job {
    Apply(Slot, Operation, [Slot; 3], usize),
    Sum(Slot, FusedSum),
    Total(Slot, u32),
    Dot([Slot; 2], u32),
    Dots([Slot; 4], [Slot; 4], [[u32; 4]; 4]),
}

impl Job {
    fn result(&self) -> Option<Slot> {
        match self {
            Self::Apply(value, ..) | Self::Sum(value, _) => Some(*value),
            _ => None,
        }
    }

    fn reads(&self) -> Vec<Slot> {
        match self {
            Self::Apply(_, _, arguments, arity) => arguments[..*arity].to_vec(),
            Self::Sum(_, sum) => {
                let linear = sum.linear.iter().map(|(_, slot)| *slot);
                let products = sum.plus.iter().chain(&sum.minus).flatten().copied();
                linear.chain(products).collect()
            }
            Self::Total(value, _) => vec![*value],
            Self::Dot(pair, _) => pair.to_vec(),
            Self::Dots(left, right, _) => left.iter().chain(right).copied().collect(),
        }
    }
}

struct Arranging {
    plan: Plan,
    /// The places of uniform steps of the program.
    places: FxHashMap<Slot, u32>,
    coefficients: FxHashMap<Coefficient, u32>,
    /// The place of the number 1.
    one: u32,
    /// The value of a block of ones, and whether something reads it.
    ones: Option<Slot>,
    jobs: Vec<Job>,
}

impl Arranging {
    fn uniforms(&mut self, program: &Program, is_uniform: &[bool]) {
        for (slot, step) in program.steps().iter().enumerate() {
            if is_uniform[slot] {
                let step = match step {
                    Step::Apply(operation, arguments) => {
                        let place = |argument: Slot| {
                            self.places.get(&argument).copied().unwrap_or(0) as usize
                        };
                        Step::Apply(*operation, arguments.map(place))
                    }
                    other => *other,
                };
                let place = self.uniform(step);
                self.places.insert(slot, place);
            }
        }
        self.one = self.uniform(Step::Constant(1.0, Interval::point(1.0)));
        self.plan.nothing = self.uniform(Step::Constant(-0.0, Interval::point(-0.0)));
    }

    fn uniform(&mut self, step: Step) -> u32 {
        self.plan.uniforms.push(step);
        self.plan.uniforms.len() as u32 - 1
    }

    fn uniform_of(&mut self, operation: Operation, arguments: &[u32]) -> u32 {
        let mut slots = [0; 3];
        for (slot, argument) in slots.iter_mut().zip(arguments) {
            *slot = *argument as usize;
        }
        self.uniform(Step::Apply(operation, slots))
    }

    /// The place of a coefficient's value.
    fn coefficient(&mut self, coefficient: &Coefficient) -> u32 {
        if let Some(place) = self.coefficients.get(coefficient) {
            return *place;
        }
        let mut product = None;
        for factor in &coefficient.factors {
            let factor = self.places.get(factor).copied().unwrap_or(0);
            product = Some(match product {
                None => factor,
                Some(product) => self.uniform_of(Operation::Mul, &[product, factor]),
            });
        }
        let mut place = product.unwrap_or(self.one);
        if coefficient.negative {
            place = self.uniform_of(Operation::Neg, &[place]);
        }
        self.coefficients.insert(coefficient.clone(), place);
        place
    }

    fn jobs(&mut self, program: &Program, is_uniform: &[bool], fusion: &Fusion) {
        for (slot, step) in program.steps().iter().enumerate() {
            if is_uniform[slot] || fusion.needless[slot] {
                continue;
            }
            match (&fusion.sums[slot], step) {
                (Some(sum), _) => self.jobs.push(Job::Sum(slot, sum.clone())),
                (None, Step::Apply(operation, arguments)) => {
                    let arity = operation.arity();
                    self.jobs
                        .push(Job::Apply(slot, *operation, *arguments, arity));
                }
                _ => {}
            }
        }
    }

    /// Sums over the rows go where their values are known, so that slots are soon free again. Gives the values that are kept.
    fn reductions(&mut self, mut fresh: Slot, wanted: &[Wanted]) -> Vec<Slot> {
        // A value that turns out to be the same for all rows is written to a block like any other.
        let mut wanted = wanted.to_vec();
        for wanted in &mut wanted {
            let values = match wanted {
                Wanted::Sum(value) | Wanted::Kept(value) => [Some(value), None],
                Wanted::Product(a, b) => [Some(a), Some(b)],
            };
            for value in values.into_iter().flatten() {
                if self.places.contains_key(value) {
                    let constants = vec![Coefficient {
                        negative: false,
                        factors: vec![*value],
                    }];
                    self.jobs.push(Job::Sum(
                        fresh,
                        FusedSum {
                            constants,
                            ..FusedSum::default()
                        },
                    ));
                    *value = fresh;
                    fresh += 1;
                }
            }
        }
        let mut known_after = vec![0_usize; fresh];
        for (place, job) in self.jobs.iter().enumerate() {
            if let Some(value) = job.result() {
                known_after[value] = place + 1;
            }
        }
        let mut after: BTreeMap<usize, Vec<Job>> = BTreeMap::new();
        let mut rows: BTreeMap<(usize, Slot), Vec<(Slot, u32)>> = BTreeMap::new();
        let mut kept = Vec::new();
        let mut sums = Vec::new();
        for wanted in wanted {
            match wanted {
                Wanted::Kept(value) => kept.push(value),
                sum => sums.push(sum),
            }
        }
        self.plan.sums = sums.len() as u32;
        for (sum, wanted) in sums.iter().enumerate() {
            if let Wanted::Product(a, b) = *wanted {
                let (late, early) = if known_after[a] >= known_after[b] {
                    (a, b)
                } else {
                    (b, a)
                };
                let row = rows.entry((known_after[late], late)).or_default();
                row.push((early, sum as u32));
            }
        }
        for (sum, wanted) in sums.iter().enumerate() {
            if let Wanted::Sum(value) = *wanted {
                let place = known_after[value];
                match rows.get_mut(&(place, value)) {
                    Some(row) => {
                        self.ones = Some(fresh);
                        row.push((fresh, sum as u32));
                    }
                    None => after
                        .entry(place)
                        .or_default()
                        .push(Job::Total(value, sum as u32)),
                }
            }
        }
        for (place, jobs) in squares(rows, fresh) {
            after.entry(place).or_default().extend(jobs);
        }
        let jobs = std::mem::take(&mut self.jobs);
        self.jobs.extend(after.remove(&0).unwrap_or_default());
        for (place, job) in jobs.into_iter().enumerate() {
            self.jobs.push(job);
            self.jobs
                .extend(after.remove(&(place + 1)).unwrap_or_default());
        }
        kept
    }

    /// Gives out slots and writes the instructions.
    fn finished(mut self, program: &Program, is_column: &[bool], kept: &[Slot]) -> Plan {
        const AFTER_ALL: usize = usize::MAX;
        let jobs = std::mem::take(&mut self.jobs);
        let mut last_use: FxHashMap<Slot, usize> = FxHashMap::default();
        for (place, job) in jobs.iter().enumerate() {
            for value in job.reads() {
                last_use.insert(value, place);
            }
        }
        last_use.extend(kept.iter().map(|value| (*value, AFTER_ALL)));
        let mut slots = Slots::default();
        let mut columns: Vec<(usize, Slot)> = Vec::new();
        for (slot, step) in program.steps().iter().enumerate() {
            if let Step::Input(input) = step
                && is_column.get(*input) == Some(&true)
                && last_use.contains_key(&slot)
            {
                columns.push((*input, slot));
            }
        }
        columns.sort_unstable();
        for (input, slot) in columns {
            self.plan.loads.push((input as u32, slots.take(slot)));
        }
        if let Some(ones) = self.ones.filter(|ones| last_use.contains_key(ones)) {
            self.plan.ones = Some(slots.take(ones));
        }
        for (place, job) in jobs.into_iter().enumerate() {
            let reads = job.reads();
            self.write(job, &mut slots);
            for value in reads {
                if last_use.get(&value) == Some(&place) {
                    slots.release(value);
                }
            }
        }
        self.plan.kept = kept.iter().map(|value| slots.of(*value)).collect();
        self.plan.slots = slots.count;
        self.plan.room = slots.count as usize;
        self.plan
    }

    fn write(&mut self, job: Job, slots: &mut Slots) {
        match job {
            Job::Apply(value, operation, arguments, arity) => {
                let mut sources = [Source::Uniform(0); 3];
                for (source, argument) in sources.iter_mut().zip(&arguments[..arity]) {
                    *source = match self.places.get(argument) {
                        Some(place) => Source::Uniform(*place),
                        None => Source::Slot(slots.of(*argument)),
                    };
                }
                let target = slots.take(value);
                self.plan.instructions.push(Instruction::Apply {
                    operation,
                    arguments: sources,
                    target,
                });
            }
            Job::Sum(value, sum) => self.write_sum(value, &sum, slots),
            Job::Total(value, sum) => self.plan.instructions.push(Instruction::Total {
                slot: slots.of(value),
                sum,
            }),
            Job::Dot(pair, sum) => self.plan.instructions.push(Instruction::Dot {
                slots: pair.map(|value| slots.of(value)),
                sum,
            }),
            Job::Dots(left, right, sums) => self.plan.instructions.push(Instruction::Dots {
                left: left.map(|value| slots.of(value)),
                right: right.map(|value| slots.of(value)),
                sums,
            }),
        }
    }

    fn write_sum(&mut self, value: Slot, sum: &FusedSum, slots: &mut Slots) {
        let mut constant = None;
        for term in &sum.constants {
            let term = self.coefficient(term);
            constant = Some(match constant {
                None => term,
                Some(constant) => self.uniform_of(Operation::Add, &[constant, term]),
            });
        }
        let mut constant = match constant {
            Some(constant) => constant,
            // What is added to it stays what it is, even a zero with its sign.
            None => self.plan.nothing,
        };
        let first_term = self.plan.terms.len() as u32;
        for (by, term) in &sum.linear {
            let by = self.coefficient(by);
            self.plan.coefficients.push(by);
            self.plan.terms.push(slots.of(*term));
        }
        let pairs = [&sum.plus, &sum.minus].map(|products| {
            let first = self.plan.pairs.len() as u32;
            for pair in products {
                self.plan.pairs.push(pair.map(|value| slots.of(value)));
            }
            first..self.plan.pairs.len() as u32
        });
        let target = slots.take(value);
        if !sum.linear.is_empty() || sum.plus.is_empty() && sum.minus.is_empty() {
            self.plan.instructions.push(Instruction::Linear {
                terms: first_term..self.plan.terms.len() as u32,
                constant,
                target,
            });
            constant = NONE;
        }
        for (pairs, negative) in pairs.iter().zip([false, true]) {
            if pairs.start < pairs.end {
                self.plan.instructions.push(Instruction::Products {
                    pairs: pairs.clone(),
                    negative,
                    constant,
                    target,
                });
                constant = NONE;
            }
        }
    }
}

/// The inner products of one value, by the job after which it is known: with which other values, and into which sums.
type Row = ((usize, Slot), Vec<(Slot, u32)>);

/// Gathers inner products in squares of four by four where enough of them are wanted. Each stands after the job by which all
/// that it reads is known.
fn squares(rows: BTreeMap<(usize, Slot), Vec<(Slot, u32)>>, ones: Slot) -> Vec<(usize, Vec<Job>)> {
    let rows: Vec<Row> = rows.into_iter().collect();
    let mut found = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let first: Vec<Slot> = rows[start].1.iter().map(|(right, _)| *right).collect();
        let mut end = start + 1;
        let related = |row: &[(Slot, u32)]| row.iter().any(|(right, _)| first.contains(right));
        while end < rows.len() && end < start + 4 && related(&rows[end].1) {
            end += 1;
        }
        let group = &rows[start..end];
        let place = group.last().map_or(0, |((place, _), _)| *place);
        found.push((place, square_jobs(group, ones)));
        start = end;
    }
    found
}

fn square_jobs(group: &[Row], ones: Slot) -> Vec<Job> {
    let single = |left: Slot, right: Slot, sum: u32| {
        if right == ones {
            Job::Total(left, sum)
        } else {
            Job::Dot([left, right], sum)
        }
    };
    let mut columns: BTreeMap<Slot, Vec<(usize, u32)>> = BTreeMap::new();
    for (row, (_, products)) in group.iter().enumerate() {
        for (right, sum) in products {
            columns.entry(*right).or_default().push((row, *sum));
        }
    }
    let columns: Vec<(Slot, Vec<(usize, u32)>)> = columns.into_iter().collect();
    let left = |row: usize| group[row.min(group.len() - 1)].0.1;
    let mut jobs = Vec::new();
    for columns in columns.chunks(4) {
        let wanted: usize = columns.iter().map(|(_, products)| products.len()).sum();
        if wanted < WORTH_A_SQUARE {
            for (right, products) in columns {
                for (row, sum) in products {
                    jobs.push(single(left(*row), *right, *sum));
                }
            }
            continue;
        }
        let mut sums = [[NONE; 4]; 4];
        let mut twice = Vec::new();
        for (column, (right, products)) in columns.iter().enumerate() {
            for (row, sum) in products {
                if sums[*row][column] == NONE {
                    sums[*row][column] = *sum;
                } else {
                    twice.push(single(left(*row), *right, *sum));
                }
            }
        }
        let right = [0, 1, 2, 3].map(|column: usize| columns[column.min(columns.len() - 1)].0);
        jobs.push(Job::Dots([0, 1, 2, 3].map(left), right, sums));
        jobs.extend(twice);
    }
    jobs
}

/// Slots, given out to values and taken back.
#[derive(Default)]
struct Slots {
    of: FxHashMap<Slot, u32>,
    free: Vec<u32>,
    count: u32,
}

impl Slots {
    fn of(&self, value: Slot) -> u32 {
        self.of.get(&value).copied().unwrap_or(0)
    }

    /// A slot that nothing reads.
    fn take(&mut self, value: Slot) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.of.insert(value, slot);
        slot
    }

    fn release(&mut self, value: Slot) {
        if let Some(slot) = self.of.remove(&value) {
            self.free.push(slot);
        }
    }
}
