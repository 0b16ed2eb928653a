//! [`Schedule`]: a program arranged for one point. Items of one kind that do not wait for each other stand side by side, so that
//! functions go through the vector kernels together, and arithmetic goes eight numbers at a time. Where many items have the same
//! part in terms of one form, they stand in the order of the terms: then what they read stands side by side too, and needs no list.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::items::{Arithmetic, Item, Items, Kind};
use super::{Program, Slot, Step};
use crate::elementary::Operation;

/// So many items go at a time.
pub(super) const LANES: usize = 8;
/// Fewer items go one by one.
const LEAST_WIDE: usize = 4;

/// Where an argument of the items of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operand {
    /// Side by side, from this place on.
    Run(u16),
    /// At the places of a list, which begins there among the reads and is filled up to whole lanes.
    Listed(u32),
}

/// What is done in a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Work {
    /// One operation, [`LANES`] items at a time.
    Wide(Arithmetic, [Operand; 2]),
    /// The singles from there on, one after another.
    Singles(u32),
    /// A function through its vector kernel.
    Function(Operation, [Operand; 3]),
    /// A sum in each lane. A list for each term begins there among the reads.
    Sums(Terms),
    /// One sum alone; its terms begin there among the reads.
    OneSum(Terms),
}

/// The terms of sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Terms {
    pub(super) first: u32,
    pub(super) added: u32,
    pub(super) subtracted: u32,
}

/// Items whose results stand side by side, from `start` on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Batch {
    pub(super) work: Work,
    pub(super) start: u16,
    pub(super) items: u16,
}

/// A program arranged for one point. A value has a place of its own, told in 16 bits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Schedule {
    pub(super) inputs: usize,
    /// What stands in places from the beginning.
    pub(super) numbers: Vec<(u16, f64)>,
    pub(super) batches: Vec<Batch>,
    pub(super) reads: Vec<u16>,
    /// Operations done by themselves, and the places of their arguments.
    pub(super) singles: Vec<(Arithmetic, [u16; 2])>,
    pub(super) outputs: Vec<u16>,
}

impl Schedule {
    /// A program that is [reduced](Program::reduced), in batches; `None` if it needs more places than 16 bits tell apart. Whole lanes take more places than single
    /// operations, which are tried where those do not fit.
    pub(super) fn new(program: &Program) -> Option<Self> {
        let mut items = Items::new(program);
        let roles = roles(program, &mut items);
        let with = |least_wide| Self::arranged(program, &items, &roles, least_wide);
        with(LEAST_WIDE).or_else(|| with(usize::MAX))
    }

    fn arranged(
        program: &Program,
        items: &Items,
        roles: &[Role],
        least_wide: usize,
    ) -> Option<Self> {
        let mut ready = Ready::new(items);
        let mut writing = Writing::new(program, items, least_wide)?;
        while let Some((kind, mut chosen)) = ready.next() {
            if kind == Kind::Sum {
                // Sums of about one length share lanes.
                chosen.sort_by_key(|at| Reverse(items.items[*at].reads.len()));
            } else {
                chosen.sort_by_key(|at| (roles[items.items[*at].slot], items.items[*at].slot));
            }
            let batch: Vec<&Item> = chosen.iter().map(|at| &items.items[*at]).collect();
            writing.write(kind, &batch)?;
            for at in chosen {
                ready.done(at, items);
            }
        }
        let outputs = program.outputs.iter().map(|slot| writing.places[*slot]);
        Some(Self {
            outputs: outputs.collect(),
            ..writing.schedule
        })
    }
}

/// What a slot is made of, and what reads it.
type Role = (u32, u32);

/// Slots of one role are the same part of terms of one form. The factors of a product and the terms of an addition are brought
/// into the order of their roles, so that all items of a role read the same parts in the same order.
fn roles(program: &Program, items: &mut Items) -> Vec<Role> {
    const NUMBER: u32 = 0;
    const INPUT: u32 = 1;
    let mut made: Vec<u32> = vec![NUMBER; items.slots];
    for (slot, step) in program.steps.iter().enumerate() {
        if matches!(step, Step::Input(_)) {
            made[slot] = INPUT;
        }
    }
    let mut ways: FxHashMap<(Kind, Vec<u32>), u32> = FxHashMap::default();
    let mut readers: Vec<Vec<(u32, usize)>> = vec![Vec::new(); items.slots];
    for item in &mut items.items {
        let is_sum = item.kind == Kind::Sum;
        if let Kind::Arithmetic(Arithmetic::Add | Arithmetic::Mul) = item.kind {
            item.reads.sort_by_key(|read| made[*read]);
        }
        let parts = item.reads.iter().map(|read| made[*read]);
        let parts = if is_sum { Vec::new() } else { parts.collect() };
        let next = ways.len() as u32 + 2;
        let way = *ways.entry((item.kind, parts)).or_insert(next);
        made[item.slot] = way;
        for (argument, read) in item.reads.iter().enumerate() {
            readers[*read].push((way, if is_sum { 0 } else { argument }));
        }
    }
    let mut uses: FxHashMap<Vec<(u32, usize)>, u32> = FxHashMap::default();
    let role = |(made, mut readers): (u32, Vec<(u32, usize)>)| {
        readers.sort_unstable();
        readers.dedup();
        let next = uses.len() as u32;
        (made, *uses.entry(readers).or_insert(next))
    };
    made.into_iter().zip(readers).map(role).collect()
}

/// The items that wait for nothing any more.
struct Ready {
    /// For each item, the items that read it, and how many that it reads are missing.
    readers: Vec<Vec<usize>>,
    missing: Vec<usize>,
    ready: BTreeMap<Kind, Vec<usize>>,
}

impl Ready {
    fn new(items: &Items) -> Self {
        let mut made_by: Vec<Option<usize>> = vec![None; items.slots];
        for (at, item) in items.items.iter().enumerate() {
            made_by[item.slot] = Some(at);
        }
        let count = items.items.len();
        let mut new = Self {
            readers: vec![Vec::new(); count],
            missing: vec![0; count],
            ready: BTreeMap::new(),
        };
        for (at, item) in items.items.iter().enumerate() {
            for maker in item.reads.iter().filter_map(|read| made_by[*read]) {
                new.readers[maker].push(at);
                new.missing[at] += 1;
            }
            if new.missing[at] == 0 {
                new.ready.entry(item.kind).or_default().push(at);
            }
        }
        new
    }

    /// The kind of which the most items are ready. Arithmetic goes before functions and these before sums, so that as many of
    /// them as possible come together.
    fn next(&mut self) -> Option<(Kind, Vec<usize>)> {
        let rank = |kind: &Kind| match kind {
            Kind::Sum => 0,
            Kind::Function(_) => 1,
            Kind::Arithmetic(_) => 2,
        };
        let first = self.ready.iter();
        let (kind, _) = first.max_by_key(|(kind, items)| (rank(kind), items.len()))?;
        let kind = *kind;
        self.ready.remove_entry(&kind)
    }

    fn done(&mut self, at: usize, items: &Items) {
        for reader in std::mem::take(&mut self.readers[at]) {
            self.missing[reader] -= 1;
            if self.missing[reader] == 0 {
                let kind = items.items[reader].kind;
                self.ready.entry(kind).or_default().push(reader);
            }
        }
    }
}

/// Writes batches down and gives places to their results.
struct Writing {
    schedule: Schedule,
    /// Of each slot.
    places: Vec<u16>,
    numbers: Vec<Option<f64>>,
    /// Where lists of numbers, told by their bits, stand side by side.
    lists: FxHashMap<Vec<u64>, u16>,
    next: usize,
    least_wide: usize,
    nothing_added: Slot,
    nothing_subtracted: Slot,
}

impl Writing {
    fn new(program: &Program, items: &Items, least_wide: usize) -> Option<Self> {
        let mut new = Self {
            schedule: Schedule {
                inputs: program.inputs,
                numbers: Vec::new(),
                batches: Vec::new(),
                reads: Vec::new(),
                singles: Vec::new(),
                outputs: Vec::new(),
            },
            places: vec![0; items.slots],
            numbers: vec![None; items.slots],
            lists: FxHashMap::default(),
            next: 0,
            least_wide,
            nothing_added: items.nothing_added,
            nothing_subtracted: items.nothing_subtracted,
        };
        new.taken(program.inputs)?;
        for (slot, step) in program.steps.iter().enumerate() {
            if let Step::Input(index) = step {
                new.places[slot] = *index as u16;
            }
        }
        for (slot, value) in &items.numbers {
            let place = new.taken(1)?;
            new.places[*slot] = place;
            new.numbers[*slot] = Some(*value);
            new.schedule.numbers.push((place, *value));
        }
        Some(new)
    }

    /// So many places that nothing else takes.
    fn taken(&mut self, count: usize) -> Option<u16> {
        let first = self.next;
        self.next += count;
        if self.next > usize::from(u16::MAX) {
            return None;
        }
        u16::try_from(first).ok()
    }

    /// Items of one kind, which do not wait for each other.
    fn write(&mut self, kind: Kind, items: &[&Item]) -> Option<()> {
        match kind {
            Kind::Sum => items.chunks(LANES).try_for_each(|sums| self.sums(sums)),
            Kind::Function(operation) => {
                let mut operands = [Operand::Run(0); 3];
                for (argument, operand) in operands.iter_mut().enumerate().take(operation.arity()) {
                    *operand = self.operand(items, argument)?;
                }
                self.batch(Work::Function(operation, operands), items)
            }
            Kind::Arithmetic(operation) => {
                let (mut rest, mut scattered) = (items, 0);
                while scattered < rest.len() {
                    let along = self.along(&rest[scattered..]);
                    if along < LANES {
                        scattered += along;
                        continue;
                    }
                    let (before, from) = rest.split_at(scattered);
                    let (run, after) = from.split_at(along);
                    self.arithmetic(operation, before)?;
                    self.arithmetic(operation, run)?;
                    (rest, scattered) = (after, 0);
                }
                self.arithmetic(operation, rest)
            }
        }
    }

    /// How many items, from the first on, read what stands side by side.
    fn along(&self, items: &[&Item]) -> usize {
        let follows = |(a, b): (&Slot, &Slot)| {
            let numbers = self.numbers[*a].is_some() && self.numbers[*b].is_some();
            numbers || self.places[*a].checked_add(1) == Some(self.places[*b])
        };
        let all = |pair: &&[&Item]| pair[0].reads.iter().zip(&pair[1].reads).all(follows);
        items.windows(2).take_while(all).count() + 1
    }

    fn arithmetic(&mut self, operation: Arithmetic, items: &[&Item]) -> Option<()> {
        if items.len() < self.least_wide {
            return items
                .iter()
                .try_for_each(|item| self.single(operation, item));
        }
        let operands = [self.operand(items, 0)?, self.operand(items, 1)?];
        self.whole_lanes(Work::Wide(operation, operands), items)
    }

    /// One operation by itself; those that follow each other are one batch.
    fn single(&mut self, operation: Arithmetic, item: &Item) -> Option<()> {
        let first = self.schedule.singles.len() as u32;
        let arguments = [0, 1].map(|argument| self.places[item.reads[argument]]);
        self.schedule.singles.push((operation, arguments));
        let place = self.next;
        match self.schedule.batches.last_mut() {
            Some(Batch {
                work: Work::Singles(_),
                start,
                items,
            }) if usize::from(*start) + usize::from(*items) == place => {
                *items += 1;
                self.places[item.slot] = self.taken(1)?;
                Some(())
            }
            _ => self.batch(Work::Singles(first), &[item]),
        }
    }

    fn batch(&mut self, work: Work, items: &[&Item]) -> Option<()> {
        let start = self.taken(items.len())?;
        // The items come first: the last place has none after it.
        for (item, place) in items.iter().zip(start..) {
            self.places[item.slot] = place;
        }
        let items = items.len() as u16;
        self.schedule.batches.push(Batch { work, start, items });
        Some(())
    }

    /// A batch that writes whole lanes: nothing else stands in them.
    fn whole_lanes(&mut self, work: Work, items: &[&Item]) -> Option<()> {
        self.next = self.next.next_multiple_of(LANES);
        self.batch(work, items)?;
        self.next = self.next.next_multiple_of(LANES);
        Some(())
    }

    /// Where that argument of the items stands.
    fn operand(&mut self, items: &[&Item], argument: usize) -> Option<Operand> {
        let slots = items.iter().map(|item| item.reads[argument]);
        let numbers: Option<Vec<f64>> = slots.clone().map(|slot| self.numbers[slot]).collect();
        if let Some(numbers) = numbers {
            return self.list(&numbers).map(Operand::Run);
        }
        let mut places: Vec<u16> = slots.map(|slot| self.places[slot]).collect();
        let follows = |pair: &[u16]| pair[0].checked_add(1) == Some(pair[1]);
        if places.windows(2).all(follows) {
            return Some(Operand::Run(places[0]));
        }
        let first = self.schedule.reads.len() as u32;
        places.resize(places.len().next_multiple_of(LANES), places[0]);
        self.schedule.reads.extend(places);
        Some(Operand::Listed(first))
    }

    /// Numbers side by side.
    fn list(&mut self, numbers: &[f64]) -> Option<u16> {
        let bits: Vec<u64> = numbers.iter().map(|number| number.to_bits()).collect();
        if let Some(place) = self.lists.get(&bits) {
            return Some(*place);
        }
        let first = self.taken(numbers.len())?;
        let placed = numbers.iter().zip(first..);
        let placed = placed.map(|(number, place)| (place, *number));
        self.schedule.numbers.extend(placed);
        self.lists.insert(bits, first);
        Some(first)
    }

    /// As many sums as there are lanes, or fewer; the shorter ones are filled up with numbers that change nothing.
    fn sums(&mut self, sums: &[&Item]) -> Option<()> {
        let plus = |sum: &Item, term: usize| sum.reads[..sum.added].get(term).copied();
        let minus = |sum: &Item, term: usize| sum.reads[sum.added..].get(term).copied();
        let added = sums.iter().map(|sum| sum.added).max()?;
        let subtracted = sums.iter().map(|sum| sum.reads.len() - sum.added).max()?;
        let terms = Terms {
            first: self.schedule.reads.len() as u32,
            added: added as u32,
            subtracted: subtracted as u32,
        };
        let lanes = if sums.len() == 1 { 1 } else { LANES };
        for term in 0..added {
            for lane in 0..lanes {
                let slot = sums.get(lane).and_then(|sum| plus(sum, term));
                let place = self.places[slot.unwrap_or(self.nothing_added)];
                self.schedule.reads.push(place);
            }
        }
        for term in 0..subtracted {
            for lane in 0..lanes {
                let slot = sums.get(lane).and_then(|sum| minus(sum, term));
                let place = self.places[slot.unwrap_or(self.nothing_subtracted)];
                self.schedule.reads.push(place);
            }
        }
        if lanes == 1 {
            return self.batch(Work::OneSum(terms), sums);
        }
        self.whole_lanes(Work::Sums(terms), sums)
    }
}
