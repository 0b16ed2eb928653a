//! From a graph to a network: every value that depends on the samples is the output of a [`Stage`], or a formula of one. A network is the way
//! back from the wanted output to the samples.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use secant_train::Network;
use secant_train::layer::{Activation, Residual};

use super::channels::{Part, by_channel};
use super::elementwise::{self, VARIABLE};
use super::graph::Graph;
use super::operators::{self, Made};
use super::schema::{self, Node};
use super::{Ending, Model};
use crate::error::{Error, ErrorKind};

/// More features of a sample are refused.
const MOST_FEATURES: usize = 1 << 26;

/// A layer of the network to be, behind another.
struct Stage {
    /// The stage whose output it reads; none for the samples themselves.
    from: Option<usize>,
    made: Option<Made>,
    /// The shape of a sample behind it, where it is known.
    shape: Option<Vec<usize>>,
    place: String,
}

/// Layers one after the other, with their parameters and the names of these in the file.
struct Chain {
    network: Network,
    parameters: Vec<f64>,
    names: Vec<String>,
}

/// A value that depends on the samples.
#[derive(Clone)]
struct Seen {
    stage: usize,
    /// What is still to be done to the output of the stage, element by element.
    formula: Option<String>,
}

/// The network of a graph.
pub(crate) fn convert<'a>(graph: &'a Graph<'a>) -> Result<Model, Error> {
    let mut converter = Converter::new(graph);
    for (place, node) in graph.nodes.iter().enumerate() {
        if let Some(ending) = converter.ending(place, node)? {
            converter.ending = ending;
            break;
        }
        converter.take(node)?;
    }
    converter.network()
}

struct Converter<'a> {
    graph: &'a Graph<'a>,
    stages: Vec<Stage>,
    values: HashMap<&'a str, Seen>,
    /// How many nodes read a value.
    readers: HashMap<&'a str, usize>,
    /// Constants that are parameters already.
    used: HashSet<&'a str>,
    /// The value behind which nothing changes any more.
    output: &'a str,
    ending: Ending,
}

impl<'a> Converter<'a> {
    fn new(graph: &'a Graph<'a>) -> Self {
        let mut readers: HashMap<&str, usize> = HashMap::new();
        for name in graph.nodes.iter().flat_map(|node| &node.inputs) {
            *readers.entry(name).or_default() += 1;
        }
        let samples = Stage {
            from: None,
            made: None,
            shape: given_shape(graph),
            place: String::new(),
        };
        let seen = Seen {
            stage: 0,
            formula: None,
        };
        Self {
            graph,
            stages: vec![samples],
            values: HashMap::from([(graph.input.name, seen)]),
            readers,
            used: HashSet::new(),
            output: graph.output,
            ending: Ending::None,
        }
    }

    /// Whether this node begins the ending: softmax or sigmoid, with nothing behind that changes its numbers.
    fn ending(&mut self, place: usize, node: &Node<'a>) -> Result<Option<Ending>, Error> {
        let ending = match node.operator {
            "Softmax" => Ending::Softmax,
            "LogSoftmax" => Ending::LogSoftmax,
            "Sigmoid" => Ending::Sigmoid,
            _ => return Ok(None),
        };
        let (Some(input), Some(output)) = (node.inputs.first(), node.outputs.first()) else {
            return Ok(None);
        };
        if !self.passes(&self.graph.nodes[place + 1..], output) {
            return Ok(None);
        }
        if ending != Ending::Sigmoid {
            let default = if self.graph.version < 13 { 1 } else { -1 };
            let axis = node.whole("axis", default)?;
            if axis != 1 && axis != -1 {
                let message = format!("it works along axis {axis}, not along the classes");
                return Err(Error::new(ErrorKind::Unsupported, message).at(node.place()));
            }
            let stage = self.values.get(input).map(|seen| &self.stages[seen.stage]);
            let shape = stage.and_then(|stage| stage.shape.as_deref());
            if shape.is_some_and(|shape| shape.len() != 1) {
                let message = "it is read along the classes of rows alone";
                return Err(Error::new(ErrorKind::Unsupported, message).at(node.place()));
            }
        }
        self.output = input;
        Ok(Some(ending))
    }

    /// Whether nodes only hand a value on; the two classes of scikit-learn, `1 - p` beside p, count as p.
    fn passes(&self, nodes: &[&Node<'a>], value: &str) -> bool {
        let mut same: HashSet<&str> = HashSet::from([value]);
        let mut other: HashSet<&str> = HashSet::new();
        for node in nodes {
            let Some(output) = node.outputs.first() else {
                return false;
            };
            match (node.operator, node.inputs.as_slice()) {
                ("Identity" | "Cast" | "ZipMap", [input]) if same.contains(input) => {
                    same.insert(output);
                }
                ("Sub", [one, p]) if same.contains(p) && self.is_one(one) => {
                    other.insert(output);
                }
                ("Concat", [no, yes]) if other.contains(no) && same.contains(yes) => {
                    same.insert(output);
                }
                _ => return false,
            }
        }
        same.contains(self.graph.output)
    }

    fn is_one(&self, name: &str) -> bool {
        let numbers = self.graph.numbers(name).ok().flatten();
        numbers.and_then(|numbers| numbers.single()) == Some(1.0)
    }

    /// Takes one node further.
    fn take(&mut self, node: &'a Node<'a>) -> Result<(), Error> {
        let (Some(input), Some(output)) = (node.inputs.first(), node.outputs.first()) else {
            return Err(unknown(node));
        };
        let is_read = match node.domain {
            "" | "ai.onnx" => true,
            "ai.onnx.ml" => node.operator == "ZipMap",
            _ => false,
        };
        if !is_read {
            return Err(unknown(node));
        }
        let hands_on = self.hands_on(node)?;
        if let (true, Some(seen)) = (hands_on, self.values.get(input)) {
            let seen = seen.clone();
            self.values.insert(output, seen);
        } else if elementwise::is_elementwise(node.operator) {
            self.take_elementwise(node, output)?;
        } else {
            let from = self.settled(input, node)?;
            let shape = self.stages[from].shape.as_deref();
            let layers = operators::layers(node, self.graph, shape)?;
            let mut at = from;
            for made in layers.ok_or_else(|| unknown(node))? {
                // Parameters are the first constants that a node reads; what comes behind them are settings.
                for name in node.inputs.iter().skip(1).take(made.names.len()) {
                    self.use_once(name, node)?;
                }
                self.push(output, at, made, node.place());
                at = self.stages.len() - 1;
            }
        }
        Ok(())
    }

    /// Whether a node gives on what it reads: numbers of another precision, dropout that is off.
    fn hands_on(&self, node: &Node<'_>) -> Result<bool, Error> {
        Ok(match node.operator {
            "Identity" | "ZipMap" => true,
            "Cast" => schema::is_floating(node.whole("to", 0)?),
            "Dropout" => match node.inputs.get(2).filter(|name| !name.is_empty()) {
                None => true,
                Some(mode) => self
                    .graph
                    .numbers(mode)
                    .ok()
                    .flatten()
                    .is_some_and(|mode| mode.values == [0.0]),
            },
            "Reshape" | "Flatten" => self.is_flat(node)?,
            _ => false,
        })
    }

    /// Whether a node makes rows of features of what are rows of as many features already.
    fn is_flat(&self, node: &Node<'_>) -> Result<bool, Error> {
        let stage = node.inputs.first().and_then(|input| self.values.get(input));
        let shape = stage.and_then(|seen| self.stages[seen.stage].shape.as_deref());
        let Some(&[features]) = shape else {
            return Ok(false);
        };
        if node.operator == "Flatten" {
            return Ok(node.whole("axis", 1)? == 1);
        }
        let wanted = node
            .inputs
            .get(1)
            .map(|name| self.graph.numbers(name))
            .transpose()?
            .flatten();
        let wanted = wanted.map(|wanted| wanted.values);
        Ok(match wanted.as_deref() {
            Some([rows, across]) => {
                let as_is = *across == features as f64;
                (*rows == -1.0 && as_is) || (*rows == 0.0 && (as_is || *across == -1.0))
            }
            _ => false,
        })
    }

    /// Adds a stage that makes a value.
    fn push(&mut self, output: &'a str, from: usize, made: Made, place: String) {
        let before = self.stages[from].shape.as_deref();
        let shape = match (before, made.layer.as_dense()) {
            (Some(before), _) => made.layer.output(before).ok(),
            (None, dense) => dense.map(|dense| vec![dense.outputs()]),
        };
        self.stages.push(Stage {
            from: Some(from),
            made: Some(made),
            shape,
            place,
        });
        let seen = Seen {
            stage: self.stages.len() - 1,
            formula: None,
        };
        self.values.insert(output, seen);
    }

    /// That a constant becomes parameters of one layer only: as two it could not be trained, nor its gradient be told.
    fn use_once(&mut self, name: &'a str, node: &Node<'_>) -> Result<(), Error> {
        let stored = self.graph.stored_name(name);
        if name.is_empty() || !self.graph.is_constant(name) || self.used.insert(stored) {
            return Ok(());
        }
        let message = format!("the weights '{stored}' serve another layer too, which is not read");
        Err(Error::new(ErrorKind::Unsupported, message).at(node.place()))
    }

    /// The stage that makes a value, with what was still to be done to it as an activation.
    fn settled(&mut self, name: &'a str, node: &Node<'_>) -> Result<usize, Error> {
        let seen = self.values.get(name).cloned().ok_or_else(|| {
            let message = format!("its input '{name}' does not come from the samples");
            Error::new(ErrorKind::Unsupported, message).at(node.place())
        })?;
        let Some(formula) = seen.formula else {
            return Ok(seen.stage);
        };
        let activation = match elementwise::name(&formula) {
            Some(name) => Activation::named(name),
            None => Activation::formula(&formula),
        };
        let activation = activation.map_err(|error| {
            let message = format!(
                "the activation {formula} cannot be read: {}",
                error.message()
            );
            Error::new(ErrorKind::Unsupported, message).at(node.place())
        })?;
        let made = Made {
            layer: Arc::new(activation),
            parameters: Vec::new(),
            names: Vec::new(),
        };
        self.push(name, seen.stage, made, format!("the value '{name}'"));
        Ok(self.stages.len() - 1)
    }

    fn take_elementwise(&mut self, node: &'a Node<'a>, output: &'a str) -> Result<(), Error> {
        if self.take_bias(node, output)?
            || self.take_sum(node, output)?
            || self.take_channels(node, output)?
        {
            return Ok(());
        }
        let mut stage = None;
        let mut operands = Vec::new();
        for name in &node.inputs {
            if name.is_empty() || (node.operator == "Clip" && !operands.is_empty()) {
                continue;
            }
            let operand = match self.values.get(name) {
                Some(seen) if stage.is_some_and(|stage| stage != seen.stage) => {
                    return Err(Error::new(
                        ErrorKind::Unsupported,
                        "it joins two ways through the graph other than by their sum, which is not read",
                    )
                    .at(node.place()));
                }
                Some(seen) => {
                    stage = Some(seen.stage);
                    seen.formula.clone().unwrap_or_else(|| VARIABLE.to_owned())
                }
                None => self.scalar(name, node)?,
            };
            operands.push(operand);
        }
        let formula =
            elementwise::formula(node, self.graph, &operands)?.ok_or_else(|| unknown(node))?;
        let Some(stage) = stage else {
            return Err(
                Error::new(ErrorKind::Unsupported, "it computes with constants alone")
                    .at(node.place()),
            );
        };
        let formula = Some(formula);
        self.values.insert(output, Seen { stage, formula });
        Ok(())
    }

    /// A constant of one number, as a formula writes it.
    fn scalar(&self, name: &str, node: &Node<'_>) -> Result<String, Error> {
        let numbers = match self.graph.size(name)? {
            1 => self.graph.numbers(name)?,
            _ => None,
        };
        let value = numbers.and_then(|numbers| numbers.single());
        value
            .filter(|value| value.is_finite())
            .map(elementwise::number)
            .ok_or_else(|| {
                let message = format!("its input '{name}' is not one finite number");
                Error::new(ErrorKind::Unsupported, message).at(node.place())
            })
    }

    /// Takes a constant that is added to a product of matrices as its biases.
    fn take_bias(&mut self, node: &'a Node<'a>, output: &'a str) -> Result<bool, Error> {
        let (["Add"], [a, b]) = ([node.operator], node.inputs.as_slice()) else {
            return Ok(false);
        };
        let (product, bias) = if self.graph.is_constant(b) {
            (*a, *b)
        } else {
            (*b, *a)
        };
        let Some(Seen {
            stage,
            formula: None,
        }) = self.values.get(product).cloned()
        else {
            return Ok(false);
        };
        if self.readers.get(product) != Some(&1) || product == self.graph.output {
            return Ok(false);
        }
        let Some(numbers) = self.graph.numbers(bias)? else {
            return Ok(false);
        };
        let made = self.stages[stage].made.as_ref();
        let made = made.and_then(|made| made.with_bias(self.graph.stored_name(bias), &numbers));
        let Some(made) = made else {
            return Ok(false);
        };
        self.use_once(bias, node)?;
        self.stages[stage].made = Some(made);
        self.values.insert(
            output,
            Seen {
                stage,
                formula: None,
            },
        );
        Ok(true)
    }

    /// Takes a constant that differs from channel to channel as a part of a batch norm.
    fn take_channels(&mut self, node: &'a Node<'a>, output: &'a str) -> Result<bool, Error> {
        let (Some((part, is_last)), [a, b]) = (Part::of(node.operator), node.inputs.as_slice())
        else {
            return Ok(false);
        };
        let (value, constant) = match self.graph.is_constant(b) {
            true => (*a, *b),
            false if is_last => return Ok(false),
            false => (*b, *a),
        };
        let is_one_value = self.values.contains_key(value) && self.graph.is_constant(constant);
        if !is_one_value || self.graph.size(constant)? < 2 {
            return Ok(false);
        }
        let from = self.settled(value, node)?;
        let shape = self.stages[from].shape.as_deref().unwrap_or_default();
        let numbers = self.graph.numbers(constant)?;
        let Some(numbers) = numbers.and_then(|numbers| by_channel(numbers, shape)) else {
            return Ok(false);
        };
        let name = self.graph.stored_name(constant);
        let is_read_once = self.readers.get(value) == Some(&1) && value != self.graph.output;
        let begun = self.stages[from].made.as_ref().filter(|_| is_read_once);
        if let Some(made) = begun.and_then(|made| made.scaled(part, name, &numbers)) {
            self.stages[from].made = Some(made);
            let (stage, formula) = (from, None);
            self.values.insert(output, Seen { stage, formula });
        } else {
            let fresh = Made::unscaled(numbers.len());
            let Some(made) = fresh.and_then(|made| made.scaled(part, name, &numbers)) else {
                return Ok(false);
            };
            self.push(output, from, made, node.place());
        }
        if part != Part::Mean {
            self.use_once(constant, node)?;
        }
        Ok(true)
    }

    /// Takes the sum of two values that come from one by different ways as a residual.
    fn take_sum(&mut self, node: &'a Node<'a>, output: &'a str) -> Result<bool, Error> {
        let (["Add" | "Sum"], [a, b]) = ([node.operator], node.inputs.as_slice()) else {
            return Ok(false);
        };
        let stage_of = |name: &str| self.values.get(name).map(|seen| seen.stage);
        match (stage_of(a), stage_of(b)) {
            (Some(a), Some(b)) if a != b => {}
            _ => return Ok(false),
        }
        let (mut block, mut skip) = (self.settled(a, node)?, self.settled(b, node)?);
        let meet = self.meet(block, skip);
        let (mut ahead, mut past) = (self.way(block, meet), self.way(skip, meet));
        if ahead.len() < past.len() {
            std::mem::swap(&mut ahead, &mut past);
            std::mem::swap(&mut block, &mut skip);
        }
        let shape = self.shape_before(meet, &[ahead.as_slice(), &past].concat())?;
        let [ahead, past] = [self.chain(&shape, &ahead)?, self.chain(&shape, &past)?];
        let layer = Residual::with_skip(ahead.network, past.network).map_err(|error| {
            Error::new(ErrorKind::Unsupported, error.message()).at(node.place())
        })?;
        let made = Made {
            layer: Arc::new(layer),
            parameters: [ahead.parameters, past.parameters].concat(),
            names: [ahead.names, past.names].concat(),
        };
        self.push(output, meet, made, node.place());
        Ok(true)
    }

    /// The last stage that two others come from: every stage stands behind the one that it reads.
    fn meet(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            let later = if a > b { &mut a } else { &mut b };
            *later = self.stages[*later].from.unwrap_or(0);
        }
        a
    }

    /// The stages from one on, which is not among them, to another, which is.
    fn way(&self, mut to: usize, from: usize) -> Vec<usize> {
        let mut way = Vec::new();
        while to != from {
            way.push(to);
            to = self.stages[to].from.unwrap_or(from);
        }
        way.reverse();
        way
    }

    /// The layers of some stages, one after the other, with their parameters. Each stage is part of one chain only.
    fn chain(&mut self, shape: &[usize], way: &[usize]) -> Result<Chain, Error> {
        let mut chain = Chain {
            network: Network::new(shape),
            parameters: Vec::new(),
            names: Vec::new(),
        };
        for place in way {
            let stage = &mut self.stages[*place];
            let wrong =
                |kind: ErrorKind, message: &str| Error::new(kind, message).at(stage.place.clone());
            let Some(made) = stage.made.take() else {
                return Err(wrong(
                    ErrorKind::Unsupported,
                    "its output goes two ways that are not one sum, which is not read",
                ));
            };
            if made.is_unfinished() {
                return Err(wrong(
                    ErrorKind::Unsupported,
                    "numbers that differ from feature to feature are read where they multiply and others are then added, as a batch norm",
                ));
            }
            chain
                .network
                .push(made.layer)
                .map_err(|error| wrong(ErrorKind::Graph, error.message()))?;
            let features = chain.network.shapes().last();
            let features = features.and_then(|shape| {
                shape
                    .iter()
                    .try_fold(1usize, |n, side| n.checked_mul(*side))
            });
            if features.is_none_or(|features| features > MOST_FEATURES) {
                return Err(wrong(ErrorKind::Graph, "its output is too large"));
            }
            chain.parameters.extend(made.parameters);
            chain.names.extend(made.names);
        }
        Ok(chain)
    }

    /// The way back from the output to the samples, as a network.
    fn network(mut self) -> Result<Model, Error> {
        let end = Node {
            name: self.output,
            operator: "output",
            ..Node::default()
        };
        let last = self.settled(self.output, &end)?;
        let way = self.way(last, 0);
        let shape = self.shape_before(0, &way)?;
        let chain = self.chain(&shape, &way)?;
        let parameters = chain.network.parameters();
        if parameters == 0 || parameters != chain.parameters.len() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the graph holds no layer with weights",
            ));
        }
        Ok(Model {
            network: chain.network,
            parameters: chain.parameters,
            names: chain.names,
            ending: self.ending,
        })
    }

    /// The shape of a sample behind a stage, or else what the first dense layer on the ways from there takes.
    fn shape_before(&self, stage: usize, way: &[usize]) -> Result<Vec<usize>, Error> {
        let told = self.stages[stage].shape.clone();
        let first = || {
            let mut layers = way
                .iter()
                .filter_map(|place| self.stages[*place].made.as_ref());
            layers
                .find_map(|made| made.layer.as_dense())
                .map(|dense| vec![dense.inputs()])
        };
        let shape: Vec<usize> = match told {
            Some(shape) => shape,
            None => first().ok_or_else(|| {
                let message = format!(
                    "the shape of the input '{}' is not fixed",
                    self.graph.input.name
                );
                Error::new(ErrorKind::Unsupported, message)
                    .hint("export the model with all sizes fixed but that of the batch")
            })?,
        };
        let features = shape
            .iter()
            .try_fold(1usize, |n, side| n.checked_mul(*side));
        if features.is_none_or(|features| features > MOST_FEATURES) {
            let message = format!("samples of shape {shape:?} are too large");
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        Ok(shape)
    }
}

/// The shape of a sample that the file tells: the sides of the input behind the first.
fn given_shape(graph: &Graph<'_>) -> Option<Vec<usize>> {
    let sides = graph.input.shape.as_ref()?.get(1..)?;
    let side = |side: &Option<u64>| usize::try_from((*side)?).ok().filter(|side| *side > 0);
    let shape: Option<Vec<usize>> = sides.iter().map(side).collect();
    shape.filter(|shape| !shape.is_empty())
}

fn unknown(node: &Node<'_>) -> Error {
    let domain = match node.domain {
        "" => String::new(),
        domain => format!(" of {domain}"),
    };
    let message = format!("the operator {}{domain} is not read", node.operator);
    let error = Error::new(ErrorKind::Unsupported, message).at(node.place());
    match node.operator {
        "Scaler" => error.hint("export the network without its scaler, and give --standardise"),
        _ => error,
    }
}
