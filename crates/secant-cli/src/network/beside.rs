//! What a file tells beside the weights of a network, in lines of its own: the names of the classes in the order of the outputs, as a list of JSON, and the
//! layers that the weights belong to, where the file does not hold them itself.

use std::collections::BTreeMap;
use std::path::Path;

use secant_train::{Loss, Network};

use crate::failure::Failure;

/// What the lines are called.
const CLASSES: &str = "secant.classes";
const LAYERS: &str = "secant.layers";

/// The line of these names of classes, where there are any.
pub(super) fn of_classes(classes: &[String]) -> BTreeMap<String, String> {
    let names = || (CLASSES.to_owned(), serde_json::json!(classes).to_string());
    (!classes.is_empty()).then(names).into_iter().collect()
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
