//! Sine, cosine, tangent: x = n π/2 + r with |r| ≤ π/4 in two doubles, a polynomial for each of sine and cosine of r, and the
//! quadrant picks. Up to 2¹⁹ quarter turns r comes from π/2 in three parts (Cody and Waite 1980); beyond, and where r nearly
//! vanishes, from 2/π to 1280 bits (Payne and Hanek 1983).

use super::Elementary;
use super::coefficients::{COS, HALF_PI, HALF_PI_PARTS, SIN, TWO_OVER_PI};
use super::twofold::{
    ROUNDER, Twofold, polynomial, product, quick_sum, quotient, two_product, two_sum,
};
use crate::dispatch::Machine;

/// 2¹⁹ quarter turns: n has so few bits that its products with the first two parts of π/2 are exact.
const FAR: f64 = 823_549.0;
/// Below, the third part of π/2 leaves r too few digits.
const NEAR: f64 = 5e-14;

/// r, and the quadrant in the two lowest bits.
#[inline(always)]
fn reduced<M: Machine>(x: f64) -> (Twofold, u64) {
    let rounded = M::mul_add(x, std::f64::consts::FRAC_2_PI, ROUNDER);
    let n = rounded - ROUNDER;
    let high = M::mul_add(-n, HALF_PI_PARTS[0], x);
    let (high, low) = two_sum(high, -(n * HALF_PI_PARTS[1]));
    let low = M::mul_add(-n, HALF_PI_PARTS[2], low);
    (quick_sum(high, low), rounded.to_bits())
}

#[inline(always)]
fn is_hard<M: Machine>(x: f64) -> bool {
    let (r, _) = reduced::<M>(x);
    (x.abs() > FAR) | ((r.0.abs() < NEAR) & (x.abs() > 0.7))
}

/// The same of any x, by whole numbers: x is m 2ᵉ, and of 2/π only 192 bits matter for m 2ᵉ 2/π beyond the multiples of 4.
fn reduced_far<M: Machine>(x: f64) -> (Twofold, u64) {
    if !x.is_finite() {
        return ((f64::NAN, f64::NAN), 0);
    }
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1075;
    let m = u128::from((bits & ((1 << 52) - 1)) | (1 << 52));
    let skipped = (exponent - 2).max(0) as usize;
    let word = |place: usize| {
        let (first, shift) = (skipped / 64 + place, skipped % 64);
        let at = |word: usize| u128::from(TWO_OVER_PI.get(word).copied().unwrap_or(0));
        ((((at(first) << 64) | at(first + 1)) << shift) >> 64) & u128::from(u64::MAX)
    };
    // The product of m with the window of 192 bits, in four words, the lowest last.
    let low = m * word(2);
    let middle = m * word(1) + (low >> 64);
    let high = m * word(0) + (middle >> 64);
    let mask = u128::from(u64::MAX);
    let mut upper = high;
    let mut lower = ((middle & mask) << 64) | (low & mask);
    // It stands for a multiple of 2^-190; a smaller exponent than 2 moves it down.
    let down = (2 - exponent).max(0) as u32;
    if down > 0 {
        lower = (lower >> down) | (upper << (128 - down));
        upper >>= down;
    }
    // Above 190 bits stands the quadrant, below the turn within it.
    let quadrant = ((upper >> 62) & 3) as u64;
    let top = (upper as u64) << 2 | (lower >> 126) as u64;
    let fraction = (u128::from(top) << 64) | ((lower >> 62) as u64 as u128);
    let rest = (lower as u64) << 2;
    let round_up = fraction >> 127 == 1;
    let (fraction, rest) = if round_up {
        let (rest, none) = (!rest).overflowing_add(1);
        ((!fraction).wrapping_add(u128::from(none)), rest)
    } else {
        (fraction, rest)
    };
    let zeros = fraction.leading_zeros().min(127);
    let filled = if zeros == 0 {
        fraction
    } else if zeros <= 64 {
        (fraction << zeros) | (u128::from(rest) >> (64 - zeros))
    } else {
        (fraction << zeros) | (u128::from(rest) << (zeros - 64))
    };
    let unit = 2.0_f64.powi(-(zeros as i32));
    let first = (filled >> 75) as f64 * 2.0_f64.powi(-53) * unit;
    let second = ((filled >> 22) & ((1 << 53) - 1)) as f64 * 2.0_f64.powi(-106) * unit;
    let (high, low) = product::<M>((first, second), (HALF_PI[0], HALF_PI[1]));
    let (sign, quadrant) = if round_up {
        (-1.0, quadrant + 1)
    } else {
        (1.0, quadrant)
    };
    if x < 0.0 {
        ((-sign * high, -sign * low), quadrant.wrapping_neg())
    } else {
        ((sign * high, sign * low), quadrant)
    }
}

/// The sine of r as a number and a small rest.
#[inline(always)]
fn sine<M: Machine>(r: Twofold) -> Twofold {
    let z = r.0 * r.0;
    let beyond = r.0 * z * polynomial::<M, _>(&SIN, z);
    (r.0, M::mul_add(r.1, M::mul_add(-0.5, z, 1.0), beyond))
}

/// The cosine of r likewise.
#[inline(always)]
fn cosine<M: Machine>(r: Twofold) -> Twofold {
    let (z, lost) = two_product::<M>(r.0, r.0);
    let (high, low) = quick_sum(1.0, -0.5 * z);
    let beyond = M::mul_add(z * z, polynomial::<M, _>(&COS, z), -0.5 * lost);
    (high, low + M::mul_add(-r.0, r.1, beyond))
}

/// The sine of r moved on by so many quadrants: the sine for 0, the cosine for 1.
#[inline(always)]
fn moved<M: Machine>(r: Twofold, quadrant: u64) -> f64 {
    let (sine, cosine) = (sine::<M>(r), cosine::<M>(r));
    let (high, low) = if quadrant & 1 == 1 { cosine } else { sine };
    f64::from_bits((high + low).to_bits() ^ ((quadrant & 2) << 62))
}

/// The tangent of r moved on by so many quadrants.
#[inline(always)]
fn slope<M: Machine>(r: Twofold, quadrant: u64) -> f64 {
    let (sine, cosine) = (sine::<M>(r), cosine::<M>(r));
    let (sine, cosine) = (quick_sum(sine.0, sine.1), quick_sum(cosine.0, cosine.1));
    let odd = quadrant & 1 == 1;
    let above = if odd { (-cosine.0, -cosine.1) } else { sine };
    let (high, low) = quotient::<M>(above, if odd { sine } else { cosine });
    high + low
}

/// Sine and tangent of so small an x are x: zeros keep their sign, subnormals their digits.
#[inline(always)]
fn unless_tiny(x: f64, value: f64) -> f64 {
    if x.abs() < 1e-9 { x } else { value }
}

pub(super) struct Sin;
impl Elementary<1> for Sin {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant) = reduced::<M>(x);
        unless_tiny(x, moved::<M>(r, quadrant))
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        is_hard::<M>(x)
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant) = reduced_far::<M>(x);
        moved::<M>(r, quadrant)
    }
}

pub(super) struct Cos;
impl Elementary<1> for Cos {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant) = reduced::<M>(x);
        moved::<M>(r, quadrant.wrapping_add(1))
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        is_hard::<M>(x)
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant) = reduced_far::<M>(x);
        moved::<M>(r, quadrant.wrapping_add(1))
    }
}

pub(super) struct Tan;
impl Elementary<1> for Tan {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant) = reduced::<M>(x);
        unless_tiny(x, slope::<M>(r, quadrant))
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        is_hard::<M>(x)
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant) = reduced_far::<M>(x);
        slope::<M>(r, quadrant)
    }
}
