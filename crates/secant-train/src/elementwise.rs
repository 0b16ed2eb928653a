//! [`Elementwise`]: a function of one number run over slices, with its slope and its exact difference. Value and slope come from
//! secant's table and its rules alone; what stands here is how they run over many numbers, and the convention at kinks that
//! training needs.

use secant::{
    BlockRunner, Error, ErrorKind, Formula, Functions, Interval, Node, Operation, Program,
    Recorded, Scalar, Step,
};

use crate::difference;
use crate::known;
use crate::layer::Met;
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
    /// The function of the table with this name or alias, in capitals or not.
    ///
    /// # Errors
    /// Where there is none, or it takes more than one number.
    pub fn named(name: &str) -> Result<Self, Error> {
        let operation = operation(name)
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

    /// A formula of `x`. Of any other letter it is refused: a word that is no function would be one, and the function then `x` itself.
    ///
    /// # Errors
    /// Where the text is no formula, or one of something else than `x`.
    pub fn formula(text: &str) -> Result<Self, Error> {
        if let Some(error) = known::elsewhere(text.trim()) {
            return Err(error);
        }
        let formula = Formula::parse(text)?;
        let variables = formula.variables();
        if let Some(other) = variables.iter().find(|name| name.as_ref() != "x") {
            return Err(known::refused(text.trim(), other));
        }
        if variables.is_empty() {
            return Err(Error::new(
                ErrorKind::Shape,
                format!("an activation is a function of x; '{text}' is the same everywhere"),
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

    /// How many of these numbers lie exactly at a kink of it: where it has a value and what is taken for a slope, but is not proven smooth.
    pub fn kinks<T: Number>(&self, x: &[T]) -> usize {
        if self.smooth {
            return 0;
        }
        if self.operation == Some(Operation::Relu) {
            return x.iter().filter(|x| **x == T::ZERO).count();
        }
        let is_rough = |x: &T| {
            let point = [Interval::point(x.to_f64())];
            x.to_f64().is_finite() && !self.program.rough_steps(&point).is_empty()
        };
        let rough: Vec<T> = x.iter().copied().filter(is_rough).collect();
        let (mut values, mut slopes) = (rough.clone(), rough.clone());
        self.value_and_slope(&rough, &mut values, &mut slopes);
        let pairs = values.iter().zip(&slopes);
        pairs
            .filter(|(value, slope)| value.to_f64().is_finite() && slope.to_f64().is_finite())
            .count()
    }

    /// How far its values `y` at `x` move when `x` moves by `shift`, without subtracting two values that are close. Samples for which a
    /// kink lies between `x` and `x + shift`, or that are moved far, are marked.
    pub fn difference<T: Number>(
        &self,
        x: &[T],
        y: &[T],
        shift: &[T],
        moved: &mut [T],
        met: &mut [Met],
    ) {
        let value = |x: &[T], values: &mut [T]| self.value(x, values);
        match self.operation {
            Some(Operation::Relu) => difference::relu(x, shift, moved, met),
            Some(Operation::Tanh) => difference::tanh(x, shift, moved, met),
            Some(Operation::Sigmoid) => difference::sigmoid(x, shift, moved, met),
            _ => {
                let mut runner = self.slope.clone();
                let slope = |x: &[T], slopes: &mut [T]| run(&mut runner, x, &mut [slopes]);
                difference::smooth(x, y, shift, moved, met, value, slope);
                if !self.smooth {
                    self.across_kinks(x, y, shift, moved, met);
                }
            }
        }
    }

    /// Marks the samples between whose two points the function is not proven smooth, and subtracts their values: a slope that jumps on the way has
    /// no mean that three places would tell.
    fn across_kinks<T: Number>(
        &self,
        x: &[T],
        y: &[T],
        shift: &[T],
        moved: &mut [T],
        met: &mut [Met],
    ) {
        let is_rough = |from: T, to: T| {
            let (from, to) = (from.to_f64(), to.to_f64());
            let way = Interval::new(from.min(to), from.max(to));
            !self.program.rough_steps(&[way]).is_empty()
        };
        let rough: Vec<usize> = (0..x.len())
            .filter(|place| {
                shift[*place] != T::ZERO && is_rough(x[*place], x[*place] + shift[*place])
            })
            .collect();
        if rough.is_empty() {
            return;
        }
        let ends: Vec<T> = rough
            .iter()
            .map(|place| x[*place] + shift[*place])
            .collect();
        let mut values = ends.clone();
        self.value(&ends, &mut values);
        let mut runner = self.slope.clone();
        let mut slope = |x: &[T], slopes: &mut [T]| run(&mut runner, x, &mut [slopes]);
        for (place, value) in rough.into_iter().zip(values) {
            met[place].kink = true;
            let way = [x[place], y[place], shift[place]];
            moved[place] = difference::across_kink(way, value - y[place], is_rough, &mut slope);
        }
    }
}

/// The function of the table that is called so, in capitals or not.
pub(crate) fn operation(name: &str) -> Option<Operation> {
    Operation::named(name).or_else(|| Operation::named(&name.to_lowercase()))
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
