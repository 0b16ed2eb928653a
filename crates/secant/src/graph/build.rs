//! The constructors, which keep the form: like terms gathered, powers of one base gathered, numbers folded
//! exactly. A gathering that would enlarge the domain (`x/x`, `sqrt(x)^2`, `ln(x) - ln(x)`) is left undone,
//! or, while simplifying, done and its condition noted.

use std::collections::BTreeMap;

use super::{Condition, Graph, Multiple, NodeId, NodeKind, Power, Sign};
use crate::elementary::Operation;
use crate::number::{Constant, Rational};

/// A sum or product longer than this is one term of the next. A loop that adds n terms one by one then costs n times this and
/// not n squared, in time and in what the graph keeps of the partial sums.
const LONGEST_OPENED: usize = 32;
/// The same while simplifying, which sees each of them once.
const LONGEST_OPENED_TO_SIMPLIFY: usize = 512;

/// A sum on its way: its terms, and by their condition the choices that are still to be joined.
struct BegunSum {
    terms: Vec<Multiple>,
    constant: Rational,
    choices: Vec<(NodeId, Vec<Multiple>)>,
    /// The sum of what the choices joined next have where their condition holds, once it is known.
    then: Option<NodeId>,
}

impl BegunSum {
    /// What is to be summed next: the arms of choices.
    fn next_arm(&self, graph: &Graph) -> Option<Vec<Multiple>> {
        let (_, group) = self.choices.last()?;
        let which = if self.then.is_none() { 1 } else { 2 };
        let arm = |(term, by): &Multiple| (graph.arguments(*term)[which], by.clone());
        Some(group.iter().map(arm).collect())
    }

    /// Takes the sum of these.
    fn take_arm(&mut self, sum: NodeId, graph: &mut Graph) {
        let Some(then) = self.then.take() else {
            self.then = Some(sum);
            return;
        };
        if let Some((condition, _)) = self.choices.pop() {
            let joined = graph.apply(Operation::Choose, &[condition, then, sum]);
            self.terms.push((joined, Rational::ONE));
        }
        if self.choices.is_empty() {
            self.terms.sort();
        }
    }
}

impl Graph {
    /// An exact number.
    pub fn number(&mut self, value: impl Into<Rational>) -> NodeId {
        self.intern(NodeKind::Number(value.into()))
    }

    /// A named exact number.
    pub fn constant(&mut self, constant: Constant) -> NodeId {
        self.intern(NodeKind::Constant(constant))
    }

    /// An input, counted from 0.
    pub fn input(&mut self, index: usize) -> NodeId {
        self.intern(NodeKind::Input(index))
    }

    /// `constant + sum of coefficient * term`.
    pub fn sum(&mut self, terms: impl IntoIterator<Item = Multiple>, constant: Rational) -> NodeId {
        let begun = self.begun_sum(terms, constant);
        if begun.choices.is_empty() {
            return self.ended_sum(begun);
        }
        // Sums that wait for those of the arms of their choices, which may be sums of choices again.
        let mut waiting = vec![begun];
        loop {
            if let Some(arm) = waiting.last().and_then(|sum| sum.next_arm(self)) {
                let begun = self.begun_sum(arm, Rational::ZERO);
                waiting.push(begun);
                continue;
            }
            let Some(done) = waiting.pop() else {
                return self.number(0);
            };
            let node = self.ended_sum(done);
            match waiting.last_mut() {
                Some(above) => above.take_arm(node, self),
                None => return node,
            }
        }
    }

    /// A sum with its terms gathered, and those parted that are choices by one condition.
    fn begun_sum(
        &mut self,
        terms: impl IntoIterator<Item = Multiple>,
        mut constant: Rational,
    ) -> BegunSum {
        let mut gathered: Vec<Multiple> = Vec::new();
        for (term, coefficient) in terms {
            self.gather(&mut gathered, &mut constant, term, coefficient);
        }
        // Like terms follow each other, in the order in which they came.
        gathered.sort_by_key(|(term, _)| *term);
        let mut terms: Vec<Multiple> = Vec::with_capacity(gathered.len());
        for (term, coefficient) in gathered {
            match terms.last_mut() {
                Some((last, sum)) if *last == term => *sum = sum.clone() + coefficient,
                _ => terms.push((term, coefficient)),
            }
        }
        terms.retain(|(term, coefficient)| {
            let vanishes = coefficient.is_zero()
                && (self.is_total(*term) || self.note(Condition::Defined(*term)));
            !vanishes
        });
        let choices = self.parted_choices(&mut terms);
        BegunSum {
            terms,
            constant,
            choices,
            then: None,
        }
    }

    fn ended_sum(&mut self, sum: BegunSum) -> NodeId {
        let BegunSum {
            terms, constant, ..
        } = sum;
        match terms.as_slice() {
            [] => self.number(constant),
            [(term, coefficient)] if constant.is_zero() && coefficient.is_one() => *term,
            _ => self.intern(NodeKind::Sum(terms, constant)),
        }
    }

    /// Adds `coefficient * term`, opening nested sums.
    fn gather(
        &self,
        gathered: &mut Vec<Multiple>,
        constant: &mut Rational,
        term: NodeId,
        coefficient: Rational,
    ) {
        match self.kind(term) {
            NodeKind::Number(number) => *constant = constant.clone() + number.clone() * coefficient,
            NodeKind::Sum(terms, inner) if self.opens(terms, inner, &coefficient) => {
                *constant = constant.clone() + inner.clone() * coefficient.clone();
                for (term, factor) in terms {
                    gathered.push((*term, factor.clone() * coefficient.clone()));
                }
            }
            _ => gathered.push((term, coefficient)),
        }
    }

    /// Whether a nested sum loses nothing when it is opened: signs and single multiples always do so.
    fn opens(&self, terms: &[Multiple], inner: &Rational, coefficient: &Rational) -> bool {
        let is_lossless = coefficient.abs().is_one() || (terms.len() == 1 && inner.is_zero());
        // Terms of one sign lose no digits when they are opened; 1000 (x - 1) would.
        let is_lossless = is_lossless
            || (self.is_simplifying() && self.sign_of_sum(terms, inner) >= Sign::NonNegative);
        is_lossless && self.is_short(terms.len())
    }

    /// Whether a sum or product of so many parts is opened within another.
    pub(super) fn is_short(&self, parts: usize) -> bool {
        parts
            <= if self.is_simplifying() {
                LONGEST_OPENED_TO_SIMPLIFY
            } else {
                LONGEST_OPENED
            }
    }

    /// The condition of a choice.
    fn condition(&self, id: NodeId) -> Option<NodeId> {
        match self.kind(id) {
            NodeKind::Apply(Operation::Choose, arguments) => Some(arguments[0]),
            _ => None,
        }
    }

    /// Takes choices that share their condition out of the terms: `choose(c, a, b) + choose(c, d, e)` is
    /// `choose(c, a + d, b + e)`. The last is the first to be joined.
    fn parted_choices(&self, terms: &mut Vec<Multiple>) -> Vec<(NodeId, Vec<Multiple>)> {
        let mut groups: BTreeMap<NodeId, Vec<Multiple>> = BTreeMap::new();
        for (term, coefficient) in terms.iter() {
            if let Some(condition) = self.condition(*term) {
                let group = groups.entry(condition).or_default();
                group.push((*term, coefficient.clone()));
            }
        }
        groups.retain(|_, group| group.len() > 1);
        if !groups.is_empty() {
            let is_single = |(term, _): &Multiple| {
                let condition = self.condition(*term);
                condition.is_none_or(|condition| !groups.contains_key(&condition))
            };
            terms.retain(is_single);
        }
        groups.into_iter().rev().collect()
    }

    /// The product of powers, times nothing else.
    pub fn product(&mut self, factors: impl IntoIterator<Item = Power>) -> NodeId {
        let mut coefficient = Rational::ONE;
        let mut gathered: Vec<Power> = Vec::new();
        let mut pending: Vec<Power> = factors.into_iter().collect();
        pending.reverse();
        while let Some((base, exponent)) = pending.pop() {
            self.spread(
                base,
                exponent,
                &mut coefficient,
                &mut gathered,
                &mut pending,
            );
        }
        // Powers of one base follow each other, in the order in which they came.
        gathered.sort_by_key(|(base, _)| *base);
        let mut factors: Vec<Power> = Vec::with_capacity(gathered.len());
        for powers in gathered.chunk_by(|a, b| a.0 == b.0) {
            match powers {
                [(base, exponent)] => self.keep(&mut factors, *base, exponent.clone()),
                [(base, _), ..] => {
                    let exponents = powers.iter().map(|power| power.1.clone()).collect();
                    for exponent in self.join_exponents(*base, exponents) {
                        self.keep(&mut factors, *base, exponent);
                    }
                }
                [] => {}
            }
        }
        let product = match factors.as_slice() {
            [] => return self.number(coefficient),
            [(base, exponent)] if exponent.is_one() => *base,
            _ => self.intern(NodeKind::Product(factors)),
        };
        self.scaled(product, coefficient)
    }

    /// Adds a factor; x^0 is none, since it is 1 where x has a value at all.
    fn keep(&mut self, factors: &mut Vec<Power>, base: NodeId, exponent: Rational) {
        let vanishes =
            exponent.is_zero() && (self.is_total(base) || self.note(Condition::Defined(base)));
        if !vanishes {
            factors.push((base, exponent));
        }
    }

    /// `coefficient * node`.
    pub fn scaled(&mut self, node: NodeId, coefficient: Rational) -> NodeId {
        // A sum may be gathered anew, with what has been noted since; anything else stays as it is.
        if coefficient.is_one() && !matches!(self.kind(node), NodeKind::Sum(..)) {
            return node;
        }
        self.sum([(node, coefficient)], Rational::ZERO)
    }

    /// Takes one factor apart: exact numbers go to the coefficient, products and multiples are opened.
    fn spread(
        &mut self,
        base: NodeId,
        exponent: Rational,
        coefficient: &mut Rational,
        gathered: &mut Vec<Power>,
        pending: &mut Vec<Power>,
    ) {
        match self.kind(base) {
            NodeKind::Number(number) => {
                if let Some(power) = exact_power(number, &exponent) {
                    *coefficient = coefficient.clone() * power;
                    return;
                }
            }
            NodeKind::Product(inner) if self.is_short(inner.len()) => {
                let inner = inner.clone();
                if self.nests(&inner, &exponent) {
                    let opened = inner
                        .into_iter()
                        .map(|(base, inner)| (base, inner * exponent.clone()));
                    pending.extend(opened);
                    return;
                }
            }
            NodeKind::Sum(terms, constant)
                if terms.len() == 1 && constant.is_zero() && exponent.is_integer() =>
            {
                let (term, factor) = &terms[0];
                if let Some(power) = exact_power(factor, &exponent).filter(|_| !factor.is_zero()) {
                    *coefficient = coefficient.clone() * power;
                    pending.push((*term, exponent));
                    return;
                }
            }
            _ => {}
        }
        gathered.push((base, exponent));
    }

    /// Whether a power of this product is the product of the powers.
    fn nests(&mut self, factors: &[Power], outer: &Rational) -> bool {
        let whole = outer.is_integer();
        factors.iter().all(|(base, inner)| {
            let positive = self.sign(*base) == Sign::Positive;
            let result = inner.clone() * outer.clone();
            (whole || positive) && self.may_join(*base, &[inner.clone(), outer.clone()], &result)
        })
    }

    /// The exponents that one base keeps: their sum where that changes no domain, or the change may be noted.
    fn join_exponents(&mut self, base: NodeId, exponents: Vec<Rational>) -> Vec<Rational> {
        if exponents.len() == 1 {
            return exponents;
        }
        let total = exponents
            .iter()
            .fold(Rational::ZERO, |sum, exponent| sum + exponent.clone());
        if self.may_join(base, &exponents, &total) {
            return vec![total];
        }
        let (below, above): (Vec<_>, Vec<_>) =
            exponents.into_iter().partition(Rational::is_negative);
        [below, above]
            .into_iter()
            .filter(|group| !group.is_empty())
            .flat_map(|group| self.join_alike(base, group))
            .collect()
    }

    /// Joins exponents of one sign, where the base need not be positive for it.
    fn join_alike(&mut self, base: NodeId, exponents: Vec<Rational>) -> Vec<Rational> {
        let total = exponents
            .iter()
            .fold(Rational::ZERO, |sum, exponent| sum + exponent.clone());
        if self.may_join(base, &exponents, &total) {
            vec![total]
        } else {
            exponents
        }
    }

    /// Whether a power with exponent `joined` is defined just where all the `parts` are; if it is defined in
    /// more places, whether that may be noted as a condition.
    fn may_join(&mut self, base: NodeId, parts: &[Rational], joined: &Rational) -> bool {
        let sign = self.sign(base);
        if sign == Sign::Positive {
            return true;
        }
        let excluded_zero = parts.iter().any(Rational::is_negative);
        let gains_zero = excluded_zero && !joined.is_negative();
        let excluded_below = parts.iter().any(|part| !part.has_odd_denominator());
        let gains_below = sign == Sign::Unknown && excluded_below && joined.has_odd_denominator();
        // What is joined must not lose anything either: x^(1/3) x^(1/6) is x^(1/2), for x >= 0 both.
        let loses_below = sign == Sign::Unknown && !excluded_below && !joined.has_odd_denominator();
        if loses_below {
            return false;
        }
        (!gains_zero || self.note(Condition::NonZero(base)))
            && (!gains_below || self.note(Condition::NonNegative(base)))
    }

    /// A power with an exact exponent.
    pub fn power(&mut self, base: NodeId, exponent: &Rational) -> NodeId {
        self.product([(base, exponent.clone())])
    }

    /// Whether a node is this function of another and something else, as `min(x, y)` of `x`.
    fn is_among(&self, operation: Operation, node: NodeId, part: NodeId) -> bool {
        matches!(self.kind(node), NodeKind::Apply(own, parts) if *own == operation && parts.contains(&part))
    }

    /// Any function of the table; arithmetic, powers and roots take their place in sums and products.
    pub fn apply(&mut self, operation: Operation, arguments: &[NodeId]) -> NodeId {
        let one = || Rational::ONE;
        let minus = || -Rational::ONE;
        match (operation, arguments) {
            (Operation::Add, [a, b]) => self.sum([(*a, one()), (*b, one())], Rational::ZERO),
            (Operation::Sub, [a, b]) => self.sum([(*a, one()), (*b, minus())], Rational::ZERO),
            (Operation::Neg, [a]) => self.scaled(*a, minus()),
            (Operation::Mul, [a, b]) => self.product([(*a, one()), (*b, one())]),
            (Operation::Div, [a, b]) => self.product([(*a, one()), (*b, minus())]),
            (Operation::Sqrt, [a]) => self.power_or_root(*a, Rational::new(1, 2)),
            (Operation::Cbrt, [a]) => self.power_or_root(*a, Rational::new(1, 3)),
            (Operation::Root, [a, order]) => match self
                .as_number(*order)
                .filter(|order| order.is_integer() && !order.is_negative())
            {
                Some(order) => {
                    let exponent = order.recip();
                    self.power_or_root(*a, exponent)
                }
                None => self.intern(NodeKind::Apply(operation, arguments.to_vec())),
            },
            (Operation::Pow, [base, exponent]) => match self.as_number(*exponent).cloned() {
                Some(exponent) => self.power(*base, &exponent),
                None if *self.kind(*base) == NodeKind::Constant(Constant::E) => {
                    self.apply(Operation::Exp, &[*exponent])
                }
                None => self.intern(NodeKind::Apply(operation, arguments.to_vec())),
            },
            (Operation::Choose, [condition, then, otherwise]) => match self.as_number(*condition) {
                Some(truth) => {
                    if truth.is_zero() {
                        *otherwise
                    } else {
                        *then
                    }
                }
                None if then == otherwise && self.is_total(*condition) => *then,
                None => {
                    let truth = self.truth_of(*condition);
                    self.intern(NodeKind::Apply(operation, vec![truth, *then, *otherwise]))
                }
            },
            (Operation::And | Operation::Or | Operation::Not, conditions) => {
                let truths: Vec<NodeId> = conditions.iter().map(|at| self.truth_of(*at)).collect();
                self.known_or_applied(operation, &truths)
            }
            (Operation::Min | Operation::Max, [a, b]) if a == b => *a,
            (Operation::LessEqual | Operation::GreaterEqual | Operation::Equal, [a, b])
                if a == b && self.is_total(*a) =>
            {
                self.number(1)
            }
            (Operation::Less | Operation::Greater | Operation::NotEqual, [a, b])
                if a == b && self.is_total(*a) =>
            {
                self.number(0)
            }
            (Operation::Min | Operation::Max, [a, b]) if self.is_among(operation, *a, *b) => *a,
            (Operation::Min | Operation::Max, [a, b]) if self.is_among(operation, *b, *a) => *b,
            _ => self.known_or_applied(operation, arguments),
        }
    }

    fn known_or_applied(&mut self, operation: Operation, arguments: &[NodeId]) -> NodeId {
        self.exact_value(operation, arguments)
            .unwrap_or_else(|| self.intern(NodeKind::Apply(operation, arguments.to_vec())))
    }

    /// A condition as a truth value, 0 or 1; any other number holds where it is not 0, and jumps there.
    fn truth_of(&mut self, condition: NodeId) -> NodeId {
        match self.kind(condition) {
            NodeKind::Apply(operation, _) if operation.is_truth() => condition,
            NodeKind::Number(number) if number.is_zero() || number.is_one() => condition,
            _ => {
                let zero = self.number(0);
                self.apply(Operation::NotEqual, &[condition, zero])
            }
        }
    }

    /// A root; order 0 has no meaning and stays undefined.
    fn power_or_root(&mut self, base: NodeId, exponent: Option<Rational>) -> NodeId {
        match exponent {
            Some(exponent) => self.power(base, &exponent),
            None => {
                let zero = self.number(0);
                self.power(zero, &-Rational::ONE)
            }
        }
    }

    /// A product kept as two factors, so that running products share their parts.
    pub(super) fn pair(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.intern(NodeKind::Apply(Operation::Mul, vec![a, b]))
    }

    /// The value of a function that does not round, at numbers that are doubles.
    fn exact_value(&mut self, operation: Operation, arguments: &[NodeId]) -> Option<NodeId> {
        if operation.ulps() != 0.0 {
            return None;
        }
        let mut doubles = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let number = self.as_number(*argument)?;
            let double = number.to_f64();
            if Rational::from_f64(double).as_ref() != Some(number) {
                return None;
            }
            doubles.push(double);
        }
        let value = Rational::from_f64(operation.value(&doubles))?;
        Some(self.number(value))
    }

    /// Whether conditions may be noted.
    pub(super) fn is_simplifying(&self) -> bool {
        self.account.is_some()
    }

    /// While simplifying, notes that a rewrite rests on this condition; else it may not be made.
    pub(super) fn note(&mut self, condition: Condition) -> bool {
        let Some(account) = &mut self.account else {
            return false;
        };
        let needed = (condition, account.place);
        if account.noted.insert(needed) {
            account.conditions.push(needed);
        }
        true
    }

    /// While simplifying, notes that a rewrite was made.
    pub(super) fn note_rewrite(&mut self, name: &'static str) {
        if let Some(account) = &mut self.account
            && !account.rewrites.contains(&name)
        {
            account.rewrites.push(name);
        }
    }
}

/// An exact number raised to an exact exponent, where the result is rational and not too long.
fn exact_power(number: &Rational, exponent: &Rational) -> Option<Rational> {
    let order = u32::try_from(exponent.small_denominator()?).ok()?;
    let root = if order == 1 {
        number.clone()
    } else {
        number.root(order)?
    };
    root.pow(exponent.numerator().to_i64()?)
}
