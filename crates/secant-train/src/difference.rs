//! f(x + d) - f(x) to full relative precision, where subtracting the two values would leave only the digits in which they differ.

use crate::number::Number;
use secant_vmath::InPlace;

/// Of relu: the shift where both ends are above 0, nothing where both are below. Between them lies the kink, and there the
/// difference is that of the two values, which are not close.
pub(crate) fn relu<T: Number>(x: &[T], shift: &[T], moved: &mut [T], crossed: &mut [bool]) {
    for (((x, shift), moved), crossed) in x.iter().zip(shift).zip(moved).zip(crossed) {
        let end = *x + *shift;
        let (above, above_after) = (*x > T::ZERO, end > T::ZERO);
        *moved = match (above, above_after) {
            (true, true) => *shift,
            (false, false) => T::ZERO,
            (true, false) => -*x,
            (false, true) => end,
        };
        *crossed |= above != above_after;
    }
}

/// Of tanh, from its value y: with t = tanh d, `t (1 - y²) / (1 + y t)`, the addition theorem less y. With q = e^(-2|d|) - 1 the
/// tanh of |d| is `-q / (2 + q)`, which nothing overflows.
pub(crate) fn tanh<T: Number>(y: &[T], shift: &[T], moved: &mut [T]) {
    for (moved, shift) in moved.iter_mut().zip(shift) {
        let length = shift.abs();
        *moved = -(length + length);
    }
    secant_vmath::expm1(InPlace, moved);
    let two = T::of(2.0);
    for ((y, shift), moved) in y.iter().zip(shift).zip(moved) {
        let length = -*moved / (two + *moved);
        let t = if *shift < T::ZERO { -length } else { length };
        *moved = t * ((T::ONE - *y) * (T::ONE + *y)) / (T::ONE + *y * t);
    }
}

/// Of the sigmoid, from its value y and below = 1 - y, the sigmoid of -x: with q = e^d - 1, `y below q / (1 + y q)`. Where d is above 0, e^d might
/// overflow, and the same is taken from the other side: s(x + d) - s(x) is s(-x) - s(-x - d).
pub(crate) fn sigmoid<T: Number>(x: &[T], y: &[T], shift: &[T], moved: &mut [T]) {
    let mut below: Vec<T> = x.to_vec();
    secant_vmath::exp(InPlace, &mut below);
    for (moved, shift) in moved.iter_mut().zip(shift) {
        *moved = -shift.abs();
    }
    secant_vmath::expm1(InPlace, moved);
    for (((y, below), shift), moved) in y.iter().zip(&below).zip(shift).zip(moved) {
        let (q, below) = (*moved, T::ONE / (T::ONE + *below));
        *moved = if *shift > T::ZERO {
            -(below * *y * q) / (T::ONE + below * q)
        } else {
            *y * below * q / (T::ONE + *y * q)
        };
    }
}

/// Nodes and weights of the rule of Gauss with three points on 0 ..= 1 (1814), exact for polynomials of degree 5.
const NODES: [f64; 3] = [0.112_701_665_379_258_31, 0.5, 0.887_298_334_620_741_7];
const WEIGHTS: [f64; 3] = [5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0];

/// Of any function with derivatives of every order: d times the mean of its slope on the way, by the rule of Gauss with three points, which
/// loses nothing to cancellation. Where d is longer than 1/64, or the middle slope alone is off by more than 1e-5, so that the function bends
/// much on the way, the two values differ in their leading digits and are subtracted.
pub(crate) fn smooth<T: Number>(
    x: &[T],
    y: &[T],
    shift: &[T],
    moved: &mut [T],
    value: impl Fn(&[T], &mut [T]),
    slope: impl Fn(&[T], &mut [T]),
) {
    let mut points = vec![T::ZERO; x.len()];
    let mut slopes = vec![T::ZERO; x.len()];
    let mut middle = vec![T::ZERO; x.len()];
    moved.fill(T::ZERO);
    for (node, weight) in NODES.into_iter().zip(WEIGHTS) {
        let (node, weight) = (T::of(node), T::of(weight));
        for ((point, x), shift) in points.iter_mut().zip(x).zip(shift) {
            *point = *x + node * *shift;
        }
        slope(&points, &mut slopes);
        for (moved, slope) in moved.iter_mut().zip(&slopes) {
            *moved += weight * *slope;
        }
        if node == T::of(0.5) {
            middle.copy_from_slice(&slopes);
        }
    }
    let (close, short) = (T::of(1e-5), T::of(1.0 / 64.0));
    let mut any_far = false;
    for ((moved, middle), shift) in moved.iter_mut().zip(&mut middle).zip(shift) {
        let far = (*moved - *middle).abs() > close * moved.abs() || shift.abs() > short;
        any_far |= far;
        *middle = if far { T::ONE } else { T::ZERO };
        *moved *= *shift;
    }
    if any_far {
        subtracted(x, y, shift, &mut slopes, value);
        for ((moved, far), subtracted) in moved.iter_mut().zip(&middle).zip(&slopes) {
            if *far == T::ONE {
                *moved = *subtracted;
            }
        }
    }
}

/// Of any function: its two values subtracted, right to their rounding.
pub(crate) fn subtracted<T: Number>(
    x: &[T],
    y: &[T],
    shift: &[T],
    moved: &mut [T],
    value: impl Fn(&[T], &mut [T]),
) {
    let points: Vec<T> = x.iter().zip(shift).map(|(x, shift)| *x + *shift).collect();
    value(&points, moved);
    for ((moved, y), shift) in moved.iter_mut().zip(y).zip(shift) {
        *moved = if *shift == T::ZERO {
            T::ZERO
        } else {
            *moved - *y
        };
    }
}
