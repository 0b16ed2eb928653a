//! L-BFGS on convex losses of one dense layer: how often it looks at the loss before it is near the minimum, beside SciPy
//! (`spec/reference/lbfgs.py`).

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use common::Reference;
use secant::optimiser::{Optimiser, Rule};
use secant_train::{Columns, Loss, Network, Objective, Targets};

const DISTANCES: [f64; 3] = [1e-3, 1e-6, 1e-9];

#[test]
fn it_takes_no_more_looks_than_scipy() {
    let reference = Reference::read("convex");
    let mut totals = [0.0; 2];
    for name in ["cross-entropy", "squared", "binary-cross-entropy", "huber"] {
        let get = |part: &str| reference.get(&format!("{name}.{part}"));
        let [_, inputs, outputs] = [0, 1, 2].map(|place| get("shape")[place] as usize);
        let network = Network::dense(&[inputs, outputs], "relu").unwrap();
        let samples = Columns::from_rows(get("inputs"), inputs).unwrap();
        let loss = Loss::parse(name).unwrap();
        let targets = if name == "cross-entropy" {
            Targets::Labels(get("targets").iter().map(|label| *label as usize).collect())
        } else {
            Targets::Values(Columns::from_rows(get("targets"), outputs).unwrap())
        };
        let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();

        let mut seen = Vec::new();
        let mut evaluate = |at: &[f64], gradient: &mut [f64]| {
            let loss = objective.gradient(at, gradient)?;
            seen.push(loss);
            Ok(loss)
        };
        let mut parameters = get("start").to_vec();
        let mut gradient = vec![0.0; parameters.len()];
        let mut loss = evaluate(&parameters, &mut gradient).unwrap();
        let mut optimiser = Optimiser::new(Rule::named("l-bfgs").unwrap(), parameters.len());
        for _ in 0..1000 {
            let told = optimiser
                .search(1.0, &mut parameters, loss, &mut gradient, &mut evaluate)
                .unwrap();
            loss = told.loss;
            if told.rate == 0.0 {
                break;
            }
        }
        let least = get("least")[0];
        for (distance, theirs) in DISTANCES.into_iter().zip(get("evaluations")) {
            let near = least + distance * (seen[0] - least);
            let ours = seen.iter().position(|loss| *loss <= near);
            let ours = ours.map(|place| place as f64 + 1.0);
            println!("{name}, to {distance:e}: {ours:?}, SciPy {theirs}");
            totals[0] += ours.unwrap();
            totals[1] += theirs;
        }
    }
    println!("in all {}, SciPy {}", totals[0], totals[1]);
    assert!(totals[0] <= totals[1]);
}
