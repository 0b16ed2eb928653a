//! What kind of point it is: whether the derivative exists there, and what exists where it does not. It reads a
//! recorded function on both sides of the point; it never returns a slope for a point that has none.

mod sample;
mod side;

use crate::function::Recorded;
use crate::number::{Closeness, Interval};
use crate::program::Step;

pub use side::Side;

/// What kind of point it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PointKind {
    /// The derivative exists.
    Smooth,
    /// Both one-sided slopes exist and differ.
    Corner,
    /// The one-sided limits of f differ, from each other or from its value.
    Jump,
    /// The slope grows without bound: a vertical tangent or a cusp.
    Infinite,
    /// The domain ends here; the slope from inside exists.
    OneSided,
    /// f has no value here, and none can be given to it.
    Undefined,
    /// f or its derivative is beyond the range of doubles.
    Overflow,
    /// f has no value here, but one would make it continuous.
    Removable,
}

impl PointKind {
    /// The kind in one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Smooth => "smooth",
            Self::Corner => "corner",
            Self::Jump => "jump",
            Self::Infinite => "infinite",
            Self::OneSided => "one-sided",
            Self::Undefined => "undefined",
            Self::Overflow => "overflow",
            Self::Removable => "removable",
        }
    }
}

/// A point of a function along one direction, with what exists on either side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// What kind of point it is.
    pub kind: PointKind,
    /// The derivative from the left, where it exists; it may be infinite.
    pub left: Option<f64>,
    /// The derivative from the right.
    pub right: Option<f64>,
    /// What f tends to from the left; it may be infinite.
    pub left_limit: Option<f64>,
    /// What f tends to from the right.
    pub right_limit: Option<f64>,
    /// The derivative itself with its proven range, where it was found from the two sides.
    pub derivative: Option<Interval>,
    /// Whether f has a value at the point itself.
    pub has_value: bool,
    /// Whether samples had to decide what no rule could.
    pub sampled: bool,
    /// Whether a number within rounding of a kink was taken to be on it.
    pub within_rounding: bool,
}

impl Point {
    /// A point of which no more is to be told.
    #[must_use]
    pub fn plain(kind: PointKind) -> Self {
        Self {
            kind,
            left: None,
            right: None,
            left_limit: None,
            right_limit: None,
            derivative: None,
            has_value: matches!(kind, PointKind::Smooth),
            sampled: false,
            within_rounding: false,
        }
    }

    /// Whether the derivative exists.
    #[must_use]
    pub fn is_smooth(&self) -> bool {
        self.kind == PointKind::Smooth
    }

    /// What it is, in words.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        let infinite = |limit: Option<f64>| limit.is_some_and(f64::is_infinite);
        match self.kind {
            PointKind::Smooth => "the derivative exists",
            PointKind::Corner => "a corner: the slopes from left and right differ",
            PointKind::Jump if !self.has_value => {
                "a jump: the function has no value here, and its sides tend to different ones"
            }
            PointKind::Jump => "a jump: the function is not continuous here",
            PointKind::Infinite => match (self.left, self.right) {
                (Some(left), Some(right)) if left != right => {
                    "a cusp: the slopes grow without bound in opposite directions"
                }
                _ => "a vertical tangent: the slope grows without bound",
            },
            PointKind::OneSided => "the domain ends here: only the slope from inside exists",
            PointKind::Undefined if infinite(self.left_limit) || infinite(self.right_limit) => {
                "a pole: the function has no value here and grows without bound"
            }
            PointKind::Undefined if !self.has_value => "the function has no real value here",
            PointKind::Undefined if self.left_limit.is_none() && self.right_limit.is_none() => {
                "the function has a value here, but tends to nothing beside it"
            }
            PointKind::Undefined => {
                "the function is continuous here, but its slope tends to nothing"
            }
            PointKind::Overflow => "the number is beyond the range of doubles",
            PointKind::Removable => {
                "a hole: the function has no value here, but both sides tend to the same one"
            }
        }
    }
}

/// What kind of point `at` is for the derivative of the given order of one output along a direction.
///
/// ```
/// use secant::{Formula, Recorded, classify};
/// let f = Recorded::from(&Formula::parse("|x|")?);
/// let point = classify(&f, 0, &[0.0], &[1.0], 1);
/// assert_eq!((point.kind.name(), point.left, point.right), ("corner", Some(-1.0), Some(1.0)));
/// # Ok::<(), secant::Error>(())
/// ```
#[must_use]
pub fn classify(
    function: &Recorded,
    output: usize,
    at: &[f64],
    direction: &[f64],
    order: u32,
) -> Point {
    let boxed = Interval::points(at);
    let range = function.program().run(&boxed)[output];
    let value = function.value_at(output, at);
    if overflows(function, at, &boxed) {
        return Point::plain(PointKind::Overflow);
    }
    if value.is_finite() && function.program().rough_steps(&boxed).is_empty() {
        return Point::plain(PointKind::Smooth);
    }
    let right = Side::new(function, output, at, direction, 1.0, order);
    let left = Side::new(function, output, at, direction, -1.0, order);
    let mut point = if value.is_finite() {
        at_value(value, range, &left, &right)
    } else {
        without_value(&left, &right)
    };
    point.has_value = value.is_finite();
    point.left_limit = left.limit_value();
    point.right_limit = right.limit_value();
    point.sampled = left.sampled || right.sampled;
    point.within_rounding = left.within_rounding || right.within_rounding;
    point
}

/// Whether some step is beyond the range of doubles though it has a real value; at a pole it has none.
fn overflows(function: &Recorded, at: &[f64], boxed: &[Interval]) -> bool {
    let program = function.program();
    let (values, ranges) = (program.slots(at), program.slots(boxed));
    let beyond = |range: &Interval| range.lo() > f64::MAX / 2.0 || range.hi() < f64::MIN / 2.0;
    program
        .steps()
        .iter()
        .enumerate()
        .any(|(slot, step)| match step {
            Step::Apply(operation, arguments) => {
                let read = arguments.map(|argument| ranges[argument]);
                values[slot].is_infinite()
                    && beyond(&ranges[slot])
                    && operation.is_smooth(&read[..operation.arity()])
            }
            Step::Input(_) | Step::Constant(..) => values[slot].is_infinite(),
        })
}

/// The function has a value here.
fn at_value(value: f64, range: Interval, left: &Side, right: &Side) -> Point {
    let continuous = |side: &Side| {
        side.limit
            .is_some_and(|limit| meets(limit, range.union(Interval::point(value))))
    };
    let slope = |side: &Side| if continuous(side) { side.slope } else { None };
    let mut point = Point {
        left: slope(left).map(shown),
        right: slope(right).map(shown),
        ..Point::plain(PointKind::Undefined)
    };
    let sides: Vec<&Side> = [left, right]
        .into_iter()
        .filter(|side| !side.outside)
        .collect();
    point.kind = match sides.as_slice() {
        [] => PointKind::Undefined,
        sides if sides.iter().any(|side| !continuous(side)) => PointKind::Jump,
        sides if sides.iter().any(|side| side.slope.is_none()) => PointKind::Undefined,
        sides
            if sides
                .iter()
                .any(|side| side.slope.is_some_and(|slope| !slope.is_bounded())) =>
        {
            PointKind::Infinite
        }
        [_] => PointKind::OneSided,
        _ => match (left.slope, right.slope) {
            (Some(left), Some(right)) if meets(left, right) => {
                point.derivative = Some(left.union(right));
                PointKind::Smooth
            }
            _ => PointKind::Corner,
        },
    };
    point
}

/// The function has no value here.
fn without_value(left: &Side, right: &Side) -> Point {
    let mut point = Point::plain(PointKind::Undefined);
    if let (Some(below), Some(above)) = (left.limit, right.limit)
        && below.is_bounded()
        && above.is_bounded()
    {
        point.kind = if meets(below, above) {
            PointKind::Removable
        } else {
            PointKind::Jump
        };
        if point.kind == PointKind::Removable {
            point.left = left.slope.map(shown);
            point.right = right.slope.map(shown);
        }
    }
    point
}

/// Whether two proven ranges can be of the same number. Samples are believed to a relative error of 1e-6.
fn meets(a: Interval, b: Interval) -> bool {
    if a.lo() <= b.hi() && b.lo() <= a.hi() {
        return true;
    }
    let nearer = if a.lo() > b.hi() {
        (a.lo(), b.hi())
    } else {
        (b.lo(), a.hi())
    };
    Closeness::within(8.0 * crate::number::ulp(a.magnitude().max(b.magnitude())))
        .holds(nearer.0, nearer.1)
}

/// The number shown for a narrow range: a whole number inside, else the middle; an infinity as such.
fn shown(range: Interval) -> f64 {
    if !range.is_bounded() {
        return if range.lo() > 0.0 {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        };
    }
    let whole = range.middle().round();
    if range.contains(whole) {
        whole
    } else {
        range.middle()
    }
}
