//! Batch norm that its exporter wrote as arithmetic, as Keras does: constants that differ from channel to channel are subtracted, multiplied with, and added.

use std::any::Any;
use std::sync::Arc;

use secant_train::layer::BatchNorm;

use super::graph::Numbers;
use super::operators::Made;

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
            names: vec![String::new(); 2],
        })
    }

    /// Whether it is a batch norm that still lacks its weights or its biases.
    pub(crate) fn is_unfinished(&self) -> bool {
        self.names.iter().any(String::is_empty)
    }

    /// The unfinished batch norm with one constant more, where that comes next in its formula.
    pub(crate) fn scaled(&self, part: Part, name: &str, numbers: &[f64]) -> Option<Self> {
        let layer: &dyn Any = &*self.layer;
        let norm = layer.downcast_ref::<BatchNorm>()?;
        let [weight, bias] = self.names.as_slice() else {
            return None;
        };
        let mut made = self.clone();
        let (weights, biases) = made.parameters.split_at_mut(numbers.len());
        match (part, weight.is_empty(), bias.is_empty()) {
            (Part::Mean, true, true) if norm.mean().iter().all(|mean| *mean == 0.0) => {
                let norm = BatchNorm::new(numbers, norm.variance()).ok()?;
                made.layer = Arc::new(norm.with_epsilon(0.0).ok()?);
            }
            (Part::Weight, true, true) => {
                weights.copy_from_slice(numbers);
                name.clone_into(&mut made.names[0]);
            }
            (Part::Bias, false, true) => {
                biases.copy_from_slice(numbers);
                name.clone_into(&mut made.names[1]);
            }
            _ => return None,
        }
        Some(made)
    }
}

/// A number for each channel of samples of this shape, if the constant is that: its sides but for those of the channels are 1.
pub(crate) fn by_channel(numbers: Numbers, shape: &[usize]) -> Option<Vec<f64>> {
    let (channels, sides) = shape.split_first()?;
    let mut wanted = vec![*channels];
    wanted.extend(sides.iter().map(|_| 1));
    let batched = [&[1], wanted.as_slice()].concat();
    (numbers.shape == wanted || numbers.shape == batched).then_some(numbers.values)
}
