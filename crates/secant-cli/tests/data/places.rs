//! Where tables come from and go to: devices, names of columns, endings of files.

use std::fs;

use crate::{Folder, secant, text};

/// Devices: nothing is put in their place, a full one is told, and what can be read but once is no table.
#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = Folder::new("devices");
    folder.file("points.csv", "x,y\n1,2\n2,3\n");
    for (device, status) in [("/dev/full", 2), ("/dev/null", 0)] {
        let told = secant(
            &folder,
            &["slope", "x^2", "--data", "points.csv", "--output", device],
        );
        assert_eq!(told.status.code(), Some(status), "{}", text(&told.stderr));
        assert!(fs::metadata(device).unwrap().file_type().is_char_device());
    }
    let full = secant(
        &folder,
        &[
            "fit",
            "y = a*x",
            "points.csv",
            "--start",
            "a=1",
            "--rows",
            "/dev/full",
        ],
    );
    assert_eq!(full.status.code(), Some(2));
    assert!(
        text(&full.stderr).contains("'/dev/full' cannot be written: No space left on device"),
        "{}",
        text(&full.stderr)
    );
    let table = secant(
        &folder,
        &["slope", "x^2", "--data", "/dev/null", "--output", "out.csv"],
    );
    assert_eq!(table.status.code(), Some(2));
    assert!(text(&table.stderr).contains("'/dev/null' cannot be read: it is no plain file"));
    assert_eq!(folder.names(), ["points.csv"]);
}

#[test]
fn a_column_is_found_by_either_spelling_and_never_taken_for_a_constant() {
    let folder = Folder::new("names");
    folder.file("greek.csv", "α,y\n1,5\n2,7\n3,9\n4,11.5\n");
    folder.file("number.csv", "x,e,y\n1,2,5\n2,1,4\n3,5,13\n4,2,6\n");
    for formula in ["y = a*α + b", "y = a*alpha + b"] {
        let fitted = secant(
            &folder,
            &["fit", formula, "greek.csv", "--start", "a=1,b=1"],
        );
        assert_eq!(fitted.status.code(), Some(0), "{}", text(&fitted.stderr));
    }
    let line = ["slope", "α^2", "--data", "greek.csv", "-o", "slopes.csv"];
    assert_eq!(secant(&folder, &line).status.code(), Some(0));
    for line in [
        ["fit", "y = a*x + b*e", "number.csv", "--start", "a=1,b=1"].as_slice(),
        &["slope", "x*e", "--data", "number.csv", "-o", "out.csv"],
    ] {
        let refused = secant(&folder, line);
        assert_eq!(refused.status.code(), Some(2));
        assert!(
            text(&refused.stderr)
                .contains("the formula reads the number e, and a column is called so too")
        );
        assert!(!folder.0.join("out.csv").exists());
    }
    // What does not read the number is none the worse for the column.
    let fitted = secant(
        &folder,
        &["fit", "y = a*exp(x)", "number.csv", "--start", "a=1"],
    );
    assert_eq!(fitted.status.code(), Some(0));
}

#[test]
fn a_table_is_written_under_an_ending_that_names_its_format_alone() {
    let folder = Folder::new("endings");
    folder.file("points.csv", "x,y\n1,2\n2,3\n");
    for name in ["o.txt", "o.csv.gz", "o.json", "o", "csv"] {
        for line in [
            ["slope", "x^2", "--data", "points.csv", "-o", name].as_slice(),
            &[
                "fit",
                "y = a*x",
                "points.csv",
                "--start",
                "a=1",
                "--rows",
                name,
            ],
        ] {
            let told = secant(&folder, line);
            assert_eq!(told.status.code(), Some(2));
            let expected = format!(
                "error: the ending of '{name}' names no format of a table\nhint: end the name in .csv or .parquet\n"
            );
            assert_eq!(text(&told.stderr), expected);
        }
    }
    let told = secant(
        &folder,
        &["slope", "x^2", "--data", "points.csv", "-o", "O.CSV"],
    );
    assert!(told.status.success(), "{}", text(&told.stderr));
}
