//! What a fit tells beside the parameters, held against SciPy and statsmodels (`spec/reference/fits.py`), and against itself where
//! a definition can be tried: rows that are moved, data in other chunks, other numbers of threads.
#![allow(clippy::unwrap_used)]

use secant::{Formula, Recorded};
use secant_data::Columns;
use secant_fit::{Fit, Loss, Method, Model, Outcome, Verdict, Weights};

fn model(formula: &str, parameters: &[&str]) -> Model {
    Model::new(
        &Recorded::from(&Formula::parse(formula).unwrap()),
        "y",
        parameters,
    )
    .unwrap()
}

/// A decay with errors that look like chance, and one row far out.
fn decay() -> (Vec<f64>, Vec<f64>) {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) / 4.0).collect();
    let y = x
        .iter()
        .enumerate()
        .map(|(i, x)| {
            3.0 * (-0.7 * x).exp()
                + 0.5
                + 0.05 * ((i * i) as f64 * 1.3).sin()
                + if i == 12 { 0.8 } else { 0.0 }
        })
        .collect();
    (x, y)
}

fn table(columns: &[(&str, Vec<f64>)]) -> Columns {
    let names: Vec<&str> = columns.iter().map(|column| column.0).collect();
    Columns::new(
        &names,
        columns.iter().map(|column| column.1.clone()).collect(),
    )
    .unwrap()
}

fn close(found: &[f64], truth: &[f64], relative: f64) {
    assert_eq!(found.len(), truth.len());
    for (found, truth) in found.iter().zip(truth) {
        assert!(
            (found / truth - 1.0).abs() <= relative,
            "{found} is not {truth}"
        );
    }
}

include!("../../../spec/reference/fits.rs");

#[test]
fn plain_weighed_and_robust_fits_are_those_of_scipy_and_statsmodels() {
    let (x, y) = decay();
    let sigma: Vec<f64> = (0..30).map(|i| 0.05 + 0.01 * f64::from(i % 5)).collect();
    let weight: Vec<f64> = sigma.iter().map(|sigma| 1.0 / (sigma * sigma)).collect();
    let mut data = table(&[("x", x), ("y", y), ("sigma", sigma), ("w", weight)]);
    let curve = model("a*exp(-b*x) + c", &["a", "b", "c"]);
    for (name, parameters, errors) in FITS {
        let fit = Fit::new(&curve);
        let mut fit = match name {
            "sigma" => fit.weights(Weights::Deviations, "sigma"),
            "weights" => fit.weights(Weights::Given, "w"),
            "huber" => fit.loss(Loss::Huber, Some(0.1)),
            "soft-l1" => fit.loss(Loss::SoftL1, Some(0.1)),
            "cauchy" => fit.loss(Loss::Cauchy, Some(0.1)),
            _ => fit,
        };
        let found = fit.run(&mut data, &[1.0, 1.0, 0.0]).unwrap();
        assert_eq!(found.verdict, Verdict::Converged, "{name}");
        close(&found.parameters, &parameters, 1e-6);
        if errors[0] > 0.0 {
            close(&found.errors.unwrap(), &errors, 1e-5);
        }
    }
    let line = model("a + b*x", &["a", "b"]);
    for (loss, parameters, errors, scale) in ROBUST_LINES {
        let mut fit = Fit::new(&line).loss(loss, None);
        let found = fit.run(&mut data, &[1.0, 0.0]).unwrap();
        close(&[found.scale.unwrap() / loss.tuning()], &[scale], 1e-4);
        close(&found.parameters, &parameters, 1e-4);
        close(&found.errors.unwrap(), &errors, 1e-3);
    }
}

#[test]
fn the_impact_of_a_row_is_what_moving_it_does() {
    let (x, y) = decay();
    let curve = model("a*exp(-b*x) + c", &["a", "b", "c"]);
    for loss in [Loss::Squares, Loss::Cauchy] {
        let fitted = |y: &[f64]| {
            let mut data = table(&[("x", x.clone()), ("y", y.to_vec())]);
            let mut fit = Fit::new(&curve).loss(loss, Some(0.3));
            let found = fit.run(&mut data, &[3.0, 1.0, 0.0]).unwrap();
            let mut impact = Vec::new();
            fit.impact(&found)
                .each(&mut data, |row| impact.push(row))
                .unwrap();
            (found, impact)
        };
        let (_, impact) = fitted(&y);
        let step = 1e-4;
        for row in [0, 5, 12, 29] {
            let moved = |by: f64| {
                let mut y = y.clone();
                y[row] += by;
                fitted(&y).0.parameters
            };
            let (ahead, behind) = (moved(step), moved(-step));
            for parameter in 0..3 {
                let slope = (ahead[parameter] - behind[parameter]) / (2.0 * step);
                let told = impact[row].by_measured[parameter];
                assert!(
                    (slope - told).abs() <= 1e-5 * (1.0 + told.abs()),
                    "{loss:?} row {row}: {slope} {told}"
                );
            }
        }
        if loss == Loss::Squares {
            let total: f64 = impact.iter().map(|row| row.leverage).sum();
            assert!(
                (total - 3.0).abs() < 1e-10,
                "leverages add up to the number of parameters, not {total}"
            );
            let most = impact
                .iter()
                .max_by(|a, b| a.cook.partial_cmp(&b.cook).unwrap())
                .unwrap();
            assert_eq!(
                most.row, 13,
                "the row that is far out has the largest distance of Cook"
            );
        }
    }
}

/// The columns of a table may stand in any order, and it may be another table than the one that was fitted.
#[test]
fn the_impact_is_that_of_the_columns_by_their_names() {
    let (x, y) = decay();
    let line = model("a + b*x", &["a", "b"]);
    let mut fit = Fit::new(&line);
    let mut data = table(&[("x", x.clone()), ("y", y.clone())]);
    let found = fit.run(&mut data, &[1.0, 0.0]).unwrap();
    let impact = |mut data: Columns| {
        let mut rows = Vec::new();
        fit.impact(&found)
            .each(&mut data, |row| rows.push(row))
            .map(|()| rows)
    };
    let turned = impact(table(&[
        ("z", y.clone()),
        ("y", y.clone()),
        ("x", x.clone()),
    ]))
    .unwrap();
    assert_eq!(turned, impact(data).unwrap());
    assert_eq!(turned[3].measured, y[3]);
    assert!(impact(table(&[("y", y)])).is_err());
}

/// Seconds since 1970 and dates written as numbers: the two columns of the Jacobian are all but parallel, and their squares lose all digits.
#[test]
fn the_impact_on_a_line_far_from_zero_is_that_of_the_line_moved_to_zero() {
    for (first, count) in [(1.7e9, 100), (20_240_101.0, 30)] {
        let x: Vec<f64> = (0..count).map(|i| first + f64::from(i)).collect();
        let middle = first + 0.5 * f64::from(count - 1);
        let y: Vec<f64> = x
            .iter()
            .map(|x| 2.0 * (x - middle) + (3.0 * (x - middle)).sin())
            .collect();
        let line = model("a + b*x", &["a", "b"]);
        let mut data = table(&[("x", x.clone()), ("y", y)]);
        let mut fit = Fit::new(&line);
        let found = fit.run(&mut data, &[0.0, 0.0]).unwrap();
        assert!(found.verdict.is_converged());
        let mut impact = Vec::new();
        fit.impact(&found)
            .each(&mut data, |row| impact.push(row))
            .unwrap();
        let spread: f64 = x.iter().map(|x| (x - middle).powi(2)).sum();
        let variance = found.deviation.unwrap().powi(2);
        let mut all = 0.0;
        for (x, row) in x.iter().zip(&impact) {
            let by_slope = (x - middle) / spread;
            let leverage = 1.0 / f64::from(count) + (x - middle) * by_slope;
            let by_start = 1.0 / f64::from(count) - middle * by_slope;
            close(&[row.leverage], &[leverage], 1e-6);
            close(&row.by_measured, &[by_start, by_slope], 1e-6);
            let residual = row.measured - row.fitted;
            let cook = residual.powi(2) * leverage / (2.0 * variance * (1.0 - leverage).powi(2));
            close(&[row.cook.unwrap()], &[cook], 1e-5);
            all += row.leverage;
        }
        close(&[all], &[2.0], 1e-6);
    }
}

#[test]
fn a_row_that_alone_determines_a_parameter_has_no_distance_of_cook() {
    let y = vec![1.0, 2.0, 2.5, 4.5, 5.0, 9.7];
    let x = vec![0.3, 1.1, 1.9, 3.2, 4.1, 5.7];
    let last = vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.7];
    let line = model("a + b*x + c*last", &["a", "b", "c"]);
    let mut data = table(&[("x", x), ("last", last), ("y", y)]);
    let mut fit = Fit::new(&line);
    let found = fit.run(&mut data, &[1.0, 1.0, 1.0]).unwrap();
    let mut impact = Vec::new();
    fit.impact(&found)
        .each(&mut data, |row| impact.push(row))
        .unwrap();
    assert_eq!(impact[5].cook, None, "{:?}", impact[5]);
    close(&[impact[5].leverage], &[1.0], 1e-14);
    assert!(impact[..5].iter().all(|row| row.cook.is_some()));
}

/// What must not depend on how the work is cut.
fn bits(found: &Outcome) -> Vec<u64> {
    found
        .parameters
        .iter()
        .chain(found.errors.as_ref().unwrap())
        .chain([&found.cost])
        .map(|x| x.to_bits())
        .collect()
}

#[test]
fn the_same_bits_come_out_for_any_chunk_and_any_number_of_threads() {
    let rows = 50_000;
    let x: Vec<f64> = (0..rows).map(|i| f64::from(i) / 5000.0).collect();
    let y = x
        .iter()
        .map(|x| 3.0 * (-0.7 * x).exp() + 0.5 + 0.05 * (1e5 * x * x).sin())
        .collect();
    let curve = model("a*exp(-b*x) + c", &["a", "b", "c"]);
    let data = table(&[("x", x), ("y", y)]);
    let run = |chunk: usize, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            bits(
                &Fit::new(&curve)
                    .run(&mut data.clone().chunks_of(chunk), &[1.0, 1.0, 0.0])
                    .unwrap(),
            )
        })
    };
    let first = run(rows as usize, 1);
    for (chunk, threads) in [(1000, 1), (8192, 2), (12_345, 3), (rows as usize, 4)] {
        assert_eq!(
            run(chunk, threads),
            first,
            "chunks of {chunk}, {threads} threads"
        );
    }
}

#[test]
fn bounds_hold_and_are_told() {
    let (x, y) = decay();
    let mut data = table(&[("x", x), ("y", y)]);
    let curve = model("a*exp(-b*x) + c", &["a", "b", "c"]);
    let found = Fit::new(&curve)
        .bounds(2, 0.0, 0.4)
        .run(&mut data, &[1.0, 1.0, 0.0])
        .unwrap();
    assert_eq!(
        (
            found.verdict,
            found.parameters[2],
            found.at_bounds.as_slice()
        ),
        (Verdict::Converged, 0.4, [2].as_slice())
    );
    // With the same parameter held, all else is the same.
    let held = Fit::new(&curve)
        .fixed(2)
        .run(&mut data, &[1.0, 1.0, 0.4])
        .unwrap();
    close(&found.parameters, &held.parameters, 1e-8);
    close(
        &found.errors.unwrap()[..2],
        &held.errors.unwrap()[..2],
        1e-8,
    );
}

#[test]
fn parameters_that_the_data_do_not_tell_are_told() {
    let (x, y) = decay();
    let mut data = table(&[("x", x), ("y", y)]);
    let twice = model("a*b*exp(-c*x)", &["a", "b", "c"]);
    let found = Fit::new(&twice).run(&mut data, &[1.0, 1.0, 1.0]).unwrap();
    assert_eq!(
        (found.verdict, found.errors.is_none()),
        (Verdict::Singular, true)
    );
    // Far from any minimum the curve is flat, and no gradient is no proof.
    let flat = model("exp(-(x - a)^2)", &["a"]);
    let found = Fit::new(&flat).run(&mut data, &[1e3]).unwrap();
    assert!(!found.verdict.is_converged());
}

#[test]
fn several_starts_find_the_deeper_minimum() {
    let x: Vec<f64> = (0..60).map(|i| f64::from(i) / 10.0).collect();
    let y = x.iter().map(|x| (3.0 * x).sin()).collect();
    let mut data = table(&[("x", x), ("y", y)]);
    let wave = model("sin(w*x)", &["w"]);
    let once = Fit::new(&wave).run(&mut data, &[0.7]).unwrap();
    assert!(once.squares > 1.0);
    let often = Fit::new(&wave).starts(20).run(&mut data, &[0.7]).unwrap();
    assert!(
        (often.parameters[0].abs() - 3.0).abs() < 1e-9,
        "{:?}",
        often.parameters
    );
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let curve = model("a*ln(x)", &["a"]);
    let refused = |x: Vec<f64>, y: Vec<f64>| {
        Fit::new(&curve)
            .run(&mut table(&[("x", x), ("y", y)]), &[1.0])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(refused(vec![], vec![]), "0 rows cannot tell 1 parameter");
    assert_eq!(
        refused(vec![1.0, 2.0, -1.0], vec![0.0; 3]),
        "row 3: the formula has no finite value at the start"
    );
    assert_eq!(
        refused(vec![2.0; 3], vec![1e308; 3]),
        "the sum of squares is beyond the range of doubles; scale the data"
    );
    assert_eq!(
        refused(vec![2.0, 3.0, 4.0], vec![1e-200, 2e-200, 2.9e-200]),
        "what is fitted is 2.9e-200 at most, and its squares are below the range of doubles; scale the data"
    );
}

#[test]
fn a_straight_line_is_found_however_steep() {
    let line = model("a*x + b", &["a", "b"]);
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    for size in [1e-100, 1e-20, 1.0, 1e20, 1e100] {
        let y = x
            .iter()
            .map(|x| size * (3.0 * x - 2.0 + 0.01 * (7.0 * x).sin()))
            .collect();
        let found = Fit::new(&line).run(&mut table(&[("x", x.clone()), ("y", y)]), &[1.0, 1.0]);
        let found = found.unwrap();
        assert_eq!(found.verdict, Verdict::Converged, "{size:e}");
        assert!(
            (found.parameters[0] / size - 3.0).abs() < 0.01,
            "{size:e}: {found:?}"
        );
        assert!(
            (found.parameters[1] / size + 2.0).abs() < 0.01,
            "{size:e}: {found:?}"
        );
    }
}

#[test]
fn rows_that_a_loss_ignores_are_counted() {
    let line = model("a*x + b", &["a", "b"]);
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    let y = x.iter().map(|x| 1.0 + 2.0 * x).collect();
    let mut data = table(&[("x", x), ("y", y)]);
    let from = |start: [f64; 2], data: &mut Columns| {
        let found = Fit::new(&line)
            .loss(Loss::Tukey, Some(1.0))
            .run(data, &start);
        found.unwrap().ignored
    };
    assert_eq!(from([2.0, 1.0], &mut data), 0);
    assert!(from([-2.0, 20.0], &mut data) > 6);
}

#[test]
fn the_error_of_a_curve_keeps_its_digits_far_from_0() {
    // Days written as 20240102 and on: the covariance alone has lost the digits that the band would need.
    let x: Vec<f64> = (0..12)
        .map(|day| 20_240_101.0 + f64::from(day) / 4.0)
        .collect();
    let wave: Vec<f64> = (0..12).map(|i| 0.3 * f64::from(i * i).sin()).collect();
    let y: Vec<f64> = x
        .iter()
        .zip(&wave)
        .map(|(x, wave)| 2.0 * (x - 20_240_101.0) + wave)
        .collect();
    let line = model("a*x + b", &["a", "b"]);
    let mut data = table(&[("x", x.clone()), ("y", y)]);
    let outcome = Fit::new(&line).run(&mut data, &[1.0, 0.0]).unwrap();
    let middle = x.iter().sum::<f64>() / 12.0;
    let spread: f64 = x.iter().map(|x| (x - middle).powi(2)).sum();
    for part in 0..=100 {
        let at = x[0] + (x[11] - x[0]) * f64::from(part) / 100.0;
        // The textbook's: s sqrt(1/n + (x - mean)²/S).
        let exact =
            outcome.deviation.unwrap() * (1.0 / 12.0 + (at - middle).powi(2) / spread).sqrt();
        let found = outcome.error_of(&[at, 1.0]).unwrap();
        assert!(
            (found - exact).abs() < 1e-6 * exact,
            "{at}: {found} {exact}"
        );
    }
}

#[test]
fn rows_without_weight_change_no_error_of_a_robust_fit() {
    let line = model("a + b*x", &["a", "b"]);
    let row = |i: i32| {
        let x = f64::from(i);
        let outlier = if i % 7 == 3 { 4.0 } else { 0.0 };
        (
            x,
            1.0 + 2.0 * x + (9.0 * x).sin() + outlier,
            f64::from(i32::from(i % 3 > 0)),
        )
    };
    let rows: Vec<(f64, f64, f64)> = (0..30).map(row).collect();
    let fitted = |rows: &[(f64, f64, f64)]| {
        let (x, y) = rows.iter().map(|row| (row.0, row.1)).unzip();
        let weight = rows.iter().map(|row| row.2).collect();
        let mut data = table(&[("x", x), ("y", y), ("w", weight)]);
        let mut fit = Fit::new(&line)
            .loss(Loss::Huber, None)
            .weights(Weights::Given, "w");
        fit.run(&mut data, &[0.0, 1.0]).unwrap().errors.unwrap()
    };
    let weighed: Vec<(f64, f64, f64)> = rows.iter().copied().filter(|row| row.2 > 0.0).collect();
    assert_eq!(weighed.len(), 20);
    close(&fitted(&rows), &fitted(&weighed), 1e-12);
}

#[test]
fn a_maximum_is_left_and_never_called_a_minimum() {
    // 24 places of 2 cos(t - π): at p = 0 the sum of squares is greatest, and its gradient 0.
    let t: Vec<f64> = (0..24).map(|i| f64::from(i) / 24.0 * 6.0).collect();
    let y = t
        .iter()
        .map(|t| -2.0 * t.cos() + 0.01 * (40.0 * t).sin())
        .collect();
    let wave = model("2*cos(t - p)", &["p"]);
    let mut data = table(&[("t", t), ("y", y)]);
    let found = Fit::new(&wave).run(&mut data, &[0.0]).unwrap();
    assert_eq!(found.verdict, Verdict::Converged);
    close(&[found.parameters[0].abs()], &[std::f64::consts::PI], 1e-2);
    // (x - a)² of values 5 at -1 and 1: 0 is a maximum, the root of 2 a minimum on either side.
    let square = model("(x - a)^2", &["a"]);
    let mut data = table(&[("x", vec![-1.0, 1.0]), ("y", vec![5.0, 5.0])]);
    let found = Fit::new(&square).run(&mut data, &[0.0]).unwrap();
    assert_eq!(found.verdict, Verdict::Converged);
    close(&[found.parameters[0].abs()], &[2.0_f64.sqrt()], 1e-8);
    let adam = Method::named("adam", None).unwrap();
    let found = Fit::new(&square)
        .method(adam)
        .run(&mut data, &[0.0])
        .unwrap();
    assert_eq!((found.verdict, found.errors), (Verdict::Saddle, None));
    // Held at a bound, there is nothing to fall to.
    let mut fit = Fit::new(&square).bounds(0, 0.0, 0.0);
    assert_eq!(
        fit.run(&mut data, &[0.0]).unwrap().verdict,
        Verdict::Converged
    );
}

#[test]
fn residuals_that_are_rounding_are_told_by_their_own_squares() {
    let line = model("a + b*x", &["a", "b"]);
    // Years: the formula itself rounds more than what is measured.
    let x: Vec<f64> = (0..20).map(|i| 2020.0 + f64::from(i) / 365.25).collect();
    let y = (0..20).map(|i| 0.1 * f64::from(i)).collect();
    let found = Fit::new(&line)
        .run(&mut table(&[("x", x), ("y", y)]), &[1.0, 1.0])
        .unwrap();
    assert_eq!(found.verdict, Verdict::Converged);
    assert!(found.is_exact() && found.errors.is_none());
    // A scale so small that its cost is nothing does not make residuals of 0.1 rounding.
    let (x, y) = (vec![1.0, 2.0, 3.0, 4.0], vec![2.0, 4.1, 5.9, 8.2]);
    let through_0 = model("a*x", &["a"]);
    let mut data = table(&[("x", x), ("y", y)]);
    let mut fit = Fit::new(&through_0).loss(Loss::Huber, Some(1e-100));
    let found = fit.run(&mut data, &[1.0]).unwrap();
    assert!(
        !found.is_exact() && (found.parameters[0] - 2.05).abs() < 0.1,
        "{found:?}"
    );
    // Where more than half of the rows are exact to rounding, there is no scale.
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    let outlier = |x: &f64| if x % 5.0 == 2.0 { 3.0 } else { 0.0 };
    let y = x.iter().map(|x| 0.1 * x + 0.3 + outlier(x)).collect();
    let mut fit = Fit::new(&line).loss(Loss::Huber, None);
    let found = fit
        .run(&mut table(&[("x", x), ("y", y)]), &[1.0, 0.0])
        .unwrap();
    assert_eq!((found.verdict, found.errors), (Verdict::NoScale, None));
    // A column that is the same everywhere but for rounding has no spread to explain.
    let mut data = table(&[("x", vec![1.0; 23]), ("y", vec![0.1; 23])]);
    assert_eq!(
        Fit::new(&through_0)
            .run(&mut data, &[1.0])
            .unwrap()
            .r_squared,
        None
    );
}

/// One row that weighs more than all the digits of the others lets none of them be called rounding.
#[test]
fn a_row_that_pins_a_parameter_leaves_the_others_to_be_fitted() {
    let line = model("a + b*x", &["a", "b"]);
    let mut data = table(&[
        ("x", vec![0.0, 1.0, 2.0, 3.0, 4.0]),
        ("y", vec![1.0, 3.1, 4.9, 7.2, 8.8]),
        ("s", vec![1e-20, 1.0, 1.0, 1.0, 1.0]),
    ]);
    for start in [[1.0, 0.0], [0.0, 0.0], [1.0, 50.0]] {
        let mut fit = Fit::new(&line).weights(Weights::Deviations, "s");
        let found = fit.run(&mut data, &start).unwrap();
        // With a = 1 the slope is the sum of x (y - 1) over that of x².
        close(&found.parameters, &[1.0, 59.7 / 30.0], 1e-9);
        assert!(!found.is_exact() && found.verdict.is_converged());
    }
}

/// At a bound where the cost is level the bound decides nothing: it may be a maximum.
#[test]
fn a_bound_with_a_level_cost_is_no_minimum() {
    let x: Vec<f64> = (1..6).map(f64::from).collect();
    let y = x.iter().map(|x| 4.0 * x).collect();
    let mut data = table(&[("x", x), ("y", y)]);
    for formula in ["a^2*x", "x*(1 + a^2)", "x*cosh(a)"] {
        let square = model(formula, &["a"]);
        let found = Fit::new(&square)
            .bounds(0, 0.0, 10.0)
            .run(&mut data, &[0.0])
            .unwrap();
        assert!(
            !found.verdict.is_converged() && found.errors.is_none(),
            "{formula}"
        );
    }
}

/// The scale of a robust loss is that of the place where the descent ends, also behind a maximum.
#[test]
fn a_robust_scale_follows_beyond_a_maximum() {
    let bump = model("exp(-(x - m)^2)", &["m"]);
    let half = |x: f64| (-(x - 1.2) * (x - 1.2)).exp() + 0.02 * (37.0 * x * x).sin();
    let x: Vec<f64> = (-50..50).map(|i| (f64::from(i) + 0.5) / 10.0).collect();
    let y = x
        .iter()
        .enumerate()
        .map(|(row, x)| half(x.abs()) + if row % 16 == 3 { 1.0 } else { 0.0 })
        .collect();
    let mut data = table(&[("x", x), ("y", y)]);
    let mut scale = |start: f64| {
        let mut fit = Fit::new(&bump).loss(Loss::Huber, None);
        let found = fit.run(&mut data, &[start]).unwrap();
        assert!(found.verdict.is_converged());
        (found.scale.unwrap(), found.parameters[0].abs())
    };
    let [from, beside] = [scale(0.0), scale(1.0)];
    close(&[from.0, from.1], &[beside.0, beside.1], 1e-4);
}

#[test]
fn errors_beyond_the_squares_of_doubles_are_told() {
    let line = model("a*x", &["a"]);
    let x: Vec<f64> = (1..20).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| 2.0 * x + (7.0 * x).sin()).collect();
    let scaled = |by: f64, numbers: &[f64]| numbers.iter().map(|x| by * x).collect::<Vec<f64>>();
    let error = |of_x: f64, of_y: f64| {
        let mut data = table(&[("x", scaled(of_x, &x)), ("y", scaled(of_y, &y))]);
        let found = Fit::new(&line).run(&mut data, &[of_y / of_x]).unwrap();
        found.errors.unwrap()[0] / of_y * of_x
    };
    let usual = error(1.0, 1.0);
    close(
        &[error(1e100, 1e-100), error(1e-150, 1e20)],
        &[usual, usual],
        1e-9,
    );
}
