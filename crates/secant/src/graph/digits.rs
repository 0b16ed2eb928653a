//! Whether multiplying out keeps the digits. `(x - 1)^10` as eleven terms has lost them all near 1; `(x^2 + 1)^10` loses
//! none anywhere. The sizes of the terms tell: what rounding may cost is at most proportional to their sum.

use super::kernel::Kernels;
use super::polynomial::{Monomial, Polynomial, WHOLE};
use super::{Graph, NodeId, NodeKind};
use crate::elementary::Operation;
use crate::number::Rational;

/// The terms multiplied out may have so many times the size of the terms before: two bits.
const MOST_GROWTH: f64 = 4.0;
/// Values that kernels are given, at and beside what makes many sums vanish.
const VALUES: [f64; 8] = [0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 10.0, -0.1];
/// Zeros of the sums are looked for from its negative to this, in steps of one.
const FARTHEST: i32 = 12;
/// A sum is settled once what it is made of is; sums stand within sums no deeper.
const ROUNDS: usize = 3;

/// Whether the terms are not much larger afterwards, times the factor that they were divided by, than before: at sample values of
/// the kernels and where the sums that were opened vanish.
pub(super) fn keeps_digits(
    graph: &Graph,
    kernels: &Kernels,
    (before, by_before): (&Polynomial, &Rational),
    (after, factor, by_after): (&Polynomial, &Monomial, &Rational),
    opened: &[usize],
) -> bool {
    let samples = Samples::new(graph, kernels);
    let (before, after) = (Terms::new(before, by_before), Terms::new(after, by_after));
    let factor = Terms::new(&Polynomial::of(factor.clone()), &Rational::ONE);
    let holds = |variables: &[f64]| {
        let values = samples.values(variables);
        let (before, after) = (
            before.size(&values),
            after.size(&values) * factor.size(&values),
        );
        // What has no value there says nothing.
        !before.is_finite() || !after.is_finite() || after <= MOST_GROWTH * before
    };
    let count = kernels.len();
    let assignment = |turn: usize| {
        (0..count)
            .map(|variable| VALUES[(turn + 3 * variable) % VALUES.len()])
            .collect()
    };
    let mut assignments: Vec<Vec<f64>> = (0..VALUES.len()).map(assignment).collect();
    let plain = assignments.iter().all(|variables| holds(variables));
    assignments.truncate(2);
    assignments.extend([vec![0.0; count], vec![1.0; count]]);
    plain
        && opened.iter().all(|sum| {
            let zeros = |variables: &Vec<f64>| samples.zeros(*sum, variables);
            assignments
                .iter()
                .all(|variables| zeros(variables).iter().all(|zero| holds(zero)))
        })
}

/// A polynomial made ready for values.
struct Terms(Vec<(f64, Vec<(usize, i32)>)>);

impl Terms {
    fn new(polynomial: &Polynomial, by: &Rational) -> Self {
        let scale = by.to_f64();
        let term = |(monomial, by): (&Monomial, &Rational)| {
            (scale * by.to_f64(), monomial.powers().collect())
        };
        Self(polynomial.terms().map(term).collect())
    }

    fn each<'a>(&'a self, values: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        let power = |(kernel, exponent): &(usize, i32)| {
            if exponent % WHOLE == 0 {
                values[*kernel].powi(exponent / WHOLE)
            } else {
                values[*kernel].powf(f64::from(*exponent) / f64::from(WHOLE))
            }
        };
        self.0
            .iter()
            .map(move |(by, powers)| by * powers.iter().map(power).product::<f64>())
    }

    fn value(&self, values: &[f64]) -> f64 {
        self.each(values).sum()
    }

    /// The sum of the sizes of all terms.
    fn size(&self, values: &[f64]) -> f64 {
        self.each(values).map(f64::abs).sum()
    }
}

/// Where a kernel has its values from: one variable for each, but a function and its partner share their argument.
enum Source {
    Free(usize),
    Function(Operation, usize),
    Sum(Terms),
}

struct Samples(Vec<Source>);

impl Samples {
    fn new(graph: &Graph, kernels: &Kernels) -> Self {
        let mut arguments: Vec<(NodeId, usize)> = Vec::new();
        let source = |kernel: usize| {
            if let Some(terms) = kernels.terms(kernel) {
                return Source::Sum(Terms::new(terms, &Rational::ONE));
            }
            let NodeKind::Apply(operation, of) = graph.kind(kernels.node(kernel)) else {
                return Source::Free(kernel);
            };
            match (operation, of.first()) {
                (Operation::Exp, _) => Source::Function(Operation::Exp, kernel),
                (
                    Operation::Sin | Operation::Cos | Operation::Sinh | Operation::Cosh,
                    Some(argument),
                ) => {
                    let known = arguments
                        .iter()
                        .find(|(other, _)| other == argument)
                        .map(|(_, variable)| *variable);
                    let variable = known.unwrap_or(kernel);
                    if known.is_none() {
                        arguments.push((*argument, kernel));
                    }
                    Source::Function(*operation, variable)
                }
                _ => Source::Free(kernel),
            }
        };
        Self(kernels.numbers().map(source).collect())
    }

    /// The values of all kernels for these variables.
    fn values(&self, variables: &[f64]) -> Vec<f64> {
        let mut values = variables.to_vec();
        for round in 0..ROUNDS {
            for (kernel, source) in self.0.iter().enumerate() {
                match source {
                    Source::Free(variable) => values[kernel] = variables[*variable],
                    Source::Function(operation, variable) if round == 0 => {
                        values[kernel] = operation.value(&[variables[*variable]])
                    }
                    Source::Function(..) => {}
                    Source::Sum(terms) => values[kernel] = terms.value(&values),
                }
            }
        }
        values
    }

    /// Where a sum vanishes as one variable moves and the others keep their values.
    fn zeros(&self, sum: usize, variables: &[f64]) -> Vec<Vec<f64>> {
        const HALVINGS: usize = 48;
        let mut zeros = Vec::new();
        for variable in 0..variables.len() {
            let mut moved = variables.to_vec();
            let mut value = |at: f64| {
                moved[variable] = at;
                self.values(&moved)[sum]
            };
            let mut left = value(-f64::from(FARTHEST));
            if left == value(0.5) && left == value(0.75) {
                continue;
            }
            for step in -FARTHEST..FARTHEST {
                let right = value(f64::from(step + 1));
                if left * right <= 0.0 {
                    let (mut low, mut high) = (f64::from(step), f64::from(step + 1));
                    for _ in 0..HALVINGS {
                        let middle = f64::midpoint(low, high);
                        if value(middle) * left <= 0.0 {
                            high = middle;
                        } else {
                            low = middle;
                        }
                    }
                    let mut zero = variables.to_vec();
                    zero[variable] = if left == 0.0 { f64::from(step) } else { high };
                    zeros.push(zero);
                }
                left = right;
            }
        }
        zeros
    }
}
