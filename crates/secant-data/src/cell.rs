//! One cell of a text as a number: what is read, what counts as missing, and what is told of anything else.

use crate::error::{Error, ErrorKind};

/// Cells that stand for no value, in small letters.
const MISSING: [&str; 8] = ["", "na", "n/a", "nan", "null", "none", "?", "-"];
/// Longer cells are told by their beginning.
const LONGEST: usize = 40;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    Number(f64),
    Missing,
}

/// Whether a cell of a first line could be data: it reads as such, or as a number that is too large.
pub(crate) fn is_data(text: &[u8]) -> bool {
    // The delimiter makes a difference to the hint alone.
    read(text, b',').map_or_else(|error| error.kind() == ErrorKind::Overflow, |_| true)
}

fn is_missing(text: &[u8]) -> bool {
    MISSING
        .iter()
        .any(|mark| text.eq_ignore_ascii_case(mark.as_bytes()))
}

/// The number in a cell: decimal with a point, or true and false as 1 and 0.
pub(crate) fn read(text: &[u8], delimiter: u8) -> Result<Cell, Error> {
    let text = text.trim_ascii();
    if is_missing(text) {
        return Ok(Cell::Missing);
    }
    match fast_float2::parse::<f64, _>(text) {
        Ok(number) if number.is_finite() => Ok(Cell::Number(number)),
        Ok(_) => Err(overflow(text)),
        Err(_) if text.eq_ignore_ascii_case(b"true") => Ok(Cell::Number(1.0)),
        Err(_) if text.eq_ignore_ascii_case(b"false") => Ok(Cell::Number(0.0)),
        Err(_) => Err(no_number(text, delimiter)),
    }
}

fn overflow(text: &[u8]) -> Error {
    let message = if text.iter().any(u8::is_ascii_digit) {
        format!("{} is beyond the range of doubles", shown(text))
    } else {
        format!("{} is no finite number", shown(text))
    };
    Error::new(ErrorKind::Overflow, message).hint("the largest number is about 1.8e308")
}

fn no_number(text: &[u8], delimiter: u8) -> Error {
    let error = Error::new(ErrorKind::Cell, format!("{} is no number", shown(text)));
    let comma = text.iter().filter(|byte| **byte == b',').count();
    let without: Vec<u8> = text.iter().copied().filter(|byte| *byte != b',').collect();
    let is_number = fast_float2::parse::<f64, _>(without.as_slice()).is_ok();
    if comma == 1 && is_number && delimiter != b',' {
        error.hint("write the decimal point as '.'")
    } else if comma > 0 && is_number {
        error.hint("write it without a comma")
    } else {
        error.hint("correct the cell; one without a value may be empty or NA")
    }
}

/// The text in quotes, cut where it is long.
pub(crate) fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("'{}…'", &text[..end]),
        None => format!("'{text}'"),
    }
}
