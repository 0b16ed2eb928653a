//! [`Slopes`]: value and derivatives at each of many points. Points where the function is proven smooth are computed a block at a time, each other one is
//! looked at by itself, so that no number is given where there is no derivative.

use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::method::{Method, Symbolic};
use crate::number::Interval;
use crate::operator::without_output;
use crate::point::PointKind;
use crate::program::{BlockRunner, Program};
use crate::report::report;

/// Whether a derivative that may be off by so much has lost its digits: that is more than a millionth of it and of the value.
///
/// ```
/// use secant::has_few_digits;
/// assert!(has_few_digits(1e-5, 2.0, 3.0));
/// assert!(!has_few_digits(1e-5, 2.0, 3e3)); // little beside the value
/// ```
#[must_use]
pub fn has_few_digits(off: f64, derivative: f64, value: f64) -> bool {
    const FEW: f64 = 1e-6;
    off > FEW * derivative.abs().max(value.abs())
}

/// What there is at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct SlopesAt {
    /// The value; NaN where there is none.
    pub value: f64,
    /// Each derivative that was asked for; `None` where it does not exist, or is beyond the range of doubles.
    pub derivatives: Vec<Option<f64>>,
    /// What kind of point it is, along the first of the derivatives that are missing; [`PointKind::Smooth`] where all are there.
    pub kind: PointKind,
    /// Whether that kind stands for one that could not be told: whether the derivative exists is open.
    pub undecided: bool,
    /// Whether the rounding of the value or of a derivative may exceed a millionth of it and of the value: digits cancelled there.
    pub few_digits: bool,
    /// Whether numbers that rounding cannot tell apart were taken to be one for a derivative, so that it is not proven: that of floor(x) at 1e16, of which every
    /// double beside it is a whole number too.
    pub within_rounding: bool,
}

/// The first output of a function and some of its derivatives, made ready for many points.
///
/// ```
/// use secant::{Formula, PointKind, Recorded, Slopes};
/// let f = Recorded::from(&Formula::parse("f(x, y) = |x|*y")?);
/// let mut slopes = Slopes::new(&f, &[vec![0], vec![1]], &[1])?; // by x and by y, which is one number for all rows
/// let found = slopes.at(&[&[-2.0, 0.0, 3.0], &[10.0]])?;
/// assert_eq!(found[0].derivatives, [Some(-10.0), Some(2.0)]);
/// assert_eq!((found[1].value, found[1].kind), (0.0, PointKind::Corner));
/// assert_eq!(found[1].derivatives, [None, Some(0.0)]);
/// assert_eq!((found[2].value, found[2].kind, found[2].few_digits), (30.0, PointKind::Smooth, false));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Slopes<'a> {
    function: &'a Recorded,
    each: Vec<Vec<usize>>,
    /// Which inputs are one number for all rows.
    held: Vec<usize>,
    /// The value and the derivatives.
    all: Program,
    runner: BlockRunner,
}

impl<'a> Slopes<'a> {
    /// Of these derivatives, each by inputs in turn: `[0, 1]` is f_xy. Inputs that are held are one number for all rows.
    ///
    /// # Errors
    /// Where the function has no output, or an input does not exist.
    pub fn new(function: &'a Recorded, each: &[Vec<usize>], held: &[usize]) -> Result<Self, Error> {
        let root = *function.roots().first().ok_or_else(without_output)?;
        let inputs = function.inputs();
        let mut named = each.iter().flatten().chain(held);
        if let Some(input) = named.find(|input| **input >= inputs) {
            let message = format!("there is no input {input}, the function has {inputs}");
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let mut graph = function.graph().clone();
        let mut roots = Vec::with_capacity(each.len());
        for wrt in each {
            let by = |node, input: &usize| graph.derivative(node, *input);
            roots.push(wrt.iter().fold(root, by));
        }
        let roots = [vec![root], graph.simplify(&roots).roots].concat();
        let all = Program::new(&graph, &roots);
        Ok(Self {
            function,
            each: each.to_vec(),
            held: held.to_vec(),
            runner: BlockRunner::new(&all, held),
            all,
        })
    }

    /// What there is at each row. Each input is a column with a number for each row, or one number where it is held; where all are held there is one row.
    ///
    /// # Errors
    /// Where the columns are more or fewer than the inputs, or not of one length.
    pub fn at(&mut self, inputs: &[&[f64]]) -> Result<Vec<SlopesAt>, Error> {
        let mut columns = (0..inputs.len()).filter(|input| !self.held.contains(input));
        let rows = columns.next().map_or(1, |input| inputs[input].len());
        let mut computed = vec![vec![0.0; rows]; 1 + self.each.len()];
        let mut outputs: Vec<&mut [f64]> = computed.iter_mut().map(Vec::as_mut_slice).collect();
        self.runner.run(inputs, &mut outputs)?;
        let program = self.function.program();
        let row = |row: usize| {
            let one = |input: usize| if self.held.contains(&input) { 0 } else { row };
            let at: Vec<f64> = (0..inputs.len())
                .map(|input| inputs[input][one(input)])
                .collect();
            let mut numbers = computed.iter().map(|column| column[row]);
            let is_smooth = program.rough_steps(&Interval::points(&at)).is_empty();
            if !is_smooth || !numbers.clone().all(f64::is_finite) {
                return self.looked_at(&at);
            }
            Ok(SlopesAt {
                value: numbers.next().unwrap_or(f64::NAN),
                derivatives: numbers.map(Some).collect(),
                kind: PointKind::Smooth,
                undecided: false,
                few_digits: self.has_few_digits(&at),
                within_rounding: false,
            })
        };
        (0..rows).map(row).collect()
    }

    /// By the proven ranges of all numbers, as far as they have an end.
    fn has_few_digits(&self, at: &[f64]) -> bool {
        let ranges = self.all.run(&Interval::points(at));
        let value = ranges.first().map_or(0.0, |range| range.middle());
        let mut bounded = ranges.iter().filter(|range| range.is_bounded());
        bounded.any(|range| has_few_digits(range.width(), range.middle(), value))
    }

    /// A point at which it is not proven at once that the derivatives exist.
    fn looked_at(&self, at: &[f64]) -> Result<SlopesAt, Error> {
        let methods: [Box<dyn Method>; 1] = [Box::new(Symbolic)];
        let mut found = SlopesAt {
            value: self.function.value_at(0, at),
            derivatives: Vec::with_capacity(self.each.len()),
            kind: PointKind::Smooth,
            undecided: false,
            few_digits: self.has_few_digits(at),
            within_rounding: false,
        };
        for wrt in &self.each {
            let told = report(self.function, at, wrt, &methods)?;
            let value = told.value.filter(|value| value.is_finite());
            if value.is_none() && found.kind == PointKind::Smooth {
                found.undecided = told.point.undecided;
                found.kind = match told.point.kind {
                    PointKind::Smooth => PointKind::Overflow,
                    kind => kind,
                };
            }
            found.within_rounding |= value.is_some() && told.point.within_rounding;
            found.derivatives.push(value);
        }
        Ok(found)
    }
}
