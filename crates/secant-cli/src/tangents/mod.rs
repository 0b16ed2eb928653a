//! `secant tangents`: a curve and its tangent lines, as a table with what a finite step does to each slope, as a
//! picture in the terminal and as files.

pub(crate) mod figure;
mod motion;

use std::path::PathBuf;

use secant::{Formula, Recorded, Span, Tangent, Verdict, has_few_digits, tangent};
use serde::Serialize;

use crate::args::{Format, Tangents};
use crate::asked::{inputs, label, no_variable};
use crate::derive::Derived;
use crate::failure::{Failure, Source};
use crate::json::{At, Kind, Number, Read, document, names_of};
use crate::output::{self, Answer};
use crate::page;
use crate::picture::look::Look;
use crate::picture::{Files, Picture};
use crate::points::{self, Points};
use crate::reading::Reading;
use crate::table::{Align, Table};
use crate::text;

/// Derivatives longer than this are left out of the heading.
const LONGEST_HEADING: usize = 120;

/// All that was found.
pub(crate) struct Found<'a> {
    pub(crate) formula: &'a Formula,
    pub(crate) function: &'a Recorded,
    /// The input that moves.
    pub(crate) moving: usize,
    pub(crate) delta: f64,
    pub(crate) points: Vec<Vec<f64>>,
    pub(crate) tangents: Vec<Tangent>,
    pub(crate) derivative: Derived,
    /// Whether the secants are drawn beside the tangents.
    pub(crate) shows_secants: bool,
    /// Of each point whether it was rounded off a corner, jump or pole.
    rounded: Vec<Option<&'static str>>,
}

pub(crate) fn run(asked: &Tangents) -> Result<Answer, Failure> {
    let (pages, pictures) = page::parted(&asked.drawing.output);
    let files = Files::of(&pictures)?;
    let reading = Reading::new(&asked.formula)?;
    let points = Points::read("--at", &asked.at, &reading.formula, asked.allow_extra)?;
    let look = Look::read(&asked.drawing, Some(&asked.window))?;
    let found = find(asked, &reading, &points)?;
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let text = match asked.style.format {
        Format::Json => found.json(&asked.drawing.output),
        Format::Text => found.text(),
    };
    let page = || page::tangents(&found, &look, &reading);
    let drafts = page::drafts(&pages, page)?;
    let moving = || motion::of(&found, &look, asked);
    let text = picture.beside(text, || figure::scene(&found, &look), moving)?;
    output::write(&drafts)?;
    let warnings = [reading.warnings(), points.warnings].concat();
    let doubtful = found.tangents.iter().any(|tangent| {
        tangent.report.verdict == Verdict::Disagree || few_digits(tangent).is_some()
    });
    let doubtful = doubtful || found.rounded.iter().any(Option::is_some);
    Ok(Answer {
        text,
        warnings,
        doubtful,
        ..Answer::default()
    })
}

/// How far the slope may be off, where digits cancelled.
fn few_digits(tangent: &Tangent) -> Option<f64> {
    let slope = tangent.report.value?;
    let bound = tangent.report.bound.absolute(slope)?;
    has_few_digits(bound, slope, tangent.f).then_some(bound)
}

fn find<'a>(asked: &Tangents, reading: &'a Reading, points: &Points) -> Result<Found<'a>, Failure> {
    let (formula, function) = (&reading.formula, &reading.function);
    let moving = moving(asked, formula, points)?;
    let delta = points::number("--delta", &asked.delta)?;
    let tangents: Result<Vec<Tangent>, secant::Error> = points
        .each
        .iter()
        .map(|at| tangent(function, at, moving, delta))
        .collect();
    let tangents = tangents.map_err(|error| {
        let source = Source::new("--delta", asked.delta.as_str());
        Failure::within(&error, &source, 0).at(&source, Span::new(0, source.text.chars().count()))
    })?;
    let derivative = Derived::new(formula, &[moving]);
    Ok(Found {
        formula,
        function,
        moving,
        delta,
        points: points.each.clone(),
        tangents,
        derivative,
        shows_secants: asked.secant,
        rounded: points
            .each
            .iter()
            .map(|at| points.rounded_off_a_kink(function, at))
            .collect(),
    })
}

/// The input that moves: the named one, or the one that has several values.
fn moving(asked: &Tangents, formula: &Formula, points: &Points) -> Result<usize, Failure> {
    let hint = format!(
        "give one several values, such as {}=0..4, or name it with --wrt",
        formula.variables().first().map_or("x", |name| name)
    );
    let Some(names) = &asked.wrt else {
        return match (formula.variables(), points.moving) {
            (_, Some(moving)) => Ok(moving),
            ([], None) => Err(no_variable(formula)),
            (_, None) => {
                Err(Failure::new("setting", "it is not told which variable moves").hint(hint))
            }
        };
    };
    let source = Source::new("--wrt", names.as_str());
    let whole = Span::new(0, names.chars().count());
    match inputs(names, formula)?.as_slice() {
        [named] if points.moving.is_none_or(|moving| moving == *named) => Ok(*named),
        [named] => Err(
            Failure::new("setting", "another variable has several values")
                .at(&source, whole)
                .hint(format!(
                    "hold the others at one value each, and let {} move",
                    formula.variables()[*named]
                )),
        ),
        _ => Err(Failure::new("setting", "a curve has one variable")
            .at(&source, whole)
            .hint("for mixed derivatives, use 'secant slope'")),
    }
}

impl Found<'_> {
    /// The name of the variable that moves.
    pub(crate) fn variable(&self) -> &str {
        &self.formula.variables()[self.moving]
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", text::heading(self.formula));
        let derivative = self.derivative.written(secant::Notation::Text);
        if derivative.chars().count() <= LONGEST_HEADING {
            text.push_str(&format!(
                "{} = {derivative}\n{}",
                label(self.formula, &[self.moving]),
                self.derivative.holds_for()
            ));
        }
        if let Some(held) = self.held() {
            text.push_str(&format!("with {held}\n"));
        }
        text.push('\n');
        text.push_str(&self.table());
        text.push_str(&self.pairs());
        text.push_str(&self.remarks());
        text
    }

    /// The variables that do not move.
    fn held(&self) -> Option<String> {
        let at = self.points.first()?;
        let others = self
            .formula
            .variables()
            .iter()
            .zip(at)
            .enumerate()
            .filter(|(input, _)| *input != self.moving);
        let others: Vec<String> = others
            .map(|(_, (name, value))| format!("{name} = {}", text::number(*value)))
            .collect();
        (!others.is_empty()).then(|| others.join(", "))
    }

    fn table(&self) -> String {
        let value = format!(
            "{}({})",
            text::name(self.formula),
            self.formula.variables().join(", ")
        );
        let with_delta = format!("with delta {}", text::number(self.delta));
        let mut table = Table::new(&[
            (self.variable(), Align::Point),
            (&value, Align::Point),
            ("slope", Align::Point),
            (&with_delta, Align::Point),
            ("truncation", Align::Point),
            ("rounding", Align::Point),
            ("tangent", Align::Left),
        ]);
        for tangent in &self.tangents {
            let slope = tangent.report.value;
            let error = tangent.secant.error;
            let (variable, name) = (self.variable(), text::name(self.formula));
            let line = slope.zip(tangent.intercept).map(|(slope, intercept)| {
                if intercept.is_finite() {
                    text::line(slope, intercept, variable, name)
                } else {
                    text::line_through([tangent.x, tangent.f], slope, variable, name)
                }
            });
            table.row([
                text::number(tangent.x),
                existing(tangent.f),
                existing(slope.unwrap_or(f64::NAN)),
                existing(tangent.secant.slope),
                error
                    .map(|error| text::error(error.truncation))
                    .unwrap_or_default(),
                error
                    .map(|error| text::error(error.rounding))
                    .unwrap_or_default(),
                line.unwrap_or_default(),
            ]);
        }
        table.lines()
    }

    /// The two points that each slope with delta goes through.
    fn pairs(&self) -> String {
        let vanishes = |tangent: &Tangent| tangent.secant.first[0] == tangent.secant.second[0];
        if self.tangents.iter().all(vanishes) {
            return format!(
                "\nwith delta {} the step vanishes: {x} + delta is {x} itself, and there is no second point\n",
                text::number(self.delta),
                x = self.variable()
            );
        }
        let mut pairs = format!(
            "\nwith delta {} the slope is that of the line through (x1, y1), (x2, y2):\n",
            text::number(self.delta)
        );
        let point = |[x, y]: [f64; 2]| format!("({}, {})", text::number(x), text::number(y));
        for secant in self.tangents.iter().map(|tangent| &tangent.secant) {
            if secant.slope.is_finite() {
                let (first, second) = (point(secant.first), point(secant.second));
                pairs.push_str(&format!("  {first}, {second}\n"));
            }
        }
        pairs
    }

    /// Points without a tangent, and doubts.
    fn remarks(&self) -> String {
        let mut remarks = String::new();
        for (tangent, rounded) in self.tangents.iter().zip(&self.rounded) {
            let report = &tangent.report;
            let place = format!("{} = {}", self.variable(), text::number(tangent.x));
            if let Some(told) = rounded {
                remarks.push_str(&format!("at {place} {told}\n"));
            }
            if report.value.is_none() {
                let sides: Vec<String> = text::sides(&report.point, tangent.f)
                    .into_iter()
                    .map(|(name, value)| format!("{name} {}", text::number(value)))
                    .collect();
                let sides = if sides.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", sides.join(", "))
                };
                remarks.push_str(&format!(
                    "no derivative at {place}: {}{sides}\n",
                    text::reason(&report.point)
                ));
            } else if report.verdict == Verdict::Disagree {
                remarks.push_str(&format!("at {place} the methods DISAGREE by more than their bounds: see 'secant slope'\n"));
            } else if let Some(bound) = few_digits(tangent) {
                remarks.push_str(&format!(
                    "at {place} digits cancelled: the slope may be off by {}\n",
                    text::size(bound)
                ));
            }
        }
        if remarks.is_empty() {
            remarks
        } else {
            format!("\n{remarks}")
        }
    }

    fn told<'t>(&'t self, at: &'t [f64], tangent: &Tangent) -> Told<'t> {
        Told {
            at: At(self.formula, at),
            f: Number(tangent.f),
            slope: tangent.report.value.map(Number),
            intercept: tangent.intercept.map(Number),
            point: Kind::new(&tangent.report.point, tangent.f),
            verdict: tangent.report.verdict.name(),
            secant: ToldSecant {
                first: tangent.secant.first.map(Number),
                second: tangent.secant.second.map(Number),
                slope: Number(tangent.secant.slope),
                truncation: tangent.secant.error.map(|error| Number(error.truncation)),
                rounding: tangent.secant.error.map(|error| Number(error.rounding)),
            },
        }
    }

    fn json(&self, files: &[PathBuf]) -> String {
        document(&Document {
            read: Read::new(self.formula),
            wrt: [self.variable()],
            delta: Number(self.delta),
            derivative: self.derivative.written(secant::Notation::Text),
            conditions: &self.derivative.conditions,
            tangents: self
                .points
                .iter()
                .zip(&self.tangents)
                .map(|(at, tangent)| self.told(at, tangent))
                .collect(),
            files: names_of(files),
        })
    }
}

/// A number, or that there is none.
fn existing(value: f64) -> String {
    if value.is_nan() {
        "none".to_owned()
    } else {
        text::number(value)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    wrt: [&'a str; 1],
    delta: Number,
    derivative: String,
    conditions: &'a [String],
    tangents: Vec<Told<'a>>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Told<'a> {
    at: At<'a>,
    f: Number,
    slope: Option<Number>,
    intercept: Option<Number>,
    point: Kind,
    verdict: &'static str,
    secant: ToldSecant,
}

#[derive(Serialize)]
struct ToldSecant {
    first: [Number; 2],
    second: [Number; 2],
    slope: Number,
    truncation: Option<Number>,
    rounding: Option<Number>,
}
