//! Contours of a field of heights: the places of one height, and what lies above.
//!
//! Marching squares (Lorensen and Cline 1987, in the plane) over a grid with a
//! rim of depths around it, so that every border closes. A height that is not
//! finite is as deep as the rim, and no line is drawn where a border only runs
//! along a rim. Saddles are told by the mean of their corners.

use crate::axis::Scale;
use crate::range::Range;
use crate::tex::Tex;
use crate::ticks::ticks;

/// Heights over an even grid.
///
/// ```
/// use secant_plot::Heights;
///
/// let bowl = Heights::sample([-1.0, 1.0], [-1.0, 1.0], [41, 41], |x, y| x * x + y * y);
/// let circle = bowl.line(0.25);
/// assert_eq!(circle.len(), 1);
/// assert!(circle[0].iter().all(|[x, y]| (x.hypot(*y) - 0.5).abs() < 1e-2));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Heights {
    x: [f64; 2],
    y: [f64; 2],
    counts: [usize; 2],
    heights: Vec<f64>,
}

/// A side of a cell: the vertex it begins at, and whether it leads up.
type Side = (usize, usize, bool);

impl Heights {
    /// The heights of a field from `x[0]` to `x[1]` and from `y[0]` to `y[1]`, at so many places each way.
    pub fn sample(
        x: [f64; 2],
        y: [f64; 2],
        counts: [usize; 2],
        mut height: impl FnMut(f64, f64) -> f64,
    ) -> Self {
        let counts = counts.map(|count| count.clamp(2, 2000));
        let mut field = Self {
            x,
            y,
            counts,
            heights: Vec::new(),
        };
        for row in 0..counts[1] {
            for column in 0..counts[0] {
                let [x, y] = field.place(column + 1, row + 1);
                field.heights.push(height(x, y));
            }
        }
        field
    }

    /// The same field with so many places for each step of the grid, by cubics through four heights in a row (Catmull and Rom 1974): contours of a
    /// smooth field become smooth. Beside a height that is not finite there is none.
    ///
    /// ```
    /// use secant_plot::Heights;
    ///
    /// let coarse = Heights::sample([-1.0, 1.0], [-1.0, 1.0], [9, 9], |x, y| x * x + y * y);
    /// assert_eq!(coarse.refined(4).heights().len(), 33 * 33);
    /// ```
    pub fn refined(&self, times: usize) -> Self {
        let times = times.max(1);
        let [columns, rows] = self.counts;
        let counts = self.counts.map(|count| (count - 1) * times + 1);
        let mut along = Vec::with_capacity(counts[0] * rows);
        for row in self.heights.chunks_exact(columns) {
            along.extend(between(row, times));
        }
        let mut heights = vec![f64::NAN; counts[0] * counts[1]];
        for column in 0..counts[0] {
            let up: Vec<f64> = (0..rows)
                .map(|row| along[row * counts[0] + column])
                .collect();
            for (row, height) in between(&up, times).into_iter().enumerate() {
                heights[row * counts[0] + column] = height;
            }
        }
        Self {
            counts,
            heights,
            ..*self
        }
    }

    /// The same field with other heights: each is given its own.
    pub fn map(&self, height: impl Fn(f64) -> f64) -> Self {
        Self {
            heights: self.heights.iter().map(|old| height(*old)).collect(),
            ..*self
        }
    }

    /// The heights, row by row.
    pub fn heights(&self) -> &[f64] {
        &self.heights
    }

    /// The places of this height, in pieces.
    pub fn line(&self, level: f64) -> Vec<Vec<[f64; 2]>> {
        let mut pieces = Vec::new();
        for border in self.traced(level) {
            let mut piece: Vec<[f64; 2]> = Vec::new();
            // Around once, and back to the first crossing.
            for side in border.iter().chain(border.first()) {
                match self.crossing(*side, level) {
                    (place, true) => piece.push(place),
                    (_, false) => pieces.push(std::mem::take(&mut piece)),
                }
            }
            pieces.push(piece);
        }
        pieces.retain(|piece| piece.len() > 1);
        pieces
    }

    /// The borders of what lies above this height; holes run the other way around.
    pub fn above(&self, level: f64) -> Vec<Vec<[f64; 2]>> {
        let place = |side: &Side| self.crossing(*side, level).0;
        self.traced(level)
            .iter()
            .map(|border| border.iter().map(place).collect())
            .collect()
    }

    /// The place of a vertex, the rim's laid on the edge.
    fn place(&self, column: usize, row: usize) -> [f64; 2] {
        let along = |[low, high]: [f64; 2], place: usize, count: usize| {
            let share = place.clamp(1, count) - 1;
            low + (high - low) * share as f64 / (count - 1) as f64
        };
        [
            along(self.x, column, self.counts[0]),
            along(self.y, row, self.counts[1]),
        ]
    }

    /// The height of a vertex; none on the rim and where it is not finite.
    fn height(&self, column: usize, row: usize) -> Option<f64> {
        let [columns, rows] = self.counts;
        if !((1..=columns).contains(&column) && (1..=rows).contains(&row)) {
            return None;
        }
        let height = self.heights[(row - 1) * columns + column - 1];
        height.is_finite().then_some(height)
    }

    /// Where a side is crossed, and whether both of its ends have a height.
    fn crossing(&self, (column, row, up): Side, level: f64) -> ([f64; 2], bool) {
        let (right, above) = if up {
            (column, row + 1)
        } else {
            (column + 1, row)
        };
        let (a, b) = (self.place(column, row), self.place(right, above));
        let (share, known) = match (self.height(column, row), self.height(right, above)) {
            (Some(from), Some(to)) => (((level - from) / (to - from)).clamp(0.0, 1.0), true),
            _ => (0.5, false),
        };
        let share = if share.is_finite() { share } else { 0.5 };
        let between = |axis: usize| a[axis] + share * (b[axis] - a[axis]);
        ([between(0), between(1)], known)
    }

    /// The sides that each border crosses, with what is higher on its left.
    fn traced(&self, level: f64) -> Vec<Vec<Side>> {
        let [width, height] = self.counts.map(|count| count + 2);
        let high = |column, row| {
            self.height(column, row)
                .is_some_and(|height| height >= level)
        };
        let key = |(column, row, up): Side| 2 * (row * width + column) + usize::from(up);
        let mut next: Vec<Option<Side>> = vec![None; 2 * width * height];
        for row in 0..height - 1 {
            for column in 0..width - 1 {
                let [bottom, right, top, left] = [
                    (column, row, false),
                    (column + 1, row, true),
                    (column, row + 1, false),
                    (column, row, true),
                ];
                let corners = [
                    high(column, row),
                    high(column + 1, row),
                    high(column + 1, row + 1),
                    high(column, row + 1),
                ];
                let joined: &[(Side, Side)] = match corners {
                    [true, false, false, false] => &[(bottom, left)],
                    [false, true, false, false] => &[(right, bottom)],
                    [false, false, true, false] => &[(top, right)],
                    [false, false, false, true] => &[(left, top)],
                    [true, true, false, false] => &[(right, left)],
                    [false, true, true, false] => &[(top, bottom)],
                    [false, false, true, true] => &[(left, right)],
                    [true, false, false, true] => &[(bottom, top)],
                    [true, true, true, false] => &[(top, left)],
                    [false, true, true, true] => &[(left, bottom)],
                    [true, false, true, true] => &[(bottom, right)],
                    [true, true, false, true] => &[(right, top)],
                    [true, false, true, false] if self.is_ridge(column, row, level) => {
                        &[(bottom, right), (top, left)]
                    }
                    [true, false, true, false] => &[(bottom, left), (top, right)],
                    [false, true, false, true] if self.is_ridge(column, row, level) => {
                        &[(left, bottom), (right, top)]
                    }
                    [false, true, false, true] => &[(right, bottom), (left, top)],
                    [true, true, true, true] | [false, false, false, false] => &[],
                };
                for (from, to) in joined {
                    next[key(*from)] = Some(*to);
                }
            }
        }
        let mut borders = Vec::new();
        for start in 0..next.len() {
            let mut border = Vec::new();
            let mut at = start;
            while let Some(side) = next[at].take() {
                border.push(side);
                at = key(side);
            }
            if !border.is_empty() {
                borders.push(border);
            }
        }
        borders
    }

    /// Whether the middle of a cell is as high as its two high corners.
    fn is_ridge(&self, column: usize, row: usize, level: f64) -> bool {
        let corners = [
            self.height(column, row),
            self.height(column + 1, row),
            self.height(column, row + 1),
            self.height(column + 1, row + 1),
        ];
        let sum: Option<f64> = corners.into_iter().sum();
        sum.is_some_and(|sum| sum >= 4.0 * level)
    }
}

/// Heights with others between them.
fn between(heights: &[f64], times: usize) -> Vec<f64> {
    let at = |place: isize| {
        let inside = usize::try_from(place)
            .ok()
            .and_then(|place| heights.get(place));
        inside.copied().filter(|height| height.is_finite())
    };
    let mut found = Vec::with_capacity((heights.len() - 1) * times + 1);
    for (place, pair) in heights.windows(2).enumerate() {
        let (place, [b, c]) = (place as isize, [pair[0], pair[1]]);
        // Where there is no neighbour, the line is continued.
        let a = at(place - 1).unwrap_or(2.0 * b - c);
        let d = at(place + 2).unwrap_or(2.0 * c - b);
        found.push(b);
        for step in 1..times {
            let s = step as f64 / times as f64;
            let cubic = s * (3.0 * (b - c) + d - a) + (2.0 * a - 5.0 * b + 4.0 * c - d);
            let height = b + 0.5 * s * (c - a + s * cubic);
            found.push(if height.is_finite() { height } else { f64::NAN });
        }
    }
    found.extend(heights.last());
    found
}

/// About `most` round levels between these heights, with how they are written: even steps, or, where most heights lie
/// low above 0 and few rise far, powers of ten with their halves and fifths.
///
/// ```
/// use secant_plot::levels;
///
/// let even: Vec<f64> = levels(&[0.0, 2.5, 5.0, 7.5, 10.0], 6).iter().map(|(level, _)| *level).collect();
/// assert_eq!(even, [2.0, 4.0, 6.0, 8.0]);
/// ```
pub fn levels(heights: &[f64], most: usize) -> Vec<(f64, Tex)> {
    const FEWEST: usize = 4;
    let mut sorted: Vec<f64> = heights.iter().copied().filter(|h| h.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (sorted.first().copied(), sorted.last().copied()) else {
        return Vec::new();
    };
    let share = |share: f64| sorted[(share * (sorted.len() - 1) as f64) as usize];
    let steep = high - low > 6.0 * (share(0.5) - low) && low > -0.02 * high && high > 0.0;
    let (from, scale) = if steep {
        (share(0.01).max(1e-4 * high), Scale::Log10)
    } else {
        (low, Scale::Linear)
    };
    let within = |(level, _): &(f64, Tex)| *level > low && *level < high;
    if scale == Scale::Log10 {
        let found: Vec<_> = series(from, high).into_iter().filter(within).collect();
        // Between heights of one size lie too few of these to show a form.
        if found.len() >= FEWEST {
            return found;
        }
    }
    let range = Range::new(low, high, Scale::Linear);
    let even = ticks(&range, most as f64).into_iter();
    even.map(|tick| (tick.value, tick.text))
        .filter(within)
        .collect()
}

/// Levels between two heights above 0 that differ in size, with how they are written: 1, 2 and 5 times each power of ten, or so few of the powers that
/// there are about `most`.
///
/// ```
/// use secant_plot::decades;
///
/// let sizes: Vec<f64> = decades(0.67, 279.6, 9).iter().map(|(level, _)| *level).collect();
/// assert_eq!(sizes, [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0]);
/// ```
pub fn decades(low: f64, high: f64, most: usize) -> Vec<(f64, Tex)> {
    if !(low > 0.0 && high > low && high.is_finite()) {
        return Vec::new();
    }
    let mut found = series(low, high);
    found.retain(|(level, _)| *level > low && *level < high);
    if found.len() > most + most / 2 {
        found.retain(|(level, _)| is_power_of_ten(*level));
        let every = found.len().div_ceil(most.max(1));
        return found.into_iter().step_by(every).collect();
    }
    found
}

/// By its decimals: a logarithm may lie a rounding below a whole number.
fn is_power_of_ten(level: f64) -> bool {
    format!("1e{}", level.log10().round()).parse() == Ok(level)
}

/// 1, 2 and 5 times each power of ten between two heights; 1 and 3 where these would be too many.
fn series(low: f64, high: f64) -> Vec<(f64, Tex)> {
    const DECADES: f64 = 3.3;
    let counts: &[u32] = if (high / low).log10() > DECADES {
        &[1, 3]
    } else {
        &[1, 2, 5]
    };
    let powers = low.log10().floor() as i32..=high.log10().floor() as i32;
    let written = |(power, count): (i32, &u32)| {
        let level: f64 = format!("{count}e{power}").parse().unwrap_or(f64::NAN);
        let text = match (power, count) {
            (-3..=4, _) => Tex::from(level.to_string()),
            (_, 1) => Tex::from(format!("10^{{{power}}}")),
            _ => Tex::from(format!(r"{count} \cdot 10^{{{power}}}")),
        };
        (level, text)
    };
    powers
        .flat_map(|power| counts.iter().map(move |count| (power, count)))
        .map(written)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice the signed area within a border.
    fn area(border: &[[f64; 2]]) -> f64 {
        let pairs = border.iter().zip(border.iter().cycle().skip(1));
        pairs.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
    }

    #[test]
    fn every_power_of_ten_is_one() {
        for power in -300..=300 {
            let level: f64 = format!("1e{power}").parse().unwrap_or_default();
            assert!(is_power_of_ten(level), "{level:e}");
            assert!(!is_power_of_ten(3.0 * level), "{level:e}");
        }
    }

    #[test]
    fn a_slope_is_cut_in_two_straight_parts() {
        let slope = Heights::sample([0.0, 1.0], [0.0, 2.0], [11, 9], |x, _| x);
        let line = slope.line(0.25);
        assert_eq!(line.len(), 1);
        assert!(line[0].iter().all(|[x, _]| (x - 0.25).abs() < 1e-15));
        let inside: f64 = slope.above(0.25).iter().map(|border| area(border)).sum();
        assert!((inside / 2.0 - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_hole_runs_the_other_way_around() {
        let bowl = Heights::sample([-1.0, 1.0], [-1.0, 1.0], [81, 81], |x, y| x.hypot(y));
        let borders = bowl.above(0.5);
        assert_eq!(borders.len(), 2);
        let inside: f64 = borders.iter().map(|border| area(border)).sum();
        let exact = 4.0 - std::f64::consts::PI / 4.0;
        assert!((inside / 2.0 - exact).abs() < 1e-3);
    }

    #[test]
    fn a_refined_field_has_round_contours() {
        let bowl = Heights::sample([-1.0, 1.0], [-1.0, 1.0], [13, 13], |x, y| {
            x * x + 3.0 * y * y
        });
        let furthest = |field: &Heights| {
            let places = field.line(0.2).into_iter().flatten();
            let off = places.map(|[x, y]| (x * x + 3.0 * y * y - 0.2).abs());
            off.fold(0.0, f64::max)
        };
        let (coarse, fine) = (furthest(&bowl), furthest(&bowl.refined(4)));
        assert!(fine < coarse / 10.0, "{coarse} {fine}");
        // Nothing is made up where there is nothing.
        let half = Heights::sample([0.0, 1.0], [0.0, 1.0], [5, 5], |x, _| {
            if x > 0.6 { f64::INFINITY } else { x }
        });
        let finite = half.refined(4);
        let finite = finite.heights().iter().filter(|height| height.is_finite());
        assert_eq!(finite.count(), 9 * 17);
    }

    #[test]
    fn sizes_far_apart_have_few_powers_as_levels() {
        for decade in 1..300 {
            let count = decades(1e-150, 10f64.powi(decade - 150) * 1.5, 9).len();
            assert!((1..=13).contains(&count), "{decade}: {count}");
        }
        assert!(decades(0.0, 1.0, 9).is_empty() && decades(1.0, f64::INFINITY, 9).is_empty());
    }

    #[test]
    fn steep_heights_of_one_size_have_levels_too() {
        // A flat floor with one steep corner: the losses of an untrained network.
        for (floor, rise) in [
            (1.24, 0.44),
            (2.0, 0.9),
            (1.0, 4.0),
            (1.0, 1e-3),
            (0.7, 30.0),
        ] {
            let corner = Heights::sample([0.0, 1.0], [0.0, 1.0], [61, 61], |x, y| {
                floor + rise * (x * y).powi(4)
            });
            let count = levels(corner.heights(), 9).len();
            assert!((4..=12).contains(&count), "{floor} {rise}: {count}");
        }
    }

    #[test]
    fn what_has_no_height_bounds_no_line() {
        let half = Heights::sample([-1.0, 1.0], [-1.0, 1.0], [41, 41], |x, y| {
            if x > 0.0 { f64::NAN } else { y }
        });
        for piece in half.line(0.1) {
            assert!(
                piece
                    .iter()
                    .all(|[x, y]| *x <= 0.0 && (y - 0.1).abs() < 1e-12)
            );
        }
        let nothing = Heights::sample([0.0, 1.0], [0.0, 1.0], [5, 5], |_, _| f64::NAN);
        assert!(nothing.above(0.0).is_empty() && levels(nothing.heights(), 5).is_empty());
    }
}
