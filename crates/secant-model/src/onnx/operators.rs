//! Operators that are layers: what each node makes of its settings and constants. Adding one is a function here and a line in [`layer`].

use std::any::Any;
use std::ops::RangeInclusive;
use std::sync::Arc;

use secant_train::layer::{
    AveragePool, BatchNorm, Convolution, Dense, Layer, LayerNorm, MaxPool, Softmax, Windows,
};

use super::graph::{Graph, Numbers};
use super::schema::{self, Node};
use crate::error::{Error, ErrorKind};
use crate::weights::Stored;

/// A layer with its parameters, and how their tensors are stored in the file.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) layer: Arc<dyn Layer>,
    pub(crate) parameters: Vec<f64>,
    pub(crate) stored: Vec<Stored>,
}

impl Made {
    /// Without parameters.
    pub(crate) fn plain(layer: impl Layer + 'static) -> Self {
        Self {
            layer: Arc::new(layer),
            parameters: Vec::new(),
            stored: Vec::new(),
        }
    }

    /// The layer with these biases, one for each of its outputs, if it is a dense layer or a convolution that has none.
    pub(crate) fn with_bias(&self, name: &str, bias: &[f64]) -> Option<Self> {
        let layer: &dyn Any = &*self.layer;
        let with_bias: Arc<dyn Layer> = if let Some(dense) = self.layer.as_dense() {
            if dense.has_bias() || bias.len() != dense.outputs() {
                return None;
            }
            Arc::new(Dense::new(dense.inputs(), dense.outputs()))
        } else {
            let convolution = layer.downcast_ref::<Convolution>()?;
            if convolution.has_bias() || bias.len() != convolution.outputs() {
                return None;
            }
            Arc::new(convolution.clone().with_bias())
        };
        Some(Self {
            layer: with_bias,
            parameters: [self.parameters.as_slice(), bias].concat(),
            stored: [self.stored.as_slice(), &[Stored::plain(name)]].concat(),
        })
    }
}

/// How far padding that stands in a node of its own reaches before and behind each side behind the channels.
pub(crate) type Rim<'a> = &'a [[usize; 2]];

/// The layer of a node that reads samples of this shape by its first input, with a rim around them; none where it is no layer.
pub(crate) fn layer(
    node: &Node<'_>,
    graph: &Graph<'_>,
    shape: Option<&[usize]>,
    rim: Rim<'_>,
) -> Result<Option<Made>, Error> {
    let made = match node.operator {
        "Gemm" => gemm(node, graph),
        "MatMul" => matmul(node, graph),
        "Conv" => convolution(node, graph, shape, rim),
        "MaxPool" => max_pool(node, shape, rim),
        "AveragePool" => average_pool(node, shape),
        "GlobalMaxPool" => known(shape).and_then(|shape| pool_of_all("ReduceMax", shape)),
        "GlobalAveragePool" => known(shape).and_then(|shape| pool_of_all("ReduceMean", shape)),
        "BatchNormalization" => batch_norm(node, graph),
        "LayerNormalization" => layer_norm(node, graph, shape),
        "Softmax" => softmax(node, graph, shape),
        _ => return Ok(None),
    };
    made.map(Some).map_err(|error| error.at(node.place()))
}

/// `alpha A B + beta C`, with A the samples.
fn gemm(node: &Node<'_>, graph: &Graph<'_>) -> Result<Made, Error> {
    let plain = node.number("alpha", 1.0)? == 1.0 && node.number("beta", 1.0)? == 1.0;
    if !plain || node.whole("transA", 0)? != 0 {
        return Err(unsupported(
            "its form with alpha, beta or transA is not read",
        ));
    }
    let made = dense(node, graph, node.whole("transB", 0)? == 0)?;
    match node.inputs.get(2).filter(|name| !name.is_empty()) {
        None => Ok(made),
        Some(name) => {
            let bias = constant(node, graph, 2)?;
            // One number for each sample would be a column.
            let is_row = bias.shape.last() == Some(&bias.values.len());
            let made = made.with_bias(graph.stored_name(name), &bias.values);
            made.filter(|_| is_row).ok_or_else(|| {
                Error::new(
                    ErrorKind::Graph,
                    format!("a bias of shape {:?} does not fit", bias.shape),
                )
            })
        }
    }
}

/// Samples times a constant matrix.
fn matmul(node: &Node<'_>, graph: &Graph<'_>) -> Result<Made, Error> {
    dense(node, graph, true)
}

/// A dense layer without biases, from weights with a row for each output, or for each input, which are turned.
fn dense(node: &Node<'_>, graph: &Graph<'_>, is_turned: bool) -> Result<Made, Error> {
    let weights = constant(node, graph, 1)?;
    let weights = match is_turned {
        true => weights.turned().ok_or_else(|| no_matrix(&weights))?,
        false => weights,
    };
    let mut stored = graph.stored(node.inputs[1]);
    stored.turned ^= is_turned;
    let [outputs, inputs] = *weights.shape else {
        return Err(no_matrix(&weights));
    };
    if weights.values.is_empty() {
        return Err(Error::new(ErrorKind::Graph, "its weights are empty"));
    }
    Ok(Made {
        layer: Arc::new(Dense::new(inputs, outputs).without_bias()),
        parameters: weights.values,
        stored: vec![stored],
    })
}

/// A kernel moved over each sample.
fn convolution(
    node: &Node<'_>,
    graph: &Graph<'_>,
    shape: Option<&[usize]>,
    rim: Rim<'_>,
) -> Result<Made, Error> {
    let weights = constant(node, graph, 1)?;
    let [outputs, inputs, ref kernel @ ..] = *weights.shape.as_slice() else {
        return Err(unsupported("its weights are no kernel"));
    };
    if node.whole("group", 1)? != 1 {
        return Err(unsupported("its form with groups is not read"));
    }
    let shape = known(shape)?;
    if shape.first() != Some(&inputs) || weights.values.is_empty() {
        return Err(misfit(&weights.shape, shape));
    }
    let layer = Convolution::over(shape, outputs, windows(node, kernel, shape, rim)?)
        .map_err(|error| refused(&error))?
        .without_bias();
    let mut made = Made {
        layer: Arc::new(layer.clone()),
        parameters: weights.values,
        stored: stored(node, graph),
    };
    if node.inputs.get(2).is_some_and(|name| !name.is_empty()) {
        let bias = constant(node, graph, 2)?;
        if bias.shape != [outputs] {
            return Err(misfit(&bias.shape, shape));
        }
        made.layer = Arc::new(layer.with_bias());
        made.parameters.extend(bias.values);
    }
    Ok(made)
}

/// The largest number of each window.
fn max_pool(node: &Node<'_>, shape: Option<&[usize]>, rim: Rim<'_>) -> Result<Made, Error> {
    let shape = known(shape)?;
    let layer = MaxPool::new(shape, pool_windows(node, shape, rim)?);
    layer.map(Made::plain).map_err(|error| refused(&error))
}

/// The mean of each window.
fn average_pool(node: &Node<'_>, shape: Option<&[usize]>) -> Result<Made, Error> {
    let shape = known(shape)?;
    let layer = AveragePool::new(shape, pool_windows(node, shape, &[])?);
    let counts_padding = node.whole("count_include_pad", 0)? != 0;
    layer
        .map(|layer| {
            Made::plain(if counts_padding {
                layer
            } else {
                layer.without_padding()
            })
        })
        .map_err(|error| refused(&error))
}

/// The mean or the largest number of each channel, which keeps a place for each side.
pub(crate) fn pool_of_all(operator: &str, shape: &[usize]) -> Result<Made, Error> {
    let pool = match operator {
        "ReduceMax" => MaxPool::global(shape).map(Made::plain),
        _ => AveragePool::global(shape).map(Made::plain),
    };
    pool.map_err(|error| refused(&error))
}

/// Longer steps, wider rims and larger windows are those of a damaged file.
const MOST: i64 = 1 << 12;

/// The windows of a pooling.
fn pool_windows(node: &Node<'_>, shape: &[usize], rim: Rim<'_>) -> Result<Windows, Error> {
    let sides = shape.len().saturating_sub(1);
    let size = sizes(node, "kernel_shape", sides, 1..=MOST)?;
    let size = size.ok_or_else(|| unsupported("it does not tell the shape of its windows"))?;
    let windows = windows(node, &size, shape, rim)?;
    let whole = |axis: usize| {
        let (before, after) = (windows.before()[axis], windows.after()[axis]);
        let room = (shape[axis + 1] + before + after).checked_sub(size[axis]);
        room.is_some_and(|room| room.is_multiple_of(windows.strides()[axis]))
    };
    if node.whole("ceil_mode", 0)? != 0 && !(0..sides).all(whole) {
        return Err(unsupported(
            "with ceil_mode a window would reach beyond the padding, which is not read",
        ));
    }
    Ok(windows)
}

/// Windows of this size over samples of this shape.
fn windows(
    node: &Node<'_>,
    size: &[usize],
    shape: &[usize],
    rim: Rim<'_>,
) -> Result<Windows, Error> {
    if shape.len() != size.len() + 1 {
        return Err(misfit(size, shape));
    }
    if sizes(node, "dilations", size.len(), 1..=MOST)?
        .is_some_and(|dilations| dilations.iter().any(|dilation| *dilation != 1))
    {
        return Err(unsupported("its form with dilations is not read"));
    }
    let ones = vec![1; size.len()];
    let strides = sizes(node, "strides", size.len(), 1..=MOST)?.unwrap_or(ones);
    let pads = sizes(node, "pads", 2 * size.len(), 0..=MOST)?;
    let mut pads = pads.unwrap_or_else(|| vec![0; 2 * size.len()]);
    let padded = node.text("auto_pad", "NOTSET")?;
    let (before, after) = pads.split_at_mut(size.len());
    match padded {
        "NOTSET" => {}
        "VALID" => {
            before.fill(0);
            after.fill(0);
        }
        // As many places as there are steps in the sample; what is left over goes to the end, or to the beginning.
        "SAME_UPPER" | "SAME_LOWER" => {
            for (axis, side) in shape[1..].iter().enumerate() {
                let side = side + rim.get(axis).map_or(0, |[before, after]| before + after);
                let last = (side.div_ceil(strides[axis]).max(1) - 1).saturating_mul(strides[axis]);
                let padding = last.saturating_add(size[axis]).saturating_sub(side);
                let (less, more) = (padding / 2, padding - padding / 2);
                (before[axis], after[axis]) = match padded {
                    "SAME_UPPER" => (less, more),
                    _ => (more, less),
                };
            }
        }
        other => {
            return Err(unsupported(&format!(
                "its form with auto_pad {other} is not read"
            )));
        }
    }
    for (axis, rim) in rim.iter().enumerate() {
        before[axis] += rim[0];
        after[axis] += rim[1];
    }
    Windows::new(size)
        .and_then(|windows| windows.stride(&strides))
        .and_then(|windows| windows.padding(before, after))
        .map_err(|error| refused(&error))
}

/// A list of so many sizes, each in a range, where it is given.
fn sizes(
    node: &Node<'_>,
    name: &str,
    count: usize,
    range: RangeInclusive<i64>,
) -> Result<Option<Vec<usize>>, Error> {
    let Some(values) = node.wholes(name)? else {
        return Ok(None);
    };
    if values.len() != count || !values.iter().all(|value| range.contains(value)) {
        let message = format!(
            "its {name} {values:?} are no {count} numbers from {} to {}",
            range.start(),
            range.end()
        );
        return Err(unsupported(&message));
    }
    Ok(Some(values.iter().map(|value| *value as usize).collect()))
}

/// Channels brought to mean 0 and variance 1 by statistics that are constants.
fn batch_norm(node: &Node<'_>, graph: &Graph<'_>) -> Result<Made, Error> {
    let outputs = node.outputs.iter().skip(1);
    if node.whole("training_mode", 0)? != 0 || outputs.clone().any(|name| !name.is_empty()) {
        return Err(
            unsupported("batch norm by the statistics of each batch is not read")
                .hint("export the model in evaluation, after model.eval()"),
        );
    }
    let given = |place: usize| constant(node, graph, place);
    let [weight, bias, mean, variance] = [given(1)?, given(2)?, given(3)?, given(4)?];
    let channels = [weight.values.len()];
    for other in [&weight, &bias, &mean, &variance] {
        if other.shape != channels {
            return Err(misfit(&other.shape, &channels));
        }
    }
    let epsilon = epsilon(node)?;
    let layer = BatchNorm::new(&mean.values, &variance.values)
        .and_then(|layer| layer.with_epsilon(epsilon))
        .map_err(|error| refused(&error))?;
    Ok(Made {
        layer: Arc::new(layer),
        parameters: [weight.values, bias.values].concat(),
        stored: stored(node, graph).into_iter().take(2).collect(),
    })
}

/// The epsilon of a normalisation. It is stored in single precision; what is meant is the shortest number that is stored so, as 0.00001.
fn epsilon(node: &Node<'_>) -> Result<f64, Error> {
    let stored = node.number("epsilon", 1e-5)?;
    Ok(schema::typed(stored as f32))
}

/// Features brought to mean 0 and variance 1.
fn layer_norm(node: &Node<'_>, graph: &Graph<'_>, shape: Option<&[usize]>) -> Result<Made, Error> {
    let features = row(node, shape, -1)?;
    if node.inputs.get(2).is_none_or(|name| name.is_empty()) {
        return Err(unsupported("a layer norm without biases is not read"));
    }
    let (scale, bias) = (constant(node, graph, 1)?, constant(node, graph, 2)?);
    if scale.shape != [features] || bias.shape != [features] {
        return Err(misfit(&scale.shape, &[features]));
    }
    let layer = LayerNorm::new(features).with_epsilon(epsilon(node)?);
    let layer = layer.map_err(|error| refused(&error))?;
    Ok(Made {
        layer: Arc::new(layer),
        parameters: [scale.values, bias.values].concat(),
        stored: stored(node, graph),
    })
}

/// Softmax that is not the end.
fn softmax(node: &Node<'_>, graph: &Graph<'_>, shape: Option<&[usize]>) -> Result<Made, Error> {
    row(node, shape, if graph.version < 13 { 1 } else { -1 })?;
    Ok(Made::plain(Softmax))
}

/// How many features samples have that are rows; the axis of the node must run along them.
fn row(node: &Node<'_>, shape: Option<&[usize]>, default: i64) -> Result<usize, Error> {
    match (shape, node.whole("axis", default)?) {
        (Some(&[features]), -1 | 1) => Ok(features),
        _ => Err(unsupported("it is read along the features of rows alone")),
    }
}

/// What weights and biases are called in the file.
fn stored(node: &Node<'_>, graph: &Graph<'_>) -> Vec<Stored> {
    let names = node.inputs.iter().skip(1);
    let names = names.filter(|name| !name.is_empty());
    names.map(|name| graph.stored(name)).collect()
}

/// The shape of the samples, which must be known.
fn known(shape: Option<&[usize]>) -> Result<&[usize], Error> {
    shape.ok_or_else(shape_unknown)
}

/// That an operator cannot be read without the shape of its samples.
pub(crate) fn shape_unknown() -> Error {
    unsupported("the shape of its samples is not known")
        .hint("export the model with all sizes fixed but that of the batch")
}

/// What a layer refuses.
pub(crate) fn refused(error: &secant::Error) -> Error {
    let told = unsupported(error.message());
    match error.repair() {
        Some(hint) => told.hint(hint),
        None => told,
    }
}

fn misfit(weights: &[usize], samples: &[usize]) -> Error {
    let message = format!("constants of shape {weights:?} do not fit samples of shape {samples:?}");
    Error::new(ErrorKind::Graph, message)
}

/// An input that must be a constant.
fn constant(node: &Node<'_>, graph: &Graph<'_>, place: usize) -> Result<Numbers, Error> {
    let name = node.inputs.get(place).copied().unwrap_or_default();
    graph.numbers(name)?.ok_or_else(|| {
        unsupported(&format!(
            "its input {} is not stored in the file",
            place + 1
        ))
    })
}

fn no_matrix(weights: &Numbers) -> Error {
    unsupported(&format!(
        "weights of shape {:?} are no matrix",
        weights.shape
    ))
}

pub(crate) fn unsupported(message: &str) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}
