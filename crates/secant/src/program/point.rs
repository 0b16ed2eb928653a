//! [`PointRunner`]: a program at one point, with little delay.

use std::sync::{Arc, OnceLock};

use secant_vmath as vmath;

use super::items::Arithmetic;
use super::schedule::{Batch, LANES, Operand, Schedule, Terms, Work};
use super::straight::Straight;
use super::{BlockRunner, Program, kernel};
use crate::elementary::Operation;

/// As many places as 16 bits tell apart, so that no access needs a check, and the lanes that are read beyond the last.
const PLACES: usize = (1 << 16) + LANES;

type Places = [f64; PLACES];

/// Making machine code takes the time of about so many runs.
const WORTH_CODE: usize = 512;

/// A program made ready for single points: what an optimiser or a simulation asks for again and again. It gives what
/// [`Program::run`] gives, as near as a [`BlockRunner`] does and to the same bits as that.
///
/// ```
/// use secant::{Formula, PointRunner, Recorded};
///
/// let f = Recorded::from(&Formula::parse("x^2*y + sin(x)")?).with_gradient(0)?;
/// let mut runner = PointRunner::new(f.program());
/// assert_eq!(runner.run(&[0.0, 5.0]), [0.0, 1.0, 0.0]);
/// assert_eq!(runner.run(&[3.0, 5.0])[2], 9.0);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// Nothing is allocated while it runs, but for once: after some hundred runs its arithmetic becomes machine code, where the machine
/// takes that (x86-64 with AVX2 and FMA), to the same bits. A clone shares the code. Programs that need more than 65,535 places for
/// their values run as a block of one row, which allocates.
#[derive(Clone, Debug)]
pub struct PointRunner(Runner);

#[derive(Clone, Debug)]
enum Runner {
    Batched(Batched),
    /// A program too long for the places of the other: a block of one row.
    Long(BlockRunner, Vec<f64>),
}

#[derive(Clone, Debug)]
struct Batched {
    program: Arc<Program>,
    plan: Arc<Schedule>,
    values: Box<Places>,
    /// The arguments of a batch of functions, side by side.
    arguments: Vec<f64>,
    outputs: Vec<f64>,
    /// How many runs there were, up to those that pay for code.
    runs: usize,
    straight: Arc<OnceLock<Option<Straight>>>,
    /// What code works in; empty until it first runs.
    room: Vec<f64>,
}

impl PointRunner {
    /// The program, ready to run.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let values = vec![0.0; PLACES].into_boxed_slice();
        let reduced = program.reduced();
        let (Some(plan), Ok(mut values)) =
            (Schedule::new(&reduced), <Box<Places>>::try_from(values))
        else {
            let outputs = vec![0.0; program.outputs()];
            return Self(Runner::Long(BlockRunner::new(program, &[]), outputs));
        };
        for (place, number) in &plan.numbers {
            values[usize::from(*place)] = *number;
        }
        let arguments = |batch: &Batch| match batch.work {
            Work::Function(operation, _) => operation.arity() * usize::from(batch.items),
            _ => 0,
        };
        let longest = plan.batches.iter().map(arguments).max();
        Self(Runner::Batched(Batched {
            program: Arc::new(reduced),
            values,
            arguments: vec![0.0; longest.unwrap_or(0)],
            outputs: vec![0.0; plan.outputs.len()],
            plan: Arc::new(plan),
            runs: 0,
            straight: Arc::default(),
            room: Vec::new(),
        }))
    }

    /// The outputs at a point. A missing input is NaN.
    pub fn run(&mut self, x: &[f64]) -> &[f64] {
        match &mut self.0 {
            Runner::Batched(batched) => batched.run(x),
            Runner::Long(runner, outputs) => {
                runner.run_row(x, outputs);
                outputs
            }
        }
    }
}

impl Batched {
    fn run(&mut self, x: &[f64]) -> &[f64] {
        if self.runs < WORTH_CODE {
            self.runs += 1;
        } else if self.run_straight(x) {
            return &self.outputs;
        }
        let Self {
            plan,
            values,
            arguments,
            outputs,
            ..
        } = self;
        let missing = std::iter::repeat(&f64::NAN);
        for (value, x) in values
            .iter_mut()
            .zip(x.iter().chain(missing))
            .take(plan.inputs)
        {
            *value = *x;
        }
        for batch in &plan.batches {
            match batch.work {
                Work::Wide(Arithmetic::Add, x) => wide(plan, batch, x, values, |a, b| a + b),
                Work::Wide(Arithmetic::Sub, x) => wide(plan, batch, x, values, |a, b| a - b),
                Work::Wide(Arithmetic::Mul, x) => wide(plan, batch, x, values, |a, b| a * b),
                Work::Wide(Arithmetic::Div, x) => wide(plan, batch, x, values, |a, b| a / b),
                Work::Singles(first) => singles(plan, batch, first, values),
                Work::Function(operation, x) => {
                    function(plan, batch, operation, x, arguments, values);
                }
                Work::Sums(terms) => sums::<LANES>(plan, batch, terms, values),
                Work::OneSum(terms) => sums::<1>(plan, batch, terms, values),
            }
        }
        for (output, place) in outputs.iter_mut().zip(&plan.outputs) {
            *output = values[usize::from(*place)];
        }
        outputs
    }

    /// Runs as machine code; `false` where there is none.
    fn run_straight(&mut self, x: &[f64]) -> bool {
        let code = || Straight::new(&self.program);
        let Some(straight) = self.straight.get_or_init(code) else {
            return false;
        };
        if self.room.is_empty() {
            self.room = straight.room();
        }
        straight.run(x, &mut self.room, &mut self.outputs);
        true
    }
}

/// One operation over all items of a batch. Each pair of ways to find the operands has a loop of its own.
#[inline(always)]
fn wide(
    plan: &Schedule,
    batch: &Batch,
    x: [Operand; 2],
    values: &mut Places,
    f: impl Fn(f64, f64) -> f64,
) {
    match x {
        [Operand::Run(a), Operand::Run(b)] => lanes(batch, run(a), run(b), values, f),
        [Operand::Run(a), Operand::Listed(b)] => lanes(batch, run(a), listed(plan, b), values, f),
        [Operand::Listed(a), Operand::Run(b)] => lanes(batch, listed(plan, a), run(b), values, f),
        [Operand::Listed(a), Operand::Listed(b)] => {
            lanes(batch, listed(plan, a), listed(plan, b), values, f);
        }
    }
}

/// Reads values that stand side by side.
#[inline(always)]
fn run(start: u16) -> impl Fn(&Places, usize) -> [f64; LANES] {
    move |values, item| {
        let first = usize::from(start) + item;
        let mut lanes = [0.0; LANES];
        lanes.copy_from_slice(&values[first..first + LANES]);
        lanes
    }
}

/// Reads values by the list of their places.
#[inline(always)]
fn listed(plan: &Schedule, first: u32) -> impl Fn(&Places, usize) -> [f64; LANES] {
    let list = &plan.reads[first as usize..];
    move |values, item| {
        let mut lanes = [0.0; LANES];
        for (lane, place) in lanes.iter_mut().zip(&list[item..item + LANES]) {
            *lane = values[usize::from(*place)];
        }
        lanes
    }
}

#[inline(always)]
fn lanes(
    batch: &Batch,
    a: impl Fn(&Places, usize) -> [f64; LANES],
    b: impl Fn(&Places, usize) -> [f64; LANES],
    values: &mut Places,
    f: impl Fn(f64, f64) -> f64,
) {
    let start = usize::from(batch.start);
    for item in (0..usize::from(batch.items)).step_by(LANES) {
        let (a, b) = (a(values, item), b(values, item));
        let out = &mut values[start + item..start + item + LANES];
        for lane in 0..LANES {
            out[lane] = f(a[lane], b[lane]);
        }
    }
}

fn singles(plan: &Schedule, batch: &Batch, first: u32, values: &mut Places) {
    let singles = &plan.singles[first as usize..];
    let mut place = batch.start;
    for (operation, x) in singles.iter().take(usize::from(batch.items)) {
        let [a, b] = x.map(|place| values[usize::from(place)]);
        values[usize::from(place)] = match operation {
            Arithmetic::Add => a + b,
            Arithmetic::Sub => a - b,
            Arithmetic::Mul => a * b,
            Arithmetic::Div => a / b,
        };
        place = place.wrapping_add(1);
    }
}

/// `W` sums side by side.
#[inline(always)]
fn sums<const W: usize>(plan: &Schedule, batch: &Batch, terms: Terms, values: &mut Places) {
    let (lists, _) = plan.reads[terms.first as usize..].as_chunks::<W>();
    let (added, rest) = lists.split_at(terms.added as usize);
    let read = |list: &[u16; W]| list.map(|place| values[usize::from(place)]);
    let Some((first, more)) = added.split_first() else {
        return;
    };
    let mut sums = read(first);
    for list in more {
        let term = read(list);
        for lane in 0..W {
            sums[lane] += term[lane];
        }
    }
    for list in &rest[..terms.subtracted as usize] {
        let term = read(list);
        for lane in 0..W {
            sums[lane] -= term[lane];
        }
    }
    values[usize::from(batch.start)..][..W].copy_from_slice(&sums);
}

#[inline(never)]
fn function(
    plan: &Schedule,
    batch: &Batch,
    operation: Operation,
    x: [Operand; 3],
    arguments: &mut [f64],
    values: &mut Places,
) {
    let items = usize::from(batch.items);
    let x = &x[..operation.arity()];
    for (list, operand) in arguments.chunks_exact_mut(items).zip(x) {
        if let Operand::Listed(first) = *operand {
            for (argument, place) in list.iter_mut().zip(&plan.reads[first as usize..]) {
                *argument = values[usize::from(*place)];
            }
        }
    }
    let (known, out) = values.split_at_mut(usize::from(batch.start));
    let mut operands = [vmath::Operand::Scalar(0.0); 3];
    for ((operand, list), x) in operands
        .iter_mut()
        .zip(arguments.chunks_exact(items))
        .zip(x)
    {
        *operand = vmath::Operand::Slice(match *x {
            Operand::Run(start) => &known[usize::from(start)..][..items],
            Operand::Listed(_) => list,
        });
    }
    kernel::apply(operation, operands, &mut out[..items]);
}
