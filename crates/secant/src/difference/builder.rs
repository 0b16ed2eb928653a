//! [`Differences`]: what is asked for, in one builder, and held against the point before any work begins.

use super::cheap::{self, Look};
use super::evaluators::{Value, each_point, rows};
use super::finding::Found;
use super::line::Moved;
use super::prepared::Prepared;
use super::rounding::Rounding;
use super::samples::Origin;
use crate::error::{Error, ErrorKind};

/// The highest order.
const HIGHEST: u32 = 4;

/// How much may be spent.
///
/// ```
/// use secant::{Differences, Mode};
/// let spent = |mode: Mode| Differences::new().mode(mode).derivative(f64::exp, 1.0).map(|found| found.evaluations);
/// assert_eq!((spent(Mode::Forward)?, spent(Mode::Cheap)?, spent(Mode::Balanced)?), (2, 4, 13));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Two evaluations, the point and one step; of first derivatives the number alone, since one step shows neither its error nor a corner.
    /// A Jacobian takes one evaluation for each input, or each colour of inputs, besides the point.
    Forward,
    /// Four evaluations, the point among them; orders 1 and 2, and 7 for a mixed derivative. What the point is stays undecided.
    Cheap,
    /// At most 60 evaluations for each derivative; 13 where nothing is in the way.
    #[default]
    Balanced,
    /// At most 240, for the last digits.
    Thorough,
}

/// Evaluations that a mixed derivative has besides those of its inputs alone, where it needs them.
pub(super) const MIXED: usize = 60;

impl Mode {
    /// How many evaluations the derivative by these inputs in turn takes at most, the point itself among them. For a mixed one each input is
    /// looked at alone first. What several derivatives share is counted for each of them.
    ///
    /// ```
    /// use secant::Mode;
    /// assert_eq!((Mode::Balanced.most(&[0]), Mode::Balanced.most(&[0, 0])), (60, 60));
    /// assert_eq!(Mode::Balanced.most(&[0, 1]), 180);
    /// ```
    #[must_use]
    pub fn most(self, inputs: &[usize]) -> usize {
        match distinct(inputs) {
            0 | 1 => self.cap(),
            inputs => inputs * self.cap() + self.cap().max(MIXED),
        }
    }

    /// How many it takes about where nothing is in the way, the point itself among them; those of the single inputs of a mixed one are mostly shared.
    ///
    /// ```
    /// use secant::{Differences, Mode};
    /// let found = Differences::new().derivative(f64::exp, 1.0)?;
    /// assert_eq!(found.evaluations, Mode::Balanced.typical(&[0]));
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn typical(self, inputs: &[usize]) -> usize {
        match (self, distinct(inputs)) {
            (Self::Forward | Self::Cheap, 0 | 1) => self.cap(),
            (Self::Balanced, 0 | 1) => 13,
            (Self::Thorough, 0 | 1) => 21,
            (_, inputs) => 5 << inputs,
        }
    }

    pub(super) fn cap(self) -> usize {
        match self {
            Self::Forward => 2,
            Self::Cheap => 1 + cheap::BESIDE,
            Self::Balanced => 60,
            Self::Thorough => 240,
        }
    }

    /// Whether it takes the same few points of any function.
    pub(super) fn looks_once(self) -> bool {
        matches!(self, Self::Forward | Self::Cheap)
    }

    /// The highest order it serves.
    fn highest(self) -> u32 {
        match self {
            Self::Forward => 1,
            Self::Cheap => 2,
            Self::Balanced | Self::Thorough => HIGHEST,
        }
    }

    /// The relative bound at which the search ends, by order.
    pub(super) fn goal(self, order: u32) -> f64 {
        let goals = match self {
            Self::Forward | Self::Cheap | Self::Balanced => [1e-12, 1e-11, 1e-11, 1e-10],
            Self::Thorough => [1e-15, 1e-14, 1e-13, 1e-12],
        };
        goals[order.clamp(1, HIGHEST) as usize - 1]
    }
}

/// How many different inputs there are.
fn distinct(inputs: &[usize]) -> usize {
    let mut inputs = inputs.to_vec();
    inputs.sort_unstable();
    inputs.dedup();
    inputs.len()
}

/// The automatic difference: what to find, and what is known of the function. Nothing needs to be set.
///
/// ```
/// use secant::{Differences, Mode};
/// // A noisy simulation, known to be good to nine digits, on half a line.
/// let simulate = |x: f64| if x < 0.0 { Err("no model below 0") } else { Ok((x * 1e9).round() / 1e9 + x * x) };
/// let slope = Differences::new().mode(Mode::Thorough).within(0.0, 5.0).noise(1e-9).derivative(simulate, 1.5)?;
/// assert!((slope.value().unwrap() - 4.0).abs() <= slope.bound().unwrap());
/// let bend = Differences::new().order(2).derivative(f64::exp, 0.0)?;
/// assert!((bend.value().unwrap() - 1.0).abs() < 1e-11);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Differences {
    pub(super) order: u32,
    pub(super) mode: Mode,
    domain: Domain,
    pub(super) noise: Option<f64>,
    pub(super) rounding: Rounding,
}

/// Where inputs may be.
#[derive(Clone, Debug, PartialEq)]
enum Domain {
    Everywhere,
    /// The same for all of them.
    All([f64; 2]),
    /// One for each.
    Each(Vec<[f64; 2]>),
}

impl Default for Differences {
    fn default() -> Self {
        Self::new()
    }
}

impl Differences {
    /// First derivatives, with as many evaluations as they need, at most 60.
    #[must_use]
    pub fn new() -> Self {
        Self {
            order: 1,
            mode: Mode::Balanced,
            domain: Domain::Everywhere,
            noise: None,
            rounding: Rounding::default(),
        }
    }

    /// The order of [`derivative`](Self::derivative), 1 to 4. Gradients and Jacobians are of the first order, and the Hessian of the second, whatever it is.
    #[must_use]
    pub fn order(mut self, order: u32) -> Self {
        self.order = order;
        self
    }

    /// How much may be spent.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Every input stays between these, both included.
    #[must_use]
    pub fn within(mut self, lower: f64, upper: f64) -> Self {
        self.domain = Domain::All([lower, upper]);
        self
    }

    /// Each input stays between its own, both included.
    #[must_use]
    pub fn within_each(mut self, domain: &[[f64; 2]]) -> Self {
        self.domain = Domain::Each(domain.to_vec());
        self
    }

    /// The relative noise of a value, where it is known; it is measured besides.
    #[must_use]
    pub fn noise(mut self, relative: f64) -> Self {
        self.noise = Some(relative);
        self
    }

    /// The values are rounded to so many significant digits at most, and to multiples of a unit (0 where they are not), as programs print
    /// them. Such a function is a staircase whose own slope is 0 at almost every point; what is found is the slope of what was rounded.
    ///
    /// ```
    /// let printed = |x: f64| (x.sin() * 1e6).round() / 1e6;
    /// let slope = secant::Differences::new().printed(6, 1e-6).derivative(printed, 1.0)?;
    /// let off = (slope.value().unwrap() - 1f64.cos()).abs();
    /// assert!(off <= slope.bound().unwrap() && off < 1e-4);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn printed(mut self, digits: u32, unit: f64) -> Self {
        self.rounding = Rounding { unit, digits };
        self
    }

    /// The same with room for functions of so many inputs.
    #[must_use]
    pub fn prepare(&self, inputs: usize) -> Prepared {
        Prepared::new(self.clone(), inputs)
    }

    /// The derivative of a function of one number.
    ///
    /// # Errors
    /// Where the order is not 1 to 4, a setting makes no sense, or x is not a number of the domain.
    pub fn derivative<V: Value>(
        &self,
        function: impl FnMut(f64) -> V,
        x: f64,
    ) -> Result<Found, Error> {
        self.prepare(1).derivative(function, x)
    }

    /// The gradient: one derivative for each input, each with its own step.
    ///
    /// ```
    /// let far_apart = |x: &[f64]| x[0] * 1e9 + (x[1] / 1e9).sin();
    /// let gradient = secant::Differences::new().gradient(far_apart, &[1e-9, 1e9])?;
    /// assert!((gradient[0].value().unwrap() / 1e9 - 1.0).abs() < 1e-9);
    /// assert!((gradient[1].value().unwrap() * 1e9 - 1f64.cos()).abs() < 1e-9);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`derivative`](Self::derivative).
    pub fn gradient<V: Value>(
        &self,
        function: impl FnMut(&[f64]) -> V,
        at: &[f64],
    ) -> Result<Vec<Found>, Error> {
        self.gradient_batch(rows(function, at.len().max(1)), at)
    }

    /// The gradient of a function that takes many points in one call: rows of inputs in, one value for each out. NaN is a point
    /// outside of the domain.
    ///
    /// ```
    /// let mut calls = 0;
    /// let gradient = secant::Differences::new().gradient_batch(
    ///     |points: &[f64], values: &mut [f64]| {
    ///         calls += 1;
    ///         for (point, value) in points.chunks_exact(2).zip(values) {
    ///             *value = point[0] * point[1];
    ///         }
    ///     },
    ///     &[3.0, 5.0],
    /// )?;
    /// assert!((gradient[0].value().unwrap() - 5.0).abs() < 1e-12);
    /// assert!(calls <= 5);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`derivative`](Self::derivative).
    pub fn gradient_batch(
        &self,
        batch: impl FnMut(&[f64], &mut [f64]),
        at: &[f64],
    ) -> Result<Vec<Found>, Error> {
        let mut gradient = Vec::with_capacity(at.len());
        self.prepare(at.len())
            .gradient_into(batch, at, &mut gradient)?;
        Ok(gradient)
    }

    /// The Jacobian of a function that writes its outputs: one row for each output. All outputs share the points that any of
    /// them needs.
    ///
    /// ```
    /// let polar = |x: &[f64], y: &mut [f64]| (y[0], y[1]) = (x[0] * x[1].cos(), x[0] * x[1].sin());
    /// let rows = secant::Differences::new().jacobian(polar, 2, &[2.0, 0.5])?;
    /// assert!((rows[1][1].value().unwrap() - 2.0 * 0.5f64.cos()).abs() < 1e-12);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`derivative`](Self::derivative).
    pub fn jacobian(
        &self,
        function: impl FnMut(&[f64], &mut [f64]),
        outputs: usize,
        at: &[f64],
    ) -> Result<Vec<Vec<Found>>, Error> {
        let batch = each_point(function, at.len(), outputs);
        self.jacobian_batch(batch, outputs, at)
    }

    /// The Jacobian of a function that takes many points in one call: rows of inputs in, rows of outputs out.
    ///
    /// ```
    /// use secant::{Differences, Mode};
    /// let mut points_run = 0;
    /// let polar = |points: &[f64], values: &mut [f64]| {
    ///     for (point, value) in points.chunks_exact(2).zip(values.chunks_exact_mut(2)) {
    ///         points_run += 1;
    ///         (value[0], value[1]) = (point[0] * point[1].cos(), point[0] * point[1].sin());
    ///     }
    /// };
    /// let rows = Differences::new().mode(Mode::Forward).jacobian_batch(polar, 2, &[2.0, 0.5])?;
    /// assert!((rows[1][1].value().unwrap() - 2.0 * 0.5f64.cos()).abs() < 1e-7);
    /// assert_eq!(points_run, 3);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`derivative`](Self::derivative).
    pub fn jacobian_batch(
        &self,
        mut batch: impl FnMut(&[f64], &mut [f64]),
        outputs: usize,
        at: &[f64],
    ) -> Result<Vec<Vec<Found>>, Error> {
        let mut rows: Vec<Vec<Found>> = vec![Vec::with_capacity(at.len()); outputs];
        let mut each = |row: usize, _: usize, found| rows[row].push(found);
        self.prepare(at.len())
            .entries(&mut batch, outputs, at, Moved::Alone, &mut each)?;
        Ok(rows)
    }

    /// Entries of a Jacobian whose inputs move together by colours.
    pub(crate) fn entries(
        &self,
        batch: &mut dyn FnMut(&[f64], &mut [f64]),
        outputs: usize,
        at: &[f64],
        moved: Moved,
        each: &mut dyn FnMut(usize, usize, Found),
    ) -> Result<(), Error> {
        self.prepare(at.len())
            .entries(batch, outputs, at, moved, each)
    }

    /// The derivative by inputs in turn: `[0, 1]` is f_xy, `[0, 0, 1]` is f_xxy. At most 4 in all.
    ///
    /// ```
    /// let mixed = secant::Differences::new().mixed(|x: &[f64]| (x[0] * x[1]).sin(), &[1.0, 0.5], &[0, 1])?;
    /// assert!((mixed.value().unwrap() - (0.5f64.cos() - 0.5 * 0.5f64.sin())).abs() < 1e-10);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`derivative`](Self::derivative), and where an input does not exist.
    pub fn mixed<V: Value>(
        &self,
        function: impl FnMut(&[f64]) -> V,
        at: &[f64],
        inputs: &[usize],
    ) -> Result<Found, Error> {
        self.mixed_batch(rows(function, at.len().max(1)), at, inputs)
    }

    /// The same of a function that takes many points in one call, as [`gradient_batch`](Self::gradient_batch): all of one step at once.
    ///
    /// ```
    /// let product = |points: &[f64], values: &mut [f64]| {
    ///     for (point, value) in points.chunks_exact(2).zip(values) {
    ///         *value = point[0] * point[1];
    ///     }
    /// };
    /// let mixed = secant::Differences::new().mixed_batch(product, &[1.0, 0.5], &[0, 1])?;
    /// assert!((mixed.value().unwrap() - 1.0).abs() < 1e-10);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`mixed`](Self::mixed).
    pub fn mixed_batch(
        &self,
        mut batch: impl FnMut(&[f64], &mut [f64]),
        at: &[f64],
        inputs: &[usize],
    ) -> Result<Found, Error> {
        self.check(at)?;
        self.check_order(inputs.len() as u32)?;
        if let Some(input) = inputs.iter().find(|input| **input >= at.len()) {
            return Err(Error::new(
                ErrorKind::Shape,
                format!("there is no input {input}, the point has {}", at.len()),
            ));
        }
        Ok(self.prepare(at.len()).mixed_at(&mut batch, at, inputs))
    }

    /// The Hessian: symmetric, each pair of inputs found once.
    ///
    /// ```
    /// let hessian = secant::Differences::new().hessian(|x: &[f64]| x[0] * x[0] * x[1], &[3.0, 5.0])?;
    /// assert!((hessian[0][1].value().unwrap() - 6.0).abs() < 1e-9);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`derivative`](Self::derivative).
    pub fn hessian<V: Value>(
        &self,
        function: impl FnMut(&[f64]) -> V,
        at: &[f64],
    ) -> Result<Vec<Vec<Found>>, Error> {
        self.check(at)?;
        self.check_order(2)?;
        let mut batch = rows(function, at.len());
        Ok(self.prepare(at.len()).hessian(&mut batch, at))
    }

    /// The domain of an input.
    pub(super) fn domain(&self, input: usize) -> [f64; 2] {
        let everywhere = [f64::NEG_INFINITY, f64::INFINITY];
        match &self.domain {
            Domain::Everywhere => everywhere,
            Domain::All(all) => *all,
            Domain::Each(each) => each.get(input).copied().unwrap_or(everywhere),
        }
    }

    /// The look along a line, where the mode takes one and the domain has room.
    pub(super) fn look(&self, origin: Origin, domain: [f64; 2], order: u32) -> Option<Look> {
        if !self.mode.looks_once() {
            return None;
        }
        Look::new(
            origin,
            domain,
            self.mode,
            order,
            (self.noise, self.rounding),
        )
    }

    /// The highest order that the mode allows.
    pub(crate) fn highest_order(&self) -> u32 {
        self.mode.highest()
    }

    pub(super) fn check_order(&self, order: u32) -> Result<(), Error> {
        let highest = self.mode.highest();
        if (1..=highest).contains(&order) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Setting,
            format!("the order is {order}, it must be 1 to {highest}"),
        )
        .hint(if highest == HIGHEST {
            "beyond that, differences drown in rounding"
        } else {
            "a mode with more evaluations serves orders up to 4"
        }))
    }

    /// Holds the settings against the point.
    pub(super) fn check(&self, at: &[f64]) -> Result<(), Error> {
        if self
            .noise
            .is_some_and(|noise| !(noise.is_finite() && noise >= 0.0))
        {
            return Err(Error::new(
                ErrorKind::Setting,
                "the noise must be a finite number, 0 or above",
            ));
        }
        if !(self.rounding.unit.is_finite() && self.rounding.unit >= 0.0) {
            return Err(Error::new(
                ErrorKind::Setting,
                "the unit that values are rounded to must be a finite number, 0 or above",
            ));
        }
        if at.is_empty() {
            return Err(Error::new(ErrorKind::Shape, "the point has no inputs"));
        }
        if let Domain::Each(each) = &self.domain
            && each.len() != at.len()
        {
            let (domains, inputs) = (each.len(), at.len());
            return Err(Error::new(
                ErrorKind::Shape,
                format!("{domains} domains are given for {inputs} inputs"),
            ));
        }
        for (input, x) in at.iter().enumerate() {
            let [lower, upper] = self.domain(input);
            if !x.is_finite() || !(lower..=upper).contains(x) {
                return Err(Error::new(
                    ErrorKind::Setting,
                    format!(
                        "input {input} is {x}, it must be a finite number from {lower} to {upper}"
                    ),
                ));
            }
        }
        Ok(())
    }
}
