//! Finding room for labels.
//!
//! Takes places to speak of, sizes of labels and everything that is in the
//! way; gives a rectangle for each label, with a leader where the room is far.
//! Many positions around a place are tried and the cheapest kept; afterwards
//! each label is asked again whether it finds better room now that all others
//! stand. No randomness: the same scene always gives the same figure.

use crate::area::{Area, Place};
use crate::lattice::{Lattice, Stroke};

/// What labels must not touch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Obstacles {
    /// Straight strokes of curves, tangents and guides.
    pub(crate) strokes: Vec<Stroke>,
    /// Points: the middle and the radius of each.
    pub(crate) discs: Vec<(Place, f64)>,
}

/// A label that looks for room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    pub(crate) at: Place,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Where a label stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) area: Area,
    /// From near its place to the label, where the label stands apart.
    pub(crate) leader: Option<[Place; 2]>,
}

/// Finds room for all labels within the frame. `unit` is the length everything
/// is measured by: one pixel in a picture of 900 by 600.
pub(crate) fn place(
    requests: &[Request],
    obstacles: &Obstacles,
    frame: &Area,
    unit: f64,
) -> Vec<Spot> {
    let mut room = Room {
        requests,
        obstacles,
        strokes: Lattice::new(frame, 24.0 * unit, &obstacles.strokes),
        frame,
        unit,
        spots: vec![None; requests.len()],
    };
    const ROUNDS: usize = 3;
    for _ in 0..ROUNDS {
        let before = room.cost();
        for index in 0..requests.len() {
            room.spots[index] = None;
            room.spots[index] = Some(room.best(index));
        }
        room.make_way();
        if room.cost() >= before {
            break;
        }
    }
    let spots = room.spots.into_iter().flatten();
    spots.map(|(_, spot)| spot).collect()
}

/// A spot with what it costs: pixels of distance and everything unpleasant.
type Priced = (f64, Spot);

struct Room<'a> {
    requests: &'a [Request],
    obstacles: &'a Obstacles,
    strokes: Lattice,
    frame: &'a Area,
    unit: f64,
    spots: Vec<Option<Priced>>,
}

impl Room<'_> {
    /// What all labels cost together; a label not yet placed costs more than any.
    fn cost(&self) -> f64 {
        let costs = self.spots.iter();
        costs.map(|spot| spot.map_or(1e9, |(cost, _)| cost)).sum()
    }

    /// Lets each expensive label choose first, with its neighbours out of the
    /// way, and places those again; kept where all together gain by it.
    fn make_way(&mut self) {
        const CHEAP: f64 = 16.0;
        for index in 0..self.requests.len() {
            if self.spots[index].is_some_and(|(cost, _)| cost < CHEAP) {
                continue;
            }
            let before = self.cost();
            let kept = self.spots.clone();
            let Request { at, width, .. } = self.requests[index];
            let reach = width + 30.0 * self.unit;
            let neighbours: Vec<usize> = (0..self.requests.len())
                .filter(|other| *other != index)
                .filter(|other| {
                    kept[*other].is_some_and(|(_, spot)| spot.area.distance(at) < reach)
                })
                .collect();
            for other in neighbours.iter().chain([&index]) {
                self.spots[*other] = None;
            }
            for other in [index].iter().chain(&neighbours) {
                self.spots[*other] = Some(self.best(*other));
            }
            if self.cost() >= before {
                self.spots = kept;
            }
        }
    }

    fn best(&self, index: usize) -> Priced {
        self.beside(index)
            .or_else(|| self.apart(index))
            .unwrap_or_else(|| self.least_bad(index))
    }

    /// The cheapest free position close enough to need no leader.
    fn beside(&self, index: usize) -> Option<Priced> {
        let mut best: Option<(f64, Area)> = None;
        for (area, cost) in self.around(index) {
            // What costs more already need not be tested against everything.
            if best.is_some_and(|(least, _)| cost >= least) || !self.is_free(&area) {
                continue;
            }
            let cost = cost + self.crowding(index, &area);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, area));
            }
        }
        best.map(|(cost, area)| (cost, Spot { area, leader: None }))
    }

    /// Positions around a place at growing distances, with their own cost.
    fn around(&self, index: usize) -> Vec<(Area, f64)> {
        let Request { at, width, height } = self.requests[index];
        let mut positions = Vec::new();
        for distance in [7.0, 10.0, 14.0, 19.0, 25.0] {
            let reach = distance * self.unit;
            for (across, down, bias) in DIRECTIONS {
                let centre = [
                    at[0] + across * (width / 2.0 + reach),
                    at[1] + down * (height / 2.0 + reach),
                ];
                let area = Area::around(centre, width, height);
                positions.push((area, area.distance(at) / self.unit + bias));
            }
        }
        positions
    }

    /// The cheapest free position anywhere, joined to its place by a leader.
    fn apart(&self, index: usize) -> Option<Priced> {
        let Request { at, .. } = self.requests[index];
        let mut best: Option<Priced> = None;
        for (distance, area) in self.anywhere(index) {
            // The nearest come first: once distance alone costs more, all do.
            if best.is_some_and(|(least, _)| distance >= least) {
                break;
            }
            if !self.is_free(&area) {
                continue;
            }
            let leader = self.leader(at, &area);
            let Some(crossings) = self.crossings(index, leader) else {
                continue;
            };
            let cost = distance + 18.0 * crossings as f64 + self.crowding(index, &area);
            if best.is_none_or(|(least, _)| cost < least) {
                let leader = Some(leader);
                best = Some((cost, Spot { area, leader }));
            }
        }
        // Any leader costs a reader more than the farthest spot without one.
        best.map(|(cost, spot)| (cost + 40.0, spot))
    }

    /// Positions all over the frame, the nearest first.
    fn anywhere(&self, index: usize) -> Vec<(f64, Area)> {
        /// A leader shorter than this would not be seen as one.
        const SHORTEST: f64 = 24.0;
        let Request { at, width, height } = self.requests[index];
        let (across, down) = (14.0 * self.unit, 9.0 * self.unit);
        let mut positions = Vec::new();
        for column in 0..=steps(self.frame.width(), across) {
            for row in 0..=steps(self.frame.height(), down) {
                let centre = [
                    self.frame.low[0] + column as f64 * across,
                    self.frame.low[1] + row as f64 * down,
                ];
                let area = Area::around(centre, width, height);
                let distance = area.distance(at) / self.unit;
                if distance >= SHORTEST && self.frame.contains(&area) {
                    positions.push((distance, area));
                }
            }
        }
        positions.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        positions
    }

    /// A leader starts beside its point and ends just before the label, at the
    /// middle of a side where that is the nearer way to meet it.
    fn leader(&self, at: Place, area: &Area) -> [Place; 2] {
        let target = area.grown(3.0 * self.unit).nearest([
            at[0].clamp(area.low[0], area.high[0]),
            if at[1] >= area.low[1] && at[1] <= area.high[1] {
                area.centre()[1]
            } else {
                at[1]
            },
        ]);
        let length = (target[0] - at[0]).hypot(target[1] - at[1]).max(1e-9);
        let start = (8.0 * self.unit / length).min(0.5);
        let from = [
            at[0] + start * (target[0] - at[0]),
            at[1] + start * (target[1] - at[1]),
        ];
        [from, target]
    }

    /// How many strokes a leader crosses; none where it runs through a label,
    /// another leader or somebody else's point.
    fn crossings(&self, index: usize, [from, to]: [Place; 2]) -> Option<usize> {
        let blocked = self.others(index).any(|spot| {
            let through = spot.area.grown(2.0 * self.unit).clip(from, to).is_some();
            through || spot.leader.is_some_and(|leader| cross([from, to], leader))
        });
        let over = |&(centre, radius): &(Place, f64)| {
            let square = Area::around(centre, 2.0 * radius, 2.0 * radius);
            square.clip(from, to).is_some()
        };
        if blocked || self.obstacles.discs.iter().any(over) {
            return None;
        }
        let strokes = self.obstacles.strokes.iter();
        Some(strokes.filter(|stroke| cross([from, to], **stroke)).count())
    }

    fn others(&self, index: usize) -> impl Iterator<Item = &Spot> {
        self.spots
            .iter()
            .enumerate()
            .filter(move |(other, _)| *other != index)
            .filter_map(|(_, spot)| spot.as_ref())
            .map(|(_, spot)| spot)
    }

    /// Whether a label here touches nothing. The label being placed has no
    /// spot meanwhile, so that it is not in its own way.
    fn is_free(&self, area: &Area) -> bool {
        self.frame.contains(&area.grown(2.0 * self.unit)) && self.touched(area).next().is_none()
    }

    /// Everything a label here would touch, found one by one.
    fn touched(&self, area: &Area) -> impl Iterator<Item = ()> {
        let (area, unit) = (*area, self.unit);
        let (clear, wide) = (area.grown(4.0 * unit), area.grown(5.0 * unit));
        let hit = move |[a, b]: Stroke| clear.clip(a, b).is_some();
        let labels = self.spots.iter().flatten();
        let labels = labels
            .filter(move |(_, spot)| wide.overlaps(&spot.area) || spot.leader.is_some_and(hit));
        let discs = self.obstacles.discs.iter();
        let discs =
            discs.filter(move |(centre, radius)| area.distance(*centre) < radius + 1.5 * unit);
        let strokes = self
            .strokes
            .near(&clear)
            .filter(move |stroke| hit(**stroke));
        let (labels, discs) = (labels.map(|_| ()), discs.map(|_| ()));
        labels.chain(discs).chain(strokes.map(|_| ()))
    }

    /// What a free position still costs: strokes that pass close by, and other
    /// places that a reader might take it to belong to.
    fn crowding(&self, index: usize, area: &Area) -> f64 {
        let near = area.grown(8.0 * self.unit);
        let mut strokes = self.strokes.near(&near);
        let close = strokes.any(|[a, b]| near.clip(*a, *b).is_some());
        let own = area.distance(self.requests[index].at);
        let rivals = self
            .requests
            .iter()
            .enumerate()
            .filter(|(other, rival)| {
                *other != index
                    && rival.at != self.requests[index].at
                    && area.distance(rival.at) < own.max(6.0 * self.unit) * 1.4
            })
            .count();
        f64::from(u8::from(close)) * 3.0 + rivals as f64 * 15.0
    }

    /// Where nothing is free: the position close by that touches least, moved
    /// into the frame. A crowded label is better than a silently missing one.
    fn least_bad(&self, index: usize) -> Priced {
        let inside = |area: Area| {
            let mut centre = area.centre();
            for axis in 0..2 {
                let half = [area.width(), area.height()][axis] / 2.0;
                let (low, high) = (self.frame.low[axis] + half, self.frame.high[axis] - half);
                centre[axis] = centre[axis].min(high).max(low);
            }
            Area::around(centre, area.width(), area.height())
        };
        let Request { at, width, height } = self.requests[index];
        let area = self
            .around(index)
            .into_iter()
            .map(|(area, _)| inside(area))
            .min_by_key(|area| self.touched(area).count())
            .unwrap_or_else(|| inside(Area::around(at, width, height)));
        let cost = 1000.0 + 100.0 * self.touched(&area).count() as f64;
        (cost, Spot { area, leader: None })
    }
}

fn steps(length: f64, step: f64) -> usize {
    (length / step).max(0.0) as usize
}

/// Whether two segments cross or touch.
fn cross([a, b]: [Place; 2], [c, d]: [Place; 2]) -> bool {
    let side = |p: Place, q: Place, r: Place| {
        (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    };
    side(a, b, c) * side(a, b, d) <= 0.0 && side(c, d, a) * side(c, d, b) <= 0.0
}

/// Where around its place a label may stand, as parts of its half size, with a
/// bias: right above is where a reader looks first, y grows downward.
const DIRECTIONS: [(f64, f64, f64); 20] = [
    (1.0, -1.0, 0.0),
    (1.0, 1.0, 0.5),
    (-1.0, -1.0, 0.5),
    (-1.0, 1.0, 1.0),
    (1.0, 0.0, 0.5),
    (-1.0, 0.0, 1.0),
    (0.0, -1.0, 1.0),
    (0.0, 1.0, 1.2),
    (1.0, -0.5, 1.0),
    (1.0, 0.5, 1.0),
    (-1.0, -0.5, 1.5),
    (-1.0, 0.5, 1.5),
    (0.5, -1.0, 1.0),
    (0.5, 1.0, 1.2),
    (-0.5, -1.0, 1.5),
    (-0.5, 1.0, 1.5),
    (0.8, -1.0, 1.0),
    (0.8, 1.0, 1.2),
    (-0.8, -1.0, 1.5),
    (-0.8, 1.0, 1.5),
];
