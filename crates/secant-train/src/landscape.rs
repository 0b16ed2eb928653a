//! Directions along which the loss around given parameters is looked at.

use secant::Error;

use crate::lanczos;
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

/// A direction in which the gradient moves along itself: an eigenvector of the Hessian.
#[derive(Clone, Debug, PartialEq)]
pub struct Bend<T> {
    /// The second derivative of the loss along the direction, per unit of length: the eigenvalue.
    pub curvature: f64,
    /// An eigenvalue lies no further than this from the curvature, but for the rounding of a product with the Hessian: how far the gradient leaves
    /// the direction.
    pub residual: f64,
    /// The direction, as long as all parameters together; of the two signs the one by which its largest part is above 0.
    pub direction: Vec<T>,
}

/// The directions in which the loss bends most, up or down: eigenvectors of the Hessian with the eigenvalues furthest from 0, by the method of
/// Lanczos from a random start. There are fewer where there are fewer parameters. Of equal eigenvalues one may be missed.
///
/// ```
/// use secant_train::{Columns, Loss, Network, Objective, Random, Targets, landscape};
/// // (w x + b)² of x = 3: the Hessian is (18 6, 6 2), with the eigenvalues 20 and 0.
/// let network = Network::dense(&[1, 1], "relu")?;
/// let samples = Columns::from_rows(&[3.0], 1)?;
/// let targets = Targets::Values(Columns::from_rows(&[0.0], 1)?);
/// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
/// let bends = landscape::along_hessian(&mut objective, &[0.6_f64, 0.8], 1, &mut Random::new(1))?;
/// let [w, b] = [bends[0].direction[0], bends[0].direction[1]];
/// assert!((bends[0].curvature - 20.0).abs() < 1e-12 && (w - 3.0 * b).abs() < 1e-12);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As of [`Objective::hessian_vector`].
pub fn along_hessian<T: Number>(
    objective: &mut Objective<'_, T>,
    parameters: &[T],
    count: usize,
    random: &mut Random,
) -> Result<Vec<Bend<T>>, Error> {
    let product =
        |vector: &[T], product: &mut [T]| objective.hessian_vector(parameters, vector, product);
    let pairs = lanczos::furthest(parameters.len(), count, random, product)?;
    let wanted = length(parameters);
    let bends = pairs.into_iter().map(|mut pair| {
        scale(&mut pair.vector, wanted);
        Bend {
            curvature: pair.value,
            residual: pair.residual,
            direction: pair.vector,
        }
    });
    Ok(bends.collect())
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
