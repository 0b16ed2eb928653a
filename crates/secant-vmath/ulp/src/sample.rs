//! Arguments: hard cases, all bit patterns, and the range in which a function does its work.

/// Gives arguments without end, the same ones in every run.
pub struct Sampler {
    state: u64,
    arity: usize,
    single: bool,
    range: [(f64, f64); 2],
    hard: Vec<[f64; 2]>,
    turn: u64,
}

impl Sampler {
    pub fn new(name: &str, arity: usize, single: bool) -> Self {
        let state = name.bytes().fold(0x9e37_79b9_7f4a_7c15, |seed: u64, byte| {
            (seed ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        let wide = if single { 110.0 } else { 750.0 };
        let x = match name {
            "exp" | "expm1" | "sinh" | "cosh" | "sech" | "sigmoid" | "silu" | "softplus" => (-wide, wide),
            "exp2" => (-1.5 * wide, 1.5 * wide),
            "log" | "log2" | "log10" | "acosh" => (0.0, 4.0),
            "log1p" => (-1.0, 4.0),
            "pow" => (0.0, 10.0),
            "sin" | "cos" | "tan" => (-100.0, 100.0),
            "asin" | "acos" | "atanh" => (-1.0, 1.0),
            "erfc" if single => (-4.0, 10.5),
            "erfc" => (-6.0, 27.5),
            "gelu" if single => (-14.5, 6.0),
            "gelu" => (-39.0, 9.0),
            "tanh" | "erf" | "asinh" => (-7.0, 7.0),
            _ => (-10.0, 10.0),
        };
        let y = if name == "pow" {
            (-320.0, 320.0)
        } else {
            (-10.0, 10.0)
        };
        Self {
            state,
            arity,
            single,
            range: [x, y],
            hard: hard(arity),
            turn: 0,
        }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn pattern(&mut self) -> f64 {
        let bits = self.bits();
        if self.single {
            f64::from(f32::from_bits(bits as u32))
        } else {
            f64::from_bits(bits)
        }
    }

    fn within(&mut self, (low, high): (f64, f64)) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A size between 2^-30 and 2^30, at any exponent alike.
    fn moderate(&mut self) -> f64 {
        let size = self.within((-30.0, 30.0)).exp2();
        if self.bits() & 1 == 0 { size } else { -size }
    }

    pub fn next(&mut self) -> [f64; 2] {
        if let Some(hard) = self.hard.pop() {
            return hard;
        }
        self.turn += 1;
        if self.arity == 1 {
            return match self.turn % 4 {
                0 | 2 => [self.pattern(), 0.0],
                1 => [self.within(self.range[0]), 0.0],
                _ => [self.moderate(), 0.0],
            };
        }
        match self.turn % 8 {
            0 => [self.pattern(), self.pattern()],
            1 => [self.pattern().abs(), self.moderate()],
            2 => [self.moderate().abs(), self.moderate()],
            3 => {
                // Bases beside 1 with exponents that make much of it, and sides of nearly one length.
                let near = 1.0 + self.moderate() * 1e-12;
                let far = self.moderate() * 1e9;
                [near, far]
            }
            4 => {
                // Powers that end beside the edges of the range.
                let base = self.pattern().abs();
                let edge = if self.bits() & 1 == 0 { 709.0 } else { -740.0 };
                [base, (edge + self.within((-6.0, 6.0))) / base.ln()]
            }
            5 => {
                let x = self.moderate();
                [x, x * self.within((0.5, 2.0))]
            }
            _ => [self.within(self.range[0]), self.within(self.range[1])],
        }
    }
}

/// What goes wrong first: edges, subnormals, halves, whole numbers, numbers beside multiples of π/2.
fn hard(arity: usize) -> Vec<[f64; 2]> {
    let mut edges = vec![
        0.0,
        f64::INFINITY,
        f64::NAN,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::from_bits(3),
        f64::MIN_POSITIVE.next_down(),
        1.0,
        1.0f64.next_up(),
        1.0f64.next_down(),
        0.5,
        0.5f64.next_up(),
        1.5,
        2.0,
        3.0,
        10.0,
        1e-17,
        1e-9,
        1e22,
        2f64.powi(52),
        2f64.powi(53),
        2f64.powi(53) - 1.0,
        709.782712893384,
        709.7827128933841,
        710.4758600739439,
        710.475860073944,
        745.1332191019411,
        745.1332191019412,
        744.4400719213812,
        708.3964185322641,
        36.7,
        37.0,
        1074.0,
        1075.0,
        1024.0,
        1023.9999999999999,
        5.9,
        6.0,
        27.226017111108362,
        27.226017111108366,
        26.5,
        38.4,
        38.58,
        38.7,
        752.0,
        std::f64::consts::SQRT_2,
        std::f64::consts::FRAC_1_SQRT_2,
        205_887.0,
        205_887.5,
        1_073_741_824.0,
        // The doubles nearest to a multiple of π/2 for their size (Muller, Elementary Functions, 2016, 11.3), and like ones.
        6_381_956_970_095_103.0 * 2f64.powi(797),
        5_269_904_125_684_097.0 * 2f64.powi(500),
        8_506_027_461_871_875.0 * 2f64.powi(-10),
    ];
    for k in 1..2000 {
        let near = f64::from(k) * std::f64::consts::FRAC_PI_2;
        edges.extend([near, near.next_up(), near.next_down(), f64::from(k) / 8.0]);
    }
    for k in 0..1000 {
        edges.push(std::f64::consts::FRAC_PI_2 * (1u64 << 40) as f64 * f64::from(k));
        edges.push(10f64.powi(k % 300) * f64::from(k));
    }
    for exponent in -1074..1024 {
        edges.push(
            2f64.powi(exponent.max(-1022))
                * if exponent < -1022 {
                    2f64.powi(exponent + 1022)
                } else {
                    1.0
                },
        );
    }
    let signed: Vec<f64> = edges.iter().flat_map(|x| [*x, -*x]).collect();
    if arity == 1 {
        return signed.iter().map(|x| [*x, 0.0]).collect();
    }
    let few = &signed[..94];
    few.iter()
        .flat_map(|x| few.iter().map(|y| [*x, *y]))
        .collect()
}
