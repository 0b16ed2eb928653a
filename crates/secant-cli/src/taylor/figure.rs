//! From a Taylor polynomial to a scene: the curve, and the polynomials of growing order in colours, each as far as it
//! stays in the picture. It computes no coefficient.

use secant::{Curve, Notation};
use secant_plot::{Axis, Label, Line, Point, Scene, Tex, palette};

use crate::picture::look::{Look, fitting, with_air};
use crate::reading::latex_of;
use crate::taylor::Found;
use crate::text;

/// So many polynomials can be told apart.
const MOST: usize = 5;
/// Parts that a polynomial is drawn in.
const PARTS: usize = 600;
/// The picture of what was found.
pub(crate) fn scene(found: &Found, look: &Look) -> Scene {
    let polynomial = &found.polynomial;
    let centre = polynomial.at[polynomial.input];
    let x = look.x.unwrap_or_else(|| around(found, centre));
    let curve = Curve::sample(found.function, &polynomial.at, polynomial.input, x);
    let height = polynomial.value(centre, 0);
    let y = look
        .y
        .unwrap_or_else(|| with_air(curve.view(&[height]), 0.25));
    let (name, variable) = (text::name(found.formula), found.variable());
    let scene = look
        .scene(look.size, description(found, x))
        .x(Axis::new(x.0, x.1).label(latex_of(variable)))
        .y(Axis::new(y.0, y.1).label(latex_of(name)))
        .with(Line::pieces(curve.pieces).width(2.6));
    let scene = look.titled(scene, || Some(title(found)));
    let scene = orders(found)
        .into_iter()
        .enumerate()
        .fold(scene, |scene, (place, order)| {
            let pieces = inside(|at| polynomial.value(at, order), x, y);
            let label = label(&pieces, order).map(|label| label.colour(palette(place)));
            scene
                .with(Line::pieces(pieces).colour(palette(place)).width(1.6))
                .with_all(label)
        });
    scene.with(Point::new([centre, height]))
}

/// The orders that are drawn: those with a term of their own, the last and some spread over the others.
fn orders(found: &Found) -> Vec<usize> {
    let terms = found.polynomial.terms.iter().enumerate().skip(1);
    let all: Vec<usize> = terms
        .filter(|(_, term)| !term.is_zero())
        .map(|(order, _)| order)
        .collect();
    if all.is_empty() {
        return vec![0];
    }
    if all.len() <= MOST {
        return all;
    }
    (0..MOST)
        .map(|place| all[place * (all.len() - 1) / (MOST - 1)])
        .collect()
}

/// The asked range, or as much on both sides as there is to see: up to where the proven range ends, else three.
fn around(found: &Found, centre: f64) -> (f64, f64) {
    match found.within {
        Some(((from, to), _)) => {
            let (from, to) = (from.min(centre), to.max(centre));
            let room = 0.25 * (to - from).max(f64::MIN_POSITIVE);
            (from - room, to + room)
        }
        None => {
            let room = (0.5 * centre.abs()).max(std::f64::consts::TAU);
            (centre - room, centre + room)
        }
    }
}

/// The parts of a line that are within the picture, each led on to the very edge.
fn inside(f: impl Fn(f64) -> f64, x: (f64, f64), y: (f64, f64)) -> Vec<Vec<[f64; 2]>> {
    let place = |part: usize| x.0 + (x.1 - x.0) * part as f64 / PARTS as f64;
    let is_seen = |point: &[f64; 2]| (y.0..=y.1).contains(&point[1]);
    let points: Vec<[f64; 2]> = (0..=PARTS)
        .map(place)
        .map(|x| [x, f(x)])
        .filter(|point| point[1].is_finite())
        .collect();
    let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let piece = match (is_seen(&a), is_seen(&b)) {
            (true, true) => [a, b],
            (true, false) => [a, edge(a, b, y)],
            (false, true) => [edge(b, a, y), b],
            (false, false) => continue,
        };
        match pieces.last_mut() {
            Some(last) if last.last() == Some(&piece[0]) => last.push(piece[1]),
            _ => pieces.push(piece.to_vec()),
        }
    }
    pieces
}

/// Where the line from a seen point to one out of sight leaves the picture.
fn edge(seen: [f64; 2], beyond: [f64; 2], y: (f64, f64)) -> [f64; 2] {
    let end = if beyond[1] > y.1 { y.1 } else { y.0 };
    let share = (end - seen[1]) / (beyond[1] - seen[1]);
    [seen[0] + share * (beyond[0] - seen[0]), end]
}

/// The order, where its polynomial leaves the picture on the right.
fn label(pieces: &[Vec<[f64; 2]>], order: usize) -> Option<Label> {
    let last = pieces.last()?;
    let at = last.get(last.len().saturating_sub(4)).or(last.last())?;
    Some(Label::new(
        *at,
        Tex::new(format!("T_{{{order}}}"), format!("T{order}")),
    ))
}

fn title(found: &Found) -> Tex {
    let body = |notation| secant::print(found.formula.body(), notation);
    let written = |notation| found.written(found.polynomial.order, notation);
    let both = (
        format!(
            r"{} \approx {}",
            body(Notation::Latex),
            written(Notation::Latex)
        ),
        format!(
            "{} ≈ {}",
            body(Notation::Unicode),
            written(Notation::Unicode)
        ),
    );
    fitting([both]).unwrap_or_else(|| Tex::new(body(Notation::Latex), body(Notation::Unicode)))
}

/// The picture in words.
fn description(found: &Found, range: (f64, f64)) -> String {
    let orders: Vec<String> = orders(found).iter().map(usize::to_string).collect();
    format!(
        "The curve {} from {} to {}, and its Taylor polynomials of order {} at {}.",
        text::heading(found.formula),
        text::number(range.0),
        text::number(range.1),
        orders.join(", "),
        text::place(found.formula, &found.polynomial.at)
    )
}
