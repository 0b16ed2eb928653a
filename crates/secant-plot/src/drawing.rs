//! The one geometry: a list of filled and stroked paths in pixels.
//!
//! A figure is composed into a `Drawing`, and each output writes the same
//! `Drawing` in its own format, so that no two of them can differ. Coordinates
//! are rounded to hundredths of a pixel here, once for all outputs. Nothing
//! here knows of axes, themes or formulas.

use crate::area::{Area, Place};
use crate::colour::Rgb;

/// One step of a path. Places are in pixels, y grows downward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    Move(Place),
    Line(Place),
    Quad(Place, Place),
    Cubic(Place, Place, Place),
    Close,
}

/// A path of straight and curved steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Path {
    pub(crate) steps: Vec<Step>,
}

impl Path {
    pub(crate) fn polyline(places: &[Place]) -> Self {
        let mut steps: Vec<Step> = places.iter().map(|place| Step::Line(*place)).collect();
        if let (Some(first), Some(place)) = (steps.first_mut(), places.first()) {
            *first = Step::Move(*place);
        }
        Self { steps }
    }

    pub(crate) fn rectangle(area: &Area) -> Self {
        let ([x0, y0], [x1, y1]) = (area.low, area.high);
        let mut path = Self::polyline(&[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]);
        path.steps.push(Step::Close);
        path
    }

    /// A circle of four cubics; the handle length is the usual 4/3 tan(pi/8),
    /// off the true circle by less than 0.03 % of the radius.
    pub(crate) fn circle([x, y]: Place, r: f64) -> Self {
        let k = r * 4.0 / 3.0 * (std::f64::consts::PI / 8.0).tan();
        Self {
            steps: vec![
                Step::Move([x + r, y]),
                Step::Cubic([x + r, y + k], [x + k, y + r], [x, y + r]),
                Step::Cubic([x - k, y + r], [x - r, y + k], [x - r, y]),
                Step::Cubic([x - r, y - k], [x - k, y - r], [x, y - r]),
                Step::Cubic([x + k, y - r], [x + r, y - k], [x + r, y]),
                Step::Close,
            ],
        }
    }

    /// The same path with every place sent through `map`.
    pub(crate) fn mapped(&self, map: impl Fn(Place) -> Place) -> Self {
        let steps = self.steps.iter().map(|step| match *step {
            Step::Move(a) => Step::Move(map(a)),
            Step::Line(a) => Step::Line(map(a)),
            Step::Quad(a, b) => Step::Quad(map(a), map(b)),
            Step::Cubic(a, b, c) => Step::Cubic(map(a), map(b), map(c)),
            Step::Close => Step::Close,
        });
        Self {
            steps: steps.collect(),
        }
    }

    pub(crate) fn moved(&self, by: Place) -> Self {
        self.mapped(|[x, y]| [x + by[0], y + by[1]])
    }

    /// The smallest rectangle around all places, handles included.
    pub(crate) fn bounds(&self) -> Option<Area> {
        let mut bounds: Option<Area> = None;
        let mut include = |place: Place| {
            let area = bounds.get_or_insert(Area::new(place, place));
            for (axis, value) in place.into_iter().enumerate() {
                area.low[axis] = area.low[axis].min(value);
                area.high[axis] = area.high[axis].max(value);
            }
        };
        for step in &self.steps {
            match *step {
                Step::Move(a) | Step::Line(a) => include(a),
                Step::Quad(a, b) => [a, b].into_iter().for_each(&mut include),
                Step::Cubic(a, b, c) => [a, b, c].into_iter().for_each(&mut include),
                Step::Close => {}
            }
        }
        bounds
    }
}

/// How a path becomes ink.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Paint {
    /// The inside, by the nonzero rule, as fonts want it.
    Fill,
    /// A line of this width, with lengths of dash and gap where dashed.
    Stroke { width: f64, dash: Option<[f64; 2]> },
}

/// A path, how it is painted, and in which colour.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    pub(crate) path: Path,
    pub(crate) paint: Paint,
    pub(crate) colour: Rgb,
}

/// A finished picture: shapes from back to front, and the words for readers
/// who cannot see it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) size: Place,
    pub(crate) background: Rgb,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) shapes: Vec<Shape>,
}

impl Drawing {
    pub(crate) fn fill(&mut self, path: &Path, colour: Rgb) {
        self.add(path, Paint::Fill, colour);
    }

    pub(crate) fn stroke(&mut self, path: &Path, width: f64, dash: Option<[f64; 2]>, colour: Rgb) {
        let width = hundredths(width);
        let dash = dash.map(|lengths| lengths.map(hundredths));
        self.add(path, Paint::Stroke { width, dash }, colour);
    }

    fn add(&mut self, path: &Path, paint: Paint, colour: Rgb) {
        if path.steps.is_empty() {
            return;
        }
        let path = path.mapped(|place| place.map(hundredths));
        self.shapes.push(Shape {
            path,
            paint,
            colour,
        });
    }
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_keeps_its_radius_between_its_corners() {
        let circle = Path::circle([0.0, 0.0], 1.0);
        let mut from = [1.0, 0.0];
        let mut quarters = 0;
        for step in circle.steps {
            if let Step::Cubic(b, c, d) = step {
                let middle = [0, 1].map(|i| (from[i] + 3.0 * b[i] + 3.0 * c[i] + d[i]) / 8.0);
                assert!((middle[0].hypot(middle[1]) - 1.0).abs() < 3e-4);
                from = d;
                quarters += 1;
            }
        }
        assert_eq!((quarters, from), (4, [1.0, 0.0]));
    }

    #[test]
    fn bounds_of_nothing_are_nothing() {
        assert_eq!(Path::default().bounds(), None);
        let area = Area::new([1.0, 2.0], [3.0, 4.0]);
        assert_eq!(Path::rectangle(&area).bounds(), Some(area));
    }
}
