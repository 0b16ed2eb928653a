//! The files that NumPy and gzip wrote (`spec/reference/data.py`) hold the table they were made of.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::{Path, PathBuf};

use secant_data::{Chunk, Error, Options, open};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../spec/data")
        .join(name)
}

/// The names and columns of a file, read in chunks of this size.
fn read(name: &str, chunk: usize) -> Result<(Vec<String>, Vec<Vec<f64>>), Error> {
    let mut source = open(
        &file(name),
        &Options {
            chunk,
            ..Options::default()
        },
    )?;
    let mut columns = vec![Vec::new(); source.names().len()];
    let mut chunk = Chunk::default();
    // A second reading gives the same.
    while source.next_chunk(&mut chunk)? {}
    source.rewind()?;
    while source.next_chunk(&mut chunk)? {
        for (all, more) in columns.iter_mut().zip(&chunk.columns) {
            all.extend(more);
        }
    }
    Ok((source.names().to_vec(), columns))
}

fn table() -> Vec<Vec<f64>> {
    let x: Vec<f64> = (-4..8).map(|i| f64::from(i) / 4.0).collect();
    let y = x.iter().map(|x| x * x - 1.0).collect();
    vec![x, y]
}

#[test]
fn arrays_of_every_kind_hold_the_same_table() {
    for chunk in [1, 5, 100] {
        for name in [
            "table.npy",
            "fortran.npy",
            "single.npy",
            "big.npy",
            "half.npy",
        ] {
            assert_eq!(
                read(name, chunk).unwrap(),
                (vec!["column1".to_owned(), "column2".to_owned()], table()),
                "{name}"
            );
        }
        for name in ["plain.npz", "packed.npz"] {
            assert_eq!(
                read(name, chunk).unwrap(),
                (vec!["x".to_owned(), "y".to_owned()], table()),
                "{name}"
            );
        }
    }
    let sixteenfold: Vec<Vec<f64>> = table()
        .iter()
        .map(|column| column.iter().map(|x| 16.0 * x).collect())
        .collect();
    assert_eq!(read("whole.npy", 5).unwrap().1, sixteenfold);
}

#[test]
fn records_keep_their_names() {
    let (names, columns) = read("records.npy", 5).unwrap();
    assert_eq!(names, ["x", "n", "y"]);
    assert_eq!([&columns[0], &columns[2]], [&table()[0], &table()[1]]);
    assert_eq!(columns[1], (0..12).map(f64::from).collect::<Vec<_>>());
}

#[test]
fn further_dimensions_lie_across() {
    let (names, columns) = read("cube.npy", 3).unwrap();
    assert_eq!(
        (names.len(), &columns[5]),
        (6, &vec![5.0, 11.0, 17.0, 23.0])
    );
}

#[test]
fn images_are_rows_and_labels_a_column() {
    for name in ["images.idx", "images-idx3-ubyte.gz"] {
        let (_, columns) = read(name, 2).unwrap();
        assert_eq!(columns[1], [241.0, 245.0, 249.0], "{name}");
    }
    assert_eq!(read("labels-idx1-ubyte", 2).unwrap().1, [[7.0, 2.0, 1.0]]);
}

#[test]
fn only_selected_columns_are_read() {
    let mut source = open(&file("packed.npz"), &Options::default()).unwrap();
    source.select(&[1]).unwrap();
    let mut chunk = Chunk::default();
    assert!(source.next_chunk(&mut chunk).unwrap());
    assert_eq!(chunk.columns, [table()[1].clone()]);
}

/// A file that goes with the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path =
            std::env::temp_dir().join(format!("secant-binary-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }

    /// What is told of it, or its columns.
    fn read(&self) -> Result<Vec<Vec<f64>>, String> {
        let name = self.0.display().to_string();
        let read = read(&name, 7).map_err(|error| error.to_string().replace(&name, "FILE"));
        read.map(|(_, columns)| columns)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// An array as NumPy writes it.
fn array(kind: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {kind}, 'fortran_order': {fortran}, 'shape': ({shape}), }}\n");
    let mut bytes = b"\x93NUMPY\x02\x00".to_vec();
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

#[test]
fn sides_that_cannot_be_counted_are_damage_even_where_there_are_no_rows() {
    let empty = array("'<f8'", "False", "0, 1099511627776, 1099511627776", &[]);
    let told = Temporary::new("wide.npy", empty).read().unwrap_err();
    assert_eq!(told, "FILE: the header of the array is damaged");
    let mut idx = vec![0, 0, 8, 4];
    for side in [0u32, u32::MAX, u32::MAX, u32::MAX] {
        idx.extend(side.to_be_bytes());
    }
    let told = Temporary::new("wide.idx", idx).read().unwrap_err();
    assert_eq!(told, "FILE: the file is no IDX file");
}

#[test]
fn the_columns_of_records_are_counted_before_any_is_made() {
    let fields: Vec<String> = (0..20_000).map(|i| format!("('c{i}', '<f8')")).collect();
    let kind = format!("[{}]", fields.join(", "));
    let wide = array(&kind, "False", "1, 1048576", &[]);
    let told = Temporary::new("fields.npy", wide).read().unwrap_err();
    assert_eq!(
        told,
        "FILE: a row of 20971520000 numbers is too long, 1048576 are read"
    );
}

#[test]
fn a_damaged_byte_in_a_zip_of_arrays_is_no_wrong_number() {
    let mut bytes = std::fs::read(file("plain.npz")).unwrap();
    let number = (-0.75f64).to_le_bytes();
    let place = bytes.windows(8).position(|part| part == number).unwrap();
    bytes[place + 3] ^= 1;
    let damaged = Temporary::new("sum.npz", bytes);
    let told = damaged.read().unwrap_err();
    assert!(told.contains("its check sum is wrong"), "{told}");
    let told = secant_data::arrays(&damaged.0).unwrap_err().to_string();
    assert!(told.contains("its check sum is wrong"), "{told}");
}

/// 3,000 columns in Fortran's order, more than files may be open.
#[test]
fn an_array_of_many_columns_in_the_order_of_fortran_is_read() {
    let (rows, across) = (9, 3000);
    let data: Vec<u8> = (0..rows * across)
        .flat_map(|number| f64::from(number).to_le_bytes())
        .collect();
    let shape = format!("{rows}, {across}");
    let whole = array("'<f8'", "True", &shape, &data);
    let column = |column: i32| -> Vec<f64> {
        (0..rows)
            .map(|row| f64::from(column * rows + row))
            .collect()
    };
    let columns: Vec<Vec<f64>> = (0..across).map(column).collect();
    assert!(Temporary::new("many.npy", &whole).read().unwrap() == columns);
    for (packing, what) in [
        (flate2::Compression::none(), "stored"),
        (flate2::Compression::fast(), "packed"),
    ] {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), packing);
        packed.write_all(&whole).unwrap();
        let file = Temporary::new(&format!("{what}.npy.gz"), packed.finish().unwrap());
        assert!(file.read().unwrap() == columns, "{what}");
    }
    let short = Temporary::new("short.npy", &whole[..whole.len() - 1]);
    assert!(
        short
            .read()
            .unwrap_err()
            .starts_with("FILE: the file ends before its data do")
    );
}

#[test]
fn damaged_files_are_told_and_none_panics() {
    let told = read("complex.npy", 5).unwrap_err().to_string();
    assert!(
        told.contains("elements of the kind '<c16' are not read"),
        "{told}"
    );
    for name in [
        "table.npy",
        "fortran.npy",
        "records.npy",
        "plain.npz",
        "packed.npz",
        "images.idx",
        "images-idx3-ubyte.gz",
    ] {
        let whole = std::fs::read(file(name)).unwrap();
        let damaged =
            std::env::temp_dir().join(format!("secant-cut-{}-{name}", std::process::id()));
        let read = || {
            let mut source = open(&damaged, &Options::default())?;
            while source.next_chunk(&mut Chunk::default())? {}
            Ok::<(), Error>(())
        };
        for cut in (0..whole.len()).rev().step_by(3) {
            std::fs::write(&damaged, &whole[..cut]).unwrap();
            assert!(read().is_err(), "{name} cut to {cut} bytes");
        }
        for place in (0..whole.len()).step_by(3) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0xff;
            std::fs::write(&damaged, &bytes).unwrap();
            // Any answer will do, as long as there is one.
            let _ = read();
        }
        std::fs::remove_file(&damaged).unwrap();
    }
}

#[test]
fn arrays_of_any_shape_come_with_their_names() {
    let path = file("../onnx/torch-nested-18.npz");
    let told: Vec<(String, Vec<usize>, usize)> = secant_data::arrays(&path)
        .unwrap()
        .into_iter()
        .map(|array| (array.name, array.shape, array.values.len()))
        .collect();
    let weight = |name: &str, rows: usize| (format!("{name}.weight"), vec![rows, 4], 4 * rows);
    let bias = |name: &str, rows: usize| (format!("{name}.bias"), vec![rows], rows);
    for name in ["a", "b", "c", "d"] {
        assert!(told.contains(&weight(name, 4)) && told.contains(&bias(name, 4)));
    }
    assert!(told.contains(&weight("out", 3)) && told.contains(&bias("out", 3)));
    assert_eq!(told.len(), 10);

    let refused = |name: &str| secant_data::arrays(&file(name)).unwrap_err().to_string();
    assert!(refused("decay.csv").contains("the file is no zip"));
}
