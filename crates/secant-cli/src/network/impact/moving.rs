//! The work of an impact: every parameter or every feature is moved for every sample, summed up, and written row by row where that was asked for.

use std::ops::ControlFlow;

use indicatif::ProgressBar;
use secant_train::{Columns, Objective, Summary, impact};

use super::rows::Rows;
use super::{Found, figure};
use crate::failure::Failure;
use crate::interrupt::Watch;
use crate::network::args::{Impact, Moved, Per, Way};
use crate::network::samples::Samples;
use crate::network::{Asked, doubts, parameter_name, told};
use crate::progress;

/// Numbers of a piece of rows that are kept at a time.
const PIECE: usize = 1 << 23;

/// The impact of weights and biases.
pub(super) fn parameters(asked: &Impact, delta: f64) -> Result<Found, Failure> {
    let what = Asked::new(&asked.learned)?;
    let seen = doubts::inspect(&what)?;
    figure::fits(asked.picture, &what.model.network, true)?;
    let parameters = what.model.parameters.as_slice();
    let mut derivative = vec![0.0; parameters.len()];
    let loss = what.objective()?.gradient(parameters, &mut derivative);
    let loss = loss.map_err(|error| told(&error))?;
    let (summary, crossings) = moved(asked, delta, &what)?;
    let mut found = Found {
        moved: Moved::Parameters,
        loss,
        derivative,
        summary,
        delta: (asked.way != Way::Backprop).then_some(delta),
        crossings,
        seen,
        warnings: Vec::new(),
        asked: what,
    };
    found.warnings = found.not_finite();
    if asked.way == Way::Naive && found.warnings.is_empty() {
        found
            .warnings
            .extend(doubts::rounding(found.rounding(delta)));
    }
    Ok(found)
}

/// Moves every parameter for every sample, so many samples at a time as there is room for, and writes the rows where that was asked for; gives what they come
/// to, and how many crossed a kink.
fn moved(asked: &Impact, delta: f64, what: &Asked) -> Result<(Summary<f64>, usize), Failure> {
    let (network, size) = (&what.model.network, what.model.parameters.len());
    let name = |parameter: usize| parameter_name(network, parameter);
    let mut file = match &asked.each {
        Some(path) => Some(Rows::create(path, &what.samples, size, &name)?),
        None => None,
    };
    let (mut summary, mut crossings) = (Summary::new(size), 0);
    let count = what.samples.columns.samples();
    let bar = Bar::new(count);
    let watch = file.as_ref().map(Rows::watch);
    let most = (PIECE / size.max(1)).clamp(1, count.max(1));
    for first in (0..count).step_by(most) {
        let piece: Vec<usize> = (first..count.min(first + most)).collect();
        let mut progress = |done: usize, all: usize| {
            bar.at(first as f64 + piece.len() as f64 * done as f64 / all.max(1) as f64);
            go_on(watch.as_ref())
        };
        let (rows, crossed) = rows_of(asked.way, delta, what, &piece, &mut progress)?;
        if let Some(watch) = &watch {
            watch.go_on()?;
        }
        crossings += crossed;
        for (sample, row) in piece.iter().zip(rows.chunks_exact(size.max(1))) {
            summary.add(*sample, row);
            if let Some(file) = &mut file {
                file.row(*sample, what.samples.class_of(*sample), row)?;
            }
        }
    }
    bar.clear();
    if let Some(file) = file {
        file.finish()?;
    }
    Ok((summary, crossings))
}

/// The impacts of all parameters on some of the samples, a row for each, and how many crossed a kink.
fn rows_of(
    way: Way,
    delta: f64,
    what: &Asked,
    piece: &[usize],
    progress: &mut impact::Progress<'_>,
) -> Result<(Vec<f64>, usize), Failure> {
    let wrong = |error: secant::Error| told(&error);
    let (network, parameters) = (&what.model.network, what.model.parameters.as_slice());
    let (samples, targets) = (&what.samples.columns, &what.samples.targets);
    let (samples, targets) = (samples.gather(piece), targets.gather(piece));
    let mut objective = Objective::new(network, &what.loss, &samples, &targets).map_err(wrong)?;
    let mut rows = vec![0.0; piece.len() * parameters.len()];
    let crossings = match way {
        Way::Backprop => objective.gradients(parameters, &mut rows).map(|()| 0),
        Way::Naive => {
            impact::naive(&mut objective, parameters, delta, &mut rows, progress).map(|()| 0)
        }
        Way::Structured => {
            let told = impact::structured(&mut objective, parameters, delta, &mut rows, progress);
            told.map(|told| told.crossings.len())
        }
    };
    Ok((rows, crossings.map_err(wrong)?))
}

/// The impact of features.
pub(super) fn inputs(asked: &Impact, delta: f64) -> Result<Found, Failure> {
    if asked.way == Way::Naive {
        let message = "features are moved by --way structured, or asked by backprop alone";
        return Err(Failure::new("setting", message).hint("leave --way out"));
    }
    if asked.per == Per::Neuron {
        return Err(Failure::new("setting", "features belong to no neuron").hint("leave --per out"));
    }
    let what = Asked::new(&asked.learned)?;
    let seen = doubts::inspect(&what)?;
    figure::fits(asked.picture, &what.model.network, false)?;
    let loss = what.objective()?.loss(&what.model.parameters);
    let loss = loss.map_err(|error| told(&error))?;
    let mut features = Features::new(asked, &what)?;
    let derivatives = features.derivatives()?;
    let derivative = derivatives.mean().to_vec();
    let moves = asked.way == Way::Structured;
    let (summary, crossings) = if moves {
        features.moved(delta)?
    } else {
        (derivatives, 0)
    };
    features.finish()?;
    let mut found = Found {
        moved: Moved::Inputs,
        loss,
        derivative,
        summary,
        delta: moves.then_some(delta),
        crossings,
        seen,
        warnings: Vec::new(),
        asked: what,
    };
    found.warnings = found.not_finite();
    Ok(found)
}

/// The features of all samples, which are differentiated by and moved, with the file of the rows where one was asked for.
struct Features<'a> {
    what: &'a Asked,
    objective: Objective<'a, f64>,
    file: Option<Rows>,
    /// Which of the two is written.
    writes: Way,
}

impl<'a> Features<'a> {
    fn new(asked: &Impact, what: &'a Asked) -> Result<Self, Failure> {
        let names = &what.samples.features;
        let name = |feature: usize| names[feature].clone();
        let file = match &asked.each {
            Some(path) => Some(Rows::create(path, &what.samples, names.len(), &name)?),
            None => None,
        };
        Ok(Self {
            what,
            objective: what.objective()?,
            file,
            writes: asked.way,
        })
    }

    /// The derivatives of each sample's loss by its features.
    fn derivatives(&mut self) -> Result<Summary<f64>, Failure> {
        let file = self.file.as_mut().filter(|_| self.writes == Way::Backprop);
        let mut reader = Reader::new(&self.what.samples, file);
        let parameters = &self.what.model.parameters;
        self.objective
            .input_gradients(parameters, |first, rows| reader.read(first, rows))
            .map_err(|error| told(&error))?;
        reader.summary()
    }

    /// How far each sample's loss moves when a feature does, and how many crossed a kink.
    fn moved(&mut self, delta: f64) -> Result<(Summary<f64>, usize), Failure> {
        let file = self
            .file
            .as_mut()
            .filter(|_| self.writes == Way::Structured);
        let watch = file.as_deref().map(Rows::watch);
        let mut reader = Reader::new(&self.what.samples, file);
        let bar = Bar::new(self.what.samples.columns.samples());
        let mut progress = |done: usize, _: usize| {
            bar.at(done as f64);
            go_on(watch.as_ref())
        };
        let read = |first: usize, rows: &Columns<f64>| reader.read(first, rows);
        let parameters = &self.what.model.parameters;
        let told = impact::features(&mut self.objective, parameters, delta, read, &mut progress)
            .map_err(|error| told(&error))?;
        bar.clear();
        if let Some(watch) = &watch {
            watch.go_on()?;
        }
        Ok((reader.summary()?, told.crossings.len()))
    }

    fn finish(self) -> Result<(), Failure> {
        self.file.map_or(Ok(()), Rows::finish)
    }
}

/// Whether rows are still wanted, where any are written.
fn go_on(watch: Option<&Watch>) -> ControlFlow<()> {
    match watch {
        Some(watch) if watch.is_broken_off() => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    }
}

/// What becomes of the impacts of features as they come: they are summed up, and written where there is a file.
struct Reader<'a> {
    samples: &'a Samples,
    file: Option<&'a mut Rows>,
    summary: Summary<f64>,
    written: Result<(), Failure>,
}

impl<'a> Reader<'a> {
    fn new(samples: &'a Samples, file: Option<&'a mut Rows>) -> Self {
        Self {
            samples,
            file,
            summary: Summary::new(samples.features.len()),
            written: Ok(()),
        }
    }

    fn read(&mut self, first: usize, rows: &Columns<f64>) {
        let features = rows.features().max(1);
        for (place, row) in rows.to_rows().chunks_exact(features).enumerate() {
            let sample = first + place;
            self.summary.add(sample, row);
            if let (Some(file), Ok(())) = (&mut self.file, &self.written) {
                self.written = file.row(sample, self.samples.class_of(sample), row);
            }
        }
    }

    fn summary(self) -> Result<Summary<f64>, Failure> {
        self.written.map(|()| self.summary)
    }
}

/// How much is done, with the time left, on a terminal's standard error.
struct Bar(ProgressBar);

impl Bar {
    /// The bar counts in thousandths of a sample.
    const PARTS: f64 = 1000.0;

    fn new(samples: usize) -> Self {
        let length = (samples as f64 * Self::PARTS) as u64;
        Self(progress::bar(length, "{bar:30} {percent} %, {eta} left"))
    }

    fn at(&self, samples: f64) {
        self.0.set_position((samples * Self::PARTS) as u64);
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}
