//! From a fit to a scene: the data, the curve with its confidence band, and each residual as a stroke from point to curve; over several columns what
//! was measured against what was fitted. It computes no fit.

use secant::Curve;
use secant_data::Source;
use secant_plot::{Axis, Colour, Label, Line, Point, Region, Scene, Tex, palette};

use crate::failure::Failure;
use crate::fit::{Found, each_row};
use crate::picture::look::{Look, ends, with_air};
use crate::reading::latex_of;
use crate::text;

/// More points than this are no more to be seen; of larger tables every so manieth row is drawn, and what lies furthest from the curve.
const MOST: u64 = 2000;
/// So many rows that lie far out are drawn besides.
const FAR_OUT: usize = 100;
/// Residuals are drawn up to so many points.
const STROKES: usize = 200;

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
    let mut far_out: Vec<Seen> = Vec::new();
    let off = |row: &Seen| (row.measured - row.fitted).abs();
    each_row(
        found.model,
        &found.outcome.parameters,
        source,
        |_, columns, measured, fitted| {
            let row = || Seen {
                columns: columns.to_vec(),
                measured,
                fitted,
            };
            // From the furthest to the nearest.
            let place = far_out.partition_point(|other| off(other) >= (measured - fitted).abs());
            if count % every == 0 {
                seen.push(row());
            } else if place < FAR_OUT {
                far_out.truncate(FAR_OUT - 1);
                far_out.insert(place, row());
            }
            count += 1;
        },
    )?;
    seen.append(&mut far_out);
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

/// How many rows there are, and how many of them are drawn.
fn told_rows(found: &Found, seen: &[Seen]) -> String {
    let rows = found.outcome.rows;
    match seen.len() as u64 {
        all if all == rows => text::counted(rows, "row", "rows"),
        some => format!("{some} of {rows} rows"),
    }
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
    let y = look
        .y
        .unwrap_or_else(|| around(seen.iter().flat_map(|row| [row.measured, row.fitted])));
    let (model, parameters) = (found.model, &found.outcome.parameters);
    let inputs = model.inputs(parameters, &vec![x.0; model.columns().len()]);
    let input = model.input_of(column).unwrap_or_default();
    let curve = Curve::sample(model.formula(), &inputs, input, x);
    let (rows, heading) = (told_rows(found, seen), found.heading());
    let description = format!("{rows} and the fitted curve {heading}.");
    let mut scene = look
        .scene(look.size, description)
        .x(Axis::new(x.0, x.1).label(latex_of(&found.model.columns()[column])))
        .y(Axis::new(y.0, y.1).label(latex_of(found.measured)));
    if found.outcome.errors.is_some() {
        scene = with_band(scene, found, (column, &curve), y);
    }
    if seen.len() <= STROKES {
        let stroke = |row: &Seen| {
            let x = row.columns[column];
            vec![[x, row.measured], [x, row.fitted]]
        };
        let strokes = Line::pieces(seen.iter().map(stroke));
        scene = scene.with(strokes.colour(palette(1)).width(1.2));
    }
    let line = Line::pieces(curve.pieces);
    // Many points would hide the curve.
    let shade = match seen.len() {
        0..=STROKES => Colour::Ink,
        _ => Colour::Faint,
    };
    let points = seen.iter().map(|row| {
        Point::new([row.columns[column], row.measured])
            .radius(radius(seen.len()))
            .colour(shade)
    });
    if (seen.len() as u64) < found.outcome.rows {
        let label = Label::new([x.1, y.1], Tex::verbatim(rows));
        scene = scene.with(label.colour(Colour::Faint));
    }
    let line = line.colour(palette(0)).width(2.4);
    scene.with(line).with_all(points)
}

/// The confidence band of the curve, with its level on the upper edge, where it is widest to the right of the middle.
fn with_band(
    mut scene: Scene,
    found: &Found,
    (column, curve): (usize, &Curve),
    y: (f64, f64),
) -> Scene {
    let on_curve = |point: &[f64; 2]| OnCurve::new(found, column, point[0]);
    let pieces = curve.pieces.iter().map(|piece| {
        let places = piece.iter().map(on_curve).filter(OnCurve::is_whole);
        places.collect::<Vec<OnCurve>>()
    });
    let pieces: Vec<Vec<OnCurve>> = pieces.filter(|piece| piece.len() > 1).collect();
    let ends = ends(pieces.iter().flatten().map(|on| on.x));
    let upper = |on: &OnCurve| [on.x, (on.y + on.half).clamp(y.0, y.1)];
    let lower = |on: &OnCurve| [on.x, (on.y - on.half).clamp(y.0, y.1)];
    let level = format!("{} % confidence band", text::per_cent(found.outcome.level));
    let share = |on: &&OnCurve| (on.x - ends.0) / (ends.1 - ends.0);
    let is_right = |on: &&OnCurve| (0.5..0.9).contains(&share(on));
    let right = pieces.iter().flatten().filter(is_right);
    if let Some(widest) = right.max_by(|a, b| a.half.total_cmp(&b.half)) {
        let label = Label::new(upper(widest), Tex::verbatim(level.clone()));
        scene = scene.with(label.colour(palette(0)));
    }
    scene.description += &format!(" Its {level} is shaded.");
    let border = |piece: &Vec<OnCurve>| {
        let back = piece.iter().rev().map(lower);
        piece.iter().map(upper).chain(back).collect()
    };
    let borders: Vec<Vec<[f64; 2]>> = pieces.iter().map(border).collect();
    scene.with(Region::new(borders).colour(Colour::Shade(56)))
}

/// A place of the curve, with half the width of the confidence band there.
struct OnCurve {
    x: f64,
    y: f64,
    half: f64,
}

impl OnCurve {
    fn new(found: &Found, column: usize, x: f64) -> Self {
        let outcome = &found.outcome;
        let mut row = vec![f64::NAN; found.model.columns().len()];
        row[column] = x;
        let (y, half) = match found.model.at(&outcome.parameters, &row) {
            Ok((_, y, gradient)) => (y, outcome.band(&gradient).unwrap_or(0.0)),
            Err(_) => (f64::NAN, f64::NAN),
        };
        Self { x, y, half }
    }

    fn is_whole(&self) -> bool {
        (self.y + self.half).is_finite()
    }
}

/// What was measured against what was fitted: all points on the diagonal would be a perfect fit.
fn against(found: &Found, seen: &[Seen], look: &Look) -> Scene {
    let both = around(seen.iter().flat_map(|row| [row.measured, row.fitted]));
    let (x, y) = (look.x.unwrap_or(both), look.y.unwrap_or(both));
    let name = latex_of(found.measured);
    look.scene(
        look.size,
        format!(
            "What was measured against what {} gives, {}.",
            found.heading(),
            told_rows(found, seen)
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
