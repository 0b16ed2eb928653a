//! Every layer and loss: backpropagation against shifts that are carried forward, which share no derivative with it, and those against the
//! naive way.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::ops::ControlFlow;

use common::close;
use secant_train::impact::{naive, structured};
use secant_train::layer::{
    Activation, AveragePool, BatchNorm, Convolution, Dense, Dropout, Flatten, Layer, LayerNorm,
    MaxPool, Permute, Reshape, Residual, Softmax, Windows,
};
use secant_train::{Columns, Loss, Network, Objective, Random, Targets};

const SAMPLES: usize = 5;

fn go_on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn random(count: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..count).map(|_| random.normal()).collect()
}

/// One network for each layer.
fn networks() -> Vec<(&'static str, Network)> {
    let dense = |inputs, outputs| {
        Network::new(&[inputs])
            .then(Dense::new(inputs, outputs))
            .unwrap()
    };
    let activation = |text: &str| Activation::parse(text).unwrap();
    vec![
        ("dense", dense(3, 2)),
        (
            "no bias",
            Network::new(&[3])
                .then(Dense::new(3, 2).without_bias())
                .unwrap(),
        ),
        ("wide", Network::dense(&[3, 9, 7, 2], "softplus").unwrap()),
        (
            "formula",
            dense(3, 4)
                .then(activation("x/(1 + x^2)"))
                .unwrap()
                .then(Dense::new(4, 2))
                .unwrap(),
        ),
        (
            "kinked formula",
            dense(3, 4)
                .then(activation("max(x, 0.1 x)"))
                .unwrap()
                .then(Dense::new(4, 2))
                .unwrap(),
        ),
        (
            "softmax",
            dense(3, 4)
                .then(Softmax)
                .unwrap()
                .then(Dense::new(4, 2))
                .unwrap(),
        ),
        (
            "layer norm",
            dense(3, 4)
                .then(LayerNorm::new(4))
                .unwrap()
                .then(activation("tanh"))
                .unwrap()
                .then(Dense::new(4, 2))
                .unwrap(),
        ),
        (
            "convolution in one",
            Network::new(&[1, 3])
                .then(Convolution::new(&[1, 3], 2, &[2]).unwrap())
                .unwrap()
                .then(Flatten)
                .unwrap()
                .then(activation("tanh"))
                .unwrap()
                .then(Dense::new(4, 2))
                .unwrap(),
        ),
        (
            "convolution in two",
            Network::new(&[3, 1, 1])
                .then(Convolution::over(&[3, 1, 1], 2, padded(&[3, 2])).unwrap())
                .unwrap()
                .then(Flatten)
                .unwrap()
                .then(Dense::new(2 * 2, 2))
                .unwrap(),
        ),
        (
            "dropout and flatten",
            Network::new(&[1, 3])
                .then(Flatten)
                .unwrap()
                .then(Dropout::new(0.5).unwrap())
                .unwrap()
                .then(Dense::new(3, 2))
                .unwrap(),
        ),
        (
            "convolution without biases, uneven",
            chain(
                &[3, 1, 1],
                vec![
                    Box::new(
                        Convolution::over(&[3, 1, 1], 2, uneven(&[2, 2]))
                            .unwrap()
                            .without_bias(),
                    ),
                    Box::new(Flatten),
                    Box::new(activation("tanh")),
                    Box::new(Dense::new(4, 2)),
                ],
            ),
        ),
        (
            "permute and reshape",
            chain(
                &[3],
                vec![
                    Box::new(Dense::new(3, 12)),
                    Box::new(Reshape::new(&[3, 2, 2])),
                    Box::new(activation("tanh")),
                    Box::new(Permute::new(&[3, 2, 2], &[2, 0, 1]).unwrap()),
                    Box::new(Convolution::over(&[2, 3, 2], 1, padded(&[3, 2])).unwrap()),
                    Box::new(Flatten),
                    Box::new(Dense::new(9, 2)),
                ],
            ),
        ),
        (
            "max pool in one",
            pooled(&[1, 3], &|shape| {
                Box::new(MaxPool::new(shape, Windows::new(&[2]).unwrap()).unwrap())
            }),
        ),
        (
            "max pool in two",
            pooled(&[3, 1, 1], &|shape| {
                Box::new(MaxPool::new(shape, uneven(&[3, 2])).unwrap())
            }),
        ),
        (
            "max pool of all",
            pooled(&[3, 1, 1], &|shape| {
                Box::new(MaxPool::global(shape).unwrap())
            }),
        ),
        (
            "average pool in one",
            pooled(&[1, 3], &|shape| {
                Box::new(AveragePool::new(shape, padded(&[3])).unwrap())
            }),
        ),
        (
            "average pool in two",
            pooled(&[3, 1, 1], &|shape| {
                Box::new(
                    AveragePool::new(shape, uneven(&[3, 2]))
                        .unwrap()
                        .without_padding(),
                )
            }),
        ),
        (
            "average pool of all",
            pooled(&[3, 1, 1], &|shape| {
                Box::new(AveragePool::global(shape).unwrap())
            }),
        ),
        (
            "batch norm of channels",
            pooled(&[1, 3], &|_| {
                let layer = BatchNorm::new(&[0.5, -0.25, 2.0], &[0.3, 2.0, 0.0]).unwrap();
                Box::new(layer.with_epsilon(0.1).unwrap())
            }),
        ),
        (
            "residual",
            dense(3, 4)
                .then(Residual::new(Network::dense(&[4, 5, 4], "tanh").unwrap()).unwrap())
                .unwrap()
                .then(activation("tanh"))
                .unwrap()
                .then(Dense::new(4, 2))
                .unwrap(),
        ),
        (
            "residual with a projection, within a residual",
            dense(3, 4)
                .then(within())
                .unwrap()
                .then(Dense::new(4, 2))
                .unwrap(),
        ),
    ]
}

/// Layers one after the other.
fn chain(shape: &[usize], layers: Vec<Box<dyn Layer>>) -> Network {
    let mut network = Network::new(shape);
    for layer in layers {
        network.push(layer.into()).unwrap();
    }
    network
}

fn padded(size: &[usize]) -> Windows {
    let ones = vec![1; size.len()];
    let windows = Windows::new(size).unwrap();
    windows.padding(&ones, &ones).unwrap()
}

/// Other steps and padding along height than along width.
fn uneven(size: &[usize]) -> Windows {
    let windows = Windows::new(size).unwrap().stride(&[1, 2]).unwrap();
    windows.padding(&[1, 0], &[1, 1]).unwrap()
}

/// Three channels by a convolution, what is made of them, and two outputs.
fn pooled(shape: &[usize], pool: &dyn Fn(&[usize]) -> Box<dyn Layer>) -> Network {
    let convolution = match shape.len() {
        2 => Convolution::new(shape, 3, &[2]).unwrap(),
        _ => Convolution::over(shape, 3, padded(&[2, 2])).unwrap(),
    };
    let between = convolution.output(shape).unwrap();
    let pool = pool(&between);
    let features = pool.output(&between).unwrap().iter().product();
    chain(
        shape,
        vec![
            Box::new(convolution),
            pool,
            Box::new(Flatten),
            Box::new(Activation::named("tanh").unwrap()),
            Box::new(Dense::new(features, 2)),
        ],
    )
}

/// A residual with a projection past it and a kink in it, and one more around it.
fn within() -> Residual {
    let block = Network::dense(&[4, 3, 4], "relu").unwrap();
    let skip = Network::dense(&[4, 4], "tanh").unwrap();
    let inner = Residual::with_skip(block, skip).unwrap();
    let outer = Network::dense(&[4, 4], "tanh")
        .and_then(|network| network.then(inner))
        .and_then(|network| network.then(LayerNorm::new(4)));
    Residual::new(outer.unwrap()).unwrap()
}

fn losses() -> Vec<(Loss, Targets<f64>)> {
    let values = |numbers| Targets::Values(Columns::from_rows(numbers, 2).unwrap());
    let shares = [1.0, 0.0, 0.25, 0.75, 0.5, 0.5, 0.0, 1.0, 0.9, 0.1];
    let far = random(2 * SAMPLES, 11);
    vec![
        (Loss::CrossEntropy, Targets::Labels(vec![0, 1, 1, 0, 1])),
        (Loss::CrossEntropy, values(&shares)),
        (Loss::BinaryCrossEntropy, values(&shares)),
        (Loss::Squared, values(&far)),
        (Loss::Absolute, values(&far)),
        (Loss::Huber { delta: 0.3 }, values(&far)),
        (Loss::parse("ln(cosh(y - t))").unwrap(), values(&far)),
    ]
}

#[test]
fn every_layer_and_loss_goes_back_as_it_goes_forward() {
    let samples = Columns::from_rows(&random(3 * SAMPLES, 1), 3).unwrap();
    for (name, network) in networks() {
        let parameters = random(network.parameters(), 2);
        for (loss, targets) in losses() {
            let what = format!("{name}, {}", loss.name());
            let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
            let mut gradients = vec![0.0; parameters.len() * SAMPLES];
            objective.gradients(&parameters, &mut gradients).unwrap();

            // Central differences with all digits are off by the square of their step alone, about 1e-12 times the third derivative.
            // Where values are subtracted, as those of a formula, their rounding is divided by the step.
            let delta = 2f64.powi(-20);
            let largest = objective
                .losses(&parameters)
                .unwrap()
                .into_iter()
                .fold(1.0, f64::max);
            let rounding = 4.0 * largest * f64::EPSILON / delta;
            let [mut up, mut down, mut by_hand] = [(); 3].map(|()| gradients.clone());
            let told = structured(&mut objective, &parameters, delta, &mut up, &mut go_on).unwrap();
            structured(&mut objective, &parameters, -delta, &mut down, &mut go_on).unwrap();
            assert_eq!(told.crossings, [], "{what}");
            let middle: Vec<f64> = up
                .iter()
                .zip(&down)
                .map(|(up, down)| (up + down) / 2.0)
                .collect();
            close(&gradients, &middle, 1e-9 + rounding, &what);

            naive(&mut objective, &parameters, delta, &mut by_hand, &mut go_on).unwrap();
            close(&up, &by_hand, 2.0 * rounding, &what);

            let mut total = vec![0.0; parameters.len()];
            objective.gradient(&parameters, &mut total).unwrap();
            let mean = |place: usize| {
                gradients
                    .iter()
                    .skip(place)
                    .step_by(parameters.len())
                    .sum::<f64>()
                    / SAMPLES as f64
            };
            close(
                &total,
                &(0..parameters.len()).map(mean).collect::<Vec<_>>(),
                1e-14,
                &what,
            );
        }
    }
}

#[test]
fn every_layer_and_loss_turns_as_its_gradient_does() {
    let samples = Columns::from_rows(&random(3 * SAMPLES, 1), 3).unwrap();
    for (name, network) in networks() {
        let size = network.parameters();
        let (parameters, along, other) = (random(size, 2), random(size, 3), random(size, 4));
        for (loss, targets) in losses() {
            let what = format!("{name}, {}", loss.name());
            let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
            let [mut product, mut back] = [(); 2].map(|()| vec![f64::NAN; size]);
            objective
                .hessian_vector(&parameters, &along, &mut product)
                .unwrap();

            // The fourth-order difference of gradients, over so short a way that no kink lies on it: what is left is the rounding of
            // gradients of about 1, 1e-15, divided by the step.
            let step = 2f64.powi(-18);
            let mut gradient = |steps: f64| {
                let mut gradient = vec![0.0; size];
                let at = parameters.iter().zip(&along);
                let at: Vec<f64> = at.map(|(w, v)| w + steps * step * v).collect();
                objective.gradient(&at, &mut gradient).unwrap();
                gradient
            };
            let places = [-2.0, -1.0, 1.0, 2.0].map(&mut gradient);
            let slope = |place: usize| {
                let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| places[at][place]);
                (a - 8.0 * b + 8.0 * c - d) / (12.0 * step)
            };
            let slopes: Vec<f64> = (0..size).map(slope).collect();
            close(&product, &slopes, 1e-9, &what);

            // The Hessian is symmetric.
            objective
                .hessian_vector(&parameters, &other, &mut back)
                .unwrap();
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let (there, here) = (dot(&other, &product), dot(&along, &back));
            assert!(
                (there - here).abs() <= 1e-12 * there.abs().max(1.0),
                "{what}: {there}, {here}"
            );
        }
    }
}

#[test]
fn second_derivatives_at_kinks_are_none() {
    let samples = Columns::from_rows(&[1.0], 1).unwrap();
    let targets = Targets::Values(Columns::from_rows(&[2.0], 1).unwrap());
    // Of a tie the first argument of max counts, so that there is the parabola of its loss.
    let ways = [
        ("relu", 0.0),
        ("abs", 0.0),
        ("relu(x) + 0 x", 0.0),
        ("max(x, 0)", 2.0),
    ];
    for (text, expected) in ways {
        let network = Network::new(&[1])
            .then(Dense::new(1, 1))
            .unwrap()
            .then(Activation::parse(text).unwrap())
            .unwrap();
        let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap();
        let mut product = [f64::NAN; 2];
        // The weight and the bias cancel, so that the activation stands at 0.
        objective
            .hessian_vector(&[1.0, -1.0], &[1.0, 0.0], &mut product)
            .unwrap();
        assert_eq!(product, [expected; 2], "{text}");
    }
}

#[test]
fn moments_are_those_of_the_gradients_of_all_samples() {
    let samples = Columns::from_rows(&random(3 * SAMPLES, 1), 3).unwrap();
    let targets = Targets::Labels(vec![0, 1, 1, 0, 1]);
    for (name, network) in networks() {
        let parameters = random(network.parameters(), 2);
        let size = parameters.len();
        let mut objective =
            Objective::new(&network, &Loss::CrossEntropy, &samples, &targets).unwrap();
        let mut rows = vec![0.0; size * SAMPLES];
        objective.gradients(&parameters, &mut rows).unwrap();
        let moments = objective.moments(&parameters, true).unwrap();
        let norms: Vec<f64> = rows
            .chunks(size)
            .map(|row| row.iter().map(|g| g * g).sum::<f64>().sqrt())
            .collect();
        let over = |place: usize, of: fn(f64) -> f64| {
            rows.iter()
                .skip(place)
                .step_by(size)
                .map(|g| of(*g))
                .sum::<f64>()
                / SAMPLES as f64
        };
        let mean: Vec<f64> = (0..size).map(|place| over(place, |g| g)).collect();
        let variance: Vec<f64> = (0..size)
            .map(|place| over(place, |g| g * g) - mean[place] * mean[place])
            .collect();
        close(&moments.norms, &norms, 1e-14, name);
        close(&moments.mean, &mean, 1e-14, name);
        close(&moments.variance().unwrap(), &variance, 1e-14, name);
        assert!(
            (moments.total_variance() - variance.iter().sum::<f64>()).abs() < 1e-13,
            "{name}"
        );

        let mut streamed = Vec::new();
        objective
            .stream_gradients(&parameters, 2, |piece, rows| {
                assert_eq!(
                    (piece.start * size, piece.len() * size),
                    (streamed.len(), rows.len())
                );
                streamed.extend_from_slice(rows);
            })
            .unwrap();
        assert_eq!(streamed, rows, "{name}");
    }
}

#[test]
fn at_its_kink_relu_has_the_slope_of_training() {
    let network = Network::new(&[1])
        .then(Dense::new(1, 1))
        .unwrap()
        .then(Activation::named("relu").unwrap())
        .unwrap();
    let formula = Network::new(&[1])
        .then(Dense::new(1, 1))
        .unwrap()
        .then(Activation::formula("relu(x) + 0 x").unwrap())
        .unwrap();
    let samples = Columns::from_rows(&[1.0], 1).unwrap();
    let targets = Targets::Values(Columns::from_rows(&[1.0], 1).unwrap());
    for network in [network, formula] {
        let mut objective = Objective::new(&network, &Loss::Absolute, &samples, &targets).unwrap();
        let mut gradient = [1.0, 1.0];
        objective.gradient(&[1.0, -1.0], &mut gradient).unwrap();
        assert_eq!(gradient, [0.0, 0.0]);
    }
}

#[test]
fn a_residual_learns_and_leaves_out_as_its_layers_do_alone() {
    let block = || Network::dense(&[3, 4, 3], "relu").unwrap();
    let network = Network::new(&[3])
        .then(Residual::new(block()).unwrap())
        .unwrap();
    let names: Vec<&str> = network
        .tensors()
        .iter()
        .map(|tensor| tensor.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "0.block.0.weight",
            "0.block.0.bias",
            "0.block.2.weight",
            "0.block.2.bias"
        ]
    );
    assert_eq!(network.initial::<f64>(5), block().initial::<f64>(5));
    let parameters = random(network.parameters(), 2);
    let samples = Columns::from_rows(&random(3 * SAMPLES, 1), 3).unwrap();
    let sum: Vec<f64> = block()
        .outputs(&parameters, &samples)
        .unwrap()
        .values()
        .iter()
        .zip(samples.values())
        .map(|(y, x)| y + x)
        .collect();
    let outputs = network.outputs(&parameters, &samples).unwrap();
    assert_eq!(outputs.values(), sum);

    // Dropout within the block draws in training, each block of samples anew, and is off otherwise.
    let dropped = Network::new(&[1])
        .then(Dropout::new(0.25).unwrap())
        .unwrap();
    let network = Network::new(&[1])
        .then(Residual::new(dropped).unwrap())
        .unwrap();
    let samples = Columns::from_rows(&[1.0; 3000], 1).unwrap();
    let targets = Targets::Values(Columns::zeros(3000, 1));
    let mut evaluated = Objective::new(&network, &Loss::Absolute, &samples, &targets).unwrap();
    assert_eq!(evaluated.losses(&[]).unwrap(), [2.0; 3000]);
    let losses: Vec<f64> = evaluated.in_training(Random::new(3)).losses(&[]).unwrap();
    let kept = 1.0 + 1.0 / 0.75;
    assert!(losses.iter().all(|loss| *loss == 1.0 || *loss == kept));
    let left_out = losses.iter().filter(|loss| **loss == 1.0).count();
    assert!((650..850).contains(&left_out), "{left_out}");
    assert_ne!(losses[..1000], losses[1000..2000]);
}

#[test]
fn a_kink_within_a_residual_and_a_changed_maximum_are_named() {
    // The first weight moves relu(0 x) off its kink, the second the maximum from one place to the other.
    let kinked = Network::new(&[1])
        .then(Residual::new(Network::dense(&[1, 1, 1], "relu").unwrap()).unwrap())
        .unwrap();
    let samples = Columns::from_rows(&[2.0], 1).unwrap();
    let targets = Targets::Values(Columns::zeros(1, 1));
    let mut rows = vec![0.0; 4];
    let mut objective = Objective::new(&kinked, &Loss::Squared, &samples, &targets).unwrap();
    let told = structured(
        &mut objective,
        &[0.0, 0.0, 3.0, 0.0],
        0.5,
        &mut rows,
        &mut go_on,
    )
    .unwrap();
    assert_eq!(told.crossings, [(0, 0), (0, 1)]);
    // y = 2 + 3 relu(2 w): from 2 to 5, of which the loss is the square.
    assert_eq!(rows[0], (25.0 - 4.0) / 0.5);

    let pooled = chain(
        &[1, 2],
        vec![
            Box::new(Convolution::new(&[1, 2], 1, &[1]).unwrap()),
            Box::new(MaxPool::global(&[1, 2]).unwrap()),
        ],
    );
    let samples = Columns::from_rows(&[1.0, -1.0], 2).unwrap();
    let mut rows = vec![0.0; 2];
    let targets = Targets::Values(Columns::zeros(1, 1));
    let mut objective = Objective::new(&pooled, &Loss::Squared, &samples, &targets).unwrap();
    let told = structured(&mut objective, &[0.25, 0.0], -0.5, &mut rows, &mut go_on).unwrap();
    assert_eq!(told.crossings, [(0, 0)]);
    assert_eq!(rows, [0.0, (0.0625 - 0.0625) / -0.5]);
}
