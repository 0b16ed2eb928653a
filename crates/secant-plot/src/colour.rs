//! Themes and colours.
//!
//! A scene names its colours by meaning (`Ink`, `Series(2)`), the theme turns
//! the meaning into a shade, so that one scene can be drawn light and dark. The
//! series keeps to plainly named hues (blue, red, green, purple, ochre, cyan,
//! magenta), in shades searched so that neighbours stay apart for normal eyes,
//! protanopes and deuteranopes and stand out from the ground; five more, for
//! classes, are searched so that each is far from all before it. The tests
//! below measure all this.

/// Red, green and blue as a screen takes them (sRGB).
pub type Rgb = [u8; 3];

/// The ground a picture stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark ink on white, for paper.
    #[default]
    Light,
    /// Light ink on near black, for screens.
    Dark,
}

/// A colour by its meaning; a [`Theme`] gives the shade.
///
/// ```
/// use secant_plot::{Colour, Theme};
///
/// assert_ne!(Theme::Light.rgb(Colour::Ink), Theme::Dark.rgb(Colour::Ink));
/// // The series starts again when it is used up.
/// assert_eq!(Theme::Dark.rgb(Colour::Series(0)), Theme::Dark.rgb(Colour::Series(12)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// The colour of text and of the curve itself.
    #[default]
    Ink,
    /// The quiet colour of guides and of what stands back.
    Faint,
    /// The n-th of a sequence that eyes of every kind tell apart.
    Series(usize),
    /// The ground with so many parts of 255 of the first of the series mixed in.
    Shade(u8),
    /// Exactly this shade in every theme.
    Exact(Rgb),
}

/// The n-th colour of the sequence: a short way to write [`Colour::Series`].
///
/// ```
/// use secant_plot::{Colour, palette};
///
/// assert_eq!(palette(3), Colour::Series(3));
/// ```
pub fn palette(index: usize) -> Colour {
    Colour::Series(index)
}

impl Theme {
    /// The shade of a colour in this theme.
    pub fn rgb(self, colour: Colour) -> Rgb {
        let shades = self.shades();
        match colour {
            Colour::Ink => rgb(shades.ink),
            Colour::Faint => rgb(shades.faint),
            Colour::Series(index) => rgb(shades.series[index % shades.series.len()]),
            Colour::Shade(parts) => {
                let (ground, tint) = (self.background(), self.rgb(Colour::Series(0)));
                let mixed = |part: usize| {
                    let sum = u32::from(ground[part]) * (255 - u32::from(parts))
                        + u32::from(tint[part]) * u32::from(parts);
                    (sum / 255) as u8
                };
                [mixed(0), mixed(1), mixed(2)]
            }
            Colour::Exact(shade) => shade,
        }
    }

    /// The shade of the ground.
    pub fn background(self) -> Rgb {
        rgb(self.shades().background)
    }

    /// The shades of the furniture: grid, line through zero, axis, numbers.
    pub(crate) fn furniture(self) -> Furniture {
        let shades = self.shades();
        Furniture {
            grid: rgb(shades.grid),
            zero: rgb(shades.zero),
            axis: rgb(shades.axis),
            number: rgb(shades.number),
        }
    }

    fn shades(self) -> &'static Shades {
        match self {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

pub(crate) struct Furniture {
    pub(crate) grid: Rgb,
    pub(crate) zero: Rgb,
    pub(crate) axis: Rgb,
    pub(crate) number: Rgb,
}

struct Shades {
    background: u32,
    ink: u32,
    faint: u32,
    grid: u32,
    zero: u32,
    axis: u32,
    number: u32,
    series: [u32; 12],
}

const LIGHT: Shades = Shades {
    background: 0xffffff,
    ink: 0x1b1e23,
    faint: 0x7b828d,
    grid: 0xe9ebee,
    zero: 0xcfd3d9,
    axis: 0x5c636e,
    number: 0x33383f,
    series: [
        0x1341a4, 0xbe1f10, 0x289f74, 0x953fd7, 0xb87807, 0x1494b2, 0xb81575, 0x600060, 0x6c2400,
        0x7884fc, 0x186054, 0xfc3cc0,
    ],
};

const DARK: Shades = Shades {
    background: 0x14171c,
    ink: 0xe8eaed,
    faint: 0x8b939f,
    grid: 0x272c34,
    zero: 0x434a55,
    axis: 0x8b939f,
    number: 0xc6cbd3,
    series: [
        0x5aabff, 0xfc6948, 0x41d7a0, 0x9c60de, 0xf4c22b, 0x28bbd3, 0xd64b91, 0x9c5400, 0xb4fc90,
        0x3c7860, 0xc09084, 0x00a800,
    ],
};

fn rgb(hexadecimal: u32) -> Rgb {
    let [_, red, green, blue] = hexadecimal.to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    type Linear = [f64; 3];

    /// Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
    const PROTANOPIA: [Linear; 3] = [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ];
    const DEUTERANOPIA: [Linear; 3] = [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ];
    const NORMAL: [Linear; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    fn linear(shade: Rgb) -> Linear {
        shade.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    fn through(matrix: [Linear; 3], light: Linear) -> Linear {
        matrix.map(|row| {
            let sum: f64 = row.iter().zip(light).map(|(a, b)| a * b).sum();
            sum.clamp(0.0, 1.0)
        })
    }

    /// Contrast ratio of WCAG 2.
    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let luminance = |shade: Rgb| {
            let [red, green, blue] = linear(shade);
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        let (a, b) = (luminance(a), luminance(b));
        a.max(b) / a.min(b)
    }

    /// Oklab (Ottosson 2020), in which distances follow the eye.
    fn oklab(light: Linear) -> Linear {
        let [l, m, s] = through_any(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ],
            light,
        )
        .map(f64::cbrt);
        through_any(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ],
            [l, m, s],
        )
    }

    fn through_any(matrix: [Linear; 3], light: Linear) -> Linear {
        matrix.map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum())
    }

    fn distance(eyes: [Linear; 3], a: Rgb, b: Rgb) -> f64 {
        let [a, b] = [a, b].map(|shade| oklab(through(eyes, linear(shade))));
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f64>()
            .sqrt()
    }

    #[test]
    fn every_colour_stands_out_from_the_ground() {
        for theme in [Theme::Light, Theme::Dark] {
            let named = [Colour::Ink, Colour::Faint].into_iter();
            for colour in named.chain((0..12).map(palette)) {
                let ratio = contrast(theme.rgb(colour), theme.background());
                assert!(ratio >= 3.0, "{theme:?} {colour:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn five_neighbours_and_the_ink_are_told_apart_by_all_eyes() {
        // For scale: with the same measure, Okabe and Ito's own eight colours
        // come as close to each other as 0.08.
        for theme in [Theme::Light, Theme::Dark] {
            for eyes in [NORMAL, PROTANOPIA, DEUTERANOPIA] {
                for first in 0..7 {
                    let ink = distance(eyes, theme.rgb(palette(first)), theme.rgb(Colour::Ink));
                    assert!(ink >= 0.1, "{theme:?} {first} and ink: {ink:.3}");
                    for second in first + 1..(first + 5).min(7) {
                        let [a, b] = [first, second].map(|index| theme.rgb(palette(index)));
                        let apart = distance(eyes, a, b);
                        assert!(apart >= 0.1, "{theme:?} {first} and {second}: {apart:.3}");
                    }
                }
            }
        }
    }

    #[test]
    fn twelve_classes_are_told_apart() {
        for theme in [Theme::Light, Theme::Dark] {
            for (eyes, least) in [(NORMAL, 0.09), (PROTANOPIA, 0.075), (DEUTERANOPIA, 0.075)] {
                for first in 0..12 {
                    for second in first + 1..12 {
                        let [a, b] = [first, second].map(|index| theme.rgb(palette(index)));
                        let apart = distance(eyes, a, b);
                        assert!(apart >= least, "{theme:?} {first} and {second}: {apart:.3}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_measure_sees_what_a_protanope_cannot() {
        let [red, green] = [[0xc0, 0x30, 0x20], [0x5a, 0x5a, 0x20]];
        assert!(distance(NORMAL, red, green) > 0.15);
        assert!(distance(PROTANOPIA, red, green) < 0.1);
    }
}
