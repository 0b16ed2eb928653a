//! A program over rows in blocks of 64, arranged for vector loops: what is the same for all rows apart, sums of products fused, results kept by
//! row or summed over the rows. [`RowSum`](super::RowSum) and [`Gather`](super::Gather) run on it.

mod compile;
mod fuse;
mod plan;
mod run;

pub(super) use compile::Ends;
pub(super) use plan::{Plan, Wanted};
pub(super) use run::{ROWS, Uniforms, run_steps};
