//! [`Scan`]: a step repeated, each time on the state that the last one left. Its sweep back keeps few states and computes the
//! others again (Griewank and Walther 2000, "Algorithm 799: revolve").

use crate::error::{Error, ErrorKind};
use crate::function::Function;

/// A step repeated: from a state and parameters, the same ones each time, to the next state. The scan takes the first state and then the
/// parameters, and gives the last state.
///
/// ```
/// use secant::{Recorded, combine::Scan, gradient, method::Reverse};
/// // Compound interest: 10 years at a rate.
/// let year = Recorded::trace(&["sum", "rate"], |v| vec![v[0].clone() + v[0].clone() * v[1].clone()])?;
/// let decade = Scan::new(year, 10)?;
/// let slope = gradient(&Reverse, &decade, &[1.0, 0.05])?;
/// assert!((slope[1].value - 10.0 * 1.05f64.powi(9)).abs() < 1e-14);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// Where it is given another number of inputs than it takes, its answers are NaN.
///
/// A sweep back over n steps keeps about √(2n) states unless told otherwise, and runs each step at most three times.
#[derive(Clone, Debug)]
pub struct Scan<F> {
    step: F,
    steps: usize,
    checkpoints: usize,
}

impl<F: Function> Scan<F> {
    /// The step, and how many times it is taken.
    ///
    /// # Errors
    /// Where the step gives more numbers than it takes: the state comes first among its inputs.
    pub fn new(step: F, steps: usize) -> Result<Self, Error> {
        let (given, taken) = (step.outputs(), step.inputs());
        if given > taken {
            let message = format!("a step gives a state of {given} numbers but takes only {taken}");
            return Err(Error::new(ErrorKind::Shape, message)
                .hint("the first inputs of a step are the state that it gives"));
        }
        let checkpoints = (2.0 * steps as f64).sqrt().ceil() as usize;
        Ok(Self {
            step,
            steps,
            checkpoints: checkpoints.max(1),
        })
    }

    /// Keeps so many states at most in a sweep back, at least one; the fewer, the more often steps are computed again.
    ///
    /// ```
    /// use secant::{Formula, Function, Recorded, combine::Scan};
    /// let half = Recorded::from(&Formula::parse("x/2")?);
    /// let few = Scan::new(half, 100)?.with_checkpoints(3);
    /// assert_eq!(few.vjp(&[1.0], &[1.0]).unwrap(), [0.5f64.powi(100)]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn with_checkpoints(self, most: usize) -> Self {
        Self {
            // More than a state for each step is no use.
            checkpoints: most.clamp(1, self.steps.max(1)),
            ..self
        }
    }

    /// The state and the parameters among the inputs, or directions of both; `None` where there are not so many numbers.
    fn parted<'x>(&self, x: &'x [f64]) -> Option<(&'x [f64], &'x [f64])> {
        (x.len() == self.step.inputs())
            .then(|| x.split_at_checked(self.step.outputs()))
            .flatten()
    }

    /// The state after so many steps more.
    fn advance(&self, mut state: Vec<f64>, steps: usize, parameters: &[f64]) -> Vec<f64> {
        for _ in 0..steps {
            state = self.step.eval(&[&state, parameters].concat());
        }
        state
    }
}

impl<F: Function> Function for Scan<F> {
    fn inputs(&self) -> usize {
        self.step.inputs()
    }

    fn outputs(&self) -> usize {
        self.step.outputs()
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        match self.parted(x) {
            Some((state, parameters)) => self.advance(state.to_vec(), self.steps, parameters),
            None => vec![f64::NAN; self.outputs()],
        }
    }

    fn jvp(&self, x: &[f64], tangent: &[f64]) -> Option<Vec<f64>> {
        let Some((state, parameters)) = self.parted(x) else {
            return Some(vec![f64::NAN; self.outputs()]);
        };
        let (moving, parameters_moving) = self.parted(tangent)?;
        let (mut state, mut moving) = (state.to_vec(), moving.to_vec());
        for _ in 0..self.steps {
            let at = [&state, parameters].concat();
            moving = self.step.jvp(&at, &[&moving, parameters_moving].concat())?;
            state = self.step.eval(&at);
        }
        Some(moving)
    }

    fn vjp(&self, x: &[f64], cotangent: &[f64]) -> Option<Vec<f64>> {
        if cotangent.len() != self.outputs() {
            return None;
        }
        let Some((state, parameters)) = self.parted(x) else {
            return Some(vec![f64::NAN; self.inputs()]);
        };
        let mut adjoint = cotangent.to_vec();
        let mut by_parameters = vec![0.0; parameters.len()];
        let mut kept = vec![(0, state.to_vec())];
        let mut end = self.steps;
        while end > 0 {
            // What was kept for steps that are done with is let go.
            kept.pop_if(|(place, _)| *place >= end);
            let Some((place, state)) = kept.last() else {
                break;
            };
            let (mut place, mut state) = (*place, state.clone());
            while place + 1 < end {
                let ahead = next_checkpoint(end - place, self.checkpoints - kept.len());
                state = self.advance(state, ahead, parameters);
                place += ahead;
                if kept.len() < self.checkpoints && place + 1 < end {
                    kept.push((place, state.clone()));
                }
            }
            let swept = self.step.vjp(&[&state, parameters].concat(), &adjoint)?;
            let (by_state, rest) = swept.split_at_checked(self.outputs())?;
            adjoint = by_state.to_vec();
            for (sum, slope) in by_parameters.iter_mut().zip(rest) {
                *sum += slope;
            }
            end -= 1;
        }
        adjoint.extend(by_parameters);
        Some(adjoint)
    }
}

/// How many steps to go before the next state is kept, with so many still to be swept back and so many places free. With s states
/// and r runs of each step, (s + r)! / (s! r!) steps can be swept back (Griewank and Walther 2000, equation 1).
fn next_checkpoint(steps: usize, free: usize) -> usize {
    if free == 0 {
        return steps - 1;
    }
    let states = free + 1;
    let mut runs = 1;
    while reach(states, runs) < steps as f64 {
        runs += 1;
    }
    let after = reach(states - 1, runs);
    let before = steps as f64 - after;
    (before.max(1.0) as usize).min(steps - 1)
}

/// The binomial coefficient of s + r over r.
fn reach(states: usize, runs: usize) -> f64 {
    (1..=runs).fold(1.0, |product, run| {
        product * (states + run) as f64 / run as f64
    })
}
