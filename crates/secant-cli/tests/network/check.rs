//! What `check` does: one wrong weight of a gradient is named, and a right gradient is found right.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use secant_model::onnx;
use secant_model::weights::{self, Tensors};
use secant_train::{Loss, Network, Objective, data};

use super::{folder, json, named, run, text};

#[test]
fn one_weight_wrong_by_a_thousandth_is_named() {
    let folder = folder("wrong");
    let (model, gradient) = (
        named(&folder, "digits.onnx"),
        named(&folder, "gradient.safetensors"),
    );
    let network = Network::dense(&[64, 64, 10], "relu").unwrap();
    let parameters: Vec<f64> = network.initial(3);
    fs::write(
        &model,
        onnx::write(&network, &parameters, onnx::Ending::None, &BTreeMap::new()).unwrap(),
    )
    .unwrap();
    let digits = data::digits::<f64>().unwrap();
    let mut slopes = vec![0.0; parameters.len()];
    let mut objective = Objective::new(
        &network,
        &Loss::CrossEntropy,
        &digits.samples,
        &digits.targets,
    )
    .unwrap();
    objective.gradient(&parameters, &mut slopes).unwrap();
    let check = |slopes: &[f64]| {
        let file = Tensors {
            tensors: weights::of_network(&network, slopes),
            ..Tensors::default()
        };
        fs::write(&gradient, file.write().unwrap()).unwrap();
        let output = run(&[
            "check",
            &model,
            "digits",
            "--gradient",
            &gradient,
            "--naive",
            "3",
            "--format",
            "json",
        ]);
        let found = json(&output);
        let is_wrong = found["right"] != true;
        assert_eq!(output.status.code(), Some(i32::from(is_wrong)), "{found}");
        found
    };
    let right = check(&slopes);
    assert_eq!(
        (&right["right"], &right["parameters"]),
        (&true.into(), &4810.into()),
        "{right}"
    );
    // Some neurons are silent, and some pixels always dark.
    let weight = (1000..64 * 64)
        .find(|weight| slopes[*weight] != 0.0)
        .unwrap();
    slopes[weight] *= 1.001;
    let wrong = check(&slopes);
    assert_eq!(wrong["right"], false);
    assert_eq!(wrong["wrong"].as_array().unwrap().len(), 1, "{wrong}");
    let named = &wrong["wrong"][0];
    assert_eq!(
        (&named["layer"], &named["neuron"], &named["input"]),
        (&0.into(), &(weight / 64).into(), &(weight % 64).into())
    );
}

#[test]
fn networks_of_exporters_and_gradients_from_elsewhere_are_found_right() {
    let file = |name: &str| {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/onnx");
        place.join(name).to_str().unwrap().to_owned()
    };
    // A sample lies so near to a kink of relu that differences of one step and of two see the same half of it.
    let digits = run(&["check", &file("sklearn-digits-17.onnx"), "digits"]);
    assert!(digits.status.success(), "{}", text(&digits.stdout));
    // That of Keras has its channels last, and is held against differences of what its file computes.
    for name in ["torch-nested-18", "keras-causal"] {
        let [model, data, gradient] =
            ["onnx", "csv", "npz"].map(|ending| file(&format!("{name}.{ending}")));
        let checked = run(&["check", &model, &data, "--gradient", &gradient]);
        assert!(checked.status.success(), "{}", text(&checked.stdout));
        assert!(text(&checked.stdout).ends_with("\nthe gradient is right\n"));
    }
}

#[test]
fn check_leaves_out_what_a_kink_would_hide() {
    // Biases start at 0 and the spiral at the origin, so that neurons of three samples stand on the kink of relu.
    let checked = json(&run(&[
        "check", "--layers", "2,64,3", "--data", "spiral", "--seed", "4", "--naive", "387",
        "--format", "json",
    ]));
    let moved = &checked["one_by_one"];
    assert!(moved["kinks"].as_u64() > Some(0), "{moved}");
    assert!(moved["largest"].as_f64() < Some(0.01), "{moved}");
    assert_eq!(moved["wrong"], 0);
}

#[test]
fn what_no_component_was_compared_for_is_not_called_right_and_nothing_is_a_part_of_zero() {
    let folder = folder("nothing");
    let (model, data, gradient) = (
        named(&folder, "line.onnx"),
        named(&folder, "one.csv"),
        named(&folder, "gradient.safetensors"),
    );
    // x + 0 fits both rows, and so lies on the kink of the absolute loss, whichever parameter is moved.
    let network = Network::dense(&[1, 1], "relu").unwrap();
    let bytes = onnx::write(
        &network,
        &[1.0, 0.0],
        onnx::Ending::None,
        &Default::default(),
    )
    .unwrap();
    fs::write(&model, bytes).unwrap();
    fs::write(&data, "x,y\n1,1\n2,2\n").unwrap();
    let checked = run(&["check", &model, &data, "--loss", "absolute", "--naive", "0"]);
    assert_eq!(checked.status.code(), Some(1), "{}", text(&checked.stdout));
    assert!(text(&checked.stdout).contains("0 components, nothing could be compared"));
    assert!(!text(&checked.stdout).contains("right\n"));

    // Of the squares the gradient is 0 there.
    let tensors = weights::of_network(&network, &[0.0, 0.25]);
    let file = Tensors {
        tensors,
        ..Tensors::default()
    };
    fs::write(&gradient, file.write().unwrap()).unwrap();
    let squared = [
        "check",
        &model,
        &data,
        "--loss",
        "squared",
        "--gradient",
        &gradient,
    ];
    let checked = run(&squared);
    assert_eq!(checked.status.code(), Some(1));
    let told = text(&checked.stdout);
    assert!(
        !told.contains("inf") && !told.contains('%') && told.contains("0.25"),
        "{told}"
    );
    let found = json(&run(&[&squared[..], &["--format", "json"]].concat()));
    assert_eq!(found["wrong"][0].get("relative"), None, "{found}");
}
