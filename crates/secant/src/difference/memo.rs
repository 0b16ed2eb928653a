//! [`Memo`]: the outputs at points that were asked for; [`Once`]: a function that runs no point twice. Outputs of one function share their
//! points so, and the steps of mixed derivatives do.

use super::mixed::AXES;

/// A function of many points at once: rows of inputs in, rows of outputs out.
pub(super) type Batch<'b> = dyn FnMut(&[f64], &mut [f64]) + 'b;

/// What tells one point from another: the positions of the inputs that move, or a line and the position on it.
pub(super) type Key = [f64; AXES];

/// The key of a position on a line.
pub(super) fn on_line(line: usize, position: f64) -> Key {
    let mut key = [0.0; AXES];
    (key[0], key[1]) = (line as f64, position);
    key
}

/// Outputs by the key of their point.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    outputs: usize,
    keys: Vec<Key>,
    values: Vec<f64>,
}

impl Memo {
    /// Room for so many points of one output.
    pub(super) fn with_capacity(points: usize) -> Self {
        Self {
            outputs: 1,
            keys: Vec::with_capacity(points),
            values: Vec::with_capacity(points),
        }
    }

    /// Forgets all; what comes now has so many outputs.
    pub(super) fn restart(&mut self, outputs: usize) {
        self.outputs = outputs;
        self.keys.clear();
        self.values.clear();
    }

    /// A point that is known already.
    pub(super) fn know(&mut self, key: Key, values: &[f64]) {
        self.keys.push(key);
        self.values.extend_from_slice(values);
    }

    /// The outputs at a point.
    pub(super) fn get(&self, key: &Key) -> Option<&[f64]> {
        let place = self.keys.iter().position(|known| known == key)?;
        self.values
            .get(place * self.outputs..(place + 1) * self.outputs)
    }
}

/// A function that runs no point twice.
pub(super) struct Once<'o, 'b> {
    batch: &'o mut Batch<'b>,
    pub(super) memo: &'o mut Memo,
    /// Room for the points of one batch.
    points: &'o mut Vec<f64>,
    /// How many points were run.
    pub(super) run: usize,
}

impl<'o, 'b> Once<'o, 'b> {
    /// With the point itself run already.
    pub(super) fn new(
        batch: &'o mut Batch<'b>,
        memo: &'o mut Memo,
        points: &'o mut Vec<f64>,
    ) -> Self {
        points.clear();
        Self {
            batch,
            memo,
            points,
            run: 1,
        }
    }

    /// One output at positions of a line, whose new points are run in one batch.
    pub(super) fn ask(
        &mut self,
        positions: &[f64],
        key: impl Fn(f64) -> Key,
        place: impl Fn(f64, &mut Vec<f64>),
        output: usize,
        values: &mut [f64],
    ) {
        for position in positions {
            self.want(key(*position), |points| place(*position, points));
        }
        self.run_wanted();
        for (position, value) in positions.iter().zip(values) {
            *value = self.value(&key(*position), output);
        }
    }

    /// Puts a point on the list of those to be run, unless it is known.
    pub(super) fn want(&mut self, key: Key, place: impl FnOnce(&mut Vec<f64>)) {
        if self.memo.get(&key).is_none() {
            place(self.points);
            self.memo.keys.push(key);
            self.run += 1;
        }
    }

    /// Runs the points on the list in one batch.
    pub(super) fn run_wanted(&mut self) {
        if self.points.is_empty() {
            return;
        }
        let known = self.memo.values.len();
        let all = self.memo.keys.len() * self.memo.outputs;
        self.memo.values.resize(all, f64::NAN);
        (self.batch)(self.points, &mut self.memo.values[known..]);
        self.points.clear();
    }

    /// One output at a point that was run.
    pub(super) fn value(&self, key: &Key, output: usize) -> f64 {
        self.memo
            .get(key)
            .map_or(f64::NAN, |outputs| outputs[output])
    }

    /// How many points were run since this was last asked.
    pub(super) fn run_since(&mut self) -> usize {
        std::mem::take(&mut self.run)
    }
}
