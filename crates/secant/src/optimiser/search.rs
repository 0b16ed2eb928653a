//! A step along a direction that brings the loss down far enough and leaves little slope: the strong Wolfe conditions (Nocedal and Wright
//! 2006, equation 3.7). It knows the loss along the line alone.

use crate::error::Error;

/// How much of the descent that the slope promises must come true, and how much of the slope may be left. Usual for Newton's direction (Nocedal and
/// Wright 2006, section 3.1).
const DESCENT: f64 = 1e-4;
const SLOPE: f64 = 0.9;
/// A search is given up after so many trials.
const MOST_TRIALS: usize = 25;

/// A place on the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) rate: f64,
    pub(super) loss: f64,
    pub(super) slope: f64,
}

/// The line, and the start that every place is held against.
struct Line<'a> {
    start: Place,
    at: &'a mut dyn FnMut(f64) -> Result<(f64, f64), Error>,
    trials: usize,
}

/// Algorithm 3.5: ever longer steps, until one satisfies the conditions or brackets one that does. `at` gives loss and slope at a rate. `None` where
/// no step that was tried brings the loss down; else the place, which need not satisfy the conditions where the trials have run out.
pub(super) fn wolfe(
    first: f64,
    loss: f64,
    slope: f64,
    at: &mut dyn FnMut(f64) -> Result<(f64, f64), Error>,
) -> Result<Option<Place>, Error> {
    let start = Place {
        rate: 0.0,
        loss,
        slope,
    };
    let mut line = Line {
        start,
        at,
        trials: 0,
    };
    let (mut before, mut rate) = (start, first);
    loop {
        let here = line.tried(rate)?;
        if !line.is_lower(here) || here.loss >= before.loss {
            return line.zoom(before, here);
        }
        if line.is_flat(here) || line.trials >= MOST_TRIALS {
            return Ok(Some(here));
        }
        if here.slope >= 0.0 {
            return line.zoom(here, before);
        }
        // As far beyond as Moré and Thuente (1994, section 4) go.
        let step = here.rate - before.rate;
        let wanted = lowest(before, here).unwrap_or(f64::INFINITY);
        rate = wanted.clamp(here.rate + 1.1 * step, here.rate + 4.0 * step);
        before = here;
    }
}

impl Line<'_> {
    fn tried(&mut self, rate: f64) -> Result<Place, Error> {
        self.trials += 1;
        let (loss, slope) = (self.at)(rate)?;
        Ok(Place { rate, loss, slope })
    }

    /// Whether the loss is as far down as it should be; where it is no number, it is not.
    fn is_lower(&self, place: Place) -> bool {
        let Place { loss, slope, .. } = self.start;
        place.loss.is_finite()
            && place.slope.is_finite()
            && place.loss <= loss + DESCENT * place.rate * slope
    }

    fn is_flat(&self, place: Place) -> bool {
        place.slope.abs() <= SLOPE * self.start.slope.abs()
    }

    /// Algorithm 3.6: between `low`, the lowest place so far, and `high` there is one that satisfies the conditions.
    fn zoom(&mut self, mut low: Place, mut high: Place) -> Result<Option<Place>, Error> {
        while self.trials < MOST_TRIALS {
            let rate = between(low, high);
            if rate == low.rate || rate == high.rate {
                break;
            }
            let here = self.tried(rate)?;
            if !self.is_lower(here) || here.loss >= low.loss {
                high = here;
                continue;
            }
            if self.is_flat(here) {
                return Ok(Some(here));
            }
            if here.slope * (high.rate - low.rate) >= 0.0 {
                high = low;
            }
            low = here;
        }
        Ok((low.rate > 0.0).then_some(low))
    }
}

/// Where the cubic through two places with their slopes is lowest (Nocedal and Wright 2006, equation 3.59).
fn lowest(a: Place, b: Place) -> Option<f64> {
    let way = b.rate - a.rate;
    let first = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.rate - b.rate);
    let second = (first * first - a.slope * b.slope).sqrt().copysign(way);
    let lowest = b.rate - way * (b.slope + second - first) / (b.slope - a.slope + 2.0 * second);
    lowest.is_finite().then_some(lowest)
}

/// A place between two, not too near to either: by the cubic, or else in the middle.
fn between(low: Place, high: Place) -> f64 {
    const NEAR: f64 = 0.1;
    let way = high.rate - low.rate;
    let ends = [low.rate + NEAR * way, high.rate - NEAR * way];
    lowest(low, high).map_or(low.rate + 0.5 * way, |rate| {
        rate.clamp(ends[0].min(ends[1]), ends[0].max(ends[1]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The trials, and the place that is found from a first rate of 1.
    fn found(line: impl Fn(f64) -> (f64, f64)) -> (Vec<f64>, Option<Place>) {
        let mut trials = Vec::new();
        let (loss, slope) = line(0.0);
        let mut at = |rate: f64| {
            trials.push(rate);
            Ok(line(rate))
        };
        let found = wolfe(1.0, loss, slope, &mut at).unwrap_or(None);
        (trials, found)
    }

    #[test]
    fn a_parabola_is_solved_by_its_second_trial() {
        // (r - 3)²: a step of 1 leaves 2/3 of the slope, which is enough; (r - 0.3)² rises.
        assert_eq!(found(|r| ((r - 3.0) * (r - 3.0), 2.0 * (r - 3.0))).0, [1.0]);
        let (trials, place) = found(|r| ((r - 0.3) * (r - 0.3), 2.0 * (r - 0.3)));
        assert_eq!(trials.len(), 2);
        assert!(place.is_some_and(|place| (place.rate - 0.3).abs() < 1e-12));
        // (r - 100)²: the cubic shows the way, at most 4 steps further at a time.
        let (trials, place) = found(|r| ((r - 100.0) * (r - 100.0), 2.0 * (r - 100.0)));
        assert_eq!(trials, [1.0, 5.0, 21.0]);
        assert!(place.is_some_and(|place| place.slope.abs() <= 0.9 * 200.0));
    }

    #[test]
    fn places_without_a_loss_are_too_far() {
        // -ln(1 - r) - 3 r has no value from 1 on, and is lowest at 2/3.
        let (trials, place) = found(|r| (-(1.0 - r).ln() - 3.0 * r, 1.0 / (1.0 - r) - 3.0));
        assert_eq!(trials[..2], [1.0, 0.5]);
        assert!(place.is_some_and(|place| place.rate < 1.0 && place.loss < 0.0));
    }

    #[test]
    fn what_goes_down_for_ever_or_never_comes_to_an_end() {
        let (trials, place) = found(|r| (-r, -1.0));
        assert_eq!(trials.len(), MOST_TRIALS);
        assert!(place.is_some());
        let (trials, place) = found(|r| (r, -1.0));
        assert!(trials.len() <= MOST_TRIALS);
        assert_eq!(place, None);
    }
}
