//! Curves in motion: the secant that slides into the tangent, and the tangent that travels while its slope is traced
//! below. Every frame has the same axes; every number in it is one the library gave.

use secant::{Curve, Tangent, tangent};
use secant_plot::{Animation, Axis, Colour, Dash, Line, Point, Scene, Tex, palette};

use super::{Found, figure};
use crate::args::{Animate, Tangents};
use crate::failure::Failure;
use crate::picture::look::{AIR, Look, with_air};
use crate::picture::motion::{SIZE, eased, readout, timed};
use crate::picture::number::reading;
use crate::reading::latex_of;
use crate::text;

/// The motion that was asked for.
pub(crate) fn of(found: &Found, look: &Look, asked: &Tangents) -> Result<Animation, Failure> {
    let several = found.tangents.len() > 1;
    let pictures = match asked.animate {
        Some(Animate::Travel) => travel(found, look, look.size_or([720.0, 640.0])),
        None if several => travel(found, look, look.size_or([720.0, 640.0])),
        Some(Animate::Secant) | None => secant(found, look, look.size_or(SIZE)),
    };
    if pictures.is_empty() {
        return Err(
            Failure::new("picture", "there is no line to be drawn at this point")
                .hint("choose a point where the function has a value"),
        );
    }
    Ok(timed(pictures))
}

/// A scene with the curve's names, over these ranges.
fn framed(found: &Found, look: &Look, size: [f64; 2], x: (f64, f64), y: (f64, f64)) -> Scene {
    Scene::new(size[0], size[1])
        .theme(look.theme)
        .x(Axis::new(x.0, x.1).label(latex_of(found.variable())))
        .y(Axis::new(y.0, y.1).label(Tex::new(
            figure::latex_value(found),
            figure::plain_value(found),
        )))
}

/// The line of this slope through a place, across the whole picture.
fn across(at: [f64; 2], slope: f64, x: (f64, f64)) -> Line {
    Line::new([x.0, x.1].map(|end| [end, at[1] + slope * (end - at[0])]))
}

/// The line through two points of the curve, while delta goes from 1 to 0.0001 by equal ratios.
fn secant(found: &Found, look: &Look, size: [f64; 2]) -> Vec<Vec<Scene>> {
    const FRAMES: usize = 70;
    const REACH: f64 = 1.6;
    const DECADES: f64 = 4.0;
    let (Some(at), Some(exact)) = (found.points.first(), found.tangents.first()) else {
        return Vec::new();
    };
    let slides: Vec<(f64, Tangent)> = eased(FRAMES)
        .map(|share| 10f64.powf(-DECADES * share))
        .filter_map(|delta| {
            Some((
                delta,
                tangent(found.function, at, found.moving, delta).ok()?,
            ))
        })
        .filter(|(_, line)| line.secant.slope.is_finite())
        .collect();
    let x = look.x.unwrap_or((exact.x - REACH, exact.x + REACH));
    let curve = Curve::sample(found.function, at, found.moving, x);
    let mut marked = vec![exact.f];
    marked.extend(slides.first().map(|(_, line)| line.secant.second[1]));
    let y = look.y.unwrap_or_else(|| with_air(curve.view(&marked), AIR));
    let falls = exact.report.value.is_some_and(|slope| slope < 0.0);
    let ground = framed(found, look, size, x, y).with(Line::pieces(curve.pieces));
    let ground = look.titled(ground, || figure::title(found));
    let last = slides.len().saturating_sub(1);
    let picture = |(place, (delta, line)): (usize, &(f64, Tangent))| {
        let (first, second) = (line.secant.first, line.secant.second);
        let mut scene = ground.clone();
        if let Some(slope) = exact.report.value {
            let tangent = across(first, slope, x).colour(palette(1));
            scene = scene.with(tangent.dash(Dash::Dashed).width(1.6));
        }
        let legs = [first, [second[0], first[1]], second];
        let mut lines = vec![
            reading(r"\delta", "delta", *delta),
            reading(r"\Delta f / \Delta x", "Δf/Δx", line.secant.slope),
        ];
        if let Some(slope) = exact.report.value {
            lines.push(reading(r"\text{error}", "error", line.secant.slope - slope));
        }
        scene = scene
            .with(Line::new(legs).colour(Colour::Faint).width(1.4))
            .with(
                across(first, line.secant.slope, x)
                    .colour(palette(0))
                    .width(2.4),
            )
            .with(Point::new(second).colour(palette(0)))
            .with(Point::new(first))
            .with_all(readout(lines, x, y, falls));
        // The tangent is named when it is reached.
        let label = figure::label(found, exact).filter(|_| place == last);
        match label {
            Some(label) => vec![scene.with(label.colour(palette(1)))],
            None => vec![scene],
        }
    };
    slides.iter().enumerate().map(picture).collect()
}

/// The tangent from one end of the picture to the other, and its slope as a curve below.
fn travel(found: &Found, look: &Look, size: [f64; 2]) -> Vec<Vec<Scene>> {
    const FRAMES: usize = 90;
    /// Room for the numbers of both panels, so that they line up.
    const LEFT: f64 = 78.0;
    let Some(held) = found.points.first() else {
        return Vec::new();
    };
    let x = look.x.unwrap_or_else(|| figure::around(found, false));
    let size = [size[0], (size[1] / 2.0).round()];
    let curve = Curve::sample(found.function, held, found.moving, x);
    let y = look.y.unwrap_or_else(|| with_air(curve.view(&[]), AIR));
    let stations: Vec<Tangent> = eased(FRAMES)
        .filter_map(|share| {
            let mut at = held.clone();
            at[found.moving] = x.0 + share * (x.1 - x.0);
            tangent(found.function, &at, found.moving, found.delta).ok()
        })
        .collect();
    let mut direction = vec![0.0; held.len()];
    direction[found.moving] = 1.0;
    let derivative = found.function.derivative_along(&direction);
    let mut slopes = Curve::sample(&derivative, held, found.moving, x);
    let steep = with_air(slopes.view(&[]), AIR);
    // The simplified derivative may have values where f has none.
    let has_value = |x: f64| {
        let mut at = held.clone();
        at[found.moving] = x;
        found.function.value_at(0, &at).is_finite()
    };
    for place in slopes.pieces.iter_mut().flatten() {
        if !has_value(place[0]) {
            place[1] = f64::NAN;
        }
    }
    let (f, variable) = (text::name(found.formula), found.variable());
    let name = Tex::new(
        format!("{}'({})", latex_of(f), latex_of(variable)),
        format!("{f}'({variable})"),
    );
    let above = framed(found, look, size, x, y)
        .left(LEFT)
        .with(Line::pieces(curve.pieces));
    let above = look.titled(above, || figure::title(found));
    let mut below = framed(found, look, size, x, steep).left(LEFT);
    below.y = Axis::new(steep.0, steep.1).label(name);
    let picture = |station: &Tangent| {
        let at = [station.x, station.f];
        let passed = slopes.pieces.iter().map(|piece| {
            let passed = piece
                .iter()
                .copied()
                .take_while(|place| place[0] <= station.x);
            passed.collect::<Vec<[f64; 2]>>()
        });
        let mut upper = above.clone();
        let mut lower = below.clone().with(Line::pieces(passed).colour(palette(0)));
        if let Some(slope) = station.report.value {
            let place = [station.x, slope];
            upper = upper.with(across(at, slope, x).colour(palette(0)).width(2.4));
            lower = lower.with(Point::new(place).colour(palette(0)));
        }
        if at[1].is_finite() {
            upper = upper.with(Point::new(at));
        }
        vec![upper, lower]
    };
    stations.iter().map(picture).collect()
}
