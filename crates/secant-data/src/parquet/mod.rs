//! Apache Parquet files: columns of numbers, read a part of a row group at a time, and tables written a row group at a time.

mod column;
mod read;
mod write;

use std::panic::{AssertUnwindSafe, catch_unwind};

use ::parquet::errors::{ParquetError, Result};

pub(crate) use read::open_parquet;
pub(crate) use write::ParquetWriter;

/// The one door to the crate that knows the format. What it does not foresee in a damaged file it may answer with a panic (an index, a
/// division, a capacity): such a file is an error like any other.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ParquetError::General("the file is damaged".to_owned())))
}

/// What went wrong, without the name of the crate before it.
fn told(error: &ParquetError) -> String {
    match error {
        ParquetError::General(message)
        | ParquetError::NYI(message)
        | ParquetError::EOF(message) => message.clone(),
        other => other.to_string(),
    }
}
