//! An activation as operators of ONNX, one for each step of its program.

use secant::{Operation, Program, Step};

use super::elementwise::{BINARY, UNARY};
use super::write::{Sheet, unwritten};
use crate::error::Error;

/// Operators of one number that onnxruntime (1.32) computes in single precision alone.
const SINGLE: [Operation; 12] = [
    Operation::Gelu,
    Operation::Softplus,
    Operation::Erf,
    Operation::Tan,
    Operation::Asin,
    Operation::Acos,
    Operation::Atan,
    Operation::Sinh,
    Operation::Cosh,
    Operation::Asinh,
    Operation::Acosh,
    Operation::Atanh,
];

/// Whether a step of a program is one of those.
pub(crate) fn is_single(program: &Program) -> bool {
    let mut steps = program.steps().iter();
    steps.any(|step| matches!(step, Step::Apply(operation, _) if SINGLE.contains(operation)))
}

/// A value of the graph. ONNX does not take a truth for the numbers 0 and 1.
#[derive(Clone)]
enum Value {
    /// Numbers by their name.
    Numbers(String),
    /// Truths by theirs.
    Truths(String),
    /// One number that stands nowhere yet.
    Number(f64),
}

/// The nodes of one activation.
struct Nodes<'s, 'p> {
    sheet: &'s mut Sheet<'p>,
    /// What their names begin with.
    name: &'s str,
    made: usize,
}

/// Adds the nodes that compute a program of one input, from one value to another.
///
/// # Errors
/// Where it applies a function that no operator is, or is the same number everywhere.
pub(crate) fn write(
    sheet: &mut Sheet<'_>,
    program: &Program,
    name: &str,
    input: &str,
    output: &str,
) -> Result<(), Error> {
    let mut nodes = Nodes {
        sheet,
        name,
        made: 0,
    };
    // What does not move with the input is one number.
    let settled = program.slots(&[0.0]);
    let mut moves: Vec<bool> = Vec::with_capacity(program.steps().len());
    let mut values: Vec<Value> = Vec::with_capacity(program.steps().len());
    for (step, settled) in program.steps().iter().zip(settled) {
        let (operation, slots) = match step {
            Step::Input(_) => {
                values.push(Value::Numbers(input.to_owned()));
                moves.push(true);
                continue;
            }
            Step::Constant(..) => (None, &[][..]),
            Step::Apply(operation, slots) => (Some(*operation), &slots[..operation.arity()]),
        };
        let moving = slots.iter().any(|slot| moves[*slot]);
        let operands: Vec<Value> = slots.iter().map(|slot| values[*slot].clone()).collect();
        values.push(match operation.filter(|_| moving) {
            Some(operation) => nodes.apply(operation, &operands)?,
            None => Value::Number(settled),
        });
        moves.push(moving);
    }
    let last = program.output_slots().first().copied();
    let Some(slot) = last.filter(|slot| moves[*slot]) else {
        return Err(unwritten("what is the same everywhere is not written"));
    };
    let value = nodes.as_number(&values[slot]);
    let inputs = [value.as_str()];
    nodes.sheet.node("Identity", name, &inputs, output, &[]);
    Ok(())
}

impl Nodes<'_, '_> {
    /// A new name.
    fn next(&mut self) -> String {
        self.made += 1;
        format!("{}.{}", self.name, self.made)
    }

    fn constant(&mut self, value: f64) -> String {
        let name = self.next();
        self.sheet.constant(&name, &[], &[value])
    }

    fn node(&mut self, operator: &str, inputs: &[&str]) -> String {
        let name = self.next();
        self.sheet.node(operator, &name, inputs, &name, &[]);
        name
    }

    /// The name of a value where it is taken for a number.
    fn as_number(&mut self, value: &Value) -> String {
        match value {
            Value::Numbers(name) => name.clone(),
            Value::Number(value) => self.constant(*value),
            Value::Truths(truth) => {
                let name = self.next();
                self.sheet.number_of(truth, &name);
                name
            }
        }
    }

    /// The name of a value where it is taken for a truth: what is not 0.
    fn as_truth(&mut self, value: &Value) -> String {
        if let Value::Truths(name) = value {
            return name.clone();
        }
        let (name, zero) = (self.as_number(value), self.constant(0.0));
        let equal = self.node("Equal", &[&name, &zero]);
        self.node("Not", &[&equal])
    }

    /// One step.
    fn apply(&mut self, operation: Operation, operands: &[Value]) -> Result<Value, Error> {
        if let (Operation::Choose, [which, yes, no]) = (operation, operands) {
            let which = self.as_truth(which);
            let (yes, no) = (self.as_number(yes), self.as_number(no));
            return Ok(Value::Numbers(self.node("Where", &[&which, &yes, &no])));
        }
        if matches!(operation, Operation::And | Operation::Or | Operation::Not) {
            let named: Vec<String> = operands.iter().map(|value| self.as_truth(value)).collect();
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            let operator = match operation {
                Operation::And => "And",
                Operation::Or => "Or",
                _ => "Not",
            };
            return Ok(Value::Truths(self.node(operator, &named)));
        }
        let named: Vec<String> = operands.iter().map(|value| self.as_number(value)).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        if let Some((operator, _)) = listed(&UNARY, operation).or(listed(&BINARY, operation)) {
            let name = self.node(operator, &named);
            return Ok(match operation.is_comparison() {
                true => Value::Truths(name),
                false => Value::Numbers(name),
            });
        }
        let name = match (operation, named.as_slice()) {
            (Operation::NotEqual, [a, b]) => {
                let equal = self.node("Equal", &[a, b]);
                return Ok(Value::Truths(self.node("Not", &[&equal])));
            }
            (Operation::Silu, [x]) => {
                let sigmoid = self.node("Sigmoid", &[x]);
                self.node("Mul", &[x, &sigmoid])
            }
            // exp(x) - 1 = tanh(x/2) (exp(x) + 1) keeps the digits of a small x.
            (Operation::Expm1, [x]) => {
                let (two, one) = (self.constant(2.0), self.constant(1.0));
                let half = self.node("Div", &[x, &two]);
                let tanh = self.node("Tanh", &[&half]);
                let exp = self.node("Exp", &[x]);
                let more = self.node("Add", &[&exp, &one]);
                self.node("Mul", &[&tanh, &more])
            }
            (Operation::Sec, [x]) => {
                let cosine = self.node("Cos", &[x]);
                self.node("Reciprocal", &[&cosine])
            }
            (Operation::Csc, [x]) => {
                let sine = self.node("Sin", &[x]);
                self.node("Reciprocal", &[&sine])
            }
            _ => {
                let message = format!("ONNX has no operator for {}", operation.name());
                return Err(unwritten(&message)
                    .hint("a .safetensors file holds the weights of any network"));
            }
        };
        Ok(Value::Numbers(name))
    }
}

/// The line of an operation in a table of operators.
fn listed(
    table: &'static [(&'static str, Operation)],
    operation: Operation,
) -> Option<&'static (&'static str, Operation)> {
    table.iter().find(|(_, listed)| *listed == operation)
}
