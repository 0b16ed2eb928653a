//! Numbers, bounds and points as words: what a person reads, of what the library's types say.

use secant::{ErrorBound, Formula, Point, PointKind};

/// A number as the shortest text that reads back as the same number.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() || (1e-4..1e16).contains(&size) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// The size of an error with two digits, never less than it is.
pub(crate) fn size(error: f64) -> String {
    // Half a unit of the second digit more, so that the nearest two digits are those above.
    let half = 0.5 * 10f64.powf(error.log10().floor() - 1.0);
    [error, error + half, error * 1.05]
        .iter()
        .filter_map(|size| digits(*size, 2))
        .find(|shown| *shown >= error)
        .map_or_else(|| number(error), number)
}

/// An error with its sign and three digits.
pub(crate) fn error(error: f64) -> String {
    digits(error, 3).map_or_else(|| number(error), number)
}

/// A number with seven digits, for tables whose numbers carry no bound.
pub(crate) fn brief(value: f64) -> String {
    digits(value, 7).map_or_else(|| number(value), number)
}

/// The number with so many digits.
pub(crate) fn digits(value: f64, digits: usize) -> Option<f64> {
    format!("{value:.*e}", digits - 1).parse().ok()
}

/// A level of confidence in per cent, digit by digit: no level below 1 becomes 100.
pub(crate) fn per_cent(level: f64) -> String {
    let written = level.to_string();
    let Some(digits) = written.strip_prefix("0.") else {
        return brief(100.0 * level);
    };
    let digits = format!("{digits:0<2}");
    let (whole, rest) = digits.split_at(2);
    let whole = whole.strip_prefix('0').unwrap_or(whole);
    if rest.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{rest}")
    }
}

/// A count with the word for one of its things, or for several.
pub(crate) fn counted(count: impl ToString, one: &str, several: &str) -> String {
    let count = count.to_string();
    let word = if count == "1" { one } else { several };
    format!("{count} {word}")
}

/// A bound with its kind.
pub(crate) fn bound(value: f64, bound: ErrorBound) -> String {
    match bound.absolute(value) {
        Some(absolute) => format!("± {} {}", size(absolute), bound.kind()),
        None => "unknown".to_owned(),
    }
}

/// The name of the function: its own, or f.
pub(crate) fn name(formula: &Formula) -> &str {
    formula.name().unwrap_or("f")
}

/// The formula as it was understood, with a name.
pub(crate) fn heading(formula: &Formula) -> String {
    let reading = formula.reading();
    if formula.name().is_some() || reading.contains(';') {
        return reading.to_owned();
    }
    format!("f({}) = {reading}", formula.variables().join(", "))
}

/// The value of the function with its bound, or that there is none.
pub(crate) fn value(formula: &Formula, f: f64, bound: ErrorBound, kind: PointKind) -> String {
    let name = name(formula);
    if f.is_nan() && kind == PointKind::Overflow {
        format!("{name} cannot be told")
    } else if f.is_infinite() && kind == PointKind::Overflow {
        format!("{name} is beyond the range of doubles, or a number on the way to it")
    } else if f.is_finite() || kind == PointKind::Overflow {
        match bound.absolute(f) {
            Some(absolute) if absolute > 0.0 => {
                format!("{name} = {} ± {}", number(f), size(absolute))
            }
            None if f.is_finite() => format!("{name} = {}, without a bound", number(f)),
            _ => format!("{name} = {}", number(f)),
        }
    } else {
        format!("{name} has no value")
    }
}

/// `x = 2, y = 3`.
pub(crate) fn place(formula: &Formula, at: &[f64]) -> String {
    let each = |(name, value): (&std::sync::Arc<str>, &f64)| format!("{name} = {}", number(*value));
    formula
        .variables()
        .iter()
        .zip(at)
        .map(each)
        .collect::<Vec<_>>()
        .join(", ")
}

/// That there is no derivative of this name, and why.
pub(crate) fn missing(derivative: &str, point: &Point) -> String {
    let verb = if point.is_decided() {
        "does not exist"
    } else {
        "cannot be told"
    };
    format!("{derivative} {verb}: {}", reason(point))
}

/// Why there is no derivative, in one line.
pub(crate) fn reason(point: &Point) -> String {
    let mut reason = point.describe().replacen(": ", ", ", 1);
    if point.sampled {
        reason.push_str(" (told by samples, not proven)");
    } else if point.within_rounding && point.kind != PointKind::Overflow {
        reason.push_str(" (within the rounding of the numbers)");
    }
    reason
}

/// The limits from left and right, where they tell more than the value does.
pub(crate) fn limits(point: &Point, f: f64) -> [Option<f64>; 2] {
    let both = [point.left_limit, point.right_limit];
    if both
        .iter()
        .flatten()
        .all(|limit| *limit == f && f.is_finite())
    {
        [None, None]
    } else {
        both
    }
}

/// What exists on either side of a point without a derivative, as names and numbers.
pub(crate) fn sides(point: &Point, f: f64) -> Vec<(String, f64)> {
    let [left, right] = limits(point, f);
    let derivative = match point.order {
        1 => "slope".to_owned(),
        order => format!("derivative of order {order}"),
    };
    let derivatives = [("left", point.left), ("right", point.right)];
    let limits = [("left", left), ("right", right)];
    let of = |what: &str, sides: [(&str, Option<f64>); 2]| {
        let name =
            |(side, value): (&str, Option<f64>)| Some((format!("{what} from the {side}"), value?));
        sides.into_iter().filter_map(name).collect::<Vec<_>>()
    };
    [of(&derivative, derivatives), of("limit", limits)].concat()
}

/// By what something is multiplied, such that it is told from 1: `1.3`, or `1 + 2e-7`.
pub(crate) fn factor(factor: f64) -> String {
    const NEAR: f64 = 1e-2;
    let beyond = factor - 1.0;
    if beyond == 0.0 || beyond.abs() > NEAR {
        return error(factor);
    }
    let sign = if beyond < 0.0 { '-' } else { '+' };
    format!("1 {sign} {}", error(beyond.abs()))
}

/// What the height of a line is called. Over y itself it cannot be y.
fn height<'a>(variable: &str, name: &'a str) -> &'a str {
    if variable == "y" { name } else { "y" }
}

/// `y = m (x - a) + f(a)`, where 0 is so far away that `m x + b` has no b.
pub(crate) fn line_through([x, f]: [f64; 2], slope: f64, variable: &str, name: &str) -> String {
    let height = height(variable, name);
    let away = if x < 0.0 { '+' } else { '-' };
    let above = if f < 0.0 { '-' } else { '+' };
    format!(
        "{height} = {} ({variable} {away} {}) {above} {}",
        number(slope),
        number(x.abs()),
        number(f.abs())
    )
}

/// `y = m x + b` as it is written by hand, for a function of this variable and of this name.
pub(crate) fn line(slope: f64, intercept: f64, variable: &str, name: &str) -> String {
    let height = height(variable, name);
    let rise = match slope {
        0.0 => return format!("{height} = {}", number(intercept)),
        1.0 => variable.to_owned(),
        -1.0 => format!("-{variable}"),
        _ => format!("{} {variable}", number(slope)),
    };
    match intercept {
        0.0 => format!("{height} = {rise}"),
        below if below < 0.0 => format!("{height} = {rise} - {}", number(-below)),
        above => format!("{height} = {rise} + {}", number(above)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_themselves() {
        for value in [
            0.1,
            -3.0,
            4.000199999987845,
            1e-5,
            1e16,
            123456789.0,
            5e-324,
            f64::MAX,
        ] {
            assert_eq!(number(value).parse(), Ok(value));
        }
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(f64::NEG_INFINITY), "-inf");
        assert_eq!(number(1e300), "1e300");
    }

    #[test]
    fn no_level_below_1_is_a_hundred_per_cent() {
        let levels = [0.95, 0.9, 0.999, 0.5, 0.005, 1.0 - 1e-12];
        let told = ["95", "90", "99.9", "50", "0.5", "99.9999999999"];
        assert_eq!(levels.map(per_cent), told);
    }

    #[test]
    fn a_size_never_reads_smaller_than_it_is() {
        for error in [1.7763568394002505e-15, 2e-4, 9.99e-3, 1.049, 5e-324, 0.0] {
            assert!(
                size(error).parse::<f64>().is_ok_and(|shown| shown >= error),
                "{}",
                size(error)
            );
        }
        for (error, shown) in [
            (2e-4, "0.0002"),
            (7.213e-13, "7.3e-13"),
            (9.91e-3, "0.01"),
            (1.01, "1.1"),
        ] {
            assert_eq!(size(error), shown);
        }
    }

    #[test]
    fn lines_are_written_as_by_hand() {
        assert_eq!(line(4.0, -2.0, "x", "f"), "y = 4 x - 2");
        assert_eq!(line(0.0, 0.0, "x", "f"), "y = 0");
        assert_eq!(line(-1.0, 0.5, "t", "f"), "y = -t + 0.5");
        assert_eq!(line(1.0, 0.0, "x", "f"), "y = x");
        assert_eq!(line(2.0, 1.0, "y", "g"), "g = 2 y + 1");
    }
}
