//! `secant check MODEL DATA`: the gradient by backpropagation held against carried differences of every parameter and, for a few, against moving them one by one; and
//! somebody else's gradient against ours.

use std::ops::ControlFlow;
use std::path::Path;

use secant_model::weights::{Named, Tensors};
use secant_train::{Objective, Random, impact};
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

/// Samples that every parameter is moved for, and numbers that they may come to.
const SAMPLES: usize = 64;
const NUMBERS: usize = 1 << 22;
/// How far it is moved on either side: carried differences lose no digits, so the step may be short.
const NEAR: f64 = 1.0 / 1_048_576.0;
/// How far a parameter is moved that all samples are passed for.
const FAR: f64 = 1e-4;
/// Where a kink close by leaves more than this part of a component in doubt, it is left out: so much could be wrong and not be seen.
const BLUNT: f64 = 0.01;
/// Wrong parameters that are told.
const SHOWN: usize = 10;

/// Two gradients that were held against each other.
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
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out references"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
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
    let tolerance = number("--tolerance", &asked.tolerance)?;
    if tolerance < 0.0 {
        return Err(Failure::new(
            "setting",
            format!("a tolerance of {tolerance} is met by nothing"),
        )
        .hint("it is 0 or above, such as 1e-6"));
    }
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
    let differences = differences(&what, tolerance)?;
    let one_by_one = (asked.naive > 0)
        .then(|| one_by_one(&what, asked.naive, asked.learned.seed))
        .transpose()?;
    let (given, wrong) = match &theirs {
        None => (None, Vec::new()),
        Some(theirs) => {
            let (compared, wrong) = held_against(&what, theirs, tolerance)?;
            (Some(compared), wrong)
        }
    };
    let of_ours = [Some(&differences), one_by_one.as_ref()];
    let of_ours = || of_ours.into_iter().flatten();
    // Where every component lies beside a kink, nothing was held against anything.
    let right = of_ours().any(|compared| compared.compared > 0)
        && of_ours().chain(&given).all(|compared| compared.wrong == 0);
    let found = Found {
        head: what.head(),
        right,
        differences,
        one_by_one,
        given,
        wrong,
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

/// The largest of many differences, and how many are too large.
struct Tally {
    compared: Compared,
}

impl Tally {
    fn new() -> Self {
        let compared = Compared {
            compared: 0,
            wrong: 0,
            largest: Number(0.0),
            at: String::new(),
            kinks: 0,
        };
        Self { compared }
    }

    /// Takes a difference, measured by a size, of which so much is allowed. A NaN is wrong.
    fn add(
        &mut self,
        difference: f64,
        size: f64,
        allowed: f64,
        at: impl FnOnce() -> String,
    ) -> bool {
        let share = if difference == 0.0 {
            0.0
        } else {
            difference.abs() / size
        };
        let is_wrong = difference
            .abs()
            .partial_cmp(&allowed)
            .is_none_or(std::cmp::Ordering::is_gt);
        self.compared.compared += 1;
        self.compared.wrong += usize::from(is_wrong);
        let Number(largest) = self.compared.largest;
        if share > largest || (share.is_nan() && !largest.is_nan()) {
            self.compared.largest = Number(share);
            self.compared.at = at();
        }
        is_wrong
    }
}

/// Components smaller than this part of the root mean square are measured by it: their own digits drown in the rounding of the others.
const FLOOR: f64 = 1e-3;

fn floor(gradient: &[f64]) -> f64 {
    let square: f64 = gradient.iter().map(|slope| slope * slope).sum();
    FLOOR * (square / gradient.len().max(1) as f64).sqrt()
}

/// Backpropagation against central differences that are carried to the loss, for every parameter on some of the samples.
fn differences(what: &Asked, tolerance: f64) -> Result<Compared, Failure> {
    let wrong = |error: secant::Error| told(&error);
    let (network, parameters) = (&what.model.network, what.model.parameters.as_slice());
    let size = parameters.len();
    let all = what.samples.columns.samples();
    let count = all.min(SAMPLES).min((NUMBERS / size.max(1)).max(1));
    let drawn: Vec<usize> = (0..count).map(|place| place * all / count).collect();
    let (samples, targets) = (
        what.samples.columns.gather(&drawn),
        what.samples.targets.gather(&drawn),
    );
    let mut objective = Objective::new(network, &what.loss, &samples, &targets).map_err(wrong)?;
    let mut rows = [
        vec![0.0; count * size],
        vec![0.0; count * size],
        vec![0.0; count * size],
    ];
    let [ours, ahead, behind] = &mut rows;
    objective.gradients(parameters, ours).map_err(wrong)?;
    let mut on = |_: usize, _: usize| ControlFlow::Continue(());
    let mut crossings = impact::structured(&mut objective, parameters, NEAR, ahead, &mut on)
        .map_err(wrong)?
        .crossings;
    crossings.extend(
        impact::structured(&mut objective, parameters, -NEAR, behind, &mut on)
            .map_err(wrong)?
            .crossings,
    );
    crossings.sort_unstable();
    crossings.dedup();
    let mut tally = Tally::new();
    for (sample, original) in drawn.iter().enumerate() {
        let row = sample * size..(sample + 1) * size;
        let (ours, ahead, behind) = (&ours[row.clone()], &ahead[row.clone()], &behind[row]);
        let floor = floor(ours).max(f64::MIN_POSITIVE);
        for parameter in 0..size {
            if crossings.binary_search(&(sample, parameter)).is_ok() {
                tally.compared.kinks += 1;
                continue;
            }
            let (central, bend) = (
                0.5 * (ahead[parameter] + behind[parameter]),
                (ahead[parameter] - behind[parameter]).abs(),
            );
            let length = ours[parameter].abs().max(floor);
            // What a central difference leaves out is far smaller than the bend that it takes out.
            let allowed = tolerance * length + 1e-3 * bend;
            let at = || {
                format!(
                    "{} on sample {}",
                    parameter_name(network, parameter),
                    original
                )
            };
            tally.add(ours[parameter] - central, length, allowed, at);
        }
    }
    Ok(tally.compared)
}

/// The gradient of the mean loss against moving a few parameters one by one, all samples passed for each.
fn one_by_one(what: &Asked, count: usize, seed: u64) -> Result<Compared, Failure> {
    let wrong = |error: secant::Error| told(&error);
    let (network, parameters) = (&what.model.network, what.model.parameters.as_slice());
    let (samples, targets) = (&what.samples.columns, &what.samples.targets);
    let mut objective = Objective::new(network, &what.loss, samples, targets).map_err(wrong)?;
    let mut gradient = vec![0.0; parameters.len()];
    let loss = objective
        .gradient(parameters, &mut gradient)
        .map_err(wrong)?;
    let floor = floor(&gradient).max(f64::MIN_POSITIVE);
    let mut moved = parameters.to_vec();
    let mut tally = Tally::new();
    for parameter in Random::new(seed)
        .order(parameters.len())
        .into_iter()
        .take(count)
    {
        let mut at = |delta: f64| {
            moved[parameter] = parameters[parameter] + delta;
            let loss = objective.loss(&moved);
            moved[parameter] = parameters[parameter];
            loss.map_err(wrong)
        };
        let mut sides = |step: f64| {
            let (right, left) = ((at(step)? - loss) / step, (loss - at(-step)?) / step);
            Ok::<_, Failure>((f64::midpoint(left, right), right - left))
        };
        // Two steps apart tell what the difference leaves out. How far the sides differ grows with the step where the loss
        // bends, and stays where a kink lies close by, of which two steps would see the same.
        let ((near, bend), (far, wide)) = (sides(FAR)?, sides(2.0 * FAR)?);
        let kink = (2.0 * bend - wide).abs();
        let rounding = 64.0 * f64::EPSILON * loss.abs() / FAR;
        let length = gradient[parameter].abs().max(floor);
        if kink > BLUNT * length {
            tally.compared.kinks += 1;
            continue;
        }
        let allowed = 2.0 * (near - far).abs() + kink + rounding + 1e-9 * length;
        tally.add(gradient[parameter] - near, length, allowed, || {
            parameter_name(network, parameter)
        });
    }
    Ok(tally.compared)
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
    parameters(path, &what.model.network, &tensors, &what.model.names)
}

/// Somebody else's gradient against ours, and what is wrong in it, the worst first.
fn held_against(
    what: &Asked,
    theirs: &[f64],
    tolerance: f64,
) -> Result<(Compared, Vec<Wrong>), Failure> {
    let network = &what.model.network;
    let (samples, targets) = (&what.samples.columns, &what.samples.targets);
    let mut objective =
        Objective::new(network, &what.loss, samples, targets).map_err(|error| told(&error))?;
    let mut ours = vec![0.0; theirs.len()];
    objective
        .gradient(&what.model.parameters, &mut ours)
        .map_err(|error| told(&error))?;
    let floor = floor(&ours).max(f64::MIN_POSITIVE);
    let mut tally = Tally::new();
    let mut wrong = Vec::new();
    for (parameter, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
        let length = ours.abs().max(floor);
        let at = || parameter_name(network, parameter);
        if !tally.add(theirs - ours, length, tolerance * length, at) {
            continue;
        }
        let Some(tensor) = network.tensor_of(parameter) else {
            continue;
        };
        let indices = tensor.indices(parameter).unwrap_or_default();
        wrong.push(Wrong {
            name: parameter_name(network, parameter),
            layer: tensor.layer,
            neuron: indices.first().copied(),
            input: indices.get(1).copied(),
            theirs: Number(*theirs),
            ours: Number(*ours),
            relative: (*ours != 0.0).then(|| Number((theirs - ours) / ours)),
        });
    }
    wrong.sort_by(|a, b| {
        (b.theirs.0 - b.ours.0)
            .abs()
            .total_cmp(&(a.theirs.0 - a.ours.0).abs())
    });
    Ok((tally.compared, wrong))
}

fn describe(what: &Asked, found: &Found<'_>, asked: &Check) -> String {
    let line = |against: &str, compared: &Compared| {
        let kinks = match compared.kinks {
            0 => String::new(),
            kinks => format!("; {kinks} beside a kink left out"),
        };
        let largest = match compared.largest.0 {
            0.0 => "no difference".to_owned(),
            // All components are 0 but for rounding, and nothing is a part of that.
            largest if largest > 1.0 / f64::EPSILON => {
                format!(
                    "largest difference from a component of 0, at {}",
                    compared.at
                )
            }
            largest => format!(
                "largest difference {} of a component, at {}",
                text::size(largest),
                compared.at
            ),
        };
        let verdict = match (compared.compared, compared.wrong) {
            (0, _) => "nothing could be compared".to_owned(),
            (1, 0) => "agrees".to_owned(),
            (_, 0) => "agree".to_owned(),
            (_, 1) => "1 differs".to_owned(),
            (_, wrong) => format!("{wrong} differ"),
        };
        let components = text::counted(compared.compared, "component", "components");
        format!("{against}: {components}, {verdict}; {largest}{kinks}\n")
    };
    let mut text = format!("{}\n", what.heading());
    text += &line(
        "backpropagation against carried differences",
        &found.differences,
    );
    if let Some(compared) = &found.one_by_one {
        text += &line(
            "backpropagation against parameters moved one by one",
            compared,
        );
    }
    if let (Some(compared), Some(path)) = (&found.given, &asked.gradient) {
        text += &line(
            &format!("{} against backpropagation", path.display()),
            compared,
        );
    }
    if !found.wrong.is_empty() {
        let mut table = Table::new(&[
            ("wrong", Align::Left),
            ("layer", Align::Point),
            ("neuron", Align::Point),
            ("input", Align::Point),
            ("given", Align::Point),
            ("ours", Align::Point),
            ("off by", Align::Point),
        ]);
        let place =
            |place: Option<usize>| place.map_or_else(String::new, |place| place.to_string());
        for wrong in found.wrong.iter().take(SHOWN) {
            table.row([
                wrong.name.clone(),
                wrong.layer.to_string(),
                place(wrong.neuron),
                place(wrong.input),
                text::brief(wrong.theirs.0),
                text::brief(wrong.ours.0),
                match wrong.relative {
                    Some(Number(part)) => format!("{:.3} %", 100.0 * part),
                    None => text::brief(wrong.theirs.0 - wrong.ours.0),
                },
            ]);
        }
        text += &format!("\n{}", table.lines());
        if found.wrong.len() > SHOWN {
            text += &format!("and {} more\n", found.wrong.len() - SHOWN);
        }
    }
    let compared = [
        Some(&found.differences),
        found.one_by_one.as_ref(),
        found.given.as_ref(),
    ];
    let is_wrong = compared
        .into_iter()
        .flatten()
        .any(|compared| compared.wrong > 0);
    text += match (found.right, is_wrong) {
        (true, _) => "\nthe gradient is right\n",
        (false, true) => "\nthe gradient is wrong\n",
        (false, false) => {
            "\nnothing tells whether the gradient is right: look at it with other weights\n"
        }
    };
    text
}
