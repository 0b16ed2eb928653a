//! A program ready to be run over rows that pick their inputs: what is loaded or picked, and how results become rows of tables.

use std::ops::Range;

use secant_machine::{Operand, Outside};
use secant_vmath::{Block, copy_past_caches};

use super::{Gather, Pick};
use crate::combine::block::{Ends, Plan, ROWS, Uniforms, Wanted};
use crate::combine::room::Room;
use crate::program::Program;

/// So many numbers, 4 MiB, are more than the nearer caches hold.
const BEYOND_CACHES: usize = 1 << 19;

/// For each input its pick, and which of the pick's inputs it is.
pub(super) fn origin(picks: &[Pick]) -> Vec<(usize, usize)> {
    let inputs = |(pick, of): (usize, &Pick)| (0..of.inputs()).map(move |offset| (pick, offset));
    picks.iter().enumerate().flat_map(inputs).collect()
}

/// A program ready to be run over rows.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub(super) plan: Plan,
    uniforms: Uniforms,
    /// All inputs, and those that code does not pick itself.
    loads: Vec<Load>,
    loads_beside_code: Vec<Load>,
    /// How many of the outputs go to each table.
    widths: Vec<usize>,
    room: Room<Working>,
}

/// What a thread works in.
#[derive(Debug)]
struct Working {
    slots: Vec<Block>,
    /// For each pick that names groups the first number of each row; nothing reads those of data.
    firsts: Vec<[usize; ROWS]>,
    /// For each table a block of rows that are not all wanted, or on their way out: they are put together in the nearest cache and
    /// then copied in one go, since stores that jump over memory wait for each line.
    rows: Vec<Vec<f64>>,
}

/// Inputs that follow each other in a pick, and so do their slots.
#[derive(Clone, Debug)]
struct Load {
    pick: usize,
    offset: usize,
    slot: usize,
    length: usize,
}

impl Ready {
    /// The program, whose outputs go to tables, so many to each.
    pub(super) fn new(program: &Program, picks: &[Pick], widths: Vec<usize>) -> Self {
        let program = program.reduced().with_shared_reciprocals();
        let outputs = program.output_slots().iter();
        let wanted: Vec<Wanted> = outputs.map(|slot| Wanted::Kept(*slot)).collect();
        let origin = origin(picks);
        let plan = Plan::new(&program, &vec![true; origin.len()], &wanted);
        let picked = plan.loads.iter().filter_map(|(input, slot)| {
            let (pick, offset) = origin[*input as usize];
            let (list, place) = (pick as u32, offset as u32);
            let is_group = matches!(picks[pick], Pick::Group { .. });
            is_group.then_some((*slot, Operand::Picked { list, place }))
        });
        let mut ends = Ends {
            picked: picked.collect(),
            widths,
        };
        let plan = plan.with_code(&mut ends);
        let loads = plan.loads.iter();
        let beside_code = loads
            .clone()
            .filter(|(_, slot)| !ends.picked.contains_key(slot));
        Self {
            loads_beside_code: joined(beside_code, &origin),
            loads: joined(loads, &origin),
            uniforms: Uniforms::new(&plan, &[]),
            plan,
            widths: ends.widths,
            room: Room::new(),
        }
    }

    /// Runs these rows, fills the tables with them, and shows each block with the rows that it holds.
    pub(super) fn run<const N: usize>(
        &self,
        gather: &Gather,
        parameters: &[f64],
        rows: Range<usize>,
        mut tables: [&mut [f64]; N],
        mut show: impl FnMut(&[Block], Range<usize>),
    ) {
        let make = || Working {
            slots: self.plan.slots(),
            firsts: vec![[0; ROWS]; gather.picks.len()],
            rows: self
                .widths
                .iter()
                .map(|width| vec![0.0; width * ROWS])
                .collect(),
        };
        let work = |working: &mut Working| {
            for start in rows.clone().step_by(ROWS) {
                let rows = start..rows.end.min(start + ROWS);
                let own = split(&mut tables, &self.widths, rows.len());
                self.run_block(gather, parameters, rows.clone(), working, own);
                show(&working.slots, rows);
            }
        };
        self.room.with(make, work);
    }

    fn run_block<const N: usize>(
        &self,
        gather: &Gather,
        parameters: &[f64],
        rows: Range<usize>,
        working: &mut Working,
        mut tables: [&mut [f64]; N],
    ) {
        let Working {
            slots,
            firsts,
            rows: staged,
        } = working;
        let runs_code = self.plan.runs_code();
        let of_row: usize = self.widths.iter().sum();
        let goes_past_caches = gather.rows * of_row >= BEYOND_CACHES;
        let loads = if runs_code {
            &self.loads_beside_code
        } else {
            &self.loads
        };
        fill_firsts(&gather.picks, rows.clone(), firsts);
        for load in loads {
            let pick = &gather.picks[load.pick];
            load.fill(pick, parameters, rows.clone(), firsts, slots);
        }
        let mut run = |tables: &mut [&mut [f64]]| {
            let outside = Outside {
                picked: parameters,
                firsts,
                tables,
            };
            self.plan
                .run_block(&self.uniforms, slots, rows.len(), &mut [], outside);
        };
        if runs_code && rows.len() == ROWS && !goes_past_caches {
            return run(&mut tables);
        }
        let mut all = staged.iter_mut().map(Vec::as_mut_slice);
        let mut staged: [&mut [f64]; N] = std::array::from_fn(|_| all.next().unwrap_or_default());
        run(&mut staged);
        let mut kept = &self.plan.kept[..];
        for ((table, staged), width) in tables.into_iter().zip(staged).zip(&self.widths) {
            let (own, rest) = kept.split_at(*width);
            kept = rest;
            if !runs_code {
                write_rows(own, slots, staged);
            }
            let staged = &staged[..table.len()];
            if goes_past_caches {
                copy_past_caches(staged, table);
            } else {
                table.copy_from_slice(staged);
            }
        }
    }
}

/// Writes these slots row by row.
fn write_rows(kept: &[u32], slots: &[Block], rows: &mut [f64]) {
    let width = kept.len();
    let (fours, rest) = kept.as_chunks::<4>();
    for (place, four) in fours.iter().enumerate() {
        let blocks = four.map(|slot| &slots[slot as usize]);
        write_columns(blocks, 4 * place, width, rows);
    }
    for (place, slot) in rest.iter().enumerate() {
        write_columns(
            [&slots[*slot as usize]],
            4 * fours.len() + place,
            width,
            rows,
        );
    }
}

/// Writes blocks side by side into rows of so many numbers.
fn write_columns<const N: usize>(blocks: [&Block; N], first: usize, width: usize, out: &mut [f64]) {
    for (lane, row) in out.chunks_exact_mut(width).take(ROWS).enumerate() {
        row[first..first + N].copy_from_slice(&blocks.map(|block| block.0[lane]));
    }
}

/// Takes so many rows off the beginning of each table.
fn split<'a, const N: usize>(
    tables: &mut [&'a mut [f64]; N],
    widths: &[usize],
    rows: usize,
) -> [&'a mut [f64]; N] {
    let mut widths = widths.iter();
    tables.each_mut().map(|table| {
        let width = widths.next().unwrap_or(&0);
        let (taken, rest) = std::mem::take(table).split_at_mut(width * rows);
        *table = rest;
        taken
    })
}

/// The first parameter that each pick of a group takes in these rows, and in what fills up the block the last one's.
fn fill_firsts(picks: &[Pick], rows: Range<usize>, firsts: &mut [[usize; ROWS]]) {
    for (firsts, pick) in firsts.iter_mut().zip(picks) {
        if let Pick::Group {
            start,
            width,
            index,
        } = pick
        {
            for (first, group) in firsts.iter_mut().zip(&index[rows.clone()]) {
                *first = start + width * *group as usize;
            }
            let last = firsts[rows.len() - 1];
            firsts[rows.len()..].fill(last);
        }
    }
}

/// Loads of inputs and their slots, those that follow each other in one.
fn joined<'a>(
    inputs: impl Iterator<Item = &'a (u32, u32)>,
    origin: &[(usize, usize)],
) -> Vec<Load> {
    let mut loads: Vec<Load> = Vec::new();
    for (input, slot) in inputs {
        let ((pick, offset), slot) = (origin[*input as usize], *slot as usize);
        match loads.last_mut() {
            Some(last)
                if (
                    last.pick,
                    last.offset + last.length,
                    last.slot + last.length,
                ) == (pick, offset, slot) =>
            {
                last.length += 1;
            }
            _ => loads.push(Load {
                pick,
                offset,
                slot,
                length: 1,
            }),
        }
    }
    loads
}

impl Load {
    /// Picks the inputs of these rows, whose first numbers are known where the pick names groups. What fills the block up is never shown.
    fn fill(
        &self,
        pick: &Pick,
        parameters: &[f64],
        rows: Range<usize>,
        firsts: &[[usize; ROWS]],
        slots: &mut [Block],
    ) {
        let blocks = &mut slots[self.slot..self.slot + self.length];
        match pick {
            Pick::Group { .. } => {
                for (offset, block) in (self.offset..).zip(blocks) {
                    for (number, first) in block.0.iter_mut().zip(&firsts[self.pick]) {
                        *number = parameters[first + offset];
                    }
                }
            }
            Pick::Data(data) => {
                let data = &data[rows];
                for block in blocks {
                    block.0[..data.len()].copy_from_slice(data);
                    block.0[data.len()..].fill(data[data.len() - 1]);
                }
            }
        }
    }
}
