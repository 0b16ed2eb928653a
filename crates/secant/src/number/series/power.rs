//! Powers of a series by exact exponents, and so its reciprocal and its roots.

use std::collections::BTreeMap;

use super::arithmetic::add_to;
use super::{FARTHEST, LENGTH, MOST_TERMS, Reach, Series, common_multiple, is_zero, whole};
use crate::number::{Interval, Rational};

impl Series {
    /// x^exponent, real for negative x where the exponent's denominator is odd.
    #[must_use]
    pub fn power(&self, exponent: &Rational) -> Self {
        if !self.is_known() {
            return self.clone();
        }
        if exponent.is_zero() {
            return Self::constant(Interval::point(1.0));
        }
        let Some((&(first, leading), rest)) = self.terms.split_first() else {
            return self.power_of_vanishing(exponent);
        };
        let negative = leading.hi() < 0.0;
        if negative && !exponent.has_odd_denominator() {
            return Self::undefined();
        }
        let begins = Rational::new(first, self.ramification).map(|first| first * exponent.clone());
        let Some(begins) = begins.filter(|begins| *begins >= Rational::from(-FARTHEST)) else {
            return Self::undecided();
        };
        if begins > Rational::from(FARTHEST) {
            return Self::known(1, Vec::new(), Some(Reach::below(FARTHEST)))
                .resting_on(self.assumed);
        }
        let parts = begins.denominator().to_i64();
        let parts = parts.and_then(|parts| common_multiple(self.ramification, parts));
        let Some(parts) = parts else {
            return Self::undecided();
        };
        let finer = parts / self.ramification;
        let relative: Vec<(i64, Interval)> = rest
            .iter()
            .map(|(power, coefficient)| ((power - first) * finer, *coefficient / leading))
            .collect();
        let reach = self.reach.map(|reach| Reach {
            power: (reach.power - first) * finer,
            ..reach
        });
        let flips = negative && !exponent.has_even_numerator();
        let magnitude = real_power(if negative { -leading } else { leading }, exponent);
        let scale = if flips { -magnitude } else { magnitude };
        let lowest = (begins * Rational::from(parts)).to_i64().unwrap_or(0);
        let (terms, reach) = binomial(&relative, exponent, reach, LENGTH * parts);
        let terms = terms.into_iter();
        Self::known(
            parts,
            terms
                .map(|(power, coefficient)| (lowest + power, coefficient * scale))
                .collect(),
            reach.map(|reach| reach.times(Reach::below(lowest))),
        )
        .resting_on(self.assumed)
        .coarsest()
    }

    /// The power where no coefficient is known to differ from 0: of 0 itself, or of what is 0 as far as known.
    fn power_of_vanishing(&self, exponent: &Rational) -> Self {
        let Some(reach) = self.reach else {
            return if exponent.is_negative() {
                Self::undecided()
            } else {
                self.clone()
            };
        };
        let whole = exponent.to_i64().filter(|power| (1..=8).contains(power));
        whole.map_or_else(Self::undecided, |power| {
            let reach = Reach {
                power: reach.power.saturating_mul(power),
                ..reach
            };
            Self::known(self.ramification, Vec::new(), Some(reach)).resting_on(self.assumed)
        })
    }
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

/// (1 + v)^p by Euler's recurrence n w_n = sum of (p j - (n - j)) v_j w_(n-j), over the powers that there are, and how far it is told:
/// as far as v is, not beyond the window; all of it where v is exact and p small and whole, or v is nothing.
fn binomial(
    v: &[(i64, Interval)],
    exponent: &Rational,
    told: Option<Reach>,
    window: i64,
) -> (Vec<(i64, Interval)>, Option<Reach>) {
    let p = exponent.enclose();
    let one = (0, Interval::point(1.0));
    let Some((degree, _)) = v.last() else {
        return (vec![one], told);
    };
    let factors = exponent
        .to_i64()
        .filter(|factors| (1..=8).contains(factors));
    let last = factors.map(|factors| degree * factors);
    let is_finite = told.is_none() && last.is_some_and(|last| last < window);
    let end = match (told, last) {
        (None, Some(last)) if is_finite => Reach::through(last),
        (told, _) => told.map_or(Reach::below(window), |told| told.min(Reach::below(window))),
    };
    let mut w: Vec<(i64, Interval)> = Vec::new();
    let mut sums = BTreeMap::from([one]);
    while let Some((n, sum)) = sums.pop_first() {
        let coefficient = if n == 0 { sum } else { sum / whole(n) };
        if is_zero(coefficient) {
            continue;
        }
        if w.len() == MOST_TERMS {
            return (w, Some(Reach::below(n)));
        }
        w.push((n, coefficient));
        for (j, factor) in v {
            if !end.holds(n + j) {
                break;
            }
            let term = (p * whole(*j) - whole(n)) * *factor * coefficient;
            add_to(&mut sums, n + j, term);
        }
    }
    (w, (!is_finite).then_some(end))
}
