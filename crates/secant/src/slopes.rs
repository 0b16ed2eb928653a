//! [`Slopes`]: value and derivatives at each of many points. Points where the function is proven smooth are computed a block at a time, each other one is
//! looked at by itself, so that no number is given where there is no derivative.

use std::iter;
use std::ops::Range;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::graph::{Graph, NodeId};
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
    off > least_told(derivative, value)
}

/// The least rounding that has cost a derivative its digits.
fn least_told(derivative: f64, value: f64) -> f64 {
    const FEW: f64 = 1e-6;
    FEW * derivative.abs().max(value.abs())
}

/// Fewer rows are looked at one by one; of more, those where digits may have cancelled are searched first.
const MANY: usize = 64;

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
    /// Whether numbers that rounding cannot tell apart were taken to be one for a derivative, so that it is not proven: that of 1e16 x + |x| at 0, whose
    /// slopes on both sides are one double.
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
    /// By how much rounding may move each of them, to first order; made when there are many rows.
    doubts: Option<BlockRunner>,
    graph: Graph,
    roots: Vec<NodeId>,
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
            doubts: None,
            all,
            graph,
            roots,
        })
    }

    /// What there is at each row. Each input is a column with a number for each row, or one number where it is held; where all are held there is one row.
    ///
    /// # Errors
    /// Where the columns are more or fewer than the inputs, or not of one length.
    pub fn at(&mut self, inputs: &[&[f64]]) -> Result<Vec<SlopesAt>, Error> {
        let mut columns = (0..inputs.len()).filter(|input| !self.held.contains(input));
        let rows = columns.next().map_or(1, |input| inputs[input].len());
        let computed = columns_of(&mut self.runner, inputs, rows, self.roots.len())?;
        let doubts = if rows < MANY {
            Vec::new()
        } else {
            let doubts = self
                .doubts
                .get_or_insert_with(|| doubts_of(&mut self.graph, &self.roots, &self.held));
            columns_of(doubts, inputs, rows, self.roots.len())?
        };
        let rows = Rows {
            slopes: self,
            inputs,
            computed,
            doubts,
        };
        let smooth = rows.smooth();
        let found = smooth.into_par_iter().enumerate();
        found
            .map(|(row, is_smooth)| rows.at(row, is_smooth))
            .collect()
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

/// What a runner gives at each row, a column for each root.
fn columns_of(
    runner: &mut BlockRunner,
    inputs: &[&[f64]],
    rows: usize,
    roots: usize,
) -> Result<Vec<Vec<f64>>, Error> {
    let mut columns = vec![vec![0.0; rows]; roots];
    let mut outputs: Vec<&mut [f64]> = columns.iter_mut().map(Vec::as_mut_slice).collect();
    runner.run(inputs, &mut outputs)?;
    Ok(columns)
}

fn doubts_of(graph: &mut Graph, roots: &[NodeId], held: &[usize]) -> BlockRunner {
    let doubts = graph.doubts(roots);
    BlockRunner::new(&Program::new(graph, &doubts), held)
}

/// Many points with the numbers that were computed there.
struct Rows<'a> {
    slopes: &'a Slopes<'a>,
    inputs: &'a [&'a [f64]],
    computed: Vec<Vec<f64>>,
    /// By how much each of them may be off, to first order; none where there are few rows.
    doubts: Vec<Vec<f64>>,
}

impl Rows<'_> {
    /// An input at a row.
    fn input(&self, input: usize, row: usize) -> f64 {
        let is_held = self.slopes.held.contains(&input);
        self.inputs[input][if is_held { 0 } else { row }]
    }

    /// At which rows the function is proven smooth: at all at once, where it is over the box that holds them, else in each half of them.
    fn smooth(&self) -> Vec<bool> {
        let program = self.slopes.function.program();
        let count = self.computed.first().map_or(0, Vec::len);
        let mut smooth = vec![false; count];
        let mut open: Vec<Range<usize>> = iter::once(0..count).collect();
        while let Some(rows) = open.pop() {
            if program.rough_steps(&self.hull(&rows)).is_empty() {
                smooth[rows].fill(true);
            } else if rows.len() > 1 {
                let middle = rows.start + rows.len() / 2;
                open.extend([rows.start..middle, middle..rows.end]);
            }
        }
        smooth
    }

    /// The box that holds these rows.
    fn hull(&self, rows: &Range<usize>) -> Vec<Interval> {
        let along = |input: usize| {
            let numbers = rows.clone().map(|row| self.input(input, row));
            let ranges = numbers.map(Interval::point);
            ranges.reduce(Interval::union).unwrap_or(Interval::EMPTY)
        };
        (0..self.inputs.len()).map(along).collect()
    }

    fn at(&self, row: usize, is_smooth: bool) -> Result<SlopesAt, Error> {
        let slopes = self.slopes;
        let at: Vec<f64> = (0..self.inputs.len())
            .map(|input| self.input(input, row))
            .collect();
        let mut numbers = self.computed.iter().map(|column| column[row]);
        if !is_smooth || !numbers.clone().all(f64::is_finite) {
            return slopes.looked_at(&at);
        }
        Ok(SlopesAt {
            value: numbers.next().unwrap_or(f64::NAN),
            derivatives: numbers.map(Some).collect(),
            kind: PointKind::Smooth,
            undecided: false,
            few_digits: !self.has_digits(row) && slopes.has_few_digits(&at),
            within_rounding: false,
        })
    }

    /// Whether all numbers of a row have their digits by far, to first order.
    fn has_digits(&self, row: usize) -> bool {
        /// A range has two ends, and rests on stated errors that are greater than those of most functions.
        const BY_FAR: f64 = 100.0;
        let value = self.computed[0][row];
        let each = self.computed.iter().zip(&self.doubts);
        let mut sure =
            each.map(|(numbers, doubts)| BY_FAR * doubts[row] < least_told(numbers[row], value));
        !self.doubts.is_empty() && sure.all(|sure| sure)
    }
}
