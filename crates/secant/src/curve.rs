//! [`Curve`]: a function sampled for a picture. Neighbours are joined only where the function is proven continuous
//! between them, or so close together that no jump can be seen; so a jump or a pole is never crossed by a line.

use crate::function::Recorded;
use crate::number::{Decoration, Interval};

/// Cells that a range is cut into at first.
const CELLS: usize = 256;
/// The golden ratio, whose multiples are spread most evenly.
const GOLDEN: f64 = 1.618_033_988_749_895;
/// How often a cell that bends is halved.
const DEEPEST_BEND: u32 = 5;
/// How often a cell that may hold a jump is halved.
const DEEPEST_JUMP: u32 = 24;
/// How many parts of one cell are looked at.
const MOST_EFFORT: usize = 300;

/// A curve in pieces, each a run of points that may be joined.
///
/// ```
/// use secant::{Curve, Formula, Recorded};
/// let f = Recorded::from(&Formula::parse("1/x")?);
/// let curve = Curve::sample(&f, &[1.0], 0, (-1.0, 1.0));
/// assert_eq!(curve.pieces.len(), 2);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// Where the domain ends, so does the piece:
///
/// ```
/// use secant::{Curve, Formula, Recorded};
/// let f = Recorded::from(&Formula::parse("sqrt(x)")?);
/// let curve = Curve::sample(&f, &[1.0], 0, (-1.0, 1.0));
/// assert!(curve.pieces.len() == 1 && curve.pieces[0][0][0].abs() < 1e-6);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Points `[x, y]` from left to right.
    pub pieces: Vec<Vec<[f64; 2]>>,
    /// Heights in each of many cells of one width, so that what is drawn most finely does not count most.
    heights: Vec<f64>,
}

impl Curve {
    /// Samples the first output along one input from `range.0` to `range.1`, the others staying as in `at`. Along an input that is
    /// not there, or has no number in `at`, there is no curve.
    #[must_use]
    pub fn sample(function: &Recorded, at: &[f64], input: usize, range: (f64, f64)) -> Self {
        if input >= at.len().min(function.program().inputs()) {
            return Self::default();
        }
        let along = Along {
            function,
            at,
            input,
        };
        let width = range.1 - range.0;
        let place = |cell: usize| range.0 + width * (cell as f64 / CELLS as f64);
        // Somewhere in each cell, never at the same place (Weyl 1916): a wave as wide as a cell looks the same at its ends.
        let within = |cell: usize| match cell {
            0 | CELLS => place(cell),
            _ => place(cell) + width / CELLS as f64 * ((cell as f64 * GOLDEN).fract() - 0.5),
        };
        let points: Vec<[f64; 2]> = (0..=CELLS).map(|cell| along.point(place(cell))).collect();
        let heights: Vec<f64> = (0..=CELLS)
            .map(|cell| along.point(within(cell))[1])
            .collect();
        let (low, high) = view(heights.iter().copied(), &[]);
        let sampler = Sampler {
            along,
            height: high - low,
            narrowest: width / CELLS as f64 * 0.5f64.powi(DEEPEST_JUMP as i32),
        };
        let mut curve = Self {
            pieces: Vec::new(),
            heights,
        };
        curve.begin(points[0]);
        for pair in points.windows(2) {
            sampler.join(pair[0], pair[1], &mut curve);
        }
        curve.pieces.retain(|piece| piece.len() > 1);
        curve
    }

    /// The range of y that shows the curve and these points: all of it, unless a pole or a steep end would
    /// press the rest flat. Peaks are shown however narrow they are, and ends of the domain that lie near.
    #[must_use]
    pub fn view(&self, marked: &[f64]) -> (f64, f64) {
        /// By this part of its height a picture grows for the end of a curve.
        const NEAR: f64 = 0.25;
        let (low, high) = view(self.heights.iter().copied(), marked);
        let far = NEAR * (high - low);
        let is_near = |y: &f64| (low - far..=high + far).contains(y);
        let ends = self
            .pieces
            .iter()
            .flat_map(|piece| [piece.first(), piece.last()]);
        let ends = ends.flatten().map(|point| point[1]).filter(is_near);
        let shown = self
            .pieces
            .iter()
            .flat_map(|piece| extremes(piece))
            .chain(ends);
        shown.fold((low, high), |(low, high), y| (low.min(y), high.max(y)))
    }

    /// Starts a new piece.
    fn begin(&mut self, point: [f64; 2]) {
        if point[1].is_finite() {
            self.pieces.push(vec![point]);
        }
    }

    /// Continues the last piece.
    fn extend(&mut self, point: [f64; 2]) {
        match self.pieces.last_mut() {
            Some(piece) => piece.push(point),
            None => self.begin(point),
        }
    }
}

struct Along<'f> {
    function: &'f Recorded,
    at: &'f [f64],
    input: usize,
}

impl Along<'_> {
    fn point(&self, x: f64) -> [f64; 2] {
        let mut at = self.at.to_vec();
        at[self.input] = x;
        [x, self.function.value_at(0, &at)]
    }

    /// The range over a cell.
    fn range(&self, from: f64, to: f64) -> Interval {
        let mut cell: Vec<Interval> = self.at.iter().map(|x| Interval::point(*x)).collect();
        cell[self.input] = Interval::new(from, to);
        self.function
            .program()
            .run(&cell)
            .into_iter()
            .next()
            .unwrap_or(Interval::EMPTY)
    }
}

struct Sampler<'f> {
    along: Along<'f>,
    height: f64,
    narrowest: f64,
}

impl Sampler<'_> {
    /// Adds what lies between two neighbours, halving where it bends or may break. Where nothing can be proven, the
    /// effort ends.
    fn join(&self, from: [f64; 2], to: [f64; 2], curve: &mut Curve) {
        let mut pending = vec![(from, to, 0u32)];
        let mut effort = 0;
        while let Some((a, b, depth)) = pending.pop() {
            effort += 1;
            let middle = self.along.point(0.5 * (a[0] + b[0]));
            let range = self.along.range(a[0], b[0]);
            let whole = range.decoration() == Decoration::Continuous && range.is_bounded();
            let narrow = b[0] - a[0] <= self.narrowest || middle[0] <= a[0] || middle[0] >= b[0];
            if range.is_empty() {
                curve.begin(b);
            } else if whole && (depth >= DEEPEST_BEND || !self.bends([a, middle, b], range)) {
                curve.extend(b);
            } else if narrow || effort > MOST_EFFORT {
                self.close(a, middle, b, curve);
            } else {
                pending.push((middle, b, depth + 1));
                pending.push((a, middle, depth + 1));
            }
        }
    }

    /// A cell of which nothing is proven: joined where no break can be seen, or where it is straight, as no break is.
    fn close(&self, a: [f64; 2], middle: [f64; 2], b: [f64; 2], curve: &mut Curve) {
        const INVISIBLE: f64 = 1e-3;
        let rise = (a[1] - b[1]).abs();
        let straight =
            (middle[1] - 0.5 * (a[1] + b[1])).abs() <= 0.25 * rise && rise <= 0.5 * self.height;
        let finite = a[1].is_finite() && b[1].is_finite();
        if finite && (rise <= INVISIBLE * self.height || straight) {
            curve.extend(b);
        } else {
            curve.begin(b);
        }
    }

    /// Whether the middle is off the straight line by more than a thousandth of the picture, or the function may go where none of the three points shows it:
    /// a wave that passes 0 at each of them is no line.
    fn bends(&self, points: [[f64; 2]; 3], range: Interval) -> bool {
        const VISIBLE: f64 = 1e-3;
        const UNSEEN: f64 = 0.02;
        let [a, middle, b] = points.map(|point| point[1]);
        let off = (middle - 0.5 * (a + b)).abs();
        let span = a.max(middle).max(b) - a.min(middle).min(b);
        off > VISIBLE * self.height || range.width() > 4.0 * span + UNSEEN * self.height
    }
}

/// The heights at which a piece turns.
fn extremes(piece: &[[f64; 2]]) -> impl Iterator<Item = f64> {
    let turns = |three: &&[[f64; 2]]| {
        let [before, here, after] = [0, 1, 2].map(|place| three[place][1]);
        (before < here && here > after) || (before > here && here < after)
    };
    piece.windows(3).filter(turns).map(|three| three[1][1])
}

/// The range of these values; when few of them make it more than four times as tall, the range without those.
fn view(values: impl Iterator<Item = f64>, marked: &[f64]) -> (f64, f64) {
    let mut sorted: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let marked: Vec<f64> = marked
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    let Some(last) = sorted.len().checked_sub(1) else {
        return around(&marked);
    };
    let at = |share: f64| sorted[(share * last as f64) as usize];
    let (inner, whole) = ((at(0.05), at(0.95)), (sorted[0], sorted[last]));
    let (mut low, mut high) = if whole.1 - whole.0 > 4.0 * (inner.1 - inner.0) && inner.1 > inner.0
    {
        inner
    } else {
        whole
    };
    for value in marked {
        low = low.min(value);
        high = high.max(value);
    }
    around(&[low, high])
}

/// From the least to the greatest, never empty.
fn around(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        (-1.0, 1.0)
    } else if low == high {
        let room = 0.5 * low.abs().max(1.0);
        (low - room, high + room)
    } else {
        (low, high)
    }
}
