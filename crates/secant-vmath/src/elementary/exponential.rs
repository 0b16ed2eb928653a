//! Exponentials: x = n ln 2 + r with |r| ≤ ln 2 / 2, a polynomial for eʳ, the sum kept in two doubles (Tang 1989, without
//! his table). The logistic function and softplus share it.

use super::coefficients::{EXP, LN_2, LN_2_TWOFOLD, LOG2_E};
use super::logarithm::log1p_twofold;
use super::twofold::{
    ROUNDER, Twofold, nearest, polynomial, power_of_two, quick_sum, quotient, scaled, two_product,
};
use super::{Elementary, clamped};
use crate::dispatch::Machine;

/// What lies beyond becomes 0 or ∞ by scaling.
const LEAST: f64 = -746.0;
const MOST: f64 = 710.0;

/// r in two doubles, and n beside [`ROUNDER`]. What `x` lacks is added to r.
#[inline(always)]
fn reduced<M: Machine>(x: Twofold) -> (Twofold, f64) {
    let rounded = M::mul_add(x.0, LOG2_E[0], ROUNDER);
    let n = rounded - ROUNDER;
    let high = M::mul_add(-n, LN_2[0], x.0);
    let low = M::mul_add(-n, LN_2[1], x.1);
    (quick_sum(high, low), rounded)
}

/// eʳ - 1 - r₀ for r = r₀ + r₁, but for r₀ r₁, which is less than a tenth of the last digit of eʳ.
#[inline(always)]
fn beyond_linear<M: Machine>(r: Twofold) -> f64 {
    M::mul_add(r.0 * r.0, polynomial::<M, _>(&EXP, r.0), r.1)
}

/// eʳ in two doubles.
#[inline(always)]
fn near_one<M: Machine>(r: Twofold) -> Twofold {
    let (high, low) = quick_sum(1.0, r.0);
    quick_sum(high, low + M::mul_add(r.0, r.1, beyond_linear::<M>(r)))
}

/// e to a power of two doubles, as (m, n) for m 2ⁿ; the power must lie between -750 and 750.
#[inline(always)]
pub(super) fn exp_twofold<M: Machine>(x: Twofold) -> (Twofold, f64) {
    let (r, rounded) = reduced::<M>(x);
    (near_one::<M>(r), rounded - ROUNDER)
}

/// e to a power of two doubles of any size, rounded.
#[inline(always)]
pub(super) fn exp_rounded<M: Machine>(x: Twofold) -> f64 {
    let inside = clamped(x.0, LEAST, MOST);
    let low = if inside == x.0 { x.1 } else { 0.0 };
    let ((high, _), n) = exp_twofold::<M>((inside, low));
    scaled(high, n)
}

/// (eˣ - 1)/4 in two doubles, for x from -50 to 710.6 of the sign told; a quarter, so that hyperbolic functions may double it.
#[inline(always)]
pub(super) fn expm1_quarter<M: Machine>(x: f64, negative: bool) -> Twofold {
    let (r, rounded) = reduced::<M>((x, 0.0));
    // 2ⁿ/4: n stands in the lowest bits of the rounded number.
    let power = f64::from_bits((rounded.to_bits() << 52).wrapping_add(0.25_f64.to_bits()));
    let (whole, lost) = if negative {
        quick_sum(-0.25, power)
    } else {
        quick_sum(power, -0.25)
    };
    let (high, low) = quick_sum(whole, power * r.0);
    quick_sum(high, M::mul_add(power, beyond_linear::<M>(r), low + lost))
}

pub(super) struct Exp;
impl Elementary<1> for Exp {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, rounded) = reduced::<M>((clamped(x, LEAST, MOST), 0.0));
        let (high, low) = quick_sum(1.0, r.0);
        scaled(high + (low + beyond_linear::<M>(r)), rounded - ROUNDER)
    }
}

pub(super) struct Exp2;
impl Elementary<1> for Exp2 {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let x = clamped(x, -1076.0, 1025.0);
        let n = nearest(x);
        let (high, low) = two_product::<M>(x - n, LN_2_TWOFOLD[0]);
        let (value, _) = near_one::<M>((high, M::mul_add(x - n, LN_2_TWOFOLD[1], low)));
        scaled(value, n)
    }
}

pub(super) struct Expm1;
impl Elementary<1> for Expm1 {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (quarter, _) = expm1_quarter::<M>(clamped(x, -50.0, MOST), x < 0.0);
        // Below, x² / 2 is less than half of the last digit; so zeros keep their sign, and subnormals all digits.
        if x.abs() < 1e-17 { x } else { 4.0 * quarter }
    }
}

pub(super) struct Sigmoid;
impl Elementary<1> for Sigmoid {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (e, n) = exp_twofold::<M>((clamped(-x.abs(), LEAST, 0.0), 0.0));
        // In the denominator a power beyond 2^-1000 may be taken for that.
        let power = power_of_two(if n < -1000.0 { -1000.0 } else { n });
        let (below, low) = quick_sum(1.0, e.0 * power);
        let below = (below, M::mul_add(e.1, power, low));
        let negative = x < 0.0;
        let above = if negative { e } else { (1.0, 0.0) };
        let (high, low) = quotient::<M>(above, below);
        scaled(high + low, if negative { n } else { 0.0 })
    }
}

pub(super) struct Softplus;
impl Elementary<1> for Softplus {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (e, n) = exp_twofold::<M>((clamped(-x.abs(), LEAST, 0.0), 0.0));
        let power = power_of_two(if n < -1000.0 { -1000.0 } else { n });
        let (log, log_low) = log1p_twofold::<M>((e.0 * power, e.1 * power));
        let (high, low) = quick_sum(if x > 0.0 { x } else { 0.0 }, log);
        // Far above 0 softplus is x, far below eˣ, down to the subnormals.
        let value = if x > 50.0 { x } else { high + (low + log_low) };
        if x < -50.0 { scaled(e.0, n) } else { value }
    }
}
