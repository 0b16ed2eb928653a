//! The picture of what features do to the loss: a bar for each of the strongest, or a square for each pixel of an image.

use secant_plot::{Axis, Colour, Item, Label, Line, Region, Scene, Stance, palette};

use super::Found;
use super::figure::{sign, strongest, tint, unseen, without_numbers};
use crate::network::look::{Look, called, words};
use crate::text;

/// Bars that are drawn.
const MOST_BARS: usize = 20;

/// What features do to the loss.
pub(super) fn features(found: &Found, look: &Look) -> Scene {
    match side(&found.names) {
        Some(side) => image(found, side, look),
        None => bars(found, look),
    }
}

/// How many pixels wide and high the features are, where they are those of a square image, as `pixel0` to `pixel63` are.
fn side(names: &[String]) -> Option<usize> {
    let side = names.len().isqrt();
    let is_pixel = |name: &String| name.to_lowercase().starts_with("pixel");
    (side > 1 && side * side == names.len() && names.iter().all(is_pixel)).then_some(side)
}

/// A bar for each feature, the strongest on top, with the deviation over the samples.
fn bars(found: &Found, look: &Look) -> Scene {
    let loss = called(&found.asked.loss);
    let slopes = &found.derivative;
    let mut places: Vec<usize> = (0..slopes.len())
        .filter(|place| slopes[*place].is_finite())
        .collect();
    places.sort_by(|a, b| slopes[*b].abs().total_cmp(&slopes[*a].abs()));
    let all = places.len();
    places.truncate(MOST_BARS);
    let left_out = if all > places.len() {
        format!("; the {MOST_BARS} strongest of {all}")
    } else {
        String::new()
    };
    let scene = look.scene(
        &format!(
            "how each feature moves the {loss}{left_out}{}",
            unseen(slopes)
        ),
        format!("The mean derivative of the {loss} by each feature, with its deviation over the samples."),
    );
    if strongest(slopes) == 0.0 {
        return without_numbers(scene, slopes);
    }
    // The first stands on top.
    places.reverse();
    let deviation = |place: usize| {
        let deviation = found.summary.variance(place).sqrt();
        if deviation.is_finite() {
            deviation
        } else {
            0.0
        }
    };
    let ends = places.iter().flat_map(|place| {
        let (slope, deviation) = (slopes[*place], deviation(*place));
        [slope - deviation, slope + deviation, 0.0]
    });
    let (low, high) = ends.fold((0.0f64, 0.0f64), |(low, high), end| {
        (low.min(end), high.max(end))
    });
    let air = 0.05 * (high - low);
    let unit = if found.asked.scale.is_some() {
        "mean derivative, by the feature in units of its deviation; the stroke is the deviation over the samples"
    } else {
        "mean derivative by the feature; the stroke is its deviation over the samples"
    };
    let bars = places.iter().enumerate().flat_map(|(row, place)| {
        let (up, slope, deviation) = (row as f64, slopes[*place], deviation(*place));
        let colour = palette(usize::from(slope > 0.0));
        let [below, above] = [up - 0.32, up + 0.32];
        let border = [[0.0, below], [slope, below], [slope, above], [0.0, above]];
        let outline = border.iter().chain(border.first()).copied();
        [
            Item::from(Region::new([border.to_vec()]).colour(look.mixed(colour, 0.4))),
            Line::new(outline).colour(colour).width(1.2).into(),
            Line::new([[slope - deviation, up], [slope + deviation, up]])
                .colour(Colour::Ink)
                .width(1.6)
                .into(),
        ]
    });
    let names = places.iter().map(|place| words(&found.names[*place]));
    scene
        .x(Axis::new(low - air, high + air).label(words(unit)))
        .y(Axis::new(-0.6, places.len() as f64 - 0.4).names(names))
        .with_all(bars)
        .with(
            Line::new([[0.0, -0.6], [0.0, places.len() as f64 - 0.4]])
                .colour(Colour::Faint)
                .width(1.0),
        )
}

/// A square for each pixel of an image, the first in the upper left corner.
fn image(found: &Found, side: usize, look: &Look) -> Scene {
    let loss = called(&found.asked.loss);
    let slopes = &found.derivative;
    let most = strongest(slopes);
    let scene = look.scene(
        &format!(
            "how each pixel moves the {loss}, at most {}{}",
            text::digits(most, 3).map_or_else(|| text::number(most), text::number),
            unseen(slopes)
        ),
        format!("The image with a square for each pixel, coloured by how it moves the {loss}."),
    );
    if most == 0.0 {
        return without_numbers(scene, slopes);
    }
    // The image fills the height; the width that is left over lies on both sides.
    let (long, below) = (side as f64, 0.12 * side as f64);
    let height = long + below;
    let [width, tall] = scene.size;
    let wide = height * width / (0.88 * tall);
    let left = (long - wide) / 2.0;
    let cells = slopes.iter().enumerate().map(|(pixel, slope)| {
        let (column, row) = ((pixel % side) as f64, (pixel / side) as f64);
        let up = long - 1.0 - row;
        let border = vec![
            [column, up],
            [column + 1.0, up],
            [column + 1.0, up + 1.0],
            [column, up + 1.0],
        ];
        Region::new([border])
            .colour(tint(look, *slope, most))
            .sign(sign(*slope))
            .cell()
    });
    let frame = [
        [0.0, 0.0],
        [long, 0.0],
        [long, long],
        [0.0, long],
        [0.0, 0.0],
    ];
    let edges = [0, side - 1].into_iter().flat_map(|place| {
        let (along, name) = (place as f64 + 0.5, words(&place.to_string()));
        let beside = 0.25 * long / 8.0;
        [
            Label::new([along, -0.03 * long], name.clone()).stance(Stance::Over),
            Label::new([-beside, long - along], name).stance(Stance::Ending),
        ]
    });
    let keys = [
        (0.2, "brighter raises the loss", 1.0),
        (0.8, "brighter brings it down", -1.0),
    ];
    let keys = keys.map(|(share, text, slope)| {
        let at = [left + share * wide, -0.085 * long];
        Label::new(at, words(text))
            .colour(tint(look, slope, 1.0))
            .sign(sign(slope))
            .stance(Stance::Over)
    });
    scene
        .bare()
        .x(Axis::new(left, left + wide))
        .y(Axis::new(-below, long))
        .with_all(cells)
        .with(Line::new(frame).colour(Colour::Faint).width(1.2))
        .with_all(edges)
        .with_all(keys)
}
