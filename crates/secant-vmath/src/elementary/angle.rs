//! Inverse trigonometric functions. The arc tangent of y/x turns the point by 0, π/4 or π/2 so that |t| ≤ tan π/8 remains; arc sine
//! and arc cosine beyond ½ use asin(x) = π/2 - 2 asin √((1 - x)/2).

use super::Elementary;
use super::coefficients::{ASIN, ATAN, HALF_PI, PI};
use super::twofold::{Twofold, polynomial, quick_sum, quotient, root, two_sum};
use crate::dispatch::Machine;

const TAN_PI_8: f64 = std::f64::consts::SQRT_2 - 1.0;
const TAN_3_PI_8: f64 = std::f64::consts::SQRT_2 + 1.0;

/// The angle of (x, y) with both not negative, in two doubles.
#[inline(always)]
fn angle<M: Machine>(y: f64, x: f64) -> Twofold {
    let steep = y > TAN_3_PI_8 * x;
    let slanted = y > TAN_PI_8 * x;
    let (difference, sum) = (two_sum(y, -x), two_sum(y, x));
    let above = if slanted { difference } else { (y, 0.0) };
    let above = if steep { (-x, 0.0) } else { above };
    let below = if slanted { sum } else { (x, 0.0) };
    let below = if steep { (y, 0.0) } else { below };
    let (t, low) = quotient::<M>(above, below);
    let z = t * t;
    let beyond = M::mul_add(
        t * z,
        polynomial::<M, _>(&ATAN, z),
        M::mul_add(-z, low, low),
    );
    let turn = if slanted { 0.5 } else { 0.0 };
    let turn = if steep { 1.0 } else { turn };
    let (high, lost) = quick_sum(turn * HALF_PI[0], t);
    (high, lost + M::mul_add(turn, HALF_PI[1], beyond))
}

pub(super) struct Atan;
impl Elementary<1> for Atan {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let size = x.abs();
        // Beyond, the arc tangent is π/2 to the last digit; and y/x has all its digits below.
        let (high, low) = angle::<M>(if size > 1e20 { 1e20 } else { size }, 1.0);
        (high + low).copysign(x)
    }
}

pub(super) struct Atan2;
impl Atan2 {
    /// For sizes whose quotient neither overflows nor loses digits.
    #[inline(always)]
    fn moderate<M: Machine>(y: f64, x: f64) -> f64 {
        let (high, low) = angle::<M>(y.abs(), x.abs());
        let (back, lost) = quick_sum(PI[0], -high);
        let back = back + (lost + (PI[1] - low));
        let negative = x.to_bits() >> 63 == 1;
        (if negative { back } else { high + low }).copysign(y)
    }

    #[inline(always)]
    fn is_moderate(x: f64) -> bool {
        (x.abs() > 1e-140) & (x.abs() < 1e140)
    }
}
impl Elementary<2> for Atan2 {
    #[inline(always)]
    fn value<M: Machine>([y, x]: [f64; 2]) -> f64 {
        Self::moderate::<M>(y, x)
    }

    #[inline(always)]
    fn is_hard<M: Machine>([y, x]: [f64; 2]) -> bool {
        !(Self::is_moderate(x) & Self::is_moderate(y))
    }

    fn hard<M: Machine>([y, x]: [f64; 2]) -> f64 {
        if x.is_nan() || y.is_nan() {
            return f64::NAN;
        }
        let (height, width) = (y.abs(), x.abs());
        // Zeros and infinities have the angles of points on an axis or a diagonal.
        if height == 0.0 {
            return Self::moderate::<M>(y, 1.0_f64.copysign(x));
        }
        if height.is_infinite() || width.is_infinite() {
            let unit = |size: f64| if size.is_infinite() { 1.0_f64 } else { 0.0 };
            return Self::moderate::<M>(unit(height).copysign(y), unit(width).copysign(x));
        }
        if width == 0.0 {
            return HALF_PI[0].copysign(y);
        }
        // Sides that differ by more than 2⁷⁰ make the angle of an axis, beside the positive one y/x.
        let up = |size: f64| {
            if size < 1e-140 {
                size * 2.0_f64.powi(600)
            } else {
                size
            }
        };
        let exponent = |size: f64| {
            let shift = if size < 1e-140 { 600 } else { 0 };
            ((up(size).to_bits() >> 52) & 0x7ff) as i32 - shift
        };
        let apart = exponent(height) - exponent(width);
        if apart > 70 {
            return HALF_PI[0].copysign(y);
        }
        if apart < -70 {
            return if x < 0.0 { PI[0].copysign(y) } else { y / x };
        }
        let unit = |size: f64| {
            if height.max(width) > 1e100 {
                size * 2.0_f64.powi(-600)
            } else {
                size * 2.0_f64.powi(600)
            }
        };
        Self::moderate::<M>(unit(y), unit(x))
    }
}

/// For |x| up to ½ the sine s = |x|, beyond √((1 - |x|)/2); then asin s - s, with what s lacks.
#[inline(always)]
fn arc<M: Machine>(size: f64) -> (Twofold, bool) {
    let far = size > 0.5;
    let z = if far { 0.5 - 0.5 * size } else { size * size };
    let half = root::<M>((z, 0.0));
    let (s, low) = if far { half } else { (size, 0.0) };
    let beyond = M::mul_add(s * z, polynomial::<M, _>(&ASIN, z), low);
    ((s, beyond), far)
}

pub(super) struct Asin;
impl Elementary<1> for Asin {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let ((s, beyond), far) = arc::<M>(x.abs());
        let (high, low) = quick_sum(HALF_PI[0], -2.0 * s);
        let folded = high + (low + M::mul_add(-2.0, beyond, HALF_PI[1]));
        (if far { folded } else { s + beyond }).copysign(x)
    }
}

pub(super) struct Acos;
impl Elementary<1> for Acos {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let ((s, beyond), far) = arc::<M>(x.abs());
        let negative = x < 0.0;
        // π/2 ∓ asin |x| near 0; 2 asin s near 1, π less that near -1.
        let (start, rest) = if far {
            (PI[0], PI[1])
        } else {
            (HALF_PI[0], HALF_PI[1])
        };
        let factor = if far { 2.0 } else { 1.0 };
        let factor = if far | !negative { -factor } else { factor };
        let (high, low) = quick_sum(start, factor * s);
        let value = high + (low + M::mul_add(factor, beyond, rest));
        if far & !negative {
            2.0 * (s + beyond)
        } else {
            value
        }
    }
}
