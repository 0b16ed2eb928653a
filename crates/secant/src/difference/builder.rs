//! [`Differences`]: what is asked for, in one builder; [`Prepared`]: the same with room for the work, to be used again without allocation.

use super::cheap;
use super::engine::{Search, Wanted};
use super::evaluators::{Value, rows};
use super::finding::Found;
use super::memo::Memo;
use super::mixed::{AXES, Axis, Mixed, POINTS};
use super::rounding::Rounding;
use super::samples::{Ask, BATCH, Samples, exponent};
use crate::error::{Error, ErrorKind};

/// The highest order.
const HIGHEST: u32 = 4;

/// How much may be spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Four evaluations, orders 1 and 2; what the point is stays undecided.
    Cheap,
    /// At most 60 evaluations for each derivative; 13 where nothing is in the way.
    #[default]
    Balanced,
    /// At most 240, for the last digits.
    Thorough,
}

impl Mode {
    fn cap(self) -> usize {
        match self {
            Self::Cheap => cheap::EVALUATIONS,
            Self::Balanced => 60,
            Self::Thorough => 240,
        }
    }

    /// The relative bound at which the search ends, by order.
    fn goal(self, order: u32) -> f64 {
        let goals = match self {
            Self::Cheap | Self::Balanced => [1e-12, 1e-11, 1e-11, 1e-10],
            Self::Thorough => [1e-15, 1e-14, 1e-13, 1e-12],
        };
        goals[order.clamp(1, HIGHEST) as usize - 1]
    }
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
    order: u32,
    mode: Mode,
    /// Empty for none, one for all inputs, or one for each.
    domain: Vec<[f64; 2]>,
    noise: Option<f64>,
    rounding: Rounding,
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
            domain: Vec::new(),
            noise: None,
            rounding: Rounding::default(),
        }
    }

    /// The order of [`derivative`](Self::derivative), 1 to 4.
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
        self.domain = vec![[lower, upper]];
        self
    }

    /// Each input stays between its own, both included.
    #[must_use]
    pub fn within_each(mut self, domain: &[[f64; 2]]) -> Self {
        self.domain = domain.to_vec();
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
        Prepared {
            wanted: self.clone(),
            samples: Samples::new(),
            points: Vec::with_capacity(2 * BATCH * inputs.max(1)),
            memo: Memo::with_capacity(0, 1),
        }
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
        mut function: impl FnMut(&[f64], &mut [f64]),
        outputs: usize,
        at: &[f64],
    ) -> Result<Vec<Vec<Found>>, Error> {
        self.check(at)?;
        let mut prepared = self.prepare(at.len());
        let mut rows: Vec<Vec<Found>> = vec![Vec::with_capacity(at.len()); outputs];
        let mut centre = vec![f64::NAN; outputs];
        function(at, &mut centre);
        let mut point = at.to_vec();
        let mut values = vec![f64::NAN; outputs];
        for (input, x) in at.iter().enumerate() {
            let mut memo = Memo::with_capacity(self.mode.cap(), outputs);
            memo.restart(outputs, key(&[*x]), &centre);
            for (output, row) in rows.iter_mut().enumerate() {
                let mut run = usize::from(input == 0 && output == 0);
                let mut ask = |positions: &[f64], asked: &mut [f64]| {
                    for (position, value) in positions.iter().zip(asked) {
                        let key = key(&[*position]);
                        if memo.get(&key).is_none() {
                            point[input] = *position;
                            function(&point, &mut values);
                            run += 1;
                            memo.push(key, &values);
                        }
                        *value = memo.get(&key).map_or(f64::NAN, |outputs| outputs[output]);
                    }
                };
                let mut found =
                    prepared.along(&mut ask, *x, input, self.order, Some(centre[output]));
                found.evaluations = run;
                row.push(found);
            }
            point[input] = *x;
        }
        Ok(rows)
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
        Ok(self
            .prepare(at.len())
            .mixed_at(&mut batch, at, inputs, None))
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
        let mut prepared = self.prepare(at.len());
        let mut centre = [f64::NAN];
        batch(at, &mut centre);
        let mut rows: Vec<Vec<Found>> = Vec::with_capacity(at.len());
        for row in 0..at.len() {
            let mut entries: Vec<Found> = rows
                .iter()
                .map(|above| Found {
                    evaluations: 0,
                    ..above[row].clone()
                })
                .collect();
            for column in row..at.len() {
                entries.push(prepared.mixed_at(&mut batch, at, &[row, column], Some(centre[0])));
            }
            rows.push(entries);
        }
        if let Some(first) = rows.first_mut().and_then(|row| row.first_mut()) {
            first.evaluations += 1;
        }
        Ok(rows)
    }

    /// The domain of an input.
    fn domain(&self, input: usize) -> [f64; 2] {
        let all = [f64::NEG_INFINITY, f64::INFINITY];
        match self.domain.as_slice() {
            [one] => *one,
            each => each.get(input).copied().unwrap_or(all),
        }
    }

    /// The highest order that the mode allows.
    pub(crate) fn highest_order(&self) -> u32 {
        if self.mode == Mode::Cheap { 2 } else { HIGHEST }
    }

    fn check_order(&self, order: u32) -> Result<(), Error> {
        let highest = self.highest_order();
        if (1..=highest).contains(&order) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Setting,
            format!("the order is {order}, it must be 1 to {highest}"),
        )
        .hint("beyond that, differences drown in rounding"))
    }

    /// Holds the settings against the point.
    fn check(&self, at: &[f64]) -> Result<(), Error> {
        self.check_order(self.order)?;
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
        if self.domain.len() > 1 && self.domain.len() != at.len() {
            let (domains, inputs) = (self.domain.len(), at.len());
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

/// The key of positions in the memo.
fn key(positions: &[f64]) -> [f64; AXES] {
    let mut key = [0.0; AXES];
    for (entry, position) in key.iter_mut().zip(positions) {
        *entry = *position;
    }
    key
}

/// [`Differences`] with room for the work: used again for functions of as many inputs, it allocates nothing.
#[derive(Clone, Debug)]
pub struct Prepared {
    wanted: Differences,
    samples: Samples,
    points: Vec<f64>,
    memo: Memo,
}

impl Prepared {
    /// The derivative of a function of one number, as [`Differences::derivative`].
    ///
    /// ```
    /// let mut prepared = secant::Differences::new().prepare(1);
    /// for x in [0.5, 1.0, 1.5] {
    ///     assert!((prepared.derivative(f64::exp, x)?.value().unwrap() - x.exp()).abs() < 1e-12);
    /// }
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Differences::derivative`].
    pub fn derivative<V: Value>(
        &mut self,
        mut function: impl FnMut(f64) -> V,
        x: f64,
    ) -> Result<Found, Error> {
        self.wanted.check(&[x])?;
        let mut ask = |positions: &[f64], values: &mut [f64]| {
            for (position, value) in positions.iter().zip(values) {
                *value = function(*position).number();
            }
        };
        Ok(self.along(&mut ask, x, 0, self.wanted.order, None))
    }

    /// The gradient in place of what `gradient` held, as [`Differences::gradient_batch`].
    ///
    /// # Errors
    /// As [`Differences::derivative`].
    pub fn gradient_into(
        &mut self,
        mut batch: impl FnMut(&[f64], &mut [f64]),
        at: &[f64],
        gradient: &mut Vec<Found>,
    ) -> Result<(), Error> {
        self.wanted.check(at)?;
        gradient.clear();
        let order = self.wanted.order;
        let mut centre = None;
        for input in 0..at.len() {
            let (found, value) = self.line(&mut batch, at, input, order, centre);
            centre = Some(value);
            gradient.push(found);
        }
        Ok(())
    }

    /// The derivative by one input of several, and the value at the point.
    fn line(
        &mut self,
        batch: &mut dyn FnMut(&[f64], &mut [f64]),
        at: &[f64],
        input: usize,
        order: u32,
        centre: Option<f64>,
    ) -> (Found, f64) {
        let mut points = std::mem::take(&mut self.points);
        let mut value = centre.unwrap_or(f64::NAN);
        let x = at[input];
        let mut ask = |positions: &[f64], values: &mut [f64]| {
            points.clear();
            for position in positions {
                let start = points.len();
                points.extend_from_slice(at);
                points[start + input] = *position;
            }
            batch(&points, values);
            if positions[0] == x {
                value = values[0];
            }
        };
        let found = self.along(&mut ask, x, input, order, centre);
        self.points = points;
        (found, value)
    }

    /// The search along one line.
    fn along(
        &mut self,
        ask: &mut Ask,
        x: f64,
        input: usize,
        order: u32,
        centre: Option<f64>,
    ) -> Found {
        let Differences {
            mode,
            noise,
            rounding,
            ..
        } = self.wanted;
        let domain = self.wanted.domain(input);
        if mode == Mode::Cheap {
            let outcome = cheap::outcome(x, domain, order, (noise, rounding), ask);
            return Found::new(outcome, cheap::EVALUATIONS, 0.0);
        }
        self.samples.start(x, domain, mode.cap(), centre, ask);
        let wanted = Wanted {
            order,
            goal: mode.goal(order),
            noise,
            rounding,
        };
        let mut search = Search::new(&mut self.samples, ask, wanted);
        let outcome = search.outcome();
        let noise = search.noise;
        Found::new(outcome, self.samples.evaluations, noise)
    }

    /// The derivative by inputs in turn. Each input alone must be smooth first: a product of differences does not see a corner.
    fn mixed_at(
        &mut self,
        batch: &mut dyn FnMut(&[f64], &mut [f64]),
        at: &[f64],
        inputs: &[usize],
        centre: Option<f64>,
    ) -> Found {
        let mut axes = [Axis::default(); AXES];
        let mut count = 0;
        for input in inputs {
            match axes[..count].iter_mut().find(|axis| axis.input == *input) {
                Some(axis) => axis.order += 1,
                None => {
                    let x = at[*input];
                    let scale = if x == 0.0 { 0 } else { exponent(x) };
                    axes[count] = Axis {
                        input: *input,
                        at: x,
                        scale,
                        order: 1,
                    };
                    count += 1;
                }
            }
        }
        let axes = &axes[..count];
        if let [axis] = axes {
            return self.line(batch, at, axis.input, axis.order, centre).0;
        }
        let (mut evaluations, mut noise, mut centre) = (0, 0.0f64, centre);
        for axis in axes {
            let (found, value) = self.line(batch, at, axis.input, axis.order, centre);
            evaluations += found.evaluations;
            noise = noise.max(found.noise);
            centre = Some(value);
            if found.value().is_none() {
                return Found {
                    evaluations,
                    ..found
                };
            }
        }
        let wanted = &self.wanted;
        let mut memo = std::mem::take(&mut self.memo);
        let mut start = [0.0; AXES];
        for (entry, axis) in start.iter_mut().zip(axes) {
            *entry = axis.at;
        }
        memo.restart(1, start, &[centre.unwrap_or(f64::NAN)]);
        let mut points = std::mem::take(&mut self.points);
        let mut run = 0;
        let mut values = |positions: &[[f64; AXES]], values: &mut [f64]| {
            points.clear();
            let first = memo.count();
            for position in positions {
                if memo.get(position).is_some() {
                    continue;
                }
                memo.push(*position, &[f64::NAN]);
                let start = points.len();
                points.extend_from_slice(at);
                for (axis, x) in axes.iter().zip(position) {
                    points[start + axis.input] = *x;
                }
            }
            let fresh = memo.count() - first;
            let mut answers = [f64::NAN; POINTS];
            if fresh > 0 {
                batch(&points, &mut answers[..fresh]);
            }
            run += fresh;
            memo.answer(first, &answers[..fresh]);
            for (position, value) in positions.iter().zip(values) {
                *value = memo.get(position).map_or(f64::NAN, |known| known[0]);
            }
        };
        let inside = |position: &[f64; AXES]| {
            axes.iter().zip(position).all(|(axis, x)| {
                let [lower, upper] = wanted.domain(axis.input);
                (lower..=upper).contains(x)
            })
        };
        let outcome = Mixed {
            axes,
            values: &mut values,
            inside: &inside,
            noise,
            rounding: wanted.rounding,
            goal: wanted.mode.goal(inputs.len() as u32),
            left: wanted.mode.cap().max(60),
        }
        .outcome();
        self.points = points;
        self.memo = memo;
        Found::new(outcome, evaluations + run, noise)
    }
}
