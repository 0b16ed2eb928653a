//! Formulas to derivatives: all of `spec/formulas.md` and `spec/formulas/`, the tenth derivative that the field's tools are
//! measured by, and a gradient in 50 variables. `cargo bench -p secant --bench symbolic`; with `-- --table` it writes lines
//! that `benches/symbolic.py` reads, to set other tools beside.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;
mod workloads;

use std::hint::black_box;
use std::time::{Duration, Instant};

use divan::Bencher;
use secant::{Formula, Graph, Program, Simplified};
use workloads::{INPUTS, log_sum_exp, names};

/// The derivative by which the field's tools are measured.
const TENTH: &str = "sin(x)*exp(x^2)/(1+x^2)";
/// Runs of which the table shows the median.
const RUNS: usize = 15;

fn main() {
    if std::env::args().any(|argument| argument == "--table") {
        table();
        return;
    }
    println!(
        "the tenth derivative has {} operations",
        operations_of_tenth()
    );
    divan::main();
}

/// A text and the derivatives to take, each as inputs in turn.
struct Case {
    text: String,
    wrts: Vec<Vec<usize>>,
}

fn cases() -> Vec<Case> {
    let sections = common::formulas();
    let case = |section: &common::Section| {
        let text = section.field("formula").unwrap().to_owned();
        let wrts = section.wrts(&Formula::parse(&text).unwrap());
        Case { text, wrts }
    };
    sections.iter().map(case).collect()
}

fn parse(cases: &[Case]) -> Vec<Formula> {
    let parse = |case: &Case| Formula::parse(&case.text).unwrap();
    cases.iter().map(parse).collect()
}

/// Every derivative as it comes out of the rules.
fn differentiate(cases: &[Case], formulas: &mut [Formula]) {
    for (case, formula) in cases.iter().zip(formulas) {
        let root = formula.root();
        for wrt in &case.wrts {
            let graph = formula.graph_mut();
            let by = |node, input: &usize| graph.derivative(node, *input);
            black_box(wrt.iter().fold(root, by));
        }
    }
}

/// Every derivative simplified, with its conditions.
fn derive(cases: &[Case], formulas: &mut [Formula]) {
    for (case, formula) in cases.iter().zip(formulas) {
        let root = formula.root();
        for wrt in &case.wrts {
            black_box(formula.graph_mut().derive(root, wrt));
        }
    }
}

fn tenth() -> (Formula, Simplified) {
    let mut formula = Formula::parse(black_box(TENTH)).unwrap();
    let root = formula.root();
    let derived = formula.graph_mut().derive(root, &[0; 10]);
    (formula, derived)
}

fn operations_of_tenth() -> usize {
    let (formula, derived) = tenth();
    Program::new(formula.graph(), &derived.roots).operations()
}

/// The log-sum-exp of quadratics as a graph, with its root.
fn quadratics() -> (Graph, secant::NodeId) {
    let names = names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (graph, roots) = Graph::trace(&names, |inputs| vec![log_sum_exp(inputs)]).unwrap();
    (graph, roots[0])
}

fn gradient(mut graph: Graph, root: secant::NodeId) -> Graph {
    let inputs: Vec<usize> = (0..INPUTS).collect();
    black_box(graph.gradient(root, &inputs));
    graph
}

#[divan::bench]
fn parse_all_formulas(bencher: Bencher) {
    let cases = cases();
    bencher.bench_local(|| parse(&cases));
}

#[divan::bench]
fn differentiate_all_formulas(bencher: Bencher) {
    let cases = cases();
    bencher
        .with_inputs(|| parse(&cases))
        .bench_local_refs(|formulas| differentiate(&cases, formulas));
}

#[divan::bench]
fn differentiate_and_simplify_all_formulas(bencher: Bencher) {
    let cases = cases();
    bencher
        .with_inputs(|| parse(&cases))
        .bench_local_refs(|formulas| derive(&cases, formulas));
}

#[divan::bench]
fn tenth_derivative() -> (Formula, Simplified) {
    tenth()
}

#[divan::bench]
fn gradient_in_50_variables(bencher: Bencher) {
    bencher
        .with_inputs(quadratics)
        .bench_local_values(|(graph, root)| gradient(graph, root));
}

/// Times in seconds, counts, and the formulas as one expression each, for `benches/symbolic.py`.
fn table() {
    let cases = cases();
    let parsed = || parse(&cases);
    let told = |name: &str, time: Duration| println!("time\t{name}\t{}", time.as_secs_f64());
    told("parse", median(|| (), |()| drop(black_box(parsed()))));
    told(
        "parse and differentiate",
        median(|| (), |()| differentiate(&cases, &mut parsed())),
    );
    told(
        "parse, differentiate and simplify",
        median(|| (), |()| derive(&cases, &mut parsed())),
    );
    told(
        "tenth derivative",
        median(|| (), |()| drop(black_box(tenth()))),
    );
    told(
        "gradient in 50 variables",
        median(quadratics, |(graph, root)| drop(gradient(graph, root))),
    );
    println!("count\ttenth derivative\t{}", operations_of_tenth());
    for (case, formula) in cases.iter().zip(parsed()) {
        let name = |input: &usize| formula.variables()[*input].to_string();
        let turn = |wrt: &Vec<usize>| wrt.iter().map(name).collect::<Vec<_>>().join(",");
        let turns: Vec<String> = case.wrts.iter().map(turn).collect();
        println!(
            "formula\t{}\t{}",
            formula.graph().text(formula.root()),
            turns.join(";")
        );
    }
}

fn median<T>(mut prepare: impl FnMut() -> T, mut run: impl FnMut(T)) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let input = prepare();
            let start = Instant::now();
            run(input);
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}
