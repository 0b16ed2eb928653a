//! [`Summary`]: what the impacts of a parameter on all samples come to, gathered row by row, so that the rows themselves need not be kept.

use crate::number::Number;

/// For each parameter: mean, variance and the largest of its impacts.
///
/// ```
/// use secant_train::Summary;
/// let mut summary = Summary::new(2);
/// summary.add(0, &[1.0, -4.0]);
/// summary.add(1, &[3.0, 2.0]);
/// assert_eq!(summary.mean(), [2.0, -1.0]);
/// assert_eq!(summary.variance(0), 1.0);
/// assert_eq!(summary.largest(1), (0, -4.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Summary<T> {
    rows: usize,
    mean: Vec<T>,
    /// Sums of squared distances from the mean.
    spread: Vec<T>,
    largest: Vec<(usize, T)>,
}

impl<T: Number> Summary<T> {
    /// Of so many parameters, without rows yet.
    #[must_use]
    pub fn new(parameters: usize) -> Self {
        Self {
            rows: 0,
            mean: vec![T::ZERO; parameters],
            spread: vec![T::ZERO; parameters],
            largest: vec![(0, T::ZERO); parameters],
        }
    }

    /// Takes the row of one sample. Mean and spread move as each comes (Welford 1962), which loses no digits where they are far apart.
    pub fn add(&mut self, sample: usize, row: &[T]) {
        self.rows += 1;
        let share = T::ONE / T::of(self.rows as f64);
        let sums = self
            .mean
            .iter_mut()
            .zip(&mut self.spread)
            .zip(&mut self.largest);
        for (value, ((mean, spread), largest)) in row.iter().zip(sums) {
            let off = *value - *mean;
            *mean += off * share;
            *spread += off * (*value - *mean);
            // What is no number is not below, and nothing takes its place.
            let is_below = value.abs() <= largest.1.abs();
            if !is_below && !largest.1.to_f64().is_nan() {
                *largest = (sample, *value);
            }
        }
    }

    /// The mean impact of each parameter.
    #[must_use]
    pub fn mean(&self) -> &[T] {
        &self.mean
    }

    /// The variance over samples of one parameter's impact; the divisor is the number of samples.
    ///
    /// # Panics
    /// Where there is no such parameter.
    #[must_use]
    pub fn variance(&self, parameter: usize) -> T {
        self.spread[parameter] / T::of(self.rows.max(1) as f64)
    }

    /// The sample on which one parameter's impact is largest by size, and that impact; of the first without a value, where there is one.
    ///
    /// # Panics
    /// Where there is no such parameter.
    #[must_use]
    pub fn largest(&self, parameter: usize) -> (usize, T) {
        self.largest[parameter]
    }
}
