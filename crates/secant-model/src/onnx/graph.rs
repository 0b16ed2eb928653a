//! [`Graph`]: the nodes that one output needs, each after what it reads, and the constants of the file. That every value is made once, and before it is read, is
//! held here: a graph that goes in a circle cannot be in order.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use super::Options;
use super::schema::{self, Attribute, Node};
use super::tensor::Tensor;
use crate::error::{Error, ErrorKind};
use crate::weights::{Stored, turned};

/// Versions of the usual operators that are read.
const VERSIONS: std::ops::RangeInclusive<i64> = 11..=21;
/// Of the operators of machine learning, which scikit-learn's converter adds.
const LEARNING_VERSIONS: std::ops::RangeInclusive<i64> = 1..=5;
/// So many numbers are read for each byte of the model and of the files beside it, and so many beside. A weight takes two bytes at least, and is looked at a few times; only a constant that
/// node after node reads comes to more, and of each a layer might be made.
const READ_EACH: usize = 4;
const READ_BESIDE: usize = 1 << 14;

/// What one output needs.
pub(crate) struct Graph<'a> {
    /// Nodes in order.
    pub(crate) nodes: Vec<&'a Node<'a>>,
    /// The value that samples come in by.
    pub(crate) input: &'a schema::Value<'a>,
    /// The value that is wanted.
    pub(crate) output: &'a str,
    /// The version of the usual operators.
    pub(crate) version: i64,
    constants: HashMap<&'a str, Constant<'a>>,
    /// How many numbers may still be read.
    left: Cell<usize>,
    outside: RefCell<HashMap<&'a str, Vec<u8>>>,
    options: &'a Options<'a>,
}

/// A value that does not depend on the samples.
#[derive(Clone, Copy)]
struct Constant<'a> {
    source: Source<'a>,
    /// The name that its numbers have in the file, whatever it is called where it is read.
    name: &'a str,
    /// Whether its two sides change places.
    turned: bool,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Tensor(&'a Tensor<'a>),
    Attribute(&'a Attribute<'a>),
}

/// A constant read: its sides and its numbers.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f64>,
}

impl Numbers {
    /// The one number of a constant that has no more.
    pub(crate) fn single(&self) -> Option<f64> {
        match self.values.as_slice() {
            [value] => Some(*value),
            _ => None,
        }
    }

    /// The same with its two sides in each other's place.
    pub(crate) fn turned(&self) -> Option<Self> {
        let [rows, columns] = *self.shape else {
            return None;
        };
        Some(Self {
            shape: vec![columns, rows],
            values: turned(&self.values, [rows, columns]),
        })
    }
}

impl<'a> Graph<'a> {
    pub(crate) fn new(
        model: &'a schema::Model<'a>,
        bytes: usize,
        options: &'a Options<'a>,
    ) -> Result<Self, Error> {
        let version = version(model)?;
        let graph = model.graph.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Format, "this is no ONNX file: it holds no graph")
        })?;
        let mut constants = HashMap::new();
        for tensor in &graph.constants {
            let constant = Constant {
                source: Source::Tensor(tensor),
                name: tensor.name,
                turned: false,
            };
            if constants.insert(tensor.name, constant).is_some() {
                return Err(
                    Error::new(ErrorKind::Graph, "it stands there twice").at(tensor.place())
                );
            }
        }
        let inputs: Vec<&schema::Value> = graph
            .inputs
            .iter()
            .filter(|value| !constants.contains_key(value.name))
            .collect();
        let &[input] = inputs.as_slice() else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "the graph has {} inputs; networks of one are read",
                    inputs.len()
                ),
            ));
        };
        fold(&graph.nodes, &mut constants)?;
        in_order(&graph.nodes, input.name, &constants)?;
        let output = output(graph, options)?;
        let graph = Self {
            nodes: needed(&graph.nodes, output, &constants),
            input,
            output,
            version,
            constants,
            left: Cell::new(READ_BESIDE.saturating_add(bytes.saturating_mul(READ_EACH))),
            outside: RefCell::default(),
            options,
        };
        Ok(graph)
    }

    /// Whether a value is a constant.
    pub(crate) fn is_constant(&self, name: &str) -> bool {
        self.constants.contains_key(name)
    }

    /// The name that the numbers of a constant have in the file.
    pub(crate) fn stored_name<'n>(&'n self, name: &'n str) -> &'n str {
        self.constants
            .get(name)
            .map_or(name, |constant| constant.name)
    }

    /// What a constant is called in the file, and whether it lies there the other way round.
    pub(crate) fn stored(&self, name: &str) -> Stored {
        let turned = self
            .constants
            .get(name)
            .is_some_and(|constant| constant.turned);
        Stored {
            name: self.stored_name(name).to_owned(),
            turned,
        }
    }

    /// How many numbers a constant has, none of them read; none where it is no constant.
    pub(crate) fn size(&self, name: &str) -> Result<Option<usize>, Error> {
        let Some(constant) = self.constants.get(name) else {
            return Ok(None);
        };
        Ok(Some(match constant.source {
            Source::Tensor(tensor) | Source::Attribute(Attribute::Tensor(tensor)) => {
                tensor.shape()?.1
            }
            Source::Attribute(Attribute::Singles(values)) => values.len(),
            Source::Attribute(Attribute::Wholes(values)) => values.len(),
            Source::Attribute(_) => 1,
        }))
    }

    /// Whether the numbers of a constant are whole by their kind.
    pub(crate) fn is_whole(&self, name: &str) -> bool {
        match self.constants.get(name).map(|constant| constant.source) {
            Some(Source::Tensor(tensor) | Source::Attribute(Attribute::Tensor(tensor))) => {
                tensor.is_whole()
            }
            Some(Source::Attribute(Attribute::Whole(_) | Attribute::Wholes(_))) => true,
            _ => false,
        }
    }

    /// The numbers of a constant.
    pub(crate) fn numbers(&self, name: &str) -> Result<Option<Numbers>, Error> {
        let Some(constant) = self.constants.get(name) else {
            return Ok(None);
        };
        let list = |values: Vec<f64>| Numbers {
            shape: vec![values.len()],
            values,
        };
        let single = |value| Numbers {
            shape: Vec::new(),
            values: vec![value],
        };
        let numbers = match constant.source {
            Source::Tensor(tensor) | Source::Attribute(Attribute::Tensor(tensor)) => {
                self.of_tensor(tensor)?
            }
            Source::Attribute(attribute) => match attribute {
                Attribute::Single(value) => single(f64::from(*value)),
                Attribute::Whole(value) => single(*value as f64),
                Attribute::Singles(values) => {
                    list(values.iter().map(|value| f64::from(*value)).collect())
                }
                Attribute::Wholes(values) => {
                    list(values.iter().map(|value| *value as f64).collect())
                }
                Attribute::Text(_) | Attribute::Tensor(_) | Attribute::Other => {
                    return Err(Error::new(
                        ErrorKind::Unsupported,
                        format!("the constant '{name}' is no tensor of numbers"),
                    ));
                }
            },
        };
        self.spend(name, numbers.values.len())?;
        if !constant.turned {
            return Ok(Some(numbers));
        }
        numbers.turned().map(Some).ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!(
                    "the constant '{name}' of shape {:?} is transposed",
                    numbers.shape
                ),
            )
        })
    }

    /// Counts numbers that were read.
    fn spend(&self, name: &str, count: usize) -> Result<(), Error> {
        let left = self.left.get().checked_sub(count).ok_or_else(|| {
            let message = format!(
                "the constant '{name}' is read again and again, for more numbers than the file accounts for"
            );
            Error::new(ErrorKind::TooLarge, message)
        })?;
        self.left.set(left);
        Ok(())
    }

    fn of_tensor(&self, tensor: &'a Tensor<'a>) -> Result<Numbers, Error> {
        let (shape, _) = tensor.shape()?;
        let values = match tensor.external() {
            None => tensor.numbers(None)?,
            Some(external) => {
                let mut outside = self.outside.borrow_mut();
                if !outside.contains_key(external.location) {
                    let bytes = self
                        .beside(external.location)
                        .map_err(|error| error.at(tensor.place()))?;
                    let more = bytes.len().saturating_mul(READ_EACH);
                    self.left.set(self.left.get().saturating_add(more));
                    outside.insert(external.location, bytes);
                }
                tensor.numbers(outside.get(external.location).map(Vec::as_slice))?
            }
        };
        Ok(Numbers { shape, values })
    }

    /// A file beside the model. It must lie in the folder of the model, so that a model reads nothing that it was not given.
    fn beside(&self, location: &str) -> Result<Vec<u8>, Error> {
        let plain = !location.is_empty()
            && !location.contains(['/', '\\', ':', '\0'])
            && location != ".."
            && location != ".";
        if !plain {
            return Err(Error::new(
                ErrorKind::File,
                format!("its numbers lie in '{location}', which is no file beside the model"),
            ));
        }
        let Some(read) = self.options.beside else {
            return Err(Error::new(
                ErrorKind::File,
                format!("its numbers lie in another file, '{location}'"),
            ));
        };
        read(location).map_err(|reason| {
            Error::new(
                ErrorKind::File,
                format!("'{location}', beside the model, cannot be read: {reason}"),
            )
        })
    }
}

/// The version of the usual operators; every domain must be one that is read.
fn version(model: &schema::Model<'_>) -> Result<i64, Error> {
    let mut usual = None;
    for (domain, version) in &model.versions {
        let read = match *domain {
            "" | "ai.onnx" => {
                usual = Some(*version);
                VERSIONS
            }
            "ai.onnx.ml" => LEARNING_VERSIONS,
            // Other domains are met where a node is of one.
            _ => continue,
        };
        if !read.contains(version) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "opset {version} of '{}' is not read; {} to {} are",
                    if domain.is_empty() { "ai.onnx" } else { domain },
                    read.start(),
                    read.end()
                ),
            )
            .hint(format!(
                "export the model with opset_version={}",
                read.end()
            )));
        }
    }
    usual.ok_or_else(|| {
        Error::new(
            ErrorKind::Format,
            "this is no ONNX file: it names no version of its operators",
        )
    })
}

/// Takes nodes that make constants of nothing or of constants as constants.
fn fold<'a>(
    nodes: &'a [Node<'a>],
    constants: &mut HashMap<&'a str, Constant<'a>>,
) -> Result<(), Error> {
    for node in nodes {
        let Some(output) = node.outputs.first() else {
            continue;
        };
        let read = node
            .inputs
            .first()
            .and_then(|input| constants.get(input).copied());
        let constant = match (node.operator, read) {
            ("Constant", _) => {
                let value = node
                    .attributes
                    .iter()
                    .find(|(name, _)| name.starts_with("value"));
                let (_, attribute) = value.ok_or_else(|| {
                    Error::new(ErrorKind::Format, "the constant has no value").at(node.place())
                })?;
                Constant {
                    source: Source::Attribute(attribute),
                    name: output,
                    turned: false,
                }
            }
            ("Identity", Some(constant)) => constant,
            // A constant keeps the digits that it is stored with.
            ("Cast", Some(constant)) if schema::is_floating(node.whole("to", 0)?) => constant,
            ("Transpose", Some(constant))
                if matches!(node.wholes("perm")?, None | Some([1, 0])) =>
            {
                Constant {
                    turned: !constant.turned,
                    ..constant
                }
            }
            _ => continue,
        };
        if constants.insert(output, constant).is_some() {
            return Err(twice(output, node));
        }
    }
    Ok(())
}

fn twice(value: &str, node: &Node<'_>) -> Error {
    Error::new(ErrorKind::Graph, format!("'{value}' is made twice")).at(node.place())
}

/// That every node reads what is there already, and makes what is not.
fn in_order<'a>(
    nodes: &'a [Node<'a>],
    input: &'a str,
    constants: &HashMap<&'a str, Constant<'a>>,
) -> Result<(), Error> {
    let mut there: HashSet<&str> = HashSet::from([input]);
    for node in nodes {
        for name in &node.inputs {
            if !name.is_empty() && !there.contains(name) && !constants.contains_key(name) {
                return Err(Error::new(
                    ErrorKind::Graph,
                    format!("it reads '{name}', which no node before it makes"),
                )
                .at(node.place())
                .hint("the nodes of a graph must be in order, and not in a circle"));
            }
        }
        for name in &node.outputs {
            if !name.is_empty() && !constants.contains_key(name) && !there.insert(name) {
                return Err(twice(name, node));
            }
        }
    }
    Ok(())
}

/// The output that was asked for, or the first that may hold probabilities or values: no whole numbers, no texts.
fn output<'a>(graph: &'a schema::Graph<'a>, options: &Options<'_>) -> Result<&'a str, Error> {
    const WHOLE: std::ops::RangeInclusive<i64> = 2..=9;
    let names = || {
        let names: Vec<&str> = graph.outputs.iter().map(|value| value.name).collect();
        names.join(", ")
    };
    let found = match options.output {
        Some(name) => graph.outputs.iter().find(|value| value.name == name),
        None => graph
            .outputs
            .iter()
            .find(|value| !value.kind.is_some_and(|kind| WHOLE.contains(&kind))),
    };
    found
        .map(|value| value.name)
        .ok_or_else(|| match options.output {
            Some(name) => Error::new(
                ErrorKind::Graph,
                format!("the graph has no output '{name}'"),
            )
            .hint(format!("its outputs are {}", names())),
            None => Error::new(ErrorKind::Graph, "the graph has no output of numbers"),
        })
}

/// The nodes that an output needs, in order.
fn needed<'a>(
    nodes: &'a [Node<'a>],
    output: &'a str,
    constants: &HashMap<&'a str, Constant<'a>>,
) -> Vec<&'a Node<'a>> {
    let mut wanted: HashSet<&str> = HashSet::from([output]);
    let mut kept = Vec::new();
    for node in nodes.iter().rev() {
        let is_wanted = node
            .outputs
            .iter()
            .any(|name| wanted.contains(name) && !constants.contains_key(name));
        if is_wanted {
            wanted.extend(node.inputs.iter().filter(|name| !name.is_empty()));
            kept.push(node);
        }
    }
    kept.reverse();
    kept
}
