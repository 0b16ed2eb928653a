//! [`Fit`]: how a model is fitted, and the descent itself.

use secant_data::{Progress, Source};

use crate::descent::Descent;
use crate::error::Error;
use crate::impact::Impact;
use crate::loss::Loss;
use crate::method::Method;
use crate::model::{Model, select};
use crate::outcome::{Outcome, Verdict};
use crate::pass::{self, Fault, Measure, Sums, Weights};
use crate::{scale, statistics};

/// Radii of trust to begin with, in units of the scaled parameters: where the descent from one does not converge, the next is tried.
const RADII: [f64; 4] = [1.0, 100.0, 0.1, 0.01];
/// Below this the squares of residuals that are rounding alone would lose digits at the end of the doubles.
const LEAST_MEASURED: f64 = 1e-130;

/// How a model is fitted.
///
/// ```
/// use secant::{Formula, Recorded};
/// use secant_data::Columns;
/// use secant_fit::{Fit, Model};
/// let decay = Recorded::from(&Formula::parse("a*exp(-b*x)")?);
/// let model = Model::new(&decay, "y", &["a", "b"])?;
/// let x: Vec<f64> = (0..20).map(f64::from).collect();
/// let y = x.iter().map(|x| 3.0 * (-0.25 * x).exp() + 0.01 * (7.0 * x).sin()).collect();
/// let mut data = Columns::new(&["x", "y"], vec![x, y])?;
/// let found = Fit::new(&model).run(&mut data, &[1.0, 1.0])?;
/// assert!(found.verdict.is_converged());
/// assert!((found.parameters[1] - 0.25).abs() < 3.0 * found.errors.as_ref().unwrap()[1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Fit<'a> {
    pub(crate) model: &'a Model,
    pub(crate) loss: Loss,
    pub(crate) method: Method,
    pub(crate) scale: Option<f64>,
    pub(crate) weights: Weights,
    pub(crate) weight_column: Option<String>,
    pub(crate) bounds: Vec<(f64, f64)>,
    pub(crate) fixed: Vec<bool>,
    pub(crate) starts: usize,
    pub(crate) most_passes: usize,
    pub(crate) level: f64,
    /// Passes over the data of the fit that runs.
    pub(crate) passes: usize,
    watch: Box<dyn FnMut(Pass) + 'a>,
}

/// Where the descents from all starts ended: what each costs, and whether it converged.
#[derive(Default)]
pub(crate) struct Ends(Vec<(f64, bool)>);

impl Ends {
    /// Costs are the same up to this part of them.
    const NEAR: f64 = 1e-6;

    fn add(&mut self, descent: &Descent) {
        self.0
            .push((descent.sums.cost, descent.verdict.is_converged()));
    }

    /// How many ended as this one did.
    pub(crate) fn like(&self, best: &Descent) -> usize {
        let of_best = (best.sums.cost, best.verdict.is_converged());
        let is_like = |(cost, converged): &&(f64, bool)| {
            *converged == of_best.1 && (cost - of_best.0).abs() <= Self::NEAR * of_best.0.abs()
        };
        self.0.iter().filter(is_like).count()
    }

    /// The lowest cost that is below this one.
    pub(crate) fn below(&self, best: &Descent) -> Option<f64> {
        let lowest = self.0.iter().map(|(cost, _)| *cost).reduce(f64::min);
        lowest.filter(|cost| *cost < best.sums.cost * (1.0 - Self::NEAR))
    }
}

/// How far a fit is.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Passes over the data so far, this one included.
    pub number: usize,
    /// The lowest cost until now.
    pub cost: f64,
    /// How much of this pass is done.
    pub progress: Progress,
}

impl<'a> Fit<'a> {
    /// Least squares, all rows alike, all parameters free.
    #[must_use]
    pub fn new(model: &'a Model) -> Self {
        let count = model.parameters().len();
        Self {
            model,
            loss: Loss::Squares,
            method: Method::default(),
            scale: None,
            weights: Weights::Equal,
            weight_column: None,
            bounds: vec![(f64::NEG_INFINITY, f64::INFINITY); count],
            fixed: vec![false; count],
            starts: 1,
            most_passes: 1000,
            level: 0.95,
            passes: 0,
            watch: Box::new(|_| {}),
        }
    }

    /// The same with another loss, and the residual beyond which it bends; where none is given it is found from the residuals. Squares
    /// bend nowhere and use none.
    #[must_use]
    pub fn loss(mut self, loss: Loss, scale: Option<f64>) -> Self {
        (self.loss, self.scale) = (loss, scale);
        self
    }

    /// The same by another way down.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// The same with rows weighed by a column, which equal weights do not read.
    #[must_use]
    pub fn weights(mut self, weights: Weights, column: &str) -> Self {
        let is_read = weights != Weights::Equal;
        (self.weights, self.weight_column) = (weights, is_read.then(|| column.to_owned()));
        self
    }

    /// The same with a parameter held between two values.
    ///
    /// # Panics
    /// Where the model has no parameter of this number.
    #[must_use]
    pub fn bounds(mut self, parameter: usize, low: f64, high: f64) -> Self {
        self.bounds[parameter] = (low, high);
        self
    }

    /// The same with a parameter held where it starts.
    ///
    /// # Panics
    /// Where the model has no parameter of this number.
    #[must_use]
    pub fn fixed(mut self, parameter: usize) -> Self {
        self.fixed[parameter] = true;
        self
    }

    /// The same from so many starts: the one given and others around it; the best is taken.
    #[must_use]
    pub fn starts(mut self, starts: usize) -> Self {
        self.starts = starts.max(1);
        self
    }

    /// The same with at most so many passes over the data from each start, and for each scale of a robust loss.
    #[must_use]
    pub fn most_passes(mut self, passes: usize) -> Self {
        self.most_passes = passes.max(1);
        self
    }

    /// The same with confidence intervals of another level.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// The same with somebody who is told of each chunk.
    #[must_use]
    pub fn watch(mut self, watch: impl FnMut(Pass) + 'a) -> Self {
        self.watch = Box::new(watch);
        self
    }

    /// Fits the model to the data.
    ///
    /// # Errors
    /// Where the data cannot be read or used, are fewer than the parameters, or the formula has no value at the start.
    pub fn run(&mut self, source: &mut dyn Source, start: &[f64]) -> Result<Outcome, Error> {
        self.check(start)?;
        select(source, self.model, self.weight_column.as_deref())?;
        let mut best: Option<Descent> = None;
        self.passes = 0;
        let mut ends = Ends::default();
        for number in 0..self.starts {
            let place = scattered(start, &self.bounds, &self.fixed, number);
            let descent = match self.descend(source, &place) {
                Ok(descent) => descent,
                // Another start may have a value where this one has none; that of the given one is told.
                Err(Error::Row { .. }) if number > 0 => continue,
                Err(error) => return Err(error),
            };
            let descent = self.past_saddles(source, descent)?;
            ends.add(&descent);
            if best
                .as_ref()
                .is_none_or(|best| descent.is_better_than(best))
            {
                best = Some(descent);
            }
        }
        let Some(best) = best else {
            return Err(Error::Setting("no start could be fitted from".to_owned()));
        };
        statistics::outcome(self, source, best, &ends)
    }

    /// What each row does to what this fit found.
    #[must_use]
    pub fn impact<'b>(&self, outcome: &'b Outcome) -> Impact<'b>
    where
        'a: 'b,
    {
        let weights = (self.weights, self.weight_column.clone());
        Impact::new(self.model, outcome, self.loss, weights)
    }

    fn check(&self, start: &[f64]) -> Result<(), Error> {
        let refuse = |message: String| Err(Error::Setting(message));
        if start.len() != self.model.parameters().len() {
            return refuse(format!(
                "{} starts are given for {} parameters",
                start.len(),
                self.model.parameters().len()
            ));
        }
        if self.fixed.iter().all(|fixed| *fixed) {
            return refuse("all parameters are held, so nothing is left to fit".to_owned());
        }
        for ((name, value), (low, high)) in
            self.model.parameters().iter().zip(start).zip(&self.bounds)
        {
            if !value.is_finite() {
                return refuse(format!("the start of {name} is {value}, it must be finite"));
            }
            if !(low <= value && value <= high) {
                return refuse(format!(
                    "the start of {name} is {value}, outside of its bounds {low} and {high}"
                ));
            }
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return refuse(format!(
                "a level of confidence is between 0 and 1, not {}",
                self.level
            ));
        }
        if let Method::Rule {
            rate: Some(rate), ..
        } = self.method
            && !(rate > 0.0 && rate.is_finite())
        {
            return refuse(format!("a rate is a number above 0, not {rate}"));
        }
        match self.scale {
            Some(scale) if !(scale > 0.0 && scale.is_finite()) => refuse(format!(
                "the scale of a loss is a number above 0, not {scale}"
            )),
            _ => Ok(()),
        }
    }

    /// The parameters that are not held.
    pub(crate) fn free(&self) -> Vec<usize> {
        (0..self.fixed.len())
            .filter(|place| !self.fixed[*place])
            .collect()
    }

    /// One pass over the data.
    pub(crate) fn sums(
        &mut self,
        source: &mut dyn Source,
        parameters: &[f64],
        measure: Measure,
        cost: f64,
    ) -> Result<Sums, Error> {
        self.passes += 1;
        let number = self.passes;
        let free = self.free();
        let watch = &mut self.watch;
        pass::sums(
            self.model,
            measure,
            parameters,
            &free,
            source,
            &mut |progress| {
                watch(Pass {
                    number,
                    cost,
                    progress,
                });
            },
        )
    }

    /// From one start to a minimum. A robust loss whose scale is not given begins with least squares and then takes the
    /// scale from the residuals until it stays (Huber 1981, section 7.8).
    fn descend(&mut self, source: &mut dyn Source, start: &[f64]) -> Result<Descent, Error> {
        let measure = Measure {
            loss: self.loss,
            scale: self.scale.unwrap_or(1.0),
            weights: self.weights,
        };
        let first = if self.finds_scale() {
            measure.of_squares()
        } else {
            measure
        };
        self.go_on(source, start, first)
    }

    /// Whether the loss is a robust one whose scale follows the residuals.
    fn finds_scale(&self) -> bool {
        self.loss != Loss::Squares && self.scale.is_none()
    }

    /// From a descent on, with a robust loss whose scale follows the residuals.
    fn with_own_scale(
        &mut self,
        source: &mut dyn Source,
        mut descent: Descent,
    ) -> Result<Descent, Error> {
        const ROUNDS: usize = 60;
        /// From here on two scales that follow each other in turn meet in their middle, as near as a median of so many digits lets them.
        const LATER: usize = 10;
        const NEAR: f64 = 1e-5;
        for round in 0..ROUNDS {
            let deviation =
                scale::deviation(self.model, self.weights, &descent.parameters, source)?;
            if deviation <= descent.rounding_of_a_row() {
                // Half of the rows fit exactly, and the others cannot be told from outliers by any scale.
                return Ok(Descent {
                    verdict: Verdict::NoScale,
                    ..descent
                });
            }
            let scale = self.loss.tuning() * deviation;
            let near = if round < LATER { 1e-9 } else { NEAR };
            let stays = (descent.measure.scale / scale - 1.0).abs() < near
                && descent.measure.loss == self.loss;
            if stays {
                return Ok(descent);
            }
            let scale = match round {
                LATER.. => (scale * descent.measure.scale).sqrt(),
                _ => scale,
            };
            let measure = Measure {
                loss: self.loss,
                scale,
                weights: self.weights,
            };
            let start = descent.parameters.clone();
            descent = self.settle(source, &start, measure)?;
        }
        Ok(Descent {
            verdict: Verdict::NoScale,
            ..descent
        })
    }

    /// The descent from a place, which may be beside one where another ended; a scale that follows the residuals does so anew.
    pub(crate) fn go_on(
        &mut self,
        source: &mut dyn Source,
        start: &[f64],
        measure: Measure,
    ) -> Result<Descent, Error> {
        let descent = self.settle(source, start, measure)?;
        if self.finds_scale() {
            self.with_own_scale(source, descent)
        } else {
            Ok(descent)
        }
    }

    /// The descent by the method; within a region of trust the one from the first radius that leads to a minimum, else the lowest.
    pub(crate) fn settle(
        &mut self,
        source: &mut dyn Source,
        start: &[f64],
        measure: Measure,
    ) -> Result<Descent, Error> {
        let last = self.passes + self.most_passes;
        let sums = self.sums(source, start, measure, f64::INFINITY)?;
        self.usable(&sums)?;
        let begin = Descent {
            parameters: start.to_vec(),
            sums,
            measure,
            held: Vec::new(),
            verdict: Verdict::Exhausted,
            offset: f64::INFINITY,
            independence: 0.0,
            parts: 0.0,
            rate: None,
        };
        if let Method::Rule { rule, rate } = self.method {
            return self.follow(source, begin, (rule, rate), last);
        }
        let mut best: Option<Descent> = None;
        for radius in RADII.into_iter().chain([f64::INFINITY]) {
            // The step of Gauss and Newton is at the end of a straight line at once, however far that is.
            let is_stalled = |best: &Descent| best.verdict == Verdict::Stalled;
            if radius.is_infinite() && !best.as_ref().is_some_and(is_stalled) {
                break;
            }
            let descent = self.with_radius(source, begin.clone(), radius, last)?;
            let is_over = descent.verdict.is_converged() || self.passes >= last;
            if best
                .as_ref()
                .is_none_or(|best| descent.is_better_than(best))
            {
                best = Some(descent);
            }
            if is_over {
                break;
            }
        }
        best.ok_or_else(|| Error::Setting("no radius of trust".to_owned()))
    }

    /// That the data at the start can be used at all.
    fn usable(&self, sums: &Sums) -> Result<(), Error> {
        if let Some((row, fault)) = sums.fault {
            let (message, hint) = match fault {
                Fault::Formula => (
                    "the formula has no finite value at the start",
                    "start from other values, or leave the row out",
                ),
                Fault::Derivative => (
                    "the formula has no finite derivative at the start",
                    "start from other values, or leave the row out",
                ),
                Fault::Measured => ("what is fitted has no finite value", "leave the row out"),
                Fault::Weight => (
                    "the weight is below 0, or the standard deviation not above 0",
                    "correct the row or leave it out",
                ),
            };
            return Err(Error::Row {
                message: message.to_owned(),
                row,
                hint,
            });
        }
        if !sums.cost.is_finite() {
            return Err(Error::Setting(
                "the sum of squares is beyond the range of doubles; scale the data".to_owned(),
            ));
        }
        if sums.largest > 0.0 && sums.largest < LEAST_MEASURED {
            return Err(Error::Setting(format!(
                "what is fitted is {:e} at most, and its squares are below the range of doubles; scale the data",
                sums.largest
            )));
        }
        let (rows, parameters) = (sums.rows - sums.weightless, self.free().len());
        if rows < parameters as u64 || rows == 0 {
            return Err(Error::TooFew { rows, parameters });
        }
        Ok(())
    }
}

/// The start of this number: the given one, then others around it, each parameter between its bounds or by up to a factor of ten and with
/// either sign, spread by Weyl's sequence of the golden ratio's relatives (Roberts 2018), the same each time.
fn scattered(start: &[f64], bounds: &[(f64, f64)], fixed: &[bool], number: usize) -> Vec<f64> {
    if number == 0 {
        return start.to_vec();
    }
    let dimensions = start.len() as i32;
    // The root above 1 of g^(d+1) = g + 1.
    let root = (0..64).fold(2.0f64, |g, _| {
        (1.0 + g).powf(1.0 / f64::from(dimensions + 1))
    });
    let spread = |(place, value): (usize, &f64)| {
        if fixed[place] {
            return *value;
        }
        let fraction = (0.5 + number as f64 * root.powi(-(place as i32 + 1))).fract();
        let (low, high) = bounds[place];
        if low.is_finite() && high.is_finite() {
            return low + fraction * (high - low);
        }
        let size = if *value == 0.0 { 1.0 } else { value.abs() };
        // Three quarters keep the sign.
        let sign = if fraction < 0.25 { -1.0 } else { 1.0 } * if *value < 0.0 { -1.0 } else { 1.0 };
        let exponent = 2.0 * (fraction * 16.0).fract() - 1.0;
        (sign * size * 10f64.powf(exponent)).clamp(low, high)
    };
    start.iter().enumerate().map(spread).collect()
}
