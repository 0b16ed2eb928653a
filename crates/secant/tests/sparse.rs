//! Sparse Jacobians and Hessians: patterns, colourings that allow each entry to be read off, and the entries
//! themselves, held against the full matrices.

#![allow(missing_docs, clippy::unwrap_used)]

use proptest::prelude::*;
use secant::method::{Difference, Forward, Method, Reverse};
use secant::sparse::{Colouring, Entry, Pattern, SparseHessian, SparseJacobian};
use secant::{Functions, Node, Recorded, Scalar, hessian, jacobian};

/// Symmetric patterns of up to 14 inputs, with and without a diagonal.
fn symmetric_pattern() -> impl Strategy<Value = Pattern> {
    (1usize..14).prop_flat_map(|size| {
        prop::collection::vec(prop::collection::vec(0..size, 0..4), size)
            .prop_map(move |rows| Pattern::new(size, rows).unwrap().symmetric().unwrap())
    })
}

/// How many columns of a row share this column's colour.
fn alike(pattern: &Pattern, colouring: &Colouring, row: usize, column: usize) -> usize {
    let same = |other: &&usize| colouring.colour(**other) == colouring.colour(column);
    pattern.row(row).iter().filter(same).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_row_holds_two_columns_of_one_colour(pattern in symmetric_pattern()) {
        let colouring = Colouring::of_columns(&pattern);
        for row in 0..pattern.rows() {
            for column in pattern.row(row) {
                prop_assert_eq!(alike(&pattern, &colouring, row, *column), 1);
            }
        }
    }

    #[test]
    fn a_star_colouring_leaves_each_entry_alone_on_one_side(pattern in symmetric_pattern()) {
        let colouring = Colouring::star(&pattern).unwrap();
        for row in 0..pattern.rows() {
            for column in pattern.row(row) {
                let read = alike(&pattern, &colouring, row, *column) == 1
                    || alike(&pattern, &colouring, *column, row) == 1;
                prop_assert!(read, "entry {row}, {column}");
            }
        }
    }
}

/// Names of n inputs.
fn names(count: usize) -> Vec<String> {
    (0..count).map(|input| format!("x{input}")).collect()
}

fn trace(count: usize, function: impl FnOnce(&[Node]) -> Vec<Node>) -> Recorded {
    let names = names(count);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Recorded::trace(&names, function).unwrap()
}

fn total(terms: impl Iterator<Item = Node>) -> Node {
    terms.reduce(|sum, term| sum + term).unwrap()
}

/// The chained Rosenbrock function: its Hessian is tridiagonal.
fn rosenbrock(x: &[Node]) -> Node {
    total(x.windows(2).map(|pair| {
        let off = pair[1].clone() - pair[0].clone() * pair[0].clone();
        let rest = Node::constant(1.0) - pair[0].clone();
        off.clone() * off * Node::constant(100.0) + rest.clone() * rest
    }))
}

/// A hub that each other input meets: its Hessian is an arrow.
fn arrow(x: &[Node]) -> Node {
    total(
        x[1..]
            .iter()
            .map(|spoke| (x[0].clone() * spoke.clone()).sin()),
    )
}

/// The sparse entries are those of the full matrix, and where the pattern has none the full one has 0.
fn assert_equal(entries: &[Entry], full: &[Vec<secant::Estimate>]) {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (row, column, entry) in entries {
        let wanted = &full[*row][*column];
        let room = entry.bound.absolute(entry.value).unwrap()
            + wanted.bound.absolute(wanted.value).unwrap();
        assert!(
            (entry.value - wanted.value).abs() <= room,
            "{row} {column}: {entry:?} {wanted:?}"
        );
        places.push((*row, *column));
    }
    for (row, wanted) in full.iter().enumerate() {
        for (column, wanted) in wanted.iter().enumerate() {
            assert!(
                wanted.value == 0.0 || places.contains(&(row, column)),
                "{row} {column} is missing"
            );
        }
    }
}

#[test]
fn a_chain_has_a_tridiagonal_hessian_by_three_seeds() {
    let f = trace(12, |x| vec![rosenbrock(x)]);
    let prepared = SparseHessian::of(&f).unwrap();
    assert_eq!((prepared.seeds(), prepared.pattern().entries()), (3, 34));
    let at: Vec<f64> = (0..12).map(|input| 0.3 * f64::from(input) - 1.0).collect();
    assert_equal(
        &prepared.evaluate(&Forward, &at).unwrap(),
        &hessian(&Forward, &f, &at).unwrap(),
    );
}

#[test]
fn an_arrow_hessian_takes_two_seeds_of_any_size() {
    for count in [2, 3, 10, 40] {
        let f = trace(count, |x| vec![arrow(x)]);
        let prepared = SparseHessian::of(&f).unwrap();
        assert_eq!(prepared.seeds(), 2);
        let at: Vec<f64> = (0..count).map(|input| 1.0 / (1.0 + input as f64)).collect();
        for method in [&Forward as &dyn Method, &Reverse] {
            assert_equal(
                &prepared.evaluate(method, &at).unwrap(),
                &hessian(&Forward, &f, &at).unwrap(),
            );
        }
    }
}

#[test]
fn the_pattern_of_formulas_is_the_one_found_by_probing() {
    let f = trace(6, |x| {
        vec![
            x[0].sin(),
            x[1].clone() * x[2].clone(),
            x[5].clone(),
            total(x.iter().cloned()),
            Node::constant(3.0),
        ]
    });
    let pattern = Pattern::jacobian(&f);
    assert_eq!(pattern.entries(), 1 + 2 + 1 + 6);
    assert_eq!(
        Pattern::probe(&f, &[0.0, 1.0, -1.0, 1e9, 1e-9, 2.0], 3).unwrap(),
        pattern
    );
}

#[test]
fn entries_by_differences_hold_within_their_bounds_though_inputs_are_decades_apart() {
    let f = trace(4, |x| {
        x.windows(2)
            .map(|pair| pair[0].sin() * pair[1].clone())
            .collect()
    });
    let at = [1e-9, 1.0, 1e9, 2.0];
    let prepared = SparseJacobian::new(Pattern::jacobian(&f));
    let full = jacobian(&Forward, &f, &at).unwrap();
    assert_equal(&prepared.evaluate(&Forward, &f, &at).unwrap(), &full);
    for (row, column, entry) in prepared.evaluate(&Difference::default(), &f, &at).unwrap() {
        let error = (entry.value - full[row][column].value).abs();
        assert!(
            error <= entry.bound.absolute(entry.value).unwrap_or(f64::INFINITY),
            "{row} {column}: {entry:?}"
        );
    }
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let f = trace(3, |x| vec![x[0].clone()]);
    assert!(Pattern::new(2, vec![vec![2]]).is_err());
    assert!(Colouring::star(&Pattern::new(2, vec![vec![1], vec![]]).unwrap()).is_err());
    assert!(Pattern::jacobian(&f).symmetric().is_err());
    let prepared = SparseJacobian::new(Pattern::new(2, vec![vec![1]]).unwrap());
    assert!(prepared.evaluate(&Forward, &f, &[0.0; 3]).is_err());
    assert!(Pattern::probe(&f, &[0.0], 1).is_err());
}
