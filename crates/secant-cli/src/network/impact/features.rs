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
    match side(&found.asked.samples.features) {
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
    let finite = slopes.iter().filter(|slope| slope.is_finite()).count();
    let left_out = if finite > MOST_BARS {
        format!("; the {MOST_BARS} strongest of {finite}")
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
    let bars = strongest_bars(found);
    let ends = bars.iter().flat_map(|bar| {
        let Bar {
            slope, deviation, ..
        } = *bar;
        [slope - deviation, slope + deviation]
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
    let names = bars
        .iter()
        .map(|bar| words(&found.asked.samples.features[bar.feature]));
    let (bottom, top) = (-0.6, bars.len() as f64 - 0.4);
    let zero = Line::new([[0.0, bottom], [0.0, top]]);
    let drawn = bars.iter().enumerate();
    scene
        .x(Axis::new(low - air, high + air).label(words(unit)))
        .y(Axis::new(bottom, top).names(names))
        .with_all(drawn.flat_map(|(row, bar)| bar.drawn(row as f64, look)))
        .with(zero.colour(Colour::Faint).width(1.0))
}

/// What the loss does with a feature.
struct Bar {
    feature: usize,
    /// The mean derivative.
    slope: f64,
    /// How much it differs from sample to sample.
    deviation: f64,
}

/// The strongest features, the strongest last: that stands on top.
fn strongest_bars(found: &Found) -> Vec<Bar> {
    let bar = |(feature, slope): (usize, &f64)| {
        let deviation = found.summary.variance(feature).sqrt();
        Bar {
            feature,
            slope: *slope,
            deviation: if deviation.is_finite() {
                deviation
            } else {
                0.0
            },
        }
    };
    let slopes = found.derivative.iter().enumerate();
    let mut bars: Vec<Bar> = slopes
        .filter(|(_, slope)| slope.is_finite())
        .map(bar)
        .collect();
    bars.sort_by(|a, b| b.slope.abs().total_cmp(&a.slope.abs()));
    bars.truncate(MOST_BARS);
    bars.reverse();
    bars
}

impl Bar {
    /// The bar, and a stroke for the deviation.
    fn drawn(&self, up: f64, look: &Look) -> [Item; 3] {
        let (slope, deviation) = (self.slope, self.deviation);
        let colour = palette(usize::from(slope > 0.0));
        let [below, above] = [up - 0.32, up + 0.32];
        let border = [[0.0, below], [slope, below], [slope, above], [0.0, above]];
        let outline = Line::new(border.iter().chain(border.first()).copied());
        let stroke = Line::new([[slope - deviation, up], [slope + deviation, up]]);
        [
            Region::new([border.to_vec()])
                .colour(look.mixed(colour, 0.4))
                .into(),
            outline.colour(colour).width(1.2).into(),
            stroke.colour(Colour::Ink).width(1.6).into(),
        ]
    }
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
    let [width, tall] = scene.size;
    let wide = (long + below) * width / (0.88 * tall);
    let left = (long - wide) / 2.0;
    let pixels = slopes.iter().enumerate().map(|(pixel, slope)| {
        square(pixel, side)
            .colour(tint(look, *slope, most))
            .sign(sign(*slope))
            .cell()
    });
    let corners = [[0.0, 0.0], [long, 0.0], [long, long], [0.0, long]];
    let frame = Line::new(corners.into_iter().chain([corners[0]]));
    scene
        .bare()
        .x(Axis::new(left, left + wide))
        .y(Axis::new(-below, long))
        .with_all(pixels)
        .with(frame.colour(Colour::Faint).width(1.2))
        .with_all(edges(side))
        .with_all(keys(look, left, wide, -0.085 * long))
}

/// The square of a pixel of an image so many pixels wide.
fn square(pixel: usize, side: usize) -> Region {
    let (left, low) = ((pixel % side) as f64, (side - 1 - pixel / side) as f64);
    let (right, high) = (left + 1.0, low + 1.0);
    Region::new([vec![[left, low], [right, low], [right, high], [left, high]]])
}

/// The numbers of the first and the last column and row.
fn edges(side: usize) -> impl Iterator<Item = Label> {
    let long = side as f64;
    [0, side - 1].into_iter().flat_map(move |place| {
        let (along, name) = (place as f64 + 0.5, words(&place.to_string()));
        let beside = 0.25 * long / 8.0;
        [
            Label::new([along, -0.03 * long], name.clone()).stance(Stance::Over),
            Label::new([-beside, long - along], name).stance(Stance::Ending),
        ]
    })
}

/// What the two colours mean, at a height, from the left end on over such a width.
fn keys(look: &Look, left: f64, wide: f64, height: f64) -> [Label; 2] {
    let meanings = [
        (0.2, "brighter raises the loss", 1.0),
        (0.8, "brighter brings it down", -1.0),
    ];
    meanings.map(|(share, text, slope)| {
        Label::new([left + share * wide, height], words(text))
            .colour(tint(look, slope, 1.0))
            .sign(sign(slope))
            .stance(Stance::Over)
    })
}
