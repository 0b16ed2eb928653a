//! [`Descent`]: downhill along the gradient, step by step, and why it ended. It takes a recorded function and a place
//! to start, and gives the path with values and gradients; it never takes a slope at a point that has none.

use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::{Function, Recorded};
use crate::method::Reverse;
use crate::number::Interval;
use crate::operator::gradient;
use crate::point::Point;
use crate::report::report;

/// More steps than this are a slip of the keyboard.
const MOST_STEPS: usize = 100_000;

/// How to go downhill: `v ← momentum v - rate ∇f(x)`, `x ← x + v` (the heavy ball: Polyak 1964, eq. 9; without momentum
/// the gradient descent of Cauchy 1847).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Descent {
    rate: f64,
    momentum: f64,
    steps: usize,
    tolerance: f64,
}

impl Descent {
    /// With this rate, without momentum, for at most 100 steps, until the gradient is no longer than 1e-8.
    ///
    /// # Errors
    /// Where the rate is not a finite number above 0.
    pub fn new(rate: f64) -> Result<Self, Error> {
        if !(rate.is_finite() && rate > 0.0) {
            return Err(setting(format!(
                "the rate is {rate}, it must be a finite number above 0"
            )));
        }
        Ok(Self {
            rate,
            momentum: 0.0,
            steps: 100,
            tolerance: 1e-8,
        })
    }

    /// The same with this part of each step kept for the next.
    ///
    /// # Errors
    /// Where the momentum is not from 0 up to, not including, 1.
    pub fn momentum(self, momentum: f64) -> Result<Self, Error> {
        if !(0.0..1.0).contains(&momentum) {
            return Err(setting(format!(
                "the momentum is {momentum}, it must be at least 0 and below 1"
            )));
        }
        Ok(Self { momentum, ..self })
    }

    /// The same with at most so many steps.
    ///
    /// # Errors
    /// Where they are more than 100,000.
    pub fn steps(self, steps: usize) -> Result<Self, Error> {
        if steps > MOST_STEPS {
            return Err(setting(format!(
                "the steps are {steps}, at most {MOST_STEPS} are taken"
            )));
        }
        Ok(Self { steps, ..self })
    }

    /// The same until the gradient is no longer than this.
    ///
    /// # Errors
    /// Where the tolerance is not a finite number of at least 0.
    pub fn tolerance(self, tolerance: f64) -> Result<Self, Error> {
        if !(tolerance.is_finite() && tolerance >= 0.0) {
            return Err(setting(format!(
                "the tolerance is {tolerance}, it must be a finite number of at least 0"
            )));
        }
        Ok(Self { tolerance, ..self })
    }

    /// By how much the distance from a minimum of this curvature is multiplied with each step, in the long run: exact for
    /// a quadratic, where it is the greater root of z² - (1 + momentum - rate curvature) z + momentum in modulus.
    ///
    /// ```
    /// use secant::Descent;
    /// assert!((Descent::new(0.22)?.factor(10.0) - 1.2).abs() < 1e-15);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn factor(&self, curvature: f64) -> f64 {
        let half = 0.5 * (1.0 + self.momentum - self.rate * curvature);
        let inside = half * half - self.momentum;
        if inside < 0.0 {
            // Two conjugate roots, whose product is the momentum.
            self.momentum.sqrt()
        } else {
            half.abs() + inside.sqrt()
        }
    }

    /// The rate below which a quadratic of this greatest curvature is descended to its minimum: 2 (1 + momentum) / curvature
    /// (Polyak 1964); `None` where the curvature is not above 0.
    #[must_use]
    pub fn limit(&self, curvature: f64) -> Option<f64> {
        (curvature > 0.0).then(|| 2.0 * (1.0 + self.momentum) / curvature)
    }

    /// The way down from a point.
    ///
    /// ```
    /// use secant::{Descent, Formula, Recorded, Stop};
    /// let f = Recorded::from(&Formula::parse("(x - 1)^2 + 4 y^2")?);
    /// let path = Descent::new(0.1)?.run(&f, &[3.0, 1.0])?;
    /// assert_eq!(path.stop, Stop::Converged);
    /// let end = &path.places.last().unwrap().at;
    /// assert!((end[0] - 1.0).abs() < 1e-8 && end[1].abs() < 1e-8);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the point has the wrong number of entries, or the function has no input.
    pub fn run(&self, function: &Recorded, from: &[f64]) -> Result<DescentPath, Error> {
        if function.inputs() == 0 {
            let message = "the function has no input along which it could descend";
            return Err(Error::new(ErrorKind::Shape, message));
        }
        if from.len() != function.inputs() {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "the point has {} entries, the function has {} inputs",
                    from.len(),
                    function.inputs()
                ),
            ));
        }
        let mut velocity = vec![0.0; from.len()];
        let mut places: Vec<DescentPlace> = Vec::new();
        let mut at = from.to_vec();
        loop {
            let (place, obstacle) = look(function, at)?;
            let slope = place.slope();
            places.push(place);
            let stop = obstacle
                .or_else(|| slope.and_then(|slope| self.rests(slope)))
                .or_else(|| repeats(&places))
                .or_else(|| (places.len() > self.steps).then_some(Stop::Exhausted));
            let (None, Some(place)) = (&stop, places.last()) else {
                return Ok(DescentPath {
                    places,
                    stop: stop.unwrap_or(Stop::Exhausted),
                });
            };
            for (speed, slope) in velocity.iter_mut().zip(&place.gradient) {
                *speed = self.momentum * *speed - self.rate * slope.value;
            }
            at = place
                .at
                .iter()
                .zip(&velocity)
                .map(|(x, speed)| x + speed)
                .collect();
        }
    }

    fn rests(&self, slope: f64) -> Option<Stop> {
        if !slope.is_finite() {
            Some(Stop::Diverged)
        } else {
            (slope <= self.tolerance).then_some(Stop::Converged)
        }
    }
}

fn setting(message: String) -> Error {
    Error::new(ErrorKind::Setting, message)
}

/// A place on the way down.
#[derive(Clone, Debug, PartialEq)]
pub struct DescentPlace {
    /// The point, as floating point stepped there.
    pub at: Vec<f64>,
    /// The value there; NaN where there is none.
    pub value: Estimate,
    /// The derivative by each input; empty where the function has no gradient.
    pub gradient: Vec<Estimate>,
}

impl DescentPlace {
    /// The length of the gradient, where there is one.
    #[must_use]
    pub fn slope(&self) -> Option<f64> {
        let long = |sum: f64, slope: &Estimate| sum.hypot(slope.value);
        (!self.gradient.is_empty()).then(|| self.gradient.iter().fold(0.0, long))
    }
}

/// Why a descent ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// The gradient is no longer than the tolerance.
    Converged,
    /// The step is lost in the digits of the point: there is no further progress.
    Stalled,
    /// The last two points are those of two steps before: it goes to and fro between them for ever.
    Cycles,
    /// All steps are used up.
    Exhausted,
    /// The point, its value or its gradient is beyond the range of doubles.
    Diverged,
    /// The function has no value at the last point.
    Undefined,
    /// The function has no gradient at the last point: along this input there is no derivative.
    Kink {
        /// The input.
        input: usize,
        /// What there is instead.
        point: Point,
    },
}

impl Stop {
    /// The reason in one word.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::Stalled => "stalled",
            Self::Cycles => "cycles",
            Self::Exhausted => "exhausted",
            Self::Diverged => "diverged",
            Self::Undefined => "undefined",
            Self::Kink { .. } => "kink",
        }
    }
}

/// The way down, from the start to the last point looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct DescentPath {
    /// The places, one for each step and the start.
    pub places: Vec<DescentPlace>,
    /// Why it ended.
    pub stop: Stop,
}

impl DescentPath {
    /// The factor from each step's length to the next, as the geometric mean over the last steps; `None` of fewer
    /// than three steps.
    #[must_use]
    pub fn growth(&self) -> Option<f64> {
        const LAST: usize = 10;
        let length = |pair: &[DescentPlace]| {
            let apart = pair[0].at.iter().zip(&pair[1].at).map(|(a, b)| b - a);
            apart.fold(0.0, f64::hypot)
        };
        let lengths: Vec<f64> = self
            .places
            .windows(2)
            .map(length)
            .filter(|length| length.is_finite() && *length > 0.0)
            .collect();
        let last = &lengths[lengths.len().saturating_sub(LAST)..];
        match last {
            [first, .., end] if last.len() > 2 => {
                Some((end / first).powf(1.0 / (last.len() - 1) as f64))
            }
            _ => None,
        }
    }
}

/// A place, and what forbids to go on from there.
fn look(function: &Recorded, at: Vec<f64>) -> Result<(DescentPlace, Option<Stop>), Error> {
    let value = function.evaluate(0, &at);
    let mut place = DescentPlace {
        at,
        value,
        gradient: Vec::new(),
    };
    if !place.at.iter().all(|x| x.is_finite()) || place.value.value.is_infinite() {
        return Ok((place, Some(Stop::Diverged)));
    }
    let boxed = Interval::points(&place.at);
    if place.value.value.is_nan() {
        // Numbers on the way that doubles do not hold leave the domain to none.
        let ranges = function.program().run(&boxed);
        let exists = ranges.first().is_some_and(|range| !range.is_empty());
        let stop = if exists {
            Stop::Diverged
        } else {
            Stop::Undefined
        };
        return Ok((place, Some(stop)));
    }
    if function.program().rough_steps(&boxed).is_empty() {
        place.gradient = gradient(&Reverse, function, &place.at)?;
        return Ok((place, None));
    }
    // Beside a kink each input is asked by itself. Partial derivatives alone make no gradient: with several inputs
    // the function could still have none (|x y|^(1/2) at 0), and that is left undecided.
    let mut partials = Vec::new();
    for input in 0..place.at.len() {
        let told = report(function, &place.at, &[input], &[Box::new(Reverse)])?;
        match told.estimates.into_iter().next() {
            Some(partial) if told.point.is_smooth() => partials.push(partial),
            _ => {
                let point = told.point;
                return Ok((place, Some(Stop::Kink { input, point })));
            }
        }
    }
    if partials.len() > 1 {
        let point = Point::undecided();
        return Ok((place, Some(Stop::Kink { input: 0, point })));
    }
    place.gradient = partials;
    Ok((place, None))
}

/// Whether the state of two steps before has come again, or the last step moved nothing.
fn repeats(places: &[DescentPlace]) -> Option<Stop> {
    match places {
        [.., before, last] if before.at == last.at => Some(Stop::Stalled),
        [.., a, b, c, d] if a.at == c.at && b.at == d.at => Some(Stop::Cycles),
        _ => None,
    }
}
