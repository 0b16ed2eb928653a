//! The numbers behind the gamma function and its logarithm's derivatives: Stirling's series above 20, the recurrence
//! below it and the reflection below 0 (DLMF 5.11, 5.5, 5.15), with two doubles a number. Near a zero on the negative
//! side two large numbers cancel; what may be off then is told beside the result.

use crate::elementary::LAST_ORDER;
use crate::elementary::twofold::Twofold;

/// A number and how far it may be off besides its rounding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Computed {
    pub(super) value: f64,
    pub(super) slack: f64,
}

impl Computed {
    pub(super) const NONE: Self = Self::rounded(f64::NAN);

    pub(super) const fn rounded(value: f64) -> Self {
        Self { value, slack: 0.0 }
    }

    /// A difference of numbers of this size, each right to 100 bits.
    pub(super) fn cancelled(value: Twofold, size: f64) -> Self {
        Self {
            value: value.head(),
            slack: size * 1e-28,
        }
    }
}

/// The coefficients B(2k)/(2k(2k-1)) of Stirling's series (DLMF 5.11.1).
const STIRLING: [(f64, f64); 15] = [
    (1.0, 12.0),
    (-1.0, 360.0),
    (1.0, 1260.0),
    (-1.0, 1680.0),
    (1.0, 1188.0),
    (-691.0, 360360.0),
    (1.0, 156.0),
    (-3617.0, 122400.0),
    (43867.0, 244188.0),
    (-174611.0, 125400.0),
    (77683.0, 5796.0),
    (-236364091.0, 1506960.0),
    (657931.0, 300.0),
    (-3392780147.0, 93960.0),
    (1723168255201.0, 2492028.0),
];
/// Half of ln(2 pi).
const HALF_LN_TAU: Twofold = Twofold::new(0.9189385332046728, -3.8782941580672414e-17);
/// Below this magnitude a pole is all there is.
const AT_POLE: f64 = 1e-20;
/// The zero of digamma above 0, in three doubles, and its Taylor coefficients there.
const ZERO: [f64; 3] = [
    1.4616321449683622,
    9.549995429965697e-17,
    2.89392992820415e-33,
];
const AT_ZERO: [Twofold; 3] = [
    Twofold::new(0.9676722454476212, -3.387874303038943e-17),
    Twofold::new(-0.4427631689835921, -2.4685968258808798e-17),
    Twofold::new(0.258499760955651, -1.50046082237735e-17),
];
/// Zeta(k)/k for k from 2, the Taylor coefficients of ln gamma at 1 but for their signs (DLMF 5.7.3).
const AT_ONE: [f64; 12] = [
    0.8224670334241132,
    0.40068563438653143,
    0.27058080842778454,
    0.20738555102867398,
    0.1695571769974082,
    0.1440498967688461,
    0.12550966952474304,
    0.11133426586956469,
    0.1000994575127818,
    0.09095401714582904,
    0.083353840546109,
    0.0769325164113522,
];

/// Whether gamma has a pole at x.
pub(super) fn is_pole(x: f64) -> bool {
    x <= 0.0 && x.fract() == 0.0
}

/// x less the nearest whole number, and whether that is odd.
fn beside_whole(x: f64) -> (f64, bool) {
    let whole = x.round_ties_even();
    (x - whole, whole % 2.0 != 0.0)
}

/// ln gamma of z >= 20.
fn ln_gamma_far(z: Twofold) -> Twofold {
    let inverse = Twofold::from(1.0).over_twofold(z);
    let square = inverse.squared();
    let sum = STIRLING.iter().rev().fold(Twofold::from(0.0), |sum, term| {
        sum.times_twofold(square)
            .plus(Twofold::from(term.0).over(term.1))
    });
    z.minus(Twofold::from(0.5))
        .times_twofold(z.ln())
        .minus(z)
        .plus(HALF_LN_TAU)
        .plus(sum.times_twofold(inverse))
}

/// For x > 0 a number z = x + n from 20 on, and x (x+1) ... (x+n-1).
fn shifted(x: Twofold) -> (Twofold, Twofold) {
    let (mut z, mut product) = (x, Twofold::from(1.0));
    while z.head() < 20.0 {
        product = product.times_twofold(z);
        z = z.plus(Twofold::from(1.0));
    }
    (z, product)
}

/// gamma of x > 0, as a number and a power of 2.
fn gamma_above(x: Twofold) -> (Twofold, i32) {
    let (z, product) = shifted(x);
    let (power, doublings) = ln_gamma_far(z).exp();
    (power.over_twofold(product), doublings)
}

pub(super) fn gamma(x: f64) -> f64 {
    if is_pole(x) || x.is_nan() || x == f64::NEG_INFINITY {
        f64::NAN
    } else if x.abs() < AT_POLE {
        1.0 / x
    } else if x > 172.0 {
        f64::INFINITY
    } else if x > 0.0 {
        let (number, doublings) = gamma_above(Twofold::from(x));
        libm::ldexp(number.head(), doublings)
    } else {
        let (beside, is_odd) = beside_whole(x);
        let sign = if is_odd { -1.0 } else { 1.0 };
        if x < -200.0 {
            return 0.0_f64.copysign(sign * beside);
        }
        let sine = Twofold::sine_of_half_turns(beside).times(sign);
        let (mirrored, doublings) = gamma_above(Twofold::sum_of(1.0, -x));
        let number = Twofold::PI.over_twofold(sine.times_twofold(mirrored));
        libm::ldexp(number.head(), -doublings)
    }
}

/// ln |gamma(x)|.
pub(super) fn ln_gamma(x: f64) -> Computed {
    if is_pole(x) || x.is_nan() || x == f64::NEG_INFINITY {
        Computed::NONE
    } else if x.abs() < AT_POLE {
        Computed::rounded(-Twofold::from(x.abs()).ln().head())
    } else if x > 1e290 {
        // The rest of Stirling's formula is beyond the last place.
        if x.is_infinite() {
            return Computed::rounded(x);
        }
        let ln = Twofold::from(x).ln().minus(Twofold::from(1.0));
        Computed::rounded(libm::ldexp(ln.times(libm::ldexp(x, -70)).head(), 70))
    } else if (x - 1.0).abs() < 0.01 {
        // ln gamma(1 + h), less Euler's constant times h.
        let h = x - 1.0;
        let euler = Twofold::new(-0.5772156649015329, 4.942915152430645e-18);
        Computed::rounded(euler.times(h).plus(Twofold::from(h * h * bent(h))).head())
    } else if (x - 2.0).abs() < 0.01 {
        // The same and ln(1 + h).
        let h = x - 2.0;
        let euler = Twofold::new(-0.5772156649015329, 4.942915152430645e-18);
        let ln = Twofold::from(h).log1p();
        Computed::rounded(
            euler
                .times(h)
                .plus(Twofold::from(h * h * bent(h)))
                .plus(ln)
                .head(),
        )
    } else if x > 0.0 {
        Computed::rounded(ln_gamma_above(Twofold::from(x)).head())
    } else {
        let (beside, _) = beside_whole(x);
        let sine = Twofold::sine_of_half_turns(beside.abs());
        let mirrored = ln_gamma_above(Twofold::sum_of(1.0, -x));
        let value = Twofold::LN_PI.minus(sine.ln()).minus(mirrored);
        Computed::cancelled(value, 40.0 + mirrored.head().abs())
    }
}

/// ln gamma(1 + h) and Euler's constant times h, over h².
fn bent(h: f64) -> f64 {
    AT_ONE
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| coefficient - h * sum)
}

fn ln_gamma_above(x: Twofold) -> Twofold {
    let (z, product) = shifted(x);
    ln_gamma_far(z).minus(product.ln())
}

/// The derivative of ln gamma.
pub(super) fn digamma(x: f64) -> Computed {
    if is_pole(x) || x.is_nan() || x == f64::NEG_INFINITY {
        return Computed::NONE;
    }
    if x == f64::INFINITY {
        return Computed::rounded(x);
    }
    if x.abs() < AT_POLE {
        return Computed::rounded(-1.0 / x);
    }
    let beside_zero = Twofold::sum_of(x, -ZERO[0]).minus(Twofold::new(ZERO[1], ZERO[2]));
    if beside_zero.head().abs() < 1e-7 {
        let sum = AT_ZERO.iter().rev().fold(Twofold::from(0.0), |sum, term| {
            sum.times_twofold(beside_zero).plus(*term)
        });
        return Computed::rounded(sum.times_twofold(beside_zero).head());
    }
    if x > 0.0 {
        return Computed::rounded(digamma_above(Twofold::from(x)).head());
    }
    let (beside, _) = beside_whole(x);
    let cotangent = Twofold::cosine_of_half_turns(beside)
        .over_twofold(Twofold::sine_of_half_turns(beside))
        .times_twofold(Twofold::PI);
    let mirrored = digamma_above(Twofold::sum_of(1.0, -x));
    let size = mirrored.head().abs() + cotangent.head().abs();
    Computed::cancelled(mirrored.minus(cotangent), size)
}

fn digamma_above(x: Twofold) -> Twofold {
    let one = Twofold::from(1.0);
    let (mut z, mut poles) = (x, Twofold::from(0.0));
    while z.head() < 20.0 {
        poles = poles.plus(one.over_twofold(z));
        z = z.plus(one);
    }
    let inverse = one.over_twofold(z);
    let square = inverse.squared();
    let mut sum = Twofold::from(0.0);
    for (k, term) in (1..=15_u8).zip(STIRLING).rev() {
        let coefficient = Twofold::from(term.0).times(2.0 * f64::from(k) - 1.0);
        sum = sum.times_twofold(square).plus(coefficient.over(term.1));
    }
    z.ln()
        .minus(inverse.times(0.5))
        .minus(sum.times_twofold(square))
        .minus(poles)
}

/// The derivative of digamma of this order, from 1 on.
pub(super) fn polygamma(order: u8, x: f64) -> Computed {
    if is_pole(x) || x.is_nan() || x == f64::NEG_INFINITY {
        return Computed::NONE;
    }
    let sign = if order.is_multiple_of(2) { -1.0 } else { 1.0 };
    if x == f64::INFINITY {
        return Computed::rounded(0.0 * sign);
    }
    if x > 0.0 {
        return at_pole(
            order,
            x,
            polygamma_above(order, Twofold::from(x)).times(sign),
            0.0,
        );
    }
    let (beside, _) = beside_whole(x);
    if x > -AT_POLE {
        let pole = polygamma_above(order, Twofold::from(-x));
        return at_pole(order, beside, pole, 0.0);
    }
    let sine = Twofold::sine_of_half_turns(beside);
    let cotangent = Twofold::cosine_of_half_turns(beside).over_twofold(sine);
    let turned = cotangent_derivative(order, cotangent);
    let mirrored = polygamma_above(order, Twofold::sum_of(1.0, -x));
    let size = mirrored.head().abs() + turned.head().abs();
    // (-1)^n psi(1-x) is minus the magnitude that is computed.
    at_pole(order, beside, mirrored.times(-1.0).minus(turned), size)
}

/// The value, infinite where it exceeds the doubles beside a pole.
fn at_pole(order: u8, beside: f64, value: Twofold, size: f64) -> Computed {
    if value.head().is_finite() && value.tail().is_finite() {
        return Computed::cancelled(value, size);
    }
    let is_negative = order.is_multiple_of(2) && beside > 0.0;
    Computed::rounded(if is_negative {
        f64::NEG_INFINITY
    } else {
        f64::INFINITY
    })
}

/// The magnitude of the derivative of digamma at x > 0 (DLMF 5.15.1, 5.15.8).
fn polygamma_above(order: u8, x: Twofold) -> Twofold {
    let one = Twofold::from(1.0);
    let n = f64::from(order);
    let power = |base: Twofold| (0..order).fold(one, |power, _| power.times_twofold(base));
    let product = |from: f64, to: f64| {
        let mut product = one;
        let mut factor = from;
        while factor <= to {
            product = product.times(factor);
            factor += 1.0;
        }
        product
    };
    let factorial = product(1.0, n);
    let (mut z, mut poles) = (x, Twofold::from(0.0));
    while z.head() < 20.0 + n {
        let inverse = one.over_twofold(z);
        poles = poles.plus(power(inverse).times_twofold(inverse));
        z = z.plus(one);
    }
    let inverse = one.over_twofold(z);
    let square = inverse.squared();
    let mut sum = Twofold::from(0.0);
    for (k, term) in (1..=15_u8).zip(STIRLING).rev() {
        let twice = 2.0 * f64::from(k);
        let rising = product(twice - 1.0, twice + n - 1.0);
        sum = sum
            .times_twofold(square)
            .plus(rising.times(term.0).over(term.1));
    }
    let far = factorial
        .over(n)
        .plus(factorial.times_twofold(inverse).times(0.5))
        .plus(sum.times_twofold(square));
    power(inverse)
        .times_twofold(far)
        .plus(factorial.times_twofold(poles))
}

/// The derivative of this order of pi cot(pi x), by the cotangent: P(k+1) = -(1 + c²) P'(k) pi.
fn cotangent_derivative(order: u8, cotangent: Twofold) -> Twofold {
    const LENGTH: usize = LAST_ORDER as usize + 3;
    let nothing = Twofold::from(0.0);
    let mut polynomial = [nothing; LENGTH];
    polynomial[1] = Twofold::PI;
    for _ in 0..order {
        let mut next = [nothing; LENGTH];
        for degree in 1..LENGTH - 1 {
            let slope = polynomial[degree]
                .times(-(degree as f64))
                .times_twofold(Twofold::PI);
            next[degree - 1] = next[degree - 1].plus(slope);
            next[degree + 1] = next[degree + 1].plus(slope);
        }
        polynomial = next;
    }
    let degrees = polynomial.iter().take(usize::from(order) + 2).rev();
    degrees.fold(nothing, |sum, coefficient| {
        sum.times_twofold(cotangent).plus(*coefficient)
    })
}
