//! The cross-entropy of classes, from the logits: softmax and logarithm are one, so that nothing overflows.

use super::{Criterion, Outputs, Targets};
use crate::columns::Columns;
use crate::layer::Met;
use crate::number::Number;
use secant_vmath::InPlace;

/// `ln Σ exp(y_k) - Σ t_k y_k`, with the greatest y taken out of the exponentials.
pub(super) struct CrossEntropy;

impl<T: Number> Criterion<T> for CrossEntropy {
    fn values(&self, outputs: &Columns<T>, targets: &Targets<T>, losses: &mut [T]) {
        let mut shares = Columns::zeros(0, 0);
        self.adjoint(outputs, targets, losses, &mut shares);
    }

    fn adjoint(
        &self,
        outputs: &Columns<T>,
        targets: &Targets<T>,
        losses: &mut [T],
        adjoint: &mut Columns<T>,
    ) {
        let greatest = softmax(outputs, adjoint, losses);
        secant_vmath::log1p(InPlace, losses);
        match targets {
            Targets::Labels(labels) => {
                for ((loss, greatest), (sample, label)) in losses
                    .iter_mut()
                    .zip(&greatest)
                    .zip(labels.iter().enumerate())
                {
                    *loss -= outputs.at(sample, *label) - *greatest;
                }
                less_one(labels, adjoint);
            }
            Targets::Values(shares) => weighted(outputs, shares, &greatest, losses, adjoint),
        }
    }

    /// With p the probabilities and v the tangent, `p (v - Σ p v)`, times the sum of the targets, which is 1 where they are probabilities.
    fn adjoint_tangent(
        &self,
        outputs: &Columns<T>,
        targets: &Targets<T>,
        tangent: &Columns<T>,
        adjoint_tangent: &mut Columns<T>,
    ) {
        let mut sums = vec![T::ZERO; outputs.samples()];
        let mut shares = Columns::zeros(0, 0);
        softmax(outputs, &mut shares, &mut sums);
        times_jacobian(&shares, tangent, adjoint_tangent);
        if let Targets::Values(targets) = targets {
            let weight = sum_of_features(targets);
            for feature in 0..tangent.features() {
                secant_vmath::mul(InPlace, &weight, adjoint_tangent.column_mut(feature));
            }
        }
    }

    /// The probabilities.
    fn prepare(&self, outputs: &Columns<T>, prepared: &mut Columns<T>) {
        let mut sums = vec![T::ZERO; outputs.samples()];
        softmax(outputs, prepared, &mut sums);
    }

    /// `ln Σ p_k exp(d_k - d_t)`: with labels, the class that is right moves nothing but the others, and what is summed are small numbers of
    /// their own.
    fn difference(
        &self,
        at: Outputs<'_, T>,
        shift: &Columns<T>,
        moved: &mut [T],
        _met: &mut [Met],
    ) {
        let samples = shift.samples();
        let mut right = vec![T::ZERO; samples];
        let mut weight = vec![T::ONE; samples];
        match at.targets {
            Targets::Labels(labels) => {
                for (sample, (right, label)) in right.iter_mut().zip(labels).enumerate() {
                    *right = shift.at(sample, *label);
                }
            }
            Targets::Values(shares) => {
                weight.fill(T::ZERO);
                for feature in 0..shift.features() {
                    let columns = shift.column(feature).iter().zip(shares.column(feature));
                    for ((right, weight), (shift, share)) in
                        right.iter_mut().zip(&mut weight).zip(columns)
                    {
                        *right += *share * *shift;
                        *weight += *share;
                    }
                }
                for (right, weight) in right.iter_mut().zip(&weight) {
                    *right = if *weight == T::ZERO {
                        T::ZERO
                    } else {
                        *right / *weight
                    };
                }
            }
        }
        if shift.values().iter().any(|shift| shift.abs() > T::of(LONG)) {
            long(at, shift, &right, moved);
        } else {
            let (mut beside, mut grown) = (vec![T::ZERO; samples], vec![T::ZERO; samples]);
            let mut sum = vec![T::ZERO; samples];
            for feature in 0..shift.features() {
                secant_vmath::sub(shift.column(feature), &right, &mut beside);
                secant_vmath::expm1(&beside, &mut grown);
                secant_vmath::mul_add(&grown, at.prepared.column(feature), InPlace, &mut sum);
            }
            secant_vmath::log1p(&sum, moved);
        }
        secant_vmath::mul(InPlace, &weight, moved);
    }
}

/// Shifts above this may bring a probability of 1 to 0, or one that is rounded to 0 to 1, and are taken another way.
const LONG: f64 = 0.25;

/// `ln Σ p_k exp(s_k)` of long shifts, where s is beside that of the class that is right: of the terms `p_k exp(s_k) - p_k` as long as their sum is
/// near 0, where it has the digits; beyond that from the logarithms `q_k = ln p_k + s_k`, the largest of which is taken out of the exponentials.
fn long<T: Number>(at: Outputs<'_, T>, shift: &Columns<T>, right: &[T], moved: &mut [T]) {
    let samples = shift.samples();
    let (mut shares, mut sums) = (Columns::zeros(0, 0), vec![T::ZERO; samples]);
    let mut least = softmax(at.outputs, &mut shares, &mut sums);
    secant_vmath::log1p(InPlace, &mut sums);
    secant_vmath::add(InPlace, &sums, &mut least);
    let mut beside = shift.clone();
    let mut logarithms = at.outputs.clone();
    let mut greatest = vec![T::of(f64::NEG_INFINITY); samples];
    for feature in 0..shift.features() {
        secant_vmath::sub(InPlace, right, beside.column_mut(feature));
        let logarithms = logarithms.column_mut(feature);
        secant_vmath::sub(InPlace, &least, logarithms);
        secant_vmath::add(InPlace, beside.column(feature), logarithms);
        secant_vmath::max(InPlace, &*logarithms, &mut greatest);
    }
    let (mut near, mut far) = (vec![T::ZERO; samples], vec![T::ZERO; samples]);
    let (mut grown, mut ahead) = (vec![T::ZERO; samples], vec![T::ZERO; samples]);
    for feature in 0..shift.features() {
        let (beside, share) = (beside.column(feature), shares.column(feature));
        secant_vmath::expm1(beside, &mut grown);
        secant_vmath::exp(logarithms.column(feature), &mut ahead);
        let terms = beside.iter().zip(share).zip(grown.iter().zip(&ahead));
        for (near, ((beside, share), (grown, ahead))) in near.iter_mut().zip(terms) {
            *near += if beside.abs() > T::ONE {
                *ahead - *share
            } else {
                *share * *grown
            };
        }
        secant_vmath::sub(logarithms.column(feature), &greatest, &mut ahead);
        secant_vmath::exp(InPlace, &mut ahead);
        secant_vmath::add(InPlace, &ahead, &mut far);
    }
    secant_vmath::log1p(&near, moved);
    secant_vmath::log(InPlace, &mut far);
    let half = T::of(0.5);
    for ((moved, near), (far, greatest)) in
        moved.iter_mut().zip(&near).zip(far.iter().zip(&greatest))
    {
        if near.abs() <= half {
            continue;
        }
        *moved = *greatest + *far;
    }
}

/// Takes 1 from the probability of the class that is right: it is minus the sum of all others, which keeps its digits where that class is nearly certain.
fn less_one<T: Number>(labels: &[usize], shares: &mut Columns<T>) {
    let mut others = vec![T::ZERO; labels.len()];
    for feature in 0..shares.features() {
        let shares = shares.column(feature).iter().zip(labels);
        for (others, (share, label)) in others.iter_mut().zip(shares) {
            *others += if *label == feature { T::ZERO } else { *share };
        }
    }
    for (sample, (others, label)) in others.iter().zip(labels).enumerate() {
        shares.column_mut(*label)[sample] = -*others;
    }
}

/// For each number of a sample the sum of its others, none of them subtracted.
fn sums_of_others<T: Number>(columns: &Columns<T>) -> Columns<T> {
    let mut others = Columns::zeros(columns.samples(), columns.features());
    let forward: Vec<usize> = (0..columns.features()).collect();
    let backward: Vec<usize> = forward.iter().rev().copied().collect();
    for features in [forward, backward] {
        let mut so_far = vec![T::ZERO; columns.samples()];
        for feature in features {
            secant_vmath::add(InPlace, &so_far, others.column_mut(feature));
            secant_vmath::add(InPlace, columns.column(feature), &mut so_far);
        }
    }
    others
}

/// For targets that are shares of all classes, with the sum of the exponentials' logarithm in `losses` and probabilities in `adjoint`.
fn weighted<T: Number>(
    outputs: &Columns<T>,
    shares: &Columns<T>,
    greatest: &[T],
    losses: &mut [T],
    adjoint: &mut Columns<T>,
) {
    let weight = sum_of_features(shares);
    for (loss, weight) in losses.iter_mut().zip(&weight) {
        *loss *= *weight;
    }
    for feature in 0..shares.features() {
        let columns = outputs
            .column(feature)
            .iter()
            .zip(shares.column(feature))
            .zip(greatest);
        for (loss, ((output, share), greatest)) in losses.iter_mut().zip(columns) {
            *loss -= *share * (*output - *greatest);
        }
    }
    // `p_k Σ t - t_k Σ p`, without what is in both: k itself.
    let (other_shares, other_probabilities) = (sums_of_others(shares), sums_of_others(adjoint));
    for feature in 0..shares.features() {
        let shares = shares.column(feature).iter();
        let others = other_shares.column(feature).iter();
        let columns = shares.zip(others.zip(other_probabilities.column(feature)));
        for (adjoint, (share, (others, probabilities))) in
            adjoint.column_mut(feature).iter_mut().zip(columns)
        {
            *adjoint = *adjoint * *others - *share * *probabilities;
        }
    }
}

/// The sum of the features of each sample.
fn sum_of_features<T: Number>(columns: &Columns<T>) -> Vec<T> {
    let mut sum = vec![T::ZERO; columns.samples()];
    for feature in 0..columns.features() {
        secant_vmath::add(InPlace, columns.column(feature), &mut sum);
    }
    sum
}

/// The shares `exp(y_k) / Σ exp(y)`, into `shares`; the sums of `exp(y - greatest)` without the 1 of the greatest itself, beside which they would lose their
/// digits, into `rests`; and the greatest outputs.
pub(crate) fn softmax<T: Number>(
    outputs: &Columns<T>,
    shares: &mut Columns<T>,
    rests: &mut [T],
) -> Vec<T> {
    let features = outputs.features();
    shares.reshape(outputs.samples(), features);
    let mut greatest = vec![T::of(f64::NEG_INFINITY); outputs.samples()];
    for feature in 0..features {
        secant_vmath::max(InPlace, outputs.column(feature), &mut greatest);
    }
    for feature in 0..features {
        secant_vmath::sub(
            outputs.column(feature),
            &greatest,
            shares.column_mut(feature),
        );
    }
    secant_vmath::exp(InPlace, shares.values_mut());
    rests.fill(T::ZERO);
    let mut left_out = vec![false; outputs.samples()];
    for feature in 0..features {
        let terms = shares.column(feature).iter().zip(&mut left_out);
        for (rest, (term, left_out)) in rests.iter_mut().zip(terms) {
            let leaves = *term == T::ONE && !*left_out;
            *left_out |= leaves;
            *rest += if leaves { T::ZERO } else { *term };
        }
    }
    let mut sums = vec![T::ZERO; outputs.samples()];
    secant_vmath::add(&*rests, T::ONE, &mut sums);
    for feature in 0..features {
        secant_vmath::div(InPlace, &*sums, shares.column_mut(feature));
    }
    greatest
}

/// `y_i (v_i - Σ v y)`: the Jacobian of softmax where it is y, which is symmetric, times a vector for each sample. The v of the largest y is taken from all of
/// them first, which changes nothing but the digits: where that y is nearly 1, its v would be nearly all of the sum.
pub(crate) fn times_jacobian<T: Number>(
    y: &Columns<T>,
    vector: &Columns<T>,
    product: &mut Columns<T>,
) {
    product.clone_from(vector);
    let mut largest = y.column(0).to_vec();
    let mut its = vector.column(0).to_vec();
    for feature in 1..vector.features() {
        let columns = y.column(feature).iter().zip(vector.column(feature));
        for ((largest, its), (y, v)) in largest.iter_mut().zip(&mut its).zip(columns) {
            let is_larger = *y > *largest;
            *largest = if is_larger { *y } else { *largest };
            *its = if is_larger { *v } else { *its };
        }
    }
    for feature in 0..vector.features() {
        secant_vmath::sub(InPlace, &its, product.column_mut(feature));
    }
    let mean = weighted_sum(y, product);
    for feature in 0..vector.features() {
        let into = product.column_mut(feature);
        secant_vmath::sub(InPlace, &mean, into);
        secant_vmath::mul(InPlace, y.column(feature), into);
    }
}

/// `Σ v y` of each sample.
pub(crate) fn weighted_sum<T: Number>(y: &Columns<T>, vector: &Columns<T>) -> Vec<T> {
    let mut sum = vec![T::ZERO; vector.samples()];
    for feature in 0..vector.features() {
        secant_vmath::mul_add(vector.column(feature), y.column(feature), InPlace, &mut sum);
    }
    sum
}
