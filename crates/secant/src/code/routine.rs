//! [`Routine`]: a formula with the inputs of its gradient, and its steps as assignments of a language.

use super::{Body, Language, Names};
use crate::elementary::Operation;
use crate::error::Error;
use crate::formula::Formula;
use crate::function::Recorded;
use crate::graph::{Graph, NodeId};
use crate::program::{Program, Step};

/// What is to be written: a function of the value, and one of value and gradient.
///
/// Where the formula has a corner or a jump it has no slope; the gradient is then the number that the rules give,
/// such as sign(0) = 0 for |x| at 0. [`report`](crate::report()) tells whether a point is one.
///
/// ```
/// use secant::{Formula, code::Routine};
/// let area = Routine::new(&Formula::parse("area(a, b) = a*b")?, &[0, 1]);
/// // value = a*b, gradient = (b, a)
/// assert_eq!(area.program().run(&[3.0, 5.0]), [15.0, 5.0, 3.0]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Routine {
    graph: Graph,
    root: NodeId,
    /// The derivative by each input that was asked for, and which input that is.
    gradient: Vec<(usize, NodeId)>,
    value_name: String,
    gradient_name: String,
    comment: String,
}

impl Routine {
    /// The formula, with its derivatives by these inputs; where it has none of them, only the value is written. The
    /// functions are called `value` and `value_and_gradient`; another name is given by [`named`](Self::named).
    #[must_use]
    pub fn new(formula: &Formula, inputs: &[usize]) -> Self {
        Self::of(
            formula.graph().clone(),
            formula.root(),
            inputs,
            formula.reading().to_owned(),
        )
    }

    /// One output of a recorded function, if it has that many.
    #[must_use]
    pub fn recorded(function: &Recorded, output: usize, inputs: &[usize]) -> Option<Self> {
        let root = *function.roots().get(output)?;
        let reading = function.graph().text(root);
        Some(Self::of(function.graph().clone(), root, inputs, reading))
    }

    fn of(mut graph: Graph, root: NodeId, inputs: &[usize], comment: String) -> Self {
        let held = |input: &usize| *input < graph.names().len();
        let inputs: Vec<usize> = inputs.iter().copied().filter(held).collect();
        let gradient = graph.gradient(root, &inputs);
        Self {
            graph,
            root,
            gradient: inputs.into_iter().zip(gradient).collect(),
            value_name: "value".to_owned(),
            gradient_name: "value_and_gradient".to_owned(),
            comment,
        }
    }

    /// The same under another name: `name` and `name_and_gradient`.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.value_name = name.to_owned();
        self.gradient_name = format!("{name}_and_gradient");
        self
    }

    /// The steps that are written: the value first, then the gradient.
    #[must_use]
    pub fn program(&self) -> Program {
        let gradient = self.gradient.iter().map(|(_, node)| *node);
        let roots: Vec<NodeId> = std::iter::once(self.root).chain(gradient).collect();
        Program::new(&self.graph, &roots)
    }

    /// The functions of this routine in a language.
    pub(super) fn bodies(
        &self,
        language: Language,
        functions: &mut Names,
        helpers: &mut Vec<&'static str>,
    ) -> Result<Vec<Body>, Error> {
        let name = functions.claim(&self.value_name);
        let mut value = self.body(language, &[self.root], helpers)?;
        value.name = name;
        value.comment.clone_from(&self.comment);
        let mut bodies = vec![value];
        if !self.gradient.is_empty() {
            let nodes: Vec<NodeId> = std::iter::once(self.root)
                .chain(self.gradient.iter().map(|(_, node)| *node))
                .collect();
            let by: Vec<&str> = self
                .gradient
                .iter()
                .map(|(input, _)| self.graph.names()[*input].as_ref())
                .collect();
            let mut both = self.body(language, &nodes, helpers)?;
            both.name = functions.claim(&self.gradient_name);
            both.comment = format!("The same with its derivatives by {}", by.join(", "));
            bodies.push(both);
        }
        Ok(bodies)
    }

    /// The assignments that compute these nodes, value first. What moves with no input is computed here and now.
    fn body(
        &self,
        language: Language,
        nodes: &[NodeId],
        helpers: &mut Vec<&'static str>,
    ) -> Result<Body, Error> {
        let program = Program::new(&self.graph, nodes);
        let mut names = Names::new(language.words());
        let inputs = self.graph.names().iter();
        let parameters: Vec<String> = inputs.map(|name| names.claim(name)).collect();
        let fixed = fixed_values(&program);
        let mut operands: Vec<String> = Vec::with_capacity(fixed.len());
        let (mut steps, mut used, mut number) = (Vec::new(), Vec::new(), 1);
        for (step, fixed_value) in program.steps().iter().zip(&fixed) {
            let operand = match (step, fixed_value) {
                (_, Some(value)) => language.number(*value),
                (Step::Constant(value, _), None) => language.number(*value),
                (Step::Input(index), None) => {
                    used.push(parameters[*index].clone());
                    parameters[*index].clone()
                }
                (Step::Apply(operation, slots), None) => {
                    let read = &slots[..operation.arity()];
                    let arguments: Vec<String> =
                        read.iter().map(|slot| operands[*slot].clone()).collect();
                    let numbers = slots.map(|slot| fixed[slot]);
                    let text = language.apply(*operation, &arguments, numbers, helpers)?;
                    let (name, next) = names.numbered('t', number);
                    number = next;
                    steps.push((name.clone(), text));
                    name
                }
            };
            operands.push(operand);
        }
        let mut outputs = program
            .output_slots()
            .iter()
            .map(|slot| operands[*slot].clone());
        Ok(Body {
            name: String::new(),
            comment: String::new(),
            parameters,
            used,
            steps,
            value: outputs.next().unwrap_or_else(|| language.number(f64::NAN)),
            gradient: (nodes.len() > 1).then(|| outputs.collect()),
        })
    }
}

/// The value of each step that no input moves.
fn fixed_values(program: &Program) -> Vec<Option<f64>> {
    let values = program.slots(&vec![f64::NAN; program.inputs()]);
    let mut fixed: Vec<Option<f64>> = Vec::with_capacity(values.len());
    for (step, value) in program.steps().iter().zip(values) {
        let stands = match step {
            Step::Input(_) => false,
            Step::Constant(..) => true,
            Step::Apply(operation, slots) => stands_still(*operation, slots, &fixed),
        };
        fixed.push(stands.then_some(value));
    }
    fixed
}

fn stands_still(operation: Operation, slots: &[usize; 3], fixed: &[Option<f64>]) -> bool {
    slots[..operation.arity()]
        .iter()
        .all(|slot| fixed[*slot].is_some())
}
