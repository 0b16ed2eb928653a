//! [`Program`]: a graph as a straight list of steps, run forward with any [`Scalar`] and swept backward for all
//! inputs at once. It knows nothing of formulas or of the point it is run at.

mod block;
mod building;
mod compile;
mod items;
pub(crate) mod kernel;
mod lower;
mod plan;
mod point;
mod reduce;
mod schedule;
mod straight;

pub use block::BlockRunner;
pub use point::PointRunner;

use crate::elementary::Operation;
use crate::number::{Decoration, Interval};
use crate::vocabulary::{Partials, Scalar};

/// Where a step leaves its value.
pub type Slot = usize;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// An input, counted from 0.
    Input(usize),
    /// A number: its nearest double, and where it surely lies.
    Constant(f64, Interval),
    /// A function of earlier slots; it reads as many as it takes.
    Apply(Operation, [Slot; 3]),
}

/// Straight-line steps from inputs to outputs.
///
/// ```
/// use secant::{Dual, Formula};
/// let program = Formula::parse("sin(x)/x")?.program();
/// assert_eq!(program.value(&[2.0]), 2.0f64.sin() / 2.0);
/// let slope = program.run(&[Dual::variable(2.0)])[0].tangent();
/// assert!((slope - (2.0f64.cos() / 2.0 - 2.0f64.sin() / 4.0)).abs() < 1e-16);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    inputs: usize,
    steps: Vec<Step>,
    /// Whether a slot moves with an input.
    varies: Vec<bool>,
    outputs: Vec<Slot>,
}

impl Program {
    /// How many inputs it takes.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// How many outputs it gives.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs.len()
    }

    /// Where the outputs stand after a run.
    #[must_use]
    pub fn output_slots(&self) -> &[Slot] {
        &self.outputs
    }

    /// The steps, arguments first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many functions are applied: the cost of one run.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.steps
            .iter()
            .filter(|step| matches!(step, Step::Apply(..)))
            .count()
    }

    /// The first output at a point.
    #[must_use]
    pub fn value(&self, x: &[f64]) -> f64 {
        self.run(x).first().copied().unwrap_or(f64::NAN)
    }

    /// The outputs at a point, with any kind of number. A missing input is NaN.
    pub fn run<S: Scalar>(&self, x: &[S]) -> Vec<S> {
        let slots = self.slots(x);
        self.outputs
            .iter()
            .map(|output| slots[*output].clone())
            .collect()
    }

    /// The value of every step.
    pub fn slots<S: Scalar>(&self, x: &[S]) -> Vec<S> {
        let mut slots: Vec<S> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let value = match step {
                Step::Input(index) => x
                    .get(*index)
                    .cloned()
                    .unwrap_or_else(|| S::constant(f64::NAN)),
                Step::Constant(value, range) => S::enclosed(*value, *range),
                Step::Apply(operation, arguments) => {
                    with_arguments(&slots, *operation, arguments, |arguments| {
                        operation.apply(arguments)
                    })
                }
            };
            slots.push(value);
        }
        slots
    }

    /// The vector-Jacobian product: weights on the outputs carried back to the inputs by one adjoint sweep.
    /// `None` for an input that moves nothing. An output of weight 0 adds nothing, whether it has a derivative or not.
    pub fn pullback<S: Scalar>(&self, x: &[S], weights: &[S]) -> Vec<Option<S>> {
        let slots = self.slots(x);
        let mut adjoints: Vec<Option<S>> = vec![None; slots.len()];
        for (output, weight) in self.outputs.iter().zip(weights) {
            if !weight.is_proven_zero() {
                accumulate(&mut adjoints[*output], weight.clone());
            }
        }
        let mut gradient: Vec<Option<S>> = vec![None; self.inputs];
        for (slot, step) in self.steps.iter().enumerate().rev() {
            let Some(adjoint) = adjoints[slot].take().filter(|_| self.varies[slot]) else {
                continue;
            };
            match step {
                Step::Input(index) => {
                    if let Some(entry) = gradient.get_mut(*index) {
                        accumulate(entry, adjoint);
                    }
                }
                Step::Constant(..) => {}
                Step::Apply(operation, arguments) => {
                    for (argument, partial) in arguments
                        .iter()
                        .zip(self.partials(*operation, arguments, slot, &slots))
                    {
                        if let Some(partial) = partial {
                            accumulate(&mut adjoints[*argument], partial * adjoint.clone());
                        }
                    }
                }
            }
        }
        gradient
    }

    /// The same steps, of which only these inputs count as moving: what has a derivative along them may have none along others.
    pub(crate) fn moved_by(&self, inputs: impl Fn(usize) -> bool) -> Self {
        let mut varies: Vec<bool> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            varies.push(match step {
                Step::Input(index) => inputs(*index),
                Step::Constant(..) => false,
                Step::Apply(operation, arguments) => {
                    let read = &arguments[..operation.arity()];
                    read.iter().any(|argument| varies[*argument])
                }
            });
        }
        Self {
            varies,
            ..self.clone()
        }
    }

    /// Whether an output is proven to have derivatives of every order at a point, or all over a box. What is read by a step that is flat there need not.
    pub(crate) fn is_smooth(&self, output: usize, x: &[Interval]) -> bool {
        let slots = self.slots(x);
        let mut counts = vec![false; self.steps.len()];
        if let Some(slot) = self.outputs.get(output) {
            counts[*slot] = true;
        }
        for (slot, step) in self.steps.iter().enumerate().rev() {
            let Step::Apply(operation, arguments) = step else {
                continue;
            };
            if !counts[slot] {
                continue;
            }
            if !self.varies[slot] {
                // A constant at a pole has no value that is known.
                if slots[slot].decoration() <= Decoration::Trivial {
                    return false;
                }
                continue;
            }
            let moving = arguments.map(|argument| self.varies[argument]);
            let read = arguments.map(|argument| slots[argument]);
            let read = &read[..operation.arity()];
            if !operation.is_smooth_along(read, moving) {
                return false;
            }
            for (argument, partial) in arguments.iter().zip(operation.partials(read, &slots[slot]))
            {
                counts[*argument] |= partial.is_some();
            }
        }
        true
    }

    /// The partials of a step by what moves. A step function moves nothing, but says so only where it is flat; there
    /// nothing is carried back through it, since what it reads may have a corner (`|x| < 1` at 0).
    fn partials<S: Scalar>(
        &self,
        operation: Operation,
        arguments: &[Slot; 3],
        slot: Slot,
        slots: &[S],
    ) -> Partials<S> {
        with_arguments(slots, operation, arguments, |values| {
            let partials = operation.partials(values, &slots[slot]);
            let moves = |place: usize| place < values.len() && self.varies[arguments[place]];
            let moving = [0, 1, 2].map(moves);
            let is_flat = partials.iter().all(Option::is_none);
            let mut place = 0;
            partials.map(|partial| {
                let wanted = moves(place);
                place += 1;
                let partial = if is_flat {
                    Some(S::constant(0.0))
                } else {
                    partial
                };
                partial
                    .filter(|_| wanted)
                    .map(|partial| operation.where_smooth(values, moving, partial))
                    .filter(|partial| !(is_flat && partial.is_proven_zero()))
            })
        })
    }

    /// The steps at which the function may have no derivative, at a point or over a box; the empty list
    /// proves that it has derivatives of every order there.
    #[must_use]
    pub fn rough_steps(&self, x: &[Interval]) -> Vec<Slot> {
        let slots = self.slots(x);
        let rough = |(slot, step): (Slot, &Step)| match step {
            // A constant at a pole, 1/sin(pi), has no derivative either: it has no value that is known.
            Step::Apply(..) if !self.varies[slot] => {
                let known = slots[slot].decoration() > Decoration::Trivial;
                (!known).then_some(slot)
            }
            Step::Apply(operation, arguments) => {
                let read = arguments.map(|argument| slots[argument]);
                let moving = arguments.map(|argument| self.varies[argument]);
                (!operation.is_smooth_along(&read[..operation.arity()], moving)).then_some(slot)
            }
            _ => None,
        };
        self.steps.iter().enumerate().filter_map(rough).collect()
    }
}

fn with_arguments<S: Clone, R>(
    slots: &[S],
    operation: Operation,
    arguments: &[Slot; 3],
    read: impl FnOnce(&[S]) -> R,
) -> R {
    let [a, b, c] = *arguments;
    match operation.arity() {
        1 => read(std::slice::from_ref(&slots[a])),
        2 => read(&[slots[a].clone(), slots[b].clone()]),
        _ => read(&[slots[a].clone(), slots[b].clone(), slots[c].clone()]),
    }
}

fn accumulate<S: Scalar>(slot: &mut Option<S>, more: S) {
    *slot = Some(match slot.take() {
        Some(sum) => sum + more,
        None => more,
    });
}
