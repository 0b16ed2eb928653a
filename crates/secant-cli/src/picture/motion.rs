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

/// Lines of text that stand still while their numbers change.
pub(crate) fn readout(
    lines: impl IntoIterator<Item = Tex>,
    x: (f64, f64),
    y: (f64, f64),
    right: bool,
) -> Vec<Item> {
    const ROW: f64 = 0.075;
    let across = x.0 + (x.1 - x.0) * if right { 0.66 } else { 0.03 };
    let line = |(row, tex): (usize, Tex)| {
        let up = y.1 - (y.1 - y.0) * ROW * (row as f64 + 0.8);
        Label::new([across, up], tex)
            .stance(Stance::Beginning)
            .into()
    };
    lines.into_iter().enumerate().map(line).collect()
}
