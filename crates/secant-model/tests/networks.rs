//! Networks of real exporters give the numbers that onnxruntime and PyTorch give (`spec/reference/exporters.py`), and what cannot be read is told by its node.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;

use secant_model::onnx::{self, Ending, Model, Options};
use secant_model::weights::{self, Named, Tensors};
use secant_model::{Error, ErrorKind};
use secant_train::layer::{
    Activation, AveragePool, BatchNorm, Convolution, Dense, Dropout, Flatten, Layer, LayerNorm,
    MaxPool, Residual, Softmax, Windows,
};
use secant_train::{Columns, Loss, Network, Objective, Random, Targets};

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

const OF_TORCH: [(&str, Ending); 31] = [
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

#[test]
fn networks_of_pytorch_give_its_numbers_to_twelve_digits() {
    for (name, ending) in OF_TORCH {
        let model = read(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(model.ending, ending, "{name}");
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let ours = outputs(&model, &truth.named("input").unwrap().values);
        // Constants within activations are stored in single precision, and what the exporter folded into a convolution was computed in it: there only
        // onnxruntime computes the same function.
        let is_exact = !matches!(
            name,
            "torch-convolution-1d-11"
                | "torch-resnet-18"
                | "torch-resnet-11"
                | "torch-gelu-18"
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
fn graphs_written_by_hand_give_the_numbers_of_onnxruntime() {
    for name in ["onnx-same-15", "onnx-arithmetic-14"] {
        let model = read(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let ours = outputs(&model, &truth.named("input").unwrap().values);
        let single = distance(&ours, &truth.named("single").unwrap().values);
        assert!(
            single <= 16.0 * f64::from(f32::EPSILON),
            "{name}: {single:e}"
        );
    }
}

#[test]
fn gradients_are_those_of_pytorch() {
    let mut graded = 0;
    for (name, _) in OF_TORCH {
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let Some(labels) = truth.named("labels") else {
            continue;
        };
        let model = read(name).unwrap();
        let theirs: Vec<Named> = truth
            .tensors
            .iter()
            .filter_map(|tensor| {
                let own = tensor.name.strip_prefix("gradient.")?;
                Some(Named {
                    name: own.to_owned(),
                    ..tensor.clone()
                })
            })
            .collect();
        let theirs = weights::for_network(&model.network, &theirs, Some(&model.names));
        let theirs = theirs.unwrap_or_else(|error| panic!("{name}: {error}"));
        let input = &truth.named("input").unwrap().values;
        let samples = Columns::from_rows(input, model.network.features()).unwrap();
        let labels = labels.values.iter().map(|label| *label as usize).collect();
        let targets = Targets::Labels(labels);
        let mut objective =
            Objective::new(&model.network, &Loss::CrossEntropy, &samples, &targets).unwrap();
        let mut ours = vec![0.0; theirs.len()];
        objective.gradient(&model.parameters, &mut ours).unwrap();
        let apart = distance(&ours, &theirs);
        assert!(apart <= 1e-12, "{name}: {apart:e} from PyTorch");
        graded += 1;
    }
    assert_eq!(graded, 9);
}

#[test]
fn networks_of_keras_give_the_numbers_of_onnxruntime() {
    for (name, layers) in [
        ("keras-dense", "dense 4 to 5, tanh, dense 5 to 3"),
        (
            "keras-norm",
            "dense 4 to 5, batch norm of 5 channels, statistics fixed, tanh, dense 5 to 2",
        ),
        (
            "keras-residual",
            "(dense 6 to 9, relu, dense 9 to 6) + x, piecewise(x > 0, x, 1*expm1(x)), dense 6 to 2",
        ),
    ] {
        let model = read(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let described: Vec<String> = model.network.layers().map(Layer::describe).collect();
        assert_eq!(described.join(", "), layers);
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let ours = outputs(&model, &truth.named("input").unwrap().values);
        let single = distance(&ours, &truth.named("single").unwrap().values);
        assert!(
            single <= 16.0 * f64::from(f32::EPSILON),
            "{name}: {single:e}"
        );
    }
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
    assert_eq!(
        told("onnx-ceil-17").to_string(),
        "node 'node0' (MaxPool): with ceil_mode a window would reach beyond the padding, which is not read"
    );
    assert_eq!(
        told("onnx-groups-17").to_string(),
        "node 'node0' (Conv): its form with groups is not read"
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

/// Where a network goes that is written for onnxruntime to read: `WRITTEN=DIR cargo test -p secant-model written`, then
/// `python spec/reference/exporters.py --check DIR`.
fn leave(name: &str, bytes: &[u8], model: &Model, rows: &[f64]) {
    let Some(folder) = std::env::var_os("WRITTEN").map(PathBuf::from) else {
        return;
    };
    let shapes = model.network.shapes();
    let shape = |place: usize| {
        let sides: &[usize] = &shapes[place];
        let count = rows.len() / model.network.features();
        [&[count], sides].concat()
    };
    let tensor = |name: &str, shape: Vec<usize>, values: Vec<f64>| Named {
        name: name.to_owned(),
        shape,
        values,
    };
    let tensors = vec![
        tensor("input", shape(0), rows.to_vec()),
        tensor("output", shape(shapes.len() - 1), outputs(model, rows)),
    ];
    let file = Tensors {
        tensors,
        ..Tensors::default()
    };
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.onnx")), bytes).unwrap();
    fs::write(
        folder.join(format!("{name}.safetensors")),
        file.write().unwrap(),
    )
    .unwrap();
}

/// Writes a model, reads it again, and holds outputs against each other, bit by bit.
fn there_and_back(name: &str, model: &Model, rows: &[f64]) -> Result<(), Error> {
    let bytes = onnx::write(&model.network, &model.parameters, model.ending)?;
    let again = onnx::read(&bytes, &Options::default())
        .unwrap_or_else(|error| panic!("{name} written: {error}"));
    assert_eq!(again.ending, model.ending, "{name}");
    assert_eq!(again.parameters, model.parameters, "{name}");
    assert_eq!(outputs(&again, rows), outputs(model, rows), "{name}");
    let own: Vec<&str> = model
        .network
        .tensors()
        .iter()
        .map(|tensor| tensor.name.as_str())
        .collect();
    assert_eq!(again.names, own, "{name}");
    leave(name, &bytes, model, rows);
    Ok(())
}

#[test]
fn networks_of_exporters_written_are_read_again_to_the_bit() {
    for (name, _) in OF_TORCH {
        let model = read(name).unwrap();
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let rows = &truth.named("input").unwrap().values;
        if let Err(error) = there_and_back(name, &model, rows) {
            // Formulas are no operators of ONNX; that is said.
            let layer = error.place().unwrap_or_default();
            assert!(layer.contains(['*', '(', '+', '/']), "{name}: {error}");
        }
    }
}

/// A network of these layers.
fn chain(shape: &[usize], layers: Vec<Box<dyn Layer>>) -> Network {
    let mut network = Network::new(shape);
    for layer in layers {
        network.push(layer.into()).unwrap();
    }
    network
}

/// Networks that hold every layer in its forms.
fn of_all_layers() -> Vec<(&'static str, Network, Ending)> {
    let activation = |name: &str| Box::new(Activation::named(name).unwrap());
    let windows = |size: &[usize]| Windows::new(size).unwrap();
    let uneven = windows(&[3, 2])
        .stride(&[1, 2])
        .unwrap()
        .padding(&[2, 0], &[1, 1])
        .unwrap();
    let norm = BatchNorm::new(&[0.5, -0.25], &[0.3, 2.0]).unwrap();
    let dense_block = Network::dense(&[5, 4, 5], "sin").unwrap();
    let projected = chain(
        &[2, 6, 4],
        vec![Box::new(
            Convolution::over(&[2, 6, 4], 3, windows(&[1, 1]).stride(&[2, 2]).unwrap())
                .unwrap()
                .without_bias(),
        )],
    );
    let block = chain(
        &[2, 6, 4],
        vec![
            Box::new(norm.clone().with_epsilon(0.001).unwrap()),
            activation("relu"),
            Box::new(
                Convolution::over(
                    &[2, 6, 4],
                    3,
                    windows(&[3, 3])
                        .stride(&[2, 2])
                        .unwrap()
                        .padding(&[1, 1], &[1, 1])
                        .unwrap(),
                )
                .unwrap(),
            ),
        ],
    );
    vec![
        (
            "written-rows",
            chain(
                &[4],
                vec![
                    Box::new(Dense::new(4, 5).without_bias()),
                    Box::new(LayerNorm::new(5).with_epsilon(1e-3)),
                    Box::new(Residual::new(dense_block).unwrap()),
                    Box::new(Softmax),
                    Box::new(Dropout::new(0.5).unwrap()),
                    Box::new(Dense::new(5, 2)),
                    Box::new(norm.clone()),
                ],
            ),
            Ending::LogSoftmax,
        ),
        (
            "written-pictures",
            chain(
                &[1, 6, 8],
                vec![
                    Box::new(Convolution::over(&[1, 6, 8], 2, uneven).unwrap()),
                    Box::new(norm.clone()),
                    Box::new(MaxPool::new(&[2, 7, 4], windows(&[2, 1])).unwrap()),
                    Box::new(Residual::with_skip(block, projected).unwrap()),
                    activation("gelu"),
                    Box::new(
                        AveragePool::new(
                            &[3, 3, 2],
                            windows(&[2, 2]).padding(&[1, 0], &[0, 1]).unwrap(),
                        )
                        .unwrap()
                        .without_padding(),
                    ),
                    Box::new(
                        AveragePool::new(
                            &[3, 3, 2],
                            windows(&[2, 2]).padding(&[1, 0], &[0, 1]).unwrap(),
                        )
                        .unwrap(),
                    ),
                    Box::new(Flatten),
                    Box::new(Dense::new(18, 2)),
                ],
            ),
            Ending::Softmax,
        ),
        (
            "written-lengths",
            chain(
                &[2, 9],
                vec![
                    Box::new(norm),
                    Box::new(
                        Convolution::new(&[2, 9], 3, &[4])
                            .unwrap()
                            .stride(2)
                            .unwrap(),
                    ),
                    activation("softplus"),
                    Box::new(MaxPool::global(&[3, 3]).unwrap()),
                    Box::new(Flatten),
                    Box::new(Dense::new(3, 1)),
                ],
            ),
            Ending::Sigmoid,
        ),
        (
            "written-maxima",
            chain(
                &[2, 3, 3],
                vec![
                    Box::new(
                        MaxPool::new(
                            &[2, 3, 3],
                            windows(&[3, 2]).padding(&[1, 1], &[2, 0]).unwrap(),
                        )
                        .unwrap(),
                    ),
                    Box::new(Flatten),
                    Box::new(Dense::new(24, 2)),
                ],
            ),
            Ending::None,
        ),
    ]
}

#[test]
fn networks_of_all_layers_written_are_read_again_to_the_bit() {
    for (name, network, ending) in of_all_layers() {
        let mut random = Random::new(4);
        let mut drawn = |count: usize| (0..count).map(|_| random.normal()).collect::<Vec<f64>>();
        let rows = drawn(5 * network.features());
        let model = Model {
            parameters: drawn(network.parameters()),
            names: Vec::new(),
            network,
            ending,
        };
        there_and_back(name, &model, &rows).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn what_onnx_would_mean_otherwise_is_not_written() {
    let refused = |network: &Network, ending: Ending| {
        let parameters: Vec<f64> = network.initial(1);
        onnx::write(network, &parameters, ending)
            .unwrap_err()
            .to_string()
    };
    let softmax = chain(&[2, 3], vec![Box::new(Softmax), Box::new(Flatten)]);
    assert_eq!(
        refused(&softmax, Ending::None),
        "layer 0, softmax: over samples of several sides it is not written as ONNX"
    );
    let picture = chain(
        &[1, 2, 2],
        vec![Box::new(MaxPool::global(&[1, 2, 2]).unwrap())],
    );
    assert_eq!(
        refused(&picture, Ending::Softmax),
        "the softmax at the end: over samples of several sides it is not written as ONNX"
    );
    let epsilon = LayerNorm::new(3).with_epsilon(1.0 / 3.0);
    assert!(
        refused(&chain(&[3], vec![Box::new(epsilon)]), Ending::None)
            .contains("in single precision only")
    );
    let formula = Activation::formula("x*sigmoid(x)").unwrap();
    let formula = chain(
        &[3],
        vec![Box::new(
            Residual::new(chain(&[3], vec![Box::new(formula)])).unwrap(),
        )],
    );
    assert!(refused(&formula, Ending::None).starts_with("layer 0.block.0, x*sigmoid(x): "));
}

#[test]
fn a_name_of_the_file_and_of_the_network_is_taken_as_the_file_means_it() {
    // Behind a flattening, which stands in the network and not in the names of its author.
    let network = chain(
        &[2, 1],
        vec![
            Box::new(Flatten),
            Box::new(Dense::new(2, 2).without_bias()),
            Box::new(Dense::new(2, 2).without_bias()),
        ],
    );
    let named = |name: &str, value: f64| Named {
        name: name.to_owned(),
        shape: vec![2, 2],
        values: vec![value; 4],
    };
    let names = ["0.weight".to_owned(), "1.weight".to_owned()];
    let theirs = [named("0.weight", 0.0), named("1.weight", 1.0)];
    let numbers = weights::for_network(&network, &theirs, Some(&names)).unwrap();
    assert_eq!(numbers, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let ours = [named("1.weight", 1.0), named("2.weight", 2.0)];
    let numbers = weights::for_network(&network, &ours, Some(&names)).unwrap();
    assert_eq!(numbers, [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]);
    let refused = |tensors: &[Named]| {
        weights::for_network(&network, tensors, Some(&names))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(&[named("0.weight", 0.0), named("1.wieght", 1.0)]),
        "the network has no tensor '1.wieght'; its tensors are 0.weight, 1.weight"
    );
    assert_eq!(
        refused(&theirs[..1]),
        "there is no tensor '1.weight' of shape [2, 2]; the file holds 0.weight"
    );
}

#[test]
fn weights_go_through_safetensors_to_the_bit_by_any_of_their_names() {
    let model = read("torch-residual-18").unwrap();
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
