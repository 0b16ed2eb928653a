//! Sine, cosine, tangent: x = n π/2 + r with |r| ≤ π/4 in two doubles, a polynomial for each of sine and cosine of r, and the
//! quadrant picks. Most r come from π/2 in two parts (Cody and Waite 1980); those of huge x, and those that nearly vanish, from
//! 2/π to 1280 bits (Payne and Hanek 1983).

use super::Elementary;
use super::coefficients::{COS, HALF_PI, HALF_PI_PARTS, SIN, TWO_OVER_PI};
use super::twofold::{ROUNDER, Twofold, polynomial, product, quick_sum, ratio};
use crate::dispatch::Machine;

/// 2¹⁷ quarter turns: n has so few bits that its product with the first part of π/2 is exact. Where the product is fused with
/// the sum, the difference alone need be exact, and it is.
const FAR: f64 = 205_887.0;
/// The two parts of π/2 are off by 2⁻⁹², so that r is off by less than 2⁻⁵⁹ of itself if it is greater than n times this.
const LEAST_SHARE: f64 = 1.0 / 8_589_934_592.0;

/// r, and in the two lowest bits the quadrant, so many ahead; and whether r is all there: it is not beside a multiple of π/2, nor
/// where n is so great that its share is greater than any r. Zeros count as not, for their sign.
#[inline(always)]
fn reduced<M: Machine>(x: f64, ahead: f64) -> (Twofold, u64, bool) {
    let rounder = ROUNDER + ahead;
    let rounded = M::mul_add(x, std::f64::consts::FRAC_2_PI, rounder);
    let n = rounded - rounder;
    let first = M::mul_add(-n, HALF_PI_PARTS[0], x);
    let high = M::mul_add(-n, HALF_PI_PARTS[1], first);
    let low = M::mul_add(-n, HALF_PI_PARTS[1], first - high);
    let least = n * LEAST_SHARE;
    let all = (high * high > least * least) & (M::FUSED | (x.abs() <= FAR));
    ((high, low), rounded.to_bits(), all)
}

/// The same of any x, by whole numbers: x is m 2ᵉ, and of 2/π only 192 bits matter for m 2ᵉ 2/π beyond the multiples of 4.
fn reduced_far<M: Machine>(x: f64) -> (Twofold, u64) {
    if x.abs() < 1e-9 {
        return ((x, 0.0), 0);
    }
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

/// The second number where the mask has all bits set, the first where it has none. (Of two constants the compiler would make
/// a table, and look up lane by lane.)
#[inline(always)]
fn chosen(mask: u64, first: f64, second: f64) -> f64 {
    f64::from_bits(first.to_bits() ^ ((first.to_bits() ^ second.to_bits()) & mask))
}

/// The sine of r, or its cosine where the mask is set, as a number and a small rest: r + r³ S(r²), or 1 - r²/2 + r⁴ C(r²).
#[inline(always)]
fn circular<M: Machine>(r: Twofold, mask: u64) -> Twofold {
    let z = r.0 * r.0;
    let whole = M::mul_add(-0.5, z, 1.0);
    let whole_lost = M::mul_add(-0.5, z, 1.0 - whole);
    // To each what r lacks times the derivative.
    let (sine_low, cosine_low) = (whole * r.1, M::mul_add(-r.0, r.1, whole_lost));
    let (high, low) = (chosen(mask, r.0, whole), chosen(mask, sine_low, cosine_low));
    let coefficients = [
        chosen(mask, SIN[0], COS[0]),
        chosen(mask, SIN[1], COS[1]),
        chosen(mask, SIN[2], COS[2]),
        chosen(mask, SIN[3], COS[3]),
        chosen(mask, SIN[4], COS[4]),
        chosen(mask, SIN[5], COS[5]),
    ];
    let rest = polynomial::<M, _>(&coefficients, z);
    (high, M::mul_add(z * chosen(mask, r.0, z), rest, low))
}

/// All bits set in an odd quadrant, where sine and cosine change places.
#[inline(always)]
fn odd(quadrant: u64) -> u64 {
    (quadrant & 1).wrapping_neg()
}

/// The sine of r moved on by so many quadrants: the sine for 0, the cosine for 1.
#[inline(always)]
fn moved<M: Machine>(r: Twofold, quadrant: u64) -> f64 {
    let (high, low) = circular::<M>(r, odd(quadrant));
    f64::from_bits((high + low).to_bits() ^ ((quadrant & 2) << 62))
}

/// The tangent of r moved on by so many quadrants.
#[inline(always)]
fn slope<M: Machine>(r: Twofold, quadrant: u64) -> f64 {
    let (sine, cosine) = (circular::<M>(r, 0), circular::<M>(r, u64::MAX));
    let (sine, cosine) = (quick_sum(sine.0, sine.1), quick_sum(cosine.0, cosine.1));
    let even = quadrant & 1 == 0;
    let above = if even { sine } else { (-cosine.0, -cosine.1) };
    ratio::<M>(above, if even { cosine } else { sine })
}

pub(super) struct Sin;
impl Elementary<1> for Sin {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant, _) = reduced::<M>(x, 0.0);
        moved::<M>(r, quadrant)
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        let (_, _, all) = reduced::<M>(x, 0.0);
        !all
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        if x == 0.0 {
            return x;
        }
        let (r, quadrant) = reduced_far::<M>(x);
        moved::<M>(r, quadrant)
    }
}

pub(super) struct Cos;
impl Elementary<1> for Cos {
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        let (r, quadrant, _) = reduced::<M>(x, 1.0);
        moved::<M>(r, quadrant)
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        let (_, _, all) = reduced::<M>(x, 1.0);
        !all
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
        let (r, quadrant, _) = reduced::<M>(x, 0.0);
        slope::<M>(r, quadrant)
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x]: [f64; 1]) -> bool {
        let (_, _, all) = reduced::<M>(x, 0.0);
        !all
    }

    fn hard<M: Machine>([x]: [f64; 1]) -> f64 {
        if x == 0.0 {
            return x;
        }
        let (r, quadrant) = reduced_far::<M>(x);
        slope::<M>(r, quadrant)
    }
}
