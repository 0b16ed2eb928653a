//! The scenes the examples draw and the tests measure.
#![allow(dead_code)]

use secant_plot::{Axis, Dash, Guide, Label, Line, Point, Scene, palette};

/// Evenly spaced places of a function, ends included.
pub(crate) fn sampled(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    const STEPS: u32 = 240;
    (0..=STEPS)
        .map(|index| low + (high - low) * f64::from(index) / f64::from(STEPS))
        .map(|x| [x, f(x)])
        .collect()
}

/// A straight line through a place, half a run to each side.
fn tangent(at: [f64; 2], slope: f64, half: f64) -> Line {
    Line::new([-half, half].map(|run| [at[0] + run, at[1] + slope * run]))
}

/// The parabola `2x^2` with its tangents at 0, 1, 2, 3 and 4.
pub(crate) fn tangents(width: f64, height: f64) -> Scene {
    let mut scene = Scene::new(width, height)
        .title(r"f(x) = 2x^2, \qquad f'(x) = 4x")
        .describe(
            "The parabola 2 x squared from x = -1 to 5, with tangent lines at x = 0, 1, 2, 3 \
             and 4, of slopes 0, 4, 8, 12 and 16.",
        )
        .x(Axis::new(-1.0, 5.0).label("x"))
        .y(Axis::new(-6.0, 50.0).label("f(x)"))
        .with(Line::new(sampled(-1.0, 5.0, |x| 2.0 * x * x)));
    for index in 0..5_u8 {
        let x = f64::from(index);
        let (at, slope) = ([x, 2.0 * x * x], 4.0 * x);
        let colour = palette(usize::from(index));
        scene = scene
            .with(tangent(at, slope, 0.9).colour(colour))
            .with(Point::new(at).colour(colour))
            .with(Label::new(at, format!("f'({index}) = {slope}")).colour(colour));
    }
    scene
}

/// The hyperbola `1/x` around its pole, with a secant over a step and the
/// tangent it becomes.
pub(crate) fn secant(width: f64, height: f64) -> Scene {
    let (x, step) = (0.5, 1.0);
    let (from, to) = ([x, 1.0 / x], [x + step, 1.0 / (x + step)]);
    let slope = (to[1] - from[1]) / step;
    let (run, rise) = ([to[0], from[1]], palette(3));
    Scene::new(width, height)
        .title(r"f(x) = \frac{1}{x}, \qquad \frac{f(x+\delta) - f(x)}{\delta} \to -\frac{1}{x^2}")
        .describe(
            "The hyperbola 1 / x in two branches around its pole at 0, a secant from x = 0.5 \
             to 1.5 of slope -4/3, and the tangent at 0.5 of slope -4.",
        )
        .x(Axis::new(-3.0, 3.0).label("x"))
        .y(Axis::new(-6.0, 6.0))
        .with(Guide::vertical(0.0))
        .with(Line::pieces([
            sampled(-3.0, -1e-3, |x| 1.0 / x),
            sampled(1e-3, 3.0, |x| 1.0 / x),
        ]))
        .with(tangent(from, -4.0, 0.9).colour(palette(0)))
        .with(Line::new([-0.9, 2.3].map(|t| [from[0] + t, from[1] + slope * t])).colour(palette(1)))
        .with(
            Line::new([from, run, to])
                .colour(rise)
                .dash(Dash::Dashed)
                .width(1.5),
        )
        .with(Point::new(from).colour(palette(0)))
        .with(Point::new(to).colour(palette(1)).hollow())
        .with(Label::new(from, "f'(0.5) = -4").colour(palette(0)))
        .with(Label::new(to, r"\text{secant of slope } {-\tfrac43}").colour(palette(1)))
        .with(Label::new([x + step / 2.0, from[1]], r"\delta = 1").colour(rise))
        .with(Label::new([-2.0, -0.5], r"f(x) = \frac1x"))
        .with(Label::new([0.0, 5.0], r"x = 0").colour(secant_plot::Colour::Faint))
}

/// A wave with twelve labels close together.
pub(crate) fn crowded(width: f64, height: f64) -> Scene {
    let wave = |x: f64| x.sin() + 0.3 * (3.0 * x).sin();
    let slope = |x: f64| x.cos() + 0.9 * (3.0 * x).cos();
    let mut scene = Scene::new(width, height)
        .title(r"f(x) = \sin x + 0.3 \sin 3x")
        .describe("A wave with twelve tangents, each labelled with its slope.")
        .x(Axis::new(0.0, 6.5).label("x"))
        .y(Axis::new(-1.6, 1.6))
        .with(Line::new(sampled(0.0, 6.5, wave)));
    for index in 0..12_u8 {
        let x = 0.3 + 0.5 * f64::from(index);
        let (at, slope) = ([x, wave(x)], slope(x));
        let colour = palette(usize::from(index));
        scene = scene
            .with(tangent(at, slope, 0.22).colour(colour))
            .with(Point::new(at).colour(colour))
            .with(Label::new(at, format!("f'({x:.1}) = {slope:.2}")).colour(colour));
    }
    scene
}
