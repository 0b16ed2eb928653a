//! Texts as tables: what is read beside what the crate `csv` reads, and what is told of bad ones.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use secant_data::{Chunk, Error, Header, Missing, Options, Source, find, open};

/// A file that goes with the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = std::env::temp_dir().join(format!("secant-data-{}-{name}", std::process::id()));
        fs::write(&path, bytes).unwrap();
        Self(path)
    }

    fn open(&self, options: &Options) -> Result<Box<dyn Source>, Error> {
        open(&self.0, options)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn all(source: &mut dyn Source) -> Result<Chunk, Error> {
    let (mut all, mut chunk) = (Chunk::default(), Chunk::default());
    source.rewind()?;
    all.columns.resize_with(source.names().len(), Vec::new);
    while source.next_chunk(&mut chunk)? {
        for (all, more) in all.columns.iter_mut().zip(&chunk.columns) {
            all.extend(more);
        }
        all.rows.extend(&chunk.rows);
    }
    Ok(all)
}

fn read(text: &str, options: &Options) -> Result<(Vec<String>, Chunk), Error> {
    let name = format!(
        "{:x}.csv",
        text.bytes()
            .fold(17u64, |hash, byte| hash.wrapping_mul(31) + u64::from(byte))
    );
    let file = Temporary::new(&name, text);
    let mut source = file.open(options)?;
    let all = all(source.as_mut())?;
    Ok((source.names().to_vec(), all))
}

fn refused(text: &str) -> String {
    let error = read(text, &Options::default()).unwrap_err();
    let told = error.to_string();
    let file = error.at().unwrap().file.display().to_string();
    format!(
        "{}: {}",
        error.kind().name(),
        told.trim_start_matches(&file)
    )
}

#[test]
fn headers_are_found_or_absent() {
    let (names, chunk) = read("x,y\n1,2\n3,4\n", &Options::default()).unwrap();
    assert_eq!(
        (names, chunk.columns),
        (
            vec!["x".to_owned(), "y".to_owned()],
            vec![vec![1.0, 3.0], vec![2.0, 4.0]]
        )
    );
    let (names, chunk) = read("1;2\n3;4\n", &Options::default()).unwrap();
    assert_eq!(
        (names.join(" "), chunk.columns[1].clone()),
        ("column1 column2".to_owned(), vec![2.0, 4.0])
    );
    let options = Options {
        header: Header::Present,
        ..Options::default()
    };
    assert_eq!(read("2020\n1\n", &options).unwrap().0, ["2020"]);
}

#[test]
fn a_first_row_of_whatever_reads_as_numbers_is_no_header() {
    let (names, chunk) = read("true,1.5\nfalse,2\n", &Options::default()).unwrap();
    assert_eq!(names, ["column1", "column2"]);
    assert_eq!(chunk.columns, [[1.0, 0.0], [1.5, 2.0]]);
    assert!(refused("1e999,1\n1,2\n").contains("beyond the range of doubles"));
    let (names, _) = read("true,y\n1,2\n", &Options::default()).unwrap();
    assert_eq!(names, ["true", "y"]);
}

#[test]
fn what_is_usual_beside_the_standard_is_read() {
    let text = "\u{feff}\"x, in m\"\t y \r\n\r\n 1 \t+2e0\r\n\".5\"\ttrue";
    let (names, chunk) = read(text, &Options::default()).unwrap();
    assert_eq!(names, ["x, in m", "y"]);
    assert_eq!(chunk.columns, [[1.0, 0.5], [2.0, 1.0]]);
}

#[test]
fn bad_cells_are_told_with_their_place() {
    assert_eq!(
        refused("x,y\n1,2\n3,four\n"),
        "cell: , line 3, column 2 (y): 'four' is no number; correct the cell; one without a value may be empty or NA"
    );
    assert_eq!(
        refused("x;y\n1;2,5\n"),
        "cell: , line 2, column 2 (y): '2,5' is no number; write the decimal point as '.'"
    );
    assert_eq!(
        refused("x,y\n\n\"a\nb\",1\n"),
        "cell: , line 3, column 1 (x): '\"a\nb\"' is no number; correct the cell; one without a value may be empty or NA"
            .replace("'\"a\nb\"'", "'a\nb'")
    );
    assert_eq!(
        refused("x,y\n1,1e309\n"),
        "overflow: , line 2, column 2 (y): '1e309' is beyond the range of doubles; the largest number is about 1.8e308"
    );
    assert!(
        refused("x\ninf\n")
            .starts_with("overflow: , line 2, column 1 (x): 'inf' is no finite number")
    );
    assert!(
        refused("x,y\n1,NaN\n")
            .starts_with("missing-value: , line 2, column 2 (y): 'NaN' is no value")
    );
    assert!(refused("x,y\n1,-nan\n").starts_with("missing-value"));
    assert!(
        refused("x,y\n1,\n").starts_with("missing-value: , line 2, column 2 (y): '' is no value")
    );
    assert!(
        refused("x,y\n1,2\n3\n")
            .starts_with("ragged: , line 3: the row has 1 cell, and there are 2 columns")
    );
    assert!(refused("x,y\n1,2,3\n").starts_with("ragged: , line 2: the row has 3 cells"));
    assert_eq!(
        refused("x,y\n1,\"2\n"),
        "format: , line 2, column 2 (y): a quotation mark is opened and not closed; within a cell in quotation marks, two of them stand for one"
    );
    assert_eq!(
        refused("x,y\n1,\"2\"3\n"),
        "format: , line 2, column 2 (y): text stands behind a closing quotation mark; within a cell in quotation marks, two of them stand for one"
    );
    assert_eq!(refused(""), "empty: : the file is empty");
    assert_eq!(refused("\n\n"), "empty: : the file is empty");
}

#[test]
fn the_first_fault_of_the_file_is_told_in_a_line_far_down() {
    let mut text = "x\n".to_owned();
    for row in 0..200_000 {
        text.push_str(if row == 130_000 || row == 190_000 {
            "oops\n"
        } else {
            "0.25\n"
        });
    }
    assert!(refused(&text).contains(", line 130002, column 1 (x): 'oops'"));
}

#[test]
fn the_largest_numbers_are_read() {
    let (_, chunk) = read(
        "x\n1e308\n-1.7976931348623157e308\n5e-324\n",
        &Options::default(),
    )
    .unwrap();
    assert_eq!(chunk.columns[0], [1e308, -f64::MAX, 5e-324]);
}

#[test]
fn rows_without_a_value_are_left_out_and_counted() {
    let file = Temporary::new("missing.csv", "x,y\n1,2\nNA,3\n4,\n5,6\n");
    let mut source = file
        .open(&Options {
            missing: Missing::Skip,
            ..Options::default()
        })
        .unwrap();
    let chunk = all(source.as_mut()).unwrap();
    assert_eq!(
        (chunk.columns, chunk.rows),
        (vec![vec![1.0, 5.0], vec![2.0, 6.0]], vec![1, 4])
    );
    assert_eq!(source.progress().skipped, 2);
    let mut kept = file
        .open(&Options {
            missing: Missing::Keep,
            ..Options::default()
        })
        .unwrap();
    assert!(all(kept.as_mut()).unwrap().columns[0][1].is_nan());
}

#[test]
fn a_missing_column_is_told_with_the_nearest() {
    let file = Temporary::new("names.csv", "time,Voltage,a,a\n1,2,3,4\n");
    let source = file.open(&Options::default()).unwrap();
    let refused = |name| find(source.as_ref(), name).unwrap_err();
    assert_eq!(refused("voltage").repair(), Some("did you mean 'Voltage'?"));
    assert_eq!(refused("tine").repair(), Some("did you mean 'time'?"));
    assert_eq!(
        refused("z").repair(),
        Some("its columns are time, Voltage, a, a")
    );
    assert!(refused("a").message().contains("two columns"));
    assert_eq!(find(source.as_ref(), "time").unwrap(), 0);
}

#[test]
fn text_in_columns_that_are_not_selected_is_not_looked_at() {
    let file = Temporary::new("select.csv", "name,x\nann,1\n\"b, c\",2\n");
    let mut source = file.open(&Options::default()).unwrap();
    source.select(&[1]).unwrap();
    let mut chunk = Chunk::default();
    assert!(source.next_chunk(&mut chunk).unwrap());
    assert_eq!(chunk.columns, [[1.0, 2.0]]);
    assert!(!source.next_chunk(&mut chunk).unwrap() && chunk.is_empty());
    source.select(&[1, 1]).unwrap();
    assert!(source.next_chunk(&mut chunk).unwrap());
    assert_eq!(chunk.columns, [[1.0, 2.0], [1.0, 2.0]]);
}

/// What is within the marks may be the rows that follow.
#[test]
fn quotation_marks_are_looked_at_in_columns_that_are_not_read_too() {
    for (text, told) in [
        (
            "x,n\n1,a\n2,\"b\n3,c\n",
            "line 3, column 2 (n): a quotation mark is opened and not closed",
        ),
        (
            "x,n\n1,a\n2,\"b\n3,\"c\"\n",
            "line 3, column 2 (n): text stands behind a closing quotation mark",
        ),
        (
            "x,\"n\n1,a\n2,b\n",
            "line 1: a quotation mark is opened and not closed",
        ),
    ] {
        let file = Temporary::new("marks.csv", text);
        let read = file.open(&Options::default()).and_then(|mut source| {
            source.select(&[0])?;
            all(source.as_mut())
        });
        let error = read.err().unwrap().to_string();
        assert!(error.contains(told), "{error}");
    }
}

/// Where names are given, a first row of data that holds a word would be lost without a word.
#[test]
fn a_first_row_of_words_and_numbers_is_doubtful_where_names_are_given() {
    let options = |header| Options {
        header,
        names: Some(vec!["s".to_owned(), "x".to_owned()]),
        ..Options::default()
    };
    let open = |text: &str, header| {
        Temporary::new("words.csv", text)
            .open(&options(header))
            .map(|_| ())
    };
    let told = open("setosa,1\nsetosa,2\n", Header::Auto).unwrap_err();
    assert!(
        told.to_string()
            .contains("line 1: the first row holds words and numbers"),
        "{told}"
    );
    for (text, header) in [
        ("setosa,1\nsetosa,2\n", Header::Absent),
        ("setosa,1\nsetosa,2\n", Header::Present),
        ("kind,size\nsetosa,2\n", Header::Auto),
        ("1,2\n3,4\n", Header::Auto),
    ] {
        let opened = open(text, header);
        assert!(opened.is_ok(), "{text}: {opened:?}");
    }
}

#[test]
fn packed_text_is_read() {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"x\n1\n2\n").unwrap();
    let file = Temporary::new("packed.csv.gz", packed.finish().unwrap());
    let mut source = file.open(&Options::default()).unwrap();
    assert_eq!(all(source.as_mut()).unwrap().columns, [[1.0, 2.0]]);
}

/// Cells that are quoted where they must be, and now and then where they need not.
fn cell() -> impl Strategy<Value = (String, f64)> {
    (
        any::<f64>().prop_filter("finite", |x| x.is_finite()),
        0..4u8,
    )
        .prop_map(|(x, form)| match form {
            0 => (format!("\"{x}\""), x),
            1 => (format!("{x:e}"), x),
            2 => (format!(" {x:?} "), x),
            _ => (format!("{x}"), x),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn numbers_come_back_to_the_bit_in_chunks_of_any_size(
        rows in prop::collection::vec((cell(), cell()), 1..60), chunk in 1usize..20, crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = format!("x,\"y \"\"z\"\"\"{end}");
        for ((x, _), (y, _)) in &rows {
            text.push_str(&format!("{x},{y}{end}"));
        }
        let (names, read) = read(&text, &Options { chunk, ..Options::default() }).unwrap();
        prop_assert_eq!(names[1].as_str(), "y \"z\"");
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        let x: Vec<f64> = rows.iter().map(|row| row.0.1).collect();
        let y: Vec<f64> = rows.iter().map(|row| row.1.1).collect();
        prop_assert_eq!(bits(&read.columns[0]), bits(&x));
        prop_assert_eq!(bits(&read.columns[1]), bits(&y));
    }

    #[test]
    fn rows_and_cells_are_those_of_the_crate_csv(text in "[0-9,\"\n ]{0,40}") {
        let text = format!("a,b\n{text}");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
        let whole = theirs.iter().all(|record| record.len() == 2);
        let number = |cell: &[u8]| std::str::from_utf8(cell).unwrap().trim().parse::<f64>().ok();
        let ours = read(&text, &Options { missing: Missing::Keep, ..Options::default() });
        match ours {
            Ok((_, chunk)) => {
                prop_assert!(whole, "{text:?} was taken");
                prop_assert_eq!(chunk.len(), theirs.len() - 1);
                for (row, record) in theirs[1..].iter().enumerate() {
                    for column in 0..2 {
                        let value = chunk.columns[column][row];
                        prop_assert_eq!(number(&record[column]), (!value.is_nan()).then_some(value));
                    }
                }
            }
            Err(error) if error.kind().name() == "ragged" => prop_assert!(!whole, "{text:?}: {error}"),
            Err(error) if error.kind().name() == "format" => {
                // The crate joins what stands behind a closing mark to the cell.
                let is_behind = error.message().starts_with("text stands behind");
                prop_assert!(is_behind || text.matches('"').count() % 2 == 1, "{text:?}: {error}");
            }
            Err(error) => {
                let bad = theirs.iter().skip(1).flat_map(csv::ByteRecord::iter)
                    .any(|cell| number(cell).is_none() && !cell.trim_ascii().is_empty());
                prop_assert!(bad || !whole, "{text:?}: {error}");
            }
        }
    }
}
