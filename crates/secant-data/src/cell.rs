//! One cell of a text as a number: what is read, what counts as missing, and what is told of anything else.

use crate::error::{Error, ErrorKind};
use crate::source;

/// Cells that stand for no value, in small letters.
const MISSING: [&str; 9] = ["", "na", "n/a", "nan", "-nan", "null", "none", "?", "-"];
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

/// Whether a cell is a name: neither a number, in whatever form, nor without a value.
pub(crate) fn is_name(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let is_truth = text.eq_ignore_ascii_case(b"true") || text.eq_ignore_ascii_case(b"false");
    !is_data(text) && !is_truth
}

/// The name in a cell.
pub(crate) fn name(text: &[u8]) -> Result<&str, Error> {
    let trimmed = text.trim_ascii();
    if is_missing(trimmed) {
        return Err(source::missing(&shown(text)));
    }
    if !is_name(trimmed) {
        let message = format!("{} is a number among names", shown(text));
        return Err(Error::new(ErrorKind::Cell, message)
            .hint("let all cells of the column be names, or all of them numbers"));
    }
    std::str::from_utf8(trimmed).map_err(|_| {
        Error::new(
            ErrorKind::Format,
            format!("the name {} is no UTF-8", shown(text)),
        )
        .hint("write the file anew in UTF-8")
    })
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
