//! What is written as ONNX is read again to the bit, whatever its layers are; and what ONNX would mean otherwise is not written.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::any::Any;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use common::{OF_TORCH, chain, distance, file, of_keras, outputs, read};
use secant_model::Error;
use secant_model::onnx::{self, Ending, Model, Options};
use secant_model::weights::{Named, Stored, Tensors};
use secant_train::layer::{
    Activation, AveragePool, BatchNorm, Convolution, Dense, Dropout, Flatten, Layer, LayerNorm,
    MaxPool, Permute, Reshape, Residual, Softmax, Windows,
};
use secant_train::{Network, Random};

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

/// Whether a layer is a formula or a residual of some.
fn holds_formula(layer: &dyn Layer) -> bool {
    let any: &dyn Any = layer;
    let residual = any.downcast_ref::<Residual>();
    let inner = |residual: &Residual| {
        let mut layers = residual.block().layers().chain(residual.skip().layers());
        layers.any(holds_formula)
    };
    layer
        .as_elementwise()
        .is_some_and(|function| function.operation().is_none())
        || residual.is_some_and(inner)
}

/// Writes a model, reads it again, and holds outputs against each other: bit by bit, but for formulas, which are read in an order of their own.
fn there_and_back(name: &str, model: &Model, rows: &[f64]) -> Result<(), Error> {
    let bytes = onnx::write(
        &model.network,
        &model.parameters,
        model.ending,
        &model.about,
    )?;
    let again = onnx::read(&bytes, &Options::default())
        .unwrap_or_else(|error| panic!("{name} written: {error}"));
    assert_eq!(again.ending, model.ending, "{name}");
    assert_eq!(again.parameters, model.parameters, "{name}");
    assert_eq!(again.about, model.about, "{name}");
    let apart = distance(&outputs(&again, rows), &outputs(model, rows));
    let is_formula = again.network.layers().any(holds_formula);
    let limit = if is_formula { 1e-14 } else { 0.0 };
    assert!(apart <= limit, "{name}: {apart:e}");
    let own = model.network.tensors().iter();
    let own: Vec<Stored> = own.map(|tensor| Stored::plain(&tensor.name)).collect();
    assert_eq!(again.stored, own, "{name}");
    leave(name, &bytes, model, rows);
    Ok(())
}

#[test]
fn networks_of_exporters_written_are_read_again() {
    let of_torch = OF_TORCH.map(|(name, _)| name.to_owned());
    for name in of_torch.into_iter().chain(of_keras()) {
        let name = name.as_str();
        let model = read(name).unwrap();
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let rows = &truth.named("input").unwrap().values;
        there_and_back(name, &model, rows).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
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
                    Box::new(LayerNorm::new(5).with_epsilon(1e-3).unwrap()),
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
            "written-channels-last",
            chain(
                &[12],
                vec![
                    Box::new(Dense::new(12, 12)),
                    Box::new(Reshape::new(&[3, 2, 2])),
                    activation("tanh"),
                    Box::new(Permute::new(&[3, 2, 2], &[2, 0, 1]).unwrap()),
                    Box::new(MaxPool::new(&[2, 3, 2], windows(&[2, 1])).unwrap()),
                    Box::new(Permute::new(&[2, 2, 2], &[1, 2, 0]).unwrap()),
                    Box::new(Flatten),
                    Box::new(Dense::new(8, 2)),
                ],
            ),
            Ending::Softmax,
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
            about: BTreeMap::from([("by".to_owned(), "\"ä\", the tests".to_owned())]),
            parameters: drawn(network.parameters()),
            stored: Vec::new(),
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
        onnx::write(network, &parameters, ending, &BTreeMap::new())
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
    let epsilon = LayerNorm::new(3).with_epsilon(1.0 / 3.0).unwrap();
    assert!(
        refused(&chain(&[3], vec![Box::new(epsilon)]), Ending::None)
            .contains("in single precision only")
    );
    let formula = Activation::formula("x*lgamma(1 + x^2)").unwrap();
    let formula = chain(
        &[3],
        vec![Box::new(
            Residual::new(chain(&[3], vec![Box::new(formula)])).unwrap(),
        )],
    );
    assert_eq!(
        refused(&formula, Ending::None),
        "layer 0.block.0, x*lgamma(1 + x^2): ONNX has no operator for lgamma; a .safetensors file holds the weights of any network"
    );
    let constant = chain(
        &[3],
        vec![Box::new(Activation::formula("x - x + 2").unwrap())],
    );
    assert_eq!(
        refused(&constant, Ending::None),
        "layer 0, x - x + 2: what is the same everywhere is not written"
    );
}

#[test]
fn formulas_are_written_as_operators_and_read_again() {
    for (place, formula) in [
        "x*sigmoid(x)",
        "silu",
        "expm1(x)/3",
        "if x > 0 then x else 0.3*expm1(x)",
        "max(x, 0.1 x) + min(x^2, 1)",
        "x/(1 + |x|)",
        "x*tanh(softplus(x))",
        "gelu(2x) - erf(x)",
        "sqrt(x^2 + 1) - 2^x",
        "ln(1 + x^2) sin(3x) cos(x)^3",
        "atan(x) + asinh(x) - sinh(x/3)",
        "tan(x/9) + acosh(2 + x^2) + cosh(x/5) + atanh(x/30) + asin(x/30) - acos(x/30)",
        "sign(x) floor(x) - ceil(x/2)",
        "if x >= 1 or not x > -1 then x else x^3",
        "(x > 0.5) + 2 (x <= 0 and x != -1) - (x < -2)",
        "if x == 0 then 1 else sin(x)/x",
        "sec(x/9) - x",
        "x^2.5 + x",
    ]
    .into_iter()
    .enumerate()
    {
        let network = chain(
            &[3],
            vec![
                Box::new(Dense::new(3, 8)),
                Box::new(Activation::parse(formula).unwrap()),
                Box::new(Dense::new(8, 2)),
            ],
        );
        let mut random = Random::new(6);
        let mut drawn = |count: usize| (0..count).map(|_| random.normal()).collect::<Vec<f64>>();
        // Powers that are not whole are of numbers above 0.
        let rows: Vec<f64> = match formula {
            "x^2.5 + x" => drawn(15).iter().map(|x| x.abs()).collect(),
            _ => drawn(15),
        };
        let mut parameters = drawn(network.parameters());
        if formula == "x^2.5 + x" {
            parameters[..32]
                .iter_mut()
                .for_each(|weight| *weight = weight.abs());
        }
        let model = Model {
            about: BTreeMap::new(),
            parameters,
            stored: Vec::new(),
            network,
            ending: Ending::None,
        };
        let name = format!("written-formula-{place}");
        there_and_back(&name, &model, &rows).unwrap_or_else(|error| panic!("{formula}: {error}"));
    }
}
