//! Sums of products over blocks of fixed length: the inner loops of matrix products whose rows or columns stand apart, each
//! as a block of its own. Blocks are named by their places among all blocks, so that a result may be written where others are read.
//!
//! Multiplications and additions are fused where the machine can. The order of every sum is fixed.

use std::array::from_fn;
use std::hint::black_box;

use crate::dispatch::{Machine, Task, perform};
use crate::reduce::halved;

/// How many numbers a block holds: so few that hundreds of blocks fit into the second cache, so many that a pass over one
/// outweighs its call.
pub const BLOCK: usize = 64;
/// So many partial sums of an inner product stand side by side, on every machine: as many as the longest register holds.
const STRANDS: usize = 8;

/// [`BLOCK`] numbers, aligned as vector instructions like it.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Block(pub [f64; BLOCK]);

impl Block {
    /// All zero.
    pub const ZERO: Self = Self([0.0; BLOCK]);

    /// The numbers as registers take them.
    #[inline(always)]
    fn vectors<const WIDTH: usize>(&self) -> &[[f64; WIDTH]] {
        self.0.as_chunks().0
    }

    #[inline(always)]
    fn vectors_mut<const WIDTH: usize>(&mut self) -> &mut [[f64; WIDTH]] {
        self.0.as_chunks_mut().0
    }
}

/// A vector of numbers that is passed by value, so that the compiler keeps it in a register.
#[derive(Clone, Copy)]
struct Vector<const WIDTH: usize>([f64; WIDTH]);

impl<const WIDTH: usize> Vector<WIDTH> {
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
}

/// A linear combination of blocks: `constant` (or what the target holds, where there is none) plus the sum over the terms of
/// coefficient times block.
#[derive(Clone, Copy, Debug)]
pub struct Combination<'a> {
    /// The places of the blocks.
    pub terms: &'a [u32],
    /// A coefficient for each term.
    pub coefficients: &'a [f64],
    /// What the sum begins with, if not with the target.
    pub constant: Option<f64>,
    /// The place of the result.
    pub target: u32,
}

/// Linear combinations, one after another.
///
/// ```
/// use secant_vmath::{Block, Combination, linear_combinations};
/// let mut blocks = [Block([2.0; 64]), Block([3.0; 64]), Block::ZERO];
/// let sum = Combination { terms: &[0, 1], coefficients: &[10.0, 1.0], constant: Some(0.5), target: 2 };
/// linear_combinations(&mut blocks, [sum]);
/// assert_eq!(blocks[2].0[63], 23.5);
/// ```
///
/// # Panics
/// If there are not as many coefficients as terms, and if there is no such block.
pub fn linear_combinations<'a>(
    blocks: &mut [Block],
    combinations: impl IntoIterator<Item = Combination<'a>>,
) {
    let combinations = combinations.into_iter();
    perform(Combinations {
        blocks,
        combinations,
    });
}

struct Combinations<'b, I> {
    blocks: &'b mut [Block],
    combinations: I,
}

impl<'a, I: Iterator<Item = Combination<'a>>> Task<()> for Combinations<'_, I> {
    #[inline(always)]
    fn run<M: Machine, const WIDTH: usize>(self) {
        for combination in self.combinations {
            combination.write::<M, WIDTH>(self.blocks);
        }
    }
}

impl Combination<'_> {
    #[inline(always)]
    fn write<M: Machine, const WIDTH: usize>(&self, blocks: &mut [Block]) {
        /// So many sums at once hide the latency of an addition, and leave registers for what is added.
        const V: usize = 8;
        assert_eq!(
            self.terms.len(),
            self.coefficients.len(),
            "a coefficient for each term"
        );
        for start in (0..BLOCK / WIDTH).step_by(V) {
            let mut sums = match self.constant {
                Some(constant) => [Vector([constant; WIDTH]); V],
                None => vectors_of(&blocks[self.target as usize], start),
            };
            for (term, factor) in self.terms.iter().zip(self.coefficients) {
                let x: [Vector<WIDTH>; V] = vectors_of(&blocks[*term as usize], start);
                for v in 0..V {
                    sums[v] = sums[v].add_product::<M>(Vector([*factor; WIDTH]), x[v]);
                }
            }
            write(&mut blocks[self.target as usize], start, sums);
        }
    }
}

/// So many vectors of a block, from this one on.
#[inline(always)]
fn vectors_of<const WIDTH: usize, const V: usize>(
    block: &Block,
    start: usize,
) -> [Vector<WIDTH>; V] {
    let vectors = &block.vectors()[start..start + V];
    from_fn(|v| Vector(vectors[v]))
}

#[inline(always)]
fn write<const WIDTH: usize, const V: usize>(
    block: &mut Block,
    start: usize,
    vectors: [Vector<WIDTH>; V],
) {
    let out = &mut block.vectors_mut()[start..start + V];
    for v in 0..V {
        out[v] = vectors[v].0;
    }
}

/// `constant` (or what the target holds) plus, or minus, the sum of the products of pairs of blocks.
///
/// ```
/// use secant_vmath::{Block, sum_of_products};
/// let mut blocks = [Block([2.0; 64]), Block([3.0; 64]), Block::ZERO];
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
    fn run<M: Machine, const WIDTH: usize>(self) {
        if self.negative {
            self.signed::<M, WIDTH, true>();
        } else {
            self.signed::<M, WIDTH, false>();
        }
    }
}

impl Products<'_> {
    #[inline(always)]
    fn signed<M: Machine, const WIDTH: usize, const NEGATIVE: bool>(self) {
        const V: usize = 8;
        for start in (0..BLOCK / WIDTH).step_by(V) {
            let mut sums = match self.constant {
                Some(constant) => [Vector([constant; WIDTH]); V],
                None => vectors_of(&self.blocks[self.target as usize], start),
            };
            for [a, b] in self.pairs {
                let a: [Vector<WIDTH>; V] = vectors_of(&self.blocks[*a as usize], start);
                let b: [Vector<WIDTH>; V] = vectors_of(&self.blocks[*b as usize], start);
                for v in 0..V {
                    let a = if NEGATIVE { a[v].negated() } else { a[v] };
                    sums[v] = sums[v].add_product::<M>(a, b[v]);
                }
            }
            write(&mut self.blocks[self.target as usize], start, sums);
        }
    }
}

/// The inner products of each of four blocks with each of four others: sixteen in little more than the time of four.
///
/// ```
/// use secant_vmath::{Block, square_of_dots};
/// let blocks = [Block([2.0; 64]), Block([3.0; 64])];
/// assert_eq!(square_of_dots(&blocks, [0, 1, 0, 1], [1, 1, 1, 0])[0], [384.0, 384.0, 384.0, 256.0]);
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
/// assert_eq!(block_dot(&Block([2.0; 64]), &Block([3.0; 64])), 384.0);
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
    fn run<M: Machine, const WIDTH: usize>(self) -> f64 {
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
    fn run<M: Machine, const WIDTH: usize>(self) -> [[f64; 4]; 4] {
        let mut dots = [[0.0; 4]; 4];
        if WIDTH == STRANDS {
            self.tile::<M, WIDTH, 4>(0, &mut dots);
        } else {
            // Sixteen sums take more registers than there are, so that they come in tiles. The order of each sum stays.
            self.tile::<M, WIDTH, 2>(0, &mut dots);
            self.tile::<M, WIDTH, 2>(2, &mut dots);
        }
        dots
    }
}

impl Dots<'_> {
    /// The inner products with `C` of the right blocks, from `first` on.
    #[inline(always)]
    fn tile<M: Machine, const WIDTH: usize, const C: usize>(
        &self,
        first: usize,
        dots: &mut [[f64; 4]; 4],
    ) {
        let right: [&Block; C] = from_fn(|j| self.right[first + j]);
        let mut strands = [[[0.0; STRANDS]; C]; 4];
        for part in 0..STRANDS / WIDTH {
            let sums = self.strands::<M, WIDTH, C>(right, part);
            for (strands, sums) in strands.iter_mut().zip(sums) {
                for (strands, sum) in strands.iter_mut().zip(sums) {
                    strands.as_chunks_mut::<WIDTH>().0[part] = sum.0;
                }
            }
            // To memory with them: kept in registers, they would drive the sums of the next part out of theirs.
            black_box(&mut strands);
        }
        for (dots, strands) in dots.iter_mut().zip(&strands) {
            for (dot, strands) in dots[first..].iter_mut().zip(strands) {
                *dot = total(strands);
            }
        }
    }

    /// The part of the strands that a register holds.
    #[inline(always)]
    fn strands<M: Machine, const WIDTH: usize, const C: usize>(
        &self,
        right: [&Block; C],
        part: usize,
    ) -> [[Vector<WIDTH>; C]; 4] {
        let mut sums = [[Vector::ZERO; C]; 4];
        for place in (part..BLOCK / WIDTH).step_by(STRANDS / WIDTH) {
            let b: [_; C] = from_fn(|j| Vector(right[j].vectors()[place]));
            for (sums, left) in sums.iter_mut().zip(self.left) {
                let a = Vector(left.vectors()[place]);
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = sum.add_product::<M>(a, b);
                }
            }
        }
        sums
    }
}

/// The sum of strands, by halves.
#[inline(always)]
fn total(x: &[f64; STRANDS]) -> f64 {
    let halves: [f64; 4] = from_fn(|lane| x[lane] + x[lane + 4]);
    let quarters = [halves[0] + halves[2], halves[1] + halves[3]];
    quarters[0] + quarters[1]
}

/// The sum of a block's numbers.
///
/// ```
/// assert_eq!(secant_vmath::block_sum(&secant_vmath::Block([2.0; 64])), 128.0);
/// ```
#[must_use]
pub fn block_sum(block: &Block) -> f64 {
    perform(Total(block))
}

struct Total<'a>(&'a Block);

impl Task<f64> for Total<'_> {
    #[inline(always)]
    fn run<M: Machine, const WIDTH: usize>(self) -> f64 {
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
