//! Objectives against the rows taken one by one.

use secant::method::Reverse;
use secant::{Evaluation, Function, Objective, gradient, hessian};

use super::{assert_close, bits, columns, dot, recorded, slices, with_threads};

const LOSS: &str = "f(x, y, a, b, c) = ln(1 + (y - a*exp(b*x) - c)^2) + a^2/100";
const AT: [f64; 3] = [0.7, -0.4, 1.3];

/// The gradient of each row, by parameter.
fn row_gradients(data: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let loss = recorded(LOSS);
    let row = |row: usize| {
        let x = [data[0][row], data[1][row], AT[0], AT[1], AT[2]];
        let slopes = gradient(&Reverse, &loss, &x).unwrap();
        slopes[2..].iter().map(|slope| slope.value).collect()
    };
    (0..data[0].len()).map(row).collect()
}

#[test]
fn value_and_gradient_are_the_mean_of_the_rows() {
    let data = columns(2, 1000);
    let objective = Objective::mean(&recorded(LOSS), &[0, 1]).unwrap();
    let found = objective.gradient(&AT, &slices(&data)).unwrap();
    let mut mean = vec![0.0; 3];
    for row in row_gradients(&data) {
        for (sum, slope) in mean.iter_mut().zip(row) {
            *sum += slope / 1000.0;
        }
    }
    assert_close("gradient", &found.gradient, &mean, 1e-13);
    let loss = recorded(LOSS);
    let value = |row: usize| loss.eval(&[data[0][row], data[1][row], AT[0], AT[1], AT[2]])[0];
    let truth = (0..1000).map(value).sum::<f64>() / 1000.0;
    assert_close("loss", &[found.loss], &[truth], 1e-13);
    assert_close(
        "loss",
        &[objective.value(&AT, &slices(&data)).unwrap()],
        &[truth],
        1e-13,
    );
}

fn all_bits(found: &Evaluation) -> Vec<u64> {
    let mut numbers = bits(&found.gradient);
    numbers.extend([found.loss.to_bits(), found.rows]);
    numbers
}

#[test]
fn neither_threads_nor_chunks_change_a_bit() {
    let data = columns(2, 3333);
    let objective = Objective::mean(&recorded(LOSS), &[0, 1]).unwrap();
    let truth = objective.gradient(&AT, &slices(&data)).unwrap();
    let moments = objective.gradient_moments(&AT, &slices(&data)).unwrap();
    for threads in [1, 2, 3, 7] {
        let found = with_threads(threads, || {
            let found = objective.gradient(&AT, &slices(&data)).unwrap();
            (
                found,
                objective.gradient_moments(&AT, &slices(&data)).unwrap(),
            )
        });
        assert_eq!(all_bits(&found.0), all_bits(&truth), "{threads} threads");
        assert_eq!(found.1, moments, "{threads} threads");
        for chunk in [10, 333, 1024] {
            let chunks = (0..3333).step_by(chunk).map(|start| {
                let part = |column: &Vec<f64>| column[start..3333.min(start + chunk)].to_vec();
                Ok(data.iter().map(part).collect())
            });
            let found = with_threads(threads, || {
                let chunks: Vec<_> = chunks.collect();
                objective.gradient_of_chunks(&AT, chunks).unwrap()
            });
            assert_eq!(
                all_bits(&found),
                all_bits(&truth),
                "{threads} threads, chunks of {chunk}"
            );
        }
    }
}

#[test]
fn gradients_by_row_have_their_norms_mean_and_variance() {
    let data = columns(2, 600);
    let objective = Objective::sum(&recorded(LOSS), &[0, 1]).unwrap();
    let truth = row_gradients(&data);
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); 3];
    let visit = |_: usize, _: &[f64], gradient: &[&[f64]]| {
        for (found, column) in found.iter_mut().zip(gradient) {
            found.extend_from_slice(column);
        }
    };
    objective.each_row(&AT, &slices(&data), visit).unwrap();
    for parameter in 0..3 {
        let column: Vec<f64> = truth.iter().map(|row| row[parameter]).collect();
        assert_close("row by row", &found[parameter], &column, 1e-13);
    }
    let norms: Vec<f64> = truth.iter().map(|row| dot(row, row).sqrt()).collect();
    let found = objective.gradient_norms(&AT, &slices(&data)).unwrap();
    assert_close("norms", &found, &norms, 1e-13);

    let found = objective.gradient_moments(&AT, &slices(&data)).unwrap();
    for parameter in 0..3 {
        let column = truth.iter().map(|row| row[parameter]);
        let mean = column.clone().sum::<f64>() / 600.0;
        let variance = column.map(|slope| (slope - mean).powi(2)).sum::<f64>() / 599.0;
        assert_close("mean", &[found.mean[parameter]], &[mean], 1e-13);
        assert_close("variance", &[found.variance[parameter]], &[variance], 1e-12);
    }
}

/// The variance of gradients that differ little is not lost beside their size.
#[test]
fn a_small_variance_keeps_its_digits() {
    let objective = Objective::mean(&recorded("f(x, a) = a*x"), &[0]).unwrap();
    let x: Vec<f64> = (0..1000).map(|row| 1e9 + f64::from(row % 2)).collect();
    let found = objective.gradient_moments(&[1.0], &[&x]).unwrap();
    assert_close("variance", &found.variance, &[250.0 / 999.0], 1e-9);
}

#[test]
fn the_hessian_times_a_vector_is_that_of_the_rows() {
    let data = columns(2, 300);
    let objective = Objective::sum(&recorded(LOSS), &[0, 1]).unwrap();
    let vector = [0.5, -1.0, 2.0];
    let loss = recorded(LOSS);
    let mut truth = vec![0.0; 3];
    for (x, y) in data[0].iter().zip(&data[1]) {
        let x = [*x, *y, AT[0], AT[1], AT[2]];
        let hessian = hessian(&Reverse, &loss, &x).unwrap();
        for (sum, row) in truth.iter_mut().zip(&hessian[2..]) {
            *sum += (0..3).map(|i| row[2 + i].value * vector[i]).sum::<f64>();
        }
    }
    let found = objective
        .hessian_vector(&AT, &vector, &slices(&data))
        .unwrap();
    assert_close("product", &found, &truth, 1e-12);
    assert!(
        objective
            .hessian_vector(&AT, &[1.0], &slices(&data))
            .is_err()
    );
}

/// Residuals that do not bend have their Hessian for a Gauss-Newton matrix; others that of the slopes.
#[test]
fn the_gauss_newton_matrix_is_the_slopes_times_themselves() {
    let data = columns(2, 300);
    let residual = recorded("f(x, y, a, b, c) = y - a*exp(b*x) - c");
    let objective = Objective::of_squares(&residual, &[0, 1]).unwrap();
    let mut truth = vec![vec![0.0; 3]; 3];
    let mut loss = 0.0;
    for (x, y) in data[0].iter().zip(&data[1]) {
        let x = [*x, *y, AT[0], AT[1], AT[2]];
        let slopes = gradient(&Reverse, &residual, &x).unwrap();
        loss += 0.5 * residual.eval(&x)[0].powi(2);
        for i in 0..3 {
            for j in 0..3 {
                truth[i][j] += slopes[2 + i].value * slopes[2 + j].value;
            }
        }
    }
    let found = objective.gauss_newton(&AT, &slices(&data)).unwrap();
    for (found, truth) in found.iter().zip(&truth) {
        assert_close("row", found, truth, 1e-13);
    }
    assert_close(
        "loss",
        &[objective.value(&AT, &slices(&data)).unwrap()],
        &[loss],
        1e-13,
    );
    let other = Objective::sum(&residual, &[0, 1]).unwrap();
    assert!(other.gauss_newton(&AT, &slices(&data)).is_err());
}

#[test]
fn at_a_kink_the_convention_holds_and_is_told() {
    let x: &[f64] = &[-1.0, 0.0, 2.0];
    for (text, slope, kinks) in [
        ("f(x, a) = relu(x + a)", 1.0, 1),
        ("f(x, a) = |x + a|", 0.0, 1),
        ("f(x, a) = max(x, a)", 1.5, 1),
        ("f(x, a) = min(x, a)", 1.5, 1),
        ("f(x, a) = x*a", 1.0, 0),
    ] {
        let objective = Objective::sum(&recorded(text), &[0]).unwrap();
        let found = objective.gradient(&[0.0], &[x]).unwrap();
        assert_eq!(found.gradient, [slope], "{text}");
        assert_eq!(objective.kinks(&[0.0], &[x]).unwrap(), kinks, "{text}");
    }
}

#[test]
fn a_mean_needs_rows() {
    let objective = Objective::mean(&recorded("f(x, a) = x*a"), &[0]).unwrap();
    assert!(objective.value(&[1.0], &[&[]]).is_err());
    assert!(objective.gradient(&[1.0], &[&[]]).is_err());
    assert!(objective.gradient_moments(&[1.0], &[&[]]).is_err());
}

/// A row whose loss is not a number stands on no kink, and hides none.
#[test]
fn a_row_without_a_number_hides_no_kink() {
    let objective = Objective::sum(&recorded("f(x, a) = relu(ln(x) - a)"), &[0]).unwrap();
    let x: &[f64] = &[1.0, -1.0, 2.0];
    assert_eq!(objective.kinks(&[0.0], &[x]).unwrap(), 1);
}

#[test]
fn a_sum_over_rows_needs_columns() {
    let loss = recorded("f(a) = a^2");
    let refused = [
        Objective::sum(&loss, &[]).map(drop),
        Objective::mean(&loss, &[]).map(drop),
        Objective::of_squares(&loss, &[]).map(drop),
        secant::combine::RowSum::new(&loss, &[]).map(drop),
        secant::combine::Sum::new(&loss, &[], vec![]).map(drop),
    ];
    for refused in refused {
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("no column"), "{error}");
    }
}

/// Gradients by row work in one room from leaf to leaf.
#[test]
fn more_rows_take_no_more_room() {
    let objective = Objective::mean(&recorded(LOSS), &[0, 1]).unwrap();
    let measured = |rows: usize| {
        let data = columns(2, rows);
        let data = slices(&data);
        let measure = || objective.each_row(&AT, &data, |_, _, _| ()).unwrap();
        measure();
        allocation_counter::measure(measure).bytes_total
    };
    let (few, many) = (measured(256), measured(256 * 41));
    assert!(
        (many - few) / 40 < 1000,
        "{few} bytes for one leaf, {many} for 41"
    );
}
