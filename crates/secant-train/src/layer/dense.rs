//! The affine layer: each output a weighted sum of all inputs, and a bias.

use std::ops::Range;

use secant::Error;
use secant_product::{Matrix, MatrixMut, Onto, product};
use secant_vmath::InPlace;

use super::{Along, Layer, Map, Memo, Met, Rows, SecondOrder, Visited, misfit};
use crate::columns::Columns;
use crate::number::Number;

/// `y = W x + b`, with W of shape `[outputs, inputs]`.
///
/// ```
/// use secant_train::layer::{Dense, Layer};
/// let dense = Dense::new(64, 10);
/// assert_eq!(dense.parameters()[0], ("weight".to_owned(), vec![10, 64]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dense {
    inputs: usize,
    outputs: usize,
    bias: bool,
}

impl Dense {
    /// From so many inputs to so many outputs, with biases.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self {
            inputs,
            outputs,
            bias: true,
        }
    }

    /// The same without biases.
    #[must_use]
    pub fn without_bias(self) -> Self {
        Self {
            bias: false,
            ..self
        }
    }

    /// How many inputs.
    #[must_use]
    pub fn inputs(self) -> usize {
        self.inputs
    }

    /// How many outputs.
    #[must_use]
    pub fn outputs(self) -> usize {
        self.outputs
    }

    /// Whether it has biases; they stand after the weights.
    #[must_use]
    pub fn has_bias(self) -> bool {
        self.bias
    }

    /// Weights and biases among the parameters of the layer.
    fn split<T>(self, parameters: &[T]) -> (&[T], &[T]) {
        parameters.split_at(self.inputs * self.outputs)
    }

    /// Adds to weights and biases the sums over samples of adjoint times input.
    fn add_products<T: Number>(self, input: &Columns<T>, adjoint: &Columns<T>, into: &mut [T]) {
        let (weights, biases) = into.split_at_mut(self.inputs * self.outputs);
        let weights = MatrixMut::by_rows(weights, self.outputs, self.inputs).transposed();
        product(
            weights,
            Onto::Present,
            input.matrix().transposed(),
            adjoint.matrix(),
        );
        for (place, bias) in biases.iter_mut().enumerate() {
            *bias += secant_vmath::sum(adjoint.column(place));
        }
    }

    /// The weights, with a row for each output.
    fn weights<T: Number>(self, parameters: &[T]) -> Matrix<'_, T> {
        Matrix::by_rows(self.split(parameters).0, self.outputs, self.inputs)
    }
}

impl Layer for Dense {
    fn kind(&self) -> &'static str {
        "dense"
    }

    fn describe(&self) -> String {
        format!("dense {} to {}", self.inputs, self.outputs)
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        if input == [self.inputs] {
            Ok(vec![self.outputs])
        } else {
            Err(misfit(self, &format!("{} features", self.inputs), input))
        }
    }

    fn parameters(&self) -> Vec<(String, Vec<usize>)> {
        let mut parameters = vec![("weight".to_owned(), vec![self.outputs, self.inputs])];
        if self.bias {
            parameters.push(("bias".to_owned(), vec![self.outputs]));
        }
        parameters
    }

    fn fan_in(&self, parameter: &str) -> usize {
        if parameter == "weight" {
            self.inputs
        } else {
            0
        }
    }

    fn as_dense(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: Number> Map<T> for Dense {
    fn forward(
        &self,
        parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        _memo: &mut Memo<T>,
    ) {
        output.reshape(input.samples(), self.outputs);
        let biases = self.split(parameters).1;
        let onto = if self.bias {
            Onto::Numbers(biases)
        } else {
            Onto::Nothing
        };
        product(
            output.matrix_mut(),
            onto,
            input.matrix(),
            self.weights(parameters).transposed(),
        );
    }

    fn pullback(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        if let Some(gradient) = gradient {
            self.add_products(at.input, adjoint, gradient);
        }
        if let Some(input_adjoint) = input_adjoint {
            input_adjoint.reshape(adjoint.samples(), self.inputs);
            product(
                input_adjoint.matrix_mut(),
                Onto::Nothing,
                adjoint.matrix(),
                self.weights(parameters),
            );
        }
    }

    fn difference(
        &self,
        parameters: &[T],
        _at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        output_shift.reshape(shift.samples(), self.outputs);
        product(
            output_shift.matrix_mut(),
            Onto::Nothing,
            shift.matrix(),
            self.weights(parameters).transposed(),
        );
    }

    fn moved(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        parameter: usize,
        step: T,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        output_shift.reshape(at.input.samples(), self.outputs);
        output_shift.fill(T::ZERO);
        match parameter.checked_sub(self.inputs * self.outputs) {
            Some(bias) => output_shift.column_mut(bias).fill(step),
            None => {
                let column = output_shift.column_mut(parameter / self.inputs);
                for (shift, input) in column
                    .iter_mut()
                    .zip(at.input.column(parameter % self.inputs))
                {
                    *shift = step * *input;
                }
            }
        }
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }

    fn pullback_each(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        samples: Range<usize>,
        rows: &mut Rows<'_, T>,
    ) {
        let mut inputs = vec![T::ZERO; samples.len() * self.inputs];
        at.input.copy_rows(samples.clone(), &mut inputs);
        for (place, sample) in samples.enumerate() {
            let input = &inputs[place * self.inputs..(place + 1) * self.inputs];
            let (weights, biases) = rows.row(place).split_at_mut(self.inputs * self.outputs);
            for (output, weights) in weights.chunks_exact_mut(self.inputs.max(1)).enumerate() {
                let adjoint = adjoint.at(sample, output);
                for (weight, input) in weights.iter_mut().zip(input) {
                    *weight = adjoint * *input;
                }
            }
            for (output, bias) in biases.iter_mut().enumerate() {
                *bias = adjoint.at(sample, output);
            }
        }
    }

    /// The gradient of one sample is the product of adjoint and input, so its length is the product of theirs (Goodfellow 2015), and the sum
    /// of its squared components over samples is a product of matrices of squares.
    fn square_each(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        lengths: &mut [T],
        squares: Option<&mut [T]>,
    ) {
        let bias = if self.bias { T::ONE } else { T::ZERO };
        let (inputs, adjoints) = (squared(at.input), squared(adjoint));
        let mut of_inputs = vec![bias; lengths.len()];
        add_rows(&inputs, &mut of_inputs);
        let mut of_adjoints = vec![T::ZERO; lengths.len()];
        add_rows(&adjoints, &mut of_adjoints);
        for (length, (input, adjoint)) in lengths.iter_mut().zip(of_inputs.iter().zip(&of_adjoints))
        {
            *length += *input * *adjoint;
        }
        if let Some(squares) = squares {
            self.add_products(&inputs, &adjoints, squares);
        }
    }
}

impl<T: Number> SecondOrder<T> for Dense {
    /// `W ẋ + Ẇ x + ḃ`.
    fn tangent(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        Map::forward(
            self,
            along.parameters,
            at.input,
            output_tangent,
            &mut Memo::default(),
        );
        product(
            output_tangent.matrix_mut(),
            Onto::Present,
            along.input.matrix(),
            self.weights(parameters).transposed(),
        );
    }

    /// Of the weights `g ẋᵀ`, of the input `Ẇᵀ g`.
    fn turned(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        along: Along<'_, T>,
        adjoint: &Columns<T>,
        gradient: &mut [T],
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        let weights = &mut gradient[..self.inputs * self.outputs];
        product(
            MatrixMut::by_rows(weights, self.outputs, self.inputs).transposed(),
            Onto::Present,
            along.input.matrix().transposed(),
            adjoint.matrix(),
        );
        if let Some(input_adjoint) = input_adjoint {
            product(
                input_adjoint.matrix_mut(),
                Onto::Present,
                adjoint.matrix(),
                self.weights(along.parameters),
            );
        }
    }
}

/// The square of each number.
fn squared<T: Number>(columns: &Columns<T>) -> Columns<T> {
    let mut squares = Columns::zeros(columns.samples(), columns.features());
    secant_vmath::square(columns.values(), squares.values_mut());
    squares
}

/// Adds to each sample the sum of its features.
fn add_rows<T: Number>(columns: &Columns<T>, sums: &mut [T]) {
    for feature in 0..columns.features() {
        secant_vmath::add(InPlace, columns.column(feature), sums);
    }
}
