//! IDX files, as the images and labels of handwritten digits come in (LeCun, Cortes and Burges 1998): each row is one image with a column for
//! each pixel, or one label.

use std::path::Path;

use crate::element::{Element, Kind};
use crate::error::{Error, ErrorKind};
use crate::records::{self, Bytes, Field, Records, Track};
use crate::source::Options;
use crate::stream::Stream;

/// Opens the first dimension as rows and the others as columns.
pub(crate) fn open_idx(path: &Path, options: &Options) -> Result<Records, Error> {
    let (element, shape, length) = header(&mut Stream::open(path)?)?;
    let across: usize = shape[1..].iter().product();
    records::allowed(across).map_err(|error| error.within(path))?;
    let field = |column: usize| Field {
        track: 0,
        offset: column * element.size(),
        element,
    };
    let columns = (0..across)
        .map(|column| (format!("column{}", column + 1), field(column)))
        .collect();
    let stream = Stream::open(path)?.behind(length)?;
    let tracks = vec![Track {
        bytes: Bytes::Rows(stream),
        stride: across * element.size(),
    }];
    Records::new(path, tracks, columns, shape[0] as u64, options)
}

/// The kind of the numbers, the sizes, and the length of the header.
pub(crate) fn header(stream: &mut Stream) -> Result<(Element, Vec<usize>, u64), Error> {
    let path = stream.path().to_owned();
    let damaged = || Error::new(ErrorKind::Format, "the file is no IDX file").within(&path);
    let mut start = [0; 4];
    stream.fill_all(&mut start)?;
    let kind = match start {
        [0, 0, 8, _] => Kind::Unsigned(1),
        [0, 0, 9, _] => Kind::Signed(1),
        [0, 0, 11, _] => Kind::Signed(2),
        [0, 0, 12, _] => Kind::Signed(4),
        [0, 0, 13, _] => Kind::Float(4),
        [0, 0, 14, _] => Kind::Float(8),
        _ => return Err(damaged()),
    };
    let element = Element { kind, big: true };
    let mut shape = Vec::new();
    for _ in 0..start[3] {
        let mut size = [0; 4];
        stream.fill_all(&mut size)?;
        shape.push(u32::from_be_bytes(size) as usize);
    }
    if shape.is_empty() || !records::countable(element.size(), &shape) {
        return Err(damaged());
    }
    Ok((element, shape, 4 + 4 * u64::from(start[3])))
}
