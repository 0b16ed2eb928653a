//! Elementary functions and arithmetic over slices of `f64` and `f32`.
//!
//! Each function takes its arguments as [`Operand`]s (a slice, one number for all elements, or [`InPlace`]: what already
//! stands in the output) and writes one result for each element of the output:
//!
//! ```
//! use secant_vmath::{InPlace, add, exp, mul};
//!
//! let x = [0.0, 1.0, 2.0];
//! let mut out = [0.0; 3];
//! exp(&x, &mut out);              // out = exp(x)
//! mul(&x, InPlace, &mut out);     // out = x exp(x)
//! add(InPlace, 1.0, &mut out);    // out = x exp(x) + 1
//! assert_eq!(out[0], 1.0);
//! ```
//!
//! A result depends on the arguments of its element alone: not on its place in the slice, on the length, or on how a longer
//! slice was cut.
//!
//! # Panics
//! Every function panics, as [`slice::copy_from_slice`] does, if a slice has not the length of the output.

mod arithmetic;
mod blocks;
mod chain;
mod dispatch;
mod elementary;
mod number;
mod operand;
mod reduce;

pub use arithmetic::*;
pub use blocks::{
    BLOCK, Block, block_dot, block_sum, linear_combination, square_of_dots, sum_of_products,
};
pub use chain::{Link, chain};
#[doc(hidden)]
pub use dispatch::with_level;
pub use dispatch::{Level, Real};
pub use elementary::*;
pub use operand::{InPlace, Operand};
pub use reduce::{dot, sum};
