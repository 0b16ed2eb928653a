//! What a fit found, in words and as JSON: parameters, verdict, warnings, and the rows that move the parameters most.

use secant_fit::{Loss, Method, RowImpact, Verdict};
use serde::Serialize;

use crate::args;
use crate::fit::Found;
use crate::json::{Number, Read, document};
use crate::table::{Align, Table};
use crate::text;

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

impl Found<'_> {
    pub(crate) fn text(&self) -> String {
        let outcome = &self.outcome;
        let mut text = format!("{}\n", self.heading());
        let skipped = match outcome.skipped {
            0 => String::new(),
            skipped => format!(" ({skipped} more without a value, left out)"),
        };
        text.push_str(&format!(
            "{} of {}{skipped}, {}\n\n",
            text::counted(outcome.rows, "row", "rows"),
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
        let loss = self.loss();
        match self.outcome.rate {
            None => loss,
            Some(rate) => format!(
                "{loss} by {} at a rate of {}",
                self.method.name().replace('-', " "),
                text::brief(rate)
            ),
        }
    }

    fn loss(&self) -> String {
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
        let level = format!("{} % interval", text::per_cent(outcome.level));
        let mut table = Table::new(&[
            ("parameter", Align::Left),
            ("value", Align::Point),
            ("standard error", Align::Point),
            (&level, Align::Left),
            ("", Align::Left),
        ]);
        for (place, name) in self.model.parameters().iter().enumerate() {
            let is_free = outcome.is_free(place);
            let error = outcome.error(place);
            let digits = if is_free { error } else { Some(0.0) };
            let note = match (outcome.at_bounds.contains(&place), is_free) {
                (true, _) => "at its bound",
                (false, false) => "held",
                (false, true) => "",
            };
            table.row([
                name.clone(),
                value(outcome.parameters[place], digits),
                error.map(text::error).unwrap_or_default(),
                outcome
                    .interval(place)
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
        parts.push(text::counted(
            outcome.freedom,
            "degree of freedom",
            "degrees of freedom",
        ));
        let passes = text::counted(outcome.passes, "pass", "passes");
        let passes = format!("after {passes} over the data");
        let offset = if outcome.offset <= 1e-9 {
            "below 1e-9".to_owned()
        } else {
            text::error(outcome.offset)
        };
        let ended = match outcome.verdict {
            // The offset is measured by the residuals: where they are rounding, it means nothing.
            Verdict::Converged if outcome.is_exact() => format!("converged {passes}"),
            Verdict::Converged => format!("converged {passes}, relative offset {offset}"),
            Verdict::Exhausted => format!("NOT converged: the passes are used up, {passes}"),
            Verdict::Stalled => format!(
                "NOT converged: no step that was tried lowers the cost, {passes}, relative offset {offset}"
            ),
            Verdict::Singular => {
                format!("NOT converged: the data do not tell the parameters apart, {passes}")
            }
            Verdict::Diverged => format!("NOT converged: the cost has left the numbers, {passes}"),
            Verdict::Saddle => format!(
                "NOT converged: at a saddle or a maximum, from which the cost falls to either side, {passes}"
            ),
            Verdict::NoScale => format!("NOT converged: no scale can be found, {passes}"),
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
            Verdict::Exhausted if self.method != Method::LevenbergMarquardt => warnings.push("the parameters are not at a minimum; give more --passes or another --rate, or leave --method out".to_owned()),
            Verdict::Exhausted => warnings.push("the parameters are not at a minimum; give more --passes, or start elsewhere".to_owned()),
            Verdict::Diverged => warnings.push("the rate is too large: the lowest place on the way is told, which is no minimum; give a smaller --rate".to_owned()),
            Verdict::Stalled => warnings.push("the parameters may not be at a minimum; start elsewhere, or give several --starts".to_owned()),
            Verdict::Saddle => warnings.push("the parameters are not at a minimum; start elsewhere, or give several --starts".to_owned()),
            Verdict::NoScale => warnings.push("more than half of the rows fit exactly, or the scale that the residuals tell moves on with the fit; give the --scale of the loss".to_owned()),
        }
        if 2 * outcome.ignored > outcome.rows {
            warnings.push(format!(
                "{} of {} rows count for nothing, since they lie beyond the scale: there are other minima; start elsewhere, give several --starts, or leave --scale out",
                outcome.ignored, outcome.rows
            ));
        }
        for place in &outcome.at_bounds {
            warnings.push(format!("{} ends at its bound; its error is not known, those of the others hold as if it were held", self.model.parameters()[*place]));
        }
        if self.impact_is_missing {
            warnings.push(
                "what each row does is told at a strict minimum alone, so --impact tells nothing"
                    .to_owned(),
            );
        }
        if let Some(cost) = outcome.lower {
            warnings.push(format!(
                "another start ended lower, at {}, and did not converge: this is not the lowest place; begin elsewhere, or give more --starts",
                text::brief(cost)
            ));
        }
        if outcome.freedom <= 0 && outcome.errors.is_none() {
            warnings
                .push("there are no more rows than parameters, so no error can be told".to_owned());
        }
        let has_errors = outcome.errors.is_some() || outcome.is_exact();
        if outcome.verdict.is_converged() && outcome.freedom > 0 && !has_errors {
            warnings.push("standard errors cannot be told: the residuals within the scale of the loss, or the digits of the Jacobian, are too few".to_owned());
        }
        // Where there are no more rows than parameters, nothing else can be.
        if outcome.is_exact() && outcome.freedom > 0 {
            let errors = match outcome.errors {
                None => ": standard errors cannot be told from them",
                Some(_) => "",
            };
            warnings.push(format!("the residuals are zero to rounding{errors}"));
        } else if outcome.grain > 1e-4 && !outcome.is_exact() {
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
        let held = match self.loss {
            Loss::Squares => "",
            _ => ", with the scale of the loss as it is",
        };
        let by = if rows.iter().all(|row| row.cook.is_none()) {
            "by leverage"
        } else {
            "by Cook's distance"
        };
        format!(
            "\nthe rows that move the parameters most, {by}{held}:\n{}",
            table.lines()
        )
    }

    pub(crate) fn json(&self, asked: &args::Fit) -> String {
        let outcome = &self.outcome;
        let numbers = |values: &[f64]| values.iter().copied().map(Number).collect::<Vec<_>>();
        let parameter = |(place, name): (usize, &'_ String)| Parameter {
            name: name.clone(),
            value: Number(outcome.parameters[place]),
            error: outcome.error(place).map(Number),
            interval: outcome
                .interval(place)
                .map(|(low, high)| [Number(low), Number(high)]),
            fixed: outcome.fixed.contains(&place),
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
            ignored: outcome.ignored,
            skipped: outcome.skipped,
            loss: self.loss.name(),
            scale: outcome.scale.map(Number),
            method: self.method.name(),
            rate: outcome.rate.map(Number),
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
    ignored: u64,
    skipped: u64,
    loss: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<Number>,
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<Number>,
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
    fixed: bool,
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
