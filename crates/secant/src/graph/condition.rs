//! [`Condition`]: what must hold for a rewrite to change nothing. It is told, never assumed.

use super::{Graph, NodeId};
use crate::text::{Notation, print};

/// What must hold for a simplified formula to equal the written one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// The node is not 0.
    NonZero(NodeId),
    /// The node is not negative.
    NonNegative(NodeId),
    /// The node is above 0.
    Positive(NodeId),
    /// The node has a real value.
    Defined(NodeId),
}

impl Condition {
    /// The condition as mathematics: `x ≠ 0`.
    #[must_use]
    pub fn describe(self, graph: &Graph) -> String {
        let text = |id| print(&graph.expression(id), Notation::Text);
        match self {
            Self::NonZero(id) => format!("{} ≠ 0", text(id)),
            Self::NonNegative(id) => format!("{} ≥ 0", text(id)),
            Self::Positive(id) => format!("{} > 0", text(id)),
            Self::Defined(id) => format!("{} is defined", text(id)),
        }
    }
}
