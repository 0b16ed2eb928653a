//! [`Node`]: arithmetic that writes itself down. A Rust function generic over [`Scalar`], run on nodes, leaves
//! its formula in a [`Graph`]; the rules of `elementary/` are read into graphs the same way.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::{Graph, NodeId, NodeKind};
use crate::elementary::Operation;
use crate::error::{Error, ErrorKind};
use crate::number::{Constant, Rational};
use crate::vocabulary::{Elementary, Scalar, operators_by_rule};

/// A value that is recorded instead of computed.
///
/// ```
/// use secant::{Functions, Graph};
/// let (graph, outputs) = Graph::trace(&["x", "y"], |v| vec![v[0].sin() * v[1].clone()])?;
/// assert_eq!(graph.text(outputs[0]), "y*sin(x)");
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Node(Record);

#[derive(Clone, Debug)]
enum Record {
    /// A node of a graph.
    Placed(Rc<RefCell<Graph>>, NodeId),
    /// A number that has met no graph yet.
    Exact(Rational),
    /// The same of one that has a name.
    Named(Constant),
    /// A function of such numbers, as in `ln(10)`.
    Free(Rc<Free>),
    /// What was made of a node that belongs to another recording, or to one that has ended.
    Foreign,
}

/// A function of numbers that have met no graph, with its value and how deep it is nested.
#[derive(Debug)]
struct Free {
    operation: Operation,
    arguments: Vec<Node>,
    value: f64,
    depth: usize,
}

/// Where functions of numbers stand in a graph, told by where they stand in memory: what is used twice is written once.
type Placed = HashMap<*const Free, NodeId>;

/// Constants nested deeper than this are rounded to a double, so that no loop in a closure builds a tower.
const DEEPEST_CONSTANT: usize = 32;
/// Exact numbers longer than this many bits are no longer multiplied out while recording.
const LONGEST_CONSTANT: usize = 1 << 12;

impl Graph {
    /// Records what a function does with its inputs.
    ///
    /// # Errors
    /// Where an output belongs to another recording, or something that it is made of does.
    pub fn trace(
        names: &[&str],
        function: impl FnOnce(&[Node]) -> Vec<Node>,
    ) -> Result<(Self, Vec<NodeId>), Error> {
        let graph = Rc::new(RefCell::new(Self::new(names.iter().copied())));
        let inputs: Vec<Node> = (0..names.len())
            .map(|index| {
                let id = graph.borrow_mut().input(index);
                Node(Record::Placed(Rc::clone(&graph), id))
            })
            .collect();
        let outputs = function(&inputs);
        let foreign = |output: &Node| {
            let other = output.graph();
            output.is_foreign() || other.is_some_and(|other| !Rc::ptr_eq(&other, &graph))
        };
        if outputs.iter().any(foreign) {
            return Err(
                Error::new(ErrorKind::Shape, "an output belongs to another recording")
                    .hint("build every output from the nodes that the function is given"),
            );
        }
        let mut own = graph.borrow_mut();
        let outputs = outputs
            .iter()
            .map(|output| output.place(&mut own))
            .collect();
        let recorded = std::mem::take(&mut *own);
        Ok((recorded, outputs))
    }

    /// The partial derivatives of a function of the table at nodes of this graph, as nodes.
    pub(super) fn partials(
        &mut self,
        operation: Operation,
        arguments: &[NodeId],
        value: NodeId,
    ) -> Vec<Option<NodeId>> {
        let shared = Rc::new(RefCell::new(std::mem::take(self)));
        let node = |id: NodeId| Node(Record::Placed(Rc::clone(&shared), id));
        let inputs: Vec<Node> = arguments.iter().map(|id| node(*id)).collect();
        let partials = operation.partials(&inputs, &node(value));
        let mut own = shared.borrow_mut();
        let placed = partials
            .into_iter()
            .take(arguments.len())
            .map(|partial| partial.map(|partial| partial.place(&mut own)))
            .collect();
        *self = std::mem::take(&mut *own);
        placed
    }
}

impl Node {
    /// Writes this value into the graph, where it is not there yet.
    fn place(&self, graph: &mut Graph) -> NodeId {
        self.place_once(graph, &mut Placed::new())
    }

    /// The same; it calls itself no deeper than numbers are nested.
    fn place_once(&self, graph: &mut Graph, placed: &mut Placed) -> NodeId {
        match &self.0 {
            Record::Placed(_, id) => *id,
            Record::Exact(number) => graph.number(number.clone()),
            Record::Named(constant) => graph.constant(*constant),
            Record::Foreign => Self::constant(f64::NAN).place_once(graph, placed),
            Record::Free(free) => {
                if let Some(id) = placed.get(&Rc::as_ptr(free)) {
                    return *id;
                }
                let arguments = free.arguments.iter();
                let arguments: Vec<NodeId> = arguments
                    .map(|argument| argument.place_once(graph, placed))
                    .collect();
                let id = graph.apply(free.operation, &arguments);
                placed.insert(Rc::as_ptr(free), id);
                id
            }
        }
    }

    /// Whether it is of no use here: its recording has ended, or it came of such a node.
    fn is_foreign(&self) -> bool {
        match &self.0 {
            Record::Foreign => true,
            Record::Placed(graph, id) => id.index() >= graph.borrow().len(),
            _ => false,
        }
    }

    fn graph(&self) -> Option<Rc<RefCell<Graph>>> {
        match &self.0 {
            Record::Placed(graph, _) => Some(Rc::clone(graph)),
            _ => None,
        }
    }
}

impl Node {
    /// The double nearest to a number that has met no graph yet.
    fn fixed_value(&self) -> f64 {
        match &self.0 {
            Record::Placed(..) | Record::Foreign => f64::NAN,
            Record::Exact(number) => number.to_f64(),
            Record::Named(constant) => constant.to_f64(),
            Record::Free(free) => free.value,
        }
    }

    fn depth(&self) -> usize {
        match &self.0 {
            Record::Free(free) => free.depth,
            _ => 0,
        }
    }

    /// A function of numbers that have met no graph: exact where it is plain arithmetic, else written down.
    fn free(operation: Operation, arguments: &[Self]) -> Self {
        if let Some(number) = exact_arithmetic(operation, arguments) {
            return Self(Record::Exact(number));
        }
        let values: Vec<f64> = arguments.iter().map(Self::fixed_value).collect();
        let value = operation.value(&values);
        let depth = 1 + arguments.iter().map(Self::depth).max().unwrap_or(0);
        if depth > DEEPEST_CONSTANT {
            return Self::constant(value);
        }
        Self(Record::Free(Rc::new(Free {
            operation,
            arguments: arguments.to_vec(),
            value,
            depth,
        })))
    }
}

fn exact_arithmetic(operation: Operation, arguments: &[Node]) -> Option<Rational> {
    let number = |index: usize| match arguments.get(index).map(|node| &node.0) {
        Some(Record::Exact(number)) if number.bits() < LONGEST_CONSTANT => Some(number.clone()),
        _ => None,
    };
    match operation {
        Operation::Add => Some(number(0)? + number(1)?),
        Operation::Sub => Some(number(0)? - number(1)?),
        Operation::Mul => Some(number(0)? * number(1)?),
        Operation::Div => number(0)? / number(1)?,
        Operation::Neg => Some(-number(0)?),
        _ => None,
    }
}

impl Scalar for Node {
    /// An infinity is recorded as 1/0, and NaN as 0/0.
    fn constant(value: f64) -> Self {
        match Rational::from_f64(value) {
            Some(number) => Self(Record::Exact(number)),
            None => {
                let above = if value.is_nan() {
                    0
                } else {
                    value.signum() as i64
                };
                let parts = [above, 0].map(|part| Self(Record::Exact(Rational::from(part))));
                Self::free(Operation::Div, &parts)
            }
        }
    }

    fn named(constant: Constant) -> Self {
        Self(Record::Named(constant))
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        let Some(operation) = Operation::named(E::NAME) else {
            return Self::constant(f64::NAN);
        };
        if arguments.iter().any(Self::is_foreign) {
            return Self(Record::Foreign);
        }
        let Some(graph) = arguments.iter().find_map(Self::graph) else {
            return Self::free(operation, arguments);
        };
        let mut others = arguments.iter().filter_map(Self::graph);
        if others.any(|other| !Rc::ptr_eq(&other, &graph)) {
            return Self(Record::Foreign);
        }
        let mut own = graph.borrow_mut();
        let places: Vec<NodeId> = arguments
            .iter()
            .map(|argument| argument.place(&mut own))
            .collect();
        let id = own.apply(operation, &places);
        drop(own);
        Self(Record::Placed(graph, id))
    }

    fn truth(&self) -> Option<bool> {
        match &self.0 {
            Record::Exact(number) => Some(!number.is_zero()),
            Record::Placed(graph, id) if !self.is_foreign() => match graph.borrow().kind(*id) {
                NodeKind::Number(number) => Some(!number.is_zero()),
                _ => None,
            },
            _ => None,
        }
    }
}

operators_by_rule!([] Node);
