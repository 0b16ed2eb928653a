//! A range that can be drawn, and where a value lies in it.
//!
//! Takes whatever ends a caller gives (swapped, equal, NaN, huge) and keeps
//! the promise everything behind it relies on: finite ends in order, wide
//! enough to hold ticks with different numbers, above 0 on a logarithmic axis.

use crate::axis::{Axis, Scale};
use crate::scene::Item;

/// Ends beyond this cannot be subtracted without overflow.
const FARTHEST: f64 = 1e300;
/// Ends closer than this have no ticks between them that floats can hold.
const NARROWEST: f64 = 1e-290;
/// Ends closer than this part of their size are the same number in disguise.
const RELATIVE: f64 = 1e-12;

/// The usable range of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) scale: Scale,
}

impl Range {
    /// The range of an axis: the one it names, or one that fits the items.
    pub(crate) fn of(axis: &Axis, items: &[Item], index: usize) -> Self {
        let scale = axis.scale;
        if let Some([low, high]) = axis.range {
            return Self::new(low, high, scale);
        }
        let usable = |value: &f64| value.is_finite() && (scale == Scale::Linear || *value > 0.0);
        let ends = items
            .iter()
            .flat_map(|item| item.values(index))
            .filter(usable)
            .fold(None, |ends: Option<[f64; 2]>, value| {
                let [low, high] = ends.unwrap_or([value; 2]);
                Some([low.min(value), high.max(value)])
            });
        match (ends, scale) {
            (Some([low, high]), _) => Self::new(low, high, scale).with_air(),
            (None, Scale::Linear) => Self::new(0.0, 1.0, scale),
            (None, Scale::Log10) => Self::new(1.0, 10.0, scale),
        }
    }

    pub(crate) fn new(a: f64, b: f64, scale: Scale) -> Self {
        let (low, high) = match scale {
            Scale::Linear => linear_ends(a, b),
            Scale::Log10 => logarithmic_ends(a, b),
        };
        Self { low, high, scale }
    }

    /// The range with a twentieth more at each end.
    fn with_air(self) -> Self {
        let (low, high) = match self.scale {
            Scale::Linear => {
                let air = (self.high - self.low) / 20.0;
                (self.low - air, self.high + air)
            }
            Scale::Log10 => {
                let air = (self.high / self.low).powf(0.05);
                (self.low / air, self.high * air)
            }
        };
        Self::new(low, high, self.scale)
    }

    /// Where a value lies: 0 at the low end, 1 at the high end, NaN where it
    /// has no place.
    pub(crate) fn fraction(&self, value: f64) -> f64 {
        if !value.is_finite() {
            return f64::NAN;
        }
        let fraction = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log10 if value <= 0.0 => return f64::NAN,
            Scale::Log10 => {
                let low = self.low.log10();
                (value.log10() - low) / (self.high.log10() - low)
            }
        };
        // What is finite stays finite, and is not taken for a hole in a line.
        fraction.clamp(-f64::MAX, f64::MAX)
    }
}

fn linear_ends(a: f64, b: f64) -> (f64, f64) {
    let (a, b) = match (a.is_finite(), b.is_finite()) {
        (true, true) => (a, b),
        (true, false) => (a, a),
        (false, true) => (b, b),
        (false, false) => (0.0, 0.0),
    };
    let [a, b] = [a, b].map(|end| end.clamp(-FARTHEST, FARTHEST));
    let (low, high) = (a.min(b), a.max(b));
    let size = low.abs().max(high.abs());
    if high - low > NARROWEST && high - low > RELATIVE * size {
        return (low, high);
    }
    let centre = low + (high - low) / 2.0;
    let half = if centre == 0.0 {
        1.0
    } else {
        (centre.abs() / 10.0).max(NARROWEST)
    };
    (centre - half, centre + half)
}

fn logarithmic_ends(a: f64, b: f64) -> (f64, f64) {
    let usable = |end: f64| end.is_finite() && end > 0.0;
    let (a, b) = match (usable(a), usable(b)) {
        (true, true) => (a, b),
        // The nearest that can be drawn to "from 0": six powers of ten.
        (true, false) => (a, a / 1e6),
        (false, true) => (b, b / 1e6),
        (false, false) => (1.0, 10.0),
    };
    let [a, b] = [a, b].map(|end| end.clamp(NARROWEST, FARTHEST));
    let (low, high) = (a.min(b), a.max(b));
    if high / low > 1.0 + RELATIVE {
        (low, high)
    } else {
        (low / 2.0, high * 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Line, Point};

    #[test]
    fn any_two_ends_give_a_range_that_can_be_drawn() {
        let ends = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            1e10,
            1e10 + 1e-3,
            1e-310,
            5e-324,
            1e308,
            f64::MAX,
            -f64::MAX,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        for scale in [Scale::Linear, Scale::Log10] {
            for a in ends {
                for b in ends {
                    let range = Range::new(a, b, scale);
                    assert!(range.low.is_finite() && range.high.is_finite());
                    assert!(range.low < range.high, "{a} {b} {scale:?}: {range:?}");
                    assert!(scale == Scale::Linear || range.low > 0.0);
                    assert_eq!(range.fraction(range.low), 0.0);
                    assert_eq!(range.fraction(range.high), 1.0);
                }
            }
        }
    }

    #[test]
    fn swapped_ends_are_put_in_order() {
        let range = Range::new(5.0, -1.0, Scale::Linear);
        assert_eq!((range.low, range.high), (-1.0, 5.0));
    }

    #[test]
    fn an_axis_fits_what_is_finite() {
        let items = [
            Item::from(Line::new([[0.0, f64::NAN], [4.0, 1.0]])),
            Item::from(Point::new([2.0, f64::INFINITY])),
        ];
        let x = Range::of(&Axis::auto(), &items, 0);
        assert!(x.low < 0.0 && x.low > -0.5 && x.high > 4.0 && x.high < 4.5);
        let y = Range::of(&Axis::auto(), &items, 1);
        assert!(y.low < 1.0 && y.high > 1.0);
    }

    #[test]
    fn only_positive_values_have_a_place_on_a_logarithmic_axis() {
        let range = Range::new(1.0, 100.0, Scale::Log10);
        assert!((range.fraction(10.0) - 0.5).abs() < 1e-15);
        assert!(range.fraction(0.0).is_nan());
        assert!(range.fraction(-1.0).is_nan());
    }
}
