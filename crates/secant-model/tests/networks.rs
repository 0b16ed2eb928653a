//! Networks of real exporters give the numbers that onnxruntime and PyTorch give (`spec/reference/exporters.py`), and what cannot be read is told by its node.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;

use secant_model::onnx::{self, Ending, Model, Options};
use secant_model::weights::{self, Tensors};
use secant_model::{Error, ErrorKind};
use secant_train::Columns;
use secant_train::layer::Layer;

fn file(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../spec/onnx");
    fs::read(folder.join(name)).unwrap()
}

fn read(name: &str) -> Result<Model, Error> {
    onnx::read(&file(&format!("{name}.onnx")), &Options::default())
}

/// The outputs for some rows, with what stands at the end of the file.
fn outputs(model: &Model, rows: &[f64]) -> Vec<f64> {
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
fn distance(ours: &[f64], theirs: &[f64]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let pairs = ours.iter().zip(theirs);
    pairs
        .map(|(a, b)| (a - b).abs() / b.abs().max(1.0))
        .fold(0.0, f64::max)
}

const OF_TORCH: [(&str, Ending); 17] = [
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

#[test]
fn networks_of_pytorch_give_its_numbers_to_twelve_digits() {
    for (name, ending) in OF_TORCH {
        let model = read(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(model.ending, ending, "{name}");
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let ours = outputs(&model, &truth.named("input").unwrap().values);
        // Constants within activations are stored in single precision: there only onnxruntime computes the same function.
        let is_exact = !matches!(
            name,
            "torch-gelu-18"
                | "torch-leaky-17"
                | "torch-selu-18"
                | "torch-gelu-tanh-21"
                | "torch-hardswish-18"
        );
        let limit = if is_exact { 1e-12 } else { 1e-6 };
        let double = distance(&ours, &truth.named("double").unwrap().values);
        assert!(double <= limit, "{name}: {double:e} from PyTorch");
        let single = distance(&ours, &truth.named("single").unwrap().values);
        assert!(
            single <= 16.0 * f64::from(f32::EPSILON),
            "{name}: {single:e} from onnxruntime"
        );
    }
}

#[test]
fn networks_of_scikit_learn_give_the_numbers_of_onnxruntime() {
    for name in [
        "sklearn-iris-21",
        "sklearn-length-19",
        "sklearn-digits-17",
        "sklearn-two-17",
    ] {
        let model = read(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let mut ours = outputs(&model, &truth.named("input").unwrap().values);
        if name == "sklearn-two-17" {
            // The file tells both classes; the network has one output.
            ours = ours.iter().flat_map(|p| [1.0 - p, *p]).collect();
        }
        let single = distance(&ours, &truth.named("single").unwrap().values);
        assert!(
            single <= 64.0 * f64::from(f32::EPSILON),
            "{name}: {single:e} from onnxruntime"
        );
    }
    assert_eq!(
        read("sklearn-zipmap-15").unwrap().parameters,
        read("sklearn-iris-21").unwrap().parameters
    );
    assert_eq!(
        read("sklearn-digits-17").unwrap().network.parameters(),
        4810
    );
}

#[test]
fn what_is_not_read_is_told_with_its_node() {
    let told = |name: &str| read(name).unwrap_err();
    let error = told("torch-twice-18");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(
        error.to_string(),
        "node 'node_linear_1' (Gemm): the weights 'a.weight' serve another layer too, which is not read"
    );
    let error = told("sklearn-linear-17");
    assert_eq!(
        error.place(),
        Some("node 'LinearRegressor' (LinearRegressor)")
    );
    assert_eq!(
        error.message(),
        "the operator LinearRegressor of ai.onnx.ml is not read"
    );
}

#[test]
fn a_network_written_is_read_again_to_the_bit() {
    for (name, ending) in OF_TORCH {
        let model = read(name).unwrap();
        let Ok(bytes) = onnx::write(&model.network, &model.parameters, ending) else {
            // Formulas are no operators of ONNX, and of these layers not all settings can be asked; that is said.
            let is_refused = |layer: &dyn Layer| {
                matches!(layer.kind(), "convolution" | "layer norm")
                    || layer.describe().contains(['*', '(', '+'])
            };
            assert!(model.network.layers().any(is_refused), "{name}");
            continue;
        };
        let again = onnx::read(&bytes, &Options::default()).unwrap();
        assert_eq!(
            (again.ending, again.parameters),
            (ending, model.parameters),
            "{name}"
        );
    }
}

#[test]
fn weights_go_through_safetensors_to_the_bit_by_any_of_their_names() {
    let model = read("torch-residual-18")
        .or_else(|_| read("torch-relu-18"))
        .unwrap();
    let file = Tensors {
        tensors: weights::of_network(&model.network, &model.parameters),
        ..Tensors::default()
    };
    let mut tensors = Tensors::read(&file.write().unwrap()).unwrap().tensors;
    assert_eq!(
        weights::for_network(&model.network, &tensors, None).unwrap(),
        model.parameters
    );
    for tensor in &mut tensors {
        let place = model
            .network
            .tensors()
            .iter()
            .position(|own| own.name == tensor.name)
            .unwrap();
        tensor.name = model.names[place].clone();
    }
    assert_eq!(
        weights::for_network(&model.network, &tensors, Some(&model.names)).unwrap(),
        model.parameters
    );
    tensors.pop();
    let error = weights::for_network(&model.network, &tensors, Some(&model.names)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
}
