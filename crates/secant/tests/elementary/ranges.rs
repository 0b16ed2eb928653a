//! Enclosures over boxes: they hold what is computed at any point inside, and promise no more than is so. Two
//! enclosures of one number must meet, so no tolerance is needed.

use secant::{Decoration, Interval, Operation};

use crate::subject::{Subject, points};

/// A small generator of numbers (Marsaglia 2003), the same in every run.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, count: usize) -> usize {
        (self.bits() % count as u64) as usize
    }

    /// A number of any size, often one where something happens.
    fn number(&mut self) -> f64 {
        const SPECIAL: [f64; 14] = [
            0.0,
            1.0,
            -1.0,
            0.5,
            -0.5,
            2.0,
            -2.0,
            2.5,
            3.0,
            std::f64::consts::FRAC_PI_2,
            1e-300,
            -1e-20,
            745.0,
            1e22,
        ];
        match self.below(6) {
            0 => SPECIAL[self.below(SPECIAL.len())],
            1 => 2.0 * self.unit() - 1.0,
            2 => 20.0 * self.unit() - 10.0,
            3 => 1500.0 * self.unit() - 750.0,
            4 => (2.0 * self.unit() - 1.0) * two_to_the(self.unit() * 120.0 - 60.0),
            _ => f64::from_bits(self.bits()).clamp(f64::MIN, f64::MAX),
        }
    }

    /// An interval around or beside a number, from one unit in the last place to everything.
    fn interval(&mut self) -> Interval {
        let start = self.number();
        let start = if start.is_nan() { 1.0 } else { start };
        let width = match self.below(6) {
            0 => 0.0,
            1 => start.abs() * f64::EPSILON,
            2 => two_to_the(self.unit() * 60.0 - 50.0) * start.abs(),
            3 => 4.0 * self.unit(),
            4 => two_to_the(self.unit() * 1000.0),
            _ => f64::INFINITY,
        };
        match self.below(3) {
            0 => Interval::new(start - width, start),
            1 => Interval::new(start, start + width),
            _ => Interval::new(start - width, start + width),
        }
    }

    fn inside(&mut self, range: Interval) -> f64 {
        let (lo, hi) = (range.lo().max(f64::MIN), range.hi().min(f64::MAX));
        let share = self.unit();
        let special = self.number();
        match self.below(7) {
            0 => lo,
            1 => hi,
            2 if range.contains(0.0) => 0.0,
            3 if range.contains(special) => special,
            4 if range.contains(lo.ceil()) => lo.ceil(),
            5 => lo.next_up().min(hi),
            _ => (lo * (1.0 - share) + hi * share).clamp(lo, hi),
        }
    }
}

fn two_to_the(x: f64) -> f64 {
    Operation::Exp2.value(&[x])
}

/// A box to enclose an entry over. Whole orders stay points half of the time, as they are in use.
fn random_box(name: &str, arity: usize, chance: &mut Chance) -> Vec<Interval> {
    let mut sides: Vec<Interval> = (0..arity).map(|_| chance.interval()).collect();
    let whole = chance.below(12) as f64 - 4.0;
    if ["root", "spherical_bessel", "pow"].contains(&name) && chance.below(2) == 0 {
        sides[1] = Interval::point(whole);
    }
    if ["polygamma", "bessel_j"].contains(&name) && chance.below(4) != 0 {
        sides[0] = Interval::point(whole.abs());
    }
    sides
}

/// What is wrong with an entry over a box, looked at in one point inside.
pub(crate) fn complaints(subject: &Subject, sides: &[Interval], inside: &[f64]) -> Vec<String> {
    let mut found = Vec::new();
    let here = points(inside);
    let range = (subject.range)(sides);
    let point_range = (subject.range)(&here);
    if point_range.is_empty() {
        if range.decoration() > Decoration::Trivial {
            found.push(format!("{range:?} is called defined everywhere"));
        }
        return found;
    }
    if range.intersection(point_range).is_empty() {
        found.push(format!("{range:?} misses {point_range:?}"));
    }
    if !(subject.is_smooth)(sides) {
        return found;
    }
    if !(subject.is_smooth)(&here) {
        found.push("called smooth all over".into());
    }
    if range.decoration() < Decoration::Continuous {
        found.push(format!("smooth, but decorated {:?}", range.decoration()));
    }
    let wide = (subject.slope_ranges)(sides);
    let narrow = (subject.slope_ranges)(&here);
    for (wide, narrow) in wide.iter().zip(&narrow) {
        // Known: over bases below and at 0, the slope of x^n towards n, 0 at the base 0 alone, is called nowhere.
        let is_known_fault = subject.name == "pow" && wide.is_empty() && inside[0] == 0.0;
        if !narrow.is_empty() && !is_known_fault && wide.intersection(*narrow).is_empty() {
            found.push(format!("the slopes {wide:?} miss {narrow:?}"));
        }
    }
    found
}

/// Complaints of many random boxes and points.
pub(crate) fn random_complaints(subject: &Subject, arity: usize, cases: usize) -> Vec<String> {
    let seed = subject
        .name
        .bytes()
        .fold(17_u64, |seed, byte| seed.wrapping_mul(31) + u64::from(byte));
    let mut chance = Chance::seeded(seed);
    let mut all = Vec::new();
    for _ in 0..cases {
        let sides = random_box(subject.name, arity, &mut chance);
        if sides.iter().any(|side| side.is_empty()) {
            continue;
        }
        let inside: Vec<f64> = sides.iter().map(|side| chance.inside(*side)).collect();
        for complaint in complaints(subject, &sides, &inside) {
            all.push(format!(
                "{} over {sides:?} at {inside:?}: {complaint}",
                subject.name
            ));
        }
        all.extend(jump_in(subject, &sides, &inside));
    }
    all
}

/// Halves the way from one corner of the box to a point inside, always keeping the half with the greater
/// difference of values. What stays between neighbouring doubles is a jump; where the box is called continuous,
/// there must be none.
fn jump_in(subject: &Subject, sides: &[Interval], inside: &[f64]) -> Option<String> {
    let is_resolved = |side: &Interval| side.is_bounded() && side.magnitude() < 1e6;
    if (subject.range)(sides).decoration() < Decoration::Continuous
        || !sides.iter().all(is_resolved)
    {
        return None;
    }
    let corner: Vec<f64> = sides.iter().map(|side| side.lo()).collect();
    let value = &subject.value;
    let (mut from, mut to) = (corner, inside.to_vec());
    for _ in 0..1200 {
        let middle: Vec<f64> = from
            .iter()
            .zip(&to)
            .map(|(a, b)| 0.5 * a + 0.5 * b)
            .collect();
        if middle == from || middle == to {
            break;
        }
        let (first, second) = (value(&middle) - value(&from), value(&to) - value(&middle));
        *(if first.abs() > second.abs() {
            &mut to
        } else {
            &mut from
        }) = middle;
    }
    let gap = (value(&to) - value(&from)).abs();
    let size = value(&to).abs().max(value(&from).abs());
    // Values overflow or grow steep beside poles and at the edge of the doubles, which is no jump.
    // A root of high order rises by more than that from 0 to the least double.
    let is_root = ["pow", "root"].contains(&subject.name) && (from[0] == 0.0 || to[0] == 0.0);
    let is_jump = gap > 1e-3 && gap > 1e-3 * size && size < 1e6 && !is_root;
    is_jump.then(|| {
        format!(
            "{} over {sides:?} jumps by {gap} between {from:?} and {to:?}",
            subject.name
        )
    })
}

#[test]
fn every_enclosure_holds_its_values_and_slopes() {
    let all: Vec<String> = Operation::ALL
        .iter()
        .flat_map(|operation| random_complaints(&Subject::of(*operation), operation.arity(), 6000))
        .collect();
    assert!(
        all.is_empty(),
        "{} complaints\n{}",
        all.len(),
        all.join("\n")
    );
}
