//! Sums in one fixed order, the same bits on every machine.

use crate::Real;
use crate::dispatch::{Machine, Task};
use crate::number::Number;

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
        return R::sum(Sum(x));
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
        return R::dot(Dot(x, y));
    }
    let ((x, second), (y, other)) = (x.split_at(half(x.len())), y.split_at(half(x.len())));
    dot(x, y) + dot(second, other)
}

/// Where a slice is halved: at a multiple of the leaf.
fn half(length: usize) -> usize {
    (length / 2).next_multiple_of(LEAF)
}

/// The sum of a leaf.
pub struct Sum<'a, R>(&'a [R]);

impl<R: Number> Task<R> for Sum<'_, R> {
    #[inline(always)]
    fn run<M: Machine, const WIDTH: usize>(self) -> R {
        let (rows, rest) = self.0.as_chunks::<STRANDS>();
        let mut strands = [R::ZERO; STRANDS];
        for row in rows {
            for lane in 0..STRANDS {
                strands[lane] = strands[lane] + row[lane];
            }
        }
        for (strand, x) in strands.iter_mut().zip(rest) {
            *strand = *strand + *x;
        }
        halved(strands)
    }
}

/// The inner product of two leaves of one length.
pub struct Dot<'a, R>(&'a [R], &'a [R]);

impl<R: Number> Task<R> for Dot<'_, R> {
    #[inline(always)]
    fn run<M: Machine, const WIDTH: usize>(self) -> R {
        let ((rows, rest), (others, other)) =
            (self.0.as_chunks::<STRANDS>(), self.1.as_chunks::<STRANDS>());
        let mut strands = [R::ZERO; STRANDS];
        for (row, other) in rows.iter().zip(others) {
            for lane in 0..STRANDS {
                strands[lane] = strands[lane] + row[lane] * other[lane];
            }
        }
        for (strand, (x, y)) in strands.iter_mut().zip(rest.iter().zip(other)) {
            *strand = *strand + *x * *y;
        }
        halved(strands)
    }
}

/// The sum of strands, by halves.
#[inline(always)]
pub(crate) fn halved<R: Number, const N: usize>(mut strands: [R; N]) -> R {
    let mut count = N;
    while count > 1 {
        count /= 2;
        for place in 0..count {
            strands[place] = strands[place] + strands[place + count];
        }
    }
    strands[0]
}
