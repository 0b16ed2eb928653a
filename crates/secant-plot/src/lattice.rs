//! Strokes sorted into square cells, so that a label asks only those nearby.
//!
//! A curve of many thousand strokes is in the way of a few positions only;
//! without cells each of some thousand positions would be held against all.

use crate::area::{Area, Place};

/// A straight stroke.
pub(crate) type Stroke = [Place; 2];

/// Strokes by the cells they pass through.
#[derive(Debug, Clone)]
pub(crate) struct Lattice {
    low: Place,
    side: f64,
    columns: usize,
    rows: usize,
    cells: Vec<Vec<Stroke>>,
}

impl Lattice {
    /// Sorts the strokes within `bounds` into cells of this side.
    pub(crate) fn new(bounds: &Area, side: f64, strokes: &[Stroke]) -> Self {
        let count = |length: f64| (length / side).ceil().clamp(1.0, 1000.0) as usize;
        let (columns, rows) = (count(bounds.width()), count(bounds.height()));
        let mut lattice = Self {
            low: bounds.low,
            side,
            columns,
            rows,
            cells: vec![Vec::new(); columns * rows],
        };
        for stroke in strokes {
            lattice.insert(*stroke);
        }
        lattice
    }

    fn insert(&mut self, stroke: Stroke) {
        let [[ax, ay], [bx, by]] = stroke;
        let around = Area::new([ax.min(bx), ay.min(by)], [ax.max(bx), ay.max(by)]);
        for index in self.indices(&around) {
            if self.cell(index).clip(stroke[0], stroke[1]).is_some() {
                self.cells[index].push(stroke);
            }
        }
    }

    /// The strokes that pass the cells of an area; one that passes several
    /// cells comes several times.
    pub(crate) fn near<'a>(&'a self, area: &Area) -> impl Iterator<Item = &'a Stroke> + use<'a> {
        self.indices(area)
            .flat_map(|index| self.cells[index].iter())
    }

    /// The cells an area covers, those at the border standing for all beyond.
    fn indices(&self, area: &Area) -> impl Iterator<Item = usize> + use<> {
        let along = |value: f64, axis: usize, count: usize| {
            let cell = ((value - self.low[axis]) / self.side).floor();
            cell.clamp(0.0, (count - 1) as f64) as usize
        };
        let columns = self.columns;
        let across = along(area.low[0], 0, columns)..=along(area.high[0], 0, columns);
        let down = along(area.low[1], 1, self.rows)..=along(area.high[1], 1, self.rows);
        down.flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }

    /// A cell, a hair larger, so that a stroke along a border is in both.
    fn cell(&self, index: usize) -> Area {
        let (row, column) = (index / self.columns, index % self.columns);
        let low = [
            self.low[0] + column as f64 * self.side,
            self.low[1] + row as f64 * self.side,
        ];
        Area::new(low, [low[0] + self.side, low[1] + self.side]).grown(0.01 * self.side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stroke_that_meets_an_area_is_found() {
        let bounds = Area::new([0.0, 0.0], [100.0, 60.0]);
        let place = |seed: u32| {
            // A fixed scatter of places, from a multiplicative sequence.
            let part = |factor: u32, span: f64| {
                f64::from(seed.wrapping_mul(factor) % 1009) / 1008.0 * span
            };
            [part(613, 100.0), part(271, 60.0)]
        };
        let strokes: Vec<Stroke> = (0..200).map(|i| [place(i), place(7 * i + 3)]).collect();
        let lattice = Lattice::new(&bounds, 9.0, &strokes);
        let mut met = 0;
        for seed in 0..200 {
            let area = Area::around(place(13 * seed + 5), 12.0, 5.0);
            for [a, b] in &strokes {
                if area.clip(*a, *b).is_some() {
                    met += 1;
                    assert!(lattice.near(&area).any(|stroke| stroke == &[*a, *b]));
                }
            }
        }
        assert!(met > 1000);
    }
}
