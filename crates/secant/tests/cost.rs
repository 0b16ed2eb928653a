//! The cost of gradients, counted in operations.

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../benches/workloads.rs"]
mod workloads;

use secant::{Graph, Node, Program};
use workloads::{INPUTS, log_sum_exp, names};

#[test]
fn a_gradient_by_reverse_sweep_costs_at_most_three_times_the_function() {
    let names = names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut graph, roots) = Graph::trace(&names, |inputs| vec![log_sum_exp(inputs)]).unwrap();
    let function = Program::new(&graph, &roots).operations();
    let gradient = graph.gradient(roots[0], &(0..INPUTS).collect::<Vec<_>>());
    let both = Program::new(&graph, &[roots, gradient].concat()).operations();
    assert!(both <= 3 * function, "{both} against {function}");
}

#[test]
fn a_product_of_many_inputs_has_a_gradient_of_linear_cost() {
    let names: Vec<String> = (0..100).map(|i| format!("x{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let product = |inputs: &[Node]| {
        inputs
            .iter()
            .cloned()
            .reduce(|product, x| product * x)
            .unwrap()
    };
    let (mut graph, roots) = Graph::trace(&names, |inputs| vec![product(inputs)]).unwrap();
    let gradient = graph.gradient(roots[0], &(0..100).collect::<Vec<_>>());
    let both = Program::new(&graph, &[roots, gradient].concat()).operations();
    assert!(both <= 4 * 99, "{both} operations");
}
