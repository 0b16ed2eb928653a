//! Draws the scene `secant` as `NAME.svg` and `NAME.png` and prints it.
//!
//! `cargo run -p secant-plot --example secant -- NAME [WIDTH HEIGHT] [light|dark]`
#![allow(clippy::print_stdout)]

mod scenes;

use std::error::Error;

use secant_plot::{Theme, png, svg, terminal};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let name = words.first().map_or("secant", String::as_str);
    let length = |index: usize, usual: f64| match words.get(index) {
        Some(word) => word.parse::<f64>(),
        None => Ok(usual),
    };
    let theme = match words.get(3).map(String::as_str) {
        Some("dark") => Theme::Dark,
        Some("light") => Theme::Light,
        _ => Theme::Dark,
    };
    let scene = scenes::secant(length(1, 900.0)?, length(2, 600.0)?).theme(theme);
    std::fs::write(format!("{name}.svg"), svg(&scene))?;
    std::fs::write(format!("{name}.png"), png(&scene, 1.0)?)?;
    print!("{}", terminal(&scene, 100, 30, true));
    Ok(())
}
