//! The files of real exporters in `spec/onnx`, read, and how far what they give is from what stands beside them.
#![allow(dead_code, clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use secant_model::Error;
use secant_model::onnx::{self, Ending, Model, Options};
use secant_model::weights::{self, Named, Tensors};
use secant_train::layer::Layer;
use secant_train::{Columns, Loss, Network, Objective, Targets};

pub(crate) fn file(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../spec/onnx");
    fs::read(folder.join(name)).unwrap()
}

pub(crate) fn read(name: &str) -> Result<Model, Error> {
    onnx::read(&file(&format!("{name}.onnx")), &Options::default())
}

/// The outputs for some rows, with what stands at the end of the file.
pub(crate) fn outputs(model: &Model, rows: &[f64]) -> Vec<f64> {
    let samples = Columns::from_rows(rows, model.network.features()).unwrap();
    let outputs = model.network.outputs(&model.parameters, &samples).unwrap();
    let classes = outputs.features();
    let mut rows = outputs.to_rows();
    for row in rows.chunks_exact_mut(classes) {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = row.iter().map(|y| (y - most).exp()).sum();
        for y in row {
            *y = match model.ending {
                Ending::None => *y,
                Ending::Softmax => (*y - most).exp() / sum,
                Ending::LogSoftmax => *y - most - sum.ln(),
                Ending::Sigmoid => 1.0 / (1.0 + (-*y).exp()),
            };
        }
    }
    rows
}

/// The largest distance, measured in the larger of 1 and the number itself.
pub(crate) fn distance(ours: &[f64], theirs: &[f64]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let pairs = ours.iter().zip(theirs);
    pairs
        .map(|(a, b)| (a - b).abs() / b.abs().max(1.0))
        // What is no number is infinitely far away, and not passed over.
        .map(|apart| if apart.is_nan() { f64::INFINITY } else { apart })
        .fold(0.0, f64::max)
}

pub(crate) const OF_TORCH: [(&str, Ending); 31] = [
    ("torch-residual-18", Ending::None),
    ("torch-nested-18", Ending::None),
    ("torch-convolution-18", Ending::None),
    ("torch-convolution-1d-11", Ending::None),
    ("torch-pools-17", Ending::None),
    ("torch-pools-20", Ending::None),
    ("torch-pools-1d-11", Ending::None),
    ("torch-pool-average-18", Ending::None),
    ("torch-pool-largest-17", Ending::None),
    ("torch-pool-mean-13", Ending::None),
    ("torch-preactivated-17", Ending::None),
    ("torch-preactivated-21", Ending::None),
    ("torch-resnet-18", Ending::None),
    ("torch-resnet-11", Ending::None),
    ("torch-strided-18", Ending::None),
    ("torch-strided-1d-11", Ending::None),
    ("torch-normalised-17", Ending::LogSoftmax),
    ("torch-relu-11", Ending::None),
    ("torch-relu-18", Ending::None),
    ("torch-tanh-double-17", Ending::Softmax),
    ("torch-gelu-18", Ending::None),
    ("torch-gelu-20", Ending::Softmax),
    ("torch-gelu-tanh-21", Ending::None),
    ("torch-silu-13", Ending::Sigmoid),
    ("torch-mish-18", Ending::None),
    ("torch-leaky-17", Ending::None),
    ("torch-elu-17", Ending::None),
    ("torch-selu-18", Ending::None),
    ("torch-hardswish-18", Ending::None),
    ("torch-softplus-12", Ending::None),
    ("torch-relu6-18", Ending::None),
];

/// Networks of Keras, each as it is exported over PyTorch, and over TensorFlow (`spec/reference/keras_networks.py`).
pub(crate) fn of_keras() -> impl Iterator<Item = String> {
    let both = [
        "dense", "norm", "residual", "conv2d", "grey", "same", "global", "conv1d", "causal",
        "padded", "reshape", "resnet",
    ];
    let files = both
        .into_iter()
        .flat_map(|name| [format!("keras-{name}"), format!("keras-tf-{name}")]);
    files.chain(["keras-tf-mean-same".to_owned()])
}

/// How far the gradient of the mean cross-entropy is from that in a file.
pub(crate) fn gradient_apart(model: &Model, truth: &Tensors) -> f64 {
    let theirs: Vec<Named> = truth
        .tensors
        .iter()
        .filter_map(|tensor| {
            let own = tensor.name.strip_prefix("gradient.")?;
            model
                .stored
                .iter()
                .any(|stored| stored.name == own)
                .then(|| Named {
                    name: own.to_owned(),
                    ..tensor.clone()
                })
        })
        .collect();
    let theirs = weights::for_network(&model.network, &theirs, Some(&model.stored)).unwrap();
    let input = &truth.named("input").unwrap().values;
    let samples = Columns::from_rows(input, model.network.features()).unwrap();
    let labels = &truth.named("labels").unwrap().values;
    let targets = Targets::Labels(labels.iter().map(|label| *label as usize).collect());
    let loss = Loss::CrossEntropy;
    let mut objective = Objective::new(&model.network, &loss, &samples, &targets).unwrap();
    let mut ours = vec![0.0; theirs.len()];
    objective.gradient(&model.parameters, &mut ours).unwrap();
    distance(&ours, &theirs)
}

/// A network of these layers.
pub(crate) fn chain(shape: &[usize], layers: Vec<Box<dyn Layer>>) -> Network {
    let mut network = Network::new(shape);
    for layer in layers {
        network.push(layer.into()).unwrap();
    }
    network
}
