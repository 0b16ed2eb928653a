//! What a command writes leaves what it reads as it is: every output of every verb is held against its inputs and the other outputs before any work, and has a folder.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An empty folder with the files that verbs read.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("sub")).unwrap();
    for (name, text) in [
        ("a.csv", "x,y\n0,1\n1,3\n2,4\n3,8\n"),
        ("t.csv", "y\n1\n3\n4\n8\n"),
        ("in.svg", "a template with {x}"),
        ("g.json", "[4]"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// All files of a folder with what stands in them.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

/// The message of a command that is refused and leaves its folder as it was.
fn refused(folder: &Path, line: &str) -> String {
    let before = contents(folder);
    // Formulas and commands have no blanks in these lines.
    let output = Command::new(env!("CARGO_BIN_EXE_secant"))
        .args(line.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{line}: {told}");
    assert!(output.stdout.is_empty(), "{line}");
    assert_eq!(contents(folder), before, "{line}");
    told
}

#[test]
fn no_output_is_written_over_an_input() {
    let folder = folder("apart-inputs");
    for (line, by, other, file) in [
        (
            "slope x^2 --data a.csv -o a.csv",
            "--output",
            "--data",
            "a.csv",
        ),
        (
            "fit y=a*x a.csv --start a=1 --rows a.csv",
            "--rows",
            "DATA",
            "a.csv",
        ),
        (
            "fit y=a*x in.svg --start a=1 -o in.svg",
            "--output",
            "DATA",
            "in.svg",
        ),
        (
            "train --layers 1,2,1 a.csv --checkpoint a.csv",
            "--checkpoint",
            "DATA",
            "a.csv",
        ),
        (
            "train --layers 1,2,1 a.csv --log a.csv",
            "--log",
            "DATA",
            "a.csv",
        ),
        (
            "train --layers 2,2,1 --data a.csv --targets t.csv --log t.csv",
            "--log",
            "--targets",
            "t.csv",
        ),
        (
            "train --layers 1,2,1 --data a.csv --log a.csv",
            "--log",
            "--data",
            "a.csv",
        ),
        (
            "train m.onnx a.csv --save m.onnx",
            "--save",
            "MODEL",
            "m.onnx",
        ),
        (
            "train --layers 1,1 in.svg --output in.svg",
            "--output",
            "DATA",
            "in.svg",
        ),
        (
            "impact m.onnx a.csv --each a.csv",
            "--each",
            "DATA",
            "a.csv",
        ),
        (
            "impact in.svg a.csv -o in.svg",
            "--output",
            "MODEL",
            "in.svg",
        ),
        (
            "landscape m.onnx in.svg -o in.svg",
            "--output",
            "DATA",
            "in.svg",
        ),
        (
            "slope --command ./f --template in.svg --at x=1 --journal in.svg",
            "--journal",
            "--template",
            "in.svg",
        ),
        (
            "check --command ./f --gradient-file g.json --at x=1 --journal g.json",
            "--journal",
            "--gradient-file",
            "g.json",
        ),
    ] {
        let told = refused(&folder, line);
        let expected =
            format!("error: {by} would write over '{file}', a file that is read as {other}\n");
        assert!(told.starts_with(&expected), "{line}: {told}");
        assert!(
            told.contains(&format!("hint: give {by} another name")),
            "{told}"
        );
    }
}

#[test]
fn no_file_is_written_twice() {
    let folder = folder("apart-outputs");
    for line in [
        "tangents x^2 --at 1 -o p.svg -o p.svg",
        "step x^2 --at 1 -o p.svg -o p.svg",
        "taylor x^2 --at 1 -o p.svg -o p.svg",
        "descend x^2 --from 1 -o p.svg -o p.svg",
        "fit y=a*x a.csv --start a=1 --rows p.svg -o p.svg",
        "train --layers 1,2,1 a.csv --checkpoint p.onnx --save p.onnx",
        "train --layers 1,2,1 a.csv --save p.onnx --save sub/../p.onnx",
        "impact --layers 1,2,1 a.csv --each p.svg -o p.svg",
    ] {
        let told = refused(&folder, line);
        assert!(told.contains("would write over"), "{line}: {told}");
        assert!(
            told.contains(", a file that is written as --"),
            "{line}: {told}"
        );
    }
}

/// The file counts, not its name.
#[cfg(unix)]
#[test]
fn other_names_of_a_file_are_seen_through() {
    let folder = folder("apart-names");
    std::os::unix::fs::symlink("a.csv", folder.join("link.csv")).unwrap();
    let whole = folder.join("a.csv");
    for name in [
        "./a.csv",
        "sub/../a.csv",
        "link.csv",
        whole.to_str().unwrap(),
    ] {
        let told = refused(&folder, &format!("slope x^2 --data a.csv -o {name}"));
        assert!(told.contains(", which is 'a.csv', "), "{told}");
        refused(&folder, &format!("slope x^2 --data {name} -o a.csv"));
    }
    let json = refused(&folder, "slope x^2 --data a.csv -o a.csv --format json");
    assert!(json.contains(r#""kind":"setting""#), "{json}");
}

#[test]
fn an_output_without_a_folder_is_told_before_the_work() {
    let folder = folder("apart-nowhere");
    // Nothing is written of the other outputs either.
    for line in [
        "train --layers 1,2,1 a.csv --log run.csv --save run.onnx -o nowhere/p.svg",
        "impact --layers 1,2,1 a.csv --each nowhere/e.csv",
        "tangents x^2 --at 1 -o p.svg -o nowhere/p.png",
        "fit y=a*x a.csv --start a=1 --rows nowhere/rows.csv",
    ] {
        let told = refused(&folder, line);
        assert!(told.contains("there is no folder 'nowhere'"), "{told}");
    }
    let told = refused(&folder, "slope x^2 --data a.csv -o sub");
    assert!(
        told.contains("'sub' cannot be written: it is a folder"),
        "{told}"
    );
}
