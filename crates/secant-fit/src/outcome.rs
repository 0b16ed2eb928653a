//! [`Outcome`]: what a fit found, with how sure it is.

use crate::triangle::Triangle;

/// How a fit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At a minimum: the residuals stand at right angles to all that the parameters could change.
    Converged,
    /// The passes were used up.
    Exhausted,
    /// No step lowers the cost any more, and yet the gradient is not small.
    Stalled,
    /// Some parameters can be changed together without any change of the formula at the data.
    Singular,
    /// A step led to where the cost is no finite number: the rate is too large.
    Diverged,
    /// At a place where the gradient is 0 and the cost falls to either side: a saddle, or a maximum.
    Saddle,
    /// No scale can be found for a robust loss: more than half of the rows fit exactly, or it does not settle.
    NoScale,
}

impl Verdict {
    /// Whether the parameters are a minimum.
    #[must_use]
    pub fn is_converged(self) -> bool {
        self == Self::Converged
    }

    /// The verdict in one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::Exhausted => "exhausted",
            Self::Stalled => "stalled",
            Self::Singular => "singular",
            Self::Diverged => "diverged",
            Self::Saddle => "saddle",
            Self::NoScale => "no-scale",
        }
    }
}

/// What a fit found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The parameters, in the order of the model.
    pub parameters: Vec<f64>,
    /// Their standard errors, 0 for those that are held or at a bound; none where the data do not tell them, as where the residuals are zero to rounding.
    pub errors: Option<Vec<f64>>,
    /// The covariance of the parameters; none where there are no standard errors.
    pub covariance: Option<Vec<Vec<f64>>>,
    /// Confidence intervals of the level that was asked for.
    pub intervals: Option<Vec<(f64, f64)>>,
    /// How many standard errors wide the intervals are to either side, by Student's distribution; none where there are none.
    pub quantile: Option<f64>,
    /// The level of the intervals.
    pub level: f64,
    /// The rate of a method that follows the gradient.
    pub rate: Option<f64>,
    /// How the fit ended.
    pub verdict: Verdict,
    /// The relative offset of Bates and Watts (1981): how far the minimum is, in units of the parameters' uncertainty.
    pub offset: f64,
    /// The smallest singular value of the Jacobian over the largest, its columns scaled to length 1.
    pub independence: f64,
    /// The rounding of the measured values in units of the residuals: standard errors hold to this part of them at best.
    pub grain: f64,
    /// What the residuals cost; of least squares their sum of squares, weighed.
    pub cost: f64,
    /// The sum of squares of the residuals, weighed, whatever the loss.
    pub squares: f64,
    /// The residual standard deviation: the root of the sum of squares over the degrees of freedom.
    pub deviation: Option<f64>,
    /// The part of the squares about the mean that the formula explains.
    pub r_squared: Option<f64>,
    /// The residual beyond which a robust loss bends.
    pub scale: Option<f64>,
    /// Rows that were used.
    pub rows: u64,
    /// Rows with residuals so large that a loss which ends there, as Tukey's, does not count them.
    pub ignored: u64,
    /// Rows left out for a value that is missing.
    pub skipped: u64,
    /// Rows less free parameters.
    pub freedom: i64,
    /// Passes over the data.
    pub passes: usize,
    /// How many of the starts came to this cost and ended as this one did.
    pub same: usize,
    /// Parameters that were held where they started.
    pub fixed: Vec<usize>,
    /// Parameters that end at a bound.
    pub at_bounds: Vec<usize>,
    /// The lowest cost of a start that did not converge, where that is below the cost told: then it is not the lowest there is.
    pub lower: Option<f64>,
    pub(crate) exact: bool,
    /// What the covariance is made from.
    pub(crate) root: Root,
}

/// The covariance as it was before anything was squared: the variance times the inverse of R'R, of the parameters that move; the residuals
/// count by their squares in R, whatever the loss.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) triangle: Triangle,
    pub(crate) moving: Vec<usize>,
    /// None where there are no standard errors.
    pub(crate) variance: Option<f64>,
}

impl Root {
    /// The standard error of a quantity with this gradient by all parameters: a length, since squares may be beyond the range of doubles.
    pub(crate) fn error_of(&self, gradient: &[f64]) -> Option<f64> {
        let variance = self.variance?;
        let moving = self.moving.iter();
        let part: Option<Vec<f64>> = moving.map(|place| gradient.get(*place).copied()).collect();
        let across = self.triangle.forward(&part?)?;
        let length = across
            .iter()
            .fold(0.0, |length: f64, part| length.hypot(*part));
        Some(variance.sqrt() * length)
    }
}

impl Outcome {
    /// The standard error of a quantity whose gradient by the parameters, held ones too, is given: of the curve at a place, say. It is
    /// the root of g'Cg with the covariance C, but found as a length, so that it keeps its digits where those of the covariance cancel, as
    /// they do far from 0. None where there are no standard errors.
    ///
    /// ```
    /// use secant::{Formula, Recorded};
    /// use secant_data::Columns;
    /// use secant_fit::{Fit, Model};
    /// let line = Recorded::from(&Formula::parse("a*x + b")?);
    /// let model = Model::new(&line, "y", &["a", "b"])?;
    /// let mut data = Columns::new(&["x", "y"], vec![vec![0.0, 1.0, 2.0], vec![0.0, 1.5, 2.0]])?;
    /// let outcome = Fit::new(&model).run(&mut data, &[1.0, 0.0])?;
    /// let errors = outcome.errors.as_ref().unwrap();
    /// assert!((outcome.error_of(&[1.0, 0.0]).unwrap() - errors[0]).abs() < 1e-15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn error_of(&self, gradient: &[f64]) -> Option<f64> {
        self.root.error_of(gradient)
    }

    /// Half the width of the confidence band, at the level of the intervals, of a quantity whose gradient by the parameters, held ones too, is given: the
    /// curve at a place lies within it on either side. None where there are no standard errors.
    ///
    /// ```
    /// use secant::{Formula, Recorded};
    /// use secant_data::Columns;
    /// use secant_fit::{Fit, Model};
    /// let line = Recorded::from(&Formula::parse("a*x + b")?);
    /// let model = Model::new(&line, "y", &["a", "b"])?;
    /// let mut data = Columns::new(&["x", "y"], vec![vec![0.0, 1.0, 2.0], vec![0.0, 1.5, 2.0]])?;
    /// let outcome = Fit::new(&model).run(&mut data, &[1.0, 0.0])?;
    /// let (_, height, gradient) = model.at(&outcome.parameters, &[0.0, f64::NAN])?;
    /// let half = outcome.band(&gradient).unwrap();
    /// // At 0 the line is b, and its band the interval of b.
    /// let (low, high) = outcome.intervals.as_ref().unwrap()[1];
    /// assert!((height - half - low).abs() < 1e-12 && (height + half - high).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn band(&self, gradient: &[f64]) -> Option<f64> {
        Some(self.quantile? * self.error_of(gradient)?)
    }

    /// The standard error of a parameter that is free; none where there are none, and of one that was held or ends at a bound.
    ///
    /// ```
    /// use secant::{Formula, Recorded};
    /// use secant_data::Columns;
    /// use secant_fit::{Fit, Model};
    /// let line = Recorded::from(&Formula::parse("a*x + b")?);
    /// let model = Model::new(&line, "y", &["a", "b"])?;
    /// let mut data = Columns::new(&["x", "y"], vec![vec![1.0, 2.0, 3.0], vec![1.0, 2.5, 3.0]])?;
    /// let outcome = Fit::new(&model).fixed(1).run(&mut data, &[1.0, 0.0])?;
    /// let (low, high) = outcome.interval(0).unwrap();
    /// assert!(outcome.error(0).unwrap() > 0.0 && low < 1.0 && high > 1.0);
    /// assert!(outcome.is_free(0) && !outcome.is_free(1));
    /// assert_eq!((outcome.error(1), outcome.interval(1)), (None, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn error(&self, parameter: usize) -> Option<f64> {
        let errors = self.errors.as_ref().filter(|_| self.is_free(parameter))?;
        errors.get(parameter).copied()
    }

    /// The confidence interval of a parameter that is free, as its [`error`](Self::error).
    #[must_use]
    pub fn interval(&self, parameter: usize) -> Option<(f64, f64)> {
        let intervals = self
            .intervals
            .as_ref()
            .filter(|_| self.is_free(parameter))?;
        intervals.get(parameter).copied()
    }

    /// Whether a parameter was neither held nor ended at a bound.
    #[must_use]
    pub fn is_free(&self, parameter: usize) -> bool {
        !self.fixed.contains(&parameter) && !self.at_bounds.contains(&parameter)
    }

    /// Whether the residuals are zero to rounding: neither their size nor the offset, which is measured by it, means anything then.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.exact
    }
}
