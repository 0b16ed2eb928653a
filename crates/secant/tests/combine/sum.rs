//! Sums over rows against the rows added up one by one.

use secant::combine::{RowSum, Sum};
use secant::{Function, Recorded};

use super::{assert_close, bits, columns, dot, recorded, slices, with_threads};

/// Formulas of two columns x, y and parameters a, b, c: parts that depend on parameters alone before and after the sum, sums and
/// products that are fused, inner products, kinks, functions without a kernel.
const FORMULAS: [&str; 10] = [
    "f(x, y, a, b, c) = (y - a*exp(b)*x - c)^2",
    "f(x, y, a, b, c) = exp(b)*sin(a*x + c) + ln(1 + c^2)*y^3",
    "f(x, y, a, b, c) = a + b*c",
    "f(x, y, a, b, c) = x*y",
    "f(x, y, a, b, c) = x - a",
    "f(x, y, a, b, c) = 1e9*(x - y) + a",
    "f(x, y, a, b, c) = ln(exp(a*x - b) + exp(c*y))/(1 + a^2 + x^2)",
    "f(x, y, a, b, c) = max(a*x, b*y)*relu(c - x) + |y - b|",
    "f(x, y, a, b, c) = gamma(2 + a*x)*erf(b*y) - c*x*y*x",
    "f(x, y, a, b, c) = (a*x + b*y + c)*(b*x - c*y)*(x + y)*tanh(a*b*c)",
];
const AT: [f64; 3] = [0.7, -0.4, 1.3];

/// The function and its gradient by the parameters, added up.
fn added(function: &Recorded, data: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
    let mut sum = vec![0.0; function.outputs()];
    let mut gradient = vec![0.0; 3];
    for (x, y) in data[0].iter().zip(&data[1]) {
        let x = [*x, *y, AT[0], AT[1], AT[2]];
        for (sum, value) in sum.iter_mut().zip(function.eval(&x)) {
            *sum += value;
        }
        let slopes = function.program().pullback(&x, &[1.0]);
        for (sum, slope) in gradient.iter_mut().zip(&slopes[2..]) {
            *sum += slope.unwrap_or(0.0);
        }
    }
    (sum, gradient)
}

#[test]
fn a_sum_is_that_of_its_rows() {
    for rows in [1, 7, 64, 65, 256, 257, 700] {
        let data = columns(2, rows);
        for text in FORMULAS {
            let function = recorded(text);
            let (value, gradient) = added(&function, &data);
            let sum = Sum::new(&function, &[0, 1], data.clone()).unwrap();
            let what = format!("{text} over {rows} rows");
            let large = if text.contains("1e9") { 1e-3 } else { 1e-11 };
            assert_close(&what, &sum.eval(&AT), &value, large);
            assert_close(&what, &sum.vjp(&AT, &[1.0]).unwrap(), &gradient, 1e-11);
            let tangent = [0.3, -1.1, 2.0];
            let along = sum.jvp(&AT, &tangent).unwrap();
            assert_close(&what, &along, &[dot(&gradient, &tangent)], 1e-11);
        }
    }
}

/// Close data are subtracted before they are summed: the sum of x - a keeps the digits that n a and the sum of x would have lost.
#[test]
fn differences_of_data_are_summed_whole() {
    let x: Vec<f64> = (0..1000).map(|row| 1e12 + f64::from(row % 2)).collect();
    let sum = RowSum::new(&recorded("f(x, a) = x - a"), &[0]).unwrap();
    assert_eq!(sum.evaluate(&[1e12], &[&x]).unwrap(), [500.0]);
}

#[test]
fn a_row_without_a_value_leaves_none_to_the_sum() {
    let sum = RowSum::new(&recorded("f(x, a) = ln(x)*a"), &[0]).unwrap();
    let mut x = vec![1.0; 300];
    assert_eq!(sum.evaluate(&[2.0], &[&x]).unwrap(), [0.0]);
    x[290] = -1.0;
    assert!(sum.evaluate(&[2.0], &[&x]).unwrap()[0].is_nan());
}

#[test]
fn no_rows_sum_to_zero() {
    let sum = RowSum::new(&recorded("f(x, a) = exp(x)*a + 5"), &[0]).unwrap();
    assert_eq!(sum.evaluate(&[2.0], &[&[]]).unwrap(), [0.0]);
}

/// What fills up the last block must not be seen: here its first row would be infinite a second time.
#[test]
fn the_last_block_is_filled_up_unseen() {
    let sum = RowSum::new(&recorded("f(x, a) = a/x + x*exp(-a*x)"), &[0]).unwrap();
    for rows in [1, 63, 130, 257] {
        let x = vec![0.5; rows];
        let found = sum.evaluate(&[2.0], &[&x]).unwrap()[0];
        let truth = rows as f64 * (4.0 + 0.5 * (-1.0f64).exp());
        assert!(
            (found - truth).abs() < 1e-12 * truth,
            "{rows}: {found} beside {truth}"
        );
    }
}

#[test]
fn neither_threads_nor_pieces_change_a_bit() {
    let data = columns(2, 5000);
    let function = recorded(FORMULAS[6]);
    let sum = RowSum::new(&function, &[0, 1]).unwrap();
    let truth = bits(&sum.evaluate(&AT, &slices(&data)).unwrap());
    for threads in [1, 2, 3, 7] {
        let found = with_threads(threads, || sum.evaluate(&AT, &slices(&data)).unwrap());
        assert_eq!(bits(&found), truth, "{threads} threads");
    }
    for piece in [1, 100, 256, 1111] {
        let at = sum.at(&AT).unwrap();
        let mut rows = at.rows();
        for start in (0..5000).step_by(piece) {
            let end = 5000.min(start + piece);
            rows.push(&[&data[0][start..end], &data[1][start..end]])
                .unwrap();
        }
        assert_eq!(bits(&at.finish(rows.finish())), truth, "pieces of {piece}");
        let mut rows = at.rows();
        rows.push(&[&data[0][..piece], &data[1][..piece]]).unwrap();
        let rest = rows.finish_with(&[&data[0][piece..], &data[1][piece..]]);
        let found = at.finish(rest.unwrap());
        assert_eq!(bits(&found), truth, "a piece of {piece} and the rest");
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let function = recorded("f(x, a) = x - a");
    assert!(RowSum::new(&function, &[2]).is_err());
    assert!(RowSum::new(&function, &[0, 0]).is_err());
    assert!(Sum::new(&function, &[0], vec![]).is_err());
    let sum = RowSum::new(&function, &[0]).unwrap();
    assert!(sum.evaluate(&[], &[&[1.0]]).is_err());
    assert!(sum.evaluate(&[1.0], &[&[1.0], &[2.0]]).is_err());
    let both = RowSum::new(&recorded("f(x, y, a) = x*y - a"), &[0, 1]).unwrap();
    assert!(both.evaluate(&[1.0], &[&[1.0], &[2.0, 3.0]]).is_err());
}

#[test]
fn what_is_multiplied_by_0_keeps_its_domain() {
    for text in [
        "f(x, a) = (x - a)^2 + 0*ln(x)",
        "f(x, a) = (x - x)*ln(x) + a",
        "f(x, a) = (a - a)*ln(x)",
        "f(x, a) = 0*a*sqrt(x)",
    ] {
        let function = recorded(text);
        let sum = RowSum::new(&function, &[0]).unwrap();
        let value = |x: &[f64]| sum.evaluate(&[1.5], &[x]).unwrap()[0];
        assert!(
            value(&[-1.0, 2.0]).is_nan(),
            "{text}: {}",
            value(&[-1.0, 2.0])
        );
        assert!(value(&[1.0, 2.0]).is_finite(), "{text}");
    }
}
