//! From a graph to a network: every value that depends on the samples is the output of a [`Stage`], or a formula of one. A network is the way
//! back from the wanted output to the samples.

mod arrange;
mod join;
mod sizes;
mod stage;
mod view;

use std::collections::{BTreeMap, HashMap, HashSet};

use secant_train::Network;
use secant_train::layer::{Activation, numbers};

use self::sizes::Sizes;
use self::view::View;
use super::elementwise;
use super::graph::Graph;
use super::operators::{self, Made};
use super::schema::{self, Node};
use super::{Ending, Model};
use crate::error::{Error, ErrorKind};
use crate::weights::Stored;

/// More features of a sample are refused.
const MOST_FEATURES: usize = 1 << 26;

/// A layer of the network to be, behind another.
struct Stage {
    /// The stage whose output it reads; none for the samples themselves.
    from: Option<usize>,
    made: Option<Made>,
    /// The shape of a sample behind it, where it is known.
    shape: Option<Vec<usize>>,
    /// Where it does nothing but arrange the output of another, how it shows that one.
    shows: Option<(usize, View)>,
    place: String,
}

/// Layers one after the other, with their parameters and how these are stored in the file.
struct Chain {
    network: Network,
    parameters: Vec<f64>,
    stored: Vec<Stored>,
}

/// A value that depends on the samples.
#[derive(Clone)]
struct Seen {
    stage: usize,
    /// What is still to be done to the output of the stage, element by element.
    formula: Option<String>,
    /// In which order it shows what comes of that; none where it is that of the stage.
    view: Option<View>,
    /// Whether nobody else sees the output of the stage, so that it may still be changed.
    is_alone: bool,
}

impl Seen {
    /// The output of a stage as it is.
    fn output_of(stage: usize) -> Self {
        Self {
            stage,
            formula: None,
            view: None,
            is_alone: true,
        }
    }
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
    /// Whole numbers that are known from the shapes of values.
    sizes: HashMap<&'a str, Sizes>,
    /// Activations that stand behind a stage, by their formulas.
    activations: HashMap<(usize, String), usize>,
    /// What shows the output of a stage in another order.
    showing: HashMap<(usize, View), usize>,
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
            shows: None,
            place: String::new(),
        };
        Self {
            graph,
            stages: vec![samples],
            values: HashMap::from([(graph.input.name, Seen::output_of(0))]),
            sizes: HashMap::new(),
            activations: HashMap::new(),
            showing: HashMap::new(),
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
            let view = self.values.get(input).and_then(|seen| self.view_of(seen));
            let shape = view.map(|view| view.shape());
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
            let seen = self.handed_on(input, seen.clone());
            self.values.insert(output, seen);
        } else if self.take_sizes(node, output)? || self.take_arranged(node, output)? {
            // What a node makes of shapes, or of the order of numbers, is no layer yet.
        } else if elementwise::is_elementwise(node.operator) {
            self.take_elementwise(node, output)?;
        } else {
            self.take_layer(node, input, output)?;
        }
        Ok(())
    }

    /// Takes a node that is a layer.
    fn take_layer(
        &mut self,
        node: &'a Node<'a>,
        input: &'a str,
        output: &'a str,
    ) -> Result<(), Error> {
        let (from, rim) = self.inside(input, node)?;
        let shape = self.stages[from].shape.as_deref();
        let made = operators::layer(node, self.graph, shape, &rim)?;
        let made = made.ok_or_else(|| unknown(node))?;
        // Parameters are the first constants that a node reads; what comes behind them are settings.
        for name in node.inputs.iter().skip(1).take(made.stored.len()) {
            self.use_once(name, node)?;
        }
        let stage = self.push(from, made, node.place())?;
        self.values.insert(output, Seen::output_of(stage));
        Ok(())
    }

    /// Whether a node gives on what it reads: numbers of another precision, dropout that is off.
    fn hands_on(&self, node: &Node<'_>) -> Result<bool, Error> {
        Ok(match node.operator {
            "Identity" | "ZipMap" => true,
            "Cast" => schema::is_floating(node.whole("to", 0)?),
            "Dropout" => match node.inputs.get(2).filter(|name| !name.is_empty()) {
                None => true,
                Some(mode) => match self.graph.numbers(mode)?.and_then(|mode| mode.single()) {
                    Some(0.0) => true,
                    _ => {
                        let message = "dropout that is not known to be off is not read";
                        return Err(Error::new(ErrorKind::Unsupported, message)
                            .at(node.place())
                            .hint("export the model in evaluation, after model.eval()"));
                    }
                },
            },
            _ => false,
        })
    }

    /// What another name for a value shows.
    fn handed_on(&self, name: &str, seen: Seen) -> Seen {
        Seen {
            is_alone: seen.is_alone && self.is_read_once(name),
            ..seen
        }
    }

    fn is_read_once(&self, name: &str) -> bool {
        self.readers.get(name) == Some(&1) && name != self.graph.output
    }

    /// How a value shows the output of its stage, where the shape of that is known.
    fn view_of(&self, seen: &Seen) -> Option<View> {
        let whole = || self.stages[seen.stage].shape.as_deref().map(View::of);
        seen.view.clone().or_else(whole)
    }

    /// Adds a stage behind another.
    fn push(&mut self, from: usize, made: Made, place: String) -> Result<usize, Error> {
        let before = self.stages[from].shape.as_deref();
        let shape = match (before, made.layer.as_dense()) {
            (Some(before), _) => {
                let shape = made.layer.output(before).map_err(|error| {
                    Error::new(ErrorKind::Graph, error.message()).at(place.clone())
                });
                Some(shape?)
            }
            (None, dense) => dense.map(|dense| vec![dense.outputs()]),
        };
        self.stages.push(Stage {
            from: Some(from),
            made: Some(made),
            shape,
            shows: None,
            place,
        });
        Ok(self.stages.len() - 1)
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

    /// A value, with what was still to be done to it element by element as an activation.
    fn active(&mut self, name: &'a str, node: &Node<'_>) -> Result<Seen, Error> {
        let seen = self.values.get(name).cloned().ok_or_else(|| {
            let message = format!("its input '{name}' does not come from the samples");
            Error::new(ErrorKind::Unsupported, message).at(node.place())
        })?;
        let Some(formula) = seen.formula else {
            return Ok(seen);
        };
        let key = (seen.stage, formula);
        let stage = match self.activations.get(&key) {
            Some(stage) => *stage,
            None => {
                let made = Made::plain(activation(&key.1).map_err(|error| error.at(node.place()))?);
                let stage = self.push(seen.stage, made, format!("the value '{name}'"))?;
                self.activations.insert(key, stage);
                stage
            }
        };
        let seen = Seen {
            stage,
            formula: None,
            ..seen
        };
        self.values.insert(name, seen.clone());
        Ok(seen)
    }

    /// The stage whose output is the value as it stands in the graph.
    fn settled(&mut self, name: &'a str, node: &Node<'_>) -> Result<usize, Error> {
        let seen = self.active(name, node)?;
        self.as_shown(&seen, node)
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
            stored: Vec::new(),
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
            let features = features.and_then(|shape| numbers(shape));
            if features.is_none_or(|features| features > MOST_FEATURES) {
                return Err(wrong(ErrorKind::Graph, "its output is too large"));
            }
            chain.parameters.extend(made.parameters);
            chain.stored.extend(made.stored);
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
        if parameters == 0 {
            let message = "the graph holds no layer with weights";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        if parameters != chain.parameters.len() {
            let message = format!(
                "the layers have {parameters} parameters, the graph {}",
                chain.parameters.len()
            );
            return Err(Error::new(ErrorKind::Graph, message));
        }
        Ok(Model {
            network: chain.network,
            parameters: chain.parameters,
            stored: chain.stored,
            ending: self.ending,
            about: BTreeMap::new(),
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
        if numbers(&shape).is_none_or(|features| features > MOST_FEATURES) {
            let message = format!("samples of shape {shape:?} are too large");
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        Ok(shape)
    }
}

/// The layer of a formula.
fn activation(formula: &str) -> Result<Activation, Error> {
    let activation = match elementwise::name(formula) {
        Some(name) => Activation::named(name),
        None => Activation::formula(formula),
    };
    activation.map_err(|error| {
        let message = format!(
            "the activation {formula} cannot be read: {}",
            error.message()
        );
        Error::new(ErrorKind::Unsupported, message)
    })
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
