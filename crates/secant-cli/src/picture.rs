//! [`Picture`]: where a scene goes: to files, each in the format of its ending, and to the terminal. It takes any scene
//! and knows nothing of what is drawn.

use std::path::{Path, PathBuf};

use secant::Span;
use secant_plot::Scene;

use crate::args::{self, Drawing, Format, Style, When};
use crate::failure::{Failure, Source};
use crate::output;
use crate::screen;

/// Smallest and largest side of a picture.
const SIDES: std::ops::RangeInclusive<u32> = 120..=8000;

/// Where a scene goes, and how it was asked for.
pub(crate) struct Picture<'a> {
    pub(crate) files: Files,
    pub(crate) drawing: &'a Drawing,
    pub(crate) style: Style,
}

impl Picture<'_> {
    /// Writes the files, and gives the answer with the picture below it where the answer goes to a terminal. The
    /// scene is only made where somebody sees it.
    pub(crate) fn beside(
        &self,
        text: String,
        scene: impl FnOnce() -> Scene,
    ) -> Result<String, Failure> {
        let drawn = self.style.format == Format::Text && drawn(self.drawing.terminal);
        if !drawn && self.files.0.is_empty() {
            return Ok(text);
        }
        let scene = scene();
        self.files.write(&scene)?;
        if !drawn {
            return Ok(text);
        }
        let picture = self.in_terminal(&scene, text.lines().count());
        Ok(text + &picture)
    }

    /// The picture in the terminal, with a line of air above; below so many lines of text, all in one view where it
    /// can be.
    fn in_terminal(&self, scene: &Scene, above: usize) -> String {
        const FEWEST: usize = 14;
        const MOST: usize = 32;
        let (columns, lines) = screen::size();
        let columns = self.drawing.width.map_or(columns, usize::from);
        let rows = (columns / 4)
            .min(lines.saturating_sub(above + 3))
            .clamp(FEWEST, MOST);
        let theme = theme(self.drawing.theme.unwrap_or_else(screen::theme));
        let scene = scene.clone().theme(theme);
        let colours = screen::colours(self.style.color);
        let picture = secant_plot::terminal(&scene, columns, rows, colours);
        format!("\n{}\n", picture.trim_end_matches('\n'))
    }
}

fn drawn(when: When) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => screen::is_terminal(),
    }
}

/// The theme as the pictures know it.
pub(crate) fn theme(theme: args::Theme) -> secant_plot::Theme {
    match theme {
        args::Theme::Light => secant_plot::Theme::Light,
        args::Theme::Dark => secant_plot::Theme::Dark,
    }
}

/// Width and height that were asked for.
pub(crate) fn size(drawing: &Drawing) -> Result<[f64; 2], Failure> {
    let text = drawing.size.as_str();
    let side = |text: &str| {
        text.trim()
            .parse::<u32>()
            .ok()
            .filter(|side| SIDES.contains(side))
    };
    match text
        .split_once(['x', '×'])
        .map(|(width, height)| (side(width), side(height)))
    {
        Some((Some(width), Some(height))) => Ok([f64::from(width), f64::from(height)]),
        _ => Err(Failure::new(
            "setting",
            format!(
                "a size is two numbers of pixels, each from {} to {}",
                SIDES.start(),
                SIDES.end()
            ),
        )
        .at(
            &Source::new("--size", text),
            Span::new(0, text.chars().count()),
        )
        .hint("write --size 900x600")),
    }
}

/// The files that are to be written.
pub(crate) struct Files(Vec<File>);

struct File {
    path: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Svg,
    Png,
}

impl Files {
    /// With these names; the format of each is told by its ending.
    pub(crate) fn of(paths: &[PathBuf]) -> Result<Self, Failure> {
        let files: Result<_, _> = paths.iter().map(|path| File::of(path)).collect();
        files.map(Self)
    }

    fn write(&self, scene: &Scene) -> Result<(), Failure> {
        let mut files = Vec::new();
        for file in &self.0 {
            let bytes = match file.kind {
                Kind::Svg => secant_plot::svg(scene).into_bytes(),
                Kind::Png => secant_plot::png(scene, 1.0)
                    .map_err(|error| Failure::new("picture", error.to_string()))?,
            };
            files.push((file.path.clone(), bytes));
        }
        output::write(&files)
    }
}

impl File {
    fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        let kind = match ending.as_deref() {
            Some("svg") => Kind::Svg,
            Some("png") => Kind::Png,
            _ => {
                return Err(Failure::new(
                    "setting",
                    format!(
                        "the ending of '{}' names no format of a picture",
                        path.display()
                    ),
                )
                .hint("end the name in .svg or .png; 'secant tangents' and 'derive --steps' also write .html"));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            kind,
        })
    }
}
