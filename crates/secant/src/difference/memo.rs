//! [`Memo`]: the outputs at points that were asked for, so that no point is run twice: outputs of one function share their
//! points, and so do the steps of mixed derivatives.

use super::mixed::AXES;

/// Outputs by the positions of the inputs that move.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    outputs: usize,
    keys: Vec<[f64; AXES]>,
    values: Vec<f64>,
}

impl Memo {
    /// Room for so many points.
    pub(super) fn with_capacity(points: usize, outputs: usize) -> Self {
        Self {
            outputs,
            keys: Vec::with_capacity(points),
            values: Vec::with_capacity(points * outputs),
        }
    }

    /// Forgets all, and starts with a point that is known.
    pub(super) fn restart(&mut self, outputs: usize, key: [f64; AXES], values: &[f64]) {
        self.outputs = outputs;
        self.keys.clear();
        self.values.clear();
        self.push(key, values);
    }

    pub(super) fn push(&mut self, key: [f64; AXES], values: &[f64]) {
        self.keys.push(key);
        self.values.extend_from_slice(values);
    }

    /// How many points are known.
    pub(super) fn count(&self) -> usize {
        self.keys.len()
    }

    /// Puts the values of points with one output in, from the first of these on.
    pub(super) fn answer(&mut self, first: usize, values: &[f64]) {
        for (known, value) in self.values[first..].iter_mut().zip(values) {
            *known = *value;
        }
    }

    /// The outputs at a point.
    pub(super) fn get(&self, key: &[f64; AXES]) -> Option<&[f64]> {
        let place = self.keys.iter().position(|known| known == key)?;
        self.values
            .get(place * self.outputs..(place + 1) * self.outputs)
    }
}
