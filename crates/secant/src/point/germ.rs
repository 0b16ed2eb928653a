//! Whether the two sides of a point are one function: then what they tend to, and their slopes, are the same numbers, though each of these is
//! known to its rounding alone. That two ranges are alike proves nothing: the sides of `erf(ceil(x))` at 6 differ by less than a
//! double can tell.

use crate::elementary::Operation;
use crate::function::Recorded;
use crate::number::{Interval, Rational, Series};
use crate::program::Step;

/// What a value beside the point, continued from the left, is to that from the right: up to the derivatives of which order they are the
/// same numbers, and up to which those with the other sign, as the sides of |x| are; below 0 where neither is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kin {
    same: i32,
    turned: i32,
}

impl Kin {
    const SAME: Self = Self {
        same: i32::MAX,
        turned: -1,
    };
    const UNKNOWN: Self = Self {
        same: -1,
        turned: -1,
    };

    /// Of a sum.
    fn plus(self, other: Self) -> Self {
        Self {
            same: self.same.min(other.same),
            turned: self.turned.min(other.turned),
        }
    }

    /// Of a product.
    fn times(self, other: Self) -> Self {
        let turns = self.turned.min(other.turned);
        let turns_once = [self.same.min(other.turned), self.turned.min(other.same)];
        Self {
            same: self.same.min(other.same).max(turns),
            turned: turns_once[0].max(turns_once[1]),
        }
    }

    /// Of an even function.
    fn without_sign(self) -> Self {
        Self {
            same: self.same.max(self.turned),
            turned: -1,
        }
    }

    fn less(self, orders: i32) -> Self {
        let less = |known: i32| {
            if known == i32::MAX {
                known
            } else {
                known - orders
            }
        };
        Self {
            same: less(self.same),
            turned: less(self.turned),
        }
    }

    /// Of what is known in two ways.
    fn or(self, other: Self) -> Self {
        Self {
            same: self.same.max(other.same),
            turned: self.turned.max(other.turned),
        }
    }
}

/// Whether an output is, up to the derivative of this order, one function on both sides of the point, beside which its steps are these series.
pub(super) fn is_one_function(
    function: &Recorded,
    output: usize,
    at: &[f64],
    [left, right]: [Vec<Series>; 2],
    order: u32,
) -> bool {
    /// A division by what is 0 here brings higher orders down.
    const MORE: i32 = 4;
    let wanted = i32::try_from(order).unwrap_or(i32::MAX - MORE);
    let program = function.program();
    let sides = Sides {
        left,
        right,
        ranges: program.slots(&Interval::points(at)),
        orders: wanted + MORE,
    };
    let mut kin: Vec<Kin> = Vec::with_capacity(program.steps().len());
    for (slot, step) in program.steps().iter().enumerate() {
        let by_rule = match step {
            Step::Input(_) | Step::Constant(..) => Kin::SAME,
            Step::Apply(operation, arguments) => {
                sides.applied(*operation, &arguments[..operation.arity()], &kin)
            }
        };
        kin.push(by_rule.or(sides.same_numbers(slot)));
    }
    kin[program.output_slots()[output]].same >= wanted
}

/// The values of all steps on both sides, and at the point.
struct Sides {
    left: Vec<Series>,
    right: Vec<Series>,
    ranges: Vec<Interval>,
    /// So many orders are held against each other.
    orders: i32,
}

impl Sides {
    fn applied(&self, operation: Operation, arguments: &[usize], kin: &[Kin]) -> Kin {
        use Operation::{
            Abs, Add, Asin, Asinh, Atan, Atanh, Choose, Cos, Cosh, Div, Erf, Hypot, Mul, Neg, Sin,
            Sinh, Sub, Tan, Tanh,
        };
        let of = || arguments.iter().map(|argument| kin[*argument]);
        let together = of().reduce(Kin::plus).unwrap_or(Kin::UNKNOWN);
        let product = || of().reduce(Kin::times).unwrap_or(Kin::UNKNOWN);
        match operation {
            Neg | Add | Sub => together,
            Mul => product(),
            Div => self.divided(product(), arguments[1]),
            Abs => match self.signs(arguments[0]) {
                Some((left, right)) if left == right => together,
                Some(_) => Kin {
                    same: together.turned,
                    turned: together.same,
                },
                None => Kin::UNKNOWN,
            },
            Choose => self.chosen(arguments, kin),
            _ if !self.is_smooth(operation, arguments) => Kin::UNKNOWN,
            Cos | Cosh | Hypot => {
                let straight = of().map(Kin::without_sign).reduce(Kin::plus);
                straight.unwrap_or(Kin::UNKNOWN)
            }
            Sin | Tan | Sinh | Tanh | Asin | Atan | Asinh | Atanh | Erf => together,
            _ => Kin {
                turned: -1,
                ..together
            },
        }
    }

    /// A quotient of these kin: a divisor that begins with t^p takes p orders from them.
    fn divided(&self, kin: Kin, divisor: usize) -> Kin {
        let power = |side: &[Series]| {
            let (power, _) = side[divisor].leading()?;
            let orders = -(-power.max(Rational::ZERO)).floor();
            i32::try_from(orders.to_i64()?).ok()
        };
        match (power(&self.left), power(&self.right)) {
            (Some(a), Some(b)) => kin.less(a.max(b)),
            _ => kin.less(i32::MAX),
        }
    }

    fn is_smooth(&self, operation: Operation, arguments: &[usize]) -> bool {
        let ranges: Vec<Interval> = arguments.iter().map(|x| self.ranges[*x]).collect();
        operation.is_smooth(&ranges)
    }

    /// The signs beside the point, where they are known and neither is 0.
    fn signs(&self, slot: usize) -> Option<(i8, i8)> {
        let signs = (self.left[slot].sign()?, self.right[slot].sign()?);
        (signs.0 != 0 && signs.1 != 0).then_some(signs)
    }

    /// Where both sides take one branch, what that branch is.
    fn chosen(&self, arguments: &[usize], kin: &[Kin]) -> Kin {
        let [condition, then, otherwise] = *arguments else {
            return Kin::UNKNOWN;
        };
        let holds = |side: &[Series]| side[condition].fixed_value().map(|truth| truth != 0.0);
        match (holds(&self.left), holds(&self.right)) {
            (Some(true), Some(true)) => kin[then],
            (Some(false), Some(false)) => kin[otherwise],
            _ => Kin::UNKNOWN,
        }
    }

    /// Up to which order the derivatives are known without rounding, and are the same, or turned.
    fn same_numbers(&self, slot: usize) -> Kin {
        let (left, right) = (&self.left[slot], &self.right[slot]);
        let orders = |is_turned: bool| {
            let is_same = |order: &i32| {
                let both = left.taylor(*order).zip(right.taylor(*order));
                let is_smooth = left.is_smooth_to(*order) && right.is_smooth_to(*order);
                is_smooth
                    && both.is_some_and(|(left, right)| {
                        // The left side is a series of the distance, which falls as x rises.
                        let turns = (order % 2 == 1) != is_turned;
                        let left = if turns { -left } else { left };
                        left.is_point() && (left.lo(), left.hi()) == (right.lo(), right.hi())
                    })
            };
            (0..=self.orders).take_while(is_same).count() as i32 - 1
        };
        Kin {
            same: orders(false),
            turned: orders(true),
        }
    }
}
