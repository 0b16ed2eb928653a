//! Functions made of functions, and objectives over rows: each held against the same thing written out as one formula, or added up row by row.

#![allow(missing_docs, clippy::unwrap_used)]

mod objective;
mod parts;
mod sum;

use secant::{Formula, Recorded};

fn recorded(text: &str) -> Recorded {
    Recorded::from(&Formula::parse(text).unwrap())
}

/// Columns of numbers between -1 and 1, the same in every run.
fn columns(count: usize, rows: usize) -> Vec<Vec<f64>> {
    let number = |column: usize, row: usize| (1.7 * row as f64 + 0.9 * column as f64).sin();
    (0..count)
        .map(|column| (0..rows).map(|row| number(column, row)).collect())
        .collect()
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

fn with_threads<T: Send>(count: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count);
    pool.build().unwrap().install(work)
}

fn assert_close(what: &str, found: &[f64], truth: &[f64], tolerance: f64) {
    assert_eq!(found.len(), truth.len(), "{what}");
    for (place, (found, truth)) in found.iter().zip(truth).enumerate() {
        let error = (found - truth).abs() / truth.abs().max(1.0);
        assert!(error <= tolerance, "{what} {place}: {found} beside {truth}");
    }
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
