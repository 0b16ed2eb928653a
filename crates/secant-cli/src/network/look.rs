//! How all pictures of networks look.

use secant_plot::{Colour, Rgb, Scene, Tex, Theme};
use secant_train::Loss;

use crate::args::Drawing;
use crate::failure::Failure;
use crate::picture;

/// How pictures look.
pub(super) struct Look {
    size: [f64; 2],
    theme: Theme,
    title: Option<Tex>,
    /// Whether the verb names the picture itself.
    named: bool,
}

impl Look {
    pub(super) fn new(drawing: &Drawing) -> Result<Self, Failure> {
        Ok(Self {
            size: picture::size(drawing)?,
            theme: drawing.theme.map_or(Theme::Light, picture::theme),
            title: (!matches!(drawing.title.as_str(), "auto" | "none"))
                .then(|| Tex::from(drawing.title.as_str())),
            named: drawing.title == "auto",
        })
    }

    /// An empty scene under its title.
    pub(super) fn scene(&self, title: &str, description: String) -> Scene {
        let [width, height] = self.size;
        let scene = Scene::new(width, height)
            .theme(self.theme)
            .describe(description);
        match (&self.title, self.named) {
            (Some(own), _) => scene.title(own.clone()),
            (None, true) => scene.title(words(title)),
            (None, false) => scene,
        }
    }

    /// A colour between the ground and another.
    pub(super) fn mixed(&self, colour: Colour, share: f64) -> Colour {
        let (ground, full) = (self.theme.background(), self.theme.rgb(colour));
        let part = |part: usize| {
            let (ground, full) = (f64::from(ground[part]), f64::from(full[part]));
            (ground + (full - ground) * share).round() as u8
        };
        let mixed: Rgb = [part(0), part(1), part(2)];
        Colour::Exact(mixed)
    }
}

/// Words as they are, which may be a name out of a table.
pub(super) fn words(text: &str) -> Tex {
    Tex::verbatim(text)
}

/// A loss as it is called in a sentence.
pub(super) fn called(loss: &Loss) -> &'static str {
    match loss {
        Loss::Squared => "squared loss",
        Loss::Absolute => "absolute loss",
        Loss::Huber { .. } => "Huber loss",
        Loss::CrossEntropy => "cross-entropy",
        Loss::BinaryCrossEntropy => "binary cross-entropy",
        _ => "loss",
    }
}
