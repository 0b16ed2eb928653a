//! [`TaylorPolynomial`]: a function near a point as a polynomial, with its coefficients, exact where they are rational,
//! and with what it leaves out. It rests on the jets of the method `taylor`.

use std::fmt::Write;

use crate::error::Error;
use crate::estimate::{ErrorBound, Estimate};
use crate::function::{Function, Recorded};
use crate::method::{Taylor, coefficients, factorial};
use crate::number::{Decoration, Interval, Rational};
use crate::operator::unit;
use crate::point::{Point, classify};
use crate::vocabulary::{Exact, Scalar};

/// One coefficient: the derivative of its order over its factorial.
#[derive(Clone, Debug, PartialEq)]
pub struct TaylorTerm {
    /// The coefficient with its proven bound.
    pub coefficient: Estimate,
    /// The coefficient itself, where every step to it was exact.
    pub exact: Option<Rational>,
}

impl TaylorTerm {
    /// Whether it is known to be 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        let enclosed = match self.coefficient.bound {
            ErrorBound::Enclosed(range) => range.is_point() && range.contains(0.0),
            _ => false,
        };
        enclosed || self.exact.as_ref().is_some_and(Rational::is_zero)
    }
}

impl TaylorTerm {
    /// The coefficient as a fraction, where that is short enough to be written.
    fn fraction(&self) -> Option<&Rational> {
        /// Longer ones are written as decimals.
        const LONGEST: usize = 24;
        let is_short = |exact: &&Rational| exact.to_string().len() <= LONGEST;
        self.exact.as_ref().filter(is_short)
    }

    /// What the coefficient is more than the one that is written.
    fn rounded_by(&self) -> Interval {
        let value = self.coefficient.value;
        match self.coefficient.bound {
            _ if self.fraction().is_some() => Interval::point(0.0),
            ErrorBound::Enclosed(range) => range - Interval::point(value),
            bound => {
                let most = bound.absolute(value).unwrap_or(f64::INFINITY);
                Interval::hull(-most, most)
            }
        }
    }
}

/// The Taylor polynomial of a function along one input.
///
/// ```
/// use secant::{Formula, Recorded, taylor_polynomial};
/// let f = Recorded::from(&Formula::parse("sin(x)")?);
/// let sine = taylor_polynomial(&f, &[0.0], 0, 5)?;
/// assert_eq!(sine.text("x", 5), "x - x^3/6 + x^5/120");
/// assert!(sine.remainder(&f, (-0.5, 0.5)).unwrap().magnitude() < 0.5f64.powi(6) / 720.0);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TaylorPolynomial {
    /// The point.
    pub at: Vec<f64>,
    /// The input that moves.
    pub input: usize,
    /// The order that was asked for.
    pub order: usize,
    /// The terms from order 0 on; none where the function has not so many derivatives at the point.
    pub terms: Vec<TaylorTerm>,
    /// What kind of point it is for the derivative of the highest order.
    pub point: Point,
}

/// The Taylor polynomial of the first output along one input, the others staying as they are.
///
/// # Errors
/// Where there is no such input or no output, the point has another length, or the order is beyond [`HIGHEST_ORDER`](crate::method::HIGHEST_ORDER).
pub fn taylor_polynomial(
    function: &Recorded,
    at: &[f64],
    input: usize,
    order: usize,
) -> Result<TaylorPolynomial, Error> {
    let direction = unit(function.inputs(), input)?;
    // The classification of order 0 would not look at slopes at all.
    let mut point = classify(function, 0, at, &direction, order.max(1))?;
    let mut terms = Vec::new();
    if point.is_smooth() {
        terms = found(function, at, &direction, order);
        for (order, term) in terms.iter_mut().enumerate().skip(1) {
            if term.coefficient.bound == ErrorBound::Unknown
                && let beside = classify(function, 0, at, &direction, order)?
                && !beside.within_rounding
                && let Some(range) = beside.derivative
            {
                *term = of_sides(range, order);
            }
        }
        let is_proven = |term: &TaylorTerm| term.coefficient.bound != ErrorBound::Unknown;
        if !terms.iter().all(is_proven) {
            terms.clear();
            point = Point::undecided();
        }
    }
    Ok(TaylorPolynomial {
        at: at.to_vec(),
        input,
        order,
        terms,
        point,
    })
}

/// The coefficient of a derivative that both sides have, where its rule does not hold at the point itself: that of |x|³.
fn of_sides(derivative: Interval, order: usize) -> TaylorTerm {
    let range = derivative / factorial::<Interval>(order);
    TaylorTerm {
        coefficient: Taylor.estimate(range.middle(), range),
        exact: range
            .is_point()
            .then(|| Rational::from_f64(range.lo()))
            .flatten(),
    }
}

/// The coefficients by three kinds of number: doubles, intervals, and rationals that are never rounded.
fn found(function: &Recorded, at: &[f64], direction: &[f64], order: usize) -> Vec<TaylorTerm> {
    let exact: Vec<Exact> = at.iter().map(|x| Exact::constant(*x)).collect();
    let exact_direction: Vec<Exact> = direction.iter().map(|x| Exact::constant(*x)).collect();
    let [boxed, boxed_direction] = [at, direction].map(Interval::points);
    let values = coefficients(function, at, direction, order);
    let ranges = coefficients(function, &boxed, &boxed_direction, order);
    let exact = coefficients(function, &exact, &exact_direction, order);
    let first = |all: Vec<Vec<_>>| all.into_iter().next().unwrap_or_default();
    let (values, ranges) = (values.into_iter().flatten(), first(ranges));
    let exact = exact.into_iter().next().unwrap_or_default();
    values
        .zip(ranges)
        .zip(exact)
        .map(|((value, range), exact)| TaylorTerm {
            coefficient: Taylor.estimate(value, range),
            exact: exact.rational().cloned(),
        })
        .collect()
}

impl TaylorPolynomial {
    /// The value of the polynomial cut off after an order, where the moving input is x (Horner's scheme); NaN where there is no polynomial.
    #[must_use]
    pub fn value(&self, x: f64, order: usize) -> f64 {
        if self.terms.is_empty() {
            return f64::NAN;
        }
        let distance = x - self.at[self.input];
        let terms = self.terms.iter().take(order + 1).rev();
        terms.fold(0.0, |sum, term| sum * distance + term.coefficient.value)
    }

    /// What the function may have more than the polynomial as [`text`](Self::text) writes it, proven for every x of the range: Lagrange's form, the
    /// derivative of the next order over its factorial anywhere between, times the power of the distance; and what the written
    /// coefficients are rounded by, times theirs. `None` where that derivative is not proven to exist all over the range, or grows
    /// without bound.
    #[must_use]
    pub fn remainder(&self, function: &Recorded, within: (f64, f64)) -> Option<Interval> {
        if self.terms.is_empty() || Interval::new(within.0, within.1).is_empty() {
            return None;
        }
        let centre = self.at[self.input];
        let range = Interval::hull(within.0.min(centre), within.1.max(centre));
        let mut boxed = Interval::points(&self.at);
        boxed[self.input] = range;
        let next = self.order + 1;
        let direction = Interval::points(&unit(function.inputs(), self.input).ok()?);
        let jets = coefficients(function, &boxed, &direction, next);
        let derivative = *jets.first()?.get(next)?;
        // The number of the order is at most 51, and a power of an interval is tight by its sign.
        let distance = Interval::hull(within.0, within.1) - Interval::point(centre);
        let rounded = self.terms.iter().enumerate();
        let remainder = rounded
            .map(|(order, term)| term.rounded_by() * power(distance, order))
            .fold(derivative * power(distance, next), |sum, part| sum + part);
        let is_proven = jets
            .first()?
            .iter()
            .all(|coefficient| coefficient.decoration() > Decoration::Trivial);
        (is_proven && remainder.is_bounded()).then_some(remainder)
    }

    /// The polynomial up to an order as it can be typed, in powers of the named variable less its place. Exact
    /// coefficients are fractions as long as they are short, the others decimals. Empty where there is no polynomial.
    #[must_use]
    pub fn text(&self, variable: &str, order: usize) -> String {
        let base = base(variable, self.at[self.input]);
        let mut text = String::new();
        for (power, term) in self.terms.iter().enumerate().take(order + 1) {
            if term.is_zero() {
                continue;
            }
            let (is_negative, written) = written(term, &base, power);
            let sign = match (text.is_empty(), is_negative) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            };
            let _ = write!(text, "{sign}{written}");
        }
        if text.is_empty() && !self.terms.is_empty() {
            "0".to_owned()
        } else {
            text
        }
    }
}

/// x, or (x - 2).
fn base(variable: &str, at: f64) -> String {
    if at == 0.0 {
        variable.to_owned()
    } else if at < 0.0 {
        format!("({variable} + {})", -at)
    } else {
        format!("({variable} - {at})")
    }
}

/// Whether a term is negative, and the rest of it.
fn written(term: &TaylorTerm, base: &str, power: usize) -> (bool, String) {
    let variable = match power {
        0 => String::new(),
        1 => base.to_owned(),
        _ => format!("{base}^{power}"),
    };
    let Some(exact) = term.fraction() else {
        let value = term.coefficient.value;
        let times = if power == 0 { "" } else { "*" };
        return (
            value < 0.0,
            format!("{}{times}{variable}", decimal(value.abs())),
        );
    };
    let (above, below) = (exact.abs().numerator(), exact.denominator());
    let above = match (above.is_one(), power) {
        (_, 0) => above.to_string(),
        (true, _) => variable,
        (false, _) => format!("{above}*{variable}"),
    };
    let text = if below.is_one() {
        above
    } else {
        format!("{above}/{below}")
    };
    (exact.is_negative(), text)
}

/// The shortest digits that read back as the same number.
fn decimal(value: f64) -> String {
    if (1e-4..1e16).contains(&value) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// The n-th power of all numbers of a range, tight also where the range has numbers of both signs.
fn power(range: Interval, n: usize) -> Interval {
    let product = |x: f64| (0..n).fold(Interval::point(1.0), |power, _| power * Interval::point(x));
    let ends = product(range.lo()).union(product(range.hi()));
    if n > 0 && n.is_multiple_of(2) && range.contains(0.0) {
        ends.union(Interval::point(0.0))
    } else {
        ends
    }
}
