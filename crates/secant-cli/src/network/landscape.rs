//! `secant landscape`: the loss around given weights, along one direction or over the plane of two.

use secant_plot::{
    Axis, Colour, Heights, Line, Point, Region, Scene, Tex, decades, levels, palette,
};
use secant_train::landscape::{self, Bend, Grid, Lost};
use secant_train::{Objective, Random};
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

/// What was found.
struct Found {
    asked: Asked,
    along: Vec<Direction>,
    seen: landscape::Landscape<f64>,
    /// The loss where the weights stand.
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

/// Looks at the loss around the weights that were asked for.
fn losses(asked: &Landscape) -> Result<Found, Failure> {
    let wrong = |error: secant::Error| told(&error);
    let grid = grid(asked)?;
    let what = Asked::new(&asked.learned)?;
    let parameters = what.model.parameters.as_slice();
    let mut objective = what.objective()?;
    let inspected = objective.inspect(parameters).map_err(wrong)?;
    let centre = objective.loss(parameters).map_err(wrong)?;
    let mut random = Random::new(asked.learned.seed);
    let bends = bends(asked, &what, &mut objective, &mut random)?;
    let directions = directions(asked, &what, &mut objective, &mut random, &bends)?;
    let seen = landscape::Landscape::around(&mut objective, parameters, &directions, grid)
        .map_err(wrong)?;
    let of_centre = doubts::not_finite(&what, &inspected);
    let of_places = lost_in_words(&seen).map(|lost| format!("the loss is {lost}"));
    Ok(Found {
        warnings: of_centre.into_iter().chain(of_places).collect(),
        along: asked.along.clone(),
        seen,
        centre,
        bends,
        asked: what,
    })
}

/// The places that were asked for.
fn grid(asked: &Landscape) -> Result<Grid, Failure> {
    let span = number("--span", &asked.span)?;
    if asked.along == [Direction::Gradient; 2] {
        return Err(
            Failure::new("setting", "two gradients are one direction, not two")
                .hint("--along gradient,random goes along two, --along gradient along one"),
        );
    }
    let points = usize::from(asked.points);
    Grid::new(asked.along.len(), span, points).map_err(|error| told(&error))
}

/// How the loss bends along the directions of the Hessian that were asked for.
fn bends(
    asked: &Landscape,
    what: &Asked,
    objective: &mut Objective<'_, f64>,
    random: &mut Random,
) -> Result<Vec<Bend<f64>>, Failure> {
    let is_hessian = |along: &&Direction| **along == Direction::Hessian;
    match asked.along.iter().filter(is_hessian).count() {
        0 => Ok(Vec::new()),
        count => landscape::along_hessian(objective, &what.model.parameters, count, random)
            .map_err(|error| told(&error)),
    }
}

/// The directions that were asked for, in their order.
fn directions(
    asked: &Landscape,
    what: &Asked,
    objective: &mut Objective<'_, f64>,
    random: &mut Random,
    bends: &[Bend<f64>],
) -> Result<Vec<Vec<f64>>, Failure> {
    let (network, parameters) = (&what.model.network, what.model.parameters.as_slice());
    let mut bends = bends.iter();
    let directions = asked.along.iter().map(|direction| match direction {
        Direction::Hessian => match bends.next() {
            Some(bend) => Ok(bend.direction.clone()),
            None => Err(Failure::new(
                "setting",
                format!("{} parameters have no second direction", parameters.len()),
            )),
        },
        Direction::Random => Ok(landscape::random(network, parameters, random)),
        Direction::Gradient => landscape::along_gradient(objective, parameters)
            .map_err(|error| told(&error).hint("take --along random,random or hessian,hessian")),
    });
    directions.collect()
}

/// What is to be said of losses that are not finite; nothing where there are none.
fn lost_in_words(seen: &landscape::Landscape<f64>) -> Option<String> {
    let all = seen.losses.len();
    let Lost { infinite, nan } = seen.lost();
    Some(match (infinite, nan) {
        (0, 0) => return None,
        (infinite, 0) => format!("infinite at {infinite} of {all} places"),
        (0, nan) => format!("no number at {nan} of {all} places"),
        _ => format!("infinite at {infinite} and no number at {nan} of {all} places"),
    })
}

impl Found {
    /// The least and the greatest size that levels tell apart, where the losses are too far apart for even levels. A single hollow that goes much deeper than all
    /// around it would take nearly all levels for itself, and leave the rest in one colour: then they begin where the lowest hundredth of the places ends.
    fn sizes(&self) -> Option<[f64; 2]> {
        const WIDE: f64 = 8.0;
        const HOLLOW: usize = 100;
        let finite = self.seen.losses.iter().copied();
        let mut sizes: Vec<f64> = finite.filter(|loss| loss.is_finite()).collect();
        sizes.sort_by(f64::total_cmp);
        let (least, most) = (*sizes.first()?, *sizes.last()?);
        let above = sizes[sizes.len() / HOLLOW];
        let decades = |from: f64| (most / from).log10();
        let hollow = above > 0.0 && (least <= 0.0 || 2.0 * decades(above) < decades(least));
        let from = if hollow && least >= 0.0 { above } else { least };
        (from > 0.0 && most > WIDE * from).then_some([from, most])
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
    if let Some([least, most]) = found.seen.ends() {
        for (word, place) in [("least", least), ("greatest", most)] {
            let at: Vec<String> = found.seen.grid.at(place).into_iter().map(short).collect();
            told += &format!(
                "{word}: {} at {}\n",
                short(found.seen.losses[place]),
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
        span: Number(found.seen.grid.span()),
        points: found.seen.grid.points(),
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
        losses: found.seen.losses.iter().copied().map(Number).collect(),
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
        span: found.seen.grid.span(),
        points: found.seen.grid.points(),
        losses: &found.seen.losses,
        centre: found.centre,
    })
}

fn scene(found: &Found, look: &Look) -> Scene {
    let loss = called(&found.asked.loss);
    let span = found.seen.grid.span();
    let axis = |place: usize| {
        let axis = Axis::new(-span, span);
        match in_words(&found.along, place) {
            Some(direction) => axis.label(words(&format!("along {direction}"))),
            None => axis,
        }
    };
    let is_plane = found.along.len() == 2;
    let lost = match lost_in_words(&found.seen) {
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
    if is_plane {
        plane(found, scene.y(axis(1)), look)
    } else {
        line(found, scene.y(Axis::auto().label(words(loss))))
    }
}

/// The losses along one direction.
fn line(found: &Found, scene: Scene) -> Scene {
    let places = found.seen.losses.iter().enumerate();
    let line = places.map(|(place, loss)| [found.seen.grid.at(place)[0], *loss]);
    scene
        .with(Line::new(line).colour(palette(0)))
        .with(middle(found.centre))
}

/// The losses over two directions, from above.
fn plane(found: &Found, scene: Scene, look: &Look) -> Scene {
    let grid = found.seen.grid;
    let range = (-grid.span(), grid.span());
    let ends = [range.0, range.1];
    let mut losses = found.seen.losses.iter();
    let field = Heights::sample(ends, ends, [grid.points(); 2], |_, _| {
        losses.next().copied().unwrap_or(f64::NAN)
    });
    let (levels, heights) = levels_of(found, &field);
    let bands = bands_at(levels, &heights, range, range, &[[0.0, 0.0]], false);
    scene
        .with_all(bands)
        .with(grey(found, look))
        .with(middle(0.0))
}

/// Where the weights stand.
fn middle(height: f64) -> Point {
    Point::new([0.0, height]).colour(palette(1)).radius(6.0)
}

/// The levels with how they are written, and the heights that they are levels of: the losses, finer than they were looked at, or where they differ in
/// size their logarithms, between which contours run straighter.
fn levels_of(found: &Found, field: &Heights) -> (Vec<(f64, Tex)>, Heights) {
    /// Places of the picture, at least, along each direction.
    const FINE: usize = 240;
    let fine = field.refined(FINE.div_ceil(found.seen.grid.points()));
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
    let (grid, losses) = (found.seen.grid, &found.seen.losses);
    let half = grid.span() / (grid.points() - 1) as f64;
    let inside = |x: f64| x.clamp(-grid.span(), grid.span());
    let lost = (0..losses.len()).filter(|place| !losses[*place].is_finite());
    let squares = lost.map(|place| {
        let at = grid.at(place);
        let [left, right] = [inside(at[0] - half), inside(at[0] + half)];
        let [low, high] = [inside(at[1] - half), inside(at[1] + half)];
        vec![[left, low], [right, low], [right, high], [left, high]]
    });
    Region::new(squares).colour(look.mixed(Colour::Faint, 0.4))
}
