//! `secant check MODEL DATA`: the gradient by backpropagation held against carried differences of every parameter and, for a few, against moving them one by one; and
//! somebody else's gradient against ours.

use std::path::Path;

use secant_model::weights::{Named, Tensors};
use secant_train::check::{self, Comparison, Component, Place, Tolerance};
use secant_train::{Network, Random};
use serde::Serialize;

use super::args::Check;
use super::{
    Asked, Head, doubts, ends_in, number, of_model, of_table, parameter_name, parameters, told,
};
use crate::args::Format;
use crate::failure::Failure;
use crate::json::{self, Number};
use crate::output::Answer;
use crate::table::{Align, Table};
use crate::text;

/// Wrong parameters that are told.
const SHOWN: usize = 10;

/// Two gradients that were held against each other, as they are told.
#[derive(Debug, Clone, Serialize)]
struct Compared {
    /// Numbers that were compared.
    compared: usize,
    /// Those that differ by more than is allowed.
    wrong: usize,
    /// The largest difference, as a part of what it is measured by.
    largest: Number,
    /// Where it is.
    at: String,
    /// Numbers beside a kink, which were left out.
    #[serde(skip_serializing_if = "is_zero")]
    kinks: usize,
    /// Numbers of which a difference tells too little, which were left out.
    #[serde(skip_serializing_if = "is_zero")]
    coarse: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out references"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Compared {
    fn of(network: &Network, found: &Comparison) -> Self {
        Self {
            compared: found.compared,
            wrong: found.wrong.len(),
            largest: Number(found.largest),
            at: found
                .at
                .map_or_else(String::new, |place| name(network, place)),
            kinks: found.kinks,
            coarse: found.coarse,
        }
    }
}

/// A component in words.
fn name(network: &Network, place: Place) -> String {
    let parameter = parameter_name(network, place.parameter);
    match place.sample {
        Some(sample) => format!("{parameter} on sample {sample}"),
        None => parameter,
    }
}

/// A component of somebody else's gradient that is wrong.
#[derive(Debug, Clone, Serialize)]
struct Wrong {
    name: String,
    layer: usize,
    neuron: Option<usize>,
    input: Option<usize>,
    theirs: Number,
    ours: Number,
    /// By how much, as a part of ours; none where ours is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    relative: Option<Number>,
}

impl Wrong {
    fn of(network: &Network, found: &Component) -> Option<Self> {
        let parameter = found.place.parameter;
        let tensor = network.tensor_of(parameter)?;
        let indices = tensor.indices(parameter).unwrap_or_default();
        Some(Self {
            name: name(network, found.place),
            layer: tensor.layer,
            neuron: indices.first().copied(),
            input: indices.get(1).copied(),
            theirs: Number(found.checked),
            ours: Number(found.against),
            relative: found.relative().map(Number),
        })
    }
}

/// What was found.
#[derive(Debug, Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    differences: Compared,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_by_one: Option<Compared>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<Compared>,
    wrong: Vec<Wrong>,
    right: bool,
}

pub(crate) fn run(asked: &Check) -> Result<Answer, Failure> {
    let wrong = |error: secant::Error| told(&error);
    let tolerance = Tolerance::new(number("--tolerance", &asked.tolerance)?).map_err(wrong)?;
    let what = Asked::new(&asked.learned)?;
    // A gradient of no loss is neither right nor wrong.
    if let Some(reason) = doubts::not_finite(&what, &doubts::inspect(&what)?) {
        return Err(Failure::new(
            "not-finite",
            format!("no gradient can be checked: {reason}"),
        )
        .hint("look at the samples and at the weights"));
    }
    let theirs = asked
        .gradient
        .as_deref()
        .map(|path| read(path, &what))
        .transpose()?;
    let (network, parameters) = (&what.model.network, what.model.parameters.as_slice());
    let mut objective = what.objective()?;
    let differences = check::carried(&objective, parameters, tolerance).map_err(wrong)?;
    let one_by_one = (asked.naive > 0).then(|| {
        let mut random = Random::new(asked.learned.seed);
        check::one_by_one(&mut objective, parameters, asked.naive, &mut random)
    });
    let one_by_one = one_by_one.transpose().map_err(wrong)?;
    let given = theirs
        .map(|theirs| check::given(&mut objective, parameters, &theirs, tolerance))
        .transpose()
        .map_err(wrong)?;
    let ours = || std::iter::once(&differences).chain(&one_by_one);
    // Where every component lies beside a kink, nothing was held against anything.
    let right =
        ours().any(Comparison::agrees) && ours().chain(&given).all(|found| found.wrong.is_empty());
    let compared = |found: &Comparison| Compared::of(network, found);
    let wrong = given.iter().flat_map(|given| &given.wrong);
    let found = Found {
        head: what.head(),
        right,
        differences: compared(&differences),
        one_by_one: one_by_one.as_ref().map(compared),
        given: given.as_ref().map(compared),
        wrong: wrong
            .filter_map(|component| Wrong::of(network, component))
            .collect(),
    };
    let text = match asked.style.format {
        Format::Json => json::document(&found),
        Format::Text => describe(&what, &found, asked),
    };
    Ok(Answer {
        text,
        refuted: !found.right,
        ..Answer::default()
    })
}

/// Somebody else's gradient of the mean loss.
fn read(path: &Path, what: &Asked) -> Result<Vec<f64>, Failure> {
    let tensors: Vec<Named> = if ends_in(path, "npz") {
        let arrays = secant_data::arrays(path).map_err(|error| of_table(&error))?;
        let named = |array: secant_data::Array| Named {
            name: array.name,
            shape: array.shape,
            values: array.values,
        };
        arrays.into_iter().map(named).collect()
    } else if ends_in(path, "safetensors") {
        let bytes = std::fs::read(path).map_err(|reason| Failure::unread(path, &reason))?;
        Tensors::read(&bytes)
            .map_err(|error| of_model(path, &error))?
            .tensors
    } else {
        let message = format!("'{}' is no file of tensors by name", path.display());
        return Err(
            Failure::new("setting", message).hint("--gradient takes a .safetensors or a .npz file")
        );
    };
    parameters(path, &what.model.network, &tensors, &what.model.stored)
}

fn describe(what: &Asked, found: &Found<'_>, asked: &Check) -> String {
    let mut text = format!("{}\n", what.heading());
    let kink = "beside a kink";
    text += &found
        .differences
        .line("backpropagation against carried differences", kink);
    if let Some(compared) = &found.one_by_one {
        let against = "backpropagation against parameters moved one by one";
        text += &compared.line(against, "beside a kink or a sharp bend");
    }
    if let (Some(compared), Some(path)) = (&found.given, &asked.gradient) {
        text += &compared.line(&format!("{} against backpropagation", path.display()), kink);
    }
    if !found.wrong.is_empty() {
        text += &format!("\n{}", wrong_told(&found.wrong));
    }
    text + found.verdict()
}

impl Compared {
    /// A line that tells how the two compare.
    fn line(&self, against: &str, kink: &str) -> String {
        let components = text::counted(self.compared, "component", "components");
        let verdict = match (self.compared, self.wrong) {
            (0, _) => "nothing could be compared".to_owned(),
            (1, 0) => "agrees".to_owned(),
            (_, 0) => "agree".to_owned(),
            (_, 1) => "1 differs".to_owned(),
            (_, wrong) => format!("{wrong} differ"),
        };
        let largest = match self.largest.0 {
            _ if self.compared == 0 => String::new(),
            0.0 => "; no difference".to_owned(),
            largest if !largest.is_finite() => format!("; no finite difference at {}", self.at),
            // All components are 0 but for rounding, and nothing is a part of that.
            largest if largest > 1.0 / f64::EPSILON => {
                format!("; largest difference from a component of 0, at {}", self.at)
            }
            largest => format!(
                "; largest difference {}, at {}",
                if largest > 1.0 {
                    format!("{} times its component", text::brief(largest))
                } else {
                    format!("{} of a component", text::size(largest))
                },
                self.at
            ),
        };
        let left_out = |count: usize, why: &str| match count {
            0 => String::new(),
            count => format!("; {count} {why} left out"),
        };
        let kinks = left_out(self.kinks, kink);
        let coarse = left_out(self.coarse, "of which a difference has too few digits");
        format!("{against}: {components}, {verdict}{largest}{kinks}{coarse}\n")
    }
}

/// The first of the wrong components, a line each.
fn wrong_told(wrong: &[Wrong]) -> String {
    let mut table = Table::new(&[
        ("wrong", Align::Left),
        ("layer", Align::Point),
        ("neuron", Align::Point),
        ("input", Align::Point),
        ("given", Align::Point),
        ("ours", Align::Point),
        ("off by", Align::Point),
    ]);
    let place = |place: Option<usize>| place.map_or_else(String::new, |place| place.to_string());
    for wrong in wrong.iter().take(SHOWN) {
        table.row([
            wrong.name.clone(),
            wrong.layer.to_string(),
            place(wrong.neuron),
            place(wrong.input),
            text::brief(wrong.theirs.0),
            text::brief(wrong.ours.0),
            match wrong.relative {
                _ if !wrong.theirs.0.is_finite() => "no number".to_owned(),
                Some(Number(part)) if part.abs() < 5e-6 => format!("{:.1e} %", 100.0 * part),
                Some(Number(part)) => format!("{:.3} %", 100.0 * part),
                None => text::brief(wrong.theirs.0 - wrong.ours.0),
            },
        ]);
    }
    let more = match wrong.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("and {more} more\n"),
    };
    table.lines() + &more
}

impl Found<'_> {
    /// Whether the gradient is right, in a line.
    fn verdict(&self) -> &'static str {
        let others = self.one_by_one.iter().chain(&self.given);
        let mut compared = others.chain([&self.differences]);
        match (self.right, compared.any(|compared| compared.wrong > 0)) {
            (true, _) => "\nthe gradient is right\n",
            (false, true) => "\nthe gradient is wrong\n",
            (false, false) => {
                "\nnothing tells whether the gradient is right: look at it with other weights\n"
            }
        }
    }
}
