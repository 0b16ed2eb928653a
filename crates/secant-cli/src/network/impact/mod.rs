//! `secant impact`: what each weight, bias or feature does to the loss, in all and for each sample.

mod features;
mod figure;
mod moving;
mod rows;

use secant_train::{Inspection, Summary, impact};
use serde::Serialize;

use crate::args::Format;
use crate::failure::Failure;
use crate::json::{self, Number};
use crate::network::args::{Impact, Moved, Order, Per, Way};
use crate::network::look::Look;
use crate::network::{Asked, Head, doubts, number, parameter_name, told};
use crate::output::Answer;
use crate::picture::{Files, Picture, motionless};
use crate::table::{Align, Table};
use crate::text;

/// What was found.
pub(super) struct Found {
    pub(super) asked: Asked,
    moved: Moved,
    loss: f64,
    /// How the mean loss moves with each: exact partial derivatives.
    pub(super) derivative: Vec<f64>,
    /// Quotients of change and delta over samples, or derivatives.
    pub(super) summary: Summary<f64>,
    delta: Option<f64>,
    crossings: usize,
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
        Moved::Parameters => moving::parameters(asked, delta)?,
        Moved::Inputs => moving::inputs(asked, delta)?,
    };
    let text = match asked.style.format {
        Format::Text => describe(asked, &found)?,
        Format::Json => document(asked, &found)?,
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

impl Found {
    /// How many are moved.
    fn count(&self) -> usize {
        self.derivative.len()
    }

    /// One of them in words. Names are made one by one, for a large network has millions.
    fn name(&self, place: usize) -> String {
        match self.moved {
            Moved::Parameters => parameter_name(&self.asked.model.network, place),
            Moved::Inputs => self.asked.samples.features[place].clone(),
        }
    }

    /// The value of a parameter; features have another in each sample.
    fn value(&self, place: usize) -> Option<f64> {
        self.of_parameters()
            .then(|| self.asked.model.parameters[place])
    }

    /// The change of the loss in per cent for one per cent of the parameter.
    fn elasticity(&self, place: usize) -> Option<f64> {
        impact::elasticity(self.derivative[place], self.value(place)?, self.loss)
    }

    /// The change of the loss when the parameter alone moves by delta.
    fn change(&self, place: usize) -> Option<f64> {
        self.delta.map(|delta| self.summary.mean()[place] * delta)
    }

    /// Whether these are weights and biases.
    pub(super) fn of_parameters(&self) -> bool {
        self.moved == Moved::Parameters
    }

    /// How many numbers were looked at.
    fn entries(&self) -> usize {
        self.count() * self.asked.samples.columns.samples()
    }

    /// The places of the greatest, the greatest first.
    fn ranked(&self, by: Order, count: usize) -> Vec<usize> {
        let size = |place: usize| match by {
            Order::Derivative => self.derivative[place].abs(),
            Order::Elasticity => self.elasticity(place).map_or(0.0, f64::abs),
            Order::Variance => self.summary.variance(place),
            Order::Largest => self.summary.largest(place).1.abs(),
        };
        impact::greatest((0..self.count()).map(size), count)
    }

    /// The neurons with the longest derivatives, the longest first.
    fn neurons(&self, count: usize) -> Result<Vec<Neuron<'_>>, Failure> {
        let network = &self.asked.model.network;
        let neurons = impact::neurons(network, &self.derivative).map_err(|error| told(&error))?;
        Ok(neurons.into_iter().take(count).map(Neuron::from).collect())
    }

    /// What part of the largest impact may be rounding, where losses were subtracted.
    fn rounding(&self, delta: f64) -> f64 {
        let largest = |sizes: &mut dyn Iterator<Item = f64>| {
            sizes.fold(0.0, |most, value| f64::max(most, value.abs()))
        };
        let impact = largest(&mut (0..self.count()).map(|place| self.summary.largest(place).1));
        let parameter = largest(&mut self.asked.model.parameters.iter().copied());
        impact::rounding(delta, self.seen.largest_loss, parameter, impact)
    }

    /// What is not finite, in words. Of a parameter with an impact that is not, the summary tells that one as the largest.
    fn not_finite(&self) -> Vec<String> {
        let of_loss = doubts::not_finite(&self.asked, &self.seen);
        let is_odd = |place: &usize| !self.summary.largest(*place).1.is_finite();
        let mut odd = (0..self.count()).filter(is_odd);
        let of_impacts = odd.next().map(|first| {
            format!(
                "the impacts of {} of {} are not finite on some samples; the first is that of {} on sample {}",
                1 + odd.count(),
                self.count(),
                self.name(first),
                self.summary.largest(first).0
            )
        });
        of_loss.into_iter().chain(of_impacts).collect()
    }
}

fn short(value: f64) -> String {
    text::digits(value, 5).map_or_else(|| text::number(value), text::number)
}

fn describe(asked: &Impact, found: &Found) -> Result<String, Failure> {
    let table = match asked.per {
        Per::Neuron => neurons_told(&found.neurons(asked.top)?),
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
            found.crossings,
            found.entries()
        );
    }
    if !found.warnings.is_empty() {
        text += &format!("\n{}", doubts::lines(&found.warnings));
    }
    Ok(text)
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
    for place in found.ranked(by, top) {
        let (sample, largest) = found.summary.largest(place);
        table.row([
            found.name(place),
            optional(found.value(place)),
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

impl<'a> From<impact::Neuron<'a>> for Neuron<'a> {
    fn from(found: impact::Neuron<'a>) -> Self {
        Self {
            layer: found.layer,
            neuron: found.neuron,
            parameters: found.parameters,
            length: Number(found.length),
        }
    }
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
        let by_size = |a: &usize, b: &usize| {
            let size = |place: usize| found.derivative[place].abs();
            size(*a).total_cmp(&size(*b))
        };
        let Some(largest) = tensor.range.clone().max_by(by_size) else {
            continue;
        };
        table.row([
            tensor.name.clone(),
            part.len().to_string(),
            short(impact::length(part)),
            short(found.derivative[largest]),
            found.name(largest),
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
    /// How many impacts crossed a kink, where the way sees that.
    #[serde(skip_serializing_if = "Option::is_none")]
    crossings: Option<usize>,
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
    name: String,
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

fn document(asked: &Impact, found: &Found) -> Result<String, Failure> {
    let one = |place: usize| {
        let (sample, largest) = found.summary.largest(place);
        One {
            name: found.name(place),
            value: found.value(place).map(Number),
            derivative: Number(found.derivative[place]),
            change: found.change(place).map(Number),
            elasticity: found.elasticity(place).map(Number),
            variance: Number(found.summary.variance(place)),
            largest: Number(largest),
            largest_sample: sample,
            largest_class: found.asked.samples.class_of(sample),
        }
    };
    let neurons = match asked.per {
        Per::Neuron => Some(found.neurons(asked.top)?),
        Per::Parameter => None,
    };
    Ok(json::document(&Document {
        head: found.asked.head(),
        loss: Number(found.loss),
        delta: found.delta.map(Number),
        crossings: (asked.way == Way::Structured).then_some(found.crossings),
        kinks: found.seen.kinks,
        loss_kinks: found.seen.loss_kinks,
        warnings: &found.warnings,
        impacts: (asked.per == Per::Parameter).then(|| {
            let ranked = found.ranked(asked.by, asked.top).into_iter();
            ranked.map(one).collect()
        }),
        neurons,
    }))
}
