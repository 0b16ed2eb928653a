//! Layers: maps from the features of a sample to others, each with parameters of its own. A layer says what it is and which
//! shapes it takes ([`Layer`]), and how it computes over columns ([`Map`]): forward, its pullback, and its exact difference; and, for
//! products with the Hessian, how these move ([`SecondOrder`]). A network is their chain. One that is linear and has no parameters says only
//! how it goes forth and back (`linear.rs`). Adding a layer is a file here and a line in the list below.

mod activation;
mod average_pool;
mod batch_norm;
mod convolution;
mod dense;
mod dropout;
mod flatten;
mod layer_norm;
mod linear;
mod max_pool;
mod permute;
mod reshape;
mod residual;
mod softmax;
mod window;

pub use activation::Activation;
pub use average_pool::AveragePool;
pub use batch_norm::BatchNorm;
pub use convolution::Convolution;
pub use dense::Dense;
pub use dropout::Dropout;
pub use flatten::Flatten;
pub use layer_norm::LayerNorm;
pub use max_pool::MaxPool;
pub use permute::Permute;
pub use reshape::Reshape;
pub use residual::Residual;
pub use softmax::Softmax;
pub use window::Windows;

use std::any::Any;
use std::fmt::Debug;
use std::ops::Range;

use secant::{Error, ErrorKind};

use crate::columns::Columns;
use crate::elementwise::Elementwise;
use crate::network::Pass;
use crate::number::Number;
use crate::random::Random;

/// What a layer is: its name, its shapes, its parameters. It holds settings alone; the numbers of its parameters are given to it. Who writes
/// layers down finds the type of each by `Any`.
pub trait Layer: Map<f32> + Map<f64> + Any + Debug + Send + Sync {
    /// The kind of layer, as `dense`.
    fn kind(&self) -> &'static str;

    /// What it is in one line, as `dense 64 to 10` or `relu`.
    fn describe(&self) -> String {
        self.kind().to_owned()
    }

    /// The shape of a sample after it, from that before it: `[features]`, or `[channels, height, width]`.
    ///
    /// # Errors
    /// Where it takes no samples of this shape.
    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error>;

    /// Names and shapes of its parameters in their order, as `weight` of `[outputs, inputs]`, whose last index runs fastest.
    fn parameters(&self) -> Vec<(String, Vec<usize>)> {
        Vec::new()
    }

    /// Over how many inputs each unit of a parameter sums: what random first weights are scaled by. 0 for a parameter that starts
    /// at [`start`](Self::start).
    fn fan_in(&self, _parameter: &str) -> usize {
        0
    }

    /// Where a parameter starts that is not random: biases at 0.
    fn start(&self, _parameter: &str) -> f64 {
        0.0
    }

    /// Whether it leaves something to chance in training.
    fn is_random(&self) -> bool {
        false
    }

    /// The function that it applies to each feature by itself, if it does nothing else.
    fn as_elementwise(&self) -> Option<&Elementwise> {
        None
    }

    /// Itself as a dense layer, where each weight belongs to one input and one output.
    fn as_dense(&self) -> Option<&Dense> {
        None
    }
}

/// What a layer computes, over columns of samples.
pub trait Map<T: Number> {
    /// The output. What the pullback would have to compute again may be left in `memo`.
    fn forward(
        &self,
        parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    );

    /// Carries weights on the output back: adds what they make of the parameters to `gradient`, and writes what they make of the input over
    /// `input_adjoint`, each where wanted.
    fn pullback(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    );

    /// How far the output moves when the input moves by `shift`: f(x + shift) - f(x), without subtracting the two where they are
    /// close. What the way of a sample met is marked.
    fn difference(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        met: &mut [Met],
    );

    /// How many numbers that go in lie exactly at a kink, where the pullback takes what is agreed on: the slope of one side, or one between them.
    fn kinks(&self, _at: Visited<'_, T>) -> usize {
        0
    }

    /// How far the output moves when one parameter alone moves by `step`, as exactly as [`difference`](Self::difference). Layers that hold no others
    /// are affine in each of their parameters.
    fn moved(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        _parameter: usize,
        _step: T,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        output_shift.reshape(at.output.samples(), at.output.features());
        output_shift.fill(T::ZERO);
    }

    /// How it computes second derivatives, if it does.
    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        None
    }

    /// The gradient of each of these samples by itself, from the weights on their outputs: one row for each, of which the layer writes
    /// every number, whatever stood there. Nothing, for a layer without parameters.
    fn pullback_each(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        _adjoint: &Columns<T>,
        _samples: Range<usize>,
        _rows: &mut Rows<'_, T>,
    ) {
    }

    /// What the gradient of each sample adds to the square of its length, and its squared components to `squares`, where wanted: what
    /// mean and variance over samples need. A layer that can tell them without the gradients themselves does.
    fn square_each(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        lengths: &mut [T],
        mut squares: Option<&mut [T]>,
    ) {
        let mut row = vec![T::ZERO; parameters.len()];
        for (sample, length) in lengths.iter_mut().enumerate() {
            let mut rows = Rows::new(&mut row, parameters.len(), 0, parameters.len());
            self.pullback_each(parameters, at, adjoint, sample..sample + 1, &mut rows);
            for (place, component) in row.iter().enumerate() {
                let square = *component * *component;
                *length += square;
                if let Some(squares) = &mut squares {
                    squares[place] += square;
                }
            }
        }
    }
}

/// How a layer and its way back move when its parameters and its input do, which is what products with the Hessian need
/// (Pearlmutter 1994). The pullback is linear in the adjoint, so that a tangent of the adjoint is carried back by the pullback itself, and
/// only how the map turns under a fixed adjoint is a rule of its own.
pub trait SecondOrder<T: Number> {
    /// The tangent of the output (the Jacobian-vector product).
    fn tangent(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    );

    /// Adds to `gradient` and to `input_adjoint`, where wanted, the tangents of what the pullback makes of an adjoint that stays as it is. The
    /// pullback of a linear layer does not turn.
    fn turned(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        _along: Along<'_, T>,
        _adjoint: &Columns<T>,
        _gradient: &mut [T],
        _input_adjoint: Option<&mut Columns<T>>,
    ) {
    }
}

/// The direction in which a layer is moved.
#[derive(Clone, Copy, Debug)]
pub struct Along<'a, T> {
    /// The tangents of its parameters.
    pub parameters: &'a [T],
    /// The tangent of its input.
    pub input: &'a Columns<T>,
}

/// A layer after its forward run: what went in, what came out, and what it noted.
#[derive(Clone, Copy, Debug)]
pub struct Visited<'a, T> {
    /// What went in.
    pub input: &'a Columns<T>,
    /// What came out.
    pub output: &'a Columns<T>,
    /// What the layer noted.
    pub memo: &'a Memo<T>,
}

/// What a shift of one sample met on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// A kink was crossed: the quotient is of two sides, and no derivative.
    pub kink: bool,
    /// A function was followed so far that it bends much on the way, and between a few points on it may do what none of them shows.
    pub far: bool,
    /// A number fell to so small a part of itself that its change does not hold the digits of what is left.
    pub lost: bool,
}

/// What a layer notes on its way forward, for its way back.
#[derive(Clone, Debug, Default)]
pub struct Memo<T> {
    /// Whether a way back follows, so that notes are worth their time.
    pub wanted: bool,
    /// In training, the source of what is left to chance (dropout); `None` in evaluation.
    pub chance: Option<Random>,
    /// Its notes: slopes of an activation, the mask of dropout.
    pub notes: Columns<T>,
    /// The runs of layers within it.
    pub(crate) inner: Vec<Pass<T>>,
}

impl<T: Number> Memo<T> {
    /// The notes on certain samples, in that order.
    pub(crate) fn gather(&self, samples: &[usize]) -> Self {
        Self {
            wanted: self.wanted,
            chance: self.chance,
            notes: self.notes.gather(samples),
            inner: self.inner.iter().map(|pass| pass.gather(samples)).collect(),
        }
    }
}

/// The parameters of one layer in rows of all parameters, one row for each sample.
#[derive(Debug)]
pub struct Rows<'a, T> {
    values: &'a mut [T],
    stride: usize,
    offset: usize,
    count: usize,
}

impl<'a, T> Rows<'a, T> {
    /// Rows of `stride` numbers, of which `count` from `offset` on are those of the layer.
    pub(crate) fn new(values: &'a mut [T], stride: usize, offset: usize, count: usize) -> Self {
        Self {
            values,
            stride,
            offset,
            count,
        }
    }

    /// The part of the row of one sample, counted from the first that is asked for.
    pub fn row(&mut self, sample: usize) -> &mut [T] {
        let first = sample * self.stride + self.offset;
        &mut self.values[first..first + self.count]
    }

    /// The same of some of the parameters.
    fn part(&mut self, parameters: Range<usize>) -> Rows<'_, T> {
        Rows::new(
            self.values,
            self.stride,
            self.offset + parameters.start,
            parameters.len(),
        )
    }
}

/// How many numbers a sample of this shape has, if they can be counted.
///
/// ```
/// use secant_train::layer::numbers;
/// assert_eq!(numbers(&[3, 8, 8]), Some(192));
/// assert_eq!(numbers(&[usize::MAX, 2]), None);
/// ```
#[must_use]
pub fn numbers(shape: &[usize]) -> Option<usize> {
    shape
        .iter()
        .try_fold(1, |n: usize, side| n.checked_mul(*side))
}

/// The same of a sample that a layer moves about, which must be counted.
fn counted(shape: &[usize]) -> Result<usize, Error> {
    numbers(shape).ok_or_else(|| {
        let message = format!("samples of shape {shape:?} are too large");
        Error::new(ErrorKind::Shape, message)
    })
}

/// The error of a layer that is given samples of a shape it does not take.
fn misfit(layer: &dyn Layer, wanted: &str, given: &[usize]) -> Error {
    Error::new(
        ErrorKind::Shape,
        format!(
            "{} takes {wanted}, not samples of shape {given:?}",
            layer.describe()
        ),
    )
}
