//! [`BlockRunner`]: a program over many rows, a block of them at a time, each step one vector loop over the block.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use secant_vmath as vmath;
use secant_vmath::Operand;

use super::Program;
use super::compile::Compiled;
use super::kernel;
use super::plan::{Instruction, Plan, Source, Target, Uniform};
use crate::error::{Error, ErrorKind};

/// Rows of a block: few enough that the slots of a program stay in the nearest cache.
const ROWS: usize = 256;
/// Making machine code takes the time of about so many rows.
const WORTH_CODE: usize = 4096;

/// A slot: one value for each row of a block, aligned as vector instructions like it.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Block([f64; ROWS]);

/// A program made ready for many rows. Inputs are columns, one number for each row, or *uniform*: one number for all rows;
/// what depends on uniform inputs alone is computed once.
///
/// It gives what [`Program::run`] gives for each row: the same bits for plain arithmetic, and a few units in the last place beside
/// it where functions have vector kernels of their own or a whole power becomes products (up to the 16th). A row outside the domain
/// of a function gives NaN; what a condition does not choose leaks nothing.
///
/// Derivatives are programs too: [`Recorded::with_gradient`](crate::Recorded::with_gradient) and its neighbours write value and
/// derivatives as one.
///
/// ```
/// use secant::{BlockRunner, Formula, Recorded};
///
/// let f = Recorded::from(&Formula::parse("f(x, a) = a*x^2")?);
/// let mut runner = BlockRunner::new(f.with_gradient(0)?.program(), &[1]);
/// let (mut value, mut by_x, mut by_a) = ([0.0; 3], [0.0; 3], [0.0; 3]);
/// runner.run(
///     &[&[1.0, 2.0, 3.0], &[10.0]],
///     &mut [&mut value, &mut by_x, &mut by_a],
/// )?;
/// assert_eq!((value, by_x, by_a), ([10.0, 40.0, 90.0], [20.0, 40.0, 60.0], [1.0, 4.0, 9.0]));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// Nothing is allocated while it runs, but for once: after some thousand rows its arithmetic becomes machine code, where the machine
/// takes that (x86-64 with AVX2 and FMA), to the same bits. It works on one thread; a clone shares the plan and the code, so that each thread may have
/// one for its chunk of rows.
#[derive(Clone, Debug)]
pub struct BlockRunner {
    plan: Arc<Plan>,
    uniforms: Vec<f64>,
    slots: Vec<Block>,
    compiled: Arc<OnceLock<Option<Compiled>>>,
    /// What compiled code works in; empty until it first runs.
    blocks: Vec<vmath::Block>,
    /// How many rows have come.
    rows: usize,
}

impl BlockRunner {
    /// The program, with these inputs (counted from 0) uniform and all others as columns.
    #[must_use]
    pub fn new(program: &Program, uniform: &[usize]) -> Self {
        let plan = Plan::new(program, uniform);
        Self {
            uniforms: vec![0.0; plan.uniforms.len()],
            slots: vec![Block([0.0; ROWS]); plan.slots],
            plan: Arc::new(plan),
            compiled: Arc::default(),
            blocks: Vec::new(),
            rows: 0,
        }
    }

    /// How many inputs it takes.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.plan.uniform_inputs.len()
    }

    /// How many outputs it gives.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.plan.outputs
    }

    /// Computes all rows. Each input is a column as long as the outputs, or one number where it is uniform.
    ///
    /// # Errors
    /// Where the numbers of inputs, outputs or rows do not fit.
    pub fn run(&mut self, inputs: &[&[f64]], outputs: &mut [&mut [f64]]) -> Result<(), Error> {
        let rows = self.rows(inputs, outputs)?;
        self.run_uniforms(inputs);
        self.rows = self.rows.saturating_add(rows);
        if self.rows >= WORTH_CODE && self.run_compiled(inputs, outputs, rows) {
            return Ok(());
        }
        for start in (0..rows).step_by(ROWS) {
            self.run_block(inputs, outputs, start..rows.min(start + ROWS));
        }
        Ok(())
    }

    /// Computes all rows by machine code; `false` where there is none.
    fn run_compiled(&mut self, inputs: &[&[f64]], outputs: &mut [&mut [f64]], rows: usize) -> bool {
        let Self {
            plan,
            uniforms,
            blocks,
            compiled,
            ..
        } = self;
        let Some(compiled) = compiled.get_or_init(|| Compiled::new(plan)) else {
            return false;
        };
        if blocks.is_empty() {
            *blocks = compiled.blocks();
        }
        for start in (0..rows).step_by(vmath::BLOCK) {
            let end = rows.min(start + vmath::BLOCK);
            prefetch(inputs, outputs, end..rows.min(end + vmath::BLOCK));
            compiled.run(plan, uniforms, inputs, outputs, blocks, start..end);
        }
        true
    }

    /// One row; as many inputs and outputs as there are. A missing input is NaN.
    pub(super) fn run_row(&mut self, x: &[f64], outputs: &mut [f64]) {
        let row = |input: usize| x.get(input..=input).unwrap_or(&[f64::NAN]);
        let inputs: Vec<&[f64]> = (0..self.inputs()).map(row).collect();
        let mut outputs: Vec<&mut [f64]> = outputs.chunks_mut(1).collect();
        self.run_uniforms(&inputs);
        self.run_block(&inputs, &mut outputs, 0..1);
    }

    /// How many rows there are, where all columns agree.
    fn rows(&self, inputs: &[&[f64]], outputs: &[&mut [f64]]) -> Result<usize, Error> {
        let shape = |message: String| Err(Error::new(ErrorKind::Shape, message));
        let (wanted, given) = (
            (self.inputs(), self.outputs()),
            (inputs.len(), outputs.len()),
        );
        if wanted != given {
            return shape(format!(
                "the program has {} inputs and {} outputs, not {} and {}",
                wanted.0, wanted.1, given.0, given.1
            ));
        }
        let rows = outputs.first().map_or(0, |output| output.len());
        for (place, output) in outputs.iter().enumerate() {
            if output.len() != rows {
                return shape(format!(
                    "output {place} has {} rows, output 0 has {rows}",
                    output.len()
                ));
            }
        }
        for (place, (input, uniform)) in inputs.iter().zip(&self.plan.uniform_inputs).enumerate() {
            if *uniform && input.len() != 1 {
                return shape(format!(
                    "input {place} is uniform: it is one number, not {}",
                    input.len()
                ));
            }
            if !uniform && input.len() != rows {
                return shape(format!(
                    "input {place} has {} rows, the outputs have {rows}",
                    input.len()
                ));
            }
        }
        Ok(rows)
    }

    fn run_uniforms(&mut self, inputs: &[&[f64]]) {
        for (place, uniform) in self.plan.uniforms.iter().enumerate() {
            let (known, rest) = self.uniforms.split_at_mut(place);
            match uniform {
                Uniform::Number(number) => rest[0] = *number,
                Uniform::Input(input) => rest[0] = inputs[*input as usize][0],
                Uniform::Apply(operation, arguments) => {
                    let read = |place: u32| {
                        Operand::Scalar(known.get(place as usize).copied().unwrap_or(0.0))
                    };
                    kernel::apply(*operation, arguments.map(read), &mut rest[..1]);
                }
            }
        }
    }

    fn run_block(&mut self, inputs: &[&[f64]], outputs: &mut [&mut [f64]], rows: Range<usize>) {
        let Self {
            plan,
            uniforms,
            slots,
            ..
        } = self;
        for Instruction { target, work } in &plan.instructions {
            let values = |slots| Values {
                uniforms,
                inputs,
                slots,
                rows: rows.clone(),
            };
            match *target {
                Target::Slot(slot) => {
                    let (low, rest) = slots.split_at_mut(slot as usize);
                    let (out, high) = rest.split_at_mut(1);
                    let values = values((low, high));
                    kernel::perform(work, |x| values.operand(x), &mut out[0].0[..rows.len()]);
                }
                Target::Output(output) => {
                    let values = values((slots, &[]));
                    let out = &mut outputs[output as usize][rows.clone()];
                    kernel::perform(work, |x| values.operand(x), out);
                }
            }
        }
    }
}

/// What an instruction may read: the slots below and above the one it writes.
struct Values<'a> {
    uniforms: &'a [f64],
    inputs: &'a [&'a [f64]],
    slots: (&'a [Block], &'a [Block]),
    rows: Range<usize>,
}

impl<'a> Values<'a> {
    fn operand(&self, source: Source) -> Operand<'a, f64> {
        match source {
            Source::Uniform(place) => Operand::Scalar(self.uniforms[place as usize]),
            Source::Column(input) => {
                Operand::Slice(&self.inputs[input as usize][self.rows.clone()])
            }
            Source::Slot(slot) => {
                let block = kernel::beside(self.slots, slot as usize);
                Operand::Slice(&block.0[..self.rows.len()])
            }
            Source::Nowhere => Operand::Scalar(f64::NAN),
        }
    }
}

/// Asks for the rows that come next: they are on their way while this block is computed.
fn prefetch(inputs: &[&[f64]], outputs: &[&mut [f64]], rows: Range<usize>) {
    // A uniform input has no such rows.
    let columns = inputs.iter().filter_map(|input| input.get(rows.clone()));
    columns.for_each(vmath::prefetch);
    for output in outputs {
        vmath::prefetch(&output[rows.clone()]);
    }
}
