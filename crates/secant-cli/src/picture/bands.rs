//! Bands of heights, their borders and the levels of these: a function of two variables from above.

use secant_plot::{Colour, Heights, Item, Label, Line, Region, Stance, Tex, levels};

/// About how many levels are drawn.
pub(crate) const LEVELS: usize = 9;

/// What is drawn of a field over these ranges, from back to front.
/// The numbers of the levels keep off the places in `marks`.
pub(crate) fn bands(
    field: &Heights,
    x: (f64, f64),
    y: (f64, f64),
    marks: &[[f64; 2]],
) -> Vec<Item> {
    bands_at(levels(field.heights(), LEVELS), field, x, y, marks, true)
}

/// The same between given levels, each with how it is written. The upper corners are left to the numbers of a picture that moves.
pub(crate) fn bands_at(
    levels: Vec<(f64, Tex)>,
    field: &Heights,
    x: (f64, f64),
    y: (f64, f64),
    marks: &[[f64; 2]],
    is_moving: bool,
) -> Vec<Item> {
    /// Parts of the frame that a piece spans at least where its level stands on it: the number would hide a smaller one.
    const SPAN: f64 = 0.16;
    /// The darkest band holds so many parts of 255 of the tint.
    const DARKEST: usize = 72;
    // What lies below all levels has the ground's own colour, and hides the grid as all other bands do.
    let lowest = Region::new(field.above(f64::MIN)).colour(Colour::Shade(0));
    let mut items: Vec<Item> = vec![lowest.into()];
    for (place, (level, _)) in levels.iter().enumerate() {
        let parts = DARKEST * (place + 1) / levels.len();
        let shade = Colour::Shade(parts.min(255) as u8);
        items.push(Region::new(field.above(*level)).colour(shade).into());
    }
    let mut taken: Vec<[f64; 2]> = marks.to_vec();
    let mut labels: Vec<Item> = Vec::new();
    let apart = |a: &[f64; 2], b: &[f64; 2]| {
        ((a[0] - b[0]) / (x.1 - x.0)).hypot((a[1] - b[1]) / (y.1 - y.0))
    };
    for (level, tex) in levels {
        let lines = field.line(level);
        // The level stands on its longest piece with room, off the edges and off other levels.
        let span = |piece: &[[f64; 2]], axis: usize, (low, high): (f64, f64)| {
            let along = piece.iter().map(|at| (at[axis] - low) / (high - low));
            let (least, most) = along
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| {
                    (least.min(at), most.max(at))
                });
            most - least
        };
        let large = |piece: &&Vec<[f64; 2]>| span(piece, 0, x).max(span(piece, 1, y)) >= SPAN;
        let mut longest: Vec<&Vec<[f64; 2]>> = lines.iter().filter(large).collect();
        longest.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
        let free = |at: &&[f64; 2]| {
            let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
            let [across, up] = [share(at[0], x), share(at[1], y)];
            let inside = [across, up]
                .iter()
                .all(|share| (0.07..=0.93).contains(share));
            let corner = up > 0.7 && !(0.38..=0.62).contains(&across);
            inside && !(corner && is_moving) && taken.iter().all(|other| apart(at, other) > 0.11)
        };
        let place = longest
            .into_iter()
            .find_map(|piece| piece.iter().find(free))
            .copied();
        if let Some(at) = place {
            taken.push(at);
            let label = Label::new(at, tex).colour(Colour::Faint);
            labels.push(label.stance(Stance::Over).into());
        }
        items.push(Line::pieces(lines).colour(Colour::Faint).width(1.0).into());
    }
    items.extend(labels);
    items
}
