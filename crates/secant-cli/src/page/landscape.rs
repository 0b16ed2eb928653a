//! The section of a landscape: the loss around weights as a curve, or as a map with its surface.

use serde_json::json;

use super::{Section, escaped, filled};
use crate::text;

/// The loss along one direction or two, as its page shows it.
pub(crate) struct Landscape<'a> {
    pub(crate) title: &'a str,
    /// Which network and which samples, line by line.
    pub(crate) about: &'a str,
    pub(crate) loss: &'a str,
    /// One direction or two, in words.
    pub(crate) along: Vec<&'a str>,
    /// The curvature with its residual, along each eigenvector of the Hessian.
    pub(crate) bends: Vec<[f64; 2]>,
    pub(crate) span: f64,
    pub(crate) points: usize,
    /// The first direction runs fastest.
    pub(crate) losses: &'a [f64],
    pub(crate) centre: f64,
}

impl Landscape<'_> {
    pub(super) fn section(&self) -> Section {
        let short = |value: f64| text::digits(value, 7).filter(|value| value.is_finite());
        let data = json!({
            "labels": self.along.iter().map(|along| format!("along {along}")).collect::<Vec<_>>(),
            "span": self.span,
            "points": self.points,
            "centre": short(self.centre),
            // JSON has no infinity: what is not finite is null, and NaN in the page.
            "losses": self.losses.iter().map(|loss| short(*loss)).collect::<Vec<_>>(),
        });
        let is_plane = self.along.len() == 2;
        let lead = "1 is as far as the weights are long. Point at a place to read its loss; the ring stands at the weights.";
        let (drag, picture, caption, surface) = if is_plane {
            let caption = format!(
                "<figcaption>{} from low<span class=\"ramp\"></span>to high, with lines of equal height.</figcaption>",
                escaped(self.loss)
            );
            let surface = include_str!("surface.html");
            ("free", "The loss from above", caption, surface)
        } else {
            ("", "The loss along the direction", String::new(), "")
        };
        let places: Vec<String> = self
            .along
            .iter()
            .enumerate()
            .map(|(place, along)| {
                let along = escaped(along);
                format!("<div><dt>along {along}</dt><dd data-part=\"place-{place}\"></dd></div>")
            })
            .collect();
        let bends: Vec<String> = self
            .bends
            .iter()
            .zip(["first", "second"])
            .map(|([curvature, residual], nth)| {
                let curvature = text::digits(*curvature, 6).map_or_else(String::new, text::number);
                let residual = text::digits(*residual, 2).map_or_else(String::new, text::number);
                format!("<div><dt>curvature, {nth} eigenvector</dt><dd>{curvature}<br>residual {residual}</dd></div>")
            })
            .collect();
        let html = filled(
            include_str!("landscape.html"),
            &[
                (
                    "title",
                    &escaped(&format!("The {} around the weights", self.loss)),
                ),
                ("lead", lead),
                ("drag", drag),
                ("picture", picture),
                ("caption", &caption),
                ("places", &places.join("\n")),
                ("bends", &bends.join("\n")),
                ("surface", surface),
            ],
        );
        Section {
            view: "landscape",
            html,
            data,
        }
    }
}
