//! `secant taylor`: the Taylor polynomial of a formula, with its coefficients, what it leaves out over a range, and a
//! picture of the polynomials that approach the curve.

mod figure;

use std::path::PathBuf;

use secant::{Formula, Interval, Recorded, TaylorPolynomial, TaylorTerm, taylor_polynomial};
use serde::Serialize;

use crate::args::{Format, Notation, Taylor};
use crate::asked::moving;
use crate::failure::Failure;
use crate::json::{At, Bound, Kind, Number, Read, document, names_of};
use crate::output::Answer;
use crate::picture::look::Look;
use crate::picture::{self, Files, Picture};
use crate::points::{self, Points};
use crate::reading::Reading;
use crate::table::{Align, Table};
use crate::text;

/// Fractions longer than this are told as decimals.
const LONGEST: usize = 24;

/// All that was found.
pub(crate) struct Found<'a> {
    pub(crate) formula: &'a Formula,
    pub(crate) function: &'a Recorded,
    pub(crate) polynomial: TaylorPolynomial,
    /// The range that the remainder is asked for, and the remainder where one is proven.
    pub(crate) within: Option<((f64, f64), Option<Interval>)>,
    f: f64,
}

pub(crate) fn run(asked: &Taylor) -> Result<Answer, Failure> {
    let files = Files::of(&asked.drawing.output)?;
    let reading = Reading::new(&asked.place.formula)?;
    let points = Points::read(
        "--at",
        &asked.place.at,
        &reading.formula,
        asked.place.allow_extra,
    )?;
    let look = Look::read(&asked.drawing, Some(&asked.window))?;
    let at = points.only("taylor", &asked.place.at)?;
    let input = moving(
        asked.wrt.as_deref(),
        &reading.formula,
        "a Taylor polynomial",
    )?;
    let within = asked.within.as_deref();
    let within = within
        .map(|text| points::ends("--within", text))
        .transpose()?;
    let polynomial = taylor_polynomial(&reading.function, at, input, asked.order as usize)
        .map_err(|error| Failure::within(&error, &reading.source, 0))?;
    let found = Found {
        formula: &reading.formula,
        function: &reading.function,
        within: within.map(|within| (within, polynomial.remainder(&reading.function, within))),
        f: reading.function.value_at(0, at),
        polynomial,
    };
    let exists = !found.polynomial.terms.is_empty();
    let rounded = points.rounded_off_a_kink(&reading.function, at);
    let rounded_text = rounded.map_or_else(String::new, |told| format!("\n{told}\n"));
    let text = match asked.style.format {
        Format::Json => found.json(if exists { &asked.drawing.output } else { &[] }),
        Format::Text => found.text(asked.notation) + &rounded_text,
    };
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let text = if exists {
        picture.beside(text, || figure::scene(&found, &look), picture::motionless)?
    } else {
        picture.without(text, "there is no polynomial to draw")
    };
    Ok(Answer {
        text,
        warnings: [reading.warnings(), points.warnings].concat(),
        doubtful: rounded.is_some(),
        ..Answer::default()
    })
}

/// A coefficient as a fraction, where it is exact and short.
fn fraction(term: &TaylorTerm) -> Option<String> {
    let text = term.exact.as_ref()?.to_string();
    (text.len() <= LONGEST).then_some(text)
}

impl Found<'_> {
    /// The name of the variable that moves.
    pub(crate) fn variable(&self) -> &str {
        &self.formula.variables()[self.polynomial.input]
    }

    /// The polynomial up to an order, in a notation.
    pub(crate) fn written(&self, order: usize, notation: secant::Notation) -> String {
        let text = self.polynomial.text(self.variable(), order);
        match Formula::parse(&text) {
            Ok(polynomial) => secant::print(polynomial.body(), notation),
            Err(_) => text,
        }
    }

    fn text(&self, notation: Notation) -> String {
        let mut text = format!(
            "{}\nat {}\n\n",
            text::heading(self.formula),
            text::place(self.formula, &self.polynomial.at)
        );
        let order = self.polynomial.order;
        if self.polynomial.terms.is_empty() {
            let reason = text::reason(&self.polynomial.point);
            text.push_str(&format!(
                "there is no Taylor polynomial of order {order}: {reason}\n"
            ));
            return text;
        }
        let polynomial = self.written(order, notation.of_library());
        text.push_str(&format!("{polynomial}\n\n{}", self.table()));
        if let Some((within, remainder)) = &self.within {
            text.push_str(&self.left_out(*within, *remainder));
        }
        text
    }

    fn table(&self) -> String {
        let mut table = Table::new(&[
            ("order", Align::Point),
            ("coefficient", Align::Left),
            ("value", Align::Point),
            ("bound", Align::Left),
        ]);
        for (order, term) in self.polynomial.terms.iter().enumerate() {
            let estimate = &term.coefficient;
            table.row([
                order.to_string(),
                fraction(term).unwrap_or_default(),
                text::number(estimate.value),
                text::bound(estimate.value, estimate.bound),
            ]);
        }
        table.lines()
    }

    fn left_out(&self, (from, to): (f64, f64), remainder: Option<Interval>) -> String {
        let (variable, name) = (self.variable(), text::name(self.formula));
        let range = format!(
            "for {variable} from {} to {}",
            text::number(from),
            text::number(to)
        );
        match remainder {
            Some(range_of) => format!(
                "\n{range}: {name} is at most {} off the polynomial (proven, Lagrange's remainder)\n",
                text::size(range_of.magnitude())
            ),
            None => format!(
                "\n{range}: no bound of what is left out could be proven; the derivative of order {} may not exist all over\n",
                self.polynomial.order + 1
            ),
        }
    }

    fn json(&self, files: &[PathBuf]) -> String {
        let polynomial = &self.polynomial;
        let term = |(order, term): (usize, &TaylorTerm)| Told {
            order,
            exact: term.exact.as_ref().map(ToString::to_string),
            value: Number(term.coefficient.value),
            bound: Bound::new(term.coefficient.value, term.coefficient.bound),
        };
        let written = |notation| {
            let exists = !polynomial.terms.is_empty();
            exists.then(|| self.written(polynomial.order, notation))
        };
        document(&Document {
            read: Read::new(self.formula),
            wrt: [self.variable()],
            at: At(self.formula, &polynomial.at),
            order: polynomial.order,
            point: Kind::new(&polynomial.point, self.f),
            polynomial: written(secant::Notation::Text),
            latex: written(secant::Notation::Latex),
            terms: polynomial.terms.iter().enumerate().map(term).collect(),
            remainder: self.within.map(|((from, to), range)| Remainder {
                from: Number(from),
                to: Number(to),
                low: range.map(|range| Number(range.lo())),
                high: range.map(|range| Number(range.hi())),
            }),
            files: names_of(files),
        })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    wrt: [&'a str; 1],
    at: At<'a>,
    order: usize,
    point: Kind,
    polynomial: Option<String>,
    latex: Option<String>,
    terms: Vec<Told>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remainder: Option<Remainder>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Told {
    order: usize,
    exact: Option<String>,
    value: Number,
    bound: Bound,
}

#[derive(Serialize)]
struct Remainder {
    from: Number,
    to: Number,
    low: Option<Number>,
    high: Option<Number>,
}
