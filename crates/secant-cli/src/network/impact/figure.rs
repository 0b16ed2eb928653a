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
    let loss = called(&found.asked.loss);
    let hidden = unseen(&found.derivative);
    let scene = look.scene(
        &format!("how each weight and bias moves the {loss}{hidden}"),
        format!("The network with an edge for each weight, and a disc for each bias, coloured by how raising them moves the {loss}{hidden}."),
    );
    let drawn = Drawn::new(found, look);
    let names = [drawn.names(&scene), drawn.classes(&scene)];
    // The names stand beside the neurons, and have the room that the longest of them needs.
    let longest = |names: &Vec<Tex>| {
        let widths = names.iter().map(|name| scene.width_of(name));
        widths.fold(0.0, f64::max)
    };
    let [of_features, of_classes] = names.each_ref().map(longest);
    let last = drawn.layers.len() as f64;
    let whole = last / (1.0 - of_features - of_classes - 2.0 * BESIDE - AIR[0] - AIR[1]);
    let (left, right) = (
        (of_features + BESIDE + AIR[0]) * whole,
        (of_classes + BESIDE + AIR[1]) * whole,
    );
    let legend = legend(look, &scene, last, whole);
    scene
        .bare()
        .x(Axis::new(-left, last + right))
        .y(Axis::new(-0.12, 1.06))
        .with_all(drawn.edges())
        .with_all(drawn.neurons(names, BESIDE * whole))
        .with_all(legend)
}

/// A network of dense layers as it is drawn.
struct Drawn<'a> {
    found: &'a Found,
    look: &'a Look,
    /// The weights of the layers.
    layers: Vec<&'a Tensor>,
    /// The strongest derivative, which is coloured most.
    most: f64,
}

impl<'a> Drawn<'a> {
    fn new(found: &'a Found, look: &'a Look) -> Self {
        Self {
            found,
            look,
            layers: dense(&found.asked.model.network),
            most: strongest(&found.derivative),
        }
    }

    /// The names of the features, where they are few.
    fn names(&self, scene: &Scene) -> Vec<Tex> {
        let features = self.layers.first().map_or(0, |tensor| tensor.shape[1]);
        let named = if features <= MOST_NAMES { features } else { 0 };
        let names = self.found.asked.samples.features.iter().take(named);
        names
            .map(|name| scene.shortened(&words(name), WIDEST_NAME))
            .collect()
    }

    /// The names of the classes, or the numbers of the outputs, where they are few.
    fn classes(&self, scene: &Scene) -> Vec<Tex> {
        let outputs = self.layers.last().map_or(0, |tensor| tensor.shape[0]);
        let named = if outputs <= MOST_NAMES { outputs } else { 0 };
        let samples = &self.found.asked.samples;
        let name = |output: usize| match samples.classes.len() == outputs {
            true => samples.class_name(output),
            false => output.to_string(),
        };
        (0..named)
            .map(|output| scene.shortened(&words(&name(output)), WIDEST_NAME))
            .collect()
    }

    /// An edge for each weight; the strongest lie on top.
    fn edges(&self) -> impl Iterator<Item = Line> {
        let mut edges = Vec::new();
        for (column, tensor) in self.layers.iter().enumerate() {
            let [outputs, inputs] = [tensor.shape[0], tensor.shape[1]];
            let slopes = &self.found.derivative[tensor.range.clone()];
            for (weight, slope) in slopes.iter().enumerate() {
                let from = place(column, weight % inputs, inputs);
                let to = place(column + 1, weight / inputs, outputs);
                edges.push((*slope, [from, to]));
            }
        }
        edges.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
        edges.into_iter().map(|(slope, ends)| {
            Line::new(ends)
                .colour(tint(self.look, slope, self.most))
                .width(0.5 + 2.6 * strength(slope, self.most))
                .sign(sign(slope))
        })
    }

    /// A disc for each neuron, with the names of the features before the first column and those of the outputs behind the last.
    fn neurons(&self, [features, outputs_named]: [Vec<Tex>; 2], beside: f64) -> Vec<Item> {
        let inputs = self.layers.iter().map(|tensor| tensor.shape[1]);
        let outputs = self.layers.last().map(|tensor| tensor.shape[0]);
        let last = self.layers.len();
        let mut items = Vec::new();
        for (column, count) in inputs.chain(outputs).enumerate() {
            let biases = column
                .checked_sub(1)
                .and_then(|before| self.biases(self.layers[before].layer));
            for neuron in 0..count {
                let [x, y] = place(column, neuron, count);
                items.push(
                    self.disc([x, y], count, biases.map(|biases| biases[neuron]))
                        .into(),
                );
                if column == 0
                    && let Some(name) = features.get(neuron)
                {
                    let name = Label::new([x - beside, y], name.clone());
                    items.push(name.stance(Stance::Ending).into());
                }
                if column == last
                    && let Some(name) = outputs_named.get(neuron)
                {
                    let name = Label::new([x + beside, y], name.clone());
                    items.push(name.stance(Stance::Beginning).into());
                }
            }
        }
        items
    }

    /// The derivatives by the biases of a layer, if it has any.
    fn biases(&self, layer: usize) -> Option<&[f64]> {
        let mut tensors = self.found.asked.model.network.tensors().iter();
        let biases = tensors.find(|tensor| tensor.layer == layer && tensor.part == "bias")?;
        Some(&self.found.derivative[biases.range.clone()])
    }

    /// A neuron among so many, coloured by the derivative by its bias.
    fn disc(&self, at: [f64; 2], count: usize, bias: Option<f64>) -> Point {
        let fill = match bias {
            Some(slope) => tint(self.look, slope, self.most),
            None => self.look.mixed(Colour::Faint, 0.35),
        };
        let disc = Point::new(at)
            .colour(fill)
            .radius((150.0 / count as f64).clamp(2.5, 9.0))
            .rim(Colour::Faint);
        match bias.unwrap_or(0.0) {
            0.0 => disc,
            slope => disc.sign(sign(slope)),
        }
    }
}

/// Where a neuron stands among so many of its column: few stand in the middle, many fill the height.
fn place(column: usize, neuron: usize, count: usize) -> [f64; 2] {
    let room = (count as f64 / 12.0).clamp(0.35, 1.0);
    let share = if count > 1 {
        neuron as f64 / (count - 1) as f64
    } else {
        0.5
    };
    [column as f64, 0.5 + room * (0.5 - share)]
}

/// What the two colours mean, below the network, which takes so much of the width of the whole picture: side by side, or where they have no room so, one
/// above the other.
fn legend(look: &Look, scene: &Scene, width: f64, whole: f64) -> [Label; 2] {
    const AIR: f64 = 0.2;
    let texts = ["raises the loss", "lowers the loss"].map(words);
    let needed: f64 = texts.iter().map(|text| scene.width_of(text)).sum();
    let places = if needed + AIR <= width / whole {
        [[0.25, -0.09], [0.75, -0.09]]
    } else {
        [[0.5, -0.02], [0.5, -0.11]]
    };
    let [raises, lowers] = texts;
    [(raises, places[0], 1.0), (lowers, places[1], -1.0)].map(|(text, [share, y], slope)| {
        Label::new([share * width, y], text)
            .colour(tint(look, slope, 1.0))
            .sign(sign(slope))
            .stance(Stance::Over)
    })
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
    let what = if found.of_parameters() {
        "parameters"
    } else {
        "features"
    };
    // On a logarithmic axis there is no place for them.
    let still = found.derivative.iter().filter(|slope| **slope == 0.0);
    let still = match still.count() {
        0 => String::new(),
        count => format!("; {count} of {} do not move it", found.derivative.len()),
    };
    let scene = look.scene(
        &format!(
            "how many {what} move the {} by how much{still}{}",
            called(&found.asked.loss),
            unseen(&found.derivative)
        ),
        format!("A histogram of the derivatives of the loss by its {what}."),
    );
    let Some(bars) = Bars::of(&found.derivative) else {
        return without_numbers(scene, &found.derivative);
    };
    let highest = bars.counts.iter().max();
    let highest = highest.map_or(1.0, |count| *count as f64 * 1.08);
    let ends = [bars.edge(0), bars.edge(bars.counts.len())];
    let drawn = bars.borders().flat_map(|border| {
        let outline = border.iter().chain(border.first()).copied();
        let line = Line::new(outline.collect::<Vec<_>>());
        [
            Item::from(Region::new([border]).colour(look.mixed(palette(0), 0.35))),
            line.colour(palette(0)).width(1.2).dash(Dash::Solid).into(),
        ]
    });
    let size = Axis::new(ends[0], ends[1]).log();
    scene
        .x(size.label(words("size of the derivative")))
        .y(Axis::new(0.0, highest).whole().label(words(what)))
        .with_all(drawn)
}

/// How many sizes lie between the edges of each bar, which are powers of ten.
struct Bars {
    /// The lower edge of the first, counted in bars from 1 on.
    first: f64,
    counts: Vec<usize>,
}

impl Bars {
    /// Bars for each power of ten.
    const EACH: f64 = 4.0;
    /// Smaller ones, as powers of ten below the largest, are left out.
    const DEEP: f64 = 12.0;

    /// Of the sizes of slopes; `None` where none of them is finite and above 0.
    fn of(slopes: &[f64]) -> Option<Self> {
        let is_shown = |size: &f64| *size > 0.0 && size.is_finite();
        let sizes = slopes.iter().map(|slope| slope.abs());
        let sizes: Vec<f64> = sizes.filter(is_shown).collect();
        if sizes.is_empty() {
            return None;
        }
        let most = sizes.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let least = sizes.iter().copied().fold(most, f64::min);
        let deepest = least.log10().max(most.log10() - Self::DEEP);
        let first = (deepest * Self::EACH).floor();
        let last = (most.log10() * Self::EACH).floor();
        let mut counts = vec![0; (last - first) as usize + 1];
        for size in &sizes {
            let bar = (size.log10() * Self::EACH).floor() - first;
            if bar >= 0.0
                && let Some(count) = counts.get_mut(bar as usize)
            {
                *count += 1;
            }
        }
        Some(Self { first, counts })
    }

    /// The lower edge of a bar.
    fn edge(&self, bar: usize) -> f64 {
        10f64.powf((self.first + bar as f64) / Self::EACH)
    }

    /// The bars that hold anything.
    fn borders(&self) -> impl Iterator<Item = Vec<[f64; 2]>> {
        let held = self
            .counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0);
        held.map(|(bar, count)| {
            let ([left, right], height) = ([self.edge(bar), self.edge(bar + 1)], *count as f64);
            vec![[left, 0.0], [right, 0.0], [right, height], [left, height]]
        })
    }
}
