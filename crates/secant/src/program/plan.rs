//! [`Plan`]: a program arranged for blocks of rows. Steps that read uniform inputs alone stand apart, to be run once; arithmetic
//! whose result is read once joins the step that reads it; slots are given out anew when nothing reads them any more.

use super::{Program, Slot, Step};
use crate::elementary::Operation;

/// Where a step finds an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    /// A value that is the same for all rows, by its place among these.
    Uniform(u32),
    /// A column of the input.
    Column(u32),
    /// A slot of the block.
    Slot(u32),
}

/// Where a step leaves its result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    Slot(u32),
    /// A column of the output, where nothing else reads the result.
    Output(u32),
}

/// What is done to all rows of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Instruction {
    pub(super) target: Target,
    pub(super) operation: Operation,
    pub(super) arguments: [Source; 3],
}

/// A value that is the same for all rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Uniform {
    Number(f64),
    Input(u32),
    Apply(Operation, [u32; 3]),
}

/// A program arranged for blocks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    /// How many inputs there are, and which of them are uniform.
    pub(super) uniform_inputs: Vec<bool>,
    pub(super) uniforms: Vec<Uniform>,
    pub(super) instructions: Vec<Instruction>,
    /// Outputs that no instruction writes: what is copied there at the end.
    pub(super) copies: Vec<(u32, Source)>,
    pub(super) outputs: usize,
    pub(super) slots: usize,
}

impl Plan {
    /// The program, with these inputs uniform.
    pub(super) fn new(program: &Program, uniform: &[usize]) -> Self {
        let program = program.reduced();
        let uniform_inputs: Vec<bool> = (0..program.inputs)
            .map(|input| uniform.contains(&input))
            .collect();
        let mut planning = Planning {
            places: Vec::with_capacity(program.steps.len()),
            last_use: last_uses(&program),
            free: Vec::new(),
            slots: 0,
        };
        let mut plan = Self {
            uniform_inputs,
            uniforms: Vec::new(),
            instructions: Vec::new(),
            copies: Vec::new(),
            outputs: program.outputs.len(),
            slots: 0,
        };
        let written_once = written_once(&program);
        for (slot, step) in program.steps.iter().enumerate() {
            let place = planning.place(&mut plan, slot, step, written_once[slot]);
            planning.places.push(place);
        }
        for (output, slot) in program.outputs.iter().enumerate() {
            if let Place::At(source) = planning.places[*slot] {
                plan.copies.push((output as u32, source));
            }
        }
        plan.slots = planning.slots as usize;
        plan
    }
}

/// The last step that reads each slot; outputs that are copied are read after all.
fn last_uses(program: &Program) -> Vec<usize> {
    let mut last = vec![0; program.steps.len()];
    for (slot, step) in program.steps.iter().enumerate() {
        for argument in step.arguments() {
            last[*argument] = slot;
        }
    }
    for output in &program.outputs {
        last[*output] = usize::MAX;
    }
    last
}

/// The output that a step may write itself: it is the only one of this slot, and no step reads it.
fn written_once(program: &Program) -> Vec<Option<u32>> {
    let mut is_read = vec![false; program.steps.len()];
    for argument in program.steps.iter().flat_map(Step::arguments) {
        is_read[*argument] = true;
    }
    let mut written = vec![None; program.steps.len()];
    for (output, slot) in program.outputs.iter().enumerate() {
        written[*slot] = (!is_read[*slot]).then_some(output as u32);
        is_read[*slot] = true;
    }
    written
}

/// Where the value of a step is.
#[derive(Clone, Copy, Debug)]
enum Place {
    At(Source),
    /// In the output, and nowhere else.
    Written,
}

struct Planning {
    places: Vec<Place>,
    last_use: Vec<usize>,
    /// Slots that nothing reads any more.
    free: Vec<u32>,
    slots: u32,
}

impl Planning {
    fn place(&mut self, plan: &mut Plan, slot: Slot, step: &Step, output: Option<u32>) -> Place {
        let uniform = |plan: &mut Plan, uniform: Uniform| {
            plan.uniforms.push(uniform);
            Place::At(Source::Uniform(plan.uniforms.len() as u32 - 1))
        };
        match *step {
            Step::Constant(value, _) => uniform(plan, Uniform::Number(value)),
            Step::Input(input) if plan.uniform_inputs.get(input) == Some(&true) => {
                uniform(plan, Uniform::Input(input as u32))
            }
            Step::Input(input) => Place::At(Source::Column(input as u32)),
            Step::Apply(operation, arguments) => {
                let arguments = arguments.map(|argument| self.source(argument));
                let read = &arguments[..operation.arity()];
                let places = read.iter().map(|source| match source {
                    Source::Uniform(place) => Some(*place),
                    _ => None,
                });
                if let Some(places) = places.collect::<Option<Vec<u32>>>() {
                    let place = |k: usize| places.get(k).copied().unwrap_or(0);
                    return uniform(plan, Uniform::Apply(operation, [0, 1, 2].map(place)));
                }
                let target = self.target(output);
                plan.instructions.push(Instruction {
                    target,
                    operation,
                    arguments,
                });
                self.release(slot, step);
                match target {
                    Target::Slot(place) => Place::At(Source::Slot(place)),
                    Target::Output(_) => Place::Written,
                }
            }
        }
    }

    fn source(&self, slot: Slot) -> Source {
        match self.places.get(slot) {
            Some(Place::At(source)) => *source,
            _ => Source::Uniform(0),
        }
    }

    /// A slot that nothing reads; never one of the arguments, since those are released afterwards.
    fn target(&mut self, output: Option<u32>) -> Target {
        if let Some(output) = output {
            return Target::Output(output);
        }
        Target::Slot(self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        }))
    }

    fn release(&mut self, slot: Slot, step: &Step) {
        let mut arguments = step.arguments().to_vec();
        arguments.dedup();
        for argument in arguments {
            if let (true, Place::At(Source::Slot(place))) =
                (self.last_use[argument] == slot, self.places[argument])
            {
                if !self.free.contains(&place) {
                    self.free.push(place);
                }
            }
        }
    }
}
