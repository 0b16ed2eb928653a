//! [`Tree`]: partial results merged in one fixed shape, so that the outcome depends on their order alone and not on how many
//! threads or machines made them.

/// A binary tree that takes leaves in order. It merges two branches as soon as they hold the same number of leaves, as a binary
/// counter carries, so that it keeps at most log2(n) + 1 of them; what is left at the end is merged from the
/// last branch to the first. Rounding errors of a sum grow as the logarithm of the number of leaves.
///
/// ```
/// use secant::combine::Tree;
/// let mut tree = Tree::new(|a: String, b: String| format!("({a} {b})"));
/// for leaf in ["a", "b", "c", "d", "e", "f"] {
///     tree.push(leaf.to_string());
/// }
/// assert_eq!(tree.finish().unwrap(), "(((a b) (c d)) (e f))");
/// ```
#[derive(Clone, Debug)]
pub struct Tree<T, M> {
    /// Branches with the logarithm of their number of leaves, longest first.
    branches: Vec<(u32, T)>,
    merge: M,
}

impl<T, M: Fn(T, T) -> T> Tree<T, M> {
    /// An empty tree with the way to merge two neighbours.
    pub fn new(merge: M) -> Self {
        Self {
            branches: Vec::new(),
            merge,
        }
    }

    /// Adds the next leaf.
    pub fn push(&mut self, leaf: T) {
        self.push_branch(0, leaf);
    }

    /// Adds a branch of `2^height` leaves that was merged elsewhere by a tree of its own. The shape stays that of single leaves where
    /// the number of leaves before it is a multiple of `2^height`.
    ///
    /// ```
    /// use secant::combine::Tree;
    /// let merge = |a: String, b: String| format!("({a} {b})");
    /// let mut tree = Tree::new(merge);
    /// tree.push_branch(1, "(a b)".to_string());
    /// tree.push_branch(1, "(c d)".to_string());
    /// assert_eq!(tree.finish().unwrap(), "((a b) (c d))");
    /// ```
    pub fn push_branch(&mut self, mut height: u32, mut branch: T) {
        while let Some((_, before)) = self.branches.pop_if(|(other, _)| *other == height) {
            branch = (self.merge)(before, branch);
            height += 1;
        }
        self.branches.push((height, branch));
    }

    /// All leaves merged; `None` where there was none.
    pub fn finish(self) -> Option<T> {
        let Self { branches, merge } = self;
        let branches = branches.into_iter().rev().map(|(_, branch)| branch);
        branches.reduce(|after, before| merge(before, after))
    }
}
