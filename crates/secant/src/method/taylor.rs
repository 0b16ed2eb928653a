//! Derivatives of any order by jets: Taylor series carried through the steps of the function, with plain numbers for the
//! value and with intervals for the proven range (Moore 1966, chapter 11). Along several directions, jets along their
//! sums are joined (Griewank, Utke and Walther 2000).

use super::{Method, check_shapes, formulas};
use crate::error::Error;
use crate::estimate::{ErrorBound, Estimate, Note};
use crate::function::{Function, Recorded};
use crate::number::{Decoration, Interval};
use crate::vocabulary::{Coefficient, Jet};

/// The highest order that derivatives are worked out to.
pub const HIGHEST_ORDER: usize = 50;

/// More jets than this are not joined for one mixed derivative.
const MOST_JETS: usize = 4096;

/// Taylor mode.
///
/// ```
/// use secant::{ErrorBound, Formula, Recorded, method::{Method, Taylor}};
/// let f = Recorded::from(&Formula::parse("tan(x)")?);
/// let ninth = &Taylor.along(&f, &[0.0], &vec![vec![1.0]; 9])?[0];
/// assert!(matches!(ninth.bound, ErrorBound::Enclosed(range) if range.contains(7936.0)));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Taylor;

impl Method for Taylor {
    fn name(&self) -> &'static str {
        "taylor"
    }

    fn highest_order(&self) -> usize {
        HIGHEST_ORDER
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        check_shapes(function, at, directions)?;
        let recorded = formulas(self, function)?;
        let jets = joined(directions);
        if jets.len() > MOST_JETS {
            let message = format!("the method 'taylor' would join {} jets", jets.len());
            return Err(Error::new(crate::error::ErrorKind::Unsupported, message)
                .hint("ask for fewer different directions"));
        }
        let order = directions.len();
        let values = derivatives(recorded, at, &jets, order);
        let ranges = derivatives(recorded, &Interval::points(at), &jets, order);
        Ok(values
            .into_iter()
            .zip(ranges)
            .map(|(value, range)| self.estimate(value, range))
            .collect())
    }
}

impl Taylor {
    /// The value within its proven range.
    pub(crate) fn estimate(self, value: f64, range: Interval) -> Estimate {
        let proven = range.decoration() > Decoration::Trivial && range.is_bounded();
        let (bound, notes) = if proven {
            (ErrorBound::Enclosed(range), Vec::new())
        } else {
            (ErrorBound::Unknown, vec![Note::NoBound])
        };
        let value = if proven && !range.contains(value) {
            range.middle()
        } else {
            value
        };
        Estimate {
            value,
            bound,
            method: self.name(),
            evaluations: 1,
            notes,
        }
    }
}

/// The Taylor coefficients of the outputs along a direction, up to an order.
pub(crate) fn coefficients<S: Coefficient>(
    function: &Recorded,
    at: &[S],
    direction: &[f64],
    order: usize,
) -> Vec<Vec<S>> {
    let outputs = function.program().run(&Jet::leaving(at, direction));
    outputs
        .iter()
        .map(|output| output.coefficients(order))
        .collect()
}

/// The derivatives of all outputs, out of the jets along these directions with their weights.
fn derivatives<S: Coefficient>(
    function: &Recorded,
    at: &[S],
    jets: &[(f64, Vec<f64>)],
    order: usize,
) -> Vec<S> {
    let mut sums: Vec<Option<S>> = vec![None; function.outputs()];
    for (weight, direction) in jets {
        for (sum, jet) in sums
            .iter_mut()
            .zip(coefficients(function, at, direction, order))
        {
            let term = S::constant(*weight) * jet[order].clone();
            *sum = Some(match sum.take() {
                Some(sum) => sum + term,
                None => term,
            });
        }
    }
    // One direction alone has the derivative n! c_n; of the others the weights have taken n! away.
    let scale = if jets.len() == 1 {
        factorial(order)
    } else {
        S::constant(1.0)
    };
    sums.into_iter()
        .flatten()
        .map(|sum| sum * scale.clone())
        .collect()
}

/// n!, with the rounding that this number has beyond 22!.
pub(crate) fn factorial<S: Coefficient>(order: usize) -> S {
    (1..=order).fold(S::constant(1.0), |product, k| {
        product * S::constant(k as f64)
    })
}

/// The directions along which jets are needed, with their weights. For a form p of degree n = i_1 + ... + i_m that is
/// linear in each of n places, the mixed value at i_1 times d_1, ..., i_m times d_m is
/// 1/n! sum over 0 <= j <= i of (-1)^(n - |j|) C(i, j) p(j_1 d_1 + ... + j_m d_m), and p(v) = n! c_n(v).
fn joined(directions: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let mut different: Vec<(&Vec<f64>, usize)> = Vec::new();
    for direction in directions {
        match different.iter_mut().find(|(known, _)| *known == direction) {
            Some((_, times)) => *times += 1,
            None => different.push((direction, 1)),
        }
    }
    if let [(only, _)] = different.as_slice() {
        return vec![(1.0, (*only).clone())];
    }
    let inputs = directions.first().map_or(0, Vec::len);
    let mut jets = vec![(1.0, vec![0.0; inputs])];
    for (direction, times) in different {
        let mut longer = Vec::with_capacity(jets.len() * (times + 1));
        for (weight, sum) in &jets {
            let mut choose = 1.0;
            for taken in 0..=times {
                let sign = if (times - taken) % 2 == 0 { 1.0 } else { -1.0 };
                let moved = sum
                    .iter()
                    .zip(direction)
                    .map(|(sum, speed)| sum + taken as f64 * speed)
                    .collect();
                longer.push((weight * sign * choose, moved));
                choose = choose * (times - taken) as f64 / (taken + 1) as f64;
            }
        }
        jets = longer;
        if jets.len() > MOST_JETS {
            break;
        }
    }
    jets.retain(|(_, direction)| direction.iter().any(|speed| *speed != 0.0));
    jets
}
