//! Hyperbolic sine and cosine by their addition theorems, of a multiple of ln 2 and a small rest; their inverses from ln(1 + v) in two doubles, so
//! that nothing cancels.

use super::coefficients::{COSH, SINH};
use super::exponential::{exp_twofold, reduced};
use super::logarithm::{log_twofold, log1p_twofold};
use super::twofold::{
    Twofold, polynomial, power_of_two, product, quick_sum, quotient, ratio, root, scaled,
    sum_of_product, two_product, two_sum,
};
use super::{Elementary, clamped};
use crate::dispatch::Machine;

/// Where hyperbolic sine and cosine have overflowed.
const MOST: f64 = 710.6;
/// Beyond, cosh⁻¹ x and sinh⁻¹ x are ln 2x.
const FAR: f64 = 1_073_741_824.0;

#[inline(always)]
fn sum(a: Twofold, b: Twofold) -> Twofold {
    let (high, low) = two_sum(a.0, b.0);
    (high, low + (a.1 + b.1))
}

/// So far beyond ln 2 / 2 is n still 0, that where it is 1 r is above -0.3, and the first sum for sinh more than half of its first part.
const AHEAD: f64 = 3.0 / 64.0;

/// What x = n ln 2 + r leaves: r, what sinh r is more than its first part, cosh r - 1, and (2ⁿ ± 2⁻ⁿ)/8, a quarter of which sinh and
/// cosh of n ln 2 are twice.
struct Parts {
    r: f64,
    sinh_rest: f64,
    cosh_less_one: f64,
    sum: Twofold,
    difference: Twofold,
}

#[inline(always)]
fn parts<M: Machine>(size: f64) -> Parts {
    let ((r, low), rounded) = reduced::<M>((clamped(size, 0.0, MOST), 0.0), AHEAD);
    let square = r * r;
    let bend = square * polynomial::<M, _>(&SINH, square);
    let half_more = M::mul_add(square, polynomial::<M, _>(&COSH, square), 0.5);
    // 2ⁿ/8 and 2⁻ⁿ/8: n stands in the lowest bits of the rounded number.
    let (eighth, places) = (0.125_f64.to_bits(), rounded.to_bits() << 52);
    let up = f64::from_bits(eighth.wrapping_add(places));
    let down = f64::from_bits(eighth.wrapping_sub(places));
    let down = if up < 1e30 { down } else { 0.0 };
    Parts {
        r,
        sinh_rest: M::mul_add(r, bend, low),
        cosh_less_one: square * half_more,
        sum: quick_sum(up, down),
        difference: quick_sum(up, -down),
    }
}

pub(super) struct Sinh;
impl Elementary<1> for Sinh {
    /// sinh(n ln 2) cosh r + cosh(n ln 2) sinh r.
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let parts = parts::<M>(x.abs());
        let (sum, difference) = (parts.sum, parts.difference);
        let (high, low) = sum_of_product::<M>(sum.0, parts.r, difference.0);
        let rest = M::mul_add(sum.0, parts.sinh_rest, difference.0 * parts.cosh_less_one);
        // In the middle of the range the lesser power is lost beside the greater.
        let low = low + M::mul_add(sum.1, parts.r, difference.1);
        if x.abs() < 1e-9 {
            x
        } else {
            (4.0 * (high + (low + rest))).copysign(x)
        }
    }
}

pub(super) struct Cosh;
impl Elementary<1> for Cosh {
    /// cosh(n ln 2) cosh r + sinh(n ln 2) sinh r.
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let parts = parts::<M>(x.abs());
        let (sum, difference) = (parts.sum, parts.difference);
        let (high, low) = sum_of_product::<M>(difference.0, parts.r, sum.0);
        let rest = M::mul_add(difference.0, parts.sinh_rest, sum.0 * parts.cosh_less_one);
        let low = low + M::mul_add(difference.1, parts.r, sum.1);
        4.0 * (high + (low + rest))
    }
}

pub(super) struct Sech;
impl Elementary<1> for Sech {
    /// 2 e^(-|x|)/(1 + e^(-2|x|)).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        // Beyond, it is less than half of the least double.
        let (e, n) = exp_twofold::<M>((clamped(-x.abs(), -747.0, 0.0), 0.0));
        let power = power_of_two(if n < -500.0 { -500.0 } else { n });
        let e_here = (e.0 * power, e.1 * power);
        let square = product::<M>(e_here, e_here);
        let (high, low) = quick_sum(1.0, square.0);
        let value = ratio::<M>((2.0 * e.0, 2.0 * e.1), (high, low + square.1));
        scaled(value, n)
    }
}

pub(super) struct Asinh;
impl Elementary<1> for Asinh {
    /// ln(1 + v) with v = x + x²/(1 + √(1 + x²)).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let size = x.abs();
        let a = clamped(size, 0.0, FAR);
        let square = two_product::<M>(a, a);
        let length = root::<M>(sum((1.0, 0.0), square));
        let v = sum((a, 0.0), quotient::<M>(square, sum((1.0, 0.0), length)));
        let (u, c) = two_sum(1.0, v.0);
        let far = size > FAR;
        let (u, c, e) = if far {
            (size, 0.0, 1.0)
        } else {
            (u, c + v.1, 0.0)
        };
        let (high, low) = log_twofold::<M>(u, c, e);
        let value = if (size < 1e-9) | (size == f64::INFINITY) {
            size
        } else {
            high + low
        };
        value.copysign(x)
    }
}

pub(super) struct Acosh;
impl Elementary<1> for Acosh {
    /// ln(1 + v) with v = t + √(t² + 2 t), t = x - 1.
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let t = two_sum(clamped(x, 1.0, FAR), -1.0);
        let v = sum(
            t,
            root::<M>(sum(product::<M>(t, t), (2.0 * t.0, 2.0 * t.1))),
        );
        let (u, c) = two_sum(1.0, v.0);
        let far = x > FAR;
        let (u, c, e) = if far {
            (x, 0.0, 1.0)
        } else {
            (u, c + v.1, 0.0)
        };
        let (high, low) = log_twofold::<M>(u, c, e);
        let value = if x == f64::INFINITY { x } else { high + low };
        if x >= 1.0 { value } else { f64::NAN }
    }
}

pub(super) struct Atanh;
impl Elementary<1> for Atanh {
    /// ½ ln(1 + v) with v = 2 x/(1 - x).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let size = x.abs();
        let v = quotient::<M>((2.0 * size, 0.0), two_sum(1.0, -size));
        let (high, low) = log1p_twofold::<M>(v);
        let value = if size < 1e-9 {
            size
        } else {
            0.5 * (high + low)
        };
        let value = if size == 1.0 { f64::INFINITY } else { value };
        (if size <= 1.0 { value } else { f64::NAN }).copysign(x)
    }
}
