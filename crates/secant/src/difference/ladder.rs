//! Extrapolation to step 0 (Richardson 1911; Romberg 1955). Difference quotients at steps h, h/2, h/4, … are the values of a
//! polynomial in h² (in h, on one side) up to rounding; its coefficients at 0 are the derivatives. Every run of neighbouring rungs gives one
//! estimate with the two parts of its error, and the one with the smallest sum is taken. A dense ladder has steps half-way between the powers of
//! two as well: as many rungs over a shorter way, so that the shortest step, whose noise is largest, is longer.

use super::samples::power_of_two;

/// The most rungs of one window.
const MOST: usize = 8;
/// The most rungs of a ladder.
pub(super) const RUNGS: usize = 40;
/// How many standard deviations of the noise the bound holds.
pub(super) const DEVIATIONS: f64 = 4.0;

/// The quotient at one step, with the standard deviation of its noise.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rung {
    /// The step is two to this power; in a dense ladder, to half of it, or half as long again where that is odd.
    pub(super) exponent: i32,
    pub(super) value: f64,
    pub(super) noise: f64,
}

/// Which coefficient of the polynomial is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coefficient {
    /// The constant: the limit of the quotients.
    Limit,
    /// The next one, by the square of the step.
    Curvature,
}

/// The best window of a ladder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Best {
    pub(super) value: f64,
    pub(super) truncation: f64,
    /// The bound from noise, so many standard deviations wide.
    pub(super) noise: f64,
    /// The exponents of its longest and its shortest step.
    pub(super) longest: i32,
    pub(super) shortest: i32,
}

impl Best {
    pub(super) fn bound(&self) -> f64 {
        self.truncation + self.noise
    }

    pub(super) fn times(self, factor: f64) -> Self {
        Self {
            value: self.value * factor,
            truncation: self.truncation * factor,
            noise: self.noise * factor,
            ..self
        }
    }
}

/// The weights of n rungs, from the longest step, for a ratio of the variable between rungs.
type Weights = [[f64; MOST]; MOST + 1];

/// The variable of each rung, for a longest step of 1, where it falls by the same ratio from rung to rung.
const fn steady(ratio: f64) -> [f64; MOST] {
    let mut nodes = [1.0; MOST];
    let mut k = 1;
    while k < MOST {
        nodes[k] = nodes[k - 1] / ratio;
        k += 1;
    }
    nodes
}

/// The squares of the steps 1, 3/4, 1/2, 3/8, … or, from one half-way on, 1, 2/3, 1/2, 1/3, …
const fn by_turns(half_way: bool) -> [f64; MOST] {
    let mut nodes = [1.0; MOST];
    let mut k = 1;
    while k < MOST {
        let short = (k % 2 == 1) == half_way;
        let fall = if short { 2.0 / 3.0 } else { 3.0 / 4.0 };
        nodes[k] = nodes[k - 1] * fall * fall;
        k += 1;
    }
    nodes
}

/// Lagrange's weights at 0: the product of t_m / (t_m - t_k) over the others.
const fn limit_weights(nodes: [f64; MOST]) -> Weights {
    let mut weights = [[0.0; MOST]; MOST + 1];
    let mut n = 1;
    while n <= MOST {
        let mut k = 0;
        while k < n {
            let mut product = 1.0;
            let mut m = 0;
            while m < n {
                if m != k {
                    product *= nodes[m] / (nodes[m] - nodes[k]);
                }
                m += 1;
            }
            weights[n][k] = product;
            k += 1;
        }
        n += 1;
    }
    weights
}

/// The slope of Lagrange's polynomials at 0, for a longest step of 1.
const fn curvature_weights(nodes: [f64; MOST]) -> Weights {
    let mut weights = limit_weights(nodes);
    let mut n = 1;
    while n <= MOST {
        let mut k = 0;
        while k < n {
            let mut sum = 0.0;
            let mut m = 0;
            while m < n {
                if m != k {
                    sum -= 1.0 / nodes[m];
                }
                m += 1;
            }
            weights[n][k] *= sum;
            k += 1;
        }
        n += 1;
    }
    weights
}

/// The rungs of a kind of ladder, by whether the first rung of a window is half-way: variables and weights.
#[derive(Debug)]
struct Spacing {
    nodes: [[f64; MOST]; 2],
    weights: [Weights; 2],
}

const fn limits(nodes: [[f64; MOST]; 2]) -> Spacing {
    let weights = [limit_weights(nodes[0]), limit_weights(nodes[1])];
    Spacing { nodes, weights }
}

const fn curvatures(nodes: [[f64; MOST]; 2]) -> Spacing {
    let weights = [curvature_weights(nodes[0]), curvature_weights(nodes[1])];
    Spacing { nodes, weights }
}

static CENTRAL_LIMIT: Spacing = limits([steady(4.0), steady(4.0)]);
static CENTRAL_CURVATURE: Spacing = curvatures([steady(4.0), steady(4.0)]);
static DENSE_LIMIT: Spacing = limits([by_turns(false), by_turns(true)]);
static DENSE_CURVATURE: Spacing = curvatures([by_turns(false), by_turns(true)]);
static ONE_SIDED_LIMIT: Spacing = limits([steady(2.0), steady(2.0)]);

/// Rungs in order from the longest step, with the weights that extrapolate them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ladder {
    rungs: [Rung; RUNGS],
    count: usize,
    spacing: &'static Spacing,
    is_dense: bool,
    coefficient: Coefficient,
}

impl Ladder {
    /// An empty ladder of central quotients.
    pub(super) fn central(coefficient: Coefficient) -> Self {
        let spacing = match coefficient {
            Coefficient::Limit => &CENTRAL_LIMIT,
            Coefficient::Curvature => &CENTRAL_CURVATURE,
        };
        Self {
            rungs: [Rung::default(); RUNGS],
            count: 0,
            spacing,
            is_dense: false,
            coefficient,
        }
    }

    /// An empty ladder of slopes on one side.
    pub(super) fn one_sided() -> Self {
        Self {
            spacing: &ONE_SIDED_LIMIT,
            ..Self::central(Coefficient::Limit)
        }
    }

    /// An empty ladder of central quotients with steps half-way between the powers of two.
    pub(super) fn dense(coefficient: Coefficient) -> Self {
        Self {
            spacing: match coefficient {
                Coefficient::Limit => &DENSE_LIMIT,
                Coefficient::Curvature => &DENSE_CURVATURE,
            },
            is_dense: true,
            ..Self::central(coefficient)
        }
    }

    /// Adds a rung at its place.
    pub(super) fn push(&mut self, rung: Rung) {
        if self.count == RUNGS || !rung.value.is_finite() {
            return;
        }
        let mut place = self.count;
        while place > 0 && self.rungs[place - 1].exponent < rung.exponent {
            self.rungs[place] = self.rungs[place - 1];
            place -= 1;
        }
        self.rungs[place] = rung;
        self.count += 1;
    }

    pub(super) fn rungs(&self) -> &[Rung] {
        &self.rungs[..self.count]
    }

    /// The estimate with the smallest error among the windows whose longest step is no more than two to this power. Windows of
    /// shorter steps may contradict it: then they are right, unless their noise is the larger error.
    pub(super) fn best(&self, longest: i32) -> Option<Best> {
        const SHORTER: usize = 2;
        let windows = self.windows();
        let least = |longest: i32| {
            let short = |best: &&Best| best.longest <= longest;
            windows[..self.count]
                .iter()
                .flatten()
                .filter(short)
                .min_by(|a, b| a.bound().total_cmp(&b.bound()))
                .copied()
        };
        let mut best = least(longest)?;
        for _ in 0..SHORTER {
            let Some(shorter) = least(best.longest - 1) else {
                break;
            };
            let contradiction = (best.value - shorter.value).abs() - shorter.noise;
            best.truncation = best.truncation.max(contradiction);
            if shorter.bound() < best.bound() {
                best = shorter;
            }
        }
        Some(best)
    }

    /// The limit where the error falls by a steady factor from rung to rung, whatever it is (Aitken 1926): so a slope beside a power that is not
    /// whole. What the next rung changes is the error.
    pub(super) fn of_any_power(&self) -> Option<Best> {
        let rungs = self.rungs();
        let limit = |first: usize| {
            let [a, b, c] = [0, 1, 2].map(|place| rungs[first + place]);
            let (before, after) = (b.value - a.value, c.value - b.value);
            let fall = after / before;
            let adjacent = a.exponent - c.exponent == 2;
            (adjacent && fall > 0.0 && fall < 0.8).then(|| {
                let far = 1.0 / (1.0 - fall);
                (c.value + after * fall * far, c.noise * far * far)
            })
        };
        let mut best: Option<Best> = None;
        for first in 0..rungs.len().saturating_sub(3) {
            if let (Some((before, _)), Some((value, noise))) = (limit(first), limit(first + 1)) {
                let found = Best {
                    value,
                    truncation: 2.0 * (value - before).abs(),
                    noise: DEVIATIONS * noise,
                    longest: rungs[first].exponent,
                    shortest: rungs[first + 3].exponent,
                };
                if best.is_none_or(|best| found.bound() < best.bound()) {
                    best = Some(found);
                }
            }
        }
        best
    }

    /// For each rung the best window that begins there. Its truncation error is held to be no larger than what the longest step
    /// changed, than what the shortest step changed, less the powers by which that one falls further, and not far below what
    /// the step before changed: a difference may be small by chance.
    fn windows(&self) -> [Option<Best>; RUNGS] {
        let (least, free) = match self.coefficient {
            Coefficient::Limit => (2, 1),
            Coefficient::Curvature => (4, 2),
        };
        // By no more than this the error is believed to fall when a rung is added.
        let steady = match self.coefficient {
            Coefficient::Limit => 8.0,
            Coefficient::Curvature => 32.0,
        };
        /// By this the bound of a window is wider whose longest step may lie beyond a pole or a corner.
        const IRREGULAR: f64 = 4.0;
        // So many times what a rung changes is the bound.
        let caution = match self.coefficient {
            Coefficient::Limit => 2.0,
            Coefficient::Curvature => 4.0,
        };
        let mut best: [Option<Best>; RUNGS] = [None; RUNGS];
        let rungs = self.rungs();
        // The values of the windows, by length, that begin one and two rungs further down.
        let (mut next, mut after) = ([0.0; MOST + 1], [0.0; MOST + 1]);
        for first in (0..rungs.len()).rev() {
            let mut values = [0.0; MOST + 1];
            let nodes = &self.spacing.nodes[self.half_way(first)];
            let irregular = if self.is_irregular(first) {
                IRREGULAR
            } else {
                1.0
            };
            for length in 1..=MOST.min(rungs.len() - first) {
                let last = first + length - 1;
                if length > 1 && rungs[last].exponent != rungs[last - 1].exponent - 1 {
                    break;
                }
                values[length] = self.value(first, length);
                if length < least {
                    continue;
                }
                let fall = nodes[0] / nodes[length - free];
                let without_longest = (values[length] - next[length - 1]).abs();
                let without_shortest = (values[length] - values[length - 1]).abs() / fall;
                let before = if length > free + 2 {
                    (next[length - 1] - after[length - 2]).abs() / steady
                } else {
                    0.0
                };
                let truncation =
                    caution * irregular * without_longest.max(without_shortest).max(before);
                if best[first].is_some_and(|best| truncation >= best.bound()) {
                    continue;
                }
                let window = Best {
                    value: values[length],
                    truncation,
                    noise: DEVIATIONS * self.noise(first, length),
                    longest: rungs[first].exponent,
                    shortest: rungs[last].exponent,
                };
                if best[first].is_none_or(|best| window.bound() < best.bound()) {
                    best[first] = Some(window);
                }
            }
            (after, next) = (next, values);
        }
        best
    }

    /// Whether the quotients do not come together from the first rung on as those of a series do: what the first two differ is too little beside what the
    /// next two differ, and not for noise.
    fn is_irregular(&self, first: usize) -> bool {
        const PART: f64 = 0.6;
        const NOISE: f64 = 8.0;
        let [Some(a), Some(b), Some(c)] = [0, 1, 2].map(|place| self.rungs().get(first + place))
        else {
            return false;
        };
        let nodes = &self.spacing.nodes[self.half_way(first)];
        let expected = (nodes[0] - nodes[1]) / (nodes[1] - nodes[2]);
        let (before, after) = ((a.value - b.value).abs(), (b.value - c.value).abs());
        before < PART * expected * after && after > NOISE * c.noise
    }

    /// 1 for a window that begins half-way.
    fn half_way(&self, first: usize) -> usize {
        (self.is_dense && self.rungs[first].exponent.rem_euclid(2) == 1).into()
    }

    fn scale(&self, first: usize) -> f64 {
        match self.coefficient {
            Coefficient::Limit => 1.0,
            Coefficient::Curvature => {
                let exponent = self.rungs[first].exponent;
                let step = if self.is_dense {
                    let half_again = if self.half_way(first) == 1 { 1.5 } else { 1.0 };
                    half_again * power_of_two(exponent.div_euclid(2))
                } else {
                    power_of_two(exponent)
                };
                1.0 / (step * step)
            }
        }
    }

    fn value(&self, first: usize, length: usize) -> f64 {
        let weights = &self.spacing.weights[self.half_way(first)][length];
        let rungs = &self.rungs[first..first + length];
        let sum: f64 = rungs
            .iter()
            .zip(weights)
            .map(|(rung, weight)| rung.value * weight)
            .sum();
        sum * self.scale(first)
    }

    fn noise(&self, first: usize, length: usize) -> f64 {
        let weights = &self.spacing.weights[self.half_way(first)][length];
        let rungs = &self.rungs[first..first + length];
        let squares = |unit: f64| {
            let square = |(rung, weight): (&Rung, &f64)| {
                let part = rung.noise / unit * weight;
                part * part
            };
            rungs.iter().zip(weights).map(square).sum::<f64>()
        };
        // Beside a small point squares of the noise are no doubles; that of the shortest step is the largest.
        let unit = rungs.last().map_or(0.0, |rung| rung.noise);
        let plain = squares(1.0);
        let length = match plain < f64::MIN_POSITIVE && unit > 0.0 {
            true => squares(unit).sqrt() * unit,
            false => plain.sqrt(),
        };
        length * self.scale(first)
    }
}

/// Which coefficient of the quotients an order takes: each quotient holds two derivatives of its parity.
pub(super) fn coefficient(order: u32) -> Coefficient {
    if order <= 2 {
        Coefficient::Limit
    } else {
        Coefficient::Curvature
    }
}

/// By how much the derivative of an order is more than its coefficient.
pub(super) fn factor(order: u32) -> f64 {
    match order {
        3 => 6.0,
        4 => 12.0,
        _ => 1.0,
    }
}
