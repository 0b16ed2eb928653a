//! Operators that are layers: what each node makes of its settings and constants. Adding one is a function here and a line in [`layer`].

use std::sync::Arc;

use secant_train::layer::{Dense, Layer};

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

/// The layer of a node that reads the samples by its first input; none where it is no layer.
pub(crate) fn layer(node: &Node<'_>, graph: &Graph<'_>) -> Result<Option<Made>, Error> {
    let made = match node.operator {
        "Gemm" => gemm(node, graph),
        "MatMul" => matmul(node, graph),
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
