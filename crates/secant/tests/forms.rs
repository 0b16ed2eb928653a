//! `spec/forms.md`: how derivatives are printed, with what they need; and each of them against the derivative as the rules make it,
//! by ranges that are proven. `UPDATE=1 cargo test -p secant --test forms` rewrites the document; a person reads the diff.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::document;
use secant::{Decoration, Formula, Interval, Program, Recorded, method};

/// The rows of the document: formula, order, derivative, conditions.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(str::trim).count() == 4;
    text.lines()
        .filter(move |line| line.starts_with("| `") && cells(line))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
}

fn unquoted(cell: &str) -> &str {
    cell.trim_matches('`')
}

fn row(formula: &str, order: &str) -> String {
    let mut read = Formula::parse(formula).unwrap();
    let root = read.root();
    let wrt = vec![read.variable("x").unwrap(); order.parse().unwrap()];
    let derived = read.graph_mut().derive(root, &wrt);
    let graph = read.graph();
    let conditions = derived
        .conditions
        .iter()
        .map(|condition| condition.describe(graph));
    let conditions = conditions.collect::<Vec<_>>().join(" and ");
    let written = graph.text(derived.roots[0]);
    format!("| `{formula}` | {order} | `{written}` | {conditions} |")
}

#[test]
fn derivatives_are_printed_as_the_document_has_them() {
    let text = document("spec/forms.md");
    assert!(rows(&text).count() >= 60);
    let written: Vec<String> = text
        .lines()
        .map(|line| match rows(line).next() {
            Some(cells) => row(unquoted(cells[0]), cells[1]),
            None => line.to_owned(),
        })
        .collect();
    let written = written.join("\n") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/forms.md");
        std::fs::write(path, &written).unwrap();
    } else {
        for (expected, found) in text.lines().zip(written.lines()) {
            assert_eq!(expected, found);
        }
    }
}

/// At ordinary points, beside zeros, poles and kinks, and far out, wherever both have a value.
#[test]
fn a_derivative_simplified_has_the_range_of_the_one_by_rules() {
    const POINTS: [f64; 16] = [
        0.3,
        0.62,
        1.7,
        2.4,
        -0.45,
        -1.3,
        1e-9,
        -1e-6,
        1.0,
        1.000_000_1,
        0.999_999,
        -1.0,
        -1.000_001,
        5.000_001,
        12.0,
        -30.0,
    ];
    let text = document("spec/forms.md");
    let mut held = 0;
    for cells in rows(&text) {
        let (formula, order) = (unquoted(cells[0]), cells[1].parse::<usize>().unwrap());
        let mut read = Formula::parse(formula).unwrap();
        let root = read.root();
        let x = read.variable("x").unwrap();
        let graph = read.graph_mut();
        let raw = (0..order).fold(root, |node, _| graph.derivative(node, x));
        let simple = graph.derive(root, &vec![x; order]).roots[0];
        let functions = [raw, simple].map(|node| Recorded::new(graph.clone(), vec![node]));
        for at in POINTS {
            let mut point = vec![0.7; graph.names().len()];
            point[x] = at;
            let boxed = Interval::points(&point);
            let [written, made] = functions
                .each_ref()
                .map(|function| method::range(function, &boxed, &[])[0]);
            if written.decoration() > Decoration::Trivial {
                assert!(
                    made.lo() <= written.hi() && written.lo() <= made.hi(),
                    "{formula}, order {order}, at {at}: {written:?} became {made:?}"
                );
                held += 1;
            }
        }
    }
    assert!(held > 500, "{held} held");
}

/// What would lose digits stays: each of these is its own simplest form.
#[test]
fn what_would_lose_digits_is_not_multiplied_out() {
    for formula in [
        "(x - 1)^10",
        "(x - 1)^10 + 1",
        "1000*(x - 1) + y",
        "1/cosh(x)^2",
        "sinh(x)/x",
        "(x - 1)^3*(x - 2)^2 + y",
        "exp(x) + exp(-x)",
    ] {
        let mut read = Formula::parse(formula).unwrap();
        let root = read.root();
        let simple = read.graph_mut().simplify(&[root]).roots[0];
        assert_eq!(
            read.graph().text(simple),
            read.graph().text(root),
            "{formula}"
        );
    }
}

/// The benchmark of the field's tools: 187 operations in SymPy simplified, 132 in Maxima.
#[test]
fn the_tenth_derivative_of_the_benchmark_stays_short() {
    let mut formula = Formula::parse("sin(x)*exp(x^2)/(1+x^2)").unwrap();
    let root = formula.root();
    let derived = formula.graph_mut().derive(root, &[0; 10]);
    let operations = Program::new(formula.graph(), &derived.roots).operations();
    assert!(operations <= 160, "{operations} operations");
}

/// Work that grew with the square of the pieces would take minutes here.
#[test]
fn a_choice_of_many_pieces_tells_each_place_where_it_turns() {
    let pieces: String = (1..2000)
        .map(|k| format!("if x < {k} then {k}x else "))
        .collect();
    let mut formula = Formula::parse(&(pieces + "0")).unwrap();
    let root = formula.root();
    let derived = formula.graph_mut().derive(root, &[0]);
    let told: Vec<String> = derived
        .conditions
        .iter()
        .map(|condition| condition.describe(formula.graph()))
        .collect();
    assert_eq!(told.len(), 1999);
    assert!(
        ["x ≠ 1", "x ≠ 2", "x ≠ 1999"]
            .iter()
            .all(|turn| told.iter().any(|told| told == turn)),
        "{told:?}"
    );
}
