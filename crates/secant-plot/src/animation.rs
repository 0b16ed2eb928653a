//! Moving pictures: scenes one after another, each for its time, as a GIF.
//!
//! All frames share one palette, so that no shade shimmers: the shades met most
//! often are kept exactly, the others take the nearest. A frame stores the
//! rectangle that changed, and in it only the pixels that did.

use std::collections::{BTreeMap, HashMap};
use std::iter;

use gif::{Encoder, Repeat};

use crate::colour::Rgb;
use crate::error::Error;
use crate::figure::compose;
use crate::png::paint;
use crate::scene::Scene;

/// Scenes one after another.
///
/// Give the axes of all frames one range, or the picture will jump.
///
/// ```
/// use secant_plot::{Animation, Axis, Frame, Point, Scene, gif};
///
/// let at = |x: f64| {
///     let axis = || Axis::new(0.0, 1.0);
///     Scene::new(200.0, 150.0).x(axis()).y(axis()).with(Point::new([x, 0.5]))
/// };
/// let moving = Animation::new([0.2, 0.5, 0.8].map(|x| Frame::new([at(x)], 10)));
/// assert!(gif(&moving)?.starts_with(b"GIF89a"));
/// # Ok::<(), secant_plot::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Animation {
    /// The frames in their order; after the last the first follows again.
    pub frames: Vec<Frame>,
}

impl Animation {
    /// These frames in their order.
    pub fn new(frames: impl IntoIterator<Item = Frame>) -> Self {
        Self {
            frames: frames.into_iter().collect(),
        }
    }
}

/// One picture of an animation.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Scenes above one another, all of one width.
    pub panels: Vec<Scene>,
    /// How long it is seen, in hundredths of a second.
    pub hundredths: u16,
}

impl Frame {
    /// These scenes above one another, for so many hundredths of a second.
    pub fn new(panels: impl IntoIterator<Item = Scene>, hundredths: u16) -> Self {
        Self {
            panels: panels.into_iter().collect(),
            hundredths,
        }
    }
}

/// An animation as the bytes of a GIF file, repeated for ever.
///
/// # Errors
///
/// [`Error::Size`] where a frame has no pixel, too many, or not the size of the
/// first.
pub fn gif(animation: &Animation) -> Result<Vec<u8>, Error> {
    let mut pictures: Vec<(Picture, u16)> = Vec::new();
    let mut shades: BTreeMap<Rgb, usize> = BTreeMap::new();
    for frame in &animation.frames {
        let picture = Picture::of(frame)?;
        match pictures.last_mut() {
            Some((last, time)) if last.pixels == picture.pixels => {
                *time = time.saturating_add(frame.hundredths);
            }
            last => {
                if last.is_some_and(|(last, _)| last.size != picture.size) {
                    return Err(picture.refused());
                }
                for (shade, length) in picture.runs() {
                    *shades.entry(shade).or_default() += length;
                }
                pictures.push((picture, frame.hundredths));
            }
        }
    }
    let palette = Palette::of(shades);
    encode(&pictures, palette)
}

/// The pixels of one frame, row by row.
struct Picture {
    size: [usize; 2],
    pixels: Vec<Rgb>,
}

impl Picture {
    fn of(frame: &Frame) -> Result<Self, Error> {
        let mut picture = Self {
            size: [0, 0],
            pixels: Vec::new(),
        };
        for scene in &frame.panels {
            let painted = paint(&compose(scene).drawing, 1.0)?;
            let [width, height] = [painted.width(), painted.height()].map(|side| side as usize);
            picture.size = [width, picture.size[1] + height];
            let pixels = painted.pixels().iter();
            picture
                .pixels
                .extend(pixels.map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]));
        }
        let [width, height] = picture.size;
        // Panels of other widths do not fill the rectangle.
        if width * height != picture.pixels.len() || picture.pixels.is_empty() {
            return Err(picture.refused());
        }
        Ok(picture)
    }

    /// Shades with how many pixels in a row have them: most of a picture is ground, and asking for each pixel takes nine tenths of the time.
    fn runs(&self) -> impl Iterator<Item = (Rgb, usize)> {
        let runs = self.pixels.chunk_by(|a, b| a == b);
        runs.map(|run| (run[0], run.len()))
    }

    fn refused(&self) -> Error {
        let [width, height] = self.size.map(|side| side as f64);
        Error::Size { width, height }
    }
}

/// Places in the palette: one is kept for what does not change.
const MOST: usize = 255;
const UNCHANGED: u8 = 255;

/// The shades of all frames.
struct Palette {
    shades: Vec<Rgb>,
    /// The place of each shade met.
    places: HashMap<Rgb, u8>,
}

impl Palette {
    /// The shades met most often, and of the others those farthest from all chosen before, so that no shade is far
    /// from its place (Gonzalez 1985). Equal counts are settled by the shades themselves.
    fn of(met: BTreeMap<Rgb, usize>) -> Self {
        const BY_COUNT: usize = 160;
        let mut by_count: Vec<(Rgb, usize)> = met.into_iter().collect();
        by_count.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let all: Vec<Rgb> = by_count.into_iter().map(|(shade, _)| shade).collect();
        let mut shades: Vec<Rgb> = all.iter().copied().take(BY_COUNT).collect();
        let mut nearest: Vec<(u32, u8)> = all
            .iter()
            .map(|shade| {
                let distances = shades.iter().map(|chosen| apart(*shade, *chosen));
                let places = distances.zip(0..=u8::MAX);
                places.min().unwrap_or((u32::MAX, 0))
            })
            .collect();
        while shades.len() < MOST {
            let farthest = nearest.iter().enumerate().max_by_key(|(_, near)| near.0);
            let Some((chosen, _)) = farthest.filter(|(_, near)| near.0 > 0) else {
                break;
            };
            let place = shades.len() as u8;
            for (shade, near) in all.iter().zip(&mut nearest) {
                *near = (*near).min((apart(*shade, all[chosen]), place));
            }
            shades.push(all[chosen]);
        }
        let places = all.into_iter().zip(nearest.into_iter().map(|near| near.1));
        Self {
            shades,
            places: places.collect(),
        }
    }

    fn place(&self, shade: Rgb) -> u8 {
        self.places.get(&shade).copied().unwrap_or(0)
    }
}

/// The square of the distance of two shades.
fn apart(a: Rgb, b: Rgb) -> u32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| u32::from(a.abs_diff(b)).pow(2))
        .sum()
}

fn encode(pictures: &[(Picture, u16)], palette: Palette) -> Result<Vec<u8>, Error> {
    let nothing = Error::Size {
        width: 0.0,
        height: 0.0,
    };
    let size = pictures.first().ok_or(nothing)?.0.size;
    let refused = || Error::Size {
        width: size[0] as f64,
        height: size[1] as f64,
    };
    let [Ok(width), Ok(height)] = size.map(u16::try_from) else {
        return Err(refused());
    };
    let failed = |reason: gif::EncodingError| Error::Encode(reason.to_string());
    let mut shades = palette.shades.concat();
    shades.resize(3 * 256, 0);
    let mut encoder = Encoder::new(Vec::new(), width, height, &shades).map_err(failed)?;
    encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
    let mut before: Option<Vec<u8>> = None;
    for (picture, time) in pictures {
        let now: Vec<u8> = picture
            .runs()
            .flat_map(|(shade, length)| iter::repeat_n(palette.place(shade), length))
            .collect();
        let frame = difference(before.as_deref(), &now, size[0]);
        let frame = gif::Frame {
            delay: *time,
            ..frame
        };
        encoder.write_frame(&frame).map_err(failed)?;
        before = Some(now);
    }
    encoder
        .into_inner()
        .map_err(|reason| Error::Encode(reason.to_string()))
}

/// The rectangle in which a picture differs from the one before, and there only the pixels that do.
fn difference(before: Option<&[u8]>, now: &[u8], width: usize) -> gif::Frame<'static> {
    let changed = |place: usize| before.is_none_or(|before| before[place] != now[place]);
    let mut low = [width, now.len() / width];
    let mut high = [0, 0];
    for place in (0..now.len()).filter(|place| changed(*place)) {
        let at = [place % width, place / width];
        low = [low[0].min(at[0]), low[1].min(at[1])];
        high = [high[0].max(at[0]), high[1].max(at[1])];
    }
    if low[0] > high[0] {
        // Different shades that share their places: a frame must still hold a pixel.
        (low, high) = ([0, 0], [0, 0]);
    }
    let rows = low[1]..=high[1];
    let buffer: Vec<u8> = rows
        .flat_map(|row| row * width + low[0]..=row * width + high[0])
        .map(|place| {
            if changed(place) {
                now[place]
            } else {
                UNCHANGED
            }
        })
        .collect();
    gif::Frame {
        left: low[0] as u16,
        top: low[1] as u16,
        width: (high[0] - low[0] + 1) as u16,
        height: (high[1] - low[1] + 1) as u16,
        transparent: Some(UNCHANGED),
        buffer: buffer.into(),
        ..gif::Frame::default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panic")]
mod tests {
    use super::*;
    use crate::axis::Axis;
    use crate::scene::Point;
    use crate::{Colour, Theme, palette};

    fn scene(x: f64, theme: Theme) -> Scene {
        let axis = || Axis::new(0.0, 1.0);
        Scene::new(240.0, 160.0)
            .theme(theme)
            .x(axis())
            .y(axis())
            .with(Point::new([x, 0.5]).colour(palette(1)))
    }

    /// What a viewer shows after each frame, and for how long.
    fn shown(bytes: &[u8]) -> Vec<(Vec<Rgb>, u16)> {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::Indexed);
        let mut decoder = options.read_info(bytes).unwrap();
        let shades = decoder.global_palette().unwrap().to_vec();
        let width = usize::from(decoder.width());
        let mut canvas = vec![[0; 3]; width * usize::from(decoder.height())];
        let mut shown = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            for (index, place) in frame.buffer.iter().enumerate() {
                let (row, column) = (
                    index / usize::from(frame.width) + usize::from(frame.top),
                    index % usize::from(frame.width) + usize::from(frame.left),
                );
                if Some(*place) != frame.transparent {
                    let start = 3 * usize::from(*place);
                    canvas[row * width + column] = shades[start..start + 3].try_into().unwrap();
                }
            }
            shown.push((canvas.clone(), frame.delay));
        }
        shown
    }

    #[test]
    fn frames_come_back_as_they_were_painted() {
        for theme in [Theme::Light, Theme::Dark] {
            let frames = [(0.2, 7), (0.5, 7), (0.5, 20), (0.8, 100)];
            let moving =
                Animation::new(frames.map(|(x, time)| Frame::new([scene(x, theme)], time)));
            let bytes = gif(&moving).unwrap();
            assert_eq!(bytes, gif(&moving).unwrap());
            let shown = shown(&bytes);
            // The third frame is the second for longer.
            let times: Vec<u16> = shown.iter().map(|(_, time)| *time).collect();
            assert_eq!(times, [7, 27, 100]);
            for ((canvas, _), frame) in shown.iter().zip([0, 1, 3]) {
                let painted = Picture::of(&moving.frames[frame]).unwrap();
                // So few shades are all kept exactly.
                assert!(*canvas == painted.pixels, "frame {frame}");
            }
        }
    }

    #[test]
    fn panels_stand_above_one_another_and_must_fit() {
        let panel = || scene(0.5, Theme::Light);
        let frame = Frame::new([panel(), panel()], 10);
        assert_eq!(Picture::of(&frame).unwrap().size, [240, 320]);
        let odd = Frame::new([panel(), Scene::new(200.0, 160.0)], 10);
        assert!(gif(&Animation::new([odd])).is_err());
        let grows = [frame, Frame::new([panel()], 10)];
        assert!(gif(&Animation::new(grows)).is_err());
        assert!(gif(&Animation::new([])).is_err());
    }

    #[test]
    fn the_palette_keeps_what_is_met_most_and_comes_near_the_rest() {
        let mut met: BTreeMap<Rgb, usize> = BTreeMap::new();
        for red in 0..=255u8 {
            for green in (0..=255u8).step_by(17) {
                met.insert([red, green, 0], 1);
            }
        }
        let often = Theme::Dark.rgb(Colour::Ink);
        met.insert(often, 1000);
        let chosen = Palette::of(met.clone());
        assert!(chosen.shades.len() <= MOST);
        assert_eq!(chosen.shades[usize::from(chosen.place(often))], often);
        for shade in met.keys() {
            let given = chosen.shades[usize::from(chosen.place(*shade))];
            let nearest = chosen
                .shades
                .iter()
                .map(|other| apart(*shade, *other))
                .min();
            assert_eq!(Some(apart(*shade, given)), nearest);
        }
    }
}
