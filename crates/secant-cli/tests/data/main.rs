//! The command with tables: files that are written whole or not at all and rows without a derivative.
#![allow(clippy::unwrap_used)]

mod places;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("secant-cli-data-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn secant(folder: &Folder, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_secant"))
        .args(arguments)
        .current_dir(&folder.0)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn each_row_has_its_slope_or_the_word_for_why_not() {
    let folder = Folder::new("slopes");
    folder.file("points.csv", "x,y,name\n1,2,a\n0,3,b\n-2,0.1,c\n4,-1,d\n");
    let told = secant(
        &folder,
        &[
            "slope",
            "|x|*ln(y)",
            "--data",
            "points.csv",
            "--output",
            "slopes.csv",
        ],
    );
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!(
        text(&told.stdout),
        "f(x, y) = abs(x)*ln(y)\n4 rows written to slopes.csv\n1 of them without a derivative: corner\n\
         1 of them without a derivative: undefined\n"
    );
    let written = fs::read_to_string(folder.0.join("slopes.csv")).unwrap();
    let rows: Vec<Vec<&str>> = written
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(rows[0], ["row", "x", "y", "f", "∂f/∂x", "∂f/∂y", "point"]);
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    for (row, slopes) in [(1, [2f64.ln(), 0.5]), (3, [-(0.1f64.ln()), 20.0])] {
        assert_eq!(rows[row][6], "smooth");
        assert!(
            (number(rows[row][4]) - slopes[0]).abs() < 1e-14
                && (number(rows[row][5]) - slopes[1]).abs() < 1e-13
        );
    }
    assert_eq!(rows[2], ["2", "0", "3", "0", "", "0", "corner"]);
    assert_eq!(rows[4], ["4", "4", "-1", "", "", "", "undefined"]);
    let strict = secant(
        &folder,
        &[
            "slope",
            "x*y",
            "--data",
            "points.csv",
            "--output",
            "s.csv",
            "--at",
            "y=3",
            "--wrt",
            "x",
            "--strict",
        ],
    );
    assert_eq!(strict.status.code(), Some(0));
    assert!(text(&strict.stdout).ends_with("y is held at 3: its column is not read\n"));
    assert_eq!(
        fs::read_to_string(folder.0.join("s.csv"))
            .unwrap()
            .lines()
            .nth(1),
        Some("1,1,3,3,3,smooth")
    );
}

#[test]
fn bad_data_leave_nothing_half_written() {
    let folder = Folder::new("bad");
    let mut rows = String::from("x,y\n");
    for row in 0..100_000 {
        rows.push_str(if row == 99_000 { "1,oops\n" } else { "1,2\n" });
    }
    folder.file("late.csv", &rows);
    folder.file("old.csv", "old\n");
    let names = folder.names();
    for arguments in [
        ["slope", "x*y", "--data", "late.csv", "--output", "old.csv"].as_slice(),
        &["slope", "x*y", "--data", "late.csv", "--output", "new.csv"],
        &[
            "fit", "y = a*x", "late.csv", "--start", "a=1", "--rows", "new.csv", "-o", "new.svg",
        ],
        &[
            "fit", "y = a*x", "late.csv", "--start", "a=1", "--rows", "old.csv",
        ],
    ] {
        let refused = secant(&folder, arguments);
        assert_eq!(refused.status.code(), Some(2));
        assert!(refused.stdout.is_empty());
        assert!(
            text(&refused.stderr)
                .contains("late.csv, line 99002, column 2 (y): 'oops' is no number")
        );
        assert_eq!(folder.names(), names);
        assert_eq!(
            fs::read_to_string(folder.0.join("old.csv")).unwrap(),
            "old\n"
        );
    }
    let refused = secant(
        &folder,
        &[
            "fit", "y = a*x", "late.csv", "--start", "a=1", "--format", "json",
        ],
    );
    assert!(text(&refused.stderr).starts_with(r#"{"schema":1,"error":{"kind":"cell","#));
}

#[test]
fn rows_are_written_with_what_they_do_to_the_fit() {
    let folder = Folder::new("rows");
    folder.file("line.csv", "x,y\n0,1\n1,3\n2,4\n3,8\n");
    let told = secant(
        &folder,
        &[
            "fit",
            "y = a + b*x",
            "line.csv",
            "--start",
            "a=0,b=0",
            "--impact",
            "--rows",
            "rows.csv",
        ],
    );
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let written = fs::read_to_string(folder.0.join("rows.csv")).unwrap();
    let rows: Vec<Vec<f64>> = written
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    assert_eq!(
        written.lines().next(),
        Some("row,measured,fitted,residual,leverage,cook,da/dmeasured,db/dmeasured")
    );
    // Of a line through 0, 1, 2, 3 these are fractions: b = sum of (x - 3/2) y / 5, a = mean of y - 3/2 b.
    for (row, x) in rows.iter().zip([0.0, 1.0, 2.0, 3.0]) {
        let by = (x - 1.5) / 5.0;
        let leverage = 0.25 + (x - 1.5) * by;
        for (found, truth) in [
            (row[4], leverage),
            (row[6], 0.25 - 1.5 * by),
            (row[7], by),
            (row[2], 0.7 + 2.2 * x),
        ] {
            assert!((found - truth).abs() < 1e-12, "{found} {truth}");
        }
    }
}

#[test]
fn a_fit_is_one_document_of_json() {
    let folder = Folder::new("json");
    folder.file("line.csv", "x,y\n0,1\n1,3\n2,5\n3,7\n4,9.5\n");
    let told = secant(
        &folder,
        &[
            "fit",
            "y = a + b*x",
            "line.csv",
            "--start",
            "a=0,b=0",
            "--starts",
            "3",
            "--level",
            "0.99",
            "--format",
            "json",
        ],
    );
    let document: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let number = |path: &str| {
        document
            .pointer(path)
            .and_then(serde_json::Value::as_f64)
            .unwrap()
    };
    assert_eq!(
        (
            document["schema"].as_u64(),
            document["verdict"].as_str(),
            document["rows"].as_u64()
        ),
        (Some(1), Some("converged"), Some(5))
    );
    // scipy.stats.linregress, and 5.840909309 standard errors to either side for 99 % and 3 degrees of freedom.
    let (slope, error) = (2.1, 0.05773502691896257);
    assert!((number("/parameters/1/value") - slope).abs() < 1e-12);
    assert!((number("/parameters/1/error") - error).abs() < 1e-12);
    assert!(
        (number("/parameters/1/interval/0") - (slope - 5.840909309733355 * error)).abs() < 1e-10
    );
    let square = number("/parameters/1/error").powi(2);
    assert!((number("/covariance/1/1") / square - 1.0).abs() < 1e-15);
}

/// Where Parquet is built in: the same answers as from a text, and tables as output.
#[cfg(feature = "parquet")]
mod parquet {
    use secant_data::{Chunk, Missing, Options, open};

    use super::*;

    fn spec(name: &str) -> String {
        format!("{}/../../spec/data/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    /// All columns of numbers of a table but so many at the end.
    fn columns(folder: &Folder, name: &str, but: usize) -> Vec<Vec<f64>> {
        let options = Options {
            missing: Missing::Keep,
            ..Options::default()
        };
        let mut source = open(&folder.0.join(name), &options).unwrap();
        let count = source.names().len() - but;
        source.select(&(0..count).collect::<Vec<_>>()).unwrap();
        let (mut columns, mut chunk) = (vec![Vec::new(); count], Chunk::default());
        while source.next_chunk(&mut chunk).unwrap() {
            for (all, more) in columns.iter_mut().zip(&chunk.columns) {
                all.extend(
                    more.iter()
                        .map(|number| if number.is_nan() { 99.0 } else { *number }),
                );
            }
        }
        columns
    }

    #[test]
    fn a_fit_of_it_is_that_of_the_text() {
        let folder = Folder::new("parquet-fit");
        folder.file("table.csv", "x,y\n-1,0\n-0.75,-0.4375\n-0.5,-0.75\n-0.25,-0.9375\n0,-1\n0.25,-0.9375\n0.5,-0.75\n0.75,-0.4375\n1,0\n1.25,0.5625\n1.5,1.25\n1.75,2.0625\n");
        let fit = |data: &str| {
            let told = secant(
                &folder,
                &[
                    "fit",
                    "y = a*exp(b*x)",
                    data,
                    "--start",
                    "a=1,b=1",
                    "--rows",
                    "rows.parquet",
                ],
            );
            assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
            (
                text(&told.stdout).replace(data, "DATA"),
                columns(&folder, "rows.parquet", 0),
            )
        };
        assert_eq!(fit("table.csv"), fit(&spec("pages.parquet")));
        let refused = secant(
            &folder,
            &[
                "fit",
                "name = a*x",
                &spec("mixed.parquet"),
                "--start",
                "a=1",
            ],
        );
        assert_eq!(refused.status.code(), Some(2));
        assert!(
            text(&refused.stderr)
                .contains("mixed.parquet, column 3 (name): the column holds text, no numbers")
        );
        let refused = secant(
            &folder,
            &["fit", "y = a*x", &spec("mixed.parquet"), "--start", "a=1"],
        );
        assert!(
            text(&refused.stderr).contains("mixed.parquet, row 6, column 1 (x): null is no value")
        );
        assert!(text(&refused.stderr).contains("--missing skip"));
    }

    #[test]
    fn slopes_and_impacts_are_those_of_the_other_formats() {
        let folder = Folder::new("parquet-slopes");
        for output in ["slopes.csv", "slopes.parquet"] {
            let told = secant(
                &folder,
                &[
                    "slope",
                    "|x|*y",
                    "--data",
                    &spec("kinds.parquet"),
                    "--at",
                    "y=3",
                    "--output",
                    output,
                ],
            );
            assert_eq!(told.status.code(), Some(2), "kinds.parquet has no x");
            let told = secant(
                &folder,
                &[
                    "slope",
                    "|f16|*u8",
                    "--data",
                    &spec("kinds.parquet"),
                    "--output",
                    output,
                ],
            );
            assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
            assert!(text(&told.stdout).contains("1 of them without a derivative: corner"));
        }
        assert_eq!(
            columns(&folder, "slopes.csv", 1),
            columns(&folder, "slopes.parquet", 1)
        );
        assert_eq!(columns(&folder, "slopes.parquet", 1).len(), 6);
        for each in ["each.npy", "each.parquet"] {
            let told = secant(
                &folder,
                &["impact", "--layers", "2,3,3", "spiral", "--each", each],
            );
            assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        }
        let (numbers, mut table) = (
            columns(&folder, "each.npy", 0),
            columns(&folder, "each.parquet", 0),
        );
        assert_eq!(table.remove(0), (0..300).map(f64::from).collect::<Vec<_>>());
        assert_eq!(table, numbers);
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_parquet_its_files_are_refused_with_how_to_build_it() {
    let folder = Folder::new("no-parquet");
    folder.file("table.parquet", "PAR1");
    folder.file("table.csv", "x\n1\n");
    let hint = "--features parquet";
    let read = secant(
        &folder,
        &[
            "slope",
            "x^2",
            "--data",
            "table.parquet",
            "--output",
            "out.csv",
        ],
    );
    assert!(
        text(&read.stderr).contains("table.parquet: this build reads no Parquet files")
            && text(&read.stderr).contains(hint)
    );
    let write = secant(
        &folder,
        &[
            "slope",
            "x^2",
            "--data",
            "table.csv",
            "--output",
            "out.parquet",
        ],
    );
    assert!(
        text(&write.stderr).contains("this build writes no Parquet files")
            && text(&write.stderr).contains(hint)
    );
    assert_eq!(
        (read.status.code(), write.status.code()),
        (Some(2), Some(2))
    );
    assert_eq!(folder.names(), ["table.csv", "table.parquet"]);
}

#[test]
fn residuals_of_rounding_alone_are_called_that() {
    let folder = Folder::new("exact");
    folder.file("exact.csv", "x,y\n0,0\n1,2\n2,4\n3,6\n");
    folder.file("two.csv", "x,y\n0.1,0.7\n1.3,2.9\n");
    folder.file("three.csv", "x,y\n0,0\n1,2.1\n2,4\n");
    folder.file("one.csv", "x,y\n1,2\n");
    let fit = |table: &str, more: &[&str]| {
        let line = ["fit", "y = a + b*x", table, "--start", "a=0,b=1"];
        let told = secant(&folder, &[&line, more].concat());
        (text(&told.stdout).to_owned(), text(&told.stderr).to_owned())
    };
    let (exact, _) = fit("exact.csv", &[]);
    assert!(!exact.contains("held") && !exact.contains("inf"), "{exact}");
    assert!(
        exact.contains("warning: the residuals are zero to rounding: standard errors cannot be told from them\n"),
        "{exact}"
    );
    let (fixed, _) = fit("exact.csv", &["--fix", "a"]);
    assert_eq!(fixed.matches("held").count(), 1, "{fixed}");
    let (two, _) = fit("two.csv", &[]);
    assert!(
        two.contains("\nconverged after ") && !two.contains("offset"),
        "{two}"
    );
    assert!(two.contains("0 degrees of freedom"), "{two}");
    assert_eq!(two.matches("warning").count(), 1, "{two}");
    let (three, _) = fit("three.csv", &[]);
    assert!(three.contains(", 1 degree of freedom\n"), "{three}");
    assert!(three.contains("relative offset below 1e-9"), "{three}");
    let (_, one) = fit("one.csv", &[]);
    assert!(
        one.contains("error: 1 row cannot tell 2 parameters"),
        "{one}"
    );
}

#[test]
fn no_column_of_slopes_has_the_name_of_another() {
    let folder = Folder::new("names");
    folder.file("n.csv", "f,point,row,x\n1,2,3,4\n2,3,4,5\n");
    for (formula, name, hint) in [
        (
            "f^2*x",
            "f",
            "name the function otherwise, as in 'g(f, x) = …'",
        ),
        (
            "row(x) = x^2",
            "row",
            "name the function otherwise, as in 'g(x) = …'",
        ),
        (
            "x^2*point",
            "point",
            "call the column otherwise with --columns",
        ),
        ("x^2*row", "row", "call the column otherwise with --columns"),
    ] {
        let told = secant(
            &folder,
            &["slope", formula, "--data", "n.csv", "-o", "o.csv"],
        );
        assert_eq!(told.status.code(), Some(2), "{formula}");
        let expected = format!("error: two columns of 'o.csv' would be called '{name}'\n");
        let told = text(&told.stderr);
        assert!(told.contains(&expected) && told.contains(hint), "{told}");
    }
    assert_eq!(folder.names(), ["n.csv"]);
    let line = ["slope", "g(f, x) = f^2*x", "--data", "n.csv", "-o", "o.csv"];
    assert_eq!(secant(&folder, &line).status.code(), Some(0));
    // What is written can be read.
    let again = ["slope", "h(x, f) = x*f", "--data", "o.csv", "-o", "p.csv"];
    assert_eq!(secant(&folder, &again).status.code(), Some(0));
}
