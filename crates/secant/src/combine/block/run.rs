//! Rows a block at a time, each instruction one vector loop.

use secant_machine::Outside;
use secant_vmath::{self as vmath, Block, Level, Operand};

use super::compile::Part;
use super::plan::{Instruction, NONE, Plan, Source};
use crate::elementary::Operation;
use crate::program::{Step, kernel};

/// Rows of a block.
pub(in crate::combine) const ROWS: usize = vmath::BLOCK;

/// Values that are the same for all rows.
#[derive(Clone, Debug)]
pub(in crate::combine) struct Uniforms {
    values: Vec<f64>,
    /// Those of the terms of linear combinations, in their order.
    coefficients: Vec<f64>,
}

impl Uniforms {
    pub(in crate::combine) fn new(plan: &Plan, inputs: &[f64]) -> Self {
        let values = run_steps(&plan.uniforms, inputs);
        let coefficients = plan
            .coefficients
            .iter()
            .map(|place| values[*place as usize])
            .collect();
        Self {
            values,
            coefficients,
        }
    }
}

/// The values of all steps at one point.
pub(in crate::combine) fn run_steps(steps: &[Step], inputs: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = Vec::with_capacity(steps.len());
    for step in steps {
        let value = match *step {
            Step::Input(input) => inputs.get(input).copied().unwrap_or(f64::NAN),
            Step::Constant(value, _) => value,
            Step::Apply(operation, [a, b, c]) => match operation {
                Operation::Add => values[a] + values[b],
                Operation::Sub => values[a] - values[b],
                Operation::Mul => values[a] * values[b],
                Operation::Neg => -values[a],
                _ => {
                    let arguments = [a, b, c].map(|x| values.get(x).copied().unwrap_or(0.0));
                    operation.value(&arguments[..operation.arity()])
                }
            },
        };
        values.push(value);
    }
    values
}

impl Plan {
    /// Room for a block.
    pub(in crate::combine) fn slots(&self) -> Vec<Block> {
        vec![Block::ZERO; self.room]
    }

    /// Adds the sums over these rows of the columns, given in the order of their inputs.
    pub(in crate::combine) fn add_rows(
        &self,
        uniforms: &Uniforms,
        columns: &[&[f64]],
        rows: std::ops::Range<usize>,
        slots: &mut [Block],
        sums: &mut [f64],
    ) {
        let mut start = rows.start;
        while start < rows.end {
            let count = ROWS.min(rows.end - start);
            for (column, slot) in &self.loads {
                let column = &columns[*column as usize][start..start + count];
                let block = &mut slots[*slot as usize].0;
                block[..count].copy_from_slice(column);
                // What fills the last block up is never summed; a row that exists raises no new overflow.
                block[count..].fill(column[count - 1]);
            }
            self.run_block(uniforms, slots, count, sums, Outside::default());
            start += count;
        }
    }

    /// Whether code runs here, which multiplies and adds fused and so serves where the instructions do.
    pub(in crate::combine) fn runs_code(&self) -> bool {
        !self.compiled.is_empty() && Level::current() != Level::Plain
    }

    /// Runs a block of so many rows, whose columns stand in the slots where they are to be loaded. Code picks numbers outside and
    /// writes tables there, if it was made so; instructions do not.
    pub(in crate::combine) fn run_block(
        &self,
        uniforms: &Uniforms,
        slots: &mut [Block],
        count: usize,
        sums: &mut [f64],
        outside: Outside,
    ) {
        if let Some(ones) = self.ones {
            slots[ones as usize].0.fill(1.0);
        }
        let mut perform = |instructions: &[Instruction], slots: &mut [Block]| {
            let both_linear = |a: &Instruction, b: &Instruction| a.is_linear() && b.is_linear();
            for together in instructions.chunk_by(both_linear) {
                self.perform(together, uniforms, slots, count, sums);
            }
        };
        if !self.runs_code() {
            return perform(&self.instructions, slots);
        }
        let last = self.compiled.len() - 1;
        for (place, part) in self.compiled.iter().enumerate() {
            match part {
                Part::Instructions(range) => perform(&self.instructions[range.clone()], slots),
                Part::Code(code) => {
                    let tables = if place == last {
                        &mut *outside.tables
                    } else {
                        &mut []
                    };
                    code.run_with(slots, &uniforms.values, Outside { tables, ..outside });
                }
            }
        }
    }

    /// What a linear instruction does.
    fn combination<'a>(
        &'a self,
        instruction: &Instruction,
        uniforms: &'a Uniforms,
    ) -> Option<vmath::Combination<'a>> {
        let Instruction::Linear {
            terms,
            constant,
            target,
        } = instruction
        else {
            return None;
        };
        let range = terms.start as usize..terms.end as usize;
        Some(vmath::Combination {
            terms: &self.terms[range.clone()],
            coefficients: &uniforms.coefficients[range],
            constant: (*constant != NONE).then(|| uniforms.values[*constant as usize]),
            target: *target,
        })
    }

    /// One instruction, or linear combinations one after another.
    fn perform(
        &self,
        together: &[Instruction],
        uniforms: &Uniforms,
        slots: &mut [Block],
        count: usize,
        sums: &mut [f64],
    ) {
        let constant = |place: u32| (place != NONE).then(|| uniforms.values[place as usize]);
        let Some(first) = together.first() else {
            return;
        };
        match first {
            Instruction::Apply {
                operation,
                arguments,
                target,
            } => {
                let (low, rest) = slots.split_at_mut(*target as usize);
                let (out, high) = rest.split_at_mut(1);
                let operand = |source: Source| match source {
                    Source::Uniform(place) => Operand::Scalar(uniforms.values[place as usize]),
                    Source::Slot(slot) => {
                        Operand::Slice(&kernel::beside((low, high), slot as usize).0)
                    }
                };
                kernel::apply(*operation, arguments.map(operand), &mut out[0].0);
            }
            Instruction::Linear { .. } => {
                let combination = |instruction| self.combination(instruction, uniforms);
                vmath::linear_combinations(slots, together.iter().filter_map(combination));
            }
            Instruction::Products {
                pairs,
                negative,
                constant: start,
                target,
            } => {
                let pairs = &self.pairs[pairs.start as usize..pairs.end as usize];
                vmath::sum_of_products(slots, pairs, *negative, constant(*start), *target);
            }
            Instruction::Total { slot, sum } => {
                clear(slots, [*slot], count);
                sums[*sum as usize] += vmath::block_sum(&slots[*slot as usize]);
            }
            Instruction::Dot { slots: [a, b], sum } => {
                clear(slots, [*a, *b], count);
                sums[*sum as usize] += vmath::block_dot(&slots[*a as usize], &slots[*b as usize]);
            }
            Instruction::Dots {
                left,
                right,
                sums: places,
            } => {
                clear(slots, *left, count);
                clear(slots, *right, count);
                let found = vmath::square_of_dots(slots, *left, *right);
                for (places, found) in places.iter().zip(found) {
                    for (place, dot) in places.iter().zip(found) {
                        if *place != NONE {
                            sums[*place as usize] += dot;
                        }
                    }
                }
            }
        }
    }
}

/// Takes what only fills the last block up out of a sum.
fn clear<const N: usize>(slots: &mut [Block], places: [u32; N], count: usize) {
    if count < ROWS {
        for place in places {
            slots[place as usize].0[count..].fill(0.0);
        }
    }
}
