//! Numbers as sums of two doubles: what a step rounds away is kept (Dekker 1971; Knuth, TAOCP 2, 4.2.2).

use crate::dispatch::Machine;

/// A number and what it lacks.
pub(super) type Twofold = (f64, f64);

/// `a + b`, and what the sum rounds away.
#[inline(always)]
pub(super) fn two_sum(a: f64, b: f64) -> Twofold {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// The same where `|a| >= |b|` or `a` is 0.
#[inline(always)]
pub(super) fn quick_sum(a: f64, b: f64) -> Twofold {
    let sum = a + b;
    (sum, (a - sum) + b)
}

/// `a b`, and what the product rounds away. Without fused multiplication both are cut in halves (Veltkamp 1968), which
/// needs them below 2^990.
#[inline(always)]
pub(super) fn two_product<M: Machine>(a: f64, b: f64) -> Twofold {
    let product = a * b;
    if M::FUSED {
        return (product, M::mul_add(a, b, -product));
    }
    let halves = |x: f64| {
        let cut = x * 134_217_729.0;
        let high = cut - (cut - x);
        (high, x - high)
    };
    let ((a, a_low), (b, b_low)) = (halves(a), halves(b));
    let rest = ((a * b - product) + a * b_low + a_low * b) + a_low * b_low;
    (product, rest)
}

/// The product of two numbers of two doubles, to about 100 bits.
#[inline(always)]
pub(super) fn product<M: Machine>(a: Twofold, b: Twofold) -> Twofold {
    let (high, low) = two_product::<M>(a.0, b.0);
    quick_sum(high, low + M::mul_add(a.0, b.1, a.1 * b.0))
}

/// The quotient of two numbers of two doubles: one division, then what its product with the divisor lacks.
#[inline(always)]
pub(super) fn quotient<M: Machine>(a: Twofold, b: Twofold) -> Twofold {
    let inverse = 1.0 / b.0;
    let quotient = a.0 * inverse;
    let (product, low) = two_product::<M>(quotient, b.0);
    let lacks = ((a.0 - product) - low) + M::mul_add(-quotient, b.1, a.1);
    (quotient, lacks * inverse)
}

/// The square root of a number of two doubles, not negative.
#[inline(always)]
pub(super) fn root<M: Machine>(a: Twofold) -> Twofold {
    let root = a.0.sqrt();
    let (square, low) = two_product::<M>(root, root);
    let lacks = ((a.0 - square) - low) + a.1;
    // At 0 nothing lacks; the summand only keeps the quotient from being 0/0.
    (root, lacks / (2.0 * root + f64::MIN_POSITIVE))
}

/// A polynomial by Horner's rule, the constant term first.
#[inline(always)]
pub(super) fn polynomial<M: Machine, const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let mut value = coefficients[N - 1];
    let mut place = N - 1;
    while place > 0 {
        place -= 1;
        value = M::mul_add(value, x, coefficients[place]);
    }
    value
}

/// The nearest whole number, for |x| below 2⁵¹, by the rounding of an addition.
#[inline(always)]
pub(super) fn nearest(x: f64) -> f64 {
    (x + ROUNDER) - ROUNDER
}

/// 1.5 · 2⁵²: beside it a double has no digits after the point, and its lowest bits hold the whole number.
pub(super) const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// 2ⁿ for a whole n from -1022 to 1023: the sum has n + 1023 in its lowest bits, which become the exponent.
#[inline(always)]
pub(super) fn power_of_two(n: f64) -> f64 {
    f64::from_bits((n + (ROUNDER + 1023.0)).to_bits() << 52)
}

/// x 2ⁿ for |n| up to 2044, in two steps, of which only the last may round.
#[inline(always)]
pub(super) fn scaled(x: f64, n: f64) -> f64 {
    let half = nearest(0.5 * n);
    x * power_of_two(half) * power_of_two(n - half)
}
