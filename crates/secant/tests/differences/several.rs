//! Functions of several inputs and outputs: what a Jacobian or a Hessian costs, counted by the function itself, and that no point is run twice.

use std::cell::RefCell;
use std::collections::BTreeSet;

use secant::sparse::{Pattern, SparseJacobian};
use secant::{Differences, Finding, Found, Mode};

/// The points a function was run at.
#[derive(Default)]
struct Runs(RefCell<Vec<Vec<u64>>>);

impl Runs {
    fn note(&self, x: &[f64]) {
        self.0
            .borrow_mut()
            .push(x.iter().map(|x| x.to_bits()).collect());
    }

    /// How many there were; none twice.
    fn count(self) -> usize {
        let points = self.0.into_inner();
        let distinct: BTreeSet<_> = points.iter().collect();
        assert_eq!(distinct.len(), points.len(), "a point was run twice");
        points.len()
    }
}

const SIZE: usize = 1000;

/// Each output is moved by its input and both neighbours, whose sizes climb 18 decades from end to end.
fn chain(x: &[f64], y: &mut [f64]) {
    for (row, y) in y.iter_mut().enumerate() {
        let own = (x[row] / size(row)).sin();
        let before = row
            .checked_sub(1)
            .map_or(0.0, |left| (x[left] / size(left)).exp());
        let after = x
            .get(row + 1)
            .map_or(0.0, |right| (right / size(row + 1)).powi(2));
        *y = own + before * after + after;
    }
}

fn size(row: usize) -> f64 {
    10f64.powf(18.0 * row as f64 / (SIZE - 1) as f64 - 9.0)
}

/// The derivative of [`chain`] by rules.
fn truth(x: &[f64], row: usize, column: usize) -> f64 {
    let u = |place: usize| x[place] / size(place);
    let before = row.checked_sub(1).map_or(0.0, |left| u(left).exp());
    let after = if row + 1 < SIZE {
        u(row + 1).powi(2)
    } else {
        0.0
    };
    let by_scaled = if column == row {
        u(row).cos()
    } else if column < row {
        before * after
    } else {
        (before + 1.0) * 2.0 * u(column)
    };
    by_scaled / size(column)
}

fn tridiagonal() -> SparseJacobian {
    let rows = (0..SIZE).map(|row| (row.saturating_sub(1)..=(row + 1).min(SIZE - 1)).collect());
    SparseJacobian::new(Pattern::new(SIZE, rows.collect()).unwrap())
}

fn point() -> Vec<f64> {
    (0..SIZE)
        .map(|row| size(row) * (0.5 + 0.4 * (row as f64).sin()))
        .collect()
}

/// The entries of the tridiagonal Jacobian, how often the function ran, and the largest relative error.
fn found(wanted: &Differences) -> (Vec<(usize, usize, Found)>, usize, f64) {
    let (runs, at) = (Runs::default(), point());
    let function = |x: &[f64], y: &mut [f64]| {
        runs.note(x);
        chain(x, y);
    };
    let entries = tridiagonal().differences(wanted, function, &at).unwrap();
    assert_eq!(entries.len(), 3 * SIZE - 2);
    // An entry far smaller than others of its row drowns in their rounding; the error is held against the row.
    let error = |(row, column, found): &(usize, usize, Found)| {
        let largest = (row.saturating_sub(1)..=(row + 1).min(SIZE - 1))
            .map(|column| (truth(&at, *row, column) * size(column)).abs())
            .fold(0.0, f64::max);
        let off = (found.value().unwrap() - truth(&at, *row, *column)).abs();
        if let Some(bound) = found.bound() {
            assert!(
                off <= bound + 1e-15 * largest / size(*column),
                "{row} {column}: {found:?}"
            );
        }
        off * size(*column) / largest
    };
    let worst = entries.iter().map(error).fold(0.0, f64::max);
    let total: usize = entries.iter().map(|(_, _, found)| found.evaluations).sum();
    let runs = runs.count();
    assert_eq!(total, runs);
    (entries, runs, worst)
}

#[test]
fn a_tridiagonal_jacobian_of_a_thousand_takes_four_evaluations() {
    let (entries, runs, worst) = found(&Differences::new().mode(Mode::Forward));
    assert_eq!(runs, 4);
    assert!(worst < 1e-6, "{worst}");
    // One step shows no error, and none is made up.
    assert!(entries.iter().all(|(_, _, found)| found.bound().is_none()));
}

#[test]
fn with_bounds_it_takes_ten_and_with_all_digits_few_more() {
    let (entries, runs, worst) = found(&Differences::new().mode(Mode::Cheap));
    assert_eq!(runs, 1 + 3 * 3);
    assert!(worst < 1e-6 && entries.iter().all(|(_, _, found)| found.bound().is_some()));
    let (entries, runs, worst) = found(&Differences::new());
    assert!(runs <= 60, "{runs}");
    assert!(
        worst < 1e-11 && entries.iter().all(|(_, _, found)| found.bound().is_some()),
        "{worst}"
    );
}

#[test]
fn colours_stay_within_the_domain_of_each_input() {
    let at = point();
    let domain: Vec<[f64; 2]> = at
        .iter()
        .enumerate()
        .map(|(row, x)| match row % 3 {
            0 => [*x, 2.0 * x],
            1 => [0.0, *x],
            _ => [0.5 * x, 2.0 * x],
        })
        .collect();
    for mode in [Mode::Forward, Mode::Balanced] {
        let wanted = Differences::new().mode(mode).within_each(&domain);
        let function = |x: &[f64], y: &mut [f64]| {
            for (x, [lower, upper]) in x.iter().zip(&domain) {
                assert!(
                    (lower..=upper).contains(&x),
                    "{x} is not in {lower}..{upper}"
                );
            }
            chain(x, y);
        };
        let entries = tridiagonal().differences(&wanted, function, &at).unwrap();
        for (row, column, found) in entries {
            let truth = truth(&at, row, column);
            let off = (found.value().unwrap() - truth).abs() * size(column);
            assert!(
                off <= 1e-6,
                "{mode:?} {row} {column}: {found:?}, not {truth}"
            );
        }
    }
}

#[test]
fn a_corner_along_a_colour_is_told_by_its_own_input() {
    // Input 1 runs backwards along the line, since its domain ends there.
    let f = |x: &[f64], y: &mut [f64]| {
        (y[0], y[1]) = (
            x[0],
            if x[1] < 8.0 {
                3.0 * x[1]
            } else {
                5.0 * x[1] - 16.0
            },
        )
    };
    let prepared = SparseJacobian::new(Pattern::new(2, vec![vec![0], vec![1]]).unwrap());
    let wanted = Differences::new().within_each(&[[-1e9, 1e9], [-1e9, 9.0]]);
    let entries = prepared.differences(&wanted, f, &[1.0, 8.0]).unwrap();
    let Finding::NoDerivative(point) = entries[1].2.finding else {
        unreachable!("{entries:?}")
    };
    assert_eq!(point.kind.name(), "corner");
    assert!((point.left.unwrap() - 3.0).abs() < 1e-6 && (point.right.unwrap() - 5.0).abs() < 1e-6);
}

#[test]
fn a_dense_jacobian_runs_the_point_once_and_each_other_point_for_all_outputs() {
    let f = |x: &[f64], y: &mut [f64]| {
        (y[0], y[1]) = (x[0] * x[1].sin(), x[0].exp() + x[2]);
        (y[2], y[3]) = ((x[1] - x[2]).tanh(), 1e9 * x[0] * x[1] * x[2]);
    };
    let at = [0.5, -1.25, 2.0];
    for (mode, most) in [
        (Mode::Forward, 1 + 3),
        (Mode::Cheap, 1 + 3 * 3),
        (Mode::Balanced, 1 + 3 * 24),
    ] {
        let runs = Runs::default();
        let counted = |x: &[f64], y: &mut [f64]| {
            runs.note(x);
            f(x, y);
        };
        let rows = Differences::new()
            .mode(mode)
            .jacobian(counted, 4, &at)
            .unwrap();
        let told: usize = rows.iter().flatten().map(|found| found.evaluations).sum();
        let count = runs.count();
        assert!(told == count && count <= most, "{mode:?}: {told}, {count}");
        assert!((rows[0][1].value().unwrap() - 0.5 * (-1.25f64).cos()).abs() < 1e-6);
    }
}

#[test]
fn gradients_hessians_and_mixed_derivatives_run_no_point_twice() {
    let f = |x: &[f64]| (x[0] * x[1]).exp() + x[2].sin() * x[0];
    let at: [f64; 3] = [0.5, -1.25, 2.0];
    let mixed = (1.0 + at[0] * at[1]) * (at[0] * at[1]).exp();
    for mode in [Mode::Cheap, Mode::Balanced, Mode::Thorough] {
        let wanted = Differences::new().mode(mode);
        let runs = Runs::default();
        let counted = |x: &[f64]| {
            runs.note(x);
            f(x)
        };
        let hessian = wanted.hessian(counted, &at).unwrap();
        let told: usize = hessian
            .iter()
            .flatten()
            .map(|found| found.evaluations)
            .sum();
        let count = runs.count();
        assert_eq!(told, count);
        // The point, three on each line, two off the lines for each pair.
        assert!(mode != Mode::Cheap || count == 1 + 3 * 3 + 3 * 2, "{count}");
        let error = (hessian[0][1].value().unwrap() - mixed).abs();
        assert!(
            error <= hessian[0][1].bound().unwrap() && error <= 1e-4,
            "{mode:?} {error}"
        );

        let runs = Runs::default();
        let counted = |x: &[f64]| {
            runs.note(x);
            f(x)
        };
        let orders: &[usize] = if mode == Mode::Cheap {
            &[0, 1]
        } else {
            &[0, 0, 1]
        };
        let found = wanted.mixed(counted, &at, orders).unwrap();
        assert_eq!(found.evaluations, runs.count());
        let runs = Runs::default();
        let counted = |x: &[f64]| {
            runs.note(x);
            f(x)
        };
        let gradient = wanted.gradient(counted, &at).unwrap();
        assert_eq!(
            gradient
                .iter()
                .map(|found| found.evaluations)
                .sum::<usize>(),
            runs.count()
        );
    }
}
