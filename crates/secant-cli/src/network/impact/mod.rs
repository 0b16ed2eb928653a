//! `secant impact`: what each weight, bias or feature does to the loss, in all and for each sample.

mod features;
mod figure;
mod rows;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use indicatif::ProgressBar;
use secant_train::{Columns, Inspection, Objective, Summary, impact};
use serde::Serialize;

use self::rows::Rows;
use crate::args::Format;
use crate::failure::Failure;
use crate::json::{self, Number};
use crate::network::args::{Impact, Moved, Order, Per, Way};
use crate::network::look::Look;
use crate::network::{Asked, Head, doubts, number, parameter_name, told};
use crate::output::Answer;
use crate::picture::{Files, Picture, motionless};
use crate::progress;
use crate::table::{Align, Table};
use crate::text;

/// Numbers of a piece of rows that are kept at a time.
const PIECE: usize = 1 << 23;

/// What was found.
pub(super) struct Found {
    pub(super) asked: Asked,
    loss: f64,
    /// What is moved, in words.
    pub(super) names: Vec<String>,
    /// Its values; none for features, which differ from sample to sample.
    values: Option<Vec<f64>>,
    /// How the mean loss moves with each: exact partial derivatives.
    pub(super) derivative: Vec<f64>,
    /// Quotients of change and delta over samples, or derivatives.
    pub(super) summary: Summary<f64>,
    delta: Option<f64>,
    crossings: usize,
    entries: usize,
    seen: Inspection,
    warnings: Vec<String>,
}

pub(crate) fn run(asked: &Impact) -> Result<Answer, Failure> {
    let files = Files::of(&asked.drawing.output)?;
    let look = Look::new(&asked.drawing)?;
    if let Some(path) = &asked.each {
        rows::FORMATS.of(path)?;
    }
    let delta = number("--delta", &asked.delta)?;
    let found = match asked.wrt {
        Moved::Parameters => parameters(asked, delta)?,
        Moved::Inputs => inputs(asked, delta)?,
    };
    let text = match asked.style.format {
        Format::Text => describe(asked, &found),
        Format::Json => document(asked, &found),
    };
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let text = picture.beside(
        text,
        || figure::impact(asked.picture, &found, &look),
        motionless,
    )?;
    Ok(Answer {
        text,
        doubtful: !found.warnings.is_empty(),
        ..Answer::default()
    })
}

/// The impact of weights and biases.
fn parameters(asked: &Impact, delta: f64) -> Result<Found, Failure> {
    let what = Asked::new(&asked.learned)?;
    let seen = doubts::inspect(&what)?;
    let wrong = |error: secant::Error| told(&error);
    figure::fits(asked.picture, &what.model.network, true)?;
    let (network, parameters) = (&what.model.network, what.model.parameters.as_slice());
    let (samples, size) = (&what.samples.columns, network.parameters());
    let mut derivative = vec![0.0; size];
    let mut whole =
        Objective::new(network, &what.loss, samples, &what.samples.targets).map_err(wrong)?;
    let loss = whole.gradient(parameters, &mut derivative).map_err(wrong)?;
    let names: Vec<String> = (0..size)
        .map(|parameter| parameter_name(network, parameter))
        .collect();
    let mut file = match &asked.each {
        Some(path) => Some(Rows::create(path, &what.samples, &names)?),
        None => None,
    };
    let mut summary = Summary::new(size);
    let mut crossings = 0;
    let pieces = (PIECE / size.max(1)).clamp(1, samples.samples().max(1));
    let bar = Bar::new(samples.samples());
    for first in (0..samples.samples()).step_by(pieces) {
        let piece: Vec<usize> = (first..samples.samples().min(first + pieces)).collect();
        let part = (samples.gather(&piece), what.samples.targets.gather(&piece));
        let mut rows = vec![0.0; piece.len() * size];
        let mut objective = Objective::new(network, &what.loss, &part.0, &part.1).map_err(wrong)?;
        let mut progress = |done: usize, all: usize| {
            bar.at(first as f64 + piece.len() as f64 * done as f64 / all.max(1) as f64);
            ControlFlow::Continue(())
        };
        match asked.way {
            Way::Backprop => objective.gradients(parameters, &mut rows).map_err(wrong)?,
            Way::Naive => {
                impact::naive(&mut objective, parameters, delta, &mut rows, &mut progress)
                    .map_err(wrong)?
            }
            Way::Structured => {
                let told =
                    impact::structured(&mut objective, parameters, delta, &mut rows, &mut progress);
                crossings += told.map_err(wrong)?.crossings.len();
            }
        }
        for (sample, row) in piece.iter().zip(rows.chunks_exact(size.max(1))) {
            summary.add(*sample, row);
            if let Some(file) = &mut file {
                file.row(*sample, what.samples.class_of(*sample), row)?;
            }
        }
    }
    bar.clear();
    if let Some(file) = file {
        file.finish()?;
    }
    let entries = size * samples.samples();
    let mut warnings = not_finite(&what, &seen, &names, &summary);
    if asked.way == Way::Naive && warnings.is_empty() {
        let most = |most: f64, value: &f64| most.max(value.abs());
        let largest = (0..size).map(|place| summary.largest(place).1);
        let largest = largest.fold(0.0, |most, value| f64::max(most, value.abs()));
        let parameter = parameters.iter().fold(0.0, most);
        let share = impact::rounding(delta, seen.largest_loss, parameter, largest);
        warnings.extend(doubts::rounding(share));
    }
    let delta = (asked.way != Way::Backprop).then_some(delta);
    let values = Some(parameters.to_vec());
    Ok(Found {
        loss,
        names,
        values,
        derivative,
        summary,
        delta,
        crossings,
        entries,
        seen,
        warnings,
        asked: what,
    })
}

/// The impact of features.
fn inputs(asked: &Impact, delta: f64) -> Result<Found, Failure> {
    if asked.way == Way::Naive {
        let message = "features are moved by --way structured, or asked by backprop alone";
        return Err(Failure::new("setting", message).hint("leave --way out"));
    }
    if asked.per == Per::Neuron {
        return Err(Failure::new("setting", "features belong to no neuron").hint("leave --per out"));
    }
    let what = Asked::new(&asked.learned)?;
    let seen = doubts::inspect(&what)?;
    figure::fits(asked.picture, &what.model.network, false)?;
    let wrong = |error: secant::Error| told(&error);
    let (network, samples) = (&what.model.network, &what.samples.columns);
    let parameters = what.model.parameters.as_slice();
    let names = what.samples.features.clone();
    let mut file = match &asked.each {
        Some(path) => Some(Rows::create(path, &what.samples, &names)?),
        None => None,
    };
    let mut objective =
        Objective::new(network, &what.loss, samples, &what.samples.targets).map_err(wrong)?;
    let loss = objective.loss(parameters).map_err(wrong)?;
    let mut derivatives = Summary::new(names.len());
    let mut moved = Summary::new(names.len());
    let mut written = Ok(());
    let mut each =
        |summary: &mut Summary<f64>, first: usize, columns: &Columns<f64>, is_told: bool| {
            let rows = columns.to_rows();
            for (place, row) in rows.chunks_exact(names.len().max(1)).enumerate() {
                let sample = first + place;
                summary.add(sample, row);
                if let (Some(file), Ok(()), true) = (&mut file, &written, is_told) {
                    written = file.row(sample, what.samples.class_of(sample), row);
                }
            }
        };
    let moves = asked.way == Way::Structured;
    objective
        .input_gradients(parameters, |first, columns| {
            each(&mut derivatives, first, columns, !moves);
        })
        .map_err(wrong)?;
    let mut crossings = 0;
    if moves {
        let bar = Bar::new(samples.samples());
        let mut progress = |done: usize, _: usize| {
            bar.at(done as f64);
            ControlFlow::Continue(())
        };
        let read = |first: usize, columns: &Columns<f64>| each(&mut moved, first, columns, true);
        let told = impact::features(&mut objective, parameters, delta, read, &mut progress);
        crossings = told.map_err(wrong)?.crossings.len();
        bar.clear();
    }
    written?;
    if let Some(file) = file {
        file.finish()?;
    }
    let derivative = derivatives.mean().to_vec();
    let summary = if moves { moved } else { derivatives };
    let entries = names.len() * samples.samples();
    let warnings = not_finite(&what, &seen, &names, &summary);
    Ok(Found {
        loss,
        names,
        values: None,
        derivative,
        summary,
        delta: moves.then_some(delta),
        crossings,
        entries,
        seen,
        warnings,
        asked: what,
    })
}

/// What is not finite, in words. Of a parameter with an impact that is not, the summary tells that one as the largest.
fn not_finite(
    what: &Asked,
    seen: &Inspection,
    names: &[String],
    summary: &Summary<f64>,
) -> Vec<String> {
    let of_loss = doubts::not_finite(what, seen);
    let odd: Vec<usize> = (0..names.len())
        .filter(|place| !summary.largest(*place).1.is_finite())
        .collect();
    let of_impacts = odd.first().map(|first| {
        format!(
            "the impacts of {} of {} are not finite on some samples; the first is that of {} on sample {}",
            odd.len(),
            names.len(),
            names[*first],
            summary.largest(*first).0
        )
    });
    of_loss.into_iter().chain(of_impacts).collect()
}

impl Found {
    /// The change of the loss in per cent for one per cent of the parameter.
    fn elasticity(&self, place: usize) -> Option<f64> {
        let value = self.values.as_ref()?[place];
        let elasticity = self.derivative[place] * value / self.loss;
        elasticity.is_finite().then_some(elasticity)
    }

    /// The change of the loss when the parameter alone moves by delta.
    fn change(&self, place: usize) -> Option<f64> {
        self.delta.map(|delta| self.summary.mean()[place] * delta)
    }

    /// Whether these are weights and biases.
    pub(super) fn of_parameters(&self) -> bool {
        self.values.is_some()
    }

    /// The places of the greatest, the greatest first.
    fn ranked(&self, by: Order) -> Vec<usize> {
        let weight = |place: usize| match by {
            Order::Derivative => self.derivative[place].abs(),
            Order::Elasticity => self.elasticity(place).map_or(0.0, f64::abs),
            Order::Variance => self.summary.variance(place),
            Order::Largest => self.summary.largest(place).1.abs(),
        };
        let mut places: Vec<usize> = (0..self.names.len()).collect();
        places.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
        places
    }
}

fn short(value: f64) -> String {
    text::digits(value, 5).map_or_else(|| text::number(value), text::number)
}

fn describe(asked: &Impact, found: &Found) -> String {
    let table = match asked.per {
        Per::Neuron => neurons_told(&neurons(found, asked.top)),
        Per::Parameter => parameters_told(found, asked.by, asked.top),
    };
    let heading = found.asked.heading();
    let mut text = format!("{heading}mean loss: {}\n\n{table}", short(found.loss));
    if found.of_parameters() {
        text += &format!("\n{}", layers(found));
    }
    if let Some(kinks) = doubts::kinks(&found.seen) {
        text += &format!("\n{kinks}\n");
    }
    if found.crossings > 0 {
        text += &format!(
            "\n{} of {} impacts crossed a kink on their way: there the change is no multiple of a derivative\n",
            found.crossings, found.entries
        );
    }
    if !found.warnings.is_empty() {
        text += &format!("\n{}", doubts::lines(&found.warnings));
    }
    text
}

/// The greatest, one by one.
fn parameters_told(found: &Found, by: Order, top: usize) -> String {
    let optional = |value: Option<f64>| value.map_or_else(String::new, short);
    let change = found.delta.map_or_else(String::new, |delta| {
        format!("change for {}", text::number(delta))
    });
    let what = if found.of_parameters() {
        "parameter"
    } else {
        "feature"
    };
    let mut table = Table::new(&[
        (what, Align::Left),
        ("value", Align::Point),
        ("derivative", Align::Point),
        (&change, Align::Point),
        ("elasticity", Align::Point),
        ("deviation", Align::Point),
        ("largest", Align::Point),
        ("on sample", Align::Point),
    ]);
    for place in found.ranked(by).into_iter().take(top) {
        let (sample, largest) = found.summary.largest(place);
        table.row([
            found.names[place].clone(),
            optional(found.values.as_ref().map(|values| values[place])),
            short(found.derivative[place]),
            optional(found.change(place)),
            optional(found.elasticity(place)),
            short(found.summary.variance(place).sqrt()),
            short(largest),
            found.asked.samples.sample_name(sample),
        ]);
    }
    table.lines()
}

/// A neuron, with what all its weights and its bias do together.
#[derive(Serialize)]
struct Neuron<'a> {
    layer: &'a str,
    neuron: usize,
    parameters: usize,
    length: Number,
}

/// The neurons with the longest derivatives, the longest first.
fn neurons(found: &Found, top: usize) -> Vec<Neuron<'_>> {
    let mut lengths: BTreeMap<(usize, &str, usize), (usize, f64)> = BTreeMap::new();
    for tensor in found.asked.model.network.tensors() {
        let units = tensor.shape.first().copied().unwrap_or(1).max(1);
        let each = (tensor.range.len() / units).max(1);
        for (unit, slopes) in found.derivative[tensor.range.clone()]
            .chunks(each)
            .enumerate()
        {
            // A layer within another goes by the name that its tensors share, as `0.block.2`.
            let layer = tensor.name.rsplit_once('.').map_or("", |(layer, _)| layer);
            let (count, square) = lengths.entry((tensor.layer, layer, unit)).or_default();
            *count += slopes.len();
            *square += slopes.iter().map(|slope| slope * slope).sum::<f64>();
        }
    }
    let mut ranked: Vec<_> = lengths.into_iter().collect();
    ranked.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
    let told = ranked.into_iter().take(top);
    told.map(|((_, layer, neuron), (parameters, square))| Neuron {
        layer,
        neuron,
        parameters,
        length: Number(square.sqrt()),
    })
    .collect()
}

fn neurons_told(neurons: &[Neuron<'_>]) -> String {
    let mut table = Table::new(&[
        ("layer", Align::Point),
        ("neuron", Align::Point),
        ("parameters", Align::Point),
        ("length of derivative", Align::Point),
    ]);
    for told in neurons {
        table.row([
            told.layer.to_owned(),
            told.neuron.to_string(),
            told.parameters.to_string(),
            short(told.length.0),
        ]);
    }
    table.lines()
}

/// Tensor by tensor.
fn layers(found: &Found) -> String {
    let mut table = Table::new(&[
        ("tensor", Align::Left),
        ("parameters", Align::Point),
        ("length of derivative", Align::Point),
        ("largest", Align::Point),
        ("at", Align::Left),
    ]);
    for tensor in found.asked.model.network.tensors() {
        let part = &found.derivative[tensor.range.clone()];
        let length = part.iter().map(|slope| slope * slope).sum::<f64>().sqrt();
        let largest = tensor.range.clone().max_by(|a, b| {
            found.derivative[*a]
                .abs()
                .total_cmp(&found.derivative[*b].abs())
        });
        let Some(largest) = largest else {
            continue;
        };
        table.row([
            tensor.name.clone(),
            part.len().to_string(),
            short(length),
            short(found.derivative[largest]),
            found.names[largest].clone(),
        ]);
    }
    table.lines()
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    loss: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<Number>,
    crossings: usize,
    /// Numbers exactly at a kink of an activation, and outputs at one of the loss.
    kinks: usize,
    loss_kinks: usize,
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    impacts: Option<Vec<One<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    neurons: Option<Vec<Neuron<'a>>>,
}

#[derive(Serialize)]
struct One<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    derivative: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elasticity: Option<Number>,
    variance: Number,
    largest: Number,
    largest_sample: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    largest_class: Option<&'a str>,
}

fn document(asked: &Impact, found: &Found) -> String {
    let one = |place: usize| {
        let (sample, largest) = found.summary.largest(place);
        One {
            name: &found.names[place],
            value: found.values.as_ref().map(|values| Number(values[place])),
            derivative: Number(found.derivative[place]),
            change: found.change(place).map(Number),
            elasticity: found.elasticity(place).map(Number),
            variance: Number(found.summary.variance(place)),
            largest: Number(largest),
            largest_sample: sample,
            largest_class: found.asked.samples.class_of(sample),
        }
    };
    json::document(&Document {
        head: found.asked.head(),
        loss: Number(found.loss),
        delta: found.delta.map(Number),
        crossings: found.crossings,
        kinks: found.seen.kinks,
        loss_kinks: found.seen.loss_kinks,
        warnings: &found.warnings,
        impacts: (asked.per == Per::Parameter).then(|| {
            let ranked = found.ranked(asked.by).into_iter();
            ranked.take(asked.top).map(one).collect()
        }),
        neurons: (asked.per == Per::Neuron).then(|| neurons(found, asked.top)),
    })
}

/// How much is done, with the time left, on a terminal's standard error.
struct Bar(ProgressBar);

impl Bar {
    /// The bar counts in thousandths of a sample.
    const PARTS: f64 = 1000.0;

    fn new(samples: usize) -> Self {
        let length = (samples as f64 * Self::PARTS) as u64;
        Self(progress::bar(length, "{bar:30} {percent} %, {eta} left"))
    }

    fn at(&self, samples: f64) {
        self.0.set_position((samples * Self::PARTS) as u64);
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}
