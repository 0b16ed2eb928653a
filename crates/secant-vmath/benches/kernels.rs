//! Each kernel beside the scalar function of the standard library and beside what no kernel can undercut: a copy, and a bare
//! polynomial of degree 12. `cargo bench -p secant-vmath`; 1,024 elements a call, so a median of 1 µs is 0.98 ns an element.

#![allow(missing_docs, clippy::unwrap_used)]

use std::array;

use divan::{Bencher, black_box, counter::ItemsCount};
use secant_vmath::{FUNCTIONS, InPlace, Level, add, copy, mul, mul_add, sum, with_level};

const LENGTH: usize = 1024;

fn main() {
    divan::main();
}

/// Arguments for which every function has something to do.
fn arguments(name: &str) -> [Vec<f64>; 2] {
    let (low, high) = match name {
        "acosh" => (1.0, 20.0),
        "asin" | "acos" | "atanh" => (-0.99, 0.99),
        "log" | "log2" | "log10" | "pow" | "log1p" => (0.01, 20.0),
        "sin" | "cos" | "tan" => (-100.0, 100.0),
        "tanh" | "erf" | "erfc" | "gelu" => (-4.0, 4.0),
        _ => (-20.0, 20.0),
    };
    let place = |k: usize| (k * 389 % LENGTH) as f64 / LENGTH as f64;
    let x = (0..LENGTH).map(|k| low + (high - low) * place(k)).collect();
    let y = (0..LENGTH).map(|k| 7.3 - 11.0 * place(3 * k)).collect();
    [x, y]
}

fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

fn double(bencher: Bencher, name: &str, level: Level) {
    let function = FUNCTIONS.iter().find(|known| known.name == name).unwrap();
    let x = arguments(name);
    let mut out = vec![0.0; LENGTH];
    let slices = [&x[0][..], &x[1][..]];
    with_level(level, || {
        bencher
            .counter(ItemsCount::new(LENGTH))
            .bench_local(|| (function.double)(black_box(&slices[..function.arity]), &mut out));
    });
}

#[divan::bench(args = names())]
fn f64_best(bencher: Bencher, name: &str) {
    double(bencher, name, Level::current());
}

#[divan::bench(args = names())]
fn f64_avx2(bencher: Bencher, name: &str) {
    if Level::available().contains(&Level::Avx2) {
        double(bencher, name, Level::Avx2);
    }
}

#[divan::bench(args = names())]
fn f64_plain(bencher: Bencher, name: &str) {
    double(bencher, name, Level::Plain);
}

#[divan::bench(args = names())]
fn f32_best(bencher: Bencher, name: &str) {
    let function = FUNCTIONS.iter().find(|known| known.name == name).unwrap();
    let x = arguments(name).map(|x| x.iter().map(|x| *x as f32).collect::<Vec<_>>());
    let mut out = vec![0.0; LENGTH];
    let slices = [&x[0][..], &x[1][..]];
    bencher
        .counter(ItemsCount::new(LENGTH))
        .bench_local(|| (function.single)(black_box(&slices[..function.arity]), &mut out));
}

type Scalar = fn(f64, f64) -> f64;

/// What the standard library has.
const STANDARD: &[(&str, Scalar)] = &[
    ("exp", |x, _| x.exp()),
    ("expm1", |x, _| x.exp_m1()),
    ("exp2", |x, _| x.exp2()),
    ("log", |x, _| x.ln()),
    ("log1p", |x, _| x.ln_1p()),
    ("log2", |x, _| x.log2()),
    ("log10", |x, _| x.log10()),
    ("pow", f64::powf),
    ("cbrt", |x, _| x.cbrt()),
    ("hypot", f64::hypot),
    ("sin", |x, _| x.sin()),
    ("cos", |x, _| x.cos()),
    ("tan", |x, _| x.tan()),
    ("asin", |x, _| x.asin()),
    ("acos", |x, _| x.acos()),
    ("atan", |x, _| x.atan()),
    ("atan2", f64::atan2),
    ("sinh", |x, _| x.sinh()),
    ("cosh", |x, _| x.cosh()),
    ("tanh", |x, _| x.tanh()),
    ("asinh", |x, _| x.asinh()),
    ("acosh", |x, _| x.acosh()),
    ("atanh", |x, _| x.atanh()),
    ("silu", |x, _| x / (1.0 + (-x).exp())),
    ("sigmoid", |x, _| 1.0 / (1.0 + (-x).exp())),
    ("softplus", |x, _| x.max(0.0) + (-x.abs()).exp().ln_1p()),
];

#[divan::bench(args = STANDARD.iter().map(|(name, _)| *name))]
fn f64_std(bencher: Bencher, name: &str) {
    let (_, function) = STANDARD.iter().find(|(known, _)| *known == name).unwrap();
    let x = arguments(name);
    let mut out = vec![0.0; LENGTH];
    bencher.counter(ItemsCount::new(LENGTH)).bench_local(|| {
        for ((out, x), y) in out.iter_mut().zip(black_box(&x[0])).zip(&x[1]) {
            *out = function(*x, *y);
        }
    });
}

/// A pass of loads and stores.
#[divan::bench]
fn limit_copy(bencher: Bencher) {
    let [x, _] = arguments("exp");
    let mut out = vec![0.0; LENGTH];
    bencher
        .counter(ItemsCount::new(LENGTH))
        .bench_local(|| copy(black_box(&x), &mut out));
}

/// Twelve fused multiply-adds an element, in registers.
#[divan::bench]
fn limit_polynomial(bencher: Bencher) {
    let [x, _] = arguments("tanh");
    let mut out = vec![0.0; LENGTH];
    let coefficients: [f64; 13] = array::from_fn(|k| 1.0 / (k + 1) as f64);
    bencher
        .counter(ItemsCount::new(LENGTH))
        .bench_local(|| polynomial(black_box(&x), &coefficients, &mut out));
}

#[cfg(target_arch = "x86_64")]
fn polynomial(x: &[f64], coefficients: &[f64; 13], out: &mut [f64]) {
    #[target_feature(enable = "avx512f")]
    fn wide(x: &[f64], coefficients: &[f64; 13], out: &mut [f64]) {
        plain(x, coefficients, out);
    }
    if is_x86_feature_detected!("avx512f") {
        #[allow(unsafe_code)]
        // SAFETY: the feature has just been found.
        unsafe {
            wide(x, coefficients, out);
        }
    } else {
        plain(x, coefficients, out);
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn polynomial(x: &[f64], coefficients: &[f64; 13], out: &mut [f64]) {
    plain(x, coefficients, out);
}

#[inline(always)]
fn plain(x: &[f64], coefficients: &[f64; 13], out: &mut [f64]) {
    for (out, x) in out.iter_mut().zip(x) {
        let from_highest = coefficients[..12].iter().rev();
        *out = from_highest.fold(coefficients[12], |value, c| value.mul_add(*x, *c));
    }
}

#[divan::bench]
fn arithmetic_add(bencher: Bencher) {
    let [x, y] = arguments("exp");
    let mut out = vec![0.0; LENGTH];
    bencher
        .counter(ItemsCount::new(LENGTH))
        .bench_local(|| add(black_box(&x), &y, &mut out));
}

#[divan::bench]
fn arithmetic_mul_in_place(bencher: Bencher) {
    let [x, _] = arguments("exp");
    let mut out = vec![1.0; LENGTH];
    bencher
        .counter(ItemsCount::new(LENGTH))
        .bench_local(|| mul(black_box(&x), InPlace, &mut out));
}

#[divan::bench]
fn arithmetic_mul_add_scalar(bencher: Bencher) {
    let [x, y] = arguments("exp");
    let mut out = vec![1.0; LENGTH];
    bencher
        .counter(ItemsCount::new(LENGTH))
        .bench_local(|| mul_add(black_box(&x), 2.0, &y, &mut out));
}

#[divan::bench]
fn arithmetic_sum(bencher: Bencher) {
    let [x, _] = arguments("exp");
    bencher
        .counter(ItemsCount::new(LENGTH))
        .bench_local(|| sum(black_box(&x[..])));
}
