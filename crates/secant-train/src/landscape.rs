//! The loss around given parameters: directions to look along ([`random`], [`along_gradient`], [`along_hessian`]), and the losses over a line or over the
//! plane of two ([`Landscape`]).

use secant::{Error, ErrorKind};

use crate::impact::length;
use crate::lanczos;
use crate::network::Network;
use crate::number::Number;
use crate::objective::Objective;
use crate::random::Random;

/// A random direction, whose part for each neuron is as long as the weights of that neuron (filter-wise normalised: Li, Xu, Taylor, Studer and Goldstein 2018,
/// section 4), so that networks whose weights differ in scale alone look alike. Biases stay.
///
/// ```
/// use secant_train::{Network, Random, landscape};
/// let network = Network::dense(&[3, 2], "relu")?;
/// let parameters = [3.0, 0.0, 4.0, 0.0, 0.0, 0.0, 7.0, 7.0];
/// let direction: Vec<f64> = landscape::random(&network, &parameters, &mut Random::new(1));
/// let length = |part: &[f64]| part.iter().map(|d| d * d).sum::<f64>().sqrt();
/// assert!((length(&direction[..3]) - 5.0).abs() < 1e-12);
/// assert_eq!(direction[3..], [0.0; 5]);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Panics
/// Where there are fewer parameters than the network has.
#[must_use]
pub fn random<T: Number>(network: &Network, parameters: &[T], random: &mut Random) -> Vec<T> {
    let mut direction = vec![T::ZERO; parameters.len()];
    for tensor in network
        .tensors()
        .iter()
        .filter(|tensor| tensor.shape.len() > 1)
    {
        let across: usize = tensor.shape[1..].iter().product();
        let pairs = direction[tensor.range.clone()]
            .chunks_mut(across.max(1))
            .zip(parameters[tensor.range.clone()].chunks(across.max(1)));
        for (direction, weights) in pairs {
            for part in direction.iter_mut() {
                *part = T::of(random.normal());
            }
            scale(direction, length(weights));
        }
    }
    direction
}

/// The direction of the gradient, as long as all parameters together.
///
/// ```
/// use secant_train::{Columns, Loss, Network, Objective, Targets, landscape};
/// // (w x + b)² of x = 3: the gradient is 2 (w x + b) (3, 1).
/// let network = Network::dense(&[1, 1], "relu")?;
/// let samples = Columns::from_rows(&[3.0], 1)?;
/// let targets = Targets::Values(Columns::from_rows(&[0.0], 1)?);
/// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
/// let direction = landscape::along_gradient(&mut objective, &[0.6_f64, 0.8])?;
/// assert!((direction[0] - 3.0 * direction[1]).abs() < 1e-12);
/// assert!((direction[0].hypot(direction[1]) - 1.0).abs() < 1e-12);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the parameters are not as many as the network has, or the gradient is 0.
pub fn along_gradient<T: Number>(
    objective: &mut Objective<'_, T>,
    parameters: &[T],
) -> Result<Vec<T>, Error> {
    let mut direction = vec![T::ZERO; parameters.len()];
    objective.gradient(parameters, &mut direction)?;
    if direction.iter().all(|part| *part == T::ZERO) {
        return Err(Error::new(
            ErrorKind::Setting,
            "the gradient is 0 at these weights: there is no direction along it",
        )
        .hint("take random directions, or those of the Hessian"));
    }
    scale(&mut direction, length(parameters));
    Ok(direction)
}

/// A direction in which the gradient moves along itself: an eigenvector of the Hessian.
#[derive(Clone, Debug, PartialEq)]
pub struct Bend<T> {
    /// The second derivative of the loss along the direction, per unit of length: the eigenvalue.
    pub curvature: f64,
    /// An eigenvalue lies no further than this from the curvature, but for the rounding of a product with the Hessian: how far the gradient leaves
    /// the direction.
    pub residual: f64,
    /// The direction, as long as all parameters together; of the two signs the one by which its largest part is above 0.
    pub direction: Vec<T>,
}

/// The directions in which the loss bends most, up or down: eigenvectors of the Hessian with the eigenvalues furthest from 0, by the method of
/// Lanczos from a random start. There are fewer where there are fewer parameters. Of equal eigenvalues one may be missed.
///
/// ```
/// use secant_train::{Columns, Loss, Network, Objective, Random, Targets, landscape};
/// // (w x + b)² of x = 3: the Hessian is (18 6, 6 2), with the eigenvalues 20 and 0.
/// let network = Network::dense(&[1, 1], "relu")?;
/// let samples = Columns::from_rows(&[3.0], 1)?;
/// let targets = Targets::Values(Columns::from_rows(&[0.0], 1)?);
/// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
/// let bends = landscape::along_hessian(&mut objective, &[0.6_f64, 0.8], 1, &mut Random::new(1))?;
/// let [w, b] = [bends[0].direction[0], bends[0].direction[1]];
/// assert!((bends[0].curvature - 20.0).abs() < 1e-12 && (w - 3.0 * b).abs() < 1e-12);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As of [`Objective::hessian_vector`].
pub fn along_hessian<T: Number>(
    objective: &mut Objective<'_, T>,
    parameters: &[T],
    count: usize,
    random: &mut Random,
) -> Result<Vec<Bend<T>>, Error> {
    let product =
        |vector: &[T], product: &mut [T]| objective.hessian_vector(parameters, vector, product);
    let pairs = lanczos::furthest(parameters.len(), count, random, product)?;
    let wanted = length(parameters);
    let bends = pairs.into_iter().map(|mut pair| {
        scale(&mut pair.vector, wanted);
        Bend {
            curvature: pair.value,
            residual: pair.residual,
            direction: pair.vector,
        }
    });
    Ok(bends.collect())
}

/// The places of a landscape: as many along each of one or two directions, evenly from `-span` to `span`. 1 is as far as the direction is long. Places are
/// counted from the lower end of each direction, and the first direction runs fastest.
///
/// ```
/// use secant_train::landscape::Grid;
/// let grid = Grid::new(2, 0.5, 3)?;
/// assert_eq!(grid.places(), 9);
/// assert_eq!(grid.at(5), [0.5, 0.0]);
/// assert!(Grid::new(2, -1.0, 3).is_err());
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    directions: usize,
    span: f64,
    points: usize,
}

impl Grid {
    /// Of so many directions, with so many places along each.
    ///
    /// # Errors
    /// Where there are not one or two directions, the span is not above 0 or not finite, or there are fewer than two places.
    pub fn new(directions: usize, span: f64, points: usize) -> Result<Self, Error> {
        let goes_far = span > 0.0 && span.is_finite();
        if !goes_far || !(1..=2).contains(&directions) {
            return Err(Error::new(
                ErrorKind::Setting,
                "a landscape goes along one direction or two, by a span above 0",
            ));
        }
        if points < 2 {
            let message = format!("{points} places along a direction make no line");
            return Err(Error::new(ErrorKind::Setting, message).hint("61 is usual"));
        }
        Ok(Self {
            directions,
            span,
            points,
        })
    }

    /// How many directions there are: 1 or 2.
    #[must_use]
    pub fn directions(&self) -> usize {
        self.directions
    }

    /// How far it goes each way.
    #[must_use]
    pub fn span(&self) -> f64 {
        self.span
    }

    /// How many places there are along each direction.
    #[must_use]
    pub fn points(&self) -> usize {
        self.points
    }

    /// How many places there are in all.
    #[must_use]
    pub fn places(&self) -> usize {
        self.points.saturating_pow(self.directions as u32)
    }

    /// Where a place stands along each direction, from `-span` to `span`.
    #[must_use]
    pub fn at(&self, place: usize) -> Vec<f64> {
        let along = [place % self.points, place / self.points];
        let share = |place: &usize| 2.0 * *place as f64 / (self.points - 1) as f64 - 1.0;
        let along = along.iter().take(self.directions);
        along.map(|place| self.span * share(place)).collect()
    }
}

/// Losses over a grid of places around given parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Landscape<T> {
    /// Where they were looked at.
    pub grid: Grid,
    /// The mean loss at each place of the grid.
    pub losses: Vec<T>,
}

/// How many losses of a landscape are not finite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many are infinite.
    pub infinite: usize,
    /// How many are no numbers.
    pub nan: usize,
}

impl<T: Number> Landscape<T> {
    /// Looks at the loss at each place of the grid: `parameters` and, for each direction, its share of that.
    ///
    /// ```
    /// use secant_train::landscape::{Grid, Landscape};
    /// use secant_train::{Columns, Loss, Network, Objective, Targets};
    /// // (w x + b)² of x = 1.
    /// let network = Network::dense(&[1, 1], "relu")?;
    /// let samples = Columns::from_rows(&[1.0], 1)?;
    /// let targets = Targets::Values(Columns::from_rows(&[0.0], 1)?);
    /// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
    /// let along_w = Grid::new(1, 2.0, 5)?;
    /// let seen = Landscape::around(&mut objective, &[1.0, 0.0], &[vec![1.0, 0.0]], along_w)?;
    /// assert_eq!(seen.losses, [1.0, 0.0, 1.0, 4.0, 9.0]);
    /// assert_eq!(seen.ends(), Some([1, 4]));
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the parameters are not as many as the network has, a direction is not as long as they are, or there are more or fewer directions than the grid
    /// has, or a direction is 0 everywhere.
    pub fn around(
        objective: &mut Objective<'_, T>,
        parameters: &[T],
        directions: &[Vec<T>],
        grid: Grid,
    ) -> Result<Self, Error> {
        let fits = |direction: &Vec<T>| direction.len() == parameters.len();
        if directions.len() != grid.directions || !directions.iter().all(fits) {
            let message = format!(
                "a landscape along {} takes as many directions, each of {} numbers",
                grid.directions,
                parameters.len()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        let leads_nowhere = |direction: &Vec<T>| direction.iter().all(|part| *part == T::ZERO);
        if directions.iter().any(leads_nowhere) {
            return Err(Error::new(
                ErrorKind::Setting,
                "a direction is 0 for all parameters: there is nothing to see along it",
            )
            .hint("directions are as long as the weights they start from, and those are 0 here"));
        }
        let mut losses = Vec::with_capacity(grid.places());
        let mut moved = parameters.to_vec();
        for place in 0..grid.places() {
            let shares: Vec<T> = grid.at(place).into_iter().map(T::of).collect();
            for (parameter, moved) in moved.iter_mut().enumerate() {
                let off = directions.iter().zip(&shares);
                let off = off.map(|(direction, share)| *share * direction[parameter]);
                *moved = parameters[parameter] + off.sum::<T>();
            }
            losses.push(objective.loss(&moved)?);
        }
        Ok(Self { grid, losses })
    }

    /// The places of the least and of the greatest loss that are finite; `None` where none is.
    #[must_use]
    pub fn ends(&self) -> Option<[usize; 2]> {
        let loss = |place: &usize| self.losses[*place].to_f64();
        let finite = || (0..self.losses.len()).filter(|place| loss(place).is_finite());
        let by = |a: &usize, b: &usize| loss(a).total_cmp(&loss(b));
        Some([finite().min_by(by)?, finite().max_by(by)?])
    }

    /// How many losses are not finite.
    #[must_use]
    pub fn lost(&self) -> Lost {
        let count = |is: fn(f64) -> bool| {
            let losses = self.losses.iter().map(|loss| loss.to_f64());
            losses.filter(|loss| is(*loss)).count()
        };
        Lost {
            infinite: count(f64::is_infinite),
            nan: count(f64::is_nan),
        }
    }
}

/// Brings a vector to a length; one of no length stays.
fn scale<T: Number>(vector: &mut [T], wanted: f64) {
    let own = length(vector);
    if own > 0.0 {
        let factor = T::of(wanted / own);
        for part in vector {
            *part *= factor;
        }
    }
}
