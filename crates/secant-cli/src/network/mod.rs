//! The verbs that take a network and samples: what they share is here, how the two are read from what was asked.

pub(crate) mod args;
mod beside;
mod check;
mod doubts;
mod impact;
mod landscape;
mod look;
mod samples;
mod train;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secant_model::onnx::{self, Ending};
use secant_model::weights::{self, Named, Stored, Tensors};
use secant_train::{Loss, Network, Objective, Scale};
use serde::Serialize;

use crate::data::told as of_table;
use crate::failure::{Failure, told};
use crate::json;
use crate::points::number;
use crate::text::counted;
use args::Learned;
use samples::Samples;

pub(crate) use check::run as check;
pub(crate) use impact::run as impact;
pub(crate) use landscape::run as landscape;
pub(crate) use train::run as train;

/// A network with its parameters.
#[derive(Debug, Clone)]
struct Model {
    network: Network,
    parameters: Vec<f64>,
    /// What the tensors are called in the file.
    stored: Vec<Stored>,
    ending: Ending,
    /// The names of the classes in the order of the outputs, where the file tells them.
    classes: Vec<String>,
    /// The names of the features in their order, likewise.
    features: Vec<String>,
    /// Whether the network was standardised when it was trained, and takes samples as they were before.
    standardised: bool,
}

/// All that was asked of a verb.
#[derive(Debug, Clone)]
struct Asked {
    model: Model,
    samples: Samples,
    loss: Loss,
    /// How the features were shifted and scaled, if they were.
    scale: Option<Scale<f64>>,
}

impl Asked {
    /// Reads network and samples, and brings them together; the samples standardised, if that was asked for.
    fn new(asked: &Learned) -> Result<Self, Failure> {
        let mut found = Self::as_given(asked)?;
        if asked.standardise {
            found.standardise(None)?;
        }
        Ok(found)
    }

    /// The same with the samples as they are.
    fn as_given(asked: &Learned) -> Result<Self, Failure> {
        let (model, data) = sources(asked)?;
        let model = read_model(asked, model)?;
        if asked.standardise && model.standardised {
            let message = "the network was standardised when it was trained, and takes samples as they were before";
            return Err(Failure::new("setting", message).hint("leave --standardise out"));
        }
        let mut samples = Samples::read(asked, &data, &model)?;
        let loss = loss(asked, &model, &samples)?;
        samples.fit(&loss, &model.network)?;
        let asked = Self {
            model,
            samples,
            loss,
            scale: None,
        };
        // Whether all fit together is known before any work begins.
        asked.objective()?;
        Ok(asked)
    }

    /// Shifts and scales all samples as brings these, or all, to mean 0 and deviation 1.
    fn standardise(&mut self, learned: Option<&[usize]>) -> Result<(), Failure> {
        let columns = &mut self.samples.columns;
        let scale = match learned {
            Some(learned) => Scale::of(&columns.gather(learned)),
            None => Scale::of(columns),
        };
        scale.apply(columns).map_err(|error| told(&error))?;
        self.scale = Some(scale);
        Ok(())
    }

    /// The loss over the samples, a function of the parameters.
    fn objective(&self) -> Result<Objective<'_, f64>, Failure> {
        let (samples, targets) = (&self.samples.columns, &self.samples.targets);
        Objective::new(&self.model.network, &self.loss, samples, targets)
            .map_err(|error| told(&error))
    }

    /// What is looked at, in three lines, or four where classes have names.
    fn heading(&self) -> String {
        let network = &self.model.network;
        let ending = match self.model.ending {
            Ending::None => String::new(),
            ending => format!("; the {} at its end is part of the loss", ending.name()),
        };
        format!(
            "network: {}; {}{ending}\ndata: {}, {} of {}{}\n{}loss: {}\n",
            beside::layers(network),
            counted(network.parameters(), "parameter", "parameters"),
            self.samples.name,
            counted(self.samples.columns.samples(), "sample", "samples"),
            counted(network.features(), "feature", "features"),
            match self.scale {
                Some(_) => ", each shifted and scaled to mean 0 and deviation 1",
                None => "",
            },
            self.samples.numbering(),
            self.loss.name(),
        )
    }
}

/// What all documents of JSON begin with: what was asked. `criterion` is the name of the loss, and `loss` everywhere its mean over the samples.
#[derive(Debug, Serialize)]
struct Head<'a> {
    schema: u32,
    network: Vec<String>,
    parameters: usize,
    samples: usize,
    features: usize,
    /// Whether each feature was shifted and scaled to mean 0 and deviation 1.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    standardised: bool,
    /// The names of the classes, in the order of their numbers.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    classes: &'a [String],
    criterion: &'static str,
}

impl Asked {
    fn head(&self) -> Head<'_> {
        let network = &self.model.network;
        Head {
            schema: json::SCHEMA,
            network: network.layers().map(|layer| layer.describe()).collect(),
            parameters: network.parameters(),
            samples: self.samples.columns.samples(),
            features: network.features(),
            standardised: self.scale.is_some(),
            classes: &self.samples.classes,
            criterion: self.loss.name(),
        }
    }
}

/// An error of a model in this file.
fn of_model(path: &Path, error: &secant_model::Error) -> Failure {
    let place = error
        .place()
        .map_or_else(String::new, |place| format!(", {place}"));
    let failure = Failure::new(
        error.kind().name(),
        format!("{}{place}: {}", path.display(), error.message()),
    );
    match error.repair() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Which file is the network, if any, and which the samples.
pub(crate) fn sources(asked: &Learned) -> Result<(Option<PathBuf>, PathBuf), Failure> {
    let given = asked.given.as_slice();
    match (given, &asked.data, &asked.layers) {
        ([model, data], None, _) => Ok((Some(model.clone()), data.clone())),
        ([model], Some(data), _) => Ok((Some(model.clone()), data.clone())),
        ([], Some(data), Some(_)) => Ok((None, data.clone())),
        ([data], None, Some(_)) => Ok((None, data.clone())),
        ([] | [_], _, None) => Err(Failure::new("setting", "a network and samples are needed")
            .hint("give MODEL and DATA, such as model.onnx data.csv, or --layers 2,64,3 spiral")),
        ([], None, Some(_)) => Err(Failure::new("setting", "no samples are given")
            .hint("name a table, or spiral or digits")),
        _ => Err(Failure::new("setting", "samples are given twice")),
    }
}

/// Whether a file has this ending.
fn ends_in(path: &Path, ending: &str) -> bool {
    path.extension()
        .is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

/// The network out of a file, or made of layers and either random or out of a file of weights.
fn read_model(asked: &Learned, path: Option<PathBuf>) -> Result<Model, Failure> {
    let built = asked
        .layers
        .as_deref()
        .map(|layers| build(layers, asked.activation.as_deref().unwrap_or(RELU)))
        .transpose()?;
    if let (None, Some(_)) = (&built, &asked.activation) {
        return Err(Failure::new(
            "setting",
            "--activation stands between --layers, and none are given",
        )
        .hint(
            "an ONNX file has its own activations; for new weights give --layers, such as 2,64,3",
        ));
    }
    let Some(path) = path else {
        let none = || Failure::new("setting", "no network is given");
        let network = built.ok_or_else(none)?;
        let parameters = network.initial(asked.seed);
        return Ok(Model::of_layers(network, parameters));
    };
    let bytes = std::fs::read(&path).map_err(|reason| Failure::unread(&path, &reason))?;
    match built {
        built if ends_in(&path, "safetensors") => of_weights(asked, &path, &bytes, built),
        Some(_) => Err(built_twice(&path)),
        None => of_onnx(asked, &path, &bytes),
    }
}

impl Model {
    /// Layers whose tensors are called as the network calls them.
    fn of_layers(network: Network, parameters: Vec<f64>) -> Self {
        Self {
            stored: own_tensors(&network),
            network,
            parameters,
            ending: Ending::None,
            classes: Vec::new(),
            features: Vec::new(),
            standardised: false,
        }
    }

    /// The same with what its file tells beside the weights.
    fn told(self, path: &Path, about: &BTreeMap<String, String>) -> Result<Self, Failure> {
        Ok(Self {
            classes: beside::classes(path, about, &self.network)?,
            features: beside::features(about),
            standardised: beside::is_standardised(about),
            ..self
        })
    }
}

/// What a network calls its tensors.
fn own_tensors(network: &Network) -> Vec<Stored> {
    let tensors = network.tensors().iter();
    tensors.map(|tensor| Stored::plain(&tensor.name)).collect()
}

/// What stands between new layers of which nothing else is said.
const RELU: &str = "relu";

/// Layers with the weights of a safetensors file.
fn of_weights(
    asked: &Learned,
    path: &Path,
    bytes: &[u8],
    built: Option<Network>,
) -> Result<Model, Failure> {
    let network = built.ok_or_else(|| {
        let message = format!(
            "'{}' holds weights alone, not the layers they belong to",
            path.display()
        );
        Failure::new("setting", message).hint("give --layers and --activation too")
    })?;
    let tensors = Tensors::read(bytes).map_err(|error| of_model(path, &error))?;
    beside::same_layers(path, &tensors.about, &network, asked.activation.is_some())?;
    let parameters = parameters(path, &network, &tensors.tensors, &own_tensors(&network))?;
    Model::of_layers(network, parameters).told(path, &tensors.about)
}

/// That layers were asked for, and a file that has its own, or no weights.
fn built_twice(path: &Path) -> Failure {
    if ends_in(path, "onnx") {
        return Failure::new("setting", "an ONNX file has its own layers")
            .hint("leave --layers out");
    }
    let path = path.display();
    let message = format!(
        "--layers makes the network, and two files are given beside it: '{path}' holds no weights for it"
    );
    Failure::new("setting", message)
        .hint("give one table, and --targets for a table of what is to be met")
}

/// The network of an ONNX file.
fn of_onnx(asked: &Learned, path: &Path, bytes: &[u8]) -> Result<Model, Failure> {
    let beside = |name: &str| {
        let file = path.with_file_name(name);
        // A pipe might never end.
        match std::fs::metadata(&file)?.is_file() {
            true => std::fs::read(file),
            false => Err(std::io::Error::other("is no ordinary file")),
        }
    };
    let options = onnx::Options {
        output: asked.output_name.as_deref(),
        beside: Some(&beside),
    };
    let model = onnx::read(bytes, &options).map_err(|error| of_model(path, &error))?;
    let own = Model {
        stored: model.stored,
        ending: model.ending,
        ..Model::of_layers(model.network, model.parameters)
    };
    own.told(path, &model.about)
}

/// Tensors of a file as numbers for all parameters of a network; of a name that it does not have the nearest that it has is told.
fn parameters(
    path: &Path,
    network: &Network,
    tensors: &[Named],
    stored: &[Stored],
) -> Result<Vec<f64>, Failure> {
    weights::for_network(network, tensors, Some(stored)).map_err(|error| {
        let failure = of_model(path, &error);
        let own = network.tensors().iter().map(|tensor| &tensor.name);
        let elsewhere = stored.iter().map(|stored| &stored.name);
        let all: Vec<String> = own.chain(elsewhere).cloned().collect();
        let unknown = tensors.iter().find(|tensor| !all.contains(&tensor.name));
        match unknown.and_then(|tensor| secant_data::nearest(&all, &tensor.name)) {
            Some(near) => failure.hint(format!("did you mean '{near}'?")),
            None => failure,
        }
    })
}

/// Dense layers of sizes that stand in a text.
fn build(layers: &str, activation: &str) -> Result<Network, Failure> {
    let sizes: Result<Vec<usize>, _> = layers.split(',').map(|size| size.trim().parse()).collect();
    let sizes = sizes.map_err(|_| {
        Failure::new("setting", format!("'{layers}' are no sizes of layers"))
            .hint("two or more, from inputs to outputs, such as 2,64,3")
    })?;
    Network::dense(&sizes, activation).map_err(|error| told(&error))
}

/// The loss that was asked for, or the one that suits.
fn loss(asked: &Learned, model: &Model, samples: &Samples) -> Result<Loss, Failure> {
    let loss = match &asked.loss {
        None => samples.loss(model),
        Some(text) => Loss::parse(text).map_err(|error| told(&error))?,
    };
    let fits = match model.ending {
        Ending::None => true,
        Ending::Softmax | Ending::LogSoftmax => matches!(loss, Loss::CrossEntropy),
        Ending::Sigmoid => matches!(loss, Loss::BinaryCrossEntropy),
    };
    if fits {
        return Ok(loss);
    }
    let (ending, own) = (model.ending.name(), samples.loss(model).name());
    Err(Failure::new(
        "setting",
        format!(
            "the network ends in {ending}, and the {} loss of its probabilities is not computed",
            loss.name()
        ),
    )
    .hint(format!("--loss {own} takes {ending} into itself")))
}

/// A parameter in words: its tensor and its indices, as `2.weight[0, 17]`.
fn parameter_name(network: &Network, parameter: usize) -> String {
    let Some(tensor) = network.tensor_of(parameter) else {
        return format!("parameter {parameter}");
    };
    let indices: Vec<String> = tensor
        .indices(parameter)
        .unwrap_or_default()
        .iter()
        .map(usize::to_string)
        .collect();
    format!("{}[{}]", tensor.name, indices.join(", "))
}
