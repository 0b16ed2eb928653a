//! [`Tensor`]: numbers in a file, in any of the ways that ONNX stores them. Its declared size is held against what is there before a number is read.

use secant_train::layer::numbers;

use super::wire::{self, Field, Fields};
use crate::error::{Error, ErrorKind};
use crate::number::half;

/// A tensor as it stands in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tensor<'a> {
    pub(crate) name: &'a str,
    pub(crate) sides: Vec<i64>,
    kind: i64,
    raw: Option<&'a [u8]>,
    /// Numbers in fields of their own type.
    singles: Vec<f32>,
    doubles: Vec<f64>,
    wholes: Vec<i64>,
    external: Option<External<'a>>,
}

/// Where numbers stand in a file beside the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct External<'a> {
    pub(crate) location: &'a str,
    pub(crate) offset: u64,
    pub(crate) length: Option<u64>,
}

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Single,
    Double,
    Half,
    Brain,
    Int32,
    Int64,
    /// A truth: 0 or 1.
    Truth,
}

impl Kind {
    fn of(number: i64) -> Option<Self> {
        Some(match number {
            super::schema::FLOAT => Self::Single,
            super::schema::DOUBLE => Self::Double,
            10 => Self::Half,
            16 => Self::Brain,
            6 => Self::Int32,
            7 => Self::Int64,
            9 => Self::Truth,
            _ => return None,
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::Truth => 1,
            Self::Half | Self::Brain => 2,
            Self::Single | Self::Int32 => 4,
            Self::Double | Self::Int64 => 8,
        }
    }

    /// One number from its bytes, which are as many as its kind has.
    fn number(self, bytes: &[u8]) -> f64 {
        let wide = bytes
            .iter()
            .rev()
            .fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        match self {
            Self::Single => f64::from(f32::from_bits(wide as u32)),
            Self::Double => f64::from_bits(wide),
            Self::Half => half(wide as u16),
            Self::Brain => f64::from(f32::from_bits((wide as u32) << 16)),
            Self::Int32 => f64::from(wide as u32 as i32),
            Self::Int64 => wide as i64 as f64,
            Self::Truth => f64::from(u8::from(wide != 0)),
        }
    }
}

impl<'a> Tensor<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut tensor = Self::default();
        let mut outside = false;
        let mut fields = Fields::of(bytes);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => wire::wholes(field, &mut tensor.sides)?,
                2 => tensor.kind = field.whole()?,
                4 => singles(field, &mut tensor.singles)?,
                5 | 7 => wire::wholes(field, &mut tensor.wholes)?,
                8 => tensor.name = field.text()?,
                9 => tensor.raw = Some(field.bytes()?),
                10 => doubles(field, &mut tensor.doubles)?,
                13 => tensor.point(field.bytes()?)?,
                14 => outside = field.whole()? == 1,
                _ => {}
            }
        }
        if !outside {
            tensor.external = None;
        }
        Ok(tensor)
    }

    /// One entry of where the numbers stand.
    fn point(&mut self, entry: &'a [u8]) -> Result<(), Error> {
        let (mut key, mut value) = ("", "");
        let mut fields = Fields::of(entry);
        while let Some((number, field)) = fields.next()? {
            match number {
                1 => key = field.text()?,
                2 => value = field.text()?,
                _ => {}
            }
        }
        let whole = || {
            value.parse::<u64>().map_err(|_| {
                Error::new(ErrorKind::Format, format!("'{value}' is no {key} of data"))
            })
        };
        let external = self.external.get_or_insert_default();
        match key {
            "location" => external.location = value,
            "offset" => external.offset = whole()?,
            "length" => external.length = Some(whole()?),
            _ => {}
        }
        Ok(())
    }

    /// Whether its numbers are whole, as those of a shape are.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(Kind::of(self.kind), Some(Kind::Int32 | Kind::Int64))
    }

    /// Where its numbers stand, if not in the model.
    pub(crate) fn external(&self) -> Option<External<'a>> {
        self.external
    }

    /// The tensor in a message.
    pub(crate) fn place(&self) -> String {
        format!("tensor '{}'", self.name)
    }

    /// Its sides as sizes, and how many numbers that makes.
    pub(crate) fn shape(&self) -> Result<(Vec<usize>, usize), Error> {
        let sides: Option<Vec<usize>> = self
            .sides
            .iter()
            .map(|side| usize::try_from(*side).ok())
            .collect();
        let shape = sides.and_then(|sides| {
            let count = numbers(&sides)?;
            Some((sides, count))
        });
        shape.ok_or_else(|| {
            Error::new(
                ErrorKind::TooLarge,
                format!("{:?} is no shape of a tensor", self.sides),
            )
            .at(self.place())
        })
    }

    /// Its numbers; `outside` are the bytes of the file beside the model, where they stand there.
    pub(crate) fn numbers(&self, outside: Option<&[u8]>) -> Result<Vec<f64>, Error> {
        let (_, count) = self.shape()?;
        let kind = Kind::of(self.kind).ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!("numbers of ONNX type {} are not read", self.kind),
            )
            .at(self.place())
        })?;
        let raw = match (self.external, outside) {
            (Some(external), Some(bytes)) => Some(self.part(external, bytes)?),
            _ => self.raw,
        };
        let there = match raw {
            Some(raw) => raw.len() as f64 / kind.bytes() as f64,
            None => self.stored(kind) as f64,
        };
        if there != count as f64 {
            return Err(Error::new(
                ErrorKind::Format,
                format!("{count} numbers are declared, {there} are there"),
            )
            .at(self.place()));
        }
        Ok(match (raw, kind) {
            (Some(raw), _) => raw
                .chunks_exact(kind.bytes())
                .map(|bytes| kind.number(bytes))
                .collect(),
            (None, Kind::Single) => self.singles.iter().map(|value| f64::from(*value)).collect(),
            (None, Kind::Double) => self.doubles.clone(),
            // Halves stand in the field of whole numbers, by their bits.
            (None, Kind::Half | Kind::Brain) => self
                .wholes
                .iter()
                .map(|bits| kind.number(&(*bits as u16).to_le_bytes()))
                .collect(),
            (None, Kind::Int32 | Kind::Int64 | Kind::Truth) => {
                self.wholes.iter().map(|value| *value as f64).collect()
            }
        })
    }

    /// How many numbers stand in the field of their kind.
    fn stored(&self, kind: Kind) -> usize {
        match kind {
            Kind::Single => self.singles.len(),
            Kind::Double => self.doubles.len(),
            Kind::Half | Kind::Brain | Kind::Int32 | Kind::Int64 | Kind::Truth => self.wholes.len(),
        }
    }

    /// Its part of the file beside the model.
    fn part<'o>(&self, external: External<'_>, outside: &'o [u8]) -> Result<&'o [u8], Error> {
        let rest = usize::try_from(external.offset)
            .ok()
            .and_then(|offset| outside.get(offset..));
        let part = rest.and_then(|rest| match external.length {
            None => Some(rest),
            Some(length) => rest.get(..usize::try_from(length).ok()?),
        });
        part.ok_or_else(|| {
            Error::new(
                ErrorKind::Format,
                format!("its numbers lie behind the end of '{}'", external.location),
            )
            .at(self.place())
        })
    }
}

/// Numbers in single precision of one field, packed or alone, added to a list.
pub(crate) fn singles(field: Field<'_>, into: &mut Vec<f32>) -> Result<(), Error> {
    match field {
        Field::Fixed32(bytes) => into.push(f32::from_le_bytes(bytes)),
        packed => into.extend(
            unpacked(packed)?
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes)),
        ),
    }
    Ok(())
}

/// The same in double precision.
fn doubles(field: Field<'_>, into: &mut Vec<f64>) -> Result<(), Error> {
    match field {
        Field::Fixed64(bytes) => into.push(f64::from_le_bytes(bytes)),
        packed => into.extend(
            unpacked(packed)?
                .iter()
                .map(|bytes| f64::from_le_bytes(*bytes)),
        ),
    }
    Ok(())
}

/// Packed numbers of so many bytes each.
fn unpacked<const N: usize>(field: Field<'_>) -> Result<&[[u8; N]], Error> {
    match field.bytes()?.as_chunks::<N>() {
        (numbers, []) => Ok(numbers),
        _ => Err(Error::new(
            ErrorKind::Format,
            "packed numbers end within a number",
        )),
    }
}
