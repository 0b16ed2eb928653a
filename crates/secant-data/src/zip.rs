//! The directory of a zip file, with 64-bit sizes (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 to 4.3.16, 4.5.3): where each member stands and how it is packed.
//! Unpacking is the stream's work.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::stream::Packing;

/// The end of the directory stands within so many bytes of the end of the file: its own 22 and a comment.
const FARTHEST_END: u64 = 22 + 65_535;
/// A longer directory is a fault.
const LONGEST_DIRECTORY: u64 = 64 << 20;

/// One file within a zip.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) start: u64,
    pub(crate) length: u64,
    pub(crate) packing: Packing,
    /// The CRC-32 of what is packed.
    pub(crate) sum: u32,
}

/// All members of a zip.
pub(crate) fn members(path: &Path) -> Result<Vec<Member>, Error> {
    let failed = |reason: io::Error| Error::file(path, "read", &reason);
    let damaged = |message: &str| Error::new(ErrorKind::Format, message).within(path);
    let mut file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let from = length.saturating_sub(FARTHEST_END);
    let tail = bytes(&mut file, from, length - from).map_err(failed)?;
    let end = tail
        .windows(4)
        .rposition(|mark| mark == b"PK\x05\x06")
        .ok_or_else(|| damaged("the file is no zip"))?;
    if (end + 22) as u64 + number(&tail, end + 20, 2) != tail.len() as u64 {
        return Err(damaged("the zip ends before its directory does"));
    }
    let (mut size, mut start) = (number(&tail, end + 12, 4), number(&tail, end + 16, 4));
    if (size == FULL || start == FULL) && end >= 20 {
        // The 20 bytes before are where a larger end of the directory is told.
        let record = number(&tail, end - 12, 8);
        let large = bytes(&mut file, record, 56).map_err(failed)?;
        (size, start) = (number(&large, 40, 8), number(&large, 48, 8));
    }
    if size > LONGEST_DIRECTORY || start.checked_add(size).is_none_or(|end| end > length) {
        return Err(damaged("the directory of the zip is damaged"));
    }
    let directory = bytes(&mut file, start, size).map_err(failed)?;
    let mut members = Vec::new();
    let mut place = 0;
    while directory.get(place..place + 4) == Some(b"PK\x01\x02") {
        let [name, extra, comment] =
            [28, 30, 32].map(|offset| number(&directory, place + offset, 2) as usize);
        let Some(text) = directory.get(place + 46..place + 46 + name) else {
            break;
        };
        let name_text = String::from_utf8_lossy(text).into_owned();
        let extras = directory
            .get(place + 46 + name..place + 46 + name + extra)
            .unwrap_or_default();
        let unpacked = number(&directory, place + 24, 4);
        let mut large = large_sizes(extras);
        let mut larger = |small: u64| {
            if small == FULL {
                large.next().unwrap_or(small)
            } else {
                small
            }
        };
        larger(unpacked);
        let packed = larger(number(&directory, place + 20, 4));
        let header = larger(number(&directory, place + 42, 4));
        let packing = match number(&directory, place + 10, 2) {
            0 => Packing::None,
            8 => Packing::Deflate,
            other => {
                return Err(damaged(&format!(
                    "'{name_text}' is packed by method {other}, which is not read"
                )));
            }
        };
        // Names and extra fields stand once more before the data, and need not be the same there.
        let own = bytes(&mut file, header, 30).map_err(failed)?;
        if !own.starts_with(b"PK\x03\x04") {
            return Err(damaged("the directory of the zip is damaged"));
        }
        let before = number(&own, 26, 2) + number(&own, 28, 2);
        members.push(Member {
            name: name_text,
            start: header + 30 + before,
            length: packed,
            packing,
            sum: number(&directory, place + 16, 4) as u32,
        });
        place += 46 + name + extra + comment;
    }
    Ok(members)
}

/// What stands in a field of 32 bits where the number needs 64.
const FULL: u64 = 0xffff_ffff;

/// The numbers of 64 bits among the extra fields, in their order.
fn large_sizes(extras: &[u8]) -> impl Iterator<Item = u64> {
    let mut rest = extras;
    let mut large: &[u8] = &[];
    while rest.len() >= 4 {
        let (tag, size) = (number(rest, 0, 2), number(rest, 2, 2) as usize);
        let end = rest.len().min(4 + size);
        if tag == 1 {
            large = &rest[4..end];
        }
        rest = &rest[end..];
    }
    large.chunks_exact(8).map(|bytes| number(bytes, 0, 8))
}

fn bytes(file: &mut File, start: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A number of so many bytes, the least significant first; 0 beyond the end.
fn number(bytes: &[u8], place: usize, size: usize) -> u64 {
    let bytes = bytes.get(place..place + size).unwrap_or_default();
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}
