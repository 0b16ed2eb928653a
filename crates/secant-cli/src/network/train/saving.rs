//! The network as files, for samples as they were before they were standardised.

use std::path::PathBuf;

use secant_model::onnx;
use secant_model::weights::{self, Tensors};

use super::SAVED;
use crate::failure::{Failure, told};
use crate::network::{Asked, beside, of_model};
use crate::text;

/// The bytes of each file.
pub(super) fn files(paths: &[PathBuf], found: &Asked) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let network = &found.model.network;
    let parameters = unscaled(found)?;
    let samples = &found.samples;
    let standardised = found.scale.is_some() || found.model.standardised;
    let about = beside::lines(&samples.classes, &samples.features, standardised);
    let mut files = Vec::new();
    for path in paths {
        let bytes = if SAVED.of(path)? == "onnx" {
            onnx::write(network, &parameters, found.model.ending, &about)
        } else {
            let tensors = weights::of_network(network, &parameters);
            let layers = beside::of_layers(network);
            let about = about.clone().into_iter().chain([layers]).collect();
            Tensors { tensors, about }.write()
        };
        files.push((path.clone(), bytes.map_err(|error| of_model(path, &error))?));
    }
    Ok(files)
}

/// The parameters for samples that are not shifted and scaled.
fn unscaled(found: &Asked) -> Result<Vec<f64>, Failure> {
    let parameters = &found.model.parameters;
    let Some(scale) = &found.scale else {
        return Ok(parameters.clone());
    };
    scale
        .taken_in(&found.model.network, parameters)
        .map_err(|error| {
            told(&error).hint("standardise the samples before, and leave --standardise out")
        })
}

/// That the loss of the saved network is not the one that was told: features far from 0 beside their deviation cost digits where the first layer takes the
/// scale into itself.
pub(super) fn doubt(paths: &[PathBuf], found: &Asked) -> Result<Option<String>, Failure> {
    /// The first digits are told.
    const TOLD: f64 = 5e-5;
    let Some(scale) = found.scale.as_ref().filter(|_| !paths.is_empty()) else {
        return Ok(None);
    };
    let mut as_given = found.clone();
    let columns = &mut as_given.samples.columns;
    for feature in 0..columns.features() {
        for x in columns.column_mut(feature) {
            *x = scale.undone(feature, *x);
        }
    }
    let loss = |found: &Asked, parameters: &[f64]| {
        let loss = found.objective()?.loss(parameters);
        loss.map_err(|error| told(&error))
    };
    let here = loss(found, &found.model.parameters)?;
    let saved = loss(&as_given, &unscaled(found)?)?;
    let agree = (here - saved).abs() <= TOLD * here.abs();
    Ok((!agree).then(|| {
        format!(
            "the saved network, which takes samples as they were, has a loss of {}, not {}: features lie so far from 0 beside their deviation that digits cancel; standardise the samples before, and leave --standardise out",
            text::size(saved),
            text::size(here)
        )
    }))
}
