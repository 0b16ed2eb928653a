//! `secant slope --data`: value and derivatives at each row of a table, to a file. Rows that are proven smooth are computed many at a time; each other row is
//! looked at by itself, and where there is no derivative its cells stay empty and the kind of the point is told.

use std::collections::BTreeMap;
use std::path::Path;

use secant::{BlockRunner, Function, Interval, Program, method, report};
use secant_data::{Chunk, Entry, Kind, TableWriter};
use serde::Serialize;

use crate::args::{Format, Slope};
use crate::asked::{Asked, label};
use crate::data::{self, Bar};
use crate::failure::Failure;
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

/// What is computed at each row.
struct Work<'a> {
    reading: &'a Reading,
    comes: Vec<Comes>,
    /// Each derivative, by these inputs in turn.
    each: Vec<Vec<usize>>,
    /// The formula and its derivatives.
    runner: BlockRunner,
}

/// One row as it is written.
#[derive(Clone)]
struct Line {
    value: f64,
    derivatives: Vec<Option<f64>>,
    /// The kind of the point in one word.
    kind: &'static str,
}

pub(crate) fn run(
    reading: &Reading,
    path: &Path,
    output: &Path,
    asked: &Slope,
) -> Result<Answer, Failure> {
    Formats::TABLE.of(output)?;
    let failed = |error: secant_data::Error| data::failed(&error);
    let mut source = data::open(path, &asked.rows.table)?;
    data::without_constants(source.as_ref(), &reading.formula)?;
    let held = points::settings("--at", &asked.at)?;
    for (name, _) in held.iter().filter(|_| !asked.allow_extra) {
        reading
            .formula
            .variable(name)
            .map_err(|error| Failure::within(&error, &reading.source, 0))?;
    }
    let (mut comes, mut columns, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for name in reading.formula.variables() {
        let column = secant_fit::column(source.as_ref(), name);
        if let Some((_, value)) = held.iter().find(|(held, _)| **held == **name) {
            if column.is_ok() {
                unread.push((name.to_string(), *value));
            }
            comes.push(Comes::Held(*value));
            continue;
        }
        let column = column.map_err(|error| {
            let hint = error.repair().unwrap_or_default();
            data::failed(&error).hint(format!("{hint}; or hold it with --at {name}=1"))
        })?;
        comes.push(Comes::Column(columns.len()));
        columns.push(column);
    }
    if columns.is_empty() {
        return Err(Failure::new(
            "missing-variable",
            "no input of the formula is a column",
        ));
    }
    source.select(&columns).map_err(failed)?;
    let derivative = Asked::read(asked.wrt.as_deref(), asked.order, &reading.formula)?;
    let mut work = Work::new(reading, comes, derivative.each(reading.function.inputs()));
    let unwritten = |reason: std::io::Error| Failure::file(output, &reason);
    let names = work.names();
    distinct(&names, reading, output)?;
    let columns: Vec<(&str, Kind)> = names
        .iter()
        .map(|(name, kind)| (name.as_str(), *kind))
        .collect();
    let mut table = TableWriter::create(output, &columns).map_err(unwritten)?;
    let bar = Bar::new(asked.style);
    let (mut rows, mut without) = (0u64, BTreeMap::new());
    let mut chunk = Chunk::default();
    while source.next_chunk(&mut chunk).map_err(failed)? {
        for (place, line) in work.lines(&chunk)?.into_iter().enumerate() {
            let mut cells: Vec<Entry<'_>> = vec![Entry::Number(chunk.rows[place] as f64)];
            cells.extend(work.point(&chunk, place).into_iter().map(Entry::Number));
            cells.push(number(Some(line.value)));
            cells.extend(
                line.derivatives
                    .iter()
                    .map(|derivative| number(*derivative)),
            );
            cells.push(Entry::Text(line.kind));
            table.row(&cells).map_err(unwritten)?;
            if line.derivatives.contains(&None) {
                *without.entry(line.kind).or_insert(0u64) += 1;
            }
        }
        rows += chunk.len() as u64;
        bar.tell(|| format!("{rows} rows"), source.progress());
    }
    if rows == 0 {
        return Err(Failure::new(
            "empty",
            format!("{}: the table holds no rows", path.display()),
        ));
    }
    table.finish().map_err(unwritten)?;
    drop(bar);
    let skipped = source.progress().skipped;
    let told = Told {
        rows,
        skipped,
        without: &without,
        unread: &unread,
        output,
    };
    let text = match asked.style.format {
        Format::Text => format!("{}\n{}", text::heading(&reading.formula), told.text()),
        Format::Json => told.json(reading, &derivative),
    };
    Ok(Answer {
        text,
        warnings: reading.warnings(),
        doubtful: !without.is_empty(),
        refuted: false,
    })
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

/// What is not finite stays empty.
fn number(value: Option<f64>) -> Entry<'static> {
    value
        .filter(|value| value.is_finite())
        .map_or(Entry::Empty, Entry::Number)
}

impl<'a> Work<'a> {
    fn new(reading: &'a Reading, comes: Vec<Comes>, each: Vec<Vec<usize>>) -> Self {
        let mut graph = reading.function.graph().clone();
        let root = reading.function.roots()[0];
        let mut outputs = Vec::new();
        for inputs in &each {
            outputs.push(
                inputs
                    .iter()
                    .fold(root, |node, input| graph.derivative(node, *input)),
            );
        }
        let mut roots = vec![root];
        roots.extend(graph.simplify(&outputs).roots);
        let held: Vec<usize> = (0..comes.len())
            .filter(|place| matches!(comes[*place], Comes::Held(_)))
            .collect();
        let runner = BlockRunner::new(&Program::new(&graph, &roots), &held);
        Self {
            reading,
            comes,
            each,
            runner,
        }
    }

    /// The columns that are written.
    fn names(&self) -> Vec<(String, Kind)> {
        let formula = &self.reading.formula;
        let variables = formula.variables().iter().map(ToString::to_string);
        let numbers = variables
            .chain([text::name(formula).to_owned()])
            .chain(self.each.iter().map(|inputs| label(formula, inputs)));
        let mut names = vec![("row".to_owned(), Kind::Whole)];
        names.extend(numbers.map(|name| (name, Kind::Number)));
        names.push(("point".to_owned(), Kind::Text));
        names
    }

    /// The inputs at a row.
    fn point(&self, chunk: &Chunk, row: usize) -> Vec<f64> {
        let input = |comes: &Comes| match comes {
            Comes::Column(place) => chunk.columns[*place][row],
            Comes::Held(value) => *value,
        };
        self.comes.iter().map(input).collect()
    }

    /// Value and derivatives at each row of a chunk.
    fn lines(&mut self, chunk: &Chunk) -> Result<Vec<Line>, Failure> {
        let rows = chunk.len();
        let mut outputs = vec![vec![0.0; rows]; 1 + self.each.len()];
        let inputs: Vec<&[f64]> = self
            .comes
            .iter()
            .map(|comes| match comes {
                Comes::Column(place) => chunk.columns[*place].as_slice(),
                Comes::Held(value) => std::slice::from_ref(value),
            })
            .collect();
        let mut parts: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
        let told = |error: secant::Error| Failure::within(&error, &self.reading.source, 0);
        self.runner.run(&inputs, &mut parts).map_err(told)?;
        let program = self.reading.function.program();
        let line = |row: usize| {
            let at = self.point(chunk, row);
            let computed: Vec<f64> = outputs.iter().map(|output| output[row]).collect();
            let is_smooth = program.rough_steps(&Interval::points(&at)).is_empty();
            if is_smooth && computed.iter().all(|value| value.is_finite()) {
                let derivatives = computed[1..].iter().copied().map(Some).collect();
                return Ok(Line {
                    value: computed[0],
                    derivatives,
                    kind: "smooth",
                });
            }
            self.looked_at(&at)
        };
        (0..rows).map(line).collect()
    }

    /// A row at which it is not proven at once that the derivatives exist.
    fn looked_at(&self, at: &[f64]) -> Result<Line, Failure> {
        let function = &self.reading.function;
        let mut line = Line {
            value: function.value_at(0, at),
            derivatives: Vec::new(),
            kind: "smooth",
        };
        for inputs in &self.each {
            let methods: [Box<dyn method::Method>; 1] = [Box::new(method::Symbolic)];
            let found = report(function, at, inputs, &methods)
                .map_err(|error| Failure::within(&error, &self.reading.source, 0))?;
            let value = found.value.filter(|value| value.is_finite());
            if value.is_none() && line.kind == "smooth" {
                line.kind = match found.point.kind.name() {
                    "smooth" => "overflow",
                    kind => kind,
                };
            }
            line.derivatives.push(value);
        }
        Ok(line)
    }
}

/// What was written.
struct Told<'a> {
    rows: u64,
    skipped: u64,
    /// Rows without a derivative, by kind.
    without: &'a BTreeMap<&'static str, u64>,
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
        for (kind, rows) in self.without {
            text.push_str(&format!("{rows} of them without a derivative: {kind}\n"));
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
            without_derivative: self.without,
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
    /// Held at a value by `--at`.
    columns_not_read: Vec<&'a str>,
    output: String,
}
