//! Pictures that can be read, in files and in the terminal.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::{folder, json, names, run, text};

#[test]
fn svg_and_png_are_written_from_one_answer() {
    let folder = folder("pictures");
    let files = ["a.svg", "b.PNG"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    let output = run(&[
        "tangents", "2x^2", "--at", "0..4", "--size", "400x300", "-o", &files[0], "-o", &files[1],
        "--format", "json",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(json(&output.stdout)["files"], serde_json::json!(files));
    let svg = fs::read_to_string(&files[0]).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    assert!(
        svg.contains("a tangent at x = 2 of slope 8"),
        "the picture is told in words, too"
    );
    let decoder = png::Decoder::new(std::io::Cursor::new(fs::read(&files[1]).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.width, frame.height), (400, 300));
    assert!(
        pixels.iter().any(|part| *part != pixels[0]),
        "something is drawn"
    );
    assert_eq!(
        names(&folder),
        ["a.svg", "b.PNG"],
        "nothing else is left behind"
    );
}

#[test]
fn the_errors_of_a_step_are_written_as_pictures_with_what_they_show() {
    let folder = folder("step");
    let files = ["a.svg", "b.png"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    let output = run(&[
        "step", "2x^2", "--at", "2", "--size", "400x300", "-o", &files[0], "-o", &files[1],
        "--format", "json",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = json(&output.stdout);
    assert_eq!(told["files"], serde_json::json!(files));
    assert_eq!(
        (&told["slope"], &told["slope_bound"]),
        (&8.into(), &0.into())
    );
    let steps = told["schemes"][0]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 65);
    assert_eq!(steps[0]["error"], 2);
    assert!(steps[64]["slope"].is_null() && steps[64]["step"] == 0);
    assert_eq!(told["schemes"][1]["steps"][0]["truncation"], 0);
    let svg = fs::read_to_string(&files[0]).unwrap();
    assert!(svg.contains("the central slope has its smallest error, 0, with delta 1"));
    let decoder = png::Decoder::new(std::io::Cursor::new(fs::read(&files[1]).unwrap()));
    let reader = decoder.read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (400, 300));
}

#[test]
fn a_picture_that_would_move_for_minutes_is_refused_at_once() {
    for size in ["2000x2000", "5000x5000", "1001x1000"] {
        let output = run(&[
            "tangents",
            "x^2",
            "--at",
            "0..4",
            "-o",
            "big.gif",
            "-o",
            "page.html",
            "--size",
            size,
        ]);
        assert_eq!(output.status.code(), Some(2));
        let told = text(&output.stderr);
        assert!(
            told.contains("some ninety frames") && told.contains(size),
            "{told}"
        );
        assert!(!Path::new("big.gif").exists());
    }
}

#[test]
fn a_terminal_is_drawn_on_only_when_asked() {
    let drawn = |when: &str| {
        text(
            &run(&[
                "tangents",
                "x^2",
                "--at",
                "1",
                "--terminal",
                when,
                "--width",
                "60",
            ])
            .stdout,
        )
        .contains('┤')
    };
    assert!(drawn("always"));
    assert!(!drawn("never") && !drawn("auto"));
    let mut sink = Vec::new();
    sink.write_all(
        &run(&[
            "tangents",
            "x^2",
            "--at",
            "1",
            "--terminal",
            "always",
            "--width",
            "60",
        ])
        .stdout,
    )
    .unwrap();
    let widest = text(&sink)
        .lines()
        .skip_while(|line| !line.contains("f'(x)"))
        .map(|line| line.chars().count())
        .max();
    assert!(widest.unwrap() <= 60);
}

/// The size of a GIF, and the time of each frame in hundredths.
fn frames(path: &str) -> ([u16; 2], Vec<u16>) {
    let bytes = fs::read(path).unwrap();
    let mut decoder = gif::DecodeOptions::new().read_info(&bytes[..]).unwrap();
    let size = [decoder.width(), decoder.height()];
    let mut times = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        times.push(frame.delay);
    }
    (size, times)
}

#[test]
fn moving_pictures_stand_at_their_ends_and_are_small() {
    let folder = folder("moving");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let asked: [(&[&str], [u16; 2]); 5] = [
        (&["tangents", "2x^2", "--at", "2"], [720, 480]),
        (&["tangents", "|x|", "--at", "0"], [720, 480]),
        (&["tangents", "sin(x)", "--at", "0..6"], [720, 640]),
        (
            &["descend", "2x^2", "--from", "3", "--theme", "dark"],
            [720, 480],
        ),
        (
            &[
                "descend", "x^2+8y^2", "--from", "x=3,y=1", "--size", "640x400",
            ],
            [640, 400],
        ),
    ];
    for (place, (arguments, size)) in asked.into_iter().enumerate() {
        let path = file(&format!("{place}.gif"));
        let output = run(&[arguments, &["-o", &path]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let (found, times) = frames(&path);
        assert_eq!(found, size);
        assert!(times.len() > 40 && times[0] >= 80 && *times.last().unwrap() >= 250);
        // Between its ends it moves with 14 frames in a second.
        assert!(
            times[1..times.len() - 1]
                .iter()
                .all(|time| time.is_multiple_of(7))
        );
        assert!(fs::metadata(&path).unwrap().len() < 1_500_000);
    }
    let refused = run(&["step", "2x^2", "--at", "2", "-o", &file("no.gif")]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(names(&folder).len(), 5);
}
