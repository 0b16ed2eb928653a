//! Tables that are written: rows as wide as the table, and drafts beside what was left behind.
#![allow(clippy::unwrap_used)]

use std::fs;

use secant_data::{CsvWriter, Entry};

#[test]
fn a_row_of_another_width_is_refused_and_drafts_that_were_left_are_stepped_over() {
    let process = std::process::id();
    let folder = std::env::temp_dir().join(format!("secant-write-{process}"));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("table.csv");
    let left = folder.join(format!(".table.csv.{process}.part"));
    fs::write(&left, "left").unwrap();
    let mut table = CsvWriter::create(&path, &["a", "b"]).unwrap();
    let told = table.row(&[Entry::Number(1.0)]).unwrap_err().to_string();
    assert_eq!(told, "a row of 1 cells for 2 columns");
    table.row(&[Entry::Number(1.0), Entry::Empty]).unwrap();
    table.finish().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a,b\n1,\n");
    assert_eq!(fs::read_to_string(&left).unwrap(), "left");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    fs::remove_dir_all(&folder).unwrap();
}
