//! [`Held`]: the bytes of an array, read in any order. An array in the order of Fortran has its columns one behind another, and a table wants a
//! part of each at a time.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, ErrorKind};
use crate::stream::{self, Stream};

/// A packed array is held in memory up to so many bytes.
const MOST_HELD: u64 = 1 << 30;

/// The bytes of an array: those of a file where they stand in it as they are, and those that were unpacked from it.
pub(crate) struct Held {
    path: PathBuf,
    bytes: Bytes,
}

enum Bytes {
    /// From this place of the file.
    File(Mutex<File>, u64),
    Memory(Vec<u8>),
}

impl Held {
    /// So many bytes of a stream, from where it stands; those behind them are not read but for the check sum.
    pub(crate) fn of(mut stream: Stream, length: u64) -> Result<Self, Error> {
        let path = stream.path().to_owned();
        if let Some(start) = stream.place_in_file() {
            let (file, _) = stream::file(&path)?;
            stream.check_sum()?;
            return Ok(Self {
                path,
                bytes: Bytes::File(Mutex::new(file), start),
            });
        }
        if length > MOST_HELD {
            let message = format!(
                "a packed array in the order of Fortran is read up to {MOST_HELD} bytes, this one has {length}"
            );
            return Err(Error::new(ErrorKind::Unsupported, message)
                .hint("save it unpacked, or in the order of C: numpy.ascontiguousarray(array)"));
        }
        let bytes = stream.take(length)?;
        stream.check_sum()?;
        Ok(Self {
            path,
            bytes: Bytes::Memory(bytes),
        })
    }

    /// Fills the buffer with the bytes from this place of the array.
    pub(crate) fn read(&self, place: u64, buffer: &mut [u8]) -> Result<(), Error> {
        match &self.bytes {
            Bytes::File(file, start) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(start + place))
                    .and_then(|_| file.read_exact(buffer))
                    .map_err(|reason| unread(&self.path, &reason))
            }
            Bytes::Memory(bytes) => {
                let begin = usize::try_from(place).unwrap_or(usize::MAX);
                let held = bytes
                    .get(begin..)
                    .and_then(|bytes| bytes.get(..buffer.len()));
                buffer.copy_from_slice(held.ok_or_else(|| stream::too_short(&self.path))?);
                Ok(())
            }
        }
    }
}

fn unread(path: &Path, reason: &std::io::Error) -> Error {
    match reason.kind() {
        std::io::ErrorKind::UnexpectedEof => stream::too_short(path),
        _ => Error::file(path, "read", reason),
    }
}
