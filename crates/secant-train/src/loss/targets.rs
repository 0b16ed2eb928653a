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
