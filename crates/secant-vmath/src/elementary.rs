//! The elementary functions.

use crate::dispatch::{Kernel, Machine, Real};
use crate::operand::Operand;

/// A function of `N` numbers in double precision. Single precision is that, rounded once.
trait Elementary<const N: usize> {
    fn value<M: Machine>(x: [f64; N]) -> f64;
}

impl<K: Elementary<N>, const N: usize> Kernel<f64, N> for K {
    #[inline(always)]
    fn value<M: Machine>(x: [f64; N]) -> f64 {
        K::value::<M>(x)
    }
}

impl<K: Elementary<N>, const N: usize> Kernel<f32, N> for K {
    #[inline(always)]
    fn value<M: Machine>(x: [f32; N]) -> f32 {
        K::value::<M>(x.map(f64::from)) as f32
    }
}

/// Declares functions: the kernel, and the function over slices.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident($($x:ident),+) = $value:expr;)+) => {$(
        $(#[$doc])*
        pub fn $name<'a, R: Real>($($x: impl Into<Operand<'a, R>>),+, out: &mut [R]) {
            struct Function;
            impl Elementary<{ [$(stringify!($x)),+].len() }> for Function {
                fn value<M: Machine>([$($x),+]: [f64; [$(stringify!($x)),+].len()]) -> f64 {
                    $value
                }
            }
            R::run::<Function, { [$(stringify!($x)),+].len() }>([$($x.into()),+], out);
        }
    )+};
}

functions! {
    /// eˣ.
    exp(x) = libm::exp(x);
    /// eˣ - 1.
    expm1(x) = libm::expm1(x);
    /// 2ˣ.
    exp2(x) = libm::exp2(x);
    /// The natural logarithm: -∞ at zeros, NaN below.
    log(x) = libm::log(x);
    /// ln(1 + x).
    log1p(x) = libm::log1p(x);
    /// The logarithm to base 2.
    log2(x) = libm::log2(x);
    /// The logarithm to base 10.
    log10(x) = libm::log10(x);
    /// xʸ, as IEEE 754 `pow`.
    pow(x, y) = libm::pow(x, y);
    /// The real cube root.
    cbrt(x) = libm::cbrt(x);
    /// √(x² + y²) without overflow on the way; ∞ if either is infinite.
    hypot(x, y) = libm::hypot(x, y);
    /// The sine of x radians.
    sin(x) = libm::sin(x);
    /// The cosine of x radians.
    cos(x) = libm::cos(x);
    /// The tangent of x radians.
    tan(x) = libm::tan(x);
    /// The arc sine, from -π/2 to π/2.
    asin(x) = libm::asin(x);
    /// The arc cosine, from 0 to π.
    acos(x) = libm::acos(x);
    /// The arc tangent, from -π/2 to π/2.
    atan(x) = libm::atan(x);
    /// The angle of the point (x, y), from -π to π.
    atan2(y, x) = libm::atan2(y, x);
    /// The hyperbolic sine.
    sinh(x) = libm::sinh(x);
    /// The hyperbolic cosine.
    cosh(x) = libm::cosh(x);
    /// The hyperbolic tangent.
    tanh(x) = libm::tanh(x);
    /// The inverse hyperbolic sine.
    asinh(x) = libm::asinh(x);
    /// The inverse hyperbolic cosine; NaN below 1.
    acosh(x) = libm::acosh(x);
    /// The inverse hyperbolic tangent; ±∞ at ±1.
    atanh(x) = libm::atanh(x);
    /// The error function.
    erf(x) = libm::erf(x);
    /// 1/(1 + e⁻ˣ).
    sigmoid(x) = 1.0 / (1.0 + libm::exp(-x));
    /// ln(1 + eˣ).
    softplus(x) = x.max(0.0) + libm::log1p(libm::exp(-x.abs()));
}
