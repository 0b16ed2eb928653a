//! What is done where something contradicts the ladder: both sides of the point are looked at, then the noise, and where neither
//! names the point, the ladder moves to where the function is smooth.

use super::{Best, Outcome, ROUNDING, SIDES, Search};
use crate::difference::ladder::{Coefficient, DEVIATIONS, Ladder, Rung};
use crate::difference::noise;
use crate::difference::samples::power_of_two;
use crate::difference::sides::{Behaviour, Changes};
use crate::point::{Point, PointKind};

impl Search<'_, '_> {
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
    pub(super) fn study(&mut self, best: Option<Best>) -> Outcome {
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
            let noise = ROUNDING * magnitude + self.noise;
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
        /// By this part the answer may differ from the slope at short steps beyond its error.
        const AGREES: f64 = 1e-3;
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
                    && (best.value - slope).abs() > AGREES * slope.abs() + error + best.noise
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
        let (fine, error) = if self.wanted.order == 1 {
            (best.value, best.bound())
        } else {
            (slope, error)
        };
        match coarse.or_else(|| self.swing(fine)) {
            Some(coarse) if differs(coarse, fine, error) => self.scales(coarse, &best),
            _ => self.conclude(best),
        }
    }

    /// Both slopes are told; of a higher order that leaves nothing.
    fn scales(&self, coarse: f64, best: &Best) -> Outcome {
        if self.wanted.order > 1 {
            return Outcome::Point(Point {
                has_value: true,
                ..Point::undecided()
            });
        }
        Outcome::Scales {
            coarse: (coarse, power_of_two(self.top())),
            fine: (best.value, power_of_two(best.shortest)),
        }
    }

    /// The slope over the whole ladder, where the slope at short steps cannot last: the function moves far less over the ladder than it would
    /// by that slope, or all the way by another one. So it is with rounding that swings inside a function: `(exp(x) - 1)/x` near 0
    /// falls as 1/x from jump to jump.
    fn swing(&self, fine: f64) -> Option<f64> {
        const LESS: f64 = 16.0;
        const CLEAR: f64 = 0.02;
        const SMALL: f64 = 1e-3;
        let top = self.top();
        let centre = self.samples.centre;
        let whole = || self.samples.pairs().filter(|pair| pair.is_whole());
        let rises = whole()
            .filter(|pair| pair.exponent() <= top)
            .flat_map(|pair| [(pair.plus - centre).abs(), (pair.minus - centre).abs()])
            .fold(0.0, f64::max);
        if rises > centre.abs() {
            return None;
        }
        let mut ladder = Ladder::central(Coefficient::Limit);
        for pair in whole().filter(|pair| pair.exponent() > top - self.rungs()) {
            ladder.push(self.rung(pair, true));
        }
        let clear = |best: &Best| best.bound() <= CLEAR * best.value.abs() && self.is_curved(top);
        if let Some(best) = ladder.best(top).filter(clear) {
            return Some(best.value);
        }
        let pair = self.samples.pair(top).filter(|pair| pair.is_whole())?;
        let swings = rises <= SMALL * centre.abs() && fine.abs() * pair.step > LESS * rises;
        swings.then(|| self.rung(pair, true).value)
    }

    /// Whether the slopes on both sides differ at a long step as those of a curve do: little, or half as much as at twice the step. Between the
    /// arms of a corner, and across a jump, quotients settle too, but what the sides differ does not fall with the step.
    fn is_curved(&self, exponent: i32) -> bool {
        let [long, short] = [exponent + 1, exponent].map(|exponent| self.bend(exponent));
        let slope = self
            .samples
            .pair(exponent)
            .map_or(f64::NAN, |pair| self.rung(pair, true).value);
        short.abs() <= 0.1 * slope.abs() || (1.6..2.5).contains(&(long / short))
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
            Some(self.rung(pair, true).value)
        };
        let [a, b, c] = [at(2)?, at(1)?, at(0)?];
        let spread = (a - b).abs().max((b - c).abs());
        let extrapolated = c + (c - b) / 3.0;
        // What is left at shorter steps is a ripple; it must be small at this one, or it was met by chance.
        let ripple = self
            .samples
            .pairs()
            .filter(|pair| pair.is_whole() && pair.exponent() < top)
            .map(|pair| ((pair.plus - pair.minus) / 2.0 - extrapolated * pair.step).abs())
            .fold(0.0, f64::max);
        let settled =
            self.is_curved(top) && spread.max(ripple / power_of_two(top)) <= SETTLED * c.abs();
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
    pub(super) fn finest_answer(&mut self) -> Option<Outcome> {
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
        if best.bound() > BELIEVED * best.value.abs() {
            return None;
        }
        self.longest = i32::MAX;
        let coarse = self.plateau(b, (a - b).abs()).or_else(|| self.swing(b));
        Some(match coarse {
            Some(coarse) if differs(coarse, b, (a - b).abs()) => self.scales(coarse, &best),
            _ => Outcome::Value {
                value: best.value,
                truncation: best.truncation,
                noise: best.noise,
                one_sided: false,
            },
        })
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

/// Whether the slope at long steps is another one than that at short ones.
fn differs(coarse: f64, fine: f64, error: f64) -> bool {
    (coarse - fine).abs() > (4.0 * error).max(0.02 * coarse.abs())
}

fn infinite(left: Option<f64>, right: Option<f64>) -> Point {
    Point {
        has_value: true,
        left,
        right,
        ..Point::plain(PointKind::Infinite)
    }
}
