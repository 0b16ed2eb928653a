//! Two ways from one value that are added: layers, and what goes past them.

use std::any::Any;
use std::ops::Range;

use secant::{Error, ErrorKind};
use secant_vmath::InPlace;

use super::{Along, Layer, Map, Memo, Met, Rows, SecondOrder, Visited, misfit};
use crate::columns::Columns;
use crate::hessian::Moving;
use crate::network::{Network, Pass};
use crate::number::Number;
use crate::random::Random;

/// Residuals within residuals are refused beyond this depth: each is run within the other.
const DEEPEST: usize = 32;

/// `y = F(x) + x`, or `y = F(x) + G(x)` (He, Zhang, Ren and Sun 2016): the block F and the skip G are chains of layers of their own. Parameters
/// are those of the block, as `block.0.weight`, then those of the skip, as `skip.0.weight`.
///
/// ```
/// use secant_train::Network;
/// use secant_train::layer::{Activation, Dense, Layer, Residual};
/// let block = Network::dense(&[6, 9, 6], "relu")?;
/// let layer = Residual::new(block)?;
/// assert_eq!(layer.describe(), "(dense 6 to 9, relu, dense 9 to 6) + x");
/// let network = Network::new(&[6]).then(layer)?.then(Activation::named("relu")?)?.then(Dense::new(6, 2))?;
/// assert_eq!(network.tensors()[0].name, "0.block.0.weight");
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Residual {
    block: Network,
    skip: Network,
    depth: usize,
}

/// One of the two ways.
struct Way<'a> {
    name: &'static str,
    network: &'a Network,
    /// Its parameters among those of the layer.
    range: Range<usize>,
}

impl Residual {
    /// Of a block past which samples go as they are.
    ///
    /// # Errors
    /// Where the block gives another shape than it takes, or holds residuals within residuals to a depth of 32.
    pub fn new(block: Network) -> Result<Self, Error> {
        let skip = Network::new(block.shapes().first().map_or(&[], Vec::as_slice));
        Self::with_skip(block, skip)
    }

    /// Of a block and the layers past it, which bring samples to the shape behind the block.
    ///
    /// # Errors
    /// Where the two take or give samples of different shapes, or hold residuals within residuals to a depth of 32.
    pub fn with_skip(block: Network, skip: Network) -> Result<Self, Error> {
        let ends = |network: &Network| {
            let shapes = network.shapes();
            (shapes.first().cloned(), shapes.last().cloned())
        };
        let (of_block, of_skip) = (ends(&block), ends(&skip));
        if of_block != of_skip {
            let told = |(from, to): (Option<Vec<usize>>, Option<Vec<usize>>)| {
                let [from, to] = [from, to].map(Option::unwrap_or_default);
                format!("{from:?} to {to:?}")
            };
            let message = format!(
                "the block takes samples of shape {}, the skip {}: they cannot be added",
                told(of_block),
                told(of_skip)
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let depth = 1 + block
            .layers()
            .chain(skip.layers())
            .filter_map(|layer| (layer as &dyn Any).downcast_ref::<Self>())
            .map(|residual| residual.depth)
            .max()
            .unwrap_or(0);
        if depth > DEEPEST {
            let message = format!("residuals stand within residuals deeper than {DEEPEST}");
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        Ok(Self { block, skip, depth })
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &Network {
        &self.block
    }

    /// What goes past the block; it has no layers where samples go as they are.
    #[must_use]
    pub fn skip(&self) -> &Network {
        &self.skip
    }

    fn ways(&self) -> [Way<'_>; 2] {
        let first = self.block.parameters();
        let all = first + self.skip.parameters();
        [
            Way {
                name: "block",
                network: &self.block,
                range: 0..first,
            },
            Way {
                name: "skip",
                network: &self.skip,
                range: first..all,
            },
        ]
    }

    /// Each way with what its own run left in the memo.
    fn visited<'a, T: Number>(
        &'a self,
        memo: &'a Memo<T>,
    ) -> impl Iterator<Item = (Way<'a>, &'a Pass<T>)> {
        self.ways().into_iter().zip(&memo.inner)
    }

    /// The layer that a parameter of ours belongs to, with its name there.
    fn owner(&self, parameter: &str) -> Option<(&dyn Layer, &str)> {
        let (way, name) = parameter.split_once('.')?;
        let ways = self.ways();
        let network = ways.into_iter().find(|other| other.name == way)?.network;
        let tensor = network.tensor(name)?;
        Some((network.layer(tensor.layer), &tensor.part))
    }
}

impl Layer for Residual {
    fn kind(&self) -> &'static str {
        "residual"
    }

    fn describe(&self) -> String {
        let [block, skip] = [&self.block, &self.skip].map(|network| {
            let layers: Vec<String> = network.layers().map(Layer::describe).collect();
            match layers.is_empty() {
                true => "x".to_owned(),
                false => format!("({})", layers.join(", ")),
            }
        });
        format!("{block} + {skip}")
    }

    fn is_random(&self) -> bool {
        self.block.is_random() || self.skip.is_random()
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        match self.block.shapes() {
            [first, .., last] if first == input => Ok(last.clone()),
            [only] if only == input => Ok(only.clone()),
            [first, ..] => Err(misfit(self, &format!("shape {first:?}"), input)),
            [] => Err(misfit(self, "nothing", input)),
        }
    }

    fn parameters(&self) -> Vec<(String, Vec<usize>)> {
        let of = |way: &Way<'_>| {
            let name = way.name;
            let tensors = way.network.tensors().iter();
            let named = tensors.map(|tensor| (format!("{name}.{}", tensor.name), &tensor.shape));
            named
                .map(|(name, shape)| (name, shape.clone()))
                .collect::<Vec<_>>()
        };
        self.ways().iter().flat_map(of).collect()
    }

    fn fan_in(&self, parameter: &str) -> usize {
        self.owner(parameter)
            .map_or(0, |(layer, part)| layer.fan_in(part))
    }

    fn start(&self, parameter: &str) -> f64 {
        self.owner(parameter)
            .map_or(0.0, |(layer, part)| layer.start(part))
    }
}

impl Way<'_> {
    /// Carries a shift of what goes into its layer `from` to its end.
    fn carry<T: Number>(
        &self,
        parameters: &[T],
        pass: &Pass<T>,
        from: usize,
        mut shift: Columns<T>,
        met: &mut [Met],
    ) -> Columns<T> {
        let mut next = Columns::zeros(0, 0);
        for place in from..self.network.layers().len() {
            let at = pass.visited(place);
            let parameters = &parameters[self.parameters_of(place)];
            T::map(self.network.layer(place)).difference(parameters, at, &shift, &mut next, met);
            std::mem::swap(&mut shift, &mut next);
        }
        shift
    }

    /// Carries the adjoint of its end back to its beginning, and tells each layer of the adjoint behind it.
    fn back<T: Number>(
        &self,
        parameters: &[T],
        pass: &Pass<T>,
        adjoint: &Columns<T>,
        mut told: impl FnMut(Range<usize>, &dyn Map<T>, Visited<'_, T>, &Columns<T>),
    ) -> Columns<T> {
        let (mut adjoint, mut next) = (adjoint.clone(), Columns::zeros(0, 0));
        for place in (0..self.network.layers().len()).rev() {
            let (map, at) = (T::map(self.network.layer(place)), pass.visited(place));
            let range = self.parameters_of(place);
            told(range.clone(), map, at, &adjoint);
            map.pullback(&parameters[range], at, &adjoint, None, Some(&mut next));
            std::mem::swap(&mut adjoint, &mut next);
        }
        adjoint
    }

    /// The parameters of one of its layers among those of the residual.
    fn parameters_of(&self, place: usize) -> Range<usize> {
        let own = self.network.range(place);
        self.range.start + own.start..self.range.start + own.end
    }
}

impl<T: Number> Map<T> for Residual {
    /// Each way keeps its own run in the memo, with a source of chance drawn from the one of the layer.
    fn forward(
        &self,
        parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    ) {
        let ways = self.ways();
        if memo.inner.len() != ways.len() {
            memo.inner = ways.iter().map(|way| Pass::new(way.network)).collect();
        }
        output.reshape(input.samples(), self.block.outputs_count());
        output.fill(T::ZERO);
        for (way, pass) in ways.iter().zip(&mut memo.inner) {
            for inner in &mut pass.memos {
                inner.chance = memo
                    .chance
                    .as_mut()
                    .map(|chance| Random::new(chance.bits()));
            }
            pass.input().clone_from(input);
            let parameters = &parameters[way.range.clone()];
            let outputs = way.network.forward(parameters, pass, memo.wanted);
            secant_vmath::add(InPlace, outputs.values(), output.values_mut());
        }
    }

    fn pullback(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        mut gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        let mut into = Columns::zeros(adjoint.samples(), at.input.features());
        for (way, pass) in self.visited(at.memo) {
            let part = way.back(parameters, pass, adjoint, |range, map, at, adjoint| {
                if let Some(gradient) = gradient.as_deref_mut() {
                    let (parameters, gradient) = (&parameters[range.clone()], &mut gradient[range]);
                    map.pullback(parameters, at, adjoint, Some(gradient), None);
                }
            });
            secant_vmath::add(InPlace, part.values(), into.values_mut());
        }
        if let Some(input_adjoint) = input_adjoint {
            *input_adjoint = into;
        }
    }

    fn difference(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        met: &mut [Met],
    ) {
        output_shift.reshape(shift.samples(), at.output.features());
        output_shift.fill(T::ZERO);
        for (way, pass) in self.visited(at.memo) {
            let moved = way.carry(parameters, pass, 0, shift.clone(), met);
            secant_vmath::add(InPlace, moved.values(), output_shift.values_mut());
        }
    }

    fn kinks(&self, at: Visited<'_, T>) -> usize {
        let inner = self.visited(at.memo);
        inner.map(|(way, pass)| way.network.kinks(pass)).sum()
    }

    /// The layer that the parameter belongs to moves, and what that does is carried to the end of its way.
    fn moved(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        parameter: usize,
        step: T,
        output_shift: &mut Columns<T>,
        met: &mut [Met],
    ) {
        for (way, pass) in self.visited(at.memo) {
            let mut places = 0..way.network.layers().len();
            let owner = places.find(|place| way.parameters_of(*place).contains(&parameter));
            let Some(place) = owner else {
                continue;
            };
            let (range, mut shift) = (way.parameters_of(place), Columns::zeros(0, 0));
            T::map(way.network.layer(place)).moved(
                &parameters[range.clone()],
                pass.visited(place),
                parameter - range.start,
                step,
                &mut shift,
                met,
            );
            *output_shift = way.carry(parameters, pass, place + 1, shift, met);
        }
    }

    /// It has second derivatives where all its layers do.
    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        let mut layers = self.block.layers().chain(self.skip.layers());
        layers
            .all(|layer| T::map(layer).second_order().is_some())
            .then_some(self)
    }

    /// Carries only those samples back that are asked for.
    fn pullback_each(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        samples: Range<usize>,
        rows: &mut Rows<'_, T>,
    ) {
        let count = samples.len();
        let wanted: Vec<usize> = samples.collect();
        let adjoint = adjoint.gather(&wanted);
        for (way, pass) in self.visited(at.memo) {
            let pass = pass.gather(&wanted);
            way.back(parameters, &pass, &adjoint, |range, map, at, adjoint| {
                let mut rows = rows.part(range.clone());
                map.pullback_each(&parameters[range], at, adjoint, 0..count, &mut rows);
            });
        }
    }

    fn square_each(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        lengths: &mut [T],
        mut squares: Option<&mut [T]>,
    ) {
        for (way, pass) in self.visited(at.memo) {
            way.back(parameters, pass, adjoint, |range, map, at, adjoint| {
                if !range.is_empty() {
                    let squares = squares
                        .as_deref_mut()
                        .map(|squares| &mut squares[range.clone()]);
                    map.square_each(&parameters[range], at, adjoint, lengths, squares);
                }
            });
        }
    }
}

impl<T: Number> SecondOrder<T> for Residual {
    fn tangent(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        output_tangent.reshape(at.output.samples(), at.output.features());
        output_tangent.fill(T::ZERO);
        for (way, pass) in self.visited(at.memo) {
            let vector = &along.parameters[way.range.clone()];
            // `second_order` has asked all layers.
            if let Ok(mut moving) = Moving::within(way.network, vector, along.input) {
                moving.forward(&parameters[way.range], pass);
                let tangent = moving.output_tangent().values();
                secant_vmath::add(InPlace, tangent, output_tangent.values_mut());
            }
        }
    }

    fn turned(
        &self,
        parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        adjoint: &Columns<T>,
        gradient: &mut [T],
        mut input_adjoint: Option<&mut Columns<T>>,
    ) {
        for (way, pass) in self.visited(at.memo) {
            let vector = &along.parameters[way.range.clone()];
            if let Ok(mut moving) = Moving::within(way.network, vector, along.input) {
                let own = &parameters[way.range.clone()];
                moving.forward(own, pass);
                let turned = moving.turned(own, pass, adjoint, &mut gradient[way.range]);
                if let Some(into) = &mut input_adjoint {
                    secant_vmath::add(InPlace, turned.values(), into.values_mut());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Dense;

    #[test]
    fn ways_that_do_not_meet_are_refused() -> Result<(), Error> {
        let block = Network::new(&[3]).then(Dense::new(3, 2))?;
        let refused = Residual::new(block).err();
        assert_eq!(
            refused.map(|error| error.to_string()).as_deref(),
            Some(
                "the block takes samples of shape [3] to [2], the skip [3] to [3]: they cannot be added"
            )
        );
        Ok(())
    }

    #[test]
    fn residuals_within_residuals_end_somewhere() -> Result<(), Error> {
        let mut network = Network::new(&[1]).then(Dense::new(1, 1))?;
        for _ in 0..DEEPEST {
            network = Network::new(&[1]).then(Residual::new(network)?)?;
        }
        assert!(Residual::new(network).is_err());
        Ok(())
    }
}
