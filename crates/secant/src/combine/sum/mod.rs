//! [`RowSum`]: functions summed over rows. What depends on the parameters alone is computed once, before or after the sum;
//! [`Sum`] is the same over given data, as a function that differentiates itself.

mod split;

use std::sync::{Arc, OnceLock};

use secant_vmath::Block;

use self::split::{Split, Summand};
use super::Rows;
use super::block::{Ends, Plan, Uniforms, Wanted, run_steps};
use super::room::Room;
use super::rows::row_count;
use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::graph::{Graph, NodeId};
use crate::number::Rational;
use crate::program::Program;

/// Functions of parameters and of a row, made ready to be summed over many rows.
///
/// Inputs are parameters, the same for all rows, or columns, one number for each row. A factor without columns is taken out of the
/// sum, whether it stands before the sum (`exp(b)` in `exp(b) x`) or after it, as in the chain rule: adjoints are summed
/// first and carried back through what depends on the parameters alone once.
///
/// The same numbers come out for any number of threads, to the bit: rows are summed in leaves of 256, and these by a
/// [`Tree`](super::Tree). Sums may be computed in another order than written, with multiplication and addition fused.
///
/// ```
/// use secant::{Formula, Recorded, combine::RowSum};
/// let f = Recorded::from(&Formula::parse("f(x, y, a, b) = (y - a*exp(b)*x)^2")?);
/// let sum = RowSum::new(&f, &[0, 1])?;
/// assert_eq!(sum.evaluate(&[2.0, 0.0], &[&[1.0, 2.0], &[3.0, 3.0]])?, [2.0]); // 1² + 1²
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RowSum {
    prepared: Arc<Prepared>,
}

#[derive(Debug)]
struct Prepared {
    plan: Plan,
    after: Program,
    /// For each input its place among the columns.
    column_of: Vec<Option<usize>>,
    columns: usize,
    room: Room<Vec<Block>>,
}

/// The sums over some rows, before what depends on the parameters alone is put to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial {
    /// Over how many rows.
    pub rows: u64,
    /// The sums.
    pub sums: Vec<f64>,
}

impl Partial {
    /// The sums over the rows of both, these first. Both are of the same sums: what one of them lacks is left out.
    ///
    /// ```
    /// use secant::combine::Partial;
    /// let (a, b) = (Partial { rows: 2, sums: vec![1.0] }, Partial { rows: 3, sums: vec![0.5] });
    /// assert_eq!(a.merge(b), Partial { rows: 5, sums: vec![1.5] });
    /// ```
    #[must_use]
    pub fn merge(mut self, after: Self) -> Self {
        self.rows += after.rows;
        for (sum, other) in self.sums.iter_mut().zip(after.sums) {
            *sum += other;
        }
        self
    }
}

impl RowSum {
    /// The sums of all outputs; the inputs in `columns` differ from row to row, in the order in which they will be given.
    ///
    /// # Errors
    /// Where there are no columns, which could tell how many rows there are, and where one of them is no input or stands there twice.
    pub fn new(function: &Recorded, columns: &[usize]) -> Result<Self, Error> {
        Self::of(function.graph(), function.roots(), columns)
    }

    /// The same of nodes of a graph.
    pub(crate) fn of(graph: &Graph, roots: &[NodeId], columns: &[usize]) -> Result<Self, Error> {
        if columns.is_empty() {
            let message = "there is no column to tell how many rows there are";
            return Err(Error::new(ErrorKind::Shape, message)
                .hint("name the inputs that differ from row to row"));
        }
        let inputs = graph.names().len();
        let mut column_of = vec![None; inputs];
        for (place, input) in columns.iter().enumerate() {
            match column_of.get_mut(*input) {
                Some(column @ None) => *column = Some(place),
                _ => {
                    let message = format!(
                        "column {place} is input {input}, which does not exist or is a column already"
                    );
                    return Err(Error::new(ErrorKind::Shape, message));
                }
            }
        }
        let is_column: Vec<bool> = column_of.iter().map(Option::is_some).collect();
        let split = Split::new(graph, roots, &is_column);
        let mut values = Vec::new();
        for summand in &split.summands {
            match *summand {
                Summand::Node(node) => values.push(node),
                Summand::Product(a, b) => values.extend([a, b]),
            }
        }
        let program = Program::new(&split.graph, &values).reduced();
        let mut slots = program.output_slots().iter().copied();
        let mut next = || slots.next().unwrap_or(0);
        let wanted: Vec<Wanted> = split
            .summands
            .iter()
            .map(|summand| match summand {
                Summand::Node(_) => Wanted::Sum(next()),
                Summand::Product(..) => Wanted::Product(next(), next()),
            })
            .collect();
        let plan = Plan::new(&program, &is_column, &wanted);
        let mut plan = plan.with_code(&mut Ends::default());
        for (input, _) in &mut plan.loads {
            *input = column_of[*input as usize].unwrap_or(0) as u32;
        }
        Ok(Self {
            prepared: Arc::new(Prepared {
                plan,
                after: Program::new(&split.graph, &split.sums).reduced(),
                column_of,
                columns: columns.len(),
                room: Room::new(),
            }),
        })
    }

    /// How many parameters it takes.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.prepared.column_of.len() - self.prepared.columns
    }

    /// How many columns it takes.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.prepared.columns
    }

    /// How many sums it gives.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.prepared.after.outputs()
    }

    /// The sums over all rows of the columns.
    ///
    /// # Errors
    /// Where the numbers of parameters, columns or rows do not fit.
    pub fn evaluate(&self, parameters: &[f64], columns: &[&[f64]]) -> Result<Vec<f64>, Error> {
        let at = self.at(parameters)?;
        let partial = at.rows().finish_with(columns)?;
        Ok(at.finish(partial))
    }

    /// With these parameters: what depends on them alone is computed here.
    ///
    /// # Errors
    /// Where their number does not fit.
    pub fn at(&self, parameters: &[f64]) -> Result<RowSumAt, Error> {
        if parameters.len() != self.parameters() {
            let message = format!(
                "there are {} parameters, not {}",
                self.parameters(),
                parameters.len()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let mut given = parameters.iter().copied();
        let inputs: Vec<f64> = self
            .prepared
            .column_of
            .iter()
            .map(|column| match column {
                Some(_) => f64::NAN,
                None => given.next().unwrap_or(f64::NAN),
            })
            .collect();
        Ok(RowSumAt {
            uniforms: Uniforms::new(&self.prepared.plan, &inputs),
            prepared: Arc::clone(&self.prepared),
            inputs,
        })
    }
}

/// A [`RowSum`] with given parameters: rows come in pieces, of any length each, and in the end the sums.
///
/// ```
/// use secant::{Formula, Recorded, combine::RowSum};
/// let sum = RowSum::new(&Recorded::from(&Formula::parse("f(x, a) = a*x")?), &[0])?;
/// let at = sum.at(&[10.0])?;
/// let mut rows = at.rows();
/// rows.push(&[&[1.0, 2.0]])?;
/// rows.push(&[&[3.0]])?;
/// assert_eq!(at.finish(rows.finish()), [60.0]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RowSumAt {
    prepared: Arc<Prepared>,
    uniforms: Uniforms,
    inputs: Vec<f64>,
}

impl RowSumAt {
    /// No rows yet.
    #[must_use]
    pub fn rows(&self) -> Rows<'_, Partial> {
        let leaf = |columns: &[&[f64]], rows| self.leaf(columns, rows);
        Rows::new(self.prepared.columns, leaf, Partial::merge)
    }

    /// Whether these are sums of this kind.
    pub(crate) fn is_mine(&self, partial: &Partial) -> bool {
        partial.sums.len() == self.prepared.plan.sums as usize
    }

    /// The outputs, from the sums over all rows; `None` stands for no rows. What sums of another number lack is NaN.
    #[must_use]
    pub fn finish(&self, partial: Option<Partial>) -> Vec<f64> {
        let nothing = || Partial {
            rows: 0,
            sums: vec![0.0; self.prepared.plan.sums as usize],
        };
        let partial = partial.unwrap_or_else(nothing);
        let mut inputs = self.inputs.clone();
        inputs.push(partial.rows as f64);
        inputs.extend(partial.sums);
        let after = &self.prepared.after;
        let values = run_steps(after.steps(), &inputs);
        after
            .output_slots()
            .iter()
            .map(|slot| values[*slot])
            .collect()
    }

    /// The sums over one leaf.
    fn leaf(&self, columns: &[&[f64]], rows: std::ops::Range<usize>) -> Partial {
        let plan = &self.prepared.plan;
        let mut sums = vec![0.0; plan.sums as usize];
        let count = rows.len() as u64;
        let add = |slots: &mut Vec<Block>| {
            plan.add_rows(&self.uniforms, columns, rows, slots, &mut sums);
        };
        self.prepared.room.with(|| plan.slots(), add);
        Partial { rows: count, sums }
    }
}

/// Functions summed over data: a function of the parameters. Its JVP and VJP are sums over the same rows.
///
/// ```
/// use secant::{Formula, Recorded, combine::Sum, gradient, method::Reverse};
/// let f = Recorded::from(&Formula::parse("f(x, a) = (x - a)^2")?);
/// let sum = Sum::new(&f, &[0], vec![vec![1.0, 2.0, 6.0]])?;
/// assert_eq!(gradient(&Reverse, &sum, &[3.0])?[0].value, 0.0); // 3 is their mean
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sum {
    function: Recorded,
    columns: Vec<usize>,
    data: Vec<Vec<f64>>,
    value: RowSum,
    /// Made when first asked for.
    tangents: OnceLock<RowSum>,
    cotangents: OnceLock<RowSum>,
}

impl Sum {
    /// The function, which of its inputs are columns, and these, one after another.
    ///
    /// # Errors
    /// Where the columns do not fit the function or each other.
    pub fn new(function: &Recorded, columns: &[usize], data: Vec<Vec<f64>>) -> Result<Self, Error> {
        let value = RowSum::new(function, columns)?;
        let sum = Self {
            function: function.clone(),
            columns: columns.to_vec(),
            data,
            value,
            tangents: OnceLock::new(),
            cotangents: OnceLock::new(),
        };
        let borrowed: Vec<&[f64]> = sum.data.iter().map(Vec::as_slice).collect();
        row_count(columns.len(), &borrowed)?;
        Ok(sum)
    }

    fn evaluate(&self, sum: &RowSum, inputs: &[f64]) -> Option<Vec<f64>> {
        let borrowed: Vec<&[f64]> = self.data.iter().map(Vec::as_slice).collect();
        sum.evaluate(inputs, &borrowed).ok()
    }

    fn parameters(&self) -> Vec<usize> {
        let inputs = 0..Function::inputs(&self.function);
        inputs
            .filter(|input| !self.columns.contains(input))
            .collect()
    }

    /// The sums of nodes that are made from a graph with one more input for each of so many names.
    fn derived(
        &self,
        further: usize,
        make: impl FnOnce(&mut Graph, &[usize], &[NodeId]) -> Vec<NodeId>,
    ) -> Option<RowSum> {
        let mut graph = self.function.graph().clone();
        let further: Vec<NodeId> = (0..further).map(|_| graph.add_input("along")).collect();
        let roots = make(&mut graph, &self.parameters(), &further);
        RowSum::of(&graph, &roots, &self.columns).ok()
    }
}

/// The sum of coefficients times nodes.
pub(crate) fn weighted(graph: &mut Graph, weights: &[NodeId], nodes: &[NodeId]) -> NodeId {
    let one = || Rational::ONE;
    let pairs = weights.iter().zip(nodes);
    let terms: Vec<(NodeId, Rational)> = pairs
        .map(|(weight, node)| (graph.product([(*weight, one()), (*node, one())]), one()))
        .collect();
    graph.sum(terms, Rational::ZERO)
}

impl Function for Sum {
    fn inputs(&self) -> usize {
        self.value.parameters()
    }

    fn outputs(&self) -> usize {
        self.value.outputs()
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        let nothing = || vec![f64::NAN; self.outputs()];
        self.evaluate(&self.value, x).unwrap_or_else(nothing)
    }

    fn jvp(&self, x: &[f64], tangent: &[f64]) -> Option<Vec<f64>> {
        if tangent.len() != self.inputs() {
            return None;
        }
        if self.tangents.get().is_none() {
            let sum = self.derived(self.inputs(), |graph, parameters, tangents| {
                let roots = self.function.roots().to_vec();
                let slope = |root| {
                    let gradient = graph.gradient(root, parameters);
                    weighted(graph, tangents, &gradient)
                };
                roots.into_iter().map(slope).collect()
            })?;
            self.tangents.get_or_init(|| sum);
        }
        self.evaluate(self.tangents.get()?, &[x, tangent].concat())
    }

    fn vjp(&self, x: &[f64], cotangent: &[f64]) -> Option<Vec<f64>> {
        if cotangent.len() != self.outputs() {
            return None;
        }
        if self.cotangents.get().is_none() {
            let sum = self.derived(self.outputs(), |graph, parameters, weights| {
                let roots = self.function.roots().to_vec();
                let root = weighted(graph, weights, &roots);
                graph.gradient(root, parameters)
            })?;
            self.cotangents.get_or_init(|| sum);
        }
        self.evaluate(self.cotangents.get()?, &[x, cotangent].concat())
    }
}
