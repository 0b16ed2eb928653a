//! The section of a descent: along the curve of one variable, over the contour lines of two.

use secant::rough_cells;
use serde_json::json;

use super::slope::{self, Place, short};
use super::{Section, escaped, filled};
use crate::figure::Frame;
use crate::reading::Reading;
use crate::tangents::Found;
use crate::text;

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

/// Along the curve that is shown.
pub(super) fn along(found: &Found, frame: &Frame, places: &[Place], start: &[f64]) -> Section {
    let pace = Pace::default();
    let label = slope::label(found);
    let data = json!({
        "variables": found.formula.variables().iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "label": label,
        "from": start,
        "rate": pace.rate,
        "momentum": pace.momentum,
        "most": MOST_STEPS,
        "view": { "x": frame.x, "y": frame.y },
        "curve": short(&frame.curve, frame.x, frame.y),
        "places": places,
    });
    let html = html(
        "A ball rolls down the curve.",
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
    let names: Vec<&str> = formula.variables().iter().map(AsRef::as_ref).collect();
    let rough = rough_cells(&reading.function, x, y, CELLS);
    let caption = if rough.is_empty() {
        "<figcaption>Lines of equal height; the darker, the higher.</figcaption>"
    } else {
        "<figcaption>Lines of equal height; the darker, the higher. In shaded cells the function is not proven continuous, and no line is drawn.</figcaption>"
    };
    let data = json!({
        "variables": names,
        "from": start,
        "rate": pace.rate,
        "momentum": pace.momentum,
        "most": MOST_STEPS,
        "view": { "x": x, "y": y },
        "cells": CELLS,
        "rough": rough,
    });
    let label = format!("{}({})", text::name(formula), names.join(", "));
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
