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

    /// Whether each sample is of a class: labels are, and values that are 0 and 1 alone.
    pub(crate) fn are_classes(&self) -> bool {
        match self {
            Self::Labels(_) => true,
            Self::Values(values) => values
                .values()
                .iter()
                .all(|value| *value == T::ZERO || *value == T::ONE),
        }
    }

    /// How many samples have their largest output where their class is; of one output, how many lie on the right side of 0.
    pub(crate) fn seen_right(&self, outputs: &Columns<T>) -> usize {
        let is_right: Box<dyn Fn(usize) -> bool + '_> = match self {
            Self::Labels(labels) if outputs.features() > 1 => {
                Box::new(|sample| largest(outputs, sample) == labels[sample])
            }
            Self::Labels(labels) => {
                Box::new(|sample| is_above(outputs, sample, 0.0) == (labels[sample] == 1))
            }
            Self::Values(values) if values.features() == 1 => {
                Box::new(|sample| is_above(outputs, sample, 0.0) == is_above(values, sample, 0.5))
            }
            Self::Values(values) => {
                Box::new(|sample| largest(outputs, sample) == largest(values, sample))
            }
        };
        (0..outputs.samples())
            .filter(|sample| is_right(*sample))
            .count()
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

/// The first feature that no other exceeds.
fn largest<T: Number>(values: &Columns<T>, sample: usize) -> usize {
    let mut best = 0;
    for feature in 1..values.features() {
        if values.at(sample, feature) > values.at(sample, best) {
            best = feature;
        }
    }
    best
}

fn is_above<T: Number>(values: &Columns<T>, sample: usize, middle: f64) -> bool {
    values.at(sample, 0).to_f64() > middle
}
