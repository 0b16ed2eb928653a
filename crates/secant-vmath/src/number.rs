//! What `f32` and `f64` have in common: the arithmetic that needs no kernel of its own.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::dispatch::LANES;

/// Arithmetic of one number.
pub trait Number:
    Copy
    + Default
    + PartialOrd
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + 'static
{
    const ZERO: Self;
    const ONE: Self;
    const ONES: &'static [Self; LANES];
    fn fused(self, factor: Self, summand: Self) -> Self;
    fn absolute(self) -> Self;
    fn root(self) -> Self;
    fn down(self) -> Self;
    fn up(self) -> Self;
    fn to_even(self) -> Self;
    fn is_nan(self) -> bool;
    fn is_negative(self) -> bool;
}

macro_rules! number {
    ($real:ty) => {
        impl Number for $real {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const ONES: &'static [Self; LANES] = &[1.0; LANES];
            #[inline(always)]
            fn fused(self, factor: Self, summand: Self) -> Self {
                self.mul_add(factor, summand)
            }
            #[inline(always)]
            fn absolute(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn root(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn down(self) -> Self {
                self.floor()
            }
            #[inline(always)]
            fn up(self) -> Self {
                self.ceil()
            }
            #[inline(always)]
            fn to_even(self) -> Self {
                self.round_ties_even()
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            #[inline(always)]
            fn is_negative(self) -> bool {
                self.is_sign_negative()
            }
        }
    };
}

number!(f64);
number!(f32);
