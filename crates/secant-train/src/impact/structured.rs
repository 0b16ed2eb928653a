//! Every parameter moved, for every sample, at the price of four shifts of each neuron, or six.
//!
//! All weights into one neuron ask the same one-dimensional question: how far does the loss D move when what the neuron sums moves by s?
//! Weight i, moved by delta, moves it by `delta a_i`, where a_i is its input. So D is found at four shifts that reach as far as the
//! largest of these, and `D(s)/s` between them is a cubic, whose last terms tell whether it bends too much to be one; then two more
//! shifts make it a polynomial of degree 5, which tells the same. A shift is carried to the loss as a difference: through an activation
//! by its addition theorem, into the loss by expm1 and log1p, never by subtracting two losses. Where a kink is crossed on the way to the
//! largest shift, a function is followed far, or the polynomial does not hold, each weight of that neuron and sample is moved and carried by itself.

use std::ops::ControlFlow;

use secant::Error;

use super::fit::{FIRST, Fit, MORE};
use super::{Progress, check_delta, stopped};
use crate::columns::Columns;
use crate::layer::{Dense, Met};
use crate::loss::{Criterion, Outputs, Targets};
use crate::network::Pass;
use crate::number::Number;
use crate::objective::Objective;

/// What [`structured`] and [`features`] tell beside their rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structured {
    /// Sample and parameter, or feature, wherever the loss crossed a kink on its way, in this order: there the quotient is of two sides, and no
    /// derivative.
    pub crossings: Vec<(usize, usize)>,
    /// How many entries were carried by themselves.
    pub alone: usize,
}

/// What [`naive`](super::naive) asks, answered by shifts of neurons, with all digits: writes over `rows`, one row of all parameters for each
/// sample, how far the loss of the sample moves when the parameter alone moves by `delta`, over `delta`.
///
/// ```
/// use std::ops::ControlFlow;
/// use secant_train::impact::{naive, structured};
/// use secant_train::{Columns, Loss, Network, Objective, Targets, layer::Dense};
///
/// // (w x + b - t)² with w = 2, b = 0 at x = 3, t = 5, where the residual is 1.
/// let network = Network::new(&[1]).then(Dense::new(1, 1))?;
/// let samples = Columns::from_rows(&[3.0], 1)?;
/// let targets = Targets::Values(Columns::from_rows(&[5.0], 1)?);
/// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
/// let (mut rows, mut by_hand) = ([0.0; 2], [0.0; 2]);
/// let mut go_on = |_, _| ControlFlow::Continue(());
/// let told = structured(&mut objective, &[2.0, 0.0], 0.5, &mut rows, &mut go_on)?;
/// assert_eq!(rows, [3.0 * (2.0 + 1.5), 2.0 + 0.5]);
/// naive(&mut objective, &[2.0, 0.0], 0.5, &mut by_hand, &mut go_on)?;
/// assert_eq!(rows, by_hand);
/// assert!(told.crossings.is_empty());
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// As of [`naive`](super::naive).
pub fn structured<T: Number>(
    objective: &mut Objective<'_, T>,
    parameters: &[T],
    delta: T,
    rows: &mut [T],
    progress: &mut Progress<'_>,
) -> Result<Structured, Error> {
    objective.check_rows(parameters, rows)?;
    check_delta(delta)?;
    let samples = objective.samples.samples();
    let mut told = Structured::default();
    for block in objective.network.blocks::<T>(samples) {
        objective.forward_block(parameters, block.clone());
        let rows = &mut rows[block.start * parameters.len()..block.end * parameters.len()];
        let mut work = Work {
            rows,
            first: block.start,
            told: &mut told,
        };
        let mut ways = Ways::new(objective, parameters, delta);
        let done = ways.all_layers(&mut work, |done| {
            let share = block.len() as f64 * done;
            progress(block.start + share as usize, samples)
        });
        if done.is_break() {
            return Err(stopped());
        }
    }
    told.crossings.sort_unstable();
    Ok(told)
}

/// How far the loss of each sample moves when one of its features alone moves by `delta`, over `delta`, with all digits: told block after block, with the place
/// of its first sample. Each feature is moved once for all samples of a block, and carried to the loss as a difference.
///
/// ```
/// use std::ops::ControlFlow;
/// use secant_train::{Columns, Loss, Network, Objective, Targets, impact};
/// // y = 3 x, and the loss is y²: from x = 2 to 2.5 it moves by 9 (2.5² - 2²).
/// let network = Network::dense(&[1, 1], "relu")?;
/// let samples = Columns::from_rows(&[2.0], 1)?;
/// let targets = Targets::Values(Columns::from_rows(&[0.0], 1)?);
/// let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets)?;
/// let told = |_: usize, moved: &Columns<f64>| assert_eq!(moved.values(), [9.0 * 2.25 / 0.5]);
/// impact::features(&mut objective, &[3.0, 0.0], 0.5, told, &mut |_, _| ControlFlow::Continue(()))?;
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the parameters are not as many as the network has, the delta is 0 or not finite, or the work was stopped.
pub fn features<T: Number>(
    objective: &mut Objective<'_, T>,
    parameters: &[T],
    delta: T,
    mut told: impl FnMut(usize, &Columns<T>),
    progress: &mut Progress<'_>,
) -> Result<Structured, Error> {
    objective.network.check(parameters, objective.samples)?;
    check_delta(delta)?;
    let (samples, count) = (objective.samples.samples(), objective.samples.features());
    let mut found = Structured::default();
    for block in objective.network.blocks::<T>(samples) {
        objective.forward_block(parameters, block.clone());
        let mut ways = Ways::new(objective, parameters, delta);
        let mut quotients = Columns::zeros(block.len(), count);
        let shift = vec![delta; block.len()];
        for feature in 0..count {
            ways.carry_one(0, feature, &shift);
            ways.make_good(|ways, sample| ways.subtracted(sample, parameters, Some(feature)));
            secant_vmath::div(&ways.moved, delta, quotients.column_mut(feature));
            let crossed = ways.met.iter().enumerate();
            let crossed = crossed.filter(|(_, met)| met.kink);
            let place = |(sample, _)| (block.start + sample, feature);
            found.crossings.extend(crossed.map(place));
            let share = block.len() as f64 * (feature + 1) as f64 / count as f64;
            if progress(block.start + share as usize, samples).is_break() {
                return Err(stopped());
            }
        }
        found.alone += block.len() * count;
        told(block.start, &quotients);
    }
    found.crossings.sort_unstable();
    Ok(found)
}

/// Where the answers for a block go.
struct Work<'a, T> {
    rows: &'a mut [T],
    /// The first sample of the block among all.
    first: usize,
    told: &'a mut Structured,
}

/// A block of samples that was run forward, and the way from a shift to the loss.
struct Ways<'a, T> {
    objective: &'a Objective<'a, T>,
    parameters: &'a [T],
    delta: T,
    pass: Pass<T>,
    targets: Targets<T>,
    /// What the loss prepared of the outputs.
    prepared: Columns<T>,
    criterion: Box<dyn Criterion<T> + 'a>,
    /// How far the loss of each sample moved, and what it met.
    moved: Vec<T>,
    met: Vec<Met>,
}

impl<'a, T: Number> Ways<'a, T> {
    /// From the block that the objective ran last.
    fn new(objective: &'a Objective<'a, T>, parameters: &'a [T], delta: T) -> Self {
        Self::from_pass(
            objective,
            parameters,
            delta,
            objective.pass.clone(),
            objective.wanted.clone(),
        )
    }

    fn from_pass(
        objective: &'a Objective<'a, T>,
        parameters: &'a [T],
        delta: T,
        pass: Pass<T>,
        targets: Targets<T>,
    ) -> Self {
        let criterion = objective.loss.criterion();
        let mut prepared = Columns::zeros(0, 0);
        criterion.prepare(pass.output(), &mut prepared);
        let samples = pass.output().samples();
        let (moved, met) = (vec![T::ZERO; samples], vec![Met::default(); samples]);
        Self {
            objective,
            parameters,
            delta,
            pass,
            targets,
            prepared,
            criterion,
            moved,
            met,
        }
    }

    /// The rows of all samples of the block; told after each layer, as the share of all.
    fn all_layers(
        &mut self,
        work: &mut Work<'_, T>,
        mut told: impl FnMut(f64) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let network = self.objective.network;
        let layers = network.layers().len();
        for place in 0..layers {
            match network.layer(place).as_dense() {
                Some(dense) => self.dense(place, *dense, work),
                None => self.one_by_one(place, work),
            }
            told((place + 1) as f64 / layers as f64)?;
        }
        ControlFlow::Continue(())
    }

    /// The weights and biases of a dense layer.
    fn dense(&mut self, place: usize, dense: Dense, work: &mut Work<'_, T>) {
        let input = &self.pass.values[place];
        let (inputs, samples) = (dense.inputs(), input.samples());
        let reach = reach(input, dense);
        let mut fits = Vec::with_capacity(dense.outputs() * samples);
        let mut alone = Vec::new();
        for neuron in 0..dense.outputs() {
            for (sample, fit) in self.question(place, neuron, &reach).into_iter().enumerate() {
                if fit.is_none() {
                    alone.push((sample, neuron));
                }
                fits.push(fit.unwrap_or(Fit::NOTHING));
            }
        }
        let mut units = vec![T::ZERO; samples * inputs];
        self.pass.values[place].copy_rows(0..samples, &mut units);
        let start = self.objective.network.range(place).start;
        for (sample, row) in work
            .rows
            .chunks_exact_mut(self.parameters.len())
            .enumerate()
        {
            let input = &units[sample * inputs..(sample + 1) * inputs];
            let scale = if reach[sample] > T::ZERO {
                T::ONE / reach[sample]
            } else {
                T::ZERO
            };
            let (weights, biases) = row[start..].split_at_mut(inputs * dense.outputs());
            for neuron in 0..dense.outputs() {
                let fit = fits[neuron * samples + sample];
                for (weight, input) in weights[neuron * inputs..(neuron + 1) * inputs]
                    .iter_mut()
                    .zip(input)
                {
                    *weight = *input * fit.value(scale * *input);
                }
                if dense.has_bias() {
                    biases[neuron] = fit.value(scale);
                }
            }
        }
        for (sample, neuron) in alone {
            self.weights_of(place, dense, (sample, neuron), work);
        }
    }

    /// For each sample, the quotient of the change of its loss and the shift of one neuron, as a polynomial in the shift over its largest one;
    /// `None` where the way meets what no polynomial follows, or none holds.
    fn question(&mut self, place: usize, neuron: usize, reach: &[T]) -> Vec<Option<Fit<T>>> {
        let mut rough = vec![false; reach.len()];
        let first = self.quotients(place, neuron, reach, FIRST, &mut rough);
        let mut fits: Vec<Option<Fit<T>>> = first.iter().map(|first| Fit::cubic(*first)).collect();
        if fits
            .iter()
            .zip(&rough)
            .any(|(fit, rough)| fit.is_none() && !rough)
        {
            let more = self.quotients(place, neuron, reach, MORE, &mut rough);
            for (fit, (first, more)) in fits.iter_mut().zip(first.iter().zip(more)) {
                *fit = fit.or_else(|| Fit::quintic(*first, more));
            }
        }
        for (fit, rough) in fits.iter_mut().zip(rough) {
            *fit = fit.filter(|_| !rough);
        }
        fits
    }

    /// For each sample, those quotients at some nodes; where a kink is crossed or a function followed far, it is marked.
    fn quotients<const N: usize>(
        &mut self,
        place: usize,
        neuron: usize,
        reach: &[T],
        nodes: [f64; N],
        rough: &mut [bool],
    ) -> Vec<[T; N]> {
        let mut quotients = vec![[T::ZERO; N]; reach.len()];
        let mut shifts = vec![T::ZERO; reach.len()];
        for (node, at) in nodes.into_iter().enumerate() {
            let share = self.delta * T::of(at);
            secant_vmath::mul(reach, share, &mut shifts);
            self.carry_one(place + 1, neuron, &shifts);
            let columns = self.moved.iter().zip(&shifts).zip(&self.met);
            for ((quotients, rough), ((moved, shift), met)) in
                quotients.iter_mut().zip(&mut *rough).zip(columns)
            {
                quotients[node] = if *shift == T::ZERO {
                    T::ZERO
                } else {
                    *moved / *shift
                };
                *rough |= met.kink || met.far;
            }
        }
        quotients
    }

    /// Every weight into one neuron of one sample, moved and carried by itself: as many samples as there are weights, all equal but for
    /// the shift.
    fn weights_of(
        &self,
        place: usize,
        dense: Dense,
        (sample, neuron): (usize, usize),
        work: &mut Work<'_, T>,
    ) {
        let input = &self.pass.values[place];
        let mut shifts: Vec<T> = (0..dense.inputs())
            .map(|feature| self.delta * input.at(sample, feature))
            .collect();
        if dense.has_bias() {
            shifts.push(self.delta);
        }
        let copies = vec![sample; shifts.len()];
        let mut ways = Self::from_pass(
            self.objective,
            self.parameters,
            self.delta,
            self.pass.gather(&copies),
            self.targets.gather(&copies),
        );
        ways.carry_one(place + 1, neuron, &shifts);
        let size = self.parameters.len();
        let start = self.objective.network.range(place).start;
        let parameter_of = |weight: usize| {
            if weight < dense.inputs() {
                start + neuron * dense.inputs() + weight
            } else {
                start + dense.inputs() * dense.outputs() + neuron
            }
        };
        ways.make_good(|ways, weight| {
            let moved = ways.with_moved(parameter_of(weight));
            ways.subtracted(weight, &moved, None)
        });
        let answers = ways.moved.iter().zip(&ways.met).enumerate();
        for (weight, (moved, met)) in answers {
            let parameter = parameter_of(weight);
            work.rows[sample * size + parameter] = *moved / self.delta;
            if met.kink {
                work.told.crossings.push((work.first + sample, parameter));
            }
        }
        work.told.alone += shifts.len();
    }

    /// The parameters of a layer in which one may move many outputs: each carried by itself.
    fn one_by_one(&mut self, place: usize, work: &mut Work<'_, T>) {
        let network = self.objective.network;
        let size = self.parameters.len();
        for (part, parameter) in network.range(place).enumerate() {
            self.met.fill(Met::default());
            network.moved(
                place,
                self.parameters,
                &mut self.pass,
                (part, self.delta),
                &mut self.met,
            );
            self.carry_from(place + 1);
            self.make_good(|ways, sample| {
                let moved = ways.with_moved(parameter);
                ways.subtracted(sample, &moved, None)
            });
            for (sample, (moved, met)) in self.moved.iter().zip(&self.met).enumerate() {
                work.rows[sample * size + parameter] = *moved / self.delta;
                if met.kink {
                    work.told.crossings.push((work.first + sample, parameter));
                }
            }
            work.told.alone += self.moved.len();
        }
    }

    /// Where a number lost its digits on the way, the change of the loss is found in this way instead.
    fn make_good(&mut self, change: impl Fn(&Self, usize) -> T) {
        for sample in 0..self.met.len() {
            if self.met[sample].lost {
                self.moved[sample] = change(self, sample);
            }
        }
    }

    /// All parameters, one of them moved by delta.
    fn with_moved(&self, parameter: usize) -> Vec<T> {
        let mut moved = self.parameters.to_vec();
        moved[parameter] += self.delta;
        moved
    }

    /// How far the loss of a sample moves with these parameters, and one of its features moved where it is named, as the difference of two losses.
    fn subtracted(&self, sample: usize, parameters: &[T], feature: Option<usize>) -> T {
        let mut input = self.pass.values[0].gather(&[sample]);
        if let Some(feature) = feature {
            input.column_mut(feature)[0] += self.delta;
        }
        let mut pass = Pass::new(self.objective.network);
        *pass.input() = input;
        let targets = self.targets.gather(&[sample]);
        let loss = |outputs: &Columns<T>| {
            let mut loss = [T::ZERO];
            self.criterion.values(outputs, &targets, &mut loss);
            loss[0]
        };
        let after = loss(self.objective.network.forward(parameters, &mut pass, false));
        after - loss(&self.pass.output().gather(&[sample]))
    }

    /// Carries a shift of one feature of what goes into layer `next` to the loss. Activations that follow move that one feature alone.
    fn carry_one(&mut self, mut next: usize, feature: usize, shift: &[T]) {
        let network = self.objective.network;
        let samples = shift.len();
        self.met.fill(Met::default());
        let mut shift = shift.to_vec();
        while let Some(function) = network
            .layers()
            .nth(next)
            .and_then(|layer| layer.as_elementwise())
        {
            let at = self.pass.visited(next);
            let mut moved = vec![T::ZERO; samples];
            function.difference(
                at.input.column(feature),
                at.output.column(feature),
                &shift,
                &mut moved,
                &mut self.met,
            );
            shift = moved;
            next += 1;
        }
        let features = self.pass.values[next].features();
        let carried = &mut self.pass.carried;
        match network
            .layers()
            .nth(next)
            .and_then(|layer| layer.as_dense())
        {
            Some(dense) => {
                carried.reshape(samples, dense.outputs());
                let parameters = &self.parameters[network.range(next)];
                for output in 0..dense.outputs() {
                    let weight = parameters[output * dense.inputs() + feature];
                    secant_vmath::mul(&shift, weight, carried.column_mut(output));
                }
                next += 1;
            }
            None => {
                carried.reshape(samples, features);
                carried.fill(T::ZERO);
                carried.column_mut(feature).copy_from_slice(&shift);
            }
        }
        self.carry_from(next);
    }

    /// Carries what stands in the pass, a shift of what goes into layer `from`, to the loss.
    fn carry_from(&mut self, from: usize) {
        let network = self.objective.network;
        network.carry(self.parameters, &mut self.pass, from, &mut self.met);
        let at = Outputs {
            outputs: self.pass.output(),
            targets: &self.targets,
            prepared: &self.prepared,
        };
        self.criterion
            .difference(at, &self.pass.carried, &mut self.moved, &mut self.met);
    }
}

/// For each sample, the largest input of a layer by size, the 1 before the bias among them.
fn reach<T: Number>(input: &Columns<T>, dense: Dense) -> Vec<T> {
    let mut reach = vec![if dense.has_bias() { T::ONE } else { T::ZERO }; input.samples()];
    for feature in 0..input.features() {
        for (reach, input) in reach.iter_mut().zip(input.column(feature)) {
            *reach = if input.abs() <= *reach {
                *reach
            } else {
                input.abs()
            };
        }
    }
    reach
}
