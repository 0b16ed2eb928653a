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

/// What the standard library writes, by powers of ten below 1e-4 and from 1e16 on.
fn plainly(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) || !size.is_finite() {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

#[test]
fn numbers_have_the_fewest_digits_that_are_read_back() {
    let ends = [
        0.0,
        -0.0,
        1.0,
        0.1,
        5e-324,
        1.7e308,
        1e-5,
        9.9e-6,
        1.25e-5,
        9.99e-5,
        1e-4,
        1e15,
        1e16,
        -1e21,
        1e22,
        9007199254740993.0,
        0.3,
        1e23,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    // Any bits (Steele and Vigna 2021), and numbers near 1.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut drawn = || {
        state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        f64::from_bits(state)
    };
    let numbers: Vec<f64> = (0..20_000)
        .map(|_| drawn())
        .flat_map(|number| [number, number % 1e6, (number % 1.0) * 1e-3])
        .chain(ends)
        .collect();
    let path = std::env::temp_dir().join(format!("secant-digits-{}.csv", std::process::id()));
    let mut table = CsvWriter::create(&path, &["x"]).unwrap();
    for number in &numbers {
        table.row(&[Entry::Number(*number)]).unwrap();
    }
    table.finish().unwrap();
    let written = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for (line, number) in written.lines().skip(1).zip(numbers) {
        let read: f64 = line.parse().unwrap();
        assert!(
            read.to_bits() == number.to_bits() || read.is_nan() && number.is_nan(),
            "{line}"
        );
        assert_eq!(line.len(), plainly(number).len(), "{line}");
    }
}
