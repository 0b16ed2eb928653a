//! [`Gather`]: one function for each row, whose inputs are picked out of many parameters by index. Its Jacobian is sparse, and
//! comes by compressed rows.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use super::room::Room;
use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::program::BlockRunner;
use crate::sparse::{Csr, Pattern};

/// Rows that are computed at once.
const BLOCK: usize = 256;
/// The distance of two columns of a block: not a power of two, so that they do not fall on the same lines of the cache.
const STRIDE: usize = BLOCK + 8;

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
    prepared: OnceLock<Prepared>,
}

/// The function with its slopes, and where these go.
#[derive(Clone, Debug)]
struct Prepared {
    runner: BlockRunner,
    room: Room<Buffer>,
    /// The entries of one row: output and input.
    entries: Vec<(usize, usize)>,
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
        let inputs: usize = picks.iter().map(Pick::inputs).sum();
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
                let beyond = |group: &u32| start + width * (*group as usize + 1) > parameters;
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
            prepared: OnceLock::new(),
        })
    }

    /// The outputs of all rows and the Jacobian: a row for each output, a column for each parameter. Slopes that no formula
    /// names are left out.
    ///
    /// # Errors
    /// Where the number of parameters does not fit.
    pub fn jacobian(&self, parameters: &[f64]) -> Result<(Vec<f64>, Csr), Error> {
        let mut matrix = self.prepared().matrix.clone();
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
        let prepared = self.prepared();
        self.check(parameters)?;
        let lengths = (outputs.len(), values.len());
        let wanted = (self.outputs(), prepared.matrix.values.len());
        if lengths != wanted {
            let message =
                format!("there is room for {lengths:?} outputs and entries, not {wanted:?}");
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let count = self.function.outputs();
        let entries = prepared.entries.len();
        if entries == 0 {
            outputs.copy_from_slice(&self.eval(parameters));
            return Ok(());
        }
        let block = |place: usize, buffer: &mut Buffer, outputs: &mut [f64]| {
            let rows = place * BLOCK..self.rows.min((place + 1) * BLOCK);
            buffer.run(self, parameters, rows.clone())?;
            buffer.write(0..count, rows.len(), outputs);
            Ok(rows)
        };
        match &prepared.places {
            None => outputs
                .par_chunks_mut((BLOCK * count).max(1))
                .zip(values.par_chunks_mut((BLOCK * entries).max(1)))
                .enumerate()
                .map(|(place, (outputs, values))| {
                    let work = |buffer: &mut Buffer| {
                        let rows = block(place, buffer, outputs)?;
                        buffer.write(count..count + entries, rows.len(), values);
                        Ok(())
                    };
                    prepared.room.with(|| Buffer::new(&prepared.runner), work)
                })
                .collect(),
            Some(places) => {
                values.fill(0.0);
                let mut buffer = Buffer::new(&prepared.runner);
                for (place, outputs) in outputs.chunks_mut((BLOCK * count).max(1)).enumerate() {
                    let rows = block(place, &mut buffer, outputs)?;
                    for (lane, row) in rows.enumerate() {
                        let places = &places[row * entries..][..entries];
                        for (entry, place) in places.iter().enumerate() {
                            values[*place] += buffer.outputs[(count + entry) * STRIDE + lane];
                        }
                    }
                }
                Ok(())
            }
        }
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

    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(|| self.prepare())
    }

    fn prepare(&self) -> Prepared {
        let pattern = Pattern::jacobian(&self.function);
        // Of which pick an input is, and which of its inputs; data does not move.
        let origin: Vec<(usize, usize)> = self
            .picks
            .iter()
            .enumerate()
            .flat_map(|(pick, of)| (0..of.inputs()).map(move |offset| (pick, offset)))
            .collect();
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
        Prepared {
            runner: BlockRunner::new(with_slopes.program(), &[]),
            room: Room::new(),
            entries,
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

/// One block: its inputs and its outputs, column by column.
#[derive(Debug)]
struct Buffer {
    runner: BlockRunner,
    inputs: Vec<f64>,
    outputs: Vec<f64>,
}

impl Buffer {
    fn new(runner: &BlockRunner) -> Self {
        Self {
            inputs: vec![0.0; runner.inputs() * STRIDE],
            outputs: vec![0.0; runner.outputs() * STRIDE],
            runner: runner.clone(),
        }
    }

    /// Picks the inputs of these rows and computes their outputs.
    fn run(
        &mut self,
        gather: &Gather,
        parameters: &[f64],
        rows: Range<usize>,
    ) -> Result<(), Error> {
        let count = rows.len();
        let mut columns = self.inputs.chunks_mut(STRIDE);
        for pick in &gather.picks {
            match pick {
                Pick::Data(data) => {
                    if let Some(column) = columns.next() {
                        column[..count].copy_from_slice(&data[rows.clone()]);
                    }
                }
                Pick::Group {
                    start,
                    width,
                    index,
                } => {
                    for (offset, column) in (0..*width).zip(&mut columns) {
                        for (number, group) in column.iter_mut().zip(&index[rows.clone()]) {
                            *number = parameters[start + width * *group as usize + offset];
                        }
                    }
                }
            }
        }
        let inputs: Vec<&[f64]> = self
            .inputs
            .chunks(STRIDE)
            .map(|column| &column[..count])
            .collect();
        let mut outputs: Vec<&mut [f64]> = self
            .outputs
            .chunks_mut(STRIDE)
            .map(|column| &mut column[..count])
            .collect();
        self.runner.run(&inputs, &mut outputs)
    }

    /// Writes columns of the outputs row by row.
    fn write(&self, columns: Range<usize>, rows: usize, out: &mut [f64]) {
        let width = columns.len();
        if width == 0 {
            return;
        }
        let from = &self.outputs[columns.start * STRIDE..];
        for (lane, row) in out.chunks_exact_mut(width).take(rows).enumerate() {
            for (entry, value) in row.iter_mut().enumerate() {
                *value = from[entry * STRIDE + lane];
            }
        }
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
        let nothing = || vec![f64::NAN; self.outputs()];
        if self.check(x).is_err() {
            return nothing();
        }
        let count = self.function.outputs();
        let mut buffer = Buffer::new(&BlockRunner::new(self.function.program(), &[]));
        let mut outputs = vec![0.0; self.outputs()];
        for (place, out) in outputs.chunks_mut((BLOCK * count).max(1)).enumerate() {
            let rows = place * BLOCK..self.rows.min((place + 1) * BLOCK);
            if buffer.run(self, x, rows.clone()).is_err() {
                return nothing();
            }
            buffer.write(0..count, rows.len(), out);
        }
        outputs
    }

    fn jvp(&self, x: &[f64], tangent: &[f64]) -> Option<Vec<f64>> {
        Some(self.jacobian(x).ok()?.1.times(tangent))
    }

    fn vjp(&self, x: &[f64], cotangent: &[f64]) -> Option<Vec<f64>> {
        Some(self.jacobian(x).ok()?.1.times_from_left(cotangent))
    }
}
