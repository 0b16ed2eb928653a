//! [`Series`]: how a function behaves on one side of a point, as a Laurent series with proven coefficients.
//! The variable is t = τ^60 with τ > 0, so that square, cube, fourth, fifth and sixth roots are whole powers of τ
//! (Puiseux 1850). It knows plain arithmetic and powers; all other functions come by their rules.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Interval, Rational};

/// Powers of τ that are kept from the first one that is not zero: six powers of t.
const LENGTH: usize = 6 * Series::RAMIFICATION as usize;
/// From this power of τ on nothing is told: sums of two powers, and their distances, stay within an `i32`.
const FARTHEST: i32 = 1 << 29;

/// What a function tends to on one side of a point, and how.
///
/// ```
/// use secant::{Functions, Series};
/// let right = Series::approaching(0.0, 1.0);
/// let left = Series::approaching(0.0, -1.0);
/// assert_eq!(right.abs().taylor(1).unwrap().middle(), 1.0);
/// assert_eq!(left.abs().taylor(1).unwrap().middle(), 1.0); // per step away from the point
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    state: State,
    /// The power of τ that the first coefficient belongs to.
    lowest: i32,
    coefficients: Vec<Interval>,
    /// Whether nothing follows after the last coefficient.
    exact: bool,
    /// Whether a coefficient was taken as 0 because 0 was within its rounding.
    assumed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Known,
    Undefined,
    Undecided,
}

impl Series {
    /// One power of t is so many powers of τ.
    pub const RAMIFICATION: i32 = 60;

    /// The same number all along.
    #[must_use]
    pub fn constant(value: Interval) -> Self {
        Self {
            state: State::Known,
            lowest: 0,
            coefficients: vec![value],
            exact: true,
            assumed: false,
        }
        .normal()
    }

    /// The input that leaves `point` with the given speed: `point + speed * t`, t > 0.
    #[must_use]
    pub fn approaching(point: f64, speed: f64) -> Self {
        let mut coefficients = vec![Interval::point(0.0); Self::RAMIFICATION as usize + 1];
        coefficients[0] = Interval::point(point);
        coefficients[Self::RAMIFICATION as usize] = Interval::point(speed);
        Self {
            state: State::Known,
            lowest: 0,
            coefficients,
            exact: true,
            assumed: false,
        }
        .normal()
    }

    /// The function has no real value on this side.
    #[must_use]
    pub fn undefined() -> Self {
        Self {
            state: State::Undefined,
            ..Self::undecided()
        }
    }

    /// What the function does here is not a series that can be told.
    #[must_use]
    pub fn undecided() -> Self {
        Self {
            state: State::Undecided,
            lowest: 0,
            coefficients: Vec::new(),
            exact: false,
            assumed: false,
        }
    }

    /// What is told of a function of arguments that do not tell it: undefined where one of them is, else undecided.
    pub(crate) fn unknown_of(arguments: &[Self]) -> Self {
        if arguments.iter().any(Self::is_undefined) {
            Self::undefined()
        } else {
            Self::undecided()
        }
    }

    /// Whether the function is known to have no real value on this side.
    #[must_use]
    pub fn is_undefined(&self) -> bool {
        self.state == State::Undefined
    }

    /// Whether the coefficients are known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.state == State::Known
    }

    /// The same series, of which it is told whether a number on the way to it was taken as 0.
    pub(crate) fn resting_on(mut self, rounding: bool) -> Self {
        self.assumed |= rounding;
        self
    }

    /// Whether a number was taken as 0 because 0 was within its rounding.
    #[must_use]
    pub fn rests_on_rounding(&self) -> bool {
        self.assumed
    }

    /// The one number this series stands for, where it is constant and exact.
    #[must_use]
    pub fn fixed_value(&self) -> Option<f64> {
        if !self.is_known() || !self.exact {
            return None;
        }
        let value = self.coefficient(0);
        let constant =
            self.coefficients.is_empty() || (self.lowest == 0 && self.coefficients.len() == 1);
        (constant && value.is_point()).then(|| value.lo())
    }

    /// The sign just beside the point: -1, 0 (it is 0 all along) or 1; `None` where that is not known.
    #[must_use]
    pub fn sign(&self) -> Option<i8> {
        match self.coefficients.first() {
            _ if !self.is_known() => None,
            None => self.exact.then_some(0),
            Some(leading) => Some(if leading.lo() > 0.0 { 1 } else { -1 }),
        }
    }

    /// The coefficient of t^order; `None` where it is not known.
    #[must_use]
    pub fn taylor(&self, order: i32) -> Option<Interval> {
        let power = order.saturating_mul(Self::RAMIFICATION);
        (self.is_known() && power < self.known()).then(|| self.coefficient(power))
    }

    /// Whether all powers of t up to `order` are whole and none is negative: as many derivatives exist on this side.
    #[must_use]
    pub fn is_smooth_to(&self, order: i32) -> bool {
        self.taylor(order).is_some() && self.first_fault(order).is_none()
    }

    /// The first power of τ that is not a whole positive power of t, up to t^order, with its coefficient.
    #[must_use]
    pub fn first_fault(&self, order: i32) -> Option<(f64, Interval)> {
        let last = order.saturating_mul(Self::RAMIFICATION);
        (self.lowest..=last.min(self.end() - 1))
            .filter(|power| *power < 0 || power % Self::RAMIFICATION != 0)
            .map(|power| {
                (
                    f64::from(power) / f64::from(Self::RAMIFICATION),
                    self.coefficient(power),
                )
            })
            .find(|(_, coefficient)| !is_zero(*coefficient))
    }

    /// What it tends to at the point itself; `None` where that is not known, or where it grows without bound.
    #[must_use]
    pub fn start(&self) -> Option<Interval> {
        let has_pole = self.leading().is_some_and(|(power, _)| power < 0);
        if has_pole { None } else { self.taylor(0) }
    }

    /// The power of τ, and the coefficient, of the first term that is not zero.
    #[must_use]
    pub fn leading(&self) -> Option<(i32, Interval)> {
        self.coefficients.first().map(|first| (self.lowest, *first))
    }

    /// x^exponent, real for negative x where the exponent's denominator is odd.
    #[must_use]
    pub fn power(&self, exponent: &Rational) -> Self {
        if !self.is_known() {
            return self.clone();
        }
        if exponent.is_zero() {
            return Self::constant(Interval::point(1.0));
        }
        let Some((first, leading)) = self.leading() else {
            return self.power_of_vanishing(exponent);
        };
        let shifted = exponent.clone() * Rational::from(i64::from(first));
        let lowest = match shifted.to_i64().map(i32::try_from) {
            Some(Ok(lowest)) => lowest,
            _ if shifted.to_f64() >= f64::from(FARTHEST) => FARTHEST + 1,
            _ => return Self::undecided(),
        };
        let negative = leading.hi() < 0.0;
        if negative && !exponent.has_odd_denominator() {
            return Self::undefined();
        }
        let flips = negative && !exponent.has_even_numerator();
        let magnitude = real_power(if negative { -leading } else { leading }, exponent);
        let scale = if flips { -magnitude } else { magnitude };
        let relative: Vec<Interval> = self.coefficients.iter().map(|c| *c / leading).collect();
        let whole = exponent.to_i64().filter(|power| (0..=8).contains(power));
        let length = match whole {
            Some(power) if self.exact => ((relative.len() - 1) * power as usize + 1).min(LENGTH),
            _ if self.exact && relative.len() == 1 => 1,
            _ if self.exact => LENGTH,
            _ => relative.len(),
        };
        let exact = self.exact && (relative.len() == 1 || whole.is_some()) && length < LENGTH;
        let coefficients = binomial(&relative, exponent.enclose(), length)
            .into_iter()
            .map(|coefficient| coefficient * scale)
            .collect();
        Self {
            state: State::Known,
            lowest,
            coefficients,
            exact,
            assumed: self.assumed,
        }
        .normal()
    }

    /// The power where no coefficient is known to differ from 0: of 0 itself, or of what is 0 as far as known.
    fn power_of_vanishing(&self, exponent: &Rational) -> Self {
        let is_positive = !exponent.is_negative();
        if self.exact && is_positive {
            return self.clone();
        }
        let whole = exponent.to_i64().filter(|power| (1..=8).contains(power));
        match whole {
            Some(power) => Self {
                lowest: self.lowest.saturating_mul(power as i32),
                ..self.clone()
            }
            .normal(),
            None => Self::undecided(),
        }
    }

    /// The derivative with respect to τ.
    pub(crate) fn slope(&self) -> Self {
        let powers = self.lowest..;
        let coefficients = powers
            .zip(&self.coefficients)
            .map(|(power, coefficient)| Interval::point(f64::from(power)) * *coefficient)
            .collect();
        Self {
            lowest: self.lowest - 1,
            coefficients,
            ..self.clone()
        }
        .normal()
    }

    /// The antiderivative with respect to τ of what tends to `value`; undecided where a logarithm or a pole would appear.
    pub(crate) fn integral(&self, value: Interval) -> Self {
        if !self.is_known() {
            return self.clone();
        }
        match self.leading() {
            Some((power, _)) if power < 0 => return Self::undecided(),
            None if self.known() < 0 => return Self::constant(value).limited(1),
            _ => {}
        }
        let powers = self.lowest..;
        let coefficients = powers
            .zip(&self.coefficients)
            .map(|(power, coefficient)| *coefficient / Interval::point(f64::from(power) + 1.0))
            .collect();
        let mut grown = Self {
            lowest: self.lowest + 1,
            coefficients,
            ..self.clone()
        };
        if grown.coefficients.is_empty() {
            // Rules that are integrated again and again would follow what is nothing for ever.
            grown.lowest = grown.lowest.min(LENGTH as i32);
        }
        Self::constant(value) + grown.normal()
    }

    /// The same series, of which only the powers of τ below `end` are kept: what comes after is not known any more.
    pub(crate) fn limited(&self, end: i32) -> Self {
        if !self.is_known() || self.known() <= end {
            return self.clone();
        }
        let kept = usize::try_from(end.saturating_sub(self.lowest)).unwrap_or(0);
        let mut limited = Self {
            exact: false,
            ..self.clone()
        };
        if kept == 0 || self.coefficients.is_empty() {
            limited.lowest = end;
            limited.coefficients.clear();
        } else {
            let length = kept.min(LENGTH);
            limited.coefficients.resize(length, Interval::point(0.0));
        }
        limited.normal()
    }

    /// The first power of τ of which nothing is known; the largest number where all are.
    pub(crate) fn known(&self) -> i32 {
        if self.exact { i32::MAX } else { self.end() }
    }

    /// The coefficient of τ^power among those kept, else 0.
    fn coefficient(&self, power: i32) -> Interval {
        usize::try_from(i64::from(power) - i64::from(self.lowest))
            .ok()
            .and_then(|index| self.coefficients.get(index).copied())
            .unwrap_or(Interval::point(0.0))
    }

    /// The first power of τ that is not kept.
    fn end(&self) -> i32 {
        self.lowest + self.coefficients.len() as i32
    }

    /// Leading zeros stripped, powers and length bounded, zero within rounding taken as zero, and said so.
    fn normal(mut self) -> Self {
        if self
            .coefficients
            .iter()
            .any(|coefficient| coefficient.is_empty() || !coefficient.is_bounded())
        {
            return Self::undecided();
        }
        let end = self.end();
        let zeros = self
            .coefficients
            .iter()
            .take_while(|coefficient| coefficient.contains(0.0))
            .count();
        self.assumed |= self
            .coefficients
            .iter()
            .take(zeros)
            .any(|coefficient| !is_zero(*coefficient));
        self.coefficients.drain(..zeros);
        self.lowest = if self.coefficients.is_empty() {
            end
        } else {
            self.lowest + zeros as i32
        };
        if self.lowest < -FARTHEST {
            return Self::undecided();
        }
        if self.lowest > FARTHEST {
            let is_nothing = self.exact && self.coefficients.is_empty();
            self.coefficients.clear();
            (self.lowest, self.exact) = (FARTHEST, is_nothing);
        }
        if self.coefficients.len() > LENGTH {
            self.coefficients.truncate(LENGTH);
            self.exact = false;
        }
        if self.exact {
            while self.coefficients.last().is_some_and(|last| is_zero(*last)) {
                self.coefficients.pop();
            }
        }
        self
    }
}

fn is_zero(coefficient: Interval) -> bool {
    coefficient.lo() == 0.0 && coefficient.hi() == 0.0
}

/// c^p for c > 0; exact where the root is.
fn real_power(base: Interval, exponent: &Rational) -> Interval {
    let exact = || {
        let order = exponent
            .denominator()
            .to_i64()
            .and_then(|order| u32::try_from(order).ok())?;
        let root = Rational::from_f64(base.lo())
            .filter(|_| base.is_point())?
            .root(order)?;
        Some(root.pow(exponent.numerator().to_i64()?)?.enclose())
    };
    exact().unwrap_or_else(|| {
        let power = exponent.to_f64();
        // The exponent's rounding moves the result by |p ln c| units of 2^-53, the power itself by less than 1.
        let ulps = 2.0 + 1.5 * (power * libm::log(base.magnitude().max(1.0 / base.lo()))).abs();
        let (low, high) = (libm::pow(base.lo(), power), libm::pow(base.hi(), power));
        Interval::outward(low.min(high), low.max(high), ulps)
    })
}

/// (1 + v)^p for v with v_0 = 1 meaning the leading one: Euler's recurrence n w_n = sum (p j - n + j) v_j w_(n-j).
fn binomial(v: &[Interval], p: Interval, length: usize) -> Vec<Interval> {
    let mut w = vec![Interval::point(1.0)];
    for n in 1..length {
        let mut sum = Interval::point(0.0);
        for j in 1..=n.min(v.len() - 1) {
            if !is_zero(v[j]) && !is_zero(w[n - j]) {
                let weight = p * Interval::point(j as f64) - Interval::point((n - j) as f64);
                sum = sum + weight * v[j] * w[n - j];
            }
        }
        w.push(sum / Interval::point(n as f64));
    }
    w
}

impl Add for Series {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if !self.is_known() || !other.is_known() {
            return Self::unknown_of(&[self, other]);
        }
        let is_exact = self.exact && other.exact;
        let begun = [&self, &other]
            .into_iter()
            .filter(|part| !part.coefficients.is_empty());
        let end = if is_exact {
            begun.clone().map(Self::end).max().unwrap_or(0)
        } else {
            self.known().min(other.known())
        };
        let lowest = begun.map(|part| part.lowest).min().unwrap_or(end).min(end);
        // Two powers may lie so far apart that the numbers between them would fill the memory.
        let kept = end.min(lowest + LENGTH as i32);
        let coefficients = (lowest..kept)
            .map(|power| self.coefficient(power) + other.coefficient(power))
            .collect();
        Self {
            state: State::Known,
            lowest,
            coefficients,
            exact: is_exact && kept == end,
            assumed: self.assumed || other.assumed,
        }
        .normal()
    }
}

impl Neg for Series {
    type Output = Self;
    fn neg(mut self) -> Self {
        for coefficient in &mut self.coefficients {
            *coefficient = -*coefficient;
        }
        self
    }
}

impl Sub for Series {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Series {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        if !self.is_known() || !other.is_known() {
            return Self::unknown_of(&[self, other]);
        }
        let nothing = |series: &Self| series.exact && series.coefficients.is_empty();
        if nothing(&self) || nothing(&other) {
            let surely = [&self, &other]
                .iter()
                .any(|factor| nothing(factor) && !factor.assumed);
            return Self {
                assumed: !surely,
                ..Self::constant(Interval::point(0.0))
            };
        }
        let lowest = self.lowest + other.lowest;
        let (mine, others) = (self.coefficients.len(), other.coefficients.len());
        let length = match (self.exact, other.exact) {
            (true, true) => (mine + others).saturating_sub(1),
            (true, false) => others,
            (false, true) => mine,
            (false, false) => mine.min(others),
        };
        let mut coefficients = vec![Interval::point(0.0); length.min(LENGTH + 1)];
        for (i, a) in self
            .coefficients
            .iter()
            .enumerate()
            .filter(|(_, a)| !is_zero(**a))
        {
            for (slot, b) in coefficients.iter_mut().skip(i).zip(&other.coefficients) {
                if !is_zero(*b) {
                    *slot = *slot + *a * *b;
                }
            }
        }
        Self {
            state: State::Known,
            lowest,
            coefficients,
            exact: self.exact && other.exact,
            assumed: self.assumed || other.assumed,
        }
        .normal()
    }
}

impl Div for Series {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.is_known() && other.exact && other.coefficients.is_empty() {
            return Self::undefined();
        }
        self * other.power(&-Rational::ONE)
    }
}
