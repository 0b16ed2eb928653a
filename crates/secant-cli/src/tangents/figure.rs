//! From what was found to a scene: the curve in its pieces, a tangent segment and a label for each point, and what there
//! is to see at points without a tangent. It chooses what is drawn where; it computes no value of the function.

use secant::Notation;
use secant::{Curve, PointKind, Tangent};
use secant_plot::{Axis, Colour, Dash, Item, Label, Line, Point, Scene, Tex, palette};

use super::Found;
use crate::picture::look::{self, AIR, Look, fitting, with_air};
use crate::picture::number::{rounded, rounded_beside};
use crate::reading::latex_of;
use crate::text;

/// More points than this go without labels.
const MOST_LABELS: usize = 16;
/// More points than this go without labels at their secants.
const MOST_SECANT_LABELS: usize = 4;
/// The part of the plane that is looked at, and the curve in it.
pub(crate) struct Frame {
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
    pub(crate) curve: Curve,
}

/// What the picture shows of the plane: what was asked for, else what holds all points.
pub(crate) fn frame(found: &Found, look: &Look) -> Frame {
    let x = look.x.unwrap_or_else(|| around(found, found.shows_secants));
    let held = found.points.first().map_or(&[][..], Vec::as_slice);
    let curve = Curve::sample(found.function, held, found.moving, x);
    let y = look
        .y
        .unwrap_or_else(|| with_air(curve.view(&marked(found, x, found.shows_secants)), AIR));
    Frame { x, y, curve }
}

/// The picture of what was found.
pub(crate) fn scene(found: &Found, look: &Look) -> Scene {
    let Frame { x: range, y, curve } = frame(found, look);
    // The more tangents there are, the shorter each: five of them leave each other room.
    let half = (0.8 / found.tangents.len().max(1) as f64).clamp(0.09, 0.24);
    let view = View {
        x: range,
        y,
        size: look.size,
        half,
    };
    let scene = look
        .scene(look.size, description(found, range))
        .x(Axis::new(range.0, range.1).label(latex_of(found.variable())))
        .y(Axis::new(y.0, y.1).label(Tex::new(latex_value(found), plain_value(found))))
        .with(Line::pieces(curve.pieces));
    let scene = look.titled(scene, || title(found));
    let labelled = found.tangents.len() <= MOST_LABELS;
    found
        .tangents
        .iter()
        .enumerate()
        .fold(scene, |scene, (place, tangent)| {
            let colour = palette(place);
            let scene = if found.shows_secants {
                scene.with_all(secant(tangent, found.tangents.len() <= MOST_SECANT_LABELS))
            } else {
                scene
            };
            let scene = scene.with_all(marks(tangent, &view, colour));
            match label(found, tangent).filter(|_| labelled) {
                Some(label) => scene.with(label.colour(colour)),
                None => scene,
            }
        })
}

/// The part of the plane that is shown, on so many pixels.
struct View {
    x: (f64, f64),
    y: (f64, f64),
    size: [f64; 2],
    /// Half the length of a tangent segment, as a part of the width.
    half: f64,
}

impl View {
    /// The step along a line of this slope that is as long on the picture as all others.
    fn step(&self, slope: f64) -> [f64; 2] {
        let (width, height) = (self.x.1 - self.x.0, self.y.1 - self.y.0);
        if slope.is_infinite() {
            return [
                0.0,
                slope.signum() * self.half * height * self.size[0] / self.size[1],
            ];
        }
        let steepness = slope * width / height * self.size[1] / self.size[0];
        let run = self.half * width / steepness.hypot(1.0);
        [run, slope * run]
    }
}

/// From the first to the last point with room on both sides.
pub(crate) fn around(found: &Found, secant: bool) -> (f64, f64) {
    let ends = found.tangents.iter().flat_map(|tangent| {
        [
            tangent.x,
            if secant {
                tangent.secant.second[0]
            } else {
                tangent.x
            },
        ]
    });
    let (low, high) = look::ends(ends);
    let alone = if found.tangents.len() == 1 {
        low.abs().max(2.0)
    } else {
        0.0
    };
    let room = (0.25 * (high - low)).max(alone);
    let room = if room > 0.0 { room } else { low.abs().max(2.0) };
    (low - room, high + room)
}

/// The values that must be seen.
fn marked(found: &Found, range: (f64, f64), secant: bool) -> Vec<f64> {
    let seen = found
        .tangents
        .iter()
        .filter(|tangent| (range.0..=range.1).contains(&tangent.x));
    seen.flat_map(|tangent| {
        let point = &tangent.report.point;
        let second = secant.then_some(tangent.secant.second[1]);
        [Some(tangent.f), second, point.left_limit, point.right_limit]
            .into_iter()
            .flatten()
            .filter(|value| value.is_finite())
    })
    .collect()
}

/// The tangent with its point; where there is none, what exists on either side.
fn marks(tangent: &Tangent, view: &View, colour: Colour) -> Vec<Item> {
    let at = [tangent.x, tangent.f];
    let point = &tangent.report.point;
    let mut items: Vec<Item> = Vec::new();
    if let Some(slope) = tangent.report.value {
        let [run, rise] = view.step(slope);
        items.push(
            Line::new([[at[0] - run, at[1] - rise], [at[0] + run, at[1] + rise]])
                .colour(colour)
                .into(),
        );
    } else {
        let half = |at: [f64; 2], slope: f64, side: f64| {
            let [run, rise] = view.step(slope);
            Line::new([at, [at[0] + side * run, at[1] + side * rise]])
                .colour(colour)
                .dash(Dash::Dashed)
                .width(1.3)
        };
        let ends = [
            (point.left, point.left_limit, -1.0),
            (point.right, point.right_limit, 1.0),
        ];
        for (slope, limit, side) in ends {
            let from = [at[0], limit.unwrap_or(at[1])];
            if let Some(slope) = slope.filter(|_| from[1].is_finite()) {
                items.push(half(from, slope, side).into());
            }
            // The end of a curve that the function does not take is hollow.
            if from[1].is_finite() && limit.is_some() && !(from[1] == at[1]) {
                items.push(Point::new(from).colour(colour).hollow().into());
            }
        }
    }
    if at[1].is_finite() {
        items.push(Point::new(at).colour(colour).into());
    }
    items
}

/// The line through the two points of the difference, a little longer than between them.
fn secant(tangent: &Tangent, labelled: bool) -> Vec<Item> {
    let (first, second) = (tangent.secant.first, tangent.secant.second);
    if !(first[1].is_finite() && second[1].is_finite()) {
        return Vec::new();
    }
    let slope = rounded(tangent.secant.slope);
    let label = Tex::new(
        format!(r"\frac{{\Delta f}}{{\Delta x}} {}", slope.latex()),
        format!("Δf/Δx {}", slope.plain()),
    );
    let beyond = |share: f64| {
        [
            first[0] + share * (second[0] - first[0]),
            first[1] + share * (second[1] - first[1]),
        ]
    };
    let mut items = vec![
        Line::new([beyond(-0.4), beyond(1.4)])
            .colour(Colour::Faint)
            .dash(Dash::Dashed)
            .width(1.6)
            .into(),
        Point::new(second).colour(Colour::Faint).hollow().into(),
    ];
    if labelled {
        items.push(Label::new(second, label).colour(Colour::Faint).into());
    }
    items
}

/// The slope, or the word for why there is none.
pub(crate) fn label(found: &Found, tangent: &Tangent) -> Option<Label> {
    let at = [tangent.x, shown_height(tangent)?];
    let Some(slope) = tangent.report.value else {
        let point = &tangent.report.point;
        let word = match point.kind {
            PointKind::Infinite if point.is_cusp() => "cusp",
            PointKind::Infinite => "vertical",
            kind => kind.name(),
        };
        return Some(Label::new(at, Tex::new(format!(r"\text{{{word}}}"), word)));
    };
    let slope = self::slope(found, tangent, slope);
    let name = text::name(found.formula);
    Some(if found.formula.variables().len() == 1 {
        let x = rounded_beside(tangent.x, nearest(found, tangent.x));
        let [latex_x, plain_x] = [x.latex(), x.plain()].map(|x| {
            x.trim_start_matches(['=', '≈', ' '])
                .trim_start_matches(r"\approx ")
                .to_owned()
        });
        Label::new(
            at,
            Tex::new(
                format!("{}'({latex_x}) {}", latex_of(name), slope.latex()),
                format!("{name}'({plain_x}) {}", slope.plain()),
            ),
        )
    } else {
        let variable = found.variable();
        Label::new(
            at,
            Tex::new(
                format!(
                    r"\partial_{{{}}} {} {}",
                    latex_of(variable),
                    latex_of(name),
                    slope.latex()
                ),
                format!("∂{name}/∂{variable} {}", slope.plain()),
            ),
        )
    })
}

/// How far away the nearest other point is.
fn nearest(found: &Found, x: f64) -> f64 {
    let apart = found.tangents.iter().map(|other| (other.x - x).abs());
    apart
        .filter(|apart| *apart > 0.0)
        .fold(f64::INFINITY, f64::min)
}

/// Where the label of a point stands: at its value, or at what the function tends to.
fn shown_height(tangent: &Tangent) -> Option<f64> {
    let point = &tangent.report.point;
    [Some(tangent.f), point.right_limit, point.left_limit]
        .into_iter()
        .flatten()
        .find(|value| value.is_finite())
}

/// A slope as [`rounded`]; beside far greater ones, what rounding left of a 0 is one: then the secant nearby does not have it.
fn slope(found: &Found, tangent: &Tangent, slope: f64) -> Tex {
    const NOTHING: f64 = 1e-12;
    const NEAR: f64 = 0.1;
    let greatest = found
        .tangents
        .iter()
        .filter_map(|tangent| tangent.report.value)
        .map(f64::abs)
        .fold(0.0, f64::max);
    let is_of_secant = (tangent.secant.slope - slope).abs() <= NEAR * slope.abs();
    let is_lost = slope != 0.0 && slope.abs() < NOTHING * greatest && !is_of_secant;
    // Of numbers below the normal ones few digits are left, or none.
    if is_lost || slope.is_subnormal() {
        Tex::new(r"\approx 0", "≈ 0")
    } else {
        rounded(slope)
    }
}

pub(crate) fn title(found: &Found) -> Option<Tex> {
    let body = |notation| secant::print(found.formula.body(), notation);
    let name = text::name(found.formula);
    let (latex, plain) = (
        format!("{} = {}", latex_value(found), body(Notation::Latex)),
        format!("{} = {}", plain_value(found), body(Notation::Unicode)),
    );
    let (slope_latex, slope_plain) = held(found).unwrap_or_else(|| {
        let variable = found.variable();
        (
            format!(
                "{}'({}) = {}",
                latex_of(name),
                latex_of(variable),
                found.derivative.written(Notation::Latex)
            ),
            format!(
                "{name}'({variable}) = {}",
                found.derivative.written(Notation::Unicode)
            ),
        )
    });
    let whole = (
        format!(r"{latex}, \qquad {slope_latex}"),
        format!("{plain},  {slope_plain}"),
    );
    // Without its conditions a rule would claim slopes that are not there; with them there may be no room.
    let conditions = &found.derivative.conditions;
    let with_conditions = (held(found).is_none() && !conditions.is_empty()).then(|| {
        let latex: Vec<String> = conditions.iter().map(|text| condition(text)).collect();
        (
            format!(r"{}\ \text{{ for }}\ {}", whole.0, latex.join(r",\ ")),
            format!("{} for {}", whole.1, conditions.join(", ")),
        )
    });
    fitting(with_conditions.into_iter().chain([whole, (latex, plain)]))
}

/// A condition as it is set: formulas around a relation or before words, anything else as words.
fn condition(text: &str) -> String {
    const RELATIONS: [(&str, &str); 5] = [
        (" ≠ ", r"\neq"),
        (" > ", ">"),
        (" < ", "<"),
        (" ≥ ", r"\geq"),
        (" ≤ ", r"\leq"),
    ];
    const WORDS: [&str; 2] = [" is defined", " not a whole number"];
    let sides = |(relation, sign)| {
        let (left, right) = text.split_once(relation)?;
        Some(format!("{} {sign} {}", latex_of(left), latex_of(right)))
    };
    let before = |words: &&str| {
        let formula = text.strip_suffix(words)?;
        Some(format!(r"{}\text{{{words}}}", latex_of(formula)))
    };
    let related = RELATIONS.into_iter().find_map(sides);
    let told = related.or_else(|| WORDS.iter().find_map(before));
    told.unwrap_or_else(|| format!(r"\text{{{text}}}"))
}

/// The variables that do not move, with their values.
fn held(found: &Found) -> Option<(String, String)> {
    let at = found.points.first()?;
    let others = found
        .formula
        .variables()
        .iter()
        .zip(at)
        .enumerate()
        .filter(|(input, _)| *input != found.moving);
    let (latex, plain): (Vec<String>, Vec<String>) = others
        .map(|(_, (name, value))| {
            let value = rounded(*value);
            (
                format!("{} {}", latex_of(name), value.latex()),
                format!("{name} {}", value.plain()),
            )
        })
        .unzip();
    (!latex.is_empty()).then(|| (latex.join(r",\ "), plain.join(", ")))
}

pub(crate) fn latex_value(found: &Found) -> String {
    let names: Vec<String> = found
        .formula
        .variables()
        .iter()
        .map(|name| latex_of(name))
        .collect();
    format!(
        "{}({})",
        latex_of(text::name(found.formula)),
        names.join(", ")
    )
}

pub(crate) fn plain_value(found: &Found) -> String {
    format!(
        "{}({})",
        text::name(found.formula),
        found.formula.variables().join(", ")
    )
}

/// The picture in words.
fn description(found: &Found, range: (f64, f64)) -> String {
    const MOST: usize = 12;
    let variable = found.variable();
    let each = found.tangents.iter().take(MOST).map(|tangent| {
        let place = format!("{variable} = {}", text::number(tangent.x));
        match tangent.report.value {
            Some(slope) => format!("a tangent at {place} of slope {}", text::number(slope)),
            None => format!(
                "no derivative at {place}: {}",
                text::reason(&tangent.report.point)
            ),
        }
    });
    let more = if found.tangents.len() > MOST {
        format!("; and {} more", found.tangents.len() - MOST)
    } else {
        String::new()
    };
    let (from, to) = (text::number(range.0), text::number(range.1));
    format!(
        "The curve {} from {variable} = {from} to {to}; {}{more}.",
        text::heading(found.formula),
        each.collect::<Vec<_>>().join("; ")
    )
}
