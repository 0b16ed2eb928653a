//! What kind of point it is: whether the derivative exists there, and what exists where it does not. It reads a
//! recorded function on both sides of the point; it never returns a slope for a point that has none.

mod germ;
mod lost;
mod sample;
mod side;

use std::borrow::Cow;

use crate::error::{Error, ErrorKind};
use crate::estimate::HIGHEST_ORDER;
use crate::function::{Function, Recorded};
use crate::number::{Closeness, Interval, Series};

pub(crate) use lost::overflows;
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
    /// f, its derivative or a number on the way is beyond the range of doubles, or so near to a bound that it never reaches that doubles
    /// do not tell them apart.
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
    /// Of which order these two are: 1 of slopes. Where derivatives are continuous up to the one that was asked for, it is that one's; else the first that
    /// stands in the way.
    pub order: usize,
    /// What f tends to from the left; it may be infinite.
    pub left_limit: Option<f64>,
    /// What f tends to from the right.
    pub right_limit: Option<f64>,
    /// The derivative itself with its proven range, where it was found from the two sides.
    pub derivative: Option<Interval>,
    /// Whether f has a value at the point itself.
    pub has_value: bool,
    /// Whether it could not be found out if the derivative exists; then none is given.
    pub undecided: bool,
    /// Whether samples had to decide what no rule could.
    pub sampled: bool,
    /// Whether numbers that rounding cannot tell apart were taken to be one.
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
            order: 1,
            left_limit: None,
            right_limit: None,
            derivative: None,
            has_value: matches!(kind, PointKind::Smooth),
            undecided: false,
            sampled: false,
            within_rounding: false,
        }
    }

    /// A point of which it could not be found out whether the derivative exists.
    #[must_use]
    pub fn undecided() -> Self {
        Self {
            undecided: true,
            has_value: true,
            ..Self::plain(PointKind::Undefined)
        }
    }

    /// Whether the derivative exists.
    #[must_use]
    pub fn is_smooth(&self) -> bool {
        self.kind == PointKind::Smooth
    }

    /// Whether it was found out if the derivative exists: beyond the range of doubles nothing is seen.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        !self.undecided && self.kind != PointKind::Overflow
    }

    /// What it is in one word: its kind, or `undecided`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.undecided {
            true => "undecided",
            false => self.kind.name(),
        }
    }

    /// Whether its slopes grow without bound in opposite directions.
    ///
    /// ```
    /// use secant::{Formula, Recorded, classify};
    /// let is_cusp = |text: &str| {
    ///     let f = Recorded::from(&Formula::parse(text)?);
    ///     Ok::<_, secant::Error>(classify(&f, 0, &[0.0], &[1.0], 1)?.is_cusp())
    /// };
    /// assert!(is_cusp("cbrt(x^2)")? && !is_cusp("cbrt(x)")?);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn is_cusp(&self) -> bool {
        let sides = self.left.zip(self.right);
        self.kind == PointKind::Infinite && sides.is_some_and(|(left, right)| left != right)
    }

    /// What it is, in words.
    #[must_use]
    pub fn describe(&self) -> Cow<'static, str> {
        if self.undecided {
            return "whether the derivative exists here could not be decided".into();
        }
        match (self.kind, self.order) {
            (PointKind::Corner, order @ 2..) => {
                format!("the derivatives of order {order} from left and right differ").into()
            }
            (PointKind::Infinite, order @ 2..) => {
                format!("the derivative of order {order} grows without bound").into()
            }
            _ => self.describe_slopes().into(),
        }
    }

    /// The same of a point that is decided and needs no word about higher orders.
    fn describe_slopes(&self) -> &'static str {
        let infinite = |limit: Option<f64>| limit.is_some_and(f64::is_infinite);
        match self.kind {
            PointKind::Smooth => "the derivative exists",
            PointKind::Corner => "a corner: the slopes from left and right differ",
            PointKind::Jump if !self.has_value => {
                "a jump: the function has no value here, and its sides tend to different ones"
            }
            PointKind::Jump => "a jump: the function is not continuous here",
            PointKind::Infinite if self.is_cusp() => {
                "a cusp: the slopes grow without bound in opposite directions"
            }
            PointKind::Infinite => "a vertical tangent: the slope grows without bound",
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
            PointKind::Overflow if self.within_rounding => {
                "a number on the way is nearer to a pole, or to a bound that it never reaches, than doubles can tell"
            }
            PointKind::Overflow => {
                "the number, or one on the way to it, is beyond the range of doubles"
            }
            PointKind::Removable => {
                "a hole: the function has no value here, but both sides tend to the same one"
            }
        }
    }
}

/// What kind of point `at` is for the derivative of the given order of one output along a direction. Order 0 asks whether the
/// output is continuous there.
///
/// ```
/// use secant::{Formula, Recorded, classify};
/// let f = Recorded::from(&Formula::parse("|x|")?);
/// let point = classify(&f, 0, &[0.0], &[1.0], 1)?;
/// assert_eq!((point.kind.name(), point.left, point.right), ("corner", Some(-1.0), Some(1.0)));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where there is no such output, the point or the direction has another number of inputs, and where the order is beyond
/// [`HIGHEST_ORDER`].
pub fn classify(
    function: &Recorded,
    output: usize,
    at: &[f64],
    direction: &[f64],
    order: usize,
) -> Result<Point, Error> {
    check(function, output, at, direction, order)?;
    Ok(kind_of_point(function, output, at, direction, order as u32))
}

fn check(
    function: &Recorded,
    output: usize,
    at: &[f64],
    direction: &[f64],
    order: usize,
) -> Result<(), Error> {
    let (inputs, outputs) = (function.inputs(), function.outputs());
    let shape = |what: &str, entries: usize| {
        format!("{what} has {entries} entries, the function has {inputs} inputs")
    };
    let message = if output >= outputs {
        format!("there is no output {output}, the function has {outputs}")
    } else if at.len() != inputs {
        shape("the point", at.len())
    } else if direction.len() != inputs {
        shape("the direction", direction.len())
    } else if order > HIGHEST_ORDER {
        format!("the order is {order}, at most {HIGHEST_ORDER} is worked out")
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Shape, message))
}

/// The same of what fits the function.
fn kind_of_point(
    function: &Recorded,
    output: usize,
    at: &[f64],
    direction: &[f64],
    order: u32,
) -> Point {
    let boxed = Interval::points(at);
    let range = function.program().run(&boxed)[output];
    let value = function.value_at(output, at);
    let is_lost = || {
        overflows(function, at, &boxed)
            || value.is_infinite() && lost::underflows(function, at, &boxed)
    };
    if !value.is_finite() && is_lost() {
        return Point::plain(PointKind::Overflow);
    }
    if value.is_finite() && function.program().rough_steps(&boxed).is_empty() {
        return Point::plain(PointKind::Smooth);
    }
    // A number on the way may be rounded to a pole, as x - 7 for the gamma function at 1e-20: the range of what it may be is not empty.
    let is_hidden = value.is_nan() && !range.is_empty();
    if is_hidden || lost::is_rough_by_rounding(function, output, at, &boxed) {
        return Point {
            within_rounding: true,
            ..Point::plain(PointKind::Overflow)
        };
    }
    let beside = [-1.0, 1.0].map(|sign| side::beside(function, at, direction, sign));
    let side = |steps: &[Series], sign| {
        let series = &steps[function.program().output_slots()[output]];
        Side::of_series(series, sign, order)
            .unwrap_or_else(|| sample::side(function, output, at, direction, sign))
    };
    let (left, right) = (side(&beside[0], -1.0), side(&beside[1], 1.0));
    let sides = Held {
        left: &left,
        right: &right,
        order: order as usize,
        is_one: germ::is_one_function(function, output, at, beside, order),
    };
    let mut point = if value.is_finite() {
        at_value(value, range, &sides)
    } else {
        without_value(&sides)
    };
    point.has_value = value.is_finite();
    point.left_limit = left.limit.map(shown);
    point.right_limit = right.limit.map(shown);
    point.sampled = left.sampled || right.sampled;
    point.within_rounding |= left.within_rounding || right.within_rounding;
    // Samples that are rounded away as the value is tell nothing of a number that may be there.
    let is_nowhere = point.left_limit.is_none() && point.right_limit.is_none();
    if !value.is_finite() && !range.is_empty() && point.sampled && is_nowhere {
        return Point {
            within_rounding: true,
            ..Point::plain(PointKind::Overflow)
        };
    }
    if point.sampled && point.is_smooth() {
        // Samples may hint at a derivative, but they never prove one.
        return Point {
            kind: PointKind::Undefined,
            undecided: true,
            derivative: None,
            left: None,
            right: None,
            ..point
        };
    }
    point
}

/// Both sides, held against each other.
struct Held<'a> {
    left: &'a Side,
    right: &'a Side,
    /// Of the derivative that was asked for.
    order: usize,
    /// They are known to be one function.
    is_one: bool,
}

impl Held<'_> {
    fn is_sampled(&self) -> bool {
        self.left.sampled || self.right.sampled
    }

    /// The derivatives from left and right that were asked for, of sides that this lets pass.
    fn slopes(&self, passes: impl Fn(&Side) -> bool) -> [Option<f64>; 2] {
        let slope = |side: &Side| side.slopes.get(self.order.checked_sub(1)?).copied()?;
        [self.left, self.right].map(|side| slope(side).filter(|_| passes(side)).map(shown))
    }

    /// Ranges of something on either side, or of one that has no other.
    fn likeness(&self, ranges: &[Interval]) -> Likeness {
        match ranges {
            [a, b] => Likeness::of(*a, *b, self.is_one, self.is_sampled()),
            _ => Likeness::Same,
        }
    }
}

/// The function has a value here.
fn at_value(value: f64, range: Interval, both: &Held) -> Point {
    let mut point = Point::plain(PointKind::Undefined);
    let sides: Vec<&Side> = [both.left, both.right]
        .into_iter()
        .filter(|side| !side.outside)
        .collect();
    let limits: Option<Vec<Interval>> = sides.iter().map(|side| side.limit).collect();
    let Some(limits) = limits.filter(|limits| !limits.is_empty()) else {
        point.undecided = sides.iter().any(|side| side.limit.is_none());
        return point;
    };
    let across = both.likeness(&limits);
    let leaves_value =
        |limit: &Interval| Likeness::of(*limit, range, true, both.is_sampled()) == Likeness::Apart;
    if across == Likeness::Apart || limits.iter().any(leaves_value) {
        return jump(value, both);
    }
    // The range of f may be wide where a condition is open; then it is not known on which side the value lies.
    const ROUNDING: f64 = 8.0;
    let holds =
        |limit: &Interval| Interval::outward(limit.lo(), limit.hi(), ROUNDING).contains(value);
    if !both.is_sampled() && !limits.iter().all(holds) {
        point.undecided = true;
        return point;
    }
    point.within_rounding = across == Likeness::WithinRounding;
    with_slopes(point, &sides, both)
}

/// The sides tend to different numbers, or to another one than the value; a side that tends to the value has its slope.
fn jump(value: f64, both: &Held) -> Point {
    let [left, right] = both.slopes(|side| side.limit.is_some_and(|limit| limit.contains(value)));
    Point {
        left,
        right,
        order: both.order,
        ..Point::plain(PointKind::Jump)
    }
}

/// The function is continuous here: what its slopes make of the point, order by order.
fn with_slopes(mut point: Point, sides: &[&Side], both: &Held) -> Point {
    let (left, right) = (both.left, both.right);
    let orders = left.slopes.len().max(right.slopes.len());
    let mut derivative = None;
    for order in 0..orders {
        let of = |side: &Side| side.slopes.get(order).copied().flatten();
        (point.left, point.right) = (of(left).map(shown), of(right).map(shown));
        point.order = order + 1;
        let slopes: Option<Vec<Interval>> = sides.iter().map(|side| of(side)).collect();
        let Some(slopes) = slopes else {
            point.undecided = true;
            return point;
        };
        if slopes.iter().any(|slope| !slope.is_bounded()) {
            point.kind = PointKind::Infinite;
            return point;
        }
        match both.likeness(&slopes) {
            Likeness::Apart => {
                point.kind = PointKind::Corner;
                return point;
            }
            Likeness::WithinRounding => point.within_rounding = true,
            Likeness::Same => {}
        }
        derivative = slopes.into_iter().reduce(Interval::union);
    }
    if sides.len() == 2 {
        point.kind = PointKind::Smooth;
        point.derivative = derivative;
    } else {
        point.kind = PointKind::OneSided;
    }
    point
}

/// The function has no value here.
fn without_value(both: &Held) -> Point {
    let (left, right) = (both.left, both.right);
    let mut point = Point::plain(PointKind::Undefined);
    let (Some(below), Some(above)) = (left.limit, right.limit) else {
        return point;
    };
    if !below.is_bounded() || !above.is_bounded() {
        return point;
    }
    let likeness = both.likeness(&[below, above]);
    if likeness == Likeness::Apart {
        point.kind = PointKind::Jump;
        return point;
    }
    point.kind = PointKind::Removable;
    point.within_rounding = likeness == Likeness::WithinRounding;
    [point.left, point.right] = both.slopes(|_| true);
    point.order = both.order;
    point
}

/// Whether ranges are of the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    /// They are the same number, or the same range of what is one number.
    Same,
    /// They overlap: a difference smaller than the rounding would not be seen.
    WithinRounding,
    /// They have no number in common.
    Apart,
}

impl Likeness {
    /// Of ranges of what is known to be one number, or is not. Samples are believed to six digits.
    fn of(a: Interval, b: Interval, is_one: bool, sampled: bool) -> Self {
        const BELIEVED: f64 = 1e-6;
        let overlap = a.lo() <= b.hi() && b.lo() <= a.hi();
        let near = Closeness::within(BELIEVED * a.magnitude().max(b.magnitude()))
            .holds(a.middle(), b.middle());
        if (a.lo(), a.hi()) == (b.lo(), b.hi()) && (is_one || a.is_point()) {
            Self::Same
        } else if overlap || (sampled && near) {
            Self::WithinRounding
        } else {
            Self::Apart
        }
    }
}

/// The number shown for a narrow range: a whole number inside, else the middle; an infinity as such.
fn shown(range: Interval) -> f64 {
    if !range.is_bounded() {
        return f64::INFINITY.copysign(range.lo());
    }
    let whole = range.middle().round();
    if range.contains(whole) {
        whole
    } else {
        range.middle()
    }
}
