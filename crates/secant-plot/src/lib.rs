//! Figures as a textbook prints them: curves, tangents, points and formulas.
//!
//! Describe a [`Scene`] of points in the units of its axes, then take it as
//! [`svg`], as [`png`] or as a picture for the [`terminal`]. Formulas are
//! written in LaTeX and set with fonts that are part of the program. Labels
//! find their own room, off every line. An [`Animation`] of scenes becomes a [`gif()`].
//!
//! ```
//! use secant_plot::{Axis, Label, Line, Point, Scene, palette, png, svg, terminal};
//!
//! let curve = (0..=60).map(|i| f64::from(i) / 10.0 - 1.0).map(|x| [x, 2.0 * x * x]);
//! let scene = Scene::new(900.0, 600.0)
//!     .title(r"f(x) = 2x^2, \qquad f'(x) = 4x")
//!     .describe("The parabola 2 x squared with its tangent at 2, of slope 8.")
//!     .x(Axis::new(-1.0, 5.0).label("x"))
//!     .with(Line::new(curve))
//!     .with(Line::new([[1.0, 0.0], [3.0, 16.0]]).colour(palette(0)))
//!     .with(Point::new([2.0, 8.0]).colour(palette(0)))
//!     .with(Label::new([2.0, 8.0], "f'(2) = 8").colour(palette(0)));
//!
//! let vector = svg(&scene);
//! assert!(vector.contains("<title>f(x) = 2x², f'(x) = 4x</title>"));
//! let pixels = png(&scene, 1.0)?;
//! assert!(pixels.len() > 1000);
//! let text = terminal(&scene, 60, 20, false);
//! assert!(text.contains("f'(2) = 8"));
//! # Ok::<(), secant_plot::Error>(())
//! ```
//!
//! The crate knows points only: no function, no derivative. It reads no file
//! and prints nothing. Whatever a caller puts in (NaN, points at 1e300, an
//! empty range, broken LaTeX), a picture comes out.

mod animation;
mod area;
mod axis;
mod colour;
mod contour;
mod drawing;
mod error;
mod figure;
mod guide;
mod lattice;
mod place;
mod png;
mod range;
mod scene;
mod svg;
mod terminal;
mod tex;
mod ticks;
mod typeset;

pub use animation::{Animation, Frame, gif};
pub use axis::{Axis, Marks, Scale};
pub use colour::{Colour, Rgb, Theme, palette};
pub use contour::{Heights, decades, levels};
pub use error::Error;
pub use guide::{Direction, Guide};
pub use png::png;
pub use scene::{Dash, Item, Key, Label, Line, Point, Region, Scene, Sign, Stance};
pub use svg::svg;
pub use terminal::terminal;
pub use tex::Tex;

// The scenes of the examples name this crate; the tests inside it draw them too.
#[cfg(test)]
extern crate self as secant_plot;
#[cfg(test)]
mod tests;
