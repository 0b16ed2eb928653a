//! The Hessian of a network's mean loss times a vector, without the Hessian: the gradient is moved along the vector, exactly, by carrying
//! tangents forward through the layers and then back beside the adjoints (Pearlmutter 1994). It costs about two gradients more.

use secant::{Error, ErrorKind};
use secant_vmath::InPlace;

use crate::columns::Columns;
use crate::layer::{Along, SecondOrder};
use crate::network::{Network, Pass};
use crate::number::Number;
use crate::objective::Objective;

impl<T: Number> Objective<'_, T> {
    /// The Hessian of the mean loss by the parameters times `vector`, over `product`. At kinks the second derivative is taken as 0, as training
    /// takes the slope of relu: there the Hessian is that of one side.
    ///
    /// ```
    /// use secant_train::{Columns, Loss, Network, Objective, Targets};
    /// // (w x + b)² of x = 3: the Hessian is (18 6, 6 2).
    /// let network = Network::dense(&[1, 1], "relu")?;
    /// let samples = Columns::from_rows(&[3.0], 1)?;
    /// let targets = Targets::Values(Columns::from_rows(&[0.0], 1)?);
    /// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
    /// let mut product = [0.0; 2];
    /// objective.hessian_vector(&[0.5, -1.0], &[1.0, 10.0], &mut product)?;
    /// assert_eq!(product, [78.0, 26.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where parameters, vector or product are not as many as the network has, and where a layer has no second derivatives here.
    pub fn hessian_vector(
        &mut self,
        parameters: &[T],
        vector: &[T],
        product: &mut [T],
    ) -> Result<(), Error> {
        self.network.check(parameters, self.samples)?;
        if vector.len() != parameters.len() || product.len() != parameters.len() {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "a vector of {} numbers and a product of {} for {} parameters",
                    vector.len(),
                    product.len(),
                    parameters.len()
                ),
            ));
        }
        let mut moving = Moving::new(self.network, vector)?;
        let criterion = self.loss.criterion();
        let share = T::ONE / T::of(self.samples.samples() as f64);
        product.fill(T::ZERO);
        for block in self.network.blocks::<T>(self.samples.samples()) {
            self.forward_block(parameters, block);
            moving.still(&self.pass);
            moving.forward(parameters, &self.pass);
            criterion.adjoint_tangent(
                self.pass.output(),
                &self.wanted,
                &moving.tangents[moving.layers.len()],
                &mut moving.adjoint_tangent,
            );
            std::mem::swap(&mut moving.adjoint, &mut self.pass.carried);
            for adjoint in [&mut moving.adjoint, &mut moving.adjoint_tangent] {
                secant_vmath::mul(InPlace, share, adjoint.values_mut());
            }
            moving.back(parameters, &self.pass, product);
        }
        Ok(())
    }
}

/// A network whose parameters move along a vector.
pub(crate) struct Moving<'a, T> {
    network: &'a Network,
    layers: Vec<&'a dyn SecondOrder<T>>,
    vector: &'a [T],
    /// The first layer that moves.
    first: usize,
    /// Whether its input moves, too.
    input_moves: bool,
    /// The tangents of what goes into each layer, and of the outputs.
    tangents: Vec<Columns<T>>,
    /// How the outputs of a layer move the loss, and the tangent of that.
    adjoint: Columns<T>,
    adjoint_tangent: Columns<T>,
    next: Columns<T>,
}

impl<'a, T: Number> Moving<'a, T> {
    /// A network of which nothing moves before the first layer with parameters.
    fn new(network: &'a Network, vector: &'a [T]) -> Result<Self, Error> {
        let mut layers = Vec::new();
        for (place, layer) in network.layers().enumerate() {
            let second = T::map(layer).second_order().ok_or_else(|| {
                let kind = layer.describe();
                Error::new(
                    ErrorKind::Unsupported,
                    format!("layer {place}, {kind}, has no second derivatives"),
                )
            })?;
            layers.push(second);
        }
        let count = layers.len();
        let first = (0..count).find(|place| !network.range(*place).is_empty());
        Ok(Self {
            network,
            layers,
            vector,
            first: first.unwrap_or(count),
            input_moves: false,
            tangents: vec![Columns::zeros(0, 0); count + 1],
            adjoint: Columns::zeros(0, 0),
            adjoint_tangent: Columns::zeros(0, 0),
            next: Columns::zeros(0, 0),
        })
    }

    /// A network within another, whose input moves along `input`.
    pub(crate) fn within(
        network: &'a Network,
        vector: &'a [T],
        input: &Columns<T>,
    ) -> Result<Self, Error> {
        let mut moving = Self::new(network, vector)?;
        (moving.first, moving.input_moves) = (0, true);
        moving.tangents[0] = input.clone();
        Ok(moving)
    }

    /// What goes into the first layer that moves does not.
    fn still(&mut self, pass: &Pass<T>) {
        let still = &pass.values[self.first];
        self.tangents[self.first].reshape(still.samples(), still.features());
        self.tangents[self.first].fill(T::ZERO);
    }

    /// The tangent of the outputs, after [`forward`](Self::forward).
    pub(crate) fn output_tangent(&self) -> &Columns<T> {
        &self.tangents[self.layers.len()]
    }

    /// Of an adjoint of the outputs that stays as it is: adds to the product, and gives the tangent of the adjoint of the inputs.
    pub(crate) fn turned(
        &mut self,
        parameters: &[T],
        pass: &Pass<T>,
        adjoint: &Columns<T>,
        product: &mut [T],
    ) -> &Columns<T> {
        self.adjoint.clone_from(adjoint);
        self.adjoint_tangent = Columns::zeros(adjoint.samples(), adjoint.features());
        self.back(parameters, pass, product);
        &self.adjoint_tangent
    }

    /// Carries tangents to the outputs, through layers that were run.
    pub(crate) fn forward(&mut self, parameters: &[T], pass: &Pass<T>) {
        for (place, layer) in self.layers.iter().enumerate().skip(self.first) {
            let range = self.network.range(place);
            let (before, after) = self.tangents.split_at_mut(place + 1);
            let along = Along {
                parameters: &self.vector[range.clone()],
                input: &before[place],
            };
            layer.tangent(
                &parameters[range],
                pass.visited(place),
                along,
                &mut after[0],
            );
        }
    }

    /// Carries adjoint and tangent back, and adds to the product.
    fn back(&mut self, parameters: &[T], pass: &Pass<T>, product: &mut [T]) {
        for place in (self.first..self.layers.len()).rev() {
            let range = self.network.range(place);
            let (own, at) = (&parameters[range.clone()], pass.visited(place));
            let along = Along {
                parameters: &self.vector[range.clone()],
                input: &self.tangents[place],
            };
            let product = &mut product[range];
            let is_last = place == self.first && !self.input_moves;
            let map = T::map(self.network.layer(place));
            map.pullback(
                own,
                at,
                &self.adjoint_tangent,
                Some(&mut *product),
                (!is_last).then_some(&mut self.next),
            );
            self.layers[place].turned(
                own,
                at,
                along,
                &self.adjoint,
                product,
                (!is_last).then_some(&mut self.next),
            );
            std::mem::swap(&mut self.adjoint_tangent, &mut self.next);
            if !is_last {
                map.pullback(own, at, &self.adjoint, None, Some(&mut self.next));
                std::mem::swap(&mut self.adjoint, &mut self.next);
            }
        }
    }
}
