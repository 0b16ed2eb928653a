//! [`Gather`]: one function for each row, whose inputs are picked out of many parameters by index. Its Jacobian is sparse, and
//! comes by compressed rows.

mod ready;

use std::ops::Range;
use std::sync::OnceLock;

use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use secant_vmath::Block;

use self::ready::{Ready, origin};
use super::block::ROWS;
use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::sparse::{Csr, Pattern};

/// Blocks that a thread takes at once.
const BLOCKS: usize = 4;
/// The rows of these.
const TASK: usize = BLOCKS * ROWS;

/// Where the next inputs of the function of a row come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Pick {
    /// Of groups of `width` parameters, one after another from `start` on, each row takes the one that its index names.
    Group {
        /// The first parameter of the first group.
        start: usize,
        /// How many parameters, and inputs.
        width: usize,
        /// For each row the number of its group, from 0.
        index: Vec<u32>,
    },
    /// One input that is data: a number for each row.
    Data(Vec<f64>),
}

impl Pick {
    fn rows(&self) -> usize {
        match self {
            Self::Group { index, .. } => index.len(),
            Self::Data(data) => data.len(),
        }
    }

    fn inputs(&self) -> usize {
        match self {
            Self::Group { width, .. } => *width,
            Self::Data(_) => 1,
        }
    }
}

/// A function applied to every row, each with its own choice of parameters. Outputs are those of the first row, then of the
/// second, and so on.
///
/// Multiplication and addition are fused where the machine can, and divisions by one number share its reciprocal, but for quotients that
/// a function with an edge, a corner or a jump reads: the last digits may differ from those of the function, but not with the number of
/// threads. A divisor below 2^-1024 in size, of such that share, counts as 0.
///
/// ```
/// use secant::{Formula, Function, Recorded, combine::{Gather, Pick}};
/// // Springs between neighbours of four points on a line.
/// let spring = Recorded::from(&Formula::parse("f(a, b, length) = b - a - length")?);
/// let picks = vec![
///     Pick::Group { start: 0, width: 1, index: vec![0, 1, 2] },
///     Pick::Group { start: 0, width: 1, index: vec![1, 2, 3] },
///     Pick::Data(vec![1.0, 1.0, 2.0]),
/// ];
/// let springs = Gather::new(&spring, 4, picks)?;
/// let (residuals, jacobian) = springs.jacobian(&[0.0, 1.0, 3.0, 5.0])?;
/// assert_eq!(residuals, [0.0, 1.0, 0.0]);
/// assert_eq!(jacobian.row(1).collect::<Vec<_>>(), [(1, -1.0), (2, 1.0)]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gather {
    function: Recorded,
    parameters: usize,
    picks: Vec<Pick>,
    rows: usize,
    // What follows is made when it is first asked for.
    values: OnceLock<Ready>,
    slopes: OnceLock<Slopes>,
}

/// The function with its slopes, and where these go.
#[derive(Clone, Debug)]
struct Slopes {
    ready: Ready,
    /// How many entries the rows of one application have together.
    entries: usize,
    /// The matrix with zeros for values.
    matrix: Csr,
    /// For each row and entry the place among the entries of the matrix, where these do not simply follow each other.
    places: Option<Vec<usize>>,
}

impl Gather {
    /// The function of a row, the number of parameters, and where its inputs come from in order.
    ///
    /// # Errors
    /// Where the picks do not give as many inputs as the function takes or differ in length, and where an index
    /// leads beyond the parameters.
    pub fn new(function: &Recorded, parameters: usize, picks: Vec<Pick>) -> Result<Self, Error> {
        let shape = |message: String| Err(Error::new(ErrorKind::Shape, message));
        let inputs = picks.iter().map(Pick::inputs);
        let inputs = inputs.fold(0, usize::saturating_add);
        if inputs != function.inputs() {
            return shape(format!(
                "the picks give {inputs} inputs, the function takes {}",
                function.inputs()
            ));
        }
        let rows = picks.first().map_or(0, Pick::rows);
        for (place, pick) in picks.iter().enumerate() {
            if pick.rows() != rows {
                return shape(format!(
                    "pick {place} has {} rows, pick 0 has {rows}",
                    pick.rows()
                ));
            }
            if let Pick::Group {
                start,
                width,
                index,
            } = pick
            {
                let end = |group: u32| width.checked_mul(group as usize + 1)?.checked_add(*start);
                let beyond = |group: &u32| end(*group).is_none_or(|end| end > parameters);
                if let Some(row) = index.iter().position(beyond) {
                    return shape(format!(
                        "row {row} of pick {place} names group {}, which leads beyond the {parameters} parameters",
                        index[row]
                    ));
                }
            }
        }
        Ok(Self {
            function: function.clone(),
            parameters,
            picks,
            rows,
            values: OnceLock::new(),
            slopes: OnceLock::new(),
        })
    }

    /// The outputs of all rows and the Jacobian: a row for each output, a column for each parameter. Slopes that no formula
    /// names are left out.
    ///
    /// # Errors
    /// Where the number of parameters does not fit.
    pub fn jacobian(&self, parameters: &[f64]) -> Result<(Vec<f64>, Csr), Error> {
        let mut matrix = self.slopes().matrix.clone();
        let mut outputs = vec![0.0; self.outputs()];
        self.jacobian_into(parameters, &mut outputs, &mut matrix.values)?;
        Ok((outputs, matrix))
    }

    /// The same again, into outputs and values that are there already: those of [`jacobian`](Self::jacobian).
    ///
    /// # Errors
    /// Where a length does not fit.
    pub fn jacobian_into(
        &self,
        parameters: &[f64],
        outputs: &mut [f64],
        values: &mut [f64],
    ) -> Result<(), Error> {
        let slopes = self.slopes();
        self.check(parameters)?;
        let lengths = (outputs.len(), values.len());
        let wanted = (self.outputs(), slopes.matrix.values.len());
        if lengths != wanted {
            let message =
                format!("there is room for {lengths:?} outputs and entries, not {wanted:?}");
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let (ready, entries) = (&slopes.ready, slopes.entries);
        let count = self.function.outputs();
        if entries == 0 {
            ready.run(self, parameters, 0..self.rows, [outputs, values], |_, _| {});
        } else if let Some(places) = &slopes.places {
            values.fill(0.0);
            let add = |slots: &[Block], rows: Range<usize>| {
                for (lane, row) in rows.enumerate() {
                    let places = &places[row * entries..][..entries];
                    for (slot, place) in ready.plan.kept[count..].iter().zip(places) {
                        values[*place] += slots[*slot as usize].0[lane];
                    }
                }
            };
            ready.run(self, parameters, 0..self.rows, [outputs], add);
        } else {
            outputs
                .par_chunks_mut(TASK * count)
                .zip(values.par_chunks_mut(TASK * entries))
                .enumerate()
                .for_each(|(place, (outputs, values))| {
                    let first = place * TASK;
                    let rows = first..self.rows.min(first + TASK);
                    ready.run(self, parameters, rows, [outputs, values], |_, _| {});
                });
        }
        Ok(())
    }

    fn check(&self, parameters: &[f64]) -> Result<(), Error> {
        if parameters.len() == self.parameters {
            return Ok(());
        }
        let message = format!(
            "there are {} parameters, not {}",
            self.parameters,
            parameters.len()
        );
        Err(Error::new(ErrorKind::Shape, message))
    }

    fn slopes(&self) -> &Slopes {
        self.slopes.get_or_init(|| self.prepare())
    }

    fn prepare(&self) -> Slopes {
        let pattern = Pattern::jacobian(&self.function);
        let origin = origin(&self.picks);
        let moves = |input: usize| matches!(self.picks[origin[input].0], Pick::Group { .. });
        let entries: Vec<(usize, usize)> = (0..self.function.outputs())
            .flat_map(|output| {
                pattern
                    .row(output)
                    .iter()
                    .map(move |input| (output, *input))
            })
            .filter(|(_, input)| moves(*input))
            .collect();

        let mut graph = self.function.graph().clone();
        let moving: Vec<usize> = (0..self.function.inputs())
            .filter(|input| moves(*input))
            .collect();
        let mut outputs = self.function.roots().to_vec();
        for (output, root) in self.function.roots().iter().enumerate() {
            let gradient = graph.gradient(*root, &moving);
            let wanted = entries.iter().filter(|(of, _)| *of == output);
            outputs.extend(wanted.filter_map(|(_, input)| {
                let place = moving.iter().position(|other| other == input)?;
                gradient.get(place).copied()
            }));
        }
        let with_slopes = Recorded::new(graph, outputs);
        let column = |row: usize, input: usize| {
            let (pick, offset) = origin[input];
            match &self.picks[pick] {
                Pick::Group {
                    start,
                    width,
                    index,
                } => start + width * index[row] as usize + offset,
                Pick::Data(_) => 0,
            }
        };
        let (matrix, places) = self.layout(&entries, column);
        let count = self.function.outputs();
        let tables = match places {
            Some(_) => vec![count],
            None => vec![count, entries.len()],
        };
        Slopes {
            ready: Ready::new(with_slopes.program(), &self.picks, tables),
            entries: entries.len(),
            matrix,
            places,
        }
    }

    /// The matrix without its values, and where each entry of each row goes. A parameter that a row picks twice has one entry.
    fn layout(
        &self,
        entries: &[(usize, usize)],
        column: impl Fn(usize, usize) -> usize,
    ) -> (Csr, Option<Vec<usize>>) {
        let mut starts = vec![0];
        let mut indices = Vec::with_capacity(self.rows * entries.len());
        let mut places = Vec::with_capacity(self.rows * entries.len());
        for row in 0..self.rows {
            for output in 0..self.function.outputs() {
                let own = entries.iter().filter(|(of, _)| *of == output);
                let named: Vec<usize> = own.map(|(_, input)| column(row, *input)).collect();
                let mut sorted = named.clone();
                sorted.sort_unstable();
                sorted.dedup();
                let start = indices.len();
                places.extend(
                    named
                        .iter()
                        .map(|column| start + sorted.partition_point(|other| other < column)),
                );
                indices.extend(sorted);
                starts.push(indices.len());
            }
        }
        let follow = places
            .iter()
            .enumerate()
            .all(|(entry, place)| entry == *place);
        let matrix = Csr {
            columns: self.parameters,
            starts,
            values: vec![0.0; indices.len()],
            indices,
        };
        (matrix, (!follow).then_some(places))
    }
}

impl Function for Gather {
    fn inputs(&self) -> usize {
        self.parameters
    }

    fn outputs(&self) -> usize {
        self.rows * self.function.outputs()
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        if self.check(x).is_err() {
            return vec![f64::NAN; self.outputs()];
        }
        let program = self.function.program();
        let make = || Ready::new(program, &self.picks, vec![self.function.outputs()]);
        let ready = self.values.get_or_init(make);
        let mut outputs = vec![0.0; self.outputs()];
        ready.run(self, x, 0..self.rows, [&mut outputs], |_, _| {});
        outputs
    }

    fn jvp(&self, x: &[f64], tangent: &[f64]) -> Option<Vec<f64>> {
        if tangent.len() != self.inputs() {
            return None;
        }
        Some(self.jacobian(x).ok()?.1.times(tangent))
    }

    fn vjp(&self, x: &[f64], cotangent: &[f64]) -> Option<Vec<f64>> {
        if cotangent.len() != self.outputs() {
            return None;
        }
        Some(self.jacobian(x).ok()?.1.times_from_left(cotangent))
    }
}
