//! Rectangles, and what of a line lies inside one.
//!
//! Clipping follows Liang and Barsky (1984). It takes points however far away
//! and gives only points inside the rectangle, so that nothing behind it ever
//! sees a huge coordinate. It never joins what was apart.

/// A place in the plane, in whatever unit the caller counts.
pub(crate) type Place = [f64; 2];

/// Places farther than this are pulled nearer before a line is clipped, so that
/// their differences do not overflow.
const FARTHEST: f64 = 1e150;

/// A rectangle with sides parallel to the axes; `low` is never above `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) low: Place,
    pub(crate) high: Place,
}

impl Area {
    /// The square from 0 to 1, in which a frame counts its fractions.
    pub(crate) const UNIT: Area = Area {
        low: [0.0, 0.0],
        high: [1.0, 1.0],
    };

    pub(crate) fn new(low: Place, high: Place) -> Self {
        Self { low, high }
    }

    pub(crate) fn around(centre: Place, width: f64, height: f64) -> Self {
        Self {
            low: [centre[0] - width / 2.0, centre[1] - height / 2.0],
            high: [centre[0] + width / 2.0, centre[1] + height / 2.0],
        }
    }

    pub(crate) fn width(&self) -> f64 {
        self.high[0] - self.low[0]
    }

    pub(crate) fn height(&self) -> f64 {
        self.high[1] - self.low[1]
    }

    pub(crate) fn centre(&self) -> Place {
        [
            (self.low[0] + self.high[0]) / 2.0,
            (self.low[1] + self.high[1]) / 2.0,
        ]
    }

    pub(crate) fn grown(&self, by: f64) -> Self {
        Self {
            low: [self.low[0] - by, self.low[1] - by],
            high: [self.high[0] + by, self.high[1] + by],
        }
    }

    pub(crate) fn contains(&self, inner: &Area) -> bool {
        self.low[0] <= inner.low[0]
            && self.low[1] <= inner.low[1]
            && self.high[0] >= inner.high[0]
            && self.high[1] >= inner.high[1]
    }

    pub(crate) fn holds(&self, place: Place) -> bool {
        self.nearest(place) == place
    }

    pub(crate) fn overlaps(&self, other: &Area) -> bool {
        self.low[0] < other.high[0]
            && other.low[0] < self.high[0]
            && self.low[1] < other.high[1]
            && other.low[1] < self.high[1]
    }

    /// The place of this rectangle closest to another place.
    pub(crate) fn nearest(&self, place: Place) -> Place {
        [
            place[0].max(self.low[0]).min(self.high[0]),
            place[1].max(self.low[1]).min(self.high[1]),
        ]
    }

    pub(crate) fn distance(&self, place: Place) -> f64 {
        let near = self.nearest(place);
        (near[0] - place[0]).hypot(near[1] - place[1])
    }

    /// The part of the segment from `a` to `b` that lies inside.
    pub(crate) fn clip(&self, a: Place, b: Place) -> Option<[Place; 2]> {
        let (mut start, mut end) = (0.0_f64, 1.0_f64);
        for axis in 0..2 {
            let run = b[axis] - a[axis];
            if run == 0.0 {
                // A segment along the side: inside or not, without a crossing.
                if a[axis] < self.low[axis] || a[axis] > self.high[axis] {
                    return None;
                }
                continue;
            }
            let first = (self.low[axis] - a[axis]) / run;
            let second = (self.high[axis] - a[axis]) / run;
            start = start.max(first.min(second));
            end = end.min(first.max(second));
        }
        // Written so that a NaN is rejected as well.
        if !matches!(
            start.partial_cmp(&end),
            Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
        ) {
            return None;
        }
        // Rounding may leave a cut point a hair outside: the side is exact.
        let at = |t: f64| self.nearest([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
        let from = if start == 0.0 { a } else { at(start) };
        let to = if end == 1.0 { b } else { at(end) };
        Some([from, to])
    }

    /// The parts of a polyline that lie inside. A place that is not finite cuts.
    pub(crate) fn clip_polyline(&self, places: impl IntoIterator<Item = Place>) -> Vec<Vec<Place>> {
        let mut parts: Vec<Vec<Place>> = Vec::new();
        let mut previous: Option<Place> = None;
        for place in places {
            if !(place[0].is_finite() && place[1].is_finite()) {
                previous = None;
                continue;
            }
            let place = place.map(|part| part.clamp(-FARTHEST, FARTHEST));
            if let Some([from, to]) = previous.and_then(|last| self.clip(last, place)) {
                match parts.last_mut() {
                    // The stroke goes on only where the last part really ended
                    // at the previous place, not at a place that looks alike.
                    Some(part) if part.last() == Some(&from) && previous == Some(from) => {
                        part.push(to);
                    }
                    _ => parts.push(vec![from, to]),
                }
            }
            previous = Some(place);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crossing_line_is_cut_at_both_sides() {
        let parts = Area::UNIT.clip_polyline([[-1.0, 0.5], [2.0, 0.5]]);
        assert_eq!(parts, vec![vec![[0.0, 0.5], [1.0, 0.5]]]);
    }

    #[test]
    fn a_line_that_leaves_and_returns_becomes_two_parts() {
        let parts = Area::UNIT.clip_polyline([[0.2, 0.2], [0.5, 3.0], [0.8, 0.2]]);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0][0], [0.2, 0.2]);
        assert_eq!(parts[0][1][1], 1.0);
        assert_eq!(parts[1][1], [0.8, 0.2]);
    }

    #[test]
    fn nan_and_infinity_cut_and_are_never_joined() {
        for hole in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let parts = Area::UNIT.clip_polyline([
                [0.1, 0.1],
                [0.2, 0.2],
                [0.3, hole],
                [0.4, 0.4],
                [0.5, 0.5],
            ]);
            assert_eq!(
                parts,
                vec![vec![[0.1, 0.1], [0.2, 0.2]], vec![[0.4, 0.4], [0.5, 0.5]]]
            );
        }
    }

    #[test]
    fn huge_coordinates_give_only_places_inside() {
        let huge = [1e300, -1e300, 1e308, -1e308, f64::MAX, -f64::MAX, 0.5];
        for a in huge {
            for b in huge {
                let zigzag = [[0.5, 0.5], [a, b], [b, a], [0.25, 0.75], [-a, b]];
                for part in Area::UNIT.clip_polyline(zigzag) {
                    assert!(part.len() >= 2);
                    assert!(part.iter().all(|place| Area::UNIT.holds(*place)));
                }
            }
        }
    }

    #[test]
    fn a_far_end_keeps_the_direction() {
        let parts = Area::UNIT.clip_polyline([[0.5, 0.5], [1e100, 0.5e100]]);
        assert!((parts[0][1][0] - 1.0).abs() < 1e-12);
        assert!((parts[0][1][1] - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_line_outside_leaves_nothing() {
        assert!(
            Area::UNIT
                .clip_polyline([[2.0, 2.0], [3.0, 1.5]])
                .is_empty()
        );
        assert!(
            Area::UNIT
                .clip_polyline([[-1.0, 1.5], [2.0, 1.5]])
                .is_empty()
        );
        assert!(Area::UNIT.clip_polyline([[0.5, 0.5]]).is_empty());
    }
}
