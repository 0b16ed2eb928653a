//! `secant train`: what was asked becomes settings, the run goes its way ([`Running`]), and what came out is told, saved and drawn.

mod checkpoint;
mod digest;
mod figure;
mod log;
mod running;
mod saving;

use secant::optimiser::{AdaGrad, Adam, AdamW, Momentum, Nesterov, RmsProp, Rule, Schedule, Sgd};
use secant_train::training::{Settings, State};
use secant_train::{Columns, Targets, data};
use serde::Serialize;

use self::checkpoint::{History, Standing};
use self::digest::Digest;
use self::running::{End, Running, Told};
use crate::args::Format;
use crate::failure::Failure;
use crate::json::{self, Number};
use crate::network::args::{Train, TrainPicture};
use crate::network::look::Look;
use crate::network::{Asked, Head, beside, doubts, number, told};
use crate::output::{self, Answer, Formats};
use crate::page;
use crate::picture::{Files, Picture};
use crate::table::{Align, Table};
use crate::text;

/// How a network is saved.
const SAVED: Formats = Formats {
    what: "a network",
    endings: &["onnx", "safetensors"],
};

/// Samples to learn from, and those kept apart.
pub(super) struct Split {
    pub(super) learned: Part,
    pub(super) apart: Option<Part>,
}

/// Some of the samples.
pub(super) struct Part {
    pub(super) samples: Columns<f64>,
    pub(super) targets: Targets<f64>,
}

pub(crate) fn run(asked: &Train) -> Result<Answer, Failure> {
    let (pages, pictures) = page::parted(&asked.drawing.output);
    let files = Files::of(&pictures)?;
    let look = Look::new(&asked.drawing)?;
    for path in &asked.save {
        SAVED.of(path)?;
    }
    if let Some(path) = &asked.log {
        log::FORMATS.of(path)?;
    }
    let mut found = Asked::as_given(&asked.learned)?;
    let drawn = drawn(asked.validation, asked.learned.seed, &found)?;
    if asked.learned.standardise {
        // What is kept apart shall be as unknown as samples to come.
        found.standardise(drawn.as_ref().map(|drawn| drawn.learned.as_slice()))?;
    }
    if !pages.is_empty() || asked.picture == Some(TrainPicture::Regions) {
        figure::with_regions(&found)?;
    }
    let settings = settings(asked)?;
    // A network that cannot be saved is told before the work, not after it.
    saving::files(&asked.save, &found)?;
    let split = Split::of(&found, drawn);
    let run = identity(asked, &found, &settings);
    let standing = begin(asked, &found, settings.rule, &run)?;
    let done = Running::new(asked, &found, &split, settings, standing, &run)?.all()?;
    found.model.parameters.clone_from(&done.parameters);
    let files_of_network = saving::files(&asked.save, &found)?;
    output::write(&files_of_network)?;
    let warnings = saving::doubt(&asked.save, &found)?;
    let text = match asked.style.format {
        Format::Text if done.end == End::NothingLeft => format!(
            "{}\nnothing is left to do: {} done already, and --epochs asks for {} in all\n",
            found.heading(),
            text::counted(done.epoch, "epoch is", "epochs are"),
            asked.epochs
        ),
        Format::Text => {
            let told = describe(&found, &done.told, done.end, done.epoch, done.best);
            format!("{told}{}", doubts::lines(warnings.as_slice()))
        }
        Format::Json => json::document(&Document {
            head: found.head(),
            epochs: done.epoch,
            end: done.end.name(),
            best_epoch: done.best,
            told: &done.told,
            warnings: warnings.as_slice(),
        }),
    };
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let drafts = page::drafts(&pages, || figure::regions_page(&found, &done))?;
    let text = picture.beside(
        text,
        || figure::training(asked.picture, &found, &done, &look),
        || {
            figure::regions_moving(
                &found,
                &done.snapshots,
                done.best.unwrap_or(done.epoch),
                &look,
            )
        },
    )?;
    output::write(&drafts)?;
    Ok(Answer {
        text,
        doubtful: done.end == End::Interrupted || warnings.is_some(),
        ..Answer::default()
    })
}

/// How steps are taken.
fn settings(asked: &Train) -> Result<Settings, Failure> {
    let rule = rule(asked)?;
    let usual = if rule.searches() { 1.0 } else { 0.01 };
    let rate = asked.rate.as_deref().map(|rate| number("--rate", rate));
    Ok(Settings {
        rule,
        rate: rate.transpose()?.unwrap_or(usual),
        schedule: schedule(&asked.schedule)?,
        batch: asked.batch.map(|batch| batch as usize),
        clip: asked.clip,
    })
}

fn rule(asked: &Train) -> Result<Rule, Failure> {
    let name = asked.optimiser.as_str();
    let unknown = || Failure::new("setting", format!("'{name}' is no optimiser"));
    let mut rule = Rule::named(name).ok_or_else(unknown)?;
    if let Some(kept) = asked.momentum {
        rule = rule.with_momentum(kept).map_err(|error| told(&error))?;
    }
    if let Some(decay) = asked.weight_decay {
        rule = rule.with_decay(decay).map_err(|error| told(&error))?;
    }
    Ok(rule)
}

/// A schedule by its name and numbers, parted by colons.
fn schedule(text: &str) -> Result<Schedule, Failure> {
    let wrong = || {
        Failure::new("setting", format!("'{text}' is no schedule")).hint(
            "constant, inverse:5e-7, exponential:0.999, stairs:100:0.5, cosine:1000 and warm-up:100 are some",
        )
    };
    let parts: Vec<&str> = text.split(':').collect();
    let real = |text: &str| text.parse::<f64>().map_err(|_| wrong());
    let whole = |text: &str| {
        text.parse::<u64>()
            .ok()
            .filter(|value| *value > 0)
            .ok_or_else(wrong)
    };
    let schedule = match parts.as_slice() {
        ["constant"] => Schedule::Constant,
        ["inverse", decay] => Schedule::InverseTime {
            decay: real(decay)?,
        },
        ["exponential", factor] => Schedule::Exponential {
            factor: real(factor)?,
        },
        ["stairs", every, factor] => Schedule::Stairs {
            every: whole(every)?,
            factor: real(factor)?,
        },
        ["cosine", steps] => Schedule::Cosine {
            steps: whole(steps)?,
            least: 0.0,
        },
        ["cosine", steps, least] => Schedule::Cosine {
            steps: whole(steps)?,
            least: real(least)?,
        },
        ["warm-up", steps] => Schedule::WarmUp {
            steps: whole(steps)?,
        },
        _ => return Err(wrong()),
    };
    match schedule.check() {
        Ok(()) => Ok(schedule),
        Err(error) => Err(told(&error)),
    }
}

/// Which samples are kept apart, if a share of them is, drawn by the seed.
fn drawn(share: Option<f64>, seed: u64, found: &Asked) -> Result<Option<data::Split>, Failure> {
    let samples = found.samples.columns.samples();
    share
        .map(|share| data::split(samples, share, seed))
        .transpose()
        .map_err(|error| told(&error).hint("--validation 0.2 is usual"))
}

impl Split {
    fn of(found: &Asked, drawn: Option<data::Split>) -> Self {
        let (samples, targets) = (&found.samples.columns, &found.samples.targets);
        let part = |drawn: &[usize]| Part {
            samples: samples.gather(drawn),
            targets: targets.gather(drawn),
        };
        match drawn {
            Some(drawn) => Self {
                learned: part(&drawn.learned),
                apart: Some(part(&drawn.apart)),
            },
            None => Self {
                learned: Part {
                    samples: samples.clone(),
                    targets: targets.clone(),
                },
                apart: None,
            },
        }
    }
}

/// What a run is, for its checkpoint: all that its steps depend on, a line each.
fn identity(asked: &Train, found: &Asked, settings: &Settings) -> String {
    let mut digest = Digest::new();
    digest.numbers(found.samples.columns.values());
    match &found.samples.targets {
        Targets::Labels(labels) => labels.iter().for_each(|label| digest.word(*label as u64)),
        Targets::Values(values) => digest.numbers(values.values()),
    }
    digest.numbers(&found.model.parameters);
    let or = |number: Option<String>, none: &str| number.unwrap_or_else(|| none.to_owned());
    let lines = [
        format!("layers {}", beside::layers(&found.model.network)),
        format!(
            "loss {}",
            asked.learned.loss.as_deref().unwrap_or(found.loss.name())
        ),
        // Before the numbers that depend on it.
        format!("seed {}", asked.learned.seed),
        format!("{}{digest}", checkpoint::NUMBERS),
        format!(
            "validation {}",
            or(asked.validation.map(|share| share.to_string()), "none")
        ),
        format!("optimiser {}", rule_in_words(settings.rule)),
        format!("rate {}", settings.rate),
        format!("schedule {}", schedule_in_words(settings.schedule)),
        format!(
            "batch {}",
            or(
                settings.batch.map(|batch| batch.to_string()),
                "of all samples"
            )
        ),
        format!(
            "clip {}",
            or(settings.clip.map(|most| most.to_string()), "none")
        ),
    ];
    lines.join("\n")
}

/// A rule with what the command sets of it.
fn rule_in_words(rule: Rule) -> String {
    let name = rule.name();
    match rule {
        Rule::Momentum(Momentum { momentum, decay })
        | Rule::Nesterov(Nesterov { momentum, decay }) => {
            format!("{name}, momentum {momentum}, weight decay {decay}")
        }
        Rule::Sgd(Sgd { decay })
        | Rule::AdaGrad(AdaGrad { decay, .. })
        | Rule::RmsProp(RmsProp { decay, .. })
        | Rule::Adam(Adam { decay, .. })
        | Rule::AdamW(AdamW { decay, .. }) => format!("{name}, weight decay {decay}"),
        _ => name.to_owned(),
    }
}

/// A schedule as it is asked for.
fn schedule_in_words(schedule: Schedule) -> String {
    match schedule {
        Schedule::InverseTime { decay } => format!("inverse:{decay}"),
        Schedule::Exponential { factor } => format!("exponential:{factor}"),
        Schedule::Stairs { every, factor } => format!("stairs:{every}:{factor}"),
        Schedule::Cosine { steps, least } => format!("cosine:{steps}:{least}"),
        Schedule::WarmUp { steps } => format!("warm-up:{steps}"),
        _ => "constant".to_owned(),
    }
}

/// The first weights, or where a run of the same kind stood.
fn begin(asked: &Train, found: &Asked, rule: Rule, run: &str) -> Result<Standing, Failure> {
    match &asked.checkpoint {
        Some(path) if asked.resume && path.exists() => checkpoint::read(path, rule, run),
        _ => Ok(Standing {
            state: State::new(found.model.parameters.clone(), rule, asked.learned.seed),
            best: None,
            history: History::new(),
        }),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    epochs: u64,
    end: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    best_epoch: Option<u64>,
    told: &'a [Told],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    warnings: &'a [String],
}

fn describe(found: &Asked, told: &[Told], end: End, epoch: u64, best: Option<u64>) -> String {
    let mut table = Table::new(&[
        ("epoch", Align::Point),
        ("loss", Align::Point),
        ("accuracy", Align::Point),
        ("kept apart", Align::Point),
        ("accuracy", Align::Point),
        ("rate", Align::Point),
    ]);
    let short =
        |value: f64| text::digits(value, 4).map_or_else(|| text::number(value), text::number);
    let share = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
    for row in told {
        table.row([
            row.epoch.to_string(),
            short(row.loss.0),
            share(row.accuracy),
            row.validation
                .map_or_else(String::new, |Number(value)| short(value)),
            share(row.validation_accuracy),
            short(row.rate.0),
        ]);
    }
    let table = match told {
        [] => String::new(),
        _ => format!("{}\n", table.lines()),
    };
    let epochs = text::counted(epoch, "epoch", "epochs");
    let end = match (end, best) {
        (End::Done | End::NothingLeft, None) => format!("{epochs} done"),
        (End::Done | End::NothingLeft, Some(best)) => {
            format!("{epochs} done; the weights are those of epoch {best}")
        }
        (End::Patience, best) => format!(
            "stopped after epoch {epoch}: the loss on samples kept apart got no smaller; the weights are those of epoch {}",
            best.unwrap_or(epoch)
        ),
        (End::AtRest, best) => {
            let best = best.map_or_else(String::new, |best| {
                format!("; the weights are those of epoch {best}")
            });
            format!("at rest after {epochs}: no further step brings the loss down{best}")
        }
        (End::Interrupted, _) => format!(
            "interrupted after epoch {epoch}; --resume goes on from the checkpoint, where one is kept"
        ),
    };
    format!("{}\n{table}{end}\n", found.heading())
}
