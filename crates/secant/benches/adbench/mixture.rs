//! The Gaussian mixture of ADBench (Šrajer, Kukelova and Fitzgibbon 2018): data of its shapes, and value and gradient as a
//! person writes them, one number after another.
//!
//! Parameters, in order: K logits α; K means μ of d numbers; for each component the logarithms of the diagonal of Q, then
//! what stands below it column by column. The objective is the log-likelihood of n points with a Wishart prior on Q.

// Written as plainly as in the original, index by index.
#![allow(clippy::needless_range_loop)]

use secant::{Functions, Scalar};

use super::random::Random;

/// How large a problem is.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub dimensions: usize,
    pub components: usize,
    pub rows: usize,
}

impl Shape {
    /// Entries below the diagonal.
    pub fn below(self) -> usize {
        self.dimensions * (self.dimensions - 1) / 2
    }

    pub fn parameters(self) -> usize {
        self.components * (1 + 2 * self.dimensions + self.below())
    }

    /// Where the means of a component begin.
    pub fn mean(self, component: usize) -> usize {
        self.components + component * self.dimensions
    }

    /// Where its logarithms of the diagonal begin.
    pub fn diagonal(self, component: usize) -> usize {
        self.components * (1 + self.dimensions) + component * (self.dimensions + self.below())
    }

    /// Where what stands below its diagonal begins.
    pub fn triangle(self, component: usize) -> usize {
        self.diagonal(component) + self.dimensions
    }
}

/// The prior's γ and m.
pub const GAMMA: f64 = 1.0;
pub const DEGREES: f64 = 0.0;

/// Points and a place to differentiate at.
pub struct Mixture {
    pub shape: Shape,
    pub parameters: Vec<f64>,
    /// The points, one after another.
    pub points: Vec<f64>,
}

impl Mixture {
    pub fn new(shape: Shape) -> Self {
        let mut random = Random::new(7);
        let parameters = (0..shape.parameters())
            .map(|_| 0.5 * random.normal())
            .collect();
        let points = (0..shape.rows * shape.dimensions)
            .map(|_| random.normal())
            .collect();
        Self {
            shape,
            parameters,
            points,
        }
    }

    /// The points as columns.
    pub fn columns(&self) -> Vec<Vec<f64>> {
        let d = self.shape.dimensions;
        (0..d)
            .map(|j| self.points.iter().skip(j).step_by(d).copied().collect())
            .collect()
    }
}

/// ln of the multivariate gamma function Γ_p(a).
fn log_gamma_of(p: usize, a: f64) -> f64 {
    let half = 0.5 * p as f64;
    let constant = half * 0.5 * (p as f64 - 1.0) * std::f64::consts::PI.ln();
    constant
        + (0..p)
            .map(|j| libm::lgamma(a - 0.5 * j as f64))
            .sum::<f64>()
}

/// What the prior adds that does not depend on the parameters, with its sign.
pub fn prior_constant(shape: Shape) -> f64 {
    let d = shape.dimensions;
    let n = d as f64 + DEGREES + 1.0;
    let constant =
        n * d as f64 * (GAMMA.ln() - 0.5 * std::f64::consts::LN_2) - log_gamma_of(d, 0.5 * n);
    -(shape.components as f64) * constant
}

/// What each point adds that does not depend on anything.
pub fn point_constant(shape: Shape) -> f64 {
    -(shape.dimensions as f64) * 0.5 * (2.0 * std::f64::consts::PI).ln()
}

/// The value and, in `gradient`, the slope by each parameter.
pub fn by_hand(mixture: &Mixture, gradient: &mut [f64]) -> f64 {
    let shape = mixture.shape;
    let (d, components, n) = (shape.dimensions, shape.components, shape.rows);
    let parameters = &mixture.parameters;
    gradient.fill(0.0);

    let mut diagonals = vec![0.0; components * d];
    let mut sums = vec![0.0; components];
    for k in 0..components {
        for j in 0..d {
            let logarithm = parameters[shape.diagonal(k) + j];
            diagonals[k * d + j] = logarithm.exp();
            sums[k] += logarithm;
        }
    }

    let mut centred = vec![0.0; components * d];
    let mut turned = vec![0.0; components * d];
    let mut exponents = vec![0.0; components];
    let mut back = vec![0.0; d];
    let mut value = n as f64 * point_constant(shape);
    for point in mixture.points.chunks_exact(d) {
        for k in 0..components {
            let mean = &parameters[shape.mean(k)..][..d];
            let triangle = &parameters[shape.triangle(k)..][..shape.below()];
            let (x, q) = (&mut centred[k * d..][..d], &mut turned[k * d..][..d]);
            for j in 0..d {
                x[j] = point[j] - mean[j];
                q[j] = diagonals[k * d + j] * x[j];
            }
            let mut place = 0;
            for j in 0..d {
                for i in j + 1..d {
                    q[i] += triangle[place] * x[j];
                    place += 1;
                }
            }
            let square: f64 = q.iter().map(|q| q * q).sum();
            exponents[k] = parameters[k] + sums[k] - 0.5 * square;
        }
        let greatest = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sum = 0.0;
        for exponent in &mut exponents {
            *exponent = (*exponent - greatest).exp();
            sum += *exponent;
        }
        value += greatest + sum.ln();

        for k in 0..components {
            let weight = exponents[k] / sum;
            gradient[k] += weight;
            let triangle = &parameters[shape.triangle(k)..][..shape.below()];
            let (x, q) = (&centred[k * d..][..d], &turned[k * d..][..d]);
            for j in 0..d {
                back[j] = weight * q[j] * diagonals[k * d + j];
            }
            {
                let slopes = &mut gradient[shape.diagonal(k)..][..d];
                for j in 0..d {
                    slopes[j] += weight - back[j] * x[j];
                }
            }
            let slopes = &mut gradient[shape.triangle(k)..][..shape.below()];
            let mut place = 0;
            for j in 0..d {
                let mut sum = 0.0;
                for i in j + 1..d {
                    let moved = weight * q[i];
                    slopes[place] -= moved * x[j];
                    sum += moved * triangle[place];
                    place += 1;
                }
                back[j] += sum;
            }
            let slopes = &mut gradient[shape.mean(k)..][..d];
            for j in 0..d {
                slopes[j] += back[j];
            }
        }
    }
    value + by_hand_of_parameters(mixture, &diagonals, &sums, gradient)
}

/// What depends on the parameters alone: the normalisation of the weights and the prior.
fn by_hand_of_parameters(
    mixture: &Mixture,
    diagonals: &[f64],
    sums: &[f64],
    gradient: &mut [f64],
) -> f64 {
    let shape = mixture.shape;
    let (d, n) = (shape.dimensions, shape.rows as f64);
    let logits = &mixture.parameters[..shape.components];
    let greatest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logits.iter().map(|logit| (logit - greatest).exp()).sum();
    let mut value = -n * (greatest + total.ln()) + prior_constant(shape);
    for k in 0..shape.components {
        gradient[k] -= n * (logits[k] - greatest).exp() / total;
        let mut square = 0.0;
        for j in 0..d {
            let diagonal = diagonals[k * d + j];
            square += diagonal * diagonal;
            gradient[shape.diagonal(k) + j] += GAMMA * GAMMA * diagonal * diagonal - DEGREES;
        }
        let start = shape.triangle(k);
        for place in start..start + shape.below() {
            let entry = mixture.parameters[place];
            square += entry * entry;
            gradient[place] += GAMMA * GAMMA * entry;
        }
        value += 0.5 * GAMMA * GAMMA * square - DEGREES * sums[k];
    }
    value
}

/// What one point adds, as a function of the parameters and then the coordinates; with a share of the prior, so that the sum over all
/// points is the whole objective.
pub fn per_point<S: Scalar>(shape: Shape, inputs: &[S]) -> S {
    let (d, components) = (shape.dimensions, shape.components);
    let (parameters, point) = inputs.split_at(shape.parameters());
    let at = |place: usize| parameters[place].clone();
    let number = |value: f64| S::constant(value);
    let sum = |terms: Vec<S>| {
        let mut terms = terms.into_iter();
        let first = terms.next().unwrap_or_else(|| S::constant(0.0));
        terms.fold(first, |sum, term| sum + term)
    };

    let mut exponents = Vec::with_capacity(components);
    let mut prior = vec![number(prior_constant(shape))];
    for k in 0..components {
        let logarithms: Vec<S> = (0..d).map(|j| at(shape.diagonal(k) + j)).collect();
        let diagonal: Vec<S> = logarithms.iter().map(Functions::exp).collect();
        let centred: Vec<S> = (0..d)
            .map(|j| point[j].clone() - at(shape.mean(k) + j))
            .collect();
        let mut turned: Vec<Vec<S>> = (0..d)
            .map(|j| vec![diagonal[j].clone() * centred[j].clone()])
            .collect();
        let mut place = shape.triangle(k);
        for j in 0..d {
            for row in &mut turned[j + 1..] {
                row.push(at(place) * centred[j].clone());
                place += 1;
            }
        }
        let square = sum(turned.into_iter().map(|row| squared(sum(row))).collect());
        exponents.push(at(k) + sum(logarithms.clone()) - number(0.5) * square);

        let below = (shape.triangle(k)..shape.triangle(k) + shape.below()).map(at);
        let squares = diagonal.iter().cloned().chain(below).map(squared);
        prior.push(number(0.5 * GAMMA * GAMMA) * sum(squares.collect()));
        prior.push(number(-DEGREES) * sum(logarithms));
    }
    let logits: Vec<S> = (0..components).map(at).collect();
    let share = sum(prior) / number(shape.rows as f64);
    number(point_constant(shape)) + log_sum_exp(exponents) - log_sum_exp(logits) + share
}

fn squared<S: Scalar>(x: S) -> S {
    x.clone() * x
}

/// Shifted by the whole part of the greatest, which keeps all exponentials in range; a whole part is flat, so that nothing
/// is carried back through the search for the greatest.
fn log_sum_exp<S: Scalar>(x: Vec<S>) -> S {
    let mut rest = x.iter().cloned();
    let first = rest
        .next()
        .unwrap_or_else(|| S::constant(f64::NEG_INFINITY));
    let shift = rest.fold(first, |greatest, x| greatest.max(&x)).floor();
    let mut terms = x.into_iter().map(|x| (x - shift.clone()).exp());
    let first = terms.next().unwrap_or_else(|| S::constant(0.0));
    let sum = terms.fold(first, |sum, term| sum + term);
    sum.ln() + shift
}
