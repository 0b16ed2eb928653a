//! Where the formula is looked at: `--at 0..4`, `--at x=2,y=pi/2`. Each number is read, and each range counted out, by
//! the formula parser itself, so that 0.1 and 1/3 become the nearest doubles; every fault is told with its place.

use secant::{Formula, Interval, Recorded, Span};

use crate::failure::{Failure, Source};
use crate::reading::Warning;

/// More points than this are a slip of the keyboard.
const MOST_POINTS: usize = 10_000;

/// The points, as the inputs of the formula stand.
#[derive(Debug, Default)]
pub(crate) struct Points {
    /// Each with a value for each input.
    pub(crate) each: Vec<Vec<f64>>,
    /// The input that moves from point to point; the only one, where the formula has one.
    pub(crate) moving: Option<usize>,
    /// How the numbers of each input were written.
    written: Vec<Written>,
    /// Numbers that could be read otherwise.
    pub(crate) warnings: Vec<Warning>,
}

/// How the number of an input was written, of which its value is the nearest double.
#[derive(Debug, Clone, Copy)]
enum Written {
    /// It lies here.
    Within(Interval),
    /// Several were, each of which, or the steps between them, may be no double.
    Several,
    Exactly,
}

impl Points {
    /// What is to be told where a corner, jump or pole lies beside the point, no further than the number that was written for it: π is no double, and |sin|
    /// has its corner there.
    pub(crate) fn rounded_off_a_kink(
        &self,
        function: &Recorded,
        at: &[f64],
    ) -> Option<&'static str> {
        /// So many units in the last place may steps from the first number to the last add up to.
        const STEPS: f64 = 4.0;
        let is_proven_smooth =
            |place: &[Interval]| function.program().rough_steps(place).is_empty();
        let around = at
            .iter()
            .zip(&self.written)
            .map(|(at, written)| match written {
                Written::Exactly => Interval::point(*at),
                Written::Within(written) => written.union(Interval::point(*at)),
                Written::Several => Interval::around(*at, STEPS),
            });
        let around: Vec<Interval> = around.collect();
        let is_off = is_proven_smooth(&Interval::points(at)) && !is_proven_smooth(&around);
        is_off.then_some("the point is rounded, and within that rounding lies a corner, a jump or a pole: what is told holds where it was rounded to")
    }

    /// What an option such as `--at` says; given several times, the parts count together.
    pub(crate) fn read(
        option: &'static str,
        at: &[String],
        formula: &Formula,
        allow_extra: bool,
    ) -> Result<Self, Failure> {
        let source = Source::new(option, at.join(","));
        let mut reader = Reader {
            source: &source,
            warnings: Vec::new(),
        };
        let mut values: Vec<Option<Vec<f64>>> = vec![None; formula.variables().len()];
        let mut written = vec![Written::Exactly; values.len()];
        for (name, pieces) in assignments(&source.text) {
            let Some(input) = reader.input(name.as_ref(), pieces.first(), formula, allow_extra)?
            else {
                continue;
            };
            let numbers = reader.numbers(&pieces)?;
            written[input] = match (pieces.as_slice(), numbers.as_slice()) {
                ([piece], [_]) => enclosed(&piece.text).map_or(Written::Exactly, Written::Within),
                _ if pieces.iter().all(Piece::is_exact) => Written::Exactly,
                _ => Written::Several,
            };
            if values[input].replace(numbers).is_some() {
                return Err(reader.twice(
                    name.as_ref().or(pieces.first()),
                    &formula.variables()[input],
                ));
            }
        }
        let warnings = reader.warnings;
        Self::of(values, formula, &source).map(|points| Self {
            written,
            warnings,
            ..points
        })
    }

    /// The one point that a verb looks at.
    pub(crate) fn only(&self, verb: &str, at: &[String]) -> Result<&[f64], Failure> {
        let [only] = self.each.as_slice() else {
            let source = Source::new("--at", at.join(","));
            let whole = Span::new(0, source.text.chars().count());
            return Err(Failure::new(
                "setting",
                format!("'{verb}' looks at one point, these are {}", self.each.len()),
            )
            .at(&source, whole)
            .hint("for several points, use 'secant tangents'"));
        };
        Ok(only)
    }

    /// One point for each value of the input that has several.
    fn of(
        values: Vec<Option<Vec<f64>>>,
        formula: &Formula,
        source: &Source,
    ) -> Result<Self, Failure> {
        let mut known = Vec::new();
        for (value, name) in values.into_iter().zip(formula.variables()) {
            known.push(value.ok_or_else(|| missing(formula, name, source))?);
        }
        let several: Vec<usize> = (0..known.len())
            .filter(|input| known[*input].len() > 1)
            .collect();
        if let [_, second, ..] = several.as_slice() {
            let name = &formula.variables()[*second];
            return Err(Failure::new(
                "setting",
                format!("only one variable can take several values, '{name}' is a second one"),
            )
            .at(source, Span::new(0, source.text.chars().count()))
            .hint(format!(
                "hold it at one value, such as {name}={}",
                crate::text::number(known[*second][0])
            )));
        }
        let moving = several
            .first()
            .copied()
            .or_else(|| (known.len() == 1).then_some(0));
        let count = moving.map_or(1, |input| known[input].len());
        let point = |place: usize| {
            known
                .iter()
                .map(|values| values[place.min(values.len() - 1)])
                .collect()
        };
        Ok(Self {
            each: (0..count).map(point).collect(),
            moving,
            written: Vec::new(),
            warnings: Vec::new(),
        })
    }
}

/// One number of an option.
pub(crate) fn number(name: &'static str, text: &str) -> Result<f64, Failure> {
    let source = Source::new(name, text);
    Reader {
        source: &source,
        warnings: Vec::new(),
    }
    .number(&Piece {
        start: 0,
        text: text.to_owned(),
    })
}

/// The parts of a text between commas that no bracket holds, and the character that each begins at.
pub(crate) fn parts(text: &str) -> Vec<(usize, String)> {
    let whole = Piece {
        start: 0,
        text: text.to_owned(),
    };
    let parts = whole.parts().into_iter();
    parts.map(|part| (part.start, part.text)).collect()
}

/// Two ends of an option, as in `-2..6`.
pub(crate) fn ends(name: &'static str, text: &str) -> Result<(f64, f64), Failure> {
    let source = Source::new(name, text);
    let whole = Piece {
        start: 0,
        text: text.to_owned(),
    };
    let Some((low, high)) = whole.split("..") else {
        return Err(Failure::new("syntax", "a range has two ends")
            .at(&source, whole.span())
            .hint(format!("write {name}=-2..6")));
    };
    let mut reader = Reader {
        source: &source,
        warnings: Vec::new(),
    };
    let (low, high) = (reader.number(&low)?, reader.number(&high)?);
    if low >= high {
        return Err(Failure::new(
            "setting",
            "the range is empty: its first end must be the lower one",
        )
        .at(&source, whole.span())
        .hint(format!("write {name}=-2..6")));
    }
    Ok((low, high))
}

/// Numbers by name, as in `a=1,b=-0.5`; given several times, the parts count together.
pub(crate) fn settings(
    option: &'static str,
    texts: &[String],
) -> Result<Vec<(String, f64)>, Failure> {
    let source = Source::new(option, texts.join(","));
    by_name(&source, "1", |reader, value| reader.number(value))
}

/// A name with the two ends of its range.
type Range = (String, (f64, f64));

/// Ranges by name, as in `a=0..10,b=0..inf`; an end that is left away is infinite.
pub(crate) fn ranges(option: &'static str, texts: &[String]) -> Result<Vec<Range>, Failure> {
    let source = Source::new(option, texts.join(","));
    by_name(&source, "0..10", |reader, value| {
        let Some((low, high)) = value.split("..") else {
            return Err(Failure::new("syntax", "a range has two ends")
                .at(&source, value.span())
                .hint("write a=0..10, or a=0..inf"));
        };
        let mut end = |piece: &Piece, endless: f64| match piece.text.trim() {
            "" | "inf" | "-inf" | "+inf" => Ok(endless),
            _ => reader.number(piece),
        };
        let (low, high) = (end(&low, f64::NEG_INFINITY)?, end(&high, f64::INFINITY)?);
        if low > high {
            return Err(
                Failure::new("setting", "the first end of a range must be the lower one")
                    .at(&source, value.span()),
            );
        }
        Ok((low, high))
    })
}

/// What is said of each name, each of which stands once.
fn by_name<T>(
    source: &Source,
    example: &str,
    mut read: impl FnMut(&mut Reader<'_>, &Piece) -> Result<T, Failure>,
) -> Result<Vec<(String, T)>, Failure> {
    let mut reader = Reader {
        source,
        warnings: Vec::new(),
    };
    let mut found: Vec<(String, T)> = Vec::new();
    if source.text.is_empty() {
        return Ok(found);
    }
    for (name, values) in assignments(&source.text) {
        let (Some(name), [value]) = (&name, values.as_slice()) else {
            let place = name
                .as_ref()
                .or(values.first())
                .map_or(Span::new(0, 0), Piece::span);
            return Err(Failure::new("syntax", "each name needs one value")
                .at(source, place)
                .hint(format!("write {} a={example},b={example}", source.name)));
        };
        let text = secant::canonical_name(name.text.trim()).to_string();
        if found.iter().any(|(known, _)| *known == text) {
            return Err(
                Failure::new("syntax", format!("'{text}' stands twice")).at(source, name.span())
            );
        }
        found.push((text, read(&mut reader, value)?));
    }
    Ok(found)
}

/// A part of a text, and the character it begins at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    start: usize,
    text: String,
}

impl Piece {
    /// Whether all numbers of a range and its steps are doubles.
    fn is_exact(&self) -> bool {
        let numbers = self.text.replace("..", ":");
        let is_double = |number: &str| enclosed(number).is_some_and(Interval::is_point);
        numbers.split(':').all(is_double)
    }

    fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.chars().count())
    }

    /// The piece without the spaces around it.
    fn trimmed(&self) -> Self {
        let skipped = self.text.chars().take_while(|c| c.is_whitespace()).count();
        Self {
            start: self.start + skipped,
            text: self.text.trim().to_owned(),
        }
    }

    /// What stands before and after the first sign of this kind.
    fn split(&self, sign: &str) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(sign)?;
        let start = self.start + before.chars().count() + sign.chars().count();
        Some((
            Self {
                start: self.start,
                text: before.to_owned(),
            },
            Self {
                start,
                text: after.to_owned(),
            },
        ))
    }

    /// What stands between commas that no bracket holds.
    fn parts(&self) -> Vec<Self> {
        let mut parts = vec![Self {
            start: self.start,
            text: String::new(),
        }];
        let mut depth = 0i32;
        for (place, c) in self.text.chars().enumerate() {
            depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
            match parts.last_mut() {
                Some(part) if c != ',' || depth > 0 => part.text.push(c),
                _ => parts.push(Self {
                    start: self.start + place + 1,
                    text: String::new(),
                }),
            }
        }
        parts
    }
}

/// The names with what is said of each; parts without a name belong to the one before.
fn assignments(text: &str) -> Vec<(Option<Piece>, Vec<Piece>)> {
    let mut all: Vec<(Option<Piece>, Vec<Piece>)> = Vec::new();
    for part in (Piece {
        start: 0,
        text: text.to_owned(),
    })
    .parts()
    {
        let named = part.split("=").map(|(name, value)| (name.trimmed(), value));
        match (named, all.last_mut()) {
            (Some((name, value)), _) => all.push((Some(name), vec![value])),
            (None, Some((_, pieces))) => pieces.push(part),
            (None, None) => all.push((None, vec![part])),
        }
    }
    all
}

fn missing(formula: &Formula, name: &str, source: &Source) -> Failure {
    let example: Vec<String> = formula
        .variables()
        .iter()
        .map(|name| format!("{name}=1"))
        .collect();
    Failure::new(
        "missing-value",
        format!("the variable '{name}' has no value"),
    )
    .at(source, Span::new(0, source.text.chars().count()))
    .hint(format!(
        "give each variable one, such as {} {}",
        source.name,
        example.join(",")
    ))
}

struct Reader<'a> {
    source: &'a Source,
    warnings: Vec<Warning>,
}

impl Reader<'_> {
    /// The input that a name stands for; a value without a name is for the only one there is.
    fn input(
        &self,
        name: Option<&Piece>,
        first: Option<&Piece>,
        formula: &Formula,
        allow_extra: bool,
    ) -> Result<Option<usize>, Failure> {
        match (name, formula.variables()) {
            (Some(name), _) => match formula.variable(&secant::canonical_name(&name.text)) {
                Ok(input) => Ok(Some(input)),
                Err(_) if allow_extra => Ok(None),
                Err(error) => {
                    let failure =
                        Failure::within(&error, self.source, 0).at(self.source, name.span());
                    let known = error.repair().unwrap_or_default();
                    Err(failure.hint(format!("{known}; --allow-extra ignores other names")))
                }
            },
            (None, [_]) => Ok(Some(0)),
            (None, []) if allow_extra => Ok(None),
            (None, []) => Err(self
                .at(
                    first,
                    Failure::new(
                        "unknown-variable",
                        "the formula has no variable to give a value to",
                    ),
                )
                .hint(format!("to name one, write f(x) = {}", formula.reading()))),
            (None, variables) => {
                let example: Vec<String> =
                    variables.iter().map(|name| format!("{name}=1")).collect();
                Err(self
                    .at(
                        first,
                        Failure::new(
                            "missing-value",
                            "the formula has several variables, so each value needs a name",
                        ),
                    )
                    .hint(format!("write {} {}", self.source.name, example.join(","))))
            }
        }
    }

    fn twice(&self, piece: Option<&Piece>, name: &str) -> Failure {
        self.at(
            piece,
            Failure::new("setting", format!("'{name}' is given twice")),
        )
        .hint(format!(
            "several values are written {name}=1,2,3 or {name}=1..3"
        ))
    }

    fn at(&self, piece: Option<&Piece>, failure: Failure) -> Failure {
        match piece {
            Some(piece) => failure.at(self.source, piece.span()),
            None => failure,
        }
    }

    /// Numbers and ranges, counted out.
    fn numbers(&mut self, pieces: &[Piece]) -> Result<Vec<f64>, Failure> {
        let mut numbers = Vec::new();
        for piece in pieces {
            match piece.split("..") {
                None => numbers.push(self.number(piece)?),
                Some((from, rest)) => {
                    let (to, step) = match rest.split(":") {
                        Some((to, step)) => (to, Some(step)),
                        None => (rest, None),
                    };
                    self.range(piece, [&from, &to], step.as_ref(), &mut numbers)?;
                }
            }
            if numbers.len() > MOST_POINTS {
                return Err(self.too_many(piece));
            }
        }
        Ok(numbers)
    }

    /// From one end in steps up to the other, which belongs to it.
    fn range(
        &mut self,
        whole: &Piece,
        [from, to]: [&Piece; 2],
        step: Option<&Piece>,
        numbers: &mut Vec<f64>,
    ) -> Result<(), Failure> {
        let (first, last) = (self.number(from)?, self.number(to)?);
        let step = match step {
            Some(step) => (self.number(step)?, step.text.as_str()),
            None => (1.0, "1"),
        };
        let (from, to, step) = (from.text.as_str(), to.text.as_str(), (step.0, step.1));
        if step.0 == 0.0 {
            return Err(Failure::new("setting", "the step of the range is 0")
                .at(self.source, whole.span())
                .hint("write 0..1:0.25"));
        }
        if first != last && (last > first) != (step.0 > 0.0) {
            let hint = if last < first {
                format!(
                    "write {}..{}, or a step below 0 as in {from}..{to}:-1",
                    to.trim(),
                    from.trim()
                )
            } else {
                "its step must be above 0".to_owned()
            };
            return Err(Failure::new(
                "setting",
                "the range is empty: its steps lead away from its end",
            )
            .at(self.source, whole.span())
            .hint(hint));
        }
        // Counted by exact arithmetic, so that 0..1:0.1 has eleven points and the fourth is 0.3.
        let steps = evaluate(&format!("floor((({to})-({from}))/({}))", step.1));
        if !steps.is_some_and(|steps| steps < MOST_POINTS as f64) {
            return Err(self.too_many(whole));
        }
        let count = steps.map_or(0, |steps| steps as usize);
        numbers.extend(
            (0..=count).filter_map(|index| evaluate(&format!("({from})+{index}*({})", step.1))),
        );
        Ok(())
    }

    fn too_many(&self, piece: &Piece) -> Failure {
        Failure::new(
            "too-large",
            format!("these are more than {MOST_POINTS} points"),
        )
        .at(self.source, piece.span())
        .hint("take a longer step, such as 0..1000:10")
    }

    /// One number, written as a formula without variables.
    fn number(&mut self, piece: &Piece) -> Result<f64, Failure> {
        let piece = piece.trimmed();
        if piece.text.is_empty() {
            return Err(Failure::new("syntax", "a number is missing")
                .at(self.source, piece.span())
                .hint("write 2, 1/3, pi/2 or 0..4"));
        }
        let formula = Formula::parse(&piece.text)
            .map_err(|error| Failure::within(&error, self.source, piece.start))?;
        if let [name, ..] = formula.variables() {
            return Err(
                Failure::new("unknown-name", format!("'{name}' has no value here"))
                    .at(self.source, piece.span())
                    .hint("a number is written 2, -1e-3, 1/3, pi/2 or sqrt(2)"),
            );
        }
        let value = formula.program().value(&[]);
        let fault = |message: String| {
            Err(Failure::new("setting", message)
                .at(self.source, piece.span())
                .hint("write a finite real number"))
        };
        if value.is_nan() {
            return fault(format!("{} is no real number", piece.text));
        }
        if value.is_infinite() {
            return fault(format!("{} is beyond the range of doubles", piece.text));
        }
        self.warnings.extend(
            formula
                .ambiguities()
                .iter()
                .map(|doubt| Warning::new(doubt, self.source, piece.start)),
        );
        Ok(value)
    }
}

/// Where a number written as a formula without variables lies.
fn enclosed(text: &str) -> Option<Interval> {
    let formula = Formula::parse(text).ok()?;
    formula.program().run::<Interval>(&[]).first().copied()
}

fn evaluate(text: &str) -> Option<f64> {
    Formula::parse(text)
        .ok()
        .map(|formula| formula.program().value(&[]))
        .filter(|value| value.is_finite())
}
