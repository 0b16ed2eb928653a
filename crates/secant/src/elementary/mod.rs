//! The table of elementary functions: one entry each, by family, and one line each in the list below.
//! An entry takes numbers of any kind and gives value, proven range and partial derivatives; it knows no
//! formula. Parser, printer, methods, tests and benches walk [`Operation::ALL`].

mod activation;
mod bessel;
mod cylinder;
mod error_function;
mod exponential;
mod extremes;
mod factorial;
mod gamma;
mod hyperbolic;
mod inverse;
mod logic;
mod mills;
mod powers;
mod range;
mod sinc;
mod steps;
mod stirling;
mod table;
mod trigonometric;
mod twofold;

use crate::number::{Interval, Series};
use crate::vocabulary::{self, Elementary, Partials, Scalar};

table::table! {
    vocabulary::Add plus(other);
    vocabulary::Sub minus(other);
    vocabulary::Mul times(other);
    vocabulary::Div over(other);
    vocabulary::Neg negated();
    powers::Pow pow(exponent);
    powers::Root root(order);
    powers::Sqrt sqrt();
    powers::Cbrt cbrt();
    powers::Hypot hypot(other);
    exponential::Exp exp();
    exponential::Exp2 exp2();
    exponential::Expm1 expm1();
    exponential::Ln ln();
    exponential::Log1p log1p();
    exponential::Log2 log2();
    exponential::Log10 log10();
    trigonometric::Sin sin();
    trigonometric::Cos cos();
    trigonometric::Tan tan();
    trigonometric::Cot cot();
    trigonometric::Sec sec();
    trigonometric::Csc csc();
    inverse::Asin asin();
    inverse::Acos acos();
    inverse::Atan atan();
    inverse::Acot acot();
    inverse::Atan2 atan2(x);
    hyperbolic::Sinh sinh();
    hyperbolic::Cosh cosh();
    hyperbolic::Tanh tanh();
    hyperbolic::Coth coth();
    hyperbolic::Sech sech();
    hyperbolic::Csch csch();
    hyperbolic::Asinh asinh();
    hyperbolic::Acosh acosh();
    hyperbolic::Atanh atanh();
    steps::Abs abs();
    steps::Sign sign();
    steps::Heaviside heaviside();
    steps::Floor floor();
    steps::Ceil ceil();
    steps::Round round();
    steps::Mod modulo(divisor);
    extremes::Min min(other);
    extremes::Max max(other);
    extremes::Relu relu();
    extremes::LogSumExp logsumexp(other);
    activation::Sigmoid sigmoid();
    activation::Softplus softplus();
    activation::Silu silu();
    error_function::Gelu gelu();
    error_function::Erf erf();
    error_function::Erfc erfc();
    gamma::Gamma gamma();
    gamma::LnGamma lgamma();
    gamma::Digamma digamma();
    gamma::Polygamma polygamma(x);
    bessel::J0 j0();
    bessel::J1 j1();
    bessel::BesselJ bessel_j(x);
    sinc::Sinc sinc();
    sinc::SphericalBessel spherical_bessel(order);
    factorial::Factorial factorial();
    logic::Less less(other);
    logic::LessEqual less_equal(other);
    logic::Greater greater(other);
    logic::GreaterEqual greater_equal(other);
    logic::Equal equal(other);
    logic::NotEqual not_equal(other);
    logic::And and(other);
    logic::Or or(other);
    logic::Not not();
    logic::Choose choose(then, otherwise);
}

/// The largest order of the Bessel functions and of polygamma.
pub(crate) const LAST_ORDER: u8 = 45;

/// The order of such a function, if the number is one.
fn whole_order(order: f64) -> Option<u8> {
    let is_order = order.fract() == 0.0 && (0.0..=f64::from(LAST_ORDER)).contains(&order);
    is_order.then_some(order as u8)
}

/// The same, where the number is known.
fn fixed_order(order: Interval) -> Option<u8> {
    whole_order(order.lo()).filter(|_| order.is_point())
}

impl Operation {
    /// Whether it compares two numbers.
    #[must_use]
    pub fn is_comparison(self) -> bool {
        use Operation::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        matches!(
            self,
            Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual
        )
    }

    /// Whether it is a function of two that is written with any number of arguments from two on, as `max(a, b, c)`
    /// for `max(max(a, b), c)`.
    #[must_use]
    pub fn is_folded(self) -> bool {
        matches!(self, Self::Min | Self::Max | Self::LogSumExp | Self::Hypot)
    }

    /// Whether its value is a truth, 0 or 1: a comparison, or logic.
    #[must_use]
    pub fn is_truth(self) -> bool {
        self.is_comparison() || matches!(self, Self::And | Self::Or | Self::Not)
    }

    /// Whether it stands still but for jumps: its derivative is 0 wherever there is one.
    #[must_use]
    pub fn is_step(self) -> bool {
        use Operation::{Ceil, Floor, Heaviside, Round, Sign};
        self.is_truth() || matches!(self, Ceil | Floor | Heaviside | Round | Sign)
    }
}
