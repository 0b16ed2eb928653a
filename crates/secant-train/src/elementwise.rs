//! [`Elementwise`]: a function of one number run over slices, with its slope and its exact difference. Value and slope come from
//! secant's table and its rules alone; what stands here is how they run over many numbers, and the convention at kinks that
//! training needs.

use secant::{
    BlockRunner, Error, ErrorKind, Formula, Functions, Interval, Node, Operation, Program,
    Recorded, Scalar, Step,
};

use crate::difference;
use crate::number::Number;

/// A function of one number, ready to be run over slices.
///
/// At a kink the slope is that of PyTorch and JAX: relu'(0) = 0, abs'(0) = 0.
///
/// ```
/// use secant_train::Elementwise;
/// let silu = Elementwise::formula("x sigmoid(x)")?;
/// let (mut value, mut slope) = ([0.0; 2], [0.0; 2]);
/// silu.value_and_slope(&[0.0, 80.0], &mut value, &mut slope);
/// assert_eq!((value, slope), ([0.0, 80.0], [0.5, 1.0]));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Elementwise {
    text: String,
    operation: Option<Operation>,
    program: Program,
    value: BlockRunner,
    /// Value and slope.
    both: BlockRunner,
    /// The slope alone.
    slope: BlockRunner,
    curvature: BlockRunner,
    /// Whether it has derivatives of every order everywhere.
    smooth: bool,
}

impl Elementwise {
    /// The function of the table with this name or alias.
    ///
    /// # Errors
    /// Where there is none, or it takes more than one number.
    pub fn named(name: &str) -> Result<Self, Error> {
        let operation = Operation::named(name)
            .filter(|operation| operation.arity() == 1)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::UnknownName,
                    format!("no function of one number is called '{name}'"),
                )
                .hint("relu, tanh, sigmoid, gelu, silu and softplus are, or write a formula of x")
            })?;
        let function = Recorded::trace(&["x"], |x| vec![operation.apply(x)])?;
        Self::new(operation.name().to_owned(), Some(operation), &function)
    }

    /// A formula of one variable.
    ///
    /// # Errors
    /// Where the text is no formula, or has another number of variables.
    pub fn formula(text: &str) -> Result<Self, Error> {
        let formula = Formula::parse(text)?;
        let variables = formula.variables().len();
        if variables != 1 {
            return Err(Error::new(
                ErrorKind::Shape,
                format!("an activation is a function of one variable; '{text}' has {variables}"),
            ));
        }
        Self::new(
            formula.reading().to_owned(),
            None,
            &Recorded::from(&formula),
        )
    }

    fn new(text: String, operation: Option<Operation>, function: &Recorded) -> Result<Self, Error> {
        let written = with_convention(function)?;
        let (both, slope) = (written.with_gradient(0)?, written.derivative_along(&[1.0]));
        let curvature = slope.derivative_along(&[1.0]);
        let program = function.program();
        Ok(Self {
            text,
            operation,
            value: BlockRunner::new(program, &[]),
            both: BlockRunner::new(both.program(), &[]),
            slope: BlockRunner::new(slope.program(), &[]),
            curvature: BlockRunner::new(curvature.program(), &[]),
            smooth: program.rough_steps(&[Interval::WHOLE]).is_empty(),
            program: program.clone(),
        })
    }

    /// Its name, or the formula as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The function of the table that it is; `None` for a formula.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// The steps that compute its value.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Its values.
    pub fn value<T: Number>(&self, x: &[T], value: &mut [T]) {
        match self.operation {
            Some(Operation::Relu) => secant_vmath::positive_part(x, value),
            _ => run(&mut self.value.clone(), x, &mut [value]),
        }
    }

    /// Its values and slopes.
    pub fn value_and_slope<T: Number>(&self, x: &[T], value: &mut [T], slope: &mut [T]) {
        match self.operation {
            Some(Operation::Relu) => {
                secant_vmath::positive_part(x, value);
                secant_vmath::less(T::ZERO, x, slope);
            }
            _ => run(&mut self.both.clone(), x, &mut [value, slope]),
        }
    }

    /// Its second derivatives; that of relu is 0, at its kink too.
    pub fn curvature<T: Number>(&self, x: &[T], curvature: &mut [T]) {
        match self.operation {
            Some(Operation::Relu) => curvature.fill(T::ZERO),
            _ => run(&mut self.curvature.clone(), x, &mut [curvature]),
        }
    }

    /// How far its values `y` at `x` move when `x` moves by `shift`, without subtracting two values that are close. Samples for which a
    /// kink lies between `x` and `x + shift` are marked in `crossed`.
    pub fn difference<T: Number>(
        &self,
        x: &[T],
        y: &[T],
        shift: &[T],
        moved: &mut [T],
        crossed: &mut [bool],
    ) {
        let value = |x: &[T], values: &mut [T]| self.value(x, values);
        match self.operation {
            Some(Operation::Relu) => difference::relu(x, shift, moved, crossed),
            Some(Operation::Tanh) => difference::tanh(y, shift, moved),
            Some(Operation::Sigmoid) => difference::sigmoid(x, y, shift, moved),
            _ if self.smooth => {
                let mut runner = self.slope.clone();
                let slope = |x: &[T], slopes: &mut [T]| run(&mut runner, x, &mut [slopes]);
                difference::smooth(x, y, shift, moved, value, slope);
            }
            _ => {
                difference::subtracted(x, y, shift, moved, value);
                self.mark_kinks(x, shift, crossed);
            }
        }
    }

    /// Marks the samples between whose two points the function is not proven smooth.
    fn mark_kinks<T: Number>(&self, x: &[T], shift: &[T], crossed: &mut [bool]) {
        for ((x, shift), crossed) in x.iter().zip(shift).zip(crossed) {
            let (from, to) = (x.to_f64(), (*x + *shift).to_f64());
            let way = Interval::new(from.min(to), from.max(to));
            *crossed |= *shift != T::ZERO && !self.program.rough_steps(&[way]).is_empty();
        }
    }
}

/// The function with every `relu(u)` written `if u > 0 then u else 0`: the same values, and the rules then give its slope at the kink as training
/// takes it, 0.
pub(crate) fn with_convention(function: &Recorded) -> Result<Recorded, Error> {
    let program = function.program();
    let names: Vec<&str> = function.graph().names().iter().map(AsRef::as_ref).collect();
    Recorded::trace(&names, |inputs| {
        let mut slots: Vec<Node> = Vec::with_capacity(program.steps().len());
        for step in program.steps() {
            let node = match step {
                Step::Input(index) => inputs[*index].clone(),
                Step::Constant(value, range) => Node::enclosed(*value, *range),
                Step::Apply(Operation::Relu, [argument, ..]) => {
                    let (argument, zero) = (&slots[*argument], Node::constant(0.0));
                    argument.greater(&zero).choose(argument, &zero)
                }
                Step::Apply(operation, arguments) => {
                    let arguments: Vec<Node> = arguments[..operation.arity()]
                        .iter()
                        .map(|argument| slots[*argument].clone())
                        .collect();
                    operation.apply(&arguments)
                }
            };
            slots.push(node);
        }
        program
            .output_slots()
            .iter()
            .map(|slot| slots[*slot].clone())
            .collect()
    })
}

/// A program of one input over a slice.
fn run<T: Number>(runner: &mut BlockRunner, x: &[T], outputs: &mut [&mut [T]]) {
    T::with_doubles(x, outputs, &mut |x, outputs| {
        if runner.run(&[x], outputs).is_err() {
            // It has one input and as many rows everywhere; were it otherwise, no number is better than a wrong one.
            for output in outputs {
                output.fill(f64::NAN);
            }
        }
    });
}
