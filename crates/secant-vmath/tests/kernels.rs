//! The kernels against mpmath (`tests/truth.tsv`, made by `spec/reference/vmath.py`), at the edges of IEEE 754, and at every
//! level of instructions against each other. Some 10⁸ arguments a kernel have a command of their own, `crates/secant-vmath/ulp`.

#![allow(missing_docs, clippy::unwrap_used)]

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use secant_vmath::{FUNCTIONS, Function, Level, max, min, round, sign, with_level};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

fn function(name: &str) -> &'static Function {
    FUNCTIONS.iter().find(|known| known.name == name).unwrap()
}

fn double(function: &Function, x: &[Vec<f64>]) -> Vec<f64> {
    let slices: Vec<&[f64]> = x.iter().map(|x| &x[..]).collect();
    let mut out = vec![0.0; x[0].len()];
    (function.double)(&slices, &mut out);
    out
}

/// The last place of a double of that size.
fn unit(value: f64) -> f64 {
    let size = value.abs();
    size.next_up() - size
}

#[test]
fn every_kernel_is_within_one_ulp_of_the_truth_at_every_level() {
    let number = |digits: &str| f64::from_bits(u64::from_str_radix(digits, 16).unwrap());
    let rows: Vec<(&str, Vec<f64>)> = include_str!("truth.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let (name, numbers) = line.split_once('\t').unwrap();
            (name, numbers.split('\t').map(number).collect())
        })
        .collect();
    for level in Level::available() {
        for function in FUNCTIONS {
            let own: Vec<_> = rows
                .iter()
                .filter(|(name, _)| *name == function.name)
                .collect();
            assert!(own.len() > 250, "{} has too few rows", function.name);
            let column = |k: usize| own.iter().map(|(_, row)| row[k]).collect::<Vec<_>>();
            let x: Vec<_> = (0..function.arity).map(column).collect();
            let ours = with_level(level, || double(function, &x));
            for (ours, (name, row)) in ours.iter().zip(&own) {
                let [truth, lacks] = [row[function.arity], row[function.arity + 1]];
                let error = ((ours - truth) - lacks).abs() / unit(truth);
                let at = &row[..function.arity];
                assert!(
                    error <= 1.0,
                    "{name} at {at:?} is off by {error} ulp on {level:?}"
                );
            }
        }
    }
}

/// Arguments of all sizes and signs, edges among them, the same in every run (SplitMix64).
fn patterns(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let edges = [
        0.0,
        -0.0,
        INF,
        -INF,
        NAN,
        1.0,
        -1.0,
        f64::MIN_POSITIVE,
        5e-324,
        f64::MAX,
    ];
    let spread = (edges.len()..count).map(|place| {
        let bits = next();
        // Every other one near 1 in size, where functions have something to do.
        let exponent = if place % 2 == 0 {
            bits >> 52 & 0x7ff
        } else {
            1003 + (bits >> 52) % 30
        };
        f64::from_bits(bits & 0x800f_ffff_ffff_ffff | exponent << 52)
    });
    edges.into_iter().chain(spread).collect()
}

#[test]
fn levels_that_fuse_agree_to_the_bit() {
    let fused: Vec<_> = Level::available()
        .into_iter()
        .filter(|level| *level != Level::Plain)
        .collect();
    let x = [patterns(50_000, 1), patterns(50_000, 2)];
    for function in FUNCTIONS {
        let bits = |level: Level| -> Vec<u64> {
            let out = with_level(level, || double(function, &x[..function.arity]));
            // One NaN is as good as another.
            let one = |x: f64| if x.is_nan() { NAN } else { x };
            out.into_iter().map(|x| one(x).to_bits()).collect()
        };
        for pair in fused.windows(2) {
            assert!(
                bits(pair[0]) == bits(pair[1]),
                "{} differs on {pair:?}",
                function.name
            );
        }
    }
}

#[test]
fn single_precision_is_double_precision_rounded() {
    let narrow = |x: Vec<f64>| x.into_iter().map(|x| x as f32).collect::<Vec<_>>();
    let x = [narrow(patterns(5_000, 3)), narrow(patterns(5_000, 4))];
    for function in FUNCTIONS {
        let slices: Vec<&[f32]> = x[..function.arity].iter().map(|x| &x[..]).collect();
        let mut out = vec![0.0; 5_000];
        (function.single)(&slices, &mut out);
        let wide: Vec<Vec<f64>> = slices
            .iter()
            .map(|x| x.iter().map(|x| f64::from(*x)).collect())
            .collect();
        for (single, double) in out.iter().zip(double(function, &wide)) {
            let double = double as f32;
            assert!(single.to_bits() == double.to_bits() || single.is_nan() && double.is_nan());
        }
    }
}

/// Values that IEEE 754 (9.2.1) and C (Annex F) prescribe, or that follow from limits.
const EDGES: &[(&str, &[f64], f64)] = &[
    ("exp", &[0.0], 1.0),
    ("exp", &[-INF], 0.0),
    ("exp", &[INF], INF),
    ("exp", &[709.782712893385], INF),
    ("exp", &[-745.2], 0.0),
    ("exp2", &[-1074.0], 5e-324),
    ("exp2", &[-1075.0], 0.0),
    ("exp2", &[10.0], 1024.0),
    ("exp2", &[1024.0], INF),
    ("expm1", &[-0.0], -0.0),
    ("expm1", &[-INF], -1.0),
    ("expm1", &[INF], INF),
    ("log", &[0.0], -INF),
    ("log", &[-0.0], -INF),
    ("log", &[1.0], 0.0),
    ("log", &[-1.0], NAN),
    ("log", &[INF], INF),
    ("log1p", &[-0.0], -0.0),
    ("log1p", &[-1.0], -INF),
    ("log1p", &[-1.5], NAN),
    ("log1p", &[INF], INF),
    ("log2", &[5e-324], -1074.0),
    ("log2", &[8.0], 3.0),
    ("log2", &[-8.0], NAN),
    ("log10", &[0.0], -INF),
    ("log10", &[1000.0], 3.0),
    ("pow", &[NAN, 0.0], 1.0),
    ("pow", &[1.0, NAN], 1.0),
    ("pow", &[-1.0, INF], 1.0),
    ("pow", &[-1.0, -INF], 1.0),
    ("pow", &[0.5, INF], 0.0),
    ("pow", &[0.5, -INF], INF),
    ("pow", &[2.0, 1e300], INF),
    ("pow", &[-2.0, 3.0], -8.0),
    ("pow", &[-2.0, -1023.0], -1.1125369292536007e-308),
    ("pow", &[-2.0, 0.5], NAN),
    ("pow", &[-0.0, 3.0], -0.0),
    ("pow", &[-0.0, -3.0], -INF),
    ("pow", &[0.0, -2.5], INF),
    ("pow", &[-INF, -3.0], -0.0),
    ("pow", &[-INF, 2.0], INF),
    ("pow", &[-INF, 0.5], INF),
    ("pow", &[10.0, 22.0], 1e22),
    ("cbrt", &[-27.0], -3.0),
    ("cbrt", &[-0.0], -0.0),
    ("cbrt", &[-INF], -INF),
    ("hypot", &[INF, NAN], INF),
    (
        "hypot",
        &[3.0 * f64::MAX / 16.0, f64::MAX / 4.0],
        5.0 * f64::MAX / 16.0,
    ),
    ("hypot", &[0.0, -5e-324], 5e-324),
    ("sin", &[-0.0], -0.0),
    ("sin", &[INF], NAN),
    ("cos", &[0.0], 1.0),
    ("cos", &[-INF], NAN),
    ("tan", &[-0.0], -0.0),
    ("tan", &[INF], NAN),
    ("asin", &[-0.0], -0.0),
    ("asin", &[1.0], FRAC_PI_2),
    ("asin", &[1.0000000000000002], NAN),
    ("acos", &[1.0], 0.0),
    ("acos", &[-1.0], PI),
    ("acos", &[-2.0], NAN),
    ("atan", &[-0.0], -0.0),
    ("atan", &[-INF], -FRAC_PI_2),
    ("atan2", &[0.0, -0.0], PI),
    ("atan2", &[-0.0, -0.0], -PI),
    ("atan2", &[-0.0, 0.0], -0.0),
    ("atan2", &[0.0, -1.0], PI),
    ("atan2", &[1.0, 0.0], FRAC_PI_2),
    ("atan2", &[INF, INF], FRAC_PI_4),
    ("atan2", &[-INF, -INF], -3.0 * FRAC_PI_4),
    ("atan2", &[-1.0, INF], -0.0),
    ("atan2", &[1.0, -INF], PI),
    ("atan2", &[5e-324, 1e300], 0.0),
    ("sinh", &[-0.0], -0.0),
    ("sinh", &[-711.0], -INF),
    ("cosh", &[0.0], 1.0),
    ("cosh", &[-INF], INF),
    ("tanh", &[-0.0], -0.0),
    ("tanh", &[INF], 1.0),
    ("tanh", &[-40.0], -1.0),
    ("tanh", &[5e-324], 5e-324),
    ("sech", &[-0.0], 1.0),
    ("sech", &[-INF], 0.0),
    ("sech", &[745.0], 5e-324),
    ("sech", &[-746.0], 0.0),
    ("asinh", &[-0.0], -0.0),
    ("asinh", &[-INF], -INF),
    ("acosh", &[1.0], 0.0),
    ("acosh", &[0.5], NAN),
    ("acosh", &[INF], INF),
    ("atanh", &[-0.0], -0.0),
    ("atanh", &[-1.0], -INF),
    ("atanh", &[1.5], NAN),
    ("erf", &[-0.0], -0.0),
    ("erf", &[INF], 1.0),
    ("erf", &[-7.0], -1.0),
    ("erfc", &[0.0], 1.0),
    ("erfc", &[-0.0], 1.0),
    ("erfc", &[INF], 0.0),
    ("erfc", &[-INF], 2.0),
    ("erfc", &[-6.0], 2.0),
    ("erfc", &[27.226017111108362], 5e-324),
    ("erfc", &[27.23], 0.0),
    ("gelu", &[0.0], 0.0),
    ("gelu", &[-0.0], -0.0),
    ("gelu", &[INF], INF),
    ("gelu", &[-INF], -0.0),
    ("gelu", &[1e300], 1e300),
    ("gelu", &[-1e300], -0.0),
    ("silu", &[0.0], 0.0),
    ("silu", &[-0.0], -0.0),
    ("silu", &[INF], INF),
    ("silu", &[-INF], -0.0),
    ("silu", &[f64::MAX], f64::MAX),
    ("sigmoid", &[-0.0], 0.5),
    ("sigmoid", &[-INF], 0.0),
    ("sigmoid", &[INF], 1.0),
    ("softplus", &[-INF], 0.0),
    ("softplus", &[INF], INF),
];

#[test]
fn edges_are_those_of_ieee_754() {
    for level in Level::available() {
        for (name, at, value) in EDGES {
            let x: Vec<Vec<f64>> = at.iter().map(|x| vec![*x; 3]).collect();
            for ours in with_level(level, || double(function(name), &x)) {
                let same = ours.to_bits() == value.to_bits() || ours.is_nan() && value.is_nan();
                assert!(
                    same,
                    "{name} at {at:?} is {ours}, not {value}, on {level:?}"
                );
            }
        }
        for function in FUNCTIONS {
            for nan in 0..function.arity {
                let mut x = vec![vec![2.5]; function.arity];
                x[nan][0] = NAN;
                let ours = with_level(level, || double(function, &x));
                assert!(ours[0].is_nan(), "{} of NaN is {}", function.name, ours[0]);
            }
        }
    }
}

#[test]
fn arithmetic_keeps_nan_and_the_sign_of_zero() {
    let x = [NAN, 1.0, 0.0, -0.0, -3.5, 2.5];
    let y = [1.0, NAN, -0.0, 0.0, 2.0, -INF];
    let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    let mut out = [0.0; 6];
    min(&x, &y, &mut out);
    assert!(out[0].is_nan() && out[1].is_nan());
    assert_eq!(bits(&out[2..]), bits(&[-0.0, -0.0, -3.5, -INF]));
    max(&x, &y, &mut out);
    assert!(out[0].is_nan() && out[1].is_nan());
    assert_eq!(bits(&out[2..]), bits(&[0.0, 0.0, 2.0, 2.5]));
    round(&x, &mut out);
    assert_eq!(bits(&out[2..]), bits(&[0.0, -0.0, -4.0, 2.0]));
    sign(&x, &mut out);
    assert!(out[0].is_nan());
    assert_eq!(bits(&out[1..]), bits(&[1.0, 0.0, -0.0, -1.0, 1.0]));
}
