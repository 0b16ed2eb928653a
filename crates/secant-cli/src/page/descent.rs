//! The section of a descent: along the curve of one variable, over the contour lines of two.

use secant::{Curve, Formula, rough_cells};
use serde_json::json;

use super::slope::{self, Places, short};
use super::{Section, escaped, filled};
use crate::picture::look::{AIR, with_air};
use crate::reading::Reading;
use crate::tangents::figure::Frame;

/// Cells along each side of a contour picture.
const CELLS: usize = 80;
/// A descent is given up after so many steps.
const MOST_STEPS: usize = 500;
/// How much wider the picture is than high, in the plane: steps then stand upright on the lines.
const ASPECT: f64 = 568.0 / 412.0;

/// Learning rate and momentum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) rate: f64,
    pub(crate) momentum: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            rate: 0.1,
            momentum: 0.0,
        }
    }
}

/// The part of the plane around the origin that holds a start on its curve.
pub(super) fn frame(reading: &Reading, start: f64) -> Frame {
    let half = 1.3 * start.abs().max(1.0);
    let x = (-half, half);
    let curve = Curve::sample(&reading.function, &[start], 0, x);
    let y = with_air(curve.view(&[reading.function.value_at(0, &[start])]), AIR);
    Frame { x, y, curve }
}

/// Along the curve of one variable.
pub(super) fn along(
    reading: &Reading,
    frame: &Frame,
    places: &Places,
    start: &[f64],
    pace: Pace,
) -> Section {
    let formula = &reading.formula;
    let label = slope::label(formula);
    let data = json!({
        "variables": names(formula),
        "label": label,
        "from": start,
        "rate": pace.rate,
        "momentum": pace.momentum,
        "most": MOST_STEPS,
        "view": { "x": frame.x, "y": frame.y },
        "curve": short(&frame.curve, frame.x, frame.y),
        "places": places.each,
    });
    let html = html(
        &format!("A ball rolls down the curve. {}", places.doubt()),
        "The curve with the path of the descent",
        ("", ""),
        &label,
        "slope",
    );
    Section {
        view: "descent",
        html,
        data,
    }
}

fn names(formula: &Formula) -> Vec<&str> {
    formula.variables().iter().map(AsRef::as_ref).collect()
}

/// Over the plane of two variables, around its origin and as far as the start.
pub(super) fn over(reading: &Reading, start: &[f64], pace: Pace) -> Section {
    let formula = &reading.formula;
    let reach = start
        .iter()
        .zip([ASPECT, 1.0])
        .map(|(x, wide)| x.abs() / wide)
        .fold(1.0, f64::max);
    let half = 1.3 * reach;
    let (x, y) = ((-half * ASPECT, half * ASPECT), (-half, half));
    let all = |_| (0..CELLS * CELLS).collect();
    let rough = rough_cells(&reading.function, x, y, CELLS).unwrap_or_else(all);
    let caption = if rough.is_empty() {
        "<figcaption>Lines of equal height; the darker, the higher.</figcaption>"
    } else {
        "<figcaption>Lines of equal height; the darker, the higher. In shaded cells the function is not proven continuous, and no line is drawn.</figcaption>"
    };
    let data = json!({
        "variables": names(formula),
        "from": start,
        "rate": pace.rate,
        "momentum": pace.momentum,
        "most": MOST_STEPS,
        "view": { "x": x, "y": y },
        "cells": CELLS,
        "rough": rough,
    });
    let label = slope::label(formula);
    let html = html(
        "A ball rolls down the hills of two variables, seen from above.",
        "Contour lines with the path of the descent",
        ("free", caption),
        &label,
        "length of the gradient",
    );
    Section {
        view: "descent",
        html,
        data,
    }
}

fn html(
    lead: &str,
    picture: &str,
    (drag, caption): (&str, &str),
    label: &str,
    slope: &str,
) -> String {
    filled(
        include_str!("descent.html"),
        &[
            ("lead", lead),
            ("picture", picture),
            ("drag", drag),
            ("caption", caption),
            ("label", &escaped(label)),
            ("slope", slope),
        ],
    )
}
