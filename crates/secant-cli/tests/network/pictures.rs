//! What pictures of networks show and what they refuse, read from their text forms: the terminal's, and the description within an SVG.

use super::{folder, named, run, text};
use std::fs;
use std::path::Path;

/// The answer of a command that succeeds, with its picture in words.
fn drawn(arguments: &[&str]) -> String {
    let terminal = ["--terminal", "always", "--color", "never", "--width", "110"];
    let output = run(&[arguments, &terminal].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

/// A picture as a file.
fn svg(name: &str, arguments: &[&str]) -> String {
    let path = named(&folder(name), "picture.svg");
    let output = run(&[arguments, &["-o", &path]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    fs::read_to_string(path).unwrap()
}

/// The message of a command that refuses.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    text(&output.stderr).to_owned()
}

fn table(folder_name: &str, rows: &str) -> String {
    let path = named(&folder(folder_name), "data.csv");
    fs::write(&path, rows).unwrap();
    path
}

#[test]
fn the_impact_of_features_has_pictures_of_its_own() {
    let inputs = ["impact", "--layers", "2,8,3", "spiral", "--wrt", "inputs"];
    let bars = drawn(&inputs);
    assert!(
        bars.contains("how each feature moves the cross-entropy"),
        "{bars}"
    );
    assert!(bars.contains("x ┤") && bars.contains("y ┤"), "{bars}");
    for picture in ["features", "histogram"] {
        svg("features", &[&inputs[..], &["--picture", picture]].concat());
        let json = run(&[&inputs[..], &["--picture", picture, "--format", "json"]].concat());
        assert!(json.status.success());
    }
    for picture in ["network", "layer"] {
        let told = refused(&[&inputs[..], &["--picture", picture]].concat());
        assert!(
            told.contains("not features") && told.contains("hint"),
            "{told}"
        );
    }
    let told = refused(&[
        "impact",
        "--layers",
        "2,8,3",
        "spiral",
        "--picture",
        "features",
    ]);
    assert!(told.contains("--wrt inputs"), "{told}");
    let pixels = drawn(&["impact", "--layers", "64,3,10", "digits", "--wrt", "inputs"]);
    assert!(
        pixels.contains("how each pixel moves") && pixels.contains('╋'),
        "{pixels}"
    );
}

#[test]
fn pictures_name_their_loss_and_features_as_they_are() {
    let data = table(
        "names",
        "a long name of a feature that goes on and on,$x^2$ & y,t\n1,2,0\n2,1,1\n0,1,1\n",
    );
    let squared = ["--loss", "squared", "--way", "backprop"];
    let network = drawn(&[&["impact", "--layers", "2,3,1", &data], &squared[..]].concat());
    assert!(
        network.contains("how each weight and bias moves the squared loss"),
        "{network}"
    );
    assert!(
        network.contains("$x^2$ & y") && network.contains("a long name of a"),
        "{network}"
    );
    let layer = ["impact", "--layers", "2,3,1", &data, "--picture", "layer"];
    let layer = drawn(&[&layer[..], &squared].concat());
    assert!(
        !layer.contains("0.5 ┤") && !layer.contains("-0.5"),
        "{layer}"
    );
    let landscape = drawn(&[
        "landscape",
        "--layers",
        "2,3,1",
        &data,
        "--loss",
        "squared",
        "--points",
        "9",
    ]);
    assert!(
        landscape.contains("the squared loss around the weights"),
        "{landscape}"
    );
}

#[test]
fn one_sample_of_one_feature_is_counted_so() {
    let data = table("one", "x,y\n1,2\n");
    let told = drawn(&[
        "landscape",
        "--layers",
        "1,1",
        &data,
        "--along",
        "random",
        "--points",
        "9",
    ]);
    assert!(told.contains("1 sample of 1 feature\n"), "{told}");
}

#[test]
fn landscapes_say_what_is_not_there() {
    let spiral = ["landscape", "--layers", "2,8,3", "spiral", "--points", "21"];
    // Losses of one size have contours too.
    let flat = drawn(&spiral);
    let dots = flat
        .chars()
        .filter(|c| ('\u{2801}'..='\u{28ff}').contains(c));
    assert!(dots.count() > 150, "{flat}");
    let far = [
        "landscape",
        "--layers",
        "2,8,3",
        "spiral",
        "--points",
        "21",
        "--span",
        "1e200",
    ];
    let told = drawn(&far);
    assert!(
        told.contains("infinite at") || told.contains("no number at"),
        "{told}"
    );
    assert!(svg("lost", &far).contains("; grey: "));
    let data = table("zero", "x,y\n0,0\n0,0\n");
    let zero = [
        "landscape",
        "--layers",
        "1,2,1",
        "--activation",
        "relu",
        &data,
    ];
    let told = refused(&[&zero[..], &["--along", "gradient"]].concat());
    assert!(told.contains("the gradient is 0"), "{told}");
}

#[test]
fn regions_stand_in_the_units_of_the_data_with_a_key_of_the_classes() {
    let mut rows = "mass,time,kind\n".to_owned();
    for i in 0..40 {
        let (mass, time) = (1e6 + 1e4 * f64::from(i), 1e-4 * f64::from(i * 7 % 11));
        rows += &format!("{mass},{time},{}\n", i % 10);
    }
    let data = table("units", &rows);
    let train = [
        "train",
        "--layers",
        "2,4,10",
        &data,
        "--standardise",
        "--epochs",
        "1",
    ];
    let regions = drawn(&train);
    assert!(regions.contains("0.0005 ┤"), "{regions}");
    assert!(regions.contains("1.10×10⁶"), "{regions}");
    assert!(regions.contains("● 0  ● 1  ● 2"), "{regions}");
    let losses = drawn(&[&train[..], &["--picture", "loss"]].concat());
    assert!(losses.contains('●') && !losses.contains("0.5 "), "{losses}");
    let page = named(&folder("page-of-units"), "page.html");
    let output = run(&[&train[..], &["-o", &page]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("var(--tenth)\">9</span>"), "no key");
}

#[test]
fn what_is_not_finite_is_told_in_the_picture() {
    let data = table("huge", "x,y\n1e200,1\n-1e200,0\n");
    let impact = [
        "impact",
        "--layers",
        "1,2,1",
        "--activation",
        "relu",
        &data,
        "--loss",
        "squared",
    ];
    for picture in ["network", "layer", "histogram"] {
        let told = drawn(&[&impact[..], &["--way", "backprop", "--picture", picture]].concat());
        assert!(
            told.contains("not finite") || told.contains("no derivative is finite"),
            "{picture}: {told}"
        );
    }
}

#[test]
fn one_output_of_a_squared_loss_is_told_apart_at_one_half() {
    // A line meets the targets: t is x.
    let rows: String = (0..40)
        .map(|row| format!("{0},{1},{0}\n", row % 2, f64::from(row) / 40.0))
        .collect();
    let data = table("half", &format!("x,y,t\n{rows}"));
    let settings = [
        "train", "--layers", "2,1", &data, "--epochs", "400", "--rate", "0.05",
    ];
    let output = run(&[&settings[..], &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let last = told["told"].as_array().unwrap().last().unwrap();
    assert!(last["loss"].as_f64().unwrap() < 0.01, "{last}");
    assert_eq!(last["accuracy"].as_f64(), Some(1.0), "{last}");
}

#[test]
fn without_colours_a_picture_tells_which_way_an_impact_goes() {
    let impact = ["impact", "--layers", "2,4,3", "spiral", "--way", "backprop"];
    for picture in ["network", "layer"] {
        let asked = [&impact[..], &["--picture", picture]].concat();
        let plain = drawn(&asked);
        let (_, plain) = plain.split_once("how ").unwrap();
        assert!(plain.contains('+') && plain.contains('-'), "{plain}");
        if picture == "layer" {
            assert!(plain.contains('╋') && plain.contains('━'), "{plain}");
            assert!(!plain.contains('█'), "{plain}");
        } else {
            assert!(plain.contains("+ ── raises the loss"), "{plain}");
            assert!(plain.contains("- ╌╌ lowers the loss"), "{plain}");
        }
        let colours = [
            "--terminal",
            "always",
            "--color",
            "always",
            "--width",
            "110",
        ];
        let output = run(&[&asked[..], &colours].concat());
        let coloured = text(&output.stdout);
        assert!(
            !coloured.contains('╋') && !coloured.contains("+ ──"),
            "{coloured}"
        );
    }
    let pixels = drawn(&[
        "impact", "--layers", "64,10", "digits", "--wrt", "inputs", "--way", "backprop",
    ]);
    assert!(pixels.contains('╋') && pixels.contains('━'), "{pixels}");
}

#[test]
fn a_landscape_over_a_wide_span_has_levels_all_over_it_and_says_how() {
    let wide = [
        "landscape",
        "--layers",
        "2,8,3",
        "spiral",
        "--points",
        "21",
        "--span",
        "1e150",
    ];
    let picture = svg("wide", &wide);
    assert!(picture.contains("on a logarithmic scale"), "{picture}");
    // The middle is some 150 powers of ten lower: bands that began there would be one in all.
    let bands = picture.matches("fill=\"#").count();
    assert!(bands > 8, "{bands}");
}

#[test]
fn regions_that_cannot_be_drawn_are_refused_before_the_work() {
    let folder = folder("no-regions");
    let picture = named(&folder, "regions.svg");
    let output = run(&[
        "train",
        "--layers",
        "64,4,10",
        "digits",
        "--picture",
        "regions",
        "-o",
        &picture,
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("only of two features"));
    assert!(!Path::new(&picture).exists());
}
