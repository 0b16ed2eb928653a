//! What is done where something contradicts the ladder: both sides of the point are looked at, then the noise. That names a corner, a jump, a vertical
//! tangent, an end of the domain, a pole or a hole, or leaves a smooth point to other scales.

use super::scales::SHORTEST;
use super::{Best, Outcome, SIDES, Search};
use crate::difference::ladder::{DEVIATIONS, Ladder, Rung};
use crate::difference::samples::{Pair, power_of_two};
use crate::difference::sides::{Behaviour, Changes};
use crate::point::{Point, PointKind};

impl Search<'_, '_> {
    /// Something contradicts: the sides of the point are looked at, and its noise.
    pub(super) fn study(&mut self, best: Option<Best>) -> Outcome {
        let finest = self.samples.finest() + 2;
        let mut levels = SIDES.map(|below| self.scale + below);
        let mut is_near = false;
        if let Some(visible) = self
            .visible_exponent()
            .filter(|visible| *visible > levels[2])
        {
            // Shorter steps say nothing of the sides but how they are rounded; nor do steps too near to each other.
            let apart = ((self.top() - visible) / 2).min(8);
            if apart < 2 {
                return self.by_noise(best).unwrap_or_else(|| self.hidden(best));
            }
            levels = [visible + 2 * apart, visible + apart, visible];
            is_near = true;
        }
        if levels[2] < finest {
            levels = [finest + 16, finest + 8, finest];
        }
        self.study_at(best, levels, is_near)
    }

    /// The same with both sides looked at from these steps, which are the shortest that say anything where values have few digits.
    fn study_at(&mut self, best: Option<Best>, levels: [i32; 3], is_near: bool) -> Outcome {
        self.at(&levels);
        let [mut left, mut right] = [-1.0, 1.0].map(|sign| self.changes(levels, sign).behaviour());
        let any = |kind: fn(&Behaviour) -> bool, left: &Behaviour, right: &Behaviour| {
            kind(left) || kind(right)
        };
        let is_rough = |side: &Behaviour| matches!(side, Behaviour::Jump(_) | Behaviour::Steep(_));
        let is_unclear = |side: &Behaviour| matches!(side, Behaviour::Unclear);
        if any(is_rough, &left, &right) {
            // Only what stands out of the noise beside the point is at the point.
            let shortest = if is_near {
                self.scale + SHORTEST
            } else {
                levels[2] + SHORTEST - SIDES[2]
            };
            self.measure(shortest, true);
            [left, right] = [-1.0, 1.0].map(|sign| self.changes(levels, sign).behaviour());
        }
        if is_near
            && (any(is_rough, &left, &right) || any(is_unclear, &left, &right))
            && let Some(jump) = self.jump_beyond_rounding()
        {
            return Outcome::Point(jump);
        }
        if any(is_unclear, &left, &right) {
            if let Some(direction) = self.cusp(levels)
                && (!is_near || self.moves_evenly(levels, Self::bend))
            {
                let steep = direction * f64::INFINITY;
                return Outcome::Point(infinite(Some(-steep), Some(steep)));
            }
            if is_near {
                self.measure_beside_rounding();
            } else {
                let known = self.noise;
                self.measure(self.probe, false);
                if self.noise > known && self.smooths_out() {
                    self.noise = known;
                    return self.study_nearer(best, levels);
                }
            }
            if let Some(best) = best.and_then(|_| self.best())
                && self.noise > 0.0
                && self.is_consistent(&best)
            {
                return self.settle(best);
            }
            [left, right] = [-1.0, 1.0].map(|sign| self.changes(levels, sign).behaviour());
        }
        if is_near && any(is_rough, &left, &right) {
            let by_chance = |(side, sign): (Behaviour, f64)| {
                is_rough(&side) && !self.moves_evenly(levels, |of, level| of.change(level, sign))
            };
            if [(left, -1.0), (right, 1.0)].into_iter().any(by_chance) {
                return self.hidden(best);
            }
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
            (Behaviour::Unclear, _) | (_, Behaviour::Unclear) => {
                self.finest_answer().unwrap_or(Outcome::undecided())
            }
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
                if is_near && self.bends_as_a_curve(levels) {
                    return self.by_noise(best).unwrap_or_else(|| self.hidden(best));
                }
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

    /// The sides from shorter steps, as long as there are some.
    fn study_nearer(&mut self, best: Option<Best>, levels: [i32; 3]) -> Outcome {
        const NEARER: i32 = 8;
        let nearer = NEARER.min(levels[2] - self.samples.finest() - 2);
        if nearer > 0 {
            let found = self.study_at(best, levels.map(|level| level - nearer), false);
            if found != Outcome::undecided() {
                return found;
            }
        }
        self.finest_answer().unwrap_or(Outcome::undecided())
    }

    /// A jump that rounding to few digits does not make: by more than the two half units that a riser of rounded values has, or where all values on
    /// either side are the same, as far as twice the scale of the point, over which a slope that is rounded would make further risers.
    pub(super) fn jump_beyond_rounding(&mut self) -> Option<Point> {
        /// Half units, a unit and a half in all.
        const RISER: f64 = 3.0;
        if !self.wanted.rounding.is_coarse() || self.wanted.noise.is_some() {
            return None;
        }
        // Where the shortest step known shows nothing, no run is spent.
        let probed = self.probed()?;
        if self.rise(probed) <= self.wanted.rounding.of(self.samples.magnitude(probed)) {
            return None;
        }
        // Nearer than where a jump is looked for elsewhere: the unit of the last of seven digits is moved by no slope there.
        const NEARER: i32 = 8;
        let levels = SIDES.map(|below| self.scale + below - NEARER);
        self.at(&levels);
        let nearest = *self.samples.pair(levels[2])?;
        let half = self.wanted.rounding.of(self.samples.magnitude(&nearest));
        let change = self.rise(&nearest);
        let strays = |pair: &Pair, by: f64| {
            let stays = |value: f64, other: f64| (value - other).abs() <= by;
            !stays(pair.minus, nearest.minus) || !stays(pair.plus, nearest.plus)
        };
        let is_uneven = self
            .samples
            .all_pairs()
            .filter(|pair| pair.exponent() <= levels[0])
            .any(|pair| strays(pair, 2.0 * half));
        if change <= half || is_uneven {
            return None;
        }
        if change < RISER * half {
            let farther = [self.scale, self.scale + 1];
            let farther = farther.map(|level| if self.leaves(level) { levels[0] } else { level });
            self.at(&farther);
            let mut whole = self.samples.all_pairs().filter(|pair| pair.is_whole());
            if whole.any(|pair| strays(pair, 0.0)) {
                return None;
            }
        }
        Some(Point {
            has_value: true,
            left_limit: Some(nearest.minus),
            right_limit: Some(nearest.plus),
            ..Point::plain(PointKind::Jump)
        })
    }

    /// The ladder's answer, where noise beside the rounding explains what contradicts it.
    fn by_noise(&mut self, best: Option<Best>) -> Option<Outcome> {
        if best.is_none() || self.noise > 0.0 {
            return None;
        }
        self.measure_beside_rounding();
        let best = self.best().filter(|_| self.noise > 0.0)?;
        self.is_consistent(&best).then(|| self.settle(best))
    }

    /// Something contradicts where only rounding to few digits could tell what: no number is sure beyond what contradicts it.
    pub(super) fn hidden(&self, best: Option<Best>) -> Outcome {
        let best = best.filter(|_| self.wanted.order == 1);
        let Some(best) = best else {
            return Outcome::undecided();
        };
        let centre = self.samples.centre;
        let off = |pair: &Pair| {
            let [left, right] =
                [centre - pair.minus, pair.plus - centre].map(|rise| rise / pair.step);
            (left - best.value).abs().max((right - best.value).abs())
        };
        let pairs = self.samples.all_pairs().filter(|pair| pair.is_whole());
        Outcome::TooNoisy {
            value: best.value,
            bound: best.bound() + pairs.map(off).fold(0.0, f64::max),
        }
    }

    /// Whether the sides differ by a power of the step below 1, whatever slope they share, as at the point of a cusp; and towards
    /// which sign.
    fn cusp(&self, levels: [i32; 3]) -> Option<f64> {
        /// Noise differs by the steps' own ratio, and not so evenly.
        const EVENLY: f64 = 0.01;
        let bends = levels.map(|level| self.bend(level));
        let (before, after) = (bends[1] / bends[0], bends[2] / bends[1]);
        // At a jump they differ by as much as the steps.
        let all = 0.8 * power_of_two(levels[1] - levels[2]);
        let is_power = |ratio: f64| (1.5..all).contains(&ratio);
        let evenly = (before / after - 1.0).abs() < EVENLY;
        (is_power(before) && is_power(after) && evenly).then(|| bends[2].signum())
    }

    /// Whether the slopes on both sides differ by the same at a long step as at short ones, beyond noise.
    fn is_bent(&mut self, levels: [i32; 3]) -> bool {
        /// By this part what they differ may move, or be noise.
        const PART: f64 = 0.3;
        let long = self.bend(levels[0]);
        let noise = 2.0 * DEVIATIONS * self.changes(levels, 1.0).noise;
        let hides = |level: i32| noise > PART * long.abs() * power_of_two(level);
        let is_same = |level: i32| (long - self.bend(level)).abs() <= PART * long.abs();
        // The longest step may reach over a bend, which differs by as much as a shorter step by chance.
        let [_, short, shortest] = levels;
        let seems = !hides(short) && is_same(short) && (hides(shortest) || is_same(shortest));
        if !seems {
            return false;
        }
        // Noise of the function itself is the same at two steps by chance, and not at three more.
        let beside = [1, -1, -2].map(|above| levels[0] + above);
        self.at(&beside);
        let is_same = |level: &i32| (long - self.bend(*level)).abs() <= PART * long.abs();
        beside.iter().all(is_same)
    }

    /// Whether the slopes on both sides differ more at twice and at four times a step, as those of a curve do, or not beyond noise; at a corner they differ by the
    /// same. Of steps that are far apart the long ones may reach around a wave, and differ by any number.
    fn bends_as_a_curve(&mut self, levels: [i32; 3]) -> bool {
        /// Half way between the two.
        const MORE: f64 = 1.5;
        let level = levels[1];
        self.at(&[level + 1, level + 2]);
        let noise = self.changes(levels, 1.0).noise * 2.0 * DEVIATIONS / power_of_two(level);
        let [once, twice, more] = [0, 1, 2].map(|above| self.bend(level + above).abs());
        twice > MORE * once || more > MORE * MORE * once || once <= noise
    }

    /// Whether a lower derivative has a corner here: then a quotient moves with the step itself, not with its square, and halving the
    /// step halves what is left.
    pub(super) fn has_bent_derivative(&mut self, best: &Best) -> bool {
        if self.wanted.order == 1 {
            return false;
        }
        let parities: &[bool] = if self.wanted.order == 2 {
            &[true]
        } else {
            &[true, false]
        };
        let pair = |exponent: i32| self.whole_pair(exponent);
        let four = |longest: i32| {
            let below = [0, 1, 2, 3].map(|below| pair(longest - below));
            let [Some(a), Some(b), Some(c), Some(d)] = below else {
                return None;
            };
            Some([*a, *b, *c, *d])
        };
        let with_four = |longest: i32| Some((longest, four(longest)?));
        let Some((longest, pairs)) = (0..4)
            .map(|shorter| best.shortest + 3 - shorter)
            .find_map(with_four)
        else {
            return false;
        };
        let seems = parities.iter().any(|odd| self.quotients_halve(pairs, *odd));
        if !seems {
            return false;
        }
        // Where a term of the series is near 0 the others fall by a half at some step, and not at the next one.
        self.at(&[longest - 4]);
        let Some(finer) = self.whole_pair(longest - 4).copied() else {
            return true;
        };
        let [_, b, c, d] = pairs;
        parities
            .iter()
            .any(|odd| self.quotients_halve([b, c, d, finer], *odd))
    }

    /// Whether a quotient moves with the step, from one of four to the next.
    fn quotients_halve(&self, pairs: [Pair; 4], odd: bool) -> bool {
        let [a, b, c, d] = pairs.map(|pair| self.rung(&pair, odd));
        let quotients = [a, b, c, d].map(|rung| rung.value);
        let slopes = [0, 1, 2]
            .map(|place| (quotients[place] - quotients[place + 1]) * 4f64.powi(place as i32));
        let noise = 8.0 * d.noise;
        let first = halves(&quotients[1..], noise);
        // One order further: what the quotients change by the square of the step.
        first || (self.wanted.order == 4 && odd && halves(&slopes, 64.0 * noise))
    }

    /// Whether a size moves from step to step around the middle one by the power of the step by which it moves from there to the shortest one, as what a side
    /// changes does at a jump or a vertical tangent. Three steps that are far apart may meet a wave in any order.
    fn moves_evenly(&mut self, levels: [i32; 3], size: impl Fn(&Self, i32) -> f64) -> bool {
        const EVENLY: f64 = 0.1;
        let [_, level, shortest] = levels;
        let around = [-1, 0, 1, 2].map(|above| level + above);
        self.at(&around);
        let apart = f64::from(level - shortest);
        let power = (size(self, level) / size(self, shortest)).log2() / apart;
        let doubt = self.part_in_doubt(shortest) / apart;
        around.windows(2).all(|two| {
            let ratio = (size(self, two[1]) / size(self, two[0])).log2();
            (ratio - power).abs() <= EVENLY + doubt + self.part_in_doubt(two[0])
        })
    }

    /// By which part of it rounding may move what the function changes over a step.
    fn part_in_doubt(&self, exponent: i32) -> f64 {
        /// The value there and the one in the middle.
        const ROUNDED: f64 = 2.0;
        let pair = self.samples.pair(exponent);
        pair.map_or(f64::NAN, |pair| {
            ROUNDED * self.deviation(pair) / self.rise(pair)
        })
    }

    /// By how much the value changes over a step to one side.
    fn change(&self, exponent: i32, sign: f64) -> f64 {
        self.samples.pair(exponent).map_or(f64::NAN, |pair| {
            let value = if sign < 0.0 { pair.minus } else { pair.plus };
            value - self.samples.centre
        })
    }

    /// By how much the slopes on both sides differ at one step.
    pub(super) fn bend(&self, exponent: i32) -> f64 {
        self.samples
            .pair(exponent)
            .map_or(f64::NAN, |pair| self.around(pair) / pair.step)
    }

    fn changes(&self, levels: [i32; 3], sign: f64) -> Changes {
        let noise = self.samples.pair(levels[1]).map_or(0.0, |pair| {
            let magnitude = self.samples.magnitude(pair);
            self.wanted.rounding.of(if magnitude.is_nan() {
                self.samples.centre.abs()
            } else {
                magnitude
            })
        });
        Changes {
            steps: levels.map(power_of_two),
            changes: levels.map(|level| self.change(level, sign)),
            noise: (noise + self.noise).max(f64::MIN_POSITIVE) * std::f64::consts::SQRT_2,
        }
    }

    /// A slope on one side, from the ladder on that side where that agrees with the short steps.
    fn refined(&self, slope: f64, sign: f64, error: f64) -> f64 {
        match self.one_sided(sign) {
            Some(best)
                if (best.value - slope).abs() <= 2.0 * error + 1e-6 * slope.abs()
                    && best.bound() < error =>
            {
                best.value
            }
            _ => slope,
        }
    }

    /// The slope on one side, from slopes that are the values of a polynomial in the step, in its root, as beside `x sqrt(x)`,
    /// or in another power.
    fn one_sided(&self, sign: f64) -> Option<Best> {
        let (mut steps, mut roots) = (Ladder::one_sided(), Ladder::one_sided());
        for pair in self.samples.pairs() {
            let value = if sign < 0.0 { pair.minus } else { pair.plus };
            let magnitude = self.samples.centre.abs().max(value.abs());
            let noise = self.wanted.rounding.of(magnitude) + self.noise;
            let rung = Rung {
                exponent: pair.exponent(),
                value: sign * (value - self.samples.centre) / pair.step,
                noise: noise * std::f64::consts::SQRT_2 / pair.step,
            };
            steps.push(rung);
            let below = pair.exponent() - self.scale;
            if below % 2 == 0 {
                roots.push(Rung {
                    exponent: below / 2,
                    ..rung
                });
            }
        }
        let least = |a: Best, b: Best| if b.bound() < a.bound() { b } else { a };
        let found = [
            steps.best(i32::MAX),
            roots.best(i32::MAX),
            roots.of_any_power(),
        ];
        found.into_iter().flatten().reduce(least)
    }

    /// One side has no values. Where the user ended the domain, the slope from inside is the answer.
    fn edge(&mut self, inside: Behaviour, sign: f64, level: i32) -> Outcome {
        let given = self
            .samples
            .is_bounded_at(self.samples.origin.x - sign * power_of_two(level));
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
                self.descend_from(self.scale - 2, 9);
                let further = [12, 14, 16, 18].map(|below| self.scale - below);
                self.at(&further);
                let best = self.one_sided(sign);
                if given && self.wanted.order == 1 {
                    return match best {
                        Some(best) => Outcome::Value {
                            value: best.value,
                            truncation: best.truncation,
                            noise: best.noise,
                            one_sided: true,
                        },
                        None => Outcome::undecided(),
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
            Behaviour::Absent | Behaviour::Unclear => Outcome::undecided(),
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

    /// The function has no value at the point: a pole, a hole, or nothing.
    pub(super) fn without_value(&mut self) -> Point {
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
        // By as much again at least, as a logarithm does; whatever has a limit moves less and less.
        let grows = |side: &[f64; 3]| {
            let (before, after) = (side[1] - side[0], side[2] - side[1]);
            let largest = side[1].abs().max(side[2].abs());
            exists(side) && after / before > 0.9 && after.abs() > 1e-3 * largest
        };
        let limit = |side: &[f64; 3]| {
            if grows(side) {
                f64::INFINITY.copysign(side[2] - side[1])
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
                let gaps = [0, 1, 2].map(|level: usize| (right[level] - left[level]).abs());
                // Towards a limit of 0 the two sides come near each other as the step falls.
                let closing = gaps[1] < gaps[0] / 64.0 && gaps[2] < gaps[1] / 64.0;
                let near = closing || gaps[2] <= 1e-4 * above.abs().max(below.abs());
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
pub(super) fn halves(numbers: &[f64], noise: f64) -> bool {
    let (before, after) = (numbers[0] - numbers[1], numbers[1] - numbers[2]);
    after.abs() > noise && before / after > 1.7 && before / after < 2.4
}
