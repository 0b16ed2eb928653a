//! Directions along which the loss around given parameters is looked at.

use secant::Error;

use crate::network::Network;
use crate::number::Number;
use crate::objective::Objective;
use crate::random::Random;

/// A random direction, whose part for each neuron is as long as the weights of that neuron (filter-wise normalised: Li, Xu, Taylor, Studer and Goldstein 2018,
/// section 4), so that networks whose weights differ in scale alone look alike. Biases stay.
///
/// ```
/// use secant_train::{Network, Random, landscape};
/// let network = Network::dense(&[3, 2], "relu")?;
/// let parameters = [3.0, 0.0, 4.0, 0.0, 0.0, 0.0, 7.0, 7.0];
/// let direction: Vec<f64> = landscape::random(&network, &parameters, &mut Random::new(1));
/// let length = |part: &[f64]| part.iter().map(|d| d * d).sum::<f64>().sqrt();
/// assert!((length(&direction[..3]) - 5.0).abs() < 1e-12);
/// assert_eq!(direction[3..], [0.0; 5]);
/// # Ok::<(), secant::Error>(())
/// ```
#[must_use]
pub fn random<T: Number>(network: &Network, parameters: &[T], random: &mut Random) -> Vec<T> {
    let mut direction = vec![T::ZERO; parameters.len()];
    for tensor in network
        .tensors()
        .iter()
        .filter(|tensor| tensor.shape.len() > 1)
    {
        let across: usize = tensor.shape[1..].iter().product();
        let pairs = direction[tensor.range.clone()]
            .chunks_mut(across.max(1))
            .zip(parameters[tensor.range.clone()].chunks(across.max(1)));
        for (direction, weights) in pairs {
            for part in direction.iter_mut() {
                *part = T::of(random.normal());
            }
            scale(direction, length(weights));
        }
    }
    direction
}

/// The direction of the gradient, as long as all parameters together.
///
/// # Errors
/// Where the parameters are not as many as the network has.
pub fn along_gradient<T: Number>(
    objective: &mut Objective<'_, T>,
    parameters: &[T],
) -> Result<Vec<T>, Error> {
    let mut direction = vec![T::ZERO; parameters.len()];
    objective.gradient(parameters, &mut direction)?;
    scale(&mut direction, length(parameters));
    Ok(direction)
}

fn length<T: Number>(part: &[T]) -> T {
    part.iter().map(|value| *value * *value).sum::<T>().sqrt()
}

/// Brings a vector to a length; one of no length stays.
fn scale<T: Number>(vector: &mut [T], wanted: T) {
    let own = length(vector);
    if own > T::ZERO {
        for part in vector {
            *part *= wanted / own;
        }
    }
}
