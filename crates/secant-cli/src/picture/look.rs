//! [`Look`]: how a picture was asked for: its size, its theme, the part of the plane, its title; and the room that is left around what it shows.

use secant_plot::{Scene, Tex, Theme};

use crate::args::{self, Drawing, Window};
use crate::failure::Failure;
use crate::picture;

/// Titles longer than this do not fit above the picture.
const LONGEST_TITLE: usize = 70;

/// How the picture was asked for.
pub(crate) struct Look {
    pub(crate) size: [f64; 2],
    /// Whether the size was given.
    is_sized: bool,
    pub(crate) theme: Theme,
    pub(crate) x: Option<(f64, f64)>,
    pub(crate) y: Option<(f64, f64)>,
    title: Title,
}

enum Title {
    Auto,
    None,
    Own(String),
}

impl Look {
    /// What the options say, those of the part of the plane too where the verb has them.
    pub(crate) fn read(drawing: &Drawing, window: Option<&Window>) -> Result<Self, Failure> {
        let (x, y) = window.map_or(Ok((None, None)), picture::window)?;
        Ok(Self {
            size: picture::size(drawing)?,
            is_sized: drawing.size.is_some(),
            theme: picture::theme(drawing.theme.unwrap_or(args::Theme::Light)),
            x,
            y,
            title: match drawing.title.as_str() {
                "auto" => Title::Auto,
                "none" => Title::None,
                own => Title::Own(own.to_owned()),
            },
        })
    }

    /// The size that was given, else the usual one.
    pub(crate) fn size_or(&self, usual: [f64; 2]) -> [f64; 2] {
        if self.is_sized { self.size } else { usual }
    }

    /// An empty scene with these words for whoever does not see it.
    pub(crate) fn scene(&self, [width, height]: [f64; 2], description: String) -> Scene {
        Scene::new(width, height)
            .theme(self.theme)
            .describe(description)
    }

    /// The scene under its title: the one that was given, or the picture's own, where it has one that fits.
    pub(crate) fn titled(&self, scene: Scene, own: impl FnOnce() -> Option<Tex>) -> Scene {
        let title = match &self.title {
            Title::Auto => own(),
            Title::None => None,
            Title::Own(given) => Some(Tex::from(given.as_str())),
        };
        match title {
            Some(title) => scene.title(title),
            None => scene,
        }
    }
}

/// The first of these titles that fits above the picture.
pub(crate) fn fitting(titles: impl IntoIterator<Item = (String, String)>) -> Option<Tex> {
    let fits = |(_, plain): &(String, String)| plain.chars().count() <= LONGEST_TITLE;
    let title = titles.into_iter().find(fits);
    title.map(|(latex, plain)| Tex::new(latex, plain))
}

/// From the least to the greatest of these numbers that are finite.
pub(crate) fn ends(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers
        .filter(|number| number.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
            (low.min(number), high.max(number))
        })
}

/// A range with room at both ends, this share of its length; around a single number as much as it is large, and at least 1.
pub(crate) fn with_air((low, high): (f64, f64), share: f64) -> (f64, f64) {
    let air = share * (high - low);
    let air = if air > 0.0 { air } else { low.abs().max(1.0) };
    (low - air, high + air)
}

/// The room around a curve.
pub(crate) const AIR: f64 = 0.06;
