//! The axes of a scene: the range that is shown, how values become distances, and what stands along them.
//!
//! What is asked for is kept as it is here; which range can be drawn and which ticks fit is decided elsewhere.

use crate::tex::Tex;

/// One direction of a scene: its range, its scale, its name.
///
/// A range is taken as it is meant: swapped ends are put in order, an empty or
/// unusable range (equal ends, NaN, a logarithm of nothing) is widened to one
/// that can be drawn.
///
/// ```
/// use secant_plot::{Axis, Scale};
///
/// let step = Axis::new(1e-16, 1.0).log().label(r"\delta");
/// assert_eq!(step.scale, Scale::Log10);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// The ends, or none where the axis fits its items.
    pub range: Option<[f64; 2]>,
    /// How values become distances.
    pub scale: Scale,
    /// The name beside the axis.
    pub label: Option<Tex>,
    /// What stands along the axis.
    pub marks: Marks,
}

/// What stands along an axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Marks {
    /// Round numbers.
    #[default]
    Numbers,
    /// Whole numbers alone: what is counted has no halves.
    Whole,
    /// A name at each whole number from 0 on; where there is no room for all, every second, fifth or tenth of them.
    Names(Vec<Tex>),
}

impl Axis {
    /// A linear axis from `low` to `high`.
    pub fn new(low: f64, high: f64) -> Self {
        Self {
            range: Some([low, high]),
            ..Self::default()
        }
    }

    /// A linear axis that fits the items of its scene with a little air.
    pub fn auto() -> Self {
        Self::default()
    }

    /// The same axis counted in powers of ten.
    pub fn log(mut self) -> Self {
        self.scale = Scale::Log10;
        self
    }

    /// The same axis with whole numbers alone: epochs, neurons.
    pub fn whole(mut self) -> Self {
        self.marks = Marks::Whole;
        self
    }

    /// The same axis with a name at each whole number from 0 on.
    ///
    /// ```
    /// use secant_plot::{Axis, Scene, Tex, svg};
    ///
    /// let y = Axis::new(-0.5, 1.5).names([Tex::verbatim("mass"), Tex::verbatim("time")]);
    /// assert!(svg(&Scene::new(900.0, 600.0).y(y)).starts_with("<svg"));
    /// ```
    pub fn names(mut self, names: impl IntoIterator<Item = Tex>) -> Self {
        self.marks = Marks::Names(names.into_iter().collect());
        self
    }

    /// The same axis with a name.
    pub fn label(mut self, label: impl Into<Tex>) -> Self {
        self.label = Some(label.into());
        self
    }
}

/// How values become distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Equal differences are equal distances.
    #[default]
    Linear,
    /// Equal ratios are equal distances; only values above 0 have a place.
    Log10,
}
