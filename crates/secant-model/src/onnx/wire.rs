//! The wire format of protocol buffers, as far as ONNX needs it: fields of a message, read where they stand in the file. Nothing is copied, and
//! a length is held against the bytes that are there before anything is made of it.

use crate::error::{Error, ErrorKind};

/// The content of one field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

impl<'a> Field<'a> {
    /// A message, a string or packed numbers.
    pub(crate) fn bytes(self) -> Result<&'a [u8], Error> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Error::new(
                ErrorKind::Format,
                "a field that should hold bytes holds a number",
            )),
        }
    }

    /// Text in UTF-8.
    pub(crate) fn text(self) -> Result<&'a str, Error> {
        std::str::from_utf8(self.bytes()?)
            .map_err(|_| Error::new(ErrorKind::Format, "a name is not written in UTF-8"))
    }

    /// A whole number; negative ones stand there in two's complement.
    pub(crate) fn whole(self) -> Result<i64, Error> {
        match self {
            Self::Varint(value) => Ok(value as i64),
            _ => Err(Error::new(
                ErrorKind::Format,
                "a field that should hold a whole number does not",
            )),
        }
    }

    /// A number in single precision.
    pub(crate) fn single(self) -> Result<f32, Error> {
        match self {
            Self::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => Err(Error::new(
                ErrorKind::Format,
                "a field that should hold a number does not",
            )),
        }
    }
}

/// The fields of a message, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    /// The next field with its number, or none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<(u32, Field<'a>)>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let key = varint(&mut self.rest)?;
        let number = u32::try_from(key >> 3)
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Format,
                    "this is no ONNX file: a field has no number",
                )
            })?;
        let field = match key & 7 {
            0 => Field::Varint(varint(&mut self.rest)?),
            1 => Field::Fixed64(array(self.take(8)?)),
            2 => {
                let length = varint(&mut self.rest)?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Fixed32(array(self.take(4)?)),
            other => {
                return Err(Error::new(
                    ErrorKind::Format,
                    format!("this is no ONNX file: a field of wire type {other}"),
                ));
            }
        };
        Ok(Some((number, field)))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Error> {
        let split = usize::try_from(length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length));
        let Some((taken, rest)) = split else {
            return Err(Error::new(
                ErrorKind::Format,
                format!(
                    "the file is cut off, or is no ONNX file: {length} bytes are announced, {} are there",
                    self.rest.len()
                ),
            ));
        };
        self.rest = rest;
        Ok(taken)
    }
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}

/// A number of seven bits a byte, the lowest first.
fn varint(rest: &mut &[u8]) -> Result<u64, Error> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let Some((byte, after)) = rest.split_first() else {
            return Err(Error::new(
                ErrorKind::Format,
                "the file is cut off within a number",
            ));
        };
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Error::new(
        ErrorKind::Format,
        "this is no ONNX file: a number of more than ten bytes",
    ))
}

/// Whole numbers of one field, packed or alone, added to a list.
pub(crate) fn wholes(field: Field<'_>, into: &mut Vec<i64>) -> Result<(), Error> {
    match field {
        Field::Bytes(mut packed) => {
            while !packed.is_empty() {
                into.push(varint(&mut packed)? as i64);
            }
            Ok(())
        }
        single => {
            into.push(single.whole()?);
            Ok(())
        }
    }
}

/// A message being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft(Vec<u8>);

impl Draft {
    /// The same with a whole number.
    pub(crate) fn whole(mut self, number: u32, value: i64) -> Self {
        self.key(number, 0);
        self.varint(value as u64);
        self
    }

    /// The same with a number in single precision.
    pub(crate) fn single(mut self, number: u32, value: f32) -> Self {
        self.key(number, 5);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// The same with bytes.
    pub(crate) fn bytes(mut self, number: u32, bytes: &[u8]) -> Self {
        self.key(number, 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    /// The same with text.
    pub(crate) fn text(self, number: u32, text: &str) -> Self {
        self.bytes(number, text.as_bytes())
    }

    /// The same with a message within.
    pub(crate) fn message(self, number: u32, message: &Self) -> Self {
        self.bytes(number, &message.0)
    }

    /// The bytes of the message.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn key(&mut self, number: u32, kind: u64) {
        self.varint(u64::from(number) << 3 | kind);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}
