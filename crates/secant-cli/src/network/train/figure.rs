//! The pictures of a training: the loss over the epochs, and the regions that the network sees.

use secant_plot::{
    Animation, Axis, Colour, Frame, Heights, Key, Label, Line, Point, Region, Scene, Stance,
    palette,
};
use secant_train::{Columns, Loss};

use super::running::{Done, Snapshot};
use crate::failure::Failure;
use crate::network::Asked;
use crate::network::args::TrainPicture;
use crate::network::look::{Look, called, words};
use crate::page::{self, Moment, Regions};

/// Samples that are drawn.
const MOST_POINTS: usize = 1500;

/// Epochs up to which each is drawn as a point.
const FEW_EPOCHS: usize = 20;
/// Classes that have a colour of their own, and stand in the key.
const MOST_CLASSES: usize = 2 * COLOURS;
/// Colours of the palette; a class beyond them has that of an earlier one, halfway to the ground.
const COLOURS: usize = 12;

/// The picture of a training.
pub(super) fn training(
    wanted: Option<TrainPicture>,
    found: &Asked,
    done: &Done,
    look: &Look,
) -> Scene {
    if wanted != Some(TrainPicture::Loss) && can_have_regions(found) {
        regions(found, &found.model.parameters, look, None)
    } else {
        losses(found, done, look)
    }
}

/// The loss, epoch by epoch.
fn losses(found: &Asked, done: &Done, look: &Look) -> Scene {
    let learned = done.history.learned(done.moment);
    let apart = done.history.apart();
    let heights = || {
        let both = learned.iter().chain(&apart).map(|point| point[1]);
        both.filter(|loss| loss.is_finite())
    };
    let (low, high) = heights().fold((f64::INFINITY, 0.0f64), |(low, high), y| {
        (low.min(y), high.max(y))
    });
    let axis = if low > 0.0 && high > 8.0 * low {
        Axis::new(low / 1.5, high * 1.5).log()
    } else {
        Axis::auto()
    };
    let name = called(&found.loss);
    let all = learned.len() + apart.len();
    let lost = match all - heights().count() {
        0 => String::new(),
        lost => format!("; {lost} of {all} are not finite"),
    };
    let mut scene = look
        .scene(
            &format!("{name} of {}{lost}", found.samples.name),
            format!("The {name} over the epochs{lost}."),
        )
        .x(Axis::auto().whole().label(words("epoch")))
        .y(axis.label(words(name)));
    for (losses, name, colour) in [
        (&learned, "samples learned from", palette(0)),
        (&apart, "samples kept apart", palette(1)),
    ] {
        if losses.is_empty() {
            continue;
        }
        scene = scene.with(Line::new(losses.iter().copied()).colour(colour));
        // Of one epoch there is no line, of a few the points are the measurement.
        if losses.len() <= FEW_EPOCHS {
            let points = losses.iter().map(|at| Point::new(*at).colour(colour));
            scene = scene.with_all(points);
        }
        if !apart.is_empty() {
            scene =
                scene.with(Label::new(losses[losses.len() * 2 / 3], words(name)).colour(colour));
        }
    }
    scene
}

/// Whether there are two features, and classes.
fn can_have_regions(found: &Asked) -> bool {
    found.samples.columns.features() == 2 && found.samples.targets.are_classes()
}

/// The class of a sample, by which it is coloured.
fn class(found: &Asked, sample: usize) -> usize {
    found.samples.class_number(sample).unwrap_or(0)
}

/// The colour of a class.
fn of_class(look: &Look, class: usize) -> Colour {
    let colour = palette(class);
    if (class / COLOURS).is_multiple_of(2) {
        colour
    } else {
        look.mixed(colour, 0.5)
    }
}

/// Which class the network sees where, with the samples.
fn regions(found: &Asked, parameters: &[f64], look: &Look, moment: Option<u64>) -> Scene {
    const GRID: [usize; 2] = [181, 121];
    let samples = &found.samples.columns;
    let (x, y) = shown(found);
    let mut scene = look
        .scene(
            &format!("what the network sees in {}", found.samples.name),
            "The regions in which the network sees each class, with the samples.".to_owned(),
        )
        .x(Axis::new(x[0], x[1]).label(words(&found.samples.features[0])))
        .y(Axis::new(y[0], y[1]).label(words(&found.samples.features[1])));
    for (class, margin) in margins(found, parameters, x, y, GRID)
        .into_iter()
        .enumerate()
    {
        let colour = of_class(look, class);
        scene = scene
            .with(Region::new(margin.above(0.0)).colour(look.mixed(colour, 0.2)))
            .with(
                Line::pieces(margin.line(0.0))
                    .colour(look.mixed(colour, 0.6))
                    .width(1.0),
            );
    }
    let points = drawn_samples(samples).map(|sample| {
        Point::new(place(found, sample))
            .colour(of_class(look, class(found, sample)))
            .radius(3.0)
    });
    scene = scene.with_all(points);
    let classes = classes(found);
    for class in (0..classes).take(MOST_CLASSES) {
        scene = scene.key(Key::new(
            words(&found.samples.class_name(class)),
            of_class(look, class),
        ));
    }
    if let more @ 1.. = classes.saturating_sub(MOST_CLASSES) {
        let told = format!("{more} more, alike");
        scene = scene.key(Key::new(words(&told), palette(0)));
    }
    if let Some(epoch) = moment {
        let corner = [x[0] + 0.02 * (x[1] - x[0]), y[1] - 0.05 * (y[1] - y[0])];
        scene = scene
            .with(Label::new(corner, words(&format!("epoch {epoch}"))).stance(Stance::Beginning));
    }
    scene
}

/// For each class, by how much it leads before all others, over a grid.
fn margins(
    found: &Asked,
    parameters: &[f64],
    x: [f64; 2],
    y: [f64; 2],
    grid: [usize; 2],
) -> Vec<Heights> {
    let mut rows = Vec::new();
    Heights::sample(x, y, grid, |x, y| {
        rows.extend([x, y]);
        0.0
    });
    let outputs = Columns::from_rows(&rows, 2).and_then(|mut places| {
        if let Some(scale) = &found.scale {
            scale.apply(&mut places)?;
        }
        found.model.network.outputs(parameters, &places)
    });
    let Ok(outputs) = outputs else {
        return Vec::new();
    };
    let leads = found.loss.leads(&outputs);
    let of_class = |class: usize| {
        let mut leads = leads.column(class).iter();
        Heights::sample(x, y, grid, |_, _| leads.next().copied().unwrap_or(f64::NAN))
    };
    (0..leads.features()).map(of_class).collect()
}

/// That there are regions, which alone move and have a page.
pub(super) fn with_regions(found: &Asked) -> Result<(), Failure> {
    if can_have_regions(found) {
        return Ok(());
    }
    Err(Failure::new(
        "setting",
        "only of two features with classes are there regions, and only they move",
    )
    .hint("draw the loss, in a file whose name ends in .svg or .png"))
}

/// The page of the regions as they came about.
pub(super) fn regions_page(found: &Asked, done: &Done) -> Result<String, Failure> {
    const GRID: [usize; 2] = [61, 41];
    /// Numbers that a page holds of all its moments.
    const MOST: usize = 600_000;
    let samples = &found.samples;
    let (x, y) = shown(found);
    let wrong = |error: secant::Error| crate::network::told(&error);
    let mut objective = found.objective()?;
    let classes = classes(found);
    let last = (done.best.unwrap_or(done.epoch), &done.parameters);
    let taken = done.snapshots.iter();
    let all: Vec<_> = taken
        .map(|snapshot| (snapshot.epoch, &snapshot.parameters))
        .filter(|(epoch, _)| *epoch < last.0)
        .collect();
    let every = (all.len() * classes * GRID[0] * GRID[1])
        .div_ceil(MOST)
        .max(1);
    let mut moments = Vec::new();
    for (epoch, parameters) in all.into_iter().step_by(every).chain([last]) {
        let behind = margins(found, parameters, x, y, GRID);
        let (loss, accuracy) = objective.loss_and_accuracy(parameters).map_err(wrong)?;
        moments.push(Moment {
            epoch,
            loss,
            accuracy,
            behind: behind
                .iter()
                .flat_map(|margin| margin.heights().iter().map(|margin| margin.min(0.0)))
                .collect(),
        });
    }
    let of = |sample: usize| (place(found, sample), class(found, sample));
    Ok(page::regions(&Regions {
        title: &format!("What the network sees in {}", samples.name),
        about: &found.heading(),
        loss: called(&found.loss),
        features: [&samples.features[0], &samples.features[1]],
        x,
        y,
        grid: GRID,
        classes: (0..classes)
            .map(|class| found.samples.class_name(class))
            .collect(),
        samples: drawn_samples(&samples.columns).map(of).collect(),
        losses: done.history.learned(done.moment),
        validation: done.history.apart(),
        moments,
    }))
}

/// The samples that are drawn: not too many.
fn drawn_samples(samples: &Columns<f64>) -> impl Iterator<Item = usize> {
    let every = samples.samples().div_ceil(MOST_POINTS).max(1);
    (0..samples.samples()).step_by(every)
}

/// Classes that the network tells apart.
fn classes(found: &Asked) -> usize {
    Loss::classes(found.model.network.outputs_count())
}

/// Where a sample stands in the units of its table, whatever the network is given.
fn place(found: &Asked, sample: usize) -> [f64; 2] {
    [0, 1].map(|feature| {
        let x = found.samples.columns.at(sample, feature);
        match &found.scale {
            Some(scale) => scale.undone(feature, x),
            None => x,
        }
    })
}

/// The part of the plane that holds all samples, in the units of the table.
fn shown(found: &Asked) -> ([f64; 2], [f64; 2]) {
    let range = |feature: usize| {
        let places = (0..found.samples.columns.samples()).map(|sample| place(found, sample));
        let ends = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = places.fold(ends, |(low, high), at| {
            (low.min(at[feature]), high.max(at[feature]))
        });
        let room = if high > low { 0.06 * (high - low) } else { 1.0 };
        [low - room, high + room]
    };
    (range(0), range(1))
}

/// The regions as they come about.
pub(super) fn regions_moving(
    found: &Asked,
    snapshots: &[Snapshot],
    epoch: u64,
    look: &Look,
) -> Result<Animation, Failure> {
    /// Hundredths of a second that a picture is seen, and the last.
    const SEEN: [u16; 2] = [8, 250];
    with_regions(found)?;
    let frame = |parameters: &[f64], epoch: Option<u64>, time: u16| {
        Frame::new([regions(found, parameters, look, epoch)], time)
    };
    let mut frames: Vec<Frame> = snapshots
        .iter()
        .map(|snapshot| frame(&snapshot.parameters, Some(snapshot.epoch), SEEN[0]))
        .collect();
    frames.push(frame(&found.model.parameters, Some(epoch), SEEN[1]));
    Ok(Animation::new(frames))
}
