//! A network as an ONNX file: an operator for each layer (several for a formula), and for a residual those of its two ways and their sum. Numbers are stored in double precision, so that nothing
//! is lost, and computed in it where onnxruntime has the operators for that; else all is cast to single precision first, which the reader sees through.

use std::any::Any;
use std::collections::BTreeMap;

use secant_train::layer::{
    AveragePool, BatchNorm, Convolution, Dropout, Flatten, Layer, LayerNorm, MaxPool, Permute,
    Reshape, Residual, Softmax, Windows,
};
use secant_train::{Elementwise, Network, Tensor};

use super::Ending;
use super::elementwise::UNARY;
use super::formula;
use super::schema::{self, DOUBLE, FLOAT, Setting};
use super::wire::Draft;
use crate::error::{Error, ErrorKind};

/// The version of the operators that are written; gelu came with it.
const VERSION: i64 = 20;
/// The version of the format that goes with it.
const FORMAT: i64 = 9;

/// The bytes of an `.onnx` file of a network, whose input is `input` and whose output `output`, both in double precision; `about` holds texts that stand beside it by name.
///
/// # Errors
/// Where parameters are not as many as the network has, or a layer is none of ONNX: a function that it has no operator for, a softmax over several sides.
pub fn write(
    network: &Network,
    parameters: &[f64],
    ending: Ending,
    about: &BTreeMap<String, String>,
) -> Result<Vec<u8>, Error> {
    if parameters.len() != network.parameters() {
        let message = format!(
            "the network has {} parameters, {} are given",
            network.parameters(),
            parameters.len()
        );
        return Err(Error::new(ErrorKind::Mismatch, message));
    }
    let mut sheet = Sheet {
        parameters,
        single: is_single(network),
        nodes: Vec::new(),
        constants: Vec::new(),
    };
    let ends = operator_of(ending);
    let last = match (ends, sheet.single) {
        (None, false) => "output",
        _ => "outputs",
    };
    let first = sheet.single_of("input");
    sheet.chain(network, "", 0, &first, last)?;
    let shapes = network.shapes();
    let shape = |shape: Option<&Vec<usize>>| shape.cloned().unwrap_or_default();
    if let Some(operator) = ends {
        let settings = match ending {
            Ending::Sigmoid => Vec::new(),
            _ => vec![
                along_row(&shape(shapes.last()))
                    .map_err(|error| error.at(format!("the {} at the end", ending.name())))?,
            ],
        };
        let behind = if sheet.single { "ended" } else { "output" };
        sheet.node(operator, "ending", &[last], behind, &settings);
    }
    if sheet.single {
        let behind = if ends.is_some() { "ended" } else { last };
        let to = [("to", Setting::Whole(DOUBLE))];
        sheet.node("Cast", "double", &[behind], "output", &to);
    }
    let mut graph = Draft::default().text(2, "secant");
    for node in &sheet.nodes {
        graph = graph.message(1, node);
    }
    for constant in &sheet.constants {
        graph = graph.message(5, constant);
    }
    graph = graph
        .message(11, &schema::value("input", &shape(shapes.first())))
        .message(12, &schema::value("output", &shape(shapes.last())));
    let version = Draft::default().text(1, "").whole(2, VERSION);
    let mut model = Draft::default()
        .whole(1, FORMAT)
        .text(2, "secant")
        .message(7, &graph)
        .message(8, &version);
    for (name, text) in about {
        model = model.message(14, &Draft::default().text(1, name).text(2, text));
    }
    Ok(model.into_bytes())
}

/// Whether a layer of the network is one that onnxruntime (1.32) computes in single precision alone.
fn is_single(network: &Network) -> bool {
    network.layers().any(|layer| {
        let any: &dyn Any = layer;
        any.is::<Convolution>()
            || any.is::<AveragePool>()
            || layer
                .as_elementwise()
                .is_some_and(|function| formula::is_single(function.program()))
            || any
                .downcast_ref::<Residual>()
                .is_some_and(|residual| is_single(residual.block()) || is_single(residual.skip()))
    })
}

/// Nodes and constants so far.
pub(crate) struct Sheet<'a> {
    parameters: &'a [f64],
    /// Whether all is cast to single precision before it is computed with.
    single: bool,
    nodes: Vec<Draft>,
    constants: Vec<Draft>,
}

impl Sheet<'_> {
    pub(crate) fn node(
        &mut self,
        operator: &str,
        name: &str,
        inputs: &[&str],
        output: &str,
        settings: &[(&str, Setting)],
    ) {
        let node = schema::node(operator, name, inputs, output, settings);
        self.nodes.push(node);
    }

    /// The name of a value in the precision that is computed in.
    fn single_of(&mut self, value: &str) -> String {
        if !self.single {
            return value.to_owned();
        }
        let single = format!("{value}.single");
        let to = [("to", Setting::Whole(FLOAT))];
        self.node("Cast", &single, &[value], &single, &to);
        single
    }

    /// The number 0 or 1 of a truth, in the precision that is computed in.
    pub(crate) fn number_of(&mut self, truth: &str, number: &str) {
        let to = if self.single { FLOAT } else { DOUBLE };
        let to = [("to", Setting::Whole(to))];
        self.node("Cast", number, &[truth], number, &to);
    }

    /// The name of a new constant in the precision that is computed in.
    pub(crate) fn constant(&mut self, name: &str, shape: &[usize], values: &[f64]) -> String {
        let constant = schema::constant(name, shape, values.iter().copied());
        self.constants.push(constant);
        self.single_of(name)
    }

    /// The name of a new constant that tells the shape which a layer gives each sample.
    fn shape(&mut self, layer: &str, shape: &[usize]) -> String {
        let name = format!("{layer}.shape");
        // A side of 0 is as it was: there are as many samples as before.
        let sides = std::iter::once(0).chain(shape.iter().map(|side| *side as i64));
        self.constants.push(schema::wholes(&name, sides));
        name
    }

    /// The layers of a network whose names begin with `before` and whose parameters from `start` on.
    fn chain(
        &mut self,
        network: &Network,
        before: &str,
        start: usize,
        input: &str,
        output: &str,
    ) -> Result<(), Error> {
        let mut value = input.to_owned();
        let last = network.layers().len().saturating_sub(1);
        for (place, layer) in network.layers().enumerate() {
            let name = format!("{before}{place}");
            let behind = if place == last {
                output.to_owned()
            } else {
                format!("value{name}")
            };
            let tensors: Vec<&Tensor> = network
                .tensors()
                .iter()
                .filter(|tensor| tensor.layer == place)
                .collect();
            if let Some(residual) = (layer as &dyn Any).downcast_ref::<Residual>() {
                let first = tensors.first().map_or(0, |tensor| tensor.range.start);
                self.residual(residual, &name, start + first, &value, &behind)?;
                value = behind;
                continue;
            }
            let formula = layer
                .as_elementwise()
                .filter(|function| operator_of_one(function).is_none());
            if let Some(function) = formula {
                let node = format!("layer{name}");
                formula::write(self, function.program(), &node, &value, &behind)
                    .map_err(|error| error.at(format!("layer {name}, {}", layer.describe())))?;
                value = behind;
                continue;
            }
            let mut inputs = vec![value];
            for tensor in tensors {
                let range = start + tensor.range.start..start + tensor.range.end;
                let values = &self.parameters[range];
                let name = format!("{before}{}", tensor.name);
                inputs.push(self.constant(&name, &tensor.shape, values));
            }
            if let Some(norm) = (layer as &dyn Any).downcast_ref::<BatchNorm>() {
                for (part, values) in [("mean", norm.mean()), ("variance", norm.variance())] {
                    let name = format!("{name}.{part}");
                    inputs.push(self.constant(&name, &[values.len()], values));
                }
            }
            if let Some(reshape) = (layer as &dyn Any).downcast_ref::<Reshape>() {
                inputs.push(self.shape(&name, reshape.shape()));
            }
            let (operator, settings) = operator(layer, &network.shapes()[place])
                .map_err(|error| error.at(format!("layer {name}, {}", layer.describe())))?;
            let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
            let name = format!("layer{name}");
            self.node(operator, &name, &inputs, &behind, &settings);
            value = behind;
        }
        if network.layers().len() == 0 {
            self.node("Identity", "nothing", &[input], output, &[]);
        }
        Ok(())
    }

    /// The two ways of a residual, and their sum.
    fn residual(
        &mut self,
        residual: &Residual,
        name: &str,
        start: usize,
        input: &str,
        output: &str,
    ) -> Result<(), Error> {
        let block = format!("value{name}.block");
        let before = format!("{name}.block.");
        self.chain(residual.block(), &before, start, input, &block)?;
        let mut skip = input.to_owned();
        if residual.skip().layers().len() > 0 {
            skip = format!("value{name}.skip");
            let (before, start) = (
                format!("{name}.skip."),
                start + residual.block().parameters(),
            );
            self.chain(residual.skip(), &before, start, input, &skip)?;
        }
        let name = format!("layer{name}");
        self.node("Add", &name, &[&block, &skip], output, &[]);
        Ok(())
    }
}

type Operator = (&'static str, Vec<(&'static str, Setting)>);

/// The operator of a layer that reads samples of this shape, with its settings.
fn operator(layer: &dyn Layer, shape: &[usize]) -> Result<Operator, Error> {
    let any: &dyn Any = layer;
    if layer.as_dense().is_some() {
        return Ok(("Gemm", vec![("transB", Setting::Whole(1))]));
    }
    if let Some(convolution) = any.downcast_ref::<Convolution>() {
        return Ok(("Conv", laid(convolution.windows())));
    }
    if let Some(pool) = any.downcast_ref::<MaxPool>() {
        return Ok(("MaxPool", laid(pool.windows())));
    }
    if let Some(pool) = any.downcast_ref::<AveragePool>() {
        let mut settings = laid(pool.windows());
        let counts = i64::from(pool.counts_padding());
        settings.push(("count_include_pad", Setting::Whole(counts)));
        return Ok(("AveragePool", settings));
    }
    if let Some(norm) = any.downcast_ref::<BatchNorm>() {
        return Ok(("BatchNormalization", vec![epsilon(norm.epsilon())?]));
    }
    if let Some(norm) = any.downcast_ref::<LayerNorm>() {
        let settings = vec![along_row(shape)?, epsilon(norm.epsilon())?];
        return Ok(("LayerNormalization", settings));
    }
    if any.is::<Softmax>() {
        return Ok(("Softmax", vec![along_row(shape)?]));
    }
    if any.is::<Flatten>() {
        return Ok(("Flatten", vec![("axis", Setting::Whole(1))]));
    }
    if let Some(permute) = any.downcast_ref::<Permute>() {
        // The side of the samples stays before the others.
        let sides = permute.order().iter().map(|side| *side as i64 + 1);
        let order = std::iter::once(0).chain(sides).collect();
        return Ok(("Transpose", vec![("perm", Setting::Wholes(order))]));
    }
    if any.is::<Reshape>() {
        return Ok(("Reshape", Vec::new()));
    }
    if any.is::<Dropout>() {
        // A network is written as it is evaluated.
        return Ok(("Identity", Vec::new()));
    }
    match layer.as_elementwise().and_then(operator_of_one) {
        Some(operator) => Ok((operator, Vec::new())),
        None => Err(unwritten("it is not written as ONNX yet")
            .hint("a .safetensors file holds any weights")),
    }
}

/// The one operator that an activation is.
fn operator_of_one(function: &Elementwise) -> Option<&'static str> {
    let operation = function.operation()?;
    let mut listed = UNARY.iter().filter(|(_, listed)| *listed == operation);
    listed.next().map(|(operator, _)| *operator)
}

/// The settings of windows.
fn laid(windows: &Windows) -> Vec<(&'static str, Setting)> {
    let whole = |sizes: &[usize]| Setting::Wholes(sizes.iter().map(|size| *size as i64).collect());
    vec![
        ("kernel_shape", whole(windows.size())),
        ("strides", whole(windows.strides())),
        ("pads", whole(&[windows.before(), windows.after()].concat())),
    ]
}

/// The setting of what works along all features, which must be a row: along several sides ONNX means something else.
fn along_row(shape: &[usize]) -> Result<(&'static str, Setting), Error> {
    match shape {
        [_] => Ok(("axis", Setting::Whole(-1))),
        _ => Err(unwritten(
            "over samples of several sides it is not written as ONNX",
        )),
    }
}

/// The epsilon of a normalisation, which must be read again as it was.
fn epsilon(epsilon: f64) -> Result<(&'static str, Setting), Error> {
    let stored = epsilon as f32;
    if schema::typed(stored) == epsilon {
        return Ok(("epsilon", Setting::Single(stored)));
    }
    let message = format!("ONNX stores its epsilon of {epsilon} in single precision only");
    Err(unwritten(&message))
}

pub(crate) fn unwritten(message: &str) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}

fn operator_of(ending: Ending) -> Option<&'static str> {
    match ending {
        Ending::None => None,
        Ending::Softmax => Some("Softmax"),
        Ending::LogSoftmax => Some("LogSoftmax"),
        Ending::Sigmoid => Some("Sigmoid"),
    }
}
