//! The documents that programs read: one for each answer, versioned, with numbers where JSON has them.

use std::path::PathBuf;

use secant::Ambiguity;
use secant::{ErrorBound, Formula, Point};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::text::limits;

/// The version of all documents; it grows where a field changes its meaning or goes.
pub(crate) const SCHEMA: u32 = 1;

/// A document as one line.
pub(crate) fn document(value: &impl Serialize) -> String {
    // Only maps with keys that are no text could fail, and there are none.
    let text = serde_json::to_string(value).unwrap_or_default();
    format!("{text}\n")
}

/// The names of files that were written.
pub(crate) fn names_of(files: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| path.to_string_lossy().into_owned();
    files.iter().map(name).collect()
}

/// A number; what JSON cannot write is a string: "inf", "-inf", "nan".
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

/// Up to here every whole number is a double.
const WHOLE: f64 = 9_007_199_254_740_992.0;

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_nan() => serializer.serialize_str("nan"),
            f64::INFINITY => serializer.serialize_str("inf"),
            f64::NEG_INFINITY => serializer.serialize_str("-inf"),
            value
                if value.fract() == 0.0
                    && value.abs() <= WHOLE
                    && !(value == 0.0 && value.is_sign_negative()) =>
            {
                serializer.serialize_i64(value as i64)
            }
            value => serializer.serialize_f64(value),
        }
    }
}

/// One thing, a row of them for a gradient, or rows for a Hessian.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Shaped<T> {
    One(T),
    Row(Vec<T>),
    Rows(Vec<Vec<T>>),
}

/// The formula, and how it was read.
#[derive(Debug, Serialize)]
pub(crate) struct Read<'a> {
    schema: u32,
    formula: &'a str,
    reading: &'a str,
    ambiguities: Vec<Doubt<'a>>,
}

#[derive(Debug, Serialize)]
struct Doubt<'a> {
    start: usize,
    end: usize,
    taken: &'a str,
    other: &'a str,
}

impl<'a> Read<'a> {
    /// Of a formula.
    pub(crate) fn new(formula: &'a Formula) -> Self {
        let doubt = |doubt: &'a Ambiguity| Doubt {
            start: doubt.span.start,
            end: doubt.span.end,
            taken: &doubt.taken,
            other: &doubt.other,
        };
        Self {
            schema: SCHEMA,
            formula: formula.text(),
            reading: formula.reading(),
            ambiguities: formula.ambiguities().iter().map(doubt).collect(),
        }
    }
}

/// A point by the names of its inputs, in their order.
#[derive(Debug)]
pub(crate) struct At<'a>(pub(crate) &'a Formula, pub(crate) &'a [f64]);

impl Serialize for At<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (name, value) in self.0.variables().iter().zip(self.1) {
            map.serialize_entry(name.as_ref(), &Number(*value))?;
        }
        map.end()
    }
}

/// What kind of point it is, with what exists on either side.
#[derive(Debug, Serialize)]
pub(crate) struct Kind {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<Number>,
    /// Of which order these derivatives are, where that is not 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_limit: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right_limit: Option<Number>,
    /// It could not be found out whether the derivative exists.
    #[serde(skip_serializing_if = "is_false")]
    undecided: bool,
    /// Samples had to decide what no rule could.
    #[serde(skip_serializing_if = "is_false")]
    sampled: bool,
    /// Numbers that rounding cannot tell apart were taken to be one.
    #[serde(skip_serializing_if = "is_false")]
    within_rounding: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out references"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Kind {
    /// Of a point where the function has this value; limits are told where they tell more.
    pub(crate) fn new(point: &Point, f: f64) -> Self {
        let [left_limit, right_limit] = limits(point, f);
        Self {
            kind: point.name(),
            left: point.left.map(Number),
            right: point.right.map(Number),
            order: point
                .left
                .or(point.right)
                .and((point.order > 1).then_some(point.order)),
            left_limit: left_limit.map(Number),
            right_limit: right_limit.map(Number),
            undecided: point.undecided,
            sampled: point.sampled,
            within_rounding: point.within_rounding,
        }
    }
}

/// How far the truth may be.
#[derive(Debug, Serialize)]
pub(crate) struct Bound {
    kind: &'static str,
    absolute: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    truncation: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rounding: Option<Number>,
}

impl Bound {
    /// The bound of a value.
    pub(crate) fn new(value: f64, bound: ErrorBound) -> Self {
        let mut told = Self {
            kind: bound.kind(),
            absolute: bound.absolute(value).map(Number),
            low: None,
            high: None,
            truncation: None,
            rounding: None,
        };
        match bound {
            ErrorBound::Enclosed(range) => {
                (told.low, told.high) = (Some(Number(range.lo())), Some(Number(range.hi())))
            }
            ErrorBound::Estimated {
                truncation,
                rounding,
            } => {
                (told.truncation, told.rounding) =
                    (Some(Number(truncation)), Some(Number(rounding)))
            }
            ErrorBound::Rounding(_) | ErrorBound::Unknown => {}
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_where_they_are_and_text_where_json_has_none() {
        let told = |value| document(&Number(value));
        assert_eq!(told(8.0), "8\n");
        assert_eq!(told(1.8e-15), "1.8e-15\n");
        assert_eq!(told(f64::NEG_INFINITY), "\"-inf\"\n");
        assert_eq!(told(f64::NAN), "\"nan\"\n");
        assert_eq!(told(-0.0), "-0.0\n");
    }
}
