//! [`Method`]: which way down a fit takes, and the ways that follow the gradient alone.

use secant::optimiser::{Adam, Optimiser, Rule, Sgd};
use secant_data::Source;

use crate::descent::Descent;
use crate::error::Error;
use crate::fit::Fit;
use crate::loss::Loss;
use crate::outcome::Verdict;
use crate::pass::Sums;
use crate::step::slope;

/// By how much Adam moves a parameter at first, where no rate is given.
const ADAM: f64 = 0.01;

/// Which way down a fit takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Method {
    /// Levenberg and Marquardt's steps within a region of trust: few passes, and no rate to choose.
    #[default]
    LevenbergMarquardt,
    /// A rule of the library at a constant rate, one step a pass, along the gradient of the mean cost of a row.
    Rule {
        /// The rule.
        rule: Rule,
        /// Its rate. Where none is given, that of Adam is 0.01, and that of the others the inverse of a bound of the curvature at the start.
        rate: Option<f64>,
    },
}

impl Method {
    /// The names of the methods that the command knows.
    pub const NAMES: [&'static str; 3] = ["levenberg-marquardt", "gradient-descent", "adam"];

    /// The method of this name; its rate where it has one.
    ///
    /// ```
    /// use secant_fit::Method;
    /// for name in Method::NAMES {
    ///     assert_eq!(Method::named(name, None).unwrap().name(), name);
    /// }
    /// ```
    #[must_use]
    pub fn named(name: &str, rate: Option<f64>) -> Option<Self> {
        let rule = match name {
            "levenberg-marquardt" => return Some(Self::LevenbergMarquardt),
            "gradient-descent" => Rule::Sgd(Sgd::default()),
            "adam" => Rule::Adam(Adam::default()),
            _ => return None,
        };
        Some(Self::Rule { rule, rate })
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LevenbergMarquardt => "levenberg-marquardt",
            // All rows are read for each step, so nothing is stochastic.
            Self::Rule {
                rule: Rule::Sgd(_), ..
            } => "gradient-descent",
            Self::Rule { rule, .. } => rule.name(),
        }
    }
}

impl Fit<'_> {
    /// The descent by a rule from a place, until it rests, leaves the numbers, or the passes are used up; then the lowest place is told.
    pub(crate) fn follow(
        &mut self,
        source: &mut dyn Source,
        begin: Descent,
        (rule, rate): (Rule, Option<f64>),
        last: usize,
    ) -> Result<Descent, Error> {
        let free = self.free();
        let rate = match rate {
            Some(rate) => rate,
            None if matches!(rule, Rule::Adam(_) | Rule::AdamW(_)) => ADAM,
            // A robust loss bends most where its residuals have become small: there it is that of plain squares.
            None if begin.measure.loss != Loss::Squares => {
                let squares = begin.measure.of_squares();
                let cost = begin.sums.cost;
                usual(&self.sums(source, &begin.parameters, squares, cost)?)
            }
            None => usual(&begin.sums),
        };
        let mut optimiser = Optimiser::new(rule, free.len());
        let mut at = Descent {
            rate: Some(rate),
            ..begin
        };
        let mut lowest = at.clone();
        loop {
            at.look(&free, &self.bounds);
            if at.sums.cost <= lowest.sums.cost {
                lowest = at.clone();
            }
            if at.is_at_rest() {
                at.judge(true);
                return Ok(at);
            }
            if self.passes >= last {
                lowest.judge(false);
                return Ok(lowest);
            }
            let mut values: Vec<f64> = free.iter().map(|place| at.parameters[*place]).collect();
            optimiser
                .step(rate, &mut values, &gradient(&at.sums, free.len()))
                .map_err(|error| Error::Setting(error.to_string()))?;
            let mut parameters = at.parameters.clone();
            for (parameter, value) in free.iter().zip(values) {
                let (low, high) = self.bounds[*parameter];
                parameters[*parameter] = value.clamp(low, high);
            }
            if parameters == at.parameters {
                at.judge(true);
                return Ok(at);
            }
            let sums = self.sums(source, &parameters, at.measure, lowest.sums.cost)?;
            if !sums.is_whole() {
                return Ok(Descent {
                    verdict: Verdict::Diverged,
                    ..lowest
                });
            }
            at = Descent {
                parameters,
                sums,
                ..at
            };
        }
    }
}

/// The gradient of the mean cost of a row by each free parameter. The cost is a sum of squares, so it is 2 J'r over the rows.
fn gradient(sums: &Sums, parameters: usize) -> Vec<f64> {
    let rows = (sums.rows - sums.weightless) as f64;
    (0..parameters)
        .map(|place| 2.0 * slope(&sums.triangle, place) / rows)
        .collect()
}

/// The rate against the gradient where none is given: 1/L for the largest curvature L (Nesterov 2004, section 2.1.5); the trace of 2 J'J over
/// the rows is never less than that of the linear model.
fn usual(sums: &Sums) -> f64 {
    let rows = (sums.rows - sums.weightless) as f64;
    let squares: f64 = (0..sums.triangle.columns() - 1)
        .map(|place| sums.triangle.norm(place).powi(2))
        .sum();
    if squares > 0.0 {
        rows / (2.0 * squares)
    } else {
        1.0
    }
}
