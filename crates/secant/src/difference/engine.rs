//! The search for the step. A ladder of steps at the scale of the point comes first, with one step far below it that may contradict. Where nothing
//! does, its best window is the answer. Else both sides of the point are looked at, then the noise, and the ladder
//! moves to where the function is smooth.

use super::ladder::{Best, Coefficient, DEVIATIONS, Ladder, Rung};
use super::noise;
use super::samples::{Ask, BATCH, Pair, Samples, exponent, power_of_two};
use super::sides::{Behaviour, Changes};
use crate::point::{Point, PointKind};

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

/// What is wanted, and how sure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) order: u32,
    /// The relative bound at which the search ends.
    pub(super) goal: f64,
    /// The relative noise that the user knows of.
    pub(super) noise: Option<f64>,
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
    /// The longest step that windows may hold: beyond it the function is known to be another one.
    longest: i32,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(super) fn new(samples: &'s mut Samples, ask: &'s mut Ask<'a>, wanted: Wanted) -> Self {
        let scale = if samples.x == 0.0 {
            0
        } else {
            exponent(samples.x)
        };
        let noise = wanted.noise.unwrap_or(0.0) * samples.centre.abs();
        Self {
            samples,
            ask,
            wanted,
            noise,
            scale,
            longest: i32::MAX,
        }
    }

    /// The derivative, or what the point is.
    pub(super) fn outcome(&mut self) -> Outcome {
        if !self.samples.centre.is_finite() {
            return Outcome::Point(self.without_value());
        }
        let top = self.top();
        self.descend_from(top, self.rungs());
        let probe = self.probe_exponent();
        self.samples.at_skewed(probe, &[PROBED], self.ask);
        let is_inside =
            self.probed().is_some() && self.samples.pair(top).is_some_and(Pair::is_whole);
        if !is_inside {
            return self.study(None);
        }
        match self.best() {
            Some(best) if self.is_consistent(&best) => self.settle(best),
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
        while top > self.probe_exponent() + 10 && self.leaves(top) {
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
        self.samples.is_bounded_at(self.samples.x - step)
            || self.samples.is_bounded_at(self.samples.x + step)
    }

    fn probe_exponent(&self) -> i32 {
        (self.scale + PROBE).max(self.samples.finest())
    }

    /// The pair that may contradict.
    fn probed(&self) -> Option<&Pair> {
        self.samples
            .skewed(self.probe_exponent(), PROBED)
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
        ROUNDING * magnitude + self.noise * grown
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
            let around = (pair.plus - self.samples.centre) + (pair.minus - self.samples.centre);
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

    /// The ladder of all pairs for the derivative of an order, and the factor of its coefficient.
    fn ladder(&self, order: u32) -> (Ladder, f64) {
        let coefficient = if order <= 2 {
            Coefficient::Limit
        } else {
            Coefficient::Curvature
        };
        let factor = match order {
            3 => 6.0,
            4 => 12.0,
            _ => 1.0,
        };
        let mut ladder = Ladder::central(coefficient);
        for pair in self.samples.pairs().filter(|pair| pair.is_whole()) {
            ladder.push(self.rung(pair, order % 2 == 1));
        }
        (ladder, factor)
    }

    fn best_of(&self, order: u32) -> Option<Best> {
        let (ladder, factor) = self.ladder(order);
        ladder.best(self.longest).map(|best| Best {
            value: best.value * factor,
            truncation: best.truncation * factor,
            noise: best.noise * factor,
            ..best
        })
    }

    fn best(&self) -> Option<Best> {
        self.best_of(self.wanted.order)
    }

    /// Whether the slope and the bend at a much shorter step are what the ladder foretells.
    fn is_consistent(&self, best: &Best) -> bool {
        /// So many standard deviations apart, a smaller step contradicts.
        const CONTRADICTS: f64 = 12.0;
        let Some(pair) = self.probed() else {
            return false;
        };
        let first = if self.wanted.order == 1 {
            Some(*best)
        } else {
            self.best_of(1)
        };
        let Some(first) = first else {
            return false;
        };
        let noise = CONTRADICTS * self.deviation(pair);
        let slope = (pair.plus - pair.minus) / 2.0;
        let around = (pair.plus - self.samples.centre) + (pair.minus - self.samples.centre);
        let bend = self
            .samples
            .pair(first.shortest)
            .map_or(0.0, |pair| self.rung(pair, false).value.abs());
        (slope - first.value * pair.step).abs() <= noise + first.bound() * pair.step
            && around.abs() <= noise + 2.0 * bend * pair.step * pair.step
    }

    fn is_good(&self, best: &Best) -> bool {
        let flat = best.value.abs() <= best.bound();
        let natural = self.samples.centre.abs()
            / power_of_two(self.scale.max(0)).powi(self.wanted.order as i32);
        best.bound() <= self.wanted.goal * if flat { natural } else { best.value.abs() }
    }

    /// Whether a lower derivative has a corner here: then a quotient moves with the step itself, not with its square, and halving the
    /// step halves what is left.
    fn has_bent_derivative(&self, best: &Best) -> bool {
        if self.wanted.order == 1 {
            return false;
        }
        let parities: &[bool] = if self.wanted.order == 2 {
            &[true]
        } else {
            &[true, false]
        };
        let pair = |exponent: i32| self.samples.pair(exponent).filter(|pair| pair.is_whole());
        let four = |longest: i32| {
            let below = [0, 1, 2, 3].map(|below| pair(longest - below));
            let [Some(a), Some(b), Some(c), Some(d)] = below else {
                return None;
            };
            Some([*a, *b, *c, *d])
        };
        let Some(pairs) = (0..4).find_map(|shorter| four(best.shortest + 3 - shorter)) else {
            return false;
        };
        parities.iter().any(|odd| {
            let [a, b, c, d] = pairs.map(|pair| self.rung(&pair, *odd));
            let quotients = [a, b, c, d].map(|rung| rung.value);
            let slopes = [0, 1, 2]
                .map(|place| (quotients[place] - quotients[place + 1]) * 4f64.powi(place as i32));
            let noise = 8.0 * d.noise;
            let first = halves(&quotients[1..], noise);
            // One order further: what the quotients change by the square of the step.
            first || (self.wanted.order == 4 && *odd && halves(&slopes, 64.0 * noise))
        })
    }

    /// Refines a consistent answer until it is good, or no step helps.
    fn settle(&mut self, best: Best) -> Outcome {
        let mut best = self.measured(best);
        if !self.is_good(&best) && best.noise >= best.truncation {
            best = self.climb(best);
        }
        best = self.improve(best);
        best = self.measured(best);
        self.conclude(best)
    }

    /// The same answer, with the noise that much shorter steps show: there the function is a straight line but for noise.
    fn measured(&mut self, best: Best) -> Best {
        /// So many exponents below the window truncation is gone.
        const BELOW: i32 = 8;
        /// Few samples may show less than there is.
        const CAUTION: f64 = 1.5;
        let Some(first) = (if self.wanted.order == 1 {
            Some(best)
        } else {
            self.best_of(1)
        }) else {
            return best;
        };
        let Some(second) = self.best_of(2) else {
            return best;
        };
        let beyond = |off: f64, doubt: f64| (off.abs() - doubt).max(0.0);
        let (mut squares, mut count) = (0.0, 0.0);
        for pair in self
            .samples
            .all_pairs()
            .filter(|pair| pair.is_whole() && pair.exponent() <= first.shortest - BELOW)
        {
            let (step, square) = (pair.step, pair.step * pair.step);
            let odd = (pair.plus - pair.minus) / 2.0 - first.value * step;
            let around = (pair.plus - self.samples.centre) + (pair.minus - self.samples.centre);
            let odd = beyond(odd, first.bound() * step);
            let even = beyond(
                around - second.value * square,
                (second.bound() + 1e-3 * second.value.abs()) * square,
            );
            squares += 2.0 * odd * odd + even * even / 6.0;
            count += 2.0;
        }
        let deviation = CAUTION * (squares / f64::max(count, 1.0)).sqrt();
        if deviation <= self.noise.max(ROUNDING * self.samples.centre.abs()) {
            return best;
        }
        self.noise = deviation;
        self.best().unwrap_or(best)
    }

    /// The longest step that is tried: half the scale of the point, and the whole of it for high orders, which noise ends sooner. At
    /// steps beyond, a series may no longer hold, and windows agree by chance.
    fn highest(&self) -> i32 {
        let half = i32::from(self.wanted.order <= 2);
        (self.scale.max(0) - half).min(self.longest)
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
        let pair = self.samples.pair(exponent).filter(|pair| pair.is_whole())?;
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
        if self.has_bent_derivative(&best) {
            return Outcome::Point(Point {
                has_value: true,
                ..Point::plain(PointKind::Corner)
            });
        }
        let magnitude = self
            .samples
            .pair(best.longest)
            .map_or(0.0, |pair| self.samples.magnitude(pair));
        let noisy = self.noise > 1e4 * ROUNDING * magnitude;
        if noisy && best.bound() >= 0.5 * best.value.abs() {
            let noise = Outcome::TooNoisy {
                value: best.value,
                bound: best.bound(),
            };
            return self.finest_answer().unwrap_or(noise);
        }
        Outcome::Value {
            value: best.value,
            truncation: best.truncation,
            noise: best.noise,
            one_sided: false,
        }
    }

    /// The ladder's answer, where what short steps show is a staircase of rounding inside the function: flat at short steps with
    /// risers that single precision would not see, or steeper there than all that it rises over the whole ladder.
    fn rounding_alone(&mut self, levels: [i32; 3], slope: f64) -> Option<Best> {
        /// Half a unit in the last place of single precision, and as much again.
        const UNSEEN: f64 = 1.2e-7;
        let centre = self.samples.centre;
        let is_flat = levels[1..].iter().all(|level| {
            self.samples
                .pair(*level)
                .is_some_and(|pair| pair.plus == centre && pair.minus == centre)
        });
        let rises = self
            .samples
            .all_pairs()
            .flat_map(|pair| [(pair.plus - centre).abs(), (pair.minus - centre).abs()])
            .fold(0.0, f64::max);
        let before = self.noise;
        if is_flat {
            self.measure(self.scale - 16, false);
            if self.noise == before {
                // Equal steps may meet equal risers; other ones will not.
                self.measure(self.scale - 19, false);
            }
        } else if rises <= 2.0 * UNSEEN * centre.abs()
            && slope.abs() * power_of_two(self.top()) > 8.0 * rises
        {
            self.noise = self.noise.max(rises);
        }
        let best = self.best()?;
        if self.noise > before && self.noise <= UNSEEN * centre.abs() && self.is_consistent(&best) {
            return Some(best);
        }
        self.noise = before;
        None
    }

    /// Something contradicts: the sides of the point are looked at, and its noise.
    fn study(&mut self, best: Option<Best>) -> Outcome {
        let finest = self.samples.finest() + 2;
        let mut levels = SIDES.map(|below| self.scale + below);
        if levels[2] < finest {
            levels = [finest + 16, finest + 8, finest];
        }
        self.at(&levels);
        let [mut left, mut right] = [-1.0, 1.0].map(|sign| self.changes(levels, sign).behaviour());
        let any = |kind: fn(&Behaviour) -> bool, left: &Behaviour, right: &Behaviour| {
            kind(left) || kind(right)
        };
        let is_rough = |side: &Behaviour| matches!(side, Behaviour::Jump(_) | Behaviour::Steep(_));
        let is_unclear = |side: &Behaviour| matches!(side, Behaviour::Unclear);
        if any(is_rough, &left, &right) {
            // Only what stands out of the noise beside the point is at the point.
            self.measure(self.scale - 42, true);
            [left, right] = [-1.0, 1.0].map(|sign| self.changes(levels, sign).behaviour());
        }
        if any(is_unclear, &left, &right) {
            self.measure(self.probe_exponent(), false);
            if let Some(best) = best.and_then(|_| self.best())
                && self.noise > 0.0
                && self.is_consistent(&best)
            {
                return self.settle(best);
            }
            [left, right] = [-1.0, 1.0].map(|sign| self.changes(levels, sign).behaviour());
        }
        match (left, right) {
            (Behaviour::Absent, Behaviour::Absent) => Outcome::Point(Point {
                has_value: true,
                ..Point::plain(PointKind::Undefined)
            }),
            (Behaviour::Absent, inside) => self.edge(inside, 1.0, levels[1]),
            (inside, Behaviour::Absent) => self.edge(inside, -1.0, levels[1]),
            (Behaviour::Jump(_), _) | (_, Behaviour::Jump(_)) => {
                Outcome::Point(self.jump(left, right, levels[2]))
            }
            (Behaviour::Unclear, _) | (_, Behaviour::Unclear) => self
                .finest_answer()
                .unwrap_or(Outcome::Point(Point::undecided())),
            (
                Behaviour::Slope {
                    slope: below,
                    error: below_error,
                },
                Behaviour::Slope {
                    slope: above,
                    error: above_error,
                },
            ) => {
                let (gap, doubt) = (above + below, below_error + above_error);
                let steady = self.bend(levels[0]) / gap;
                let stands_out = gap.abs() > 4.0 * doubt
                    && gap.abs() > 1e-7 * above.abs().max(below.abs())
                    && (0.5..2.0).contains(&steady);
                if stands_out || self.is_bent(levels) {
                    Outcome::Point(Point {
                        has_value: true,
                        left: Some(self.refined(-below, -1.0, below_error)),
                        right: Some(self.refined(above, 1.0, above_error)),
                        ..Point::plain(PointKind::Corner)
                    })
                } else {
                    match self.rounding_alone(levels, (above - below) / 2.0) {
                        Some(best) => self.settle(best),
                        None => self.approach((above - below) / 2.0, doubt, levels[1]),
                    }
                }
            }
            (below, above) => {
                let slope = |side: Behaviour, sign: f64| match side {
                    Behaviour::Steep(direction) => Some(sign * direction * f64::INFINITY),
                    Behaviour::Slope { slope, .. } => Some(sign * slope),
                    _ => None,
                };
                Outcome::Point(infinite(slope(below, -1.0), slope(above, 1.0)))
            }
        }
    }

    /// Whether the slopes on both sides differ by the same at a long step as at a short one, beyond noise.
    fn is_bent(&self, levels: [i32; 3]) -> bool {
        /// By this part what they differ may move, or be noise.
        const PART: f64 = 0.3;
        let [long, short] = [levels[0], levels[1]].map(|level| self.bend(level));
        let noise = self.changes(levels, 1.0).noise * 2.0 * DEVIATIONS / power_of_two(levels[1]);
        (long - short).abs() <= PART * long.abs() && noise <= PART * long.abs()
    }

    /// By how much the slopes on both sides differ at one step.
    fn bend(&self, exponent: i32) -> f64 {
        self.samples.pair(exponent).map_or(f64::NAN, |pair| {
            ((pair.plus - self.samples.centre) + (pair.minus - self.samples.centre)) / pair.step
        })
    }

    fn changes(&self, levels: [i32; 3], sign: f64) -> Changes {
        let value = |exponent: i32| {
            self.samples.pair(exponent).map_or(f64::NAN, |pair| {
                if sign < 0.0 { pair.minus } else { pair.plus }
            })
        };
        let noise = self.samples.pair(levels[1]).map_or(0.0, |pair| {
            let magnitude = self.samples.magnitude(pair);
            ROUNDING
                * if magnitude.is_nan() {
                    self.samples.centre.abs()
                } else {
                    magnitude
                }
        });
        Changes {
            steps: levels.map(power_of_two),
            changes: levels.map(|level| value(level) - self.samples.centre),
            noise: (noise + self.noise).max(f64::MIN_POSITIVE) * std::f64::consts::SQRT_2,
        }
    }

    /// A slope on one side, from the ladder on that side where that agrees with the short steps.
    fn refined(&self, slope: f64, sign: f64, error: f64) -> f64 {
        match self.one_sided(sign).best(i32::MAX) {
            Some(best)
                if (best.value - slope).abs() <= 2.0 * error + 1e-6 * slope.abs()
                    && best.bound() < error =>
            {
                best.value
            }
            _ => slope,
        }
    }

    /// The slopes from the point to one side.
    fn one_sided(&self, sign: f64) -> Ladder {
        let mut ladder = Ladder::one_sided();
        for pair in self.samples.pairs() {
            let value = if sign < 0.0 { pair.minus } else { pair.plus };
            let magnitude = self.samples.centre.abs().max(value.abs());
            let noise = ROUNDING * magnitude + self.noise;
            ladder.push(Rung {
                exponent: pair.exponent(),
                value: sign * (value - self.samples.centre) / pair.step,
                noise: noise * std::f64::consts::SQRT_2 / pair.step,
            });
        }
        ladder
    }

    /// One side has no values. Where the user ended the domain, the slope from inside is the answer.
    fn edge(&mut self, inside: Behaviour, sign: f64, level: i32) -> Outcome {
        let given = self
            .samples
            .is_bounded_at(self.samples.x - sign * power_of_two(level));
        let on_its_side = |value: f64| {
            if sign < 0.0 {
                (Some(value), None)
            } else {
                (None, Some(value))
            }
        };
        match inside {
            Behaviour::Steep(direction) => {
                let (left, right) = on_its_side(sign * direction * f64::INFINITY);
                Outcome::Point(infinite(left, right))
            }
            Behaviour::Jump(_) => Outcome::Point(Point {
                has_value: true,
                ..Point::plain(PointKind::Jump)
            }),
            Behaviour::Slope { slope, error } => {
                self.descend_from(self.scale - 2, 8);
                let best = self.one_sided(sign).best(i32::MAX);
                if given && self.wanted.order == 1 {
                    return match best {
                        Some(best) => Outcome::Value {
                            value: best.value,
                            truncation: best.truncation,
                            noise: best.noise,
                            one_sided: true,
                        },
                        None => Outcome::Point(Point::undecided()),
                    };
                }
                let (left, right) = on_its_side(self.refined(sign * slope, sign, error));
                Outcome::Point(Point {
                    has_value: true,
                    left,
                    right,
                    ..Point::plain(PointKind::OneSided)
                })
            }
            Behaviour::Absent | Behaviour::Unclear => Outcome::Point(Point::undecided()),
        }
    }

    fn jump(&self, left: Behaviour, right: Behaviour, level: i32) -> Point {
        let pair = self.samples.pair(level);
        let slope = |behaviour: Behaviour, sign: f64| match behaviour {
            Behaviour::Slope { slope, error } => Some(self.refined(sign * slope, sign, error)),
            _ => None,
        };
        Point {
            has_value: true,
            left: slope(left, -1.0),
            right: slope(right, 1.0),
            left_limit: pair.map(|pair| pair.minus),
            right_limit: pair.map(|pair| pair.plus),
            ..Point::plain(PointKind::Jump)
        }
    }

    /// Short steps have a slope that the ladder does not: moves the ladder to the longest step that has it too.
    fn approach(&mut self, slope: f64, error: f64, level: i32) -> Outcome {
        let coarse = self.plateau(slope, error);
        let mut reached = level;
        for above in [4, 8, 12, 16, 20, 24] {
            let next = level + above;
            if next > self.top() || !self.samples.can_ask(1) {
                break;
            }
            self.at(&[next]);
            let Some(pair) = self.samples.pair(next).filter(|pair| pair.is_whole()) else {
                break;
            };
            let rung = self.rung(pair, true);
            if (rung.value - slope).abs() > 0.05 * slope.abs() + error + DEVIATIONS * rung.noise {
                break;
            }
            reached = next;
        }
        self.descend_from(reached + 2, 6);
        self.longest = reached + 4;
        let mut best = self.best();
        while self.longest >= reached - 2
            && best.is_none_or(|best| {
                self.wanted.order == 1
                    && (best.value - slope).abs() > 0.05 * slope.abs() + error + best.noise
            })
        {
            self.longest -= 1;
            best = self.best();
        }
        let Some(best) = best else {
            return Outcome::Point(Point::undecided());
        };
        let best = self.improve(best);
        let best = self.measured(best);
        let coarse = coarse.filter(|coarse| {
            (coarse - best.value).abs() > 4.0 * best.bound()
                && (coarse - best.value).abs() > 0.02 * coarse.abs()
        });
        match coarse {
            Some(coarse) if self.wanted.order == 1 => Outcome::Scales {
                coarse: (coarse, power_of_two(self.top())),
                fine: (best.value, power_of_two(best.shortest)),
            },
            _ => self.conclude(best),
        }
    }

    /// The slope at long steps, where it settles there at another number than at short ones.
    fn plateau(&mut self, slope: f64, error: f64) -> Option<f64> {
        const SETTLED: f64 = 0.05;
        let top = self.top();
        if self.leaves(top + 2) {
            return None;
        }
        self.at(&[top + 2, top + 1]);
        let at = |above: i32| {
            let pair = self
                .samples
                .pair(top + above)
                .filter(|pair| pair.is_whole())?;
            Some((
                self.rung(pair, true).value,
                self.rung(pair, false).value * pair.step,
            ))
        };
        let [(a, _), (b, before), (c, gap)] = [at(2)?, at(1)?, at(0)?];
        let spread = (a - b).abs().max((b - c).abs());
        let extrapolated = c + (c - b) / 3.0;
        // What is left at shorter steps is a ripple; it must be small at this one, or it was met by chance.
        let ripple = self
            .samples
            .pairs()
            .filter(|pair| pair.is_whole() && pair.exponent() < top)
            .map(|pair| ((pair.plus - pair.minus) / 2.0 - extrapolated * pair.step).abs())
            .fold(0.0, f64::max);
        // Between the arms of a corner the slope settles too, at their mean; but their gap does not fall with the step.
        let bends = gap.abs() <= 0.1 * c.abs() || (1.6..2.5).contains(&(before / gap));
        let settled = bends && spread.max(ripple / power_of_two(top)) <= SETTLED * c.abs();
        let apart = (extrapolated - slope).abs() > 4.0 * error + 4.0 * spread;
        (settled && apart).then_some(extrapolated)
    }

    /// The noise from a table of differences. A kink at the point itself looks like noise to a table across it, but not to
    /// those beside it.
    fn measure(&mut self, level: i32, beside: bool) {
        let level = level.max(self.samples.finest());
        self.samples.at_skewed(level, &[1, 2, 3, 4], self.ask);
        let values = self.table(level);
        let deviation = if beside {
            noise::beside(&values)
        } else {
            noise::deviation(&values).unwrap_or_else(|| noise::beside(&values))
        };
        if deviation.is_finite() && deviation > 2.0 * ROUNDING * self.samples.centre.abs() {
            self.noise = self.noise.max(1.5 * deviation);
        }
    }

    fn table(&self, level: i32) -> [f64; noise::VALUES] {
        let mut values = [self.samples.centre; noise::VALUES];
        let middle = noise::VALUES / 2;
        for distance in 1..=middle {
            let pair = self.samples.skewed(level, distance as u8);
            values[middle - distance] = pair.map_or(f64::NAN, |pair| pair.minus);
            values[middle + distance] = pair.map_or(f64::NAN, |pair| pair.plus);
        }
        values
    }

    /// If anything, the function is smooth only at the shortest steps: a ladder from there upward.
    fn finest_answer(&mut self) -> Option<Outcome> {
        const BELIEVED: f64 = 0.01;
        let level = (self.scale - 44).max(self.samples.finest());
        self.longest = level + 8;
        self.noise = 0.0;
        self.measure(level, false);
        self.descend_from(level + 6, 7);
        let quotient = |above: i32| {
            let pair = self
                .samples
                .pair(level + above)
                .filter(|pair| pair.is_whole())?;
            Some(self.rung(pair, true).value)
        };
        let [a, b, c] = [quotient(2)?, quotient(3)?, quotient(4)?];
        if (a - b).abs().max((b - c).abs()) > 0.1 * b.abs() {
            return None;
        }
        let best = self.best()?;
        let best = self.improve(best);
        (best.bound() <= BELIEVED * best.value.abs()).then_some(Outcome::Value {
            value: best.value,
            truncation: best.truncation,
            noise: best.noise,
            one_sided: false,
        })
    }

    /// The function has no value at the point: a pole, a hole, or nothing.
    fn without_value(&mut self) -> Point {
        let levels = [self.scale - 8, self.scale - 16, self.scale - 24];
        self.at(&levels);
        let values = |sign: f64| {
            levels.map(|level| {
                self.samples.pair(level).map_or(f64::NAN, |pair| {
                    if sign < 0.0 { pair.minus } else { pair.plus }
                })
            })
        };
        let [left, right] = [values(-1.0), values(1.0)];
        let exists = |side: &[f64; 3]| side[1].is_finite() && side[2].is_finite();
        let grows = |side: &[f64; 3]| {
            let [a, b, c] = side.map(f64::abs);
            exists(side)
                && (c - b) > 0.5 * (b - a)
                && b > a
                && side[1] * side[2] > 0.0
                && c > 1.5 * a
        };
        let limit = |side: &[f64; 3]| {
            if grows(side) {
                f64::INFINITY.copysign(side[2])
            } else {
                side[2]
            }
        };
        let mut point = Point::plain(PointKind::Undefined);
        if !exists(&left) && !exists(&right) {
            if self.samples.centre.is_infinite() {
                point.kind = PointKind::Overflow;
            }
            return point;
        }
        point.left_limit = exists(&left).then(|| limit(&left));
        point.right_limit = exists(&right).then(|| limit(&right));
        if let (Some(below), Some(above)) = (point.left_limit, point.right_limit)
            && below.is_finite()
            && above.is_finite()
        {
            let settled = |side: &[f64; 3]| {
                (side[2] - side[1]).abs() <= (side[1] - side[0]).abs() + 1e-4 * side[2].abs()
            };
            if settled(&left) && settled(&right) {
                let near = (above - below).abs() <= 1e-4 * above.abs().max(below.abs());
                point.kind = if near {
                    PointKind::Removable
                } else {
                    PointKind::Jump
                };
                if near {
                    let middle = (above + below) / 2.0;
                    (point.left_limit, point.right_limit) = (Some(middle), Some(middle));
                }
            }
        }
        point
    }
}

fn infinite(left: Option<f64>, right: Option<f64>) -> Point {
    Point {
        has_value: true,
        left,
        right,
        ..Point::plain(PointKind::Infinite)
    }
}

/// Whether the changes from number to number fall by half.
fn halves(numbers: &[f64], noise: f64) -> bool {
    let (before, after) = (numbers[0] - numbers[1], numbers[1] - numbers[2]);
    after.abs() > noise && before / after > 1.7 && before / after < 2.4
}
