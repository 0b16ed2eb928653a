//! [`Running`]: a training under way, with its bar, its log and its checkpoints. It ends when all epochs are done, when patience does, or when it is
//! interrupted, and keeps where it stands.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use secant_train::training::{Divergence, Epoch, Settings, Stop, Training};
use secant_train::{Network, Objective};
use serde::Serialize;

use super::checkpoint::{self, Best, History, Standing};
use super::log::Log;
use super::{Part, Split};
use crate::failure::Failure;
use crate::interrupt;
use crate::json::Number;
use crate::network::Asked;
use crate::network::args::Train;
use crate::network::{ends_in, told};
use crate::progress;
use crate::text;

/// The bar is drawn anew at most so often.
const DRAWN: Duration = Duration::from_millis(100);
/// Weights that a moving picture shows.
const SNAPSHOTS: u64 = 60;

/// What is told of an epoch.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Told {
    pub(super) epoch: u64,
    pub(super) loss: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accuracy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) validation: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) validation_accuracy: Option<f64>,
    pub(super) rate: Number,
    pub(super) gradient: Number,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    Patience,
    AtRest,
    Interrupted,
    /// The checkpoint stood at the last epoch, or behind it.
    NothingLeft,
}

impl End {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Patience => "patience",
            Self::AtRest => "at rest",
            Self::Interrupted => "interrupted",
            Self::NothingLeft => "nothing left",
        }
    }
}

/// What a run came to.
pub(super) struct Done {
    pub(super) end: End,
    pub(super) epoch: u64,
    /// The last weights, or the best ones where they are asked for.
    pub(super) parameters: Vec<f64>,
    pub(super) best: Option<u64>,
    pub(super) told: Vec<Told>,
    pub(super) history: History,
    /// The moment of its epoch at which a loss of the samples learned from was computed.
    pub(super) moment: f64,
    pub(super) snapshots: Vec<Snapshot>,
}

/// Weights on the way.
pub(super) struct Snapshot {
    pub(super) epoch: u64,
    pub(super) parameters: Vec<f64>,
}

/// A training under way.
pub(super) struct Running<'a> {
    asked: &'a Train,
    /// What the run is, for its checkpoints.
    run: &'a str,
    network: &'a Network,
    training: Training<'a, f64>,
    /// The loss where the weights stand: a step knows it where they stood.
    learned: Objective<'a, f64>,
    apart: Option<Objective<'a, f64>>,
    best: Option<Best>,
    history: History,
    told: Vec<Told>,
    snapshots: Vec<Snapshot>,
    log: Option<Log>,
    bar: ProgressBar,
    drawn: Instant,
    kept: Instant,
    interrupted: Arc<AtomicBool>,
}

impl<'a> Running<'a> {
    pub(super) fn new(
        asked: &'a Train,
        found: &'a Asked,
        split: &'a Split,
        settings: Settings,
        standing: Standing,
        run: &'a str,
    ) -> Result<Self, Failure> {
        let network = &found.model.network;
        let objective =
            |part: &'a Part| Objective::new(network, &found.loss, &part.samples, &part.targets);
        let apart = split
            .apart
            .as_ref()
            .map(objective)
            .transpose()
            .map_err(|error| told(&error))?;
        let log = asked
            .log
            .as_deref()
            .map(|path| Log::open(path, standing.state.epoch))
            .transpose()?;
        let bar = bar(asked.epochs, standing.state.epoch);
        let Part { samples, targets } = &split.learned;
        let training = Training::new(
            network,
            &found.loss,
            samples,
            targets,
            settings,
            standing.state,
        );
        Ok(Self {
            asked,
            run,
            network,
            training: training.map_err(|error| told(&error))?,
            learned: objective(&split.learned).map_err(|error| told(&error))?,
            apart,
            best: standing.best,
            history: standing.history,
            told: Vec::new(),
            snapshots: Vec::new(),
            log,
            bar,
            drawn: Instant::now(),
            kept: Instant::now(),
            interrupted: interrupt::heard()?,
        })
    }

    /// All epochs, or as many as there will be.
    pub(super) fn all(mut self) -> Result<Done, Failure> {
        let begun = self.training.state().epoch;
        let end = loop {
            let epoch = self.training.state().epoch;
            if epoch >= self.asked.epochs {
                break if begun > 0 && begun == epoch {
                    End::NothingLeft
                } else {
                    End::Done
                };
            }
            if self.is_out_of_patience() {
                break End::Patience;
            }
            if self.interrupted.load(Ordering::Relaxed) {
                break End::Interrupted;
            }
            if self.epoch()?.is_break() {
                break End::AtRest;
            }
        };
        self.bar.finish_and_clear();
        self.keep()?;
        if let Some(log) = &mut self.log {
            log.flush()?;
        }
        let best = self.best.filter(|_| self.asked.patience.is_some());
        let moment = self.training.moment();
        let state = self.training.into_state();
        Ok(Done {
            end,
            epoch: state.epoch,
            best: best.as_ref().map(|best| best.epoch),
            parameters: best.map_or(state.parameters, |best| best.parameters),
            told: self.told,
            history: self.history,
            moment,
            snapshots: self.snapshots,
        })
    }

    fn is_out_of_patience(&self) -> bool {
        let since = self
            .best
            .as_ref()
            .map_or(0, |best| self.training.state().epoch - best.epoch);
        self.asked
            .patience
            .is_some_and(|patience| since >= patience.max(1))
    }

    /// One epoch, and all that is told and kept of it. It breaks off where the run is at rest.
    fn epoch(&mut self) -> Result<ControlFlow<()>, Failure> {
        if self.is_snapshot() {
            let state = self.training.state();
            self.snapshots.push(Snapshot {
                epoch: state.epoch,
                parameters: state.parameters.clone(),
            });
        }
        let done = match self.training.epoch() {
            Ok(done) => done,
            Err(stop) => {
                self.bar.finish_and_clear();
                return Err(self.stopped(stop));
            }
        };
        if self.training.is_at_rest(&done) {
            return Ok(ControlFlow::Break(()));
        }
        let epoch = self.training.state().epoch;
        let validation = self.validation()?;
        self.history.add(epoch, done.loss, validation);
        let best = self.best.as_ref();
        let is_better = |loss: &f64| best.is_none_or(|best| best.is_beaten_by(*loss));
        if let Some(loss) = validation.filter(is_better) {
            let parameters = self.training.state().parameters.clone();
            self.best = Some(Best {
                loss,
                epoch,
                parameters,
            });
        }
        let is_told = is_told(epoch) || epoch == self.asked.epochs;
        if is_told || self.log.is_some() {
            let row = self.row(epoch, done)?;
            if let Some(log) = &mut self.log {
                log.row(&row)?;
            }
            if is_told {
                self.told.push(row);
            }
        }
        self.draw(epoch, done)?;
        if self.kept.elapsed().as_secs_f64() >= self.asked.every {
            self.keep()?;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The loss on samples kept apart.
    fn validation(&mut self) -> Result<Option<f64>, Failure> {
        let parameters = &self.training.state().parameters;
        let loss = self.apart.as_mut().map(|apart| apart.loss(parameters));
        loss.transpose().map_err(|error| told(&error))
    }

    /// Loss and accuracy on the samples learned from, right after the epoch.
    fn reached(&mut self) -> Result<(f64, Option<f64>), Failure> {
        let parameters = &self.training.state().parameters;
        let reached = self.learned.loss_and_accuracy(parameters);
        reached.map_err(|error| told(&error))
    }

    /// What is told of an epoch: all its losses and accuracies are those of the weights it ends with.
    fn row(&mut self, epoch: u64, done: Epoch<f64>) -> Result<Told, Failure> {
        let (loss, accuracy) = self.reached()?;
        let parameters = &self.training.state().parameters;
        let apart = self.apart.as_mut();
        let validation = apart
            .map(|apart| apart.loss_and_accuracy(parameters))
            .transpose()
            .map_err(|error| told(&error))?;
        Ok(Told {
            epoch,
            loss: Number(loss),
            accuracy,
            validation: validation.map(|(loss, _)| Number(loss)),
            validation_accuracy: validation.and_then(|(_, accuracy)| accuracy),
            rate: Number(done.rate),
            gradient: Number(done.gradient),
        })
    }

    fn draw(&mut self, epoch: u64, done: Epoch<f64>) -> Result<(), Failure> {
        if self.bar.is_hidden() || (self.drawn.elapsed() < DRAWN && epoch < self.asked.epochs) {
            return Ok(());
        }
        self.drawn = Instant::now();
        let (loss, right) = self.reached()?;
        let right = right.map_or_else(String::new, |right| format!(", accuracy {right:.3}"));
        let (loss, rate) = (text::brief(loss), text::brief(done.rate));
        self.bar
            .set_message(format!("loss {loss}{right}, rate {rate}"));
        self.bar.set_position(epoch);
        Ok(())
    }

    /// Writes where the run stands, where a checkpoint is kept.
    fn keep(&mut self) -> Result<(), Failure> {
        let Some(path) = &self.asked.checkpoint else {
            return Ok(());
        };
        let standing = Standing {
            state: self.training.state().clone(),
            best: self.best.clone(),
            history: self.history.clone(),
        };
        // No checkpoint stands behind lines that the log lacks.
        if let Some(log) = &mut self.log {
            log.flush()?;
        }
        checkpoint::write(path, &standing, self.run)?;
        self.kept = Instant::now();
        Ok(())
    }

    /// Whether a moving picture shows these weights: more at the beginning, where most changes.
    fn is_snapshot(&self) -> bool {
        let moves = |path: &Path| ends_in(path, "gif") || ends_in(path, "html");
        if !self.asked.drawing.output.iter().any(|path| moves(path)) {
            return false;
        }
        let (epoch, all) = (self.training.state().epoch, self.asked.epochs.max(1));
        let frame = |epoch: u64| (SNAPSHOTS as f64 * (epoch as f64 / all as f64).sqrt()) as u64;
        epoch == 0 || frame(epoch) != frame(epoch - 1)
    }

    /// Why the run cannot go on.
    fn stopped(&self, stop: Stop) -> Failure {
        let Divergence {
            epoch,
            step,
            what,
            layer,
        } = match stop {
            Stop::Refused(error) => return told(&error),
            Stop::Diverged(divergence) => divergence,
        };
        let layer = layer.and_then(|place| Some((place, self.network.layers().nth(place)?)));
        let layer = layer.map_or_else(String::new, |(place, layer)| {
            format!(" of layer {place}, {},", layer.describe())
        });
        let is = if what.ends_with('s') && what != "loss" {
            "are"
        } else {
            "is"
        };
        // Before the first step there is nothing to diverge from.
        if step <= 1 && !what.starts_with("parameter") && self.training.state().epoch == 0 {
            let message = format!(
                "the {what}{layer} {is} not finite at the weights that the training begins with"
            );
            return Failure::new("not-finite", message).hint(
                "look at the samples, at the weights, and at what stands between the layers",
            );
        }
        let kept = match &self.asked.checkpoint {
            Some(path) if path.exists() => {
                format!("; '{}' holds the last good weights", path.display())
            }
            _ => String::new(),
        };
        Failure::new("diverged", format!("the training diverged at step {step}, in epoch {epoch}: the {what}{layer} {is} no longer finite{kept}"))
            .hint("a smaller --rate, or --clip 1, may help")
    }
}

/// Whether the table tells an epoch: 1, 2, 5, 10, 20, …
fn is_told(epoch: u64) -> bool {
    let mut leading = epoch;
    while leading >= 10 && leading.is_multiple_of(10) {
        leading /= 10;
    }
    matches!(leading, 1 | 2 | 5)
}

/// A bar that a terminal shows, with the time left.
fn bar(epochs: u64, done: u64) -> ProgressBar {
    let template = "{bar:30} {pos} of {len} epochs, {eta} left, {msg}";
    let bar = progress::bar(epochs, template).with_position(done);
    bar.reset_eta();
    bar
}
