//! [`Stream`]: a file or a part of one, read from its beginning as often as it is wanted; what is packed is unpacked on the way.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};

use crate::error::{Error, ErrorKind};
use crate::zip::Member;

/// How the bytes of a part are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// As they are.
    None,
    /// As a `.gz` file (RFC 1952).
    Gzip,
    /// As a member of a `.zip` file (RFC 1951).
    Deflate,
}

/// The part of a file that a stream reads.
#[derive(Clone, Debug)]
struct Part {
    path: PathBuf,
    start: u64,
    length: Option<u64>,
    packing: Packing,
    /// Bytes left out once unpacked.
    skip: u64,
    /// The check sum of what is unpacked; one of a `.gz` file stands in the file.
    sum: Option<u32>,
}

/// A file under way.
pub(crate) struct Stream {
    part: Part,
    total: u64,
    read: Arc<AtomicU64>,
    reader: Box<dyn Read + Send>,
}

/// Counts the bytes that leave the disk, beneath any unpacking.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Holds the check sum of what passes against the one that is told of it, at the end.
struct Summed<R> {
    inner: R,
    sum: Crc,
    told: u32,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.sum.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() && self.sum.sum() != self.told {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "its check sum is wrong, so it is damaged",
            ));
        }
        Ok(count)
    }
}

/// A plain file and its length. A pipe gives its bytes once, and a table is read several times.
pub(crate) fn file(path: &Path) -> Result<(File, u64), Error> {
    let failed = |reason: io::Error| Error::file(path, "read", &reason);
    // To open a pipe would wait for somebody to write into it.
    let about = fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        let reason = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
        return Err(failed(reason));
    }
    if !about.is_file() {
        let reason = io::Error::new(io::ErrorKind::InvalidInput, "it is no plain file");
        return Err(failed(reason).hint("a table is read several times: write it to a file first"));
    }
    Ok((File::open(path).map_err(failed)?, about.len()))
}

impl Stream {
    /// A whole file, unpacked where its name ends in `.gz`.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let is_packed = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        let packing = if is_packed {
            Packing::Gzip
        } else {
            Packing::None
        };
        Self::of(Part {
            path: path.to_owned(),
            start: 0,
            length: None,
            packing,
            skip: 0,
            sum: None,
        })
    }

    /// One file within a zip.
    pub(crate) fn member(path: &Path, member: &Member) -> Result<Self, Error> {
        Self::of(Part {
            path: path.to_owned(),
            start: member.start,
            length: Some(member.length),
            packing: member.packing,
            skip: 0,
            sum: Some(member.sum),
        })
    }

    /// The same, with so many bytes more left out at the beginning.
    pub(crate) fn behind(mut self, skip: u64) -> Result<Self, Error> {
        self.part.skip += skip;
        self.rewind()?;
        Ok(self)
    }

    fn of(part: Part) -> Result<Self, Error> {
        let failed = |reason: io::Error| Error::file(&part.path, "read", &reason);
        let (mut file, length) = file(&part.path)?;
        if part.start > 0 {
            file.seek(SeekFrom::Start(part.start)).map_err(failed)?;
        }
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            file,
            read: Arc::clone(&read),
        }
        .take(part.length.unwrap_or(u64::MAX));
        let mut reader: Box<dyn Read + Send> = match part.packing {
            Packing::None => Box::new(counted),
            Packing::Gzip => Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(
                1 << 16,
                counted,
            ))),
            Packing::Deflate => Box::new(DeflateDecoder::new(counted)),
        };
        if let Some(told) = part.sum {
            let sum = Crc::new();
            reader = Box::new(Summed {
                inner: reader,
                sum,
                told,
            });
        }
        io::copy(&mut reader.by_ref().take(part.skip), &mut io::sink()).map_err(failed)?;
        let total = part.length.unwrap_or(length);
        Ok(Self {
            part,
            total,
            read,
            reader,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.part.path
    }

    /// Bytes of the file, and those read of it.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        (self.total, self.read.load(Ordering::Relaxed))
    }

    pub(crate) fn rewind(&mut self) -> Result<(), Error> {
        *self = Self::of(self.part.clone())?;
        Ok(())
    }

    /// Fills as much of the buffer as there still is.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(reason) if reason.kind() == io::ErrorKind::Interrupted => {}
                Err(reason) => return Err(Error::file(self.path(), "read", &reason)),
            }
        }
        Ok(filled)
    }

    /// Fills the whole buffer.
    pub(crate) fn fill_all(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        let filled = self.fill(buffer)?;
        if filled == buffer.len() {
            return Ok(());
        }
        Err(too_short(self.path()))
    }

    /// The next bytes, so many; what a damaged header announces takes no memory before it is there.
    pub(crate) fn take(&mut self, length: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let read = self.reader.by_ref().take(length).read_to_end(&mut bytes);
        read.map_err(|reason| Error::file(self.path(), "read", &reason))?;
        if bytes.len() as u64 == length {
            Ok(bytes)
        } else {
            Err(too_short(self.path()))
        }
    }

    /// Where in the file the first byte stands, where they stand there as they are.
    pub(crate) fn place_in_file(&self) -> Option<u64> {
        let is_plain = self.part.packing == Packing::None;
        is_plain.then_some(self.part.start + self.part.skip)
    }

    /// Once nothing more is wanted: whether the check sum is right, where there is one.
    pub(crate) fn check_sum(&mut self) -> Result<(), Error> {
        if self.part.packing == Packing::Gzip || self.part.sum.is_some() {
            io::copy(&mut self.reader, &mut io::sink())
                .map_err(|reason| Error::file(self.path(), "read", &reason))?;
        }
        Ok(())
    }
}

/// That the file ends too early.
pub(crate) fn too_short(path: &Path) -> Error {
    Error::new(ErrorKind::Format, "the file ends before its data do")
        .within(path)
        .hint("was it copied whole?")
}
