//! `secant fit`: a formula fitted to the rows of a table: its parameters with standard errors and intervals, what is left over, how
//! each row moves each parameter, and a picture.

mod figure;
mod told;

use std::path::Path;

use secant::{Formula, Recorded};
use secant_data::{Chunk, Entry, Kind, Source, TableWriter};
use secant_fit::{Error, Fit, Loss, Method, Model, Outcome, RowImpact, Weights};

use crate::args::{self, Format};
use crate::data::{self, Bar};
use crate::failure::Failure;
use crate::interrupt::Watch;
use crate::output::{Answer, Formats};
use crate::picture::look::Look;
use crate::picture::{self, Files, Picture};
use crate::points;
use crate::reading::Reading;
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
    pub(crate) path: &'a Path,
    pub(crate) loss: Loss,
    pub(crate) method: Method,
    pub(crate) impact: Option<Vec<RowImpact>>,
    /// Whether that was asked for and cannot be told.
    pub(crate) impact_is_missing: bool,
}

pub(crate) fn run(asked: &args::Fit) -> Result<Answer, Failure> {
    let files = Files::of(&asked.drawing.output)?;
    if let Some(rows) = &asked.rows {
        Formats::TABLE.of(rows)?;
    }
    let look = Look::read(&asked.drawing, Some(&asked.window))?;
    let equation = Equation::read(&asked.formula)?;
    let start = points::settings("--start", &asked.start)?;
    let parameters: Vec<&str> = start.iter().map(|(name, _)| name.as_str()).collect();
    let model = Model::of(&equation.right.function, &equation.left, &parameters)
        .map_err(|error| Failure::within(&error, &equation.right.source, 0))?;
    let mut fit = settings(asked, &model)?;
    let mut source = opened(asked, &model, &equation)?;
    let bar = Bar::new(asked.style);
    fit = fit.watch(move |pass| {
        let message = || format!("pass {}, cost {}", pass.number, text::size(pass.cost));
        bar.tell(message, pass.progress);
    });
    let values: Vec<f64> = start.iter().map(|(_, value)| *value).collect();
    let outcome = fit
        .run(source.as_mut(), &values)
        .map_err(|error| failed(&error, &asked.data))?;
    let impact = match asked.impact {
        true => most(&fit, &outcome, source.as_mut())?,
        false => None,
    };
    if let Some(path) = &asked.rows {
        let impact = impact.is_some();
        write_rows(path, impact, &fit, &model, &outcome, source.as_mut())?;
    }
    drop(fit);
    let found = Found {
        formula: &equation.right.formula,
        model: &model,
        measured: &equation.measured,
        outcome,
        path: &asked.data,
        loss: loss(&asked.loss),
        method: method(asked)?,
        impact_is_missing: asked.impact && impact.is_none(),
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
        figure::sample(&found, source.as_mut())?
    } else {
        Vec::new()
    };
    let text = picture.beside(
        text,
        || figure::scene(&found, &seen, &look),
        picture::motionless,
    )?;
    Ok(Answer {
        text,
        warnings: equation.right.warnings(),
        doubtful: !found.warnings().is_empty(),
        refuted: false,
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
        let (earlier, last) = text
            .rsplit_once(';')
            .map_or(("", text), |(earlier, last)| (earlier, last));
        let halves = halves(last);
        // What defines no name is a comparison of both sides, if it has two.
        let unread = match Reading::new(text) {
            Ok(whole) if whole.formula.name().is_some() || halves.is_none() => {
                return Self::defined(whole, text);
            }
            Ok(_) => None,
            Err(unread) => Some(unread),
        };
        let (left, right) = halves.unwrap_or_default();
        let left_reading = match (Reading::new(left), unread) {
            (Ok(left), None) => left,
            (Ok(reading), Some(_)) if left.contains('(') => reading,
            // Where neither half can be read, what was found wrong with the whole is told.
            (_, Some(unread)) | (Err(unread), None) => return Err(unread),
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

    /// A definition: its name is measured.
    fn defined(right: Reading, text: &str) -> Result<Self, Failure> {
        let Some(name) = right.formula.name().map(str::to_owned) else {
            return Err(
                Failure::new("missing-value", "it is not told what is measured")
                    .hint(format!("write y = {}, where y is a column", text.trim())),
            );
        };
        let left = Recorded::trace(&[&name], |inputs| vec![inputs[0].clone()])
            .map_err(|error| Failure::within(&error, &right.source, 0))?;
        Ok(Self {
            left,
            measured: name,
            right,
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

fn loss(name: &str) -> Loss {
    Loss::ALL
        .into_iter()
        .find(|loss| loss.name() == name)
        .unwrap_or_default()
}

/// The way down that was asked for; a rate belongs to those along the gradient.
fn method(asked: &args::Fit) -> Result<Method, Failure> {
    let rate = asked
        .rate
        .as_deref()
        .map(|text| points::number("--rate", text))
        .transpose()?;
    match Method::named(&asked.method, rate).unwrap_or_default() {
        Method::LevenbergMarquardt if rate.is_some() => Err(Failure::new(
            "setting",
            "the steps of Levenberg and Marquardt have no rate",
        )
        .hint("leave --rate out, or add --method gradient-descent or adam")),
        method => Ok(method),
    }
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
    if scale.is_some() && loss(&asked.loss) == Loss::Squares {
        return Err(
            Failure::new("setting", "squares have no scale beyond which they bend")
                .hint("leave --scale out, or add a --loss that bends, such as huber"),
        );
    }
    let mut fit = Fit::new(model)
        .loss(loss(&asked.loss), scale)
        .method(method(asked)?)
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
fn opened(
    asked: &args::Fit,
    model: &Model,
    equation: &Equation,
) -> Result<Box<dyn Source>, Failure> {
    let source = data::open(&asked.data, &asked.table)?;
    data::without_constants(source.as_ref(), &equation.right.formula)?;
    let weights = asked.weights.iter().chain(&asked.sigma);
    let mut columns = Vec::new();
    for name in model.columns().iter().chain(weights) {
        let place = secant_fit::column(source.as_ref(), name).map_err(|error| {
            let hint = error.repair().unwrap_or_default();
            data::failed(&error).hint(format!(
                "{hint}; a parameter needs a start, such as --start {name}=1"
            ))
        })?;
        // What the formula reads may be the weight too.
        if !columns.contains(&place) {
            columns.push(place);
        }
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

/// The rows that move the parameters most: by Cook's distance, else by leverage. None where the fit is at no strict minimum.
fn most(
    fit: &Fit<'_>,
    outcome: &Outcome,
    source: &mut dyn Source,
) -> Result<Option<Vec<RowImpact>>, Failure> {
    let size = |row: &RowImpact| row.cook.unwrap_or(row.leverage);
    let mut most: Vec<RowImpact> = Vec::new();
    let visit = |row: RowImpact| {
        let place = most.partition_point(|other| size(other) >= size(&row));
        if place < TOLD {
            most.insert(place, row);
            most.truncate(TOLD);
        }
    };
    match fit.impact(outcome).each(source, visit) {
        Ok(()) => Ok(Some(most)),
        Err(Error::NoMinimum) => Ok(None),
        Err(error) => Err(failed(&error, source.path())),
    }
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
    let mut columns: Vec<(&str, Kind)> = names
        .iter()
        .map(|name| (name.as_str(), Kind::Number))
        .collect();
    columns[0].1 = Kind::Whole;
    let mut table = TableWriter::create(path, &columns).map_err(unwritten)?;
    let watch = Watch::new()?;
    let mut cells = Vec::new();
    let mut fault = None;
    let mut write = |row: u64, measured: f64, fitted: f64, more: &[Entry<'_>]| {
        cells.clear();
        cells.extend([row as f64, measured, fitted, measured - fitted].map(Entry::Number));
        let whole: Vec<Entry<'_>> = cells.iter().chain(more).copied().collect();
        if fault.is_none() && !watch.is_broken_off() {
            fault = table.row(&whole).err();
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
    watch.go_on()?;
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
