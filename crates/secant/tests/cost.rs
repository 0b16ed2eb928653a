//! The cost of gradients, counted in operations.

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../benches/workloads.rs"]
mod workloads;

use secant::{Functions, Graph, Node, Program, Scalar};
use workloads::{INPUTS, log_sum_exp, names};

#[test]
fn a_gradient_by_reverse_sweep_costs_at_most_twice_the_function() {
    let names = names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut graph, roots) = Graph::trace(&names, |inputs| vec![log_sum_exp(inputs)]).unwrap();
    let function = Program::new(&graph, &roots).operations();
    let gradient = graph.gradient(roots[0], &(0..INPUTS).collect::<Vec<_>>());
    let both = Program::new(&graph, &[roots, gradient].concat()).operations();
    assert!(both <= 2 * function, "{both} against {function}");
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

/// A loop that adds or multiplies one more term each time, or puts one more function around, makes a graph whose length grows with
/// the terms, and so does that of its derivatives.
#[test]
fn long_loops_make_graphs_of_linear_size() {
    fn grow(x: &Node, terms: usize, next: &dyn Fn(Node, &Node, usize) -> Node) -> Node {
        (0..terms).fold(x.clone(), |sum, term| next(sum, x, term))
    }
    let number = |term: usize| Node::constant(term as f64 + 2.0);
    type Next<'a> = (&'a str, &'a dyn Fn(Node, &Node, usize) -> Node);
    let loops: [Next<'_>; 4] = [
        ("sum", &|sum, x, term| {
            sum + (number(term) * x.clone()).sin()
        }),
        ("product", &|product, x, term| {
            product * (number(term) + x.clone())
        }),
        ("nest", &|inner, _, _| inner.sin()),
        ("alternating nest", &|inner, x, _| (inner + x.clone()).sin()),
    ];
    let size = |terms: usize, next: &dyn Fn(Node, &Node, usize) -> Node| {
        let (mut graph, roots) =
            Graph::trace(&["x"], |inputs| vec![grow(&inputs[0], terms, next)]).unwrap();
        graph.gradient(roots[0], &[0]);
        let derived = graph.derive(roots[0], &[0]);
        let parts = |graph: &Graph| {
            let nodes = graph.reachable(&derived.roots);
            nodes
                .iter()
                .map(|id| graph.arguments(*id).len())
                .sum::<usize>()
        };
        (graph.len(), parts(&graph))
    };
    for (name, next) in loops {
        let (small, large) = (size(400, next), size(1600, next));
        assert!(
            large.0 <= 5 * small.0,
            "{name}: {small:?} nodes and parts became {large:?}"
        );
        assert!(
            large.1 <= 5 * small.1,
            "{name}: {small:?} nodes and parts became {large:?}"
        );
    }
}
