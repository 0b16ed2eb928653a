//! Parquet files of other programs (`spec/reference/data.py`) and of our own: what is read and refused, and that no damaged file is a panic.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use secant_data::{Chunk, Entry, Error, Kind, Missing, Options, Source, TableWriter, find, open};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../spec/data")
        .join(name)
}

fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("secant-parquet-{}-{name}", std::process::id()))
}

/// The selected columns of a source, read twice.
fn all(source: &mut dyn Source, count: usize) -> Result<Chunk, Error> {
    let (mut all, mut chunk) = (Chunk::default(), Chunk::default());
    while source.next_chunk(&mut chunk)? {}
    source.rewind()?;
    all.columns.resize_with(count, Vec::new);
    while source.next_chunk(&mut chunk)? {
        for (all, more) in all.columns.iter_mut().zip(&chunk.columns) {
            all.extend(more);
        }
        all.rows.extend(&chunk.rows);
    }
    Ok(all)
}

fn read(path: &Path, columns: &[&str], missing: Missing, chunk: usize) -> Result<Chunk, Error> {
    let options = Options {
        chunk,
        missing,
        ..Options::default()
    };
    let mut source = open(path, &options)?;
    let places: Result<Vec<usize>, Error> = columns
        .iter()
        .map(|name| find(source.as_ref(), name))
        .collect();
    source.select(&places?)?;
    all(source.as_mut(), columns.len())
}

fn table() -> [Vec<f64>; 2] {
    let x: Vec<f64> = (-4..8).map(|i| f64::from(i) / 4.0).collect();
    let y = x.iter().map(|x| x * x - 1.0).collect();
    [x, y]
}

#[test]
fn numbers_of_every_kind_are_read() {
    let [x, _] = table();
    let n: Vec<f64> = (0..12).map(f64::from).collect();
    let read = |name: &str, chunk: usize| {
        let found = read(&file("kinds.parquet"), &[name], Missing::Refuse, chunk).unwrap();
        assert_eq!(found.rows, (1..=12).collect::<Vec<u64>>());
        found.columns[0].clone()
    };
    for chunk in [1, 3, 100] {
        for name in ["f16", "f32", "f64", "d9", "d18", "d38"] {
            assert_eq!(read(name, chunk), x, "{name}");
        }
        for name in ["i8", "i16", "i32", "i64"] {
            let quarters: Vec<f64> = x.iter().map(|x| 4.0 * x).collect();
            assert_eq!(read(name, chunk), quarters, "{name}");
        }
        for name in ["u8", "u16", "u32", "u64"] {
            assert_eq!(read(name, chunk), n, "{name}");
        }
        // Above 2^63, and rounded to the nearest double.
        assert_eq!(read("top", chunk), [u64::MAX as f64; 12]);
        let thirds: Vec<f64> = (0..12).map(|n| f64::from(u8::from(n % 3 == 0))).collect();
        assert_eq!(read("yes", chunk), thirds);
        let halves: Vec<f64> = (0..12).map(|n| f64::from(n % 2) + 0.5).collect();
        assert_eq!(read("same", chunk), halves);
    }
}

#[test]
fn files_packed_in_every_way_hold_the_same_table() {
    let mut packings = vec!["none", "snappy", "gzip", "lz4", "pages", "fastparquet"];
    if cfg!(feature = "parquet-zstd") {
        packings.push("zstd");
    }
    for name in packings {
        for chunk in [1, 5, 100] {
            let path = file(&format!("{name}.parquet"));
            let found = read(&path, &["x", "y", "x"], Missing::Refuse, chunk).unwrap();
            let [x, y] = table();
            assert_eq!(found.columns, [x.clone(), y, x], "{name}");
        }
    }
    let found = read(&file("split.parquet"), &["n", "x"], Missing::Refuse, 5).unwrap();
    assert_eq!(found.columns[1], table()[0]);
    assert_eq!(found.columns[0][11], 11.0);
    let none = read(&file("none_at_all.parquet"), &["x"], Missing::Refuse, 5).unwrap();
    assert!(none.is_empty());
}

#[test]
fn what_is_missing_is_refused_left_out_or_kept() {
    let path = file("mixed.parquet");
    let refused = |columns: &[&str]| {
        read(&path, columns, Missing::Refuse, 100)
            .unwrap_err()
            .to_string()
    };
    let told = refused(&["y", "x"]);
    assert!(
        told.contains("mixed.parquet, row 6, column 1 (x): null is no value"),
        "{told}"
    );
    let told = refused(&["y"]);
    assert!(
        told.contains("mixed.parquet, row 9, column 2 (y): NaN is no value"),
        "{told}"
    );
    let left = read(&path, &["x", "y"], Missing::Skip, 4).unwrap();
    assert_eq!(left.rows, [1, 2, 3, 4, 5, 7, 8, 10, 11, 12]);
    let kept = read(&path, &["x", "y"], Missing::Keep, 4).unwrap();
    assert!(kept.columns[0][5].is_nan() && kept.columns[1][8].is_nan() && kept.len() == 12);
}

#[test]
fn columns_that_hold_no_numbers_are_refused_and_the_others_read() {
    let path = file("mixed.parquet");
    for (column, held) in [
        ("name", "text"),
        ("when", "dates or times"),
        ("day", "dates or times"),
        ("raw", "bytes"),
        ("list.list.element", "lists"),
    ] {
        let told = read(&path, &[column], Missing::Refuse, 5)
            .unwrap_err()
            .to_string();
        assert!(
            told.contains(&format!("({column}): the column holds {held}, no numbers")),
            "{told}"
        );
    }
    // Without a selection the first that cannot be read is told.
    let mut source = open(&path, &Options::default()).unwrap();
    let told = source.next_chunk(&mut Chunk::default()).unwrap_err();
    assert_eq!(told.kind().name(), "unsupported");
    // The parts of a structure are columns with its name before theirs.
    let parts = read(&path, &["point.b"], Missing::Refuse, 5).unwrap();
    assert_eq!(parts.columns[0][0], 1.0);
    let told = read(&file("brotli.parquet"), &["x"], Missing::Refuse, 5)
        .unwrap_err()
        .to_string();
    assert!(
        told.contains(
            "row group 1 cannot be read: it is packed by brotli; write the file with another"
        ),
        "{told}"
    );
}

#[test]
fn what_is_written_is_read_in_row_groups() {
    let path = temporary("written.parquet");
    let heads = [
        ("row", Kind::Whole),
        ("∂f/∂x", Kind::Number),
        ("point", Kind::Text),
    ];
    let rows = 150_000;
    let mut table = TableWriter::create(&path, &heads).unwrap();
    for row in 0..rows {
        let slope = if row == 7 {
            Entry::Empty
        } else {
            Entry::Number(f64::from(row) / 3.0)
        };
        table
            .row(&[Entry::Number(f64::from(row)), slope, Entry::Text("smooth")])
            .unwrap();
    }
    assert!(
        table
            .row(&[Entry::Text("1"), Entry::Empty, Entry::Empty])
            .is_err()
    );
    assert!(!path.exists(), "nothing stands there before the end");
    table.finish().unwrap();
    let found = read(&path, &["row", "∂f/∂x"], Missing::Skip, 65_536).unwrap();
    assert_eq!(found.len(), rows as usize - 1);
    for (row, slope) in found.columns[0].iter().zip(&found.columns[1]) {
        assert_eq!(*slope, row / 3.0);
    }
    assert_eq!(*found.rows.last().unwrap(), rows as u64);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn damaged_files_are_told_and_none_panics() {
    let damaged = temporary("damaged.parquet");
    let read = || {
        let mut source = open(&damaged, &Options::default())?;
        while source.next_chunk(&mut Chunk::default())? {}
        Ok::<(), Error>(())
    };
    for name in ["kinds", "pages", "gzip", "snappy", "fastparquet", "split"] {
        let whole = std::fs::read(file(&format!("{name}.parquet"))).unwrap();
        for cut in (0..whole.len()).rev().step_by(29) {
            std::fs::write(&damaged, &whole[..cut]).unwrap();
            assert!(read().is_err(), "{name} cut to {cut} bytes");
        }
        // The end of the file, which tells of all else, more closely than the numbers; with EVERY=1 each byte of all.
        let end = whole.len().saturating_sub(800);
        let is_tried = |place: &usize| {
            std::env::var_os("EVERY").is_some()
                || place.is_multiple_of(if *place < end { 41 } else { 5 })
        };
        for place in (0..whole.len()).filter(is_tried) {
            for flip in [0xff, 1 << (place % 8)] {
                let mut bytes = whole.clone();
                bytes[place] ^= flip;
                std::fs::write(&damaged, &bytes).unwrap();
                // Any answer will do, as long as there is one.
                let _ = read();
            }
        }
    }
    std::fs::remove_file(&damaged).unwrap();
}
