//! [`Line`]: the inputs that move together. One alone moves in its own numbers; several move each by a power of two near its own size, so that
//! inputs decades apart share a step without harm, and dividing by it is exact.

use super::builder::Differences;
use super::finding::Found;
use super::samples::{Origin, exponent, power_of_two};

/// Which inputs move together, and which entries of a Jacobian that tells.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moved<'m> {
    /// Each input alone: its whole column.
    Alone,
    /// For each colour its inputs, and the entries (row, column) that they tell.
    Together {
        inputs: &'m [Vec<usize>],
        entries: &'m [Vec<(usize, usize)>],
    },
}

impl Moved<'_> {
    /// How many lines there are.
    pub(super) fn lines(&self, inputs: usize) -> usize {
        match self {
            Self::Alone => inputs,
            Self::Together { inputs, .. } => inputs.len(),
        }
    }

    /// A line, whose number is its only input where each moves alone.
    pub(super) fn line<'l>(
        &'l self,
        number: &'l usize,
        at: &'l [f64],
        wanted: &'l Differences,
    ) -> Line<'l> {
        let inputs = match self {
            Self::Alone => std::slice::from_ref(number),
            Self::Together { inputs, .. } => &inputs[*number],
        };
        Line { inputs, at, wanted }
    }

    /// The entries that a line tells.
    pub(super) fn entries(
        &self,
        line: usize,
        outputs: usize,
    ) -> impl Iterator<Item = (usize, usize)> {
        (0..).map_while(move |place| match self {
            Self::Alone => (place < outputs).then_some((place, line)),
            Self::Together { entries, .. } => entries[line].get(place).copied(),
        })
    }
}

/// A line through a point.
pub(super) struct Line<'l> {
    inputs: &'l [usize],
    at: &'l [f64],
    wanted: &'l Differences,
}

impl Line<'_> {
    pub(super) fn origin(&self) -> Origin {
        match self.inputs {
            [input] => Origin::at(self.at[*input]),
            _ => Origin::of_several(),
        }
    }

    /// By how much an input moves at a step of 1, towards the side of its domain that has more room.
    fn seed(&self, input: usize) -> f64 {
        if self.inputs.len() == 1 {
            return 1.0;
        }
        let x = self.at[input];
        let [lower, upper] = self.wanted.domain(input);
        let size = if x == 0.0 {
            1.0
        } else {
            power_of_two(exponent(x))
        };
        if upper - x < size && upper - x < x - lower {
            -size
        } else {
            size
        }
    }

    /// What the position on the line may be, so that each input stays in its domain.
    pub(super) fn domain(&self) -> [f64; 2] {
        /// A position at the very end could round beyond it.
        const WITHIN: f64 = 1.0 - 4.0 * f64::EPSILON;
        if let [input] = self.inputs {
            return self.wanted.domain(*input);
        }
        let (mut behind, mut ahead) = (f64::INFINITY, f64::INFINITY);
        for input in self.inputs {
            let (x, seed) = (self.at[*input], self.seed(*input));
            let [lower, upper] = self.wanted.domain(*input);
            let (below, above) = (x - lower.max(-f64::MAX), upper.min(f64::MAX) - x);
            let [back, on] = if seed < 0.0 {
                [above, below]
            } else {
                [below, above]
            };
            behind = behind.min(back / seed.abs() * WITHIN);
            ahead = ahead.min(on / seed.abs() * WITHIN);
        }
        [-behind, ahead]
    }

    /// Adds the point at a position to a list.
    pub(super) fn place(&self, position: f64, points: &mut Vec<f64>) {
        let start = points.len();
        points.extend_from_slice(self.at);
        for input in self.inputs {
            points[start + input] = if self.inputs.len() == 1 {
                position
            } else {
                self.at[*input] + self.seed(*input) * position
            };
        }
    }

    /// What was found along the line, in the numbers of the one input among its inputs that mattered.
    pub(super) fn by_input(&self, input: usize, found: Found) -> Found {
        if self.inputs.len() == 1 {
            return found;
        }
        found.by_input(self.seed(input))
    }
}
