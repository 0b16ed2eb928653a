//! `secant slope`: the derivative at a point by every method, with what each knows of its error, and a verdict.

mod rows;

use secant::method::{self, Automatic, Difference, Method};
use secant::{
    Differences, ErrorBound, Estimate, Formula, Function, Mode, PointKind, Report, Verdict, report,
};
use serde::Serialize;

use crate::args::{Format, Slope};
use crate::asked::{Asked, label};
use crate::failure::{Failure, Source};
use crate::json::{At, Bound, Kind, Number, Read, Shaped, document};
use crate::output::Answer;
use crate::points::{self, Points};
use crate::program;
use crate::reading::Reading;
use crate::table::{Align, Table};
use crate::text;

/// All that was found at one point.
struct Found<'a> {
    formula: &'a Formula,
    asked: Asked,
    at: Vec<f64>,
    f: f64,
    /// How far f may be off.
    f_bound: ErrorBound,
    /// The step of the difference, in words.
    step: String,
    reports: Vec<Report>,
    /// Whether several methods were asked, so that they can agree.
    compared: bool,
    /// Whether the point is proven smooth, but not all that it may have been rounded from.
    rounded_off_a_kink: Option<&'static str>,
}

pub(crate) fn run(asked: &Slope) -> Result<Answer, Failure> {
    if let Some(command) = &asked.external.command {
        return program::slope::run(command, asked);
    }
    let reading = Reading::new(asked.formula.as_deref().unwrap_or_default())?;
    if let (Some(data), Some(output)) = (&asked.rows.data, &asked.rows.output) {
        return rows::run(&reading, data, output, asked);
    }
    let points = Points::read("--at", &asked.at, &reading.formula, asked.allow_extra)?;
    let derivative = Asked::read(asked.wrt.as_deref(), asked.order, &reading.formula)?;
    let methods = asked_methods(asked)?;
    let at = points.only("slope", &asked.at)?;
    let each = derivative.each(reading.function.inputs());
    let reports: Result<Vec<Report>, secant::Error> = each
        .iter()
        .map(|wrt| report(&reading.function, at, wrt, &methods))
        .collect();
    let value = reading.function.evaluate(0, at);
    let found = Found {
        formula: &reading.formula,
        asked: derivative,
        f: value.value,
        f_bound: value.bound,
        at: at.to_vec(),
        compared: methods.len() > 1,
        rounded_off_a_kink: points.rounded_off_a_kink(&reading.function, at),
        step: format!("delta {} ({})", asked.delta.trim(), asked.scheme.name()),
        reports: reports.map_err(|error| Failure::within(&error, &reading.source, 0))?,
    };
    let text = match asked.style.format {
        Format::Text => found.text(),
        Format::Json => found.json(),
    };
    let warnings = [reading.warnings(), points.warnings].concat();
    let doubtful = found
        .reports
        .iter()
        .any(|report| report.verdict == Verdict::Disagree);
    let doubtful = doubtful || found.rounded_off_a_kink.is_some();
    Ok(Answer {
        text,
        warnings,
        doubtful,
        ..Answer::default()
    })
}

/// The derivative, with its bound where that leaves no digit certain.
fn told_value(report: &Report) -> String {
    let value = report.value.unwrap_or(f64::NAN);
    match report.bound.absolute(value) {
        Some(bound) if bound > value.abs() => {
            format!("{} ± {}", text::number(value), text::size(bound))
        }
        _ => text::number(value),
    }
}

/// All methods that can be asked for: those of the library, and the difference that finds its own step.
pub(crate) fn methods(difference: Difference, mode: Mode) -> Vec<Box<dyn Method>> {
    let mut all = method::all(difference);
    all.push(Box::new(Automatic::new(Differences::new().mode(mode))));
    all
}

fn asked_methods(asked: &Slope) -> Result<Vec<Box<dyn Method>>, Failure> {
    let delta = points::number("--delta", &asked.delta)?;
    let difference = Difference::new(delta, asked.scheme.into()).map_err(|error| {
        let source = Source::new("--delta", asked.delta.as_str());
        let whole = secant::Span::new(0, source.text.chars().count());
        Failure::within(&error, &source, 0).at(&source, whole)
    })?;
    Ok(methods(difference, asked.mode.of_library())
        .into_iter()
        .filter(|method| asked.method == "all" || asked.method == method.name())
        .collect())
}

impl Found<'_> {
    fn text(&self) -> String {
        let mut text = format!("{}\n", text::heading(self.formula));
        let kind = self
            .reports
            .first()
            .map_or(PointKind::Smooth, |report| report.point.kind);
        text.push_str(&format!(
            "at {}: {}\n\n",
            text::place(self.formula, &self.at),
            text::value(self.formula, self.f, self.f_bound, kind)
        ));
        let (with, without): (Vec<&Report>, Vec<&Report>) = self
            .reports
            .iter()
            .partition(|report| report.value.is_some());
        for report in &with {
            text.push_str(&format!(
                "{} = {}\n",
                label(self.formula, &report.wrt),
                told_value(report)
            ));
        }
        if let Some(told) = self.rounded_off_a_kink {
            text.push_str(&format!(
                "{told}
"
            ));
        }
        for report in without {
            text.push_str(&no_slope(self.formula, report, self.f));
        }
        if !with.is_empty() {
            text.push('\n');
            text.push_str(&self.table(&with));
            if self.compared {
                text.push('\n');
                text.push_str(&self.verdict(&with));
            }
        }
        text
    }

    fn table(&self, reports: &[&Report]) -> String {
        let mut table = Table::new(&[
            ("", Align::Left),
            ("method", Align::Left),
            ("value", Align::Point),
            ("bound", Align::Left),
            ("evaluations", Align::Point),
        ]);
        for report in reports {
            for (place, estimate) in report.estimates.iter().enumerate() {
                let name = if place == 0 && self.reports.len() > 1 {
                    label(self.formula, &report.wrt)
                } else {
                    String::new()
                };
                table.row([
                    name,
                    estimate.method.to_owned(),
                    text::number(estimate.value),
                    text::bound(estimate.value, estimate.bound),
                    estimate.evaluations.to_string(),
                ]);
            }
        }
        table.lines() + &self.notes(reports)
    }

    /// What each method has to say beside its number.
    fn notes(&self, reports: &[&Report]) -> String {
        let mut lines = String::new();
        for report in reports {
            let of = if self.reports.len() > 1 {
                format!(" of {}", label(self.formula, &report.wrt))
            } else {
                String::new()
            };
            for estimate in &report.estimates {
                if let (
                    ErrorBound::Estimated {
                        truncation,
                        rounding,
                    },
                    true,
                ) = (estimate.bound, of.is_empty())
                {
                    let (truncation, rounding) = (text::size(truncation), text::size(rounding));
                    lines.push_str(&format!(
                        "{}: truncation {truncation}, rounding {rounding}, {}\n",
                        estimate.method,
                        if estimate.method == "difference" {
                            format!("with {}", self.step)
                        } else {
                            "with steps of its own".to_owned()
                        }
                    ));
                }
                for note in &estimate.notes {
                    lines.push_str(&format!("{}{of}: {note}\n", estimate.method));
                }
            }
        }
        lines
    }

    /// The verdict, in one line where it is the same for all.
    fn verdict(&self, reports: &[&Report]) -> String {
        let words = |verdict: Verdict| match verdict {
            Verdict::Agree => "the methods agree within their bounds",
            Verdict::Disagree => "the methods DISAGREE by more than their bounds",
            Verdict::Single => "only one number has a bound: nothing to hold it against",
            Verdict::NoDerivative => "there is no derivative to agree on",
            Verdict::Undecided => "whether there is a derivative to agree on could not be told",
        };
        match reports {
            [first, rest @ ..] if rest.iter().all(|report| report.verdict == first.verdict) => {
                format!("{}\n", words(first.verdict))
            }
            all => all
                .iter()
                .map(|report| {
                    format!(
                        "{}: {}\n",
                        label(self.formula, &report.wrt),
                        words(report.verdict)
                    )
                })
                .collect(),
        }
    }

    fn json(&self) -> String {
        document(&Document {
            read: Read::new(self.formula),
            operator: self.asked.operator(),
            wrt: self.asked.names(self.formula),
            at: At(self.formula, &self.at),
            f: Number(self.f),
            f_bound: Bound::new(self.f, self.f_bound),
            rounded_off_a_kink: self.rounded_off_a_kink.is_some(),
            value: self.shaped(|report| report.value.map(Number)),
            point: self.shaped(|report| Kind::new(&report.point, self.f)),
            verdict: self.shaped(|report| report.verdict.name()),
            estimates: self
                .names_of_methods()
                .into_iter()
                .map(|method| self.told(method))
                .collect(),
        })
    }

    /// Something of each report, in the shape of what was asked.
    fn shaped<T>(&self, each: impl Fn(&Report) -> T) -> Shaped<T> {
        self.asked.shaped(self.at.len(), &self.reports, each)
    }

    /// The methods that gave something, in their order.
    fn names_of_methods(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for estimate in self.reports.iter().flat_map(|report| &report.estimates) {
            if !names.contains(&estimate.method) {
                names.push(estimate.method);
            }
        }
        names
    }

    /// What one method gave.
    fn told(&self, method: &'static str) -> Told {
        let of = |report: &Report| {
            report
                .estimates
                .iter()
                .find(|estimate| estimate.method == method)
                .cloned()
        };
        let notes = |estimate: Estimate| estimate.notes.iter().map(secant::Note::name).collect();
        Told {
            method,
            value: self.shaped(|report| of(report).map(|estimate| Number(estimate.value))),
            bound: self.shaped(|report| {
                of(report).map(|estimate| Bound::new(estimate.value, estimate.bound))
            }),
            evaluations: self
                .shaped(|report| of(report).map_or(0, |estimate| estimate.evaluations)),
            notes: self.shaped(|report| of(report).map(notes).unwrap_or_default()),
        }
    }
}

/// A point that has no derivative: why, and what there is on either side.
pub(crate) fn no_slope(formula: &Formula, report: &Report, f: f64) -> String {
    let name = label(formula, &report.wrt);
    if report.point.is_smooth() {
        let mut lines = format!("{name} exists, but was not found\n");
        for estimate in &report.estimates {
            for note in &estimate.notes {
                lines.push_str(&format!("  {}: {note}\n", estimate.method));
            }
        }
        return lines;
    }
    let mut lines = text::missing(&name, &report.point) + "\n";
    let mut table = Table::new(&[("", Align::Left), ("", Align::Point)]);
    for (name, value) in text::sides(&report.point, f) {
        table.row([format!("  {name}"), text::number(value)]);
    }
    lines.push_str(table.lines().trim_start_matches('\n'));
    lines
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    operator: &'static str,
    wrt: Vec<String>,
    at: At<'a>,
    f: Number,
    f_bound: Bound,
    /// Whether a corner, jump or pole lies within the rounding of the point.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rounded_off_a_kink: bool,
    value: Shaped<Option<Number>>,
    point: Shaped<Kind>,
    verdict: Shaped<&'static str>,
    estimates: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    method: &'static str,
    value: Shaped<Option<Number>>,
    bound: Shaped<Option<Bound>>,
    evaluations: Shaped<usize>,
    notes: Shaped<Vec<&'static str>>,
}
