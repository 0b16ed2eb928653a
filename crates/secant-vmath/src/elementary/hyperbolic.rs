//! Hyperbolic functions from eˣ - 1, their inverses from ln(1 + v), both in two doubles, so that nothing cancels.

use super::exponential::{exp_twofold, expm1_quarter};
use super::logarithm::{log_twofold, log1p_twofold};
use super::twofold::{
    Twofold, power_of_two, product, quick_sum, quotient, ratio, root, two_product, two_sum,
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

pub(super) struct Tanh;
impl Elementary<1> for Tanh {
    /// With q = (e⁻²ˣ - 1)/4, which lies between 0 and -¼: -q/(½ + q).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (q, low) = expm1_quarter::<M>(-2.0 * clamped(x.abs(), 0.0, 22.0), true);
        let (below, lost) = quick_sum(0.5, q);
        let value = ratio::<M>((q, low), (below, lost + low));
        if x.abs() < 1e-9 { x } else { value.copysign(x) }
    }
}

pub(super) struct Sinh;
impl Elementary<1> for Sinh {
    /// With q = (eˣ - 1)/4: 2 (q + (q/4)/(q + ¼)).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let q = expm1_quarter::<M>(clamped(x.abs(), 0.0, MOST), false);
        let fraction = quotient::<M>((0.25 * q.0, 0.25 * q.1), sum((0.25, 0.0), q));
        let (high, low) = sum(q, fraction);
        if x.abs() < 1e-9 {
            x
        } else {
            (2.0 * (high + low)).copysign(x)
        }
    }
}

pub(super) struct Cosh;
impl Elementary<1> for Cosh {
    /// With q = eˣ/4: 2 (q + 1/(16 q)).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (e, n) = exp_twofold::<M>((clamped(x.abs(), 0.0, MOST), 0.0));
        let power = power_of_two(n - 2.0);
        let q = (e.0 * power, e.1 * power);
        let (high, low) = sum(q, quotient::<M>((0.0625, 0.0), q));
        2.0 * (high + low)
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
