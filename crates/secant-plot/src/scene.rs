//! What a caller describes: a scene of lines, points, labels and guides.
//!
//! A scene holds points in the units of its axes and meanings of colours. It
//! knows no function, no pixel and no output; every output reads it alone.

use crate::area::Place;
use crate::axis::Axis;
use crate::colour::{Colour, Theme};
use crate::figure::label_width;
use crate::guide::{Direction, Guide};
use crate::tex::Tex;

/// A figure: two axes and what is drawn between them.
///
/// ```
/// use secant_plot::{Axis, Colour, Label, Line, Point, Scene, palette, svg};
///
/// let curve = (-20..=20).map(|i| f64::from(i) / 10.0).map(|x| [x, x * x]);
/// let scene = Scene::new(900.0, 600.0)
///     .title(r"f(x) = x^2")
///     .describe("The parabola x squared and its tangent at 1.")
///     .x(Axis::new(-2.0, 2.0).label("x"))
///     .with(Line::new(curve))
///     .with(Line::new([[0.0, -1.0], [2.0, 3.0]]).colour(palette(0)))
///     .with(Point::new([1.0, 1.0]).colour(palette(0)))
///     .with(Label::new([1.0, 1.0], "f'(1) = 2").colour(palette(0)));
/// assert!(svg(&scene).starts_with("<svg"));
/// # assert_eq!(scene.items.len(), 4);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Width and height in pixels; text and strokes grow gently with them.
    pub size: [f64; 2],
    /// Light or dark.
    pub theme: Theme,
    /// The formula above the frame.
    pub title: Option<Tex>,
    /// What the picture shows, for readers who cannot see it.
    pub description: String,
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from bottom to top.
    pub y: Axis,
    /// The least room left of the frame, in pixels of a picture of 900 by 600: scenes above one another line up where
    /// it is the same and larger than their numbers.
    pub left: f64,
    /// Whether the frame stays empty of grid and numbers, for what is no curve.
    pub bare: bool,
    /// What each colour stands for, told beside the frame; a bare scene has none.
    pub keys: Vec<Key>,
    /// What is drawn, from back to front.
    pub items: Vec<Item>,
}

/// What a colour stands for.
///
/// ```
/// use secant_plot::{Key, Point, Scene, palette, terminal};
///
/// let scene = Scene::new(900.0, 600.0)
///     .with(Point::new([0.0, 0.0]).colour(palette(0)))
///     .key(Key::new("iris", palette(0)));
/// assert!(terminal(&scene, 60, 20, false).contains("● iris"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The words.
    pub tex: Tex,
    /// The colour that they are about.
    pub colour: Colour,
}

impl Key {
    /// What a colour stands for.
    pub fn new(tex: impl Into<Tex>, colour: Colour) -> Self {
        Self {
            tex: tex.into(),
            colour,
        }
    }
}

impl Scene {
    /// An empty scene of this size in pixels, with axes that fit their items.
    pub fn new(width: f64, height: f64) -> Self {
        Self {
            size: [width, height],
            theme: Theme::default(),
            title: None,
            description: String::new(),
            x: Axis::auto(),
            y: Axis::auto(),
            left: 0.0,
            bare: false,
            keys: Vec::new(),
            items: Vec::new(),
        }
    }

    /// The same scene in another theme.
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// The same scene under a title.
    pub fn title(mut self, title: impl Into<Tex>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The same scene with words for readers who cannot see it.
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same scene over another horizontal axis.
    pub fn x(mut self, axis: Axis) -> Self {
        self.x = axis;
        self
    }

    /// The same scene over another vertical axis.
    pub fn y(mut self, axis: Axis) -> Self {
        self.y = axis;
        self
    }

    /// The same scene with at least this room left of the frame.
    pub fn left(mut self, room: f64) -> Self {
        self.left = room;
        self
    }

    /// The same scene without grid and numbers.
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// The same scene with one colour more explained.
    pub fn key(mut self, key: Key) -> Self {
        self.keys.push(key);
        self
    }

    /// The width of a label, as a part of the width of the picture.
    ///
    /// ```
    /// use secant_plot::{Scene, Tex};
    ///
    /// let scene = Scene::new(900.0, 600.0);
    /// assert!(scene.width_of(&Tex::verbatim("a longer name")) > scene.width_of(&Tex::verbatim("a")));
    /// ```
    pub fn width_of(&self, label: &Tex) -> f64 {
        label_width(label, self.size)
    }

    /// A label cut with an ellipsis where it is wider than this part of the width of the picture.
    ///
    /// ```
    /// use secant_plot::{Scene, Tex};
    ///
    /// let scene = Scene::new(900.0, 600.0);
    /// let cut = scene.shortened(&Tex::verbatim("a name that goes on and on and on and on"), 0.2);
    /// assert!(cut.plain().ends_with('…') && scene.width_of(&cut) <= 0.2);
    /// ```
    pub fn shortened(&self, label: &Tex, most: f64) -> Tex {
        label.shortened(most, |label| self.width_of(label))
    }

    /// The same scene with one item more, in front of the others.
    pub fn with(mut self, item: impl Into<Item>) -> Self {
        self.items.push(item.into());
        self
    }

    /// The same scene with several items more.
    pub fn with_all<I: Into<Item>>(mut self, items: impl IntoIterator<Item = I>) -> Self {
        self.items.extend(items.into_iter().map(Into::into));
        self
    }
}

/// Anything a scene can show.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// A curve, a tangent, a secant.
    Line(Line),
    /// A marked place.
    Point(Point),
    /// A formula at a place.
    Label(Label),
    /// A line across the whole frame.
    Guide(Guide),
    /// A filled part of the plane.
    Region(Region),
}

impl From<Line> for Item {
    fn from(line: Line) -> Self {
        Item::Line(line)
    }
}

impl From<Point> for Item {
    fn from(point: Point) -> Self {
        Item::Point(point)
    }
}

impl From<Label> for Item {
    fn from(label: Label) -> Self {
        Item::Label(label)
    }
}

impl From<Region> for Item {
    fn from(region: Region) -> Self {
        Item::Region(region)
    }
}

impl From<Guide> for Item {
    fn from(guide: Guide) -> Self {
        Item::Guide(guide)
    }
}

/// Straight strokes from place to place, in pieces that are never joined.
///
/// The caller cuts a curve where it jumps or has a pole; a place that is not
/// finite cuts as well. What lies outside the frame is clipped.
///
/// ```
/// use secant_plot::{Dash, Line, palette};
///
/// let hyperbola = Line::pieces([
///     vec![[-2.0, -0.5], [-1.0, -1.0], [-0.5, -2.0]],
///     vec![[0.5, 2.0], [1.0, 1.0], [2.0, 0.5]],
/// ]);
/// assert_eq!(hyperbola.pieces.len(), 2);
/// let rise = Line::new([[1.0, 1.0], [1.0, 0.5]]).colour(palette(1)).dash(Dash::Dashed);
/// assert_eq!(rise.width, 2.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The pieces, each a list of places.
    pub pieces: Vec<Vec<[f64; 2]>>,
    /// The colour of the stroke.
    pub colour: Colour,
    /// The width in pixels of a picture of 900 by 600.
    pub width: f64,
    /// Unbroken, dashed or dotted.
    pub dash: Dash,
    /// What its colour tells, where it tells a sign.
    pub sign: Option<Sign>,
}

impl Line {
    /// A line in one piece.
    pub fn new(places: impl IntoIterator<Item = [f64; 2]>) -> Self {
        Self::pieces([places.into_iter().collect()])
    }

    /// A line in several pieces.
    pub fn pieces(pieces: impl IntoIterator<Item = Vec<[f64; 2]>>) -> Self {
        Self {
            pieces: pieces.into_iter().collect(),
            colour: Colour::Ink,
            width: 2.0,
            dash: Dash::Solid,
            sign: None,
        }
    }

    /// The same line with what its colour tells, for terminals that have no colours.
    pub fn sign(mut self, sign: Sign) -> Self {
        self.sign = Some(sign);
        self
    }

    /// The same line in another colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// The same line in another width.
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }

    /// The same line in another dash.
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }
}

/// A sign that a colour tells: one colour for what is above 0, another for what is below. A terminal without colours shows it by other marks: cells as `+` or `-`, lines unbroken or dashed.
///
/// ```
/// use secant_plot::{Region, Scene, Sign, terminal};
///
/// let square = Region::new([vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]]);
/// let scene = Scene::new(900.0, 600.0).with(square.colour(secant_plot::palette(0)).cell().sign(Sign::Below));
/// assert!(terminal(&scene, 40, 12, false).contains('━') && terminal(&scene, 40, 12, true).contains('█'));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Above 0.
    Above,
    /// Below 0.
    Below,
}

/// Whether a stroke is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Long strokes.
    Dashed,
    /// Short strokes.
    Dotted,
}

/// A marked place: a disc with a thin ring of background around it.
///
/// ```
/// use secant_plot::Point;
///
/// // Where a function jumps, the end that does not belong is hollow.
/// let missing = Point::new([0.0, 1.0]).hollow();
/// assert!(!missing.filled);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Where it is.
    pub at: [f64; 2],
    /// The colour of the disc or of its rim.
    pub colour: Colour,
    /// A disc, or only its rim.
    pub filled: bool,
    /// The radius in pixels of a picture of 900 by 600.
    pub radius: f64,
    /// The colour of a thin rim around the disc, if it has one.
    pub rim: Option<Colour>,
    /// What its colour tells, where it tells a sign.
    pub sign: Option<Sign>,
}

impl Point {
    /// A filled point.
    pub fn new(at: [f64; 2]) -> Self {
        Self {
            at,
            colour: Colour::Ink,
            filled: true,
            radius: 5.0,
            rim: None,
            sign: None,
        }
    }

    /// The same point with what its colour tells, for terminals that have no colours.
    pub fn sign(mut self, sign: Sign) -> Self {
        self.sign = Some(sign);
        self
    }

    /// The same point in another colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// The same point with another radius.
    pub fn radius(mut self, radius: f64) -> Self {
        self.radius = radius;
        self
    }

    /// The same point within a rim: a disc of a pale colour is seen by it.
    ///
    /// ```
    /// use secant_plot::{Colour, Point};
    ///
    /// let neuron = Point::new([0.0, 0.0]).colour(Colour::Shade(20)).rim(Colour::Faint);
    /// assert!(neuron.filled);
    /// ```
    pub fn rim(mut self, colour: Colour) -> Self {
        self.rim = Some(colour);
        self
    }

    /// The same point as a rim alone.
    pub fn hollow(mut self) -> Self {
        self.filled = false;
        self
    }
}

/// A formula that belongs to a place; the figure finds it room nearby.
///
/// It is put where it touches no line, point or other label, with a thin
/// leader to its place where the room is far. A label whose place lies outside
/// the axes is not drawn.
///
/// ```
/// use secant_plot::{Label, palette};
///
/// let slope = Label::new([1.0, 2.0], "f'(1) = 4").colour(palette(1));
/// assert_eq!(slope.tex.plain(), "f'(1) = 4");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The place it speaks of.
    pub at: [f64; 2],
    /// The formula.
    pub tex: Tex,
    /// The colour of the formula.
    pub colour: Colour,
    /// Whether it finds its own room.
    pub stance: Stance,
    /// What its colour tells, where it tells a sign.
    pub sign: Option<Sign>,
}

/// How a label stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stance {
    /// Where there is room nearby.
    #[default]
    Free,
    /// Over its place, whatever is beneath: the level of a contour line.
    Over,
    /// Beginning at its place, whatever is beneath: a number that changes from picture to picture.
    Beginning,
    /// Ending at its place, whatever is beneath: the name of what stands to its right.
    Ending,
}

impl Label {
    /// A label for a place.
    pub fn new(at: [f64; 2], tex: impl Into<Tex>) -> Self {
        Self {
            at,
            tex: tex.into(),
            colour: Colour::Ink,
            stance: Stance::Free,
            sign: None,
        }
    }

    /// The same label with what its colour tells, for terminals that have no colours.
    pub fn sign(mut self, sign: Sign) -> Self {
        self.sign = Some(sign);
        self
    }

    /// The same label in another stance.
    pub fn stance(mut self, stance: Stance) -> Self {
        self.stance = stance;
        self
    }

    /// The same label in another colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }
}

/// A part of the plane within closed borders, filled; it is never in the way of a label, and not drawn in a terminal unless it is a cell.
/// The borders are taken to lie inside the axes.
///
/// ```
/// use secant_plot::{Colour, Region};
///
/// let square = Region::new([vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]]);
/// assert_eq!(square.colour(Colour::Shade(40)).borders.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The borders; one that runs the other way around cuts a hole.
    pub borders: Vec<Vec<[f64; 2]>>,
    /// The colour of the inside.
    pub colour: Colour,
    /// Whether it is a rectangle whose colour is a number, which a terminal shows as well: as blocks, the stronger the fuller.
    pub is_cell: bool,
    /// What its colour tells, where it tells a sign.
    pub sign: Option<Sign>,
}

impl Region {
    /// A region within these borders.
    pub fn new(borders: impl IntoIterator<Item = Vec<[f64; 2]>>) -> Self {
        Self {
            borders: borders.into_iter().collect(),
            colour: Colour::Shade(40),
            is_cell: false,
            sign: None,
        }
    }

    /// The same region with what its colour tells, for terminals that have no colours.
    pub fn sign(mut self, sign: Sign) -> Self {
        self.sign = Some(sign);
        self
    }

    /// The same region as a cell of a map, which a terminal draws too.
    ///
    /// ```
    /// use secant_plot::{Axis, Colour, Region, Scene, terminal};
    ///
    /// let square = Region::new([vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]]);
    /// let scene = Scene::new(900.0, 600.0).with(square.colour(Colour::Ink).cell());
    /// assert!(terminal(&scene, 40, 12, false).contains('█'));
    /// ```
    pub fn cell(mut self) -> Self {
        self.is_cell = true;
        self
    }

    /// The same region in another colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }
}

impl Item {
    /// The values this item shows on an axis (0 is x, 1 is y), for axes that fit.
    pub(crate) fn values(&self, axis: usize) -> Vec<f64> {
        let along = |place: &Place| place[axis];
        match self {
            Item::Line(line) => line.pieces.iter().flatten().map(along).collect(),
            Item::Point(point) => vec![along(&point.at)],
            Item::Label(label) => vec![along(&label.at)],
            Item::Region(region) => region.borders.iter().flatten().map(along).collect(),
            Item::Guide(guide) => {
                let own = usize::from(guide.direction == Direction::Horizontal);
                if own == axis {
                    vec![guide.value]
                } else {
                    Vec::new()
                }
            }
        }
    }
}
