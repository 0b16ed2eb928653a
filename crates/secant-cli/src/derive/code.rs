//! `secant derive --code`: value and gradient as source text of another language.

use secant::code::{Language, Routine};
use serde::Serialize;

use crate::args::{Derive, Format};
use crate::asked::{inputs, no_variable};
use crate::derive::must_have_derivative;
use crate::failure::Failure;
use crate::json::{Read, document};
use crate::output::Answer;
use crate::reading::Reading;

/// The source in the language of this name; `--wrt` tells the entries of the gradient.
pub(crate) fn run(asked: &Derive, language: &str) -> Result<Answer, Failure> {
    let reading = Reading::new(&asked.formula)?;
    let formula = &reading.formula;
    let wrt = match &asked.wrt {
        Some(names) => inputs(names, formula)?,
        None => (0..formula.variables().len()).collect(),
    };
    if wrt.is_empty() {
        return Err(no_variable(formula));
    }
    let names: Vec<&str> = wrt
        .iter()
        .map(|input| formula.variables()[*input].as_ref())
        .collect();
    if let Some(twice) = (1..names.len()).find(|place| names[..*place].contains(&names[*place])) {
        return Err(
            Failure::new("setting", format!("'{}' is named twice", names[twice]))
                .hint("with --code, --wrt tells the entries of the gradient, each once"),
        );
    }
    must_have_derivative(formula, &wrt)?;
    let Some(language) = Language::named(language) else {
        return Err(Failure::new(
            "setting",
            format!("'{language}' is no language that code is written in"),
        ));
    };
    let code = language
        .source(&[Routine::new(formula, &wrt)])
        .map_err(|error| Failure::within(&error, &reading.source, 0))?;
    let text = match asked.style.format {
        Format::Text => code,
        Format::Json => document(&Document {
            read: Read::new(formula),
            operator: "gradient",
            wrt: names,
            language: language.name(),
            code,
        }),
    };
    Ok(Answer {
        text,
        warnings: reading.warnings(),
        ..Answer::default()
    })
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    operator: &'static str,
    wrt: Vec<&'a str>,
    language: &'static str,
    code: String,
}
