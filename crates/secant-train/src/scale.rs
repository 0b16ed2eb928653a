//! [`Scale`]: features shifted and scaled before a network is given them, and networks that take the samples as they were.

use secant::{Error, ErrorKind};

use crate::columns::Columns;
use crate::impact;
use crate::network::Network;
use crate::number::Number;

/// Mean and deviation of each feature. A feature that is the same everywhere, to rounding, has the deviation 1, so that it is only shifted.
///
/// ```
/// use secant_train::{Columns, Scale};
/// let mut samples = Columns::from_rows(&[1.0, 5.0, 3.0, 5.0], 2)?; // samples (1 5), (3 5)
/// let scale = Scale::of(&samples);
/// assert_eq!((scale.mean(0), scale.deviation(0)), (2.0, 1.0));
/// scale.apply(&mut samples)?;
/// assert_eq!(samples.to_rows(), [-1.0, 0.0, 1.0, 0.0]);
/// assert_eq!(scale.undone(0, samples.at(1, 0)), 3.0);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scale<T>(Vec<Moments<T>>);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Moments<T> {
    mean: T,
    deviation: T,
}

impl<T: Number> Scale<T> {
    /// That of these samples; the divisor of a variance is their number.
    #[must_use]
    pub fn of(samples: &Columns<T>) -> Self {
        let features = 0..samples.features();
        Self(
            features
                .map(|feature| Moments::of(samples.column(feature)))
                .collect(),
        )
    }

    /// The mean of a feature.
    ///
    /// # Panics
    /// Where there is no such feature, as a slice does.
    #[must_use]
    pub fn mean(&self, feature: usize) -> T {
        self.0[feature].mean
    }

    /// The standard deviation of a feature, 1 where it is the same everywhere.
    ///
    /// # Panics
    /// Where there is no such feature, as a slice does.
    #[must_use]
    pub fn deviation(&self, feature: usize) -> T {
        self.0[feature].deviation
    }

    /// Shifts and scales samples: those it is the scale of have the mean 0 and the deviation 1 then.
    ///
    /// # Errors
    /// Where they have more or fewer features.
    pub fn apply(&self, samples: &mut Columns<T>) -> Result<(), Error> {
        self.check(samples.features(), "samples")?;
        for (feature, moments) in self.0.iter().enumerate() {
            for x in samples.column_mut(feature) {
                *x = (*x - moments.mean) / moments.deviation;
            }
        }
        Ok(())
    }

    /// A number of a feature as it was before it was shifted and scaled.
    ///
    /// # Panics
    /// Where there is no such feature, as a slice does.
    #[must_use]
    pub fn undone(&self, feature: usize, scaled: T) -> T {
        scaled * self.deviation(feature) + self.mean(feature)
    }

    /// The parameters with which a network gives for samples as they were what it gives with these for samples shifted and scaled. The first layer takes
    /// the scale into itself: `W ((x - m) / s) + b` is `(W / s) x + (b - W m / s)`.
    ///
    /// ```
    /// use secant_train::{Columns, Network, Scale};
    /// let network = Network::dense(&[1, 1], "relu")?;
    /// let scale = Scale::of(&Columns::from_rows(&[1.0, 5.0], 1)?); // mean 3, deviation 2
    /// assert_eq!(scale.taken_in(&network, &[4.0, 1.0])?, [2.0, -5.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the network does not begin with a dense layer that has biases, or parameters or features are not as many as it has.
    pub fn taken_in(&self, network: &Network, parameters: &[T]) -> Result<Vec<T>, Error> {
        self.check(network.features(), "a network")?;
        if parameters.len() != network.parameters() {
            let message = format!(
                "the network has {} parameters, {} are given",
                network.parameters(),
                parameters.len()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let first = network.layers().next().and_then(|layer| layer.as_dense());
        let Some(dense) = first.filter(|dense| dense.has_bias()) else {
            return Err(Error::new(
                ErrorKind::Setting,
                "the network does not begin with a dense layer, which could take the standardising into its weights",
            )
            .hint("standardise the samples before, and give the network those"));
        };
        let mut parameters = parameters.to_vec();
        let (weights, rest) = parameters.split_at_mut(dense.inputs() * dense.outputs());
        for (row, bias) in weights.chunks_exact_mut(dense.inputs()).zip(rest) {
            for (weight, moments) in row.iter_mut().zip(&self.0) {
                *weight /= moments.deviation;
                *bias -= *weight * moments.mean;
            }
        }
        Ok(parameters)
    }

    fn check(&self, features: usize, of: &str) -> Result<(), Error> {
        if features == self.0.len() {
            return Ok(());
        }
        let message = format!(
            "a scale of {} features is none of {of} with {features}",
            self.0.len()
        );
        Err(Error::new(ErrorKind::Shape, message))
    }
}

impl<T: Number> Moments<T> {
    fn of(column: &[T]) -> Self {
        let first = column.first().copied().unwrap_or(T::ZERO);
        let count = T::of(column.len() as f64);
        let mean_from = |from: T| from + column.iter().map(|x| *x - from).sum::<T>() / count;
        // Summed from the first number on, then from the mean so found, no digits go: a column that is the same everywhere has itself as its mean.
        let mean = mean_from(mean_from(first));
        let apart: Vec<T> = column.iter().map(|x| *x - mean).collect();
        let deviation = T::of(impact::length(&apart)) / count.sqrt();
        let rounding = T::of(8.0 * T::EPSILON) * mean.abs();
        let deviation = if deviation > rounding {
            deviation
        } else {
            T::ONE
        };
        Self { mean, deviation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_is_the_same_everywhere_is_only_shifted() {
        let moments = |column: &[f64]| {
            let Moments { mean, deviation } = Moments::of(column);
            (mean, deviation)
        };
        for (value, count) in [(0.1, 10), (0.7, 3), (1.1, 6), (0.3, 10), (1.7e9, 7)] {
            assert_eq!(moments(&vec![value; count]), (value, 1.0), "{value}");
        }
        let next = 0.1 + f64::EPSILON / 8.0;
        assert_eq!(moments(&[0.1, next, 0.1, 0.1]).1, 1.0);
        assert_eq!(Moments::of(&[0.1f32; 10]).deviation, 1.0);
    }

    #[test]
    fn deviations_have_no_squares_that_leave_the_doubles() {
        for unit in [1e-170f64, 1e170] {
            let deviation = Moments::of(&[unit, 3.0 * unit]).deviation;
            assert!((deviation / unit - 1.0).abs() < 1e-15, "{deviation}");
        }
    }

    #[test]
    fn mean_and_deviation_keep_their_digits_far_from_zero() {
        let seconds: Vec<f64> = (0..101).map(|i| 1.7e9 + f64::from(i)).collect();
        let Moments { mean, deviation } = Moments::of(&seconds);
        assert_eq!(mean, 1.7e9 + 50.0);
        // Of the numbers 0 to 2n the squares about the middle have the mean n (n + 1) / 3.
        assert!((deviation - 850f64.sqrt()).abs() < 1e-13, "{deviation}");
    }

    #[test]
    fn a_network_that_took_the_scale_in_gives_for_samples_as_they_were_what_it_gave()
    -> Result<(), Error> {
        let network = Network::dense(&[3, 4, 2], "tanh")?;
        let parameters: Vec<f64> = network.initial(1);
        let rows = [2e3, 0.5, 7.0, 3e3, -0.5, 7.0, 9e3, 0.25, 7.0];
        let samples = Columns::from_rows(&rows, 3)?;
        let scale = Scale::of(&samples);
        let mut scaled = samples.clone();
        scale.apply(&mut scaled)?;
        let wanted = network.outputs(&parameters, &scaled)?;
        let found = network.outputs(&scale.taken_in(&network, &parameters)?, &samples)?;
        for (found, wanted) in found.values().iter().zip(wanted.values()) {
            assert!((found - wanted).abs() < 1e-13, "{found} {wanted}");
        }
        Ok(())
    }

    #[test]
    fn what_does_not_fit_a_scale_is_refused() -> Result<(), Error> {
        let scale = Scale::of(&Columns::from_rows(&[1.0, 2.0, 3.0, 5.0], 2)?);
        assert!(scale.apply(&mut Columns::zeros(2, 3)).is_err());
        let network = Network::dense(&[2, 1], "relu")?;
        assert!(scale.taken_in(&network, &[0.0; 2]).is_err());
        let other = Network::dense(&[3, 1], "relu")?;
        assert!(scale.taken_in(&other, &[0.0; 4]).is_err());
        let later = Network::new(&[2])
            .then(crate::layer::Softmax)?
            .then(crate::layer::Dense::new(2, 1))?;
        let refused = scale.taken_in(&later, &[0.0; 3]);
        assert!(refused.is_err_and(|error| {
            error
                .message()
                .contains("does not begin with a dense layer")
        }));
        Ok(())
    }
}
