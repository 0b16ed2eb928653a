//! `secant slope --data`: value and derivatives at each row of a table, to a file. Where there is no derivative its cells stay empty and the kind of the point
//! is told.

use std::collections::BTreeMap;
use std::path::Path;

use secant::{Function, PointKind, Slopes, SlopesAt};
use secant_data::{Chunk, Entry, Kind, Source, TableWriter};
use serde::Serialize;

use crate::args::{Format, Slope};
use crate::asked::{Asked, label};
use crate::data::{self, Bar};
use crate::failure::Failure;
use crate::interrupt::Watch;
use crate::json::{Read, document};
use crate::output::{Answer, Formats};
use crate::points;
use crate::reading::Reading;
use crate::text;

/// Where an input comes from.
enum Comes {
    Column(usize),
    Held(f64),
}

/// What of the table and of `--at` goes into the formula.
struct Inputs {
    /// Where each input comes from.
    comes: Vec<Comes>,
    /// The columns that are read.
    columns: Vec<usize>,
    /// Columns that are held at a value instead.
    unread: Vec<(String, f64)>,
}

pub(crate) fn run(
    reading: &Reading,
    path: &Path,
    output: &Path,
    asked: &Slope,
) -> Result<Answer, Failure> {
    Formats::TABLE.of(output)?;
    let mut source = data::open(path, &asked.rows.table)?;
    data::without_constants(source.as_ref(), &reading.formula)?;
    let inputs = Inputs::new(reading, source.as_ref(), asked)?;
    source
        .select(&inputs.columns)
        .map_err(|error| data::failed(&error))?;
    let derivative = Asked::read(asked.wrt.as_deref(), asked.order, &reading.formula)?;
    let each = derivative.each(reading.function.inputs());
    let names = names(reading, &each);
    distinct(&names, reading, output)?;
    let told = write(
        reading,
        &inputs,
        &each,
        &names,
        source.as_mut(),
        output,
        asked,
    )?;
    if told.rows == 0 {
        return Err(Failure::new(
            "empty",
            format!("{}: the table holds no rows", path.display()),
        ));
    }
    let text = match asked.style.format {
        Format::Text => format!("{}\n{}", text::heading(&reading.formula), told.text()),
        Format::Json => told.json(reading, &derivative),
    };
    Ok(Answer {
        text,
        warnings: reading.warnings(),
        doubtful: !told.without.is_empty(),
        refuted: false,
    })
}

impl Inputs {
    /// Each input is a column of its name, but for those that `--at` holds.
    fn new(reading: &Reading, source: &dyn Source, asked: &Slope) -> Result<Self, Failure> {
        let held = points::settings("--at", &asked.at)?;
        for (name, _) in held.iter().filter(|_| !asked.allow_extra) {
            reading
                .formula
                .variable(name)
                .map_err(|error| Failure::within(&error, &reading.source, 0))?;
        }
        let mut inputs = Self {
            comes: Vec::new(),
            columns: Vec::new(),
            unread: Vec::new(),
        };
        for name in reading.formula.variables() {
            let column = secant_fit::column(source, name);
            if let Some((_, value)) = held.iter().find(|(held, _)| **held == **name) {
                if column.is_ok() {
                    inputs.unread.push((name.to_string(), *value));
                }
                inputs.comes.push(Comes::Held(*value));
                continue;
            }
            let column = column.map_err(|error| {
                let hint = error.repair().unwrap_or_default();
                data::failed(&error).hint(format!("{hint}; or hold it with --at {name}=1"))
            })?;
            inputs.comes.push(Comes::Column(inputs.columns.len()));
            inputs.columns.push(column);
        }
        if inputs.columns.is_empty() {
            let message = "no input of the formula is a column";
            return Err(Failure::new("missing-variable", message));
        }
        Ok(inputs)
    }

    /// The inputs that are one number for all rows.
    fn held(&self) -> Vec<usize> {
        let is_held = |place: &usize| matches!(self.comes[*place], Comes::Held(_));
        (0..self.comes.len()).filter(is_held).collect()
    }

    /// Each input at all rows of a chunk, or its one number.
    fn of<'a>(&'a self, chunk: &'a Chunk) -> Vec<&'a [f64]> {
        let input = |comes: &'a Comes| match comes {
            Comes::Column(place) => chunk.columns[*place].as_slice(),
            Comes::Held(value) => std::slice::from_ref(value),
        };
        self.comes.iter().map(input).collect()
    }

    /// The inputs at one row.
    fn at(&self, chunk: &Chunk, row: usize) -> impl Iterator<Item = f64> {
        self.comes.iter().map(move |comes| match comes {
            Comes::Column(place) => chunk.columns[*place][row],
            Comes::Held(value) => *value,
        })
    }
}

/// The columns that are written.
fn names(reading: &Reading, each: &[Vec<usize>]) -> Vec<(String, Kind)> {
    let formula = &reading.formula;
    let variables = formula.variables().iter().map(ToString::to_string);
    let numbers = variables
        .chain([text::name(formula).to_owned()])
        .chain(each.iter().map(|inputs| label(formula, inputs)));
    let mut names = vec![("row".to_owned(), Kind::Whole)];
    names.extend(numbers.map(|name| (name, Kind::Number)));
    names.push(("point".to_owned(), Kind::Text));
    names
}

/// Writes a line for each row, chunk by chunk.
fn write<'a>(
    reading: &Reading,
    inputs: &'a Inputs,
    each: &[Vec<usize>],
    names: &[(String, Kind)],
    source: &mut dyn Source,
    output: &'a Path,
    asked: &Slope,
) -> Result<Told<'a>, Failure> {
    let wrong = |error: secant::Error| Failure::within(&error, &reading.source, 0);
    let unwritten = |reason: std::io::Error| Failure::file(output, &reason);
    let mut slopes = Slopes::new(&reading.function, each, &inputs.held()).map_err(wrong)?;
    let columns: Vec<(&str, Kind)> = names
        .iter()
        .map(|(name, kind)| (name.as_str(), *kind))
        .collect();
    let mut table = TableWriter::create(output, &columns).map_err(unwritten)?;
    let (bar, watch) = (Bar::new(asked.style), Watch::new()?);
    let (mut rows, mut without) = (0u64, BTreeMap::new());
    let (mut few_digits, mut within_rounding) = (0u64, 0u64);
    let mut chunk = Chunk::default();
    while source
        .next_chunk(&mut chunk)
        .map_err(|error| data::failed(&error))?
    {
        watch.go_on()?;
        let found = slopes.at(&inputs.of(&chunk)).map_err(wrong)?;
        for (place, found) in found.into_iter().enumerate() {
            let number = Entry::Number(chunk.rows[place] as f64);
            let at = inputs.at(&chunk, place).map(Entry::Number);
            let cells: Vec<Entry<'_>> = [number]
                .into_iter()
                .chain(at)
                .chain(cells(&found))
                .collect();
            table.row(&cells).map_err(unwritten)?;
            few_digits += u64::from(found.few_digits);
            within_rounding += u64::from(found.within_rounding);
            if found.kind != PointKind::Smooth {
                *without.entry(kind(&found)).or_insert(0u64) += 1;
            }
        }
        rows += chunk.len() as u64;
        bar.tell(|| format!("{rows} rows"), source.progress());
    }
    if rows > 0 {
        table.finish().map_err(unwritten)?;
    }
    Ok(Told {
        rows,
        skipped: source.progress().skipped,
        without,
        few_digits,
        within_rounding,
        unread: &inputs.unread,
        output,
    })
}

/// What kind of point it is, or that this could not be told.
fn kind(found: &SlopesAt) -> &'static str {
    if found.undecided {
        "undecided"
    } else {
        found.kind.name()
    }
}

/// What is found at a row, as it is written; what is not finite stays empty.
fn cells(found: &SlopesAt) -> impl Iterator<Item = Entry<'static>> {
    let value = [Some(found.value)].into_iter();
    let numbers = value.chain(found.derivatives.iter().copied());
    let number = |value: Option<f64>| {
        let finite = value.filter(|value| value.is_finite());
        finite.map_or(Entry::Empty, Entry::Number)
    };
    let kind = Entry::Text(kind(found));
    numbers.map(number).chain([kind])
}

/// That no column is called as another is, for which no table could be read again.
fn distinct(names: &[(String, Kind)], reading: &Reading, output: &Path) -> Result<(), Failure> {
    let is_earlier = |place: &usize| {
        names[..*place]
            .iter()
            .any(|(name, _)| *name == names[*place].0)
    };
    let Some(twice) = (0..names.len()).find(is_earlier) else {
        return Ok(());
    };
    let name = &names[twice].0;
    let hint = if name == text::name(&reading.formula) {
        let inputs = reading.formula.variables().join(", ");
        format!("name the function otherwise, as in 'g({inputs}) = …'")
    } else {
        "call the column otherwise with --columns".to_owned()
    };
    let message = format!(
        "two columns of '{}' would be called '{name}'",
        output.display()
    );
    Err(Failure::new("setting", message).hint(hint))
}

/// What was written.
struct Told<'a> {
    rows: u64,
    skipped: u64,
    /// Rows without a derivative, by kind.
    without: BTreeMap<&'static str, u64>,
    /// Rows of which digits cancelled.
    few_digits: u64,
    /// Rows of which a derivative rests on numbers that rounding cannot tell apart.
    within_rounding: u64,
    /// Columns that are held at a value instead.
    unread: &'a [(String, f64)],
    output: &'a Path,
}

impl Told<'_> {
    fn text(&self) -> String {
        let mut text = format!(
            "{} written to {}\n",
            text::counted(self.rows, "row", "rows"),
            self.output.display()
        );
        if self.skipped > 0 {
            text.push_str(&format!(
                "{} a value and {} left out\n",
                text::counted(self.skipped, "row lacks", "rows lack"),
                if self.skipped == 1 { "is" } else { "are" }
            ));
        }
        for (kind, rows) in &self.without {
            text.push_str(&format!("{rows} of them without a derivative: {kind}\n"));
        }
        if self.few_digits > 0 {
            text.push_str(&format!(
                "{} of them with fewer than six digits, the others cancelled: 'slope --at' tells the bounds\n",
                self.few_digits
            ));
        }
        if self.within_rounding > 0 {
            text.push_str(&format!(
                "{} of them with a derivative that rounding may have made: numbers that it cannot tell apart were taken to be one\n",
                self.within_rounding
            ));
        }
        for (name, value) in self.unread {
            text.push_str(&format!(
                "{name} is held at {value}: its column is not read\n"
            ));
        }
        text
    }

    fn json(&self, reading: &Reading, derivative: &Asked) -> String {
        document(&Document {
            read: Read::new(&reading.formula),
            operator: derivative.operator(),
            wrt: derivative.names(&reading.formula),
            rows: self.rows,
            skipped: self.skipped,
            without_derivative: &self.without,
            few_digits: self.few_digits,
            within_rounding: self.within_rounding,
            columns_not_read: self.unread.iter().map(|(name, _)| name.as_str()).collect(),
            output: self.output.to_string_lossy().into_owned(),
        })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    read: Read<'a>,
    operator: &'static str,
    wrt: Vec<String>,
    rows: u64,
    skipped: u64,
    without_derivative: &'a BTreeMap<&'static str, u64>,
    /// Rows of which digits cancelled: fewer than six are left.
    few_digits: u64,
    /// Rows of which a derivative rests on numbers that rounding cannot tell apart.
    within_rounding: u64,
    /// Held at a value by `--at`.
    columns_not_read: Vec<&'a str>,
    output: String,
}
