//! Nodes that compute element by element: with a constant they are biases, parts of a batch norm, or a formula; with another value of the samples a residual.

use std::sync::Arc;

use secant_train::layer::Residual;

use super::stage::rim_in_the_way;
use super::{Converter, Seen, unknown};
use crate::error::{Error, ErrorKind};
use crate::onnx::channels::{Part, along_side};
use crate::onnx::elementwise::{self, VARIABLE};
use crate::onnx::operators::Made;
use crate::onnx::schema::Node;

impl<'a> Converter<'a> {
    pub(super) fn take_elementwise(
        &mut self,
        node: &'a Node<'a>,
        output: &'a str,
    ) -> Result<(), Error> {
        if self.take_bias(node, output)?
            || self.take_sum(node, output)?
            || self.take_channels(node, output)?
        {
            return Ok(());
        }
        let mut joined: Option<Seen> = None;
        let mut operands = Vec::new();
        for name in &node.inputs {
            if name.is_empty() || (node.operator == "Clip" && !operands.is_empty()) {
                continue;
            }
            let operand = match self.values.get(name) {
                Some(seen) => {
                    let other = joined.get_or_insert_with(|| seen.clone());
                    if (other.stage, &other.view) != (seen.stage, &seen.view) {
                        return Err(Error::new(
                            ErrorKind::Unsupported,
                            "it joins two ways through the graph other than by their sum, which is not read",
                        )
                        .at(node.place()));
                    }
                    seen.formula.clone().unwrap_or_else(|| VARIABLE.to_owned())
                }
                None => self.scalar(name, node)?,
            };
            operands.push(operand);
        }
        let formula =
            elementwise::formula(node, self.graph, &operands)?.ok_or_else(|| unknown(node))?;
        let Some(seen) = joined else {
            return Err(
                Error::new(ErrorKind::Unsupported, "it computes with constants alone")
                    .at(node.place()),
            );
        };
        if seen.view.as_ref().is_some_and(|view| view.rim().is_some()) {
            return Err(rim_in_the_way().at(node.place()));
        }
        let formula = Some(formula);
        self.values.insert(output, Seen { formula, ..seen });
        Ok(())
    }

    /// A constant of one number, as a formula writes it.
    fn scalar(&self, name: &str, node: &Node<'_>) -> Result<String, Error> {
        let numbers = match self.graph.size(name)? {
            Some(1) => self.graph.numbers(name)?,
            _ => None,
        };
        let value = numbers.and_then(|numbers| numbers.single());
        value
            .filter(|value| value.is_finite())
            .map(elementwise::number)
            .ok_or_else(|| {
                let message = format!("its input '{name}' is not one finite number");
                Error::new(ErrorKind::Unsupported, message).at(node.place())
            })
    }

    /// Takes a constant that is added to the outputs of a dense layer or a convolution as its biases.
    fn take_bias(&mut self, node: &'a Node<'a>, output: &'a str) -> Result<bool, Error> {
        let (["Add"], [a, b]) = ([node.operator], node.inputs.as_slice()) else {
            return Ok(false);
        };
        let (product, bias) = if self.graph.is_constant(b) {
            (*a, *b)
        } else {
            (*b, *a)
        };
        let Some(seen) = self.values.get(product).cloned() else {
            return Ok(false);
        };
        if seen.formula.is_some() || !seen.is_alone || !self.is_read_once(product) {
            return Ok(false);
        }
        let Some((side, numbers)) = self.along_side(bias, &seen)? else {
            return Ok(false);
        };
        // A constant of one number is the bias of one output.
        if side.is_some_and(|(_, axis)| axis != Some(0)) {
            return Ok(false);
        }
        let made = self.stages[seen.stage].made.as_ref();
        let name = self.graph.stored_name(bias);
        let Some(made) = made.and_then(|made| made.with_bias(name, &numbers)) else {
            return Ok(false);
        };
        self.use_once(bias, node)?;
        self.stages[seen.stage].made = Some(made);
        self.values.insert(output, seen);
        Ok(true)
    }

    /// A constant that differs along one side at most of a value that it is taken with: that side, as the value shows it and as its stage has it, and the numbers.
    fn along_side(&self, constant: &str, seen: &Seen) -> Result<Option<AlongSide>, Error> {
        let Some(view) = self.view_of(seen).filter(|view| view.rim().is_none()) else {
            return Ok(None);
        };
        let Some(numbers) = self.graph.numbers(constant)? else {
            return Ok(None);
        };
        let along = along_side(numbers, &view.shape());
        Ok(along.map(|(side, numbers)| (side.map(|side| (side, view.axis(side))), numbers)))
    }

    /// Takes a constant that differs from channel to channel as a part of a batch norm.
    fn take_channels(&mut self, node: &'a Node<'a>, output: &'a str) -> Result<bool, Error> {
        let (Some((part, is_last)), [a, b]) = (Part::of(node.operator), node.inputs.as_slice())
        else {
            return Ok(false);
        };
        let (value, constant) = match self.graph.is_constant(b) {
            true => (*a, *b),
            false if is_last => return Ok(false),
            false => (*b, *a),
        };
        let has_several = self.graph.size(constant)?.is_some_and(|size| size > 1);
        if !self.values.contains_key(value) || !has_several {
            return Ok(false);
        }
        let seen = self.active(value, node)?;
        let Some((Some((side, axis)), numbers)) = self.along_side(constant, &seen)? else {
            return Ok(false);
        };
        let name = self.graph.stored_name(constant);
        let is_changeable = seen.is_alone && self.is_read_once(value) && axis == Some(0);
        let begun = self.stages[seen.stage].made.as_ref();
        let begun = begun.filter(|_| is_changeable);
        if let Some(made) = begun.and_then(|made| made.scaled(part, name, &numbers)) {
            self.stages[seen.stage].made = Some(made);
            self.values.insert(output, seen);
        } else {
            let fresh = Made::unscaled(numbers.len());
            let Some(made) = fresh.and_then(|made| made.scaled(part, name, &numbers)) else {
                return Ok(false);
            };
            let Some(seen) = self.with_first(&seen, side, node)? else {
                return Ok(false);
            };
            let stage = self.push(seen.stage, made, node.place())?;
            let seen = Seen {
                view: seen.view,
                ..Seen::output_of(stage)
            };
            self.values.insert(output, seen);
        }
        if part != Part::Mean {
            self.use_once(constant, node)?;
        }
        Ok(true)
    }

    /// Takes the sum of two values that come from one by different ways as a residual.
    fn take_sum(&mut self, node: &'a Node<'a>, output: &'a str) -> Result<bool, Error> {
        let (["Add" | "Sum"], [a, b]) = ([node.operator], node.inputs.as_slice()) else {
            return Ok(false);
        };
        let stage_of = |name: &str| self.values.get(name).map(|seen| seen.stage);
        match (stage_of(a), stage_of(b)) {
            (Some(a), Some(b)) if a != b => {}
            _ => return Ok(false),
        }
        let (a, b) = (self.active(a, node)?, self.active(b, node)?);
        let (mut block, mut skip, view) = self.alike(&a, &b, node)?;
        if block == skip {
            return Ok(false);
        }
        let meet = self.meet(block, skip);
        let (mut ahead, mut past) = (self.way(block, meet), self.way(skip, meet));
        if ahead.len() < past.len() {
            std::mem::swap(&mut ahead, &mut past);
            std::mem::swap(&mut block, &mut skip);
        }
        let shape = self.shape_before(meet, &[ahead.as_slice(), &past].concat())?;
        let [ahead, past] = [self.chain(&shape, &ahead)?, self.chain(&shape, &past)?];
        let layer = Residual::with_skip(ahead.network, past.network).map_err(|error| {
            Error::new(ErrorKind::Unsupported, error.message()).at(node.place())
        })?;
        let made = Made {
            layer: Arc::new(layer),
            parameters: [ahead.parameters, past.parameters].concat(),
            stored: [ahead.stored, past.stored].concat(),
        };
        let stage = self.push(meet, made, node.place())?;
        let seen = Seen {
            view,
            ..Seen::output_of(stage)
        };
        self.values.insert(output, seen);
        Ok(true)
    }
}

/// A side, as a value shows it and as its stage has it, where it has that, and a number for each place of it.
type AlongSide = (Option<(usize, Option<usize>)>, Vec<f64>);
