//! The section of secant and tangent: the curve and its derivative in proven pieces, and what the library says of each
//! place at which they are not smooth.

use secant::{Curve, Formula, Recorded, RoughPlace, Tangent, rough_places};
use serde::Serialize;
use serde_json::json;

use super::{Section, escaped, filled};
use crate::picture::look::{AIR, with_air};
use crate::tangents::Found;
use crate::tangents::figure::Frame;
use crate::text;

/// More points than this get no buttons.
const MOST_BUTTONS: usize = 12;

/// A place that is not smooth, as the page knows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    from: f64,
    to: f64,
    /// The number it is, where it could be named.
    x: Option<f64>,
    kind: &'static str,
    words: String,
    /// The derivative, where it exists in spite of all.
    slope: Option<f64>,
    left: Option<f64>,
    right: Option<f64>,
    left_limit: Option<f64>,
    right_limit: Option<f64>,
}

/// The places of a range.
pub(super) struct Places {
    pub(super) each: Vec<Place>,
    is_complete: bool,
}

impl Places {
    /// What must be said where there may be others.
    pub(super) fn doubt(&self) -> &'static str {
        if self.is_complete {
            ""
        } else {
            "There are too many places without a proven slope in this range to mark them all: a slope told at one of them is not to be trusted."
        }
    }
}

/// The places of a range along one input, the others staying as in `at`. Where there are too many to list, those of the
/// tangents that were asked for.
pub(super) fn places(
    function: &Recorded,
    at: &[f64],
    moving: usize,
    range: (f64, f64),
    tangents: &[Tangent],
) -> Places {
    // Of what is no range nothing is known.
    let rough = rough_places(function, at, moving, range).unwrap_or_default();
    let value = |x: f64| value_along(function, at, moving, x);
    let asked_for = tangents
        .iter()
        .filter(|tangent| !rough.is_complete && tangent.report.value.is_none())
        .map(|tangent| RoughPlace {
            within: (tangent.x, tangent.x),
            exact: Some((tangent.x, tangent.report.clone())),
        });
    let places = rough.places.iter().cloned().chain(asked_for);
    Places {
        each: places.map(|place| told(&place, value)).collect(),
        is_complete: rough.is_complete,
    }
}

fn told(place: &RoughPlace, value: impl Fn(f64) -> f64) -> Place {
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let (from, to) = place.within;
    let Some((x, report)) = &place.exact else {
        return Place {
            from,
            to,
            x: None,
            kind: "not proven smooth",
            words: "a corner, a jump or a pole may lie here, at no number that has a short name"
                .to_owned(),
            slope: None,
            left: None,
            right: None,
            left_limit: None,
            right_limit: None,
        };
    };
    let point = &report.point;
    let sides = text::sides(point, value(*x));
    let sides: Vec<String> = sides
        .into_iter()
        .map(|(name, value)| format!("{name} {}", text::number(value)))
        .collect();
    let mut words = text::reason(point);
    if !sides.is_empty() {
        words += &format!(" ({})", sides.join(", "));
    }
    let is_pole = [point.left_limit, point.right_limit]
        .into_iter()
        .flatten()
        .any(f64::is_infinite);
    Place {
        from,
        to,
        x: Some(*x),
        kind: if is_pole { "pole" } else { point.kind.name() },
        words,
        slope: report.value,
        left: finite(point.left),
        right: finite(point.right),
        left_limit: finite(point.left_limit),
        right_limit: finite(point.right_limit),
    }
}

/// The name of the value, such as `f(x)`.
pub(super) fn label(formula: &Formula) -> String {
    format!(
        "{}({})",
        text::name(formula),
        formula.variables().join(", ")
    )
}

pub(super) fn section(found: &Found, frame: &Frame, places: &Places) -> Section {
    let inputs = found.formula.variables().len();
    let held = found.points.first().map_or(&[][..], Vec::as_slice);
    let mut direction = vec![0.0; inputs];
    direction[found.moving] = 1.0;
    let derivative = found.function.derivative_along(&direction);
    let mut slopes = Curve::sample(&derivative, held, found.moving, frame.x);
    let value = |x: f64| value_along(found.function, held, found.moving, x);
    slopes.pieces = where_both_exist(slopes.pieces, value);
    let marked: Vec<f64> = found
        .tangents
        .iter()
        .filter_map(|tangent| tangent.report.value)
        .collect();
    let slope_view = with_air(slopes.view(&marked), AIR);
    let middle = found.tangents.get(found.tangents.len() / 2);
    let slope_label = crate::asked::label(found.formula, &[found.moving]);
    let data = json!({
        "variable": found.variable(),
        "label": label(found.formula),
        "slopeLabel": slope_label,
        "at": held,
        "moving": found.moving,
        "start": middle.map(|tangent| tangent.x),
        "delta": if found.shows_secants { found.delta } else { seen(frame.x) },
        "view": { "x": frame.x, "y": frame.y, "slope": slope_view },
        "curve": short(&frame.curve, frame.x, frame.y),
        "derivative": short(&slopes, frame.x, slope_view),
        "places": places.each,
    });
    let html = filled(
        include_str!("slope.html"),
        &[
            ("points", &buttons(found)),
            ("variable", &escaped(found.variable())),
            ("label", &escaped(&label(found.formula))),
            ("doubt", places.doubt()),
        ],
    );
    Section {
        view: "slope",
        html,
        data,
    }
}

/// The pieces of a derivative where the function has a value: its rule may give a number elsewhere, as 1/x does left of ln(x).
fn where_both_exist(pieces: Vec<Vec<[f64; 2]>>, value: impl Fn(f64) -> f64) -> Vec<Vec<[f64; 2]>> {
    let exists = |[x, _]: &[f64; 2]| !value(*x).is_nan();
    let parts = |piece: Vec<[f64; 2]>| -> Vec<Vec<[f64; 2]>> {
        let runs = piece.chunk_by(|a, b| exists(a) == exists(b));
        let kept = runs.filter(|run| run.len() > 1 && exists(&run[0]));
        kept.map(<[_]>::to_vec).collect()
    };
    pieces.into_iter().flat_map(parts).collect()
}

/// The value where one input has moved, the others staying as in `at`.
fn value_along(function: &Recorded, at: &[f64], moving: usize, x: f64) -> f64 {
    let mut there = at.to_vec();
    if let Some(input) = there.get_mut(moving) {
        *input = x;
    }
    function.value_at(0, &there)
}

/// A power of ten that can be seen in the picture, at most 1.
fn seen(range: (f64, f64)) -> f64 {
    let power = ((range.1 - range.0) / 4.0)
        .log10()
        .floor()
        .clamp(-12.0, 0.0);
    format!("1e{power}").parse().unwrap_or(1.0)
}

/// The pieces of a curve in as many digits as can be seen, and no higher than the page draws.
pub(super) fn short(curve: &Curve, x: (f64, f64), y: (f64, f64)) -> Vec<Vec<[f64; 2]>> {
    const FINEST: f64 = 1e5;
    let round = |value: f64, range: (f64, f64)| {
        let grain = 10f64.powf(((range.1 - range.0) / FINEST).log10().floor());
        let rounded = (value / grain).round() * grain;
        // The nearest double with few digits, not what the product made of it.
        format!("{rounded:.12e}").parse().unwrap_or(rounded)
    };
    let point = |[a, b]: &[f64; 2]| [round(*a, x), round(*b, y)];
    let piece = |piece: &Vec<[f64; 2]>| piece.iter().map(point).collect();
    curve.pieces.iter().map(piece).collect()
}

/// One button for each point that was asked for.
fn buttons(found: &Found) -> String {
    let variable = escaped(found.variable());
    found
        .tangents
        .iter()
        .take(MOST_BUTTONS)
        .map(|tangent| {
            format!(
                "<button type=\"button\" data-go=\"{}\">{variable} = {}</button>",
                tangent.x,
                shown(tangent.x)
            )
        })
        .collect()
}

/// A number short enough for a button.
fn shown(x: f64) -> String {
    format!("{x:.5e}")
        .parse()
        .map_or_else(|_| text::number(x), text::number)
}
