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

/// Numbers that have met no input yet are shared as all others are, and nest no deeper than they should.
#[test]
fn constants_made_of_themselves_are_recorded_once() {
    let doubled = |x: &[Node]| {
        let mut y = Node::constant(2.0).ln();
        for _ in 0..31 {
            y = y.clone() + y;
        }
        vec![y * x[0].clone()]
    };
    let (graph, roots) = Graph::trace(&["x"], doubled).unwrap();
    let value = Program::new(&graph, &roots).value(&[1.0]);
    assert_eq!(value, 2f64.powi(31) * 2f64.ln());
    for start in [f64::NAN, f64::INFINITY] {
        let counted = |x: &[Node]| {
            let mut y = Node::constant(start);
            for _ in 0..1_000_000 {
                y = y + Node::constant(1.0);
            }
            vec![y * x[0].clone()]
        };
        let (graph, roots) = Graph::trace(&["x"], counted).unwrap();
        assert!(graph.len() < 100, "{} nodes", graph.len());
        let value = Program::new(&graph, &roots).value(&[1.0]);
        assert!(value == start || (value.is_nan() && start.is_nan()));
    }
}

/// A choice of so many cases, `piecewise(x < 1, f(1), x < 2, f(2), …, 0)`.
fn cases(x: &Node, count: u32, value: impl Fn(f64) -> Node) -> Node {
    let mut chosen = Node::constant(0.0);
    for case in (1..=count).rev() {
        let case = f64::from(case);
        chosen = x.less(&Node::constant(case)).choose(&value(case), &chosen);
    }
    chosen
}

#[test]
fn choices_of_many_cases_have_a_gradient_of_linear_size() {
    let sizes = [2000, 4000, 30_000].map(|count| {
        let f = |x: &[Node]| {
            let cases = cases(&x[0], count, |case| {
                (Node::constant(case) * x[0].clone()).sin() * x[1].clone()
            });
            vec![cases.exp()]
        };
        let (mut graph, roots) = Graph::trace(&["x", "y"], f).unwrap();
        let gradient = graph.gradient(roots[0], &[0, 1]);
        let program = Program::new(&graph, &[roots, gradient].concat());
        let found = program.run(&[1234.5, 1e-4]);
        let (sine, cosine) = (1235.0 * 1234.5f64).sin_cos();
        let value = (sine * 1e-4).exp();
        for (found, wanted) in
            found
                .iter()
                .zip([value, value * 1235.0 * cosine * 1e-4, value * sine])
        {
            assert!(
                (found - wanted).abs() <= 1e-12 * wanted.abs(),
                "{found}, not {wanted}"
            );
        }
        program.steps().len()
    });
    assert!(sizes[1] < 21 * sizes[0] / 10, "{sizes:?}");
    assert!(sizes[2] < 21 * sizes[0] * 15 / 20, "{sizes:?}");
}

#[test]
fn sums_of_choices_of_many_cases_are_joined_in_a_loop() {
    let f = |x: &[Node]| {
        let sines = cases(&x[0], 30_000, |case| Node::constant(case) * x[0].sin());
        let squares = cases(&x[0], 30_000, |case| {
            Node::constant(case) * x[0].clone() * x[0].clone()
        });
        vec![sines + squares]
    };
    let (graph, roots) = Graph::trace(&["x"], f).unwrap();
    let value = Program::new(&graph, &roots).value(&[1234.5]);
    let wanted = 1235.0 * (1234.5f64.sin() + 1234.5 * 1234.5);
    assert!((value - wanted).abs() <= 1e-12 * wanted);
}
