//! Thin products against sums written out, on every level of this machine.

use secant_vmath::{Level, Onto, combinations, inner_products, with_level};

/// Whole numbers small enough that every sum is exact in any order.
fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count)
        .map(|place| ((place * 37 + seed * 11) % 19) as f64 - 9.0)
        .collect()
}

fn on_every_level(test: impl Fn()) {
    for level in Level::available() {
        with_level(level, &test);
    }
}

/// Rows, inner side, columns: none, one, and around the width of every tile.
const SHAPES: [[usize; 3]; 9] = [
    [0, 2, 3],
    [1, 1, 1],
    [7, 2, 5],
    [8, 0, 4],
    [9, 3, 4],
    [16, 1, 9],
    [33, 4, 3],
    [40, 65, 2],
    [300, 2, 64],
];

#[test]
fn combinations_are_sums_written_out() {
    on_every_level(|| {
        for [rows, inner, columns] in SHAPES {
            let (left, right) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
            let begin = numbers(columns, 3);
            let there = numbers(rows * columns, 4);
            for by_rows in [false, true] {
                let steps = if by_rows { [columns, 1] } else { [1, inner] };
                for onto in [Onto::Nothing, Onto::Present, Onto::Numbers(&begin)] {
                    let mut into = there.clone();
                    combinations(&mut into, rows, &left, &right, steps, onto);
                    for (place, found) in into.iter().enumerate() {
                        let (row, column) = (place % rows, place / rows);
                        let sum: f64 = (0..inner)
                            .map(|k| left[k * rows + row] * right[k * steps[0] + column * steps[1]])
                            .sum();
                        let onto = match onto {
                            Onto::Nothing => 0.0,
                            Onto::Present => there[place],
                            Onto::Numbers(numbers) => numbers[column],
                        };
                        assert_eq!(*found, onto + sum, "{rows} {inner} {columns}");
                    }
                }
            }
        }
    });
}

#[test]
fn inner_products_are_sums_written_out() {
    on_every_level(|| {
        for [length, first, second] in SHAPES {
            let (left, right) = (numbers(length * first, 1), numbers(length * second, 2));
            let there = numbers(first * second, 3);
            let mut into = there.clone();
            inner_products(&mut into, [second, 1], length, &left, &right);
            for (place, found) in into.iter().enumerate() {
                let (i, j) = (place / second, place % second);
                let sum: f64 = (0..length)
                    .map(|k| left[i * length + k] * right[j * length + k])
                    .sum();
                assert_eq!(*found, there[place] + sum, "{length} {first} {second}");
            }
        }
    });
}

#[test]
fn single_precision_is_summed_as_such() {
    let (left, right) = (vec![1.0f32; 50], vec![0.1f32; 50]);
    let mut into = [0.0f32];
    inner_products(&mut into, [1, 1], 50, &left, &right);
    assert!((into[0] - 5.0).abs() < 1e-5);
    let mut into = [0.0f32; 50];
    combinations(&mut into, 50, &left, &[0.1], [1, 1], Onto::Nothing);
    assert_eq!(into, [0.1f32; 50]);
}

#[test]
#[should_panic(expected = "whole columns")]
fn columns_that_are_not_whole_are_refused() {
    combinations(
        &mut [0.0; 4],
        2,
        &[1.0; 3],
        &[1.0; 4],
        [1, 1],
        Onto::Nothing,
    );
}
