//! Newton's direction from the last gradients alone, and a search along it.

use super::search::{self, Place};
use crate::error::Error;
use crate::number::Real;

/// L-BFGS (Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5): the direction `-H g`, where H is what the last pairs of steps
/// `s = w' - w` and changes of the gradient `y = g' - g` tell of the inverse Hessian, then a step along it that satisfies the strong Wolfe
/// conditions (algorithms 3.5 and 3.6). It holds losses against each other, so that all of them must be of the same function: of all samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lbfgs {
    /// How many pairs are kept.
    pub pairs: usize,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self { pairs: 10 }
    }
}

/// What a search along a direction came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Searched {
    /// The loss at the new parameters.
    pub loss: f64,
    /// The step, in lengths of the direction; 0 where no step brings the loss down any more, so that the parameters stay.
    pub rate: f64,
    /// How often loss and gradient were computed.
    pub evaluations: u64,
}

/// A function of parameters: gives the loss, and writes the gradient.
pub type Evaluate<'a, T> = dyn FnMut(&[T], &mut [T]) -> Result<T, Error> + 'a;

impl Lbfgs {
    /// From parameters with their loss and gradient to the next, whose gradient is left in `gradient`. In `memory` stand s and y of the pairs in
    /// turn, the oldest first; a pair that is not there yet is zero. The first trial is `first` times Newton's step.
    pub(super) fn step<T: Real>(
        first: f64,
        memory: &mut [Vec<T>],
        parameters: &mut [T],
        loss: f64,
        gradient: &mut [T],
        evaluate: &mut Evaluate<'_, T>,
    ) -> Result<Searched, Error> {
        let mut ray = Ray {
            start: parameters.to_vec(),
            gradient: gradient.to_vec(),
            direction: Vec::new(),
            rate: 0.0,
            evaluations: 0,
        };
        loop {
            let is_newton = ray.aim(memory);
            let slope = dot(&ray.direction, &ray.gradient);
            // Without a pair nothing is known of the scale: the parameters move by 1 in all, or by the gradient where that is shorter.
            let reach = if is_newton {
                1.0
            } else {
                1.0 / sum_of_sizes(&ray.gradient).max(1.0)
            };
            let mut at = |rate: f64| ray.evaluate(rate, parameters, gradient, evaluate);
            let place = if slope < 0.0 {
                search::wolfe(first * reach, loss, slope, &mut at)?
            } else {
                None
            };
            if let Some(Place { rate, loss, .. }) = place {
                if rate != ray.rate {
                    ray.evaluate(rate, parameters, gradient, evaluate)?;
                }
                ray.remember(memory, parameters, gradient);
                return Ok(Searched {
                    loss,
                    rate,
                    evaluations: ray.evaluations,
                });
            }
            if !is_newton {
                parameters.copy_from_slice(&ray.start);
                gradient.copy_from_slice(&ray.gradient);
                return Ok(Searched {
                    loss,
                    rate: 0.0,
                    evaluations: ray.evaluations,
                });
            }
            // What is remembered may mislead where the digits end: against the gradient alone before giving up.
            memory.iter_mut().for_each(|slice| slice.fill(T::of(0.0)));
        }
    }
}

/// A start with its gradient, and a direction from there.
struct Ray<T> {
    start: Vec<T>,
    gradient: Vec<T>,
    direction: Vec<T>,
    /// The last place on it that was looked at.
    rate: f64,
    evaluations: u64,
}

impl<T: Real> Ray<T> {
    /// Sets the direction by the two loops of algorithm 7.4, and tells whether there was a pair to go by.
    fn aim(&mut self, memory: &[Vec<T>]) -> bool {
        self.direction.clone_from(&self.gradient);
        // A pair with its s'y, which is above 0 for those that are there.
        let mut pairs = Vec::new();
        for pair in memory.chunks_exact(2) {
            let bend = dot(&pair[0], &pair[1]);
            if bend > 0.0 {
                pairs.push((&pair[0], &pair[1], bend));
            }
        }
        let mut shares = Vec::with_capacity(pairs.len());
        for (s, y, bend) in pairs.iter().rev() {
            let share = dot(s, &self.direction) / bend;
            add(-share, y, &mut self.direction);
            shares.push(share);
        }
        // Equation 7.20: the size of H along the newest pair.
        let size = pairs.last().map_or(1.0, |(_, y, bend)| bend / dot(y, y));
        for d in &mut self.direction {
            *d *= T::of(size);
        }
        for ((s, y, bend), share) in pairs.iter().zip(shares.into_iter().rev()) {
            let other = dot(y, &self.direction) / bend;
            add(share - other, s, &mut self.direction);
        }
        for d in &mut self.direction {
            *d = -*d;
        }
        !pairs.is_empty()
    }

    /// Loss and slope along the direction; parameters and gradient are left as they are there.
    fn evaluate(
        &mut self,
        rate: f64,
        parameters: &mut [T],
        gradient: &mut [T],
        evaluate: &mut Evaluate<'_, T>,
    ) -> Result<(f64, f64), Error> {
        self.evaluations += 1;
        self.rate = rate;
        parameters.copy_from_slice(&self.start);
        add(rate, &self.direction, parameters);
        let loss = evaluate(parameters, gradient)?;
        Ok((loss.to_f64(), dot(gradient, &self.direction)))
    }

    /// Puts the newest pair behind the others and drops the oldest. One without positive curvature, which no pair has that satisfies the Wolfe
    /// conditions, would spoil H.
    fn remember(&self, memory: &mut [Vec<T>], parameters: &[T], gradient: &[T]) {
        let change = |to: &[T], from: &[T]| -> Vec<T> {
            to.iter().zip(from).map(|(to, from)| *to - *from).collect()
        };
        let (s, y) = (
            change(parameters, &self.start),
            change(gradient, &self.gradient),
        );
        if memory.len() < 2 || dot(&s, &y) <= f64::EPSILON * dot(&y, &y) {
            return;
        }
        memory.rotate_left(2);
        if let [.., last_s, last_y] = memory {
            (*last_s, *last_y) = (s, y);
        }
    }
}

fn dot<T: Real>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.to_f64() * b.to_f64()).sum()
}

fn sum_of_sizes<T: Real>(vector: &[T]) -> f64 {
    vector.iter().map(|x| x.to_f64().abs()).sum()
}

/// Adds a multiple of a vector.
fn add<T: Real>(share: f64, vector: &[T], into: &mut [T]) {
    let share = T::of(share);
    for (into, x) in into.iter_mut().zip(vector) {
        *into += share * *x;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Optimiser, Rule};
    use super::*;

    /// Rosenbrock's valley (1960), whose minimum is at (1, 1).
    fn valley(at: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let (x, y) = (at[0], at[1]);
        let bend = y - x * x;
        gradient[0] = -400.0 * x * bend - 2.0 * (1.0 - x);
        gradient[1] = 200.0 * bend;
        Ok(100.0 * bend * bend + (1.0 - x) * (1.0 - x))
    }

    #[test]
    fn every_step_goes_down_and_satisfies_the_conditions_of_wolfe() -> Result<(), Error> {
        let mut at = [-1.2, 1.0];
        let mut gradient = [0.0; 2];
        let mut loss = valley(&at, &mut gradient)?;
        let mut optimiser = Optimiser::new(Rule::Lbfgs(Lbfgs::default()), 2);
        let mut evaluations = 1;
        loop {
            let (from, before) = (at, gradient);
            let told = optimiser.search(1.0, &mut at, loss, &mut gradient, &mut valley)?;
            evaluations += told.evaluations;
            if told.rate == 0.0 {
                assert_eq!((at, gradient), (from, before));
                break;
            }
            let along = |gradient: [f64; 2]| {
                (0..2)
                    .map(|place| (at[place] - from[place]) * gradient[place])
                    .sum::<f64>()
            };
            assert!(told.loss <= loss + 1e-4 * along(before));
            assert!(along(gradient).abs() <= 0.9 * along(before).abs());
            loss = told.loss;
            let mut again = [0.0; 2];
            assert_eq!((valley(&at, &mut again)?, again), (loss, gradient));
        }
        assert!(at.iter().all(|x| (x - 1.0).abs() < 1e-9), "{at:?}");
        // The last ones find out that there is nothing left to find.
        assert!(evaluations < 160, "{evaluations}");
        Ok(())
    }

    #[test]
    fn a_rule_that_searches_takes_no_plain_step_and_others_no_search() {
        let mut at = [1.0, 1.0];
        let mut searching = Optimiser::new(Rule::Lbfgs(Lbfgs::default()), 2);
        assert!(searching.step(1.0, &mut at, &[1.0, 1.0]).is_err());
        let mut plain = Optimiser::new(Rule::adam(), 2);
        let told = plain.search(1.0, &mut at, 0.0, &mut [1.0, 1.0], &mut valley);
        assert!(told.is_err());
    }
}
