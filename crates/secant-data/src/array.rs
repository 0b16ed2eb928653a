//! [`Array`]: the numbers of one member of an `.npz` file with their shape, whatever its sides. Where a table has columns of one length, these are
//! arrays of any.

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::npy;
use crate::stream::Stream;
use crate::zip;

/// So many numbers are read at a time: what a damaged header announces takes no memory before it is there.
const PIECE: usize = 1 << 16;

/// An array with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// As `0.weight`.
    pub name: String,
    /// Its sides; none for a single number.
    pub shape: Vec<usize>,
    /// Its numbers; the last index runs fastest.
    pub values: Vec<f64>,
}

/// All arrays of an `.npz` file, in its order.
///
/// # Errors
/// Where the file cannot be read, is no zip of arrays, or one of them holds records or something else than real numbers.
pub fn arrays(path: &Path) -> Result<Vec<Array>, Error> {
    let mut arrays = Vec::new();
    for member in zip::members(path)? {
        let name = member.name.trim_end_matches(".npy").to_owned();
        let mut stream = Stream::member(path, &member)?;
        let (header, _) = npy::header(&mut stream)?;
        let Some(element) = header.plain() else {
            let message = format!("the array '{name}' holds records, not numbers");
            return Err(Error::new(ErrorKind::Unsupported, message).within(path));
        };
        let size = element.size();
        let mut left: usize = header.shape.iter().product();
        let (mut values, mut bytes) = (Vec::new(), Vec::new());
        while left > 0 {
            bytes.resize(left.min(PIECE) * size, 0);
            stream.fill_all(&mut bytes)?;
            values.extend(bytes.chunks_exact(size).map(|bytes| element.read(bytes)));
            left -= left.min(PIECE);
        }
        stream.check_sum()?;
        if header.is_fortran() {
            values = by_rows(&values, &header.shape);
        }
        arrays.push(Array {
            name,
            shape: header.shape,
            values,
        });
    }
    Ok(arrays)
}

/// Numbers whose first index runs fastest, in the order in which the last one does.
fn by_rows(values: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut ordered = Vec::with_capacity(values.len());
    let mut indices = vec![0; shape.len()];
    for _ in values {
        let place = indices
            .iter()
            .zip(shape)
            .rev()
            .fold(0, |place, (index, side)| place * side + index);
        ordered.push(values[place]);
        for (index, side) in indices.iter_mut().zip(shape).rev() {
            *index = (*index + 1) % side;
            if *index > 0 {
                break;
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_fortran_becomes_that_of_c() {
        // a[i, j, k] = 100 i + 10 j + k, i fastest.
        let values = [
            0.0, 100.0, 10.0, 110.0, 20.0, 120.0, 1.0, 101.0, 11.0, 111.0, 21.0, 121.0,
        ];
        assert_eq!(
            by_rows(&values, &[2, 3, 2]),
            [
                0.0, 1.0, 10.0, 11.0, 20.0, 21.0, 100.0, 101.0, 110.0, 111.0, 120.0, 121.0
            ]
        );
    }
}
