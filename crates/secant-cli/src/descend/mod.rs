//! `secant descend`: downhill along the gradient, as a table of the path, a verdict on the rate in words, and as pictures
//! that may move.

mod figure;

use std::path::PathBuf;

use secant::{Curvature, Descent, DescentPath, DescentPlace, Formula, Recorded, Rest, Span, Stop};
use serde::Serialize;

use crate::args::{Descend, Format};
use crate::asked::no_variable;
use crate::failure::{Failure, Source};
use crate::json::{At, Number, Read, document, names_of};
use crate::output::{self, Answer};
use crate::page::{self, Pace};
use crate::picture::look::Look;
use crate::picture::{Files, Picture};
use crate::points::{self, Points};
use crate::reading::Reading;
use crate::table::{Align, Table};
use crate::text;

/// Of longer paths the table shows the first and the last rows.
const ROWS: usize = 16;
const FIRST_ROWS: usize = 10;
const LAST_ROWS: usize = 4;
/// Steps that grow by less than this part of each other may only pass a steeper place.
const GROWS: f64 = 1.05;

/// All that was found.
pub(crate) struct Found<'a> {
    pub(crate) formula: &'a Formula,
    pub(crate) function: &'a Recorded,
    pub(crate) descent: Descent,
    pub(crate) rate: f64,
    pub(crate) momentum: f64,
    tolerance: f64,
    pub(crate) path: DescentPath,
    /// How the function bends where the path ended, or where it began if it did not converge.
    curvature: Option<Curvature>,
}

pub(crate) fn run(asked: &Descend) -> Result<Answer, Failure> {
    let (pages, pictures) = page::parted(&asked.drawing.output);
    let files = Files::of(&pictures)?;
    let reading = Reading::new(&asked.formula)?;
    let look = Look::read(&asked.drawing, Some(&asked.window))?;
    if reading.formula.variables().is_empty() {
        return Err(no_variable(&reading.formula));
    }
    let points = Points::read("--from", &asked.from, &reading.formula, false)?;
    let found = find(asked, &reading, &points)?;
    let text = match asked.style.format {
        Format::Json => found.json(&asked.drawing.output),
        Format::Text => found.text(),
    };
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let drafts = page::drafts(&pages, || found.page(&reading))?;
    let text = picture.beside(
        text,
        || figure::scene(&found, &look),
        || figure::motion(&found, &look),
    )?;
    output::write(&drafts)?;
    Ok(Answer {
        text,
        warnings: [reading.warnings(), points.warnings].concat(),
        doubtful: found.path.stop != Stop::Converged,
        ..Answer::default()
    })
}

fn find<'a>(asked: &Descend, reading: &'a Reading, points: &Points) -> Result<Found<'a>, Failure> {
    let [from] = points.each.as_slice() else {
        let source = Source::new("--from", asked.from.join(","));
        let whole = Span::new(0, source.text.chars().count());
        return Err(Failure::new("setting", "a descent begins at one point").at(&source, whole));
    };
    let within = |name: &'static str, text: &str, error: secant::Error| {
        let source = Source::new(name, text);
        Failure::within(&error, &source, 0).at(&source, Span::new(0, text.chars().count()))
    };
    let rate = points::number("--rate", &asked.rate)?;
    let momentum = points::number("--momentum", &asked.momentum)?;
    let tolerance = points::number("--tolerance", &asked.tolerance)?;
    let descent = Descent::new(rate)
        .map_err(|error| within("--rate", &asked.rate, error))?
        .momentum(momentum)
        .map_err(|error| within("--momentum", &asked.momentum, error))?
        .tolerance(tolerance)
        .map_err(|error| within("--tolerance", &asked.tolerance, error))?
        .steps(asked.steps)
        .map_err(|error| within("--steps", &asked.steps.to_string(), error))?;
    let path = descent
        .run(&reading.function, from)
        .map_err(|error| Failure::within(&error, &reading.source, 0))?;
    let seen = match path.stop {
        Stop::Converged => path.places.last(),
        _ => path.places.first(),
    };
    let curvature = seen.and_then(|place| Curvature::at(&reading.function, &place.at));
    Ok(Found {
        formula: &reading.formula,
        function: &reading.function,
        descent,
        rate,
        momentum,
        tolerance,
        path,
        curvature,
    })
}

impl Found<'_> {
    /// The descent as a page to move by hand.
    fn page(&self, reading: &Reading) -> Result<String, Failure> {
        let start = self
            .path
            .places
            .first()
            .map_or(&[][..], |place| place.at.as_slice());
        let pace = Pace {
            rate: self.rate,
            momentum: self.momentum,
        };
        page::descent(reading, start, pace)?.ok_or_else(|| {
            Failure::new("setting", "a page shows a descent over one variable or two")
                .hint("end the name in .svg, .png or .gif")
        })
    }

    fn text(&self) -> String {
        let momentum = match self.momentum {
            0.0 => String::new(),
            momentum => format!(", momentum {}", text::number(momentum)),
        };
        format!(
            "{}\ndownhill with rate {}{momentum}\n\n{}\n{}\n",
            text::heading(self.formula),
            text::number(self.rate),
            self.table(),
            self.verdict()
        )
    }

    fn table(&self) -> String {
        let names = self.formula.variables();
        let alone = names.len() == 1;
        let slope = if alone { "slope" } else { "|gradient|" };
        let mut columns = vec![("step", Align::Point)];
        columns.extend(names.iter().map(|name| (name.as_ref(), Align::Point)));
        columns.extend([
            (text::name(self.formula), Align::Point),
            (slope, Align::Point),
        ]);
        let mut table = Table::new(&columns);
        let places = &self.path.places;
        let row = |(step, place): (usize, &DescentPlace)| {
            let mut cells = vec![step.to_string()];
            cells.extend(place.at.iter().map(|x| text::brief(*x)));
            let value = place.value.value;
            cells.push(if value.is_nan() {
                "none".to_owned()
            } else {
                text::brief(value)
            });
            cells.push(match (place.gradient.as_slice(), place.slope()) {
                ([only], _) => text::brief(only.value),
                (_, Some(slope)) => text::brief(slope),
                (_, None) => "none".to_owned(),
            });
            cells
        };
        let rows = places.iter().enumerate().map(row);
        if places.len() <= ROWS {
            rows.for_each(|cells| table.row(cells));
        } else {
            rows.clone()
                .take(FIRST_ROWS)
                .for_each(|cells| table.row(cells));
            table.row(columns.iter().map(|_| "…".to_owned()));
            rows.skip(places.len() - LAST_ROWS)
                .for_each(|cells| table.row(cells));
        }
        table.lines()
    }

    /// What came of it, and what another rate would do.
    fn verdict(&self) -> String {
        let steps = self.path.places.len() - 1;
        let last = self.path.places.last();
        let slope = last
            .and_then(DescentPlace::slope)
            .map(text::error)
            .unwrap_or_default();
        let f = text::name(self.formula);
        let place = last
            .map(|place| text::place(self.formula, &place.at))
            .unwrap_or_default();
        match &self.path.stop {
            Stop::Converged => format!(
                "converged: after {steps} steps the gradient is {slope}, no longer than {}{}",
                text::number(self.tolerance),
                self.kind_of_rest()
            ),
            Stop::Stalled => format!(
                "no further progress: the step is lost in the digits of the point, and the gradient is still {slope}"
            ),
            Stop::Undefined if steps == 0 => {
                format!("cannot start: {f} has no value at {place}")
            }
            Stop::Diverged if steps == 0 => format!(
                "cannot start: at {place} {f} or its gradient is beyond the range of doubles"
            ),
            Stop::Undefined => format!(
                "left the domain: step {steps} leads to {place}, where {f} has no value; a smaller rate stays nearer"
            ),
            Stop::Kink { input, point } => format!(
                "stopped at {place}: {}, so there is no direction to go on",
                text::missing(
                    &crate::asked::label(self.formula, &[*input]),
                    point
                )
            ),
            Stop::Cycles => format!(
                "goes to and fro between two points for ever: the gradient stays {slope}{}",
                self.guide()
            ),
            Stop::Diverged => match self.quadratic() {
                Some(told) => told,
                None => format!(
                    "diverges: step {steps} is beyond the range of doubles{}",
                    self.guide()
                ),
            },
            Stop::Exhausted => self.quadratic().unwrap_or_else(|| match self.path.growth() {
                Some(growth) if growth > GROWS => format!(
                    "not converged: all {steps} steps are used up, and the last grew by {} each{}",
                    text::factor(growth),
                    self.guide()
                ),
                _ => format!(
                    "not there yet: all {steps} steps are used up, and the gradient is still {slope}"
                ),
            }),
        }
    }

    /// Of a quadratic everything is known beforehand.
    fn quadratic(&self) -> Option<String> {
        let curvature = self.curvature.filter(|curvature| curvature.constant)?;
        let (least, greatest) = (curvature.least, curvature.greatest);
        let of = if self.formula.variables().len() == 1 {
            ""
        } else {
            "greatest "
        };
        match curvature.rest() {
            Rest::NoMinimum => {
                return Some(format!(
                    "there is no minimum, and no rate leads to one: the curvature is {}{}",
                    text::error(least),
                    if of.is_empty() {
                        ""
                    } else {
                        " in one direction"
                    }
                ));
            }
            Rest::Flat if curvature.falls => {
                return Some("there is no minimum, and no rate leads to one: the function falls on and on along a direction in which it does not bend".to_owned());
            }
            Rest::Flat => return None,
            Rest::Minimum | Rest::Doubtful => {}
        }
        let limit = self.descent.limit(greatest)?;
        let factor = self
            .descent
            .factor(greatest)
            .max(self.descent.factor(least));
        // A path that begins on a principal axis stays there, however it would grow beside it.
        let shrinks = self.path.growth().filter(|growth| *growth < 1.0);
        Some(
            if let Some(shrinks) = shrinks.filter(|_| self.rate > limit) {
                format!(
                    "not there yet: all steps are used up; each multiplies the distance by {} so far on this path, but beside it by {}: only rates below {} converge from everywhere, for the {of}curvature here is {}",
                    text::factor(shrinks),
                    text::factor(factor),
                    text::error(limit),
                    text::error(greatest)
                )
            } else if self.rate > limit {
                format!(
                    "diverges: each step multiplies the distance by {}{}; a rate below {} would converge, for the {of}curvature here is {}",
                    text::factor(factor),
                    if self.momentum > 0.0 {
                        " in the long run"
                    } else {
                        ""
                    },
                    text::error(limit),
                    text::error(greatest)
                )
            } else {
                format!(
                    "not there yet: all steps are used up; each multiplies the distance by {} in the long run, and rates below {} converge",
                    text::factor(factor),
                    text::error(limit)
                )
            },
        )
    }

    /// What the curvature at the start says of the rate.
    fn guide(&self) -> String {
        let limit = self
            .curvature
            .and_then(|curvature| Some((self.descent.limit(curvature.greatest)?, curvature)));
        let Some((limit, curvature)) = limit.filter(|(limit, _)| self.rate >= *limit) else {
            return String::new();
        };
        let (limit, greatest) = (text::error(limit), text::error(curvature.greatest));
        if curvature.constant && curvature.falls {
            "; no rate converges, for the function falls on and on where it does not bend"
                .to_owned()
        } else if curvature.constant {
            format!("; only rates below {limit} converge, for the curvature here is {greatest}")
        } else {
            format!(
                "; at the start the curvature is {greatest}, which asks for a rate below {limit} (a guide only, for the curvature changes)"
            )
        }
    }

    /// Whether the end is a minimum, as the second derivatives tell.
    fn kind_of_rest(&self) -> String {
        let Some(curvature) = self.curvature else {
            return "; the curvature there is not known".to_owned();
        };
        let [least, greatest] = [curvature.least, curvature.greatest].map(text::error);
        let bends = if self.formula.variables().len() == 1 {
            greatest.clone()
        } else {
            format!("from {least} to {greatest}")
        };
        match (curvature.rest(), self.descent.limit(curvature.greatest)) {
            (Rest::NoMinimum, _) => format!(
                "; but the curvature there is {least}: it is no minimum, and the descent only rests on it"
            ),
            (Rest::Doubtful, _) => format!(
                "\nthe curvature there is {bends}, but where the slope would be 0 by that, it is not: it is not told whether there is a minimum"
            ),
            (Rest::Minimum, Some(limit)) => format!(
                "\nthe curvature there is {bends}, so it is a minimum, and near it rates below {} converge",
                text::error(limit)
            ),
            (Rest::Minimum | Rest::Flat, _) => {
                "\nthe curvature there may be 0: it is not told whether it is a minimum".to_owned()
            }
        }
    }

    fn json(&self, files: &[PathBuf]) -> String {
        let told = |place: &'_ DescentPlace| ToldPlace {
            at: place.at.iter().map(|x| Number(*x)).collect(),
            f: Number(place.value.value),
            gradient: place
                .gradient
                .iter()
                .map(|slope| Number(slope.value))
                .collect(),
        };
        let last = self.path.places.last().map_or(&[][..], |place| &place.at);
        document(&Document {
            read: Read::new(self.formula),
            rate: Number(self.rate),
            momentum: Number(self.momentum),
            stop: self.path.stop.name(),
            verdict: self.verdict(),
            end: At(self.formula, last),
            curvature: self.curvature.map(|curvature| ToldCurvature {
                least: Number(curvature.least),
                greatest: Number(curvature.greatest),
                constant: curvature.constant,
                limit: self
                    .descent
                    .limit(curvature.greatest)
                    .filter(|_| !(curvature.constant && curvature.falls))
                    .map(Number),
            }),
            path: self.path.places.iter().map(told).collect(),
            files: names_of(files),
        })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    rate: Number,
    momentum: Number,
    stop: &'static str,
    verdict: String,
    end: At<'a>,
    curvature: Option<ToldCurvature>,
    path: Vec<ToldPlace>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct ToldCurvature {
    least: Number,
    greatest: Number,
    constant: bool,
    limit: Option<Number>,
}

#[derive(Serialize)]
struct ToldPlace {
    at: Vec<Number>,
    f: Number,
    gradient: Vec<Number>,
}
