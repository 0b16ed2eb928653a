//! [`StepCurve`]: the error of a slope through two points against its delta, from 1 down to where the digits end. It
//! takes a recorded function, a point and an input, and gives for each delta what was measured and what was to be
//! expected, and the delta where both parts of the error are equal. It draws nothing.

use crate::error::Error;
use crate::estimate::ErrorBound;
use crate::function::Recorded;
use crate::method::{self, ComplexStep, Difference, Method, Scheme};
use crate::number::{Series, ulp};
use crate::report::{Report, report};
use crate::tangent::along;

/// Deltas per decade.
const PER_DECADE: i32 = 4;
/// The smallest delta is ten to minus this.
const DECADES: i32 = 16;
/// Taylor's series is read up to this power of the step.
const HIGHEST_ORDER: i32 = 7;

/// The error of differences against their delta, at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct StepCurve {
    /// Where, along the input that moves.
    pub x: f64,
    /// The value there; NaN where there is none.
    pub f: f64,
    /// How far the value may be off.
    pub f_bound: ErrorBound,
    /// The derivative by all exact methods, and what kind of point it is.
    pub report: Report,
    /// How far the derivative itself may be off; no error smaller than this can be measured.
    pub exact_bound: Option<f64>,
    /// The forward and the central difference, and the complex step; none where f has no derivative.
    pub schemes: Vec<SchemeCurve>,
}

impl StepCurve {
    /// All errors that were measured, of all ways and deltas.
    ///
    /// ```
    /// use secant::{Formula, Recorded, step_curve};
    /// let curve = step_curve(&Recorded::from(&Formula::parse("x^3")?), &[2.0], 0)?;
    /// assert!(curve.errors().fold(0.0, f64::max) > 6.0, "with delta 1");
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn errors(&self) -> impl Iterator<Item = f64> {
        let steps = self.schemes.iter().flat_map(|scheme| &scheme.steps);
        steps.filter_map(|step| step.error)
    }
}

/// A slope that needs a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepRule {
    /// (f(x + delta) - f(x)) / delta, as in the notes.
    Forward,
    /// (f(x + delta) - f(x - delta)) / (2 delta).
    Central,
    /// Im f(x + i delta) / delta.
    ComplexStep,
}

impl StepRule {
    /// All of them, in the order of their truncation.
    pub const ALL: [Self; 3] = [Self::Forward, Self::Central, Self::ComplexStep];

    /// Its name.
    ///
    /// ```
    /// assert_eq!(secant::StepRule::ComplexStep.name(), "complex-step");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Central => "central",
            Self::ComplexStep => "complex-step",
        }
    }

    /// The method with this delta.
    fn method(self, delta: f64) -> Result<Box<dyn Method>, Error> {
        Ok(match self {
            Self::Forward => Box::new(Difference::new(delta, Scheme::Forward)?),
            Self::Central => Box::new(Difference::new(delta, Scheme::Central)?),
            Self::ComplexStep => Box::new(ComplexStep { delta }),
        })
    }
}

/// The errors of one way to a slope.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeCurve {
    /// Which way.
    pub rule: StepRule,
    /// From the largest delta to the smallest.
    pub steps: Vec<StepError>,
    /// The delta at which truncation and rounding are expected to be equal; `None` where they do not meet.
    pub predicted: Option<f64>,
    /// The place in `steps` of the smallest error that was measured; the larger delta where several share it, as all do that are below what the derivative
    /// itself may be off.
    pub measured: Option<usize>,
}

impl SchemeCurve {
    /// The step with the smallest error that was measured.
    #[must_use]
    pub fn best(&self) -> Option<&StepError> {
        self.steps.get(self.measured?)
    }

    /// The step with this delta, where it is one of those tried.
    #[must_use]
    pub fn at(&self, delta: f64) -> Option<&StepError> {
        self.steps.iter().find(|step| step.delta == delta)
    }
}

/// The slope with one delta, and its error.
#[derive(Clone, Debug, PartialEq)]
pub struct StepError {
    /// The delta that was asked for.
    pub delta: f64,
    /// The step between the two points as they are, after rounding; 0 where delta is lost in the digits of x. A complex step
    /// is never lost.
    pub step: f64,
    /// The slope as floating point gives it; NaN where there is none.
    pub slope: f64,
    /// The distance of the slope from the derivative; `None` where there is no slope, and where the derivative itself is
    /// not known to three digits.
    pub error: Option<f64>,
    /// What is expected of the finite step: the greatest term of Taylor's series at the point, which is |f''| h/2 for a
    /// forward difference and |f'''| h²/6 for a central one and a complex step where these are not 0 and the step is short. `None` where
    /// the series is not known or its terms do not fall, and where a kink lies within the step.
    pub truncation: Option<f64>,
    /// The most that the finite digits can do: what the two values may be off, divided by the step; with a complex step,
    /// which subtracts nothing, what the derivative itself may be off. `None` where no bound is known.
    pub rounding: Option<f64>,
    /// What the method `difference` says of its error.
    pub bound: ErrorBound,
}

impl StepError {
    /// Whether the step is too short to move the point.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.step == 0.0
    }

    /// Whether delta is a whole power of ten.
    #[must_use]
    pub fn is_whole_decade(&self) -> bool {
        (0..=DECADES).any(|decade| self.delta == delta(decade * PER_DECADE))
    }
}

/// The error of forward and central differences and of the complex step with respect to one input, for deltas from 1 to 1e-16.
///
/// ```
/// use secant::{Formula, Recorded, step_curve};
/// let f = Recorded::from(&Formula::parse("exp(x)")?);
/// let curve = step_curve(&f, &[1.0], 0)?;
/// let forward = &curve.schemes[0];
/// // With 0.0001 truncation rules; the best delta is far below, near the root of the rounding of f.
/// let fair = forward.at(0.0001).unwrap();
/// assert!(fair.truncation > fair.rounding);
/// assert!((1e-9..1e-7).contains(&forward.predicted.unwrap()));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the input does not exist, or the point has the wrong number of entries.
pub fn step_curve(function: &Recorded, at: &[f64], input: usize) -> Result<StepCurve, Error> {
    let report = report(function, at, &[input], &method::exact())?;
    let value = function.evaluate(0, at);
    let exact_bound = report.value.and_then(|value| exact_bound(&report, value));
    let mut schemes = Vec::new();
    if let Some(exact) = report.value {
        let series = along(function, at, input);
        for rule in StepRule::ALL {
            let way = Way {
                function,
                at,
                input,
                rule,
                exact_bound,
                series: series.as_ref(),
            };
            schemes.push(way.curve(exact)?);
        }
    }
    Ok(StepCurve {
        x: at[input],
        f: value.value,
        f_bound: value.bound,
        report,
        exact_bound,
        schemes,
    })
}

/// What division and subtraction round of a slope; those that leave 0 round nothing.
fn quotient(slope: f64) -> f64 {
    if slope == 0.0 { 0.0 } else { 2.0 * ulp(slope) }
}

/// The smallest bound that a method gave for this value.
fn exact_bound(report: &Report, value: f64) -> Option<f64> {
    report
        .estimates
        .iter()
        .filter(|estimate| estimate.value == value)
        .filter_map(|estimate| estimate.bound.absolute(estimate.value))
        .min_by(f64::total_cmp)
}

/// The delta so many quarters of a decade below 1; whole decades are the doubles nearest to powers of ten.
fn delta(place: i32) -> f64 {
    let whole = format!("1e{}", -place.div_euclid(PER_DECADE));
    let part = 10f64.powf(-f64::from(place.rem_euclid(PER_DECADE)) / f64::from(PER_DECADE));
    whole.parse::<f64>().unwrap_or(f64::NAN) * part
}

/// A way to a slope, at a point.
struct Way<'a> {
    function: &'a Recorded,
    at: &'a [f64],
    input: usize,
    rule: StepRule,
    exact_bound: Option<f64>,
    series: Option<&'a Series>,
}

impl Way<'_> {
    fn curve(&self, exact: f64) -> Result<SchemeCurve, Error> {
        let steps: Vec<StepError> = (0..=DECADES * PER_DECADE)
            .map(|place| self.step(delta(place), exact))
            .collect::<Result<_, _>>()?;
        let errors = steps
            .iter()
            .enumerate()
            .filter_map(|(place, step)| Some((place, step.error?.max(self.exact_bound?))));
        let measured = errors.min_by(|a, b| a.1.total_cmp(&b.1)).map(|best| best.0);
        Ok(SchemeCurve {
            rule: self.rule,
            predicted: self.meeting(&steps),
            measured,
            steps,
        })
    }

    fn step(&self, delta: f64, exact: f64) -> Result<StepError, Error> {
        let mut direction = vec![0.0; self.at.len()];
        direction[self.input] = 1.0;
        let method = self.rule.method(delta)?;
        let estimates = method.along(self.function, self.at, &[direction])?;
        let [behind, ahead] = self.ends(delta);
        let step = match self.rule {
            StepRule::ComplexStep => delta,
            StepRule::Forward | StepRule::Central => ahead - behind,
        };
        // The method takes values by the rules of floating point; where the formula has none, neither has the slope.
        let exists = [behind, ahead].map(|x| self.value(x).value.is_finite());
        let told = estimates.first().filter(|_| exists == [true, true]);
        let slope = told.map_or(f64::NAN, |estimate| estimate.value);
        Ok(StepError {
            delta,
            step,
            slope,
            error: (slope.is_finite() && self.is_known(exact)).then(|| (slope - exact).abs()),
            truncation: self.truncation(delta),
            rounding: self
                .rounding(delta)
                .filter(|_| slope.is_finite())
                .map(|rounding| rounding + quotient(slope)),
            bound: told.map_or(ErrorBound::Unknown, |estimate| estimate.bound),
        })
    }

    /// Whether the derivative is known well enough to measure an error against it.
    fn is_known(&self, exact: f64) -> bool {
        const DIGITS: f64 = 1e-3;
        self.exact_bound
            .is_some_and(|bound| bound <= DIGITS * exact.abs() || bound < f64::EPSILON)
    }

    /// The two points, as floating point makes them; a complex step stays above its own.
    fn ends(&self, delta: f64) -> [f64; 2] {
        let x = self.at[self.input];
        match self.rule {
            StepRule::Forward => [x, x + delta],
            StepRule::Central => [x - delta, x + delta],
            StepRule::ComplexStep => [x, x],
        }
    }

    fn value(&self, x: f64) -> crate::estimate::Estimate {
        let mut at = self.at.to_vec();
        at[self.input] = x;
        self.function.evaluate(0, &at)
    }

    /// What both values may be off, divided by the step between the points as they are.
    fn rounding(&self, delta: f64) -> Option<f64> {
        if self.rule == StepRule::ComplexStep {
            return self.exact_bound;
        }
        let [behind, ahead] = self.ends(delta);
        let doubt = |x: f64| {
            let value = self.value(x);
            value.bound.absolute(value.value)
        };
        let rounding = (doubt(behind)? + doubt(ahead)?) / (ahead - behind);
        rounding.is_finite().then_some(rounding)
    }

    /// The greatest term of Taylor's series, where its terms fall. A coefficient that may be 0 or not counts as 0 as long
    /// as it could do no more than rounding does; beyond that nothing can be said.
    fn truncation(&self, delta: f64) -> Option<f64> {
        /// The last terms must be below this part of the greatest.
        const FALLEN: f64 = 0.1;
        let series = self.series.filter(|_| self.is_smooth_within(delta))?;
        let (first, every) = match self.rule {
            StepRule::Forward => (2, 1),
            StepRule::Central | StepRule::ComplexStep => (3, 2),
        };
        let mut terms = Vec::new();
        let mut doubtful = false;
        for order in (first..=HIGHEST_ORDER).step_by(every) {
            let Some(coefficient) = series.taylor(order) else {
                break;
            };
            let reach = delta.powi(order - 1);
            let most = coefficient.magnitude() * reach;
            if !coefficient.contains(0.0) {
                terms.push(coefficient.middle().abs() * reach);
            } else if most > self.rounding(delta).unwrap_or(0.0) {
                return None;
            } else {
                doubtful |= most > 0.0;
                terms.push(0.0);
            }
        }
        let greatest = terms.iter().copied().reduce(f64::max)?;
        // Every other term of an even or odd function is 0, so that the last one alone tells little.
        let last = if every == 1 { 2 } else { 1 };
        let fallen = terms
            .iter()
            .rev()
            .take(last)
            .all(|term| *term <= FALLEN * greatest);
        // Nothing but doubt tells nothing.
        let told = greatest > 0.0 || !doubtful;
        (fallen && told).then_some(greatest)
    }

    fn is_smooth_within(&self, delta: f64) -> bool {
        let [behind, ahead] = self.ends(delta);
        let mut reach = crate::number::Interval::points(self.at);
        reach[self.input] = crate::number::Interval::hull(behind, ahead);
        self.function.program().rough_steps(&reach).is_empty()
    }

    /// Where truncation, falling with delta, meets rounding, rising: first between two deltas, then by halving.
    fn meeting(&self, steps: &[StepError]) -> Option<f64> {
        let truncation_rules = |delta: f64| Some(self.truncation(delta)? > self.rounding(delta)?);
        let last = steps
            .iter()
            .rposition(|step| truncation_rules(step.delta) == Some(true))?;
        let below = steps.get(last + 1)?;
        if below.is_lost() {
            return None;
        }
        let (mut low, mut high) = (below.delta, steps[last].delta);
        const HALVINGS: usize = 30;
        for _ in 0..HALVINGS {
            let middle = (low * high).sqrt();
            if truncation_rules(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::formula::Formula;

    fn curve(text: &str, x: f64) -> StepCurve {
        let function = Recorded::from(&Formula::parse(text).unwrap());
        step_curve(&function, &[x], 0).unwrap()
    }

    /// The slope on log-log axes between neighbours where truncation is a thousand times what rounding can do, and the
    /// step is short enough for the first term to speak alone.
    fn slopes(curve: &SchemeCurve) -> Vec<f64> {
        let rules = |step: &&StepError| {
            let parts = step.truncation.zip(step.rounding);
            step.delta <= 0.02
                && parts.is_some_and(|(truncation, rounding)| truncation > 1e3 * rounding)
        };
        let ruled: Vec<&StepError> = curve.steps.iter().filter(rules).collect();
        ruled
            .windows(2)
            .map(|pair| {
                let rise = (pair[0].error.unwrap() / pair[1].error.unwrap()).ln();
                rise / (pair[0].delta / pair[1].delta).ln()
            })
            .collect()
    }

    #[test]
    fn truncation_rises_by_one_power_of_delta_forward_and_by_two_else() {
        for (text, x) in [("exp(x)", 1.0), ("sin(x)", 1.0), ("1/x", 2.0), ("x^5", 1.0)] {
            let curve = curve(text, x);
            for (scheme, power) in curve.schemes.iter().zip([1.0, 2.0, 2.0]) {
                let slopes = slopes(scheme);
                assert!(slopes.len() >= 4, "{text}: {slopes:?}");
                // The next term is below 0.02 times a few of the first, and rounding below a thousandth.
                for slope in slopes {
                    assert!((slope - power).abs() < 0.05, "{text}: {slope} for {power}");
                }
            }
        }
    }

    #[test]
    fn the_measured_error_stays_within_what_is_proven() {
        let points = [
            ("2x^2", 2.0),
            ("exp(x)", 1.0),
            ("sin(x)", 1e5),
            ("ln(x)", 0.5),
            ("x^3 - x", 0.0),
            ("tanh(x)", 3.0),
            ("(exp(x)-1)/x", 1e-5),
        ];
        for (text, x) in points {
            let curve = curve(text, x);
            let exact = curve.exact_bound.unwrap();
            let mut held = 0;
            for step in curve.schemes.iter().flat_map(|scheme| &scheme.steps) {
                if let (Some(error), Some(bound)) = (step.error, step.bound.absolute(step.slope)) {
                    assert!(error <= bound + exact, "{text} with {step:?}");
                    held += 1;
                }
            }
            assert!(held >= 20, "{text}: {held}");
        }
    }

    #[test]
    fn below_the_best_delta_the_error_stays_within_the_expected_rounding() {
        for (text, x) in [("2x^2", 2.0), ("exp(x)", 1.0), ("sin(x)", 1e5)] {
            let curve = curve(text, x);
            let forward = &curve.schemes[0];
            let best = forward.predicted.unwrap();
            for step in forward.steps.iter().filter(|step| step.delta < best) {
                let Some(error) = step.error else { continue };
                let expected = step.truncation.unwrap() + step.rounding.unwrap();
                // The true step may be longer than delta by half a digit of x.
                let stretched = step.step / step.delta;
                assert!(
                    error <= expected * stretched.max(1.0) + curve.exact_bound.unwrap(),
                    "{text} with {step:?}"
                );
            }
        }
    }

    #[test]
    fn a_parabola_has_no_truncation_in_the_middle_and_loses_its_step_at_last() {
        let curve = curve("2x^2", 2.0);
        let [forward, central, _] = curve.schemes.as_slice() else {
            unreachable!()
        };
        assert!(
            central
                .steps
                .iter()
                .all(|step| step.truncation == Some(0.0))
        );
        assert_eq!(
            (central.predicted, central.steps[0].error),
            (None, Some(0.0))
        );
        let fair = forward.at(1e-4).unwrap();
        assert!((fair.truncation.unwrap() - 2e-4).abs() < 1e-18);
        let last = forward.steps.last().unwrap();
        assert!(last.is_lost() && last.error.is_none() && last.slope.is_nan());
    }

    #[test]
    fn at_a_corner_there_is_no_error_to_measure() {
        let curve = curve("|x|", 0.0);
        assert_eq!((curve.report.value, curve.schemes.len()), (None, 0));
    }

    #[test]
    fn beyond_a_kink_nothing_is_expected() {
        let curve = curve("|x|", 0.5);
        let central = &curve.schemes[1];
        assert_eq!(central.at(1.0).unwrap().truncation, None);
        assert_eq!(central.at(0.1).unwrap().truncation, Some(0.0));
    }

    #[test]
    fn deltas_are_the_nearest_powers_of_ten() {
        assert_eq!((delta(0), delta(16), delta(64)), (1.0, 1e-4, 1e-16));
        assert!(delta(1) < delta(0) && delta(3) > delta(4));
    }
}
