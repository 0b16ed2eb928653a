//! Derivatives of any order by jets: Taylor series carried through the steps of the function, with plain numbers for the
//! value and with intervals for the proven range (Moore 1966, chapter 11). Along several directions, jets along their
//! sums are joined (Griewank, Utke and Walther 2000).

use super::{Method, check_shapes, formulas};
use crate::error::Error;
use crate::estimate::{ErrorBound, Estimate, HIGHEST_ORDER, Note};
use crate::function::{Function, Recorded};
use crate::number::{Decoration, Interval};
use crate::vocabulary::{Coefficient, Jet};

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
        let jets = Joined::new(directions);
        if jets.counts.len() > MOST_JETS {
            let message = format!("the method 'taylor' would join {} jets", jets.counts.len());
            return Err(Error::new(crate::error::ErrorKind::Unsupported, message)
                .hint("ask for fewer different directions"));
        }
        let order = directions.len();
        let values = jets.derivatives(recorded, at, order);
        let ranges = jets.derivatives(recorded, &Interval::points(at), order);
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
    direction: &[S],
    order: usize,
) -> Vec<Vec<S>> {
    let outputs = function.program().run(&Jet::leaving(at, direction));
    outputs
        .iter()
        .map(|output| output.coefficients(order))
        .collect()
}

/// n!, with the rounding that this number has beyond 22!.
pub(crate) fn factorial<S: Coefficient>(order: usize) -> S {
    (1..=order).fold(S::constant(1.0), |product, k| {
        product * S::constant(k as f64)
    })
}

/// The jets out of which a mixed derivative is made. For a form p of degree n = i_1 + ... + i_m that is linear in each of n
/// places, the mixed value at i_1 times d_1, ..., i_m times d_m is
/// 1/n! sum over 0 <= j <= i of (-1)^(n - |j|) C(i, j) p(j_1 d_1 + ... + j_m d_m), and p(v) = n! c_n(v).
struct Joined<'a> {
    /// The directions d that differ.
    different: Vec<&'a [f64]>,
    /// For each jet its weight, and how often it takes each of them.
    counts: Vec<(f64, Vec<usize>)>,
}

impl<'a> Joined<'a> {
    fn new(directions: &'a [Vec<f64>]) -> Self {
        let mut different: Vec<(&[f64], usize)> = Vec::new();
        for direction in directions {
            match different.iter_mut().find(|(known, _)| *known == direction) {
                Some((_, times)) => *times += 1,
                None => different.push((direction, 1)),
            }
        }
        let mut counts = vec![(1.0, Vec::new())];
        if let [_] = different.as_slice() {
            counts = vec![(1.0, vec![1])];
        } else {
            for (_, times) in &different {
                counts = with_next(&counts, *times);
                if counts.len() > MOST_JETS {
                    break;
                }
            }
        }
        let different = different.into_iter().map(|(direction, _)| direction);
        Self {
            different: different.collect(),
            counts,
        }
    }

    /// The derivatives of all outputs. Sums of directions are taken in the numbers of the jets: rounded ones would be other
    /// directions.
    fn derivatives<S: Coefficient>(&self, function: &Recorded, at: &[S], order: usize) -> Vec<S> {
        let nothing = S::constant(0.0);
        let mut sums = vec![nothing.clone(); function.outputs()];
        for (weight, counts) in &self.counts {
            let speeds = self.speeds(counts, at.len());
            if speeds.iter().all(|speed| *speed == nothing) {
                continue;
            }
            let jets = coefficients(function, at, &speeds, order);
            for (sum, jet) in sums.iter_mut().zip(jets) {
                *sum = sum.clone() + S::constant(*weight) * jet[order].clone();
            }
        }
        // One direction alone has the derivative n! c_n; of the others the weights have taken n! away.
        let scale = if self.different.len() == 1 {
            factorial(order)
        } else {
            S::constant(1.0)
        };
        let scaled = |sum: S| sum * scale.clone();
        sums.into_iter().map(scaled).collect()
    }

    /// The sum of the directions, each as often as it is taken.
    fn speeds<S: Coefficient>(&self, counts: &[usize], inputs: usize) -> Vec<S> {
        let taken = || self.different.iter().zip(counts);
        let speed = |input: usize| {
            taken().fold(S::constant(0.0), |sum, (direction, count)| {
                sum + S::constant(*count as f64) * S::constant(direction[input])
            })
        };
        (0..inputs).map(speed).collect()
    }
}

/// These jets with one more direction, which each takes from never to so many times.
fn with_next(jets: &[(f64, Vec<usize>)], times: usize) -> Vec<(f64, Vec<usize>)> {
    let mut longer = Vec::with_capacity(jets.len() * (times + 1));
    for (weight, counts) in jets {
        let mut choose = 1.0;
        for taken in 0..=times {
            let sign = if (times - taken).is_multiple_of(2) {
                1.0
            } else {
                -1.0
            };
            let counts = counts.iter().copied().chain([taken]).collect();
            longer.push((weight * sign * choose, counts));
            choose = choose * (times - taken) as f64 / (taken + 1) as f64;
        }
    }
    longer
}
