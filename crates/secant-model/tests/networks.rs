//! Networks of real exporters give the numbers that onnxruntime and PyTorch give (`spec/reference/exporters.py`), and what cannot be read is told by its node.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{OF_TORCH, chain, distance, file, gradient_apart, of_keras, outputs, read};
use secant_model::ErrorKind;
use secant_model::weights::{self, Named, Stored, Tensors};
use secant_train::layer::{Dense, Flatten, Layer};

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
        if truth.named("labels").is_none() {
            continue;
        }
        let apart = gradient_apart(&read(name).unwrap(), &truth);
        assert!(apart <= 1e-12, "{name}: {apart:e} from PyTorch");
        graded += 1;
    }
    assert_eq!(graded, 9);
}

#[test]
fn networks_of_keras_give_the_numbers_and_gradients_of_their_files() {
    for name in of_keras() {
        let model = read(&name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let truth = Tensors::read(&file(&format!("{name}.safetensors"))).unwrap();
        let ours = outputs(&model, &truth.named("input").unwrap().values);
        let double = distance(&ours, &truth.named("double").unwrap().values);
        assert!(double <= 1e-14, "{name}: {double:e}");
        let single = distance(&ours, &truth.named("single").unwrap().values);
        assert!(
            single <= 16.0 * f64::from(f32::EPSILON),
            "{name}: {single:e}"
        );
        if truth.named("labels").is_some() {
            // Theirs are differences of fourth order, good to some ten digits.
            let apart = gradient_apart(&model, &truth);
            assert!(apart <= 1e-9, "{name}: {apart:e}");
        }
    }
}

#[test]
fn channels_that_come_last_are_moved_where_their_place_matters_and_nowhere_else() {
    let first = "permute 6x6x2 by [2, 0, 1]";
    let block = |inputs: usize, outputs: usize, last: &str| {
        format!(
            "convolution 3x3, {inputs} to {outputs} channels, batch norm of {outputs} channels, statistics fixed, relu, convolution {last}, {outputs} to {outputs} channels"
        )
    };
    let resnet = format!(
        "{first}, ({}) + x, relu, ({}) + (convolution 1x1, 2 to 3 channels), relu, permute 3x3x3 by [1, 2, 0], flatten, dense 27 to 3",
        block(2, 2, "3x3"),
        block(2, 3, "2x2")
    );
    for (names, layers) in [
        (
            ["keras-conv2d", "keras-tf-conv2d"],
            "permute 6x8x2 by [2, 0, 1], convolution 3x3, 2 to 3 channels, relu, max pool 2x2, permute 3x2x3 by [1, 2, 0], flatten, dense 18 to 3",
        ),
        (
            ["keras-grey", "keras-tf-grey"],
            "reshape to 1x6x9, convolution 2x3, 1 to 2 channels, tanh, average pool 2x2, convolution 1x2, 2 to 3 channels, permute 3x2x1 by [1, 2, 0], flatten, dense 6 to 2",
        ),
        (
            ["keras-global", "keras-tf-global"],
            "permute 5x6x2 by [2, 0, 1], batch norm of 2 channels, statistics fixed, convolution 3x3, 2 to 3 channels, piecewise(x > 0, x, 1*expm1(x)), average pool 5x6, flatten, dense 3 to 3",
        ),
        // Keras turns the last sides once more, which brings them into the order that the convolution left them in.
        (
            ["keras-reshape", "keras-tf-reshape"],
            "dense 4 to 12, reshape to 3x2x2, permute 3x2x2 by [2, 0, 1], convolution 2x2, 2 to 2 channels, tanh, flatten, dense 4 to 2",
        ),
        (["keras-resnet", "keras-tf-resnet"], resnet.as_str()),
        (
            ["keras-residual", "keras-tf-residual"],
            "(dense 6 to 9, relu, dense 9 to 6) + x, piecewise(x > 0, x, 1*expm1(x)), dense 6 to 2",
        ),
    ] {
        for name in names {
            let model = read(name).unwrap();
            let described: Vec<String> = model.network.layers().map(Layer::describe).collect();
            assert_eq!(described.join(", "), layers, "{name}");
        }
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
    // Neither is taken for something else: a value under two names, of which one is added to, and one in two orders.
    assert_eq!(
        told("onnx-names-17").to_string(),
        "node 'node3' (Add): its input 'Add3.0' is not one finite number"
    );
    assert_eq!(
        told("onnx-square-17").to_string(),
        "node 'node1' (Add): it joins two ways through the graph other than by their sum, which is not read"
    );
    // The mean over a repeated rim counts numbers twice; a layer for each place of a sample makes other samples of them.
    assert_eq!(
        told("keras-mean-same").to_string(),
        "node '/AveragePool' (AveragePool): what it reads is padded; that is read with 0 right before a convolution, with -inf or the edge before a pooling of the largest"
    );
    assert_eq!(
        told("keras-places").to_string(),
        "node '/MatMul' (MatMul): dense 2 to 3 takes 2 features, not samples of shape [3, 4, 2]"
    );
    assert!(
        told("keras-tf-places")
            .to_string()
            .ends_with("(Reshape): it is read where each sample keeps its numbers to itself")
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
    let stored = ["0.weight", "1.weight"].map(Stored::plain);
    let theirs = [named("0.weight", 0.0), named("1.weight", 1.0)];
    let numbers = weights::for_network(&network, &theirs, Some(&stored)).unwrap();
    assert_eq!(numbers, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let ours = [named("1.weight", 1.0), named("2.weight", 2.0)];
    let numbers = weights::for_network(&network, &ours, Some(&stored)).unwrap();
    assert_eq!(numbers, [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]);
    let refused = |tensors: &[Named]| {
        weights::for_network(&network, tensors, Some(&stored))
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

/// A square matrix fits both ways; which is meant, the operator tells.
#[test]
fn a_matrix_that_the_file_multiplies_from_the_right_lies_there_by_inputs() {
    let network = chain(&[2], vec![Box::new(Dense::new(2, 2).without_bias())]);
    let theirs = [Named {
        name: "kernel".to_owned(),
        shape: vec![2, 2],
        values: vec![1.0, 2.0, 3.0, 4.0],
    }];
    let taken = |turned: bool| {
        let stored = Stored {
            turned,
            ..Stored::plain("kernel")
        };
        weights::for_network(&network, &theirs, Some(&[stored])).unwrap()
    };
    assert_eq!(taken(false), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(taken(true), [1.0, 3.0, 2.0, 4.0]);
    // Keras multiplies by its kernels, PyTorch by the transposes of its weights.
    for (name, is_turned) in [
        ("keras-dense", true),
        ("keras-tf-dense", true),
        ("torch-gelu-18", false),
    ] {
        let model = read(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let tensors = model.network.tensors().iter().zip(&model.stored);
        let matrices: Vec<bool> = tensors
            .filter(|(tensor, _)| tensor.shape.len() == 2)
            .map(|(_, stored)| stored.turned)
            .collect();
        assert!(
            matrices.len() > 1 && matrices.iter().all(|turned| *turned == is_turned),
            "{name}: {matrices:?}"
        );
    }
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
        tensor.name = model.stored[place].name.clone();
    }
    assert_eq!(
        weights::for_network(&model.network, &tensors, Some(&model.stored)).unwrap(),
        model.parameters
    );
    tensors.pop();
    let error = weights::for_network(&model.network, &tensors, Some(&model.stored)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
}
