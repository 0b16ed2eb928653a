//! The truth: CORE-MATH, and what it lacks, from sums of two doubles.

/// A function, correctly rounded.
pub struct Reference {
    name: &'static str,
    pub double: fn([f64; 2]) -> f64,
    pub single: fn([f32; 2]) -> f32,
}

/// The reference of that name.
pub fn of(name: &str) -> Option<&'static Reference> {
    REFERENCES.iter().find(|reference| reference.name == name)
}

macro_rules! references {
    (one: $($name:ident $single:ident),+; two: $($name2:ident $single2:ident),+; own: $($name3:ident),+) => {
        &[
            $(Reference {
                name: stringify!($name),
                double: |x| core_math::$name(x[0]),
                single: |x| core_math::$single(x[0]),
            },)+
            $(Reference {
                name: stringify!($name2),
                double: |x| core_math::$name2(x[0], x[1]),
                single: |x| core_math::$single2(x[0], x[1]),
            },)+
            $(Reference {
                name: stringify!($name3),
                double: |x| $name3(x[0]),
                single: |x| $name3(f64::from(x[0])) as f32,
            },)+
        ]
    };
}

static REFERENCES: &[Reference] = references![
    one: exp expf, expm1 expm1f, exp2 exp2f, log logf, log1p log1pf, log2 log2f, log10 log10f, cbrt cbrtf, sin sinf,
        cos cosf, tan tanf, asin asinf, acos acosf, atan atanf, sinh sinhf, cosh coshf, tanh tanhf, asinh asinhf,
        acosh acoshf, atanh atanhf, erf erff, erfc erfcf;
    two: pow powf, atan2 atan2f, hypot hypotf;
    own: sech, sigmoid, silu, softplus, gelu
];

/// A number of two doubles, for some 100 bits (Dekker 1971).
#[derive(Clone, Copy)]
struct Twofold(f64, f64);

impl Twofold {
    fn of(x: f64) -> Self {
        Self(x, 0.0)
    }

    fn sum(a: f64, b: f64) -> Self {
        let sum = a + b;
        let part = sum - a;
        Self(sum, (a - (sum - part)) + (b - part))
    }

    fn plus(self, other: Self) -> Self {
        let high = Self::sum(self.0, other.0);
        let low = Self::sum(self.1, other.1);
        let first = Self::sum(high.0, high.1 + low.0);
        Self::sum(first.0, first.1 + low.1)
    }

    fn times(self, other: Self) -> Self {
        let high = self.0 * other.0;
        let low = self.0.mul_add(other.0, -high) + (self.0 * other.1 + self.1 * other.0);
        Self::sum(high, low)
    }

    fn over(self, other: Self) -> Self {
        let first = self.0 / other.0;
        let rest = self.plus(Self::of(-first).times(other));
        let second = rest.0 / other.0;
        let rest = rest.plus(Self::of(-second).times(other));
        let third = rest.0 / other.0;
        Self::sum(first, second).plus(Self::of(third))
    }

    /// e to it, as m 2ⁿ: 2⁻⁹ r by Taylor's series, then squared nine times as eʳ - 1, which keeps the digits.
    fn exp(self) -> (Self, i32) {
        const LN_2: [f64; 3] = [
            f64::from_bits(0x3fe6_2e42_fefa_3800),
            f64::from_bits(0x3d2e_f357_93c7_6730),
            f64::from_bits(0x396f_97b5_7a07_9a19),
        ];
        let n = (self.0 / std::f64::consts::LN_2).round_ties_even();
        let product = Self::of(-n).times(Self(LN_2[1], LN_2[2]));
        let r = Self::sum(self.0, -n * LN_2[0])
            .plus(Self::of(self.1))
            .plus(product);
        let r = Self(r.0 / 512.0, r.1 / 512.0);
        let mut term = r;
        let mut power = r;
        for k in 2..12 {
            term = term.times(r).over(Self::of(f64::from(k)));
            power = power.plus(term);
        }
        for _ in 0..9 {
            power = power.plus(power).plus(power.times(power));
        }
        (power.plus(Self::of(1.0)), n as i32)
    }
}

fn scaled(x: f64, n: i32) -> f64 {
    let half = n / 2;
    x * 2.0f64.powi(half) * 2.0f64.powi(n - half)
}

/// The sigmoid as m 2ⁿ, for |x| up to 760.
fn sigmoid_parts(x: f64) -> (Twofold, i32) {
    let (e, n) = Twofold::of(-x.abs()).exp();
    let small = if n < -900 {
        Twofold::of(0.0)
    } else {
        Twofold(scaled(e.0, n), scaled(e.1, n))
    };
    let below = small.plus(Twofold::of(1.0));
    if x > 0.0 {
        return (Twofold::of(1.0).over(below), 0);
    }
    (e.over(below), n)
}

fn sech(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 750.0 {
        return if x.is_nan() { x } else { 0.0 };
    }
    let (e, n) = Twofold::of(-x.abs()).exp();
    let small = if n < -300 {
        Twofold::of(0.0)
    } else {
        Twofold(scaled(e.0, n), scaled(e.1, n))
    };
    let below = small.times(small).plus(Twofold::of(1.0));
    scaled(e.plus(e).over(below).0, n)
}

fn sigmoid(x: f64) -> f64 {
    if x.is_nan() || x > 40.0 {
        return if x.is_nan() { x } else { 1.0 };
    }
    if x < -750.0 {
        return 0.0;
    }
    let (share, n) = sigmoid_parts(x);
    scaled(share.0, n)
}

fn silu(x: f64) -> f64 {
    if x.is_nan() || x > 50.0 {
        return x;
    }
    if x < -760.0 {
        return -0.0;
    }
    if x.abs() < 1e-300 {
        return 0.5 * x;
    }
    let (share, n) = sigmoid_parts(x);
    scaled(share.times(Twofold::of(x)).0, n)
}

/// x Φ(x), from Φ(-|x|): ½ less the density times y + y³/3 + y⁵/15 + … near 0 (DLMF 7.6.2), further out the density over Laplace's
/// continued fraction y + 1/(y + 2/(y + …)) (DLMF 7.9.1).
fn gelu(x: f64) -> f64 {
    if x.is_nan() || x > 40.0 {
        return x;
    }
    if x < -40.0 {
        return -0.0;
    }
    if x.abs() < 1e-300 {
        return 0.5 * x;
    }
    const ROOT: Twofold = Twofold(0.3989422804014327, -2.49232720227773e-17);
    let y = Twofold::of(x.abs());
    let square = y.times(y);
    let (power, n) = Twofold(-0.5 * square.0, -0.5 * square.1).exp();
    let density = power.times(ROOT);
    let (tail, n) = if y.0 < 3.0 {
        let (mut term, mut sum) = (y, y);
        let mut below = 1.0;
        while term.0 > 1e-34 * sum.0 {
            below += 2.0;
            term = term.times(square).over(Twofold::of(below));
            sum = sum.plus(term);
        }
        let share = Twofold(scaled(density.0, n), scaled(density.1, n)).times(sum);
        let rest = Twofold::of(0.5).plus(Twofold::of(-1.0).times(share));
        (rest, 0)
    } else {
        let terms = 12 + (800.0 / square.0) as i32;
        let fraction = (1..=terms).rev().fold(y, |fraction, k| {
            y.plus(Twofold::of(f64::from(k)).over(fraction))
        });
        (density.over(fraction), n)
    };
    if x < 0.0 {
        return scaled(tail.times(Twofold::of(x)).0, n);
    }
    let below = Twofold::of(-1.0).times(Twofold(scaled(tail.0, n), scaled(tail.1, n)));
    Twofold::of(1.0).plus(below).times(y).0
}

/// Newton's step on eᶻ = 1 + eˣ from a correctly rounded start.
fn softplus(x: f64) -> f64 {
    if x.is_nan() || x > 750.0 {
        return x;
    }
    if x < -750.0 {
        return 0.0;
    }
    let (e, n) = Twofold::of(-x.abs()).exp();
    if x < -40.0 {
        return scaled(e.0, n);
    }
    let small = if n < -900 {
        Twofold::of(0.0)
    } else {
        Twofold(scaled(e.0, n), scaled(e.1, n))
    };
    // ln(1 + s) = z + (1 + s - e^z)/e^z, with e^z - 1 by the same series: z is ln(1 + s) to 53 bits.
    let z = core_math::log1p(small.0);
    let log = if small.0 < 1e-8 {
        let over = |k: f64| Twofold::of(1.0).over(Twofold::of(k));
        let bracket = small
            .times(over(4.0))
            .plus(over(-3.0))
            .times(small)
            .plus(over(2.0));
        small.plus(Twofold::of(-1.0).times(small.times(small.times(bracket))))
    } else {
        let (power, m) = Twofold::of(-z).exp();
        let back = Twofold(scaled(power.0, m), scaled(power.1, m));
        // (1 + s) e^-z - 1, the relative rest; its logarithm is itself less half its square.
        let rest = back
            .times(small.plus(Twofold::of(1.0)))
            .plus(Twofold::of(-1.0));
        Twofold::of(z).plus(rest)
    };
    if x > 0.0 {
        log.plus(Twofold::of(x)).0
    } else {
        log.0
    }
}
