//! `secant landscape`: the loss around given weights, along one direction or over the plane of two.

use secant_plot::{
    Axis, Colour, Heights, Line, Point, Region, Scene, Tex, decades, levels, palette,
};
use secant_train::landscape::Bend;
use secant_train::{Objective, Random, landscape};
use serde::Serialize;

use super::args::{Direction, Landscape};
use super::look::{Look, called, words};
use super::{Asked, Head, doubts, number, told};
use crate::args::Format;
use crate::failure::Failure;
use crate::json::{self, Number};
use crate::output::{self, Answer};
use crate::page;
use crate::picture::bands::{LEVELS, bands_at};
use crate::picture::{Files, Picture, motionless};
use crate::text;

/// What was found: the losses row by row, from the lower end of each direction.
struct Found {
    asked: Asked,
    along: Vec<Direction>,
    span: f64,
    points: usize,
    losses: Vec<f64>,
    centre: f64,
    /// Of each direction of the Hessian, in the order in which they were asked for.
    bends: Vec<Bend<f64>>,
    warnings: Vec<String>,
}

pub(crate) fn run(asked: &Landscape) -> Result<Answer, Failure> {
    let (pages, pictures) = page::parted(&asked.drawing.output);
    let files = Files::of(&pictures)?;
    let look = Look::new(&asked.drawing)?;
    let found = losses(asked)?;
    let text = match asked.style.format {
        Format::Text => describe(&found),
        Format::Json => document(&found),
    };
    let picture = Picture {
        files,
        drawing: &asked.drawing,
        style: asked.style,
    };
    let drafts = page::drafts(&pages, || Ok(in_page(&found)))?;
    let text = picture.beside(text, || scene(&found, &look), motionless)?;
    output::write(&drafts)?;
    Ok(Answer {
        text,
        doubtful: !found.warnings.is_empty(),
        ..Answer::default()
    })
}

fn losses(asked: &Landscape) -> Result<Found, Failure> {
    let span = number("--span", &asked.span)?;
    if asked.along == [Direction::Gradient; 2] {
        return Err(
            Failure::new("setting", "two gradients are one direction, not two")
                .hint("--along gradient,random goes along two, --along gradient along one"),
        );
    }
    if span <= 0.0 || asked.along.is_empty() || asked.along.len() > 2 {
        return Err(Failure::new(
            "setting",
            "a landscape goes along one direction or two, by a span above 0",
        ));
    }
    let what = Asked::new(&asked.learned)?;
    let wrong = |error: secant::Error| told(&error);
    let (network, parameters) = (&what.model.network, what.model.parameters.as_slice());
    let mut objective = Objective::new(
        network,
        &what.loss,
        &what.samples.columns,
        &what.samples.targets,
    )
    .map_err(wrong)?;
    let seen = objective.inspect(parameters).map_err(wrong)?;
    let warnings: Vec<String> = doubts::not_finite(&what, &seen).into_iter().collect();
    let centre = objective.loss(parameters).map_err(wrong)?;
    let mut random = Random::new(asked.learned.seed);
    let count = asked
        .along
        .iter()
        .filter(|along| **along == Direction::Hessian);
    let bends = match count.count() {
        0 => Vec::new(),
        count => landscape::along_hessian(&mut objective, parameters, count, &mut random)
            .map_err(wrong)?,
    };
    let mut left = bends.iter();
    let mut directions = Vec::new();
    for direction in &asked.along {
        directions.push(match direction {
            Direction::Hessian => match left.next() {
                Some(bend) => bend.direction.clone(),
                None => {
                    return Err(Failure::new(
                        "setting",
                        format!("{} parameters have no second direction", parameters.len()),
                    ));
                }
            },
            Direction::Random => landscape::random(network, parameters, &mut random),
            Direction::Gradient => {
                let direction =
                    landscape::along_gradient(&mut objective, parameters).map_err(wrong)?;
                if direction.iter().all(|part| *part == 0.0) {
                    return Err(Failure::new(
                        "setting",
                        "the gradient is 0 at these weights: there is no direction along it",
                    )
                    .hint("take --along random,random or hessian,hessian"));
                }
                direction
            }
        });
    }
    let points = usize::from(asked.points);
    let across = if directions.len() == 2 { points } else { 1 };
    let mut losses = Vec::with_capacity(points * across);
    let mut moved = parameters.to_vec();
    for row in 0..across {
        for column in 0..points {
            let shares = [share(column, points, span), share(row, points, span)];
            for (parameter, moved) in moved.iter_mut().enumerate() {
                let off = directions
                    .iter()
                    .zip(shares)
                    .map(|(direction, share)| share * direction[parameter]);
                *moved = parameters[parameter] + off.sum::<f64>();
            }
            losses.push(objective.loss(&moved).map_err(wrong)?);
        }
    }
    let mut found = Found {
        warnings,
        along: asked.along.clone(),
        span,
        points,
        losses,
        centre,
        bends,
        asked: what,
    };
    if let Some(lost) = found.lost_in_words() {
        found.warnings.push(format!("the loss is {lost}"));
    }
    Ok(found)
}

/// Where a place stands along its direction.
fn share(place: usize, points: usize, span: f64) -> f64 {
    span * (2.0 * place as f64 / (points - 1) as f64 - 1.0)
}

impl Found {
    /// The shares of the directions at a place.
    fn at(&self, place: usize) -> Vec<f64> {
        let places = [place % self.points, place / self.points];
        places[..self.along.len()]
            .iter()
            .map(|place| share(*place, self.points, self.span))
            .collect()
    }

    /// The least and the greatest size that levels tell apart, where the losses are too far apart for even levels. A single hollow that goes much deeper than all
    /// around it would take nearly all levels for itself, and leave the rest in one colour: then they begin where the lowest hundredth of the places ends.
    fn sizes(&self) -> Option<[f64; 2]> {
        const WIDE: f64 = 8.0;
        const HOLLOW: usize = 100;
        let finite = self.losses.iter().copied();
        let mut sizes: Vec<f64> = finite.filter(|loss| loss.is_finite()).collect();
        sizes.sort_by(f64::total_cmp);
        let (least, most) = (*sizes.first()?, *sizes.last()?);
        let above = sizes[sizes.len() / HOLLOW];
        let decades = |from: f64| (most / from).log10();
        let hollow = above > 0.0 && (least <= 0.0 || 2.0 * decades(above) < decades(least));
        let from = if hollow && least >= 0.0 { above } else { least };
        (from > 0.0 && most > WIDE * from).then_some([from, most])
    }

    /// How many losses are infinite, and how many are no numbers.
    fn lost(&self) -> [usize; 2] {
        let count = |is: fn(f64) -> bool| self.losses.iter().filter(|loss| is(**loss)).count();
        [count(f64::is_infinite), count(f64::is_nan)]
    }

    /// What is to be said of them; nothing where there are none.
    fn lost_in_words(&self) -> Option<String> {
        let all = self.losses.len();
        Some(match self.lost() {
            [0, 0] => return None,
            [infinite, 0] => format!("infinite at {infinite} of {all} places"),
            [0, nan] => format!("no number at {nan} of {all} places"),
            [infinite, nan] => {
                format!("infinite at {infinite} and no number at {nan} of {all} places")
            }
        })
    }

    /// The places of the least and the greatest loss that are finite.
    fn ends(&self) -> Option<[usize; 2]> {
        let finite = || (0..self.losses.len()).filter(|place| self.losses[*place].is_finite());
        let by = |a: &usize, b: &usize| self.losses[*a].total_cmp(&self.losses[*b]);
        Some([finite().min_by(by)?, finite().max_by(by)?])
    }
}

fn name(direction: Direction) -> &'static str {
    match direction {
        Direction::Random => "random",
        Direction::Gradient => "gradient",
        Direction::Hessian => "hessian",
    }
}

/// A direction in words, by its place among those that were asked for.
fn in_words(along: &[Direction], place: usize) -> Option<&'static str> {
    let before = along.get(..place).unwrap_or_default();
    Some(match along.get(place)? {
        Direction::Random => "a random direction",
        Direction::Gradient => "the gradient",
        Direction::Hessian if before.contains(&Direction::Hessian) => {
            "the second eigenvector of the Hessian"
        }
        Direction::Hessian => "the first eigenvector of the Hessian",
    })
}

fn describe(found: &Found) -> String {
    let short =
        |value: f64| text::digits(value, 5).map_or_else(|| text::number(value), text::number);
    let names: Vec<&str> = found
        .along
        .iter()
        .map(|direction| name(*direction))
        .collect();
    let mut told = format!(
        "{}along: {}\n\nloss in the middle: {}\n",
        found.asked.heading(),
        names.join(", "),
        short(found.centre)
    );
    for (bend, nth) in found.bends.iter().zip(["first", "second"]) {
        told += &format!(
            "curvature along the {nth} eigenvector of the Hessian: {}, residual {}\n",
            short(bend.curvature),
            text::digits(bend.residual, 2).map_or_else(String::new, text::number)
        );
    }
    if let Some([least, most]) = found.ends() {
        for (word, place) in [("least", least), ("greatest", most)] {
            let at: Vec<String> = found.at(place).into_iter().map(short).collect();
            told += &format!(
                "{word}: {} at {}\n",
                short(found.losses[place]),
                at.join(", ")
            );
        }
    }
    if !found.warnings.is_empty() {
        told += &format!("\n{}", doubts::lines(&found.warnings));
    }
    told
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    along: Vec<&'static str>,
    span: Number,
    points: usize,
    /// Where the weights stand.
    loss: Number,
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hessian: Vec<Curvature>,
    /// The first direction runs fastest.
    losses: Vec<Number>,
}

#[derive(Serialize)]
struct Curvature {
    eigenvalue: Number,
    /// An eigenvalue lies no further off than this.
    residual: Number,
}

fn document(found: &Found) -> String {
    json::document(&Document {
        head: found.asked.head(),
        along: found
            .along
            .iter()
            .map(|direction| name(*direction))
            .collect(),
        span: Number(found.span),
        points: found.points,
        loss: Number(found.centre),
        warnings: &found.warnings,
        hessian: found
            .bends
            .iter()
            .map(|bend| Curvature {
                eigenvalue: Number(bend.curvature),
                residual: Number(bend.residual),
            })
            .collect(),
        losses: found.losses.iter().copied().map(Number).collect(),
    })
}

fn in_page(found: &Found) -> String {
    let loss = called(&found.asked.loss);
    page::landscape(&page::Landscape {
        title: &format!(
            "The loss around the weights, over {}",
            found.asked.samples.name
        ),
        about: &found.asked.heading(),
        loss,
        along: (0..2)
            .filter_map(|place| in_words(&found.along, place))
            .collect(),
        bends: found
            .bends
            .iter()
            .map(|bend| [bend.curvature, bend.residual])
            .collect(),
        span: found.span,
        points: found.points,
        losses: &found.losses,
        centre: found.centre,
    })
}

fn scene(found: &Found, look: &Look) -> Scene {
    let loss = called(&found.asked.loss);
    let axis = |place: usize| {
        let axis = Axis::new(-found.span, found.span);
        match in_words(&found.along, place) {
            Some(direction) => axis.label(words(&format!("along {direction}"))),
            None => axis,
        }
    };
    let is_plane = found.along.len() == 2;
    let lost = match found.lost_in_words() {
        Some(lost) if is_plane => format!("; grey: {lost}"),
        Some(lost) => format!("; {lost}"),
        None => String::new(),
    };
    let scale = match found.sizes() {
        Some(_) if is_plane => ", on a logarithmic scale",
        _ => "",
    };
    let scene = look
        .scene(
            &format!("the {loss} around the weights{scale}{lost}"),
            format!("The {loss} around the weights of the network{scale}{lost}."),
        )
        .x(axis(0));
    let middle = |height: f64| Point::new([0.0, height]).colour(palette(1)).radius(6.0);
    if !is_plane {
        let line = found
            .losses
            .iter()
            .enumerate()
            .map(|(place, loss)| [share(place, found.points, found.span), *loss]);
        return scene
            .y(Axis::auto().label(words(loss)))
            .with(Line::new(line).colour(palette(0)))
            .with(middle(found.centre));
    }
    let ends = [-found.span, found.span];
    let mut losses = found.losses.iter();
    let field = Heights::sample(ends, ends, [found.points; 2], |_, _| {
        losses.next().copied().unwrap_or(f64::NAN)
    });
    let (levels, heights) = levels_of(found, &field);
    let range = (ends[0], ends[1]);
    scene
        .y(axis(1))
        .with_all(bands_at(
            levels,
            &heights,
            range,
            range,
            &[[0.0, 0.0]],
            false,
        ))
        .with(grey(found, look))
        .with(middle(0.0))
}

/// The levels with how they are written, and the heights that they are levels of: the losses, finer than they were looked at, or where they differ in
/// size their logarithms, between which contours run straighter.
fn levels_of(found: &Found, field: &Heights) -> (Vec<(f64, Tex)>, Heights) {
    /// Places of the picture, at least, along each direction.
    const FINE: usize = 240;
    let fine = field.refined(FINE.div_ceil(found.points));
    let Some([least, most]) = found.sizes() else {
        return (levels(field.heights(), LEVELS), fine);
    };
    // A cubic may swing below the least loss, and below 0.
    let heights = fine.map(|loss| loss.max(0.5 * least).log10());
    let sizes = decades(least, most, LEVELS).into_iter();
    (
        sizes.map(|(level, tex)| (level.log10(), tex)).collect(),
        heights,
    )
}

/// The squares around places where the loss is not finite: one region, so that no seams are seen between them.
fn grey(found: &Found, look: &Look) -> Region {
    let half = found.span / (found.points - 1) as f64;
    let lost = (0..found.losses.len()).filter(|place| !found.losses[*place].is_finite());
    let squares = lost.map(|place| {
        let at = found.at(place);
        let inside = |x: f64| x.clamp(-found.span, found.span);
        let [left, right] = [inside(at[0] - half), inside(at[0] + half)];
        let [low, high] = [inside(at[1] - half), inside(at[1] + half)];
        vec![[left, low], [right, low], [right, high], [left, high]]
    });
    Region::new(squares).colour(look.mixed(Colour::Faint, 0.4))
}
