//! A drawing as pixels, and pixels as PNG.
//!
//! Takes the same drawing the SVG is written from and paints it shape by shape
//! at any scale.

use tiny_skia::{
    Color, FillRule, LineJoin, Paint as Brush, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};

use crate::area::Place;
use crate::colour::Rgb;
use crate::drawing::{Drawing, Paint, Path, Shape, Step};
use crate::error::Error;
use crate::figure::compose;
use crate::scene::Scene;

/// More pixels than this across or down, or in all, are refused: a slip of
/// the keyboard must not ask for all memory.
const MOST_PIXELS: f64 = 20_000.0;
const MOST_IN_ALL: f64 = 67_108_864.0;

/// A scene as the bytes of a PNG file, `scale` pixels for each of the scene.
///
/// ```
/// use secant_plot::{Scene, png};
///
/// let bytes = png(&Scene::new(300.0, 200.0), 2.0)?;
/// assert!(bytes.starts_with(b"\x89PNG"));
/// assert!(png(&Scene::new(300.0, 200.0), 0.0).is_err());
/// assert!(png(&Scene::new(300.0, 200.0), 60.0).is_err());
/// # Ok::<(), secant_plot::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Size`] where the picture would have no pixel or too many.
pub fn png(scene: &Scene, scale: f32) -> Result<Vec<u8>, Error> {
    let pixels = paint(&compose(scene).drawing, scale)?;
    encode(&pixels).map_err(|reason| Error::Encode(reason.to_string()))
}

/// The ground covers everything, so opacity need not be stored.
fn encode(pixels: &Pixmap) -> Result<Vec<u8>, ::png::EncodingError> {
    let colours: Vec<u8> = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(bytes)
}

pub(crate) fn paint(drawing: &Drawing, scale: f32) -> Result<Pixmap, Error> {
    let [width, height] = drawing
        .size
        .map(|length| (length * f64::from(scale)).round());
    let usable = |length: f64| (1.0..=MOST_PIXELS).contains(&length);
    let refused = Error::Size { width, height };
    if !(usable(width) && usable(height)) || width * height > MOST_IN_ALL {
        return Err(refused);
    }
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or(refused)?;
    pixels.fill(color(drawing.background));
    for shape in &drawing.shapes {
        paint_shape(&mut pixels, shape, Transform::from_scale(scale, scale));
    }
    Ok(pixels)
}

fn paint_shape(pixels: &mut Pixmap, shape: &Shape, transform: Transform) {
    // A path without extent has no outline, and leaves no ink.
    let Some(path) = outline(&shape.path) else {
        return;
    };
    let mut brush = Brush {
        anti_alias: true,
        ..Brush::default()
    };
    brush.set_color(color(shape.colour));
    match shape.paint {
        Paint::Fill => pixels.fill_path(&path, &brush, FillRule::Winding, transform, None),
        Paint::Stroke { width, dash } => {
            let stroke = Stroke {
                width: width as f32,
                line_join: LineJoin::Round,
                dash: dash.and_then(|lengths| {
                    StrokeDash::new(lengths.map(|length| length as f32).to_vec(), 0.0)
                }),
                ..Stroke::default()
            };
            pixels.stroke_path(&path, &brush, &stroke, transform, None);
        }
    }
}

fn outline(path: &Path) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    let narrow = |place: Place| place.map(|value| value as f32);
    for step in &path.steps {
        match *step {
            Step::Move(a) => {
                let [x, y] = narrow(a);
                builder.move_to(x, y);
            }
            Step::Line(a) => {
                let [x, y] = narrow(a);
                builder.line_to(x, y);
            }
            Step::Quad(a, b) => {
                let [[x1, y1], [x, y]] = [a, b].map(narrow);
                builder.quad_to(x1, y1, x, y);
            }
            Step::Cubic(a, b, c) => {
                let [[x1, y1], [x2, y2], [x, y]] = [a, b, c].map(narrow);
                builder.cubic_to(x1, y1, x2, y2, x, y);
            }
            Step::Close => builder.close(),
        }
    }
    builder.finish()
}

fn color([red, green, blue]: Rgb) -> Color {
    Color::from_rgba8(red, green, blue, 255)
}
