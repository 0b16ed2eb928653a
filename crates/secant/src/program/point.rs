//! [`PointRunner`]: a program at one point, with little delay.

use std::sync::Arc;

use secant_vmath::Operand;

use super::batch::{Batch, Batches, Kind};
use super::{BlockRunner, Program, kernel};
use crate::elementary::Operation;

/// As many places as 16 bits tell apart, so that no access needs a check.
const PLACES: usize = 1 << 16;

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
/// Nothing is allocated while it runs (but for programs of more than 65,000 steps, which run as a block of one row).
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
    plan: Arc<Batches>,
    values: Box<[f64; PLACES]>,
    /// The arguments of a batch of functions, side by side.
    arguments: Vec<f64>,
    outputs: Vec<f64>,
}

impl PointRunner {
    /// The program, ready to run.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let values = vec![0.0; PLACES].into_boxed_slice();
        let (Some(plan), Ok(mut values)) = (
            Batches::new(program),
            <Box<[f64; PLACES]>>::try_from(values),
        ) else {
            let outputs = vec![0.0; program.outputs()];
            return Self(Runner::Long(BlockRunner::new(program, &[]), outputs));
        };
        let numbers: &mut [f64; PLACES] = &mut values;
        numbers[plan.inputs..][..plan.numbers.len()].copy_from_slice(&plan.numbers);
        let functions = plan
            .batches
            .iter()
            .filter(|batch| matches!(batch.kind, Kind::Function(_)));
        let longest = functions.map(|batch| batch.reads.len()).max();
        Self(Runner::Batched(Batched {
            values,
            arguments: vec![0.0; longest.unwrap_or(0)],
            outputs: vec![0.0; plan.outputs.len()],
            plan: Arc::new(plan),
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
        let Self {
            plan,
            values,
            arguments,
            outputs,
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
            let reads = &plan.reads[batch.reads.clone()];
            match batch.kind {
                Kind::Add => pairs(values, batch.start, reads, |a, b| a + b),
                Kind::Sub => pairs(values, batch.start, reads, |a, b| a - b),
                Kind::Mul => pairs(values, batch.start, reads, |a, b| a * b),
                Kind::AddProduct => triples(values, batch.start, reads, |a, b, c| a + b * c),
                Kind::SubProduct => triples(values, batch.start, reads, |a, b, c| a - b * c),
                Kind::SubFromProduct => triples(values, batch.start, reads, |a, b, c| b * c - a),
                Kind::Sum(plus, minus) => sums(values, batch.start, reads, (plus, minus)),
                Kind::Function(operation) => {
                    for (argument, read) in arguments.iter_mut().zip(reads) {
                        *argument = values[usize::from(*read)];
                    }
                    function(operation, batch, arguments, values);
                }
            }
        }
        for (output, place) in outputs.iter_mut().zip(&plan.outputs) {
            *output = values[usize::from(*place)];
        }
        outputs
    }
}

fn function(operation: Operation, batch: &Batch, arguments: &[f64], values: &mut [f64; PLACES]) {
    let items = usize::from(batch.items);
    let argument = |place: usize| {
        let of = arguments.get(place * items..(place + 1) * items);
        of.map_or(Operand::Scalar(0.0), Operand::Slice)
    };
    let out = &mut values[usize::from(batch.start)..][..items];
    kernel::apply(operation, [0, 1, 2].map(argument), out);
}

fn pairs(values: &mut [f64; PLACES], start: u16, reads: &[u16], f: impl Fn(f64, f64) -> f64) {
    let mut place = start;
    for [a, b] in reads.as_chunks().0 {
        values[usize::from(place)] = f(values[usize::from(*a)], values[usize::from(*b)]);
        place = place.wrapping_add(1);
    }
}

fn triples(
    values: &mut [f64; PLACES],
    start: u16,
    reads: &[u16],
    f: impl Fn(f64, f64, f64) -> f64,
) {
    let mut place = start;
    for [a, b, c] in reads.as_chunks().0 {
        let [a, b, c] = [a, b, c].map(|read| values[usize::from(*read)]);
        values[usize::from(place)] = f(a, b, c);
        place = place.wrapping_add(1);
    }
}

/// Sums of `plus` products less `minus` products.
fn sums(values: &mut [f64; PLACES], start: u16, reads: &[u16], (plus, minus): (u16, u16)) {
    let mut place = start;
    let length = 2 * usize::from(plus + minus);
    for terms in reads.chunks_exact(length.max(1)) {
        let mut products = terms
            .as_chunks()
            .0
            .iter()
            .map(|[a, b]| values[usize::from(*a)] * values[usize::from(*b)]);
        let first = products.next().unwrap_or(0.0);
        let added = products
            .by_ref()
            .take(usize::from(plus).saturating_sub(1))
            .fold(first, |sum, product| sum + product);
        let sum = products.fold(added, |sum, product| sum - product);
        values[usize::from(place)] = sum;
        place = place.wrapping_add(1);
    }
}
