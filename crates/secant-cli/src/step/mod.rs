//! `secant step`: the error of a difference against its delta, as a table, in words with the figures of this function,
//! as a picture in the terminal and as files.

mod figure;

use std::path::PathBuf;

use secant::{Formula, SchemeCurve, StepCurve, StepError, StepRule, Verdict, step_curve};
use serde::Serialize;

use crate::args::{Format, Step};
use crate::asked::{label, moving};
use crate::failure::Failure;
use crate::json::{At, Bound, Kind, Number, Read, document, names_of};
use crate::output::Answer;
use crate::picture::look::Look;
use crate::picture::{self, Files, Picture};
use crate::points::Points;
use crate::reading::Reading;
use crate::slope::no_slope;
use crate::table::{Align, Table};
use crate::text;

/// The delta of the first lesson on slopes.
pub(crate) const FAIR: f64 = 1e-4;
/// A slope that is off by more than this part of itself is no fair answer.
const UNFAIR: f64 = 1e-3;
/// All digits that a double has.
const DIGITS: f64 = 15.9;

/// All that was found.
pub(crate) struct Found<'a> {
    pub(crate) formula: &'a Formula,
    /// The input that moves.
    pub(crate) moving: usize,
    pub(crate) at: Vec<f64>,
    pub(crate) curve: StepCurve,
}

pub(crate) fn run(asked: &Step) -> Result<Answer, Failure> {
    let files = Files::of(&asked.drawing.output)?;
    let look = Look::read(&asked.drawing, None)?;
    let reading = Reading::new(&asked.place.formula)?;
    let points = Points::read(
        "--at",
        &asked.place.at,
        &reading.formula,
        asked.place.allow_extra,
    )?;
    let at = points.only("step", &asked.place.at)?;
    let moving = moving(asked.wrt.as_deref(), &reading.formula, "a step")?;
    let curve = step_curve(&reading.function, at, moving)
        .map_err(|error| Failure::within(&error, &reading.source, 0))?;
    let found = Found {
        formula: &reading.formula,
        moving,
        at: at.to_vec(),
        curve,
    };
    // Without a derivative there is no error, and nothing to draw.
    let exists = found.curve.report.value.is_some();
    let told = if exists {
        asked.drawing.output.as_slice()
    } else {
        &[]
    };
    let rounded = points.rounded_off_a_kink(&reading.function, at);
    let rounded_text = rounded.map_or_else(String::new, |told| format!("\n{told}\n"));
    let text = match asked.style.format {
        Format::Json => found.json(told),
        Format::Text => found.text() + &rounded_text,
    };
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let text = if exists {
        picture.beside(text, || figure::scene(&found, &look), picture::motionless)?
    } else {
        picture.without(text, "there is no error to draw")
    };
    Ok(Answer {
        text,
        warnings: [reading.warnings(), points.warnings].concat(),
        doubtful: rounded.is_some() || found.curve.report.verdict == Verdict::Disagree,
        ..Answer::default()
    })
}

impl Found<'_> {
    /// The name of the variable that moves.
    pub(crate) fn variable(&self) -> &str {
        &self.formula.variables()[self.moving]
    }

    fn text(&self) -> String {
        let curve = &self.curve;
        let kind = curve.report.point.kind;
        let mut text = format!(
            "{}\nat {}: {}\n\n",
            text::heading(self.formula),
            text::place(self.formula, &self.at),
            text::value(self.formula, curve.f, curve.f_bound, kind)
        );
        let Some(slope) = curve.report.value else {
            return text + &no_slope(self.formula, &curve.report, curve.f);
        };
        let bound = match curve.exact_bound.filter(|bound| *bound > 0.0) {
            Some(bound) => format!(" ± {}", text::size(bound)),
            None => String::new(),
        };
        text.push_str(&format!(
            "{} = {}{bound}\n",
            label(self.formula, &[self.moving]),
            text::number(slope)
        ));
        for scheme in &curve.schemes {
            text.push_str(&format!("\n{}\n", self.quotient(scheme.rule)));
            text.push_str(&self.table(scheme));
        }
        text.push_str(&self.explanation(slope));
        text
    }

    /// The slope as it is written.
    fn quotient(&self, rule: StepRule) -> String {
        let (f, x) = (text::name(self.formula), self.variable());
        let written = match rule {
            StepRule::Forward => format!("({f}({x} + delta) - {f}({x})) / delta"),
            StepRule::Central => format!("({f}({x} + delta) - {f}({x} - delta)) / (2 delta)"),
            StepRule::ComplexStep => format!("Im {f}({x} + i delta) / delta"),
        };
        format!("{}: {written}", rule.name())
    }

    /// What it means for this function that delta stands between estimating the derivative and staying stable.
    fn explanation(&self, slope: f64) -> String {
        let mut lines = vec![
            String::new(),
            "delta is restricted between estimating the derivative and remaining numerically stable; here that means:".to_owned(),
        ];
        if let Some(forward) = self.curve.schemes.first() {
            lines.extend(self.too_large(forward));
            lines.extend(self.too_small(forward));
        }
        for scheme in &self.curve.schemes {
            lines.push(self.between(scheme));
        }
        for scheme in &self.curve.schemes {
            lines.extend(self.fair(scheme, slope));
        }
        lines.extend(self.unmeasured());
        lines.into_iter().map(|line| line + "\n").collect()
    }

    /// What small deltas do: the digits of f, and at last those of x.
    fn too_small(&self, forward: &SchemeCurve) -> Vec<String> {
        let (f, x) = (text::name(self.formula), self.variable());
        let mut lines = Vec::new();
        // Where f itself goes to 0 with delta, so does what it is off by.
        let mut roundings = forward
            .steps
            .iter()
            .filter(|step| !step.is_lost())
            .filter_map(|step| step.rounding);
        let first = roundings.next().unwrap_or(0.0);
        let grows = roundings
            .next_back()
            .is_some_and(|last| last > 100.0 * first);
        let law = if first == 0.0 && !grows {
            "is nothing here"
        } else if grows {
            "is divided by delta, so a tenth of the delta gives ten times the rounding"
        } else {
            "falls with delta here, so that rounding does not grow"
        };
        let best = forward.predicted.unwrap_or(FAIR);
        let below = forward.steps.iter().filter(|step| step.delta < best);
        let worst = below
            .filter_map(|step| Some((step, step.error?)))
            // Of a point much smaller than all deltas none is too small.
            .filter(|(step, error)| {
                step.rounding
                    .is_none_or(|rounding| *error <= 2.0 * rounding)
            })
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((worst, error)) if error > 0.0 => lines.push(format!(
                "- too small, and the digits of {f} decide: what {f} is off by {law}; with delta {} the forward slope is {}, off by {}.",
                text::error(worst.delta),
                text::number(worst.slope),
                self.error(error)
            )),
            Some((worst, _)) => lines.push(format!(
                "- too small, and the digits of {f} decide: what {f} is off by {law}, up to {} with delta {}; at this point no error shows: the values are exact, or rounding takes away just what the difference leaves out.",
                worst.rounding.map(text::size).unwrap_or_default(),
                text::error(worst.delta)
            )),
            None => {}
        }
        if let Some(lost) = forward.steps.iter().find(|step| step.is_lost()) {
            lines.push(format!(
                "- from delta {} on the step vanishes: {x} + delta is {x} itself, and there is no slope.",
                text::error(lost.delta)
            ));
        }
        let bound = self.curve.f_bound.absolute(self.curve.f);
        if let Some(bound) = bound.filter(|bound| *bound > 0.0) {
            let digits = (self.curve.f.abs() / bound).log10();
            if digits < DIGITS - 2.0 {
                lines.push(format!(
                    "- {f} itself is only sure to {} here, {} of its 16 digits: the others are lost within the formula, where nearly equal numbers are subtracted or great ones rounded, and rounding begins that much earlier.",
                    text::size(bound),
                    digits.floor().max(0.0)
                ));
            }
        }
        lines
    }

    /// An error in a sentence.
    fn error(&self, error: f64) -> String {
        self.written(error, "less than ")
    }

    /// An error, or the least that can be measured where it is below that.
    fn written(&self, error: f64, below: &str) -> String {
        match self.curve.exact_bound {
            Some(bound) if error < bound => format!("{below}{}", text::size(bound)),
            _ => text::error(error),
        }
    }

    /// Where the derivative itself is not known well enough.
    fn unmeasured(&self) -> Option<String> {
        let bound = self.curve.exact_bound?;
        let mut errors = self.curve.errors().peekable();
        let told = if errors.peek().is_none() {
            ", so that no error can be measured"
        } else if errors.any(|error| error < bound) {
            ": errors below that are not to be told from 0"
        } else {
            return None;
        };
        Some(format!(
            "the derivative itself is only known to {} from its rule{told}.",
            text::size(bound)
        ))
    }

    /// What large deltas do.
    fn too_large(&self, forward: &SchemeCurve) -> Vec<String> {
        let first = forward
            .steps
            .iter()
            .find(|step| step.is_whole_decade() && step.error.is_some());
        let Some((first, error)) = first.and_then(|first| Some((first, first.error?))) else {
            return Vec::new();
        };
        let of = match (
            first.truncation,
            forward.at(FAIR).and_then(|step| step.truncation),
        ) {
            (Some(0.0), _) => {
                "; truncation is 0, since the curve is a straight line here".to_owned()
            }
            (None, Some(truncation)) => format!(
                "; truncation falls with delta, to {} with 0.0001",
                text::size(truncation)
            ),
            (Some(whole), Some(truncation)) => {
                let of = match error > 2.0 * whole {
                    true => format!("of that, truncation is {}, which", text::size(whole)),
                    false => "this truncation".to_owned(),
                };
                format!(
                    "; {of} falls with delta, to {} with 0.0001",
                    text::size(truncation)
                )
            }
            _ => String::new(),
        };
        vec![format!(
            "- too large, and the slope is that of another line: with delta {} the forward slope is {}, off by {}{of}.",
            text::number(first.delta),
            text::number(first.slope),
            self.error(error)
        )]
    }

    /// Where both parts meet.
    fn between(&self, scheme: &SchemeCurve) -> String {
        let name = scheme.rule.name();
        let whole = scheme.at(FAIR).and_then(|step| step.truncation);
        if scheme.rule == StepRule::ComplexStep {
            return self.beyond(scheme);
        }
        let meeting = match (scheme.predicted, whole) {
            (Some(delta), _) => format!(
                "the two parts are expected to be equal at delta {}",
                text::error(delta)
            ),
            (None, Some(0.0)) => match scheme.steps.iter().find(|step| step.truncation.is_some()) {
                Some(longest) if longest.delta < 1.0 => format!(
                    "there is no truncation to expect up to delta {}, beyond which the function may be another one",
                    text::error(longest.delta)
                ),
                _ => "there is no truncation to expect, so that a large delta does no harm".to_owned(),
            },
            (None, Some(_)) => "the two parts meet at no delta that was tried".to_owned(),
            (None, None) => {
                "truncation cannot be foretold, since the next derivatives are lost in rounding or do not exist within the step".to_owned()
            }
        };
        let measured = match scheme.best().and_then(|best| Some((best, best.error?))) {
            Some((best, error)) => format!(
                "; the smallest error measured is {}, with delta {}",
                self.error(error),
                text::error(best.delta)
            ),
            None => String::new(),
        };
        format!("- between them, {name}: {meeting}{measured}.")
    }

    /// The complex step escapes the compromise.
    fn beyond(&self, scheme: &SchemeCurve) -> String {
        let last = scheme
            .steps
            .last()
            .and_then(|step| Some((step, step.error?, step.rounding?)));
        match last {
            Some((last, error, rounding)) => format!(
                "- without a compromise, {}: the step subtracts nothing and loses no digits of its own, however small delta is; what the formula loses stays lost. With delta {} it is off by {}, beside {} that the rule of the derivative may be off.",
                scheme.rule.name(),
                text::error(last.delta),
                self.error(error),
                text::size(rounding)
            ),
            None => format!(
                "- without a compromise, {}: the step subtracts nothing, but what the formula itself loses stays lost.",
                scheme.rule.name()
            ),
        }
    }

    /// Whether 0.0001 was a fair choice, and why.
    fn fair(&self, scheme: &SchemeCurve, slope: f64) -> Option<String> {
        let name = scheme.rule.name();
        let Some((step, error)) = scheme.at(FAIR).and_then(|step| Some((step, step.error?))) else {
            let slope = scheme.at(FAIR).map_or(f64::NAN, |step| step.slope);
            return Some(if slope.is_finite() {
                format!(
                    "whether 0.0001 was a fair choice, {name}, cannot be told: its slope is {}, and the derivative is not known well enough to compare.",
                    text::number(slope)
                )
            } else {
                format!("0.0001 gives no {name} slope here.")
            });
        };
        // Of a complex step no more is known than what the rule of the derivative rounds, which goes another way.
        let most = match scheme.rule {
            StepRule::ComplexStep => "about",
            StepRule::Forward | StepRule::Central => "at most",
        };
        let parts = match (step.truncation, step.rounding) {
            (Some(truncation), Some(rounding)) => format!(
                " (truncation {}, rounding {most} {})",
                text::size(truncation),
                text::size(rounding)
            ),
            (None, Some(rounding)) => format!(" (rounding {most} {})", text::size(rounding)),
            _ => String::new(),
        };
        let is_fair = error <= UNFAIR * slope.abs();
        let verdict = if is_fair {
            "0.0001 was a fair choice"
        } else {
            "0.0001 is no fair choice here"
        };
        // Where the two parts meet at no delta that was tried, what was measured must do.
        let parts_known = step.truncation.zip(step.rounding);
        let is_rounding =
            error > 0.0 && parts_known.is_some_and(|(truncation, rounding)| truncation < rounding);
        let measured = || Some(scheme.best()?.delta).filter(|_| is_rounding);
        let room = match scheme.predicted.or_else(measured) {
            _ if scheme.rule == StepRule::ComplexStep => String::new(),
            Some(best) if is_fair && best < FAIR => format!(
                ", and it stands {:.1} decades above where rounding takes over, so that its error can be foretold",
                (FAIR / best).log10()
            ),
            Some(best) if best > FAIR => format!(
                ", though rounding has already taken over: a larger delta, such as {}, is better",
                text::error(best)
            ),
            Some(best) if !is_fair => format!(
                ": a smaller delta, such as {}, is better",
                text::error(best)
            ),
            _ => String::new(),
        };
        Some(format!(
            "{verdict}, {name}: the slope is off by {}{parts}{room}.",
            self.error(error)
        ))
    }

    /// One row for each whole decade.
    fn table(&self, scheme: &SchemeCurve) -> String {
        let mut table = Table::new(&[
            ("delta", Align::Point),
            ("slope", Align::Point),
            ("error", Align::Left),
            ("truncation", Align::Left),
            ("rounding", Align::Left),
        ]);
        for step in scheme.steps.iter().filter(|step| step.is_whole_decade()) {
            let slope = match step.slope.is_finite() {
                true => text::number(step.slope),
                false if step.is_lost() => "none, the step vanishes".to_owned(),
                false => "none".to_owned(),
            };
            let size = |part: Option<f64>| {
                part.filter(|_| !step.is_lost())
                    .map(text::size)
                    .unwrap_or_default()
            };
            table.row([
                text::number(step.delta),
                slope,
                step.error
                    .map_or_else(String::new, |error| self.written(error, "< ")),
                size(step.truncation),
                size(step.rounding),
            ]);
        }
        table.lines()
    }

    fn json(&self, files: &[PathBuf]) -> String {
        let curve = &self.curve;
        document(&Document {
            read: Read::new(self.formula),
            wrt: [self.variable()],
            at: At(self.formula, &self.at),
            f: Number(curve.f),
            f_bound: Bound::new(curve.f, curve.f_bound),
            slope: curve.report.value.map(Number),
            slope_bound: curve.exact_bound.map(Number),
            point: Kind::new(&curve.report.point, curve.f),
            verdict: curve.report.verdict.name(),
            schemes: curve.schemes.iter().map(told).collect(),
            files: names_of(files),
        })
    }
}

fn told(scheme: &SchemeCurve) -> ToldScheme {
    let step = |step: &StepError| ToldStep {
        delta: Number(step.delta),
        step: Number(step.step),
        slope: step.slope.is_finite().then_some(Number(step.slope)),
        error: step.error.map(Number),
        truncation: step.truncation.map(Number),
        rounding: step.rounding.map(Number),
        bound: Bound::new(step.slope, step.bound),
    };
    ToldScheme {
        scheme: scheme.rule.name(),
        predicted: scheme.predicted.map(Number),
        measured: scheme.best().map(|best| Number(best.delta)),
        steps: scheme.steps.iter().map(step).collect(),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    wrt: [&'a str; 1],
    at: At<'a>,
    f: Number,
    f_bound: Bound,
    slope: Option<Number>,
    slope_bound: Option<Number>,
    point: Kind,
    verdict: &'static str,
    schemes: Vec<ToldScheme>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct ToldScheme {
    scheme: &'static str,
    predicted: Option<Number>,
    measured: Option<Number>,
    steps: Vec<ToldStep>,
}

#[derive(Serialize)]
struct ToldStep {
    delta: Number,
    step: Number,
    slope: Option<Number>,
    error: Option<Number>,
    truncation: Option<Number>,
    rounding: Option<Number>,
    bound: Bound,
}
