//! What is told of many impacts: which are the greatest, and what those of a neuron come to together.

use std::collections::BTreeMap;

use secant::Error;

use crate::network::Network;
use crate::number::Number;

/// The places of the greatest of many numbers, the greatest first, and of equal ones the first. They come one by one, so that no more than
/// twice `count` of them are kept. What is no number stands before all others, so that it is not overlooked.
///
/// ```
/// use secant_train::impact::greatest;
/// assert_eq!(greatest([0.5, 3.0, 0.1, 3.0, 7.0], 3), [4, 1, 3]);
/// assert_eq!(greatest([1.0, f64::NAN], 9), [1, 0]);
/// ```
#[must_use]
pub fn greatest(numbers: impl IntoIterator<Item = f64>, count: usize) -> Vec<usize> {
    /// Fewer are not worth the work of choosing.
    const FEW: usize = 1024;
    let order = |a: &(usize, f64), b: &(usize, f64)| {
        let is_nan = |number: f64| number.is_nan();
        is_nan(b.1)
            .cmp(&is_nan(a.1))
            .then(b.1.total_cmp(&a.1))
            .then(a.0.cmp(&b.0))
    };
    let room = count.saturating_mul(2).max(FEW);
    let mut kept: Vec<(usize, f64)> = Vec::new();
    for number in numbers.into_iter().enumerate() {
        kept.push(number);
        if kept.len() >= room {
            kept.select_nth_unstable_by(count, order);
            kept.truncate(count);
        }
    }
    kept.sort_unstable_by(order);
    kept.truncate(count);
    kept.into_iter().map(|(place, _)| place).collect()
}

/// By how many per cent the loss changes for one per cent of a parameter, from its derivative; `None` where that is no finite number, as where the loss is 0.
///
/// ```
/// use secant_train::impact::elasticity;
/// assert_eq!(elasticity(0.5, 4.0, 8.0), Some(0.25));
/// assert_eq!(elasticity(0.5, 4.0, 0.0), None);
/// ```
#[must_use]
pub fn elasticity(derivative: f64, parameter: f64, loss: f64) -> Option<f64> {
    let elasticity = derivative * parameter / loss;
    elasticity.is_finite().then_some(elasticity)
}

/// A neuron, with what all its weights and its bias do together.
#[derive(Clone, Debug, PartialEq)]
pub struct Neuron<'a> {
    /// Its layer, by the name that the tensors of that share: `0`, or `0.block.2` of a layer within another.
    pub layer: &'a str,
    /// Which neuron of the layer, or channel, it is.
    pub neuron: usize,
    /// How many parameters it has.
    pub parameters: usize,
    /// The length of the part of the gradient that is theirs.
    pub length: f64,
}

/// The neurons of a network, those with the longest parts of the gradient first. The first index of a tensor tells the neurons apart.
///
/// ```
/// use secant_train::{Network, impact};
/// let network = Network::dense(&[1, 2], "relu")?;
/// // Weights, then biases of the two neurons.
/// let neurons = impact::neurons(&network, &[0.0, 3.0, 1.0, 4.0])?;
/// assert_eq!((neurons[0].neuron, neurons[0].parameters, neurons[0].length), (1, 2, 5.0));
/// assert_eq!((neurons[1].neuron, neurons[1].layer, neurons[1].length), (0, "0", 1.0));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the gradient is not as long as the network has parameters.
pub fn neurons<'a>(network: &'a Network, gradient: &[f64]) -> Result<Vec<Neuron<'a>>, Error> {
    network.check_gradient(gradient)?;
    let mut lengths: BTreeMap<(usize, &str, usize), (usize, f64)> = BTreeMap::new();
    for tensor in network.tensors() {
        let units = tensor.shape.first().copied().unwrap_or(1).max(1);
        let each = (tensor.range.len() / units).max(1);
        let slopes = gradient[tensor.range.clone()].chunks(each);
        for (unit, slopes) in slopes.enumerate() {
            let layer = tensor.name.rsplit_once('.').map_or("", |(layer, _)| layer);
            let (count, so_far) = lengths.entry((tensor.layer, layer, unit)).or_default();
            *count += slopes.len();
            *so_far = length(&[*so_far, length(slopes)]);
        }
    }
    let mut ranked: Vec<_> = lengths.into_iter().collect();
    ranked.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
    let neuron = |((_, layer, neuron), (parameters, length)): (_, (usize, f64))| Neuron {
        layer,
        neuron,
        parameters,
        length,
    };
    Ok(ranked.into_iter().map(neuron).collect())
}

/// The Euclidean length of a part of a gradient, such as that of a tensor; its squares are summed in double precision, and measured by the largest where they
/// would leave it.
///
/// ```
/// assert_eq!(secant_train::impact::length(&[3.0f32, -4.0]), 5.0);
/// assert_eq!(secant_train::impact::length(&[3e-180, -4e-180]), 5e-180);
/// ```
#[must_use]
pub fn length<T: Number>(slopes: &[T]) -> f64 {
    /// Within these a sum of squares has lost nothing.
    const SQUARES: std::ops::Range<f64> = 1e-280..f64::INFINITY;
    let plain = squares(slopes, 1.0);
    if SQUARES.contains(&plain) || plain.is_nan() {
        return plain.sqrt();
    }
    let sizes = slopes.iter().map(|slope| slope.to_f64().abs());
    let largest = sizes.fold(0.0, f64::max);
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    // A power of two, so that nothing is rounded.
    let unit = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits()).max(f64::MIN_POSITIVE);
    unit * squares(slopes, unit).sqrt()
}

fn squares<T: Number>(slopes: &[T], unit: f64) -> f64 {
    let square = |slope: &T| (slope.to_f64() / unit).powi(2);
    slopes.iter().map(square).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_greatest_are_those_of_a_stable_sort() {
        let mut random = Random::new(1);
        // Few different sizes, so that many are equal.
        let numbers: Vec<f64> = (0..10_000).map(|_| random.below(300) as f64).collect();
        let mut sorted: Vec<usize> = (0..numbers.len()).collect();
        sorted.sort_by(|a, b| numbers[*b].total_cmp(&numbers[*a]));
        for count in [0, 1, 10, 600, 5000, 10_000, usize::MAX] {
            let wanted = &sorted[..count.min(sorted.len())];
            assert_eq!(greatest(numbers.iter().copied(), count), wanted, "{count}");
        }
    }
}
