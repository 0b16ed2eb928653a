//! Sums, products and quotients of series.

use std::collections::BTreeMap;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{LENGTH, Reach, Series, common_multiple, nearer};
use crate::number::{Interval, Rational};

/// Adds to what stands at a power.
pub(super) fn add_to(sums: &mut BTreeMap<i64, Interval>, power: i64, term: Interval) {
    sums.entry(power)
        .and_modify(|sum| *sum = *sum + term)
        .or_insert(term);
}

/// Both with powers counted in the same parts of t; `None` where that is too fine.
fn aligned(a: Series, b: Series) -> Option<(Series, Series)> {
    let parts = common_multiple(a.ramification, b.ramification)?;
    Some((a.in_parts(parts), b.in_parts(parts)))
}

impl Add for Series {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if !self.is_known() || !other.is_known() {
            return Self::unknown_of(&[self, other]);
        }
        let Some((a, b)) = aligned(self, other) else {
            return Self::undecided();
        };
        let mut terms = a.terms;
        terms.extend(b.terms);
        terms.sort_by_key(|(power, _)| *power);
        terms.dedup_by(|(power, more), (kept, sum)| {
            let is_same = power == kept;
            if is_same {
                *sum = *sum + *more;
            }
            is_same
        });
        Self::known(a.ramification, terms, nearer(a.reach, b.reach))
            .resting_on(a.assumed || b.assumed)
    }
}

impl Neg for Series {
    type Output = Self;
    fn neg(mut self) -> Self {
        for (_, coefficient) in &mut self.terms {
            *coefficient = -*coefficient;
        }
        self.fraction = self.fraction.map(|fraction| -fraction);
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
        let Some((a, b)) = aligned(self, other) else {
            return Self::undecided();
        };
        let (Some(begins), Some(other_begins)) = (a.beginning(), b.beginning()) else {
            let surely = [&a, &b]
                .iter()
                .any(|factor| factor.beginning().is_none() && !factor.assumed);
            return Self::constant(Interval::point(0.0)).resting_on(!surely);
        };
        let end = Reach::below(begins.power + other_begins.power + LENGTH * a.ramification);
        let mut reach = nearer(
            a.reach.map(|reach| reach.times(other_begins)),
            b.reach.map(|reach| reach.times(begins)),
        );
        let mut products = BTreeMap::new();
        for (i, a) in &a.terms {
            for (j, b) in &b.terms {
                if !end.holds(i + j) {
                    reach = nearer(reach, Some(end));
                }
                if reach.is_some_and(|reach| !reach.holds(i + j)) {
                    break;
                }
                add_to(&mut products, i + j, *a * *b);
            }
        }
        Self::known(a.ramification, products.into_iter().collect(), reach)
            .resting_on(a.assumed || b.assumed)
    }
}

impl Div for Series {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.is_known() && other.beginning().is_none() {
            return Self::undefined();
        }
        let doubles = self.fixed_value().zip(other.fixed_value());
        if let Some((above, below)) =
            doubles.and_then(|(a, b)| Rational::from_f64(a).zip(Rational::from_f64(b)))
            && let Some(quotient) = above / below
        {
            return Self::rational(&quotient).resting_on(self.assumed || other.assumed);
        }
        self * other.power(&-Rational::ONE)
    }
}
