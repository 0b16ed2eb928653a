#![doc = include_str!("../README.md")]
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
mod stream;
mod thin;

pub use arithmetic::*;
pub use blocks::{
    BLOCK, Block, Combination, block_dot, block_sum, linear_combinations, square_of_dots,
    sum_of_products,
};
pub use chain::{Link, chain};
#[doc(hidden)]
pub use dispatch::with_level;
pub use dispatch::{Level, Real};
pub use elementary::*;
pub use operand::{InPlace, Operand};
pub use reduce::{dot, sum};
pub use stream::{copy_past_caches, prefetch};
pub use thin::{Onto, combinations, inner_products};
