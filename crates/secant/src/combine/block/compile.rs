//! Runs of arithmetic within a plan, as machine code. The instructions stay what they are: they run where there is no machine
//! code, and to the same bits.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use secant_machine::{Code, Operand, Step, Work};

use super::plan::{Instruction, NONE, Plan, Source};
use crate::elementary::Operation;
use crate::program;

/// A run of fewer instructions is as fast without.
const WORTH_CODE: usize = 4;
/// A sum of more terms is faster as an instruction: its code would be long for what it saves.
const LONG_SUM: usize = 16;
/// So is one of more coefficients that come with the parameters: an instruction reads each once for half a block, not once for four rows.
const MANY_COEFFICIENTS: usize = 3;
/// Code of more instructions than these would not fit the cache that instructions are read from.
const MOST_IN_ONE: usize = 512;

/// Instructions one after another.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Instructions(Range<usize>),
    Code(Arc<Code>),
}

/// What code takes from elsewhere and leaves elsewhere.
#[derive(Debug, Default)]
pub(in crate::combine) struct Ends {
    /// By the slot of a column: where each row finds its number, so that the column need not be loaded.
    pub(in crate::combine) picked: FxHashMap<u32, Operand>,
    /// How many of the kept values, from the first on, go into the rows of each table.
    pub(in crate::combine) widths: Vec<usize>,
}

impl Plan {
    /// Puts code where it pays. Where there is any, the last part writes the tables, and what is left of `picked` is what it picks itself.
    pub(in crate::combine) fn with_code(mut self, ends: &mut Ends) -> Self {
        if let Some((parts, slots)) = parts(&self, ends) {
            self.compiled = parts;
            self.room = slots;
        }
        self
    }

    /// A value common to all rows, where it is known already.
    fn number(&self, place: u32) -> Option<f64> {
        match self.uniforms[place as usize] {
            program::Step::Constant(value, _) => Some(value),
            _ => None,
        }
    }
}

/// The parts of a plan, and how many slots they want; `None` where there is no code.
fn parts(plan: &Plan, ends: &mut Ends) -> Option<(Vec<Part>, usize)> {
    let mut runs = runs(plan);
    if !ends.widths.is_empty() && runs.last().is_none_or(|(_, pays)| !pays) {
        let end = plan.instructions.len();
        runs.push((end..end, true));
    }
    leave_loaded(plan, &runs, ends);
    let mut translation = Translation {
        plan,
        steps: Vec::new(),
        nothing: Operand::Number(plan.nothing),
        picked: ends.picked.clone(),
    };
    let steps: Vec<Vec<Step>> = runs.iter().map(|run| translation.of(run)).collect();
    let mut kept = plan.kept.iter().map(|slot| translation.column(*slot));
    let row = |width: &usize| kept.by_ref().take(*width).collect();
    let mut tables: Vec<Vec<Operand>> = ends.widths.iter().map(row).collect();

    let mut wanted: FxHashSet<u32> = of_columns(plan, ends).iter().copied().collect();
    let mut parts = Vec::new();
    let mut slots = plan.slots as usize;
    // From the last to the first, since what is still wanted is known from behind.
    for ((range, pays), steps) in runs.into_iter().zip(steps).rev() {
        if pays {
            let is_wanted = |slot: u32| wanted.contains(&slot);
            let tables = std::mem::take(&mut tables);
            let code = Code::with_tables(&steps, plan.slots as usize, is_wanted, &tables)?;
            slots = slots.max(code.columns());
            parts.push(Part::Code(Arc::new(code)));
        } else {
            parts.push(Part::Instructions(range.clone()));
        }
        if parts.len() == 1 {
            wanted.extend(&plan.kept);
        }
        for instruction in plan.instructions[range].iter().rev() {
            if let Some(target) = target(instruction) {
                wanted.remove(&target);
            }
            wanted.extend(reads(plan, instruction));
        }
    }
    parts.reverse();
    let has_code = parts.iter().any(|part| matches!(part, Part::Code(_)));
    has_code.then_some((parts, slots))
}

/// The slots of kept values that no table takes.
fn of_columns<'a>(plan: &'a Plan, ends: &Ends) -> &'a [u32] {
    &plan.kept[ends.widths.iter().sum::<usize>()..]
}

/// A column is loaded where an instruction reads it, and where it is kept as it is.
fn leave_loaded(plan: &Plan, runs: &[(Range<usize>, bool)], ends: &mut Ends) {
    let mut written: FxHashSet<u32> = FxHashSet::default();
    for (range, pays) in runs {
        for instruction in &plan.instructions[range.clone()] {
            if !pays {
                let read = reads(plan, instruction).into_iter();
                for slot in read.filter(|slot| !written.contains(slot)) {
                    ends.picked.remove(&slot);
                }
            }
            written.extend(target(instruction));
        }
    }
    let kept = of_columns(plan, ends).iter();
    for slot in kept.filter(|slot| !written.contains(slot)) {
        ends.picked.remove(slot);
    }
}

/// The instructions cut into runs that pay as code and such that do not.
fn runs(plan: &Plan) -> Vec<(Range<usize>, bool)> {
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    for (place, instruction) in plan.instructions.iter().enumerate() {
        let may_be_code = is_short_arithmetic(plan, instruction);
        match runs.last_mut() {
            Some((range, is_code))
                if *is_code == may_be_code && !(may_be_code && range.len() == MOST_IN_ONE) =>
            {
                range.end += 1;
            }
            _ => runs.push((place..place + 1, may_be_code)),
        }
    }
    let mut joined: Vec<(Range<usize>, bool)> = Vec::new();
    for (range, may_be_code) in runs {
        let pays = may_be_code && range.len() >= WORTH_CODE;
        match joined.last_mut() {
            Some((before, false)) if !pays => before.end = range.end,
            _ => joined.push((range, pays)),
        }
    }
    joined
}

fn is_short_arithmetic(plan: &Plan, instruction: &Instruction) -> bool {
    use Operation::{Abs, Add, Div, Mul, Neg, Sqrt, Sub};
    match instruction {
        Instruction::Linear { terms, .. } => {
            let coefficients = &plan.coefficients[terms.start as usize..terms.end as usize];
            let given = |place: &&u32| plan.number(**place).is_none();
            coefficients.len() <= LONG_SUM
                && coefficients.iter().filter(given).count() <= MANY_COEFFICIENTS
        }
        Instruction::Products { pairs, .. } => pairs.len() <= LONG_SUM,
        Instruction::Apply { operation, .. } => {
            matches!(operation, Add | Sub | Mul | Div | Neg | Abs | Sqrt)
        }
        _ => false,
    }
}

fn target(instruction: &Instruction) -> Option<u32> {
    match instruction {
        Instruction::Apply { target, .. }
        | Instruction::Linear { target, .. }
        | Instruction::Products { target, .. } => Some(*target),
        _ => None,
    }
}

/// The slots that an instruction reads.
fn reads(plan: &Plan, instruction: &Instruction) -> Vec<u32> {
    let continued = |constant: u32, target: u32| (constant == NONE).then_some(target);
    match instruction {
        Instruction::Apply { arguments, .. } => {
            let slot = |source: &Source| match source {
                Source::Slot(slot) => Some(*slot),
                Source::Uniform(_) => None,
            };
            arguments.iter().filter_map(slot).collect()
        }
        Instruction::Linear {
            terms,
            constant,
            target,
        } => {
            let terms = &plan.terms[terms.start as usize..terms.end as usize];
            terms
                .iter()
                .copied()
                .chain(continued(*constant, *target))
                .collect()
        }
        Instruction::Products {
            pairs,
            constant,
            target,
            ..
        } => {
            let pairs = &plan.pairs[pairs.start as usize..pairs.end as usize];
            let pairs = pairs.iter().flatten().copied();
            pairs.chain(continued(*constant, *target)).collect()
        }
        Instruction::Total { slot, .. } => vec![*slot],
        Instruction::Dot { slots, .. } => slots.to_vec(),
        Instruction::Dots { left, right, .. } => [*left, *right].concat(),
    }
}

/// Instructions on their way to steps.
struct Translation<'a> {
    plan: &'a Plan,
    steps: Vec<Step>,
    /// The place of the number -0, to which anything may be added.
    nothing: Operand,
    /// The slots that hold no value yet but picked numbers.
    picked: FxHashMap<u32, Operand>,
}

impl Translation<'_> {
    /// The steps of a run of instructions, if it is to be code.
    fn of(&mut self, (range, pays): &(Range<usize>, bool)) -> Vec<Step> {
        for instruction in &self.plan.instructions[range.clone()] {
            if *pays && let Some((target, value)) = self.value(instruction) {
                if !matches!(value, Operand::Step(_)) {
                    self.step(Work::Add(value, self.nothing));
                }
                if let Some(step) = self.steps.last_mut() {
                    step.column = Some(target);
                }
            }
            if let Some(target) = target(instruction) {
                self.picked.remove(&target);
            }
        }
        std::mem::take(&mut self.steps)
    }

    fn column(&self, slot: u32) -> Operand {
        let picked = self.picked.get(&slot).copied();
        picked.unwrap_or(Operand::Column(slot))
    }

    fn step(&mut self, work: Work) -> Operand {
        self.steps.push(Step { work, column: None });
        Operand::Step(self.steps.len() as u32 - 1)
    }

    /// What a sum begins with, if not with nothing.
    fn start(&self, constant: u32, target: u32) -> Option<Operand> {
        match constant {
            NONE => Some(self.column(target)),
            place if self.plan.number(place).is_some_and(is_nothing) => None,
            place => Some(Operand::Number(place)),
        }
    }

    /// The slot that an instruction writes, and its value.
    fn value(&mut self, instruction: &Instruction) -> Option<(u32, Operand)> {
        match instruction {
            Instruction::Apply {
                operation,
                arguments,
                target,
            } => {
                let [a, b, _] = arguments.map(|source| match source {
                    Source::Uniform(place) => Operand::Number(place),
                    Source::Slot(slot) => self.column(slot),
                });
                let work = match operation {
                    Operation::Add => Work::Add(a, b),
                    Operation::Sub => Work::Sub(a, b),
                    Operation::Mul => Work::Mul(a, b),
                    Operation::Div => Work::Div(a, b),
                    Operation::Neg => Work::Neg(a),
                    Operation::Abs => Work::Abs(a),
                    Operation::Sqrt => Work::Sqrt(a),
                    _ => return None,
                };
                Some((*target, self.step(work)))
            }
            Instruction::Linear {
                terms,
                constant,
                target,
            } => {
                let mut sum = self.start(*constant, *target);
                for term in terms.clone() {
                    let x = self.column(self.plan.terms[term as usize]);
                    let factor = self.plan.coefficients[term as usize];
                    sum = Some(self.plus(sum, factor, x));
                }
                Some((*target, sum.unwrap_or(self.nothing)))
            }
            Instruction::Products {
                pairs,
                negative,
                constant,
                target,
            } => {
                let mut sum = self.start(*constant, *target);
                for pair in pairs.clone() {
                    let [a, b] = self.plan.pairs[pair as usize].map(|slot| self.column(slot));
                    sum = Some(self.step(match (sum, negative) {
                        (None, false) => Work::Mul(a, b),
                        (sum, true) => Work::MulSubFrom(a, b, sum.unwrap_or(self.nothing)),
                        (Some(sum), false) => Work::MulAdd(a, b, sum),
                    }));
                }
                Some((*target, sum.unwrap_or(self.nothing)))
            }
            _ => None,
        }
    }

    /// The sum, and a value times what is common to all rows.
    fn plus(&mut self, sum: Option<Operand>, factor: u32, x: Operand) -> Operand {
        let number = self.plan.number(factor);
        let factor = Operand::Number(factor);
        let work = match (sum, number) {
            (None, Some(1.0)) => return x,
            (None, Some(-1.0)) => Work::Neg(x),
            (None, _) => Work::Mul(x, factor),
            (Some(sum), Some(1.0)) => Work::Add(sum, x),
            (Some(sum), Some(-1.0)) => Work::Sub(sum, x),
            (Some(sum), _) => Work::MulAdd(x, factor, sum),
        };
        self.step(work)
    }
}

fn is_nothing(number: f64) -> bool {
    number == 0.0 && number.is_sign_negative()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use secant_machine::Outside;
    use secant_vmath::{BLOCK, Level};

    use super::*;
    use crate::combine::block::{Uniforms, Wanted};
    use crate::{Formula, Function, Recorded};

    /// Arithmetic in long and short sums, with functions between, values read late, an output that is an input, and uniform factors.
    const FORMULAS: [&str; 6] = [
        "f(x, y, z, a, b) = (a*x + b*y - z)/(1 + x^2 + y^2) + sqrt(abs(x*y - a*z))",
        "f(x, y, z, a, b) = exp(-(x - a)^2 - (y - b)^2) * (x*y + y*z + z*x - 2*x + 3*y)",
        "f(x, y, z, a, b) = sin(x*y + a)*cos(y*z + b)/(x^2 + 2) - (x + y)*(y + z)*(z + x)",
        "f(x, y, z, a, b) = log(1 + x^2*y^2 + z^2) + x - (-y) + a*b*z + tanh(x + y*z)",
        "f(x, y, z, a, b) = a*x + b*y + 2*z + x*y*z + (x - y)*(x + y)*(y - z)*(y + z)*(z - x)",
        "f(x, y, z, a, b) = sqrt(x^2 + y^2 + z^2 + 1)^3 / (x^2 + 1) / (y^2 + 1) - x*y/(z^2 + a^2 + 1)",
    ];

    /// Value and gradient of a formula by row, two sums over the rows beside them.
    fn plan(text: &str) -> Plan {
        let function = Recorded::from(&Formula::parse(text).unwrap());
        let with_gradient = function.with_gradient(0).unwrap();
        let program = with_gradient.program().reduced().with_shared_reciprocals();
        let outputs = program.output_slots();
        let mut wanted: Vec<Wanted> = outputs.iter().map(|slot| Wanted::Kept(*slot)).collect();
        wanted.push(Wanted::Sum(outputs[0]));
        wanted.push(Wanted::Product(outputs[1], outputs[2]));
        assert_eq!(function.inputs(), 5);
        let plan = Plan::new(&program, &[true, true, true, false, false], &wanted);
        plan.with_code(&mut Ends::default())
    }

    /// The kept values and the sums of a block.
    fn run(plan: &Plan) -> Vec<u64> {
        let uniforms = Uniforms::new(plan, &[0.0, 0.0, 0.0, 0.75, -1.5]);
        let (mut slots, mut sums) = (plan.slots(), vec![0.0; plan.sums as usize]);
        for (input, slot) in &plan.loads {
            for (row, number) in slots[*slot as usize].0.iter_mut().enumerate() {
                *number = ((row * 37 + *input as usize * 11) % 64) as f64 / 16.0 - 2.0;
            }
        }
        let outside = Outside::default();
        plan.run_block(&uniforms, &mut slots, BLOCK, &mut sums, outside);
        let kept = plan.kept.iter().flat_map(|slot| slots[*slot as usize].0);
        kept.chain(sums).map(f64::to_bits).collect()
    }

    #[test]
    fn code_gives_the_bits_of_the_instructions() {
        for text in FORMULAS {
            let compiled = plan(text);
            let here = Level::available().contains(&Level::Avx2);
            assert_eq!(!compiled.compiled.is_empty(), here, "{text}");
            let mut interpreted = compiled.clone();
            interpreted.compiled.clear();
            assert_eq!(run(&compiled), run(&interpreted), "{text}");
        }
    }
}
