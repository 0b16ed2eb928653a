//! [`Report`]: one derivative by several methods, what kind of point it is, and whether the methods agree.

use crate::error::{Error, ErrorKind};
use crate::estimate::{ErrorBound, Estimate, Note};
use crate::function::{Function, Recorded};
use crate::method::{Method, check_shapes, range};
use crate::number::{Closeness, Decoration, Interval};
use crate::operator::{unit, without_output};
use crate::point::{Point, PointKind, classify, overflows};

/// Whether the methods agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Each pair lies within the sum of its bounds.
    Agree,
    /// Some pair does not.
    Disagree,
    /// Fewer than two methods gave a number with a bound.
    Single,
    /// There is no derivative to agree on.
    NoDerivative,
    /// Whether there is one could not be told.
    Undecided,
}

impl Verdict {
    /// The verdict in one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Disagree => "disagree",
            Self::Single => "single",
            Self::NoDerivative => "no-derivative",
            Self::Undecided => "undecided",
        }
    }

    /// Holds estimates of one thing against each other.
    ///
    /// ```
    /// use secant::{ErrorBound, Estimate, Verdict};
    /// let estimate = |value| Estimate { value, bound: ErrorBound::Rounding(0.1), method: "any", evaluations: 1, notes: vec![] };
    /// assert_eq!(Verdict::on(&[estimate(1.0), estimate(1.15)]), Verdict::Agree);
    /// assert_eq!(Verdict::on(&[estimate(1.0), estimate(1.25)]), Verdict::Disagree);
    /// ```
    #[must_use]
    pub fn on(estimates: &[Estimate]) -> Self {
        let bounded: Vec<(f64, f64)> = estimates
            .iter()
            .filter_map(|estimate| {
                estimate
                    .bound
                    .absolute(estimate.value)
                    .map(|bound| (estimate.value, bound))
            })
            .collect();
        if bounded.len() < 2 {
            return Self::Single;
        }
        let agree = |(place, (value, bound)): (usize, &(f64, f64))| {
            bounded[..place].iter().all(|(other, other_bound)| {
                Closeness::within(bound + other_bound).holds(*value, *other)
            })
        };
        if bounded.iter().enumerate().all(agree) {
            Self::Agree
        } else {
            Self::Disagree
        }
    }
}

/// One derivative, by several methods.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The inputs with respect to which it was taken, in turn.
    pub wrt: Vec<usize>,
    /// The derivative with the smallest proven bound, or without one the smallest; `None` at a point that has none.
    pub value: Option<f64>,
    /// The bound of it.
    pub bound: ErrorBound,
    /// What kind of point it is.
    pub point: Point,
    /// Whether the methods agree.
    pub verdict: Verdict,
    /// What each method gave; none at a point without a derivative.
    pub estimates: Vec<Estimate>,
}

/// The derivative of the first output with respect to inputs in turn, by each of the methods, with the kind of point.
///
/// ```
/// use secant::{Formula, Recorded, method, report};
/// let f = Recorded::from(&Formula::parse("|x|")?);
/// let at_zero = report(&f, &[0.0], &[0], &method::all(Default::default()))?;
/// assert_eq!((at_zero.value, at_zero.point.kind.name()), (None, "corner"));
/// let at_two = report(&f, &[2.0], &[0], &method::all(Default::default()))?;
/// assert_eq!((at_two.value, at_two.verdict.name()), (Some(1.0), "agree"));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where a method cannot serve the function, where an input or the output does not exist, and where the point has another number of inputs.
pub fn report(
    function: &Recorded,
    at: &[f64],
    wrt: &[usize],
    methods: &[Box<dyn Method>],
) -> Result<Report, Error> {
    let directions = wrt.iter().map(|input| unit(function.inputs(), *input));
    let directions = directions.collect::<Result<Vec<_>, _>>()?;
    check_shapes(function, at, &directions)?;
    if function.outputs() == 0 {
        return Err(without_output());
    }
    let mut point = kind_of_point(function, at, &directions)?;
    let mut estimates = Vec::new();
    if point.is_smooth() {
        estimates = estimates_at(function, at, wrt, methods, &point)?;
    }
    let mut best = best(&estimates).cloned();
    // Differences may find nothing where rules would.
    let by_values_alone = |estimate: &Estimate| !is_by_rule(estimate) && estimate.value.is_nan();
    let is_lost = match &best {
        None => !estimates.iter().all(by_values_alone),
        // Where a number on the way is beyond doubles, values show what is left without it.
        Some(best) => {
            !best.bound.is_proven()
                && estimates.iter().any(is_by_rule)
                && overflows(function, at, &Interval::points(at))
        }
    };
    if point.is_smooth() && is_lost {
        if let Some(beyond) = function.graph().beyond_orders(function.roots()[0], wrt) {
            return Err(beyond);
        }
        point = Point::plain(PointKind::Overflow);
        estimates.clear();
        best = None;
    }
    let verdict = if point.is_smooth() {
        Verdict::on(&estimates)
    } else if point.is_decided() {
        Verdict::NoDerivative
    } else {
        Verdict::Undecided
    };
    Ok(Report {
        wrt: wrt.to_vec(),
        value: best.as_ref().map(|best| best.value),
        bound: best.map_or(ErrorBound::Unknown, |best| best.bound),
        point,
        verdict,
        estimates,
    })
}

/// Whether rules of differentiation gave it, not values of the function.
fn is_by_rule(estimate: &Estimate) -> bool {
    !matches!(estimate.method, "difference" | "automatic")
}

/// The value with the smallest bound; a proven one goes before those that are estimated, however small these seem. Without any
/// bound, the first value, unless an exact rule ran out of the range of doubles: then a difference is not to be believed either.
fn best(estimates: &[Estimate]) -> Option<&Estimate> {
    let bounded = estimates.iter().filter_map(|estimate| {
        let bound = estimate.bound.absolute(estimate.value)?;
        Some((!estimate.bound.is_proven(), bound, estimate))
    });
    let least = bounded.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    match least {
        Some((_, _, estimate)) => Some(estimate),
        None => estimates
            .first()
            .filter(|estimate| estimate.value.is_finite()),
    }
}

/// Along the last input of the derivative with respect to the others; where they are all the same, of the
/// function itself.
fn kind_of_point(function: &Recorded, at: &[f64], directions: &[Vec<f64>]) -> Result<Point, Error> {
    let Some((last, earlier)) = directions.split_last() else {
        return Ok(Point::plain(PointKind::Smooth));
    };
    let whole = classify(function, 0, at, last, directions.len())?;
    let mut is_smooth = whole.is_smooth();
    // Rules see nothing of an argument that is not taken, though the function may have no value beside the point for it.
    for direction in earlier.iter().filter(|direction| *direction != last) {
        is_smooth &= classify(function, 0, at, direction, 1)?.is_smooth();
    }
    if is_smooth && (whole.derivative.is_none() || is_proven(function, at, directions)) {
        return Ok(Point::plain(PointKind::Smooth));
    }
    Ok(if earlier.iter().all(|direction| direction == last) {
        whole
    } else {
        // Both sides along one input tell nothing of what happens between two of them.
        Point::undecided()
    })
}

/// Whether no step that is read moves with these inputs and is rough, though one that is not read may be: a kink in a
/// branch not taken. The duals of the first derivative along each input carry that proof; then all orders exist.
fn is_proven(function: &Recorded, at: &[f64], directions: &[Vec<f64>]) -> bool {
    let boxed = Interval::points(at);
    directions.iter().all(|direction| {
        let first = range(function, &boxed, std::slice::from_ref(direction));
        first
            .first()
            .is_some_and(|range| range.decoration() > Decoration::Trivial)
    })
}

/// What the methods give at a point that has a derivative. Where a rule does not hold, both sides have told it, and
/// only differences are asked besides.
fn estimates_at(
    function: &Recorded,
    at: &[f64],
    wrt: &[usize],
    methods: &[Box<dyn Method>],
    point: &Point,
) -> Result<Vec<Estimate>, Error> {
    let mut estimates = Vec::new();
    if let Some(range) = point.derivative {
        let mut notes = vec![Note::OneSided];
        if point.within_rounding {
            notes.push(Note::WithinRounding);
        }
        let bound = if point.within_rounding {
            ErrorBound::Unknown
        } else {
            ErrorBound::Enclosed(range)
        };
        let value = point.right.or(point.left).unwrap_or(range.middle());
        estimates.push(Estimate {
            value,
            bound,
            method: "one-sided",
            evaluations: 2,
            notes,
        });
    }
    for method in methods {
        if point.derivative.is_some() && method.name() != "difference" {
            continue;
        }
        match crate::operator::derivative(method.as_ref(), function, at, wrt) {
            Ok(estimate) => estimates.push(estimate),
            // Asked for alone, a method that cannot serve says why; among others it stands back.
            Err(error) if error.kind() == ErrorKind::Unsupported && methods.len() > 1 => {}
            Err(error) => return Err(error),
        }
    }
    Ok(estimates)
}
