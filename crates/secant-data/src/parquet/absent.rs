//! What stands in the place of Parquet where this build has none: a refusal that says how to build one that has.

use std::io;
use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::source::{Options, Source};
use crate::write::{Entry, Kind};

/// What to do about it.
const BUILD: &str =
    "build one that does by `cargo install --path crates/secant-cli --features parquet`";

/// Refuses to read.
pub(crate) fn open_parquet(path: &Path, _: &Options) -> Result<Box<dyn Source>, Error> {
    crate::stream::file(path)?;
    let message = "this build reads no Parquet files";
    Err(Error::new(ErrorKind::Unsupported, message)
        .within(path)
        .hint(BUILD))
}

/// A writer that there is none of.
#[derive(Debug)]
pub(crate) enum ParquetWriter {}

impl ParquetWriter {
    /// Refuses to write.
    pub(crate) fn create(_: &Path, _: &[(&str, Kind)]) -> io::Result<Self> {
        let message = format!("this build writes no Parquet files; {BUILD}");
        Err(io::Error::new(io::ErrorKind::Unsupported, message))
    }

    pub(crate) fn row(&mut self, _: &[Entry<'_>]) -> io::Result<()> {
        match *self {}
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        match self {}
    }
}
