//! `secant fit`: a formula fitted to the rows of a table: its parameters with standard errors and intervals, what is left over, how
//! each row moves each parameter, and a picture.

use std::path::Path;

use secant::{Formula, Recorded};
use secant_data::{Chunk, CsvWriter, Entry, Source};
use secant_fit::{Error, Fit, Loss, Model, Outcome, RowImpact, Verdict, Weights};
use serde::Serialize;

use crate::args::{self, Format};
use crate::data::{self, Bar};
use crate::failure::Failure;
use crate::fit_figure::{self, Look};
use crate::json::{Number, Read, document};
use crate::output::Answer;
use crate::picture::{self, Files, Picture};
use crate::points;
use crate::reading::Reading;
use crate::table::{Align, Table};
use crate::text;

/// Tables are read once and kept where their columns take no more bytes than this.
const KEPT: usize = 32 << 20;
/// So many rows are told of those that move the parameters most.
const TOLD: usize = 10;

/// All that was found.
pub(crate) struct Found<'a> {
    pub(crate) formula: &'a Formula,
    pub(crate) model: &'a Model,
    /// What is measured, as it was written.
    pub(crate) measured: &'a str,
    pub(crate) outcome: Outcome,
    path: &'a Path,
    loss: Loss,
    impact: Option<Vec<RowImpact>>,
}

pub(crate) fn run(asked: &args::Fit) -> Result<Answer, Failure> {
    let files = Files::of(&asked.drawing.output)?;
    let look = Look::read(asked)?;
    let equation = Equation::read(&asked.formula)?;
    let start = points::settings("--start", &asked.start)?;
    let parameters: Vec<&str> = start.iter().map(|(name, _)| name.as_str()).collect();
    let model = Model::of(&equation.right.function, &equation.left, &parameters)
        .map_err(|error| Failure::within(&error, &equation.right.source, 0))?;
    let mut fit = settings(asked, &model)?;
    let mut source = opened(asked, &model)?;
    let bar = Bar::new(asked.style);
    fit = fit.watch(move |pass| {
        let message = || format!("pass {}, cost {}", pass.number, text::size(pass.cost));
        bar.tell(message, pass.progress);
    });
    let values: Vec<f64> = start.iter().map(|(_, value)| *value).collect();
    let outcome = fit
        .run(source.as_mut(), &values)
        .map_err(|error| failed(&error, &asked.data))?;
    let impact = asked
        .impact
        .then(|| most(&fit, &outcome, source.as_mut()))
        .transpose()?;
    if let Some(path) = &asked.rows {
        write_rows(path, asked.impact, &fit, &model, &outcome, source.as_mut())?;
    }
    drop(fit);
    let found = Found {
        formula: &equation.right.formula,
        model: &model,
        measured: &equation.measured,
        outcome,
        path: &asked.data,
        loss: loss(&asked.loss),
        impact,
    };
    let text = match asked.style.format {
        Format::Text => found.text(),
        Format::Json => found.json(asked),
    };
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let seen = if picture.is_wanted() {
        fit_figure::sample(&found, source.as_mut())?
    } else {
        Vec::new()
    };
    let text = picture.beside(
        text,
        || fit_figure::scene(&found, &seen, &look),
        picture::motionless,
    )?;
    Ok(Answer {
        text,
        warnings: equation.right.warnings(),
        doubtful: !found.warnings().is_empty(),
    })
}

/// What is measured, and the formula for it.
struct Equation {
    left: Recorded,
    measured: String,
    right: Reading,
}

impl Equation {
    /// A name on the left is a definition as any other; a formula there is read by itself.
    fn read(text: &str) -> Result<Self, Failure> {
        let trace = |name: &str| Recorded::trace(&[name], |inputs| vec![inputs[0].clone()]);
        let whole = Reading::new(text);
        if let Ok(right) = whole {
            let Some(name) = right.formula.name().map(str::to_owned) else {
                return Err(
                    Failure::new("missing-value", "it is not told what is measured")
                        .hint(format!("write y = {}, where y is a column", text.trim())),
                );
            };
            let left = trace(&name).map_err(|error| Failure::within(&error, &right.source, 0))?;
            return Ok(Self {
                left,
                measured: name,
                right,
            });
        }
        let (earlier, last) = text
            .rsplit_once(';')
            .map_or(("", text), |(earlier, last)| (earlier, last));
        let Some((left, right)) = halves(last) else {
            return whole.map(|right| Self {
                left: right.function.clone(),
                measured: String::new(),
                right,
            });
        };
        // Where neither half can be read, what was found wrong with the whole is told.
        let (Ok(left_reading), true) = (Reading::new(left), left.contains('(')) else {
            return whole.map(|right| Self {
                left: right.function.clone(),
                measured: String::new(),
                right,
            });
        };
        let right = if earlier.is_empty() {
            right.to_owned()
        } else {
            format!("{earlier}; {right}")
        };
        Ok(Self {
            left: left_reading.function,
            measured: left_reading.formula.reading().to_owned(),
            right: Reading::new(right.trim())?,
        })
    }
}

/// Both sides of the one sign of equality that is no comparison.
fn halves(text: &str) -> Option<(&str, &str)> {
    let is_sign = |place: &usize| {
        let before = text[..*place].chars().next_back();
        let after = text[place + 1..].chars().next();
        !before.is_some_and(|c| "<>!=".contains(c)) && after != Some('=')
    };
    let mut signs = text
        .match_indices('=')
        .map(|(place, _)| place)
        .filter(is_sign);
    let sign = signs.next()?;
    signs
        .next()
        .is_none()
        .then(|| (&text[..sign], &text[sign + 1..]))
}

/// A parameter with as many digits as its standard error leaves a meaning, and three more; without an error, seven; one that is
/// held, as it was given.
fn value(value: f64, error: Option<f64>) -> String {
    match error {
        None => text::brief(value),
        Some(error) if error > 0.0 => {
            let digits = (value.abs() / error).log10().floor() + 5.0;
            let rounded = format!("{value:.*e}", digits.clamp(2.0, 16.0) as usize);
            text::number(rounded.parse().unwrap_or(value))
        }
        Some(_) => text::number(value),
    }
}

fn loss(name: &str) -> Loss {
    Loss::ALL
        .into_iter()
        .find(|loss| loss.name() == name)
        .unwrap_or_default()
}

/// The fit as the options say.
fn settings<'a>(asked: &args::Fit, model: &'a Model) -> Result<Fit<'a>, Failure> {
    let parameter = |option: &str, name: &str| {
        model
            .parameters()
            .iter()
            .position(|known| known == name)
            .ok_or_else(|| {
                Failure::new(
                    "unknown-variable",
                    format!("{option} names '{name}', which is no parameter"),
                )
                .hint(format!(
                    "the parameters are {}",
                    model.parameters().join(", ")
                ))
            })
    };
    let scale = asked
        .scale
        .as_deref()
        .map(|text| points::number("--scale", text))
        .transpose()?;
    let mut fit = Fit::new(model)
        .loss(loss(&asked.loss), scale)
        .starts(usize::from(asked.starts))
        .most_passes(asked.passes as usize)
        .level(points::number("--level", &asked.level)?);
    for name in asked.fix.iter().flat_map(|names| names.split(',')) {
        fit = fit.fixed(parameter("--fix", &secant::canonical_name(name.trim()))?);
    }
    for (name, (low, high)) in points::ranges("--bounds", &asked.bounds)? {
        fit = fit.bounds(parameter("--bounds", &name)?, low, high);
    }
    Ok(match (&asked.weights, &asked.sigma) {
        (Some(column), _) => fit.weights(Weights::Given, column),
        (_, Some(column)) => fit.weights(Weights::Deviations, column),
        _ => fit,
    })
}

/// The table, in memory where it is small; all that is read stands in it.
fn opened(asked: &args::Fit, model: &Model) -> Result<Box<dyn Source>, Failure> {
    let source = data::open(&asked.data, &asked.table)?;
    let weights = asked.weights.iter().chain(&asked.sigma);
    let mut columns = Vec::new();
    for name in model.columns().iter().chain(weights) {
        let place = secant_data::find(source.as_ref(), name).map_err(|error| {
            let hint = error.repair().unwrap_or_default();
            data::failed(&error).hint(format!(
                "{hint}; a parameter needs a start, such as --start {name}=1"
            ))
        })?;
        columns.push(place);
    }
    secant_data::kept(source, &columns, KEPT).map_err(|error| data::failed(&error))
}

fn failed(error: &Error, path: &Path) -> Failure {
    let failure = match error {
        Error::Data(error) => return data::failed(error),
        Error::Row { .. } => Failure::new(error.name(), format!("{}, {error}", path.display())),
        other => Failure::new(other.name(), other.to_string()),
    };
    match error.repair() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The rows that move the parameters most: by Cook's distance, else by leverage.
fn most(
    fit: &Fit<'_>,
    outcome: &Outcome,
    source: &mut dyn Source,
) -> Result<Vec<RowImpact>, Failure> {
    let size = |row: &RowImpact| row.cook.unwrap_or(row.leverage);
    let mut most: Vec<RowImpact> = Vec::new();
    let visit = |row: RowImpact| {
        let place = most.partition_point(|other| size(other) >= size(&row));
        if place < TOLD {
            most.insert(place, row);
            most.truncate(TOLD);
        }
    };
    fit.impact(outcome)
        .each(source, visit)
        .map_err(|error| failed(&error, source.path()))?;
    Ok(most)
}

/// Each row with what was fitted.
fn write_rows(
    path: &Path,
    impact: bool,
    fit: &Fit<'_>,
    model: &Model,
    outcome: &Outcome,
    source: &mut dyn Source,
) -> Result<(), Failure> {
    let unwritten = |reason: std::io::Error| Failure::file(path, &reason);
    let mut names: Vec<String> = ["row", "measured", "fitted", "residual"]
        .map(str::to_owned)
        .to_vec();
    if impact {
        names.extend(["leverage", "cook"].map(str::to_owned));
        names.extend(
            model
                .parameters()
                .iter()
                .map(|name| format!("d{name}/dmeasured")),
        );
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut table = CsvWriter::create(path, &names).map_err(unwritten)?;
    let mut cells = Vec::new();
    let mut fault = None;
    let mut write = |row: u64, measured: f64, fitted: f64, more: &[Entry<'_>]| {
        cells.clear();
        cells.extend([row as f64, measured, fitted, measured - fitted].map(Entry::Number));
        let whole: Vec<Entry<'_>> = cells.iter().chain(more).copied().collect();
        if let (None, Err(reason)) = (&fault, table.row(&whole)) {
            fault = Some(reason);
        }
    };
    if impact {
        fit.impact(outcome)
            .each(source, |row| {
                let mut more = vec![
                    Entry::Number(row.leverage),
                    row.cook.map_or(Entry::Empty, Entry::Number),
                ];
                more.extend(row.by_measured.iter().copied().map(Entry::Number));
                write(row.row, row.measured, row.fitted, &more);
            })
            .map_err(|error| failed(&error, source.path()))?;
    } else {
        each_row(
            model,
            &outcome.parameters,
            source,
            |row, _, measured, fitted| write(row, measured, fitted, &[]),
        )?;
    }
    match fault {
        Some(reason) => Err(unwritten(reason)),
        None => table.finish().map_err(unwritten),
    }
}

/// Each row of the table: its number, its columns, what was measured and what the formula gives.
pub(crate) fn each_row(
    model: &Model,
    parameters: &[f64],
    source: &mut dyn Source,
    mut visit: impl FnMut(u64, &[f64], f64, f64),
) -> Result<(), Failure> {
    source.rewind().map_err(|error| data::failed(&error))?;
    let mut chunk = Chunk::default();
    while source
        .next_chunk(&mut chunk)
        .map_err(|error| data::failed(&error))?
    {
        let columns: Vec<&[f64]> = chunk.columns[..model.columns().len()]
            .iter()
            .map(Vec::as_slice)
            .collect();
        let (measured, fitted) = model.values(parameters, &columns);
        let mut row = vec![0.0; columns.len()];
        for place in 0..chunk.len() {
            for (cell, column) in row.iter_mut().zip(&columns) {
                *cell = column[place];
            }
            visit(chunk.rows[place], &row, measured[place], fitted[place]);
        }
    }
    Ok(())
}

impl Found<'_> {
    fn text(&self) -> String {
        let outcome = &self.outcome;
        let mut text = format!("{}\n", self.heading());
        let skipped = match outcome.skipped {
            0 => String::new(),
            skipped => format!(" ({skipped} more without a value, left out)"),
        };
        text.push_str(&format!(
            "{} rows of {}{skipped}, {}\n\n",
            outcome.rows,
            self.path.display(),
            self.method()
        ));
        text.push_str(&self.table());
        text.push('\n');
        text.push_str(&self.verdict());
        for warning in self.warnings() {
            text.push_str(&format!("warning: {warning}\n"));
        }
        if let Some(impact) = &self.impact {
            text.push_str(&self.told(impact));
        }
        text
    }

    /// The equation as it was understood.
    pub(crate) fn heading(&self) -> String {
        format!(
            "{} = {}",
            self.measured,
            secant::print(self.formula.body(), secant::Notation::Text)
        )
    }

    fn method(&self) -> String {
        match (self.loss, self.outcome.scale) {
            (Loss::Squares, _) => "least squares".to_owned(),
            (loss, Some(scale)) => format!(
                "{} loss beyond residuals of {}",
                loss.name(),
                text::error(scale)
            ),
            (loss, None) => format!("{} loss", loss.name()),
        }
    }

    fn table(&self) -> String {
        let outcome = &self.outcome;
        let level = format!("{} % interval", text::brief(100.0 * outcome.level));
        let mut table = Table::new(&[
            ("parameter", Align::Left),
            ("value", Align::Point),
            ("standard error", Align::Point),
            (&level, Align::Left),
            ("", Align::Left),
        ]);
        for (place, name) in self.model.parameters().iter().enumerate() {
            let error = outcome.errors.as_ref().map(|errors| errors[place]);
            let interval = outcome.intervals.as_ref().map(|intervals| intervals[place]);
            let is_free = error != Some(0.0);
            let note = match (outcome.at_bounds.contains(&place), is_free) {
                (true, _) => "at its bound",
                (false, false) => "held",
                (false, true) => "",
            };
            table.row([
                name.clone(),
                value(outcome.parameters[place], error),
                error
                    .filter(|_| is_free)
                    .map(text::error)
                    .unwrap_or_default(),
                interval
                    .filter(|_| is_free)
                    .map(|(low, high)| format!("{} to {}", text::brief(low), text::brief(high)))
                    .unwrap_or_default(),
                note.to_owned(),
            ]);
        }
        table.lines()
    }

    fn verdict(&self) -> String {
        let outcome = &self.outcome;
        let mut parts = Vec::new();
        if let Some(deviation) = outcome.deviation {
            parts.push(format!(
                "residual standard deviation {}",
                text::brief(deviation)
            ));
        }
        parts.push(format!("sum of squares {}", text::brief(outcome.squares)));
        if let Some(part) = outcome.r_squared {
            parts.push(format!("R² {}", text::brief(part)));
        }
        parts.push(format!("{} degrees of freedom", outcome.freedom));
        let passes = format!("after {} passes over the data", outcome.passes);
        let offset = if outcome.offset <= 1e-9 {
            "below 1e-9".to_owned()
        } else {
            text::error(outcome.offset)
        };
        let ended = match outcome.verdict {
            Verdict::Converged => format!("converged {passes}, relative offset {}", offset),
            Verdict::Exhausted => format!("NOT converged: the passes are used up, {passes}"),
            Verdict::Stalled => format!(
                "NOT converged: no step lowers the cost any more, {passes}, relative offset {}",
                offset
            ),
            Verdict::Singular => {
                format!("NOT converged: the data do not tell the parameters apart, {passes}")
            }
            Verdict::NoScale => format!(
                "NOT converged: more than half of the rows fit exactly, so no scale can be found, {passes}"
            ),
        };
        format!("{}\n{ended}\n", parts.join(", "))
    }

    /// What is to be thought of before the numbers are used.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let outcome = &self.outcome;
        let mut warnings = Vec::new();
        match outcome.verdict {
            Verdict::Converged => {}
            Verdict::Singular => warnings.push(
                "the Jacobian is singular: some parameters can change together without any change at the data; hold one with --fix, or start elsewhere".to_owned(),
            ),
            Verdict::Exhausted => warnings.push("the parameters are not at a minimum; give more --passes, or start elsewhere".to_owned()),
            Verdict::Stalled => warnings.push("the parameters may not be at a minimum; start elsewhere, or give several --starts".to_owned()),
            Verdict::NoScale => warnings.push("give the --scale of the loss".to_owned()),
        }
        for place in &outcome.at_bounds {
            warnings.push(format!("{} ends at its bound; its error is not known, those of the others hold as if it were held", self.model.parameters()[*place]));
        }
        if outcome.freedom <= 0 {
            warnings
                .push("there are no more rows than parameters, so no error can be told".to_owned());
        }
        if outcome.grain > 1e-4 {
            warnings.push(format!(
                "rounding is {} of the residuals: standard errors hold no better",
                text::size(outcome.grain)
            ));
        }
        warnings
    }

    /// The rows that move the parameters most.
    fn told(&self, rows: &[RowImpact]) -> String {
        let slopes: Vec<String> = self
            .model
            .parameters()
            .iter()
            .map(|name| format!("d{name}/d{}", self.measured))
            .collect();
        let mut columns = vec![
            ("row", Align::Point),
            ("measured", Align::Point),
            ("fitted", Align::Point),
            ("leverage", Align::Point),
            ("Cook's distance", Align::Point),
        ];
        columns.extend(slopes.iter().map(|name| (name.as_str(), Align::Point)));
        let mut table = Table::new(&columns);
        for row in rows {
            let mut cells = vec![
                row.row.to_string(),
                text::brief(row.measured),
                text::brief(row.fitted),
                text::error(row.leverage),
                row.cook.map(text::error).unwrap_or_default(),
            ];
            cells.extend(row.by_measured.iter().map(|slope| text::error(*slope)));
            table.row(cells);
        }
        let by = if rows.iter().all(|row| row.cook.is_none()) {
            "by leverage"
        } else {
            "by Cook's distance"
        };
        format!(
            "\nthe rows that move the parameters most, {by}:\n{}",
            table.lines()
        )
    }

    fn json(&self, asked: &args::Fit) -> String {
        let outcome = &self.outcome;
        let numbers = |values: &[f64]| values.iter().copied().map(Number).collect::<Vec<_>>();
        let parameter = |(place, name): (usize, &'_ String)| Parameter {
            name: name.clone(),
            value: Number(outcome.parameters[place]),
            error: outcome.errors.as_ref().map(|errors| Number(errors[place])),
            interval: outcome
                .intervals
                .as_ref()
                .map(|intervals| [Number(intervals[place].0), Number(intervals[place].1)]),
            at_bound: outcome.at_bounds.contains(&place),
        };
        let row = |row: &RowImpact| Row {
            row: row.row,
            measured: Number(row.measured),
            fitted: Number(row.fitted),
            leverage: Number(row.leverage),
            cook: row.cook.map(Number),
            by_measured: numbers(&row.by_measured),
        };
        document(&Document {
            read: Read::new(self.formula),
            measured: self.measured,
            data: self.path.to_string_lossy().into_owned(),
            rows: outcome.rows,
            skipped: outcome.skipped,
            loss: self.loss.name(),
            scale: outcome.scale.map(Number),
            verdict: outcome.verdict.name(),
            offset: Number(outcome.offset),
            passes: outcome.passes,
            starts_alike: outcome.same,
            parameters: self
                .model
                .parameters()
                .iter()
                .enumerate()
                .map(parameter)
                .collect(),
            level: Number(outcome.level),
            covariance: outcome
                .covariance
                .as_ref()
                .map(|rows| rows.iter().map(|row| numbers(row)).collect()),
            cost: Number(outcome.cost),
            squares: Number(outcome.squares),
            deviation: outcome.deviation.map(Number),
            r_squared: outcome.r_squared.map(Number),
            freedom: outcome.freedom,
            warnings: self.warnings(),
            impact: self
                .impact
                .as_ref()
                .map(|rows| rows.iter().map(row).collect()),
            files: asked
                .drawing
                .output
                .iter()
                .chain(&asked.rows)
                .map(|path| path.to_string_lossy().into_owned())
                .collect(),
        })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    measured: &'a str,
    data: String,
    rows: u64,
    skipped: u64,
    loss: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<Number>,
    verdict: &'static str,
    offset: Number,
    passes: usize,
    starts_alike: usize,
    parameters: Vec<Parameter>,
    level: Number,
    covariance: Option<Vec<Vec<Number>>>,
    cost: Number,
    squares: Number,
    deviation: Option<Number>,
    r_squared: Option<Number>,
    freedom: i64,
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Vec<Row>>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Parameter {
    name: String,
    value: Number,
    error: Option<Number>,
    interval: Option<[Number; 2]>,
    at_bound: bool,
}

#[derive(Serialize)]
struct Row {
    row: u64,
    measured: Number,
    fitted: Number,
    leverage: Number,
    cook: Option<Number>,
    by_measured: Vec<Number>,
}
