//! [`Polynomial`]: a sum of products of powers of kernels with exact coefficients, where a kernel is whatever is not taken
//! apart further: an input, a sine, a logarithm, a sum below a bar. It knows kernels by number only.

use std::collections::BTreeMap;

use crate::number::Rational;

/// Exponents are counted in sixtieths, so that roots of order 2 to 6 are whole.
pub(super) const WHOLE: i32 = 60;
/// Products of more terms than this are not multiplied out.
const MOST_PRODUCTS: usize = 20_000;
/// A power of a sum that has more terms than this is not multiplied out: nobody reads them, and their coefficients grow as they do.
const MOST_OF_POWER: usize = 100;

/// The exponent of each kernel, by its number; zeros at the end are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Monomial(Vec<i32>);

impl Monomial {
    pub(super) fn of(kernel: usize, exponent: i32) -> Self {
        let mut monomial = Self::default();
        monomial.raise(kernel, exponent);
        monomial
    }

    pub(super) fn exponent(&self, kernel: usize) -> i32 {
        self.0.get(kernel).copied().unwrap_or(0)
    }

    /// Kernels that take part, with their exponents.
    pub(super) fn powers(&self) -> impl DoubleEndedIterator<Item = (usize, i32)> + '_ {
        self.0
            .iter()
            .copied()
            .enumerate()
            .filter(|power| power.1 != 0)
    }

    pub(super) fn raise(&mut self, kernel: usize, by: i32) {
        if self.0.len() <= kernel {
            self.0.resize(kernel + 1, 0);
        }
        self.0[kernel] += by;
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let mut product = self.clone();
        for (kernel, exponent) in other.powers() {
            product.raise(kernel, exponent);
        }
        product
    }

    pub(super) fn over(&self, other: &Self) -> Self {
        let mut quotient = self.clone();
        for (kernel, exponent) in other.powers() {
            quotient.raise(kernel, -exponent);
        }
        quotient
    }

    /// The root of this order, where every exponent stays whole.
    fn root(&self, order: i32) -> Option<Self> {
        let whole = self
            .0
            .iter()
            .all(|exponent| exponent % (order * WHOLE) == 0);
        whole.then(|| Self(self.0.iter().map(|exponent| exponent / order).collect()))
    }

    fn has_negative(&self) -> bool {
        self.0.iter().any(|exponent| *exponent < 0)
    }
}

/// Like terms gathered; no coefficient is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Polynomial(BTreeMap<Monomial, Rational>);

impl Polynomial {
    pub(super) fn one() -> Self {
        Self::of(Monomial::default())
    }

    pub(super) fn of(monomial: Monomial) -> Self {
        Self([(monomial, Rational::ONE)].into())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn terms(&self) -> impl DoubleEndedIterator<Item = (&Monomial, &Rational)> {
        self.0.iter()
    }

    pub(super) fn add(&mut self, monomial: Monomial, coefficient: Rational) {
        if coefficient.is_zero() {
            return;
        }
        match self.0.entry(monomial) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(coefficient);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let sum = entry.get().clone() + coefficient;
                if sum.is_zero() {
                    entry.remove();
                } else {
                    entry.insert(sum);
                }
            }
        }
    }

    /// Adds a multiple of another.
    pub(super) fn add_multiple(&mut self, other: &Self, monomial: &Monomial, by: &Rational) {
        for (term, coefficient) in &other.0 {
            self.add(term.times(monomial), coefficient.clone() * by.clone());
        }
    }

    /// The product; `None` where it would be too long.
    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        if self.len() * other.len() > MOST_PRODUCTS {
            return None;
        }
        let mut product = Self::default();
        for (monomial, coefficient) in &self.0 {
            product.add_multiple(other, monomial, coefficient);
        }
        Some(product)
    }

    /// A power; `None` where it would be too long.
    pub(super) fn power(&self, exponent: i32) -> Option<Self> {
        (0..exponent).try_fold(Self::one(), |power, _| {
            let power = power.times(self)?;
            (power.len() <= MOST_OF_POWER).then_some(power)
        })
    }

    /// The same with each coefficient times a number and each term over a monomial.
    pub(super) fn divided(&self, monomial: &Monomial, by: &Rational) -> Self {
        let scale = by.recip().unwrap_or(Rational::ONE);
        let mut quotient = Self::default();
        quotient.add_multiple(self, &Monomial::default().over(monomial), &scale);
        quotient
    }

    /// The number that is left as coefficients without a common factor, negative where all of them are.
    pub(super) fn content(&self) -> Rational {
        let common = self.0.values().fold(Rational::ZERO, |common, coefficient| {
            common.gcd(coefficient)
        });
        if self.0.values().all(Rational::is_negative) {
            -common
        } else {
            common
        }
    }

    /// The quotient, where nothing is left over (long division by the leading term).
    pub(super) fn exactly_over(&self, divisor: &Self) -> Option<Self> {
        let has_negative = |polynomial: &Self| polynomial.0.keys().any(Monomial::has_negative);
        if has_negative(self) || has_negative(divisor) || divisor.len() > self.len().max(2) {
            return None;
        }
        let (lead, by) = divisor.0.last_key_value()?;
        let (mut rest, mut quotient) = (self.clone(), Self::default());
        while let Some((top, coefficient)) = rest.0.last_key_value() {
            let step = top.over(lead);
            if step.has_negative() || quotient.len() > self.len() + MOST_STEPS {
                return None;
            }
            let factor = (coefficient.clone() / by.clone())?;
            rest.add_multiple(divisor, &step, &-factor.clone());
            quotient.add(step, factor);
        }
        Some(quotient)
    }

    /// `(a + b)^n` as its base and n, where this is the power of two terms.
    pub(super) fn as_power(&self) -> Option<(Self, i32)> {
        let order = i32::try_from(self.len()).ok()? - 1;
        if !(2..=MOST_ROOT).contains(&order) {
            return None;
        }
        let root = |(monomial, coefficient): (&Monomial, &Rational)| {
            Some((
                monomial.root(order)?,
                coefficient.root(order.unsigned_abs())?,
            ))
        };
        let (first, last) = (
            root(self.0.first_key_value()?)?,
            root(self.0.last_key_value()?)?,
        );
        [Rational::ONE, -Rational::ONE]
            .into_iter()
            .find_map(|sign| {
                let mut base = Self::default();
                base.add(last.0.clone(), last.1.clone());
                base.add(first.0.clone(), first.1.clone() * sign);
                (base.power(order)? == *self).then_some((base, order))
            })
    }

    /// Its terms by the exponent of one kernel, highest first, without that kernel.
    pub(super) fn by_powers_of(&self, kernel: usize) -> Vec<(i32, Self)> {
        let mut groups: BTreeMap<i32, Self> = BTreeMap::new();
        for (monomial, coefficient) in &self.0 {
            let exponent = monomial.exponent(kernel);
            let rest = monomial.over(&Monomial::of(kernel, exponent));
            groups
                .entry(exponent)
                .or_default()
                .add(rest, coefficient.clone());
        }
        groups.into_iter().rev().collect()
    }

    /// With this in place of the square of a kernel.
    pub(super) fn with_square(&self, kernel: usize, square: &Self) -> Option<Self> {
        let mut result = Self::default();
        for (monomial, coefficient) in &self.0 {
            let squares = monomial.exponent(kernel).max(0) / (2 * WHOLE);
            let rest = monomial.over(&Monomial::of(kernel, squares * 2 * WHOLE));
            result.add_multiple(&square.power(squares)?, &rest, coefficient);
        }
        Some(result)
    }
}

/// A division with more steps than the dividend has terms, and these, is given up.
const MOST_STEPS: usize = 64;
/// Higher powers are not looked for.
const MOST_ROOT: i32 = 12;
