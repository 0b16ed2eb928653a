//! From a fit to a scene: the data, the curve with its confidence band, and each residual as a stroke from point to curve; over several columns what
//! was measured against what was fitted. It computes no fit.

use secant_data::Source;
use secant_plot::{Axis, Colour, Label, Line, Point, Region, Scene, Tex, palette};

use crate::failure::Failure;
use crate::fit::{Found, each_row};
use crate::picture::look::{Look, ends, with_air};
use crate::reading::latex_of;
use crate::text;

/// More points than this are no more to be seen; of larger tables every so manieth row is drawn.
const MOST: u64 = 2000;
/// Residuals are drawn up to so many points.
const STROKES: usize = 200;
/// Parts of a curve.
const PARTS: usize = 400;

/// A row that is drawn.
pub(crate) struct Seen {
    columns: Vec<f64>,
    measured: f64,
    fitted: f64,
}

/// The rows that are drawn.
pub(crate) fn sample(found: &Found, source: &mut dyn Source) -> Result<Vec<Seen>, Failure> {
    let every = found.outcome.rows.div_ceil(MOST).max(1);
    let (mut seen, mut count) = (Vec::new(), 0);
    each_row(
        found.model,
        &found.outcome.parameters,
        source,
        |_, columns, measured, fitted| {
            if count % every == 0 {
                seen.push(Seen {
                    columns: columns.to_vec(),
                    measured,
                    fitted,
                });
            }
            count += 1;
        },
    )?;
    Ok(seen)
}

/// The picture of a fit.
pub(crate) fn scene(found: &Found, seen: &[Seen], look: &Look) -> Scene {
    let scene = match found.model.formula_columns().as_slice() {
        [column] => over_column(found, *column, seen, look),
        _ => against(found, seen, look),
    };
    look.titled(scene, || {
        let body = secant::print(found.formula.body(), secant::Notation::Latex);
        Some(Tex::from(format!("{} = {body}", latex_of(found.measured))))
    })
}

/// Ends with a little air between which all these numbers lie.
fn around(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    with_air(ends(numbers), 0.04)
}

/// Smaller points where there are many.
fn radius(count: usize) -> f64 {
    match count {
        0..=60 => 4.2,
        61..=400 => 2.8,
        _ => 1.7,
    }
}

fn over_column(found: &Found, column: usize, seen: &[Seen], look: &Look) -> Scene {
    let x = look
        .x
        .unwrap_or_else(|| around(seen.iter().map(|row| row.columns[column])));
    let place = |part: usize| x.0 + (x.1 - x.0) * part as f64 / PARTS as f64;
    let curve: Vec<(f64, f64, f64)> = (0..=PARTS)
        .map(place)
        .map(|x| at(found, column, x))
        .collect();
    let y = look
        .y
        .unwrap_or_else(|| around(seen.iter().flat_map(|row| [row.measured, row.fitted])));
    let within = |y_of: f64| y_of.clamp(y.0, y.1);
    let mut scene = look
        .scene(
            look.size,
            format!(
                "{} rows and the fitted curve {}.",
                found.outcome.rows,
                found.heading()
            ),
        )
        .x(Axis::new(x.0, x.1).label(latex_of(&found.model.columns()[column])))
        .y(Axis::new(y.0, y.1).label(latex_of(found.measured)));
    let whole: Vec<&(f64, f64, f64)> = curve
        .iter()
        .filter(|(_, y, half)| (y + half).is_finite())
        .collect();
    if found.outcome.errors.is_some() && whole.len() == curve.len() {
        let upper = whole.iter().map(|(x, y, half)| [*x, within(y + half)]);
        let lower = whole
            .iter()
            .rev()
            .map(|(x, y, half)| [*x, within(y - half)]);
        let level = format!("{} % confidence band", text::per_cent(found.outcome.level));
        // On the upper edge, where it is widest to the right of the middle.
        let right = whole.iter().skip(PARTS / 2).take(PARTS * 2 / 5);
        if let Some((x, y, half)) = right.max_by(|a, b| a.2.total_cmp(&b.2)) {
            let at = [*x, within(y + half)];
            scene = scene.with(Label::new(at, Tex::verbatim(level.clone())).colour(palette(0)));
        }
        scene.description += &format!(" Its {level} is shaded.");
        scene = scene.with(Region::new([upper.chain(lower).collect()]).colour(Colour::Shade(56)));
    }
    if seen.len() <= STROKES {
        let stroke = |row: &Seen| {
            vec![
                [row.columns[column], row.measured],
                [row.columns[column], row.fitted],
            ]
        };
        scene = scene.with(
            Line::pieces(seen.iter().map(stroke))
                .colour(palette(1))
                .width(1.2),
        );
    }
    scene
        .with(
            Line::new(curve.iter().map(|(x, y, _)| [*x, *y]))
                .colour(palette(0))
                .width(2.4),
        )
        .with_all(
            seen.iter().map(|row| {
                Point::new([row.columns[column], row.measured]).radius(radius(seen.len()))
            }),
        )
}

/// The curve at an x: its place, height, and half the width of the confidence band.
fn at(found: &Found, column: usize, x: f64) -> (f64, f64, f64) {
    let outcome = &found.outcome;
    let mut row = vec![f64::NAN; found.model.columns().len()];
    row[column] = x;
    let Ok((_, y, gradient)) = found.model.at(&outcome.parameters, &row) else {
        return (x, f64::NAN, f64::NAN);
    };
    let error = outcome.error_of(&gradient).unwrap_or(0.0);
    (x, y, outcome.quantile.unwrap_or(0.0) * error)
}

/// What was measured against what was fitted: all points on the diagonal would be a perfect fit.
fn against(found: &Found, seen: &[Seen], look: &Look) -> Scene {
    let both = around(seen.iter().flat_map(|row| [row.measured, row.fitted]));
    let (x, y) = (look.x.unwrap_or(both), look.y.unwrap_or(both));
    let name = latex_of(found.measured);
    look.scene(
        look.size,
        format!(
            "What was measured against what {} gives, {} rows.",
            found.heading(),
            found.outcome.rows
        ),
    )
    .x(Axis::new(x.0, x.1).label(format!(r"\hat{{{name}}}")))
    .y(Axis::new(y.0, y.1).label(name))
    .with(
        Line::new([[both.0, both.0], [both.1, both.1]])
            .colour(palette(0))
            .width(2.0),
    )
    .with_all(
        seen.iter()
            .map(|row| Point::new([row.fitted, row.measured]).radius(radius(seen.len()))),
    )
}
