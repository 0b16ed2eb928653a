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

/// The standard deviation that the median of the sizes of the residuals tells (Hampel 1974), to 7 digits.
pub(crate) fn deviation(
    model: &Model,
    weights: Weights,
    parameters: &[f64],
    source: &mut dyn Source,
) -> Result<f64, Error> {
    let sizes = |columns: &[&[f64]]| -> Vec<u64> {
        let (own, weight) = columns.split_at(model.columns().len());
        let evaluated = model.evaluate(parameters, own);
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
    // Sizes are in the order of their bits, so the median is found by its first bits, then by the next among those.
    let (mut prefix, mut rank): (u64, Option<u64>) = (0, None);
    for digit in [1, 2] {
        let shift = 64 - digit * BITS;
        let mut counts = vec![0u64; 1 << BITS];
        let matches = |bits: u64| digit == 1 || bits >> (shift + BITS) == prefix;
        groups(
            source,
            &mut |_| {},
            |columns, _| sizes(columns),
            |sizes| {
                for bits in sizes.into_iter().filter(|bits| matches(*bits)) {
                    counts[(bits >> shift) as usize & ((1 << BITS) - 1)] += 1;
                }
            },
        )?;
        let total: u64 = counts.iter().sum();
        let wanted = rank.unwrap_or(total / 2);
        let mut before = 0;
        let place = counts.iter().position(|count| {
            before += count;
            before > wanted
        });
        let place = place.unwrap_or(0);
        rank = Some(wanted - (before - counts[place]));
        prefix = prefix << BITS | place as u64;
    }
    let low = f64::from_bits(prefix << (64 - 2 * BITS));
    Ok(low / NORMAL)
}
