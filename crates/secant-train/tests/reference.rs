//! Losses, gradients, Hessians and trajectories of four networks against JAX and Optax in double precision.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{ACTIVATIONS, Reference, close, network};
use secant::optimiser::{AdamW, Momentum, Nesterov, Optimiser, RmsProp, Rule};
use secant_train::{Loss, Objective, Random, landscape};

const LOSSES: [&str; 4] = ["cross-entropy", "shares", "squared", "huber"];
const MOST: f64 = 1e-12;

fn loss(name: &str) -> Loss {
    match name {
        "cross-entropy" | "shares" => Loss::CrossEntropy,
        "squared" => Loss::Squared,
        _ => Loss::Huber { delta: 0.5 },
    }
}

#[test]
fn outputs_are_those_of_jax() {
    for activation in ACTIVATIONS {
        let reference = Reference::read(activation);
        let outputs = network(activation)
            .outputs(reference.get("parameters"), &reference.samples())
            .unwrap();
        close(
            &outputs.to_rows(),
            reference.get("outputs"),
            MOST,
            activation,
        );
    }
}

#[test]
fn losses_and_gradients_are_those_of_jax() {
    for activation in ACTIVATIONS {
        let reference = Reference::read(activation);
        let (network, samples, parameters) = (
            network(activation),
            reference.samples(),
            reference.get("parameters"),
        );
        for name in LOSSES {
            let (loss, targets) = (loss(name), reference.targets(name));
            let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
            let what = format!("{activation}, {name}");
            close(
                &objective.losses(parameters).unwrap(),
                reference.get(&format!("{name}.losses")),
                MOST,
                &what,
            );

            let mut gradient = vec![0.0; parameters.len()];
            objective.gradient(parameters, &mut gradient).unwrap();
            close(
                &gradient,
                reference.get(&format!("{name}.gradient")),
                MOST,
                &what,
            );

            let mut rows = vec![0.0; parameters.len() * samples.samples()];
            objective.gradients(parameters, &mut rows).unwrap();
            close(
                &rows,
                reference.get(&format!("{name}.gradients")),
                MOST,
                &what,
            );
        }
    }
}

#[test]
fn hessians_times_a_direction_are_those_of_jax() {
    for activation in ACTIVATIONS {
        let reference = Reference::read(activation);
        let (network, samples) = (network(activation), reference.samples());
        let (parameters, direction) = (reference.get("parameters"), reference.get("direction"));
        for name in LOSSES {
            let (loss, targets) = (loss(name), reference.targets(name));
            let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
            let mut product = vec![f64::NAN; parameters.len()];
            objective
                .hessian_vector(parameters, direction, &mut product)
                .unwrap();
            let truth = reference.get(&format!("{name}.hessian-vector"));
            close(&product, truth, MOST, &format!("{activation}, {name}"));
        }
    }
}

#[test]
fn the_directions_of_most_curvature_are_those_of_a_dense_hessian() {
    for activation in ACTIVATIONS {
        let reference = Reference::read(activation);
        let (network, samples) = (network(activation), reference.samples());
        let parameters = reference.get("parameters");
        for name in LOSSES {
            let what = format!("{activation}, {name}");
            let (loss, targets) = (loss(name), reference.targets(name));
            let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
            let mut random = Random::new(1);
            let bends =
                landscape::along_hessian(&mut objective, parameters, 3, &mut random).unwrap();
            let mut truth = reference.get(&format!("{name}.eigenvalues")).to_vec();
            truth.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
            let found: Vec<f64> = bends.iter().map(|bend| bend.curvature).collect();
            close(&found, &truth[..3], MOST, &what);
            let length = |vector: &[f64]| vector.iter().map(|x| x * x).sum::<f64>().sqrt();
            for bend in bends {
                // The residual bounds the error, but for the rounding of a product.
                let nearest = truth
                    .iter()
                    .map(|value| (value - bend.curvature).abs())
                    .fold(f64::INFINITY, f64::min);
                assert!(nearest <= bend.residual + 1e-14 * truth[0].abs(), "{what}");
                assert!(
                    bend.residual <= 1e-8 * truth[0].abs(),
                    "{what}: {}",
                    bend.residual
                );
                // Along the direction the gradient moves by the curvature: H v = λ v.
                let mut moved = vec![0.0; parameters.len()];
                objective
                    .hessian_vector(parameters, &bend.direction, &mut moved)
                    .unwrap();
                for (moved, part) in moved.iter_mut().zip(&bend.direction) {
                    *moved -= bend.curvature * part;
                }
                let most = 1e-8 * truth[0].abs() * length(parameters);
                assert!(length(&moved) <= most, "{what}");
                assert!((length(&bend.direction) / length(parameters) - 1.0).abs() < 1e-14);
            }
        }
    }
}

/// The settings of `spec/reference/networks.py`.
fn rules() -> [(&'static str, f64, Rule); 6] {
    [
        ("sgd", 0.1, Rule::named("sgd").unwrap()),
        ("adam", 0.01, Rule::adam()),
        ("momentum", 0.02, Rule::Momentum(Momentum::default())),
        ("nesterov", 0.02, Rule::Nesterov(Nesterov::default())),
        ("rmsprop", 0.005, Rule::RmsProp(RmsProp::default())),
        ("adamw", 0.01, Rule::AdamW(AdamW::default())),
    ]
}

#[test]
fn two_hundred_steps_end_where_optax_ends() {
    let mut runs = 0;
    for activation in ACTIVATIONS {
        let reference = Reference::read(activation);
        let (network, samples) = (network(activation), reference.samples());
        for (name, (rule_name, rate, rule)) in LOSSES
            .into_iter()
            .flat_map(|name| rules().map(|rule| (name, rule)))
        {
            let label = format!("{name}.{rule_name}");
            if !reference.has(&format!("{label}.end")) {
                continue;
            }
            let (loss, targets) = (loss(name), reference.targets(name));
            let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
            let mut parameters = reference.get("parameters").to_vec();
            let mut optimiser = Optimiser::new(rule, parameters.len());
            let mut gradient = vec![0.0; parameters.len()];
            let mut path = Vec::new();
            for step in 0..200 {
                let loss = objective.gradient(&parameters, &mut gradient).unwrap();
                if step % 10 == 0 {
                    path.push(loss);
                }
                optimiser.step(rate, &mut parameters, &gradient).unwrap();
            }
            let what = format!("{activation}, {label}");
            close(&path, reference.get(&format!("{label}.path")), MOST, &what);
            close(
                &parameters,
                reference.get(&format!("{label}.end")),
                MOST,
                &what,
            );
            runs += 1;
        }
    }
    assert_eq!(runs, 4 * 4 * 2 + 4);
}
