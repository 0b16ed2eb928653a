//! [`Samples`]: what a table holds, or the spiral or the digits, in the form that a network and a loss take.

use std::path::Path;

use secant_data::{Chunk, Classes, ErrorKind, Header, Names, Options, Source, find};
use secant_model::onnx::Ending;
use secant_train::{Columns, Loss, Network, Targets, data};

use super::args::Learned;
use super::{Model, of_table, told};
use crate::failure::Failure;

/// Names of classes that a heading tells.
const SHOWN: usize = 12;

/// Samples with what they should give.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    /// What they are called.
    pub(super) name: String,
    pub(super) features: Vec<String>,
    pub(super) columns: Columns<f64>,
    pub(super) targets: Targets<f64>,
    /// The names of the classes, in the order of their numbers; none where they are known as numbers alone.
    pub(super) classes: Vec<String>,
}

impl Samples {
    /// Reads what was asked for; classes go by the names of the model, where it has some.
    pub(super) fn read(asked: &Learned, path: &Path, model: &Model) -> Result<Self, Failure> {
        let known = known(asked, model)?;
        let bundled = match path.to_str() {
            Some("spiral") if !path.exists() => Some(data::spiral(100, 3, asked.seed)),
            Some("digits") if !path.exists() => Some(data::digits().map_err(|error| told(&error))?),
            _ => None,
        };
        match bundled {
            Some(bundled) => Self::bundled(asked, path, bundled, known),
            None => Self::table(asked, path, model, known),
        }
    }

    fn bundled(
        asked: &Learned,
        path: &Path,
        bundled: data::Data<f64>,
        classes: Vec<String>,
    ) -> Result<Self, Failure> {
        let name = path.display().to_string();
        if asked.target.is_some() || asked.targets.is_some() {
            return Err(Failure::new(
                "setting",
                format!("the classes of '{name}' are known: it takes no target"),
            ));
        }
        let features = match bundled.samples.features() {
            2 => vec!["x".to_owned(), "y".to_owned()],
            count => (0..count).map(|pixel| format!("pixel{pixel}")).collect(),
        };
        Ok(Self {
            name,
            features,
            columns: bundled.samples,
            targets: bundled.targets,
            classes,
        })
    }

    fn table(
        asked: &Learned,
        path: &Path,
        model: &Model,
        known: Vec<String>,
    ) -> Result<Self, Failure> {
        let mut table = Table::open(path, Header::Auto)?;
        let (mut features, wanted): (Vec<usize>, Vec<usize>) = match (&asked.targets, &asked.target)
        {
            (Some(_), _) => (table.all(), Vec::new()),
            (None, Some(wanted)) => table.parted(table.places(wanted)?),
            (None, None) => table.parted(vec![table.names.len() - 1]),
        };
        check_features(&table, &features, &model.network)?;
        features = in_order(&table, features, &model.features);
        let outputs = model.network.outputs_count();
        let (targets, classes) = match &asked.targets {
            Some(other) => {
                let mut other = Table::open(other, Header::Auto)?;
                let wanted = other.all();
                other.targets(&wanted, known, outputs)?
            }
            None => table.targets(&wanted, known, outputs)?,
        };
        let numbers = table.numbers(&features)?;
        let columns = together(&numbers)?;
        if columns.samples() != targets.samples() {
            let other = asked.targets.as_deref().unwrap_or(path);
            return Err(Failure::new(
                "ragged",
                format!(
                    "{} has {} rows, {} has {}",
                    path.display(),
                    columns.samples(),
                    other.display(),
                    targets.samples()
                ),
            ));
        }
        let features = features.drain(..).map(|place| table.names[place].clone());
        Ok(Self {
            name: path.display().to_string(),
            features: features.collect(),
            columns,
            targets,
            classes,
        })
    }

    /// A sample as it is called: its number, with its class where that has a name.
    pub(super) fn sample_name(&self, sample: usize) -> String {
        match self.class_of(sample) {
            Some(class) => format!("{sample} ({class})"),
            None => sample.to_string(),
        }
    }

    /// The name of a sample's class, where it has one.
    pub(super) fn class_of(&self, sample: usize) -> Option<&str> {
        let class = self.class_number(sample)?;
        self.classes.get(class).map(String::as_str)
    }

    /// The class of a sample, where it is of one.
    pub(super) fn class_number(&self, sample: usize) -> Option<usize> {
        let targets = &self.targets;
        targets
            .are_classes()
            .then(|| targets.class(sample))
            .flatten()
    }

    /// What a class is called: its name, or its number.
    pub(super) fn class_name(&self, class: usize) -> String {
        let name = self.classes.get(class).cloned();
        name.unwrap_or_else(|| class.to_string())
    }

    /// Which class has which number, in a line; nothing where they have no names.
    pub(super) fn numbering(&self) -> String {
        if self.classes.is_empty() {
            return String::new();
        }
        let named = self.classes.iter().enumerate().take(SHOWN);
        let mut shown: Vec<String> = named
            .map(|(number, name)| format!("{number} {name}"))
            .collect();
        if self.classes.len() > SHOWN {
            shown.push("…".to_owned());
        }
        format!("classes: {}\n", shown.join(", "))
    }

    /// The loss that suits a network and these targets.
    pub(super) fn loss(&self, model: &Model) -> Loss {
        let outputs = model.network.outputs_count();
        match (model.ending, &self.targets) {
            (Ending::Softmax | Ending::LogSoftmax, _) => Loss::CrossEntropy,
            (Ending::Sigmoid, _) => Loss::BinaryCrossEntropy,
            (Ending::None, Targets::Labels(_)) if outputs == 1 && !self.classes.is_empty() => {
                Loss::BinaryCrossEntropy
            }
            (Ending::None, Targets::Labels(_)) => Loss::CrossEntropy,
            (Ending::None, Targets::Values(values)) if outputs > 1 && values.features() == 1 => {
                Loss::CrossEntropy
            }
            (Ending::None, Targets::Values(_)) => Loss::Squared,
        }
    }

    /// Brings the targets to the form that the loss takes: the number of a class stands in one column, and of two classes in a single number.
    pub(super) fn fit(&mut self, loss: &Loss, network: &Network) -> Result<(), Failure> {
        let outputs = network.outputs_count();
        let fitted = match (&self.targets, loss) {
            (Targets::Values(values), Loss::CrossEntropy)
                if values.features() == 1 && outputs > 1 =>
            {
                Targets::Labels(labels(values.column(0), outputs)?)
            }
            (Targets::Labels(labels), Loss::BinaryCrossEntropy)
                if outputs == 1 && !self.classes.is_empty() =>
            {
                let numbers: Vec<f64> = labels.iter().map(|label| *label as f64).collect();
                together(&[numbers]).map(Targets::Values)?
            }
            (Targets::Labels(_), loss)
                if !self.classes.is_empty() && !matches!(loss, Loss::CrossEntropy) =>
            {
                let suiting = match outputs {
                    1 => "--loss binary-cross-entropy takes two names of classes",
                    _ => {
                        "--loss cross-entropy takes names of classes, a network with one output for each"
                    }
                };
                let message = format!(
                    "the targets are names of classes, and the {} loss takes numbers from {outputs} {}",
                    loss.name(),
                    if outputs == 1 { "output" } else { "outputs" }
                );
                return Err(Failure::new("setting", message).hint(suiting));
            }
            _ => return Ok(()),
        };
        self.targets = fitted;
        Ok(())
    }
}

/// The columns in the order in which a network takes them, where it knows them by these names.
fn in_order(table: &Table, columns: Vec<usize>, names: &[String]) -> Vec<usize> {
    let place = |name: &String| {
        columns
            .iter()
            .copied()
            .find(|place| table.names[*place] == *name)
    };
    match names.iter().map(place).collect::<Option<Vec<_>>>() {
        Some(places) if columns.iter().all(|column| places.contains(column)) => places,
        _ => columns,
    }
}

/// The names of classes that are known before any sample is read: those given, or those of the model.
fn known(asked: &Learned, model: &Model) -> Result<Vec<String>, Failure> {
    let Some(given) = &asked.classes else {
        return Ok(model.classes.clone());
    };
    let names: Vec<String> = given
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    let told_apart = Loss::classes(model.network.outputs_count());
    if names.len() != told_apart {
        let message = format!(
            "--classes names {}, and the network tells {told_apart} apart",
            names.len()
        );
        return Err(Failure::new("setting", message));
    }
    let twice = (1..names.len()).find(|place| names[..*place].contains(&names[*place]));
    match twice {
        None => Ok(names),
        Some(place) => Err(Failure::new(
            "setting",
            format!("--classes names '{}' twice", names[place]),
        )),
    }
}

/// Names of classes that are numbers themselves, so that a column of numbers may hold names; `None` where one is not, or there are none.
fn as_numbers(names: &[String]) -> Option<Vec<f64>> {
    let numbers = names.iter().map(|name| name.parse().ok());
    let numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
    (!numbers.is_empty()).then_some(numbers)
}

/// The numbers of classes that stand as numbers.
fn labels(values: &[f64], classes: usize) -> Result<Vec<usize>, Failure> {
    let odd = |value: &f64| value.fract() != 0.0 || !(0.0..classes as f64).contains(value);
    match values.iter().position(odd) {
        None => Ok(values.iter().map(|value| *value as usize).collect()),
        Some(row) => Err(Failure::new(
            "setting",
            format!(
                "row {}: {} is no class of 0 to {}",
                row + 1,
                values[row],
                classes - 1
            ),
        )
        .hint(
            "the cross-entropy takes the number of a class, counted from 0, or names of classes",
        )),
    }
}

/// Columns side by side.
fn together(columns: &[Vec<f64>]) -> Result<Columns<f64>, Failure> {
    let rows = columns.first().map_or(0, Vec::len);
    Columns::from_columns(columns.concat(), rows, columns.len()).map_err(|error| told(&error))
}

/// That there are as many features as the network takes.
fn check_features(table: &Table, features: &[usize], network: &Network) -> Result<(), Failure> {
    let path = table.source.path().display();
    if features.is_empty() {
        return Err(Failure::new(
            "shape",
            format!("{path}: every column is to be met, and none is left as a feature"),
        )
        .hint("name fewer with --target"));
    }
    if features.len() == network.features() {
        return Ok(());
    }
    let shown: Vec<&str> = features
        .iter()
        .take(8)
        .map(|place| table.names[*place].as_str())
        .collect();
    Err(Failure::new(
        "shape",
        format!(
            "{path}: the network takes {}, the table has {}: {}",
            crate::text::counted(network.features(), "feature", "features"),
            features.len(),
            shown.join(", ")
        ),
    )
    .hint(
        "name the columns to be met with --target, and leave out of the table what is no feature",
    ))
}

/// A table under way.
struct Table {
    source: Box<dyn Source>,
    names: Vec<String>,
}

impl Table {
    fn open(path: &Path, header: Header) -> Result<Self, Failure> {
        let options = Options {
            header,
            ..Options::default()
        };
        let source = secant_data::open(path, &options).map_err(|error| of_table(&error))?;
        let names = source.names().to_vec();
        if names.is_empty() {
            let message = format!("{}: there are no columns", path.display());
            return Err(Failure::new("empty", message));
        }
        Ok(Self { source, names })
    }

    fn all(&self) -> Vec<usize> {
        (0..self.names.len()).collect()
    }

    /// The columns that are not wanted, and those that are.
    fn parted(&self, wanted: Vec<usize>) -> (Vec<usize>, Vec<usize>) {
        let others = (0..self.names.len()).filter(|place| !wanted.contains(place));
        (others.collect(), wanted)
    }

    /// Where columns stand that are named in a text.
    fn places(&self, wanted: &str) -> Result<Vec<usize>, Failure> {
        let mut found = Vec::new();
        for name in wanted.split(',').map(str::trim) {
            let place = find(self.source.as_ref(), name).map_err(|error| of_table(&error))?;
            if found.contains(&place) {
                return Err(Failure::new(
                    "setting",
                    format!("--target names the column '{name}' twice"),
                ));
            }
            found.push(place);
        }
        Ok(found)
    }

    /// What is to be met: numbers, or one column of names of classes, with these.
    fn targets(
        &mut self,
        wanted: &[usize],
        known: Vec<String>,
        outputs: usize,
    ) -> Result<(Targets<f64>, Vec<String>), Failure> {
        if let [column] = *wanted
            && let Some(classes) = self.classes(column, &known, outputs)?
        {
            return Ok((Targets::Labels(classes.rows), classes.names));
        }
        let numbers = self.numbers(wanted)?;
        if let ([cells], Some(names)) = (numbers.as_slice(), as_numbers(&known)) {
            return Ok((Targets::Labels(self.numbered(cells, &names)?), known));
        }
        Ok((together(&numbers).map(Targets::Values)?, known))
    }

    /// The classes of cells whose names are numbers.
    fn numbered(&self, cells: &[f64], names: &[f64]) -> Result<Vec<usize>, Failure> {
        let class = |cell: &f64| {
            names.iter().position(|name| name == cell).ok_or_else(|| {
                let path = self.source.path().display();
                let message = format!("{path}: {cell} is none of the names of the classes");
                Failure::new("cell", message)
                    .hint("--classes names them all, in the order of the outputs")
            })
        };
        cells.iter().map(class).collect()
    }

    /// A column of names of classes, if it is one.
    fn classes(
        &mut self,
        column: usize,
        known: &[String],
        outputs: usize,
    ) -> Result<Option<Classes>, Failure> {
        let told_apart = Loss::classes(outputs);
        let names = match known {
            [] => Names::AtMost(told_apart),
            known => Names::Known(known),
        };
        let outputs = crate::text::counted(outputs, "output", "outputs");
        let wrong = |error: secant_data::Error| match error.repair() {
            None if error.kind() == ErrorKind::Cell => of_table(&error).hint(format!(
                "the network has {outputs}; --classes names the classes in their order"
            )),
            _ => of_table(&error),
        };
        let Some(mut classes) =
            Classes::read(self.source.as_mut(), column, names).map_err(wrong)?
        else {
            return Ok(None);
        };
        if self.begins_with_a_sample(column, &classes) {
            *self = Self::open(self.source.path(), Header::Absent)?;
            classes = Classes::read(self.source.as_mut(), column, names)
                .map_err(wrong)?
                .unwrap_or(classes);
        }
        // Of fewer names nobody could tell which output is whose.
        if classes.names.len() < told_apart {
            let (path, name) = (self.source.path().display(), &self.names[column]);
            let message = format!(
                "{path}: column {} ({name}) holds {} of classes ({}), and the network tells {told_apart} apart",
                column + 1,
                crate::text::counted(classes.names.len(), "name", "names"),
                classes.names.join(", ")
            );
            return Err(Failure::new("shape", message)
                .hint("name them all in the order of the outputs, with --classes"));
        }
        Ok(Some(classes))
    }

    /// Whether the line that was taken for names of columns is a sample: a class stands over the column of classes, numbers over all others.
    fn begins_with_a_sample(&self, column: usize, classes: &Classes) -> bool {
        let mut others = self.parted(vec![column]).0.into_iter();
        classes.names.contains(&self.names[column])
            && others.all(|place| self.names[place].parse::<f64>().is_ok())
    }

    /// Columns of numbers.
    fn numbers(&mut self, columns: &[usize]) -> Result<Vec<Vec<f64>>, Failure> {
        let wrong = |error: secant_data::Error| {
            let failure = of_table(&error);
            match (error.kind(), error.repair()) {
                (ErrorKind::Cell, Some(hint)) => failure.hint(format!(
                    "{hint}; names of classes are read in the one column that --target names"
                )),
                _ => failure,
            }
        };
        self.source.select(columns).map_err(wrong)?;
        let mut numbers = vec![Vec::new(); columns.len()];
        let mut chunk = Chunk::default();
        while self.source.next_chunk(&mut chunk).map_err(wrong)? {
            for (column, more) in numbers.iter_mut().zip(&chunk.columns) {
                column.extend_from_slice(more);
            }
        }
        if numbers.first().is_none_or(Vec::is_empty) {
            let path = self.source.path().display();
            return Err(Failure::new("empty", format!("{path}: there are no rows")));
        }
        Ok(numbers)
    }
}
