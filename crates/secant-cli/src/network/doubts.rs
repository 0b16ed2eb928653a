//! What is to be doubted in an answer about a network, in words: numbers that are not finite, kinks that numbers lie on, and rounding.

use secant_train::{Inspection, NotFinite};

use super::{Asked, told};
use crate::failure::Failure;
use crate::text;

/// A difference whose rounding may be a larger part of it is doubted.
const ROUNDING: f64 = 0.01;

/// One run of all samples, looked at.
pub(super) fn inspect(what: &Asked) -> Result<Inspection, Failure> {
    what.objective()?
        .inspect(&what.model.parameters)
        .map_err(|error| told(&error))
}

/// That a loss is not finite, with the first sample and layer where it comes about.
pub(super) fn not_finite(what: &Asked, found: &Inspection) -> Option<String> {
    let NotFinite { sample, layer } = found.not_finite?;
    let layer = layer.and_then(|place| Some((place, what.model.network.layers().nth(place)?)));
    let cause = layer.map_or_else(
        || "all outputs are".to_owned(),
        |(place, layer)| {
            format!(
                "an output of layer {place}, {}, is the first number that is not",
                layer.describe()
            )
        },
    );
    Some(format!(
        "the loss of sample {sample} is not finite; {cause}"
    ))
}

/// How many numbers lie exactly at a kink, if any do.
pub(super) fn kinks(found: &Inspection) -> Option<String> {
    let of_layers = text::counted(found.kinks, "pre-activation", "pre-activations");
    let of_loss = text::counted(found.loss_kinks, "output", "outputs");
    let which = match (found.kinks, found.loss_kinks) {
        (0, 0) => return None,
        (_, 0) => of_layers,
        (0, _) => format!("{of_loss} of the network"),
        _ => format!("{of_layers} and {of_loss} of the network"),
    };
    let verb = if found.kinks + found.loss_kinks == 1 {
        "lies"
    } else {
        "lie"
    };
    Some(format!(
        "{which} {verb} exactly at a kink: derivatives there are those agreed on in training, as relu'(0) = 0"
    ))
}

/// That differences of two losses have few digits left.
pub(super) fn rounding(share: f64) -> Option<String> {
    if share <= ROUNDING {
        return None;
    }
    let part = if share < 1.0 {
        format!("{} % of the largest impact", text::size(100.0 * share))
    } else {
        "as large as all of them".to_owned()
    };
    Some(format!(
        "impacts are differences of two losses over a delta so small that their rounding may be {part}; --way structured loses no digits, or give a larger --delta"
    ))
}

/// Doubts as they stand in a text, a line each.
pub(super) fn lines(warnings: &[String]) -> String {
    warnings
        .iter()
        .map(|warning| format!("warning: {warning}\n"))
        .collect()
}
