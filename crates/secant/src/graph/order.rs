//! Derivatives of higher order: the formula as a polynomial over its kernels, which is differentiated term by term with the kernels'
//! own derivatives. Those come from the rules, once each; then the orders only multiply and gather, where the
//! rules would write out what cancels.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::kernel::{Kernels, Kind};
use super::polynomial::{Monomial, Polynomial, WHOLE};
use super::{Condition, Graph, NodeId, NodeKind};
use crate::elementary::Operation;
use crate::number::Rational;

/// From this order on it pays.
pub(super) const FIRST: usize = 3;
/// Longer derivatives are left to the rules.
const MOST_TERMS: usize = 400;

impl Graph {
    /// The derivative of a node with respect to inputs in turn as a sum, and what it rests on; `None` where the formula has functions
    /// with kinks, or too many parts.
    pub(super) fn derivative_of_order(
        &mut self,
        root: NodeId,
        inputs: &[usize],
    ) -> Option<(NodeId, Vec<Condition>)> {
        let mut kernels = Kernels::default();
        let mut derivative = kernels.see_terms(self, root)?;
        let mut slopes: HashMap<(usize, usize), Polynomial> = HashMap::new();
        for input in inputs {
            let mut next = Polynomial::default();
            for (monomial, coefficient) in derivative.terms() {
                for (kernel, exponent) in monomial.powers() {
                    let slope = match slopes.entry((kernel, *input)) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(unknown) => {
                            let slope = self.slope_of_kernel(&mut kernels, kernel, *input)?;
                            unknown.insert(slope)
                        }
                    };
                    let lowered = monomial.times(&Monomial::of(kernel, -WHOLE));
                    let by = Rational::new(i64::from(exponent), i64::from(WHOLE))?;
                    next.add_multiple(slope, &lowered, &(coefficient.clone() * by));
                }
            }
            if next.len() > MOST_TERMS {
                return None;
            }
            derivative = next;
        }
        let conditions = kernels.lost(self, &Monomial::default(), &derivative);
        Some((kernels.flat(self, &derivative), conditions))
    }

    fn slope_of_kernel(
        &mut self,
        kernels: &mut Kernels,
        kernel: usize,
        input: usize,
    ) -> Option<Polynomial> {
        if let Kind::Atom = kernels.kind(kernel)
            && !self.is_smooth_where_defined(kernels.node(kernel))
        {
            return None;
        }
        let slope = self.derivative(kernels.node(kernel), input);
        kernels.see_terms(self, slope)
    }

    /// Whether the node is a constant or a function that has all derivatives wherever it has a value.
    fn is_smooth_where_defined(&self, id: NodeId) -> bool {
        match self.kind(id) {
            NodeKind::Number(_) | NodeKind::Constant(_) | NodeKind::Input(_) => true,
            NodeKind::Sum(..) | NodeKind::Product(_) => false,
            NodeKind::Apply(operation, _) => matches!(
                operation,
                Operation::Ln
                    | Operation::Sin
                    | Operation::Cos
                    | Operation::Tan
                    | Operation::Sec
                    | Operation::Sinh
                    | Operation::Cosh
                    | Operation::Tanh
                    | Operation::Sech
                    | Operation::Atan
                    | Operation::Sigmoid
            ),
        }
    }
}
