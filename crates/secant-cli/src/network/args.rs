//! The arguments of the verbs that take a network: `train`, `impact`, `check`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use secant::optimiser::Rule;

use crate::args::{Drawing, Style};

pub(crate) const TRAIN_EXAMPLES: &str = "\
Examples:
  secant train --layers 2,64,3 spiral --epochs 1000 --save spiral.onnx -o regions.svg
  secant train --layers 64,64,10 digits --batch 32 --epochs 20 --validation 0.2
  secant train model.onnx data.csv --target species --rate 0.001 --save better.onnx
  secant train --layers 4,16,1 data.csv --checkpoint run.safetensors --resume    goes on where it stopped";

pub(crate) const IMPACT_EXAMPLES: &str = "\
Examples:
  secant impact model.onnx data.csv --loss cross-entropy
  secant impact spiral.onnx spiral -o network.svg                   edges coloured by impact
  secant impact model.onnx digits --way naive --delta 0.0001       one parameter after the other
  secant impact model.onnx data.csv --each impact.safetensors      of every sample, into a file
  secant impact model.onnx data.csv --wrt inputs";

pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  secant check model.onnx data.csv                                 our gradient, held against carried differences
  secant check model.onnx digits --gradient theirs.safetensors     somebody else's";

pub(crate) const LANDSCAPE_EXAMPLES: &str = "\
Examples:
  secant landscape spiral.onnx spiral -o landscape.svg                from above, along two random directions
  secant landscape model.onnx data.csv --along gradient               along the gradient alone
  secant landscape model.onnx data.csv --along gradient,random --span 0.5
  secant landscape model.onnx data.csv --along hessian,hessian        along the two directions in which it bends most";

/// A network, samples, and a loss of the two.
#[derive(Debug, Args)]
pub(crate) struct Learned {
    /// The network (.onnx, or .safetensors with --layers; none with --layers alone), then the samples (a table, or 'spiral' or 'digits')
    #[arg(value_name = "MODEL DATA", num_args = 0..=2)]
    pub(crate) given: Vec<PathBuf>,
    /// Dense layers of these sizes, such as 2,64,3
    #[arg(long, value_name = "SIZES")]
    pub(crate) layers: Option<String>,
    /// What stands between the layers: relu, tanh, gelu, … or a formula of x such as 'x*sigmoid(x)' [default: relu, for new weights]
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) activation: Option<String>,
    /// The samples, where they are not the last argument
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<PathBuf>,
    /// The columns that are to be met: numbers, or one column of names of classes [default: the last one]
    #[arg(long, value_name = "NAMES", conflicts_with = "targets")]
    pub(crate) target: Option<String>,
    /// A table of its own that holds what is to be met, row by row
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<PathBuf>,
    /// Names of the classes in the order of the outputs, where the target is a column of names [default: those saved with the network, else those of the table, sorted]
    #[arg(long, value_name = "NAMES")]
    pub(crate) classes: Option<String>,
    /// The loss: squared, absolute, huber, cross-entropy, binary-cross-entropy, or a formula of y and t [default: what suits outputs and targets]
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) loss: Option<String>,
    /// Shift and scale each feature to mean 0 and deviation 1, those of the samples learned from; a saved network takes samples as they were
    #[arg(long)]
    pub(crate) standardise: bool,
    /// Begins the random numbers: first weights, order of samples, the spiral
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// The output of an ONNX file that is taken [default: its first of numbers]
    #[arg(long, value_name = "NAME")]
    pub(crate) output_name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Train {
    #[command(flatten)]
    pub(crate) learned: Learned,
    /// How often every sample is used
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) epochs: u64,
    /// So many samples a step [default: all of them]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) batch: Option<u32>,
    /// How the parameters are moved
    #[arg(long, default_value = "adam", value_parser = PossibleValuesParser::new(Rule::NAMES))]
    pub(crate) optimiser: String,
    /// How far they are moved [default: 0.01; of l-bfgs 1, the length that it tries first]
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) rate: Option<String>,
    /// How the rate changes: constant, inverse:DECAY, exponential:FACTOR, stairs:STEPS:FACTOR, cosine:STEPS or warm-up:STEPS
    #[arg(long, default_value = "constant")]
    pub(crate) schedule: String,
    /// How much of each step is kept for the next [default: 0.9 where the optimiser keeps any]
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) momentum: Option<f64>,
    /// How much weights and biases shrink, by the rate [default: 0; of adamw 0.01]
    #[arg(long, value_name = "DECAY", allow_hyphen_values = true)]
    pub(crate) weight_decay: Option<f64>,
    /// Shorten longer gradients to this length
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    pub(crate) clip: Option<f64>,
    /// Keep this share of the samples apart, and tell the loss on them
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true)]
    pub(crate) validation: Option<f64>,
    /// Stop after so many epochs without a smaller loss on the samples kept apart, and keep the best weights
    #[arg(long, value_name = "EPOCHS", requires = "validation")]
    pub(crate) patience: Option<u64>,
    /// Keep in this file where the run stands
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Seconds from one checkpoint to the next
    #[arg(
        long,
        default_value_t = 10.0,
        value_name = "SECONDS",
        requires = "checkpoint"
    )]
    pub(crate) every: f64,
    /// Go on from the checkpoint, where there is one
    #[arg(long, requires = "checkpoint")]
    pub(crate) resume: bool,
    /// Write every epoch to a file, its format by the ending .csv or .jsonl; losses and accuracies are those of the weights it ends with
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Write the network to a file, its format by the ending .onnx or .safetensors; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Vec<PathBuf>,
    /// What is drawn [default: the regions of two features with classes, else the loss]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) picture: Option<TrainPicture>,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrainPicture {
    /// The loss, epoch by epoch
    Loss,
    /// Which class the network sees where
    Regions,
}

#[derive(Debug, Args)]
pub(crate) struct Impact {
    #[command(flatten)]
    pub(crate) learned: Learned,
    /// How far each parameter or feature is moved
    #[arg(long, default_value = "0.0001", allow_hyphen_values = true)]
    pub(crate) delta: String,
    /// How its change of the loss is found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) way: Way,
    /// What is moved
    #[arg(long, value_enum, default_value_t)]
    pub(crate) wrt: Moved,
    /// What a row of the table is; neurons are ordered by the length of their derivative
    #[arg(long, value_enum, default_value_t)]
    pub(crate) per: Per,
    /// What the table is ordered by
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: Order,
    /// Rows of the table
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) top: usize,
    /// Write the impact of each parameter on each sample to a file, its format by the ending .csv, .npy, .parquet or .safetensors
    #[arg(long, value_name = "FILE")]
    pub(crate) each: Option<PathBuf>,
    /// What is drawn [default: the network where it is small, else the layers]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) picture: Option<ImpactPicture>,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// One shift for each neuron, carried to the loss as a difference
    #[default]
    Structured,
    /// One parameter after the other: move it, pass all samples, move it back
    Naive,
    /// Partial derivatives alone
    Backprop,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Moved {
    /// Weights and biases
    #[default]
    Parameters,
    /// The features of the samples
    Inputs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Per {
    /// A weight, a bias or a feature
    #[default]
    Parameter,
    /// A neuron with all weights into it and its bias
    Neuron,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// The partial derivative of the loss
    #[default]
    Derivative,
    /// The change of the loss in per cent for one per cent of the parameter
    Elasticity,
    /// How much the impact differs from sample to sample
    Variance,
    /// The largest impact on one sample
    Largest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImpactPicture {
    /// Neurons and the edges between them
    Network,
    /// The weights whose derivative is longest, of those that a picture holds, one square each
    Layer,
    /// How many parameters or features have which impact
    Histogram,
    /// The features, a bar each, or a square for each pixel of an image
    Features,
}

#[derive(Debug, Args)]
pub(crate) struct Landscape {
    #[command(flatten)]
    pub(crate) learned: Learned,
    /// One direction or two: random (for each neuron as long as its weights), gradient, hessian (in which the loss bends most; given twice, the next one too)
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "random,random",
        value_name = "DIRECTIONS"
    )]
    pub(crate) along: Vec<Direction>,
    /// How far to go each way, 1 being as far as the weights are long
    #[arg(long, default_value = "1", allow_hyphen_values = true)]
    pub(crate) span: String,
    /// Places along each direction
    #[arg(long, default_value_t = 61, value_name = "N", value_parser = clap::value_parser!(u16).range(3..=401))]
    pub(crate) points: u16,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Direction {
    /// Drawn by the seed, for each neuron as long as its weights
    Random,
    /// The gradient of the loss, as long as all parameters
    Gradient,
    /// In which the loss bends most, up or down: an eigenvector of the Hessian, as long as all parameters
    Hessian,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) learned: Learned,
    /// A gradient of the mean loss to be held against ours: a .safetensors or .npz file, tensors by their names in the model, or as 0.weight
    #[arg(long, value_name = "FILE")]
    pub(crate) gradient: Option<PathBuf>,
    /// Errors up to this part of a component pass; a gradient computed in 32 bits needs about 1e-4
    #[arg(long, default_value = "1e-6", allow_hyphen_values = true)]
    pub(crate) tolerance: String,
    /// How many parameters are also moved one by one
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) naive: usize,
    #[command(flatten)]
    pub(crate) style: Style,
}
