//! The pictures of an impact: the network with its edges coloured, the weights of a layer as squares, and a histogram.

use secant_plot::{
    Axis, Colour, Dash, Item, Label, Line, Point, Region, Scene, Sign, Stance, Tex, palette,
};
use secant_train::{Network, Tensor};

use super::Found;
use super::features;
use crate::failure::Failure;
use crate::network::args::ImpactPicture;
use crate::network::look::{Look, called, words};
use crate::text;

/// Neurons of a layer, and edges in all, that a drawn network may have.
const MOST_NEURONS: usize = 80;
const MOST_EDGES: usize = 6000;
/// Neurons of a layer whose names are drawn, and what part of the picture's width a name may take.
const MOST_NAMES: usize = 12;
const WIDEST_NAME: f64 = 0.3;
/// Parts of the picture's width: from a neuron to its name, and beyond the names.
const BESIDE: f64 = 0.022;
const AIR: [f64; 2] = [0.02, 0.05];
/// Squares that a layer may have.
const MOST_SQUARES: usize = 40_000;

/// That the picture that was asked for can be one of what is moved.
pub(super) fn fits(
    wanted: Option<ImpactPicture>,
    network: &Network,
    of_parameters: bool,
) -> Result<(), Failure> {
    let refused = |message: &str, hint: &str| Err(Failure::new("setting", message).hint(hint));
    match wanted {
        Some(ImpactPicture::Network | ImpactPicture::Layer) if !of_parameters => refused(
            "that picture shows weights and biases, not features",
            "with --wrt inputs there are --picture features and histogram",
        ),
        Some(ImpactPicture::Features) if of_parameters => refused(
            "the picture of features shows no weights and biases",
            "add --wrt inputs, or take --picture network, layer or histogram",
        ),
        Some(ImpactPicture::Network) if !is_chain(network) => refused(
            "the weights of this network are no edges of a chain of dense layers",
            "take --picture histogram",
        ),
        Some(ImpactPicture::Layer) if squared(network).next().is_none() => refused(
            "no layer of this network can be drawn as squares, one for each weight",
            "take --picture histogram",
        ),
        _ => Ok(()),
    }
}

/// The picture of an impact.
pub(super) fn impact(wanted: Option<ImpactPicture>, found: &Found, look: &Look) -> Scene {
    let network = &found.asked.model.network;
    let suits = || {
        if !found.of_parameters() {
            ImpactPicture::Features
        } else if is_small(&dense(network)) && is_chain(network) {
            ImpactPicture::Network
        } else {
            ImpactPicture::Layer
        }
    };
    match wanted.unwrap_or_else(suits) {
        ImpactPicture::Features => features::features(found, look),
        ImpactPicture::Network => drawn(found, look),
        ImpactPicture::Layer => match largest(found) {
            Some(tensor) => squares(found, tensor, look),
            None => histogram(found, look),
        },
        ImpactPicture::Histogram => histogram(found, look),
    }
}

/// What is to be said of derivatives that no picture shows.
pub(super) fn unseen(slopes: &[f64]) -> String {
    match slopes.iter().filter(|slope| !slope.is_finite()).count() {
        0 => String::new(),
        count => format!("; {count} of {} are not finite", slopes.len()),
    }
}

/// The size of the strongest that is finite.
pub(super) fn strongest(slopes: &[f64]) -> f64 {
    let sizes = slopes.iter().map(|slope| slope.abs());
    sizes.filter(|size| size.is_finite()).fold(0.0, f64::max)
}

/// The weights of dense layers, in their order.
fn dense(network: &Network) -> Vec<&Tensor> {
    let is_dense = |tensor: &&Tensor| {
        tensor.shape.len() == 2
            && network
                .layers()
                .nth(tensor.layer)
                .is_some_and(|layer| layer.as_dense().is_some())
    };
    network.tensors().iter().filter(is_dense).collect()
}

/// Whether the weights of a network are those of dense layers alone, each of which reads all that the one before it gives: only then are all of them
/// edges between columns of neurons.
fn is_chain(network: &Network) -> bool {
    let layers = dense(network);
    let of_dense = |tensor: &Tensor| layers.iter().any(|weight| weight.layer == tensor.layer);
    let is_joined = |pair: &[&Tensor]| pair[0].shape[0] == pair[1].shape[1];
    !layers.is_empty() && network.tensors().iter().all(of_dense) && layers.windows(2).all(is_joined)
}

fn is_small(layers: &[&Tensor]) -> bool {
    let neurons = layers.iter().flat_map(|tensor| &tensor.shape).max();
    let edges: usize = layers.iter().map(|tensor| tensor.range.len()).sum();
    neurons.is_some_and(|most| *most <= MOST_NEURONS) && edges <= MOST_EDGES
}

/// The weights that can be drawn as squares.
fn squared(network: &Network) -> impl Iterator<Item = &Tensor> {
    let all = dense(network).into_iter();
    all.filter(|tensor| tensor.range.len() <= MOST_SQUARES)
}

/// Of the weights that can be drawn as squares those with the longest derivative.
fn largest(found: &Found) -> Option<&Tensor> {
    let length = |tensor: &Tensor| {
        found.derivative[tensor.range.clone()]
            .iter()
            .map(|slope| slope * slope)
            .sum::<f64>()
    };
    squared(&found.asked.model.network).max_by(|a, b| length(a).total_cmp(&length(b)))
}

/// The colour of a slope: one for those that raise the loss, another for those that bring it down, the stronger the larger.
pub(super) fn tint(look: &Look, slope: f64, most: f64) -> Colour {
    let colour = if slope > 0.0 { palette(1) } else { palette(0) };
    look.mixed(colour, strength(slope, most))
}

/// What the colour of a slope tells.
pub(super) fn sign(slope: f64) -> Sign {
    if slope > 0.0 {
        Sign::Above
    } else {
        Sign::Below
    }
}

/// From 0 to 1; the root lets small ones be seen.
fn strength(slope: f64, most: f64) -> f64 {
    if most > 0.0 && slope.is_finite() {
        (slope.abs() / most).sqrt()
    } else {
        0.0
    }
}

/// Neurons in columns, and an edge for each weight.
fn drawn(found: &Found, look: &Look) -> Scene {
    let network = &found.asked.model.network;
    let layers = dense(network);
    let most = strongest(&found.derivative);
    let loss = called(&found.asked.loss);
    let hidden = unseen(&found.derivative);
    let scene = look.scene(
        &format!("how each weight and bias moves the {loss}{hidden}"),
        format!("The network with an edge for each weight, and a disc for each bias, coloured by how they move the {loss}{hidden}."),
    );
    let first = layers.first().map_or(0, |tensor| tensor.shape[1]);
    let names: Vec<Tex> = if first <= MOST_NAMES {
        let names = found.asked.samples.features.iter();
        names
            .map(|name| scene.shortened(&words(name), WIDEST_NAME))
            .collect()
    } else {
        Vec::new()
    };
    // The names stand left of the neurons, and have the room that the longest of them needs.
    let longest = names
        .iter()
        .map(|name| scene.width_of(name))
        .fold(0.0, f64::max);
    let whole = layers.len() as f64 / (1.0 - longest - 2.0 * BESIDE - AIR[0] - AIR[1]);
    let (beside, left, right) = (
        BESIDE * whole,
        (longest + BESIDE + AIR[0]) * whole,
        (BESIDE + AIR[1]) * whole,
    );
    let mut scene = scene
        .bare()
        .x(Axis::new(-left, layers.len() as f64 + right))
        .y(Axis::new(-0.12, 1.06));
    let place = |column: usize, neuron: usize, count: usize| {
        // Few neurons stand in the middle, many fill the height.
        let room = (count as f64 / 12.0).clamp(0.35, 1.0);
        let share = if count > 1 {
            neuron as f64 / (count - 1) as f64
        } else {
            0.5
        };
        [column as f64, 0.5 + room * (0.5 - share)]
    };
    let mut edges = Vec::new();
    for (column, tensor) in layers.iter().enumerate() {
        let [outputs, inputs] = [tensor.shape[0], tensor.shape[1]];
        for (weight, slope) in found.derivative[tensor.range.clone()].iter().enumerate() {
            let ends = [
                place(column, weight % inputs, inputs),
                place(column + 1, weight / inputs, outputs),
            ];
            edges.push((*slope, ends));
        }
    }
    // The strongest lie on top.
    edges.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    scene = scene.with_all(edges.into_iter().map(|(slope, ends)| {
        let width = 0.5 + 2.6 * strength(slope, most);
        Line::new(ends)
            .colour(tint(look, slope, most))
            .width(width)
            .sign(sign(slope))
    }));
    let last = layers.len();
    let counts: Vec<usize> = layers
        .iter()
        .map(|tensor| tensor.shape[1])
        .chain(layers.last().map(|tensor| tensor.shape[0]))
        .collect();
    for (column, count) in counts.into_iter().enumerate() {
        let biases = column.checked_sub(1).and_then(|before| {
            let layer = layers[before].layer;
            network
                .tensors()
                .iter()
                .find(|tensor| tensor.layer == layer && tensor.part == "bias")
        });
        let radius = (150.0 / count as f64).clamp(2.5, 9.0);
        for neuron in 0..count {
            let at = place(column, neuron, count);
            let slope = biases.map_or(0.0, |biases| found.derivative[biases.range.start + neuron]);
            let fill = if biases.is_some() {
                tint(look, slope, most)
            } else {
                look.mixed(Colour::Faint, 0.35)
            };
            let disc = Point::new(at)
                .colour(fill)
                .radius(radius)
                .rim(Colour::Faint);
            scene = scene.with(match slope {
                0.0 => disc,
                slope => disc.sign(sign(slope)),
            });
            if column == 0
                && let Some(name) = names.get(neuron)
            {
                let at = [at[0] - beside, at[1]];
                scene = scene.with(Label::new(at, name.clone()).stance(Stance::Ending));
            }
            if column == last && count <= MOST_NAMES {
                let at = [at[0] + beside, at[1]];
                let number = words(&neuron.to_string());
                scene = scene.with(Label::new(at, number).stance(Stance::Beginning));
            }
        }
    }
    let legend = [
        (0.25, "raising it raises the loss", 1.0),
        (0.75, "raising it brings the loss down", -1.0),
    ];
    scene.with_all(legend.map(|(share, text, slope)| {
        let at = [share * layers.len() as f64, -0.09];
        Item::from(
            Label::new(at, words(text))
                .colour(tint(look, slope, 1.0))
                .sign(sign(slope))
                .stance(Stance::Over),
        )
    }))
}

/// The weights of a layer, a square each: neurons from bottom to top, their inputs from left to right.
fn squares(found: &Found, tensor: &Tensor, look: &Look) -> Scene {
    let (outputs, inputs) = (tensor.shape[0], tensor.shape[1]);
    let slopes = &found.derivative[tensor.range.clone()];
    let most = strongest(slopes);
    let title = format!(
        "how the weights {} move the {}: up red (+), down blue (-), at most {}{}",
        tensor.name,
        called(&found.asked.loss),
        text::digits(most, 3).map_or_else(|| text::number(most), text::number),
        unseen(slopes)
    );
    let cells = slopes.iter().enumerate().map(|(weight, slope)| {
        let (row, column) = (
            (weight / inputs) as f64 - 0.5,
            (weight % inputs) as f64 - 0.5,
        );
        let border = vec![
            [column, row],
            [column + 1.0, row],
            [column + 1.0, row + 1.0],
            [column, row + 1.0],
        ];
        Region::new([border])
            .colour(tint(look, *slope, most))
            .sign(sign(*slope))
            .cell()
    });
    look.scene(
        &title,
        format!(
            "A square for each weight of {}, coloured by how it moves the loss.",
            tensor.name
        ),
    )
    .x(Axis::new(-0.5, inputs as f64 - 0.5)
        .whole()
        .label(words("input")))
    .y(Axis::new(-0.5, outputs as f64 - 0.5)
        .whole()
        .label(words("neuron")))
    .with_all(cells)
}

/// A picture that says why it is empty.
pub(super) fn without_numbers(scene: Scene, slopes: &[f64]) -> Scene {
    let reason = if slopes.iter().any(|slope| slope.is_finite()) {
        "all derivatives that are finite are 0"
    } else {
        "no derivative is finite"
    };
    scene
        .bare()
        .x(Axis::new(0.0, 1.0))
        .y(Axis::new(0.0, 1.0))
        .with(Label::new([0.5, 0.5], words(reason)).stance(Stance::Over))
}

/// How many have which impact, by powers of ten.
fn histogram(found: &Found, look: &Look) -> Scene {
    /// Bars for each power of ten.
    const BARS: f64 = 4.0;
    /// Smaller ones, as powers of ten below the largest, are left out.
    const DEEP: f64 = 12.0;
    let sizes: Vec<f64> = found
        .derivative
        .iter()
        .map(|slope| slope.abs())
        .filter(|size| *size > 0.0 && size.is_finite())
        .collect();
    let what = if found.of_parameters() {
        "parameters"
    } else {
        "features"
    };
    let scene = look.scene(
        &format!(
            "how many {what} move the {} by how much{}",
            called(&found.asked.loss),
            unseen(&found.derivative)
        ),
        format!("A histogram of the derivatives of the loss by its {what}."),
    );
    if sizes.is_empty() {
        return without_numbers(scene, &found.derivative);
    }
    let most = sizes.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let last = (most.log10() * BARS).floor();
    let least = sizes
        .iter()
        .copied()
        .fold(most, f64::min)
        .log10()
        .max(most.log10() - DEEP);
    let first = (least * BARS).floor();
    let mut counts = vec![0usize; (last - first) as usize + 1];
    for size in &sizes {
        let bar = (size.log10() * BARS).floor() - first;
        if bar >= 0.0
            && let Some(count) = counts.get_mut(bar as usize)
        {
            *count += 1;
        }
    }
    let highest = counts
        .iter()
        .max()
        .map_or(1.0, |count| *count as f64 * 1.08);
    let bars = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(bar, count)| {
            let ends =
                [first + bar as f64, first + bar as f64 + 1.0].map(|edge| 10f64.powf(edge / BARS));
            let height = *count as f64;
            (
                vec![
                    [ends[0], 0.0],
                    [ends[1], 0.0],
                    [ends[1], height],
                    [ends[0], height],
                ],
                height,
            )
        });
    let mut scene = scene
        .x(
            Axis::new(10f64.powf(first / BARS), 10f64.powf((last + 1.0) / BARS))
                .log()
                .label(words("size of the derivative")),
        )
        .y(Axis::new(0.0, highest).whole().label(words(what)));
    for (border, _) in bars {
        let outline = border
            .iter()
            .chain(border.first())
            .copied()
            .collect::<Vec<_>>();
        scene = scene
            .with(Region::new([border]).colour(look.mixed(palette(0), 0.35)))
            .with(
                Line::new(outline)
                    .colour(palette(0))
                    .width(1.2)
                    .dash(Dash::Solid),
            );
    }
    scene
}
