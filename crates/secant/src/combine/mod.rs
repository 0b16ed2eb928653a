//! Functions made of functions: chain, sum over rows, gather, scan. Each differentiates itself from its parts, which is the
//! chain rule; the forward and the reverse method serve them as they serve any function, but for points without derivative. At a kink, a jump or
//! the end of a domain of a part, its own rule gives some number or NaN, and a part whose adjoint is 0 adds nothing, whether it has a derivative or
//! not (`x^3` after `cbrt(x)` at 0 has a slope of 1, of which a sweep back tells 0). Estimates carry no bound there or elsewhere. Losses with kinks are served by
//! [`Objective`](crate::Objective), whose numbers at them are those of a convention, and counted.

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
