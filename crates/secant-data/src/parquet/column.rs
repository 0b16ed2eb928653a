//! [`Kind`]: how the numbers of a column stand in a file, and [`Column`], which reads them as doubles.

use ::parquet::basic::{ConvertedType, LogicalType, Type};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::schema::types::ColumnDescriptor;

use crate::element::{self, Element};

/// Decimals of more bytes are not read.
const LONGEST_DECIMAL: i32 = 16;

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Signed,
    Unsigned,
    /// Floats of 16, 32 or 64 bits.
    Float,
    /// Whole numbers of so many units of the last decimal place.
    Decimal(i32),
}

impl Kind {
    /// The kind of a column, or the word for what it holds instead of numbers.
    pub(super) fn of(column: &ColumnDescriptor) -> std::result::Result<Self, &'static str> {
        use ConvertedType as Old;
        use LogicalType as New;
        if column.max_rep_level() > 0 {
            return Err("lists");
        }
        let (new, old) = (column.logical_type_ref(), column.converted_type());
        match (column.physical_type(), new, old) {
            (Type::BOOLEAN, ..) => Ok(Self::Boolean),
            (Type::FLOAT | Type::DOUBLE, ..) => Ok(Self::Float),
            (Type::FIXED_LEN_BYTE_ARRAY, Some(New::Float16), _) if column.type_length() == 2 => {
                Ok(Self::Float)
            }
            (Type::BYTE_ARRAY, Some(New::Decimal(_)), _)
            | (Type::BYTE_ARRAY, None, Old::DECIMAL) => Err("decimals of any length"),
            (Type::FIXED_LEN_BYTE_ARRAY, Some(New::Decimal(_)), _)
            | (Type::FIXED_LEN_BYTE_ARRAY, None, Old::DECIMAL)
                if !(1..=LONGEST_DECIMAL).contains(&column.type_length()) =>
            {
                Err("decimals of more than 38 digits")
            }
            (_, Some(New::Decimal(decimal)), _) => Ok(Self::Decimal(decimal.scale)),
            (_, None, Old::DECIMAL) => Ok(Self::Decimal(column.type_scale())),
            (Type::INT32 | Type::INT64, Some(New::Integer(whole)), _) => Ok(if whole.is_signed {
                Self::Signed
            } else {
                Self::Unsigned
            }),
            (
                Type::INT32 | Type::INT64,
                None,
                Old::UINT_8 | Old::UINT_16 | Old::UINT_32 | Old::UINT_64,
            ) => Ok(Self::Unsigned),
            (
                Type::INT32 | Type::INT64,
                None,
                Old::NONE | Old::INT_8 | Old::INT_16 | Old::INT_32 | Old::INT_64,
            ) => Ok(Self::Signed),
            (Type::INT32 | Type::INT64 | Type::INT96, ..) => Err("dates or times"),
            (_, Some(New::String | New::Enum | New::Json), _)
            | (_, _, Old::UTF8 | Old::ENUM | Old::JSON) => Err("text"),
            (Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY, ..) => Err("bytes"),
        }
    }
}

/// A column of a row group under way.
pub(super) struct Column {
    pub(super) reader: ColumnReader,
    pub(super) kind: Kind,
    /// The level at which a value is there; 0 where none can be missing.
    pub(super) present: i16,
}

impl Column {
    /// Reads the next numbers of the row group, one for each place; NaN where a value is missing. Gives the first such place.
    pub(super) fn read(&mut self, numbers: &mut [f64]) -> Result<Option<usize>> {
        let (kind, present) = (self.kind, self.present);
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => fill(reader, present, numbers, |value| {
                f64::from(u8::from(*value))
            }),
            ColumnReader::Int32ColumnReader(reader) => {
                fill(reader, present, numbers, |value| match kind {
                    Kind::Unsigned => f64::from(*value as u32),
                    Kind::Decimal(scale) => decimal(i128::from(*value), scale),
                    _ => f64::from(*value),
                })
            }
            ColumnReader::Int64ColumnReader(reader) => {
                fill(reader, present, numbers, |value| match kind {
                    Kind::Unsigned => *value as u64 as f64,
                    Kind::Decimal(scale) => decimal(i128::from(*value), scale),
                    _ => *value as f64,
                })
            }
            ColumnReader::FloatColumnReader(reader) => {
                fill(reader, present, numbers, |value| f64::from(*value))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                fill(reader, present, numbers, |value| *value)
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                fill(reader, present, numbers, |value| match kind {
                    Kind::Decimal(scale) => decimal(whole(value.data()), scale),
                    _ => HALF.read(value.data()),
                })
            }
            ColumnReader::Int96ColumnReader(_) | ColumnReader::ByteArrayColumnReader(_) => {
                Err(ParquetError::NYI("the column holds no numbers".to_owned()))
            }
        }
    }
}

const HALF: Element = Element {
    kind: element::Kind::Float(2),
    big: false,
};

/// Reads as many records as there are places.
fn fill<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    present: i16,
    numbers: &mut [f64],
    number: impl Fn(&T::T) -> f64,
) -> Result<Option<usize>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let wanted = (present > 0).then_some(&mut levels);
    let (records, ..) = reader.read_records(numbers.len(), wanted, None, &mut values)?;
    let is_there = |row: usize| present == 0 || levels.get(row) == Some(&present);
    let there = (0..records).filter(|row| is_there(*row)).count();
    if records != numbers.len() || there != values.len() {
        return Err(ParquetError::EOF("it ends before its rows do".to_owned()));
    }
    let mut values = values.iter().map(number);
    for (row, place) in numbers.iter_mut().enumerate() {
        let value = if is_there(row) { values.next() } else { None };
        *place = value.unwrap_or(f64::NAN);
    }
    Ok((0..records).find(|row| !is_there(*row)))
}

/// A whole number of so many bytes, the most significant first, in two's complement.
fn whole(bytes: &[u8]) -> i128 {
    let sign = if bytes.first().is_some_and(|byte| *byte >= 0x80) {
        -1
    } else {
        0
    };
    bytes
        .iter()
        .fold(sign, |number, byte| number << 8 | i128::from(*byte))
}

/// The double nearest to this many units of the last of so many decimal places.
fn decimal(units: i128, scale: i32) -> f64 {
    // Below these both are exact in a double, and the quotient is rounded once (Clinger 1990).
    const EXACT: i128 = 1 << 53;
    if units.abs() < EXACT && (0..=22).contains(&scale) {
        return units as f64 / 10f64.powi(scale);
    }
    fast_float2::parse(format!("{units}e{}", -i64::from(scale))).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_rounded_once() {
        assert_eq!(decimal(1, 1), 0.1);
        assert_eq!(decimal(-12_345, 2), -123.45);
        assert_eq!(
            decimal(123_456_789_012_345_678_901_234_567, 20),
            1_234_567.890_123_456_7
        );
        assert_eq!(decimal(7, -3), 7000.0);
        assert_eq!(whole(&[0xff, 0xfe]), -2);
        assert_eq!(whole(&[0x01, 0x00]), 256);
    }
}
