//! Gradients held against each other: that of backpropagation against differences carried to the loss ([`carried`]) and against parameters moved
//! one by one ([`one_by_one`]), and somebody else's against backpropagation ([`given`]). Each gives a [`Comparison`].
//!
//! Components that lie beside a kink are counted and left out: there a difference is no derivative.

use std::ops::ControlFlow;

use secant::{Error, ErrorKind};

use crate::impact;
use crate::objective::Objective;
use crate::random::Random;

/// Samples that every parameter is moved for, and numbers that they may come to.
const SAMPLES: usize = 64;
const NUMBERS: usize = 1 << 22;
/// How far it is moved on either side: carried differences lose no digits, so the step may be short.
const NEAR: f64 = 1.0 / 1_048_576.0;
/// By how much shorter a second step is, which tells what the first leaves out.
const SHORTER: f64 = 1.0 / 16.0;
/// How far a parameter is moved that all samples are passed for.
const FAR: f64 = 1e-4;
/// Where a kink close by, rounding or what a difference leaves out put more than this part of a component in doubt, it is left out: so much could be wrong
/// and not be seen.
const BLUNT: f64 = 0.01;
/// Components smaller than this part of the root mean square are measured by it: their own digits drown in the rounding of the others.
const FLOOR: f64 = 1e-3;
/// So many units in the last place of the root mean square may be the rounding of somebody else's small components.
const UNITS: f64 = 16.0;

/// By which part of a component two gradients may differ; 1e-6 by default. A gradient computed in 32 bits needs about 1e-4.
///
/// ```
/// use secant_train::check::Tolerance;
/// assert_eq!(Tolerance::default(), Tolerance::new(1e-6)?);
/// assert!(Tolerance::new(-1.0).is_err());
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance(f64);

impl Tolerance {
    /// Of such a part: 0 or above.
    ///
    /// # Errors
    /// Where it is below 0, or no number.
    pub fn new(part: f64) -> Result<Self, Error> {
        if part >= 0.0 {
            return Ok(Self(part));
        }
        let message = format!("a tolerance of {part} is met by nothing");
        Err(Error::new(ErrorKind::Setting, message).hint("it is 0 or above, such as 1e-6"))
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self(1e-6)
    }
}

/// A component of a gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The parameter, counted from 0 among all of the network.
    pub parameter: usize,
    /// The sample whose loss it is the derivative of, counted from 0; `None` where that is the mean over all.
    pub sample: Option<usize>,
}

/// A component on which two gradients disagree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// Which it is.
    pub place: Place,
    /// What the gradient has that is checked.
    pub checked: f64,
    /// What it was held against.
    pub against: f64,
}

impl Component {
    /// By how much the one is above the other.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.checked - self.against
    }

    /// The same as a part of what it was held against; `None` where that is 0.
    #[must_use]
    pub fn relative(&self) -> Option<f64> {
        (self.against != 0.0).then(|| self.difference() / self.against)
    }
}

/// Two gradients that were held against each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// How many components were compared.
    pub compared: usize,
    /// Those that differ by more than is allowed, the furthest off first.
    pub wrong: Vec<Component>,
    /// The largest difference, as a part of its component, or where that is small of what it is measured by.
    pub largest: f64,
    /// Where it is; `None` where nothing differs.
    pub at: Option<Place>,
    /// How many components lie beside a kink, or where moved one by one a bend as sharp, and were left out.
    pub kinks: usize,
    /// How many were left out since a difference tells too little of them: rounding has its digits, or the loss bends too much on the way.
    pub coarse: usize,
}

impl Comparison {
    /// Whether anything was compared, and nothing is wrong.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.compared > 0 && self.wrong.is_empty()
    }

    /// Takes a component, measured by a size, that may be off by so much. A NaN is wrong.
    fn add(&mut self, component: Component, size: f64, allowed: f64) {
        let off = component.difference().abs();
        let share = if off == 0.0 { 0.0 } else { off / size };
        self.compared += 1;
        if share > self.largest || (share.is_nan() && !self.largest.is_nan()) {
            (self.largest, self.at) = (share, Some(component.place));
        }
        let is_allowed = off == 0.0 || off <= allowed;
        if !is_allowed {
            self.wrong.push(component);
        }
    }

    /// With what is wrong in its order.
    fn ordered(mut self) -> Self {
        let off = |component: &Component| component.difference().abs();
        self.wrong.sort_by(|a, b| off(b).total_cmp(&off(a)));
        self
    }
}

/// The gradient of each of at most 64 samples by backpropagation, held against central differences that are carried to the loss, for every parameter.
/// The samples are spread evenly over all, and fewer where there are many parameters.
///
/// ```
/// use secant_train::{Loss, Network, Objective, check, data};
/// let network = Network::dense(&[2, 8, 3], "tanh")?;
/// let spiral = data::spiral::<f64>(20, 3, 0);
/// let objective = Objective::new(&network, &Loss::CrossEntropy, &spiral.samples, &spiral.targets)?;
/// let found = check::carried(&objective, &network.initial(1), check::Tolerance::default())?;
/// assert_eq!(found.compared, 60 * network.parameters());
/// assert!(found.agrees() && found.largest < 1e-9);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the parameters are not as many as the network has.
pub fn carried(
    objective: &Objective<'_, f64>,
    parameters: &[f64],
    tolerance: Tolerance,
) -> Result<Comparison, Error> {
    let size = parameters.len();
    let drawn = spread(objective.samples.samples(), size);
    let (samples, targets) = (
        objective.samples.gather(&drawn),
        objective.targets.gather(&drawn),
    );
    let mut drawn_alone = Objective::new(objective.network, objective.loss, &samples, &targets)?;
    let mut gradients = vec![0.0; drawn.len() * size];
    drawn_alone.gradients(parameters, &mut gradients)?;
    let sides = Sides::of(&mut drawn_alone, parameters, drawn.len(), NEAR)?;
    let mut known = None;
    let mut found = Comparison::default();
    for (row, sample) in drawn.iter().enumerate() {
        let gradient = &gradients[row * size..(row + 1) * size];
        let floor = floor(gradient);
        for (parameter, checked) in gradient.iter().copied().enumerate() {
            if sides.crosses(row, parameter) {
                found.kinks += 1;
                continue;
            }
            let place = row * size + parameter;
            let (mut against, bend) = sides.central(place);
            let length = checked.abs().max(floor);
            // What a central difference leaves out is far smaller than the bend that it takes out, where the loss does not turn on the way.
            let mut left_out = 1e-3 * bend;
            if (checked - against).abs() > tolerance.0 * length + left_out {
                let nearer = match known.take() {
                    Some(nearer) => nearer,
                    None => Sides::of(&mut drawn_alone, parameters, drawn.len(), SHORTER * NEAR)?,
                };
                let nearer = known.insert(nearer);
                let far = std::mem::replace(&mut against, nearer.central(place).0);
                left_out = left_out.max(SHORTER * (far - against).abs());
            }
            if left_out > BLUNT * length && checked != against {
                found.coarse += 1;
                continue;
            }
            let allowed = tolerance.0 * length + left_out;
            let sample = Some(*sample);
            let place = Place { parameter, sample };
            let component = Component {
                place,
                checked,
                against,
            };
            found.add(component, length, allowed);
        }
    }
    Ok(found.ordered())
}

/// Samples spread evenly over all: as many as their numbers have room.
fn spread(all: usize, parameters: usize) -> Vec<usize> {
    let room = (NUMBERS / parameters.max(1)).max(1);
    let count = all.min(SAMPLES).min(room);
    (0..count).map(|place| place * all / count).collect()
}

/// How the loss of each sample moves with each parameter, on either side.
struct Sides {
    ahead: Vec<f64>,
    behind: Vec<f64>,
    /// Sample and parameter of what crosses a kink on one of the sides, sorted.
    crossings: Vec<(usize, usize)>,
}

impl Sides {
    fn of(
        objective: &mut Objective<'_, f64>,
        parameters: &[f64],
        samples: usize,
        step: f64,
    ) -> Result<Self, Error> {
        let mut crossings = Vec::new();
        let mut moved = |delta: f64| {
            let mut rows = vec![0.0; samples * parameters.len()];
            let mut on = |_: usize, _: usize| ControlFlow::Continue(());
            let told = impact::structured(objective, parameters, delta, &mut rows, &mut on)?;
            crossings.extend(told.crossings);
            Ok::<_, Error>(rows)
        };
        let (ahead, behind) = (moved(step)?, moved(-step)?);
        crossings.sort_unstable();
        crossings.dedup();
        Ok(Self {
            ahead,
            behind,
            crossings,
        })
    }

    fn crosses(&self, sample: usize, parameter: usize) -> bool {
        self.crossings.binary_search(&(sample, parameter)).is_ok()
    }

    /// The central difference, and how far the two sides differ.
    fn central(&self, place: usize) -> (f64, f64) {
        let (ahead, behind) = (self.ahead[place], self.behind[place]);
        (0.5 * (ahead + behind), (ahead - behind).abs())
    }
}

/// The gradient of the mean loss by backpropagation, held against central differences of `count` parameters drawn at random: each is moved by itself,
/// and all samples passed for it. What a difference leaves out is told by another of twice the step, and that is allowed, as is rounding, unless they may be a hundredth of the component.
///
/// ```
/// use secant_train::{Loss, Network, Objective, Random, check, data};
/// let network = Network::dense(&[2, 8, 3], "tanh")?;
/// let spiral = data::spiral::<f64>(20, 3, 0);
/// let mut objective = Objective::new(&network, &Loss::CrossEntropy, &spiral.samples, &spiral.targets)?;
/// let found = check::one_by_one(&mut objective, &network.initial(1), 10, &mut Random::new(0))?;
/// assert!(found.compared == 10 && found.agrees());
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the parameters are not as many as the network has.
pub fn one_by_one(
    objective: &mut Objective<'_, f64>,
    parameters: &[f64],
    count: usize,
    random: &mut Random,
) -> Result<Comparison, Error> {
    let mut gradient = vec![0.0; parameters.len()];
    let loss = objective.gradient(parameters, &mut gradient)?;
    let floor = floor(&gradient);
    let rounding = 64.0 * f64::EPSILON * loss.abs() / FAR;
    let mut alone = Alone {
        moved: parameters.to_vec(),
        objective,
        parameters,
        loss,
    };
    let mut found = Comparison::default();
    for parameter in random.order(parameters.len()).into_iter().take(count) {
        // Two steps apart tell what the difference leaves out. How far the sides differ grows with the step where the loss
        // bends, and stays where a kink lies close by, of which two steps would see the same.
        let (near, bend) = alone.sides(parameter, FAR)?;
        let (far, wide) = alone.sides(parameter, 2.0 * FAR)?;
        let kink = (2.0 * bend - wide).abs();
        let length = gradient[parameter].abs().max(floor);
        if kink > BLUNT * length {
            found.kinks += 1;
            continue;
        }
        // A parameter moves only as far as its digits go.
        let of_parameter = f64::EPSILON * (parameters[parameter] / FAR).abs() * length;
        let allowed = 2.0 * (near - far).abs() + kink + rounding + of_parameter + 1e-9 * length;
        if allowed > BLUNT * length {
            found.coarse += 1;
            continue;
        }
        let component = Component::of_mean(parameter, gradient[parameter], near);
        found.add(component, length, allowed);
    }
    Ok(found.ordered())
}

/// The mean loss when one parameter alone is moved.
struct Alone<'a, 'b> {
    objective: &'a mut Objective<'b, f64>,
    parameters: &'a [f64],
    moved: Vec<f64>,
    loss: f64,
}

impl Alone<'_, '_> {
    fn at(&mut self, parameter: usize, delta: f64) -> Result<f64, Error> {
        self.moved[parameter] = self.parameters[parameter] + delta;
        let loss = self.objective.loss(&self.moved);
        self.moved[parameter] = self.parameters[parameter];
        loss
    }

    /// The central difference, and how far the one ahead is above the one behind.
    fn sides(&mut self, parameter: usize, step: f64) -> Result<(f64, f64), Error> {
        let right = (self.at(parameter, step)? - self.loss) / step;
        let left = (self.loss - self.at(parameter, -step)?) / step;
        Ok((f64::midpoint(left, right), right - left))
    }
}

/// Somebody else's gradient of the mean loss, held against that of backpropagation. A component is measured by its own size; where samples cancel in it, by a
/// thousandth of its root mean square over them; and where it is smaller still, by what the tolerance is to take for the rounding of the others. That is
/// the rounding of single precision where all given numbers are of it.
///
/// ```
/// use secant_train::{Loss, Network, Objective, check, data};
/// let network = Network::dense(&[2, 8, 3], "tanh")?;
/// let spiral = data::spiral::<f64>(20, 3, 0);
/// let mut objective = Objective::new(&network, &Loss::CrossEntropy, &spiral.samples, &spiral.targets)?;
/// let parameters = network.initial(1);
/// let mut theirs = vec![0.0; parameters.len()];
/// objective.gradient(&parameters, &mut theirs)?;
/// theirs[5] *= 1.01;
/// let found = check::given(&mut objective, &parameters, &theirs, check::Tolerance::default())?;
/// assert_eq!(found.wrong.len(), 1);
/// assert_eq!(found.wrong[0].place.parameter, 5);
/// assert!((found.wrong[0].relative().unwrap() - 0.01).abs() < 1e-12);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the parameters or the given gradient are not as many as the network has.
pub fn given(
    objective: &mut Objective<'_, f64>,
    parameters: &[f64],
    theirs: &[f64],
    tolerance: Tolerance,
) -> Result<Comparison, Error> {
    // The objective tells what is wrong with a gradient of another length.
    let mut ours = vec![0.0; theirs.len()];
    objective.gradient(parameters, &mut ours)?;
    let square = objective.moments(parameters, true)?.square;
    let square = square.unwrap_or_default();
    let is_single = theirs.iter().all(|x| f64::from(*x as f32) == *x);
    let unit = if is_single {
        f32::EPSILON.into()
    } else {
        f64::EPSILON
    };
    let rounding = mean(&ours) * (UNITS * unit / tolerance.0.max(unit)).min(FLOOR);
    let mut found = Comparison::default();
    for (parameter, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
        // A square beyond the doubles tells nothing.
        let square = square.get(parameter).filter(|square| square.is_finite());
        let cancelled = FLOOR * square.map_or(0.0, |square| square.sqrt());
        let length = ours
            .abs()
            .max(cancelled)
            .max(rounding)
            .max(f64::MIN_POSITIVE);
        let component = Component::of_mean(parameter, *theirs, *ours);
        found.add(component, length, tolerance.0 * length);
    }
    Ok(found.ordered())
}

impl Component {
    fn of_mean(parameter: usize, checked: f64, against: f64) -> Self {
        let sample = None;
        let place = Place { parameter, sample };
        Self {
            place,
            checked,
            against,
        }
    }
}

/// What small components of a gradient are measured by; above 0.
fn floor(gradient: &[f64]) -> f64 {
    (FLOOR * mean(gradient)).max(f64::MIN_POSITIVE)
}

/// The root mean square of a gradient.
fn mean(gradient: &[f64]) -> f64 {
    impact::length(gradient) / (gradient.len().max(1) as f64).sqrt()
}
