//! Powers and roots.

use super::Elementary;
use super::coefficients::{CBRT, LN_2, LOG_TAIL, TWO_THIRDS};
use super::exponential::exp_rounded;
use super::logarithm::{is_edge, split, split_any};
use super::twofold::{Twofold, polynomial, product, quick_sum, quotient, root, two_product};
use crate::dispatch::Machine;

/// ln of a positive normal number to about 66 bits: 2 atanh(s) = 2 s + s³ (⅔ + s² tail(s²)), all but the tail in two doubles.
#[inline(always)]
fn log_accurate<M: Machine>((f, k): (f64, f64)) -> Twofold {
    let s = quotient::<M>((f, 0.0), quick_sum(2.0, f));
    let square = product::<M>(s, s);
    let tail = polynomial::<M, _>(&LOG_TAIL, square.0);
    let (high, low) = product::<M>(square, (tail, 0.0));
    let (bracket, lost) = quick_sum(TWO_THIRDS[0], high);
    let bracket = (bracket, lost + (low + TWO_THIRDS[1]));
    let beyond = product::<M>(product::<M>(square, s), bracket);
    let (high, low) = quick_sum(2.0 * s.0, beyond.0);
    let low = low + M::mul_add(2.0, s.1, beyond.1);
    let (whole, lost) = quick_sum(k * LN_2[0], high);
    (whole, lost + M::mul_add(k, LN_2[1], low))
}

/// From here on every double is whole.
const DIGITS: f64 = 4_503_599_627_370_496.0;
/// 2⁶⁵: with such exponents every base but 1 has left the range.
const FAR: f64 = 36_893_488_147_419_103_232.0;

/// Whether a number that is not negative is whole.
#[inline(always)]
fn is_whole(y: f64) -> bool {
    (y >= DIGITS) | ((y + DIGITS) - DIGITS == y)
}

pub(super) struct Pow;
impl Pow {
    /// e^(y ln |x|), the logarithm and its product with y in two doubles; negative for a negative x and an odd y.
    #[inline(always)]
    fn signed<M: Machine>(x: f64, y: f64, parts: (f64, f64)) -> f64 {
        let log = log_accurate::<M>(parts);
        let (high, low) = two_product::<M>(y, log.0);
        let power = exp_rounded::<M>((high, M::mul_add(y, log.1, low)));
        let size = y.abs();
        let odd = is_whole(size) & !is_whole(0.5 * size);
        if (x < 0.0) & odd { -power } else { power }
    }
}
impl Elementary<2> for Pow {
    #[inline(always)]
    fn value<M: Machine>([x, y]: [f64; 2]) -> f64 {
        Self::signed::<M>(x, y, split(x.abs()))
    }

    #[inline(always)]
    fn is_hard<M: Machine>([x, y]: [f64; 2]) -> bool {
        is_edge(x.abs()) | y.is_nan() | (y.abs() >= FAR) | ((x < 0.0) & !is_whole(y.abs()))
    }

    /// The cases of IEEE 754, and subnormal bases.
    fn hard<M: Machine>([x, y]: [f64; 2]) -> f64 {
        if x == 1.0 || y == 0.0 {
            return 1.0;
        }
        let (base, size) = (x.abs(), y.abs());
        let whole = is_whole(size);
        if x.is_nan() || y.is_nan() || (x < 0.0 && !whole && base.is_finite()) {
            return f64::NAN;
        }
        if base == 1.0 {
            return if is_whole(0.5 * size) { 1.0 } else { x };
        }
        if base == 0.0 || base.is_infinite() || size >= FAR {
            let odd = whole && !is_whole(0.5 * size);
            let power = if (base < 1.0) == (y > 0.0) {
                0.0
            } else {
                f64::INFINITY
            };
            return if x.is_sign_negative() && odd {
                -power
            } else {
                power
            };
        }
        Self::signed::<M>(x, y, split_any(base))
    }
}

pub(super) struct Cbrt;
impl Elementary<1> for Cbrt {
    /// A third of the exponent's bits, a polynomial to 23 bits, one Newton step from a number whose square is exact (FreeBSD,
    /// Evans 2005).
    #[inline(always)]
    fn value<M: Machine>([x]: [f64; 1]) -> f64 {
        const THIRD: u64 = 0x5555_5556;
        const BIAS: u64 = 715_094_163;
        let size = x.abs();
        let small = size < f64::MIN_POSITIVE;
        let a = if small {
            size * 18_014_398_509_481_984.0
        } else {
            size
        };
        let third = ((a.to_bits() >> 32) * THIRD) >> 32;
        let guess = f64::from_bits((third + BIAS) << 32);
        let off = M::mul_add(guess * guess, guess / a, -1.0);
        let guess = guess * polynomial::<M, _>(&CBRT, off);
        let t = f64::from_bits((guess.to_bits() + 0x8000_0000) & 0xffff_ffff_c000_0000);
        let ratio = a / (t * t);
        let value = M::mul_add(t, (ratio - t) / (2.0 * t + ratio), t);
        let value = if small {
            value * (1.0 / 262_144.0)
        } else {
            value
        };
        let edge = (x == 0.0) | (size == f64::INFINITY) | x.is_nan();
        if edge { x } else { value.copysign(x) }
    }
}

pub(super) struct Hypot;
impl Hypot {
    /// For sizes whose squares neither overflow nor vanish.
    #[inline(always)]
    fn moderate<M: Machine>(greater: f64, lesser: f64) -> f64 {
        let (first, first_low) = two_product::<M>(greater, greater);
        let (second, second_low) = two_product::<M>(lesser, lesser);
        let (square, low) = quick_sum(first, second);
        let (high, low) = root::<M>((square, low + (first_low + second_low)));
        high + low
    }

    #[inline(always)]
    fn ordered([x, y]: [f64; 2]) -> (f64, f64) {
        let (x, y) = (x.abs(), y.abs());
        if x < y { (y, x) } else { (x, y) }
    }
}
impl Elementary<2> for Hypot {
    #[inline(always)]
    fn value<M: Machine>(x: [f64; 2]) -> f64 {
        let (greater, lesser) = Self::ordered(x);
        Self::moderate::<M>(greater, lesser)
    }

    #[inline(always)]
    fn is_hard<M: Machine>(x: [f64; 2]) -> bool {
        let (greater, lesser) = Self::ordered(x);
        greater.is_nan() | lesser.is_nan() | (greater >= 1e150) | (greater <= 1e-120)
    }

    fn hard<M: Machine>([x, y]: [f64; 2]) -> f64 {
        if x.is_infinite() || y.is_infinite() {
            return f64::INFINITY;
        }
        let (greater, lesser) = Self::ordered([x, y]);
        if greater == 0.0 || x.is_nan() || y.is_nan() {
            return greater + lesser;
        }
        let up = if greater > 1.0 {
            2.0_f64.powi(-600)
        } else {
            2.0_f64.powi(600)
        };
        Self::moderate::<M>(greater * up, lesser * up) / up
    }
}
