//! Lines across the whole frame.

use crate::colour::Colour;
use crate::scene::Dash;

/// A thin line across the whole frame: a pole, an asymptote, a chosen x.
///
/// ```
/// use secant_plot::{Dash, Guide};
///
/// assert_eq!(Guide::vertical(0.0).dash, Dash::Dashed);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guide {
    /// Which way it runs.
    pub direction: Direction,
    /// The value it stands at: x where vertical, y where horizontal.
    pub value: f64,
    /// The colour of the stroke.
    pub colour: Colour,
    /// Unbroken, dashed or dotted.
    pub dash: Dash,
}

/// Which way a guide runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    Horizontal,
    /// From bottom to top.
    Vertical,
}

impl Guide {
    /// A guide from bottom to top at this x.
    pub fn vertical(x: f64) -> Self {
        Self {
            direction: Direction::Vertical,
            value: x,
            colour: Colour::Faint,
            dash: Dash::Dashed,
        }
    }

    /// A guide from left to right at this y.
    pub fn horizontal(y: f64) -> Self {
        Self {
            direction: Direction::Horizontal,
            ..Self::vertical(y)
        }
    }

    /// The same guide in another colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// The same guide in another dash.
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }
}
