//! [`Expr`]: what a person writes, as a tree with exact constants. It is kept flat, arguments before the
//! nodes that use them, so that no depth of nesting can exhaust the stack. It knows no value.

use std::sync::Arc;

use crate::elementary::Operation;
use crate::error::Span;
use crate::number::{Constant, Rational};

/// Where a node stands in its [`Expr`].
pub type ExprId = usize;

/// One node of a formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExprKind {
    /// An exact number, not negative when it comes from text.
    Number(Rational),
    /// A named exact number.
    Constant(Constant),
    /// A variable, a parameter of a definition, or the index of a sum.
    Name(Arc<str>),
    /// A function of the table.
    Apply(Operation, Vec<ExprId>),
    /// A function that the text itself defines.
    Call(Arc<str>, Vec<ExprId>),
    /// `sum(index, from, to, body)`: the sum of `body` for whole numbers `from..=to` in place of `index`.
    Sum {
        /// The name that counts.
        index: Arc<str>,
        /// The first value.
        from: ExprId,
        /// The last value.
        to: ExprId,
        /// What is summed.
        body: ExprId,
    },
}

/// A formula as it was written: nodes with their places in the text; the last one is the root.
///
/// ```
/// use secant::{Expr, ExprKind, Span};
/// let mut expr = Expr::default();
/// expr.push(ExprKind::Name("x".into()), Span::new(0, 1));
/// assert_eq!(expr.root(), Some(0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expr {
    nodes: Vec<(ExprKind, Span)>,
}

impl Expr {
    /// Adds a node, whose arguments are there already, and gives its place.
    pub fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.nodes.push((kind, span));
        self.nodes.len() - 1
    }

    /// The node that stands at this place.
    ///
    /// # Panics
    /// Where no node was added there.
    #[must_use]
    pub fn kind(&self, id: ExprId) -> &ExprKind {
        &self.nodes[id].0
    }

    /// Where in the text it was written.
    ///
    /// # Panics
    /// As [`kind`](Self::kind).
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.nodes[id].1
    }

    /// The whole formula's node; `None` while nothing was added.
    #[must_use]
    pub fn root(&self) -> Option<ExprId> {
        self.nodes.len().checked_sub(1)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether every node stands behind its arguments, so that none of these is missing and none contains itself.
    pub(crate) fn is_in_order(&self) -> bool {
        let mut nodes = self.nodes.iter().enumerate();
        nodes.all(|(place, (kind, _))| match kind {
            ExprKind::Apply(_, arguments) | ExprKind::Call(_, arguments) => {
                arguments.iter().all(|argument| *argument < place)
            }
            ExprKind::Sum { from, to, body, .. } => *from.max(to).max(body) < place,
            ExprKind::Number(_) | ExprKind::Constant(_) | ExprKind::Name(_) => true,
        })
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
