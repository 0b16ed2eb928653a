//! Functions made of functions: chain, sum over rows, gather, scan. Each differentiates itself from its parts, which is the
//! chain rule; the forward and the reverse method serve them as they serve any function.

mod block;
mod chain;
mod gather;
mod room;
mod rows;
mod scan;
mod sum;
mod tree;

pub use chain::Chain;
pub use gather::{Gather, Pick};
pub(crate) use room::Room;
pub(crate) use rows::row_count;
pub use rows::{LEAF, Rows};
pub use scan::Scan;
pub(crate) use sum::weighted;
pub use sum::{Partial, RowSum, RowSumAt, Sum};
pub use tree::Tree;
