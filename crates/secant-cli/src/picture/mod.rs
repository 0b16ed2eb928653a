//! [`Picture`]: where a scene goes: to files, each in the format of its ending, and to the terminal. It takes any scene
//! and knows nothing of what is drawn.

pub(crate) mod bands;
pub(crate) mod look;
pub(crate) mod motion;
pub(crate) mod number;

use std::path::{Path, PathBuf};

use secant::Span;
use secant_plot::{Animation, Scene};

use crate::args::{self, Drawing, Format, Style, When, Window};
use crate::failure::{Failure, Source};
use crate::output;
use crate::points;
use crate::screen;

/// Smallest and largest side of a picture.
const SIDES: std::ops::RangeInclusive<u32> = 120..=8000;

/// The most pixels of a frame of a moving picture. There are some ninety, each drawn and packed by itself in about a tenth of a second for so many.
const MOVING_PIXELS: u32 = 1_000_000;

/// Where a scene goes, and how it was asked for.
pub(crate) struct Picture<'a> {
    pub(crate) files: Files,
    pub(crate) drawing: &'a Drawing,
    pub(crate) style: Style,
}

impl Picture<'_> {
    /// Whether somebody will see it.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.files.0.is_empty()
            || self.style.format == Format::Text && drawn(self.drawing.terminal)
    }

    /// The answer where there is nothing to draw: to whoever asked for files it says so.
    pub(crate) fn without(&self, text: String, why: &str) -> String {
        if self.files.0.is_empty() || self.style.format == Format::Json {
            text
        } else {
            format!("{text}\nno picture is written: {why}\n")
        }
    }

    /// Writes the files, and gives the answer with the picture below it where the answer goes to a terminal. Scene and
    /// motion are only made where somebody sees them.
    pub(crate) fn beside(
        &self,
        text: String,
        scene: impl FnOnce() -> Scene,
        motion: impl FnOnce() -> Result<Animation, Failure>,
    ) -> Result<String, Failure> {
        let drawn = self.style.format == Format::Text && drawn(self.drawing.terminal);
        let moves = |file: &File| file.kind == Kind::Gif;
        let moving = self.files.0.iter().any(moves);
        let still = drawn || !self.files.0.iter().all(moves);
        let animation = moving.then(motion).transpose()?;
        let scene = still.then(scene);
        self.files.write(scene.as_ref(), animation.as_ref())?;
        Ok(match scene.filter(|_| drawn) {
            Some(scene) => {
                let picture = self.in_terminal(&scene, text.lines().count());
                text + &picture
            }
            None => text,
        })
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

/// Two ends of an axis, where they are given.
type Ends = Option<(f64, f64)>;

/// The ends of both axes.
pub(crate) fn window(asked: &Window) -> Result<(Ends, Ends), Failure> {
    let ends = |name, text: &Option<String>| {
        text.as_deref()
            .map(|text| points::ends(name, text))
            .transpose()
    };
    Ok((
        ends("--range", &asked.range)?,
        ends("--y-range", &asked.y_range)?,
    ))
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
    let Some(text) = drawing.size.as_deref() else {
        return Ok([900.0, 600.0]);
    };
    let whole = Span::new(0, text.chars().count());
    let is_moving = |path: &PathBuf| File::of(path).is_ok_and(|file| file.kind == Kind::Gif);
    let moves = drawing.output.iter().any(is_moving);
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
        Some((Some(width), Some(height))) if moves && width * height > MOVING_PIXELS => {
            let message = format!(
                "a moving picture has some ninety frames, each drawn by itself: one has at most {MOVING_PIXELS} pixels, not {width}x{height}"
            );
            Err(Failure::new("setting", message)
                .at(&Source::new("--size", text), whole)
                .hint("write --size 1200x800 or less, or end the name in .svg or .png"))
        }
        Some((Some(width), Some(height))) => Ok([f64::from(width), f64::from(height)]),
        _ => Err(Failure::new(
            "setting",
            format!(
                "a size is two numbers of pixels, each from {} to {}",
                SIDES.start(),
                SIDES.end()
            ),
        )
        .at(&Source::new("--size", text), whole)
        .hint("write --size 900x600")),
    }
}

/// That a picture of this kind has nothing to move.
pub(crate) fn motionless() -> Result<Animation, Failure> {
    Err(Failure::new("setting", "this picture does not move").hint("end the name in .svg or .png"))
}

/// The files that are to be written.
pub(crate) struct Files(Vec<File>);

struct File {
    path: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Svg,
    Png,
    Gif,
}

impl Files {
    /// With these names; the format of each is told by its ending.
    pub(crate) fn of(paths: &[PathBuf]) -> Result<Self, Failure> {
        let files: Result<_, _> = paths.iter().map(|path| File::of(path)).collect();
        files.map(Self)
    }

    /// Writes each file for which there is something to write.
    fn write(&self, scene: Option<&Scene>, motion: Option<&Animation>) -> Result<(), Failure> {
        let failed = |error: secant_plot::Error| Failure::new("picture", error.to_string());
        let mut files = Vec::new();
        for file in &self.0 {
            let bytes = match (file.kind, scene, motion) {
                (Kind::Svg, Some(scene), _) => secant_plot::svg(scene).into_bytes(),
                (Kind::Png, Some(scene), _) => secant_plot::png(scene, 1.0).map_err(failed)?,
                (Kind::Gif, _, Some(motion)) => secant_plot::gif(motion).map_err(failed)?,
                _ => continue,
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
            Some("gif") => Kind::Gif,
            _ => {
                return Err(Failure::new(
                    "setting",
                    format!(
                        "the ending of '{}' names no format of a picture",
                        path.display()
                    ),
                )
                .hint("end the name in .svg, .png, .gif, or .html where the verb has a page"));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            kind,
        })
    }
}
