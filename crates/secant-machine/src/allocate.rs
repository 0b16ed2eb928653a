//! Which value is in which register when. Registers are few; when one is wanted, the value whose next reading is furthest away
//! leaves it (Belady 1966), to scratch if it is nowhere in memory.

use iced_x86::IcedError;
use rustc_hash::FxHashMap;
use secant_vmath::Level;

use crate::write::{Binary, Lanes, Last, Mask, Place, REGISTERS, Writer, blocks_of};
use crate::{Operand, Step, Work};

/// Places further apart than this do not fit an instruction.
const MOST_PLACES: usize = 1 << 20;

/// A function as bytes, and how many blocks behind the columns it works in.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) scratch: usize,
}

/// Writes the steps, whose operands are all there; `None` where this machine has not the instructions, or places are too far apart.
pub(crate) fn write(
    steps: &[Step],
    columns: usize,
    numbers: usize,
    is_wanted: impl Fn(u32) -> bool,
) -> Option<Written> {
    let runs_here = Level::available().contains(&Level::Avx2);
    let most = columns.max(numbers).max(steps.len());
    if !runs_here || most > MOST_PLACES {
        return None;
    }
    written(steps, columns as u32, is_wanted).ok()
}

fn written(
    steps: &[Step],
    columns: u32,
    is_wanted: impl Fn(u32) -> bool,
) -> Result<Written, IcedError> {
    let mut values = Values::default();
    let mut actions: Vec<Action> = steps.iter().map(|step| values.action(step)).collect();
    for Action { column, result, .. } in &mut actions {
        // What is written over, or what nobody wants, need not be written.
        *column = column
            .filter(|column| is_wanted(*column) && values.in_columns.get(column) == Some(result));
    }
    let mut allocator = Allocator::new(values, &actions, Writer::new(columns)?);
    for action in &actions {
        allocator.perform(action)?;
    }
    Ok(Written {
        scratch: blocks_of(allocator.scratch.count),
        bytes: allocator.writer.finished()?,
    })
}

/// A value, by its place among all.
type Value = usize;

/// A step over values.
struct Action {
    kind: Kind,
    reads: [Option<Value>; 3],
    result: Value,
    column: Option<u32>,
}

#[derive(Clone, Copy)]
enum Kind {
    Binary(Binary),
    AddProduct { negative: bool },
    Sqrt,
}

/// All values: what is read from memory, and results. A column that a step has written is the result of that step from then on.
#[derive(Default)]
struct Values {
    /// Where each is in memory before the first step, if anywhere.
    homes: Vec<Option<Place>>,
    of_steps: Vec<Value>,
    in_columns: FxHashMap<u32, Value>,
    of_numbers: FxHashMap<u32, Value>,
    masks: [Option<Value>; 2],
}

impl Values {
    fn new_value(&mut self, home: Option<Place>) -> Value {
        self.homes.push(home);
        self.homes.len() - 1
    }

    fn of(&mut self, operand: Operand) -> Value {
        let (known, home) = match operand {
            Operand::Step(step) => return self.of_steps[step as usize],
            Operand::Column(column) => (self.in_columns.get(&column), Place::Column(column)),
            Operand::Number(number) => (self.of_numbers.get(&number), Place::Number(number)),
        };
        if let Some(value) = known {
            return *value;
        }
        let value = self.new_value(Some(home));
        match operand {
            Operand::Column(column) => self.in_columns.insert(column, value),
            Operand::Number(number) => self.of_numbers.insert(number, value),
            Operand::Step(_) => None,
        };
        value
    }

    fn mask(&mut self, mask: Mask) -> Value {
        if let Some(value) = self.masks[mask as usize] {
            return value;
        }
        let value = self.new_value(Some(Place::Mask(mask)));
        self.masks[mask as usize] = Some(value);
        value
    }

    fn action(&mut self, step: &Step) -> Action {
        let mut reads = step
            .work
            .operands()
            .map(|operand| operand.map(|operand| self.of(operand)));
        let kind = match step.work {
            Work::Add(..) => Kind::Binary(Binary::Add),
            Work::Sub(..) => Kind::Binary(Binary::Sub),
            Work::Mul(..) => Kind::Binary(Binary::Mul),
            Work::Div(..) => Kind::Binary(Binary::Div),
            Work::MulAdd(..) => Kind::AddProduct { negative: false },
            Work::MulSubFrom(..) => Kind::AddProduct { negative: true },
            Work::Neg(_) => {
                reads[1] = Some(self.mask(Mask::Sign));
                Kind::Binary(Binary::Xor)
            }
            Work::Abs(_) => {
                reads[1] = Some(self.mask(Mask::Size));
                Kind::Binary(Binary::And)
            }
            Work::Sqrt(_) => Kind::Sqrt,
        };
        let result = self.new_value(None);
        self.of_steps.push(result);
        if let Some(column) = step.column {
            self.in_columns.insert(column, result);
        }
        Action {
            kind,
            reads,
            result,
            column: step.column,
        }
    }
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
    fn new(values: Values, actions: &[Action], writer: Writer) -> Self {
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
        let mut states: Vec<State> = values.homes.into_iter().enumerate().map(state).collect();
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

    fn perform(&mut self, action: &Action) -> Result<(), IcedError> {
        for read in action.reads.into_iter().flatten() {
            self.states[read].readers.pop();
        }
        let to = match (action.kind, action.reads) {
            (Kind::Binary(binary), [Some(a), Some(b), _]) => {
                let swap = binary.commutes() && self.is_better_last(a, b);
                let (a, b) = if swap { (b, a) } else { (a, b) };
                let left = self.register(a, &[])?;
                let right = self.last(b, &[left])?;
                self.unbind_last(action);
                let to = self.free_register(&[])?;
                self.writer.binary(binary, to, left, right)?;
                to
            }
            (Kind::AddProduct { negative }, [Some(a), Some(b), Some(c)]) => {
                let swap = self.is_better_last(a, b);
                let (a, b) = if swap { (b, a) } else { (a, b) };
                let left = self.register(a, &[])?;
                let right = self.last(b, &[left])?;
                let onto = self.taken_over(c, left, right)?;
                self.writer.add_product(onto, left, right, negative)?;
                self.unbind_last(action);
                onto
            }
            (Kind::Sqrt, [Some(a), ..]) => {
                let x = self.last(a, &[])?;
                self.unbind_last(action);
                let to = self.free_register(&[])?;
                self.writer.sqrt(to, x)?;
                to
            }
            _ => return Ok(()),
        };
        self.free_scratch(action);
        self.bind(action.result, to);
        if let Some(column) = action.column {
            self.write_column(column, action.result, to)?;
        }
        if self.states[action.result].readers.is_empty() {
            self.unbind(action.result);
        }
        Ok(())
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
