//! [`Columns`]: numbers of many samples, one column for each feature. Samples of a feature stand side by side, so that whatever is done to a
//! feature is one loop over a slice, and a layer is one product of matrices.

use std::ops::Range;

use secant::{Error, ErrorKind};
use secant_product::{Matrix, MatrixMut};

use crate::number::Number;

/// Features of samples; feature `f` of sample `n` stands at `f * samples + n`.
///
/// ```
/// use secant_train::Columns;
/// let columns = Columns::from_rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3)?; // samples (1 2 3), (4 5 6)
/// assert_eq!((columns.samples(), columns.features()), (2, 3));
/// assert_eq!(columns.column(1), [2.0, 5.0]);
/// assert_eq!(columns.to_rows(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Columns<T> {
    samples: usize,
    features: usize,
    /// The numbers, and after them what a wider shape has left, which finds its room again: wide and narrow layers take turns.
    room: Vec<T>,
}

/// So many samples are turned at a time: rows and columns of a tile stay in the cache.
const TILE: usize = 16;

impl<T: Number> Columns<T> {
    /// All zero.
    ///
    /// # Panics
    /// Where they are more than memory has places for, as a vector of so many does.
    #[must_use]
    pub fn zeros(samples: usize, features: usize) -> Self {
        Self {
            samples,
            features,
            room: vec![T::ZERO; samples.saturating_mul(features)],
        }
    }

    /// From samples one after the other, each with so many features.
    ///
    /// # Errors
    /// Where the last sample is not whole.
    pub fn from_rows(rows: &[T], features: usize) -> Result<Self, Error> {
        if features == 0 || !rows.len().is_multiple_of(features) {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "{} numbers are no samples of {features} features",
                    rows.len()
                ),
            ));
        }
        let samples = rows.len() / features;
        let mut columns = Self::zeros(samples, features);
        turn(rows, samples, features, columns.values_mut());
        Ok(columns)
    }

    /// From features one after the other, each with so many samples.
    ///
    /// ```
    /// use secant_train::Columns;
    /// let columns = Columns::from_columns(vec![1.0, 2.0, 10.0, 20.0], 2, 2)?;
    /// assert_eq!(columns.to_rows(), [1.0, 10.0, 2.0, 20.0]);
    /// assert_eq!(columns.gather(&[1, 1]).to_rows(), [2.0, 20.0, 2.0, 20.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the numbers are not samples times features.
    pub fn from_columns(values: Vec<T>, samples: usize, features: usize) -> Result<Self, Error> {
        if samples.checked_mul(features) != Some(values.len()) {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "{} numbers are not {features} features of {samples} samples",
                    values.len()
                ),
            ));
        }
        Ok(Self {
            samples,
            features,
            room: values,
        })
    }

    /// How many samples.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// How many features each sample has.
    #[must_use]
    pub fn features(&self) -> usize {
        self.features
    }

    /// All numbers, feature after feature.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.room[..self.samples * self.features]
    }

    /// All numbers, feature after feature.
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.room[..self.samples * self.features]
    }

    /// One feature of all samples.
    ///
    /// # Panics
    /// Where there is no such feature.
    #[must_use]
    pub fn column(&self, feature: usize) -> &[T] {
        &self.room[feature * self.samples..(feature + 1) * self.samples]
    }

    /// One feature of all samples.
    ///
    /// # Panics
    /// Where there is no such feature.
    pub fn column_mut(&mut self, feature: usize) -> &mut [T] {
        &mut self.room[feature * self.samples..(feature + 1) * self.samples]
    }

    /// One number.
    ///
    /// # Panics
    /// Where there is no such sample or feature, as a slice does.
    #[must_use]
    pub fn at(&self, sample: usize, feature: usize) -> T {
        self.column(feature)[sample]
    }

    /// Samples one after the other.
    #[must_use]
    pub fn to_rows(&self) -> Vec<T> {
        let mut rows = vec![T::ZERO; self.values().len()];
        turn(self.values(), self.features, self.samples, &mut rows);
        rows
    }

    /// Those samples, in that order; a sample may stand there more than once.
    ///
    /// # Panics
    /// Where there is no such sample.
    #[must_use]
    pub fn gather(&self, samples: &[usize]) -> Self {
        let mut gathered = Self::zeros(samples.len(), self.features);
        for feature in 0..self.features {
            let from = self.column(feature);
            for (into, sample) in gathered.column_mut(feature).iter_mut().zip(samples) {
                *into = from[*sample];
            }
        }
        gathered
    }

    /// The samples from `first` on, `count` of them, written over `into`.
    pub(crate) fn copy_block(&self, first: usize, count: usize, into: &mut Self) {
        into.reshape(count, self.features);
        for feature in 0..self.features {
            let from = &self.column(feature)[first..first + count];
            into.column_mut(feature).copy_from_slice(from);
        }
    }

    /// Some neighbouring samples, one after the other.
    pub(crate) fn copy_rows(&self, samples: Range<usize>, rows: &mut [T]) {
        for first in (0..self.features).step_by(TILE) {
            let features = first..self.features.min(first + TILE);
            for (row, sample) in rows
                .chunks_exact_mut(self.features.max(1))
                .zip(samples.clone())
            {
                for feature in features.clone() {
                    row[feature] = self.room[feature * self.samples + sample];
                }
            }
        }
    }

    /// Another shape; what stands there is then anything.
    pub(crate) fn reshape(&mut self, samples: usize, features: usize) {
        let size = samples * features;
        if self.room.len() < size {
            self.room.resize(size, T::ZERO);
        }
        (self.samples, self.features) = (samples, features);
    }

    /// Sets all numbers.
    pub(crate) fn fill(&mut self, value: T) {
        self.values_mut().fill(value);
    }

    /// As a matrix with a row for each sample.
    pub(crate) fn matrix(&self) -> Matrix<'_, T> {
        Matrix::by_columns(self.values(), self.samples, self.features)
    }

    /// As a matrix with a row for each sample, to be written.
    pub(crate) fn matrix_mut(&mut self) -> MatrixMut<'_, T> {
        MatrixMut::by_columns(
            &mut self.room[..self.samples * self.features],
            self.samples,
            self.features,
        )
    }
}

impl<T: PartialEq> PartialEq for Columns<T> {
    fn eq(&self, other: &Self) -> bool {
        let size = self.samples * self.features;
        (self.samples, self.features) == (other.samples, other.features)
            && self.room[..size] == other.room[..size]
    }
}

/// Rows for columns: `from` has so many rows of so many columns one after the other.
fn turn<T: Copy>(from: &[T], rows: usize, columns: usize, into: &mut [T]) {
    for first_row in (0..rows).step_by(TILE) {
        for first_column in (0..columns).step_by(TILE) {
            for row in first_row..rows.min(first_row + TILE) {
                for column in first_column..columns.min(first_column + TILE) {
                    into[column * rows + row] = from[row * columns + column];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Columns;

    #[test]
    fn a_narrower_shape_is_no_wider_than_it_says() {
        let mut columns = Columns::from_rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3).unwrap();
        columns.reshape(2, 1);
        assert_eq!(columns.values(), [1.0, 4.0]);
        assert_eq!(columns, Columns::from_rows(&[1.0, 4.0], 1).unwrap());
        assert_eq!(columns.to_rows(), [1.0, 4.0]);
        columns.fill(7.0);
        columns.reshape(2, 3);
        assert_eq!(columns.values().len(), 6);
    }
}
