//! The messages of ONNX that a network is made of (`onnx.proto3`), read from their bytes. Field numbers stand here alone. Strings and data stay where
//! they are in the file; of small parts there are at most [`MOST_PARTS`], so that a small file cannot ask for much memory.

use std::collections::BTreeMap;

use super::tensor::Tensor;
use super::wire::{self, Draft, Field, Fields};
use crate::error::{Error, ErrorKind};

/// The most nodes, names, attributes and tensors that are read.
const MOST_PARTS: usize = 1 << 18;

/// Counts what is made of a file.
#[derive(Debug, Default)]
pub(crate) struct Budget(usize);

impl Budget {
    fn spend(&mut self) -> Result<(), Error> {
        self.0 += 1;
        if self.0 <= MOST_PARTS {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::TooLarge,
            format!("the graph has more than {MOST_PARTS} parts"),
        ))
    }
}

/// A model: its graph, and the versions of the operators in it.
#[derive(Debug, Default)]
pub(crate) struct Model<'a> {
    /// Domain and version; the domain of the usual operators is empty.
    pub(crate) versions: Vec<(&'a str, i64)>,
    pub(crate) graph: Option<Graph<'a>>,
    /// Texts beside it, by name.
    texts: Vec<(&'a str, &'a str)>,
}

/// Nodes that compute values from values.
#[derive(Debug, Default)]
pub(crate) struct Graph<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) constants: Vec<Tensor<'a>>,
    pub(crate) inputs: Vec<Value<'a>>,
    pub(crate) outputs: Vec<Value<'a>>,
}

/// One operator with what it reads and makes.
#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    pub(crate) name: &'a str,
    pub(crate) operator: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) inputs: Vec<&'a str>,
    pub(crate) outputs: Vec<&'a str>,
    pub(crate) attributes: Vec<(&'a str, Attribute<'a>)>,
}

/// A setting of a node.
#[derive(Debug)]
pub(crate) enum Attribute<'a> {
    Single(f32),
    Whole(i64),
    Text(&'a [u8]),
    Tensor(Tensor<'a>),
    Singles(Vec<f32>),
    Wholes(Vec<i64>),
    /// A graph, a list of texts: nothing that a layer takes.
    Other,
}

/// What goes into a graph or comes out.
#[derive(Debug, Default)]
pub(crate) struct Value<'a> {
    pub(crate) name: &'a str,
    /// The kind of its numbers; none where it is no tensor.
    pub(crate) kind: Option<i64>,
    /// Its sides, `None` for one that is not fixed; none where not even their number is told.
    pub(crate) shape: Option<Vec<Option<u64>>>,
}

impl<'a> Model<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut budget = Budget::default();
        let mut model = Self::default();
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                7 if model.graph.is_some() => {
                    return Err(Error::new(ErrorKind::Format, "the file holds two graphs"));
                }
                7 => model.graph = Some(Graph::read(field.bytes()?, &mut budget)?),
                8 => {
                    budget.spend()?;
                    model.versions.push(version(field.bytes()?)?);
                }
                14 => {
                    budget.spend()?;
                    model.texts.push(entry(field.bytes()?)?);
                }
                _ => {}
            }
        }
        Ok(model)
    }

    /// Texts beside the graph, by name; of one that stands there twice, the last.
    pub(crate) fn about(&self) -> BTreeMap<String, String> {
        let texts = self.texts.iter();
        texts
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }
}

/// A name with its text.
fn entry(bytes: &[u8]) -> Result<(&str, &str), Error> {
    let (mut name, mut value) = ("", "");
    let mut fields = Fields::of(bytes);
    while let Some((number, field)) = fields.next()? {
        match number {
            1 => name = field.text()?,
            2 => value = field.text()?,
            _ => {}
        }
    }
    Ok((name, value))
}

fn version(bytes: &[u8]) -> Result<(&str, i64), Error> {
    let (mut domain, mut version) = ("", 0);
    let mut fields = Fields::of(bytes);
    while let Some((number, field)) = fields.next()? {
        match number {
            1 => domain = field.text()?,
            2 => version = field.whole()?,
            _ => {}
        }
    }
    Ok((domain, version))
}

impl<'a> Graph<'a> {
    fn read(bytes: &'a [u8], budget: &mut Budget) -> Result<Self, Error> {
        let mut graph = Self::default();
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            if matches!(number, 1 | 5 | 11 | 12) {
                budget.spend()?;
            }
            match number {
                1 => graph.nodes.push(Node::read(field.bytes()?, budget)?),
                5 => graph.constants.push(Tensor::read(field.bytes()?)?),
                11 => graph.inputs.push(Value::read(field.bytes()?, budget)?),
                12 => graph.outputs.push(Value::read(field.bytes()?, budget)?),
                15 => {
                    return Err(Error::new(
                        ErrorKind::Unsupported,
                        "sparse initializers are not read",
                    ));
                }
                _ => {}
            }
        }
        Ok(graph)
    }
}

impl<'a> Node<'a> {
    fn read(bytes: &'a [u8], budget: &mut Budget) -> Result<Self, Error> {
        let mut node = Self::default();
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            if matches!(number, 1 | 2 | 5) {
                budget.spend()?;
            }
            match number {
                1 => node.inputs.push(field.text()?),
                2 => node.outputs.push(field.text()?),
                3 => node.name = field.text()?,
                4 => node.operator = field.text()?,
                5 => node.attributes.push(attribute(field.bytes()?)?),
                7 => node.domain = field.text()?,
                _ => {}
            }
        }
        Ok(node)
    }

    /// The node in a message: by its name, or else by what it makes.
    pub(crate) fn place(&self) -> String {
        let name = match (self.name, self.outputs.first()) {
            ("", Some(output)) => output,
            (name, _) => name,
        };
        format!("node '{name}' ({})", self.operator)
    }

    /// A setting by its name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        let mut found = self.attributes.iter().filter(|(other, _)| *other == name);
        found.next().map(|(_, attribute)| attribute)
    }

    /// A whole number, or what stands for it where it is not given.
    pub(crate) fn whole(&self, name: &str, default: i64) -> Result<i64, Error> {
        match self.attribute(name) {
            None => Ok(default),
            Some(Attribute::Whole(value)) => Ok(*value),
            Some(_) => Err(self.unreadable(name, "a whole number")),
        }
    }

    /// A number, or what stands for it where it is not given.
    pub(crate) fn number(&self, name: &str, default: f32) -> Result<f64, Error> {
        match self.attribute(name) {
            None => Ok(f64::from(default)),
            Some(Attribute::Single(value)) => Ok(f64::from(*value)),
            Some(_) => Err(self.unreadable(name, "a number")),
        }
    }

    /// A list of whole numbers where it is given.
    pub(crate) fn wholes(&self, name: &str) -> Result<Option<&[i64]>, Error> {
        match self.attribute(name) {
            None => Ok(None),
            Some(Attribute::Wholes(values)) => Ok(Some(values)),
            // An empty list has no field of its own.
            Some(Attribute::Other) => Ok(Some(&[])),
            Some(_) => Err(self.unreadable(name, "a list of whole numbers")),
        }
    }

    /// A text, or what stands for it where it is not given.
    pub(crate) fn text<'n>(&'n self, name: &str, default: &'n str) -> Result<&'n str, Error> {
        match self.attribute(name) {
            None => Ok(default),
            Some(Attribute::Text(bytes)) => {
                std::str::from_utf8(bytes).map_err(|_| self.unreadable(name, "text"))
            }
            Some(_) => Err(self.unreadable(name, "text")),
        }
    }

    fn unreadable(&self, name: &str, wanted: &str) -> Error {
        Error::new(
            ErrorKind::Format,
            format!("its attribute {name} is not {wanted}"),
        )
        .at(self.place())
    }
}

fn attribute(bytes: &[u8]) -> Result<(&str, Attribute<'_>), Error> {
    let mut name = "";
    let mut value = Attribute::Other;
    let (mut singles, mut wholes) = (Vec::new(), Vec::new());
    let mut fields = Fields::of(bytes);
    while let Some((number, field)) = fields.next()? {
        match number {
            1 => name = field.text()?,
            2 => value = Attribute::Single(field.single()?),
            3 => value = Attribute::Whole(field.whole()?),
            4 => value = Attribute::Text(field.bytes()?),
            5 => value = Attribute::Tensor(Tensor::read(field.bytes()?)?),
            7 => super::tensor::singles(field, &mut singles)?,
            8 => wire::wholes(field, &mut wholes)?,
            _ => {}
        }
    }
    if !singles.is_empty() {
        value = Attribute::Singles(singles);
    } else if !wholes.is_empty() {
        value = Attribute::Wholes(wholes);
    }
    Ok((name, value))
}

impl<'a> Value<'a> {
    fn read(bytes: &'a [u8], budget: &mut Budget) -> Result<Self, Error> {
        let mut value = Self::default();
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => value.name = field.text()?,
                2 => value.read_type(field.bytes()?, budget)?,
                _ => {}
            }
        }
        Ok(value)
    }

    fn read_type(&mut self, bytes: &'a [u8], budget: &mut Budget) -> Result<(), Error> {
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            if number != 1 {
                continue;
            }
            let mut tensor = Fields::of(field.bytes()?);
            while let Some((number, field)) = tensor.next()? {
                match number {
                    1 => self.kind = Some(field.whole()?),
                    2 => self.shape = Some(sides(field, budget)?),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

fn sides(field: Field<'_>, budget: &mut Budget) -> Result<Vec<Option<u64>>, Error> {
    let mut sides = Vec::new();
    let mut dims = Fields::of(field.bytes()?);
    while let Some((number, field)) = dims.next()? {
        if number != 1 {
            continue;
        }
        budget.spend()?;
        let mut side = None;
        let mut parts = Fields::of(field.bytes()?);
        while let Some((number, field)) = parts.next()? {
            if number == 1 {
                side = u64::try_from(field.whole()?).ok();
            }
        }
        sides.push(side);
    }
    Ok(sides)
}

/// The kind of tensor data in single precision.
pub(crate) const FLOAT: i64 = 1;
/// The kind of tensor data in double precision.
pub(crate) const DOUBLE: i64 = 11;
/// The kind of tensor data in whole numbers, as those of a shape.
const WHOLE: i64 = 7;

/// Whether numbers of this kind are of floating point: single, half, double, or half as Google has it.
pub(crate) fn is_floating(kind: i64) -> bool {
    matches!(kind, FLOAT | 10 | DOUBLE | 16)
}

/// The shortest number that is stored as this one in single precision: what its author typed.
pub(crate) fn typed(stored: f32) -> f64 {
    let text = format!("{stored:?}");
    text.parse().unwrap_or_else(|_| f64::from(stored))
}

/// A setting of a node to be written.
#[derive(Clone, Debug)]
pub(crate) enum Setting {
    Whole(i64),
    Wholes(Vec<i64>),
    /// A number, which settings hold in single precision.
    Single(f32),
}

/// A node to be written.
pub(crate) fn node(
    operator: &str,
    name: &str,
    inputs: &[&str],
    output: &str,
    settings: &[(&str, Setting)],
) -> Draft {
    let mut draft = Draft::default();
    for input in inputs {
        draft = draft.text(1, input);
    }
    draft = draft.text(2, output).text(3, name).text(4, operator);
    for (name, setting) in settings {
        // Field 20 tells the kind of value.
        let named = Draft::default().text(1, name);
        let attribute = match setting {
            Setting::Single(value) => named.single(2, *value).whole(20, 1),
            Setting::Whole(value) => named.whole(3, *value).whole(20, 2),
            Setting::Wholes(values) => values
                .iter()
                .fold(named, |draft, value| draft.whole(8, *value))
                .whole(20, 7),
        };
        draft = draft.message(5, &attribute);
    }
    draft
}

/// A constant in double precision to be written.
pub(crate) fn constant(name: &str, shape: &[usize], values: impl Iterator<Item = f64>) -> Draft {
    let bytes: Vec<u8> = values.flat_map(f64::to_le_bytes).collect();
    shape
        .iter()
        .fold(Draft::default(), |draft, side| draft.whole(1, *side as i64))
        .whole(2, DOUBLE)
        .text(8, name)
        .bytes(9, &bytes)
}

/// A constant list of whole numbers to be written.
pub(crate) fn wholes(name: &str, values: impl Iterator<Item = i64>) -> Draft {
    let bytes: Vec<u8> = values.flat_map(i64::to_le_bytes).collect();
    Draft::default()
        .whole(1, bytes.len() as i64 / 8)
        .whole(2, WHOLE)
        .text(8, name)
        .bytes(9, &bytes)
}

/// An input or output in double precision, of any number of samples of this shape.
pub(crate) fn value(name: &str, shape: &[usize]) -> Draft {
    let any = Draft::default().text(2, "batch");
    let sides = shape
        .iter()
        .fold(Draft::default().message(1, &any), |draft, side| {
            draft.message(1, &Draft::default().whole(1, *side as i64))
        });
    let tensor = Draft::default().whole(1, DOUBLE).message(2, &sides);
    Draft::default()
        .text(1, name)
        .message(2, &Draft::default().message(1, &tensor))
}
