//! What a file tells beside the weights of a network, in lines of its own: the names of the classes in the order of the outputs and of the features in theirs, as lists of JSON,
//! whether it was standardised, and the layers that the weights belong to, where the file does not hold them itself.

use std::collections::BTreeMap;
use std::path::Path;

use secant_train::{Loss, Network};

use crate::failure::Failure;

/// What the lines are called.
const CLASSES: &str = "secant.classes";
const LAYERS: &str = "secant.layers";
const FEATURES: &str = "secant.features";
const STANDARDISED: &str = "secant.standardised";

/// The lines of these names, where there are any, and whether the network holds what its features were shifted and scaled by.
pub(super) fn lines(
    classes: &[String],
    features: &[String],
    standardised: bool,
) -> BTreeMap<String, String> {
    let names = [(CLASSES, classes), (FEATURES, features)].into_iter();
    let names = names.filter(|(_, names)| !names.is_empty());
    let names = names.map(|(name, names)| (name.to_owned(), serde_json::json!(names).to_string()));
    let standardised = standardised.then(|| (STANDARDISED.to_owned(), true.to_string()));
    names.chain(standardised).collect()
}

/// Whether a file tells that its network was standardised, and so takes samples as they were before.
pub(super) fn is_standardised(about: &BTreeMap<String, String>) -> bool {
    about.contains_key(STANDARDISED)
}

/// The names of the features that a file tells; none where it tells none.
pub(super) fn features(about: &BTreeMap<String, String>) -> Vec<String> {
    let line = about.get(FEATURES);
    line.and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_default()
}

/// The line of the layers.
pub(super) fn of_layers(network: &Network) -> (String, String) {
    (LAYERS.to_owned(), layers(network))
}

/// The layers of a network in words.
pub(super) fn layers(network: &Network) -> String {
    let layers: Vec<String> = network.layers().map(|layer| layer.describe()).collect();
    layers.join(", ")
}

/// The names of classes that a file tells; none where it tells none.
pub(super) fn classes(
    path: &Path,
    about: &BTreeMap<String, String>,
    network: &Network,
) -> Result<Vec<String>, Failure> {
    let Some(line) = about.get(CLASSES) else {
        return Ok(Vec::new());
    };
    let wanted = Loss::classes(network.outputs_count());
    let names: Option<Vec<String>> = serde_json::from_str(line).ok();
    names.filter(|names| names.len() == wanted).ok_or_else(|| {
        let path = path.display();
        let message = format!("{path}: {CLASSES} is no list of {wanted} names of classes");
        Failure::new("format", message)
    })
}

/// Refuses weights of other layers than these, where their file tells to which they belong, and where neither it nor anybody (`is_told`) says what stands
/// between them: with the same sizes, any activation would take them.
pub(super) fn same_layers(
    path: &Path,
    about: &BTreeMap<String, String>,
    network: &Network,
    is_told: bool,
) -> Result<(), Failure> {
    let own = layers(network);
    let path = path.display();
    match about.get(LAYERS) {
        Some(theirs) if *theirs != own => {
            let message = format!("'{path}' holds weights of {theirs}; asked for is {own}");
            Err(Failure::new("setting", message)
                .hint("give the --layers and the --activation that it was trained with"))
        }
        None if !is_told && network.layers().count() > 1 => {
            let message = format!("'{path}' does not tell what stands between its layers");
            Err(Failure::new("setting", message).hint("give --activation, such as tanh"))
        }
        _ => Ok(()),
    }
}
