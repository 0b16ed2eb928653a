//! Steps as values that actions read and give: what a register may hold, before it is known which one does.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::write::{Binary, Cell, Mask, Picked, Place};
use crate::{Operand, Step, Work};

/// A value, by its place among all.
pub(crate) type Value = usize;

/// Something done to values.
pub(crate) struct Action {
    pub(crate) kind: Kind,
    pub(crate) reads: [Option<Value>; 3],
    pub(crate) results: [Option<Value>; 2],
    pub(crate) column: Option<u32>,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Binary(Binary),
    AddProduct {
        negative: bool,
    },
    Sqrt,
    /// A number of each row from there on, or two side by side.
    Pick(Picked),
    /// One or two values side by side into the rows of a table.
    Write(Cell),
}

/// All values: what is read from memory, and results. A column that a step has written is the result of that step from then on.
#[derive(Default)]
pub(crate) struct Values {
    /// Where each is in memory before the first step, if anywhere.
    pub(crate) homes: Vec<Option<Place>>,
    pub(crate) actions: Vec<Action>,
    of_steps: Vec<Value>,
    in_columns: FxHashMap<u32, Value>,
    of_numbers: FxHashMap<u32, Value>,
    picked: FxHashMap<Picked, Value>,
    /// All that is ever picked.
    picks: FxHashSet<Picked>,
    masks: [Option<Value>; 2],
}

impl Values {
    /// The values of steps and of tables that hold what these operands are after the last one.
    pub(crate) fn new(
        steps: &[Step],
        tables: &[Vec<Operand>],
        is_wanted: impl Fn(u32) -> bool,
    ) -> Self {
        let of_steps = steps.iter().flat_map(|step| step.work.operands()).flatten();
        let picks = of_steps.chain(tables.iter().flatten().copied());
        let mut new = Self {
            picks: picks.filter_map(as_pick).collect(),
            ..Self::default()
        };
        for step in steps {
            new.step(step);
        }
        for Action {
            column, results, ..
        } in &mut new.actions
        {
            // What is written over, or what nobody wants, need not be written.
            *column = column.filter(|column| {
                is_wanted(*column) && new.in_columns.get(column) == results[0].as_ref()
            });
        }
        new.write_tables(tables);
        new
    }

    fn of(&mut self, operand: Operand) -> Value {
        match operand {
            Operand::Step(step) => self.of_steps[step as usize],
            Operand::Column(column) => {
                let homes = &mut self.homes;
                let new = || new_value(homes, Some(Place::Column(column)));
                *self.in_columns.entry(column).or_insert_with(new)
            }
            Operand::Number(number) => {
                let homes = &mut self.homes;
                let new = || new_value(homes, Some(Place::Number(number)));
                *self.of_numbers.entry(number).or_insert_with(new)
            }
            Operand::Picked { list, place } => match self.picked.get(&Picked { list, place }) {
                Some(value) => *value,
                None => self.pick(list, place),
            },
        }
    }

    /// Picks a number, with its neighbour where that is picked too: an even place comes with the odd one behind it.
    fn pick(&mut self, list: u32, place: u32) -> Value {
        let pair = [place & !1, place | 1].map(|place| Picked { list, place });
        let both = pair.iter().all(|pick| self.picks.contains(pick));
        let alone = [Picked { list, place }];
        let places = if both { &pair[..] } else { &alone[..] };
        let mut results = [None; 2];
        for (result, pick) in results.iter_mut().zip(places) {
            let value = new_value(&mut self.homes, None);
            self.picked.insert(*pick, value);
            *result = Some(value);
        }
        self.actions.push(Action {
            kind: Kind::Pick(places[0]),
            reads: [None; 3],
            results,
            column: None,
        });
        self.picked[&Picked { list, place }]
    }

    fn mask(&mut self, mask: Mask) -> Value {
        if let Some(value) = self.masks[mask as usize] {
            return value;
        }
        let value = new_value(&mut self.homes, Some(Place::Mask(mask)));
        self.masks[mask as usize] = Some(value);
        value
    }

    fn step(&mut self, step: &Step) {
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
        let result = new_value(&mut self.homes, None);
        self.of_steps.push(result);
        if let Some(column) = step.column {
            self.in_columns.insert(column, result);
        }
        self.actions.push(Action {
            kind,
            reads,
            results: [Some(result), None],
            column: step.column,
        });
    }

    /// Writes the tables two values at a time, each pair as soon as both are known.
    fn write_tables(&mut self, tables: &[Vec<Operand>]) {
        let mut writes: Vec<Action> = Vec::new();
        for (table, operands) in tables.iter().enumerate() {
            for (pair, operands) in operands.chunks(2).enumerate() {
                let mut reads = [None; 3];
                for (read, operand) in reads.iter_mut().zip(operands) {
                    *read = Some(self.of(*operand));
                }
                writes.push(Action {
                    kind: Kind::Write(Cell {
                        table: table as u32,
                        place: 2 * pair as u32,
                        width: tables[table].len() as u32,
                    }),
                    reads,
                    results: [None; 2],
                    column: None,
                });
            }
        }
        let mut known_after = vec![0; self.homes.len()];
        for (place, action) in self.actions.iter().enumerate() {
            for result in action.results.into_iter().flatten() {
                known_after[result] = place + 1;
            }
        }
        let latest = |action: &Action| {
            let reads = action.reads.iter().flatten();
            reads.map(|read| known_after[*read]).max().unwrap_or(0)
        };
        writes.sort_by_key(latest);
        let mut writes = writes.into_iter().peekable();
        let actions = std::mem::take(&mut self.actions);
        self.actions.extend(std::iter::from_fn(|| {
            writes.next_if(|write| latest(write) == 0)
        }));
        for (place, action) in actions.into_iter().enumerate() {
            self.actions.push(action);
            let known = |write: &Action| latest(write) == place + 1;
            self.actions
                .extend(std::iter::from_fn(|| writes.next_if(known)));
        }
    }
}

fn new_value(homes: &mut Vec<Option<Place>>, home: Option<Place>) -> Value {
    homes.push(home);
    homes.len() - 1
}

fn as_pick(operand: Operand) -> Option<Picked> {
    match operand {
        Operand::Picked { list, place } => Some(Picked { list, place }),
        _ => None,
    }
}
