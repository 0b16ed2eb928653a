//! Logarithms: x = 2ᵏ (1 + f) with 1 + f between √½ and √2; with s = f/(2 + f), ln(1 + f) = 2 atanh(s) = f - (f²/2 - s (f²/2 + R(s²))),
//! in which only the small bracket is rounded (fdlibm, Ng 1993). The sum with k ln 2 is kept in two doubles.

use super::Elementary;
use super::coefficients::{LN_2, LOG, LOG2_E, LOG10_2, LOG10_E};
use super::twofold::{Twofold, polynomial, power_of_two, quick_sum, two_product, two_sum};
use crate::dispatch::Machine;

const ROOT_OF_HALF: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
const MANTISSA: u64 = (1 << 52) - 1;
const ONE: u64 = 1.0_f64.to_bits();
/// 2⁵²: with a small whole number in its lowest bits it is 2⁵² plus that number.
const CARRIER: f64 = 4_503_599_627_370_496.0;

/// f and k of a positive normal number.
#[inline(always)]
pub(super) fn split(x: f64) -> (f64, f64) {
    let shifted = x.to_bits().wrapping_add(ONE - ROOT_OF_HALF);
    let k = f64::from_bits((shifted >> 52) | CARRIER.to_bits()) - (CARRIER + 1023.0);
    let m = f64::from_bits((shifted & MANTISSA) + ROOT_OF_HALF);
    (m - 1.0, k)
}

/// The same of any positive number: subnormal ones are enlarged.
#[inline(always)]
pub(super) fn split_any(x: f64) -> (f64, f64) {
    let small = x < f64::MIN_POSITIVE;
    let (f, k) = split(if small {
        x * 18_014_398_509_481_984.0
    } else {
        x
    });
    (f, if small { k - 54.0 } else { k })
}

/// f - ln(1 + f).
#[inline(always)]
fn below_linear<M: Machine>(f: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    half_square - s * M::mul_add(z, polynomial::<M, _>(&LOG, z), half_square)
}

/// Whether x is not a positive normal number.
#[inline(always)]
pub(super) fn is_edge(x: f64) -> bool {
    // Below the least normal number the difference wraps around; negative numbers and NaN lie beyond ∞ anyway.
    const LEAST: u64 = f64::MIN_POSITIVE.to_bits();
    x.to_bits().wrapping_sub(LEAST) >= f64::INFINITY.to_bits() - LEAST
}

/// What a logarithm is there: of subnormals what it says of their f and k, -∞ at 0, ∞ at ∞, NaN elsewhere.
fn at_edge(x: f64, log: impl Fn((f64, f64)) -> f64) -> f64 {
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x < f64::MIN_POSITIVE && x > 0.0 {
        log(split_any(x))
    } else if x > 0.0 {
        x
    } else {
        f64::NAN
    }
}

/// ln(2ᵉ (u + c)), in two doubles, for a positive normal u and |c| of at most about its last digit.
#[inline(always)]
pub(super) fn log_twofold<M: Machine>(u: f64, c: f64, e: f64) -> Twofold {
    let (f, k) = split(u);
    let c = c * power_of_two(if k > 1000.0 { -1000.0 } else { -k });
    // c/(1 + f), to as many digits as c matters.
    let c = c * M::mul_add(f, f - 1.0, 1.0);
    let k = k + e;
    let (high, low) = quick_sum(k * LN_2[0], f);
    let low = low + (M::mul_add(k, LN_2[1], c) - below_linear::<M>(f));
    quick_sum(high, low)
}

/// ln(1 + x) of a number of two doubles above -1, in two doubles.
#[inline(always)]
pub(super) fn log1p_twofold<M: Machine>(x: Twofold) -> Twofold {
    let (u, c) = two_sum(1.0, x.0);
    log_twofold::<M>(u, c + x.1, 0.0)
}

/// ln(2ᵏ (1 + f)).
#[inline(always)]
fn log<M: Machine>((f, k): (f64, f64)) -> f64 {
    let (high, low) = quick_sum(k * LN_2[0], f);
    high + (low + M::mul_add(k, LN_2[1], -below_linear::<M>(f)))
}

pub(super) struct Log;
impl Elementary<1> for Log {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        log::<M>(split(x))
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        is_edge(x)
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        at_edge(x, log::<M>)
    }
}

/// log(2ᵏ (1 + f)) to another base b, from 1/ln b and the logarithm of 2.
#[inline(always)]
fn log_to_base<M: Machine>((f, k): (f64, f64), inverse: [f64; 2], of_two: [f64; 2]) -> f64 {
    let (product, rest) = two_product::<M>(f, inverse[0]);
    let rest = M::mul_add(f, inverse[1], rest);
    let (high, low) = quick_sum(k * of_two[0], product);
    let rest = M::mul_add(k, of_two[1], rest);
    let rest = M::mul_add(-below_linear::<M>(f), inverse[0], rest);
    high + (low + rest)
}

pub(super) struct Log2;
impl Elementary<1> for Log2 {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        log_to_base::<M>(split(x), LOG2_E, [1.0, 0.0])
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        is_edge(x)
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        at_edge(x, |parts| log_to_base::<M>(parts, LOG2_E, [1.0, 0.0]))
    }
}

pub(super) struct Log10;
impl Elementary<1> for Log10 {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        log_to_base::<M>(split(x), LOG10_E, LOG10_2)
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        is_edge(x)
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        at_edge(x, |parts| log_to_base::<M>(parts, LOG10_E, LOG10_2))
    }
}

pub(super) struct Log1p;
impl Elementary<1> for Log1p {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (value, _) = log1p_twofold::<M>((x, 0.0));
        // Zeros keep their sign.
        if x.abs() < 1e-17 { x } else { value }
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        is_edge(1.0 + x)
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        at_edge(1.0 + x, log::<M>)
    }
}
