//! What must hold for nodes to have values and slopes: the domains of powers and functions, with their ends where a value is asked for and
//! without them where a slope is, which needs both sides; and their kinks.

use std::collections::{HashMap, HashSet};

use super::branch::{Branch, Place, Places};
use super::rule::which_move;
use super::{Condition, Graph, NodeId, NodeKind, Sign};
use crate::elementary::{LAST_ORDER, Operation};
use crate::error::{Error, ErrorKind};
use crate::number::{Interval, Rational};

impl Graph {
    /// What these nodes demand of their parts: a value, and of parts that move a value on both sides.
    pub(super) fn demands(
        &mut self,
        roots: &[NodeId],
        moves: impl Fn(NodeId) -> bool,
        places: &mut Places,
    ) -> Vec<(Condition, Place)> {
        let constants = self.ranges_of_constants(roots);
        let placed = self.places(roots, places);
        let mut demands = Vec::new();
        let mut varying = self.reachable(roots);
        varying.retain(|id| !constants.contains_key(id));
        for id in varying {
            let place = placed[id.index()];
            match self.kind(id).clone() {
                NodeKind::Product(factors) => {
                    for (base, exponent) in factors {
                        let known = constants
                            .get(&base)
                            .and_then(|range| power(*range, &exponent));
                        if known.is_none_or(Interval::is_empty) {
                            let value = self.demand_of_power(base, &exponent, false);
                            demands.extend(self.by_arms(value, place, places));
                            if moves(base) {
                                let place = self.where_it_moves(base, &moves, place, places);
                                let slope = self.demand_of_power(base, &exponent, true);
                                demands.extend(slope.map(|demand| (demand, place)));
                            }
                        }
                    }
                }
                NodeKind::Apply(operation, arguments) => {
                    let moving = which_move(&arguments, &moves);
                    let is_told = moving.contains(&true)
                        && self.is_told_by_slope(operation, &arguments, &moves, &constants);
                    if !is_told {
                        let value = self.demand(id, operation, &arguments, [false; 3], &constants);
                        demands.extend(self.by_arms(value, place, places));
                    }
                    if let Some(first) = moving.iter().position(|moves| *moves) {
                        let place = self.where_it_moves(arguments[first], &moves, place, places);
                        let slope = self.demand(id, operation, &arguments, moving, &constants);
                        demands.extend(slope.map(|demand| (demand, place)));
                    }
                }
                NodeKind::Number(_)
                | NodeKind::Constant(_)
                | NodeKind::Input(_)
                | NodeKind::Sum(..) => {}
            }
        }
        demands
    }

    /// Whether the slope of a function that moves tells by itself where there is no value: a rest has kinks wherever it is whole, which what is divided by 0 is not,
    /// and a power of a variable exponent and the arc tangent of two have slopes of the same domain. A base that may stand still has none.
    fn is_told_by_slope(
        &mut self,
        operation: Operation,
        arguments: &[NodeId],
        moves: impl Fn(NodeId) -> bool,
        constants: &HashMap<NodeId, Interval>,
    ) -> bool {
        match (operation, arguments) {
            (Operation::Mod, [a, b]) => a != b,
            (Operation::Atan2, _) => true,
            (Operation::Pow, [base, exponent]) => {
                !constants.contains_key(exponent)
                    && (moves(*exponent) || self.moving_side(*base, moves).is_none())
            }
            _ => false,
        }
    }

    /// What is demanded of a choice is demanded of each of its arms where it is taken.
    fn by_arms(
        &mut self,
        demand: Option<Condition>,
        place: Place,
        places: &mut Places,
    ) -> Vec<(Condition, Place)> {
        let Some(demand) = demand else {
            return Vec::new();
        };
        let arms = match self.kind(demand.node()).clone() {
            NodeKind::Apply(Operation::Choose, arms) => Some((arms[0], [arms[1], arms[2]])),
            NodeKind::Product(factors) => self.switched(&factors).map(|(condition, rest)| {
                let arms = [self.product(rest), self.number(Rational::ZERO)];
                (condition, arms)
            }),
            _ => None,
        };
        // Of an arm that is a number the answer is known; where it is no, the whole reads better.
        let fails = |id: NodeId| self.as_number(id).is_some() && !self.always_holds(demand.of(id));
        match arms {
            Some((condition, arms)) if !arms.iter().any(|arm| fails(*arm)) => [true, false]
                .into_iter()
                .zip(arms)
                .map(|(holds, arm)| {
                    let branch = Branch { condition, holds };
                    (demand.of(arm), places.within(place, branch))
                })
                .collect(),
            _ => vec![(demand, place)],
        }
    }

    /// The branch of a place in which a node moves that one of its two arguments may hold still, as the number does in `max(x, 1)`.
    fn where_it_moves(
        &mut self,
        mut node: NodeId,
        moves: impl Fn(NodeId) -> bool,
        mut place: Place,
        places: &mut Places,
    ) -> Place {
        while let Some((branch, moving)) = self.moving_side(node, &moves) {
            place = places.within(place, branch);
            node = moving;
        }
        place
    }

    /// The branch in which a node is the one of its two sides that moves, and that side.
    fn moving_side(
        &mut self,
        node: NodeId,
        moves: impl Fn(NodeId) -> bool,
    ) -> Option<(Branch, NodeId)> {
        let (operation, arguments) = match self.kind(node).clone() {
            NodeKind::Apply(operation, arguments) => (operation, arguments),
            NodeKind::Product(factors) => {
                let (condition, rest) = self.switched(&factors)?;
                let holds = true;
                return Some((Branch { condition, holds }, self.product(rest)));
            }
            _ => return None,
        };
        let moving = which_move(&arguments, moves);
        let (condition, place) = match (operation, moving) {
            (Operation::Choose, [_, true, false]) => (arguments[0], 1),
            (Operation::Choose, [_, false, true]) => (arguments[0], 2),
            (_, [true, true, _]) => return None,
            _ => self.taken(operation, &arguments, node, moving, true)?,
        };
        let holds = place < 2;
        Some((Branch { condition, holds }, arguments[place]))
    }

    /// What a power demands of its base, for a value or (`open`) for a slope. What is never negative has its end at 0 within its domain.
    fn demand_of_power(&self, base: NodeId, exponent: &Rational, open: bool) -> Option<Condition> {
        let is_open = open && self.sign(base) == Sign::Unknown;
        match (exponent.has_odd_denominator(), exponent.is_negative()) {
            (true, false) if open && *exponent < Rational::ONE => Some(Condition::NonZero(base)),
            (true, false) => None,
            (true, true) => Some(Condition::NonZero(base)),
            (false, false) if !is_open => Some(Condition::NonNegative(base)),
            (false, _) => Some(Condition::Positive(base)),
        }
    }

    /// What a function demands of its arguments, for a value where none moves, else for a slope.
    fn demand(
        &mut self,
        id: NodeId,
        operation: Operation,
        arguments: &[NodeId],
        moving: [bool; 3],
        constants: &HashMap<NodeId, Interval>,
    ) -> Option<Condition> {
        use Operation as O;
        let open = moving.contains(&true);
        let from_end = if open {
            Condition::Positive
        } else {
            Condition::NonNegative
        };
        let one = || Rational::ONE;
        let x = *arguments.first()?;
        Some(match operation {
            O::Ln | O::Log2 | O::Log10 => Condition::Positive(x),
            O::Log1p => Condition::Positive(self.sum([(x, one())], one())),
            O::Acosh => from_end(self.sum([(x, one())], -one())),
            O::Asin | O::Acos => from_end(self.inside_unit(x)),
            O::Atanh => Condition::Positive(self.inside_unit(x)),
            O::Tan | O::Sec => Condition::NonZero(self.apply(O::Cos, &[x])),
            O::Cot | O::Csc => Condition::NonZero(self.apply(O::Sin, &[x])),
            O::Coth | O::Csch => Condition::NonZero(x),
            O::Gamma | O::LnGamma | O::Digamma => Condition::Defined(self.apply(O::Gamma, &[x])),
            O::Polygamma => Condition::Defined(self.apply(O::Gamma, &[*arguments.get(1)?])),
            O::Factorial => Condition::Defined(id),
            O::Pow if constants.get(&x) == Some(&Interval::point(0.0)) => {
                from_end(*arguments.get(1)?)
            }
            // Beside a whole exponent there are others.
            O::Pow if moving[1] && constants.get(&x).is_none_or(|range| range.lo() <= 0.0) => {
                Condition::Positive(x)
            }
            O::Pow | O::Mod | O::Atan2 if open && !constants.contains_key(arguments.get(1)?) => {
                return None;
            }
            O::Pow if !constants.contains_key(arguments.get(1)?) => {
                if self.always_holds(Condition::Positive(x)) {
                    return None;
                }
                Condition::Defined(id)
            }
            O::Mod => Condition::NonZero(*arguments.get(1)?),
            O::Atan2 => {
                let is_never_zero = |side: &NodeId| {
                    let known = constants.get(side);
                    known.is_some_and(|range| !range.contains(0.0))
                        || self.always_holds(Condition::NonZero(*side))
                };
                if arguments.iter().any(is_never_zero) {
                    return None;
                }
                Condition::Defined(id)
            }
            O::Pow => {
                let exponent = constants.get(arguments.get(1)?)?;
                if exponent.is_empty() || exponent.contains_integer() {
                    return None;
                }
                let is_root = exponent.lo() > 0.0 && !(open && self.sign(x) == Sign::Unknown);
                if is_root {
                    Condition::NonNegative(x)
                } else {
                    Condition::Positive(x)
                }
            }
            _ => return None,
        })
    }

    /// `(1 - x) (1 + x)`, as the slope of the arcsine has it.
    fn inside_unit(&mut self, x: NodeId) -> NodeId {
        let one = || Rational::ONE;
        let [below, above] = [-one(), one()].map(|by| self.sum([(x, by)], one()));
        self.product([(below, one()), (above, one())])
    }

    /// Why the rules of a function of whole order give no derivative by these inputs in turn: each raises the order by one.
    pub(crate) fn beyond_orders(&self, root: NodeId, inputs: &[usize]) -> Option<Error> {
        use Operation as O;
        let varies: Vec<Vec<bool>> = inputs
            .iter()
            .map(|wrt| self.varying(|input| input == *wrt))
            .collect();
        self.reachable(&[root]).into_iter().find_map(|id| {
            let NodeKind::Apply(operation, arguments) = self.kind(id) else {
                return None;
            };
            let order = |place: usize| self.as_number(arguments[place])?.to_i64();
            let order = match operation {
                O::J0 | O::Sinc | O::Digamma => 0,
                O::J1 => 1,
                O::BesselJ | O::Polygamma => order(0)?,
                O::SphericalBessel => order(1)?,
                _ => return None,
            };
            let last = i64::from(LAST_ORDER);
            let times = varies.iter().filter(|varies| varies[id.index()]).count();
            let wanted = order + i64::try_from(times).ok()?;
            (order <= last && times > 0 && wanted > last).then(|| {
                let part = self.text(id);
                let message = format!("this derivative of {part} needs the function of order {wanted}, and orders go to {last}");
                Error::new(ErrorKind::Unsupported, message)
                    .hint("differences, as the method 'automatic' takes them, need no rule")
            })
        })
    }

    /// Where a function of the formula has no derivative, though the formula of the derivative has a value there.
    pub(super) fn kinks(
        &mut self,
        root: NodeId,
        moves: impl Fn(NodeId) -> bool,
        places: &mut Places,
    ) -> Vec<(Condition, Place)> {
        let placed = self.places(&[root], places);
        let reachable = self.reachable(&[root]);
        let flowing = self.flowing(&reachable, moves);
        let mut kinks = Vec::new();
        for id in reachable {
            if let NodeKind::Apply(operation, arguments) = self.kind(id).clone()
                && arguments.iter().any(|argument| flowing.contains(argument))
            {
                let place = placed[id.index()];
                let kink = self.kink(operation, &arguments);
                kinks.extend(kink.map(|kink| (kink, place)));
                if let (Operation::Atan2, [y, x]) = (operation, arguments.as_slice())
                    && flowing.contains(y)
                {
                    kinks.extend(self.cut(*y, *x, place, places));
                }
            }
        }
        kinks
    }

    /// Those of these nodes, each behind its arguments, that do not move in steps alone: a step of what stands still between its own steps is none.
    pub(super) fn flowing(
        &self,
        nodes: &[NodeId],
        moves: impl Fn(NodeId) -> bool,
    ) -> HashSet<NodeId> {
        let mut flowing = HashSet::new();
        for id in nodes.iter().filter(|id| moves(**id)) {
            let flows = match self.kind(*id) {
                NodeKind::Input(_) => true,
                NodeKind::Apply(operation, _) if operation.is_step() => false,
                _ => self
                    .arguments(*id)
                    .iter()
                    .any(|part| flowing.contains(part)),
            };
            if flows {
                flowing.insert(*id);
            }
        }
        flowing
    }

    /// What must hold for a function with kinks to have a derivative.
    fn kink(&mut self, operation: Operation, arguments: &[NodeId]) -> Option<Condition> {
        use Operation as O;
        match (operation, arguments) {
            (O::Abs | O::Sign | O::Heaviside | O::Relu | O::Acot, [x]) => {
                let zero = self.unclipped(self.zero_of(*x), &Rational::ZERO);
                Some(Condition::NonZero(zero))
            }
            (O::Floor | O::Ceil, [x]) => Some(Condition::NotWhole(*x)),
            (O::Round, [x]) => {
                let half = Rational::new(1, 2)?;
                Some(Condition::NotWhole(self.sum([(*x, Rational::ONE)], half)))
            }
            // What is held against itself changes nowhere.
            (_, [a, b]) if a == b => None,
            (O::Mod, [a, b]) => Some(Condition::NotWhole(self.apply(O::Div, &[*a, *b]))),
            (operation, [a, b])
                if operation.is_comparison() || matches!(operation, O::Min | O::Max) =>
            {
                let [a, b] = [(*a, *b), (*b, *a)].map(|(side, other)| {
                    let bound = self.as_number(other);
                    bound.map_or(side, |bound| self.unclipped(side, bound))
                });
                Some(Condition::NonZero(self.apply(O::Sub, &[a, b])))
            }
            _ => None,
        }
    }

    /// The arc tangent of two jumps from -π to π where y passes 0 and x is negative.
    fn cut(
        &mut self,
        y: NodeId,
        x: NodeId,
        place: Place,
        places: &mut Places,
    ) -> Option<(Condition, Place)> {
        let crosses = Condition::NonZero(y);
        match self.as_number(x) {
            Some(x) => x.is_negative().then_some((crosses, place)),
            None if self.sign(x) != Sign::Unknown => None,
            None => {
                let zero = self.number(Rational::ZERO);
                let condition = self.apply(Operation::Less, &[x, zero]);
                let behind = Branch {
                    condition,
                    holds: true,
                };
                Some((crosses, places.within(place, behind)))
            }
        }
    }

    /// Where a node comes to 0, told by as little of it as can be: |x| and x² where x does, and of max(x, 0), which stays there, no other end.
    fn zero_of(&self, node: NodeId) -> NodeId {
        match self.kind(node) {
            NodeKind::Apply(Operation::Abs | Operation::Relu, x) => self.zero_of(x[0]),
            NodeKind::Apply(Operation::Min | Operation::Max, sides) => {
                let is_zero = |side: &NodeId| self.as_number(*side).is_some_and(Rational::is_zero);
                match sides.iter().position(is_zero) {
                    Some(zero) => self.zero_of(sides[1 - zero]),
                    None => node,
                }
            }
            NodeKind::Product(factors) => match factors.as_slice() {
                [(base, to)] if !to.is_negative() => self.zero_of(*base),
                _ => node,
            },
            _ => node,
        }
    }

    /// Functions of numbers that have no value, as the gamma function of -3: the formula has none anywhere, and its derivative may not show
    /// it.
    pub(super) fn constants_without_value(
        &self,
        root: NodeId,
        places: &mut Places,
    ) -> Vec<(Condition, Place)> {
        let placed = self.places(&[root], places);
        let ranges = self.ranges_of_constants(&[root]);
        let is_without = |id: &NodeId| ranges.get(id).is_some_and(|range| range.is_empty());
        // What is made of it has none either, and need not be told.
        let is_first = |id: &NodeId| is_without(id) && !self.arguments(*id).iter().any(is_without);
        let reachable = self.reachable(&[root]).into_iter();
        let without = reachable.filter(is_first);
        without
            .map(|id| (Condition::Defined(id), placed[id.index()]))
            .collect()
    }

    /// The proven ranges of the parts without inputs; an empty one has no value.
    fn ranges_of_constants(&self, roots: &[NodeId]) -> HashMap<NodeId, Interval> {
        self.ranges(roots, None)
    }

    /// The proven range of a node over all inputs.
    pub(super) fn range_over_all(&self, node: NodeId) -> Interval {
        let ranges = self.ranges(&[node], Some(Interval::WHOLE));
        ranges.get(&node).copied().unwrap_or(Interval::WHOLE)
    }

    /// The proven ranges of all parts, where inputs have this one, or of those without inputs.
    fn ranges(&self, roots: &[NodeId], of_inputs: Option<Interval>) -> HashMap<NodeId, Interval> {
        let mut ranges: HashMap<NodeId, Interval> = HashMap::new();
        for id in self.reachable(roots) {
            let known = |argument: &NodeId| ranges.get(argument).copied();
            let range = match self.kind(id) {
                NodeKind::Number(number) => Some(number.enclose()),
                NodeKind::Constant(constant) => Some(constant.enclose()),
                NodeKind::Input(_) => of_inputs,
                NodeKind::Sum(terms, constant) => terms
                    .iter()
                    .map(|(term, by)| Some(known(term)? * by.enclose()))
                    .try_fold(constant.enclose(), |sum, term| Some(sum + term?)),
                NodeKind::Product(factors) => factors
                    .iter()
                    .map(|(base, to)| power(known(base)?, to))
                    .try_fold(Interval::point(1.0), |product, factor| {
                        Some(product * factor?)
                    }),
                NodeKind::Apply(operation, arguments) => {
                    let known = arguments.iter().map(known).collect::<Option<Vec<_>>>();
                    known.map(|x| operation.enclose(&x))
                }
            };
            if let Some(range) = range {
                ranges.insert(id, range);
            }
        }
        ranges
    }
}

/// A range raised to an exact exponent.
fn power(range: Interval, to: &Rational) -> Option<Interval> {
    let number = |exact: Rational| Some(Interval::point(exact.to_i64()? as f64));
    let root = match number(to.denominator())? {
        whole if whole == Interval::point(1.0) => range,
        order => Operation::Root.enclose(&[range, order]),
    };
    Some(Operation::Pow.enclose(&[root, number(to.numerator())?]))
}

#[cfg(test)]
mod tests {
    use crate::graph::tests::derivative_by_x;

    fn conditions(text: &str) -> String {
        derivative_by_x(text).1
    }

    #[test]
    fn a_kink_where_its_argument_stands_still_is_none() {
        for (text, told) in [
            ("x/x", "x ≠ 0"),
            ("10^log10(x)", ""),
            ("ceil(ceil(x))", "x not a whole number"),
            ("mod(floor(x), 2)", "x not a whole number"),
            ("sign(x > 1)*x", "x ≠ 1"),
            ("relu(relu(x))", "x ≠ 0"),
            ("abs(relu(x))", "x ≠ 0"),
            ("abs(abs(x))", "x ≠ 0"),
            ("atan2(x, -1)", "x ≠ 0"),
            ("atan2(x, 2)", ""),
            ("atan2(x, y)", "(x ≠ 0 where y < 0)"),
            ("atan2(y, x)", ""),
            ("atan2(sin(x), cos(x))", "(sin(x) ≠ 0 where cos(x) < 0)"),
            // What moves besides in steps has its own kinks.
            (
                "abs(floor(x) + x)",
                "x not a whole number and x + floor(x) ≠ 0",
            ),
            (
                "max(floor(x), sin(x))",
                "x not a whole number and floor(x) ≠ sin(x)",
            ),
        ] {
            assert_eq!(conditions(text), told, "{text}");
        }
    }

    #[test]
    fn a_formula_that_has_a_value_where_there_is_no_slope_tells_where_there_is_one() {
        for (text, told) in [
            ("x + 0^x*x", "x > 0"),
            ("min(2x, x^x)", "x > 0 and 2*x - x^x ≠ 0"),
            ("x^y", ""),
            // What stands still between its steps has no end of a domain.
            ("sqrt(floor(x))", "floor(x) ≥ 0 and x not a whole number"),
            ("acos(sign(x))", "x ≠ 0"),
            ("ln(x > 1)", "(x > 1) > 0 and x ≠ 1"),
            // What stands still leaves no trace in the derivative.
            ("x + mod(3, y)", "y ≠ 0"),
            ("x + y%3", ""),
            ("x + y^z", "y^z is defined"),
            ("x + 2^z", ""),
            ("x + atan2(y, z)", "atan2(y, z) is defined"),
            ("x + atan2(y, 3)", ""),
            (
                "mod(1/2, floor(x))",
                "floor(x) ≠ 0 and x not a whole number",
            ),
            ("mod(x, y)", "x/y not a whole number"),
            ("relu(x)^y", "relu(x)^y is defined and x ≠ 0"),
            ("cbrt(x)", ""),
        ] {
            assert_eq!(conditions(text), told, "{text}");
        }
    }

    #[test]
    fn a_power_of_0_has_values_for_positive_exponents_on_both_sides() {
        assert_eq!(conditions("0^x"), "x > 0");
    }
}
