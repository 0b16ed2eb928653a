//! Sums of products over blocks of fixed length: the inner loops of matrix products whose rows or columns stand apart, each
//! as a block of its own. Blocks are named by their places among all blocks, so that a result may be written where others are read.
//!
//! Multiplications and additions are fused where the machine can. The order of every sum is fixed.

use std::array::from_fn;

use crate::dispatch::{Machine, Task, perform};
use crate::reduce::halved;

/// How many numbers a vector register holds at most.
const WIDTH: usize = 8;
/// How many numbers a block holds: so few that hundreds of blocks fit into the second cache, so many that a pass over one
/// outweighs its call.
pub const BLOCK: usize = 128;

/// [`BLOCK`] numbers, aligned as vector instructions like it.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Block(pub [f64; BLOCK]);

impl Block {
    /// All zero.
    pub const ZERO: Self = Self([0.0; BLOCK]);

    #[inline(always)]
    fn vectors(&self) -> &[[f64; WIDTH]] {
        self.0.as_chunks().0
    }

    #[inline(always)]
    fn vectors_mut(&mut self) -> &mut [[f64; WIDTH]] {
        self.0.as_chunks_mut().0
    }
}

/// A vector of numbers that is passed by value, so that the compiler keeps it in a register.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Vector([f64; WIDTH]);

impl Vector {
    const ZERO: Self = Self([0.0; WIDTH]);

    #[inline(always)]
    fn add_product<M: Machine>(self, a: Self, b: Self) -> Self {
        Self(from_fn(|lane| {
            M::mul_add(a.0[lane], b.0[lane], self.0[lane])
        }))
    }

    #[inline(always)]
    fn negated(self) -> Self {
        Self(self.0.map(|x| -x))
    }

    #[inline(always)]
    fn total(self) -> f64 {
        let x = self.0;
        ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]))
    }
}

/// A linear combination of blocks: `constant` (or what the target holds, where there is none) plus the sum over the terms of
/// coefficient times block.
///
/// ```
/// use secant_vmath::{Block, linear_combination};
/// let mut blocks = [Block([2.0; 128]), Block([3.0; 128]), Block::ZERO];
/// linear_combination(&mut blocks, &[0, 1], &[10.0, 1.0], Some(0.5), 2);
/// assert_eq!(blocks[2].0[127], 23.5);
/// ```
///
/// # Panics
/// If there are not as many coefficients as terms, and if there is no such block.
pub fn linear_combination(
    blocks: &mut [Block],
    terms: &[u32],
    coefficients: &[f64],
    constant: Option<f64>,
    target: u32,
) {
    assert_eq!(
        terms.len(),
        coefficients.len(),
        "a coefficient for each term"
    );
    perform(Linear {
        blocks,
        terms,
        coefficients,
        constant,
        target,
    });
}

struct Linear<'a> {
    blocks: &'a mut [Block],
    terms: &'a [u32],
    coefficients: &'a [f64],
    constant: Option<f64>,
    target: u32,
}

impl Task<()> for Linear<'_> {
    #[inline(always)]
    fn run<M: Machine>(self) {
        /// So many sums at once hide the latency of an addition.
        const V: usize = 8;
        for pass in 0..BLOCK / WIDTH / V {
            let start = pass * V;
            let mut sums = [[0.0; WIDTH]; V];
            match self.constant {
                Some(constant) => sums = [[constant; WIDTH]; V],
                None => {
                    let before = self.blocks[self.target as usize].vectors();
                    sums.copy_from_slice(&before[start..start + V]);
                }
            }
            for (term, factor) in self.terms.iter().zip(self.coefficients) {
                let x = &self.blocks[*term as usize].vectors()[start..start + V];
                for v in 0..V {
                    for lane in 0..WIDTH {
                        sums[v][lane] = M::mul_add(*factor, x[v][lane], sums[v][lane]);
                    }
                }
            }
            let out = self.blocks[self.target as usize].vectors_mut();
            out[start..start + V].copy_from_slice(&sums);
        }
    }
}

/// `constant` (or what the target holds) plus, or minus, the sum of the products of pairs of blocks.
///
/// ```
/// use secant_vmath::{Block, sum_of_products};
/// let mut blocks = [Block([2.0; 128]), Block([3.0; 128]), Block::ZERO];
/// sum_of_products(&mut blocks, &[[0, 1], [1, 1]], false, Some(1.0), 2);
/// assert_eq!(blocks[2].0[0], 16.0);
/// ```
///
/// # Panics
/// If there is no such block.
pub fn sum_of_products(
    blocks: &mut [Block],
    pairs: &[[u32; 2]],
    negative: bool,
    constant: Option<f64>,
    target: u32,
) {
    perform(Products {
        blocks,
        pairs,
        negative,
        constant,
        target,
    });
}

struct Products<'a> {
    blocks: &'a mut [Block],
    pairs: &'a [[u32; 2]],
    negative: bool,
    constant: Option<f64>,
    target: u32,
}

impl Task<()> for Products<'_> {
    #[inline(always)]
    fn run<M: Machine>(self) {
        const V: usize = 4;
        for pass in 0..BLOCK / WIDTH / V {
            let start = pass * V;
            let mut sums = match self.constant {
                Some(constant) => [Vector([constant; WIDTH]); V],
                None => self.vectors_of::<V>(self.target, start),
            };
            for [a, b] in self.pairs {
                let (a, b) = (
                    self.vectors_of::<V>(*a, start),
                    self.vectors_of::<V>(*b, start),
                );
                for v in 0..V {
                    let a = if self.negative { a[v].negated() } else { a[v] };
                    sums[v] = sums[v].add_product::<M>(a, b[v]);
                }
            }
            let out = self.blocks[self.target as usize].vectors_mut();
            for v in 0..V {
                out[start + v] = sums[v].0;
            }
        }
    }
}

impl Products<'_> {
    #[inline(always)]
    fn vectors_of<const V: usize>(&self, block: u32, start: usize) -> [Vector; V] {
        let vectors = &self.blocks[block as usize].vectors()[start..start + V];
        from_fn(|v| Vector(vectors[v]))
    }
}

/// The inner products of each of four blocks with each of four others: sixteen in little more than the time of four.
///
/// ```
/// use secant_vmath::{Block, square_of_dots};
/// let blocks = [Block([2.0; 128]), Block([3.0; 128])];
/// assert_eq!(square_of_dots(&blocks, [0, 1, 0, 1], [1, 1, 1, 0])[0], [768.0, 768.0, 768.0, 512.0]);
/// ```
///
/// # Panics
/// If there is no such block.
#[must_use]
pub fn square_of_dots(blocks: &[Block], left: [u32; 4], right: [u32; 4]) -> [[f64; 4]; 4] {
    perform(Dots {
        left: left.map(|place| &blocks[place as usize]),
        right: right.map(|place| &blocks[place as usize]),
    })
}

/// The inner product of two blocks.
///
/// ```
/// use secant_vmath::{Block, block_dot};
/// assert_eq!(block_dot(&Block([2.0; 128]), &Block([3.0; 128])), 768.0);
/// ```
#[must_use]
pub fn block_dot(left: &Block, right: &Block) -> f64 {
    perform(Dot { left, right })
}

struct Dot<'a> {
    left: &'a Block,
    right: &'a Block,
}

impl Task<f64> for Dot<'_> {
    #[inline(always)]
    fn run<M: Machine>(self) -> f64 {
        const STRANDS: usize = 32;
        let mut strands = [0.0; STRANDS];
        let left = self.left.0.as_chunks::<STRANDS>().0;
        let right = self.right.0.as_chunks::<STRANDS>().0;
        for (left, right) in left.iter().zip(right) {
            for lane in 0..STRANDS {
                strands[lane] = M::mul_add(left[lane], right[lane], strands[lane]);
            }
        }
        halved(strands)
    }
}

struct Dots<'a> {
    left: [&'a Block; 4],
    right: [&'a Block; 4],
}

impl Task<[[f64; 4]; 4]> for Dots<'_> {
    #[inline(always)]
    fn run<M: Machine>(self) -> [[f64; 4]; 4] {
        let mut sums = [[Vector::ZERO; 4]; 4];
        let left = self.left.map(Block::vectors);
        let right = self.right.map(Block::vectors);
        for place in 0..BLOCK / WIDTH {
            let a = left.map(|x| Vector(x[place]));
            let b = right.map(|x| Vector(x[place]));
            for i in 0..4 {
                for j in 0..4 {
                    sums[i][j] = sums[i][j].add_product::<M>(a[i], b[j]);
                }
            }
        }
        sums.map(|row| row.map(Vector::total))
    }
}

/// The sum of a block's numbers.
///
/// ```
/// assert_eq!(secant_vmath::block_sum(&secant_vmath::Block([2.0; 128])), 256.0);
/// ```
#[must_use]
pub fn block_sum(block: &Block) -> f64 {
    perform(Total(block))
}

struct Total<'a>(&'a Block);

impl Task<f64> for Total<'_> {
    #[inline(always)]
    fn run<M: Machine>(self) -> f64 {
        const STRANDS: usize = 32;
        let mut strands = [0.0; STRANDS];
        for row in self.0.0.as_chunks::<STRANDS>().0 {
            for (strand, number) in strands.iter_mut().zip(row) {
                *strand += number;
            }
        }
        halved(strands)
    }
}
