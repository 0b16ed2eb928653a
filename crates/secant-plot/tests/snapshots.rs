//! Pictures held against committed ones, as text with fixed digits.
//!
//! After a change that is meant, run the tests once with `UPDATE_SNAPSHOTS=1`
//! in the environment, look at the pictures, and commit them.
#![allow(clippy::unwrap_used)]

#[path = "../examples/scenes/mod.rs"]
mod scenes;

use std::path::Path;

use secant_plot::{Axis, Colour, Guide, Line, Point, Scene, Theme, palette, svg, terminal};

fn assert_snapshot(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(found == expected, "{name} has changed:\n{found}");
}

fn corner() -> Scene {
    Scene::new(300.0, 200.0)
        .describe("The absolute value, with its corner at 0.")
        .x(Axis::new(-1.0, 1.0))
        .y(Axis::new(0.0, 1.0))
        .with(Guide::vertical(0.0))
        .with(Line::new([[-1.0, 1.0], [0.0, 0.0], [1.0, 1.0]]))
        .with(Line::new([[-2.0, 0.5], [0.5, 0.5]]).colour(palette(1)))
        .with(Point::new([0.5, 0.5]).colour(Colour::Exact([12, 34, 56])))
        .with(Point::new([0.0, 0.0]).hollow())
}

#[test]
fn a_simple_figure_is_written_the_same_everywhere() {
    assert_snapshot("corner.svg", &svg(&corner()));
}

#[test]
fn the_dark_theme_changes_shades_alone() {
    let shapes = |theme| {
        let text = svg(&corner().theme(theme));
        let outlines = text.split("d=\"").skip(1);
        let outlines = outlines.map(|rest| rest.split('"').next().unwrap().to_string());
        outlines.collect::<Vec<_>>()
    };
    assert_eq!(shapes(Theme::Light), shapes(Theme::Dark));
    assert_ne!(svg(&corner()), svg(&corner().theme(Theme::Dark)));
}

#[test]
fn the_tangents_look_so_in_a_terminal() {
    let text = terminal(&scenes::tangents(900.0, 600.0), 80, 24, false);
    assert_snapshot("tangents.txt", &text);
}

#[test]
fn no_ring_lies_over_the_dot_before() {
    const DOT: &str = "#0c2238";
    let scene = |apart: f64| {
        let point =
            |k: usize| Point::new([apart * k as f64, 0.5]).colour(Colour::Exact([12, 34, 56]));
        Scene::new(300.0, 200.0)
            .x(Axis::new(-1.0, 1.0))
            .y(Axis::new(0.0, 1.0))
            .with_all((0..3).map(point))
    };
    // The fills of the three rings and dots, which come last, in their order.
    let fills = |apart: f64| {
        let text = svg(&scene(apart));
        let fills: Vec<bool> = text
            .split("fill=\"")
            .skip(1)
            .map(|rest| rest.starts_with(DOT))
            .collect();
        fills[fills.len() - 6..].to_vec()
    };
    assert_eq!(fills(0.01), [false, false, false, true, true, true]);
    assert_eq!(fills(0.3), [false, true, false, true, false, true]);
}
