//! A drawing as SVG text.
//!
//! Letters are outlines, so that a browser without the fonts shows the same
//! picture; numbers have at most two digits behind the point, so that the same
//! scene gives the same text everywhere. Title and description go along for
//! readers who hear the picture.

use crate::area::Place;
use crate::colour::Rgb;
use crate::drawing::{Drawing, Paint, Path, Shape, Step};
use crate::figure::compose;
use crate::scene::Scene;

/// A scene as an SVG document.
///
/// ```
/// use secant_plot::{Line, Scene, svg};
///
/// let scene = Scene::new(400.0, 300.0)
///     .describe("A straight line.")
///     .with(Line::new([[0.0, 0.0], [1.0, 1.0]]));
/// let text = svg(&scene);
/// assert!(text.contains("<desc>A straight line.</desc>"));
/// assert_eq!(text, svg(&scene));
/// ```
pub fn svg(scene: &Scene) -> String {
    write_drawing(&compose(scene).drawing)
}

fn write_drawing(drawing: &Drawing) -> String {
    let [width, height] = drawing.size.map(number);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n"
    );
    for (tag, content) in [("title", &drawing.title), ("desc", &drawing.description)] {
        if !content.is_empty() {
            text += &format!("<{tag}>{}</{tag}>\n", escaped(content));
        }
    }
    text += &format!(
        "<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        hexadecimal(drawing.background)
    );
    for shape in &drawing.shapes {
        write_shape(&mut text, shape);
    }
    text += "</svg>\n";
    text
}

fn write_shape(text: &mut String, shape: &Shape) {
    let path = path_data(&shape.path);
    let colour = hexadecimal(shape.colour);
    *text += &match shape.paint {
        Paint::Fill => format!("<path d=\"{path}\" fill=\"{colour}\"/>\n"),
        Paint::Stroke { width, dash } => {
            let width = number(width);
            let dash = dash.map_or_else(String::new, |[on, off]| {
                format!(" stroke-dasharray=\"{} {}\"", number(on), number(off))
            });
            format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
                 stroke-linejoin=\"round\"{dash}/>\n"
            )
        }
    };
}

/// Steps relative to the place before, which need half the digits. Counted in
/// whole hundredths, they add up without rounding.
fn path_data(path: &Path) -> String {
    let mut data = String::new();
    let mut here = [0, 0];
    let mut start = [0, 0];
    for step in &path.steps {
        let (letter, places): (char, &[Place]) = match step {
            Step::Move(a) => ('m', &[*a]),
            Step::Line(a) => ('l', &[*a]),
            Step::Quad(a, b) => ('q', &[*a, *b]),
            Step::Cubic(a, b, c) => ('c', &[*a, *b, *c]),
            Step::Close => ('z', &[]),
        };
        data.push(letter);
        let from: [i64; 2] = here;
        for (index, place) in places.iter().enumerate() {
            here = place.map(hundredths);
            for axis in 0..2 {
                let text = decimal(here[axis] - from[axis]);
                // A minus separates numbers as well as a blank.
                if (index > 0 || axis > 0) && !text.starts_with('-') {
                    data.push(' ');
                }
                data += &text;
            }
        }
        match step {
            Step::Move(_) => start = here,
            Step::Close => here = start,
            _ => {}
        }
    }
    data
}

/// A length in pixels, at most two digits behind the point.
fn number(value: f64) -> String {
    decimal(hundredths(value))
}

fn hundredths(value: f64) -> i64 {
    (value * 100.0).round() as i64
}

/// Hundredths as a number without zeros at its end.
fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match (part, part % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", part / 10),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

fn hexadecimal([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text as XML allows it: marked characters escaped, control characters
/// (which XML forbids even when escaped) left out.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        match letter {
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '&' => safe += "&amp;",
            '\n' | '\t' => safe.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => {}
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_two_digits_and_no_minus_zero() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(12.346), "12.35");
        assert_eq!(number(100.0), "100");
        assert_eq!(number(-0.5), "-0.5");
        assert_eq!(number(7.05), "7.05");
    }

    #[test]
    fn relative_steps_start_again_after_a_closed_part() {
        let area = |x: f64| crate::area::Area::new([x, 1.0], [x + 2.5, 3.0]);
        let mut path = Path::rectangle(&area(1.0));
        path.steps.extend(Path::rectangle(&area(11.0)).steps);
        let part = "l2.5 0l0 2l-2.5 0z";
        assert_eq!(path_data(&path), format!("m1 1{part}m10 0{part}"));
    }

    #[test]
    fn words_cannot_break_out_of_their_element() {
        let scene = Scene::new(200.0, 150.0).describe("</desc><script>&\u{0}");
        let text = svg(&scene);
        assert!(text.contains("<desc>&lt;/desc&gt;&lt;script&gt;&amp;</desc>"));
    }
}
