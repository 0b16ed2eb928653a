//! The error function: x (1 + polynomial of x²) up to 1, beyond 1 - e^(-x²) times a polynomial of 1/(x + 2).

use super::coefficients::{ERF, ERFC};
use super::exponential::exp_rounded;
use super::twofold::{polynomial, two_product};
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
        let ratio = polynomial::<M, _>(&ERFC, 1.0 / (size + 2.0));
        let far = M::mul_add(-ratio, exp_rounded::<M>((-square, -low)), 1.0);
        (if size < 1.0 { near } else { far }).copysign(x)
    }
}
