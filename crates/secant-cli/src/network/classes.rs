//! Names of classes beside the weights of a network: a line of its file, in which a list of JSON tells them in the order of the outputs.

use std::collections::BTreeMap;
use std::path::Path;

use secant_train::{Loss, Network};

use crate::failure::Failure;

/// What the line is called.
const KEY: &str = "secant.classes";

/// What a file tells beside its weights, of these names.
pub(super) fn written(classes: &[String]) -> BTreeMap<String, String> {
    let names = || (KEY.to_owned(), serde_json::json!(classes).to_string());
    (!classes.is_empty()).then(names).into_iter().collect()
}

/// The names that a file tells; none where it tells none.
pub(super) fn read(
    path: &Path,
    about: &BTreeMap<String, String>,
    network: &Network,
) -> Result<Vec<String>, Failure> {
    let Some(line) = about.get(KEY) else {
        return Ok(Vec::new());
    };
    let wanted = Loss::classes(network.outputs_count());
    let names: Option<Vec<String>> = serde_json::from_str(line).ok();
    names.filter(|names| names.len() == wanted).ok_or_else(|| {
        let path = path.display();
        let message = format!("{path}: {KEY} is no list of {wanted} names of classes");
        Failure::new("format", message)
    })
}
