//! [`Asked`]: which derivative is meant by `--wrt` and `--order`, and what it is called.

use secant::method::HIGHEST_ORDER;
use secant::{Formula, Span};

use crate::failure::{Failure, Source};
use crate::json::Shaped;
use crate::reading::latex_of;

/// Which derivative is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// One derivative, by these inputs in turn.
    One(Vec<usize>),
    /// The first derivative by each input.
    Gradient,
    /// The second derivatives by each two inputs.
    Hessian,
}

fn allowed(order: usize) -> Result<(), Failure> {
    if order <= HIGHEST_ORDER {
        return Ok(());
    }
    let message = format!("the order is {order}, at most {HIGHEST_ORDER} is worked out");
    Err(Failure::new("setting", message))
}

impl Asked {
    /// What `--wrt` or `--order` says; of one variable the gradient is the derivative.
    pub(crate) fn read(
        wrt: Option<&str>,
        order: Option<u32>,
        formula: &Formula,
    ) -> Result<Self, Failure> {
        if let Some(names) = wrt {
            let inputs = inputs(names, formula)?;
            allowed(inputs.len())?;
            return Ok(Self::One(inputs));
        }
        let order = order.unwrap_or(1);
        allowed(order as usize)?;
        match (formula.variables().len(), order) {
            (0, _) => Err(no_variable(formula)),
            (1, order) => Ok(Self::One(vec![0; order as usize])),
            (_, 1) => Ok(Self::Gradient),
            (_, 2) => Ok(Self::Hessian),
            (_, order) => Err(Failure::new(
                "setting",
                format!(
                    "the derivatives of order {order} by several variables are too many to show"
                ),
            )
            .hint("name one with --wrt, such as --wrt x,x,y")),
        }
    }

    /// Every derivative that is meant, row by row; of a Hessian, which is symmetric, the part from the diagonal on.
    pub(crate) fn each(&self, inputs: usize) -> Vec<Vec<usize>> {
        match self {
            Self::One(inputs) => vec![inputs.clone()],
            Self::Gradient => (0..inputs).map(|input| vec![input]).collect(),
            Self::Hessian => (0..inputs)
                .flat_map(|row| (row..inputs).map(move |column| vec![row, column]))
                .collect(),
        }
    }

    /// Something of each of [`each`](Self::each), in the shape of what was asked.
    pub(crate) fn shaped<E, T>(
        &self,
        inputs: usize,
        each: &[E],
        tell: impl Fn(&E) -> T,
    ) -> Shaped<T> {
        let at = |place: usize| each.get(place).map(&tell);
        match self {
            Self::One(_) => at(0).map_or_else(|| Shaped::Row(Vec::new()), Shaped::One),
            Self::Gradient => Shaped::Row(each.iter().map(tell).collect()),
            Self::Hessian => {
                // The rows before this one hold `inputs`, `inputs - 1`, ... entries.
                let place = |low: usize, high: usize| low * inputs - low * (low + 1) / 2 + high;
                let row = |row: usize| {
                    (0..inputs)
                        .filter_map(|column| at(place(row.min(column), row.max(column))))
                        .collect()
                };
                Shaped::Rows((0..inputs).map(row).collect())
            }
        }
    }

    /// The names it goes by: in turn for one derivative, in order for gradient and Hessian.
    pub(crate) fn names(&self, formula: &Formula) -> Vec<String> {
        let all: Vec<String> = formula
            .variables()
            .iter()
            .map(|name| name.to_string())
            .collect();
        match self {
            Self::One(inputs) => inputs.iter().map(|input| all[*input].clone()).collect(),
            Self::Gradient | Self::Hessian => all,
        }
    }

    /// The kind of answer in one word.
    pub(crate) fn operator(&self) -> &'static str {
        match self {
            Self::One(_) => "derivative",
            Self::Gradient => "gradient",
            Self::Hessian => "hessian",
        }
    }
}

/// A formula that nothing moves.
pub(crate) fn no_variable(formula: &Formula) -> Failure {
    Failure::new(
        "missing-variable",
        "the formula has no variable to differentiate by",
    )
    .hint(format!("to name one, write f(x) = {}", formula.reading()))
}

/// The inputs that names stand for, in turn.
pub(crate) fn inputs(names: &str, formula: &Formula) -> Result<Vec<usize>, Failure> {
    let source = Source::new("--wrt", names);
    let mut start = 0;
    let mut found = Vec::new();
    for part in names.split(',') {
        let length = part.chars().count();
        let name = part.trim();
        let input = formula
            .variable(&secant::canonical_name(name))
            .map_err(|error| {
                let failure = match name {
                    "" => Failure::new("syntax", "a name is missing")
                        .hint("write --wrt x or --wrt x,x,y"),
                    _ => Failure::within(&error, &source, 0),
                };
                failure.at(&source, Span::new(start, start + length))
            })?;
        found.push(input);
        start += length + 1;
    }
    Ok(found)
}

/// `df/dx`, `∂f/∂x`, `∂³f/∂x²∂y`.
pub(crate) fn label(formula: &Formula, inputs: &[usize]) -> String {
    let variables = formula.variables();
    let sign = if variables.len() > 1 { "∂" } else { "d" };
    let mut below = String::new();
    for run in inputs.chunk_by(|a, b| a == b) {
        below.push_str(&format!("{sign}{}{}", variables[run[0]], raised(run.len())));
    }
    format!(
        "{sign}{}{}/{below}",
        raised(inputs.len()),
        crate::text::name(formula)
    )
}

/// The same in LaTeX.
pub(crate) fn latex_label(formula: &Formula, inputs: &[usize]) -> String {
    let variables = formula.variables();
    let sign = if variables.len() > 1 {
        r"\partial "
    } else {
        r"\mathrm{d}"
    };
    let power = |count: usize| {
        if count == 1 {
            String::new()
        } else {
            format!("^{{{count}}}")
        }
    };
    let below: Vec<String> = inputs
        .chunk_by(|a, b| a == b)
        .map(|run| format!("{sign}{}{}", latex_of(&variables[run[0]]), power(run.len())))
        .collect();
    // The sign of a power stands at the d, not at the name: d^2 f.
    let above = format!(
        "{}{} {}",
        sign.trim_end(),
        power(inputs.len()),
        latex_of(crate::text::name(formula))
    );
    format!(r"\frac{{{above}}}{{{}}}", below.join(r"\,"))
}

fn raised(power: usize) -> String {
    if power == 1 {
        return String::new();
    }
    let digit = |c: char| {
        c.to_digit(10)
            .and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize))
            .unwrap_or(c)
    };
    power.to_string().chars().map(digit).collect()
}

/// The one input that moves: the named one, or the only one. `what` is what moves it, for the message.
pub(crate) fn moving(wrt: Option<&str>, formula: &Formula, what: &str) -> Result<usize, Failure> {
    let names = match (wrt, formula.variables()) {
        (Some(names), _) => names,
        (None, []) => return Err(no_variable(formula)),
        (None, [_]) => return Ok(0),
        (None, [first, ..]) => {
            return Err(
                Failure::new("setting", "it is not told which variable moves")
                    .hint(format!("name it with --wrt, such as --wrt {first}")),
            );
        }
    };
    match inputs(names, formula)?.as_slice() {
        [named] => Ok(*named),
        _ => {
            let source = Source::new("--wrt", names);
            let whole = Span::new(0, names.chars().count());
            Err(Failure::new("setting", format!("{what} moves one variable")).at(&source, whole))
        }
    }
}
