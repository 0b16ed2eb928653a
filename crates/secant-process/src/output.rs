//! [`Reading`]: how one number is found in what a program prints.

use regex_lite::Regex;
use serde_json::Value;

use crate::program::Refused;

/// How one number is found in what a program prints.
#[derive(Clone, Debug)]
pub enum Reading {
    /// The last number; numbers with no blank between them, or in other figures than a computer's, are refused.
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
    pub(crate) fn read(&self, output: &str) -> Result<f64, Unread> {
        let value = match self {
            Self::Last => return last(output),
            Self::Pattern(pattern) => pattern.captures_iter(output).last().and_then(|found| {
                let group = found.get(1).or(found.get(0))?;
                group.as_str().trim().parse().ok()
            }),
            Self::Json(path) => serde_json::from_str(output.trim())
                .ok()
                .and_then(|document| {
                    let step = |value: Option<Value>, part: &String| match value? {
                        Value::Array(list) => list.get(part.parse::<usize>().ok()?).cloned(),
                        Value::Object(map) => map.get(part).cloned(),
                        _ => None,
                    };
                    path.iter().fold(Some(document), step)?.as_f64()
                }),
        };
        value
            .filter(|value| value.is_finite())
            .ok_or(Unread::NoNumber)
    }
}

/// Why a number could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// There is none.
    NoNumber,
    /// A word may be read in more than one way.
    Doubtful(String),
}

/// The last number of a text. A word that is not finite is one, too: the number before `nan` is not what was computed.
fn last(output: &str) -> Result<f64, Unread> {
    let is_edge = |c: char| matches!(c, ',' | ';' | ':' | '=' | '(' | ')' | '[' | ']' | '"');
    for word in output.split_whitespace().rev() {
        for part in word.split(is_edge).rev() {
            // The full stop of a sentence is none of a number.
            let part = part.trim_end_matches('.');
            let number: Option<f64> = part.parse().ok();
            match number {
                Some(_) if joins_figures(word) => return Err(Unread::Doubtful(word.to_owned())),
                Some(number) if number.is_finite() => return Ok(number),
                Some(_) => return Err(Unread::NoNumber),
                None if is_in_figures(part) => return Err(Unread::Doubtful(word.to_owned())),
                None => {}
            }
        }
    }
    Err(Unread::NoNumber)
}

/// Whether a comma or the like stands between two figures, as in `1,5`, which is one number in some countries and two in others.
fn joins_figures(word: &str) -> bool {
    let is_figure = |byte: &u8| byte.is_ascii_digit();
    let joins = |three: &[u8]| {
        is_figure(&three[0]) && matches!(three[1], b',' | b';' | b':') && is_figure(&three[2])
    };
    word.as_bytes().windows(3).any(joins)
}

/// Whether a word that is no number begins with a figure all the same, behind signs that are no letters: `1'234.5`, `1.5D+03`, `50%`, `$5`, `3/4`, `1.5kg`, and the minus
/// sign of typesetters. The number before it is not what was computed.
fn is_in_figures(part: &str) -> bool {
    part.trim_start_matches(|c: char| !c.is_alphanumeric())
        .starts_with(|c: char| c.is_ascii_digit())
}
