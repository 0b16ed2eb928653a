//! Classes that go by names: they are numbered in sorted order, keep their names on every way, and are refused where the numbering could not be told.

use std::fs;
use std::path::Path;

use super::{folder, json, named, run, text};

/// 150 flowers of three species (`spec/networks/SOURCE.md`).
fn iris() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/networks/iris.csv");
    file.to_str().unwrap().to_owned()
}

fn written(folder: &Path, name: &str, table: &str) -> String {
    let file = named(folder, name);
    fs::write(&file, table).unwrap();
    file
}

fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    text(&output.stderr).to_owned()
}

const SORTED: &str = "classes: 0 setosa, 1 versicolor, 2 virginica\n";

#[test]
fn names_of_classes_are_learned_as_their_sorted_numbers_are() {
    let folder = folder("classes");
    let names = fs::read_to_string(iris()).unwrap();
    let mut numbers = names.clone();
    for (number, name) in ["setosa", "versicolor", "virginica"].iter().enumerate() {
        numbers = numbers.replace(name, &number.to_string());
    }
    let numbers = written(&folder, "numbers.csv", &numbers);
    // From below, so that names do not come in their sorted order.
    let (head, rows) = names.split_once('\n').unwrap();
    let reversed: Vec<&str> = rows.lines().rev().collect();
    let reversed = written(
        &folder,
        "reversed.csv",
        &format!("{head}\n{}\n", reversed.join("\n")),
    );
    let train = |data: &str, more: &[&str]| {
        let layers = ["train", "--layers", "4,8,3", data, "--epochs", "40"];
        let asked = ["--rate", "0.05", "--validation", "0.2", "--standardise"];
        let output = run(&[&layers[..], &asked, more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    let of_names = train(&iris(), &["--target", "species"]);
    assert!(of_names.contains(SORTED), "{of_names}");
    let of_numbers = train(&numbers, &[]);
    assert!(!of_numbers.contains("classes:"), "{of_numbers}");
    let table = |told: &str| told.split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(table(&of_names), table(&of_numbers));
    assert!(train(&reversed, &[]).contains(SORTED));
}

#[test]
fn a_saved_network_keeps_the_numbering_of_its_classes() {
    let folder = folder("saved");
    for (file, layers) in [
        ("iris.onnx", &[][..]),
        ("iris.safetensors", &["--layers", "4,8,3"]),
    ] {
        let saved = named(&folder, file);
        let output = run(&[
            "train",
            "--layers",
            "4,8,3",
            &iris(),
            "--epochs",
            "30",
            "--save",
            &saved,
        ]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let loss = |data: &str| {
            let impact = [
                "impact", &saved, data, "--way", "backprop", "--format", "json",
            ];
            let told = json(&run(&[&impact[..], layers].concat()));
            assert_eq!(told["classes"][2], "virginica", "{told}");
            told["loss"].as_f64().unwrap()
        };
        let rows = fs::read_to_string(iris()).unwrap();
        let without = |name: &str| {
            let left: Vec<&str> = rows.lines().filter(|row| !row.ends_with(name)).collect();
            written(&folder, &format!("without-{name}.csv"), &left.join("\n"))
        };
        // What is left of a class has the same loss whichever of the others are there.
        let (a, b, c) = (
            without("setosa"),
            without("versicolor"),
            without("virginica"),
        );
        let parts = loss(&a) + loss(&b) + loss(&c);
        assert!((parts / 3.0 - loss(&iris())).abs() < 1e-12);
        let other = written(
            &folder,
            "other.csv",
            &rows.replace("virginica", "Virginica"),
        );
        let told = refused(&[&["impact", &saved, &other][..], layers].concat());
        assert!(
            told.contains("line 102, column 5 (species): 'Virginica' is none of the 3 classes setosa, versicolor, virginica"),
            "{told}"
        );
    }
}

#[test]
fn names_stand_where_classes_are_shown() {
    let folder = folder("shown");
    let mut rows = String::new();
    for row in fs::read_to_string(iris()).unwrap().lines() {
        let cells: Vec<&str> = row.split(',').collect();
        rows += &format!(
            "{},{},{}\n",
            cells[2],
            cells[3],
            cells[4].replace("setosa", "<a & b>")
        );
    }
    let data = written(&folder, "petals.csv", &rows);
    let (page, picture) = (
        named(&folder, "regions.html"),
        named(&folder, "regions.svg"),
    );
    let train = ["train", "--layers", "2,4,3", &data, "--epochs", "3"];
    assert!(
        run(&[&train[..], &["-o", &page, "-o", &picture]].concat())
            .status
            .success()
    );
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains(">&lt;a &amp; b&gt;</span>") && page.contains(">virginica</span>"));
    let drawn = run(&[&train[..], &["--terminal", "always"]].concat());
    assert!(
        text(&drawn.stdout).contains("● <a & b>  ● versicolor  ● virginica"),
        "{}",
        text(&drawn.stdout)
    );
    let network = ["impact", "--layers", "2,4,3", &data, "--terminal", "always"];
    let drawn = run(&network);
    let ends: Vec<&str> = text(&drawn.stdout).lines().map(str::trim_end).collect();
    for name in ["<a & b>", "versicolor", "virginica"] {
        let stands = |line: &&str| line.ends_with(name) && line.contains('●');
        assert!(ends.iter().any(stands), "{name}: {ends:#?}");
    }
    let each = named(&folder, "each.csv");
    let output = run(&["impact", "--layers", "2,4,3", &data, "--each", &each]);
    let told = text(&output.stdout);
    assert!(
        told.contains(" (virginica)\n") || told.contains(" (<a & b>)\n"),
        "{told}"
    );
    let each = fs::read_to_string(each).unwrap();
    let mut lines = each.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("sample,class,\"0.weight[0, 0]\",")
    );
    assert!(lines.next().unwrap().starts_with("0,\"<a & b>\","));
    assert!(lines.last().unwrap().starts_with("149,\"virginica\","));
}

#[test]
fn two_names_are_the_two_sides_of_one_output() {
    let folder = folder("two");
    let table = "x,kind\n-2,no\n-1,no\n1,yes\n2,yes\n-1.5,no\n";
    let (names, numbers) = (
        written(&folder, "names.csv", table),
        written(
            &folder,
            "numbers.csv",
            &table.replace("no", "0").replace("yes", "1"),
        ),
    );
    let impact = |data: &str, loss: &[&str]| {
        let asked = ["impact", "--layers", "1,1", data, "--format", "json"];
        json(&run(&[&asked[..], loss].concat()))
    };
    let (of_names, of_numbers) = (
        impact(&names, &[]),
        impact(&numbers, &["--loss", "binary-cross-entropy"]),
    );
    assert_eq!(of_names["loss"], of_numbers["loss"]);
    assert_eq!(of_names["classes"], serde_json::json!(["no", "yes"]));
    assert_eq!(
        of_names["impacts"][0]["derivative"],
        of_numbers["impacts"][0]["derivative"]
    );
}

#[test]
fn a_table_without_a_heading_loses_no_sample() {
    let folder = folder("heading");
    let table = fs::read_to_string(iris()).unwrap();
    let bare = written(&folder, "iris.data", table.split_once('\n').unwrap().1);
    let output = run(&["train", "--layers", "4,3", &bare, "--epochs", "1"]);
    assert!(
        text(&output.stdout).contains("150 samples of 4 features"),
        "{}",
        text(&output.stdout)
    );
    // Columns that are called by numbers are none the less called so, where no class stands over the classes.
    let named = written(
        &folder,
        "named.csv",
        &table.replacen(
            "sepal_length,sepal_width,petal_length,petal_width",
            "0,1,2,3",
            1,
        ),
    );
    let output = run(&[
        "train", "--layers", "4,3", &named, "--epochs", "1", "--target", "species",
    ]);
    assert!(
        text(&output.stdout).contains("150 samples of 4 features"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn targets_in_a_table_of_their_own_may_be_names() {
    let folder = folder("apart");
    let features = written(&folder, "x.csv", "x\n0\n1\n2\n");
    let names = written(&folder, "kind.csv", "kind\n\"b, c\"\na\na\n");
    let output = run(&[
        "train",
        "--layers",
        "1,2",
        &features,
        "--targets",
        &names,
        "--epochs",
        "1",
    ]);
    assert!(
        text(&output.stdout).contains("classes: 0 a, 1 b, c\n"),
        "{}",
        text(&output.stderr)
    );
    let fewer = written(&folder, "fewer.csv", "kind\nb\na\n");
    let told = refused(&["train", "--layers", "1,2", &features, "--targets", &fewer]);
    assert!(
        told.contains("x.csv has 3 rows") && told.contains("fewer.csv has 2"),
        "{told}"
    );
}

#[test]
fn classes_whose_numbers_cannot_be_told_are_refused() {
    let folder = folder("untold");
    let of = |rows: &str| written(&folder, "table.csv", &format!("x,kind\n{rows}"));
    let ask = |rows: &str, layers: &str, more: &[&str]| {
        refused(&[&["train", "--layers", layers, &of(rows)][..], more].concat())
    };
    let three = "0,b\n1,a\n2,c\n";
    let told = ask(three, "1,2", &[]);
    assert!(
        told.contains(
            "line 4, column 2 (kind): 'c' is one more class than the 2 there may be: a, b"
        ),
        "{told}"
    );
    assert!(told.contains("the network has 2 outputs"), "{told}");
    let told = ask(three, "1,4", &[]);
    assert!(
        told.contains("holds 3 names of classes (a, b, c), and the network tells 4 apart"),
        "{told}"
    );
    for (classes, word) in [
        ("a,b", "names 2"),
        ("a,b,a", "'a' twice"),
        ("a,b,d", "'c' is none of the 3 classes"),
    ] {
        let told = ask(three, "1,3", &["--classes", classes]);
        assert!(told.contains(word), "{told}");
    }
    for loss in ["squared", "huber", "binary-cross-entropy", "(y - t)^4"] {
        let told = ask(three, "1,3", &["--loss", loss]);
        assert!(
            told.contains("the targets are names of classes")
                && told.contains("--loss cross-entropy takes"),
            "{told}"
        );
    }
    for (rows, word) in [
        ("0,b\n1,\n", "line 3, column 2 (kind): '' is no value"),
        (
            "0,b\n1,3\n",
            "line 3, column 2 (kind): '3' is a number among names",
        ),
        ("0,3\n1,b\n", "line 3, column 2 (kind): 'b' is no number"),
        (
            "0,b\n1\n",
            "line 3: the row has 1 cell, and there are 2 columns",
        ),
        ("a,0\nb,1\n", "the one column that --target names"),
    ] {
        let told = ask(rows, "1,2", &[]);
        assert!(told.contains(word), "{told}");
    }
    let output = run(&[
        "train",
        "--layers",
        "1,3",
        &of(three),
        "--classes",
        "c,b,a",
        "--epochs",
        "1",
    ]);
    assert!(
        text(&output.stdout).contains("classes: 0 c, 1 b, 2 a\n"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn names_that_are_numbers_are_names() {
    let folder = folder("numbers-as-names");
    // The first row belongs to the second output, whose name is 20.
    let table = written(&folder, "table.csv", "a,b,t\n5,0,20\n0,5,10\n");
    let network = [
        "impact", "--layers", "2,2", "--way", "backprop", "--format", "json",
    ];
    let of = |classes: &str, table: &str| {
        let asked = ["--classes", classes, "--loss", "cross-entropy", table];
        run(&[&network[..], &asked].concat())
    };
    let numbered = written(&folder, "numbered.csv", "a,b,t\n5,0,1\n0,5,0\n");
    let loss = |output: std::process::Output| json(&output)["loss"].as_f64().unwrap();
    let plain = run(&[&network[..], &["--loss", "cross-entropy", &numbered]].concat());
    assert_eq!(loss(of("10,20", &table)), loss(plain));
    // 1 and 0 are names too, of the outputs 0 and 1.
    assert_eq!(loss(of("1,0", &numbered)), loss(of("20,10", &table)));
    let refused = of("10,30", &table);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("20 is none of the names"));
}
