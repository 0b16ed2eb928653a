//! ONNX in and out (opset 11 to 21): the layers of a network from the nodes of a graph, as PyTorch, Keras and scikit-learn's converters write them.
//!
//! Nodes that compute element by element from one value are gathered into one activation, a name of secant's table or else a formula: `x * sigmoid(x)` needs no entry of its own.
//! What only moves numbers, as exporters with channels last write it around each convolution, makes a layer where their order matters.
//! A softmax or sigmoid at the end is told as the [`Ending`], since losses take what stands before it.

mod channels;
mod convert;
mod elementwise;
mod formula;
mod graph;
mod operators;
mod schema;
mod tensor;
#[cfg(test)]
mod tests;
mod wire;
mod write;

use std::collections::BTreeMap;

use secant_train::Network;

use crate::error::Error;
use crate::weights::Stored;

pub use write::write;

/// Reads a file beside the model, by the name that stands in it.
pub type Beside<'a> = &'a dyn Fn(&str) -> std::io::Result<Vec<u8>>;

/// How a model is read.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Which output is taken [default: the first of numbers that are not whole].
    pub output: Option<&'a str>,
    /// How files beside the model are read; without it there are none.
    pub beside: Option<Beside<'a>>,
}

/// A network as it stood in a file.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its layers, up to the ending.
    pub network: Network,
    /// Its parameters, in the order of the network.
    pub parameters: Vec<f64>,
    /// For each tensor of the network, what it was called in the file, and how it lay there.
    pub stored: Vec<Stored>,
    /// What stood behind the last layer.
    pub ending: Ending,
    /// What else the file tells, by its name (`metadata_props`).
    pub about: BTreeMap<String, String>,
}

/// What a classifier does to the outputs of its last layer. It belongs to the loss, which takes the outputs before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// Nothing.
    #[default]
    None,
    /// Probabilities of all classes.
    Softmax,
    /// Their logarithms.
    LogSoftmax,
    /// The probability of one class, or of each by itself.
    Sigmoid,
}

impl Ending {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Softmax => "softmax",
            Self::LogSoftmax => "log-softmax",
            Self::Sigmoid => "sigmoid",
        }
    }
}

/// Reads a model from the bytes of an `.onnx` file.
///
/// # Errors
/// Where the bytes are no such file or are cut off, an operator or a form of it is not read here (told with its node), or shapes do not fit.
pub fn read(bytes: &[u8], options: &Options<'_>) -> Result<Model, Error> {
    let model = schema::Model::read(bytes)?;
    let graph = graph::Graph::new(&model, bytes.len(), options)?;
    Ok(Model {
        about: model.about(),
        ..convert::convert(&graph)?
    })
}
