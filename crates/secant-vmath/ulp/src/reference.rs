//! The truth: CORE-MATH, and two functions it lacks from sums of two doubles.

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

macro_rules! one {
    ($($name:ident $single:ident),+) => {
        [$(Reference {
            name: stringify!($name),
            double: |x| core_math::$name(x[0]),
            single: |x| core_math::$single(x[0]),
        }),+]
    };
}

macro_rules! two {
    ($($name:ident $single:ident),+) => {
        [$(Reference {
            name: stringify!($name),
            double: |x| core_math::$name(x[0], x[1]),
            single: |x| core_math::$single(x[0], x[1]),
        }),+]
    };
}

const ONES: [Reference; 21] = one![
    exp expf, expm1 expm1f, exp2 exp2f, log logf, log1p log1pf, log2 log2f, log10 log10f, cbrt cbrtf, sin sinf,
    cos cosf, tan tanf, asin asinf, acos acosf, atan atanf, sinh sinhf, cosh coshf, tanh tanhf, asinh asinhf,
    acosh acoshf, atanh atanhf, erf erff
];
const TWOS: [Reference; 3] = two![pow powf, atan2 atan2f, hypot hypotf];
const OWN: [Reference; 2] = [
    Reference {
        name: "sigmoid",
        double: |x| sigmoid(x[0]),
        single: |x| sigmoid(f64::from(x[0])) as f32,
    },
    Reference {
        name: "softplus",
        double: |x| softplus(x[0]),
        single: |x| softplus(f64::from(x[0])) as f32,
    },
];
static REFERENCES: [Reference; 26] = {
    let [
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        h,
        i,
        j,
        k,
        l,
        m,
        n,
        o,
        p,
        q,
        r,
        s,
        t,
        u,
    ] = ONES;
    let ([v, w, x], [y, z]) = (TWOS, OWN);
    [
        a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z,
    ]
};

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

fn sigmoid(x: f64) -> f64 {
    if x.is_nan() || x > 40.0 {
        return if x.is_nan() { x } else { 1.0 };
    }
    if x < -750.0 {
        return 0.0;
    }
    let (e, n) = Twofold::of(-x.abs()).exp();
    let small = if n < -900 {
        Twofold::of(0.0)
    } else {
        Twofold(scaled(e.0, n), scaled(e.1, n))
    };
    let below = small.plus(Twofold::of(1.0));
    if x > 0.0 {
        return Twofold::of(1.0).over(below).0;
    }
    scaled(e.over(below).0, n)
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
