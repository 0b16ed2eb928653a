//! The pictures of a network: its loss over the epochs, the regions it sees, and its impact as edges, as squares and as a histogram.

use secant_plot::{
    Animation, Axis, Colour, Dash, Frame, Heights, Item, Label, Line, Point, Region, Rgb, Scene,
    Stance, Tex, Theme, palette,
};
use secant_train::training::accuracy;
use secant_train::{Columns, Network, Objective, Targets, Tensor};

use super::Asked;
use super::args::{ImpactPicture, TrainPicture};
use super::checkpoint::History;
use super::impact::Found;
use super::running::{Done, Snapshot};
use crate::args::Drawing;
use crate::failure::Failure;
use crate::page::{self, Moment, Regions};
use crate::picture;
use crate::text;

/// Samples that are drawn.
const MOST_POINTS: usize = 1500;
/// Neurons of a layer, and edges in all, that a drawn network may have.
const MOST_NEURONS: usize = 80;
const MOST_EDGES: usize = 6000;
/// Squares that a layer may have.
const MOST_SQUARES: usize = 40_000;

/// How pictures look.
pub(super) struct Look {
    size: [f64; 2],
    theme: Theme,
    title: Option<Tex>,
    /// Whether the verb names the picture itself.
    named: bool,
}

impl Look {
    pub(super) fn new(drawing: &Drawing) -> Result<Self, Failure> {
        Ok(Self {
            size: picture::size(drawing)?,
            theme: drawing.theme.map_or(Theme::Light, picture::theme),
            title: (!matches!(drawing.title.as_str(), "auto" | "none"))
                .then(|| Tex::from(drawing.title.as_str())),
            named: drawing.title == "auto",
        })
    }

    /// An empty scene under its title.
    pub(super) fn scene(&self, title: &str, description: String) -> Scene {
        let [width, height] = self.size;
        let scene = Scene::new(width, height)
            .theme(self.theme)
            .describe(description);
        match (&self.title, self.named) {
            (Some(own), _) => scene.title(own.clone()),
            (None, true) => scene.title(words(title)),
            (None, false) => scene,
        }
    }

    /// A colour between the ground and another.
    fn mixed(&self, colour: Colour, share: f64) -> Colour {
        let (ground, full) = (self.theme.background(), self.theme.rgb(colour));
        let part = |part: usize| {
            let (ground, full) = (f64::from(ground[part]), f64::from(full[part]));
            (ground + (full - ground) * share).round() as u8
        };
        let mixed: Rgb = [part(0), part(1), part(2)];
        Colour::Exact(mixed)
    }
}

/// Words as they stand in a formula.
pub(super) fn words(text: &str) -> Tex {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '%' | '_' | '#' | '&' | '$' | '{' | '}' => format!("\\{c}"),
            '\\' | '^' | '~' => " ".to_owned(),
            c => c.to_string(),
        })
        .collect();
    Tex::new(format!(r"\text{{{escaped}}}"), text)
}

/// The picture of a training.
pub(super) fn training(
    wanted: Option<TrainPicture>,
    found: &Asked,
    history: &History,
    look: &Look,
) -> Scene {
    let suits = if can_have_regions(found) {
        TrainPicture::Regions
    } else {
        TrainPicture::Loss
    };
    match wanted.unwrap_or(suits) {
        TrainPicture::Regions if can_have_regions(found) => {
            regions(found, &found.model.parameters, look, None)
        }
        _ => losses(found, history, look),
    }
}

/// The loss, epoch by epoch.
fn losses(found: &Asked, history: &History, look: &Look) -> Scene {
    let learned: Vec<[f64; 2]> = history.points(&history.losses).collect();
    let apart: Vec<[f64; 2]> = history.points(&history.validation).collect();
    let heights = || learned.iter().chain(&apart).map(|point| point[1]);
    let (low, high) = heights().fold((f64::INFINITY, 0.0f64), |(low, high), y| {
        (low.min(y), high.max(y))
    });
    let axis = if low > 0.0 && high > 8.0 * low {
        Axis::new(low / 1.5, high * 1.5).log()
    } else {
        Axis::auto()
    };
    let name = found.loss.name();
    let mut scene = look
        .scene(
            &format!("{name} of {}", found.samples.name),
            format!("The {name} loss over the epochs."),
        )
        .x(Axis::auto().label(words("epoch")))
        .y(axis.label(words("loss")));
    for (losses, name, colour) in [
        (&learned, "samples learned from", palette(0)),
        (&apart, "samples kept apart", palette(1)),
    ] {
        if losses.is_empty() {
            continue;
        }
        scene = scene.with(Line::new(losses.iter().copied()).colour(colour));
        if !apart.is_empty() {
            scene =
                scene.with(Label::new(losses[losses.len() * 2 / 3], words(name)).colour(colour));
        }
    }
    scene
}

/// Whether there are two features, and classes.
fn can_have_regions(found: &Asked) -> bool {
    let is_class = match &found.samples.targets {
        Targets::Labels(_) => true,
        Targets::Values(values) => {
            values.features() == 1
                && values
                    .values()
                    .iter()
                    .all(|value| *value == 0.0 || *value == 1.0)
        }
    };
    found.samples.columns.features() == 2 && is_class
}

/// The class of a sample.
fn class(targets: &Targets<f64>, sample: usize) -> usize {
    match targets {
        Targets::Labels(labels) => labels[sample],
        Targets::Values(values) => usize::from(values.at(sample, 0) > 0.5),
    }
}

/// Which class the network sees where, with the samples.
fn regions(found: &Asked, parameters: &[f64], look: &Look, moment: Option<u64>) -> Scene {
    const GRID: [usize; 2] = [181, 121];
    let samples = &found.samples.columns;
    let (x, y) = shown(samples);
    let mut scene = look
        .scene(
            &format!("what the network sees in {}", found.samples.name),
            "The regions in which the network sees each class, with the samples.".to_owned(),
        )
        .x(Axis::new(x[0], x[1]).label(words(&found.samples.features[0])))
        .y(Axis::new(y[0], y[1]).label(words(&found.samples.features[1])));
    for (class, margin) in margins(&found.model.network, parameters, x, y, GRID)
        .into_iter()
        .enumerate()
    {
        let colour = palette(class);
        scene = scene
            .with(Region::new(margin.above(0.0)).colour(look.mixed(colour, 0.2)))
            .with(
                Line::pieces(margin.line(0.0))
                    .colour(look.mixed(colour, 0.6))
                    .width(1.0),
            );
    }
    let points = drawn_samples(samples).map(|sample| {
        let at = [samples.at(sample, 0), samples.at(sample, 1)];
        Point::new(at)
            .colour(palette(class(&found.samples.targets, sample)))
            .radius(3.0)
    });
    scene = scene.with_all(points);
    if let Some(epoch) = moment {
        let corner = [x[0] + 0.02 * (x[1] - x[0]), y[1] - 0.05 * (y[1] - y[0])];
        scene = scene
            .with(Label::new(corner, words(&format!("epoch {epoch}"))).stance(Stance::Beginning));
    }
    scene
}

/// For each class, by how much its output exceeds all others, over a grid; of one output, the output and its negative.
fn margins(
    network: &Network,
    parameters: &[f64],
    x: [f64; 2],
    y: [f64; 2],
    grid: [usize; 2],
) -> Vec<Heights> {
    let mut places = Vec::new();
    Heights::sample(x, y, grid, |x, y| {
        places.extend([x, y]);
        0.0
    });
    let outputs =
        Columns::from_rows(&places, 2).and_then(|places| network.outputs(parameters, &places));
    let Ok(outputs) = outputs else {
        return Vec::new();
    };
    let margin = |class: usize, place: usize| match outputs.features() {
        1 if class == 0 => -outputs.at(place, 0),
        1 => outputs.at(place, 0),
        classes => {
            let others = (0..classes).filter(|other| *other != class);
            let best = others
                .map(|other| outputs.at(place, other))
                .fold(f64::NEG_INFINITY, f64::max);
            outputs.at(place, class) - best
        }
    };
    (0..outputs.features().max(2))
        .map(|class| {
            let mut place = 0;
            Heights::sample(x, y, grid, |_, _| {
                place += 1;
                margin(class, place - 1)
            })
        })
        .collect()
}

/// That there are regions, which alone move and have a page.
pub(super) fn with_regions(found: &Asked) -> Result<(), Failure> {
    if can_have_regions(found) {
        return Ok(());
    }
    Err(
        Failure::new("setting", "only regions of two features with classes move")
            .hint("end the name in .svg or .png"),
    )
}

/// The page of the regions as they came about.
pub(super) fn regions_page(found: &Asked, done: &Done) -> Result<String, Failure> {
    const GRID: [usize; 2] = [61, 41];
    /// Numbers that a page holds of all its moments.
    const MOST: usize = 600_000;
    let (network, samples) = (&found.model.network, &found.samples);
    let (x, y) = shown(&samples.columns);
    let wrong = |error: secant::Error| super::told(&error);
    let mut objective =
        Objective::new(network, &found.loss, &samples.columns, &samples.targets).map_err(wrong)?;
    let classes = network.outputs_count().max(2);
    let last = (done.best.unwrap_or(done.epoch), &done.parameters);
    let taken = done.snapshots.iter();
    let all: Vec<_> = taken
        .map(|snapshot| (snapshot.epoch, &snapshot.parameters))
        .filter(|(epoch, _)| *epoch < last.0)
        .collect();
    let every = (all.len() * classes * GRID[0] * GRID[1])
        .div_ceil(MOST)
        .max(1);
    let mut moments = Vec::new();
    for (epoch, parameters) in all.into_iter().step_by(every).chain([last]) {
        let behind = margins(network, parameters, x, y, GRID);
        moments.push(Moment {
            epoch,
            loss: objective.loss(parameters).map_err(wrong)?,
            accuracy: accuracy(network, parameters, &samples.columns, &samples.targets)
                .map_err(wrong)?,
            behind: behind
                .iter()
                .flat_map(|margin| margin.heights().iter().map(|margin| margin.min(0.0)))
                .collect(),
        });
    }
    let of = |sample: usize| {
        let at = [0, 1].map(|feature| samples.columns.at(sample, feature));
        (at, class(&samples.targets, sample))
    };
    Ok(page::regions(&Regions {
        title: &format!("What the network sees in {}", samples.name),
        about: &found.heading(),
        loss: found.loss.name(),
        features: [&samples.features[0], &samples.features[1]],
        x,
        y,
        grid: GRID,
        classes,
        samples: drawn_samples(&samples.columns).map(of).collect(),
        losses: done.history.points(&done.history.losses).collect(),
        validation: done.history.points(&done.history.validation).collect(),
        moments,
    }))
}

/// The samples that are drawn: not too many.
fn drawn_samples(samples: &Columns<f64>) -> impl Iterator<Item = usize> {
    let every = samples.samples().div_ceil(MOST_POINTS).max(1);
    (0..samples.samples()).step_by(every)
}

/// The part of the plane that holds all samples.
fn shown(samples: &Columns<f64>) -> ([f64; 2], [f64; 2]) {
    let range = |feature: usize| {
        let column = samples.column(feature).iter();
        let (low, high) = column.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(*x), high.max(*x))
        });
        let room = if high > low { 0.06 * (high - low) } else { 1.0 };
        [low - room, high + room]
    };
    (range(0), range(1))
}

/// The regions as they come about.
pub(super) fn regions_moving(
    found: &Asked,
    snapshots: &[Snapshot],
    epoch: u64,
    look: &Look,
) -> Result<Animation, Failure> {
    /// Hundredths of a second that a picture is seen, and the last.
    const SEEN: [u16; 2] = [8, 250];
    with_regions(found)?;
    let frame = |parameters: &[f64], epoch: Option<u64>, time: u16| {
        Frame::new([regions(found, parameters, look, epoch)], time)
    };
    let mut frames: Vec<Frame> = snapshots
        .iter()
        .map(|snapshot| frame(&snapshot.parameters, Some(snapshot.epoch), SEEN[0]))
        .collect();
    frames.push(frame(&found.model.parameters, Some(epoch), SEEN[1]));
    Ok(Animation::new(frames))
}

/// The picture of an impact.
pub(super) fn impact(wanted: Option<ImpactPicture>, found: &Found, look: &Look) -> Scene {
    let network = &found.asked.model.network;
    let suits = match (dense(network), largest(found)) {
        (layers, _) if found.of_parameters() && is_small(&layers) && is_chain(network) => {
            ImpactPicture::Network
        }
        (_, Some(_)) if found.of_parameters() => ImpactPicture::Layer,
        _ => ImpactPicture::Histogram,
    };
    match (wanted.unwrap_or(suits), largest(found)) {
        (ImpactPicture::Network, _) if found.of_parameters() && is_chain(network) => {
            drawn(found, look)
        }
        (ImpactPicture::Layer, Some(tensor)) if found.of_parameters() => {
            squares(found, tensor, look)
        }
        _ => histogram(found, look),
    }
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

/// The weights that can be drawn as squares with the longest derivative.
fn largest(found: &Found) -> Option<&Tensor> {
    let length = |tensor: &Tensor| {
        found.derivative[tensor.range.clone()]
            .iter()
            .map(|slope| slope * slope)
            .sum::<f64>()
    };
    let small = dense(&found.asked.model.network)
        .into_iter()
        .filter(|tensor| tensor.range.len() <= MOST_SQUARES);
    small.max_by(|a, b| length(a).total_cmp(&length(b)))
}

/// The colour of a slope: one for those that raise the loss, another for those that bring it down, the stronger the larger.
fn tint(look: &Look, slope: f64, most: f64) -> Colour {
    let colour = if slope > 0.0 { palette(1) } else { palette(0) };
    look.mixed(colour, strength(slope, most))
}

/// From 0 to 1; the root lets small ones be seen.
fn strength(slope: f64, most: f64) -> f64 {
    if most > 0.0 {
        (slope.abs() / most).sqrt()
    } else {
        0.0
    }
}

/// Neurons in columns, and an edge for each weight.
fn drawn(found: &Found, look: &Look) -> Scene {
    let network = &found.asked.model.network;
    let layers = dense(network);
    let most = found
        .derivative
        .iter()
        .fold(0.0f64, |most, slope| most.max(slope.abs()));
    let loss = found.asked.loss.name();
    let mut scene = look
        .scene(
            &format!("how each weight and bias moves the {loss}"),
            format!("The network with an edge for each weight, coloured by how it moves the {loss} loss."),
        )
        .bare()
        .x(Axis::new(-0.35, layers.len() as f64 + 0.35))
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
        Line::new(ends).colour(tint(look, slope, most)).width(width)
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
            scene = scene
                .with(Point::new(at).colour(fill).radius(radius))
                .with(Point::new(at).colour(Colour::Faint).radius(radius).hollow());
            if count <= 12 && (column == 0 || column == last) {
                let (name, across) = if column == 0 {
                    (
                        found
                            .asked
                            .samples
                            .features
                            .get(neuron)
                            .cloned()
                            .unwrap_or_default(),
                        -0.16,
                    )
                } else {
                    (neuron.to_string(), 0.16)
                };
                scene = scene
                    .with(Label::new([at[0] + across, at[1]], words(&name)).stance(Stance::Over));
            }
        }
    }
    let legend = [
        (0.25, "raising it raises the loss", palette(1)),
        (0.75, "raising it brings the loss down", palette(0)),
    ];
    scene.with_all(legend.map(|(share, text, colour)| {
        let at = [share * layers.len() as f64, -0.09];
        Item::from(
            Label::new(at, words(text))
                .colour(colour)
                .stance(Stance::Over),
        )
    }))
}

/// The weights of a layer, a square each: neurons from top to bottom, their inputs from left to right.
fn squares(found: &Found, tensor: &Tensor, look: &Look) -> Scene {
    let (outputs, inputs) = (tensor.shape[0], tensor.shape[1]);
    let slopes = &found.derivative[tensor.range.clone()];
    let most = slopes
        .iter()
        .fold(0.0f64, |most, slope| most.max(slope.abs()));
    let title = format!(
        "how the weights {} move the loss: up red, down blue, at most {}",
        tensor.name,
        text::digits(most, 3).map_or_else(|| text::number(most), text::number)
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
        Region::new([border]).colour(tint(look, *slope, most))
    });
    look.scene(
        &title,
        format!(
            "A square for each weight of {}, coloured by how it moves the loss.",
            tensor.name
        ),
    )
    .x(Axis::new(-0.5, inputs as f64 - 0.5).label(words("input")))
    .y(Axis::new(-0.5, outputs as f64 - 0.5).label(words("neuron")))
    .with_all(cells)
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
        .filter(|size| *size > 0.0)
        .collect();
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
    let what = if found.of_parameters() {
        "parameters"
    } else {
        "features"
    };
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
    let mut scene = look
        .scene(
            &format!("how many {what} move the loss by how much"),
            format!("A histogram of the derivatives of the loss by its {what}."),
        )
        .x(
            Axis::new(10f64.powf(first / BARS), 10f64.powf((last + 1.0) / BARS))
                .log()
                .label(words("size of the derivative")),
        )
        .y(Axis::new(0.0, highest).label(words(what)));
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
