//! Where a run stands, as a file: parameters, what the optimiser remembers, the source of chance, the best weights so far and the losses told. It is
//! written whole or not at all, so that whatever ends the run, the last one is there.

use std::path::Path;

use secant::optimiser::{Optimiser, Rule};
use secant_model::weights::{Named, Tensors};
use secant_train::Random;
use secant_train::training::State;

use super::digest::Digest;
use crate::failure::Failure;
use crate::network::of_model;
use crate::output;

/// All that the rest of a run depends on, beside what was asked.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) state: State<f64>,
    pub(super) best: Option<Best>,
    pub(super) history: History,
}

/// The weights with the smallest loss on samples kept apart.
#[derive(Debug, Clone)]
pub(super) struct Best {
    pub(super) loss: f64,
    pub(super) epoch: u64,
    pub(super) parameters: Vec<f64>,
}

impl Best {
    /// Whether another loss is better: any number is better than none.
    pub(super) fn is_beaten_by(&self, loss: f64) -> bool {
        loss < self.loss || (self.loss.is_nan() && !loss.is_nan())
    }
}

/// The losses of some epochs, evenly spread, for the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct History {
    /// Every so many epochs.
    stride: u64,
    pub(super) losses: Vec<f64>,
    pub(super) validation: Vec<f64>,
}

impl History {
    /// More are thinned out.
    const MOST: usize = 4096;

    pub(super) fn new() -> Self {
        Self {
            stride: 1,
            losses: Vec::new(),
            validation: Vec::new(),
        }
    }

    /// Takes the loss of an epoch, counted from 1.
    pub(super) fn add(&mut self, epoch: u64, loss: f64, validation: Option<f64>) {
        if !(epoch - 1).is_multiple_of(self.stride) {
            return;
        }
        self.losses.push(loss);
        self.validation.extend(validation);
        if self.losses.len() > Self::MOST {
            self.stride *= 2;
            for losses in [&mut self.losses, &mut self.validation] {
                let mut place = 0;
                losses.retain(|_| {
                    place += 1;
                    place % 2 == 1
                });
            }
        }
    }

    /// The losses of samples learned from, each beside the time in epochs at which it was computed: at this moment of its epoch.
    pub(super) fn learned(&self, moment: f64) -> Vec<[f64; 2]> {
        self.points(&self.losses, moment)
    }

    /// The losses of samples kept apart, each at the end of its epoch.
    pub(super) fn apart(&self) -> Vec<[f64; 2]> {
        self.points(&self.validation, 1.0)
    }

    fn points(&self, losses: &[f64], moment: f64) -> Vec<[f64; 2]> {
        let begun = |place: usize| (self.stride * place as u64) as f64;
        let point = |(place, loss): (usize, &f64)| [begun(place) + moment, *loss];
        losses.iter().enumerate().map(point).collect()
    }
}

/// Writes where a run stands; `run` tells what was asked, and nothing else may resume it.
pub(super) fn write(path: &Path, standing: &Standing, run: &str) -> Result<(), Failure> {
    let vector = |name: String, values: &[f64]| Named {
        name,
        shape: vec![values.len()],
        values: values.to_vec(),
    };
    let state = &standing.state;
    let mut tensors = vec![
        vector("parameters".to_owned(), &state.parameters),
        vector("losses".to_owned(), &standing.history.losses),
        vector("validation".to_owned(), &standing.history.validation),
    ];
    for (place, memory) in state.optimiser.memory().iter().enumerate() {
        tensors.push(vector(format!("memory.{place}"), memory));
    }
    let mut about = vec![
        ("run", run.to_owned()),
        ("epoch", state.epoch.to_string()),
        ("steps", state.optimiser.steps().to_string()),
        ("random", state.random.state().to_string()),
        ("stride", standing.history.stride.to_string()),
    ];
    if let Some(best) = &standing.best {
        tensors.push(vector("best".to_owned(), &best.parameters));
        about.push(("best-epoch", best.epoch.to_string()));
        about.push(("best-loss", best.loss.to_bits().to_string()));
    }
    let about = about
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let mut file = Tensors { tensors, about };
    file.about.insert(CHECKSUM.to_owned(), checksum(&file));
    let bytes = file.write().map_err(|error| of_model(path, &error))?;
    output::write(&[(path.to_owned(), bytes)])
}

const CHECKSUM: &str = "checksum";
/// How the line of a run begins that tells its numbers by their digest, which says nothing to a reader.
pub(super) const NUMBERS: &str = "samples and first weights ";

/// All that a checkpoint holds beside this, as one number.
fn checksum(file: &Tensors) -> String {
    let mut digest = Digest::new();
    for (key, value) in file.about.iter().filter(|(key, _)| *key != CHECKSUM) {
        digest.text(key);
        digest.text(value);
    }
    let mut tensors: Vec<&Named> = file.tensors.iter().collect();
    tensors.sort_by_key(|tensor| &tensor.name);
    for tensor in tensors {
        digest.text(&tensor.name);
        digest.numbers(&tensor.values);
    }
    digest.to_string()
}

/// That a checkpoint holds what was written, and numbers from which a run can go on.
fn check_whole(path: &Path, file: &Tensors) -> Result<(), Failure> {
    let damaged = |how: String| {
        Failure::new("format", format!("'{}' is damaged: {how}", path.display()))
            .hint("begin again without --resume, or from an older copy")
    };
    if file.about.get(CHECKSUM) != Some(&checksum(file)) {
        return Err(damaged(
            "its checksum is not that of its contents".to_owned(),
        ));
    }
    let goes_on =
        |name: &str| name == "parameters" || name == "best" || name.starts_with("memory.");
    let odd = |tensor: &&Named| tensor.values.iter().any(|value| !value.is_finite());
    let mut needed = file.tensors.iter().filter(|tensor| goes_on(&tensor.name));
    match needed.find(odd) {
        Some(tensor) => Err(damaged(format!(
            "a number of '{}' is not finite",
            tensor.name
        ))),
        None => Ok(()),
    }
}

/// Reads where a run stood that was asked the same.
pub(super) fn read(path: &Path, rule: Rule, run: &str) -> Result<Standing, Failure> {
    let bytes = std::fs::read(path).map_err(|reason| Failure::unread(path, &reason))?;
    let file = Tensors::read(&bytes).map_err(|error| of_model(path, &error))?;
    let broken = || {
        Failure::new(
            "format",
            format!("'{}' is no checkpoint of a training", path.display()),
        )
    };
    let theirs = file.about.get("run").ok_or_else(broken)?;
    check_whole(path, &file)?;
    if theirs != run {
        return Err(Failure::new(
            "mismatch",
            format!(
                "'{}' belongs to another run: {}",
                path.display(),
                difference(theirs, run)
            ),
        )
        .hint("resume with the settings it began with, or name another checkpoint"));
    }
    let whole = |key: &str| -> Result<u64, Failure> {
        file.about
            .get(key)
            .and_then(|text| text.parse().ok())
            .ok_or_else(broken)
    };
    let values = |name: &str| file.named(name).map(|tensor| tensor.values.clone());
    let parameters = values("parameters").ok_or_else(broken)?;
    let memory: Option<Vec<Vec<f64>>> = (0..rule.memory())
        .map(|place| values(&format!("memory.{place}")))
        .collect();
    let memory = memory.ok_or_else(broken)?;
    let optimiser = Optimiser::resumed(rule, parameters.len(), whole("steps")?, memory)
        .map_err(|_| broken())?;
    let best = match values("best") {
        None => None,
        Some(parameters) => Some(Best {
            loss: f64::from_bits(whole("best-loss")?),
            epoch: whole("best-epoch")?,
            parameters,
        }),
    };
    Ok(Standing {
        state: State {
            parameters,
            optimiser,
            random: Random::new(whole("random")?),
            epoch: whole("epoch")?,
        },
        best,
        history: History {
            stride: whole("stride")?.max(1),
            losses: values("losses").ok_or_else(broken)?,
            validation: values("validation").unwrap_or_default(),
        },
    })
}

/// The first setting in which two runs differ.
fn difference(theirs: &str, ours: &str) -> String {
    let pairs = theirs.split('\n').zip(ours.split('\n'));
    let mut different = pairs.filter(|(theirs, ours)| theirs != ours);
    different.next().map_or_else(String::new, |(theirs, ours)| {
        if ours.starts_with(NUMBERS) {
            "its samples or its first weights are others".to_owned()
        } else {
            format!("there {theirs}, here {ours}")
        }
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    #[test]
    fn a_loss_that_is_no_number_does_not_stay_the_best() {
        let best = |loss: f64| Best {
            loss,
            epoch: 1,
            parameters: Vec::new(),
        };
        assert!(best(f64::NAN).is_beaten_by(5.0) && best(5.0).is_beaten_by(4.0));
        assert!(!best(5.0).is_beaten_by(f64::NAN) && !best(f64::NAN).is_beaten_by(f64::NAN));
        assert!(!best(5.0).is_beaten_by(5.0));
    }

    fn kept(name: &str, parameter: f64) -> Result<Standing, Failure> {
        let path = std::env::temp_dir().join(format!("secant-{name}-{}", std::process::id()));
        let standing = Standing {
            state: State::new(vec![0.5, parameter], Rule::adam(), 0),
            best: None,
            history: History::new(),
        };
        write(&path, &standing, "run").unwrap();
        let read = read(&path, Rule::adam(), "run");
        std::fs::remove_file(&path).unwrap();
        read
    }

    #[test]
    fn a_checkpoint_whose_numbers_are_not_finite_is_refused() {
        let standing = kept("finite", -2.0).unwrap();
        assert_eq!(standing.state.parameters, [0.5, -2.0]);
        for odd in [f64::NAN, f64::INFINITY] {
            let refused = kept("odd", odd).unwrap_err();
            let told = format!("{refused:?}");
            assert!(told.contains("'parameters' is not finite"), "{told}");
        }
    }
}
