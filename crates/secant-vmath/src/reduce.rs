//! Sums in one fixed order, the same bits on every machine.

use crate::Real;

/// How many sums run side by side.
const STRANDS: usize = 16;
/// So many numbers are added strand by strand; longer slices are halved.
const LEAF: usize = 512;

/// The sum of all elements, by a tree whose shape depends on the length alone: leaves of 512 elements in 16 strands, then
/// by halves. The rounding error grows as the logarithm of the length.
///
/// ```
/// assert_eq!(secant_vmath::sum(&[1.0, 2.0, 3.0]), 6.0);
/// ```
#[must_use]
pub fn sum<R: Real>(x: &[R]) -> R {
    if x.len() <= LEAF {
        return leaf(x.chunks(STRANDS).map(|row| row.iter().copied()));
    }
    let (first, second) = x.split_at(half(x.len()));
    sum(first) + sum(second)
}

/// The sum of `x y`, each product rounded, by the tree of [`sum`].
///
/// # Panics
/// If the lengths differ.
#[must_use]
pub fn dot<R: Real>(x: &[R], y: &[R]) -> R {
    assert_eq!(x.len(), y.len(), "slices of one length");
    if x.len() <= LEAF {
        let rows = x.chunks(STRANDS).zip(y.chunks(STRANDS));
        return leaf(rows.map(|(x, y)| x.iter().zip(y).map(|(x, y)| *x * *y)));
    }
    let ((x, second), (y, other)) = (x.split_at(half(x.len())), y.split_at(half(x.len())));
    dot(x, y) + dot(second, other)
}

/// Where a slice is halved: at a multiple of the leaf.
fn half(length: usize) -> usize {
    (length / 2).next_multiple_of(LEAF)
}

/// Strand by strand, then the strands by halves.
fn leaf<R: Real>(rows: impl Iterator<Item = impl Iterator<Item = R>>) -> R {
    let mut strands = [R::ZERO; STRANDS];
    for row in rows {
        for (strand, summand) in strands.iter_mut().zip(row) {
            *strand = *strand + summand;
        }
    }
    let mut count = STRANDS;
    while count > 1 {
        count /= 2;
        for place in 0..count {
            strands[place] = strands[place] + strands[place + count];
        }
    }
    strands[0]
}
