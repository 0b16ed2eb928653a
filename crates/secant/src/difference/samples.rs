//! [`Samples`]: the values of a function along a line, at steps that are powers of two on both sides of a point. It keeps every
//! value, so that no point is asked twice, asks for several points in one batch, and never leaves the domain it was given.

/// The most pairs that are kept.
const MOST_PAIRS: usize = 128;
/// The most steps of one batch.
pub(super) const BATCH: usize = 9;

/// Marks a step half as long again as a power of two.
const HALF_AGAIN: u8 = u8::MAX;

/// The values a step away on either side; NaN where there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    exponent: i32,
    /// 0 for a step of a power of two, [`HALF_AGAIN`], else so many skew steps.
    skewed: u8,
    pub(super) step: f64,
    pub(super) minus: f64,
    pub(super) plus: f64,
}

impl Pair {
    pub(super) fn exponent(&self) -> i32 {
        self.exponent
    }

    pub(super) fn is_whole(&self) -> bool {
        self.minus.is_finite() && self.plus.is_finite()
    }
}

/// Asks for values at positions along the line.
pub(super) type Ask<'a> = dyn FnMut(&[f64], &mut [f64]) + 'a;

/// Where a line starts, and which steps suit it; all as exponents of two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) x: f64,
    /// The scale of the point.
    pub(super) scale: i32,
    /// The smallest step that moves the point exactly.
    pub(super) finest: i32,
    /// The longest step that is tried.
    pub(super) longest: i32,
}

impl Origin {
    /// A line in one input's own numbers.
    pub(super) fn at(x: f64) -> Self {
        /// Bits behind the first one of a number.
        const BITS: i32 = 52;
        let scale = exponent(x);
        // Steps below the smallest normal number lose their digits; so near to 0 it is 0.
        if x == 0.0 || scale - BITS < f64::MIN_EXP {
            return Self {
                x,
                scale: 0,
                finest: -300,
                longest: 0,
            };
        }
        Self {
            x,
            scale,
            finest: scale - BITS,
            longest: scale.max(0),
        }
    }

    /// A line along which several inputs move, each by its own size at a step of 1.
    pub(super) fn of_several() -> Self {
        Self {
            x: 0.0,
            scale: 0,
            finest: -52,
            longest: 0,
        }
    }
}

/// What is known of a function along a line.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    pub(super) origin: Origin,
    /// The value at the point; NaN or infinite where there is none.
    pub(super) centre: f64,
    lower: f64,
    upper: f64,
    pairs: Vec<Pair>,
    pub(super) evaluations: usize,
    pub(super) cap: usize,
}

impl Samples {
    /// Room for all samples, so that none is made later.
    pub(super) fn new() -> Self {
        Self {
            origin: Origin::at(0.0),
            centre: f64::NAN,
            lower: f64::NEG_INFINITY,
            upper: f64::INFINITY,
            pairs: Vec::with_capacity(MOST_PAIRS),
            evaluations: 0,
            cap: 0,
        }
    }

    /// Starts at a point of a domain, with the value there and so many evaluations to spend beside it.
    pub(super) fn start(
        &mut self,
        origin: Origin,
        [lower, upper]: [f64; 2],
        cap: usize,
        centre: f64,
    ) {
        self.pairs.clear();
        (self.origin, self.lower, self.upper, self.cap) = (origin, lower, upper, cap);
        (self.centre, self.evaluations) = (centre, 0);
    }

    /// The smallest exponent whose step moves the point exactly.
    pub(super) fn finest(&self) -> i32 {
        self.origin.finest
    }

    /// Whether so many more steps can be asked for.
    pub(super) fn can_ask(&self, steps: usize) -> bool {
        self.evaluations + 2 * steps <= self.cap && self.pairs.len() + steps <= MOST_PAIRS
    }

    /// Makes sure that these steps are known, in one batch. Steps too short to move the point, and those beyond the cap, are
    /// left out.
    pub(super) fn at(&mut self, exponents: &[i32], ask: &mut Ask) {
        self.ask_for(exponents.iter().map(|exponent| (*exponent, 0)), ask);
    }

    /// The same, for steps half as long again.
    pub(super) fn at_half_again(&mut self, exponents: &[i32], ask: &mut Ask) {
        let steps = exponents.iter().map(|exponent| (*exponent, HALF_AGAIN));
        self.ask_for(steps, ask);
    }

    /// The same, for so many times the skew step of one exponent.
    pub(super) fn at_skewed(&mut self, exponent: i32, multiples: &[u8], ask: &mut Ask) {
        self.ask_for(multiples.iter().map(|multiple| (exponent, *multiple)), ask);
    }

    fn ask_for(&mut self, steps: impl Iterator<Item = (i32, u8)>, ask: &mut Ask) {
        let mut positions = [0.0; 2 * BATCH];
        let mut values = [f64::NAN; 2 * BATCH];
        let (first, mut count) = (self.pairs.len(), 0);
        for (exponent, skewed) in steps.take(BATCH) {
            let known = self.find(exponent, skewed).is_some();
            if known || exponent < self.finest() || !self.can_ask(1) {
                continue;
            }
            let step = self.step(exponent, skewed);
            let mut pair = Pair {
                exponent,
                skewed,
                step,
                minus: f64::NAN,
                plus: f64::NAN,
            };
            for (side, position) in [(-1.0, self.origin.x - step), (1.0, self.origin.x + step)] {
                if position >= self.lower && position <= self.upper && position.is_finite() {
                    positions[count] = position;
                    count += 1;
                    self.evaluations += 1;
                    // Marked until the batch is answered.
                    if side < 0.0 {
                        pair.minus = f64::INFINITY;
                    } else {
                        pair.plus = f64::INFINITY;
                    }
                }
            }
            self.pairs.push(pair);
        }
        if count > 0 {
            ask(&positions[..count], &mut values[..count]);
        }
        let mut answers = values[..count].iter();
        for pair in &mut self.pairs[first..] {
            for value in [&mut pair.minus, &mut pair.plus] {
                if value.is_infinite() {
                    *value = answers
                        .next()
                        .copied()
                        .filter(|value| value.is_finite())
                        .unwrap_or(f64::NAN);
                }
            }
        }
    }

    /// The length of a step. A skew step is an odd number of units in the last place of x near √2 times a power of two: steps of
    /// whole powers would leave the rounding inside the function as it is, and its noise unseen.
    fn step(&self, exponent: i32, skewed: u8) -> f64 {
        match skewed {
            0 => return power_of_two(exponent),
            HALF_AGAIN => return 1.5 * power_of_two(exponent),
            _ => {}
        }
        let unit = self.finest();
        let places = power_of_two((exponent - unit).min(50)) * std::f64::consts::SQRT_2;
        let odd = 2.0 * (places / 2.0).floor() + 1.0;
        f64::from(skewed) * odd * power_of_two(unit.max(exponent - 50))
    }

    /// The pair at a power of two.
    pub(super) fn pair(&self, exponent: i32) -> Option<&Pair> {
        self.find(exponent, 0)
    }

    /// The pair at so many skew steps.
    pub(super) fn skewed(&self, exponent: i32, multiple: u8) -> Option<&Pair> {
        self.find(exponent, multiple)
    }

    fn find(&self, exponent: i32, skewed: u8) -> Option<&Pair> {
        self.pairs
            .iter()
            .find(|pair| (pair.exponent, pair.skewed) == (exponent, skewed))
    }

    /// The pairs at powers of two.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| pair.skewed == 0)
    }

    /// The pairs at powers of two and half-way between them, each with twice its exponent, one more where half-way.
    pub(super) fn dense_pairs(&self) -> impl Iterator<Item = (i32, &Pair)> {
        self.pairs.iter().filter_map(|pair| match pair.skewed {
            0 => Some((2 * pair.exponent, pair)),
            HALF_AGAIN => Some((2 * pair.exponent + 1, pair)),
            _ => None,
        })
    }

    /// All pairs.
    pub(super) fn all_pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter()
    }

    /// The greatest magnitude among the values at this pair and the centre.
    pub(super) fn magnitude(&self, pair: &Pair) -> f64 {
        self.centre.abs().max(pair.minus.abs()).max(pair.plus.abs())
    }

    /// Whether a position lies in the domain that was given.
    pub(super) fn is_bounded_at(&self, position: f64) -> bool {
        position < self.lower || position > self.upper
    }
}

/// The exponent of a number that is neither 0 nor infinite.
pub(super) fn exponent(x: f64) -> i32 {
    let bits = (x.abs().to_bits() >> 52) as i32;
    if bits == 0 { -1022 } else { bits - 1023 }
}

/// Two to an exponent within the range of normal numbers.
pub(super) fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent.clamp(-1022, 1023) + 1023) as u64) << 52)
}
