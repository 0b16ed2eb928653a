//! Graphs written by hand, field by field: forms that no exporter of `spec/onnx` writes, and files that ask for too much.
#![allow(clippy::unwrap_used)]

use secant_train::Columns;

use super::schema::{self, Setting, constant, node};
use super::wire::Draft;
use super::{Model, Options, read};
use crate::error::{Error, ErrorKind};

/// The bytes of a model from `input`, a row of such sides, to `output`.
fn model(sides: &[usize], nodes: &[Draft], constants: &[Draft]) -> Vec<u8> {
    let add = |graph: Draft, (number, part): (u32, &Draft)| graph.message(number, part);
    let nodes = nodes.iter().map(|node| (1, node));
    let constants = constants.iter().map(|constant| (5, constant));
    let graph = nodes
        .chain(constants)
        .fold(Draft::default().text(2, "graph"), add)
        .message(11, &schema::value("input", sides))
        .message(12, &schema::value("output", &[1]));
    let version = Draft::default().text(1, "").whole(2, 20);
    Draft::default()
        .whole(1, 9)
        .message(8, &version)
        .message(7, &graph)
        .into_bytes()
}

fn read_model(sides: &[usize], nodes: &[Draft], constants: &[Draft]) -> Result<Model, Error> {
    read(&model(sides, nodes, constants), &Options::default())
}

/// A node without settings.
fn plain(operator: &str, inputs: &[&str], output: &str) -> Draft {
    node(operator, output, inputs, output, &[])
}

/// A node that makes a constant of a tensor.
fn constant_node(output: &str, tensor: &Draft) -> Draft {
    let value = Draft::default()
        .text(1, "value")
        .message(5, tensor)
        .whole(20, 4);
    Draft::default()
        .text(2, output)
        .text(3, output)
        .text(4, "Constant")
        .message(5, &value)
}

fn tensor(name: &str, shape: &[usize], value: f64) -> Draft {
    let count = shape.iter().product();
    constant(name, shape, std::iter::repeat_n(value, count))
}

/// What a graph of one weight of 1 and then one node makes of numbers.
fn applied(
    node: Draft,
    constants: &[Draft],
    x: &[f64],
) -> Result<Vec<f64>, Box<dyn std::error::Error>> {
    let product = plain("MatMul", &["input", "one"], "middle");
    let constants = [constants, &[tensor("one", &[1, 1], 1.0)]].concat();
    let model = read_model(&[1], &[product, node], &constants)?;
    let samples = Columns::from_rows(x, 1)?;
    Ok(model
        .network
        .outputs(&model.parameters, &samples)?
        .to_rows())
}

#[test]
fn weights_that_serve_two_layers_are_known_by_any_name() {
    let weights = tensor("", &[3, 3], 0.5);
    for (operator, from) in [("Transpose", "W"), ("Identity", "W"), ("Identity", "again")] {
        let nodes = [
            constant_node("W", &weights),
            plain("Identity", &["W"], "again"),
            plain(operator, &[from], "other"),
            plain("MatMul", &["input", "W"], "first"),
            plain("Relu", &["first"], "middle"),
            plain("MatMul", &["middle", "other"], "output"),
        ];
        let error = read_model(&[3], &nodes, &[]).map(|_| ()).unwrap_err();
        assert_eq!(
            error.message(),
            "the weights 'W' serve another layer too, which is not read",
            "{operator} of {from}"
        );
    }
}

#[test]
fn a_constant_that_node_after_node_reads_does_not_fill_the_memory() {
    const NODES: usize = 4000;
    let names: Vec<String> = (0..=NODES).map(|place| format!("v{place}")).collect();
    let mut nodes = vec![plain("Identity", &["input"], &names[0])];
    nodes.extend(
        names
            .windows(2)
            .map(|pair| plain("Sub", &[&pair[0], "mean"], &pair[1])),
    );
    nodes.push(plain("Identity", &[&names[NODES]], "output"));
    let error = read_model(&[4096], &nodes, &[tensor("mean", &[4096], 1.0)])
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
}

#[test]
fn dropout_is_read_where_it_is_known_to_be_off() {
    // A truth is a byte.
    let mode = |byte: u8| {
        Draft::default()
            .whole(2, 9)
            .text(8, "mode")
            .bytes(9, &[byte])
    };
    let dropout = || plain("Dropout", &["middle", "ratio", "mode"], "output");
    let ratio = tensor("ratio", &[], 0.5);
    let off = applied(dropout(), &[ratio.clone(), mode(0)], &[3.0]);
    assert_eq!(off.ok(), Some(vec![3.0]));
    let on = applied(dropout(), &[ratio, mode(1)], &[3.0]).unwrap_err();
    assert!(on.to_string().contains("not known to be off"), "{on}");
}

#[test]
fn a_power_that_is_no_whole_number_has_no_value_below_zero()
-> Result<(), Box<dyn std::error::Error>> {
    for (exponent, at_32) in [(0.2, 2.0), (-0.2, 0.5), (0.4, 4.0)] {
        let power = plain("Pow", &["middle", "exponent"], "output");
        let found = applied(power, &[tensor("exponent", &[], exponent)], &[-32.0, 32.0])?;
        assert!(found[0].is_nan(), "{exponent}: {found:?}");
        assert!((found[1] - at_32).abs() < 1e-14, "{exponent}: {found:?}");
    }
    // As exporters store it: its fraction has a denominator of sixteen digits.
    let exponent = f64::from(2.3_f32);
    let power = plain("Pow", &["middle", "exponent"], "output");
    let found = applied(
        power,
        &[tensor("exponent", &[], exponent)],
        &[32.0, 0.0, -1.0],
    )?;
    assert!(
        (found[0] / 32_f64.powf(exponent) - 1.0).abs() < 1e-14,
        "{found:?}"
    );
    assert!(found[1] == 0.0 && found[2].is_nan(), "{found:?}");
    let square = plain("Pow", &["middle", "exponent"], "output");
    assert_eq!(
        applied(square, &[tensor("exponent", &[], 3.0)], &[-2.0])?,
        [-8.0]
    );
    Ok(())
}

#[test]
fn a_bound_without_an_end_is_none_and_one_that_is_no_number_is_refused() {
    let clipped = |low: f64, high: f64| {
        let clip = plain("Clip", &["middle", "low", "high"], "output");
        let bounds = [tensor("low", &[], low), tensor("high", &[], high)];
        applied(clip, &bounds, &[-9.0, 9.0]).map_err(|error| error.to_string())
    };
    assert_eq!(clipped(f64::NEG_INFINITY, 6.0), Ok(vec![-9.0, 6.0]));
    assert_eq!(clipped(-6.0, f64::INFINITY), Ok(vec![-6.0, 9.0]));
    for (low, high) in [
        (f64::NAN, 6.0),
        (f64::INFINITY, 6.0),
        (0.0, f64::NEG_INFINITY),
    ] {
        let error = clipped(low, high).unwrap_err();
        assert!(error.contains("it is bounded by"), "{error}");
    }
}

#[test]
fn bounds_of_an_older_clip_are_not_passed_over() {
    let setting = [("max", Setting::Single(6.0))];
    let clip = node("Clip", "clip", &["middle"], "output", &setting);
    let error = applied(clip, &[], &[9.0]).unwrap_err();
    assert!(
        error.to_string().contains("before operator set 11"),
        "{error}"
    );
}

#[test]
fn a_layer_norm_with_an_epsilon_below_zero_is_refused() {
    let setting = [("epsilon", Setting::Single(-1.0))];
    let norm = node(
        "LayerNormalization",
        "norm",
        &["input", "scale", "bias"],
        "output",
        &setting,
    );
    let constants = [tensor("scale", &[2], 1.0), tensor("bias", &[2], 0.0)];
    let error = read_model(&[2], &[norm], &constants)
        .map(|_| ())
        .unwrap_err();
    assert!(error.message().contains("epsilon"), "{error}");
}

#[test]
fn sides_that_cannot_be_multiplied_are_refused() {
    for operator in ["Flatten", "Softmax"] {
        let nodes = [
            plain(operator, &["input"], "middle"),
            plain("Relu", &["middle"], "output"),
        ];
        let error = read_model(&[1 << 33, 1 << 33], &nodes, &[]).map(|_| ());
        assert!(error.is_err());
    }
}
