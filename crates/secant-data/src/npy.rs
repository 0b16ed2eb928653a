//! Arrays as NumPy writes them: `.npy` (versions 1 to 3 of the format) and `.npz`, a zip of such. A plain array of two dimensions is a table,
//! one of one dimension a column, one of records a table with names; each array of an `.npz` stands beside the others.

use std::path::Path;
use std::sync::Arc;

use crate::element::{Element, Kind};
use crate::error::{Error, ErrorKind};
use crate::held::Held;
use crate::records::{self, Bytes, Field, Records, Track};
use crate::source::Options;
use crate::stream::Stream;
use crate::zip;

/// A longer header is a fault.
const LONGEST_HEADER: usize = 1 << 20;

/// What the header of an array says.
#[derive(Debug, PartialEq)]
pub(crate) struct Header {
    /// The numbers of a record with their names and offsets; one without a name for a plain array.
    fields: Vec<(String, usize, Element)>,
    /// Bytes of a record.
    size: usize,
    pub(crate) shape: Vec<usize>,
    fortran: bool,
}

/// Opens an array as a table.
pub(crate) fn open_npy(path: &Path, options: &Options) -> Result<Records, Error> {
    let mut stream = Stream::open(path)?;
    let (header, length) = header(&mut stream)?;
    let (mut tracks, mut columns) = (Vec::new(), Vec::new());
    let rows = lay(
        &header,
        "column",
        Stream::open(path)?.behind(length)?,
        &mut tracks,
        &mut columns,
    )
    .map_err(|error| error.within(path))?;
    Records::new(path, tracks, columns, rows, options)
}

/// Opens the arrays of a zip as columns beside each other.
pub(crate) fn open_npz(path: &Path, options: &Options) -> Result<Records, Error> {
    let (mut tracks, mut columns) = (Vec::new(), Vec::new());
    let mut rows: Option<(u64, String)> = None;
    for member in zip::members(path)? {
        let name = member.name.trim_end_matches(".npy").to_owned();
        let open = || Stream::member(path, &member);
        let (header, before) = header(&mut open()?).map_err(|error| error.in_array(&name))?;
        let stream = open()?.behind(before)?;
        let own = lay(&header, &name, stream, &mut tracks, &mut columns)
            .map_err(|error| error.in_array(&name).within(path))?;
        match &rows {
            Some((rows, first)) if *rows != own => {
                return Err(Error::new(
                    ErrorKind::Ragged,
                    format!("the array '{name}' has {own} rows, and '{first}' has {rows}"),
                )
                .within(path));
            }
            Some(_) => {}
            None => rows = Some((own, name)),
        }
    }
    let rows =
        rows.ok_or_else(|| Error::new(ErrorKind::Empty, "the zip holds no array").within(path))?;
    Records::new(path, tracks, columns, rows.0, options)
}

/// Lays the columns of an array out over tracks, and gives its rows.
fn lay(
    header: &Header,
    name: &str,
    stream: Stream,
    tracks: &mut Vec<Track>,
    columns: &mut Vec<(String, Field)>,
) -> Result<u64, Error> {
    let (rows, across) = match header.shape.as_slice() {
        [rows] => (*rows, 1),
        [rows, rest @ ..] => (*rows, rest.iter().product()),
        [] => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "an array of no dimension is no table",
            ));
        }
    };
    records::allowed(across.saturating_mul(header.fields.len()))?;
    let by_columns = header.fortran && header.shape.len() > 1;
    if by_columns && header.shape.len() > 2 {
        let message = "arrays of three dimensions or more are read in the order of C only";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let first = tracks.len();
    if by_columns {
        let length = rows * header.size;
        let held = Arc::new(Held::of(stream, (across * length) as u64)?);
        tracks.extend((0..across).map(|column| Track {
            bytes: Bytes::Column(Arc::clone(&held), (column * length) as u64),
            stride: header.size,
        }));
    } else {
        tracks.push(Track {
            bytes: Bytes::Rows(stream),
            stride: across * header.size,
        });
    }
    for column in 0..across {
        let track = if by_columns { first + column } else { first };
        let before = if by_columns { 0 } else { column * header.size };
        for (field, offset, element) in &header.fields {
            let own = if across == 1 && name != "column" {
                name.to_owned()
            } else {
                format!("{name}{}", column + 1)
            };
            let field = if field.is_empty() { own } else { field.clone() };
            columns.push((
                field,
                Field {
                    track,
                    offset: before + offset,
                    element: *element,
                },
            ));
        }
    }
    Ok(rows as u64)
}

/// The header that a stream begins with, and its length.
pub(crate) fn header(stream: &mut Stream) -> Result<(Header, u64), Error> {
    let path = stream.path().to_owned();
    let refuse = |message: &str| Error::new(ErrorKind::Format, message).within(&path);
    let mut start = [0; 8];
    stream.fill_all(&mut start)?;
    if !start.starts_with(b"\x93NUMPY") {
        return Err(refuse("the file is no NumPy array"));
    }
    let mut length = [0; 4];
    let bytes = if start[6] == 1 { 2 } else { 4 };
    stream.fill_all(&mut length[..bytes])?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST_HEADER {
        return Err(refuse("the header of the array is damaged"));
    }
    let mut text = vec![0; length];
    stream.fill_all(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let header = Header::read(&text).map_err(|error| error.within(&path))?;
    Ok((header, (8 + bytes + length) as u64))
}

impl Header {
    /// The numbers of a plain array; none where it holds records.
    pub(crate) fn plain(&self) -> Option<Element> {
        match self.fields.as_slice() {
            [(name, _, element)] if name.is_empty() => Some(*element),
            _ => None,
        }
    }

    /// Whether its first index runs fastest.
    pub(crate) fn is_fortran(&self) -> bool {
        self.fortran
    }

    /// Reads a dictionary such as `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
    fn read(text: &str) -> Result<Self, Error> {
        let damaged = || Error::new(ErrorKind::Format, "the header of the array is damaged");
        let after = |key: &str| {
            let (_, rest) = text.split_once(&format!("'{key}':"))?;
            Some(rest.trim_start())
        };
        let shape = after("shape")
            .and_then(|rest| rest.strip_prefix('(')?.split_once(')'))
            .ok_or_else(damaged)?;
        let sizes = shape
            .0
            .split(',')
            .map(str::trim)
            .filter(|size| !size.is_empty());
        let shape: Result<Vec<usize>, _> = sizes
            .map(|size| size.trim_end_matches('L').parse())
            .collect();
        let descr = after("descr").ok_or_else(damaged)?;
        let (fields, size) = match descr.strip_prefix('[') {
            Some(list) => record(list).ok_or_else(damaged)??,
            None => {
                let element = element(quoted(descr).ok_or_else(damaged)?.0)?;
                (vec![(String::new(), 0, element)], element.size())
            }
        };
        let fortran = after("fortran_order")
            .ok_or_else(damaged)?
            .starts_with("True");
        let shape = shape.map_err(|_| damaged())?;
        if !records::countable(size, &shape) {
            return Err(damaged());
        }
        Ok(Self {
            fields,
            size,
            shape,
            fortran,
        })
    }
}

/// The text in quotation marks that comes next, and the rest.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.trim_start_matches([' ', '(', ','])
        .strip_prefix('\'')?
        .split_once('\'')
}

type Fields = (Vec<(String, usize, Element)>, usize);

/// The fields of a record: `('x', '<f8'), ('y', '<i4')]`.
fn record(list: &str) -> Option<Result<Fields, Error>> {
    let (mut fields, mut offset, mut rest) = (Vec::new(), 0, list);
    while rest.trim_start_matches([' ', ',']).starts_with('(') {
        let (name, after) = quoted(rest)?;
        let Some((kind, after)) = quoted(after) else {
            let message = format!("the records of the field '{name}' are not read");
            return Some(Err(Error::new(ErrorKind::Unsupported, message)));
        };
        let element = match element(kind) {
            Ok(element) => element,
            Err(error) => return Some(Err(error)),
        };
        fields.push((name.to_owned(), offset, element));
        offset += element.size();
        rest = after.trim_start().strip_prefix(')')?;
    }
    (!fields.is_empty()).then_some(Ok((fields, offset)))
}

/// The kind of number that a code such as `<f8` names.
fn element(code: &str) -> Result<Element, Error> {
    let kind = match code.get(1..) {
        Some("b1" | "u1") => Kind::Unsigned(1),
        Some("u2") => Kind::Unsigned(2),
        Some("u4") => Kind::Unsigned(4),
        Some("u8") => Kind::Unsigned(8),
        Some("i1") => Kind::Signed(1),
        Some("i2") => Kind::Signed(2),
        Some("i4") => Kind::Signed(4),
        Some("i8") => Kind::Signed(8),
        Some("f2") => Kind::Float(2),
        Some("f4") => Kind::Float(4),
        Some("f8") => Kind::Float(8),
        _ => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("elements of the kind '{code}' are not read"),
            )
            .hint("save real numbers, such as array.astype(float)"));
        }
    };
    Ok(Element {
        kind,
        big: code.starts_with('>'),
    })
}
