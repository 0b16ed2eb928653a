//! [`Network`]: layers in a chain. It holds shapes and names, no numbers: parameters are one flat slice that is given to each
//! call, with a named [`Tensor`] for each part of it.

use std::ops::Range;
use std::sync::Arc;

use secant::{Error, ErrorKind};

use crate::columns::Columns;
use crate::layer::{self, Activation, Dense, Layer, Memo, Met, Rows, Visited};
use crate::number::Number;
use crate::random::Random;

/// One parameter tensor of one layer, and where it stands among all parameters.
///
/// Names are those of PyTorch's `Sequential`: the place of the layer, a dot, `weight` or `bias`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// As `0.weight`.
    pub name: String,
    /// The place of its layer, counted from 0.
    pub layer: usize,
    /// What it is within its layer: `weight`, `bias`, `block.0.weight`.
    pub part: String,
    /// Its shape; the last index runs fastest. Weights of a dense layer are `[outputs, inputs]`.
    pub shape: Vec<usize>,
    /// Its numbers among all parameters.
    pub range: Range<usize>,
}

impl Tensor {
    /// The indices of one of its numbers, from the place of that among all parameters.
    #[must_use]
    pub fn indices(&self, parameter: usize) -> Option<Vec<usize>> {
        let mut rest = self
            .range
            .contains(&parameter)
            .then(|| parameter - self.range.start)?;
        let mut indices = vec![0; self.shape.len()];
        for (index, size) in indices.iter_mut().zip(&self.shape).rev() {
            (*index, rest) = (rest % size, rest / size);
        }
        Some(indices)
    }
}

/// Layers in a chain: from the features of a sample to the outputs.
///
/// ```
/// use secant_train::{Columns, Network, layer::{Activation, Dense}};
/// let network = Network::new(&[2])
///     .then(Dense::new(2, 64))?
///     .then(Activation::named("relu")?)?
///     .then(Dense::new(64, 3))?;
/// assert_eq!(network.parameters(), 2 * 64 + 64 + 64 * 3 + 3);
/// assert_eq!(network.tensors()[2].name, "2.weight");
/// assert_eq!(network.tensors()[2].shape, [3, 64]);
///
/// let parameters: Vec<f64> = network.initial(1);
/// let outputs = network.outputs(&parameters, &Columns::from_rows(&[0.5, -0.5], 2)?)?;
/// assert_eq!((outputs.samples(), outputs.features()), (1, 3));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Network {
    layers: Vec<Placed>,
    /// Shapes of a sample: before the first layer, and after each.
    shapes: Vec<Vec<usize>>,
    tensors: Vec<Tensor>,
    parameters: usize,
}

/// A layer with its parameters among all.
#[derive(Clone, Debug)]
struct Placed {
    layer: Arc<dyn Layer>,
    range: Range<usize>,
}

impl Network {
    /// Without layers yet, for samples of this shape: `[features]`, or `[channels, height, width]`.
    #[must_use]
    pub fn new(input: &[usize]) -> Self {
        Self {
            layers: Vec::new(),
            shapes: vec![input.to_vec()],
            tensors: Vec::new(),
            parameters: 0,
        }
    }

    /// Dense layers with an activation between each two: `&[2, 64, 3]` and `relu` make 2 to 64, relu, 64 to 3.
    ///
    /// # Errors
    /// Where there are fewer than two sizes, one of them is 0, or the activation is not known.
    pub fn dense(sizes: &[usize], activation: &str) -> Result<Self, Error> {
        if sizes.len() < 2 || sizes.contains(&0) {
            return Err(Error::new(
                ErrorKind::Setting,
                format!("{sizes:?} are no sizes of layers"),
            )
            .hint("two or more sizes above 0, as 2,64,3"));
        }
        let activation = Activation::parse(activation)?;
        let mut network = Self::new(&sizes[..1]);
        for (place, pair) in sizes.windows(2).enumerate() {
            if place > 0 {
                network = network.then(activation.clone())?;
            }
            network = network.then(Dense::new(pair[0], pair[1]))?;
        }
        Ok(network)
    }

    /// The network with one more layer at its end.
    ///
    /// # Errors
    /// Where the layer takes no samples of the shape that comes out so far, or there would be more than 2²⁸ parameters.
    pub fn then(mut self, layer: impl Layer + 'static) -> Result<Self, Error> {
        self.push(Arc::new(layer))?;
        Ok(self)
    }

    /// The same for a layer of a kind that is known at run time only.
    ///
    /// # Errors
    /// As of [`then`](Self::then); the network is then as it was.
    pub fn push(&mut self, layer: Arc<dyn Layer>) -> Result<(), Error> {
        let place = self.layers.len();
        check_size(self.shape(), &format!("layer {place} takes samples"))?;
        let shape = layer.output(self.shape()).map_err(|error| {
            Error::new(error.kind(), format!("layer {place}: {}", error.message()))
        })?;
        let gives = format!("layer {place}, {}, gives samples", layer.describe());
        check_size(&shape, &gives)?;
        let mut tensors = Vec::new();
        let mut end = self.parameters;
        for (part, shape) in layer.parameters() {
            let next = layer::numbers(&shape)
                .and_then(|size| end.checked_add(size))
                .filter(|next| *next <= MOST_PARAMETERS);
            let Some(next) = next else {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    format!(
                        "layer {place}, {}, brings the network to more than {MOST_PARAMETERS} parameters",
                        layer.describe()
                    ),
                )
                .hint("training takes 32 bytes for each: make the layer smaller"));
            };
            tensors.push(Tensor {
                name: format!("{place}.{part}"),
                layer: place,
                part,
                shape,
                range: end..next,
            });
            end = next;
        }
        self.tensors.extend(tensors);
        self.shapes.push(shape);
        self.layers.push(Placed {
            layer,
            range: self.parameters..end,
        });
        self.parameters = end;
        Ok(())
    }

    /// The layers in their order.
    pub fn layers(&self) -> impl ExactSizeIterator<Item = &dyn Layer> {
        self.layers.iter().map(|placed| &*placed.layer)
    }

    /// The shape of a sample before each layer, and after the last.
    #[must_use]
    pub fn shapes(&self) -> &[Vec<usize>] {
        &self.shapes
    }

    /// The shape of a sample's outputs.
    fn shape(&self) -> &[usize] {
        self.shapes.last().map_or(&[], Vec::as_slice)
    }

    /// How many features a sample has.
    #[must_use]
    pub fn features(&self) -> usize {
        self.shapes.first().map_or(0, |shape| size(shape))
    }

    /// How many outputs a sample has.
    #[must_use]
    pub fn outputs_count(&self) -> usize {
        size(self.shape())
    }

    /// Whether a layer leaves something to chance in training, as dropout does.
    #[must_use]
    pub fn is_random(&self) -> bool {
        self.layers().any(Layer::is_random)
    }

    /// How many parameters there are in all.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Every parameter tensor by name and shape, in the order of the parameters.
    #[must_use]
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// The tensor that a parameter belongs to.
    #[must_use]
    pub fn tensor_of(&self, parameter: usize) -> Option<&Tensor> {
        self.tensors
            .iter()
            .find(|tensor| tensor.range.contains(&parameter))
    }

    /// Where a tensor of this name stands.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// Random first parameters: evenly within ±√(6/n) for a weight that sums over n inputs, which keeps the size of signals through
    /// relu (He et al. 2015, equation 10, with the variance 2/n of an even distribution); others at 0, scales of a normalisation at 1.
    #[must_use]
    pub fn initial<T: Number>(&self, seed: u64) -> Vec<T> {
        let mut random = Random::new(seed);
        let mut parameters = Vec::with_capacity(self.parameters);
        for tensor in &self.tensors {
            let layer = &self.layers[tensor.layer].layer;
            let fan_in = layer.fan_in(&tensor.part);
            let bound = (6.0 / fan_in.max(1) as f64).sqrt();
            for _ in tensor.range.clone() {
                parameters.push(T::of(match fan_in {
                    0 => layer.start(&tensor.part),
                    _ => bound * (2.0 * random.uniform() - 1.0),
                }));
            }
        }
        parameters
    }

    /// The outputs for samples.
    ///
    /// # Errors
    /// Where parameters or features are not as many as the network has.
    pub fn outputs<T: Number>(
        &self,
        parameters: &[T],
        samples: &Columns<T>,
    ) -> Result<Columns<T>, Error> {
        self.check(parameters, samples)?;
        let mut outputs = Columns::zeros(samples.samples(), self.outputs_count());
        let mut pass = Pass::new(self);
        for block in self.blocks::<T>(samples.samples()) {
            samples.copy_block(block.start, block.len(), pass.input());
            let computed = self.forward(parameters, &mut pass, false);
            for feature in 0..computed.features() {
                outputs.column_mut(feature)[block.clone()]
                    .copy_from_slice(computed.column(feature));
            }
        }
        Ok(outputs)
    }

    /// Whether parameters and samples are as many as the network takes.
    pub(crate) fn check<T: Number>(
        &self,
        parameters: &[T],
        samples: &Columns<T>,
    ) -> Result<(), Error> {
        if parameters.len() != self.parameters {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "the network has {} parameters, {} are given",
                    self.parameters,
                    parameters.len()
                ),
            ));
        }
        if samples.features() != self.features() {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "the network takes {} features, the samples have {}",
                    self.features(),
                    samples.features()
                ),
            ));
        }
        Ok(())
    }

    /// Whether a gradient has a number for each parameter.
    pub(crate) fn check_gradient<T>(&self, gradient: &[T]) -> Result<(), Error> {
        if gradient.len() == self.parameters {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Shape,
            format!(
                "a gradient of {} numbers for {} parameters",
                gradient.len(),
                self.parameters
            ),
        ))
    }

    /// Even blocks of samples that go through the layers together.
    pub(crate) fn blocks<T>(&self, samples: usize) -> impl Iterator<Item = Range<usize>> + use<T> {
        let widest = self
            .shapes
            .iter()
            .map(|shape| size(shape))
            .max()
            .unwrap_or(1);
        let most = BLOCK_BYTES / (size_of::<T>() * usize::max(widest, 1));
        let count = samples.div_ceil(most.clamp(128, 1024));
        (0..count).map(move |place| place * samples / count..(place + 1) * samples / count)
    }

    /// Runs the samples in the pass through all layers and gives the outputs.
    pub(crate) fn forward<'p, T: Number>(
        &self,
        parameters: &[T],
        pass: &'p mut Pass<T>,
        wanted: bool,
    ) -> &'p Columns<T> {
        for (place, placed) in self.layers.iter().enumerate() {
            let (before, after) = pass.values.split_at_mut(place + 1);
            let memo = &mut pass.memos[place];
            memo.wanted = wanted;
            T::map(&*placed.layer).forward(
                &parameters[placed.range.clone()],
                &before[place],
                &mut after[0],
                memo,
            );
        }
        &pass.values[self.layers.len()]
    }

    /// How many numbers lie exactly at a kink of the layer that they go into, in a pass that was run forward.
    pub(crate) fn kinks<T: Number>(&self, pass: &Pass<T>) -> usize {
        let layers = self.layers.iter().enumerate();
        layers
            .map(|(place, placed)| T::map(&*placed.layer).kinks(pass.visited(place)))
            .sum()
    }

    /// Carries the adjoint of the outputs, which stands in `pass`, back through all layers, and adds to the gradient. `each` is told
    /// of every layer with parameters and the adjoint of its outputs. The adjoint of the inputs is left in the pass where wanted.
    pub(crate) fn pullback<T: Number>(
        &self,
        parameters: &[T],
        pass: &mut Pass<T>,
        mut gradient: Option<&mut [T]>,
        input_wanted: bool,
        mut each: impl FnMut(usize, Visited<'_, T>, &Columns<T>),
    ) {
        let first = self
            .layers
            .iter()
            .position(|placed| !placed.range.is_empty())
            .unwrap_or(self.layers.len());
        for (place, placed) in self.layers.iter().enumerate().rev() {
            if place < first && !input_wanted {
                break;
            }
            let (at, adjoint, next) = pass.visit(place);
            if !placed.range.is_empty() {
                each(place, at, adjoint);
            }
            T::map(&*placed.layer).pullback(
                &parameters[placed.range.clone()],
                at,
                adjoint,
                gradient
                    .as_deref_mut()
                    .map(|gradient| &mut gradient[placed.range.clone()]),
                (place > first || input_wanted).then_some(next),
            );
            pass.turn();
        }
    }

    /// Carries a shift of what goes into layer `from` to the outputs; it stands in `pass.carried`, and the shift of the outputs is left there.
    pub(crate) fn carry<T: Number>(
        &self,
        parameters: &[T],
        pass: &mut Pass<T>,
        from: usize,
        met: &mut [Met],
    ) {
        for (place, placed) in self.layers.iter().enumerate().skip(from) {
            let (at, shift, next) = pass.visit(place);
            T::map(&*placed.layer).difference(
                &parameters[placed.range.clone()],
                at,
                shift,
                next,
                met,
            );
            pass.turn();
        }
    }

    /// Leaves in the pass how far the output of a layer moves when one of its parameters, counted within the layer, moves by `step`.
    pub(crate) fn moved<T: Number>(
        &self,
        place: usize,
        parameters: &[T],
        pass: &mut Pass<T>,
        (parameter, step): (usize, T),
        met: &mut [Met],
    ) {
        let (at, _, next) = pass.visit(place);
        let placed = &self.layers[place];
        let parameters = &parameters[placed.range.clone()];
        T::map(&*placed.layer).moved(parameters, at, parameter, step, next, met);
        pass.turn();
    }

    /// The gradient of each of these samples for one layer, from the adjoint of its outputs; a row holds all parameters.
    pub(crate) fn pullback_each<T: Number>(
        &self,
        place: usize,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        samples: Range<usize>,
        rows: &mut [T],
    ) {
        let placed = &self.layers[place];
        let range = placed.range.clone();
        let mut rows = Rows::new(rows, self.parameters, range.start, range.len());
        T::map(&*placed.layer).pullback_each(&parameters[range], at, adjoint, samples, &mut rows);
    }

    /// Where the parameters of a layer stand among all.
    pub(crate) fn range(&self, place: usize) -> Range<usize> {
        self.layers[place].range.clone()
    }

    /// One layer.
    pub(crate) fn layer(&self, place: usize) -> &dyn Layer {
        &*self.layers[place].layer
    }
}

/// How many numbers a sample of this shape has. Of more than can be counted, which no network takes, as many as can.
fn size(shape: &[usize]) -> usize {
    layer::numbers(shape).unwrap_or(usize::MAX)
}

/// That a sample of this shape has numbers, and that they can be counted.
fn check_size(shape: &[usize], whose: &str) -> Result<(), Error> {
    let wrong = match layer::numbers(shape) {
        Some(0) => "nothing in them",
        None => "more numbers than can be counted",
        Some(_) => return Ok(()),
    };
    Err(Error::new(
        ErrorKind::Shape,
        format!("{whose} of shape {shape:?}, with {wrong}"),
    ))
}

/// A network with more parameters than this (2²⁸) is refused before room is made for them: they take 2 GiB in double precision, and training four times
/// that, with the gradient and the two means of Adam. A process that is out of memory is ended without a word.
const MOST_PARAMETERS: usize = 1 << 28;

/// The widest columns of a block take so many bytes at most, so that they stay in the cache beside the weights.
const BLOCK_BYTES: usize = 1 << 18;

/// What one run of a block of samples leaves behind, and room for the way back; used again from block to block.
#[derive(Clone, Debug)]
pub(crate) struct Pass<T> {
    /// The samples, then the output of each layer.
    pub(crate) values: Vec<Columns<T>>,
    pub(crate) memos: Vec<Memo<T>>,
    /// What is carried: adjoints on the way back, shifts on the way on.
    pub(crate) carried: Columns<T>,
    next: Columns<T>,
}

impl<T: Number> Pass<T> {
    pub(crate) fn new(network: &Network) -> Self {
        let empty = || Columns::zeros(0, 0);
        let layers = network.layers.len();
        Self {
            values: (0..=layers).map(|_| empty()).collect(),
            memos: (0..layers).map(|_| Memo::default()).collect(),
            carried: empty(),
            next: empty(),
        }
    }

    /// Where the samples stand.
    pub(crate) fn input(&mut self) -> &mut Columns<T> {
        &mut self.values[0]
    }

    /// The outputs of the last layer.
    pub(crate) fn output(&self) -> &Columns<T> {
        &self.values[self.memos.len()]
    }

    /// A layer as it was run, what is carried to it, and where it leaves what it makes of that.
    fn visit(&mut self, place: usize) -> (Visited<'_, T>, &Columns<T>, &mut Columns<T>) {
        let at = Visited {
            input: &self.values[place],
            output: &self.values[place + 1],
            memo: &self.memos[place],
        };
        (at, &self.carried, &mut self.next)
    }

    /// A layer as it was run.
    pub(crate) fn visited(&self, place: usize) -> Visited<'_, T> {
        Visited {
            input: &self.values[place],
            output: &self.values[place + 1],
            memo: &self.memos[place],
        }
    }

    /// The same of certain samples, in that order.
    pub(crate) fn gather(&self, samples: &[usize]) -> Self {
        Self {
            values: self
                .values
                .iter()
                .map(|values| values.gather(samples))
                .collect(),
            memos: self.memos.iter().map(|memo| memo.gather(samples)).collect(),
            carried: Columns::zeros(0, 0),
            next: Columns::zeros(0, 0),
        }
    }

    /// What a layer made becomes what is carried.
    fn turn(&mut self) {
        std::mem::swap(&mut self.carried, &mut self.next);
    }
}
