//! From a scene to a drawing: margins, axes, strokes, points, labels.
//!
//! Everything that decides how a figure looks is here. It takes a scene and
//! gives one `Drawing` for all outputs; sizes are given for a picture of
//! 900 by 600 pixels and grow with the root of the picture's own size.

use crate::area::{Area, Place};
use crate::axis::{Axis, Marks};
use crate::colour::Colour;
use crate::drawing::{Drawing, Path, Step};
use crate::guide::{Direction, Guide};
use crate::place::{Obstacles, Request, Spot, place};
use crate::range::Range;
use crate::scene::{Dash, Item, Label, Line, Point, Region, Scene, Stance};
use crate::tex::Tex;
use crate::ticks::{Tick, marks, most_apart};
use crate::typeset::Formula;

/// Sizes in pixels of a picture of 900 by 600.
const TITLE: f64 = 23.0;
const LABEL: f64 = 19.5;
const NAME: f64 = 19.0;
const NUMBER: f64 = 17.0;
const EDGE: f64 = 16.0;
const GAP: f64 = 9.0;
const RING: f64 = 1.6;
const SWATCH: f64 = 11.0;
/// Widest and smallest pictures that are laid out as asked.
const SMALLEST: f64 = 120.0;
const LARGEST: f64 = 16_000.0;

/// A composed figure: the drawing, and the room its labels found.
pub(crate) struct Figure {
    pub(crate) drawing: Drawing,
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) layout: Layout,
}

/// Where things came to stand, for tests to measure.
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) struct Layout {
    pub(crate) frame: Area,
    pub(crate) obstacles: Obstacles,
    pub(crate) spots: Vec<Spot>,
    pub(crate) texts: Vec<Area>,
}

/// Draws a scene.
pub(crate) fn compose(scene: &Scene) -> Figure {
    let size = scene.size.map(usable_length);
    let unit = unit(size);
    let mut sheet = Sheet {
        scene,
        unit,
        texts: Vec::new(),
        drawing: Drawing {
            size,
            background: scene.theme.background(),
            title: scene
                .title
                .as_ref()
                .map_or_else(String::new, |title| title.plain().to_string()),
            description: scene.description.clone(),
            shapes: Vec::new(),
        },
    };
    let axes = sheet.axes();
    let mut obstacles = Obstacles::default();
    for item in &scene.items {
        match item {
            Item::Guide(guide) => sheet.guide(guide, &axes, &mut obstacles),
            Item::Line(line) => sheet.line(line, &axes, &mut obstacles),
            Item::Region(region) => sheet.region(region, &axes),
            Item::Point(_) | Item::Label(_) => {}
        }
    }
    let points: Vec<(Place, &Point)> = scene
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Point(point) => Some((axes.place(point.at)?, point)),
            _ => None,
        })
        .collect();
    obstacles.discs = points
        .iter()
        .map(|(at, point)| (*at, (usable_radius(point) + RING) * unit))
        .collect();
    let spots = sheet.labels(&axes, &mut obstacles);
    // Of dots that follow each other closely, as those of a path, no ring lies over the dot before.
    let touch = |(a, one): &(Place, &Point), (b, other): &(Place, &Point)| {
        let apart = (a[0] - b[0]).hypot(a[1] - b[1]);
        let reach = usable_radius(one) + usable_radius(other) + 2.0 * RING;
        one.colour == other.colour && apart < reach * unit
    };
    for run in points.chunk_by(touch) {
        run.iter().for_each(|(at, point)| sheet.ring(*at, point));
        run.iter().for_each(|(at, point)| sheet.point(*at, point));
    }
    let Sheet { drawing, texts, .. } = sheet;
    Figure {
        drawing,
        layout: Layout {
            frame: axes.frame,
            obstacles,
            spots,
            texts,
        },
    }
}

/// The length that all sizes are given in: one pixel in a picture of 900 by 600.
fn unit(size: [f64; 2]) -> f64 {
    (size[0].hypot(size[1]) / 900f64.hypot(600.0)).sqrt()
}

/// The width of a label in parts of the width of a picture of this size.
pub(crate) fn label_width(tex: &Tex, size: [f64; 2]) -> f64 {
    let size = size.map(usable_length);
    Formula::set(tex, LABEL * unit(size)).ink.width() / size[0]
}

fn usable_length(length: f64) -> f64 {
    if length.is_nan() {
        return SMALLEST;
    }
    length.clamp(SMALLEST, LARGEST).round()
}

/// The frame and the ranges shown in it.
struct Axes {
    x: Range,
    y: Range,
    frame: Area,
}

impl Axes {
    /// Fractions of the frame, from its lower left corner.
    fn fractions(&self, at: [f64; 2]) -> Place {
        [self.x.fraction(at[0]), self.y.fraction(at[1])]
    }

    /// The pixel of a fraction.
    fn pixel(&self, [right, up]: Place) -> Place {
        [
            self.frame.low[0] + right * self.frame.width(),
            self.frame.high[1] - up * self.frame.height(),
        ]
    }

    /// The pixel of a place, where it lies inside the frame. Rounding must not
    /// lose a point that sits on the very edge.
    fn place(&self, at: [f64; 2]) -> Option<Place> {
        let fractions = self.fractions(at);
        let inside = Area::UNIT.grown(1e-9).holds(fractions);
        inside.then(|| self.pixel(Area::UNIT.nearest(fractions)))
    }
}

/// A drawing under way.
struct Sheet<'a> {
    scene: &'a Scene,
    unit: f64,
    drawing: Drawing,
    texts: Vec<Area>,
}

impl Sheet<'_> {
    fn text(&mut self, formula: &Formula, centre: Place, colour: crate::colour::Rgb) {
        self.drawing.fill(&formula.centred_at(centre), colour);
        let (width, height) = (formula.ink.width(), formula.ink.height());
        self.texts.push(Area::around(centre, width, height));
    }

    /// Draws title, names, grid and numbers, and tells the frame they leave.
    fn axes(&mut self) -> Axes {
        let scene = self.scene;
        let [width, height] = self.drawing.size;
        let x = Range::of(&scene.x, &scene.items, 0);
        let y = Range::of(&scene.y, &scene.items, 1);
        let (edge, gap) = (EDGE * self.unit, GAP * self.unit);

        let ink = scene.theme.rgb(Colour::Ink);
        let widest = width - 2.0 * edge;
        let fit = |tex: &Tex, size: f64| {
            let formula = Formula::set(tex, size * self.unit);
            let excess = formula.ink.width() / widest;
            if excess > 1.0 {
                Formula::set(tex, size * self.unit / excess)
            } else {
                formula
            }
        };
        let title = scene.title.as_ref().map(|tex| fit(tex, TITLE));
        let x_name = scene.x.label.as_ref().map(|tex| fit(tex, NAME));
        let y_name = scene.y.label.as_ref().map(|tex| fit(tex, NAME));
        // Numbers have one height, so that rows do not depend on their digits.
        let number = 0.72 * NUMBER * self.unit;

        let mut top = edge;
        if let Some(title) = &title {
            top += title.ink.height() + 1.5 * gap;
        }
        if scene.bare {
            let frame = Area::new([edge, top.max(edge)], [width - edge, height - edge]);
            if let Some(title) = &title {
                let centre = [width / 2.0, edge + title.ink.height() / 2.0];
                self.text(title, centre, ink);
            }
            return Axes { x, y, frame };
        }
        let y_name_row = top;
        if let Some(name) = &y_name {
            // The highest number reaches above the frame, into this gap.
            top += name.ink.height() + gap + number / 2.0;
        }
        top = top.max(edge + number / 2.0);
        let mut bottom = height - edge;
        if let Some(name) = &x_name {
            bottom -= name.ink.height() + 1.2 * gap;
        }
        let number_row = bottom - number / 2.0;
        bottom -= number + 1.3 * gap;
        bottom = bottom.max(top + 10.0);

        let most = match scene.y.marks {
            // A name takes no more than a line, so that twenty have room on a sheet of the usual size.
            Marks::Names(_) => (bottom - top) / (18.0 * self.unit),
            _ => ((bottom - top) / (44.0 * self.unit)).clamp(3.0, 8.0),
        };
        let y_ticks = self.set_ticks(&scene.y, &y, most);
        let widest_number = y_ticks.iter().map(|(_, f)| f.ink.width());
        let numbers = edge + widest_number.fold(0.0, f64::max) + gap;
        let left = numbers.max((scene.left * self.unit).min(width / 2.0));
        let keys = self.keys();
        let widest_key = keys.iter().map(|key| key.ink.width()).fold(0.0, f64::max);
        let beside = if keys.is_empty() {
            0.0
        } else {
            widest_key + (SWATCH * self.unit + 3.0 * gap)
        };
        let (x_ticks, [left, right]) =
            self.fitting_ticks(&scene.x, &x, left, width - edge - beside);
        let frame = Area::new([left, top], [right, bottom]);
        let axes = Axes { x, y, frame };

        self.grid(&axes, &x_ticks, &y_ticks);
        self.draw_keys(&keys, &axes.frame);
        let colour = scene.theme.furniture().number;
        // Digits stand on one line, whether or not a power rises above them.
        let digits = |formula: &Formula, across: f64, down: f64| {
            let baseline = down + 0.32 * NUMBER * self.unit;
            [across, baseline + formula.ink.centre()[1]]
        };
        let mut numbers = Vec::new();
        for (tick, formula) in &x_ticks {
            let across = axes.pixel([axes.x.fraction(tick.value), 0.0])[0];
            numbers.push((formula, digits(formula, across, number_row)));
        }
        for (tick, formula) in &y_ticks {
            let down = axes.pixel([0.0, axes.y.fraction(tick.value)])[1];
            let across = left - gap - formula.ink.width() / 2.0;
            numbers.push((formula, digits(formula, across, down)));
        }
        for (formula, centre) in numbers {
            self.text(formula, centre, colour);
        }
        if let Some(name) = &x_name {
            let down = height - edge - name.ink.height() / 2.0;
            let half = name.ink.width() / 2.0;
            let across = frame.centre()[0].min(width - edge - half).max(edge + half);
            self.text(name, [across, down], ink);
        }
        if let Some(name) = &y_name {
            let half = name.ink.width() / 2.0;
            let across = left.max(edge + half).min(width - edge - half);
            self.text(name, [across, y_name_row + name.ink.height() / 2.0], ink);
        }
        if let Some(title) = &title {
            // Over the middle of the frame, as far as the sheet has room.
            let half = title.ink.width() / 2.0;
            let across = frame.centre()[0].min(width - edge - half).max(edge + half);
            self.text(title, [across, edge + title.ink.height() / 2.0], ink);
        }
        axes
    }

    /// What the colours stand for, set; cut where the frame would be left no room.
    fn keys(&self) -> Vec<Formula> {
        const WIDEST: f64 = 0.25;
        let size = NUMBER * self.unit;
        let widest = WIDEST * self.drawing.size[0];
        let width = |text: &Tex| Formula::set(text, size).ink.width();
        let keys = self.scene.keys.iter();
        keys.map(|key| Formula::set(&key.tex.shortened(widest, width), size))
            .collect()
    }

    /// Discs with their words, one below the other, to the right of the frame.
    fn draw_keys(&mut self, keys: &[Formula], frame: &Area) {
        const ROW: f64 = 27.0;
        let scene = self.scene;
        let row = (ROW * self.unit).min(frame.height() / keys.len().max(1) as f64);
        let radius = (SWATCH / 2.0 * self.unit).min(0.45 * row);
        let ink = scene.theme.furniture().number;
        for (place, (key, formula)) in scene.keys.iter().zip(keys).enumerate() {
            let down = frame.low[1] + (place as f64 + 0.5) * row;
            let across = frame.high[0] + 2.0 * GAP * self.unit + radius;
            let colour = scene.theme.rgb(key.colour);
            self.drawing
                .fill(&Path::circle([across, down], radius), colour);
            let begin = across + radius + GAP * self.unit;
            let baseline = down + 0.32 * NUMBER * self.unit;
            let centre = [
                begin + formula.ink.width() / 2.0,
                baseline + formula.ink.centre()[1],
            ];
            self.text(formula, centre, ink);
        }
    }

    fn set_ticks(&self, axis: &Axis, range: &Range, most: f64) -> Vec<(Tick, Formula)> {
        /// Names along an axis leave the greater part of the sheet to what is drawn.
        const WIDEST: f64 = 0.3;
        let size = NUMBER * self.unit;
        let widest = WIDEST * self.drawing.size[0];
        let width = |text: &Tex| Formula::set(text, size).ink.width();
        marks(axis, range, most)
            .into_iter()
            .map(|mut tick| {
                if matches!(axis.marks, Marks::Names(_)) {
                    tick.text = tick.text.shortened(widest, width);
                }
                let formula = Formula::set(&tick.text, size);
                (tick, formula)
            })
            .collect()
    }

    /// As many ticks along the bottom as stand apart, and the sides of the
    /// frame that leave the first and the last of them whole.
    fn fitting_ticks(
        &self,
        axis: &Axis,
        range: &Range,
        left: f64,
        right: f64,
    ) -> (Vec<(Tick, Formula)>, [f64; 2]) {
        let most = ((right - left) / (68.0 * self.unit)).clamp(3.0, 10.0);
        let ((mut ticks, sides), apart) = most_apart(most, |most| {
            let ticks = self.set_ticks(axis, range, most);
            let sides = self.sides(range, &ticks, left, right);
            let centre =
                |tick: &Tick| sides[0] + range.fraction(tick.value) * (sides[1] - sides[0]);
            let apart = ticks.windows(2).all(|pair| {
                let halves = (pair[0].1.ink.width() + pair[1].1.ink.width()) / 2.0;
                centre(&pair[1].0) - centre(&pair[0].0) > halves + 1.2 * GAP * self.unit
            });
            ((ticks, sides), apart)
        });
        if !apart {
            ticks.truncate(1);
        }
        (ticks, sides)
    }

    /// Moves the sides of the frame inward until no number sticks out of the
    /// sheet. Numbers may use half of the sheet's edge.
    fn sides(&self, range: &Range, ticks: &[(Tick, Formula)], left: f64, right: f64) -> [f64; 2] {
        let slack = EDGE * self.unit / 2.0;
        let [sheet_left, sheet_right] = [slack, right + slack];
        let (mut low, mut high) = (left, right);
        for (tick, formula) in ticks {
            let half = formula.ink.width() / 2.0;
            let fraction = range.fraction(tick.value);
            if fraction > 0.5 {
                high = high.min(left + (sheet_right - half - left) / fraction);
            } else {
                // As if the right side went all the way in, to be safe.
                let inner = left + (right - left) * 0.6;
                low = low.max((sheet_left + half - fraction * inner) / (1.0 - fraction));
            }
        }
        [low, high.max(low + 10.0)]
    }

    fn grid(&mut self, axes: &Axes, x: &[(Tick, Formula)], y: &[(Tick, Formula)]) {
        let furniture = self.scene.theme.furniture();
        let shade = |tick: &Tick| {
            if tick.value == 0.0 {
                furniture.zero
            } else {
                furniture.grid
            }
        };
        let mut lines = Vec::new();
        for (tick, _) in x {
            let across = axes.x.fraction(tick.value);
            lines.push(([[across, 0.0], [across, 1.0]], shade(tick)));
        }
        for (tick, _) in y {
            let up = axes.y.fraction(tick.value);
            lines.push(([[0.0, up], [1.0, up]], shade(tick)));
        }
        // The lines through zero cross in front of the others.
        lines.sort_by_key(|(_, colour)| *colour != furniture.grid);
        for (ends, colour) in lines {
            let path = Path::polyline(&ends.map(|end| axes.pixel(end)));
            self.drawing.stroke(&path, self.unit, None, colour);
        }
        let corner = [[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]].map(|end| axes.pixel(end));
        let path = Path::polyline(&corner);
        self.drawing
            .stroke(&path, 1.4 * self.unit, None, furniture.axis);
    }

    fn guide(&mut self, guide: &Guide, axes: &Axes, obstacles: &mut Obstacles) {
        let (range, ends): (_, fn(f64) -> [Place; 2]) = match guide.direction {
            Direction::Vertical => (&axes.x, |at| [[at, 0.0], [at, 1.0]]),
            Direction::Horizontal => (&axes.y, |at| [[0.0, at], [1.0, at]]),
        };
        let at = range.fraction(guide.value);
        if !(0.0..=1.0).contains(&at) {
            return;
        }
        let ends = ends(at).map(|end| axes.pixel(end));
        obstacles.strokes.push(ends);
        let colour = self.scene.theme.rgb(guide.colour);
        let width = 1.3 * self.unit;
        let dash = self.dash(guide.dash, 1.3);
        self.drawing
            .stroke(&Path::polyline(&ends), width, dash, colour);
    }

    fn line(&mut self, line: &Line, axes: &Axes, obstacles: &mut Obstacles) {
        let width = usable_width(line.width);
        let colour = self.scene.theme.rgb(line.colour);
        let dash = self.dash(line.dash, width);
        let mut path = Path::default();
        for piece in &line.pieces {
            let fractions = piece.iter().map(|at| axes.fractions(*at));
            for part in Area::UNIT.clip_polyline(fractions) {
                let part: Vec<Place> = part.into_iter().map(|at| axes.pixel(at)).collect();
                let strokes = part.windows(2).map(|pair| [pair[0], pair[1]]);
                obstacles.strokes.extend(strokes);
                path.steps.extend(Path::polyline(&part).steps);
            }
        }
        self.drawing.stroke(&path, width * self.unit, dash, colour);
    }

    fn region(&mut self, region: &Region, axes: &Axes) {
        let mut path = Path::default();
        for border in &region.borders {
            let places = border
                .iter()
                .map(|at| Area::UNIT.nearest(axes.fractions(*at)));
            let places: Vec<Place> = places.map(|at| axes.pixel(at)).collect();
            path.steps.extend(Path::polyline(&places).steps);
            path.steps.push(Step::Close);
        }
        let colour = self.scene.theme.rgb(region.colour);
        self.drawing.fill(&path, colour);
    }

    /// Lengths of dash and gap, in proportion to the width of the stroke.
    fn dash(&self, dash: Dash, width: f64) -> Option<[f64; 2]> {
        let width = width.max(1.0) * self.unit;
        match dash {
            Dash::Solid => None,
            Dash::Dashed => Some([4.0 * width, 3.0 * width]),
            Dash::Dotted => Some([1.2 * width, 2.2 * width]),
        }
    }

    /// The ground around a point, on which it stands out.
    fn ring(&mut self, at: Place, point: &Point) {
        let ring = Path::circle(at, (usable_radius(point) + RING) * self.unit);
        self.drawing.fill(&ring, self.drawing.background);
    }

    fn point(&mut self, at: Place, point: &Point) {
        let colour = self.scene.theme.rgb(point.colour);
        let radius = usable_radius(point) * self.unit;
        if point.filled {
            self.drawing.fill(&Path::circle(at, radius), colour);
            if let Some(rim) = point.rim {
                let path = Path::circle(at, radius);
                let colour = self.scene.theme.rgb(rim);
                self.drawing.stroke(&path, 1.2 * self.unit, None, colour);
            }
        } else {
            let rim = Path::circle(at, radius - self.unit);
            self.drawing.stroke(&rim, 2.0 * self.unit, None, colour);
        }
    }

    /// Finds room for the labels and draws them, each on a patch of background
    /// that keeps the grid from running through its letters.
    fn labels(&mut self, axes: &Axes, obstacles: &mut Obstacles) -> Vec<Spot> {
        let labels: Vec<(Place, &Label, Formula)> = self
            .scene
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Label(label) => Some((
                    axes.place(label.at)?,
                    label,
                    Formula::set(&label.tex, LABEL * self.unit),
                )),
                _ => None,
            })
            .collect();
        let (free, fixed): (Vec<_>, Vec<_>) = labels
            .into_iter()
            .partition(|(_, label, _)| label.stance == Stance::Free);
        for (at, label, formula) in &fixed {
            let area = self.fixed(*at, label, formula);
            let [[x0, y0], [x1, y1]] = [area.low, area.high];
            // Both diagonals keep free labels off.
            obstacles.strokes.push([[x0, y0], [x1, y1]]);
            obstacles.strokes.push([[x0, y1], [x1, y0]]);
            self.label(label, formula, &area);
        }
        let requests: Vec<Request> = free
            .iter()
            .map(|(at, _, formula)| Request {
                at: *at,
                width: formula.ink.width(),
                height: formula.ink.height(),
            })
            .collect();
        let spots = place(&requests, obstacles, &axes.frame, self.unit);
        for ((_, label, formula), spot) in free.iter().zip(&spots) {
            if let Some(leader) = spot.leader {
                let width = 1.1 * self.unit;
                let colour = self.scene.theme.rgb(label.colour);
                self.drawing
                    .stroke(&Path::polyline(&leader), width, None, colour);
            }
            self.label(label, formula, &spot.area);
        }
        spots
    }

    fn label(&mut self, label: &Label, formula: &Formula, area: &Area) {
        let ground = self.drawing.background;
        let patch = Path::rectangle(&area.grown(2.0 * self.unit));
        self.drawing.fill(&patch, ground);
        self.text(formula, area.centre(), self.scene.theme.rgb(label.colour));
    }

    /// Where a label stands that takes its place as it is. One that begins there stands on a line of text, so that
    /// nothing moves when its digits change.
    fn fixed(&self, [x, y]: Place, label: &Label, formula: &Formula) -> Area {
        let (width, height) = (formula.ink.width(), formula.ink.height());
        let centre = match label.stance {
            Stance::Free | Stance::Over => [x, y],
            Stance::Beginning | Stance::Ending => {
                let baseline = y + 0.32 * LABEL * self.unit;
                let half = match label.stance {
                    Stance::Ending => -width / 2.0,
                    _ => width / 2.0,
                };
                [x + half, baseline + formula.ink.centre()[1]]
            }
        };
        Area::around(centre, width, height)
    }
}

fn usable_radius(point: &Point) -> f64 {
    if point.radius.is_finite() {
        point.radius.clamp(1.0, 100.0)
    } else {
        5.0
    }
}

fn usable_width(width: f64) -> f64 {
    if width.is_finite() {
        width.clamp(0.1, 100.0)
    } else {
        2.0
    }
}
