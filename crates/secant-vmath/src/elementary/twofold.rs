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

/// `a b`, and what the product rounds away. Without fused multiplication both are cut in halves of 26 and 27 digits, whose
/// products are exact but for the last bit of the last one.
#[inline(always)]
pub(super) fn two_product<M: Machine>(a: f64, b: f64) -> Twofold {
    let product = a * b;
    if M::FUSED {
        return (product, M::mul_add(a, b, -product));
    }
    let halves = |x: f64| {
        let high = f64::from_bits(x.to_bits() & !0x7ff_ffff);
        (high, x - high)
    };
    let ((a, a_low), (b, b_low)) = (halves(a), halves(b));
    let rest = ((a * b - product) + a * b_low + a_low * b) + a_low * b_low;
    (product, rest)
}

/// `a b + c`, and what rounding took, where `|a b|` is at most half of `|c|` or `c` is 0.
#[inline(always)]
pub(super) fn sum_of_product<M: Machine>(a: f64, b: f64, c: f64) -> Twofold {
    if M::FUSED {
        let sum = M::mul_add(a, b, c);
        return (sum, M::mul_add(a, b, c - sum));
    }
    let (product, low) = two_product::<M>(a, b);
    let (sum, lost) = quick_sum(c, product);
    (sum, lost + low)
}

/// The product of two numbers of two doubles, to about 100 bits; what it lacks may be some units of its last place.
#[inline(always)]
pub(super) fn product<M: Machine>(a: Twofold, b: Twofold) -> Twofold {
    let (high, low) = two_product::<M>(a.0, b.0);
    (high, M::mul_add(a.0, b.1, M::mul_add(a.1, b.0, low)))
}

/// `a - q b` for a q so near to a/b that the difference has at most 53 bits.
#[inline(always)]
pub(super) fn residual<M: Machine>(a: f64, q: f64, b: f64) -> f64 {
    if M::FUSED {
        return M::mul_add(-q, b, a);
    }
    let (product, low) = two_product::<M>(q, b);
    (a - product) - low
}

/// A quotient of two numbers of two doubles: one division, what its product with the divisor lacks, and by what to multiply
/// that.
#[inline(always)]
fn divided<M: Machine>(a: Twofold, b: Twofold) -> (f64, f64, f64) {
    let inverse = 1.0 / b.0;
    let quotient = a.0 * inverse;
    let lacks = residual::<M>(a.0, quotient, b.0) + M::mul_add(-quotient, b.1, a.1);
    (quotient, lacks, inverse)
}

/// The quotient in two doubles.
#[inline(always)]
pub(super) fn quotient<M: Machine>(a: Twofold, b: Twofold) -> Twofold {
    let (quotient, lacks, inverse) = divided::<M>(a, b);
    (quotient, lacks * inverse)
}

/// The quotient, rounded.
#[inline(always)]
pub(super) fn ratio<M: Machine>(a: Twofold, b: Twofold) -> f64 {
    let (quotient, lacks, inverse) = divided::<M>(a, b);
    M::mul_add(lacks, inverse, quotient)
}

/// The square root of a number of two doubles, not negative.
#[inline(always)]
pub(super) fn root<M: Machine>(a: Twofold) -> Twofold {
    let root = a.0.sqrt();
    let lacks = residual::<M>(a.0, root, root) + a.1;
    // At 0 nothing lacks; the summand only keeps the quotient from being 0/0.
    (root, lacks / (2.0 * root + f64::MIN_POSITIVE))
}

/// A polynomial of up to 24 terms, the constant first, by pairs, pairs of pairs and so on (Estrin 1960): by Horner's rule each
/// step would wait for the one before. Written without a loop, which the compiler would have to unroll first.
#[inline(always)]
pub(super) fn polynomial<M: Machine, const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    const { assert!(N <= 24, "at most 24 terms") };
    let two = |k: usize| match N.saturating_sub(k) {
        0 => 0.0,
        1 => coefficients[k],
        _ => M::mul_add(coefficients[k + 1], x, coefficients[k]),
    };
    let join = |low: f64, high: f64, power: f64, next: usize| {
        if next < N {
            M::mul_add(high, power, low)
        } else {
            low
        }
    };
    let square = x * x;
    let four = |k: usize| join(two(k), two(k + 2), square, k + 2);
    // The pairs of six terms by Horner's rule: no longer a wait, and a product less.
    if N <= 6 {
        return join(two(0), join(two(2), two(4), square, 4), square, 2);
    }
    let fourth = square * square;
    let eight = |k: usize| join(four(k), four(k + 4), fourth, k + 4);
    let eighth = fourth * fourth;
    join(eight(0), join(eight(8), eight(16), eighth, 16), eighth, 8)
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
