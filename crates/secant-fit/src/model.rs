//! [`Model`]: a formula whose inputs are parameters and columns, with the exact derivatives by its parameters, beside what is measured.

use secant::{BlockRunner, Error, ErrorKind, Program, Recorded};
use secant_data::Source;

/// Rows that are computed together.
pub(crate) const LEAF: usize = 256;

/// Where the column of a name in a formula stands: by its own spelling, or by that of the formula, in which `α` and `alpha` are one
/// name.
///
/// ```
/// use secant_data::Columns;
/// let table = Columns::new(&["α", "y"], vec![vec![1.0], vec![2.0]])?;
/// assert_eq!(secant_fit::column(&table, "alpha")?, 0);
/// # Ok::<(), secant_data::Error>(())
/// ```
///
/// # Errors
/// Where there is no such column, or two.
pub fn column(source: &dyn Source, name: &str) -> Result<usize, secant_data::Error> {
    let names = source.names();
    let is_there = names.iter().any(|column| column == name);
    let mut others = names.iter().filter(|_| !is_there);
    let spelled = others.find(|column| secant::canonical_name(column) == name);
    secant_data::find(source, spelled.map_or(name, String::as_str))
}

/// Chooses the columns of a model, and that of weights after them: what is read is in their order.
pub(crate) fn select(
    source: &mut dyn Source,
    model: &Model,
    weights: Option<&str>,
) -> Result<(), secant_data::Error> {
    let names = model.columns.iter().map(String::as_str).chain(weights);
    let columns: Result<Vec<usize>, _> = names.map(|name| column(source, name)).collect();
    source.select(&columns?)
}

/// A formula whose inputs are parameters and columns of a table, and the measured values it is held against.
///
/// ```
/// use secant::{Formula, Recorded};
/// use secant_fit::Model;
/// let line = Recorded::from(&Formula::parse("a + b*x")?);
/// let model = Model::new(&line, "y", &["a", "b"])?;
/// assert_eq!(model.columns(), ["x", "y"]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Model {
    formula: Recorded,
    response: Recorded,
    parameters: Vec<String>,
    /// For each parameter, the input of the formula it is.
    places: Vec<usize>,
    /// The names of the columns that formula and response read, in the order of the chunks.
    columns: Vec<String>,
    /// For each input of the formula, the parameter or the column it is.
    formula_reads: Vec<Reads>,
    response_reads: Vec<Reads>,
    /// The value of the formula, then its derivative by each parameter.
    with_gradient: BlockRunner,
    measured: BlockRunner,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Reads {
    Parameter(usize),
    Column(usize),
}

impl Model {
    /// The formula with these inputs as parameters, held against a column. All other inputs are columns.
    ///
    /// # Errors
    /// Where the formula has not one output, and where a parameter is no input of it or is given twice, or none is given.
    pub fn new(formula: &Recorded, response: &str, parameters: &[&str]) -> Result<Self, Error> {
        let response = Recorded::trace(&[response], |inputs| vec![inputs[0].clone()])?;
        Self::of(formula, &response, parameters)
    }

    /// The same, held against a formula of columns, such as ln(y).
    ///
    /// # Errors
    /// As [`new`](Self::new), and where the response has not one output.
    pub fn of(formula: &Recorded, response: &Recorded, parameters: &[&str]) -> Result<Self, Error> {
        let names = |f: &Recorded| -> Vec<String> {
            f.graph().names().iter().map(ToString::to_string).collect()
        };
        let (inputs, read) = (names(formula), names(response));
        if parameters.is_empty() {
            return Err(Error::new(
                ErrorKind::MissingValue,
                "there is no parameter to fit",
            ));
        }
        let mut places = Vec::new();
        for parameter in parameters {
            let place = inputs
                .iter()
                .position(|input| input == parameter)
                .ok_or_else(|| {
                    Error::new(
                        ErrorKind::UnknownVariable,
                        format!("the formula has no parameter '{parameter}'"),
                    )
                    .hint(format!("its names are {}", inputs.join(", ")))
                })?;
            if places.contains(&place) {
                let message = format!("the parameter '{parameter}' is given twice");
                return Err(Error::new(ErrorKind::Setting, message));
            }
            places.push(place);
        }
        let ([root], [_]) = (formula.roots(), response.roots()) else {
            let message = "a model is one formula, held against one response";
            return Err(Error::new(ErrorKind::Shape, message));
        };
        let mut columns: Vec<String> = Vec::new();
        let mut column = |name: &String| {
            columns
                .iter()
                .position(|column| column == name)
                .unwrap_or_else(|| {
                    columns.push(name.clone());
                    columns.len() - 1
                })
        };
        let formula_reads = inputs
            .iter()
            .enumerate()
            .map(
                |(place, name)| match places.iter().position(|parameter| *parameter == place) {
                    Some(parameter) => Reads::Parameter(parameter),
                    None => Reads::Column(column(name)),
                },
            )
            .collect();
        let response_reads = read
            .iter()
            .map(|name| Reads::Column(column(name)))
            .collect();
        let mut graph = formula.graph().clone();
        let root = *root;
        let gradient = graph.gradient(root, &places);
        let simplified = graph.simplify(&gradient);
        let mut outputs = vec![root];
        outputs.extend(simplified.roots);
        Ok(Self {
            with_gradient: BlockRunner::new(&Program::new(&graph, &outputs), &places),
            measured: BlockRunner::new(response.program(), &[]),
            formula: formula.clone(),
            response: response.clone(),
            parameters: parameters.iter().map(|name| (*name).to_owned()).collect(),
            places,
            columns,
            formula_reads,
            response_reads,
        })
    }

    /// The names of the parameters.
    #[must_use]
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// The names of the columns that are read.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The formula.
    #[must_use]
    pub fn formula(&self) -> &Recorded {
        &self.formula
    }

    /// For each parameter, the input of the formula it is.
    pub(crate) fn places(&self) -> &[usize] {
        &self.places
    }

    /// For each input of the formula, the parameter or the column it is.
    pub(crate) fn reads(&self) -> &[Reads] {
        &self.formula_reads
    }

    /// What computes this model for many rows. Each thread has its own.
    pub(crate) fn runner(&self) -> ModelRunner<'_> {
        ModelRunner {
            model: self,
            with_gradient: self.with_gradient.clone(),
            measured: self.measured.clone(),
        }
    }

    /// For one row of the columns: what is measured, the value of the formula, and its derivatives by the parameters.
    ///
    /// # Errors
    /// Where the numbers of parameters or columns are not those of the model.
    pub fn at(&self, parameters: &[f64], row: &[f64]) -> Result<(f64, f64, Vec<f64>), Error> {
        if parameters.len() != self.parameters.len() || row.len() != self.columns.len() {
            let message = format!(
                "{} parameters and {} columns are wanted",
                self.parameters.len(),
                self.columns.len()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let columns: Vec<&[f64]> = row.iter().map(std::slice::from_ref).collect();
        let found = self.runner().run(parameters, &columns);
        Ok((found.measured[0], found.value[0], found.gradient))
    }

    /// The inputs of the [`formula`](Self::formula) in its order, for one row of the columns.
    ///
    /// ```
    /// use secant::{Formula, Function, Recorded};
    /// use secant_fit::Model;
    /// let line = Recorded::from(&Formula::parse("a + b*x")?);
    /// let model = Model::new(&line, "y", &["b", "a"])?;
    /// let inputs = model.inputs(&[2.0, 1.0], &[10.0, f64::NAN]);
    /// assert_eq!(model.formula().eval(&inputs), [21.0]);
    /// assert_eq!(inputs[model.input_of(0).unwrap()], 10.0);
    /// assert_eq!(model.input_of(1), None);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Panics
    /// Where there are fewer parameters or columns than the model reads.
    #[must_use]
    pub fn inputs(&self, parameters: &[f64], row: &[f64]) -> Vec<f64> {
        let read = |reads: &Reads| match reads {
            Reads::Column(place) => row[*place],
            Reads::Parameter(place) => parameters[*place],
        };
        self.formula_reads.iter().map(read).collect()
    }

    /// Which input of the [`formula`](Self::formula) a column is; `None` where it reads no such column.
    #[must_use]
    pub fn input_of(&self, column: usize) -> Option<usize> {
        let is_it = |reads: &Reads| matches!(reads, Reads::Column(place) if *place == column);
        self.formula_reads.iter().position(is_it)
    }

    /// What is measured, and what the formula gives, for many rows of the columns, all of one length.
    ///
    /// # Panics
    /// Where there are fewer parameters or columns than the model has.
    #[must_use]
    pub fn values(&self, parameters: &[f64], columns: &[&[f64]]) -> (Vec<f64>, Vec<f64>) {
        let found = self.runner().run(parameters, columns);
        (found.measured, found.value)
    }

    /// The places of the columns that the formula itself reads.
    #[must_use]
    pub fn formula_columns(&self) -> Vec<usize> {
        let column = |reads: &Reads| match reads {
            Reads::Column(place) => Some(*place),
            Reads::Parameter(_) => None,
        };
        self.formula_reads.iter().filter_map(column).collect()
    }

    /// The formula of what is measured.
    #[must_use]
    pub fn response(&self) -> &Recorded {
        &self.response
    }
}

/// Computes a model for many rows.
pub(crate) struct ModelRunner<'a> {
    model: &'a Model,
    with_gradient: BlockRunner,
    measured: BlockRunner,
}

impl ModelRunner<'_> {
    /// How many columns the model reads.
    pub(crate) fn columns(&self) -> usize {
        self.model.columns.len()
    }

    /// For these rows: what is measured, the value of the formula, and its derivatives parameter by parameter.
    pub(crate) fn run(&mut self, parameters: &[f64], columns: &[&[f64]]) -> Evaluated {
        let rows = columns.first().map_or(0, |column| column.len());
        let mut value = run(
            &mut self.with_gradient,
            &self.model.formula_reads,
            parameters,
            columns,
        );
        let gradient = value.split_off(rows);
        let measured = run(
            &mut self.measured,
            &self.model.response_reads,
            parameters,
            columns,
        );
        Evaluated {
            measured,
            value,
            gradient,
        }
    }
}

/// What a model gives for some rows.
pub(crate) struct Evaluated {
    pub(crate) measured: Vec<f64>,
    pub(crate) value: Vec<f64>,
    pub(crate) gradient: Vec<f64>,
}

/// The outputs of a program for all rows, output by output; NaN where the inputs are not what it takes, which a model rules out.
pub(crate) fn run(
    runner: &mut BlockRunner,
    reads: &[Reads],
    parameters: &[f64],
    columns: &[&[f64]],
) -> Vec<f64> {
    let rows = columns.first().map_or(0, |column| column.len());
    let inputs: Vec<&[f64]> = reads
        .iter()
        .map(|reads| match reads {
            Reads::Parameter(place) => std::slice::from_ref(&parameters[*place]),
            Reads::Column(place) => columns[*place],
        })
        .collect();
    let mut outputs = vec![f64::NAN; runner.outputs() * rows];
    let mut parts: Vec<&mut [f64]> = outputs.chunks_mut(rows.max(1)).collect();
    if runner.run(&inputs, &mut parts).is_err() {
        outputs.fill(f64::NAN);
    }
    outputs
}
