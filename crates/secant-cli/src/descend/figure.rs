//! From a descent to pictures: of one variable the places on the curve with their tangents, of two the path over contours,
//! of more the value against the step. It chooses what is drawn where; it steps nowhere.

use secant::{Curve, DescentPlace, Notation, Stop};
use secant_plot::{
    Animation, Axis, Heights, Item, Label, Line, Point, Scene, Stance, Tex, palette,
};

use crate::descend::Found;
use crate::failure::Failure;
use crate::picture::bands::bands;
use crate::picture::look::{AIR, Look, ends, fitting, with_air};
use crate::picture::motion::{SIZE, clear_of, eased, readout, timed};
use crate::picture::number::{latex_number, reading};
use crate::reading::latex_of;
use crate::text;

/// Frames that move, about; and the most for one step.
const FRAMES: usize = 140;
const FRAMES_OF_A_STEP: usize = 9;

/// The whole path in one picture.
pub(crate) fn scene(found: &Found, look: &Look) -> Scene {
    let stage = Stage::new(found, look, look.size);
    let last = found.path.places.len() - 1;
    stage.at(last, 1.0, false)
}

/// The path as it is gone, step by step.
pub(crate) fn motion(found: &Found, look: &Look) -> Result<Animation, Failure> {
    let stage = Stage::new(found, look, look.size_or(SIZE));
    // A path that leaves the picture is followed one step beyond its edge.
    let steps = (found.path.places.len() - 1).min(seen(found).len());
    // Of long paths only every n-th place is gone to.
    let stride = steps.div_ceil(FRAMES).max(1);
    let stops = (0..=steps).step_by(stride).skip(1);
    let wanted: usize = stops.clone().map(|step| stage.frames(step)).sum();
    let mut pictures = vec![vec![stage.at(0, 0.0, true)]];
    for step in stops {
        let frames = match (stride, wanted) {
            (1, ..=FRAMES) => stage.frames(step),
            (1, _) => (stage.frames(step) * FRAMES / wanted).max(1),
            _ => 1,
        };
        let shares = eased(frames).skip(1);
        pictures.extend(shares.map(|share| vec![stage.at(step, share, true)]));
    }
    if !steps.is_multiple_of(stride) {
        pictures.push(vec![stage.at(steps, 1.0, true)]);
    }
    Ok(timed(pictures))
}

/// What stays while the ball moves.
struct Stage<'a> {
    found: &'a Found<'a>,
    ground: Scene,
    x: (f64, f64),
    y: (f64, f64),
    /// Where numbers that change can stand, as a part of the width.
    clear: f64,
}

impl<'a> Stage<'a> {
    fn new(found: &'a Found<'a>, look: &Look, size: [f64; 2]) -> Self {
        let variables = found.formula.variables();
        let f = text::name(found.formula);
        let scene = look.scene(size, description(found));
        let scene = look.titled(scene, || title(found));
        let seen = seen(found);
        let along = |input: usize| spread(seen.iter().map(|place| place.at[input]));
        let (ground, x, y, way) = match variables.len() {
            1 => {
                let x = look.x.unwrap_or_else(|| along(0));
                let from = &found.path.places[0].at;
                let curve = Curve::sample(found.function, from, 0, x);
                let heights: Vec<f64> = seen.iter().map(|place| place.value.value).collect();
                let y = look
                    .y
                    .unwrap_or_else(|| with_air(curve.view(&heights), AIR));
                let name = format!("{}({})", latex_of(f), latex_of(&variables[0]));
                let scene = scene
                    .x(Axis::new(x.0, x.1).label(latex_of(&variables[0])))
                    .y(Axis::new(y.0, y.1).label(Tex::new(name, format!("{f}({})", variables[0]))))
                    .with(Line::pieces(curve.pieces.clone()));
                (scene, x, y, curve.pieces)
            }
            2 => {
                let x = look.x.unwrap_or_else(|| along(0));
                let y = look.y.unwrap_or_else(|| along(1));
                let scene = scene
                    .x(Axis::new(x.0, x.1).label(latex_of(&variables[0])))
                    .y(Axis::new(y.0, y.1).label(latex_of(&variables[1])))
                    .with_all(contours(found, x, y));
                let path = seen.iter().map(|place| [place.at[0], place.at[1]]);
                (scene, x, y, vec![path.collect()])
            }
            _ => {
                let values = || seen.iter().map(|place| place.value.value);
                let x = (0.0, (seen.len() - 1).max(1) as f64);
                let y = spread(values());
                let positive = values().all(|value| value > 0.0);
                let (low, high) = values().fold((f64::INFINITY, 0.0f64), |(low, high), value| {
                    (low.min(value), high.max(value))
                });
                let axis = if positive && high > 10.0 * low {
                    Axis::new(low / 2.0, high * 2.0).log()
                } else {
                    Axis::new(y.0, y.1)
                };
                let scene = scene
                    .x(Axis::new(x.0, x.1).label(Tex::new(r"\text{step}", "step")))
                    .y(axis.label(latex_of(f)));
                (scene, x, y, Vec::new())
            }
        };
        Self {
            found,
            ground,
            x,
            y,
            clear: clear_of(&way, x, y),
        }
    }

    /// How many frames the way to a place takes: more where more of it is seen.
    fn frames(&self, step: usize) -> usize {
        /// A step over this part of the picture takes the most.
        const FAR: f64 = 0.1;
        let [from, to] = [step - 1, step].map(|step| &self.found.path.places[step].at);
        let widths = [self.x.1 - self.x.0, self.y.1 - self.y.0];
        let shares = from.iter().zip(to).zip(widths);
        let share = shares.fold(0.0, |most, ((a, b), width)| {
            ((b - a) / width).abs().max(most)
        });
        ((share / FAR).min(1.0) * FRAMES_OF_A_STEP as f64)
            .ceil()
            .max(1.0) as usize
    }

    /// The picture on the way to a place, when so much of that step is done.
    fn at(&self, step: usize, share: f64, moving: bool) -> Scene {
        let places = &self.found.path.places;
        let before = &places[step.saturating_sub(1)];
        let ball: Vec<f64> = before
            .at
            .iter()
            .zip(&places[step].at)
            .map(|(a, b)| a + share * (b - a))
            .collect();
        // What is behind: all places up to the one the ball left.
        let behind = if share < 1.0 { step } else { step + 1 };
        let passed = &places[..behind.max(1)];
        match self.found.formula.variables().len() {
            1 => self.on_curve(passed, ball[0], moving),
            2 => self.over_contours(passed, [ball[0], ball[1]], moving),
            _ => self.against_steps(passed),
        }
    }

    fn on_curve(&self, passed: &[DescentPlace], ball: f64, moving: bool) -> Scene {
        /// The tangents of so many places are drawn in a picture that stands.
        const TANGENTS: usize = 6;
        let height = self.found.function.value_at(0, &[ball]);
        let tangents = if moving {
            &passed[passed.len() - 1..]
        } else {
            &passed[..passed.len().min(TANGENTS)]
        };
        let mut scene = self.ground.clone();
        for place in tangents {
            scene = scene.with_all(self.tangent(place, moving));
        }
        let point = |place: &DescentPlace| [place.at[0], place.value.value];
        let trail = passed
            .iter()
            .map(|place| Point::new(point(place)).colour(palette(0)).radius(3.5));
        scene = scene.with_all(trail);
        if moving {
            let lines = self.readings(passed);
            let ball = Point::new([ball, height]).colour(palette(1)).radius(9.0);
            return scene
                .with(ball)
                .with_all(readout(lines, self.x, self.y, self.clear));
        }
        let numbers = passed.iter().take(TANGENTS).enumerate();
        scene.with_all(
            numbers
                .map(|(step, place)| Label::new(point(place), step.to_string()).colour(palette(0))),
        )
    }

    /// A piece of the tangent, as long on the picture as all others.
    fn tangent(&self, place: &DescentPlace, long: bool) -> Option<Line> {
        let slope = place.gradient.first()?.value;
        let (width, height) = (self.x.1 - self.x.0, self.y.1 - self.y.0);
        let half = if long { 0.22 } else { 0.09 };
        let [across, down] = self.ground.size;
        let run = half * width / (slope * width / height * down / across).hypot(1.0);
        let at = [place.at[0], place.value.value];
        let ends = [-run, run].map(|run| [at[0] + run, at[1] + slope * run]);
        Some(
            Line::new(ends)
                .colour(palette(1))
                .width(if long { 2.2 } else { 1.6 }),
        )
    }

    fn over_contours(&self, passed: &[DescentPlace], ball: [f64; 2], moving: bool) -> Scene {
        let at = |place: &DescentPlace| [place.at[0], place.at[1]];
        let way = passed.iter().map(at).chain([ball]);
        let small = passed.len() > 40;
        let trail = passed.iter().map(|place| {
            Point::new(at(place))
                .colour(palette(1))
                .radius(if small { 2.2 } else { 3.4 })
        });
        let mut scene = self
            .ground
            .clone()
            .with(Line::new(way).colour(palette(1)))
            .with_all(trail);
        if moving {
            let lines = self.readings(passed);
            scene = scene.with_all(readout(lines, self.x, self.y, self.clear));
        } else {
            let start = Label::new(at(&passed[0]), "0").colour(palette(1));
            scene = scene.with(start.stance(Stance::Free));
        }
        scene.with(
            Point::new(ball)
                .colour(palette(1))
                .radius(if moving { 8.0 } else { 6.0 }),
        )
    }

    fn against_steps(&self, passed: &[DescentPlace]) -> Scene {
        let at = |(step, place): (usize, &DescentPlace)| [step as f64, place.value.value];
        let line: Vec<[f64; 2]> = passed.iter().enumerate().map(at).collect();
        let last = line.last().map(|at| Point::new(*at).colour(palette(1)));
        self.ground
            .clone()
            .with(Line::new(line).colour(palette(0)))
            .with_all(last)
    }

    fn readings(&self, passed: &[DescentPlace]) -> Vec<Tex> {
        let Some(place) = passed.last() else {
            return Vec::new();
        };
        let step = passed.len() - 1;
        let mut lines = vec![Tex::new(
            format!(r"\text{{step }} {step}"),
            format!("step {step}"),
        )];
        let f = text::name(self.found.formula);
        if place.value.value.is_finite() {
            lines.push(reading(&latex_of(f), f, place.value.value));
        }
        match (place.gradient.as_slice(), place.slope()) {
            ([only], _) => lines.push(reading(r"\text{slope}", "slope", only.value)),
            (_, Some(slope)) => lines.push(reading(
                &format!(r"|\nabla {}|", latex_of(f)),
                &format!("|∇{f}|"),
                slope,
            )),
            (_, None) => {}
        }
        lines
    }
}

/// The places that share one picture: of a path that leaves, those not far beyond its first step.
fn seen<'a>(found: &'a Found) -> Vec<&'a DescentPlace> {
    const FAR: f64 = 3.0;
    let places = &found.path.places;
    let start = &places[0].at;
    let distance = |place: &DescentPlace| {
        let apart = place.at.iter().zip(start).map(|(a, b)| a - b);
        apart.fold(0.0, f64::hypot)
    };
    let leaves = found.path.stop != Stop::Converged
        && (found.path.stop == Stop::Diverged
            || found.path.growth().is_some_and(|growth| growth > 1.0));
    let limit = match places.get(1) {
        Some(second) if leaves => FAR * distance(second),
        _ => f64::INFINITY,
    };
    places
        .iter()
        .filter(|place| place.at.iter().all(|x| x.is_finite()))
        .take_while(|place| distance(place) <= limit)
        .collect()
}

/// From the least to the greatest with room on both sides.
fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    with_air(ends(values), 0.35)
}

/// The function from above.
fn contours(found: &Found, x: (f64, f64), y: (f64, f64)) -> Vec<Item> {
    const GRID: [usize; 2] = [181, 121];
    let field = Heights::sample([x.0, x.1], [y.0, y.1], GRID, |x, y| {
        found.function.value_at(0, &[x, y])
    });
    bands(&field, x, y, &[])
}

fn title(found: &Found) -> Option<Tex> {
    let body = |notation| secant::print(found.formula.body(), notation);
    let f = text::name(found.formula);
    let names = found.formula.variables();
    let latex: Vec<String> = names.iter().map(|name| latex_of(name)).collect();
    let rate = text::number(found.rate);
    let (momentum_latex, momentum) = match found.momentum {
        0.0 => (String::new(), String::new()),
        momentum => (
            format!(r",\ \text{{momentum }} {}", text::number(momentum)),
            format!(", momentum {}", text::number(momentum)),
        ),
    };
    let plain = format!(
        "{f}({}) = {},  rate {rate}{momentum}",
        names.join(", "),
        body(Notation::Unicode)
    );
    let latex = format!(
        r"{}({}) = {}, \qquad \text{{rate }} {}{momentum_latex}",
        latex_of(f),
        latex.join(", "),
        body(Notation::Latex),
        latex_number(found.rate)
    );
    fitting([(latex, plain)])
}

/// The picture in words.
fn description(found: &Found) -> String {
    let places = &found.path.places;
    let told = |place: &DescentPlace| text::place(found.formula, &place.at);
    format!(
        "The way downhill on {} from {} in {} steps to {}; {}.",
        text::heading(found.formula),
        told(&places[0]),
        places.len() - 1,
        places.last().map(told).unwrap_or_default(),
        found.path.stop.name()
    )
}
