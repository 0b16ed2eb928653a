//! `secant slope --command`: derivatives of a program by differences that find their own steps, each with its bound in two parts, or
//! what the point is. What was run, what failed and why is told beside it.

use secant::{Differences, Finding, Formula};
use serde::Serialize;

use super::runs::Answered;
use super::{Opened, Runs, digits, open, troubles, within};
use crate::args::{Budget, Format, Slope};
use crate::asked::{Asked, label};
use crate::failure::Failure;
use crate::json::{At, Bound, Kind, Number, SCHEMA, Shaped, document};
use crate::output::Answer;
use crate::table::{Align, Table};
use crate::text;

pub(crate) fn run(command: &str, asked: &Slope) -> Result<Answer, Failure> {
    let Opened {
        inputs,
        at,
        warnings,
        mut runs,
    } = open(command, &asked.at, &asked.external, "slope")?;
    let derivative = Asked::read(asked.wrt.as_deref(), asked.order, &inputs)?;
    let mode = asked.mode.of_library();
    let differences = Differences::new().mode(mode);
    let differences = within(differences, asked.external.domain.as_deref(), &inputs, &at)?;
    let each = derivative.each(at.len());
    // All share the point.
    let typical: usize = each.iter().map(|wrt| mode.typical(wrt) - 1).sum();
    let expected = 1 + typical;
    let answers = runs.differentiate(&differences, &at, &each, expected)?;
    let found = Found {
        inputs: &inputs,
        asked: derivative,
        derivatives: each
            .into_iter()
            .zip(answers)
            .map(|(wrt, answered)| Derivative { wrt, answered })
            .collect(),
        at,
        mode: asked.mode,
        runs: &runs,
    };
    let text = match asked.style.format {
        Format::Text => found.text(),
        Format::Json => found.json(command),
    };
    Ok(Answer {
        text,
        warnings,
        doubtful: !runs.failed.is_empty() || runs.journal_fault().is_some(),
        ..Answer::default()
    })
}

/// What the differences say of one derivative.
struct Derivative {
    wrt: Vec<usize>,
    answered: Answered,
}

impl Derivative {
    fn finding(&self) -> &Finding {
        &self.answered.found.finding
    }

    /// Whether runs that failed leave open what the point is: they may have failed by accident.
    fn is_spoilt(&self) -> bool {
        self.answered.failed > 0 && !matches!(self.finding(), Finding::Derivative(_))
    }

    fn value(&self) -> Option<f64> {
        self.answered.found.value()
    }
}

struct Found<'a> {
    inputs: &'a Formula,
    asked: Asked,
    at: Vec<f64>,
    derivatives: Vec<Derivative>,
    mode: Budget,
    runs: &'a Runs,
}

impl Found<'_> {
    fn text(&self) -> String {
        let f = self.runs.value(&self.at);
        let place = text::place(self.inputs, &self.at);
        let mut told = if f.is_finite() {
            format!("at {place}: f = {}\n\n", text::number(f))
        } else {
            format!("at {place}: f has no value\n\n")
        };
        let (with, without): (Vec<&Derivative>, Vec<&Derivative>) = self
            .derivatives
            .iter()
            .partition(|derivative| derivative.value().is_some());
        if !with.is_empty() {
            told.push_str(&self.table(&with));
        }
        for derivative in without {
            told.push_str(&self.without(derivative, f));
        }
        told.push('\n');
        told.push_str(&self.cost());
        told
    }

    fn table(&self, derivatives: &[&Derivative]) -> String {
        let mut table = Table::new(&[
            ("", Align::Left),
            ("value", Align::Point),
            ("bound", Align::Left),
            ("truncation", Align::Left),
            ("noise", Align::Left),
            ("points", Align::Point),
        ]);
        let mut notes = String::new();
        for derivative in derivatives {
            let Finding::Derivative(estimate) = derivative.finding() else {
                continue;
            };
            let name = label(self.inputs, &derivative.wrt);
            let [truncation, noise] = parts(estimate.bound).map(text::size);
            for note in &estimate.notes {
                notes.push_str(&format!("{name}: {}\n", note_of(note)));
            }
            if derivative.answered.failed > 0 {
                notes.push_str(&format!(
                    "{name}: {} of its points have no value, since their runs failed\n",
                    derivative.answered.failed
                ));
            }
            table.row([
                name,
                text::number(estimate.value),
                text::bound(estimate.value, estimate.bound),
                truncation,
                noise,
                derivative.answered.points.to_string(),
            ]);
        }
        table.lines() + &notes
    }

    /// Why there is no number, and what there is instead.
    fn without(&self, derivative: &Derivative, f: f64) -> String {
        let name = label(self.inputs, &derivative.wrt);
        if derivative.is_spoilt() {
            let Answered { points, failed, .. } = derivative.answered;
            return format!(
                "{name} cannot be told: {failed} of the {points} runs that it needs failed; where they cannot but fail, give --domain\n"
            );
        }
        match derivative.finding() {
            Finding::NoDerivative(point) => {
                let mut lines = text::missing(&name, point) + "\n";
                let mut table = Table::new(&[("", Align::Left), ("", Align::Point)]);
                for (side, value) in text::sides(point, f) {
                    table.row([format!("  {side}"), text::number(value)]);
                }
                lines.push_str(table.lines().trim_start_matches('\n'));
                lines
            }
            Finding::TooNoisy { value, bound } => format!(
                "{name} cannot be told: noise leaves less than a digit, {} ± {} estimated\n",
                text::brief(*value),
                text::size(*bound)
            ),
            Finding::DependsOnScale { coarse, fine } => format!(
                "{name} depends on the scale: {} with steps of {}, {} with steps of {}\n",
                text::brief(coarse.0),
                text::error(coarse.1),
                text::brief(fine.0),
                text::error(fine.1)
            ),
            Finding::Derivative(_) => String::new(),
        }
    }

    /// What was run, and what there is to know of it.
    fn cost(&self) -> String {
        let runs = self.runs;
        let mut told = format!(
            "{} runs, at most {} ({}){}\n",
            runs.run,
            self.most(),
            self.mode.name(),
            match runs.kept {
                0 => String::new(),
                kept => format!("; {kept} more stood in the journal"),
            }
        );
        told.push_str(&digits(runs));
        if let Some(always) = runs.always() {
            told.push_str(&format!(
                "every run printed {}: f may not depend on its inputs, or it prints too few digits\n",
                text::number(always)
            ));
        }
        told + &troubles(runs)
    }

    fn most(&self) -> usize {
        let mode = self.mode.of_library();
        let each = self.derivatives.iter();
        let most = each.map(|derivative| mode.most(&derivative.wrt) - 1);
        1 + most.sum::<usize>()
    }

    fn json(&self, command: &str) -> String {
        let f = self.runs.value(&self.at);
        document(&Document {
            schema: SCHEMA,
            command,
            operator: self.asked.operator(),
            wrt: self.asked.names(self.inputs),
            at: At(self.inputs, &self.at),
            f: Number(f),
            value: self.shaped(|derivative| derivative.value().map(Number)),
            bound: self.shaped(|derivative| match derivative.finding() {
                Finding::Derivative(estimate) => Some(Bound::new(estimate.value, estimate.bound)),
                _ => None,
            }),
            finding: self.shaped(|derivative| Told::new(derivative, f)),
            mode: self.mode.name(),
            runs: self.runs.run,
            most: self.most(),
            from_journal: self.runs.kept,
            digits: self.runs.printed().digits(),
            journal_fault: self.runs.journal_fault(),
            failed: self.runs.failed.iter().map(ToString::to_string).collect(),
        })
    }

    /// Something of each derivative, in the shape of what was asked.
    fn shaped<T>(&self, each: impl Fn(&Derivative) -> T) -> Shaped<T> {
        self.asked.shaped(self.at.len(), &self.derivatives, each)
    }
}

/// Truncation and noise.
fn parts(bound: secant::ErrorBound) -> [f64; 2] {
    match bound {
        secant::ErrorBound::Estimated {
            truncation,
            rounding,
        } => [truncation, rounding],
        _ => [f64::NAN; 2],
    }
}

/// A note in the words of one who knows no formula.
fn note_of(note: &secant::Note) -> String {
    match note {
        secant::Note::OneSided => {
            "found from one side, since the point lies at the end of its domain".to_owned()
        }
        other => other.to_string(),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    command: &'a str,
    operator: &'static str,
    wrt: Vec<String>,
    at: At<'a>,
    f: Number,
    value: Shaped<Option<Number>>,
    bound: Shaped<Option<Bound>>,
    finding: Shaped<Told>,
    mode: &'static str,
    runs: usize,
    most: usize,
    from_journal: usize,
    digits: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal_fault: Option<String>,
    failed: Vec<String>,
}

/// What was found of one derivative.
#[derive(Serialize)]
struct Told {
    name: &'static str,
    points: usize,
    failed: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    point: Option<Kind>,
    /// A number with less than a digit, and how far it may be off.
    #[serde(skip_serializing_if = "Option::is_none")]
    noisy: Option<[Number; 2]>,
    /// The slope at long steps, and their length.
    #[serde(skip_serializing_if = "Option::is_none")]
    coarse: Option<[Number; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fine: Option<[Number; 2]>,
}

impl Told {
    fn new(derivative: &Derivative, f: f64) -> Self {
        let pair = |(slope, step): (f64, f64)| Some([Number(slope), Number(step)]);
        let spoilt = derivative.is_spoilt();
        let mut told = Self {
            name: if spoilt {
                "failed"
            } else {
                derivative.finding().name()
            },
            points: derivative.answered.points,
            failed: derivative.answered.failed,
            notes: Vec::new(),
            point: None,
            noisy: None,
            coarse: None,
            fine: None,
        };
        match derivative.finding() {
            Finding::Derivative(estimate) => {
                told.notes = estimate.notes.iter().map(secant::Note::name).collect();
            }
            _ if spoilt => {}
            Finding::NoDerivative(point) => told.point = Some(Kind::new(point, f)),
            Finding::TooNoisy { value, bound } => told.noisy = pair((*value, *bound)),
            Finding::DependsOnScale { coarse, fine } => {
                (told.coarse, told.fine) = (pair(*coarse), pair(*fine));
            }
        }
        told
    }
}
