//! The chains of a plan as machine code, which goes through all of them with a few rows at a time, so that what one chain leaves
//! for another need not go through memory. The bits are those of the chains.

use std::ops::Range;

use rustc_hash::FxHashSet;
use secant_machine::{Code, Operand, Step};
use secant_vmath::{self as vmath, BLOCK, Block, Link};

use super::kernel;
use super::plan::{Instruction, Plan, Source, Target, Work};

/// A plan of fewer operations of arithmetic is faster without: its functions run over longer blocks, and its columns are read where
/// they lie.
const WORTH_CODE: usize = 8;
/// Code of more chains than these would not fit the cache that instructions are read from.
const MOST_IN_ONE: usize = 256;

/// A plan with code in place of its chains. Columns are its slots, then its inputs, then its outputs.
#[derive(Debug)]
pub(super) struct Compiled {
    parts: Vec<Part>,
    /// The first input and the first output among the columns, and how many columns there are with what code works in.
    inputs: u32,
    outputs: u32,
    columns: usize,
}

#[derive(Debug)]
enum Part {
    Code(Code),
    Instructions(Range<usize>),
}

impl Compiled {
    /// `None` where there is nothing to gain or the machine takes no code.
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        if plan.instructions.iter().map(links).sum::<usize>() < WORTH_CODE {
            return None;
        }
        let inputs = plan.slots as u32;
        let outputs = inputs + plan.uniform_inputs.len() as u32;
        let columns = outputs as usize + plan.outputs;
        let mut compiled = Self {
            parts: Vec::new(),
            inputs,
            outputs,
            columns,
        };
        let mut wanted: FxHashSet<u32> = FxHashSet::default();
        // From the last to the first, since what is still wanted is known from behind.
        for (range, are_chains) in runs(plan).into_iter().rev() {
            let instructions = &plan.instructions[range.clone()];
            compiled.parts.push(if are_chains {
                let steps = compiled.steps(instructions);
                let is_wanted = |column: u32| column >= outputs || wanted.contains(&column);
                let code = Code::new(&steps, columns, is_wanted)?;
                compiled.columns = compiled.columns.max(code.columns());
                Part::Code(code)
            } else {
                Part::Instructions(range)
            });
            for instruction in instructions.iter().rev() {
                if let Target::Slot(slot) = instruction.target {
                    wanted.remove(&slot);
                }
                instruction.work.each(|source| {
                    if let Source::Slot(slot) = source {
                        wanted.insert(slot);
                    }
                });
            }
        }
        compiled.parts.reverse();
        let has_code = |part: &Part| matches!(part, Part::Code(_));
        compiled.parts.iter().any(has_code).then_some(compiled)
    }

    fn column(&self, source: Source) -> Option<u32> {
        match source {
            Source::Slot(slot) => Some(slot),
            Source::Column(input) => Some(self.inputs + input),
            Source::Uniform(_) | Source::Nowhere => None,
        }
    }

    fn target(&self, target: Target) -> u32 {
        match target {
            Target::Slot(slot) => slot,
            Target::Output(output) => self.outputs + output,
        }
    }

    /// Chains as steps.
    fn steps(&self, instructions: &[Instruction]) -> Vec<Step> {
        let operand = |source: Source| match (source, self.column(source)) {
            (Source::Uniform(place), _) => Operand::Number(place),
            (_, Some(column)) => Operand::Column(column),
            // Nothing that is read is nowhere.
            (_, None) => Operand::Number(u32::MAX),
        };
        let mut steps: Vec<Step> = Vec::new();
        for Instruction { target, work } in instructions {
            if let Work::Chain(first, links) = work {
                chain(operand(*first), links, operand, &mut steps);
                if let Some(step) = steps.last_mut() {
                    step.column = Some(self.target(*target));
                }
            }
        }
        steps
    }

    /// Room for a block.
    pub(super) fn blocks(&self) -> Vec<Block> {
        vec![Block::ZERO; self.columns]
    }

    /// A block of so many rows at most; inputs that are uniform stand among `uniforms`.
    pub(super) fn run(
        &self,
        plan: &Plan,
        uniforms: &[f64],
        inputs: &[&[f64]],
        outputs: &mut [&mut [f64]],
        blocks: &mut [Block],
        rows: Range<usize>,
    ) {
        let count = rows.len().min(BLOCK);
        for (place, input) in inputs.iter().enumerate() {
            if !plan.uniform_inputs[place] {
                let block = &mut blocks[self.inputs as usize + place].0;
                block[..count].copy_from_slice(&input[rows.clone()]);
                // What fills a short block up is never shown; a row that is there meets nothing unheard of.
                block[count..].fill(input[rows.end - 1]);
            }
        }
        for part in &self.parts {
            match part {
                Part::Code(code) => code.run(blocks, uniforms),
                Part::Instructions(range) => {
                    for instruction in &plan.instructions[range.clone()] {
                        self.perform(instruction, uniforms, blocks);
                    }
                }
            }
        }
        for (place, output) in outputs.iter_mut().enumerate() {
            let block = &blocks[self.outputs as usize + place].0;
            output[rows.clone()].copy_from_slice(&block[..count]);
        }
    }

    fn perform(&self, instruction: &Instruction, uniforms: &[f64], blocks: &mut [Block]) {
        let target = self.target(instruction.target) as usize;
        let (low, rest) = blocks.split_at_mut(target);
        let (out, high) = rest.split_at_mut(1);
        let operand = |source: Source| match (source, self.column(source)) {
            (Source::Uniform(place), _) => vmath::Operand::Scalar(uniforms[place as usize]),
            (_, Some(column)) => {
                vmath::Operand::Slice(&kernel::beside((low, high), column as usize).0)
            }
            (_, None) => vmath::Operand::Scalar(f64::NAN),
        };
        kernel::perform(&instruction.work, operand, &mut out[0].0);
    }
}

/// How many operations of arithmetic an instruction has.
fn links(instruction: &Instruction) -> usize {
    match &instruction.work {
        Work::Chain(_, links) => links.len(),
        _ => 0,
    }
}

/// The instructions cut into runs of chains, which become code, and runs of all others.
fn runs(plan: &Plan) -> Vec<(Range<usize>, bool)> {
    let is_chain = |instruction: &Instruction| links(instruction) > 0;
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    let mut start = 0;
    while let Some(first) = plan.instructions.get(start) {
        let are_chains = is_chain(first);
        let most = if are_chains { MOST_IN_ONE } else { usize::MAX };
        let rest = plan.instructions[start..].iter();
        let alike = rest.take_while(|next| is_chain(next) == are_chains);
        let end = start + alike.take(most).count();
        runs.push((start..end, are_chains));
        start = end;
    }
    runs
}

/// A chain as steps, the last of which has its value.
fn chain(
    first: Operand,
    links: &[Link<Source>],
    operand: impl Fn(Source) -> Operand,
    steps: &mut Vec<Step>,
) {
    use secant_machine::Work::{Abs, Add, Div, Mul, Neg, Sqrt, Sub};
    let mut then = |work| {
        steps.push(Step { work, column: None });
        Operand::Step(steps.len() as u32 - 1)
    };
    let (mut v, mut h) = (first, first);
    for link in links {
        v = match link.map(&operand) {
            Link::Add(x) => then(Add(v, x)),
            Link::Sub(x) => then(Sub(v, x)),
            Link::SubFrom(x) => then(Sub(x, v)),
            Link::Mul(x) => then(Mul(v, x)),
            Link::Div(x) => then(Div(v, x)),
            Link::DivInto(x) => then(Div(x, v)),
            Link::AddProduct(x, y) => {
                let product = then(Mul(x, y));
                then(Add(v, product))
            }
            Link::SubProduct(x, y) => {
                let product = then(Mul(x, y));
                then(Sub(v, product))
            }
            Link::SubFromProduct(x, y) => {
                let product = then(Mul(x, y));
                then(Sub(product, v))
            }
            Link::Neg => then(Neg(v)),
            Link::Square => then(Mul(v, v)),
            Link::Abs => then(Abs(v)),
            Link::Sqrt => then(Sqrt(v)),
            Link::Hold(x) => {
                h = v;
                x
            }
            Link::AddHeld => then(Add(h, v)),
            Link::HeldSub => then(Sub(h, v)),
            Link::SubHeld => then(Sub(v, h)),
            Link::MulHeld => then(Mul(h, v)),
            Link::HeldDiv => then(Div(h, v)),
            Link::DivHeld => then(Div(v, h)),
        };
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Formula, Recorded};

    fn compiled(text: &str) -> Option<Compiled> {
        let function = Recorded::from(&Formula::parse(text).unwrap());
        let with_gradient = function.with_gradient(0).unwrap();
        Compiled::new(&Plan::new(with_gradient.program(), &[]))
    }

    #[test]
    fn long_arithmetic_becomes_code_where_the_machine_takes_it() {
        let term = |k: u32| format!("(x*y - {k}*z)/({k} + x^2 + y^2)*exp(-z^2/{k})");
        let sum: Vec<String> = (1..8).map(term).collect();
        let here = vmath::Level::available().contains(&vmath::Level::Avx2);
        assert_eq!(compiled(&sum.join(" + ")).is_some(), here);
        assert!(compiled("x*y + z").is_none());
    }
}
