//! `secant slope --command`: the derivative of a program by differences. All points of the differences are asked for at
//! once, so that their runs go side by side. Nothing is known of a program but its values: the slopes of both sides are
//! held against each other, and where they differ no number is given.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use secant::method::{Difference, Method, Scheme};
use secant::{Estimate, Formula, Function};
use secant_process::{Failed, Program, Progress, Reading, Refused, Study};
use serde::Serialize;

use crate::args::{External, Format, Slope};
use crate::asked::{Asked, label};
use crate::failure::Failure;
use crate::json::{At, Bound, Number, SCHEMA, Shaped, document};
use crate::output::Answer;
use crate::points::{self, Points};
use crate::table::{Align, Table};
use crate::text;

pub(crate) fn run(command: &str, asked: &Slope) -> Result<Answer, Failure> {
    let names = names(&asked.at)?;
    // The inputs have names, as those of a formula have; what it says of them is never asked.
    let inputs = Formula::parse(&format!("f({}) = 0", names.join(", "))).map_err(|error| {
        Failure::new(error.kind().name(), error.message())
            .hint("name the inputs in --at with plain names, such as x=2")
    })?;
    let points = Points::read("--at", &asked.at, &inputs, false)?;
    let at = points.only("slope", &asked.at)?;
    let derivative = Asked::read(asked.wrt.as_deref(), asked.order, &inputs)?;
    let delta = points::number("--delta", &asked.delta)?;
    let study = study(command, &names, &asked.external)?;
    let mut found = Found::new(&inputs, derivative, at.to_vec());
    found.differentiate(&study, delta, asked.scheme.into())?;
    let text = match asked.style.format {
        Format::Text => found.text(),
        Format::Json => found.json(command),
    };
    Ok(Answer {
        text,
        warnings: points.warnings,
        doubtful: !found.failed.is_empty(),
    })
}

/// The names that `--at` gives, in their order.
fn names(at: &[String]) -> Result<Vec<String>, Failure> {
    let parts = at.iter().flat_map(|at| at.split(','));
    let named: Option<Vec<String>> = parts
        .map(|part| Some(part.split_once('=')?.0.trim().to_owned()))
        .collect();
    named.ok_or_else(|| {
        Failure::new("syntax", "a program's inputs have no names of their own")
            .hint("name them: --at x=2,y=3")
    })
}

fn refused(refused: &Refused) -> Failure {
    Failure::new("setting", refused.to_string()).hint(refused.hint())
}

/// What is run, and how.
fn study(command: &str, names: &[String], external: &External) -> Result<Study, Failure> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut program = Program::new(command, &names)
        .map_err(|error| refused(&error))?
        .retries(external.retries);
    if external.shell {
        program = program.in_shell();
    }
    if external.stdin.is_some() {
        program = program.with_json();
    }
    if let Some(path) = &external.template {
        let text = std::fs::read_to_string(path).map_err(|reason| Failure::file(path, &reason))?;
        program = program
            .with_template(&text)
            .map_err(|error| refused(&error))?;
    }
    match (&external.read, &external.read_json) {
        (Some(pattern), _) => {
            program = program.reading(Reading::pattern(pattern).map_err(|error| refused(&error))?)
        }
        (None, Some(path)) => program = program.reading(Reading::json(path)),
        (None, None) => {}
    }
    if let Some(limit) = &external.timeout {
        let seconds = points::number("--timeout", limit)?;
        let limit = Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|limit| !limit.is_zero());
        let limit = limit
            .ok_or_else(|| Failure::new("setting", "--timeout is a number of seconds above 0"))?;
        program = program.timeout(limit);
    }
    if let Some(name) = program.unseen().first() {
        return Err(
            Failure::new("setting", format!("the program never sees {name}")).hint(format!(
                "write {{{name}}} where its value belongs, or give --stdin json"
            )),
        );
    }
    let study = Study::new(program).jobs(usize::from(external.jobs));
    match &external.journal {
        Some(path) => study
            .journal(path)
            .map_err(|reason| Failure::file(path, &reason)),
        None => Ok(study),
    }
}

/// A function that knows its values at some points, and keeps which it was asked for.
#[derive(Default)]
struct Values {
    inputs: usize,
    known: HashMap<Vec<u64>, f64>,
    asked: RefCell<Vec<Vec<f64>>>,
}

fn bits(at: &[f64]) -> Vec<u64> {
    at.iter().map(|value| value.to_bits()).collect()
}

impl Function for Values {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        1
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        let value = self.known.get(&bits(x)).copied();
        if value.is_none() {
            self.asked.borrow_mut().push(x.to_vec());
        }
        vec![value.unwrap_or(f64::NAN)]
    }
}

/// What the differences say of one derivative.
struct Slopes {
    wrt: Vec<usize>,
    estimate: Estimate,
    /// The slopes from left and right, where they differ by more than they may be off.
    sides: Option<[f64; 2]>,
}

impl Slopes {
    /// The number, where both sides agree on one.
    fn value(&self) -> Option<f64> {
        let value = self.estimate.value;
        (self.sides.is_none() && value.is_finite()).then_some(value)
    }
}

struct Found<'a> {
    inputs: &'a Formula,
    asked: Asked,
    at: Vec<f64>,
    f: f64,
    slopes: Vec<Slopes>,
    failed: Vec<Failed>,
    runs: usize,
}

impl<'a> Found<'a> {
    fn new(inputs: &'a Formula, asked: Asked, at: Vec<f64>) -> Self {
        Self {
            inputs,
            asked,
            at,
            f: f64::NAN,
            slopes: Vec::new(),
            failed: Vec::new(),
            runs: 0,
        }
    }

    /// Asks for all points first, runs them, and then forms the differences.
    fn differentiate(&mut self, study: &Study, delta: f64, scheme: Scheme) -> Result<(), Failure> {
        let each = self.asked.each(self.at.len());
        let mut values = Values {
            inputs: self.at.len(),
            ..Values::default()
        };
        values.eval(&self.at);
        for wrt in &each {
            slopes(&values, &self.at, wrt, delta, scheme)?;
        }
        let points = std::mem::take(&mut *values.asked.borrow_mut());
        let answers = study.run(&points, progress());
        let mut seen = Vec::new();
        for (point, answer) in points.iter().zip(answers) {
            let key = bits(point);
            if seen.contains(&key) {
                continue;
            }
            seen.push(key.clone());
            match answer {
                Ok(value) => drop(values.known.insert(key, value)),
                Err(failed) => self.failed.push(failed),
            }
        }
        self.runs = seen.len();
        if values.known.is_empty() {
            let why = self
                .failed
                .first()
                .map(ToString::to_string)
                .unwrap_or_default()
                .replace('\n', ": ");
            return Err(
                Failure::new("program", format!("every run failed; the first: {why}"))
                    .hint("run it once by hand with these arguments"),
            );
        }
        self.f = values
            .known
            .get(&bits(&self.at))
            .copied()
            .unwrap_or(f64::NAN);
        for wrt in &each {
            self.slopes
                .push(slopes(&values, &self.at, wrt, delta, scheme)?);
        }
        Ok(())
    }

    fn text(&self) -> String {
        let place = text::place(self.inputs, &self.at);
        let f = if self.f.is_finite() {
            format!("f = {}", text::number(self.f))
        } else {
            "f has no value".to_owned()
        };
        let mut told = format!("at {place}: {f}\n\n");
        let mut table = Table::new(&[
            ("", Align::Left),
            ("value", Align::Point),
            ("bound", Align::Left),
        ]);
        let mut without = String::new();
        for slopes in &self.slopes {
            let label = label(self.inputs, &slopes.wrt);
            match (slopes.value(), slopes.sides) {
                (Some(value), _) => table.row([
                    label,
                    text::number(value),
                    text::bound(value, slopes.estimate.bound),
                ]),
                (None, Some([left, right])) => without.push_str(&format!(
                    "{label} is not told: the slopes from left and right differ, {} and {}\n",
                    text::number(left),
                    text::number(right)
                )),
                (None, None) => without.push_str(&format!(
                    "{label} cannot be told: a run that it needs failed\n"
                )),
            }
        }
        if self.slopes.iter().any(|slopes| slopes.value().is_some()) {
            told.push_str(&table.lines());
        }
        told.push_str(&without);
        told.push_str(&format!(
            "\n{} points by differences, {} failed\n",
            self.runs,
            self.failed.len()
        ));
        for failed in &self.failed {
            told.push_str(&format!("{failed}\n"));
        }
        told
    }

    fn json(&self, command: &str) -> String {
        let shaped = |told: &dyn Fn(&Slopes) -> Option<Number>| {
            self.asked.shaped(self.at.len(), &self.slopes, told)
        };
        document(&Document {
            schema: SCHEMA,
            command,
            operator: self.asked.operator(),
            wrt: self.asked.names(self.inputs),
            at: At(self.inputs, &self.at),
            f: Number(self.f),
            value: shaped(&|slopes| slopes.value().map(Number)),
            bound: self.asked.shaped(self.at.len(), &self.slopes, |slopes| {
                slopes
                    .value()
                    .map(|value| Bound::new(value, slopes.estimate.bound))
            }),
            left: shaped(&|slopes| slopes.sides.map(|sides| Number(sides[0]))),
            right: shaped(&|slopes| slopes.sides.map(|sides| Number(sides[1]))),
            points: self.runs,
            failed: self.failed.iter().map(ToString::to_string).collect(),
        })
    }
}

/// One derivative from values: the only place that knows how differences are formed.
fn slopes(
    values: &Values,
    at: &[f64],
    wrt: &[usize],
    delta: f64,
    scheme: Scheme,
) -> Result<Slopes, Failure> {
    let directions: Vec<Vec<f64>> = wrt
        .iter()
        .map(|input| {
            (0..at.len())
                .map(|other| f64::from(u8::from(other == *input)))
                .collect()
        })
        .collect();
    let by = |scheme: Scheme| -> Result<Estimate, Failure> {
        let failure = |error: secant::Error| Failure::new(error.kind().name(), error.message());
        let difference = Difference::new(delta, scheme).map_err(failure)?;
        let found = difference.along(values, at, &directions).map_err(failure)?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| Failure::new("setting", "the program has no output"))
    };
    let estimate = by(scheme)?;
    let mut sides = None;
    if wrt.len() == 1 {
        let (left, right) = (by(Scheme::Backward)?, by(Scheme::Forward)?);
        let reach = |side: &Estimate| side.bound.absolute(side.value).unwrap_or(f64::INFINITY);
        let differ = (left.value - right.value).abs() > reach(&left) + reach(&right);
        sides = differ.then_some([left.value, right.value]);
    }
    Ok(Slopes {
        wrt: wrt.to_vec(),
        estimate,
        sides,
    })
}

/// Tells how far the runs are, where standard error is a terminal.
fn progress() -> impl Fn(Progress) + Sync {
    let is_terminal = std::io::stderr().is_terminal();
    move |progress: Progress| {
        if is_terminal {
            let end = if progress.done == progress.total {
                "\r\x1b[K"
            } else {
                ""
            };
            let left = progress.left().as_secs();
            // Where standard error is closed nobody waits.
            let _ = write!(
                std::io::stderr(),
                "\r\x1b[K{} of {} runs, {left} s left{end}",
                progress.done,
                progress.total
            );
        }
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
    left: Shaped<Option<Number>>,
    right: Shaped<Option<Number>>,
    points: usize,
    failed: Vec<String>,
}
