//! Operators that are layers: what each node makes of its settings and constants. Adding one is a function here and a line in [`layer`].

use std::sync::Arc;

use secant_train::layer::{Convolution, Dense, Flatten, Layer, LayerNorm, Softmax};

use super::graph::{Graph, Numbers};
use super::schema::Node;
use crate::error::{Error, ErrorKind};

/// A layer with its parameters, and the names of their tensors in the file.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) layer: Arc<dyn Layer>,
    pub(crate) parameters: Vec<f64>,
    pub(crate) names: Vec<String>,
}

impl Made {
    /// The dense layer with these biases, if it is one that has none.
    pub(crate) fn with_bias(&self, name: &str, bias: &Numbers) -> Option<Self> {
        let dense = self.layer.as_dense()?;
        let fits =
            bias.values.len() == dense.outputs() && bias.shape.last() == Some(&dense.outputs());
        if dense.has_bias() || !fits {
            return None;
        }
        let with_bias = Dense::new(dense.inputs(), dense.outputs());
        Some(Self {
            layer: Arc::new(with_bias),
            parameters: [self.parameters.as_slice(), &bias.values].concat(),
            names: [self.names.as_slice(), &[name.to_owned()]].concat(),
        })
    }
}

/// The layer of a node that reads samples of this shape by its first input; none where it is no layer.
pub(crate) fn layer(
    node: &Node<'_>,
    graph: &Graph<'_>,
    shape: Option<&[usize]>,
) -> Result<Option<Made>, Error> {
    let made = match node.operator {
        "Gemm" => gemm(node, graph),
        "MatMul" => matmul(node, graph),
        "Conv" => convolution(node, graph, shape),
        "LayerNormalization" => layer_norm(node, graph, shape),
        "Softmax" => softmax(node, graph, shape),
        "Flatten" | "Reshape" => flatten(node, graph, shape),
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
    let weights = constant(node, graph, 1)?;
    let weights = if node.whole("transB", 0)? != 0 {
        weights
    } else {
        weights.turned().ok_or_else(|| no_matrix(&weights))?
    };
    let made = dense(node, graph, weights)?;
    match node.inputs.get(2).filter(|name| !name.is_empty()) {
        None => Ok(made),
        Some(name) => {
            let bias = constant(node, graph, 2)?;
            made.with_bias(graph.stored_name(name), &bias)
                .ok_or_else(|| {
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
    let weights = constant(node, graph, 1)?;
    let weights = weights.turned().ok_or_else(|| no_matrix(&weights))?;
    dense(node, graph, weights)
}

/// A dense layer without biases, from weights with a row for each output.
fn dense(node: &Node<'_>, graph: &Graph<'_>, weights: Numbers) -> Result<Made, Error> {
    let [outputs, inputs] = *weights.shape else {
        return Err(no_matrix(&weights));
    };
    if weights.values.is_empty() {
        return Err(Error::new(ErrorKind::Graph, "its weights are empty"));
    }
    Ok(Made {
        layer: Arc::new(Dense::new(inputs, outputs).without_bias()),
        parameters: weights.values,
        names: vec![graph.stored_name(node.inputs[1]).to_owned()],
    })
}

/// A kernel moved over each sample.
fn convolution(node: &Node<'_>, graph: &Graph<'_>, shape: Option<&[usize]>) -> Result<Made, Error> {
    /// Longer steps and wider rims are those of a damaged file.
    const MOST: i64 = 1 << 12;
    let weights = constant(node, graph, 1)?;
    let [outputs, inputs, ref kernel @ ..] = *weights.shape.as_slice() else {
        return Err(unsupported("its weights are no kernel"));
    };
    let shape = shape.ok_or_else(|| unsupported("the shape of its samples is not known"))?;
    if shape.first() != Some(&inputs) || weights.values.is_empty() {
        return Err(misfit(&weights.shape, shape));
    }
    let padded = node.text("auto_pad", "NOTSET")?;
    let plain = matches!(padded, "NOTSET" | "VALID") && node.whole("group", 1)? == 1;
    if !plain || same(node, "dilations", 1)? != Some(1) {
        return Err(unsupported(
            "its form with groups, dilations or auto_pad is not read",
        ));
    }
    let sizes = (same(node, "strides", 1)?, same(node, "pads", 0)?);
    let (Some(stride @ 1..=MOST), Some(padding @ 0..=MOST)) = sizes else {
        return Err(unsupported(
            "strides or pads that differ from side to side are not read",
        ));
    };
    let bias = match node.inputs.get(2).filter(|name| !name.is_empty()) {
        Some(_) => constant(node, graph, 2)?,
        None => return Err(unsupported("a convolution without biases is not read")),
    };
    if bias.shape != [outputs] {
        return Err(misfit(&bias.shape, shape));
    }
    let layer = Convolution::new(shape, outputs, kernel)
        .map(|layer| layer.padding(padding as usize))
        .and_then(|layer| layer.stride(stride as usize))
        .map_err(|error| unsupported(error.message()))?;
    Ok(Made {
        layer: Arc::new(layer),
        parameters: [weights.values, bias.values].concat(),
        names: stored_names(node, graph),
    })
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
    let layer = LayerNorm::new(features).epsilon(node.number("epsilon", 1e-5)?);
    Ok(Made {
        layer: Arc::new(layer),
        parameters: [scale.values, bias.values].concat(),
        names: stored_names(node, graph),
    })
}

/// Softmax that is not the end.
fn softmax(node: &Node<'_>, graph: &Graph<'_>, shape: Option<&[usize]>) -> Result<Made, Error> {
    row(node, shape, if graph.version < 13 { 1 } else { -1 })?;
    Ok(without_parameters(Softmax))
}

/// The features of each sample in one row.
fn flatten(node: &Node<'_>, graph: &Graph<'_>, shape: Option<&[usize]>) -> Result<Made, Error> {
    let features = shape.and_then(|shape| {
        shape
            .iter()
            .try_fold(1usize, |all, side| all.checked_mul(*side))
    });
    let is_row = if node.operator == "Flatten" {
        node.whole("axis", 1)? == 1
    } else {
        let wanted = constant(node, graph, 1)?.values;
        let [rows, across] = wanted.as_slice() else {
            return Err(unsupported("only the shape of rows is read"));
        };
        let as_is = features.is_some_and(|features| *across == features as f64);
        (*rows == -1.0 && as_is) || (*rows == 0.0 && (as_is || *across == -1.0))
    };
    if !is_row {
        return Err(unsupported(
            "only the shape of rows, one for each sample, is read",
        ));
    }
    Ok(without_parameters(Flatten))
}

fn without_parameters(layer: impl Layer + 'static) -> Made {
    Made {
        layer: Arc::new(layer),
        parameters: Vec::new(),
        names: Vec::new(),
    }
}

/// How many features samples have that are rows; the axis of the node must run along them.
fn row(node: &Node<'_>, shape: Option<&[usize]>, default: i64) -> Result<usize, Error> {
    match (shape, node.whole("axis", default)?) {
        (Some(&[features]), -1 | 1) => Ok(features),
        _ => Err(unsupported("it is read along the features of rows alone")),
    }
}

/// The one number that a list holds again and again; what stands for it where there is no list.
fn same(node: &Node<'_>, name: &str, default: i64) -> Result<Option<i64>, Error> {
    let Some(values) = node.wholes(name)? else {
        return Ok(Some(default));
    };
    let first = values.first().copied().unwrap_or(default);
    Ok(values.iter().all(|value| *value == first).then_some(first))
}

/// What weights and biases are called in the file.
fn stored_names(node: &Node<'_>, graph: &Graph<'_>) -> Vec<String> {
    let names = node.inputs.iter().skip(1);
    names
        .map(|name| graph.stored_name(name).to_owned())
        .collect()
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

fn unsupported(message: &str) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}
