//! How all pictures of networks look.

use secant_plot::{Colour, Rgb, Scene, Tex};
use secant_train::Loss;

use crate::args::Drawing;
use crate::failure::Failure;
use crate::picture::look;

/// How pictures of networks look: as all others, under a title in plain words.
pub(super) struct Look(look::Look);

impl Look {
    pub(super) fn new(drawing: &Drawing) -> Result<Self, Failure> {
        look::Look::read(drawing, None).map(Self)
    }

    /// An empty scene under its title.
    pub(super) fn scene(&self, title: &str, description: String) -> Scene {
        let scene = self.0.scene(self.0.size, description);
        self.0.titled(scene, || Some(words(title)))
    }

    /// A colour between the ground and another.
    pub(super) fn mixed(&self, colour: Colour, share: f64) -> Colour {
        let (ground, full) = (self.0.theme.background(), self.0.theme.rgb(colour));
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
