//! The scale of residuals that outliers do not move: the median of their sizes, found by counting in two passes, whatever
//! the number of rows.

use secant_data::Source;

use crate::error::Error;
use crate::model::Model;
use crate::pass::{Weights, groups};

/// The median of |residual| as a part of the standard deviation, where errors are normal.
const NORMAL: f64 = 0.674_489_750_196_081_7;
/// Numbers are counted by so many bits of theirs at a time.
const BITS: u32 = 16;

/// The standard deviation that the median of the sizes of the residuals tells (Hampel 1974), to 6 digits:
/// of each number 20 bits behind the first are found, and the rest is cut. Finer ones would cost a pass more for each scale.
pub(crate) fn deviation(
    model: &Model,
    weights: Weights,
    parameters: &[f64],
    source: &mut dyn Source,
) -> Result<f64, Error> {
    let sizes = |columns: &[&[f64]]| -> Vec<u64> {
        let (own, weight) = columns.split_at(model.columns().len());
        let evaluated = model.runner().run(parameters, own);
        let of_row = |row: usize| {
            let root = weights
                .root(weight.first().map(|column| column[row]))
                .unwrap_or(0.0);
            (root > 0.0).then(|| {
                (root * (evaluated.value[row] - evaluated.measured[row]))
                    .abs()
                    .to_bits()
            })
        };
        (0..evaluated.value.len()).filter_map(of_row).collect()
    };
    // Sizes are in the order of their bits, so a median is found by its first bits, then by the next among those. There are two
    // where the rows are even in number.
    let mut middles = [Middle::default(); 2];
    for digit in [1, 2] {
        let shift = 64 - digit * BITS;
        let mut counts = [vec![0u64; 1 << BITS], vec![0u64; 1 << BITS]];
        let of_group = |columns: &[&[f64]], _: &[u64]| sizes(columns);
        groups(source, &mut |_| {}, of_group, |sizes| {
            for (middle, counts) in middles.iter().zip(&mut counts) {
                let belongs = |bits: &&u64| digit == 1 || **bits >> (shift + BITS) == middle.prefix;
                for bits in sizes.iter().filter(belongs) {
                    counts[(bits >> shift) as usize & ((1 << BITS) - 1)] += 1;
                }
            }
        })?;
        if digit == 1 {
            let total: u64 = counts[0].iter().sum();
            middles[0].rank = total.saturating_sub(1) / 2;
            middles[1].rank = total / 2;
        }
        for (middle, counts) in middles.iter_mut().zip(&counts) {
            middle.go_on(counts);
        }
    }
    let size = |middle: Middle| f64::from_bits(middle.prefix << (64 - 2 * BITS));
    Ok(0.5 * (size(middles[0]) + size(middles[1])) / NORMAL)
}

/// A number that is searched by its place in the order.
#[derive(Clone, Copy, Default)]
struct Middle {
    /// Its first bits, as far as they are known.
    prefix: u64,
    /// How many of the numbers with these first bits are smaller.
    rank: u64,
}

impl Middle {
    /// Learns the next bits from how often each follows.
    fn go_on(&mut self, counts: &[u64]) {
        let mut place = 0;
        while place + 1 < counts.len() && counts[place] <= self.rank {
            self.rank -= counts[place];
            place += 1;
        }
        self.prefix = self.prefix << BITS | place as u64;
    }
}
