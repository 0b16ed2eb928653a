//! Formulas as source text of other languages: a function of the value, and one of value and gradient, each a
//! straight line of assignments in which what occurs twice is computed once. A language is one file: how each function
//! of the table is spelled, and how a function is written down. Nothing is run here, and what a language cannot
//! compute as exactly as the table does is refused, not approximated.

mod c;
mod javascript;
mod names;
mod python;
mod routine;
mod rust;

use std::collections::HashSet;

pub use routine::Routine;

use crate::elementary::Operation;
use crate::error::{Error, ErrorKind};
use names::Names;

/// A language that formulas can be written in.
///
/// ```
/// use secant::{Formula, code::{Language, Routine}};
/// let formula = Formula::parse("sin(x)^2")?;
/// let c = Language::named("c").unwrap().source(&[Routine::new(&formula, &[0])])?;
/// assert!(c.contains("double value_and_gradient(double x, double gradient[1])"));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Language {
    name: &'static str,
    /// What a source opens with.
    opening: &'static str,
    /// Names that the language keeps for itself.
    reserved: &'static str,
    infinity: &'static str,
    nan: &'static str,
    /// The power to a fixed exponent above 0, which needs no care of poles.
    power: &'static str,
    /// How a function of the table is written; `None` where it cannot be as exact as in the table.
    spell: fn(Operation) -> Option<Spelling>,
    /// How a function is written down.
    function: fn(&Body) -> String,
}

/// A function of the table in a language: a text with `{0}`, `{1}`, `{2}` for its arguments, and the source of the
/// function that the language lacks for it.
#[derive(Clone, Copy, Debug)]
struct Spelling {
    text: &'static str,
    helper: Option<&'static str>,
}

/// What the language has itself.
fn own(text: &'static str) -> Spelling {
    Spelling { text, helper: None }
}

/// What is written out once before the functions that call it.
fn helped(text: &'static str, helper: &'static str) -> Spelling {
    Spelling {
        text,
        helper: Some(helper),
    }
}

/// A function, ready to be written down.
struct Body {
    name: String,
    /// What it computes, in one line.
    comment: String,
    parameters: Vec<String>,
    /// Those of the parameters that are read.
    used: Vec<String>,
    /// Each name with what is assigned to it.
    steps: Vec<(String, String)>,
    value: String,
    gradient: Option<Vec<String>>,
}

impl Language {
    /// Every language. Another one is its file and its line here.
    pub const ALL: &'static [Self] = &[
        rust::LANGUAGE,
        c::LANGUAGE,
        python::LANGUAGE,
        javascript::LANGUAGE,
    ];

    /// The language of this name, in small letters.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|language| language.name == name)
    }

    /// Its name in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The source of these routines: first the functions that the language lacks, each once.
    ///
    /// ```
    /// use secant::{Formula, code::{Language, Routine}};
    /// let formula = Formula::parse("x*exp(x)")?;
    /// let rust = Language::named("rust").unwrap().source(&[Routine::new(&formula, &[])])?;
    /// assert_eq!(rust, "\
    /// /// x*exp(x)
    /// pub fn value(x: f64) -> f64 {
    ///     let t1 = f64::exp(x);
    ///     let t2 = x * t1;
    ///     t2
    /// }
    /// ");
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a function of the table cannot be written in the language within a few units of the last place.
    pub fn source(self, routines: &[Routine]) -> Result<String, Error> {
        let mut helpers: Vec<&'static str> = Vec::new();
        let mut functions = Names::new(self.words());
        let mut bodies = Vec::new();
        for routine in routines {
            bodies.extend(routine.bodies(self, &mut functions, &mut helpers)?);
        }
        let opening = Some(self.opening)
            .filter(|opening| !opening.is_empty())
            .map(str::to_owned);
        let parts: Vec<String> = opening
            .into_iter()
            .chain(helpers.into_iter().map(str::to_owned))
            .chain(bodies.iter().map(self.function))
            .collect();
        Ok(format!("{}\n", parts.join("\n").trim_end()))
    }

    /// Every word that stands for something already: those of the language, and those of any spelling.
    fn words(self) -> HashSet<String> {
        let spellings = Operation::ALL
            .iter()
            .filter_map(|operation| (self.spell)(*operation))
            .map(|spelling| spelling.text);
        let texts = spellings.chain([
            self.reserved,
            self.opening,
            self.infinity,
            self.nan,
            self.power,
        ]);
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
        texts
            .flat_map(|text| text.split(move |character| !is_part(character)))
            .map(str::to_owned)
            .collect()
    }

    /// A number in the fewest digits that are read back as the same double.
    fn number(self, value: f64) -> String {
        let magnitude = if value.is_nan() {
            return self.nan.to_owned();
        } else if value.is_infinite() {
            self.infinity.to_owned()
        } else {
            format!("{:?}", value.abs())
        };
        // No brackets: a minus binds closer than what it meets, and none stands before it, since a number alone is folded.
        if value.is_sign_negative() {
            format!("-{magnitude}")
        } else {
            magnitude
        }
    }

    /// A function of the table of these operands; `fixed` tells which of them are numbers.
    fn apply(
        self,
        operation: Operation,
        operands: &[String],
        fixed: [Option<f64>; 3],
        helpers: &mut Vec<&'static str>,
    ) -> Result<String, Error> {
        let is_plain_power =
            operation == Operation::Pow && fixed[1].is_some_and(|exponent| exponent > 0.0);
        let spelling = if is_plain_power {
            own(self.power)
        } else {
            (self.spell)(operation).ok_or_else(|| self.refusal(operation))?
        };
        if let Some(helper) = spelling.helper.filter(|helper| !helpers.contains(helper)) {
            helpers.push(helper);
        }
        let places = ["{0}", "{1}", "{2}"].iter().zip(operands);
        Ok(
            places.fold(spelling.text.to_owned(), |text, (place, operand)| {
                text.replace(place, operand)
            }),
        )
    }

    fn refusal(self, operation: Operation) -> Error {
        let error = Error::new(
            ErrorKind::Unsupported,
            format!(
                "'{}' has no short form in {} that keeps its last digits",
                operation.name(),
                self.name
            ),
        );
        match operation {
            Operation::SphericalBessel => {
                error.hint("it is the slope of sinc(x); sin(x)/x can be written where x is not 0")
            }
            Operation::LogSumExp => error.hint(
                "write max(a, b) + ln(1 + exp(-abs(a - b))) if the last digits beside its zeros do not matter",
            ),
            _ => error.hint("not every standard library has it to the last digits, so none is given it"),
        }
    }
}
