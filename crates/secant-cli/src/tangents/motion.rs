//! Curves in motion: the secant that slides into the tangent, and the tangent that travels while its slope is traced
//! below. Every frame has the same axes; every number in it is one the library gave.

use secant::{Curve, Secant, Tangent, tangent};
use secant_plot::{Animation, Axis, Colour, Dash, Item, Line, Point, Scene, Tex};

use super::{Found, figure};
use crate::args::{Animate, Tangents};
use crate::failure::Failure;
use crate::picture::look::{AIR, Look, with_air};
use crate::picture::motion::{SIZE, clear_of, eased, readout, timed};
use crate::picture::number::reading;
use crate::reading::latex_of;
use crate::text;

/// The motion that was asked for.
pub(crate) fn of(found: &Found, look: &Look, asked: &Tangents) -> Result<Animation, Failure> {
    let several = found.tangents.len() > 1;
    let pictures = match asked.animate {
        Some(Animate::Secant) if several => {
            return Err(
                Failure::new("picture", "a secant slides into the tangent at one point")
                    .hint("give --at one value, or let the tangent travel: --animate travel"),
            );
        }
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

/// The line through two points of the curve, while delta goes from 1 to 0.0001 by equal ratios. Where there is no tangent for it to slide into, the line
/// through the point behind is drawn too: at a corner the two never meet.
fn secant(found: &Found, look: &Look, size: [f64; 2]) -> Vec<Vec<Scene>> {
    const FRAMES: usize = 70;
    const REACH: f64 = 1.6;
    const DECADES: f64 = 4.0;
    let (Some(at), Some(exact)) = (found.points.first(), found.tangents.first()) else {
        return Vec::new();
    };
    let slides: Vec<(f64, Vec<Sliding>)> = eased(FRAMES)
        .map(|share| 10f64.powf(-DECADES * share))
        .filter_map(|delta| {
            let line = tangent(found.function, at, found.moving, delta).ok()?;
            Some((delta, sliding(&line)))
        })
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let x = look.x.unwrap_or((exact.x - REACH, exact.x + REACH));
    let curve = Curve::sample(found.function, at, found.moving, x);
    let first = slides.first().map_or(&[][..], |(_, lines)| lines);
    let marked = first.iter().flat_map(|line| line.marked());
    let marked: Vec<f64> = marked.chain([exact.f]).collect();
    let y = look.y.unwrap_or_else(|| with_air(curve.view(&marked), AIR));
    let clear = clear_of(&curve.pieces, x, y);
    let ground = framed(found, look, size, x, y)
        .with(Line::pieces(curve.pieces))
        .with_all(reached(exact, x));
    let ground = look.titled(ground, || figure::title(found));
    let last = slides.len().saturating_sub(1);
    let picture = |(place, (delta, lines)): (usize, &(f64, Vec<Sliding>))| {
        let mut told = vec![reading(r"\delta", "delta", *delta)];
        told.extend(lines.iter().map(Sliding::told));
        if let (Some(slope), [line]) = (exact.report.value, lines.as_slice()) {
            told.push(reading(r"\text{error}", "error", line.secant.slope - slope));
        }
        let drawn = lines
            .iter()
            .fold(ground.clone(), |scene, line| scene.with_all(line.drawn(x)));
        let scene = drawn
            .with(Point::new([exact.x, exact.f]))
            .with_all(readout(told, x, y, clear));
        // The tangent is named when it is reached.
        let label = figure::label(found, exact).filter(|_| place == last);
        vec![scene.with_all(label.map(|label| label.colour(TANGENT)))]
    };
    slides.iter().enumerate().map(picture).collect()
}

/// Blue and red, as on the page.
const TANGENT: Colour = Colour::Series(0);
const SECANT: Colour = Colour::Series(1);
const BEHIND: Colour = Colour::Series(2);

/// A secant in one picture of its way.
struct Sliding {
    secant: Secant,
    colour: Colour,
    /// On which side of the point its other point lies, where both sides are drawn.
    side: Option<&'static str>,
}

/// The secants that are drawn: the one ahead; both, where there is no tangent.
fn sliding(line: &Tangent) -> Vec<Sliding> {
    let alone = line.report.value.is_some();
    let ahead = (line.secant, SECANT, "ahead");
    let behind = Some((line.behind, BEHIND, "behind")).filter(|_| !alone);
    let both = [ahead].into_iter().chain(behind);
    both.filter(|(secant, ..)| secant.slope.is_finite())
        .map(|(secant, colour, side)| Sliding {
            secant,
            colour,
            side: (!alone).then_some(side),
        })
        .collect()
}

impl Sliding {
    /// Its slope in words.
    fn told(&self) -> Tex {
        let (latex, plain) = match self.side {
            Some(side) => (
                format!(r"\Delta f / \Delta x \text{{ {side}}}"),
                format!("Δf/Δx {side}"),
            ),
            None => (r"\Delta f / \Delta x".to_owned(), "Δf/Δx".to_owned()),
        };
        reading(&latex, &plain, self.secant.slope)
    }

    /// The heights that must be seen: of its other point, and of two lines some of how they go on beyond the point in which they meet.
    fn marked(&self) -> impl Iterator<Item = f64> {
        const BEYOND: f64 = 0.4;
        let [first, second] = [self.secant.first[1], self.secant.second[1]];
        let beyond = first - BEYOND * (second - first);
        [second].into_iter().chain(self.side.map(|_| beyond))
    }

    /// The line across the picture, the triangle below it and its other point.
    fn drawn(&self, x: (f64, f64)) -> Vec<Item> {
        let (first, second) = (self.secant.first, self.secant.second);
        let legs = [first, [second[0], first[1]], second];
        let line = across(first, self.secant.slope, x).colour(self.colour);
        vec![
            Line::new(legs).colour(Colour::Faint).width(1.4).into(),
            line.width(2.4).into(),
            Point::new(second).colour(self.colour).into(),
        ]
    }
}

/// Where secants go: the tangent, or the tangents of either side.
fn reached(exact: &Tangent, x: (f64, f64)) -> Vec<Line> {
    let point = &exact.report.point;
    let lines = match exact.report.value {
        Some(slope) => vec![across([exact.x, exact.f], slope, x)],
        None => {
            let sides = [
                (point.left, point.left_limit, x.0),
                (point.right, point.right_limit, x.1),
            ];
            let half = |(slope, limit, end): (Option<f64>, Option<f64>, f64)| {
                let (slope, from) = (slope?, limit.unwrap_or(exact.f));
                let there = from + slope * (end - exact.x);
                there
                    .is_finite()
                    .then(|| Line::new([[exact.x, from], [end, there]]))
            };
            sides.into_iter().filter_map(half).collect()
        }
    };
    let dashed = |line: Line| line.colour(TANGENT).dash(Dash::Dashed).width(1.6);
    lines.into_iter().map(dashed).collect()
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
        let mut lower = below.clone().with(Line::pieces(passed).colour(TANGENT));
        if let Some(slope) = station.report.value {
            let place = [station.x, slope];
            upper = upper.with(across(at, slope, x).colour(TANGENT).width(2.4));
            lower = lower.with(Point::new(place).colour(TANGENT));
        }
        if at[1].is_finite() {
            upper = upper.with(Point::new(at));
        }
        vec![upper, lower]
    };
    stations.iter().map(picture).collect()
}
