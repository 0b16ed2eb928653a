//! Tables of numbers from files, a [`Chunk`] of rows at a time, so that memory is bounded by the chunk and not by the file. A [`Source`] is read
//! as often as it takes: CSV with `,`, `;` or tabs, NumPy's NPY and NPZ, and IDX; CSV and IDX also in `.gz`; Parquet with the feature `parquet`. A column of names is read as
//! [`Classes`]. What cannot be read is told with file, line, column and what stood there. The crate knows no formula and no derivative.
//!
//! ```
//! use secant_data::{Chunk, Options, find, open};
//! # let path = std::env::temp_dir().join(format!("secant-data-tour-{}.csv", std::process::id()));
//! std::fs::write(&path, "t,y\n0,2.5\n1,1.25\n")?;
//! let mut table = open(&path, &Options::default())?;
//! let y = find(table.as_ref(), "y")?;
//! table.select(&[y])?;
//! let (mut chunk, mut sum) = (Chunk::default(), 0.0);
//! while table.next_chunk(&mut chunk)? {
//!     sum += chunk.columns[0].iter().sum::<f64>();
//! }
//! assert_eq!(sum, 3.75);
//! # std::fs::remove_file(&path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod array;
mod cell;
mod classes;
mod columns;
mod csv;
mod digits;
mod element;
mod error;
mod held;
mod idx;
mod npy;
#[cfg_attr(not(feature = "parquet"), path = "parquet/absent.rs")]
mod parquet;
mod records;
mod source;
mod stream;
mod write;
mod zip;

use std::path::Path;

pub use array::{Array, arrays};
pub use classes::{Classes, Names};
pub use columns::{Columns, kept};
pub use csv::Csv;
pub use error::{Error, ErrorKind, Place};
pub use source::{Chunk, Header, Missing, Options, Progress, Source, find, nearest};
pub use write::{CsvWriter, Draft, Entry, Kind, TableWriter};

/// Opens a table; the ending of its name tells the format: `.npy`, `.npz`, `.parquet`, `.idx` or `-ubyte` (IDX), all else is CSV.
///
/// # Errors
/// Where the file cannot be opened, or is not of the format that its name says.
pub fn open(path: &Path, options: &Options) -> Result<Box<dyn Source>, Error> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let plain = name.trim_end_matches(".gz");
    let is = |ending: &str| plain.ends_with(ending);
    if is_parquet(path) {
        return parquet::open_parquet(path, options);
    }
    Ok(if is(".npy") {
        Box::new(npy::open_npy(path, options)?)
    } else if is(".npz") {
        Box::new(npy::open_npz(path, options)?)
    } else if is(".idx") || is("-ubyte") {
        Box::new(idx::open_idx(path, options)?)
    } else {
        Box::new(Csv::open(path, options)?)
    })
}

/// Whether the name of a file says that it is a Parquet file.
fn is_parquet(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
}
