//! Exponentials: x = n ln 2 + r with |r| ≤ ln 2 / 2, a polynomial for eʳ, the sum kept in two doubles (Tang 1989, without
//! his table). The logistic function and softplus share it.

use super::coefficients::{ATANH, EXP, LN_2, LN_2_TWOFOLD, LOG2_E, TANH};
use super::twofold::{
    ROUNDER, Twofold, nearest, polynomial, power_of_two, product, quick_sum, quotient, ratio,
    scaled, sum_of_product, two_product, two_sum,
};
use super::{Elementary, clamped};
use crate::dispatch::Machine;

/// What lies beyond becomes 0 or ∞ by scaling.
const LEAST: f64 = -746.0;
const MOST: f64 = 710.0;

/// r in two doubles, and n beside [`ROUNDER`]. What `x` lacks is added to r, which lies between ± ln 2 / 2, or so far ahead of that.
#[inline(always)]
pub(super) fn reduced<M: Machine>(x: Twofold, ahead: f64) -> (Twofold, f64) {
    let rounded = M::mul_add(x.0 - ahead, LOG2_E[0], ROUNDER);
    let n = rounded - ROUNDER;
    let high = M::mul_add(-n, LN_2[0], x.0);
    let low = M::mul_add(-n, LN_2[1], x.1);
    (quick_sum(high, low), rounded)
}

/// eʳ - 1 - r₀ for r = r₀ + r₁; r₁ must have been multiplied by 1 + r₀ where the result may be small.
#[inline(always)]
fn beyond_linear<M: Machine>(r: Twofold) -> f64 {
    M::mul_add(r.0 * r.0, polynomial::<M, _>(&EXP, r.0), r.1)
}

/// r with its rest multiplied so.
#[inline(always)]
fn grown<M: Machine>(r: Twofold) -> Twofold {
    (r.0, M::mul_add(r.0, r.1, r.1))
}

/// eʳ in two doubles.
#[inline(always)]
fn near_one<M: Machine>(r: Twofold) -> Twofold {
    let (high, low) = quick_sum(1.0, r.0);
    quick_sum(high, low + beyond_linear::<M>(grown::<M>(r)))
}

/// e to a power of two doubles, as (m, n) for m 2ⁿ; the power must lie between -760 and 760.
#[inline(always)]
pub(super) fn exp_twofold<M: Machine>(x: Twofold) -> (Twofold, f64) {
    let (r, rounded) = reduced::<M>(x, 0.0);
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

/// (eˣ - 1)/4 in two doubles, for x from -50 to 710.6 of the sign told; a quarter, so that it does not overflow before its
/// result does.
#[inline(always)]
fn expm1_quarter<M: Machine>(x: f64, negative: bool) -> Twofold {
    let (r, rounded) = reduced::<M>((x, 0.0), 0.0);
    // 2ⁿ/4: n stands in the lowest bits of the rounded number.
    let power = f64::from_bits((rounded.to_bits() << 52).wrapping_add(0.25_f64.to_bits()));
    let (whole, lost) = if negative {
        quick_sum(-0.25, power)
    } else {
        quick_sum(power, -0.25)
    };
    let (high, low) = quick_sum(whole, power * r.0);
    quick_sum(
        high,
        M::mul_add(power, beyond_linear::<M>(grown::<M>(r)), low + lost),
    )
}

pub(super) struct Exp;
impl Elementary<1> for Exp {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, rounded) = reduced::<M>((clamped(x, LEAST, MOST), 0.0), 0.0);
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

/// x = n (ln 2)/2 + r with r from -ln 2 / 4 + 1/128 to ln 2 / 4 + 1/128, for x from 0 to 400: r in two doubles, and n beside [`ROUNDER`].
#[inline(always)]
fn half_reduced<M: Machine>(x: f64) -> (Twofold, f64) {
    let rounded = M::mul_add(x - 1.0 / 128.0, 2.0 * LOG2_E[0], ROUNDER);
    let n = rounded - ROUNDER;
    // The difference has no more digits than a double: fused with its product, it is exact.
    let parts = if M::FUSED { LN_2_TWOFOLD } else { LN_2 };
    let (high, low) = (M::mul_add(n, -0.5 * parts[0], x), n * (-0.5 * parts[1]));
    if M::FUSED {
        ((high, low), rounded)
    } else {
        (quick_sum(high, low), rounded)
    }
}

/// tanh r in two doubles, of which the first is r₀; r₁ must have been multiplied by 1 - r₀² where that counts.
#[inline(always)]
fn tanh_near<M: Machine>(r: Twofold) -> Twofold {
    let square = r.0 * r.0;
    let bend = square * polynomial::<M, _>(&TANH, square);
    (r.0, M::mul_add(r.0, bend, r.1))
}

/// 2⁻ⁿ, from n beside [`ROUNDER`].
#[inline(always)]
fn inverse_power(rounded: f64) -> f64 {
    f64::from_bits(1.0_f64.to_bits().wrapping_sub(rounded.to_bits() << 52))
}

pub(super) struct Tanh;
impl Elementary<1> for Tanh {
    /// With t = tanh r, the addition theorem: (1 - 2⁻ⁿ + (1 + 2⁻ⁿ) t)/(1 + 2⁻ⁿ + (1 - 2⁻ⁿ) t). Where n is 0, that is t as it is. Where it is 1,
    /// r is above -1/6, so that the sum above is more than half of its first part, and what it lacks is exact.
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, rounded) = half_reduced::<M>(clamped(x.abs(), 0.0, 22.0));
        let t = tanh_near::<M>(r);
        let power = inverse_power(rounded);
        let (less, more) = (1.0 - power, 1.0 + power);
        let below = sum_of_product::<M>(less, t.0 + t.1, more);
        let (high, low) = sum_of_product::<M>(more, t.0, less);
        // What the two sums lack, far out: the difference of what `less` and `more` do, times 1 - t.
        let lacks = M::mul_add(-2.0, power, more - less);
        let low = M::mul_add(more, t.1, low) + M::mul_add(-lacks, t.0, lacks);
        ratio::<M>((high, low), below).copysign(x)
    }
}

/// e⁻²ˣ for x from 0 to 400, as t = tanh r and n for (1 - t)/(1 + t) 2⁻ⁿ, and 2⁻ⁿ, of which no power beyond 2^-1000 is told apart.
#[inline(always)]
fn falling<M: Machine>(x: f64) -> (Twofold, f64, f64) {
    let (r, rounded) = half_reduced::<M>(x);
    let t = tanh_near::<M>((r.0, M::mul_add(-(r.0 * r.0), r.1, r.1)));
    let n = rounded - ROUNDER;
    (t, n, power_of_two(if n > 1000.0 { -1000.0 } else { -n }))
}

pub(super) struct Sigmoid;
impl Elementary<1> for Sigmoid {
    /// (1 + t)/(1 + 2⁻ⁿ + (1 - 2⁻ⁿ) t) above 0, and 2⁻ⁿ (1 - t) over the same below.
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (t, n, power) = falling::<M>(clamped(0.5 * x.abs(), 0.0, 373.0));
        let negative = x < 0.0;
        let sign = if negative { -1.0 } else { 1.0 };
        let (high, low) = quick_sum(1.0, sign * t.0);
        let above = (high, M::mul_add(sign, t.1, low));
        let (more, lost) = quick_sum(1.0, power);
        let below = sum_of_product::<M>(1.0 - power, t.0 + t.1, more);
        let below = (below.0, below.1 + lost);
        scaled(ratio::<M>(above, below), if negative { -n } else { 0.0 })
    }
}

pub(super) struct Silu;
impl Elementary<1> for Silu {
    /// x times its sigmoid.
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        // Beyond, it is x, or less than half of the least double.
        let size = clamped(x.abs(), 0.0, 755.0);
        let (e, n) = exp_twofold::<M>((-size, 0.0));
        let power = power_of_two(if n < -1000.0 { -1000.0 } else { n });
        let (below, low) = quick_sum(1.0, e.0 * power);
        let below = (below, M::mul_add(e.1, power, low));
        let negative = x < 0.0;
        let at = (size.copysign(x), 0.0);
        let above = if negative { product::<M>(e, at) } else { at };
        let (high, low) = quotient::<M>(above, below);
        let value = scaled(high + low, if negative { n } else { 0.0 });
        if x > 750.0 { x } else { value.copysign(x) }
    }
}

pub(super) struct Softplus;
impl Elementary<1> for Softplus {
    /// x or 0, and ln(1 + e^(-|x|)), which is 2 atanh(s) with s = 2⁻ⁿ m, m = (1 - t)/(2 + 2⁻ⁿ + (2 - 2⁻ⁿ) t).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (t, n, power) = falling::<M>(clamped(0.5 * x.abs(), 0.0, 373.0));
        let (high, low) = quick_sum(1.0, -t.0);
        let (more, lost) = quick_sum(2.0, power);
        let below = sum_of_product::<M>(2.0 - power, t.0 + t.1, more);
        let m = quotient::<M>((high, low - t.1), (below.0, below.1 + lost));
        let m = quick_sum(m.0, m.1);
        let s = power * m.0;
        let square = s * s;
        let bend = square * polynomial::<M, _>(&ATANH, square);
        let rest = M::mul_add(m.0, bend, 2.0 * m.1);
        // Far below 0 it is eˣ, down to the subnormals; far above, x.
        let (high, low) = two_sum(if x > 0.0 { x } else { 0.0 }, 2.0 * m.0 * power);
        let value = high + M::mul_add(power, rest, low);
        let value = if x > 50.0 { x } else { value };
        if x < -50.0 {
            scaled(M::mul_add(2.0, m.0, rest), -n)
        } else {
            value
        }
    }
}
