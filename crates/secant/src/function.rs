//! [`Function`]: a map from n inputs to m outputs. A formula is one, and so is a closure: over plain numbers
//! (differences serve it), over duals (the forward method serves it), or recorded (all methods do).

use std::sync::OnceLock;

use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::formula::Formula;
use crate::graph::{Graph, Node, NodeId};
use crate::number::Interval;
use crate::program::Program;
use crate::vocabulary::Dual;

/// A map from inputs to outputs. Three methods are asked for; the others say what more can be done with it. What combines
/// functions ([`combine`](crate::combine)) needs `jvp` and `vjp` of its parts, and has them.
pub trait Function {
    /// How many inputs it takes.
    fn inputs(&self) -> usize;

    /// How many outputs it gives.
    fn outputs(&self) -> usize;

    /// The outputs at a point; NaN where there is none.
    fn eval(&self, x: &[f64]) -> Vec<f64>;

    /// The outputs at many points, in their order; a function whose values take long can find them side by side.
    fn eval_many(&self, points: &[Vec<f64>]) -> Vec<Vec<f64>> {
        points.iter().map(|point| self.eval(point)).collect()
    }

    /// The outputs with their tangents, where the function can be run with duals.
    fn eval_dual(&self, _x: &[Dual<f64>]) -> Option<Vec<Dual<f64>>> {
        None
    }

    /// The formulas of the outputs, where they are known.
    fn recorded(&self) -> Option<&Recorded> {
        None
    }

    /// How the outputs move when the inputs move along a tangent, where the function can tell: the Jacobian times the tangent. `None` too where the
    /// tangent is not as long as the point.
    fn jvp(&self, x: &[f64], tangent: &[f64]) -> Option<Vec<f64>> {
        if tangent.len() != x.len() {
            return None;
        }
        let moving = x.iter().zip(tangent).map(|(x, speed)| {
            if *speed == 0.0 {
                Dual::fixed(*x)
            } else {
                Dual::new(*x, *speed)
            }
        });
        let outputs = self.eval_dual(&moving.collect::<Vec<_>>())?;
        Some(outputs.iter().map(Dual::tangent).collect())
    }

    /// Weights on the outputs carried back to the inputs, where the function can: the cotangent times the Jacobian. `None` too where there is not a
    /// weight for each output.
    fn vjp(&self, x: &[f64], cotangent: &[f64]) -> Option<Vec<f64>> {
        if cotangent.len() != self.outputs() {
            return None;
        }
        let gradient = self.recorded()?.program().pullback(x, cotangent);
        Some(
            gradient
                .into_iter()
                .map(|entry| entry.unwrap_or(0.0))
                .collect(),
        )
    }
}

/// A function whose formulas are known: each method can serve it.
///
/// ```
/// use secant::{Formula, Function, Functions, Recorded};
/// let formula = Recorded::from(&Formula::parse("x^2 + y")?);
/// assert_eq!(formula.eval(&[3.0, 1.0]), [10.0]);
/// let traced = Recorded::trace(&["x", "y"], |v| vec![v[0].pow(&v[1]), v[0].ln()])?;
/// assert_eq!(traced.outputs(), 2);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recorded {
    graph: Graph,
    roots: Vec<NodeId>,
    /// Made when it is first asked for: a function that is only differentiated needs none.
    program: OnceLock<Program>,
}

impl Recorded {
    /// The function whose outputs are these nodes of the graph. What is asked of a node of another graph is answered by chance, or panics.
    #[must_use]
    pub fn new(graph: Graph, roots: Vec<NodeId>) -> Self {
        Self {
            graph,
            roots,
            program: OnceLock::new(),
        }
    }

    /// Records a closure by running it once with [`Node`]s. A branch on the inputs must be written with
    /// [`choose`](crate::Functions::choose).
    ///
    /// # Errors
    /// Where an output was made by another recording.
    pub fn trace(
        names: &[&str],
        function: impl FnOnce(&[Node]) -> Vec<Node>,
    ) -> Result<Self, Error> {
        let (graph, roots) = Graph::trace(names, function)?;
        Ok(Self::new(graph, roots))
    }

    /// The graph of the formulas.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The output nodes.
    #[must_use]
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// The formulas as straight-line steps.
    #[must_use]
    pub fn program(&self) -> &Program {
        self.program
            .get_or_init(|| Program::new(&self.graph, &self.roots))
    }

    /// One output at a point; NaN where it has no real value, even if floating point makes one up, as `exp(-1/0)`.
    #[must_use]
    pub fn value_at(&self, output: usize, at: &[f64]) -> f64 {
        self.value_and_range(output, at).0
    }

    /// One output at a point, with its proven bound.
    ///
    /// ```
    /// use secant::{Formula, Recorded};
    /// let f = Recorded::from(&Formula::parse("(1 - cos(x))/x^2")?);
    /// let value = f.evaluate(0, &[1e-4]);
    /// assert!((value.value - 0.5).abs() < value.bound.absolute(value.value).unwrap());
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn evaluate(&self, output: usize, at: &[f64]) -> Estimate {
        let (value, range) = self.value_and_range(output, at);
        Estimate::rounded("value", value, range)
    }

    /// One output at a point and its proven range; NaN and empty where it has no real value.
    pub(crate) fn value_and_range(&self, output: usize, at: &[f64]) -> (f64, Interval) {
        let ranges = self.program().run(&Interval::points(at));
        match ranges.get(output) {
            Some(range) if !range.is_empty() => (self.program().run(at)[output], *range),
            _ => (f64::NAN, Interval::EMPTY),
        }
    }

    /// The derivatives of all outputs along a direction, simplified, as a function. It has no value anywhere where the direction is not as long as a point, or
    /// holds what is no finite number.
    #[must_use]
    pub fn derivative_along(&self, direction: &[f64]) -> Self {
        let mut graph = self.graph.clone();
        let derivatives: Vec<NodeId> = self
            .roots
            .iter()
            .map(|root| graph.directional(*root, direction))
            .collect();
        let simplified = graph.simplify(&derivatives);
        Self::new(graph, simplified.roots)
    }

    /// The gradient of one output as a function: as many outputs as inputs, simplified.
    ///
    /// ```
    /// use secant::{Formula, Function, Recorded};
    /// let gradient = Recorded::from(&Formula::parse("x^2*y")?).gradient(0)?;
    /// assert_eq!(gradient.eval(&[3.0, 5.0]), [30.0, 9.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such output.
    pub fn gradient(&self, output: usize) -> Result<Self, Error> {
        let root = *self.roots.get(output).ok_or_else(|| {
            Error::new(
                ErrorKind::Shape,
                format!(
                    "there is no output {output}, the function has {}",
                    self.roots.len()
                ),
            )
        })?;
        let mut graph = self.graph.clone();
        let inputs: Vec<usize> = (0..self.inputs()).collect();
        let gradient = graph.gradient(root, &inputs);
        let simplified = graph.simplify(&gradient);
        Ok(Self::new(graph, simplified.roots))
    }
}

impl From<&Formula> for Recorded {
    fn from(formula: &Formula) -> Self {
        Self::new(formula.graph().clone(), vec![formula.root()])
    }
}

impl Function for Recorded {
    fn inputs(&self) -> usize {
        self.graph.names().len()
    }

    fn outputs(&self) -> usize {
        self.roots.len()
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        self.program().run(x)
    }

    fn eval_dual(&self, x: &[Dual<f64>]) -> Option<Vec<Dual<f64>>> {
        Some(self.program().run(x))
    }

    fn recorded(&self) -> Option<&Recorded> {
        Some(self)
    }
}

/// A closure over plain numbers: only differences can serve it.
///
/// ```
/// use secant::{BlackBox, Function};
/// let area = BlackBox::new(2, |x: &[f64]| x[0] * x[1]);
/// assert_eq!(area.eval(&[3.0, 4.0]), [12.0]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BlackBox<F> {
    inputs: usize,
    function: F,
}

impl<F: Fn(&[f64]) -> f64> BlackBox<F> {
    /// The closure with its number of inputs.
    pub fn new(inputs: usize, function: F) -> Self {
        Self { inputs, function }
    }
}

impl<F: Fn(&[f64]) -> f64> Function for BlackBox<F> {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        1
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        vec![(self.function)(x)]
    }
}

/// A closure over duals, with any control flow: the forward method serves it, and differences. Usually it is
/// a function generic over [`Scalar`](crate::Scalar).
///
/// ```
/// use secant::{Dual, Function, Generic};
/// // Heron's root: a loop that a formula could not hold.
/// fn root(x: &[Dual<f64>]) -> Dual<f64> {
///     let mut y = x[0].clone();
///     for _ in 0..20 {
///         y = (y.clone() + x[0].clone() / y) / Dual::fixed(2.0);
///     }
///     y
/// }
/// let heron = Generic::new(1, root);
/// assert_eq!(heron.eval(&[9.0]), [3.0]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Generic<F> {
    inputs: usize,
    function: F,
}

impl<F: Fn(&[Dual<f64>]) -> Dual<f64>> Generic<F> {
    /// The closure with its number of inputs.
    pub fn new(inputs: usize, function: F) -> Self {
        Self { inputs, function }
    }
}

impl<F: Fn(&[Dual<f64>]) -> Dual<f64>> Function for Generic<F> {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        1
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        let fixed: Vec<Dual<f64>> = x.iter().map(|x| Dual::fixed(*x)).collect();
        vec![(self.function)(&fixed).primal()]
    }

    fn eval_dual(&self, x: &[Dual<f64>]) -> Option<Vec<Dual<f64>>> {
        Some(vec![(self.function)(x)])
    }
}
