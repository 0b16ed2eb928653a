//! [`Series`]: how a function behaves on one side of a point, as a series in powers of t > 0 with proven coefficients. The powers are
//! fractions (Puiseux 1850), of a denominator that each series has for itself, and only terms that are there are kept: a smooth function
//! has seven, whatever its denominator. Plain arithmetic and powers stand in files of their own; all other functions come by their rules.

mod arithmetic;
mod power;

use super::{Interval, Rational};

/// So many powers of t are kept from the first one that is not zero.
const LENGTH: i64 = 6;
/// So many terms are kept: all six powers of t where roots of order 2, 3 and 5 meet. The time of a rule whose every power is there grows with the third power
/// of this number; functions of functions of x^(1/101) take half a second.
const MOST_TERMS: usize = 180;
/// From this power of t on nothing is told.
const FARTHEST: i64 = 1 << 23;
/// The largest denominator of powers: sums of two powers within [`FARTHEST`], and their distances, stay within an `i64`.
const FINEST: i64 = 1 << 36;

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
    /// Powers are counted in t^(1/ramification).
    ramification: i64,
    /// Each power with its coefficient, powers rising; no coefficient is 0 exactly.
    terms: Vec<(i64, Interval)>,
    /// How far it is told; `None` where nothing follows after the last term.
    reach: Option<Reach>,
    /// Whether a coefficient was taken as 0 because 0 was within its rounding.
    assumed: bool,
    /// The number that it is all along, where that is a fraction and no double.
    fraction: Option<Rational>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Known,
    Undefined,
    Undecided,
}

/// All powers below this one are told, and where it is included so is this one: what is left out is O(t^power), or o(t^power).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reach {
    power: i64,
    included: bool,
}

impl Reach {
    /// All powers below this one.
    fn below(power: i64) -> Self {
        Self {
            power,
            included: false,
        }
    }

    /// This power and all below.
    fn through(power: i64) -> Self {
        Self {
            power,
            included: true,
        }
    }

    fn holds(self, power: i64) -> bool {
        Self::below(power) < self
    }

    /// Of a product with what begins like this.
    fn times(self, beginning: Self) -> Self {
        Self {
            power: self.power.saturating_add(beginning.power),
            included: self.included || beginning.included,
        }
    }
}

/// The nearer of two ends, of which `None` is none.
fn nearer(a: Option<Reach>, b: Option<Reach>) -> Option<Reach> {
    a.into_iter().chain(b).min()
}

impl Series {
    /// What is known of a function on this side that is known at all.
    fn known(ramification: i64, terms: Vec<(i64, Interval)>, reach: Option<Reach>) -> Self {
        Self {
            state: State::Known,
            ramification,
            terms,
            reach,
            assumed: false,
            fraction: None,
        }
        .normal()
    }

    /// The same number all along.
    #[must_use]
    pub fn constant(value: Interval) -> Self {
        Self::known(1, vec![(0, value)], None)
    }

    /// The same number all along, which no double need be.
    pub(crate) fn rational(number: &Rational) -> Self {
        let range = number.enclose();
        Self {
            fraction: (!range.is_point()).then(|| number.clone()),
            ..Self::constant(range)
        }
    }

    /// What tends to this number, and of which no more is told.
    pub(crate) fn tending_to(value: Interval) -> Self {
        Self::known(1, vec![(0, value)], Some(Reach::through(0)))
    }

    /// The input that leaves `point` with the given speed: `point + speed * t`, t > 0.
    #[must_use]
    pub fn approaching(point: f64, speed: f64) -> Self {
        let terms = [(0, point), (1, speed)].map(|(power, value)| (power, Interval::point(value)));
        Self::known(1, terms.to_vec(), None)
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
            ramification: 1,
            terms: Vec::new(),
            reach: Some(Reach::below(0)),
            assumed: false,
            fraction: None,
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
        if !self.is_known() || self.reach.is_some() {
            return None;
        }
        match self.terms.as_slice() {
            [] => Some(0.0),
            [(0, value)] => value.is_point().then(|| value.lo()),
            _ => None,
        }
    }

    /// The same, also where no double is that number.
    pub(crate) fn fixed_number(&self) -> Option<Rational> {
        let double = || Rational::from_f64(self.fixed_value()?);
        self.fraction.clone().or_else(double)
    }

    /// The sign just beside the point: -1, 0 (it is 0 all along) or 1; `None` where that is not known.
    #[must_use]
    pub fn sign(&self) -> Option<i8> {
        match self.terms.first() {
            _ if !self.is_known() => None,
            None => self.reach.is_none().then_some(0),
            Some((_, leading)) => Some(if leading.lo() > 0.0 { 1 } else { -1 }),
        }
    }

    /// The coefficient of t^order; `None` where it is not known.
    #[must_use]
    pub fn taylor(&self, order: i32) -> Option<Interval> {
        let power = i64::from(order).saturating_mul(self.ramification);
        let is_told = self.is_known() && self.reach.is_none_or(|reach| reach.holds(power));
        is_told.then(|| {
            let found = self.terms.binary_search_by_key(&power, |(power, _)| *power);
            found.map_or(Interval::point(0.0), |place| self.terms[place].1)
        })
    }

    /// Whether all powers of t up to `order` are whole and none is negative: as many derivatives exist on this side.
    #[must_use]
    pub fn is_smooth_to(&self, order: i32) -> bool {
        self.taylor(order).is_some() && self.first_fault(order).is_none()
    }

    /// The first power of t that is not whole, or negative, up to t^order, with its coefficient.
    #[must_use]
    pub fn first_fault(&self, order: i32) -> Option<(f64, Interval)> {
        let last = i64::from(order).saturating_mul(self.ramification);
        self.terms
            .iter()
            .take_while(|(power, _)| *power <= last)
            .find(|(power, _)| *power < 0 || power % self.ramification != 0)
            .map(|(power, coefficient)| (*power as f64 / self.ramification as f64, *coefficient))
    }

    /// What it tends to at the point itself; `None` where that is not known, or where it grows without bound.
    #[must_use]
    pub fn start(&self) -> Option<Interval> {
        let has_pole = self.terms.first().is_some_and(|(power, _)| *power < 0);
        if has_pole { None } else { self.taylor(0) }
    }

    /// The power of t, and the coefficient, of the first term that is not zero.
    #[must_use]
    pub fn leading(&self) -> Option<(Rational, Interval)> {
        let (power, coefficient) = self.terms.first()?;
        Some((Rational::new(*power, self.ramification)?, *coefficient))
    }

    /// In so many parts of t the powers of all of them are whole; `None` where that is too fine.
    pub(crate) fn common_parts(all: &[Self]) -> Option<i64> {
        all.iter().try_fold(1, |parts, series| {
            common_multiple(parts, series.ramification)
        })
    }

    /// The derivative by the logarithm of t^(1/parts), where its powers are whole in so many parts of t: each term times its power.
    pub(crate) fn slope(&self, parts: i64) -> Self {
        let finer = parts / self.ramification;
        let slope =
            |(power, coefficient): &(i64, Interval)| (*power, *coefficient * whole(power * finer));
        self.with_terms(self.terms.iter().map(slope).collect())
    }

    /// A series with other terms that is told as far.
    fn with_terms(&self, terms: Vec<(i64, Interval)>) -> Self {
        Self {
            terms,
            fraction: None,
            ..self.clone()
        }
        .normal()
    }

    /// What has this [`slope`](Self::slope) and tends to `value`; undecided where a logarithm or a pole would appear.
    pub(crate) fn integral(&self, parts: i64, value: Interval) -> Self {
        if !self.is_known() {
            return self.clone();
        }
        let has_pole = self.terms.first().is_some_and(|(power, _)| *power <= 0);
        if has_pole {
            return Self::undecided();
        }
        if self.reach.is_some_and(|reach| reach <= Reach::through(0)) {
            return Self::tending_to(value);
        }
        let divisor = |power: i64| match Rational::new(power, self.ramification) {
            Some(power) if parts != self.ramification => (power * Rational::from(parts)).enclose(),
            _ => whole(power),
        };
        let integral =
            |(power, coefficient): &(i64, Interval)| (*power, *coefficient / divisor(*power));
        let mut grown = self.with_terms(self.terms.iter().map(integral).collect());
        if grown.terms.is_empty() {
            // Rules that are integrated again and again would follow what is nothing for ever.
            let end = Reach::below(LENGTH * self.ramification);
            grown.reach = grown.reach.map(|reach| reach.min(end));
        }
        Self::constant(value) + grown
    }

    /// The way from what it tends to; undecided where it grows without bound.
    pub(crate) fn distance(&self) -> Self {
        if self.terms.first().is_some_and(|(power, _)| *power < 0) {
            return Self::undecided();
        }
        let terms = self.terms.iter().filter(|(power, _)| *power != 0);
        self.with_terms(terms.copied().collect())
    }

    /// What a sum leaves out that ends before this power of what goes to 0: nothing of it is told.
    pub(crate) fn left_out_from(&self, power: i64) -> Self {
        let reach = self.beginning().map(|beginning| Reach {
            power: beginning.power.saturating_mul(power),
            ..beginning
        });
        Self::known(self.ramification, Vec::new(), reach)
    }

    /// So many whole powers of what goes to 0 begin within what a series keeps.
    pub(crate) fn powers_kept(&self) -> i64 {
        let lowest = self.terms.first().map_or(1, |(power, _)| *power).max(1);
        (LENGTH * self.ramification / lowest).min(MOST_TERMS as i64)
    }

    /// Whether more is told than what it tends to.
    pub(crate) fn tells_beside(&self) -> bool {
        self.reach.is_none_or(|reach| reach > Reach::through(0))
    }

    /// Whether higher powers are told than of the other.
    pub(crate) fn reaches_beyond(&self, other: &Self) -> bool {
        let in_same_parts = |reach: Reach, parts: i64| {
            let power = i128::from(reach.power) * i128::from(parts);
            (power, reach.included)
        };
        match (self.reach, other.reach) {
            (_, None) => false,
            (None, _) => true,
            (Some(mine), Some(others)) => {
                in_same_parts(mine, other.ramification) > in_same_parts(others, self.ramification)
            }
        }
    }

    /// What it begins with: a term, or else what is left out; `None` of 0 itself.
    fn beginning(&self) -> Option<Reach> {
        let first = self.terms.first().map(|(power, _)| Reach::below(*power));
        first.or(self.reach)
    }

    /// The same with powers counted in so many parts of t, a multiple of those they are counted in.
    fn in_parts(mut self, parts: i64) -> Self {
        let finer = parts / self.ramification;
        if finer != 1 {
            self.ramification = parts;
            self.terms.iter_mut().for_each(|(power, _)| *power *= finer);
            if let Some(reach) = &mut self.reach {
                reach.power *= finer;
            }
        }
        self
    }

    /// The same with powers counted in as few parts of t as they are whole in.
    fn coarsest(mut self) -> Self {
        let powers = self.terms.iter().map(|(power, _)| *power);
        let powers = powers.chain(self.reach.map(|reach| reach.power));
        let common = powers.fold(self.ramification, common_divisor);
        if common != 1 {
            self.ramification /= common;
            self.terms
                .iter_mut()
                .for_each(|(power, _)| *power /= common);
            if let Some(reach) = &mut self.reach {
                reach.power /= common;
            }
        }
        self
    }

    /// Leading zeros stripped, powers and terms bounded, zero within rounding taken as zero, and said so.
    fn normal(mut self) -> Self {
        if let Some(reach) = self.reach {
            self.terms.retain(|(power, _)| reach.holds(*power));
        }
        let is_number = |number: &Interval| !number.is_empty() && number.is_bounded();
        if !self
            .terms
            .iter()
            .all(|(_, coefficient)| is_number(coefficient))
        {
            return Self::undecided();
        }
        self.terms.retain(|(_, coefficient)| !is_zero(*coefficient));
        let zeros = self
            .terms
            .iter()
            .take_while(|(_, coefficient)| coefficient.contains(0.0))
            .count();
        self.assumed |= zeros > 0;
        self.terms.drain(..zeros);
        let Some(beginning) = self.beginning() else {
            return self;
        };
        let farthest = FARTHEST * self.ramification;
        if beginning.power < -farthest {
            return Self::undecided();
        }
        if beginning.power > farthest {
            self.end_at(farthest);
        } else {
            self.end_at(beginning.power + LENGTH * self.ramification);
        }
        if let Some((power, _)) = self.terms.get(MOST_TERMS).copied() {
            self.end_at(power);
        }
        self
    }

    /// Takes away what is told from this power on.
    fn end_at(&mut self, power: i64) {
        let end = Reach::below(power);
        let kept = self.terms.partition_point(|(power, _)| end.holds(*power));
        if kept < self.terms.len() || self.reach.is_some_and(|reach| reach > end) {
            self.terms.truncate(kept);
            self.reach = nearer(self.reach, Some(end));
        }
    }
}

fn is_zero(coefficient: Interval) -> bool {
    coefficient.lo() == 0.0 && coefficient.hi() == 0.0
}

/// A whole number as a range, which is a point as long as doubles tell whole numbers apart.
fn whole(number: i64) -> Interval {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    let double = number as f64;
    if number.unsigned_abs() <= EXACT {
        Interval::point(double)
    } else {
        Interval::around(double, 0.5)
    }
}

fn common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 {
        a.abs()
    } else {
        common_divisor(b, a % b)
    }
}

/// The smallest common multiple of two ramifications; `None` where it is too fine.
fn common_multiple(a: i64, b: i64) -> Option<i64> {
    let multiple = (a / common_divisor(a, b)).checked_mul(b)?;
    (multiple <= FINEST).then_some(multiple)
}
