//! A network as an ONNX file, in double precision so that nothing is lost: `Gemm` for a dense layer, an operator for each activation that is one.

use secant::Operation;
use secant_train::Network;
use secant_train::layer::Layer;

use super::Ending;
use super::schema;
use super::wire::Draft;
use crate::error::{Error, ErrorKind};

/// The version of the operators that are written; gelu came with it.
const VERSION: i64 = 20;
/// The version of the format that goes with it.
const FORMAT: i64 = 9;

/// The bytes of an `.onnx` file of a network, whose input is `input` and whose output `output`.
///
/// # Errors
/// Where parameters are not as many as the network has, or a layer is none of ONNX: a formula.
pub fn write(network: &Network, parameters: &[f64], ending: Ending) -> Result<Vec<u8>, Error> {
    if parameters.len() != network.parameters() {
        let message = format!(
            "the network has {} parameters, {} are given",
            network.parameters(),
            parameters.len()
        );
        return Err(Error::new(ErrorKind::Mismatch, message));
    }
    let mut graph = Draft::default().text(2, "secant");
    let last = network.layers().len();
    let ends = ending != Ending::None;
    let name_of = |place: usize| match place {
        0 => "input".to_owned(),
        place if place == last && !ends => "output".to_owned(),
        place => format!("value{place}"),
    };
    for (place, layer) in network.layers().enumerate() {
        let tensors: Vec<&str> = network
            .tensors()
            .iter()
            .filter(|tensor| tensor.layer == place)
            .map(|tensor| tensor.name.as_str())
            .collect();
        let (operator, attributes) = operator(layer).ok_or_else(|| {
            let message = format!(
                "layer {place}, {}, is not written as ONNX yet",
                layer.describe()
            );
            Error::new(ErrorKind::Unsupported, message)
                .hint("a .safetensors file holds any weights")
        })?;
        let input = name_of(place);
        let inputs: Vec<&str> = std::iter::once(input.as_str()).chain(tensors).collect();
        let node = schema::node(
            operator,
            &format!("layer{place}"),
            &inputs,
            &name_of(place + 1),
            &attributes,
        );
        graph = graph.message(1, &node);
    }
    if let Some(operator) = operator_of(ending) {
        let attributes: &[(&str, i64)] = if ending == Ending::Sigmoid {
            &[]
        } else {
            &[("axis", -1)]
        };
        let node = schema::node(operator, "ending", &[&name_of(last)], "output", attributes);
        graph = graph.message(1, &node);
    }
    for tensor in network.tensors() {
        let values = parameters[tensor.range.clone()].iter().copied();
        graph = graph.message(5, &schema::constant(&tensor.name, &tensor.shape, values));
    }
    let shapes = network.shapes();
    let (first, output) = (shapes.first(), shapes.last());
    let shape = |shape: Option<&Vec<usize>>| shape.cloned().unwrap_or_default();
    graph = graph
        .message(11, &schema::value("input", &shape(first)))
        .message(12, &schema::value("output", &shape(output)));
    let version = Draft::default().text(1, "").whole(2, VERSION);
    let model = Draft::default()
        .whole(1, FORMAT)
        .text(2, "secant")
        .message(7, &graph)
        .message(8, &version);
    Ok(model.into_bytes())
}

/// The operator of a layer, with its settings.
fn operator(layer: &dyn Layer) -> Option<(&'static str, Vec<(&'static str, i64)>)> {
    if layer.as_dense().is_some() {
        return Some(("Gemm", vec![("transB", 1)]));
    }
    match layer.kind() {
        "flatten" => return Some(("Flatten", vec![("axis", 1)])),
        "softmax" => return Some(("Softmax", vec![("axis", -1)])),
        _ => {}
    }
    if layer.kind() == "activation" {
        let operator = match Operation::named(&layer.describe())? {
            Operation::Relu => "Relu",
            Operation::Tanh => "Tanh",
            Operation::Sigmoid => "Sigmoid",
            Operation::Softplus => "Softplus",
            Operation::Gelu => "Gelu",
            Operation::Erf => "Erf",
            Operation::Exp => "Exp",
            Operation::Ln => "Log",
            Operation::Sqrt => "Sqrt",
            Operation::Abs => "Abs",
            Operation::Sin => "Sin",
            Operation::Cos => "Cos",
            _ => return None,
        };
        return Some((operator, Vec::new()));
    }
    None
}

fn operator_of(ending: Ending) -> Option<&'static str> {
    match ending {
        Ending::None => None,
        Ending::Softmax => Some("Softmax"),
        Ending::LogSoftmax => Some("LogSoftmax"),
        Ending::Sigmoid => Some("Sigmoid"),
    }
}
