//! Formulas as outlines: LaTeX in, one filled path out.
//!
//! RaTeX lays a formula out with KaTeX's metrics, the glyphs come from the
//! KaTeX fonts that are part of the program, so that a picture needs no font
//! of the system and looks the same everywhere. A formula that cannot be set
//! is drawn as its plain text; colour commands are ignored, a formula has the
//! colour of its item.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use ratex_layout::{LayoutOptions, layout, to_display_list, validate_layout};
use ratex_types::{DisplayItem, PathCommand};
use ttf_parser::Face;

use crate::area::{Area, Place};
use crate::drawing::{Path, Step};
use crate::tex::Tex;

/// A formula in pixels. Its origin is the left end of its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Formula {
    pub(crate) path: Path,
    /// What the ink covers, from the left end of the baseline to the advance.
    pub(crate) ink: Area,
}

impl Formula {
    /// The same ink, with the middle of its area at this place.
    pub(crate) fn centred_at(&self, place: Place) -> Path {
        let centre = self.ink.centre();
        self.path
            .moved([place[0] - centre[0], place[1] - centre[1]])
    }

    /// Sets a formula with letters of this size in pixels.
    pub(crate) fn set(tex: &Tex, size: f64) -> Self {
        let formula = (!tex.is_verbatim())
            .then(|| set_latex(tex.latex()))
            .flatten();
        let (path, advance) = formula.unwrap_or_else(|| set_plain(tex.plain()));
        let path = path.mapped(|[x, y]| [x * size, y * size]);
        let line = Area::new([0.0, 0.0], [(advance * size).max(0.0), 0.0]);
        let ink = path.bounds().map_or(line, |ink| Area {
            low: [ink.low[0].min(line.low[0]), ink.low[1]],
            high: [ink.high[0].max(line.high[0]), ink.high[1]],
        });
        Self { path, ink }
    }
}

/// A formula in em around its baseline, with its advance; none where the
/// LaTeX is not understood or needs more than filled shapes.
fn set_latex(latex: &str) -> Option<(Path, f64)> {
    let nodes = ratex_parser::parse(latex).ok()?;
    let root = layout(&nodes, &LayoutOptions::default());
    validate_layout(&root).ok()?;
    let list = to_display_list(&root);
    let mut path = Path::default();
    for item in &list.items {
        path.steps.extend(outline(item)?.steps);
    }
    // The list counts from the top of the box, we count from the baseline.
    Some((path.moved([0.0, -list.height]), list.width))
}

fn outline(item: &DisplayItem) -> Option<Path> {
    match item {
        DisplayItem::GlyphPath {
            x,
            y,
            scale,
            font,
            char_code,
            ..
        } => {
            let (glyph, _) = glyph(font, char::from_u32(*char_code)?)?;
            Some(glyph.mapped(|[right, down]| [x + right * scale, y + down * scale]))
        }
        // A bar is given by the middle of its thickness.
        DisplayItem::Line {
            x,
            y,
            width,
            thickness,
            ..
        } => {
            let low = [*x, y - thickness / 2.0];
            let high = [x + width, y + thickness / 2.0];
            Some(Path::rectangle(&Area::new(low, high)))
        }
        DisplayItem::Rect {
            x,
            y,
            width,
            height,
            ..
        } => Some(Path::rectangle(&Area::new(
            [*x, *y],
            [x + width, y + height],
        ))),
        DisplayItem::Path { fill: false, .. } => None,
        DisplayItem::Path { x, y, commands, .. } => {
            let steps = commands.iter().map(|command| match *command {
                PathCommand::MoveTo { x, y } => Step::Move([x, y]),
                PathCommand::LineTo { x, y } => Step::Line([x, y]),
                PathCommand::QuadTo { x1, y1, x, y } => Step::Quad([x1, y1], [x, y]),
                PathCommand::CubicTo {
                    x1,
                    y1,
                    x2,
                    y2,
                    x,
                    y,
                } => Step::Cubic([x1, y1], [x2, y2], [x, y]),
                PathCommand::Close => Step::Close,
            });
            let steps = steps.collect();
            Some(Path { steps }.moved([*x, *y]))
        }
    }
}

/// A line of upright text in em, with its advance. A letter the font lacks is
/// drawn as an empty box, as is the custom, so that it is missed by nobody.
fn set_plain(text: &str) -> (Path, f64) {
    let mut path = Path::default();
    let mut advance = 0.0;
    for letter in text.chars() {
        let (outline, width) = if letter.is_whitespace() {
            (Path::default(), 0.3)
        } else {
            // What the font lacks, such as an accent, the layout may find in another one.
            // Two letters are one sign: the prefix micro and Greek mu.
            let letter = if letter == 'µ' { 'μ' } else { letter };
            glyph("Main-Regular", letter)
                .or_else(|| set_latex(&format!(r"\text{{{letter}}}")))
                .or_else(|| set_latex(&letter.to_string()))
                .unwrap_or_else(empty_box)
        };
        path.steps.extend(outline.moved([advance, 0.0]).steps);
        advance += width;
    }
    (path, advance)
}

fn empty_box() -> (Path, f64) {
    let mut path = Path::rectangle(&Area::new([0.06, -0.66], [0.56, 0.0]));
    // The hole runs the other way round, so that the nonzero rule leaves it.
    let hole = [[0.1, -0.62], [0.1, -0.04], [0.52, -0.04], [0.52, -0.62]];
    path.steps.extend(Path::polyline(&hole).steps);
    path.steps.push(Step::Close);
    (path, 0.62)
}

/// The outline of a letter in em, y downward, with its advance.
fn glyph(font: &str, letter: char) -> Option<(Path, f64)> {
    let face = FACES.get(font)?;
    let id = face.glyph_index(letter)?;
    let em = f64::from(face.units_per_em());
    let mut pen = Pen {
        path: Path::default(),
        em,
    };
    // A space has no outline, and needs none.
    face.outline_glyph(id, &mut pen);
    let advance = f64::from(face.glyph_hor_advance(id)?) / em;
    Some((pen.path, advance))
}

/// The fonts, opened once. Opening reads only their tables of contents.
static FACES: LazyLock<BTreeMap<&'static str, Face<'static>>> = LazyLock::new(|| {
    FONTS
        .iter()
        .filter_map(|name| {
            let bytes = ratex_katex_fonts::ttf_bytes(&format!("KaTeX_{name}.ttf"))?;
            let Cow::Borrowed(bytes) = bytes else {
                return None;
            };
            Some((*name, Face::parse(bytes, 0).ok()?))
        })
        .collect()
});

/// The names of the fonts, as the layout speaks of them.
const FONTS: [&str; 20] = [
    "AMS-Regular",
    "Caligraphic-Bold",
    "Caligraphic-Regular",
    "Fraktur-Bold",
    "Fraktur-Regular",
    "Main-Bold",
    "Main-BoldItalic",
    "Main-Italic",
    "Main-Regular",
    "Math-BoldItalic",
    "Math-Italic",
    "SansSerif-Bold",
    "SansSerif-Italic",
    "SansSerif-Regular",
    "Script-Regular",
    "Size1-Regular",
    "Size2-Regular",
    "Size3-Regular",
    "Size4-Regular",
    "Typewriter-Regular",
];

/// Takes an outline in font units, y upward, and writes it in em, y downward.
struct Pen {
    path: Path,
    em: f64,
}

impl Pen {
    fn place(&self, x: f32, y: f32) -> Place {
        [f64::from(x) / self.em, -f64::from(y) / self.em]
    }
}

impl ttf_parser::OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let place = self.place(x, y);
        self.path.steps.push(Step::Move(place));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let place = self.place(x, y);
        self.path.steps.push(Step::Line(place));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (handle, place) = (self.place(x1, y1), self.place(x, y));
        self.path.steps.push(Step::Quad(handle, place));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let handles = [self.place(x1, y1), self.place(x2, y2)];
        let place = self.place(x, y);
        self.path
            .steps
            .push(Step::Cubic(handles[0], handles[1], place));
    }

    fn close(&mut self) {
        self.path.steps.push(Step::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_fonts_are_part_of_the_program() {
        assert_eq!(FACES.len(), FONTS.len());
    }

    #[test]
    fn textbook_formulas_are_set_as_mathematics() {
        for latex in [
            r"f(x) = 2x^2, \qquad f'(x) = 4x",
            r"\frac{\mathrm{d}f}{\mathrm{d}x} = \lim_{h \to 0} \frac{f(x+h)-f(x)}{h}",
            r"\sqrt{1+\sqrt{x}} + \left(\frac{a}{b}\right)^2",
            r"\int_0^\infty e^{-x^2}\,\mathrm{d}x \le \sum_{k=1}^{n} \binom{n}{k}",
            r"\nabla f \cdot \vec{v}, \quad \text{for all } x \in \mathbb{R}",
            r"|x|, \lfloor x \rfloor, \overline{z}, \hat\beta, -1.5 \times 10^{-6}",
        ] {
            let set = set_latex(latex);
            let whole = |(path, advance): (Path, f64)| path.steps.len() > 50 && advance > 1.0;
            assert!(set.is_some_and(whole), "{latex}");
        }
    }

    #[test]
    fn a_broken_formula_is_drawn_as_text() {
        let broken = Tex::new(r"\frac{1}{", "1/x");
        let (plain, _) = set_plain("1/x");
        assert_eq!(Formula::set(&broken, 1.0).path, plain);
        assert!(
            !Formula::set(&Tex::from(r"\cancel{x}"), 10.0)
                .path
                .steps
                .is_empty()
        );
    }

    #[test]
    fn deep_formulas_end_as_text_and_not_as_a_crash() {
        for (open, close) in [
            ("{", "}"),
            (r"\sqrt{", "}"),
            (r"\frac{1}{", "}"),
            ("x^{", "}"),
        ] {
            let deep = open.repeat(20_000) + "x" + &close.repeat(20_000);
            let formula = Formula::set(&Tex::new(deep, "deep"), 10.0);
            assert_eq!(formula, Formula::set(&Tex::new(r"\frac", "deep"), 10.0));
        }
    }

    #[test]
    fn names_with_accents_and_greek_letters_have_their_glyphs() {
        for letter in ['ö', 'é', 'ß', 'µ', 'λ', 'Δ', '^', '$', '\\', '~'] {
            let (path, _) = set_plain(&letter.to_string());
            assert!(!path.steps.is_empty() && path != empty_box().0, "{letter}");
        }
    }

    #[test]
    fn a_letter_without_a_glyph_is_seen() {
        let (path, advance) = set_plain("漢");
        assert_eq!(path, empty_box().0);
        assert_eq!(advance, empty_box().1);
    }

    #[test]
    fn ink_stays_near_its_letter_size() {
        let formula = Formula::set(&Tex::from("f'(0) = 0"), 20.0);
        assert!(formula.ink.height() > 10.0 && formula.ink.height() < 30.0);
        assert!(formula.ink.width() > 50.0 && formula.ink.width() < 120.0);
        assert!(formula.ink.low[1] < 0.0 && formula.ink.high[1] > 0.0);
    }

    #[test]
    fn nothing_is_set_as_nothing() {
        let formula = Formula::set(&Tex::from(""), 20.0);
        assert_eq!(formula.ink.width(), 0.0);
        assert!(formula.path.steps.is_empty());
    }
}
