//! Batch norm that its exporter wrote as arithmetic, as Keras does: constants that differ from channel to channel are subtracted, multiplied with, and added.

use std::any::Any;
use std::sync::Arc;

use secant_train::layer::BatchNorm;

use super::graph::Numbers;
use super::operators::Made;
use crate::weights::Stored;

/// What a constant is in `weight (x - mean) + bias`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Mean,
    Weight,
    Bias,
}

impl Part {
    /// By the operator that applies it, and whether the constant must stand behind the value.
    pub(crate) fn of(operator: &str) -> Option<(Self, bool)> {
        Some(match operator {
            "Sub" => (Self::Mean, true),
            "Mul" => (Self::Weight, false),
            "Add" => (Self::Bias, false),
            _ => return None,
        })
    }
}

impl Made {
    /// A batch norm that does nothing yet: its weights and biases have no names until constants of the file take their place.
    pub(crate) fn unscaled(channels: usize) -> Option<Self> {
        let (zeros, ones) = (vec![0.0; channels], vec![1.0; channels]);
        let layer = BatchNorm::new(&zeros, &ones).and_then(|layer| layer.with_epsilon(0.0));
        Some(Self {
            layer: Arc::new(layer.ok()?),
            parameters: [ones, zeros].concat(),
            stored: vec![Stored::default(); 2],
        })
    }

    /// Whether it is a batch norm that still lacks its weights or its biases.
    pub(crate) fn is_unfinished(&self) -> bool {
        self.stored.iter().any(|stored| stored.name.is_empty())
    }

    /// The unfinished batch norm with one constant more, where that comes next in its formula.
    pub(crate) fn scaled(&self, part: Part, name: &str, numbers: &[f64]) -> Option<Self> {
        let layer: &dyn Any = &*self.layer;
        let norm = layer.downcast_ref::<BatchNorm>()?;
        let [weight, bias] = self.stored.as_slice() else {
            return None;
        };
        let mut made = self.clone();
        let (weights, biases) = made.parameters.split_at_mut(numbers.len());
        match (part, weight.name.is_empty(), bias.name.is_empty()) {
            (Part::Mean, true, true) if norm.mean().iter().all(|mean| *mean == 0.0) => {
                let norm = BatchNorm::new(numbers, norm.variance()).ok()?;
                made.layer = Arc::new(norm.with_epsilon(0.0).ok()?);
            }
            (Part::Weight, true, true) => {
                weights.copy_from_slice(numbers);
                made.stored[0] = Stored::plain(name);
            }
            (Part::Bias, false, true) => {
                biases.copy_from_slice(numbers);
                made.stored[1] = Stored::plain(name);
            }
            _ => return None,
        }
        Some(made)
    }
}

/// A constant that differs along one side of a sample at most, where it is to be taken with samples of this shape, side by side from the last on: which side
/// that is, none where it has sides and holds one number, and a number for each place of it. One number without sides is no tensor of channels.
pub(crate) fn along_side(numbers: Numbers, shape: &[usize]) -> Option<(Option<usize>, Vec<f64>)> {
    if numbers.shape.is_empty() {
        return None;
    }
    // The first side is that of the samples themselves.
    let lacks = (shape.len() + 1).checked_sub(numbers.shape.len())?;
    let mut sides = numbers.shape.iter().enumerate();
    let long = sides.find(|(_, size)| **size != 1);
    if sides.any(|(_, size)| *size != 1) {
        return None;
    }
    let Some((place, size)) = long else {
        return Some((None, numbers.values));
    };
    let side = (place + lacks).checked_sub(1)?;
    (shape.get(side) == Some(size)).then_some((Some(side), numbers.values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_belongs_to_the_side_that_it_is_broadcast_along() {
        let side = |constant: &[usize], shape: &[usize]| {
            let values = vec![0.0; constant.iter().product()];
            let shape_of = constant.to_vec();
            let numbers = Numbers {
                shape: shape_of,
                values,
            };
            along_side(numbers, shape).map(|(side, _)| side)
        };
        assert_eq!(side(&[3], &[3]), Some(Some(0)));
        assert_eq!(side(&[1, 3, 1, 1], &[3, 4, 3]), Some(Some(0)));
        assert_eq!(side(&[3, 1, 1], &[3, 4, 3]), Some(Some(0)));
        assert_eq!(side(&[3], &[3, 4, 3]), Some(Some(2)));
        assert_eq!(side(&[1, 1], &[3, 4, 3]), Some(None));
        assert_eq!(side(&[], &[3, 4, 3]), None);
        // One for each sample, for several sides, of another size, of more sides.
        assert_eq!(side(&[3, 1, 1, 1], &[3, 4, 3]), None);
        assert_eq!(side(&[3, 4, 1], &[3, 4, 3]), None);
        assert_eq!(side(&[4], &[3, 4, 3]), None);
        assert_eq!(side(&[1, 1, 3], &[3]), None);
    }
}
