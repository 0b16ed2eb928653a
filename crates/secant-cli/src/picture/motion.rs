//! What all moving pictures share: their size, their times, and lines of text that stand still in them.

use secant_plot::{Animation, Frame, Item, Label, Scene, Stance, Tex};

/// The time of a frame that moves: about 14 in a second.
const MOVING: u16 = 7;
/// The first and the last picture are looked at longer.
const FIRST: u16 = 80;
const LAST: u16 = 250;
/// Width of a moving picture, and its height.
pub(crate) const SIZE: [f64; 2] = [720.0, 480.0];

/// From 0 to 1 in so many frames, slowly at both ends.
pub(crate) fn eased(frames: usize) -> impl Iterator<Item = f64> {
    (0..=frames).map(move |frame| {
        let t = frame as f64 / frames.max(1) as f64;
        t * t * (3.0 - 2.0 * t)
    })
}

/// The frames with their times: the first and the last stand.
pub(crate) fn timed(pictures: Vec<Vec<Scene>>) -> Animation {
    let last = pictures.len().saturating_sub(1);
    Animation::new(pictures.into_iter().enumerate().map(|(place, panels)| {
        let time = match place {
            _ if place == last => LAST,
            0 => FIRST,
            _ => MOVING,
        };
        Frame::new(panels, time)
    }))
}

/// So much of the height is one line of text.
const ROW: f64 = 0.075;

/// Where lines of text can begin, as a part of the width: where the curve leaves most room at the upper edge.
pub(crate) fn clear_of(curve: &[Vec<[f64; 2]>], x: (f64, f64), y: (f64, f64)) -> f64 {
    const PLACES: [f64; 3] = [0.03, 0.66, 0.36];
    const WIDTH: f64 = 0.3;
    let bottom = y.1 - (y.1 - y.0) * ROW * 4.0;
    let in_the_way = |place: f64| {
        let from = x.0 + (x.1 - x.0) * place;
        let columns = from..from + (x.1 - x.0) * WIDTH;
        let points = curve.iter().flatten();
        points
            .filter(|at| columns.contains(&at[0]) && (bottom..=y.1).contains(&at[1]))
            .count()
    };
    PLACES
        .into_iter()
        .min_by_key(|place| in_the_way(*place))
        .unwrap_or(PLACES[0])
}

/// Lines of text that stand still while their numbers change, from that part of the width on.
pub(crate) fn readout(
    lines: impl IntoIterator<Item = Tex>,
    x: (f64, f64),
    y: (f64, f64),
    place: f64,
) -> Vec<Item> {
    let across = x.0 + (x.1 - x.0) * place;
    let line = |(row, tex): (usize, Tex)| {
        let up = y.1 - (y.1 - y.0) * ROW * (row as f64 + 0.8);
        Label::new([across, up], tex)
            .stance(Stance::Beginning)
            .into()
    };
    lines.into_iter().enumerate().map(line).collect()
}
