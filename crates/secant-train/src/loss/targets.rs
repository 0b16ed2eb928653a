//! What the outputs of each sample should have been.

use std::ops::Range;

use crate::columns::Columns;
use crate::number::Number;

/// A target for each sample.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets<T> {
    /// The class of each sample, counted from 0.
    Labels(Vec<usize>),
    /// A number for each output: values, probabilities, or one-hot classes.
    Values(Columns<T>),
}

impl<T: Number> Targets<T> {
    /// For how many samples.
    #[must_use]
    pub fn samples(&self) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Values(values) => values.samples(),
        }
    }

    /// Those of certain samples, in that order.
    #[must_use]
    pub fn gather(&self, samples: &[usize]) -> Self {
        match self {
            Self::Labels(labels) => {
                Self::Labels(samples.iter().map(|sample| labels[*sample]).collect())
            }
            Self::Values(values) => Self::Values(values.gather(samples)),
        }
    }

    /// Whether each sample is of a class: labels are, values for one output that are 0 and 1 alone, and for several a single 1 among zeros. Where a sample has
    /// several ones or none, each output is a question of its own.
    ///
    /// ```
    /// use secant_train::{Columns, Targets};
    /// let of = |rows: &[f64]| Columns::from_rows(rows, 2).map(Targets::Values);
    /// assert!(of(&[0.0, 1.0, 1.0, 0.0])?.are_classes());
    /// assert!(!of(&[0.0, 1.0, 1.0, 1.0])?.are_classes());
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn are_classes(&self) -> bool {
        match self {
            Self::Labels(_) => true,
            Self::Values(values) => {
                let (is_zero, is_one) =
                    (|value: &T| *value == T::ZERO, |value: &T| *value == T::ONE);
                let mut all = values.values().iter();
                all.all(|value| is_zero(value) || is_one(value))
                    && (values.features() == 1
                        || (0..values.samples()).all(|sample| {
                            let of = (0..values.features()).map(|output| values.at(sample, output));
                            of.filter(is_one).count() == 1
                        }))
            }
        }
    }

    /// The class of a sample, where [they are classes](Self::are_classes); of values for several outputs, the first that is largest.
    ///
    /// ```
    /// use secant_train::{Columns, Targets};
    /// let targets = Targets::Values(Columns::from_rows(&[0.0, 1.0, 1.0, 0.0], 2)?);
    /// assert_eq!((targets.class(0), targets.class(1)), (Some(1), Some(0)));
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn class(&self, sample: usize) -> Option<usize> {
        match self {
            Self::Labels(labels) => Some(labels[sample]),
            Self::Values(values) if values.features() == 1 => {
                Some(usize::from(values.at(sample, 0) == T::ONE))
            }
            Self::Values(values) => largest(values, sample),
        }
    }

    /// Those of neighbouring samples, written over `into`.
    pub(crate) fn copy_block(&self, block: Range<usize>, into: &mut Self) {
        match (self, &mut *into) {
            (Self::Labels(from), Self::Labels(into)) => {
                into.clear();
                into.extend_from_slice(&from[block]);
            }
            (Self::Values(from), Self::Values(into)) => {
                from.copy_block(block.start, block.len(), into)
            }
            _ => {
                let samples: Vec<usize> = block.collect();
                *into = self.gather(&samples);
            }
        }
    }
}

/// The first feature that no other exceeds; none where one is no number.
pub(super) fn largest<T: Number>(values: &Columns<T>, sample: usize) -> Option<usize> {
    let mut best = 0;
    for feature in 0..values.features() {
        let value = values.at(sample, feature);
        value.partial_cmp(&value)?;
        if value > values.at(sample, best) {
            best = feature;
        }
    }
    Some(best)
}
