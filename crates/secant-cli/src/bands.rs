//! Bands of heights, their borders and the levels of these: a function of two variables from above.

use secant_plot::{Colour, Heights, Item, Label, Line, Region, Stance, levels};

/// What is drawn of a field over these ranges, from back to front.
/// The numbers of the levels keep off the places in `marks`.
pub(crate) fn bands(
    field: &Heights,
    x: (f64, f64),
    y: (f64, f64),
    marks: &[[f64; 2]],
) -> Vec<Item> {
    const LEVELS: usize = 9;
    /// The darkest band holds so many parts of 255 of the tint.
    const DARKEST: usize = 72;
    let levels = levels(field.heights(), LEVELS);
    let mut items: Vec<Item> = Vec::new();
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
        // The level stands on its longest piece, off the edges and off other levels.
        let longest = lines.iter().max_by_key(|piece| piece.len());
        let free = |at: &&[f64; 2]| {
            let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
            let [across, up] = [share(at[0], x), share(at[1], y)];
            let inside = [across, up]
                .iter()
                .all(|share| (0.07..=0.93).contains(share));
            // The upper corners are left to the numbers of a picture that moves.
            let corner = up > 0.7 && !(0.38..=0.62).contains(&across);
            inside && !corner && taken.iter().all(|other| apart(at, other) > 0.11)
        };
        let place = longest.and_then(|piece| piece.iter().find(free)).copied();
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
