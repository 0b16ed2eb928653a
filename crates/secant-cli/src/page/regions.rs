//! The section of a training: which class the network saw where, from epoch to epoch, with the loss beside.

use serde_json::json;

use super::{Section, escaped, filled};
use crate::text;

/// The shades of the classes, as the page's style and script name them.
const SHADES: [&str; 12] = [
    "blue", "red", "green", "purple", "ochre", "cyan", "magenta", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];

/// A training of two features, as its page shows it.
pub(crate) struct Regions<'a> {
    pub(crate) title: &'a str,
    /// What was trained on what, line by line.
    pub(crate) about: &'a str,
    pub(crate) loss: &'a str,
    pub(crate) features: [&'a str; 2],
    /// The part of the plane that is shown.
    pub(crate) x: [f64; 2],
    pub(crate) y: [f64; 2],
    /// Columns and rows of the places at which classes were compared.
    pub(crate) grid: [usize; 2],
    /// What the classes are called.
    pub(crate) classes: Vec<String>,
    /// The samples with their classes.
    pub(crate) samples: Vec<([f64; 2], usize)>,
    /// Epochs with their losses: on the samples learned from, and on those kept apart.
    pub(crate) losses: Vec<[f64; 2]>,
    pub(crate) validation: Vec<[f64; 2]>,
    pub(crate) moments: Vec<Moment>,
}

/// The network after some epochs.
pub(crate) struct Moment {
    pub(crate) epoch: u64,
    pub(crate) loss: f64,
    pub(crate) accuracy: Option<f64>,
    /// For each class and place, by how much the class is behind the best other: 0 where it leads, else below 0.
    pub(crate) behind: Vec<f64>,
}

impl Regions<'_> {
    pub(super) fn section(&self) -> Section {
        let short = |value: f64| text::digits(value, 6).filter(|value| value.is_finite());
        let pair = |[x, y]: &[f64; 2]| json!([short(*x), short(*y)]);
        let samples = self.samples.iter();
        let moments = self.moments.iter().map(|moment| {
            json!({
                "epoch": moment.epoch,
                "loss": short(moment.loss),
                "accuracy": moment.accuracy.and_then(short),
                "scores": self.signs(&moment.behind),
            })
        });
        let data = json!({
            "labels": self.features,
            "x": self.x,
            "y": self.y,
            "grid": self.grid,
            "classes": self.classes.len(),
            "points": samples.map(|([x, y], class)| json!([short(*x), short(*y), class])).collect::<Vec<_>>(),
            "losses": self.losses.iter().map(pair).collect::<Vec<_>>(),
            "validation": self.validation.iter().map(pair).collect::<Vec<_>>(),
            "moments": moments.collect::<Vec<_>>(),
        });
        let key = if self.validation.is_empty() {
            ""
        } else {
            "<p><span class=\"key\" style=\"--shade: var(--blue)\">samples learned from</span><br><span class=\"key\" style=\"--shade: var(--red)\">samples kept apart</span></p>"
        };
        let [columns, rows] = self.grid;
        let classes = self.classes.iter().zip(SHADES);
        let classes: Vec<String> = classes
            .map(|(class, shade)| {
                let class = escaped(class);
                format!("<span class=\"key\" style=\"--shade: var(--{shade})\">{class}</span>")
            })
            .collect();
        let html = filled(
            include_str!("regions.html"),
            &[
                ("grid", &format!("{columns} by {rows}")),
                ("loss", &escaped(self.loss)),
                ("key", key),
                ("classes", &classes.join(" ")),
            ],
        );
        Section {
            view: "regions",
            html,
            data,
        }
    }

    /// A sign for each number, finest near 0. What lies further behind than the steepest step from place to place could make good is all the
    /// same: no border runs there.
    fn signs(&self, behind: &[f64]) -> String {
        const SIGNS: &[u8; 64] =
            b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
        let [columns, rows] = self.grid;
        let along = behind.chunks_exact(columns).flat_map(|row| row.windows(2));
        let up = behind
            .chunks_exact(columns * rows)
            .flat_map(|class| class.iter().zip(&class[columns..]));
        let steps = along
            .map(|pair| (pair[1] - pair[0]).abs())
            .chain(up.map(|(a, b)| (b - a).abs()))
            .filter(|step| step.is_finite());
        let deepest = 2.0 * steps.fold(f64::MIN_POSITIVE, f64::max);
        let sign = |value: &f64| {
            let share = (-value / deepest).clamp(0.0, 1.0);
            char::from(SIGNS[((1.0 - share.sqrt()) * 63.0).round() as usize])
        };
        behind.iter().map(sign).collect()
    }
}
