//! A gradient that somebody gives: as formulas, as a file, or by a program that prints it. All it becomes is one number for each input,
//! in their order.

use secant::{Formula, Function, Recorded, Span};

use super::document::Document;
use crate::args::Check;
use crate::failure::{Failure, Source};
use crate::{interrupt, points, program};

/// The gradient that the arguments give, at a point.
pub(crate) fn gradient(asked: &Check, inputs: &Formula, at: &[f64]) -> Result<Vec<f64>, Failure> {
    if let Some(formulas) = &asked.gradient {
        return by_formulas(formulas, inputs, at);
    }
    if let Some(path) = &asked.gradient_file {
        let text =
            std::fs::read_to_string(path).map_err(|reason| Failure::unread(path, &reason))?;
        let whose = format!("'{}'", path.display());
        return read(&text, inputs).map_err(|why| why.told(&whose, inputs));
    }
    let command = asked.gradient_command.as_deref().unwrap_or_default();
    let names: Vec<&str> = inputs.variables().iter().map(AsRef::as_ref).collect();
    let run = program::program(command, &names, &asked.external)?;
    let stop = interrupt::heard()?;
    let output = run.answer(at, &stop, |output| Some(output.to_owned()));
    let output = output.map_err(|failed| {
        let why = failed.to_string().replace('\n', ": ");
        Failure::new("program", format!("the gradient's program failed: {why}"))
            .hint("run it once by hand with these arguments")
    })?;
    read(&output, inputs).map_err(|why| why.told("the gradient's program", inputs))
}

/// One formula for each input, parted by commas outside of brackets.
fn by_formulas(text: &str, inputs: &Formula, at: &[f64]) -> Result<Vec<f64>, Failure> {
    let source = Source::new("--gradient", text);
    let parts = points::parts(text);
    let count = inputs.variables().len();
    if parts.len() != count {
        let whole = Span::new(0, text.chars().count());
        return Err(Failure::new(
            "shape",
            format!(
                "the point has {count} inputs, the gradient {}",
                match parts.len() {
                    1 => "1 formula".to_owned(),
                    several => format!("{several} formulas"),
                }
            ),
        )
        .at(&source, whole)
        .hint(format!(
            "write one for each of {}, with commas between them",
            names(inputs)
        )));
    }
    let mut gradient = Vec::with_capacity(count);
    for (start, part) in parts {
        let formula = among(inputs, &part, start, &source)?;
        let place = formula.variables().iter().map(|name| {
            let input = inputs.variables().iter().position(|known| known == name);
            input.map(|input| at[input]).ok_or_else(|| {
                Failure::new("unknown-variable", format!("'{name}' is no input"))
                    .at(&source, Span::new(start, start + part.chars().count()))
                    .hint(format!("the inputs are {}", names(inputs)))
            })
        });
        let place: Vec<f64> = place.collect::<Result<_, _>>()?;
        let value = Recorded::from(&formula).eval(&place);
        gradient.push(value.first().copied().unwrap_or(f64::NAN));
    }
    Ok(gradient)
}

/// A part of the gradient, which begins at this character, read with the inputs in front, so that each means the same as in the function:
/// `gamma(x)` is a product where gamma is an input. One that has a head of its own keeps it.
fn among(inputs: &Formula, part: &str, start: usize, source: &Source) -> Result<Formula, Failure> {
    let alone = Formula::parse(part);
    if let Ok(formula) = &alone
        && formula.name().is_some()
    {
        return alone.map_err(|error| Failure::within(&error, source, start));
    }
    let variables = inputs.variables();
    let name = ["gradient", "slopes"]
        .into_iter()
        .find(|name| variables.iter().all(|variable| **variable != **name));
    let head = format!("{}({}) = ", name.unwrap_or("parts"), variables.join(", "));
    let length = head.chars().count();
    Formula::parse(&format!("{head}{part}")).map_err(|error| {
        let failure = Failure::within(&error, source, 0);
        let Some(span) = error.span() else {
            return failure;
        };
        let place = |place: usize| start + place.saturating_sub(length);
        failure.at(source, Span::new(place(span.start), place(span.end)))
    })
}

fn names(inputs: &Formula) -> String {
    inputs.variables().join(", ")
}

/// Why a text is no gradient.
#[derive(Debug, PartialEq)]
enum Unread {
    /// It holds so many numbers.
    Count(usize),
    /// It names something that is no input.
    Unknown(String),
    /// It names an input twice.
    Twice(String),
    /// It lacks an input.
    Missing(String),
    /// It holds something that is no number.
    NoNumber(String),
    /// It begins as JSON and is none.
    NoJson(String),
}

impl Unread {
    fn told(self, whose: &str, inputs: &Formula) -> Failure {
        let count = inputs.variables().len();
        let what = match self {
            Self::Count(found) => {
                format!("{whose} holds {found} numbers, the point {count} inputs")
            }
            Self::Unknown(name) => format!("{whose} names '{name}', which is no input"),
            Self::Twice(name) => format!("{whose} names '{name}' twice"),
            Self::Missing(name) => format!("{whose} does not name '{name}'"),
            Self::NoJson(reason) => format!("{whose} is no JSON: {reason}"),
            Self::NoNumber(word) => {
                let word: String = word.chars().take(40).collect();
                format!("{whose} holds '{word}', which is no number")
            }
        };
        Failure::new("gradient", what).hint(format!(
            "write numbers in the order of {}, or pairs of name and number, or JSON",
            names(inputs)
        ))
    }
}

/// The numbers of a text: JSON, a table with a heading, pairs of name and number, or numbers alone.
fn read(text: &str, inputs: &Formula) -> Result<Vec<f64>, Unread> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.starts_with(['{', '[']) {
        let document = serde_json::from_str(text);
        let document: Document = document.map_err(|error| Unread::NoJson(error.to_string()))?;
        return from_json(&document, inputs);
    }
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(words)
        .collect();
    let is_number = |word: &&str| word.parse::<f64>().is_ok();
    match rows.as_slice() {
        [heading, values] if !heading.is_empty() && !heading.iter().any(is_number) => {
            let pairs = heading.iter().copied().zip(values.iter().copied());
            by_names(pairs, inputs)
        }
        all if all
            .iter()
            .all(|row| row.len() == 2 && !is_number(&row[0]) && is_number(&row[1])) =>
        {
            by_names(all.iter().map(|row| (row[0], row[1])), inputs)
        }
        all => in_order(all.iter().flatten().map(|word| number(word)), inputs),
    }
}

fn words(line: &str) -> Vec<&str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '=' | ':'))
        .map(|word| word.trim_matches('"'))
        .filter(|word| !word.is_empty())
        .collect()
}

fn number(word: &str) -> Result<f64, Unread> {
    word.parse().map_err(|_| Unread::NoNumber(word.to_owned()))
}

fn in_order(
    numbers: impl Iterator<Item = Result<f64, Unread>>,
    inputs: &Formula,
) -> Result<Vec<f64>, Unread> {
    let numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
    if numbers.len() == inputs.variables().len() {
        Ok(numbers)
    } else {
        Err(Unread::Count(numbers.len()))
    }
}

fn by_names<'t>(
    pairs: impl Iterator<Item = (&'t str, &'t str)>,
    inputs: &Formula,
) -> Result<Vec<f64>, Unread> {
    let pairs = pairs.map(|(name, word)| Ok((name.to_owned(), number(word)?)));
    named(pairs, inputs)
}

fn named(
    pairs: impl Iterator<Item = Result<(String, f64), Unread>>,
    inputs: &Formula,
) -> Result<Vec<f64>, Unread> {
    let mut gradient: Vec<Option<f64>> = vec![None; inputs.variables().len()];
    for pair in pairs {
        let (name, value) = pair?;
        let input = inputs
            .variable(&secant::canonical_name(&name))
            .map_err(|_| Unread::Unknown(name))?;
        if gradient[input].replace(value).is_some() {
            return Err(Unread::Twice(inputs.variables()[input].to_string()));
        }
    }
    gradient
        .into_iter()
        .zip(inputs.variables())
        .map(|(value, name)| value.ok_or_else(|| Unread::Missing(name.to_string())))
        .collect()
}

/// A list in order, an object by names, or an object that holds one of them as `gradient`.
fn from_json(document: &Document, inputs: &Formula) -> Result<Vec<f64>, Unread> {
    let number = |document: &Document| match document {
        Document::Number(number) => Ok(*number),
        Document::Other(word) => Err(Unread::NoNumber(word.clone())),
        Document::List(_) => Err(Unread::NoNumber("[…]".to_owned())),
        Document::Named(_) => Err(Unread::NoNumber("{…}".to_owned())),
    };
    match document {
        Document::List(list) => in_order(list.iter().map(number), inputs),
        Document::Named(pairs) => {
            let holders = ["gradient", "value"].map(|wanted| {
                let several = move |(name, within): &&(String, Document)| {
                    name == wanted && matches!(within, Document::List(_) | Document::Named(_))
                };
                pairs.iter().filter(several)
            });
            let mut holders = holders.into_iter().flatten();
            match (holders.next(), holders.next()) {
                (Some((name, _)), Some((other, _))) if name == other => {
                    Err(Unread::Twice(name.clone()))
                }
                (Some((_, within)), _) => from_json(within, inputs),
                (None, _) => {
                    let pair =
                        |(name, value): &(String, Document)| Ok((name.clone(), number(value)?));
                    named(pairs.iter().map(pair), inputs)
                }
            }
        }
        other => number(other).and(Err(Unread::Count(1))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_input_means_in_the_gradient_what_it_means_in_the_function() {
        let gradient = |function: &str, text: &str, at: &[f64]| {
            by_formulas(text, &Formula::parse(function).unwrap(), at)
        };
        assert_eq!(
            gradient(
                "f(gamma, x) = gamma(x+1)^2",
                "(x+1)^2, 2gamma(x+1)",
                &[3.0, 2.0]
            ),
            Ok(vec![9.0, 18.0])
        );
        assert_eq!(
            gradient("f(d, dx) = d/dx", "1/dx, -d/dx^2", &[3.0, 2.0]),
            Ok(vec![0.5, -0.75])
        );
        assert_eq!(
            gradient("u(f, g) = f g", "g, k(f, g) = f", &[3.0, 2.0]),
            Ok(vec![2.0, 3.0])
        );
        let source = Source::new("--gradient", "2x, 3 + * y");
        let failure = gradient("x^2 + y", &source.text, &[1.0, 1.0]).unwrap_err();
        let told = Formula::parse("3 + * y").unwrap_err();
        let span = told.span().unwrap();
        let place = Span::new(span.start + 4, span.end + 4);
        assert_eq!(failure.clone().at(&source, place), failure);
    }

    #[test]
    fn a_gradient_is_read_in_any_of_its_forms() {
        let inputs = Formula::parse("f(x, y) = 0").unwrap();
        for text in [
            "30 9",
            "30\n9\n",
            "30, 9",
            "x,y\n30,9",
            "y,x\n9,30\n",
            "y,9\nx,30",
            "x = 30\ny = 9",
            "[30, 9]",
            r#"{"y": 9, "x": 3e1}"#,
            r#"{"loss": 2, "gradient": [30, 9]}"#,
            r#"{"gradient": {"y": 9, "x": 30}}"#,
        ] {
            assert_eq!(read(text, &inputs), Ok(vec![30.0, 9.0]), "{text}");
        }
        // To the last digit, from JSON too.
        let text = "2e-30, 1.3133525012870834e-5";
        assert_eq!(
            read(&format!("[{text}]"), &inputs),
            Ok(vec![2e-30, 1.3133525012870834e-5])
        );
        assert_eq!(read(text, &inputs), read(&format!("[{text}]"), &inputs));
    }

    #[test]
    fn what_is_no_gradient_is_told_as_what_it_is() {
        let inputs = Formula::parse("f(x, y) = 0").unwrap();
        assert_eq!(read("1 2 3", &inputs), Err(Unread::Count(3)));
        assert_eq!(read("", &inputs), Err(Unread::Missing("x".to_owned())));
        assert_eq!(
            read("x,1\nz,2", &inputs),
            Err(Unread::Unknown("z".to_owned()))
        );
        assert_eq!(
            read("x 31\nx 30\ny 9", &inputs),
            Err(Unread::Twice("x".to_owned()))
        );
        assert_eq!(
            read("1 two", &inputs),
            Err(Unread::NoNumber("two".to_owned()))
        );
        assert_eq!(
            read(r#"{"x": 1}"#, &inputs),
            Err(Unread::Missing("y".to_owned()))
        );
        assert_eq!(
            read(r#"{"x": 1, "y": 2, "x": 3}"#, &inputs),
            Err(Unread::Twice("x".to_owned()))
        );
        assert_eq!(
            read("[1, null]", &inputs),
            Err(Unread::NoNumber("null".to_owned()))
        );
        assert_eq!(
            read(r#"{"gradient": [1, 2], "gradient": [2, 1]}"#, &inputs),
            Err(Unread::Twice("gradient".to_owned()))
        );
        assert!(matches!(read("[1, NaN]", &inputs), Err(Unread::NoJson(_))));
    }
}
