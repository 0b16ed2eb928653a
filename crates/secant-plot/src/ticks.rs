//! Ticks: the numbers along an axis, and how they are written.
//!
//! Steps are 1, 2 or 5 times a power of ten. A tick is an integer count of
//! that power, and its text is made from the integer's digits, never from a
//! rounded float, so that 0.30000000000000004 cannot appear.

use crate::axis::{Axis, Marks, Scale};
use crate::range::Range;
use crate::tex::Tex;

/// A number along an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) text: Tex,
}

/// Exactly `count * 10^power`.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    count: i64,
    power: i32,
}

impl Decimal {
    /// The nearest float: the parser rounds correctly, a product need not.
    fn value(self) -> f64 {
        format!("{}e{}", self.count, self.power)
            .parse()
            .unwrap_or(f64::NAN)
    }

    /// The power of ten of the leading digit.
    fn magnitude(self) -> i32 {
        self.count.unsigned_abs().checked_ilog10().unwrap_or(0) as i32 + self.power
    }

    /// The digits with a decimal point, exactly.
    fn digits(self) -> String {
        let sign = if self.count < 0 { "-" } else { "" };
        let mut digits = self.count.unsigned_abs().to_string();
        if self.count == 0 {
            return digits;
        }
        if self.power >= 0 {
            digits.push_str(&"0".repeat(self.power as usize));
        } else {
            let places = self.power.unsigned_abs() as usize;
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, part) = padded.split_at(padded.len() - places);
            digits = format!("{whole}.{part}");
        }
        format!("{sign}{digits}")
    }
}

/// What is set of the most numbers that stand apart, and whether it does: where
/// not even two do, the first may speak alone. `set` is given about how many,
/// and tells what it made of them, and whether they stand apart.
pub(crate) fn most_apart<T>(mut most: f64, set: impl Fn(f64) -> (T, bool)) -> (T, bool) {
    const FEWEST: f64 = 2.0;
    loop {
        let (made, apart) = set(most);
        if apart || most <= FEWEST {
            return (made, apart);
        }
        most = (most - 1.0).max(FEWEST);
    }
}

/// What stands along an axis that shows this range: about `most` numbers, or the names at those of them that are whole.
pub(crate) fn marks(axis: &Axis, range: &Range, most: f64) -> Vec<Tick> {
    match &axis.marks {
        Marks::Numbers => ticks(range, most),
        Marks::Whole => whole(range, most),
        Marks::Names(names) => {
            let name = |tick: Tick| {
                let place = (tick.value >= -0.5).then_some(tick.value.round() as usize)?;
                let text = names.get(place)?.clone();
                Some(Tick { text, ..tick })
            };
            whole(range, most).into_iter().filter_map(name).collect()
        }
    }
}

/// The ticks at whole numbers; all, where not one lies inside.
fn whole(range: &Range, most: f64) -> Vec<Tick> {
    let inside = (range.high + 1e-9).floor() - (range.low - 1e-9).ceil();
    if range.scale == Scale::Log10 || inside < 0.0 {
        return ticks(range, most);
    }
    linear_by(
        range,
        round_step(((range.high - range.low) / most).max(1.0)),
    )
}

/// The ticks of a range, about `most` and not far fewer, in order, inside the
/// range, no two written alike.
pub(crate) fn ticks(range: &Range, most: f64) -> Vec<Tick> {
    let most = most.clamp(2.0, 10.0);
    match range.scale {
        Scale::Linear => linear(range, most),
        Scale::Log10 => logarithmic(range, most),
    }
}

fn linear(range: &Range, most: f64) -> Vec<Tick> {
    linear_by(range, round_step((range.high - range.low) / most))
}

fn linear_by(range: &Range, (step, power): (i64, i32)) -> Vec<Tick> {
    let width = Decimal { count: step, power }.value();
    // A tick that misses an end by rounding alone belongs to the range.
    let first = (range.low / width - 1e-9).ceil() as i64;
    let last = (range.high / width + 1e-9).floor() as i64;
    let decimals = (first..=last).map(|index| Decimal {
        count: index.saturating_mul(step),
        power,
    });
    written(range, decimals.collect())
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`.
fn round_step(least: f64) -> (i64, i32) {
    let power = least.log10().floor() as i32;
    for step in [1, 2, 5] {
        if (Decimal { count: step, power }).value() >= least * (1.0 - 1e-9) {
            return (step, power);
        }
    }
    (1, power + 1)
}

fn logarithmic(range: &Range, most: f64) -> Vec<Tick> {
    let low = (range.low.log10() - 1e-9).ceil() as i64;
    let high = (range.high.log10() + 1e-9).floor() as i64;
    let decades = high - low + 1;
    if decades >= 3 {
        let step = match round_step(decades as f64 / most) {
            (step, power) if power >= 0 => step * 10_i64.pow(power.unsigned_abs()),
            _ => 1,
        };
        let exponents = (low..=high).filter(|exponent| exponent.rem_euclid(step) == 0);
        return exponents
            .map(|exponent| Tick {
                value: inside(
                    range,
                    Decimal {
                        count: 1,
                        power: exponent as i32,
                    },
                ),
                text: Tex::from(format!("10^{{{exponent}}}")),
            })
            .collect();
    }
    let within = |decimal: &Decimal| {
        let value = decimal.value();
        value >= range.low * (1.0 - 1e-9) && value <= range.high * (1.0 + 1e-9)
    };
    let marks: Vec<Decimal> = (low - 1..=high)
        .flat_map(|power| {
            [1, 2, 5].map(|count| Decimal {
                count,
                power: power as i32,
            })
        })
        .filter(within)
        .collect();
    if marks.len() < 3 {
        // Less than a decade: nearly straight, so even steps serve best.
        return linear(range, most);
    }
    written(range, marks)
}

fn inside(range: &Range, decimal: Decimal) -> f64 {
    decimal.value().clamp(range.low, range.high)
}

/// Writes the numbers of one axis alike: all in digits, or all as multiples of
/// a power of ten (on a linear axis the same one) where digits alone would be
/// mostly zeros.
fn written(range: &Range, decimals: Vec<Decimal>) -> Vec<Tick> {
    let largest = decimals
        .iter()
        .copied()
        .max_by_key(|decimal| (decimal.count != 0, decimal.magnitude()));
    let magnitude = largest.map_or(0, Decimal::magnitude);
    let finest = decimals.iter().map(|decimal| decimal.power).min();
    let extreme = !(-3..6).contains(&magnitude);
    // Beside a large offset a mantissa would be as long as the number itself.
    let long = magnitude - finest.unwrap_or(0) > 6 && magnitude.abs() <= 15;
    let text = |decimal: Decimal| {
        if decimal.count == 0 {
            return Tex::from("0");
        }
        if extreme && !long {
            let magnitude = match range.scale {
                Scale::Linear => magnitude,
                Scale::Log10 => decimal.magnitude(),
            };
            let mantissa = Decimal {
                power: decimal.power - magnitude,
                ..decimal
            };
            return Tex::from(format!(r"{}\times10^{{{magnitude}}}", mantissa.digits()));
        }
        Tex::from(decimal.digits())
    };
    decimals
        .into_iter()
        .map(|decimal| Tick {
            value: inside(range, decimal),
            text: text(decimal),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(low: f64, high: f64, scale: Scale) -> Vec<String> {
        let range = Range::new(low, high, scale);
        let ticks = ticks(&range, 8.0);
        ticks.iter().map(|t| t.text.plain().to_string()).collect()
    }

    /// The claims every axis must satisfy.
    fn check(low: f64, high: f64, scale: Scale) {
        let range = Range::new(low, high, scale);
        let ticks = ticks(&range, 8.0);
        let told = format!("{low:e} {high:e} {scale:?}: {ticks:?}");
        assert!((3..=12).contains(&ticks.len()), "{told}");
        for tick in &ticks {
            assert!(
                range.low <= tick.value && tick.value <= range.high,
                "{told}"
            );
        }
        for pair in ticks.windows(2) {
            assert!(pair[0].value < pair[1].value, "{told}");
        }
        let mut texts: Vec<&str> = ticks.iter().map(|tick| tick.text.latex()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), ticks.len(), "{told}");
    }

    #[test]
    fn every_range_has_three_to_twelve_distinct_ticks_inside() {
        let mut checked = 0;
        for exponent in -280..=290 {
            for mantissa in [1.0, 1.7, 2.5, 3.3, 6.6, 9.99] {
                let width = mantissa * 10f64.powi(exponent);
                for offset in [0.0, -0.5, -1.0, 0.1, 123.456, -1e6, 1e10] {
                    let low = offset * width;
                    check(low, low + width, Scale::Linear);
                    checked += 1;
                }
                let low = 10f64.powi(exponent) * mantissa;
                for ratio in [1.001, 1.5, 3.0, 9.0, 11.0, 99.0, 1e3, 1e7, 1e12] {
                    check(low, low * ratio, Scale::Log10);
                    checked += 1;
                }
            }
        }
        assert!(checked > 50_000);
        check(1e-290, 1e300, Scale::Log10);
    }

    #[test]
    fn unusable_ranges_still_have_ticks() {
        for (low, high) in [
            (0.0, 0.0),
            (5.0, 5.0),
            (1e10, 1e10),
            (1e16, 1e16 + 2.0),
            (3.0, -3.0),
            (f64::NAN, 1.0),
            (f64::NEG_INFINITY, f64::INFINITY),
            (-f64::MAX, f64::MAX),
            (0.0, 5e-324),
        ] {
            check(low, high, Scale::Linear);
            check(low, high, Scale::Log10);
        }
    }

    #[test]
    fn what_is_counted_has_no_halves() {
        let along = |axis: Axis, low: f64, high: f64| -> Vec<String> {
            let ticks = marks(&axis, &Range::new(low, high, Scale::Linear), 8.0);
            ticks.iter().map(|t| t.text.plain().to_string()).collect()
        };
        let whole = || Axis::auto().whole();
        assert_eq!(along(whole(), -0.5, 2.5), ["0", "1", "2"]);
        assert_eq!(along(whole(), 0.9, 3.1), ["1", "2", "3"]);
        assert_eq!(along(whole(), -0.5, 0.5), ["0"]);
        assert_eq!(along(whole(), 0.0, 100.0)[..3], ["0", "20", "40"]);
        let names = Axis::auto().names(["a", "b", "c"].map(Tex::verbatim));
        assert_eq!(along(names, -1.5, 4.5), ["a", "b", "c"]);
    }

    #[test]
    fn numbers_are_written_exactly() {
        assert_eq!(texts(-1.0, 5.0, Scale::Linear)[..3], ["−1", "0", "1"]);
        assert_eq!(texts(0.0, 0.6, Scale::Linear)[3], "0.3");
        assert_eq!(texts(0.0, 4e6, Scale::Linear)[2], "1.0×10⁶");
        assert_eq!(texts(0.0, 7e6, Scale::Linear)[1], "1×10⁶");
        assert_eq!(texts(0.0, 7e-9, Scale::Linear)[2], "2×10⁻⁹");
        assert_eq!(
            texts(1e10, 1e10 + 0.7, Scale::Linear)[..2],
            ["10000000000.0", "10000000000.1"]
        );
        assert_eq!(texts(1e-3, 1e1, Scale::Log10)[0], "10⁻³");
        assert_eq!(texts(1.0, 20.0, Scale::Log10), ["1", "2", "5", "10", "20"]);
    }
}
