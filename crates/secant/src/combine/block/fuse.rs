//! Additions that belong together, found in a program: a chain of sums, differences and products becomes one sum of
//! *coefficient times value*, *product of two values* and a constant, which blocks compute in one pass. A single step of arithmetic
//! is such a sum too, and gives the bits it always gives.

use crate::elementary::Operation;
use crate::program::{Program, Slot, Step};

/// A sum, computed in one pass.
#[derive(Clone, Debug, Default)]
pub(super) struct FusedSum {
    /// Values times what is the same for all rows.
    pub(super) linear: Vec<(Coefficient, Slot)>,
    /// Products of two values that are added.
    pub(super) plus: Vec<[Slot; 2]>,
    /// Products of two values that are subtracted.
    pub(super) minus: Vec<[Slot; 2]>,
    /// What is the same for all rows.
    pub(super) constants: Vec<Coefficient>,
}

/// A sign, and factors that are the same for all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Coefficient {
    pub(super) negative: bool,
    pub(super) factors: Vec<Slot>,
}

/// The fused sums of a program by the slot of their value, and what they have made needless.
pub(super) struct Fusion {
    pub(super) sums: Vec<Option<FusedSum>>,
    pub(super) needless: Vec<bool>,
}

impl Fusion {
    /// Finds them from the last step up, so that the longest sums are found first. A value that is read twice is never
    /// computed twice.
    pub(super) fn new(program: &Program, is_uniform: &[bool]) -> Self {
        let steps = program.steps();
        let mut uses = vec![0_usize; steps.len()];
        for argument in steps.iter().flat_map(Step::arguments) {
            uses[*argument] += 1;
        }
        for output in program.output_slots() {
            uses[*output] += 1;
        }
        let finding = Finding {
            steps,
            is_uniform,
            uses,
        };
        let mut fusion = Self {
            sums: vec![None; steps.len()],
            needless: vec![false; steps.len()],
        };
        for slot in (0..steps.len()).rev() {
            if fusion.needless[slot] || is_uniform[slot] {
                continue;
            }
            if finding.is_arithmetic(slot) {
                let (sum, within) = finding.sum(slot);
                for inner in within {
                    fusion.needless[inner] = true;
                }
                fusion.sums[slot] = Some(sum);
            }
        }
        fusion
    }
}

struct Finding<'a> {
    steps: &'a [Step],
    is_uniform: &'a [bool],
    uses: Vec<usize>,
}

impl Finding<'_> {
    fn is_arithmetic(&self, slot: Slot) -> bool {
        use Operation::{Add, Mul, Neg, Sub};
        matches!(self.steps[slot], Step::Apply(Add | Sub | Mul | Neg, _))
    }

    /// The sum that a step ends, and the steps within it.
    fn sum(&self, root: Slot) -> (FusedSum, Vec<Slot>) {
        let mut sum = FusedSum::default();
        let mut within = Vec::new();
        let mut pending = vec![(root, Coefficient::default())];
        while let Some((slot, coefficient)) = pending.pop() {
            if self.is_uniform[slot] {
                let mut constant = coefficient;
                constant.factors.push(slot);
                sum.constants.push(constant);
                continue;
            }
            let opened = if slot == root || self.uses[slot] == 1 {
                self.open(slot, &coefficient)
            } else {
                Opened::Not
            };
            if slot != root && !matches!(opened, Opened::Not) {
                within.push(slot);
            }
            match opened {
                Opened::Terms(terms) => pending.extend(terms.into_iter().rev()),
                Opened::Product(pair) if coefficient.negative => sum.minus.push(pair),
                Opened::Product(pair) => sum.plus.push(pair),
                Opened::Not => sum.linear.push((coefficient, slot)),
            }
        }
        (sum, within)
    }

    /// A step as terms. A factor is never multiplied into a sum: `c (a - b)` may keep digits that `c a - c b` loses.
    fn open(&self, slot: Slot, coefficient: &Coefficient) -> Opened {
        let Step::Apply(operation, [a, b, _]) = self.steps[slot] else {
            return Opened::Not;
        };
        let negated = Coefficient {
            negative: !coefficient.negative,
            ..coefficient.clone()
        };
        let scaled_by = |factor: Slot| {
            let mut scaled = coefficient.clone();
            scaled.factors.push(factor);
            scaled
        };
        // Two parameters are not multiplied with each other first: that may overflow where the whole does not.
        let is_number = |slot: &Slot| matches!(self.steps[*slot], Step::Constant(..));
        let joins = |factor: Slot| is_number(&factor) || coefficient.factors.iter().all(is_number);
        let same = coefficient.clone();
        match operation {
            Operation::Neg => Opened::Terms(vec![(a, negated)]),
            Operation::Mul if self.is_uniform[a] && joins(a) => {
                Opened::Terms(vec![(b, scaled_by(a))])
            }
            Operation::Mul if self.is_uniform[b] && joins(b) => {
                Opened::Terms(vec![(a, scaled_by(b))])
            }
            _ if !coefficient.factors.is_empty() => Opened::Not,
            Operation::Add => Opened::Terms(vec![(a, same.clone()), (b, same)]),
            Operation::Sub => Opened::Terms(vec![(a, same), (b, negated)]),
            Operation::Mul => Opened::Product([a, b]),
            _ => Opened::Not,
        }
    }
}

enum Opened {
    Terms(Vec<(Slot, Coefficient)>),
    Product([Slot; 2]),
    Not,
}
