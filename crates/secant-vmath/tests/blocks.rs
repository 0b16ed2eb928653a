//! Sums of products over blocks, on every level that runs here, against the plain loops.

#![allow(missing_docs, clippy::unwrap_used)]

use secant_vmath::{
    BLOCK, Block, Combination, Level, block_dot, block_sum, linear_combinations, square_of_dots,
    sum_of_products, with_level,
};

/// Blocks of numbers between -1 and 1, the same in every run.
fn blocks(count: usize) -> Vec<Block> {
    let number = |block: usize, lane: usize| (1.3 * block as f64 + 0.7 * lane as f64).sin();
    (0..count)
        .map(|block| Block(std::array::from_fn(|lane| number(block, lane))))
        .collect()
}

fn assert_close(what: &str, found: f64, truth: f64) {
    assert!(
        (found - truth).abs() <= 1e-13,
        "{what}: {found} beside {truth}"
    );
}

#[test]
fn linear_combinations_and_sums_of_products_are_those_of_each_lane() {
    let before = blocks(9);
    let terms = [0, 3, 3, 5, 7];
    let coefficients = [0.5, -2.0, 1.0, 3.25, -0.125];
    let pairs = [[0, 1], [2, 2], [5, 3]];
    for level in Level::available() {
        for constant in [None, Some(0.75)] {
            let mut found = before.clone();
            with_level(level, || {
                let linear = Combination {
                    terms: &terms,
                    coefficients: &coefficients,
                    constant,
                    target: 8,
                };
                linear_combinations(&mut found, [linear]);
                sum_of_products(&mut found, &pairs, false, constant, 6);
                sum_of_products(&mut found, &pairs, true, constant, 4);
            });
            for lane in 0..BLOCK {
                let at = |block: u32| before[block as usize].0[lane];
                let linear = terms
                    .iter()
                    .zip(coefficients)
                    .map(|(term, by)| by * at(*term));
                let start = |block: u32| constant.unwrap_or(at(block));
                let products: f64 = pairs.iter().map(|[a, b]| at(*a) * at(*b)).sum();
                let what = format!("{level:?}, {constant:?}, lane {lane}");
                assert_close(&what, found[8].0[lane], start(8) + linear.sum::<f64>());
                assert_close(&what, found[6].0[lane], start(6) + products);
                assert_close(&what, found[4].0[lane], start(4) - products);
                assert_eq!(found[7].0[lane], at(7), "{what}: the others stay");
            }
        }
    }
}

#[test]
fn inner_products_are_those_of_the_lanes_and_of_one_order_where_products_are_fused() {
    let blocks = blocks(8);
    let (left, right) = ([0, 1, 2, 3], [4, 5, 6, 7]);
    let dot = |a: u32, b: u32| -> f64 {
        let pairs = blocks[a as usize].0.iter().zip(&blocks[b as usize].0);
        pairs.map(|(a, b)| a * b).sum()
    };
    let mut fused: Option<[[f64; 4]; 4]> = None;
    for level in Level::available() {
        let found = with_level(level, || {
            assert_close("dot", block_dot(&blocks[0], &blocks[4]), dot(0, 4));
            assert_close("sum", block_sum(&blocks[0]), blocks[0].0.iter().sum());
            square_of_dots(&blocks, left, right)
        });
        for (a, row) in left.iter().zip(found) {
            for (b, found) in right.iter().zip(row) {
                assert_close(&format!("{level:?}, {a} with {b}"), found, dot(*a, *b));
            }
        }
        if level != Level::Plain {
            assert_eq!(*fused.get_or_insert(found), found, "{level:?}");
        }
    }
}
