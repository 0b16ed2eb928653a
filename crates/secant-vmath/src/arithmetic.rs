//! Arithmetic over slices: each result is that of one IEEE operation, the same bits on every machine.

use crate::dispatch::{Carrier, Kernel, Machine, Real};
use crate::number::Number;
use crate::operand::Operand;

/// Declares operations: a type that is their kernel, and the function over slices.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($($x:ident),+) = $value:expr;)+) => {$(
        $(#[$doc])*
        pub fn $name<'a, R: Real>($($x: impl Into<Operand<'a, R>>),+, out: &mut [R]) {
            struct Operation;
            impl<R: Number> Kernel<R, { [$(stringify!($x)),+].len() }> for Operation {
                #[inline(always)]
                fn value<M: Machine>([$($x),+]: [R; [$(stringify!($x)),+].len()]) -> R {
                    $value
                }
            }
            static CARRIER: Carrier<{ [$(stringify!($x)),+].len() }> = Carrier::of::<Operation>();
            R::run(&CARRIER, [$($x.into()),+], out);
        }
    )+};
}

/// One for true, zero for false.
#[inline(always)]
fn truth<R: Number>(holds: bool) -> R {
    if holds { R::ONE } else { R::ZERO }
}

operations! {
    /// `x`: copies, or fills with one number.
    copy(x) = x;
    /// `-x`.
    neg(x) = -x;
    /// `x + y`.
    add(x, y) = x + y;
    /// `x - y`.
    sub(x, y) = x - y;
    /// `x y`.
    mul(x, y) = x * y;
    /// `x / y`.
    div(x, y) = x / y;
    /// `x y + z`, rounded once on every machine (slow where it has no instruction for it).
    mul_add(x, y, z) = x.fused(y, z);
    /// `x²`.
    square(x) = x * x;
    /// `1 / x`.
    reciprocal(x) = R::ONE / x;
    /// The square root, correctly rounded; NaN below zero.
    sqrt(x) = x.root();
    /// `|x|`.
    abs(x) = x.absolute();
    /// The lesser; NaN if either is NaN, and -0 below +0.
    min(x, y) = {
        let lesser = if x < y || (x == y && x.is_negative()) { x } else { y };
        if x.is_nan() { x } else { lesser }
    };
    /// The greater; NaN if either is NaN, and +0 above -0.
    max(x, y) = {
        let greater = if x > y || (x == y && y.is_negative()) { x } else { y };
        if x.is_nan() { x } else { greater }
    };
    /// `x` where it is above 0, else 0; NaN stays.
    positive_part(x) = if x <= R::ZERO { R::ZERO } else { x };
    /// The greatest whole number not above x.
    floor(x) = x.down();
    /// The least whole number not below x.
    ceil(x) = x.up();
    /// The nearest whole number, of two the even one.
    round(x) = x.to_even();
    /// -1, 0 or 1; zeros keep their sign, NaN stays.
    sign(x) = if x > R::ZERO { R::ONE } else if x < R::ZERO { -R::ONE } else { x };
    /// 1 where `x < y`, else 0.
    less(x, y) = truth(x < y);
    /// 1 where `x <= y`, else 0.
    less_or_equal(x, y) = truth(x <= y);
    /// 1 where `x == y`, else 0.
    equal(x, y) = truth(x == y);
    /// `x` where the mask is not 0 (NaN counts as true), `y` where it is. Nothing of the other one is seen.
    select(mask, x, y) = if mask == R::ZERO { y } else { x };
}
