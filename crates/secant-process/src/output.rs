//! [`Reading`]: how one number is found in what a program prints.

use regex_lite::Regex;
use serde_json::Value;

use crate::program::Refused;

/// How one number is found in what a program prints.
#[derive(Clone, Debug)]
pub enum Reading {
    /// The last word that is a number.
    Last,
    /// The first group of a pattern where it last matches, or the whole match.
    Pattern(Regex),
    /// Names and places within one JSON document.
    Json(Vec<String>),
}

impl Reading {
    /// By a regular expression.
    ///
    /// # Errors
    /// Where the pattern is none.
    pub fn pattern(pattern: &str) -> Result<Self, Refused> {
        Regex::new(pattern).map(Self::Pattern).map_err(|error| {
            Refused::new(
                format!("the pattern cannot be read: {error}"),
                "write one such as 'loss = (\\S+)'",
            )
        })
    }

    /// By a path through JSON, such as `result.losses.0`.
    #[must_use]
    pub fn json(path: &str) -> Self {
        Self::Json(
            path.split('.')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    pub(crate) fn key(&self) -> String {
        match self {
            Self::Last => String::new(),
            Self::Pattern(pattern) => format!("pattern {pattern}"),
            Self::Json(path) => format!("json {}", path.join(".")),
        }
    }

    /// The number, where it is there and finite.
    pub(crate) fn read(&self, output: &str) -> Option<f64> {
        let value = match self {
            Self::Last => {
                let is_edge =
                    |c: char| matches!(c, ',' | ';' | ':' | '=' | '(' | ')' | '[' | ']' | '"');
                let words = output.split(|c: char| c.is_whitespace() || is_edge(c));
                words.rev().find_map(figures)
            }
            Self::Pattern(pattern) => {
                let found = pattern.captures_iter(output).last()?;
                figures(found.get(1).or(found.get(0))?.as_str().trim())
            }
            Self::Json(path) => {
                let document: Value = serde_json::from_str(output.trim()).ok()?;
                let step = |value: Option<Value>, part: &String| match value? {
                    Value::Array(list) => list.get(part.parse::<usize>().ok()?).cloned(),
                    Value::Object(map) => map.get(part).cloned(),
                    _ => None,
                };
                path.iter().fold(Some(document), step)?.as_f64()
            }
        };
        value.filter(|value| value.is_finite())
    }
}

/// A number written in figures: words such as `inf` and `nan` are none.
fn figures(word: &str) -> Option<f64> {
    let has_figure = word.chars().any(|c| c.is_ascii_digit());
    word.parse().ok().filter(|_| has_figure)
}
