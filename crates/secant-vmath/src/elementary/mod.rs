//! The elementary functions: one entry each in the list below, its kernel in the file of its family.
//!
//! A kernel is plain arithmetic on one number: both sides of a choice are computed and one is taken. What only few arguments
//! need (a turn of 10³⁰⁰, a quotient of subnormals) may branch, in `hard`.

mod angle;
mod coefficients;
mod error;
mod exponential;
mod hyperbolic;
mod logarithm;
mod power;
mod trigonometric;
mod twofold;

use crate::dispatch::{Carrier, Kernel, Machine, Real};
use crate::operand::Operand;

/// A function of `N` numbers in double precision. In single precision it is that, rounded once more, so off by at most
/// 0.500001 ulp.
trait Elementary<const N: usize> {
    /// The value, without a branch.
    fn value<M: Machine>(x: [f64; N]) -> f64;

    /// Whether `value` does not serve these arguments; rarely true.
    #[inline(always)]
    fn is_hard<M: Machine>(_: [f64; N]) -> bool {
        false
    }

    /// The value where that holds.
    fn hard<M: Machine>(x: [f64; N]) -> f64 {
        Self::value::<M>(x)
    }
}

impl<K: Elementary<N>, const N: usize> Kernel<f64, N> for K {
    #[inline(always)]
    fn value<M: Machine>(x: [f64; N]) -> f64 {
        K::value::<M>(x)
    }

    #[inline(always)]
    fn is_hard<M: Machine>(x: [f64; N]) -> bool {
        K::is_hard::<M>(x)
    }

    #[cold]
    fn hard<M: Machine>(x: [f64; N]) -> f64 {
        K::hard::<M>(x)
    }
}

impl<K: Elementary<N>, const N: usize> Kernel<f32, N> for K {
    #[inline(always)]
    fn value<M: Machine>(x: [f32; N]) -> f32 {
        K::value::<M>(x.map(f64::from)) as f32
    }

    #[inline(always)]
    fn is_hard<M: Machine>(x: [f32; N]) -> bool {
        K::is_hard::<M>(x.map(f64::from))
    }

    #[cold]
    fn hard<M: Machine>(x: [f32; N]) -> f32 {
        K::hard::<M>(x.map(f64::from)) as f32
    }
}

/// x held between two bounds; NaN stays.
#[inline(always)]
fn clamped(x: f64, least: f64, most: f64) -> f64 {
    let x = if x < least { least } else { x };
    if x > most { most } else { x }
}

/// A function by its name: for tables, tests and benches over all of them.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The name of the function over slices.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arity: usize,
    /// In double precision: arguments, then results.
    pub double: fn(&[&[f64]], &mut [f64]),
    /// In single precision.
    pub single: fn(&[&[f32]], &mut [f32]),
}

/// Declares the functions over slices, and [`FUNCTIONS`]. A macro, since each line makes a public function.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident($($x:ident),+) = $kernel:path;)+) => {
        $(
            $(#[$doc])*
            pub fn $name<'a, R: Real>($($x: impl Into<Operand<'a, R>>),+, out: &mut [R]) {
                static CARRIER: Carrier<{ [$(stringify!($x)),+].len() }> = Carrier::of::<$kernel>();
                R::run(&CARRIER, [$($x.into()),+], out);
            }
        )+

        /// All functions of this crate that are more than arithmetic.
        pub const FUNCTIONS: &[Function] = &[$(Function {
            name: stringify!($name),
            arity: [$(stringify!($x)),+].len(),
            double: |slices, out| {
                assert_eq!(slices.len(), [$(stringify!($x)),+].len(), "one slice for each argument");
                if let [$($x),+] = slices {
                    $name::<f64>($(*$x),+, out);
                }
            },
            single: |slices, out| {
                assert_eq!(slices.len(), [$(stringify!($x)),+].len(), "one slice for each argument");
                if let [$($x),+] = slices {
                    $name::<f32>($(*$x),+, out);
                }
            },
        }),+];
    };
}

functions! {
    /// eˣ.
    exp(x) = exponential::Exp;
    /// eˣ - 1.
    expm1(x) = exponential::Expm1;
    /// 2ˣ.
    exp2(x) = exponential::Exp2;
    /// The natural logarithm: -∞ at zeros, NaN below.
    log(x) = logarithm::Log;
    /// ln(1 + x).
    log1p(x) = logarithm::Log1p;
    /// The logarithm to base 2.
    log2(x) = logarithm::Log2;
    /// The logarithm to base 10.
    log10(x) = logarithm::Log10;
    /// xʸ, as IEEE 754 `pow`.
    pow(x, y) = power::Pow;
    /// The real cube root.
    cbrt(x) = power::Cbrt;
    /// √(x² + y²) without overflow on the way; ∞ if either is infinite.
    hypot(x, y) = power::Hypot;
    /// The sine of x radians.
    sin(x) = trigonometric::Sin;
    /// The cosine of x radians.
    cos(x) = trigonometric::Cos;
    /// The tangent of x radians.
    tan(x) = trigonometric::Tan;
    /// The arc sine, from -π/2 to π/2.
    asin(x) = angle::Asin;
    /// The arc cosine, from 0 to π.
    acos(x) = angle::Acos;
    /// The arc tangent, from -π/2 to π/2.
    atan(x) = angle::Atan;
    /// The angle of the point (x, y), from -π to π.
    atan2(y, x) = angle::Atan2;
    /// The hyperbolic sine.
    sinh(x) = hyperbolic::Sinh;
    /// The hyperbolic cosine.
    cosh(x) = hyperbolic::Cosh;
    /// The hyperbolic tangent.
    tanh(x) = exponential::Tanh;
    /// The hyperbolic secant, 1/cosh x.
    sech(x) = hyperbolic::Sech;
    /// The inverse hyperbolic sine.
    asinh(x) = hyperbolic::Asinh;
    /// The inverse hyperbolic cosine; NaN below 1.
    acosh(x) = hyperbolic::Acosh;
    /// The inverse hyperbolic tangent; ±∞ at ±1.
    atanh(x) = hyperbolic::Atanh;
    /// The error function.
    erf(x) = error::Erf;
    /// What the error function lacks of 1, to its last digits far out.
    erfc(x) = error::Erfc;
    /// x times the share of the normal distribution below x (Hendrycks and Gimpel 2016).
    gelu(x) = error::Gelu;
    /// 1/(1 + e⁻ˣ).
    sigmoid(x) = exponential::Sigmoid;
    /// x/(1 + e⁻ˣ).
    silu(x) = exponential::Silu;
    /// ln(1 + eˣ).
    softplus(x) = exponential::Softplus;
}
