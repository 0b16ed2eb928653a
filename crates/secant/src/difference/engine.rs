//! The search for the step. A ladder of steps at the scale of the point comes first, with one step far below it that may contradict. Where nothing
//! does, its best window is the answer. Else both sides of the point are looked at (`verdict`), then the noise, and the ladder
//! moves to where the function is smooth (`scales`).

use std::ops::RangeBounds;

use super::ladder::{Best, DEVIATIONS, Ladder, Rung, coefficient, factor};
use super::noise;
use super::rounding::Rounding;
use super::samples::{Ask, BATCH, Pair, Samples, power_of_two};
use crate::point::{Point, PointKind};

mod foretold;
mod scales;
mod verdict;
mod witness;

/// Half a unit in the last place, relative.
const ROUNDING: f64 = f64::EPSILON / 2.0;
/// Exponents below that of the point at which the sides are looked at.
const SIDES: [i32; 3] = [-20, -28, -36];
/// The exponent below that of the point of the skew steps that may contradict an answer, and that tables of differences take.
const PROBE: i32 = -26;
/// So many of them contradict.
const PROBED: u8 = 4;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Value {
        value: f64,
        truncation: f64,
        noise: f64,
        one_sided: bool,
    },
    /// A number with nothing to tell its error by.
    Unbounded(f64),
    Point(Point),
    TooNoisy {
        value: f64,
        bound: f64,
    },
    Scales {
        coarse: (f64, f64),
        fine: (f64, f64),
    },
}

impl Outcome {
    /// It could not be found out whether there is a derivative.
    pub(super) fn undecided() -> Self {
        Self::Point(Point::undecided())
    }
}

/// What is wanted, and how sure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) order: u32,
    /// The relative bound at which the search ends.
    pub(super) goal: f64,
    /// The relative noise that the user knows of.
    pub(super) noise: Option<f64>,
    /// How far values are rounded.
    pub(super) rounding: Rounding,
}

/// A search along one line.
pub(super) struct Search<'s, 'a> {
    pub(super) samples: &'s mut Samples,
    pub(super) ask: &'s mut Ask<'a>,
    pub(super) wanted: Wanted,
    /// The standard deviation of the noise of a value, beyond rounding.
    pub(super) noise: f64,
    /// The exponent of the scale of the point.
    pub(super) scale: i32,
    /// The exponent of the skew steps that may contradict an answer.
    probe: i32,
    /// The longest step that windows may hold: beyond it the function is known to be another one.
    longest: i32,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(super) fn new(samples: &'s mut Samples, ask: &'s mut Ask<'a>, wanted: Wanted) -> Self {
        let scale = samples.origin.scale;
        let mut search = Self {
            probe: (scale + PROBE).max(samples.finest()),
            samples,
            ask,
            wanted,
            noise: 0.0,
            scale,
            longest: i32::MAX,
        };
        search.noise = search.declared_noise();
        search
    }

    /// The noise of a value that the user knows of, which no measurement lessens.
    fn declared_noise(&self) -> f64 {
        self.wanted.noise.unwrap_or(0.0) * self.samples.centre.abs()
    }

    /// The derivative, or what the point is. Rounding to few digits may hide a derivative, but no jump.
    pub(super) fn outcome(&mut self) -> Outcome {
        match self.search() {
            hidden @ Outcome::TooNoisy { .. } => {
                self.jump_beyond_rounding().map_or(hidden, Outcome::Point)
            }
            found => found,
        }
    }

    fn search(&mut self) -> Outcome {
        if !self.samples.centre.is_finite() {
            return Outcome::Point(self.without_value());
        }
        let top = self.top();
        self.descend_from(top, self.rungs());
        if let Some(visible) = self.visible_exponent().filter(|visible| *visible < top) {
            self.probe = self.probe.max(visible - 2);
        }
        self.samples.at_skewed(self.probe, &[PROBED], self.ask);
        let is_inside =
            self.probed().is_some() && self.samples.pair(top).is_some_and(Pair::is_whole);
        if !is_inside {
            return self.study(None);
        }
        match self.best() {
            Some(best) if self.is_consistent(&best) && self.holds_between(&best, top) => {
                self.settle(best)
            }
            best => self.study(best),
        }
    }

    /// The longest step of the first ladder, so that all of it lies in the given domain where it can.
    fn top(&self) -> i32 {
        let mut top = self.scale
            - match self.wanted.order {
                1 => 3,
                2 => 2,
                _ => 1,
            };
        while top > self.probe + 10 && self.leaves(top) {
            top -= 1;
        }
        top.max(self.samples.finest() + 4)
    }

    fn rungs(&self) -> i32 {
        if self.wanted.order == 1 { 5 } else { 6 }
    }

    /// Whether a step leaves the given domain on any side.
    fn leaves(&self, exponent: i32) -> bool {
        let step = power_of_two(exponent);
        self.samples.is_bounded_at(self.samples.origin.x - step)
            || self.samples.is_bounded_at(self.samples.origin.x + step)
    }

    /// Where values have few digits, the exponent of the shortest step over which the function seems to change by many units; that of the
    /// longest step where even that one does not.
    fn visible_exponent(&self) -> Option<i32> {
        /// So many half units leave an eighth of a change to doubt.
        const STANDS_OUT: f64 = 32.0;
        /// Doubles have no more powers of two.
        const MOST: f64 = 2100.0;
        let rounding = self.wanted.rounding;
        if !rounding.is_coarse() {
            return None;
        }
        let stands_out = |pair: &Pair| {
            self.rise(pair) / (STANDS_OUT * rounding.of(self.samples.magnitude(pair)))
        };
        let whole = || self.samples.pairs().filter(|pair| pair.is_whole());
        let visible = whole().filter(|pair| stands_out(pair) > 1.0);
        let by_length = |a: &&Pair, b: &&Pair| a.step.total_cmp(&b.step);
        let pair = visible
            .min_by(by_length)
            .or_else(|| whole().max_by(by_length))?;
        let shorter = stands_out(pair).log2().floor().clamp(0.0, MOST);
        Some(pair.exponent() - shorter as i32)
    }

    /// Whether values are rounded to few digits and there is no noise besides, so that none is further off than it is known to be.
    fn is_only_rounded(&self) -> bool {
        self.wanted.rounding.is_coarse() && self.noise == 0.0
    }

    /// The pair that may contradict.
    fn probed(&self) -> Option<&Pair> {
        self.samples
            .skewed(self.probe, PROBED)
            .filter(|pair| pair.is_whole())
    }

    fn at(&mut self, exponents: &[i32]) {
        self.samples.at(exponents, self.ask);
    }

    /// Asks for so many rungs from an exponent down.
    fn descend_from(&mut self, top: i32, count: i32) {
        let mut exponents = [0; BATCH];
        for (exponent, below) in exponents.iter_mut().zip(0..count) {
            *exponent = top - below;
        }
        self.at(&exponents[..(count as usize).min(BATCH)]);
    }

    /// The standard deviation of the values at this pair: rounding of the value and of the abscissa, and noise.
    fn deviation(&self, pair: &Pair) -> f64 {
        let magnitude = self.samples.magnitude(pair);
        let grown = if self.noise > 0.0 && self.samples.centre != 0.0 {
            (magnitude / self.samples.centre.abs()).clamp(1.0, 8.0)
        } else {
            1.0
        };
        self.wanted.rounding.of(magnitude) + self.noise * grown
    }

    /// The first odd or even quotient: (f(x+h) - f(x-h)) / 2h, or (f(x+h) - 2 f(x) + f(x-h)) / h².
    fn rung(&self, pair: &Pair, odd: bool) -> Rung {
        let deviation = self.deviation(pair);
        let (value, noise) = if odd {
            (
                (pair.plus - pair.minus) / (2.0 * pair.step),
                deviation * std::f64::consts::FRAC_1_SQRT_2 / pair.step,
            )
        } else {
            let around = self.around(pair);
            (
                around / pair.step / pair.step,
                deviation * 6f64.sqrt() / pair.step / pair.step,
            )
        };
        Rung {
            exponent: pair.exponent(),
            value,
            noise,
        }
    }

    /// The pair of this exponent, where the function has a value on both sides.
    fn whole_pair(&self, exponent: i32) -> Option<&Pair> {
        self.samples.pair(exponent).filter(|pair| pair.is_whole())
    }

    /// By how much both sides together are above the middle.
    fn around(&self, pair: &Pair) -> f64 {
        (pair.plus - self.samples.centre) + (pair.minus - self.samples.centre)
    }

    /// How far the side is from the middle that is further off.
    fn rise(&self, pair: &Pair) -> f64 {
        let centre = self.samples.centre;
        (pair.plus - centre).abs().max((pair.minus - centre).abs())
    }

    /// The answer for the first derivative beside the one that is wanted.
    fn first(&self, best: &Best) -> Option<Best> {
        if self.wanted.order == 1 {
            Some(*best)
        } else {
            self.best_of(1)
        }
    }

    /// The answer for the second derivative beside the one that is wanted, where that is of this order or a higher one.
    fn second(&self, best: &Best) -> Option<Best> {
        match self.wanted.order {
            1 => None,
            2 => Some(*best),
            _ => self.best_of(2),
        }
    }

    /// The best window of all pairs for the derivative of an order.
    fn best_of(&self, order: u32) -> Option<Best> {
        self.best_within(order, .., self.longest)
    }

    /// The same of the pairs with these exponents, whose window begins with a step no longer than `longest`.
    fn best_within(
        &self,
        order: u32,
        exponents: impl RangeBounds<i32>,
        longest: i32,
    ) -> Option<Best> {
        let mut ladder = Ladder::central(coefficient(order));
        let whole = self.samples.pairs().filter(|pair| pair.is_whole());
        for pair in whole.filter(|pair| exponents.contains(&pair.exponent())) {
            ladder.push(self.rung(pair, order % 2 == 1));
        }
        ladder.best(longest).map(|best| best.times(factor(order)))
    }

    /// The best window of the wanted order among steps half-way between the powers of two as well.
    fn best_of_dense(&self) -> Option<Best> {
        let order = self.wanted.order;
        let mut ladder = Ladder::dense(coefficient(order));
        for (exponent, pair) in self.samples.dense_pairs() {
            if pair.is_whole() {
                ladder.push(Rung {
                    exponent,
                    ..self.rung(pair, order % 2 == 1)
                });
            }
        }
        let best = ladder.best(self.longest.saturating_mul(2))?;
        Some(Best {
            longest: best.longest.div_euclid(2),
            shortest: best.shortest.div_euclid(2),
            ..best.times(factor(order))
        })
    }

    fn best(&self) -> Option<Best> {
        self.best_of(self.wanted.order)
    }

    fn is_good(&self, best: &Best) -> bool {
        let flat = best.value.abs() <= best.bound();
        let natural = self.samples.centre.abs()
            / power_of_two(self.scale.max(0)).powi(self.wanted.order as i32);
        best.bound() <= self.wanted.goal * if flat { natural } else { best.value.abs() }
    }

    /// Refines a consistent answer until it is good, or no step helps.
    fn settle(&mut self, best: Best) -> Outcome {
        let noise = self.noise;
        let first = self.measured(best);
        let mut best = first;
        let known = self.samples.evaluations;
        if !self.is_good(&best) && best.noise >= best.truncation {
            best = self.climb(best);
        }
        best = self.improve(best);
        if self.samples.evaluations > known || self.noise > noise {
            best = self.measured(best);
        }
        if self.wanted.order > 2 && !self.is_good(&best) {
            best = self.densify(best);
        }
        // Steps that are longer than a wave agree by chance, at another number.
        let apart = (best.value - first.value).abs();
        let agrees = apart <= best.bound() + first.bound();
        self.conclude(if agrees { best } else { first })
    }

    /// Steps half-way between, where these leave a smaller error: a high order divides noise by a high power of the shortest step.
    fn densify(&mut self, best: Best) -> Best {
        const RUNGS: i32 = 5;
        let mut top = (best.longest + 1).min(self.highest());
        while top > best.shortest && self.leaves(top) {
            top -= 1;
        }
        self.descend_from(top, RUNGS);
        let half_again: [i32; RUNGS as usize - 1] =
            std::array::from_fn(|below| top - 1 - below as i32);
        self.samples.at_half_again(&half_again, self.ask);
        let agrees = |dense: &Best| {
            dense.bound() < best.bound()
                && (dense.value - best.value).abs() <= dense.bound() + best.bound()
        };
        self.best_of_dense().filter(agrees).unwrap_or(best)
    }

    /// The same answer, with the noise that much shorter steps show: there the function is a straight line but for noise.
    fn measured(&mut self, best: Best) -> Best {
        /// So many exponents below the window truncation is gone.
        const BELOW: i32 = 8;
        /// Few samples may show less than there is.
        const CAUTION: f64 = 1.5;
        /// By no more than this.
        const MOST: f64 = 8.0;
        if self.wanted.rounding.is_coarse() {
            return self.measured_beside_rounding(best);
        }
        let Some(first) = self.first(&best) else {
            return best;
        };
        let Some(second) = self.best_of(2) else {
            return best;
        };
        // Where the window itself is short, the shortest steps must do.
        let longest = (first.shortest - BELOW).max((self.scale + SIDES[2]).min(first.shortest - 1));
        let beyond = |off: f64, doubt: f64| (off.abs() - doubt).max(0.0);
        let short = |pair: &&Pair| pair.is_whole() && pair.exponent() <= longest;
        let strays = self.samples.all_pairs().filter(short).flat_map(|pair| {
            let step = pair.step;
            let odd = (pair.plus - pair.minus) / 2.0 - first.value * step;
            let around = self.around(pair);
            let odd = beyond(odd, first.bound() * step);
            let even = beyond(
                around - second.value * step * step,
                (second.bound() + 1e-3 * second.value.abs()) * step * step,
            );
            [2f64.sqrt() * odd, even / 6f64.sqrt()]
        });
        let deviation = CAUTION * noise::root_mean_square(strays);
        if deviation
            <= self
                .noise
                .max(self.wanted.rounding.of(self.samples.centre.abs()))
        {
            return best;
        }
        // Most such noise is the rounding of an argument inside, which moves the value as a unit in the last place of x does.
        let of_argument = ROUNDING * self.samples.origin.x.abs() * first.value.abs();
        self.noise = of_argument.clamp(deviation, MOST * deviation);
        self.best().unwrap_or(best)
    }

    /// The same answer, with the noise that is there beside known rounding, where a shorter step contradicts.
    fn measured_beside_rounding(&mut self, best: Best) -> Best {
        if self.foretells_shorter(&best) {
            return best;
        }
        self.measure_beside_rounding();
        self.best().unwrap_or(best)
    }

    /// The longest step that is tried: half the scale of the point, and the whole of it for high orders, which noise ends sooner. At
    /// steps beyond, a series may no longer hold, and windows agree by chance.
    fn highest(&self) -> i32 {
        let half = i32::from(self.wanted.order <= 2);
        (self.samples.origin.longest - half).min(self.longest)
    }

    /// Where noise rules, longer steps, in strides, as long as the slope stays what it is.
    fn climb(&mut self, best: Best) -> Best {
        const STRIDE: i32 = 3;
        let limit = self.highest();
        let (mut reached, mut value, mut bound) = (best.longest, best.value, best.bound());
        while reached + STRIDE <= limit && self.samples.can_ask(5) && !self.leaves(reached + STRIDE)
        {
            let next = reached + STRIDE;
            self.at(&[next]);
            let Some(rung) = self.simple(next) else { break };
            let noise = 2.0 * DEVIATIONS * rung.noise;
            if (rung.value - value).abs() > 0.03 * value.abs() + bound + noise {
                break;
            }
            (reached, value, bound) = (next, rung.value, noise);
        }
        if reached > best.longest {
            self.descend_from(reached, 4);
        }
        self.best()
            .filter(|new| new.bound() < best.bound())
            .unwrap_or(best)
    }

    /// The quotient of one step for the wanted order, where one step has one.
    fn simple(&self, exponent: i32) -> Option<Rung> {
        let pair = self.whole_pair(exponent)?;
        Some(self.rung(pair, self.wanted.order % 2 == 1))
    }

    /// Adds a rung where the larger part of the error asks for one, until it does not pay.
    fn improve(&mut self, best: Best) -> Best {
        const PAYS: f64 = 0.7;
        let mut best = best;
        let mut idle = 0;
        while !self.is_good(&best) && idle < 2 && self.samples.can_ask(1) {
            let (longer, shorter) = (best.longest + 1, best.shortest - 1);
            let wants_shorter = best.truncation > best.noise;
            let choices = if wants_shorter {
                [shorter, longer]
            } else {
                [longer, shorter]
            };
            let fresh = |exponent: &i32| {
                self.samples.pair(*exponent).is_none()
                    && *exponent >= self.samples.finest()
                    && *exponent <= self.highest()
                    && !self.leaves(*exponent)
            };
            let Some(next) = choices.iter().copied().find(fresh) else {
                break;
            };
            self.at(&[next]);
            let Some(new) = self.best() else { break };
            if new.bound() > PAYS * best.bound() {
                idle += 1;
            } else {
                idle = 0;
            }
            best = new;
        }
        best
    }

    /// An answer, unless noise leaves nothing of it.
    fn conclude(&mut self, best: Best) -> Outcome {
        if let Some(outcome) = self.flat_by_rounding(&best) {
            return outcome;
        }
        if self.has_bent_derivative(&best) {
            // Of values with few digits the steps are long, and a wave bends within them.
            if self.wanted.rounding.is_coarse() {
                return Outcome::undecided();
            }
            return Outcome::Point(Point {
                has_value: true,
                ..Point::plain(PointKind::Corner)
            });
        }
        if self.wanted.rounding.is_coarse() && !self.foretells_shorter(&best) {
            return self.hidden(Some(best));
        }
        if let Some(outcome) = self.contradicted(&best) {
            return outcome;
        }
        let magnitude = self
            .samples
            .pair(best.longest)
            .map_or(0.0, |pair| self.samples.magnitude(pair));
        let noise = self.wanted.rounding.of(magnitude) + self.noise;
        let noisy = noise > 1e4 * ROUNDING * magnitude;
        if noisy && best.bound() >= 0.5 * best.value.abs() {
            let noise = Outcome::TooNoisy {
                value: best.value,
                bound: best.bound(),
            };
            return self.finest_answer().unwrap_or(noise);
        }
        if self.is_another_above(&best) {
            return Outcome::undecided();
        }
        Outcome::Value {
            value: best.value,
            truncation: best.truncation,
            noise: best.noise * self.unseen(&best),
            one_sided: false,
        }
    }

    /// How much more noise than the rounding of the value there may be, unseen: a function that rounds its argument inside, as `tan(13 x)` does, moves by
    /// what a unit in the last place of x moves it. Few samples show that only by chance; many functions do no such thing, so half of its
    /// digits are believed.
    fn unseen(&self, best: &Best) -> f64 {
        const BELIEVED: f64 = 4.0;
        const MOST: f64 = 4.0;
        let slope = self.first(best).map_or(0.0, |first| first.value);
        let of_argument = ROUNDING * (self.samples.origin.x * slope).abs();
        let seen = self
            .noise
            .max(self.wanted.rounding.of(self.samples.centre.abs()));
        // Compared before they are divided: both may be 0.
        if of_argument <= BELIEVED * seen {
            return 1.0;
        }
        (of_argument / (BELIEVED * seen)).sqrt().min(MOST)
    }
}
