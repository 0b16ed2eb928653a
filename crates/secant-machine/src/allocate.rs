//! Which value is in which register when. Registers are few; when one is wanted, the value whose next reading is furthest away
//! leaves it (Belady 1966), to scratch if it is nowhere in memory.

use iced_x86::IcedError;
use rustc_hash::FxHashMap;
use secant_vmath::Level;

use crate::values::{Action, Kind, Value, Values};
use crate::write::{Cell, Lanes, Last, Picked, Place, REGISTERS, Rows, Writer, columns_of};
use crate::{Operand, Reach, Step};

/// Places further apart than this do not fit an instruction.
const MOST_PLACES: usize = 1 << 20;

/// A function as bytes, over how many rows it goes, and how many columns behind those of the steps it works in.
pub(crate) struct Written {
    pub(crate) rows: Rows,
    pub(crate) bytes: Vec<u8>,
    pub(crate) scratch: usize,
}

/// Writes the steps, whose operands are all there; `None` where this machine has not the instructions, or places are too far apart.
pub(crate) fn write(
    rows: Rows,
    steps: &[Step],
    columns: usize,
    reach: &Reach,
    is_wanted: impl Fn(u32) -> bool,
    tables: &[Vec<Operand>],
) -> Option<Written> {
    let runs_here = Level::available().contains(&Level::Avx2);
    let picked = reach.picked.iter().chain(&reach.widths);
    let most = columns.max(reach.numbers).max(steps.len());
    if !runs_here || picked.fold(most, |most, reach| most.max(*reach)) > MOST_PLACES {
        return None;
    }
    written(rows, steps, columns as u32, is_wanted, tables).ok()
}

/// No code: an instruction that cannot be encoded, or an action that is none of those that are written here.
#[derive(Debug)]
struct Unwritten;

impl From<IcedError> for Unwritten {
    fn from(_: IcedError) -> Self {
        Self
    }
}

fn written(
    rows: Rows,
    steps: &[Step],
    columns: u32,
    is_wanted: impl Fn(u32) -> bool,
    tables: &[Vec<Operand>],
) -> Result<Written, Unwritten> {
    let Values { homes, actions, .. } = Values::new(steps, tables, is_wanted);
    let mut allocator = Allocator::new(homes, &actions, Writer::new(rows, columns)?);
    for action in &actions {
        allocator.perform(action)?;
    }
    Ok(Written {
        rows,
        scratch: columns_of(rows, allocator.scratch.count),
        bytes: allocator.writer.finished(tables)?,
    })
}

/// Where a value is, and who wants it.
struct State {
    /// The actions that still read it, the next one last.
    readers: Vec<u32>,
    home: Option<Place>,
    register: Option<Lanes>,
}

struct Allocator {
    states: Vec<State>,
    registers: [Option<Value>; REGISTERS],
    /// The values whose home a column is.
    at_home: FxHashMap<u32, Value>,
    scratch: Scratch,
    writer: Writer,
}

/// Room for rows at work, given out anew when nothing reads it any more.
#[derive(Default)]
struct Scratch {
    free: Vec<u32>,
    count: u32,
}

impl Scratch {
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        })
    }
}

impl Allocator {
    fn new(homes: Vec<Option<Place>>, actions: &[Action], writer: Writer) -> Self {
        let mut at_home = FxHashMap::default();
        let state = |(value, home): (Value, Option<Place>)| {
            if let Some(Place::Column(column)) = home {
                at_home.insert(column, value);
            }
            State {
                readers: Vec::new(),
                home,
                register: None,
            }
        };
        let mut states: Vec<State> = homes.into_iter().enumerate().map(state).collect();
        for (place, action) in actions.iter().enumerate().rev() {
            for read in action.reads.into_iter().flatten() {
                states[read].readers.push(place as u32);
            }
        }
        Self {
            states,
            registers: [None; REGISTERS],
            at_home,
            scratch: Scratch::default(),
            writer,
        }
    }

    fn perform(&mut self, action: &Action) -> Result<(), Unwritten> {
        for read in action.reads.into_iter().flatten() {
            self.states[read].readers.pop();
        }
        let to = match (action.kind, action.reads) {
            (Kind::Binary(binary), [Some(a), Some(b), _]) => {
                let swap = binary.commutes() && self.is_better_last(a, b);
                let (a, b) = if swap { (b, a) } else { (a, b) };
                let left = self.register(a, &[])?;
                let right = match self.writer.reads_memory(binary) {
                    true => self.last(b, &[left])?,
                    false => Last::Register(self.register(b, &[left])?),
                };
                self.unbind_last(action);
                let to = self.free_register(&[])?;
                self.writer.binary(binary, to, left, right)?;
                [Some(to), None]
            }
            (Kind::AddProduct { negative }, [Some(a), Some(b), Some(c)]) => {
                let swap = self.is_better_last(a, b);
                let (a, b) = if swap { (b, a) } else { (a, b) };
                let left = self.register(a, &[])?;
                let right = self.last(b, &[left])?;
                let onto = self.taken_over(c, left, right)?;
                self.writer.add_product(onto, left, right, negative)?;
                self.unbind_last(action);
                [Some(onto), None]
            }
            (Kind::Sqrt, [Some(a), ..]) => {
                let x = self.last(a, &[])?;
                self.unbind_last(action);
                let to = self.free_register(&[])?;
                self.writer.sqrt(to, x)?;
                [Some(to), None]
            }
            (Kind::Pick(source), _) => self.pick(source, action.results)?,
            (Kind::Write(cell), [Some(a), b, _]) => {
                self.write_row(cell, a, b)?;
                self.unbind_last(action);
                [None; 2]
            }
            // Left out, it would leave its results unwritten.
            _ => return Err(Unwritten),
        };
        self.free_scratch(action);
        let results = action.results.into_iter().zip(to);
        for (result, to) in results.filter_map(|(result, to)| result.zip(to)) {
            self.bind(result, to);
            if let Some(column) = action.column {
                self.write_column(column, result, to)?;
            }
            if self.states[result].readers.is_empty() {
                self.unbind(result);
            }
        }
        Ok(())
    }

    /// Picks a number for each row, or two side by side, into registers.
    fn pick(
        &mut self,
        from: Picked,
        results: [Option<Value>; 2],
    ) -> Result<[Option<Lanes>; 2], IcedError> {
        let first = self.free_register(&[])?;
        let second = self.free_register(&[first])?;
        if results[1].is_none() {
            self.writer.pick_one(from, first, second)?;
            return Ok([Some(first), None]);
        }
        let third = self.free_register(&[first, second])?;
        self.writer.pick_two(from, [first, second, third])?;
        Ok([Some(third), Some(second)])
    }

    /// Writes a value, or two side by side, into the rows of a table.
    fn write_row(&mut self, at: Cell, a: Value, b: Option<Value>) -> Result<(), IcedError> {
        let left = self.register(a, &[])?;
        let Some(b) = b else {
            let spare = self.free_register(&[left])?;
            return self.writer.write_one(at, left, spare);
        };
        let right = self.last(b, &[left])?;
        let kept = match right {
            Last::Register(right) => [left, right],
            Last::Memory(_) => [left; 2],
        };
        let spare = self.free_register(&kept)?;
        self.writer.write_two(at, left, right, spare)
    }

    /// Whether the first of two should rather be the last operand, which may be in memory.
    fn is_better_last(&self, a: Value, b: Value) -> bool {
        self.is_in_memory_alone(a) && !self.is_in_memory_alone(b)
    }

    fn is_in_memory_alone(&self, value: Value) -> bool {
        let state = &self.states[value];
        let is_whole = matches!(state.home, Some(Place::Column(_) | Place::Scratch(_)));
        state.register.is_none() && is_whole
    }

    /// The register that holds a value, which is loaded if none does.
    fn register(&mut self, value: Value, kept: &[Lanes]) -> Result<Lanes, IcedError> {
        if let Some(register) = self.states[value].register {
            return Ok(register);
        }
        let register = self.free_register(kept)?;
        if let Some(home) = self.states[value].home {
            self.writer.load(register, home)?;
        }
        self.bind(value, register);
        Ok(register)
    }

    /// A value as the last operand: from memory, where it is read for the last time.
    fn last(&mut self, value: Value, kept: &[Lanes]) -> Result<Last, IcedError> {
        match self.states[value].home {
            Some(home)
                if self.is_in_memory_alone(value) && self.states[value].readers.is_empty() =>
            {
                Ok(Last::Memory(home))
            }
            _ => self.register(value, kept).map(Last::Register),
        }
    }

    /// A register that holds this value, and which may be written over: the factors of a product stand in others.
    fn taken_over(&mut self, value: Value, left: Lanes, right: Last) -> Result<Lanes, IcedError> {
        let right = match right {
            Last::Register(right) => right,
            Last::Memory(_) => left,
        };
        match self.states[value].register {
            Some(register) if self.states[value].readers.is_empty() => {
                self.unbind(value);
                Ok(register)
            }
            Some(register) => {
                let to = self.free_register(&[left, right, register])?;
                self.writer.copy(to, register)?;
                Ok(to)
            }
            None => {
                let to = self.free_register(&[left, right])?;
                if let Some(home) = self.states[value].home {
                    self.writer.load(to, home)?;
                }
                Ok(to)
            }
        }
    }

    /// A register that holds nothing, or the value whose next reading is furthest away, which leaves it.
    fn free_register(&mut self, kept: &[Lanes]) -> Result<Lanes, IcedError> {
        let mut furthest = (Lanes(0), 0);
        for (place, value) in self.registers.iter().enumerate() {
            let register = Lanes(place as u8);
            let next = match value {
                None if !kept.contains(&register) => return Ok(register),
                Some(value) if !kept.contains(&register) => self.states[*value]
                    .readers
                    .last()
                    .map_or(u32::MAX, |next| *next),
                _ => continue,
            };
            if next >= furthest.1 {
                furthest = (register, next);
            }
        }
        let (register, _) = furthest;
        if let Some(value) = self.registers[usize::from(register.0)] {
            self.leave(value, register)?;
        }
        Ok(register)
    }

    /// Takes a value out of its register, to where it is found again.
    fn leave(&mut self, value: Value, register: Lanes) -> Result<(), IcedError> {
        if self.states[value].home.is_none() {
            let home = Place::Scratch(self.scratch.take());
            self.writer.store(home, register)?;
            self.states[value].home = Some(home);
        }
        self.unbind(value);
        Ok(())
    }

    fn bind(&mut self, value: Value, register: Lanes) {
        self.states[value].register = Some(register);
        self.registers[usize::from(register.0)] = Some(value);
    }

    fn unbind(&mut self, value: Value) {
        if let Some(register) = self.states[value].register.take() {
            self.registers[usize::from(register.0)] = None;
        }
    }

    /// Frees the registers of what the action is the last to read: its result may take one of them.
    fn unbind_last(&mut self, action: &Action) {
        for read in action.reads.into_iter().flatten() {
            if self.states[read].readers.is_empty() {
                self.unbind(read);
            }
        }
    }

    /// Frees the scratch of what the action was the last to read, after it has read it.
    fn free_scratch(&mut self, action: &Action) {
        for read in action.reads.into_iter().flatten() {
            let state = &mut self.states[read];
            if state.readers.is_empty()
                && let Some(Place::Scratch(place)) = state.home
            {
                state.home = None;
                self.scratch.free.push(place);
            }
        }
    }

    /// Writes a result to a column. What the column held before and is still to be read moves to a register first.
    fn write_column(&mut self, column: u32, result: Value, from: Lanes) -> Result<(), IcedError> {
        if let Some(before) = self.at_home.insert(column, result)
            && !self.states[before].readers.is_empty()
        {
            self.register(before, &[from])?;
            self.states[before].home = None;
        }
        self.writer.store(Place::Column(column), from)?;
        self.states[result].home = Some(Place::Column(column));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_of_no_known_shape_gives_no_code() -> Result<(), IcedError> {
        let action = Action {
            kind: Kind::Sqrt,
            reads: [None; 3],
            results: [Some(0), None],
            column: Some(0),
        };
        let writer = Writer::new(Rows::One, 1)?;
        let mut allocator = Allocator::new(vec![None], std::slice::from_ref(&action), writer);
        assert!(allocator.perform(&action).is_err());
        Ok(())
    }
}
