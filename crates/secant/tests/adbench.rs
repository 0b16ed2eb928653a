//! The two workloads of ADBench, small: what secant makes of the function of one row against value, gradient and Jacobian written by hand, which in
//! turn are held against differences.

#![allow(missing_docs, clippy::unwrap_used)]

#[allow(dead_code, unreachable_pub)]
#[path = "../benches/adbench/bundle.rs"]
mod bundle;
#[allow(dead_code, unreachable_pub)]
#[path = "../benches/adbench/mixture.rs"]
mod mixture;
#[allow(dead_code, unreachable_pub)]
#[path = "../benches/adbench/random.rs"]
mod random;

use bundle::{Bundle, ENTRIES};
use mixture::{Mixture, Shape};
use secant::combine::Gather;
use secant::{Objective, Recorded};

const SHAPES: [Shape; 2] = [
    Shape {
        dimensions: 3,
        components: 4,
        rows: 300,
    },
    Shape {
        dimensions: 6,
        components: 2,
        rows: 70,
    },
];

fn names(count: usize) -> Vec<String> {
    (0..count).map(|place| format!("v{place}")).collect()
}

fn traced(shape: Shape) -> Recorded {
    let names = names(shape.parameters() + shape.dimensions);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Recorded::trace(&names, |inputs| vec![mixture::per_point(shape, inputs)]).unwrap()
}

fn assert_close(what: &str, found: f64, truth: f64, tolerance: f64) {
    let error = (found - truth).abs() / truth.abs().max(1.0);
    assert!(error <= tolerance, "{what}: {found} beside {truth}");
}

#[test]
fn the_gradient_of_the_mixture_is_that_written_by_hand() {
    for shape in SHAPES {
        let mixture = Mixture::new(shape);
        let mut gradient = vec![0.0; shape.parameters()];
        let value = mixture::by_hand(&mixture, &mut gradient);
        let columns: Vec<usize> =
            (shape.parameters()..shape.parameters() + shape.dimensions).collect();
        let objective = Objective::sum(&traced(shape), &columns).unwrap();
        let data = mixture.columns();
        let data: Vec<&[f64]> = data.iter().map(Vec::as_slice).collect();
        let found = objective.gradient(&mixture.parameters, &data).unwrap();
        assert_close("value", found.loss, value, 1e-10);
        for (place, truth) in gradient.iter().enumerate() {
            assert_close(
                &format!("slope {place}"),
                found.gradient[place],
                *truth,
                1e-10,
            );
        }
    }
}

#[test]
fn the_gradient_of_the_mixture_by_hand_is_that_of_differences() {
    let shape = SHAPES[0];
    let mut mixture = Mixture::new(shape);
    let mut gradient = vec![0.0; shape.parameters()];
    let value = mixture::by_hand(&mixture, &mut gradient);
    let mut unused = gradient.clone();
    for (place, slope) in gradient.iter().enumerate() {
        let at = mixture.parameters[place];
        let mut shifted = |step: f64| {
            mixture.parameters[place] = at + step;
            let value = mixture::by_hand(&mixture, &mut unused);
            mixture.parameters[place] = at;
            value
        };
        let difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        // Rounding of values of this size, and the truncation of a central difference.
        let tolerance = value.abs() * 1e-16 * 50.0 / 1e-5 + 1e-6;
        assert_close(&format!("slope {place}"), *slope, difference, tolerance);
    }
}

#[test]
fn the_jacobian_of_the_bundle_is_that_written_by_hand() {
    let bundle = Bundle::new(7, 40, 600);
    let names = names(17);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let function = Recorded::trace(&names, bundle::per_observation).unwrap();
    let gather = Gather::new(&function, bundle.parameters.len(), bundle.picks()).unwrap();
    let (residuals, jacobian) = gather.jacobian(&bundle.parameters).unwrap();
    let mut truths = vec![0.0; residuals.len()];
    let mut entries = vec![0.0; bundle.seen.len() * ENTRIES];
    bundle::by_hand(&bundle, &mut truths, &mut entries);
    assert_eq!(jacobian.values.len(), entries.len());
    for (place, (found, truth)) in residuals.iter().zip(&truths).enumerate() {
        assert_close(&format!("residual {place}"), *found, *truth, 1e-10);
    }
    for (place, (found, truth)) in jacobian.values.iter().zip(&entries).enumerate() {
        assert_close(&format!("entry {place}"), *found, *truth, 1e-10);
    }
}

#[test]
fn the_jacobian_of_the_bundle_by_hand_is_that_of_differences() {
    let mut bundle = Bundle::new(3, 5, 8);
    let mut residuals = vec![0.0; 3 * bundle.seen.len()];
    let mut entries = vec![0.0; bundle.seen.len() * ENTRIES];
    bundle::by_hand(&bundle, &mut residuals, &mut entries);
    let mut unused = entries.clone();
    // The places of the entries of an observation's first row among the parameters of its camera, its point and its weight.
    let (camera, point) = bundle.seen[0];
    let camera = camera as usize * bundle::CAMERA;
    let point = bundle.first_point() + point as usize * bundle::POINT;
    let columns: Vec<usize> = (0..8)
        .chain(9..11)
        .map(|place| camera + place)
        .chain((0..3).map(|place| point + place))
        .chain([bundle.first_weight()])
        .collect();
    for (entry, column) in columns.iter().enumerate() {
        let at = bundle.parameters[*column];
        let mut shifted = |step: f64| {
            bundle.parameters[*column] = at + step;
            bundle::by_hand(&bundle, &mut residuals, &mut unused);
            bundle.parameters[*column] = at;
            residuals[0]
        };
        let difference = (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
        assert_close(&format!("entry {entry}"), entries[entry], difference, 1e-7);
    }
}
