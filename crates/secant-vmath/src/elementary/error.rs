//! The error function and its kin. Erf is x (1 + polynomial of x²) up to 1, beyond 1 - e^(-x²) times a polynomial of 1/(x + 2). Erfc and the share
//! of the normal distribution have to be right far out too: e^(-x²) in two doubles, times a function that is nearly constant, over x + a shift.

use super::coefficients::{ERF, ERF_FAR, ERFC, NORMAL};
use super::exponential::{exp_rounded, exp_twofold};
use super::twofold::{
    Twofold, polynomial, power_of_two, product, quick_sum, quotient, residual, scaled,
    sum_of_product, two_product,
};
use super::{Elementary, clamped};
use crate::dispatch::Machine;

pub(super) struct Erf;
impl Elementary<1> for Erf {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        // At 6 the error function is 1 to the last digit.
        let size = clamped(x.abs(), 0.0, 6.0);
        let (square, low) = two_product::<M>(size, size);
        let near = M::mul_add(size, polynomial::<M, _>(&ERF, square), size);
        let sum = size + 2.0;
        let u = 1.0 / sum;
        let ratio = polynomial::<M, _>(&ERF_FAR, u);
        // What u lacks counts where the ratio does, beside 1: there it grows with the power 1.92 of u.
        let lacks = M::mul_add(-u, size - (sum - 2.0), residual::<M>(1.0, u, sum));
        let ratio = M::mul_add(ratio, 1.92 * lacks, ratio);
        let far = M::mul_add(-ratio, exp_rounded::<M>((-square, -low)), 1.0);
        (if size < 1.0 { near } else { far }).copysign(x)
    }
}

/// What makes the ratio of a tail to its density level: a polynomial of w = (x - centre)/(x + centre), after x + shift was multiplied to the ratio
/// (Shepherd and Laframboise 1981). The first coefficient has most of the digits, so that little is rounded.
struct Level {
    coefficients: &'static [f64; 24],
    centre: f64,
    shift: f64,
}

const LEVEL_OF_ERFC: Level = Level {
    coefficients: &ERFC,
    centre: 4.90625,
    shift: 0.84375,
};
const LEVEL_OF_NORMAL: Level = Level {
    coefficients: &NORMAL,
    centre: 5.625,
    shift: 1.125,
};

/// The tail beyond x >= 0, as m in two doubles and n for m 2ⁿ. The density is e to the power, at least -750.
#[inline(always)]
fn tail<M: Machine>(x: f64, power: Twofold, level: &Level) -> (Twofold, f64) {
    let (density, n) = exp_twofold::<M>(power);
    // So w is off by half of its own last place where x is small and the level steepest.
    let w = M::mul_add(2.0, x / (x + level.centre), -1.0);
    // The first four steps one by one, so that each rounds a smaller number than the next: erfc of small x, just below 1, has no digit to spare.
    let [c0, c1, c2, c3, others @ ..] = level.coefficients;
    let bend = M::mul_add(w, polynomial::<M, _>(others, w), *c3);
    let bend = M::mul_add(w, bend, *c2);
    let (high, low) = sum_of_product::<M>(*c1, w, *c0);
    let level_here = quick_sum(high, M::mul_add(w * w, bend, low));
    let shift = level.shift;
    let below = if x < shift {
        quick_sum(shift, x)
    } else {
        quick_sum(x, shift)
    };
    let above = product::<M>(density, level_here);
    (quotient::<M>(above, below), n)
}

pub(super) struct Erfc;
impl Elementary<1> for Erfc {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        // Beyond, it is less than half of the least double.
        let size = clamped(x.abs(), 0.0, 27.3);
        let (square, low) = two_product::<M>(size, size);
        let ((high, low), n) = tail::<M>(size, (-square, -low), &LEVEL_OF_ERFC);
        let tail = scaled(high + low, n);
        if x < 0.0 { 2.0 - tail } else { tail }
    }
}

pub(super) struct Gelu;
impl Elementary<1> for Gelu {
    /// x times the share of the normal distribution below x.
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        // Beyond, it is x, or less than half of the least double.
        const MOST: f64 = 38.7;
        let size = clamped(x.abs(), 0.0, MOST);
        let (square, low) = two_product::<M>(size, size);
        let (tail, n) = tail::<M>(size, (-0.5 * square, -0.5 * low), &LEVEL_OF_NORMAL);
        // Beside 1 a tail beyond 2^-1000 may be taken for that.
        let power = power_of_two(if n < -1000.0 { -1000.0 } else { n });
        let (high, low) = quick_sum(1.0, -power * tail.0);
        let negative = x < 0.0;
        let (high, low) = if negative {
            tail
        } else {
            (high, M::mul_add(-power, tail.1, low))
        };
        let at = size.copysign(x);
        let value = M::mul_add(at, high, at * low);
        let value = scaled(value, if negative { n } else { 0.0 });
        if x > MOST { x } else { value.copysign(x) }
    }
}
