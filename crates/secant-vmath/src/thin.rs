//! Products of matrices of which one side is a few numbers wide, where a product that packs its factors first would spend its
//! time on that. Matrices lie column after column; multiplications and additions are fused where the machine can.

use std::array::from_fn;

use crate::dispatch::{Machine, Real, Task};
use crate::number::Number;
use crate::reduce::halved;

/// What a sum of products is added to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Onto<'a, R> {
    /// Nothing: what stood there is written over.
    Nothing,
    /// What stands there.
    Present,
    /// In each column, a number of its own.
    Numbers(&'a [R]),
}

/// Each column of `into` becomes a linear combination of the columns of `left`, added to `onto`: `into = onto + left right`, with
/// columns of `rows` numbers. The coefficient of column k in column j is `right[k steps[0] + j steps[1]]`.
///
/// ```
/// use secant_vmath::{Onto, combinations};
/// let left = [1.0, 2.0, 10.0, 20.0]; // the columns (1, 2) and (10, 20)
/// let mut into = [0.0; 2];
/// combinations(&mut into, 2, &left, &[3.0, 1.0], [1, 2], Onto::Numbers(&[0.5]));
/// assert_eq!(into, [13.5, 26.5]);
/// ```
///
/// # Panics
/// If a slice is too short for the others, or holds no whole columns.
pub fn combinations<R: Real>(
    into: &mut [R],
    rows: usize,
    left: &[R],
    right: &[R],
    steps: [usize; 2],
    onto: Onto<'_, R>,
) {
    if rows == 0 {
        return;
    }
    let (columns, inner) = (into.len() / rows, left.len() / rows);
    assert!(
        into.len() == columns * rows && left.len() == inner * rows,
        "whole columns of {rows} numbers"
    );
    if let Onto::Numbers(numbers) = onto {
        assert_eq!(numbers.len(), columns, "a number for each column");
    }
    R::combinations(Combinations {
        into,
        rows,
        left,
        right,
        steps,
        onto,
    });
}

/// The inner products of all columns of `left` with all columns of `right`, each of `length` numbers, added to what stands in `into`: that
/// of columns i and j to `into[i steps[0] + j steps[1]]`.
///
/// ```
/// use secant_vmath::inner_products;
/// let mut into = [0.5; 2];
/// inner_products(&mut into, [1, 2], 2, &[1.0, 2.0, 10.0, 20.0], &[3.0, 1.0]);
/// assert_eq!(into, [5.5, 50.5]);
/// ```
///
/// # Panics
/// If a slice is too short for the others, or holds no whole columns.
pub fn inner_products<R: Real>(
    into: &mut [R],
    steps: [usize; 2],
    length: usize,
    left: &[R],
    right: &[R],
) {
    if length == 0 {
        return;
    }
    assert!(
        left.len().is_multiple_of(length) && right.len().is_multiple_of(length),
        "whole columns of {length} numbers"
    );
    // The longer side goes by fours.
    let (left, right, steps) = if left.len() < right.len() {
        (right, left, [steps[1], steps[0]])
    } else {
        (left, right, steps)
    };
    R::inner_products(InnerProducts {
        into,
        steps,
        length,
        left,
        right,
    });
}

/// The work of [`combinations`].
pub struct Combinations<'a, R> {
    into: &'a mut [R],
    rows: usize,
    left: &'a [R],
    right: &'a [R],
    steps: [usize; 2],
    onto: Onto<'a, R>,
}

/// The work of [`inner_products`].
pub struct InnerProducts<'a, R> {
    into: &'a mut [R],
    steps: [usize; 2],
    length: usize,
    left: &'a [R],
    right: &'a [R],
}

impl<R: Number> Combinations<'_, R> {
    /// Column by column, a few terms at a time, so that each is one loop over slices.
    #[inline(always)]
    fn all<M: Machine>(self) {
        let rows = self.rows;
        for (j, out) in self.into.chunks_exact_mut(rows).enumerate() {
            let mut constant = match self.onto {
                Onto::Nothing => Some(R::ZERO),
                Onto::Present => None,
                Onto::Numbers(numbers) => Some(numbers[j]),
            };
            if let (Some(constant), true) = (constant, self.left.is_empty()) {
                out.fill(constant);
            }
            for (group, left) in self.left.chunks(TERMS * rows).enumerate() {
                let coefficient =
                    |k| self.right[(group * TERMS + k) * self.steps[0] + j * self.steps[1]];
                let begin = constant.take();
                match left.len() / rows {
                    1 => add_terms::<M, R, 1>(out, begin, left, coefficient),
                    2 => add_terms::<M, R, 2>(out, begin, left, coefficient),
                    3 => add_terms::<M, R, 3>(out, begin, left, coefficient),
                    _ => add_terms::<M, R, TERMS>(out, begin, left, coefficient),
                }
            }
        }
    }
}

/// So many terms of a combination at once.
const TERMS: usize = 4;

/// `out`, or the constant in its place, plus `K` columns times their coefficients.
#[inline(always)]
fn add_terms<M: Machine, R: Number, const K: usize>(
    out: &mut [R],
    constant: Option<R>,
    left: &[R],
    coefficient: impl Fn(usize) -> R,
) {
    let rows = out.len();
    let columns: [&[R]; K] = from_fn(|k| &left[k * rows..(k + 1) * rows]);
    let coefficients: [R; K] = from_fn(coefficient);
    let combined = |mut sum: R, row: usize| {
        for k in 0..K {
            sum = added::<M, R>(columns[k][row], coefficients[k], sum);
        }
        sum
    };
    match constant {
        Some(constant) => {
            for (row, out) in out.iter_mut().enumerate() {
                *out = combined(constant, row);
            }
        }
        None => {
            for (row, out) in out.iter_mut().enumerate() {
                *out = combined(*out, row);
            }
        }
    }
}

/// `a b + sum`.
#[inline(always)]
fn added<M: Machine, R: Number>(a: R, b: R, sum: R) -> R {
    if M::FUSED {
        a.fused(b, sum)
    } else {
        a * b + sum
    }
}

impl<R: Number> InnerProducts<'_, R> {
    /// All pairs of columns, four by two and then one by one, with few enough sums at once that registers hold them.
    #[inline(always)]
    fn all<M: Machine, const W: usize>(mut self) {
        let [left, right] = [self.left, self.right].map(|side| side.len() / self.length);
        for j in (0..right).step_by(2) {
            let whole = left - left % 4;
            for i in (0..whole).step_by(4) {
                match right - j {
                    1 => self.tile::<M, W, 4, 1>(i, j),
                    _ => self.tile::<M, W, 4, 2>(i, j),
                }
            }
            for i in whole..left {
                match right - j {
                    1 => self.tile::<M, W, 1, 1>(i, j),
                    _ => self.tile::<M, W, 1, 2>(i, j),
                }
            }
        }
    }

    #[inline(always)]
    fn tile<M: Machine, const W: usize, const I: usize, const J: usize>(
        &mut self,
        first: usize,
        second: usize,
    ) {
        let length = self.length;
        let left: [_; I] =
            from_fn(|i| strands::<R, W>(&self.left[(first + i) * length..][..length]));
        let right: [_; J] =
            from_fn(|j| strands::<R, W>(&self.right[(second + j) * length..][..length]));
        let mut sums = [[[R::ZERO; W]; J]; I];
        for step in 0..length / W {
            let a: [&[R; W]; I] = from_fn(|i| &left[i].0[step]);
            let b: [&[R; W]; J] = from_fn(|j| &right[j].0[step]);
            add_pairs::<M, R, W, I, J>(&mut sums, a, b);
        }
        add_pairs::<M, R, W, I, J>(&mut sums, from_fn(|i| &left[i].1), from_fn(|j| &right[j].1));
        for (i, sums) in sums.iter().enumerate() {
            for (j, sums) in sums.iter().enumerate() {
                let into =
                    &mut self.into[(first + i) * self.steps[0] + (second + j) * self.steps[1]];
                *into = *into + total(sums);
            }
        }
    }
}

/// A column in rows of `W` numbers, the last filled up with zeros.
#[inline(always)]
fn strands<R: Number, const W: usize>(column: &[R]) -> (&[[R; W]], [R; W]) {
    let (rows, rest) = column.as_chunks();
    let mut last = [R::ZERO; W];
    for (last, rest) in last.iter_mut().zip(rest) {
        *last = *rest;
    }
    (rows, last)
}

/// The sum of strands. Called, not inlined: the compiler would else keep the strands of the sums above in half registers.
#[inline(never)]
fn total<R: Number, const W: usize>(strands: &[R; W]) -> R {
    halved(*strands)
}

#[inline(always)]
fn add_pairs<M: Machine, R: Number, const W: usize, const I: usize, const J: usize>(
    sums: &mut [[[R; W]; J]; I],
    a: [&[R; W]; I],
    b: [&[R; W]; J],
) {
    for i in 0..I {
        for j in 0..J {
            for lane in 0..W {
                sums[i][j][lane] = added::<M, R>(a[i][lane], b[j][lane], sums[i][j][lane]);
            }
        }
    }
}

/// Compiles both kinds of work for one kind of number, here and once.
macro_rules! compiled {
    ($real:ty, $lanes:literal) => {
        impl Task<()> for Combinations<'_, $real> {
            #[inline(always)]
            fn run<M: Machine, const WIDTH: usize>(self) {
                self.all::<M>();
            }
        }

        impl Task<()> for InnerProducts<'_, $real> {
            #[inline(always)]
            fn run<M: Machine, const WIDTH: usize>(self) {
                self.all::<M, $lanes>();
            }
        }
    };
}

compiled!(f64, 4);
compiled!(f32, 8);
