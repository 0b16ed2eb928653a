//! `secant check`: a gradient that somebody wrote, held against derivatives found without it: by the rules for a formula, by differences for a
//! program. It names each component that is wrong and by how much, and says where the finding is to be doubted instead.

mod document;
mod given;

use secant::method::{Automatic, Forward};
use secant::{
    BlackBox, Differences, Doubt, Estimate, Finding, Formula, Function, GradientCheck, Recorded,
    Strictness, check_gradient,
};
use serde::Serialize;

use crate::args::{Check, Format};
use crate::asked::{label, no_variable};
use crate::failure::{Failure, told};
use crate::json::{At, Bound, Number, Read, SCHEMA, document};
use crate::output::Answer;
use crate::points::{self, Points};
use crate::program::{self, Opened, Runs, Sampled};
use crate::reading::{Reading, Warning};
use crate::table::{Align, Table};
use crate::text;

/// So many components are told one by one; of a thousand wrong ones the first show what is wrong.
const TOLD: usize = 20;

pub(crate) fn run(asked: &Check) -> Result<Answer, Failure> {
    let strictness = strictness(asked)?;
    let differences = Differences::new().mode(asked.mode.of_library());
    if let Some(command) = &asked.external.command {
        let Opened {
            inputs,
            at,
            warnings,
            mut runs,
        } = program::open(command, &asked.at, &asked.external, "check")?;
        let differences =
            program::within(differences, asked.external.domain.as_deref(), &inputs, &at)?;
        let gradient = given::gradient(asked, &inputs, &at)?;
        let (check, why) = of_program(&mut runs, &differences, &gradient, &at, strictness)?;
        let found = Found {
            inputs: &inputs,
            head: Head::Command(command),
            f: runs.value(&at),
            at,
            check,
            why,
            runs: Some(&runs),
        };
        return Ok(found.answer(asked, warnings));
    }
    let reading = Reading::new(asked.formula.as_deref().unwrap_or_default())?;
    let inputs = &reading.formula;
    if inputs.variables().is_empty() {
        return Err(no_variable(inputs));
    }
    let points = Points::read("--at", &asked.at, inputs, asked.allow_extra)?;
    let at = points.only("check", &asked.at)?;
    let gradient = given::gradient(asked, inputs, at)?;
    let function = Recorded::from(inputs);
    let values = BlackBox::new(at.len(), |x: &[f64]| function.value_at(0, x));
    let check = of_formula(&function, &values, &differences, &gradient, at, strictness)?;
    let why = why(&values, &differences, &check, at)?;
    let found = Found {
        inputs,
        head: Head::Formula(inputs),
        f: function.value_at(0, at),
        at: at.to_vec(),
        check,
        why,
        runs: None,
    };
    let warnings = [reading.warnings(), points.warnings.clone()].concat();
    Ok(found.answer(asked, warnings))
}

fn strictness(asked: &Check) -> Result<Strictness, Failure> {
    let tolerance = points::number("--tolerance", &asked.tolerance)?;
    if tolerance < 0.0 {
        return Err(Failure::new("setting", "--tolerance is 0 or above"));
    }
    Ok(Strictness {
        tolerance,
        ..Strictness::default()
    })
}

fn check(
    function: &dyn Function,
    differences: &Differences,
    gradient: &[f64],
    at: &[f64],
    strictness: Strictness,
) -> Result<GradientCheck, Failure> {
    let method = Automatic::new(differences.clone());
    check_gradient(function, gradient, at, &method, strictness).map_err(|error| told(&error))
}

/// The rules decide where they prove a bound for all: values may have lost the digits that a slope needs. Elsewhere a formula is a black box, as
/// noisy as its values are proven to be.
fn of_formula(
    function: &Recorded,
    values: &dyn Function,
    differences: &Differences,
    gradient: &[f64],
    at: &[f64],
    strictness: Strictness,
) -> Result<GradientCheck, Failure> {
    let by_rules = check_gradient(function, gradient, at, &Forward, strictness)
        .map_err(|error| told(&error))?;
    let undecided = |component: &secant::Component| component.doubt == Doubt::Finding;
    if !by_rules.components.iter().any(undecided) {
        return Ok(by_rules);
    }
    let f = function.evaluate(0, at);
    let noise = f.bound.absolute(f.value).unwrap_or(0.0) / f.value.abs();
    if noise > NO_DIGITS {
        return Ok(by_rules);
    }
    let differences = if noise > FEW_DIGITS {
        differences.clone().noise(noise)
    } else {
        differences.clone()
    };
    check(values, &differences, gradient, at, strictness)
}

/// The relative noise of values that tell nothing.
const NO_DIGITS: f64 = 0.1;
/// Above this relative noise it is said beforehand; below it is measured.
const FEW_DIGITS: f64 = 1e-12;

/// For each component that could not be decided, what the function does there.
fn why(
    function: &dyn Function,
    differences: &Differences,
    check: &GradientCheck,
    at: &[f64],
) -> Result<Vec<Option<Finding>>, Failure> {
    let each = check.components.iter().map(|component| {
        if component.doubt == Doubt::Gradient {
            return Ok(None);
        }
        let batch = |points: &[f64], values: &mut [f64]| {
            let points: Vec<Vec<f64>> =
                points.chunks_exact(at.len()).map(<[f64]>::to_vec).collect();
            for (outputs, value) in function.eval_many(&points).iter().zip(values) {
                *value = outputs.first().copied().unwrap_or(f64::NAN);
            }
        };
        let found = differences.mixed_batch(batch, at, &[component.input]);
        found
            .map(|found| Some(found.finding))
            .map_err(|error| told(&error))
    });
    each.collect()
}

/// The check of a program, taken up again where it turns out that its values are printed otherwise than was taken for granted: what was run
/// is known then.
fn of_program(
    runs: &mut Runs,
    differences: &Differences,
    gradient: &[f64],
    at: &[f64],
    strictness: Strictness,
) -> Result<(GradientCheck, Vec<Option<Finding>>), Failure> {
    loop {
        let rounded = runs.printed().tell(differences);
        let values = Sampled::new(runs, at.len());
        let check = check(&values, &rounded, gradient, at, strictness)?;
        let why = why(&values, &rounded, &check, at)?;
        if values.holds()? {
            return Ok((check, why));
        }
    }
}

/// What the gradient is one of.
enum Head<'a> {
    Formula(&'a Formula),
    Command(&'a str),
}

struct Found<'a> {
    inputs: &'a Formula,
    head: Head<'a>,
    at: Vec<f64>,
    f: f64,
    check: GradientCheck,
    /// For each component that is told, what the function does there where it could not be decided.
    why: Vec<Option<Finding>>,
    runs: Option<&'a Runs>,
}

impl Found<'_> {
    fn answer(&self, asked: &Check, warnings: Vec<Warning>) -> Answer {
        Answer {
            text: match asked.style.format {
                Format::Text => self.text(),
                Format::Json => self.json(),
            },
            warnings,
            doubtful: self.runs.is_some_and(|runs| !runs.failed.is_empty()),
            refuted: !self.check.passes(),
        }
    }

    fn text(&self) -> String {
        let mut told = match self.head {
            Head::Formula(formula) => format!("{}\n", text::heading(formula)),
            Head::Command(_) => String::new(),
        };
        let place = text::place(self.inputs, &self.at);
        told.push_str(&format!("at {place}: f = {}\n\n", text::number(self.f)));
        told.push_str(&self.verdict());
        if !self.check.passes() {
            told.push('\n');
            told.push_str(&self.table());
        }
        told.push('\n');
        let zeros = self.check.unseen_of_zeros.filter(|unseen| *unseen > 0.0);
        if self.check.unseen > 0.0 {
            let other = if self.check.passes() { "" } else { " other" };
            let with_size = if zeros.is_some() {
                " that is not 0"
            } else {
                ""
            };
            told.push_str(&format!(
                "an error of {} of any{other} component{with_size} would have been seen\n",
                part(self.check.unseen)
            ));
        }
        if let Some(unseen) = zeros {
            told.push_str(&format!(
                "where 0 is given, any number above {} would have been seen\n",
                text::size(unseen)
            ));
        }
        told.push_str(&self.cost());
        told
    }

    fn verdict(&self) -> String {
        let all = self.at.len();
        let wrong = self.check.wrong().count();
        let undecided = self.check.components.len() - wrong;
        let of = |count: usize| match all {
            1 => "its one component".to_owned(),
            _ => format!("{count} of {all} components"),
        };
        match (wrong, undecided) {
            (0, 0) if all == 1 => "the gradient holds\n".to_owned(),
            (0, 0) => format!("the gradient holds in all {all} components\n"),
            (0, _) => format!("the gradient cannot be decided in {}\n", of(undecided)),
            (_, 0) => format!("the gradient is WRONG in {}\n", of(wrong)),
            _ => format!(
                "the gradient is WRONG in {}, and cannot be decided in {undecided}\n",
                of(wrong)
            ),
        }
    }

    fn table(&self) -> String {
        let mut table = Table::new(&[
            ("", Align::Left),
            ("given", Align::Point),
            ("found", Align::Point),
            ("bound", Align::Left),
            ("apart", Align::Left),
            ("to be doubted", Align::Left),
        ]);
        let components = &self.check.components;
        for (component, why) in components.iter().zip(&self.why).take(TOLD) {
            let Estimate { value, bound, .. } = component.found;
            let (found, apart) = if value.is_finite() {
                let apart = (component.given - value).abs();
                let relative = relative(component.relative_error());
                (
                    text::number(value),
                    format!("{}, {relative}", text::error(apart)),
                )
            } else {
                ("none".to_owned(), String::new())
            };
            table.row([
                label(self.inputs, &[component.input]),
                text::number(component.given),
                found,
                text::bound(value, bound),
                apart,
                match component.doubt {
                    Doubt::Gradient => "the gradient".to_owned(),
                    Doubt::Finding => format!("the finding: {}", reason(why.as_ref())),
                },
            ]);
        }
        let mut lines = table.lines();
        if components.len() > TOLD {
            lines.push_str(&format!("and {} more\n", components.len() - TOLD));
        }
        lines
    }

    fn cost(&self) -> String {
        let GradientCheck {
            directions,
            evaluations,
            ..
        } = self.check;
        let Some(runs) = self.runs else {
            return format!("{directions} directions, {evaluations} evaluations\n");
        };
        let mut told = format!("{directions} directions, {} runs", runs.run);
        if runs.kept > 0 {
            told.push_str(&format!("; {} more stood in the journal", runs.kept));
        }
        told.push('\n');
        told + &program::digits(runs) + &program::troubles(runs)
    }

    fn json(&self) -> String {
        let component = |(component, why): (&secant::Component, &Option<Finding>)| Told {
            input: self.inputs.variables()[component.input].to_string(),
            given: Number(component.given),
            found: Some(Number(component.found.value))
                .filter(|_| component.found.value.is_finite()),
            bound: Bound::new(component.found.value, component.found.bound),
            relative_error: Some(Number(component.relative_error()))
                .filter(|_| component.found.value.is_finite()),
            doubt: match component.doubt {
                Doubt::Gradient => "gradient",
                Doubt::Finding => "finding",
            },
            finding: why.as_ref().map(Finding::name),
        };
        let components = self.check.components.iter().zip(&self.why);
        let answer = Answered {
            at: At(self.inputs, &self.at),
            f: Number(self.f),
            passes: self.check.passes(),
            components: components.map(component).collect(),
            unseen: Number(self.check.unseen),
            unseen_of_zeros: self.check.unseen_of_zeros.map(Number),
            directions: self.check.directions,
            evaluations: self.check.evaluations,
            runs: self.runs.map(|runs| runs.run),
            from_journal: self.runs.map(|runs| runs.kept),
            failed: self
                .runs
                .map(|runs| runs.failed.iter().map(ToString::to_string).collect()),
        };
        match self.head {
            Head::Formula(formula) => document(&OfFormula {
                read: Read::new(formula),
                answer,
            }),
            Head::Command(command) => document(&OfCommand {
                schema: SCHEMA,
                command,
                answer,
            }),
        }
    }
}

/// Why a component could not be decided.
fn reason(finding: Option<&Finding>) -> String {
    match finding {
        Some(Finding::NoDerivative(point)) => text::reason(point),
        Some(Finding::Derivative(_)) | None => {
            "its findings contradict each other, or have no digit".to_owned()
        }
        Some(other) => other.describe().into_owned(),
    }
}

/// How far two numbers are apart, in percent where that reads better.
fn relative(part: f64) -> String {
    let two = |part: f64| text::digits(part, 2).map_or_else(|| text::number(part), text::number);
    if (1e-4..10.0).contains(&part) {
        format!("{} %", two(100.0 * part))
    } else {
        two(part)
    }
}

/// A part of a whole, rounded up, in percent where that reads better.
fn part(part: f64) -> String {
    if (1e-4..10.0).contains(&part) {
        format!("{} %", text::size(100.0 * part))
    } else {
        text::size(part)
    }
}

#[derive(Serialize)]
struct OfFormula<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    #[serde(flatten)]
    answer: Answered<'a>,
}

#[derive(Serialize)]
struct OfCommand<'a> {
    schema: u32,
    command: &'a str,
    #[serde(flatten)]
    answer: Answered<'a>,
}

#[derive(Serialize)]
struct Answered<'a> {
    at: At<'a>,
    f: Number,
    passes: bool,
    components: Vec<Told>,
    unseen: Number,
    unseen_of_zeros: Option<Number>,
    directions: usize,
    evaluations: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_journal: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Told {
    input: String,
    given: Number,
    found: Option<Number>,
    bound: Bound,
    relative_error: Option<Number>,
    doubt: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<&'static str>,
}
